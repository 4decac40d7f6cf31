// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whatever happens to a datagram, a counter says so, in the namespace where it
 * happened.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <linux/filter.h>

#include "common.h"

#define PORT	7000
#define PEER	7100
#define CLOSED	6999

static struct {
	const char *name;
	uint64_t before[2];
	uint64_t after[2];
} count[TEACH_STAT_MAX + 1] = {
#define NAME(_id, _name) [TEACH_STAT_##_id] = { .name = _name },
	TEACH_STATS(NAME)
#undef NAME
};

/* All counters of both hosts. */
static void counters_read(bool after)
{
	int host, id;

	for (host = ALICE; host <= BOB; host++) {
		lab_enter(host);
		for (id = 1; id <= TEACH_STAT_MAX; id++)
			*(after ? &count[id].after[host] : &count[id].before[host]) =
				teach_stat(id);
	}
	lab_enter(ALICE);
}

/* A socket at each host, and each host has the other's MAC address. */
FIXTURE(stat) {
	const struct family *f;
	int s, peer;
};
FIXTURE_SETUP(stat)
{
	char c;

	self->f = &fam_teach;
	test_begin(self->f);
	self->s = sk_bound(self->f, ALICE, ANY, PORT);
	self->peer = sk_bound(self->f, BOB, BOB1, PEER);
	ASSERT_EQ(1, send_to(self->f, self->s, "!", 1, BOB1, PEER));
	ASSERT_EQ(1, recv(self->peer, &c, 1, 0));
	ASSERT_EQ(1, send_to(self->f, self->peer, "!", 1, ALICE1, PORT));
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
	counters_read(false);
}
FIXTURE_TEARDOWN(stat) {}

/* This counter of this host has gone up by so much since the test began. */
#define EXPECT_COUNT(_host, _id, _delta) do { \
	lab_enter(_host); \
	EXPECT_EQ((uint64_t)(_delta), \
		  teach_stat(TEACH_STAT_##_id) - \
		  count[TEACH_STAT_##_id].before[_host]) \
		TH_LOG("%s of %s", count[TEACH_STAT_##_id].name, #_host); \
	lab_enter(ALICE); \
} while (0)

TEST_F(stat, new_namespace)
{
	int id, host;

	lab_make();
	counters_read(true);
	for (host = ALICE; host <= BOB; host++)
		for (id = 1; id <= TEACH_STAT_MAX; id++) {
			EXPECT_EQ(0, count[id].after[host])
				TH_LOG("%s", count[id].name);
		}
}

TEST_F(stat, datagram)
{
	char buf[100];

	ASSERT_EQ(100, send_to(self->f, self->s, buf, 100, BOB1, PEER));
	ASSERT_EQ(100, recv(self->peer, buf, 100, 0));
	EXPECT_COUNT(ALICE, DGRAM_OUT, 1);
	EXPECT_COUNT(ALICE, OUT_PACKETS, 1);
	EXPECT_COUNT(ALICE, OUT_OCTETS, 124);
	EXPECT_COUNT(ALICE, OUT_LOCAL, 0);
	EXPECT_COUNT(ALICE, DGRAM_IN, 0);
	EXPECT_COUNT(ALICE, IN_PACKETS, 0);
	EXPECT_COUNT(BOB, IN_PACKETS, 1);
	EXPECT_COUNT(BOB, IN_OCTETS, 124);
	EXPECT_COUNT(BOB, IN_DELIVERS, 1);
	EXPECT_COUNT(BOB, DGRAM_IN, 1);
	EXPECT_COUNT(BOB, DGRAM_OUT, 0);
}

TEST_F(stat, local)
{
	char c;

	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, ALICE1, PORT));
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
	EXPECT_COUNT(ALICE, OUT_LOCAL, 1);
	EXPECT_COUNT(ALICE, DGRAM_OUT, 1);
	EXPECT_COUNT(ALICE, DGRAM_IN, 1);
	EXPECT_COUNT(ALICE, ARP_OUT_REQUESTS, 0);
	EXPECT_COUNT(BOB, IN_PACKETS, 0);
}

TEST_F(stat, broadcast)
{
	int any = sk_bound(self->f, BOB, ANY, PORT);
	char c;

	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_BROADCAST, 1));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BCAST1, PORT));
	ASSERT_EQ(1, recv(any, &c, 1, 0));
	EXPECT_COUNT(ALICE, OUT_BROADCASTS, 1);
	EXPECT_COUNT(BOB, IN_BROADCASTS, 1);
	EXPECT_COUNT(BOB, DGRAM_NO_PORTS, 0);
}

TEST_F(stat, no_port)
{
	char c;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, CLOSED));
	ASSERT_EQ(1, send(self->s, "x", 1, 0));
	EXPECT_ERRNO(ECONNREFUSED, recv(self->s, &c, 1, 0));
	EXPECT_COUNT(BOB, DGRAM_NO_PORTS, 1);
	EXPECT_COUNT(BOB, DGRAM_IN, 0);
	EXPECT_COUNT(BOB, CTL_OUT, 1);
	EXPECT_COUNT(BOB, CTL_OUT_UNREACHS, 1);
	EXPECT_COUNT(BOB, CTL_RATE_LIMITED, 0);
	EXPECT_COUNT(ALICE, CTL_IN, 1);
	EXPECT_COUNT(ALICE, CTL_IN_UNREACHS, 1);
	EXPECT_COUNT(ALICE, CTL_IN_ERRORS, 0);
}

TEST_F(stat, receive_buffer)
{
	int marker = sk_bound(self->f, BOB, BOB1, PEER + 1), i, n = 0;
	char buf[500];

	ASSERT_EQ(0, set_int(self->peer, SOL_SOCKET, SO_RCVBUF, 4000));
	for (i = 0; i < 50; i++) {
		ASSERT_EQ(500, send_to(self->f, self->s, buf, 500, BOB1, PEER));
	}
	ASSERT_EQ(1, send_to(self->f, self->s, "m", 1, BOB1, PEER + 1));
	ASSERT_EQ(1, recv(marker, buf, 1, 0));
	while (recv(self->peer, buf, sizeof(buf), MSG_DONTWAIT) == 500)
		n++;
	EXPECT_COUNT(BOB, DGRAM_RCVBUF_ERRORS, 50 - n);
	EXPECT_COUNT(BOB, DGRAM_IN, n + 1);
	EXPECT_COUNT(ALICE, DGRAM_OUT, 51);
}

TEST_F(stat, filter)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog prog = { .len = 1, .filter = code };
	int marker = sk_bound(self->f, BOB, BOB1, PEER + 1);
	char c;

	ASSERT_EQ(0, setsockopt(self->peer, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
				sizeof(prog)));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	ASSERT_EQ(1, send_to(self->f, self->s, "m", 1, BOB1, PEER + 1));
	ASSERT_EQ(1, recv(marker, &c, 1, 0));
	EXPECT_COUNT(BOB, DGRAM_FILTERED, 1);
	EXPECT_COUNT(BOB, DGRAM_RCVBUF_ERRORS, 0);
}

TEST_F(stat, refused_here)
{
	static char buf[1600];

	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, self->s, "x", 1, NOROUTE, PEER));
	EXPECT_COUNT(ALICE, OUT_NO_ROUTES, 1);
	EXPECT_ERRNO(EMSGSIZE, send_to(self->f, self->s, buf, 1600, BOB1, PEER));
	EXPECT_COUNT(ALICE, OUT_TOO_BIG, 1);
	EXPECT_COUNT(ALICE, OUT_PACKETS, 0);
	EXPECT_COUNT(ALICE, DGRAM_OUT, 0);
}

TEST_F(stat, send_buffer)
{
	addr_t to = addr_of(self->f, UNUSED1, PEER);
	static char buf[1000];
	int i;

	/* Nothing of it is left for the tests after this. */
	lab_make();
	self->s = sk_open(self->f, ALICE);
	counters_read(false);
	ASSERT_EQ(0, neigh_timing(self->f, "va", 100, 100, 5000));
	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_SNDBUF, 4000));
	for (i = 0; i < 20; i++)
		if (sendto(self->s, buf, 1000, MSG_DONTWAIT, (struct sockaddr *)&to,
			   sizeof(to)) < 0)
			break;
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_GT(20, i);
	EXPECT_COUNT(ALICE, DGRAM_SNDBUF_ERRORS, 1);
	EXPECT_COUNT(ALICE, DGRAM_OUT, i);
}

TEST_F(stat, no_host)
{
	struct sock_extended_err ee;
	struct received r;
	int i;

	ASSERT_EQ(0, neigh_timing(self->f, "va", 100, 3, 5000));
	ASSERT_EQ(0, set_int(self->s, self->f->level, self->f->recverr, 1));
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, UNUSED1, PEER));
	}
	/* The first error wakes us while the others are being told. */
	for (i = 0; i < 4; i++) {
		ASSERT_TRUE(errqueue_get(self->f, self->s, &r, &ee, NULL));
		EXPECT_EQ(EHOSTUNREACH, ee.ee_errno);
	}
	EXPECT_COUNT(ALICE, ARP_OUT_REQUESTS, 3);
	EXPECT_COUNT(ALICE, NEIGH_RES_FAILED, 1);
	EXPECT_COUNT(ALICE, NEIGH_FAILED_DROPS, 4);
	EXPECT_COUNT(BOB, ARP_NOT_FOR_US, 3);
}

LAB_MAIN
