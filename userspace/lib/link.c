// SPDX-License-Identifier: LGPL-2.1-or-later
/* Links and their parameters: generic netlink. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "nl.h"

/* As net.ipv4.neigh has them; times say their unit, as all are milliseconds. */
static const char *const parm_names[TEACH_PARM_A_MAX + 1] = {
	[TEACH_PARM_A_BASE_REACHABLE_MS]	= "base_reachable_time_ms",
	[TEACH_PARM_A_REACHABLE_MS]		= "reachable_time_ms",
	[TEACH_PARM_A_RETRANS_MS]		= "retrans_time_ms",
	[TEACH_PARM_A_DELAY_PROBE_MS]		= "delay_first_probe_time_ms",
	[TEACH_PARM_A_GC_STALE_MS]		= "gc_stale_time_ms",
	[TEACH_PARM_A_LOCKTIME_MS]		= "locktime_ms",
	[TEACH_PARM_A_UCAST_PROBES]		= "ucast_solicit",
	[TEACH_PARM_A_MCAST_PROBES]		= "mcast_solicit",
	[TEACH_PARM_A_QUEUE_BYTES]		= "unres_qlen_bytes",
	[TEACH_PARM_A_MCAST_REPROBES]		= "mcast_resolicit",
	[TEACH_PARM_A_ARP_IGNORE]		= "arp_ignore",
	[TEACH_PARM_A_ARP_ANNOUNCE]		= "arp_announce",
	[TEACH_PARM_A_ARP_ACCEPT]		= "arp_accept",
	[TEACH_PARM_A_ARP_NOTIFY]		= "arp_notify",
	[TEACH_PARM_A_DROP_GRATUITOUS_ARP]	= "drop_gratuitous_arp",
	[TEACH_PARM_A_PROXY_ARP]		= "proxy_arp",
	[TEACH_PARM_A_PROXY_DELAY_MS]		= "proxy_delay_ms",
	[TEACH_PARM_A_PROXY_QLEN]		= "proxy_qlen",
	[TEACH_PARM_A_SOLICITS_PER_SEC]		= "solicits_per_sec",
	[TEACH_PARM_A_SOLICITS_BURST]		= "solicits_burst",
	[TEACH_PARM_A_ACCEPT_DAD]		= "accept_dad",
	[TEACH_PARM_A_ACD_PROBE_WAIT_MS]	= "acd_probe_wait_ms",
	[TEACH_PARM_A_ACD_PROBES]		= "acd_probes",
	[TEACH_PARM_A_ACD_PROBE_MIN_MS]		= "acd_probe_min_ms",
	[TEACH_PARM_A_ACD_PROBE_MAX_MS]		= "acd_probe_max_ms",
	[TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS]	= "acd_announce_wait_ms",
	[TEACH_PARM_A_ACD_ANNOUNCEMENTS]	= "acd_announcements",
	[TEACH_PARM_A_ACD_ANNOUNCE_INTERVAL_MS]	= "acd_announce_interval_ms",
	[TEACH_PARM_A_ACD_DEFEND]		= "acd_defend",
	[TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS]	= "acd_defend_interval_ms",
	[TEACH_PARM_A_RARP_RETRANS_MS]		= "rarp_retrans_ms",
	[TEACH_PARM_A_RARP_RETRANS_MAX_MS]	= "rarp_retrans_max_ms",
	[TEACH_PARM_A_RARP_LIFETIME_MS]		= "rarp_lifetime_ms",
	[TEACH_PARM_A_RARP_SERVE]		= "rarp_serve",
	[TEACH_PARM_A_RESOLVER]			= "resolver",
	[TEACH_PARM_A_DAD_TRANSMITS]		= "dad_transmits",
	[TEACH_PARM_A_INTERVAL_PROBE_MS]	= "interval_probe_time_ms",
	[TEACH_PARM_A_MAX_NEIGHS]		= "max_neighs",
};

_Static_assert(TEACH_PARM_A_MAX < TEACH_PARMS_ROOM, "struct teach_parms is full");

const char *teach_parm_name(unsigned int parm)
{
	return parm <= TEACH_PARM_A_MAX ? parm_names[parm] : NULL;
}

int teach_parm_parse(const char *text, unsigned int *parm)
{
	unsigned int i;

	for (i = 1; i <= TEACH_PARM_A_MAX; i++) {
		if (!strcmp(parm_names[i], text)) {
			*parm = i;
			return 0;
		}
	}
	return -EINVAL;
}

int teach_link_index(struct teach_nl *nl, const char *name, uint32_t *ifindex)
{
	unsigned int i = nl->ops->index(name);

	if (!i)
		return -ENODEV;
	*ifindex = i;
	return 0;
}

int teach_link_name(struct teach_nl *nl, uint32_t ifindex,
		    char name[IF_NAMESIZE])
{
	if (nl->ops->name(ifindex, name))
		return 0;
	snprintf(name, IF_NAMESIZE, "if%u", (unsigned int)ifindex);
	return -ENODEV;
}

static int parse_parms(const struct nlattr *nest, struct teach_parms *parms)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		uint16_t type = mnl_attr_get_type(attr);

		/* A newer kernel may have more. */
		if (type == 0 || type >= TEACH_PARMS_ROOM)
			continue;
		if (libteach_attr_u32(attr, &parms->value[type]))
			return -EPROTO;
		parms->present |= 1ull << type;
	}
	return 0;
}

static int parse_link(const struct nlmsghdr *nlh, struct teach_link *link)
{
	const struct nlattr *attr;
	uint16_t len;
	int err = 0;

	memset(link, 0, sizeof(*link));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EPROTO;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TEACH_A_IFINDEX:
			err = libteach_attr_u32(attr, &link->ifindex);
			break;
		case TEACH_A_IFNAME:
			len = mnl_attr_get_payload_len(attr);
			if (len == 0 || len > sizeof(link->name))
				return -EPROTO;
			memcpy(link->name, mnl_attr_get_payload(attr), len);
			if (link->name[len - 1] != '\0')
				return -EPROTO;
			break;
		case TEACH_A_MTU:
			err = libteach_attr_u32(attr, &link->mtu);
			break;
		case TEACH_A_FLAGS:
			err = libteach_attr_u32(attr, &link->flags);
			break;
		case TEACH_A_N_ADDRS:
			err = libteach_attr_u32(attr, &link->n_addrs);
			break;
		case TEACH_A_N_NEIGHS:
			err = libteach_attr_u32(attr, &link->n_neighs);
			break;
		case TEACH_A_LLADDR:
			err = libteach_attr_lladdr(attr, link->lladdr,
						   &link->lladdr_len);
			break;
		case TEACH_A_PARMS:
			err = parse_parms(attr, &link->parms);
			break;
		}
		if (err)
			return err;
	}
	return link->ifindex && link->name[0] ? 0 : -EPROTO;
}

struct list {
	teach_link_cb	cb;
	void		*arg;
};

static int visit(const struct nlmsghdr *nlh, void *arg)
{
	struct list *list = arg;
	struct teach_link link;
	int err = parse_link(nlh, &link);

	return err ? err : list->cb(&link, list->arg);
}

static int copy(const struct teach_link *link, void *arg)
{
	memcpy(arg, link, sizeof(*link));
	return 0;
}

int teach_link_get(struct teach_nl *nl, uint32_t ifindex,
		   struct teach_link *link)
{
	struct list list = { .cb = copy, .arg = link };
	union libteach_req req;
	int err;

	libteach_req_genl(&req, TEACH_CMD_LINK_GET, 0);
	mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
	link->ifindex = 0;
	err = libteach_talk(nl, LIBTEACH_GENERIC, &req, visit, &list);
	return err || link->ifindex ? err : libteach_malformed(nl);
}

int teach_link_list(struct teach_nl *nl, teach_link_cb cb, void *arg)
{
	struct list list = { .cb = cb, .arg = arg };
	union libteach_req req;

	libteach_req_genl(&req, TEACH_CMD_LINK_GET, NLM_F_DUMP);
	return libteach_talk(nl, LIBTEACH_GENERIC, &req, visit, &list);
}

/*
 * The kernel's netlink core says "integer out of range", and of what by an offset
 * into the request: put the parameter's name to it.
 */
static void name_culprit(struct teach_nl *nl, const union libteach_req *req,
			 const struct nlattr *nest)
{
	const struct nlattr *attr;
	const char *name;
	size_t len;

	mnl_attr_for_each_nested(attr, nest) {
		name = teach_parm_name(mnl_attr_get_type(attr));
		len = strlen(nl->error);
		if (name && nl->error_offset ==
		    (uint32_t)((const char *)attr - req->buf))
			snprintf(nl->error + len, sizeof(nl->error) - len,
				 ": %s", name);
	}
}

int teach_link_set(struct teach_nl *nl, uint32_t ifindex,
		   const struct teach_parms *parms)
{
	union libteach_req req;
	struct nlattr *nest;
	unsigned int i;
	int err;

	libteach_req_genl(&req, TEACH_CMD_LINK_SET, 0);
	mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
	nest = mnl_attr_nest_start(&req.nlh, TEACH_A_PARMS);
	for (i = 1; i < TEACH_PARMS_ROOM; i++)
		if (parms->present & 1ull << i)
			mnl_attr_put_u32(&req.nlh, i, parms->value[i]);
	mnl_attr_nest_end(&req.nlh, nest);
	err = libteach_talk(nl, LIBTEACH_GENERIC, &req, NULL, NULL);
	if (err && nl->error[0] && nl->error_offset)
		name_culprit(nl, &req, nest);
	return err;
}
