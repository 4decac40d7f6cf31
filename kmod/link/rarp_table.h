/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_RARP_TABLE_H
#define TEACH_LINK_RARP_TABLE_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct net;
struct netlink_ext_ack;

#define TEACH_RARP_HASH_BITS	8
#define TEACH_RARP_MAX		4096	/* entries of one network namespace */

/**
 * struct teach_rarp_entry - which address a RARP server gives to a host
 * @node: in the table, by @mac
 * @mac: MAC address of the host
 * @ifindex: only if it asks through this device; 0 for any
 * @addr: the address
 * @rcu: frees it
 *
 * Changed under RTNL by being replaced, read under RCU.
 */
struct teach_rarp_entry {
	struct hlist_node	node;
	u8			mac[ETH_ALEN];
	int			ifindex;
	__be32			addr;
	struct rcu_head		rcu;
};

int teach_rarp_add(struct net *net, const u8 *mac, int ifindex, __be32 addr, bool replace,
		   struct netlink_ext_ack *extack);
int teach_rarp_del(struct net *net, const u8 *mac, int ifindex,
		   struct netlink_ext_ack *extack);
const struct teach_rarp_entry *teach_rarp_find(const struct net *net, const u8 *mac,
					       int ifindex);
const struct teach_rarp_entry *teach_rarp_lookup(const struct net *net, const u8 *mac,
						 int ifindex);
const struct teach_rarp_entry *teach_rarp_next(const struct net *net, unsigned long *bucket,
					       unsigned long *skip);
void teach_rarp_flush(struct net *net, int ifindex);

int teach_rarp_table_init(void);
void teach_rarp_table_exit(void);

#endif
