/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_SOCK_H
#define TEACH_SOCK_SOCK_H

#include <linux/teach.h>
#include <net/sock.h>
#include "net/path.h"
#include "sock/rxqueue.h"

/**
 * enum teach_sock_flag - bits of teach_sock.flags, each an option
 * @TEACH_SK_RECVERR: TEACH_RECVERR
 * @TEACH_SK_PKTINFO: TEACH_PKTINFO
 * @TEACH_SK_RECVHOPLIMIT: TEACH_RECVHOPLIMIT
 * @TEACH_SK_RECVTCLASS: TEACH_RECVTCLASS
 */
enum teach_sock_flag {
	TEACH_SK_RECVERR,
	TEACH_SK_PKTINFO,
	TEACH_SK_RECVHOPLIMIT,
	TEACH_SK_RECVTCLASS,
};

/**
 * struct teach_sock - what all TEACH sockets have
 * @sk: must be first
 * @port_node: in the port table, by port; the table's lock
 * @addr_node: in the port table, by address and port; the table's lock
 * @hashed_addr: address under which @addr_node is; set when bound
 * @rcv_saddr: address that packets must be for, or any
 * @saddr: source address, or any to have it selected; as @rcv_saddr unless that
 *	is a broadcast address
 * @daddr: address of the peer, or any if not connected
 * @sport: local port, 0 if not bound
 * @dport: port of the peer, or 0
 * @flags: bits of enum teach_sock_flag, set atomically
 * @hop_limit: TEACH_HOPLIMIT, or -1 for the namespace's default
 * @tclass: TEACH_TCLASS
 * @oif: device given to connect(), or 0
 * @path: path of the last packet sent
 * @rxq: what waits to be received
 *
 * Addresses and ports change under lock_sock() and are read without it: each
 * is one word, and a packet in flight while one changes may see either.
 */
struct teach_sock {
	struct sock		sk;

	struct hlist_node	port_node;
	struct hlist_node	addr_node;
	__be32			hashed_addr;
	__be32			rcv_saddr;
	__be32			saddr;
	__be32			daddr;
	__be16			sport;
	__be16			dport;
	unsigned long		flags;
	s16			hop_limit;
	u8			tclass;
	int			oif;
	struct teach_path_cache	path;
	struct teach_rxq	rxq;
};

static inline struct teach_sock *teach_sk(const struct sock *sk)
{
	return (struct teach_sock *)sk;
}

#endif
