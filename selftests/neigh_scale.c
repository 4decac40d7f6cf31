// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The neighbour cache with very many entries: a million in one namespace, their memory, dumps
 * of them, collecting them while others are looked for; 10,000 hosts looked for at once; and
 * the limit that a device has for itself.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <time.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define MANY_NET 0x14000000u	/* 20.0.0.0/8: made by management, nobody is there */
#define WIDE	0x0a400001u	/* 10.64.0.1/16: alice; bob from 10.64.1.0 on */
#define WIDE_BOB 0x0a400100u
#define BATCH	64
#define DEFAULTS "/proc/sys/net/teach/neigh/default/"

/* A kernel that looks for bugs takes ten times as long, and memory for itself. */
static bool is_slow(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

FIXTURE(scale) {
	const struct family *f;
	int many;
	bool slow;
};
FIXTURE_SETUP(scale)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	self->slow = is_slow();
	self->many = self->slow ? 20000 : 1000000;
	cache_size("4000000");
}
FIXTURE_TEARDOWN(scale) {}

/* ---- Management of many ----------------------------------------------------------- */

/* Adds entries first to last - 1 of MANY_NET in one state, many to a message. */
static void add_many(const char *dev, uint32_t first, uint32_t last, uint16_t state)
{
	struct request {
		struct nlmsghdr nlh;
		struct ndmsg ndm;
		struct nlattr dst_attr;
		uint32_t dst;
		struct nlattr mac_attr;
		uint8_t mac[8];
	} batch[BATCH];
	int fd = nl_open(NETLINK_ROUTE), ifindex = if_nametoindex(dev);
	struct { struct nlmsghdr nlh; struct nlmsgerr err; char more[256]; } answer;

	while (first < last) {
		int n = 0;

		while (n < BATCH && first < last) {
			batch[n] = (struct request) {
				.nlh = { .nlmsg_len = sizeof(batch[0]),
					 .nlmsg_type = RTM_NEWNEIGH,
					 .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL },
				.ndm = { .ndm_family = AF_TEACH, .ndm_ifindex = ifindex,
					 .ndm_state = state },
				.dst_attr = { sizeof(struct nlattr) + 4, NDA_DST },
				.dst = htonl(MANY_NET + first),
				.mac_attr = { sizeof(struct nlattr) + 6, NDA_LLADDR },
				.mac = { 2, 1, first >> 24, first >> 16, first >> 8, first },
			};
			n++;
			first++;
		}
		batch[n - 1].nlh.nlmsg_flags |= NLM_F_ACK;
		must(send(fd, batch, n * sizeof(batch[0]), 0) > 0, "adding entries");
		must(recv(fd, &answer, sizeof(answer), 0) > 0, "an acknowledgement");
		errno = -answer.err.error;
		must(answer.nlh.nlmsg_type == NLMSG_ERROR && !answer.err.error, "adding entries");
	}
	close(fd);
}

/* What a dump had. */
struct dump {
	int fd;
	bool done;
	bool interrupted;
	int entries;		/* of MANY_NET */
	int twice;
	uint8_t *seen;		/* bit for each of them */
};

/* Asks for entries on a device (0: any) in a state (0: any), the kernel to leave the rest out. */
static void dump_begin(struct dump *d, int ifindex, uint16_t state)
{
	struct { struct nlmsghdr nlh; struct ndmsg ndm; } request = {
		.nlh = { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETNEIGH,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.ndm = { .ndm_family = AF_TEACH, .ndm_ifindex = ifindex, .ndm_state = state },
	};
	int one = 1;

	free(d->seen);
	*d = (struct dump) { .fd = nl_open(NETLINK_ROUTE), .seen = calloc(1 << 20, 1) };
	must(d->seen, "memory");
	must(!setsockopt(d->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one)),
	     "NETLINK_GET_STRICT_CHK");
	must(send(d->fd, &request, sizeof(request), 0) > 0, "a dump");
}

/* One part of it. */
static void dump_part(struct dump *d)
{
	static char buf[32768] __attribute__((aligned(4)));
	ssize_t n = recv(d->fd, buf, sizeof(buf), 0);
	struct nlmsghdr *h;

	must(n > 0, "a part of a dump");
	for (h = (void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		const struct rtattr *a = (void *)((char *)NLMSG_DATA(h) + sizeof(struct ndmsg));
		uint32_t i;

		d->interrupted |= h->nlmsg_flags & NLM_F_DUMP_INTR;
		if (h->nlmsg_type == NLMSG_DONE)
			d->done = true;
		if (h->nlmsg_type != RTM_NEWNEIGH || a->rta_type != NDA_DST)
			continue;
		i = ntohl(*(uint32_t *)RTA_DATA(a)) - MANY_NET;
		if (i >= 1 << 23)
			continue;
		d->twice += d->seen[i / 8] >> i % 8 & 1;
		d->seen[i / 8] |= 1 << i % 8;
		d->entries++;
	}
	if (d->done)
		close(d->fd);
}

static void dump_rest(struct dump *d)
{
	while (!d->done)
		dump_part(d);
}

/* Bytes that the kernel has in slabs and mapped, hash tables among them. */
static long long kernel_memory(void)
{
	FILE *f = fopen("/proc/sys/vm/stat_refresh", "w");
	long long sum = 0, kb;
	char line[128];

	if (f) {
		fputs("1", f);
		fclose(f);
	}
	f = fopen("/proc/meminfo", "r");
	must(f, "/proc/meminfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "Slab: %lld", &kb) == 1 ||
		    sscanf(line, "VmallocUsed: %lld", &kb) == 1)
			sum += kb * 1024;
	fclose(f);
	return sum;
}

/* ---- A million --------------------------------------------------------------------- */

TEST_F_TIMEOUT(scale, million, 200)
{
	long long memory = kernel_memory();
	struct timespec begin;
	struct dump d = { 0 };
	long each;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	add_many("va", 0, self->many, NUD_STALE);
	TH_LOG("%d entries made in %ld ms", self->many, elapsed_ms(&begin));
	EXPECT_EQ((uint64_t)self->many, counter(TEACH_STAT_NEIGH_ALLOCS));
	each = (kernel_memory() - memory) / self->many;
	TH_LOG("%ld bytes each, hash table and all", each);
	if (!self->slow)
		EXPECT_GE(256, each);

	/* All of them, each once, and nothing changed meanwhile. */
	clock_gettime(CLOCK_MONOTONIC, &begin);
	dump_begin(&d, 0, 0);
	dump_rest(&d);
	TH_LOG("dumped in %ld ms", elapsed_ms(&begin));
	EXPECT_EQ(self->many, d.entries);
	EXPECT_EQ(0, d.twice);
	EXPECT_FALSE(d.interrupted);

	/* The kernel leaves out what nobody asked for. */
	add_many("va", self->many, self->many + 100, NUD_PERMANENT);
	add_many("wa", self->many + 100, self->many + 150, NUD_STALE);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	dump_begin(&d, 0, NUD_PERMANENT);
	dump_rest(&d);
	EXPECT_EQ(100, d.entries);
	dump_begin(&d, if_nametoindex("wa"), 0);
	dump_rest(&d);
	EXPECT_EQ(50, d.entries);
	dump_begin(&d, if_nametoindex("va"), NUD_PERMANENT);
	dump_rest(&d);
	EXPECT_EQ(100, d.entries);
	dump_begin(&d, if_nametoindex("wa"), NUD_PERMANENT);
	dump_rest(&d);
	EXPECT_EQ(0, d.entries);
	TH_LOG("four filtered dumps in %ld ms", elapsed_ms(&begin));

	/* All gone with the device, in one go. */
	clock_gettime(CLOCK_MONOTONIC, &begin);
	ASSERT_EQ(0, link_up("va", 0));
	TH_LOG("flushed in %ld ms", elapsed_ms(&begin));
	dump_begin(&d, 0, 0);
	dump_rest(&d);
	EXPECT_EQ(50, d.entries);
}

/* Who reads a dump is told that entries came or went between its parts. */
TEST_F(scale, dump_interrupted)
{
	struct dump d = { 0 };
	int i;

	add_many("va", 0, 2000, NUD_STALE);
	/* Once more, so that the hash table has grown. */
	dump_begin(&d, 0, 0);
	dump_rest(&d);
	EXPECT_EQ(2000, d.entries);
	for (i = 0; i < 4; i++) {
		dump_begin(&d, 0, 0);
		dump_part(&d);
		ASSERT_FALSE(d.done);
		EXPECT_FALSE(d.interrupted);
		if (i == 1)
			add_many("va", 2000, 2001, NUD_STALE);
		if (i == 2)
			neigh_forget("va", MANY_NET + 2000);
		/* A change of state is none of those. */
		if (i == 3)
			must(!neigh_add(self->f, "va", MANY_NET + 7,
					(const uint8_t *)CAROL_MAC, NUD_REACHABLE), "a change");
		dump_rest(&d);
		EXPECT_EQ(i == 1 || i == 2, d.interrupted) TH_LOG("dump %d", i);
	}
}

/* The first n of WIDE_BOB are new hosts from now on. */
static void forget_all(int n)
{
	while (n-- > 0)
		neigh_forget("va", WIDE_BOB + n);
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

/*
 * While a million are collected others are looked for: each of these has to be put into the
 * lists that collection takes entries out of, so it waits if their lock is held.
 */
TEST_F_TIMEOUT(scale, collected, 200)
{
	enum { MOST = 200000 };
	long *us = calloc(MOST, sizeof(*us)), over = 0;
	int s = sk_open(self->f, ALICE), n = 0, sent = 0, i;
	struct timespec begin, one, now;

	must(us, "memory");
	must(!addr_add(self->f, "va", WIDE, 16), "alice's address");
	must(!set_int(s, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 29), "room to send");
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 600000);
	link_parm("va", TEACH_PARM_A_GC_STALE_MS, 0);
	add_many("va", 0, self->many, NUD_STALE);
	must(!sysctl_write(DEFAULTS "gc_thresh1", "0") &&
	     !sysctl_write(DEFAULTS "base_reachable_time_ms", "1000"), "collecting soon");
	clock_gettime(CLOCK_MONOTONIC, &begin);
	while (counter(TEACH_STAT_NEIGH_COLLECTED) == 0)
		ASSERT_GT(60000, elapsed_ms(&begin));
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		for (i = 0; i < 100 && n < MOST; i++, n++) {
			clock_gettime(CLOCK_MONOTONIC, &one);
			sent += send_to(self->f, s, "x", 1, WIDE_BOB + n % 200, PEER);
			clock_gettime(CLOCK_MONOTONIC, &now);
			us[n] = (now.tv_sec - one.tv_sec) * 1000000 +
				(now.tv_nsec - one.tv_nsec) / 1000;
			over += us[n] > 1000;
			if (n % 200 == 199)
				forget_all(200);
		}
	} while (counter(TEACH_STAT_NEIGH_COLLECTED) < (uint64_t)self->many && n < MOST);
	qsort(us, n, sizeof(*us), compare);
	TH_LOG("%llu of %d collected within %ld ms; meanwhile %d datagrams to new hosts: median %ld us, 99 of 100 within %ld us, the slowest %ld us, %ld over 1 ms",
	       (unsigned long long)counter(TEACH_STAT_NEIGH_COLLECTED), self->many,
	       elapsed_ms(&begin), n, us[n / 2], us[n * 99 / 100], us[n - 1], over);
	EXPECT_EQ(n, sent);
	/* The slowest may have waited for this machine, not for a lock. */
	if (!self->slow)
		EXPECT_GE(1000, us[n * 99 / 100]);
	while (counter(TEACH_STAT_NEIGH_COLLECTED) < (uint64_t)self->many)
		ASSERT_GT(100000, elapsed_ms(&begin));
	free(us);
}

/* ---- Many at once ------------------------------------------------------------------- */

/* A datagram to each of n of bob's hosts; microseconds until all are there, for one. */
static double found_at_once(struct __test_metadata *_metadata, const struct family *f, int s,
			    int peer, int first, int n)
{
	struct timespec begin;
	char c;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = first; i < first + n; i++)
		EXPECT_EQ(1, send_to(f, s, "x", 1, WIDE_BOB + i, PEER));
	for (i = 0; i < n; i++)
		EXPECT_RET(1, recv(peer, &c, 1, 0));
	return elapsed_ms(&begin) * 1000.0 / n;
}

TEST_F_TIMEOUT(scale, at_once, 110)
{
	int few = self->slow ? 200 : 1000, many = self->slow ? 2000 : 10000, i, s, peer;
	double of_few, of_many;

	lab_enter(BOB);
	cache_size("100000");
	for (i = 0; i < few; i++)
		must(!addr_add(self->f, "vb", WIDE_BOB + i, 16), "bob's addresses");
	lab_enter(ALICE);
	must(!addr_add(self->f, "va", WIDE, 16), "alice's address");
	s = sk_open(self->f, ALICE);
	must(!set_int(s, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 29), "room to send");
	peer = sk_bound(self->f, BOB, ANY, PEER);
	must(!set_int(peer, SOL_SOCKET, SO_RCVBUFFORCE, 1 << 29), "room to receive");
	of_few = found_at_once(_metadata, self->f, s, peer, 0, few);

	lab_enter(BOB);
	for (; i < few + many; i++)
		must(!addr_add(self->f, "vb", WIDE_BOB + i, 16), "bob's addresses");
	lab_enter(ALICE);
	of_many = found_at_once(_metadata, self->f, s, peer, few, many);
	TH_LOG("%d neighbours found at once in %.0f us each, %d in %.0f us each", few, of_few,
	       many, of_many);
	/* A request for each, and no more: nobody was asked twice. */
	EXPECT_EQ(few + many, (int)counter(TEACH_STAT_ARP_OUT_REQUESTS));
	EXPECT_EQ(few + many, (int)counter(TEACH_STAT_ARP_IN_REPLIES));
	/* What one costs does not grow with the number of bob's addresses. */
	EXPECT_GE(3 * of_few + 100, of_many);
}

/* ---- The limit of a device ----------------------------------------------------------- */

static int entries_on(const char *dev)
{
	struct neigh_event *list = calloc(4096, sizeof(*list));
	int n = 0, i;

	must(list, "memory");
	for (i = neigh_dump(list, 4096); i-- > 0; )
		n += list[i].ifindex == (int)if_nametoindex(dev);
	free(list);
	return n;
}

TEST_F(scale, limit_of_device)
{
	int s = sk_open(self->f, ALICE), peer, i;
	struct arp_frame q;
	int wire = arp_open("vb");
	char c;

	peer = sk_bound(self->f, BOB, ANY, PEER);
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 600000);
	link_parm("va", TEACH_PARM_A_MAX_NEIGHS, 64);
	/* Absent hosts push out each other. */
	must(!set_int(s, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 29), "room to send");
	EXPECT_EQ(100, flood_absent(self->f, s, 0x0a010064u, 100, PEER));
	EXPECT_EQ(64, entries_on("va"));
	EXPECT_EQ(36, (int)counter(TEACH_STAT_NEIGH_EVICTED));
	EXPECT_EQ(0, (int)counter(TEACH_STAT_NEIGH_TABLE_FULL));
	/* One that is there is found, and so is one by another device. */
	EXPECT_EQ(1, send_to(self->f, s, "x", 1, BOB1, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ(1, send_to(self->f, s, "x", 1, BOB2, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ(64, entries_on("va"));
	EXPECT_EQ(37, (int)counter(TEACH_STAT_NEIGH_EVICTED));

	/* Who only asks gets half of the room, and an answer. */
	ASSERT_EQ(0, link_up("va", 0));
	ASSERT_EQ(0, link_up("va", 1));
	arp_make(&q, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, ALICE1);
	for (i = 0; i < 100; i++) {
		q.sender = htonl(0x0a010064u + i);
		arp_put(wire, &q, ARP_FRAME);
	}
	while (counter(TEACH_STAT_ARP_OUT_REPLIES) < 100)
		;
	EXPECT_EQ(32, entries_on("va"));
	EXPECT_EQ(68, (int)counter(TEACH_STAT_NEIGH_TABLE_FULL));

	/* What management makes counts too, but what it makes for good does not. */
	for (i = 0; i < 32; i++)
		EXPECT_EQ(0, neigh_add(self->f, "va", MANY_NET + i, (const uint8_t *)CAROL_MAC,
				       NUD_STALE));
	EXPECT_EQ(-ENOBUFS, neigh_add(self->f, "va", MANY_NET + i, (const uint8_t *)CAROL_MAC,
				      NUD_STALE));
	EXPECT_EQ(0, neigh_add(self->f, "va", MANY_NET + i, (const uint8_t *)CAROL_MAC,
			       NUD_PERMANENT));
	EXPECT_EQ(65, entries_on("va"));
	/* 0 is no limit. */
	link_parm("va", TEACH_PARM_A_MAX_NEIGHS, 0);
	EXPECT_EQ(0, neigh_add(self->f, "va", MANY_NET + 99, (const uint8_t *)CAROL_MAC,
			       NUD_STALE));
}

LAB_MAIN
