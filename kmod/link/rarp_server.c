// SPDX-License-Identifier: GPL-2.0
/*
 * The RARP server: who asks for the address of a MAC address is answered from the table
 * (link/rarp_table.c), and, where rarp_serve is set, from the permanent entries of the
 * neighbour cache. Nobody is answered from entries that were learnt.
 *
 * The neighbour cache is hashed by address, so that to find a MAC address in it is to
 * walk it. That is not for a softirq: such requests wait, at most TEACH_RARP_WAITING of
 * them on a link, for one walk that looks for all of them, and walks are at least
 * SERVE_DELAY apart. The walk holds no lock for longer than one entry.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>
#include "link/addr.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "link/rarp_frame.h"
#include "link/rarp_server.h"
#include "link/rarp_table.h"
#include "link/stats.h"

#define SERVE_DELAY	msecs_to_jiffies(10)

/* All links' walks. Destroyed after the last link, so that no work outlives the module. */
static struct workqueue_struct *serve_wq;

/* Context: rcu_read_lock() or RTNL, link alive. Return: TEACH_STAT_UNSPEC, or why not. */
static enum teach_stat serve(const struct teach_link *link, const u8 *to, const u8 *mac,
			     __be32 addr)
{
	__be32 sender = teach_addr_select(link, addr);

	/* A server that has no address is none (RFC 903: its address is in the reply). */
	if (!sender)
		return TEACH_STAT_RARP_NO_ADDRESS;
	teach_rarp_reply(link, to, sender, mac, addr);
	return TEACH_STAT_UNSPEC;
}

/* ---- From permanent neighbours ------------------------------------------------------ */

/* What was waiting, with the addresses found so far. */
struct walk {
	struct teach_rarp_waiting	waiting[TEACH_RARP_WAITING];
	__be32				addr[TEACH_RARP_WAITING];
	unsigned int			n;
};

/* Of several entries with a MAC address the lowest address counts, whatever the order. */
static void walk_entry(struct walk *w, const struct teach_link *link, struct teach_neigh *n)
{
	__be32 addr = n->key.addr;
	u8 mac[ETH_ALEN];
	unsigned int i;

	if (n->key.link != link || READ_ONCE(n->nud.state) != NUD_PERMANENT)
		return;
	teach_neigh_read_mac(n, mac);
	for (i = 0; i < w->n; i++) {
		if (ether_addr_equal(w->waiting[i].mac, mac) &&
		    (!w->addr[i] || ntohl(addr) < ntohl(w->addr[i])))
			w->addr[i] = addr;
	}
}

static void walk_all(struct walk *w, const struct teach_link *link, struct net *net)
{
	struct rhashtable_iter iter;
	struct teach_neigh *n;

	rhashtable_walk_enter(&teach_neigh_net(net)->table, &iter);
	rhashtable_walk_start(&iter);
	while ((n = rhashtable_walk_next(&iter))) {
		/* The table is being resized: the walk goes on. */
		if (!IS_ERR(n))
			walk_entry(w, link, n);
		if (need_resched()) {
			rhashtable_walk_stop(&iter);
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

static void walk_answer(const struct walk *w, const struct teach_link *link)
{
	enum teach_stat why;
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < w->n && teach_link_alive(link); i++) {
		why = TEACH_STAT_RARP_NO_ENTRY;
		if (w->addr[i])
			why = serve(link, w->waiting[i].asker, w->waiting[i].mac, w->addr[i]);
		if (why != TEACH_STAT_UNSPEC)
			teach_link_count(link, why);
	}
	rcu_read_unlock();
}

static void serve_work(struct work_struct *work)
{
	struct teach_link *link = container_of(to_delayed_work(work), struct teach_link,
					       rarp_serve_work);
	struct net *net = link->net;
	struct walk w = {};

	spin_lock_bh(&link->rarp_lock);
	memcpy(w.waiting, link->rarp_waiting, sizeof(w.waiting));
	w.n = link->n_rarp_waiting;
	link->n_rarp_waiting = 0;
	spin_unlock_bh(&link->rarp_lock);

	walk_all(&w, link, net);
	walk_answer(&w, link);
	put_net(net);
	teach_link_put(link);
}

/* The work holds a reference to the namespace, whose table it walks, and to the link. */
static void serve_start(struct teach_link *link)
{
	if (!maybe_get_net(link->net))
		return;
	refcount_inc(&link->ref);
	if (!queue_delayed_work(serve_wq, &link->rarp_serve_work, SERVE_DELAY)) {
		put_net(link->net);
		teach_link_put(link);
	}
}

static enum teach_stat serve_later(struct teach_link *link, const struct teach_rarp_msg *msg)
{
	enum teach_stat why = TEACH_STAT_RARP_BUSY;
	struct teach_rarp_waiting *place;

	spin_lock_bh(&link->rarp_lock);
	/* Dead: teach_rarp_server_detach() has been here, or will. */
	if (link->n_rarp_waiting < TEACH_RARP_WAITING && teach_link_alive(link)) {
		place = &link->rarp_waiting[link->n_rarp_waiting++];
		ether_addr_copy(place->asker, msg->sender_mac);
		ether_addr_copy(place->mac, msg->target_mac);
		why = TEACH_STAT_UNSPEC;
		/* Under the lock: the work empties the queue under it too. */
		serve_start(link);
	}
	spin_unlock_bh(&link->rarp_lock);
	return why;
}

/**
 * teach_rarp_server_rcv() - a request came in
 * @link: where
 * @msg: well-formed request
 *
 * Softirq under rcu_read_lock(), link alive. The answer goes to the host that asked, about
 * whichever host it asked (RFC 903). Return: TEACH_STAT_UNSPEC if it is answered or waits,
 * else the counter that says why not.
 */
enum teach_stat teach_rarp_server_rcv(struct teach_link *link,
				      const struct teach_rarp_msg *msg)
{
	const struct teach_rarp_entry *e;

	e = teach_rarp_lookup(link->net, msg->target_mac, link->ifindex);
	if (e)
		return serve(link, msg->sender_mac, msg->target_mac, e->addr);
	if (!teach_link_policy(link, TEACH_PARM_A_RARP_SERVE))
		return TEACH_STAT_RARP_NO_ENTRY;
	return serve_later(link, msg);
}

/**
 * teach_rarp_server_attach() - begin with a link
 * @link: new link
 *
 * Process context under RTNL.
 */
void teach_rarp_server_attach(struct teach_link *link)
{
	INIT_DELAYED_WORK(&link->rarp_serve_work, serve_work);
}

/**
 * teach_rarp_server_detach() - end with a link
 * @link: link that is dead
 *
 * Work that runs answers nobody any more. Process context under RTNL.
 */
void teach_rarp_server_detach(struct teach_link *link)
{
	bool pending;

	spin_lock_bh(&link->rarp_lock);
	pending = cancel_delayed_work(&link->rarp_serve_work);
	spin_unlock_bh(&link->rarp_lock);
	if (pending) {
		put_net(link->net);
		teach_link_put(link);
	}
	teach_rarp_flush(link->net, link->ifindex);
}

/**
 * teach_rarp_server_init() - before the first link
 *
 * Return: 0 or -ENOMEM.
 */
int __init teach_rarp_server_init(void)
{
	serve_wq = alloc_workqueue("teach_rarp", WQ_UNBOUND, 0);
	return serve_wq ? 0 : -ENOMEM;
}

/**
 * teach_rarp_server_exit() - after the last link and the last packet
 *
 * Waits for work on its way.
 */
void teach_rarp_server_exit(void)
{
	destroy_workqueue(serve_wq);
}
