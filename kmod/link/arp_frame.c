// SPDX-License-Identifier: GPL-2.0
/*
 * ARP frames for TEACH addresses (RFC 826): how they look, and sending them. Those of RARP
 * (link/rarp_frame.c) and of link/nd.c are built here too: they are of the same form.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |       hardware type = 1       |    protocol type = 0x88B5     |
 *     +---------------+---------------+-------------------------------+
 *     | hw length = 6 | pr length = 4 |           operation           |
 *     +---------------+---------------+-------------------------------+
 *     |  sender's MAC address                                         |
 *     +                               +-------------------------------+
 *     |                               |  sender's TEACH address ...   |
 *     +-------------------------------+-------------------------------+
 *     |  ...                          |  target's MAC address ...     |
 *     +-------------------------------+                               +
 *     |                                                               |
 *     +---------------------------------------------------------------+
 *     |  target's TEACH address                                       |
 *     +---------------------------------------------------------------+
 */
#include <linux/etherdevice.h>
#include "link/arp_frame.h"
#include "link/link.h"
#include "link/stats.h"

/**
 * teach_arp_transmit() - send a frame
 * @link: link that it leaves by
 * @f: what it says
 *
 * Context: rcu_read_lock() or RTNL, link alive; no lock of a neighbour. Return: true if the
 * device got it, false without memory.
 */
bool teach_arp_transmit(const struct teach_link *link, const struct teach_arp_frame *f)
{
	struct net_device *dev = link->dev;
	struct teach_arp_body *body;
	struct arphdr *arp;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + TEACH_ARP_LEN + sizeof(*f->flags) +
			dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return false;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	skb->dev = dev;
	skb->protocol = htons(f->protocol);
	skb->priority = TC_PRIO_CONTROL;

	arp = skb_put(skb, sizeof(*arp));
	arp->ar_hrd = htons(ARPHRD_ETHER);
	arp->ar_pro = htons(ETH_P_TEACH);
	arp->ar_hln = ETH_ALEN;
	arp->ar_pln = sizeof(struct teach_addr);
	arp->ar_op = htons(f->op);

	body = skb_put_zero(skb, sizeof(*body));
	ether_addr_copy(body->sender_mac, dev->dev_addr);
	body->sender = f->sender;
	if (f->target_mac)
		ether_addr_copy(body->target_mac, f->target_mac);
	body->target = f->target;
	if (f->flags)
		skb_put_data(skb, f->flags, sizeof(*f->flags));

	if (dev_hard_header(skb, dev, f->protocol, f->to ?: dev->broadcast, dev->dev_addr,
			    skb->len) < 0) {
		kfree_skb(skb);
		return false;
	}
	dev_queue_xmit(skb);
	return true;
}

/**
 * teach_arp_send() - send a request or a reply
 * @link: link that it leaves by
 * @op: ARPOP_REQUEST or ARPOP_REPLY
 * @mac: MAC address of the receiver; NULL in a broadcast
 * @target: ar$tpa: whose MAC address is asked for, or who is answered
 * @sender: ar$spa: our address, 0 in a probe (RFC 5227, section 1.1), or the one
 *	that is answered for
 *
 * Counted, also where there is no memory. Context: as teach_arp_transmit(). Return: true if the
 * device got it.
 */
bool teach_arp_send(const struct teach_link *link, u16 op, const u8 *mac,
		    __be32 target, __be32 sender)
{
	const struct teach_arp_frame f = {
		.protocol	= ETH_P_ARP,
		.op		= op,
		.to		= mac,
		.target_mac	= mac,
		.sender		= sender,
		.target		= target,
	};

	if (!teach_arp_transmit(link, &f)) {
		teach_link_count(link, TEACH_STAT_ARP_OUT_ERRORS);
		return false;
	}
	teach_link_count(link, op == ARPOP_REQUEST ?
			TEACH_STAT_ARP_OUT_REQUESTS : TEACH_STAT_ARP_OUT_REPLIES);
	return true;
}
