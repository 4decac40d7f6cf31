// SPDX-License-Identifier: GPL-2.0
/*
 * ARP frames for TEACH addresses (RFC 826): how they look, and sending them.
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
 * teach_arp_send() - send a request or a reply
 * @link: link that it leaves by
 * @op: ARPOP_REQUEST or ARPOP_REPLY
 * @mac: MAC address of the receiver; NULL in a broadcast
 * @target: ar$tpa: whose MAC address is asked for, or who is answered
 * @sender: ar$spa: our address, 0 in a probe (RFC 5227, section 1.1), or the one
 *	that is answered for
 *
 * Counted, also where there is no memory. Context: rcu_read_lock(), link alive; no
 * lock of a neighbour. Return: true if the device got it.
 */
bool teach_arp_send(const struct teach_link *link, u16 op, const u8 *mac,
		    __be32 target, __be32 sender)
{
	struct net_device *dev = link->dev;
	struct teach_arp_body *body;
	struct arphdr *arp;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + TEACH_ARP_LEN + dev->needed_tailroom,
			GFP_ATOMIC);
	if (!skb)
		goto failed;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_ARP);
	skb->priority = TC_PRIO_CONTROL;

	arp = skb_put(skb, sizeof(*arp));
	arp->ar_hrd = htons(ARPHRD_ETHER);
	arp->ar_pro = htons(ETH_P_TEACH);
	arp->ar_hln = ETH_ALEN;
	arp->ar_pln = sizeof(struct teach_addr);
	arp->ar_op = htons(op);

	body = skb_put_zero(skb, sizeof(*body));
	ether_addr_copy(body->sender_mac, dev->dev_addr);
	body->sender = sender;
	if (mac)
		ether_addr_copy(body->target_mac, mac);
	body->target = target;

	if (dev_hard_header(skb, dev, ETH_P_ARP, mac ?: dev->broadcast,
			    dev->dev_addr, skb->len) < 0) {
		kfree_skb(skb);
		goto failed;
	}
	teach_link_count(link, op == ARPOP_REQUEST ?
			TEACH_STAT_ARP_OUT_REQUESTS : TEACH_STAT_ARP_OUT_REPLIES);
	dev_queue_xmit(skb);
	return true;

failed:
	teach_link_count(link, TEACH_STAT_ARP_OUT_ERRORS);
	return false;
}
