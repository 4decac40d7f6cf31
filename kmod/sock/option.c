// SPDX-License-Identifier: GPL-2.0
/*
 * Options at SOL_TEACH. Those at SOL_SOCKET are the core's.
 */
#include <net/sock.h>
#include "sock/netns.h"
#include "sock/option.h"
#include "sock/sock.h"

/* Options that are a bit of teach_sock.flags, or -1. */
static int flag_of(int name)
{
	switch (name) {
	case TEACH_RECVERR:
		return TEACH_SK_RECVERR;
	case TEACH_PKTINFO:
		return TEACH_SK_PKTINFO;
	case TEACH_RECVHOPLIMIT:
		return TEACH_SK_RECVHOPLIMIT;
	case TEACH_RECVTCLASS:
		return TEACH_SK_RECVTCLASS;
	}
	return -1;
}

/* Ask again where there is a route: it may be another by now. */
static int path_mtu(struct teach_sock *tsk)
{
	struct sock *sk = &tsk->sk;
	const struct teach_flow flow = {
		.daddr	= tsk->daddr,
		.saddr	= tsk->saddr,
		.oif	= sk->sk_bound_dev_if ?: tsk->oif,
	};
	struct teach_path path;
	int ret;

	if (sk->sk_state != TCP_ESTABLISHED)
		return -ENOTCONN;
	rcu_read_lock();
	ret = teach_path_get(sock_net(sk), &tsk->path, &flow, &path);
	if (!ret)
		ret = teach_path_mtu(&path);
	rcu_read_unlock();
	return ret;
}

static int set_flag(struct teach_sock *tsk, int flag, int val)
{
	if (val) {
		set_bit(flag, &tsk->flags);
	} else {
		clear_bit(flag, &tsk->flags);
		/* Who does not want errors does not want those queued either. */
		if (flag == TEACH_SK_RECVERR)
			skb_queue_purge(&tsk->sk.sk_error_queue);
	}
	return 0;
}

static int write_option(struct teach_sock *tsk, int name, int val)
{
	int flag = flag_of(name);

	if (flag >= 0)
		return set_flag(tsk, flag, val);

	switch (name) {
	case TEACH_REUSEPORT:
		tsk->sk.sk_reuseport = !!val;
		return 0;
	case TEACH_HOPLIMIT:
		if (val != -1 && (val < 1 || val > 255))
			return -EINVAL;
		WRITE_ONCE(tsk->hop_limit, val);
		return 0;
	case TEACH_TCLASS:
		if (val < 0 || val > 255)
			return -EINVAL;
		WRITE_ONCE(tsk->tclass, val);
		return 0;
	}
	return -ENOPROTOOPT;
}

/**
 * teach_setsockopt() - set an option at SOL_TEACH
 * @sk: socket
 * @level: level
 * @name: TEACH_*
 * @optval: an int
 * @optlen: bytes of it
 *
 * As proto.setsockopt: process context. Return: 0; -ENOPROTOOPT for another level
 * or option; -EINVAL for a short or impossible value; -EFAULT.
 */
int teach_setsockopt(struct sock *sk, int level, int name, sockptr_t optval,
		     unsigned int optlen)
{
	int val, err;

	if (level != SOL_TEACH)
		return -ENOPROTOOPT;
	if (optlen < sizeof(val))
		return -EINVAL;
	if (copy_from_sockptr(&val, optval, sizeof(val)))
		return -EFAULT;
	lock_sock(sk);
	err = write_option(teach_sk(sk), name, val);
	release_sock(sk);
	return err;
}

static int read_option(struct teach_sock *tsk, int name, int *val)
{
	int flag = flag_of(name);

	if (flag >= 0) {
		*val = test_bit(flag, &tsk->flags);
		return 0;
	}

	switch (name) {
	case TEACH_REUSEPORT:
		*val = tsk->sk.sk_reuseport;
		return 0;
	case TEACH_HOPLIMIT:
		rcu_read_lock();
		*val = tsk->hop_limit < 0 ?
		       teach_sock_net_hop_limit(sock_net(&tsk->sk)) : tsk->hop_limit;
		rcu_read_unlock();
		return 0;
	case TEACH_TCLASS:
		*val = tsk->tclass;
		return 0;
	case TEACH_MTU:
		*val = path_mtu(tsk);
		return min(*val, 0);
	}
	return -ENOPROTOOPT;
}

/**
 * teach_getsockopt() - read an option at SOL_TEACH
 * @sk: socket
 * @level: level
 * @name: TEACH_*
 * @optval: where to, an int
 * @optlen: bytes there; is set to how many were written
 *
 * As proto.getsockopt: process context. Return: 0; -ENOPROTOOPT for another option;
 * -EOPNOTSUPP for another level, as UDP has it; -EINVAL for a negative length;
 * -ENOTCONN for TEACH_MTU without a peer; -EFAULT.
 */
int teach_getsockopt(struct sock *sk, int level, int name, char __user *optval,
		     int __user *optlen)
{
	int val, len, err;

	if (level != SOL_TEACH)
		return -EOPNOTSUPP;
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min_t(int, len, sizeof(val));

	lock_sock(sk);
	err = read_option(teach_sk(sk), name, &val);
	release_sock(sk);
	if (err)
		return err;
	if (put_user(len, optlen) || copy_to_user(optval, &val, len))
		return -EFAULT;
	return 0;
}
