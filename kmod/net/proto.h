/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_PROTO_H
#define TEACH_NET_PROTO_H

#include <linux/skbuff.h>
#include <linux/teach.h>

struct net;

/**
 * struct teach_error - what became of a packet that this host sent
 * @err: errno for the sender, positive
 * @fatal: worth telling a connected socket that did not ask for errors
 * @origin: SO_EE_ORIGIN_*
 * @type: type of the control message; with SO_EE_ORIGIN_LOCAL what it would be
 * @code: its code
 * @info: its number, in host byte order
 * @offender: who says so
 * @ifindex: device it came in by, or 0
 */
struct teach_error {
	int	err;
	bool	fatal;
	u8	origin;
	u8	type;
	u8	code;
	u32	info;
	__be32	offender;
	int	ifindex;
};

/**
 * struct teach_protocol - who takes packets of a protocol number
 * @rcv: takes a packet: skb->data is behind the TEACH header, which the network
 *	header points to; consumes it. Context: rcu_read_lock(), softirq or
 *	BHs off
 * @err: one of our packets met an error. skb->data is at the TEACH header of
 *	the packet that met it, of which TEACH header and 8 bytes more are in
 *	the linear part, and of which the rest may be missing; does not consume
 *	it. Same context
 */
struct teach_protocol {
	void (*rcv)(struct net *net, struct sk_buff *skb);
	void (*err)(struct net *net, struct sk_buff *skb,
		    const struct teach_error *error);
};

int teach_protocol_add(u8 number, const struct teach_protocol *protocol);
void teach_protocol_del(u8 number);
const struct teach_protocol *teach_protocol_get_rcu(u8 number);

#endif
