/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NEIGH_TABLE_H
#define TEACH_LINK_NEIGH_TABLE_H

#include <linux/rhashtable-types.h>
#include <linux/workqueue.h>
#include "link/neigh.h"

/**
 * struct teach_neigh_net - the neighbour cache of one network namespace
 * @table: all entries, by link and address
 * @lock: protects @gc_entries; an entry's lock may be taken inside it
 * @gc_entries: entries that may be collected, oldest first
 * @n_gc_entries: how many; changed under @lock
 * @gc_thresh1: with fewer, nothing is collected
 * @gc_thresh2: with more, a new entry forces a collection every 5 seconds
 * @gc_thresh3: with as many, a new entry forces a collection or is refused
 * @last_forced: jiffies of the last forced collection
 * @gc_work: the periodic collection
 * @net: network namespace
 */
struct teach_neigh_net {
	struct rhashtable	table;
	spinlock_t		lock;		/* see above */
	struct list_head	gc_entries;
	int			n_gc_entries;
	int			gc_thresh1;
	int			gc_thresh2;
	int			gc_thresh3;
	unsigned long		last_forced;
	struct delayed_work	gc_work;
	struct net		*net;
};

extern unsigned int teach_neigh_net_id;

static inline struct teach_neigh_net *teach_neigh_net(const struct net *net)
{
	return net_generic(net, teach_neigh_net_id);
}

struct teach_neigh *teach_neigh_find(struct teach_link *link, __be32 addr);
struct teach_neigh *teach_neigh_get(struct teach_link *link, __be32 addr);
struct teach_neigh *teach_neigh_get_broadcast(struct teach_link *link);
struct teach_neigh *teach_neigh_create(struct teach_link *link, __be32 addr,
				       bool permanent);
int teach_neigh_admin_update(struct teach_neigh *n, const u8 *mac, u8 new_state,
			     unsigned int flags, u8 ntf_flags);
void teach_neigh_remove(struct teach_neigh *n, enum teach_neigh_reason reason);
void teach_neigh_flush(struct teach_link *link, bool keep_permanent,
		       enum teach_neigh_reason reason);

int teach_neigh_init(void);
void teach_neigh_exit(void);

#endif
