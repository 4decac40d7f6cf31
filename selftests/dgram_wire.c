// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a datagram looks like on the wire, and what becomes of frames that are
 * not as they should be: each is dropped, counted, and disturbs no other.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>

#include "frame.h"

#define PORT	7000
#define PEER	7100

/* A socket at alice, and the wire at bob. */
FIXTURE(wire) {
	const struct family *f;
	int s, wire;
	struct frame fr;
};
FIXTURE_SETUP(wire)
{
	self->f = &fam_teach;
	test_begin(self->f);
	self->s = sk_bound(self->f, ALICE, ANY, PORT);
	self->wire = wire_open();
}
FIXTURE_TEARDOWN(wire) {}

/* Sends a good frame; it is the next that alice's socket receives. */
static void still_receives(struct __test_metadata *_metadata, int wire, int s)
{
	struct frame fr;
	char buf[8];
	ssize_t n;

	frame_send(wire, &fr, frame_dgram(&fr, PEER, PORT, "good", 4));
	n = recv(s, buf, sizeof(buf), 0);
	EXPECT_EQ(4, n);
	EXPECT_EQ(0, memcmp(buf, "good", 4));
	EXPECT_ERRNO(EAGAIN, recv(s, buf, 1, MSG_DONTWAIT));
}

/* The frame is dropped, and this counter is the one that says so. */
#define EXPECT_DROP(_len, _id) do { \
	uint64_t _before = teach_stat(TEACH_STAT_##_id); \
	frame_send(self->wire, &self->fr, _len); \
	still_receives(_metadata, self->wire, self->s); \
	EXPECT_EQ(_before + 1, teach_stat(TEACH_STAT_##_id)) \
		TH_LOG("counter %s", #_id); \
} while (0)

TEST_F(wire, sent)
{
	size_t len;

	ASSERT_EQ(0, set_int(self->s, SOL_TEACH, TEACH_HOPLIMIT, 9));
	ASSERT_EQ(0, set_int(self->s, SOL_TEACH, TEACH_TCLASS, 0xb8));
	ASSERT_EQ(5, send_to(self->f, self->s, "hello", 5, BOB1, PEER));
	len = frame_receive(self->wire, &self->fr);
	ASSERT_EQ(FRAME_DGRAM + 5, len);
	EXPECT_EQ(ETH_P_TEACH, ntohs(self->fr.eth.h_proto));
	EXPECT_EQ(0x14, self->fr.th.ver_hlen);
	EXPECT_EQ(0xb8, self->fr.th.tclass);
	EXPECT_EQ(29, ntohs(self->fr.th.tot_len));
	EXPECT_EQ(17, self->fr.th.protocol);
	EXPECT_EQ(9, self->fr.th.hop_limit);
	EXPECT_EQ(0, self->fr.th.reserved);
	EXPECT_EQ(ALICE1, ntohl(self->fr.th.saddr));
	EXPECT_EQ(BOB1, ntohl(self->fr.th.daddr));
	EXPECT_EQ(PORT, ntohs(self->fr.dgram.source));
	EXPECT_EQ(PEER, ntohs(self->fr.dgram.dest));
	EXPECT_EQ(13, ntohs(self->fr.dgram.len));
	EXPECT_EQ(0, memcmp(self->fr.data, "hello", 5));
}

/* To the MAC address that ARP found, from our own. */
TEST_F(wire, sent_mac)
{
	uint8_t va[6], vb[6];

	ASSERT_EQ(0, link_mac("va", va));
	lab_enter(BOB);
	ASSERT_EQ(0, link_mac("vb", vb));
	lab_enter(ALICE);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, vb, 6));
	EXPECT_EQ(0, memcmp(self->fr.eth.h_source, va, 6));

	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_BROADCAST, 1));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BCAST1, PEER));
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_dest, "\xff\xff\xff\xff\xff\xff", 6));
	EXPECT_EQ(BCAST1, ntohl(self->fr.th.daddr));
}

/* A connected socket's header may be made in advance: our MAC address changes. */
TEST_F(wire, sent_mac_changed)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0x77, 0x77 };
	int s;

	lab_make();
	self->wire = wire_open();
	sk_bound(self->f, BOB, BOB1, PEER);
	s = sk_conn(self->f, ALICE, BOB1, PEER);
	ASSERT_EQ(1, send(s, "1", 1, 0));
	frame_receive(self->wire, &self->fr);
	ASSERT_EQ(0, link_set_mac("va", mac));
	EXPECT_RET(1, send(s, "2", 1, 0));
	frame_receive(self->wire, &self->fr);
	EXPECT_EQ('2', self->fr.data[0]);
	EXPECT_EQ(0, memcmp(self->fr.eth.h_source, mac, 6));
}

/*
 * Every length, odd and even. A veth pair hands CHECKSUM_PARTIAL over as it
 * is, so the device is told to complete checksums itself.
 */
TEST_F(wire, sent_checksum)
{
	uint8_t data[64];
	int len, bad = 0;

	ASSERT_EQ(0, link_checksum("va", 0));
	for (len = 0; len < 64; len++) {
		memset(data, 0x5a + len, sizeof(data));
		ASSERT_EQ(len, send_to(self->f, self->s, data, len, BOB1, PEER));
		ASSERT_EQ(FRAME_DGRAM + len, frame_receive(self->wire, &self->fr));
		bad += frame_sum(&self->fr, self->fr.rest, 8 + len) != 0;
	}
	EXPECT_EQ(0, bad);
}

/* The other header fields have no influence, as the protocol says. */
TEST_F(wire, received)
{
	struct received r;
	int hop = 0, class = 0;
	size_t len;

	ASSERT_EQ(0, set_int(self->s, SOL_TEACH, TEACH_RECVHOPLIMIT, 1));
	ASSERT_EQ(0, set_int(self->s, SOL_TEACH, TEACH_RECVTCLASS, 1));
	len = frame_dgram(&self->fr, PEER, PORT, "hello", 5);
	self->fr.th.tclass = 0x2f;
	self->fr.th.hop_limit = 1;
	self->fr.th.reserved = 0xffff;
	frame_send(self->wire, &self->fr, len);
	ASSERT_EQ(5, recv_msg(self->s, &r, 0));
	EXPECT_EQ(0, memcmp(r.data, "hello", 5));
	EXPECT_EQ(PEER, ntohs(r.name.teach_port));
	EXPECT_EQ(BOB1, ntohl(r.name.teach_addr.s_addr));
	EXPECT_EQ(if_nametoindex("va"), r.name.teach_ifindex);
	EXPECT_EQ(4, cmsg_get(&r, SOL_TEACH, TEACH_HOPLIMIT, &hop, sizeof(hop)));
	EXPECT_EQ(1, hop);
	EXPECT_EQ(4, cmsg_get(&r, SOL_TEACH, TEACH_TCLASS, &class, sizeof(class)));
	EXPECT_EQ(0x2f, class);
}

/* A header with options of any length is skipped. */
TEST_F(wire, options)
{
	int words;
	char buf[8];

	for (words = 5; words <= 15; words++) {
		int extra = (words - 4) * 4;
		size_t len = frame_dgram(&self->fr, PEER, PORT, "opts", 4);

		memmove(self->fr.rest + extra, self->fr.rest, 12);
		memset(self->fr.rest, 0xee, extra);
		self->fr.th.ver_hlen = 0x10 | words;
		self->fr.th.tot_len = htons(28 + extra);
		frame_send(self->wire, &self->fr, len + extra);
		ASSERT_EQ(4, recv(self->s, buf, sizeof(buf), 0));
		EXPECT_EQ(0, memcmp(buf, "opts", 4));
	}
}

/* Ethernet pads short frames: what is behind the packet does not count. */
TEST_F(wire, padding)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "pad", 3);
	char buf[64];

	memset((uint8_t *)&self->fr.eth + len, 0xaa, 60 - len);
	frame_send(self->wire, &self->fr, 60);
	EXPECT_RET(3, recv(self->s, buf, sizeof(buf), 0));
	/* Also when the datagram itself is shorter than the packet. */
	len = frame_dgram(&self->fr, PEER, PORT, "longer", 6);
	self->fr.dgram.len = htons(8 + 4);
	self->fr.dgram.check = 0;
	self->fr.dgram.check = htons(frame_sum(&self->fr, self->fr.rest, 12));
	frame_send(self->wire, &self->fr, len);
	EXPECT_RET(4, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "long", 4));
}

/* Cut off anywhere: in either header, or in what is carried. */
TEST_F(wire, truncated)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "truncated", 9), cut;

	for (cut = ETH_HLEN; cut < len; cut++)
		EXPECT_DROP(cut, IN_TRUNCATED);
}

TEST_F(wire, version)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
	int version;

	for (version = 0; version < 16; version++) {
		if (version == TEACH_VERSION)
			continue;
		self->fr.th.ver_hlen = version << 4 | 4;
		EXPECT_DROP(len, IN_BAD_VERSION);
	}
}

TEST_F(wire, header_length)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
	int words;

	for (words = 0; words < 4; words++) {
		self->fr.th.ver_hlen = 0x10 | words;
		EXPECT_DROP(len, IN_HDR_ERRORS);
	}
}

/* Shorter than the header it has. */
TEST_F(wire, total_length)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
	int total;

	for (total = 0; total < 16; total++) {
		self->fr.th.tot_len = htons(total);
		EXPECT_DROP(len, IN_HDR_ERRORS);
	}
	self->fr.th.ver_hlen = 0x15;
	self->fr.th.tot_len = htons(19);
	EXPECT_DROP(len, IN_HDR_ERRORS);
	self->fr.th.ver_hlen = 0x14;
	self->fr.th.tot_len = htons(26);
	EXPECT_DROP(len, IN_TRUNCATED);
	self->fr.th.tot_len = htons(65535);
	EXPECT_DROP(len, IN_TRUNCATED);
}

TEST_F(wire, source)
{
	static const uint32_t source[] = { ANY, BCAST_ALL, ALICE1, ALICE2 };
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(source); i++) {
		len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
		self->fr.th.saddr = htonl(source[i]);
		frame_checksum(&self->fr);
		EXPECT_DROP(len, IN_SRC_ERRORS);
	}
}

TEST_F(wire, destination)
{
	static const uint32_t dest[] = { UNUSED1, BOB1, NOROUTE, ANY };
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(dest); i++) {
		len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
		self->fr.th.daddr = htonl(dest[i]);
		frame_checksum(&self->fr);
		EXPECT_DROP(len, IN_DST_ERRORS);
	}
}

/* RFC 1122, 3.3.6: a packet for one host in a frame for all. */
TEST_F(wire, unicast_in_broadcast_frame)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);

	memset(self->fr.eth.h_dest, 0xff, 6);
	EXPECT_DROP(len, IN_CAST_ERRORS);
}

/* Frames that are for another card are none of our business. */
TEST_F(wire, other_host)
{
	uint64_t before = teach_stat(TEACH_STAT_DGRAM_IN);
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);

	memcpy(self->fr.eth.h_dest, "\x02\x99\x99\x99\x99\x99", 6);
	frame_send(self->wire, &self->fr, len);
	still_receives(_metadata, self->wire, self->s);
	EXPECT_EQ(before + 1, teach_stat(TEACH_STAT_DGRAM_IN));
}

TEST_F(wire, checksum)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "checksum", 8);
	uint64_t before = teach_stat(TEACH_STAT_DGRAM_NO_PORTS);
	uint8_t *p = self->fr.rest;
	int i;

	/* One bit, anywhere in what the checksum covers but the length. */
	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 5)
			continue;
		p[i] ^= 1 << (i % 8);
		EXPECT_DROP(len, DGRAM_CSUM_ERRORS);
		p[i] ^= 1 << (i % 8);
	}
	/* There is no "no checksum". */
	self->fr.dgram.check = 0;
	EXPECT_DROP(len, DGRAM_CSUM_ERRORS);
	self->fr.dgram.check = 0xffff;
	EXPECT_DROP(len, DGRAM_CSUM_ERRORS);
	EXPECT_EQ(before, teach_stat(TEACH_STAT_DGRAM_NO_PORTS));
}

/* An address changed on the way is found, too. */
TEST_F(wire, checksum_covers_addresses)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);

	self->fr.th.saddr = htonl(BOB1 + 1);
	EXPECT_DROP(len, DGRAM_CSUM_ERRORS);
	self->fr.th.saddr = htonl(BOB1);
	self->fr.th.daddr = htonl(ALICE2);
	EXPECT_DROP(len, DGRAM_CSUM_ERRORS);
}

/* A checksum may well come out as 0 or as 0xffff. */
TEST_F(wire, checksum_zero)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "\0\0", 2);
	uint16_t sum = ntohs(self->fr.dgram.check);
	char buf[8];

	/* Adding the checksum to what it is over makes the next one 0. */
	self->fr.data[0] = sum >> 8;
	self->fr.data[1] = sum & 0xff;
	frame_checksum(&self->fr);
	ASSERT_EQ(0, self->fr.dgram.check);
	frame_send(self->wire, &self->fr, len);
	EXPECT_RET(2, recv(self->s, buf, sizeof(buf), 0));
	self->fr.dgram.check = 0xffff;
	frame_send(self->wire, &self->fr, len);
	EXPECT_RET(2, recv(self->s, buf, sizeof(buf), 0));
}

/* The datagram's own length: less than its header, more than there is. */
TEST_F(wire, datagram_length)
{
	static const int bad[] = { 0, 1, 7, 10, 100, 65535 };
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		self->fr.dgram.len = htons(bad[i]);
		EXPECT_DROP(len, DGRAM_IN_ERRORS);
	}
}

/* A packet that has no room for the datagram's header. */
TEST_F(wire, datagram_header_cut)
{
	int total;

	for (total = 16; total < 24; total++) {
		frame_dgram(&self->fr, PEER, PORT, "x", 1);
		self->fr.th.tot_len = htons(total);
		EXPECT_DROP(ETH_HLEN + total, DGRAM_IN_ERRORS);
	}
}

TEST_F(wire, unknown_protocol)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "x", 1);
	struct frame in;

	self->fr.th.protocol = 200;
	EXPECT_DROP(len, IN_UNKNOWN_PROTOS);
	/* Its sender is told. */
	frame_receive(self->wire, &in);
	EXPECT_EQ(TEACHPROTO_CONTROL, in.th.protocol);
	EXPECT_EQ(TEACH_CTL_UNREACH, in.ctl.type);
	EXPECT_EQ(TEACH_UNREACH_PROTOCOL, in.ctl.code);
	EXPECT_EQ(0, memcmp(in.body, &self->fr.th, sizeof(self->fr.th)));
}

TEST_F(wire, port_zero)
{
	size_t len = frame_dgram(&self->fr, 0, PORT, "zero", 4);
	addr_t from;
	char buf[8];

	/* One may send from port 0, without hope of an answer. */
	frame_send(self->wire, &self->fr, len);
	EXPECT_RET(4, recv_name(self->s, buf, sizeof(buf), 0, &from));
	EXPECT_EQ(0, from.teach_port);
}

TEST_F(wire, broadcast)
{
	static const uint32_t to[] = { BCAST1, BCAST_ALL };
	uint64_t before = teach_stat(TEACH_STAT_CTL_OUT);
	struct received r;
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(to); i++) {
		len = frame_dgram(&self->fr, PEER, PORT, "all", 3);
		memset(self->fr.eth.h_dest, 0xff, 6);
		self->fr.th.daddr = htonl(to[i]);
		frame_checksum(&self->fr);
		frame_send(self->wire, &self->fr, len);
		ASSERT_EQ(3, recv_msg(self->s, &r, 0));
	}
	/* Nobody on the port: no error goes back, which would be a storm. */
	len = frame_dgram(&self->fr, PEER, PORT + 1, "x", 1);
	memset(self->fr.eth.h_dest, 0xff, 6);
	self->fr.th.daddr = htonl(BCAST1);
	frame_checksum(&self->fr);
	frame_send(self->wire, &self->fr, len);
	still_receives(_metadata, self->wire, self->s);
	EXPECT_EQ(before, teach_stat(TEACH_STAT_CTL_OUT));
}

LAB_MAIN
