/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_LINK_H
#define TEACH_LINK_LINK_H

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "link/parms.h"
#include "link/stats.h"

struct teach_neigh;
struct teach_sysctl_link;

/**
 * struct teach_resolver - a way to ask for a neighbour's MAC address
 * @solicit: ask once for @n; @ha is the MAC address to ask, NULL to ask all;
 *	@from is the source of the youngest packet that waits, 0 if none does.
 *	Called under rcu_read_lock() without the neighbour's lock, any context
 */
struct teach_resolver {
	void (*solicit)(const struct teach_neigh *n, const u8 *ha, __be32 from);
};

/**
 * struct teach_link_upper - what the layer above takes from links
 * @rcv: a frame of ETH_P_TEACH; as packet_type.func, softirq
 * @route_ifindex: index of the device by which an address is reached, 0 if by none.
 *	Called under rcu_read_lock()
 * @no_next_hop: a packet whose next hop was not found; consumes it. Called
 *	under rcu_read_lock() and without any lock, softirq or process context
 */
struct teach_link_upper {
	int (*rcv)(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *pt, struct net_device *orig_dev);
	int (*route_ifindex)(const struct net *net, __be32 addr);
	void (*no_next_hop)(struct net *net, struct sk_buff *skb);
};

/**
 * struct teach_proxy_queue - answers of a proxy that wait for their time
 * @lock: protects the others; taken in softirq
 * @answers: in the order in which they were asked for
 * @len: how many
 * @ended: no more are taken
 * @timer: sends what is due
 */
struct teach_proxy_queue {
	spinlock_t		lock;		/* see above */
	struct list_head	answers;
	int			len;
	bool			ended;
	struct timer_list	timer;
};

#define TEACH_SOLICIT_SHARES	16

/**
 * struct teach_solicits - how many requests a link may still send
 * @lock: protects the others; nothing is taken inside it
 * @refilled: jiffies
 * @common: what all may take; unit and meaning in link/solicit.c
 * @share: what is left for those of one share
 */
struct teach_solicits {
	spinlock_t		lock;		/* see above */
	unsigned long		refilled;
	u64			common;
	u64			share[TEACH_SOLICIT_SHARES];
};

/**
 * struct teach_link - what TEACH knows of one Ethernet device
 * @dev: the device; see below for how long it may be used
 * @dev_tracker: of the reference to @dev
 * @net: network namespace of @dev
 * @ifindex: index of @dev
 * @dead: no more entries may be made; set once, under RTNL
 * @ref: one for the link being registered, one for each neighbour entry
 * @n_neighs: neighbour entries on this link
 * @n_addrs: local addresses on this link; RTNL
 * @addrs: list of struct teach_ifaddr; changed under RTNL, read under RCU
 * @parms: how neighbours are resolved
 * @sysctl: its tables, of ctl/sysctl_parms.c; RTNL
 * @resolver: by what means
 * @stats: its counters, of ARP and of its neighbours
 * @solicits: what is left of the rate of requests, of link/solicit.c
 * @proxy: answers for others that wait, of link/proxy.c
 * @rx_teach: hands frames of ETH_P_TEACH up
 * @rx_arp: hands frames of ETH_P_ARP to @resolver's protocol
 * @rcu: frees it
 *
 * A link lives from NETDEV_REGISTER to NETDEV_UNREGISTER of its device in one
 * namespace, and holds a reference to the device for that long. Neighbour
 * entries, which sockets may hold for longer, keep the structure alive but not
 * the device: @dev may be followed only under RTNL or rcu_read_lock() after
 * finding @dead unset in that same section. The core waits for a grace
 * period between NETDEV_UNREGISTER and freeing a device.
 */
struct teach_link {
	struct net_device		*dev;
	netdevice_tracker		dev_tracker;
	struct net			*net;
	int				ifindex;
	bool				dead;
	refcount_t			ref;
	atomic_t			n_neighs;
	unsigned int			n_addrs;
	struct list_head		addrs;
	struct teach_parms		parms;
	struct teach_sysctl_link	*sysctl;
	const struct teach_resolver	*resolver;
	struct teach_stats __percpu	*stats;
	struct teach_solicits		solicits;
	struct teach_proxy_queue	proxy;
	struct packet_type		rx_teach;
	struct packet_type		rx_arp;
	struct rcu_head			rcu;
};

/**
 * struct teach_link_net - links of one network namespace
 * @links: by index of the device; changed under RTNL, read under RCU
 * @generation: see teach_link_generation()
 * @n_neighs: neighbour entries that exist, those being freed included
 * @defaults: parameters that a new link starts with, and that others follow which
 *	nobody has set
 * @all: net.teach.conf.all: of these and the link's own the larger is in force
 */
struct teach_link_net {
	struct xarray		links;
	atomic_t		generation;
	atomic_t		n_neighs;
	struct teach_parms	defaults;
	struct teach_parms	all;
};

extern unsigned int teach_link_net_id;
extern const struct teach_link_upper *teach_link_upper;

static inline struct teach_link_net *teach_link_net(const struct net *net)
{
	return net_generic(net, teach_link_net_id);
}

/**
 * teach_link_policy() - a parameter of net.teach.conf that is in force
 * @link: link
 * @parm: TEACH_PARM_A_*, one of those
 *
 * Any context. Return: the larger of the link's own and that of all links, as
 * IPv4 has it.
 */
static inline int teach_link_policy(const struct teach_link *link, unsigned int parm)
{
	return max(teach_parms_get(&link->parms, parm),
		   teach_parms_get(&teach_link_net(link->net)->all, parm));
}

/**
 * teach_link_generation() - has anything changed since?
 * @net: network namespace
 *
 * Whoever keeps the outcome of a look-up (address, route, neighbour) keeps the
 * generation read before it too, and looks up again once they differ. Any
 * context. Return: a number that changes with each such change.
 */
static inline u32 teach_link_generation(const struct net *net)
{
	return atomic_read_acquire(&teach_link_net(net)->generation);
}

/**
 * teach_link_alive() - may link->dev be followed?
 * @link: link
 *
 * Context: rcu_read_lock() or RTNL, and the answer holds until that ends.
 * Return: true if so.
 */
static inline bool teach_link_alive(const struct teach_link *link)
{
	return !READ_ONCE(link->dead);
}

/**
 * teach_link_count() - count something that happened on a link
 * @link: link
 * @stat: what
 *
 * In its own counters and in those of its namespace. Any context; takes no lock.
 */
static inline void teach_link_count(const struct teach_link *link, enum teach_stat stat)
{
	this_cpu_inc(link->stats->count[stat]);
	teach_stats_inc(link->net, stat);
}

/**
 * teach_link_drop() - count a packet that ends on a link, and free it
 * @link: link
 * @skb: the packet; consumed
 * @stat: why, for users
 * @reason: why, for those who trace kfree_skb
 *
 * Any context.
 */
static inline void teach_link_drop(const struct teach_link *link, struct sk_buff *skb,
				   enum teach_stat stat, enum skb_drop_reason reason)
{
	teach_link_count(link, stat);
	kfree_skb_reason(skb, reason);
}

void teach_link_changed(struct net *net);
void teach_link_set_default(struct net *net, unsigned int parm, int value);
struct teach_link *teach_link_get_rcu(const struct net *net, int ifindex);
struct teach_link *teach_link_get_rtnl(const struct net *net, int ifindex);
struct teach_link *teach_link_create(struct net_device *dev);
void teach_link_destroy(struct teach_link *link);
void teach_link_put(struct teach_link *link);

int teach_link_init(const struct teach_link_upper *upper);
void teach_link_exit(void);

#endif
