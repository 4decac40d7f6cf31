/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_GENL_H
#define TEACH_CTL_GENL_H

#include <linux/types.h>

struct net;
struct sk_buff;
struct teach_link;
struct teach_neigh;

int teach_genl_init(void);
void teach_genl_exit(void);

#if IS_ENABLED(CONFIG_KUNIT)
int teach_genl_link_fill(struct sk_buff *skb, const struct teach_link *link, u32 portid,
			 u32 seq, int flags);
int teach_genl_stats_fill(struct sk_buff *skb, struct net *net,
			  const struct teach_link *link, u32 portid, u32 seq);
int teach_genl_resolve_fill(struct sk_buff *skb, struct teach_neigh *n, u32 portid, u32 seq);
#endif

#endif
