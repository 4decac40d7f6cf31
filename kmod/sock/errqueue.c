// SPDX-License-Identifier: GPL-2.0
/*
 * Errors of packets that a socket sent: SO_ERROR, and with TEACH_RECVERR the
 * error queue, as ip(7) describes IP_RECVERR.
 */
#include <linux/errqueue.h>
#include "sock/addr.h"
#include "sock/errqueue.h"

/* What the family keeps of an error, in the part of struct sock_exterr_skb that
 * IPv4 and IPv6 use for their own.
 */
struct error_cb {
	int	ifindex;
	__be32	offender;
	__be32	daddr;
};

static struct error_cb *error_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct error_cb) > sizeof(SKB_EXT_ERR(skb)->header));
	return (struct error_cb *)&SKB_EXT_ERR(skb)->header;
}

static void queue_error(struct teach_sock *tsk, struct sk_buff *skb,
			__be32 daddr, __be16 dport, const struct teach_error *error)
{
	struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);

	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_errno = error->err;
	serr->ee.ee_origin = error->origin;
	serr->ee.ee_type = error->type;
	serr->ee.ee_code = error->code;
	serr->ee.ee_info = error->info;
	serr->port = dport;
	error_cb(skb)->ifindex = error->ifindex;
	error_cb(skb)->offender = error->offender;
	error_cb(skb)->daddr = daddr;
	if (sock_queue_err_skb(&tsk->sk, skb))
		kfree_skb(skb);
}

/**
 * teach_errqueue_report() - something became of a packet that a socket sent
 * @tsk: socket
 * @skb: the packet or what a control message quotes of it; not consumed
 * @offset: of the payload in it
 * @daddr: where it was going
 * @dport: to which port
 * @error: what became of it
 *
 * Without TEACH_RECVERR only a connected socket is told, and only of fatal errors,
 * as udp(7) has it. Context: BHs off, rcu_read_lock().
 */
void teach_errqueue_report(struct teach_sock *tsk, struct sk_buff *skb, int offset,
			   __be32 daddr, __be16 dport, const struct teach_error *error)
{
	struct sock *sk = &tsk->sk;
	struct sk_buff *copy;

	if (test_bit(TEACH_SK_RECVERR, &tsk->flags)) {
		copy = skb_clone(skb, GFP_ATOMIC);
		if (copy) {
			__skb_pull(copy, min_t(int, offset, copy->len));
			queue_error(tsk, copy, daddr, dport, error);
		}
	} else if (!error->fatal || sk->sk_state != TCP_ESTABLISHED) {
		return;
	}
	WRITE_ONCE(sk->sk_err, error->err);
	sk_error_report(sk);
}

/**
 * teach_errqueue_local() - refuse a packet on its way out
 * @tsk: socket
 * @err: errno, positive
 * @daddr: where it was going
 * @dport: to which port
 * @info: number that helps: the MTU
 *
 * Only with TEACH_RECVERR; what sendmsg() returns tells the others. Process
 * context.
 */
void teach_errqueue_local(struct teach_sock *tsk, int err, __be32 daddr, __be16 dport,
			  u32 info)
{
	const struct teach_error error = {
		.err		= err,
		.origin		= SO_EE_ORIGIN_LOCAL,
		.info		= info,
	};
	struct sk_buff *skb;

	if (!test_bit(TEACH_SK_RECVERR, &tsk->flags))
		return;
	skb = alloc_skb(0, GFP_KERNEL);
	if (skb)
		queue_error(tsk, skb, daddr, dport, &error);
}

static bool is_ours(const struct sk_buff *skb)
{
	u8 origin = SKB_EXT_ERR(skb)->ee.ee_origin;

	return origin == SO_EE_ORIGIN_LOCAL || origin == SO_EE_ORIGIN_TEACH;
}

/* What sendmsg() itself refused, the program knows. */
static bool sets_sk_err(const struct sk_buff *skb)
{
	return is_ours(skb) && SKB_EXT_ERR(skb)->ee.ee_type == TEACH_CTL_UNREACH;
}

/* As sock_dequeue_err_skb(), which knows the errors of IPv4 and IPv6 only: once an
 * error was read, SO_ERROR is the next one's, or none.
 */
static struct sk_buff *dequeue_error(struct sock *sk)
{
	struct sk_buff_head *queue = &sk->sk_error_queue;
	struct sk_buff *skb, *next;
	unsigned long flags;

	if (skb_queue_empty_lockless(queue))
		return NULL;
	spin_lock_irqsave(&queue->lock, flags);
	skb = __skb_dequeue(queue);
	next = skb_peek(queue);
	if (next && sets_sk_err(next))
		WRITE_ONCE(sk->sk_err, SKB_EXT_ERR(next)->ee.ee_errno);
	else if (skb && sets_sk_err(skb))
		WRITE_ONCE(sk->sk_err, 0);
	spin_unlock_irqrestore(&queue->lock, flags);
	if (skb && next)
		sk_error_report(sk);
	return skb;
}

/**
 * teach_errqueue_recv() - recvmsg() with MSG_ERRQUEUE
 * @tsk: socket
 * @msg: where to: the payload as it was sent, in the name where it was going, in a
 *	control message TEACH_RECVERR the error and who reported it
 * @len: room for the payload
 *
 * Process context. Return: bytes of payload, or -EAGAIN.
 */
int teach_errqueue_recv(struct teach_sock *tsk, struct msghdr *msg, size_t len)
{
	DECLARE_SOCKADDR(struct sockaddr_teach *, name, msg->msg_name);
	struct {
		struct sock_extended_err ee;
		struct sockaddr_teach offender;
	} report = {};
	const struct sock_exterr_skb *serr;
	const struct error_cb *cb;
	struct sk_buff *skb;
	int copied, err;

	skb = dequeue_error(&tsk->sk);
	if (!skb)
		return -EAGAIN;
	copied = skb->len;
	if (copied > len) {
		msg->msg_flags |= MSG_TRUNC;
		copied = len;
	}
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (err)
		goto out;
	sock_recv_timestamp(msg, &tsk->sk, skb);

	serr = SKB_EXT_ERR(skb);
	cb = error_cb(skb);
	report.ee = serr->ee;
	report.offender.teach_family = AF_UNSPEC;
	if (is_ours(skb)) {
		if (name)
			msg->msg_namelen = teach_sockaddr_put(name, cb->daddr,
							      serr->port, 0);
		if (cb->offender)
			teach_sockaddr_put(&report.offender, cb->offender, 0,
					   cb->ifindex);
	}
	put_cmsg(msg, SOL_TEACH, TEACH_RECVERR, sizeof(report), &report);
	msg->msg_flags |= MSG_ERRQUEUE;
	err = copied;
out:
	consume_skb(skb);
	return err;
}
