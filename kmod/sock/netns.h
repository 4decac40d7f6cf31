/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_NETNS_H
#define TEACH_SOCK_NETNS_H

#include "link/netns.h"

/**
 * struct teach_sock_net - what new sockets of a network namespace begin with
 * @hop_limit: hop limit of packets whose socket sets none, 1..255
 */
struct teach_sock_net {
	int	hop_limit;
};

extern unsigned int teach_sock_net_id;

static inline struct teach_sock_net *teach_sock_net(const struct net *net)
{
	return net_generic(net, teach_sock_net_id);
}

/**
 * teach_sock_net_hop_limit() - hop limit of packets whose socket sets none
 * @net: network namespace
 *
 * Context: rcu_read_lock(). Return: 1..255.
 */
static inline u8 teach_sock_net_hop_limit(const struct net *net)
{
	const struct teach_sock_net *sn = teach_net_rcu(net, teach_sock_net_id);

	return READ_ONCE(sn->hop_limit);
}

int teach_sock_net_init(void);
void teach_sock_net_exit(void);

#endif
