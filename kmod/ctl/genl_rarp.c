// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink, RARP: the server's table, asking now, and getting an address for a
 * device. ctl/genl.c has the family.
 */
#include <linux/etherdevice.h>
#include <net/genetlink.h>
#include "ctl/genl_link.h"
#include "ctl/genl_rarp.h"
#include "link/link.h"
#include "link/rarp_client.h"
#include "link/rarp_frame.h"
#include "link/rarp_table.h"

static const struct genl_family *rarp_family;

/* Of all commands here; what one does not know it does not look at. */
const struct nla_policy teach_genl_rarp_policy[TEACH_A_REPLACE + 1] = {
	[TEACH_A_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[TEACH_A_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[TEACH_A_LLADDR]	= NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[TEACH_A_ADDR]		= { .type = NLA_BE32 },
	[TEACH_A_PREFIXLEN]	= NLA_POLICY_MAX(NLA_U8, 32),
	[TEACH_A_REPLACE]	= { .type = NLA_FLAG },
};

/* ---- The server's table ---------------------------------------------------------------- */

VISIBLE_IF_KUNIT int teach_genl_rarp_fill(struct sk_buff *skb,
					  const struct teach_rarp_entry *e, u32 portid,
					  u32 seq, int flags)
{
	void *hdr = genlmsg_put(skb, portid, seq, rarp_family, flags, TEACH_CMD_RARP_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put(skb, TEACH_A_LLADDR, ETH_ALEN, e->mac) ||
	    nla_put_in_addr(skb, TEACH_A_ADDR, e->addr) ||
	    (e->ifindex && nla_put_u32(skb, TEACH_A_IFINDEX, e->ifindex))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* What names an entry: the MAC address, and the device's index or 0. Context: RTNL. */
static int rarp_key(struct genl_info *info, const u8 **mac, int *ifindex)
{
	struct teach_link *link;

	if (!info->attrs[TEACH_A_LLADDR]) {
		GENL_SET_ERR_MSG(info, "MAC address is missing: give that of the host");
		return -EINVAL;
	}
	*mac = nla_data(info->attrs[TEACH_A_LLADDR]);
	link = teach_genl_named_link(info);
	if (IS_ERR(link))
		return PTR_ERR(link);
	*ifindex = link ? link->ifindex : 0;
	return 0;
}

static int rarp_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct teach_rarp_entry *e;
	const u8 *mac;
	int ifindex, err;

	err = rarp_key(info, &mac, &ifindex);
	if (err)
		return err;
	e = teach_rarp_find(genl_info_net(info), mac, ifindex);
	if (!e) {
		GENL_SET_ERR_MSG(info, "RARP table has no such MAC address for that device");
		return -ENOENT;
	}
	return teach_genl_rarp_fill(skb, e, info->snd_portid, info->snd_seq, 0);
}

/**
 * teach_genl_rarp_get() - TEACH_CMD_RARP_GET of one entry
 * @req: request
 * @info: its attributes
 *
 * Process context. Return: 0 or a negative errno.
 */
int teach_genl_rarp_get(struct sk_buff *req, struct genl_info *info)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	int err;

	if (!skb)
		return -ENOMEM;
	rtnl_lock();
	err = rarp_get(skb, info);
	rtnl_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

/**
 * teach_genl_rarp_dump() - TEACH_CMD_RARP_GET of all entries
 * @skb: answer
 * @cb: where the dump is: args[0] the bucket, args[1] entries of it that are done
 *
 * Process context. Return: bytes in @skb, 0 at the end, or a negative errno.
 */
int teach_genl_rarp_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned long bucket = cb->args[0], skip = cb->args[1];
	const struct teach_rarp_entry *e;
	int err = 0;

	rcu_read_lock();
	while ((e = teach_rarp_next(sock_net(skb->sk), &bucket, &skip))) {
		err = teach_genl_rarp_fill(skb, e, NETLINK_CB(cb->skb).portid,
					   cb->nlh->nlmsg_seq, NLM_F_MULTI);
		if (err)
			break;
		cb->args[0] = bucket;
		cb->args[1] = skip;
	}
	rcu_read_unlock();
	return skb->len ?: err;
}

/**
 * teach_genl_rarp_add() - TEACH_CMD_RARP_ADD
 * @req: request
 * @info: its attributes
 *
 * Process context. Return: 0 or a negative errno.
 */
int teach_genl_rarp_add(struct sk_buff *req, struct genl_info *info)
{
	bool replace = info->attrs[TEACH_A_REPLACE];
	const u8 *mac;
	int ifindex, err;

	if (!info->attrs[TEACH_A_ADDR]) {
		GENL_SET_ERR_MSG(info, "Address is missing: give the one that the host gets");
		return -EINVAL;
	}
	rtnl_lock();
	err = rarp_key(info, &mac, &ifindex);
	if (!err)
		err = teach_rarp_add(genl_info_net(info), mac, ifindex,
				     nla_get_in_addr(info->attrs[TEACH_A_ADDR]), replace,
				     info->extack);
	rtnl_unlock();
	return err;
}

/**
 * teach_genl_rarp_del() - TEACH_CMD_RARP_DEL
 * @req: request
 * @info: its attributes
 *
 * Process context. Return: 0 or a negative errno.
 */
int teach_genl_rarp_del(struct sk_buff *req, struct genl_info *info)
{
	const u8 *mac;
	int ifindex, err;

	rtnl_lock();
	err = rarp_key(info, &mac, &ifindex);
	if (!err)
		err = teach_rarp_del(genl_info_net(info), mac, ifindex, info->extack);
	rtnl_unlock();
	return err;
}

/* ---- Asking -------------------------------------------------------------------------------- */

static int rarp_resolve(struct genl_info *info)
{
	struct teach_link *link = teach_genl_required_link(info);
	const u8 *mac;

	if (IS_ERR(link))
		return PTR_ERR(link);
	if (!(link->dev->flags & IFF_UP)) {
		GENL_SET_ERR_MSG(info, "Device is down");
		return -ENETDOWN;
	}
	if (link->dev->flags & IFF_NOARP) {
		GENL_SET_ERR_MSG(info, "Device is without ARP, and so without RARP");
		return -EOPNOTSUPP;
	}
	mac = link->dev->dev_addr;
	if (info->attrs[TEACH_A_LLADDR])
		mac = nla_data(info->attrs[TEACH_A_LLADDR]);
	if (!is_valid_ether_addr(mac)) {
		GENL_SET_ERR_MSG(info, "A host's MAC address is not zero and not a group's");
		return -EINVAL;
	}
	return teach_rarp_client_query(link, mac, info->snd_portid, info->snd_seq,
				       info->extack);
}

/**
 * teach_genl_rarp_resolve() - TEACH_CMD_RARP_RESOLVE
 * @req: request
 * @info: its attributes
 *
 * Process context. Return: 0 once the question is on its way, or a negative errno.
 */
int teach_genl_rarp_resolve(struct sk_buff *req, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = rarp_resolve(info);
	rtnl_unlock();
	return err;
}

/* The answer to a program. Softirq under rcu_read_lock(). Without memory it is lost, as the
 * frame might have been: who asks repeats the question.
 */
static void rarp_answer(const struct teach_rarp_answer *a)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	void *hdr;

	if (!skb)
		return;
	hdr = genlmsg_put(skb, a->portid, a->seq, rarp_family, 0, TEACH_CMD_RARP_RESOLVE);
	if (!hdr || nla_put_u32(skb, TEACH_A_IFINDEX, a->ifindex) ||
	    nla_put(skb, TEACH_A_LLADDR, ETH_ALEN, a->msg->target_mac) ||
	    nla_put_in_addr(skb, TEACH_A_ADDR, a->msg->target) ||
	    nla_put(skb, TEACH_A_SERVER_LLADDR, ETH_ALEN, a->msg->sender_mac) ||
	    nla_put_in_addr(skb, TEACH_A_SERVER_ADDR, a->msg->sender)) {
		WARN_ON_ONCE(1);
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_unicast(a->net, skb, a->portid);
}

/* ---- An address for a device ------------------------------------------------------------- */

/**
 * teach_genl_rarp_start() - TEACH_CMD_RARP_START
 * @req: request
 * @info: its attributes
 *
 * Process context. Return: 0 or a negative errno.
 */
int teach_genl_rarp_start(struct sk_buff *req, struct genl_info *info)
{
	u8 prefix_len = TEACH_RARP_PREFIX_LEN;
	struct teach_link *link;
	int err;

	if (info->attrs[TEACH_A_PREFIXLEN])
		prefix_len = nla_get_u8(info->attrs[TEACH_A_PREFIXLEN]);
	rtnl_lock();
	link = teach_genl_required_link(info);
	if (IS_ERR(link))
		err = PTR_ERR(link);
	else
		err = teach_rarp_client_start(link, prefix_len, info->extack);
	rtnl_unlock();
	return err;
}

/**
 * teach_genl_rarp_stop() - TEACH_CMD_RARP_STOP
 * @req: request
 * @info: its attributes
 *
 * Process context. Return: 0 or a negative errno.
 */
int teach_genl_rarp_stop(struct sk_buff *req, struct genl_info *info)
{
	struct teach_link *link;
	int err;

	rtnl_lock();
	link = teach_genl_required_link(info);
	if (IS_ERR(link))
		err = PTR_ERR(link);
	else
		err = teach_rarp_client_stop(link, info->extack);
	rtnl_unlock();
	return err;
}

/**
 * teach_genl_rarp_init() - before the family is registered, and before the first link
 * @family: the family
 */
void teach_genl_rarp_init(const struct genl_family *family)
{
	rarp_family = family;
	teach_rarp_client_set_answer(rarp_answer);
}
