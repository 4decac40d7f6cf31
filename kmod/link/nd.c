// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbour discovery for TEACH addresses: what RFC 4861, section 7.2, has in ARP's place.
 *
 *	who is asked		by a solicitation to		answered by an advertisement to
 *	an address nobody	the group of the address	who asks: solicited, override
 *	  knows the MAC of	  (link/group.c)
 *	a known MAC address	that				the same
 *	who has an address	the group, without a		all: override
 *	  that we want		  sender's address: a probe
 *	nobody						all, as an announcement: override
 *
 * What is learnt goes into the same cache, by the same state machine, as what ARP learns
 * (link/nud_table.c): section 7.2.5, with "override" and "solicited" as there. As with ARP a
 * neighbour that is REACHABLE is asked before another MAC address is taken, where the RFC lets
 * an advertisement with "override" replace it at once.
 *
 * Only what is said to this host alone makes an entry REACHABLE, and only if it had asked.
 * Nobody is answered for: there is no proxy in this manner.
 */
#include <linux/etherdevice.h>
#include "link/addr.h"
#include "link/claim.h"
#include "link/group.h"
#include "link/link.h"
#include "link/nd.h"
#include "link/nd_frame.h"
#include "link/neigh_table.h"
#include "link/resolver.h"

/* ---- Asking ------------------------------------------------------------------------------- */

static void nd_solicit(const struct teach_neigh *n, const u8 *mac, __be32 from)
{
	const struct teach_link *link = n->key.link;
	__be32 sender = teach_resolver_source(link, n->key.addr, from);
	u8 group[ETH_ALEN];

	teach_group_mac(n->key.addr, group);
	if (sender)
		teach_nd_send(link, TEACH_ND_SOLICIT, mac ?: group, n->key.addr, sender, 0);
}

static bool nd_claim(const struct teach_link *link, __be32 target, __be32 sender)
{
	u8 group[ETH_ALEN];

	if (sender)
		return teach_nd_send(link, TEACH_ND_ADVERT, NULL, 0, sender, TEACH_ND_OVERRIDE);
	teach_group_mac(target, group);
	return teach_nd_send(link, TEACH_ND_SOLICIT, group, target, 0, 0);
}

static const struct teach_resolver nd_resolver = {
	.solicit = nd_solicit,
	.claim = nd_claim,
};

/* ---- Being told ---------------------------------------------------------------------------- */

/* Return: 0, or the counter of why not. */
static enum teach_stat nd_learn(struct teach_neigh *n, const struct teach_nd_msg *msg,
				u8 state, unsigned int flags,
				enum teach_neigh_reason reason)
{
	if (teach_neigh_update(n, msg->body.sender_mac, state,
			       flags | TEACH_UPDATE_WHY(reason)) == -EBUSY)
		return TEACH_STAT_ND_LOCKED;
	return 0;
}

/* RFC 4861, section 7.2.3, and 7.2.4. */
static enum teach_stat nd_solicited(struct teach_link *link, const struct teach_nd_msg *msg)
{
	const struct teach_arp_body *body = &msg->body;
	struct teach_neigh *n;

	if (!teach_addr_find(link->net, body->target, link))
		return TEACH_STAT_ND_NOT_FOR_US;
	teach_link_count(link, TEACH_STAT_ND_IN_SOLICITS);
	if (!body->sender) {
		teach_nd_send(link, TEACH_ND_ADVERT, NULL, 0, body->target,
			      TEACH_ND_OVERRIDE);
		return 0;
	}
	n = teach_neigh_get_heard(link, body->sender);
	/* A full cache is counted there, and it is answered all the same. */
	if (!IS_ERR(n) && nd_learn(n, msg, NUD_STALE, TEACH_UPDATE_OVERRIDE,
				   TEACH_NEIGH_REASON_REQUEST))
		teach_link_count(link, TEACH_STAT_ND_LOCKED);
	teach_nd_send(link, TEACH_ND_ADVERT, body->sender_mac, body->sender, body->target,
		      TEACH_ND_SOLICITED | TEACH_ND_OVERRIDE);
	return 0;
}

/* RFC 4861, section 7.2.5. */
static enum teach_stat nd_advertised(struct teach_link *link, const struct teach_nd_msg *msg,
				     bool to_us)
{
	struct teach_neigh *n = teach_neigh_find(link, msg->body.sender);
	u32 said = ntohl(msg->flags);
	enum teach_neigh_reason reason = TEACH_NEIGH_REASON_ANNOUNCEMENT;
	unsigned int flags;
	u8 state = NUD_STALE;

	teach_link_count(link, TEACH_STAT_ND_IN_ADVERTS);
	if (!n)
		return TEACH_STAT_ND_UNSOLICITED;
	flags = said & TEACH_ND_OVERRIDE ? TEACH_UPDATE_OVERRIDE : TEACH_UPDATE_WEAK;
	flags |= said & TEACH_ND_ROUTER ? TEACH_UPDATE_ROUTER : TEACH_UPDATE_NO_ROUTER;
	if (to_us)
		reason = TEACH_NEIGH_REASON_UNSOLICITED;
	if (said & TEACH_ND_SOLICITED &&
	    READ_ONCE(n->nud.state) & (NUD_INCOMPLETE | NUD_PROBE)) {
		state = NUD_REACHABLE;
		reason = TEACH_NEIGH_REASON_REPLY;
	}
	return nd_learn(n, msg, state, flags, reason);
}

/* ---- Reception ---------------------------------------------------------------------------- */

/* A probe has no other way to those that it is for (RFC 4861, section 7.1.1). */
static bool nd_to_group(const struct sk_buff *skb, const struct teach_nd_msg *msg)
{
	u8 group[ETH_ALEN];

	teach_group_mac(msg->body.target, group);
	return ether_addr_equal(eth_hdr(skb)->h_dest, group);
}

/* Return: 0, or the counter of what is wrong with it: sections 7.1.1 and 7.1.2. */
static enum teach_stat nd_check(const struct teach_link *link, const struct sk_buff *skb,
				const struct teach_nd_msg *msg, bool solicit)
{
	const struct teach_arp_body *body = &msg->body;
	__be32 wanted = solicit ? body->target : body->sender;

	if (!is_valid_ether_addr(body->sender_mac))
		return TEACH_STAT_ND_BAD_MAC;
	if (ether_addr_equal(body->sender_mac, link->dev->dev_addr))
		return TEACH_STAT_ND_OWN_MAC;
	if (!wanted || teach_addr_is_broadcast(link, wanted) ||
	    teach_addr_is_broadcast(link, body->sender))
		return TEACH_STAT_ND_BAD_ADDR;
	if (solicit && !body->sender && !nd_to_group(skb, msg))
		return TEACH_STAT_ND_BAD_ADDR;
	if (!solicit && skb->pkt_type != PACKET_HOST && ntohl(msg->flags) & TEACH_ND_SOLICITED)
		return TEACH_STAT_ND_BAD_FLAGS;
	return 0;
}

/**
 * teach_nd_rcv() - a solicitation or an advertisement came
 * @link: by which link
 * @skb: frame from its ARP header on, which was found to be about TEACH addresses;
 *	not shared; the caller frees it
 *
 * Softirq, under rcu_read_lock(), link alive. Return: 0, or the counter of why it ends here.
 */
enum teach_stat teach_nd_rcv(struct teach_link *link, struct sk_buff *skb)
{
	const struct teach_nd_msg *msg;
	const struct teach_arp_body *body;
	enum teach_stat why;
	bool solicit;

	if (!pskb_may_pull(skb, sizeof(*msg)))
		return TEACH_STAT_ND_BAD_LENGTH;
	msg = (const struct teach_nd_msg *)skb->data;
	body = &msg->body;
	solicit = msg->hdr.ar_op == htons(TEACH_ND_SOLICIT);
	why = nd_check(link, skb, msg, solicit);
	if (why)
		return why;
	/* Who wants, or has, an address that we want or have (RFC 4862, section 5.4). */
	teach_claim_heard(link, body->sender, body->sender_mac, body->target);
	if (body->sender && teach_addr_is_local(link->net, body->sender))
		return TEACH_STAT_ND_CONFLICT;
	return solicit ? nd_solicited(link, msg) :
			 nd_advertised(link, msg, skb->pkt_type == PACKET_HOST);
}

/**
 * teach_nd_attach() - ask in this manner, where the link's parameter says so
 * @link: link that receives nothing yet
 *
 * Its frames come by link/arp.c. Process context under RTNL.
 */
void teach_nd_attach(struct teach_link *link)
{
	link->resolvers[TEACH_BY_ND] = &nd_resolver;
}
