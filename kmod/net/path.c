// SPDX-License-Identifier: GPL-2.0
/*
 * Paths: what a destination comes to, once routes, local addresses and
 * neighbours have been asked. A socket keeps its last path, so that the next
 * packet asks nobody.
 *
 * A cached path is good for as long as nothing changed: whatever changes
 * afterwards, an address, a route, a device, an entry deleted or collected, moves
 * teach_link_generation(). It holds a reference to its neighbour, which keeps the
 * structure there but not in the cache, and none to link or device: those are
 * reached only after the generation was compared within the same rcu_read_lock().
 */
#include "link/addr.h"
#include "link/neigh_table.h"
#include "net/path.h"
#include "net/routes.h"

/* The link that a packet to 255.255.255.255 leaves by: the one asked for, that
 * of the source address, or the only one that has an address and is up.
 */
static struct teach_link *broadcast_link(struct net *net,
					 const struct teach_flow *flow)
{
	const struct teach_ifaddr *ifa;
	struct teach_link *link, *only = NULL;
	unsigned long index;

	if (flow->oif)
		return teach_link_get_rcu(net, flow->oif);
	if (flow->saddr) {
		ifa = teach_addr_find(net, flow->saddr, NULL);
		return ifa ? ifa->link : NULL;
	}
	xa_for_each(&teach_link_net(net)->links, index, link) {
		if (list_empty(&link->addrs) || !(link->dev->flags & IFF_UP))
			continue;
		if (only)
			return NULL;
		only = link;
	}
	return only;
}

static int path_broadcast(struct teach_link *link, struct teach_path *path)
{
	if (!link || !teach_link_alive(link) || !(link->dev->flags & IFF_UP))
		return -ENETUNREACH;
	if (!path->saddr)
		path->saddr = teach_addr_select(link, path->daddr);
	if (!path->saddr)
		return -ENETUNREACH;
	path->type = TEACH_PATH_BROADCAST;
	path->neigh = teach_neigh_get_broadcast(link);
	return PTR_ERR_OR_ZERO(path->neigh);
}

static int path_unicast(struct net *net, const struct teach_flow *flow,
			struct teach_path *path)
{
	const struct teach_route *route;
	struct teach_link *link;

	route = teach_route_lookup(net, flow->daddr, flow->oif);
	if (!route)
		return -ENETUNREACH;
	link = route->link;
	if (!teach_link_alive(link))
		return -ENETUNREACH;
	if (teach_addr_is_broadcast(link, flow->daddr))
		return path_broadcast(link, path);
	if (!path->saddr)
		path->saddr = READ_ONCE(route->source);
	path->type = TEACH_PATH_UNICAST;
	path->neigh = teach_neigh_get(link, flow->daddr);
	return PTR_ERR_OR_ZERO(path->neigh);
}

/* As IPv4 does, "any" as a destination is this host itself. */
static __be32 own_address(struct net *net, __be32 saddr)
{
	struct teach_link *link;
	unsigned long index;
	__be32 addr = saddr;

	xa_for_each(&teach_link_net(net)->links, index, link) {
		if (addr)
			break;
		addr = teach_addr_select(link, 0);
	}
	return addr;
}

/**
 * teach_path_lookup() - find out how to get somewhere
 * @net: network namespace
 * @flow: where to
 * @path: is set on success
 *
 * Context: rcu_read_lock(). Return: 0; -ENETUNREACH without a route, and for a
 * source that is none of ours, as IPv4 has it; -ENODEV where there is no such
 * device; -ENOBUFS where the neighbour cache is full.
 */
int teach_path_lookup(struct net *net, const struct teach_flow *flow,
		      struct teach_path *path)
{
	const struct teach_ifaddr *ours;

	*path = (struct teach_path) {
		.daddr = flow->daddr,
		.saddr = flow->saddr,
		.oif = flow->oif,
	};
	if (flow->oif && !dev_get_by_index_rcu(net, flow->oif))
		return -ENODEV;
	if (flow->saddr && !teach_addr_is_local(net, flow->saddr))
		return -ENETUNREACH;
	if (flow->daddr == htonl(TEACH_ADDR_BROADCAST))
		return path_broadcast(broadcast_link(net, flow), path);

	if (!path->daddr) {
		path->daddr = own_address(net, flow->saddr);
		if (!path->daddr)
			return -ENETUNREACH;
	}
	ours = teach_addr_find(net, path->daddr, NULL);
	if (!ours)
		return path_unicast(net, flow, path);

	path->type = TEACH_PATH_LOCAL;
	if (!path->oif)
		path->oif = ours->link->ifindex;
	if (!path->saddr)
		path->saddr = path->daddr;
	return 0;
}

/* Keep a path, unless somebody else is just keeping another. */
static void path_keep(struct teach_path_cache *cache, u32 generation,
		      const struct teach_flow *flow, const struct teach_path *path)
{
	struct teach_neigh *old;

	if (path->neigh && !teach_neigh_hold(path->neigh))
		return;
	if (!spin_trylock_bh(&cache->lock)) {
		teach_neigh_put(path->neigh);
		return;
	}
	old = cache->path.neigh;
	write_seqcount_begin(&cache->seq);
	cache->generation = generation;
	cache->flow = *flow;
	cache->path = *path;
	write_seqcount_end(&cache->seq);
	spin_unlock_bh(&cache->lock);
	/* Who read it before may go on until rcu_read_unlock(). */
	teach_neigh_put(old);
}

/**
 * teach_path_lookup_slow() - find out, and keep the answer
 * @net: network namespace
 * @cache: cache of the sending socket
 * @flow: where to
 * @path: is set on success
 *
 * Context: rcu_read_lock(). Return: as teach_path_lookup().
 */
int teach_path_lookup_slow(struct net *net, struct teach_path_cache *cache,
			   const struct teach_flow *flow, struct teach_path *path)
{
	u32 generation = teach_link_generation(net);
	int err = teach_path_lookup(net, flow, path);

	if (!err)
		path_keep(cache, generation, flow, path);
	return err;
}

/**
 * teach_path_cache_init() - an empty cache
 * @cache: cache of a new socket
 */
void teach_path_cache_init(struct teach_path_cache *cache)
{
	spin_lock_init(&cache->lock);
	seqcount_spinlock_init(&cache->seq, &cache->lock);
	teach_path_cache_clear(cache);
}

/**
 * teach_path_cache_clear() - forget the path
 * @cache: cache of a socket that sends nothing meanwhile
 *
 * Any context.
 */
void teach_path_cache_clear(struct teach_path_cache *cache)
{
	teach_neigh_put(cache->path.neigh);
	cache->path.neigh = NULL;
	/* No flow has this index. */
	cache->flow.oif = -1;
}

/**
 * teach_path_dev() - device that a path's packets leave by
 * @path: path, in the rcu_read_lock() section in which it was found
 *
 * Return: the device, valid until rcu_read_unlock(), or NULL if local.
 */
struct net_device *teach_path_dev(const struct teach_path *path)
{
	return path->neigh ? path->neigh->key.link->dev : NULL;
}

/**
 * teach_path_mtu() - the largest packet that a path takes
 * @path: path, in the rcu_read_lock() section in which it was found
 *
 * Return: bytes, TEACH header included.
 */
unsigned int teach_path_mtu(const struct teach_path *path)
{
	if (!path->neigh)
		return TEACH_MAX_PACKET;
	return min_t(unsigned int, READ_ONCE(path->neigh->key.link->dev->mtu),
		     TEACH_MAX_PACKET);
}
