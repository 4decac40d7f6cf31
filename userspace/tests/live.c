// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libteach on the real module: what needs a kernel that does things of its own
 * accord, and time. selftests/libteach.sh runs it as alice of the lab, where bob is
 * 10.1.0.2 behind va. KTAP on stdout.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/neighbour.h>
#include "tap.h"
#include "teach.h"

static struct teach_addr addr(const char *text)
{
	struct teach_addr a;

	if (teach_pton(text, &a))
		abort();
	return a;
}

/* Stops the listing that it is called from. */
static int stop(const struct teach_neigh *n, void *arg)
{
	(void)n;
	++*(int *)arg;
	return 42;
}

static int count(const struct teach_neigh *n, void *arg)
{
	(void)n;
	++*(int *)arg;
	return 0;
}

static void resolve(struct teach_nl *nl, uint32_t va)
{
	struct teach_addr bob = addr("10.1.0.2"), nobody = addr("10.1.0.99");
	struct teach_addr far = addr("99.1.0.2");
	struct teach_neigh n;

	teach_neigh_flush(nl, NULL, NULL);
	tap_is(teach_resolve(nl, 0, &bob, 10000, &n), 0, "bob is resolved");
	tap_ok(n.ifindex == va && n.state == NUD_REACHABLE && n.lladdr_len == 6 &&
	       !memcmp(n.lladdr, "\2\0\0\0\0\2", 6), "with device and MAC address");
	tap_is(teach_resolve(nl, va, &bob, 0, &n), 0,
	       "a second time there is nothing to wait for");
	tap_is(teach_resolve(nl, 0, &nobody, 20000, &n), -EHOSTUNREACH,
	       "an address that nobody has is not");
	teach_neigh_flush(nl, NULL, NULL);
	tap_is(teach_resolve(nl, 0, &nobody, 50, &n), -ETIMEDOUT,
	       "unless one does not wait that long");
	tap_is(teach_resolve(nl, 0, &far, 1000, &n), -ENETUNREACH,
	       "an address of no connected network");
	tap_ok(*teach_nl_error(nl), "the kernel says why: %s", teach_nl_error(nl));
	tap_is(teach_resolve(nl, 0x7fffffff, &bob, 1000, &n), -ENODEV,
	       "on a device that is not there");
}

struct seen {
	int		events;
	struct teach_event last;
};

static int note(const struct teach_event *ev, void *arg)
{
	struct seen *seen = arg;

	seen->events++;
	seen->last = *ev;
	return 0;
}

/* Wait for events until there are @n more, 10 seconds at most for each. */
static int wait_events(struct teach_monitor *mon, struct seen *seen, int n)
{
	struct pollfd pfd = { .fd = teach_monitor_fd(mon), .events = POLLIN };

	for (n += seen->events; seen->events < n;) {
		if (poll(&pfd, 1, 10000) != 1)
			return 0;
		if (teach_monitor_dispatch(mon, note, seen))
			return 0;
	}
	return 1;
}

static void monitor(struct teach_nl *nl, uint32_t va)
{
	struct teach_ifaddr a = { .ifindex = va, .prefixlen = 24,
				  .addr = addr("10.8.0.1") };
	struct teach_neigh n = {
		.ifindex = va, .addr = addr("10.1.0.50"), .state = NUD_PERMANENT,
		.lladdr_len = 6, .lladdr = { 2, 0, 0, 0, 0, 0x50 },
	};
	struct seen seen = { 0 };
	struct teach_monitor *mon;

	teach_neigh_flush(nl, NULL, NULL);
	if (teach_monitor_open(&mon, TEACH_MONITOR_NEIGH | TEACH_MONITOR_ADDR))
		abort();
	tap_ok(!teach_neigh_add(nl, &n) && wait_events(mon, &seen, 1) &&
	       seen.last.type == TEACH_EVENT_NEIGH_NEW &&
	       seen.last.u.neigh.addr.s_addr == n.addr.s_addr &&
	       seen.last.u.neigh.lladdr[5] == 0x50 &&
	       seen.last.u.neigh.state == NUD_PERMANENT, "a new neighbour is seen");
	tap_ok(!teach_addr_add(nl, &a) && wait_events(mon, &seen, 1) &&
	       seen.last.type == TEACH_EVENT_ADDR_NEW &&
	       seen.last.u.addr.addr.s_addr == a.addr.s_addr &&
	       seen.last.u.addr.prefixlen == 24, "a new address is seen");
	tap_ok(!teach_addr_del(nl, &a) && wait_events(mon, &seen, 1) &&
	       seen.last.type == TEACH_EVENT_ADDR_DEL, "and that it is gone");
	tap_is(teach_addr_del(nl, &a), -EADDRNOTAVAIL, "twice it cannot go");
	tap_is(teach_neigh_del(nl, va, &n.addr), 0, "a neighbour is removed");
	do {
		if (!wait_events(mon, &seen, 1))
			break;
	} while (seen.last.type != TEACH_EVENT_NEIGH_DEL);
	tap_ok(seen.last.type == TEACH_EVENT_NEIGH_DEL &&
	       seen.last.u.neigh.addr.s_addr == n.addr.s_addr, "it is seen to go");
	teach_monitor_close(mon);
}

static void many(struct teach_nl *nl, uint32_t va)
{
	struct teach_neigh n = { .ifindex = va, .state = NUD_PERMANENT,
				 .lladdr_len = 6, .lladdr = { 2, 0, 0, 0, 1, 0 } };
	struct teach_neigh_filter f = { .ifindex = va, .prefixlen = 24,
					.prefix = addr("10.1.0.0") };
	unsigned int removed = 0;
	int i, seen = 0, err = 0;

	teach_neigh_flush(nl, NULL, NULL);
	for (i = 10; i < 250 && !err; i++) {
		n.addr = addr("10.1.0.0");
		((uint8_t *)&n.addr)[3] = i;
		n.lladdr[5] = i;
		err = teach_neigh_add(nl, &n);
	}
	tap_is(err, 0, "240 neighbours are added");
	tap_is(teach_neigh_list(nl, &f, count, &seen), 0, "and listed");
	tap_is(seen, 240, "all of them, in several receives");
	seen = 0;
	tap_is(teach_neigh_list(nl, &f, stop, &seen), 42, "a listing is stopped");
	tap_is(seen, 1, "at the first");
	tap_is(teach_neigh_get(nl, va, &n.addr, &n), 0, "the handle goes on");
	f.prefixlen = 25;
	tap_is(teach_neigh_flush(nl, &f, &removed), 0, "half of the net is flushed");
	tap_is(removed, 118, "that is 118");
	seen = 0;
	teach_neigh_list(nl, NULL, count, &seen);
	tap_is(seen, 122, "the others are left");
	teach_neigh_flush(nl, NULL, NULL);
}

/* Handles of different threads do not know of each other. */
static void *hammer(void *arg)
{
	uint32_t va = *(uint32_t *)arg;
	struct teach_addr nobody = addr("10.1.0.200");
	uint64_t value[TEACH_STAT_MAX + 1];
	struct teach_neigh n;
	struct teach_link link;
	struct teach_nl *nl;
	long wrong = 0;
	int i;

	if (teach_nl_open(&nl))
		return (void *)1;
	for (i = 0; i < 200; i++) {
		wrong += teach_stats_get(nl, value, TEACH_STAT_MAX + 1) != 0;
		wrong += *teach_nl_error(nl) != '\0';
		wrong += teach_neigh_get(nl, va, &nobody, &n) != -ENOENT;
		wrong += *teach_nl_error(nl) == '\0';
		wrong += teach_link_get(nl, va, &link) || strcmp(link.name, "va");
	}
	teach_nl_close(nl);
	return (void *)wrong;
}

static void threads(uint32_t va)
{
	pthread_t thread[4];
	void *wrong;
	long sum = 0;
	int i;

	for (i = 0; i < 4; i++)
		if (pthread_create(&thread[i], NULL, hammer, &va))
			abort();
	for (i = 0; i < 4; i++) {
		pthread_join(thread[i], &wrong);
		sum += (long)wrong;
	}
	tap_is(sum, 0, "four threads with a handle each");
}

/* The last of all: there is no way back. */
static void unprivileged(uint32_t va)
{
	struct teach_addr bob = addr("10.1.0.2");
	uint64_t value[TEACH_STAT_MAX + 1];
	struct teach_neigh n;
	struct teach_nl *nl;
	int seen = 0;

	if (setuid(65534) || teach_nl_open(&nl))
		abort();
	tap_is(teach_stats_get(nl, value, TEACH_STAT_MAX + 1), 0,
	       "everybody may read the counters");
	tap_is(teach_neigh_list(nl, NULL, count, &seen), 0, "and the neighbours");
	tap_is(teach_resolve(nl, va, &bob, 1000, &n), -EPERM,
	       "but not have an address resolved");
	tap_is(teach_neigh_del(nl, va, &bob), -EPERM, "nor change anything");
	teach_nl_close(nl);
}

int main(void)
{
	struct teach_nl *nl;
	uint32_t va;

	puts("KTAP version 1");
	if (teach_nl_open(&nl) || teach_link_index(nl, "va", &va)) {
		puts("1..0 # SKIP not in the lab");
		return 1;
	}
	resolve(nl, va);
	monitor(nl, va);
	many(nl, va);
	threads(va);
	teach_nl_close(nl);
	unprivileged(va);
	return tap_done();
}
