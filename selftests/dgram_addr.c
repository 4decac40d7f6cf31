// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses and devices that come and go while sockets use them.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <linux/neighbour.h>

#include "common.h"

#define PORT	7000
#define PEER	7100
#define EXTRA	0x0a010009u	/* 10.1.0.9, a second address of alice */
#define NEW_NET	0x0a030001u	/* 10.3.0.1, a third network */

/* Every test has hosts of its own. */
FAMILIES(addr, lab_make())

TEST_F(addr, two_networks)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t from;
	int i;
	char c;

	for (i = 0; i < 4; i++) {
		ASSERT_EQ(1, send_to(self->f, s, "x", 1, i & 1 ? BOB2 : BOB1, PEER));
		ASSERT_EQ(1, recv_name(peer, &c, 1, 0, &from));
		EXPECT_EQ(i & 1 ? ALICE2 : ALICE1, ntohl(from.teach_addr.s_addr));
		ASSERT_EQ(1, sendto(peer, "y", 1, 0, (struct sockaddr *)&from,
				    sizeof(from)));
		ASSERT_EQ(1, recv_name(s, &c, 1, 0, &from));
		EXPECT_EQ(i & 1 ? BOB2 : BOB1, ntohl(from.teach_addr.s_addr));
	}
}

/* The longer prefix is the better one, in whatever order they were added. */
TEST_F(addr, longest_prefix)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer;
	addr_t from;
	char c;

	/* 10.1.0.129/25 on the second device: half of the first one's network. */
	ASSERT_EQ(0, addr_add(self->f, "wa", 0x0a010081, 25));
	lab_enter(BOB);
	ASSERT_EQ(0, addr_add(self->f, "wb", 0x0a010082, 25));
	lab_enter(ALICE);
	peer = sk_bound(self->f, BOB, ANY, PEER);
	ASSERT_EQ(1, send_to(self->f, s, "x", 1, 0x0a010082, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(0x0a010081u, ntohl(from.teach_addr.s_addr));
	ASSERT_EQ(1, send_to(self->f, s, "x", 1, BOB1, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
}

/* The first address of a network is the one that is chosen. */
TEST_F(addr, second_address)
{
	int s, second, peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t from;
	char c;

	ASSERT_EQ(0, addr_add(self->f, "va", EXTRA, 24));
	s = sk_bound(self->f, ALICE, ANY, PORT);
	second = sk_bound(self->f, ALICE, EXTRA, PORT + 1);
	ASSERT_EQ(1, send_to(self->f, s, "1", 1, BOB1, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(ALICE1, ntohl(from.teach_addr.s_addr));
	ASSERT_EQ(1, send_to(self->f, second, "2", 1, BOB1, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(EXTRA, ntohl(from.teach_addr.s_addr));
	/* An answer to the second address comes in. */
	ASSERT_EQ(1, sendto(peer, "a", 1, 0, (struct sockaddr *)&from, sizeof(from)));
	EXPECT_RET(1, recv(second, &c, 1, 0));
}

TEST_F(addr, twice)
{
	EXPECT_EQ(-EEXIST, addr_add(self->f, "va", ALICE1, 24));
	EXPECT_EQ(0, addr_add(self->f, "va", EXTRA, 24));
	EXPECT_EQ(0, addr_del(self->f, "va", EXTRA, 24));
	EXPECT_EQ(-EADDRNOTAVAIL, addr_del(self->f, "va", EXTRA, 24));
}

TEST_F(addr, bind_follows)
{
	int s = sk_open(self->f, ALICE), again = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EADDRNOTAVAIL, bind_to(self->f, s, EXTRA, PORT));
	ASSERT_EQ(0, addr_add(self->f, "va", EXTRA, 24));
	EXPECT_RET(0, bind_to(self->f, s, EXTRA, PORT));
	ASSERT_EQ(0, addr_del(self->f, "va", EXTRA, 24));
	EXPECT_EQ(EXTRA, ntohl(name_of(s).teach_addr.s_addr));
	EXPECT_ERRNO(EADDRNOTAVAIL, bind_to(self->f, again, EXTRA, PORT + 1));
}

/* A bound socket outlives its address, and works again when that is back. */
TEST_F(addr, removed_under_bound)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER), s;
	addr_t from;
	char c;

	ASSERT_EQ(0, addr_add(self->f, "va", EXTRA, 24));
	s = sk_bound(self->f, ALICE, EXTRA, PORT);
	ASSERT_EQ(1, send_to(self->f, s, "1", 1, BOB1, PEER));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	ASSERT_EQ(0, addr_del(self->f, "va", EXTRA, 24));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "2", 1, BOB1, PEER));
	ASSERT_EQ(0, addr_add(self->f, "va", EXTRA, 24));
	EXPECT_RET(1, send_to(self->f, s, "3", 1, BOB1, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ('3', c);
	ASSERT_EQ(1, sendto(peer, "4", 1, 0, (struct sockaddr *)&from, sizeof(from)));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('4', c);
}

/* The route that a connected socket keeps does not outlive the address. */
TEST_F(addr, removed_under_connected)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	addr_t from;
	char c;

	ASSERT_EQ(1, send(s, "1", 1, 0));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	ASSERT_EQ(0, addr_del(self->f, "va", ALICE1, 24));
	EXPECT_ERRNO(ENETUNREACH, send(s, "2", 1, 0));
	ASSERT_EQ(0, addr_add(self->f, "va", ALICE1, 24));
	EXPECT_RET(1, send(s, "3", 1, 0));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ('3', c);
	ASSERT_EQ(1, sendto(peer, "4", 1, 0, (struct sockaddr *)&from, sizeof(from)));
	EXPECT_RET(1, recv(s, &c, 1, 0));
}

/* With its last address a network goes away. */
TEST_F(addr, network_goes)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer = sk_bound(self->f, BOB, ANY, PEER);
	char c;

	ASSERT_EQ(1, send_to(self->f, s, "1", 1, BOB1, PEER));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	ASSERT_EQ(0, addr_del(self->f, "va", ALICE1, 24));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "2", 1, BOB1, PEER));
	EXPECT_RET(1, send_to(self->f, s, "3", 1, BOB2, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('3', c);
	ASSERT_EQ(0, addr_add(self->f, "va", ALICE1, 24));
	EXPECT_RET(1, send_to(self->f, s, "4", 1, BOB1, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('4', c);
}

TEST_F(addr, network_comes)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t from;
	char c;

	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "1", 1, NEW_NET + 1, PEER));
	ASSERT_EQ(0, addr_add(self->f, "wa", NEW_NET, 24));
	lab_enter(BOB);
	ASSERT_EQ(0, addr_add(self->f, "wb", NEW_NET + 1, 24));
	lab_enter(ALICE);
	EXPECT_RET(1, send_to(self->f, s, "2", 1, NEW_NET + 1, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(NEW_NET, ntohl(from.teach_addr.s_addr));
}

/* An address is local at once, and is not any more at once. */
TEST_F(addr, local_delivery_follows)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT);
	char c;

	ASSERT_EQ(0, addr_add(self->f, "va", EXTRA, 24));
	ASSERT_EQ(1, send_to(self->f, s, "1", 1, EXTRA, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	ASSERT_EQ(0, addr_del(self->f, "va", EXTRA, 24));
	ASSERT_EQ(1, send_to(self->f, s, "2", 1, EXTRA, PORT));
	ASSERT_EQ(1, send_to(self->f, s, "3", 1, ALICE1, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('3', c);
}

TEST_F(addr, device_down)
{
	int s = sk_bound(self->f, ALICE, ANY, PORT), peer = sk_bound(self->f, BOB, ANY, PEER);
	int conn = sk_conn(self->f, ALICE, BOB1, PEER);
	char c;

	ASSERT_EQ(1, send(conn, "1", 1, 0));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	ASSERT_EQ(0, link_up("va", 0));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "2", 1, BOB1, PEER));
	EXPECT_ERRNO(ENETUNREACH, send(conn, "2", 1, 0));
	EXPECT_RET(1, send_to(self->f, s, "3", 1, BOB2, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('3', c);
	ASSERT_EQ(0, link_up("va", 1));
	lab_wait();
	EXPECT_RET(1, send_to(self->f, s, "4", 1, BOB1, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('4', c);
	EXPECT_RET(1, send(conn, "5", 1, 0));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('5', c);
}

/* A device that is removed takes its addresses along, not the sockets. */
TEST_F(addr, device_removed)
{
	int s = sk_bound(self->f, ALICE, ALICE1, PORT), any = sk_open(self->f, ALICE);
	int conn = sk_conn(self->f, ALICE, BOB1, PEER);
	int peer = sk_bound(self->f, BOB, ANY, PEER);
	char c;

	ASSERT_EQ(1, send(conn, "1", 1, 0));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	ASSERT_EQ(0, link_del("va"));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "2", 1, BOB1, PEER));
	EXPECT_ERRNO(ENETUNREACH, send(conn, "2", 1, 0));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, any, "2", 1, BOB1, PEER));
	EXPECT_RET(1, send_to(self->f, any, "3", 1, BOB2, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('3', c);
	EXPECT_RET(0, close(s));
	EXPECT_RET(0, close(conn));
}

/* It goes while datagrams wait in it for an address that nobody has. */
TEST_F(addr, device_removed_with_queue)
{
	int s = sk_open(self->f, ALICE), i;

	ASSERT_EQ(0, neigh_timing(self->f, "va", 100, 100, 5000));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(1, send_to(self->f, s, "x", 1, UNUSED1, PEER));
		ASSERT_EQ(1, send_to(self->f, s, "x", 1, UNUSED1 + 1, PEER));
	}
	ASSERT_EQ(0, link_del("va"));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "y", 1, UNUSED1, PEER));
}

/* The device gets another MAC address while datagrams wait in it. */
TEST_F(addr, mac_changed_with_queue)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0x77, 0x77 };
	int s = sk_open(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER), i;
	char c;

	ASSERT_EQ(0, neigh_timing(self->f, "va", 100, 100, 5000));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(1, send_to(self->f, s, "x", 1, UNUSED1, PEER));
	}
	ASSERT_EQ(0, link_set_mac("va", mac));
	ASSERT_EQ(1, send_to(self->f, s, "y", 1, UNUSED1, PEER));
	EXPECT_RET(1, send_to(self->f, s, "z", 1, BOB1, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('z', c);
}

/* A peer whose MAC address was set by hand is not looked for. */
TEST_F(addr, neighbour_by_hand)
{
	int s = sk_open(self->f, ALICE), peer;
	uint8_t mac[6];
	char c;

	lab_enter(BOB);
	ASSERT_EQ(0, link_mac("vb", mac));
	lab_enter(ALICE);
	ASSERT_EQ(0, neigh_add(self->f, "va", BOB1, mac, NUD_PERMANENT));
	EXPECT_EQ(NUD_PERMANENT, neigh_state(self->f, "va", BOB1));
	peer = sk_bound(self->f, BOB, ANY, PEER);
	EXPECT_RET(1, send_to(self->f, s, "x", 1, BOB1, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ(NUD_PERMANENT, neigh_state(self->f, "va", BOB1));
}

/* A connected socket uses the neighbour's new MAC address at once. */
TEST_F(addr, neighbour_changes)
{
	static const uint8_t wrong[6] = { 2, 0, 0, 0, 0, 0x99 };
	int s = sk_conn(self->f, ALICE, BOB1, PEER);
	int peer = sk_bound(self->f, BOB, ANY, PEER);
	int other = sk_conn(self->f, ALICE, BOB2, PEER);
	uint8_t mac[6];
	char c;

	lab_enter(BOB);
	ASSERT_EQ(0, link_mac("vb", mac));
	lab_enter(ALICE);
	ASSERT_EQ(1, send(s, "1", 1, 0));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	ASSERT_EQ(0, neigh_add(self->f, "va", BOB1, wrong, NUD_PERMANENT));
	ASSERT_EQ(1, send(s, "2", 1, 0));
	ASSERT_EQ(0, neigh_add(self->f, "va", BOB1, mac, NUD_PERMANENT));
	ASSERT_EQ(1, send(s, "3", 1, 0));
	ASSERT_EQ(1, send(other, "4", 1, 0));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('3', c);
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('4', c);
}

/* MSG_CONFIRM says that the peer is alive: no probe is needed. */
TEST_F(addr, confirm)
{
	int s = sk_conn(self->f, ALICE, BOB1, PEER), i;
	uint8_t mac[6];

	/* Bob does not answer: only MSG_CONFIRM can make the entry REACHABLE. */
	lab_enter(BOB);
	ASSERT_EQ(0, link_mac("vb", mac));
	ASSERT_EQ(0, addr_del(self->f, "vb", BOB1, 24));
	lab_enter(ALICE);
	ASSERT_EQ(0, neigh_timing(self->f, "va", 1000, 3, 1000));
	ASSERT_EQ(0, neigh_add(self->f, "va", BOB1, mac, NUD_STALE));
	ASSERT_EQ(1, send(s, "1", 1, 0));
	EXPECT_EQ(NUD_DELAY, neigh_state(self->f, "va", BOB1));
	for (i = 0; i < LIMIT_MS / 10; i++) {
		ASSERT_EQ(1, send(s, "2", 1, MSG_CONFIRM));
		if (neigh_state(self->f, "va", BOB1) != NUD_DELAY)
			break;
		usleep(10000);
	}
	EXPECT_EQ(NUD_REACHABLE, neigh_state(self->f, "va", BOB1));
}

struct churn {
	const struct family *f;
	int stop;
	int error;
};

static void *churn(void *arg)
{
	struct churn *c = arg;
	int ret = 0;

	while (!ret && !__atomic_load_n(&c->stop, __ATOMIC_RELAXED)) {
		ret = addr_add(c->f, "va", EXTRA, 24);
		if (!ret)
			ret = addr_del(c->f, "va", EXTRA, 24);
	}
	c->error = ret;
	return NULL;
}

/* An address comes and goes all the time: others do not notice. */
TEST_F(addr, churn)
{
	struct churn arg = { .f = self->f };
	int s, peer = sk_bound(self->f, BOB, ANY, PEER), i, bad = 0;
	int own = sk_bound(self->f, ALICE, ALICE1, PORT);
	pthread_t thread;
	char c;

	ASSERT_EQ(0, pthread_create(&thread, NULL, churn, &arg));
	for (i = 0; i < 300; i++) {
		ASSERT_EQ(1, send_to(self->f, own, "o", 1, BOB1, PEER));
		ASSERT_EQ(1, recv(peer, &c, 1, 0));
		ASSERT_EQ('o', c);
		s = sk_open(self->f, ALICE);
		if (bind_to(self->f, s, EXTRA, PORT + 1))
			bad += errno != EADDRNOTAVAIL;
		else if (send_to(self->f, s, "e", 1, ALICE1, PORT) == 1)
			bad += recv(own, &c, 1, 0) != 1;
		else
			bad += errno != ENETUNREACH;
		close(s);
	}
	EXPECT_EQ(0, bad);
	__atomic_store_n(&arg.stop, 1, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, arg.error);
}

/* The namespace goes with its last process; sockets of it stay usable. */
TEST_F(addr, namespaces_go)
{
	int i, s, peer, status;
	pid_t pid;

	for (i = 0; i < 3; i++) {
		pid = child();
		if (!pid) {
			lab_make();
			s = sk_conn(self->f, ALICE, UNUSED1, PEER);
			peer = sk_bound(self->f, BOB, BOB1, PEER);
			_exit(send(s, "x", 1, 0) != 1 ||
			      send_to(self->f, peer, "y", 1, ALICE1, PORT) != 1);
		}
		status = child_status(pid);
		EXPECT_EQ(0, status);
	}
}

LAB_MAIN
