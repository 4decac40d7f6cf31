// SPDX-License-Identifier: GPL-2.0
/*
 * Announcements: telling all hosts of a link, unasked, where our addresses are, so
 * that who has an old MAC address in its cache takes the new one at once.
 *
 * An announcement is an ARP request for our own address (RFC 5227, section 1.1:
 * sender and target are the same, the target's MAC address is zero), or where others are
 * asked in that manner an advertisement to all (RFC 4861, section 7.2.6). IPv4's
 * arp_notify says when; TEACH has a new address announced as well.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include "link/addr.h"
#include "link/announce.h"
#include "link/link.h"
#include "link/notify.h"
#include "link/resolver.h"
#include "link/stats.h"

static void announce_one(const struct teach_ifaddr *ifa)
{
	const struct teach_link *link = ifa->link;

	/* One that is probed for is announced once it is taken, see link/claim.c. */
	if (link->dev->flags & IFF_NOARP || !(link->dev->flags & IFF_UP) ||
	    !teach_addr_usable(ifa))
		return;
	rcu_read_lock();
	if (teach_resolver_claim(link, ifa->local, ifa->local))
		teach_link_count(link, TEACH_STAT_ARP_OUT_ANNOUNCEMENTS);
	rcu_read_unlock();
}

/**
 * teach_announce() - announce all addresses of a link
 * @link: link that is not dead
 *
 * Nothing happens where the device is down or has no ARP. Process context under RTNL.
 */
void teach_announce(const struct teach_link *link)
{
	const struct teach_ifaddr *ifa;

	ASSERT_RTNL();
	list_for_each_entry(ifa, &link->addrs, list)
		announce_one(ifa);
}

static int announce_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct teach_ifaddr *ifa = data;

	if (event == TEACH_ADDR_ADD && teach_link_policy(ifa->link, TEACH_PARM_A_ARP_NOTIFY))
		announce_one(ifa);
	return NOTIFY_DONE;
}

/* After those who may refuse the address. */
static struct notifier_block announce_notifier = {
	.notifier_call	= announce_event,
	.priority	= -1,
};

int __init teach_announce_init(void)
{
	return teach_link_notifier_register(&announce_notifier);
}

void teach_announce_exit(void)
{
	teach_link_notifier_unregister(&announce_notifier);
}
