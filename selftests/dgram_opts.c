// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Socket options that do not concern addresses: buffers, timestamps, filters,
 * marks, hop limit, traffic class, MTU.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <time.h>

#include "common.h"

#define PORT	7000
#define PEER	7100

FIXTURE(opt) {
	const struct family *f;
	int s, peer;
};
FIXTURE_VARIANT(opt) { const struct family *f; };
FIXTURE_VARIANT_ADD(opt, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(opt, teach) { .f = &fam_teach };
FIXTURE_SETUP(opt)
{
	self->f = variant->f;
	test_begin(variant->f);
	self->s = sk_bound(self->f, ALICE, ANY, PORT);
	self->peer = sk_bound(self->f, BOB, BOB1, PEER);
}
FIXTURE_TEARDOWN(opt) {}

#define BOB_SENDS(_text) \
	ASSERT_EQ((ssize_t)strlen(_text), \
		  send_to(self->f, self->peer, _text, strlen(_text), ALICE1, PORT))

TEST_F(opt, what_socket)
{
	EXPECT_EQ(self->f->af, get_int(self->s, SOL_SOCKET, SO_DOMAIN));
	EXPECT_EQ(SOCK_DGRAM, get_int(self->s, SOL_SOCKET, SO_TYPE));
	EXPECT_EQ(TEACHPROTO_DGRAM, get_int(self->s, SOL_SOCKET, SO_PROTOCOL));
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_ACCEPTCONN));
	EXPECT_ERRNO(ENOPROTOOPT, set_int(self->s, SOL_SOCKET, SO_DOMAIN, AF_INET));
}

TEST_F(opt, defaults)
{
	int level = self->f->level;

	EXPECT_EQ(0, get_int(self->s, level, self->f->pktinfo));
	EXPECT_EQ(0, get_int(self->s, level, self->f->recverr));
	EXPECT_EQ(64, get_int(self->s, level, self->f->hoplimit));
	EXPECT_EQ(0, get_int(self->s, level, self->f->recvhoplimit));
	EXPECT_EQ(0, get_int(self->s, level, self->f->tclass));
	EXPECT_EQ(0, get_int(self->s, level, self->f->recvtclass));
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_BROADCAST));
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_REUSEADDR));
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_ERROR));
}

/* A bool is 1 when it was set to anything but 0. */
TEST_F(opt, bools)
{
	const int opts[] = {
		self->f->pktinfo, self->f->recverr, self->f->recvhoplimit,
		self->f->recvtclass
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(opts); i++) {
		EXPECT_RET(0, set_int(self->s, self->f->level, opts[i], 1));
		EXPECT_EQ(1, get_int(self->s, self->f->level, opts[i]));
		EXPECT_RET(0, set_int(self->s, self->f->level, opts[i], 0));
		EXPECT_EQ(0, get_int(self->s, self->f->level, opts[i]));
		EXPECT_RET(0, set_int(self->s, self->f->level, opts[i], 77));
		EXPECT_EQ(1, get_int(self->s, self->f->level, opts[i]));
	}
}

TEST_F(opt, buffer_sizes)
{
	/* The kernel doubles them, for its own overhead. */
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_RCVBUF, 10000));
	EXPECT_EQ(20000, get_int(self->s, SOL_SOCKET, SO_RCVBUF));
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_SNDBUF, 10000));
	EXPECT_EQ(20000, get_int(self->s, SOL_SOCKET, SO_SNDBUF));
	/* There is a least size with which something gets through. */
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_RCVBUF, 1));
	EXPECT_LE(2048, get_int(self->s, SOL_SOCKET, SO_RCVBUF));
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_SNDBUF, 1));
	EXPECT_LE(4096, get_int(self->s, SOL_SOCKET, SO_SNDBUF));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, ALICE1, PORT));
	EXPECT_EQ(POLLIN, wait_for(self->s, POLLIN));
}

/* Counts and drops what does not fit; the counter comes with what does. */
TEST_F(opt, receive_overflow)
{
	int marker = sk_bound(self->f, ALICE, ALICE1, PORT + 1), i, n = 0;
	uint32_t dropped = 0;
	struct received r;
	char buf[500];

	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_RXQ_OVFL, 1));
	EXPECT_EQ(1, get_int(self->s, SOL_SOCKET, SO_RXQ_OVFL));
	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_RCVBUF, 4000));
	memset(buf, 'o', sizeof(buf));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(500, send_to(self->f, self->peer, buf, 500, ALICE1, PORT));
	}
	ASSERT_EQ(1, send_to(self->f, self->peer, "m", 1, ALICE1, PORT + 1));
	ASSERT_EQ(1, recv(marker, buf, 1, 0));

	while (recv_msg(self->s, &r, MSG_DONTWAIT) == 500) {
		/* Nothing had been dropped when these came. */
		EXPECT_EQ(-1, cmsg_get(&r, SOL_SOCKET, SO_RXQ_OVFL, &dropped, 4));
		n++;
	}
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_LE(2, n);
	EXPECT_GE(20, n);
	BOB_SENDS("after");
	ASSERT_EQ(5, recv_msg(self->s, &r, 0));
	EXPECT_EQ(4, cmsg_get(&r, SOL_SOCKET, SO_RXQ_OVFL, &dropped, 4));
	EXPECT_EQ(100, n + (int)dropped);
}

/* A full buffer takes a datagram again as soon as one is read. */
TEST_F(opt, receive_again)
{
	int i, n = 0;
	char buf[500];

	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_RCVBUF, 4000));
	for (i = 0; i < 50; i++) {
		ASSERT_EQ(500, send_to(self->f, self->s, buf, 500, ALICE1, PORT));
	}
	ASSERT_EQ(POLLIN, wait_for(self->s, POLLIN));
	while (recv(self->s, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		n++;
	EXPECT_LE(2, n);
	for (i = 0; i < 50; i++) {
		BOB_SENDS("x");
		ASSERT_EQ(1, recv(self->s, buf, sizeof(buf), 0));
	}
}

TEST_F(opt, timestamp)
{
	struct timespec before, after, ts = { 0 };
	struct timeval tv = { 0 };
	struct received r;

	clock_gettime(CLOCK_REALTIME, &before);
	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_TIMESTAMP, 1));
	BOB_SENDS("x");
	ASSERT_EQ(1, recv_msg(self->s, &r, 0));
	clock_gettime(CLOCK_REALTIME, &after);
	EXPECT_EQ((int)sizeof(tv), cmsg_get(&r, SOL_SOCKET, SO_TIMESTAMP, &tv,
					    sizeof(tv)));
	EXPECT_EQ(1, cmsg_count(&r));
	EXPECT_LE(before.tv_sec, tv.tv_sec);
	EXPECT_GE(after.tv_sec, tv.tv_sec);

	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_TIMESTAMPNS, 1));
	BOB_SENDS("x");
	ASSERT_EQ(1, recv_msg(self->s, &r, 0));
	clock_gettime(CLOCK_REALTIME, &after);
	EXPECT_EQ((int)sizeof(ts), cmsg_get(&r, SOL_SOCKET, SO_TIMESTAMPNS, &ts,
					    sizeof(ts)));
	EXPECT_EQ(1, cmsg_count(&r));
	EXPECT_LE(before.tv_sec, ts.tv_sec);
	EXPECT_GE(after.tv_sec, ts.tv_sec);

	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_TIMESTAMPNS, 0));
	BOB_SENDS("x");
	ASSERT_EQ(1, recv_msg(self->s, &r, 0));
	EXPECT_EQ(0, cmsg_count(&r));
}

/* The old way to ask when the last datagram came. */
TEST_F(opt, timestamp_ioctl)
{
	struct timespec before, ts = { 0 };
	struct timeval tv = { 0 };
	char c;

	clock_gettime(CLOCK_REALTIME, &before);
	EXPECT_ERRNO(ENOENT, ioctl(self->s, SIOCGSTAMP, &tv));
	BOB_SENDS("x");		/* from now on datagrams are stamped */
	ASSERT_EQ(1, recv(self->s, &c, 1, 0));
	EXPECT_RET(0, ioctl(self->s, SIOCGSTAMP, &tv));
	EXPECT_LE(before.tv_sec, tv.tv_sec);
	EXPECT_RET(0, ioctl(self->s, SIOCGSTAMPNS, &ts));
	EXPECT_EQ(tv.tv_sec, ts.tv_sec);
}

/* The kernel leaves it to a work to begin with stamping what is received: the first
 * datagrams may come before.
 */
TEST_F(opt, timestamping_receive)
{
	struct scm_timestamping ts = { 0 };
	struct timespec before;
	struct received r;
	int i, len = -1;

	clock_gettime(CLOCK_REALTIME, &before);
	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_TIMESTAMPING,
			     SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE));
	for (i = 0; i < LIMIT_MS && len < 0; i++) {
		usleep(i ? 1000 : 0);
		BOB_SENDS("x");
		ASSERT_EQ(1, recv_msg(self->s, &r, 0));
		len = cmsg_get(&r, SOL_SOCKET, SO_TIMESTAMPING, &ts, sizeof(ts));
	}
	EXPECT_EQ((int)sizeof(ts), len);
	EXPECT_LE(before.tv_sec, ts.ts[0].tv_sec);
	EXPECT_EQ(0, ts.ts[1].tv_sec);
	EXPECT_EQ(0, ts.ts[2].tv_sec);
}

/* When a datagram left: through the error queue, numbered on request. */
TEST_F(opt, timestamping_send)
{
	struct sock_extended_err ee;
	struct scm_timestamping ts;
	struct timespec before;
	struct received r;
	uint32_t i;
	char c;

	clock_gettime(CLOCK_REALTIME, &before);
	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_TIMESTAMPING,
			     SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			     SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(4, send_to(self->f, self->s, "time", 4, BOB1, PEER));
		ASSERT_EQ(POLLERR, wait_for(self->s, 0));
		ASSERT_EQ(0, recv_msg(self->s, &r, MSG_ERRQUEUE));
		memset(&ts, 0, sizeof(ts));
		EXPECT_EQ((int)sizeof(ts), cmsg_get(&r, SOL_SOCKET, SO_TIMESTAMPING,
						    &ts, sizeof(ts)));
		EXPECT_LE(before.tv_sec, ts.ts[0].tv_sec);
		memset(&ee, 0xff, sizeof(ee));
		EXPECT_LE((int)sizeof(ee), cmsg_get(&r, self->f->level,
						    self->f->recverr, &ee,
						    sizeof(ee)));
		EXPECT_EQ(ENOMSG, ee.ee_errno);
		EXPECT_EQ(SO_EE_ORIGIN_TIMESTAMPING, ee.ee_origin);
		EXPECT_EQ(SCM_TSTAMP_SND, ee.ee_info);
		EXPECT_EQ(i, ee.ee_data);
		ASSERT_EQ(1, recv(self->peer, &c, 1, 0));
	}
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_ERROR));
}

/* For one datagram only, by a control message. */
TEST_F(opt, timestamping_send_once)
{
	int flags = SOF_TIMESTAMPING_TX_SOFTWARE;
	struct control c = { SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags) };
	struct scm_timestamping ts;
	struct received r;
	char buf[4];

	ASSERT_EQ(0, set_int(self->s, SOL_SOCKET, SO_TIMESTAMPING,
			     SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY));
	ASSERT_EQ(4, send_to(self->f, self->s, "none", 4, BOB1, PEER));
	ASSERT_EQ(4, recv(self->peer, buf, 4, 0));
	EXPECT_EQ(0, events_now(self->s, 0));
	ASSERT_EQ(4, send_msg(self->f, self->s, "once", BOB1, PEER, &c));
	ASSERT_EQ(POLLERR, wait_for(self->s, 0));
	ASSERT_EQ(0, recv_msg(self->s, &r, MSG_ERRQUEUE));
	EXPECT_EQ((int)sizeof(ts), cmsg_get(&r, SOL_SOCKET, SO_TIMESTAMPING, &ts,
					    sizeof(ts)));
	ASSERT_EQ(4, recv(self->peer, buf, 4, 0));
}

TEST_F(opt, priority_and_mark)
{
	int val = 5;
	struct control c = { SOL_SOCKET, SO_MARK, &val, sizeof(val) };
	char b;

	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_PRIORITY));
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_PRIORITY, 6));
	EXPECT_EQ(6, get_int(self->s, SOL_SOCKET, SO_PRIORITY));
	EXPECT_EQ(0, get_int(self->s, SOL_SOCKET, SO_MARK));
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_MARK, 0x1234));
	EXPECT_EQ(0x1234, get_int(self->s, SOL_SOCKET, SO_MARK));
	EXPECT_RET(1, send_msg(self->f, self->s, "m", BOB1, PEER, &c));
	EXPECT_RET(1, recv(self->peer, &b, 1, 0));
	EXPECT_EQ(0x1234, get_int(self->s, SOL_SOCKET, SO_MARK));
}

/* Attaches a classic BPF program. */
static int attach(int s, struct sock_filter *code, int len)
{
	struct sock_fprog prog = { .len = len, .filter = code };

	return setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

#define RETURN(_k)	BPF_STMT(BPF_RET | BPF_K, _k)

/* Only datagrams that start with 'a'; the filter sees the datagram's header. */
TEST_F(opt, filter_chooses)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, sizeof(struct teach_dgramhdr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 'a', 0, 1),
		RETURN(-1),
		RETURN(0),
	};
	char buf[8];

	EXPECT_RET(0, attach(self->s, code, ARRAY_SIZE(code)));
	BOB_SENDS("b1");
	BOB_SENDS("a1");
	BOB_SENDS("");		/* too short for the program: dropped */
	BOB_SENDS("a2");
	EXPECT_RET(2, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "a1", 2));
	EXPECT_RET(2, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "a2", 2));

	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_DETACH_FILTER, 0));
	EXPECT_ERRNO(ENOENT, set_int(self->s, SOL_SOCKET, SO_DETACH_FILTER, 0));
	BOB_SENDS("b2");
	EXPECT_RET(2, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "b2", 2));
}

/* The ports are where they are in UDP: at the start of the header. */
TEST_F(opt, filter_ports)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PEER, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PORT, 0, 1),
		RETURN(-1),
		RETURN(0),
	};
	int other = sk_bound(self->f, BOB, BOB1, PEER + 1);
	char c;

	EXPECT_RET(0, attach(self->s, code, ARRAY_SIZE(code)));
	ASSERT_EQ(1, send_to(self->f, other, "o", 1, ALICE1, PORT));
	BOB_SENDS("p");
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
	EXPECT_EQ('p', c);
}

/* The number that the program returns is how much is kept, header included. */
TEST_F(opt, filter_truncates)
{
	struct sock_filter code[] = { RETURN(sizeof(struct teach_dgramhdr) + 4) };
	struct sock_filter header[] = { RETURN(1) };
	struct received r;
	char buf[8];

	EXPECT_RET(0, attach(self->s, code, 1));
	BOB_SENDS("abcdefgh");
	EXPECT_RET(4, recv_msg(self->s, &r, 0));
	EXPECT_EQ(0, memcmp(r.data, "abcd", 4));
	EXPECT_EQ(0, r.msg.msg_flags);
	EXPECT_EQ(PEER, ntohs(r.name.teach_port));
	BOB_SENDS("ab");
	EXPECT_RET(2, recv(self->s, buf, sizeof(buf), 0));

	/* Less than the header is not possible. */
	EXPECT_RET(0, attach(self->s, header, 1));
	BOB_SENDS("abcdefgh");
	EXPECT_RET(0, recv_msg(self->s, &r, 0));
	EXPECT_EQ(PEER, ntohs(r.name.teach_port));
}

TEST_F(opt, filter_drops)
{
	struct sock_filter code[] = { RETURN(0) }, all[] = { RETURN(-1) };
	int marker = sk_bound(self->f, ALICE, ALICE1, PORT + 1);
	char c;

	EXPECT_RET(0, attach(self->s, code, 1));
	BOB_SENDS("x");
	ASSERT_EQ(1, send_to(self->f, self->peer, "m", 1, ALICE1, PORT + 1));
	ASSERT_EQ(1, recv(marker, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(self->s, &c, 1, MSG_DONTWAIT));
	EXPECT_RET(0, attach(self->s, all, 1));
	BOB_SENDS("y");
	EXPECT_RET(1, recv(self->s, &c, 1, 0));
	EXPECT_EQ('y', c);
}

TEST_F(opt, filter_bad)
{
	struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_IMM, 0) };
	struct sock_filter good[] = { RETURN(-1) };

	EXPECT_ERRNO(EINVAL, attach(self->s, code, 1));	/* does not return */
	EXPECT_ERRNO(EINVAL, attach(self->s, good, 0));
	EXPECT_ERRNO(EFAULT, attach(self->s, no_page(), 1));
	EXPECT_RET(0, attach(self->s, good, 1));
	EXPECT_RET(0, set_int(self->s, SOL_SOCKET, SO_LOCK_FILTER, 1));
	EXPECT_ERRNO(EPERM, attach(self->s, good, 1));
	EXPECT_ERRNO(EPERM, set_int(self->s, SOL_SOCKET, SO_DETACH_FILTER, 0));
}

TEST_F(opt, hop_limit)
{
	int level = self->f->level, opt = self->f->hoplimit, hop = 0;
	struct received r;

	ASSERT_EQ(0, set_int(self->peer, level, self->f->recvhoplimit, 1));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	ASSERT_EQ(1, recv_msg(self->peer, &r, 0));
	EXPECT_EQ(4, cmsg_get(&r, level, opt, &hop, sizeof(hop)));
	EXPECT_EQ(64, hop);
	EXPECT_EQ(1, cmsg_count(&r));

	EXPECT_RET(0, set_int(self->s, level, opt, 1));
	EXPECT_EQ(1, get_int(self->s, level, opt));
	EXPECT_RET(0, set_int(self->s, level, opt, 255));
	EXPECT_EQ(255, get_int(self->s, level, opt));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	ASSERT_EQ(1, recv_msg(self->peer, &r, 0));
	EXPECT_EQ(4, cmsg_get(&r, level, opt, &hop, sizeof(hop)));
	EXPECT_EQ(255, hop);

	EXPECT_ERRNO(EINVAL, set_int(self->s, level, opt, 0));
	EXPECT_ERRNO(EINVAL, set_int(self->s, level, opt, 256));
	EXPECT_ERRNO(EINVAL, set_int(self->s, level, opt, -2));
	EXPECT_EQ(255, get_int(self->s, level, opt));
	EXPECT_RET(0, set_int(self->s, level, opt, -1));
	EXPECT_EQ(64, get_int(self->s, level, opt));
}

/* Also on a connected socket, whose header may be made in advance. */
TEST_F(opt, hop_limit_connected)
{
	int level = self->f->level, opt = self->f->hoplimit, hop = 0, i;
	struct received r;

	ASSERT_EQ(0, set_int(self->peer, level, self->f->recvhoplimit, 1));
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	for (i = 1; i < 4; i++) {
		ASSERT_EQ(0, set_int(self->s, level, opt, i));
		ASSERT_EQ(1, send(self->s, "x", 1, 0));
		ASSERT_EQ(1, recv_msg(self->peer, &r, 0));
		EXPECT_EQ(4, cmsg_get(&r, level, opt, &hop, sizeof(hop)));
		EXPECT_EQ(i, hop);
	}
}

TEST_F(opt, hop_limit_once)
{
	int level = self->f->level, opt = self->f->hoplimit, hop = 7;
	struct control c = { level, opt, &hop, sizeof(hop) };
	struct received r;

	ASSERT_EQ(0, set_int(self->peer, level, self->f->recvhoplimit, 1));
	ASSERT_EQ(1, send_msg(self->f, self->s, "x", BOB1, PEER, &c));
	ASSERT_EQ(1, recv_msg(self->peer, &r, 0));
	EXPECT_EQ(4, cmsg_get(&r, level, opt, &hop, sizeof(hop)));
	EXPECT_EQ(7, hop);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	ASSERT_EQ(1, recv_msg(self->peer, &r, 0));
	EXPECT_EQ(4, cmsg_get(&r, level, opt, &hop, sizeof(hop)));
	EXPECT_EQ(64, hop);
}

TEST_F(opt, traffic_class)
{
	int level = self->f->level, opt = self->f->tclass, class = 0, once = 0x48;
	struct control c = { level, opt, &once, sizeof(once) };
	struct received r;

	ASSERT_EQ(0, set_int(self->peer, level, self->f->recvtclass, 1));
	EXPECT_RET(0, set_int(self->s, level, opt, 0xb8));
	EXPECT_EQ(0xb8, get_int(self->s, level, opt));
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	ASSERT_EQ(1, recv_msg(self->peer, &r, 0));
	/* IPv4's message has one byte, TEACH's is an int. */
	EXPECT_EQ(self->f->af == AF_INET ? 1 : 4,
		  cmsg_get(&r, level, opt, &class, sizeof(class)));
	EXPECT_EQ(0xb8, class);
	ASSERT_EQ(1, send_msg(self->f, self->s, "x", BOB1, PEER, &c));
	ASSERT_EQ(1, recv_msg(self->peer, &r, 0));
	cmsg_get(&r, level, opt, &class, sizeof(class));
	EXPECT_EQ(0x48, class);
	/* Nothing of it stays. */
	EXPECT_EQ(0xb8, get_int(self->s, level, opt));
}

TEST_F(opt, mtu)
{
	int level = self->f->level, opt = self->f->mtu;

	EXPECT_ERRNO(ENOTCONN, get_int(self->s, level, opt));
	ASSERT_EQ(0, conn_to(self->f, self->s, BOB1, PEER));
	EXPECT_EQ(1500, get_int(self->s, level, opt));
	ASSERT_EQ(0, disconnect(self->s));
	EXPECT_ERRNO(ENOTCONN, get_int(self->s, level, opt));
}

/* A connected socket follows when its device's MTU changes. */
TEST_F(opt, mtu_changes)
{
	int level = self->f->level, opt = self->f->mtu;
	int max = 1000 - self->f->overhead;
	char buf[1500];

	lab_make();
	self->s = sk_conn(self->f, ALICE, BOB1, PEER);
	self->peer = sk_bound(self->f, BOB, BOB1, PEER);
	ASSERT_EQ(1, send(self->s, "x", 1, 0));
	ASSERT_EQ(1, recv(self->peer, buf, 1, 0));
	ASSERT_EQ(0, link_mtu("va", 1000));
	EXPECT_EQ(1000, get_int(self->s, level, opt));
	EXPECT_ERRNO(EMSGSIZE, send(self->s, buf, max + 1, 0));
	EXPECT_RET(max, send(self->s, buf, max, 0));
	EXPECT_RET(max, recv(self->peer, buf, sizeof(buf), 0));
	ASSERT_EQ(0, link_mtu("va", 1500));
	EXPECT_EQ(1500, get_int(self->s, level, opt));
	EXPECT_RET(max + 1, send(self->s, buf, max + 1, 0));
	EXPECT_RET(max + 1, recv(self->peer, buf, sizeof(buf), 0));
}

TEACH_ONLY(opt_teach,)

/* IPv4 takes the lowest byte of anything; TEACH has a range. */
TEST_F(opt_teach, traffic_class_range)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_RET(0, set_int(s, SOL_TEACH, TEACH_TCLASS, 255));
	EXPECT_ERRNO(EINVAL, set_int(s, SOL_TEACH, TEACH_TCLASS, 256));
	EXPECT_ERRNO(EINVAL, set_int(s, SOL_TEACH, TEACH_TCLASS, -1));
	EXPECT_EQ(255, get_int(s, SOL_TEACH, TEACH_TCLASS));
}

LAB_MAIN
