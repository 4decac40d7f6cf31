// SPDX-License-Identifier: GPL-2.0
/*
 * Which entries of the neighbour cache may make room for others.
 *
 * An entry is in one list, or in none if it is to stay: permanent, told by who learns
 * elsewhere, or dead. Those that are kept resolved stay too, in a list of their own.
 *
 *	unresolved	nobody has answered yet: a list for each link and each share of
 *			senders (link/solicit.c), oldest first
 *	gc_entries	all others: those that failed first, then the oldest
 *
 * When the cache is full the unresolved ones are the ones to go, for a flood of packets
 * to hosts that are not there fills it with them; and of these, the oldest of whoever has
 * the most. So who floods pushes out his own, and a new host of somebody else is found.
 *
 * Locks: teach_neigh_net.lock, and inside it teach_neigh.lock.
 */
#include "link/neigh_list.h"

unsigned int teach_neigh_net_id __read_mostly;

/**
 * teach_neigh_managed_interval() - how often are managed entries asked for?
 * @nn: the cache
 *
 * Any context. Return: jiffies.
 */
unsigned long teach_neigh_managed_interval(const struct teach_neigh_net *nn)
{
	return max(READ_ONCE(teach_link_net(nn->net)->defaults.interval_probe_time), 1);
}

/**
 * teach_neigh_list_attach() - empty lists
 * @link: link that has no entries yet
 */
void teach_neigh_list_attach(struct teach_link *link)
{
	unsigned int i;

	for (i = 0; i < TEACH_SOLICIT_SHARES; i++) {
		INIT_LIST_HEAD(&link->unresolved[i].entries);
		link->unresolved[i].n = 0;
	}
}

static struct teach_unresolved *unresolved_of(struct teach_link *link, u8 share)
{
	return &link->unresolved[share];
}

static void list_leave(struct teach_neigh_net *nn, struct teach_link *link,
		       struct teach_neigh_place *place)
{
	if (place->list == TEACH_LIST_NONE)
		return;
	list_del(&place->node);
	if (place->list == TEACH_LIST_MANAGED) {
		nn->n_managed--;
		return;
	}
	if (place->list == TEACH_LIST_UNRESOLVED)
		unresolved_of(link, place->share)->n--;
	nn->n_gc_entries--;
	link->n_gc_entries--;
}

/**
 * teach_neigh_list_move() - put an entry into another list
 * @nn: the cache
 * @link: link of the entry
 * @place: where it is; zeroed memory is nowhere
 * @list: where it is to be; if it is there nothing happens
 * @share: of whose packet made us look for it, below TEACH_SOLICIT_SHARES
 *
 * Context: teach_neigh_net.lock held.
 */
void teach_neigh_list_move(struct teach_neigh_net *nn, struct teach_link *link,
			   struct teach_neigh_place *place, enum teach_neigh_list list,
			   u8 share)
{
	lockdep_assert_held(&nn->lock);
	if (place->list == list)
		return;
	list_leave(nn, link, place);
	place->list = list;
	place->share = share;
	switch (list) {
	case TEACH_LIST_NONE:
		return;
	case TEACH_LIST_FAILED:
		list_add(&place->node, &nn->gc_entries);
		break;
	case TEACH_LIST_GC:
		list_add_tail(&place->node, &nn->gc_entries);
		break;
	case TEACH_LIST_UNRESOLVED:
		list_add_tail(&place->node, &unresolved_of(link, share)->entries);
		unresolved_of(link, share)->n++;
		break;
	case TEACH_LIST_MANAGED:
		list_add_tail(&place->node, &nn->managed);
		/* The first: somebody has to look after them from now on. */
		if (!nn->n_managed++)
			queue_delayed_work(system_power_efficient_wq, &nn->managed_work,
					   teach_neigh_managed_interval(nn));
		return;
	}
	nn->n_gc_entries++;
	link->n_gc_entries++;
}

static void most_of(struct teach_link *link, struct teach_unresolved **most)
{
	unsigned int i;

	for (i = 0; i < TEACH_SOLICIT_SHARES; i++) {
		struct teach_unresolved *u = &link->unresolved[i];

		if (u->n && (!*most || u->n > (*most)->n))
			*most = u;
	}
}

/**
 * teach_neigh_list_surplus() - the unresolved entry that can be spared first
 * @nn: the cache
 * @only: of this link, or NULL for any
 *
 * It is moved behind the others of its list, so that who cannot end it gets another the
 * next time. Context: rcu_read_lock(). Return: its place, valid until
 * rcu_read_unlock(), or NULL if there is none.
 */
struct teach_neigh_place *teach_neigh_list_surplus(struct teach_neigh_net *nn,
						   struct teach_link *only)
{
	struct teach_neigh_place *place = NULL;
	struct teach_unresolved *most = NULL;
	struct teach_link *link;
	unsigned long index;

	spin_lock_bh(&nn->lock);
	if (only) {
		most_of(only, &most);
	} else {
		xa_for_each(&teach_link_net(nn->net)->links, index, link)
			most_of(link, &most);
	}
	if (most) {
		place = list_first_entry(&most->entries, struct teach_neigh_place, node);
		list_move_tail(&place->node, &most->entries);
	}
	spin_unlock_bh(&nn->lock);
	return place;
}
