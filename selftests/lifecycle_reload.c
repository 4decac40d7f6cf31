// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module is loaded, used and unloaded 200 times while frames keep coming in.
 * Nothing may be left: no reference, no memory, no message in the log (which
 * selftests/run reads). A kernel with kmemleak, which is slow, finds what is left
 * after fewer rounds.
 *
 * time limit: 400 s
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <signal.h>
#include <time.h>

#include "module.h"
#include "wire.h"

#define PORT	7000
#define PEER	7100
#define ROUNDS	200
#define ROUNDS_KMEMLEAK	50
#define WARM_UP	20	/* rounds after which the kernel's caches are filled */

/* Frames of every kind to alice, until the process is killed. */
static void flood(void)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	int wire = wire_open(), arp = arp_open("vb");
	struct arp_frame question, answer;
	struct frame good, echo, closed, broken, all;
	size_t good_len, echo_len, closed_len, all_len;
	uint8_t va[6];

	unpin_cpu();
	mac_of(ALICE, "va", va);
	arp_make(&question, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, ALICE1);
	arp_make(&answer, ARP_REPLY, CAROL_MAC, CAROL, va, ALICE1);
	good_len = frame_dgram(&good, PEER, PORT, "good", 4);
	closed_len = frame_dgram(&closed, PEER, 6999, "x", 1);
	echo_len = frame_ctl(&echo, TEACH_CTL_ECHO_REQUEST, 0, 1, "x", 1);
	all_len = frame_dgram(&all, PEER, PORT, "all", 3);
	memset(all.eth.h_dest, 0xff, 6);
	all.th.daddr = htonl(BCAST1);
	frame_checksum(&all);
	broken = good;
	broken.th.ver_hlen = 0x1f;
	for (;;) {
		frame_send(wire, &good, good_len);
		arp_put(arp, &question, ARP_FRAME);
		frame_send(wire, &echo, echo_len);
		frame_send(wire, &closed, closed_len);
		arp_put(arp, &answer, ARP_FRAME);
		frame_send(wire, &all, all_len);
		frame_send(wire, &broken, good_len);
		nanosleep(&pause, NULL);
	}
}

/* Bytes of the kernel's general slabs that are in use. */
static long slab_bytes(void)
{
	struct timespec pause = { .tv_nsec = 200000000 };
	FILE *file;
	char line[512], name[64];
	long active, all, size, sum = 0;

	must(!sysctl_write("/proc/sys/vm/drop_caches", "3"), "dropping caches");
	nanosleep(&pause, NULL);
	file = fopen("/proc/slabinfo", "r");
	must(file, "/proc/slabinfo");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld %ld %ld", name, &active, &all, &size) == 4 &&
		    (!strncmp(name, "kmalloc-", 8) || !strncmp(name, "TEACH", 5)))
			sum += active * size;
	}
	fclose(file);
	must(sum > 0, "kmalloc-* in /proc/slabinfo");
	return sum;
}

static long meminfo_kb(const char *key)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[256];
	long kb = -1;

	must(file, "/proc/meminfo");
	while (kb < 0 && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, strlen(key)))
			kb = atol(line + strlen(key) + 1);
	}
	fclose(file);
	must(kb >= 0, key);
	return kb;
}

/* Addresses, packets that wait, packets that come, all kinds of entries. */
static void use(struct __test_metadata *_metadata)
{
	int s, c;
	char buf[8];

	ASSERT_EQ(0, addr_add(&fam_teach, "va", ALICE1, 24));
	ASSERT_EQ(0, addr_add(&fam_teach, "wa", ALICE2, 24));
	/* Packets that wait for nobody hold their sockets, and those the module. */
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 1);
	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	c = sk_conn(&fam_teach, ALICE, CAROL, PEER);
	EXPECT_RET(1, send(c, "x", 1, 0));
	EXPECT_RET(1, send_to(&fam_teach, s, "x", 1, UNUSED1, PEER));
	EXPECT_RET(1, send_to(&fam_teach, s, "x", 1, ALICE2, PORT));
	EXPECT_RET(0, neigh_add(&fam_teach, "va", BOB1, (uint8_t *)DAVE_MAC,
				NUD_PERMANENT));
	EXPECT_RET(0, neigh_add(&fam_teach, "wa", BOB2, (uint8_t *)DAVE_MAC,
				NUD_REACHABLE));
	EXPECT_LT(0, recv(s, buf, sizeof(buf), 0));
	EXPECT_LT(0, recv(s, buf, sizeof(buf), 0));
	close(c);
	close(s);
}

FIXTURE(reload) { const struct family *f; };
FIXTURE_SETUP(reload) { self->f = &fam_teach; }
FIXTURE_TEARDOWN(reload) {}

TEST_F_TIMEOUT(reload, under_traffic, 380)
{
	const char *path = getenv("TEACH_KO");
	long slab = 0, percpu = 0, unreclaim = 0;
	long loading = 0, using = 0, unloading = 0;
	struct timespec start;
	int i, rounds = ROUNDS;
	pid_t pid;

	if (!path)
		SKIP(return, "TEACH_KO does not say where the module is");
	if (!access("/sys/kernel/debug/kmemleak", F_OK))
		rounds = ROUNDS_KMEMLEAK;
	module_read(path);
	lab_ready();
	module_unload();
	pid = child();
	if (!pid)
		flood();
	for (i = 0; i < rounds; i++) {
		if (i == WARM_UP) {
			slab = slab_bytes();
			percpu = meminfo_kb("Percpu:");
			unreclaim = meminfo_kb("SUnreclaim:");
		}
		/* Now with ordinary, now with short grace periods. */
		must(!sysctl_write("/sys/kernel/rcu_expedited", i % 10 ? "1" : "0"),
		     "rcu_expedited");
		clock_gettime(CLOCK_MONOTONIC, &start);
		module_load();
		loading += elapsed_ms(&start);
		clock_gettime(CLOCK_MONOTONIC, &start);
		use(_metadata);
		using += elapsed_ms(&start);
		clock_gettime(CLOCK_MONOTONIC, &start);
		module_unload();
		unloading += elapsed_ms(&start);
	}
	TH_LOG("a round took %ld + %ld + %ld ms to load, use, unload",
	       loading / rounds, using / rounds, unloading / rounds);
	slab = slab_bytes() - slab;
	percpu = meminfo_kb("Percpu:") - percpu;
	unreclaim = meminfo_kb("SUnreclaim:") - unreclaim;
	TH_LOG("in %d rounds: kmalloc %+ld bytes, percpu %+ld kB, slab %+ld kB",
	       rounds - WARM_UP, slab, percpu, unreclaim);
	must(!sysctl_write("/sys/kernel/rcu_expedited", "0"), "rcu_expedited");
	/* Less than a kB a round, which is noise; percpu memory and slabs come in pages.
	 * What kmemleak and KASAN keep of each allocation is in slabs too: with them
	 * it is kmemleak that looks, after the last test.
	 */
	EXPECT_GT((rounds - WARM_UP) * 1L, percpu);
	if (rounds == ROUNDS) {
		EXPECT_GT((rounds - WARM_UP) * 1024L, slab);
		EXPECT_GT((rounds - WARM_UP) * 4L, unreclaim);
	}
	kill(pid, SIGKILL);
	/* No device waits for a reference. */
	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_EQ(0, link_del("va"));
	EXPECT_EQ(0, link_del("wa"));
	EXPECT_GT(5000, elapsed_ms(&start));
	module_load();
}

LAB_MAIN
