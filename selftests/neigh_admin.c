// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What management asks of a neighbour by flags, over both families with the same requests:
 * NTF_USE, NTF_ROUTER, NTF_EXT_LEARNED and, on kernels whose IPv4 has it too, managed entries.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define NEVER	600000

FAMILIES(admin,)

/* Sends RTM_NEWNEIGH of alice's with what may be in it: 0 or -errno. */
static int change(const struct family *f, uint32_t addr, const char *mac, int state, int flags,
		  uint32_t ext, int nlm)
{
	const struct ndmsg ndm = {
		.ndm_family = f->af, .ndm_ifindex = if_nametoindex("va"), .ndm_state = state,
		.ndm_flags = flags,
	};
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int ret;

	nl_begin(&nl, RTM_NEWNEIGH, nlm, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(addr));
	if (mac)
		nl_attr(&nl, NDA_LLADDR, mac, 6);
	if (ext)
		nl_attr_u32(&nl, NDA_FLAGS_EXT, ext);
	ret = nl_ask(&nl);
	close(nl.fd);
	return ret;
}

/* Flags of an entry, those of NDA_FLAGS_EXT from bit 8 on; -1 if there is none. */
static int flags_of(const struct family *f, uint32_t addr)
{
	const struct ndmsg ndm = {
		.ndm_family = f->af, .ndm_ifindex = if_nametoindex("va"),
	};
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	const uint32_t *ext;
	int flags = -1;
	size_t len;

	nl_begin(&nl, RTM_GETNEIGH, 0, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(addr));
	if (!nl_ask(&nl) && nl.answers) {
		flags = ((const struct ndmsg *)nl.answer)->ndm_flags;
		ext = nl_answer_attr(&nl, sizeof(ndm), NDA_FLAGS_EXT, &len);
		if (ext)
			flags |= *ext << 8;
	}
	close(nl.fd);
	return flags;
}

static int forget(const struct family *f, uint32_t addr)
{
	const struct ndmsg ndm = {
		.ndm_family = f->af, .ndm_ifindex = if_nametoindex("va"),
	};
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int ret;

	nl_begin(&nl, RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(addr));
	ret = nl_ask(&nl);
	close(nl.fd);
	return ret;
}

static bool becomes(const struct family *f, uint32_t addr, int state)
{
	struct timespec begin;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	while (neigh_state(f, "va", addr) != state)
		if (elapsed_ms(&begin) > LIMIT_MS)
			return false;
	return true;
}

/* Tests share their hosts: none begins with what another left. */
static void anew(const struct family *f)
{
	forget(f, BOB1);
	forget(f, CAROL);
	forget(f, UNUSED1);
	must(!neigh_timing(f, "va", 1000, 3, NEVER), "times");
}

#define CREATE	(NLM_F_CREATE | NLM_F_EXCL)
#define REPLACE	(NLM_F_CREATE | NLM_F_REPLACE)

/* A new entry is resolved; an old one gets the time that a packet would give it. */
TEST_F(admin, use)
{
	anew(self->f);
	EXPECT_EQ(-ENOENT, change(self->f, BOB1, NULL, NUD_NONE, NTF_USE, 0, 0));
	EXPECT_EQ(0, change(self->f, BOB1, NULL, NUD_NONE, NTF_USE, 0, CREATE));
	EXPECT_TRUE(becomes(self->f, BOB1, NUD_REACHABLE));
	EXPECT_EQ(0, flags_of(self->f, BOB1));
	EXPECT_EQ(-EEXIST, change(self->f, BOB1, NULL, NUD_NONE, NTF_USE, 0, CREATE));
	/* One that is known to be there is left as it is. */
	EXPECT_EQ(0, change(self->f, BOB1, NULL, NUD_NONE, NTF_USE, 0, REPLACE));
	EXPECT_EQ(NUD_REACHABLE, neigh_state(self->f, "va", BOB1));
	EXPECT_EQ(0, change(self->f, BOB1, CAROL_MAC, NUD_STALE, 0, 0, REPLACE));
	EXPECT_EQ(0, change(self->f, BOB1, NULL, NUD_NONE, NTF_USE, 0, REPLACE));
	EXPECT_EQ(NUD_DELAY, neigh_state(self->f, "va", BOB1));
	/* Nobody is there. */
	EXPECT_EQ(0, neigh_timing(self->f, "va", 20, 2, NEVER));
	EXPECT_EQ(0, change(self->f, UNUSED1, NULL, NUD_NONE, NTF_USE, 0, CREATE));
	EXPECT_TRUE(becomes(self->f, UNUSED1, NUD_FAILED));
}

TEST_F(admin, router)
{
	anew(self->f);
	EXPECT_EQ(0, change(self->f, CAROL, CAROL_MAC, NUD_PERMANENT, NTF_ROUTER, 0, CREATE));
	EXPECT_EQ(NTF_ROUTER, flags_of(self->f, CAROL));
	EXPECT_EQ(0, change(self->f, CAROL, CAROL_MAC, NUD_PERMANENT, 0, 0, REPLACE));
	EXPECT_EQ(0, flags_of(self->f, CAROL));
	EXPECT_EQ(0, change(self->f, CAROL, CAROL_MAC, NUD_PERMANENT, NTF_ROUTER, 0, REPLACE));
	EXPECT_EQ(NTF_ROUTER, flags_of(self->f, CAROL));
}

TEST_F(admin, extern_learn)
{
	anew(self->f);
	EXPECT_EQ(0, change(self->f, CAROL, CAROL_MAC, NUD_STALE, NTF_EXT_LEARNED, 0, CREATE));
	EXPECT_EQ(NTF_EXT_LEARNED, flags_of(self->f, CAROL));
	EXPECT_EQ(0, change(self->f, CAROL, CAROL_MAC, NUD_STALE, 0, 0, REPLACE));
	EXPECT_EQ(0, flags_of(self->f, CAROL));
}

/* It is resolved, shown as what it is, and no longer managed when it is replaced. */
TEST_F(admin, managed)
{
	anew(self->f);
	EXPECT_EQ(-EINVAL, change(self->f, BOB1, CAROL_MAC, NUD_PERMANENT, 0, NTF_EXT_MANAGED,
				  CREATE));
	EXPECT_EQ(-EINVAL, change(self->f, BOB1, NULL, NUD_NONE, 0, 0x80, CREATE));
	EXPECT_EQ(-1, flags_of(self->f, BOB1));
	EXPECT_EQ(0, change(self->f, BOB1, NULL, NUD_NONE, 0, NTF_EXT_MANAGED, CREATE));
	EXPECT_TRUE(becomes(self->f, BOB1, NUD_REACHABLE));
	EXPECT_EQ(NTF_EXT_MANAGED << 8, flags_of(self->f, BOB1));
	EXPECT_EQ(0, change(self->f, BOB1, NULL, NUD_NONE, NTF_EXT_LEARNED, NTF_EXT_MANAGED,
			    REPLACE));
	EXPECT_EQ(NTF_EXT_MANAGED << 8 | NTF_EXT_LEARNED, flags_of(self->f, BOB1));
	EXPECT_EQ(0, change(self->f, BOB1, CAROL_MAC, NUD_REACHABLE, 0, 0, REPLACE));
	EXPECT_EQ(0, flags_of(self->f, BOB1));
	EXPECT_EQ(0, change(self->f, BOB1, NULL, NUD_NONE, 0, NTF_EXT_MANAGED, REPLACE));
	EXPECT_EQ(NTF_EXT_MANAGED << 8, flags_of(self->f, BOB1));
	EXPECT_EQ(0, forget(self->f, BOB1));
	EXPECT_EQ(-1, flags_of(self->f, BOB1));
}

/* ---- What TEACH promises of managed entries ---------------------------------------- */

#define DEFAULTS "/proc/sys/net/teach/neigh/default/"

FIXTURE(managed) {
	const struct family *f;
	int arp;
	struct arp_frame a, in;
};
FIXTURE_SETUP(managed)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	self->arp = arp_open("vb");
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 50);
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 10);
	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, 50);
	must(!sysctl_write(DEFAULTS "interval_probe_time_ms", "100"), "interval");
}
FIXTURE_TEARDOWN(managed) {}

/* Without any packet: asked for as new, then alone, and anew when it did not answer. */
TEST_F(managed, kept_resolved)
{
	int i;

	EXPECT_EQ(0, change(self->f, CAROL, NULL, NUD_NONE, 0, NTF_EXT_MANAGED, CREATE));
	carol_answers(self->arp);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
		arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, self->in.sender_mac, ALICE1);
		arp_put(self->arp, &self->a, ARP_FRAME);
	}
	/* She is gone, and comes back with another card. */
	do {
		ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	} while (memcmp(self->in.eth.h_dest, ALL_MAC, 6));
	arp_make(&self->a, ARP_REPLY, DAVE_MAC, CAROL, self->in.sender_mac, ALICE1);
	arp_put(self->arp, &self->a, ARP_FRAME);
	do {
		ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
	} while (memcmp(self->in.eth.h_dest, DAVE_MAC, 6));

	/* Left to itself again it is asked no more. */
	EXPECT_EQ(0, change(self->f, CAROL, CAROL_MAC, NUD_PERMANENT, 0, 0, REPLACE));
	while (arp_get(self->arp, &self->in, 0))
		;
	EXPECT_EQ(0, arp_get(self->arp, &self->in, 500));
}

/* Neither collected, however full the cache is, nor counted. */
TEST_F(managed, not_collected)
{
	int i;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	must(!sysctl_write(DEFAULTS "gc_thresh1", "2") &&
	     !sysctl_write(DEFAULTS "gc_thresh2", "4") &&
	     !sysctl_write(DEFAULTS "gc_thresh3", "8"), "gc_thresh");
	for (i = 0; i < 40; i++)
		EXPECT_EQ(0, change(self->f, CAROL + i, NULL, NUD_NONE, 0, NTF_EXT_MANAGED,
				    CREATE));
	EXPECT_EQ(0, (int)counter(TEACH_STAT_NEIGH_TABLE_FULL));
	i = sk_open(self->f, ALICE);
	EXPECT_EQ(100, flood_absent(self->f, i, 0x0a010080u, 100, 7000));
	EXPECT_EQ(92, (int)counter(TEACH_STAT_NEIGH_EVICTED));
	for (i = 0; i < 40; i++)
		EXPECT_EQ(NUD_INCOMPLETE, neigh_state(self->f, "va", CAROL + i));
	/* They go with the device like all others. */
	ASSERT_EQ(0, link_up("va", 0));
	EXPECT_EQ(-ENOENT, neigh_state(self->f, "va", CAROL));
}

LAB_MAIN
