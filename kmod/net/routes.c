// SPDX-License-Identifier: GPL-2.0
/*
 * Routes: by which link a destination is reached.
 *
 * Each local address makes a route to its network, for as long as its link is up.
 *
 * The table is hashed by (prefix, prefix length). A look-up tries the lengths
 * that are in use, the longest first, so that its cost depends on how many
 * different lengths there are (two or three, at most 33) and not on how
 * many routes. Networks that are on several links are chained in the table.
 *
 * Changed under RTNL, read under RCU.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "link/addr.h"
#include "link/link.h"
#include "link/notify.h"
#include "net/routes.h"

#define PREFIX_LENS	33

/**
 * struct teach_route_net - routes of one network namespace
 * @table: struct teach_route, by network
 * @lens: bit 32 - n is set if there are routes of prefix length n, so that the
 *	first set bit is the longest
 * @count: routes by prefix length
 */
struct teach_route_net {
	struct rhltable		table;
	DECLARE_BITMAP(lens, PREFIX_LENS);
	unsigned int		count[PREFIX_LENS];
};

static unsigned int teach_route_net_id __read_mostly;

static const struct rhashtable_params route_params = {
	.head_offset		= offsetof(struct teach_route, node),
	.key_offset		= offsetof(struct teach_route, key),
	.key_len		= sizeof(struct teach_route_key),
	.automatic_shrinking	= true,
};

static struct teach_route_net *route_net(const struct net *net)
{
	return net_generic(net, teach_route_net_id);
}

static struct teach_route_key route_key(__be32 addr, u8 prefix_len)
{
	return (struct teach_route_key) {
		.prefix		= addr & teach_prefix_mask(prefix_len),
		.prefix_len	= prefix_len,
	};
}

/**
 * teach_route_lookup() - the route to a destination
 * @net: network namespace
 * @daddr: destination
 * @oif: index of the device it must leave by, or 0 for any
 *
 * Context: rcu_read_lock() or RTNL. Return: the route with the longest prefix, of
 * several the oldest, valid until that ends; or NULL.
 */
const struct teach_route *teach_route_lookup(const struct net *net, __be32 daddr,
					     int oif)
{
	struct teach_route_net *rn = route_net(net);
	const struct teach_route *route, *oldest = NULL;
	struct rhlist_head *list, *pos;
	unsigned int bit;

	for_each_set_bit(bit, rn->lens, PREFIX_LENS) {
		const struct teach_route_key key = route_key(daddr, 32 - bit);

		list = rhltable_lookup(&rn->table, &key, route_params);
		rhl_for_each_entry_rcu(route, pos, list, node) {
			/* The newest comes first. */
			if (!oif || route->link->ifindex == oif)
				oldest = route;
		}
		if (oldest)
			return oldest;
	}
	return NULL;
}

/**
 * teach_route_ifindex() - by which device is a destination reached?
 * @net: network namespace
 * @daddr: destination
 *
 * For link/, which cannot ask by itself. Context: rcu_read_lock(). Return: index of
 * the device, 0 without a route.
 */
int teach_route_ifindex(const struct net *net, __be32 daddr)
{
	const struct teach_route *route = teach_route_lookup(net, daddr, 0);

	return route ? route->link->ifindex : 0;
}

static struct teach_route *route_find(const struct teach_link *link,
				      const struct teach_route_key *key)
{
	struct rhlist_head *list, *pos;
	struct teach_route *route;

	rcu_read_lock();
	list = rhltable_lookup(&route_net(link->net)->table, key, route_params);
	rhl_for_each_entry_rcu(route, pos, list, node) {
		if (route->link == link)
			goto out;
	}
	route = NULL;
out:
	rcu_read_unlock();
	/* Under RTNL nobody else ends it. */
	return route;
}

static int route_add(struct teach_ifaddr *ifa)
{
	const struct teach_route_key key = route_key(ifa->local, ifa->prefix_len);
	struct teach_route_net *rn = route_net(ifa->link->net);
	struct teach_route *route = route_find(ifa->link, &key);
	int err;

	if (ifa->routed)
		return 0;
	if (route) {
		route->users++;
		ifa->routed = true;
		return 0;
	}
	route = kzalloc(sizeof(*route), GFP_KERNEL_ACCOUNT);
	if (!route)
		return -ENOMEM;
	route->key = key;
	route->link = ifa->link;
	route->source = ifa->local;
	route->users = 1;
	err = rhltable_insert(&rn->table, &route->node, route_params);
	if (err) {
		kfree(route);
		return err;
	}
	if (!rn->count[ifa->prefix_len]++)
		set_bit(32 - ifa->prefix_len, rn->lens);
	ifa->routed = true;
	return 0;
}

static void route_remove(struct teach_route_net *rn, struct teach_route *route)
{
	u32 prefix_len = route->key.prefix_len;

	rhltable_remove(&rn->table, &route->node, route_params);
	if (!--rn->count[prefix_len])
		clear_bit(32 - prefix_len, rn->lens);
	kfree_rcu(route, rcu);
}

static void route_del(struct teach_ifaddr *ifa)
{
	const struct teach_route_key key = route_key(ifa->local, ifa->prefix_len);
	struct teach_link *link = ifa->link;
	struct teach_route *route;

	if (!ifa->routed)
		return;
	ifa->routed = false;
	route = route_find(link, &key);
	if (!--route->users) {
		route_remove(route_net(link->net), route);
		return;
	}
	/* The next oldest address takes over. */
	if (route->source == ifa->local)
		WRITE_ONCE(route->source, teach_addr_select(link, key.prefix));
}

static void route_add_all(struct teach_link *link)
{
	struct teach_ifaddr *ifa;

	list_for_each_entry(ifa, &link->addrs, list) {
		if (teach_addr_usable(ifa) && route_add(ifa))
			netdev_warn(link->dev, "teach: no memory for the route of %pI4/%u: take the address away and add it again\n",
				    &ifa->local, ifa->prefix_len);
	}
}

static void route_del_all(struct teach_link *link)
{
	struct teach_ifaddr *ifa;

	list_for_each_entry(ifa, &link->addrs, list)
		route_del(ifa);
}

/* An address comes into use or goes out of it, whether it is new or not. */
static int route_update(struct teach_ifaddr *ifa)
{
	if (teach_addr_usable(ifa) && ifa->link->dev->flags & IFF_UP)
		return route_add(ifa);
	route_del(ifa);
	return 0;
}

static int route_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct teach_ifaddr *ifa = data;
	int err = 0;

	switch (event) {
	case TEACH_ADDR_ADD:
	case TEACH_ADDR_CHANGE:
		err = route_update(ifa);
		break;
	case TEACH_ADDR_DEL:
		route_del(ifa);
		break;
	case TEACH_LINK_UP:
		route_add_all(data);
		break;
	case TEACH_LINK_DOWN:
		route_del_all(data);
		break;
	}
	return notifier_from_errno(err);
}

/* Before those who tell user space, so that nobody hears of what failed. */
static struct notifier_block route_notifier = {
	.notifier_call	= route_event,
	.priority	= 1,
};

static int __net_init teach_route_net_init(struct net *net)
{
	return rhltable_init(&route_net(net)->table, &route_params);
}

static void __net_exit teach_route_net_exit(struct net *net)
{
	/* The namespace's addresses, and so its routes, went before. */
	WARN_ON_ONCE(!bitmap_empty(route_net(net)->lens, PREFIX_LENS));
	rhltable_destroy(&route_net(net)->table);
}

static struct pernet_operations teach_route_net_ops = {
	.init	= teach_route_net_init,
	.exit	= teach_route_net_exit,
	.id	= &teach_route_net_id,
	.size	= sizeof(struct teach_route_net),
};

int __init teach_route_init(void)
{
	int err = register_pernet_subsys(&teach_route_net_ops);

	if (err)
		return err;
	err = teach_link_notifier_register(&route_notifier);
	if (err)
		unregister_pernet_subsys(&teach_route_net_ops);
	return err;
}

void teach_route_exit(void)
{
	teach_link_notifier_unregister(&route_notifier);
	unregister_pernet_subsys(&teach_route_net_ops);
}
