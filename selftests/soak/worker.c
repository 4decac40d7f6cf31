// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The threads of a round. Each draws an operation and its seed from a sequence of its
 * own, and so on until it is told to stop.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>

#include "soak.h"

static const struct op *const groups[] = {
	device_ops, manage_ops, dump_ops, sock_ops, inject_ops
};

static struct {
	pthread_t thread;
	struct worker w;
	struct rnd sequence;
} workers[MAX_WORKERS];

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

/* The operations in one row, or NULL behind the last. */
const struct op *op_get(int i)
{
	size_t group;
	int n;

	for (group = 0; group < ARRAY_SIZE(groups); group++) {
		for (n = 0; groups[group][n].name; n++)
			;
		if (i < n)
			return &groups[group][i];
		i -= n;
	}
	return NULL;
}

int op_count(void)
{
	static int n;

	while (op_get(n))
		n++;
	return n;
}

static int op_pick(struct rnd *r, int total)
{
	int at = rnd_below(r, total), i;

	for (i = 0; at >= op_get(i)->weight; i++)
		at -= op_get(i)->weight;
	return i;
}

static void *work(void *arg)
{
	int me = (intptr_t)arg, total = 0, cpus = sysconf(_SC_NPROCESSORS_ONLN), i, ret;
	cpu_set_t set;

	for (i = 0; i < op_count(); i++)
		total += op_get(i)->weight;
	CPU_ZERO(&set);
	CPU_SET(me % cpus, &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
	shared->workers[me].tid = syscall(SYS_gettid);
	while (!shared->stop) {
		i = op_pick(&workers[me].sequence, total);
		workers[me].w.rnd.state = rnd_next(&workers[me].sequence);
		shared->workers[me].since_ms = now_ms();
		shared->workers[me].op = i;
		ret = op_get(i)->run(&workers[me].w);
		shared->workers[me].op = -1;
		atomic_fetch_add(&shared->ops[i].ms, now_ms() - shared->workers[me].since_ms);
		if (ret >= 0) {
			atomic_fetch_add(&shared->ops[i].done, 1);
		} else {
			atomic_fetch_add(&shared->ops[i].refused, 1);
			shared->ops[i].why = -ret;
		}
	}
	/* Out of a place that may be over by now. */
	stable_enter(ALICE);
	return NULL;
}

/* One round, in a process of its own: until it is told to stop. Its exit status. */
int workers_run(uint64_t seed, int round, int count)
{
	struct rnd r = { seed + round };
	intptr_t i;

	rnd_next(&r);
	places_make(&r);
	stable_enter(ALICE);
	flow_start();
	for (i = 0; i < count; i++) {
		shared->workers[i].op = -1;
		workers[i].w.index = i;
		workers[i].sequence.state = rnd_next(&r);
		must(!pthread_create(&workers[i].thread, NULL, work, (void *)i),
		     "starting a thread");
	}
	for (i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
	flow_join();
	return 0;
}
