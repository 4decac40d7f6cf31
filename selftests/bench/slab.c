// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How much memory the kernel has given out, and for what: the total is Slab of
 * /proc/meminfo, which includes large kmalloc()s; by cache it is the pages in
 * /proc/slabinfo.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include "bench.h"

/* The counters are kept per CPU and added up every second, or now. */
static void refresh(void)
{
	int fd = (int)must(open("/proc/sys/vm/stat_refresh", O_WRONLY), "stat_refresh");

	must(write(fd, "1", 1), "stat_refresh");
	close(fd);
}

static long long total(void)
{
	char line[256];
	long long kb = -1;
	FILE *f = fopen("/proc/meminfo", "r");

	if (!f)
		die("cannot read /proc/meminfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "Slab: %lld kB", &kb) == 1)
			break;
	fclose(f);
	if (kb < 0)
		die("there is no Slab in /proc/meminfo");
	return kb * 1024;
}

/* Fills in what is in use now. */
void slab_read(struct slab *s)
{
	char line[512];
	FILE *f;

	refresh();
	s->total = total();
	s->n = 0;
	f = fopen("/proc/slabinfo", "r");
	if (!f)
		die("cannot read /proc/slabinfo");
	while (fgets(line, sizeof(line), f)) {
		struct slab_cache *c = &s->cache[s->n];
		long long slabs, pages;

		if (sscanf(line, "%63s %*d %*d %d %*d %lld : tunables %*d %*d %*d : slabdata"
			   " %*d %lld", c->name, &c->object, &pages, &slabs) != 4)
			continue;
		c->bytes = slabs * pages * sysconf(_SC_PAGESIZE);
		if (++s->n == MAX_SLAB_CACHES)
			die("more slab caches than expected");
	}
	fclose(f);
	if (!s->n)
		die("/proc/slabinfo cannot be understood");
}

static const struct slab_cache *find(const struct slab *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->cache[i].name, name))
			return &s->cache[i];
	return NULL;
}

/* Prints what each of count things has taken between two readings. */
void slab_print(const char *what, const char *family, const struct slab *before,
		const struct slab *after, int count)
{
	printf("memory %s %s %.1f\n", what, family,
	       (double)(after->total - before->total) / count);
	for (size_t i = 0; i < after->n; i++) {
		const struct slab_cache *now = &after->cache[i];
		const struct slab_cache *then = find(before, now->name);
		double each = (double)(now->bytes - (then ? then->bytes : 0)) / count;

		if (each >= 16)
			printf("slab %s %s %s %d %.1f\n", what, family, now->name, now->object,
			       each);
	}
	fflush(stdout);
}
