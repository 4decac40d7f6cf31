/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coverage: which code of teach.ko a program reaches, by KCOV. Only what a thread
 * does itself is seen (not timers, work queues and softirqs), and only in files that
 * are compiled for it, which in this kernel are the module's.
 *
 * What guides the fuzzer are edges: two places that were reached one after the
 * other. What it reports are places.
 */
#ifndef FUZZ_COVER_H
#define FUZZ_COVER_H

/* Says whether there is coverage: the kernel has KCOV, and the module is loaded. What
 * processes forked after this reach counts together.
 */
int cover_init(void);
/* From now on this thread's code is recorded. */
void cover_thread_start(int thread);
/* Forgets what was recorded. */
void cover_begin(void);
/* How many edges the program reached that none has before. With @keep they are no
 * longer new from then on; without, they are remembered for cover_has_all().
 */
unsigned int cover_new(int keep);
/* Did the program reach all edges that were remembered? */
int cover_has_all(void);
unsigned int cover_edges(void);
unsigned int cover_places(void);
/* A line "SECTION OFFSET" for each place reached; 0 if all is written. */
int cover_write(const char *file);

#endif /* FUZZ_COVER_H */
