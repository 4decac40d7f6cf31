/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_RXQUEUE_H
#define TEACH_SOCK_RXQUEUE_H

#include <linux/poll.h>
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

struct teach_sock;

void teach_rxq_init(struct teach_sock *tsk);
void teach_rxq_purge(struct teach_sock *tsk);
bool teach_rxq_add(struct teach_sock *tsk, struct sk_buff *skb);
struct sk_buff *teach_rxq_get(struct teach_sock *tsk, unsigned int flags,
			      int *offset, int *err);
void teach_rxq_done(struct teach_sock *tsk, struct sk_buff *skb, unsigned int flags,
		    int copied);
int teach_rxq_first_len(struct teach_sock *tsk);
__poll_t teach_rxq_poll(struct file *file, struct socket *sock,
			struct poll_table_struct *wait);

#endif
