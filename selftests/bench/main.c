// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Measures; see bench.h. What it prints is for scripts/bench.
 *
 *	bench flows together|apart ROUNDS TRANSACTIONS BURSTS FAMILY...
 *		flow together|apart KIND SIZE MODE FAMILY ROUND NANOSECONDS
 *	bench one KIND SIZE MODE FAMILY COUNT
 *		the same for one test: COUNT transactions, or bursts
 *	bench sockets FAMILY COUNT
 *		sockets FAMILY COUNT bind|find|close NANOSECONDS
 *		memory socket FAMILY BYTES
 *		slab socket FAMILY CACHE OBJECT-SIZE BYTES
 *	bench neighbours FAMILY FEW MANY
 *		memory and slab as above for "neighbour"
 *		lookup FAMILY NEIGHBOURS NANOSECONDS
 *	bench cache FAMILY MANY AT-ONCE
 *		cache FIGURE FAMILY COUNT VALUE: see cache.c
 *
 * Bytes are per socket or neighbour entry.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bench.h"

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

long must(long result, const char *what)
{
	if (result < 0)
		die("%s: %s", what, strerror(errno));
	return result;
}

void enter(const char *netns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = (int)must(open(path, O_RDONLY | O_CLOEXEC), path);
	must(setns(fd, CLONE_NEWNET), "setns");
	close(fd);
}

uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* What reading the clock adds to every interval. */
uint64_t clock_cost_ns(void)
{
	uint64_t cost[101];

	for (size_t i = 0; i < 101; i++) {
		uint64_t begin = now_ns();

		cost[i] = now_ns() - begin;
	}
	return median(cost, 101);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts the values. */
uint64_t median(uint64_t *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static int number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || n < 1 || n > 10000000)
		die("not a number: %s", text);
	return (int)n;
}

int main(int argc, char **argv)
{
	if (argc >= 7 && !strcmp(argv[1], "flows"))
		bench_flows(!strcmp(argv[2], "apart"), number(argv[3]), number(argv[4]),
			    number(argv[5]), argv + 6);
	else if (argc == 7 && !strcmp(argv[1], "one"))
		bench_one(argv[2], number(argv[3]), argv[4], argv[5], number(argv[6]));
	else if (argc == 4 && !strcmp(argv[1], "sockets"))
		bench_sockets(argv[2], number(argv[3]));
	else if (argc == 5 && !strcmp(argv[1], "neighbours"))
		bench_neighbours(argv[2], number(argv[3]), number(argv[4]));
	else if (argc == 5 && !strcmp(argv[1], "cache"))
		bench_cache(argv[2], number(argv[3]), number(argv[4]));
	else
		die("the arguments are described in %s", __FILE__);
	return 0;
}
