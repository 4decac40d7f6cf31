// SPDX-License-Identifier: GPL-2.0
/*
 * Counters, one set per network namespace and CPU; links have a set of their own too.
 *
 * Every layer counts here: this is the lowest file of the module and includes
 * none of the others. The counters live as long as their namespace.
 */
#include "link/stats.h"

unsigned int teach_stats_net_id __read_mostly;

/**
 * teach_drop() - count a packet that ends here, and free it
 * @net: network namespace it happened in
 * @skb: the packet; consumed
 * @stat: why, for users
 * @reason: why, for those who trace kfree_skb
 *
 * Any context.
 */
void teach_drop(struct net *net, struct sk_buff *skb, enum teach_stat stat,
		enum skb_drop_reason reason)
{
	teach_stats_inc(net, stat);
	kfree_skb_reason(skb, reason);
}

/**
 * teach_stats_sum() - value of a counter, over all CPUs
 * @cpu: the counters
 * @stat: which
 *
 * Any context. Return: the sum; CPUs go on counting meanwhile.
 */
u64 teach_stats_sum(const struct teach_stats __percpu *cpu, enum teach_stat stat)
{
	u64 sum = 0;
	int i;

	for_each_possible_cpu(i)
		sum += READ_ONCE(per_cpu_ptr(cpu, i)->count[stat]);
	return sum;
}

/**
 * teach_stats_read() - value of a counter of a network namespace
 * @net: network namespace
 * @stat: which
 *
 * Any context. Return: as teach_stats_sum().
 */
u64 teach_stats_read(struct net *net, enum teach_stat stat)
{
	const struct teach_stats_net *sn = net_generic(net, teach_stats_net_id);

	return teach_stats_sum(sn->cpu, stat);
}

static int __net_init teach_stats_net_init(struct net *net)
{
	struct teach_stats_net *sn = net_generic(net, teach_stats_net_id);

	sn->cpu = alloc_percpu(struct teach_stats);
	return sn->cpu ? 0 : -ENOMEM;
}

static void __net_exit teach_stats_net_exit(struct net *net)
{
	struct teach_stats_net *sn = net_generic(net, teach_stats_net_id);

	free_percpu(sn->cpu);
}

static struct pernet_operations teach_stats_net_ops = {
	.init	= teach_stats_net_init,
	.exit	= teach_stats_net_exit,
	.id	= &teach_stats_net_id,
	.size	= sizeof(struct teach_stats_net),
};

int __init teach_stats_init(void)
{
	return register_pernet_subsys(&teach_stats_net_ops);
}

void teach_stats_exit(void)
{
	unregister_pernet_subsys(&teach_stats_net_ops);
}
