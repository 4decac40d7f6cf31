// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations of the soak test: everything is read while it changes, to the end or not.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include "soak.h"

#define ESTABLISHED	1	/* as in the kernel's include/net/tcp_states.h */
#define CLOSE		7

/* To the end, or not even to the end of the first part. A dump that met with a
 * change says so (NLM_F_DUMP_INTR), which is as it should be.
 */
static int dump(struct worker *w, struct request *req, int protocol)
{
	int ret;

	if (rnd_once_in(&w->rnd, 6)) {
		req->hdr->nlmsg_seq = rnd_below(&w->rnd, 2);
		return req_abandon(req, protocol);
	}
	ret = req_ask(req, protocol);
	return ret == -EINTR ? 0 : ret;
}

static int dump_addr(struct worker *w)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_TEACH };
	struct request req;
	int here = place_enter_any(w);

	if (here < 0)
		return here;
	/* As `ip addr`: all families. */
	if (rnd_once_in(&w->rnd, 3))
		ifa.ifa_family = AF_UNSPEC;
	req_begin(&req, RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	return dump(w, &req, NETLINK_ROUTE);
}

static int dump_neigh(struct worker *w)
{
	const struct ndmsg ndm = { .ndm_family = AF_TEACH };
	struct request req;
	int here = place_enter_any(w);

	if (here < 0)
		return here;
	req_begin(&req, RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm));
	return dump(w, &req, NETLINK_ROUTE);
}

static int dump_link(struct worker *w)
{
	const struct genlmsghdr genl = {
		.cmd = TEACH_CMD_LINK_GET, .version = TEACH_GENL_VERSION
	};
	struct request req;
	int here = place_enter_any(w);

	if (here < 0)
		return here;
	req_begin(&req, genl_family, NLM_F_DUMP, &genl, sizeof(genl));
	return dump(w, &req, NETLINK_GENERIC);
}

static int dump_sock(struct worker *w)
{
	const struct teach_diag_req diag = {
		.sdiag_family = AF_TEACH,
		.sdiag_protocol = rnd_once_in(&w->rnd, 2) ? TEACHPROTO_DGRAM : 0,
		.tdiag_states = 1 << ESTABLISHED | 1 << CLOSE,
		.tdiag_show = TDIAG_SHOW_MEMINFO,
	};
	struct request req;
	int here = place_enter_any(w);

	if (here < 0)
		return here;
	req_begin(&req, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &diag, sizeof(diag));
	return dump(w, &req, NETLINK_SOCK_DIAG);
}

/* In pieces of any size, to the end or not, or from somewhere. */
static int read_file(struct worker *w, const char *name)
{
	size_t size = 1 + rnd_below(&w->rnd, 4000);
	bool to_the_end = !rnd_once_in(&w->rnd, 4);
	char path[64], buf[4096];
	int fd, here = place_enter_any(w);
	ssize_t n;

	if (here < 0)
		return here;
	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (rnd_once_in(&w->rnd, 6))
		lseek(fd, rnd_below(&w->rnd, 300), SEEK_SET);
	do {
		n = read(fd, buf, size);
	} while (n > 0 && to_the_end);
	close(fd);
	return n < 0 ? -errno : 0;
}

static int read_addr(struct worker *w)
{
	return read_file(w, "teach_addr");
}

static int read_neigh(struct worker *w)
{
	return read_file(w, "teach_neigh");
}

static int read_dgram(struct worker *w)
{
	return read_file(w, "teach_dgram");
}

static int read_stat(struct worker *w)
{
	return read_file(w, "teach_stat");
}

const struct op dump_ops[] = {
	OP("dump: addresses", 4, dump_addr),
	OP("dump: neighbours", 6, dump_neigh),
	OP("dump: links", 4, dump_link),
	OP("dump: sockets", 6, dump_sock),
	OP("proc: addresses", 3, read_addr),
	OP("proc: neighbours", 4, read_neigh),
	OP("proc: datagram sockets", 4, read_dgram),
	OP("proc: counters", 3, read_stat),
	{ 0 }
};
