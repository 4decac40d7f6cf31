// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the neighbour cache is kept small: thresholds, forced and periodic
 * collection, and what must not be collected.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define HOST(i)	(0x0a010064u + (i))	/* 10.1.0.100 and so on */
#define NEVER	600000
#define MAX	64
#define DEFAULTS "/proc/sys/net/teach/neigh/default/"

static const uint8_t mac[6] = CAROL_MAC;

/* Between 4 and 8 entries. */
static void thresholds(void)
{
	must(!sysctl_write(DEFAULTS "gc_thresh1", "2") &&
	     !sysctl_write(DEFAULTS "gc_thresh2", "4") &&
	     !sysctl_write(DEFAULTS "gc_thresh3", "8"), "gc_thresh");
}

FIXTURE(gc) {
	const struct family *f;
	int s;
	struct neigh_event list[MAX];
};
FIXTURE_SETUP(gc)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	thresholds();
	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	self->s = sk_open(self->f, ALICE);
	must(!set_int(self->s, SOL_TEACH, TEACH_RECVERR, 1), "TEACH_RECVERR");
}
FIXTURE_TEARDOWN(gc) {}

static void fill_stale(struct __test_metadata *_metadata, int n)
{
	int i;

	for (i = 0; i < n; i++)
		ASSERT_EQ(0, neigh_add(&fam_teach, "va", HOST(i), mac, NUD_STALE));
}

/* Eight that are looked for: the one that waits longest makes room for the ninth. */
TEST_F(gc, full_of_incomplete)
{
	int other = sk_open(self->f, ALICE);
	struct neigh_event e;
	int i;

	for (i = 0; i < 8; i++)
		EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(i), PEER));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_EVICTED));
	EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(8), PEER));
	EXPECT_FALSE(neigh_find(HOST(0), &e));
	EXPECT_TRUE(neigh_find(HOST(8), &e));
	/* Another socket's too. */
	EXPECT_RET(1, send_to(self->f, other, "x", 1, HOST(9), PEER));
	EXPECT_FALSE(neigh_find(HOST(1), &e));
	EXPECT_TRUE(neigh_find(HOST(9), &e));
	EXPECT_EQ(2, counter(TEACH_STAT_NEIGH_EVICTED));
	/* With what waited for them. */
	EXPECT_EQ(2, counter(TEACH_STAT_NEIGH_DEAD_DROPS));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_TABLE_FULL));
	EXPECT_EQ(8, neigh_dump(self->list, MAX));
	/* Those that are there can be used. */
	EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(2), PEER));
}

/* A socket that keeps the path to one that is pushed out asks anew with its next datagram. */
TEST_F(gc, pushed_out_in_use)
{
	struct neigh_event e;
	int s, i;

	EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(0), PEER));
	s = sk_conn(self->f, ALICE, HOST(0), PEER);
	EXPECT_RET(1, send(s, "x", 1, 0));
	for (i = 1; i <= 8; i++)
		EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(i), PEER));
	EXPECT_FALSE(neigh_find(HOST(0), &e));
	EXPECT_EQ(2, counter(TEACH_STAT_NEIGH_DEAD_DROPS));
	EXPECT_RET(1, send(s, "x", 1, 0));
	/* That pushed out another, with what waited for it. */
	EXPECT_EQ(3, counter(TEACH_STAT_NEIGH_DEAD_DROPS));
	EXPECT_EQ(2, counter(TEACH_STAT_NEIGH_EVICTED));
	ASSERT_TRUE(neigh_find(HOST(0), &e));
	EXPECT_EQ(NUD_INCOMPLETE, e.state);
}

/* Eight that are reachable: none can go, the ninth is refused. */
TEST_F(gc, full_of_reachable)
{
	struct neigh_event e;
	int i;

	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, NEVER);
	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, neigh_add(&fam_teach, "va", HOST(i), mac, NUD_REACHABLE));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_TABLE_FULL));
	EXPECT_ERRNO(ENOBUFS, send_to(self->f, self->s, "x", 1, HOST(8), PEER));
	EXPECT_EQ(1, counter(TEACH_STAT_NEIGH_TABLE_FULL));
	EXPECT_LE(1, counter(TEACH_STAT_NEIGH_FORCED_GC));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_COLLECTED));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_EVICTED));
	EXPECT_EQ(8, neigh_dump(self->list, MAX));
	EXPECT_FALSE(neigh_find(HOST(8), &e));
	EXPECT_EQ(8, counter(TEACH_STAT_NEIGH_ALLOCS));
	EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(0), PEER));
}

/* Those that nobody answered for make room at once. */
TEST_F(gc, full_of_failed)
{
	struct neigh_event e;
	int i;

	link_parm("va", TEACH_PARM_A_MCAST_PROBES, 0);
	for (i = 0; i < 8; i++)
		send_to(self->f, self->s, "x", 1, HOST(i), PEER);
	EXPECT_EQ(8, neigh_dump(self->list, MAX));
	EXPECT_EQ(NUD_FAILED, self->list[0].state);
	link_parm("va", TEACH_PARM_A_MCAST_PROBES, 3);
	EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(8), PEER));
	EXPECT_TRUE(neigh_find(HOST(8), &e));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_TABLE_FULL));
	/* Down to gc_thresh2 at least, before the new one came. */
	EXPECT_LE(4, counter(TEACH_STAT_NEIGH_COLLECTED));
	EXPECT_GE(5, neigh_dump(self->list, MAX));
}

/* A MAC address given by hand is refused with a word why, unless it is permanent. */
TEST_F(gc, full_for_management)
{
	const struct ndmsg ndm = {
		.ndm_family = AF_TEACH, .ndm_ifindex = if_nametoindex("va"),
		.ndm_state = NUD_STALE,
	};
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int i;

	fill_stale(_metadata, 8);
	nl_begin(&nl, RTM_NEWNEIGH, NLM_F_CREATE, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(HOST(8)));
	nl_attr(&nl, NDA_LLADDR, mac, 6);
	EXPECT_REFUSED(ENOBUFS, &nl);
	for (i = 10; i < 30; i++)
		EXPECT_EQ(0, neigh_add(self->f, "va", HOST(i), mac, NUD_PERMANENT));
	EXPECT_EQ(28, neigh_dump(self->list, MAX));
}

/* Permanent entries do not count. */
TEST_F(gc, permanent_do_not_count)
{
	int i;

	for (i = 20; i < 40; i++)
		EXPECT_EQ(0, neigh_add(self->f, "va", HOST(i), mac, NUD_PERMANENT));
	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, NEVER);
	for (i = 0; i < 8; i++)
		EXPECT_EQ(0, neigh_add(self->f, "va", HOST(i), mac, NUD_REACHABLE));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_TABLE_FULL));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_COLLECTED));
	EXPECT_EQ(28, neigh_dump(self->list, MAX));
	/* One that becomes an ordinary one does count: that makes nine. */
	EXPECT_EQ(0, neigh_add(self->f, "va", HOST(20), mac, NUD_STALE));
	EXPECT_ERRNO(ENOBUFS, send_to(self->f, self->s, "x", 1, HOST(9), PEER));
	/* And the other way round: back to seven. */
	EXPECT_EQ(0, neigh_add(self->f, "va", HOST(20), mac, NUD_PERMANENT));
	EXPECT_EQ(0, neigh_add(self->f, "va", HOST(0), mac, NUD_PERMANENT));
	EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(9), PEER));
}

/*
 * What is young is spared, what is in use stays, the rest goes once it is old
 * enough.
 */
TEST_F(gc, young_and_used)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	struct timespec start;
	struct neigh_event e;
	int used;

	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, NEVER);
	clock_gettime(CLOCK_MONOTONIC, &start);
	fill_stale(_metadata, 8);
	used = sk_conn(self->f, ALICE, HOST(3), PEER);
	EXPECT_RET(1, send(used, "x", 1, 0));
	EXPECT_ERRNO(ENOBUFS, send_to(self->f, self->s, "x", 1, HOST(8), PEER));
	EXPECT_EQ(8, neigh_dump(self->list, MAX));
	while (send_to(self->f, self->s, "x", 1, HOST(8), PEER) < 0) {
		ASSERT_EQ(ENOBUFS, errno);
		ASSERT_GT(LIMIT_MS, elapsed_ms(&start));
		nanosleep(&pause, NULL);
	}
	EXPECT_LE(4900, elapsed_ms(&start));
	/* As many as were old enough. */
	EXPECT_LE(1, counter(TEACH_STAT_NEIGH_COLLECTED));
	EXPECT_TRUE(neigh_find(HOST(3), &e));
	EXPECT_EQ(NUD_DELAY, e.state);
	EXPECT_TRUE(neigh_find(HOST(8), &e));
	EXPECT_FALSE(neigh_find(HOST(0), &e));
}

/* A flood of strangers that ask for alice: bounded, answered, and no harm. */
TEST_F(gc, strangers)
{
	struct arp_frame q, a;
	struct neigh_event e;
	int arp = arp_open("vb"), i;

	EXPECT_EQ(0, neigh_add(self->f, "va", CAROL, mac, NUD_PERMANENT));
	for (i = 0; i < 50; i++) {
		arp_make(&q, ARP_REQUEST, DAVE_MAC, HOST(i), NO_MAC, ALICE1);
		arp_put(arp, &q, ARP_FRAME);
		ASSERT_EQ(ARP_FRAME, arp_get(arp, &a, LIMIT_MS));
		EXPECT_EQ(HOST(i), ntohl(a.target));
	}
	/* Up to gc_thresh2: the rest is for those that alice looks for. */
	EXPECT_EQ(4 + 1, neigh_dump(self->list, MAX));
	EXPECT_EQ(46, counter(TEACH_STAT_NEIGH_TABLE_FULL));
	EXPECT_TRUE(neigh_find(CAROL, &e));
	for (i = 60; i < 64; i++)
		EXPECT_RET(1, send_to(self->f, self->s, "x", 1, HOST(i), PEER));
	EXPECT_EQ(8 + 1, neigh_dump(self->list, MAX));
}

/*
 * The periodic collection of a namespace runs for the first time half a minute
 * after it was made: main() made this one, before the other tests.
 */
FIXTURE(gc_periodic) { int watch; };
FIXTURE_SETUP(gc_periodic)
{
	test_begin(&fam_teach);
	lab_ready();
	self->watch = neigh_watch();
}
FIXTURE_TEARDOWN(gc_periodic) {}

TEST_F_TIMEOUT(gc_periodic, unused_go, 60)
{
	struct timespec start;
	struct neigh_event e;

	ASSERT_EQ(0, counter(TEACH_STAT_NEIGH_PERIODIC_GC));
	must(!sysctl_write(DEFAULTS "gc_thresh1", "0"), "gc_thresh1");
	link_parm("va", TEACH_PARM_A_GC_STALE_MS, 1);
	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, NEVER);
	ASSERT_EQ(0, neigh_add(&fam_teach, "va", HOST(0), mac, NUD_STALE));
	ASSERT_EQ(0, neigh_add(&fam_teach, "va", HOST(1), mac, NUD_REACHABLE));
	ASSERT_EQ(0, neigh_add(&fam_teach, "va", HOST(2), mac, NUD_PERMANENT));
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		ASSERT_TRUE(neigh_next(self->watch, &e, 40000));
		ASSERT_GT(40000, elapsed_ms(&start));
	} while (e.type != RTM_DELNEIGH);
	EXPECT_EQ(HOST(0), e.addr);
	EXPECT_EQ(1, counter(TEACH_STAT_NEIGH_PERIODIC_GC));
	EXPECT_EQ(1, counter(TEACH_STAT_NEIGH_COLLECTED));
	EXPECT_FALSE(neigh_find(HOST(0), &e));
	EXPECT_TRUE(neigh_find(HOST(1), &e));
	EXPECT_TRUE(neigh_find(HOST(2), &e));
}

LAB_MAIN
