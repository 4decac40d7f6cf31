// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Coverage by KCOV: see cover.h, and Documentation/dev-tools/kcov.rst of the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>

#include "cover.h"
#include "program.h"

#define KCOV_FILE	"/sys/kernel/debug/kcov"
#define WORDS		(64 << 10)	/* places in a thread's buffer */
#define EDGE_BITS	18
#define TEXT_MAX	(1 << 20)	/* bytes of a section of the module */
#define SECTIONS	2

static const char *const section_names[SECTIONS] = { ".text", ".text.unlikely" };

static struct {
	int		on;
	unsigned long	*buffers[THREADS];
	unsigned long	start[SECTIONS];
	uint32_t	fresh[4096];	/* the edges that cover_new() found */
	unsigned int	n_fresh;
	uint32_t	seen[1 << EDGE_BITS];	/* in which call of cover_has_all() */
	uint32_t	calls;
} cover;

/* What all processes reached. They do not lock: a place may be counted twice. */
static struct shared {
	unsigned char	edges[1 << EDGE_BITS];
	unsigned int	n_edges;
	unsigned char	places[SECTIONS][TEXT_MAX];
	unsigned int	n_places;
} *shared;

static unsigned long section_start(const char *name)
{
	unsigned long start = 0;
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/module/teach/sections/%s", name);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (fscanf(f, "%lx", &start) != 1)
		start = 0;
	fclose(f);
	return start;
}

int cover_init(void)
{
	int i;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		abort();
	for (i = 0; i < SECTIONS; i++)
		cover.start[i] = section_start(section_names[i]);
	cover.on = cover.start[0] && !access(KCOV_FILE, R_OK | W_OK);
	return cover.on;
}

void cover_thread_start(int thread)
{
	int fd;

	if (!cover.on)
		return;
	fd = open(KCOV_FILE, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, WORDS))
		goto failed;
	cover.buffers[thread] = mmap(NULL, WORDS * sizeof(long), PROT_READ | PROT_WRITE,
				     MAP_SHARED, fd, 0);
	if (cover.buffers[thread] == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		goto failed;
	/* The file stays open for as long as the thread lives. */
	return;

failed:
	fprintf(stderr, "%s: %s\n", KCOV_FILE, strerror(errno));
	exit(2);
}

void cover_begin(void)
{
	int i;

	for (i = 0; i < THREADS; i++) {
		if (cover.buffers[i])
			__atomic_store_n(&cover.buffers[i][0], 0, __ATOMIC_RELAXED);
	}
}

/* Calls fn for each edge; each place is noted on the way. */
static void each_edge(void (*fn)(uint32_t edge))
{
	unsigned long n, i, pc, offset;
	uint32_t before, at;
	int thread, section;

	for (thread = 0; thread < THREADS; thread++) {
		if (!cover.buffers[thread])
			continue;
		n = __atomic_load_n(&cover.buffers[thread][0], __ATOMIC_RELAXED);
		before = 0;
		for (i = 1; i <= n && i < WORDS; i++) {
			pc = cover.buffers[thread][i];
			for (section = 0; section < SECTIONS; section++) {
				offset = pc - cover.start[section];
				if (cover.start[section] && offset < TEXT_MAX)
					break;
			}
			if (section == SECTIONS)
				continue;
			if (!shared->places[section][offset]) {
				shared->places[section][offset] = 1;
				shared->n_places++;
			}
			at = (uint32_t)pc * 0x9e3779b1u;
			fn((before ^ at) >> (32 - EDGE_BITS));
			before = at >> 1;
		}
	}
}

static void note_fresh(uint32_t edge)
{
	if (shared->edges[edge])
		return;
	/* 2: found, but not kept. */
	shared->edges[edge] = 2;
	if (cover.n_fresh < sizeof(cover.fresh) / sizeof(cover.fresh[0]))
		cover.fresh[cover.n_fresh] = edge;
	else
		shared->edges[edge] = 0;
	cover.n_fresh += shared->edges[edge] == 2;
}

unsigned int cover_new(int keep)
{
	unsigned int i;

	cover.n_fresh = 0;
	each_edge(note_fresh);
	for (i = 0; i < cover.n_fresh; i++)
		shared->edges[cover.fresh[i]] = keep;
	if (keep)
		shared->n_edges += cover.n_fresh;
	return cover.n_fresh;
}

static void note_seen(uint32_t edge)
{
	cover.seen[edge] = cover.calls;
}

int cover_has_all(void)
{
	unsigned int i;

	cover.calls++;
	each_edge(note_seen);
	for (i = 0; i < cover.n_fresh; i++) {
		if (cover.seen[cover.fresh[i]] != cover.calls)
			return 0;
	}
	return 1;
}

unsigned int cover_edges(void)
{
	return shared->n_edges;
}

unsigned int cover_places(void)
{
	return shared->n_places;
}

int cover_write(const char *file)
{
	FILE *f = fopen(file, "w");
	int section, offset;

	if (!f)
		return -1;
	for (section = 0; section < SECTIONS; section++) {
		for (offset = 0; offset < TEXT_MAX; offset++) {
			if (shared->places[section][offset])
				fprintf(f, "%s 0x%x\n", section_names[section], offset);
		}
	}
	return fclose(f);
}
