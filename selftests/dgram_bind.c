// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bind() of datagram sockets: addresses, and who may share a port.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>

#include "common.h"

#define PORT	7000

FAMILIES(bind,)

TEST_F(bind, specific)
{
	int s = sk_open(self->f, ALICE);
	addr_t a;

	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PORT));
	a = name_of(s);
	EXPECT_EQ(self->f->af, a.teach_family);
	EXPECT_EQ(PORT, ntohs(a.teach_port));
	EXPECT_EQ(ALICE1, ntohl(a.teach_addr.s_addr));
	EXPECT_EQ(0, a.teach_ifindex);
	EXPECT_EQ(0, memcmp(a.teach_zero, "\0\0\0\0", 4));
}

TEST_F(bind, any)
{
	int s = sk_open(self->f, ALICE);
	addr_t a;

	EXPECT_RET(0, bind_to(self->f, s, ANY, PORT));
	a = name_of(s);
	EXPECT_EQ(PORT, ntohs(a.teach_port));
	EXPECT_EQ(ANY, ntohl(a.teach_addr.s_addr));
}

TEST_F(bind, unbound_has_no_name)
{
	addr_t a = name_of(sk_open(self->f, ALICE));

	EXPECT_EQ(self->f->af, a.teach_family);
	EXPECT_EQ(0, a.teach_port);
	EXPECT_EQ(ANY, ntohl(a.teach_addr.s_addr));
}

TEST_F(bind, nonlocal)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EADDRNOTAVAIL, bind_to(self->f, s, BOB1, PORT));
	EXPECT_ERRNO(EADDRNOTAVAIL, bind_to(self->f, s, NOROUTE, PORT));
	EXPECT_EQ(0, port_of(s));
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PORT));
}

/* A socket bound to a broadcast address receives broadcasts and nothing else. */
TEST_F(bind, broadcast)
{
	int all = sk_open(self->f, ALICE), net = sk_open(self->f, ALICE);
	int other = sk_open(self->f, ALICE);

	EXPECT_RET(0, bind_to(self->f, all, BCAST_ALL, PORT));
	EXPECT_RET(0, bind_to(self->f, net, BCAST1, PORT));
	EXPECT_RET(0, bind_to(self->f, other, ALICE1, PORT));
}

TEST_F(bind, twice)
{
	int s = sk_bound(self->f, ALICE, ALICE1, PORT);

	EXPECT_ERRNO(EINVAL, bind_to(self->f, s, ALICE1, PORT));
	EXPECT_ERRNO(EINVAL, bind_to(self->f, s, ALICE1, PORT + 1));
	EXPECT_EQ(PORT, port_of(s));
}

TEST_F(bind, after_connect)
{
	int s = sk_conn(self->f, ALICE, BOB1, PORT);

	EXPECT_ERRNO(EINVAL, bind_to(self->f, s, ALICE1, PORT));
}

TEST_F(bind, after_send)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_RET(1, send_to(self->f, s, "x", 1, BOB1, PORT));
	EXPECT_ERRNO(EINVAL, bind_to(self->f, s, ALICE1, PORT));
}

/* A failed bind() leaves a socket as it was. */
TEST_F(bind, after_failure)
{
	int first = sk_bound(self->f, ALICE, ALICE1, PORT);
	int s = sk_open(self->f, ALICE);
	char c;

	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s, ALICE1, PORT));
	EXPECT_EQ(0, port_of(s));
	EXPECT_EQ(ANY, ntohl(name_of(s).teach_addr.s_addr));
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PORT + 1));
	EXPECT_RET(1, send_to(self->f, first, "x", 1, ALICE1, PORT + 1));
	EXPECT_RET(1, recv(s, &c, 1, 0));
}

static const uint32_t conflict_addr[] = { ANY, ALICE1, ALICE2 };

/* Two addresses cannot share a port if they are the same or one is any. */
static bool overlap(uint32_t a, uint32_t b)
{
	return a == ANY || b == ANY || a == b;
}

TEST_F(bind, in_use)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(conflict_addr); i++) {
		for (j = 0; j < ARRAY_SIZE(conflict_addr); j++) {
			uint32_t a = conflict_addr[i], b = conflict_addr[j];
			int s1 = sk_bound(self->f, ALICE, a, PORT);
			int s2 = sk_open(self->f, ALICE);

			if (overlap(a, b))
				EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s2, b, PORT));
			else
				EXPECT_RET(0, bind_to(self->f, s2, b, PORT));
			close(s1);
			close(s2);
		}
	}
}

/* A port is free again as soon as its socket is closed. */
TEST_F(bind, free_after_close)
{
	int i;

	for (i = 0; i < 20; i++)
		close(sk_bound(self->f, ALICE, i & 1 ? ANY : ALICE1, PORT));
}

/* Both sockets have to ask for it. */
TEST_F(bind, reuseaddr)
{
	unsigned int i, j, flags;

	for (flags = 0; flags < 4; flags++) {
		for (i = 0; i < ARRAY_SIZE(conflict_addr); i++) {
			for (j = 0; j < ARRAY_SIZE(conflict_addr); j++) {
				uint32_t a = conflict_addr[i], b = conflict_addr[j];
				int s1 = sk_open(self->f, ALICE);
				int s2 = sk_open(self->f, ALICE);

				set_int(s1, SOL_SOCKET, SO_REUSEADDR, flags & 1);
				set_int(s2, SOL_SOCKET, SO_REUSEADDR, flags >> 1);
				ASSERT_EQ(0, bind_to(self->f, s1, a, PORT));
				if (overlap(a, b) && flags != 3)
					EXPECT_ERRNO(EADDRINUSE,
						     bind_to(self->f, s2, b, PORT));
				else
					EXPECT_RET(0, bind_to(self->f, s2, b, PORT));
				close(s1);
				close(s2);
			}
		}
	}
}

/* SO_REUSEADDR is looked at when the second socket binds, not the first. */
TEST_F(bind, reuseaddr_late)
{
	int s1 = sk_bound(self->f, ALICE, ANY, PORT);
	int s2 = sk_open(self->f, ALICE);

	ASSERT_EQ(0, set_int(s2, SOL_SOCKET, SO_REUSEADDR, 1));
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s2, ANY, PORT));
	ASSERT_EQ(0, set_int(s1, SOL_SOCKET, SO_REUSEADDR, 1));
	EXPECT_RET(0, bind_to(self->f, s2, ANY, PORT));
}

/* Of sockets that share an address and port the last one bound receives. */
TEST_F(bind, reuseaddr_receiver)
{
	int s[3], sender = sk_open(self->f, BOB), i;
	char c = 0;

	for (i = 0; i < 3; i++) {
		s[i] = sk_open(self->f, ALICE);
		ASSERT_EQ(0, set_int(s[i], SOL_SOCKET, SO_REUSEADDR, 1));
		ASSERT_EQ(0, bind_to(self->f, s[i], ANY, PORT));
	}
	ASSERT_EQ(1, send_to(self->f, sender, "1", 1, ALICE1, PORT));
	EXPECT_RET(1, recv(s[2], &c, 1, 0));
	EXPECT_EQ('1', c);
	close(s[2]);
	ASSERT_EQ(1, send_to(self->f, sender, "2", 1, ALICE1, PORT));
	EXPECT_RET(1, recv(s[1], &c, 1, 0));
	EXPECT_EQ('2', c);
	EXPECT_ERRNO(EAGAIN, recv(s[0], &c, 1, MSG_DONTWAIT));
}

/* The most specific socket receives: connected, then address, then any. */
TEST_F(bind, best_match)
{
	int any = sk_open(self->f, ALICE), own = sk_open(self->f, ALICE);
	int conn = sk_open(self->f, ALICE);
	int b1 = sk_bound(self->f, BOB, BOB1, PORT);
	int b2 = sk_bound(self->f, BOB, BOB1, PORT + 1);
	char c;

	set_int(any, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(own, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(conn, SOL_SOCKET, SO_REUSEADDR, 1);
	/* The most specific is bound first, so that the order does not help. */
	ASSERT_EQ(0, bind_to(self->f, conn, ALICE1, PORT));
	ASSERT_EQ(0, conn_to(self->f, conn, BOB1, PORT));
	ASSERT_EQ(0, bind_to(self->f, own, ALICE1, PORT));
	ASSERT_EQ(0, bind_to(self->f, any, ANY, PORT));

	ASSERT_EQ(1, send_to(self->f, b1, "c", 1, ALICE1, PORT));
	ASSERT_EQ(1, send_to(self->f, b2, "o", 1, ALICE1, PORT));
	ASSERT_EQ(1, send_to(self->f, b2, "a", 1, ALICE2, PORT));
	EXPECT_RET(1, recv(conn, &c, 1, 0));
	EXPECT_EQ('c', c);
	EXPECT_RET(1, recv(own, &c, 1, 0));
	EXPECT_EQ('o', c);
	EXPECT_RET(1, recv(any, &c, 1, 0));
	EXPECT_EQ('a', c);
	EXPECT_ERRNO(EAGAIN, recv(conn, &c, 1, MSG_DONTWAIT));
	EXPECT_ERRNO(EAGAIN, recv(own, &c, 1, MSG_DONTWAIT));
	EXPECT_ERRNO(EAGAIN, recv(any, &c, 1, MSG_DONTWAIT));
}

static int sk_reuseport(const struct family *f)
{
	int s = sk_open(f, ALICE);

	must(!set_int(s, f->reuseport_level, f->reuseport, 1), "reuseport");
	return s;
}

TEST_F(bind, reuseport)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(conflict_addr); i++) {
		for (j = 0; j < ARRAY_SIZE(conflict_addr); j++) {
			uint32_t a = conflict_addr[i], b = conflict_addr[j];
			int s1 = sk_reuseport(self->f), s2 = sk_reuseport(self->f);
			int without = sk_open(self->f, ALICE);

			EXPECT_EQ(1, get_int(s1, self->f->reuseport_level,
					     self->f->reuseport));
			EXPECT_EQ(0, get_int(without, self->f->reuseport_level,
					     self->f->reuseport));
			EXPECT_RET(0, bind_to(self->f, s1, a, PORT));
			if (overlap(a, b))
				EXPECT_ERRNO(EADDRINUSE,
					     bind_to(self->f, without, b, PORT));
			EXPECT_RET(0, bind_to(self->f, s2, b, PORT));
			close(s1);
			close(s2);
			close(without);
		}
	}
}

/* A socket of a port without the option keeps others out, with it or not. */
TEST_F(bind, reuseport_first_without)
{
	int s1 = sk_bound(self->f, ALICE, ANY, PORT);
	int s2 = sk_reuseport(self->f);

	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s2, ANY, PORT));
	close(s1);
	EXPECT_RET(0, bind_to(self->f, s2, ANY, PORT));
}

#define GROUP	4
#define FLOWS	128

/* Takes what there is on the sockets; got[flow] says which one had it. */
static int collect(int *s, int n, int *got, int expected)
{
	struct pollfd p[GROUP];
	unsigned char flow;
	int i, total = 0;

	for (i = 0; i < n; i++)
		p[i] = (struct pollfd){ .fd = s[i], .events = POLLIN };
	while (total < expected && poll(p, n, LIMIT_MS) > 0) {
		for (i = 0; i < n; i++) {
			while (recv(s[i], &flow, 1, MSG_DONTWAIT) == 1) {
				got[flow] = i;
				total++;
			}
		}
	}
	return total;
}

/* Flows are spread over the group, and a flow stays with its socket. */
TEST_F(bind, reuseport_spread)
{
	int s[GROUP], flow[FLOWS], got[2][FLOWS], members[GROUP] = { 0 };
	unsigned char c;
	int i, round;

	for (i = 0; i < GROUP; i++) {
		s[i] = sk_reuseport(self->f);
		ASSERT_EQ(0, bind_to(self->f, s[i], ANY, PORT));
	}
	for (i = 0; i < FLOWS; i++)
		flow[i] = sk_conn(self->f, BOB, ALICE1, PORT);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < FLOWS; i++) {
			c = i;
			ASSERT_EQ(1, send(flow[i], &c, 1, 0));
		}
		ASSERT_EQ(FLOWS, collect(s, GROUP, got[round], FLOWS));
	}
	for (i = 0; i < FLOWS; i++) {
		EXPECT_EQ(got[0][i], got[1][i]);
		members[got[0][i]]++;
	}
	/* 32 each on average; fewer than 8 has a chance of one in 10^7. */
	for (i = 0; i < GROUP; i++) {
		EXPECT_LE(8, members[i]);
	}

	/* The others take over from one that is closed. */
	close(s[0]);
	for (i = 0; i < FLOWS; i++) {
		c = i;
		ASSERT_EQ(1, send(flow[i], &c, 1, 0));
	}
	EXPECT_EQ(FLOWS, collect(s + 1, GROUP - 1, got[0], FLOWS));
}

/* Only sockets of one user share a port, or datagrams could be stolen. */
TEST_F(bind, reuseport_other_user)
{
	int s = sk_reuseport(self->f), status;
	pid_t pid;

	ASSERT_EQ(0, bind_to(self->f, s, ANY, PORT));
	pid = child();
	if (!pid) {
		become_nobody();
		s = sk_reuseport(self->f);
		_exit(bind_to(self->f, s, ANY, PORT) ? errno : 0);
	}
	status = child_status(pid);
	EXPECT_EQ(EADDRINUSE, status);
}

/* SO_REUSEADDR and reuseport are two things: one each does not do. */
TEST_F(bind, reuse_mixed)
{
	int s1 = sk_reuseport(self->f), s2 = sk_open(self->f, ALICE);

	ASSERT_EQ(0, set_int(s2, SOL_SOCKET, SO_REUSEADDR, 1));
	ASSERT_EQ(0, bind_to(self->f, s1, ANY, PORT));
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s2, ANY, PORT));
}

TEST_F(bind, privileged_port)
{
	pid_t pid = child();
	int s, status;

	if (!pid) {
		become_nobody();
		s = sk_open(self->f, ALICE);
		if (!bind_to(self->f, s, ALICE1, 1023) || errno != EACCES)
			_exit(1);
		if (!bind_to(self->f, s, ANY, 1) || errno != EACCES)
			_exit(2);
		if (bind_to(self->f, s, ALICE1, 1024))
			_exit(3);
		_exit(0);
	}
	status = child_status(pid);
	EXPECT_EQ(0, status)
		TH_LOG("1, 2: a port below 1024 was not refused with EACCES; 3: 1024 was");
	s = sk_open(self->f, ALICE);
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, 1023));
}

TEST_F(bind, short_address)
{
	addr_t a = addr_of(self->f, ALICE1, PORT);
	int s = sk_open(self->f, ALICE);
	socklen_t len;

	for (len = 0; len < sizeof(a); len++)
		EXPECT_ERRNO(EINVAL, bind(s, (struct sockaddr *)&a, len));
	EXPECT_ERRNO(EINVAL, bind(s, (struct sockaddr *)&a, -1));
	EXPECT_EQ(0, port_of(s));
}

/* More than an address, as a program does that passes a sockaddr_storage. */
TEST_F(bind, long_address)
{
	struct sockaddr_storage ss = { 0 };
	addr_t a = addr_of(self->f, ALICE1, PORT);
	int s = sk_open(self->f, ALICE);

	memcpy(&ss, &a, sizeof(a));
	EXPECT_ERRNO(EINVAL, bind(s, (struct sockaddr *)&ss, sizeof(ss) + 1));
	EXPECT_RET(0, bind(s, (struct sockaddr *)&ss, sizeof(ss)));
}

TEST_F(bind, wrong_family)
{
	addr_t a = addr_of(self->f, ALICE1, PORT);
	int s = sk_open(self->f, ALICE);

	a.teach_family = AF_APPLETALK;
	EXPECT_ERRNO(EAFNOSUPPORT, bind(s, (struct sockaddr *)&a, sizeof(a)));
	a.teach_family = self->f->af == AF_INET ? AF_TEACH : AF_INET;
	EXPECT_ERRNO(EAFNOSUPPORT, bind(s, (struct sockaddr *)&a, sizeof(a)));
	a.teach_family = AF_UNSPEC;
	EXPECT_ERRNO(EAFNOSUPPORT, bind(s, (struct sockaddr *)&a, sizeof(a)));
	EXPECT_EQ(0, port_of(s));
}

TEST_F(bind, bad_pointer)
{
	addr_t *bad = no_page();
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EFAULT, bind(s, (struct sockaddr *)bad, sizeof(*bad)));
	/* Half of it can be read. */
	EXPECT_ERRNO(EFAULT, bind(s, (struct sockaddr *)((char *)bad - 8),
				  sizeof(*bad)));
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PORT));
	EXPECT_ERRNO(EFAULT, getsockname(s, (struct sockaddr *)bad,
					 &(socklen_t){ sizeof(*bad) }));
	EXPECT_ERRNO(EFAULT, getsockname(s, &(struct sockaddr){ 0 }, (socklen_t *)bad));
	EXPECT_ERRNO(EINVAL, getsockname(s, &(struct sockaddr){ 0 },
					 &(socklen_t){ -1 }));
}

/* getsockname() cuts what does not fit and says how long the name is. */
TEST_F(bind, getsockname_cut)
{
	int s = sk_bound(self->f, ALICE, ALICE1, PORT);
	unsigned char buf[16];
	socklen_t len = 4;

	memset(buf, 0xee, sizeof(buf));
	EXPECT_RET(0, getsockname(s, (struct sockaddr *)buf, &len));
	EXPECT_EQ(16, len);
	EXPECT_EQ(htons(PORT) & 0xff, buf[2]);
	EXPECT_EQ(0xee, buf[4]);
}

TEACH_ONLY(bind_teach,)

TEST_F(bind_teach, padding)
{
	int s = sk_open(self->f, ALICE), i;
	addr_t a;

	for (i = 0; i < 4; i++) {
		a = addr_of(self->f, ALICE1, PORT);
		a.teach_zero[i] = 1;
		EXPECT_ERRNO(EINVAL, bind(s, (struct sockaddr *)&a, sizeof(a)));
		EXPECT_ERRNO(EINVAL, connect(s, (struct sockaddr *)&a, sizeof(a)));
		EXPECT_ERRNO(EINVAL, sendto(s, "x", 1, 0, (struct sockaddr *)&a,
					    sizeof(a)));
	}
	EXPECT_EQ(0, port_of(s));
}

/* UDP and AF_TEACH have their own ports. */
TEST_F(bind_teach, ports_are_not_udps)
{
	int s = sk_bound(&fam_inet, ALICE, ANY, PORT);
	int t = sk_open(self->f, ALICE);

	EXPECT_RET(0, bind_to(self->f, t, ANY, PORT));
	close(s);
	EXPECT_EQ(PORT, port_of(t));
}

LAB_MAIN
