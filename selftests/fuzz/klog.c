// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's log: see klog.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "klog.h"

#define TEXT_MAX	(256 << 10)

static int kmsg = -1;
static const char *check_path;
static char text[TEXT_MAX];
static size_t text_len;

void klog_init(const char *check)
{
	check_path = check;
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0) {
		perror("/dev/kmsg");
		exit(2);
	}
}

/* Appends what is new: "prio,seq,time,flags;text\n" and lines of key=value. */
static int read_new(void)
{
	char record[8192], *start, *end;
	size_t len;
	ssize_t n;
	int any = 0;

	for (;;) {
		n = read(kmsg, record, sizeof(record) - 1);
		/* EPIPE: records were lost; the next read goes on. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return any;
		record[n] = '\0';
		start = strchr(record, ';');
		if (!start)
			continue;
		end = strchr(++start, '\n');
		len = end ? (size_t)(end - start) + 1 : strlen(start);
		if (text_len + len < TEXT_MAX) {
			memcpy(text + text_len, start, len);
			text_len += len;
			text[text_len] = '\0';
		}
		any = 1;
	}
}

static int is_report(void)
{
	int in[2], status;
	pid_t pid;

	if (pipe2(in, O_CLOEXEC))
		return 0;
	pid = fork();
	if (!pid) {
		dup2(in[0], 0);
		dup2(open("/dev/null", O_WRONLY), 1);
		execl(check_path, check_path, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	for (size_t at = 0; at < text_len;) {
		ssize_t n = write(in[1], text + at, text_len - at);

		if (n < 0)
			break;
		at += n;
	}
	close(in[1]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

int klog_check(void)
{
	text_len = 0;
	text[0] = '\0';
	if (!read_new() || !is_report())
		return 0;
	/* The rest of it may still be on its way. */
	usleep(200000);
	read_new();
	return 1;
}

const char *klog_text(void)
{
	return text;
}

/* An oops may hold locks, lockdep is off after its first report, UBSAN reports a place
 * once, and who knows what was overwritten. What only reads wrongly, or warns, can be
 * had again.
 */
int klog_may_go_on(void)
{
	static const char *const last[] = {
		"Oops", "BUG: unable", "BUG: kernel", "kernel BUG", "general protection",
		"INFO: ", "use-after-free", "double-free", "invalid-free", "Write of size",
		"corruption", "ODEBUG", "RIP: 0010:", "held lock freed", "bad unlock balance",
		"lock held when", "WARNING: possible", "WARNING: inconsistent",
		"WARNING: suspicious",
	};
	size_t i;

	if (strstr(text, "WARNING: ") && !strstr(text, "WARNING: possible") &&
	    !strstr(text, "WARNING: inconsistent") && !strstr(text, "WARNING: suspicious") &&
	    !strstr(text, "Oops"))
		return 1;
	if (strstr(text, "UBSAN") && !strstr(text, "BUG: KASAN"))
		return 0;
	for (i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
		if (strstr(text, last[i]))
			return 0;
	}
	return 1;
}

void klog_rearm(void)
{
	int fd = open("/sys/kernel/debug/clear_warn_once", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		(void)!write(fd, "1", 1);
		close(fd);
	}
}
