/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_BROADCAST_H
#define TEACH_LINK_BROADCAST_H

#include <linux/hash.h>
#include <linux/rculist.h>
#include "link/link.h"

/**
 * struct teach_broadcast - a directed broadcast address of a link (RFC 919)
 * @node: in link->broadcasts
 * @addr: all ones in the host part of a network of the link
 * @n_addrs: local addresses in that network; RTNL
 * @n_usable: those of them that are in use; RTNL writes
 * @rcu: frees it
 */
struct teach_broadcast {
	struct hlist_node	node;
	__be32			addr;
	unsigned int		n_addrs;
	unsigned int		n_usable;
	struct rcu_head		rcu;
};

struct teach_broadcast *teach_broadcast_get(struct teach_link *link, __be32 addr);
void teach_broadcast_put(struct teach_broadcast *b);
void teach_broadcast_use(struct teach_broadcast *b, bool usable);

/**
 * teach_broadcast_find() - a directed broadcast address
 * @link: link
 * @addr: address
 *
 * Context: rcu_read_lock() or RTNL. Return: it, valid until that ends, or NULL where the
 * link has no network with that broadcast address.
 */
static inline const struct teach_broadcast *
teach_broadcast_find(const struct teach_link *link, __be32 addr)
{
	const struct teach_broadcast *b;

	hlist_for_each_entry_rcu(b, &link->broadcasts[hash_32((__force u32)addr,
							      TEACH_BROADCAST_BITS)],
				 node, lockdep_rtnl_is_held()) {
		if (b->addr == addr)
			return b;
	}
	return NULL;
}

#endif
