/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ADDR_H
#define TEACH_LINK_ADDR_H

#include <linux/teach.h>
#include <linux/types.h>

struct net;
struct netlink_ext_ack;
struct teach_link;

/**
 * struct teach_ifaddr - a local address
 * @hash_node: in the namespace's table, by @local
 * @list: in the link's list, oldest first
 * @link: whose it is; the entry ends before the link does
 * @local: the address
 * @prefix_len: bits of it that are the network's, 0..32
 * @created: jiffies
 * @routed: the layer above has a route for it; RTNL
 * @rcu: frees it
 *
 * Made and ended under RTNL, read under RCU.
 */
struct teach_ifaddr {
	struct hlist_node	hash_node;
	struct list_head	list;
	struct teach_link	*link;
	__be32			local;
	u8			prefix_len;
	unsigned long		created;
	bool			routed;
	struct rcu_head		rcu;
};

/**
 * teach_prefix_mask() - the netmask of a prefix length
 * @prefix_len: 0..32
 *
 * Return: the mask, in network byte order.
 */
static inline __be32 teach_prefix_mask(u8 prefix_len)
{
	return prefix_len ? htonl(~0U << (32 - prefix_len)) : 0;
}

/**
 * teach_addr_same_net() - is an address in the network of a local one?
 * @ifa: local address
 * @addr: address
 *
 * Return: true if so.
 */
static inline bool teach_addr_same_net(const struct teach_ifaddr *ifa, __be32 addr)
{
	return !((ifa->local ^ addr) & teach_prefix_mask(ifa->prefix_len));
}

int teach_addr_add(struct teach_link *link, __be32 local, u8 prefix_len,
		   struct netlink_ext_ack *extack);
int teach_addr_del(struct teach_link *link, __be32 local, int prefix_len,
		   struct netlink_ext_ack *extack);
void teach_addr_flush(struct teach_link *link);

bool teach_addr_is_local(const struct net *net, __be32 addr);
const struct teach_ifaddr *teach_addr_find(const struct net *net, __be32 addr,
					   const struct teach_link *link);
bool teach_addr_is_broadcast(const struct teach_link *link, __be32 addr);
bool teach_addr_on_link(const struct teach_link *link, __be32 addr, __be32 other);
__be32 teach_addr_select(const struct teach_link *link, __be32 dst);

int teach_addr_init(void);
void teach_addr_exit(void);

#endif
