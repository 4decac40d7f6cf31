/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_NEIGH_WALK_H
#define TEACH_CTL_NEIGH_WALK_H

#include <linux/netlink.h>
#include <linux/types.h>

struct teach_neigh;

/**
 * struct teach_neigh_filter - which entries a dump is to have; zero is all
 * @ifindex: on this device, if not 0
 * @prefix: with this prefix
 * @states: in one of these states, if not 0; NUD_NONE is %TEACH_NUD_NONE_BIT
 * @prefix_len: bits of @prefix that count, 0 to 32
 */
struct teach_neigh_filter {
	int	ifindex;
	__be32	prefix;
	u16	states;
	u8	prefix_len;
};

int teach_neigh_walk(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct teach_neigh_filter *filter,
		     int (*fill)(struct sk_buff *skb, struct netlink_callback *cb,
				 struct teach_neigh *n));
int teach_neigh_walk_done(struct netlink_callback *cb);

#endif
