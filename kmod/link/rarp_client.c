// SPDX-License-Identifier: GPL-2.0
/*
 * The RARP client: an address for a link, from whoever knows its MAC address.
 *
 *     start --> ask, again after 1, 2, 4 ... seconds --- answer ---> probe (link/claim.c)
 *                ^        ^                                            |
 *                |        | another host has it                        v
 *                |        +--------------------------------------- in use
 *                |                                                     |
 *                +-- nobody confirmed it before the lifetime ended     | half the lifetime:
 *                                                                      +-- ask again
 *
 * RFC 903 says nothing of repeating and of lifetimes. Requests are repeated as DHCP's are
 * (RFC 2131, section 4.1): each after about twice the time of the one before, up to a
 * bound, for as long as the address is wanted. An address is confirmed by any server that
 * answers with it again.
 *
 * Answers come in softirq, which notes the address down; the work, under RTNL, does the
 * rest and is the timer too. An answer that was not asked for starts nothing.
 */
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/workqueue.h>
#include "link/addr.h"
#include "link/claim.h"
#include "link/link.h"
#include "link/notify.h"
#include "link/rarp_client.h"
#include "link/rarp_frame.h"
#include "link/stats.h"

/* A program that waited for so long has given up: its place may be taken. */
#define QUERY_AGE	(10 * HZ)

static struct workqueue_struct *client_wq;

/* Set while no frame can come in. */
static void (*client_answer)(const struct teach_rarp_answer *answer);

/* A link's work holds a reference to it. Any context, link alive or in a softirq. */
static void client_kick(struct teach_link *link, unsigned long delay)
{
	if (!refcount_inc_not_zero(&link->ref))
		return;
	if (mod_delayed_work(client_wq, &link->rarp.work, delay))
		teach_link_put(link);
}

/* By the work itself, for what is due next. If an answer has kicked it meanwhile, perhaps
 * while the request was being sent, that must not be put off.
 */
static void client_rearm(struct teach_link *link, unsigned long delay)
{
	refcount_inc(&link->ref);
	if (!queue_delayed_work(client_wq, &link->rarp.work, delay))
		teach_link_put(link);
}

/* Three to five quarters of a time, so that hosts that start together do not ask so. */
static unsigned long jitter(unsigned long time)
{
	return max(1UL, time - time / 4 + get_random_u32_below(time / 2 + 1));
}

static void client_begin(struct teach_link *link)
{
	struct teach_rarp_client *rc = &link->rarp;

	rc->interval = READ_ONCE(link->parms.rarp_retrans);
	rc->next = jiffies;
	client_kick(link, 0);
}

/* The address that is there by RARP, or NULL. */
static struct teach_ifaddr *client_addr(struct teach_link *link)
{
	return link->rarp.leased ? teach_addr_lookup(link->net, link->rarp.leased, link) : NULL;
}

static void client_drop_addr(struct teach_link *link)
{
	struct teach_ifaddr *ifa = client_addr(link);

	/* Before: that it goes is no news to us. */
	link->rarp.leased = 0;
	if (ifa)
		teach_addr_remove(ifa);
}

/* ---- What is due --------------------------------------------------------------------- */

static int client_take(struct teach_link *link, __be32 addr)
{
	struct teach_rarp_client *rc = &link->rarp;
	const struct teach_addr_config config = {
		.local		= addr,
		.prefix_len	= rc->prefix_len,
		.valid_until	= rc->expires,
	};
	struct netlink_ext_ack extack = {};
	int err;

	client_drop_addr(link);
	err = teach_claim_add(link, &config, true, &extack);
	if (err) {
		if (net_ratelimit())
			netdev_info(link->dev, "teach: address %pI4 learnt by RARP is not taken: %s (error %d)\n",
				    &addr, extack._msg ?: "no memory", err);
		return err;
	}
	rc->leased = addr;
	teach_link_count(link, TEACH_STAT_RARP_LEASES);
	return 0;
}

/* An answer. If nothing comes of it the next request follows as if there were none. */
static void client_offer(struct teach_link *link, __be32 addr)
{
	unsigned long lifetime = READ_ONCE(link->parms.rarp_lifetime);
	struct teach_rarp_client *rc = &link->rarp;
	struct teach_ifaddr *ifa = client_addr(link);

	rc->expires = jiffies + lifetime;
	if (ifa && ifa->local == addr && !(ifa->flags & IFA_F_DADFAILED))
		teach_addr_renew(ifa, rc->expires);
	else if (client_take(link, addr))
		return;
	rc->interval = READ_ONCE(link->parms.rarp_retrans);
	rc->next = jiffies + max(1UL, lifetime / 2);
}

static void client_ask(struct teach_link *link)
{
	unsigned long most = READ_ONCE(link->parms.rarp_retrans_max);
	struct teach_rarp_client *rc = &link->rarp;

	spin_lock_bh(&link->rarp_lock);
	rc->asked = true;
	spin_unlock_bh(&link->rarp_lock);
	teach_rarp_request(link, link->dev->dev_addr);
	rc->interval = min(rc->interval, most);
	rc->next = jiffies + jitter(rc->interval);
	rc->interval *= 2;
}

static void client_run(struct teach_link *link)
{
	struct teach_rarp_client *rc = &link->rarp;
	unsigned long now = jiffies, wake;
	__be32 offered;

	spin_lock_bh(&link->rarp_lock);
	offered = rc->offered;
	rc->offered = 0;
	spin_unlock_bh(&link->rarp_lock);
	if (offered)
		client_offer(link, offered);

	if (rc->leased && time_after_eq(now, rc->expires)) {
		teach_link_count(link, TEACH_STAT_RARP_EXPIRED);
		client_drop_addr(link);
	}
	/* On a link that is down nobody can be asked; the lifetime goes on. */
	if (link->acd_ready && time_after_eq(now, rc->next))
		client_ask(link);
	if (!link->acd_ready && !rc->leased)
		return;
	wake = link->acd_ready ? rc->next : rc->expires;
	if (rc->leased && time_before(rc->expires, wake))
		wake = rc->expires;
	client_rearm(link, time_after(wake, now) ? wake - now : 0);
}

static void client_work(struct work_struct *work)
{
	struct teach_link *link = container_of(to_delayed_work(work), struct teach_link,
					       rarp.work);

	rtnl_lock();
	if (teach_link_alive(link) && link->rarp.active)
		client_run(link);
	rtnl_unlock();
	teach_link_put(link);
}

/* ---- What others send ------------------------------------------------------------------ */

/* Context: rarp_lock. Return: true with @q being a program that asked for this. */
static bool take_query(struct teach_link *link, const u8 *mac, struct teach_rarp_query *q)
{
	struct teach_rarp_query *place;
	int i;

	for (i = 0; i < TEACH_RARP_QUERIES; i++) {
		place = &link->rarp.queries[i];
		if (!place->portid || !ether_addr_equal(place->mac, mac))
			continue;
		*q = *place;
		place->portid = 0;
		return true;
	}
	return false;
}

static bool answer_queries(struct teach_link *link, const struct teach_rarp_msg *msg)
{
	struct teach_rarp_answer answer = {
		.net = link->net, .ifindex = link->ifindex, .msg = msg,
	};
	struct teach_rarp_query q;
	bool wanted = false, found;

	do {
		spin_lock_bh(&link->rarp_lock);
		found = take_query(link, msg->target_mac, &q);
		spin_unlock_bh(&link->rarp_lock);
		if (!found)
			break;
		answer.portid = q.portid;
		answer.seq = q.seq;
		client_answer(&answer);
		wanted = true;
	} while (found);
	return wanted;
}

/**
 * teach_rarp_client_rcv() - a reply came in
 * @link: where
 * @msg: well-formed reply
 *
 * Of several servers' answers to one request the first counts. Softirq under
 * rcu_read_lock(), link alive. Return: true if somebody waited for it.
 */
bool teach_rarp_client_rcv(struct teach_link *link, const struct teach_rarp_msg *msg)
{
	struct teach_rarp_client *rc = &link->rarp;
	bool wanted, ours = false;

	wanted = answer_queries(link, msg);
	spin_lock_bh(&link->rarp_lock);
	if (rc->asked && ether_addr_equal(msg->target_mac, link->dev->dev_addr)) {
		rc->asked = false;
		rc->offered = msg->target;
		ours = true;
	}
	spin_unlock_bh(&link->rarp_lock);
	if (ours)
		client_kick(link, 0);
	return wanted || ours;
}

/* ---- What we want ------------------------------------------------------------------------ */

/**
 * teach_rarp_client_start() - get an address for a link
 * @link: link
 * @prefix_len: prefix length that the address is given: RARP tells none
 * @extack: what to tell the caller, or NULL
 *
 * Process context under RTNL. Return: 0, -EINVAL, -EEXIST, or -EOPNOTSUPP on a device
 * without ARP.
 */
int teach_rarp_client_start(struct teach_link *link, u8 prefix_len,
			    struct netlink_ext_ack *extack)
{
	struct teach_rarp_client *rc = &link->rarp;

	ASSERT_RTNL();
	if (prefix_len > 32) {
		NL_SET_ERR_MSG(extack, "Prefix length must be 0 to 32");
		return -EINVAL;
	}
	if (link->dev->flags & IFF_NOARP) {
		NL_SET_ERR_MSG(extack, "Device is without ARP, and so without RARP");
		return -EOPNOTSUPP;
	}
	if (rc->active) {
		NL_SET_ERR_MSG(extack, "Device is dynamic already: delete that first");
		return -EEXIST;
	}
	rc->prefix_len = prefix_len;
	rc->active = true;
	client_begin(link);
	return 0;
}

static void client_end(struct teach_link *link)
{
	struct teach_rarp_client *rc = &link->rarp;

	rc->active = false;
	spin_lock_bh(&link->rarp_lock);
	rc->asked = false;
	rc->offered = 0;
	spin_unlock_bh(&link->rarp_lock);
	if (cancel_delayed_work(&rc->work))
		teach_link_put(link);
}

/**
 * teach_rarp_client_stop() - do without an address by RARP
 * @link: link
 * @extack: what to tell the caller, or NULL
 *
 * The address goes, if there is one. Process context under RTNL. Return: 0, or -ENOENT
 * where none is asked for.
 */
int teach_rarp_client_stop(struct teach_link *link, struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (!link->rarp.active) {
		NL_SET_ERR_MSG(extack, "Device asks for no address by RARP");
		return -ENOENT;
	}
	client_end(link);
	client_drop_addr(link);
	return 0;
}

/**
 * teach_rarp_client_query() - ask once, for a program
 * @link: where
 * @mac: MAC address to ask about
 * @portid: netlink socket of the program
 * @seq: sequence number of its request
 * @extack: what to tell the caller
 *
 * The function that teach_rarp_client_set_answer() set gets the answer, if there is one.
 * Who asks for the same again repeats the request. Process context under RTNL. Return: 0, or
 * -EBUSY where too many are waiting.
 */
int teach_rarp_client_query(struct teach_link *link, const u8 *mac, u32 portid, u32 seq,
			    struct netlink_ext_ack *extack)
{
	struct teach_rarp_query *q, *place = NULL;
	int i;

	spin_lock_bh(&link->rarp_lock);
	for (i = 0; i < TEACH_RARP_QUERIES; i++) {
		q = &link->rarp.queries[i];
		if (q->portid == portid && ether_addr_equal(q->mac, mac)) {
			place = q;
			break;
		}
		if (!place && (!q->portid || time_after(jiffies, q->at + QUERY_AGE)))
			place = q;
	}
	if (place) {
		place->portid = portid;
		place->seq = seq;
		ether_addr_copy(place->mac, mac);
		place->at = jiffies;
	}
	spin_unlock_bh(&link->rarp_lock);
	if (!place) {
		NL_SET_ERR_MSG(extack, "Too many programs wait for an answer here: try again");
		return -EBUSY;
	}
	teach_rarp_request(link, mac);
	return 0;
}

/**
 * teach_rarp_client_set_answer() - where answers for programs go
 * @fn: called in softirq under rcu_read_lock() without locks
 *
 * While there are no links: before the first, or after the last. Process context.
 */
void teach_rarp_client_set_answer(void (*fn)(const struct teach_rarp_answer *answer))
{
	client_answer = fn;
}

/* ---- The link, and its addresses, come and go ---------------------------------------------- */

/* What others do with our address: it was found to be held by another host, or was taken
 * away by hand, and then it is not asked for again.
 */
static int client_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct teach_ifaddr *ifa = data;
	struct teach_link *link;

	if (event != TEACH_ADDR_CHANGE && event != TEACH_ADDR_DEL)
		return NOTIFY_DONE;
	link = ifa->link;
	if (!link->rarp.active || ifa->local != link->rarp.leased)
		return NOTIFY_DONE;
	if (event == TEACH_ADDR_DEL) {
		link->rarp.leased = 0;
		client_end(link);
	} else if (ifa->flags & IFA_F_DADFAILED) {
		/* As after a DHCPDECLINE (RFC 2131, 3.1), time for somebody to mend it. */
		link->rarp.next = jiffies +
				  jitter(READ_ONCE(link->parms.rarp_retrans_max));
		client_kick(link, 0);
	}
	return NOTIFY_DONE;
}

static struct notifier_block client_notifier = {
	.notifier_call = client_event,
};

/**
 * teach_rarp_client_update() - the link came up, perhaps on another network
 * @link: link
 *
 * Whether the address is still right is asked at once. Process context under RTNL.
 */
void teach_rarp_client_update(struct teach_link *link)
{
	ASSERT_RTNL();
	if (link->rarp.active && link->acd_ready)
		client_begin(link);
}

/**
 * teach_rarp_client_renumber() - the device has another MAC address
 * @link: its link
 *
 * The address was given to the old one. Process context under RTNL.
 */
void teach_rarp_client_renumber(struct teach_link *link)
{
	ASSERT_RTNL();
	if (!link->rarp.active)
		return;
	spin_lock_bh(&link->rarp_lock);
	link->rarp.asked = false;
	link->rarp.offered = 0;
	spin_unlock_bh(&link->rarp_lock);
	client_drop_addr(link);
	client_begin(link);
}

/**
 * teach_rarp_client_attach() - begin with a link
 * @link: new link
 *
 * Process context under RTNL.
 */
void teach_rarp_client_attach(struct teach_link *link)
{
	INIT_DELAYED_WORK(&link->rarp.work, client_work);
}

/**
 * teach_rarp_client_detach() - end with a link
 * @link: link that is dead, and still has its addresses
 *
 * Process context under RTNL, so work on its way is not waited for: it finds the link
 * dead.
 */
void teach_rarp_client_detach(struct teach_link *link)
{
	client_end(link);
	link->rarp.leased = 0;
}

/**
 * teach_rarp_client_init() - before the first link
 *
 * Return: 0 or a negative errno.
 */
int __init teach_rarp_client_init(void)
{
	int err;

	client_wq = alloc_workqueue("teach_rarp_client", WQ_UNBOUND, 0);
	if (!client_wq)
		return -ENOMEM;
	err = teach_link_notifier_register(&client_notifier);
	if (err)
		destroy_workqueue(client_wq);
	return err;
}

/**
 * teach_rarp_client_exit() - after the last link and the last packet
 *
 * Waits for work on its way.
 */
void teach_rarp_client_exit(void)
{
	teach_link_notifier_unregister(&client_notifier);
	destroy_workqueue(client_wq);
}
