// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Running programs: see exec.h.
 *
 * Thread 0 is the caller of exec_run(). The others wait at a barrier for a program
 * that needs them: most do not. A watchdog interrupts system calls that wait, and
 * says so if that does not help.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cover.h"
#include "exec.h"
#include "lab.h"
#include "ops.h"

#define TICK_MS		50
#define INTERRUPT_TICKS	3	/* until the threads get a signal, at every tick from then */
#define STUCK_TICKS	20	/* until somebody is told, and again */
#define HANG_TICKS	1200	/* until the program counts as one that hangs: a minute */

static struct {
	pthread_t		threads[THREADS];
	pthread_barrier_t	start, end;
	const struct program	*program;
	unsigned int		lab_runs;
	int			lab_dirty;	/* LAB_* */
	atomic_uint		runs;		/* counts programs, for the watchdog */
	atomic_int		is_running;
	exec_stuck_fn		stuck;
} ex;

static void run_thread(const struct program *p, unsigned int from, int thread)
{
	unsigned int i;

	for (i = from; i < p->n; i++) {
		if (p->ops[i].thread == thread)
			ops_run(&p->ops[i]);
	}
	ops_disarm();
}

static void *thread_main(void *arg)
{
	int thread = (int)(long)arg, lab = 0;

	ops_thread_start();
	cover_thread_start(thread);
	for (;;) {
		pthread_barrier_wait(&ex.start);
		if (lab != lab_number()) {
			lab_enter();
			lab = lab_number();
		}
		run_thread(ex.program, 0, thread);
		pthread_barrier_wait(&ex.end);
	}
	return NULL;
}

static void on_signal(int number)
{
	(void)number;	/* the system call ends with EINTR */
}

static void *watchdog_main(void *arg)
{
	unsigned int last = 0, ticks = 0;
	int i;

	for (;;) {
		usleep(TICK_MS * 1000);
		if (!atomic_load(&ex.is_running) || atomic_load(&ex.runs) != last) {
			last = atomic_load(&ex.runs);
			ticks = 0;
			continue;
		}
		if (++ticks >= INTERRUPT_TICKS) {
			for (i = 0; i < THREADS; i++)
				pthread_kill(ex.threads[i], SIGUSR1);
		}
		if (!(ticks % STUCK_TICKS))
			ex.stuck(ticks >= HANG_TICKS);
	}
	return arg;
}

void exec_init(exec_stuck_fn stuck)
{
	struct sigaction action = { .sa_handler = on_signal };
	pthread_t watchdog;
	long i;

	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGUSR1, &action, NULL);
	ex.stuck = stuck;
	pthread_barrier_init(&ex.start, NULL, THREADS);
	pthread_barrier_init(&ex.end, NULL, THREADS);
	ops_thread_start();
	cover_thread_start(0);
	ex.threads[0] = pthread_self();
	for (i = 1; i < THREADS; i++) {
		if (pthread_create(&ex.threads[i], NULL, thread_main, (void *)i))
			abort();
	}
	if (pthread_create(&watchdog, NULL, watchdog_main, NULL))
		abort();
}

void exec_new_lab(void)
{
	ex.lab_runs = 0;
}

static void prepare_lab(void)
{
	if (!ex.lab_runs) {
		lab_make();
		ex.lab_runs = LAB_RUNS;
	} else {
		lab_repair(ex.lab_dirty);
	}
	ex.lab_dirty = 0;
	ex.lab_runs--;
}

static void run_parallel(const struct program *p)
{
	unsigned int first = 0;

	while (!p->ops[first].thread)
		ops_run(&p->ops[first++]);
	pthread_barrier_wait(&ex.start);
	run_thread(p, first, 0);
	pthread_barrier_wait(&ex.end);
}

void exec_run(const struct program *p)
{
	unsigned int i;

	prepare_lab();
	for (i = 0; i < p->n; i++) {
		if (op_types[p->ops[i].type].dirties)
			ex.lab_dirty |= op_types[p->ops[i].type].dirties(&p->ops[i]);
	}
	ex.program = p;
	cover_begin();
	atomic_fetch_add(&ex.runs, 1);
	atomic_store(&ex.is_running, 1);
	if (program_is_parallel(p))
		run_parallel(p);
	else
		run_thread(p, 0, 0);
	ops_reset();
	atomic_store(&ex.is_running, 0);
	lab_drain();
}
