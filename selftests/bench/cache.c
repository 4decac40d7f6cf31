// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The neighbour cache, of any size: what scripts/bench --neigh compares with IPv4's. Prints
 *
 *	cache lookup FAMILY ENTRIES NANOSECONDS		a datagram, to another one each time
 *	cache insert FAMILY ENTRIES NANOSECONDS		an entry made by netlink, up to so many
 *	cache remove FAMILY ENTRIES NANOSECONDS		an entry taken out by netlink
 *	cache dump FAMILY ENTRIES NANOSECONDS		an entry of a dump
 *	cache memory FAMILY ENTRIES BYTES		an entry, hash table and all
 *	cache first FAMILY 1 NANOSECONDS		from sendto() to recv(), nothing known
 *	cache at_once FAMILY NEIGHBOURS NANOSECONDS	a datagram to each, all arrived
 *
 * The first five with permanent neighbours on "sink", the others over the veth pair.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/time.h>
#include <linux/teach.h>
#include "bench.h"

#define TRIALS		200
#define BUFFER		(64 << 20)	/* of a socket: all datagrams at once */
#define WIDE_NET	0x0a400000u	/* 10.64.0.0/16: alice .0.1, bob from .1.0 on */
#define WIDE_LEN	16
#define WIDE_BOB	(WIDE_NET + 256)
#define DUMP_ROOM	32768

static void figure(const char *what, const struct family *f, int count, double value)
{
	printf("cache %s %s %d %.1f\n", what, f->name, count, value);
	fflush(stdout);
}

/* ---- Permanent neighbours on "sink" --------------------------------------------- */

/*
 * Bytes of slab and of what is mapped where it was not to be had in one piece: TEACH's hash table
 * is in it. IPv4's is not (8 bytes for an entry or two): it takes whole pages.
 */
static long long memory(void)
{
	static struct slab now;
	char line[256];
	long long kb = -1;
	FILE *f;

	slab_read(&now);
	f = fopen("/proc/meminfo", "r");
	if (!f)
		die("cannot read /proc/meminfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "VmallocUsed: %lld kB", &kb) == 1)
			break;
	fclose(f);
	if (kb < 0)
		die("there is no VmallocUsed in /proc/meminfo");
	return now.total + kb * 1024;
}

/* Reads the whole cache and returns nanoseconds for an entry of "sink". */
static double dump(const struct family *f, int expected)
{
	static char buf[DUMP_ROOM] __attribute__((aligned(4)));
	struct {
		struct nlmsghdr nlh;
		struct ndmsg ndm;
	} request = {
		.nlh = { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETNEIGH,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.ndm = { .ndm_family = (uint8_t)f->domain },
	};
	int fd = (int)must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "netlink");
	int sink = (int)if_nametoindex(SINK_DEV), found = 0;
	uint64_t begin = now_ns();
	bool done = false;

	must(send(fd, &request, sizeof(request), 0), "netlink");
	while (!done) {
		ssize_t n = must(recv(fd, buf, sizeof(buf), 0), "netlink");

		for (struct nlmsghdr *h = (void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			const struct ndmsg *ndm = NLMSG_DATA(h);

			if (h->nlmsg_type == NLMSG_ERROR)
				die("the dump failed");
			if (h->nlmsg_type == NLMSG_DONE)
				done = true;
			else
				found += ndm->ndm_ifindex == sink;
		}
	}
	begin = now_ns() - begin;
	close(fd);
	if (found != expected)
		die("a dump of %d entries has %d", expected, found);
	return (double)begin / found;
}

static void sizes(const struct family *f, int many)
{
	int fd = (int)must(family_socket(f), "socket");
	long long before = memory();
	int have = 0;

	/* Whoever comes first finds code that was never run. */
	neighbours_change(f, true, 0, 100);
	neighbours_change(f, false, 0, 100);
	for (int count = 100; count <= many; count *= 10) {
		uint64_t begin;

		mark_begin();
		begin = now_ns();
		neighbours_change(f, true, have, count);
		figure("insert", f, count, (double)(now_ns() - begin) / (count - have));
		mark_end();
		have = count;
		/* The first pass lets tables finish growing. */
		neighbours_send(f, fd, count);
		figure("lookup", f, count, neighbours_send(f, fd, count));
		if (count >= 10000)
			figure("memory", f, count, (double)(memory() - before) / count);
		mark_begin();
		if (count >= 10000)
			figure("dump", f, count, dump(f, count));
		mark_end();
	}
	before = (long long)now_ns();
	neighbours_change(f, false, 0, have);
	figure("remove", f, have, (double)((long long)now_ns() - before) / have);
	close(fd);
}

/* ---- Over the veth pair --------------------------------------------------------- */

static void address_of(const struct family *f, uint32_t addr, int port, struct address *a)
{
	family_address(f, "bob", port, a);
	if (f->domain == AF_TEACH)
		((struct sockaddr_teach *)&a->room)->teach_addr.s_addr = htonl(addr);
	else
		((struct sockaddr_in *)&a->room)->sin_addr.s_addr = htonl(addr);
}

/* A request of 32 bits of address, for which an acknowledgement comes. */
static void request(int fd, int type, int flags, const void *header, size_t len, int attr,
		    uint32_t addr)
{
	struct {
		struct nlmsghdr nlh;
		char room[64];
	} m = { .nlh = { .nlmsg_type = (uint16_t)type,
			 .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags) } };
	struct nlattr *a = (void *)(m.room + NLMSG_ALIGN(len));
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr err;
		char more[512];
	} answer;

	memcpy(m.room, header, len);
	a->nla_type = (uint16_t)attr;
	a->nla_len = sizeof(*a) + sizeof(addr);
	addr = htonl(addr);
	memcpy(a + 1, &addr, sizeof(addr));
	m.nlh.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + NLMSG_ALIGN(len) + a->nla_len);
	must(send(fd, &m, m.nlh.nlmsg_len, 0), "netlink");
	must(recv(fd, &answer, sizeof(answer), 0), "netlink");
	if (answer.nlh.nlmsg_type != NLMSG_ERROR || answer.err.error)
		die("netlink, request %d: %s", type, strerror(-answer.err.error));
}

static void forget(const struct family *f, int fd, uint32_t addr)
{
	const struct ndmsg ndm = {
		.ndm_family = (uint8_t)f->domain, .ndm_ifindex = (int)if_nametoindex(ALICE_DEV),
	};

	request(fd, RTM_DELNEIGH, 0, &ndm, sizeof(ndm), NDA_DST, addr);
}

static void add_address(const struct family *f, int fd, const char *dev, uint32_t addr)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = (uint8_t)f->domain, .ifa_prefixlen = WIDE_LEN,
		.ifa_index = if_nametoindex(dev),
	};

	request(fd, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &ifa, sizeof(ifa), IFA_LOCAL, addr);
}

static void large_buffer(int fd, int option)
{
	int size = BUFFER;

	must(setsockopt(fd, SOL_SOCKET, option, &size, sizeof(size)), "setsockopt");
}

/* A socket of bob's that takes what is for any of his addresses. */
static int receiver(const struct family *f)
{
	const struct timeval limit = { .tv_sec = 60 };
	struct address any;
	int fd;

	enter("bob");
	fd = (int)must(family_socket(f), "socket");
	address_of(f, 0, PORT_MANY, &any);
	must(bind(fd, &any.any, any.len), "bind");
	large_buffer(fd, SO_RCVBUFFORCE);
	must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)), "SO_RCVTIMEO");
	return fd;
}

static void first_datagram(const struct family *f, int bob)
{
	static uint64_t cost[TRIALS];
	struct address to;
	int alice, nl;
	char c = 0;

	enter("alice");
	alice = (int)must(family_socket(f), "socket");
	nl = (int)must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "netlink");
	address_of(f, BOB_ADDR, PORT_MANY, &to);
	for (int i = 0; i < TRIALS; i++) {
		uint64_t begin = now_ns();

		must(sendto(alice, &c, 1, 0, &to.any, to.len), "sendto");
		must(recv(bob, &c, 1, 0), "recv");
		cost[i] = now_ns() - begin;
		forget(f, nl, BOB_ADDR);
	}
	figure("first", f, 1, (double)median(cost, TRIALS));
	close(alice);
	close(nl);
}

static void at_once(const struct family *f, int bob, int count)
{
	static uint64_t cost[3];
	struct address to;
	int alice, nl;
	char c = 0;

	enter("bob");
	nl = (int)must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "netlink");
	for (int i = 0; i < count; i++)
		add_address(f, nl, BOB_DEV, WIDE_BOB + (uint32_t)i);
	close(nl);
	enter("alice");
	nl = (int)must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "netlink");
	add_address(f, nl, ALICE_DEV, WIDE_NET + 1);
	alice = (int)must(family_socket(f), "socket");
	large_buffer(alice, SO_SNDBUFFORCE);
	for (int round = 0; round < 3; round++) {
		uint64_t begin = now_ns();

		for (int i = 0; i < count; i++) {
			address_of(f, WIDE_BOB + (uint32_t)i, PORT_MANY, &to);
			must(sendto(alice, &c, 1, 0, &to.any, to.len), "sendto");
		}
		for (int i = 0; i < count; i++)
			must(recv(bob, &c, 1, 0), "recv");
		cost[round] = now_ns() - begin;
		for (int i = 0; i < count; i++)
			forget(f, nl, WIDE_BOB + (uint32_t)i);
	}
	figure("at_once", f, count, (double)median(cost, 3));
	close(alice);
	close(nl);
}

void bench_cache(const char *name, int many, int count)
{
	const struct family *f = family_find(name);
	int bob;

	enter("alice");
	sizes(f, many);
	bob = receiver(f);
	first_datagram(f, bob);
	at_once(f, bob, count);
	close(bob);
}
