// SPDX-License-Identifier: GPL-2.0-or-later
/* teach link: devices as TEACH sees them, and their parameters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"

static const char help[] =
"Usage: teach link [ show ] [ [ dev ] DEV ]\n"
"       teach link set [ dev ] DEV PARAMETER VALUE [ PARAMETER VALUE ]...\n"
"PARAMETER := { base_reachable_time_ms | retrans_time_ms |\n"
"               delay_first_probe_time_ms | gc_stale_time_ms | locktime_ms |\n"
"               ucast_solicit | mcast_solicit | mcast_resolicit |\n"
"               unres_qlen_bytes | arp_ignore | arp_announce | arp_accept |\n"
"               arp_notify | drop_gratuitous_arp | proxy_arp | proxy_delay_ms |\n"
"               proxy_qlen | solicits_per_sec | solicits_burst | accept_dad |\n"
"               acd_probe_wait_ms | acd_probes | acd_probe_min_ms |\n"
"               acd_probe_max_ms | acd_announce_wait_ms | acd_announcements |\n"
"               acd_announce_interval_ms | acd_defend | acd_defend_interval_ms |\n"
"               rarp_retrans_ms | rarp_retrans_max_ms | rarp_lifetime_ms |\n"
"               rarp_serve | resolver | dad_transmits | interval_probe_time_ms |\n"
"               max_neighs }\n"
"with the meanings of net.ipv4.neigh.DEV and net.ipv4.conf.DEV, and of RFC 5227;\n"
"resolver is 0 for ARP, 1 for the manner of NDP, 2 for that and then ARP;\n"
"teach(7) has all. Abbreviations: s or ls or list. -d shows the parameters, -s the\n"
"counters of ARP and of the neighbour cache that are not zero.\n";

static const struct {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{ TEACH_LINK_F_NOARP, "NOARP" },
	{ TEACH_LINK_F_DYNAMIC, "DYNAMIC" },
	{ TEACH_LINK_F_UP, "UP" },
};

#define N_FLAGS (sizeof(flag_names) / sizeof(flag_names[0]))

static void print_flags(const struct teach_link *link)
{
	const char *sep = "";
	size_t i;

	for (i = 0; i < N_FLAGS; i++) {
		if (!(link->flags & flag_names[i].flag))
			continue;
		printf("%s%s", sep, flag_names[i].name);
		sep = ",";
	}
}

static const char *type_text(const struct teach_link *link)
{
	return link->lladdr_len ? "ether" : "none";
}

void link_head_print(struct cli *cli, const struct teach_link *link)
{
	char mac[TEACH_LLADDRSTRLEN];

	printf("%u: ", link->ifindex);
	out_color(cli, COLOR_IFNAME, "%s", link->name);
	printf(": <");
	print_flags(link);
	printf("> mtu %u state ", link->mtu);
	if (link->flags & TEACH_LINK_F_UP)
		out_color(cli, COLOR_UP, "UP");
	else
		out_color(cli, COLOR_DOWN, "DOWN");
	printf(" addrs %u neighs %u%s    link/%s", link->n_addrs,
	       link->n_neighs, out_sep(cli), type_text(link));
	if (link->lladdr_len) {
		teach_lladdr_format(link->lladdr, mac, sizeof(mac));
		putchar(' ');
		out_color(cli, COLOR_MAC, "%s", mac);
	}
}

struct json_object *link_head_json(const struct teach_link *link)
{
	struct json_object *o = json_object_new_object();
	struct json_object *flags = json_object_new_array();
	char mac[TEACH_LLADDRSTRLEN];
	bool up = link->flags & TEACH_LINK_F_UP;
	size_t i;

	for (i = 0; i < N_FLAGS; i++)
		if (link->flags & flag_names[i].flag)
			json_object_array_add(flags,
					      json_object_new_string(flag_names[i].name));
	js_num(o, "ifindex", link->ifindex);
	js_str(o, "ifname", link->name);
	json_object_object_add(o, "flags", flags);
	js_num(o, "mtu", link->mtu);
	js_str(o, "operstate", up ? "UP" : "DOWN");
	js_num(o, "addrs", link->n_addrs);
	js_num(o, "neighs", link->n_neighs);
	js_str(o, "link_type", type_text(link));
	if (link->lladdr_len) {
		teach_lladdr_format(link->lladdr, mac, sizeof(mac));
		js_str(o, "address", mac);
	}
	return o;
}

void link_brief_print(struct cli *cli, const struct teach_link *link)
{
	bool up = link->flags & TEACH_LINK_F_UP;

	out_color(cli, COLOR_IFNAME, "%-16s ", link->name);
	out_color(cli, up ? COLOR_UP : COLOR_DOWN, "%-14s ",
		  up ? "UP" : "DOWN");
}

static void parms_print(struct cli *cli, const struct teach_parms *parms)
{
	int i, shown = 0;

	for (i = 1; i < TEACH_PARMS_ROOM; i++) {
		const char *name = teach_parm_name(i);

		if (!name || !(parms->present & 1ull << i))
			continue;
		/* Three on a line. */
		if (shown++ % 3 == 0)
			printf("%s   ", out_sep(cli));
		printf(" %s %u", name, parms->value[i]);
	}
}

static struct json_object *parms_json(const struct teach_parms *parms)
{
	struct json_object *o = json_object_new_object();
	int i;

	for (i = 1; i < TEACH_PARMS_ROOM; i++)
		if (teach_parm_name(i) && parms->present & 1ull << i)
			js_num(o, teach_parm_name(i), parms->value[i]);
	return o;
}

#define N_STATS	(TEACH_STAT_MAX + 1)

static void stats_print(struct cli *cli, const uint64_t *value)
{
	int i, shown = 0;

	for (i = 1; i < N_STATS; i++) {
		if (!value[i])
			continue;
		if (shown++ % 3 == 0)
			printf("%s   ", out_sep(cli));
		printf(" %s %llu", teach_stat_name(i), (unsigned long long)value[i]);
	}
}

static struct json_object *stats_json(const uint64_t *value)
{
	struct json_object *o = json_object_new_object();
	int i;

	for (i = 1; i < N_STATS; i++)
		if (value[i])
			js_num(o, teach_stat_name(i), value[i]);
	return o;
}

static void print_link(struct cli *cli, const struct teach_link *link, const uint64_t *stats)
{
	char mac[TEACH_LLADDRSTRLEN] = "";
	struct json_object *o;

	if (cli->json) {
		o = link_head_json(link);
		if (cli->details)
			json_object_object_add(o, "parms",
					       parms_json(&link->parms));
		if (stats)
			json_object_object_add(o, "stats", stats_json(stats));
		out_item(cli, o);
		return;
	}
	if (cli->brief) {
		link_brief_print(cli, link);
		if (link->lladdr_len)
			teach_lladdr_format(link->lladdr, mac, sizeof(mac));
		out_color(cli, COLOR_MAC, "%s", mac);
		printf(" <");
		print_flags(link);
		puts(">");
		return;
	}
	link_head_print(cli, link);
	if (cli->details)
		parms_print(cli, &link->parms);
	if (stats)
		stats_print(cli, stats);
	putchar('\n');
}

static int show_link(struct cli *cli, const struct teach_link *link)
{
	uint64_t stats[N_STATS];
	int status;

	if (!cli->stats) {
		print_link(cli, link, NULL);
		return CLI_OK;
	}
	status = kernel_status(cli, teach_link_stats_get(kernel(cli), link->ifindex, stats,
							 N_STATS));
	if (!status)
		print_link(cli, link, stats);
	return status;
}

/* Those found, to be asked for more once the listing is over. */
struct found {
	struct teach_link	*link;
	size_t			n;
};

static int remember(const struct teach_link *link, void *arg)
{
	struct found *found = arg;
	struct teach_link *more;

	more = realloc(found->link, (found->n + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	found->link = more;
	found->link[found->n++] = *link;
	return 0;
}

static int show_all(struct cli *cli)
{
	struct found found = { 0 };
	int status, err;
	size_t i;

	status = list_status(cli, teach_link_list(kernel(cli), remember, &found));
	for (i = 0; i < found.n; i++) {
		err = show_link(cli, &found.link[i]);
		if (err)
			status = err;
	}
	free(found.link);
	return status;
}

/* [ dev ] DEV */
static int take_dev(struct cli *cli, struct args *args, uint32_t *ifindex)
{
	const char *name = args_next(args);

	if (name && word_is(name, "dev"))
		name = args_value(args, "dev");
	return name ? parse_dev(cli, name, ifindex) : CLI_USAGE;
}

static int link_show(struct cli *cli, struct args *args)
{
	struct teach_link link;
	uint32_t ifindex;
	int status;

	if (!kernel(cli))
		return CLI_REFUSED;
	if (!args->n) {
		out_begin(cli);
		status = show_all(cli);
		out_end(cli);
		return status;
	}
	status = take_dev(cli, args, &ifindex);
	if (status)
		return status;
	if (args->n)
		return unknown_arg(args->v[0], "link");
	status = kernel_status(cli, teach_link_get(kernel(cli), ifindex,
						   &link));
	if (status)
		return status;
	out_begin(cli);
	status = show_link(cli, &link);
	out_end(cli);
	return status;
}

static int link_set(struct cli *cli, struct args *args)
{
	struct teach_parms parms = { 0 };
	const char *name, *value;
	unsigned int parm;
	uint32_t ifindex;
	int status;

	if (!args->n)
		return usage_error("Error: which device? Try \"teach link help\".");
	status = take_dev(cli, args, &ifindex);
	if (status)
		return status;
	if (!args->n)
		return usage_error("Error: which parameter? Try \"teach link help\".");
	while ((name = args_next(args))) {
		if (teach_parm_parse(name, &parm))
			return unknown_arg(name, "link");
		value = args_value(args, name);
		if (!value)
			return CLI_USAGE;
		if (parse_u32(value, &parms.value[parm]))
			return bad_arg(value, "a number of 0 to 4294967295 is wanted");
		parms.present |= 1ull << parm;
	}
	return kernel_status(cli, teach_link_set(kernel(cli), ifindex, &parms));
}

static const struct command commands[] = {
	{ "show|s|ls|lst|list", link_show },
	{ "set", link_set },
	{ NULL, NULL },
};

int do_link(struct cli *cli, struct args *args)
{
	return run_command(cli, args, "link", help, commands);
}
