// SPDX-License-Identifier: GPL-2.0
/*
 * The receive queue of sockets that keep message boundaries.
 *
 * As UDP has it since 4.10: packets are added to sk_receive_queue by softirqs,
 * and a reader that finds its own queue empty takes all that are there at once.
 * The memory of what was read is given back in batches of a quarter of
 * the receive buffer, so that reader and softirq share their cache lines rarely.
 */
#include "sock/rxqueue.h"

/**
 * teach_rxq_init() - an empty queue
 * @rxq: queue of a new socket
 */
void teach_rxq_init(struct teach_rxq *rxq)
{
	skb_queue_head_init(&rxq->reader);
	rxq->freed = 0;
}

static void rmem_release(struct sock *sk, struct teach_rxq *rxq, unsigned int size,
			 bool all)
{
	rxq->freed += size;
	if (!all && rxq->freed < READ_ONCE(sk->sk_rcvbuf) >> 2 &&
	    !skb_queue_empty(&rxq->reader))
		return;
	atomic_sub(rxq->freed, &sk->sk_rmem_alloc);
	rxq->freed = 0;
}

/**
 * teach_rxq_purge() - drop all that waits
 * @sk: socket that nobody can reach any more
 * @rxq: its queue
 */
void teach_rxq_purge(struct sock *sk, struct teach_rxq *rxq)
{
	struct sk_buff_head *reader = &rxq->reader;
	unsigned int size = 0;
	struct sk_buff *skb;

	skb_queue_splice_tail_init(&sk->sk_receive_queue, reader);
	while ((skb = __skb_dequeue(reader))) {
		size += skb->truesize;
		kfree_skb(skb);
	}
	rmem_release(sk, rxq, size, true);
}

/**
 * teach_rxq_add() - a packet came for a socket
 * @sk: socket
 * @skb: packet, without destructor; consumed on success
 *
 * Context: BHs off, rcu_read_lock(). Return: false if the receive buffer is full,
 * which the socket has counted; the packet is the caller's then.
 */
bool teach_rxq_add(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	unsigned int rcvbuf = READ_ONCE(sk->sk_rcvbuf);
	unsigned int rmem = atomic_read(&sk->sk_rmem_alloc);

	/* One packet may exceed the buffer, or a small one would take none. */
	if (rmem > rcvbuf)
		goto full;
	rmem = atomic_add_return(skb->truesize, &sk->sk_rmem_alloc);
	if (rmem > rcvbuf + skb->truesize) {
		atomic_sub(skb->truesize, &sk->sk_rmem_alloc);
		goto full;
	}

	spin_lock(&queue->lock);
	sock_skb_set_dropcount(sk, skb);
	__skb_queue_tail(queue, skb);
	spin_unlock(&queue->lock);

	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return true;

full:
	sk_drops_inc(sk);
	return false;
}

/* The first packet to be read or peeked at: *offset bytes into the payloads that
 * wait, or at the head if that is negative since no peek offset is in use.
 */
static struct sk_buff *first_from(struct sk_buff_head *reader, unsigned int flags,
				  int *offset)
{
	struct sk_buff *skb;

	if (!(flags & MSG_PEEK)) {
		*offset = 0;
		return __skb_dequeue(reader);
	}
	skb_queue_walk(reader, skb) {
		/* Past what was peeked at; an empty packet is passed once. */
		if (*offset >= 0 && *offset >= (int)skb->len &&
		    (skb->len || *offset || skb->peeked)) {
			*offset -= skb->len;
			continue;
		}
		if (!skb->len)
			skb->peeked = 1;
		refcount_inc(&skb->users);
		return skb;
	}
	return NULL;
}

/* Take over what came since. */
static bool refill(struct sock *sk, struct teach_rxq *rxq)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;

	if (skb_queue_empty_lockless(queue))
		return false;
	spin_lock(&queue->lock);
	skb_queue_splice_tail_init(queue, &rxq->reader);
	spin_unlock(&queue->lock);
	return true;
}

static struct sk_buff *try_get(struct sock *sk, struct teach_rxq *rxq,
			       unsigned int flags, int *offset)
{
	struct sk_buff_head *reader = &rxq->reader;
	int from = *offset;
	struct sk_buff *skb;

	spin_lock_bh(&reader->lock);
	skb = first_from(reader, flags, offset);
	if (!skb && refill(sk, rxq)) {
		*offset = from;
		skb = first_from(reader, flags, offset);
	}
	if (skb && !(flags & MSG_PEEK))
		rmem_release(sk, rxq, skb->truesize, false);
	spin_unlock_bh(&reader->lock);
	if (!skb)
		*offset = from;
	return skb;
}

/**
 * teach_rxq_get() - the next packet, waiting for it if allowed
 * @sk: socket
 * @rxq: its queue
 * @flags: MSG_DONTWAIT, MSG_PEEK
 * @offset: is set to where in the packet to read from: 0 but for SO_PEEK_OFF
 * @err: is set without a packet: 0 at the end (shutdown), or a negative errno
 *
 * Process context, no lock held. Return: the packet, to be given to
 * teach_rxq_done() with the same flags, or NULL.
 */
struct sk_buff *teach_rxq_get(struct sock *sk, struct teach_rxq *rxq,
			      unsigned int flags, int *offset, int *err)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct sk_buff *skb;

	do {
		*err = sock_error(sk);
		if (*err)
			return NULL;
		*offset = sk_peek_offset(sk, flags);
		skb = try_get(sk, rxq, flags, offset);
		if (skb) {
			*offset = max(*offset, 0);
			return skb;
		}
		*err = -EAGAIN;
	} while (timeo &&
		 !__skb_wait_for_more_packets(sk, queue, err, &timeo,
					      (struct sk_buff *)queue));
	return NULL;
}

/**
 * teach_rxq_done() - a packet was read
 * @sk: socket
 * @skb: what teach_rxq_get() returned
 * @flags: as given there
 * @copied: bytes of it that the reader got, which moves SO_PEEK_OFF
 *
 * Process context, no lock held.
 */
void teach_rxq_done(struct sock *sk, struct sk_buff *skb, unsigned int flags,
		    int copied)
{
	if (unlikely(READ_ONCE(sk->sk_peek_off) >= 0)) {
		lock_sock(sk);
		if (flags & MSG_PEEK)
			sk_peek_offset_fwd(sk, copied);
		else
			sk_peek_offset_bwd(sk, skb->len);
		release_sock(sk);
	}
	consume_skb(skb);
}

/**
 * teach_rxq_first_len() - size of the next message
 * @sk: socket
 * @rxq: its queue
 *
 * Process context. Return: bytes, or 0 if none waits.
 */
int teach_rxq_first_len(struct sock *sk, struct teach_rxq *rxq)
{
	struct sk_buff_head *reader = &rxq->reader;
	struct sk_buff *skb;
	int len;

	spin_lock_bh(&reader->lock);
	if (skb_queue_empty(reader))
		refill(sk, rxq);
	skb = skb_peek(reader);
	len = skb ? skb->len : 0;
	spin_unlock_bh(&reader->lock);
	return len;
}
