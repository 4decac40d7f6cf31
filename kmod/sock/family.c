// SPDX-License-Identifier: GPL-2.0
/*
 * The address family: socket(AF_TEACH, ...) begins here.
 */
#include <linux/module.h>
#include <net/sock.h>
#include "sock/family.h"
#include "sock/sock.h"

/* Kinds of sockets, added while the module is loaded and removed while it is
 * unloaded: no socket is being created then.
 */
static LIST_HEAD(sock_types);
static teach_ioctl_fn device_ioctl __read_mostly;

/**
 * teach_sock_type_add() - offer a kind of socket
 * @type: kind; stays until teach_sock_type_del()
 *
 * Before teach_family_init(). Return: 0 or a negative errno.
 */
int teach_sock_type_add(struct teach_sock_type *type)
{
	int err = proto_register(type->prot, 1);

	if (!err)
		list_add_tail(&type->list, &sock_types);
	return err;
}

/**
 * teach_sock_type_del() - offer it no more
 * @type: kind, of which no socket is left
 *
 * After teach_family_exit().
 */
void teach_sock_type_del(struct teach_sock_type *type)
{
	list_del(&type->list);
	proto_unregister(type->prot);
}

/**
 * teach_sock_set_ioctl() - who answers requests about devices and neighbours
 * @fn: function; before the family is registered
 */
void teach_sock_set_ioctl(teach_ioctl_fn fn)
{
	device_ioctl = fn;
}

/**
 * teach_sock_device_ioctl() - an ioctl that is not about the socket itself
 * @net: the socket's network namespace
 * @cmd: SIOC*
 * @arg: its argument
 *
 * Process context. Return: as ioctl(2); -ENOIOCTLCMD for the core to go on.
 */
int teach_sock_device_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	return device_ioctl ? device_ioctl(net, cmd, arg) : -ENOIOCTLCMD;
}

static int find_type(const struct net *net, int type, int protocol,
		     const struct teach_sock_type **found)
{
	const struct teach_sock_type *t;
	int err = -ESOCKTNOSUPPORT;

	list_for_each_entry(t, &sock_types, list) {
		if (t->type != type)
			continue;
		if (t->protocol == protocol || (!protocol && t->is_default)) {
			*found = t;
			return t->may ? t->may(net) : 0;
		}
		err = -EPROTONOSUPPORT;
	}
	return err;
}

static void sock_destruct(struct sock *sk)
{
	struct teach_sock *tsk = teach_sk(sk);

	teach_rxq_purge(sk, &tsk->rxq);
	__skb_queue_purge(&sk->sk_error_queue);
	teach_path_cache_clear(&tsk->path);
	WARN_ON_ONCE(atomic_read(&sk->sk_rmem_alloc));
	WARN_ON_ONCE(refcount_read(&sk->sk_wmem_alloc));
}

static int family_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	const struct teach_sock_type *type;
	struct teach_sock *tsk;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= TEACHPROTO_MAX)
		return -EINVAL;
	err = find_type(net, sock->type, protocol, &type);
	if (err)
		return err;

	sk = sk_alloc(net, PF_TEACH, GFP_KERNEL, type->prot, kern);
	if (!sk)
		return -ENOMEM;
	sock->state = SS_UNCONNECTED;
	sock->ops = type->ops;
	sock_init_data(sock, sk);
	sk->sk_protocol = type->protocol;
	sk->sk_destruct = sock_destruct;
	/* Readers of the port tables do not take references. */
	sock_set_flag(sk, SOCK_RCU_FREE);

	/* The rest is zero: sk_alloc() clears it. */
	tsk = teach_sk(sk);
	tsk->hop_limit = -1;
	INIT_HLIST_NODE(&tsk->port_node);
	INIT_HLIST_NODE(&tsk->addr_node);
	teach_path_cache_init(&tsk->path);
	teach_rxq_init(&tsk->rxq);
	return 0;
}

static const struct net_proto_family teach_family = {
	.family	= PF_TEACH,
	.create	= family_create,
	.owner	= THIS_MODULE,
};

/**
 * teach_family_init() - from now on programs can open sockets
 *
 * Return: 0, or a negative errno: -EEXIST where the number is taken.
 */
int __init teach_family_init(void)
{
	return sock_register(&teach_family);
}

/**
 * teach_family_exit() - first of all: no new socket
 */
void teach_family_exit(void)
{
	sock_unregister(PF_TEACH);
}
