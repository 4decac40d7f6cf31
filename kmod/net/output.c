// SPDX-License-Identifier: GPL-2.0
/*
 * Output: a packet with its TEACH header leaves by its path.
 */
#include "link/neigh.h"
#include "link/stats.h"
#include "net/deliver.h"
#include "net/header.h"
#include "net/output.h"

/* To ourselves. What a device would have done, a time stamp, is done here. As with
 * IPv4, the packet comes in by the device it was to leave by.
 */
static int output_local(struct net *net, struct sk_buff *skb, int ifindex,
			bool broadcast)
{
	__teach_stats_inc(net, TEACH_STAT_OUT_LOCAL);
	skb->dev = net->loopback_dev;
	skb_tx_timestamp(skb);
	skb_clear_tstamp(skb);
	skb_orphan(skb);
	skb->pkt_type = broadcast ? PACKET_BROADCAST : PACKET_HOST;
	teach_skb_cb(skb)->ifindex = ifindex;
	teach_skb_cb(skb)->broadcast = broadcast;
	__skb_pull(skb, sizeof(struct teachhdr));

	/* Who takes it may be interrupted by a softirq that gives it more. */
	local_bh_disable();
	teach_deliver(net, skb);
	local_bh_enable();
	return 0;
}

static int output_broadcast(struct net *net, struct sk_buff *skb,
			    const struct teach_path *path)
{
	struct sk_buff *ours = skb_clone(skb, GFP_ATOMIC);

	__teach_stats_inc(net, TEACH_STAT_OUT_BROADCASTS);
	if (ours)
		output_local(net, ours, skb->dev->ifindex, true);
	else
		__teach_stats_inc(net, TEACH_STAT_IN_NO_MEMORY);
	return teach_neigh_output(path->neigh, skb);
}

/**
 * teach_output() - send a packet
 * @net: network namespace
 * @skb: packet from its TEACH header on, which has no options, transport header
 *	set; consumed
 * @path: how it gets there
 *
 * Context: rcu_read_lock(), the section in which @path was found. Return: 0, a
 * negative errno, or a positive NET_XMIT_* code.
 */
int teach_output(struct net *net, struct sk_buff *skb, const struct teach_path *path)
{
	__teach_stats_inc(net, TEACH_STAT_OUT_PACKETS);
	__teach_stats_add(net, TEACH_STAT_OUT_OCTETS, skb->len);
	skb->protocol = htons(ETH_P_TEACH);
	if (unlikely(path->type == TEACH_PATH_LOCAL))
		return output_local(net, skb, path->oif, false);

	skb->dev = path->neigh->key.link->dev;
	if (unlikely(path->type == TEACH_PATH_BROADCAST))
		return output_broadcast(net, skb, path);
	return teach_neigh_output(path->neigh, skb);
}
