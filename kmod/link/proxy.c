// SPDX-License-Identifier: GPL-2.0
/*
 * Proxy ARP (RFC 925, RFC 1027): answering for hosts that do not hear the request.
 *
 * An address is answered for on a link if management said so, by an entry of its own
 * here, or if the link's proxy_arp is on and the route to the address leads away by
 * another link. The second is asked of the layer above, which knows routes.
 *
 * A proxy gives the host itself, and those who are nearer, time to answer first: it
 * waits for a random time below proxy_delay. What waits is in a queue of the link of
 * at most proxy_qlen answers, which hold no packet; before one is sent it is asked
 * again whether it still is to be.
 *
 * A request that was sent to this host alone is answered at once: who sends it knows
 * us already. So it is where proxy_delay is 0. As net/ipv4/arp.c does both.
 */
#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "link/arp_frame.h"
#include "link/link.h"
#include "link/proxy.h"
#include "link/stats.h"

#define PROXY_HASH_BITS	6

/**
 * struct teach_proxy_net - proxy entries of one network namespace
 * @hash: by address
 */
struct teach_proxy_net {
	struct hlist_head	hash[1 << PROXY_HASH_BITS];
};

/**
 * struct late_answer - an answer that waits for its time
 * @list: in the queue of its link
 * @due: jiffies
 * @target: who is answered for
 * @asker: who asked
 * @mac: its MAC address
 */
struct late_answer {
	struct list_head	list;
	unsigned long		due;
	__be32			target;
	__be32			asker;
	u8			mac[ETH_ALEN];
};

static unsigned int teach_proxy_net_id __read_mostly;

static struct hlist_head *proxy_bucket(const struct net *net, __be32 addr)
{
	struct teach_proxy_net *pn = net_generic(net, teach_proxy_net_id);

	return &pn->hash[hash_32((__force u32)addr, PROXY_HASH_BITS)];
}

/* ---- Entries ------------------------------------------------------------------------------ */

/**
 * teach_proxy_find() - a proxy entry
 * @net: network namespace
 * @addr: address
 * @link: the link it was made for, NULL for all links
 *
 * Context: rcu_read_lock() or RTNL. Return: the entry, valid until that ends, or NULL.
 */
struct teach_proxy *teach_proxy_find(const struct net *net, __be32 addr,
				     const struct teach_link *link)
{
	struct teach_proxy *proxy;

	hlist_for_each_entry_rcu(proxy, proxy_bucket(net, addr), node,
				 lockdep_rtnl_is_held()) {
		if (proxy->addr == addr && proxy->link == link)
			return proxy;
	}
	return NULL;
}

/**
 * teach_proxy_add() - answer for an address from now on
 * @net: network namespace
 * @addr: the address
 * @link: on which link, NULL for all
 * @flags: NTF_*
 * @protocol: RTPROT_*, or 0
 *
 * An entry that is there gets the flags and the protocol. Process context under RTNL.
 * Return: 0 or -ENOMEM.
 */
int teach_proxy_add(struct net *net, __be32 addr, struct teach_link *link, u8 flags,
		    u8 protocol)
{
	struct teach_proxy *proxy = teach_proxy_find(net, addr, link);

	ASSERT_RTNL();
	if (!proxy) {
		proxy = kzalloc(sizeof(*proxy), GFP_KERNEL_ACCOUNT);
		if (!proxy)
			return -ENOMEM;
		proxy->link = link;
		proxy->addr = addr;
		proxy->flags = flags;
		proxy->protocol = protocol;
		hlist_add_head_rcu(&proxy->node, proxy_bucket(net, addr));
		return 0;
	}
	WRITE_ONCE(proxy->flags, flags);
	if (protocol)
		WRITE_ONCE(proxy->protocol, protocol);
	return 0;
}

static void proxy_remove(struct teach_proxy *proxy)
{
	hlist_del_rcu(&proxy->node);
	kfree_rcu(proxy, rcu);
}

/**
 * teach_proxy_del() - answer for an address no more
 * @net: network namespace
 * @addr: the address
 * @link: the link it was made for, NULL for all links
 *
 * Process context under RTNL. Return: 0 or -ENOENT.
 */
int teach_proxy_del(struct net *net, __be32 addr, const struct teach_link *link)
{
	struct teach_proxy *proxy = teach_proxy_find(net, addr, link);

	ASSERT_RTNL();
	if (!proxy)
		return -ENOENT;
	proxy_remove(proxy);
	return 0;
}

/**
 * teach_proxy_flush() - answer for nobody on a link
 * @link: link whose device is down, or that is about to end
 *
 * Process context under RTNL.
 */
void teach_proxy_flush(struct teach_link *link)
{
	struct teach_proxy_net *pn = net_generic(link->net, teach_proxy_net_id);
	struct teach_proxy *proxy;
	struct hlist_node *next;
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < ARRAY_SIZE(pn->hash); i++) {
		hlist_for_each_entry_safe(proxy, next, &pn->hash[i], node) {
			if (proxy->link == link)
				proxy_remove(proxy);
		}
	}
}

/**
 * teach_proxy_next() - walk over all entries of a namespace
 * @net: network namespace
 * @pos: how many come before; 0 to begin, counted up by one
 *
 * Context: RTNL. Return: the entry, valid as long as RTNL is held; NULL after the last.
 */
const struct teach_proxy *teach_proxy_next(const struct net *net, unsigned long *pos)
{
	struct teach_proxy_net *pn = net_generic(net, teach_proxy_net_id);
	const struct teach_proxy *proxy;
	unsigned long skip = *pos;
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < ARRAY_SIZE(pn->hash); i++) {
		hlist_for_each_entry(proxy, &pn->hash[i], node) {
			if (skip--)
				continue;
			++*pos;
			return proxy;
		}
	}
	return NULL;
}

/* ---- Answering ---------------------------------------------------------------------------- */

/**
 * teach_proxy_wanted() - is an address answered for on a link?
 * @link: link that a request came in by
 * @addr: address that was asked for, none of ours
 *
 * Context: rcu_read_lock(). Return: true if so.
 */
bool teach_proxy_wanted(const struct teach_link *link, __be32 addr)
{
	int oif;

	if (teach_proxy_find(link->net, addr, link) || teach_proxy_find(link->net, addr, NULL))
		return true;
	if (!teach_link_policy(link, TEACH_PARM_A_PROXY_ARP))
		return false;
	oif = teach_link_upper->route_ifindex(link->net, addr);
	return oif && oif != link->ifindex;
}

static void answer_now(const struct teach_link *link, __be32 target, __be32 asker,
		       const u8 *mac)
{
	if (teach_arp_send(link, ARPOP_REPLY, mac, asker, target))
		teach_link_count(link, TEACH_STAT_ARP_PROXIED);
}

/* Return: false where the queue is full or has ended. */
static bool queue_add(struct teach_link *link, struct late_answer *late)
{
	struct teach_proxy_queue *q = &link->proxy;
	bool taken;

	spin_lock_bh(&q->lock);
	taken = !q->ended && q->len < READ_ONCE(link->parms.proxy_qlen);
	if (taken) {
		list_add_tail(&late->list, &q->answers);
		q->len++;
		if (!timer_pending(&q->timer) || time_before(late->due, q->timer.expires))
			mod_timer(&q->timer, late->due);
	}
	spin_unlock_bh(&q->lock);
	return taken;
}

/**
 * teach_proxy_answer() - answer for somebody else
 * @link: link that the request came in by
 * @target: who is answered for
 * @asker: who asked
 * @mac: its MAC address
 * @at_once: without the delay that lets others be first
 *
 * Context: rcu_read_lock(), link alive, softirq.
 */
void teach_proxy_answer(struct teach_link *link, __be32 target, __be32 asker,
			const u8 *mac, bool at_once)
{
	int delay = READ_ONCE(link->parms.proxy_delay);
	struct late_answer *late;

	if (at_once || delay <= 0) {
		answer_now(link, target, asker, mac);
		return;
	}
	late = kmalloc(sizeof(*late), GFP_ATOMIC | __GFP_NOWARN);
	if (late) {
		late->due = jiffies + get_random_u32_below(delay);
		late->target = target;
		late->asker = asker;
		ether_addr_copy(late->mac, mac);
		if (queue_add(link, late))
			return;
		kfree(late);
	}
	teach_link_count(link, TEACH_STAT_ARP_PROXY_DROPS);
}

static void queue_timer(struct timer_list *timer)
{
	struct teach_link *link = timer_container_of(link, timer, proxy.timer);
	struct teach_proxy_queue *q = &link->proxy;
	unsigned long now = jiffies, next = now + MAX_JIFFY_OFFSET;
	struct late_answer *late, *tmp;
	LIST_HEAD(due);

	rcu_read_lock();
	spin_lock(&q->lock);
	list_for_each_entry_safe(late, tmp, &q->answers, list) {
		if (time_after_eq(now, late->due)) {
			list_move_tail(&late->list, &due);
			q->len--;
		} else if (time_before(late->due, next)) {
			next = late->due;
		}
	}
	if (!list_empty(&q->answers) && !q->ended)
		mod_timer(&q->timer, next);
	spin_unlock(&q->lock);

	list_for_each_entry_safe(late, tmp, &due, list) {
		if (teach_link_alive(link) && teach_proxy_wanted(link, late->target))
			answer_now(link, late->target, late->asker, late->mac);
		else
			teach_link_count(link, TEACH_STAT_ARP_PROXY_DROPS);
		kfree(late);
	}
	rcu_read_unlock();
}

/**
 * teach_proxy_queue_init() - a new link
 * @link: link that receives nothing yet
 */
void teach_proxy_queue_init(struct teach_link *link)
{
	spin_lock_init(&link->proxy.lock);
	INIT_LIST_HEAD(&link->proxy.answers);
	timer_setup(&link->proxy.timer, queue_timer, 0);
}

static void queue_purge(struct teach_link *link, bool end)
{
	struct teach_proxy_queue *q = &link->proxy;
	struct late_answer *late, *tmp;
	LIST_HEAD(answers);

	spin_lock_bh(&q->lock);
	list_splice_init(&q->answers, &answers);
	q->len = 0;
	q->ended |= end;
	spin_unlock_bh(&q->lock);
	list_for_each_entry_safe(late, tmp, &answers, list) {
		teach_link_count(link, TEACH_STAT_ARP_PROXY_DROPS);
		kfree(late);
	}
}

/**
 * teach_proxy_queue_purge() - drop what waits
 * @link: link whose device is down
 *
 * Process context.
 */
void teach_proxy_queue_purge(struct teach_link *link)
{
	queue_purge(link, false);
}

/**
 * teach_proxy_queue_end() - no answer is sent any more
 * @link: link that is about to end
 *
 * On return its timer does not run and never will. Process context.
 */
void teach_proxy_queue_end(struct teach_link *link)
{
	queue_purge(link, true);
	timer_shutdown_sync(&link->proxy.timer);
}

static int __net_init teach_proxy_net_init(struct net *net)
{
	struct teach_proxy_net *pn = net_generic(net, teach_proxy_net_id);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pn->hash); i++)
		INIT_HLIST_HEAD(&pn->hash[i]);
	return 0;
}

/* Those for all links: the links, and the entries made for one, went before. */
static void __net_exit teach_proxy_net_exit(struct net *net)
{
	struct teach_proxy_net *pn = net_generic(net, teach_proxy_net_id);
	struct teach_proxy *proxy;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pn->hash); i++) {
		hlist_for_each_entry_safe(proxy, next, &pn->hash[i], node) {
			WARN_ON_ONCE(proxy->link);
			proxy_remove(proxy);
		}
	}
}

static struct pernet_operations teach_proxy_net_ops = {
	.init	= teach_proxy_net_init,
	.exit	= teach_proxy_net_exit,
	.id	= &teach_proxy_net_id,
	.size	= sizeof(struct teach_proxy_net),
};

int __init teach_proxy_init(void)
{
	return register_pernet_subsys(&teach_proxy_net_ops);
}

void teach_proxy_exit(void)
{
	unregister_pernet_subsys(&teach_proxy_net_ops);
}
