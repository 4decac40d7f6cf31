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
#include "sock/sock.h"

/**
 * teach_rxq_init() - an empty queue
 * @tsk: new socket
 */
void teach_rxq_init(struct teach_sock *tsk)
{
	skb_queue_head_init(&tsk->rxq.reader);
	tsk->rxq.freed = 0;
}

static void rmem_release(struct teach_sock *tsk, unsigned int size, bool all)
{
	struct teach_rxq *rxq = &tsk->rxq;
	struct sock *sk = &tsk->sk;

	rxq->freed += size;
	if (!all && rxq->freed < READ_ONCE(sk->sk_rcvbuf) >> 2 &&
	    !skb_queue_empty(&rxq->reader))
		return;
	atomic_sub(rxq->freed, &sk->sk_rmem_alloc);
	rxq->freed = 0;
}

/**
 * teach_rxq_purge() - drop all that waits
 * @tsk: socket that nobody can reach any more
 */
void teach_rxq_purge(struct teach_sock *tsk)
{
	struct sk_buff_head *reader = &tsk->rxq.reader;
	unsigned int size = 0;
	struct sk_buff *skb;

	skb_queue_splice_tail_init(&tsk->sk.sk_receive_queue, reader);
	while ((skb = __skb_dequeue(reader))) {
		size += skb->truesize;
		kfree_skb(skb);
	}
	rmem_release(tsk, size, true);
}

/**
 * teach_rxq_add() - a packet came for a socket
 * @tsk: socket
 * @skb: packet, without destructor; consumed on success
 *
 * Context: BHs off, rcu_read_lock(). Return: false if the receive buffer is full,
 * which the socket has counted; the packet is the caller's then.
 */
bool teach_rxq_add(struct teach_sock *tsk, struct sk_buff *skb)
{
	struct sock *sk = &tsk->sk;
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	int rcvbuf = READ_ONCE(sk->sk_rcvbuf);
	int rmem = atomic_read(&sk->sk_rmem_alloc);

	/* One packet may exceed the buffer, or a small one would take none. */
	if (rmem > rcvbuf)
		goto full;
	rmem = atomic_add_return(skb->truesize, &sk->sk_rmem_alloc);
	if (rmem > rcvbuf + (int)skb->truesize) {
		atomic_sub(skb->truesize, &sk->sk_rmem_alloc);
		goto full;
	}

	spin_lock(&queue->lock);
	sock_skb_set_dropcount(sk, skb);
	__skb_queue_tail(queue, skb);
	spin_unlock(&queue->lock);

	if (!sock_flag(sk, SOCK_DEAD))
		READ_ONCE(sk->sk_data_ready)(sk);
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
static bool refill(struct teach_sock *tsk)
{
	struct sk_buff_head *queue = &tsk->sk.sk_receive_queue;

	if (skb_queue_empty_lockless(queue))
		return false;
	spin_lock(&queue->lock);
	skb_queue_splice_tail_init(queue, &tsk->rxq.reader);
	spin_unlock(&queue->lock);
	return true;
}

static struct sk_buff *try_get(struct teach_sock *tsk, unsigned int flags, int *offset)
{
	struct sk_buff_head *reader = &tsk->rxq.reader;
	int from = *offset;
	struct sk_buff *skb;

	spin_lock_bh(&reader->lock);
	skb = first_from(reader, flags, offset);
	if (!skb && refill(tsk)) {
		*offset = from;
		skb = first_from(reader, flags, offset);
	}
	if (skb && !(flags & MSG_PEEK))
		rmem_release(tsk, skb->truesize, false);
	spin_unlock_bh(&reader->lock);
	if (!skb)
		*offset = from;
	return skb;
}

/**
 * teach_rxq_get() - the next packet, waiting for it if allowed
 * @tsk: socket
 * @flags: MSG_DONTWAIT, MSG_PEEK
 * @offset: is set to where in the packet to read from: 0 but for SO_PEEK_OFF
 * @err: is set without a packet: 0 at the end (shutdown), or a negative errno
 *
 * Process context, no lock held. Return: the packet, to be given to
 * teach_rxq_done() with the same flags, or NULL.
 */
struct sk_buff *teach_rxq_get(struct teach_sock *tsk, unsigned int flags,
			      int *offset, int *err)
{
	struct sock *sk = &tsk->sk;
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct sk_buff *skb;

	do {
		*err = sock_error(sk);
		if (*err)
			return NULL;
		*offset = sk_peek_offset(sk, flags);
		skb = try_get(tsk, flags, offset);
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
 * @tsk: socket
 * @skb: what teach_rxq_get() returned
 * @flags: as given there
 * @copied: bytes of it that the reader got, which moves SO_PEEK_OFF
 *
 * Process context, no lock held.
 */
void teach_rxq_done(struct teach_sock *tsk, struct sk_buff *skb, unsigned int flags,
		    int copied)
{
	struct sock *sk = &tsk->sk;

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
 * @tsk: socket
 *
 * Process context. Return: bytes, or 0 if none waits.
 */
int teach_rxq_first_len(struct teach_sock *tsk)
{
	struct sk_buff_head *reader = &tsk->rxq.reader;
	struct sk_buff *skb;
	int len;

	spin_lock_bh(&reader->lock);
	if (skb_queue_empty(reader))
		refill(tsk);
	skb = skb_peek(reader);
	len = skb ? skb->len : 0;
	spin_unlock_bh(&reader->lock);
	return len;
}

/**
 * teach_rxq_poll() - poll() of a socket with this queue
 * @file: its file
 * @sock: socket
 * @wait: where to wait
 *
 * Return: as datagram_poll(), which does not know of the reader's queue.
 */
__poll_t teach_rxq_poll(struct file *file, struct socket *sock,
			struct poll_table_struct *wait)
{
	__poll_t mask = datagram_poll(file, sock, wait);

	if (!skb_queue_empty_lockless(&teach_sk(sock->sk)->rxq.reader))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}
