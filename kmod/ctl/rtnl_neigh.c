// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink, neighbours: RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH of family
 * AF_TEACH, and what changes, to RTNLGRP_NEIGH. As net/core/neighbour.c answers
 * for IPv4, so that what is written for `ip neigh` works here.
 */
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include "ctl/neigh_walk.h"
#include "ctl/rtnl_neigh.h"
#include "ctl/rtnl_proxy.h"
#include "link/addr.h"
#include "link/neigh_table.h"
#include "link/notify.h"

static const struct nla_policy neigh_policy[NDA_MAX + 1] = {
	[NDA_DST]	= { .type = NLA_BE32 },
	[NDA_LLADDR]	= NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[NDA_CACHEINFO]	= NLA_POLICY_EXACT_LEN(sizeof(struct nda_cacheinfo)),
	[NDA_PROBES]	= { .type = NLA_U32 },
	[NDA_IFINDEX]	= { .type = NLA_U32 },
	[NDA_PROTOCOL]	= { .type = NLA_U8 },
	[NDA_FLAGS_EXT]	= NLA_POLICY_MASK(NLA_U32, NTF_EXT_MANAGED),
};

/* ---- To user space --------------------------------------------------------------- */

/**
 * struct neigh_info - what a message has of every entry
 * @ndm: its header
 * @dst_attr: NDA_DST
 * @dst: address
 * @ci_attr: NDA_CACHEINFO
 * @ci: ages and references
 * @probes_attr: NDA_PROBES
 * @probes: requests
 *
 * Put down in one piece: a dump has a million of them. NDA_LLADDR and NDA_FLAGS_EXT follow
 * where there are any.
 */
struct neigh_info {
	struct ndmsg		ndm;
	struct nlattr		dst_attr;
	__be32			dst;
	struct nlattr		ci_attr;
	struct nda_cacheinfo	ci;
	struct nlattr		probes_attr;
	u32			probes;
};

/* No hole and no padding: each attribute begins and ends where netlink wants it. */
static_assert(sizeof(struct neigh_info) ==
	      NLMSG_ALIGN(sizeof(struct ndmsg)) + 2 * (NLA_HDRLEN + sizeof(u32)) +
	      NLA_HDRLEN + NLA_ALIGN(sizeof(struct nda_cacheinfo)));

/* The attribute's header before what is @size bytes long. */
static struct nlattr attr_of(size_t size, u16 type)
{
	return (struct nlattr) { .nla_len = NLA_HDRLEN + size, .nla_type = type };
}

VISIBLE_IF_KUNIT size_t teach_rtnl_neigh_size(void)
{
	return sizeof(struct neigh_info) +
	       nla_total_size(ETH_ALEN) +			/* NDA_LLADDR */
	       nla_total_size(sizeof(u32));			/* NDA_FLAGS_EXT */
}

VISIBLE_IF_KUNIT int teach_rtnl_neigh_fill(struct sk_buff *skb, struct teach_neigh *n,
					   int type, u32 portid, u32 seq,
					   unsigned int flags)
{
	unsigned long now = jiffies;
	struct neigh_info *info;
	struct teach_nud nud;
	struct nlmsghdr *nlh;
	u8 mac[ETH_ALEN];
	u16 ntf_flags;

	spin_lock_bh(&n->lock);
	nud = n->nud;
	if (n->dead)
		nud.state = n->last_state;
	ntf_flags = n->flags;
	memcpy(mac, n->header + 2, ETH_ALEN);
	spin_unlock_bh(&n->lock);

	nlh = nlmsg_put(skb, portid, seq, type, sizeof(*info), flags);
	if (!nlh)
		return -EMSGSIZE;
	info = nlmsg_data(nlh);
	info->ndm = (struct ndmsg) {
		.ndm_family	= AF_TEACH,
		.ndm_ifindex	= n->key.link->ifindex,
		.ndm_state	= nud.state,
		.ndm_flags	= (u8)ntf_flags,
		.ndm_type	= RTN_UNICAST,
	};
	info->dst_attr = attr_of(sizeof(info->dst), NDA_DST);
	info->dst = n->key.addr;
	info->ci_attr = attr_of(sizeof(info->ci), NDA_CACHEINFO);
	info->ci = (struct nda_cacheinfo) {
		.ndm_confirmed	= jiffies_to_clock_t(now - nud.confirmed),
		.ndm_used	= jiffies_to_clock_t(now - nud.used),
		.ndm_updated	= jiffies_to_clock_t(now - nud.updated),
		/* Those who hold it besides the cache. */
		.ndm_refcnt	= refcount_read(&n->ref) - 1,
	};
	info->probes_attr = attr_of(sizeof(info->probes), NDA_PROBES);
	info->probes = nud.probes;
	if ((nud.state & TEACH_NUD_VALID && nla_put(skb, NDA_LLADDR, ETH_ALEN, mac)) ||
	    (ntf_flags >> NTF_EXT_SHIFT &&
	     nla_put_u32(skb, NDA_FLAGS_EXT, ntf_flags >> NTF_EXT_SHIFT))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

static int neigh_event(struct notifier_block *nb, unsigned long event, void *data)
{
	int type = event == TEACH_NEIGH_GONE ? RTM_DELNEIGH : RTM_NEWNEIGH;
	const struct teach_neigh_change *change = data;
	struct teach_neigh *n = change->n;
	struct net *net = n->key.link->net;
	struct sk_buff *skb;
	int err = -ENOBUFS;

	/* The other events are told by generic netlink only. */
	if (event != TEACH_NEIGH_GONE && event != TEACH_NEIGH_CHANGE)
		return NOTIFY_DONE;
	if (!netlink_has_listeners(net->rtnl, RTNLGRP_NEIGH))
		return NOTIFY_DONE;
	skb = nlmsg_new(teach_rtnl_neigh_size(), GFP_ATOMIC);
	if (!skb)
		goto failed;
	err = teach_rtnl_neigh_fill(skb, n, type, 0, 0, 0);
	if (err) {
		/* teach_rtnl_neigh_size() is too small. */
		WARN_ON_ONCE(err == -EMSGSIZE);
		kfree_skb(skb);
		goto failed;
	}
	rtnl_notify(skb, net, 0, RTNLGRP_NEIGH, NULL, GFP_ATOMIC);
	return NOTIFY_DONE;

failed:
	rtnl_set_sk_err(net, RTNLGRP_NEIGH, err);
	return NOTIFY_DONE;
}

static struct notifier_block neigh_notifier = {
	.notifier_call = neigh_event,
};

/* ---- Requests ------------------------------------------------------------------------ */

/* Not an error: the caller hands the message over to ctl/rtnl_proxy.c. */
#define IS_PROXY	1

static int neigh_parse(struct sk_buff *skb, struct nlmsghdr *nlh, struct nlattr **tb,
		       struct teach_link **link, __be32 *addr,
		       struct netlink_ext_ack *extack)
{
	const struct ndmsg *ndm;
	int err;

	err = nlmsg_parse(nlh, sizeof(*ndm), tb, NDA_MAX, neigh_policy, extack);
	if (err)
		return err;
	if (teach_rtnl_is_proxy(nlh))
		return IS_PROXY;
	ndm = nlmsg_data(nlh);
	if (!tb[NDA_DST]) {
		NL_SET_ERR_MSG(extack, "Address of the neighbour is missing: give NDA_DST");
		return -EINVAL;
	}
	*addr = nla_get_in_addr(tb[NDA_DST]);
	if (!ndm->ndm_ifindex) {
		NL_SET_ERR_MSG(extack, "Device is missing: give ndm_ifindex");
		return -EINVAL;
	}
	if (!__dev_get_by_index(sock_net(skb->sk), ndm->ndm_ifindex)) {
		NL_SET_ERR_MSG(extack, "Device not found");
		return -ENODEV;
	}
	*link = teach_link_get_rtnl(sock_net(skb->sk), ndm->ndm_ifindex);
	if (!*link) {
		NL_SET_ERR_MSG(extack, "Device does not carry TEACH: it is not Ethernet");
		return -EOPNOTSUPP;
	}
	return 0;
}

static bool is_one_state(u16 state)
{
	return state == NUD_NONE ||
	       (state <= NUD_PERMANENT && hweight16(state) == 1);
}

static bool is_managed(struct nlattr **tb)
{
	return tb[NDA_FLAGS_EXT] && nla_get_u32(tb[NDA_FLAGS_EXT]) & NTF_EXT_MANAGED;
}

static int neigh_check_new(const struct teach_link *link, const struct ndmsg *ndm,
			   struct nlattr **tb, __be32 addr,
			   struct netlink_ext_ack *extack)
{
	if (!addr || teach_addr_is_broadcast(link, addr)) {
		NL_SET_ERR_MSG(extack, "0.0.0.0 and broadcast addresses are no neighbours");
		return -EINVAL;
	}
	if (!is_one_state(ndm->ndm_state)) {
		NL_SET_ERR_MSG(extack, "State must be exactly one of NUD_*");
		return -EINVAL;
	}
	if (tb[NDA_LLADDR] && !is_valid_ether_addr(nla_data(tb[NDA_LLADDR])) &&
	    ndm->ndm_state != NUD_NOARP) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_LLADDR],
				    "MAC address is zero or a group's: no host has it");
		return -EINVAL;
	}
	if (ndm->ndm_flags & ~(NTF_USE | NTF_ROUTER | NTF_EXT_LEARNED)) {
		NL_SET_ERR_MSG(extack, "Only the flags use, router and extern_learn are supported");
		return -EOPNOTSUPP;
	}
	if (is_managed(tb) && ndm->ndm_state == NUD_PERMANENT) {
		NL_SET_ERR_MSG(extack, "A permanent entry is not resolved: leave out managed");
		return -EINVAL;
	}
	return 0;
}

/* With neither MAC address nor state the entry is only to be there, as IPv4 has it. */
static int neigh_apply(struct teach_neigh *n, const struct ndmsg *ndm,
		       struct nlattr **tb, unsigned int flags,
		       struct netlink_ext_ack *extack)
{
	u8 ntf_flags = ndm->ndm_flags & (NTF_ROUTER | NTF_EXT_LEARNED);
	const u8 *mac = tb[NDA_LLADDR] ? nla_data(tb[NDA_LLADDR]) : NULL;
	int err;

	if (is_managed(tb))
		return teach_neigh_manage(n, ntf_flags);
	if (ndm->ndm_flags & NTF_USE)
		return teach_neigh_probe(n, TEACH_NEIGH_REASON_RESOLVE);
	err = teach_neigh_admin_update(n, mac, ndm->ndm_state, flags, ntf_flags);
	if (err == -EINVAL)
		NL_SET_ERR_MSG(extack, "MAC address is missing: this state needs one (lladdr)");
	if (err == -EBUSY) {
		NL_SET_ERR_MSG(extack, "Entry has another MAC address: replace it to change that");
		err = -EEXIST;
	}
	return err;
}

static int neigh_newneigh(struct sk_buff *skb, struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack)
{
	unsigned int flags = TEACH_UPDATE_OVERRIDE;
	struct nlattr *tb[NDA_MAX + 1];
	const struct ndmsg *ndm;
	struct teach_link *link;
	struct teach_neigh *n;
	bool created, permanent;
	__be32 addr;
	int err;

	err = neigh_parse(skb, nlh, tb, &link, &addr, extack);
	if (err == IS_PROXY)
		return teach_rtnl_proxy_new(skb, nlh, tb, extack);
	if (err)
		return err;
	ndm = nlmsg_data(nlh);
	err = neigh_check_new(link, ndm, tb, addr, extack);
	if (err)
		return err;

	rcu_read_lock();
	n = teach_neigh_find(link, addr);
	created = !n;
	if (!n) {
		err = -ENOENT;
		if (!(nlh->nlmsg_flags & NLM_F_CREATE)) {
			NL_SET_ERR_MSG(extack, "No such entry: add it");
			goto out;
		}
		permanent = ndm->ndm_state == NUD_PERMANENT ||
			    ndm->ndm_flags & NTF_EXT_LEARNED || is_managed(tb);
		n = teach_neigh_create(link, addr, permanent);
		if (IS_ERR(n)) {
			NL_SET_ERR_MSG(extack, "Neighbour cache is full (gc_thresh3, max_neighs)");
			err = PTR_ERR(n);
			goto out;
		}
	} else {
		err = -EEXIST;
		if (nlh->nlmsg_flags & NLM_F_EXCL) {
			NL_SET_ERR_MSG(extack, "Entry exists: change or replace it");
			goto out;
		}
		if (!(nlh->nlmsg_flags & NLM_F_REPLACE))
			flags = 0;
	}
	err = neigh_apply(n, ndm, tb, flags, extack);
	if (err && created)
		teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
out:
	rcu_read_unlock();
	return err;
}

static int neigh_delneigh(struct sk_buff *skb, struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NDA_MAX + 1];
	struct teach_link *link;
	struct teach_neigh *n;
	__be32 addr;
	int err;

	err = neigh_parse(skb, nlh, tb, &link, &addr, extack);
	if (err == IS_PROXY)
		return teach_rtnl_proxy_del(skb, nlh, tb, extack);
	if (err)
		return err;
	rcu_read_lock();
	n = teach_neigh_find(link, addr);
	if (n) {
		teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
	} else {
		NL_SET_ERR_MSG(extack, "No such entry");
		err = -ENOENT;
	}
	rcu_read_unlock();
	return err;
}

static int neigh_getneigh(struct sk_buff *in_skb, struct nlmsghdr *nlh,
			  struct netlink_ext_ack *extack)
{
	u32 portid = NETLINK_CB(in_skb).portid;
	struct nlattr *tb[NDA_MAX + 1];
	struct teach_link *link;
	struct teach_neigh *n;
	struct sk_buff *skb;
	__be32 addr;
	int err;

	err = neigh_parse(in_skb, nlh, tb, &link, &addr, extack);
	if (err == IS_PROXY)
		return teach_rtnl_proxy_get(in_skb, nlh, tb, extack);
	if (err)
		return err;
	skb = nlmsg_new(teach_rtnl_neigh_size(), GFP_KERNEL);
	if (!skb)
		return -ENOBUFS;

	rcu_read_lock();
	n = teach_neigh_find(link, addr);
	if (n) {
		err = teach_rtnl_neigh_fill(skb, n, RTM_NEWNEIGH, portid,
					    nlh->nlmsg_seq, 0);
		WARN_ON_ONCE(err == -EMSGSIZE);
	} else {
		NL_SET_ERR_MSG(extack, "No such entry");
		err = -ENOENT;
	}
	rcu_read_unlock();
	if (err) {
		kfree_skb(skb);
		return err;
	}
	return rtnl_unicast(skb, sock_net(in_skb->sk), portid);
}

/* ---- Dump ------------------------------------------------------------------------------ */

/* Of proxy entries, or of the cache? With other flags too it is a dump of the cache, as
 * IPv4 has it.
 */
static bool dump_is_of_proxies(const struct nlmsghdr *nlh)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);

	return nlmsg_len(nlh) >= (int)sizeof(*ndm) && ndm->ndm_flags == NTF_PROXY;
}

static int neigh_dump_filter(const struct netlink_callback *cb,
			     struct teach_neigh_filter *filter)
{
	const struct nlmsghdr *nlh = cb->nlh;
	struct nlattr *tb[NDA_MAX + 1];
	const struct ndmsg *ndm;
	int err;

	*filter = (struct teach_neigh_filter) {};
	if (nlmsg_len(nlh) < (int)sizeof(*ndm)) {
		if (!cb->strict_check)
			return 0;
		NL_SET_ERR_MSG(cb->extack, "Header of the neighbour dump request is cut short");
		return -EINVAL;
	}
	ndm = nlmsg_data(nlh);
	if (cb->strict_check) {
		if (ndm->ndm_flags & ~NTF_PROXY || ndm->ndm_type) {
			NL_SET_ERR_MSG(cb->extack, "Dumps are filtered by device and state only");
			return -EINVAL;
		}
		filter->ifindex = ndm->ndm_ifindex;
		filter->states = ndm->ndm_state;
	}
	if (cb->strict_check)
		err = nlmsg_parse_deprecated_strict(nlh, sizeof(*ndm), tb, NDA_MAX,
						    neigh_policy, cb->extack);
	else
		err = nlmsg_parse_deprecated(nlh, sizeof(*ndm), tb, NDA_MAX,
					     neigh_policy, cb->extack);
	if (err)
		return err;
	if (tb[NDA_IFINDEX])
		filter->ifindex = nla_get_u32(tb[NDA_IFINDEX]);
	return 0;
}

static int neigh_dump_fill(struct sk_buff *skb, struct netlink_callback *cb,
			   struct teach_neigh *n)
{
	return teach_rtnl_neigh_fill(skb, n, RTM_NEWNEIGH, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, NLM_F_MULTI);
}

static int neigh_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct teach_neigh_filter filter;
	int err;

	err = neigh_dump_filter(cb, &filter);
	if (err)
		return err;
	if (dump_is_of_proxies(cb->nlh))
		return teach_rtnl_proxy_dump(skb, cb, filter.ifindex);
	cb->done = teach_neigh_walk_done;
	return teach_neigh_walk(skb, cb, &filter, neigh_dump_fill);
}

static const struct rtnl_msg_handler neigh_handlers[] = {
	{ THIS_MODULE, PF_TEACH, RTM_NEWNEIGH, neigh_newneigh, NULL, 0 },
	{ THIS_MODULE, PF_TEACH, RTM_DELNEIGH, neigh_delneigh, NULL, 0 },
	{ THIS_MODULE, PF_TEACH, RTM_GETNEIGH, neigh_getneigh, neigh_dump, 0 },
};

int __init teach_rtnl_neigh_init(void)
{
	int err = teach_neigh_notifier_register(&neigh_notifier);

	if (err)
		return err;
	err = __rtnl_register_many(neigh_handlers, ARRAY_SIZE(neigh_handlers));
	if (err)
		teach_neigh_notifier_unregister(&neigh_notifier);
	return err;
}

void teach_rtnl_neigh_exit(void)
{
	__rtnl_unregister_many(neigh_handlers, ARRAY_SIZE(neigh_handlers));
	teach_neigh_notifier_unregister(&neigh_notifier);
}
