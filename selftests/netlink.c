// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rtnetlink for addresses and neighbours: requests that are not as they should be
 * are refused with the right errno and a word why; answers, dumps and
 * notifications hold what they should.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define NEW1	0x0a010005u	/* 10.1.0.5 */
#define NO_INDEX 99999

FIXTURE(rtnl) {
	const struct family *f;
	struct nl nl;
	int va;
	struct ifaddrmsg ifa;
	struct ndmsg ndm;
};
FIXTURE_SETUP(rtnl)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	self->nl.fd = nl_open(NETLINK_ROUTE);
	self->va = if_nametoindex("va");
	self->ifa = (struct ifaddrmsg) {
		.ifa_family = AF_TEACH, .ifa_prefixlen = 24, .ifa_index = self->va,
	};
	self->ndm = (struct ndmsg) {
		.ndm_family = AF_TEACH, .ndm_ifindex = self->va,
		.ndm_state = NUD_STALE,
	};
}
FIXTURE_TEARDOWN(rtnl) {}

#define ADDR(_type, _flags) \
	nl_begin(&self->nl, _type, _flags, &self->ifa, sizeof(self->ifa))
#define NEIGH(_type, _flags) \
	nl_begin(&self->nl, _type, _flags, &self->ndm, sizeof(self->ndm))
#define ATTR(_type, _addr) nl_attr_u32(&self->nl, _type, htonl(_addr))
#define MAC(_mac) nl_attr(&self->nl, NDA_LLADDR, _mac, 6)

static int addresses(struct nl *nl, int ifindex, int *ret)
{
	const struct ifaddrmsg ifa = { .ifa_family = AF_TEACH, .ifa_index = ifindex };

	nl_begin(nl, RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	*ret = nl_ask(nl);
	return nl->answers;
}

static void strict(int fd)
{
	int one = 1;

	must(!setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one)),
	     "NETLINK_GET_STRICT_CHK");
}

/*
 * Every message, cut at every length: none may be accepted. A message of a
 * header alone names no family; rtnetlink takes it and does nothing.
 */
static void cut_everywhere(struct __test_metadata *_metadata, struct nl *nl,
			   uint16_t type)
{
	size_t full = nl->hdr.nlmsg_len, len;
	int ret;

	for (len = NLMSG_HDRLEN + 1; len < full; len++) {
		nl->hdr.nlmsg_len = len;
		ret = nl_ask(nl);
		EXPECT_GT(0, ret) TH_LOG("message type %d of %zu bytes was accepted",
					 type, len);
	}
	nl->hdr.nlmsg_len = full;
}

TEST_F(rtnl, addr_cut)
{
	int ret;

	ADDR(RTM_NEWADDR, NLM_F_CREATE);
	ATTR(IFA_LOCAL, NEW1);
	cut_everywhere(_metadata, &self->nl, RTM_NEWADDR);
	ADDR(RTM_DELADDR, 0);
	ATTR(IFA_LOCAL, ALICE1);
	cut_everywhere(_metadata, &self->nl, RTM_DELADDR);
	EXPECT_EQ(2, addresses(&self->nl, 0, &ret));
}

TEST_F(rtnl, neigh_cut)
{
	struct neigh_event list[4];

	ASSERT_EQ(0, neigh_add(self->f, "va", BOB1, (uint8_t *)CAROL_MAC, NUD_PERMANENT));
	self->ndm.ndm_state = NUD_PERMANENT;
	NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
	MAC(CAROL_MAC);
	ATTR(NDA_DST, CAROL);
	cut_everywhere(_metadata, &self->nl, RTM_NEWNEIGH);
	NEIGH(RTM_DELNEIGH, 0);
	ATTR(NDA_DST, BOB1);
	cut_everywhere(_metadata, &self->nl, RTM_DELNEIGH);
	NEIGH(RTM_GETNEIGH, 0);
	ATTR(NDA_DST, BOB1);
	cut_everywhere(_metadata, &self->nl, RTM_GETNEIGH);
	EXPECT_EQ(1, neigh_dump(list, 4));
}

/* Attributes of every wrong length. */
TEST_F(rtnl, attribute_lengths)
{
	static const uint8_t bytes[64];
	unsigned int len;
	int ret;

	for (len = 0; len < sizeof(bytes); len++) {
		if (len != 4) {
			ADDR(RTM_NEWADDR, NLM_F_CREATE);
			nl_attr(&self->nl, IFA_LOCAL, bytes, len);
			EXPECT_GT(0, nl_ask(&self->nl));
			EXPECT_NE(0, self->nl.said[0]);
			NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
			nl_attr(&self->nl, NDA_DST, bytes, len);
			MAC(CAROL_MAC);
			EXPECT_GT(0, nl_ask(&self->nl));
			EXPECT_NE(0, self->nl.said[0]);
		}
		if (len != 6) {
			NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
			ATTR(NDA_DST, CAROL);
			nl_attr(&self->nl, NDA_LLADDR, bytes, len);
			EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%u bytes", len);
			EXPECT_NE(0, self->nl.said[0]);
		}
	}
	EXPECT_EQ(2, addresses(&self->nl, 0, &ret));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_ALLOCS));
}

TEST_F(rtnl, missing)
{
	ADDR(RTM_NEWADDR, NLM_F_CREATE);
	EXPECT_REFUSED(EINVAL, &self->nl);
	ADDR(RTM_DELADDR, 0);
	EXPECT_REFUSED(EINVAL, &self->nl);
	NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
	MAC(CAROL_MAC);
	EXPECT_REFUSED(EINVAL, &self->nl);
	NEIGH(RTM_DELNEIGH, 0);
	EXPECT_REFUSED(EINVAL, &self->nl);
	NEIGH(RTM_GETNEIGH, 0);
	EXPECT_REFUSED(EINVAL, &self->nl);
	/* This state needs a MAC address. */
	NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
	ATTR(NDA_DST, CAROL);
	EXPECT_REFUSED(EINVAL, &self->nl);
	self->ndm.ndm_ifindex = 0;
	NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
	ATTR(NDA_DST, CAROL);
	MAC(CAROL_MAC);
	EXPECT_REFUSED(EINVAL, &self->nl);
	EXPECT_EQ(counter(TEACH_STAT_NEIGH_ALLOCS), counter(TEACH_STAT_NEIGH_DESTROYS));
}

/* A device that is not there, and one that carries no TEACH. */
TEST_F(rtnl, devices)
{
	const struct { int index, err; } bad[] = {
		{ NO_INDEX, ENODEV }, { -1, ENODEV }, { LO_IFINDEX, EOPNOTSUPP },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		self->ifa.ifa_index = bad[i].index;
		self->ndm.ndm_ifindex = bad[i].index;
		ADDR(RTM_NEWADDR, NLM_F_CREATE);
		ATTR(IFA_LOCAL, NEW1);
		EXPECT_REFUSED(bad[i].err, &self->nl);
		ADDR(RTM_DELADDR, 0);
		ATTR(IFA_LOCAL, NEW1);
		EXPECT_REFUSED(bad[i].err, &self->nl);
		NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
		ATTR(NDA_DST, CAROL);
		MAC(CAROL_MAC);
		EXPECT_REFUSED(bad[i].err, &self->nl);
		NEIGH(RTM_DELNEIGH, 0);
		ATTR(NDA_DST, CAROL);
		EXPECT_REFUSED(bad[i].err, &self->nl);
		NEIGH(RTM_GETNEIGH, 0);
		ATTR(NDA_DST, CAROL);
		EXPECT_REFUSED(bad[i].err, &self->nl);
	}
}

TEST_F(rtnl, addr_values)
{
	static const struct {
		uint32_t addr;
		int plen, err;
	} bad[] = {
		{ NEW1, 33, EINVAL }, { NEW1, 128, EINVAL }, { NEW1, 255, EINVAL },
		{ ANY, 24, EINVAL }, { BCAST_ALL, 24, EINVAL },
		{ BCAST_ALL, 32, EINVAL }, { BCAST1, 24, EINVAL },
		{ 0x0affffff, 8, EINVAL }, { ALICE1, 24, EEXIST },
		{ ALICE1, 16, EEXIST },
	};
	static const struct {
		uint32_t addr;
		int plen;
	} good[] = {
		/* RFC 3021: in a network of two, or of one, all ones is a host. */
		{ 0x0a030001, 31 }, { 0x0a040001, 32 }, { 0x0a050001, 0 },
		{ BCAST1, 25 - 1 + 8 }, { NEW1, 24 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		self->ifa.ifa_prefixlen = bad[i].plen;
		ADDR(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
		ATTR(IFA_LOCAL, bad[i].addr);
		EXPECT_REFUSED(bad[i].err, &self->nl);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		self->ifa.ifa_prefixlen = good[i].plen;
		ADDR(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
		ATTR(IFA_LOCAL, good[i].addr);
		EXPECT_ACCEPTED(&self->nl);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		self->ifa.ifa_prefixlen = good[i].plen;
		ADDR(RTM_DELADDR, 0);
		ATTR(IFA_LOCAL, good[i].addr);
		EXPECT_ACCEPTED(&self->nl);
		EXPECT_REFUSED(EADDRNOTAVAIL, &self->nl);
	}
	self->ifa.ifa_prefixlen = 33;
	ADDR(RTM_DELADDR, 0);
	ATTR(IFA_LOCAL, ALICE1);
	EXPECT_REFUSED(EINVAL, &self->nl);
	/* Another prefix length names another address. */
	self->ifa.ifa_prefixlen = 16;
	ADDR(RTM_DELADDR, 0);
	ATTR(IFA_LOCAL, ALICE1);
	EXPECT_REFUSED(EADDRNOTAVAIL, &self->nl);
	/* It is on this host, but not on that device. */
	self->ifa.ifa_prefixlen = 24;
	ADDR(RTM_DELADDR, 0);
	ATTR(IFA_LOCAL, ALICE2);
	EXPECT_REFUSED(EADDRNOTAVAIL, &self->nl);
}

TEST_F(rtnl, addr_replace_and_peer)
{
	/* `ip addr replace` of what is there is fine, of something else is not. */
	ADDR(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
	ATTR(IFA_LOCAL, ALICE1);
	EXPECT_ACCEPTED(&self->nl);
	self->ifa.ifa_prefixlen = 25;
	ADDR(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
	ATTR(IFA_LOCAL, ALICE1);
	EXPECT_REFUSED(EEXIST, &self->nl);
	/* IFA_ADDRESS alone, or the same as IFA_LOCAL, is the address. */
	self->ifa.ifa_prefixlen = 24;
	ADDR(RTM_NEWADDR, NLM_F_CREATE);
	ATTR(IFA_ADDRESS, NEW1);
	EXPECT_ACCEPTED(&self->nl);
	ADDR(RTM_DELADDR, 0);
	ATTR(IFA_LOCAL, NEW1);
	ATTR(IFA_ADDRESS, NEW1);
	EXPECT_ACCEPTED(&self->nl);
	ADDR(RTM_NEWADDR, NLM_F_CREATE);
	ATTR(IFA_LOCAL, NEW1);
	ATTR(IFA_ADDRESS, CAROL);
	EXPECT_REFUSED(EOPNOTSUPP, &self->nl);
}

/* What nobody knows is not taken for done: the kernel's rule for new families. */
TEST_F(rtnl, unknown_attributes)
{
	static const uint16_t types[] = { 200, 0x3fff };
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		ADDR(RTM_NEWADDR, NLM_F_CREATE);
		ATTR(IFA_LOCAL, NEW1);
		nl_attr_u32(&self->nl, types[i], 1);
		EXPECT_REFUSED(EINVAL, &self->nl);
		ADDR(RTM_DELADDR, 0);
		ATTR(IFA_LOCAL, ALICE1);
		nl_attr_u32(&self->nl, types[i], 1);
		EXPECT_REFUSED(EINVAL, &self->nl);
		NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
		ATTR(NDA_DST, CAROL);
		MAC(CAROL_MAC);
		nl_attr_u32(&self->nl, types[i], 1);
		EXPECT_REFUSED(EINVAL, &self->nl);
	}
	EXPECT_EQ(2, addresses(&self->nl, 0, &ret));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_ALLOCS));
}

TEST_F(rtnl, neigh_values)
{
	static const uint16_t bad_states[] = {
		NUD_REACHABLE | NUD_STALE, NUD_PERMANENT | NUD_NOARP, 0x100, 0xffff,
		0x8000,
	};
	static const uint32_t bad_addrs[] = { ANY, BCAST_ALL, BCAST1 };
	static const char *const bad_macs[] = { NO_MAC, ALL_MAC,
						"\x01\x00\x5e\x00\x00\x01" };
	static const uint8_t bad_flags[] = { NTF_SELF, NTF_MASTER };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_states); i++) {
		self->ndm.ndm_state = bad_states[i];
		NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
		ATTR(NDA_DST, CAROL);
		MAC(CAROL_MAC);
		EXPECT_REFUSED(EINVAL, &self->nl);
	}
	self->ndm.ndm_state = NUD_STALE;
	for (i = 0; i < ARRAY_SIZE(bad_addrs); i++) {
		NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
		ATTR(NDA_DST, bad_addrs[i]);
		MAC(CAROL_MAC);
		EXPECT_REFUSED(EINVAL, &self->nl);
	}
	for (i = 0; i < ARRAY_SIZE(bad_macs); i++) {
		NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
		ATTR(NDA_DST, CAROL);
		MAC(bad_macs[i]);
		EXPECT_REFUSED(EINVAL, &self->nl);
	}
	for (i = 0; i < ARRAY_SIZE(bad_flags); i++) {
		self->ndm.ndm_flags = bad_flags[i];
		NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
		ATTR(NDA_DST, CAROL);
		MAC(CAROL_MAC);
		EXPECT_REFUSED(EOPNOTSUPP, &self->nl);
	}
	EXPECT_EQ(counter(TEACH_STAT_NEIGH_ALLOCS), counter(TEACH_STAT_NEIGH_DESTROYS));
}

/* add, change, replace and del of `ip neigh`. */
TEST_F(rtnl, neigh_flags)
{
	struct neigh_event e;

	NEIGH(RTM_NEWNEIGH, 0);
	ATTR(NDA_DST, CAROL);
	MAC(CAROL_MAC);
	EXPECT_REFUSED(ENOENT, &self->nl);
	NEIGH(RTM_DELNEIGH, 0);
	ATTR(NDA_DST, CAROL);
	EXPECT_REFUSED(ENOENT, &self->nl);
	NEIGH(RTM_GETNEIGH, 0);
	ATTR(NDA_DST, CAROL);
	EXPECT_REFUSED(ENOENT, &self->nl);

	NEIGH(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL);
	ATTR(NDA_DST, CAROL);
	MAC(CAROL_MAC);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_REFUSED(EEXIST, &self->nl);
	/* Without REPLACE a MAC address stays as it is. */
	NEIGH(RTM_NEWNEIGH, NLM_F_CREATE);
	ATTR(NDA_DST, CAROL);
	MAC(DAVE_MAC);
	EXPECT_REFUSED(EEXIST, &self->nl);
	ASSERT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(0, memcmp(e.mac, CAROL_MAC, 6));
	NEIGH(RTM_NEWNEIGH, NLM_F_REPLACE);
	ATTR(NDA_DST, CAROL);
	MAC(DAVE_MAC);
	EXPECT_ACCEPTED(&self->nl);
	ASSERT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(0, memcmp(e.mac, DAVE_MAC, 6));

	NEIGH(RTM_GETNEIGH, 0);
	ATTR(NDA_DST, CAROL);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(1, self->nl.answers);
	EXPECT_EQ(RTM_NEWNEIGH, self->nl.answer_type);
	NEIGH(RTM_DELNEIGH, 0);
	ATTR(NDA_DST, CAROL);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_REFUSED(ENOENT, &self->nl);
}

/* `ip monitor address` sees what there is and what goes. */
TEST_F(rtnl, addr_notifications)
{
	static const int types[] = { RTM_NEWADDR, RTM_DELADDR };
	int watch = nl_open(NETLINK_ROUTE), group = RTNLGRP_IPV4_IFADDR;
	struct ifaddrmsg *ifa;
	struct nlmsghdr *h;
	unsigned int i;
	char buf[4096];
	ssize_t n;

	ASSERT_EQ(0, setsockopt(watch, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
				sizeof(group)));
	ASSERT_EQ(0, addr_add(self->f, "va", NEW1, 20));
	ASSERT_EQ(0, addr_del(self->f, "va", NEW1, 20));
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		do {
			n = recv(watch, buf, sizeof(buf), 0);
			ASSERT_LT(0, n);
			h = (struct nlmsghdr *)buf;
			ifa = NLMSG_DATA(h);
		} while (ifa->ifa_family != AF_TEACH);
		EXPECT_EQ(types[i], h->nlmsg_type);
		EXPECT_EQ(20, ifa->ifa_prefixlen);
		EXPECT_EQ(self->va, (int)ifa->ifa_index);
		EXPECT_EQ(RT_SCOPE_UNIVERSE, ifa->ifa_scope);
		/* The first attribute is the address itself. */
		EXPECT_EQ(IFA_LOCAL, IFA_RTA(ifa)->rta_type);
		EXPECT_EQ(htonl(NEW1), *(uint32_t *)RTA_DATA(IFA_RTA(ifa)));
	}
}

/* A dump says all; with strict checking it can be filtered. */
TEST_F(rtnl, addr_dump)
{
	int ret, i;

	EXPECT_EQ(2, addresses(&self->nl, 0, &ret));
	EXPECT_EQ(0, ret);
	/* More than one message holds. */
	for (i = 0; i < 500; i++)
		ASSERT_EQ(0, addr_add(self->f, "va", 0x0a640000 + i + 1, 32));
	EXPECT_EQ(502, addresses(&self->nl, 0, &ret));
	/* Without strict checking old programs leave anything in the header. */
	EXPECT_EQ(502, addresses(&self->nl, if_nametoindex("wa"), &ret));
	strict(self->nl.fd);
	EXPECT_EQ(502, addresses(&self->nl, 0, &ret));
	EXPECT_EQ(501, addresses(&self->nl, self->va, &ret));
	EXPECT_EQ(1, addresses(&self->nl, if_nametoindex("wa"), &ret));
	EXPECT_EQ(0, ret);
	self->ifa.ifa_prefixlen = 24;
	ADDR(RTM_GETADDR, NLM_F_DUMP);
	EXPECT_REFUSED(EINVAL, &self->nl);
	self->ifa.ifa_prefixlen = 0;
	ADDR(RTM_GETADDR, NLM_F_DUMP);
	ATTR(IFA_LOCAL, NEW1);
	EXPECT_REFUSED(EINVAL, &self->nl);
}

TEST_F(rtnl, neigh_dump)
{
	int i;

	for (i = 0; i < 300; i++)
		ASSERT_EQ(0, neigh_add(self->f, i % 3 ? "va" : "wa", 0x0a640000 + i,
				       (uint8_t *)CAROL_MAC,
				       i % 10 ? NUD_PERMANENT : NUD_STALE));
	memset(&self->ndm, 0, sizeof(self->ndm));
	self->ndm.ndm_family = AF_TEACH;
	NEIGH(RTM_GETNEIGH, NLM_F_DUMP);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(300, self->nl.answers);
	nl_attr_u32(&self->nl, NDA_IFINDEX, self->va);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(200, self->nl.answers);

	strict(self->nl.fd);
	self->ndm.ndm_ifindex = if_nametoindex("wa");
	NEIGH(RTM_GETNEIGH, NLM_F_DUMP);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(100, self->nl.answers);
	self->ndm.ndm_ifindex = 0;
	self->ndm.ndm_state = NUD_STALE;
	NEIGH(RTM_GETNEIGH, NLM_F_DUMP);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(30, self->nl.answers);
	self->ndm.ndm_flags = NTF_ROUTER;
	NEIGH(RTM_GETNEIGH, NLM_F_DUMP);
	EXPECT_REFUSED(EINVAL, &self->nl);
	self->ndm.ndm_flags = 0;
	NEIGH(RTM_GETNEIGH, NLM_F_DUMP);
	nl_attr_u32(&self->nl, 200, 1);
	EXPECT_REFUSED(EINVAL, &self->nl);
}

/* Dump requests that are cut. */
TEST_F(rtnl, dump_cut)
{
	size_t len;

	strict(self->nl.fd);
	for (len = 1; len < sizeof(self->ifa); len++) {
		nl_begin(&self->nl, RTM_GETADDR, NLM_F_DUMP, &self->ifa, len);
		EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%zu bytes", len);
	}
	for (len = 1; len < sizeof(self->ndm); len++) {
		nl_begin(&self->nl, RTM_GETNEIGH, NLM_F_DUMP, &self->ndm, len);
		EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%zu bytes", len);
	}
}

LAB_MAIN
