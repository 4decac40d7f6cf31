// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a neighbour, and why: the events of generic netlink's group "neigh", and
 * TEACH_CMD_NEIGH_GET. Each test makes one thing happen and reads what is told of it,
 * completely and in its order.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <poll.h>
#include <time.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define NEVER	600000		/* ms: longer than any test */
#define GONE	-1

/* An event as it came. */
struct event {
	int ifindex, old_state, state;	/* state GONE: no such attribute */
	uint32_t addr;			/* in host byte order */
	int reason, probes;
	bool has_mac;
	uint8_t mac[6];
	uint64_t time_ns;
};

FIXTURE(event) {
	const struct family *f;
	int s, arp, watch, id;
	uint8_t va[6];
	struct arp_frame a, in;
	struct nl nl;
	struct event e;
};

/* Attributes of a message, from @at to @end. */
static const struct nlattr *attr_find(const uint8_t *at, const uint8_t *end, int type)
{
	for (; at + NLA_HDRLEN <= end; at += NLA_ALIGN(((struct nlattr *)at)->nla_len)) {
		const struct nlattr *attr = (const void *)at;

		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		if (attr->nla_len < NLA_HDRLEN)
			break;
	}
	return NULL;
}

static uint64_t attr_number(const uint8_t *at, const uint8_t *end, int type, int none)
{
	const struct nlattr *attr = attr_find(at, end, type);
	uint64_t v = 0;

	if (!attr)
		return none;
	memcpy(&v, attr + 1, attr->nla_len - NLA_HDRLEN);
	return v;
}

/* A socket that is in group "neigh": its number is asked for by name. */
static int event_watch(void)
{
	struct nl nl = { .fd = nl_open(NETLINK_GENERIC) };
	const struct genlmsghdr genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	const uint8_t *groups, *group;
	int fd, number = 0;
	size_t len, at;

	nl_begin(&nl, GENL_ID_CTRL, 0, &genl, sizeof(genl));
	nl_attr(&nl, CTRL_ATTR_FAMILY_NAME, TEACH_GENL_NAME, sizeof(TEACH_GENL_NAME));
	must(!nl_ask(&nl), "CTRL_CMD_GETFAMILY");
	groups = nl_answer_attr(&nl, GENL_HDRLEN, CTRL_ATTR_MCAST_GROUPS, &len);
	must(groups, "the family has no groups");
	for (at = 0; at < len; at += NLA_ALIGN(((struct nlattr *)(groups + at))->nla_len)) {
		const struct nlattr *name, *one = (const void *)(groups + at);

		group = (const uint8_t *)(one + 1);
		name = attr_find(group, (const uint8_t *)one + one->nla_len,
				 CTRL_ATTR_MCAST_GRP_NAME);
		if (name && !strcmp((const char *)(name + 1), TEACH_GENL_GRP_NEIGH))
			number = attr_number(group, (const uint8_t *)one + one->nla_len,
					     CTRL_ATTR_MCAST_GRP_ID, 0);
	}
	must(number, "there is no group \"neigh\"");
	close(nl.fd);
	fd = nl_open(NETLINK_GENERIC);
	must(!setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &number, sizeof(number)),
	     "NETLINK_ADD_MEMBERSHIP");
	return fd;
}

static bool event_next(int fd, struct event *e, int limit_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	union {
		struct nlmsghdr hdr;
		uint8_t bytes[1024];
	} m;
	const struct genlmsghdr *gh = NLMSG_DATA(&m.hdr);
	const uint8_t *at = m.bytes + NLMSG_HDRLEN + GENL_HDRLEN, *end;
	const struct nlattr *mac;
	ssize_t n;

	if (poll(&p, 1, limit_ms) != 1)
		return false;
	n = recv(fd, &m, sizeof(m), 0);
	must(n >= (ssize_t)(NLMSG_HDRLEN + GENL_HDRLEN) && gh->cmd == TEACH_CMD_NEIGH_EVENT,
	     "this is no event");
	end = m.bytes + m.hdr.nlmsg_len;
	*e = (struct event) {
		.ifindex = attr_number(at, end, TEACH_A_IFINDEX, 0),
		.old_state = attr_number(at, end, TEACH_A_OLD_NUD_STATE, GONE),
		.state = attr_number(at, end, TEACH_A_NUD_STATE, GONE),
		.addr = ntohl(attr_number(at, end, TEACH_A_ADDR, 0)),
		.reason = attr_number(at, end, TEACH_A_REASON, 0),
		.probes = attr_number(at, end, TEACH_A_PROBES, GONE),
		.time_ns = attr_number(at, end, TEACH_A_TIME_NS, 0),
	};
	mac = attr_find(at, end, TEACH_A_LLADDR);
	if (mac) {
		e->has_mac = true;
		memcpy(e->mac, mac + 1, 6);
	}
	return true;
}

FIXTURE_SETUP(event)
{
	self->f = &fam_teach;
	lab_make();
	test_begin(self->f);
	lab_ready();
	mac_of(ALICE, "va", self->va);
	self->s = sk_bound(self->f, ALICE, ALICE1, PORT);
	self->arp = arp_open("vb");
	self->id = teach_genl_id();
	self->nl.fd = nl_open(NETLINK_GENERIC);
	self->watch = event_watch();
	link_parm("va", TEACH_PARM_A_RETRANS_MS, 100);
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 100);
}
FIXTURE_TEARDOWN(event) {}

/* The next event is this one, about carol. */
#define EXPECT_EVENT(_old, _state, _reason, _probes) do { \
	ASSERT_TRUE(event_next(self->watch, &self->e, LIMIT_MS)) \
		TH_LOG("no event %s", #_reason); \
	EXPECT_EQ(CAROL, self->e.addr); \
	EXPECT_EQ((int)if_nametoindex("va"), self->e.ifindex); \
	EXPECT_EQ(_old, self->e.old_state); \
	EXPECT_EQ(_state, self->e.state); \
	EXPECT_EQ(TEACH_NEIGH_REASON_##_reason, self->e.reason) \
		TH_LOG("instead of %s", #_reason); \
	EXPECT_EQ(_probes, self->e.probes); \
} while (0)

#define EXPECT_MAC(_mac) do { \
	EXPECT_TRUE(self->e.has_mac); \
	EXPECT_EQ(0, memcmp(self->e.mac, _mac, 6)); \
} while (0)

#define SEND(_flags) do { \
	addr_t _to = addr_of(self->f, CAROL, PEER); \
	EXPECT_RET(1, sendto(self->s, "x", 1, _flags, (struct sockaddr *)&_to, \
			     sizeof(_to))); \
} while (0)

/* Somebody at @_mac who says to be carol asks for alice: she answers. */
#define ASKS(_mac) do { \
	arp_make(&self->a, ARP_REQUEST, _mac, CAROL, NO_MAC, ALICE1); \
	arp_put(self->arp, &self->a, ARP_FRAME); \
	ASSERT_EQ(ARP_FRAME, arp_get(self->arp, &self->in, LIMIT_MS)); \
} while (0)

#define ADMIN(_mac, _state) \
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (const uint8_t *)(_mac), _state))

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Who asked, which request timed out, which was the last. */
TEST_F(event, nobody_there)
{
	uint64_t before = now_ns(), first;

	SEND(0);
	EXPECT_EVENT(NUD_NONE, NUD_INCOMPLETE, USED, 1);
	EXPECT_FALSE(self->e.has_mac);
	EXPECT_LE(before, self->e.time_ns);
	first = self->e.time_ns;
	EXPECT_EVENT(NUD_INCOMPLETE, NUD_INCOMPLETE, PROBE_TIMEOUT, 2);
	EXPECT_EVENT(NUD_INCOMPLETE, NUD_INCOMPLETE, PROBE_TIMEOUT, 3);
	EXPECT_EVENT(NUD_INCOMPLETE, NUD_FAILED, NO_PROBE_LEFT, 3);
	/* Three times 100 ms, but for the steps of the clock. */
	EXPECT_LE(first + 270000000, self->e.time_ns);
	EXPECT_GE(now_ns(), self->e.time_ns);
}

TEST_F(event, answered)
{
	SEND(0);
	EXPECT_EVENT(NUD_NONE, NUD_INCOMPLETE, USED, 1);
	carol_answers(self->arp);
	EXPECT_EVENT(NUD_INCOMPLETE, NUD_REACHABLE, REPLY, 1);
	EXPECT_MAC(CAROL_MAC);
}

/* From a request to PROBE, and who confirms. */
TEST_F(event, request_delay_probe)
{
	ASKS(CAROL_MAC);
	EXPECT_EVENT(NUD_NONE, NUD_STALE, REQUEST, 0);
	EXPECT_MAC(CAROL_MAC);
	SEND(0);
	EXPECT_EVENT(NUD_STALE, NUD_DELAY, USED, 0);
	EXPECT_EVENT(NUD_DELAY, NUD_PROBE, DELAY_OVER, 1);
	EXPECT_EVENT(NUD_PROBE, NUD_PROBE, PROBE_TIMEOUT, 2);
	carol_answers(self->arp);
	EXPECT_EVENT(NUD_PROBE, NUD_REACHABLE, REPLY, 2);
}

TEST_F(event, upper_layer)
{
	const struct timespec later = { .tv_nsec = 200000000 };

	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 1000);
	ASKS(CAROL_MAC);
	EXPECT_EVENT(NUD_NONE, NUD_STALE, REQUEST, 0);
	SEND(0);
	EXPECT_EVENT(NUD_STALE, NUD_DELAY, USED, 0);
	/* The timer is late by up to an eighth, and looks back no further than its time. */
	nanosleep(&later, NULL);
	SEND(MSG_CONFIRM);
	EXPECT_EVENT(NUD_DELAY, NUD_REACHABLE, CONFIRMED, 0);
}

TEST_F(event, expired)
{
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, 1);
	link_parm("va", TEACH_PARM_A_BASE_REACHABLE_MS, 200);
	ADMIN(CAROL_MAC, NUD_REACHABLE);
	EXPECT_EVENT(NUD_NONE, NUD_REACHABLE, ADMIN, 0);
	EXPECT_EVENT(NUD_REACHABLE, NUD_STALE, EXPIRED, 0);
	link_parm("va", TEACH_PARM_A_DELAY_PROBE_MS, NEVER);
	SEND(0);
	EXPECT_EVENT(NUD_STALE, NUD_DELAY, USED, 0);
	ADMIN(CAROL_MAC, NUD_REACHABLE);
	EXPECT_EVENT(NUD_DELAY, NUD_REACHABLE, ADMIN, 0);
	EXPECT_EVENT(NUD_REACHABLE, NUD_DELAY, EXPIRED_USED, 0);
}

TEST_F(event, unsolicited_and_announced)
{
	link_parm("va", TEACH_PARM_A_LOCKTIME_MS, 0);
	ADMIN(CAROL_MAC, NUD_STALE);
	EXPECT_EVENT(NUD_NONE, NUD_STALE, ADMIN, 0);
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, CAROL);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_EVENT(NUD_STALE, NUD_STALE, ANNOUNCEMENT, 0);
	EXPECT_MAC(DAVE_MAC);
}

/* She is reachable, and somebody else says that he is she. */
TEST_F(event, contested)
{
	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	ADMIN(CAROL_MAC, NUD_REACHABLE);
	EXPECT_EVENT(NUD_NONE, NUD_REACHABLE, ADMIN, 0);
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, CAROL);
	arp_put(self->arp, &self->a, ARP_FRAME);
	EXPECT_EVENT(NUD_REACHABLE, NUD_PROBE, CONTESTED, 0);
	EXPECT_MAC(CAROL_MAC);
	/* The first request, by the timer. */
	EXPECT_EVENT(NUD_PROBE, NUD_PROBE, PROBE_TIMEOUT, 1);
	carol_answers(self->arp);
	EXPECT_EVENT(NUD_PROBE, NUD_REACHABLE, REPLY, 1);
	EXPECT_MAC(CAROL_MAC);
}

/* Whatever management says, it says itself. */
TEST_F(event, management)
{
	const struct ndmsg ndm = {
		.ndm_family = AF_TEACH, .ndm_ifindex = if_nametoindex("va"),
	};
	struct nl rt = { .fd = nl_open(NETLINK_ROUTE) };

	ADMIN(CAROL_MAC, NUD_PERMANENT);
	EXPECT_EVENT(NUD_NONE, NUD_PERMANENT, ADMIN, 0);
	ADMIN(DAVE_MAC, NUD_PERMANENT);
	EXPECT_EVENT(NUD_PERMANENT, NUD_PERMANENT, ADMIN, 0);
	EXPECT_MAC(DAVE_MAC);
	/* Nothing is new: nothing is told. */
	ADMIN(DAVE_MAC, NUD_PERMANENT);
	nl_begin(&rt, RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
	nl_attr_u32(&rt, NDA_DST, htonl(CAROL));
	EXPECT_ACCEPTED(&rt);
	EXPECT_EVENT(NUD_PERMANENT, GONE, DELETED, 0);
	EXPECT_MAC(DAVE_MAC);
}

TEST_F(event, link)
{
	uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x77 };

	ADMIN(CAROL_MAC, NUD_PERMANENT);
	EXPECT_EVENT(NUD_NONE, NUD_PERMANENT, ADMIN, 0);
	ASSERT_EQ(0, link_set_mac("va", mac));
	EXPECT_EVENT(NUD_PERMANENT, GONE, LINK_MAC, 0);
	ADMIN(CAROL_MAC, NUD_PERMANENT);
	EXPECT_EVENT(NUD_NONE, NUD_PERMANENT, ADMIN, 0);
	ASSERT_EQ(0, link_up("va", 0));
	EXPECT_EVENT(NUD_PERMANENT, GONE, LINK_DOWN, 0);
}

TEST_F(event, no_broadcasts)
{
	link_parm("va", TEACH_PARM_A_MCAST_PROBES, 0);
	send_to(self->f, self->s, "x", 1, CAROL, PEER);
	EXPECT_EVENT(NUD_NONE, NUD_FAILED, MAY_NOT_ASK, 0);
}

/*
 * Her MAC address changes twice within a second: an event, and one a second however often it
 * changes. That takes two requests, which this program may be kept from sending in time;
 * then what it saw says nothing.
 */
TEST_F(event, flapping)
{
	struct timespec start;
	int i, runs = 0, told;
	long took;

	do {
		ASSERT_GT(10, runs++);
		ADMIN(CAROL_MAC, NUD_STALE);
		while (event_next(self->watch, &self->e, 0))
			;
		told = counter(TEACH_STAT_NEIGH_MAC_FLAPS);
		clock_gettime(CLOCK_MONOTONIC, &start);
		for (i = 1; i <= 20; i++)
			ASKS(i & 1 ? DAVE_MAC : CAROL_MAC);
		took = elapsed_ms(&start);
		told = counter(TEACH_STAT_NEIGH_MAC_FLAPS) - told;
		if (took >= 900) {
			/* The next second begins anew. */
			struct timespec pause = { .tv_sec = 1, .tv_nsec = 100000000 };

			nanosleep(&pause, NULL);
		}
	} while (took >= 900);
	EXPECT_EQ(1, told);
	EXPECT_EVENT(NUD_STALE, NUD_STALE, REQUEST, 0);
	EXPECT_MAC(DAVE_MAC);
	EXPECT_EVENT(NUD_STALE, NUD_STALE, REQUEST, 0);
	EXPECT_MAC(CAROL_MAC);
	EXPECT_EVENT(NUD_STALE, NUD_STALE, FLAPPING, 0);
	EXPECT_MAC(CAROL_MAC);
	for (i = 3; i <= 20; i++)
		EXPECT_EVENT(NUD_STALE, NUD_STALE, REQUEST, 0);
	EXPECT_FALSE(event_next(self->watch, &self->e, 0));
}

/* Changed once, and by management as often as it likes: that is no event. */
TEST_F(event, no_flapping)
{
	int i;

	ADMIN(CAROL_MAC, NUD_STALE);
	ASKS(DAVE_MAC);
	for (i = 0; i < 4; i++)
		ADMIN(i & 1 ? DAVE_MAC : CAROL_MAC, NUD_STALE);
	EXPECT_EQ(0, counter(TEACH_STAT_NEIGH_MAC_FLAPS));
}

/* ---- TEACH_CMD_NEIGH_GET ------------------------------------------------------- */

static void begin(struct nl *nl, int id, int flags)
{
	const struct genlmsghdr genl = {
		.cmd = TEACH_CMD_NEIGH_GET, .version = TEACH_GENL_VERSION,
	};

	nl_begin(nl, id, flags, &genl, sizeof(genl));
}

static uint64_t number(const struct nl *nl, int type)
{
	size_t len;
	const void *p = nl_answer_attr(nl, GENL_HDRLEN, type, &len);
	uint64_t v = 0;

	must(p && len <= sizeof(v), "an attribute is missing");
	memcpy(&v, p, len);
	return v;
}

TEST_F(event, get)
{
	size_t len;

	link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
	SEND(0);
	SEND(0);
	begin(&self->nl, self->id, 0);
	nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(CAROL));
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(1, self->nl.answers);
	EXPECT_EQ(if_nametoindex("va"), number(&self->nl, TEACH_A_IFINDEX));
	EXPECT_EQ(htonl(CAROL), number(&self->nl, TEACH_A_ADDR));
	EXPECT_EQ(NUD_INCOMPLETE, number(&self->nl, TEACH_A_NUD_STATE));
	EXPECT_EQ(NULL, nl_answer_attr(&self->nl, GENL_HDRLEN, TEACH_A_LLADDR, &len));
	EXPECT_EQ(TEACH_NEIGH_REASON_USED, number(&self->nl, TEACH_A_REASON));
	EXPECT_EQ(1, number(&self->nl, TEACH_A_PROBES));
	EXPECT_EQ(2, number(&self->nl, TEACH_A_HELD_PACKETS));
	EXPECT_LT(2 * 100, number(&self->nl, TEACH_A_HELD_BYTES));
	/* The armed timer, and the path that the socket keeps if it does. */
	EXPECT_LE(1, number(&self->nl, TEACH_A_REFCNT));
	EXPECT_GT(LIMIT_MS, number(&self->nl, TEACH_A_UPDATED_MS));
	EXPECT_GT(LIMIT_MS, number(&self->nl, TEACH_A_USED_MS));
	/* Twice the reachable time: nobody has confirmed her. */
	EXPECT_LE(60000, number(&self->nl, TEACH_A_CONFIRMED_MS));

	begin(&self->nl, self->id, 0);
	nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(UNUSED1));
	EXPECT_REFUSED(ENOENT, &self->nl);
	begin(&self->nl, self->id, 0);
	nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
	EXPECT_REFUSED(EINVAL, &self->nl);
	begin(&self->nl, self->id, 0);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(CAROL));
	EXPECT_REFUSED(EINVAL, &self->nl);
}

static void put16(struct nl *nl, int type, uint16_t value)
{
	nl_attr(nl, type, &value, sizeof(value));
}

/* Filtered in the kernel: what is not asked for does not come. */
TEST_F(event, dump)
{
	uint8_t len24 = 24, len33 = 33;

	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC,
			       NUD_PERMANENT));
	ASSERT_EQ(0, neigh_add(self->f, "va", UNUSED1, (const uint8_t *)DAVE_MAC,
			       NUD_STALE));
	ASSERT_EQ(0, neigh_add(self->f, "wa", UNUSED2, (const uint8_t *)DAVE_MAC,
			       NUD_STALE));
	begin(&self->nl, self->id, NLM_F_DUMP);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(3, self->nl.answers);
	begin(&self->nl, self->id, NLM_F_DUMP);
	nl_attr_u32(&self->nl, TEACH_A_IFINDEX, if_nametoindex("va"));
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(2, self->nl.answers);
	begin(&self->nl, self->id, NLM_F_DUMP);
	put16(&self->nl, TEACH_A_NUD_STATE, NUD_STALE | NUD_FAILED);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(2, self->nl.answers);
	begin(&self->nl, self->id, NLM_F_DUMP);
	put16(&self->nl, TEACH_A_NUD_STATE, TEACH_NUD_NONE_BIT);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(0, self->nl.answers);
	begin(&self->nl, self->id, NLM_F_DUMP);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(UNUSED2));
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(1, self->nl.answers);
	EXPECT_EQ(htonl(UNUSED2), number(&self->nl, TEACH_A_ADDR));
	begin(&self->nl, self->id, NLM_F_DUMP);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(ALICE1));
	nl_attr(&self->nl, TEACH_A_PREFIXLEN, &len24, 1);
	EXPECT_ACCEPTED(&self->nl);
	EXPECT_EQ(2, self->nl.answers);
	begin(&self->nl, self->id, NLM_F_DUMP);
	nl_attr_u32(&self->nl, TEACH_A_ADDR, htonl(ALICE1));
	nl_attr(&self->nl, TEACH_A_PREFIXLEN, &len33, 1);
	EXPECT_GT(0, nl_ask(&self->nl));
	EXPECT_NE(0, self->nl.said[0]);
	begin(&self->nl, self->id, NLM_F_DUMP);
	nl_attr(&self->nl, TEACH_A_IFNAME, "va", 3);
	EXPECT_GT(0, nl_ask(&self->nl));
}

LAB_MAIN
