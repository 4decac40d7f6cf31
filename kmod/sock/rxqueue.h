/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_RXQUEUE_H
#define TEACH_SOCK_RXQUEUE_H

#include <net/sock.h>

/**
 * struct teach_rxq - packets that wait at a socket
 * @reader: packets that readers have taken from sk_receive_queue in one go; its
 *	lock excludes readers from each other, and sk_receive_queue.lock is
 *	taken inside it
 * @freed: bytes of read packets not yet taken off sk_rmem_alloc; @reader.lock
 *
 * The softirq that brings packets and the thread that reads them meet once for
 * many packets: both at the lock and at the counter of memory. A packet
 * here has no destructor; its truesize is accounted by this file.
 */
struct teach_rxq {
	struct sk_buff_head	reader;
	unsigned int		freed;
};

void teach_rxq_init(struct teach_rxq *rxq);
void teach_rxq_purge(struct sock *sk, struct teach_rxq *rxq);
bool teach_rxq_add(struct sock *sk, struct sk_buff *skb);
struct sk_buff *teach_rxq_get(struct sock *sk, struct teach_rxq *rxq,
			      unsigned int flags, int *offset, int *err);
void teach_rxq_done(struct sock *sk, struct sk_buff *skb, unsigned int flags,
		    int copied);
int teach_rxq_first_len(struct sock *sk, struct teach_rxq *rxq);

#endif
