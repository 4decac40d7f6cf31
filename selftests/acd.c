// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Address conflict detection (RFC 5227): what is sent before an address is used, what
 * another host does about it, and what happens when one claims an address in use.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <linux/rtnetlink.h>

#include "claim.h"

#define PORT	7000
#define PEER	7100
#define MINUTES	600000	/* milliseconds: longer than any test */

/* A socket at alice, bob's end of the Ethernet, and what alice tells of her addresses. */
FIXTURE(acd) {
	const struct family *f;
	int s, wire, arp, watch;
	uint8_t va[6];
	struct nl nl;
	struct arp_frame a, in;
	struct addr_event e;
};
FIXTURE_SETUP(acd)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->wire = wire_open();
	self->arp = arp_open("vb");
	self->watch = addr_watch();
	self->nl.fd = nl_open(NETLINK_ROUTE);
	quick_probes("va");
	link_parm("va", TEACH_PARM_A_ACCEPT_DAD, 1);
}
FIXTURE_TEARDOWN(acd) {}

#define ADD(_addr, _flags) addr_request(&self->nl, RTM_NEWADDR, "va", _addr, 24, _flags)
#define DEL(_addr) addr_request(&self->nl, RTM_DELADDR, "va", _addr, 24, 0)

/* The next event is this one, about this address. */
#define EXPECT_EVENT(_type, _addr, _flags) do { \
	ASSERT_TRUE(addr_next(self->watch, &self->e, LIMIT_MS)); \
	EXPECT_EQ(_type, self->e.type); \
	EXPECT_EQ(_addr, self->e.addr); \
	EXPECT_EQ((uint32_t)(_flags), self->e.flags); \
} while (0)

/* The next frame is a request of alice's with these addresses, to the byte. */
static void expect_request(struct __test_metadata *_metadata, int arp, const uint8_t *mac,
			   uint32_t sender, uint32_t target)
{
	struct arp_frame expected, in;

	arp_make(&expected, ARP_REQUEST, mac, sender, NO_MAC, target);
	ASSERT_EQ(ARP_FRAME, arp_get(arp, &in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(&expected, &in, ARP_FRAME))
		TH_LOG("op %d sender %08x target %08x", ntohs(in.op), ntohl(in.sender),
		       ntohl(in.target));
}

/* Adds an address that stays tentative, and takes its probes off the wire. */
static void add_tentative(struct __test_metadata *_metadata, FIXTURE_DATA(acd) *self,
			  uint32_t addr)
{
	int i;

	link_parm("va", TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS, MINUTES);
	ASSERT_EQ(0, ADD(addr, 0));
	EXPECT_EVENT(RTM_NEWADDR, addr, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	for (i = 0; i < 3; i++)
		expect_request(_metadata, self->arp, self->va, ANY, addr);
}

/* Adds an address and waits until it is in use and announced. */
static void add_claimed(struct __test_metadata *_metadata, FIXTURE_DATA(acd) *self,
			uint32_t addr)
{
	int i;

	ASSERT_EQ(0, ADD(addr, 0));
	EXPECT_EVENT(RTM_NEWADDR, addr, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	for (i = 0; i < 3; i++)
		expect_request(_metadata, self->arp, self->va, ANY, addr);
	for (i = 0; i < 2; i++)
		expect_request(_metadata, self->arp, self->va, addr, addr);
	EXPECT_EVENT(RTM_NEWADDR, addr, IFA_F_PERMANENT);
}

/* RFC 5227, 2.1 and 2.3: three probes, two announcements, to the byte. */
TEST_F(acd, probes_and_announcements)
{
	static const uint8_t probe[ARP_FRAME] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,	/* to all */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x08, 0x06,				/* ARP */
		0x00, 0x01, 0x88, 0xb5, 6, 4,		/* Ethernet, TEACH */
		0x00, 0x01,				/* request */
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0,		/* alice, without an address */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 5,		/* asks who has this one */
	};
	uint8_t expected[ARP_FRAME];
	int i;

	memcpy(expected, probe, sizeof(probe));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	ASSERT_EQ(0, ADD(NEW1, 0));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		EXPECT_EQ(0, memcmp(expected, &self->in, ARP_FRAME));
	}
	/* An announcement is the same with her address in it. */
	memcpy(expected + 28, probe + 38, 4);
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		EXPECT_EQ(0, memcmp(expected, &self->in, ARP_FRAME));
	}
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 200));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT);
	EXPECT_EQ(3, counter(TEACH_STAT_ACD_PROBES));
	EXPECT_EQ(2, counter(TEACH_STAT_ACD_ANNOUNCEMENTS));
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_CONFLICTS));
	EXPECT_RET(0, bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
}

/* Switched off, or not asked for: the address works at once, and nothing is sent. */
TEST_F(acd, at_once)
{
	ASSERT_EQ(0, ADD(NEW1, IFA_F_NODAD));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_NODAD);
	EXPECT_RET(0, bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
	link_parm("va", TEACH_PARM_A_ACCEPT_DAD, 0);
	ASSERT_EQ(0, ADD(NEW1 + 1, 0));
	EXPECT_EVENT(RTM_NEWADDR, NEW1 + 1, IFA_F_PERMANENT);
	EXPECT_RET(0, bind_to(self->f, sk_open(self->f, ALICE), NEW1 + 1, PORT));
	/* Nobody can be asked on a device without ARP. */
	link_parm("va", TEACH_PARM_A_ACCEPT_DAD, 1);
	ASSERT_EQ(0, link_arp("va", 0));
	ASSERT_EQ(0, ADD(NEW1 + 2, 0));
	EXPECT_EVENT(RTM_NEWADDR, NEW1 + 2, IFA_F_PERMANENT);
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_PROBES));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_OUT_REQUESTS));
}

/* Not this host's address yet: for nobody. */
TEST_F(acd, tentative)
{
	struct ifreq ifr = { .ifr_name = "va" };
	struct counters before;
	struct frame fr;
	size_t len;

	ASSERT_EQ(0, DEL(ALICE1));
	EXPECT_EVENT(RTM_DELADDR, ALICE1, IFA_F_PERMANENT);
	add_tentative(_metadata, self, NEW1);
	EXPECT_ERRNO(EADDRNOTAVAIL, bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
	/* Not a source, and no route to its network. */
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, sk_open(self->f, ALICE), "x", 1, BOB1,
					  PEER));
	/* ARP does not answer for it. */
	counters_read(&before);
	arp_make(&self->a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, NEW1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 200));
	EXPECT_TRUE(only_dropped(&before, TEACH_STAT_ARP_NOT_FOR_US, 1));
	/* What is sent to it is not taken. */
	counters_read(&before);
	len = frame_dgram(&fr, PEER, PORT, "x", 1);
	fr.th.daddr = htonl(NEW1);
	frame_checksum(&fr);
	frame_send(self->wire, &fr, len);
	for (len = 0; len < LIMIT_MS && !counter(TEACH_STAT_IN_DST_ERRORS); len++)
		usleep(1000);
	EXPECT_TRUE(only_dropped(&before, TEACH_STAT_IN_DST_ERRORS, 1));
	/* ifconfig(8) is not told of it. */
	EXPECT_ERRNO(EADDRNOTAVAIL, ioctl(self->s, SIOCGIFADDR, &ifr));
	/* It is there, though, and cannot be added once more; it can be taken away. */
	ASSERT_TRUE(addr_find(NEW1, &self->e));
	EXPECT_EQ(EEXIST, -ADD(NEW1, 0));
	EXPECT_EQ(0, DEL(NEW1));
	EXPECT_EVENT(RTM_DELADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
}

/* Whoever has the address says so in one of these ways; it is not taken then, and whoever
 * asks for it again is told who has it, until it was taken away.
 */
TEST_F(acd, conflict)
{
	const struct { int op; uint32_t sender, target; } ways[] = {
		{ ARP_REPLY, NEW1, ANY },	/* answers */
		{ ARP_REPLY, NEW1, ALICE1 },	/* or does so in a way of its own */
		{ ARP_REQUEST, NEW1, BOB1 },	/* asks for others */
		{ ARP_REQUEST, NEW1, NEW1 },	/* announces it */
		{ ARP_REQUEST, ANY, NEW1 },	/* probes for it as well */
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		add_tentative(_metadata, self, NEW1);
		arp_make(&self->a, ways[i].op, CAROL_MAC, ways[i].sender, self->va,
			 ways[i].target);
		arp_put(self->arp, &self->a, ARP_FRAME);
		EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | HELD);
		EXPECT_EQ(i + 1, counter(TEACH_STAT_ACD_CONFLICTS));
		EXPECT_ERRNO(EADDRNOTAVAIL,
			     bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
		EXPECT_EQ(EADDRINUSE, -ADD(NEW1, 0));
		EXPECT_NE(NULL, strstr(self->nl.said, "02:00:00:00:00:50"))
			TH_LOG("said: '%s'", self->nl.said);
		/* Nor by force: it is known to be held. */
		EXPECT_EQ(EADDRINUSE, -ADD(NEW1, IFA_F_NODAD));
		ASSERT_EQ(0, DEL(NEW1));
		EXPECT_EVENT(RTM_DELADDR, NEW1, IFA_F_PERMANENT | HELD);
	}
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_GIVEN_UP));
	/* Once the other host is gone it is there for the taking. */
	quick_probes("va");
	add_claimed(_metadata, self, NEW1);
}

/* bob's own kernel answers, without the test. */
TEST_F(acd, held_by_bob)
{
	char text[32];
	uint8_t vb[6];

	/* He answers while the first probe is being sent: no second one is waited for. */
	link_parm("va", TEACH_PARM_A_ACD_PROBE_MAX_MS, MINUTES);
	link_parm("va", TEACH_PARM_A_ACD_PROBE_MIN_MS, MINUTES);
	mac_of(BOB, "vb", vb);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", vb[0], vb[1], vb[2],
		 vb[3], vb[4], vb[5]);
	ASSERT_EQ(0, ADD(BOB1, 0));
	EXPECT_EVENT(RTM_NEWADDR, BOB1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, BOB1, IFA_F_PERMANENT | HELD);
	EXPECT_EQ(EADDRINUSE, -ADD(BOB1, 0));
	EXPECT_NE(NULL, strstr(self->nl.said, text)) TH_LOG("said: '%s'", self->nl.said);
}

/* Another host is probing for it at this moment: refused at once. */
TEST_F(acd, probed_by_another)
{
	link_parm("va", TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS, MINUTES);
	arp_make(&self->a, ARP_REQUEST, CAROL_MAC, ANY, NO_MAC, NEW1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_EQ(EADDRINUSE, -ADD(NEW1, 0));
	EXPECT_NE(NULL, strstr(self->nl.said, "02:00:00:00:00:50"));
	EXPECT_FALSE(addr_find(NEW1, &self->e));
	/* By force it is taken. */
	EXPECT_EQ(0, ADD(NEW1, IFA_F_NODAD));
	ASSERT_EQ(0, DEL(NEW1));
	/* It is long over. */
	quick_probes("va");
	usleep(200000);
	EXPECT_EQ(0, ADD(NEW1, 0));
}

/* A claim to an address in use, as an announcement. */
static void claim(struct arp_frame *a, int arp, uint32_t addr)
{
	arp_make(a, ARP_REQUEST, CAROL_MAC, addr, NO_MAC, addr);
	arp_put(arp, a, ARP_FRAME);
}

/* RFC 5227, 2.4 (c), the default: defended, once in DEFEND_INTERVAL. */
TEST_F(acd, defend_always)
{
	link_parm("va", TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS, MINUTES);
	claim(&self->a, self->arp, ALICE1);
	expect_request(_metadata, self->arp, self->va, ALICE1, ALICE1);
	EXPECT_EVENT(RTM_NEWADDR, ALICE1, IFA_F_PERMANENT);
	claim(&self->a, self->arp, ALICE1);
	claim(&self->a, self->arp, ALICE1);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 200));
	EXPECT_FALSE(addr_next(self->watch, &self->e, 0));
	EXPECT_EQ(1, counter(TEACH_STAT_ACD_DEFENDS));
	EXPECT_EQ(3, counter(TEACH_STAT_ARP_CONFLICT));
	link_parm("va", TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS, 1);
	usleep(20000);
	claim(&self->a, self->arp, ALICE1);
	expect_request(_metadata, self->arp, self->va, ALICE1, ALICE1);
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_GIVEN_UP));
}

/* 2.4 (b): once; at the second claim the address is given up, and with it the route. */
TEST_F(acd, defend_once)
{
	link_parm("va", TEACH_PARM_A_ACD_DEFEND, 1);
	claim(&self->a, self->arp, ALICE1);
	expect_request(_metadata, self->arp, self->va, ALICE1, ALICE1);
	EXPECT_EVENT(RTM_NEWADDR, ALICE1, IFA_F_PERMANENT);
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_GIVEN_UP));
	claim(&self->a, self->arp, ALICE1);
	EXPECT_EVENT(RTM_NEWADDR, ALICE1, IFA_F_PERMANENT | HELD);
	EXPECT_EQ(1, counter(TEACH_STAT_ACD_GIVEN_UP));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, sk_open(self->f, ALICE), "x", 1, BOB1,
					  PEER));
	EXPECT_EQ(EADDRINUSE, -ADD(ALICE1, 0));
}

/* 2.4 (a). */
TEST_F(acd, defend_never)
{
	link_parm("va", TEACH_PARM_A_ACD_DEFEND, 0);
	claim(&self->a, self->arp, ALICE1);
	EXPECT_EVENT(RTM_NEWADDR, ALICE1, IFA_F_PERMANENT | HELD);
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_DEFENDS));
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 200));
}

/* Another host asks whether somebody has an address in use: no claim, but answered. */
TEST_F(acd, probe_for_ours)
{
	link_parm("va", TEACH_PARM_A_ACD_DEFEND, 0);
	arp_make(&self->a, ARP_REQUEST, CAROL_MAC, ANY, NO_MAC, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	EXPECT_EQ(ARP_REPLY, ntohs(self->in.op));
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_FALSE(addr_next(self->watch, &self->e, 0));
}

/* 2.1: a device that is down asks nobody; one that comes up may be somewhere else. */
TEST_F(acd, down_and_up)
{
	int i;

	ASSERT_EQ(0, link_up("va", 0));
	ASSERT_EQ(0, ADD(NEW1, 0));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	EXPECT_EQ(0, counter(TEACH_STAT_ACD_PROBES));
	ASSERT_EQ(0, link_up("va", 1));
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT);
	EXPECT_EQ(3, counter(TEACH_STAT_ACD_PROBES));
	for (i = 0; i < 2; i++) {
		/* By its own device, then by the other end of the cable. */
		if (i)
			lab_enter(BOB);
		ASSERT_EQ(0, link_up(i ? "vb" : "va", 0));
		ASSERT_EQ(0, link_up(i ? "vb" : "va", 1));
		lab_enter(ALICE);
		EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT | IFA_F_TENTATIVE);
		EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_PERMANENT);
	}
	/* alice's other address was never probed for, and went on to work. */
	EXPECT_FALSE(addr_next(self->watch, &self->e, 0));
}

/* An address, and a device, that goes in the middle of it. */
TEST_F(acd, gone_meanwhile)
{
	link_parm("va", TEACH_PARM_A_ACD_PROBE_MAX_MS, MINUTES);
	link_parm("va", TEACH_PARM_A_ACD_PROBE_MIN_MS, MINUTES);
	ASSERT_EQ(0, ADD(NEW1, 0));
	expect_request(_metadata, self->arp, self->va, ANY, NEW1);
	ASSERT_EQ(0, DEL(NEW1));
	ASSERT_EQ(0, ADD(NEW1 + 1, 0));
	expect_request(_metadata, self->arp, self->va, ANY, NEW1 + 1);
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, NEW1 + 1, self->va, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	ASSERT_EQ(0, link_del("va"));
	EXPECT_FALSE(addr_find(NEW1 + 1, &self->e));
}

LAB_MAIN
