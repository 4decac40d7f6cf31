// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of sockets that keep their boundaries: from a program's buffer to a
 * packet, and back.
 *
 * A message is sent in two steps, since memory may have to be waited for and paths
 * are valid within an RCU section only: teach_msg_build() finds the path once to
 * learn whether there is one, how large a packet it takes and how much room the
 * headers need, and copies the payload; then the caller finds the path again,
 * which is in the socket's cache by now, writes the headers, and sends.
 */
#include "link/neigh.h"
#include "link/stats.h"
#include "net/header.h"
#include "net/output.h"
#include "sock/addr.h"
#include "sock/errqueue.h"
#include "sock/msg.h"
#include "sock/netns.h"

/* Up to this much is allocated in one piece, without asking for page fragments. */
#define LINEAR_MAX	SKB_MAX_ORDER(0, 0)

static int check_path(struct teach_sock *tsk, struct msghdr *msg, size_t len,
		      const struct teach_tx *tx, unsigned int hlen,
		      unsigned int *reserve, unsigned int *tailroom)
{
	struct net *net = sock_net(&tsk->sk);
	const struct net_device *dev;
	struct teach_path path;
	unsigned int mtu = 0;
	int err;

	rcu_read_lock();
	err = teach_path_get(net, &tsk->path, &tx->flow, &path);
	if (unlikely(err))
		goto out;
	err = -EACCES;
	if (path.type == TEACH_PATH_BROADCAST && !sock_flag(&tsk->sk, SOCK_BROADCAST))
		goto out;
	err = -EMSGSIZE;
	mtu = teach_path_mtu(&path);
	if (TEACH_HDR_LEN + hlen + len > mtu)
		goto out;
	err = 0;
	if (unlikely(msg->msg_flags & MSG_CONFIRM) && path.neigh)
		teach_neigh_confirm(path.neigh);
	dev = teach_path_dev(&path);
	*reserve = teach_output_reserve(&path) + hlen;
	*tailroom = dev ? dev->needed_tailroom : 0;
out:
	rcu_read_unlock();
	if (likely(!err))
		return 0;
	if (err == -ENETUNREACH)
		teach_stats_inc(net, TEACH_STAT_OUT_NO_ROUTES);
	if (err == -EMSGSIZE) {
		teach_stats_inc(net, TEACH_STAT_OUT_TOO_BIG);
		teach_errqueue_local(tsk, EMSGSIZE, tx->flow.daddr, tx->dport, mtu);
	}
	return err;
}

/* Of a payload behind @head bytes: what is not in page fragments. */
static size_t linear_part(size_t head, size_t len)
{
	return min_t(size_t, len, LINEAR_MAX - head);
}

/* As sock_alloc_send_skb(), whose checks are the same; what most messages need is
 * done here, in line.
 */
static struct sk_buff *msg_alloc(struct sock *sk, size_t head, size_t len,
				 bool noblock, int *err)
{
	size_t linear = linear_part(head, len);
	struct sk_buff *skb;

	if (likely(linear == len && !READ_ONCE(sk->sk_err) &&
		   !(READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN) &&
		   sk_wmem_alloc_get(sk) < READ_ONCE(sk->sk_sndbuf))) {
		skb = alloc_skb(head + len, sk->sk_allocation);
		if (likely(skb))
			skb_set_owner_w(skb, sk);
		else
			*err = -ENOBUFS;
		return skb;
	}
	return sock_alloc_send_pskb(sk, head + linear, len - linear, noblock, err,
				    PAGE_ALLOC_COSTLY_ORDER);
}

/**
 * teach_msg_build() - a packet of a program's message
 * @tsk: socket
 * @msg: the message
 * @len: its length
 * @tx: where it goes
 * @hlen: bytes of transport header that the caller will push
 *
 * Process context, no lock held; waits for memory unless MSG_DONTWAIT says not.
 * Return: the packet, owned by the socket, from its payload on; NULL for
 * MSG_PROBE without payload, which is done now; or an ERR_PTR.
 */
struct sk_buff *teach_msg_build(struct teach_sock *tsk, struct msghdr *msg, size_t len,
				const struct teach_tx *tx, unsigned int hlen)
{
	struct sock *sk = &tsk->sk;
	unsigned int reserve, tailroom;
	struct sk_buff *skb;
	size_t linear;
	int err;

	err = check_path(tsk, msg, len, tx, hlen, &reserve, &tailroom);
	if (unlikely(err))
		return ERR_PTR(err);
	if (unlikely(msg->msg_flags & MSG_PROBE) && !len)
		return NULL;

	skb = msg_alloc(sk, reserve + tailroom, len, msg->msg_flags & MSG_DONTWAIT, &err);
	if (unlikely(!skb)) {
		if (err == -EAGAIN || err == -ENOBUFS)
			teach_stats_inc(sock_net(sk), TEACH_STAT_DGRAM_SNDBUF_ERRORS);
		return ERR_PTR(err);
	}
	skb_reserve(skb, reserve);
	linear = linear_part(reserve + tailroom, len);
	if (likely(linear == len)) {
		err = memcpy_from_msg(skb_put(skb, len), msg, len);
	} else {
		skb_put(skb, linear);
		skb->data_len = len - linear;
		skb->len = len;
		err = skb_copy_datagram_from_iter(skb, 0, &msg->msg_iter, len);
	}
	if (unlikely(err)) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}

	skb->priority = READ_ONCE(sk->sk_priority);
	skb->mark = tx->cookie.mark;
	skb->tstamp = ns_to_ktime(tx->cookie.transmit_time);
	if (unlikely(tx->cookie.tsflags))
		skb_setup_tx_timestamp(skb, &tx->cookie);
	return skb;
}

/**
 * teach_msg_send() - send what teach_msg_build() built
 * @tsk: socket
 * @skb: packet from its transport header on, which is set; consumed
 * @tx: where it goes
 * @path: how
 *
 * Context: rcu_read_lock(), the section in which @path was found. Return: 0 or a
 * negative errno for the program.
 */
int teach_msg_send(struct teach_sock *tsk, struct sk_buff *skb,
		   const struct teach_tx *tx, const struct teach_path *path)
{
	struct net *net = sock_net(&tsk->sk);
	int err;

	teach_hdr_push(skb, path->saddr, path->daddr, tsk->sk.sk_protocol,
		       tx->hop_limit ?: teach_sock_net_hop_limit(net), tx->tclass);
	err = teach_output(net, skb, path);
	if (likely(!err))
		return 0;
	if (err > 0)
		err = net_xmit_errno(err);
	/* A full queue of the device is no error of the program, unless it asked for
	 * errors, as udp(7) has it.
	 */
	if (err == -ENOBUFS && !test_bit(TEACH_SK_RECVERR, &tsk->flags))
		err = 0;
	return err;
}

static void put_name(struct teach_sock *tsk, struct msghdr *msg, struct sk_buff *skb)
{
	DECLARE_SOCKADDR(struct sockaddr_teach *, name, msg->msg_name);
	__be16 port = 0;

	if (!name)
		return;
	if (tsk->sk.sk_protocol == TEACHPROTO_DGRAM)
		port = ((struct teach_dgramhdr *)skb_transport_header(skb))->source;
	msg->msg_namelen = teach_sockaddr_put(name, teach_hdr(skb)->saddr, port,
					      teach_skb_cb(skb)->ifindex);
}

/**
 * teach_msg_recv() - recvmsg(2)
 * @sock: socket
 * @msg: where to
 * @len: room for the payload
 * @flags: MSG_*
 *
 * Return: bytes of the message that were copied, or with MSG_TRUNC all it has; 0
 * also at the end (shutdown); or a negative errno.
 */
int teach_msg_recv(struct socket *sock, struct msghdr *msg, size_t len, int flags)
{
	struct teach_sock *tsk = teach_sk(sock->sk);
	int offset, copied, err;
	struct sk_buff *skb;

	if (unlikely(flags & MSG_ERRQUEUE))
		return teach_errqueue_recv(tsk, msg, len);

	skb = teach_rxq_get(&tsk->sk, &tsk->rxq, flags, &offset, &err);
	if (!skb)
		return err;
	copied = skb->len - offset;
	if (copied > len) {
		copied = len;
		msg->msg_flags |= MSG_TRUNC;
	}
	err = skb_copy_datagram_msg(skb, offset, msg, copied);
	if (unlikely(err)) {
		/* As UDP: the message is gone, unless it was peeked at. */
		if (!(flags & MSG_PEEK)) {
			sk_drops_inc(&tsk->sk);
			teach_stats_inc(sock_net(&tsk->sk), TEACH_STAT_DGRAM_IN_ERRORS);
		}
		kfree_skb(skb);
		return err;
	}
	put_name(tsk, msg, skb);
	teach_cmsg_put(tsk, msg, skb);
	err = flags & MSG_TRUNC ? skb->len - offset : copied;
	teach_rxq_done(&tsk->sk, skb, flags, copied);
	return err;
}
