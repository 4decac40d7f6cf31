/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The figures of a ping and how they are printed; ping.c does the sending. */
#ifndef TEACH_CLI_PING_H
#define TEACH_CLI_PING_H

#include "cli.h"

/**
 * struct ping_figures - what has happened so far
 * @transmitted, @received, @duplicates, @errors: messages; a duplicate is not
 *	received a second time
 * @min, @max, @sum, @sum2: of round-trip times in milliseconds, and of their
 *	squares
 */
struct ping_figures {
	unsigned long	transmitted, received, duplicates, errors;
	double		min, max, sum, sum2;
};

/* Another round-trip time. */
void ping_count(struct ping_figures *f, double ms);
/* The summary, after @time_ms milliseconds. */
void ping_summary(struct cli *cli, const struct ping_figures *f,
		  const char *dest, size_t size, long time_ms);

#endif
