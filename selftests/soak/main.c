// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The soak test: rounds of loading the module, churn under traffic, and unloading it, and
 * what is left after each. See soak.h for what is where; scripts/soak starts it in a VM.
 *
 * usage: soak --seconds N --seed N --module FILE --checker CMD [--workers N] [--round N]
 *	  [--cpus N]	fail if there are fewer
 *
 * Exit status: 0 if all figures are as they must be.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "soak.h"

#define PROGRESS_MS	5000
#define STALL_MS	10000	/* the flow may stand still for so long */
#define STOP_MS		90000	/* until all threads have ended; one may wait for rtnl */
#define UNLOAD_MS	30000
#define GONE_MS		90000	/* until the last namespace has been taken down */
#define MIN_RATE	5	/* operations, and packets, a second */

struct shared *shared;

static struct {
	long seconds, round_s;
	uint64_t seed;
	int workers, cpus;
	const char *module, *checker;
} opt;

static int failures;
static long started_ms;

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("FAILED: ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
	failures++;
}

static void pause_ms(int ms)
{
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* ---- the module --------------------------------------------------------------------------- */

/*
 * A look-up of a device that is not there makes the kernel start modprobe(8) for it, which
 * would be most of what happens here. What is needed is loaded now, if it is a module.
 */
static void no_modprobe(void)
{
	/* Where all is built in there are none: what is missing shows in the table. */
	if (system("modprobe -qa veth dummy bridge 8021q macvlan af_packet 2>/dev/null") < 0)
		die("modprobe");
	must(!sysctl_write("/proc/sys/kernel/modprobe", "\n"), "kernel.modprobe");
}

static bool module_load(void)
{
	int fd = open(opt.module, O_RDONLY | O_CLOEXEC), ret;

	must(fd >= 0, opt.module);
	ret = syscall(SYS_finit_module, fd, "", 0);
	if (ret)
		fail("loading the module: %s", strerror(errno));
	close(fd);
	return !ret;
}

static bool module_unload(long *took)
{
	long start = now_ms();

	while (syscall(SYS_delete_module, "teach", O_NONBLOCK)) {
		if (now_ms() - start > UNLOAD_MS) {
			fail("the module cannot be unloaded: %s", strerror(errno));
			fflush(stdout);
			if (system("cd /sys/module/teach && echo refcnt: $(cat refcnt)"))
				printf("(no /sys/module/teach)\n");
			return false;
		}
		pause_ms(20);
	}
	*took = now_ms() - start;
	return true;
}

/* ---- one round ------------------------------------------------------------------------------- */

static unsigned long operations(void)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i < op_count(); i++)
		sum += shared->ops[i].done + shared->ops[i].refused;
	return sum;
}

static void progress(int round)
{
	unsigned long done = 0;
	int i;

	for (i = 0; i < op_count(); i++)
		done += shared->ops[i].done;
	printf("%4ld s, round %d: %lu operations, %lu of them done; %lu packets of the flow, "
	       "%lu lost; %lu received by others\n",
	       (now_ms() - started_ms) / 1000, round, operations(), done,
	       shared->flow.packets, shared->flow.lost, shared->received);
	fflush(stdout);
}

/* Which threads do not come back, and where they are in the kernel. */
static void show_stuck(pid_t pid)
{
	char command[128];
	int i;

	for (i = 0; i < opt.workers; i++) {
		if (shared->workers[i].op < 0)
			continue;
		printf("thread %d is in \"%s\" for %ld s\n", i,
		       op_get(shared->workers[i].op)->name,
		       (now_ms() - shared->workers[i].since_ms) / 1000);
		fflush(stdout);
		snprintf(command, sizeof(command), "cat /proc/%d/task/%d/stack", pid,
			 shared->workers[i].tid);
		if (system(command))
			printf("(no stack)\n");
	}
}

/* Whether the round's process has ended; if so, as it should? */
static bool ended(pid_t pid, bool expected)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) != pid)
		return false;
	if (!expected || !WIFEXITED(status) || WEXITSTATUS(status))
		fail("the round's process ended with status 0x%x", status);
	return true;
}

/* Until its time is over; false if nothing more can be done. */
static bool watch(pid_t pid, int round, long end_ms)
{
	long shown_ms = now_ms(), start_ms = shown_ms;
	bool stalled = false;

	while (now_ms() < end_ms) {
		pause_ms(100);
		log_read();
		if (ended(pid, false))
			return true;
		if (!stalled && now_ms() - shared->flow.last_ms > STALL_MS &&
		    now_ms() - start_ms > STALL_MS) {
			fail("the flow has stood still for %d s", STALL_MS / 1000);
			stalled = true;
			end_ms = now_ms();
		}
		if (now_ms() - shown_ms >= PROGRESS_MS) {
			shown_ms += PROGRESS_MS;
			progress(round);
		}
	}
	shared->stop = true;
	start_ms = now_ms();
	while (!ended(pid, true)) {
		if (now_ms() - start_ms > STOP_MS) {
			fail("the round does not end");
			show_stuck(pid);
			return false;
		}
		pause_ms(20);
	}
	return true;
}

/* All that the round made must go, soon. */
static bool all_gone(const struct remains *before, struct remains *now)
{
	long start = now_ms();

	do {
		remains_get(now);
		if (!remains_more(before, now))
			return true;
		pause_ms(200);
	} while (now_ms() - start < GONE_MS);
	fail("%ld namespaces and %ld devices are left, of %ld and %ld before",
	     now->namespaces - before->namespaces, now->devices - before->devices,
	     before->namespaces, before->devices);
	remains_show(stdout);
	return false;
}

static bool round_run(int round, long end_ms)
{
	pid_t pid;

	if (!module_load())
		return false;
	stable_addresses();
	genl_family = genl_family_get();
	errno = genl_family < 0 ? -genl_family : 0;
	must(!errno, "generic netlink family teach");
	/* Grace periods are short, then much is done, or as long as usual. */
	sysctl_write("/sys/kernel/rcu_expedited", round % 3 ? "1" : "0");
	shared->stop = false;
	shared->flow.last_ms = now_ms();
	pid = child();
	if (!pid)
		_exit(workers_run(opt.seed, round, opt.workers));
	return watch(pid, round, end_ms);
}

/* ---- the figures -------------------------------------------------------------------------------- */

static void table(void)
{
	int i;

	printf("\n%-28s %8s %8s %8s  %s\n", "operation", "done", "refused", "ms each",
	       "last refusal");
	for (i = 0; i < op_count(); i++) {
		bool never = !shared->ops[i].done;
		int why = shared->ops[i].why;

		unsigned long n = shared->ops[i].done + shared->ops[i].refused;

		printf("%-28s %8lu %8lu %8.1f  %s\n", op_get(i)->name, shared->ops[i].done,
		       shared->ops[i].refused, n ? (double)shared->ops[i].ms / n : 0.0,
		       why ? strerror(why) : "");
		if (never && op_get(i)->optional && why == EOPNOTSUPP)
			printf("  (this kernel has none)\n");
		else if (never)
			fail("never once done: %s", op_get(i)->name);
	}
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ "module", required_argument, NULL, 'm' },
		{ "checker", required_argument, NULL, 'c' },
		{ "workers", required_argument, NULL, 'w' },
		{ "round", required_argument, NULL, 'o' },
		{ "cpus", required_argument, NULL, 'p' },
		{ 0 }
	};
	int c;

	opt.seconds = 60;
	opt.round_s = 15;
	opt.seed = 1;
	opt.workers = 3 * sysconf(_SC_NPROCESSORS_ONLN);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			opt.seconds = atol(optarg);
			break;
		case 'r':
			opt.seed = strtoull(optarg, NULL, 0);
			break;
		case 'm':
			opt.module = optarg;
			break;
		case 'c':
			opt.checker = optarg;
			break;
		case 'w':
			opt.workers = atoi(optarg);
			break;
		case 'p':
			opt.cpus = atoi(optarg);
			break;
		case 'o':
			opt.round_s = atol(optarg);
			break;
		default:
			exit(2);
		}
	}
	if (opt.workers > MAX_WORKERS)
		opt.workers = MAX_WORKERS;
	if (!opt.module || !opt.checker || opt.workers < 1 || opt.seconds < 1 ||
	    opt.round_s < 1 || optind != argc) {
		fprintf(stderr, "usage: %s --seconds N --seed N --module FILE --checker CMD "
			"[--workers N] [--round SECONDS] [--cpus N]\n", argv[0]);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct rlimit files = { 4096, 4096 };
	struct remains before, now;
	long end_ms, unload_ms = 0, slowest_ms = 0, leaked = -1;
	bool kmemleak, going = true;
	int round, reports;
	pid_t injector;

	parse(argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	must(!setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared != MAP_FAILED, "mmap");

	printf("seed %llu, %ld s in rounds of %ld s, %d threads on %ld CPUs\n",
	       (unsigned long long)opt.seed, opt.seconds, opt.round_s, opt.workers,
	       sysconf(_SC_NPROCESSORS_ONLN));
	/* On one CPU much less is met with. */
	if (sysconf(_SC_NPROCESSORS_ONLN) < opt.cpus)
		fail("the kernel has fewer than %d CPUs", opt.cpus);
	log_begin();
	no_modprobe();
	kmemleak = kmemleak_begin();
	stable_make();
	injector = child();
	if (!injector)
		inject_for_ever(opt.seed);
	remains_get(&before);
	now = before;

	started_ms = now_ms();
	end_ms = started_ms + opt.seconds * 1000;
	for (round = 1; going && !failures && now_ms() < end_ms - 1000; round++) {
		long until = now_ms() + opt.round_s * 1000;

		/* No last one that is too short to be of any use. */
		if (end_ms - until < opt.round_s * 500)
			until = end_ms;
		going = round_run(round, until);
		progress(round);
		/* While the module is there, kmemleak knows the names in it. */
		if (going && kmemleak && until == end_ms && kmemleak_bytes())
			fail("memory is lost");
		going = going && module_unload(&unload_ms);
		if (unload_ms > slowest_ms)
			slowest_ms = unload_ms;
		going = going && all_gone(&before, &now);
		if (log_reports(opt.checker))
			going = false;
	}
	kill(injector, SIGKILL);

	if (kmemleak && going)
		leaked = kmemleak_bytes();
	reports = log_reports(opt.checker);
	table();
	if (shared->unloaded)
		fail("the module was unloaded while in use");
	if (shared->flow.corrupt)
		fail("%lu datagrams of the flow arrived damaged", shared->flow.corrupt);
	if (operations() < (unsigned long)opt.seconds * MIN_RATE)
		fail("too few operations to have tested anything");
	if (shared->flow.packets < (unsigned long)opt.seconds * MIN_RATE)
		fail("too few packets to have tested anything");
	if (reports)
		fail("the kernel reported");
	if (leaked > 0)
		fail("memory is lost");

	printf("\nrounds                 %d (unloading took up to %ld ms)\n", round - 1, slowest_ms);
	printf("operations             %lu\n", operations());
	printf("packets                %lu of the flow (%lu lost, %lu errors), %lu received by others, %lu injected\n",
	       shared->flow.packets, shared->flow.lost, shared->flow.errors,
	       shared->received, shared->injected);
	printf("reports                %d\n", reports);
	if (leaked >= 0)
		printf("kmemleak               %ld bytes\n", leaked);
	else
		printf("kmemleak               %s\n", kmemleak ? "not asked after a failure" :
		       "not known: this kernel has none");
	if (now.namespaces >= 0)
		printf("namespaces left        %ld%s\n", now.namespaces - before.namespaces,
		       now.exact ? "" : " (by their slab cache, which is not exact)");
	else
		printf("namespaces left        not known: this kernel does not count them\n");
	if (now.devices >= 0)
		printf("devices left           %ld\n", now.devices - before.devices);
	else
		printf("devices left           not known: this kernel only reports them\n");
	printf("%s\n", failures ? "soak: FAILED" : "soak: passed");
	return failures ? 1 : 0;
}
