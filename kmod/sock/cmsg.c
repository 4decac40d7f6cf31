// SPDX-License-Identifier: GPL-2.0
/*
 * Control messages (cmsg(3)) and addresses of sendmsg() and recvmsg().
 */
#include "link/addr.h"
#include "link/link.h"
#include "net/header.h"
#include "sock/addr.h"
#include "sock/cmsg.h"
#include "sock/netns.h"

static int tx_int(const struct cmsghdr *cmsg, int low, int high, u8 *value)
{
	int val;

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(val)))
		return -EINVAL;
	memcpy(&val, CMSG_DATA(cmsg), sizeof(val));
	if (val < low || val > high)
		return -EINVAL;
	*value = val;
	return 0;
}

static int tx_pktinfo(const struct cmsghdr *cmsg, struct teach_tx *tx)
{
	struct teach_pktinfo info;

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(cmsg), sizeof(info));
	if (info.ifindex > INT_MAX)
		return -ENODEV;
	if (info.ifindex)
		tx->flow.oif = info.ifindex;
	if (info.spec_dst.s_addr)
		tx->flow.saddr = info.spec_dst.s_addr;
	return 0;
}

static int tx_cmsg(struct teach_sock *tsk, struct msghdr *msg, struct teach_tx *tx)
{
	struct cmsghdr *cmsg;
	int err = 0;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level == SOL_SOCKET) {
			err = __sock_cmsg_send(&tsk->sk, cmsg, &tx->cookie);
			if (err)
				return err;
			continue;
		}
		/* Another level's is ignored, as ip(7) does. */
		if (cmsg->cmsg_level != SOL_TEACH)
			continue;
		switch (cmsg->cmsg_type) {
		case TEACH_PKTINFO:
			err = tx_pktinfo(cmsg, tx);
			break;
		case TEACH_HOPLIMIT:
			err = tx_int(cmsg, 1, 255, &tx->hop_limit);
			break;
		case TEACH_TCLASS:
			err = tx_int(cmsg, 0, 255, &tx->tclass);
			break;
		default:
			err = -EINVAL;
		}
		if (err)
			return err;
	}
	return 0;
}

static int tx_name(struct teach_sock *tsk, struct msghdr *msg, struct teach_tx *tx)
{
	const struct sockaddr_teach *name = msg->msg_name;
	int err = teach_sockaddr_check(name, msg->msg_namelen);

	if (err)
		return err;
	tx->flow.daddr = name->teach_addr.s_addr;
	tx->dport = name->teach_port;
	if (name->teach_ifindex)
		tx->flow.oif = name->teach_ifindex;
	return 0;
}

/**
 * teach_tx_prepare() - what does sendmsg() ask for?
 * @tsk: socket
 * @msg: the message; the address, if any, is in kernel memory
 * @tx: is set on success
 *
 * Process context, no lock needed. Return: 0; -EDESTADDRREQ without an address
 * on a socket that is not connected; what teach_sockaddr_check() returned;
 * -EINVAL for a control message that makes no sense; -ENODEV.
 */
int teach_tx_prepare(struct teach_sock *tsk, struct msghdr *msg, struct teach_tx *tx)
{
	struct sock *sk = &tsk->sk;
	int bound_dev = READ_ONCE(sk->sk_bound_dev_if);
	int err;

	tx->flow.oif = bound_dev;
	tx->flow.saddr = READ_ONCE(tsk->saddr);
	tx->hop_limit = max(READ_ONCE(tsk->hop_limit), 0);
	tx->tclass = READ_ONCE(tsk->tclass);
	sockcm_init(&tx->cookie, sk);
	/* Which does not do this in older kernels. */
	tx->cookie.mark = READ_ONCE(sk->sk_mark);

	if (msg->msg_name) {
		err = tx_name(tsk, msg, tx);
		if (err)
			return err;
	} else {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		tx->flow.daddr = READ_ONCE(tsk->daddr);
		tx->dport = READ_ONCE(tsk->dport);
		/* Another thread has just disconnected it. */
		if (unlikely(!tx->flow.daddr))
			return -EDESTADDRREQ;
		if (!bound_dev)
			tx->flow.oif = READ_ONCE(tsk->oif);
	}
	if (msg->msg_controllen) {
		err = tx_cmsg(tsk, msg, tx);
		if (err)
			return err;
	}
	/* A socket on a device stays on it. */
	if (bound_dev && tx->flow.oif != bound_dev)
		return -EINVAL;
	return 0;
}

static void put_pktinfo(struct msghdr *msg, struct sk_buff *skb, struct net *net)
{
	const struct teachhdr *hdr = teach_hdr(skb);
	struct teach_pktinfo info = {
		.ifindex	= teach_skb_cb(skb)->ifindex,
		.spec_dst	= { hdr->daddr },
		.addr		= { hdr->daddr },
	};
	struct teach_link *link;

	if (teach_skb_cb(skb)->broadcast) {
		rcu_read_lock();
		link = teach_link_get_rcu(net, info.ifindex);
		info.spec_dst.s_addr = link ? teach_addr_select(link, hdr->saddr) : 0;
		rcu_read_unlock();
	}
	put_cmsg(msg, SOL_TEACH, TEACH_PKTINFO, sizeof(info), &info);
}

/**
 * teach_cmsg_put() - the control messages that a socket asked for
 * @tsk: socket
 * @msg: where to
 * @skb: received packet
 *
 * Process context.
 */
void teach_cmsg_put(struct teach_sock *tsk, struct msghdr *msg, struct sk_buff *skb)
{
	unsigned long flags = READ_ONCE(tsk->flags);
	const struct teachhdr *hdr = teach_hdr(skb);
	int val;

	sock_recv_cmsgs(msg, &tsk->sk, skb);
	if (likely(!(flags & (BIT(TEACH_SK_PKTINFO) | BIT(TEACH_SK_RECVHOPLIMIT) |
			      BIT(TEACH_SK_RECVTCLASS)))))
		return;
	if (flags & BIT(TEACH_SK_PKTINFO))
		put_pktinfo(msg, skb, sock_net(&tsk->sk));
	if (flags & BIT(TEACH_SK_RECVHOPLIMIT)) {
		val = hdr->hop_limit;
		put_cmsg(msg, SOL_TEACH, TEACH_HOPLIMIT, sizeof(val), &val);
	}
	if (flags & BIT(TEACH_SK_RECVTCLASS)) {
		val = hdr->tclass;
		put_cmsg(msg, SOL_TEACH, TEACH_TCLASS, sizeof(val), &val);
	}
}
