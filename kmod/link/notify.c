// SPDX-License-Identifier: GPL-2.0
/*
 * How link/ tells upper layers that something changed, without knowing them.
 *
 * Links and addresses change under RTNL, so their chain needs no lock of its
 * own: whoever registers or calls holds RTNL. Neighbours change in timers and
 * softirqs, so theirs is atomic, and is called without any neighbour's lock.
 */
#include <linux/rtnetlink.h>
#include "link/notify.h"

static RAW_NOTIFIER_HEAD(link_chain);
static ATOMIC_NOTIFIER_HEAD(neigh_chain);

/**
 * teach_link_notifier_register() - be told of links and local addresses
 * @nb: called under RTNL with an enum teach_link_event
 *
 * Process context, takes RTNL. Return: 0.
 */
int teach_link_notifier_register(struct notifier_block *nb)
{
	int err;

	rtnl_lock();
	err = raw_notifier_chain_register(&link_chain, nb);
	rtnl_unlock();
	return err;
}

/**
 * teach_link_notifier_unregister() - be told no more
 * @nb: as registered; not called any more on return
 *
 * Process context, takes RTNL.
 */
void teach_link_notifier_unregister(struct notifier_block *nb)
{
	rtnl_lock();
	raw_notifier_chain_unregister(&link_chain, nb);
	rtnl_unlock();
}

/**
 * teach_link_notify() - tell all who registered
 * @event: what happened
 * @data: to what; see enum teach_link_event
 *
 * Process context under RTNL. Return: 0, or the negative errno of the one who
 * refused.
 */
int teach_link_notify(enum teach_link_event event, void *data)
{
	ASSERT_RTNL();
	return notifier_to_errno(raw_notifier_call_chain(&link_chain, event, data));
}

/**
 * teach_neigh_notifier_register() - be told of neighbours
 * @nb: called in any context, with an enum teach_neigh_event
 *
 * Process context. Return: 0.
 */
int teach_neigh_notifier_register(struct notifier_block *nb)
{
	return atomic_notifier_chain_register(&neigh_chain, nb);
}

/**
 * teach_neigh_notifier_unregister() - be told no more
 * @nb: as registered; not called any more on return
 *
 * Process context, waits for a grace period.
 */
void teach_neigh_notifier_unregister(struct notifier_block *nb)
{
	atomic_notifier_chain_unregister(&neigh_chain, nb);
}

/**
 * teach_neigh_notify() - tell all who registered
 * @event: what happened
 * @data: struct teach_neigh_change; its entry is referenced by the caller and not locked
 *
 * Any context.
 */
void teach_neigh_notify(enum teach_neigh_event event, void *data)
{
	atomic_notifier_call_chain(&neigh_chain, event, data);
}
