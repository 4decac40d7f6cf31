// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests, byte by byte: what the kernel gets to see for each call. Written down from
 * the headers linux/netlink.h, rtnetlink.h, neighbour.h, if_addr.h, genetlink.h and
 * linux/teach.h, for a little-endian machine.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <linux/neighbour.h>
#include <netinet/tcp.h>
#include "fake.h"
#include "tap.h"

static char seen[4096];	/* requests in hexadecimal, the family's question left out */

static void record(struct fake_sock *s, const struct nlmsghdr *req)
{
	const unsigned char *p = (const void *)req;
	size_t i, at;

	if (fake_family(s, req))
		return;
	for (i = 0; i < req->nlmsg_len; i++) {
		at = strlen(seen);
		snprintf(seen + at, sizeof(seen) - at, "%s%02x",
			 i == 0 ? (at ? " | " : "") : i % 4 ? "" : " ", p[i]);
	}
	fake_ack(s, req, 0, NULL);
}

static struct teach_nl *nl;

static void start(void)
{
	seen[0] = '\0';
	teach_nl_close(nl);
	if (libteach_nl_open(&nl, &fake_transport))
		abort();
}

static int no_addr(const struct teach_ifaddr *a, void *arg)
{
	(void)a;
	(void)arg;
	return 0;
}

static int no_neigh(const struct teach_neigh *n, void *arg)
{
	(void)n;
	(void)arg;
	return 0;
}

static int no_link(const struct teach_link *l, void *arg)
{
	(void)l;
	(void)arg;
	return 0;
}

static int no_socket(const struct teach_socket *s, void *arg)
{
	(void)s;
	(void)arg;
	return 0;
}

/* Each line: length type flags, sequence, port id; family header; attributes. */
#define HEAD(len, type_flags) len "000000 " type_flags " 02000000 00000000 "

static void addrs(void)
{
	struct teach_ifaddr a = { .ifindex = 3, .prefixlen = 24,
				  .addr.s_addr = htonl(0x0a010002) };

	start();
	tap_is(teach_addr_add(nl, &a), 0, "addr add");
	tap_text(seen, HEAD("20", "14000506") "16180000 03000000 "
		 "08000200 0a010002", "RTM_NEWADDR, CREATE and EXCL");
	start();
	tap_is(teach_addr_del(nl, &a), 0, "addr del");
	tap_text(seen, HEAD("20", "15000500") "16180000 03000000 "
		 "08000200 0a010002", "RTM_DELADDR");
	start();
	tap_is(teach_addr_list(nl, 3, no_addr, NULL), 0, "addr list");
	tap_text(seen, HEAD("18", "16000503") "16000000 03000000",
		 "RTM_GETADDR, of one device");
}

static void neighs(void)
{
	struct teach_neigh n = {
		.ifindex = 3, .addr.s_addr = htonl(0x0a010002),
		.state = NUD_PERMANENT, .flags = NTF_ROUTER, .lladdr_len = 6,
		.lladdr = { 2, 0, 0, 0, 0, 5 },
	};
	struct teach_neigh_filter f = { .ifindex = 3,
					.states = NUD_STALE | NUD_FAILED };
#define ENTRY	"16000000 03000000 80008000 08000100 0a010002 " \
		"0a000200 02000000 00050000"

	start();
	tap_is(teach_neigh_add(nl, &n), 0, "neigh add");
	tap_text(seen, HEAD("30", "1c000506") ENTRY, "RTM_NEWNEIGH, CREATE and EXCL");
	start();
	tap_is(teach_neigh_replace(nl, &n), 0, "neigh replace");
	tap_text(seen, HEAD("30", "1c000505") ENTRY, "CREATE and REPLACE");
	start();
	tap_is(teach_neigh_change(nl, &n), 0, "neigh change");
	tap_text(seen, HEAD("30", "1c000501") ENTRY, "REPLACE alone");
	start();
	n = (struct teach_neigh){ .ifindex = 3, .addr = n.addr,
				  .ext_flags = NTF_EXT_MANAGED };
	tap_is(teach_neigh_add(nl, &n), 0, "neigh add without a MAC address");
	tap_text(seen, HEAD("2c", "1c000506") "16000000 03000000 00000000 "
		 "08000100 0a010002 08000f00 01000000", "extended flags");
	n.lladdr_len = 9;
	tap_is(teach_neigh_add(nl, &n), -EINVAL, "a MAC address of 9 bytes");

	start();
	tap_is(teach_neigh_del(nl, 3, &n.addr), 0, "neigh del");
	tap_text(seen, HEAD("24", "1d000500") "16000000 03000000 00000000 "
		 "08000100 0a010002", "RTM_DELNEIGH");
	start();
	tap_is(teach_neigh_get(nl, 3, &n.addr, &n), -EPROTO,
	       "neigh get, answered with nothing");
	tap_text(seen, HEAD("24", "1e000500") "16000000 03000000 00000000 "
		 "08000100 0a010002", "RTM_GETNEIGH");
	start();
	tap_is(teach_neigh_list(nl, NULL, no_neigh, NULL), 0, "neigh list");
	tap_text(seen, HEAD("1c", "1e000503") "16000000 00000000 00000000",
		 "RTM_GETNEIGH, dump");
	start();
	tap_is(teach_neigh_list(nl, &f, no_neigh, NULL), 0, "with a filter");
	tap_text(seen, HEAD("24", "1e000503") "16000000 00000000 24000000 "
		 "08000800 03000000", "the kernel filters by device and state");
	start();
	f.states |= TEACH_NUD_NONE_BIT;
	tap_is(teach_neigh_list(nl, &f, no_neigh, NULL), 0, "with state NONE");
	tap_text(seen, HEAD("24", "1e000503") "16000000 00000000 00000000 "
		 "08000800 03000000", "the kernel does not filter by state then");
}

static void generic(void)
{
	struct teach_parms parms = {
		.present = 1 << TEACH_PARM_A_RETRANS_MS |
			   1 << TEACH_PARM_A_QUEUE_BYTES,
		.value = { [TEACH_PARM_A_RETRANS_MS] = 500,
			   [TEACH_PARM_A_QUEUE_BYTES] = 0x10000 },
	};
	struct teach_addr addr = { .s_addr = htonl(0x0a010002) };
	uint64_t value[TEACH_STAT_MAX + 1];
	struct teach_link link;

	start();
	tap_is(teach_link_list(nl, no_link, NULL), 0, "link list");
	tap_text(seen, HEAD("14", "1f000503") "01010000", "LINK_GET, dump");
	start();
	tap_is(teach_link_get(nl, 3, &link), -EPROTO,
	       "link get, answered with nothing");
	tap_text(seen, HEAD("1c", "1f000500") "01010000 08000100 03000000",
		 "LINK_GET");
	start();
	tap_is(teach_link_set(nl, 3, &parms), 0, "link set");
	tap_text(seen, HEAD("30", "1f000500") "02010000 08000100 03000000 "
		 "14000880 08000300 f4010000 08000900 00000100",
		 "LINK_SET, parameters in a nest");
	start();
	tap_is(teach_stats_get(nl, value, TEACH_STAT_MAX + 1), -EPROTO,
	       "stats, answered with nothing");
	tap_text(seen, HEAD("14", "1f000500") "04010000", "STATS_GET");
	start();
	tap_is(teach_resolve(nl, 3, &addr, 0, NULL), -ETIMEDOUT,
	       "resolve, with no time to wait");
	tap_text(seen, HEAD("24", "1f000500") "03010000 08000900 0a010002 "
		 "08000100 03000000", "RESOLVE");
}

static void sockets(void)
{
	struct teach_socket_filter f = {
		.protocol = TEACHPROTO_DGRAM, .states = 1 << TCP_ESTABLISHED,
		.show = TDIAG_SHOW_MEMINFO,
	};

	start();
	tap_is(teach_socket_list(nl, NULL, no_socket, NULL), 0, "socket list");
	tap_text(seen, HEAD("28", "14000503") "16000000 ffffffff 00000000 "
		 "00000000 00000000 00000000", "SOCK_DIAG_BY_FAMILY, dump");
	start();
	tap_is(teach_socket_list(nl, &f, no_socket, NULL), 0, "with a filter");
	tap_text(seen, HEAD("28", "14000503") "16110000 02000000 00000000 "
		 "01000000 00000000 00000000", "protocol, state, memory");
}

int main(void)
{
	if (htonl(1) == 1) {
		puts("1..0 # SKIP the bytes are written down for little-endian machines");
		return 0;
	}
	fake_request = record;
	addrs();
	neighs();
	generic();
	sockets();
	teach_nl_close(nl);
	return tap_done();
}
