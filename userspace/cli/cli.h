/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the objects of `teach` share: options, arguments, output, exit status. One
 * file per object; each function that runs a command returns the exit status.
 */
#ifndef TEACH_CLI_H
#define TEACH_CLI_H

#include <stdbool.h>
#include <stdio.h>
#include <json.h>
#include "teach.h"

/* Version of the tool and the library. */
#ifndef TEACH_VERSION_TEXT
#error "the Makefile says which version this is"
#endif

enum { CLI_OK = 0, CLI_USAGE = 1, CLI_REFUSED = 2 };

struct teach_transport;

/**
 * struct cli - one run of the tool
 * @ops: transport to the kernel; tests put their own here
 * @handle: opened when first needed
 * @json: print JSON (-j), @pretty: with indentation (-p)
 * @brief: one line per device (-br), @oneline: one line per record (-o)
 * @details: -d, @stats: how often -s was given
 * @timestamp: -t, @tshort: -ts
 * @color: names and addresses are coloured
 * @force: a batch goes on after an error
 * @items: JSON elements printed so far; -1 outside of an array
 * @ifindex, @ifname: the device whose name was looked up last
 */
struct cli {
	const struct teach_transport *ops;
	struct teach_nl	*handle;
	bool		json, pretty, brief, oneline, details;
	bool		timestamp, tshort, color, force;
	int		stats;
	int		items;
	uint32_t	ifindex;
	char		ifname[IF_NAMESIZE];
};

/* Arguments that are still to be read. */
struct args {
	int	n;
	char	**v;
};

/* ---- args.c: reading arguments ---- */

/* The next argument, taken; NULL if there is none. */
const char *args_next(struct args *args);
/* Take the next argument if it is one of the words, separated by "|". */
bool args_take(struct args *args, const char *words);
bool word_is(const char *word, const char *words);
/* The value after @keyword, or NULL with a message. */
const char *args_value(struct args *args, const char *keyword);
/* Complaints; they return CLI_USAGE. */
int usage_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int bad_arg(const char *value, const char *what);
int unknown_arg(const char *arg, const char *object);
int parse_u32(const char *text, uint32_t *v);
/* A device by name: CLI_OK, or CLI_USAGE after a message. */
int parse_dev(struct cli *cli, const char *name, uint32_t *ifindex);

struct command {
	const char *words;	/* its names, separated by "|" */
	int (*run)(struct cli *cli, struct args *args);
};

/* Run one of the commands; without one the first, which is show. */
int run_command(struct cli *cli, struct args *args, const char *object,
		const char *help, const struct command *commands);

/* ---- out.c: output ---- */

enum color { COLOR_NONE, COLOR_IFNAME, COLOR_MAC, COLOR_INET, COLOR_UP,
	     COLOR_DOWN };

void out_color(struct cli *cli, enum color color, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Between the lines of one record. */
const char *out_sep(const struct cli *cli);
/* A JSON array of records, printed as they come. out_item() takes @item. */
void out_begin(struct cli *cli);
void out_item(struct cli *cli, struct json_object *item);
void out_end(struct cli *cli);
/* A JSON record of its own on one line, flushed. */
void out_event(struct cli *cli, struct json_object *item);
void js_str(struct json_object *o, const char *key, const char *value);
void js_num(struct json_object *o, const char *key, uint64_t value);
void js_flag(struct json_object *o, const char *key);

/* ---- kernel.c: talking to it ---- */

/* The handle; NULL after a message if it cannot be had. */
struct teach_nl *kernel(struct cli *cli);
/* Exit status of a library call that returned @err, after a message. */
int kernel_status(struct cli *cli, int err);
/* The same for a listing: one that was interrupted is only warned about. */
int list_status(struct cli *cli, int err);
/* Name of a device; "if7" if it is gone. */
const char *dev_name(struct cli *cli, uint32_t ifindex);
/* Go to network namespace @name, or to the file @name if it has a slash. */
int netns_switch(const char *name);

/* ---- the objects ---- */

int do_link(struct cli *cli, struct args *args);
int do_addr(struct cli *cli, struct args *args);
int do_neigh(struct cli *cli, struct args *args);
int do_rarp(struct cli *cli, struct args *args);
int do_socket(struct cli *cli, struct args *args);
int do_stats(struct cli *cli, struct args *args);
int do_monitor(struct cli *cli, struct args *args);
int do_resolve(struct cli *cli, struct args *args);
int do_ping(struct cli *cli, struct args *args);

/* What monitor shows of neighbours and addresses. */
void neigh_print(struct cli *cli, const struct teach_neigh *neigh, bool dev);
struct json_object *neigh_json(struct cli *cli,
			       const struct teach_neigh *neigh, bool dev);
void ifaddr_print(struct cli *cli, const struct teach_ifaddr *addr);
struct json_object *ifaddr_json(const struct teach_ifaddr *addr);
/* "3: va: <UP> mtu 1500 ..." and the line with the MAC address. */
void link_head_print(struct cli *cli, const struct teach_link *link);
struct json_object *link_head_json(const struct teach_link *link);
/* "va    UP    " as -br begins. */
void link_brief_print(struct cli *cli, const struct teach_link *link);

/* ---- main ---- */

/* Everything between the command line and the exit status. */
int cli_main(int argc, char **argv, const struct teach_transport *ops);
/* One command line, from the object on. */
int run_object(struct cli *cli, struct args *args);
/* Command lines of a file, or of stdin if it is "-". */
int run_batch(struct cli *cli, const char *file);

#endif
