// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/parms.c: defaults, and the random reachable time.
 */
#include <kunit/test.h>
#include <linux/jiffies.h>
#include <net/sock.h>
#include "link/parms.h"

#define ROLLS	2000

/* What net.ipv4.neigh.default has, and teach(7) promises. */
static void parms_defaults(struct kunit *test)
{
	unsigned long before = jiffies;
	struct teach_parms p;

	memset(&p, 0xa5, sizeof(p));
	teach_parms_set_defaults(&p);
	KUNIT_EXPECT_EQ(test, p.base_reachable_time, 30 * HZ);
	KUNIT_EXPECT_EQ(test, p.retrans_time, HZ);
	KUNIT_EXPECT_EQ(test, p.delay_probe_time, 5 * HZ);
	KUNIT_EXPECT_EQ(test, p.gc_staletime, 60 * HZ);
	KUNIT_EXPECT_EQ(test, p.locktime, HZ);
	KUNIT_EXPECT_EQ(test, p.ucast_probes, 3);
	KUNIT_EXPECT_EQ(test, p.mcast_probes, 3);
	KUNIT_EXPECT_EQ(test, p.queue_bytes, SK_WMEM_DEFAULT);
	/* As IPv4 does it; then RFC 5227, section 1.1. */
	KUNIT_EXPECT_EQ(test, p.accept_dad, 0);
	KUNIT_EXPECT_EQ(test, p.acd_defend, 2);
	KUNIT_EXPECT_EQ(test, p.acd_probe_wait, HZ);
	KUNIT_EXPECT_EQ(test, p.acd_probes, 3);
	KUNIT_EXPECT_EQ(test, p.acd_probe_min, HZ);
	KUNIT_EXPECT_EQ(test, p.acd_probe_max, 2 * HZ);
	KUNIT_EXPECT_EQ(test, p.acd_announce_wait, 2 * HZ);
	KUNIT_EXPECT_EQ(test, p.acd_announcements, 2);
	KUNIT_EXPECT_EQ(test, p.acd_announce_interval, 2 * HZ);
	KUNIT_EXPECT_EQ(test, p.acd_defend_interval, 10 * HZ);
	KUNIT_EXPECT_EQ(test, p.rarp_retrans, HZ);
	KUNIT_EXPECT_EQ(test, p.rarp_retrans_max, 64 * HZ);
	KUNIT_EXPECT_EQ(test, p.rarp_lifetime, 3600 * HZ);
	KUNIT_EXPECT_EQ(test, p.rarp_serve, 0);
	KUNIT_EXPECT_EQ(test, p.resolver, TEACH_RESOLVER_ARP);
	KUNIT_EXPECT_EQ(test, p.dad_transmits, 1);
	KUNIT_EXPECT_EQ(test, p.interval_probe_time, 5 * HZ);
	KUNIT_EXPECT_EQ(test, p.max_neighs, 0);
	KUNIT_EXPECT_GE(test, p.reachable_time, 15UL * HZ);
	KUNIT_EXPECT_LT(test, p.reachable_time, 45UL * HZ);
	KUNIT_EXPECT_TRUE(test, time_in_range(p.rolled_at, before, jiffies));
}

/* The smallest and the largest of many draws. */
static void roll_often(struct teach_parms *p, unsigned long *least, unsigned long *most)
{
	unsigned int i;

	*least = ULONG_MAX;
	*most = 0;
	for (i = 0; i < ROLLS; i++) {
		teach_parms_roll(p, i);
		*least = min(*least, p->reachable_time);
		*most = max(*most, p->reachable_time);
	}
}

/* Between half and one and a half of the base. That 2000 draws leave out a tenth of it
 * at either end does not happen.
 */
static void parms_roll_range(struct kunit *test)
{
	struct teach_parms p = { .base_reachable_time = 1000 };
	unsigned long least, most;

	roll_often(&p, &least, &most);
	KUNIT_EXPECT_GE(test, least, 500UL);
	KUNIT_EXPECT_LT(test, least, 600UL);
	KUNIT_EXPECT_LT(test, most, 1500UL);
	KUNIT_EXPECT_GE(test, most, 1400UL);
	KUNIT_EXPECT_EQ(test, p.rolled_at, (unsigned long)ROLLS - 1);
}

/* A base that makes no sense gives a time that does: never 0. */
static void parms_roll_small_base(struct kunit *test)
{
	static const int bases[] = { 2, 1, 0, -1, INT_MIN };
	unsigned long least, most;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bases); i++) {
		struct teach_parms p = { .base_reachable_time = bases[i] };

		roll_often(&p, &least, &most);
		KUNIT_EXPECT_EQ_MSG(test, least, 1UL, "base %d", bases[i]);
		KUNIT_EXPECT_EQ_MSG(test, most, 2UL, "base %d", bases[i]);
	}
}

static void parms_roll_large_base(struct kunit *test)
{
	struct teach_parms p = { .base_reachable_time = INT_MAX };
	unsigned long least, most;

	roll_often(&p, &least, &most);
	KUNIT_EXPECT_GE(test, least, (unsigned long)INT_MAX / 2);
	KUNIT_EXPECT_LT(test, most, INT_MAX / 2 + (unsigned long)INT_MAX);
	KUNIT_EXPECT_GT(test, most, (unsigned long)INT_MAX);
}

/* After more than 300 seconds, also where jiffies begin again at 0. */
static void parms_stale(struct kunit *test)
{
	static const unsigned long times[] = { 0, 12345, -300UL * HZ, -150UL * HZ, -1UL };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		struct teach_parms p = { .base_reachable_time = 1000 };
		unsigned long at = times[i];

		teach_parms_roll(&p, at);
		KUNIT_EXPECT_FALSE(test, teach_parms_stale(&p, at));
		KUNIT_EXPECT_FALSE(test, teach_parms_stale(&p, at + 300 * HZ));
		KUNIT_EXPECT_TRUE(test, teach_parms_stale(&p, at + 300 * HZ + 1));
	}
}

static struct kunit_case parms_cases[] = {
	KUNIT_CASE(parms_defaults),
	KUNIT_CASE(parms_roll_range),
	KUNIT_CASE(parms_roll_small_base),
	KUNIT_CASE(parms_roll_large_base),
	KUNIT_CASE(parms_stale),
	{}
};

static struct kunit_suite parms_suite = {
	.name		= "teach_parms",
	.test_cases	= parms_cases,
};

kunit_test_suite(parms_suite);
