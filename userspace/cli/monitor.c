// SPDX-License-Identifier: GPL-2.0-or-later
/* teach monitor: what changes, as `ip monitor` prints it, line by line. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include "cli.h"
#include "transport.h"

static const char help[] =
"Usage: teach monitor [ neigh | addr | all ] [ dev DEV ] [ label ]\n"
"Prints changes as they happen: of all by default. A neighbour's change has the kernel's\n"
"time before it, and after it the state before and why it changed. -t puts a time\n"
"before each, -ts in short; with -j each change is a JSON object on a line of its own.\n";

struct monitor {
	struct cli	*cli;
	uint32_t	ifindex;	/* of one device, or 0 */
	bool		label;
};

/* When it happened: as the kernel says, or now. */
static struct timeval time_of(const struct teach_event *ev)
{
	struct timeval tv;

	if (ev->type == TEACH_EVENT_NEIGH_CHANGE) {
		tv.tv_sec = ev->u.change.time_ns / 1000000000;
		tv.tv_usec = ev->u.change.time_ns / 1000 % 1000000;
	} else {
		gettimeofday(&tv, NULL);
	}
	return tv;
}

/* The two forms of iproute2. */
static void print_time(const struct cli *cli, const struct teach_event *ev)
{
	struct timeval tv = time_of(ev);
	char text[64];
	struct tm tm;

	localtime_r(&tv.tv_sec, &tm);
	if (cli->tshort || !cli->timestamp) {
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
		printf("[%s.%06ld] ", text, (long)tv.tv_usec);
	} else {
		strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
		printf("Timestamp: %s %06ld usec\n", text, (long)tv.tv_usec);
	}
}

static void time_json(struct json_object *o, const struct teach_event *ev)
{
	struct timeval tv = time_of(ev);
	char text[64], full[96];
	struct tm tm;

	localtime_r(&tv.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(full, sizeof(full), "%s.%06ld", text, (long)tv.tv_usec);
	js_str(o, "timestamp", full);
}

static const char *state_text(uint16_t state)
{
	const char *name = teach_nud_name(state);

	return name ? name : "?";
}

/* As a neighbour that is shown; of one that is gone, the state that it had. */
static struct teach_neigh neigh_of(const struct teach_neigh_change *c)
{
	struct teach_neigh n = {
		.ifindex = c->ifindex, .addr = c->addr,
		.state = c->gone ? c->old_state : c->state,
		.lladdr_len = c->lladdr_len,
	};

	memcpy(n.lladdr, c->lladdr, sizeof(n.lladdr));
	return n;
}

/* Which request timed out, and which was sent for it. */
static void reason_print(const struct teach_neigh_change *c)
{
	const char *text = teach_reason_text(c->reason);

	switch (c->reason) {
	case TEACH_NEIGH_REASON_PROBE_TIMEOUT:
		if (c->probes > 1)
			printf("request %u timed out, request %u is sent",
			       c->probes - 1, c->probes);
		else
			printf("request %u is sent", c->probes);
		break;
	case TEACH_NEIGH_REASON_NO_PROBE_LEFT:
		printf("request %u, the last, timed out", c->probes);
		break;
	default:
		printf("%s", text ? text : "of a reason unknown here");
		if (c->reason == TEACH_NEIGH_REASON_REPLY && c->probes)
			printf(" (%u sent)", c->probes);
	}
}

static void change_print(struct cli *cli, const struct teach_neigh_change *c)
{
	char addr[TEACH_ADDRSTRLEN], mac[TEACH_LLADDRSTRLEN];
	struct teach_neigh n = neigh_of(c);

	teach_ntop(&n.addr, addr, sizeof(addr));
	out_color(cli, COLOR_INET, "%s", addr);
	printf(" dev ");
	out_color(cli, COLOR_IFNAME, "%s", dev_name(cli, n.ifindex));
	if (n.lladdr_len) {
		teach_lladdr_format(n.lladdr, mac, sizeof(mac));
		printf(" lladdr ");
		out_color(cli, COLOR_MAC, "%s", mac);
	}
	printf(" %s", state_text(n.state));
	if (!c->gone && c->old_state != c->state)
		printf(" from %s", state_text(c->old_state));
	printf(": ");
	reason_print(c);
	putchar('\n');
}

static struct json_object *change_json(struct cli *cli,
				       const struct teach_neigh_change *c)
{
	const char *reason = teach_reason_name(c->reason);
	const struct teach_neigh n = neigh_of(c);
	struct json_object *o = neigh_json(cli, &n, true);

	js_str(o, "old_state", state_text(c->old_state));
	if (reason)
		js_str(o, "reason", reason);
	js_num(o, "requests", c->probes);
	return o;
}

static int show_json(struct cli *cli, const struct teach_event *ev, bool deleted,
		     bool neigh)
{
	struct json_object *o;

	if (neigh) {
		o = change_json(cli, &ev->u.change);
	} else {
		o = ifaddr_json(&ev->u.addr);
		js_num(o, "ifindex", ev->u.addr.ifindex);
		js_str(o, "ifname", dev_name(cli, ev->u.addr.ifindex));
	}
	js_str(o, "event", neigh ? "neigh" : "addr");
	if (deleted)
		json_object_object_add(o, "deleted",
				       json_object_new_boolean(true));
	if (cli->timestamp || neigh)
		time_json(o, ev);
	out_event(cli, o);
	return 0;
}

static int show_event(const struct teach_event *ev, void *arg)
{
	struct monitor *m = arg;
	struct cli *cli = m->cli;
	bool neigh = ev->type == TEACH_EVENT_NEIGH_CHANGE;
	bool deleted = neigh ? ev->u.change.gone : ev->type == TEACH_EVENT_ADDR_DEL;
	uint32_t ifindex = neigh ? ev->u.change.ifindex : ev->u.addr.ifindex;

	if (m->ifindex && m->ifindex != ifindex)
		return 0;
	/* A device may have been renamed since the last event. */
	cli->ifname[0] = '\0';
	if (cli->json)
		return show_json(cli, ev, deleted, neigh);

	if (cli->timestamp || neigh)
		print_time(cli, ev);
	if (m->label)
		printf(neigh ? "[NEIGH]" : "[ADDR]");
	if (deleted)
		printf("Deleted ");
	if (neigh) {
		change_print(cli, &ev->u.change);
	} else {
		printf("%u: ", ifindex);
		out_color(cli, COLOR_IFNAME, "%s", dev_name(cli, ifindex));
		ifaddr_print(cli, &ev->u.addr);
		putchar('\n');
	}
	fflush(stdout);
	return 0;
}

static int watch(struct cli *cli, struct monitor *m, unsigned int events)
{
	struct teach_monitor *mon;
	struct pollfd pfd = { .events = POLLIN };
	int err;

	err = libteach_monitor_open(&mon, events, cli->ops);
	if (err)
		return kernel_status(cli, err);
	pfd.fd = teach_monitor_fd(mon);
	/* Ends when the reader of a pipe is gone, or by a signal. */
	while (!ferror(stdout)) {
		if (poll(&pfd, 1, -1) < 0 && errno != EINTR) {
			err = -errno;
			break;
		}
		err = teach_monitor_dispatch(mon, show_event, m);
		if (err == -ENOBUFS)
			fputs("Events were lost: they came faster than they could be printed.\n",
			      stderr);
		else if (err == -EPROTO)
			fputs("An event that cannot be understood was left out.\n",
			      stderr);
		else if (err && err != -EAGAIN)
			break;
	}
	teach_monitor_close(mon);
	return kernel_status(cli, err);
}

/* One question, so that a missing module is noticed rather than waited for. */
static int probe(const struct teach_link *link, void *arg)
{
	(void)link;
	(void)arg;
	return 1;
}

int do_monitor(struct cli *cli, struct args *args)
{
	struct monitor m = { .cli = cli };
	unsigned int events = 0;
	const char *arg;
	int status;

	if (args_take(args, "help|-h|--help")) {
		fputs(help, stdout);
		return CLI_OK;
	}
	while ((arg = args_next(args))) {
		if (word_is(arg, "neigh|neighbour|neighbor|n")) {
			events |= TEACH_MONITOR_CHANGE;
		} else if (word_is(arg, "addr|address|a")) {
			events |= TEACH_MONITOR_ADDR;
		} else if (word_is(arg, "all")) {
			events |= TEACH_MONITOR_CHANGE | TEACH_MONITOR_ADDR;
			m.label = true;
		} else if (word_is(arg, "label")) {
			m.label = true;
		} else if (word_is(arg, "dev")) {
			arg = args_value(args, "dev");
			if (!arg)
				return CLI_USAGE;
			status = parse_dev(cli, arg, &m.ifindex);
			if (status)
				return status;
		} else {
			return unknown_arg(arg, "monitor");
		}
	}
	if (!events)
		events = TEACH_MONITOR_CHANGE | TEACH_MONITOR_ADDR;
	if (!kernel(cli))
		return CLI_REFUSED;
	status = kernel_status(cli, teach_link_list(kernel(cli), probe, NULL));
	return status ? status : watch(cli, &m, events);
}
