// SPDX-License-Identifier: LGPL-2.1-or-later
/* Local addresses: RTM_{NEW,DEL,GET}ADDR of family AF_TEACH. */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include "nl.h"
#include <errno.h>

static int change(struct teach_nl *nl, uint16_t type, uint16_t flags,
		  const struct teach_ifaddr *addr)
{
	union libteach_req req;
	struct ifaddrmsg *ifa;

	ifa = libteach_req_init(&req, type, flags, sizeof(*ifa));
	ifa->ifa_family = AF_TEACH;
	ifa->ifa_prefixlen = addr->prefixlen;
	ifa->ifa_index = addr->ifindex;
	mnl_attr_put_u32(&req.nlh, IFA_LOCAL, addr->addr.s_addr);
	if (addr->flags & IFA_F_NODAD)
		mnl_attr_put_u32(&req.nlh, IFA_FLAGS, IFA_F_NODAD);

	return libteach_talk(nl, LIBTEACH_ROUTE, &req, NULL, NULL);
}

int teach_addr_add(struct teach_nl *nl, const struct teach_ifaddr *addr)
{
	return change(nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, addr);
}

int teach_addr_del(struct teach_nl *nl, const struct teach_ifaddr *addr)
{
	return change(nl, RTM_DELADDR, 0, addr);
}

int libteach_parse_addr(const struct nlmsghdr *nlh, struct teach_ifaddr *addr)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct ifa_cacheinfo *ci;
	const struct nlattr *attr;
	int have_addr = 0, err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*ifa))
		return -EPROTO;
	if (ifa->ifa_family != AF_TEACH)
		return 0;
	*addr = (struct teach_ifaddr) {
		.ifindex	= ifa->ifa_index,
		.prefixlen	= ifa->ifa_prefixlen,
		.scope		= ifa->ifa_scope,
		.flags		= ifa->ifa_flags,
		.valid		= UINT32_MAX,
		.preferred	= UINT32_MAX,
	};
	mnl_attr_for_each(attr, nlh, sizeof(*ifa)) {
		switch (mnl_attr_get_type(attr)) {
		case IFA_LOCAL:
			err = libteach_attr_u32(attr, &addr->addr.s_addr);
			have_addr = 1;
			break;
		case IFA_FLAGS:
			err = libteach_attr_u32(attr, &addr->flags);
			break;
		case IFA_CACHEINFO:
			ci = mnl_attr_get_payload(attr);
			if (mnl_attr_get_payload_len(attr) < sizeof(*ci))
				return -EPROTO;
			addr->valid = ci->ifa_valid;
			addr->preferred = ci->ifa_prefered;
			break;
		}
		if (err)
			return err;
	}
	return have_addr ? 1 : -EPROTO;
}

struct list {
	uint32_t	ifindex;
	teach_addr_cb	cb;
	void		*arg;
};

static int visit(const struct nlmsghdr *nlh, void *arg)
{
	struct list *list = arg;
	struct teach_ifaddr addr;
	int ret;

	if (nlh->nlmsg_type != RTM_NEWADDR)
		return 0;
	ret = libteach_parse_addr(nlh, &addr);
	if (ret <= 0)
		return ret;
	if (list->ifindex && list->ifindex != addr.ifindex)
		return 0;
	return list->cb(&addr, list->arg);
}

int teach_addr_list(struct teach_nl *nl, uint32_t ifindex, teach_addr_cb cb,
		    void *arg)
{
	struct list list = { .ifindex = ifindex, .cb = cb, .arg = arg };
	union libteach_req req;
	struct ifaddrmsg *ifa;

	ifa = libteach_req_init(&req, RTM_GETADDR, NLM_F_DUMP, sizeof(*ifa));
	ifa->ifa_family = AF_TEACH;
	ifa->ifa_index = ifindex;

	return libteach_talk(nl, LIBTEACH_ROUTE, &req, visit, &list);
}
