// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ARP frames that come in: what is answered, what is learnt of them, and those
 * that are not as they should be, which change nothing and are counted.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100

/* A socket at alice, bob's end of the Ethernet for both EtherTypes. */
FIXTURE(arp) {
	const struct family *f;
	int s, wire, arp;
	uint8_t va[6];
	struct arp_frame a, in;
};
FIXTURE_SETUP(arp)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->wire = wire_open();
	self->arp = arp_open("vb");
}
FIXTURE_TEARDOWN(arp) {}

/* The frame is counted by this counter alone, is not answered, and teaches nothing. */
#define EXPECT_ARP_DROP(_len, _id) do { \
	struct counters _before; \
	struct neigh_event _e; \
	counters_read(&_before); \
	arp_put(self->arp, &self->a, _len); \
	SETTLE(self->wire, self->s, PEER, PORT); \
	EXPECT_TRUE(only_dropped(&_before, TEACH_STAT_##_id, 1)) \
		TH_LOG("only %s should have grown by 1", #_id); \
	EXPECT_EQ(_before.value[TEACH_STAT_ARP_OUT_REPLIES], \
		  counter(TEACH_STAT_ARP_OUT_REPLIES)); \
	EXPECT_FALSE(neigh_find(CAROL, &_e)); \
} while (0)

static void request_for(struct arp_frame *a, uint32_t target)
{
	arp_make(a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, target);
}

static int state_of(uint32_t addr)
{
	struct neigh_event e;

	return neigh_find(addr, &e) ? e.state : -1;
}

/* Alice looks for carol, and gets this as an answer. */
static void resolve(struct __test_metadata *_metadata, int s, int arp)
{
	ASSERT_EQ(1, send_to(&fam_teach, s, "x", 1, CAROL, PEER));
	carol_answers(arp);
}

/* A question for us: the answer to the byte; the one who asks is known from then. */
TEST_F(arp, request)
{
	static const uint8_t reply[ARP_FRAME] = {
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50,	/* to carol */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x08, 0x06,				/* ARP */
		0x00, 0x01, 0x88, 0xb5, 6, 4,		/* Ethernet, TEACH */
		0x00, 0x02,				/* reply */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 1,		/* alice is at ... */
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50, 10, 1, 0, 50,
	};
	uint8_t expected[ARP_FRAME];
	struct neigh_event e;
	int watch = neigh_watch();

	memcpy(expected, reply, sizeof(reply));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	request_for(&self->a, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(expected, &self->in, ARP_FRAME));
	ASSERT_TRUE(neigh_next(watch, &e, LIMIT_MS));
	EXPECT_EQ(RTM_NEWNEIGH, e.type);
	EXPECT_EQ(CAROL, e.addr);
	EXPECT_EQ(NUD_STALE, e.state);
	EXPECT_EQ((int)if_nametoindex("va"), e.ifindex);
	EXPECT_EQ(0, memcmp(e.mac, CAROL_MAC, 6));
	EXPECT_EQ(NUD_STALE, state_of(CAROL));
	EXPECT_EQ(1, counter(TEACH_STAT_ARP_IN_REQUESTS));
	EXPECT_EQ(1, counter(TEACH_STAT_ARP_OUT_REPLIES));
}

/* Padded by the card, or longer for whatever reason. */
TEST_F(arp, request_padded)
{
	request_for(&self->a, ALICE1);
	memset(self->a.room, 0x5a, sizeof(self->a.room));
	arp_put(self->arp, &self->a, 60);
	EXPECT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	arp_put(self->arp, &self->a, sizeof(self->a));
	EXPECT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
}

/* As IPv4 without arp_ignore: an address is the host's, not the device's. */
TEST_F(arp, request_for_other_device)
{
	request_for(&self->a, ALICE2);
	arp_put(self->arp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(ALICE2, ntohl(self->in.sender));
	EXPECT_EQ(0, memcmp(self->in.sender_mac, self->va, 6));
}

/* RFC 5227, 2.1.1: is anyone using alice's address? She says so and learns nothing. */
TEST_F(arp, probe)
{
	struct neigh_event list[1];

	arp_make(&self->a, ARP_REQUEST, CAROL_MAC, ANY, NO_MAC, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(ARP_REPLY, ntohs(self->in.op));
	EXPECT_EQ(ALICE1, ntohl(self->in.sender));
	EXPECT_EQ(0, self->in.target);
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
	EXPECT_EQ(0, neigh_dump(list, 1));
}

/* What others ask each other is not answered and makes no entry. */
TEST_F(arp, request_for_others)
{
	request_for(&self->a, UNUSED1);
	EXPECT_ARP_DROP(ARP_FRAME, ARP_NOT_FOR_US);
	request_for(&self->a, BOB1);
	EXPECT_ARP_DROP(ARP_FRAME, ARP_NOT_FOR_US);
	request_for(&self->a, NOROUTE);
	EXPECT_ARP_DROP(ARP_FRAME, ARP_NOT_FOR_US);
}

/* Cut off anywhere behind the part that says which protocol it is about. */
TEST_F(arp, truncated)
{
	size_t len;

	request_for(&self->a, ALICE1);
	for (len = ETH_HLEN + 8; len < ARP_FRAME; len++)
		EXPECT_ARP_DROP(len, ARP_BAD_LENGTH);
	/* Shorter: nobody can say that it was about TEACH. */
	for (len = ETH_HLEN; len < ETH_HLEN + 8; len++) {
		struct counters before;

		counters_read(&before);
		arp_put(self->arp, &self->a, len);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_TRUE(only_dropped(&before, 0, 0));
	}
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REPLIES));
}

TEST_F(arp, lengths)
{
	static const int hln[] = { 0, 1, 4, 5, 7, 8, 255 };
	static const int pln[] = { 0, 1, 3, 5, 6, 16, 255 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hln); i++) {
		request_for(&self->a, ALICE1);
		self->a.hln = hln[i];
		EXPECT_ARP_DROP(sizeof(self->a), ARP_BAD_LENGTH);
	}
	for (i = 0; i < ARRAY_SIZE(pln); i++) {
		request_for(&self->a, ALICE1);
		self->a.pln = pln[i];
		EXPECT_ARP_DROP(sizeof(self->a), ARP_BAD_LENGTH);
	}
}

TEST_F(arp, hardware_type)
{
	static const int hrd[] = { 0, 2, 0x0100, 0xffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hrd); i++) {
		request_for(&self->a, ALICE1);
		self->a.hrd = htons(hrd[i]);
		EXPECT_ARP_DROP(ARP_FRAME, ARP_BAD_LENGTH);
	}
}

/* RARP's numbers (3, 4), InARP's (8, 9) and others. */
TEST_F(arp, operation)
{
	static const int op[] = { 0, 3, 4, 8, 9, 10, 0x0100, 0xffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(op); i++) {
		request_for(&self->a, ALICE1);
		self->a.op = htons(op[i]);
		EXPECT_ARP_DROP(ARP_FRAME, ARP_BAD_OP);
	}
}

/* No host has a MAC address of a group, or none. */
TEST_F(arp, sender_mac)
{
	static const char *const mac[] = {
		NO_MAC, ALL_MAC, "\x01\x00\x5e\x00\x00\x01", "\x33\x33\x00\x00\x00\x01",
		"\x03\x00\x00\x00\x00\x50",
	};
	unsigned int i, op;

	for (op = ARP_REQUEST; op <= ARP_REPLY; op++) {
		for (i = 0; i < ARRAY_SIZE(mac); i++) {
			arp_make(&self->a, op, CAROL_MAC, CAROL, self->va, ALICE1);
			memcpy(self->a.sender_mac, mac[i], 6);
			EXPECT_ARP_DROP(ARP_FRAME, ARP_BAD_MAC);
		}
		/* Our own: a loop in the network, or somebody who lies. */
		arp_make(&self->a, op, CAROL_MAC, CAROL, self->va, ALICE1);
		memcpy(self->a.sender_mac, self->va, 6);
		EXPECT_ARP_DROP(ARP_FRAME, ARP_OWN_MAC);
	}
}

TEST_F(arp, addresses)
{
	static const struct {
		int op;
		uint32_t sender, target;
	} bad[] = {
		{ ARP_REPLY, ANY, ALICE1 },
		{ ARP_REQUEST, BCAST_ALL, ALICE1 },
		{ ARP_REQUEST, BCAST1, ALICE1 },
		{ ARP_REPLY, BCAST_ALL, ALICE1 },
		{ ARP_REPLY, BCAST1, ALICE1 },
		{ ARP_REQUEST, CAROL, ANY },
		{ ARP_REQUEST, ANY, ANY },
		{ ARP_REQUEST, CAROL, BCAST_ALL },
		{ ARP_REQUEST, CAROL, BCAST1 },
		{ ARP_REPLY, CAROL, ANY },
		{ ARP_REPLY, CAROL, BCAST_ALL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		arp_make(&self->a, bad[i].op, CAROL_MAC, bad[i].sender, self->va,
			 bad[i].target);
		EXPECT_ARP_DROP(ARP_FRAME, ARP_BAD_ADDR);
	}
}

/* Somebody has an address that is ours: not answered, not believed. */
TEST_F(arp, conflict)
{
	static const uint32_t ours[] = { ALICE1, ALICE2 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ours); i++) {
		arp_make(&self->a, ARP_REQUEST, CAROL_MAC, ours[i], NO_MAC, ours[i]);
		EXPECT_ARP_DROP(ARP_FRAME, ARP_CONFLICT);
		arp_make(&self->a, ARP_REQUEST, CAROL_MAC, ours[i], NO_MAC, UNUSED1);
		EXPECT_ARP_DROP(ARP_FRAME, ARP_CONFLICT);
		arp_make(&self->a, ARP_REPLY, CAROL_MAC, ours[i], self->va, ALICE1);
		EXPECT_ARP_DROP(ARP_FRAME, ARP_CONFLICT);
	}
	EXPECT_EQ(-1, state_of(ALICE1));
}

/* Answers to what nobody asked, announcements of hosts that nobody knows. */
TEST_F(arp, unsolicited)
{
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, self->va, ALICE1);
	EXPECT_ARP_DROP(ARP_FRAME, ARP_UNSOLICITED);
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, ALL_MAC, CAROL);
	EXPECT_ARP_DROP(ARP_FRAME, ARP_UNSOLICITED);
	arp_make(&self->a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, CAROL);
	EXPECT_ARP_DROP(ARP_FRAME, ARP_NOT_FOR_US);
}

/* For another card, on a device that somebody listens to; and IPv4's. */
TEST_F(arp, of_no_concern)
{
	struct counters before;

	counters_read(&before);
	request_for(&self->a, ALICE1);
	memcpy(self->a.eth.h_dest, DAVE_MAC, 6);
	arp_put(self->arp, &self->a, ARP_FRAME);
	request_for(&self->a, ALICE1);
	self->a.pro = htons(ETH_P_IP);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_TRUE(only_dropped(&before, 0, 0));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_IN_REQUESTS));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REPLIES));
	EXPECT_EQ(-1, state_of(CAROL));
}

/* The answer to our question, and the packet that waited for it. */
TEST_F(arp, reply)
{
	static const uint8_t request[ARP_FRAME] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,	/* to all */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x08, 0x06,
		0x00, 0x01, 0x88, 0xb5, 6, 4,
		0x00, 0x01,				/* request */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 1,		/* alice is at ... */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 50,		/* and looks for carol */
	};
	uint8_t expected[ARP_FRAME];
	struct neigh_event e;
	int watch = neigh_watch();
	struct frame fr;

	memcpy(expected, request, sizeof(request));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	ASSERT_EQ(4, send_to(self->f, self->s, "held", 4, CAROL, PEER));
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(expected, &self->in, ARP_FRAME));
	EXPECT_EQ(NUD_INCOMPLETE, state_of(CAROL));

	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, self->va, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_EQ(FRAME_DGRAM + 4, frame_receive(self->wire, &fr));
	EXPECT_EQ(0, memcmp(fr.eth.h_dest, CAROL_MAC, 6));
	EXPECT_EQ(0, memcmp(fr.data, "held", 4));
	ASSERT_TRUE(neigh_next(watch, &e, LIMIT_MS));
	EXPECT_EQ(NUD_REACHABLE, e.state);
	EXPECT_EQ(0, memcmp(e.mac, CAROL_MAC, 6));
	EXPECT_EQ(1, counter(TEACH_STAT_ARP_IN_REPLIES));
	EXPECT_EQ(1, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* An answer to all proves nothing: taken, but not as REACHABLE. */
TEST_F(arp, reply_to_all)
{
	struct frame fr;

	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 60000);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, ALL_MAC, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	frame_receive(self->wire, &fr);
	EXPECT_EQ(0, memcmp(fr.eth.h_dest, CAROL_MAC, 6));
	SETTLE(self->wire, self->s, PEER, PORT);
	/* STALE, and used at once by the packet that waited. */
	EXPECT_EQ(NUD_DELAY, state_of(CAROL));
}

/* Nobody asked the one who answers: no proof that it is there. */
TEST_F(arp, reply_not_asked_for)
{
	request_for(&self->a, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, self->va, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_EQ(NUD_STALE, state_of(CAROL));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_UNSOLICITED));
}

/* A question instead of an answer tells where carol is as well. */
TEST_F(arp, question_answers)
{
	struct frame fr;

	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 60000);
	ASSERT_EQ(4, send_to(self->f, self->s, "held", 4, CAROL, PEER));
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	request_for(&self->a, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_EQ(FRAME_DGRAM + 4, frame_receive(self->wire, &fr));
	EXPECT_EQ(0, memcmp(fr.eth.h_dest, CAROL_MAC, 6));
	EXPECT_EQ(NUD_DELAY, state_of(CAROL));
}

/* Nobody has confirmed her lately: what another host says may be true. */
static void doubt(void)
{
	must(!neigh_add(&fam_teach, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_STALE),
	     "carol STALE");
}

/* Of several who answer, the first counts, for a while. */
TEST_F(arp, locktime)
{
	const struct timespec longer = { .tv_nsec = 50000000 };
	struct counters before;
	struct neigh_event e;

	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 600000);
	resolve(_metadata, self->s, self->arp);
	SETTLE(self->wire, self->s, PEER, PORT);
	counters_read(&before);
	arp_make(&self->a, ARP_REPLY, DAVE_MAC, CAROL, self->va, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_TRUE(only_dropped(&before, TEACH_STAT_ARP_LOCKED, 1));
	ASSERT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(0, memcmp(e.mac, CAROL_MAC, 6));
	EXPECT_EQ(NUD_REACHABLE, e.state);

	doubt();
	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 1);
	nanosleep(&longer, NULL);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	ASSERT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(0, memcmp(e.mac, DAVE_MAC, 6));
	EXPECT_EQ(NUD_STALE, e.state);
}

/* Hosts announce a new MAC address, as a question or as an answer, to all. */
TEST_F(arp, announcement)
{
	struct neigh_event e;

	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 600000);
	doubt();
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, CAROL);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	ASSERT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(0, memcmp(e.mac, DAVE_MAC, 6));
	EXPECT_EQ(NUD_STALE, e.state);

	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, ALL_MAC, CAROL);
	memcpy(self->a.target_mac, CAROL_MAC, 6);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	ASSERT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(0, memcmp(e.mac, CAROL_MAC, 6));
	EXPECT_EQ(NUD_STALE, e.state);
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_LOCKED));
}

/* What carol asks others tells that her MAC address changed, if we know her. */
TEST_F(arp, overheard)
{
	const struct timespec longer = { .tv_nsec = 50000000 };
	struct neigh_event e;

	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 1);
	doubt();
	nanosleep(&longer, NULL);
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, UNUSED1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	ASSERT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(0, memcmp(e.mac, DAVE_MAC, 6));
	EXPECT_EQ(NUD_STALE, e.state);
}

/* RFC 826: the table is brought up to date before the operation is looked at; but what
 * is no request makes no entry.
 */
TEST_F(arp, operation_last)
{
	static const int op[] = { 3, 9, 0xffff };
	const struct timespec longer = { .tv_nsec = 50000000 };
	struct counters before;
	struct neigh_event e;
	unsigned int i;

	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 1);
	doubt();
	for (i = 0; i < ARRAY_SIZE(op); i++) {
		nanosleep(&longer, NULL);
		arp_make(&self->a, ARP_REQUEST, i & 1 ? CAROL_MAC : DAVE_MAC, CAROL, NO_MAC,
			 ALICE1);
		self->a.op = htons(op[i]);
		counters_read(&before);
		arp_put(self->arp, &self->a, ARP_FRAME);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_TRUE(only_dropped(&before, TEACH_STAT_ARP_BAD_OP, 1));
		ASSERT_TRUE(neigh_find(CAROL, &e));
		EXPECT_EQ(0, memcmp(e.mac, i & 1 ? CAROL_MAC : DAVE_MAC, 6));
		EXPECT_EQ(NUD_STALE, e.state);
	}
}

/* Ways to say that carol is at dave's MAC address. */
static const struct {
	int op;
	const char *target_mac;
	uint32_t target;
	bool to_alice;
} claims[] = {
	{ ARP_REQUEST, NO_MAC, CAROL, false },		/* an announcement */
	{ ARP_REPLY, DAVE_MAC, CAROL, false },		/* likewise */
	{ ARP_REQUEST, NO_MAC, ALICE1, false },		/* a question for alice */
	{ ARP_REQUEST, NO_MAC, UNUSED1, false },	/* for somebody else */
	{ ARP_REPLY, NO_MAC, ALICE1, true },		/* an answer that nobody asked for */
	{ ARP_REPLY, NO_MAC, ALICE1, false },		/* likewise, to all */
	{ 9, NO_MAC, ALICE1, true },
};

static void claim(FIXTURE_DATA(arp) *self, unsigned int i)
{
	arp_make(&self->a, claims[i].op, DAVE_MAC, CAROL, claims[i].target_mac,
		 claims[i].target);
	memcpy(self->a.eth.h_dest, claims[i].to_alice ? self->va : (const uint8_t *)ALL_MAC, 6);
	arp_put(self->arp, &self->a, ARP_FRAME);
}

/* Carol is reachable, and another host says that it has her address: she is asked, alone, and
 * packets go to her all the time. Where IPv4 believes the other one.
 */
TEST_F(arp, contested)
{
	const struct timespec longer = { .tv_nsec = 20000000 };
	struct neigh_event e;
	struct frame fr;
	unsigned int i;

	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 1);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 600000);
	for (i = 0; i < ARRAY_SIZE(claims); i++) {
		uint64_t locked = counter(TEACH_STAT_ARP_LOCKED);

		must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC,
				NUD_REACHABLE), "carol REACHABLE");
		nanosleep(&longer, NULL);
		claim(self, i);
		/* Alice answers questions, too. */
		do {
			ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		} while (self->in.op == htons(ARP_REPLY));
		EXPECT_EQ(htons(ARP_REQUEST), self->in.op);
		EXPECT_EQ(htonl(CAROL), self->in.target);
		EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
		EXPECT_EQ(i + 1, counter(TEACH_STAT_NEIGH_CONTESTED));
		EXPECT_EQ(NUD_PROBE, state_of(CAROL)) TH_LOG("claim %u", i);
		EXPECT_EQ(locked, counter(TEACH_STAT_ARP_LOCKED));

		/* Insisting does not help. */
		nanosleep(&longer, NULL);
		claim(self, i);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_EQ(locked + 1, counter(TEACH_STAT_ARP_LOCKED));
		EXPECT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
		frame_receive(self->wire, &fr);
		EXPECT_EQ(0, memcmp(fr.eth.h_dest, CAROL_MAC, 6)) TH_LOG("claim %u", i);

		arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, self->va, ALICE1);
		arp_put(self->arp, &self->a, ARP_FRAME);
		SETTLE(self->wire, self->s, PEER, PORT);
		ASSERT_TRUE(neigh_find(CAROL, &e));
		EXPECT_EQ(0, memcmp(e.mac, CAROL_MAC, 6));
		EXPECT_EQ(NUD_REACHABLE, e.state);
	}
}

/* Carol has a new card: the old one does not answer, and who looks for her then finds her. */
TEST_F(arp, contested_and_moved)
{
	struct frame fr;
	int i;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 50);
	must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_REACHABLE),
	     "carol REACHABLE");
	claim(self, 0);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
	}
	while (state_of(CAROL) != NUD_FAILED)
		;
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 600000);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, ALL_MAC, 6));
	arp_make(&self->a, ARP_REPLY, DAVE_MAC, CAROL, self->va, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	frame_receive(self->wire, &fr);
	EXPECT_EQ(0, memcmp(fr.eth.h_dest, DAVE_MAC, 6));
	EXPECT_EQ(NUD_REACHABLE, state_of(CAROL));
}

/* Without ARP nothing is asked, answered or learnt. */
TEST_F(arp, device_without_arp)
{
	struct counters before;
	struct frame fr;

	ASSERT_EQ(0, link_arp("va", 0));
	counters_read(&before);
	request_for(&self->a, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_TRUE(only_dropped(&before, 0, 0));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_IN_REQUESTS));
	EXPECT_EQ(-1, state_of(CAROL));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
	frame_receive(self->wire, &fr);
	EXPECT_EQ(NUD_NOARP, state_of(CAROL));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));

	/* What was known without ARP is not taken for an answer with it. */
	ASSERT_EQ(0, link_arp("va", 1));
	EXPECT_EQ(-1, state_of(CAROL));
}

LAB_MAIN
