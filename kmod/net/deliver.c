// SPDX-License-Identifier: GPL-2.0
/*
 * Local delivery: a packet for this host goes to who takes its protocol.
 *
 * The last step of input and, for a packet to ourselves, of output.
 */
#include "link/stats.h"
#include "net/deliver.h"
#include "net/header.h"
#include "net/proto.h"

/**
 * teach_deliver() - hand a packet up
 * @net: network namespace
 * @skb: packet for this host: network header at its TEACH header, which is
 *	valid, skb->data and transport header behind it, struct teach_skb_cb
 *	filled in; consumed
 *
 * Context: rcu_read_lock(), softirq or BHs off.
 */
void teach_deliver(struct net *net, struct sk_buff *skb)
{
	const struct teach_protocol *protocol;

	protocol = teach_protocol_get_rcu(teach_hdr(skb)->protocol);
	if (likely(protocol && teach_hdr(skb)->protocol != TEACHPROTO_UNKNOWN)) {
		__teach_stats_inc(net, TEACH_STAT_IN_DELIVERS);
		protocol->rcv(net, skb);
		return;
	}
	protocol = teach_protocol_get_rcu(TEACHPROTO_UNKNOWN);
	if (protocol)
		protocol->rcv(net, skb);
	else
		teach_drop(net, skb, TEACH_STAT_IN_UNKNOWN_PROTOS,
			   SKB_DROP_REASON_UNHANDLED_PROTO);
}
