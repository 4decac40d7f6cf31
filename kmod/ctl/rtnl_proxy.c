// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink, proxy entries: RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH with NTF_PROXY,
 * as `ip neigh add proxy` sends them. ctl/rtnl_neigh.c registers for the messages and
 * hands those with the flag over, parsed.
 */
#include <linux/neighbour.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include "ctl/rtnl_proxy.h"
#include "link/addr.h"
#include "link/link.h"
#include "link/proxy.h"

/**
 * teach_rtnl_is_proxy() - is a message about proxy entries?
 * @nlh: RTM_*NEIGH
 *
 * Return: true if it has NTF_PROXY.
 */
bool teach_rtnl_is_proxy(const struct nlmsghdr *nlh)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);

	return nlmsg_len(nlh) >= (int)sizeof(*ndm) && ndm->ndm_flags & NTF_PROXY;
}

/* The entry that a message names. Without a device it is one for all of them. */
static int proxy_parse(struct net *net, const struct nlmsghdr *nlh, struct nlattr **tb,
		       struct teach_link **link, __be32 *addr,
		       struct netlink_ext_ack *extack)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);

	*link = NULL;
	if (!tb[NDA_DST]) {
		NL_SET_ERR_MSG(extack, "Address to answer for is missing: give NDA_DST");
		return -EINVAL;
	}
	*addr = nla_get_in_addr(tb[NDA_DST]);
	if (!ndm->ndm_ifindex)
		return 0;
	if (!__dev_get_by_index(net, ndm->ndm_ifindex)) {
		NL_SET_ERR_MSG(extack, "Device not found");
		return -ENODEV;
	}
	*link = teach_link_get_rtnl(net, ndm->ndm_ifindex);
	if (!*link) {
		NL_SET_ERR_MSG(extack, "Device does not carry TEACH: it is not Ethernet");
		return -EOPNOTSUPP;
	}
	return 0;
}

static bool is_broadcast(const struct teach_link *link, __be32 addr)
{
	return link ? teach_addr_is_broadcast(link, addr) :
		      addr == htonl(TEACH_ADDR_BROADCAST);
}

/**
 * teach_rtnl_proxy_new() - RTM_NEWNEIGH
 * @skb: request
 * @nlh: its header
 * @tb: its attributes
 * @extack: what to tell the caller
 *
 * Process context under RTNL. Return: 0 or a negative errno.
 */
int teach_rtnl_proxy_new(struct sk_buff *skb, const struct nlmsghdr *nlh,
			 struct nlattr **tb, struct netlink_ext_ack *extack)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);
	struct net *net = sock_net(skb->sk);
	struct teach_link *link;
	__be32 addr;
	int err;

	err = proxy_parse(net, nlh, tb, &link, &addr, extack);
	if (err)
		return err;
	if (!addr || is_broadcast(link, addr)) {
		NL_SET_ERR_MSG(extack, "0.0.0.0 and broadcast addresses cannot be answered for");
		return -EINVAL;
	}
	if (tb[NDA_LLADDR]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_LLADDR],
				    "A proxy answers with the device's own MAC address: leave it out");
		return -EINVAL;
	}
	if (ndm->ndm_flags & ~(NTF_PROXY | NTF_ROUTER)) {
		NL_SET_ERR_MSG(extack, "Only the flag router goes with proxy");
		return -EOPNOTSUPP;
	}
	if (teach_proxy_find(net, addr, link)) {
		if (nlh->nlmsg_flags & NLM_F_EXCL) {
			NL_SET_ERR_MSG(extack, "Proxy entry exists: change or replace it");
			return -EEXIST;
		}
	} else if (!(nlh->nlmsg_flags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG(extack, "No such proxy entry: add it");
		return -ENOENT;
	}
	return teach_proxy_add(net, addr, link, ndm->ndm_flags & ~NTF_PROXY,
			       tb[NDA_PROTOCOL] ? nla_get_u8(tb[NDA_PROTOCOL]) : 0);
}

/**
 * teach_rtnl_proxy_del() - RTM_DELNEIGH
 * @skb: request
 * @nlh: its header
 * @tb: its attributes
 * @extack: what to tell the caller
 *
 * Process context under RTNL. Return: 0 or a negative errno.
 */
int teach_rtnl_proxy_del(struct sk_buff *skb, const struct nlmsghdr *nlh,
			 struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct net *net = sock_net(skb->sk);
	struct teach_link *link;
	__be32 addr;
	int err;

	err = proxy_parse(net, nlh, tb, &link, &addr, extack);
	if (err)
		return err;
	err = teach_proxy_del(net, addr, link);
	if (err)
		NL_SET_ERR_MSG(extack, "No such proxy entry");
	return err;
}

VISIBLE_IF_KUNIT size_t teach_rtnl_proxy_size(void)
{
	return NLMSG_ALIGN(sizeof(struct ndmsg)) + nla_total_size(sizeof(__be32)) +
	       nla_total_size(sizeof(u8));
}

VISIBLE_IF_KUNIT int teach_rtnl_proxy_fill(struct sk_buff *skb,
					   const struct teach_proxy *proxy, u32 portid,
					   u32 seq, unsigned int flags)
{
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(skb, portid, seq, RTM_NEWNEIGH, sizeof(*ndm), flags);
	if (!nlh)
		return -EMSGSIZE;
	ndm = nlmsg_data(nlh);
	*ndm = (struct ndmsg) {
		.ndm_family	= AF_TEACH,
		.ndm_ifindex	= proxy->link ? proxy->link->ifindex : 0,
		.ndm_state	= NUD_NONE,
		.ndm_flags	= READ_ONCE(proxy->flags) | NTF_PROXY,
		.ndm_type	= RTN_UNICAST,
	};
	if (nla_put_in_addr(skb, NDA_DST, proxy->addr) ||
	    (READ_ONCE(proxy->protocol) &&
	     nla_put_u8(skb, NDA_PROTOCOL, READ_ONCE(proxy->protocol)))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/**
 * teach_rtnl_proxy_get() - RTM_GETNEIGH
 * @in_skb: request
 * @nlh: its header
 * @tb: its attributes
 * @extack: what to tell the caller
 *
 * Process context under RTNL. Return: 0 or a negative errno.
 */
int teach_rtnl_proxy_get(struct sk_buff *in_skb, const struct nlmsghdr *nlh,
			 struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct net *net = sock_net(in_skb->sk);
	u32 portid = NETLINK_CB(in_skb).portid;
	const struct teach_proxy *proxy;
	struct teach_link *link;
	struct sk_buff *skb;
	__be32 addr;
	int err;

	err = proxy_parse(net, nlh, tb, &link, &addr, extack);
	if (err)
		return err;
	proxy = teach_proxy_find(net, addr, link);
	if (!proxy) {
		NL_SET_ERR_MSG(extack, "No such proxy entry");
		return -ENOENT;
	}
	skb = nlmsg_new(teach_rtnl_proxy_size(), GFP_KERNEL);
	if (!skb)
		return -ENOBUFS;
	err = teach_rtnl_proxy_fill(skb, proxy, portid, nlh->nlmsg_seq, 0);
	if (err) {
		WARN_ON_ONCE(err == -EMSGSIZE);
		kfree_skb(skb);
		return err;
	}
	return rtnl_unicast(skb, net, portid);
}

/**
 * teach_rtnl_proxy_dump() - RTM_GETNEIGH, all
 * @skb: where to
 * @cb: the dump; args[0] counts entries that were visited
 * @ifindex: those made for this device, 0 for all
 *
 * Process context under RTNL. Return: bytes put, 0 at the end, or a negative errno.
 */
int teach_rtnl_proxy_dump(struct sk_buff *skb, struct netlink_callback *cb, int ifindex)
{
	struct net *net = sock_net(skb->sk);
	unsigned long pos = cb->args[0];
	const struct teach_proxy *proxy;
	int err = 0;

	while ((proxy = teach_proxy_next(net, &pos))) {
		if (!ifindex || (proxy->link && proxy->link->ifindex == ifindex))
			err = teach_rtnl_proxy_fill(skb, proxy, NETLINK_CB(cb->skb).portid,
						    cb->nlh->nlmsg_seq, NLM_F_MULTI);
		if (err)
			break;
		cb->args[0] = pos;
	}
	return skb->len ?: err;
}
