/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NEIGH_LIST_H
#define TEACH_LINK_NEIGH_LIST_H

#include <linux/rhashtable-types.h>
#include <linux/workqueue.h>
#include "link/link.h"

/**
 * enum teach_neigh_list - the list that an entry is in, see link/neigh_list.c
 * @TEACH_LIST_NONE: none: it stays
 * @TEACH_LIST_FAILED: teach_neigh_net.gc_entries, before all others
 * @TEACH_LIST_GC: teach_neigh_net.gc_entries
 * @TEACH_LIST_UNRESOLVED: teach_link.unresolved
 * @TEACH_LIST_MANAGED: teach_neigh_net.managed
 */
enum teach_neigh_list {
	TEACH_LIST_NONE,
	TEACH_LIST_FAILED,
	TEACH_LIST_GC,
	TEACH_LIST_UNRESOLVED,
	TEACH_LIST_MANAGED,
};

/**
 * struct teach_neigh_place - where an entry is listed; all under teach_neigh_net.lock
 * @node: in the list
 * @list: enum teach_neigh_list
 * @share: share of senders whose list it is, if unresolved
 */
struct teach_neigh_place {
	struct list_head	node;
	u8			list;
	u8			share;
};

/**
 * struct teach_neigh_net - the neighbour cache of one network namespace
 * @table: all entries, by link and address
 * @lock: protects the lists of entries, here and in struct teach_link; an entry's lock
 *	may be taken inside it
 * @gc_entries: entries that may be collected once they are idle, roughly oldest first,
 *	but those that failed before all others
 * @n_gc_entries: entries in @gc_entries and in the lists of unresolved ones, which are
 *	those that the thresholds count; changed under @lock
 * @gc_thresh1: with fewer, nothing is collected
 * @gc_thresh2: with more, a new entry forces a collection every 5 seconds, and none is
 *	made for who only asked us
 * @gc_thresh3: with as many, a new entry takes the place of another or is refused
 * @last_forced: jiffies of the last forced collection
 * @changes: entries that came and went so far, modulo 2^32: for dumps
 * @gc_work: the periodic collection
 * @managed: entries that are kept resolved, and not collected
 * @n_managed: how many; changed under @lock
 * @managed_work: asks for them again and again, while there are any
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
	atomic_t		changes;
	struct delayed_work	gc_work;
	struct list_head	managed;
	int			n_managed;
	struct delayed_work	managed_work;
	struct net		*net;
};

extern unsigned int teach_neigh_net_id;

static inline struct teach_neigh_net *teach_neigh_net(const struct net *net)
{
	return net_generic(net, teach_neigh_net_id);
}

unsigned long teach_neigh_managed_interval(const struct teach_neigh_net *nn);
void teach_neigh_list_attach(struct teach_link *link);
void teach_neigh_list_move(struct teach_neigh_net *nn, struct teach_link *link,
			   struct teach_neigh_place *place, enum teach_neigh_list list,
			   u8 share);
struct teach_neigh_place *teach_neigh_list_surplus(struct teach_neigh_net *nn,
						   struct teach_link *only);

#endif
