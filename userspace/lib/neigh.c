// SPDX-License-Identifier: LGPL-2.1-or-later
/* The neighbour cache: RTM_{NEW,DEL,GET}NEIGH of family AF_TEACH. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include "nl.h"

static struct ndmsg *request(union libteach_req *req, uint16_t type,
			     uint16_t flags, uint32_t ifindex)
{
	struct ndmsg *ndm = libteach_req_init(req, type, flags, sizeof(*ndm));

	ndm->ndm_family = AF_TEACH;
	ndm->ndm_ifindex = ifindex;
	return ndm;
}

static int change(struct teach_nl *nl, uint16_t flags,
		  const struct teach_neigh *neigh)
{
	union libteach_req req;
	struct ndmsg *ndm;

	if (neigh->lladdr_len > sizeof(neigh->lladdr))
		return -EINVAL;
	ndm = request(&req, RTM_NEWNEIGH, flags, neigh->ifindex);
	ndm->ndm_state = neigh->state;
	ndm->ndm_flags = neigh->flags;
	mnl_attr_put_u32(&req.nlh, NDA_DST, neigh->addr.s_addr);
	if (neigh->lladdr_len)
		mnl_attr_put(&req.nlh, NDA_LLADDR, neigh->lladdr_len,
			     neigh->lladdr);
	if (neigh->ext_flags)
		mnl_attr_put_u32(&req.nlh, NDA_FLAGS_EXT, neigh->ext_flags);

	return libteach_talk(nl, LIBTEACH_ROUTE, &req, NULL, NULL);
}

int teach_neigh_add(struct teach_nl *nl, const struct teach_neigh *neigh)
{
	return change(nl, NLM_F_CREATE | NLM_F_EXCL, neigh);
}

int teach_neigh_replace(struct teach_nl *nl, const struct teach_neigh *neigh)
{
	return change(nl, NLM_F_CREATE | NLM_F_REPLACE, neigh);
}

int teach_neigh_change(struct teach_nl *nl, const struct teach_neigh *neigh)
{
	return change(nl, NLM_F_REPLACE, neigh);
}

static int del(struct teach_nl *nl, uint8_t flags, uint32_t ifindex,
	       const struct teach_addr *addr)
{
	union libteach_req req;

	request(&req, RTM_DELNEIGH, 0, ifindex)->ndm_flags = flags;
	mnl_attr_put_u32(&req.nlh, NDA_DST, addr->s_addr);

	return libteach_talk(nl, LIBTEACH_ROUTE, &req, NULL, NULL);
}

int teach_neigh_del(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr)
{
	return del(nl, 0, ifindex, addr);
}

int teach_proxy_del(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr)
{
	return del(nl, NTF_PROXY, ifindex, addr);
}

/* The kernel counts ages in clock ticks of user space. */
static uint64_t ticks_to_ms(uint32_t ticks)
{
	return (uint64_t)ticks * 1000 / sysconf(_SC_CLK_TCK);
}

int libteach_parse_neigh(const struct nlmsghdr *nlh, struct teach_neigh *neigh)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	const struct nda_cacheinfo *ci;
	const struct nlattr *attr;
	int have_dst = 0, err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*ndm))
		return -EPROTO;
	if (ndm->ndm_family != AF_TEACH)
		return 0;
	*neigh = (struct teach_neigh) {
		.ifindex	= ndm->ndm_ifindex,
		.state		= ndm->ndm_state,
		.flags		= ndm->ndm_flags,
	};
	mnl_attr_for_each(attr, nlh, sizeof(*ndm)) {
		switch (mnl_attr_get_type(attr)) {
		case NDA_DST:
			err = libteach_attr_u32(attr, &neigh->addr.s_addr);
			have_dst = 1;
			break;
		case NDA_LLADDR:
			err = libteach_attr_lladdr(attr, neigh->lladdr,
						   &neigh->lladdr_len);
			break;
		case NDA_PROBES:
			err = libteach_attr_u32(attr, &neigh->probes);
			break;
		case NDA_FLAGS_EXT:
			err = libteach_attr_u32(attr, &neigh->ext_flags);
			break;
		case NDA_CACHEINFO:
			if (mnl_attr_get_payload_len(attr) < sizeof(*ci))
				return -EPROTO;
			ci = mnl_attr_get_payload(attr);
			neigh->refcnt = ci->ndm_refcnt;
			neigh->used_ms = ticks_to_ms(ci->ndm_used);
			neigh->confirmed_ms = ticks_to_ms(ci->ndm_confirmed);
			neigh->updated_ms = ticks_to_ms(ci->ndm_updated);
			break;
		}
		if (err)
			return err;
	}
	return have_dst ? 1 : -EPROTO;
}

struct get {
	struct teach_neigh	*neigh;
	int			found;
};

static int take(const struct nlmsghdr *nlh, void *arg)
{
	struct get *get = arg;
	int ret;

	if (nlh->nlmsg_type != RTM_NEWNEIGH)
		return 0;
	ret = libteach_parse_neigh(nlh, get->neigh);
	if (ret > 0)
		get->found = 1;
	return ret < 0 ? ret : 0;
}

static int get(struct teach_nl *nl, uint8_t flags, uint32_t ifindex,
	       const struct teach_addr *addr, struct teach_neigh *neigh)
{
	struct get get = { .neigh = neigh };
	union libteach_req req;
	int err;

	request(&req, RTM_GETNEIGH, 0, ifindex)->ndm_flags = flags;
	mnl_attr_put_u32(&req.nlh, NDA_DST, addr->s_addr);

	err = libteach_talk(nl, LIBTEACH_ROUTE, &req, take, &get);
	return err || get.found ? err : libteach_malformed(nl);
}

int teach_neigh_get(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr, struct teach_neigh *neigh)
{
	return get(nl, 0, ifindex, addr, neigh);
}

int teach_proxy_get(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr, struct teach_neigh *neigh)
{
	return get(nl, NTF_PROXY, ifindex, addr, neigh);
}

struct list {
	const struct teach_neigh_filter *filter;
	teach_neigh_cb	cb;
	void		*arg;
};

static int visit(const struct nlmsghdr *nlh, void *arg)
{
	struct list *list = arg;
	const struct teach_neigh_filter *f = list->filter;
	struct teach_neigh neigh;
	int ret;

	if (nlh->nlmsg_type != RTM_NEWNEIGH)
		return 0;
	ret = libteach_parse_neigh(nlh, &neigh);
	if (ret <= 0)
		return ret;
	/* The kernel does not filter by prefix, nor by state NONE. */
	if (f) {
		uint32_t bit = neigh.state ? neigh.state : TEACH_NUD_NONE_BIT;

		if ((f->ifindex && f->ifindex != neigh.ifindex) ||
		    (f->states && !(f->states & bit)) ||
		    !teach_prefix_match(&neigh.addr, &f->prefix, f->prefixlen))
			return 0;
	}
	return list->cb(&neigh, list->arg);
}

int teach_neigh_list(struct teach_nl *nl,
		     const struct teach_neigh_filter *filter,
		     teach_neigh_cb cb, void *arg)
{
	struct list list = { .filter = filter, .cb = cb, .arg = arg };
	union libteach_req req;
	struct ndmsg *ndm;

	ndm = request(&req, RTM_GETNEIGH, NLM_F_DUMP, 0);
	if (filter) {
		if (!(filter->states & TEACH_NUD_NONE_BIT))
			ndm->ndm_state = filter->states & 0xff;
		if (filter->ifindex)
			mnl_attr_put_u32(&req.nlh, NDA_IFINDEX,
					 filter->ifindex);
	}
	return libteach_talk(nl, LIBTEACH_ROUTE, &req, visit, &list);
}

int teach_proxy_list(struct teach_nl *nl, const struct teach_neigh_filter *filter,
		     teach_neigh_cb cb, void *arg)
{
	/* A proxy entry has no state. */
	struct teach_neigh_filter f = filter ? *filter : (struct teach_neigh_filter){ 0 };
	struct list list = { .filter = &f, .cb = cb, .arg = arg };
	union libteach_req req;

	f.states = 0;
	request(&req, RTM_GETNEIGH, NLM_F_DUMP, 0)->ndm_flags = NTF_PROXY;
	if (f.ifindex)
		mnl_attr_put_u32(&req.nlh, NDA_IFINDEX, f.ifindex);
	return libteach_talk(nl, LIBTEACH_ROUTE, &req, visit, &list);
}

/* What is to be flushed is listed first: entries go while a dump lasts. */
struct victims {
	size_t	n, room;
	struct {
		uint32_t		ifindex;
		struct teach_addr	addr;
	} *v;
};

static int remember(const struct teach_neigh *neigh, void *arg)
{
	struct victims *list = arg;

	if (list->n == list->room) {
		size_t room = list->room ? list->room * 2 : 64;
		void *v = realloc(list->v, room * sizeof(*list->v));

		if (!v)
			return -ENOMEM;
		list->v = v;
		list->room = room;
	}
	list->v[list->n].ifindex = neigh->ifindex;
	list->v[list->n].addr = neigh->addr;
	list->n++;
	return 0;
}

int teach_neigh_flush(struct teach_nl *nl,
		      const struct teach_neigh_filter *filter,
		      unsigned int *count)
{
	struct victims list = { 0 };
	unsigned int done = 0;
	size_t i;
	int err;

	err = teach_neigh_list(nl, filter, remember, &list);
	/* What a table that changed meanwhile hid is left, as is what is new. */
	if (err == -EINTR)
		err = 0;
	for (i = 0; !err && i < list.n; i++) {
		err = teach_neigh_del(nl, list.v[i].ifindex, &list.v[i].addr);
		if (!err)
			done++;
		else if (err == -ENOENT)
			err = 0;	/* gone by itself meanwhile */
	}
	free(list.v);
	if (count)
		*count = done;
	return err;
}
