// SPDX-License-Identifier: GPL-2.0
/*
 * Ping sockets: socket(AF_TEACH, SOCK_DGRAM, TEACHPROTO_CONTROL).
 *
 * A program writes an echo request from its struct teach_ctlhdr on, and reads the
 * replies to its own requests. Its port is the identifier of the echo, which the
 * kernel fills in, as it does the checksum. Everything else is as on a datagram
 * socket. Needs CAP_NET_RAW.
 */
#include <linux/filter.h>
#include <linux/module.h>
#include "link/stats.h"
#include "net/control.h"
#include "net/header.h"
#include "net/proto.h"
#include "sock/common.h"
#include "sock/errqueue.h"
#include "sock/family.h"
#include "sock/msg.h"
#include "sock/option.h"
#include "sock/ping.h"
#include "sock/port.h"

#define MAX_MESSAGE	(TEACH_MAX_PACKET - TEACH_HDR_LEN)

static int finish_request(struct teach_sock *tsk, struct sk_buff *skb,
			  const struct teach_path *path)
{
	struct teach_ctlhdr *ctl = (struct teach_ctlhdr *)skb->data;

	if (ctl->type != TEACH_CTL_ECHO_REQUEST || ctl->code)
		return -EINVAL;
	skb_reset_transport_header(skb);
	ctl->un.echo.id = READ_ONCE(tsk->sport);
	teach_csum_request(skb, offsetof(struct teach_ctlhdr, check),
			   path->saddr, path->daddr, TEACHPROTO_CONTROL);
	return 0;
}

static int ping_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct teach_sock *tsk = teach_sk(sock->sk);
	struct net *net = sock_net(sock->sk);
	struct teach_path path;
	struct teach_tx tx;
	struct sk_buff *skb;
	int err;

	if (len > MAX_MESSAGE)
		return -EMSGSIZE;
	if (len < sizeof(struct teach_ctlhdr))
		return -EINVAL;
	if (msg->msg_flags & (MSG_OOB | MSG_MORE))
		return -EOPNOTSUPP;
	err = teach_tx_prepare(tsk, msg, &tx);
	if (err)
		return err;
	if (!READ_ONCE(tsk->sport)) {
		err = teach_sock_autobind(tsk);
		if (err)
			return err;
	}
	skb = teach_msg_build(tsk, msg, len, &tx, 0);
	if (IS_ERR_OR_NULL(skb))
		return PTR_ERR_OR_ZERO(skb);

	rcu_read_lock();
	err = teach_path_get(net, &tsk->path, &tx.flow, &path);
	if (!err)
		err = finish_request(tsk, skb, &path);
	if (err) {
		teach_drop(net, skb, TEACH_STAT_OUT_DISCARDS,
			   SKB_DROP_REASON_NOT_SPECIFIED);
	} else {
		teach_stats_inc(net, TEACH_STAT_CTL_OUT);
		err = teach_msg_send(tsk, skb, &tx, &path);
	}
	rcu_read_unlock();
	return err ?: len;
}

static struct teach_sock *find_socket(struct net *net, __be32 peer, __be32 local,
				      __be16 id, int ifindex)
{
	const struct teach_tuple tuple = {
		.saddr		= peer,
		.daddr		= local,
		.dport		= id,
		.ifindex	= ifindex,
	};

	return teach_port_lookup(&teach_port_net_rcu(net)->ping, &tuple, NULL);
}

/* An echo reply, from its struct teach_ctlhdr on, which is in the linear part. */
static void ping_rcv(struct net *net, struct sk_buff *skb)
{
	const struct teach_ctlhdr *ctl = (const struct teach_ctlhdr *)skb->data;
	struct teach_sock *tsk;

	tsk = find_socket(net, teach_hdr(skb)->saddr, teach_hdr(skb)->daddr,
			  ctl->un.echo.id, teach_skb_cb(skb)->ifindex);
	if (!tsk) {
		teach_drop(net, skb, TEACH_STAT_CTL_NO_SOCKET,
			   SKB_DROP_REASON_NO_SOCKET);
		return;
	}
	if (sk_filter(&tsk->sk, skb)) {
		sk_drops_inc(&tsk->sk);
		teach_drop(net, skb, TEACH_STAT_DGRAM_FILTERED,
			   SKB_DROP_REASON_SOCKET_FILTER);
		return;
	}
	/* See dgram_queue(). */
	if (skb->len < sizeof(*ctl))
		__skb_put(skb, sizeof(*ctl) - skb->len);
	if (!teach_rxq_add(&tsk->sk, skb))
		teach_drop(net, skb, TEACH_STAT_DGRAM_RCVBUF_ERRORS,
			   SKB_DROP_REASON_SOCKET_RCVBUFF);
}

static void ping_err(struct net *net, struct sk_buff *skb,
		     const struct teach_error *error)
{
	const struct teachhdr *hdr = (const struct teachhdr *)skb->data;
	unsigned int hlen = teach_hdr_len(hdr);
	const struct teach_ctlhdr *ctl = (const void *)(skb->data + hlen);
	struct teach_sock *tsk = NULL;

	if (ctl->type == TEACH_CTL_ECHO_REQUEST)
		tsk = find_socket(net, hdr->daddr, hdr->saddr, ctl->un.echo.id,
				  error->ifindex);
	if (tsk)
		teach_errqueue_report(tsk, skb, hlen, hdr->daddr, 0, error);
	else
		teach_stats_inc(net, TEACH_STAT_CTL_NO_SOCKET);
}

static const struct teach_protocol echo_user = {
	.rcv	= ping_rcv,
	.err	= ping_err,
};

static struct proto ping_prot = {
	.name		= "TEACH-PING",
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct teach_sock),
	.close		= teach_sock_close,
	.disconnect	= teach_sock_disconnect,
	.unhash		= teach_sock_unhash,
	.setsockopt	= teach_setsockopt,
	.getsockopt	= teach_getsockopt,
	TEACH_PROT_IOCTL(teach_sock_queue_ioctl)
};

static const struct proto_ops ping_ops = {
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
	.sendmsg	= ping_sendmsg,
	.recvmsg	= teach_msg_recv,
	.mmap		= sock_no_mmap,
	.set_peek_off	= sk_set_peek_off,
};

static int ping_may(const struct net *net)
{
	return ns_capable(net->user_ns, CAP_NET_RAW) ? 0 : -EACCES;
}

static struct teach_sock_type ping_type = {
	.type		= SOCK_DGRAM,
	.protocol	= TEACHPROTO_CONTROL,
	.prot		= &ping_prot,
	.ops		= &ping_ops,
	.may		= ping_may,
};

int __init teach_ping_init(void)
{
	int err = teach_sock_type_add(&ping_type);

	if (!err)
		teach_control_set_echo_user(&echo_user);
	return err;
}

void teach_ping_exit(void)
{
	teach_control_set_echo_user(NULL);
	teach_sock_type_del(&ping_type);
}
