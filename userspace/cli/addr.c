// SPDX-License-Identifier: GPL-2.0-or-later
/* teach addr: this host's addresses, as `ip addr` shows and edits them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/rtnetlink.h>
#include "cli.h"

static const char help[] =
"Usage: teach addr { add | del } [ local ] ADDR[/LENGTH] dev DEV\n"
"       teach addr [ show ] [ [ dev ] DEV ] [ to PREFIX ]\n"
"       teach addr flush [ dev DEV ] [ to PREFIX ]\n"
"LENGTH of the prefix, 0 to 32, is 32 when left out; del then takes the address\n"
"whatever its length is. Abbreviations: a, d or delete, s or ls or list, f.\n";

static void scope_name(uint8_t scope, char *buf, size_t size)
{
	switch (scope) {
	case RT_SCOPE_UNIVERSE:
		snprintf(buf, size, "global");
		break;
	case RT_SCOPE_SITE:
		snprintf(buf, size, "site");
		break;
	case RT_SCOPE_LINK:
		snprintf(buf, size, "link");
		break;
	case RT_SCOPE_HOST:
		snprintf(buf, size, "host");
		break;
	default:
		snprintf(buf, size, "%u", scope);
	}
}

void ifaddr_print(struct cli *cli, const struct teach_ifaddr *a)
{
	char addr[TEACH_ADDRSTRLEN], scope[8];

	teach_ntop(&a->addr, addr, sizeof(addr));
	scope_name(a->scope, scope, sizeof(scope));
	printf("    teach ");
	out_color(cli, COLOR_INET, "%s", addr);
	printf("/%u scope %s", a->prefixlen, scope);
}

struct json_object *ifaddr_json(const struct teach_ifaddr *a)
{
	struct json_object *o = json_object_new_object();
	char addr[TEACH_ADDRSTRLEN], scope[8];

	teach_ntop(&a->addr, addr, sizeof(addr));
	scope_name(a->scope, scope, sizeof(scope));
	js_str(o, "family", "teach");
	js_str(o, "local", addr);
	js_num(o, "prefixlen", a->prefixlen);
	js_str(o, "scope", scope);
	return o;
}

/* Everything that a command wants to know, and what it collects. */
struct query {
	uint32_t		ifindex;
	struct teach_addr	prefix;
	uint8_t			prefixlen;	/* 0 matches all */
	size_t			n, room;
	struct teach_ifaddr	*found;
};

static int collect(const struct teach_ifaddr *a, void *arg)
{
	struct query *q = arg;
	size_t room;
	void *p;

	if (!teach_prefix_match(&a->addr, &q->prefix, q->prefixlen))
		return 0;
	if (q->n == q->room) {
		room = q->room ? q->room * 2 : 64;
		p = realloc(q->found, room * sizeof(*q->found));
		if (!p)
			return -ENOMEM;
		q->found = p;
		q->room = room;
	}
	q->found[q->n++] = *a;
	return 0;
}

/* [ dev ] DEV and to PREFIX, in any order. */
static int parse_query(struct cli *cli, struct args *args, struct query *q)
{
	const char *arg, *v;
	int status;

	while ((arg = args_next(args))) {
		if (word_is(arg, "to")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			if (teach_prefix_parse(v, &q->prefix, &q->prefixlen))
				return bad_arg(v, "a prefix is an address, or an address/0 to /32");
			continue;
		}
		if (word_is(arg, "dev")) {
			arg = args_value(args, arg);
			if (!arg)
				return CLI_USAGE;
		} else if (q->ifindex) {
			return unknown_arg(arg, "addr");
		}
		status = parse_dev(cli, arg, &q->ifindex);
		if (status)
			return status;
	}
	return CLI_OK;
}

struct show {
	struct cli	*cli;
	struct query	*q;
	bool		all;	/* devices without an address too */
};

static void show_json(struct show *show, const struct teach_link *link)
{
	struct json_object *o = link_head_json(link);
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < show->q->n; i++)
		if (show->q->found[i].ifindex == link->ifindex)
			json_object_array_add(list,
					      ifaddr_json(&show->q->found[i]));
	json_object_object_add(o, "addr_info", list);
	out_item(show->cli, o);
}

static int show_link(const struct teach_link *link, void *arg)
{
	struct show *show = arg;
	struct cli *cli = show->cli;
	const struct teach_ifaddr *a;
	char addr[TEACH_ADDRSTRLEN];
	size_t i, n = 0;

	if (show->q->ifindex && show->q->ifindex != link->ifindex)
		return 0;
	for (i = 0; i < show->q->n; i++)
		n += show->q->found[i].ifindex == link->ifindex;
	if (!n && !show->all)
		return 0;
	if (cli->json) {
		show_json(show, link);
		return 0;
	}
	if (cli->brief)
		link_brief_print(cli, link);
	else if (!cli->oneline) {
		link_head_print(cli, link);
		putchar('\n');
	}
	for (i = 0; i < show->q->n; i++) {
		a = &show->q->found[i];
		if (a->ifindex != link->ifindex)
			continue;
		if (cli->brief) {
			teach_ntop(&a->addr, addr, sizeof(addr));
			out_color(cli, COLOR_INET, "%s/%u ", addr,
				  a->prefixlen);
			continue;
		}
		/* With -o each address is a line that stands for itself. */
		if (cli->oneline)
			printf("%u: %s", link->ifindex, link->name);
		ifaddr_print(cli, a);
		putchar('\n');
	}
	if (cli->brief)
		putchar('\n');
	return 0;
}

static int addr_show(struct cli *cli, struct args *args)
{
	struct query q = { 0 };
	struct show show = { .cli = cli, .q = &q };
	int status;

	status = parse_query(cli, args, &q);
	if (status)
		return status;
	if (!kernel(cli))
		return CLI_REFUSED;
	show.all = !q.prefixlen;
	status = list_status(cli, teach_addr_list(kernel(cli), q.ifindex,
						  collect, &q));
	if (!status) {
		out_begin(cli);
		status = list_status(cli, teach_link_list(kernel(cli),
							  show_link, &show));
		out_end(cli);
	}
	free(q.found);
	return status;
}

/* ADDR[/LENGTH] dev DEV */
static int parse_addr(struct cli *cli, struct args *args,
		      struct teach_ifaddr *a, bool *have_len)
{
	bool have_addr = false;
	const char *arg, *v;
	int status;

	*a = (struct teach_ifaddr){ 0 };
	while ((arg = args_next(args))) {
		if (word_is(arg, "dev")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			status = parse_dev(cli, v, &a->ifindex);
			if (status)
				return status;
			continue;
		}
		if (word_is(arg, "local")) {
			arg = args_value(args, arg);
			if (!arg)
				return CLI_USAGE;
		}
		if (have_addr)
			return unknown_arg(arg, "addr");
		if (teach_prefix_parse(arg, &a->addr, &a->prefixlen))
			return bad_arg(arg, "an address is four numbers of 0 to 255 and dots, and perhaps /0 to /32");
		have_addr = true;
		*have_len = strchr(arg, '/');
	}
	if (!have_addr || !a->ifindex)
		return usage_error("Device and address are required arguments.");
	return CLI_OK;
}

static int addr_add(struct cli *cli, struct args *args)
{
	struct teach_ifaddr a;
	bool have_len;
	int status = parse_addr(cli, args, &a, &have_len);

	if (status)
		return status;
	return kernel_status(cli, teach_addr_add(kernel(cli), &a));
}

static int addr_del(struct cli *cli, struct args *args)
{
	struct query q = { .prefixlen = 32 };
	struct teach_ifaddr a;
	bool have_len;
	int status = parse_addr(cli, args, &a, &have_len);

	if (status)
		return status;
	if (!have_len) {
		q.prefix = a.addr;
		status = list_status(cli, teach_addr_list(kernel(cli),
							  a.ifindex, collect,
							  &q));
		/* None: let the kernel say so, in its own words. */
		if (!status && q.n)
			a.prefixlen = q.found[0].prefixlen;
		free(q.found);
		if (status)
			return status;
	}
	return kernel_status(cli, teach_addr_del(kernel(cli), &a));
}

static int addr_flush(struct cli *cli, struct args *args)
{
	struct query q = { 0 };
	size_t i, done = 0;
	int status, err;

	if (!args->n)
		return usage_error("Flush requires arguments.");
	status = parse_query(cli, args, &q);
	if (status)
		return status;
	if (!kernel(cli))
		return CLI_REFUSED;
	status = list_status(cli, teach_addr_list(kernel(cli), q.ifindex,
						  collect, &q));
	for (i = 0; !status && i < q.n; i++) {
		err = teach_addr_del(kernel(cli), &q.found[i]);
		/* Somebody else was faster. */
		if (err == -EADDRNOTAVAIL || err == -ENODEV)
			continue;
		status = kernel_status(cli, err);
		if (!status)
			done++;
	}
	free(q.found);
	if (!status && !done)
		puts("Nothing to flush.");
	else if (cli->stats)
		printf("*** Flush is complete, %zu %s deleted ***\n", done,
		       done == 1 ? "address" : "addresses");
	return status;
}

static const struct command commands[] = {
	{ "show|s|ls|lst|list", addr_show },
	{ "add|a", addr_add },
	{ "del|delete|d", addr_del },
	{ "flush|f", addr_flush },
	{ NULL, NULL },
};

int do_addr(struct cli *cli, struct args *args)
{
	return run_command(cli, args, "addr", help, commands);
}
