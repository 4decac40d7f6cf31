// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/acd.c, with a clock and random numbers of its own: each time of RFC 5227,
 * section 1.1, is seen to the jiffy, and each state meets each kind of conflict.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include "link/acd.h"
#include "link/parms.h"

/* Close to where jiffies overflow, so that comparisons must be right. */
#define START		(ULONG_MAX - 3)
#define RND_LEAST	0U
#define RND_MOST	U32_MAX

static const u8 other_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x77 };

/**
 * struct acd_case - what each test case starts with
 * @p: parameters, the RFC's
 * @rate: of the link, without conflicts
 * @acd: of an address, stopped
 */
struct acd_case {
	struct teach_parms	p;
	struct teach_acd_rate	rate;
	struct teach_acd	acd;
};

static int acd_case_init(struct kunit *test)
{
	struct acd_case *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	teach_parms_set_defaults(&c->p);
	test->priv = c;
	return 0;
}

/* Nothing happens one jiffy before @at; at @at it is this. */
static void expect_at(struct kunit *test, unsigned long at, u32 rnd,
		      enum teach_acd_action action)
{
	struct acd_case *c = test->priv;

	KUNIT_ASSERT_TRUE(test, teach_acd_timed(&c->acd));
	KUNIT_ASSERT_EQ(test, c->acd.expires, at);
	KUNIT_EXPECT_EQ(test, teach_acd_timer(&c->acd, &c->rate, &c->p, at - 1, rnd),
			TEACH_ACD_NOTHING);
	KUNIT_EXPECT_EQ(test, teach_acd_timer(&c->acd, &c->rate, &c->p, at, rnd), action);
}

/* From the first probe to the last announcement, with the least or the most of luck. */
static void walk(struct kunit *test, u32 rnd, unsigned long wait, unsigned long apart)
{
	struct acd_case *c = test->priv;
	unsigned long at = START + wait;
	int i;

	teach_acd_start(&c->acd, &c->rate, &c->p, START, rnd);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, c->acd.state, TEACH_ACD_PROBE);
		KUNIT_EXPECT_TRUE(test, teach_acd_tentative(&c->acd));
		expect_at(test, at, rnd, TEACH_ACD_SEND_PROBE);
		at += apart;
	}
	at += 2 * HZ - apart;
	KUNIT_EXPECT_TRUE(test, teach_acd_tentative(&c->acd));
	expect_at(test, at, rnd, TEACH_ACD_SEND_ANNOUNCEMENT);
	KUNIT_EXPECT_EQ(test, c->acd.state, TEACH_ACD_ANNOUNCE);
	KUNIT_EXPECT_FALSE(test, teach_acd_tentative(&c->acd));
	expect_at(test, at + 2 * HZ, rnd, TEACH_ACD_SEND_ANNOUNCEMENT);
	KUNIT_EXPECT_EQ(test, c->acd.state, TEACH_ACD_BOUND);
	KUNIT_EXPECT_FALSE(test, teach_acd_timed(&c->acd));
}

static void acd_fastest(struct kunit *test)
{
	walk(test, RND_LEAST, 0, HZ);
}

static void acd_slowest(struct kunit *test)
{
	walk(test, RND_MOST, HZ, 2 * HZ);
}

/* PROBE_MIN above PROBE_MAX, or nothing to send at all, leads to use all the same. */
static void acd_odd_parms(struct kunit *test)
{
	struct acd_case *c = test->priv;

	c->p.acd_probe_min = 5 * HZ;
	c->p.acd_probe_max = HZ;
	c->p.acd_probe_wait = 0;
	teach_acd_start(&c->acd, &c->rate, &c->p, START, RND_MOST);
	expect_at(test, START, RND_MOST, TEACH_ACD_SEND_PROBE);
	KUNIT_EXPECT_EQ(test, c->acd.expires, START + 5 * HZ);

	c->p.acd_probes = 0;
	c->p.acd_announcements = 0;
	teach_acd_start(&c->acd, &c->rate, &c->p, START, RND_MOST);
	expect_at(test, START, RND_MOST, TEACH_ACD_NOTHING);
	KUNIT_EXPECT_EQ(test, c->acd.state, TEACH_ACD_BOUND);
}

/**
 * struct conflict_row - a conflict
 * @state: before it
 * @probe: the other host only asks
 * @defend: parameter acd_defend
 * @action: what is to be done
 * @after: state after it
 * @counted: it counts for the rate of attempts
 */
struct conflict_row {
	enum teach_acd_state	state;
	bool			probe;
	enum teach_acd_defend	defend;
	enum teach_acd_action	action;
	enum teach_acd_state	after;
	bool			counted;
};

#define NEVER	TEACH_ACD_DEFEND_NEVER
#define ONCE	TEACH_ACD_DEFEND_ONCE
#define ALWAYS	TEACH_ACD_DEFEND_ALWAYS

static const struct conflict_row conflict_rows[] = {
	{ TEACH_ACD_STOPPED, true, ONCE, TEACH_ACD_NOTHING, TEACH_ACD_STOPPED, false },
	{ TEACH_ACD_STOPPED, false, ONCE, TEACH_ACD_NOTHING, TEACH_ACD_STOPPED, false },
	/* Whatever is done for addresses in use: this one is not. */
	{ TEACH_ACD_PROBE, true, ALWAYS, TEACH_ACD_GIVE_UP, TEACH_ACD_FAILED, true },
	{ TEACH_ACD_PROBE, false, ALWAYS, TEACH_ACD_GIVE_UP, TEACH_ACD_FAILED, true },
	{ TEACH_ACD_ANNOUNCE, true, NEVER, TEACH_ACD_NOTHING, TEACH_ACD_ANNOUNCE, false },
	{ TEACH_ACD_ANNOUNCE, false, NEVER, TEACH_ACD_GIVE_UP, TEACH_ACD_FAILED, false },
	{ TEACH_ACD_ANNOUNCE, false, ONCE, TEACH_ACD_SEND_ANNOUNCEMENT, TEACH_ACD_ANNOUNCE,
	  false },
	{ TEACH_ACD_BOUND, true, NEVER, TEACH_ACD_NOTHING, TEACH_ACD_BOUND, false },
	{ TEACH_ACD_BOUND, false, NEVER, TEACH_ACD_GIVE_UP, TEACH_ACD_FAILED, false },
	{ TEACH_ACD_BOUND, false, ONCE, TEACH_ACD_SEND_ANNOUNCEMENT, TEACH_ACD_BOUND, false },
	{ TEACH_ACD_BOUND, false, ALWAYS, TEACH_ACD_SEND_ANNOUNCEMENT, TEACH_ACD_BOUND,
	  false },
	{ TEACH_ACD_FAILED, true, ALWAYS, TEACH_ACD_NOTHING, TEACH_ACD_FAILED, false },
	{ TEACH_ACD_FAILED, false, ALWAYS, TEACH_ACD_NOTHING, TEACH_ACD_FAILED, false },
};

static void acd_conflicts(struct kunit *test)
{
	struct acd_case *c = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(conflict_rows); i++) {
		const struct conflict_row *row = &conflict_rows[i];
		struct teach_acd acd = { .state = row->state };
		bool acts = row->action != TEACH_ACD_NOTHING;

		c->rate.conflicts = 0;
		c->p.acd_defend = row->defend;
		KUNIT_EXPECT_EQ_MSG(test, teach_acd_conflict(&acd, &c->rate, &c->p, START,
							     other_mac, row->probe),
				    row->action, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, acd.state, row->after, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, c->rate.conflicts, row->counted, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, ether_addr_equal(acd.holder, other_mac), acts,
				    "row %u", i);
	}
}

static enum teach_acd_action conflict_at(struct kunit *test, unsigned long at)
{
	struct acd_case *c = test->priv;

	return teach_acd_conflict(&c->acd, &c->rate, &c->p, at, other_mac, false);
}

/* 2.4 (b): the second conflict within DEFEND_INTERVAL ends it, one after it does not. */
static void acd_defend_once(struct kunit *test)
{
	struct acd_case *c = test->priv;

	c->acd.state = TEACH_ACD_BOUND;
	c->p.acd_defend = ONCE;
	KUNIT_EXPECT_EQ(test, conflict_at(test, START), TEACH_ACD_SEND_ANNOUNCEMENT);
	KUNIT_EXPECT_EQ(test, conflict_at(test, START + 10 * HZ), TEACH_ACD_SEND_ANNOUNCEMENT);
	KUNIT_EXPECT_EQ(test, conflict_at(test, START + 20 * HZ - 1), TEACH_ACD_GIVE_UP);
	KUNIT_EXPECT_EQ(test, c->acd.state, TEACH_ACD_FAILED);
}

/* 2.4 (c): defended for ever, but not more often than once in DEFEND_INTERVAL. */
static void acd_defend_always(struct kunit *test)
{
	struct acd_case *c = test->priv;
	unsigned long at;
	int sent = 0;

	c->acd.state = TEACH_ACD_BOUND;
	c->p.acd_defend = ALWAYS;
	for (at = 0; at < 100 * HZ; at++)
		sent += conflict_at(test, START + at) == TEACH_ACD_SEND_ANNOUNCEMENT;
	KUNIT_EXPECT_EQ(test, sent, 10);
	KUNIT_EXPECT_EQ(test, c->acd.state, TEACH_ACD_BOUND);
}

/* After MAX_CONFLICTS one attempt a minute; an address that was taken ends that. */
static void acd_rate_limit(struct kunit *test)
{
	struct acd_case *c = test->priv;
	unsigned long at = START, began;
	int i;

	for (i = 0; i < TEACH_ACD_MAX_CONFLICTS; i++) {
		teach_acd_start(&c->acd, &c->rate, &c->p, at, RND_LEAST);
		KUNIT_EXPECT_EQ(test, c->acd.expires, at);
		KUNIT_EXPECT_EQ(test, conflict_at(test, at), TEACH_ACD_GIVE_UP);
	}
	for (i = 0; i < 3; i++) {
		began = at;
		teach_acd_start(&c->acd, &c->rate, &c->p, at + HZ, RND_MOST);
		at = c->acd.expires;
		KUNIT_EXPECT_EQ(test, at, began + 60 * HZ);
		KUNIT_EXPECT_EQ(test, conflict_at(test, at), TEACH_ACD_GIVE_UP);
	}
	/* Who waits for a minute of his own accord does not wait for another. */
	teach_acd_start(&c->acd, &c->rate, &c->p, at + 100 * HZ, RND_LEAST);
	KUNIT_EXPECT_EQ(test, c->acd.expires, at + 100 * HZ);
	c->p.acd_probes = 0;
	teach_acd_timer(&c->acd, &c->rate, &c->p, c->acd.expires, RND_LEAST);
	KUNIT_EXPECT_FALSE(test, teach_acd_tentative(&c->acd));
	KUNIT_EXPECT_EQ(test, c->rate.conflicts, 0U);
}

/* Probing anew forgets a defence of before. */
static void acd_restart(struct kunit *test)
{
	struct acd_case *c = test->priv;

	c->acd.state = TEACH_ACD_BOUND;
	c->p.acd_defend = ONCE;
	c->p.acd_probes = 0;
	conflict_at(test, START);
	teach_acd_start(&c->acd, &c->rate, &c->p, START, RND_LEAST);
	KUNIT_EXPECT_TRUE(test, teach_acd_tentative(&c->acd));
	teach_acd_timer(&c->acd, &c->rate, &c->p, START, RND_LEAST);
	KUNIT_EXPECT_EQ(test, conflict_at(test, START + 1), TEACH_ACD_SEND_ANNOUNCEMENT);
}

static struct kunit_case acd_cases[] = {
	KUNIT_CASE(acd_fastest),
	KUNIT_CASE(acd_slowest),
	KUNIT_CASE(acd_odd_parms),
	KUNIT_CASE(acd_conflicts),
	KUNIT_CASE(acd_defend_once),
	KUNIT_CASE(acd_defend_always),
	KUNIT_CASE(acd_rate_limit),
	KUNIT_CASE(acd_restart),
	{}
};

static struct kunit_suite acd_suite = {
	.name = "teach_acd",
	.init = acd_case_init,
	.test_cases = acd_cases,
};

kunit_test_suite(acd_suite);
