// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting: poll, epoll, select, SIGIO, time limits, shutdown, full buffers.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

#include "common.h"

#define PORT	7000
#define PEER	7100
#define CLOSED	6999

FIXTURE(poll) {
	const struct family *f;
	int s, peer;
};
FIXTURE_VARIANT(poll) { const struct family *f; };
FIXTURE_VARIANT_ADD(poll, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(poll, teach) { .f = &fam_teach };
FIXTURE_SETUP(poll)
{
	self->f = variant->f;
	test_begin(variant->f);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->peer = sk_bound(self->f, BOB, BOB1, PEER);
}
FIXTURE_TEARDOWN(poll) {}

#define BOB_SENDS() \
	ASSERT_EQ(1, send_to(self->f, self->peer, "x", 1, ALICE1, PORT))

#define ALL_EVENTS (POLLIN | POLLRDNORM | POLLPRI | POLLRDBAND | POLLOUT | \
		    POLLWRNORM | POLLWRBAND | POLLRDHUP)

TEST_F(poll, fresh)
{
	/* POLLWRBAND as every socket of datagram_poll() has it. */
	EXPECT_EQ(POLLOUT | POLLWRNORM | POLLWRBAND,
		  events_now(sk_open(self->f, ALICE), ALL_EVENTS));
	EXPECT_EQ(POLLOUT | POLLWRNORM | POLLWRBAND, events_now(self->s, ALL_EVENTS));
}

TEST_F(poll, in)
{
	char c;

	BOB_SENDS();
	EXPECT_EQ(POLLIN, wait_for(self->s, POLLIN));
	EXPECT_EQ(POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLWRBAND,
		  events_now(self->s, ALL_EVENTS));
	ASSERT_EQ(1, recv(self->s, &c, 1, MSG_PEEK));
	EXPECT_EQ(POLLIN, events_now(self->s, POLLIN));
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
	EXPECT_EQ(0, events_now(self->s, POLLIN));
}

TEST_F(poll, err)
{
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);

	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_EQ(POLLERR | POLLOUT | POLLWRNORM | POLLWRBAND,
		  events_now(s, ALL_EVENTS));
}

/* The error queue is urgent for those who ask for that. */
TEST_F(poll, err_queue_select)
{
	int s = sk_open(self->f, ALICE);
	char c;

	ASSERT_EQ(0, set_int(s, self->f->level, self->f->recverr, 1));
	ASSERT_EQ(0, set_int(s, SOL_SOCKET, SO_SELECT_ERR_QUEUE, 1));
	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, CLOSED));
	EXPECT_EQ(POLLERR | POLLPRI, wait_for(s, POLLPRI));
	ASSERT_EQ(1, recv(s, &c, 1, MSG_ERRQUEUE));
	EXPECT_EQ(0, events_now(s, POLLPRI));
}

TEST_F(poll, shutdown_events)
{
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	EXPECT_RET(0, shutdown(self->s, SHUT_RD));
	EXPECT_EQ(POLLIN | POLLRDNORM | POLLRDHUP | POLLOUT | POLLWRNORM | POLLWRBAND,
		  events_now(self->s, ALL_EVENTS));
	EXPECT_RET(0, shutdown(self->s, SHUT_WR));
	EXPECT_EQ(POLLHUP, events_now(self->s, 0));
	EXPECT_EQ(POLLIN | POLLRDNORM | POLLRDHUP | POLLHUP |
		  POLLOUT | POLLWRNORM | POLLWRBAND, events_now(self->s, ALL_EVENTS));
}

TEST_F(poll, select)
{
	struct timeval limit = { .tv_sec = LIMIT_MS / 1000 }, none = { 0 };
	fd_set in, out;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(self->s, &in);
	FD_SET(self->s, &out);
	EXPECT_RET(1, select(self->s + 1, &in, &out, NULL, &none));
	EXPECT_FALSE(FD_ISSET(self->s, &in));
	EXPECT_TRUE(FD_ISSET(self->s, &out));
	BOB_SENDS();
	FD_SET(self->s, &in);
	EXPECT_RET(1, select(self->s + 1, &in, NULL, NULL, &limit));
	EXPECT_TRUE(FD_ISSET(self->s, &in));
}

static int epoll_on(int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };
	int ep = epoll_create1(0);

	must(ep >= 0 && !epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), "epoll");
	return ep;
}

/* The events of the one socket of ep within so many milliseconds, or 0. */
static uint32_t epoll_get(int ep, int ms)
{
	struct epoll_event ev = { 0 };

	must(epoll_wait(ep, &ev, 1, ms) >= 0, "epoll_wait");
	return ev.events;
}

TEST_F(poll, epoll_level)
{
	int ep = epoll_on(self->s, EPOLLIN);
	char c;

	EXPECT_EQ(0, epoll_get(ep, 0));
	BOB_SENDS();
	EXPECT_EQ(EPOLLIN, epoll_get(ep, LIMIT_MS));
	EXPECT_EQ(EPOLLIN, epoll_get(ep, 0));
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
	EXPECT_EQ(0, epoll_get(ep, 0));
}

TEST_F(poll, epoll_edge)
{
	int ep = epoll_on(self->s, EPOLLIN | EPOLLET);
	char c;

	BOB_SENDS();
	EXPECT_EQ(EPOLLIN, epoll_get(ep, LIMIT_MS));
	EXPECT_EQ(0, epoll_get(ep, 0));
	BOB_SENDS();
	EXPECT_EQ(EPOLLIN, epoll_get(ep, LIMIT_MS));
	EXPECT_EQ(0, epoll_get(ep, 0));
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
	EXPECT_EQ(0, epoll_get(ep, 0));
}

TEST_F(poll, epoll_error)
{
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);
	int ep = epoll_on(s, EPOLLET);

	ASSERT_EQ(1, send(s, "x", 1, 0));
	EXPECT_EQ(EPOLLERR, epoll_get(ep, LIMIT_MS));
	EXPECT_EQ(0, epoll_get(ep, 0));
}

TEST_F(poll, epoll_shutdown)
{
	int ep = epoll_on(self->s, EPOLLIN | EPOLLRDHUP | EPOLLET);

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	ASSERT_EQ(0, shutdown(self->s, SHUT_RD));
	EXPECT_EQ(EPOLLIN | EPOLLRDHUP, epoll_get(ep, LIMIT_MS));
	ASSERT_EQ(0, shutdown(self->s, SHUT_WR));
	EXPECT_EQ(EPOLLIN | EPOLLRDHUP | EPOLLHUP, epoll_get(ep, LIMIT_MS));
}

/* One who sleeps in poll() is woken by what happens later. */
TEST_F(poll, sleeper_woken)
{
	struct pollfd p = { .fd = self->s, .events = POLLIN };
	pid_t pid = child();
	int status;

	if (!pid)
		_exit(poll(&p, 1, LIMIT_MS) == 1 ? p.revents : 0);
	sleeping(pid, SYS_poll);
	BOB_SENDS();
	status = child_status(pid);
	EXPECT_EQ(POLLIN, status);
}

TEST_F(poll, sigio)
{
	struct timespec limit = { .tv_sec = LIMIT_MS / 1000 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGIO);
	ASSERT_EQ(0, sigprocmask(SIG_BLOCK, &set, NULL));
	ASSERT_EQ(0, fcntl(self->s, F_SETOWN, getpid()));
	EXPECT_EQ(getpid(), fcntl(self->s, F_GETOWN));
	ASSERT_EQ(0, fcntl(self->s, F_SETFL, O_ASYNC));
	BOB_SENDS();
	EXPECT_RET(SIGIO, sigtimedwait(&set, &info, &limit));

	/* A signal of the program's choice says which descriptor and why. */
	ASSERT_EQ(0, fcntl(self->s, F_SETSIG, SIGRTMIN));
	BOB_SENDS();
	EXPECT_RET(SIGRTMIN, sigtimedwait(&set, &info, &limit));
	EXPECT_EQ(self->s, info.si_fd);
	EXPECT_EQ(POLL_IN, info.si_code);
	EXPECT_EQ(POLLIN | POLLRDNORM, info.si_band);
}

TEST_F(poll, sigio_error)
{
	struct timespec limit = { .tv_sec = LIMIT_MS / 1000 };
	int s = sk_conn(self->f, ALICE, BOB1, CLOSED);
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	ASSERT_EQ(0, sigprocmask(SIG_BLOCK, &set, NULL));
	ASSERT_EQ(0, fcntl(s, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(s, F_SETFL, O_ASYNC));
	ASSERT_EQ(1, send(s, "x", 1, 0));
	ASSERT_EQ(POLLERR, wait_for(s, 0));
	EXPECT_RET(SIGIO, sigtimedwait(&set, NULL, &limit));
}

TEST_F(poll, shutdown_read)
{
	char c;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	BOB_SENDS();
	ASSERT_EQ(POLLIN, wait_for(self->s, POLLIN));
	EXPECT_RET(0, shutdown(self->s, SHUT_RD));
	/* What came before can still be read, and then there is nothing. */
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
	EXPECT_RET(0, recv(self->s, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(self->s, &c, 1, MSG_DONTWAIT));
	/* The other direction is open. */
	EXPECT_RET(1, send(self->s, "x", 1, 0));
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
}

TEST_F(poll, shutdown_wakes_reader)
{
	pid_t pid;
	int status;
	char c;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	pid = child();
	if (!pid)
		_exit(recv(self->s, &c, 1, 0) == 0 ? 42 : 1);
	sleeping(pid, SYS_recvfrom);
	EXPECT_RET(0, shutdown(self->s, SHUT_RD));
	status = child_status(pid);
	EXPECT_EQ(42, status);
}

/* EPIPE, without the signal that a stream sends. */
TEST_F(poll, shutdown_write)
{
	char c;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	signal(SIGPIPE, SIG_DFL);
	EXPECT_RET(0, shutdown(self->s, SHUT_WR));
	EXPECT_ERRNO(EPIPE, send(self->s, "x", 1, 0));
	EXPECT_ERRNO(EPIPE, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	EXPECT_ERRNO(EPIPE, write(self->s, "x", 1));
	BOB_SENDS();
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
}

/* It says ENOTCONN, and takes effect. */
TEST_F(poll, shutdown_unconnected)
{
	char c;

	EXPECT_ERRNO(ENOTCONN, shutdown(self->s, SHUT_RD));
	EXPECT_RET(0, recv(self->s, &c, 1, 0));
	EXPECT_ERRNO(ENOTCONN, shutdown(self->s, SHUT_RDWR));
	EXPECT_EQ(POLLHUP, events_now(self->s, 0));
	EXPECT_ERRNO(EPIPE, send_to(self->f, self->s, "x", 1, BOB1, PEER));
}

/* Neither disconnecting nor connecting again undoes it. */
TEST_F(poll, shutdown_lasts)
{
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	ASSERT_EQ(0, shutdown(self->s, SHUT_WR));
	ASSERT_EQ(0, disconnect(self->s));
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	EXPECT_ERRNO(EPIPE, send(self->s, "x", 1, 0));
}

/* What comes after SHUT_RD is still received: UDP has no way to refuse it. */
TEST_F(poll, shutdown_and_receive)
{
	char c;

	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	ASSERT_EQ(0, shutdown(self->s, SHUT_RD));
	EXPECT_RET(0, recv(self->s, &c, 1, 0));
	BOB_SENDS();
	while (recv(self->s, &c, 1, MSG_DONTWAIT) != 1) {
		ASSERT_EQ(EAGAIN, errno);
	}
	EXPECT_EQ('x', c);
}

/*
 * Fills the send buffer with datagrams that wait for an address nobody has,
 * which is looked for long enough. Returns how many there are.
 */
static int fill(const struct family *f, int s)
{
	static char buf[1000];
	int n = 0;

	must(!neigh_timing(f, "va", 100, 100, 5000), "neighbour timing");
	must(!set_int(s, SOL_SOCKET, SO_SNDBUF, 4000), "SO_SNDBUF");
	must(!conn_to(f, s, UNUSED1, PEER), "connect");
	while (send(s, buf, sizeof(buf), MSG_DONTWAIT) == sizeof(buf))
		n++;
	return n;
}

/* Makes the address exist, upon which all that waited is sent. */
static void flush(const struct family *f)
{
	lab_enter(BOB);
	must(!addr_add(f, "vb", UNUSED1, 24), "adding an address");
	lab_enter(ALICE);
}

TEST_F(poll, send_buffer_full)
{
	int ep, n;

	lab_make();
	self->s = sk_open(self->f, ALICE);
	self->peer = sk_bound(self->f, BOB, ANY, PEER);
	n = fill(self->f, self->s);
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_LE(3, n);
	EXPECT_GE(8, n);
	EXPECT_EQ(0, events_now(self->s, POLLOUT));
	ep = epoll_on(self->s, EPOLLOUT | EPOLLET);
	EXPECT_EQ(0, epoll_get(ep, 0));
	EXPECT_ERRNO(EAGAIN, send(self->s, "x", 1, MSG_DONTWAIT));

	flush(self->f);
	EXPECT_EQ(EPOLLOUT, epoll_get(ep, LIMIT_MS) & EPOLLOUT);
	EXPECT_EQ(POLLOUT, events_now(self->s, POLLOUT) & POLLOUT);
}

TEST_F(poll, send_timeout)
{
	struct timeval tv = { .tv_usec = 100000 };
	struct timespec start;

	lab_make();
	self->s = sk_open(self->f, ALICE);
	ASSERT_LE(3, fill(self->f, self->s));
	ASSERT_EQ(0, setsockopt(self->s, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_ERRNO(EAGAIN, send(self->s, "x", 1, 0));
	/* The kernel counts in ticks, the first of which is a part of one. */
	EXPECT_LE(89, elapsed_ms(&start));
}

/* A sender that waits for space goes on when there is some. */
TEST_F(poll, send_waits)
{
	int status, n, i;
	char buf[1000];
	pid_t pid;

	lab_make();
	self->s = sk_open(self->f, ALICE);
	self->peer = sk_bound(self->f, BOB, ANY, PEER);
	n = fill(self->f, self->s);
	ASSERT_LE(3, n);
	pid = child();
	if (!pid)
		_exit(send(self->s, "last", 4, 0) == 4 ? 42 : 1);
	sleeping(pid, SYS_sendto);
	flush(self->f);
	status = child_status(pid);
	EXPECT_EQ(42, status);
	for (i = 0; i < n; i++)
		EXPECT_RET(1000, recv(self->peer, buf, sizeof(buf), 0));
	EXPECT_RET(4, recv(self->peer, buf, sizeof(buf), 0));
}

LAB_MAIN
