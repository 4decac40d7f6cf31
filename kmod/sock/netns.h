/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_NETNS_H
#define TEACH_SOCK_NETNS_H

#include <net/net_namespace.h>
#include <net/netns/generic.h>

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

static inline u8 teach_sock_net_hop_limit(const struct net *net)
{
	return READ_ONCE(teach_sock_net(net)->hop_limit);
}

int teach_sock_net_init(void);
void teach_sock_net_exit(void);

#endif
