// SPDX-License-Identifier: GPL-2.0
/*
 * The neighbour cache: finding, adding, removing and collecting entries.
 *
 * Entries are found by RCU in a hash table that grows and shrinks by itself and
 * has a random seed of its own. Those that may be collected, which are all but
 * permanent ones, are in a list too, oldest first.
 *
 * Collection is as net/core/neighbour.c does it. Every now and then what was
 * not used for gc_staletime, or failed, goes; and a new entry that finds too
 * many makes room for itself. In both, an entry whose timer is armed stays: it
 * is being asked for, or reachable. That a socket has it in the path that it
 * keeps is no reason: or whoever opens many sockets would fill the cache.
 *
 * Two things neighbour.c does not do. Who only asks us for our address gets no entry
 * beyond gc_thresh2. And in a full cache of entries whose timers are armed the
 * unresolved ones are pushed out, in the order of link/neigh_list.c. So neither a flood
 * of requests nor one of packets to absent hosts keeps new hosts from being found. A link
 * may have a limit of its own, max_neighs, at which the same is done among its entries.
 *
 * Locks, outermost first: RTNL; teach_neigh_net.lock; teach_neigh.lock.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include "link/neigh_table.h"
#include "link/notify.h"
#include "link/stats.h"

/* As net.ipv4.neigh.default has them. */
#define GC_THRESH1	128
#define GC_THRESH2	512
#define GC_THRESH3	1024

/* A forced collection spares younger entries, and comes no more often. */
#define FORCED_GC_AGE	(5 * HZ)
/* It gives up after that long: a packet is waiting for it. */
#define FORCED_GC_NS	NSEC_PER_MSEC
/* It looks at the clock after so many entries. */
#define FORCED_GC_BATCH	16
/* So many that failed go at once. */
#define FAILED_GC_BATCH	64
/* An unresolved entry may be answered just when it is to go: then another. */
#define EVICT_TRIES	8

/* As many buckets at least: an ordinary link fills them without a resize. */
#define LEAST_BUCKETS	256

static const struct rhashtable_params neigh_table_params = {
	.min_size		= LEAST_BUCKETS,
	.head_offset		= offsetof(struct teach_neigh, node),
	.key_offset		= offsetof(struct teach_neigh, key),
	.key_len		= sizeof(struct teach_neigh_key),
	.automatic_shrinking	= true,
};

/* ---- Collecting ------------------------------------------------------------ */

static bool gc_wanted(const struct teach_neigh *n)
{
	return !n->dead && n->nud.state != NUD_PERMANENT &&
	       !(n->flags & (NTF_EXT_LEARNED | NTF_MANAGED));
}

/* Out of the table and the list, and drop the cache's reference: after
 * teach_neigh_kill(), by the one caller for whom that was true.
 */
static void neigh_unlist(struct teach_neigh *n)
{
	struct teach_neigh_net *nn = teach_neigh_net(n->key.link->net);

	rhashtable_remove_fast(&nn->table, &n->node, neigh_table_params);
	atomic_inc(&nn->changes);
	teach_neigh_relist(n);
	teach_neigh_notify_gone(n);
	teach_neigh_put(n);
}

static bool may_collect(const struct teach_neigh *n, unsigned long now)
{
	const struct teach_nud *nud = &n->nud;
	unsigned long last = nud->used;

	if (nud->state & TEACH_NUD_TIMED || !gc_wanted(n))
		return false;
	if (nud->state == NUD_FAILED)
		return true;
	if (time_before(last, nud->confirmed))
		last = nud->confirmed;
	return !time_in_range_open(now, last,
				   last + READ_ONCE(n->key.link->parms.gc_staletime));
}

static bool may_collect_forced(const struct teach_neigh *n, unsigned long now)
{
	if (n->nud.state & TEACH_NUD_TIMED || !gc_wanted(n))
		return false;
	return n->nud.state == NUD_FAILED || n->nud.state == NUD_NOARP ||
	       !time_in_range(now, n->nud.updated, n->nud.updated + FORCED_GC_AGE);
}

/* End an entry if it may be. Who collects calls teach_link_changed() afterwards, for
 * the sockets that have it in the path they keep. Return: entries ended.
 */
static int collect(struct teach_neigh *n,
		   bool (*may)(const struct teach_neigh *n, unsigned long now),
		   unsigned long now)
{
	const struct teach_link *link = n->key.link;

	if (!teach_neigh_kill(n, TEACH_NEIGH_REASON_COLLECTED, may, now))
		return 0;
	teach_link_count(link, TEACH_STAT_NEIGH_COLLECTED);
	neigh_unlist(n);
	return 1;
}

/* Collect until gc_thresh2 entries are left, or one of the link @only (if not NULL) is
 * gone, or time is over. The list's lock is not held while entries end: RCU keeps in memory
 * those that were noted under it.
 */
static int gc_forced(struct teach_neigh_net *nn, const struct teach_link *only)
{
	unsigned int excess = only ? 1 : max(nn->n_gc_entries - READ_ONCE(nn->gc_thresh2), 1);
	u64 deadline = ktime_get_ns() + FORCED_GC_NS;
	struct teach_neigh *batch[FORCED_GC_BATCH];
	unsigned long now = jiffies;
	unsigned int visited = 0, freed = 0;
	struct teach_neigh *n;
	unsigned int i, got;

	teach_stats_inc(nn->net, TEACH_STAT_NEIGH_FORCED_GC);
	WRITE_ONCE(nn->last_forced, now);
	do {
		/* Rotate the list, so that entries in use, which stay at its
		 * head, do not keep us from those behind them.
		 */
		got = 0;
		rcu_read_lock();
		spin_lock_bh(&nn->lock);
		while (got < ARRAY_SIZE(batch) && visited < nn->n_gc_entries &&
		       !list_empty(&nn->gc_entries)) {
			n = list_first_entry(&nn->gc_entries, struct teach_neigh,
					     place.node);
			list_move_tail(&n->place.node, &nn->gc_entries);
			batch[got++] = n;
			visited++;
		}
		spin_unlock_bh(&nn->lock);
		for (i = 0; i < got; i++) {
			if (!only || batch[i]->key.link == only)
				freed += collect(batch[i], may_collect_forced, now);
		}
		rcu_read_unlock();
	} while (got && freed < excess && ktime_get_ns() < deadline);
	if (freed)
		teach_link_changed(nn->net);
	return freed;
}

/* Those that failed are first in the list: as many as there are, in one go. */
static int gc_failed(struct teach_neigh_net *nn)
{
	struct teach_neigh *n;
	int freed = 0, got;

	do {
		rcu_read_lock();
		spin_lock_bh(&nn->lock);
		n = list_first_entry_or_null(&nn->gc_entries, struct teach_neigh,
					     place.node);
		spin_unlock_bh(&nn->lock);
		got = n && READ_ONCE(n->nud.state) == NUD_FAILED ?
		      collect(n, may_collect_forced, jiffies) : 0;
		rcu_read_unlock();
		freed += got;
	} while (got && freed < FAILED_GC_BATCH);
	if (freed)
		teach_link_changed(nn->net);
	return freed;
}

static bool is_unresolved(const struct teach_neigh *n, unsigned long arg)
{
	return n->nud.state == NUD_INCOMPLETE;
}

/* End the unresolved entry that can be spared first, of the link @only if that is not NULL: see
 * link/neigh_list.c. Return: entries ended.
 */
static int evict(struct teach_neigh_net *nn, struct teach_link *only)
{
	struct teach_neigh_place *place;
	struct teach_neigh *n;
	int i, got = 0;

	rcu_read_lock();
	for (i = 0; i < EVICT_TRIES && !got; i++) {
		place = teach_neigh_list_surplus(nn, only);
		if (!place)
			break;
		n = container_of(place, struct teach_neigh, place);
		got = teach_neigh_kill(n, TEACH_NEIGH_REASON_COLLECTED, is_unresolved, 0);
		if (got) {
			teach_link_count(n->key.link, TEACH_STAT_NEIGH_EVICTED);
			neigh_unlist(n);
		}
	}
	rcu_read_unlock();
	if (got)
		teach_link_changed(nn->net);
	return got;
}

static bool forced_gc_is_due(const struct teach_neigh_net *nn)
{
	return time_after(jiffies, READ_ONCE(nn->last_forced) + FORCED_GC_AGE);
}

/* Why an entry is to be made. */
enum wish {
	WISH_HEARD,	/* somebody asked us */
	WISH_USED,	/* somebody here wants it */
	WISH_KEPT,	/* it is to stay, which does not count */
};

static bool no_room(const struct teach_link *link, enum wish wish, const char *which, int limit)
{
	teach_link_count(link, TEACH_STAT_NEIGH_TABLE_FULL);
	if (wish == WISH_USED)
		net_info_ratelimited("teach: neighbour cache is full: %s is %d\n", which, limit);
	return false;
}

/* Is there room for an entry among those of its link, or can it be made? Half of it is for those
 * that this host looks for.
 */
static bool link_has_room(struct teach_neigh_net *nn, struct teach_link *link, enum wish wish)
{
	int limit = READ_ONCE(link->parms.max_neighs);
	int entries = READ_ONCE(link->n_gc_entries);

	if (!limit || entries < (wish == WISH_HEARD ? limit / 2 : limit))
		return true;
	if (forced_gc_is_due(nn) && gc_forced(nn, link))
		return true;
	if (wish == WISH_USED && (evict(nn, link) || gc_forced(nn, link)))
		return true;
	return no_room(link, wish, "max_neighs", limit);
}

/* Likewise in the whole cache. Who only asked us is not worth what it takes: between
 * gc_thresh2 and gc_thresh3 is room for those that this host looks for.
 */
static bool cache_has_room(struct teach_neigh_net *nn, const struct teach_link *link,
			   enum wish wish)
{
	int limit = wish == WISH_HEARD ? READ_ONCE(nn->gc_thresh2) : READ_ONCE(nn->gc_thresh3);
	int entries = READ_ONCE(nn->n_gc_entries);

	if (entries < READ_ONCE(nn->gc_thresh2))
		return true;
	if (forced_gc_is_due(nn) && gc_forced(nn, NULL))
		return true;
	if (entries < limit || gc_failed(nn))
		return true;
	if (wish == WISH_USED && (evict(nn, NULL) || gc_forced(nn, NULL)))
		return true;
	return no_room(link, wish, "gc_thresh3", limit);
}

static void gc_periodic(struct work_struct *work)
{
	struct teach_neigh_net *nn = container_of(to_delayed_work(work),
						  struct teach_neigh_net, gc_work);
	struct teach_link_net *ln = teach_link_net(nn->net);
	struct rhashtable_iter iter;
	struct teach_link *link;
	struct teach_neigh *n;
	unsigned long index;
	int freed = 0;

	teach_stats_inc(nn->net, TEACH_STAT_NEIGH_PERIODIC_GC);
	rcu_read_lock();
	xa_for_each(&ln->links, index, link) {
		if (teach_parms_stale(&link->parms, jiffies))
			teach_parms_roll(&link->parms, jiffies);
	}
	rcu_read_unlock();

	if (READ_ONCE(nn->n_gc_entries) >= READ_ONCE(nn->gc_thresh1)) {
		rhashtable_walk_enter(&nn->table, &iter);
		rhashtable_walk_start(&iter);
		while ((n = rhashtable_walk_next(&iter))) {
			/* The table is being resized: the walk goes on. */
			if (IS_ERR(n))
				continue;
			freed += collect(n, may_collect, jiffies);
			if (need_resched()) {
				rhashtable_walk_stop(&iter);
				cond_resched();
				rhashtable_walk_start(&iter);
			}
		}
		rhashtable_walk_stop(&iter);
		rhashtable_walk_exit(&iter);
		if (freed)
			teach_link_changed(nn->net);
	}

	/* As often as neighbour.c: twice in the mean reachable time. */
	queue_delayed_work(system_power_efficient_wq, &nn->gc_work,
			   max(READ_ONCE(ln->defaults.base_reachable_time) / 2, HZ));
}

/* ---- Managed entries ------------------------------------------------------- */

/* Each is as if a packet wanted to go there: who is not known is asked for, and who is not
 * confirmed is asked. In batches, as gc_forced() does it, and those that are new meanwhile the
 * next time.
 */
static void managed_run(struct work_struct *work)
{
	struct teach_neigh_net *nn = container_of(to_delayed_work(work),
						  struct teach_neigh_net, managed_work);
	struct teach_neigh *batch[FORCED_GC_BATCH], *n;
	int left = READ_ONCE(nn->n_managed), i, got;

	do {
		got = 0;
		rcu_read_lock();
		spin_lock_bh(&nn->lock);
		while (got < ARRAY_SIZE(batch) && left > 0 && !list_empty(&nn->managed)) {
			n = list_first_entry(&nn->managed, struct teach_neigh, place.node);
			list_move_tail(&n->place.node, &nn->managed);
			batch[got++] = n;
			left--;
		}
		spin_unlock_bh(&nn->lock);
		for (i = 0; i < got; i++)
			teach_neigh_probe(batch[i], TEACH_NEIGH_REASON_MANAGED);
		rcu_read_unlock();
		cond_resched();
	} while (got);

	spin_lock_bh(&nn->lock);
	if (nn->n_managed)
		queue_delayed_work(system_power_efficient_wq, &nn->managed_work,
				   teach_neigh_managed_interval(nn));
	spin_unlock_bh(&nn->lock);
}

/* ---- Finding and adding ---------------------------------------------------- */

/**
 * teach_neigh_find() - an entry of the cache
 * @link: link
 * @addr: address of the neighbour
 *
 * Context: rcu_read_lock(). Return: the entry, valid until rcu_read_unlock(), or
 * NULL.
 */
struct teach_neigh *teach_neigh_find(struct teach_link *link, __be32 addr)
{
	const struct teach_neigh_key key = { .link = link, .addr = addr };

	return rhashtable_lookup(&teach_neigh_net(link->net)->table, &key,
				 neigh_table_params);
}

static struct teach_neigh *neigh_add(struct teach_link *link, __be32 addr,
				     u8 state, const u8 *mac, enum wish wish)
{
	struct teach_neigh_net *nn = teach_neigh_net(link->net);
	struct teach_neigh *n, *old;

	if (wish != WISH_KEPT && (!link_has_room(nn, link, wish) ||
				  !cache_has_room(nn, link, wish)))
		return ERR_PTR(-ENOBUFS);
	n = teach_neigh_alloc(link, addr, state, mac);
	if (!n)
		return ERR_PTR(-ENOBUFS);

	old = rhashtable_lookup_get_insert_fast(&nn->table, &n->node,
						neigh_table_params);
	if (old) {
		n->dead = true;
		teach_neigh_put(n);
		if (IS_ERR(old))
			teach_link_count(link, TEACH_STAT_NEIGH_NO_MEMORY);
		return IS_ERR(old) ? ERR_PTR(-ENOBUFS) : old;
	}
	atomic_inc(&nn->changes);
	/* One that is to stay is in no list: management says so next. */
	if (wish != WISH_KEPT)
		teach_neigh_relist(n);

	/* Pairs with the barrier in teach_neigh_flush(): either that walk finds
	 * the entry, or we find the link dead or with another MAC address.
	 */
	smp_mb();
	if (!teach_link_alive(link) || !teach_neigh_header_current(n)) {
		teach_neigh_remove(n, TEACH_NEIGH_REASON_LINK_DOWN);
		return ERR_PTR(-ENETDOWN);
	}
	return n;
}

/**
 * teach_neigh_get() - an entry of the cache, made where there is none
 * @link: link
 * @addr: address of the neighbour
 *
 * On a link without ARP the entry has the device's own MAC address, as with
 * IPv4. Context: rcu_read_lock(), link alive. Return: the entry, valid until
 * rcu_read_unlock(), or an ERR_PTR: -ENOBUFS, -ENETDOWN.
 */
struct teach_neigh *teach_neigh_get(struct teach_link *link, __be32 addr)
{
	struct teach_neigh *n = teach_neigh_find(link, addr);

	if (likely(n))
		return n;
	if (link->dev->flags & IFF_NOARP)
		return neigh_add(link, addr, NUD_NOARP, link->dev->dev_addr, WISH_USED);
	return neigh_add(link, addr, NUD_NONE, NULL, WISH_USED);
}

/**
 * teach_neigh_get_heard() - an entry for who asked us, made where there is none
 * @link: link
 * @addr: address of the neighbour
 *
 * Of those there are no more than gc_thresh2. Context and return as teach_neigh_get().
 */
struct teach_neigh *teach_neigh_get_heard(struct teach_link *link, __be32 addr)
{
	return teach_neigh_find(link, addr) ?:
	       neigh_add(link, addr, NUD_NONE, NULL, WISH_HEARD);
}

/**
 * teach_neigh_create() - add an entry as management asks
 * @link: link
 * @addr: address of the neighbour
 * @permanent: it is going to be: then it is added even if the cache is full
 *
 * Context and return as teach_neigh_get().
 */
struct teach_neigh *teach_neigh_create(struct teach_link *link, __be32 addr,
				       bool permanent)
{
	return neigh_add(link, addr, NUD_NONE, NULL, permanent ? WISH_KEPT : WISH_USED);
}

/**
 * teach_neigh_get_broadcast() - the entry of all hosts on a link
 * @link: link
 *
 * One for all its broadcast addresses, which come and go. Context and return as
 * teach_neigh_get().
 */
struct teach_neigh *teach_neigh_get_broadcast(struct teach_link *link)
{
	const __be32 addr = htonl(TEACH_ADDR_BROADCAST);
	struct teach_neigh *n = teach_neigh_find(link, addr);

	return n ?: neigh_add(link, addr, NUD_NOARP, link->dev->broadcast, WISH_USED);
}

/* ---- Management ------------------------------------------------------------ */

/**
 * teach_neigh_admin_update() - change an entry as management asks
 * @n: entry, referenced by the caller or found in this rcu_read_lock() section
 * @mac: MAC address, or NULL
 * @new_state: state
 * @flags: TEACH_UPDATE_*, besides %TEACH_UPDATE_ADMIN
 * @ntf_flags: NTF_* that the entry has from now on
 *
 * Any context. Return: as teach_neigh_update().
 */
int teach_neigh_admin_update(struct teach_neigh *n, const u8 *mac, u8 new_state,
			     unsigned int flags, u16 ntf_flags)
{
	int err;

	err = teach_neigh_update(n, mac, new_state, flags | TEACH_UPDATE_ADMIN |
				 TEACH_UPDATE_WHY(TEACH_NEIGH_REASON_ADMIN));
	if (!err) {
		spin_lock_bh(&n->lock);
		n->flags = ntf_flags;
		spin_unlock_bh(&n->lock);
	}
	teach_neigh_relist(n);
	return err;
}

/**
 * teach_neigh_manage() - keep an entry resolved from now on
 * @n: entry, referenced by the caller or found in this rcu_read_lock() section
 * @ntf_flags: NTF_* that the entry has besides %NTF_MANAGED
 *
 * It is asked for at once and every interval_probe_time, and is not collected. Its state and
 * MAC address are what that brings; of a permanent one the MAC address is kept until then,
 * where IPv4 forgets it. Any context. Return: 0, or -ENOENT for a dead entry.
 */
int teach_neigh_manage(struct teach_neigh *n, u16 ntf_flags)
{
	int err = 0;

	if (READ_ONCE(n->nud.state) == NUD_PERMANENT)
		err = teach_neigh_update(n, NULL, NUD_STALE, TEACH_UPDATE_ADMIN |
					 TEACH_UPDATE_WHY(TEACH_NEIGH_REASON_ADMIN));
	if (err)
		return err;
	spin_lock_bh(&n->lock);
	n->flags = ntf_flags | NTF_MANAGED;
	spin_unlock_bh(&n->lock);
	teach_neigh_relist(n);
	return teach_neigh_probe(n, TEACH_NEIGH_REASON_MANAGED);
}

/**
 * teach_neigh_remove() - take an entry out of the cache
 * @n: entry, referenced by the caller or found in this rcu_read_lock() section
 * @reason: why
 *
 * Any context, no lock held.
 */
void teach_neigh_remove(struct teach_neigh *n, enum teach_neigh_reason reason)
{
	struct net *net = n->key.link->net;

	if (!teach_neigh_kill(n, reason, NULL, 0))
		return;
	neigh_unlist(n);
	teach_link_changed(net);
}

/* End those entries of a link that teach_neigh_flush() is to end. With @pause others may run
 * meanwhile; then some are left: a walk remembers how many entries of a bucket it has seen,
 * and when it goes on after these are gone it passes over as many others.
 */
static void flush_walk(struct teach_link *link, bool keep_permanent,
		       enum teach_neigh_reason reason, bool pause)
{
	struct teach_neigh_net *nn = teach_neigh_net(link->net);
	struct rhashtable_iter iter;
	struct teach_neigh *n;

	rhashtable_walk_enter(&nn->table, &iter);
	rhashtable_walk_start(&iter);
	while ((n = rhashtable_walk_next(&iter))) {
		if (IS_ERR(n) || n->key.link != link)
			continue;
		if (keep_permanent && READ_ONCE(n->nud.state) == NUD_PERMANENT)
			continue;
		if (teach_neigh_kill(n, reason, NULL, 0))
			neigh_unlist(n);
		if (pause && need_resched()) {
			rhashtable_walk_stop(&iter);
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/**
 * teach_neigh_flush() - take all entries of a link out of the cache
 * @link: link that is down, changes its MAC address, or is dead
 * @keep_permanent: but those that management made for good
 * @reason: why
 *
 * Process context under RTNL.
 */
void teach_neigh_flush(struct teach_link *link, bool keep_permanent,
		       enum teach_neigh_reason reason)
{
	/* See neigh_add(). */
	smp_mb();
	flush_walk(link, keep_permanent, reason, true);
	flush_walk(link, keep_permanent, reason, false);
	teach_link_changed(link->net);
}

static int __net_init teach_neigh_net_init(struct net *net)
{
	struct teach_neigh_net *nn = teach_neigh_net(net);
	int err;

	nn->net = net;
	spin_lock_init(&nn->lock);
	INIT_LIST_HEAD(&nn->gc_entries);
	nn->gc_thresh1 = GC_THRESH1;
	nn->gc_thresh2 = GC_THRESH2;
	nn->gc_thresh3 = GC_THRESH3;
	nn->last_forced = jiffies;
	INIT_DELAYED_WORK(&nn->gc_work, gc_periodic);
	INIT_LIST_HEAD(&nn->managed);
	INIT_DELAYED_WORK(&nn->managed_work, managed_run);
	err = rhashtable_init(&nn->table, &neigh_table_params);
	if (err)
		return err;
	queue_delayed_work(system_power_efficient_wq, &nn->gc_work,
			   teach_link_net(net)->defaults.base_reachable_time);
	return 0;
}

static void __net_exit teach_neigh_net_exit(struct net *net)
{
	struct teach_neigh_net *nn = teach_neigh_net(net);

	cancel_delayed_work_sync(&nn->gc_work);
	cancel_delayed_work_sync(&nn->managed_work);
	/* The links went before and took their entries along. */
	WARN_ON_ONCE(atomic_read(&nn->table.nelems));
	rhashtable_destroy(&nn->table);
}

static struct pernet_operations teach_neigh_net_ops = {
	.init	= teach_neigh_net_init,
	.exit	= teach_neigh_net_exit,
	.id	= &teach_neigh_net_id,
	.size	= sizeof(struct teach_neigh_net),
};

int __init teach_neigh_init(void)
{
	int err;

	teach_nud_table_init();
	err = teach_neigh_cache_init();
	if (err)
		return err;
	err = register_pernet_subsys(&teach_neigh_net_ops);
	if (err)
		teach_neigh_cache_exit();
	return err;
}

void teach_neigh_exit(void)
{
	unregister_pernet_subsys(&teach_neigh_net_ops);
	teach_neigh_cache_exit();
}
