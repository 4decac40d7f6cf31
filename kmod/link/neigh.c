// SPDX-License-Identifier: GPL-2.0
/*
 * One neighbour: its lock, its timer, its hold queue, sending to it.
 *
 * What net/core/neighbour.c has in one file is in four here. This one does what
 * is to be done with an entry; link/nud.c decides what that is; the link's
 * resolver (link/arp.c, link/nd.c) asks on the wire; link/neigh_table.c keeps the
 * entries and collects those that nobody needs.
 *
 * Nothing is sent and nobody is called under an entry's lock: what an event
 * asks for is written down under the lock, in struct neigh_work, and done
 * after it.
 */
#include <linux/slab.h>
#include "link/neigh.h"
#include "link/notify.h"
#include "link/resolver.h"
#include "link/solicit.h"
#include "link/stats.h"

/**
 * struct neigh_work - what is to be done once the entry's lock is released
 * @actions: set of enum teach_nud_action; arming is done under the lock
 * @tell: @change is to be told
 * @flaps: the MAC address changed twice within a second
 * @moves: it belongs into another list, see link/neigh_list.c
 * @by: the manner of the request
 * @ask_all: it goes to all, or to the group of the address
 * @mac: otherwise, who is asked
 * @from: source address of the youngest packet that waits, or 0
 * @held: packets to be sent, or to be reported as unreachable
 * @change: what became of the entry
 */
struct neigh_work {
	unsigned int		actions;
	bool			tell;
	bool			flaps;
	bool			moves;
	bool			ask_all;
	enum teach_manner	by;
	u8			mac[ETH_ALEN];
	__be32			from;
	struct sk_buff_head	held;
	struct teach_neigh_change change;
};

/* Of its own, because kmalloc() would round up to 256 bytes. */
static struct kmem_cache *neigh_cache;

static struct ethhdr *neigh_eth(struct teach_neigh *n)
{
	return (struct ethhdr *)(n->header + 2);
}

static void neigh_timer(struct timer_list *timer);

/**
 * teach_neigh_alloc() - a new entry
 * @link: link that it is on
 * @addr: the neighbour's address
 * @state: NUD_NONE, or NUD_NOARP with a MAC address
 * @mac: MAC address, or NULL
 *
 * Any context. Return: the entry with one reference, which is the caller's; NULL
 * without memory, or where the link is about to be freed.
 */
struct teach_neigh *teach_neigh_alloc(struct teach_link *link, __be32 addr,
				      u8 state, const u8 *mac)
{
	struct teach_neigh *n;

	n = kmem_cache_zalloc(neigh_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!n) {
		teach_link_count(link, TEACH_STAT_NEIGH_NO_MEMORY);
		return NULL;
	}

	/* The device may be going: a packet that found the link before it died comes
	 * here while the last reference is dropped.
	 */
	if (!refcount_inc_not_zero(&link->ref)) {
		kmem_cache_free(neigh_cache, n);
		return NULL;
	}
	n->key.link = link;
	n->key.addr = addr;
	refcount_set(&n->ref, 1);
	spin_lock_init(&n->lock);
	seqcount_spinlock_init(&n->ha_seq, &n->lock);
	__skb_queue_head_init(&n->held);
	timer_setup(&n->timer, neigh_timer, 0);
	teach_nud_init(&n->nud, state, &link->parms, jiffies);

	ether_addr_copy(neigh_eth(n)->h_source, link->dev->dev_addr);
	neigh_eth(n)->h_proto = htons(ETH_P_TEACH);
	if (mac)
		ether_addr_copy(neigh_eth(n)->h_dest, mac);

	atomic_inc(&link->n_neighs);
	atomic_inc(&teach_link_net(link->net)->n_neighs);
	teach_link_count(link, TEACH_STAT_NEIGH_ALLOCS);
	return n;
}

/**
 * teach_neigh_header_current() - is the ready-made header still right?
 * @n: entry
 *
 * Context: rcu_read_lock(), link alive. Return: false if the device has another MAC
 * address by now.
 */
bool teach_neigh_header_current(struct teach_neigh *n)
{
	return ether_addr_equal(neigh_eth(n)->h_source, n->key.link->dev->dev_addr);
}

static void neigh_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(neigh_cache, container_of(rcu, struct teach_neigh, rcu));
}

/**
 * teach_neigh_free() - the last reference is gone
 * @n: entry
 *
 * Called by teach_neigh_put() only. Any context.
 */
void teach_neigh_free(struct teach_neigh *n)
{
	struct teach_link *link = n->key.link;

	WARN_ON_ONCE(!skb_queue_empty(&n->held));
	teach_link_count(link, TEACH_STAT_NEIGH_DESTROYS);
	atomic_dec(&link->n_neighs);
	atomic_dec(&teach_link_net(link->net)->n_neighs);
	teach_link_put(link);
	call_rcu(&n->rcu, neigh_free_rcu);
}

/**
 * teach_neigh_kill() - end an entry's life
 * @n: entry, referenced by the caller or by the cache
 * @reason: why
 * @may: asked under the entry's lock, or NULL
 * @arg: given to @may
 *
 * Sends nothing any more, and its timer never runs again. What waited is
 * dropped and counted. Any context. Return: true if this call ended it, and
 * the caller is to take it out of the cache; false if it was dead or may not.
 */
bool teach_neigh_kill(struct teach_neigh *n, enum teach_neigh_reason reason,
		      bool (*may)(const struct teach_neigh *n, unsigned long arg),
		      unsigned long arg)
{
	struct sk_buff_head held;
	struct sk_buff *skb;
	bool mine;

	__skb_queue_head_init(&held);
	spin_lock_bh(&n->lock);
	mine = !n->dead && (!may || may(n, arg));
	if (mine) {
		n->dead = true;
		n->last_state = n->nud.state;
		n->reason = reason;
		WRITE_ONCE(n->nud.state, NUD_NONE);
		skb_queue_splice_tail_init(&n->held, &held);
		n->held_bytes = 0;
		/* Not the last reference: the caller relies on another. */
		if (timer_shutdown(&n->timer))
			teach_neigh_put(n);
	}
	spin_unlock_bh(&n->lock);

	while ((skb = __skb_dequeue(&held)))
		teach_link_drop(n->key.link, skb, TEACH_STAT_NEIGH_DEAD_DROPS,
				SKB_DROP_REASON_NEIGH_DEAD);
	return mine;
}

/**
 * teach_neigh_relist() - put an entry where its state wants it: link/neigh_list.c
 * @n: entry
 *
 * After it was made, ended, began to be resolved or ceased to, failed, or was changed by
 * management. Any context, no lock held.
 */
void teach_neigh_relist(struct teach_neigh *n)
{
	struct teach_neigh_net *nn = teach_neigh_net(n->key.link->net);
	enum teach_neigh_list list = TEACH_LIST_GC;
	u16 sender;

	spin_lock_bh(&nn->lock);
	spin_lock(&n->lock);
	if (n->dead || n->nud.state == NUD_PERMANENT)
		list = TEACH_LIST_NONE;
	else if (n->flags & NTF_MANAGED)
		list = TEACH_LIST_MANAGED;
	else if (n->flags & NTF_EXT_LEARNED)
		list = TEACH_LIST_NONE;
	else if (n->nud.state == NUD_INCOMPLETE)
		list = TEACH_LIST_UNRESOLVED;
	else if (n->nud.state == NUD_FAILED)
		list = TEACH_LIST_FAILED;
	sender = n->sender;
	spin_unlock(&n->lock);
	teach_neigh_list_move(nn, n->key.link, &n->place, list,
			      sender % TEACH_SOLICIT_SHARES);
	spin_unlock_bh(&nn->lock);
}

/* ---- Doing what the state machine says ----------------------------------- */

static void neigh_describe(struct teach_neigh *n, u8 old_state, u8 state,
			   struct teach_neigh_change *change)
{
	lockdep_assert_held(&n->lock);
	*change = (struct teach_neigh_change) {
		.n		= n,
		.time_ns	= ktime_get_real_ns(),
		.old_state	= old_state,
		.state		= state,
		.reason		= n->reason,
		.asked		= n->nud.asked,
		.has_mac	= (n->dead ? old_state : state) & TEACH_NUD_VALID,
	};
	ether_addr_copy(change->mac, neigh_eth(n)->h_dest);
}

/* Source of the youngest packet that waits, 0 if none does. */
static __be32 held_source(const struct teach_neigh *n)
{
	const struct sk_buff *skb = skb_peek_tail(&n->held);

	return skb && skb_headlen(skb) >= sizeof(struct teachhdr) ?
	       ((const struct teachhdr *)skb->data)->saddr : 0;
}

/* Plan a request, or count that it may not be sent. */
static void plan_request(struct teach_neigh *n, struct neigh_work *work)
{
	struct teach_link *link = n->key.link;
	bool first = n->nud.state == NUD_INCOMPLETE &&
		     n->nud.probes <= READ_ONCE(link->parms.ucast_probes);

	lockdep_assert_held(&n->lock);
	if (first) {
		teach_link_count(link, TEACH_STAT_NEIGH_RESOLUTIONS);
		n->asked_all = false;
	}
	work->ask_all = teach_nud_asks_all(&n->nud, &link->parms);
	work->by = teach_resolver_choose(link, n->nud.asked);
	ether_addr_copy(work->mac, neigh_eth(n)->h_dest);
	work->from = held_source(n);
	/* The try counts where no frame is sent too: as if it were lost. */
	n->nud.probes++;
	if (!work->ask_all) {
		n->nud.asked++;
		return;
	}
	if (teach_solicit_allow(link, n->sender, n->asked_all, jiffies)) {
		n->asked_all = true;
		n->nud.asked++;
	} else {
		work->actions &= ~TEACH_NUD_SOLICIT;
		teach_link_count(link, TEACH_STAT_NEIGH_LIMITED);
	}
}

/* @given is the reason of who speaks, where the state machine has no better one. */
static void neigh_plan(struct teach_neigh *n, const struct teach_nud_todo *todo,
		       enum teach_neigh_reason given, struct neigh_work *work)
{
	lockdep_assert_held(&n->lock);
	work->actions = todo->actions;
	__skb_queue_head_init(&work->held);

	if (todo->actions & TEACH_NUD_ARM) {
		if (!mod_timer(&n->timer, todo->expires))
			refcount_inc(&n->ref);
	} else if (todo->actions & TEACH_NUD_DISARM) {
		if (timer_delete(&n->timer))
			teach_neigh_put(n);
	}
	if (todo->actions & TEACH_NUD_SOLICIT)
		plan_request(n, work);
	if (todo->actions & (TEACH_NUD_SEND_HELD | TEACH_NUD_FAIL_HELD)) {
		skb_queue_splice_tail_init(&n->held, &work->held);
		n->held_bytes = 0;
	}
	work->flaps = false;
	work->moves = todo->old_state != n->nud.state &&
		      (todo->old_state | n->nud.state) & (NUD_INCOMPLETE | NUD_FAILED);
	work->tell = todo->old_state != n->nud.state ||
		     todo->actions & (TEACH_NUD_NOTIFY | TEACH_NUD_SOLICIT);
	if (work->tell) {
		n->reason = todo->reason ?: given;
		neigh_describe(n, todo->old_state, n->nud.state, &work->change);
	}
}

static void neigh_fail_held(struct teach_neigh *n, struct sk_buff_head *held)
{
	const struct teach_link *link = n->key.link;
	struct sk_buff *skb;

	teach_link_count(link, TEACH_STAT_NEIGH_RES_FAILED);
	while ((skb = __skb_dequeue(held))) {
		teach_link_count(link, TEACH_STAT_NEIGH_FAILED_DROPS);
		teach_link_upper->no_next_hop(link->net, skb);
	}
}

static void neigh_tell(struct neigh_work *work)
{
	if (work->tell)
		teach_neigh_notify(work->actions & TEACH_NUD_NOTIFY ?
				   TEACH_NEIGH_CHANGE : TEACH_NEIGH_STEP, &work->change);
}

/* Context: rcu_read_lock(), since before the work was planned. Packets were held
 * then, so their device was there, and stays until rcu_read_unlock().
 */
static void neigh_do(struct teach_neigh *n, struct neigh_work *work)
{
	const struct teach_link *link = n->key.link;
	struct sk_buff *skb;

	if (work->moves)
		teach_neigh_relist(n);
	if (work->actions & TEACH_NUD_SOLICIT) {
		/* Told first: on a virtual link the answer is here before solicit() returns. */
		neigh_tell(work);
		if (teach_link_alive(link))
			link->resolvers[work->by]->solicit(n, work->ask_all ? NULL : work->mac,
							   work->from);
	}
	if (work->actions & TEACH_NUD_FAIL_HELD)
		neigh_fail_held(n, &work->held);
	while ((skb = __skb_dequeue(&work->held)))
		teach_neigh_output(n, skb);
	if (!(work->actions & TEACH_NUD_SOLICIT))
		neigh_tell(work);
	if (work->flaps) {
		teach_link_count(link, TEACH_STAT_NEIGH_MAC_FLAPS);
		work->change.old_state = work->change.state;
		work->change.reason = TEACH_NEIGH_REASON_FLAPPING;
		teach_neigh_notify(TEACH_NEIGH_FLAP, &work->change);
	}
}

/**
 * teach_neigh_notify_gone() - tell that an entry is out of the cache
 * @n: entry, dead, referenced by the caller
 *
 * Any context, no lock held.
 */
void teach_neigh_notify_gone(struct teach_neigh *n)
{
	struct teach_neigh_change change;

	spin_lock_bh(&n->lock);
	neigh_describe(n, n->last_state, NUD_NONE, &change);
	spin_unlock_bh(&n->lock);
	teach_neigh_notify(TEACH_NEIGH_GONE, &change);
}

static void neigh_timer(struct timer_list *timer)
{
	struct teach_neigh *n = timer_container_of(n, timer, timer);
	struct teach_nud_todo todo;
	struct neigh_work work;

	rcu_read_lock();
	spin_lock(&n->lock);
	if (!n->dead) {
		todo = teach_nud_timer(&n->nud, &n->key.link->parms, jiffies);
		neigh_plan(n, &todo, TEACH_NEIGH_REASON_UNSPEC, &work);
		spin_unlock(&n->lock);
		neigh_do(n, &work);
	} else {
		spin_unlock(&n->lock);
	}
	rcu_read_unlock();
	teach_neigh_put(n);
}

/* ---- Learning and asking ------------------------------------------------- */

static enum teach_nud_offer neigh_compare(struct teach_neigh *n, const u8 *mac)
{
	if (!mac)
		return TEACH_MAC_NONE;
	if (n->nud.state & TEACH_NUD_VALID &&
	    ether_addr_equal(neigh_eth(n)->h_dest, mac))
		return TEACH_MAC_SAME;
	return TEACH_MAC_OTHER;
}

/* Two hosts that claim one address, or a loop in the network: its MAC address changed, and it
 * did within the last second. Told once for each second that a change begins, or who causes
 * it would keep listeners busy.
 */
static bool neigh_flaps(struct teach_neigh *n)
{
	lockdep_assert_held(&n->lock);
	if (!n->moves || time_after_eq(jiffies, n->moved_at + HZ)) {
		n->moved_at = jiffies;
		n->moves = 1;
		return false;
	}
	return n->moves < 2 && ++n->moves == 2;
}

/* It says that it is a router, or is none: who listens is told if that is new. */
static void neigh_set_router(struct teach_neigh *n, bool router, struct neigh_work *work)
{
	u16 flags = router ? n->flags | NTF_ROUTER : n->flags & ~NTF_ROUTER;

	lockdep_assert_held(&n->lock);
	if (flags == n->flags)
		return;
	n->flags = flags;
	work->actions |= TEACH_NUD_NOTIFY;
	if (!work->tell) {
		n->reason = TEACH_NEIGH_REASON_ANNOUNCEMENT;
		work->tell = true;
		neigh_describe(n, n->nud.state, n->nud.state, &work->change);
	}
}

/**
 * teach_neigh_update() - somebody says something of a neighbour
 * @n: entry, referenced by the caller or found in this rcu_read_lock() section
 * @mac: its MAC address, or NULL where nothing is said of it
 * @new_state: the state that follows
 * @flags: TEACH_UPDATE_*, and TEACH_UPDATE_WHY()
 *
 * Any context, no lock held. Return: 0, or -ENOENT for a dead entry, or what
 * teach_nud_update() returned.
 */
int teach_neigh_update(struct teach_neigh *n, const u8 *mac, u8 new_state,
		       unsigned int flags)
{
	struct teach_nud_todo todo;
	struct neigh_work work;
	int err = -ENOENT;

	rcu_read_lock();
	spin_lock_bh(&n->lock);
	if (!n->dead)
		err = teach_nud_update(&n->nud, &n->key.link->parms, jiffies,
				       new_state, neigh_compare(n, mac), flags,
				       &todo);
	if (err) {
		spin_unlock_bh(&n->lock);
		goto out;
	}
	if (todo.actions & TEACH_NUD_SET_MAC) {
		write_seqcount_begin(&n->ha_seq);
		ether_addr_copy(neigh_eth(n)->h_dest, mac);
		write_seqcount_end(&n->ha_seq);
	}
	neigh_plan(n, &todo, flags >> 8, &work);
	if (todo.reason == TEACH_NEIGH_REASON_CONTESTED)
		teach_link_count(n->key.link, TEACH_STAT_NEIGH_CONTESTED);
	if (todo.actions & TEACH_NUD_SET_MAC && todo.old_state & TEACH_NUD_VALID &&
	    !(flags & TEACH_UPDATE_ADMIN))
		work.flaps = neigh_flaps(n);
	if (new_state == NUD_REACHABLE && !(flags & TEACH_UPDATE_ADMIN) && n->asked_all) {
		n->asked_all = false;
		teach_solicit_answered(n->key.link);
	}
	if (flags & (TEACH_UPDATE_ROUTER | TEACH_UPDATE_NO_ROUTER))
		neigh_set_router(n, flags & TEACH_UPDATE_ROUTER, &work);
	spin_unlock_bh(&n->lock);
	neigh_do(n, &work);
out:
	rcu_read_unlock();
	return err;
}

/**
 * teach_neigh_probe() - resolve or confirm now, without a packet
 * @n: entry, referenced by the caller or found in this rcu_read_lock() section
 * @reason: who wants to know
 *
 * As NTF_USE does: an unknown neighbour is asked for, a stale one gets the time
 * that an upper layer has to confirm it. Any context. Return: 0, or -ENOENT for
 * a dead entry.
 */
int teach_neigh_probe(struct teach_neigh *n, enum teach_neigh_reason reason)
{
	struct teach_nud_todo todo;
	struct neigh_work work;
	int err = -ENOENT;

	rcu_read_lock();
	spin_lock_bh(&n->lock);
	if (n->dead) {
		spin_unlock_bh(&n->lock);
		goto out;
	}
	todo = teach_nud_use(&n->nud, &n->key.link->parms, jiffies);
	if (todo.actions & TEACH_NUD_SOLICIT)
		n->sender = teach_solicit_sender(NULL);
	neigh_plan(n, &todo, reason, &work);
	spin_unlock_bh(&n->lock);
	neigh_do(n, &work);
	err = 0;
out:
	rcu_read_unlock();
	return err;
}

/**
 * teach_neigh_read_mac() - MAC address of a neighbour
 * @n: entry
 * @mac: where to, %ETH_ALEN bytes
 *
 * Any context.
 */
void teach_neigh_read_mac(struct teach_neigh *n, u8 *mac)
{
	unsigned int seq;

	do {
		seq = read_seqcount_begin(&n->ha_seq);
		memcpy(mac, neigh_eth(n)->h_dest, ETH_ALEN);
	} while (read_seqcount_retry(&n->ha_seq, seq));
}

/* ---- Sending --------------------------------------------------------------- */

/* Make room by the oldest first: what waits longest is least wanted. */
static void neigh_hold_skb(struct teach_neigh *n, struct sk_buff *skb,
			   struct sk_buff_head *dropped)
{
	unsigned int limit = max(READ_ONCE(n->key.link->parms.queue_bytes), 0);

	lockdep_assert_held(&n->lock);
	while (n->held_bytes + skb->truesize > limit) {
		struct sk_buff *oldest = __skb_dequeue(&n->held);

		if (!oldest)
			break;
		n->held_bytes -= oldest->truesize;
		__skb_queue_tail(dropped, oldest);
	}
	__skb_queue_tail(&n->held, skb);
	n->held_bytes += skb->truesize;
}

static int neigh_send(struct teach_neigh *n, struct sk_buff *skb)
{
	int err = skb_cow_head(skb, LL_RESERVED_SPACE(skb->dev));

	if (err) {
		teach_link_drop(n->key.link, skb, TEACH_STAT_OUT_DISCARDS,
				SKB_DROP_REASON_NOMEM);
		return err;
	}
	teach_neigh_push_header(n, skb);
	return teach_neigh_xmit(n, skb);
}

/**
 * teach_neigh_resolve_output() - send a packet, or hold it while asking
 * @n: entry
 * @skb: as for teach_neigh_output(), which calls this where it cannot send at
 *	once; consumed
 *
 * Context: rcu_read_lock(), link alive. Return: as teach_neigh_output(); 0 for a
 * packet that is held, and as IPv4 has it for one that came too late: the entry
 * was deleted after it was found.
 */
int teach_neigh_resolve_output(struct teach_neigh *n, struct sk_buff *skb)
{
	const struct teach_link *link = n->key.link;
	struct sk_buff_head dropped;
	struct teach_nud_todo todo;
	struct neigh_work work;
	u8 state;

	__skb_queue_head_init(&dropped);
	spin_lock_bh(&n->lock);
	if (n->dead) {
		spin_unlock_bh(&n->lock);
		teach_link_drop(n->key.link, skb, TEACH_STAT_NEIGH_DEAD_DROPS,
				SKB_DROP_REASON_NEIGH_DEAD);
		return 0;
	}
	todo = teach_nud_use(&n->nud, &link->parms, jiffies);
	if (todo.actions & TEACH_NUD_SOLICIT)
		n->sender = teach_solicit_sender(skb->sk);
	state = n->nud.state;
	if (state == NUD_INCOMPLETE)
		neigh_hold_skb(n, skb, &dropped);
	neigh_plan(n, &todo, TEACH_NEIGH_REASON_USED, &work);
	spin_unlock_bh(&n->lock);

	while (!skb_queue_empty(&dropped))
		teach_link_drop(link, __skb_dequeue(&dropped),
				TEACH_STAT_NEIGH_UNRES_DISCARDS,
				SKB_DROP_REASON_NEIGH_QUEUEFULL);
	neigh_do(n, &work);

	if (state == NUD_INCOMPLETE)
		return 0;
	if (state & TEACH_NUD_VALID)
		return neigh_send(n, skb);
	teach_link_drop(link, skb, TEACH_STAT_NEIGH_FAILED_DROPS,
			SKB_DROP_REASON_NEIGH_FAILED);
	return -EHOSTUNREACH;
}

/* ---- Loading --------------------------------------------------------------- */

/**
 * teach_neigh_cache_init() - before the first entry
 *
 * Return: 0 or -ENOMEM.
 */
int __init teach_neigh_cache_init(void)
{
	neigh_cache = KMEM_CACHE(teach_neigh, 0);
	return neigh_cache ? 0 : -ENOMEM;
}

/**
 * teach_neigh_cache_exit() - after the last reference is gone
 *
 * Process context; waits for entries that RCU readers may still see.
 */
void teach_neigh_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(neigh_cache);
}
