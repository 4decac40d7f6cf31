// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many sockets at one host: how much memory each takes, and how long it takes to
 * bind them all, to find each for one datagram, and to close them all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>
#include "bench.h"

static void allow_files(int count)
{
	struct rlimit limit = { (rlim_t)count + 64, (rlim_t)count + 64 };

	must(setrlimit(RLIMIT_NOFILE, &limit), "RLIMIT_NOFILE");
}

/* The address of socket i at bob. */
static void numbered(const struct family *f, int i, struct address *a)
{
	family_address(f, "bob", PORT_MANY + i, a);
}

/* One datagram to each of bob's sockets, and out of it again. */
static void find_all(const struct family *f, const int *fds, int count, int sender)
{
	struct address to;
	char byte = 0;

	for (int i = 0; i < count; i++) {
		numbered(f, i, &to);
		must(sendto(sender, &byte, 1, 0, &to.any, to.len), "sendto");
		/* Delivered by now: the softirq ran before sendto() returned. */
		must(recv(fds[i], &byte, 1, 0), "recv");
	}
}

static void print_time(const struct family *f, int count, const char *what, uint64_t begin)
{
	printf("sockets %s %d %s %llu\n", f->name, count, what,
	       (unsigned long long)(now_ns() - begin));
	fflush(stdout);
}

/* Packet sockets have no ports, so that there is nothing to find. */
void bench_sockets(const char *name, int count)
{
	const struct family *f = family_find(name);
	static struct slab before, after;
	int *fds = calloc((size_t)count, sizeof(*fds));
	struct address a;
	struct ends ends;
	uint64_t begin;

	if (!fds || PORT_MANY + count > 65536)
		die("too many sockets");
	allow_files(count);
	family_open(f, false, &ends);	/* leaves us at bob's */
	/* Once for nothing: page tables, lazily made caches. */
	slab_read(&before);

	slab_read(&before);
	mark_begin();
	begin = now_ns();
	for (int i = 0; i < count; i++) {
		fds[i] = (int)must(family_socket(f), "socket");
		if (f->domain == AF_PACKET)
			family_own_address(f, "bob", &a);
		else
			numbered(f, i, &a);
		must(bind(fds[i], &a.any, a.len), "bind");
	}
	mark_end();
	print_time(f, count, "bind", begin);
	slab_read(&after);
	slab_print("socket", f->name, &before, &after, count);

	if (f->domain != AF_PACKET) {
		begin = now_ns();
		find_all(f, fds, count, ends.alice);
		print_time(f, count, "find", begin);
	}

	begin = now_ns();
	for (int i = 0; i < count; i++)
		close(fds[i]);
	print_time(f, count, "close", begin);
	if (f->domain == AF_UNIX) {
		for (int i = 0; i < count; i++) {
			numbered(f, i, &a);
			unlink(((struct sockaddr_un *)&a.room)->sun_path);
		}
	}
	close(ends.alice);
	close(ends.bob);
	free(fds);
}
