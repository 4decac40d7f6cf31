// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Command lines from a file, as `ip -batch` reads them: blanks separate words,
 * quotes keep them together, # begins a comment, a backslash at the end goes on
 * with the next line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"

#define MAX_WORDS 64

/* Cut @line into words, in place. Their number, or -1 if it cannot be read. */
static int split(char *line, char **word)
{
	int n = 0;
	char *p = line, *end;

	for (;;) {
		p += strspn(p, " \t\n\r");
		if (!*p || *p == '#')
			return n;
		if (n == MAX_WORDS)
			return -1;
		if (*p == '"' || *p == '\'') {
			end = strchr(p + 1, *p);
			if (!end)
				return -1;
			p++;
		} else {
			end = p + strcspn(p, " \t\n\r");
		}
		word[n++] = p;
		p = end;
		if (*p)
			*p++ = '\0';
	}
}

/* A whole command, continued lines included. Its length, or -1 at the end. */
static ssize_t read_command(FILE *f, char **line, size_t *size, int *number)
{
	ssize_t len = getline(line, size, f), more_len;
	size_t more_size = 0;
	char *more = NULL, *tmp;

	if (len < 0)
		return -1;
	++*number;
	while (len >= 2 && !strcmp(*line + len - 2, "\\\n")) {
		more_len = getline(&more, &more_size, f);
		if (more_len < 0)
			break;
		++*number;
		tmp = realloc(*line, len + more_len + 1);
		if (!tmp)
			break;
		*line = tmp;
		*size = len + more_len + 1;
		memcpy(*line + len - 2, more, more_len + 1);
		len += more_len - 2;
	}
	free(more);
	return len;
}

int run_batch(struct cli *cli, const char *file)
{
	FILE *f = strcmp(file, "-") ? fopen(file, "re") : stdin;
	int status = CLI_OK, number = 0, s;
	char *word[MAX_WORDS], *line = NULL;
	size_t size = 0;

	if (!f)
		return usage_error("Cannot open file \"%s\" for reading: %s",
				   file, strerror(errno));

	while (read_command(f, &line, &size, &number) >= 0) {
		struct args args = { .v = word, .n = split(line, word) };

		if (args.n == 0)
			continue;
		if (args.n < 0)
			s = usage_error("Error: a quote is not closed, or there are over %d words.",
					MAX_WORDS);
		else
			s = run_object(cli, &args);
		fflush(stdout);
		if (s == CLI_OK)
			continue;
		fprintf(stderr, "Command failed %s:%d\n", file, number);
		/* The exit status tells the worst that happened. */
		if (s > status)
			status = s;
		if (!cli->force)
			break;
	}
	free(line);
	if (f != stdin)
		fclose(f);
	return status;
}
