// SPDX-License-Identifier: GPL-2.0-or-later
/* teach stats: the counters of the network namespace. */
#include <string.h>
#include "cli.h"

static const char help[] =
"Usage: teach stats [ show ] [ all | -a ] [ NAME ]...\n"
"Shows the counters that are not zero, or all with all, -a or the option -s, or\n"
"those that are named. Their meanings: teach(7).\n";

#define N_STATS	(TEACH_STAT_MAX + 1)

static int stats_show(struct cli *cli, struct args *args)
{
	uint64_t value[N_STATS];
	bool wanted[N_STATS] = { false }, named = false, all = cli->stats;
	struct json_object *o;
	unsigned int i;
	const char *arg;
	int status;

	while ((arg = args_next(args))) {
		if (word_is(arg, "all|-a|-s")) {
			all = true;
		} else if (!teach_stat_parse(arg, &i)) {
			wanted[i] = named = true;
		} else {
			return usage_error("Error: there is no counter \"%s\"; \"teach stats all\" lists them.",
					   arg);
		}
	}
	if (!kernel(cli))
		return CLI_REFUSED;
	status = kernel_status(cli, teach_stats_get(kernel(cli), value,
						    N_STATS));
	if (status)
		return status;

	o = cli->json ? json_object_new_object() : NULL;
	for (i = 1; i < N_STATS; i++) {
		if (named ? !wanted[i] : !all && !value[i])
			continue;
		if (o)
			js_num(o, teach_stat_name(i), value[i]);
		else if (cli->oneline)
			printf("%s %llu\\", teach_stat_name(i),
			       (unsigned long long)value[i]);
		else
			printf("%-20s %20llu\n", teach_stat_name(i),
			       (unsigned long long)value[i]);
	}
	if (o) {
		out_begin(cli);
		out_item(cli, o);
		out_end(cli);
	} else if (cli->oneline) {
		putchar('\n');
	}
	return CLI_OK;
}

int do_stats(struct cli *cli, struct args *args)
{
	if (args_take(args, "help|-h|--help")) {
		fputs(help, stdout);
		return CLI_OK;
	}
	args_take(args, "show|s|ls|lst|list");
	return stats_show(cli, args);
}
