// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Proxy ARP: entries made by RTM_NEWNEIGH with NTF_PROXY, proxy_arp, and the queue of
 * answers that wait. What IPv4 has too runs over both families.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define PORT	7000

FIXTURE(proxy) {
	const struct family *f;
	struct exchange x;
	uint8_t va[6];
	struct arp_frame a, in;
};
FIXTURE_VARIANT(proxy) { const struct family *f; };
FIXTURE_VARIANT_ADD(proxy, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(proxy, teach) { .f = &fam_teach };
FIXTURE_SETUP(proxy)
{
	self->f = variant->f;
	lab_make();
	test_begin(self->f);
	lab_ready();
	pin_cpu();
	exchange_open(&self->x, self->f);
	mac_of(ALICE, "va", self->va);
	/* TEACH has no forwarding to switch on. */
	if (self->f->af == AF_INET)
		must(!sysctl_write("/proc/sys/net/ipv4/ip_forward", "1"), "forwarding");
}
FIXTURE_TEARDOWN(proxy) {}

static void set(const struct family *f, const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/%s/%s",
		 f->af == AF_INET ? "ipv4" : "teach", name);
	must(!sysctl_write(path, value), name);
}

/* Carol asks for an address; says whether she is told alice's MAC address. */
static bool asked(struct exchange *x, uint32_t target, bool unicast, const uint8_t *va)
{
	struct arp_frame a, in;

	arp_make(&a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, target);
	if (unicast)
		memcpy(a.eth.h_dest, va, 6);
	a.pro = x->pro;
	arp_put(x->at_bob, &a, ARP_FRAME);
	if (!exchange_next(x, &in) || in.op != htons(ARP_REPLY))
		return false;
	errno = EPROTO;
	must(!memcmp(in.sender_mac, va, 6) && in.sender == htonl(target) &&
	     !memcmp(in.eth.h_dest, CAROL_MAC, 6) && in.target == htonl(CAROL),
	     "a reply to carol with alice's MAC address");
	return true;
}

#define ASKED(_target) asked(&self->x, _target, false, self->va)

static void proxy_msg(struct nl *nl, const struct family *f, int type, int flags,
		      const char *dev, uint32_t addr)
{
	const struct ndmsg ndm = {
		.ndm_family = f->af, .ndm_flags = NTF_PROXY,
		.ndm_ifindex = dev ? if_nametoindex(dev) : 0,
	};
	uint32_t dst = htonl(addr);

	nl_begin(nl, type, flags, &ndm, sizeof(ndm));
	nl_attr(nl, NDA_DST, &dst, sizeof(dst));
}

static int proxy_do(const struct family *f, int type, int flags, const char *dev,
		    uint32_t addr)
{
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int ret;

	proxy_msg(&nl, f, type, flags, dev, addr);
	ret = nl_ask(&nl);
	close(nl.fd);
	return ret;
}

#define ADD	RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL
#define DEL	RTM_DELNEIGH, 0

/* Bob's address on the second Ethernet, asked for on the first. */
TEST_F(proxy, entry)
{
	set(self->f, "neigh/va/proxy_delay", "0");
	EXPECT_FALSE(ASKED(BOB2));
	EXPECT_EQ(0, proxy_do(self->f, ADD, "va", BOB2));
	EXPECT_TRUE(ASKED(BOB2));
	EXPECT_FALSE(ASKED(BOB2 + 1));
	/* Who asked is known from then on, as who asked for an address of ours. */
	EXPECT_EQ(NUD_STALE, neigh_state(self->f, "va", CAROL));
	EXPECT_EQ(0, proxy_do(self->f, DEL, "va", BOB2));
	EXPECT_FALSE(ASKED(BOB2));
	EXPECT_EQ(-ENOENT, proxy_do(self->f, DEL, "va", BOB2));
	/* Made for another device; for all of them. */
	EXPECT_EQ(0, proxy_do(self->f, ADD, "wa", BOB2));
	EXPECT_FALSE(ASKED(BOB2));
	EXPECT_EQ(0, proxy_do(self->f, ADD, NULL, BOB2));
	EXPECT_TRUE(ASKED(BOB2));
	/* Linux 6.1 keeps IPv4's beyond the end of its namespace, and the next to get that
	 * memory has it.
	 */
	EXPECT_EQ(0, proxy_do(self->f, DEL, NULL, BOB2));
}

/* A host that looks whether its address is free must not hear that it is not. */
TEST_F(proxy, probe)
{
	struct arp_frame a, in;

	set(self->f, "neigh/va/proxy_delay", "0");
	EXPECT_EQ(0, proxy_do(self->f, ADD, "va", BOB2));
	arp_make(&a, ARP_REQUEST, CAROL_MAC, ANY, NO_MAC, BOB2);
	a.pro = self->x.pro;
	arp_put(self->x.at_bob, &a, ARP_FRAME);
	EXPECT_FALSE(exchange_next(&self->x, &in));
	EXPECT_TRUE(ASKED(BOB2));
}

TEST_F(proxy, proxy_arp)
{
	set(self->f, "neigh/va/proxy_delay", "0");
	EXPECT_FALSE(ASKED(BOB2));
	set(self->f, "conf/va/proxy_arp", "1");
	EXPECT_TRUE(ASKED(BOB2));
	EXPECT_TRUE(ASKED(UNUSED2));
	/* Reached by the device that the question came in by; by none. */
	EXPECT_FALSE(ASKED(UNUSED1));
	EXPECT_FALSE(ASKED(NOROUTE));
	set(self->f, "conf/va/proxy_arp", "0");
	EXPECT_FALSE(ASKED(BOB2));
	set(self->f, "conf/all/proxy_arp", "1");
	EXPECT_TRUE(ASKED(BOB2));
	/* The route goes with its device. */
	ASSERT_EQ(0, link_up("wa", 0));
	EXPECT_FALSE(ASKED(BOB2));
}

/* The answer comes later, to a question to all; at once, to one that knows us. */
TEST_F(proxy, delay)
{
	struct arp_frame in;
	int i;

	EXPECT_EQ(0, proxy_do(self->f, ADD, "va", BOB2));
	set(self->f, "neigh/va/proxy_delay", "8000000");
	for (i = 0; i < 3; i++)
		EXPECT_FALSE(ASKED(BOB2));
	EXPECT_TRUE(asked(&self->x, BOB2, true, self->va));
	/* From now on others wait less. */
	set(self->f, "neigh/va/proxy_delay", "5");
	ASKED(BOB2 + 1);
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL + 1, NO_MAC, BOB2);
	self->a.pro = self->x.pro;
	arp_put(self->x.at_bob, &self->a, ARP_FRAME);
	do {
		ASSERT_TRUE(exchange_wait(&self->x, &in, LIMIT_MS));
	} while (in.op != htons(ARP_REPLY));
	EXPECT_EQ(BOB2, ntohl(in.sender));
	EXPECT_EQ(0, memcmp(in.eth.h_dest, DAVE_MAC, 6));
}

/* `ip neigh` and `ip neigh add proxy` talk like this. */
TEST_F(proxy, netlink)
{
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	const struct ndmsg *ndm;
	const uint32_t *dst;
	size_t len;

	EXPECT_EQ(0, proxy_do(self->f, ADD, "va", BOB2));
	EXPECT_EQ(0, proxy_do(self->f, ADD, "wa", BOB1));
	EXPECT_EQ(0, proxy_do(self->f, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, "va", BOB2));

	proxy_msg(&nl, self->f, RTM_GETNEIGH, 0, "va", BOB2);
	EXPECT_ACCEPTED(&nl);
	EXPECT_EQ(1, nl.answers);
	ndm = (const struct ndmsg *)nl.answer;
	EXPECT_EQ(NTF_PROXY, ndm->ndm_flags);
	EXPECT_EQ(NUD_NONE, ndm->ndm_state);
	EXPECT_EQ((int)if_nametoindex("va"), ndm->ndm_ifindex);
	dst = nl_answer_attr(&nl, sizeof(*ndm), NDA_DST, &len);
	ASSERT_EQ(4, len);
	EXPECT_EQ(BOB2, ntohl(*dst));

	/* All of them, none of the cache, and the cache without them. */
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC,
			       NUD_PERMANENT));
	proxy_msg(&nl, self->f, RTM_GETNEIGH, NLM_F_DUMP, NULL, 0);
	nl.hdr.nlmsg_len = NLMSG_LENGTH(sizeof(*ndm));
	EXPECT_ACCEPTED(&nl);
	EXPECT_EQ(2, nl.answers);
	((struct ndmsg *)NLMSG_DATA(&nl.hdr))->ndm_flags = 0;
	EXPECT_ACCEPTED(&nl);
	EXPECT_EQ(1, nl.answers);
	EXPECT_EQ(-ENOENT, proxy_do(self->f, RTM_GETNEIGH, 0, "va", BOB2 + 1));

	/* They go when their device is down. */
	ASSERT_EQ(0, link_up("wa", 0));
	EXPECT_EQ(-ENOENT, proxy_do(self->f, RTM_GETNEIGH, 0, "wa", BOB1));
	ASSERT_EQ(0, link_del("wa"));
	proxy_msg(&nl, self->f, RTM_GETNEIGH, NLM_F_DUMP, NULL, 0);
	nl.hdr.nlmsg_len = NLMSG_LENGTH(sizeof(*ndm));
	EXPECT_ACCEPTED(&nl);
	EXPECT_EQ(1, nl.answers);
}

/* ---- what only TEACH has ---- */

FIXTURE(queue) {
	const struct family *f;
	struct exchange x;
	uint8_t va[6];
};
FIXTURE_SETUP(queue)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	pin_cpu();
	exchange_open(&self->x, self->f);
	mac_of(ALICE, "va", self->va);
}
FIXTURE_TEARDOWN(queue) {}

/* There is no forwarding: an entry alone is enough, for a host of the same link too. */
TEST_F(queue, same_link)
{
	link_parm("va", TEACH_PARM_A_PROXY_DELAY_MS, 0);
	EXPECT_EQ(0, proxy_do(self->f, ADD, "va", UNUSED1));
	EXPECT_TRUE(ASKED(UNUSED1));
	EXPECT_EQ(1, counter(TEACH_STAT_ARP_PROXIED));
	EXPECT_EQ(1, counter(TEACH_STAT_ARP_OUT_REPLIES));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_NOT_FOR_US));
}

/* Bounded, and what has no room is counted; what waits goes with the device. */
TEST_F(queue, bounded)
{
	int i;

	EXPECT_EQ(0, proxy_do(self->f, ADD, "va", UNUSED1));
	link_parm("va", TEACH_PARM_A_PROXY_DELAY_MS, 86400000);
	link_parm("va", TEACH_PARM_A_PROXY_QLEN, 5);
	for (i = 0; i < 12; i++)
		EXPECT_FALSE(ASKED(UNUSED1));
	EXPECT_EQ(7, counter(TEACH_STAT_ARP_PROXY_DROPS));
	ASSERT_EQ(0, link_up("va", 0));
	EXPECT_EQ(12, counter(TEACH_STAT_ARP_PROXY_DROPS));
	EXPECT_EQ(0, counter(TEACH_STAT_ARP_PROXIED));
	ASSERT_EQ(0, link_up("va", 1));
	lab_ready();
	exchange_again(&self->x);
	EXPECT_EQ(0, proxy_do(self->f, ADD, "va", UNUSED1));
	EXPECT_FALSE(ASKED(UNUSED1));
	EXPECT_EQ(12, counter(TEACH_STAT_ARP_PROXY_DROPS));
	ASSERT_EQ(0, link_del("va"));
	EXPECT_EQ(13, counter(TEACH_STAT_ARP_PROXY_DROPS));
}

/* Asked again when the time has come: an entry that is gone is not answered for. */
TEST_F(queue, entry_gone)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	struct arp_frame in;
	int i;

	link_parm("va", TEACH_PARM_A_PROXY_DELAY_MS, 400);
	for (i = 0; i < 20; i++) {
		EXPECT_EQ(0, proxy_do(self->f, ADD, "va", UNUSED1));
		ASKED(UNUSED1);
		EXPECT_EQ(0, proxy_do(self->f, DEL, "va", UNUSED1));
	}
	/* Each was answered before it went, or dropped after it. */
	for (i = 0; i < LIMIT_MS / 5 && counter(TEACH_STAT_ARP_PROXIED) +
	     counter(TEACH_STAT_ARP_PROXY_DROPS) < 20; i++)
		nanosleep(&pause, NULL);
	EXPECT_EQ(20, counter(TEACH_STAT_ARP_PROXIED) + counter(TEACH_STAT_ARP_PROXY_DROPS));
	EXPECT_LT(0, counter(TEACH_STAT_ARP_PROXY_DROPS));
	while (exchange_next(&self->x, &in))
		;
}

TEST_F(queue, refused)
{
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };

	proxy_msg(&nl, self->f, ADD, "va", ANY);
	EXPECT_REFUSED(EINVAL, &nl);
	proxy_msg(&nl, self->f, ADD, "va", BCAST1);
	EXPECT_REFUSED(EINVAL, &nl);
	proxy_msg(&nl, self->f, ADD, NULL, BCAST_ALL);
	EXPECT_REFUSED(EINVAL, &nl);
	proxy_msg(&nl, self->f, ADD, "lo", BOB2);
	EXPECT_REFUSED(EOPNOTSUPP, &nl);
	proxy_msg(&nl, self->f, ADD, "va", BOB2);
	nl_attr(&nl, NDA_LLADDR, CAROL_MAC, 6);
	EXPECT_REFUSED(EINVAL, &nl);
	proxy_msg(&nl, self->f, RTM_NEWNEIGH, NLM_F_REPLACE, "va", BOB2);
	EXPECT_REFUSED(ENOENT, &nl);
	proxy_msg(&nl, self->f, ADD, "va", BOB2);
	nl.hdr.nlmsg_len = NLMSG_LENGTH(sizeof(struct ndmsg));
	EXPECT_REFUSED(EINVAL, &nl);
	proxy_msg(&nl, self->f, DEL, "va", BOB2);
	EXPECT_REFUSED(ENOENT, &nl);
	proxy_msg(&nl, self->f, ADD, "va", BOB2);
	EXPECT_ACCEPTED(&nl);
	EXPECT_REFUSED(EEXIST, &nl);
	become_nobody();
	proxy_msg(&nl, self->f, DEL, "va", BOB2);
	nl.fd = nl_open(NETLINK_ROUTE);
	EXPECT_REFUSED(EPERM, &nl);
}

LAB_MAIN
