// SPDX-License-Identifier: GPL-2.0-or-later
/* teach addr: this host's addresses, as `ip addr` shows and edits them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include "cli.h"

static const char help[] =
"Usage: teach addr add [ local ] ADDR[/LENGTH] dev DEV [ nodad ] [ nowait ]\n"
"       teach addr del [ local ] ADDR[/LENGTH] dev DEV\n"
"       teach addr { add | del } dev DEV dynamic[/LENGTH]\n"
"       teach addr [ show ] [ [ dev ] DEV ] [ to PREFIX ]\n"
"       teach addr flush [ dev DEV ] [ to PREFIX ]\n"
"LENGTH of the prefix, 0 to 32, is 32 when left out; del then takes the address\n"
"whatever its length is. Where the device has accept_dad set, add waits until other\n"
"hosts were asked whether they have the address: not with nowait, and with nodad they\n"
"are not asked. A dynamic address is got by RARP; its LENGTH is 24 when left out.\n"
"Abbreviations: a, d or delete, s or ls or list, f.\n";

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

/* In the order in which `ip addr` has them. */
static const struct addr_flag {
	uint32_t flag;
	const char *name;
} flags[] = {
	{ IFA_F_PERMANENT, "dynamic" },	/* if it is not set */
	{ IFA_F_TENTATIVE, "tentative" },
	{ IFA_F_NODAD, "nodad" },
	{ IFA_F_DADFAILED, "dadfailed" },
};

#define N_FLAGS (sizeof(flags) / sizeof(flags[0]))

static bool has_flag(const struct teach_ifaddr *a, const struct addr_flag *f)
{
	if (f->flag == IFA_F_PERMANENT)
		return !(a->flags & IFA_F_PERMANENT) && a->valid != UINT32_MAX;
	return a->flags & f->flag;
}

void ifaddr_print(struct cli *cli, const struct teach_ifaddr *a)
{
	char addr[TEACH_ADDRSTRLEN], scope[8];
	size_t i;

	teach_ntop(&a->addr, addr, sizeof(addr));
	scope_name(a->scope, scope, sizeof(scope));
	printf("    teach ");
	out_color(cli, COLOR_INET, "%s", addr);
	printf("/%u scope %s", a->prefixlen, scope);
	for (i = 0; i < N_FLAGS; i++)
		if (has_flag(a, &flags[i]))
			printf(" %s", flags[i].name);
	if (a->valid != UINT32_MAX)
		printf("%svalid_lft %usec preferred_lft %usec",
		       cli->oneline || cli->brief ? "\\       " : "\n       ", a->valid,
		       a->preferred);
}

struct json_object *ifaddr_json(const struct teach_ifaddr *a)
{
	struct json_object *o = json_object_new_object();
	char addr[TEACH_ADDRSTRLEN], scope[8];
	size_t i;

	teach_ntop(&a->addr, addr, sizeof(addr));
	scope_name(a->scope, scope, sizeof(scope));
	js_str(o, "family", "teach");
	js_str(o, "local", addr);
	js_num(o, "prefixlen", a->prefixlen);
	js_str(o, "scope", scope);
	for (i = 0; i < N_FLAGS; i++)
		if (has_flag(a, &flags[i]))
			json_object_object_add(o, flags[i].name,
					       json_object_new_boolean(true));
	if (a->valid != UINT32_MAX) {
		js_num(o, "valid_life_time", a->valid);
		js_num(o, "preferred_life_time", a->preferred);
	}
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

/* An address as add and del want it. */
struct wanted {
	struct teach_ifaddr	a;
	bool			have_addr;
	bool			have_len;
	bool			dynamic;
	bool			nowait;
};

/* RARP tells no prefix length. */
#define DYNAMIC_LENGTH	24

/* dynamic[/LENGTH]: CLI_OK, or -1 if that is another word. */
static int parse_dynamic(const char *arg, struct wanted *w)
{
	uint32_t len = DYNAMIC_LENGTH;

	if (strncmp(arg, "dynamic", 7) || (arg[7] && arg[7] != '/'))
		return -1;
	if (arg[7] && (parse_u32(arg + 8, &len) || len > 32))
		return bad_arg(arg, "a prefix length is 0 to 32");
	w->dynamic = true;
	w->a.prefixlen = len;
	return CLI_OK;
}

/* ADDR[/LENGTH] or dynamic[/LENGTH], dev DEV; with add nodad and nowait too. */
static int parse_addr(struct cli *cli, struct args *args, struct wanted *w, bool add)
{
	struct teach_ifaddr *a = &w->a;
	const char *arg, *v;
	int status;

	*w = (struct wanted){ 0 };
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
		if (add && word_is(arg, "nodad")) {
			a->flags |= IFA_F_NODAD;
			continue;
		}
		if (add && word_is(arg, "nowait|-nowait")) {
			w->nowait = true;
			continue;
		}
		status = w->have_addr || w->dynamic ? -1 : parse_dynamic(arg, w);
		if (status == CLI_OK)
			continue;
		if (status > 0)
			return status;
		if (word_is(arg, "local")) {
			arg = args_value(args, arg);
			if (!arg)
				return CLI_USAGE;
		}
		if (w->have_addr || w->dynamic)
			return unknown_arg(arg, "addr");
		if (teach_prefix_parse(arg, &a->addr, &a->prefixlen))
			return bad_arg(arg, "an address is four numbers of 0 to 255 and dots, and perhaps /0 to /32");
		w->have_addr = true;
		w->have_len = strchr(arg, '/');
	}
	if ((!w->have_addr && !w->dynamic) || !a->ifindex)
		return usage_error("Device and address are required arguments.");
	return CLI_OK;
}

/* Milliseconds that asking takes at most (RFC 5227, 2.1.1), and a second more. */
static int probing_ms(struct cli *cli, uint32_t ifindex)
{
	struct teach_link link;
	const uint32_t *v = link.parms.value;
	uint64_t ms;

	if (teach_link_get(kernel(cli), ifindex, &link))
		return 1000;
	ms = v[TEACH_PARM_A_ACD_PROBE_WAIT_MS] + v[TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS] +
	     (uint64_t)v[TEACH_PARM_A_ACD_PROBES] * v[TEACH_PARM_A_ACD_PROBE_MAX_MS] + 1000;
	return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

static int addr_add(struct cli *cli, struct args *args)
{
	struct wanted w;
	int status = parse_addr(cli, args, &w, true);
	int err;

	if (status)
		return status;
	if (w.dynamic)
		err = teach_rarp_start(kernel(cli), w.a.ifindex, w.a.prefixlen);
	else if (w.nowait)
		err = teach_addr_add(kernel(cli), &w.a);
	else
		err = teach_addr_add_wait(kernel(cli), &w.a,
					  probing_ms(cli, w.a.ifindex));
	return kernel_status(cli, err);
}

static int addr_del(struct cli *cli, struct args *args)
{
	struct query q = { .prefixlen = 32 };
	struct wanted w;
	int status = parse_addr(cli, args, &w, false);

	if (status)
		return status;
	if (w.dynamic)
		return kernel_status(cli, teach_rarp_stop(kernel(cli), w.a.ifindex));
	if (!w.have_len) {
		q.prefix = w.a.addr;
		status = list_status(cli, teach_addr_list(kernel(cli),
							  w.a.ifindex, collect,
							  &q));
		/* None: let the kernel say so, in its own words. */
		if (!status && q.n)
			w.a.prefixlen = q.found[0].prefixlen;
		free(q.found);
		if (status)
			return status;
	}
	return kernel_status(cli, teach_addr_del(kernel(cli), &w.a));
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
