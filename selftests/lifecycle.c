// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices, namespaces and the module come and go while packets wait for a
 * neighbour and sockets are open. Whatever waited is counted as dropped, nothing
 * is left behind, and what is still there works on.
 *
 * That no reference is left shows in that a device or a namespace goes at once, and
 * that the module can be unloaded after this test.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define NEVER	600000
#define HELD	5

FIXTURE(life) {
	const struct family *f;
	int s, watch;
	struct counters before;
	struct neigh_event e;
};
FIXTURE_SETUP(life)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	self->s = sk_bound(self->f, ALICE, ANY, PORT);
	self->watch = neigh_watch();
}
FIXTURE_TEARDOWN(life) {}

/* Packets of a bound and of a connected socket wait for carol. */
#define HOLD(_connected) do { \
	int _i; \
	_connected = sk_conn(self->f, ALICE, CAROL, PEER); \
	for (_i = 0; _i < HELD; _i++) { \
		EXPECT_RET(1, send_to(self->f, self->s, "x", 1, CAROL, PEER)); \
		EXPECT_RET(1, send(_connected, "x", 1, 0)); \
	} \
	EXPECT_LT(0, unsent(self->s)); \
	counters_read(&self->before); \
} while (0)

/* They are gone: counted, and no longer charged to their sockets. */
#define EXPECT_HELD_LOST(_connected) do { \
	EXPECT_TRUE(only_dropped(&self->before, TEACH_STAT_NEIGH_DEAD_DROPS, \
				 2 * HELD)); \
	EXPECT_EQ(0, unsent(self->s)); \
	EXPECT_EQ(0, unsent(_connected)); \
} while (0)

#define EXPECT_GONE() do { \
	ASSERT_TRUE(neigh_next(self->watch, &self->e, LIMIT_MS)); \
	EXPECT_EQ(RTM_DELNEIGH, self->e.type); \
	EXPECT_EQ(CAROL, self->e.addr); \
	EXPECT_FALSE(neigh_find(CAROL, &self->e)); \
} while (0)

static int unsent(int fd)
{
	int n = -1;

	must(!ioctl(fd, SIOCOUTQ, &n), "SIOCOUTQ");
	return n;
}

/* A datagram from alice to bob and one back, over either Ethernet. */
static void works(struct __test_metadata *_metadata, int s, uint32_t alice,
		  uint32_t bob)
{
	int peer = sk_bound(&fam_teach, BOB, bob, PEER);
	char c = 0;

	EXPECT_RET(1, send_to(&fam_teach, s, "1", 1, bob, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_RET(1, send_to(&fam_teach, peer, "2", 1, alice, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_EQ('2', c);
	close(peer);
}

TEST_F(life, down_and_up)
{
	int c;

	HOLD(c);
	ASSERT_EQ(0, link_up("va", 0));
	EXPECT_HELD_LOST(c);
	EXPECT_GONE();
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	EXPECT_ERRNO(ENETUNREACH, send(c, "x", 1, 0));
	works(_metadata, self->s, ALICE2, BOB2);
	ASSERT_EQ(0, link_up("va", 1));
	lab_ready();
	works(_metadata, self->s, ALICE1, BOB1);
	EXPECT_RET(1, send(c, "x", 1, 0));
}

/* The cache holds what was learnt with the old address: as IPv4, it forgets. */
TEST_F(life, mac_changes)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0x77, 0x77 };
	struct arp_frame q;
	int arp = arp_open("vb"), c;

	HOLD(c);
	ASSERT_EQ(ARP_FRAME, arp_get(arp, &q, LIMIT_MS));
	ASSERT_EQ(0, link_set_mac("va", mac));
	EXPECT_HELD_LOST(c);
	EXPECT_GONE();
	/* From now on the new one is in requests and headers. */
	EXPECT_RET(1, send(c, "x", 1, 0));
	ASSERT_EQ(ARP_FRAME, arp_get(arp, &q, LIMIT_MS));
	EXPECT_EQ(0, memcmp(q.sender_mac, mac, 6));
	EXPECT_EQ(0, memcmp(q.eth.h_source, mac, 6));
	works(_metadata, self->s, ALICE1, BOB1);
}

TEST_F(life, unregistered)
{
	struct timespec start;
	int c;

	HOLD(c);
	clock_gettime(CLOCK_MONOTONIC, &start);
	ASSERT_EQ(0, link_del("va"));
	/* One that waits for a reference says so after 10 s. */
	EXPECT_GT(5000, elapsed_ms(&start));
	EXPECT_HELD_LOST(c);
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, self->s, "x", 1, CAROL, PEER));
	EXPECT_ERRNO(ENETUNREACH, send(c, "x", 1, 0));
	works(_metadata, self->s, ALICE2, BOB2);
	EXPECT_EQ(0, neigh_state(self->f, "wa", BOB2) & NUD_FAILED);
}

TEST_F(life, moved_to_other_namespace)
{
	struct neigh_event list[4];
	struct timespec start;
	char command[64];
	pid_t pid;
	int c;

	pid = child();
	if (!pid) {
		lab_enter(BOB);
		pause();
		_exit(0);
	}
	/* It is in bob's namespace once it sleeps there. */
	sleeping(pid, SYS_pause);
	HOLD(c);
	clock_gettime(CLOCK_MONOTONIC, &start);
	snprintf(command, sizeof(command), "ip link set va netns %d", pid);
	ASSERT_EQ(0, system(command));
	EXPECT_GT(5000, elapsed_ms(&start));
	EXPECT_HELD_LOST(c);
	EXPECT_ERRNO(ENETUNREACH, send(c, "x", 1, 0));
	works(_metadata, self->s, ALICE2, BOB2);
	/* It took neither addresses nor neighbours along. */
	lab_enter(BOB);
	EXPECT_EQ(-EADDRNOTAVAIL, addr_del(self->f, "va", ALICE1, 24));
	EXPECT_GE(1, neigh_dump(list, 4));
	EXPECT_EQ(0, addr_add(self->f, "va", ALICE1, 24));
	lab_enter(ALICE);
	kill(pid, SIGKILL);
}

TEST_F(life, arp_switched_off)
{
	int c;

	HOLD(c);
	ASSERT_EQ(0, link_arp("va", 0));
	EXPECT_HELD_LOST(c);
	EXPECT_GONE();
}

/* Without a carrier what was learnt goes; what was given stays. */
TEST_F(life, carrier_lost)
{
	struct neigh_event list[4];
	int c;

	ASSERT_EQ(0, neigh_add(self->f, "va", UNUSED1, (uint8_t *)DAVE_MAC,
			       NUD_PERMANENT));
	ASSERT_TRUE(neigh_next(self->watch, &self->e, LIMIT_MS));
	HOLD(c);
	lab_enter(BOB);
	ASSERT_EQ(0, link_up("vb", 0));
	lab_enter(ALICE);
	EXPECT_GONE();
	EXPECT_HELD_LOST(c);
	ASSERT_EQ(1, neigh_dump(list, 4));
	EXPECT_EQ(UNUSED1, list[0].addr);

	/* It comes back. Until the kernel has taken notice, which is later, the
	 * device has no queue: with NEVER a request lost in it is not repeated.
	 */
	lab_enter(BOB);
	ASSERT_EQ(0, link_up("vb", 1));
	lab_enter(ALICE);
	lab_ready();
	works(_metadata, self->s, ALICE1, BOB1);
	EXPECT_EQ(NUD_PERMANENT, neigh_state(self->f, "va", UNUSED1));
}

/* The socket is closed before it is known that nobody is there. */
TEST_F(life, closed_while_held)
{
	int c;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 50);
	HOLD(c);
	close(c);
	close(self->s);
	ASSERT_TRUE(neigh_next(self->watch, &self->e, LIMIT_MS));
	EXPECT_EQ(NUD_FAILED, self->e.state);
	EXPECT_EQ(2 * HELD, counter(TEACH_STAT_NEIGH_FAILED_DROPS));
	self->s = sk_bound(self->f, ALICE, ANY, PORT);
	works(_metadata, self->s, ALICE1, BOB1);
}

/* The address goes and comes back while packets wait, sockets stay. */
TEST_F(life, address_comes_back)
{
	int bound = sk_bound(self->f, ALICE, ALICE1, PORT + 1), i, c;

	HOLD(c);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, addr_del(self->f, "va", ALICE1, 24));
		EXPECT_RET(-1, send_to(self->f, bound, "x", 1, BOB1, PEER));
		EXPECT_RET(-1, send(c, "x", 1, 0));
		ASSERT_EQ(0, addr_add(self->f, "va", ALICE1, 24));
	}
	works(_metadata, self->s, ALICE1, BOB1);
	EXPECT_RET(1, send_to(self->f, bound, "x", 1, BOB1, PEER));
	EXPECT_RET(1, send(c, "x", 1, 0));
}

/* While a socket is open the module stays, and the attempt does no harm. */
TEST_F(life, module_in_use)
{
	EXPECT_NE(0, system("rmmod teach 2>/dev/null"));
	works(_metadata, self->s, ALICE1, BOB1);
	works(_metadata, self->s, ALICE2, BOB2);
}

static long references(void)
{
	FILE *file = fopen("/sys/module/teach/refcnt", "r");
	long n = -1;

	must(file && fscanf(file, "%ld", &n) == 1, "/sys/module/teach/refcnt");
	fclose(file);
	return n;
}

/* Sends until it is killed: to a neighbour, to nobody, to all, to itself. */
static void traffic(int ready)
{
	static const uint32_t to[] = { BOB1, CAROL, BCAST1, ALICE1, UNUSED1 };
	unsigned int i;
	int s;

	must(!unshare(CLONE_NEWNET), "network namespace");
	must(!system("ip link add va type veth peer name vb && ip link set lo up && "
		     "ip link set va up && ip link set vb up"), "veth pair");
	must(!addr_add(&fam_teach, "va", ALICE1, 24) &&
	     !addr_add(&fam_teach, "vb", 0x0a010005, 24), "addresses");
	s = socket(AF_TEACH, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	must(s >= 0 && !bind_to(&fam_teach, s, ANY, PORT) &&
	     !set_int(s, SOL_SOCKET, SO_BROADCAST, 1), "socket");
	for (i = 0;; i++) {
		send_to(&fam_teach, s, "x", 1, to[i % 5], PORT);
		if (i == 200)
			must(write(ready, "r", 1) == 1, "telling that it runs");
	}
}

/* A namespace ends with its last process, in the middle of its traffic. */
TEST_F(life, namespace_deleted)
{
	struct timespec start, pause = { .tv_nsec = 20000000 };
	int tell[2], i;
	long before;
	pid_t pid;
	char c;

	close(self->s);
	before = references();
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, pipe(tell));
		pid = child();
		if (!pid)
			traffic(tell[1]);
		close(tell[1]);
		ASSERT_EQ(1, read(tell[0], &c, 1));
		kill(pid, SIGKILL);
		EXPECT_EQ(-1, child_status(pid));
		close(tell[0]);
	}
	/* It is taken down in the background. */
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (references() > before) {
		ASSERT_GT(LIMIT_MS, elapsed_ms(&start))
			TH_LOG("%ld references are left", references() - before);
		nanosleep(&pause, NULL);
	}
}

LAB_MAIN
