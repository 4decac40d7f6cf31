// SPDX-License-Identifier: GPL-2.0
/*
 * Directed broadcast addresses: one for each network of a link, however many addresses a host
 * has in it. Each packet asks whether its destination is one, so that must not depend on
 * the number of addresses.
 */
#include <linux/slab.h>
#include "link/broadcast.h"

/**
 * teach_broadcast_get() - another address of this host is in a network
 * @link: link
 * @addr: the network's broadcast address
 *
 * Process context under RTNL. Return: what stands for it, with no address in use yet; NULL
 * without memory.
 */
struct teach_broadcast *teach_broadcast_get(struct teach_link *link, __be32 addr)
{
	/* Under RTNL it may be changed. */
	struct teach_broadcast *b = (struct teach_broadcast *)teach_broadcast_find(link, addr);

	ASSERT_RTNL();
	if (!b) {
		b = kzalloc(sizeof(*b), GFP_KERNEL_ACCOUNT);
		if (!b)
			return NULL;
		b->addr = addr;
		hlist_add_head_rcu(&b->node,
				   &link->broadcasts[hash_32((__force u32)addr,
							     TEACH_BROADCAST_BITS)]);
	}
	b->n_addrs++;
	return b;
}

/**
 * teach_broadcast_put() - an address is gone
 * @b: of its network; NULL where that has none
 *
 * Process context under RTNL.
 */
void teach_broadcast_put(struct teach_broadcast *b)
{
	ASSERT_RTNL();
	if (!b || --b->n_addrs)
		return;
	hlist_del_rcu(&b->node);
	kfree_rcu(b, rcu);
}

/**
 * teach_broadcast_use() - an address comes into use, or goes out of it
 * @b: of its network; NULL where that has none
 * @usable: which of the two
 *
 * Process context under RTNL.
 */
void teach_broadcast_use(struct teach_broadcast *b, bool usable)
{
	ASSERT_RTNL();
	if (b)
		WRITE_ONCE(b->n_usable, usable ? b->n_usable + 1 : b->n_usable - 1);
}
