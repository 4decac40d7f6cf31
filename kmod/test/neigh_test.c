// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/neigh.c: what leaves the device while an entry is resolved, what waits,
 * and what becomes of it. The frames are those of Documentation/protocol.md.
 */
#include <linux/timer.h>
#include "link/neigh_table.h"
#include "test/device.h"

/* Section 3: who has 10.1.0.2, asked by 10.1.0.1 at 02:00:00:00:00:01. */
static const u8 request_to_all[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06,
	0x00, 0x01, 0x88, 0xb5, 0x06, 0x04, 0x00, 0x01,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x01, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x01, 0x00, 0x02,
};

/* The same, asked of 02:00:00:00:00:99 alone. */
static const u8 request_to_one[] = {
	0x02, 0x00, 0x00, 0x00, 0x00, 0x99, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06,
	0x00, 0x01, 0x88, 0xb5, 0x06, 0x04, 0x00, 0x01,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0a, 0x01, 0x00, 0x01,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x99, 0x0a, 0x01, 0x00, 0x02,
};

/* Section 1: before a packet. */
static const u8 ethernet[] = {
	0x02, 0x00, 0x00, 0x00, 0x00, 0x99, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x88, 0xb5,
};

/* The next frame that the device sent is this, with one byte more if that is not 0. */
static void expect_sent(struct kunit *test, struct teach_link *link, const u8 *frame,
			unsigned int len, u8 last)
{
	struct sk_buff *skb = teach_test_sent(link);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb->len, len + !!last);
	KUNIT_EXPECT_FALSE(test, skb_is_nonlinear(skb));
	if (skb->len == len + !!last) {
		KUNIT_EXPECT_MEMEQ(test, skb->data, frame, len);
		if (last)
			KUNIT_EXPECT_EQ(test, skb->data[len], last);
	}
	kfree_skb(skb);
}

static void expect_nothing_sent(struct kunit *test, struct teach_link *link)
{
	struct sk_buff *skb = teach_test_sent(link);

	KUNIT_EXPECT_NULL(test, skb);
	kfree_skb(skb);
}

/* A packet of one byte, by which it is known. */
static int send(struct kunit *test, struct teach_link *link, struct teach_neigh *n, u8 id)
{
	struct sk_buff *skb = teach_test_skb(test, &id, 1);
	int err;

	skb->dev = link->dev;
	skb->protocol = htons(ETH_P_TEACH);
	rcu_read_lock();
	err = teach_neigh_output(n, skb);
	rcu_read_unlock();
	return err;
}

static struct teach_neigh *entry(struct kunit *test, struct teach_link **link)
{
	struct teach_neigh *n;

	*link = teach_test_link(test);
	teach_test_add_addr(test, *link, ADDR(10, 1, 0, 1), 24);
	/* The timer runs when run_timer() says so, not before. */
	(*link)->parms.retrans_time = 1000 * HZ;
	(*link)->parms.delay_probe_time = 30 * HZ;
	rcu_read_lock();
	n = teach_neigh_get(*link, ADDR(10, 1, 0, 2));
	rcu_read_unlock();
	KUNIT_ASSERT_FALSE(test, IS_ERR(n));
	return n;
}

/* The timer runs out now, in a softirq as always. */
static void run_timer(struct teach_neigh *n)
{
	if (!timer_delete(&n->timer))
		return;
	local_bh_disable();
	n->timer.function(&n->timer);
	local_bh_enable();
}

static u64 counter(struct teach_link *link, enum teach_stat stat)
{
	return teach_stats_read(link->net, stat);
}

static void neigh_resolve(struct kunit *test)
{
	struct teach_link *link;
	struct teach_neigh *n = entry(test, &link);
	u8 id;

	for (id = 1; id <= 3; id++)
		KUNIT_EXPECT_EQ(test, send(test, link, n, id), 0);
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_INCOMPLETE);
	KUNIT_EXPECT_TRUE(test, timer_pending(&n->timer));
	KUNIT_EXPECT_EQ(test, refcount_read(&n->ref), 2);
	expect_sent(test, link, request_to_all, sizeof(request_to_all), 0);
	expect_nothing_sent(test, link);

	/* In the order in which they came, and the next at once. */
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, teach_test_mac, NUD_REACHABLE, 0), 0);
	KUNIT_EXPECT_EQ(test, send(test, link, n, 4), 0);
	for (id = 1; id <= 4; id++)
		expect_sent(test, link, ethernet, sizeof(ethernet), id);
	expect_nothing_sent(test, link);
	KUNIT_EXPECT_EQ(test, n->held_bytes, 0);
}

/* A frame is sent in a valid state that is not connected, too. */
static void neigh_send_while_probing(struct kunit *test)
{
	static const u8 states[] = { NUD_STALE, NUD_DELAY, NUD_PROBE };
	struct teach_link *link;
	struct teach_neigh *n = entry(test, &link);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, teach_test_mac, NUD_STALE, 0), 0);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		n->nud.state = states[i];
		KUNIT_EXPECT_EQ(test, send(test, link, n, i + 1), 0);
		expect_sent(test, link, ethernet, sizeof(ethernet), i + 1);
		expect_nothing_sent(test, link);
	}
}

/* Nobody answers: three questions, then what waits is lost, and so is what comes. */
static void neigh_unanswered(struct kunit *test)
{
	struct teach_link *link;
	struct teach_neigh *n = entry(test, &link);
	u64 failed = counter(link, TEACH_STAT_NEIGH_RES_FAILED);
	u64 drops = counter(link, TEACH_STAT_NEIGH_FAILED_DROPS);
	unsigned int i;

	send(test, link, n, 1);
	send(test, link, n, 2);
	for (i = 0; i < 3; i++) {
		expect_sent(test, link, request_to_all, sizeof(request_to_all), 0);
		expect_nothing_sent(test, link);
		KUNIT_EXPECT_EQ(test, n->nud.state, NUD_INCOMPLETE);
		run_timer(n);
	}
	expect_nothing_sent(test, link);
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_FAILED);
	KUNIT_EXPECT_FALSE(test, timer_pending(&n->timer));
	KUNIT_EXPECT_EQ(test, refcount_read(&n->ref), 1);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_RES_FAILED), failed + 1);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_FAILED_DROPS), drops + 2);
	KUNIT_EXPECT_EQ(test, n->held_bytes, 0);

	/* It is asked for anew; where no question is allowed the packet is lost at once. */
	link->parms.mcast_probes = 0;
	KUNIT_EXPECT_EQ(test, send(test, link, n, 3), -EHOSTUNREACH);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_FAILED_DROPS), drops + 3);
	link->parms.mcast_probes = 3;
	KUNIT_EXPECT_EQ(test, send(test, link, n, 4), 0);
	expect_sent(test, link, request_to_all, sizeof(request_to_all), 0);
}

/* One that may have gone is asked alone, three times. */
static void neigh_probed(struct kunit *test)
{
	struct teach_link *link;
	struct teach_neigh *n = entry(test, &link);
	unsigned int i;

	teach_neigh_update(n, teach_test_mac, NUD_STALE, 0);
	KUNIT_EXPECT_EQ(test, teach_neigh_probe(n, TEACH_NEIGH_REASON_RESOLVE), 0);
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_DELAY);
	expect_nothing_sent(test, link);
	run_timer(n);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, n->nud.state, NUD_PROBE);
		expect_sent(test, link, request_to_one, sizeof(request_to_one), 0);
		expect_nothing_sent(test, link);
		run_timer(n);
	}
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_FAILED);
	expect_nothing_sent(test, link);
}

/* What waits is bounded by its truesize; the oldest makes room. */
static void neigh_hold_queue(struct kunit *test)
{
	u8 byte = 0;
	struct sk_buff *skb = teach_test_skb(test, &byte, 1);
	unsigned int truesize = skb->truesize;
	struct teach_link *link;
	struct teach_neigh *n = entry(test, &link);
	u64 drops = counter(link, TEACH_STAT_NEIGH_UNRES_DISCARDS);
	u8 id;

	kfree_skb(skb);
	link->parms.queue_bytes = 3 * truesize;
	for (id = 1; id <= 3; id++)
		send(test, link, n, id);
	KUNIT_EXPECT_EQ(test, n->held_bytes, 3 * truesize);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_UNRES_DISCARDS), drops);
	send(test, link, n, 4);
	KUNIT_EXPECT_EQ(test, n->held_bytes, 3 * truesize);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_UNRES_DISCARDS), drops + 1);
	link->parms.queue_bytes = 3 * truesize - 1;
	send(test, link, n, 5);
	KUNIT_EXPECT_EQ(test, n->held_bytes, 2 * truesize);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_UNRES_DISCARDS), drops + 3);
	/* Without room for any there is room for one, or nothing would ever be sent. */
	link->parms.queue_bytes = -1;
	send(test, link, n, 6);
	send(test, link, n, 7);
	KUNIT_EXPECT_EQ(test, n->held_bytes, truesize);
	expect_sent(test, link, request_to_all, sizeof(request_to_all), 0);

	teach_neigh_update(n, teach_test_mac, NUD_REACHABLE, 0);
	expect_sent(test, link, ethernet, sizeof(ethernet), 7);
	expect_nothing_sent(test, link);
}

/* An entry that ends takes along what waits at it; its timer never runs again. */
static void neigh_kill(struct kunit *test)
{
	struct teach_link *link;
	struct teach_neigh *n = entry(test, &link);
	u64 drops = counter(link, TEACH_STAT_NEIGH_DEAD_DROPS);

	send(test, link, n, 1);
	send(test, link, n, 2);
	kfree_skb(teach_test_sent(link));
	KUNIT_EXPECT_TRUE(test, teach_neigh_hold(n));
	teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_DEAD_DROPS), drops + 2);
	KUNIT_EXPECT_FALSE(test, timer_pending(&n->timer));
	KUNIT_EXPECT_EQ(test, refcount_read(&n->ref), 1);
	KUNIT_EXPECT_EQ(test, n->last_state, NUD_INCOMPLETE);
	/* Who found it before sends nothing by it. */
	KUNIT_EXPECT_EQ(test, send(test, link, n, 3), 0);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_DEAD_DROPS), drops + 3);
	expect_nothing_sent(test, link);
	teach_neigh_put(n);
}

/* What a neighbour is said to have for a MAC address, and when that is taken. */
static void neigh_learn(struct kunit *test)
{
	static const u8 other[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x77 };
	struct teach_link *link;
	struct teach_neigh *n = entry(test, &link);
	u8 mac[ETH_ALEN];

	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, NULL, NUD_REACHABLE, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, teach_test_mac, NUD_STALE, 0), 0);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_STALE, 0), -EBUSY);
	teach_neigh_read_mac(n, mac);
	KUNIT_EXPECT_MEMEQ(test, mac, teach_test_mac, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, teach_test_mac, NUD_REACHABLE, 0), 0);
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_REACHABLE);
	/* It is asked first, and nobody else believed meanwhile. */
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_STALE, TEACH_UPDATE_OVERRIDE), 0);
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_PROBE);
	KUNIT_EXPECT_EQ(test, counter(link, TEACH_STAT_NEIGH_CONTESTED), 1);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_STALE, TEACH_UPDATE_OVERRIDE),
			-EBUSY);
	teach_neigh_read_mac(n, mac);
	KUNIT_EXPECT_MEMEQ(test, mac, teach_test_mac, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, NULL, NUD_STALE, TEACH_UPDATE_ADMIN), 0);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_STALE, TEACH_UPDATE_WEAK), -EBUSY);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_STALE, TEACH_UPDATE_OVERRIDE), 0);
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_STALE);
	teach_neigh_read_mac(n, mac);
	KUNIT_EXPECT_MEMEQ(test, mac, other, ETH_ALEN);

	/* One that failed has none: the same address is news. */
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, NULL, NUD_FAILED, 0), 0);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, NULL, NUD_STALE, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_STALE, 0), 0);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_PERMANENT, TEACH_UPDATE_ADMIN), 0);
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, other, NUD_REACHABLE, 0), -EPERM);
}

static struct kunit_case neigh_cases[] = {
	KUNIT_CASE(neigh_resolve),
	KUNIT_CASE(neigh_send_while_probing),
	KUNIT_CASE(neigh_unanswered),
	KUNIT_CASE(neigh_probed),
	KUNIT_CASE(neigh_hold_queue),
	KUNIT_CASE(neigh_kill),
	KUNIT_CASE(neigh_learn),
	{}
};

static struct kunit_suite neigh_suite = {
	.name		= "teach_neigh",
	.test_cases	= neigh_cases,
};

kunit_test_suite(neigh_suite);
