// SPDX-License-Identifier: GPL-2.0
/*
 * Devices come, change and go: what that means to their links.
 *
 * Each Ethernet device gets a link when it is registered, or when the module is
 * loaded. The link has packet handlers of its own, on its device alone: a
 * handler finds its link without a look-up, and a device that carries no TEACH
 * pays nothing.
 *
 * When a device goes, in this order, all within NETDEV_UNREGISTER:
 *   1. the link is dead: no new neighbour entry
 *   2. the handlers are off the device; one that runs on meets a dead link
 *   3. nobody is answered for: what waited is dropped, no timer runs
 *   4. its addresses are gone, and with them its routes: no new packet; nor is there
 *      anything left to claim
 *   5. its neighbours are gone: what waited for them is dropped, no timer runs
 *   6. it is out of the namespace's table, and lets go of the device
 */
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include "link/addr.h"
#include "link/announce.h"
#include "link/arp.h"
#include "link/claim.h"
#include "link/device.h"
#include "link/link.h"
#include "link/nd.h"
#include "link/neigh_list.h"
#include "link/neigh_table.h"
#include "link/notify.h"
#include "link/proxy.h"
#include "link/rarp.h"
#include "link/rarp_client.h"
#include "link/solicit.h"

static bool carries_teach(const struct net_device *dev)
{
	return dev->type == ARPHRD_ETHER && dev->addr_len == ETH_ALEN &&
	       !(dev->flags & IFF_LOOPBACK);
}

static void link_end(struct teach_link *link)
{
	WRITE_ONCE(link->dead, true);
	/* Without waiting: the link is freed after a grace period, and the core
	 * waits for one before it frees the device.
	 */
	__dev_remove_pack(&link->rx_teach);
	__dev_remove_pack(&link->rx_rarp);
	__dev_remove_pack(&link->rx_arp);
	teach_link_notify(TEACH_LINK_DOWN, link);
	teach_proxy_flush(link);
	teach_proxy_queue_end(link);
	teach_rarp_detach(link);
	teach_addr_flush(link);
	teach_claim_detach(link);
	teach_neigh_flush(link, false, TEACH_NEIGH_REASON_LINK_GONE);
	teach_link_notify(TEACH_LINK_GONE, link);
	teach_link_destroy(link);
}

static int link_begin(struct net_device *dev)
{
	struct teach_link *link = teach_link_create(dev);
	int err;

	if (IS_ERR(link))
		return PTR_ERR(link);
	teach_solicit_init(link, jiffies);
	teach_neigh_list_attach(link);
	teach_proxy_queue_init(link);
	teach_arp_attach(link);
	teach_nd_attach(link);
	teach_claim_attach(link);
	teach_rarp_attach(link);
	link->rx_teach.type = htons(ETH_P_TEACH);
	link->rx_teach.dev = dev;
	link->rx_teach.func = teach_link_upper->rcv;
	dev_add_pack(&link->rx_arp);
	dev_add_pack(&link->rx_rarp);
	dev_add_pack(&link->rx_teach);
	err = teach_link_notify(TEACH_LINK_NEW, link);
	if (err)
		link_end(link);
	return err;
}

static void link_change(struct teach_link *link,
			const struct netdev_notifier_change_info *info)
{
	/* How neighbours are found changes with this flag. */
	if (info->flags_changed & IFF_NOARP)
		teach_neigh_flush(link, false, TEACH_NEIGH_REASON_LINK_ARP);
	/* Without a carrier nobody can be asked: learn anew when it comes back. */
	else if (!netif_carrier_ok(link->dev))
		teach_neigh_flush(link, true, TEACH_NEIGH_REASON_NO_CARRIER);
}

static int device_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct teach_link *link = teach_link_get_rtnl(dev_net(dev), dev->ifindex);

	/* NETDEV_UNREGISTER may come again after another device got the index. */
	if (link && link->dev != dev)
		link = NULL;

	/* A bond takes on the type of its first port. */
	if (event == NETDEV_POST_TYPE_CHANGE) {
		if (link && !carries_teach(dev))
			link_end(link);
		else if (!link && carries_teach(dev))
			return notifier_from_errno(link_begin(dev));
		return NOTIFY_DONE;
	}
	if (event == NETDEV_REGISTER) {
		if (!link && carries_teach(dev))
			return notifier_from_errno(link_begin(dev));
		return NOTIFY_DONE;
	}
	if (!link)
		return NOTIFY_DONE;

	switch (event) {
	case NETDEV_UP:
		teach_claim_update(link);
		teach_link_notify(TEACH_LINK_UP, link);
		teach_link_changed(link->net);
		teach_rarp_client_update(link);
		if (teach_link_policy(link, TEACH_PARM_A_ARP_NOTIFY))
			teach_announce(link);
		break;
	case NETDEV_DOWN:
		teach_link_notify(TEACH_LINK_DOWN, link);
		teach_claim_update(link);
		/* As IPv4: who is answered for is forgotten with the neighbours. */
		teach_proxy_flush(link);
		teach_proxy_queue_purge(link);
		teach_neigh_flush(link, false, TEACH_NEIGH_REASON_LINK_DOWN);
		break;
	case NETDEV_CHANGEADDR:
		teach_neigh_flush(link, false, TEACH_NEIGH_REASON_LINK_MAC);
		teach_rarp_client_renumber(link);
		teach_claim_restart(link);
		if (teach_link_policy(link, TEACH_PARM_A_ARP_NOTIFY))
			teach_announce(link);
		break;
	case NETDEV_NOTIFY_PEERS:
		/* A bond has another port, a machine came to another host. */
		teach_announce(link);
		break;
	case NETDEV_CHANGENAME:
		teach_link_notify(TEACH_LINK_RENAMED, link);
		break;
	case NETDEV_CHANGE:
		link_change(link, ptr);
		if (teach_claim_update(link))
			teach_rarp_client_update(link);
		break;
	case NETDEV_CHANGEMTU:
		/* Too small to carry TEACH: as if there were no address. */
		if (dev->mtu < TEACH_MIN_MTU)
			teach_addr_flush(link);
		teach_link_changed(link->net);
		break;
	case NETDEV_UNREGISTER:
		link_end(link);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

/**
 * teach_device_init() - begin with all devices there are, and those to come
 *
 * After everything that links need. Return: 0 or a negative errno.
 */
int __init teach_device_init(void)
{
	return register_netdevice_notifier(&device_notifier);
}

/**
 * teach_device_exit() - end with all devices
 *
 * On return no link, no address and no neighbour is left, and no packet handler
 * or timer of theirs is running.
 */
void teach_device_exit(void)
{
	unregister_netdevice_notifier(&device_notifier);
	/* Both run in softirqs, which a grace period waits for. */
	synchronize_net();
}
