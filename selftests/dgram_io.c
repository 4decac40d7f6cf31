// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sending and receiving datagrams: names, lengths, flags, several at once.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <linux/sockios.h>

#include "common.h"

#define PORT	7000
#define PEER	7100
#define MTU	1500

/* s at alice and peer at bob, each bound; bob knows alice's MAC address and she his. */
FIXTURE(io) {
	const struct family *f;
	int s, peer;
};
FIXTURE_VARIANT(io) { const struct family *f; };
FIXTURE_VARIANT_ADD(io, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(io, teach) { .f = &fam_teach };
FIXTURE_SETUP(io)
{
	char c;

	self->f = variant->f;
	test_begin(variant->f);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->peer = sk_bound(self->f, BOB, BOB1, PEER);
	ASSERT_EQ(1, send_to(self->f, self->peer, "!", 1, ALICE1, PORT));
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
}
FIXTURE_TEARDOWN(io) {}

/* Bob sends a string to alice. */
#define BOB_SENDS(_text) \
	ASSERT_EQ((ssize_t)strlen(_text), \
		  send_to(self->f, self->peer, _text, strlen(_text), ALICE1, PORT))

TEST_F(io, name)
{
	addr_t from;
	char buf[8];

	BOB_SENDS("hello");
	EXPECT_RET(5, recv_name(self->s, buf, sizeof(buf), 0, &from));
	EXPECT_EQ(0, memcmp(buf, "hello", 5));
	EXPECT_EQ(self->f->af, from.teach_family);
	EXPECT_EQ(PEER, ntohs(from.teach_port));
	EXPECT_EQ(BOB1, ntohl(from.teach_addr.s_addr));
	EXPECT_EQ(0, memcmp(from.teach_zero, "\0\0\0\0", 4));
}

TEST_F(io, name_connected)
{
	addr_t from;
	char c;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	BOB_SENDS("x");
	EXPECT_RET(1, recv_name(self->s, &c, 1, 0, &from));
	EXPECT_EQ(PEER, ntohs(from.teach_port));
	EXPECT_EQ(BOB1, ntohl(from.teach_addr.s_addr));
}

/* A name that does not fit is cut; msg_namelen says how long it is. */
TEST_F(io, name_cut)
{
	unsigned char name[16];
	socklen_t len = 4;
	char c;

	memset(name, 0xee, sizeof(name));
	BOB_SENDS("x");
	EXPECT_RET(1, recvfrom(self->s, &c, 1, 0, (struct sockaddr *)name, &len));
	EXPECT_EQ(16, len);
	EXPECT_EQ(PEER, name[2] << 8 | name[3]);
	EXPECT_EQ(0xee, name[4]);

	len = 0;
	BOB_SENDS("x");
	EXPECT_RET(1, recvfrom(self->s, &c, 1, 0, (struct sockaddr *)name, &len));
	EXPECT_EQ(16, len);
}

TEST_F(io, recvmsg_namelen)
{
	struct received r;
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr none = { .msg_iov = &iov, .msg_iovlen = 1, .msg_namelen = 99 };

	BOB_SENDS("hello");
	EXPECT_RET(5, recv_msg(self->s, &r, 0));
	EXPECT_EQ(16, r.msg.msg_namelen);
	EXPECT_EQ(0, r.msg.msg_flags);
	EXPECT_EQ(0, r.msg.msg_controllen);
	EXPECT_EQ(PEER, ntohs(r.name.teach_port));

	/* No buffer for a name: no name. */
	BOB_SENDS("x");
	EXPECT_RET(1, recvmsg(self->s, &none, 0));
	EXPECT_NULL(none.msg_name);
}

TEST_F(io, scatter_gather)
{
	char a[3], b[2], c[10];
	struct iovec out[] = { { "ab", 2 }, { "", 0 }, { "cdefg", 5 } };
	struct iovec in[] = { { a, 3 }, { b, 2 }, { c, 10 } };
	addr_t to = addr_of(self->f, BOB1, PEER);
	struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to),
		.msg_iov = out, .msg_iovlen = 3,
	};

	EXPECT_RET(7, sendmsg(self->s, &msg, 0));
	msg = (struct msghdr){ .msg_iov = in, .msg_iovlen = 3 };
	EXPECT_RET(7, recvmsg(self->peer, &msg, 0));
	EXPECT_EQ(0, memcmp(a, "abc", 3));
	EXPECT_EQ(0, memcmp(b, "de", 2));
	EXPECT_EQ(0, memcmp(c, "fg", 2));
}

#define BATCH	8

TEST_F(io, sendmmsg_recvmmsg)
{
	struct mmsghdr out[BATCH] = { 0 }, in[BATCH + 2] = { 0 };
	struct iovec oiov[BATCH], iiov[BATCH + 2];
	addr_t to = addr_of(self->f, BOB1, PEER), from[BATCH + 2];
	char data[BATCH + 2][BATCH + 2];
	int i;

	for (i = 0; i < BATCH; i++) {
		oiov[i] = (struct iovec){ "abcdefgh", i };
		out[i].msg_hdr.msg_name = &to;
		out[i].msg_hdr.msg_namelen = sizeof(to);
		out[i].msg_hdr.msg_iov = &oiov[i];
		out[i].msg_hdr.msg_iovlen = 1;
	}
	for (i = 0; i < BATCH + 2; i++) {
		iiov[i] = (struct iovec){ data[i], sizeof(data[i]) };
		in[i].msg_hdr.msg_name = &from[i];
		in[i].msg_hdr.msg_namelen = sizeof(from[i]);
		in[i].msg_hdr.msg_iov = &iiov[i];
		in[i].msg_hdr.msg_iovlen = 1;
	}
	EXPECT_RET(BATCH, sendmmsg(self->s, out, BATCH, 0));
	/* All that is there, waiting for no more than the first. */
	EXPECT_RET(BATCH, recvmmsg(self->peer, in, BATCH + 2, MSG_WAITFORONE, NULL));
	for (i = 0; i < BATCH; i++) {
		EXPECT_EQ((unsigned int)i, out[i].msg_len);
		EXPECT_EQ((unsigned int)i, in[i].msg_len);
		EXPECT_EQ(0, memcmp(data[i], "abcdefgh", i));
		EXPECT_EQ(16, in[i].msg_hdr.msg_namelen);
		EXPECT_EQ(PORT, ntohs(from[i].teach_port));
	}
	EXPECT_ERRNO(EAGAIN, recvmmsg(self->peer, in, BATCH, MSG_DONTWAIT, NULL));
}

/* The time limit is looked at after each datagram; none sends none. */
TEST_F(io, recvmmsg_timeout)
{
	struct mmsghdr m[2] = { 0 };
	struct iovec iov = { &(char){ 0 }, 1 };
	struct timespec start, limit;
	int got;

	m[0].msg_hdr.msg_iov = &iov;
	m[0].msg_hdr.msg_iovlen = 1;
	m[1] = m[0];
	/* The clock of a kernel may tick every few milliseconds only: until it does. */
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		BOB_SENDS("1");
		BOB_SENDS("2");
		limit = (struct timespec) { .tv_nsec = 1 };
		got = recvmmsg(self->s, m, 2, 0, &limit);
	} while (got == 2 && elapsed_ms(&start) < LIMIT_MS);
	EXPECT_EQ(1, got);
	EXPECT_RET(0, sendmmsg(self->s, m, 0, 0));
}

/* What was sent before an error counts; the error comes with the next call. */
TEST_F(io, sendmmsg_error)
{
	addr_t good = addr_of(self->f, BOB1, PEER), bad = addr_of(self->f, NOROUTE, 1);
	struct iovec iov = { "x", 1 };
	struct mmsghdr m[3] = { 0 };
	char c;
	int i;

	for (i = 0; i < 3; i++) {
		m[i].msg_hdr.msg_name = i == 2 ? &bad : &good;
		m[i].msg_hdr.msg_namelen = sizeof(good);
		m[i].msg_hdr.msg_iov = &iov;
		m[i].msg_hdr.msg_iovlen = 1;
	}
	EXPECT_RET(2, sendmmsg(self->s, m, 3, 0));
	EXPECT_ERRNO(ENETUNREACH, sendmmsg(self->s, m + 2, 1, 0));
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(self->peer, &c, 1, MSG_DONTWAIT));
}

TEST_F(io, empty_datagram)
{
	addr_t from;
	char c;

	EXPECT_RET(0, send_to(self->f, self->s, NULL, 0, BOB1, PEER));
	EXPECT_EQ(POLLIN, wait_for(self->peer, POLLIN));
	EXPECT_RET(0, recv_name(self->peer, &c, 1, 0, &from));
	EXPECT_EQ(PORT, ntohs(from.teach_port));
	EXPECT_EQ(0, events_now(self->peer, POLLIN));

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	EXPECT_RET(0, send(self->s, "", 0, 0));
	EXPECT_RET(0, send(self->s, "", 0, 0));
	EXPECT_RET(0, read(self->peer, &c, 1));
	EXPECT_EQ(POLLIN, wait_for(self->peer, POLLIN));
	EXPECT_RET(0, recv(self->peer, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(self->peer, &c, 1, MSG_DONTWAIT));
}

TEST_F(io, peek)
{
	struct received r;
	char buf[8];

	BOB_SENDS("first");
	BOB_SENDS("second");
	EXPECT_RET(5, recv(self->s, buf, sizeof(buf), MSG_PEEK));
	EXPECT_RET(5, recv_msg(self->s, &r, MSG_PEEK));
	EXPECT_EQ(0, memcmp(r.data, "first", 5));
	EXPECT_EQ(PEER, ntohs(r.name.teach_port));
	EXPECT_RET(2, recv(self->s, buf, 2, MSG_PEEK));
	EXPECT_RET(5, recv(self->s, buf, 2, MSG_PEEK | MSG_TRUNC));
	EXPECT_RET(5, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "first", 5));
	EXPECT_RET(6, recv(self->s, buf, sizeof(buf), MSG_PEEK));
	EXPECT_RET(6, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "second", 6));
	EXPECT_ERRNO(EAGAIN, recv(self->s, buf, 1, MSG_PEEK | MSG_DONTWAIT));
}

/* Peeking goes on where the last peek ended; receiving moves the offset back. */
TEST_F(io, peek_offset)
{
	char buf[8] = { 0 };

	EXPECT_EQ(-1, get_int(self->s, SOL_SOCKET, SO_PEEK_OFF));
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_PEEK_OFF, 0));
	BOB_SENDS("abcdefgh");
	BOB_SENDS("ijkl");
	EXPECT_RET(3, recv(self->s, buf, 3, MSG_PEEK));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	EXPECT_EQ(3, get_int(self->s, SOL_SOCKET, SO_PEEK_OFF));
	EXPECT_RET(5, recv(self->s, buf, 8, MSG_PEEK));
	EXPECT_EQ(0, memcmp(buf, "defgh", 5));
	/* On to the second datagram. */
	EXPECT_RET(2, recv(self->s, buf, 2, MSG_PEEK));
	EXPECT_EQ(0, memcmp(buf, "ij", 2));
	EXPECT_EQ(10, get_int(self->s, SOL_SOCKET, SO_PEEK_OFF));
	EXPECT_RET(8, recv(self->s, buf, 8, 0));
	EXPECT_EQ(0, memcmp(buf, "abcdefgh", 8));
	EXPECT_EQ(2, get_int(self->s, SOL_SOCKET, SO_PEEK_OFF));
	EXPECT_RET(2, recv(self->s, buf, 8, MSG_PEEK));
	EXPECT_EQ(0, memcmp(buf, "kl", 2));
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_PEEK_OFF, -1));
	EXPECT_RET(4, recv(self->s, buf, 8, MSG_PEEK));
	EXPECT_EQ(0, memcmp(buf, "ijkl", 4));
}

/* Told of in msg_flags; the rest of the datagram is gone. */
TEST_F(io, truncated)
{
	struct received r;
	char buf[4];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	BOB_SENDS("abcdefgh");
	BOB_SENDS("next");
	EXPECT_RET(4, recvmsg(self->s, &msg, 0));
	EXPECT_EQ(MSG_TRUNC, msg.msg_flags);
	EXPECT_EQ(0, memcmp(buf, "abcd", 4));
	EXPECT_RET(4, recv_msg(self->s, &r, 0));
	EXPECT_EQ(0, r.msg.msg_flags);
	EXPECT_EQ(0, memcmp(r.data, "next", 4));
}

/* The flag MSG_TRUNC: recv() returns the whole length. */
TEST_F(io, whole_length)
{
	struct iovec iov = { NULL, 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	char buf[4];

	BOB_SENDS("abcdefgh");
	EXPECT_RET(8, recv(self->s, buf, sizeof(buf), MSG_TRUNC));
	BOB_SENDS("abc");
	EXPECT_RET(3, recv(self->s, buf, sizeof(buf), MSG_TRUNC));
	BOB_SENDS("abcdefgh");
	EXPECT_RET(8, recvmsg(self->s, &msg, MSG_TRUNC));
	EXPECT_EQ(MSG_TRUNC, msg.msg_flags);
	EXPECT_ERRNO(EAGAIN, recv(self->s, buf, 1, MSG_DONTWAIT));
}

TEST_F(io, would_block)
{
	char c;

	EXPECT_ERRNO(EAGAIN, recv(self->s, &c, 1, MSG_DONTWAIT));
	ASSERT_EQ(0, fcntl(self->s, F_SETFL, O_NONBLOCK));
	EXPECT_ERRNO(EAGAIN, recv(self->s, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, read(self->s, &c, 1));
	EXPECT_RET(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
}

TEST_F(io, socket_flags)
{
	int s = socket(self->f->af, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	char c;

	ASSERT_LE(0, s);
	EXPECT_EQ(O_RDWR | O_NONBLOCK, fcntl(s, F_GETFL) & (O_RDWR | O_NONBLOCK));
	EXPECT_EQ(FD_CLOEXEC, fcntl(s, F_GETFD));
	ASSERT_EQ(0, bind_to(self->f, s, ANY, PORT + 1));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, 0));
}

TEST_F(io, receive_timeout)
{
	struct timeval tv = { .tv_usec = 100000 }, got;
	socklen_t len = sizeof(got);
	struct timespec start;
	char c;

	ASSERT_EQ(0, setsockopt(self->s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	ASSERT_EQ(0, getsockopt(self->s, SOL_SOCKET, SO_RCVTIMEO, &got, &len));
	EXPECT_EQ(0, got.tv_sec);
	EXPECT_EQ(100000, got.tv_usec);
	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_ERRNO(EAGAIN, recv(self->s, &c, 1, 0));
	/* The kernel counts in ticks, the first of which is a part of one. */
	EXPECT_LE(89, elapsed_ms(&start));
}

/* A hint for the neighbour cache. Nothing else about the datagram changes. */
TEST_F(io, confirm)
{
	addr_t to = addr_of(self->f, BOB1, PEER);
	char c;

	EXPECT_RET(1, sendto(self->s, "x", 1, MSG_CONFIRM, (struct sockaddr *)&to,
			     sizeof(to)));
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
	EXPECT_EQ('x', c);
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	EXPECT_RET(1, send(self->s, "y", 1, MSG_CONFIRM));
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
	EXPECT_EQ('y', c);
}

static void pattern(unsigned char *buf, int len)
{
	int i;

	for (i = 0; i < len; i++)
		buf[i] = len * 31 + i * 7 + (i >> 8);
}

/* Every size from nothing to a full frame arrives, whole and unchanged. */
TEST_F(io, all_sizes)
{
	unsigned char out[MTU], in[MTU + 1];
	int len, bad = 0;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	for (len = 0; len <= MTU - self->f->overhead; len++) {
		pattern(out, len);
		ASSERT_EQ(len, send(self->s, out, len, 0));
		ASSERT_EQ(len, recv(self->peer, in, sizeof(in), 0));
		bad += memcmp(in, out, len) != 0;
	}
	EXPECT_EQ(0, bad);
}

TEST_F(io, all_sizes_local)
{
	unsigned char out[MTU], in[MTU + 1];
	int len, bad = 0;

	ASSERT_EQ(0, conn_to(self->f, self->s, ALICE1, PORT));
	for (len = 0; len <= MTU - self->f->overhead; len++) {
		pattern(out, len);
		ASSERT_EQ(len, send(self->s, out, len, 0));
		ASSERT_EQ(len, recv(self->s, in, sizeof(in), 0));
		bad += memcmp(in, out, len) != 0;
	}
	EXPECT_EQ(0, bad);
}

/* From sendto(), a connected socket, and in pieces. */
TEST_F(io, too_big)
{
	static char buf[70000];
	int max = MTU - self->f->overhead;
	struct iovec iov[2] = { { buf, 1000 }, { buf, max - 999 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	EXPECT_ERRNO(EMSGSIZE, send_to(self->f, self->s, buf, max + 1, BOB1, PEER));
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	EXPECT_ERRNO(EMSGSIZE, send(self->s, buf, max + 1, 0));
	EXPECT_ERRNO(EMSGSIZE, sendmsg(self->s, &msg, 0));
	EXPECT_ERRNO(EMSGSIZE, send(self->s, buf, 65508, 0));
	EXPECT_ERRNO(EMSGSIZE, send(self->s, buf, 65535, 0));
	EXPECT_ERRNO(EMSGSIZE, send(self->s, buf, 65536, 0));
	EXPECT_ERRNO(EMSGSIZE, send(self->s, buf, sizeof(buf), 0));
	/* Nothing of it was sent, and the socket still works. */
	EXPECT_RET(max, send(self->s, buf, max, 0));
	EXPECT_RET(max, recv(self->peer, buf, sizeof(buf), 0));
	EXPECT_ERRNO(EAGAIN, recv(self->peer, buf, 1, MSG_DONTWAIT));
}

/* The size of the next datagram. */
TEST_F(io, ioctl_inq)
{
	int n = -1;
	char c;

	EXPECT_RET(0, ioctl(self->s, SIOCINQ, &n));
	EXPECT_EQ(0, n);
	BOB_SENDS("12345");
	BOB_SENDS("123");
	ASSERT_EQ(POLLIN, wait_for(self->s, POLLIN));
	EXPECT_RET(0, ioctl(self->s, SIOCINQ, &n));
	EXPECT_EQ(5, n);
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
	ASSERT_EQ(POLLIN, wait_for(self->s, POLLIN));
	EXPECT_RET(0, ioctl(self->s, SIOCINQ, &n));
	EXPECT_EQ(3, n);
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
	EXPECT_RET(0, ioctl(self->s, SIOCINQ, &n));
	EXPECT_EQ(0, n);
}

/* Bytes wait in the send buffer while a neighbour is looked for. */
TEST_F(io, ioctl_outq)
{
	int i, n = -1;

	EXPECT_RET(0, ioctl(self->s, SIOCOUTQ, &n));
	EXPECT_EQ(0, n);
	ASSERT_EQ(5, send_to(self->f, self->s, "12345", 5, UNUSED2, PEER));
	EXPECT_RET(0, ioctl(self->s, SIOCOUTQ, &n));
	EXPECT_LE(5, n);
	/* Nobody answers: it is given back. */
	for (i = 0; i < LIMIT_MS && n; i++) {
		usleep(1000);
		ASSERT_EQ(0, ioctl(self->s, SIOCOUTQ, &n));
	}
	EXPECT_EQ(0, n);
}

#define READERS	3

/* Each datagram wakes one of those that wait for it. */
TEST_F(io, several_readers)
{
	bool got[READERS] = { false };
	pid_t pid[READERS];
	int i, n;
	char c;

	for (i = 0; i < READERS; i++) {
		pid[i] = child();
		if (!pid[i])
			_exit(recv(self->s, &c, 1, 0) == 1 ? c - '0' : 99);
	}
	for (i = 0; i < READERS; i++)
		sleeping(pid[i], SYS_recvfrom);
	for (i = 0; i < READERS; i++) {
		c = '0' + i;
		ASSERT_EQ(1, send_to(self->f, self->peer, &c, 1, ALICE1, PORT));
	}
	for (i = 0; i < READERS; i++) {
		n = child_status(pid[i]);
		ASSERT_LE(0, n);
		ASSERT_GT(READERS, n);
		EXPECT_FALSE(got[n]);
		got[n] = true;
	}
}

/* The socket lives, and keeps its port, until the last descriptor is closed. */
TEST_F(io, dup)
{
	int copy = dup(self->s), s = sk_open(self->f, ALICE);
	char c;

	close(self->s);
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s, ALICE1, PORT));
	BOB_SENDS("x");
	EXPECT_RET(1, recv(copy, &c, 1, 0));
	close(copy);
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PORT));
}

TEST_F(io, fork)
{
	int s = sk_open(self->f, ALICE), status;
	pid_t pid = child();
	char c;

	if (!pid)
		_exit(recv(self->s, &c, 1, 0) == 1 &&
		      send_to(self->f, self->s, "r", 1, BOB1, PEER) == 1 ? c : 0);
	close(self->s);
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s, ALICE1, PORT));
	BOB_SENDS("x");
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
	EXPECT_EQ('r', c);
	status = child_status(pid);
	EXPECT_EQ('x', status);
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PORT));
}

struct reader {
	int fd;
	pid_t tid;
	char c;
	ssize_t n;
};

static void *reader(void *arg)
{
	struct reader *r = arg;

	__atomic_store_n(&r->tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	r->n = recv(r->fd, &r->c, 1, 0);
	return NULL;
}

/* A call in progress keeps the socket alive, its port included. */
TEST_F(io, close_while_receiving)
{
	struct reader r = { .fd = self->s };
	int s = sk_open(self->f, ALICE);
	pthread_t thread;
	pid_t tid;

	ASSERT_EQ(0, pthread_create(&thread, NULL, reader, &r));
	while (!(tid = __atomic_load_n(&r.tid, __ATOMIC_ACQUIRE)))
		sched_yield();
	sleeping(tid, SYS_recvfrom);
	EXPECT_RET(0, close(self->s));
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, s, ALICE1, PORT));
	BOB_SENDS("x");
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(1, r.n);
	EXPECT_EQ('x', r.c);
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, PORT));
}

/* Sockets are closed with datagrams in their queues. */
TEST_F(io, close_with_data)
{
	int i, j, s;

	for (i = 0; i < 20; i++) {
		s = sk_bound(self->f, ALICE, ALICE1, PORT + 1);
		for (j = 0; j < 10; j++) {
			ASSERT_EQ(4, send_to(self->f, self->peer, "data", 4, ALICE1,
					     PORT + 1));
		}
		ASSERT_EQ(POLLIN, wait_for(s, POLLIN));
		close(s);
	}
}

TEACH_ONLY(io_teach,)

/* The name says which device a datagram came in by. */
TEST_F(io_teach, name_ifindex)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	int peer = sk_open(self->f, BOB);
	addr_t from;
	char c;

	ASSERT_EQ(1, send_to(self->f, peer, "1", 1, ALICE1, PORT));
	EXPECT_RET(1, recv_name(s, &c, 1, 0, &from));
	EXPECT_EQ(if_nametoindex("va"), from.teach_ifindex);
	ASSERT_EQ(1, send_to(self->f, peer, "2", 1, ALICE2, PORT));
	EXPECT_RET(1, recv_name(s, &c, 1, 0, &from));
	EXPECT_EQ(if_nametoindex("wa"), from.teach_ifindex);
	ASSERT_EQ(1, send_to(self->f, s, "0", 1, ALICE1, PORT));
	EXPECT_RET(1, recv_name(s, &c, 1, 0, &from));
	EXPECT_EQ(if_nametoindex("va"), from.teach_ifindex);
}

/* An answer to the name as it was received goes back. */
TEST_F(io_teach, name_answered)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	int peer = sk_open(self->f, BOB);
	addr_t from;
	char c;

	ASSERT_EQ(1, send_to(self->f, peer, "q", 1, ALICE2, PORT));
	ASSERT_EQ(1, recv_name(s, &c, 1, 0, &from));
	EXPECT_NE(0, from.teach_ifindex);
	EXPECT_RET(1, sendto(s, "a", 1, 0, (struct sockaddr *)&from, sizeof(from)));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('a', c);
}

LAB_MAIN
