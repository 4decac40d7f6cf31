/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_LINK_H
#define TEACH_LINK_LINK_H

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "link/acd.h"
#include "link/parms.h"
#include "link/stats.h"

struct teach_link;
struct teach_neigh;
struct teach_sysctl_link;

/**
 * struct teach_resolver - a way to ask for a neighbour's MAC address
 * @solicit: ask once for @n; @ha is the MAC address to ask, NULL to ask all;
 *	@from is the source of the youngest packet that waits, 0 if none does.
 *	Called under rcu_read_lock() without the neighbour's lock, any context
 * @claim: ask all for @target, a probe for it if @sender is any, an announcement of it
 *	if @sender is the same. Under rcu_read_lock() or RTNL, link alive, any context.
 *	Returns true if the device got it
 */
struct teach_resolver {
	void (*solicit)(const struct teach_neigh *n, const u8 *ha, __be32 from);
	bool (*claim)(const struct teach_link *link, __be32 target, __be32 sender);
};

/**
 * enum teach_manner - in which manner is asked
 * @TEACH_BY_ARP: link/arp.c
 * @TEACH_BY_ND: link/nd.c
 */
enum teach_manner {
	TEACH_BY_ARP,
	TEACH_BY_ND,
	TEACH_N_MANNERS
};

/* Buckets of a link's broadcast addresses, as a power of two. */
#define TEACH_BROADCAST_BITS	4

/* Probes of other hosts that a link remembers; the oldest is forgotten first. */
#define TEACH_LINK_PROBES_HEARD	8

/**
 * struct teach_probe_heard - another host's probe for an address (RFC 5227)
 * @addr: the address, or any for an unused place
 * @mac: MAC address of the host
 * @at: jiffies
 */
struct teach_probe_heard {
	__be32		addr;
	u8		mac[ETH_ALEN];
	unsigned long	at;
};

/* RARP requests of a link that wait to be looked up among neighbours. */
#define TEACH_RARP_WAITING	16
/* Programs that wait for an answer to RARP_RESOLVE, on one link. */
#define TEACH_RARP_QUERIES	8

/**
 * struct teach_rarp_waiting - a RARP request that waits
 * @asker: MAC address of the host that asked
 * @mac: whose address it asked for
 */
struct teach_rarp_waiting {
	u8	asker[ETH_ALEN];
	u8	mac[ETH_ALEN];
};

/**
 * struct teach_rarp_query - a program that waits for an answer
 * @portid: its netlink socket; 0 for an unused place
 * @seq: sequence number of its request
 * @mac: MAC address that it asked about
 * @at: jiffies at which it asked
 */
struct teach_rarp_query {
	u32		portid;
	u32		seq;
	u8		mac[ETH_ALEN];
	unsigned long	at;
};

/**
 * struct teach_rarp_client - how a link gets an address by RARP (link/rarp_client.c)
 * @active: it wants one; RTNL writes, others read under link->rarp_lock
 * @prefix_len: prefix length that the address is given; RTNL
 * @asked: an answer would be welcome; link->rarp_lock
 * @offered: the address in an answer not dealt with yet, or any; link->rarp_lock
 * @leased: address that the link has by RARP, or any; RTNL
 * @expires: jiffies at which @leased goes; RTNL
 * @interval: jiffies to the request after the next; RTNL
 * @next: jiffies of the next request; RTNL
 * @queries: programs that wait; link->rarp_lock
 * @work: does what is due; holds a reference to the link while pending
 */
struct teach_rarp_client {
	bool			active;
	u8			prefix_len;
	bool			asked;
	__be32			offered;
	__be32			leased;
	unsigned long		expires;
	unsigned long		interval;
	unsigned long		next;
	struct teach_rarp_query	queries[TEACH_RARP_QUERIES];
	struct delayed_work	work;
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
 * @last: who took the last token of it; see teach_solicit_sender()
 */
struct teach_solicits {
	spinlock_t		lock;		/* see above */
	unsigned long		refilled;
	u64			common;
	u64			share[TEACH_SOLICIT_SHARES];
	u16			last[TEACH_SOLICIT_SHARES];
};

/**
 * struct teach_unresolved - entries of one share of senders that nobody answered for yet
 * @entries: oldest first
 * @n: how many
 */
struct teach_unresolved {
	struct list_head	entries;
	unsigned int		n;
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
 * @n_gc_entries: those of them that max_neighs counts; the lock of link/neigh_list.c
 * @n_addrs: local addresses on this link; RTNL
 * @addrs: list of struct teach_ifaddr; changed under RTNL, read under RCU
 * @broadcasts: hash table of struct teach_broadcast; changed under RTNL, read under RCU
 * @parms: how neighbours are resolved
 * @sysctl: its tables, of ctl/sysctl_parms.c; RTNL
 * @resolvers: by what means, by enum teach_manner: link/resolver.c
 * @stats: its counters, of ARP and of its neighbours
 * @solicits: what is left of the rate of requests, of link/solicit.c
 * @unresolved: by share; the lock of link/neigh_list.c
 * @proxy: answers for others that wait, of link/proxy.c
 * @acd_ready: frames can be sent and received, so that addresses are probed for; RTNL
 * @acd_carriers: how often the device had got a carrier when that was last looked at; RTNL
 * @acd_lock: protects conflict detection of all @addrs and the next three; softirqs
 *	take it, nothing is taken inside it
 * @acd_rate: how often another address may be tried
 * @acd_heard: what others probe for
 * @acd_heard_next: place in @acd_heard to be overwritten
 * @acd_work: does what is due to @addrs; holds a reference to the link while pending
 * @rarp_lock: protects what follows up to @rarp_serve_work, and parts of @rarp; softirqs
 *	take it, nothing is taken inside it
 * @n_rarp_waiting: requests that wait
 * @rarp_waiting: they
 * @rarp_serve_work: looks for them among neighbours (link/rarp_server.c)
 * @rarp: gets an address by RARP
 * @rx_rarp: takes frames of ETH_P_RARP
 * @rx_teach: hands frames of ETH_P_TEACH up
 * @rx_arp: takes frames of ETH_P_ARP, of both manners
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
	int				n_gc_entries;
	unsigned int			n_addrs;
	struct list_head		addrs;
	struct hlist_head		broadcasts[1 << TEACH_BROADCAST_BITS];
	struct teach_parms		parms;
	struct teach_sysctl_link	*sysctl;
	const struct teach_resolver	*resolvers[TEACH_N_MANNERS];
	struct teach_stats __percpu	*stats;
	struct teach_solicits		solicits;
	struct teach_unresolved		unresolved[TEACH_SOLICIT_SHARES];
	struct teach_proxy_queue	proxy;
	bool				acd_ready;
	int				acd_carriers;
	spinlock_t			acd_lock;	/* see above */
	struct teach_acd_rate		acd_rate;
	struct teach_probe_heard	acd_heard[TEACH_LINK_PROBES_HEARD];
	unsigned int			acd_heard_next;
	struct delayed_work		acd_work;
	spinlock_t			rarp_lock;	/* see above */
	unsigned int			n_rarp_waiting;
	struct teach_rarp_waiting	rarp_waiting[TEACH_RARP_WAITING];
	struct delayed_work		rarp_serve_work;
	struct teach_rarp_client	rarp;
	struct packet_type		rx_rarp;
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
 * generation read before it too, and looks up again once they differ. Context:
 * rcu_read_lock(). Return: a number that changes with each such change.
 */
static inline u32 teach_link_generation(const struct net *net)
{
	const struct teach_link_net *ln = teach_net_rcu(net, teach_link_net_id);

	return atomic_read_acquire(&ln->generation);
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
