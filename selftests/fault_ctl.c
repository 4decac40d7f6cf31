// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Netlink when memory is short: each request fails in each of the places where it
 * can, as in fault.c. It is refused with an errno that one expects and nothing has
 * changed then; or it is done, and only who listens has missed it, and is told so.
 *
 * time limit: 240 s
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <sys/stat.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include "inject.h"
#include "wire.h"

#define PORT	7000
#define NEVER	600000
#define OTHER	0x0a070001u	/* 10.7.0.1 */
#define MANY	60		/* addresses, neighbours: more than a message has */

FAULT_OPS(ctl);

/* ---- netlink ---------------------------------------------------------------------- */

static struct nl nl;
static int watch = -1;		/* hears what changes */
static int va, genl;

static void nl_fresh(int protocol)
{
	if (nl.fd > 0)
		close(nl.fd);
	nl.fd = nl_open(protocol);
}

/* What all who are told of a change would hear from now on. */
static void watch_fresh(int group)
{
	if (watch >= 0)
		close(watch);
	watch = nl_open(NETLINK_ROUTE);
	must(!setsockopt(watch, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			 sizeof(group)), "joining a group");
}

/* Heard of it, or heard that something was missed. */
static bool watch_told(void)
{
	char buf[4096];

	return recv(watch, buf, sizeof(buf), MSG_DONTWAIT) > 0 || errno == ENOBUFS;
}

static long call_nl(void)
{
	return nl_try(&nl);
}

#define NL_ERRS	{ ENOMEM, ENOBUFS, EFAULT }

/* How many answers a request has when nothing fails; all of them, or an error. */
static int complete;

static const char *after_get(long ret)
{
	if (!complete)
		complete = ret;
	return ret >= 0 && ret != complete ? "not all of it" : NULL;
}

/* ---- addresses ----------------------------------------------------------------------- */

static const struct { uint32_t addr; int plen; } new_addrs[] = {
	{ OTHER, 24 },		/* a network of its own */
	{ ALICE1 + 76, 24 },	/* one that is there */
	{ OTHER, 0 },		/* of a length that is not there */
};

static void addr_request(uint16_t type, uint16_t flags)
{
	const struct ifaddrmsg ifm = {
		.ifa_family = AF_TEACH, .ifa_index = va,
		.ifa_prefixlen = new_addrs[fault_way].plen,
	};

	nl_fresh(NETLINK_ROUTE);
	nl_begin(&nl, type, flags, &ifm, sizeof(ifm));
	nl_attr_u32(&nl, IFA_LOCAL, htonl(new_addrs[fault_way].addr));
}

static bool addr_there(uint32_t addr)
{
	int fd = sk_open(&fam_teach, ALICE);
	bool there = !bind_to(&fam_teach, fd, addr, PORT);

	close(fd);
	return there;
}

static bool reachable(uint32_t addr)
{
	int fd = sk_open(&fam_teach, ALICE);
	bool there = !conn_to(&fam_teach, fd, addr, PORT);

	close(fd);
	return there;
}

static void before_newaddr(void)
{
	watch_fresh(RTNLGRP_IPV4_IFADDR);
	addr_request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
}

/* An address and its network are there, or neither. */
static const char *addr_check(bool expected)
{
	uint32_t addr = new_addrs[fault_way].addr;
	bool there = addr_there(addr);

	if (!nl.unsure && there != expected)
		return there ? "the address is there" : "the address is not there";
	if (addr == OTHER && reachable(OTHER + 7) != there)
		return there ? "an address without a route" : "a route without an address";
	return NULL;
}

static const char *after_newaddr(long ret)
{
	const char *wrong = addr_check(ret >= 0);
	bool there = addr_there(new_addrs[fault_way].addr);

	if (there && !watch_told())
		wrong = "nobody was told";
	if (there)
		must(!addr_del(&fam_teach, "va", new_addrs[fault_way].addr,
			       new_addrs[fault_way].plen), "RTM_DELADDR");
	return wrong;
}

FAULT_OP(ctl, newaddr, .before = before_newaddr, .call = call_nl,
	 .after = after_newaddr, .count = 3, .errs = NL_ERRS,
	 .survives = "who listens is told that he missed it");

static void before_deladdr(void)
{
	must(!addr_add(&fam_teach, "va", new_addrs[fault_way].addr,
		       new_addrs[fault_way].plen), "RTM_NEWADDR");
	watch_fresh(RTNLGRP_IPV4_IFADDR);
	addr_request(RTM_DELADDR, 0);
}

static const char *after_deladdr(long ret)
{
	const char *wrong = addr_check(ret < 0);

	if (addr_there(new_addrs[fault_way].addr))
		must(!addr_del(&fam_teach, "va", new_addrs[fault_way].addr,
			       new_addrs[fault_way].plen), "RTM_DELADDR");
	else if (!watch_told())
		wrong = "nobody was told";
	return wrong;
}

FAULT_OP(ctl, deladdr, .before = before_deladdr, .call = call_nl,
	 .after = after_deladdr, .count = 3, .errs = NL_ERRS,
	 .survives = "who listens is told that he missed it");

static void many_addrs(void)
{
	int i;

	for (i = 0; i < MANY; i++)
		must(!addr_add(&fam_teach, "wa", OTHER + i, 32), "RTM_NEWADDR");
}

static void before_getaddr(void)
{
	const struct ifaddrmsg ifm = { .ifa_family = AF_TEACH };

	nl_fresh(NETLINK_ROUTE);
	nl_begin(&nl, RTM_GETADDR, NLM_F_DUMP, &ifm, sizeof(ifm));
}

FAULT_OP(ctl, getaddr, .once = many_addrs, .before = before_getaddr,
	 .call = call_nl, .after = after_get, .errs = NL_ERRS, .survives = "its messages are not made smaller");

/* ---- neighbours ------------------------------------------------------------------------ */

enum { ADD, ADD_PERMANENT, ADD_USED, CHANGE, NEIGH_WAYS };

static void neigh_request(uint16_t type, uint16_t flags, uint16_t state, int ntf_flags)
{
	const struct ndmsg ndm = {
		.ndm_family = AF_TEACH, .ndm_ifindex = va, .ndm_state = state,
		.ndm_flags = ntf_flags,
	};

	nl_fresh(NETLINK_ROUTE);
	nl_begin(&nl, type, flags, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(CAROL));
}

static void carol_add(void)
{
	must(!neigh_add(&fam_teach, "va", CAROL, (uint8_t *)CAROL_MAC, NUD_PERMANENT),
	     "RTM_NEWNEIGH");
}

static void before_newneigh(void)
{
	if (fault_way == CHANGE)
		carol_add();
	watch_fresh(RTNLGRP_NEIGH);
	if (fault_way == ADD_USED) {
		neigh_request(RTM_NEWNEIGH, NLM_F_CREATE, NUD_NONE, NTF_USE);
		return;
	}
	neigh_request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE,
		      fault_way == ADD_PERMANENT ? NUD_PERMANENT : NUD_STALE, 0);
	nl_attr(&nl, NDA_LLADDR, DAVE_MAC, 6);
}

static const char *after_newneigh(long ret)
{
	const char *wrong = NULL;
	struct neigh_event e;
	bool there = neigh_find(CAROL, &e);
	bool done = there && (fault_way == ADD_USED ? e.state == NUD_INCOMPLETE :
			      !memcmp(e.mac, DAVE_MAC, 6));

	if (!nl.unsure && done != (ret >= 0))
		wrong = done ? "refused, and yet done" : "not done";
	else if (!done && there != (fault_way == CHANGE))
		wrong = "half done";
	else if (done && fault_way != ADD_USED && !watch_told())
		wrong = "nobody was told";
	neigh_forget("va", CAROL);
	return wrong;
}

FAULT_OP(ctl, newneigh, .before = before_newneigh, .call = call_nl,
	 .after = after_newneigh, .count = NEIGH_WAYS, .errs = NL_ERRS,
	 .survives = "who listens is told that he missed it; the timer asks again");

static void before_delneigh(void)
{
	carol_add();
	watch_fresh(RTNLGRP_NEIGH);
	neigh_request(RTM_DELNEIGH, 0, 0, 0);
}

static const char *after_delneigh(long ret)
{
	struct neigh_event e;
	const char *wrong = NULL;
	bool there = neigh_find(CAROL, &e);

	if (!nl.unsure && there != (ret < 0))
		wrong = there ? "not done" : "refused, and yet done";
	if (!there && !watch_told())
		wrong = "nobody was told";
	neigh_forget("va", CAROL);
	return wrong;
}

FAULT_OP(ctl, delneigh, .before = before_delneigh, .call = call_nl,
	 .after = after_delneigh, .errs = NL_ERRS,
	 .survives = "who listens is told that he missed it");

static void before_getneigh(void)
{
	carol_add();
	neigh_request(RTM_GETNEIGH, 0, 0, 0);
}

static const char *after_getneigh(long ret)
{
	neigh_forget("va", CAROL);
	return ret >= 0 && ret != 1 ? "not one answer" : NULL;
}

FAULT_OP(ctl, getneigh, .before = before_getneigh, .call = call_nl,
	 .after = after_getneigh, .errs = NL_ERRS,
	 .survives = "its message is not made smaller");

static void many_neighs(void)
{
	int i;

	for (i = 1; i <= MANY; i++)
		must(!neigh_add(&fam_teach, "wa", ALICE2 + i, (uint8_t *)CAROL_MAC,
				NUD_PERMANENT), "RTM_NEWNEIGH");
}

static void before_dumpneigh(void)
{
	const struct ndmsg ndm = { .ndm_family = AF_TEACH };

	nl_fresh(NETLINK_ROUTE);
	nl_begin(&nl, RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm));
}

FAULT_OP(ctl, dumpneigh, .once = many_neighs, .before = before_dumpneigh, .call = call_nl,
	 .after = after_get, .errs = NL_ERRS,
	 .survives = "its messages are not made smaller");

/* ---- generic netlink ---------------------------------------------------------------------- */

static void genl_request(int cmd, uint16_t flags)
{
	const struct genlmsghdr hdr = { .cmd = cmd, .version = 1 };

	nl_fresh(NETLINK_GENERIC);
	nl_begin(&nl, genl, flags, &hdr, sizeof(hdr));
}

enum { LINK_GET, LINK_DUMP, STATS_GET, FAMILY_GET, GETS };

static void before_genl_get(void)
{
	switch (fault_way) {
	case LINK_GET:
		genl_request(TEACH_CMD_LINK_GET, 0);
		nl_attr(&nl, TEACH_A_IFNAME, "va", 3);
		break;
	case LINK_DUMP:
		genl_request(TEACH_CMD_LINK_GET, NLM_F_DUMP);
		break;
	case STATS_GET:
		genl_request(TEACH_CMD_STATS_GET, 0);
		break;
	case FAMILY_GET:
		genl_request(CTRL_CMD_GETFAMILY, 0);
		nl.hdr.nlmsg_type = GENL_ID_CTRL;
		nl_attr(&nl, CTRL_ATTR_FAMILY_NAME, TEACH_GENL_NAME,
			sizeof(TEACH_GENL_NAME));
		break;
	}
}

static const char *after_genl_get(long ret)
{
	return ret >= 0 && ret != (fault_way == LINK_DUMP ? 2 : 1) ? "not all of it" : NULL;
}

FAULT_OP(ctl, genl_get, .before = before_genl_get, .call = call_nl,
	 .after = after_genl_get, .count = GETS, .errs = NL_ERRS,
	 .survives = "its message is not made smaller");

#define LOCKTIME	4321

/* A parameter of va as it is now. */
static uint32_t parm_now(int parm)
{
	const struct nlattr *a;
	const char *p;
	size_t len;
	uint32_t value = 0;

	genl_request(TEACH_CMD_LINK_GET, 0);
	nl_attr(&nl, TEACH_A_IFNAME, "va", 3);
	must(!nl_ask(&nl), "TEACH_CMD_LINK_GET");
	p = nl_answer_attr(&nl, sizeof(struct genlmsghdr), TEACH_A_PARMS, &len);
	for (; len >= NLA_HDRLEN; p += NLA_ALIGN(a->nla_len),
	     len -= NLA_ALIGN(a->nla_len)) {
		a = (const struct nlattr *)p;
		if (a->nla_type == parm)
			memcpy(&value, a + 1, sizeof(value));
	}
	return value;
}

static void before_linkset(void)
{
	const struct {
		struct nlattr attr;
		uint32_t value;
	} nest = { { .nla_len = 8, .nla_type = TEACH_PARM_A_LOCKTIME_MS }, LOCKTIME };

	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 1000);
	genl_request(TEACH_CMD_LINK_SET, 0);
	nl_attr(&nl, TEACH_A_IFNAME, "va", 3);
	nl_attr(&nl, TEACH_A_PARMS | NLA_F_NESTED, &nest, sizeof(nest));
}

static const char *after_linkset(long ret)
{
	bool lost = nl.unsure, set = parm_now(TEACH_PARM_A_LOCKTIME_MS) > 1010;

	if (!lost && set != (ret >= 0))
		return set ? "refused, and yet done" : "not done";
	return NULL;
}

FAULT_OP(ctl, genl_set, .before = before_linkset, .call = call_nl,
	 .after = after_linkset, .errs = NL_ERRS,
	 .survives = "its message is not made smaller");

static void before_resolve(void)
{
	genl_request(TEACH_CMD_RESOLVE, 0);
	nl_attr_u32(&nl, TEACH_A_ADDR, htonl(CAROL));
}

static const char *after_resolve(long ret)
{
	struct neigh_event e;
	bool there = neigh_find(CAROL, &e);

	neigh_forget("va", CAROL);
	if (ret >= 0 && (ret != 1 || !there || e.state != NUD_INCOMPLETE))
		return "nobody is asked for";
	return NULL;
}

FAULT_OP(ctl, resolve, .before = before_resolve, .call = call_nl,
	 .after = after_resolve, .errs = NL_ERRS,
	 .survives = "the timer asks again");

/* ---- sock_diag --------------------------------------------------------------------------- */

static int sockets[3] = { -1, -1, -1 };

static void before_diag(void)
{
	const struct teach_diag_req all = {
		.sdiag_family = AF_TEACH, .tdiag_states = ~0u,
		.tdiag_show = TDIAG_SHOW_MEMINFO,
	};
	struct teach_diag_req req = all;
	struct stat st;
	int i;

	for (i = 0; i < 3 && sockets[i] < 0; i++)
		sockets[i] = sk_bound(&fam_teach, ALICE, ANY, PORT + i);
	if (fault_way) {
		must(!fstat(sockets[0], &st), "fstat");
		req.tdiag_ino = st.st_ino;
		req.tdiag_cookie[0] = req.tdiag_cookie[1] = ~0u;
		req.tdiag_states = 0;
	}
	nl_fresh(NETLINK_SOCK_DIAG);
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, fault_way ? 0 : NLM_F_DUMP, &req, sizeof(req));
}

static const char *after_diag(long ret)
{
	int i;

	for (i = 0; i < 3; i++)
		close(sockets[i]);
	sockets[0] = sockets[1] = sockets[2] = -1;
	return ret >= 0 && ret != (fault_way ? 1 : 3) ? "not all of it" : NULL;
}

FAULT_OP(ctl, diag, .before = before_diag, .call = call_nl, .after = after_diag,
	 .count = 2, .errs = NL_ERRS, .survives = "its messages are not made smaller");

int main(int argc, char **argv)
{
	lab_make();
	inject_prepare();
	if (!lab_teach_error()) {
		lab_ready();
		link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
		va = if_nametoindex("va");
		genl = teach_genl_id();
	}
	return test_harness_run(argc, argv);
}
