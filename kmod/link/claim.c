// SPDX-License-Identifier: GPL-2.0
/*
 * Claiming addresses: conflict detection (link/acd.c) with frames, time and locks.
 *
 * What another host sends is dealt with in softirq, under link->acd_lock: the state
 * changes there, and a defence leaves at once. What follows for the address itself
 * needs RTNL, and is done by the link's work, which also is the timer: it runs when the
 * first address of the link has something due, or another host was heard.
 *
 * How often the work runs does not depend on what others send: it is started for a
 * change of state, and for a defence, of which there is one in acd_defend_interval.
 */
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/workqueue.h>
#include "link/addr.h"
#include "link/claim.h"
#include "link/link.h"
#include "link/notify.h"
#include "link/resolver.h"
#include "link/stats.h"

/* All links' work. Destroyed after the last link, so that no work outlives the module. */
static struct workqueue_struct *claim_wq;

/* A link's work holds a reference to it from here to its end. Any context; a softirq may
 * still be looking at a link that is gone.
 */
static void claim_kick(struct teach_link *link, unsigned long delay)
{
	if (!refcount_inc_not_zero(&link->ref))
		return;
	if (mod_delayed_work(claim_wq, &link->acd_work, delay))
		teach_link_put(link);
}

/* By the work itself, for what is due next. If somebody has kicked it meanwhile, as a host
 * does that answers while the question is being sent, it runs at once and comes by here
 * again: that must not be put off.
 */
static void claim_rearm(struct teach_link *link, unsigned long delay)
{
	refcount_inc(&link->ref);
	if (!queue_delayed_work(claim_wq, &link->acd_work, delay))
		teach_link_put(link);
}

static u32 acd_flags(const struct teach_ifaddr *ifa)
{
	u32 flags = ifa->flags & ~(IFA_F_TENTATIVE | IFA_F_DADFAILED);

	if (teach_acd_tentative(&ifa->acd))
		flags |= IFA_F_TENTATIVE;
	if (ifa->acd.state == TEACH_ACD_FAILED)
		flags |= IFA_F_DADFAILED;
	return flags;
}

/* ---- What is due ----------------------------------------------------------------------- */

static void claim_tell(const struct teach_ifaddr *ifa, const u8 *holder, bool failed,
		       bool was_used)
{
	const char *outcome = "ours is defended";

	if (failed)
		outcome = was_used ? "ours is given up" : "it is not taken";
	if (net_ratelimit())
		netdev_info(ifa->link->dev, "teach: address %pI4 is used by %pM too: %s\n",
			    &ifa->local, holder, outcome);
}

static void claim_send(struct teach_ifaddr *ifa, enum teach_acd_action action)
{
	const struct teach_link *link = ifa->link;

	if (action == TEACH_ACD_SEND_PROBE) {
		teach_link_count(link, TEACH_STAT_ACD_PROBES);
		teach_resolver_claim(link, ifa->local, 0);
	} else if (action == TEACH_ACD_SEND_ANNOUNCEMENT) {
		teach_link_count(link, TEACH_STAT_ACD_ANNOUNCEMENTS);
		teach_resolver_claim(link, ifa->local, ifa->local);
	}
}

/* Under RTNL. Return: when the address has something to do next, or 0 for never. */
static unsigned long claim_run(struct teach_ifaddr *ifa)
{
	struct teach_link *link = ifa->link;
	bool used = teach_addr_usable(ifa), news, failed;
	enum teach_acd_action action;
	unsigned long next = 0;
	u8 holder[ETH_ALEN];
	u32 flags;

	spin_lock_bh(&link->acd_lock);
	action = teach_acd_timer(&ifa->acd, &link->acd_rate, &link->parms, jiffies,
				 get_random_u32());
	news = ifa->acd_news;
	ifa->acd_news = false;
	ether_addr_copy(holder, ifa->acd.holder);
	failed = ifa->acd.state == TEACH_ACD_FAILED;
	flags = acd_flags(ifa);
	if (teach_acd_timed(&ifa->acd))
		next = ifa->acd.expires ?: 1;
	spin_unlock_bh(&link->acd_lock);

	/* In use first, announced then. */
	if (news || flags != ifa->flags)
		teach_addr_set_flags(ifa, flags);
	if (news)
		claim_tell(ifa, holder, failed, used);
	claim_send(ifa, action);
	return next;
}

static void claim_work(struct work_struct *work)
{
	struct teach_link *link = container_of(to_delayed_work(work), struct teach_link,
					       acd_work);
	unsigned long next, first = 0;
	struct teach_ifaddr *ifa;

	rtnl_lock();
	if (teach_link_alive(link)) {
		list_for_each_entry(ifa, &link->addrs, list) {
			next = claim_run(ifa);
			if (next && (!first || time_before(next, first)))
				first = next;
		}
		if (first)
			claim_rearm(link, time_after(first, jiffies) ? first - jiffies : 0);
	}
	rtnl_unlock();
	teach_link_put(link);
}

/* ---- What others send -------------------------------------------------------------------- */

static void heard_probe(struct teach_link *link, __be32 addr, const u8 *mac)
{
	struct teach_probe_heard *place;

	spin_lock_bh(&link->acd_lock);
	place = &link->acd_heard[link->acd_heard_next++ % TEACH_LINK_PROBES_HEARD];
	place->addr = addr;
	ether_addr_copy(place->mac, mac);
	place->at = jiffies;
	spin_unlock_bh(&link->acd_lock);
}

/**
 * teach_claim_heard() - another host asks for an address, or says that it has one
 * @link: where
 * @sender: address that it says is its own, or any (0) in a probe
 * @mac: its MAC address
 * @target: address that it asks for
 *
 * For each message that is well-formed, except our own that came back. Softirq, under
 * rcu_read_lock(), link alive. Return: true if it was in conflict with us.
 */
bool teach_claim_heard(struct teach_link *link, __be32 sender, const u8 *mac,
		       __be32 target)
{
	struct teach_ifaddr *ifa = teach_addr_lookup(link->net, sender ?: target, link);
	enum teach_acd_action action;
	bool used;

	if (!ifa) {
		if (!sender)
			heard_probe(link, target, mac);
		return false;
	}
	spin_lock_bh(&link->acd_lock);
	used = !teach_acd_tentative(&ifa->acd);
	action = teach_acd_conflict(&ifa->acd, &link->acd_rate, &link->parms, jiffies, mac,
				    !sender);
	if (action != TEACH_ACD_NOTHING)
		ifa->acd_news = true;
	spin_unlock_bh(&link->acd_lock);

	if (action == TEACH_ACD_NOTHING)
		return false;
	if (action == TEACH_ACD_SEND_ANNOUNCEMENT) {
		teach_link_count(link, TEACH_STAT_ACD_DEFENDS);
		teach_resolver_claim(link, ifa->local, ifa->local);
	} else {
		teach_link_count(link, used ? TEACH_STAT_ACD_GIVEN_UP :
					      TEACH_STAT_ACD_CONFLICTS);
	}
	claim_kick(link, 0);
	return true;
}

/* ---- What we want -------------------------------------------------------------------------- */

/* Is another host known to have the address, or about to take it? Under RTNL. */
static bool claim_held(struct teach_link *link, __be32 addr, bool probe, u8 *mac)
{
	const struct teach_ifaddr *ifa = teach_addr_lookup(link->net, addr, link);
	bool held;
	int i;

	spin_lock_bh(&link->acd_lock);
	held = ifa && ifa->acd.state == TEACH_ACD_FAILED;
	if (held)
		ether_addr_copy(mac, ifa->acd.holder);
	for (i = 0; probe && !held && i < TEACH_LINK_PROBES_HEARD; i++) {
		const struct teach_probe_heard *p = &link->acd_heard[i];

		held = p->addr == addr &&
		       time_before(jiffies, p->at + teach_acd_probing_time(&link->parms));
		if (held)
			ether_addr_copy(mac, p->mac);
	}
	spin_unlock_bh(&link->acd_lock);
	return held;
}

static void claim_start(struct teach_ifaddr *ifa)
{
	struct teach_link *link = ifa->link;

	spin_lock_bh(&link->acd_lock);
	teach_acd_start(&ifa->acd, &link->acd_rate, &link->parms, jiffies, get_random_u32());
	spin_unlock_bh(&link->acd_lock);
}

/**
 * teach_claim_add() - give this host an address that no other host has
 * @link: on which link
 * @config: the address; IFA_F_NODAD to take it at once, without IFA_F_TENTATIVE
 * @always: probe for it, whatever the parameters accept_dad and resolver say
 * @extack: what to tell the caller, or NULL
 *
 * Where the address is probed for it is tentative on return; what comes of it is told by
 * TEACH_ADDR_CHANGE. Process context under RTNL.
 *
 * Return: 0; -EADDRINUSE where another host is known to have it or to be probing for it,
 * and @extack names that host; or an errno of teach_addr_insert().
 */
int teach_claim_add(struct teach_link *link, const struct teach_addr_config *config,
		    bool always, struct netlink_ext_ack *extack)
{
	bool probe = always || teach_link_policy(link, TEACH_PARM_A_ACCEPT_DAD) ||
		     (READ_ONCE(link->parms.resolver) != TEACH_RESOLVER_ARP &&
		      READ_ONCE(link->parms.dad_transmits));
	struct teach_addr_config c = *config;
	struct teach_ifaddr *ifa;
	u8 mac[ETH_ALEN];

	if (c.flags & IFA_F_NODAD || link->dev->flags & IFF_NOARP)
		probe = false;
	if (claim_held(link, c.local, probe, mac)) {
		/* Always as long: see NL_SET_ERR_MSG_FMT() in compat/compat.h. */
		NL_SET_ERR_MSG_FMT(extack, "Address is held by %pM: choose another", mac);
		return -EADDRINUSE;
	}
	if (probe)
		c.flags |= IFA_F_TENTATIVE;
	ifa = teach_addr_insert(link, &c, extack);
	if (IS_ERR(ifa))
		return PTR_ERR(ifa);
	if (probe && link->acd_ready) {
		claim_start(ifa);
		claim_kick(link, 0);
	}
	return 0;
}

/* ---- The link comes and goes ---------------------------------------------------------------- */

/**
 * teach_claim_restart() - others may have taken our addresses meanwhile
 * @link: link that is up, with a carrier, perhaps on another network than before
 *
 * Addresses that are probed for at all go out of use until that was done anew (RFC 5227,
 * 2.1). Process context under RTNL.
 */
void teach_claim_restart(struct teach_link *link)
{
	struct teach_ifaddr *ifa;

	ASSERT_RTNL();
	if (!link->acd_ready)
		return;
	list_for_each_entry(ifa, &link->addrs, list) {
		if (!ifa->probed)
			continue;
		claim_start(ifa);
		if (ifa->flags != acd_flags(ifa))
			teach_addr_set_flags(ifa, acd_flags(ifa));
	}
	claim_kick(link, 0);
}

static void claim_stop(struct teach_link *link)
{
	struct teach_ifaddr *ifa;

	list_for_each_entry(ifa, &link->addrs, list) {
		spin_lock_bh(&link->acd_lock);
		if (ifa->acd.state == TEACH_ACD_PROBE)
			ifa->acd.state = TEACH_ACD_STOPPED;
		else if (ifa->acd.state == TEACH_ACD_ANNOUNCE)
			ifa->acd.state = TEACH_ACD_BOUND;
		spin_unlock_bh(&link->acd_lock);
	}
}

/**
 * teach_claim_update() - the device may have come up or gone down
 * @link: its link
 *
 * Process context under RTNL. Return: true if it came up, or to another cable.
 */
bool teach_claim_update(struct teach_link *link)
{
	const struct net_device *dev = link->dev;
	bool ready = dev->flags & IFF_UP && !(dev->flags & IFF_NOARP) &&
		     netif_carrier_ok(dev);
	/* A cable that was moved quickly is one event, with the carrier back already. */
	int carriers = atomic_read(&dev->carrier_up_count);
	bool moved = ready && carriers != link->acd_carriers;

	ASSERT_RTNL();
	if (ready == link->acd_ready && !moved)
		return false;
	link->acd_ready = ready;
	link->acd_carriers = carriers;
	if (ready)
		teach_claim_restart(link);
	else
		claim_stop(link);
	return ready;
}

/**
 * teach_claim_attach() - begin with a link
 * @link: new link
 *
 * Process context under RTNL.
 */
void teach_claim_attach(struct teach_link *link)
{
	INIT_DELAYED_WORK(&link->acd_work, claim_work);
	teach_claim_update(link);
}

/**
 * teach_claim_detach() - end with a link
 * @link: link that is dead and receives nothing any more, or nearly: a softirq that
 *	still runs may start the work once more, which finds the link dead
 *
 * Process context under RTNL, so the work is not waited for.
 */
void teach_claim_detach(struct teach_link *link)
{
	if (cancel_delayed_work(&link->acd_work))
		teach_link_put(link);
}

/**
 * teach_claim_init() - before the first link
 *
 * Return: 0 or -ENOMEM.
 */
int __init teach_claim_init(void)
{
	claim_wq = alloc_workqueue("teach_claim", WQ_UNBOUND, 0);
	return claim_wq ? 0 : -ENOMEM;
}

/**
 * teach_claim_exit() - after the last link and the last packet
 *
 * Waits for work on its way.
 */
void teach_claim_exit(void)
{
	destroy_workqueue(claim_wq);
}
