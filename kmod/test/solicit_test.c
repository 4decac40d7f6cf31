// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/solicit.c: what is allowed in a burst and by and by, and that a flood
 * leaves the others their share. The clock is the test's own.
 */
#include <kunit/test.h>
#include <linux/jiffies.h>
#include "link/link.h"
#include "link/solicit.h"

#define START	(-5UL)		/* jiffies begin again at 0 soon after */

static struct teach_link *make_link(struct kunit *test, int rate, int burst)
{
	struct teach_link *link = kunit_kzalloc(test, sizeof(*link), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, link);
	link->parms.solicits_per_sec = rate;
	link->parms.solicits_burst = burst;
	teach_solicit_init(link, START);
	return link;
}

/* How many of @n requests are allowed at one moment. */
static int allowed(struct teach_link *link, u16 sender, bool again, unsigned long now, int n)
{
	int got = 0;

	while (n--)
		got += teach_solicit_allow(link, sender, again, now);
	return got;
}

/* Half of the burst is for all, a 32nd for each share. Of the reserve of a share, which
 * is for others than the last, one who is alone gets nothing.
 */
static void solicit_burst(struct kunit *test)
{
	struct teach_link *link = make_link(test, 1000, 320);
	unsigned int share;

	KUNIT_EXPECT_EQ(test, allowed(link, 1, false, START, 1000), 160 + 10);
	for (share = 0; share < TEACH_SOLICIT_SHARES; share++)
		KUNIT_EXPECT_EQ(test, allowed(link, share, false, START, 1000),
				share == 1 ? 0 : 10);
	/* All of it together. */
	KUNIT_EXPECT_EQ(test, allowed(link, 0, false, START, 1000), 0);
}

/* Each jiffy brings what is due, over the end of the counter too, and no more than a burst. */
static void solicit_rate(struct kunit *test)
{
	struct teach_link *link = make_link(test, 10 * HZ, 320);
	int got = 0;
	int i;

	allowed(link, 1, false, START, 1000);
	for (i = 1; i <= 32; i++)
		got += allowed(link, 1, false, START + i, 1000);
	/* Ten in a jiffy, of which half and a 32nd are this share's. */
	KUNIT_EXPECT_EQ(test, got, 32 * 10 * 17 / 32);
	KUNIT_EXPECT_EQ(test, allowed(link, 1, false, START + 86400UL * HZ, 1000), 170);
}

/* One a second, of which a share gets a 32nd, is not lost in rounding. */
static void solicit_low_rate(struct kunit *test)
{
	struct teach_link *link = make_link(test, 1, 1);
	int i, got = 0;

	KUNIT_EXPECT_EQ(test, allowed(link, 3, false, START, 10), 2);
	/* A share is full after 32 seconds, and is used in the jiffy after that. */
	for (i = 1; i <= 64 * HZ + 1; i++)
		got += teach_solicit_allow(link, 3, false, START + i);
	KUNIT_EXPECT_EQ(test, got, 32 + 2);
}

/* Repetitions leave half to first requests. */
static void solicit_again(struct kunit *test)
{
	struct teach_link *link = make_link(test, 1000, 320);

	KUNIT_EXPECT_EQ(test, allowed(link, 1, true, START, 1000), 81 + 6);
	KUNIT_EXPECT_EQ(test, allowed(link, 1, false, START, 1000), 79 + 4);
	/* A share that is not the flood's repeats, too. */
	KUNIT_EXPECT_EQ(test, allowed(link, 2, true, START, 1000), 6);
}

/* A flood in one share, for a minute; another asks once a second and is never refused. */
static void solicit_fair(struct kunit *test)
{
	struct teach_link *link = make_link(test, 1000, 1000);
	int i, flood = 0, refused = 0;

	for (i = 0; i < 60 * HZ; i++) {
		flood += allowed(link, 5, false, START + i, 50);
		flood += allowed(link, 5, true, START + i, 50);
		if (i % HZ == HZ / 2)
			refused += !teach_solicit_allow(link, 6, false, START + i);
	}
	KUNIT_EXPECT_EQ(test, refused, 0);
	KUNIT_EXPECT_LE(test, flood, 532 + 60 * 532);
	KUNIT_EXPECT_GE(test, flood, 59 * 531);
}

/* Who meets the flood in its share gets what is kept for others, and so does the flood after
 * it: four times altogether, and as fast as the share is filled again.
 */
static void solicit_same_share(struct kunit *test)
{
	struct teach_link *link = make_link(test, 1000, 320);
	const u16 flood = 5, other = 5 + TEACH_SOLICIT_SHARES, third = 5 + 2 * TEACH_SOLICIT_SHARES;

	KUNIT_EXPECT_EQ(test, allowed(link, flood, false, START, 1000), 160 + 10);
	/* Not to repeat what was asked before. */
	KUNIT_EXPECT_EQ(test, allowed(link, other, true, START, 10), 0);
	KUNIT_EXPECT_EQ(test, allowed(link, other, false, START, 10), 1);
	KUNIT_EXPECT_EQ(test, allowed(link, flood, false, START, 1000), 1);
	KUNIT_EXPECT_EQ(test, allowed(link, third, false, START, 10), 1);
	KUNIT_EXPECT_EQ(test, allowed(link, flood, false, START, 1000), 1);
	KUNIT_EXPECT_EQ(test, allowed(link, other, false, START, 10), 0);
}

/* What is answered is given back, up to what fits. */
static void solicit_answered(struct kunit *test)
{
	struct teach_link *link = make_link(test, 1, 64);
	int i;

	for (i = 0; i < 1000; i++) {
		KUNIT_ASSERT_TRUE(test, teach_solicit_allow(link, 1, false, START));
		teach_solicit_answered(link);
	}
	KUNIT_EXPECT_EQ(test, allowed(link, 1, false, START, 100), 32 + 2);
	for (i = 0; i < 100; i++)
		teach_solicit_answered(link);
	KUNIT_EXPECT_EQ(test, allowed(link, 1, false, START, 100), 32);
}

static void solicit_no_limit(struct kunit *test)
{
	struct teach_link *link = make_link(test, 0, 0);

	KUNIT_EXPECT_EQ(test, allowed(link, 1, true, START, 10000), 10000);
}

/* No socket is a share of its own; sockets are spread over the others. */
static void solicit_shares(struct kunit *test)
{
	unsigned long used = 0;
	unsigned long i;

	KUNIT_EXPECT_EQ(test, teach_solicit_sender(NULL), 0);
	for (i = 1; i < 1000; i++) {
		u16 sender = teach_solicit_sender((const struct sock *)(i * 1024));

		KUNIT_EXPECT_EQ(test, sender,
				teach_solicit_sender((const struct sock *)(i * 1024)));
		__set_bit(sender % TEACH_SOLICIT_SHARES, &used);
	}
	KUNIT_EXPECT_EQ(test, used, GENMASK(TEACH_SOLICIT_SHARES - 1, 1));
}

static struct kunit_case solicit_cases[] = {
	KUNIT_CASE(solicit_burst),
	KUNIT_CASE(solicit_rate),
	KUNIT_CASE(solicit_low_rate),
	KUNIT_CASE(solicit_again),
	KUNIT_CASE(solicit_fair),
	KUNIT_CASE(solicit_same_share),
	KUNIT_CASE(solicit_answered),
	KUNIT_CASE(solicit_no_limit),
	KUNIT_CASE(solicit_shares),
	{}
};

static struct kunit_suite solicit_suite = {
	.name		= "teach_solicit",
	.test_cases	= solicit_cases,
};

kunit_test_suite(solicit_suite);
