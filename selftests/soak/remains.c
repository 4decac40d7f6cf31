// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is left when all is over: namespaces and devices that somebody still refers to,
 * memory that nobody refers to, and what the kernel's log says.
 *
 * Namespaces and devices are counted where each of them is listed until its memory is
 * given back: by the kernel's tracker of references, if it has one. Else namespaces are
 * counted by their slab cache, and devices are not counted: one that is waited for is
 * in the log.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <time.h>

#include "soak.h"

#define TRACKER		"/sys/kernel/debug/ref_tracker"
#define SLAB		"/sys/kernel/slab/net_namespace"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define LOG		"/tmp/soak-kernel.log"
#define SLAB_SPARE	2	/* Linux 6.1 counts one or two that are over, for ever */
#define OLD_S		6	/* kmemleak passes over what is younger than 5 s */

/* ---- references ------------------------------------------------------------------------ */

static long tracked(const char *prefix)
{
	DIR *dir = opendir(TRACKER);
	const struct dirent *entry;
	long n = 0;

	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		n += !strncmp(entry->d_name, prefix, strlen(prefix));
	closedir(dir);
	return n;
}

static long in_slab(void)
{
	FILE *file;
	long n = -1;

	/* What a CPU keeps in reserve counts as used: this gives it back. */
	if (sysctl_write(SLAB "/shrink", "1"))
		return -1;
	file = fopen(SLAB "/objects", "r");
	if (file) {
		if (fscanf(file, "%ld", &n) != 1)
			n = -1;
		fclose(file);
	}
	return n;
}

void remains_get(struct remains *r)
{
	r->namespaces = tracked("net_notrefcnt@");
	r->devices = tracked("netdev@");
	r->exact = r->namespaces >= 0;
	if (!r->exact)
		r->namespaces = in_slab();
}

bool remains_more(const struct remains *before, const struct remains *now)
{
	long spare = now->exact ? 0 : SLAB_SPARE;

	return now->namespaces > before->namespaces + spare || now->devices > before->devices;
}

/* What the tracker knows of references that are held. */
void remains_show(FILE *to)
{
	char command[256];

	fflush(to);
	snprintf(command, sizeof(command),
		 "cd " TRACKER " 2>/dev/null && head -n 40 $(grep -l ' has [1-9]' * | tail -n 6)");
	if (system(command))
		fprintf(to, "(nothing is known of them)\n");
}

/* ---- memory --------------------------------------------------------------------------------- */

static void pause_s(int seconds)
{
	struct timespec pause = { .tv_sec = seconds };

	nanosleep(&pause, NULL);
}

/* From now on; false if the kernel cannot tell. */
bool kmemleak_begin(void)
{
	if (access(KMEMLEAK, W_OK))
		return false;
	sysctl_write(KMEMLEAK, "scan=off");
	return !sysctl_write(KMEMLEAK, "scan") && !sysctl_write(KMEMLEAK, "clear");
}

/* Bytes that nothing points to, with what is known of the first few. */
long kmemleak_bytes(void)
{
	long sum = 0, size;
	char line[512];
	int lines = 0;
	FILE *file;

	pause_s(OLD_S);
	/* Twice: the first scan may see a pointer that was on its way. */
	if (sysctl_write(KMEMLEAK, "scan") || sysctl_write(KMEMLEAK, "scan"))
		return -1;
	file = fopen(KMEMLEAK, "r");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "unreferenced object %*s (size %ld)", &size) == 1)
			sum += size;
		if (lines++ < 100)
			printf("kmemleak: %s", line);
	}
	fclose(file);
	return sum;
}

/* ---- the kernel's log --------------------------------------------------------------------------- */

static int kmsg = -1;
static FILE *log_file;

void log_begin(void)
{
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	log_file = fopen(LOG, "we");
	must(kmsg >= 0 && log_file && lseek(kmsg, 0, SEEK_END) >= 0, "/dev/kmsg");
}

/* Takes what has come; more often than the kernel's buffer is full. */
void log_read(void)
{
	unsigned long long us;
	char buf[8192], *text;
	ssize_t n;

	for (;;) {
		n = read(kmsg, buf, sizeof(buf) - 1);
		if (n < 0 && errno == EPIPE) {
			fprintf(log_file, "WARNING: messages of the kernel were lost\n");
			continue;
		}
		if (n <= 0)
			break;
		/* "priority,number,microseconds,flags;text\n key=value\n..." */
		buf[n] = 0;
		text = strchr(buf, ';');
		if (!text || sscanf(buf, "%*u,%*u,%llu", &us) != 1)
			continue;
		text[strcspn(text, "\n")] = 0;
		fprintf(log_file, "[%5llu.%06llu] %s\n", us / 1000000, us % 1000000, text + 1);
	}
	fflush(log_file);
}

/* Lines of the log since the start that report something; the new ones are shown. */
int log_reports(const char *checker)
{
	static int shown;
	char command[512];
	char line[1024];
	int n = 0;
	FILE *p;

	log_read();
	snprintf(command, sizeof(command), "%s " LOG, checker);
	p = popen(command, "r");
	must(p, checker);
	while (fgets(line, sizeof(line), p))
		if (n++ >= shown)
			printf("kernel: %s", line);
	shown = n;
	/* A checker that could not run has found nothing. */
	if (pclose(p) && !n)
		n = 1;
	return n;
}
