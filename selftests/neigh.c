// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The neighbour cache: every state, what leads from one to the next, what is
 * told of it on RTNLGRP_NEIGH, and the packets that wait meanwhile.
 *
 * Times are made short on the device, and nothing is concluded from a time that
 * did not pass: tests wait for notifications and frames.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define NEVER	600000		/* ms: longer than any test */
#define JIFFY	10		/* ms: no kernel counts in longer steps */

FIXTURE(neigh) {
	const struct family *f;
	int s, wire, arp, watch;
	uint8_t va[6];
	struct frame fr;
	struct arp_frame a, in;
	struct neigh_event e;
};
FIXTURE_SETUP(neigh)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->wire = wire_open();
	self->arp = arp_open("vb");
	self->watch = neigh_watch();
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 100);
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 100);
}
FIXTURE_TEARDOWN(neigh) {}

#define EXPECT_STATE(_state) do { \
	ASSERT_TRUE(neigh_find(CAROL, &self->e)); \
	EXPECT_EQ(_state, self->e.state); \
} while (0)

/* The next notification is about carol's new state. */
#define EXPECT_TOLD(_state) do { \
	ASSERT_TRUE(neigh_next(self->watch, &self->e, LIMIT_MS)) \
		TH_LOG("no notification of %s", #_state); \
	EXPECT_EQ(RTM_NEWNEIGH, self->e.type); \
	EXPECT_EQ(CAROL, self->e.addr); \
	EXPECT_EQ(_state, self->e.state); \
} while (0)

#define SEND(_flags) do { \
	addr_t _to = addr_of(self->f, CAROL, PEER); \
	EXPECT_RET(1, sendto(self->s, "x", 1, _flags, (struct sockaddr *)&_to, \
			     sizeof(_to))); \
} while (0)

/* Carol asks for alice, who knows her from then on. */
#define BECOME_STALE() do { \
	arp_make(&self->a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, ALICE1); \
	arp_put(self->arp, &self->a, ARP_FRAME); \
	EXPECT_TOLD(NUD_STALE); \
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS)); \
} while (0)

#define BECOME_REACHABLE() do { \
	SEND(0); \
	carol_answers(self->arp); \
	frame_receive(self->wire, &self->fr); \
	EXPECT_TOLD(NUD_REACHABLE); \
} while (0)

static void expect_request(struct __test_metadata *_metadata, int arp, const char *to)
{
	struct arp_frame q;

	ASSERT_EQ(ARP_FRAME, arp_get(arp, &q, LIMIT_MS));
	EXPECT_EQ(ARP_REQUEST, ntohs(q.op));
	EXPECT_EQ(CAROL, ntohl(q.target));
	EXPECT_EQ(ALICE1, ntohl(q.sender));
	EXPECT_EQ(0, memcmp(q.eth.h_dest, to, 6));
}

/* INCOMPLETE, three questions to all, FAILED; the sender is told. */
TEST_F(neigh, nobody_there)
{
	struct sock_extended_err ee;
	struct timespec start;
	struct received r;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 200);
	ASSERT_EQ(0, set_int(self->s, SOL_TEACH, TEACH_RECVERR, 1));
	clock_gettime(CLOCK_MONOTONIC, &start);
	SEND(0);
	EXPECT_STATE(NUD_INCOMPLETE);
	EXPECT_FALSE(self->e.has_mac);
	expect_request(_metadata, self->arp, ALL_MAC);
	expect_request(_metadata, self->arp, ALL_MAC);
	EXPECT_LE(200 - JIFFY, elapsed_ms(&start));
	expect_request(_metadata, self->arp, ALL_MAC);
	EXPECT_LE(400 - JIFFY, elapsed_ms(&start));
	ASSERT_TRUE(errqueue_get(self->f, self->s, &r, &ee, NULL));
	EXPECT_LE(600 - JIFFY, elapsed_ms(&start));
	EXPECT_EQ(EHOSTUNREACH, ee.ee_errno);
	EXPECT_EQ(SO_EE_ORIGIN_LOCAL, ee.ee_origin);
	EXPECT_TOLD(NUD_FAILED);
	EXPECT_FALSE(self->e.has_mac);
	EXPECT_STATE(NUD_FAILED);
	EXPECT_EQ(3, counter(TEACH_STAT_ARP_OUT_REQUESTS));
	EXPECT_EQ(1, counter(TEACH_STAT_NEIGH_RES_FAILED));
	EXPECT_EQ(1, counter(TEACH_STAT_NEIGH_FAILED_DROPS));

	/* The next packet asks anew. */
	get_int(self->s, SOL_SOCKET, SO_ERROR);
	SEND(0);
	expect_request(_metadata, self->arp, ALL_MAC);
	EXPECT_STATE(NUD_INCOMPLETE);
}

TEST_F(neigh, number_of_requests)
{
	int i;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 20);
	link_parm("va", TEACH_PARM_A_MCAST_PROBES, 7);
	SEND(0);
	for (i = 0; i < 7; i++)
		expect_request(_metadata, self->arp, ALL_MAC);
	EXPECT_TOLD(NUD_FAILED);
	EXPECT_EQ(7, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* Requests get lost: an answer to the last one is as good. */
TEST_F(neigh, late_answer)
{
	SEND(0);
	expect_request(_metadata, self->arp, ALL_MAC);
	expect_request(_metadata, self->arp, ALL_MAC);
	carol_answers(self->arp);
	EXPECT_EQ(FRAME_DGRAM + 1, frame_receive(self->wire, &self->fr));
	EXPECT_TOLD(NUD_REACHABLE);
}

/* Too late: where carol is, is known then, but not that she is there. */
TEST_F(neigh, answer_after_failure)
{
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 20);
	SEND(0);
	EXPECT_TOLD(NUD_FAILED);
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, self->va, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_TOLD(NUD_STALE);
	EXPECT_EQ(0, memcmp(self->e.mac, CAROL_MAC, 6));
}

/* REACHABLE ends when nothing confirms it. */
TEST_F(neigh, reachable_to_stale)
{
	struct timespec start;

	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 1);
	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, 400);
	BECOME_REACHABLE();
	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_TOLD(NUD_STALE);
	/* Random, from half the time to one and a half. */
	EXPECT_LE(100, elapsed_ms(&start));
	EXPECT_TRUE(self->e.has_mac);
	EXPECT_EQ(0, memcmp(self->e.mac, CAROL_MAC, 6));
}

/* Used to the end: DELAY at once, and so PROBE. */
TEST_F(neigh, reachable_to_probe)
{
	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, 100);
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 1000);
	BECOME_REACHABLE();
	EXPECT_TOLD(NUD_PROBE);
	expect_request(_metadata, self->arp, CAROL_MAC);
}

/* STALE, DELAY, PROBE: asked thrice, herself, and FAILED. */
TEST_F(neigh, stale_to_failed)
{
	int i;

	BECOME_STALE();
	SEND(0);
	/* What is known is used meanwhile. */
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, CAROL_MAC, 6));
	EXPECT_TOLD(NUD_PROBE);
	expect_request(_metadata, self->arp, CAROL_MAC);
	SEND(0);
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, CAROL_MAC, 6));
	for (i = 1; i < 3; i++)
		expect_request(_metadata, self->arp, CAROL_MAC);
	EXPECT_TOLD(NUD_FAILED);
	EXPECT_EQ(3, counter(TEACH_STAT_ARP_OUT_REQUESTS));
	EXPECT_EQ(1, counter(TEACH_STAT_NEIGH_RES_FAILED));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_FAILED_DROPS));
}

TEST_F(neigh, delay)
{
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, NEVER);
	BECOME_STALE();
	SEND(0);
	EXPECT_STATE(NUD_DELAY);
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

TEST_F(neigh, probe_answered)
{
	BECOME_STALE();
	SEND(0);
	EXPECT_TOLD(NUD_PROBE);
	carol_answers(self->arp);
	EXPECT_TOLD(NUD_REACHABLE);
	EXPECT_STATE(NUD_REACHABLE);
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_RES_FAILED));
}

/* The number of questions to herself is a parameter, too. */
TEST_F(neigh, number_of_probes)
{
	int i;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 20);
	link_parm("va", TEACH_PARM_A_UCAST_PROBES, 5);
	BECOME_STALE();
	SEND(0);
	for (i = 0; i < 5; i++)
		expect_request(_metadata, self->arp, CAROL_MAC);
	EXPECT_TOLD(NUD_PROBE);
	EXPECT_TOLD(NUD_FAILED);
	EXPECT_EQ(5, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* The program knows that carol answers: nobody has to ask. */
TEST_F(neigh, confirm_in_delay)
{
	const struct timespec later = { .tv_nsec = 50000000 };

	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 2000);
	BECOME_STALE();
	SEND(0);
	/* The time begins with the first packet: confirmed within it. */
	nanosleep(&later, NULL);
	SEND(MSG_CONFIRM);
	EXPECT_TOLD(NUD_REACHABLE);
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/*
 * Confirmed all the time, the entry stays REACHABLE. If this program did not get
 * to run for longer than the shortest reachable time, that run says nothing.
 */
TEST_F(neigh, confirm_in_reachable)
{
	const struct timespec pause = { .tv_nsec = 30000000 };
	struct timespec start, last;
	long gap, longest;
	int runs = 0;

	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, 1000);
	do {
		ASSERT_GT(10, runs++);
		EXPECT_RET(0, neigh_add(self->f, "va", CAROL, (uint8_t *)CAROL_MAC,
					NUD_REACHABLE));
		clock_gettime(CLOCK_MONOTONIC, &start);
		last = start;
		longest = 0;
		while (elapsed_ms(&start) < 1700) {
			SEND(MSG_CONFIRM);
			frame_receive(self->wire, &self->fr);
			gap = elapsed_ms(&last);
			longest = gap > longest ? gap : longest;
			clock_gettime(CLOCK_MONOTONIC, &last);
			nanosleep(&pause, NULL);
		}
	} while (longest > 400);
	EXPECT_STATE(NUD_REACHABLE);
	EXPECT_GT(100u, self->e.confirmed);
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* Only management changes a permanent entry. */
TEST_F(neigh, permanent)
{
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (uint8_t *)CAROL_MAC,
			       NUD_PERMANENT));
	EXPECT_TOLD(NUD_PERMANENT);
	EXPECT_EQ(0, memcmp(self->e.mac, CAROL_MAC, 6));
	SEND(0);
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, CAROL_MAC, 6));
	/* Neither an announcement nor a question of somebody else does. */
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, CAROL);
	arp_put(self->arp, &self->a, ARP_FRAME);
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_STATE(NUD_PERMANENT);
	EXPECT_EQ(0, memcmp(self->e.mac, CAROL_MAC, 6));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));

	/* Management does, and it shows at once, also to a connected socket. */
	ASSERT_EQ(0, conn_to(self->f, self->s, CAROL, PEER));
	EXPECT_RET(1, send(self->s, "x", 1, 0));
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, CAROL_MAC, 6));
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (uint8_t *)DAVE_MAC,
			       NUD_PERMANENT));
	EXPECT_TOLD(NUD_PERMANENT);
	EXPECT_EQ(0, memcmp(self->e.mac, DAVE_MAC, 6));
	EXPECT_RET(1, send(self->s, "x", 1, 0));
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, DAVE_MAC, 6));
}

/* A connected socket follows a neighbour that moves to another MAC address. */
TEST_F(neigh, connected_follows)
{
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, NEVER);
	BECOME_STALE();
	ASSERT_EQ(0, conn_to(self->f, self->s, CAROL, PEER));
	EXPECT_RET(1, send(self->s, "x", 1, 0));
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, CAROL_MAC, 6));
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, CAROL);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_TOLD(NUD_STALE);
	EXPECT_RET(1, send(self->s, "x", 1, 0));
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, DAVE_MAC, 6));
}

/* States that management may give, and what is told of them. */
TEST_F(neigh, given_states)
{
	static const uint16_t states[] = {
		NUD_STALE, NUD_REACHABLE, NUD_PERMANENT, NUD_NOARP, NUD_STALE,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (uint8_t *)CAROL_MAC,
				       states[i]));
		EXPECT_TOLD(states[i]);
		EXPECT_STATE(states[i]);
	}
	/* Told to look whether she is there. */
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (uint8_t *)CAROL_MAC, NUD_PROBE));
	EXPECT_TOLD(NUD_PROBE);
	carol_answers(self->arp);
	EXPECT_TOLD(NUD_REACHABLE);
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (uint8_t *)CAROL_MAC, NUD_FAILED));
	EXPECT_TOLD(NUD_FAILED);
}

/* `nud incomplete`: look for her now; nothing has to be sent for that. */
TEST_F(neigh, given_incomplete)
{
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	const struct ndmsg ndm = {
		.ndm_family = AF_TEACH, .ndm_ifindex = if_nametoindex("va"),
		.ndm_state = NUD_INCOMPLETE,
	};

	nl_begin(&nl, RTM_NEWNEIGH, NLM_F_CREATE, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(CAROL));
	EXPECT_ACCEPTED(&nl);
	carol_answers(self->arp);
	do {
		ASSERT_TRUE(neigh_next(self->watch, &self->e, LIMIT_MS));
	} while (self->e.state == NUD_INCOMPLETE);
	EXPECT_EQ(NUD_REACHABLE, self->e.state);
}

/* Packets wait in order, up to so many bytes; the oldest go first. */
TEST_F(neigh, hold_queue)
{
	enum { SENT = 40, SIZE = 500 };
	struct counters before;
	uint8_t data[SIZE] = { 0 };
	int i, dropped, kept;

	link_parm("va", TEACH_PARM_A_QUEUE_BYTES, 16384);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	counters_read(&before);
	for (i = 0; i < SENT; i++) {
		data[0] = i;
		EXPECT_RET(SIZE, send_to(self->f, self->s, data, SIZE, CAROL, PEER));
	}
	dropped = counter(TEACH_STAT_NEIGH_UNRES_DISCARDS);
	EXPECT_TRUE(only_dropped(&before, TEACH_STAT_NEIGH_UNRES_DISCARDS, dropped));
	kept = SENT - dropped;
	EXPECT_LE(1, kept);
	/* Each takes more memory than its data. */
	EXPECT_GT(16384 / SIZE, kept);
	carol_answers(self->arp);
	for (i = dropped; i < SENT; i++) {
		ASSERT_EQ(FRAME_DGRAM + SIZE,
			  frame_receive(self->wire, &self->fr));
		EXPECT_EQ(i, self->fr.data[0]);
	}
	EXPECT_EQ(dropped, (int)counter(TEACH_STAT_NEIGH_UNRES_DISCARDS));
	EXPECT_EQ(1, counter(TEACH_STAT_ARP_OUT_REQUESTS));
	/* The next one is the next one. */
	SEND(0);
	EXPECT_EQ(FRAME_DGRAM + 1, frame_receive(self->wire, &self->fr));
}

/* What waits is charged to its socket no longer when it was dropped. */
TEST_F(neigh, hold_queue_of_none)
{
	int i;

	link_parm("va", TEACH_PARM_A_QUEUE_BYTES, 0);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	for (i = 0; i < 5; i++)
		SEND(0);
	/* As with IPv4, the last one stays. */
	EXPECT_EQ(4, counter(TEACH_STAT_NEIGH_UNRES_DISCARDS));
	carol_answers(self->arp);
	frame_receive(self->wire, &self->fr);
	EXPECT_TOLD(NUD_REACHABLE);
}

/* Who waits for a host that is not there does not keep others waiting. */
TEST_F(neigh, one_is_gone)
{
	int i;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	for (i = 0; i < 100; i++)
		EXPECT_RET(1, send_to(self->f, self->s, "x", 1, UNUSED1, PEER));
	SEND(0);
	carol_answers(self->arp);
	EXPECT_EQ(FRAME_DGRAM + 1, frame_receive(self->wire, &self->fr));
	EXPECT_EQ(CAROL, ntohl(self->fr.th.daddr));
	EXPECT_TOLD(NUD_REACHABLE);
}

/* Removed while packets wait: they are lost, and counted. */
TEST_F(neigh, removed_while_held)
{
	struct counters before;
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	const struct ndmsg ndm = {
		.ndm_family = AF_TEACH, .ndm_ifindex = if_nametoindex("va"),
	};

	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	SEND(0);
	SEND(0);
	counters_read(&before);
	nl_begin(&nl, RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(CAROL));
	EXPECT_ACCEPTED(&nl);
	EXPECT_TRUE(only_dropped(&before, TEACH_STAT_NEIGH_DEAD_DROPS, 2));
	ASSERT_TRUE(neigh_next(self->watch, &self->e, LIMIT_MS));
	EXPECT_EQ(RTM_DELNEIGH, self->e.type);
	EXPECT_EQ(CAROL, self->e.addr);
	/* As if it had never been. */
	expect_request(_metadata, self->arp, ALL_MAC);
	SEND(0);
	carol_answers(self->arp);
	frame_receive(self->wire, &self->fr);
	EXPECT_TOLD(NUD_REACHABLE);
}

LAB_MAIN
