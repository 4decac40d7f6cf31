/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_PATH_H
#define TEACH_NET_PATH_H

#include <linux/seqlock.h>
#include <linux/types.h>
#include "link/link.h"

struct teach_neigh;

/**
 * struct teach_flow - where a packet is to go
 * @daddr: destination; any means this host
 * @saddr: source, or any to have it selected
 * @oif: index of the device it must leave by, or 0; never negative
 */
struct teach_flow {
	__be32	daddr;
	__be32	saddr;
	int	oif;
};

/**
 * enum teach_path_type - how it gets there
 * @TEACH_PATH_UNICAST: by a neighbour
 * @TEACH_PATH_BROADCAST: to all on a link, and to ourselves
 * @TEACH_PATH_LOCAL: without a device
 */
enum teach_path_type {
	TEACH_PATH_UNICAST,
	TEACH_PATH_BROADCAST,
	TEACH_PATH_LOCAL,
};

/**
 * struct teach_path - how a packet gets there
 * @neigh: who it is handed to; NULL if local
 * @daddr: destination, never any
 * @saddr: source, one of ours
 * @oif: device that was asked for, or 0; if local, the one that has the address
 * @type: enum teach_path_type
 *
 * Valid until the end of the rcu_read_lock() section in which it was found.
 */
struct teach_path {
	struct teach_neigh	*neigh;
	__be32			daddr;
	__be32			saddr;
	int			oif;
	u8			type;
};

/**
 * struct teach_path_cache - the path that a socket used last
 * @lock: held by who replaces it; nobody waits for it
 * @seq: lets it be read while it is replaced
 * @generation: teach_link_generation() before the look-up
 * @flow: what was looked up
 * @path: what was found; holds a reference to its neighbour
 *
 * Zeroed memory is an empty cache once teach_path_cache_init() has run.
 */
struct teach_path_cache {
	spinlock_t		lock;		/* see above */
	seqcount_spinlock_t	seq;
	u32			generation;
	struct teach_flow	flow;
	struct teach_path	path;
};

void teach_path_cache_init(struct teach_path_cache *cache);
void teach_path_cache_clear(struct teach_path_cache *cache);
int teach_path_lookup(struct net *net, const struct teach_flow *flow,
		      struct teach_path *path);
int teach_path_lookup_slow(struct net *net, struct teach_path_cache *cache,
			   const struct teach_flow *flow, struct teach_path *path);
unsigned int teach_path_mtu(const struct teach_path *path);
struct net_device *teach_path_dev(const struct teach_path *path);

/**
 * teach_path_get() - the path for a flow, from the cache if it is there
 * @net: network namespace
 * @cache: cache of the sending socket
 * @flow: where to
 * @path: is set on success
 *
 * Context: rcu_read_lock(). Return: as teach_path_lookup().
 */
static inline int teach_path_get(struct net *net, struct teach_path_cache *cache,
				 const struct teach_flow *flow,
				 struct teach_path *path)
{
	unsigned int seq = raw_read_seqcount(&cache->seq);

	if (likely(!(seq & 1) && cache->generation == teach_link_generation(net) &&
		   cache->flow.daddr == flow->daddr &&
		   cache->flow.saddr == flow->saddr &&
		   cache->flow.oif == flow->oif)) {
		*path = cache->path;
		if (likely(!read_seqcount_retry(&cache->seq, seq)))
			return 0;
	}
	return teach_path_lookup_slow(net, cache, flow, path);
}

#endif
