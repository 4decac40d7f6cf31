/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test results as TAP. A test program is one main() that calls these and returns
 * tap_done(); the plan comes last, so that a program that dies has none.
 */
#ifndef TEACH_TEST_TAP_H
#define TEACH_TEST_TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 2, 3)))
static inline int tap_ok(int good, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d ", good ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed += !good;
	return good;
}

static inline void tap_is(long got, long want, const char *what)
{
	if (!tap_ok(got == want, "%s", what))
		printf("# got %ld, wanted %ld\n", got, want);
}

static inline void tap_text(const char *got, const char *want, const char *what)
{
	if (!tap_ok(!strcmp(got, want), "%s", what))
		printf("# got \"%s\"\n# wanted \"%s\"\n", got, want);
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed || !tap_count;
}

#endif
