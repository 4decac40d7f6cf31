/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NEIGH_H
#define TEACH_LINK_NEIGH_H

#include <linux/etherdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/seqlock.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <net/neighbour.h>
#include "link/link.h"
#include "link/neigh_list.h"
#include "link/nud.h"
#include "link/stats.h"

/**
 * struct teach_neigh_key - what an entry is found by
 * @link: link that the neighbour is on
 * @addr: its TEACH address
 * @pad: zero, because the key is hashed as bytes
 */
struct teach_neigh_key {
	struct teach_link	*link;
	__be32			addr;
	__be32			pad;
};

/**
 * struct teach_neigh - a neighbour: who has this address on this link
 * @node: in the hash table of link/neigh_table.c
 * @key: link and address; holds a reference to the link
 * @nud: its state; @lock, but nud.state may be read without it
 * @flags: NTF_* that management set, %NTF_MANAGED among them; @lock
 * @dead: out of the cache for good; @lock
 * @last_state: state when it died
 * @reason: enum teach_neigh_reason of the last change; @lock
 * @moves: how often its MAC address changed since @moved_at, up to 2; @lock
 * @moved_at: jiffies of the change that began the second in which changes are counted;
 *	@lock
 * @sender: whose packet began the resolution, of teach_solicit_sender();
 *	@lock
 * @asked_all: in this resolution a request was sent to all; @lock
 * @ref: one for the cache, one for the armed timer, one for each holder
 * @lock: taken in softirq; nothing is sent and nobody is called under it
 * @ha_seq: lets @header be read while it changes
 * @header: ready-made Ethernet header in the last %ETH_HLEN bytes, two bytes of
 *	padding before it; its destination is the neighbour's MAC address,
 *	meaningful in valid states
 * @held: packets that wait for the MAC address, oldest first; @lock
 * @held_bytes: their truesize; at most queue_bytes of the link; @lock
 * @timer: runs the state machine
 * @place: in the list of those that may make room; the lock of link/neigh_list.c
 * @rcu: frees it
 *
 * An entry is made by the first packet for a neighbour or by management, is in
 * the hash table from then on, and leaves it when it becomes @dead: because it
 * was collected, deleted, or its device went. Who finds it under
 * rcu_read_lock() may use it until the end of that section; a reference
 * lets it be used for longer. A dead entry sends nothing.
 */
struct teach_neigh {
	struct rhash_head	node;
	struct teach_neigh_key	key;
	struct teach_nud	nud;
	u16			flags;
	bool			dead;
	u8			last_state;
	u8			reason;
	u8			moves : 2;
	u8			asked_all : 1;
	u16			sender;
	refcount_t		ref;
	spinlock_t		lock;		/* see above */
	seqcount_spinlock_t	ha_seq;
	unsigned int		held_bytes;
	u8			header[2 + ETH_HLEN] __aligned(8);
	struct sk_buff_head	held;
	unsigned long		moved_at;
	struct timer_list	timer;
	struct teach_neigh_place place;
	struct rcu_head		rcu;
};

/**
 * struct teach_neigh_change - what became of an entry, and why
 * @n: the entry, which may have changed again since
 * @time_ns: when, CLOCK_REALTIME
 * @old_state: state before
 * @state: state after; where it is gone, %NUD_NONE
 * @reason: enum teach_neigh_reason
 * @asked: requests since resolution or probing began
 * @has_mac: @mac is known
 * @mac: MAC address, or the last one where it is gone
 */
struct teach_neigh_change {
	struct teach_neigh	*n;
	u64			time_ns;
	u8			old_state;
	u8			state;
	u8			reason;
	u8			asked;
	bool			has_mac;
	u8			mac[ETH_ALEN];
};

struct teach_neigh *teach_neigh_alloc(struct teach_link *link, __be32 addr,
				      u8 state, const u8 *mac);
bool teach_neigh_header_current(struct teach_neigh *n);
void teach_neigh_free(struct teach_neigh *n);
bool teach_neigh_kill(struct teach_neigh *n, enum teach_neigh_reason reason,
		      bool (*may)(const struct teach_neigh *n, unsigned long arg),
		      unsigned long arg);

int teach_neigh_update(struct teach_neigh *n, const u8 *mac, u8 new_state,
		       unsigned int flags);
int teach_neigh_probe(struct teach_neigh *n, enum teach_neigh_reason reason);
void teach_neigh_relist(struct teach_neigh *n);
void teach_neigh_notify_gone(struct teach_neigh *n);
void teach_neigh_read_mac(struct teach_neigh *n, u8 *mac);
int teach_neigh_resolve_output(struct teach_neigh *n, struct sk_buff *skb);

int teach_neigh_cache_init(void);
void teach_neigh_cache_exit(void);

/**
 * teach_neigh_hold() - take a reference
 * @n: entry, found in this rcu_read_lock() section or held already
 *
 * Any context. Return: false where the entry is being freed.
 */
static inline bool teach_neigh_hold(struct teach_neigh *n)
{
	return refcount_inc_not_zero(&n->ref);
}

/**
 * teach_neigh_put() - drop a reference
 * @n: entry, or NULL
 *
 * Any context.
 */
static inline void teach_neigh_put(struct teach_neigh *n)
{
	if (n && refcount_dec_and_test(&n->ref))
		teach_neigh_free(n);
}

/**
 * teach_neigh_confirm() - an upper layer knows that the neighbour is there
 * @n: entry
 *
 * MSG_CONFIRM, or new data acknowledged (RFC 4861, section 7.3.1). Any context.
 */
static inline void teach_neigh_confirm(struct teach_neigh *n)
{
	unsigned long now = jiffies;

	if (READ_ONCE(n->nud.confirmed) != now)
		WRITE_ONCE(n->nud.confirmed, now);
}

/**
 * teach_neigh_push_header() - put the ready-made header before a packet
 * @n: entry in a valid state
 * @skb: packet with sizeof(n->header) bytes of headroom
 *
 * The two bytes of padding are written too, so that whole words are copied.
 */
static inline void teach_neigh_push_header(const struct teach_neigh *n,
					   struct sk_buff *skb)
{
	unsigned int seq;

	do {
		seq = read_seqcount_begin(&n->ha_seq);
		memcpy(skb->data - sizeof(n->header), n->header, sizeof(n->header));
	} while (read_seqcount_retry(&n->ha_seq, seq));
	__skb_push(skb, ETH_HLEN);
}

/**
 * teach_neigh_xmit() - hand a frame to the device
 * @n: entry
 * @skb: frame from its Ethernet header on, skb->dev set; consumed
 *
 * Context: rcu_read_lock(). Return: as dev_queue_xmit(); what it refuses is counted.
 */
static inline int teach_neigh_xmit(const struct teach_neigh *n, struct sk_buff *skb)
{
	int err = dev_queue_xmit(skb);

	if (unlikely(err) && err != NET_XMIT_CN)
		teach_link_count(n->key.link, TEACH_STAT_OUT_DISCARDS);
	return err;
}

/**
 * teach_neigh_output() - send a packet to a neighbour
 * @n: entry
 * @skb: packet from its TEACH header on, skb->dev set; consumed
 *
 * Held if the MAC address is not known yet. Context: rcu_read_lock(), @n's link
 * found alive in that same section. Return: 0, a negative errno, or a positive
 * NET_XMIT_* code.
 */
static inline int teach_neigh_output(struct teach_neigh *n, struct sk_buff *skb)
{
	if (likely(READ_ONCE(n->nud.state) & TEACH_NUD_CONNECTED &&
		   skb_headroom(skb) >= sizeof(n->header))) {
		teach_neigh_push_header(n, skb);
		return teach_neigh_xmit(n, skb);
	}
	return teach_neigh_resolve_output(n, skb);
}

#endif
