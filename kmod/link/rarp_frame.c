// SPDX-License-Identifier: GPL-2.0
/*
 * RARP frames for TEACH addresses (RFC 903): ARP's fields under an EtherType of their
 * own, 0x8035, with operations 3 and 4. Drawn in link/arp.c.
 */
#include <linux/etherdevice.h>
#include "link/link.h"
#include "link/rarp_frame.h"
#include "link/stats.h"

/* @to is NULL in a broadcast. Context: rcu_read_lock() or RTNL, link alive. */
static void rarp_send(const struct teach_link *link, u16 op, const u8 *to,
		      __be32 sender, const u8 *target_mac, __be32 target)
{
	struct net_device *dev = link->dev;
	struct teach_rarp_msg *msg;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(*msg) + dev->needed_tailroom,
			GFP_ATOMIC);
	if (!skb)
		goto failed;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_RARP);
	skb->priority = TC_PRIO_CONTROL;

	msg = skb_put_zero(skb, sizeof(*msg));
	msg->hdr.ar_hrd = htons(ARPHRD_ETHER);
	msg->hdr.ar_pro = htons(ETH_P_TEACH);
	msg->hdr.ar_hln = ETH_ALEN;
	msg->hdr.ar_pln = sizeof(struct teach_addr);
	msg->hdr.ar_op = htons(op);
	ether_addr_copy(msg->sender_mac, dev->dev_addr);
	msg->sender = sender;
	ether_addr_copy(msg->target_mac, target_mac);
	msg->target = target;

	if (dev_hard_header(skb, dev, ETH_P_RARP, to ?: dev->broadcast, dev->dev_addr,
			    skb->len) < 0) {
		kfree_skb(skb);
		goto failed;
	}
	teach_link_count(link, op == ARPOP_RREQUEST ?
			TEACH_STAT_RARP_OUT_REQUESTS : TEACH_STAT_RARP_OUT_REPLIES);
	dev_queue_xmit(skb);
	return;

failed:
	teach_link_count(link, TEACH_STAT_RARP_OUT_ERRORS);
}

/**
 * teach_rarp_request() - ask all which address belongs to a MAC address
 * @link: where to ask
 * @target_mac: MAC address, the link's own or another host's
 *
 * Context: rcu_read_lock() or RTNL, link alive.
 */
void teach_rarp_request(const struct teach_link *link, const u8 *target_mac)
{
	rarp_send(link, ARPOP_RREQUEST, NULL, 0, target_mac, 0);
}

/**
 * teach_rarp_reply() - tell which address belongs to a MAC address
 * @link: where
 * @to: MAC address of the host that asked
 * @sender: our address
 * @target_mac: MAC address that was asked about
 * @target: the address that belongs to it
 *
 * Context: rcu_read_lock() or RTNL, link alive.
 */
void teach_rarp_reply(const struct teach_link *link, const u8 *to, __be32 sender,
		      const u8 *target_mac, __be32 target)
{
	rarp_send(link, ARPOP_RREPLY, to, sender, target_mac, target);
}
