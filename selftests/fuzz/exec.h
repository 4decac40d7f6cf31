/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running programs: a lab that lasts for LAB_RUNS of them, and the threads.
 */
#ifndef FUZZ_EXEC_H
#define FUZZ_EXEC_H

#include "program.h"

#define LAB_RUNS	1000

/* Called from a thread of its own, every second, while a program does not end; @hangs
 * once there is no hope.
 */
typedef void (*exec_stuck_fn)(int hangs);

void exec_init(exec_stuck_fn stuck);
/* The next program begins in a new lab. */
void exec_new_lab(void);
/* Runs a program to its end. What it reached is in cover.h's. */
void exec_run(const struct program *p);

#endif /* FUZZ_EXEC_H */
