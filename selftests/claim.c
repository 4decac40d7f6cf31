// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events and requests about this host's addresses: see claim.h.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <linux/rtnetlink.h>

#include "claim.h"

/* A socket that hears what happens to addresses in the caller's namespace. */
int addr_watch(void)
{
	int fd = nl_open(NETLINK_ROUTE), group = RTNLGRP_IPV4_IFADDR;

	must(!setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)),
	     "joining RTNLGRP_IPV4_IFADDR");
	return fd;
}

static bool addr_read(const struct nlmsghdr *h, struct addr_event *e)
{
	const struct ifaddrmsg *ifa = NLMSG_DATA(h);
	const struct ifa_cacheinfo *ci;
	const struct rtattr *a;
	int len = IFA_PAYLOAD(h);

	if (h->nlmsg_type != RTM_NEWADDR && h->nlmsg_type != RTM_DELADDR)
		return false;
	if (ifa->ifa_family != AF_TEACH)
		return false;
	*e = (struct addr_event) {
		.type = h->nlmsg_type, .ifindex = ifa->ifa_index, .plen = ifa->ifa_prefixlen,
	};
	for (a = IFA_RTA(ifa); RTA_OK(a, len); a = RTA_NEXT(a, len)) {
		if (a->rta_type == IFA_LOCAL)
			e->addr = ntohl(*(uint32_t *)RTA_DATA(a));
		if (a->rta_type == IFA_FLAGS)
			e->flags = *(uint32_t *)RTA_DATA(a);
		if (a->rta_type == IFA_CACHEINFO) {
			ci = RTA_DATA(a);
			e->valid = ci->ifa_valid;
			e->preferred = ci->ifa_prefered;
		}
	}
	return true;
}

/* The next thing that happens to a TEACH address; false if nothing does. */
bool addr_next(int fd, struct addr_event *e, int limit_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	while (poll(&p, 1, limit_ms) > 0) {
		n = recv(fd, buf, sizeof(buf), 0);
		must(n > 0, "receiving a notification");
		if (addr_read((struct nlmsghdr *)buf, e))
			return true;
	}
	return false;
}

/* A TEACH address of the caller's namespace as it is now; false if there is none. */
bool addr_find(uint32_t addr, struct addr_event *e)
{
	struct {
		struct nlmsghdr hdr;
		struct ifaddrmsg ifa;
	} req = {
		.hdr = { .nlmsg_len = sizeof(req), .nlmsg_type = RTM_GETADDR,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.ifa = { .ifa_family = AF_TEACH },
	};
	int fd = nl_open(NETLINK_ROUTE), n;
	struct addr_event now;
	struct nlmsghdr *h;
	bool found = false;
	char buf[16384];

	must(send(fd, &req, sizeof(req), 0) == sizeof(req), "asking for addresses");
	for (;;) {
		n = recv(fd, buf, sizeof(buf), 0);
		must(n > 0, "receiving addresses");
		for (h = (struct nlmsghdr *)buf; NLMSG_OK(h, (unsigned int)n);
		     h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type == NLMSG_DONE) {
				close(fd);
				return found;
			}
			if (!addr_read(h, &now) || now.addr != addr)
				continue;
			*e = now;
			found = true;
		}
	}
}

/* RTM_NEWADDR or RTM_DELADDR, through a socket of NETLINK_ROUTE: 0 or -errno. */
int addr_request(struct nl *nl, int type, const char *dev, uint32_t addr, int plen,
		 uint32_t flags)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = AF_TEACH, .ifa_prefixlen = plen,
		.ifa_index = if_nametoindex(dev),
	};

	nl_begin(nl, type, type == RTM_NEWADDR ? NLM_F_CREATE | NLM_F_EXCL : 0, &ifa,
		 sizeof(ifa));
	nl_attr_u32(nl, IFA_LOCAL, htonl(addr));
	if (flags)
		nl_attr_u32(nl, IFA_FLAGS, flags);
	return nl_ask(nl);
}

/* Probing that ends within a tenth of a second. */
void quick_probes(const char *dev)
{
	static const struct {
		int parm;
		uint32_t value;
	} quick[] = {
		{ TEACH_PARM_A_ACD_PROBE_WAIT_MS, 0 },
		{ TEACH_PARM_A_ACD_PROBE_MIN_MS, 10 },
		{ TEACH_PARM_A_ACD_PROBE_MAX_MS, 20 },
		{ TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS, 30 },
		{ TEACH_PARM_A_ACD_ANNOUNCE_INTERVAL_MS, 20 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(quick) / sizeof(quick[0]); i++)
		link_parm(dev, quick[i].parm, quick[i].value);
}
