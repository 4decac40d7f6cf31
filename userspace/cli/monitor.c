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
"Prints changes as they happen: of all by default. -t puts the time before each,\n"
"-ts in short; with -j each change is a JSON object on a line of its own.\n";

struct monitor {
	struct cli	*cli;
	uint32_t	ifindex;	/* of one device, or 0 */
	bool		label;
};

/* The two forms of iproute2. */
static void print_time(const struct cli *cli)
{
	struct timeval tv;
	char text[64];
	struct tm tm;

	gettimeofday(&tv, NULL);
	localtime_r(&tv.tv_sec, &tm);
	if (cli->tshort) {
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
		printf("[%s.%06ld] ", text, (long)tv.tv_usec);
	} else {
		strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
		printf("Timestamp: %s %06ld usec\n", text, (long)tv.tv_usec);
	}
}

static void time_json(struct json_object *o)
{
	char text[64], full[96];
	struct timeval tv;
	struct tm tm;

	gettimeofday(&tv, NULL);
	localtime_r(&tv.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(full, sizeof(full), "%s.%06ld", text, (long)tv.tv_usec);
	js_str(o, "timestamp", full);
}

static int show_json(struct cli *cli, const struct teach_event *ev, bool deleted,
		     bool neigh)
{
	struct json_object *o;

	if (neigh) {
		o = neigh_json(cli, &ev->u.neigh, true);
	} else {
		o = ifaddr_json(&ev->u.addr);
		js_num(o, "ifindex", ev->u.addr.ifindex);
		js_str(o, "ifname", dev_name(cli, ev->u.addr.ifindex));
	}
	js_str(o, "event", neigh ? "neigh" : "addr");
	if (deleted)
		json_object_object_add(o, "deleted",
				       json_object_new_boolean(true));
	if (cli->timestamp)
		time_json(o);
	out_event(cli, o);
	return 0;
}

static int show_event(const struct teach_event *ev, void *arg)
{
	struct monitor *m = arg;
	struct cli *cli = m->cli;
	bool deleted = ev->type == TEACH_EVENT_NEIGH_DEL ||
		       ev->type == TEACH_EVENT_ADDR_DEL;
	bool neigh = ev->type == TEACH_EVENT_NEIGH_NEW ||
		     ev->type == TEACH_EVENT_NEIGH_DEL;
	uint32_t ifindex = neigh ? ev->u.neigh.ifindex : ev->u.addr.ifindex;

	if (m->ifindex && m->ifindex != ifindex)
		return 0;
	/* A device may have been renamed since the last event. */
	cli->ifname[0] = '\0';
	if (cli->json)
		return show_json(cli, ev, deleted, neigh);

	if (cli->timestamp)
		print_time(cli);
	if (m->label)
		printf(neigh ? "[NEIGH]" : "[ADDR]");
	if (deleted)
		printf("Deleted ");
	if (neigh) {
		neigh_print(cli, &ev->u.neigh, true);
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
			events |= TEACH_MONITOR_NEIGH;
		} else if (word_is(arg, "addr|address|a")) {
			events |= TEACH_MONITOR_ADDR;
		} else if (word_is(arg, "all")) {
			events |= TEACH_MONITOR_NEIGH | TEACH_MONITOR_ADDR;
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
		events = TEACH_MONITOR_NEIGH | TEACH_MONITOR_ADDR;
	if (!kernel(cli))
		return CLI_REFUSED;
	status = kernel_status(cli, teach_link_list(kernel(cli), probe, NULL));
	return status ? status : watch(cli, &m, events);
}
