/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The corpus: programs that reached something that none before them had. It is kept
 * in a folder, one file for each, NAME.prog by a hash of the text.
 */
#ifndef FUZZ_CORPUS_H
#define FUZZ_CORPUS_H

#include "prng.h"
#include "program.h"

/* Processes forked after this share it. */
void corpus_init(void);
/* Calls fn for each program in the folder; how many, or -1 without the folder. */
int corpus_load(const char *dir, void (*fn)(const struct program *p));
/* Keeps a program in memory, and in the folder if it is not there yet. */
void corpus_add(const struct program *p);
unsigned int corpus_size(void);
/* Any of those in memory, the newer the likelier; NULL if there is none. */
const struct program *corpus_pick(struct prng *r);

#endif /* FUZZ_CORPUS_H */
