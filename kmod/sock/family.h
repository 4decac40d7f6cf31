/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_FAMILY_H
#define TEACH_SOCK_FAMILY_H

#include <linux/list.h>
#include <linux/net.h>

struct proto;
struct net;

/**
 * struct teach_sock_type - a kind of socket
 * @list: in the family's list
 * @type: SOCK_DGRAM, ...
 * @protocol: TEACHPROTO_*
 * @is_default: what socket() with protocol 0 gives
 * @prot: its protocol
 * @ops: its operations
 * @may: who may have one: 0 or a negative errno; NULL for everybody
 */
struct teach_sock_type {
	struct list_head	list;
	int			type;
	int			protocol;
	bool			is_default;
	struct proto		*prot;
	const struct proto_ops	*ops;
	int			(*may)(const struct net *net);
};

/* Device and neighbour requests: ctl/ answers them. Return: -ENOIOCTLCMD for
 * those it does not know.
 */
typedef int (*teach_ioctl_fn)(struct net *net, unsigned int cmd, void __user *arg);

int teach_sock_type_add(struct teach_sock_type *type);
void teach_sock_type_del(struct teach_sock_type *type);
void teach_sock_set_ioctl(teach_ioctl_fn fn);
int teach_sock_device_ioctl(struct net *net, unsigned int cmd, void __user *arg);

int teach_family_init(void);
void teach_family_exit(void);

#endif
