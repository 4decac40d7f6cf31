// SPDX-License-Identifier: GPL-2.0
/*
 * Links: the state that TEACH keeps for each Ethernet device.
 *
 * A link is found by the index of its device, under RCU on the packet path and
 * under RTNL by management. link/device.c makes and ends links as devices
 * come and go; struct teach_link says what keeps one alive.
 */
#include <linux/slab.h>
#include "link/link.h"

unsigned int teach_link_net_id __read_mostly;
const struct teach_link_upper *teach_link_upper __read_mostly;

/**
 * teach_link_changed() - make everyone look up again
 * @net: network namespace in which an address, a route, a device or an entry
 *	of the neighbour cache went or changed, after it did
 *
 * Any context. The increment is atomic and a full barrier: a reader that sees
 * the new generation sees the change, and each change makes a number of its own.
 */
void teach_link_changed(struct net *net)
{
	atomic_inc_return(&teach_link_net(net)->generation);
}

/**
 * teach_link_set_default() - change what links start with
 * @net: network namespace
 * @parm: TEACH_PARM_A_*, one that can be set
 * @value: value, a time in jiffies; within its bounds
 *
 * Links without an address, whose own value nobody has set, take it over, as with IPv4.
 * Process context,
 * RTNL not needed.
 */
void teach_link_set_default(struct net *net, unsigned int parm, int value)
{
	struct teach_link_net *ln = teach_link_net(net);
	struct teach_link *link;
	unsigned long index;

	teach_parms_put(&ln->defaults, parm, value);
	rcu_read_lock();
	xa_for_each(&ln->links, index, link) {
		if (!test_bit(parm, link->parms.was_set))
			teach_parms_put(&link->parms, parm, value);
	}
	rcu_read_unlock();
}

/**
 * teach_link_get_rcu() - link of a device
 * @net: network namespace
 * @ifindex: index of the device
 *
 * Context: rcu_read_lock(). Return: the link, valid until rcu_read_unlock(), or
 * NULL where the device is none that carries TEACH.
 */
struct teach_link *teach_link_get_rcu(const struct net *net, int ifindex)
{
	return xa_load(&teach_link_net(net)->links, ifindex);
}

/**
 * teach_link_get_rtnl() - link of a device
 * @net: network namespace
 * @ifindex: index of the device
 *
 * Context: RTNL. Return: the link, valid as long as RTNL is held, or NULL.
 */
struct teach_link *teach_link_get_rtnl(const struct net *net, int ifindex)
{
	ASSERT_RTNL();
	return xa_load(&teach_link_net(net)->links, ifindex);
}

/**
 * teach_link_create() - begin with a device
 * @dev: Ethernet device that has no link yet
 *
 * The link can be found on return; it receives nothing yet. Process context
 * under RTNL. Return: the link, or an ERR_PTR.
 */
struct teach_link *teach_link_create(struct net_device *dev)
{
	struct teach_link_net *ln = teach_link_net(dev_net(dev));
	struct teach_link *link;
	int err;

	ASSERT_RTNL();
	link = kzalloc(sizeof(*link), GFP_KERNEL);
	if (!link)
		return ERR_PTR(-ENOMEM);

	link->stats = alloc_percpu(struct teach_stats);
	if (!link->stats) {
		kfree(link);
		return ERR_PTR(-ENOMEM);
	}

	link->dev = dev;
	link->net = dev_net(dev);
	link->ifindex = dev->ifindex;
	refcount_set(&link->ref, 1);
	INIT_LIST_HEAD(&link->addrs);
	spin_lock_init(&link->acd_lock);
	spin_lock_init(&link->rarp_lock);
	link->parms = ln->defaults;
	teach_parms_roll(&link->parms, jiffies);

	err = xa_err(xa_store(&ln->links, link->ifindex, link, GFP_KERNEL));
	if (err) {
		free_percpu(link->stats);
		kfree(link);
		return ERR_PTR(err);
	}
	netdev_hold(dev, &link->dev_tracker, GFP_KERNEL);
	return link;
}

/**
 * teach_link_destroy() - end with a device
 * @link: link without addresses, marked dead, that receives nothing any more
 *
 * Drops the reference to the device and the caller's to the link. Process
 * context under RTNL.
 */
void teach_link_destroy(struct teach_link *link)
{
	ASSERT_RTNL();
	WARN_ON_ONCE(!link->dead || !list_empty(&link->addrs));

	xa_erase(&teach_link_net(link->net)->links, link->ifindex);
	teach_link_changed(link->net);
	netdev_put(link->dev, &link->dev_tracker);
	teach_link_put(link);
}

static void link_free(struct rcu_head *rcu)
{
	struct teach_link *link = container_of(rcu, struct teach_link, rcu);

	free_percpu(link->stats);
	kfree(link);
}

/**
 * teach_link_put() - drop a reference
 * @link: link
 *
 * Any context. RCU readers may go on with the link until their section ends.
 */
void teach_link_put(struct teach_link *link)
{
	if (refcount_dec_and_test(&link->ref))
		call_rcu(&link->rcu, link_free);
}

static int __net_init teach_link_net_init(struct net *net)
{
	struct teach_link_net *ln = teach_link_net(net);

	xa_init(&ln->links);
	teach_parms_set_defaults(&ln->defaults);
	teach_parms_set_defaults(&ln->all);
	return 0;
}

static void __net_exit teach_link_net_exit(struct net *net)
{
	struct teach_link_net *ln = teach_link_net(net);

	/* The namespace's devices, and so its links, went before. */
	WARN_ON_ONCE(!xa_empty(&ln->links));
	xa_destroy(&ln->links);
}

static struct pernet_operations teach_link_net_ops = {
	.init	= teach_link_net_init,
	.exit	= teach_link_net_exit,
	.id	= &teach_link_net_id,
	.size	= sizeof(struct teach_link_net),
};

/**
 * teach_link_init() - before anything that uses links
 * @upper: what the layer above takes; stays valid until teach_link_exit()
 *
 * Return: 0 or a negative errno.
 */
int __init teach_link_init(const struct teach_link_upper *upper)
{
	teach_link_upper = upper;
	return register_pernet_subsys(&teach_link_net_ops);
}

/**
 * teach_link_exit() - after the last link is gone
 */
void teach_link_exit(void)
{
	unregister_pernet_subsys(&teach_link_net_ops);
}
