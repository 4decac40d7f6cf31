/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The corpus: programs that reached something that none before them had. It is kept
 * in a folder, in files of the programs that one process found. One file for each
 * program would take longer to write than to find.
 */
#ifndef FUZZ_CORPUS_H
#define FUZZ_CORPUS_H

#include "prng.h"
#include "program.h"

/* Processes forked after this share it. */
void corpus_init(void);
/* Calls fn for each program in the folder; how many, or -1 without the folder. */
int corpus_load(const char *dir, void (*fn)(const struct program *p));
/* What this process finds goes into this file of the folder. */
int corpus_open(const char *dir, const char *name);
/* Keeps a program in memory, and in the file unless it came from one. */
void corpus_add(const struct program *p, int is_known, uint64_t took);
/* All is in the file now. */
void corpus_flush(void);
void corpus_close(void);
/* What is in memory is all that is worth keeping of the folder's files. */
void corpus_rewrite(const char *dir);
unsigned int corpus_size(void);
/* Any of those in memory, the newer and the faster the likelier; NULL if there is none. */
const struct program *corpus_pick(struct prng *r);

#endif /* FUZZ_CORPUS_H */
