/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_GENL_NEIGH_H
#define TEACH_CTL_GENL_NEIGH_H

#include <linux/teach.h>
#include <net/genetlink.h>

struct teach_link;
struct teach_neigh;
struct teach_neigh_change;

/* Multicast groups of the family, by their number. */
enum {
	TEACH_GENL_NEIGH_GROUP,
};

extern const struct nla_policy teach_genl_neigh_policy[TEACH_A_PREFIXLEN + 1];

int teach_genl_neigh_get(struct genl_info *info, struct teach_link *link);
int teach_genl_neigh_dump(struct sk_buff *skb, struct netlink_callback *cb);

void teach_genl_neigh_setup(const struct genl_family *family);
int teach_genl_neigh_init(void);
void teach_genl_neigh_exit(void);

/* For suites of test/. */
size_t teach_genl_neigh_size(void);
int teach_genl_neigh_fill(struct sk_buff *skb, struct teach_neigh *n, u32 portid, u32 seq,
			  int flags);
size_t teach_genl_event_size(void);
int teach_genl_event_fill(struct sk_buff *skb, const struct teach_neigh_change *change,
			  bool gone);

#endif
