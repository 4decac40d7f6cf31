// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Generic netlink "teach" and sock_diag, and who may ask for what: requests that
 * are not as they should be, dumps, rights in user namespaces.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <sched.h>
#include <sys/stat.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100

FIXTURE(genl) {
	const struct family *f;
	struct nl nl;
	int id;
};
FIXTURE_SETUP(genl)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	self->id = teach_genl_id();
	self->nl.fd = nl_open(NETLINK_GENERIC);
}
FIXTURE_TEARDOWN(genl) {}

static void begin(struct nl *nl, int id, int cmd, int flags)
{
	const struct genlmsghdr genl = { .cmd = cmd, .version = TEACH_GENL_VERSION };

	nl_begin(nl, id, flags, &genl, sizeof(genl));
}

static void parm(struct nl *nl, int type, const void *value, size_t len)
{
	char buf[64] = { 0 };
	struct nlattr attr = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	memcpy(buf, &attr, sizeof(attr));
	memcpy(buf + NLA_HDRLEN, value, len);
	nl_attr(nl, TEACH_A_PARMS | NLA_F_NESTED, buf, NLA_ALIGN(NLA_HDRLEN + len));
}

static void begin_set(struct nl *nl, int id, int type, uint32_t value)
{
	begin(nl, id, TEACH_CMD_LINK_SET, 0);
	nl_attr(nl, TEACH_A_IFNAME, "va", 3);
	parm(nl, type, &value, sizeof(value));
}

/* A parameter of va as it is now. */
static uint32_t parm_now(struct nl *nl, int id, int type)
{
	const char *nest;
	size_t len, at;

	begin(nl, id, TEACH_CMD_LINK_GET, 0);
	nl_attr(nl, TEACH_A_IFNAME, "va", 3);
	must(!nl_ask(nl), "TEACH_CMD_LINK_GET");
	nest = nl_answer_attr(nl, GENL_HDRLEN, TEACH_A_PARMS, &len);
	for (at = 0; nest && at + 8 <= len; at += 8) {
		const struct nlattr *attr = (const void *)(nest + at);

		if (attr->nla_type == type)
			return *(const uint32_t *)(attr + 1);
	}
	errno = ENOENT;
	die("a parameter is missing");
}

TEST_F(genl, cut)
{
	size_t full, len;

	begin_set(&self->nl, self->id, TEACH_PARM_A_RETRANS_MS, 777);
	full = self->nl.hdr.nlmsg_len;
	for (len = NLMSG_HDRLEN; len < full; len++) {
		self->nl.hdr.nlmsg_len = len;
		EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%zu bytes were accepted", len);
	}
	EXPECT_EQ(1000, parm_now(&self->nl, self->id, TEACH_PARM_A_RETRANS_MS));
	begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(CAROL));
	full = self->nl.hdr.nlmsg_len;
	for (len = NLMSG_HDRLEN; len < full; len++) {
		self->nl.hdr.nlmsg_len = len;
		EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%zu bytes were accepted", len);
	}
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_ALLOCS));
}

TEST_F(genl, unknown_commands)
{
	static const int cmds[] = { 0, TEACH_CMD_MAX + 1, 255 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		begin(&self->nl, self->id, cmds[i], 0);
		EXPECT_EQ(-EOPNOTSUPP, nl_ask(&self->nl));
	}
	/* Counters are not a list. */
	begin(&self->nl, self->id, TEACH_CMD_STATS_GET, NLM_F_DUMP);
	EXPECT_EQ(-EOPNOTSUPP, nl_ask(&self->nl));
}

TEST_F(genl, attributes)
{
	static const char long_name[] = "a-name-of-more-than-fifteen-characters";
	static const uint8_t bytes[8] = { 1 };
	uint32_t zero = 0;
	int len;

	/* Unknown, of another command, of wrong lengths, not terminated. */
	begin(&self->nl, self->id, TEACH_CMD_LINK_GET, 0);
	nl_attr_u32(&self->nl, TEACH_A_MAX + 1, 1);
	EXPECT_REFUSED(EINVAL, &self->nl);
	begin(&self->nl, self->id, TEACH_CMD_LINK_GET, 0);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, 1);
	EXPECT_REFUSED(EINVAL, &self->nl);
	begin(&self->nl, self->id, TEACH_CMD_STATS_GET, 0);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, 1);
	EXPECT_REFUSED(EINVAL, &self->nl);
	/* The counters of a device that carries no TEACH, and of none. */
	begin(&self->nl, self->id, TEACH_CMD_STATS_GET, 0);
	nl_attr_u32(&self->nl, TEACH_A_IFINDEX, LO_IFINDEX);
	EXPECT_REFUSED(EOPNOTSUPP, &self->nl);
	begin(&self->nl, self->id, TEACH_CMD_STATS_GET, 0);
	nl_attr_u32(&self->nl, TEACH_A_IFINDEX, 0x7fffffff);
	EXPECT_REFUSED(ENODEV, &self->nl);
	for (len = 0; len < 8; len++) {
		if (len == 4)
			continue;
		begin(&self->nl, self->id, TEACH_CMD_LINK_GET, 0);
		nl_attr(&self->nl, TEACH_A_IFINDEX, bytes, len);
		EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%d bytes of index", len);
		EXPECT_NE(0, self->nl.said[0]);
		begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
		nl_attr(&self->nl, TEACH_A_ADDR, bytes, len);
		EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%d bytes of address", len);
		EXPECT_NE(0, self->nl.said[0]);
		begin(&self->nl, self->id, TEACH_CMD_LINK_SET, 0);
		nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
		parm(&self->nl, TEACH_PARM_A_RETRANS_MS, bytes, len);
		EXPECT_GT(0, nl_ask(&self->nl)) TH_LOG("%d bytes of parameter", len);
		EXPECT_NE(0, self->nl.said[0]);
	}
	begin(&self->nl, self->id, TEACH_CMD_LINK_GET, 0);
	nl_attr(&self->nl, TEACH_A_IFNAME, long_name, sizeof(long_name));
	EXPECT_GT(0, nl_ask(&self->nl));
	EXPECT_NE(0, self->nl.said[0]);
	begin(&self->nl, self->id, TEACH_CMD_LINK_GET, 0);
	nl_attr(&self->nl, TEACH_A_IFNAME, "va", 2);
	EXPECT_REFUSED(EINVAL, &self->nl);
	begin(&self->nl, self->id, TEACH_CMD_LINK_GET, 0);
	nl_attr(&self->nl, TEACH_A_IFINDEX, &zero, 4);
	EXPECT_REFUSED(ERANGE, &self->nl);
}

TEST_F(genl, devices)
{
	static const int cmds[] = { TEACH_CMD_LINK_GET, TEACH_CMD_LINK_SET,
				    TEACH_CMD_RESOLVE };
	uint32_t value = 1000, addr = htonl(CAROL);
	unsigned int i, by;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		for (by = 0; by < 4; by++) {
			begin(&self->nl, self->id, cmds[i], 0);
			if (by == 0)
				nl_attr_u32(&self->nl, TEACH_A_IFINDEX, 99999);
			else if (by == 1)
				nl_attr(&self->nl, TEACH_A_IFNAME, "nosuch", 7);
			else if (by == 2)
				nl_attr_u32(&self->nl, TEACH_A_IFINDEX, LO_IFINDEX);
			else
				nl_attr(&self->nl, TEACH_A_IFNAME, "lo", 3);
			if (cmds[i] == TEACH_CMD_LINK_SET)
				parm(&self->nl, TEACH_PARM_A_RETRANS_MS, &value, 4);
			if (cmds[i] == TEACH_CMD_RESOLVE)
				nl_attr(&self->nl, TEACH_A_ADDR, &addr, 4);
			EXPECT_REFUSED(by < 2 ? ENODEV : EOPNOTSUPP, &self->nl);
		}
	}
	begin(&self->nl, self->id, TEACH_CMD_LINK_GET, 0);
	EXPECT_REFUSED(EINVAL, &self->nl);
	begin(&self->nl, self->id, TEACH_CMD_LINK_SET, 0);
	nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
	EXPECT_REFUSED(EINVAL, &self->nl);
}

TEST_F(genl, parameters)
{
	static const struct {
		int type;
		uint32_t bad, good;
	} parms[] = {
		{ TEACH_PARM_A_BASE_REACHABLE_MS, 0, 20000 },
		{ TEACH_PARM_A_RETRANS_MS, 0, 40 },
		{ TEACH_PARM_A_DELAY_PROBE_MS, 0, 400 },
		{ TEACH_PARM_A_UCAST_PROBES, 101, 100 },
		{ TEACH_PARM_A_MCAST_PROBES, 101, 0 },
	};
	unsigned int i;
	uint32_t before;

	for (i = 0; i < ARRAY_SIZE(parms); i++) {
		before = parm_now(&self->nl, self->id, parms[i].type);
		begin_set(&self->nl, self->id, parms[i].type, parms[i].bad);
		EXPECT_REFUSED(ERANGE, &self->nl);
		EXPECT_EQ(before, parm_now(&self->nl, self->id, parms[i].type));
		begin_set(&self->nl, self->id, parms[i].type, parms[i].good);
		EXPECT_ACCEPTED(&self->nl);
		EXPECT_EQ(parms[i].good,
			  parm_now(&self->nl, self->id, parms[i].type));
	}
	/* The time in force is drawn at random, not given. */
	begin_set(&self->nl, self->id, TEACH_PARM_A_REACHABLE_MS, 1000);
	EXPECT_REFUSED(EINVAL, &self->nl);
	before = parm_now(&self->nl, self->id, TEACH_PARM_A_REACHABLE_MS);
	EXPECT_LE(10000, before);
	EXPECT_GE(30000, before);
	begin_set(&self->nl, self->id, TEACH_PARM_A_MAX + 1, 1);
	EXPECT_REFUSED(EINVAL, &self->nl);
}

/* All links, those of this namespace only, and not the loopback device. */
TEST_F(genl, dump)
{
	begin(&self->nl, self->id, TEACH_CMD_LINK_GET, NLM_F_DUMP);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(2, self->nl.answers);
}

TEST_F(genl, resolve)
{
	static const uint32_t bad[] = { ANY, BCAST_ALL, BCAST1, ALICE1, ALICE2 };
	int arp = arp_open("vb"), watch = neigh_watch();
	struct neigh_event e;
	const void *p;
	unsigned int i;
	size_t len;

	begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
	EXPECT_REFUSED(EINVAL, &self->nl);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
		nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
		nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(bad[i]));
		EXPECT_REFUSED(EINVAL, &self->nl);
	}
	begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(NOROUTE));
	EXPECT_REFUSED(ENETUNREACH, &self->nl);
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_ALLOCS));

	begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(CAROL));
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(1, self->nl.answers);
	p = nl_answer_attr(&self->nl, GENL_HDRLEN, TEACH_A_NUD_STATE, &len);
	ASSERT_TRUE(p && len == 2);
	EXPECT_EQ(NUD_INCOMPLETE, *(const uint16_t *)p);
	p = nl_answer_attr(&self->nl, GENL_HDRLEN, TEACH_A_IFINDEX, &len);
	ASSERT_TRUE(p && len == 4);
	EXPECT_EQ(if_nametoindex("va"), *(const uint32_t *)p);
	carol_answers(arp);
	ASSERT_TRUE(neigh_next(watch, &e, LIMIT_MS));
	EXPECT_EQ(NUD_REACHABLE, e.state);
	begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(CAROL));
	EXPECT_ACCEPTED(&self->nl);
	p = nl_answer_attr(&self->nl, GENL_HDRLEN, TEACH_A_LLADDR, &len);
	ASSERT_TRUE(p && len == 6);
	EXPECT_EQ(0, memcmp(p, CAROL_MAC, 6));

	ASSERT_EQ(0, link_up("va", 0));
	begin(&self->nl, self->id, TEACH_CMD_RESOLVE, 0);
	nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(CAROL));
	EXPECT_REFUSED(ENETDOWN, &self->nl);
}

/* ---- sock_diag ---------------------------------------------------------------------- */

static struct teach_diag_req diag_req(void)
{
	return (struct teach_diag_req) {
		.sdiag_family = AF_TEACH, .tdiag_states = 0xffffffff,
		.tdiag_cookie = { ~0u, ~0u },
	};
}

TEST_F(genl, diag)
{
	struct nl nl = { .fd = nl_open(NETLINK_SOCK_DIAG) };
	struct teach_diag_req req = diag_req();
	const struct teach_diag_msg *msg = (const void *)nl.answer;
	int s, c;
	struct stat st;
	size_t len;

	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, sizeof(req));
	EXPECT_EQ(0, nl_ask(&nl));
	EXPECT_EQ(0, nl.answers);
	s = sk_bound(self->f, ALICE, ALICE1, PORT);
	c = sk_conn(self->f, ALICE, BOB1, PEER);
	ASSERT_EQ(0, fstat(s, &st));
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, sizeof(req));
	EXPECT_EQ(0, nl_ask(&nl));
	EXPECT_EQ(2, nl.answers);
	req.tdiag_states = 1 << 1;	/* TCP_ESTABLISHED: connected */
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, sizeof(req));
	EXPECT_EQ(0, nl_ask(&nl));
	ASSERT_EQ(1, nl.answers);
	EXPECT_EQ(htonl(BOB1), msg->tdiag_daddr);
	EXPECT_EQ(htons(PEER), msg->tdiag_dport);
	EXPECT_EQ(htons(port_of(c)), msg->tdiag_sport);
	req.tdiag_states = 0xffffffff;
	req.sdiag_protocol = 99;
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, sizeof(req));
	EXPECT_EQ(0, nl_ask(&nl));
	EXPECT_EQ(0, nl.answers);

	/* One socket, by its inode. */
	req = diag_req();
	req.tdiag_ino = st.st_ino;
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, 0, &req, sizeof(req));
	EXPECT_EQ(0, nl_ask(&nl));
	ASSERT_EQ(1, nl.answers);
	EXPECT_EQ(st.st_ino, msg->tdiag_ino);
	EXPECT_EQ(htons(PORT), msg->tdiag_sport);
	EXPECT_EQ(htonl(ALICE1), msg->tdiag_saddr);
	/* With a cookie that was another's. */
	req.tdiag_cookie[0] = msg->tdiag_cookie[0] + 1;
	req.tdiag_cookie[1] = msg->tdiag_cookie[1];
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, 0, &req, sizeof(req));
	EXPECT_EQ(-ESTALE, nl_ask(&nl));
	req = diag_req();
	req.tdiag_ino = 0xfffffff0;
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, 0, &req, sizeof(req));
	EXPECT_EQ(-ENOENT, nl_ask(&nl));
	req.tdiag_ino = 0;
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, 0, &req, sizeof(req));
	EXPECT_EQ(-EINVAL, nl_ask(&nl));
	req = diag_req();
	req.pad = 1;
	nl_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, sizeof(req));
	EXPECT_EQ(-EINVAL, nl_ask(&nl));
	req.pad = 0;
	for (len = 0; len < sizeof(req); len++) {
		nl_begin(&nl, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req, len);
		EXPECT_GT(0, nl_ask(&nl)) TH_LOG("%zu bytes were accepted", len);
		nl_begin(&nl, SOCK_DIAG_BY_FAMILY, 0, &req, len);
		EXPECT_GT(0, nl_ask(&nl)) TH_LOG("%zu bytes were accepted", len);
	}
}

/* ---- rights ---------------------------------------------------------------------------- */

/* What changes something is refused, what only reads is not. */
static void only_reads(struct __test_metadata *_metadata, int id)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = AF_TEACH, .ifa_prefixlen = 24,
		.ifa_index = if_nametoindex("va"),
	};
	const struct ndmsg ndm = {
		.ndm_family = AF_TEACH, .ndm_ifindex = if_nametoindex("va"),
		.ndm_state = NUD_PERMANENT,
	};
	struct nl rt = { .fd = nl_open(NETLINK_ROUTE) };
	struct nl ge = { .fd = nl_open(NETLINK_GENERIC) };
	int type;

	for (type = RTM_NEWADDR; type <= RTM_DELADDR; type++) {
		nl_begin(&rt, type, NLM_F_CREATE, &ifa, sizeof(ifa));
		nl_attr_u32(&rt, IFA_LOCAL, htonl(ALICE1));
		EXPECT_REFUSED(EPERM, &rt);
	}
	for (type = RTM_NEWNEIGH; type <= RTM_DELNEIGH; type++) {
		nl_begin(&rt, type, NLM_F_CREATE, &ndm, sizeof(ndm));
		nl_attr_u32(&rt, NDA_DST, htonl(CAROL));
		nl_attr(&rt, NDA_LLADDR, CAROL_MAC, 6);
		EXPECT_REFUSED(EPERM, &rt);
	}
	begin_set(&ge, id, TEACH_PARM_A_RETRANS_MS, 500);
	EXPECT_REFUSED(EPERM, &ge);
	begin(&ge, id, TEACH_CMD_RESOLVE, 0);
	nl_attr_u32(&ge, TEACH_A_ADDR, htonl(CAROL));
	EXPECT_REFUSED(EPERM, &ge);

	nl_begin(&rt, RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	EXPECT_ACCEPTED(&rt);
	EXPECT_EQ(2, rt.answers);
	nl_begin(&rt, RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm));
	EXPECT_ACCEPTED(&rt);
	begin(&ge, id, TEACH_CMD_LINK_GET, NLM_F_DUMP);
	EXPECT_ACCEPTED(&ge);
	begin(&ge, id, TEACH_CMD_STATS_GET, 0);
	EXPECT_ACCEPTED(&ge);
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_ALLOCS));
}

TEST_F(genl, without_rights)
{
	become_nobody();
	only_reads(_metadata, self->id);
}

/* Root in a user namespace has no rights over the host's network. */
TEST_F(genl, user_namespace)
{
	ASSERT_EQ(0, unshare(CLONE_NEWUSER));
	only_reads(_metadata, self->id);
}

/* But all over a network namespace that belongs to it. */
TEST_F(genl, own_network_namespace)
{
	const uint8_t *carol = (const uint8_t *)CAROL_MAC;

	ASSERT_EQ(0, unshare(CLONE_NEWUSER | CLONE_NEWNET));
	/* Programs keep their rights only as a user that there is. */
	ASSERT_EQ(0, sysctl_write("/proc/self/uid_map", "0 0 1"));
	ASSERT_EQ(0, system("ip link add va type veth peer name vb && "
			    "ip link set va up && ip link set vb up"));
	EXPECT_EQ(0, addr_add(self->f, "va", ALICE1, 24));
	EXPECT_EQ(0, neigh_add(self->f, "va", CAROL, carol, NUD_PERMANENT));
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 500);
	EXPECT_EQ(500, parm_now(&(struct nl) { .fd = nl_open(NETLINK_GENERIC) },
				self->id, TEACH_PARM_A_RETRANS_MS));
	EXPECT_EQ(0, addr_del(self->f, "va", ALICE1, 24));
	/* How much kernel memory neighbours may take is not its to say. */
	EXPECT_GT(0, sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh3",
				  "1000000"));
}

LAB_MAIN
