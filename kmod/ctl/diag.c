// SPDX-License-Identifier: GPL-2.0
/*
 * sock_diag: bound sockets, one or all, as ss(8) asks for them.
 */
#include <linux/sock_diag.h>
#include <net/netlink.h>
#include "ctl/diag.h"
#include "sock/port.h"
#include "sock/sock.h"

VISIBLE_IF_KUNIT size_t teach_diag_size(void)
{
	return NLMSG_ALIGN(sizeof(struct teach_diag_msg)) +
	       nla_total_size(sizeof(u32) * SK_MEMINFO_VARS) +	/* TEACH_DIAG_MEMINFO */
	       nla_total_size(sizeof(u8));			/* TEACH_DIAG_SHUTDOWN */
}

VISIBLE_IF_KUNIT int teach_diag_fill(struct sk_buff *skb, struct teach_sock *tsk, u32 show,
				     struct user_namespace *user_ns, u32 portid, u32 seq,
				     int flags)
{
	struct sock *sk = &tsk->sk;
	struct teach_diag_msg *msg;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, SOCK_DIAG_BY_FAMILY, sizeof(*msg), flags);
	if (!nlh)
		return -EMSGSIZE;
	msg = nlmsg_data(nlh);
	*msg = (struct teach_diag_msg) {
		.tdiag_family	= AF_TEACH,
		.tdiag_type	= sk->sk_type,
		.tdiag_protocol	= sk->sk_protocol,
		.tdiag_state	= READ_ONCE(sk->sk_state),
		.tdiag_sport	= READ_ONCE(tsk->sport),
		.tdiag_dport	= READ_ONCE(tsk->dport),
		.tdiag_saddr	= READ_ONCE(tsk->rcv_saddr),
		.tdiag_daddr	= READ_ONCE(tsk->daddr),
		.tdiag_ifindex	= READ_ONCE(sk->sk_bound_dev_if),
		.tdiag_uid	= from_kuid_munged(user_ns, sk_uid(sk)),
		.tdiag_ino	= sock_i_ino(sk),
		.tdiag_rqueue	= sk_rmem_alloc_get(sk),
		.tdiag_wqueue	= sk_wmem_alloc_get(sk),
		.tdiag_drops	= sk_drops_read(sk),
	};
	sock_diag_save_cookie(sk, msg->tdiag_cookie);
	if ((show & TDIAG_SHOW_MEMINFO &&
	     sock_diag_put_meminfo(sk, skb, TEACH_DIAG_MEMINFO)) ||
	    (READ_ONCE(sk->sk_shutdown) &&
	     nla_put_u8(skb, TEACH_DIAG_SHUTDOWN, READ_ONCE(sk->sk_shutdown)))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

static bool diag_wanted(const struct teach_sock *tsk, const struct teach_diag_req *req)
{
	const struct sock *sk = &tsk->sk;

	if (req->sdiag_protocol && req->sdiag_protocol != sk->sk_protocol)
		return false;
	return req->tdiag_states & 1 << READ_ONCE(sk->sk_state);
}

/* The two tables one after the other, as one row of buckets. */
static struct teach_port_bucket *diag_bucket(struct teach_port_net *pn, long i)
{
	if (i <= pn->dgram.mask)
		return &pn->dgram.by_port[i];
	i -= pn->dgram.mask + 1;
	return i <= pn->ping.mask ? &pn->ping.by_port[i] : NULL;
}

/* args[0]: bucket, args[1]: sockets of it that were sent */
static int diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct teach_diag_req *req = nlmsg_data(cb->nlh);
	struct teach_port_net *pn = teach_port_net(sock_net(skb->sk));
	struct user_namespace *user_ns = sk_user_ns(NETLINK_CB(cb->skb).sk);
	struct teach_port_bucket *bucket;
	struct teach_sock *tsk;
	long i = cb->args[0], skip = cb->args[1], at = 0;
	int err = 0;

	for (; !err && (bucket = diag_bucket(pn, i)); i++) {
		at = 0;
		rcu_read_lock();
		hlist_for_each_entry_rcu(tsk, &bucket->chain, port_node) {
			if (at >= skip && diag_wanted(tsk, req))
				err = teach_diag_fill(skb, tsk, req->tdiag_show, user_ns,
						      NETLINK_CB(cb->skb).portid,
						      cb->nlh->nlmsg_seq, NLM_F_MULTI);
			if (err)
				break;
			at++;
		}
		rcu_read_unlock();
		if (err)
			break;
		skip = 0;
		cond_resched();
	}
	cb->args[0] = i;
	cb->args[1] = err ? at : 0;
	return skb->len;
}

static struct teach_sock *diag_find(struct teach_port_net *pn,
				    const struct teach_diag_req *req)
{
	struct teach_port_bucket *bucket;
	struct teach_sock *tsk;
	long i;

	for (i = 0; (bucket = diag_bucket(pn, i)); i++) {
		hlist_for_each_entry_rcu(tsk, &bucket->chain, port_node) {
			if (sock_i_ino(&tsk->sk) == req->tdiag_ino)
				return tsk;
		}
	}
	return NULL;
}

static int diag_get_one(struct sk_buff *in_skb, const struct nlmsghdr *nlh,
			const struct teach_diag_req *req)
{
	struct net *net = sock_net(in_skb->sk);
	struct teach_sock *tsk;
	struct sk_buff *skb;
	int err = -ENOENT;

	if (!req->tdiag_ino)
		return -EINVAL;
	skb = nlmsg_new(teach_diag_size(), GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	rcu_read_lock();
	tsk = diag_find(teach_port_net(net), req);
	if (tsk)
		err = sock_diag_check_cookie(&tsk->sk, req->tdiag_cookie);
	if (!err)
		err = teach_diag_fill(skb, tsk, req->tdiag_show,
				      sk_user_ns(NETLINK_CB(in_skb).sk),
				      NETLINK_CB(in_skb).portid, nlh->nlmsg_seq, 0);
	rcu_read_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return nlmsg_unicast(net->diag_nlsk, skb, NETLINK_CB(in_skb).portid);
}

static int diag_request(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	struct netlink_dump_control control = { .dump = diag_dump };
	const struct teach_diag_req *req;

	if (nlmsg_len(nlh) < (int)sizeof(*req))
		return -EINVAL;
	req = nlmsg_data(nlh);
	if (req->pad)
		return -EINVAL;
	if (nlh->nlmsg_flags & NLM_F_DUMP)
		return netlink_dump_start(sock_net(skb->sk)->diag_nlsk, skb, nlh,
					  &control);
	return diag_get_one(skb, nlh, req);
}

static const struct sock_diag_handler diag_handler = {
	TEACH_DIAG_OWNER
	.family	= AF_TEACH,
	.dump	= diag_request,
};

int __init teach_diag_init(void)
{
	return sock_diag_register(&diag_handler);
}

void teach_diag_exit(void)
{
	sock_diag_unregister(&diag_handler);
}
