// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames that come in, what dgram_wire.c and ctl_wire.c leave out: answers to
 * the byte, the rate of errors, addresses of frame and packet that do not fit,
 * VLANs, promiscuous devices, frames longer than the MTU.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <linux/if_packet.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define CLOSED	6999
#define MULTICAST "\x01\x00\x5e\x00\x00\x01"

FIXTURE(frames) {
	const struct family *f;
	int s, wire;
	uint8_t va[6], vb[6];
	struct frame fr, in;
};
FIXTURE_SETUP(frames)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	mac_of(BOB, "vb", self->vb);
	/* Checksums as they go over a cable. */
	must(!link_checksum("va", 0), "checksums by the sender");
	/* Alice need not ask where bob is. */
	must(!neigh_add(self->f, "va", BOB1, self->vb, NUD_PERMANENT), "bob's entry");
	self->s = sk_bound(self->f, ALICE, ANY, PORT);
	self->wire = wire_open();
}
FIXTURE_TEARDOWN(frames) {}

/* A good datagram is the next thing that alice's socket receives. */
static void still_receives(struct __test_metadata *_metadata, int wire, int s)
{
	struct frame fr;
	char buf[8];

	frame_send(wire, &fr, frame_dgram(&fr, PEER, PORT, "good", 4));
	EXPECT_RET(4, recv(s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "good", 4));
	EXPECT_ERRNO(EAGAIN, recv(s, buf, 1, MSG_DONTWAIT));
}

/* Dropped, counted by this counter alone, and nobody is told. */
#define EXPECT_DROP(_len, _id) do { \
	struct counters _before; \
	counters_read(&_before); \
	frame_send(self->wire, &self->fr, _len); \
	still_receives(_metadata, self->wire, self->s); \
	EXPECT_TRUE(only_dropped(&_before, TEACH_STAT_##_id, 1)) \
		TH_LOG("only %s should have grown by 1", #_id); \
	EXPECT_EQ(_before.value[TEACH_STAT_CTL_OUT], \
		  counter(TEACH_STAT_CTL_OUT)); \
} while (0)

/* Neither delivered nor counted: not for this host, or not TEACH's to judge. */
#define EXPECT_IGNORED(_len) do { \
	struct counters _before; \
	counters_read(&_before); \
	frame_send(self->wire, &self->fr, _len); \
	still_receives(_metadata, self->wire, self->s); \
	EXPECT_TRUE(only_dropped(&_before, 0, 0)); \
	EXPECT_EQ(_before.value[TEACH_STAT_IN_PACKETS] + 1, \
		  counter(TEACH_STAT_IN_PACKETS)); \
} while (0)

static void to_all(struct frame *fr, const char *mac, uint32_t daddr)
{
	memcpy(fr->eth.h_dest, mac, 6);
	fr->th.daddr = htonl(daddr);
	frame_checksum(fr);
}

/* The echo that Documentation/protocol.md describes, byte by byte. */
TEST_F(frames, echo_golden)
{
	static const uint8_t request[] = {
		0x14, 0x00, 0x00, 0x1c, 0x01, 0x40, 0x00, 0x00,
		10, 1, 0, 2, 10, 1, 0, 1,
		8, 0, 0xf2, 0xe1, 0x12, 0x34, 0x00, 0x07, 'p', 'i', 'n', 'g',
	};
	static const uint8_t reply[] = {
		0x14, 0x00, 0x00, 0x1c, 0x01, 0x40, 0x00, 0x00,
		10, 1, 0, 1, 10, 1, 0, 2,
		0, 0, 0xfa, 0xe1, 0x12, 0x34, 0x00, 0x07, 'p', 'i', 'n', 'g',
	};
	size_t len = ETH_HLEN + sizeof(request);

	frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 0, "", 0);
	memcpy(&self->fr.th, request, sizeof(request));
	frame_send(self->wire, &self->fr, len);
	ASSERT_EQ(len, frame_receive(self->wire, &self->in));
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, self->vb, 6));
	EXPECT_EQ(0, memcmp(self->in.eth.h_source, self->va, 6));
	EXPECT_EQ(ETH_P_TEACH, ntohs(self->in.eth.h_proto));
	EXPECT_EQ(0, memcmp(&self->in.th, reply, sizeof(reply)));
}

/* A datagram to a port that nobody has, and what comes back. */
TEST_F(frames, port_unreachable_golden)
{
	static const uint8_t packet[] = {
		0x14, 0x00, 0x00, 0x1b, 0x11, 0x40, 0x00, 0x00,
		10, 1, 0, 2, 10, 1, 0, 1,
		0x1b, 0xbc, 0x1b, 0x57, 0x00, 0x0b, 0xd3, 0x5a, 'h', 'e', 'y',
	};
	static const uint8_t answer[] = {
		0x14, 0x00, 0x00, 0x33, 0x01, 0x40, 0x00, 0x00,
		10, 1, 0, 1, 10, 1, 0, 2,
		3, 3, 0xc3, 0x94, 0, 0, 0, 0,
		0x14, 0x00, 0x00, 0x1b, 0x11, 0x40, 0x00, 0x00,
		10, 1, 0, 2, 10, 1, 0, 1,
		0x1b, 0xbc, 0x1b, 0x57, 0x00, 0x0b, 0xd3, 0x5a, 'h', 'e', 'y',
	};

	frame_dgram(&self->fr, PEER, CLOSED, "hey", 3);
	memcpy(&self->fr.th, packet, sizeof(packet));
	frame_send(self->wire, &self->fr, ETH_HLEN + sizeof(packet));
	ASSERT_EQ(ETH_HLEN + sizeof(answer), frame_receive(self->wire, &self->in));
	EXPECT_EQ(0, memcmp(&self->in.th, answer, sizeof(answer)));
	EXPECT_EQ(1, counter(TEACH_STAT_DGRAM_NO_PORTS));
	EXPECT_EQ(1, counter(TEACH_STAT_CTL_OUT_UNREACHS));
}

/* Every protocol that nobody takes. */
TEST_F(frames, unknown_protocols)
{
	int protocol, unknown = 0;
	size_t len;

	must(!sysctl_write("/proc/sys/net/teach/control_msgs_burst", "1000"), "burst");
	for (protocol = 0; protocol < 256; protocol++) {
		if (protocol == TEACHPROTO_CONTROL || protocol == TEACHPROTO_STREAM ||
		    protocol == TEACHPROTO_DGRAM)
			continue;
		len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
		self->fr.th.protocol = protocol;
		frame_send(self->wire, &self->fr, len);
		ASSERT_EQ(ETH_HLEN + 24 + 25, frame_receive(self->wire, &self->in));
		EXPECT_EQ(TEACH_CTL_UNREACH, self->in.ctl.type);
		EXPECT_EQ(TEACH_UNREACH_PROTOCOL, self->in.ctl.code);
		EXPECT_EQ(protocol, self->in.body[4]);
		unknown++;
	}
	still_receives(_metadata, self->wire, self->s);
	EXPECT_EQ(unknown, (int)counter(TEACH_STAT_IN_UNKNOWN_PROTOS));
	EXPECT_EQ(unknown, (int)counter(TEACH_STAT_CTL_OUT_UNREACHS));
}

/* Errors are sent up to a rate; echoes are not held back. */
TEST_F(frames, rate_of_errors)
{
	size_t len;
	int i;

	must(!sysctl_write("/proc/sys/net/teach/control_msgs_per_sec", "0"), "rate");
	must(!sysctl_write("/proc/sys/net/teach/control_msgs_burst", "3"), "burst");
	len = frame_dgram(&self->fr, PEER, CLOSED, "x", 1);
	for (i = 0; i < 10; i++)
		frame_send(self->wire, &self->fr, len);
	still_receives(_metadata, self->wire, self->s);
	EXPECT_EQ(10, counter(TEACH_STAT_DGRAM_NO_PORTS));
	EXPECT_EQ(3, counter(TEACH_STAT_CTL_OUT_UNREACHS));
	EXPECT_EQ(7, counter(TEACH_STAT_CTL_RATE_LIMITED));
	for (i = 0; i < 3; i++) {
		frame_receive(self->wire, &self->in);
		EXPECT_EQ(TEACH_CTL_UNREACH, self->in.ctl.type);
	}
	len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 1, "x", 1);
	for (i = 0; i < 10; i++) {
		frame_send(self->wire, &self->fr, len);
		frame_receive(self->wire, &self->in);
		EXPECT_EQ(TEACH_CTL_ECHO_REPLY, self->in.ctl.type);
	}
	EXPECT_EQ(10, counter(TEACH_STAT_CTL_OUT_ECHO_REPS));
}

/* No error about a broadcast: everybody would send one. */
TEST_F(frames, no_error_about_broadcast)
{
	static const uint32_t to[] = { BCAST1, BCAST_ALL };
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(to); i++) {
		len = frame_dgram(&self->fr, PEER, CLOSED, "x", 1);
		to_all(&self->fr, ALL_MAC, to[i]);
		EXPECT_DROP(len, DGRAM_NO_PORTS);
		len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
		to_all(&self->fr, ALL_MAC, to[i]);
		self->fr.th.protocol = 200;
		EXPECT_DROP(len, IN_UNKNOWN_PROTOS);
	}
}

/* The network's broadcast address sends nothing, neither does that of another. */
TEST_F(frames, source)
{
	static const uint32_t from[] = { ANY, BCAST_ALL, BCAST1, ALICE1, ALICE2 };
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		/* Nor is such a sender told that nobody is on the port. */
		len = frame_dgram(&self->fr, PEER, i & 1 ? CLOSED : PORT, "x", 1);
		self->fr.th.saddr = htonl(from[i]);
		frame_checksum(&self->fr);
		EXPECT_DROP(len, IN_SRC_ERRORS);
		len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 1, "x", 1);
		self->fr.th.saddr = htonl(from[i]);
		frame_checksum(&self->fr);
		EXPECT_DROP(len, IN_SRC_ERRORS);
	}
}

/* The broadcast address of the other Ethernet is none on this one. */
TEST_F(frames, broadcast_of_other_device)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);

	to_all(&self->fr, ALL_MAC, BCAST2);
	EXPECT_DROP(len, IN_DST_ERRORS);
}

/* RFC 1122, 3.3.6, whatever is in it, and for a multicast frame too. */
TEST_F(frames, unicast_in_group_frame)
{
	static const char *const mac[] = { ALL_MAC, MULTICAST };
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(mac); i++) {
		len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
		memcpy(self->fr.eth.h_dest, mac[i], 6);
		EXPECT_DROP(len, IN_CAST_ERRORS);
		len = frame_dgram(&self->fr, PEER, CLOSED, "x", 1);
		memcpy(self->fr.eth.h_dest, mac[i], 6);
		EXPECT_DROP(len, IN_CAST_ERRORS);
		len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 1, "x", 1);
		memcpy(self->fr.eth.h_dest, mac[i], 6);
		EXPECT_DROP(len, IN_CAST_ERRORS);
	}
}

/* An error that came by broadcast is not believed, as with ICMP. */
TEST_F(frames, error_by_broadcast)
{
	struct frame culprit;
	size_t len;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	frame_dgram(&culprit, PORT, PEER, "culprit", 7);
	culprit.th.saddr = htonl(ALICE1);
	culprit.th.daddr = htonl(BOB1);
	len = frame_ctl(&self->fr, TEACH_CTL_UNREACH, TEACH_UNREACH_PORT, 0,
			&culprit.th, 31);
	to_all(&self->fr, ALL_MAC, BCAST1);
	EXPECT_DROP(len, CTL_IN_ERRORS);
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_ERROR));
}

/* An error about a packet that came from elsewhere than this host. */
TEST_F(frames, error_about_foreign)
{
	struct frame culprit;
	size_t len;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	frame_dgram(&culprit, PORT, PEER, "culprit", 7);
	culprit.th.saddr = htonl(CAROL);
	culprit.th.daddr = htonl(BOB1);
	len = frame_ctl(&self->fr, TEACH_CTL_UNREACH, TEACH_UNREACH_PORT, 0,
			&culprit.th, 31);
	EXPECT_DROP(len, CTL_IN_ERRORS);
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_ERROR));
}

/* Codes that do not exist. */
TEST_F(frames, unknown_codes)
{
	struct frame culprit;
	int code;
	size_t len;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	frame_dgram(&culprit, PORT, PEER, "culprit", 7);
	culprit.th.saddr = htonl(ALICE1);
	culprit.th.daddr = htonl(BOB1);
	for (code = 4; code < 256; code += 50) {
		len = frame_ctl(&self->fr, TEACH_CTL_UNREACH, code, 0, &culprit.th, 31);
		EXPECT_DROP(len, CTL_IN_ERRORS);
	}
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_ERROR));
}

/* A device that takes every frame gives those of others to listeners only. */
TEST_F(frames, promiscuous)
{
	struct packet_mreq mreq = {
		.mr_ifindex = if_nametoindex("va"), .mr_type = PACKET_MR_PROMISC,
	};
	int sniffer = socket(AF_PACKET, SOCK_RAW, 0);
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);

	must(!setsockopt(sniffer, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq,
			 sizeof(mreq)), "promiscuous mode");
	memcpy(self->fr.eth.h_dest, DAVE_MAC, 6);
	EXPECT_IGNORED(len);
	len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 1, "x", 1);
	memcpy(self->fr.eth.h_dest, DAVE_MAC, 6);
	EXPECT_IGNORED(len);
	EXPECT_EQ(0, counter(TEACH_STAT_CTL_OUT));
}

/* A tagged frame belongs to a VLAN device, not to the one below it. */
TEST_F(frames, vlan)
{
	static const uint8_t tags[][4] = {
		{ 0x81, 0x00, 0x00, 0x05 },	/* 802.1Q, VLAN 5 */
		{ 0x88, 0xa8, 0x00, 0x05 },	/* 802.1ad, VLAN 5 */
		{ 0x81, 0x00, 0x0f, 0xff },
	};
	uint8_t buf[256];
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(tags); i++) {
		struct counters before;

		len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
		memcpy(buf, &self->fr.eth, 12);
		memcpy(buf + 12, tags[i], 4);
		memcpy(buf + 16, &self->fr.eth.h_proto, len - 12);
		counters_read(&before);
		ASSERT_EQ((ssize_t)len + 4, send(self->wire, buf, len + 4, 0));
		still_receives(_metadata, self->wire, self->s);
		EXPECT_TRUE(only_dropped(&before, 0, 0));
		EXPECT_EQ(before.value[TEACH_STAT_IN_PACKETS] + 1,
			  counter(TEACH_STAT_IN_PACKETS));
	}
}

/* Bob's side takes longer frames than alice's: her device refuses them. */
TEST_F(frames, longer_than_mtu)
{
	struct { struct frame fr; uint8_t more[9000]; } big;
	size_t len;

	lab_enter(BOB);
	ASSERT_EQ(0, link_mtu("vb", 9000));
	lab_enter(ALICE);
	memset(&big, 0, sizeof(big));
	frame_dgram(&big.fr, PEER, PORT, "big", 3);
	big.fr.th.tot_len = htons(8000);
	big.fr.dgram.len = htons(8000 - 16);
	frame_checksum(&big.fr);
	len = ETH_HLEN + 8000;
	/* The sender may or may not hear of it, depending on the kernel. */
	if (send(self->wire, &big.fr.eth, len, 0) < 0)
		EXPECT_EQ(ENOBUFS, errno);
	still_receives(_metadata, self->wire, self->s);
	EXPECT_EQ(1, counter(TEACH_STAT_IN_PACKETS));

	/* With the same MTU at both ends it comes through. */
	ASSERT_EQ(0, link_mtu("va", 9000));
	ASSERT_EQ((ssize_t)len, send(self->wire, &big.fr.eth, len, 0));
	EXPECT_RET(8000 - 24, recv(self->s, &big.more, sizeof(big.more), 0));
	EXPECT_EQ(0, memcmp(big.more, "big", 3));
}

/* A link whose device shrinks below what TEACH needs has no address any more. */
TEST_F(frames, mtu_too_small)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
	char c;

	ASSERT_EQ(0, link_mtu("va", TEACH_MIN_MTU));
	frame_send(self->wire, &self->fr, len);
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
	ASSERT_EQ(0, link_mtu("va", TEACH_MIN_MTU - 1));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	EXPECT_EQ(-EINVAL, addr_add(self->f, "va", ALICE1, 24));
	ASSERT_EQ(0, link_mtu("va", 1500));
	ASSERT_EQ(0, addr_add(self->f, "va", ALICE1, 24));
	still_receives(_metadata, self->wire, self->s);
}

LAB_MAIN
