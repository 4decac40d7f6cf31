// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of sock/port.c: who may share a port, and which socket a packet finds. The sockets
 * are real ones that no program has.
 */
#include <linux/net.h>
#include <net/sock.h>
#include "link/link.h"
#include "sock/port.h"
#include "sock/sock.h"
#include "test/device.h"

#define PORT	7007

static void close_socket(void *sock)
{
	sock_release(sock);
}

/* A SOCK_DGRAM socket without a name; @protocol is 0 or TEACHPROTO_CONTROL. */
static struct teach_sock *new_sock(struct kunit *test, int protocol)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_TEACH, SOCK_DGRAM, protocol, &sock),
			0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_socket, sock), 0);
	return teach_sk(sock->sk);
}

static int bind_to(struct teach_sock *tsk, __be32 addr, u16 port)
{
	int err;

	lock_sock(&tsk->sk);
	tsk->rcv_saddr = addr;
	tsk->saddr = addr;
	err = teach_port_bind(tsk, htons(port));
	release_sock(&tsk->sk);
	return err;
}

static void release(struct teach_sock *tsk)
{
	lock_sock(&tsk->sk);
	teach_port_release(tsk);
	release_sock(&tsk->sk);
}

static struct teach_sock *look_up(const struct teach_tuple *tuple)
{
	struct teach_sock *tsk;

	rcu_read_lock();
	tsk = teach_port_lookup(&teach_port_net(&init_net)->dgram, tuple, NULL);
	rcu_read_unlock();
	return tsk;
}

/* From 10.1.0.2:1234, by device 3. */
static struct teach_tuple tuple_to(__be32 daddr, u16 port)
{
	return (struct teach_tuple) {
		.saddr		= ADDR(10, 1, 0, 2),
		.daddr		= daddr,
		.sport		= htons(1234),
		.dport		= htons(port),
		.ifindex	= 3,
	};
}

/* ---- Binding ---------------------------------------------------------------------------- */

/**
 * struct half - what of a socket decides about a port
 * @addr: address it is bound to
 * @dev: device it is bound to
 * @reuse: SO_REUSEADDR
 * @group: TEACH_REUSEPORT
 * @uid: owner
 */
struct half {
	__be32	addr;
	int	dev;
	bool	reuse;
	bool	group;
	u32	uid;
};

#define ANY	0
#define ONE	ADDR(10, 1, 0, 1)
#define TWO	ADDR(10, 2, 0, 1)

/* As UDP decides. Each pair is tried both ways round. */
static const struct {
	struct half	a, b;
	bool		both;
} conflict_rows[] = {
	{ { ANY }, { ANY }, false },
	{ { ANY }, { ONE }, false },
	{ { ONE }, { ONE }, false },
	{ { ONE }, { TWO }, true },
	/* Devices */
	{ { ANY, 1 }, { ANY, 2 }, true },
	{ { ANY, 1 }, { ANY, 1 }, false },
	{ { ANY, 1 }, { ANY, 0 }, false },
	{ { ONE, 1 }, { ONE, 2 }, true },
	{ { ONE, 1 }, { TWO, 1 }, true },
	/* SO_REUSEADDR, which both must have */
	{ { ANY, 0, true }, { ANY, 0, true }, true },
	{ { ONE, 0, true }, { ANY, 0, true }, true },
	{ { ANY, 0, true }, { ANY }, false },
	/* TEACH_REUSEPORT, of one owner */
	{ { ANY, 0, false, true, 5 }, { ANY, 0, false, true, 5 }, true },
	{ { ANY, 0, false, true, 5 }, { ONE, 0, false, true, 5 }, true },
	{ { ANY, 0, false, true, 5 }, { ANY, 0, false, true, 6 }, false },
	{ { ANY, 0, false, true, 5 }, { ANY, 0, false, false, 5 }, false },
	{ { ANY, 0, true, true, 5 }, { ANY, 0, true, false, 6 }, true },
	{ { ANY, 0, true, false, 5 }, { ANY, 0, false, true, 5 }, false },
};

static struct teach_sock *half_sock(struct kunit *test, const struct half *h)
{
	struct teach_sock *tsk = new_sock(test, 0);

	tsk->sk.sk_bound_dev_if = h->dev;
	tsk->sk.sk_reuse = h->reuse ? SK_CAN_REUSE : SK_NO_REUSE;
	tsk->sk.sk_reuseport = h->group;
	tsk->sk.sk_uid = KUIDT_INIT(h->uid);
	return tsk;
}

static void port_conflict(struct kunit *test)
{
	const struct half *first, *second;
	struct teach_sock *a, *b;
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(conflict_rows); i++) {
		first = i & 1 ? &conflict_rows[i / 2].b : &conflict_rows[i / 2].a;
		second = i & 1 ? &conflict_rows[i / 2].a : &conflict_rows[i / 2].b;
		a = half_sock(test, first);
		b = half_sock(test, second);
		KUNIT_EXPECT_EQ(test, bind_to(a, first->addr, PORT), 0);
		KUNIT_EXPECT_EQ_MSG(test, bind_to(b, second->addr, PORT),
				    conflict_rows[i / 2].both ? 0 : -EADDRINUSE, "row %u", i / 2);
		KUNIT_EXPECT_EQ_MSG(test, ntohs(b->sport), conflict_rows[i / 2].both ? PORT : 0,
				    "row %u", i / 2);
		/* Another port is no matter, whatever they are. */
		release(b);
		KUNIT_EXPECT_EQ(test, bind_to(b, second->addr, PORT + 1), 0);
		release(b);
		/* Nor is one that the first has given back. */
		release(a);
		KUNIT_EXPECT_EQ(test, bind_to(b, second->addr, PORT), 0);
		release(b);
	}
}

/* Ports of the two kinds of sockets have nothing to do with each other. */
static void port_tables(struct kunit *test)
{
	struct teach_port_net *pn = teach_port_net(&init_net);
	struct teach_sock *dgram = new_sock(test, 0);
	struct teach_sock *ping = new_sock(test, TEACHPROTO_CONTROL);

	KUNIT_EXPECT_PTR_EQ(test, teach_port_table(dgram), &pn->dgram);
	KUNIT_EXPECT_PTR_EQ(test, teach_port_table(ping), &pn->ping);
	KUNIT_EXPECT_EQ(test, bind_to(dgram, ANY, PORT), 0);
	KUNIT_EXPECT_EQ(test, bind_to(ping, ANY, PORT), 0);
}

static void restore_range(void *was)
{
	int *range = was;

	teach_port_net(&init_net)->range_low = range[0];
	teach_port_net(&init_net)->range_high = range[1];
}

static void set_range(struct kunit *test, int low, int high)
{
	struct teach_port_net *pn = teach_port_net(&init_net);
	int *was = kunit_kmalloc(test, 2 * sizeof(int), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, was);
	was[0] = pn->range_low;
	was[1] = pn->range_high;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, restore_range, was), 0);
	pn->range_low = low;
	pn->range_high = high;
}

/* Each port of the range once, none beside it, then no more. */
static void port_autobind(struct kunit *test)
{
	struct teach_sock *tsk;
	unsigned int i, seen = 0;

	set_range(test, 40000, 40015);
	for (i = 0; i < 16; i++) {
		tsk = new_sock(test, 0);
		KUNIT_ASSERT_EQ(test, bind_to(tsk, ANY, 0), 0);
		KUNIT_ASSERT_GE(test, ntohs(tsk->sport), 40000);
		KUNIT_ASSERT_LE(test, ntohs(tsk->sport), 40015);
		seen |= BIT(ntohs(tsk->sport) - 40000);
	}
	KUNIT_EXPECT_EQ(test, seen, 0xffff);
	tsk = new_sock(test, 0);
	KUNIT_EXPECT_EQ(test, bind_to(tsk, ANY, 0), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, tsk->sport, 0);
	/* Other ports can be had by name. */
	KUNIT_EXPECT_EQ(test, bind_to(tsk, ANY, 40016), 0);
	release(tsk);

	/* A range the wrong way round is one port. */
	set_range(test, 40020, 40010);
	KUNIT_EXPECT_EQ(test, bind_to(tsk, ANY, 0), 0);
	KUNIT_EXPECT_EQ(test, ntohs(tsk->sport), 40020);
}

/* ---- Looking up ------------------------------------------------------------------------------ */

/**
 * struct match_row - a bound socket, and whether it takes the packet of tuple_to()
 * @addr: address it is bound to
 * @peer: address it is connected to
 * @peer_port: port it is connected to
 * @dev: device it is bound to
 * @takes: true if it does
 */
struct match_row {
	__be32	addr;
	__be32	peer;
	u16	peer_port;
	int	dev;
	bool	takes;
};

/* From the worst to the best, those that take it. */
static const struct match_row match_rows[] = {
	{ ANY, 0, 0, 0, true },
	{ ANY, 0, 0, 3, true },
	{ ONE, 0, 0, 0, true },
	{ ONE, 0, 0, 3, true },
	{ ANY, ADDR(10, 1, 0, 2), 0, 0, true },
	{ ONE, ADDR(10, 1, 0, 2), 0, 0, true },
	{ ANY, ADDR(10, 1, 0, 2), 1234, 0, true },
	{ ANY, ADDR(10, 1, 0, 2), 1234, 3, true },
	{ ONE, ADDR(10, 1, 0, 2), 1234, 0, true },
	{ ONE, ADDR(10, 1, 0, 2), 1234, 3, true },
	/* Each asks for something that it is not. */
	{ TWO, 0, 0, 0, false },
	{ ANY, 0, 0, 4, false },
	{ ANY, ADDR(10, 1, 0, 3), 0, 0, false },
	{ ANY, ADDR(10, 1, 0, 2), 1235, 0, false },
	{ ONE, ADDR(10, 1, 0, 2), 1234, 4, false },
	{ TWO, ADDR(10, 1, 0, 2), 1234, 3, false },
};

static struct teach_sock *match_sock(struct kunit *test, const struct match_row *row)
{
	struct teach_sock *tsk = new_sock(test, 0);

	/* So that all can be there at once. */
	tsk->sk.sk_reuse = SK_CAN_REUSE;
	tsk->sk.sk_bound_dev_if = row->dev;
	KUNIT_ASSERT_EQ(test, bind_to(tsk, row->addr, PORT), 0);
	tsk->daddr = row->peer;
	tsk->dport = htons(row->peer_port);
	return tsk;
}

static void port_matches(struct kunit *test)
{
	struct teach_tuple tuple = tuple_to(ONE, PORT), other = tuple_to(ONE, PORT + 1);
	struct teach_sock *tsk;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(match_rows); i++) {
		tsk = match_sock(test, &match_rows[i]);
		KUNIT_EXPECT_EQ_MSG(test, teach_port_matches(tsk, &tuple), match_rows[i].takes,
				    "row %u", i);
		KUNIT_EXPECT_FALSE(test, teach_port_matches(tsk, &other));
		KUNIT_EXPECT_PTR_EQ_MSG(test, look_up(&tuple), match_rows[i].takes ? tsk : NULL,
					"row %u", i);
		release(tsk);
		KUNIT_EXPECT_NULL(test, look_up(&tuple));
	}
}

/* Of any two that take it the one further down the table has it, in whichever order they
 * came; those that do not take it change nothing.
 */
static void port_best(struct kunit *test)
{
	struct teach_tuple tuple = tuple_to(ONE, PORT);
	struct teach_sock *first, *second, *best;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(match_rows); i++) {
		for (j = 0; j < ARRAY_SIZE(match_rows); j++) {
			if (i == j)
				continue;
			first = match_sock(test, &match_rows[i]);
			second = match_sock(test, &match_rows[j]);
			best = match_rows[i].takes ? first : NULL;
			if (match_rows[j].takes && (!best || j > i))
				best = second;
			KUNIT_EXPECT_PTR_EQ_MSG(test, look_up(&tuple), best, "rows %u and %u",
						i, j);
			release(first);
			release(second);
		}
	}
}

/* More sockets than buckets: each found by its own address and port only. */
static void port_many(struct kunit *test)
{
	const unsigned int n = 1500;
	struct teach_sock **socks = kunit_kcalloc(test, n, sizeof(*socks), GFP_KERNEL);
	struct teach_tuple tuple;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, socks);
	for (i = 0; i < n; i++) {
		socks[i] = new_sock(test, 0);
		KUNIT_ASSERT_EQ(test, bind_to(socks[i], i % 3 ? ANY : ONE, 10000 + i), 0);
	}
	for (i = 0; i < n; i++) {
		tuple = tuple_to(ONE, 10000 + i);
		KUNIT_ASSERT_PTR_EQ(test, look_up(&tuple), socks[i]);
		tuple = tuple_to(TWO, 10000 + i);
		KUNIT_ASSERT_PTR_EQ(test, look_up(&tuple), i % 3 ? socks[i] : NULL);
	}
	tuple = tuple_to(ONE, 10000 + n);
	KUNIT_EXPECT_NULL(test, look_up(&tuple));
	for (i = 0; i < n; i += 2)
		release(socks[i]);
	for (i = 0; i < n; i++) {
		tuple = tuple_to(ONE, 10000 + i);
		KUNIT_ASSERT_PTR_EQ(test, look_up(&tuple), i % 2 ? socks[i] : NULL);
	}
}

/* A group shares the packets of its port: each gets some, and a flow stays with one. */
static void port_group(struct kunit *test)
{
	struct teach_sock *socks[4], *found;
	unsigned int i, got[4] = {}, j;
	struct teach_tuple tuple;

	for (i = 0; i < 4; i++) {
		socks[i] = new_sock(test, 0);
		socks[i]->sk.sk_reuseport = 1;
		KUNIT_ASSERT_EQ(test, bind_to(socks[i], ANY, PORT), 0);
	}
	for (i = 0; i < 400; i++) {
		tuple = tuple_to(ONE, PORT);
		tuple.sport = htons(i + 1);
		found = look_up(&tuple);
		KUNIT_ASSERT_NOT_NULL(test, found);
		KUNIT_EXPECT_PTR_EQ(test, look_up(&tuple), found);
		for (j = 0; j < 4; j++)
			got[j] += found == socks[j];
	}
	/* By chance, 100 each: that one gets less than 50 does not happen. */
	for (j = 0; j < 4; j++)
		KUNIT_EXPECT_GT(test, got[j], 50);
	KUNIT_EXPECT_EQ(test, got[0] + got[1] + got[2] + got[3], 400);
	/* Those that leave get nothing. */
	release(socks[1]);
	for (i = 0; i < 400; i++) {
		tuple = tuple_to(ONE, PORT);
		tuple.sport = htons(i + 1);
		found = look_up(&tuple);
		KUNIT_EXPECT_TRUE(test, found && found != socks[1]);
	}
}

static struct kunit_case port_cases[] = {
	KUNIT_CASE(port_conflict),
	KUNIT_CASE(port_tables),
	KUNIT_CASE(port_autobind),
	KUNIT_CASE(port_matches),
	KUNIT_CASE(port_best),
	KUNIT_CASE(port_many),
	KUNIT_CASE(port_group),
	{}
};

static struct kunit_suite port_suite = {
	.name		= "teach_port",
	.test_cases	= port_cases,
};

kunit_test_suite(port_suite);
