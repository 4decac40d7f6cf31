// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink family "teach": what rtnetlink has no words for. Described for
 * programs by Documentation/netlink/teach.yaml.
 */
#include <net/genetlink.h>
#include "ctl/genl.h"
#include "ctl/genl_link.h"
#include "ctl/genl_neigh.h"
#include "ctl/genl_rarp.h"
#include "ctl/neigh_walk.h"
#include "link/addr.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "link/stats.h"

static struct genl_family teach_genl_family;

static const struct nla_policy parm_policy[TEACH_PARM_A_MAX + 1] = {
	[TEACH_PARM_A_BASE_REACHABLE_MS] = NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_REACHABLE_MS]	= {
		.type = NLA_REJECT,
		.reject_message = "reachable_time_ms is random: set base_reachable_time_ms",
	},
	[TEACH_PARM_A_RETRANS_MS]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_DELAY_PROBE_MS]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_GC_STALE_MS]	= { .type = NLA_U32 },
	[TEACH_PARM_A_LOCKTIME_MS]	= { .type = NLA_U32 },
	[TEACH_PARM_A_UCAST_PROBES]	= NLA_POLICY_MAX(NLA_U32, 100),
	[TEACH_PARM_A_MCAST_PROBES]	= NLA_POLICY_MAX(NLA_U32, 100),
	[TEACH_PARM_A_QUEUE_BYTES]	= { .type = NLA_U32 },
	[TEACH_PARM_A_MCAST_REPROBES]	= NLA_POLICY_MAX(NLA_U32, 100),
	[TEACH_PARM_A_ARP_IGNORE]	= NLA_POLICY_MAX(NLA_U32, 8),
	[TEACH_PARM_A_ARP_ANNOUNCE]	= NLA_POLICY_MAX(NLA_U32, 2),
	[TEACH_PARM_A_ARP_ACCEPT]	= NLA_POLICY_MAX(NLA_U32, 2),
	[TEACH_PARM_A_ARP_NOTIFY]	= NLA_POLICY_MAX(NLA_U32, 1),
	[TEACH_PARM_A_DROP_GRATUITOUS_ARP] = NLA_POLICY_MAX(NLA_U32, 1),
	[TEACH_PARM_A_PROXY_ARP]	= NLA_POLICY_MAX(NLA_U32, 1),
	[TEACH_PARM_A_PROXY_DELAY_MS]	= { .type = NLA_U32 },
	[TEACH_PARM_A_PROXY_QLEN]	= NLA_POLICY_MAX(NLA_U32, 32767),
	/* Large ranges do not fit into a policy's 16 bits: see set_parms(). */
	[TEACH_PARM_A_SOLICITS_PER_SEC]	= { .type = NLA_U32 },
	[TEACH_PARM_A_SOLICITS_BURST]	= { .type = NLA_U32 },
	[TEACH_PARM_A_ACCEPT_DAD]	= NLA_POLICY_MAX(NLA_U32, 1),
	[TEACH_PARM_A_ACD_PROBE_WAIT_MS] = { .type = NLA_U32 },
	[TEACH_PARM_A_ACD_PROBES]	= NLA_POLICY_MAX(NLA_U32, 100),
	[TEACH_PARM_A_ACD_PROBE_MIN_MS]	= { .type = NLA_U32 },
	[TEACH_PARM_A_ACD_PROBE_MAX_MS]	= { .type = NLA_U32 },
	[TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS] = { .type = NLA_U32 },
	[TEACH_PARM_A_ACD_ANNOUNCEMENTS] = NLA_POLICY_MAX(NLA_U32, 100),
	[TEACH_PARM_A_ACD_ANNOUNCE_INTERVAL_MS] = { .type = NLA_U32 },
	[TEACH_PARM_A_ACD_DEFEND]	= NLA_POLICY_MAX(NLA_U32, 2),
	[TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS] = NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_RARP_RETRANS_MS]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_RARP_RETRANS_MAX_MS] = NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_RARP_LIFETIME_MS]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_RARP_SERVE]	= NLA_POLICY_MAX(NLA_U32, 1),
	[TEACH_PARM_A_RESOLVER]		= NLA_POLICY_MAX(NLA_U32, TEACH_RESOLVER_MAX),
	[TEACH_PARM_A_DAD_TRANSMITS]	= NLA_POLICY_MAX(NLA_U32, 100),
	[TEACH_PARM_A_INTERVAL_PROBE_MS] = NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_PARM_A_MAX_NEIGHS]	= { .type = NLA_U32 },
};

static const struct nla_policy link_get_policy[TEACH_A_IFNAME + 1] = {
	[TEACH_A_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_A_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

static const struct nla_policy link_set_policy[TEACH_A_PARMS + 1] = {
	[TEACH_A_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_A_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[TEACH_A_PARMS]		= NLA_POLICY_NESTED(parm_policy),
};

static const struct nla_policy resolve_policy[TEACH_A_ADDR + 1] = {
	[TEACH_A_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_A_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[TEACH_A_ADDR]		= { .type = NLA_BE32 },
};

/* ---- Links ---------------------------------------------------------------------------- */

static int put_parm(struct sk_buff *skb, const struct teach_parms *p, unsigned int parm)
{
	const struct teach_parm_info *info = teach_parm_info(parm);

	if (parm == TEACH_PARM_A_REACHABLE_MS)
		return nla_put_u32(skb, parm, jiffies_to_msecs(READ_ONCE(p->reachable_time)));
	return nla_put_u32(skb, parm, info->time ? jiffies_to_msecs(teach_parms_get(p, parm)) :
						   teach_parms_get(p, parm));
}

static int put_parms(struct sk_buff *skb, const struct teach_parms *p)
{
	struct nlattr *nest = nla_nest_start(skb, TEACH_A_PARMS);
	unsigned int parm;

	if (!nest)
		return -EMSGSIZE;
	for (parm = TEACH_PARM_A_UNSPEC + 1; parm <= TEACH_PARM_A_MAX; parm++) {
		if (put_parm(skb, p, parm))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

VISIBLE_IF_KUNIT int teach_genl_link_fill(struct sk_buff *skb, const struct teach_link *link,
					  u32 portid, u32 seq, int flags)
{
	const struct net_device *dev = link->dev;
	u32 link_flags = 0;
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &teach_genl_family, flags,
			  TEACH_CMD_LINK_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (dev->flags & IFF_UP)
		link_flags |= TEACH_LINK_F_UP;
	if (dev->flags & IFF_NOARP)
		link_flags |= TEACH_LINK_F_NOARP;
	if (link->rarp.active)
		link_flags |= TEACH_LINK_F_DYNAMIC;
	if (nla_put_u32(skb, TEACH_A_IFINDEX, link->ifindex) ||
	    nla_put_string(skb, TEACH_A_IFNAME, dev->name) ||
	    nla_put_u32(skb, TEACH_A_MTU, dev->mtu) ||
	    nla_put_u32(skb, TEACH_A_FLAGS, link_flags) ||
	    nla_put_u32(skb, TEACH_A_N_ADDRS, link->n_addrs) ||
	    nla_put_u32(skb, TEACH_A_N_NEIGHS, atomic_read(&link->n_neighs)) ||
	    nla_put(skb, TEACH_A_LLADDR, ETH_ALEN, dev->dev_addr) ||
	    put_parms(skb, &link->parms)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int genl_link_get(struct sk_buff *req, struct genl_info *info)
{
	struct teach_link *link;
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	rtnl_lock();
	link = teach_genl_required_link(info);
	if (IS_ERR(link))
		err = PTR_ERR(link);
	else
		err = teach_genl_link_fill(skb, link, info->snd_portid, info->snd_seq, 0);
	rtnl_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static int genl_link_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct teach_link_net *ln = teach_link_net(sock_net(skb->sk));
	struct teach_link *link;
	unsigned long index;
	int err = 0;

	rtnl_lock();
	xa_for_each_start(&ln->links, index, link, cb->args[0]) {
		err = teach_genl_link_fill(skb, link, NETLINK_CB(cb->skb).portid,
					   cb->nlh->nlmsg_seq, NLM_F_MULTI);
		if (err)
			break;
		cb->args[0] = index + 1;
	}
	rtnl_unlock();
	return skb->len ?: err;
}

/* Larger numbers than there is room for are taken for the largest. */
static void set_parms(struct teach_parms *p, struct nlattr **tb)
{
	unsigned int parm;
	u32 value;

	for (parm = TEACH_PARM_A_UNSPEC + 1; parm <= TEACH_PARM_A_MAX; parm++) {
		if (!tb[parm])
			continue;
		value = nla_get_u32(tb[parm]);
		if (teach_parm_info(parm)->time)
			teach_parms_set(p, parm, min_t(unsigned long, INT_MAX,
						       msecs_to_jiffies(value)));
		else
			teach_parms_set(p, parm, min_t(u32, teach_parm_info(parm)->max, value));
	}
}

static int genl_link_set(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[TEACH_PARM_A_MAX + 1];
	struct teach_link *link;
	int err;

	if (!info->attrs[TEACH_A_PARMS]) {
		GENL_SET_ERR_MSG(info, "Parameters are missing: give at least one");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, TEACH_PARM_A_MAX, info->attrs[TEACH_A_PARMS],
			       parm_policy, info->extack);
	if (err)
		return err;
	rtnl_lock();
	link = teach_genl_required_link(info);
	if (IS_ERR(link))
		err = PTR_ERR(link);
	else
		set_parms(&link->parms, tb);
	rtnl_unlock();
	return err;
}

/* ---- Resolution -------------------------------------------------------------------------- */

/* The link on which an address is, if the request names none. */
static struct teach_link *link_towards(struct net *net, __be32 addr)
{
	const struct teach_ifaddr *ifa;
	struct teach_link *link;
	unsigned long index;

	xa_for_each(&teach_link_net(net)->links, index, link) {
		list_for_each_entry(ifa, &link->addrs, list) {
			if (!((ifa->local ^ addr) & teach_prefix_mask(ifa->prefix_len)))
				return link;
		}
	}
	return NULL;
}

VISIBLE_IF_KUNIT int teach_genl_resolve_fill(struct sk_buff *skb, struct teach_neigh *n,
					     u32 portid, u32 seq)
{
	u8 state = READ_ONCE(n->nud.state);
	u8 mac[ETH_ALEN];
	void *hdr;

	teach_neigh_read_mac(n, mac);
	hdr = genlmsg_put(skb, portid, seq, &teach_genl_family, 0, TEACH_CMD_RESOLVE);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, TEACH_A_IFINDEX, n->key.link->ifindex) ||
	    nla_put_in_addr(skb, TEACH_A_ADDR, n->key.addr) ||
	    nla_put_u16(skb, TEACH_A_NUD_STATE, state) ||
	    (state & TEACH_NUD_VALID &&
	     nla_put(skb, TEACH_A_LLADDR, ETH_ALEN, mac))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int resolve(struct sk_buff *skb, struct teach_link *link, __be32 addr,
		   struct genl_info *info)
{
	struct teach_neigh *n = teach_neigh_get(link, addr);

	if (IS_ERR(n)) {
		GENL_SET_ERR_MSG(info, "Neighbour cache is full (gc_thresh3, max_neighs)");
		return PTR_ERR(n);
	}
	teach_neigh_probe(n, TEACH_NEIGH_REASON_RESOLVE);
	return teach_genl_resolve_fill(skb, n, info->snd_portid, info->snd_seq);
}

static int resolve_checked(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct teach_link *link;
	__be32 addr;
	int err;

	if (!info->attrs[TEACH_A_ADDR]) {
		GENL_SET_ERR_MSG(info, "Address is missing: give the one to resolve");
		return -EINVAL;
	}
	addr = nla_get_in_addr(info->attrs[TEACH_A_ADDR]);
	if (teach_addr_find(net, addr, NULL)) {
		GENL_SET_ERR_MSG(info, "Address is this host's own: there is nothing to resolve");
		return -EINVAL;
	}
	link = teach_genl_named_link(info) ?: link_towards(net, addr);
	if (IS_ERR(link))
		return PTR_ERR(link);
	if (!link) {
		GENL_SET_ERR_MSG(info, "Address is in no network of this host: name the device");
		return -ENETUNREACH;
	}
	if (!addr || teach_addr_is_broadcast(link, addr)) {
		GENL_SET_ERR_MSG(info, "0.0.0.0 and broadcast addresses are no neighbours");
		return -EINVAL;
	}
	if (!(link->dev->flags & IFF_UP)) {
		GENL_SET_ERR_MSG(info, "Device is down");
		return -ENETDOWN;
	}
	rcu_read_lock();
	err = resolve(skb, link, addr, info);
	rcu_read_unlock();
	return err;
}

static int genl_resolve(struct sk_buff *req, struct genl_info *info)
{
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	rtnl_lock();
	err = resolve_checked(skb, info);
	rtnl_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static int genl_neigh_get(struct sk_buff *req, struct genl_info *info)
{
	struct teach_link *link;
	int err;

	rtnl_lock();
	link = teach_genl_required_link(info);
	err = IS_ERR(link) ? PTR_ERR(link) : teach_genl_neigh_get(info, link);
	rtnl_unlock();
	return err;
}

/* ---- Counters ------------------------------------------------------------------------------ */

/* Of the namespace, or of one link. */
VISIBLE_IF_KUNIT int teach_genl_stats_fill(struct sk_buff *skb, struct net *net,
					   const struct teach_link *link, u32 portid, u32 seq)
{
	struct nlattr *nest;
	void *hdr;
	int i;

	hdr = genlmsg_put(skb, portid, seq, &teach_genl_family, 0, TEACH_CMD_STATS_GET);
	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, TEACH_A_STATS);
	if (!nest)
		return -EMSGSIZE;
	for (i = TEACH_STAT_UNSPEC + 1; i <= TEACH_STAT_MAX; i++) {
		u64 value = link ? teach_stats_sum(link->stats, i) : teach_stats_read(net, i);

		if (nla_put_u64_64bit(skb, i, value, TEACH_STAT_UNSPEC))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;
}

static int genl_stats_get(struct sk_buff *req, struct genl_info *info)
{
	struct teach_link *link;
	struct sk_buff *skb;
	int err;

	/* 8 bytes of value and 4 of header each: far below what a message takes. */
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	rtnl_lock();
	link = teach_genl_named_link(info);
	if (IS_ERR(link))
		err = PTR_ERR(link);
	else
		err = teach_genl_stats_fill(skb, genl_info_net(info), link,
					    info->snd_portid, info->snd_seq);
	rtnl_unlock();
	if (err) {
		WARN_ON_ONCE(err == -EMSGSIZE);
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

static const struct genl_ops teach_genl_ops[] = {
	{
		.cmd		= TEACH_CMD_LINK_GET,
		.doit		= genl_link_get,
		.dumpit		= genl_link_dump,
		.policy		= link_get_policy,
		.maxattr	= ARRAY_SIZE(link_get_policy) - 1,
	}, {
		.cmd		= TEACH_CMD_LINK_SET,
		.doit		= genl_link_set,
		.policy		= link_set_policy,
		.maxattr	= ARRAY_SIZE(link_set_policy) - 1,
		.flags		= GENL_UNS_ADMIN_PERM,
	}, {
		.cmd		= TEACH_CMD_RESOLVE,
		.doit		= genl_resolve,
		.policy		= resolve_policy,
		.maxattr	= ARRAY_SIZE(resolve_policy) - 1,
		.flags		= GENL_UNS_ADMIN_PERM,
	}, {
		.cmd		= TEACH_CMD_STATS_GET,
		.doit		= genl_stats_get,
		.policy		= link_get_policy,
		.maxattr	= ARRAY_SIZE(link_get_policy) - 1,
	}, {
		.cmd		= TEACH_CMD_NEIGH_GET,
		.doit		= genl_neigh_get,
		.dumpit		= teach_genl_neigh_dump,
		.done		= teach_neigh_walk_done,
		.policy		= teach_genl_neigh_policy,
		.maxattr	= ARRAY_SIZE(teach_genl_neigh_policy) - 1,
	}, {
		.cmd		= TEACH_CMD_RARP_GET,
		.doit		= teach_genl_rarp_get,
		.dumpit		= teach_genl_rarp_dump,
		.policy		= teach_genl_rarp_policy,
		.maxattr	= TEACH_A_REPLACE,
	}, {
		.cmd		= TEACH_CMD_RARP_ADD,
		.doit		= teach_genl_rarp_add,
		.policy		= teach_genl_rarp_policy,
		.maxattr	= TEACH_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	}, {
		.cmd		= TEACH_CMD_RARP_DEL,
		.doit		= teach_genl_rarp_del,
		.policy		= teach_genl_rarp_policy,
		.maxattr	= TEACH_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	}, {
		.cmd		= TEACH_CMD_RARP_RESOLVE,
		.doit		= teach_genl_rarp_resolve,
		.policy		= teach_genl_rarp_policy,
		.maxattr	= TEACH_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	}, {
		.cmd		= TEACH_CMD_RARP_START,
		.doit		= teach_genl_rarp_start,
		.policy		= teach_genl_rarp_policy,
		.maxattr	= TEACH_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	}, {
		.cmd		= TEACH_CMD_RARP_STOP,
		.doit		= teach_genl_rarp_stop,
		.policy		= teach_genl_rarp_policy,
		.maxattr	= TEACH_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group teach_genl_groups[] = {
	[TEACH_GENL_NEIGH_GROUP] = { .name = TEACH_GENL_GRP_NEIGH },
};

static struct genl_family teach_genl_family __ro_after_init = {
	.name		= TEACH_GENL_NAME,
	.version	= TEACH_GENL_VERSION,
	.maxattr	= TEACH_A_MAX,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= teach_genl_ops,
	.n_ops		= ARRAY_SIZE(teach_genl_ops),
	.mcgrps		= teach_genl_groups,
	.n_mcgrps	= ARRAY_SIZE(teach_genl_groups),
	/* All commands: headers and attributes are checked strictly. */
	.resv_start_op	= TEACH_CMD_UNSPEC + 1,
};

int __init teach_genl_init(void)
{
	int err;

	teach_genl_neigh_setup(&teach_genl_family);
	teach_genl_rarp_init(&teach_genl_family);
	err = genl_register_family(&teach_genl_family);
	if (err)
		return err;
	err = teach_genl_neigh_init();
	if (err)
		genl_unregister_family(&teach_genl_family);
	return err;
}

void teach_genl_exit(void)
{
	teach_genl_neigh_exit();
	genl_unregister_family(&teach_genl_family);
}
