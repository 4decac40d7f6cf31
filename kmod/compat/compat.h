/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All differences between kernels, and nothing else. The module is written for
 * the newest kernel; this header, included before everything else, gives an older
 * one what it lacks. compat/probed.h says what that is.
 */
#ifndef TEACH_COMPAT_COMPAT_H
#define TEACH_COMPAT_COMPAT_H

#include "compat/probed.h"

#include <linux/module.h>
#include <linux/sock_diag.h>
#include <linux/sysctl.h>
#include <linux/timer.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>
#include <net/sock.h>

/* 6.3: static, but where a suite of test/ is to reach it. */
#ifdef TEACH_HAVE_KUNIT_VISIBILITY
#include <kunit/visibility.h>
#else
#define VISIBLE_IF_KUNIT static
#endif

/* 6.16 */
#ifndef TEACH_HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, timer, field) from_timer(var, timer, field)
#endif

/* 6.19: the length that comes along is what counts, not the type. */
#ifndef TEACH_HAVE_SOCKADDR_UNSIZED
#define sockaddr_unsized sockaddr
#endif

/* 6.17 */
#ifndef TEACH_HAVE_SK_UID
static inline kuid_t sk_uid(const struct sock *sk)
{
	return READ_ONCE(sk->sk_uid);
}
#endif

/* 6.18 */
#ifndef TEACH_HAVE_SK_DROPS_INC
static inline void sk_drops_inc(struct sock *sk)
{
	atomic_inc(&sk->sk_drops);
}
#endif

/* 6.18 */
#ifndef TEACH_HAVE_SK_DROPS_READ
static inline int sk_drops_read(const struct sock *sk)
{
	return atomic_read(&sk->sk_drops);
}
#endif

/* 6.14: takes the cookie, not its flags. */
#ifndef TEACH_HAVE_TX_TIMESTAMP_COOKIE
#define skb_setup_tx_timestamp(skb, cookie) \
	skb_setup_tx_timestamp(skb, (cookie)->tsflags)
#endif

/* 6.3: no message any more. */
#ifdef TEACH_HAVE_SOCK_CMSG_SEND_MSG
#define __sock_cmsg_send(sk, cmsg, cookie) __sock_cmsg_send(sk, NULL, cmsg, cookie)
#endif

/* 6.5: into kernel memory, so that io_uring can ask. Before, nobody asks. */
#ifdef TEACH_HAVE_PROTO_IOCTL_INT
#define TEACH_PROT_IOCTL(fn) .ioctl = fn,
#else
#define TEACH_PROT_IOCTL(fn)
#endif

/* 6.13 took rtnl_register_module() away; 6.12 had both. */
#ifndef TEACH_HAVE_RTNL_REGISTER_MANY
struct rtnl_msg_handler {
	struct module	*owner;
	int		protocol;
	int		msgtype;
	rtnl_doit_func	doit;
	rtnl_dumpit_func dumpit;
	int		flags;
};

static inline void __rtnl_unregister_many(const struct rtnl_msg_handler *h, int n)
{
	while (n--)
		rtnl_unregister(h[n].protocol, h[n].msgtype);
}

static inline int __rtnl_register_many(const struct rtnl_msg_handler *h, int n)
{
	int i, err;

	for (i = 0; i < n; i++) {
		err = rtnl_register_module(h[i].owner, h[i].protocol, h[i].msgtype,
					   h[i].doit, h[i].dumpit, h[i].flags);
		if (err) {
			__rtnl_unregister_many(h, i);
			return err;
		}
	}
	return 0;
}
#endif

/* 6.2: a message with values in it. Before, one must outlive the request: there is room
 * for some, and the oldest is overwritten. Its reader may be measuring it at that moment:
 * use it for text that is always as long.
 */
#ifndef NL_SET_ERR_MSG_FMT
#define TEACH_EXTACK_TEXTS	64
#define NL_SET_ERR_MSG_FMT(extack, fmt, ...) do {				\
	static char _texts[TEACH_EXTACK_TEXTS][80];				\
	static atomic_t _next;							\
	struct netlink_ext_ack *_extack = (extack);				\
	unsigned int _i = atomic_inc_return(&_next) % TEACH_EXTACK_TEXTS;	\
	if (_extack) {								\
		scnprintf(_texts[_i], sizeof(_texts[_i]), fmt, ##__VA_ARGS__);	\
		_extack->_msg = _texts[_i];					\
	}									\
} while (0)
#endif

/* 6.9 */
#ifdef TEACH_HAVE_DIAG_OWNER
#define TEACH_DIAG_OWNER .owner = THIS_MODULE,
#else
#define TEACH_DIAG_OWNER
#endif

/* 6.6 */
#ifndef TEACH_HAVE_GENL_INFO_DUMP
#define genl_info_dump genl_dumpit_info
#endif

/* 6.6: a table's size instead of an empty last entry. */
#ifndef TEACH_HAVE_SYSCTL_SIZED
#define register_net_sysctl_sz(net, path, table, size) \
	register_net_sysctl(net, path, table)
#endif

/* By 7.2, where the other name became what programs may set at most. */
#ifndef SK_WMEM_DEFAULT
#define SK_WMEM_DEFAULT SK_WMEM_MAX
#endif

/* 6.11 */
#ifdef TEACH_HAVE_SYSCTL_CONST
#define teach_ctl_table const struct ctl_table
#else
#define teach_ctl_table struct ctl_table
#endif

#endif
