// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Duplicate address detection in the manner of RFC 4862, section 5.4: what is asked before an
 * address is used, and what another host does about it. What follows, and what happens to an
 * address in use, is as with ARP: see acd.c.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <linux/rtnetlink.h>

#include "claim.h"
#include "nd.h"

#define PORT	7000
#define MINUTES	600000	/* milliseconds: longer than any test */

/* Bob's end of the Ethernet, and what alice tells of her addresses. */
FIXTURE(dad) {
	const struct family *f;
	int arp, watch;
	uint8_t va[6];
	struct nl nl;
	struct arp_frame a, in;
	struct addr_event e;
};
FIXTURE_SETUP(dad)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	self->arp = arp_open("vb");
	self->watch = addr_watch();
	self->nl.fd = nl_open(NETLINK_ROUTE);
	quick_probes("va");
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 30);
	link_parm("va", TEACH_PARM_A_RESOLVER, TEACH_RESOLVER_ND);
}
FIXTURE_TEARDOWN(dad) {}

#define ADD(_addr, _flags) addr_request(&self->nl, RTM_NEWADDR, "va", _addr, 24, _flags)
#define DEL(_addr) addr_request(&self->nl, RTM_DELADDR, "va", _addr, 24, 0)

/* The next event is this one, about this address. */
#define EXPECT_EVENT(_type, _addr, _flags) do { \
	ASSERT_TRUE(addr_next(self->watch, &self->e, LIMIT_MS)); \
	EXPECT_EQ(_type, self->e.type); \
	EXPECT_EQ(_addr, self->e.addr); \
	EXPECT_EQ((uint32_t)(_flags), self->e.flags); \
} while (0)

/* The next frame is this one of alice's, to the byte. */
#define EXPECT_FRAME(_len, _frame) do { \
	ASSERT_EQ(_len, arp_get(self->arp, &self->in, LIMIT_MS)); \
	EXPECT_EQ(0, memcmp(_frame, &self->in, _len)) \
		TH_LOG("op %d sender %08x target %08x", ntohs(self->in.op), \
		       ntohl(self->in.sender), ntohl(self->in.target)); \
} while (0)

static void probe_of(struct arp_frame *a, const uint8_t *mac)
{
	nd_solicit(a, mac, ANY, NEW1);
}

/* An address that stays tentative, its probe taken off the wire. */
static void add_tentative(struct __test_metadata *_metadata, FIXTURE_DATA(dad) *self)
{
	struct arp_frame probe;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, MINUTES);
	ASSERT_EQ(0, ADD(NEW1, 0));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	probe_of(&probe, self->va);
	EXPECT_FRAME(ND_FRAME, &probe);
}

/* One question to the group, and who has it does not answer: it is ours, and all are told. */
TEST_F(dad, unique)
{
	static const uint8_t probe[ND_FRAME] = {
		0x03, 0x54, 0x45, 0x01, 0x00, 0x05,	/* to the group of 10.1.0.5 */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x08, 0x06,				/* ARP's EtherType */
		0x00, 0x01, 0x88, 0xb5, 6, 4,		/* Ethernet, TEACH */
		0x00, 0x18,				/* solicitation */
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0,		/* alice, without an address */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 5,		/* asks who has this one */
		0, 0, 0, 0,				/* no flags */
	};
	struct arp_frame announcement;
	uint8_t expected[ND_FRAME];
	int i;

	memcpy(expected, probe, sizeof(probe));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	ASSERT_EQ(0, ADD(NEW1, 0));
	EXPECT_TRUE(nd_in_group("va", NEW1));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	EXPECT_FRAME(ND_FRAME, expected);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT);
	nd_advert(&announcement, ALL_MAC, self->va, NEW1, ANY, ND_O);
	for (i = 0; i < 2; i++)
		EXPECT_FRAME(ND_FRAME, &announcement);
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 200));
	EXPECT_EQ(1, counter(TEACH_STAT_ACD_PROBES));
	EXPECT_RET(0, bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
}

/* As often as dad_transmits says; 0 is not at all. */
TEST_F(dad, transmits)
{
	struct arp_frame probe;
	int i;

	probe_of(&probe, self->va);
	link_parm("va", TEACH_PARM_A_DAD_TRANSMITS, 4);
	link_parm("va", TEACH_PARM_A_ACD_ANNOUNCEMENTS, 0);
	ASSERT_EQ(0, ADD(NEW1, 0));
	for (i = 0; i < 4; i++)
		EXPECT_FRAME(ND_FRAME, &probe);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT);
	ASSERT_EQ(0, DEL(NEW1));
	EXPECT_EVENT(RTM_DELADDR, NEW1, IFA_F_PERMANENT);

	link_parm("va", TEACH_PARM_A_DAD_TRANSMITS, 0);
	ASSERT_EQ(0, ADD(NEW1, 0));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT);
	EXPECT_RET(0, bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
	ASSERT_EQ(0, DEL(NEW1));
	EXPECT_EVENT(RTM_DELADDR, NEW1, IFA_F_PERMANENT);

	link_parm("va", TEACH_PARM_A_DAD_TRANSMITS, 1);
	ASSERT_EQ(0, ADD(NEW1, IFA_F_NODAD));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_NODAD);
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 200));
}

/* While it is not known to be free it is no address: nobody is answered, nothing sent from it. */
TEST_F(dad, tentative)
{
	add_tentative(_metadata, self);
	EXPECT_ERRNO(EADDRNOTAVAIL, bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
	/* Somebody looks for whoever has it (RFC 4862, 5.4.3): no conflict, no answer. */
	nd_solicit(&self->a, CAROL_MAC, CAROL, NEW1);
	arp_put(self->arp, &self->a, ND_FRAME);
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 200));
	EXPECT_EQ(1, counter(TEACH_STAT_ND_NOT_FOR_US));
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_CONFLICTS));
	ASSERT_TRUE(addr_find(NEW1, &self->e));
	EXPECT_EQ(IFA_F_PERMANENT | IFA_F_TENTATIVE, self->e.flags);
}

/* Its holder answers, or another host wants it too: it is not taken, and who holds it is said. */
static void conflict(struct __test_metadata *_metadata, FIXTURE_DATA(dad) *self)
{
	arp_put(self->arp, &self->a, ND_FRAME);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | HELD);
	EXPECT_EQ(1, counter(TEACH_STAT_ACD_CONFLICTS));
	EXPECT_EQ(-EADDRINUSE, ADD(NEW1, 0));
	EXPECT_EQ(0, strcmp("Address is held by 02:00:00:00:00:50: choose another",
			    self->nl.said)) TH_LOG("said: '%s'", self->nl.said);
}

TEST_F(dad, held)
{
	add_tentative(_metadata, self);
	nd_advert(&self->a, ALL_MAC, CAROL_MAC, NEW1, ANY, ND_O);
	conflict(_metadata, self);
}

TEST_F(dad, wanted_too)
{
	add_tentative(_metadata, self);
	probe_of(&self->a, (const uint8_t *)CAROL_MAC);
	conflict(_metadata, self);
}

/* Her own question that comes back is none. */
TEST_F(dad, own_probe)
{
	add_tentative(_metadata, self);
	probe_of(&self->a, self->va);
	arp_put(self->arp, &self->a, ND_FRAME);
	EXPECT_FALSE(addr_next(self->watch, &self->e, 200));
	EXPECT_EQ(1, counter(TEACH_STAT_ND_OWN_MAC));
}

/* Bob has it, and answers as a host does that asks by ARP himself. */
TEST_F(dad, bob_has_it)
{
	uint8_t vb[6];
	char said[80];

	mac_of(BOB, "vb", vb);
	snprintf(said, sizeof(said),
		 "Address is held by %02x:%02x:%02x:%02x:%02x:%02x: choose another", vb[0],
		 vb[1], vb[2], vb[3], vb[4], vb[5]);
	ASSERT_EQ(0, ADD(BOB1, 0));
	EXPECT_EVENT(RTM_NEWADDR, BOB1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, BOB1, IFA_F_PERMANENT | HELD);
	EXPECT_EQ(-EADDRINUSE, ADD(BOB1, 0));
	EXPECT_EQ(0, strcmp(said, self->nl.said)) TH_LOG("said: '%s'", self->nl.said);
}

/* Where hosts may speak ARP only, they are asked by that too. */
TEST_F(dad, both)
{
	struct arp_frame probe;
	int nd = 0, arp = 0;

	link_parm("va", TEACH_PARM_A_RESOLVER, TEACH_RESOLVER_ND_ARP);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, MINUTES);
	ASSERT_EQ(0, ADD(NEW1, 0));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	while (nd + arp < 2) {
		size_t len = arp_get(self->arp, &self->in, LIMIT_MS);

		ASSERT_NE(0, len);
		probe_of(&probe, self->va);
		nd += len == ND_FRAME && !memcmp(&probe, &self->in, len);
		arp_make(&probe, ARP_REQUEST, self->va, ANY, NO_MAC, NEW1);
		arp += len == ARP_FRAME && !memcmp(&probe, &self->in, len);
	}
	EXPECT_EQ(1, nd);
	EXPECT_EQ(1, arp);
	/* One of those answers. */
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, NEW1, self->va, ANY);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | HELD);
}

/* Another host says that it has an address in use: it is defended, by telling all. */
TEST_F(dad, defended)
{
	struct arp_frame announcement;

	nd_advert(&self->a, ALL_MAC, CAROL_MAC, ALICE1, ANY, ND_O);
	arp_put(self->arp, &self->a, ND_FRAME);
	nd_advert(&announcement, ALL_MAC, self->va, ALICE1, ANY, ND_O);
	EXPECT_FRAME(ND_FRAME, &announcement);
	EXPECT_EQ(1, counter(TEACH_STAT_ACD_DEFENDS));
	EXPECT_EQ(1, counter(TEACH_STAT_ND_CONFLICT));
	ASSERT_TRUE(addr_find(ALICE1, &self->e));
	EXPECT_EQ(0, self->e.flags & IFA_F_TENTATIVE);
}

/* A new MAC address is announced in the same manner. */
TEST_F(dad, announces)
{
	const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x77 };
	struct arp_frame announcement;

	link_parm("va", TEACH_PARM_A_ARP_NOTIFY, 1);
	nd_advert(&announcement, ALL_MAC, mac, ALICE1, ANY, ND_O);
	ASSERT_EQ(0, link_set_mac("va", mac));
	EXPECT_FRAME(ND_FRAME, &announcement);
}

LAB_MAIN
