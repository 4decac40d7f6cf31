// SPDX-License-Identifier: GPL-2.0
/*
 * What sockets that keep message boundaries have in common besides messages:
 * names, life and death. Behaviour and errno are those of UDP on Linux.
 */
#include <asm/ioctls.h>
#include <linux/netdevice.h>
#include <linux/poll.h>
#include <linux/sockios.h>
#include <net/sock_reuseport.h>
#include "link/addr.h"
#include "link/link.h"
#include "sock/addr.h"
#include "sock/common.h"
#include "sock/family.h"
#include "sock/port.h"
#include "sock/sock.h"

#define LAST_PRIVILEGED_PORT	1023

/* ---- bind ------------------------------------------------------------------- */

static bool is_broadcast(struct net *net, __be32 addr)
{
	struct teach_link *link;
	unsigned long index;

	if (addr == htonl(TEACH_ADDR_BROADCAST))
		return true;
	xa_for_each(&teach_link_net(net)->links, index, link) {
		if (teach_addr_is_broadcast(link, addr))
			return true;
	}
	return false;
}

/* Set what the socket receives for, and what it sends from. */
static int set_local(struct teach_sock *tsk, __be32 addr)
{
	struct net *net = sock_net(&tsk->sk);
	bool ours, broadcast;

	rcu_read_lock();
	ours = !addr || teach_addr_is_local(net, addr);
	broadcast = !ours && is_broadcast(net, addr);
	rcu_read_unlock();
	if (!ours && !broadcast)
		return -EADDRNOTAVAIL;
	WRITE_ONCE(tsk->rcv_saddr, addr);
	WRITE_ONCE(tsk->saddr, broadcast ? 0 : addr);
	return 0;
}

static void clear_local(struct teach_sock *tsk)
{
	WRITE_ONCE(tsk->rcv_saddr, 0);
	WRITE_ONCE(tsk->saddr, 0);
}

/* An address with a device binds to the device too, as IPv6's scope does. */
static int bind_device(struct sock *sk, int ifindex)
{
	struct net_device *dev;
	bool exists;

	if (!ifindex || sk->sk_bound_dev_if == ifindex)
		return 0;
	if (sk->sk_bound_dev_if)
		return -EINVAL;
	rcu_read_lock();
	dev = dev_get_by_index_rcu(sock_net(sk), ifindex);
	exists = dev;
	rcu_read_unlock();
	if (!exists)
		return -ENODEV;
	WRITE_ONCE(sk->sk_bound_dev_if, ifindex);
	return 0;
}

static bool may_bind_port(struct sock *sk, __be16 port)
{
	if (!port || ntohs(port) > LAST_PRIVILEGED_PORT ||
	    sk->sk_protocol == TEACHPROTO_CONTROL)
		return true;
	return ns_capable(sock_net(sk)->user_ns, CAP_NET_BIND_SERVICE);
}

static int bind_locked(struct teach_sock *tsk, const struct sockaddr_teach *addr)
{
	struct sock *sk = &tsk->sk;
	int bound_dev = sk->sk_bound_dev_if;
	int err;

	if (sk->sk_state != TCP_CLOSE || tsk->sport)
		return -EINVAL;
	err = set_local(tsk, addr->teach_addr.s_addr);
	if (err)
		return err;
	err = bind_device(sk, addr->teach_ifindex);
	if (!err)
		err = teach_port_bind(tsk, addr->teach_port);
	if (err) {
		clear_local(tsk);
		WRITE_ONCE(sk->sk_bound_dev_if, bound_dev);
		return err;
	}
	if (tsk->rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (addr->teach_port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	return 0;
}

/**
 * teach_sock_bind() - bind(2)
 * @sock: socket
 * @addr: struct sockaddr_teach, in kernel memory
 * @len: bytes of it
 *
 * Return: as bind(2) on UDP.
 */
int teach_sock_bind(struct socket *sock, struct sockaddr_unsized *addr, int len)
{
	const struct sockaddr_teach *name = (const struct sockaddr_teach *)addr;
	struct sock *sk = sock->sk;
	int err = teach_sockaddr_check(name, len);

	if (err)
		return err;
	if (!may_bind_port(sk, name->teach_port))
		return -EACCES;
	lock_sock(sk);
	err = bind_locked(teach_sk(sk), name);
	release_sock(sk);
	return err;
}

/**
 * teach_sock_autobind() - make sure that a socket has a port
 * @tsk: socket
 *
 * Process context, not lock_sock(). Return: 0; -EAGAIN where all are taken.
 */
int teach_sock_autobind(struct teach_sock *tsk)
{
	int err = 0;

	lock_sock(&tsk->sk);
	/* Somebody may have bound it since the caller looked. */
	if (!tsk->sport)
		err = teach_port_bind(tsk, 0);
	release_sock(&tsk->sk);
	return err == -EADDRINUSE ? -EAGAIN : err;
}

/* ---- connect ------------------------------------------------------------------ */

static int connect_locked(struct teach_sock *tsk, const struct sockaddr_teach *addr)
{
	struct sock *sk = &tsk->sk;
	const struct teach_flow flow = {
		.daddr	= addr->teach_addr.s_addr,
		.saddr	= tsk->saddr,
		.oif	= sk->sk_bound_dev_if ?: addr->teach_ifindex,
	};
	struct teach_path path;
	int err;

	if (sk->sk_bound_dev_if && addr->teach_ifindex &&
	    sk->sk_bound_dev_if != addr->teach_ifindex)
		return -EINVAL;
	rcu_read_lock();
	err = teach_path_get(sock_net(sk), &tsk->path, &flow, &path);
	rcu_read_unlock();
	if (err)
		return err;
	if (path.type == TEACH_PATH_BROADCAST && !sock_flag(sk, SOCK_BROADCAST))
		return -EACCES;

	if (!tsk->saddr)
		WRITE_ONCE(tsk->saddr, path.saddr);
	if (!tsk->rcv_saddr)
		WRITE_ONCE(tsk->rcv_saddr, path.saddr);
	WRITE_ONCE(tsk->daddr, path.daddr);
	WRITE_ONCE(tsk->dport, sk->sk_protocol == TEACHPROTO_CONTROL ? 0 :
			       addr->teach_port);
	WRITE_ONCE(tsk->oif, addr->teach_ifindex);
	WRITE_ONCE(sk->sk_state, TCP_ESTABLISHED);
	/* It gets what its peer sends, not a share of what others send. */
	if (rcu_access_pointer(sk->sk_reuseport_cb))
		reuseport_detach_sock(sk);
	sk_set_txhash(sk);
	return 0;
}

/**
 * teach_sock_disconnect() - forget the peer
 * @sk: socket
 * @flags: not used
 *
 * As proto.disconnect: lock_sock(). Return: 0.
 */
int teach_sock_disconnect(struct sock *sk, int flags)
{
	struct teach_sock *tsk = teach_sk(sk);

	WRITE_ONCE(sk->sk_state, TCP_CLOSE);
	WRITE_ONCE(tsk->daddr, 0);
	WRITE_ONCE(tsk->dport, 0);
	WRITE_ONCE(tsk->oif, 0);
	WRITE_ONCE(sk->sk_bound_dev_if, 0);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		clear_local(tsk);
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		teach_port_release(tsk);
	else
		teach_port_join_group(tsk);
	return 0;
}

/**
 * teach_sock_connect() - connect(2)
 * @sock: socket
 * @addr: struct sockaddr_teach, or any of family AF_UNSPEC to disconnect
 * @len: bytes of it
 * @flags: not used
 *
 * Return: as connect(2) on UDP.
 */
int teach_sock_connect(struct socket *sock, struct sockaddr_unsized *addr, int len,
		       int flags)
{
	const struct sockaddr_teach *name = (const struct sockaddr_teach *)addr;
	struct sock *sk = sock->sk;
	int err;

	if (len < (int)sizeof(name->teach_family))
		return -EINVAL;
	if (name->teach_family == AF_UNSPEC) {
		lock_sock(sk);
		err = sk->sk_prot->disconnect(sk, flags);
		release_sock(sk);
		return err;
	}
	err = teach_sockaddr_check(name, len);
	if (err)
		return err;
	err = teach_sock_autobind(teach_sk(sk));
	if (err)
		return err;
	lock_sock(sk);
	err = connect_locked(teach_sk(sk), name);
	release_sock(sk);
	return err;
}

/**
 * teach_sock_getname() - getsockname(2) and getpeername(2)
 * @sock: socket
 * @addr: where to
 * @peer: the peer's
 *
 * Return: length of the address, or -ENOTCONN.
 */
int teach_sock_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct sockaddr_teach *name = (struct sockaddr_teach *)addr;
	struct teach_sock *tsk = teach_sk(sock->sk);
	int len = -ENOTCONN;

	lock_sock(&tsk->sk);
	if (!peer)
		len = teach_sockaddr_put(name, tsk->rcv_saddr ?: tsk->saddr,
					 tsk->sport, 0);
	else if (tsk->sk.sk_state == TCP_ESTABLISHED)
		len = teach_sockaddr_put(name, tsk->daddr, tsk->dport, tsk->oif);
	release_sock(&tsk->sk);
	return len;
}

/**
 * teach_sock_poll() - poll(2)
 * @file: its file
 * @sock: socket
 * @wait: where to wait
 *
 * Return: as datagram_poll(), which does not know of the reader's queue.
 */
__poll_t teach_sock_poll(struct file *file, struct socket *sock,
			 struct poll_table_struct *wait)
{
	__poll_t mask = datagram_poll(file, sock, wait);

	if (!skb_queue_empty_lockless(&teach_sk(sock->sk)->rxq.reader))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

/* ---- shutdown, close, ioctl ------------------------------------------------------- */

/**
 * teach_sock_shutdown() - shutdown(2)
 * @sock: socket
 * @how: SHUT_*
 *
 * Return: 0; -EINVAL; -ENOTCONN without a peer, though readers are woken, as
 * UDP does.
 */
int teach_sock_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	/* SHUT_RD, SHUT_WR, SHUT_RDWR are 0, 1, 2; the bits are 1, 2, 3. */
	how++;
	if (how < 1 || how > SHUTDOWN_MASK)
		return -EINVAL;
	lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE)
		err = -ENOTCONN;
	WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | how);
	sk->sk_state_change(sk);
	release_sock(sk);
	return err;
}

/**
 * teach_sock_unhash() - nothing is delivered to this socket any more
 * @sk: socket that is being closed
 */
void teach_sock_unhash(struct sock *sk)
{
	teach_port_release(teach_sk(sk));
}

/**
 * teach_sock_close() - the last file is gone
 * @sk: socket
 * @timeout: not used: nothing lingers
 */
void teach_sock_close(struct sock *sk, long timeout)
{
	sk_common_release(sk);
}

/**
 * teach_sock_release() - close(2)
 * @sock: socket
 *
 * Return: 0.
 */
int teach_sock_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (sk) {
		sock->sk = NULL;
		sk->sk_prot->close(sk, 0);
	}
	return 0;
}

/**
 * teach_sock_queue_ioctl() - how much is queued?
 * @sk: socket
 * @cmd: SIOCINQ: bytes of the next message; SIOCOUTQ: bytes that have not left
 * @arg: is set
 *
 * As proto.ioctl: process context. Return: 0 or -ENOIOCTLCMD.
 */
int teach_sock_queue_ioctl(struct sock *sk, int cmd, int *arg)
{
	switch (cmd) {
	case SIOCINQ:
		*arg = teach_rxq_first_len(sk, &teach_sk(sk)->rxq);
		return 0;
	case SIOCOUTQ:
		*arg = sk_wmem_alloc_get(sk);
		return 0;
	}
	return -ENOIOCTLCMD;
}

/**
 * teach_sock_ioctl() - ioctl(2)
 * @sock: socket
 * @cmd: SIOC*
 * @arg: its argument
 *
 * Return: as ioctl(2) on UDP; -ENOIOCTLCMD for those that the core answers.
 */
int teach_sock_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;
	struct sock *sk = sock->sk;
	int val, err;

	err = teach_sock_queue_ioctl(sk, cmd, &val);
	if (!err)
		return put_user(val, (int __user *)uarg);
	return teach_sock_device_ioctl(sock_net(sk), cmd, uarg);
}
