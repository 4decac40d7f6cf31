// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Request-response and one-way traffic between two processes.
 *
 * alice is this process, bob a child, on the same CPU or apart. In a
 * request-response test one transaction is a request and its answer; in a one-way
 * test alice sends BURST datagrams, bob receives them all and hands a token back:
 * no datagram is dropped, so every figure is the cost of one that was sent and
 * received. Both are SCHED_BATCH: otherwise what is measured is how often a
 * wake-up interrupts the sender.
 *
 * The families take turns, forwards and then backwards (ABBA), in each round:
 * what drifts in the meantime is the same for all of them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"

#define BURST		64	/* datagrams; 64 of 1400 bytes fit into a default SO_RCVBUF */
#define WARM_UP		8	/* transactions or bursts before those that count */
#define MAX_PAYLOAD	1400
#define LOST_AFTER_S	5	/* seconds without a datagram */

enum kind { RR, ONE_WAY };

/**
 * struct order - what bob is to do next; in memory that both processes see
 * @family: index into families
 * @connected: which of the family's pairs of sockets
 * @kind: RR or ONE_WAY
 * @size: payload bytes
 * @count: transactions or bursts
 */
struct order {
	size_t family;
	bool connected;
	enum kind kind;
	size_t size;
	int count;
};

static struct ends pairs[8][2];		/* [family][connected] */
static struct order *order;
static int start_fd;			/* alice -> bob: an order is there */
static int done_fd;			/* bob -> alice: bob is ready; a burst has come */
static bool apart;			/* alice and bob on two CPUs */
static char payload[MAX_PAYLOAD];

static void token_put(int fd)
{
	uint64_t one = 1;

	must(write(fd, &one, sizeof(one)), "write to eventfd");
}

static void token_get(int fd)
{
	uint64_t value;

	must(read(fd, &value, sizeof(value)), "read from eventfd");
}

/* CPU 0, which takes most interrupts, only if two are needed or there is no other. */
static void pin(bool is_bob)
{
	struct sched_param param = { 0 };
	cpu_set_t set;
	int cpu = is_bob || !apart;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		cpu = 0;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	must(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
	must(sched_setscheduler(0, SCHED_BATCH, &param), "sched_setscheduler");
}

/* send() on a connected socket is sendto() without an address. */
static void put(int fd, size_t size, const struct address *to)
{
	ssize_t n = sendto(fd, payload, size, 0, to->len ? &to->any : NULL, to->len);

	if (n != (ssize_t)size)
		die("sendto: %s", n < 0 ? strerror(errno) : "cut");
}

static void get(int fd, size_t size)
{
	char buf[MAX_PAYLOAD];
	ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL);

	/* A packet socket also delivers what Ethernet padded: veth does not pad. */
	if (n != (ssize_t)size)
		die("recvfrom: %s", n < 0 ? errno == EAGAIN ? "a datagram was lost"
			: strerror(errno) : "not what was sent");
}

static void bob_works(void)
{
	const struct ends *ends = &pairs[order->family][order->connected];

	token_put(done_fd);
	for (int i = 0; i < order->count; i++) {
		if (order->kind == RR) {
			get(ends->bob, order->size);
			put(ends->bob, order->size, &ends->to_alice);
			continue;
		}
		for (int j = 0; j < BURST; j++)
			get(ends->bob, order->size);
		token_put(done_fd);
	}
}

static uint64_t transaction(const struct ends *ends, enum kind kind, size_t size)
{
	uint64_t begin = now_ns();

	if (kind == RR) {
		put(ends->alice, size, &ends->to_bob);
		get(ends->alice, size);
		return now_ns() - begin;
	}
	for (int j = 0; j < BURST; j++)
		put(ends->alice, size, &ends->to_bob);
	token_get(done_fd);
	return now_ns() - begin;
}

/*
 * Nothing but addresses: the profiler (plugin/count.c) counts what is executed
 * between calls of these.
 */
__attribute__((noinline)) void mark_begin(void)
{
	__asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) void mark_end(void)
{
	__asm__ volatile("" ::: "memory");
}

/* Prints what one transaction, or one datagram one way, has cost: the median. */
static void measure(const struct order *o, int round, uint64_t clock_cost)
{
	const struct ends *ends = &pairs[o->family][o->connected];
	uint64_t *cost = calloc((size_t)o->count, sizeof(*cost));
	double result;

	if (!cost)
		die("no memory");
	*order = *o;
	order->count += WARM_UP;
	token_put(start_fd);
	token_get(done_fd);
	for (int i = 0; i < WARM_UP; i++)
		transaction(ends, o->kind, o->size);
	mark_begin();
	for (int i = 0; i < o->count; i++)
		cost[i] = transaction(ends, o->kind, o->size) - clock_cost;
	mark_end();
	result = (double)median(cost, (size_t)o->count);
	if (o->kind == ONE_WAY)
		result /= BURST;
	printf("flow %s %s %zu %s %s %d %.1f\n", apart ? "apart" : "together",
	       o->kind == RR ? "rr" : "oneway", o->size,
	       o->connected ? "connected" : "sendto", families[o->family].name, round, result);
	fflush(stdout);
	free(cost);
}

static void wait_limit(int fd)
{
	struct timeval limit = { .tv_sec = LOST_AFTER_S };

	must(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)), "SO_RCVTIMEO");
}

static void open_all(const size_t *index, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (int connected = 0; connected <= 1; connected++) {
			struct ends *ends = &pairs[index[i]][connected];

			/* A packet socket has no ports: two would both receive. */
			if (connected && !families[index[i]].can_connect) {
				*ends = pairs[index[i]][0];
				continue;
			}
			family_open(&families[index[i]], connected, ends);
			wait_limit(ends->alice);
			wait_limit(ends->bob);
		}
	}
}

static void tests(const size_t *index, size_t n, int rounds, int rr_count, int bursts)
{
	static const struct {
		enum kind kind;
		size_t size;
	} todo[] = { { RR, 1 }, { RR, 1400 }, { ONE_WAY, 64 }, { ONE_WAY, 1400 } };
	uint64_t clock_cost = clock_cost_ns();

	for (int round = 0; round < rounds; round++) {
		for (size_t t = 0; t < 2 * (sizeof(todo) / sizeof(todo[0])); t++) {
			struct order o = {
				.kind = todo[t / 2].kind,
				.size = todo[t / 2].size,
				.connected = t % 2 == 0,
			};

			o.count = o.kind == RR ? rr_count : bursts;
			for (size_t i = 0; i < 2 * n; i++) {
				o.family = index[i < n ? i : 2 * n - 1 - i];
				measure(&o, round, clock_cost);
			}
		}
	}
}

/* Alice must not wait for a bob that has died; he has said why. */
static void bob_died(int signal)
{
	(void)signal;
	_exit(1);
}

/* Opens the sockets of families, and starts bob. */
static pid_t begin(const size_t *index, size_t n)
{
	pid_t bob;

	open_all(index, n);
	order = mmap(NULL, sizeof(*order), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (order == MAP_FAILED)
		die("no memory");
	start_fd = (int)must(eventfd(0, 0), "eventfd");
	done_fd = (int)must(eventfd(0, 0), "eventfd");
	fflush(stdout);
	signal(SIGCHLD, bob_died);
	bob = (pid_t)must(fork(), "fork");
	if (!bob) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pin(true);
		for (;;) {
			token_get(start_fd);
			bob_works();
		}
	}
	pin(false);
	return bob;
}

static void end(pid_t bob)
{
	int status;

	signal(SIGCHLD, SIG_DFL);
	kill(bob, SIGTERM);
	waitpid(bob, &status, 0);
}

/* Measures the families of names, which ends with NULL. */
void bench_flows(bool two_cpus, int rounds, int rr_count, int bursts, char **names)
{
	size_t index[8], n = 0;
	pid_t bob;

	if (two_cpus && sysconf(_SC_NPROCESSORS_ONLN) < 2)
		die("there is only one CPU");
	apart = two_cpus;
	for (; *names; names++) {
		if (n == sizeof(index) / sizeof(index[0]))
			die("too many families");
		index[n++] = (size_t)(family_find(*names) - families);
	}
	bob = begin(index, n);
	tests(index, n, rounds, rr_count, bursts);
	end(bob);
}

/* One test of one family: kind and mode as they are printed. */
void bench_one(const char *kind, int size, const char *mode, const char *name, int count)
{
	struct order o = {
		.family = (size_t)(family_find(name) - families),
		.kind = strcmp(kind, "rr") ? ONE_WAY : RR,
		.connected = !strcmp(mode, "connected"),
		.size = (size_t)size,
		.count = count,
	};
	pid_t bob;

	if (size > MAX_PAYLOAD)
		die("at most %d bytes", MAX_PAYLOAD);
	bob = begin(&o.family, 1);
	measure(&o, 0, clock_cost_ns());
	end(bob);
}
