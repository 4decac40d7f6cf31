/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_STATS_H
#define TEACH_LINK_STATS_H

#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/teach.h>
#include "link/netns.h"

/**
 * struct teach_stats - one CPU's counters of one network namespace, or of one link
 * @count: by enum teach_stat
 */
struct teach_stats {
	unsigned long count[TEACH_STAT_MAX + 1];
};

/**
 * struct teach_stats_net - the counters of one network namespace
 * @cpu: one set per CPU, summed up by the reader
 */
struct teach_stats_net {
	struct teach_stats __percpu *cpu;
};

extern unsigned int teach_stats_net_id;

/**
 * __teach_stats_add() - count something on the path of a packet
 * @net: network namespace it happened in
 * @stat: what
 * @n: how often, or how many bytes
 *
 * Context: rcu_read_lock(); takes no lock.
 */
static inline void __teach_stats_add(struct net *net, enum teach_stat stat,
				     unsigned long n)
{
	const struct teach_stats_net *sn = teach_net_rcu(net, teach_stats_net_id);

	this_cpu_add(sn->cpu->count[stat], n);
}

/**
 * __teach_stats_inc() - count one event on the path of a packet
 * @net: network namespace it happened in
 * @stat: what
 *
 * Context: rcu_read_lock(); takes no lock.
 */
static inline void __teach_stats_inc(struct net *net, enum teach_stat stat)
{
	__teach_stats_add(net, stat, 1);
}

/**
 * teach_stats_add() - count something
 * @net: network namespace it happened in
 * @stat: what
 * @n: how often, or how many bytes
 *
 * Any context; takes no lock.
 */
static inline void teach_stats_add(struct net *net, enum teach_stat stat,
				   unsigned long n)
{
	rcu_read_lock();
	__teach_stats_add(net, stat, n);
	rcu_read_unlock();
}

/**
 * teach_stats_inc() - count one event
 * @net: network namespace it happened in
 * @stat: what
 *
 * Any context; takes no lock.
 */
static inline void teach_stats_inc(struct net *net, enum teach_stat stat)
{
	teach_stats_add(net, stat, 1);
}

void teach_drop(struct net *net, struct sk_buff *skb, enum teach_stat stat,
		enum skb_drop_reason reason);
u64 teach_stats_sum(const struct teach_stats __percpu *cpu, enum teach_stat stat);
u64 teach_stats_read(struct net *net, enum teach_stat stat);

int teach_stats_init(void);
void teach_stats_exit(void);

#endif
