/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making programs smaller while something stays true of them.
 */
#ifndef FUZZ_MINIMISE_H
#define FUZZ_MINIMISE_H

#include "program.h"

/* Is it still true? 1 or 0; anything else ends the search. */
typedef int (*minimise_test)(const struct programs *ps);

/* Drops programs, then operations, threads and bytes, as long as @test says 1. @ps is
 * the smallest found; 0 at the end, or what @test said.
 */
int minimise(struct programs *ps, minimise_test test);

/* Operations of one program only, in a few tries. */
void minimise_ops(struct program *p, int (*test)(const struct program *p));

#endif /* FUZZ_MINIMISE_H */
