// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames that come in, and timers, when memory is short. A tap device receives in
 * the thread that writes the frame, so that each place can fail in turn, as in
 * fault.c: what the frame asks for is done, or counted as lost. Over veth and in
 * timers, which run in softirqs, each n-th allocation of the module's fails.
 *
 * time limit: 240 s
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/if_packet.h>

#include "inject.h"
#include "module.h"
#include "nd.h"
#include "tap.h"
#include "wire.h"

#define PORT	7000
#define PEER	7100
#define CLOSED	7200	/* nobody has it */
#define DAVE9	0x0a090033u	/* 10.9.0.51, not known */
#define BCAST9	0x0a0900ffu
#define NEVER	600000

FAULT_OPS(rx);

/* ---- frames ------------------------------------------------------------------------- */

static int tap = -1;
static uint8_t tap_mac[6];
static int sockets[3], n_sockets;
static int watch = -1;
static union {
	struct ethhdr eth;
	struct arp_frame arp;
	uint8_t bytes[2048];
} in;			/* what comes in from alice */
static struct arp_frame arp;
static struct frame fr;
static size_t fr_len;
static struct counters counted;

/* A packet socket that has the same bytes as alice, who comes first. */
static void listen_too(uint16_t protocol)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(protocol),
		.sll_ifindex = if_nametoindex(TAP),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	must(fd >= 0 && !bind(fd, (struct sockaddr *)&ll, sizeof(ll)), "packet socket");
}

/*
 * Of the handlers that a device has for a protocol the latest comes first, and what
 * it gets is then the others' too: it has to copy. Hence the order: listeners, module,
 * addresses.
 */
static void tap_make(void)
{
	const char *ko = getenv("TEACH_KO");

	tap = tap_open();
	must(!link_up(TAP, 1), TAP " up");
	listen_too(ETH_P_TEACH);
	listen_too(ETH_P_ARP);
	if (ko) {
		module_read(ko);
		module_unload();
		module_load();
		must(!addr_add(&fam_teach, "va", ALICE1, 24), "RTM_NEWADDR");
		lab_enter(BOB);
		must(!addr_add(&fam_teach, "vb", BOB1, 24), "RTM_NEWADDR");
		lab_enter(ALICE);
	}
	tap_up(tap_mac);
	link_parm(TAP, TEACH_PARM_A_RETRANS_MS, NEVER);
}

static void add_socket(int protocol, uint32_t addr)
{
	int fd = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, protocol);

	must(fd >= 0 && !set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
	     !set_int(fd, SOL_TEACH, TEACH_RECVERR, 1) &&
	     !bind_to(&fam_teach, fd, addr, PORT), "socket");
	sockets[n_sockets++] = fd;
}

/* After all else that an operation prepares. */
static void ready(void)
{
	while (tap_read(tap, &in, sizeof(in), ETH_P_TEACH))
		;
	counters_read(&counted);
}

static long call_frame(void)
{
	return tap_write(tap, &fr.eth, fr_len, 1);
}

static bool all_received(void)
{
	bool all = true;
	char buf[64];
	int i;

	for (i = 0; i < n_sockets; i++)
		all &= recv(sockets[i], buf, sizeof(buf), MSG_DONTWAIT) > 0;
	return all;
}

/* What was to happen has happened; or was lost and counted, more than usual. */
static const char *done_or_lost(long ret, bool done, uint64_t usual)
{
	struct counters now;
	uint64_t lost;

	counters_read(&now);
	lost = counters_dropped(&counted, &now) - usual;
	while (n_sockets)
		close(sockets[--n_sockets]);
	if (watch >= 0)
		close(watch);
	watch = -1;
	neigh_forget(TAP, DAVE9);
	if (ret < 0)
		return done ? "refused, and yet received" : NULL;
	if (!done && !fault_made)
		return "lost without a fault";
	return !done && !lost ? "neither done nor counted as lost" : NULL;
}

/* Faults of the device's own, before there is a frame. */
#define TAP_ERRS	{ ENOMEM, EFAULT }

static void before_datagram(void)
{
	add_socket(0, ALICE9);
	fr_len = frame_dgram(&fr, PEER, PORT, "data", 4);
	tap_from_carol(&fr, tap_mac);
	ready();
}

static const char *after_received(long ret)
{
	return done_or_lost(ret, all_received(), 0);
}

FAULT_OP(rx, datagram, .before = before_datagram, .call = call_frame,
	 .after = after_received, .errs = TAP_ERRS, .survives = "lost and counted");

/* To three sockets: two get copies. */
static void before_broadcast(void)
{
	add_socket(0, ANY);
	add_socket(0, BCAST9);
	add_socket(0, ANY);
	fr_len = frame_dgram(&fr, PEER, PORT, "data", 4);
	tap_from_carol(&fr, tap_mac);
	memcpy(fr.eth.h_dest, ALL_MAC, 6);
	fr.th.daddr = htonl(BCAST9);
	frame_checksum(&fr);
	ready();
}

FAULT_OP(rx, broadcast, .before = before_broadcast, .call = call_frame,
	 .after = after_received, .errs = TAP_ERRS, .survives = "lost and counted");

static void before_echo(void)
{
	fr_len = frame_ctl(&fr, TEACH_CTL_ECHO_REQUEST, 0, 7, "echo", 4);
	tap_from_carol(&fr, tap_mac);
	ready();
}

static const char *after_answered(long ret)
{
	return done_or_lost(ret, tap_read(tap, &in, sizeof(in), ETH_P_TEACH), 0);
}

FAULT_OP(rx, echo, .before = before_echo, .call = call_frame,
	 .after = after_answered, .errs = TAP_ERRS, .survives = "lost and counted");

static void before_reply(void)
{
	add_socket(TEACHPROTO_CONTROL, ANY);
	fr_len = frame_ctl(&fr, TEACH_CTL_ECHO_REPLY, 0, PORT << 16, "echo", 4);
	tap_from_carol(&fr, tap_mac);
	ready();
}

FAULT_OP(rx, echo_reply, .before = before_reply, .call = call_frame,
	 .after = after_received, .errs = TAP_ERRS, .survives = "lost and counted");

/* An error is sent to who sent it: to carol, who is known, or to dave, who is not. */
static void before_no_port(void)
{
	fr_len = frame_dgram(&fr, PEER, CLOSED, "data", 4);
	tap_from_carol(&fr, tap_mac);
	if (fault_way) {
		fr.th.saddr = htonl(DAVE9);
		frame_checksum(&fr);
	}
	ready();
}

static const char *after_no_port(long ret)
{
	struct neigh_event e;
	bool done;

	if (fault_way)
		done = tap_read(tap, &in, sizeof(in), ETH_P_ARP) &&
		       in.arp.target == htonl(DAVE9) && neigh_find(DAVE9, &e) &&
		       e.state == NUD_INCOMPLETE;
	else
		done = tap_read(tap, &in, sizeof(in), ETH_P_TEACH);
	/* The datagram itself is a loss, but for what was refused before it. */
	return done_or_lost(ret, done, counter(TEACH_STAT_DGRAM_NO_PORTS) -
			    counted.value[TEACH_STAT_DGRAM_NO_PORTS]);
}

FAULT_OP(rx, no_port, .before = before_no_port, .call = call_frame,
	 .after = after_no_port, .count = 2, .errs = TAP_ERRS,
	 .survives = "lost and counted");

/* A datagram of alice's has met an error. */
static void before_error(void)
{
	struct frame sent;
	size_t len;

	add_socket(0, ANY);
	len = frame_dgram(&sent, PORT, PEER, "data", 4) - ETH_HLEN;
	sent.th.saddr = htonl(ALICE9);
	sent.th.daddr = htonl(CAROL9);
	frame_checksum(&sent);
	fr_len = frame_ctl(&fr, TEACH_CTL_UNREACH, TEACH_UNREACH_PORT, 0, &sent.th, len);
	tap_from_carol(&fr, tap_mac);
	ready();
}

/* Without memory for the details there is still the errno. */
static const char *after_error(long ret)
{
	bool told = get_int(sockets[0], SOL_SOCKET, SO_ERROR) == ECONNREFUSED;
	static struct received got;

	if (told && !fault_made && recv_msg(sockets[0], &got, MSG_ERRQUEUE) < 0)
		told = false;
	return done_or_lost(ret, told, 0);
}

FAULT_OP(rx, error, .before = before_error, .call = call_frame,
	 .after = after_error, .errs = TAP_ERRS, .survives = "an errno without details");

static long call_arp(void)
{
	return tap_write(tap, &arp, ARP_FRAME, 1);
}

/* Where dave is was learnt, and who listens was told; and something was sent to him. */
static const char *learnt(long ret, bool known, bool sent)
{
	bool told = recv(watch, &in, sizeof(in), MSG_DONTWAIT) > 0 || errno == ENOBUFS;
	const char *wrong = done_or_lost(ret, known && sent, 0);

	return known && !told ? "nobody was told" : wrong;
}

/* Dave asks for alice: she learns where he is, tells who listens, and answers. */
static void before_request(void)
{
	arp_make(&arp, ARP_REQUEST, DAVE_MAC, DAVE9, NO_MAC, ALICE9);
	watch = neigh_watch();
	ready();
}

static const char *after_request(long ret)
{
	struct neigh_event e;
	bool known = neigh_find(DAVE9, &e) && !memcmp(e.mac, DAVE_MAC, 6);
	bool answered = tap_read(tap, &in, sizeof(in), ETH_P_ARP);

	return learnt(ret, known, answered);
}

FAULT_OP(rx, arp_request, .before = before_request, .call = call_arp,
	 .after = after_request, .errs = TAP_ERRS, .survives = "lost and counted");

/* A datagram waits for dave's answer. */
static void before_answer(void)
{
	add_socket(0, ALICE9);
	must(send_to(&fam_teach, sockets[0], "data", 4, DAVE9, PEER) == 4, "send");
	arp_make(&arp, ARP_REPLY, DAVE_MAC, DAVE9, tap_mac, ALICE9);
	watch = neigh_watch();
	ready();
}

static const char *after_answer(long ret)
{
	struct neigh_event e;
	bool known = neigh_find(DAVE9, &e) && e.state == NUD_REACHABLE;
	bool sent = tap_read(tap, &in, sizeof(in), ETH_P_TEACH);

	return learnt(ret, known, sent);
}

FAULT_OP(rx, arp_reply, .before = before_answer, .call = call_arp,
	 .after = after_answer, .errs = TAP_ERRS, .survives = "lost and counted");

static long call_nd(void)
{
	return tap_write(tap, &arp, ND_FRAME, 1);
}

/* The same in the manner of NDP. */
static void before_solicitation(void)
{
	nd_solicit(&arp, DAVE_MAC, DAVE9, ALICE9);
	watch = neigh_watch();
	ready();
}

FAULT_OP(rx, nd_solicitation, .before = before_solicitation, .call = call_nd,
	 .after = after_request, .errs = TAP_ERRS, .survives = "lost and counted");

/* Somebody probes for alice's address: all are told that it is hers. */
static void before_probe(void)
{
	nd_solicit(&arp, DAVE_MAC, ANY, ALICE9);
	ready();
}

static const char *after_probe(long ret)
{
	return done_or_lost(ret, tap_read(tap, &in, sizeof(in), ETH_P_ARP), 0);
}

FAULT_OP(rx, nd_probe, .before = before_probe, .call = call_nd,
	 .after = after_probe, .errs = TAP_ERRS, .survives = "lost and counted");

static void before_advertisement(void)
{
	before_answer();
	nd_advert(&arp, tap_mac, DAVE_MAC, DAVE9, ALICE9, ND_S | ND_O);
}

FAULT_OP(rx, nd_advertisement, .before = before_advertisement, .call = call_nd,
	 .after = after_answer, .errs = TAP_ERRS, .survives = "lost and counted");

/* ---- softirqs ------------------------------------------------------------------------- */

FIXTURE(softirq) { int unused; };
FIXTURE_SETUP(softirq) {}
FIXTURE_TEARDOWN(softirq)
{
	inject_stop();
}

#define INTERVALS	5
#define ROUNDS		10

/* What bob sends, and what comes of it. */
enum traffic { DATAGRAMS, REFUSED, PINGS };

struct storm {
	int from;		/* bob's socket */
	int to;			/* the one that something comes to */
	enum traffic what;
};

static bool storm_send(const struct storm *st)
{
	const struct teach_ctlhdr echo = { .type = TEACH_CTL_ECHO_REQUEST };

	if (st->what == PINGS)
		return send_to(&fam_teach, st->from, &echo, sizeof(echo), ALICE1, 0) > 0;
	return send_to(&fam_teach, st->from, "data", 4, ALICE1,
		       st->what == REFUSED ? CLOSED : PORT) > 0;
}

static bool storm_came(const struct storm *st)
{
	static struct received got;

	/* Without memory for its details an error is told by the next call. */
	if (recv_msg(st->to, &got, st->what == REFUSED ? MSG_ERRQUEUE | MSG_DONTWAIT :
							 MSG_DONTWAIT) >= 0)
		return true;
	return st->what == REFUSED && get_int(st->to, SOL_SOCKET, SO_ERROR);
}

/* Both hosts' losses; a datagram to nobody is refused, which is none. */
static int storm_lost(const struct counters *alice, const struct counters *bob)
{
	struct counters a, b;

	counters_read(&a);
	a.value[TEACH_STAT_DGRAM_NO_PORTS] = alice->value[TEACH_STAT_DGRAM_NO_PORTS];
	lab_enter(BOB);
	counters_read(&b);
	lab_enter(ALICE);
	return counters_dropped(alice, &a) + counters_dropped(bob, &b);
}

static void storm(struct __test_metadata *_metadata, const struct storm *st)
{
	int every, i, sent = 0, came = 0, lost = 0;
	struct counters alice, bob;
	struct timespec start;

	counters_read(&alice);
	lab_enter(BOB);
	counters_read(&bob);
	lab_enter(ALICE);
	for (every = 1; every <= INTERVALS; every++) {
		inject_every(every);
		for (i = 0; i < ROUNDS; i++) {
			sent += storm_send(st);
			came += storm_came(st);
		}
		inject_stop();
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		came += storm_came(st);
		lost = storm_lost(&alice, &bob);
	} while (came + lost < sent && elapsed_ms(&start) < LIMIT_MS);
	EXPECT_LT(0, came);
	EXPECT_LT(0, lost);
	EXPECT_LE(sent, came + lost)
		TH_LOG("kind %d: %d sent, %d came, %d lost", st->what, sent, came, lost);

	while (storm_came(st))
		;
	EXPECT_TRUE(storm_send(st));
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (!storm_came(st) && elapsed_ms(&start) < LIMIT_MS)
		;
	EXPECT_GT(LIMIT_MS, elapsed_ms(&start)) TH_LOG("kind %d", st->what);
}

/* Whatever bob could send in spite of it has come to alice, or was counted as lost, and
 * so were her answers.
 */
TEST_F_TIMEOUT(softirq, veth, 100)
{
	int s, peer, ping;
	uint8_t mac[6];

	INJECT_OR_SKIP();
	s = sk_bound(&fam_teach, ALICE, ALICE1, PORT);
	peer = sk_open(&fam_teach, BOB);
	must(!neigh_add(&fam_teach, "va", BOB1, mac_of(BOB, "vb", mac), NUD_PERMANENT),
	     "RTM_NEWNEIGH");
	mac_of(ALICE, "va", mac);
	lab_enter(BOB);
	must(!neigh_add(&fam_teach, "vb", ALICE1, mac, NUD_PERMANENT), "RTM_NEWNEIGH");
	ping = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, TEACHPROTO_CONTROL);
	must(ping >= 0 && !set_int(peer, SOL_TEACH, TEACH_RECVERR, 1), "bob's sockets");
	lab_enter(ALICE);

	storm(_metadata, &(struct storm){ peer, s, DATAGRAMS });
	storm(_metadata, &(struct storm){ ping, ping, PINGS });
	storm(_metadata, &(struct storm){ peer, peer, REFUSED });
}

/*
 * Timers that ask for a neighbour have no memory for that: it fails when its time has
 * come, all the same, and who waits for it is told. With memory it is found.
 */
TEST_F_TIMEOUT(softirq, timer, 60)
{
	struct neigh_event e = { 0 };
	int s, fd, arp_wire;

	INJECT_OR_SKIP();
	s = sk_conn(&fam_teach, ALICE, CAROL, PEER);
	fd = neigh_watch();
	arp_wire = arp_open("vb");
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 50);
	counters_read(&counted);
	EXPECT_RET(1, send(s, "x", 1, 0));
	inject_every(1);
	EXPECT_TRUE(wait_for(s, POLLERR) & POLLERR);
	inject_stop();
	EXPECT_EQ(EHOSTUNREACH, get_int(s, SOL_SOCKET, SO_ERROR));
	EXPECT_TRUE(neigh_find(CAROL, &e));
	EXPECT_EQ(NUD_FAILED, e.state);
	EXPECT_LT(counted.value[TEACH_STAT_ARP_OUT_ERRORS],
		  counter(TEACH_STAT_ARP_OUT_ERRORS));
	/* Who listens missed it, and is told so. */
	EXPECT_ERRNO(ENOBUFS, recv(fd, &in, sizeof(in), MSG_DONTWAIT));

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 1000);
	neigh_forget("va", CAROL);
	while (arp_get(arp_wire, &in.arp, 0))
		;
	EXPECT_RET(1, send(s, "x", 1, 0));
	carol_answers(arp_wire);
	while (neigh_find(CAROL, &e) && e.state == NUD_INCOMPLETE)
		;
	EXPECT_EQ(NUD_REACHABLE, e.state);
	neigh_forget("va", CAROL);
}

int main(int argc, char **argv)
{
	lab_make();
	inject_prepare();
	if (!lab_teach_error() && !inject_missing()) {
		lab_ready();
		tap_make();
	}
	return test_harness_run(argc, argv);
}
