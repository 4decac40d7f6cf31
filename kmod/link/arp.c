// SPDX-License-Identifier: GPL-2.0
/*
 * ARP for TEACH addresses: RFC 826, with the checks of RFC 5227 and RFC 5494.
 *
 * A frame is received as RFC 826 writes it ("Packet Reception"); the left column
 * says it, the right one where it is done:
 *
 *   ?Do I have the hardware type in ar$hrd?		arp_rcv(); and ar$hln
 *   ?Do I speak the protocol in ar$pro?		arp_rcv(), first of all since most
 *							frames are IPv4's; and ar$pln
 *   Merge_flag := false
 *   If the sender is in my translation table,		arp_merge()
 *     update its hardware address,
 *     Merge_flag := true
 *   ?Am I the target protocol address?			arp_target()
 *     If Merge_flag is false, add the sender		arp_learn()
 *     ?Is the opcode REQUEST? (NOW look at it)		arp_target()
 *       answer it
 *
 * Where this departs from it, it does so as IPv4 on Linux does: only a request that
 * is answered adds its sender (arp_accept adds more), because else whoever sends
 * replies that nobody asked for could fill the cache and put themselves into it; and
 * of several MAC addresses within the locktime the first counts (proxies that all
 * answer). Where IPv4 believes who speaks last, one that is REACHABLE is asked first:
 * see link/nud_table.c. An entry becomes REACHABLE only by a reply that was sent to us
 * alone and that we had asked for; all else says where a host is, not that it hears us.
 *
 * Two operations more are not ARP's but those of link/nd.c.
 *
 * What is said of addresses that cannot be a host's, or that are ours, is dropped
 * before anything is learnt of it.
 */
#include <linux/etherdevice.h>
#include "link/addr.h"
#include "link/arp.h"
#include "link/arp_frame.h"
#include "link/claim.h"
#include "link/link.h"
#include "link/nd.h"
#include "link/nd_frame.h"
#include "link/neigh_table.h"
#include "link/proxy.h"
#include "link/resolver.h"
#include "link/stats.h"

/**
 * struct arp_msg - a frame that came in
 * @link: by which it came
 * @body: its addresses
 * @op: ARPOP_*, or what else was there, in host byte order
 * @to_us: it was sent to this host alone
 * @probe: a request that tells no sender (RFC 5227, section 1.1)
 * @announcement: it says where its sender is, and asks and answers nobody
 * @for_us: the target is one of our addresses
 */
struct arp_msg {
	struct teach_link		*link;
	const struct teach_arp_body	*body;
	u16				op;
	bool				to_us;
	bool				probe;
	bool				announcement;
	bool				for_us;
};

/* ---- Asking ------------------------------------------------------------------------------- */

static void arp_solicit(const struct teach_neigh *n, const u8 *mac, __be32 from)
{
	const struct teach_link *link = n->key.link;
	__be32 sender = teach_resolver_source(link, n->key.addr, from);

	/* Without an address of our own nobody could answer us. */
	if (sender)
		teach_arp_send(link, ARPOP_REQUEST, mac, n->key.addr, sender);
}

static bool arp_claim(const struct teach_link *link, __be32 target, __be32 sender)
{
	return teach_arp_send(link, ARPOP_REQUEST, NULL, target, sender);
}

static const struct teach_resolver arp_resolver = {
	.solicit = arp_solicit,
	.claim = arp_claim,
};

/* ---- Being asked -------------------------------------------------------------------------- */

/* Must a request for an address of ours go without an answer? As arp_ignore says. */
static bool arp_ignored(const struct arp_msg *msg)
{
	const struct teach_link *link = msg->link;
	const struct teach_ifaddr *ifa;

	switch (teach_link_policy(link, TEACH_PARM_A_ARP_IGNORE)) {
	case 1:
		return !teach_addr_find(link->net, msg->body->target, link);
	case 2:
		ifa = teach_addr_find(link->net, msg->body->target, link);
		return !ifa || (msg->body->sender &&
				!teach_addr_same_net(ifa, msg->body->sender));
	case 8:
		return true;
	}
	/* 3 spares addresses of scope host, which TEACH does not have. */
	return false;
}

/* May a host that nobody asked for make its own entry? As arp_accept says. */
static bool arp_accepted(const struct arp_msg *msg)
{
	if (!msg->announcement && msg->op != ARPOP_REPLY)
		return false;
	switch (teach_link_policy(msg->link, TEACH_PARM_A_ARP_ACCEPT)) {
	case 1:
		return true;
	case 2:
		return teach_addr_on_link(msg->link, msg->body->sender, 0);
	}
	return false;
}

/* Is the question one that is answered for somebody else? Not that of a host which
 * looks whether its own address is free, or says that it has it: that would be a
 * conflict (RFC 5227, section 2.1.1).
 */
static bool arp_proxied(const struct arp_msg *msg)
{
	return msg->op == ARPOP_REQUEST && !msg->for_us && !msg->probe &&
	       !msg->announcement && teach_proxy_wanted(msg->link, msg->body->target);
}

static enum teach_neigh_reason arp_reason(const struct arp_msg *msg, u8 state)
{
	if (state == NUD_REACHABLE)
		return TEACH_NEIGH_REASON_REPLY;
	if (msg->announcement)
		return TEACH_NEIGH_REASON_ANNOUNCEMENT;
	if (msg->op == ARPOP_REQUEST)
		return TEACH_NEIGH_REASON_REQUEST;
	return TEACH_NEIGH_REASON_UNSOLICITED;
}

/* Take what a frame says of its sender; at once, if another MAC address is news and
 * not one of several answers.
 */
static void arp_learn(struct teach_neigh *n, const struct arp_msg *msg, bool at_once)
{
	unsigned long lock_end = READ_ONCE(n->nud.updated) +
				 READ_ONCE(msg->link->parms.locktime);
	bool asked = READ_ONCE(n->nud.state) & (NUD_INCOMPLETE | NUD_PROBE);
	unsigned int flags;
	u8 state = NUD_STALE;

	if (msg->op == ARPOP_REPLY && msg->to_us && asked)
		state = NUD_REACHABLE;
	flags = TEACH_UPDATE_WHY(arp_reason(msg, state));
	/* Of several answers in a row the first counts (proxies that all
	 * answer): another MAC address is taken only later.
	 */
	if (at_once || time_after(jiffies, lock_end))
		flags |= TEACH_UPDATE_OVERRIDE;
	if (teach_neigh_update(n, msg->body->sender_mac, state, flags) == -EBUSY)
		teach_link_count(msg->link, TEACH_STAT_ARP_LOCKED);
}

/* Return: the Merge_flag. */
static bool arp_merge(const struct arp_msg *msg)
{
	struct teach_neigh *n = teach_neigh_find(msg->link, msg->body->sender);
	bool asks_us = msg->for_us && msg->op == ARPOP_REQUEST;

	if (n)
		arp_learn(n, msg, msg->announcement || asks_us);
	return n;
}

static void arp_add(const struct arp_msg *msg)
{
	struct teach_neigh *n = teach_neigh_get_heard(msg->link, msg->body->sender);

	/* A full cache is counted there. */
	if (!IS_ERR(n))
		arp_learn(n, msg, true);
}

static void arp_answer(const struct arp_msg *msg)
{
	teach_arp_send(msg->link, ARPOP_REPLY, msg->body->sender_mac,
		       msg->body->sender, msg->body->target);
}

/* The RFC's second half. Return: 0, or the counter of why it ends here. */
static enum teach_stat arp_target(const struct arp_msg *msg, bool merged)
{
	if (msg->op == ARPOP_REQUEST && msg->for_us) {
		if (arp_ignored(msg))
			return TEACH_STAT_ARP_IGNORED;
		/* A probe is answered, but there is nothing to learn. */
		if (!msg->probe && !merged)
			arp_add(msg);
		arp_answer(msg);
		return 0;
	}
	if (msg->op != ARPOP_REQUEST && msg->op != ARPOP_REPLY)
		return TEACH_STAT_ARP_BAD_OP;
	if (arp_proxied(msg)) {
		if (!merged)
			arp_add(msg);
		teach_proxy_answer(msg->link, msg->body->target, msg->body->sender,
				   msg->body->sender_mac, msg->to_us);
		return 0;
	}
	if (!merged && arp_accepted(msg)) {
		arp_add(msg);
		return 0;
	}
	if (msg->op == ARPOP_REQUEST)
		return TEACH_STAT_ARP_NOT_FOR_US;
	return merged ? 0 : TEACH_STAT_ARP_UNSOLICITED;
}

/* ---- Reception ---------------------------------------------------------------------------- */

static bool arp_valid(const struct arp_msg *msg, enum teach_stat *why)
{
	const struct teach_arp_body *body = msg->body;
	const struct teach_link *link = msg->link;

	if (!is_valid_ether_addr(body->sender_mac))
		*why = TEACH_STAT_ARP_BAD_MAC;
	else if (ether_addr_equal(body->sender_mac, link->dev->dev_addr))
		*why = TEACH_STAT_ARP_OWN_MAC;
	else if ((!body->sender && !msg->probe) || !body->target ||
		 teach_addr_is_broadcast(link, body->sender) ||
		 teach_addr_is_broadcast(link, body->target))
		*why = TEACH_STAT_ARP_BAD_ADDR;
	else if (teach_addr_is_local(link->net, body->sender))
		*why = TEACH_STAT_ARP_CONFLICT;
	else
		return true;
	return false;
}

/* What conflict detection wants to hear (RFC 5227, sections 2.1.1 and 2.4): all that is
 * sound, claims of our own addresses, and answers to probes. A probe has no sender's
 * address, so its answer has none to be sent to: it is right if we had asked.
 */
static bool arp_claims(const struct arp_msg *msg, bool valid, enum teach_stat why)
{
	if (msg->op != ARPOP_REQUEST && msg->op != ARPOP_REPLY)
		return false;
	if (valid || why == TEACH_STAT_ARP_CONFLICT)
		return true;
	return why == TEACH_STAT_ARP_BAD_ADDR && msg->op == ARPOP_REPLY &&
	       msg->body->sender && !msg->body->target;
}

static void arp_count(const struct arp_msg *msg)
{
	const struct teach_link *link = msg->link;

	if (msg->op == ARPOP_REQUEST)
		teach_link_count(link, TEACH_STAT_ARP_IN_REQUESTS);
	if (msg->op == ARPOP_REPLY)
		teach_link_count(link, TEACH_STAT_ARP_IN_REPLIES);
	if (msg->probe)
		teach_link_count(link, TEACH_STAT_ARP_IN_PROBES);
	if (msg->announcement)
		teach_link_count(link, TEACH_STAT_ARP_IN_ANNOUNCEMENTS);
}

/* Return: 0, or the counter of why the frame ends here. */
static enum teach_stat arp_input(struct arp_msg *msg)
{
	const struct teach_arp_body *body = msg->body;
	enum teach_stat why = TEACH_STAT_UNSPEC;
	bool valid, merged, heard = false;

	msg->probe = msg->op == ARPOP_REQUEST && !body->sender;
	/* As IPv4: a reply announces only if it says its sender's MAC address twice. */
	msg->announcement = body->sender == body->target &&
			    (msg->op == ARPOP_REQUEST ||
			     (msg->op == ARPOP_REPLY &&
			      ether_addr_equal(body->sender_mac, body->target_mac)));
	valid = arp_valid(msg, &why);
	if (arp_claims(msg, valid, why))
		heard = teach_claim_heard(msg->link, body->sender, body->sender_mac,
					  body->target);
	if (!valid && !(heard && why == TEACH_STAT_ARP_BAD_ADDR))
		return why;
	arp_count(msg);
	if (body->sender == body->target &&
	    teach_link_policy(msg->link, TEACH_PARM_A_DROP_GRATUITOUS_ARP))
		return TEACH_STAT_ARP_GRATUITOUS;

	msg->for_us = teach_addr_is_local(msg->link->net, body->target);
	merged = !msg->probe && arp_merge(msg);
	return arp_target(msg, merged);
}

static int arp_rcv(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *pt, struct net_device *orig_dev)
{
	struct arp_msg msg = { .link = container_of(pt, struct teach_link, rx_arp) };
	const struct arphdr *arp;
	struct arphdr peek;
	enum teach_stat why;

	/* Most ARP frames are IPv4's, and shared with it: look before touching.
	 * A frame of a VLAN or a bond comes by here too, as another device's.
	 */
	arp = skb_header_pointer(skb, 0, sizeof(peek), &peek);
	if (dev != msg.link->dev || dev->flags & IFF_NOARP || !teach_link_alive(msg.link) ||
	    skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_LOOPBACK ||
	    !arp || arp->ar_pro != htons(ETH_P_TEACH)) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		teach_link_count(msg.link, TEACH_STAT_IN_NO_MEMORY);
		return NET_RX_DROP;
	}
	why = TEACH_STAT_ARP_BAD_LENGTH;
	if (!pskb_may_pull(skb, TEACH_ARP_LEN))
		goto drop;
	arp = (const struct arphdr *)skb->data;
	if (arp->ar_hrd != htons(ARPHRD_ETHER) || arp->ar_hln != ETH_ALEN ||
	    arp->ar_pln != sizeof(struct teach_addr))
		goto drop;

	msg.body = (const struct teach_arp_body *)(arp + 1);
	msg.op = ntohs(arp->ar_op);
	msg.to_us = skb->pkt_type == PACKET_HOST;
	if (msg.op == TEACH_ND_SOLICIT || msg.op == TEACH_ND_ADVERT)
		why = teach_nd_rcv(msg.link, skb);
	else
		why = arp_input(&msg);
	if (why)
		goto drop;
	consume_skb(skb);
	return NET_RX_SUCCESS;

drop:
	teach_link_drop(msg.link, skb, why, SKB_DROP_REASON_NOT_SPECIFIED);
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
	link->resolvers[TEACH_BY_ARP] = &arp_resolver;
	link->rx_arp.type = htons(ETH_P_ARP);
	link->rx_arp.dev = link->dev;
	link->rx_arp.func = arp_rcv;
}
