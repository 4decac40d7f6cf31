// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program can get wrong: each gets its errno, and nothing is lost.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <limits.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <time.h>
#include <linux/sockios.h>

#include "common.h"

#define PORT	7000
#define PEER	7100

FIXTURE(bad) {
	const struct family *f;
	int s, peer;
};
FIXTURE_VARIANT(bad) { const struct family *f; };
FIXTURE_VARIANT_ADD(bad, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(bad, teach) { .f = &fam_teach };
FIXTURE_SETUP(bad)
{
	self->f = variant->f;
	test_begin(variant->f);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->peer = sk_bound(self->f, BOB, BOB1, PEER);
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
}
FIXTURE_TEARDOWN(bad) {}

/* The next datagram goes through, and it is the first that the peer gets. */
#define STILL_SENDS() do { \
	char _c = 0; \
	EXPECT_RET(1, send(self->s, "+", 1, 0)); \
	EXPECT_RET(1, recv(self->peer, &_c, 1, 0)); \
	EXPECT_EQ('+', _c); \
	EXPECT_ERRNO(EAGAIN, recv(self->peer, &_c, 1, MSG_DONTWAIT)); \
} while (0)

static int try_socket(const struct family *f, int type, int protocol)
{
	int s = socket(f->af, type, protocol), err = errno;

	if (s >= 0)
		close(s);
	errno = err;
	return s < 0 ? -1 : 0;
}

TEST_F(bad, socket)
{
	EXPECT_RET(0, try_socket(self->f, SOCK_DGRAM, TEACHPROTO_DGRAM));
	EXPECT_ERRNO(EPROTONOSUPPORT, try_socket(self->f, SOCK_DGRAM, TEACHPROTO_STREAM));
	EXPECT_ERRNO(EPROTONOSUPPORT, try_socket(self->f, SOCK_DGRAM, 99));
	EXPECT_ERRNO(EINVAL, try_socket(self->f, SOCK_DGRAM, -1));
	EXPECT_ERRNO(EINVAL, try_socket(self->f, SOCK_DGRAM, 100000));
	EXPECT_ERRNO(EINVAL, try_socket(self->f, SOCK_DGRAM, INT_MAX));
	EXPECT_ERRNO(ESOCKTNOSUPPORT, try_socket(self->f, SOCK_SEQPACKET, 0));
	EXPECT_ERRNO(ESOCKTNOSUPPORT, try_socket(self->f, SOCK_RDM, 0));
	EXPECT_ERRNO(ESOCKTNOSUPPORT, try_socket(self->f, SOCK_DCCP, 0));
	EXPECT_ERRNO(EINVAL, try_socket(self->f, 11, 0));
	EXPECT_ERRNO(EINVAL, try_socket(self->f, SOCK_DGRAM | 0x100000, 0));
}

TEST_F(bad, not_for_datagrams)
{
	int pair[2];

	EXPECT_ERRNO(EOPNOTSUPP, listen(self->s, 1));
	EXPECT_ERRNO(EOPNOTSUPP, accept(self->s, NULL, NULL));
	EXPECT_ERRNO(EOPNOTSUPP, socketpair(self->f->af, SOCK_DGRAM, 0, pair));
	STILL_SENDS();
}

TEST_F(bad, out_of_band)
{
	addr_t to = addr_of(self->f, BOB1, PEER);

	EXPECT_ERRNO(EOPNOTSUPP, send(self->s, "x", 1, MSG_OOB));
	EXPECT_ERRNO(EOPNOTSUPP, sendto(self->s, "x", 1, MSG_OOB,
					(struct sockaddr *)&to, sizeof(to)));
	STILL_SENDS();
}

/* UDP joins such parts into one datagram. TEACH refuses: two would be wrong. */
TEST_F(bad, more)
{
	char buf[4];

	if (self->f->af == AF_TEACH) {
		EXPECT_ERRNO(EOPNOTSUPP, send(self->s, "x", 1, MSG_MORE));
	} else {
		EXPECT_RET(1, send(self->s, "x", 1, MSG_MORE));
		EXPECT_RET(1, send(self->s, "y", 1, 0));
		EXPECT_RET(2, recv(self->peer, buf, sizeof(buf), 0));
	}
	STILL_SENDS();
}

TEST_F(bad, level)
{
	int val = 1;

	EXPECT_ERRNO(ENOPROTOOPT, setsockopt(self->s, 9999, 1, &val, sizeof(val)));
	EXPECT_ERRNO(ENOPROTOOPT, setsockopt(self->s, SOL_NETLINK, 1, &val, sizeof(val)));
	EXPECT_ERRNO(ENOPROTOOPT, setsockopt(self->s, -1, 1, &val, sizeof(val)));
	STILL_SENDS();
}

TEST_F(bad, get_level)
{
	socklen_t len = sizeof(int);
	int val = 1;

	EXPECT_ERRNO(EOPNOTSUPP, getsockopt(self->s, 9999, 1, &val, &len));
	EXPECT_ERRNO(EOPNOTSUPP, getsockopt(self->s, -1, 1, &val, &len));
}

TEST_F(bad, option)
{
	socklen_t len = sizeof(int);
	int val = 1;

	EXPECT_ERRNO(ENOPROTOOPT, setsockopt(self->s, self->f->level, 9999, &val,
					     sizeof(val)));
	EXPECT_ERRNO(ENOPROTOOPT, setsockopt(self->s, self->f->level, -1, &val,
					     sizeof(val)));
	EXPECT_ERRNO(ENOPROTOOPT, getsockopt(self->s, self->f->level, 9999, &val, &len));
	EXPECT_ERRNO(ENOPROTOOPT, setsockopt(self->s, SOL_SOCKET, 9999, &val,
					     sizeof(val)));
}

/* An option that can only be read. */
TEST_F(bad, option_read_only)
{
	EXPECT_ERRNO(ENOPROTOOPT, set_int(self->s, self->f->level, self->f->mtu, 1500));
}

TEST_F(bad, option_length)
{
	int level = self->f->level, opt = self->f->hoplimit, val = 9;
	socklen_t len = -1;

	EXPECT_ERRNO(EINVAL, setsockopt(self->s, level, opt, &val, 0));
	EXPECT_ERRNO(EINVAL, setsockopt(self->s, level, opt, &val, -1));
	EXPECT_ERRNO(EINVAL, getsockopt(self->s, level, opt, &val, &len));
	EXPECT_EQ(64, get_int(self->s, level, opt));
	/* A longer buffer is no error: four bytes are used, and told of. */
	EXPECT_RET(0, setsockopt(self->s, level, opt, (int[]){ 9, 0 }, 8));
	len = 8;
	EXPECT_RET(0, getsockopt(self->s, level, opt, (int[]){ 0, 0 }, &len));
	EXPECT_EQ(4, len);
	EXPECT_EQ(9, get_int(self->s, level, opt));
}

TEST_F(bad, option_pointer)
{
	int level = self->f->level, opt = self->f->hoplimit, val;
	socklen_t len = sizeof(int);
	void *bad = no_page();

	EXPECT_ERRNO(EFAULT, setsockopt(self->s, level, opt, bad, sizeof(int)));
	EXPECT_ERRNO(EFAULT, setsockopt(self->s, level, opt, (char *)bad - 2,
					sizeof(int)));
	EXPECT_ERRNO(EFAULT, getsockopt(self->s, level, opt, bad, &len));
	EXPECT_ERRNO(EFAULT, getsockopt(self->s, level, opt, &val, bad));
	EXPECT_EQ(64, get_int(self->s, level, opt));
}

TEST_F(bad, send_buffer)
{
	char *bad = no_page();
	struct iovec iov[2] = { { "abc", 3 }, { bad, 3 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	EXPECT_ERRNO(EFAULT, send(self->s, bad, 1, 0));
	EXPECT_ERRNO(EFAULT, send(self->s, bad - 1, 2, 0));
	EXPECT_ERRNO(EFAULT, send(self->s, bad - 1000, 1400, 0));
	EXPECT_ERRNO(EFAULT, sendmsg(self->s, &msg, 0));
	EXPECT_ERRNO(EFAULT, sendmsg(self->s, (struct msghdr *)bad, 0));
	msg.msg_iov = (struct iovec *)bad;
	EXPECT_ERRNO(EFAULT, sendmsg(self->s, &msg, 0));
	msg.msg_iov = iov;
	msg.msg_iovlen = 1;
	msg.msg_control = bad;
	msg.msg_controllen = 64;
	EXPECT_ERRNO(EFAULT, sendmsg(self->s, &msg, 0));
	STILL_SENDS();
}

/* A datagram is lost with the buffer it should go to, but no other one is. */
TEST_F(bad, receive_buffer)
{
	char *bad = no_page(), c;
	struct iovec iov = { bad, 3 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	ASSERT_EQ(3, send_to(self->f, self->peer, "one", 3, ALICE1, PORT));
	ASSERT_EQ(3, send_to(self->f, self->peer, "two", 3, ALICE1, PORT));
	ASSERT_EQ(5, send_to(self->f, self->peer, "three", 5, ALICE1, PORT));
	EXPECT_ERRNO(EFAULT, recv(self->s, bad, 3, MSG_PEEK));
	EXPECT_ERRNO(EFAULT, recv(self->s, bad, 3, 0));
	EXPECT_ERRNO(EFAULT, recvmsg(self->s, &msg, 0));
	EXPECT_ERRNO(EFAULT, recvmsg(self->s, (struct msghdr *)bad, 0));
	EXPECT_RET(5, recv(self->s, &c, 1, MSG_TRUNC));
	EXPECT_EQ('t', c);
	EXPECT_ERRNO(EAGAIN, recv(self->s, &c, 1, MSG_DONTWAIT));
}

TEST_F(bad, receive_name)
{
	struct sockaddr *bad = no_page();
	socklen_t len = sizeof(addr_t);
	addr_t from;
	char c;

	ASSERT_EQ(1, send_to(self->f, self->peer, "1", 1, ALICE1, PORT));
	ASSERT_EQ(1, send_to(self->f, self->peer, "2", 1, ALICE1, PORT));
	ASSERT_EQ(1, send_to(self->f, self->peer, "3", 1, ALICE1, PORT));
	EXPECT_ERRNO(EFAULT, recvfrom(self->s, &c, 1, 0, bad, &len));
	len = -1;
	EXPECT_ERRNO(EINVAL, recvfrom(self->s, &c, 1, 0, (struct sockaddr *)&from,
				      &len));
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
	EXPECT_EQ('3', c);
}

TEST_F(bad, message_lengths)
{
	static struct iovec iov[1025];
	addr_t to = addr_of(self->f, BOB1, PEER);
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 1025 };

	EXPECT_ERRNO(EMSGSIZE, sendmsg(self->s, &msg, 0));
	msg.msg_iovlen = 1;
	iov[0] = (struct iovec){ "x", 1 };
	msg.msg_name = &to;
	msg.msg_namelen = -1;
	EXPECT_ERRNO(EINVAL, sendmsg(self->s, &msg, 0));
	msg.msg_namelen = 15;
	EXPECT_ERRNO(EINVAL, sendmsg(self->s, &msg, 0));
	msg.msg_namelen = 0;	/* no name: to the peer */
	EXPECT_RET(1, sendmsg(self->s, &msg, 0));
	EXPECT_RET(1, recv(self->peer, &(char){ 0 }, 1, 0));
	iov[0].iov_len = -1;
	EXPECT_ERRNO(EINVAL, sendmsg(self->s, &msg, 0));
	STILL_SENDS();
}

/* The control buffer's length has to be that of the messages in it. */
TEST_F(bad, control_lengths)
{
	char buf[256] __attribute__((aligned(8))) = { 0 };
	struct cmsghdr *c = (struct cmsghdr *)buf;
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = buf, .msg_controllen = CMSG_SPACE(sizeof(int)),
	};

	c->cmsg_level = self->f->level;
	c->cmsg_type = self->f->hoplimit;
	c->cmsg_len = CMSG_LEN(100);	/* longer than the buffer */
	EXPECT_ERRNO(EINVAL, sendmsg(self->s, &msg, 0));
	c->cmsg_len = 1;		/* shorter than its own header */
	EXPECT_ERRNO(EINVAL, sendmsg(self->s, &msg, 0));
	c->cmsg_len = 0;
	EXPECT_ERRNO(EINVAL, sendmsg(self->s, &msg, 0));
	msg.msg_controllen = SIZE_MAX;
	EXPECT_ERRNO(ENOBUFS, sendmsg(self->s, &msg, 0));
	STILL_SENDS();
}

/* Control messages of other levels are left alone, unknown ones refused. */
TEST_F(bad, control_type)
{
	int val = 1;
	struct control other = { 9999, 1, &val, sizeof(val) };
	struct control unknown = { self->f->level, 9999, &val, sizeof(val) };
	struct control core = { SOL_SOCKET, 9999, &val, sizeof(val) };
	struct control rights = { SOL_SOCKET, SCM_RIGHTS, &self->s, sizeof(int) };
	char c;

	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &unknown));
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &core));
	STILL_SENDS();
	EXPECT_RET(1, send_msg(self->f, self->s, "o", 0, 0, &other));
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
	EXPECT_EQ('o', c);
	EXPECT_RET(1, send_msg(self->f, self->s, "r", 0, 0, &rights));
	EXPECT_RET(1, recv(self->peer, &c, 1, 0));
	EXPECT_EQ('r', c);
}

/* A known message with a value that is too short, too long or out of range. */
TEST_F(bad, control_value)
{
	struct teach_pktinfo info[2] = { 0 };
	struct control c = { self->f->level, self->f->pktinfo, info, 0 };
	int hop[2] = { 5, 5 };

	c.len = sizeof(info[0]) - 1;
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	c.len = sizeof(info[0]) + 1;
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	c = (struct control){ self->f->level, self->f->hoplimit, hop, 0 };
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	c.len = 3;
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	c.len = 8;
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	c.len = 4;
	hop[0] = 0;
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	hop[0] = 256;
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	c.type = self->f->tclass;
	EXPECT_ERRNO(EINVAL, send_msg(self->f, self->s, "x", 0, 0, &c));
	STILL_SENDS();
}

/* Too small a control buffer: what fits, and the flag MSG_CTRUNC. */
TEST_F(bad, control_cut)
{
	char buf[CMSG_SPACE(4)] __attribute__((aligned(8))) = { 0 }, c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = buf, .msg_controllen = CMSG_LEN(4),
	};
	struct cmsghdr *cm;

	ASSERT_EQ(0, set_int(self->s, self->f->level, self->f->pktinfo, 1));
	ASSERT_EQ(1, send_to(self->f, self->peer, "x", 1, ALICE1, PORT));
	EXPECT_RET(1, recvmsg(self->s, &msg, 0));
	EXPECT_EQ(MSG_CTRUNC, msg.msg_flags);
	cm = CMSG_FIRSTHDR(&msg);
	ASSERT_NE(NULL, cm);
	EXPECT_EQ(self->f->pktinfo, cm->cmsg_type);
	EXPECT_EQ(CMSG_LEN(4), cm->cmsg_len);

	ASSERT_EQ(1, send_to(self->f, self->peer, "x", 1, ALICE1, PORT));
	msg.msg_controllen = 0;
	EXPECT_RET(1, recvmsg(self->s, &msg, 0));
	EXPECT_EQ(MSG_CTRUNC, msg.msg_flags);
	EXPECT_EQ(0, msg.msg_controllen);
}

TEST_F(bad, shutdown)
{
	EXPECT_ERRNO(EINVAL, shutdown(self->s, -1));
	EXPECT_ERRNO(EINVAL, shutdown(self->s, 3));
	EXPECT_ERRNO(EINVAL, shutdown(self->s, 99));
	STILL_SENDS();
}

TEST_F(bad, ioctl)
{
	EXPECT_ERRNO(ENOTTY, ioctl(self->s, 0x5555, NULL));
	EXPECT_ERRNO(EFAULT, ioctl(self->s, SIOCINQ, no_page()));
	EXPECT_ERRNO(EFAULT, ioctl(self->s, SIOCOUTQ, no_page()));
}

/* A descriptor that is not a socket, or none. */
TEST_F(bad, descriptor)
{
	addr_t a = addr_of(self->f, ALICE1, PORT);
	int fd = dup(0);

	ASSERT_LE(0, fd);
	EXPECT_ERRNO(ENOTSOCK, bind(fd, (struct sockaddr *)&a, sizeof(a)));
	close(fd);
	EXPECT_ERRNO(EBADF, bind(fd, (struct sockaddr *)&a, sizeof(a)));
}

/* A signal ends a blocked call with EINTR; without SA_RESTART, as UDP. */
static void on_alarm(int sig)
{
	(void)sig;
}

TEST_F(bad, interrupted)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct timeval none = { 0 };
	timer_t timer;
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec every = {
		.it_interval.tv_nsec = 20000000, .it_value.tv_nsec = 20000000,
	};
	char c;

	ASSERT_EQ(0, setsockopt(self->s, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof(none)));
	ASSERT_EQ(0, sigaction(SIGUSR1, &sa, NULL));
	/* Again and again, in case the first comes before recv() waits. */
	ASSERT_EQ(0, timer_create(CLOCK_MONOTONIC, &ev, &timer));
	ASSERT_EQ(0, timer_settime(timer, 0, &every, NULL));
	EXPECT_ERRNO(EINTR, recv(self->s, &c, 1, 0));
}

LAB_MAIN
