// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which device and which address: broadcast, SO_BINDTODEVICE, PKTINFO.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>

#include "common.h"

#define PORT	7000
#define PEER	7100

FAMILIES(cast,)

static int sk_broadcast(const struct family *f, enum host at)
{
	int s = sk_open(f, at);

	must(!set_int(s, SOL_SOCKET, SO_BROADCAST, 1), "SO_BROADCAST");
	return s;
}

static int to_device(int s, const char *dev)
{
	return setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, dev, strlen(dev));
}

TEST_F(cast, broadcast_permission)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EACCES, send_to(self->f, s, "x", 1, BCAST1, PEER));
	ASSERT_EQ(0, set_int(s, SOL_SOCKET, SO_BROADCAST, 1));
	EXPECT_EQ(1, get_int(s, SOL_SOCKET, SO_BROADCAST));
	EXPECT_RET(1, send_to(self->f, s, "x", 1, BCAST1, PEER));
	ASSERT_EQ(0, set_int(s, SOL_SOCKET, SO_BROADCAST, 0));
	EXPECT_ERRNO(EACCES, send_to(self->f, s, "x", 1, BCAST1, PEER));
}

TEST_F(cast, broadcast_all_permission)
{
	int s = sk_open(self->f, ALICE);

	ASSERT_EQ(0, to_device(s, "va"));
	EXPECT_ERRNO(EACCES, send_to(self->f, s, "x", 1, BCAST_ALL, PEER));
}

/* Without a default route nothing says which device it should leave by. */
TEST_F(cast, broadcast_all_no_device)
{
	int s = sk_broadcast(self->f, ALICE);

	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "x", 1, BCAST_ALL, PEER));
}

static void check_broadcast(struct __test_metadata *_metadata,
			    const struct family *f, uint32_t to, const char *dev)
{
	int s = sk_broadcast(f, ALICE), peer = sk_bound(f, BOB, ANY, PEER);
	struct teach_pktinfo info;
	struct received r;

	ASSERT_EQ(0, set_int(peer, f->level, f->pktinfo, 1));
	if (dev) {
		ASSERT_EQ(0, to_device(s, dev));
	}
	ASSERT_EQ(5, send_to(f, s, "hello", 5, to, PEER));
	ASSERT_EQ(5, recv_msg(peer, &r, 0));
	EXPECT_EQ(0, memcmp(r.data, "hello", 5));
	EXPECT_EQ(ALICE1, ntohl(r.name.teach_addr.s_addr));
	EXPECT_EQ(port_of(s), ntohs(r.name.teach_port));
	ASSERT_EQ((int)sizeof(info), cmsg_get(&r, f->level, f->pktinfo, &info,
					      sizeof(info)));
	EXPECT_EQ(to, ntohl(info.addr.s_addr));
	/* What an answer would come from. */
	EXPECT_EQ(BOB1, ntohl(info.spec_dst.s_addr));
}

TEST_F(cast, broadcast_directed)
{
	check_broadcast(_metadata, self->f, BCAST1, NULL);
}

TEST_F(cast, broadcast_all)
{
	check_broadcast(_metadata, self->f, BCAST_ALL, "va");
}

/* Every socket of the port gets a copy, unless it is bound to another address. */
TEST_F(cast, broadcast_all_sockets)
{
	static const uint32_t addr[] = { ANY, ANY, BCAST1, BOB1, ANY };
	int got[] = { 1, 1, 1, 0, 0 };
	int s = sk_broadcast(self->f, ALICE), r[5], marker;
	unsigned int i;
	char c;

	for (i = 0; i < 5; i++) {
		r[i] = sk_open(self->f, BOB);
		ASSERT_EQ(0, set_int(r[i], SOL_SOCKET, SO_REUSEADDR, 1));
		ASSERT_EQ(0, bind_to(self->f, r[i], addr[i], i == 4 ? PEER + 1 : PEER));
	}
	marker = sk_bound(self->f, BOB, BOB1, PEER + 2);
	ASSERT_EQ(1, send_to(self->f, s, "b", 1, BCAST1, PEER));
	ASSERT_EQ(1, send_to(self->f, s, "m", 1, BOB1, PEER + 2));
	ASSERT_EQ(1, recv(marker, &c, 1, 0));
	for (i = 0; i < 5; i++) {
		if (got[i]) {
			EXPECT_RET(1, recv(r[i], &c, 1, 0));
		} else {
			EXPECT_ERRNO(EAGAIN, recv(r[i], &c, 1, MSG_DONTWAIT));
		}
	}
}

/* A broadcast stays on its device. */
TEST_F(cast, broadcast_on_other_device)
{
	int s = sk_broadcast(self->f, ALICE), marker = sk_bound(self->f, BOB, ANY, PEER + 1);
	int on_v = sk_open(self->f, BOB), on_w = sk_open(self->f, BOB);
	char c;

	ASSERT_EQ(0, to_device(on_v, "vb"));
	ASSERT_EQ(0, to_device(on_w, "wb"));
	ASSERT_EQ(0, bind_to(self->f, on_v, ANY, PEER));
	ASSERT_EQ(0, bind_to(self->f, on_w, ANY, PEER));
	ASSERT_EQ(1, send_to(self->f, s, "1", 1, BCAST1, PEER));
	ASSERT_EQ(1, send_to(self->f, s, "m", 1, BOB2, PEER + 1));
	EXPECT_RET(1, recv(on_v, &c, 1, 0));
	ASSERT_EQ(1, recv(marker, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(on_w, &c, 1, MSG_DONTWAIT));
	EXPECT_ERRNO(EAGAIN, recv(on_v, &c, 1, MSG_DONTWAIT));
}

/* Sockets of the sender's own host hear a broadcast, too. */
TEST_F(cast, broadcast_heard_here)
{
	int s = sk_broadcast(self->f, ALICE), here = sk_bound(self->f, ALICE, ANY, PORT);
	char c;

	ASSERT_EQ(1, send_to(self->f, s, "b", 1, BCAST1, PORT));
	EXPECT_RET(1, recv(here, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(here, &c, 1, MSG_DONTWAIT));
}

/* Once each, the sending socket included. */
TEST_F(cast, broadcast_to_itself)
{
	int s = sk_broadcast(self->f, ALICE);
	addr_t from;
	char c;

	ASSERT_EQ(0, bind_to(self->f, s, ANY, PORT));
	ASSERT_EQ(1, send_to(self->f, s, "b", 1, BCAST1, PORT));
	EXPECT_RET(1, recv_name(s, &c, 1, 0, &from));
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
	EXPECT_EQ(PORT, ntohs(from.teach_port));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
}

TEST_F(cast, broadcast_connected)
{
	int s = sk_broadcast(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER);
	char c;

	ASSERT_EQ(0, conn_to(self->f, s, BCAST1, PEER));
	EXPECT_EQ(ALICE1, ntohl(name_of(s).teach_addr.s_addr));
	EXPECT_RET(1, send(s, "x", 1, 0));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
}

TEST_F(cast, broadcast_too_big)
{
	int s = sk_broadcast(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER);
	int max = 1500 - self->f->overhead;
	char buf[1500];

	EXPECT_ERRNO(EMSGSIZE, send_to(self->f, s, buf, max + 1, BCAST1, PEER));
	EXPECT_RET(max, send_to(self->f, s, buf, max, BCAST1, PEER));
	EXPECT_RET(max, recv(peer, buf, sizeof(buf), 0));
}

TEST_F(cast, device_option)
{
	int s = sk_open(self->f, ALICE);
	char name[IFNAMSIZ] = "";
	socklen_t len = sizeof(name);

	EXPECT_ERRNO(ENODEV, to_device(s, "nosuchdev"));
	EXPECT_RET(0, getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, name, &len));
	EXPECT_EQ(0, len);
	EXPECT_RET(0, to_device(s, "va"));
	len = sizeof(name);
	EXPECT_RET(0, getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, name, &len));
	EXPECT_STREQ("va", name);
	EXPECT_EQ(if_nametoindex("va"),
		  (unsigned int)get_int(s, SOL_SOCKET, SO_BINDTOIFINDEX));
	EXPECT_RET(0, to_device(s, ""));
	EXPECT_EQ(0, get_int(s, SOL_SOCKET, SO_BINDTOIFINDEX));
}

/* Only what comes in by the device is received. */
TEST_F(cast, device_receive)
{
	int s = sk_open(self->f, ALICE), other = sk_open(self->f, ALICE);
	int peer = sk_open(self->f, BOB);
	char c;

	ASSERT_EQ(0, to_device(s, "va"));
	ASSERT_EQ(0, to_device(other, "wa"));
	/* Different devices: the same port is no conflict. */
	ASSERT_EQ(0, bind_to(self->f, s, ANY, PORT));
	ASSERT_EQ(0, bind_to(self->f, other, ANY, PORT));
	ASSERT_EQ(1, send_to(self->f, peer, "2", 1, ALICE2, PORT));
	ASSERT_EQ(1, send_to(self->f, peer, "1", 1, ALICE1, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('1', c);
	EXPECT_RET(1, recv(other, &c, 1, 0));
	EXPECT_EQ('2', c);
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
	EXPECT_ERRNO(EAGAIN, recv(other, &c, 1, MSG_DONTWAIT));
}

/* A socket bound to the device goes before one that is not. */
TEST_F(cast, device_preferred)
{
	int dev = sk_open(self->f, ALICE), any = sk_open(self->f, ALICE);
	int peer = sk_open(self->f, BOB);
	char c;

	ASSERT_EQ(0, set_int(dev, SOL_SOCKET, SO_REUSEADDR, 1));
	ASSERT_EQ(0, set_int(any, SOL_SOCKET, SO_REUSEADDR, 1));
	ASSERT_EQ(0, to_device(dev, "va"));
	ASSERT_EQ(0, bind_to(self->f, dev, ANY, PORT));
	ASSERT_EQ(0, bind_to(self->f, any, ANY, PORT));
	ASSERT_EQ(1, send_to(self->f, peer, "1", 1, ALICE1, PORT));
	ASSERT_EQ(1, send_to(self->f, peer, "2", 1, ALICE2, PORT));
	EXPECT_RET(1, recv(dev, &c, 1, 0));
	EXPECT_EQ('1', c);
	EXPECT_RET(1, recv(any, &c, 1, 0));
	EXPECT_EQ('2', c);
}

TEST_F(cast, device_conflict)
{
	int s = sk_open(self->f, ALICE), any = sk_open(self->f, ALICE);
	int same = sk_open(self->f, ALICE);

	ASSERT_EQ(0, to_device(s, "va"));
	ASSERT_EQ(0, to_device(same, "va"));
	ASSERT_EQ(0, bind_to(self->f, s, ANY, PORT));
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, any, ANY, PORT));
	EXPECT_ERRNO(EADDRINUSE, bind_to(self->f, same, ANY, PORT));
}

/* A datagram for a port that only another device's socket has is refused. */
TEST_F(cast, device_refuses)
{
	int s = sk_open(self->f, ALICE), peer = sk_conn(self->f, BOB, ALICE2, PORT);
	char c;

	ASSERT_EQ(0, to_device(s, "va"));
	ASSERT_EQ(0, bind_to(self->f, s, ANY, PORT));
	ASSERT_EQ(1, send(peer, "x", 1, 0));
	EXPECT_ERRNO(ECONNREFUSED, recv(peer, &c, 1, 0));
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
}

TEST_F(cast, device_send)
{
	int s = sk_open(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t from;
	char c;

	ASSERT_EQ(0, to_device(s, "wa"));
	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB2, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
}

TEST_F(cast, pktinfo_receive)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer = sk_open(self->f, BOB);
	struct teach_pktinfo info;
	struct received r;

	ASSERT_EQ(0, set_int(s, self->f->level, self->f->pktinfo, 1));
	ASSERT_EQ(1, send_to(self->f, peer, "1", 1, ALICE1, PORT));
	ASSERT_EQ(1, recv_msg(s, &r, 0));
	ASSERT_EQ((int)sizeof(info), cmsg_get(&r, self->f->level, self->f->pktinfo,
					      &info, sizeof(info)));
	EXPECT_EQ(if_nametoindex("va"), info.ifindex);
	EXPECT_EQ(ALICE1, ntohl(info.spec_dst.s_addr));
	EXPECT_EQ(ALICE1, ntohl(info.addr.s_addr));
	ASSERT_EQ(1, send_to(self->f, peer, "2", 1, ALICE2, PORT));
	ASSERT_EQ(1, recv_msg(s, &r, 0));
	ASSERT_EQ((int)sizeof(info), cmsg_get(&r, self->f->level, self->f->pktinfo,
					      &info, sizeof(info)));
	EXPECT_EQ(if_nametoindex("wa"), info.ifindex);
	EXPECT_EQ(ALICE2, ntohl(info.spec_dst.s_addr));

	ASSERT_EQ(0, set_int(s, self->f->level, self->f->pktinfo, 0));
	ASSERT_EQ(1, send_to(self->f, peer, "3", 1, ALICE1, PORT));
	ASSERT_EQ(1, recv_msg(s, &r, 0));
	EXPECT_EQ(0, cmsg_count(&r));
}

/* On whichever device: any own address can be the source. */
TEST_F(cast, pktinfo_source)
{
	struct teach_pktinfo info = { .spec_dst.s_addr = htonl(ALICE2) };
	struct control c = { self->f->level, self->f->pktinfo, &info, sizeof(info) };
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	addr_t from;
	char b;

	EXPECT_RET(1, send_msg(self->f, s, "x", BOB1, PEER, &c));
	EXPECT_RET(1, recv_name(peer, &b, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
	EXPECT_EQ(PORT, ntohs(from.teach_port));
	/* For one datagram only. */
	EXPECT_RET(1, send_to(self->f, s, "x", 1, BOB1, PEER));
	EXPECT_RET(1, recv_name(peer, &b, 1, 0, &from));
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
}

TEST_F(cast, pktinfo_source_connected)
{
	struct teach_pktinfo info = { .spec_dst.s_addr = htonl(ALICE2) };
	struct control c = { self->f->level, self->f->pktinfo, &info, sizeof(info) };
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	addr_t from;
	char b;

	EXPECT_RET(1, send_msg(self->f, s, "x", 0, 0, &c));
	EXPECT_RET(1, recv_name(peer, &b, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
	EXPECT_RET(1, send(s, "x", 1, 0));
	EXPECT_RET(1, recv_name(peer, &b, 1, 0, &from));
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
}

TEST_F(cast, pktinfo_source_not_ours)
{
	struct teach_pktinfo info = { .spec_dst.s_addr = htonl(BOB2) };
	struct control c = { self->f->level, self->f->pktinfo, &info, sizeof(info) };
	int s = sk_bound(self->f, ALICE, ANY, PORT);

	EXPECT_ERRNO(ENETUNREACH, send_msg(self->f, s, "x", BOB1, PEER, &c));
}

TEST_F(cast, pktinfo_device)
{
	struct teach_pktinfo info = { .ifindex = if_nametoindex("wa") };
	struct control c = { self->f->level, self->f->pktinfo, &info, sizeof(info) };
	int s = sk_broadcast(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t from;
	char b;

	EXPECT_RET(1, send_msg(self->f, s, "x", BCAST_ALL, PEER, &c));
	EXPECT_RET(1, recv_name(peer, &b, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
	EXPECT_RET(1, send_msg(self->f, s, "x", BOB2, PEER, &c));
	EXPECT_RET(1, recv_name(peer, &b, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
	info.ifindex = 12345;
	EXPECT_ERRNO(ENODEV, send_msg(self->f, s, "x", BCAST_ALL, PEER, &c));
	EXPECT_ERRNO(ENODEV, send_msg(self->f, s, "x", BOB1, PEER, &c));
}

/* An answer that takes its source from the question's PKTINFO. */
TEST_F(cast, pktinfo_echo)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer = sk_open(self->f, BOB);
	struct teach_pktinfo info;
	struct control c = { self->f->level, self->f->pktinfo, &info, sizeof(info) };
	struct received r;
	addr_t from;
	char b;

	ASSERT_EQ(0, set_int(s, self->f->level, self->f->pktinfo, 1));
	ASSERT_EQ(1, send_to(self->f, peer, "q", 1, ALICE2, PORT));
	ASSERT_EQ(1, recv_msg(s, &r, 0));
	ASSERT_EQ((int)sizeof(info), cmsg_get(&r, self->f->level, self->f->pktinfo,
					      &info, sizeof(info)));
	EXPECT_RET(1, send_msg(self->f, s, "a", ntohl(r.name.teach_addr.s_addr),
			       ntohs(r.name.teach_port), &c));
	EXPECT_RET(1, recv_name(peer, &b, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
	EXPECT_EQ(PORT, ntohs(from.teach_port));
}

/* All that can be asked for comes along together. */
TEST_F(cast, all_messages)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer = sk_open(self->f, BOB);
	struct received r;

	ASSERT_EQ(0, set_int(s, self->f->level, self->f->pktinfo, 1));
	ASSERT_EQ(0, set_int(s, self->f->level, self->f->recvhoplimit, 1));
	ASSERT_EQ(0, set_int(s, self->f->level, self->f->recvtclass, 1));
	ASSERT_EQ(0, set_int(s, SOL_SOCKET, SO_TIMESTAMPNS, 1));
	ASSERT_EQ(1, send_to(self->f, peer, "x", 1, ALICE1, PORT));
	ASSERT_EQ(1, recv_msg(s, &r, 0));
	EXPECT_EQ(4, cmsg_count(&r));
	EXPECT_EQ(0, r.msg.msg_flags);
}

TEACH_ONLY(cast_teach,)

/* The address itself can say which device a broadcast leaves by. */
TEST_F(cast_teach, ifindex_in_address)
{
	int s = sk_broadcast(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t to = addr_of(self->f, BCAST_ALL, PEER), from;
	char c;

	to.teach_ifindex = if_nametoindex("wa");
	EXPECT_RET(1, sendto(s, "2", 1, 0, (struct sockaddr *)&to, sizeof(to)));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ('2', c);
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
	to.teach_ifindex = if_nametoindex("va");
	EXPECT_RET(1, sendto(s, "1", 1, 0, (struct sockaddr *)&to, sizeof(to)));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ('1', c);
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
	to.teach_ifindex = 12345;
	EXPECT_ERRNO(ENODEV, sendto(s, "0", 1, 0, (struct sockaddr *)&to, sizeof(to)));
}

TEST_F(cast_teach, ifindex_connected)
{
	int s = sk_broadcast(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t to = addr_of(self->f, BCAST_ALL, PEER), from;
	char c;

	to.teach_ifindex = if_nametoindex("wa");
	ASSERT_EQ(0, connect(s, (struct sockaddr *)&to, sizeof(to)));
	EXPECT_EQ(ALICE2, ntohl(name_of(s).teach_addr.s_addr));
	EXPECT_RET(1, send(s, "2", 1, 0));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
}

/* What this host sends to one of its addresses comes in by the device that has it. */
TEST_F(cast, local_comes_in_by_its_device)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), from = sk_open(self->f, ALICE);
	struct teach_pktinfo info;
	struct received r;

	ASSERT_EQ(0, to_device(s, "va"));
	ASSERT_EQ(0, set_int(s, self->f->level, self->f->pktinfo, 1));
	ASSERT_EQ(1, send_to(self->f, from, "x", 1, ALICE1, PORT));
	ASSERT_EQ(1, recv_msg(s, &r, 0));
	ASSERT_EQ((int)sizeof(info), cmsg_get(&r, self->f->level, self->f->pktinfo,
					      &info, sizeof(info)));
	EXPECT_EQ(if_nametoindex("va"), info.ifindex);
	EXPECT_EQ(ALICE1, ntohl(info.addr.s_addr));
}

LAB_MAIN
