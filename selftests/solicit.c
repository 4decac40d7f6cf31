// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests to all are limited, per link: a flood of datagrams to absent addresses does
 * not flood the LAN. That new hosts are found meanwhile: neigh_attack.c.
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

/* With a rate of next to nothing the burst is what can be sent: half by everyone,
 * and a 32nd, or one, by each share.
 */
TEST_F(solicit, burst)
{
	int s = sk_open(self->f, ALICE);

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 600000);
	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, 1);
	link_parm("va", TEACH_PARM_A_SOLICITS_BURST, 64);
	EXPECT_EQ(200, flood_absent(self->f, s, ABSENT, 200, PEER));
	/* One more may have been due meanwhile. */
	EXPECT_LE(32 + 2, counter(TEACH_STAT_ARP_OUT_REQUESTS));
	EXPECT_GE(32 + 2 + 2, counter(TEACH_STAT_ARP_OUT_REQUESTS));
	EXPECT_EQ(200, counter(TEACH_STAT_ARP_OUT_REQUESTS) +
		  counter(TEACH_STAT_NEIGH_LIMITED));
	EXPECT_EQ(200, counter(TEACH_STAT_NEIGH_RESOLUTIONS));
	/* Without a limit all are asked for. */
	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, 0);
	EXPECT_EQ(200, flood_absent(self->f, s, ABSENT + 1000, 200, PEER));
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
	EXPECT_EQ(3, flood_absent(self->f, s, ABSENT, 3, PEER));
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

LAB_MAIN
