// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module itself: see module.h. Functions do not return on failure, as in
 * common.h, except those that say whether.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "common.h"
#include "module.h"

/* The module's file, read once, without what only a debugger wants. */
static struct {
	void *data;
	size_t len;
} module;

void module_read(const char *path)
{
	char command[512], stripped[] = "/tmp/teach.XXXXXX";
	int fd = mkstemp(stripped);
	struct stat st;
	ssize_t n;

	must(fd >= 0, stripped);
	close(fd);
	snprintf(command, sizeof(command), "strip -g -o %s %s", stripped, path);
	must(!system(command), command);
	fd = open(stripped, O_RDONLY | O_CLOEXEC);
	unlink(stripped);
	must(fd >= 0 && !fstat(fd, &st), path);
	module.data = malloc(st.st_size);
	must(module.data, "memory for the module's file");
	while (module.len < (size_t)st.st_size) {
		n = read(fd, (char *)module.data + module.len,
			 st.st_size - module.len);
		must(n > 0, path);
		module.len += n;
	}
	close(fd);
}

/* 0, or -1 with errno */
int module_try_load(void)
{
	return syscall(SYS_init_module, module.data, module.len, "");
}

void module_load(void)
{
	must(!module_try_load(), "loading the module");
}

/* 0, or -1 with errno */
int module_try_unload(void)
{
	return syscall(SYS_delete_module, "teach", O_NONBLOCK);
}

/* Sockets and namespaces of before may be on their way out. */
void module_unload(void)
{
	struct timespec start, pause = { .tv_nsec = 5000000 };

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (module_try_unload()) {
		must((errno == EAGAIN || errno == EBUSY) &&
		     elapsed_ms(&start) < LIMIT_MS, "unloading the module");
		nanosleep(&pause, NULL);
	}
}

bool module_is_loaded(void)
{
	return !access("/sys/module/teach", F_OK);
}

long module_references(void)
{
	FILE *file = fopen("/sys/module/teach/refcnt", "r");
	long n = -1;

	must(file && fscanf(file, "%ld", &n) == 1, "/sys/module/teach/refcnt");
	fclose(file);
	return n;
}

/* Sockets let go of the module a grace period after they were closed: true once no
 * more than so many references are left.
 */
bool module_unused(long references)
{
	struct timespec start, pause = { .tv_nsec = 2000000 };

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (module_references() > references) {
		if (elapsed_ms(&start) > LIMIT_MS)
			return false;
		nanosleep(&pause, NULL);
	}
	return module_references() == references;
}

static unsigned long hex_in(const char *path)
{
	FILE *file = fopen(path, "r");
	unsigned long value = 0;

	must(file && fscanf(file, "%lx", &value) == 1 && value, path);
	fclose(file);
	return value;
}

/* Where its code is. What the kernel tells is where that begins, and how large all of
 * the module is: so a little more than the code, but nothing of other modules'.
 */
void module_text(unsigned long *start, unsigned long *end)
{
	FILE *file = fopen("/proc/modules", "r");
	char line[512], name[64];
	unsigned long size = 0;

	*start = hex_in("/sys/module/teach/sections/.text");
	must(file, "/proc/modules");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %lu", name, &size) == 2 && !strcmp(name, "teach"))
			break;
		size = 0;
	}
	fclose(file);
	errno = ENOENT;
	must(size, "/proc/modules tells the size of teach");
	*end = *start + size;
}
