/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_PORT_H
#define TEACH_SOCK_PORT_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct net;
struct sk_buff;
struct teach_sock;

/**
 * struct teach_port_bucket - sockets whose ports have the same hash
 * @lock: protects @chain
 * @chain: of struct teach_sock; read under RCU
 */
struct teach_port_bucket {
	spinlock_t		lock;		/* see above */
	struct hlist_head	chain;
};

/**
 * struct teach_port_table - bound sockets of one protocol and namespace
 * @by_port: by local port: binding looks here for conflicts, and broadcasts
 *	for all who listen. Its lock is taken before that of @by_addr
 * @by_addr: by local address and port: unicast packets find their socket here
 * @mask: buckets of each, less one; they are a power of two
 * @seed: random, so that nobody can choose a bucket
 */
struct teach_port_table {
	struct teach_port_bucket	*by_port;
	struct teach_port_bucket	*by_addr;
	unsigned int			mask;
	u32				seed;
};

/**
 * struct teach_port_net - ports of one network namespace
 * @dgram: of SOCK_DGRAM
 * @ping: identifiers of echo requests
 * @range_low: smallest port that autobind gives
 * @range_high: largest
 */
struct teach_port_net {
	struct teach_port_table	dgram;
	struct teach_port_table	ping;
	int			range_low;
	int			range_high;
};

/**
 * struct teach_tuple - a packet's addresses, as its receiver sees them
 * @saddr: source
 * @daddr: destination
 * @sport: source port
 * @dport: destination port
 * @ifindex: device that it came in by
 */
struct teach_tuple {
	__be32	saddr;
	__be32	daddr;
	__be16	sport;
	__be16	dport;
	int	ifindex;
};

struct teach_port_net *teach_port_net(const struct net *net);
struct teach_port_net *teach_port_net_rcu(const struct net *net);
struct teach_port_table *teach_port_table(const struct teach_sock *tsk);

int teach_port_bind(struct teach_sock *tsk, __be16 port);
void teach_port_release(struct teach_sock *tsk);
void teach_port_join_group(struct teach_sock *tsk);
struct teach_sock *teach_port_lookup(const struct teach_port_table *table,
				     const struct teach_tuple *tuple,
				     struct sk_buff *skb);
bool teach_port_matches(const struct teach_sock *tsk, const struct teach_tuple *tuple);
struct teach_port_bucket *teach_port_bucket(const struct teach_port_table *table,
					    __be16 port);

int teach_port_init(void);
void teach_port_exit(void);

#endif
