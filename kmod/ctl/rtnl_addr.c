// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink, addresses: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR of family AF_TEACH.
 *
 * Addresses are sent as IFA_LOCAL alone: `ip addr` compares IFA_LOCAL and
 * IFA_ADDRESS as if they had 16 bytes.
 */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include "ctl/rtnl_addr.h"
#include "link/addr.h"
#include "link/claim.h"
#include "link/link.h"
#include "link/notify.h"

/* The group that `ip monitor address` listens to. */
#define ADDR_GROUP	RTNLGRP_IPV4_IFADDR

static const struct nla_policy addr_policy[IFA_MAX + 1] = {
	[IFA_ADDRESS]	= { .type = NLA_BE32 },
	[IFA_LOCAL]	= { .type = NLA_BE32 },
	[IFA_FLAGS]	= { .type = NLA_U32 },
	[IFA_CACHEINFO]	= NLA_POLICY_EXACT_LEN(sizeof(struct ifa_cacheinfo)),
	[IFA_BROADCAST]	= { .type = NLA_BE32 },
};

/* ---- To user space --------------------------------------------------------------- */

VISIBLE_IF_KUNIT size_t teach_rtnl_addr_size(void)
{
	return NLMSG_ALIGN(sizeof(struct ifaddrmsg)) +
	       nla_total_size(sizeof(__be32)) +			/* IFA_LOCAL */
	       nla_total_size(sizeof(u32)) +			/* IFA_FLAGS */
	       nla_total_size(sizeof(struct ifa_cacheinfo));
}

/* jiffies to hundredths of a second since boot, as struct ifa_cacheinfo has it. */
static u32 cacheinfo_stamp(unsigned long at)
{
	return (at - INITIAL_JIFFIES) * 100UL / HZ;
}

/* How long the address is good for, rounded up. */
static u32 seconds_left(const struct teach_ifaddr *ifa, u32 flags)
{
	unsigned long until = READ_ONCE(ifa->valid_until), now = jiffies;

	if (flags & IFA_F_PERMANENT)
		return U32_MAX;
	return time_after(until, now) ? DIV_ROUND_UP(until - now, HZ) : 0;
}

VISIBLE_IF_KUNIT int teach_rtnl_addr_fill(struct sk_buff *skb,
					  const struct teach_ifaddr *ifa, int type,
					  u32 portid, u32 seq, unsigned int flags)
{
	u32 ifa_flags = READ_ONCE(ifa->flags), left = seconds_left(ifa, ifa_flags);
	const struct ifa_cacheinfo ci = {
		.ifa_prefered	= left,
		.ifa_valid	= left,
		.cstamp		= cacheinfo_stamp(ifa->created),
		.tstamp		= cacheinfo_stamp(ifa->updated),
	};
	struct ifaddrmsg *ifm;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, type, sizeof(*ifm), flags);
	if (!nlh)
		return -EMSGSIZE;
	ifm = nlmsg_data(nlh);
	*ifm = (struct ifaddrmsg) {
		.ifa_family	= AF_TEACH,
		.ifa_prefixlen	= ifa->prefix_len,
		.ifa_flags	= ifa_flags,
		.ifa_scope	= RT_SCOPE_UNIVERSE,
		.ifa_index	= ifa->link->ifindex,
	};
	if (nla_put_in_addr(skb, IFA_LOCAL, ifa->local) ||
	    nla_put_u32(skb, IFA_FLAGS, ifa_flags) ||
	    nla_put(skb, IFA_CACHEINFO, sizeof(ci), &ci)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

static void addr_announce(const struct teach_ifaddr *ifa, int type)
{
	struct net *net = ifa->link->net;
	struct sk_buff *skb;
	int err = -ENOBUFS;

	skb = nlmsg_new(teach_rtnl_addr_size(), GFP_KERNEL);
	if (!skb)
		goto failed;
	err = teach_rtnl_addr_fill(skb, ifa, type, 0, 0, 0);
	if (err) {
		/* teach_rtnl_addr_size() is too small. */
		WARN_ON_ONCE(err == -EMSGSIZE);
		kfree_skb(skb);
		goto failed;
	}
	rtnl_notify(skb, net, 0, ADDR_GROUP, NULL, GFP_KERNEL);
	return;

failed:
	rtnl_set_sk_err(net, ADDR_GROUP, err);
}

static int addr_event(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event == TEACH_ADDR_ADD || event == TEACH_ADDR_CHANGE)
		addr_announce(data, RTM_NEWADDR);
	else if (event == TEACH_ADDR_DEL)
		addr_announce(data, RTM_DELADDR);
	return NOTIFY_DONE;
}

static struct notifier_block addr_notifier = {
	.notifier_call = addr_event,
};

/* ---- Requests ------------------------------------------------------------------------ */

/* Of the flags a request can set but one: the others are for the kernel to say. */
static int addr_parse(struct sk_buff *skb, struct nlmsghdr *nlh,
		      struct teach_link **link, struct teach_addr_config *config,
		      struct netlink_ext_ack *extack)
{
	const struct ifaddrmsg *ifm;
	u32 flags;
	struct nlattr *tb[IFA_MAX + 1];
	struct nlattr *attr;
	int err;

	err = nlmsg_parse(nlh, sizeof(*ifm), tb, IFA_MAX, addr_policy, extack);
	if (err)
		return err;
	ifm = nlmsg_data(nlh);
	attr = tb[IFA_LOCAL] ?: tb[IFA_ADDRESS];
	if (!attr) {
		NL_SET_ERR_MSG(extack, "Address is missing: give IFA_LOCAL");
		return -EINVAL;
	}
	config->local = nla_get_in_addr(attr);
	config->prefix_len = ifm->ifa_prefixlen;
	flags = tb[IFA_FLAGS] ? nla_get_u32(tb[IFA_FLAGS]) : ifm->ifa_flags;
	config->flags = IFA_F_PERMANENT | (flags & IFA_F_NODAD);
	if (tb[IFA_LOCAL] && tb[IFA_ADDRESS] &&
	    nla_get_in_addr(tb[IFA_ADDRESS]) != config->local) {
		NL_SET_ERR_MSG(extack, "Peer addresses are not supported: leave IFA_ADDRESS out");
		return -EOPNOTSUPP;
	}
	if (!__dev_get_by_index(sock_net(skb->sk), ifm->ifa_index)) {
		NL_SET_ERR_MSG(extack, "Device not found");
		return -ENODEV;
	}
	*link = teach_link_get_rtnl(sock_net(skb->sk), ifm->ifa_index);
	if (!*link) {
		NL_SET_ERR_MSG(extack, "Device does not carry TEACH: it is not Ethernet");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int addr_newaddr(struct sk_buff *skb, struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	struct teach_addr_config config = {};
	struct teach_link *link;
	int err;

	err = addr_parse(skb, nlh, &link, &config, extack);
	if (err)
		return err;
	err = teach_claim_add(link, &config, false, extack);
	/* `ip addr replace`: it is there as it should be. */
	if (err == -EEXIST && nlh->nlmsg_flags & NLM_F_REPLACE &&
	    teach_addr_lookup(link->net, config.local, link)->prefix_len == config.prefix_len)
		return 0;
	return err;
}

static int addr_deladdr(struct sk_buff *skb, struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	struct teach_addr_config config = {};
	struct teach_link *link;
	int err;

	err = addr_parse(skb, nlh, &link, &config, extack);
	if (err)
		return err;
	if (config.prefix_len > 32) {
		NL_SET_ERR_MSG(extack, "Prefix length must be 0 to 32");
		return -EINVAL;
	}
	return teach_addr_del(link, config.local, config.prefix_len, extack);
}

static int addr_dump_check(const struct netlink_callback *cb, int *ifindex)
{
	const struct nlmsghdr *nlh = cb->nlh;
	const struct ifaddrmsg *ifm;

	*ifindex = 0;
	if (nlmsg_len(nlh) < (int)sizeof(*ifm)) {
		if (!cb->strict_check)
			return 0;
		NL_SET_ERR_MSG(cb->extack, "Header of the address dump request is cut short");
		return -EINVAL;
	}
	ifm = nlmsg_data(nlh);
	if (!cb->strict_check)
		return 0;
	/* Part of a dump of all families, and in words that others understand:
	 * there is nothing of ours, but the others must go on.
	 */
	if (ifm->ifa_family != AF_TEACH && nlmsg_attrlen(nlh, sizeof(*ifm)))
		return -ENODATA;
	if (ifm->ifa_prefixlen || ifm->ifa_flags || ifm->ifa_scope) {
		NL_SET_ERR_MSG(cb->extack, "Address dumps are filtered by device (ifa_index) only");
		return -EINVAL;
	}
	if (nlmsg_attrlen(nlh, sizeof(*ifm))) {
		NL_SET_ERR_MSG(cb->extack, "Address dump requests take no attributes");
		return -EINVAL;
	}
	*ifindex = ifm->ifa_index;
	return 0;
}

/* Where a dump goes on: after the link of index args[0], args[1] addresses in. */
static int addr_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct net *net = sock_net(skb->sk);
	struct teach_link_net *ln = teach_link_net(net);
	const struct teach_ifaddr *ifa;
	unsigned long index = cb->args[0];
	struct teach_link *link;
	long skip = cb->args[1];
	int ifindex, err;
	long i;

	err = addr_dump_check(cb, &ifindex);
	if (err)
		return err == -ENODATA ? 0 : err;

	rcu_read_lock();
	cb->seq = atomic_read(&ln->generation) ?: 1;
	for (link = xa_find(&ln->links, &index, ULONG_MAX, XA_PRESENT); link;
	     link = xa_find_after(&ln->links, &index, ULONG_MAX, XA_PRESENT)) {
		i = 0;
		if (ifindex && link->ifindex != ifindex)
			continue;
		list_for_each_entry_rcu(ifa, &link->addrs, list) {
			if (i++ < skip)
				continue;
			err = teach_rtnl_addr_fill(skb, ifa, RTM_NEWADDR,
						   NETLINK_CB(cb->skb).portid,
						   cb->nlh->nlmsg_seq, NLM_F_MULTI);
			if (err) {
				i--;
				goto out;
			}
			nl_dump_check_consistent(cb, nlmsg_hdr(skb));
		}
		skip = 0;
	}
	index = ULONG_MAX;
	i = 0;
out:
	rcu_read_unlock();
	cb->args[0] = index;
	cb->args[1] = i;
	return skb->len ?: err;
}

static const struct rtnl_msg_handler addr_handlers[] = {
	{ THIS_MODULE, PF_TEACH, RTM_NEWADDR, addr_newaddr, NULL, 0 },
	{ THIS_MODULE, PF_TEACH, RTM_DELADDR, addr_deladdr, NULL, 0 },
	{ THIS_MODULE, PF_TEACH, RTM_GETADDR, NULL, addr_dump, 0 },
};

int __init teach_rtnl_addr_init(void)
{
	int err = teach_link_notifier_register(&addr_notifier);

	if (err)
		return err;
	err = __rtnl_register_many(addr_handlers, ARRAY_SIZE(addr_handlers));
	if (err)
		teach_link_notifier_unregister(&addr_notifier);
	return err;
}

void teach_rtnl_addr_exit(void)
{
	__rtnl_unregister_many(addr_handlers, ARRAY_SIZE(addr_handlers));
	teach_link_notifier_unregister(&addr_notifier);
}
