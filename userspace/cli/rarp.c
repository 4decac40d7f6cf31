// SPDX-License-Identifier: GPL-2.0-or-later
/* teach rarp: the table of this host's RARP server, and asking others' servers. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include "cli.h"

static const char help[] =
"Usage: teach rarp { add | replace } LLADDR ADDR [ dev DEV ]\n"
"       teach rarp del LLADDR [ dev DEV ]\n"
"       teach rarp [ show ] [ dev DEV ]\n"
"       teach rarp resolve [ LLADDR ] dev DEV [ timeout SECONDS ]\n"
"The table says which address a host that asks is given; with a device only if it\n"
"asks there. resolve asks which address belongs to LLADDR, or to the device, once a\n"
"second for 3 seconds. Abbreviations: a, d or delete, s or ls or list.\n";

/* What may be said after a command. */
struct words {
	struct teach_rarp	entry;
	bool			have_lladdr;
	bool			have_addr;
	uint32_t		timeout;	/* seconds */
};

static int parse_lladdr_or_addr(const char *arg, struct words *w, bool addr_allowed)
{
	if (!w->have_lladdr && !teach_lladdr_parse(arg, w->entry.lladdr)) {
		w->have_lladdr = true;
		return CLI_OK;
	}
	if (addr_allowed && !w->have_addr && !teach_pton(arg, &w->entry.addr)) {
		w->have_addr = true;
		return CLI_OK;
	}
	return bad_arg(arg, addr_allowed ? "a MAC address is six hexadecimal numbers and colons, an address four numbers of 0 to 255 and dots" :
		       "a MAC address is six hexadecimal numbers and colons");
}

/* LLADDR, ADDR, dev DEV and timeout SECONDS in any order. */
static int parse_words(struct cli *cli, struct args *args, struct words *w, bool addr_allowed)
{
	const char *arg, *v;
	int status = CLI_OK;

	*w = (struct words){ .timeout = 3 };
	while (!status && (arg = args_next(args))) {
		if (word_is(arg, "dev")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			status = parse_dev(cli, v, &w->entry.ifindex);
		} else if (word_is(arg, "timeout")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			if (parse_u32(v, &w->timeout) || w->timeout > 86400)
				return bad_arg(v, "a time is 0 to 86400 seconds");
		} else {
			if (word_is(arg, "lladdr"))
				arg = args_value(args, arg);
			if (!arg)
				return CLI_USAGE;
			status = parse_lladdr_or_addr(arg, w, addr_allowed);
		}
	}
	return status;
}

static int change(struct cli *cli, struct args *args,
		  int (*call)(struct teach_nl *nl, const struct teach_rarp *entry),
		  bool addr_needed)
{
	struct words w;
	int status = parse_words(cli, args, &w, addr_needed);

	if (status)
		return status;
	if (!w.have_lladdr || (addr_needed && !w.have_addr))
		return usage_error(addr_needed ? "MAC address and address are required arguments." :
				   "MAC address is a required argument.");
	if (!kernel(cli))
		return CLI_REFUSED;
	return kernel_status(cli, call(kernel(cli), &w.entry));
}

static int rarp_add(struct cli *cli, struct args *args)
{
	return change(cli, args, teach_rarp_add, true);
}

static int rarp_replace(struct cli *cli, struct args *args)
{
	return change(cli, args, teach_rarp_replace, true);
}

static int rarp_del(struct cli *cli, struct args *args)
{
	return change(cli, args, teach_rarp_del, false);
}

struct show {
	struct cli	*cli;
	uint32_t	ifindex;
};

static int show_entry(const struct teach_rarp *e, void *arg)
{
	char addr[TEACH_ADDRSTRLEN], mac[TEACH_LLADDRSTRLEN];
	struct show *show = arg;
	struct cli *cli = show->cli;
	struct json_object *o;

	if (show->ifindex && show->ifindex != e->ifindex)
		return 0;
	teach_ntop(&e->addr, addr, sizeof(addr));
	teach_lladdr_format(e->lladdr, mac, sizeof(mac));
	if (cli->json) {
		o = json_object_new_object();
		js_str(o, "lladdr", mac);
		js_str(o, "dst", addr);
		if (e->ifindex)
			js_str(o, "dev", dev_name(cli, e->ifindex));
		out_item(cli, o);
		return 0;
	}
	out_color(cli, COLOR_MAC, "%s", mac);
	printf(" ");
	out_color(cli, COLOR_INET, "%s", addr);
	if (e->ifindex) {
		printf(" dev ");
		out_color(cli, COLOR_IFNAME, "%s", dev_name(cli, e->ifindex));
	}
	putchar('\n');
	return 0;
}

static int rarp_show(struct cli *cli, struct args *args)
{
	struct show show = { .cli = cli };
	const char *arg;
	int status;

	while ((arg = args_next(args))) {
		if (word_is(arg, "dev"))
			arg = args_value(args, arg);
		if (!arg)
			return CLI_USAGE;
		if (show.ifindex)
			return unknown_arg(arg, "rarp");
		status = parse_dev(cli, arg, &show.ifindex);
		if (status)
			return status;
	}
	if (!kernel(cli))
		return CLI_REFUSED;
	out_begin(cli);
	status = list_status(cli, teach_rarp_list(kernel(cli), show_entry, &show));
	out_end(cli);
	return status;
}

static double since_ms(const struct timespec *begin)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - begin->tv_sec) * 1e3 + (now.tv_nsec - begin->tv_nsec) / 1e6;
}

static void print_answer(struct cli *cli, const struct teach_rarp_answer *a, double ms)
{
	char addr[TEACH_ADDRSTRLEN], mac[TEACH_LLADDRSTRLEN];
	char server[TEACH_ADDRSTRLEN], server_mac[TEACH_LLADDRSTRLEN];
	struct json_object *o;

	teach_ntop(&a->addr, addr, sizeof(addr));
	teach_lladdr_format(a->lladdr, mac, sizeof(mac));
	teach_ntop(&a->server, server, sizeof(server));
	teach_lladdr_format(a->server_lladdr, server_mac, sizeof(server_mac));
	if (cli->json) {
		o = json_object_new_object();
		js_str(o, "lladdr", mac);
		js_str(o, "dst", addr);
		js_str(o, "dev", dev_name(cli, a->ifindex));
		js_str(o, "server", server);
		js_str(o, "server_lladdr", server_mac);
		json_object_object_add(o, "time_ms", json_object_new_double(ms));
		js_num(o, "requests", a->requests);
		out_begin(cli);
		out_item(cli, o);
		out_end(cli);
		return;
	}
	out_color(cli, COLOR_MAC, "%s", mac);
	printf(" is ");
	out_color(cli, COLOR_INET, "%s", addr);
	printf(" dev ");
	out_color(cli, COLOR_IFNAME, "%s", dev_name(cli, a->ifindex));
	printf(" says %s lladdr %s: %.1f ms, %u request%s\n", server, server_mac, ms,
	       a->requests, a->requests == 1 ? "" : "s");
}

static int rarp_resolve(struct cli *cli, struct args *args)
{
	struct teach_rarp_answer answer;
	struct timespec begin;
	struct words w;
	int status = parse_words(cli, args, &w, false), err;

	if (status)
		return status;
	if (!w.entry.ifindex)
		return usage_error("Device is a required argument.");
	if (!kernel(cli))
		return CLI_REFUSED;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	err = teach_rarp_resolve(kernel(cli), w.entry.ifindex,
				 w.have_lladdr ? w.entry.lladdr : NULL, w.timeout * 1000,
				 &answer);
	if (err == -ETIMEDOUT) {
		fprintf(stderr, "Error: no RARP server answers: %u request%s.\n",
			answer.requests, answer.requests == 1 ? "" : "s");
		return CLI_REFUSED;
	}
	if (err)
		return kernel_status(cli, err);
	print_answer(cli, &answer, since_ms(&begin));
	return CLI_OK;
}

static const struct command commands[] = {
	{ "show|s|ls|lst|list", rarp_show },
	{ "add|a", rarp_add },
	{ "replace", rarp_replace },
	{ "del|delete|d", rarp_del },
	{ "resolve", rarp_resolve },
	{ NULL, NULL },
};

int do_rarp(struct cli *cli, struct args *args)
{
	return run_command(cli, args, "rarp", help, commands);
}
