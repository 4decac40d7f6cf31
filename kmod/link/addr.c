// SPDX-License-Identifier: GPL-2.0
/*
 * Local addresses: which are this host's, and on which links.
 *
 * An address is in two places: in its link's list, from which a source address
 * is selected, and in a hash table of the namespace, which the packet path asks
 * whether a packet is for this host. Both change under RTNL and are read
 * under RCU.
 *
 * An address that is tentative is in both, so that it can be seen, but packets are
 * neither sent from it nor taken for it: what the packet path asks leaves it out.
 */
#include <linux/hash.h>
#include <linux/slab.h>
#include "link/addr.h"
#include "link/broadcast.h"
#include "link/group.h"
#include "link/link.h"
#include "link/notify.h"

#define ADDR_HASH_BITS	8

/**
 * struct teach_addr_net - local addresses of one network namespace
 * @hash: by address
 */
struct teach_addr_net {
	struct hlist_head	hash[1 << ADDR_HASH_BITS];
};

static unsigned int teach_addr_net_id __read_mostly;

static struct hlist_head *bucket_of(struct teach_addr_net *an, __be32 addr)
{
	return &an->hash[hash_32((__force u32)addr, ADDR_HASH_BITS)];
}

static struct hlist_head *addr_bucket(const struct net *net, __be32 addr)
{
	return bucket_of(net_generic(net, teach_addr_net_id), addr);
}

/**
 * teach_addr_lookup() - an address of this host, in use or not
 * @net: network namespace
 * @addr: address
 * @link: on which link, or NULL for any
 *
 * Context: rcu_read_lock() or RTNL. Return: the entry, valid until that ends,
 * or NULL.
 */
struct teach_ifaddr *teach_addr_lookup(const struct net *net, __be32 addr,
				       const struct teach_link *link)
{
	struct teach_ifaddr *ifa;

	hlist_for_each_entry_rcu(ifa, addr_bucket(net, addr), hash_node,
				 lockdep_rtnl_is_held()) {
		if (ifa->local == addr && (!link || ifa->link == link))
			return ifa;
	}
	return NULL;
}

/* An address that is in use, of a bucket. */
static const struct teach_ifaddr *find_usable(const struct hlist_head *bucket, __be32 addr,
					      const struct teach_link *link)
{
	const struct teach_ifaddr *ifa;

	hlist_for_each_entry_rcu(ifa, bucket, hash_node, lockdep_rtnl_is_held()) {
		if (ifa->local == addr && (!link || ifa->link == link) &&
		    teach_addr_usable(ifa))
			return ifa;
	}
	return NULL;
}

/**
 * teach_addr_find() - a local address that is in use
 * @net: network namespace
 * @addr: address
 * @link: on which link, or NULL for any
 *
 * Context: rcu_read_lock() or RTNL. Return: the entry, valid until that ends,
 * or NULL.
 */
const struct teach_ifaddr *teach_addr_find(const struct net *net, __be32 addr,
					   const struct teach_link *link)
{
	return find_usable(addr_bucket(net, addr), addr, link);
}

/**
 * teach_addr_is_local() - is this one of this host's addresses?
 * @net: network namespace
 * @addr: address
 *
 * Each packet asks this twice. Context: rcu_read_lock(). Return: true if so, on
 * whatever link.
 */
bool teach_addr_is_local(const struct net *net, __be32 addr)
{
	return find_usable(bucket_of(teach_net_rcu(net, teach_addr_net_id), addr), addr, NULL);
}

/* All ones in the host part; a network of one or two hosts has no such address
 * (RFC 3021).
 */
static bool has_broadcast(u8 prefix_len)
{
	return prefix_len < 31;
}

static __be32 broadcast_of(__be32 local, u8 prefix_len)
{
	return local | ~teach_prefix_mask(prefix_len);
}

/**
 * teach_addr_is_broadcast() - does this address mean all hosts on the link?
 * @link: link
 * @addr: address
 *
 * Context: rcu_read_lock() or RTNL. Return: true for 255.255.255.255 and
 * for the all-ones address of each network of the link (RFC 919).
 */
bool teach_addr_is_broadcast(const struct teach_link *link, __be32 addr)
{
	const struct teach_broadcast *b;

	if (addr == htonl(TEACH_ADDR_BROADCAST))
		return true;
	b = teach_broadcast_find(link, addr);
	return b && READ_ONCE(b->n_usable);
}

/**
 * teach_addr_on_link() - is an address in a network of the link?
 * @link: link
 * @addr: address
 * @other: another that is to be in the same network, or 0
 *
 * Context: rcu_read_lock() or RTNL. Return: true if so.
 */
bool teach_addr_on_link(const struct teach_link *link, __be32 addr, __be32 other)
{
	const struct teach_ifaddr *ifa;

	list_for_each_entry_rcu(ifa, &link->addrs, list, lockdep_rtnl_is_held()) {
		if (teach_addr_usable(ifa) && teach_addr_same_net(ifa, addr) &&
		    (!other || teach_addr_same_net(ifa, other)))
			return true;
	}
	return false;
}

/**
 * teach_addr_select() - the source address for a destination
 * @link: link that the packet leaves by
 * @dst: destination
 *
 * Context: rcu_read_lock() or RTNL. Return: the oldest address of the link in
 * the destination's network, else its oldest, else any (0).
 */
__be32 teach_addr_select(const struct teach_link *link, __be32 dst)
{
	const struct teach_ifaddr *ifa;
	__be32 first = 0;

	list_for_each_entry_rcu(ifa, &link->addrs, list, lockdep_rtnl_is_held()) {
		if (!teach_addr_usable(ifa))
			continue;
		if (!((ifa->local ^ dst) & teach_prefix_mask(ifa->prefix_len)))
			return ifa->local;
		if (!first)
			first = ifa->local;
	}
	return first;
}

static int addr_check(__be32 local, u8 prefix_len, struct netlink_ext_ack *extack)
{
	if (prefix_len > 32) {
		NL_SET_ERR_MSG(extack, "Prefix length must be 0 to 32");
		return -EINVAL;
	}
	if (local == htonl(TEACH_ADDR_ANY) || local == htonl(TEACH_ADDR_BROADCAST)) {
		NL_SET_ERR_MSG(extack, "0.0.0.0 and 255.255.255.255 cannot be a host's address");
		return -EINVAL;
	}
	if (has_broadcast(prefix_len) && local == broadcast_of(local, prefix_len)) {
		NL_SET_ERR_MSG(extack, "Host part is all ones: the network's broadcast address");
		return -EINVAL;
	}
	return 0;
}

/* An address in no table yet, in the group and the network that it belongs to. NULL without
 * memory.
 */
static struct teach_ifaddr *addr_alloc(struct teach_link *link,
				       const struct teach_addr_config *config)
{
	struct teach_ifaddr *ifa = kzalloc(sizeof(*ifa), GFP_KERNEL_ACCOUNT);

	if (!ifa)
		return NULL;
	ifa->link = link;
	ifa->local = config->local;
	ifa->prefix_len = config->prefix_len;
	ifa->flags = config->flags;
	ifa->valid_until = config->valid_until;
	ifa->created = jiffies;
	ifa->updated = ifa->created;
	ifa->probed = config->flags & IFA_F_TENTATIVE;
	ifa->acd.state = ifa->probed ? TEACH_ACD_STOPPED : TEACH_ACD_BOUND;
	if (has_broadcast(ifa->prefix_len)) {
		ifa->broadcast = teach_broadcast_get(link, broadcast_of(ifa->local,
									ifa->prefix_len));
		if (!ifa->broadcast)
			goto no_broadcast;
	}
	if (teach_group_join(link, ifa->local))
		goto no_group;
	return ifa;

no_group:
	teach_broadcast_put(ifa->broadcast);
no_broadcast:
	kfree(ifa);
	return NULL;
}

/* Readers may go on with it: the caller frees it after a grace period. */
static void addr_unlink(struct teach_ifaddr *ifa)
{
	if (teach_addr_usable(ifa))
		teach_broadcast_use(ifa->broadcast, false);
	teach_broadcast_put(ifa->broadcast);
	teach_group_leave(ifa->link, ifa->local);
	ifa->link->n_addrs--;
	list_del_rcu(&ifa->list);
	hlist_del_rcu(&ifa->hash_node);
}

/**
 * teach_addr_insert() - give this host an address
 * @link: on which link
 * @config: the address
 * @extack: what to tell the caller, or NULL
 *
 * Process context under RTNL. Return: the entry, valid as long as RTNL is held;
 * ERR_PTR(-EINVAL) for an address that no host can have, -EEXIST where the link has it,
 * -ENOMEM.
 */
struct teach_ifaddr *teach_addr_insert(struct teach_link *link,
				       const struct teach_addr_config *config,
				       struct netlink_ext_ack *extack)
{
	struct teach_ifaddr *ifa;
	int err;

	ASSERT_RTNL();
	err = addr_check(config->local, config->prefix_len, extack);
	if (err)
		return ERR_PTR(err);
	if (link->dev->mtu < TEACH_MIN_MTU) {
		NL_SET_ERR_MSG(extack, "Device's MTU is below 128, the least that carries TEACH");
		return ERR_PTR(-EINVAL);
	}
	if (teach_addr_lookup(link->net, config->local, link)) {
		NL_SET_ERR_MSG(extack, "Address is on this device already");
		return ERR_PTR(-EEXIST);
	}

	ifa = addr_alloc(link, config);
	if (!ifa) {
		NL_SET_ERR_MSG(extack, "No memory for another address");
		return ERR_PTR(-ENOMEM);
	}
	if (teach_addr_usable(ifa))
		teach_broadcast_use(ifa->broadcast, true);
	link->n_addrs++;
	list_add_tail_rcu(&ifa->list, &link->addrs);
	hlist_add_head_rcu(&ifa->hash_node, addr_bucket(link->net, ifa->local));
	err = teach_link_notify(TEACH_ADDR_ADD, ifa);
	if (err) {
		addr_unlink(ifa);
		kfree_rcu(ifa, rcu);
	}
	teach_link_changed(link->net);
	return err ? ERR_PTR(err) : ifa;
}

/**
 * teach_addr_add() - give this host an address for good, without asking others
 * @link: on which link
 * @local: the address
 * @prefix_len: bits of it that are the network's
 * @extack: what to tell the caller, or NULL
 *
 * Process context under RTNL. Return: 0, or an errno of teach_addr_insert().
 */
int teach_addr_add(struct teach_link *link, __be32 local, u8 prefix_len,
		   struct netlink_ext_ack *extack)
{
	const struct teach_addr_config config = {
		.local		= local,
		.prefix_len	= prefix_len,
		.flags		= IFA_F_PERMANENT,
	};

	return PTR_ERR_OR_ZERO(teach_addr_insert(link, &config, extack));
}

/**
 * teach_addr_set_flags() - an address comes into use, or goes out of it
 * @ifa: local address
 * @flags: as struct teach_ifaddr has them
 *
 * Tells those who registered, also where nothing changed: something was found out.
 * Process context under RTNL.
 */
void teach_addr_set_flags(struct teach_ifaddr *ifa, u32 flags)
{
	bool was_usable = teach_addr_usable(ifa);

	ASSERT_RTNL();
	if (ifa->flags != flags)
		ifa->updated = jiffies;
	WRITE_ONCE(ifa->flags, flags);
	if (teach_addr_usable(ifa) != was_usable)
		teach_broadcast_use(ifa->broadcast, !was_usable);
	teach_link_notify(TEACH_ADDR_CHANGE, ifa);
	teach_link_changed(ifa->link->net);
}

/**
 * teach_addr_renew() - an address is good for longer
 * @ifa: local address with a lifetime
 * @valid_until: jiffies
 *
 * Process context under RTNL.
 */
void teach_addr_renew(struct teach_ifaddr *ifa, unsigned long valid_until)
{
	ASSERT_RTNL();
	WRITE_ONCE(ifa->valid_until, valid_until);
	ifa->updated = jiffies;
	teach_link_notify(TEACH_ADDR_CHANGE, ifa);
}

/**
 * teach_addr_remove() - take an address away
 * @ifa: local address
 *
 * Process context under RTNL.
 */
void teach_addr_remove(struct teach_ifaddr *ifa)
{
	struct teach_link *link = ifa->link;

	ASSERT_RTNL();
	addr_unlink(ifa);
	teach_link_notify(TEACH_ADDR_DEL, ifa);
	teach_link_changed(link->net);
	kfree_rcu(ifa, rcu);
}

/**
 * teach_addr_del() - take an address away
 * @link: from which link
 * @local: the address
 * @prefix_len: as it was given, or -1 for whatever it was
 * @extack: what to tell the caller, or NULL
 *
 * Sockets bound to it stay bound, as with IPv4: they receive nothing and cannot
 * send. Process context under RTNL. Return: 0 or -EADDRNOTAVAIL.
 */
int teach_addr_del(struct teach_link *link, __be32 local, int prefix_len,
		   struct netlink_ext_ack *extack)
{
	struct teach_ifaddr *ifa;

	ASSERT_RTNL();
	list_for_each_entry(ifa, &link->addrs, list) {
		if (ifa->local != local)
			continue;
		if (prefix_len >= 0 && ifa->prefix_len != prefix_len)
			continue;
		teach_addr_remove(ifa);
		return 0;
	}
	NL_SET_ERR_MSG(extack, "Device has no such address and prefix length");
	return -EADDRNOTAVAIL;
}

/**
 * teach_addr_flush() - take all addresses of a link away
 * @link: link
 *
 * Process context under RTNL.
 */
void teach_addr_flush(struct teach_link *link)
{
	struct teach_ifaddr *ifa, *next;

	ASSERT_RTNL();
	list_for_each_entry_safe(ifa, next, &link->addrs, list)
		teach_addr_remove(ifa);
}

static int __net_init teach_addr_net_init(struct net *net)
{
	struct teach_addr_net *an = net_generic(net, teach_addr_net_id);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(an->hash); i++)
		INIT_HLIST_HEAD(&an->hash[i]);
	return 0;
}

static struct pernet_operations teach_addr_net_ops = {
	.init	= teach_addr_net_init,
	.id	= &teach_addr_net_id,
	.size	= sizeof(struct teach_addr_net),
};

int __init teach_addr_init(void)
{
	return register_pernet_subsys(&teach_addr_net_ops);
}

void teach_addr_exit(void)
{
	unregister_pernet_subsys(&teach_addr_net_ops);
}
