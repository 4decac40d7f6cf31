// SPDX-License-Identifier: LGPL-2.1-or-later
/* Neighbours over generic netlink: all that is known of an entry, and why it changed. */
#include <errno.h>
#include <linux/neighbour.h>
#include "nl.h"

static const struct {
	const char *name, *text;
} reasons[] = {
#define REASON(id, name, text) [TEACH_NEIGH_REASON_##id] = { name, text },
	TEACH_NEIGH_REASONS(REASON)
};

#define N_REASONS (sizeof(reasons) / sizeof(reasons[0]))

const char *teach_reason_name(uint32_t reason)
{
	return reason < N_REASONS ? reasons[reason].name : NULL;
}

const char *teach_reason_text(uint32_t reason)
{
	return reason < N_REASONS ? reasons[reason].text : NULL;
}

static int attr_uint(const struct nlattr *attr, size_t size, uint64_t *v)
{
	if (mnl_attr_get_payload_len(attr) != size)
		return -EPROTO;
	*v = size == 1 ? mnl_attr_get_u8(attr) : size == 2 ? mnl_attr_get_u16(attr) :
	     size == 4 ? mnl_attr_get_u32(attr) : mnl_attr_get_u64(attr);
	return 0;
}

/* Sizes of the numbers that are read here, by attribute. */
static const unsigned char sizes[TEACH_A_MAX + 1] = {
	[TEACH_A_IFINDEX]	= 4,
	[TEACH_A_ADDR]		= 4,
	[TEACH_A_NUD_STATE]	= 2,
	[TEACH_A_OLD_NUD_STATE]	= 2,
	[TEACH_A_REASON]	= 1,
	[TEACH_A_PROBES]	= 4,
	[TEACH_A_TIME_NS]	= 8,
	[TEACH_A_NTF_FLAGS]	= 4,
	[TEACH_A_REFCNT]	= 4,
	[TEACH_A_USED_MS]	= 8,
	[TEACH_A_CONFIRMED_MS]	= 8,
	[TEACH_A_UPDATED_MS]	= 8,
	[TEACH_A_HELD_PACKETS]	= 4,
	[TEACH_A_HELD_BYTES]	= 4,
};

/* What a message has: numbers by attribute, and a MAC address. */
struct message {
	uint64_t	value[TEACH_A_MAX + 1];
	uint8_t		present[TEACH_A_MAX + 1];
	uint8_t		lladdr[8];
	uint8_t		lladdr_len;
};

/* 1 if it is a message of command @cmd, 0 if of another, or -EPROTO. */
static int read_message(const struct nlmsghdr *nlh, uint8_t cmd, struct message *m)
{
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	uint16_t type;
	int err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*gh))
		return -EPROTO;
	if (gh->cmd != cmd)
		return 0;
	*m = (struct message){ .lladdr_len = 0 };
	mnl_attr_for_each(attr, nlh, sizeof(*gh)) {
		type = mnl_attr_get_type(attr);
		if (type == TEACH_A_LLADDR)
			err = libteach_attr_lladdr(attr, m->lladdr, &m->lladdr_len);
		/* A newer kernel may have more. */
		else if (type <= TEACH_A_MAX && sizes[type]) {
			err = attr_uint(attr, sizes[type], &m->value[type]);
			m->present[type] = 1;
		}
		if (err)
			return err;
	}
	return m->present[TEACH_A_ADDR] && m->present[TEACH_A_IFINDEX] ? 1 : -EPROTO;
}

int libteach_parse_info(const struct nlmsghdr *nlh, struct teach_neigh_info *info)
{
	struct message m;
	int ret = read_message(nlh, TEACH_CMD_NEIGH_GET, &m);

	if (ret <= 0)
		return ret;
	*info = (struct teach_neigh_info){
		.neigh = {
			.ifindex	= m.value[TEACH_A_IFINDEX],
			.addr.s_addr	= m.value[TEACH_A_ADDR],
			.state		= m.value[TEACH_A_NUD_STATE],
			.flags		= m.value[TEACH_A_NTF_FLAGS] & 0xff,
			.ext_flags	= m.value[TEACH_A_NTF_FLAGS] >> 8,
			.lladdr_len	= m.lladdr_len,
			.refcnt		= m.value[TEACH_A_REFCNT],
			.probes		= m.value[TEACH_A_PROBES],
			.used_ms	= m.value[TEACH_A_USED_MS],
			.confirmed_ms	= m.value[TEACH_A_CONFIRMED_MS],
			.updated_ms	= m.value[TEACH_A_UPDATED_MS],
		},
		.reason		= m.value[TEACH_A_REASON],
		.held_packets	= m.value[TEACH_A_HELD_PACKETS],
		.held_bytes	= m.value[TEACH_A_HELD_BYTES],
	};
	__builtin_memcpy(info->neigh.lladdr, m.lladdr, sizeof(m.lladdr));
	return 1;
}

int libteach_parse_change(const struct nlmsghdr *nlh,
			  struct teach_neigh_change *change)
{
	struct message m;
	int ret = read_message(nlh, TEACH_CMD_NEIGH_EVENT, &m);

	if (ret <= 0)
		return ret;
	*change = (struct teach_neigh_change){
		.ifindex	= m.value[TEACH_A_IFINDEX],
		.addr.s_addr	= m.value[TEACH_A_ADDR],
		.old_state	= m.value[TEACH_A_OLD_NUD_STATE],
		.state		= m.value[TEACH_A_NUD_STATE],
		.gone		= !m.present[TEACH_A_NUD_STATE],
		.lladdr_len	= m.lladdr_len,
		.reason		= m.value[TEACH_A_REASON],
		.probes		= m.value[TEACH_A_PROBES],
		.time_ns	= m.value[TEACH_A_TIME_NS],
	};
	__builtin_memcpy(change->lladdr, m.lladdr, sizeof(m.lladdr));
	return 1;
}

struct list {
	teach_neigh_info_cb	cb;
	void			*arg;
	int			found;
};

static int visit(const struct nlmsghdr *nlh, void *arg)
{
	struct teach_neigh_info info;
	struct list *list = arg;
	int ret = libteach_parse_info(nlh, &info);

	if (ret <= 0)
		return ret;
	list->found = 1;
	return list->cb(&info, list->arg);
}

static int copy(const struct teach_neigh_info *info, void *arg)
{
	*(struct teach_neigh_info *)arg = *info;
	return 0;
}

int teach_neigh_info_get(struct teach_nl *nl, uint32_t ifindex,
			 const struct teach_addr *addr, struct teach_neigh_info *info)
{
	struct list list = { .cb = copy, .arg = info };
	union libteach_req req;
	int err;

	libteach_req_genl(&req, TEACH_CMD_NEIGH_GET, 0);
	mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
	mnl_attr_put_u32(&req.nlh, TEACH_A_ADDR, addr->s_addr);
	err = libteach_talk(nl, LIBTEACH_GENERIC, &req, visit, &list);
	return err || list.found ? err : libteach_malformed(nl);
}

int teach_neigh_info_list(struct teach_nl *nl,
			  const struct teach_neigh_filter *f,
			  teach_neigh_info_cb cb, void *arg)
{
	struct list list = { .cb = cb, .arg = arg };
	union libteach_req req;

	libteach_req_genl(&req, TEACH_CMD_NEIGH_GET, NLM_F_DUMP);
	if (f && f->ifindex)
		mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, f->ifindex);
	if (f && f->states)
		mnl_attr_put_u16(&req.nlh, TEACH_A_NUD_STATE, f->states);
	if (f && f->prefixlen) {
		mnl_attr_put_u32(&req.nlh, TEACH_A_ADDR, f->prefix.s_addr);
		mnl_attr_put_u8(&req.nlh, TEACH_A_PREFIXLEN,
				f->prefixlen < 32 ? f->prefixlen : 32);
	}
	return libteach_talk(nl, LIBTEACH_GENERIC, &req, visit, &list);
}
