// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many neighbours: how much memory an entry takes, and what it costs to send to
 * them in turns, so that each datagram looks up another one.
 *
 * They are permanent entries on "sink", a dummy device in alice's namespace that
 * throws away what is sent: nothing of what is measured depends on a receiver.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/teach.h>
#include "bench.h"

#define SINK_NET	0xac100000u	/* 172.16.0.0/12, of which guest.sh gives 172.16.0.1 */
#define FIRST		2		/* host number of the first neighbour */
#define BATCH		64		/* requests for one acknowledgement; sends for one time */
#define LOOKUP_BATCHES	400

/* One request of a batch. */
struct request {
	struct nlmsghdr nlh;
	struct ndmsg ndm;
	struct nlattr dst_attr;
	uint32_t dst;
	struct nlattr mac_attr;
	uint8_t mac[6];
	uint8_t pad[2];
};

static uint32_t neighbour(int i)
{
	return SINK_NET + FIRST + (uint32_t)i;
}

static void fill(struct request *r, const struct family *f, bool add, int i, int ifindex)
{
	uint32_t dst = htonl(neighbour(i));

	*r = (struct request) {
		.nlh.nlmsg_len = sizeof(*r),
		.nlh.nlmsg_type = add ? RTM_NEWNEIGH : RTM_DELNEIGH,
		.nlh.nlmsg_flags = NLM_F_REQUEST | (add ? NLM_F_CREATE | NLM_F_EXCL : 0),
		.ndm.ndm_family = (uint8_t)f->domain,
		.ndm.ndm_ifindex = ifindex,
		.ndm.ndm_state = add ? NUD_PERMANENT : 0,
		.dst_attr = { sizeof(struct nlattr) + sizeof(dst), NDA_DST },
		.dst = dst,
		.mac_attr = { sizeof(struct nlattr) + sizeof(r->mac), NDA_LLADDR },
		.mac = { 2, 1 },
	};
	memcpy(r->mac + 2, &dst, sizeof(dst));
}

/* An error comes back for any request, the acknowledgement for the last. */
static void acknowledged(int fd)
{
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr err;
		char more[4096];
	} answer;
	ssize_t n = must(recv(fd, &answer, sizeof(answer), 0), "netlink");

	if (n < (ssize_t)(sizeof(answer.nlh) + sizeof(answer.err)) ||
	    answer.nlh.nlmsg_type != NLMSG_ERROR)
		die("netlink: an answer that was not expected");
	if (answer.err.error)
		die("neighbours: %s", strerror(-answer.err.error));
}

/* Adds or removes the permanent neighbours from first to last - 1 on "sink". */
void neighbours_change(const struct family *f, bool add, int first, int last)
{
	static struct request batch[BATCH];
	int fd = (int)must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "netlink");
	int ifindex = (int)if_nametoindex(SINK_DEV);

	if (!ifindex)
		die("there is no device " SINK_DEV);
	while (first < last) {
		int n = 0;

		while (n < BATCH && first < last)
			fill(&batch[n++], f, add, first++, ifindex);
		batch[n - 1].nlh.nlmsg_flags |= NLM_F_ACK;
		must(send(fd, batch, (size_t)n * sizeof(batch[0]), 0), "netlink");
		acknowledged(fd);
	}
	close(fd);
}

static void neighbour_address(const struct family *f, int i, struct address *a)
{
	family_address(f, "bob", PORT_MANY, a);
	if (f->domain == AF_TEACH)
		((struct sockaddr_teach *)&a->room)->teach_addr.s_addr = htonl(neighbour(i));
	else
		((struct sockaddr_in *)&a->room)->sin_addr.s_addr = htonl(neighbour(i));
}

/*
 * Datagrams to one after another of count neighbours, in an order without any. Returns
 * nanoseconds for each.
 */
double neighbours_send(const struct family *f, int fd, int count)
{
	static struct address to[BATCH];
	static uint64_t cost[LOOKUP_BATCHES];
	uint64_t clock_cost = clock_cost_ns();
	uint32_t random = 1;
	char byte = 0;

	mark_begin();
	for (int i = 0; i < LOOKUP_BATCHES; i++) {
		uint64_t begin;

		for (int j = 0; j < BATCH; j++) {
			/* Numerical Recipes' generator; its upper bits are good. */
			random = random * 1664525u + 1013904223u;
			neighbour_address(f, (int)(((uint64_t)random * (uint32_t)count) >> 32),
					  &to[j]);
		}
		begin = now_ns();
		for (int j = 0; j < BATCH; j++)
			must(sendto(fd, &byte, 1, 0, &to[j].any, to[j].len), "sendto");
		cost[i] = now_ns() - begin - clock_cost;
	}
	mark_end();
	return (double)median(cost, LOOKUP_BATCHES) / BATCH;
}

/* Prints what a datagram costs; the first pass lets tables finish growing. */
static void measure(const struct family *f, int count)
{
	int fd = (int)must(family_socket(f), "socket");

	neighbours_send(f, fd, count);
	printf("lookup %s %d %.1f\n", f->name, count, neighbours_send(f, fd, count));
	fflush(stdout);
	close(fd);
}

/*
 * Memory of many entries; the cost of sending to one, where a socket still has the
 * last path, and among few and many in turns.
 */
void bench_neighbours(const char *name, int few, int many)
{
	const struct family *f = family_find(name);
	static struct slab before, after;
	int part = many / 10;

	if (few > part)
		die("too few neighbours");
	enter("alice");
	slab_read(&before);

	neighbours_change(f, true, 0, few);
	measure(f, 1);
	measure(f, few);

	slab_read(&before);
	neighbours_change(f, true, few, few + part);
	slab_read(&after);
	slab_print("neighbour", f->name, &before, &after, part);

	neighbours_change(f, true, few + part, many);
	measure(f, many);
	measure(f, many);
	neighbours_change(f, false, few, many);
	measure(f, few);
	neighbours_change(f, false, 0, few);
}
