// SPDX-License-Identifier: GPL-2.0
/*
 * A dump of the neighbour cache: the walk over the table goes on from one part of the dump to
 * the next. rtnetlink and generic netlink differ only in the messages.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include "ctl/neigh_walk.h"
#include "link/addr.h"
#include "link/neigh_table.h"

static bool passes(const struct teach_neigh *n, const struct teach_neigh_filter *f)
{
	if (f->ifindex && n->key.link->ifindex != f->ifindex)
		return false;
	if ((n->key.addr ^ f->prefix) & teach_prefix_mask(f->prefix_len))
		return false;
	return !f->states || f->states & teach_nud_bit(READ_ONCE(n->nud.state));
}

/**
 * teach_neigh_walk_done() - the dump is over
 * @cb: its callback
 *
 * Process context. Return: 0.
 */
int teach_neigh_walk_done(struct netlink_callback *cb)
{
	struct rhashtable_iter *iter = (struct rhashtable_iter *)cb->args[0];

	if (iter) {
		rhashtable_walk_exit(iter);
		kfree(iter);
		cb->args[0] = 0;
	}
	return 0;
}

static struct rhashtable_iter *walk_iter(struct net *net, struct netlink_callback *cb)
{
	struct rhashtable_iter *iter = (struct rhashtable_iter *)cb->args[0];

	if (iter)
		return iter;
	iter = kmalloc(sizeof(*iter), GFP_KERNEL);
	if (!iter)
		return NULL;
	rhashtable_walk_enter(&teach_neigh_net(net)->table, iter);
	cb->args[0] = (long)iter;
	return iter;
}

/* What the parts of a dump must have in common: else messages have NLM_F_DUMP_INTR (see
 * nl_dump_check_consistent()), and whoever asked may ask again. Not 0, which is none.
 */
static u32 walk_seq(struct net *net)
{
	return (u32)atomic_read(&teach_neigh_net(net)->changes) | BIT(31);
}

/* The table was resized: entries may be missing or come twice. */
static void tell_interrupted(struct netlink_callback *cb)
{
	cb->prev_seq = cb->seq - 1;
}

/**
 * teach_neigh_walk() - one part of a dump
 * @skb: where to
 * @cb: the dump's; args[0] is the walk's, and teach_neigh_walk_done() is to be its end
 * @filter: which entries
 * @fill: adds one to @skb, in an rcu_read_lock() section; an error ends this part
 *
 * Process context. Return: as a dump function does.
 */
int teach_neigh_walk(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct teach_neigh_filter *filter,
		     int (*fill)(struct sk_buff *skb, struct netlink_callback *cb,
				 struct teach_neigh *n))
{
	struct rhashtable_iter *iter = walk_iter(sock_net(skb->sk), cb);
	struct teach_neigh *n;
	int err = 0;

	if (!iter)
		return -ENOMEM;
	cb->seq = walk_seq(sock_net(skb->sk));
	if (rhashtable_walk_start_check(iter))
		tell_interrupted(cb);
	/* Begin with the one that did not fit last time. */
	for (n = rhashtable_walk_peek(iter); n; n = rhashtable_walk_next(iter)) {
		if (IS_ERR(n)) {
			tell_interrupted(cb);
			continue;
		}
		if (!passes(n, filter))
			continue;
		err = fill(skb, cb, n);
		if (err)
			break;
		nl_dump_check_consistent(cb, nlmsg_hdr(skb));
	}
	rhashtable_walk_stop(iter);
	return skb->len ?: err;
}
