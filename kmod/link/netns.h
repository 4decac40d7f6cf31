/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NETNS_H
#define TEACH_LINK_NETNS_H

#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

/**
 * teach_net_rcu() - what we keep of a network namespace, for the path of a packet
 * @net: network namespace
 * @id: as net_generic()
 *
 * net_generic() enters and leaves an RCU section each time, which a packet would pay for
 * a dozen times although it is in one from end to end. Context: rcu_read_lock(). Return:
 * as net_generic(); valid for as long as the namespace.
 */
static inline void *teach_net_rcu(const struct net *net, unsigned int id)
{
	return rcu_dereference(net->gen)->ptr[id];
}

#endif
