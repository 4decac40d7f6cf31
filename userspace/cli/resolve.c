// SPDX-License-Identifier: GPL-2.0-or-later
/* teach resolve: who has an address? Asks now, waits, and says what it took. */
#include <errno.h>
#include <string.h>
#include <linux/neighbour.h>
#include "cli.h"

static const char help[] =
"Usage: teach resolve ADDR [ dev DEV ] [ timeout SECONDS ]\n"
"Asks for the MAC address of a neighbour now, and waits for the outcome: at most so many\n"
"seconds, or as long as the kernel asks. Prints the entry, how long it took and how many\n"
"frames. Exit status: 0 if the MAC address is known, 2 if not. Needs CAP_NET_ADMIN.\n";

#define MAX_SECONDS	86400

static const char *plural(uint32_t n, const char *one, const char *more)
{
	return n == 1 ? one : more;
}

static void report_print(const struct teach_resolution *r)
{
	printf("%.3f ms, %u %s, %u %s", r->elapsed_ns / 1e6, r->requests,
	       plural(r->requests, "request", "requests"), r->replies,
	       plural(r->replies, "reply", "replies"));
}

static struct json_object *report_json(struct cli *cli,
				       const struct teach_resolution *r, bool known)
{
	struct json_object *o = neigh_json(cli, &r->neigh, true);
	const char *reason = teach_reason_name(r->reason);

	json_object_object_add(o, "resolved", json_object_new_boolean(known));
	json_object_object_add(o, "time_ms", json_object_new_double(r->elapsed_ns / 1e6));
	js_num(o, "requests", r->requests);
	js_num(o, "replies", r->replies);
	if (reason)
		js_str(o, "reason", reason);
	return o;
}

static void show(struct cli *cli, const struct teach_resolution *r)
{
	char addr[TEACH_ADDRSTRLEN], mac[TEACH_LLADDRSTRLEN];
	const char *state = teach_nud_name(r->neigh.state);

	teach_ntop(&r->neigh.addr, addr, sizeof(addr));
	teach_lladdr_format(r->neigh.lladdr, mac, sizeof(mac));
	out_color(cli, COLOR_INET, "%s", addr);
	printf(" dev ");
	out_color(cli, COLOR_IFNAME, "%s", dev_name(cli, r->neigh.ifindex));
	printf(" lladdr ");
	out_color(cli, COLOR_MAC, "%s", mac);
	printf(" %s: ", state ? state : "?");
	if (!r->requests && !r->reason)
		printf("known already, ");
	report_print(r);
	putchar('\n');
}

/* Nobody answered, or not in time: what is known of that is worth more than errno. */
static int failed(const struct teach_resolution *r, int err)
{
	char addr[TEACH_ADDRSTRLEN];

	teach_ntop(&r->neigh.addr, addr, sizeof(addr));
	fprintf(stderr, "Error: %s did not answer%s: %u %s in %.3f ms.\n", addr,
		err == -ETIMEDOUT ? " in time" : "", r->requests,
		plural(r->requests, "request", "requests"), r->elapsed_ns / 1e6);
	return CLI_REFUSED;
}

int do_resolve(struct cli *cli, struct args *args)
{
	struct teach_resolution r = { 0 };
	uint32_t ifindex = 0, seconds;
	int timeout_ms = -1, status, err;
	struct teach_addr addr;
	bool have_addr = false;
	const char *arg, *v;

	if (args_take(args, "help|-h|--help")) {
		fputs(help, stdout);
		return CLI_OK;
	}
	while ((arg = args_next(args))) {
		if (word_is(arg, "dev|timeout")) {
			v = args_value(args, arg);
			if (!v)
				return CLI_USAGE;
			if (word_is(arg, "dev")) {
				status = parse_dev(cli, v, &ifindex);
				if (status)
					return status;
			} else if (parse_u32(v, &seconds) || seconds > MAX_SECONDS) {
				return bad_arg(v, "a time is 0 to 86400 seconds");
			} else {
				timeout_ms = seconds * 1000;
			}
		} else if (have_addr) {
			return unknown_arg(arg, "resolve");
		} else if (teach_pton(arg, &addr)) {
			return bad_arg(arg, "an address is four numbers of 0 to 255 and dots");
		} else {
			have_addr = true;
		}
	}
	if (!have_addr)
		return usage_error("Error: which address? Try \"teach resolve help\".");
	if (!kernel(cli))
		return CLI_REFUSED;

	err = teach_resolve_report(kernel(cli), ifindex, &addr, timeout_ms, &r);
	if (err && err != -EHOSTUNREACH && err != -ETIMEDOUT)
		return kernel_status(cli, err);
	if (cli->json) {
		out_begin(cli);
		out_item(cli, report_json(cli, &r, !err));
		out_end(cli);
	} else if (!err) {
		show(cli, &r);
	}
	return err ? failed(&r, err) : CLI_OK;
}
