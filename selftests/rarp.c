// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RARP (RFC 903): a device gets an address by it, and the server in the kernel gives
 * addresses to others; the table of that, over generic netlink and ioctl.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <time.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>

#include "claim.h"

#ifndef SIOCDRARP
#define SIOCDRARP	0x8960
#define SIOCGRARP	0x8961
#define SIOCSRARP	0x8962
#endif

#define PORT		7000
#define PEER		7100
#define MINUTES		600000	/* milliseconds: longer than any test */
#define RARP_REQUEST	3
#define RARP_REPLY	4

/* Bob's end of the Ethernet for RARP and ARP, and what alice tells of her addresses. */
FIXTURE(rarp) {
	const struct family *f;
	int s, wire, rarp, arp, watch, genl;
	uint8_t va[6];
	struct nl nl;
	struct arp_frame a, in;
	struct addr_event e;
};
FIXTURE_SETUP(rarp)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->wire = wire_open();
	self->rarp = rarp_open("vb");
	self->arp = arp_open("vb");
	self->watch = addr_watch();
	self->nl.fd = nl_open(NETLINK_GENERIC);
	self->genl = teach_genl_id();
	quick_probes("va");
	link_parm("va", TEACH_PARM_A_RARP_RETRANS_MS, 20);
	link_parm("va", TEACH_PARM_A_RARP_RETRANS_MAX_MS, 40);
}
FIXTURE_TEARDOWN(rarp) {}

static void begin(struct nl *nl, int genl, int cmd, int flags, const char *dev)
{
	const struct genlmsghdr hdr = { .cmd = cmd, .version = 1 };

	nl_begin(nl, genl, flags, &hdr, sizeof(hdr));
	if (dev)
		nl_attr(nl, TEACH_A_IFNAME, dev, strlen(dev) + 1);
}

#define BEGIN(_cmd, _flags, _dev) \
	begin(&self->nl, self->genl, TEACH_CMD_RARP_##_cmd, _flags, _dev)
#define MAC(_mac) nl_attr(&self->nl, TEACH_A_LLADDR, _mac, 6)
#define ADDR(_addr) nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(_addr))

/* An entry of the server's table. */
#define ENTRY(_mac, _addr) do { \
	BEGIN(ADD, 0, NULL); \
	MAC(_mac); \
	ADDR(_addr); \
	EXPECT_ACCEPTED(&self->nl); \
} while (0)

#define START() do { \
	BEGIN(START, 0, "va"); \
	EXPECT_ACCEPTED(&self->nl); \
} while (0)

/* The next event is this one, about this address. */
#define EXPECT_EVENT(_type, _addr, _flags) do { \
	ASSERT_TRUE(addr_next(self->watch, &self->e, LIMIT_MS)); \
	EXPECT_EQ(_type, self->e.type); \
	EXPECT_EQ(_addr, self->e.addr); \
	EXPECT_EQ((uint32_t)(_flags), self->e.flags); \
} while (0)

/* The frame is counted by this counter alone, and is not answered. */
#define EXPECT_RARP_DROP(_len, _id) do { \
	struct counters _before; \
	counters_read(&_before); \
	arp_put(self->rarp, &self->a, _len); \
	SETTLE(self->wire, self->s, PEER, PORT); \
	EXPECT_TRUE(only_dropped(&_before, TEACH_STAT_##_id, 1)) \
		TH_LOG("only %s should have grown by 1", #_id); \
	EXPECT_EQ(_before.value[TEACH_STAT_RARP_OUT_REPLIES], \
		  counter(TEACH_STAT_RARP_OUT_REPLIES)); \
} while (0)

static void rarp_make(struct arp_frame *a, int op, const void *sender_mac, uint32_t sender,
		      const void *target_mac, uint32_t target)
{
	arp_make(a, op, sender_mac, sender, target_mac, target);
	a->eth.h_proto = htons(ETH_P_RARP);
	if (op == RARP_REQUEST)
		memcpy(a->eth.h_dest, ALL_MAC, 6);
}

/* carol asks who she is. */
static void request(struct arp_frame *a)
{
	rarp_make(a, RARP_REQUEST, CAROL_MAC, ANY, CAROL_MAC, ANY);
}

/* Waits for alice's next request and answers with this address. Requests of before may have
 * been answered.
 */
static void give(struct __test_metadata *_metadata, FIXTURE_DATA(rarp) *self, uint32_t addr)
{
	while (arp_get(self->rarp, &self->in, 0))
		;
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(RARP_REQUEST, ntohs(self->in.op));
	rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, self->va, addr);
	arp_put(self->rarp, &self->a, ARP_FRAME);
}

/* ---- The server ---------------------------------------------------------------------- */

/* To the byte: the request and its answer. */
TEST_F(rarp, request)
{
	static const uint8_t asked[ARP_FRAME] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,	/* to all */
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50,	/* from carol */
		0x80, 0x35,				/* RARP */
		0x00, 0x01, 0x88, 0xb5, 6, 4,		/* Ethernet, TEACH */
		0x00, 0x03,				/* request reverse */
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50, 0, 0, 0, 0,
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50, 0, 0, 0, 0,
	};
	static const uint8_t reply[ARP_FRAME] = {
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50,	/* to carol */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x80, 0x35,
		0x00, 0x01, 0x88, 0xb5, 6, 4,
		0x00, 0x04,				/* reply reverse */
		0, 0, 0, 0, 0, 0, 10, 1, 0, 1,		/* alice says: */
		0x02, 0x00, 0x00, 0x00, 0x00, 0x50, 10, 1, 0, 50,
	};
	uint8_t expected[ARP_FRAME];

	ENTRY(CAROL_MAC, CAROL);
	request(&self->a);
	ASSERT_EQ(0, memcmp(asked, &self->a, ARP_FRAME));
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	memcpy(expected, reply, sizeof(reply));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	EXPECT_EQ(0, memcmp(expected, &self->in, ARP_FRAME));
	EXPECT_EQ(1, counter(TEACH_STAT_RARP_IN_REQUESTS));
	EXPECT_EQ(1, counter(TEACH_STAT_RARP_OUT_REPLIES));
	/* Padded by the card. */
	arp_put(self->rarp, &self->a, 60);
	EXPECT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	/* carol's question made no neighbour of her. */
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_ALLOCS));
}

/* RFC 903: one may ask for another; the answer goes to who asked. */
TEST_F(rarp, third_party)
{
	ENTRY(CAROL_MAC, CAROL);
	rarp_make(&self->a, RARP_REQUEST, DAVE_MAC, ANY, CAROL_MAC, ANY);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, DAVE_MAC, 6));
	EXPECT_EQ(0, memcmp(self->in.target_mac, CAROL_MAC, 6));
	EXPECT_EQ(CAROL, ntohl(self->in.target));
}

/* An entry for a device comes before one for all; one for another device is none. */
TEST_F(rarp, entry_of_device)
{
	BEGIN(ADD, 0, "wa");
	MAC(CAROL_MAC);
	ADDR(CAROL + 1);
	EXPECT_ACCEPTED(&self->nl);
	request(&self->a);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_NO_ENTRY);
	ENTRY(CAROL_MAC, CAROL + 2);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(CAROL + 2, ntohl(self->in.target));
	BEGIN(ADD, 0, "va");
	MAC(CAROL_MAC);
	ADDR(CAROL);
	EXPECT_ACCEPTED(&self->nl);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(CAROL, ntohl(self->in.target));
}

/* Not known, or nothing to answer from. */
TEST_F(rarp, not_answered)
{
	struct nl rt = { .fd = nl_open(NETLINK_ROUTE) };
	struct counters before;
	int i;

	request(&self->a);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_NO_ENTRY);
	ENTRY(CAROL_MAC, CAROL);
	ASSERT_EQ(0, addr_request(&rt, RTM_DELADDR, "va", ALICE1, 24, 0));
	counters_read(&before);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	for (i = 0; i < LIMIT_MS && !counter(TEACH_STAT_RARP_NO_ADDRESS); i++)
		usleep(1000);
	EXPECT_TRUE(only_dropped(&before, TEACH_STAT_RARP_NO_ADDRESS, 1));
	EXPECT_EQ(0, counter(TEACH_STAT_RARP_OUT_REPLIES));
}

/* From permanent neighbours where that is switched on; never from learnt ones. */
TEST_F(rarp, from_neighbours)
{
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (uint8_t *)CAROL_MAC, NUD_PERMANENT));
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL + 1, (uint8_t *)CAROL_MAC,
			       NUD_PERMANENT));
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL + 2, (uint8_t *)DAVE_MAC,
			       NUD_REACHABLE));
	/* Another device's. */
	ASSERT_EQ(0, neigh_add(self->f, "wa", CAROL - 1, (uint8_t *)CAROL_MAC,
			       NUD_PERMANENT));
	request(&self->a);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_NO_ENTRY);
	link_parm("va", TEACH_PARM_A_RARP_SERVE, 1);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(RARP_REPLY, ntohs(self->in.op));
	EXPECT_EQ(CAROL, ntohl(self->in.target));
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
	/* The table comes first. */
	ENTRY(CAROL_MAC, CAROL + 5);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(CAROL + 5, ntohl(self->in.target));

	rarp_make(&self->a, RARP_REQUEST, DAVE_MAC, ANY, DAVE_MAC, ANY);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	EXPECT_EQ(0, arp_get(self->rarp, &self->in, 300));
	EXPECT_EQ(2, counter(TEACH_STAT_RARP_NO_ENTRY));
}

/* A flood of them waits in a queue with an end, and is counted to the last. */
TEST_F(rarp, flood)
{
	uint64_t out, lost;
	int i;

	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (uint8_t *)CAROL_MAC, NUD_PERMANENT));
	link_parm("va", TEACH_PARM_A_RARP_SERVE, 1);
	request(&self->a);
	for (i = 0; i < 500; i++)
		arp_put(self->rarp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	for (i = 0; i < LIMIT_MS; i++) {
		out = counter(TEACH_STAT_RARP_OUT_REPLIES);
		lost = counter(TEACH_STAT_RARP_BUSY);
		if (out + lost == 500)
			break;
		usleep(1000);
	}
	EXPECT_EQ(500, out + lost);
	EXPECT_LT(0, lost);
	EXPECT_LE(16, out);
}

/* ---- Frames that are not as they should be --------------------------------------------- */

TEST_F(rarp, truncated)
{
	size_t len;

	ENTRY(CAROL_MAC, CAROL);
	request(&self->a);
	for (len = ETH_HLEN + 8; len < ARP_FRAME; len++)
		EXPECT_RARP_DROP(len, RARP_BAD_LENGTH);
	/* Shorter: nobody can say that it was about TEACH. */
	for (len = ETH_HLEN; len < ETH_HLEN + 8; len++) {
		struct counters before;

		counters_read(&before);
		arp_put(self->rarp, &self->a, len);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_TRUE(only_dropped(&before, 0, 0));
	}
}

TEST_F(rarp, lengths_and_hardware)
{
	static const int bad[] = { 0, 1, 3, 5, 7, 255 };
	static const int hrd[] = { 0, 2, 6, 0x0100, 0xffff };
	unsigned int i;

	ENTRY(CAROL_MAC, CAROL);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		request(&self->a);
		self->a.hln = bad[i];
		EXPECT_RARP_DROP(sizeof(self->a), RARP_BAD_LENGTH);
		request(&self->a);
		self->a.pln = bad[i];
		EXPECT_RARP_DROP(sizeof(self->a), RARP_BAD_LENGTH);
	}
	for (i = 0; i < ARRAY_SIZE(hrd); i++) {
		request(&self->a);
		self->a.hrd = htons(hrd[i]);
		EXPECT_RARP_DROP(ARP_FRAME, RARP_BAD_LENGTH);
	}
}

/* ARP's operations (1, 2), InARP's and others. */
TEST_F(rarp, operation)
{
	static const int op[] = { 0, 1, 2, 5, 8, 9, 0x0300, 0xffff };
	unsigned int i;

	ENTRY(CAROL_MAC, CAROL);
	for (i = 0; i < ARRAY_SIZE(op); i++) {
		request(&self->a);
		self->a.op = htons(op[i]);
		EXPECT_RARP_DROP(ARP_FRAME, RARP_BAD_OP);
	}
}

TEST_F(rarp, mac_addresses)
{
	static const char *const mac[] = {
		NO_MAC, ALL_MAC, "\x01\x00\x5e\x00\x00\x01", "\x03\x00\x00\x00\x00\x50",
	};
	unsigned int i;

	ENTRY(CAROL_MAC, CAROL);
	for (i = 0; i < ARRAY_SIZE(mac); i++) {
		request(&self->a);
		memcpy(self->a.sender_mac, mac[i], 6);
		EXPECT_RARP_DROP(ARP_FRAME, RARP_BAD_MAC);
		request(&self->a);
		memcpy(self->a.target_mac, mac[i], 6);
		EXPECT_RARP_DROP(ARP_FRAME, RARP_BAD_MAC);
	}
	/* Our own: a loop in the network, or somebody who lies. */
	request(&self->a);
	memcpy(self->a.sender_mac, self->va, 6);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_OWN_MAC);
}

/* Answers that nobody waits for, and ones that no host can have. */
TEST_F(rarp, replies)
{
	rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, self->va, NEW1);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_UNSOLICITED);
	EXPECT_FALSE(addr_find(NEW1, &self->e));
	rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, self->va, ANY);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_BAD_ADDR);
	rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, self->va, BCAST_ALL);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_BAD_ADDR);
}

/* About IPv4, for another card, or on a device without ARP: not looked at. */
TEST_F(rarp, of_no_concern)
{
	struct counters before;

	ENTRY(CAROL_MAC, CAROL);
	counters_read(&before);
	request(&self->a);
	self->a.pro = htons(ETH_P_IP);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	request(&self->a);
	memcpy(self->a.eth.h_dest, DAVE_MAC, 6);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_EQ(0, link_arp("va", 0));
	request(&self->a);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_TRUE(only_dropped(&before, 0, 0));
	EXPECT_EQ(0, counter(TEACH_STAT_RARP_IN_REQUESTS));
}

/* ---- The table ---------------------------------------------------------------------------- */

static int entries(struct nl *nl, int genl)
{
	begin(nl, genl, TEACH_CMD_RARP_GET, NLM_F_DUMP, NULL);
	return nl_ask(nl) ? -1 : nl->answers;
}

TEST_F(rarp, table)
{
	const void *p;
	size_t len;

	BEGIN(ADD, 0, NULL);
	EXPECT_REFUSED(EINVAL, &self->nl);
	MAC(CAROL_MAC);
	EXPECT_REFUSED(EINVAL, &self->nl);
	ADDR(CAROL);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_REFUSED(EEXIST, &self->nl);
	BEGIN(ADD, 0, NULL);
	nl_attr(&self->nl, TEACH_A_REPLACE, "", 0);
	MAC(CAROL_MAC);
	ADDR(CAROL + 1);
	EXPECT_ACCEPTED(&self->nl);
	BEGIN(GET, 0, NULL);
	MAC(CAROL_MAC);
	EXPECT_ACCEPTED(&self->nl);
	p = nl_answer_attr(&self->nl, sizeof(struct genlmsghdr), TEACH_A_ADDR, &len);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(htonl(CAROL + 1), *(uint32_t *)p);
	EXPECT_EQ(1, entries(&self->nl, self->genl));
	BEGIN(GET, 0, "va");
	MAC(CAROL_MAC);
	EXPECT_REFUSED(ENOENT, &self->nl);
	BEGIN(DEL, 0, "va");
	MAC(CAROL_MAC);
	EXPECT_REFUSED(ENOENT, &self->nl);
	BEGIN(DEL, 0, NULL);
	EXPECT_REFUSED(EINVAL, &self->nl);
	MAC(CAROL_MAC);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_REFUSED(ENOENT, &self->nl);
	BEGIN(ADD, 0, NULL);
	MAC(ALL_MAC);
	ADDR(CAROL);
	EXPECT_REFUSED(EINVAL, &self->nl);
	BEGIN(ADD, 0, NULL);
	MAC(CAROL_MAC);
	ADDR(BCAST_ALL);
	EXPECT_REFUSED(EINVAL, &self->nl);
	BEGIN(ADD, 0, "nope");
	MAC(CAROL_MAC);
	ADDR(CAROL);
	EXPECT_REFUSED(ENODEV, &self->nl);
	BEGIN(ADD, 0, "lo");
	MAC(CAROL_MAC);
	ADDR(CAROL);
	EXPECT_REFUSED(EOPNOTSUPP, &self->nl);
	EXPECT_EQ(0, entries(&self->nl, self->genl));
}

/* Full to the bound, dumped as a whole; the entries of a device go with it. */
TEST_F(rarp, table_bound)
{
	uint8_t mac[6] = { 2, 0, 0, 1, 0, 0 };
	int i;

	for (i = 0; i < 4096; i++) {
		mac[4] = i >> 8;
		mac[5] = i;
		BEGIN(ADD, 0, i & 1 ? "va" : NULL);
		MAC(mac);
		ADDR(CAROL + i);
		ASSERT_EQ(0, nl_ask(&self->nl));
	}
	BEGIN(ADD, 0, NULL);
	MAC(CAROL_MAC);
	ADDR(CAROL);
	EXPECT_REFUSED(ENOSPC, &self->nl);
	EXPECT_EQ(4096, entries(&self->nl, self->genl));
	ASSERT_EQ(0, link_del("va"));
	EXPECT_EQ(2048, entries(&self->nl, self->genl));
}

/* rarp(8) knows ioctls. */
TEST_F(rarp, ioctls)
{
	struct arpreq req = { .arp_ha.sa_family = ARPHRD_ETHER }, got;
	addr_t *pa = (addr_t *)&req.arp_pa;

	*pa = addr_of(self->f, CAROL, 0);
	memcpy(req.arp_ha.sa_data, CAROL_MAC, 6);
	EXPECT_ERRNO(ENXIO, ioctl(self->s, SIOCGRARP, &req));
	EXPECT_RET(0, ioctl(self->s, SIOCSRARP, &req));
	EXPECT_EQ(1, entries(&self->nl, self->genl));
	got = req;
	memset(&got.arp_pa, 0xff, sizeof(got.arp_pa));
	EXPECT_RET(0, ioctl(self->s, SIOCGRARP, &got));
	EXPECT_EQ(0, memcmp(&got.arp_pa, pa, sizeof(*pa)));
	EXPECT_EQ(ATF_COM | ATF_PERM, got.arp_flags);
	request(&self->a);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	EXPECT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	strcpy(req.arp_dev, "nope");
	EXPECT_ERRNO(ENODEV, ioctl(self->s, SIOCDRARP, &req));
	strcpy(req.arp_dev, "va");
	EXPECT_ERRNO(ENXIO, ioctl(self->s, SIOCDRARP, &req));
	req.arp_dev[0] = '\0';
	EXPECT_RET(0, ioctl(self->s, SIOCDRARP, &req));
	EXPECT_ERRNO(ENXIO, ioctl(self->s, SIOCDRARP, &req));
	req.arp_ha.sa_family = ARPHRD_IEEE802;
	EXPECT_ERRNO(EINVAL, ioctl(self->s, SIOCSRARP, &req));
	req.arp_ha.sa_family = ARPHRD_ETHER;
	req.arp_pa.sa_family = AF_INET;
	EXPECT_ERRNO(EPFNOSUPPORT, ioctl(self->s, SIOCSRARP, &req));
	become_nobody();
	EXPECT_ERRNO(EPERM, ioctl(self->s, SIOCSRARP, &req));
	EXPECT_ERRNO(EPERM, ioctl(self->s, SIOCDRARP, &req));
	BEGIN(ADD, 0, NULL);
	MAC(CAROL_MAC);
	ADDR(CAROL);
	EXPECT_REFUSED(EPERM, &self->nl);
	BEGIN(START, 0, "va");
	EXPECT_REFUSED(EPERM, &self->nl);
}

/* ---- The client ----------------------------------------------------------------------------- */

/* To the byte: who am I? The answer is probed for, used and announced. */
TEST_F(rarp, dynamic)
{
	static const uint8_t question[ARP_FRAME] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,	/* to all */
		0, 0, 0, 0, 0, 0,			/* from alice, see below */
		0x80, 0x35,				/* RARP */
		0x00, 0x01, 0x88, 0xb5, 6, 4,		/* Ethernet, TEACH */
		0x00, 0x03,				/* request reverse */
	};
	uint8_t expected[ARP_FRAME];
	int i;

	memcpy(expected, question, sizeof(question));
	memcpy(expected + 6, self->va, 6);
	memcpy(expected + 22, self->va, 6);
	memcpy(expected + 32, self->va, 6);
	START();
	/* Nobody answers the first; one that answers for another host does not count. */
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(0, memcmp(expected, &self->in, ARP_FRAME));
	rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, DAVE_MAC, CAROL + 1);
	memcpy(self->a.eth.h_dest, self->va, 6);
	EXPECT_RARP_DROP(ARP_FRAME, RARP_UNSOLICITED);
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	EXPECT_EQ(24, self->e.plen);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
	EXPECT_LT(3500, self->e.valid);
	EXPECT_GE(3600, self->e.valid);
	EXPECT_EQ(self->e.valid, self->e.preferred);
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS));
		EXPECT_EQ(i < 3 ? ANY : NEW1, ntohl(self->in.sender));
		EXPECT_EQ(NEW1, ntohl(self->in.target));
	}
	EXPECT_RET(0, bind_to(self->f, sk_open(self->f, ALICE), NEW1, PORT));
	EXPECT_EQ(1, counter(TEACH_STAT_RARP_LEASES));
	/* Once is enough. */
	BEGIN(START, 0, "va");
	EXPECT_REFUSED(EEXIST, &self->nl);
	BEGIN(STOP, 0, "va");
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EVENT(RTM_DELADDR, NEW1, 0);
	EXPECT_REFUSED(ENOENT, &self->nl);
}

/* Two kernels: bob's server, alice's client, with a prefix length of her own. */
TEST_F(rarp, bob_serves)
{
	lab_enter(BOB);
	self->nl.fd = nl_open(NETLINK_GENERIC);
	ENTRY(self->va, NEW1);
	lab_enter(ALICE);
	self->nl.fd = nl_open(NETLINK_GENERIC);
	/* He answers while she asks: no second request is waited for. */
	link_parm("va", TEACH_PARM_A_RARP_RETRANS_MAX_MS, MINUTES);
	link_parm("va", TEACH_PARM_A_RARP_RETRANS_MS, MINUTES);
	BEGIN(START, 0, "va");
	nl_attr(&self->nl, TEACH_A_PREFIXLEN, &(uint8_t){ 20 }, 1);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
	EXPECT_EQ(20, self->e.plen);
	EXPECT_EQ(1, counter(TEACH_STAT_RARP_LEASES));
}

/* It asks again with longer and longer pauses, up to a bound, and does not end. */
TEST_F(rarp, back_off)
{
	struct timespec since;
	long pause[5];
	int i;

	link_parm("va", TEACH_PARM_A_RARP_RETRANS_MS, 40);
	link_parm("va", TEACH_PARM_A_RARP_RETRANS_MAX_MS, 160);
	START();
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	for (i = 0; i < 5; i++) {
		clock_gettime(CLOCK_MONOTONIC, &since);
		ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
		pause[i] = elapsed_ms(&since);
	}
	/* Never before three quarters of 40, 80, 160, 160, 160; the machine may be slow,
	 * so that what is late is not held against it.
	 */
	for (i = 0; i < 5; i++)
		EXPECT_LE((i == 0 ? 40 : i == 1 ? 80 : 160) * 3 / 4 - 12, pause[i])
			TH_LOG("pause %d", i);
	EXPECT_EQ(6, counter(TEACH_STAT_RARP_OUT_REQUESTS));
}

/* Confirmed at half its lifetime it stays; when nobody confirms it, it goes. */
TEST_F(rarp, lifetime)
{
	link_parm("va", TEACH_PARM_A_RARP_LIFETIME_MS, 1500);
	START();
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
	EXPECT_EQ(0, counter(TEACH_STAT_RARP_EXPIRED));
	EXPECT_EVENT(RTM_DELADDR, NEW1, 0);
	EXPECT_EQ(1, counter(TEACH_STAT_RARP_EXPIRED));
	/* It goes on asking, and takes another one. */
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	give(_metadata, self, NEW1 + 1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1 + 1, IFA_F_TENTATIVE);
}

/* Given an address that another host has: not taken, and asked again. */
TEST_F(rarp, conflict)
{
	START();
	give(_metadata, self, BOB1);
	EXPECT_EVENT(RTM_NEWADDR, BOB1, IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, BOB1, HELD);
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_DELADDR, BOB1, HELD);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
}

/* Given one that cannot be a host's here, or that is there already. */
TEST_F(rarp, impossible)
{
	START();
	give(_metadata, self, BCAST1);
	give(_metadata, self, ALICE1);
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
	ASSERT_TRUE(addr_find(ALICE1, &self->e));
	EXPECT_EQ(IFA_F_PERMANENT, self->e.flags);
}

/* Down: nobody is asked. Up again, perhaps elsewhere: asked at once, and probed anew. */
TEST_F(rarp, down_and_up)
{
	uint64_t asked;
	int i;

	START();
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
	for (i = 0; i < 2; i++) {
		asked = counter(TEACH_STAT_RARP_OUT_REQUESTS);
		/* By its own device, then by the other end of the cable. */
		if (i)
			lab_enter(BOB);
		ASSERT_EQ(0, link_up(i ? "vb" : "va", 0));
		ASSERT_EQ(0, link_up(i ? "vb" : "va", 1));
		lab_enter(ALICE);
		EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
		while (counter(TEACH_STAT_RARP_OUT_REQUESTS) == asked)
			usleep(1000);
		/* The old socket heard that its device went down. */
		self->rarp = rarp_open("vb");
		rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, self->va, NEW1);
		arp_put(self->rarp, &self->a, ARP_FRAME);
		do {
			ASSERT_TRUE(addr_next(self->watch, &self->e, LIMIT_MS));
			EXPECT_EQ(NEW1, self->e.addr);
			EXPECT_EQ(RTM_NEWADDR, self->e.type);
		} while (self->e.flags);
	}
}

/* The address was given to a MAC address: with another one it is asked for anew. */
TEST_F(rarp, other_mac)
{
	START();
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, 0);
	ASSERT_EQ(0, link_set_mac("va", (uint8_t *)DAVE_MAC));
	EXPECT_EVENT(RTM_DELADDR, NEW1, 0);
	do {
		ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	} while (memcmp(self->in.target_mac, DAVE_MAC, 6));
	rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, DAVE_MAC, NEW1 + 1);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	EXPECT_EVENT(RTM_NEWADDR, NEW1 + 1, IFA_F_TENTATIVE);
}

/* Taken away by hand it does not come back. A device may go at any time. */
TEST_F(rarp, gone)
{
	struct nl rt = { .fd = nl_open(NETLINK_ROUTE) };

	START();
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	ASSERT_EQ(0, addr_request(&rt, RTM_DELADDR, "va", NEW1, 24, 0));
	EXPECT_EVENT(RTM_DELADDR, NEW1, IFA_F_TENTATIVE);
	BEGIN(STOP, 0, "va");
	EXPECT_REFUSED(ENOENT, &self->nl);
	START();
	give(_metadata, self, NEW1);
	EXPECT_EVENT(RTM_NEWADDR, NEW1, IFA_F_TENTATIVE);
	ASSERT_EQ(0, link_del("va"));
	EXPECT_FALSE(addr_find(NEW1, &self->e));
	BEGIN(START, 0, "wa");
	EXPECT_ACCEPTED(&self->nl);
	ASSERT_EQ(0, link_del("wa"));
	BEGIN(START, 0, "wa");
	EXPECT_REFUSED(ENODEV, &self->nl);
}

TEST_F(rarp, start_refused)
{
	BEGIN(START, 0, NULL);
	EXPECT_REFUSED(EINVAL, &self->nl);
	BEGIN(START, 0, "va");
	nl_attr(&self->nl, TEACH_A_PREFIXLEN, &(uint8_t){ 33 }, 1);
	EXPECT_REFUSED(ERANGE, &self->nl);
	BEGIN(STOP, 0, "va");
	EXPECT_REFUSED(ENOENT, &self->nl);
	ASSERT_EQ(0, link_arp("va", 0));
	BEGIN(START, 0, "va");
	EXPECT_REFUSED(EOPNOTSUPP, &self->nl);
	BEGIN(RESOLVE, 0, "va");
	EXPECT_REFUSED(EOPNOTSUPP, &self->nl);
	BEGIN(RESOLVE, 0, NULL);
	EXPECT_REFUSED(EINVAL, &self->nl);
	ASSERT_EQ(0, link_up("va", 0));
	BEGIN(RESOLVE, 0, "va");
	EXPECT_REFUSED(ENETDOWN, &self->nl);
}

/* Reverse-resolve now: the answer comes to who asked, by its sequence number. */
TEST_F(rarp, resolve)
{
	char buf[4096];
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	struct genlmsghdr *gh = NLMSG_DATA(h);

	BEGIN(RESOLVE, 0, "va");
	MAC(DAVE_MAC);
	EXPECT_ACCEPTED(&self->nl);
	ASSERT_EQ(ARP_FRAME, arp_get(self->rarp, &self->in, LIMIT_MS));
	EXPECT_EQ(RARP_REQUEST, ntohs(self->in.op));
	EXPECT_EQ(0, memcmp(self->in.sender_mac, self->va, 6));
	EXPECT_EQ(0, memcmp(self->in.target_mac, DAVE_MAC, 6));
	rarp_make(&self->a, RARP_REPLY, CAROL_MAC, CAROL, DAVE_MAC, NEW1);
	memcpy(self->a.eth.h_dest, self->va, 6);
	arp_put(self->rarp, &self->a, ARP_FRAME);
	ASSERT_LT(0, recv(self->nl.fd, buf, sizeof(buf), 0));
	EXPECT_EQ(self->nl.seq, h->nlmsg_seq);
	EXPECT_EQ(self->genl, h->nlmsg_type);
	EXPECT_EQ(TEACH_CMD_RARP_RESOLVE, gh->cmd);
	/* That was all: the same once more is not asked for, and no address came of it. */
	EXPECT_RARP_DROP(ARP_FRAME, RARP_UNSOLICITED);
	EXPECT_FALSE(addr_find(NEW1, &self->e));
}

LAB_MAIN
