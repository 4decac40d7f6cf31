// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading arguments, in iproute2's grammar: keywords, most with a value. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"

const char *args_next(struct args *args)
{
	if (args->n <= 0)
		return NULL;
	args->n--;
	return *args->v++;
}

/*
 * Whole words only: a tool that guesses what "d" means one day deletes what was to be
 * displayed. The abbreviations that iproute2's users know are listed as words.
 */
bool word_is(const char *word, const char *words)
{
	size_t len = strlen(word);

	while (len && words) {
		if (!strncmp(words, word, len) &&
		    (words[len] == '|' || words[len] == '\0'))
			return true;
		words = strchr(words, '|');
		if (words)
			words++;
	}
	return false;
}

bool args_take(struct args *args, const char *words)
{
	if (args->n <= 0 || !word_is(args->v[0], words))
		return false;
	args_next(args);
	return true;
}

int usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return CLI_USAGE;
}

int bad_arg(const char *value, const char *what)
{
	return usage_error("Error: argument \"%s\" is wrong: %s", value, what);
}

int unknown_arg(const char *arg, const char *object)
{
	return usage_error("Error: \"%s\" is unknown here, try \"teach %s help\".",
			   arg, object);
}

const char *args_value(struct args *args, const char *keyword)
{
	const char *value = args_next(args);

	if (!value)
		usage_error("Error: \"%s\" wants a value.", keyword);
	return value;
}

int parse_u32(const char *text, uint32_t *v)
{
	unsigned long long n;
	char *end;

	/* strtoull() takes a sign and blanks, and wraps negative numbers. */
	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno || *end || n > UINT32_MAX)
		return -EINVAL;
	*v = n;
	return 0;
}

int parse_dev(struct cli *cli, const char *name, uint32_t *ifindex)
{
	struct teach_nl *nl = kernel(cli);

	if (!nl)
		return CLI_REFUSED;
	if (teach_link_index(nl, name, ifindex))
		return usage_error("Cannot find device \"%s\"", name);
	return CLI_OK;
}

int run_command(struct cli *cli, struct args *args, const char *object,
		const char *help, const struct command *commands)
{
	const struct command *c;

	if (args->n == 0)
		return commands[0].run(cli, args);
	if (args_take(args, "help|-h|--help")) {
		fputs(help, stdout);
		return CLI_OK;
	}
	for (c = commands; c->words; c++)
		if (args_take(args, c->words))
			return c->run(cli, args);

	return usage_error("Command \"%s\" is unknown, try \"teach %s help\".",
			   args->v[0], object);
}
