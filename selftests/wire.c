// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ARP frames, counters and netlink requests made by hand: see wire.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <time.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>

#include "wire.h"

/* ---- ARP ------------------------------------------------------------------- */

/* A packet socket on a device of the caller's namespace; only received frames. */
static int packet_open(const char *dev, uint16_t protocol)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(protocol),
		.sll_ifindex = if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	must(fd >= 0 && !bind(fd, (struct sockaddr *)&ll, sizeof(ll)),
	     "packet socket for ARP");
	return fd;
}

/* Frames of one EtherType, or all, that a host receives by a device. */
int frame_socket(enum host at, const char *dev, uint16_t protocol)
{
	int fd;

	lab_enter(at);
	fd = packet_open(dev, protocol);
	lab_enter(ALICE);
	return fd;
}

/* ARP as seen from bob's end of an Ethernet. */
int arp_open(const char *dev)
{
	return frame_socket(BOB, dev, ETH_P_ARP);
}

/* RARP likewise; arp_put() and arp_get() are for both. */
int rarp_open(const char *dev)
{
	return frame_socket(BOB, dev, ETH_P_RARP);
}

/* A message from sender_mac; a request goes to all, a reply to target_mac. */
void arp_make(struct arp_frame *a, int op, const void *sender_mac, uint32_t sender,
	      const void *target_mac, uint32_t target)
{
	memset(a, 0, sizeof(*a));
	memcpy(a->eth.h_dest, op == ARP_REQUEST ? ALL_MAC : target_mac, 6);
	memcpy(a->eth.h_source, sender_mac, 6);
	a->eth.h_proto = htons(ETH_P_ARP);
	a->hrd = htons(1);
	a->pro = htons(ETH_P_TEACH);
	a->hln = 6;
	a->pln = 4;
	a->op = htons(op);
	memcpy(a->sender_mac, sender_mac, 6);
	a->sender = htonl(sender);
	memcpy(a->target_mac, target_mac, 6);
	a->target = htonl(target);
}

void arp_put(int wire, const struct arp_frame *a, size_t len)
{
	must(send(wire, a, len, 0) == (ssize_t)len, "sending an ARP frame");
}

/* The next ARP frame about TEACH and its length; 0 if none comes in time. */
size_t arp_get(int wire, struct arp_frame *a, int limit_ms)
{
	struct pollfd p = { .fd = wire, .events = POLLIN };
	ssize_t len;

	for (;;) {
		if (poll(&p, 1, limit_ms) <= 0)
			return 0;
		memset(a, 0, sizeof(*a));
		len = recv(wire, a, sizeof(*a), 0);
		must(len >= 0, "receiving an ARP frame");
		if (a->pro == htons(ETH_P_TEACH))
			return len;
	}
}

/* Waits for alice's question for carol and answers it. */
void carol_answers(int arp)
{
	struct arp_frame q, a;

	errno = ETIMEDOUT;
	do {
		must(arp_get(arp, &q, LIMIT_MS), "waiting for an ARP request");
	} while (q.op != htons(ARP_REQUEST) || q.target != htonl(CAROL));
	arp_make(&a, ARP_REPLY, CAROL_MAC, CAROL, q.sender_mac, ntohl(q.sender));
	arp_put(arp, &a, ARP_FRAME);
}

/* ---- what alice answers -------------------------------------------------------- */

#define ETH_P_MARK 0x88b6	/* IEEE 802 local experimental 2: ends an exchange */
#define MARK_LEN 60

/* The caller stays on one CPU, so that what is sent first arrives first. */
void exchange_open(struct exchange *x, const struct family *f)
{
	x->pro = htons(f->af == AF_INET ? ETH_P_IP : ETH_P_TEACH);
	x->at_bob = frame_socket(BOB, "vb", ETH_P_ALL);
	x->at_alice = frame_socket(ALICE, "va", ETH_P_MARK);
}

/* After alice's device was down, of which its socket would tell. */
void exchange_again(struct exchange *x)
{
	close(x->at_alice);
	x->at_alice = frame_socket(ALICE, "va", ETH_P_MARK);
}

static void mark(int wire)
{
	uint8_t frame[MARK_LEN] = { 0 };
	struct ethhdr eth = { .h_proto = htons(ETH_P_MARK) };

	memset(eth.h_dest, 0xff, sizeof(eth.h_dest));
	memcpy(eth.h_source, CAROL_MAC, sizeof(eth.h_source));
	memcpy(frame, &eth, sizeof(eth));
	must(send(wire, frame, sizeof(frame), 0) == sizeof(frame), "sending a marker");
}

static bool is_arp(const struct exchange *x, const struct arp_frame *a)
{
	return a->eth.h_proto == htons(ETH_P_ARP) && a->pro == x->pro;
}

/* The first ARP frame of this family that alice has sent since the last call; false if
 * she has sent none. Markers go the way of the frames, there and back, behind them.
 */
bool exchange_next(struct exchange *x, struct arp_frame *in)
{
	uint8_t seen[MARK_LEN];
	struct arp_frame a;
	bool found = false;

	mark(x->at_bob);
	must(recv(x->at_alice, seen, sizeof(seen), 0) > 0, "marker at alice's");
	mark(x->at_alice);
	for (;;) {
		memset(&a, 0, sizeof(a));
		must(recv(x->at_bob, &a, sizeof(a), 0) > 0, "marker at bob's");
		if (a.eth.h_proto == htons(ETH_P_MARK))
			return found;
		if (!found && is_arp(x, &a)) {
			*in = a;
			found = true;
		}
	}
}

/* The next one, whenever that comes; false if none comes in time. */
bool exchange_wait(struct exchange *x, struct arp_frame *in, int limit_ms)
{
	struct pollfd p = { .fd = x->at_bob, .events = POLLIN };

	while (poll(&p, 1, limit_ms) > 0) {
		memset(in, 0, sizeof(*in));
		must(recv(x->at_bob, in, sizeof(*in), 0) > 0, "receiving a frame");
		if (is_arp(x, in))
			return true;
	}
	return false;
}

/* ---- counters ---------------------------------------------------------------- */

#define NAME(id, name) [TEACH_STAT_##id] = name,
static const char *const stat_names[TEACH_STAT_MAX + 1] = { TEACH_STATS(NAME) };

/* Those that stand for something dropped or refused; see TEACH_STATS. */
static const int drops[] = {
	TEACH_STAT_IN_TRUNCATED, TEACH_STAT_IN_HDR_ERRORS, TEACH_STAT_IN_BAD_VERSION,
	TEACH_STAT_IN_SRC_ERRORS, TEACH_STAT_IN_DST_ERRORS, TEACH_STAT_IN_CAST_ERRORS,
	TEACH_STAT_IN_UNKNOWN_PROTOS, TEACH_STAT_IN_NO_MEMORY,
	TEACH_STAT_OUT_NO_ROUTES, TEACH_STAT_OUT_TOO_BIG, TEACH_STAT_OUT_DISCARDS,
	TEACH_STAT_DGRAM_NO_PORTS, TEACH_STAT_DGRAM_IN_ERRORS,
	TEACH_STAT_DGRAM_CSUM_ERRORS, TEACH_STAT_DGRAM_RCVBUF_ERRORS,
	TEACH_STAT_DGRAM_FILTERED, TEACH_STAT_DGRAM_SNDBUF_ERRORS,
	TEACH_STAT_CTL_IN_ERRORS, TEACH_STAT_CTL_IN_CSUM_ERRORS,
	TEACH_STAT_CTL_IN_ECHOS_IGNORED, TEACH_STAT_CTL_OUT_ERRORS,
	TEACH_STAT_CTL_RATE_LIMITED, TEACH_STAT_CTL_NO_SOCKET,
	TEACH_STAT_ARP_OUT_ERRORS, TEACH_STAT_ARP_BAD_LENGTH,
	TEACH_STAT_ARP_BAD_OP, TEACH_STAT_ARP_BAD_MAC, TEACH_STAT_ARP_OWN_MAC,
	TEACH_STAT_ARP_BAD_ADDR, TEACH_STAT_ARP_CONFLICT, TEACH_STAT_ARP_NOT_FOR_US,
	TEACH_STAT_ARP_UNSOLICITED, TEACH_STAT_ARP_LOCKED,
	TEACH_STAT_NEIGH_RES_FAILED, TEACH_STAT_NEIGH_UNRES_DISCARDS,
	TEACH_STAT_NEIGH_FAILED_DROPS, TEACH_STAT_NEIGH_DEAD_DROPS,
	TEACH_STAT_NEIGH_TABLE_FULL, TEACH_STAT_NEIGH_NO_MEMORY,
	TEACH_STAT_ARP_IGNORED, TEACH_STAT_ARP_GRATUITOUS,
	TEACH_STAT_ARP_PROXY_DROPS, TEACH_STAT_NEIGH_LIMITED,
	TEACH_STAT_RARP_OUT_ERRORS, TEACH_STAT_RARP_BAD_LENGTH, TEACH_STAT_RARP_BAD_OP,
	TEACH_STAT_RARP_BAD_MAC, TEACH_STAT_RARP_OWN_MAC, TEACH_STAT_RARP_BAD_ADDR,
	TEACH_STAT_RARP_UNSOLICITED, TEACH_STAT_RARP_NO_ENTRY, TEACH_STAT_RARP_NO_ADDRESS,
	TEACH_STAT_RARP_BUSY,
	TEACH_STAT_ND_OUT_ERRORS, TEACH_STAT_ND_BAD_LENGTH, TEACH_STAT_ND_BAD_MAC,
	TEACH_STAT_ND_OWN_MAC, TEACH_STAT_ND_BAD_ADDR, TEACH_STAT_ND_BAD_FLAGS,
	TEACH_STAT_ND_CONFLICT, TEACH_STAT_ND_NOT_FOR_US, TEACH_STAT_ND_UNSOLICITED,
	TEACH_STAT_ND_LOCKED,
};

/* All counters of the caller's namespace. Each name must be there, once. */
void counters_read(struct counters *c)
{
	FILE *file = fopen("/proc/thread-self/net/teach_stat", "r");
	bool seen[TEACH_STAT_MAX + 1] = { false };
	unsigned long long value;
	char name[64];
	int i;

	must(file, "/proc/net/teach_stat");
	while (fscanf(file, "%63s %llu", name, &value) == 2) {
		for (i = 1; i <= TEACH_STAT_MAX; i++) {
			if (strcmp(name, stat_names[i]))
				continue;
			errno = EINVAL;
			must(!seen[i], "a counter comes twice in /proc/net/teach_stat");
			seen[i] = true;
			c->value[i] = value;
		}
	}
	fclose(file);
	errno = ENOENT;
	for (i = 1; i <= TEACH_STAT_MAX; i++)
		must(seen[i], stat_names[i]);
}

uint64_t counter(int id)
{
	struct counters c;

	counters_read(&c);
	return c.value[id];
}

/* Has this counter grown by n, and no other that stands for a drop at all? */
bool only_dropped(const struct counters *before, int id, uint64_t n)
{
	struct counters now;
	bool good = true;
	unsigned int i;

	counters_read(&now);
	for (i = 0; i < sizeof(drops) / sizeof(drops[0]); i++) {
		uint64_t grew = now.value[drops[i]] - before->value[drops[i]];

		if (grew == (drops[i] == id ? n : 0))
			continue;
		fprintf(stderr, "# %s grew by %llu\n", stat_names[drops[i]],
			(unsigned long long)grew);
		good = false;
	}
	return good;
}

/* By how much those have grown that stand for a drop. */
uint64_t counters_dropped(const struct counters *before, const struct counters *now)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < sizeof(drops) / sizeof(drops[0]); i++)
		sum += now->value[drops[i]] - before->value[drops[i]];
	return sum;
}

/* ---- netlink ------------------------------------------------------------------- */

int nl_open(int protocol)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	struct timeval limit = { .tv_sec = LIMIT_MS / 1000 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), one = 1;

	must(fd >= 0 && !bind(fd, (struct sockaddr *)&self, sizeof(self)) &&
	     !setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)) &&
	     !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)),
	     "netlink socket");
	return fd;
}

void nl_begin(struct nl *nl, uint16_t type, uint16_t flags, const void *header,
	      size_t len)
{
	memset(nl->bytes, 0, sizeof(nl->bytes));
	nl->hdr.nlmsg_len = NLMSG_LENGTH(len);
	nl->hdr.nlmsg_type = type;
	nl->hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	memcpy(NLMSG_DATA(&nl->hdr), header, len);
}

void nl_attr(struct nl *nl, uint16_t type, const void *value, size_t len)
{
	size_t at = NLMSG_ALIGN(nl->hdr.nlmsg_len);
	struct nlattr attr = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	errno = ENOBUFS;
	must(at + NLA_ALIGN(attr.nla_len) <= sizeof(nl->bytes), "netlink message");
	memcpy(nl->bytes + at, &attr, sizeof(attr));
	memcpy(nl->bytes + at + NLA_HDRLEN, value, len);
	nl->hdr.nlmsg_len = at + NLA_ALIGN(attr.nla_len);
}

void nl_attr_u32(struct nl *nl, uint16_t type, uint32_t value)
{
	nl_attr(nl, type, &value, sizeof(value));
}

/* The words in an acknowledgement, or in what ends a dump, are from there on. */
static void nl_read_words(struct nl *nl, const struct nlmsghdr *h, size_t at)
{
	const struct nlattr *attr;
	size_t len;

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	while (at + NLA_HDRLEN <= h->nlmsg_len) {
		attr = (const void *)((const char *)h + at);
		if (attr->nla_len < NLA_HDRLEN)
			return;
		len = attr->nla_len - NLA_HDRLEN;
		if ((attr->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG &&
		    len < sizeof(nl->said))
			memcpy(nl->said, attr + 1, len);
		at += NLA_ALIGN(attr->nla_len);
	}
}

/*
 * Sends the request as it is and waits for the acknowledgement, or the end of
 * a dump. Returns what the kernel said, 0 or -errno; said are its words.
 */
int nl_ask(struct nl *nl)
{
	bool dump = (nl->hdr.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	static uint32_t seq = 1000;
	struct nlmsghdr *h;
	char buf[16384];
	int n;

	memset(nl->said, 0, sizeof(nl->said));
	nl->answers = 0;
	nl->answer_len = 0;
	nl->hdr.nlmsg_seq = nl->seq = ++seq;
	n = nl->hdr.nlmsg_len > NLMSG_HDRLEN ? nl->hdr.nlmsg_len : NLMSG_HDRLEN;
	must(send(nl->fd, nl->bytes, n, 0) == n, "netlink send");
	for (;;) {
		n = recv(nl->fd, buf, sizeof(buf), 0);
		must(n > 0, "netlink receive");
		for (h = (struct nlmsghdr *)buf; NLMSG_OK(h, (unsigned int)n);
		     h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_seq != nl->seq)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR) {
				const struct nlmsgerr *e = NLMSG_DATA(h);
				size_t at = NLMSG_LENGTH(sizeof(*e));

				/* The request is quoted, unless told not to. */
				if (e->error && !(h->nlmsg_flags & NLM_F_CAPPED))
					at += NLMSG_ALIGN(e->msg.nlmsg_len -
							  NLMSG_HDRLEN);
				nl_read_words(nl, h, at);
				/* A dump that has begun ends with DONE. */
				if (e->error || !dump)
					return e->error;
				continue;
			}
			if (h->nlmsg_type == NLMSG_DONE) {
				memcpy(&n, NLMSG_DATA(h), sizeof(n));
				nl_read_words(nl, h, NLMSG_LENGTH(sizeof(n)));
				return n < 0 ? n : 0;
			}
			nl->answers++;
			nl->answer_type = h->nlmsg_type;
			nl->answer_len = h->nlmsg_len - NLMSG_HDRLEN;
			if (nl->answer_len > sizeof(nl->answer))
				nl->answer_len = sizeof(nl->answer);
			memcpy(nl->answer, NLMSG_DATA(h), nl->answer_len);
		}
	}
}

/*
 * As nl_ask(), for a request that may fail anywhere: the kernel does all of it within
 * send(), and each further part of a dump within recv(), so that nothing is waited
 * for. How many answers came before the acknowledgement, or -1 with errno; if that
 * is unsure, the request may have been done.
 */
long nl_try(struct nl *nl)
{
	static char buf[4096];
	struct nlmsghdr *h;
	int n, err;

	nl->unsure = false;
	nl->answers = 0;
	nl->hdr.nlmsg_seq = ++nl->seq;
	if (send(nl->fd, nl->bytes, nl->hdr.nlmsg_len, 0) < 0)
		return -1;
	for (;;) {
		n = recv(nl->fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0) {
			nl->unsure = true;
			if (errno == EAGAIN)
				errno = ENOBUFS;
			return -1;
		}
		for (h = (struct nlmsghdr *)buf; NLMSG_OK(h, (unsigned int)n);
		     h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_ERROR ||
			    h->nlmsg_type == NLMSG_DONE) {
				memcpy(&err, NLMSG_DATA(h), sizeof(err));
				errno = -err;
				return err < 0 ? -1 : nl->answers;
			}
			nl->answers++;
		}
	}
}

static const void *attr_find(const void *start, size_t len, uint16_t type,
			     size_t *attr_len)
{
	const char *p = start, *end = p + len;

	while (p + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)p;

		if (attr->nla_len < NLA_HDRLEN || p + attr->nla_len > end)
			break;
		if ((attr->nla_type & NLA_TYPE_MASK) == type) {
			*attr_len = attr->nla_len - NLA_HDRLEN;
			return attr + 1;
		}
		p += NLA_ALIGN(attr->nla_len);
	}
	*attr_len = 0;
	return NULL;
}

/* An attribute of the last answer, behind a header of so many bytes, or NULL. */
const void *nl_answer_attr(const struct nl *nl, size_t header, uint16_t type,
			   size_t *len)
{
	size_t at = NLMSG_ALIGN(header);

	*len = 0;
	if (at > nl->answer_len)
		return NULL;
	return attr_find(nl->answer + at, nl->answer_len - at, type, len);
}

/* The number of the generic netlink family. */
int teach_genl_id(void)
{
	const struct genlmsghdr genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	struct nl nl = { .fd = nl_open(NETLINK_GENERIC) };
	const void *id;
	size_t len;

	nl_begin(&nl, GENL_ID_CTRL, 0, &genl, sizeof(genl));
	nl_attr(&nl, CTRL_ATTR_FAMILY_NAME, TEACH_GENL_NAME, sizeof(TEACH_GENL_NAME));
	errno = -nl_ask(&nl);
	must(!errno, "generic netlink family teach");
	close(nl.fd);
	id = nl_answer_attr(&nl, sizeof(genl), CTRL_ATTR_FAMILY_ID, &len);
	must(id && len == 2, "generic netlink family teach has a number");
	return *(const uint16_t *)id;
}

/* ---- the lab --------------------------------------------------------------------- */

/* A new device's queueing discipline is "noop" until its carrier was noticed.
 * After a loss of carrier only the operational state (RFC 2863) tells that it
 * was noticed again: the discipline is that of before.
 */
static bool passes_frames(struct nl *nl, const char *dev)
{
	struct ifinfomsg ifi = { .ifi_index = if_nametoindex(dev) };
	const char *qdisc;
	const uint8_t *state;
	size_t len;

	nl_begin(nl, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	errno = -nl_ask(nl);
	must(!errno, dev);
	qdisc = nl_answer_attr(nl, sizeof(ifi), IFLA_QDISC, &len);
	state = nl_answer_attr(nl, sizeof(ifi), IFLA_OPERSTATE, &len);
	return qdisc && strcmp(qdisc, "noop") && state && *state == IF_OPER_UP;
}

static void wait_device(enum host at, const char *dev)
{
	struct timespec pause = { .tv_nsec = 2000000 };
	struct nl nl;
	int i;

	if (at != ALICE)
		lab_enter(at);
	nl.fd = nl_open(NETLINK_ROUTE);
	for (i = 0; !passes_frames(&nl, dev); i++) {
		errno = ETIMEDOUT;
		must(i < LIMIT_MS / 2, "waiting for a carrier");
		nanosleep(&pause, NULL);
	}
	close(nl.fd);
	if (at != ALICE)
		lab_enter(ALICE);
}

/*
 * A new pair of devices throws frames away until the kernel has noticed the
 * carrier, which it does in the background.
 */
void lab_ready(void)
{
	wait_device(ALICE, "va");
	wait_device(ALICE, "wa");
	wait_device(BOB, "vb");
	wait_device(BOB, "wb");
}

/* Sets one TEACH_PARM_A_* of a device in the caller's namespace. */
void link_parm(const char *dev, int parm, uint32_t value)
{
	const struct genlmsghdr genl = { .cmd = TEACH_CMD_LINK_SET, .version = 1 };
	struct nl nl = { .fd = nl_open(NETLINK_GENERIC) };
	struct {
		struct nlattr attr;
		uint32_t value;
	} nest = { { .nla_len = 8, .nla_type = parm }, value };

	nl_begin(&nl, teach_genl_id(), 0, &genl, sizeof(genl));
	nl_attr(&nl, TEACH_A_IFNAME, dev, strlen(dev) + 1);
	nl_attr(&nl, TEACH_A_PARMS | NLA_F_NESTED, &nest, sizeof(nest));
	errno = -nl_ask(&nl);
	must(!errno, "setting a parameter of a link");
	close(nl.fd);
}

/* `ip link set DEV arp on|off`: 0 or -errno. */
int link_arp(const char *dev, int on)
{
	const struct ifinfomsg ifi = {
		.ifi_index = if_nametoindex(dev),
		.ifi_flags = on ? 0 : IFF_NOARP,
		.ifi_change = IFF_NOARP,
	};
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int ret;

	nl_begin(&nl, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	ret = nl_ask(&nl);
	close(nl.fd);
	return ret;
}

uint8_t *mac_of(enum host at, const char *dev, uint8_t mac[6])
{
	lab_enter(at);
	must(!link_mac(dev, mac), "MAC address of a device");
	lab_enter(ALICE);
	return mac;
}

/* ---- the neighbour cache ------------------------------------------------------------ */

/* A socket that hears what happens to neighbours in the caller's namespace. */
int neigh_watch(void)
{
	int fd = nl_open(NETLINK_ROUTE), group = RTNLGRP_NEIGH;

	must(!setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			 sizeof(group)), "joining RTNLGRP_NEIGH");
	return fd;
}

static bool neigh_read(const struct nlmsghdr *h, struct neigh_event *e)
{
	const struct ndmsg *ndm = NLMSG_DATA(h);
	const char *attrs = (const char *)ndm + NLMSG_ALIGN(sizeof(*ndm));
	size_t len = h->nlmsg_len - NLMSG_LENGTH(sizeof(*ndm)), n;
	const struct nda_cacheinfo *ci;
	const void *p;

	if (ndm->ndm_family != AF_TEACH)
		return false;
	memset(e, 0, sizeof(*e));
	e->type = h->nlmsg_type;
	e->ifindex = ndm->ndm_ifindex;
	e->state = ndm->ndm_state;
	p = attr_find(attrs, len, NDA_DST, &n);
	errno = EPROTO;
	must(p && n == 4, "an entry has an address");
	e->addr = ntohl(*(const uint32_t *)p);
	p = attr_find(attrs, len, NDA_LLADDR, &n);
	must(!p || n == 6, "a MAC address has 6 bytes");
	e->has_mac = p;
	if (p)
		memcpy(e->mac, p, 6);
	ci = attr_find(attrs, len, NDA_CACHEINFO, &n);
	must(ci && n == sizeof(*ci), "an entry has NDA_CACHEINFO");
	e->confirmed = ci->ndm_confirmed;
	e->used = ci->ndm_used;
	p = attr_find(attrs, len, NDA_PROBES, &n);
	must(p && n == 4, "an entry has NDA_PROBES");
	memcpy(&e->probes, p, 4);
	return true;
}

/* The next thing that happens to a TEACH neighbour; false if nothing does. */
bool neigh_next(int fd, struct neigh_event *e, int limit_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	while (poll(&p, 1, limit_ms) > 0) {
		n = recv(fd, buf, sizeof(buf), 0);
		must(n > 0, "receiving a notification");
		if (neigh_read((struct nlmsghdr *)buf, e))
			return true;
	}
	return false;
}

/* All TEACH entries of the caller's namespace; how many there are. */
int neigh_dump(struct neigh_event *list, int size)
{
	struct {
		struct nlmsghdr hdr;
		struct ndmsg ndm;
	} req = {
		.hdr = { .nlmsg_len = sizeof(req), .nlmsg_type = RTM_GETNEIGH,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.ndm = { .ndm_family = AF_TEACH },
	};
	int fd = nl_open(NETLINK_ROUTE), count = 0, n;
	struct neigh_event e;
	struct nlmsghdr *h;
	char buf[16384];

	must(send(fd, &req, sizeof(req), 0) == sizeof(req), "asking for neighbours");
	for (;;) {
		n = recv(fd, buf, sizeof(buf), 0);
		must(n > 0, "receiving neighbours");
		for (h = (struct nlmsghdr *)buf; NLMSG_OK(h, (unsigned int)n);
		     h = NLMSG_NEXT(h, n)) {
			errno = EPROTO;
			must(h->nlmsg_type != NLMSG_ERROR, "dumping neighbours");
			if (h->nlmsg_type == NLMSG_DONE) {
				close(fd);
				return count;
			}
			if (!neigh_read(h, &e))
				continue;
			if (count < size)
				list[count] = e;
			count++;
		}
	}
}

/* The entry of an address on the first Ethernet as it is now; false if none. */
bool neigh_find(uint32_t addr, struct neigh_event *e)
{
	struct neigh_event list[64];
	int i, n = neigh_dump(list, 64);

	for (i = 0; i < n && i < 64; i++) {
		if (list[i].addr == addr) {
			*e = list[i];
			return true;
		}
	}
	return false;
}

/* Bob's MAC address is known for good; for others one request is sent, and no second. */
void lab_only_bob(void)
{
	uint8_t mac[6];

	link_parm("va", TEACH_PARM_A_RETRANS_MS, 600000);
	must(!neigh_add(&fam_teach, "va", BOB1, mac_of(BOB, "vb", mac), NUD_PERMANENT),
	     "RTM_NEWNEIGH");
}

/* Takes an entry out of the cache, if it is there. */
void neigh_forget(const char *dev, uint32_t addr)
{
	const struct ndmsg ndm = {
		.ndm_family = AF_TEACH, .ndm_ifindex = if_nametoindex(dev),
	};
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int ret;

	nl_begin(&nl, RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
	nl_attr_u32(&nl, NDA_DST, htonl(addr));
	ret = nl_ask(&nl);
	errno = -ret;
	must(!ret || ret == -ENOENT, "RTM_DELNEIGH");
	close(nl.fd);
}
