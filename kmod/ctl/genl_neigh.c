// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink, neighbours: all that is known of an entry, where rtnetlink's messages have
 * no room for it, and to the group "neigh" each step of an entry with its reason.
 */
#include <linux/neighbour.h>
#include "ctl/genl_neigh.h"
#include "ctl/neigh_walk.h"
#include "link/neigh_table.h"
#include "link/notify.h"

static const struct genl_family *teach_family;

const struct nla_policy teach_genl_neigh_policy[TEACH_A_PREFIXLEN + 1] = {
	[TEACH_A_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_A_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[TEACH_A_ADDR]		= { .type = NLA_BE32 },
	[TEACH_A_NUD_STATE]	= { .type = NLA_U16 },
	[TEACH_A_PREFIXLEN]	= NLA_POLICY_MAX(NLA_U8, 32),
};

/* ---- One entry ------------------------------------------------------------------------- */

size_t teach_genl_neigh_size(void)
{
	return NLMSG_ALIGN(GENL_HDRLEN) +
	       6 * nla_total_size(sizeof(u32)) +	/* index, flags, probes, ... */
	       nla_total_size(sizeof(__be32)) +		/* address */
	       nla_total_size(sizeof(u16)) +		/* state */
	       nla_total_size(sizeof(u8)) +		/* reason */
	       nla_total_size(ETH_ALEN) +
	       3 * nla_total_size_64bit(sizeof(u64));	/* ages */
}

static int put_age(struct sk_buff *skb, int attr, unsigned long since)
{
	return nla_put_u64_64bit(skb, attr, jiffies_to_msecs(jiffies - since), TEACH_A_PAD);
}

int teach_genl_neigh_fill(struct sk_buff *skb, struct teach_neigh *n, u32 portid, u32 seq,
			  int flags)
{
	u32 ntf_flags, held_packets, held_bytes;
	struct teach_nud nud;
	u8 mac[ETH_ALEN];
	void *hdr;
	u8 reason;

	spin_lock_bh(&n->lock);
	nud = n->nud;
	ntf_flags = n->flags;
	reason = n->reason;
	held_packets = skb_queue_len(&n->held);
	held_bytes = n->held_bytes;
	memcpy(mac, n->header + 2, ETH_ALEN);
	spin_unlock_bh(&n->lock);

	hdr = genlmsg_put(skb, portid, seq, teach_family, flags, TEACH_CMD_NEIGH_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, TEACH_A_IFINDEX, n->key.link->ifindex) ||
	    nla_put_in_addr(skb, TEACH_A_ADDR, n->key.addr) ||
	    nla_put_u16(skb, TEACH_A_NUD_STATE, nud.state) ||
	    (nud.state & TEACH_NUD_VALID && nla_put(skb, TEACH_A_LLADDR, ETH_ALEN, mac)) ||
	    nla_put_u8(skb, TEACH_A_REASON, reason) ||
	    nla_put_u32(skb, TEACH_A_PROBES, nud.asked) ||
	    nla_put_u32(skb, TEACH_A_NTF_FLAGS, ntf_flags) ||
	    /* Those who hold it besides the cache. */
	    nla_put_u32(skb, TEACH_A_REFCNT, refcount_read(&n->ref) - 1) ||
	    put_age(skb, TEACH_A_USED_MS, nud.used) ||
	    put_age(skb, TEACH_A_CONFIRMED_MS, nud.confirmed) ||
	    put_age(skb, TEACH_A_UPDATED_MS, nud.updated) ||
	    nla_put_u32(skb, TEACH_A_HELD_PACKETS, held_packets) ||
	    nla_put_u32(skb, TEACH_A_HELD_BYTES, held_bytes)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * teach_genl_neigh_get() - answer TEACH_CMD_NEIGH_GET
 * @info: request
 * @link: link that it names
 *
 * Process context, @link held by RTNL. Return: 0 or a negative errno.
 */
int teach_genl_neigh_get(struct genl_info *info, struct teach_link *link)
{
	struct teach_neigh *n;
	struct sk_buff *skb;
	int err;

	if (!info->attrs[TEACH_A_ADDR]) {
		GENL_SET_ERR_MSG(info, "Address is missing: give the neighbour's");
		return -EINVAL;
	}
	skb = nlmsg_new(teach_genl_neigh_size(), GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	rcu_read_lock();
	n = teach_neigh_find(link, nla_get_in_addr(info->attrs[TEACH_A_ADDR]));
	if (n) {
		err = teach_genl_neigh_fill(skb, n, info->snd_portid, info->snd_seq, 0);
		WARN_ON_ONCE(err == -EMSGSIZE);
	} else {
		GENL_SET_ERR_MSG(info, "No such entry");
		err = -ENOENT;
	}
	rcu_read_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

/* ---- All of them ----------------------------------------------------------------------- */

static int dump_fill(struct sk_buff *skb, struct netlink_callback *cb, struct teach_neigh *n)
{
	return teach_genl_neigh_fill(skb, n, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				     NLM_F_MULTI);
}

/**
 * teach_genl_neigh_dump() - answer TEACH_CMD_NEIGH_GET with NLM_F_DUMP
 * @skb: where to
 * @cb: the dump's; teach_neigh_walk_done() is its end
 *
 * Process context. Return: as a dump function does.
 */
int teach_genl_neigh_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr *const *attrs = genl_info_dump(cb)->attrs;
	struct teach_neigh_filter filter = {};

	if (attrs[TEACH_A_IFNAME]) {
		NL_SET_ERR_MSG(cb->extack, "A dump is filtered by a device's index, not its name");
		return -EINVAL;
	}
	if (attrs[TEACH_A_IFINDEX])
		filter.ifindex = nla_get_u32(attrs[TEACH_A_IFINDEX]);
	if (attrs[TEACH_A_NUD_STATE])
		filter.states = nla_get_u16(attrs[TEACH_A_NUD_STATE]);
	if (attrs[TEACH_A_ADDR]) {
		filter.prefix = nla_get_in_addr(attrs[TEACH_A_ADDR]);
		filter.prefix_len = attrs[TEACH_A_PREFIXLEN] ?
				    nla_get_u8(attrs[TEACH_A_PREFIXLEN]) : 32;
	}
	return teach_neigh_walk(skb, cb, &filter, dump_fill);
}

/* ---- Events ----------------------------------------------------------------------------- */

size_t teach_genl_event_size(void)
{
	return NLMSG_ALIGN(GENL_HDRLEN) +
	       2 * nla_total_size(sizeof(u32)) +	/* index, probes */
	       nla_total_size(sizeof(__be32)) +		/* address */
	       2 * nla_total_size(sizeof(u16)) +	/* states */
	       nla_total_size(sizeof(u8)) +		/* reason */
	       nla_total_size(ETH_ALEN) +
	       nla_total_size_64bit(sizeof(u64));	/* time */
}

int teach_genl_event_fill(struct sk_buff *skb, const struct teach_neigh_change *c, bool gone)
{
	void *hdr = genlmsg_put(skb, 0, 0, teach_family, 0, TEACH_CMD_NEIGH_EVENT);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, TEACH_A_IFINDEX, c->n->key.link->ifindex) ||
	    nla_put_in_addr(skb, TEACH_A_ADDR, c->n->key.addr) ||
	    nla_put_u16(skb, TEACH_A_OLD_NUD_STATE, c->old_state) ||
	    (!gone && nla_put_u16(skb, TEACH_A_NUD_STATE, c->state)) ||
	    (c->has_mac && nla_put(skb, TEACH_A_LLADDR, ETH_ALEN, c->mac)) ||
	    nla_put_u8(skb, TEACH_A_REASON, c->reason) ||
	    nla_put_u32(skb, TEACH_A_PROBES, c->asked) ||
	    nla_put_u64_64bit(skb, TEACH_A_TIME_NS, c->time_ns, TEACH_A_PAD)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int neigh_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct teach_neigh_change *change = data;
	struct net *net = change->n->key.link->net;
	struct sk_buff *skb;
	int err = -ENOBUFS;

	if (!genl_has_listeners(teach_family, net, TEACH_GENL_NEIGH_GROUP))
		return NOTIFY_DONE;
	skb = nlmsg_new(teach_genl_event_size(), GFP_ATOMIC);
	if (!skb)
		goto lost;
	err = teach_genl_event_fill(skb, change, event == TEACH_NEIGH_GONE);
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(skb);
		goto lost;
	}
	err = genlmsg_multicast_netns(teach_family, net, skb, 0, TEACH_GENL_NEIGH_GROUP,
				      GFP_ATOMIC);
	if (err && err != -ESRCH)
		goto lost;
	return NOTIFY_DONE;

lost:
	teach_stats_inc(net, TEACH_STAT_NEIGH_EVENTS_LOST);
	genl_set_err(teach_family, net, 0, TEACH_GENL_NEIGH_GROUP, err);
	return NOTIFY_DONE;
}

static struct notifier_block neigh_notifier = {
	.notifier_call	= neigh_event,
	/* Before rtnetlink: who saw its message finds that of why here already. */
	.priority	= 1,
};

/**
 * teach_genl_neigh_setup() - before the family is registered
 * @family: generic netlink family whose messages these are
 */
void __init teach_genl_neigh_setup(const struct genl_family *family)
{
	teach_family = family;
}

/**
 * teach_genl_neigh_init() - begin to tell, once the family is registered
 *
 * Return: 0 or a negative errno.
 */
int __init teach_genl_neigh_init(void)
{
	return teach_neigh_notifier_register(&neigh_notifier);
}

/**
 * teach_genl_neigh_exit() - tell no more
 */
void teach_genl_neigh_exit(void)
{
	teach_neigh_notifier_unregister(&neigh_notifier);
}
