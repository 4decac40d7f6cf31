// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: which socket a packet is for.
 *
 * A bound socket is in two hash tables, by its port alone and by its address and
 * port. The second is looked up for each unicast packet, under RCU: sockets are
 * freed after a grace period (SOCK_RCU_FREE). A socket stays where bind put it:
 * connect() and disconnecting change what it matches, not where it is found.
 */
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/sock_reuseport.h>
#include "sock/port.h"
#include "sock/sock.h"

#define DGRAM_BUCKETS	1024
#define PING_BUCKETS	64

/* As net.ipv4.ip_local_port_range. */
#define RANGE_LOW	32768
#define RANGE_HIGH	60999

static unsigned int teach_port_net_id __read_mostly;

/**
 * teach_port_net() - ports of a network namespace
 * @net: network namespace
 *
 * Any context. Return: its tables and parameters.
 */
struct teach_port_net *teach_port_net(const struct net *net)
{
	return net_generic(net, teach_port_net_id);
}

/**
 * teach_port_net_rcu() - ports of a network namespace, for the path of a packet
 * @net: network namespace
 *
 * Context: rcu_read_lock(). Return: its tables and parameters.
 */
struct teach_port_net *teach_port_net_rcu(const struct net *net)
{
	return teach_net_rcu(net, teach_port_net_id);
}

/**
 * teach_port_table() - table that a socket is in, or would be
 * @tsk: socket
 *
 * Return: the table of its protocol.
 */
struct teach_port_table *teach_port_table(const struct teach_sock *tsk)
{
	struct teach_port_net *pn = teach_port_net(sock_net(&tsk->sk));

	return tsk->sk.sk_protocol == TEACHPROTO_CONTROL ? &pn->ping : &pn->dgram;
}

/**
 * teach_port_bucket() - sockets that may be on a port, whatever their address
 * @table: table
 * @port: port
 *
 * Return: the bucket, whose chain is linked by port_node.
 */
struct teach_port_bucket *teach_port_bucket(const struct teach_port_table *table,
					    __be16 port)
{
	return &table->by_port[(ntohs(port) + table->seed) & table->mask];
}

static struct teach_port_bucket *addr_bucket(const struct teach_port_table *table,
					     __be32 addr, __be16 port)
{
	u32 hash = jhash_2words((__force u32)addr, (__force u32)port, table->seed);

	return &table->by_addr[hash & table->mask];
}

/* ---- Binding ------------------------------------------------------------------ */

static bool same_group(const struct sock *sk, const struct sock *other)
{
	return sk->sk_reuseport && other->sk_reuseport &&
	       uid_eq(sk_uid(sk), sk_uid(other));
}

/* May both have the port? As udp_lib_lport_inuse() decides. */
static bool conflict(const struct teach_sock *tsk, const struct teach_sock *other)
{
	const struct sock *sk = &tsk->sk, *sk2 = &other->sk;

	if (sk->sk_reuse && sk2->sk_reuse)
		return false;
	if (sk->sk_bound_dev_if && sk2->sk_bound_dev_if &&
	    sk->sk_bound_dev_if != sk2->sk_bound_dev_if)
		return false;
	if (tsk->rcv_saddr && other->rcv_saddr &&
	    tsk->rcv_saddr != other->rcv_saddr)
		return false;
	return !same_group(sk, sk2);
}

/* Share the port with the group that is there, or begin one: packets are spread
 * over those of one address, device and owner. Context: the bucket's lock.
 */
static int join_group(struct teach_sock *tsk, struct teach_port_bucket *bucket)
{
	struct sock *sk = &tsk->sk;
	struct teach_sock *other;

	hlist_for_each_entry(other, &bucket->chain, port_node) {
		if (other != tsk && other->sport == tsk->sport &&
		    other->rcv_saddr == tsk->rcv_saddr && !other->daddr &&
		    other->sk.sk_bound_dev_if == sk->sk_bound_dev_if &&
		    same_group(sk, &other->sk))
			return reuseport_add_sock(sk, &other->sk, !tsk->rcv_saddr);
	}
	return reuseport_alloc(sk, !tsk->rcv_saddr);
}

static int try_bind(struct teach_port_table *table, struct teach_sock *tsk, __be16 port)
{
	struct teach_port_bucket *bucket = teach_port_bucket(table, port);
	struct teach_port_bucket *addr;
	struct teach_sock *other;
	int err = 0;

	spin_lock_bh(&bucket->lock);
	hlist_for_each_entry(other, &bucket->chain, port_node) {
		if (other->sport == port && conflict(tsk, other)) {
			err = -EADDRINUSE;
			goto out;
		}
	}
	WRITE_ONCE(tsk->sport, port);
	if (tsk->sk.sk_reuseport) {
		err = join_group(tsk, bucket);
		if (err) {
			WRITE_ONCE(tsk->sport, 0);
			goto out;
		}
	}
	tsk->hashed_addr = tsk->rcv_saddr;
	/* Until it is connected, fair queueing sees one flow for each port: it cannot
	 * read our headers.
	 */
	WRITE_ONCE(tsk->sk.sk_txhash, jhash_1word((__force u32)port, table->seed) | 1);
	sock_set_flag(&tsk->sk, SOCK_RCU_FREE);
	hlist_add_head_rcu(&tsk->port_node, &bucket->chain);
	addr = addr_bucket(table, tsk->hashed_addr, port);
	spin_lock(&addr->lock);
	hlist_add_head_rcu(&tsk->addr_node, &addr->chain);
	spin_unlock(&addr->lock);
	sock_prot_inuse_add(sock_net(&tsk->sk), tsk->sk.sk_prot, 1);
out:
	spin_unlock_bh(&bucket->lock);
	return err;
}

/**
 * teach_port_bind() - give a socket a port
 * @tsk: socket that has none, rcv_saddr set to the address it is to be bound to
 * @port: port, or 0 for a random one (RFC 6056, section 3.3.1)
 *
 * Context: lock_sock(). Return: 0; -EADDRINUSE where the port, or each of the
 * range, is taken; -ENOMEM.
 */
int teach_port_bind(struct teach_sock *tsk, __be16 port)
{
	struct teach_port_net *pn = teach_port_net(sock_net(&tsk->sk));
	struct teach_port_table *table = teach_port_table(tsk);
	int low = READ_ONCE(pn->range_low), high = READ_ONCE(pn->range_high);
	unsigned int count, offset, i;
	int err;

	if (port)
		return try_bind(table, tsk, port);

	if (table == &pn->ping) {
		low = 1;
		high = U16_MAX;
	}
	count = max(high - low, 0) + 1;
	offset = get_random_u32_below(count);
	for (i = 0; i < count; i++) {
		err = try_bind(table, tsk, htons(low + (offset + i) % count));
		if (err != -EADDRINUSE)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return -EADDRINUSE;
}

/**
 * teach_port_release() - take a socket's port away
 * @tsk: socket; nothing happens if it has none
 *
 * Packets that are being delivered may still reach it until a grace period has
 * passed. Context: lock_sock(), or the last reference.
 */
void teach_port_release(struct teach_sock *tsk)
{
	struct teach_port_table *table = teach_port_table(tsk);
	struct teach_port_bucket *bucket, *addr;

	if (!tsk->sport)
		return;
	if (rcu_access_pointer(tsk->sk.sk_reuseport_cb))
		reuseport_detach_sock(&tsk->sk);

	bucket = teach_port_bucket(table, tsk->sport);
	addr = addr_bucket(table, tsk->hashed_addr, tsk->sport);
	spin_lock_bh(&bucket->lock);
	hlist_del_init_rcu(&tsk->port_node);
	spin_lock(&addr->lock);
	hlist_del_init_rcu(&tsk->addr_node);
	spin_unlock(&addr->lock);
	WRITE_ONCE(tsk->sport, 0);
	sock_prot_inuse_add(sock_net(&tsk->sk), tsk->sk.sk_prot, -1);
	spin_unlock_bh(&bucket->lock);
}

/**
 * teach_port_join_group() - share in the traffic of a port again
 * @tsk: socket with a port that was connected and is no more
 *
 * While connected it was in no group: it got what its peer sent. Without memory it
 * stays out, and gets a share only while it is the only one. Context: lock_sock().
 */
void teach_port_join_group(struct teach_sock *tsk)
{
	struct teach_port_bucket *bucket;

	if (!tsk->sk.sk_reuseport || rcu_access_pointer(tsk->sk.sk_reuseport_cb))
		return;
	bucket = teach_port_bucket(teach_port_table(tsk), tsk->sport);
	spin_lock_bh(&bucket->lock);
	join_group(tsk, bucket);
	spin_unlock_bh(&bucket->lock);
}

/* ---- Looking up ------------------------------------------------------------------ */

/* How well does a socket fit a packet? Negative: not at all. The more it asked
 * for, the better it fits: its peer above its address, above its device.
 */
static int score(const struct teach_sock *tsk, const struct teach_tuple *tuple)
{
	__be32 rcv_saddr = READ_ONCE(tsk->rcv_saddr);
	__be32 peer = READ_ONCE(tsk->daddr);
	__be16 peer_port = READ_ONCE(tsk->dport);
	int dev = READ_ONCE(tsk->sk.sk_bound_dev_if);
	int score = 0;

	if (READ_ONCE(tsk->sport) != tuple->dport)
		return -1;
	if (rcv_saddr) {
		if (rcv_saddr != tuple->daddr)
			return -1;
		score += 4;
	}
	if (peer) {
		if (peer != tuple->saddr)
			return -1;
		score += 8;
	}
	if (peer_port) {
		if (peer_port != tuple->sport)
			return -1;
		score += 8;
	}
	if (dev) {
		if (dev != tuple->ifindex)
			return -1;
		score += 2;
	}
	if (READ_ONCE(tsk->sk.sk_incoming_cpu) == raw_smp_processor_id())
		score++;
	return score;
}

/**
 * teach_port_matches() - would a socket take this packet?
 * @tsk: socket
 * @tuple: addresses and ports of the packet
 *
 * Return: true if so; a broadcast goes to all for which it is.
 */
bool teach_port_matches(const struct teach_sock *tsk, const struct teach_tuple *tuple)
{
	return score(tsk, tuple) >= 0;
}

static struct teach_sock *best_of(const struct teach_port_bucket *bucket,
				  const struct teach_tuple *tuple,
				  struct teach_sock *best, int *best_score)
{
	struct teach_sock *tsk;

	hlist_for_each_entry_rcu(tsk, &bucket->chain, addr_node) {
		int s = score(tsk, tuple);

		if (s > *best_score) {
			*best_score = s;
			best = tsk;
		}
	}
	return best;
}

/**
 * teach_port_lookup() - the socket that a packet is for
 * @table: table of its protocol
 * @tuple: its addresses and ports
 * @skb: the datagram from its header on, for who attached a program that chooses by
 *	the payload (SO_ATTACH_REUSEPORT_CBPF), or NULL
 *
 * Context: rcu_read_lock(). Return: the socket, valid until rcu_read_unlock(), or
 * NULL.
 */
struct teach_sock *teach_port_lookup(const struct teach_port_table *table,
				     const struct teach_tuple *tuple,
				     struct sk_buff *skb)
{
	struct teach_sock *best = NULL;
	struct sock *chosen;
	int s = -1;
	u32 hash;

	best = best_of(addr_bucket(table, tuple->daddr, tuple->dport), tuple, best, &s);
	best = best_of(addr_bucket(table, 0, tuple->dport), tuple, best, &s);
	if (!best || !rcu_access_pointer(best->sk.sk_reuseport_cb))
		return best;

	hash = jhash_3words((__force u32)tuple->saddr, (__force u32)tuple->daddr,
			    (__force u32)tuple->sport << 16 |
			    (__force u32)tuple->dport, table->seed);
	chosen = reuseport_select_sock(&best->sk, hash, skb,
				       sizeof(struct teach_dgramhdr));
	return IS_ERR_OR_NULL(chosen) ? best : teach_sk(chosen);
}

/* ---- One per namespace -------------------------------------------------------------- */

/* A bucket of the one kind is locked inside one of the other: lockdep must be able to
 * tell them apart.
 */
static struct lock_class_key by_port_key, by_addr_key;

static struct teach_port_bucket *buckets_alloc(unsigned int count,
					       struct lock_class_key *key)
{
	struct teach_port_bucket *buckets;
	unsigned int i;

	buckets = kvcalloc(count, sizeof(*buckets), GFP_KERNEL);
	for (i = 0; buckets && i < count; i++) {
		spin_lock_init(&buckets[i].lock);
		lockdep_set_class(&buckets[i].lock, key);
		INIT_HLIST_HEAD(&buckets[i].chain);
	}
	return buckets;
}

static void table_free(struct teach_port_table *table)
{
	kvfree(table->by_port);
	kvfree(table->by_addr);
}

static int table_init(struct teach_port_table *table, unsigned int count)
{
	table->mask = count - 1;
	table->seed = get_random_u32();
	table->by_port = buckets_alloc(count, &by_port_key);
	table->by_addr = buckets_alloc(count, &by_addr_key);
	if (table->by_port && table->by_addr)
		return 0;
	table_free(table);
	return -ENOMEM;
}

static int __net_init teach_port_net_init(struct net *net)
{
	struct teach_port_net *pn = teach_port_net(net);
	int err;

	pn->range_low = RANGE_LOW;
	pn->range_high = RANGE_HIGH;
	err = table_init(&pn->dgram, DGRAM_BUCKETS);
	if (err)
		return err;
	err = table_init(&pn->ping, PING_BUCKETS);
	if (err)
		table_free(&pn->dgram);
	return err;
}

static void __net_exit teach_port_net_exit(struct net *net)
{
	struct teach_port_net *pn = teach_port_net(net);

	table_free(&pn->ping);
	table_free(&pn->dgram);
}

static struct pernet_operations teach_port_net_ops = {
	.init	= teach_port_net_init,
	.exit	= teach_port_net_exit,
	.id	= &teach_port_net_id,
	.size	= sizeof(struct teach_port_net),
};

int __init teach_port_init(void)
{
	return register_pernet_subsys(&teach_port_net_ops);
}

void teach_port_exit(void)
{
	unregister_pernet_subsys(&teach_port_net_ops);
}
