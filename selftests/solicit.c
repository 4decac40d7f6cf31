// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests to all are limited, per link: a flood of datagrams to absent addresses does
 * not flood the LAN, and a new host is found all the same. With figures.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <signal.h>
#include <time.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define WIDE	0x14000001u	/* 20.0.0.1/8: room for absent hosts */
#define ABSENT	0x14400000u	/* from 20.64.0.0 on */
#define NEW	0x14800000u	/* from 20.128.0.0 on, at bob's */
#define HOSTS	10

FIXTURE(solicit) {
	const struct family *f;
	int wire;
};
FIXTURE_SETUP(solicit)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	must(!addr_add(self->f, "va", WIDE, 8), "a wide network");
	self->wire = arp_open("vb");
}
FIXTURE_TEARDOWN(solicit) {}

static void cache_size(const char *entries)
{
	must(!sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh3", entries) &&
	     !sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh2", entries) &&
	     !sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh1", entries),
	     "room in the cache");
}

/* A datagram to each of n absent hosts; how many were taken. They wait for an answer,
 * each at the entry of its host: the socket may have as many on their way.
 */
static int flood(const struct family *f, int s, uint32_t first, int n)
{
	int i, taken = 0;

	must(!set_int(s, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 29), "room to send");
	for (i = 0; i < n; i++)
		taken += send_to(f, s, "x", 1, first + i, PEER) == 1;
	return taken;
}

/* With a rate of next to nothing the burst is what can be sent: half by everyone,
 * and a 32nd, or one, by each share.
 */
TEST_F(solicit, burst)
{
	int s = sk_open(self->f, ALICE);

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 600000);
	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, 1);
	link_parm("va", TEACH_PARM_A_SOLICITS_BURST, 64);
	EXPECT_EQ(200, flood(self->f, s, ABSENT, 200));
	/* One more may have been due meanwhile. */
	EXPECT_LE(32 + 2, counter(TEACH_STAT_ARP_OUT_REQUESTS));
	EXPECT_GE(32 + 2 + 2, counter(TEACH_STAT_ARP_OUT_REQUESTS));
	EXPECT_EQ(200, counter(TEACH_STAT_ARP_OUT_REQUESTS) +
		  counter(TEACH_STAT_NEIGH_LIMITED));
	EXPECT_EQ(200, counter(TEACH_STAT_NEIGH_RESOLUTIONS));
	/* Without a limit all are asked for. */
	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, 0);
	EXPECT_EQ(200, flood(self->f, s, ABSENT + 1000, 200));
	EXPECT_LE(200 + 32 + 2, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* What is not sent is tried again by the entry's timer, and ends as if it were lost. */
TEST_F(solicit, tried_again)
{
	int s = sk_open(self->f, ALICE), watch = neigh_watch();
	struct neigh_event e;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 50);
	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, 1);
	link_parm("va", TEACH_PARM_A_SOLICITS_BURST, 1);
	/* Takes what there is: the common token and, maybe, its share's. */
	EXPECT_EQ(3, flood(self->f, s, ABSENT, 3));
	do {
		ASSERT_TRUE(neigh_next(watch, &e, LIMIT_MS));
	} while (e.addr != ABSENT + 2 || e.state != NUD_FAILED);
	EXPECT_LE(5, counter(TEACH_STAT_NEIGH_LIMITED));
	EXPECT_EQ(9, counter(TEACH_STAT_NEIGH_LIMITED) +
		  counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* Hosts that are there cost nothing: many more than the burst are resolved at once. */
TEST_F(solicit, answered)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), i;
	struct arp_frame q, a;

	cache_size("10000");
	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, 1);
	link_parm("va", TEACH_PARM_A_SOLICITS_BURST, 4);
	for (i = 0; i < 500; i++) {
		ASSERT_EQ(1, send_to(self->f, s, "x", 1, NEW + i, PEER));
		do {
			ASSERT_NE(0, arp_get(self->wire, &q, LIMIT_MS))
				TH_LOG("host %d is not asked for", i);
		} while (ntohl(q.target) != NEW + i);
		arp_make(&a, ARP_REPLY, CAROL_MAC, NEW + i, q.sender_mac, ntohl(q.sender));
		arp_put(self->wire, &a, ARP_FRAME);
		while (counter(TEACH_STAT_ARP_IN_REPLIES) < (uint64_t)i + 1)
			;
	}
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_LIMITED));
}

/* Milliseconds from a first datagram to its arrival, on a socket of its own. */
static long first_datagram(struct __test_metadata *_metadata, const struct family *f,
			   int peer, uint32_t to)
{
	struct timespec begin;
	int s = sk_open(f, ALICE);
	char c = 0;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	EXPECT_EQ(1, send_to(f, s, "n", 1, to, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	close(s);
	return elapsed_ms(&begin);
}

/*
 * One socket floods absent hosts, as fast as it can and more than the link's rate;
 * meanwhile others send to hosts that are there. Each is found within one
 * retransmission.
 */
TEST_F_TIMEOUT(solicit, flood, 110)
{
	/* A kernel that looks for bugs sends a thousand a second, and no more. */
	bool slow = !access("/sys/kernel/debug/kmemleak", F_OK);
	int absent = slow ? 5000 : 100000, rate = slow ? 100 : 1000;
	struct timespec begin;
	long ms, worst = 0, total;
	int peer, i;
	uint64_t sent;
	pid_t pid;

	cache_size("400000");
	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, rate);
	link_parm("va", TEACH_PARM_A_SOLICITS_BURST, rate);
	lab_enter(BOB);
	for (i = 0; i < HOSTS; i++)
		must(!addr_add(self->f, "vb", NEW + i, 8), "bob's addresses");
	lab_enter(ALICE);
	peer = sk_bound(self->f, BOB, ANY, PEER);
	sent = counter(TEACH_STAT_ARP_OUT_REQUESTS);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid = child();
	if (!pid) {
		int s = sk_open(self->f, ALICE);

		_exit(flood(self->f, s, ABSENT, absent) != absent);
	}
	/* When the burst is gone. */
	while (!counter(TEACH_STAT_NEIGH_LIMITED))
		;
	for (i = 0; i < HOSTS; i++) {
		ms = first_datagram(_metadata, self->f, peer, NEW + i);
		worst = ms > worst ? ms : worst;
		EXPECT_GE(1000 + 500, ms) TH_LOG("host %d was found after %ld ms", i, ms);
	}
	EXPECT_EQ(0, child_status(pid));
	total = elapsed_ms(&begin);
	sent = counter(TEACH_STAT_ARP_OUT_REQUESTS) - sent;
	TH_LOG("%d absent hosts in %ld ms: %llu requests, %llu not sent; %d new hosts found within %ld ms",
	       absent, total, (unsigned long long)sent,
	       (unsigned long long)counter(TEACH_STAT_NEIGH_LIMITED), HOSTS, worst);
	/* Burst and rate, a second more for reading both, and those that were answered. */
	EXPECT_GE(rate + rate * (uint64_t)(total + 1000) / 1000 + 4 * HOSTS, sent);
	EXPECT_LT((uint64_t)absent / 2, counter(TEACH_STAT_NEIGH_LIMITED));
}

LAB_MAIN
