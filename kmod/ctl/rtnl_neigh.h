/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_RTNL_NEIGH_H
#define TEACH_CTL_RTNL_NEIGH_H

#include <linux/types.h>

struct sk_buff;
struct teach_neigh;

int teach_rtnl_neigh_init(void);
void teach_rtnl_neigh_exit(void);

#if IS_ENABLED(CONFIG_KUNIT)
size_t teach_rtnl_neigh_size(void);
int teach_rtnl_neigh_fill(struct sk_buff *skb, struct teach_neigh *n, int type, u32 portid,
			  u32 seq, unsigned int flags);
#endif

#endif
