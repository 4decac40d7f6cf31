/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ADDR_H
#define TEACH_LINK_ADDR_H

#include <linux/if_addr.h>
#include <linux/teach.h>
#include <linux/types.h>
#include "link/acd.h"

struct net;
struct netlink_ext_ack;
struct teach_broadcast;
struct teach_link;

/**
 * struct teach_ifaddr - a local address
 * @hash_node: in the namespace's table, by @local
 * @list: in the link's list, oldest first
 * @link: whose it is; the entry ends before the link does
 * @local: the address
 * @prefix_len: bits of it that are the network's, 0..32
 * @broadcast: broadcast address of its network, or NULL if that has none; RTNL
 * @probed: it is probed for before it is used (link/claim.c)
 * @flags: IFA_F_PERMANENT unless it has a lifetime; IFA_F_TENTATIVE while it is not in
 *	use, with IFA_F_DADFAILED if another host has it; IFA_F_NODAD as asked for
 * @created: jiffies
 * @updated: jiffies at which @flags or @valid_until last changed
 * @valid_until: jiffies at which it goes, where it has a lifetime; RTNL
 * @acd: conflict detection; link->acd_lock
 * @acd_news: @acd found another host that claims it; link->acd_lock
 * @routed: the layer above has a route for it; RTNL
 * @rcu: frees it
 *
 * Made, changed and ended under RTNL, read under RCU.
 */
struct teach_ifaddr {
	struct hlist_node	hash_node;
	struct list_head	list;
	struct teach_link	*link;
	__be32			local;
	struct teach_broadcast	*broadcast;
	u8			prefix_len;
	bool			probed;
	u32			flags;
	unsigned long		created;
	unsigned long		updated;
	unsigned long		valid_until;
	struct teach_acd	acd;
	bool			acd_news;
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

/**
 * struct teach_addr_config - an address as it is asked for
 * @local: the address
 * @prefix_len: bits of it that are the network's
 * @flags: IFA_F_*, as for struct teach_ifaddr
 * @valid_until: likewise
 */
struct teach_addr_config {
	__be32		local;
	u8		prefix_len;
	u32		flags;
	unsigned long	valid_until;
};

/**
 * teach_addr_usable() - may packets come from and to it?
 * @ifa: local address
 *
 * Any context. Return: false while it is probed for, or after another host was found
 * to have it.
 */
static inline bool teach_addr_usable(const struct teach_ifaddr *ifa)
{
	return !(READ_ONCE(ifa->flags) & IFA_F_TENTATIVE);
}

struct teach_ifaddr *teach_addr_insert(struct teach_link *link,
				       const struct teach_addr_config *config,
				       struct netlink_ext_ack *extack);
int teach_addr_add(struct teach_link *link, __be32 local, u8 prefix_len,
		   struct netlink_ext_ack *extack);
int teach_addr_del(struct teach_link *link, __be32 local, int prefix_len,
		   struct netlink_ext_ack *extack);
void teach_addr_remove(struct teach_ifaddr *ifa);
void teach_addr_set_flags(struct teach_ifaddr *ifa, u32 flags);
void teach_addr_renew(struct teach_ifaddr *ifa, unsigned long valid_until);
void teach_addr_flush(struct teach_link *link);

struct teach_ifaddr *teach_addr_lookup(const struct net *net, __be32 addr,
				       const struct teach_link *link);
bool teach_addr_is_local(const struct net *net, __be32 addr);
const struct teach_ifaddr *teach_addr_find(const struct net *net, __be32 addr,
					   const struct teach_link *link);
bool teach_addr_is_broadcast(const struct teach_link *link, __be32 addr);
bool teach_addr_on_link(const struct teach_link *link, __be32 addr, __be32 other);
__be32 teach_addr_select(const struct teach_link *link, __be32 dst);

int teach_addr_init(void);
void teach_addr_exit(void);

#endif
