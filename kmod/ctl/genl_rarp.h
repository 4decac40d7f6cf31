/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_GENL_RARP_H
#define TEACH_CTL_GENL_RARP_H

#include <linux/teach.h>
#include <net/netlink.h>

struct genl_family;
struct genl_info;
struct netlink_callback;
struct sk_buff;
struct teach_rarp_entry;

extern const struct nla_policy teach_genl_rarp_policy[TEACH_A_REPLACE + 1];

int teach_genl_rarp_get(struct sk_buff *req, struct genl_info *info);
int teach_genl_rarp_dump(struct sk_buff *skb, struct netlink_callback *cb);
int teach_genl_rarp_add(struct sk_buff *req, struct genl_info *info);
int teach_genl_rarp_del(struct sk_buff *req, struct genl_info *info);
int teach_genl_rarp_resolve(struct sk_buff *req, struct genl_info *info);
int teach_genl_rarp_start(struct sk_buff *req, struct genl_info *info);
int teach_genl_rarp_stop(struct sk_buff *req, struct genl_info *info);

void teach_genl_rarp_init(const struct genl_family *family);

#if IS_ENABLED(CONFIG_KUNIT)
int teach_genl_rarp_fill(struct sk_buff *skb, const struct teach_rarp_entry *e, u32 portid,
			 u32 seq, int flags);
#endif

#endif
