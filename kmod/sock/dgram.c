// SPDX-License-Identifier: GPL-2.0
/*
 * SOCK_DGRAM: datagrams between ports, as UDP (RFC 768, RFC 1122 section 4.1).
 */
#include <linux/filter.h>
#include <linux/module.h>
#include "link/stats.h"
#include "net/control.h"
#include "net/header.h"
#include "net/proto.h"
#include "sock/common.h"
#include "sock/dgram.h"
#include "sock/errqueue.h"
#include "sock/family.h"
#include "sock/msg.h"
#include "sock/option.h"
#include "sock/port.h"

#define MAX_PAYLOAD	(TEACH_MAX_PACKET - TEACH_HDR_LEN - sizeof(struct teach_dgramhdr))

/* ---- Sending ------------------------------------------------------------------- */

static void push_header(struct teach_sock *tsk, struct sk_buff *skb,
			const struct teach_tx *tx, const struct teach_path *path)
{
	struct teach_dgramhdr *hdr = __skb_push(skb, sizeof(*hdr));

	skb_reset_transport_header(skb);
	hdr->source = READ_ONCE(tsk->sport);
	hdr->dest = tx->dport;
	hdr->len = htons(skb->len);
	teach_csum_request(skb, offsetof(struct teach_dgramhdr, check),
			   path->saddr, path->daddr, TEACHPROTO_DGRAM);
}

static int dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct teach_sock *tsk = teach_sk(sock->sk);
	struct net *net = sock_net(sock->sk);
	struct teach_path path;
	struct teach_tx tx;
	struct sk_buff *skb;
	int err;

	if (unlikely(len > MAX_PAYLOAD))
		return -EMSGSIZE;
	/* Nothing is urgent, and a datagram is whole: it is not built up in parts. */
	if (unlikely(msg->msg_flags & (MSG_OOB | MSG_MORE)))
		return -EOPNOTSUPP;
	err = teach_tx_prepare(tsk, msg, &tx);
	if (unlikely(err))
		return err;
	if (unlikely(!tx.dport && msg->msg_name))
		return -EINVAL;
	if (unlikely(!READ_ONCE(tsk->sport))) {
		err = teach_sock_autobind(tsk);
		if (err)
			return err;
	}

	skb = teach_msg_build(tsk, msg, len, &tx, sizeof(struct teach_dgramhdr));
	if (IS_ERR_OR_NULL(skb))
		return PTR_ERR_OR_ZERO(skb);

	rcu_read_lock();
	err = teach_path_get(net, &tsk->path, &tx.flow, &path);
	if (likely(!err)) {
		push_header(tsk, skb, &tx, &path);
		err = teach_msg_send(tsk, skb, &tx, &path);
	} else {
		teach_drop(net, skb, TEACH_STAT_OUT_DISCARDS,
			   SKB_DROP_REASON_NOT_SPECIFIED);
	}
	if (likely(!err))
		__teach_stats_inc(net, TEACH_STAT_DGRAM_OUT);
	rcu_read_unlock();
	return err ?: len;
}

/* ---- Receiving ------------------------------------------------------------------- */

/* Context: rcu_read_lock(), BHs off. Consumes @skb. */
static void dgram_queue(struct net *net, struct teach_sock *tsk, struct sk_buff *skb)
{
	/* A filter sees the header, as with UDP. */
	if (unlikely(sk_filter(&tsk->sk, skb))) {
		sk_drops_inc(&tsk->sk);
		teach_drop(net, skb, TEACH_STAT_DGRAM_FILTERED,
			   SKB_DROP_REASON_SOCKET_FILTER);
		return;
	}
	/* It may cut what follows the header, not the header, which is in the
	 * linear part: what it cut of that is still there.
	 */
	if (unlikely(skb->len < sizeof(struct teach_dgramhdr)))
		__skb_put(skb, sizeof(struct teach_dgramhdr) - skb->len);
	__skb_pull(skb, sizeof(struct teach_dgramhdr));
	if (likely(teach_rxq_add(&tsk->sk, skb)))
		__teach_stats_inc(net, TEACH_STAT_DGRAM_IN);
	else
		teach_drop(net, skb, TEACH_STAT_DGRAM_RCVBUF_ERRORS,
			   SKB_DROP_REASON_SOCKET_RCVBUFF);
}

/* To all sockets that listen. The last gets the packet itself. */
static void dgram_broadcast(struct net *net, struct sk_buff *skb,
			    const struct teach_tuple *tuple)
{
	struct teach_port_table *table = &teach_port_net_rcu(net)->dgram;
	struct teach_sock *tsk, *last = NULL;
	struct sk_buff *copy;

	hlist_for_each_entry_rcu(tsk, &teach_port_bucket(table, tuple->dport)->chain,
				 port_node) {
		if (!teach_port_matches(tsk, tuple))
			continue;
		if (last) {
			copy = skb_clone(skb, GFP_ATOMIC);
			if (copy)
				dgram_queue(net, last, copy);
			else
				teach_stats_inc(net, TEACH_STAT_IN_NO_MEMORY);
		}
		last = tsk;
	}
	if (last)
		dgram_queue(net, last, skb);
	else
		/* No error is sent about a broadcast (RFC 1122, 3.2.2). */
		teach_drop(net, skb, TEACH_STAT_DGRAM_NO_PORTS,
			   SKB_DROP_REASON_NO_SOCKET);
}

static bool check_header(struct sk_buff *skb)
{
	const struct teach_dgramhdr *hdr;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*hdr)))
		return false;
	hdr = (const struct teach_dgramhdr *)skb->data;
	len = ntohs(hdr->len);
	return len >= sizeof(*hdr) && len <= skb->len && !pskb_trim_rcsum(skb, len);
}

static void dgram_rcv(struct net *net, struct sk_buff *skb)
{
	const struct teach_dgramhdr *hdr;
	struct teach_tuple tuple;
	struct teach_sock *tsk;

	if (unlikely(!check_header(skb))) {
		teach_drop(net, skb, TEACH_STAT_DGRAM_IN_ERRORS,
			   SKB_DROP_REASON_PKT_TOO_SMALL);
		return;
	}
	if (unlikely(!teach_csum_ok(skb, TEACHPROTO_DGRAM))) {
		teach_drop(net, skb, TEACH_STAT_DGRAM_CSUM_ERRORS,
			   SKB_DROP_REASON_UDP_CSUM);
		return;
	}

	hdr = (const struct teach_dgramhdr *)skb->data;
	tuple = (struct teach_tuple) {
		.saddr		= teach_hdr(skb)->saddr,
		.daddr		= teach_hdr(skb)->daddr,
		.sport		= hdr->source,
		.dport		= hdr->dest,
		.ifindex	= teach_skb_cb(skb)->ifindex,
	};
	if (unlikely(teach_skb_cb(skb)->broadcast)) {
		dgram_broadcast(net, skb, &tuple);
		return;
	}
	tsk = teach_port_lookup(&teach_port_net_rcu(net)->dgram, &tuple, skb);
	if (likely(tsk)) {
		dgram_queue(net, tsk, skb);
		return;
	}
	teach_control_send_error(net, skb, TEACH_CTL_UNREACH, TEACH_UNREACH_PORT, 0);
	teach_drop(net, skb, TEACH_STAT_DGRAM_NO_PORTS, SKB_DROP_REASON_NO_SOCKET);
}

/* One of our datagrams met an error: which socket sent it? */
static void dgram_err(struct net *net, struct sk_buff *skb,
		      const struct teach_error *error)
{
	const struct teachhdr *hdr = (const struct teachhdr *)skb->data;
	unsigned int hlen = teach_hdr_len(hdr);
	const struct teach_dgramhdr *dgram = (const void *)(skb->data + hlen);
	const struct teach_tuple tuple = {
		.saddr		= hdr->daddr,
		.daddr		= hdr->saddr,
		.sport		= dgram->dest,
		.dport		= dgram->source,
		.ifindex	= error->ifindex,
	};
	struct teach_sock *tsk;

	tsk = teach_port_lookup(&teach_port_net_rcu(net)->dgram, &tuple, NULL);
	if (tsk)
		teach_errqueue_report(tsk, skb, hlen + sizeof(*dgram), tuple.saddr,
				      tuple.sport, error);
	else
		teach_stats_inc(net, TEACH_STAT_CTL_NO_SOCKET);
}

static const struct teach_protocol dgram_protocol = {
	.rcv	= dgram_rcv,
	.err	= dgram_err,
};

static struct proto dgram_prot = {
	.name		= "TEACH-DGRAM",
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct teach_sock),
	.close		= teach_sock_close,
	.disconnect	= teach_sock_disconnect,
	.unhash		= teach_sock_unhash,
	.setsockopt	= teach_setsockopt,
	.getsockopt	= teach_getsockopt,
	TEACH_PROT_IOCTL(teach_sock_queue_ioctl)
};

static const struct proto_ops dgram_ops = {
	.family		= PF_TEACH,
	.owner		= THIS_MODULE,
	.release	= teach_sock_release,
	.bind		= teach_sock_bind,
	.connect	= teach_sock_connect,
	.socketpair	= sock_no_socketpair,
	.accept		= sock_no_accept,
	.getname	= teach_sock_getname,
	.poll		= teach_sock_poll,
	.ioctl		= teach_sock_ioctl,
	.gettstamp	= sock_gettstamp,
	.listen		= sock_no_listen,
	.shutdown	= teach_sock_shutdown,
	.setsockopt	= sock_common_setsockopt,
	.getsockopt	= sock_common_getsockopt,
	.sendmsg	= dgram_sendmsg,
	.recvmsg	= teach_msg_recv,
	.mmap		= sock_no_mmap,
	.set_peek_off	= sk_set_peek_off,
};

static struct teach_sock_type dgram_type = {
	.type		= SOCK_DGRAM,
	.protocol	= TEACHPROTO_DGRAM,
	.is_default	= true,
	.prot		= &dgram_prot,
	.ops		= &dgram_ops,
};

int __init teach_dgram_init(void)
{
	int err = teach_sock_type_add(&dgram_type);

	if (err)
		return err;
	err = teach_protocol_add(TEACHPROTO_DGRAM, &dgram_protocol);
	if (err)
		teach_sock_type_del(&dgram_type);
	return err;
}

void teach_dgram_exit(void)
{
	teach_protocol_del(TEACHPROTO_DGRAM);
	teach_sock_type_del(&dgram_type);
}
