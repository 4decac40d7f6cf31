/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_RTNL_ADDR_H
#define TEACH_CTL_RTNL_ADDR_H

#include <linux/types.h>

struct sk_buff;
struct teach_ifaddr;

int teach_rtnl_addr_init(void);
void teach_rtnl_addr_exit(void);

#if IS_ENABLED(CONFIG_KUNIT)
size_t teach_rtnl_addr_size(void);
int teach_rtnl_addr_fill(struct sk_buff *skb, const struct teach_ifaddr *ifa, int type,
			 u32 portid, u32 seq, unsigned int flags);
#endif

#endif
