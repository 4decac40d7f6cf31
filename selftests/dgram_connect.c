// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * connect() of datagram sockets: the source address, the peer, and back.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <arpa/inet.h>

#include "common.h"

#define PORT	7000
#define PEER	7100

FAMILIES(conn,)

TEST_F(conn, source_address)
{
	int s1 = sk_conn(self->f, ALICE, BOB1, PEER);
	int s2 = sk_conn(self->f, ALICE, BOB2, PEER);
	int own = sk_conn(self->f, ALICE, ALICE2, PEER);

	EXPECT_EQ(ALICE1, ntohl(name_of(s1).teach_addr.s_addr));
	EXPECT_EQ(ALICE2, ntohl(name_of(s2).teach_addr.s_addr));
	EXPECT_EQ(ALICE2, ntohl(name_of(own).teach_addr.s_addr));
}

/* A source address bound before is kept, whichever way the peer is. */
TEST_F(conn, source_address_bound)
{
	int peer = sk_bound(self->f, BOB, ANY, PEER);
	int s = sk_bound(self->f, ALICE, ALICE2, PORT);
	addr_t from;
	char c;

	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_EQ(ALICE2, ntohl(name_of(s).teach_addr.s_addr));
	ASSERT_EQ(1, send(s, "x", 1, 0));
	ASSERT_EQ(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
}

TEST_F(conn, getpeername)
{
	int s = sk_open(self->f, ALICE);
	socklen_t len = sizeof(addr_t);
	addr_t a;

	EXPECT_ERRNO(ENOTCONN, getpeername(s, (struct sockaddr *)&a, &len));
	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	memset(&a, 0xff, sizeof(a));
	EXPECT_RET(0, getpeername(s, (struct sockaddr *)&a, &len));
	EXPECT_EQ(16, len);
	EXPECT_EQ(self->f->af, a.teach_family);
	EXPECT_EQ(PEER, ntohs(a.teach_port));
	EXPECT_EQ(BOB1, ntohl(a.teach_addr.s_addr));
	EXPECT_EQ(0, a.teach_ifindex);
	EXPECT_EQ(0, memcmp(a.teach_zero, "\0\0\0\0", 4));
	ASSERT_EQ(0, disconnect(s));
	EXPECT_ERRNO(ENOTCONN, getpeername(s, (struct sockaddr *)&a, &len));
}

TEST_F(conn, send_and_write)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	addr_t from;
	char buf[8];

	EXPECT_RET(4, send(s, "send", 4, 0));
	EXPECT_RET(5, write(s, "write", 5));
	EXPECT_RET(4, recv_name(peer, buf, 8, 0, &from));
	EXPECT_EQ(0, memcmp(buf, "send", 4));
	EXPECT_EQ(port_of(s), ntohs(from.teach_port));
	EXPECT_RET(5, read(peer, buf, 8));
	EXPECT_EQ(0, memcmp(buf, "write", 5));
}

/* Only the peer is heard, by address and by port. */
TEST_F(conn, filters)
{
	int right = sk_bound(self->f, BOB, BOB1, PEER);
	int port = sk_bound(self->f, BOB, BOB1, PEER + 1);
	int addr = sk_bound(self->f, BOB, BOB2, PEER);
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	char c;

	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	ASSERT_EQ(1, send_to(self->f, port, "p", 1, ALICE1, PORT));
	ASSERT_EQ(1, send_to(self->f, addr, "a", 1, ALICE1, PORT));
	ASSERT_EQ(1, send_to(self->f, right, "r", 1, ALICE1, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('r', c);
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
}

/* connect() fixes the local address: others of this host no longer reach it. */
TEST_F(conn, filters_destination)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	char c;

	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_EQ(ALICE1, ntohl(name_of(s).teach_addr.s_addr));
	ASSERT_EQ(1, send_to(self->f, peer, "2", 1, ALICE2, PORT));
	ASSERT_EQ(1, send_to(self->f, peer, "1", 1, ALICE1, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('1', c);
	EXPECT_ERRNO(EAGAIN, recv(s, &c, 1, MSG_DONTWAIT));
}

/* What came before connect() stays in the queue. */
TEST_F(conn, keeps_what_came_before)
{
	int other = sk_bound(self->f, BOB, BOB1, PEER + 1);
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	char c;

	ASSERT_EQ(1, send_to(self->f, other, "o", 1, ALICE1, PORT));
	ASSERT_EQ(POLLIN, wait_for(s, POLLIN));
	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('o', c);
}

/* A connected socket can send elsewhere, one datagram at a time. */
TEST_F(conn, sendto_elsewhere)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int other = sk_bound(self->f, BOB, BOB1, PEER + 1);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	char c;

	EXPECT_RET(1, send_to(self->f, s, "o", 1, BOB1, PEER + 1));
	EXPECT_RET(1, send(s, "p", 1, 0));
	EXPECT_RET(1, recv(other, &c, 1, 0));
	EXPECT_EQ('o', c);
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('p', c);
	EXPECT_ERRNO(EAGAIN, recv(other, &c, 1, MSG_DONTWAIT));
	EXPECT_ERRNO(EAGAIN, recv(peer, &c, 1, MSG_DONTWAIT));
}

TEST_F(conn, again_to_another)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int other = sk_bound(self->f, BOB, BOB1, PEER + 1);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	uint16_t port = port_of(s);
	char c;

	EXPECT_RET(0, conn_to(self->f, s, BOB1, PEER + 1));
	EXPECT_EQ(port, port_of(s));
	EXPECT_RET(1, send(s, "x", 1, 0));
	EXPECT_RET(1, recv(other, &c, 1, 0));
	ASSERT_EQ(1, send_to(self->f, peer, "p", 1, ALICE1, port));
	ASSERT_EQ(1, send_to(self->f, other, "o", 1, ALICE1, port));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('o', c);
}

/* The source address, once chosen, stays until the socket is disconnected. */
TEST_F(conn, again_keeps_source)
{
	int s = sk_conn(self->f, ALICE, BOB1, PEER);

	ASSERT_EQ(0, conn_to(self->f, s, BOB2, PEER));
	EXPECT_EQ(ALICE1, ntohl(name_of(s).teach_addr.s_addr));
	ASSERT_EQ(0, disconnect(s));
	ASSERT_EQ(0, conn_to(self->f, s, BOB2, PEER));
	EXPECT_EQ(ALICE2, ntohl(name_of(s).teach_addr.s_addr));
}

/* A port from bind() outlives the connection; the address goes back to any. */
TEST_F(conn, disconnect_bound_port)
{
	int other = sk_bound(self->f, BOB, BOB2, PEER + 1);
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	char c;

	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_RET(0, disconnect(s));
	EXPECT_EQ(PORT, port_of(s));
	EXPECT_EQ(ANY, ntohl(name_of(s).teach_addr.s_addr));
	ASSERT_EQ(1, send_to(self->f, other, "o", 1, ALICE2, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_ERRNO(EDESTADDRREQ, send(s, "x", 1, 0));
}

TEST_F(conn, disconnect_bound_address)
{
	int s = sk_bound(self->f, ALICE, ALICE2, PORT);

	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_RET(0, disconnect(s));
	EXPECT_EQ(PORT, port_of(s));
	EXPECT_EQ(ALICE2, ntohl(name_of(s).teach_addr.s_addr));
}

TEST_F(conn, disconnect_unconnected)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	struct sockaddr a = { .sa_family = AF_UNSPEC };

	EXPECT_RET(0, disconnect(s));
	/* The family is enough. */
	EXPECT_RET(0, connect(s, &a, sizeof(a.sa_family)));
	EXPECT_EQ(PORT, port_of(s));
}

/* After disconnecting, an autobound socket gets a port anew when it sends. */
TEST_F(conn, disconnect_and_send)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	addr_t from;
	char c;

	ASSERT_EQ(0, disconnect(s));
	EXPECT_EQ(0, port_of(s));
	EXPECT_RET(1, send_to(self->f, s, "x", 1, BOB1, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(port_of(s), ntohs(from.teach_port));
	EXPECT_RET(1, sendto(peer, "y", 1, 0, (struct sockaddr *)&from, sizeof(from)));
	EXPECT_RET(1, recv(s, &c, 1, 0));
}

TEST_F(conn, no_destination)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EDESTADDRREQ, send(s, "x", 1, 0));
	EXPECT_ERRNO(EDESTADDRREQ, write(s, "x", 1));
}

TEST_F(conn, no_route)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	addr_t a;

	EXPECT_ERRNO(ENETUNREACH, conn_to(self->f, s, NOROUTE, PEER));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "x", 1, NOROUTE, PEER));
	EXPECT_ERRNO(ENOTCONN, getpeername(s, (struct sockaddr *)&a,
					   &(socklen_t){ sizeof(a) }));
}

/* A connect() that fails leaves the old peer. */
TEST_F(conn, failure_keeps_peer)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	addr_t a;
	char c;

	EXPECT_ERRNO(ENETUNREACH, conn_to(self->f, s, NOROUTE, PEER));
	EXPECT_RET(0, getpeername(s, (struct sockaddr *)&a, &(socklen_t){ sizeof(a) }));
	EXPECT_EQ(BOB1, ntohl(a.teach_addr.s_addr));
	EXPECT_EQ(PEER, ntohs(a.teach_port));
	EXPECT_RET(1, send(s, "x", 1, 0));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
}

TEST_F(conn, broadcast)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EACCES, conn_to(self->f, s, BCAST1, PEER));
	ASSERT_EQ(0, set_int(s, SOL_SOCKET, SO_BROADCAST, 1));
	EXPECT_RET(0, conn_to(self->f, s, BCAST1, PEER));
}

TEST_F(conn, short_address)
{
	addr_t a = addr_of(self->f, BOB1, PEER);
	int s = sk_open(self->f, ALICE);
	socklen_t len;

	for (len = 0; len < sizeof(a); len++) {
		EXPECT_ERRNO(EINVAL, connect(s, (struct sockaddr *)&a, len));
		if (len)
			EXPECT_ERRNO(EINVAL, sendto(s, "x", 1, 0,
						    (struct sockaddr *)&a, len));
	}
	EXPECT_ERRNO(EINVAL, connect(s, (struct sockaddr *)&a, -1));
	EXPECT_ERRNO(EINVAL, sendto(s, "x", 1, 0, (struct sockaddr *)&a, -1));
	EXPECT_RET(0, conn_to(self->f, s, BOB1, PEER));
}

TEST_F(conn, wrong_family)
{
	addr_t a = addr_of(self->f, BOB1, PEER);
	int s = sk_open(self->f, ALICE);

	a.teach_family = self->f->af == AF_INET ? AF_TEACH : AF_INET;
	EXPECT_ERRNO(EAFNOSUPPORT, connect(s, (struct sockaddr *)&a, sizeof(a)));
	EXPECT_ERRNO(EAFNOSUPPORT, sendto(s, "x", 1, 0, (struct sockaddr *)&a,
					  sizeof(a)));
	a.teach_family = AF_APPLETALK;
	EXPECT_ERRNO(EAFNOSUPPORT, connect(s, (struct sockaddr *)&a, sizeof(a)));
	EXPECT_ERRNO(EAFNOSUPPORT, sendto(s, "x", 1, 0, (struct sockaddr *)&a,
					  sizeof(a)));
	ASSERT_EQ(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_ERRNO(EAFNOSUPPORT, connect(s, (struct sockaddr *)&a, sizeof(a)));
	EXPECT_RET(0, getpeername(s, (struct sockaddr *)&a, &(socklen_t){ sizeof(a) }));
}

TEST_F(conn, port_zero)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EINVAL, send_to(self->f, s, "x", 1, BOB1, 0));
}

TEST_F(conn, bad_pointer)
{
	addr_t *bad = no_page();
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EFAULT, connect(s, (struct sockaddr *)bad, sizeof(*bad)));
	EXPECT_ERRNO(EFAULT, sendto(s, "x", 1, 0, (struct sockaddr *)bad, sizeof(*bad)));
	EXPECT_RET(0, conn_to(self->f, s, BOB1, PEER));
	EXPECT_ERRNO(EFAULT, getpeername(s, (struct sockaddr *)bad,
					 &(socklen_t){ sizeof(*bad) }));
}

/* To an own address, to an own address of the other device, to itself. */
TEST_F(conn, local)
{
	int a = sk_bound(self->f, ALICE, ALICE1, PORT);
	int b = sk_bound(self->f, ALICE, ALICE2, PORT);
	addr_t from;
	char c;

	ASSERT_EQ(1, send_to(self->f, a, "1", 1, ALICE2, PORT));
	EXPECT_RET(1, recv_name(b, &c, 1, 0, &from));
	EXPECT_EQ('1', c);
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
	EXPECT_EQ(PORT, ntohs(from.teach_port));
	ASSERT_EQ(1, send_to(self->f, a, "2", 1, ALICE1, PORT));
	EXPECT_RET(1, recv_name(a, &c, 1, 0, &from));
	EXPECT_EQ('2', c);
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
}

/* Not bound to an address, the source is the address that is sent to. */
TEST_F(conn, local_source)
{
	int a = sk_open(self->f, ALICE), b = sk_bound(self->f, ALICE, ANY, PORT);
	addr_t from;
	char c;

	ASSERT_EQ(1, send_to(self->f, a, "x", 1, ALICE2, PORT));
	EXPECT_RET(1, recv_name(b, &c, 1, 0, &from));
	EXPECT_EQ(ALICE2, ntohl(from.teach_addr.s_addr));
}

TEST_F(conn, to_itself)
{
	int s = sk_bound(self->f, ALICE, ALICE1, PORT);
	char buf[8];

	ASSERT_EQ(0, conn_to(self->f, s, ALICE1, PORT));
	EXPECT_RET(4, send(s, "self", 4, 0));
	EXPECT_RET(4, recv(s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "self", 4));
}

/* An own address works while no device can carry anything. */
TEST_F(conn, local_devices_down)
{
	int s;

	lab_make();
	s = sk_bound(self->f, ALICE, ALICE1, PORT);
	lab_enter(BOB);
	ASSERT_EQ(0, link_up("vb", 0));
	ASSERT_EQ(0, link_up("wb", 0));
	lab_enter(ALICE);
	EXPECT_RET(1, send_to(self->f, s, "x", 1, ALICE1, PORT));
	EXPECT_RET(POLLIN, wait_for(s, POLLIN));
}

LAB_MAIN
