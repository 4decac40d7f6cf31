/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_PROXY_H
#define TEACH_LINK_PROXY_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct net;
struct netlink_ext_ack;
struct teach_link;

/**
 * struct teach_proxy - an address that this host answers for, though it is not its own
 * @node: in the namespace's table
 * @link: where it is answered; NULL on all links
 * @addr: the address
 * @flags: NTF_* that management set, besides %NTF_PROXY
 * @protocol: RTPROT_* of who made it, or 0
 * @rcu: frees it
 *
 * Made and ended under RTNL, read under RCU; ends before its link does.
 */
struct teach_proxy {
	struct hlist_node	node;
	struct teach_link	*link;
	__be32			addr;
	u8			flags;
	u8			protocol;
	struct rcu_head		rcu;
};

struct teach_proxy *teach_proxy_find(const struct net *net, __be32 addr,
				     const struct teach_link *link);
int teach_proxy_add(struct net *net, __be32 addr, struct teach_link *link, u8 flags,
		    u8 protocol);
int teach_proxy_del(struct net *net, __be32 addr, const struct teach_link *link);
void teach_proxy_flush(struct teach_link *link);
const struct teach_proxy *teach_proxy_next(const struct net *net, unsigned long *pos);

bool teach_proxy_wanted(const struct teach_link *link, __be32 addr);
void teach_proxy_answer(struct teach_link *link, __be32 target, __be32 asker,
			const u8 *mac, bool at_once);
void teach_proxy_queue_init(struct teach_link *link);
void teach_proxy_queue_purge(struct teach_link *link);
void teach_proxy_queue_end(struct teach_link *link);

int teach_proxy_init(void);
void teach_proxy_exit(void);

#endif
