/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_RTNL_PROXY_H
#define TEACH_CTL_RTNL_PROXY_H

struct netlink_callback;
struct netlink_ext_ack;
struct nlattr;
struct nlmsghdr;
struct sk_buff;
struct teach_proxy;

bool teach_rtnl_is_proxy(const struct nlmsghdr *nlh);
int teach_rtnl_proxy_new(struct sk_buff *skb, const struct nlmsghdr *nlh,
			 struct nlattr **tb, struct netlink_ext_ack *extack);
int teach_rtnl_proxy_del(struct sk_buff *skb, const struct nlmsghdr *nlh,
			 struct nlattr **tb, struct netlink_ext_ack *extack);
int teach_rtnl_proxy_get(struct sk_buff *in_skb, const struct nlmsghdr *nlh,
			 struct nlattr **tb, struct netlink_ext_ack *extack);
int teach_rtnl_proxy_dump(struct sk_buff *skb, struct netlink_callback *cb, int ifindex);

#if IS_ENABLED(CONFIG_KUNIT)
size_t teach_rtnl_proxy_size(void);
int teach_rtnl_proxy_fill(struct sk_buff *skb, const struct teach_proxy *proxy, u32 portid,
			  u32 seq, unsigned int flags);
#endif

#endif
