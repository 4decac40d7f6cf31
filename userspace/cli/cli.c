// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line from its first word to the object: global options, then the object
 * whose file does the rest.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"

static const char help_text[] =
"Usage: teach [ OPTIONS ] OBJECT { COMMAND | help }\n"
"       teach [ -force ] -batch FILE\n"
"where  OBJECT := { link | addr | neigh | rarp | socket | stats | monitor | ping | resolve }\n"
"       OPTIONS := { -j[son] | -p[retty] | -br[ief] | -s[tats] | -d[etails] |\n"
"                    -o[neline] | -t[imestamp] | -ts[hort] | -c[olor][=WHEN] |\n"
"                    -n[etns] NAME | -b[atch] FILE | -force | -V[ersion] }\n"
"       WHEN := { always | auto | never }\n"
"Without a COMMAND an object is shown. The manual: teach(8).\n";

static const struct {
	const char *words;
	int (*run)(struct cli *cli, struct args *args);
} objects[] = {
	{ "link|l", do_link },
	{ "addr|address|a", do_addr },
	{ "neigh|neighbour|neighbor|n", do_neigh },
	{ "rarp", do_rarp },
	{ "socket|sock|ss", do_socket },
	{ "stats|stat", do_stats },
	{ "monitor|mon|m", do_monitor },
	{ "ping", do_ping },
	{ "resolve", do_resolve },
};

int run_object(struct cli *cli, struct args *args)
{
	size_t i;

	if (args_take(args, "help")) {
		fputs(help_text, stdout);
		return CLI_OK;
	}
	for (i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
		if (args_take(args, objects[i].words))
			return objects[i].run(cli, args);

	return usage_error("Object \"%s\" is unknown, try \"teach help\".",
			   args->v[0]);
}

/* NO_COLOR (no-color.org) has its way unless -color=always is said. */
static int set_color(struct cli *cli, const char *when)
{
	const char *no = getenv("NO_COLOR");
	bool wanted = !no || !*no;

	if (!when)
		cli->color = wanted;
	else if (!strcmp(when, "always"))
		cli->color = true;
	else if (!strcmp(when, "auto"))
		cli->color = wanted && isatty(STDOUT_FILENO);
	else if (!strcmp(when, "never"))
		cli->color = false;
	else
		return bad_arg(when, "a colour mode is always, auto or never");
	return CLI_OK;
}

/* A command ends the program, so an option may stop it: then *stop is set. */
static int take_option(struct cli *cli, struct args *args, const char **batch,
		       bool *stop)
{
	const char *arg = args_next(args), *opt = arg + 1, *value;

	if (*opt == '-')
		opt++;		/* --json is -json */

	if (word_is(opt, "j|json")) {
		cli->json = true;
	} else if (word_is(opt, "p|pretty")) {
		cli->pretty = true;
	} else if (word_is(opt, "br|brief")) {
		cli->brief = true;
	} else if (word_is(opt, "s|stats|statistics")) {
		cli->stats++;
	} else if (word_is(opt, "d|details")) {
		cli->details = true;
	} else if (word_is(opt, "o|oneline")) {
		cli->oneline = true;
	} else if (word_is(opt, "t|timestamp")) {
		cli->timestamp = true;
	} else if (word_is(opt, "ts|tshort")) {
		cli->timestamp = cli->tshort = true;
	} else if (word_is(opt, "force")) {
		cli->force = true;
	} else if (word_is(opt, "c|color")) {
		return set_color(cli, NULL);
	} else if (!strncmp(opt, "c=", 2) || !strncmp(opt, "color=", 6)) {
		return set_color(cli, strchr(opt, '=') + 1);
	} else if (word_is(opt, "n|netns|b|batch")) {
		value = args_value(args, arg);
		if (!value)
			return CLI_USAGE;
		if (*opt == 'n')
			return netns_switch(value);
		*batch = value;
	} else if (word_is(opt, "V|Version")) {
		puts("teach utility, " TEACH_VERSION_TEXT);
		*stop = true;
	} else if (word_is(opt, "h|help")) {
		fputs(help_text, stdout);
		*stop = true;
	} else {
		return usage_error("Option \"%s\" is unknown, try \"teach help\".",
				   arg);
	}
	return CLI_OK;
}

static int run(struct cli *cli, struct args *args)
{
	const char *batch = NULL;
	bool stop = false;
	int status;

	while (args->n && args->v[0][0] == '-' && args->v[0][1]) {
		status = take_option(cli, args, &batch, &stop);
		if (status || stop)
			return status;
	}
	if (batch)
		return run_batch(cli, batch);
	if (!args->n) {
		fputs(help_text, stderr);
		return CLI_USAGE;
	}
	return run_object(cli, args);
}

int cli_main(int argc, char **argv, const struct teach_transport *ops)
{
	struct cli cli = { .ops = ops };
	struct args args = { .n = argc - 1, .v = argv + 1 };
	int status = run(&cli, &args);

	teach_nl_close(cli.handle);
	/* A full disk must not look like an empty table. */
	if (fflush(stdout) || ferror(stdout)) {
		perror("teach: cannot write the output");
		if (status == CLI_OK)
			status = CLI_USAGE;
	}
	return status;
}
