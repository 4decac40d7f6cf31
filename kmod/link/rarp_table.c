// SPDX-License-Identifier: GPL-2.0
/*
 * The table of the RARP server: which address is given to which host. One per network
 * namespace, hashed by MAC address, filled by management alone: nothing in it was learnt
 * from frames.
 */
#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/teach.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "link/rarp_table.h"

/**
 * struct teach_rarp_net - the table of one network namespace
 * @hash: by MAC address
 * @seed: of the hash, so that nobody can make all entries meet in one place
 * @count: entries; RTNL
 */
struct teach_rarp_net {
	struct hlist_head	hash[1 << TEACH_RARP_HASH_BITS];
	u32			seed;
	unsigned int		count;
};

static unsigned int teach_rarp_net_id __read_mostly;

static struct teach_rarp_net *rarp_net(const struct net *net)
{
	return net_generic(net, teach_rarp_net_id);
}

static struct hlist_head *rarp_bucket(struct teach_rarp_net *rn, const u8 *mac)
{
	return &rn->hash[jhash(mac, ETH_ALEN, rn->seed) >> (32 - TEACH_RARP_HASH_BITS)];
}

/**
 * teach_rarp_find() - an entry by what names it
 * @net: network namespace
 * @mac: MAC address
 * @ifindex: device, or 0 for the entry that is good for all
 *
 * Context: rcu_read_lock() or RTNL. Return: the entry, valid until that ends, or NULL.
 */
const struct teach_rarp_entry *teach_rarp_find(const struct net *net, const u8 *mac,
					       int ifindex)
{
	const struct teach_rarp_entry *e;

	hlist_for_each_entry_rcu(e, rarp_bucket(rarp_net(net), mac), node,
				 lockdep_rtnl_is_held()) {
		if (e->ifindex == ifindex && ether_addr_equal(e->mac, mac))
			return e;
	}
	return NULL;
}

/**
 * teach_rarp_lookup() - what a request is answered with
 * @net: network namespace
 * @mac: MAC address that is asked about
 * @ifindex: device that the request came in by
 *
 * Context: rcu_read_lock() or RTNL. Return: the entry for that device, else that for all,
 * valid until that ends; or NULL.
 */
const struct teach_rarp_entry *teach_rarp_lookup(const struct net *net, const u8 *mac,
						 int ifindex)
{
	return teach_rarp_find(net, mac, ifindex) ?: teach_rarp_find(net, mac, 0);
}

/**
 * teach_rarp_next() - visit all entries
 * @net: network namespace
 * @bucket: 0 at first; where the visit is
 * @skip: likewise: entries of that bucket that were seen
 *
 * Context: rcu_read_lock() or RTNL. Return: the next entry, or NULL at the end.
 */
const struct teach_rarp_entry *teach_rarp_next(const struct net *net, unsigned long *bucket,
					       unsigned long *skip)
{
	const struct teach_rarp_net *rn = rarp_net(net);
	const struct teach_rarp_entry *e;
	unsigned long i;

	for (; *bucket < ARRAY_SIZE(rn->hash); (*bucket)++, *skip = 0) {
		i = 0;
		hlist_for_each_entry_rcu(e, &rn->hash[*bucket], node,
					 lockdep_rtnl_is_held()) {
			if (i++ < *skip)
				continue;
			(*skip)++;
			return e;
		}
	}
	return NULL;
}

static int rarp_check(const u8 *mac, __be32 addr, struct netlink_ext_ack *extack)
{
	if (!is_valid_ether_addr(mac)) {
		NL_SET_ERR_MSG(extack, "A host's MAC address is not zero and not a group's");
		return -EINVAL;
	}
	if (addr == htonl(TEACH_ADDR_ANY) || addr == htonl(TEACH_ADDR_BROADCAST)) {
		NL_SET_ERR_MSG(extack, "0.0.0.0 and 255.255.255.255 cannot be a host's address");
		return -EINVAL;
	}
	return 0;
}

/**
 * teach_rarp_add() - tell the server of a host
 * @net: network namespace
 * @mac: MAC address of the host
 * @ifindex: only if it asks through this device; 0 for any
 * @addr: the address that it is given
 * @replace: put it in the place of an entry for the same MAC address and device
 * @extack: what to tell the caller, or NULL
 *
 * Process context under RTNL. Return: 0, -EINVAL, -EEXIST, -ENOSPC with TEACH_RARP_MAX
 * entries, or -ENOMEM.
 */
int teach_rarp_add(struct net *net, const u8 *mac, int ifindex, __be32 addr, bool replace,
		   struct netlink_ext_ack *extack)
{
	struct teach_rarp_net *rn = rarp_net(net);
	struct teach_rarp_entry *old, *e;
	int err;

	ASSERT_RTNL();
	err = rarp_check(mac, addr, extack);
	if (err)
		return err;
	old = (struct teach_rarp_entry *)teach_rarp_find(net, mac, ifindex);
	if (old && !replace) {
		NL_SET_ERR_MSG(extack, "MAC address has an entry already: replace or delete it");
		return -EEXIST;
	}
	if (!old && rn->count >= TEACH_RARP_MAX) {
		NL_SET_ERR_MSG(extack, "RARP table is full: it takes 4096 entries");
		return -ENOSPC;
	}
	e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);
	if (!e)
		return -ENOMEM;
	ether_addr_copy(e->mac, mac);
	e->ifindex = ifindex;
	e->addr = addr;
	if (old) {
		hlist_replace_rcu(&old->node, &e->node);
		kfree_rcu(old, rcu);
		return 0;
	}
	hlist_add_head_rcu(&e->node, rarp_bucket(rn, mac));
	rn->count++;
	return 0;
}

static void rarp_remove(struct teach_rarp_net *rn, struct teach_rarp_entry *e)
{
	hlist_del_rcu(&e->node);
	rn->count--;
	kfree_rcu(e, rcu);
}

/**
 * teach_rarp_del() - forget a host
 * @net: network namespace
 * @mac: its MAC address
 * @ifindex: as it was added
 * @extack: what to tell the caller, or NULL
 *
 * Process context under RTNL. Return: 0 or -ENOENT.
 */
int teach_rarp_del(struct net *net, const u8 *mac, int ifindex,
		   struct netlink_ext_ack *extack)
{
	struct teach_rarp_entry *e;

	ASSERT_RTNL();
	e = (struct teach_rarp_entry *)teach_rarp_find(net, mac, ifindex);
	if (!e) {
		NL_SET_ERR_MSG(extack, "RARP table has no such MAC address for that device");
		return -ENOENT;
	}
	rarp_remove(rarp_net(net), e);
	return 0;
}

/**
 * teach_rarp_flush() - forget all hosts of a device
 * @net: network namespace
 * @ifindex: the device, which goes; -1 for all entries there are
 *
 * Process context under RTNL.
 */
void teach_rarp_flush(struct net *net, int ifindex)
{
	struct teach_rarp_net *rn = rarp_net(net);
	struct teach_rarp_entry *e;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rn->hash) && rn->count; i++) {
		hlist_for_each_entry_safe(e, next, &rn->hash[i], node) {
			if (ifindex < 0 || e->ifindex == ifindex)
				rarp_remove(rn, e);
		}
	}
}

static int __net_init teach_rarp_net_init(struct net *net)
{
	struct teach_rarp_net *rn = rarp_net(net);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rn->hash); i++)
		INIT_HLIST_HEAD(&rn->hash[i]);
	rn->seed = get_random_u32();
	return 0;
}

static void __net_exit teach_rarp_net_exit(struct net *net)
{
	teach_rarp_flush(net, -1);
}

static struct pernet_operations teach_rarp_net_ops = {
	.init	= teach_rarp_net_init,
	.exit	= teach_rarp_net_exit,
	.id	= &teach_rarp_net_id,
	.size	= sizeof(struct teach_rarp_net),
};

/**
 * teach_rarp_table_init() - before the first link
 *
 * Return: 0 or a negative errno.
 */
int __init teach_rarp_table_init(void)
{
	return register_pernet_subsys(&teach_rarp_net_ops);
}

/**
 * teach_rarp_table_exit() - after the last link
 */
void teach_rarp_table_exit(void)
{
	unregister_pernet_subsys(&teach_rarp_net_ops);
}
