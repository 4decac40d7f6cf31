// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attacks on the neighbour cache, with figures: floods of datagrams to hosts that are not
 * there and of requests from hosts that nobody wants. Neither evicts entries in use nor
 * delays a new host's resolution by more than one retransmission. And another host says
 * that it is one of those in use: nobody believes it.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <signal.h>
#include <time.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define WIDE	0x14000001u	/* 20.0.0.1/8: room for absent hosts */
#define ABSENT	0x14400000u	/* from 20.64.0.0 on */
#define NEW	0x14800000u	/* from 20.128.0.0 on, at bob's */
#define USED	0x14800100u	/* and from 20.128.1.0 on */
#define HOSTS	10
#define NEVER	600000

/* A retransmission, and what a busy machine takes. */
#define FOUND_MS	(1000 + 500)

FIXTURE(attack) {
	const struct family *f;
	int wire;
	int peer;
	bool slow;	/* a kernel that looks for bugs sends a thousand a second, no more */
	long worst;	/* ms that a new host took */
};

FIXTURE_VARIANT(attack) { const char *cache; };
/* With the default thresholds, 128, 512 and 1024, and with room for all. */
FIXTURE_VARIANT_ADD(attack, small) { .cache = NULL };
FIXTURE_VARIANT_ADD(attack, large) { .cache = "400000" };

/* Milliseconds from a first datagram to its arrival, on a socket of its own. */
static long first_datagram(struct __test_metadata *_metadata, const struct family *f,
			   int peer, uint32_t to)
{
	struct timespec begin;
	int s = sk_open(f, ALICE);
	char c = 0;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	EXPECT_EQ(1, send_to(f, s, "n", 1, to, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	close(s);
	return elapsed_ms(&begin);
}

FIXTURE_SETUP(attack)
{
	int i;

	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	must(!addr_add(self->f, "va", WIDE, 8), "a wide network");
	if (variant->cache)
		cache_size(variant->cache);
	self->wire = arp_open("vb");
	self->slow = !access("/sys/kernel/debug/kmemleak", F_OK);
	self->worst = 0;
	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, NEVER);

	lab_enter(BOB);
	for (i = 0; i < HOSTS; i++)
		must(!addr_add(self->f, "vb", NEW + i, 8) &&
		     !addr_add(self->f, "vb", USED + i, 8), "bob's addresses");
	lab_enter(ALICE);
	self->peer = sk_bound(self->f, BOB, ANY, PEER);
	for (i = 0; i < HOSTS; i++)
		first_datagram(_metadata, self->f, self->peer, USED + i);
}
FIXTURE_TEARDOWN(attack) {}

static void new_host(struct __test_metadata *_metadata, FIXTURE_DATA(attack) *self, int i)
{
	long ms = first_datagram(_metadata, self->f, self->peer, NEW + i);

	self->worst = ms > self->worst ? ms : self->worst;
	EXPECT_GE(FOUND_MS, ms) TH_LOG("host %d was found after %ld ms", i, ms);
}

/* Those in use are what they were: nobody had to ask for them again. */
static void used_stay(struct __test_metadata *_metadata, FIXTURE_DATA(attack) *self)
{
	int i;

	for (i = 0; i < HOSTS; i++)
		EXPECT_EQ(NUD_REACHABLE, neigh_state(self->f, "va", USED + i))
			TH_LOG("host %d", i);
}

/*
 * One socket floods absent hosts, as fast as it can and more than the link's rate;
 * meanwhile others send to hosts that are there.
 */
TEST_F_TIMEOUT(attack, absent_hosts, 110)
{
	int absent = self->slow ? 5000 : 100000, rate = self->slow ? 100 : 1000;
	struct timespec begin;
	uint64_t sent;
	long total;
	pid_t pid;
	int i;

	link_parm("va", TEACH_PARM_A_SOLICITS_PER_SEC, rate);
	link_parm("va", TEACH_PARM_A_SOLICITS_BURST, rate);
	/* However slow the flood is, it fills the cache: those asked for first still wait. */
	if (self->slow)
		link_parm("va", TEACH_PARM_A_MCAST_PROBES, 100);
	sent = counter(TEACH_STAT_ARP_OUT_REQUESTS);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid = child();
	if (!pid) {
		int s = sk_open(self->f, ALICE);

		_exit(flood_absent(self->f, s, ABSENT, absent, PEER) != absent);
	}
	/* When the burst is gone, and the cache full, if it is to be. */
	while (!counter(TEACH_STAT_NEIGH_LIMITED) ||
	       (!variant->cache && !counter(TEACH_STAT_NEIGH_EVICTED)))
		;
	for (i = 0; i < HOSTS; i++)
		new_host(_metadata, self, i);
	EXPECT_EQ(0, child_status(pid));
	total = elapsed_ms(&begin);
	sent = counter(TEACH_STAT_ARP_OUT_REQUESTS) - sent;
	TH_LOG("%d absent hosts in %ld ms: %llu requests, %llu not sent, %llu entries evicted; %d new hosts found within %ld ms",
	       absent, total, (unsigned long long)sent,
	       (unsigned long long)counter(TEACH_STAT_NEIGH_LIMITED),
	       (unsigned long long)counter(TEACH_STAT_NEIGH_EVICTED), HOSTS, self->worst);
	used_stay(_metadata, self);
	/* Burst and rate, a second more for reading both, and those that were answered. */
	EXPECT_GE(rate + rate * (uint64_t)(total + 1000) / 1000 + 4 * HOSTS, sent);
	EXPECT_LT((uint64_t)absent / 2, counter(TEACH_STAT_NEIGH_LIMITED));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_TABLE_FULL));
	if (variant->cache)
		EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_EVICTED));
}

/* Strangers ask for alice, each once. All are answered; few are remembered. */
TEST_F_TIMEOUT(attack, strangers, 110)
{
	int strangers = self->slow ? 5000 : 100000, i;
	uint64_t answered = counter(TEACH_STAT_ARP_OUT_REPLIES);
	uint64_t made = counter(TEACH_STAT_NEIGH_ALLOCS);
	struct timespec begin;
	struct arp_frame q;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	arp_make(&q, ARP_REQUEST, DAVE_MAC, ABSENT, NO_MAC, WIDE);
	for (i = 0; i < strangers; i++) {
		q.sender = htonl(ABSENT + i);
		arp_put(self->wire, &q, ARP_FRAME);
		if (i % (strangers / HOSTS) == strangers / HOSTS - 1)
			new_host(_metadata, self, i / (strangers / HOSTS));
	}
	while (counter(TEACH_STAT_ARP_OUT_REPLIES) - answered < (uint64_t)strangers)
		ASSERT_GT(60000, elapsed_ms(&begin));
	made = counter(TEACH_STAT_NEIGH_ALLOCS) - made;
	TH_LOG("%d requests in %ld ms, all answered: %llu entries made, %llu not; %d new hosts found within %ld ms",
	       strangers, elapsed_ms(&begin), (unsigned long long)made,
	       (unsigned long long)counter(TEACH_STAT_NEIGH_TABLE_FULL), HOSTS, self->worst);
	used_stay(_metadata, self);
	if (variant->cache) {
		EXPECT_EQ((uint64_t)strangers + HOSTS, made);
		return;
	}
	/* No more than gc_thresh2 at a time; a collection each 5 s may let others in. */
	EXPECT_GE(512 + (elapsed_ms(&begin) / 5000 + 1) * 512 + HOSTS, (long)made);
	EXPECT_EQ((uint64_t)strangers + HOSTS, made + counter(TEACH_STAT_NEIGH_TABLE_FULL));
}

/* Frame @i of an attacker with dave's MAC address who wants what is for @host. */
static void spoof(int wire, const uint8_t *va, int i, uint32_t host)
{
	static const struct { int op; uint32_t target; bool to_alice; } ways[] = {
		{ ARP_REPLY, WIDE, true },	/* an answer that nobody asked for */
		{ ARP_REQUEST, WIDE, false },	/* a question for alice */
		{ ARP_REQUEST, 0, false },	/* an announcement */
		{ ARP_REPLY, WIDE, false },
		{ ARP_REQUEST, ABSENT, false },	/* a question for others */
	};
	struct arp_frame a;

	i %= ARRAY_SIZE(ways);
	arp_make(&a, ways[i].op, DAVE_MAC, host, NO_MAC, ways[i].target ? ways[i].target : host);
	memcpy(a.eth.h_dest, ways[i].to_alice ? va : (const uint8_t *)ALL_MAC, 6);
	arp_put(wire, &a, ARP_FRAME);
}

/* What arrives at bob of what is sent to him while an attacker claims his addresses. */
TEST_F_TIMEOUT(attack, spoofed, 110)
{
	int frames = self->slow ? 5000 : 100000, i, s, sent = 0, got = 0;
	struct timespec begin;
	uint8_t va[6];
	uint64_t asked;
	char c;

	mac_of(ALICE, "va", va);
	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 0);
	asked = counter(TEACH_STAT_ARP_OUT_REQUESTS);
	s = sk_open(self->f, ALICE);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < frames; i++) {
		spoof(self->wire, va, i / HOSTS, USED + i % HOSTS);
		if (i % 100)
			continue;
		sent += send_to(self->f, s, "x", 1, USED + i / 100 % HOSTS, PEER);
		got += recv(self->peer, &c, 1, 0);
	}
	TH_LOG("%d spoofed frames in %ld ms: %llu times the owner was asked, with %llu requests, %llu were not even that; %d of %d datagrams arrived",
	       frames, elapsed_ms(&begin),
	       (unsigned long long)counter(TEACH_STAT_NEIGH_CONTESTED),
	       (unsigned long long)(counter(TEACH_STAT_ARP_OUT_REQUESTS) - asked),
	       (unsigned long long)counter(TEACH_STAT_ARP_LOCKED), got, sent);
	EXPECT_EQ(frames / 100, sent);
	EXPECT_EQ(sent, got);
	EXPECT_LT(0, counter(TEACH_STAT_NEIGH_CONTESTED));
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_MAC_FLAPS));
	for (i = 0; i < HOSTS; i++) {
		/* The last question may be on its way. */
		while (neigh_state(self->f, "va", USED + i) == NUD_PROBE)
			ASSERT_GT(60000, elapsed_ms(&begin));
		EXPECT_EQ(NUD_REACHABLE, neigh_state(self->f, "va", USED + i));
	}
}

/* Who is not known is not made known by what nobody asked for, and by a question of his own
 * only as somebody who may be there.
 */
TEST_F(attack, spoofed_unknown)
{
	uint64_t made = counter(TEACH_STAT_NEIGH_ALLOCS);
	uint8_t va[6];
	int i, n = 1000;

	mac_of(ALICE, "va", va);
	for (i = 0; i < n; i++)
		spoof(self->wire, va, i, ABSENT + i);
	/* Those that are questions for alice: she answers them in the order they came. */
	while (counter(TEACH_STAT_ARP_IN_REPLIES) + counter(TEACH_STAT_ARP_IN_REQUESTS) <
	       (uint64_t)n)
		;
	EXPECT_EQ(n / 5, (int)(counter(TEACH_STAT_NEIGH_ALLOCS) - made));
	for (i = 0; i < n; i++) {
		int state = neigh_state(self->f, "va", ABSENT + i);

		EXPECT_TRUE(i % 5 == 1 ? state == NUD_STALE : state <= 0)
			TH_LOG("frame %d: state %d", i, state);
	}
}

LAB_MAIN
