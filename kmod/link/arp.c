// SPDX-License-Identifier: GPL-2.0
/*
 * ARP for TEACH addresses (RFC 826): the resolver of Ethernet links.
 *
 * ARP names the protocol whose addresses it resolves. Frames about other
 * protocols, IPv4 above all, pass here untouched, and IPv4 ignores ours.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------------------------------+-------------------------------+
 *     |     hardware type (1)         |    protocol type (0x88B5)     |
 *     +---------------+---------------+-------------------------------+
 *     |  6            |  4            |  1 request, 2 reply           |
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
 *
 * What is learnt: a request for one of our addresses makes or refreshes the
 * asker's entry, as STALE; a reply refreshes an entry, as REACHABLE only if it
 * was sent to us and we had asked. Nothing else makes an entry.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include "link/addr.h"
#include "link/arp.h"
#include "link/claim.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "link/stats.h"

/* What follows struct arphdr, for the lengths 6 and 4. */
struct arp_body {
	u8	sender_mac[ETH_ALEN];
	__be32	sender;
	u8	target_mac[ETH_ALEN];
	__be32	target;
} __packed;

#define ARP_LEN	(sizeof(struct arphdr) + sizeof(struct arp_body))

/* Context: rcu_read_lock(), link alive. @mac is NULL in a broadcast. */
static void arp_send(const struct teach_link *link, u16 op, const u8 *mac,
		     __be32 target, __be32 sender)
{
	struct net_device *dev = link->dev;
	struct arp_body *body;
	struct arphdr *arp;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + ARP_LEN + dev->needed_tailroom,
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
	teach_stats_inc(link->net, op == ARPOP_REQUEST ?
			TEACH_STAT_ARP_OUT_REQUESTS : TEACH_STAT_ARP_OUT_REPLIES);
	dev_queue_xmit(skb);
	return;

failed:
	teach_stats_inc(link->net, TEACH_STAT_ARP_OUT_ERRORS);
}

static void arp_solicit(const struct teach_neigh *n, const u8 *mac)
{
	const struct teach_link *link = n->key.link;
	__be32 sender = teach_addr_select(link, n->key.addr);

	/* Without an address of our own nobody could answer us. */
	if (sender)
		arp_send(link, ARPOP_REQUEST, mac, n->key.addr, sender);
}

static void arp_claim(const struct teach_link *link, __be32 target, __be32 sender)
{
	arp_send(link, ARPOP_REQUEST, NULL, target, sender);
}

static const struct teach_resolver arp_resolver = {
	.solicit = arp_solicit,
	.claim = arp_claim,
};

static bool arp_valid(const struct teach_link *link, u16 op,
		      const struct arp_body *body, enum teach_stat *why)
{
	bool probe = op == ARPOP_REQUEST && !body->sender;	/* RFC 5227, 1.1 */

	if (!is_valid_ether_addr(body->sender_mac))
		*why = TEACH_STAT_ARP_BAD_MAC;
	else if (ether_addr_equal(body->sender_mac, link->dev->dev_addr))
		*why = TEACH_STAT_ARP_OWN_MAC;
	else if ((!body->sender && !probe) || !body->target ||
		 teach_addr_is_broadcast(link, body->sender) ||
		 teach_addr_is_broadcast(link, body->target))
		*why = TEACH_STAT_ARP_BAD_ADDR;
	else if (teach_addr_is_local(link->net, body->sender))
		*why = TEACH_STAT_ARP_CONFLICT;
	else
		return true;
	return false;
}

/* A probe has no sender's address, so its answer has none to be sent to: it is right if we
 * had asked, which conflict detection knows.
 */
static bool answers_probe(u16 op, const struct arp_body *body, enum teach_stat why)
{
	return why == TEACH_STAT_ARP_BAD_ADDR && op == ARPOP_REPLY && body->sender &&
	       !body->target;
}

/* Take what a frame says of its sender; at once, if another MAC address is news and
 * not one of several answers.
 */
static void arp_learn(struct teach_neigh *n, const struct arp_body *body,
		      u8 new_state, bool at_once)
{
	unsigned long lock_end = READ_ONCE(n->nud.updated) +
				 READ_ONCE(n->key.link->parms.locktime);
	unsigned int flags = 0;

	/* Of several answers in a row the first counts (proxies that all
	 * answer): another MAC address is taken only later.
	 */
	if (at_once || time_after(jiffies, lock_end))
		flags = TEACH_UPDATE_OVERRIDE;
	if (teach_neigh_update(n, body->sender_mac, new_state, flags) == -EBUSY)
		teach_stats_inc(n->key.link->net, TEACH_STAT_ARP_LOCKED);
}

static void arp_request(struct teach_link *link, const struct arp_body *body)
{
	struct teach_neigh *n;
	bool for_us;

	teach_stats_inc(link->net, TEACH_STAT_ARP_IN_REQUESTS);
	for_us = teach_addr_is_local(link->net, body->target);
	if (!for_us)
		teach_stats_inc(link->net, TEACH_STAT_ARP_NOT_FOR_US);

	/* RFC 5227, section 2.1.1: answered, but there is nothing to learn. */
	if (body->sender) {
		n = for_us ? teach_neigh_get(link, body->sender) :
			     teach_neigh_find(link, body->sender);
		if (!IS_ERR_OR_NULL(n))
			arp_learn(n, body, NUD_STALE,
				  for_us || body->sender == body->target);
	}
	if (for_us)
		arp_send(link, ARPOP_REPLY, body->sender_mac, body->sender,
			 body->target);
}

static void arp_reply(struct teach_link *link, const struct arp_body *body,
		      bool to_us)
{
	struct teach_neigh *n = teach_neigh_find(link, body->sender);
	bool asked;

	teach_stats_inc(link->net, TEACH_STAT_ARP_IN_REPLIES);
	if (!n) {
		teach_stats_inc(link->net, TEACH_STAT_ARP_UNSOLICITED);
		return;
	}
	asked = READ_ONCE(n->nud.state) & (NUD_INCOMPLETE | NUD_PROBE);
	arp_learn(n, body, to_us && asked ? NUD_REACHABLE : NUD_STALE,
		  !to_us && body->sender == body->target);
}

static int arp_rcv(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *pt, struct net_device *orig_dev)
{
	struct teach_link *link = container_of(pt, struct teach_link, rx_arp);
	struct net *net = link->net;
	const struct arp_body *body;
	const struct arphdr *arp;
	struct arphdr peek;
	enum teach_stat why;
	bool valid, heard = false;
	u16 op;

	/* Most ARP frames are IPv4's, and shared with it: look before touching.
	 * A frame of a VLAN or a bond comes by here too, as another device's.
	 */
	arp = skb_header_pointer(skb, 0, sizeof(peek), &peek);
	if (dev != link->dev || dev->flags & IFF_NOARP || !teach_link_alive(link) ||
	    skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_LOOPBACK ||
	    !arp || arp->ar_pro != htons(ETH_P_TEACH)) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		teach_stats_inc(net, TEACH_STAT_IN_NO_MEMORY);
		return NET_RX_DROP;
	}
	why = TEACH_STAT_ARP_BAD_LENGTH;
	if (!pskb_may_pull(skb, ARP_LEN))
		goto drop;
	arp = (const struct arphdr *)skb->data;
	if (arp->ar_hrd != htons(ARPHRD_ETHER) || arp->ar_hln != ETH_ALEN ||
	    arp->ar_pln != sizeof(struct teach_addr))
		goto drop;

	op = ntohs(arp->ar_op);
	why = TEACH_STAT_ARP_BAD_OP;
	if (op != ARPOP_REQUEST && op != ARPOP_REPLY)
		goto drop;
	body = (const struct arp_body *)(arp + 1);
	valid = arp_valid(link, op, body, &why);
	if (valid || why == TEACH_STAT_ARP_CONFLICT || answers_probe(op, body, why))
		heard = teach_claim_heard(link, body->sender, body->sender_mac,
					  body->target);
	if (!valid && !(heard && why == TEACH_STAT_ARP_BAD_ADDR))
		goto drop;

	if (op == ARPOP_REQUEST)
		arp_request(link, body);
	else
		arp_reply(link, body, skb->pkt_type == PACKET_HOST);
	consume_skb(skb);
	return NET_RX_SUCCESS;

drop:
	teach_drop(net, skb, why, SKB_DROP_REASON_NOT_SPECIFIED);
	return NET_RX_DROP;
}

/**
 * teach_arp_attach() - resolve a link's neighbours by ARP
 * @link: link that receives nothing yet
 *
 * Fills in what link/device.c registers. Process context under RTNL.
 */
void teach_arp_attach(struct teach_link *link)
{
	link->resolver = &arp_resolver;
	link->rx_arp.type = htons(ETH_P_ARP);
	link->rx_arp.dev = link->dev;
	link->rx_arp.func = arp_rcv;
}
