// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control messages on the wire: echo, errors that are sent, errors that are
 * received, and messages that are not as they should be.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>

#include "frame.h"

#define PORT	7000
#define PEER	7100
#define CLOSED	6999

/* A socket at alice, and the wire at bob; alice's counters before the test. */
FIXTURE(ctl) {
	const struct family *f;
	int s, wire;
	uint64_t before[TEACH_STAT_MAX + 1];
	struct frame fr, in;
};
FIXTURE_SETUP(ctl)
{
	int i;

	self->f = &fam_teach;
	test_begin(self->f);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->wire = wire_open();
	/* Checksums are not left to the receiver, as a veth pair does. */
	ASSERT_EQ(0, link_checksum("va", 0));
	for (i = 1; i <= TEACH_STAT_MAX; i++)
		self->before[i] = teach_stat(i);
}
FIXTURE_TEARDOWN(ctl) {}

/* The counter has gone up by so much since the test began. */
#define EXPECT_COUNT(_id, _delta) \
	EXPECT_EQ((uint64_t)(_delta), teach_stat(TEACH_STAT_##_id) - \
		  self->before[TEACH_STAT_##_id])

TEST_F(ctl, echo)
{
	size_t len, sizes[] = { 0, 1, 56, 1476 };
	uint8_t body[1476];
	unsigned int i;

	memset(body, 0x3c, sizeof(body));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 0x12345678,
				body, sizes[i]);
		frame_send(self->wire, &self->fr, len);
		ASSERT_EQ(len, frame_receive(self->wire, &self->in));
		EXPECT_EQ(TEACHPROTO_CONTROL, self->in.th.protocol);
		EXPECT_EQ(ALICE1, ntohl(self->in.th.saddr));
		EXPECT_EQ(BOB1, ntohl(self->in.th.daddr));
		EXPECT_EQ(TEACH_CTL_ECHO_REPLY, self->in.ctl.type);
		EXPECT_EQ(0, self->in.ctl.code);
		EXPECT_EQ(0x12345678, ntohl(self->in.ctl.un.info));
		EXPECT_EQ(0, memcmp(self->in.body, body, sizes[i]));
		EXPECT_EQ(0, frame_sum(&self->in, self->in.rest, 8 + sizes[i]));
	}
	EXPECT_COUNT(CTL_IN_ECHOS, ARRAY_SIZE(sizes));
	EXPECT_COUNT(CTL_OUT_ECHO_REPS, ARRAY_SIZE(sizes));
}

TEST_F(ctl, echo_to_broadcast)
{
	size_t len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 1, "x", 1);

	memset(self->fr.eth.h_dest, 0xff, 6);
	self->fr.th.daddr = htonl(BCAST1);
	frame_checksum(&self->fr);
	frame_send(self->wire, &self->fr, len);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_COUNT(CTL_IN_ECHOS_IGNORED, 1);
	EXPECT_COUNT(CTL_OUT, 0);
}

/* The whole error for a port that nobody has. */
TEST_F(ctl, port_unreachable)
{
	size_t len = frame_dgram(&self->fr, PEER, CLOSED, "nobody", 6);

	frame_send(self->wire, &self->fr, len);
	ASSERT_EQ(ETH_HLEN + 16 + 8 + 30, frame_receive(self->wire, &self->in));
	EXPECT_EQ(TEACHPROTO_CONTROL, self->in.th.protocol);
	EXPECT_EQ(ALICE1, ntohl(self->in.th.saddr));
	EXPECT_EQ(BOB1, ntohl(self->in.th.daddr));
	EXPECT_EQ(TEACH_CTL_UNREACH, self->in.ctl.type);
	EXPECT_EQ(TEACH_UNREACH_PORT, self->in.ctl.code);
	EXPECT_EQ(0, self->in.ctl.un.info);
	EXPECT_EQ(0, frame_sum(&self->in, self->in.rest, 38));
	/* The culprit, from its TEACH header on. */
	EXPECT_EQ(0, memcmp(self->in.body, &self->fr.th, 30));
}

TEST_F(ctl, quote_is_cut)
{
	uint8_t data[1000];
	size_t len;

	memset(data, 0x77, sizeof(data));
	len = frame_dgram(&self->fr, PEER, CLOSED, data, sizeof(data));
	frame_send(self->wire, &self->fr, len);
	EXPECT_EQ(ETH_HLEN + 16 + 8 + TEACH_CTL_QUOTE,
		  frame_receive(self->wire, &self->in));
	EXPECT_EQ(0, memcmp(self->in.body, &self->fr.th, TEACH_CTL_QUOTE));
}

/* An error is never answered with an error. */
TEST_F(ctl, no_error_for_error)
{
	struct frame culprit;
	size_t len;

	frame_dgram(&culprit, PORT, PEER, "x", 1);
	culprit.th.saddr = htonl(ALICE1);
	culprit.th.daddr = htonl(BOB1);
	frame_checksum(&culprit);
	len = frame_ctl(&self->fr, TEACH_CTL_UNREACH, TEACH_UNREACH_PORT, 0,
			&culprit.th, 25);
	frame_send(self->wire, &self->fr, len);
	len = frame_ctl(&self->fr, 99, 0, 0, "x", 1);	/* unknown type */
	frame_send(self->wire, &self->fr, len);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_COUNT(CTL_OUT, 0);
}

/* An error about a datagram that alice's socket could have sent to bob. */
static size_t error_about(struct frame *fr, int code, uint16_t source,
			  uint16_t dest, size_t quote)
{
	struct frame culprit;

	frame_dgram(&culprit, source, dest, "culprit", 7);
	culprit.th.saddr = htonl(ALICE1);
	culprit.th.daddr = htonl(BOB1);
	frame_checksum(&culprit);
	return frame_ctl(fr, TEACH_CTL_UNREACH, code, 0, &culprit.th, quote);
}

/* What a connected socket hears of each error, as UDP of ICMP's. */
TEST_F(ctl, errors_received)
{
	static const struct {
		int code, err;
		bool hard;	/* told without RECVERR */
	} errors[] = {
		{ TEACH_UNREACH_NET,		ENETUNREACH,	false },
		{ TEACH_UNREACH_HOST,		EHOSTUNREACH,	false },
		{ TEACH_UNREACH_PROTOCOL,	ENOPROTOOPT,	true },
		{ TEACH_UNREACH_PORT,		ECONNREFUSED,	true },
	};
	struct sock_extended_err ee;
	struct received r;
	unsigned int i;
	size_t len;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		len = error_about(&self->fr, errors[i].code, PORT, PEER, 31);
		ASSERT_EQ(0, set_int(self->s, SOL_TEACH, TEACH_RECVERR, 0));
		frame_send(self->wire, &self->fr, len);
		if (errors[i].hard) {
			ASSERT_EQ(POLLERR, wait_for(self->s, 0));
			EXPECT_EQ(errors[i].err,
				  get_int(self->s, SOL_SOCKET, SO_ERROR));
		} else {
			SETTLE(self->wire, self->s, PEER, PORT);
			EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_ERROR));
		}
		ASSERT_EQ(0, set_int(self->s, SOL_TEACH, TEACH_RECVERR, 1));
		frame_send(self->wire, &self->fr, len);
		ASSERT_TRUE(errqueue_get(self->f, self->s, &r, &ee, NULL));
		EXPECT_EQ(errors[i].err, (int)ee.ee_errno);
		EXPECT_EQ(SO_EE_ORIGIN_TEACH, ee.ee_origin);
		EXPECT_EQ(TEACH_CTL_UNREACH, ee.ee_type);
		EXPECT_EQ(errors[i].code, ee.ee_code);
		EXPECT_EQ(7, r.len);
		EXPECT_EQ(0, memcmp(r.data, "culprit", 7));
		get_int(self->s, SOL_SOCKET, SO_ERROR);
	}
	EXPECT_COUNT(CTL_IN_UNREACHS, 8);
}

/* An error about what this socket never sent changes nothing. */
TEST_F(ctl, errors_of_others)
{
	int marker = sk_bound(self->f, ALICE, ALICE1, PORT + 1);

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	frame_send(self->wire, &self->fr,
		   error_about(&self->fr, TEACH_UNREACH_PORT, PORT, PEER + 1, 31));
	frame_send(self->wire, &self->fr,
		   error_about(&self->fr, TEACH_UNREACH_PORT, PORT + 7, PEER, 31));
	frame_send(self->wire, &self->fr,
		   frame_dgram(&self->fr, PEER, PORT + 1, "m", 1));
	ASSERT_EQ(POLLIN, wait_for(marker, POLLIN));
	EXPECT_EQ(0, events_now(self->s, 0));
	EXPECT_COUNT(CTL_NO_SOCKET, 2);
}

/* The quote has to hold the header and the ports, and say what is possible. */
TEST_F(ctl, bad_quotes)
{
	uint64_t before;
	size_t len, quote;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	for (quote = 0; quote < 24; quote++) {
		before = teach_stat(TEACH_STAT_CTL_IN_ERRORS);
		len = error_about(&self->fr, TEACH_UNREACH_PORT, PORT, PEER, quote);
		frame_send(self->wire, &self->fr, len);
		SETTLE(self->wire, self->s, PEER, PORT);
		EXPECT_EQ(before + 1, teach_stat(TEACH_STAT_CTL_IN_ERRORS))
			TH_LOG("a quote of %zu bytes", quote);
		EXPECT_EQ(0, events_now(self->s, 0));
	}
	/* A quoted header of an impossible length, and of another version. */
	len = error_about(&self->fr, TEACH_UNREACH_PORT, PORT, PEER, 31);
	self->fr.body[0] = 0x13;
	frame_checksum(&self->fr);
	frame_send(self->wire, &self->fr, len);
	self->fr.body[0] = 0x1f;
	frame_checksum(&self->fr);
	frame_send(self->wire, &self->fr, len);
	self->fr.body[0] = 0x24;
	frame_checksum(&self->fr);
	frame_send(self->wire, &self->fr, len);
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_EQ(0, events_now(self->s, 0));
	EXPECT_COUNT(CTL_IN_ERRORS, 27);
}

TEST_F(ctl, checksum)
{
	size_t len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 1, "abc", 3), i;
	uint8_t *p = self->fr.rest;

	for (i = 0; i < 11; i++) {
		p[i] ^= 1;
		frame_send(self->wire, &self->fr, len);
		p[i] ^= 1;
	}
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_COUNT(CTL_IN_CSUM_ERRORS, 11);
	EXPECT_COUNT(CTL_IN_ECHOS, 0);
}

TEST_F(ctl, short_message)
{
	int total;

	for (total = 16; total < 24; total++) {
		frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 1, "x", 1);
		self->fr.th.tot_len = htons(total);
		frame_send(self->wire, &self->fr, ETH_HLEN + total);
	}
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_COUNT(CTL_IN_ERRORS, 8);
}

TEST_F(ctl, unknown_type)
{
	frame_send(self->wire, &self->fr, frame_ctl(&self->fr, 99, 0, 0, "x", 1));
	frame_send(self->wire, &self->fr, frame_ctl(&self->fr, 1, 0, 0, "x", 1));
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_COUNT(CTL_IN_ERRORS, 2);
	EXPECT_COUNT(CTL_OUT, 0);
}

/* An echo reply that nobody asked for. */
TEST_F(ctl, stray_reply)
{
	frame_send(self->wire, &self->fr,
		   frame_ctl(&self->fr, TEACH_CTL_ECHO_REPLY, 0, 1, "x", 1));
	SETTLE(self->wire, self->s, PEER, PORT);
	EXPECT_COUNT(CTL_NO_SOCKET, 1);
}

LAB_MAIN
