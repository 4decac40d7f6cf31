// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A small kernel for tests of the CLI: two links, addresses, neighbours, sockets,
 * a RARP server's table and counters in arrays, and refusals in words. The environment variable FAKE says
 * what is wrong with it: "nomodule", "noperm", "interrupted".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include "fake.h"

#define MAX 16
#define ADDR(a, b, c, d) { .s_addr = __builtin_bswap32((uint32_t)(a) << 24 | \
			   (b) << 16 | (c) << 8 | (d)) }
#define MAC(x) .lladdr_len = 6, .lladdr = { 2, 0, 0, 0, 0, x }

static struct teach_ifaddr addrs[MAX] = {
	{ .ifindex = 2, .addr = ADDR(10, 1, 0, 1), .prefixlen = 24 },
	{ .ifindex = 2, .addr = ADDR(10, 2, 0, 1), .prefixlen = 16 },
	{ .ifindex = 3, .addr = ADDR(10, 9, 0, 1), .prefixlen = 32,
	  .scope = RT_SCOPE_LINK },
};
static int n_addrs = 3;

static struct teach_neigh neighs[MAX] = {
	{ .ifindex = 2, .addr = ADDR(10, 1, 0, 2), .state = NUD_REACHABLE, MAC(2),
	  .refcnt = 1, .probes = 1, .used_ms = 3000, .confirmed_ms = 2500,
	  .updated_ms = 61000 },
	{ .ifindex = 2, .addr = ADDR(10, 1, 0, 3), .state = NUD_STALE, MAC(3),
	  .flags = NTF_ROUTER, .used_ms = 90000 },
	{ .ifindex = 2, .addr = ADDR(10, 1, 0, 9), .state = NUD_FAILED,
	  .probes = 3 },
	{ .ifindex = 3, .addr = ADDR(10, 9, 0, 7), .state = NUD_PERMANENT,
	  MAC(7) },
	{ .ifindex = 3, .addr = ADDR(10, 9, 0, 8), .state = NUD_NOARP, MAC(8) },
	{ .ifindex = 3, .addr = ADDR(10, 9, 0, 9), .state = NUD_NONE },
};
static int n_neighs = 6;

static struct teach_rarp rarps[MAX] = {
	{ .addr = ADDR(10, 1, 0, 20), .lladdr = { 2, 0, 0, 0, 0, 0x20 } },
	{ .ifindex = 3, .addr = ADDR(10, 9, 0, 20), .lladdr = { 2, 0, 0, 0, 0, 0x20 } },
};
static int n_rarps = 2;

/* The socket that subscribed to events of neighbours. */
static struct fake_sock *fake_changes;
/* Whether who subscribes finds that something happened. */
bool fake_history;

static uint32_t retrans[2] = { 1000, 1000 };

static bool fault(const char *what)
{
	const char *fake = getenv("FAKE");

	return fake && !strcmp(fake, what);
}

static uint16_t dump_flags(void)
{
	return NLM_F_MULTI | (fault("interrupted") ? NLM_F_DUMP_INTR : 0);
}

static const struct nlattr *find_attr(const struct nlmsghdr *nlh, size_t offset,
				      uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, offset)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

/* ---- Addresses ---- */

static int find_addr(uint32_t ifindex, uint32_t addr, int prefixlen)
{
	int i;

	for (i = 0; i < n_addrs; i++)
		if (addrs[i].ifindex == ifindex && addrs[i].addr.s_addr == addr &&
		    (prefixlen < 0 || addrs[i].prefixlen == prefixlen))
			return i;
	return -1;
}

static void addr_request(struct fake_sock *s, const struct nlmsghdr *req)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(req);
	const struct nlattr *attr = find_attr(req, sizeof(*ifa), IFA_LOCAL);
	uint32_t addr = attr ? mnl_attr_get_u32(attr) : 0;
	union fake_msg m;
	int i;

	switch (req->nlmsg_type) {
	case RTM_GETADDR:
		for (i = 0; i < n_addrs; i++) {
			fake_addr(&m, req, RTM_NEWADDR, dump_flags(), &addrs[i]);
			fake_msg_send(s, &m);
		}
		fake_done(s, req);
		return;
	case RTM_NEWADDR:
		if (find_addr(ifa->ifa_index, addr, -1) >= 0) {
			fake_ack(s, req, -EEXIST, "Address is there already");
			return;
		}
		if (n_addrs == MAX) {
			fake_ack(s, req, -ENOSPC, NULL);
			return;
		}
		addrs[n_addrs++] = (struct teach_ifaddr){
			.ifindex = ifa->ifa_index, .addr.s_addr = addr,
			.prefixlen = ifa->ifa_prefixlen,
		};
		fake_ack(s, req, 0, NULL);
		return;
	case RTM_DELADDR:
		i = find_addr(ifa->ifa_index, addr, ifa->ifa_prefixlen);
		if (i < 0) {
			fake_ack(s, req, -EADDRNOTAVAIL, "No such address");
			return;
		}
		addrs[i] = addrs[--n_addrs];
		fake_ack(s, req, 0, NULL);
	}
}

/* ---- Neighbours ---- */

static int find_neigh(uint32_t ifindex, uint32_t addr)
{
	int i;

	for (i = 0; i < n_neighs; i++)
		if (neighs[i].ifindex == ifindex && neighs[i].addr.s_addr == addr)
			return i;
	return -1;
}

static void new_neigh(struct fake_sock *s, const struct nlmsghdr *req,
		      const struct ndmsg *ndm, uint32_t addr, int i)
{
	const struct nlattr *ll = find_attr(req, sizeof(*ndm), NDA_LLADDR);

	if (i >= 0 && req->nlmsg_flags & NLM_F_EXCL) {
		fake_ack(s, req, -EEXIST, "Entry exists: change or replace it");
		return;
	}
	if (i < 0 && !(req->nlmsg_flags & NLM_F_CREATE)) {
		fake_ack(s, req, -ENOENT, "No such entry: add it.");
		return;
	}
	if (i < 0)
		i = n_neighs++;
	if (i == MAX)
		abort();
	neighs[i] = (struct teach_neigh){
		.ifindex = ndm->ndm_ifindex, .addr.s_addr = addr,
		.state = ndm->ndm_state, .flags = ndm->ndm_flags,
	};
	if (ll) {
		neighs[i].lladdr_len = mnl_attr_get_payload_len(ll);
		memcpy(neighs[i].lladdr, mnl_attr_get_payload(ll),
		       neighs[i].lladdr_len);
	}
	/* A warning, to see that it is printed though all is well. */
	fake_ack(s, req, 0, neighs[i].flags & NTF_ROUTER ?
		 "Nobody routes TEACH yet" : NULL);
}

static void neigh_request(struct fake_sock *s, const struct nlmsghdr *req)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(req);
	const struct nlattr *attr = find_attr(req, sizeof(*ndm), NDA_DST);
	uint32_t addr = attr ? mnl_attr_get_u32(attr) : 0;
	int i = find_neigh(ndm->ndm_ifindex, addr);
	union fake_msg m;

	if (req->nlmsg_type == RTM_GETNEIGH && req->nlmsg_flags & NLM_F_DUMP) {
		for (i = 0; i < n_neighs; i++) {
			fake_neigh(&m, req, RTM_NEWNEIGH, dump_flags(),
				   &neighs[i]);
			fake_msg_send(s, &m);
		}
		fake_done(s, req);
		return;
	}
	if (req->nlmsg_type == RTM_NEWNEIGH) {
		new_neigh(s, req, ndm, addr, i);
		return;
	}
	if (i < 0) {
		fake_ack(s, req, -ENOENT, "No such entry");
		return;
	}
	if (req->nlmsg_type == RTM_DELNEIGH) {
		memmove(&neighs[i], &neighs[i + 1],
			(n_neighs - i - 1) * sizeof(neighs[0]));
		n_neighs--;
	} else {
		fake_neigh(&m, req, RTM_NEWNEIGH, 0, &neighs[i]);
		fake_msg_send(s, &m);
	}
	fake_ack(s, req, 0, NULL);
}

/* ---- Generic netlink ---- */

static void put_link(struct fake_sock *s, const struct nlmsghdr *req,
		     uint32_t ifindex, uint16_t flags)
{
	uint8_t mac[6] = { 2, 0, 0, 0, 0, ifindex - 1 };
	struct nlattr *nest;
	union fake_msg m;

	fake_msg_init(&m, req, FAKE_FAMILY, flags, sizeof(struct genlmsghdr));
	mnl_attr_put_u32(&m.nlh, TEACH_A_IFINDEX, ifindex);
	mnl_attr_put_strz(&m.nlh, TEACH_A_IFNAME, ifindex == 2 ? "va" : "vb");
	mnl_attr_put_u32(&m.nlh, TEACH_A_MTU, 1500);
	mnl_attr_put_u32(&m.nlh, TEACH_A_FLAGS,
			 ifindex == 2 ? TEACH_LINK_F_UP : TEACH_LINK_F_NOARP);
	mnl_attr_put_u32(&m.nlh, TEACH_A_N_ADDRS, ifindex == 2 ? 2 : 1);
	mnl_attr_put_u32(&m.nlh, TEACH_A_N_NEIGHS, 3);
	mnl_attr_put(&m.nlh, TEACH_A_LLADDR, sizeof(mac), mac);
	nest = mnl_attr_nest_start(&m.nlh, TEACH_A_PARMS);
	mnl_attr_put_u32(&m.nlh, TEACH_PARM_A_BASE_REACHABLE_MS, 30000);
	mnl_attr_put_u32(&m.nlh, TEACH_PARM_A_REACHABLE_MS, 23456);
	mnl_attr_put_u32(&m.nlh, TEACH_PARM_A_RETRANS_MS, retrans[ifindex - 2]);
	mnl_attr_put_u32(&m.nlh, TEACH_PARM_A_UCAST_PROBES, 3);
	mnl_attr_put_u32(&m.nlh, 200, 7);	/* of a later kernel */
	mnl_attr_nest_end(&m.nlh, nest);
	fake_msg_send(s, &m);
}

static void set_link(struct fake_sock *s, const struct nlmsghdr *req,
		     uint32_t ifindex)
{
	const struct nlattr *attr, *nest = find_attr(req, sizeof(struct genlmsghdr),
						     TEACH_A_PARMS);

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case TEACH_PARM_A_REACHABLE_MS:
			fake_ack(s, req, -EINVAL,
				 "reachable_time_ms is drawn at random: set base_reachable_time_ms");
			return;
		case TEACH_PARM_A_UCAST_PROBES:
			if (mnl_attr_get_u32(attr) <= 100)
				break;
			fake_refuse(s, req, -ERANGE, "integer out of range", attr);
			return;
		case TEACH_PARM_A_RETRANS_MS:
			retrans[ifindex - 2] = mnl_attr_get_u32(attr);
		}
	}
	fake_ack(s, req, 0, NULL);
}

static void put_stats(struct fake_sock *s, const struct nlmsghdr *req)
{
	struct nlattr *nest;
	union fake_msg m;
	int i;

	fake_msg_init(&m, req, FAKE_FAMILY, 0, sizeof(struct genlmsghdr));
	nest = mnl_attr_nest_start(&m.nlh, TEACH_A_STATS);
	for (i = 1; i <= TEACH_STAT_MAX; i++)
		mnl_attr_put_u64(&m.nlh, i, i == TEACH_STAT_IN_PACKETS ? 42 :
				 i == TEACH_STAT_ARP_OUT_REQUESTS ?
				 0x123456789abcull : 0);
	mnl_attr_put_u64(&m.nlh, 500, 7);	/* of a later kernel */
	mnl_attr_nest_end(&m.nlh, nest);
	fake_msg_send(s, &m);
	fake_ack(s, req, 0, NULL);
}

/* Filtered here, as the kernel does. */
static bool passes(const struct nlmsghdr *req, const struct teach_neigh *n)
{
	const size_t size = sizeof(struct genlmsghdr);
	const struct nlattr *dev = find_attr(req, size, TEACH_A_IFINDEX);
	const struct nlattr *states = find_attr(req, size, TEACH_A_NUD_STATE);
	const struct nlattr *addr = find_attr(req, size, TEACH_A_ADDR);
	const struct nlattr *len = find_attr(req, size, TEACH_A_PREFIXLEN);
	struct teach_addr prefix;

	if (addr) {
		prefix.s_addr = mnl_attr_get_u32(addr);
		if (!teach_prefix_match(&n->addr, &prefix,
					len ? mnl_attr_get_u8(len) : 32))
			return false;
	}
	if (dev && mnl_attr_get_u32(dev) != n->ifindex)
		return false;
	return !states || mnl_attr_get_u16(states) &
		(n->state ? n->state : TEACH_NUD_NONE_BIT);
}

static void put_infos(struct fake_sock *s, const struct nlmsghdr *req)
{
	bool dump = req->nlmsg_flags & NLM_F_DUMP, found = false;
	struct teach_neigh_info info = { 0 };
	union fake_msg m;
	int i;

	for (i = 0; i < n_neighs; i++) {
		if (!passes(req, &neighs[i]))
			continue;
		info.neigh = neighs[i];
		info.reason = neighs[i].state == NUD_REACHABLE ?
			TEACH_NEIGH_REASON_REPLY : neighs[i].state == NUD_FAILED ?
			TEACH_NEIGH_REASON_NO_PROBE_LEFT : 0;
		info.held_packets = neighs[i].state == NUD_NONE ? 2 : 0;
		info.held_bytes = 768 * info.held_packets;
		fake_info(&m, req, dump ? dump_flags() : 0, &info);
		fake_msg_send(s, &m);
		found = true;
	}
	if (dump)
		fake_done(s, req);
	else
		fake_ack(s, req, found ? 0 : -ENOENT, found ? NULL : "No such entry");
}

static void fake_event(struct fake_sock *s, int neigh, uint16_t old_state,
		       uint16_t state, uint32_t reason, uint32_t probes, uint64_t ms)
{
	const struct teach_neigh *n = &neighs[neigh];
	struct teach_neigh_change c = {
		.ifindex = n->ifindex, .addr = n->addr, .old_state = old_state,
		.state = state, .gone = !state, .reason = reason, .probes = probes,
		.time_ns = 1700000000000000000ull + ms * 1000000,
	};
	union fake_msg m;

	if ((state ? state : old_state) & (NUD_REACHABLE | NUD_STALE)) {
		c.lladdr_len = n->lladdr_len;
		memcpy(c.lladdr, n->lladdr, sizeof(c.lladdr));
	}
	fake_change(&m, &c);
	fake_msg_send(s, &m);
}

/* Somebody asks for 10.1.0.2, who answers, and for others, who do not. */
static void resolve(struct fake_sock *s, const struct nlmsghdr *req)
{
	const struct nlattr *attr = find_attr(req, sizeof(struct genlmsghdr),
					      TEACH_A_ADDR);
	uint32_t addr = mnl_attr_get_u32(attr);
	bool answers = addr == neighs[0].addr.s_addr;
	uint16_t end = answers ? NUD_REACHABLE : NUD_FAILED;
	int i = answers ? 0 : find_neigh(2, addr);
	union fake_msg m;

	if (i < 0) {
		fake_ack(s, req, -ENETUNREACH,
			 "Address is in no network of this host: name the device");
		return;
	}
	if (fake_changes) {
		/* Told by another CPU, the answer may overtake the question. */
		if (answers)
			fake_event(fake_changes, i, NUD_INCOMPLETE, end,
				   TEACH_NEIGH_REASON_REPLY, 1, 2);
		fake_event(fake_changes, i, NUD_NONE, NUD_INCOMPLETE,
			   TEACH_NEIGH_REASON_RESOLVE, 1, 0);
		if (!answers)
			fake_event(fake_changes, i, NUD_INCOMPLETE, end,
				   TEACH_NEIGH_REASON_NO_PROBE_LEFT, 3, 3000);
	}
	fake_msg_init(&m, req, FAKE_FAMILY, 0, sizeof(struct genlmsghdr));
	mnl_attr_put_u32(&m.nlh, TEACH_A_IFINDEX, 2);
	mnl_attr_put_u32(&m.nlh, TEACH_A_ADDR, addr);
	mnl_attr_put_u16(&m.nlh, TEACH_A_NUD_STATE, end);
	if (answers)
		mnl_attr_put(&m.nlh, TEACH_A_LLADDR, 6, neighs[0].lladdr);
	fake_msg_send(s, &m);
	fake_ack(s, req, 0, NULL);
}

static void put_rarps(struct fake_sock *s, const struct nlmsghdr *req)
{
	union fake_msg m;
	int i;

	for (i = 0; i < n_rarps; i++) {
		fake_msg_init(&m, req, FAKE_FAMILY, dump_flags(), sizeof(struct genlmsghdr));
		mnl_attr_put(&m.nlh, TEACH_A_LLADDR, TEACH_LLADDRLEN, rarps[i].lladdr);
		mnl_attr_put_u32(&m.nlh, TEACH_A_ADDR, rarps[i].addr.s_addr);
		if (rarps[i].ifindex)
			mnl_attr_put_u32(&m.nlh, TEACH_A_IFINDEX, rarps[i].ifindex);
		fake_msg_send(s, &m);
	}
	fake_done(s, req);
}

static void change_rarps(struct fake_sock *s, const struct nlmsghdr *req)
{
	const size_t size = sizeof(struct genlmsghdr);
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(req);
	const void *mac = mnl_attr_get_payload(find_attr(req, size, TEACH_A_LLADDR));
	const struct nlattr *dev = find_attr(req, size, TEACH_A_IFINDEX);
	uint32_t ifindex = dev ? mnl_attr_get_u32(dev) : 0;
	int i;

	for (i = 0; i < n_rarps; i++) {
		if (rarps[i].ifindex == ifindex &&
		    !memcmp(rarps[i].lladdr, mac, TEACH_LLADDRLEN))
			break;
	}
	if (gh->cmd == TEACH_CMD_RARP_DEL) {
		if (i == n_rarps) {
			fake_ack(s, req, -ENOENT,
				 "RARP table has no such MAC address for that device");
			return;
		}
		rarps[i] = rarps[--n_rarps];
	} else {
		if (i < n_rarps && !find_attr(req, size, TEACH_A_REPLACE)) {
			fake_ack(s, req, -EEXIST,
				 "MAC address has an entry already: replace or delete it");
			return;
		}
		n_rarps += i == n_rarps;
		rarps[i].ifindex = ifindex;
		rarps[i].addr.s_addr = mnl_attr_get_u32(find_attr(req, size, TEACH_A_ADDR));
		memcpy(rarps[i].lladdr, mac, TEACH_LLADDRLEN);
	}
	fake_ack(s, req, 0, NULL);
}

static void genl_request(struct fake_sock *s, const struct nlmsghdr *req)
{
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(req);
	const struct nlattr *attr = find_attr(req, sizeof(*gh), TEACH_A_IFINDEX);
	uint32_t ifindex = attr ? mnl_attr_get_u32(attr) : 0;

	if (gh->cmd == TEACH_CMD_STATS_GET) {
		put_stats(s, req);
	} else if (gh->cmd == TEACH_CMD_LINK_GET &&
		   req->nlmsg_flags & NLM_F_DUMP) {
		put_link(s, req, 2, dump_flags());
		put_link(s, req, 3, dump_flags());
		fake_done(s, req);
	} else if (gh->cmd == TEACH_CMD_NEIGH_GET) {
		put_infos(s, req);
	} else if (gh->cmd == TEACH_CMD_RESOLVE) {
		resolve(s, req);
	} else if (gh->cmd == TEACH_CMD_RARP_GET) {
		put_rarps(s, req);
	} else if (gh->cmd == TEACH_CMD_RARP_ADD || gh->cmd == TEACH_CMD_RARP_DEL) {
		change_rarps(s, req);
	} else if (ifindex != 2 && ifindex != 3) {
		fake_ack(s, req, -EOPNOTSUPP,
			 "Device does not carry TEACH: it is not Ethernet");
	} else if (gh->cmd == TEACH_CMD_LINK_GET) {
		put_link(s, req, ifindex, 0);
		fake_ack(s, req, 0, NULL);
	} else if (gh->cmd == TEACH_CMD_LINK_SET) {
		set_link(s, req, ifindex);
	} else if (gh->cmd == TEACH_CMD_RARP_RESOLVE) {
		/* Nobody answers. */
		fake_ack(s, req, 0, NULL);
	}
}

/* ---- Sockets ---- */

static void diag_request(struct fake_sock *s, const struct nlmsghdr *req)
{
	const struct teach_diag_req *r = mnl_nlmsg_get_payload(req);
	uint32_t meminfo[SK_MEMINFO_VARS] = {
		[SK_MEMINFO_RCVBUF] = 212992, [SK_MEMINFO_SNDBUF] = 212992,
		[SK_MEMINFO_DROPS] = 5,
	};
	static const struct teach_diag_msg socks[] = {
		{ .tdiag_family = AF_TEACH, .tdiag_type = SOCK_DGRAM,
		  .tdiag_protocol = TEACHPROTO_DGRAM, .tdiag_state = TCP_CLOSE,
		  .tdiag_sport = 0x581b, .tdiag_uid = 1000, .tdiag_ino = 4711,
		  .tdiag_rqueue = 768, .tdiag_drops = 5,
		  .tdiag_cookie = { 0x11, 0 } },
		{ .tdiag_family = AF_TEACH, .tdiag_type = SOCK_DGRAM,
		  .tdiag_protocol = TEACHPROTO_DGRAM,
		  .tdiag_state = TCP_ESTABLISHED, .tdiag_sport = 0x0180,
		  .tdiag_saddr = 0x0100010a, .tdiag_dport = 0x581b,
		  .tdiag_daddr = 0x0200010a, .tdiag_ifindex = 2,
		  .tdiag_ino = 4712, .tdiag_wqueue = 1024,
		  .tdiag_cookie = { 0x12, 1 } },
		{ .tdiag_family = AF_TEACH, .tdiag_type = SOCK_DGRAM,
		  .tdiag_protocol = TEACHPROTO_CONTROL,
		  .tdiag_state = TCP_CLOSE, .tdiag_sport = 0x0100,
		  .tdiag_ino = 4713, .tdiag_cookie = { 0x13, 0 } },
	};
	struct teach_diag_msg *msg;
	union fake_msg m;
	size_t i;

	for (i = 0; i < sizeof(socks) / sizeof(socks[0]); i++) {
		if (!(r->tdiag_states & 1u << socks[i].tdiag_state))
			continue;
		msg = fake_msg_init(&m, req, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI,
				    sizeof(*msg));
		*msg = socks[i];
		if (r->tdiag_show & TDIAG_SHOW_MEMINFO)
			mnl_attr_put(&m.nlh, TEACH_DIAG_MEMINFO,
				     sizeof(meminfo), meminfo);
		if (i == 1)
			mnl_attr_put_u8(&m.nlh, TEACH_DIAG_SHUTDOWN, 2);
		fake_msg_send(s, &m);
	}
	fake_done(s, req);
}

/* ---- All together ---- */

static bool changes(const struct fake_sock *s, const struct nlmsghdr *req)
{
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(req);

	if (s->bus == NETLINK_GENERIC)
		return gh->cmd != TEACH_CMD_LINK_GET && gh->cmd != TEACH_CMD_STATS_GET &&
		       gh->cmd != TEACH_CMD_NEIGH_GET && gh->cmd != TEACH_CMD_RARP_GET;
	return s->bus == NETLINK_ROUTE && req->nlmsg_type != RTM_GETADDR &&
	       req->nlmsg_type != RTM_GETNEIGH;
}

void fake_kernel_request(struct fake_sock *s, const struct nlmsghdr *req)
{
	if (fault("nomodule") && req->nlmsg_type == GENL_ID_CTRL) {
		fake_ack(s, req, -ENOENT, NULL);
		return;
	}
	if (fake_family(s, req))
		return;
	if (fault("noperm") && changes(s, req)) {
		fake_ack(s, req, -EPERM, NULL);
		return;
	}
	if (s->bus == NETLINK_GENERIC) {
		genl_request(s, req);
		return;
	}
	if (s->bus == NETLINK_SOCK_DIAG) {
		diag_request(s, req);
		return;
	}
	switch (req->nlmsg_type) {
	case RTM_NEWADDR:
	case RTM_DELADDR:
	case RTM_GETADDR:
		addr_request(s, req);
		break;
	default:
		neigh_request(s, req);
	}
}

void fake_kernel_join(struct fake_sock *s, unsigned int group)
{
	union fake_msg m;

	if (group == RTNLGRP_IPV4_IFADDR) {
		fake_addr(&m, NULL, RTM_NEWADDR, 0, &addrs[0]);
		fake_msg_send(s, &m);
		fake_addr(&m, NULL, RTM_DELADDR, 0, &addrs[2]);
		fake_msg_send(s, &m);
	}
	if (group != FAKE_GROUP)
		return;
	fake_changes = s;
	if (!fake_history)
		return;
	fake_event(s, 0, NUD_NONE, NUD_INCOMPLETE, TEACH_NEIGH_REASON_USED, 1, 0);
	fake_event(s, 0, NUD_INCOMPLETE, NUD_INCOMPLETE,
		   TEACH_NEIGH_REASON_PROBE_TIMEOUT, 2, 1000);
	fake_event(s, 0, NUD_INCOMPLETE, NUD_REACHABLE, TEACH_NEIGH_REASON_REPLY, 2, 1002);
	fake_event(s, 1, NUD_STALE, NUD_STALE, TEACH_NEIGH_REASON_FLAPPING, 0, 1500);
	fake_event(s, 2, NUD_INCOMPLETE, NUD_FAILED, TEACH_NEIGH_REASON_NO_PROBE_LEFT, 3,
		   2000);
	fake_event(s, 2, NUD_FAILED, NUD_NONE, TEACH_NEIGH_REASON_COLLECTED, 3, 9000);
}
