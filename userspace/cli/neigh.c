// SPDX-License-Identifier: GPL-2.0-or-later
/* teach neigh: the neighbour cache, as `ip neigh` shows and edits it. */
#include <errno.h>
#include <string.h>
#include <linux/neighbour.h>
#include "cli.h"

static const char help[] =
"Usage: teach neigh { add | change | replace } ADDR [ lladdr LLADDR ]\n"
"               [ nud STATE ] [ router ] [ use ] [ managed ] [ extern_learn ]\n"
"               dev DEV\n"
"       teach neigh del ADDR dev DEV\n"
"       teach neigh get ADDR dev DEV\n"
"       teach neigh [ show ] [ [ to ] PREFIX ] [ dev DEV ] [ nud STATE ]...\n"
"       teach neigh { add | del | get } proxy ADDR [ dev DEV ]\n"
"       teach neigh show proxy [ [ to ] PREFIX ] [ dev DEV ]\n"
"       teach neigh flush [ [ to ] PREFIX ] [ dev DEV ] [ nud STATE ]...\n"
"STATE := { none | incomplete | reachable | stale | delay | probe | failed |\n"
"           noarp | permanent }; with show and flush also all\n"
"Abbreviations: a, chg, d or delete, s or ls or list, f.\n"
"-s shows references, ages in seconds (used/confirmed/updated), requests since resolution\n"
"or probing began, packets that wait (and their bytes), and why it changed last.\n";

static const struct {
	uint8_t flag;
	const char *name;
} flags[] = {
	{ NTF_ROUTER, "router" },
	{ NTF_PROXY, "proxy" },
	{ NTF_EXT_LEARNED, "extern_learn" },
	{ NTF_OFFLOADED, "offload" },
	{ NTF_STICKY, "sticky" },
};

#define N_FLAGS (sizeof(flags) / sizeof(flags[0]))

/* A kernel could, in a later version, have a state that has no name here. */
static void state_name(uint16_t state, char *buf, size_t size)
{
	const char *name = teach_nud_name(state);

	if (name)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "0x%x", state);
}

/* @info is all that is known of it, with -s; or NULL. */
static void print(struct cli *cli, const struct teach_neigh *n,
		  const struct teach_neigh_info *info, bool dev)
{
	const char *reason = info ? teach_reason_name(info->reason) : NULL;
	char addr[TEACH_ADDRSTRLEN], mac[TEACH_LLADDRSTRLEN], state[16];
	size_t i;

	teach_ntop(&n->addr, addr, sizeof(addr));
	out_color(cli, COLOR_INET, "%s", addr);
	if (dev) {
		printf(" dev ");
		out_color(cli, COLOR_IFNAME, "%s",
			  n->ifindex ? dev_name(cli, n->ifindex) : "*");
	}
	if (n->lladdr_len) {
		teach_lladdr_format(n->lladdr, mac, sizeof(mac));
		printf(" lladdr ");
		out_color(cli, COLOR_MAC, "%s", mac);
	}
	for (i = 0; i < N_FLAGS; i++)
		if (n->flags & flags[i].flag)
			printf(" %s", flags[i].name);
	if (n->ext_flags & NTF_EXT_MANAGED)
		printf(" managed");
	if (cli->stats && !(n->flags & NTF_PROXY)) {
		if (n->refcnt)
			printf(" ref %u", n->refcnt);
		printf(" used %llu/%llu/%llu probes %u",
		       (unsigned long long)n->used_ms / 1000,
		       (unsigned long long)n->confirmed_ms / 1000,
		       (unsigned long long)n->updated_ms / 1000, n->probes);
	}
	if (info && info->held_packets)
		printf(" held %u/%u", info->held_packets, info->held_bytes);
	if (reason)
		printf(" reason %s", reason);
	/* As ip neigh: a proxy entry has no state. */
	if (n->flags & NTF_PROXY) {
		putchar('\n');
		return;
	}
	state_name(n->state, state, sizeof(state));
	printf(" %s\n", state);
}

void neigh_print(struct cli *cli, const struct teach_neigh *n, bool dev)
{
	print(cli, n, NULL, dev);
}

static struct json_object *info_json(struct cli *cli, const struct teach_neigh *n,
				     const struct teach_neigh_info *info, bool dev)
{
	const char *reason = info ? teach_reason_name(info->reason) : NULL;
	struct json_object *o = json_object_new_object();
	struct json_object *states;
	char addr[TEACH_ADDRSTRLEN], mac[TEACH_LLADDRSTRLEN], state[16];
	size_t i;

	teach_ntop(&n->addr, addr, sizeof(addr));
	js_str(o, "dst", addr);
	if (dev && n->ifindex)
		js_str(o, "dev", dev_name(cli, n->ifindex));
	if (n->lladdr_len) {
		teach_lladdr_format(n->lladdr, mac, sizeof(mac));
		js_str(o, "lladdr", mac);
	}
	for (i = 0; i < N_FLAGS; i++)
		if (n->flags & flags[i].flag)
			js_flag(o, flags[i].name);
	if (n->ext_flags & NTF_EXT_MANAGED)
		js_flag(o, "managed");
	if (n->flags & NTF_PROXY)
		return o;
	if (cli->stats) {
		if (n->refcnt)
			js_num(o, "refcnt", n->refcnt);
		js_num(o, "used", n->used_ms / 1000);
		js_num(o, "confirmed", n->confirmed_ms / 1000);
		js_num(o, "updated", n->updated_ms / 1000);
		js_num(o, "probes", n->probes);
	}
	if (info) {
		js_num(o, "held_packets", info->held_packets);
		js_num(o, "held_bytes", info->held_bytes);
	}
	if (reason)
		js_str(o, "reason", reason);
	state_name(n->state, state, sizeof(state));
	states = json_object_new_array();
	json_object_array_add(states, json_object_new_string(state));
	json_object_object_add(o, "state", states);
	return o;
}

struct json_object *neigh_json(struct cli *cli, const struct teach_neigh *n,
			       bool dev)
{
	return info_json(cli, n, NULL, dev);
}

/* ADDR, LLADDR, STATE, flags and DEV in any order. */
static int parse_entry(struct cli *cli, struct args *args,
		       struct teach_neigh *n)
{
	bool have_addr = false, have_state = false;
	const char *arg, *v;
	int status;

	*n = (struct teach_neigh){ .state = NUD_PERMANENT };
	while ((arg = args_next(args))) {
		if (word_is(arg, "dev")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			status = parse_dev(cli, v, &n->ifindex);
			if (status)
				return status;
		} else if (word_is(arg, "lladdr")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			if (teach_lladdr_parse(v, n->lladdr))
				return bad_arg(v, "a MAC address is six hexadecimal numbers and colons");
			n->lladdr_len = TEACH_LLADDRLEN;
		} else if (word_is(arg, "nud|state")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			if (teach_nud_parse(v, &n->state))
				return bad_arg(v, "this is no state of a neighbour");
			have_state = true;
		} else if (word_is(arg, "router")) {
			n->flags |= NTF_ROUTER;
		} else if (word_is(arg, "extern_learn")) {
			n->flags |= NTF_EXT_LEARNED;
		} else if (word_is(arg, "use")) {
			n->flags |= NTF_USE;
		} else if (word_is(arg, "managed")) {
			n->ext_flags |= NTF_EXT_MANAGED;
		} else if (word_is(arg, "proxy")) {
			n->flags |= NTF_PROXY;
		} else {
			/* "to ADDR", or ADDR alone */
			if (word_is(arg, "to")) {
				arg = args_value(args, arg);
				if (!arg)
					return CLI_USAGE;
			}
			if (have_addr)
				return unknown_arg(arg, "neigh");
			if (teach_pton(arg, &n->addr))
				return bad_arg(arg, "an address is four numbers of 0 to 255 and dots");
			have_addr = true;
		}
	}
	/* A proxy entry may be for all devices, and has neither state nor MAC address. */
	if (n->flags & NTF_PROXY && !have_state)
		n->state = NUD_NONE;
	if (!have_addr || (!n->ifindex && !(n->flags & NTF_PROXY)))
		return usage_error("Device and destination are required arguments.");
	/* An entry that the kernel is to resolve has no state to be given. */
	if (!have_state && ((n->flags & NTF_USE) ||
			    (n->ext_flags & NTF_EXT_MANAGED)))
		n->state = NUD_NONE;
	return CLI_OK;
}

typedef int (*change_fn)(struct teach_nl *nl, const struct teach_neigh *neigh);

static int change(struct cli *cli, struct args *args, change_fn fn)
{
	struct teach_neigh n;
	int status = parse_entry(cli, args, &n);

	return status ? status : kernel_status(cli, fn(kernel(cli), &n));
}

static int neigh_add(struct cli *cli, struct args *args)
{
	return change(cli, args, teach_neigh_add);
}

static int neigh_change(struct cli *cli, struct args *args)
{
	return change(cli, args, teach_neigh_change);
}

static int neigh_replace(struct cli *cli, struct args *args)
{
	return change(cli, args, teach_neigh_replace);
}

static int neigh_del(struct cli *cli, struct args *args)
{
	struct teach_neigh n;
	int status = parse_entry(cli, args, &n);

	if (status)
		return status;
	return kernel_status(cli, (n.flags & NTF_PROXY ? teach_proxy_del : teach_neigh_del)
			     (kernel(cli), n.ifindex, &n.addr));
}

static int neigh_get(struct cli *cli, struct args *args)
{
	struct teach_neigh_info found;
	const struct teach_neigh_info *info = cli->stats ? &found : NULL;
	struct teach_neigh n;
	int status = parse_entry(cli, args, &n);

	if (status)
		return status;
	if (n.flags & NTF_PROXY)
		status = teach_proxy_get(kernel(cli), n.ifindex, &n.addr, &found.neigh);
	else if (info)
		status = teach_neigh_info_get(kernel(cli), n.ifindex, &n.addr, &found);
	else
		status = teach_neigh_get(kernel(cli), n.ifindex, &n.addr,
					 &found.neigh);
	status = kernel_status(cli, status);
	if (status)
		return status;
	if (cli->json) {
		out_begin(cli);
		out_item(cli, info_json(cli, &found.neigh, info, true));
		out_end(cli);
	} else {
		print(cli, &found.neigh, info, true);
	}
	return CLI_OK;
}

/* PREFIX, DEV and STATEs, as show and flush have them. */
static int parse_filter(struct cli *cli, struct args *args,
			struct teach_neigh_filter *f)
{
	bool have_prefix = false;
	const char *arg, *v;
	uint16_t state;
	int status;

	while ((arg = args_next(args))) {
		if (word_is(arg, "dev")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			status = parse_dev(cli, v, &f->ifindex);
			if (status)
				return status;
		} else if (word_is(arg, "nud|state")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			if (word_is(v, "all"))
				f->states |= 0xff | TEACH_NUD_NONE_BIT;
			else if (teach_nud_parse(v, &state))
				return bad_arg(v, "this is no state of a neighbour");
			else
				f->states |= state ? state : TEACH_NUD_NONE_BIT;
		} else {
			if (word_is(arg, "to")) {
				arg = args_value(args, arg);
				if (!arg)
					return CLI_USAGE;
			}
			if (have_prefix)
				return unknown_arg(arg, "neigh");
			if (teach_prefix_parse(arg, &f->prefix, &f->prefixlen))
				return bad_arg(arg, "a prefix is an address, or an address/0 to /32");
			have_prefix = true;
		}
	}
	return CLI_OK;
}

struct show {
	struct cli	*cli;
	bool		dev;
};

static int show_one(const struct teach_neigh *n, void *arg)
{
	struct show *show = arg;

	if (show->cli->json)
		out_item(show->cli, neigh_json(show->cli, n, show->dev));
	else
		neigh_print(show->cli, n, show->dev);
	return 0;
}

static int show_info(const struct teach_neigh_info *info, void *arg)
{
	struct show *show = arg;

	if (show->cli->json)
		out_item(show->cli, info_json(show->cli, &info->neigh, info, show->dev));
	else
		print(show->cli, &info->neigh, info, show->dev);
	return 0;
}

static int neigh_show(struct cli *cli, struct args *args)
{
	struct teach_neigh_filter f = { 0 };
	struct show show = { .cli = cli };
	bool proxy = args_take(args, "proxy");
	int status;

	status = parse_filter(cli, args, &f);
	if (status)
		return status;
	if (!kernel(cli))
		return CLI_REFUSED;
	/* As ip neigh: what is not a neighbour that was resolved is not shown. */
	if (!f.states)
		f.states = 0xff & ~NUD_NOARP;
	show.dev = !f.ifindex;

	out_begin(cli);
	if (proxy)
		status = teach_proxy_list(kernel(cli), &f, show_one, &show);
	else if (cli->stats)
		status = teach_neigh_info_list(kernel(cli), &f, show_info, &show);
	else
		status = teach_neigh_list(kernel(cli), &f, show_one, &show);
	status = list_status(cli, status);
	out_end(cli);
	return status;
}

static int neigh_flush(struct cli *cli, struct args *args)
{
	struct teach_neigh_filter f = { 0 };
	unsigned int count;
	int status;

	if (!args->n)
		return usage_error("Flush requires arguments.");
	status = parse_filter(cli, args, &f);
	if (status)
		return status;
	if (!kernel(cli))
		return CLI_REFUSED;
	/* As ip neigh: what somebody entered by hand is not flushed by chance. */
	if (!f.states)
		f.states = (0xff & ~(NUD_PERMANENT | NUD_NOARP)) |
			   TEACH_NUD_NONE_BIT;

	status = kernel_status(cli, teach_neigh_flush(kernel(cli), &f, &count));
	if (!status && !count)
		puts("Nothing to flush.");
	else if (cli->stats)
		printf("*** Flush is complete, %u %s deleted ***\n", count,
		       count == 1 ? "entry" : "entries");
	return status;
}

static const struct command commands[] = {
	{ "show|s|ls|lst|list", neigh_show },
	{ "add|a", neigh_add },
	{ "change|chg", neigh_change },
	{ "replace", neigh_replace },
	{ "del|delete|d", neigh_del },
	{ "get", neigh_get },
	{ "flush|f", neigh_flush },
	{ NULL, NULL },
};

int do_neigh(struct cli *cli, struct args *args)
{
	return run_command(cli, args, "neigh", help, commands);
}
