// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults in the kernel, made on purpose: see inject.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sys/mount.h>
#include <time.h>

#include "common.h"
#include "inject.h"
#include "module.h"

#define DEBUGFS		"/sys/kernel/debug/"
#define MAX_SITES	2000	/* more than any call has */
#define MAX_COMPLAINTS	5
#define RETRIES		20

int fault_way;
int fault_error;
bool fault_made;

static int fail_nth = -1;
static const char *missing = "inject_prepare() was not called";

/*
 * What can fail. Memory that the kernel's own checkers take for their records is not
 * meant: they do without, and nobody notices.
 */
static const struct { const char *name, *but; } kinds[] = {
	{ "failslab", "__alloc_object" },			/* kmemleak */
	{ "fail_page_alloc", "stack_depot_save_flags" },	/* KASAN, and others */
	{ "fail_usercopy", NULL },
};

#define KINDS	((int)(sizeof(kinds) / sizeof(kinds[0])))

static int set(const char *kind, const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), DEBUGFS "%s/%s", kind, name);
	return sysctl_write(path, value);
}

static void set_number(const char *kind, const char *name, unsigned long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%#lx", value);
	errno = -set(kind, name, text);
	must(!errno, name);
}

/* Where a function of the kernel is; false if there is none of that name. */
static bool kernel_function(const char *name, unsigned long *start, unsigned long *end)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[512], found[256];
	unsigned long at;

	must(file, "/proc/kallsyms");
	*start = *end = 0;
	/* In the order of addresses, but for modules behind them. */
	while (!*end && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx %*c %255s", &at, found) != 2)
			continue;
		if (!*start && !strcmp(found, name))
			*start = at;
		else if (*start && at > *start)
			*end = at;
	}
	fclose(file);
	return *end;
}

static const char *prepare(void)
{
	const char *verbose = getenv("INJECT_VERBOSE");
	unsigned long start, end;
	int i;

	if (access("/proc/thread-self/fail-nth", F_OK))
		return "the kernel has no fault injection (CONFIG_FAULT_INJECTION)";
	if (access(DEBUGFS "failslab", F_OK) &&
	    mount("debugfs", DEBUGFS, "debugfs", 0, NULL))
		return "no debugfs";
	for (i = 0; i < KINDS; i++) {
		if (set(kinds[i].name, "verbose", verbose ? "2" : "0"))
			return "the kernel has no failslab, fail_page_alloc, fail_usercopy";
		if (set(kinds[i].name, "stacktrace-depth", "32"))
			return "the kernel has no CONFIG_FAULT_INJECTION_STACKTRACE_FILTER";
		if (kinds[i].but && kernel_function(kinds[i].but, &start, &end)) {
			set_number(kinds[i].name, "reject-start", start);
			set_number(kinds[i].name, "reject-end", end);
		}
	}
	/* Memory that could be waited for fails too. */
	set_number("failslab", "ignore-gfp-wait", 0);
	set_number("fail_page_alloc", "ignore-gfp-wait", 0);
	set_number("fail_page_alloc", "ignore-gfp-highmem", 0);
	set_number("fail_page_alloc", "min-order", 0);
	inject_stop();
	/* For scripts/klog-check. */
	errno = -sysctl_write("/dev/kmsg", "selftests: memory is refused on purpose\n");
	must(!errno, "/dev/kmsg");
	return NULL;
}

/* Sets all up, once, before the tests, which run as children. */
void inject_prepare(void)
{
	missing = prepare();
}

/* Why there can be no faults here; or NULL, and this process can have them. */
const char *inject_missing(void)
{
	if (missing)
		return missing;
	pin_cpu();
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	must(fail_nth >= 0, "/proc/thread-self/fail-nth");
	return NULL;
}

/* From now on only what is called by code from start to before end can fail. */
static void only_within(unsigned long start, unsigned long end)
{
	int i;

	for (i = 0; i < KINDS; i++) {
		set_number(kinds[i].name, "require-start", start);
		set_number(kinds[i].name, "require-end", end);
	}
}

static void only_within_name(const char *name)
{
	unsigned long start = 0, end = ULONG_MAX;

	errno = ENOENT;
	if (name && !strcmp(name, "teach"))
		module_text(&start, &end);
	else if (name)
		must(kernel_function(name, &start, &end), name);
	only_within(start, end);
}

/* From now on each interval-th allocation by the module fails, in softirqs too. */
void inject_every(unsigned long interval)
{
	int i;

	only_within_name("teach");
	for (i = 0; i < 2; i++) {
		set_number(kinds[i].name, "interval", interval);
		errno = -set(kinds[i].name, "times", "-1");
		must(!errno, "times");
		set_number(kinds[i].name, "probability", 100);
	}
}

void inject_stop(void)
{
	int i;

	if (missing)
		return;

	for (i = 0; i < KINDS; i++) {
		set_number(kinds[i].name, "probability", 0);
		set_number(kinds[i].name, "interval", 1);
	}
	only_within(0, ULONG_MAX);
}

/* The n-th of what can fail from now on, in this thread, fails. */
static void arm(int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", n);

	must(pwrite(fail_nth, text, len, 0) == len, "fail-nth");
}

/*
 * None fails any more. True if one did. To read and write this file is to copy from
 * and to the program, which can fail as well: but then nothing had failed before.
 */
static bool has_fired(void)
{
	char left[16] = "";
	ssize_t n = pread(fail_nth, left, sizeof(left) - 1, 0);

	while (pwrite(fail_nth, "0", 1, 0) != 1)
		must(errno == EFAULT, "fail-nth");
	return n > 0 && !atoi(left);
}

/* ---- one call, one fault after the other ----------------------------------------- */

/* What no call may leave half done: the local addresses. */
static void state_read(char *text, size_t size)
{
	int fd = open("/proc/thread-self/net/teach_addr", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	/* The module may be what is being loaded. */
	while (fd >= 0 && (n = read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	must(n >= 0 && len < size - 1, "/proc/net/teach_addr");
	text[len] = 0;
	if (fd >= 0)
		close(fd);
}

static bool listed(const struct fault_op *op, int err)
{
	unsigned int i;

	for (i = 0; i < sizeof(op->errs) / sizeof(op->errs[0]); i++) {
		if (err && op->errs[i] == err)
			return true;
	}
	return false;
}

struct tally {
	int faults;
	int errors;
	int complaints;
};

static void complain(struct tally *t, int n, const char *what, const char *more)
{
	fprintf(stderr, "# way %d, fault %d: %s%s%s\n", fault_way, n, what,
		more ? ": " : "", more ? more : "");
	t->complaints++;
}

/* Behind what the kernel said of this fault: which it was, and what came of it. */
static void log_mark(int n, long ret)
{
	char text[128];

	if (!n || !getenv("INJECT_VERBOSE"))
		return;
	snprintf(text, sizeof(text), "inject: way %d, fault %d: %s\n", fault_way, n,
		 ret < 0 ? strerror(fault_error) : "success");
	must(!sysctl_write("/dev/kmsg", text), "/dev/kmsg");
}

enum outcome {
	UNHARMED,	/* no fault happened */
	REFUSED,	/* a fault happened, and the call said so */
	SURVIVED,	/* a fault happened, and the call was done nevertheless */
};

/* The call, with the n-th fault, or without for 0. */
static enum outcome try_once(const struct fault_op *op, int n, struct tally *t)
{
	static char before[16384], after[16384];
	const char *wrong;
	bool fired;
	long ret;

	state_read(before, sizeof(before));
	if (op->before)
		op->before();
	arm(n);
	errno = 0;
	ret = op->call();
	fault_error = errno;
	fired = has_fired() && n;
	fault_made = fired;
	if (ret >= 0)
		fault_error = 0;

	log_mark(n, ret);
	if (!fired && ret < 0)
		complain(t, n, "fails without a fault", strerror(fault_error));
	if (fired && ret < 0 && !listed(op, fault_error))
		complain(t, n, "unexpected error", strerror(fault_error));
	wrong = op->after ? op->after(ret) : NULL;
	if (wrong)
		complain(t, n, wrong, ret < 0 ? strerror(fault_error) : "success");
	state_read(after, sizeof(after));
	if (strcmp(before, after))
		complain(t, n, "local addresses have changed", after);
	t->faults += fired;
	t->errors += fired && ret < 0;
	return !fired ? UNHARMED : ret < 0 ? REFUSED : SURVIVED;
}

static void each_fault(const struct fault_op *op, struct tally *t)
{
	enum outcome got;
	int n, i;

	/* What is done only the first time is not in the way later. */
	try_once(op, 0, t);
	for (n = 1; t->complaints < MAX_COMPLAINTS; n++) {
		/* Now and then an allocator wants memory for a cache of its own, and
		 * does without: that is not there again the next time.
		 */
		for (i = 0; i < RETRIES; i++) {
			got = try_once(op, n, t);
			if (got == UNHARMED)
				break;
			if (!op->rarely || n % op->rarely == 0)
				try_once(op, 0, t);
			if (got == REFUSED || op->survives)
				break;
		}
		if (got == UNHARMED)
			break;
		if (got == SURVIVED && !op->survives)
			complain(t, n, "succeeds in spite of it, each time", NULL);
		if (n == MAX_SITES)
			complain(t, n, "there is no end to it", NULL);
	}
	if (n == 1 && !op->may_have_none && !t->complaints)
		complain(t, n, "nothing in it can fail", NULL);
}

/* False, with words why, if a call did not take its faults well. */
bool inject_each(const struct fault_op *op)
{
	bool loaded = module_is_loaded();
	long references = loaded ? module_references() : 0;
	struct timespec start;
	struct tally t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &start);
	only_within_name(op->within);
	fault_way = 0;
	if (op->once)
		op->once();
	do {
		each_fault(op, &t);
		fault_way++;
	} while (fault_way < op->count);
	fault_way = 0;
	only_within_name(NULL);
	if (loaded && !module_unused(references))
		complain(&t, 0, "the module has other references than before", NULL);
	fprintf(stderr, "# %d faults, %d errors, %ld ms\n", t.faults, t.errors,
		elapsed_ms(&start));
	return !t.complaints;
}
