// SPDX-License-Identifier: GPL-2.0
/*
 * Input: a frame of ours came in by a device. Is it sound, and for us?
 */
#include "link/addr.h"
#include "link/link.h"
#include "link/stats.h"
#include "net/deliver.h"
#include "net/header.h"
#include "net/input.h"

/* Lengths and version, each byte checked to be there before it is read. Cuts off
 * what Ethernet padded. Return: the header, or NULL and why not.
 */
static const struct teachhdr *check_header(struct sk_buff *skb, enum teach_stat *why)
{
	const struct teachhdr *hdr;
	unsigned int hlen, len;

	*why = TEACH_STAT_IN_TRUNCATED;
	if (!pskb_may_pull(skb, sizeof(*hdr)))
		return NULL;
	hdr = teach_hdr(skb);
	hlen = teach_hdr_len(hdr);
	len = ntohs(hdr->tot_len);

	*why = TEACH_STAT_IN_BAD_VERSION;
	if (teach_hdr_version(hdr) != TEACH_VERSION)
		return NULL;
	*why = TEACH_STAT_IN_HDR_ERRORS;
	if (hlen < sizeof(*hdr) || len < hlen)
		return NULL;
	*why = TEACH_STAT_IN_TRUNCATED;
	if (skb->len < len)
		return NULL;
	*why = TEACH_STAT_IN_NO_MEMORY;
	if (!pskb_may_pull(skb, hlen) || pskb_trim_rcsum(skb, len))
		return NULL;
	return teach_hdr(skb);
}

/* Are source and destination such that the packet is for this host? */
static bool check_addresses(struct sk_buff *skb, const struct teach_link *link,
			    const struct teachhdr *hdr, enum teach_stat *why)
{
	struct net *net = link->net;

	*why = TEACH_STAT_IN_SRC_ERRORS;
	if (!hdr->saddr || teach_addr_is_local(net, hdr->saddr) ||
	    teach_addr_is_broadcast(link, hdr->saddr))
		return false;

	if (teach_addr_is_local(net, hdr->daddr)) {
		/* RFC 1122, section 3.3.6: a unicast packet in a broadcast
		 * frame would be answered by all.
		 */
		*why = TEACH_STAT_IN_CAST_ERRORS;
		return skb->pkt_type == PACKET_HOST;
	}
	*why = TEACH_STAT_IN_DST_ERRORS;
	if (!teach_addr_is_broadcast(link, hdr->daddr))
		return false;
	__teach_stats_inc(net, TEACH_STAT_IN_BROADCASTS);
	teach_skb_cb(skb)->broadcast = true;
	return true;
}

/**
 * teach_input() - a frame of ETH_P_TEACH came in
 * @skb: from its TEACH header on; consumed
 * @dev: device
 * @pt: the handler, within the link
 * @orig_dev: device below @dev that it came in by
 *
 * As packet_type.func: softirq, rcu_read_lock(). Return: NET_RX_*.
 */
int teach_input(struct sk_buff *skb, struct net_device *dev,
		struct packet_type *pt, struct net_device *orig_dev)
{
	struct teach_link *link = container_of(pt, struct teach_link, rx_teach);
	const struct teachhdr *hdr;
	struct net *net = link->net;
	enum teach_stat why;

	/* A frame of a VLAN or a bond comes by here too, as another device's. */
	if (dev != link->dev || !teach_link_alive(link) ||
	    skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_LOOPBACK) {
		consume_skb(skb);
		return NET_RX_SUCCESS;
	}
	__teach_stats_inc(net, TEACH_STAT_IN_PACKETS);
	__teach_stats_add(net, TEACH_STAT_IN_OCTETS, skb->len);
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		__teach_stats_inc(net, TEACH_STAT_IN_NO_MEMORY);
		return NET_RX_DROP;
	}

	skb_reset_network_header(skb);
	teach_skb_cb(skb)->ifindex = link->ifindex;
	teach_skb_cb(skb)->broadcast = false;
	hdr = check_header(skb, &why);
	if (!hdr || !check_addresses(skb, link, hdr, &why)) {
		teach_drop(net, skb, why, SKB_DROP_REASON_NOT_SPECIFIED);
		return NET_RX_DROP;
	}
	skb_pull_rcsum(skb, teach_hdr_len(hdr));
	skb_reset_transport_header(skb);
	skb_orphan(skb);
	teach_deliver(net, skb);
	return NET_RX_SUCCESS;
}
