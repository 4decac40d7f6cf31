// SPDX-License-Identifier: GPL-2.0
/*
 * RARP for TEACH addresses (RFC 903): what comes in goes to the server
 * (link/rarp_server.c) or to the client (link/rarp_client.c).
 *
 * Frames about other protocols than TEACH pass here untouched.
 */
#include <linux/etherdevice.h>
#include "link/addr.h"
#include "link/link.h"
#include "link/rarp.h"
#include "link/rarp_client.h"
#include "link/rarp_frame.h"
#include "link/rarp_server.h"
#include "link/stats.h"

/* Return: TEACH_STAT_UNSPEC if the message is as it should be, or why not. */
static enum teach_stat rarp_check(const struct teach_link *link,
				  const struct teach_rarp_msg *msg)
{
	u16 op = ntohs(msg->hdr.ar_op);

	if (msg->hdr.ar_hrd != htons(ARPHRD_ETHER) || msg->hdr.ar_hln != ETH_ALEN ||
	    msg->hdr.ar_pln != sizeof(struct teach_addr))
		return TEACH_STAT_RARP_BAD_LENGTH;
	if (op != ARPOP_RREQUEST && op != ARPOP_RREPLY)
		return TEACH_STAT_RARP_BAD_OP;
	if (!is_valid_ether_addr(msg->sender_mac) || !is_valid_ether_addr(msg->target_mac))
		return TEACH_STAT_RARP_BAD_MAC;
	if (ether_addr_equal(msg->sender_mac, link->dev->dev_addr))
		return TEACH_STAT_RARP_OWN_MAC;
	/* In a request both addresses are undefined (RFC 903). */
	if (op == ARPOP_RREPLY &&
	    (!msg->target || msg->target == htonl(TEACH_ADDR_BROADCAST)))
		return TEACH_STAT_RARP_BAD_ADDR;
	return TEACH_STAT_UNSPEC;
}

static enum teach_stat rarp_msg(struct teach_link *link, const struct teach_rarp_msg *msg)
{
	enum teach_stat why = rarp_check(link, msg);

	if (why != TEACH_STAT_UNSPEC)
		return why;
	if (msg->hdr.ar_op == htons(ARPOP_RREQUEST)) {
		teach_link_count(link, TEACH_STAT_RARP_IN_REQUESTS);
		return teach_rarp_server_rcv(link, msg);
	}
	teach_link_count(link, TEACH_STAT_RARP_IN_REPLIES);
	return teach_rarp_client_rcv(link, msg) ? TEACH_STAT_UNSPEC :
						  TEACH_STAT_RARP_UNSOLICITED;
}

static int rarp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		    struct net_device *orig_dev)
{
	struct teach_link *link = container_of(pt, struct teach_link, rx_rarp);
	enum teach_stat why = TEACH_STAT_RARP_BAD_LENGTH;
	const struct arphdr *hdr;
	struct arphdr peek;

	/* The frame may be about another protocol and shared with that: look first. A
	 * frame of a VLAN or a bond comes by here too, as another device's.
	 */
	hdr = skb_header_pointer(skb, 0, sizeof(peek), &peek);
	if (dev != link->dev || dev->flags & IFF_NOARP || !teach_link_alive(link) ||
	    skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_LOOPBACK ||
	    !hdr || hdr->ar_pro != htons(ETH_P_TEACH)) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		teach_link_count(link, TEACH_STAT_IN_NO_MEMORY);
		return NET_RX_DROP;
	}
	if (pskb_may_pull(skb, sizeof(struct teach_rarp_msg)))
		why = rarp_msg(link, (const struct teach_rarp_msg *)skb->data);
	if (why != TEACH_STAT_UNSPEC) {
		teach_link_drop(link, skb, why, SKB_DROP_REASON_NOT_SPECIFIED);
		return NET_RX_DROP;
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

/**
 * teach_rarp_attach() - speak RARP on a link
 * @link: link that receives nothing yet
 *
 * Fills in what link/device.c registers. Process context under RTNL.
 */
void teach_rarp_attach(struct teach_link *link)
{
	teach_rarp_server_attach(link);
	teach_rarp_client_attach(link);
	link->rx_rarp.type = htons(ETH_P_RARP);
	link->rx_rarp.dev = link->dev;
	link->rx_rarp.func = rarp_rcv;
}

/**
 * teach_rarp_detach() - end with a link
 * @link: link that is dead, and still has its addresses
 *
 * Process context under RTNL.
 */
void teach_rarp_detach(struct teach_link *link)
{
	teach_rarp_client_detach(link);
	teach_rarp_server_detach(link);
}
