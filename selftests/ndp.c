// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Neighbour discovery in the manner of RFC 4861: who is asked and how, who is answered, what is
 * learnt of an advertisement, and that hosts of both kinds find each other.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/rtnetlink.h>

#include "nd.h"

#define PORT	7000
#define PEER	7100
#define NEVER	600000

/* A socket at alice, bob's end of the Ethernet for both EtherTypes. */
FIXTURE(ndp) {
	const struct family *f;
	int s, wire, arp;
	uint8_t va[6], group[6];
	struct arp_frame a, in;
};
FIXTURE_SETUP(ndp)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->wire = wire_open();
	self->arp = arp_open("vb");
	link_parm("va", TEACH_PARM_A_RESOLVER, TEACH_RESOLVER_ND);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, NEVER);
}
FIXTURE_TEARDOWN(ndp) {}

static int state_of(uint32_t addr)
{
	struct neigh_event e;

	return neigh_find(addr, &e) ? e.state : -1;
}

/* The frame is counted by this counter alone, is not answered, and teaches nothing. */
#define EXPECT_ND_DROP(_len, _id) do { \
	struct counters _before; \
	struct neigh_event _e; \
	counters_read(&_before); \
	arp_put(self->arp, &self->a, _len); \
	SETTLE(self->wire, self->s, PEER, PORT); \
	EXPECT_TRUE(only_dropped(&_before, TEACH_STAT_##_id, 1)) \
		TH_LOG("only %s should have grown by 1", #_id); \
	EXPECT_EQ(_before.value[TEACH_STAT_ND_OUT_ADVERTS], \
		  counter(TEACH_STAT_ND_OUT_ADVERTS)); \
	EXPECT_FALSE(neigh_find(CAROL, &_e)); \
} while (0)

/* ---- Asking ------------------------------------------------------------------- */

/* To the group of the address, to the byte; the answer lets go what waited. */
TEST_F(ndp, resolves)
{
	static const uint8_t question[ND_FRAME] = {
		0x03, 0x54, 0x45, 0x01, 0x00, 0x32,	/* to the group of 10.1.0.50 */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x08, 0x06,				/* ARP's EtherType */
		0x00, 0x01, 0x88, 0xb5, 6, 4,		/* Ethernet, TEACH */
		0x00, 0x18,				/* solicitation */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 1,		/* alice asks ... */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 50,		/* ... for carol */
		0, 0, 0, 0,				/* no flags */
	};
	uint8_t expected[ND_FRAME];
	struct frame fr;

	memcpy(expected, question, sizeof(question));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	ASSERT_EQ(4, send_to(self->f, self->s, "held", 4, CAROL, PEER));
	ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(expected, &self->in, ND_FRAME));
	EXPECT_EQ(NUD_INCOMPLETE, state_of(CAROL));

	nd_advert(&self->a, self->va, CAROL_MAC, CAROL, ALICE1, ND_S | ND_O);
	arp_put(self->arp, &self->a, ND_FRAME);
	EXPECT_EQ(FRAME_DGRAM + 4, frame_receive(self->wire, &fr));
	EXPECT_EQ(0, memcmp(fr.eth.h_dest, CAROL_MAC, 6));
	EXPECT_EQ(NUD_REACHABLE, state_of(CAROL));
	EXPECT_EQ(1, counter(TEACH_STAT_ND_OUT_SOLICITS));
	EXPECT_EQ(1, counter(TEACH_STAT_ND_IN_ADVERTS));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* Who is doubted is asked alone, as often as ucast_solicit says, and then given up. */
TEST_F(ndp, unreachable)
{
	int i;

	must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_STALE), "carol");
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 20);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 30);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		EXPECT_EQ(htons(ND_SOLICIT), self->in.op);
		EXPECT_EQ(htonl(CAROL), self->in.target);
		EXPECT_EQ(htonl(ALICE1), self->in.sender);
		EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
	}
	while (state_of(CAROL) != NUD_FAILED)
		;
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 100));
	EXPECT_EQ(3, counter(TEACH_STAT_ND_OUT_SOLICITS));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

TEST_F(ndp, reachable_again)
{
	must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_STALE), "carol");
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 20);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
	ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(NUD_PROBE, state_of(CAROL));
	nd_advert(&self->a, self->va, CAROL_MAC, CAROL, ALICE1, ND_S | ND_O);
	arp_put(self->arp, &self->a, ND_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_EQ(NUD_REACHABLE, state_of(CAROL));
}

/* First the group, then all, for those who speak ARP only; so too for who is doubted. */
TEST_F(ndp, then_arp)
{
	struct frame fr;

	link_parm("va", TEACH_PARM_A_RESOLVER, TEACH_RESOLVER_ND_ARP);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 100);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
	ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(htons(ND_SOLICIT), self->in.op);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(htons(ARP_REQUEST), self->in.op);
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, ALL_MAC, 6));
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, self->va, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_EQ(FRAME_DGRAM + 1, frame_receive(self->wire, &fr));
	EXPECT_EQ(NUD_REACHABLE, state_of(CAROL));

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 100);
	must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_PROBE), "carol");
	ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
}

/* Questions to groups are limited as those to all are. */
TEST_F(ndp, limited)
{
	int i, sent = 0;

	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, 1);
	link_parm("va", TEACH_PARM_A_SOLICITS_BURST, 8);
	for (i = 0; i < 100; i++)
		send_to(self->f, self->s, "x", 1, CAROL + i, PEER);
	SETTLE(self->wire, self->s, PEER, PORT);
	while (arp_get(self->arp, &self->in, 0))
		sent++;
	EXPECT_LT(0, sent);
	EXPECT_GE(20, sent);
	EXPECT_EQ(100 - sent, (int)counter(TEACH_STAT_NEIGH_LIMITED));
	EXPECT_EQ(sent, (int)counter(TEACH_STAT_ND_OUT_SOLICITS));
}

/* ---- Being asked -------------------------------------------------------------- */

/* Whichever way she asks herself, alice answers, to the byte, and remembers who asked. */
TEST_F(ndp, answers)
{
	static const uint8_t answer[ND_FRAME] = {
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50,	/* to carol */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x08, 0x06,				/* ARP's EtherType */
		0x00, 0x01, 0x88, 0xb5, 6, 4,		/* Ethernet, TEACH */
		0x00, 0x19,				/* advertisement */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 1,		/* alice is at ... */
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50, 10, 1, 0, 50,
		0x60, 0, 0, 0,				/* solicited, override */
	};
	uint8_t expected[ND_FRAME];
	struct neigh_event e;
	int mode;

	memcpy(expected, answer, sizeof(answer));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	for (mode = 0; mode <= TEACH_RESOLVER_MAX; mode++) {
		link_parm("va", TEACH_PARM_A_RESOLVER, mode);
		nd_solicit(&self->a, CAROL_MAC, CAROL, ALICE1);
		arp_put(self->arp, &self->a, ND_FRAME);
		ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		EXPECT_EQ(0, memcmp(expected, &self->in, ND_FRAME));
		ASSERT_TRUE(neigh_find(CAROL, &e));
		EXPECT_EQ(NUD_STALE, e.state);
		EXPECT_EQ(0, memcmp(e.mac, CAROL_MAC, 6));
		neigh_forget("va", CAROL);
	}
	EXPECT_EQ(mode, (int)counter(TEACH_STAT_ND_IN_SOLICITS));
	EXPECT_EQ(mode, (int)counter(TEACH_STAT_ND_OUT_ADVERTS));

	/* As one asks who is in doubt whether she is there. */
	memcpy(self->a.eth.h_dest, self->va, 6);
	arp_put(self->arp, &self->a, ND_FRAME);
	ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(expected, &self->in, ND_FRAME));
}

/* A probe (RFC 4862, 5.4.3): who asks has no address to be answered at, so all are told. */
TEST_F(ndp, answers_probe)
{
	struct neigh_event e;
	uint32_t flags;

	nd_solicit(&self->a, CAROL_MAC, ANY, ALICE1);
	arp_put(self->arp, &self->a, ND_FRAME);
	ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(htons(ND_ADVERT), self->in.op);
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, ALL_MAC, 6));
	EXPECT_EQ(htonl(ALICE1), self->in.sender);
	EXPECT_EQ(0, memcmp(self->in.sender_mac, self->va, 6));
	EXPECT_EQ(htonl(ANY), self->in.target);
	memcpy(&flags, self->in.room, 4);
	EXPECT_EQ(htonl(ND_O), flags);
	EXPECT_FALSE(neigh_find(CAROL, &e));
}

/* Not hers, or not on this device: read in vain, which is counted, and nothing is learnt. */
TEST_F(ndp, not_for_us)
{
	static const uint32_t others[] = { UNUSED1, ALICE2 };
	struct neigh_event e;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		nd_solicit(&self->a, CAROL_MAC, CAROL, others[i]);
		EXPECT_ND_DROP(ND_FRAME, ND_NOT_FOR_US);
	}
	EXPECT_FALSE(neigh_find(CAROL, &e));
}

/* ---- Advertisements: RFC 4861, section 7.2.5 ------------------------------------ */

static const struct {
	int before;		/* -1: no entry */
	uint32_t flags;
	bool other;		/* dave's MAC address, not carol's */
	bool to_all;
	int after;
	bool taken;		/* dave's MAC address is the one */
} adverts[] = {
	/* Nobody wanted to know. */
	{ -1, ND_O, false, true, -1, false },
	{ -1, ND_S | ND_O, false, false, -1, false },
	/* The first MAC address, whether or not it may override; used at once by what waited. */
	{ NUD_INCOMPLETE, 0, true, true, NUD_DELAY, true },
	{ NUD_INCOMPLETE, ND_O, true, false, NUD_DELAY, true },
	{ NUD_INCOMPLETE, ND_S, true, false, NUD_REACHABLE, true },
	{ NUD_INCOMPLETE, ND_S | ND_O, true, false, NUD_REACHABLE, true },
	/* The known one. */
	{ NUD_STALE, 0, false, true, NUD_STALE, false },
	{ NUD_STALE, ND_O, false, true, NUD_STALE, false },
	{ NUD_REACHABLE, ND_O, false, true, NUD_REACHABLE, false },
	{ NUD_PROBE, ND_S, false, false, NUD_REACHABLE, false },
	{ NUD_PROBE, ND_S | ND_O, false, false, NUD_REACHABLE, false },
	/* Solicited, it says, but nobody asked: no proof. */
	{ NUD_STALE, ND_S | ND_O, false, false, NUD_STALE, false },
	{ NUD_PROBE, ND_O, false, false, NUD_PROBE, false },
	/* Another one. */
	{ NUD_STALE, 0, true, true, NUD_STALE, false },
	{ NUD_STALE, ND_S, true, false, NUD_STALE, false },
	{ NUD_STALE, ND_O, true, true, NUD_STALE, true },
	{ NUD_DELAY, 0, true, true, NUD_DELAY, false },
	{ NUD_DELAY, ND_O, true, true, NUD_STALE, true },
	/* And she is reachable, or being asked: she has the last word. */
	{ NUD_REACHABLE, 0, true, true, NUD_PROBE, false },
	{ NUD_REACHABLE, ND_O, true, true, NUD_PROBE, false },
	{ NUD_REACHABLE, ND_S | ND_O, true, false, NUD_PROBE, false },
	{ NUD_PROBE, ND_O, true, true, NUD_PROBE, false },
	{ NUD_PROBE, ND_S | ND_O, true, false, NUD_PROBE, false },
	{ NUD_PERMANENT, ND_O, true, true, NUD_PERMANENT, false },
};

TEST_F(ndp, advertised)
{
	struct neigh_event e;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(adverts); i++) {
		neigh_forget("va", CAROL);
		if (adverts[i].before == NUD_INCOMPLETE) {
			ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
		} else if (adverts[i].before >= 0)
			must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC,
					adverts[i].before), "carol");
		/* Management starts PROBE and DELAY, but the timer goes at once. */
		if (adverts[i].before == NUD_PROBE) {
			ASSERT_EQ(ND_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		}
		if (adverts[i].before == NUD_DELAY) {
			must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC,
					NUD_STALE), "carol");
			ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, CAROL, PEER));
		}
		while (arp_get(self->arp, &self->in, 0))
			;
		ASSERT_EQ(adverts[i].before, state_of(CAROL)) TH_LOG("row %u", i);
		nd_advert(&self->a, adverts[i].to_all ? ALL_MAC : (const char *)self->va,
			  adverts[i].other ? DAVE_MAC : CAROL_MAC, CAROL,
			  adverts[i].to_all ? ANY : ALICE1, adverts[i].flags);
		arp_put(self->arp, &self->a, ND_FRAME);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_EQ(adverts[i].after, state_of(CAROL)) TH_LOG("row %u", i);
		if (adverts[i].after < 0)
			continue;
		ASSERT_TRUE(neigh_find(CAROL, &e));
		EXPECT_EQ(0, memcmp(e.mac, adverts[i].taken ? DAVE_MAC : CAROL_MAC, 6))
			TH_LOG("row %u", i);
	}
}

static int flags_of(uint32_t addr)
{
	const struct ndmsg ndm = { .ndm_family = AF_TEACH,
				   .ndm_ifindex = if_nametoindex("va") };
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int flags = -1;

	nl_begin(&nl, RTM_GETNEIGH, 0, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(addr));
	if (!nl_ask(&nl) && nl.answers)
		flags = ((const struct ndmsg *)nl.answer)->ndm_flags;
	close(nl.fd);
	return flags;
}

/* It is a router, and then it is none; each is told once. */
TEST_F(ndp, router)
{
	static const uint32_t says[] = { ND_O, ND_R | ND_O, ND_R, ND_O };
	struct neigh_event e;
	unsigned int i;
	int watch;

	must(!neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_REACHABLE),
	     "carol");
	watch = neigh_watch();
	for (i = 0; i < ARRAY_SIZE(says); i++) {
		nd_advert(&self->a, ALL_MAC, CAROL_MAC, CAROL, ANY, says[i]);
		arp_put(self->arp, &self->a, ND_FRAME);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_EQ(says[i] & ND_R ? NTF_ROUTER : 0, flags_of(CAROL)) TH_LOG("%u", i);
		EXPECT_EQ(NUD_REACHABLE, state_of(CAROL));
		EXPECT_EQ(i == 1 || i == 3, neigh_next(watch, &e, 0)) TH_LOG("%u", i);
	}
}

/* ---- Frames that are not as they should be ------------------------------------- */

TEST_F(ndp, cut)
{
	/* Its flags are missing; an Ethernet card would pad it, a veth does not. */
	nd_solicit(&self->a, CAROL_MAC, CAROL, ALICE1);
	EXPECT_ND_DROP(ARP_FRAME, ND_BAD_LENGTH);
	EXPECT_ND_DROP(ND_FRAME - 1, ND_BAD_LENGTH);
	EXPECT_ND_DROP(ARP_FRAME - 1, ARP_BAD_LENGTH);
}

TEST_F(ndp, bad_mac)
{
	nd_solicit(&self->a, "\x03\x00\x00\x00\x00\x50", CAROL, ALICE1);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_MAC);
	nd_solicit(&self->a, NO_MAC, CAROL, ALICE1);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_MAC);
	nd_solicit(&self->a, self->va, CAROL, ALICE1);
	EXPECT_ND_DROP(ND_FRAME, ND_OWN_MAC);
}

TEST_F(ndp, bad_addr)
{
	nd_solicit(&self->a, CAROL_MAC, CAROL, ANY);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_ADDR);
	nd_solicit(&self->a, CAROL_MAC, CAROL, BCAST1);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_ADDR);
	nd_solicit(&self->a, CAROL_MAC, BCAST_ALL, ALICE1);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_ADDR);
	nd_advert(&self->a, ALL_MAC, CAROL_MAC, ANY, ANY, ND_O);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_ADDR);
	/* A probe reaches its group and nobody else. */
	nd_solicit(&self->a, CAROL_MAC, ANY, ALICE1);
	memcpy(self->a.eth.h_dest, self->va, 6);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_ADDR);
	memcpy(self->a.eth.h_dest, ALL_MAC, 6);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_ADDR);
}

TEST_F(ndp, bad_flags)
{
	nd_advert(&self->a, ALL_MAC, CAROL_MAC, CAROL, ALICE1, ND_S | ND_O);
	EXPECT_ND_DROP(ND_FRAME, ND_BAD_FLAGS);
}

/* Another host has her address, it says: she tells all that it is hers, once in a while. */
TEST_F(ndp, conflict)
{
	struct neigh_event e;
	int i;

	for (i = 1; i <= 2; i++) {
		struct counters before;

		nd_solicit(&self->a, CAROL_MAC, ALICE1, BOB1);
		if (i == 2)
			nd_advert(&self->a, self->va, CAROL_MAC, ALICE1, ALICE1, ND_S | ND_O);
		counters_read(&before);
		arp_put(self->arp, &self->a, ND_FRAME);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_TRUE(only_dropped(&before, TEACH_STAT_ND_CONFLICT, 1));
		EXPECT_EQ(1, counter(TEACH_STAT_ACD_DEFENDS));
		EXPECT_EQ(1, counter(TEACH_STAT_ND_OUT_ADVERTS));
		EXPECT_FALSE(neigh_find(CAROL, &e));
	}
}

TEST_F(ndp, unsolicited)
{
	nd_advert(&self->a, ALL_MAC, CAROL_MAC, CAROL, ANY, ND_O);
	EXPECT_ND_DROP(ND_FRAME, ND_UNSOLICITED);
}

/* ---- Groups -------------------------------------------------------------------- */

/* A host is in the groups of its addresses, and in one for as long as an address needs it. */
TEST_F(ndp, groups)
{
	const uint32_t same = (ALICE1 & 0xffffff) | 0x14000000;

	EXPECT_TRUE(nd_in_group("va", ALICE1));
	EXPECT_FALSE(nd_in_group("va", ALICE2));
	EXPECT_FALSE(nd_in_group("va", CAROL));
	link_parm("va", TEACH_PARM_A_RESOLVER, TEACH_RESOLVER_ARP);
	ASSERT_EQ(0, addr_add(self->f, "va", CAROL, 24));
	EXPECT_TRUE(nd_in_group("va", CAROL));
	EXPECT_EQ(-EEXIST, addr_add(self->f, "va", CAROL, 24));
	ASSERT_EQ(0, addr_del(self->f, "va", CAROL, 24));
	EXPECT_FALSE(nd_in_group("va", CAROL));
	ASSERT_EQ(0, addr_add(self->f, "va", same, 24));
	ASSERT_EQ(0, addr_del(self->f, "va", ALICE1, 24));
	EXPECT_TRUE(nd_in_group("va", ALICE1));
	ASSERT_EQ(0, addr_del(self->f, "va", same, 24));
	EXPECT_FALSE(nd_in_group("va", ALICE1));
}

/* ---- Hosts of all kinds on one link --------------------------------------------- */

FIXTURE(kinds) { const struct family *f; };
FIXTURE_SETUP(kinds)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
}
FIXTURE_TEARDOWN(kinds) {}

/* Each finds the other, in its own manner and no other. */
TEST_F(kinds, find_each_other)
{
	int alice = sk_bound(self->f, ALICE, ALICE1, PORT);
	int bob = sk_bound(self->f, BOB, BOB1, PORT);
	uint64_t nd, arp;
	char c;
	int i;

	for (i = 0; i < 9; i++) {
		lab_enter(BOB);
		link_parm("vb", TEACH_PARM_A_RESOLVER, i % 3);
		neigh_forget("vb", ALICE1);
		lab_enter(ALICE);
		link_parm("va", TEACH_PARM_A_RESOLVER, i / 3);
		neigh_forget("va", BOB1);
		nd = counter(TEACH_STAT_ND_OUT_SOLICITS);
		arp = counter(TEACH_STAT_ARP_OUT_REQUESTS);
		EXPECT_EQ(1, send_to(self->f, alice, "a", 1, BOB1, PORT));
		EXPECT_RET(1, recv(bob, &c, 1, 0));
		EXPECT_EQ(NUD_REACHABLE, state_of(BOB1));
		EXPECT_EQ(i / 3 != 0, counter(TEACH_STAT_ND_OUT_SOLICITS) - nd);
		EXPECT_EQ(i / 3 == 0, counter(TEACH_STAT_ARP_OUT_REQUESTS) - arp);
		lab_enter(BOB);
		neigh_forget("vb", ALICE1);
		EXPECT_EQ(1, send_to(self->f, bob, "b", 1, ALICE1, PORT));
		EXPECT_RET(1, recv(alice, &c, 1, 0));
		EXPECT_EQ('b', c);
		EXPECT_EQ(NUD_REACHABLE, state_of(ALICE1));
		lab_enter(ALICE);
	}
}

LAB_MAIN
