// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Netlink requests: rtnetlink about addresses and neighbours, the generic netlink
 * family "teach", sock_diag. The bytes are the message from its nlmsghdr on, of which
 * exec fills in nlmsg_len, and the type of a generic netlink family.
 *
 * A mutation takes the message apart into its attributes, changes them, and puts it
 * together again.
 */
#include <arpa/inet.h>
#include <string.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/teach.h>

#include "lab.h"
#include "ops.h"

#define ATTRS	16	/* of a message that is taken apart */
#define ROOM	100	/* bytes of an attribute that is made longer */

/* Requests that reach this module; others would change the lab's devices. */
const uint16_t rtnl_types[] = {
	RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR, RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH,
	RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE,
};
const int n_rtnl_types = sizeof(rtnl_types) / sizeof(rtnl_types[0]);

/* ---- Making ---------------------------------------------------------------------- */

/* Begins a message in op->bytes, which are large enough for what is put in below. */
static struct nlmsghdr *start(struct op *op, int type, int dump)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(op->bytes);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : 0);
	return nlh;
}

static void addr_make(struct prng *r, struct nlmsghdr *nlh, int dump)
{
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	struct ifa_cacheinfo ci = { .ifa_valid = ~0u, .ifa_prefered = ~0u };

	if (prng_one_in(r, 2))
		ci.ifa_valid = prng_below(r, 3);
	ifa->ifa_family = AF_TEACH;
	ifa->ifa_index = format_ifindex(r);
	if (dump) {
		ifa->ifa_index = prng_one_in(r, 2) ? ifa->ifa_index : 0;
		return;
	}
	ifa->ifa_prefixlen = prng_one_in(r, 4) ? prng_below(r, 34) : 24;
	mnl_attr_put_u32(nlh, prng_one_in(r, 8) ? IFA_ADDRESS : IFA_LOCAL, format_addr(r));
	if (prng_one_in(r, 4))
		mnl_attr_put_u32(nlh, IFA_ADDRESS, format_addr(r));
	if (prng_one_in(r, 8))
		mnl_attr_put_u32(nlh, IFA_FLAGS, format_number(r));
	if (prng_one_in(r, 8))
		mnl_attr_put_u32(nlh, IFA_BROADCAST, format_addr(r));
	if (prng_one_in(r, 8))
		mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(ci), &ci);
	if (nlh->nlmsg_type == RTM_NEWADDR)
		nlh->nlmsg_flags |= NLM_F_CREATE | (prng_one_in(r, 2) ? NLM_F_EXCL : 0);
}

static void neigh_make(struct prng *r, struct nlmsghdr *nlh, int dump)
{
	static const uint16_t flags[] = {
		NLM_F_CREATE, NLM_F_CREATE | NLM_F_EXCL, NLM_F_REPLACE,
		NLM_F_CREATE | NLM_F_REPLACE, 0,
	};
	static const uint16_t states[] = {
		0, NUD_INCOMPLETE, NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PROBE,
		NUD_FAILED, NUD_NOARP, NUD_PERMANENT, NUD_REACHABLE, NUD_STALE,
	};
	static const uint8_t ntf[] = {
		0, 0, 0, NTF_USE, NTF_ROUTER, NTF_EXT_LEARNED, NTF_PROXY,
	};
	struct ndmsg *ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	uint8_t mac[6];

	ndm->ndm_family = AF_TEACH;
	if (prng_one_in(r, 8))
		ndm->ndm_flags = NTF_PROXY;
	if (dump) {
		if (prng_one_in(r, 2))
			ndm->ndm_ifindex = format_ifindex(r);
		if (prng_one_in(r, 2))
			mnl_attr_put_u32(nlh, NDA_IFINDEX, format_ifindex(r));
		return;
	}
	ndm->ndm_ifindex = format_ifindex(r);
	mnl_attr_put_u32(nlh, NDA_DST, format_addr(r));
	if (nlh->nlmsg_type != RTM_NEWNEIGH)
		return;
	nlh->nlmsg_flags |= PICK(r, flags);
	ndm->ndm_state = PICK(r, states);
	ndm->ndm_flags = PICK(r, ntf);
	if (prng_one_in(r, 8))
		mnl_attr_put_u32(nlh, NDA_FLAGS_EXT, prng_below(r, 4));
	if (!prng_one_in(r, 4)) {
		format_mac(r, mac);
		mnl_attr_put(nlh, NDA_LLADDR, sizeof(mac), mac);
	}
}

void rtnl_make(struct prng *r, struct op *op, int type, int dump)
{
	struct nlmsghdr *nlh = start(op, type, dump);
	struct rtmsg *rtm;

	switch (type) {
	case RTM_NEWADDR:
	case RTM_DELADDR:
	case RTM_GETADDR:
		addr_make(r, nlh, dump);
		break;
	case RTM_NEWNEIGH:
	case RTM_DELNEIGH:
	case RTM_GETNEIGH:
		neigh_make(r, nlh, dump);
		break;
	default:
		rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
		rtm->rtm_family = AF_TEACH;
		mnl_attr_put_u32(nlh, RTA_DST, format_addr(r));
	}
	op->len = nlh->nlmsg_len;
}

static void rtnl_any(struct prng *r, struct op *op)
{
	/* Seldom routes. */
	int type = rtnl_types[prng_below(r, prng_one_in(r, 8) ? n_rtnl_types : 6)];
	int is_get = type == RTM_GETADDR || type == RTM_GETNEIGH;

	rtnl_make(r, op, type, is_get && prng_one_in(r, 2));
}

static void put_device(struct prng *r, struct nlmsghdr *nlh)
{
	if (prng_one_in(r, 4))
		mnl_attr_put_strz(nlh, TEACH_A_IFNAME, lab_devs[prng_below(r, LAB_DEVS)]);
	else
		mnl_attr_put_u32(nlh, TEACH_A_IFINDEX, format_ifindex(r));
}

static void put_lladdr(struct prng *r, struct nlmsghdr *nlh)
{
	uint8_t mac[6];

	format_mac(r, mac);
	mnl_attr_put(nlh, TEACH_A_LLADDR, sizeof(mac), mac);
}

static void neigh_get_make(struct prng *r, struct nlmsghdr *nlh, int dump)
{
	if (!dump || prng_one_in(r, 2))
		put_device(r, nlh);
	if (!dump || prng_one_in(r, 4))
		mnl_attr_put_u32(nlh, TEACH_A_ADDR, format_addr(r));
	if (dump && prng_one_in(r, 4))
		mnl_attr_put_u8(nlh, TEACH_A_PREFIXLEN, prng_below(r, 34));
	if (dump && prng_one_in(r, 4))
		mnl_attr_put_u16(nlh, TEACH_A_NUD_STATE, prng_next(r));
}

/* Requests of the RARP server's table and client have these in common. */
static void rarp_make(struct prng *r, struct nlmsghdr *nlh, int cmd)
{
	int of_link = cmd >= TEACH_CMD_RARP_RESOLVE;

	if (of_link || prng_one_in(r, 2))
		put_device(r, nlh);
	if (!of_link || prng_one_in(r, 2))
		put_lladdr(r, nlh);
	if (cmd == TEACH_CMD_RARP_ADD) {
		mnl_attr_put_u32(nlh, TEACH_A_ADDR, format_addr(r));
		if (prng_one_in(r, 2))
			mnl_attr_put(nlh, TEACH_A_REPLACE, 0, NULL);
	}
	if (cmd == TEACH_CMD_RARP_START && prng_one_in(r, 2))
		mnl_attr_put_u8(nlh, TEACH_A_PREFIXLEN, prng_below(r, 34));
}

void genl_make(struct prng *r, struct op *op, int cmd, int dump)
{
	struct nlmsghdr *nlh = start(op, 0, dump);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	struct nlattr *nest;
	int n;

	genl->cmd = cmd;
	genl->version = TEACH_GENL_VERSION;
	switch (cmd) {
	case TEACH_CMD_LINK_GET:
		if (!dump)
			put_device(r, nlh);
		break;
	case TEACH_CMD_LINK_SET:
		put_device(r, nlh);
		nest = mnl_attr_nest_start(nlh, TEACH_A_PARMS);
		for (n = prng_below(r, 5); n >= 0; n--)
			mnl_attr_put_u32(nlh, 1 + prng_below(r, TEACH_PARM_A_MAX),
					 prng_one_in(r, 2) ? prng_below(r, 50) :
							     format_number(r));
		mnl_attr_nest_end(nlh, nest);
		break;
	case TEACH_CMD_RESOLVE:
		mnl_attr_put_u32(nlh, TEACH_A_ADDR, format_addr(r));
		if (prng_one_in(r, 2))
			put_device(r, nlh);
		break;
	case TEACH_CMD_STATS_GET:
		if (prng_one_in(r, 2))
			put_device(r, nlh);
		break;
	case TEACH_CMD_NEIGH_GET:
		neigh_get_make(r, nlh, dump);
		break;
	case TEACH_CMD_RARP_GET:
		if (!dump)
			rarp_make(r, nlh, cmd);
		break;
	case TEACH_CMD_RARP_ADD:
	case TEACH_CMD_RARP_DEL:
	case TEACH_CMD_RARP_RESOLVE:
	case TEACH_CMD_RARP_START:
	case TEACH_CMD_RARP_STOP:
		rarp_make(r, nlh, cmd);
		break;
	}
	op->len = nlh->nlmsg_len;
}

static void genl_any(struct prng *r, struct op *op)
{
	int cmd = 1 + prng_below(r, TEACH_CMD_MAX);

	int has_dump = cmd == TEACH_CMD_LINK_GET || cmd == TEACH_CMD_NEIGH_GET ||
		       cmd == TEACH_CMD_RARP_GET;

	genl_make(r, op, cmd, has_dump && prng_one_in(r, 2));
}

static void diag_any(struct prng *r, struct op *op)
{
	int dump = !prng_one_in(r, 4);
	struct nlmsghdr *nlh = start(op, SOCK_DIAG_BY_FAMILY, dump);
	struct teach_diag_req *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));

	req->sdiag_family = AF_TEACH;
	req->sdiag_protocol = prng_one_in(r, 2) ? 0 : prng_one_in(r, 2) ? 17 : 1;
	req->tdiag_states = ~0u;
	req->tdiag_show = prng_below(r, 2);
	req->tdiag_cookie[0] = ~0u;
	req->tdiag_cookie[1] = ~0u;
	/* Which a socket has is not known here; some small numbers do. */
	if (!dump)
		req->tdiag_ino = prng_below(r, 4096);
	op->len = nlh->nlmsg_len;
}

/* ---- Mutating -------------------------------------------------------------------- */

/* Bytes between nlmsghdr and the attributes. */
static size_t header_len(const struct op *op)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)op->bytes;

	if (op->type == OP_GENL)
		return sizeof(struct genlmsghdr);
	if (op->type == OP_DIAG)
		return sizeof(struct teach_diag_req);
	switch (nlh->nlmsg_type) {
	case RTM_NEWADDR:
	case RTM_DELADDR:
	case RTM_GETADDR:
		return sizeof(struct ifaddrmsg);
	}
	return sizeof(struct ndmsg);	/* and of struct rtmsg */
}

struct attr {
	uint16_t	type;
	uint16_t	len;
	uint8_t		*bytes;
};

static int take_apart(uint8_t *from, size_t len, struct attr *attrs)
{
	struct nlattr nla;
	int n = 0;

	while (n < ATTRS && len >= sizeof(nla)) {
		memcpy(&nla, from, sizeof(nla));
		if (nla.nla_len < sizeof(nla) || nla.nla_len > len)
			break;
		attrs[n].type = nla.nla_type;
		attrs[n].len = nla.nla_len - sizeof(nla);
		attrs[n++].bytes = from + sizeof(nla);
		if ((size_t)MNL_ALIGN(nla.nla_len) >= len)
			break;
		from += MNL_ALIGN(nla.nla_len);
		len -= MNL_ALIGN(nla.nla_len);
	}
	return n;
}

static size_t put_together(uint8_t *to, size_t room, const struct attr *attrs, int n)
{
	size_t len = 0, size;
	struct nlattr nla;
	int i;

	for (i = 0; i < n; i++) {
		size = sizeof(nla) + MNL_ALIGN(attrs[i].len);
		if (len + size > room)
			break;
		nla.nla_type = attrs[i].type;
		nla.nla_len = sizeof(nla) + attrs[i].len;
		memset(to + len, 0, size);
		memcpy(to + len, &nla, sizeof(nla));
		memcpy(to + len + sizeof(nla), attrs[i].bytes, attrs[i].len);
		len += size;
	}
	return len;
}

/* Shorter, or longer by bytes that are easily recognised. */
static void resize_attr(struct prng *r, struct attr *attr, uint8_t *room)
{
	static const uint8_t more[] = { 1, 2, 4, 10, 26, 58, 90 };
	size_t len = attr->len < ROOM ? attr->len : ROOM;

	memset(room, 'r', ROOM);
	memcpy(room, attr->bytes, len);
	attr->bytes = room;
	if (prng_one_in(r, 2))
		attr->len = prng_below(r, len);
	else
		attr->len = len + PICK(r, more);
	if (attr->len > ROOM)
		attr->len = ROOM;
}

static void mutate_attr(struct prng *r, struct attr *attr, uint8_t *room)
{
	uint32_t number = format_number(r), addr = format_addr(r);

	switch (prng_below(r, 6)) {
	case 0:
		attr->type = (attr->type & ~0xffu) | prng_below(r, 20);
		break;
	case 1:
		attr->type ^= prng_one_in(r, 2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	case 2:
		resize_attr(r, attr, room);
		break;
	case 3:
		if (attr->len >= 4)
			memcpy(attr->bytes, &number, 4);
		break;
	case 4:
		if (attr->len == 4)
			memcpy(attr->bytes, &addr, 4);
		if (attr->len == 6)
			format_mac(r, attr->bytes);
		break;
	case 5:
		if (attr->len)
			attr->bytes[prng_below(r, attr->len)] = prng_next(r);
		break;
	}
}

/* Attributes of @len bytes at @at, in place; the new length. */
static size_t mutate_attrs(struct prng *r, uint8_t *at, size_t len, size_t room, int depth)
{
	uint8_t copy[OP_BYTES], small[ROOM], fresh[4] = { 0 };
	struct attr attrs[ATTRS + 1], *a;
	int n, i;

	memcpy(copy, at, len);
	n = take_apart(copy, len, attrs);
	a = &attrs[n ? prng_below(r, n) : 0];
	if (!n || (n < ATTRS && prng_one_in(r, 8))) {
		/* One more, of any type. */
		attrs[n++] = (struct attr){ prng_below(r, 16), 4, fresh };
	} else if (prng_one_in(r, 8)) {
		/* One less. */
		for (i = a - attrs; i < n - 1; i++)
			attrs[i] = attrs[i + 1];
		n--;
	} else if (n < ATTRS && prng_one_in(r, 8)) {
		attrs[n++] = *a;
	} else if (!depth && a->len >= 8 && a->type & NLA_F_NESTED) {
		a->len = mutate_attrs(r, a->bytes, a->len, a->len, 1);
	} else {
		mutate_attr(r, a, small);
	}
	return put_together(at, room, attrs, n);
}

static void mutate_header(struct prng *r, struct op *op, size_t hlen)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)op->bytes;
	uint32_t number = prng_one_in(r, 2) ? format_ifindex(r) : format_number(r);

	switch (prng_below(r, 4)) {
	case 0:
		nlh->nlmsg_flags ^= 1 << (8 + prng_below(r, 4));
		break;
	case 1:
		op->bytes[NLMSG_HDRLEN + prng_below(r, hlen)] = number;
		break;
	case 2:
		if (hlen >= 8)
			memcpy(op->bytes + NLMSG_HDRLEN + 4, &number, 4);
		break;
	case 3:
		if (op->type == OP_RTNL)
			nlh->nlmsg_type = rtnl_types[prng_below(r, n_rtnl_types)];
		break;
	}
}

/* Only the length of one attribute is wrong. */
static size_t resize_one(struct prng *r, uint8_t *at, size_t len, size_t room, int depth)
{
	uint8_t copy[OP_BYTES], small[ROOM];
	struct attr attrs[ATTRS], *a;
	int n;

	memcpy(copy, at, len);
	n = take_apart(copy, len, attrs);
	if (!n)
		return len;
	a = &attrs[prng_below(r, n)];
	if (!depth && a->len >= 8 && a->type & NLA_F_NESTED)
		a->len = resize_one(r, a->bytes, a->len, a->len, 1);
	else
		resize_attr(r, a, small);
	return put_together(at, room, attrs, n);
}

static void mutate(struct prng *r, struct op *op)
{
	const struct format *format = op_types[op->type].format;
	size_t start = NLMSG_HDRLEN + NLMSG_ALIGN(header_len(op));
	uint32_t how = prng_below(r, 3);

	if (how == 2 || op->len < start) {
		format->make(r, op);
		start = NLMSG_HDRLEN + NLMSG_ALIGN(header_len(op));
		op->len = start + resize_one(r, op->bytes + start, op->len - start,
					     OP_BYTES - start, 0);
	} else if (how == 1) {
		mutate_header(r, op, header_len(op));
	} else {
		op->len = start + mutate_attrs(r, op->bytes + start, op->len - start,
					       OP_BYTES - start, 0);
	}
}

/* nlmsg_len is exec's. */
const struct format format_rtnl = { rtnl_any, mutate, NULL };
const struct format format_genl = { genl_any, mutate, NULL };
const struct format format_diag = { diag_any, mutate, NULL };
