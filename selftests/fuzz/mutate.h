/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * New programs: made from nothing, or from one that did something new.
 */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include "prng.h"
#include "program.h"

/* An operation with fitting arguments and bytes, on thread 0. */
void op_make(struct prng *r, struct op *op, int type);
void program_generate(struct prng *r, struct program *p);
/* @other is another program to take operations from. */
void program_mutate(struct prng *r, struct program *p, const struct program *other);

/* seeds.c: valid programs, one for each thing that people do with the module. */
#define SEEDS	27
void seed_make(struct prng *r, struct program *p, int number);

#endif /* FUZZ_MUTATE_H */
