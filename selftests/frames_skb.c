// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same frames in every form in which the kernel hands them over: scattered
 * over pages at every boundary, cloned, shared with other receivers.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <linux/if_packet.h>

#include "tap.h"
#include "wire.h"

#define PORT	7000
#define PEER	7100

/* A packet socket at alice's device: whoever listens sees frames as they came. */
static int sniffer(uint16_t protocol)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(protocol),
		.sll_ifindex = if_nametoindex("va"),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	struct timeval limit = { .tv_sec = LIMIT_MS / 1000 };

	must(fd >= 0 && !bind(fd, (struct sockaddr *)&ll, sizeof(ll)) &&
	     !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)),
	     "packet socket at va");
	return fd;
}

/* The next frame of TEACH that the sniffer saw come in. */
static ssize_t sniff(int fd, void *buf, size_t size)
{
	struct sockaddr_ll ll;
	socklen_t len;
	ssize_t n;

	do {
		len = sizeof(ll);
		n = recvfrom(fd, buf, size, 0, (struct sockaddr *)&ll, &len);
	} while (n >= 0 && (ll.sll_pkttype == PACKET_OUTGOING ||
			    ll.sll_protocol != htons(ETH_P_TEACH)));
	return n;
}

/* ---- scattered: a tap device that gives each part of a frame a page ---------- */

FIXTURE(scattered) {
	const struct family *f;
	int s, tap;
	uint8_t mac[6];
	struct frame fr;
	struct counters before;
};
FIXTURE_SETUP(scattered)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	self->tap = tap_open();
	tap_up(self->mac);
	self->s = sk_bound(self->f, ALICE, ALICE9, PORT);
	counters_read(&self->before);
}
FIXTURE_TEARDOWN(scattered) {}

static void put(int tap, const struct frame *fr, size_t len, size_t at)
{
	must(tap_write(tap, &fr->eth, len, at) == (ssize_t)len, "writing a frame");
}

TEST_F(scattered, datagram)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "scattered", 9), at;
	char buf[16];

	tap_from_carol(&self->fr, self->mac);
	for (at = 1; at < len - ETH_HLEN; at++) {
		put(self->tap, &self->fr, len, at);
		ASSERT_EQ(9, recv(self->s, buf, sizeof(buf), 0))
			TH_LOG("cut at byte %zu", at);
		EXPECT_EQ(0, memcmp(buf, "scattered", 9));
	}
	EXPECT_TRUE(only_dropped(&self->before, 0, 0));
}

/* With options, of which a part is elsewhere, too. */
TEST_F(scattered, options)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "opts", 4), at;
	char buf[16];

	tap_from_carol(&self->fr, self->mac);
	memmove(self->fr.rest + 44, self->fr.rest, 12);
	memset(self->fr.rest, 0xee, 44);
	self->fr.th.ver_hlen = 0x1f;
	self->fr.th.tot_len = htons(28 + 44);
	len += 44;
	for (at = 1; at < len - ETH_HLEN; at++) {
		put(self->tap, &self->fr, len, at);
		ASSERT_EQ(4, recv(self->s, buf, sizeof(buf), 0))
			TH_LOG("cut at byte %zu", at);
		EXPECT_EQ(0, memcmp(buf, "opts", 4));
	}
	EXPECT_TRUE(only_dropped(&self->before, 0, 0));
}

/* Padding in a page of its own is cut off. */
TEST_F(scattered, padding)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "pad", 3), at;
	char buf[64];

	tap_from_carol(&self->fr, self->mac);
	memset((uint8_t *)&self->fr.eth + len, 0xaa, 60 - len);
	for (at = 1; at < 60 - ETH_HLEN; at++) {
		put(self->tap, &self->fr, 60, at);
		ASSERT_EQ(3, recv(self->s, buf, sizeof(buf), 0));
	}
	EXPECT_TRUE(only_dropped(&self->before, 0, 0));
}

/* A wrong checksum is found wherever the bytes are. */
TEST_F(scattered, checksum)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "wrong", 5), at;
	char c;

	tap_from_carol(&self->fr, self->mac);
	self->fr.data[4] ^= 1;
	for (at = 1; at < len - ETH_HLEN; at++)
		put(self->tap, &self->fr, len, at);
	self->fr.data[4] ^= 1;
	put(self->tap, &self->fr, len, 1);
	EXPECT_RET(5, recv(self->s, &c, 1, MSG_TRUNC));
	EXPECT_TRUE(only_dropped(&self->before, TEACH_STAT_DGRAM_CSUM_ERRORS,
				 len - ETH_HLEN - 1));
}

/* What is not there is not read: less than the packet says, in two parts. */
TEST_F(scattered, truncated)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "short", 5), cut, n = 0;
	char c;

	tap_from_carol(&self->fr, self->mac);
	for (cut = ETH_HLEN + 2; cut < len; cut++, n++)
		put(self->tap, &self->fr, cut, (cut - ETH_HLEN) / 2);
	put(self->tap, &self->fr, len, 1);
	EXPECT_RET(5, recv(self->s, &c, 1, MSG_TRUNC));
	EXPECT_TRUE(only_dropped(&self->before, TEACH_STAT_IN_TRUNCATED, n));
}

/* An echo of 1,000 bytes comes back whole; so does an error's quote. */
TEST_F(scattered, control)
{
	struct frame in;
	struct iovec iov = { &in.eth, sizeof(in) - offsetof(struct frame, eth) };
	uint8_t body[1000];
	size_t len, at;
	ssize_t n;

	memset(body, 0x42, sizeof(body));
	len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 77, body, sizeof(body));
	tap_from_carol(&self->fr, self->mac);
	for (at = 1; at < 64; at++) {
		put(self->tap, &self->fr, len, at);
		do {
			ASSERT_TRUE(wait_for(self->tap, POLLIN) & POLLIN);
			n = readv(self->tap, &iov, 1);
		} while (n > 0 && in.eth.h_proto != htons(ETH_P_TEACH));
		ASSERT_EQ((ssize_t)len, n);
		EXPECT_EQ(TEACH_CTL_ECHO_REPLY, in.ctl.type);
		EXPECT_EQ(0, memcmp(in.body, body, sizeof(body)));
		EXPECT_EQ(0, frame_sum(&in, in.rest, 8 + sizeof(body)));
	}
}

/* A tap device takes frames beyond its MTU: delivered whole, as with IPv4. */
TEST_F(scattered, beyond_mtu)
{
	static struct { struct frame fr; uint8_t more[9000]; } big;
	uint8_t *p = (uint8_t *)&big.fr.eth;
	struct iovec iov[4] = {
		{ p, ETH_HLEN }, { p + ETH_HLEN, 3000 }, { p + ETH_HLEN + 3000, 3000 },
		{ p + ETH_HLEN + 6000, 2000 },
	};
	static char buf[9000];

	frame_dgram(&big.fr, PEER, PORT, "big", 3);
	tap_from_carol(&big.fr, self->mac);
	big.fr.th.tot_len = htons(8000);
	big.fr.dgram.len = htons(8000 - 16);
	frame_checksum(&big.fr);
	ASSERT_EQ(ETH_HLEN + 8000, writev(self->tap, iov, 4));
	EXPECT_RET(8000 - 24, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0, memcmp(buf, "big", 3));
}

/* ---- cloned and shared --------------------------------------------------------- */

FIXTURE(shared) {
	const struct family *f;
	int s, wire;
	struct frame fr;
	uint8_t seen[2048];
};
FIXTURE_SETUP(shared)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->wire = wire_open();
}
FIXTURE_TEARDOWN(shared) {}

/*
 * Listeners have the same bytes: cutting off padding and headers must not
 * change what they see, whether they come before or after.
 */
TEST_F(shared, listeners)
{
	int all = sniffer(ETH_P_ALL), same = sniffer(ETH_P_TEACH);
	size_t len = frame_dgram(&self->fr, PEER, PORT, "pad", 3);
	char buf[64];
	int i;

	memset((uint8_t *)&self->fr.eth + len, 0xaa, 60 - len);
	for (i = 0; i < 20; i++) {
		frame_send(self->wire, &self->fr, 60);
		ASSERT_EQ(3, recv(self->s, buf, sizeof(buf), 0));
		EXPECT_EQ(0, memcmp(buf, "pad", 3));
		ASSERT_EQ(60, sniff(all, self->seen, sizeof(self->seen)));
		EXPECT_EQ(0, memcmp(&self->fr.eth, self->seen, 60));
		ASSERT_EQ(60, sniff(same, self->seen, sizeof(self->seen)));
		EXPECT_EQ(0, memcmp(&self->fr.eth, self->seen, 60));
	}
}

/* The answers to an echo do not write into the question, either. */
TEST_F(shared, echo)
{
	int all = sniffer(ETH_P_ALL);
	size_t len = frame_ctl(&self->fr, TEACH_CTL_ECHO_REQUEST, 0, 9, "echo", 4);
	struct frame in;

	frame_send(self->wire, &self->fr, len);
	frame_receive(self->wire, &in);
	EXPECT_EQ(TEACH_CTL_ECHO_REPLY, in.ctl.type);
	ASSERT_EQ((ssize_t)len, sniff(all, self->seen, sizeof(self->seen)));
	EXPECT_EQ(0, memcmp(&self->fr.eth, self->seen, len));
}

/* netem sends a frame twice: two clones with the same bytes. */
TEST_F(shared, duplicated)
{
	size_t len = frame_dgram(&self->fr, PEER, PORT, "twice", 5);
	char buf[64];
	int i;

	lab_enter(BOB);
	ASSERT_EQ(0, system("tc qdisc add dev vb root netem duplicate 100%"));
	lab_enter(ALICE);
	memset((uint8_t *)&self->fr.eth + len, 0xaa, 60 - len);
	for (i = 0; i < 20; i++) {
		frame_send(self->wire, &self->fr, 60);
		ASSERT_EQ(5, recv(self->s, buf, sizeof(buf), 0));
		EXPECT_EQ(0, memcmp(buf, "twice", 5));
		ASSERT_EQ(5, recv(self->s, buf, sizeof(buf), 0));
		EXPECT_EQ(0, memcmp(buf, "twice", 5));
	}
}

/*
 * A handler that was on the device before TEACH's gets the frame after it, so
 * TEACH is handed one that is somebody else's too. Hence the order: listener,
 * module, addresses.
 */
FIXTURE(reloaded) { const struct family *f; };
FIXTURE_SETUP(reloaded) { self->f = &fam_teach; }
FIXTURE_TEARDOWN(reloaded) {}

TEST_F(reloaded, listener_before_us)
{
	const char *ko = getenv("TEACH_KO");
	char command[512], buf[64];
	uint8_t seen[2048];
	struct arp_frame q, a;
	struct frame fr;
	int same, arp_same, s, wire, arp, i;
	size_t len;

	if (!ko)
		SKIP(return, "TEACH_KO does not say where the module is");
	pin_cpu();
	lab_ready();
	same = sniffer(ETH_P_TEACH);
	arp_same = sniffer(ETH_P_ARP);
	snprintf(command, sizeof(command), "rmmod teach && insmod %s", ko);
	ASSERT_EQ(0, system(command));
	ASSERT_EQ(0, addr_add(self->f, "va", ALICE1, 24));
	s = sk_bound(self->f, ALICE, ALICE1, PORT);
	wire = wire_open();
	arp = arp_open("vb");
	for (i = 0; i < 20; i++) {
		len = frame_dgram(&fr, PEER, PORT, "shared", 6);
		memset((uint8_t *)&fr.eth + len, 0xaa, 60 - len);
		frame_send(wire, &fr, 60);
		ASSERT_EQ(6, recv(s, buf, sizeof(buf), 0));
		EXPECT_EQ(0, memcmp(buf, "shared", 6));
		ASSERT_EQ(60, sniff(same, seen, sizeof(seen)));
		EXPECT_EQ(0, memcmp(&fr.eth, seen, 60));

		arp_make(&q, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, ALICE1);
		arp_put(arp, &q, 60);
		ASSERT_EQ(ARP_FRAME, arp_get(arp, &a, LIMIT_MS));
		ASSERT_EQ(60, recv(arp_same, seen, sizeof(seen), 0));
		EXPECT_EQ(0, memcmp(&q, seen, 60));
	}
}

LAB_MAIN
