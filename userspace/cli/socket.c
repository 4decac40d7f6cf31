// SPDX-License-Identifier: GPL-2.0-or-later
/* teach socket: open sockets, as `ss` shows them. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <linux/sock_diag.h>
#include "cli.h"

static const char help[] =
"Usage: teach socket [ show ] [ -e ] [ -m ] [ state STATE ] [ NETID ]\n"
"STATE := { established | unconnected | all }\n"
"NETID := { dgram | stream | ping }\n"
"-e (or the option -d) shows owner, inode, cookie and drops; -m shows memory.\n";

/* What ss calls Netid: the kind of socket. */
static const struct {
	uint8_t protocol;
	const char *name;
} netids[] = {
	{ TEACHPROTO_DGRAM, "dgram" },
	{ TEACHPROTO_STREAM, "stream" },
	{ TEACHPROTO_CONTROL, "ping" },
};

#define N_NETIDS (sizeof(netids) / sizeof(netids[0]))

static const struct {
	unsigned int word;
	const char *abbr, *key;		/* as in ss -m, and in JSON */
} meminfo[] = {
	{ SK_MEMINFO_RMEM_ALLOC, "r", "rmem_alloc" },
	{ SK_MEMINFO_RCVBUF, "rb", "rcv_buf" },
	{ SK_MEMINFO_WMEM_ALLOC, "t", "wmem_alloc" },
	{ SK_MEMINFO_SNDBUF, "tb", "snd_buf" },
	{ SK_MEMINFO_FWD_ALLOC, "f", "fwd_alloc" },
	{ SK_MEMINFO_WMEM_QUEUED, "w", "wmem_queued" },
	{ SK_MEMINFO_OPTMEM, "o", "opt_mem" },
	{ SK_MEMINFO_BACKLOG, "bl", "back_log" },
	{ SK_MEMINFO_DROPS, "d", "sock_drop" },
};

#define N_MEMINFO (sizeof(meminfo) / sizeof(meminfo[0]))

struct show {
	struct cli	*cli;
	bool		extended, memory;
};

static void netid(const struct teach_socket *sk, char *buf, size_t size)
{
	size_t i;

	if (sk->type == SOCK_RAW) {
		snprintf(buf, size, "raw");
		return;
	}
	for (i = 0; i < N_NETIDS; i++) {
		if (netids[i].protocol == sk->protocol) {
			snprintf(buf, size, "%s", netids[i].name);
			return;
		}
	}
	snprintf(buf, size, "p%u", sk->protocol);
}

static const char *state_name(uint8_t state)
{
	switch (state) {
	case TCP_ESTABLISHED:
		return "ESTAB";
	case TCP_CLOSE:
		return "UNCONN";
	case TCP_LISTEN:
		return "LISTEN";
	default:
		return "UNKNOWN";
	}
}

/* "10.1.0.1%va:7000"; ss writes * for a port that is not there. */
static void end_text(struct cli *cli, const struct sockaddr_teach *sa,
		     uint32_t ifindex, char *buf, size_t size)
{
	char addr[TEACH_ADDRSTRLEN], port[6] = "*";

	teach_ntop(&sa->teach_addr, addr, sizeof(addr));
	if (sa->teach_port)
		snprintf(port, sizeof(port), "%u", ntohs(sa->teach_port));
	snprintf(buf, size, "%s%s%s:%s", addr, ifindex ? "%" : "",
		 ifindex ? dev_name(cli, ifindex) : "", port);
}

static void print_text(const struct show *show, const struct teach_socket *sk)
{
	char local[TEACH_SOCKADDRSTRLEN], peer[TEACH_SOCKADDRSTRLEN], id[8];
	size_t i;

	netid(sk, id, sizeof(id));
	end_text(show->cli, &sk->local, sk->ifindex, local, sizeof(local));
	end_text(show->cli, &sk->peer, 0, peer, sizeof(peer));
	printf("%-6s %-7s %-7u %-7u %22s %22s", id, state_name(sk->state),
	       sk->rqueue, sk->wqueue, local, peer);
	if (show->extended) {
		printf(" uid:%u ino:%u sk:%llx", sk->uid, sk->ino,
		       (unsigned long long)sk->cookie);
		if (sk->drops)
			printf(" drops:%u", sk->drops);
		if (sk->shutdown)
			printf(" shutdown:%s%s", sk->shutdown & 1 ? "r" : "",
			       sk->shutdown & 2 ? "w" : "");
	}
	if (show->memory && sk->n_meminfo) {
		printf("%s\t skmem:(", out_sep(show->cli));
		for (i = 0; i < N_MEMINFO; i++)
			if (meminfo[i].word < sk->n_meminfo)
				printf("%s%s%u", i ? "," : "", meminfo[i].abbr,
				       sk->meminfo[meminfo[i].word]);
		putchar(')');
	}
	putchar('\n');
}

static void end_json(struct json_object *o, const char *addr_key,
		     const char *port_key, const struct sockaddr_teach *sa)
{
	char addr[TEACH_ADDRSTRLEN];

	teach_ntop(&sa->teach_addr, addr, sizeof(addr));
	js_str(o, addr_key, addr);
	js_num(o, port_key, ntohs(sa->teach_port));
}

static struct json_object *to_json(const struct show *show,
				   const struct teach_socket *sk)
{
	struct json_object *o = json_object_new_object(), *m;
	char id[8], cookie[17];
	size_t i;

	netid(sk, id, sizeof(id));
	js_str(o, "netid", id);
	js_str(o, "state", state_name(sk->state));
	js_num(o, "recv_q", sk->rqueue);
	js_num(o, "send_q", sk->wqueue);
	end_json(o, "local", "local_port", &sk->local);
	end_json(o, "peer", "peer_port", &sk->peer);
	if (sk->ifindex)
		js_str(o, "ifname", dev_name(show->cli, sk->ifindex));
	if (show->extended) {
		snprintf(cookie, sizeof(cookie), "%llx",
			 (unsigned long long)sk->cookie);
		js_num(o, "uid", sk->uid);
		js_num(o, "ino", sk->ino);
		js_str(o, "sk", cookie);
		js_num(o, "drops", sk->drops);
		js_num(o, "shutdown", sk->shutdown);
	}
	if (show->memory && sk->n_meminfo) {
		m = json_object_new_object();
		for (i = 0; i < N_MEMINFO; i++)
			if (meminfo[i].word < sk->n_meminfo)
				js_num(m, meminfo[i].key,
				       sk->meminfo[meminfo[i].word]);
		json_object_object_add(o, "skmem", m);
	}
	return o;
}

static int show_one(const struct teach_socket *sk, void *arg)
{
	const struct show *show = arg;

	if (show->cli->json)
		out_item(show->cli, to_json(show, sk));
	else
		print_text(show, sk);
	return 0;
}

static int parse_state(struct args *args, struct teach_socket_filter *f)
{
	const char *v = args_value(args, "state");

	if (!v)
		return CLI_USAGE;
	if (word_is(v, "established|connected"))
		f->states = 1 << TCP_ESTABLISHED;
	else if (word_is(v, "unconnected"))
		f->states = 1 << TCP_CLOSE;
	else if (word_is(v, "all"))
		f->states = 0;
	else
		return bad_arg(v, "a state is established, unconnected or all");
	return CLI_OK;
}

static int socket_show(struct cli *cli, struct args *args)
{
	struct teach_socket_filter f = { 0 };
	struct show show = { .cli = cli, .extended = cli->details };
	const char *arg;
	size_t i;
	int status;

	while ((arg = args_next(args))) {
		if (word_is(arg, "-e|-extended|--extended")) {
			show.extended = true;
		} else if (word_is(arg, "-m|-memory|--memory")) {
			show.memory = true;
		} else if (word_is(arg, "-em|-me")) {
			show.extended = show.memory = true;
		} else if (word_is(arg, "state")) {
			status = parse_state(args, &f);
			if (status)
				return status;
		} else {
			for (i = 0; i < N_NETIDS; i++)
				if (word_is(arg, netids[i].name))
					break;
			if (i == N_NETIDS)
				return unknown_arg(arg, "socket");
			f.protocol = netids[i].protocol;
		}
	}
	if (!kernel(cli))
		return CLI_REFUSED;
	if (show.memory)
		f.show = TDIAG_SHOW_MEMINFO;

	if (!cli->json)
		printf("%-6s %-7s %-7s %-7s %22s %22s\n", "Netid", "State",
		       "Recv-Q", "Send-Q", "Local Address:Port",
		       "Peer Address:Port");
	out_begin(cli);
	status = list_status(cli, teach_socket_list(kernel(cli), &f, show_one,
						    &show));
	out_end(cli);
	return status;
}

int do_socket(struct cli *cli, struct args *args)
{
	if (args_take(args, "help|-h|--help")) {
		fputs(help, stdout);
		return CLI_OK;
	}
	args_take(args, "show|s|ls|lst|list");
	return socket_show(cli, args);
}
