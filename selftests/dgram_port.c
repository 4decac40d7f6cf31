// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ports that the kernel chooses.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>

#include "common.h"

#define PEER	7000

static const char *range_path(const struct family *f)
{
	return f->af == AF_INET ? "/proc/sys/net/ipv4/ip_local_port_range" :
		"/proc/sys/net/teach/local_port_range";
}

/* 0 or -errno */
static int range_set(const struct family *f, int low, int high)
{
	char text[32];

	snprintf(text, sizeof(text), "%d %d", low, high);
	return sysctl_write(range_path(f), text);
}

static void range_get(const struct family *f, int *low, int *high)
{
	FILE *file = fopen(range_path(f), "r");

	must(file && fscanf(file, "%d %d", low, high) == 2, range_path(f));
	fclose(file);
}

/* Hosts are those of the tests before, the range is the default one. */
FAMILIES(port, range_set(variant->f, 32768, 60999))

TEST_F(port, default_range)
{
	int low, high;

	lab_make();
	range_get(self->f, &low, &high);
	EXPECT_EQ(32768, low);
	EXPECT_EQ(60999, high);
}

TEST_F(port, bad_range)
{
	int low, high;

	EXPECT_EQ(-EINVAL, range_set(self->f, 50000, 40000));
	EXPECT_EQ(-EINVAL, range_set(self->f, 40000, 65536));
	EXPECT_EQ(-EINVAL, range_set(self->f, 0, 50000));
	EXPECT_EQ(-EINVAL, range_set(self->f, -1, 50000));
	range_get(self->f, &low, &high);
	EXPECT_EQ(32768, low);
	EXPECT_EQ(60999, high);
	EXPECT_EQ(0, range_set(self->f, 40000, 40000));
	range_get(self->f, &low, &high);
	EXPECT_EQ(40000, low);
	EXPECT_EQ(40000, high);
}

/* A namespace has a range of its own. */
TEST_F(port, range_of_namespace)
{
	int low, high;

	ASSERT_EQ(0, range_set(self->f, 40000, 40009));
	lab_enter(BOB);
	range_get(self->f, &low, &high);
	EXPECT_EQ(32768, low);
	EXPECT_EQ(60999, high);
}

TEST_F(port, bind_to_zero)
{
	int s = sk_open(self->f, ALICE);
	addr_t a;

	EXPECT_RET(0, bind_to(self->f, s, ALICE1, 0));
	a = name_of(s);
	EXPECT_LE(32768, ntohs(a.teach_port));
	EXPECT_GE(60999, ntohs(a.teach_port));
	EXPECT_EQ(ALICE1, ntohl(a.teach_addr.s_addr));
	EXPECT_ERRNO(EINVAL, bind_to(self->f, s, ALICE1, 0));
}

/* Sending binds the port and not the address. */
TEST_F(port, send)
{
	int s = sk_open(self->f, ALICE);
	addr_t a;

	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, PEER));
	a = name_of(s);
	EXPECT_LE(32768, ntohs(a.teach_port));
	EXPECT_GE(60999, ntohs(a.teach_port));
	EXPECT_EQ(ANY, ntohl(a.teach_addr.s_addr));
	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, PEER));
	EXPECT_EQ(ntohs(a.teach_port), port_of(s));
}

TEST_F(port, connect)
{
	int s = sk_conn(self->f, ALICE, BOB1, PEER);

	EXPECT_LE(32768, port_of(s));
	EXPECT_GE(60999, port_of(s));
}

/* The answer to an autobound socket finds it. */
TEST_F(port, answered)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_open(self->f, ALICE);
	addr_t from;
	char c;

	ASSERT_EQ(1, send_to(self->f, s, "q", 1, BOB1, PEER));
	ASSERT_EQ(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(port_of(s), ntohs(from.teach_port));
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
	ASSERT_EQ(1, sendto(peer, "a", 1, 0, (struct sockaddr *)&from, sizeof(from)));
	ASSERT_EQ(1, recv(s, &c, 1, 0));
	EXPECT_EQ('a', c);
}

/* RFC 6056: an attacker cannot tell the next port from the last ones. */
TEST_F(port, thousand_random)
{
	static unsigned char used[65536];
	int i, port, last = 0, successive = 0, rising = 0, lowest = 65536, highest = 0;

	for (i = 0; i < 1000; i++) {
		int s = sk_open(self->f, ALICE);

		ASSERT_EQ(0, i & 1 ? bind_to(self->f, s, ANY, 0) :
			  conn_to(self->f, s, BOB1, PEER));
		port = port_of(s);
		EXPECT_LE(32768, port);
		EXPECT_GE(60999, port);
		EXPECT_EQ(0, used[port]);
		used[port] = 1;
		successive += abs(port - last) <= 2;
		rising += port > last;
		lowest = port < lowest ? port : lowest;
		highest = port > highest ? port : highest;
		last = port;
	}
	/* Random: 0.2 successive, 500 rising, ends 28 from those of the range. */
	EXPECT_GE(10, successive);
	EXPECT_LE(400, rising);
	EXPECT_GE(600, rising);
	EXPECT_GE(33500, lowest);
	EXPECT_LE(60200, highest);
}

/* All ports of the range can be had; then bind() and the others say so. */
TEST_F(port, exhausted)
{
	bool used[10] = { false };
	int s[10], i, extra;

	ASSERT_EQ(0, range_set(self->f, 40000, 40009));
	for (i = 0; i < 10; i++) {
		s[i] = sk_open(self->f, ALICE);
		EXPECT_RET(0, bind_to(self->f, s[i], ALICE1, 0));
		ASSERT_LE(40000, port_of(s[i]));
		ASSERT_GE(40009, port_of(s[i]));
		EXPECT_FALSE(used[port_of(s[i]) - 40000]);
		used[port_of(s[i]) - 40000] = true;
	}
	extra = sk_open(self->f, ALICE);
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, extra, ALICE1, 0));
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, extra, ANY, 0));
	EXPECT_ERRNO(EAGAIN, conn_to(self->f, extra, BOB1, PEER));
	EXPECT_ERRNO(EAGAIN, send_to(self->f, extra, "x", 1, BOB1, PEER));
	EXPECT_EQ(0, port_of(extra));

	/* Another address has its own ports, and one that is given back is found. */
	EXPECT_RET(0, bind_to(self->f, extra, ALICE2, 0));
	close(extra);
	close(s[3]);
	extra = sk_open(self->f, ALICE);
	EXPECT_RET(1, send_to(self->f, extra, "x", 1, BOB1, PEER));
	EXPECT_LE(40000, port_of(extra));
	EXPECT_GE(40009, port_of(extra));
}

/* The kernel never gives a port that a program bound, in whatever way. */
TEST_F(port, avoids_bound)
{
	int reuse = sk_open(self->f, ALICE), any, s, i;

	ASSERT_EQ(0, range_set(self->f, 40000, 40002));
	any = sk_bound(self->f, ALICE, ANY, 40000);
	ASSERT_EQ(0, bind_to(self->f, reuse, ALICE1, 40002));
	for (i = 0; i < 20; i++) {
		s = sk_open(self->f, ALICE);
		ASSERT_EQ(0, bind_to(self->f, s, ANY, 0));
		EXPECT_EQ(40001, port_of(s));
		close(s);
	}
	close(any);
}

/* A port that connect() chose is given back by disconnecting. */
TEST_F(port, disconnect_releases)
{
	int s = sk_conn(self->f, ALICE, BOB1, PEER), other;
	uint16_t port = port_of(s);

	EXPECT_RET(0, disconnect(s));
	EXPECT_EQ(0, port_of(s));
	EXPECT_EQ(ANY, ntohl(name_of(s).teach_addr.s_addr));
	other = sk_open(self->f, ALICE);
	EXPECT_RET(0, bind_to(self->f, other, ANY, port));

	/* The socket can be bound like a new one. */
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s, ANY, port));
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PEER));
}

LAB_MAIN
