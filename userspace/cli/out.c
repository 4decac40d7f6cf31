// SPDX-License-Identifier: GPL-2.0-or-later
/* Output: colours, and JSON records that are printed as they come. */
#include <stdarg.h>
#include "cli.h"

/* iproute2's colours on a dark background. */
static const char *const color_code[] = {
	[COLOR_IFNAME]	= "\033[36m",
	[COLOR_MAC]	= "\033[33m",
	[COLOR_INET]	= "\033[35m",
	[COLOR_UP]	= "\033[32m",
	[COLOR_DOWN]	= "\033[31m",
};

void out_color(struct cli *cli, enum color color, const char *fmt, ...)
{
	bool on = cli->color && color != COLOR_NONE;
	va_list ap;

	if (on)
		fputs(color_code[color], stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	if (on)
		fputs("\033[0m", stdout);
}

const char *out_sep(const struct cli *cli)
{
	return cli->oneline ? "\\" : "\n";
}

static void put_json(struct json_object *item, bool pretty)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	fputs(json_object_to_json_string_ext(item, flags), stdout);
	json_object_put(item);
}

void out_begin(struct cli *cli)
{
	cli->items = 0;
	if (cli->json)
		putchar('[');
}

void out_item(struct cli *cli, struct json_object *item)
{
	if (cli->items++)
		putchar(',');
	if (cli->pretty)
		putchar('\n');
	put_json(item, cli->pretty);
}

void out_end(struct cli *cli)
{
	if (cli->json)
		puts(cli->pretty && cli->items ? "\n]" : "]");
}

void out_event(struct cli *cli, struct json_object *item)
{
	put_json(item, cli->pretty);
	putchar('\n');
	fflush(stdout);
}

void js_str(struct json_object *o, const char *key, const char *value)
{
	json_object_object_add(o, key, json_object_new_string(value));
}

void js_num(struct json_object *o, const char *key, uint64_t value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

void js_flag(struct json_object *o, const char *key)
{
	json_object_object_add(o, key, NULL);
}
