// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fuzzer, inside the VM; scripts/fuzz starts it.
 *
 * usage: fuzz run --seconds N --seed N --jobs N --out DIR --corpus DIR
 *             --klog-check FILE
 *        fuzz replay FILE --times N --out DIR --klog-check FILE
 *        fuzz minimise FILE [--found] --times N --seconds N --out DIR
 *             --klog-check FILE
 *
 * run: generates and runs programs for so many seconds, in so many processes, each in
 * a lab of its own. They are written to DIR/log.JOB.N in batches, before they are run,
 * so that they are known if the kernel dies of them. Ends with the first report of the
 * kernel, which goes to DIR/report.
 *
 * replay: runs the programs of a file, as often as asked.
 *
 * minimise: makes the file smaller as long as the kernel reports something. What is
 * tried is in DIR/try, what is known to do it in DIR/best. With a kernel that is not to be
 * believed any more it ends with status 3: the search goes on in a new one, with best,
 * which is try if the VM was lost, and --found.
 *
 * Exit status: 0 the kernel reported nothing, or all is minimised; 1 it did; 2 the
 * fuzzer cannot work here; 3 minimise is to be called again in a new VM; 4 nothing is
 * reported although all was run again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "corpus.h"
#include "cover.h"
#include "exec.h"
#include "klog.h"
#include "minimise.h"
#include "mutate.h"

#define BATCH		64	/* programs that are written and then run */
#define LOGS		8	/* files of a batch each */
#define STATUS_SECONDS	10
#define CHECK_SECONDS	2	/* how often the log is read: fewer than LOGS batches */

enum { CLEAN = 0, REPORTED = 1, UNABLE = 2, AGAIN = 3, NOT_AGAIN = 4, OVER = 5 };

static struct {
	const char	*out;
	const char	*corpus;
	const char	*klog_check;
	int		seconds;
	int		times;
	int		jobs;
	int		found;
	uint64_t	seed;
} opt = { .times = 1, .seconds = 60, .jobs = 1 };

static struct {
	int		clock;		/* see seconds() */
	struct timespec	start;
	struct prng	prng;
	int		job;
	int		is_reported;
	unsigned long	batches;
	struct {			/* of all processes */
		atomic_ulong	runs;
		atomic_int	is_cut;	/* the corpus was too long for the time */
	} *all;
} run;

/* Since the start, by the clock of the host, which is asked when a file was touched: a
 * VM that gets too little time loses ticks, and its own clock is slow.
 */
static double seconds(void)
{
	struct stat st;

	if (futimens(run.clock, NULL) || fstat(run.clock, &st)) {
		perror("clock");
		exit(UNABLE);
	}
	return st.st_mtim.tv_sec - run.start.tv_sec +
	       (st.st_mtim.tv_nsec - run.start.tv_nsec) / 1e9;
}

static const char *out_file(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", opt.out, name);
	return path;
}

static void start_clock(void)
{
	struct stat st;

	run.clock = open(out_file("clock"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (run.clock < 0 || futimens(run.clock, NULL) || fstat(run.clock, &st)) {
		perror(out_file("clock"));
		exit(UNABLE);
	}
	run.start = st.st_mtim;
}

static void write_report(const char *what)
{
	FILE *f = fopen(out_file("report"), "w");

	if (!f)
		return;
	fprintf(f, "%s%s", what, klog_text());
	fflush(f);
	fsync(fileno(f));
	fclose(f);
}

/* The watchdog's: a thread of ours is in the kernel and does not come back, so that
 * this process cannot end either.
 */
static void on_stuck(int hangs)
{
	int reported = klog_check();

	if (!reported && !hangs)
		return;
	write_report(reported ? "" : "a system call does not come back\n");
	sync();
	reboot(RB_AUTOBOOT);
}

/* ---- run ------------------------------------------------------------------------- */

static void print_status(void)
{
	double s = seconds();

	unsigned long runs = atomic_load(&run.all->runs);

	printf("%4.0f s: %lu executions, %.0f/s, %u edges, %u places, corpus %u\n", s,
	       runs, runs / s, cover_edges(), cover_places(), corpus_size());
	fflush(stdout);
}

/* How long it took, in the CPU's ticks. */
static uint64_t run_counted(const struct program *p)
{
	uint64_t start = __rdtsc();

	exec_run(p);
	atomic_fetch_add(&run.all->runs, 1);
	return __rdtsc() - start;
}

/* To ask for the time takes as long as a system call or two of a program. */
static int is_over(void)
{
	static unsigned int calls;
	static int over;

	if (!over && !(calls++ % 4))
		over = seconds() >= opt.seconds;
	return over;
}

static int reaches_the_new(const struct program *p)
{
	if (is_over())
		return 0;
	run_counted(p);
	return cover_has_all();
}

/* Runs one, and keeps it if it is of interest. */
static void run_one(const struct program *p)
{
	struct program small;
	uint64_t took;

	run_counted(p);
	if (!cover_new(0))
		return;
	/* Threads reach other edges every time: as it is, then. */
	program_copy(&small, p);
	if (!program_is_parallel(&small))
		minimise_ops(&small, reaches_the_new);
	took = run_counted(&small);
	/* Kept even if what is new was so by chance: it will not be new again. */
	cover_new(1);
	corpus_add(&small, 0, took);
}

static void next_program(struct program *p)
{
	const struct program *from = corpus_pick(&run.prng);

	if (!from || prng_one_in(&run.prng, 12)) {
		program_generate(&run.prng, p);
	} else {
		program_copy(p, from);
		program_mutate(&run.prng, p, corpus_pick(&run.prng));
	}
}

/* Programs are written down before they are run. */
static struct {
	unsigned int	n;
	struct program	all[BATCH];
} batch;

static void write_batch(void)
{
	struct programs ps = { batch.n, batch.all };
	char name[32], comment[64];

	snprintf(name, sizeof(name), "log.%d.%lu", run.job, run.batches % LOGS);
	snprintf(comment, sizeof(comment), "batch %lu", run.batches++);
	if (programs_write(out_file(name), &ps, comment)) {
		fprintf(stderr, "cannot write to %s\n", opt.out);
		exit(UNABLE);
	}
}

/* Looks at the log, if that was not done just now. */
static int is_reported(void)
{
	static double next = CHECK_SECONDS;

	if (!run.is_reported && seconds() >= next) {
		run.is_reported = klog_check();
		if (run.is_reported)
			write_report("");
		next = seconds() + CHECK_SECONDS;
	}
	return run.is_reported;
}

static void run_batch(void)
{
	unsigned int i;

	for (batch.n = 0; batch.n < BATCH; batch.n++)
		next_program(&batch.all[batch.n]);
	write_batch();
	for (i = 0; i < BATCH && !is_over(); i++)
		run_one(&batch.all[i]);
}

/* Seeds and what the corpus has: not all of the time for that. */
static void run_known_batch(void)
{
	uint64_t took;
	unsigned int i;

	write_batch();
	for (i = 0; i < batch.n && !is_reported(); i++) {
		if (!(i % 4) && seconds() > opt.seconds / 3)
			atomic_store(&run.all->is_cut, 1);
		if (atomic_load(&run.all->is_cut))
			break;
		took = run_counted(&batch.all[i]);
		if (cover_new(1))
			corpus_add(&batch.all[i], 1, took);
	}
	batch.n = 0;
}

/* Each job takes its share. */
static void run_known(const struct program *p)
{
	static int n;

	if (n++ % opt.jobs != run.job || run.is_reported || atomic_load(&run.all->is_cut))
		return;
	program_copy(&batch.all[batch.n++], p);
	if (batch.n == BATCH)
		run_known_batch();
}

static int begin(void)
{
	struct program p;
	int i;

	for (i = 0; i < SEEDS; i++) {
		seed_make(&run.prng, &p, i);
		run_known(&p);
	}
	if (corpus_load(opt.corpus, run_known) < 0) {
		fprintf(stderr, "no folder %s\n", opt.corpus);
		return -1;
	}
	run_known_batch();
	return 0;
}

static int run_job(void)
{
	double status = STATUS_SECONDS;
	char name[64];

	run.prng.state = opt.seed + run.job;
	snprintf(name, sizeof(name), "%016llx.%d.prog", (unsigned long long)opt.seed, run.job);
	klog_init(opt.klog_check);
	exec_init(on_stuck);
	if (begin() || corpus_open(opt.corpus, name))
		return UNABLE;
	while (!is_reported() && seconds() < opt.seconds) {
		run_batch();
		if (seconds() >= status) {
			corpus_flush();
			if (!run.job)
				print_status();
			status += STATUS_SECONDS;
		}
	}
	corpus_close();
	return run.is_reported ? REPORTED : CLEAN;
}

static int do_run(void)
{
	int status, worst = CLEAN;

	corpus_init();
	run.all = mmap(NULL, sizeof(*run.all), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run.all == MAP_FAILED)
		abort();
	fflush(NULL);
	for (run.job = 0; run.job < opt.jobs; run.job++) {
		if (!fork()) {
			status = run_job();
			fflush(NULL);
			/* Threads may still be in the kernel. */
			_exit(status);
		}
	}
	while (wait(&status) > 0) {
		if (WIFSIGNALED(status))
			fprintf(stderr, "the fuzzer itself died of signal %d\n",
				WTERMSIG(status));
		status = WIFEXITED(status) ? WEXITSTATUS(status) : UNABLE;
		worst = status > worst ? status : worst;
	}
	printf("runs %lu\nseconds %.1f\nedges %u\ncorpus %u\n", atomic_load(&run.all->runs),
	       seconds(), cover_edges(), corpus_size());
	if (worst == CLEAN && !atomic_load(&run.all->is_cut))
		corpus_rewrite(opt.corpus);
	return cover_write(out_file("places")) ? UNABLE : worst;
}

/* ---- replay and minimise ----------------------------------------------------------- */

/* Threads do not meet at the same place every time; one thread does. */
static int times_for(const struct programs *ps)
{
	unsigned int i, most = 1 + 400 / (ps->n + 1);

	for (i = 0; i < ps->n; i++) {
		if (program_is_parallel(&ps->all[i]))
			return opt.times < (int)most ? opt.times : (int)most;
	}
	return 1;
}

static int replay(const struct programs *ps)
{
	int times, reported = 0;
	unsigned int i;

	exec_new_lab();
	for (times = times_for(ps); times && !reported; times--) {
		for (i = 0; i < ps->n; i++)
			exec_run(&ps->all[i]);
		/* What is freed by RCU, or done by a timer, comes later. */
		if (times == 1)
			usleep(100000);
		if (times % 16 == 1)
			reported = klog_check();
	}
	return reported;
}

/* All, up to the one after which the kernel reports something: the rest goes. */
static int find_end(struct programs *ps)
{
	struct programs part = { 0, ps->all };
	unsigned int i;
	int times = 3;

	while (times--) {
		exec_new_lab();
		for (i = 0; i < ps->n; i++) {
			if (!(i % 16)) {
				part.n = i + 16 < ps->n ? i + 16 : ps->n;
				if (programs_write(out_file("try"), &part, NULL))
					return UNABLE;
			}
			exec_run(&ps->all[i]);
			if (i == ps->n - 1)
				usleep(500000);
			if (klog_check()) {
				ps->n = i + 1;
				write_report("");
				programs_write(out_file("best"), ps, NULL);
				return klog_may_go_on() ? CLEAN : AGAIN;
			}
		}
	}
	return NOT_AGAIN;
}

static int try_smaller(const struct programs *ps)
{
	int ret;

	if (seconds() > opt.seconds)
		return OVER;
	if (programs_write(out_file("try"), ps, NULL))
		return UNABLE;
	klog_rearm();
	if (!replay(ps))
		return 0;
	ret = klog_may_go_on() ? 1 : AGAIN;
	write_report("");
	programs_write(out_file("best"), ps, NULL);
	return ret;
}

static int do_minimise(struct programs *ps)
{
	int ret = opt.found ? CLEAN : find_end(ps);

	if (ret == CLEAN)
		ret = minimise(ps, try_smaller);
	unlink(out_file("try"));
	return ret == OVER ? CLEAN : ret;
}

/* ---- The command line --------------------------------------------------------------- */

static _Noreturn void usage(void)
{
	fputs("usage: fuzz run|replay|minimise [FILE] [--seconds N] [--seed N] [--times N]\n"
	      "       [--jobs N] --out DIR [--corpus DIR] --klog-check FILE\n", stderr);
	exit(UNABLE);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", 1, NULL, 's' }, { "seed", 1, NULL, 'S' }, { "out", 1, NULL, 'o' },
		{ "times", 1, NULL, 't' }, { "corpus", 1, NULL, 'c' },
		{ "klog-check", 1, NULL, 'k' }, { "jobs", 1, NULL, 'j' },
		{ "found", 0, NULL, 'f' }, { 0 },
	};
	const char *mode;
	struct programs ps = { 0 };
	int c, ret;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			opt.seconds = atoi(optarg);
			break;
		case 'S':
			opt.seed = strtoull(optarg, NULL, 0);
			break;
		case 'o':
			opt.out = optarg;
			break;
		case 't':
			opt.times = atoi(optarg);
			break;
		case 'c':
			opt.corpus = optarg;
			break;
		case 'f':
			opt.found = 1;
			break;
		case 'j':
			opt.jobs = atoi(optarg);
			break;
		case 'k':
			opt.klog_check = optarg;
			break;
		default:
			usage();
		}
	}
	if (optind == argc || !opt.out || !opt.klog_check)
		usage();
	mode = argv[optind];
	start_clock();
	if (!cover_init() && !strcmp(mode, "run"))
		fputs("no coverage: this kernel has no KCOV\n", stderr);
	if (!strcmp(mode, "run") && opt.corpus) {
		ret = do_run();
	} else {
		klog_init(opt.klog_check);
		exec_init(on_stuck);
		if (optind + 2 != argc || programs_read(argv[optind + 1], &ps))
			usage();
		if (!strcmp(mode, "replay"))
			ret = replay(&ps);
		else if (!strcmp(mode, "minimise"))
			ret = do_minimise(&ps);
		else
			usage();
		if (ret == REPORTED)
			write_report("");
	}
	/* Threads may still be in the kernel. */
	fflush(NULL);
	_exit(ret);
}
