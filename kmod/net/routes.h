/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_ROUTES_H
#define TEACH_NET_ROUTES_H

#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct net;
struct teach_link;

/**
 * struct teach_route_key - a network
 * @prefix: its address, host part zero
 * @prefix_len: 0..32
 */
struct teach_route_key {
	__be32	prefix;
	u32	prefix_len;
};

/**
 * struct teach_route - a network that is reached directly by a link
 * @node: in the namespace's table
 * @key: the network
 * @link: link it is on
 * @source: address of ours that packets there come from
 * @users: local addresses that lie in it
 * @rcu: frees it
 *
 * Made and ended under RTNL with the local addresses, read under RCU.
 */
struct teach_route {
	struct rhlist_head	node;
	struct teach_route_key	key;
	struct teach_link	*link;
	__be32			source;
	unsigned int		users;
	struct rcu_head		rcu;
};

const struct teach_route *teach_route_lookup(const struct net *net, __be32 daddr,
					     int oif);

int teach_route_ifindex(const struct net *net, __be32 daddr);

int teach_route_init(void);
void teach_route_exit(void);

#endif
