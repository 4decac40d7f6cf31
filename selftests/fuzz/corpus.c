// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The corpus: see corpus.h.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "corpus.h"

#define ENTRIES	16384

/* Memory that is never touched costs nothing. */
static struct shared {
	atomic_uint	n;
	atomic_ulong	took;	/* of all, in ticks */
	struct entry {
		atomic_int	ready;
		uint64_t	took;
		struct program	p;
	} entries[ENTRIES];
} *shared;

static FILE *file;
static char file_name[4096];

void corpus_init(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (shared == MAP_FAILED)
		abort();
}

static int is_program(const struct dirent *d)
{
	const char *end = strrchr(d->d_name, '.');

	return end && !strcmp(end, ".prog");
}

int corpus_load(const char *dir, void (*fn)(const struct program *p))
{
	struct dirent **files;
	char path[4096];
	struct program p;
	int n, i;
	FILE *f;

	n = scandir(dir, &files, is_program, alphasort);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]->d_name);
		f = fopen(path, "r");
		free(files[i]);
		if (!f)
			continue;
		/* What another version of the fuzzer wrote may not be understood. */
		while (program_read(f, &p) > 0) {
			if (p.n)
				fn(&p);
		}
		fclose(f);
	}
	if (n >= 0)
		free(files);
	return n;
}

int corpus_open(const char *dir, const char *name)
{
	snprintf(file_name, sizeof(file_name), "%s/%s", dir, name);
	file = fopen(file_name, "w");
	return file ? 0 : -1;
}

void corpus_flush(void)
{
	fflush(file);
}

void corpus_close(void)
{
	/* Nothing found, nothing to keep. */
	if (!ftell(file))
		unlink(file_name);
	fclose(file);
}

static int write_all(const char *path)
{
	FILE *f = fopen(path, "w");
	unsigned int i;

	if (!f)
		return -1;
	for (i = 0; i < corpus_size(); i++) {
		if (atomic_load(&shared->entries[i].ready))
			program_write(f, &shared->entries[i].p);
	}
	return fclose(f);
}

void corpus_rewrite(const char *dir)
{
	char path[4096], all[4096];
	struct dirent **files;
	int n, i;

	snprintf(path, sizeof(path), "%s/all.part", dir);
	snprintf(all, sizeof(all), "%s/all.prog", dir);
	if (write_all(path) || rename(path, all))
		return;
	n = scandir(dir, &files, is_program, NULL);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]->d_name);
		if (strcmp(path, all))
			unlink(path);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
}

void corpus_add(const struct program *p, int is_known, uint64_t took)
{
	unsigned int at = atomic_fetch_add(&shared->n, 1);

	if (at >= ENTRIES) {
		atomic_store(&shared->n, ENTRIES);
		return;
	}
	program_copy(&shared->entries[at].p, p);
	shared->entries[at].took = took;
	atomic_fetch_add(&shared->took, took);
	atomic_store(&shared->entries[at].ready, 1);
	if (!is_known)
		program_write(file, p);
}

unsigned int corpus_size(void)
{
	unsigned int n = atomic_load(&shared->n);

	return n < ENTRIES ? n : ENTRIES;
}

/* A program that takes a device down takes as long as dozens of others. */
static int is_slow(const struct entry *e, uint32_t n)
{
	return e->took > atomic_load(&shared->took) / n;
}

const struct program *corpus_pick(struct prng *r)
{
	uint32_t n = corpus_size(), a, b;

	if (!n)
		return NULL;
	do {
		a = prng_below(r, n);
		b = prng_below(r, n);
		a = a > b ? a : b;
	} while (is_slow(&shared->entries[a], n) && !prng_one_in(r, 8));
	return atomic_load(&shared->entries[a].ready) ? &shared->entries[a].p : NULL;
}
