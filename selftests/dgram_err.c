// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Errors that come back after a datagram was sent: nobody on the port, no such
 * host, and how a program learns of them.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <signal.h>
#include <sys/syscall.h>

#include "common.h"

#define CLOSED	6999	/* nobody is on it */
#define PEER	7100

/* Look for a neighbour for half a second only. */
static void quick(const struct family *f)
{
	must(!neigh_timing(f, "va", 150, 3, 5000), "neighbour timing");
}

FAMILIES(err, quick(variant->f))

TEST_F(err, refused_at_recv)
{
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);
	char c;

	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_ERRNO(ECONNREFUSED, recv(s, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
	EXPECT_EQ(0, get_int(s, SOL_SOCKET, SO_ERROR));
}

TEST_F(err, refused_at_send)
{
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);

	ASSERT_EQ(1, send(s, "x", 1, 0));
	ASSERT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_ERRNO(ECONNREFUSED, send(s, "y", 1, 0));
	EXPECT_EQ(0, events_now(s, 0));
	/* The one that failed was not sent: no other error. */
	EXPECT_EQ(0, get_int(s, SOL_SOCKET, SO_ERROR));
	EXPECT_RET(1, send(s, "z", 1, 0));
	EXPECT_EQ(POLLERR, wait_for(s, 0));
}

TEST_F(err, refused_so_error)
{
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);
	char c;

	ASSERT_EQ(1, send(s, "x", 1, 0));
	ASSERT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_EQ(ECONNREFUSED, get_int(s, SOL_SOCKET, SO_ERROR));
	EXPECT_EQ(0, get_int(s, SOL_SOCKET, SO_ERROR));
	EXPECT_EQ(0, events_now(s, 0));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
}

TEST_F(err, refused_wakes_reader)
{
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED), status;
	pid_t pid = child();
	char c;

	if (!pid)
		_exit(recv(s, &c, 1, 0) < 0 ? errno : 0);
	sleeping(pid, SYS_recvfrom);
	ASSERT_EQ(1, send(s, "x", 1, 0));
	status = child_status(pid);
	EXPECT_EQ(ECONNREFUSED, status);
}

TEST_F(err, refused_here)
{
	int s = sk_conn(self->f, ALICE, ALICE1, CLOSED);
	char c;

	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_ERRNO(ECONNREFUSED, recv(s, &c, 1, 0));
}

/* The port is free, but a socket on another address has it. */
TEST_F(err, refused_other_address)
{
	int other = sk_bound(self->f, BOB, BOB2, CLOSED);
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);
	char c;

	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_ERRNO(ECONNREFUSED, recv(s, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(other, &c, 1, MSG_DONTWAIT));
}

/* A socket connected to somebody else does not have the port for us. */
TEST_F(err, refused_by_connected)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	char c;

	ASSERT_EQ(0, conn_to(self->f, peer, ALICE1, 9999));
	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_ERRNO(ECONNREFUSED, recv(s, &c, 1, 0));
}

/* The peer goes away while we talk to it, and comes back. */
TEST_F(err, peer_restarts)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	char c;

	ASSERT_EQ(1, send(s, "1", 1, 0));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	close(peer);
	ASSERT_EQ(1, send(s, "2", 1, 0));
	EXPECT_ERRNO(ECONNREFUSED, recv(s, &c, 1, 0));
	peer = sk_bound(self->f, BOB, BOB1, PEER);
	EXPECT_RET(1, send(s, "3", 1, 0));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('3', c);
}

/* An error goes to the socket that caused it. */
TEST_F(err, refused_right_socket)
{
	int other = sk_conn(self->f, ALICE, BOB1, CLOSED);
	int open = sk_bound(self->f, ALICE, ALICE1, PEER);
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);

	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_EQ(0, events_now(other, 0));
	EXPECT_EQ(0, events_now(open, 0));
}

/* Who is not connected does not ask for errors. */
TEST_F(err, unconnected)
{
	int s = sk_open(self->f, ALICE);
	int marker = sk_conn(self->f, ALICE, BOB1, CLOSED);
	char c;

	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, CLOSED));
	/* When this one's error is here, the other's would have been. */
	ASSERT_EQ(1, send(marker, "x", 1, 0));
	ASSERT_EQ(POLLERR, wait_for(marker, 0));
	EXPECT_EQ(0, events_now(s, 0));
	EXPECT_EQ(0, get_int(s, SOL_SOCKET, SO_ERROR));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_ERRQUEUE));
}

/* No error tells who listens to a broadcast and who does not. */
TEST_F(err, none_for_broadcast)
{
	int s = sk_open(self->f, ALICE);
	int marker = sk_conn(self->f, ALICE, BOB1, CLOSED);

	ASSERT_EQ(0, set_int(s, SOL_SOCKET, SO_BROADCAST, 1));
	ASSERT_EQ(0, set_int(s, self->f->level, self->f->recverr, 1));
	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BCAST1, CLOSED));
	ASSERT_EQ(1, send(marker, "x", 1, 0));
	ASSERT_EQ(POLLERR, wait_for(marker, 0));
	EXPECT_EQ(0, events_now(s, 0));
}

static int sk_recverr(const struct family *f)
{
	int s = sk_open(f, ALICE);

	must(!set_int(s, f->level, f->recverr, 1), "RECVERR");
	return s;
}

TEST_F(err, recverr_option)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_EQ(0, get_int(s, self->f->level, self->f->recverr));
	EXPECT_RET(0, set_int(s, self->f->level, self->f->recverr, 1));
	EXPECT_EQ(1, get_int(s, self->f->level, self->f->recverr));
}

TEST_F(err, queue_empty)
{
	char c;

	/* Never waits, not even on a blocking socket. */
	EXPECT_ERRNO(EAGAIN, recv(sk_recverr(self->f), &c, 1, MSG_ERRQUEUE));
	EXPECT_ERRNO(EAGAIN, recv(sk_open(self->f, ALICE), &c, 1, MSG_ERRQUEUE));
}

TEST_F(err, queue_refused)
{
	static const char text[] = "a payload to find again";
	int s = sk_recverr(self->f);
	struct sock_extended_err ee;
	struct received r;
	addr_t offender;
	char c;

	ASSERT_EQ((ssize_t)sizeof(text),
		  send_to(self->f, s, text, sizeof(text), BOB1, CLOSED));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, &offender));
	EXPECT_EQ(ECONNREFUSED, ee.ee_errno);
	EXPECT_EQ(self->f->ee_origin, ee.ee_origin);
	EXPECT_EQ(TEACH_CTL_UNREACH, ee.ee_type);
	EXPECT_EQ(TEACH_UNREACH_PORT, ee.ee_code);
	EXPECT_EQ(0, ee.ee_pad);
	EXPECT_EQ(0, ee.ee_info);
	EXPECT_EQ(0, ee.ee_data);
	/* Who said so. */
	EXPECT_EQ(self->f->af, offender.teach_family);
	EXPECT_EQ(BOB1, ntohl(offender.teach_addr.s_addr));
	EXPECT_EQ(0, offender.teach_port);
	EXPECT_EQ(0, memcmp(offender.teach_zero, "\0\0\0\0", 4));
	/* Where the datagram was going. */
	EXPECT_EQ(MSG_ERRQUEUE, r.msg.msg_flags);
	EXPECT_EQ(16, r.msg.msg_namelen);
	EXPECT_EQ(self->f->af, r.name.teach_family);
	EXPECT_EQ(BOB1, ntohl(r.name.teach_addr.s_addr));
	EXPECT_EQ(CLOSED, ntohs(r.name.teach_port));
	/* What was in it. */
	EXPECT_EQ((ssize_t)sizeof(text), r.len);
	EXPECT_EQ(0, memcmp(r.data, text, sizeof(text)));
	/* One error, told once. */
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_ERRQUEUE));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
	EXPECT_EQ(0, events_now(s, 0));
}

TEST_F(err, queue_and_errno)
{
	int s = sk_recverr(self->f);
	struct sock_extended_err ee;
	struct received r;
	char c;

	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, CLOSED));
	/* Also an unconnected socket has the error now. */
	EXPECT_ERRNO(ECONNREFUSED, recv(s, &c, 1, 0));
	/* Reading it from there leaves the queue. */
	EXPECT_EQ(POLLERR, events_now(s, 0));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
	EXPECT_EQ(ECONNREFUSED, ee.ee_errno);
	EXPECT_EQ(0, events_now(s, 0));
}

TEST_F(err, queue_connected)
{
	int s = sk_recverr(self->f);
	struct sock_extended_err ee;
	struct received r;

	ASSERT_EQ(0, conn_to(self->f, s, BOB1, CLOSED));
	ASSERT_EQ(1, send(s, "x", 1, 0));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
	EXPECT_EQ(ECONNREFUSED, ee.ee_errno);
	EXPECT_EQ(BOB1, ntohl(r.name.teach_addr.s_addr));
	EXPECT_EQ(CLOSED, ntohs(r.name.teach_port));
	EXPECT_EQ(1, r.len);
	EXPECT_EQ('x', r.data[0]);
}

/* Several errors, in the order in which they came. */
TEST_F(err, queue_order)
{
	int s = sk_recverr(self->f), i;
	struct sock_extended_err ee;
	struct received r;

	for (i = 0; i < 4; i++) {
		char c = 'a' + i;

		while (send_to(self->f, s, &c, 1, BOB1, CLOSED - i) != 1) {
			ASSERT_EQ(ECONNREFUSED, errno);
		}
	}
	for (i = 0; i < 4; i++) {
		ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
		EXPECT_EQ(ECONNREFUSED, ee.ee_errno);
		EXPECT_EQ(CLOSED - i, ntohs(r.name.teach_port));
		EXPECT_EQ('a' + i, r.data[0]);
	}
}

/* A small buffer gets the start of the quote. */
TEST_F(err, queue_truncated)
{
	int s = sk_recverr(self->f);
	struct iovec iov;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	char buf[2];

	iov = (struct iovec){ buf, sizeof(buf) };
	ASSERT_EQ(4, send_to(self->f, s, "abcd", 4, BOB1, CLOSED));
	ASSERT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_RET(2, recvmsg(s, &msg, MSG_ERRQUEUE));
	EXPECT_EQ(MSG_TRUNC | MSG_ERRQUEUE | MSG_CTRUNC, msg.msg_flags | MSG_CTRUNC);
	EXPECT_EQ(0, memcmp(buf, "ab", 2));
}

/* Switching the option off throws away what is queued. */
TEST_F(err, queue_purged)
{
	int s = sk_recverr(self->f);
	char c;

	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, CLOSED));
	ASSERT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_RET(0, set_int(s, self->f->level, self->f->recverr, 0));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_ERRQUEUE));
}

/* The error queue is part of the receive buffer: it cannot grow for ever. */
TEST_F(err, queue_bounded)
{
	int s = sk_recverr(self->f), marker = sk_conn(self->f, ALICE, BOB1, CLOSED);
	int i, n = 0;
	char c;

	ASSERT_EQ(0, set_int(s, SOL_SOCKET, SO_RCVBUF, 4096));
	for (i = 0; i < 100; i++)
		while (send_to(self->f, s, "x", 1, BOB1, CLOSED) != 1) {
			ASSERT_EQ(ECONNREFUSED, errno);
		}
	ASSERT_EQ(1, send(marker, "x", 1, 0));
	ASSERT_EQ(POLLERR, wait_for(marker, 0));
	while (recv(s, &c, 1, MSG_ERRQUEUE) >= 0)
		n++;
	EXPECT_LE(1, n);
	EXPECT_GE(30, n);
}

/* Datagrams and errors wait in queues of their own. */
TEST_F(err, queue_beside_data)
{
	int s = sk_recverr(self->f), peer = sk_bound(self->f, BOB, BOB1, PEER);
	struct sock_extended_err ee;
	struct received r;
	char c;

	ASSERT_EQ(0, bind_to(self->f, s, ALICE1, PEER));
	ASSERT_EQ(1, send_to(self->f, peer, "d", 1, ALICE1, PEER));
	ASSERT_EQ(1, send_to(self->f, s, "e", 1, BOB1, CLOSED));
	ASSERT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_EQ(POLLIN | POLLERR, events_now(s, POLLIN));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
	EXPECT_EQ(POLLIN, events_now(s, POLLIN));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('d', c);
}

TEST_F(err, closed_with_errors)
{
	int i;

	for (i = 0; i < 10; i++) {
		int s = sk_recverr(self->f);

		ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, CLOSED));
		if (i & 1) {
			ASSERT_EQ(POLLERR, wait_for(s, 0));
		}
		close(s);
	}
}

/* Too big for the device: also in the queue, with the size that fits. */
TEST_F(err, queue_too_big)
{
	static char buf[1500];
	int s = sk_recverr(self->f);
	struct sock_extended_err ee;
	struct received r;

	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_ERRNO(EMSGSIZE, send(s, buf, sizeof(buf), 0));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
	EXPECT_EQ(EMSGSIZE, ee.ee_errno);
	EXPECT_EQ(SO_EE_ORIGIN_LOCAL, ee.ee_origin);
	EXPECT_EQ(0, ee.ee_type);
	EXPECT_EQ(0, ee.ee_code);
	EXPECT_EQ(1500, ee.ee_info);
	EXPECT_EQ(0, r.len);
	EXPECT_EQ(BOB1, ntohl(r.name.teach_addr.s_addr));
	EXPECT_EQ(PEER, ntohs(r.name.teach_port));
}

/* Nobody answers to the address. */
TEST_F(err, no_host)
{
	int s = sk_recverr(self->f);
	struct sock_extended_err ee;
	struct received r;
	char c;

	ASSERT_EQ(4, send_to(self->f, s, "lost", 4, UNUSED1, PEER));
	EXPECT_ERRNO(EHOSTUNREACH, recv(s, &c, 1, 0));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
	EXPECT_EQ(EHOSTUNREACH, ee.ee_errno);
	EXPECT_EQ(UNUSED1, ntohl(r.name.teach_addr.s_addr));
	EXPECT_EQ(PEER, ntohs(r.name.teach_port));
	EXPECT_EQ(4, r.len);
	EXPECT_EQ(0, memcmp(r.data, "lost", 4));
}

TEST_F(err, no_host_connected)
{
	int s = sk_recverr(self->f);

	ASSERT_EQ(0, conn_to(self->f, s, UNUSED1 + 1, PEER));
	ASSERT_EQ(4, send(s, "lost", 4, 0));
	ASSERT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_EQ(EHOSTUNREACH, get_int(s, SOL_SOCKET, SO_ERROR));
	EXPECT_EQ(0, get_int(s, SOL_SOCKET, SO_ERROR));
}

/* Every datagram that waited for the address is an error, whosever it is. */
TEST_F(err, no_host_many)
{
	int s1 = sk_recverr(self->f), s2 = sk_recverr(self->f), i;
	struct sock_extended_err ee;
	struct received r;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(1, send_to(self->f, s1, "1", 1, UNUSED1 + 2, PEER + i));
		ASSERT_EQ(1, send_to(self->f, s2, "2", 1, UNUSED1 + 2, PEER + i));
	}
	for (i = 0; i < 3; i++) {
		ASSERT_TRUE(errqueue_get(self->f, s1, &r, &ee, NULL));
		EXPECT_EQ(EHOSTUNREACH, ee.ee_errno);
		EXPECT_EQ('1', r.data[0]);
		EXPECT_EQ(PEER + i, ntohs(r.name.teach_port));
		ASSERT_TRUE(errqueue_get(self->f, s2, &r, &ee, NULL));
		EXPECT_EQ(EHOSTUNREACH, ee.ee_errno);
		EXPECT_EQ('2', r.data[0]);
		EXPECT_EQ(PEER + i, ntohs(r.name.teach_port));
	}
}

/* The sender closed its socket before the address was given up. */
TEST_F(err, no_host_closed)
{
	int s = sk_recverr(self->f), marker = sk_recverr(self->f);

	ASSERT_EQ(1, send_to(self->f, s, "x", 1, UNUSED1 + 3, PEER));
	close(s);
	ASSERT_EQ(1, send_to(self->f, marker, "x", 1, UNUSED1 + 3, PEER));
	EXPECT_EQ(POLLERR, wait_for(marker, 0));
}

/* Neither connected nor asked for errors: nothing is told. */
TEST_F(err, no_host_unconnected)
{
	int s = sk_open(self->f, ALICE), marker = sk_recverr(self->f);
	char c;

	ASSERT_EQ(1, send_to(self->f, s, "x", 1, UNUSED1 + 4, PEER));
	ASSERT_EQ(1, send_to(self->f, marker, "x", 1, UNUSED1 + 4, PEER));
	ASSERT_EQ(POLLERR, wait_for(marker, 0));
	EXPECT_EQ(0, events_now(s, 0));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
}

/* A host that appears in time gets what was waiting for it, in order. */
TEST_F(err, host_appears)
{
	int s, peer, i;
	char c;

	lab_make();
	ASSERT_EQ(0, neigh_timing(self->f, "va", 100, 100, 5000));
	s = sk_recverr(self->f);
	peer = sk_bound(self->f, BOB, ANY, PEER);
	for (i = 0; i < 3; i++) {
		c = 'a' + i;
		ASSERT_EQ(1, send_to(self->f, s, &c, 1, UNUSED1, PEER));
	}
	lab_enter(BOB);
	ASSERT_EQ(0, addr_add(self->f, "vb", UNUSED1, 24));
	lab_enter(ALICE);
	for (i = 0; i < 3; i++) {
		EXPECT_RET(1, recv(peer, &c, 1, 0));
		EXPECT_EQ('a' + i, c);
	}
	EXPECT_EQ(0, events_now(s, 0));
}

TEACH_ONLY(err_teach, quick(&fam_teach))

/*
 * UDP tells a connected socket only with IP_RECVERR that there is no such
 * host; AF_TEACH tells it always.
 */
TEST_F(err_teach, no_host_connected)
{
	int s = sk_conn(self->f, ALICE, UNUSED1 + 5, PEER);
	char c;

	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_ERRNO(EHOSTUNREACH, recv(s, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
}

/* This host found it out, so the error says that it is local. */
TEST_F(err_teach, no_host_origin)
{
	int s = sk_recverr(self->f);
	struct sock_extended_err ee;
	struct received r;

	ASSERT_EQ(1, send_to(self->f, s, "x", 1, UNUSED1 + 6, PEER));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
	EXPECT_EQ(EHOSTUNREACH, ee.ee_errno);
	EXPECT_EQ(SO_EE_ORIGIN_LOCAL, ee.ee_origin);
}

/* A control message quotes TEACH_CTL_QUOTE bytes of the packet. */
TEST_F(err_teach, quote)
{
	int s = sk_recverr(self->f), i;
	struct sock_extended_err ee;
	struct received r;
	char buf[1000];

	for (i = 0; i < 1000; i++)
		buf[i] = i;
	ASSERT_EQ(1000, send_to(self->f, s, buf, 1000, BOB1, CLOSED));
	ASSERT_TRUE(errqueue_get(self->f, s, &r, &ee, NULL));
	EXPECT_EQ(TEACH_CTL_QUOTE - self->f->overhead, r.len);
	EXPECT_EQ(0, memcmp(r.data, buf, TEACH_CTL_QUOTE - self->f->overhead));
}

LAB_MAIN
