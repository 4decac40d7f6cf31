// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl: net.teach.* of each network namespace. Names, units and ranges are those
 * of net.ipv4 where that has the like.
 */
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "ctl/sysctl.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "net/control.h"
#include "sock/netns.h"
#include "sock/port.h"

/**
 * struct teach_sysctl_net - tables of one network namespace
 * @base: net.teach
 * @neigh: net.teach.neigh.default
 * @base_table: copy that points into this namespace
 * @neigh_table: likewise
 */
struct teach_sysctl_net {
	struct ctl_table_header	*base;
	struct ctl_table_header	*neigh;
	struct ctl_table	*base_table;
	struct ctl_table	*neigh_table;
};

static unsigned int teach_sysctl_net_id __read_mostly;

static int max_hop_limit = 255;
static int max_port = U16_MAX;
static int max_rate = 1000000;
static int max_probes = 100;

/* Both ends are written at once: a range must not be empty in between. */
static int port_range(teach_ctl_table *table, int write, void *buffer, size_t *len,
		      loff_t *pos)
{
	struct teach_port_net *pn = table->data;
	int range[2] = { pn->range_low, pn->range_high };
	struct ctl_table copy = {
		.data		= range,
		.maxlen		= sizeof(range),
		.mode		= table->mode,
		.extra1		= SYSCTL_ONE,
		.extra2		= &max_port,
	};
	int err = proc_dointvec_minmax(&copy, write, buffer, len, pos);

	if (err || !write)
		return err;
	if (range[0] > range[1])
		return -EINVAL;
	WRITE_ONCE(pn->range_low, range[0]);
	WRITE_ONCE(pn->range_high, range[1]);
	return 0;
}

/* Times are jiffies in memory; more than a day is a mistake. */
static int time_entry(teach_ctl_table *table, int write, void *buffer, size_t *len,
		      loff_t *pos, proc_handler *convert)
{
	int *data = table->data, val = READ_ONCE(*data);
	struct ctl_table copy = {
		.data		= &val,
		.maxlen		= sizeof(val),
		.mode		= table->mode,
	};
	int err = convert(&copy, write, buffer, len, pos);

	if (err || !write)
		return err;
	if (val < 0 || val > 86400 * HZ)
		return -EINVAL;
	WRITE_ONCE(*data, val);
	return 0;
}

static int time_ms(teach_ctl_table *table, int write, void *buffer, size_t *len,
		   loff_t *pos)
{
	return time_entry(table, write, buffer, len, pos, proc_dointvec_ms_jiffies);
}

static int time_s(teach_ctl_table *table, int write, void *buffer, size_t *len,
		  loff_t *pos)
{
	return time_entry(table, write, buffer, len, pos, proc_dointvec_jiffies);
}

#define INT_ENTRY(_name, _handler, _min, _max) {	\
	.procname	= _name,			\
	.maxlen		= sizeof(int),			\
	.mode		= 0644,				\
	.proc_handler	= _handler,			\
	.extra1		= _min,				\
	.extra2		= _max,				\
}

/* In the order in which base_point() sets the data. */
static const struct ctl_table base_template[] = {
	INT_ENTRY("default_hop_limit", proc_dointvec_minmax, SYSCTL_ONE, &max_hop_limit),
	INT_ENTRY("local_port_range", port_range, NULL, NULL),
	INT_ENTRY("control_msgs_per_sec", proc_dointvec_minmax, SYSCTL_ZERO, &max_rate),
	INT_ENTRY("control_msgs_burst", proc_dointvec_minmax, SYSCTL_ZERO, &max_rate),
	{}
};

static void base_point(struct net *net, struct ctl_table *table)
{
	struct teach_control_net *cn = teach_control_net(net);

	table[0].data = &teach_sock_net(net)->hop_limit;
	table[1].data = teach_port_net(net);
	table[2].data = &cn->rate;
	table[3].data = &cn->burst;
}

/* In the order in which neigh_point() sets the data. What a new link begins with;
 * the parameters of one link are set by netlink (`teach link set`).
 */
static const struct ctl_table neigh_template[] = {
	INT_ENTRY("base_reachable_time_ms", time_ms, NULL, NULL),
	INT_ENTRY("retrans_time_ms", time_ms, NULL, NULL),
	INT_ENTRY("delay_first_probe_time", time_s, NULL, NULL),
	INT_ENTRY("gc_stale_time", time_s, NULL, NULL),
	INT_ENTRY("locktime_ms", time_ms, NULL, NULL),
	INT_ENTRY("ucast_solicit", proc_dointvec_minmax, SYSCTL_ZERO, &max_probes),
	INT_ENTRY("mcast_solicit", proc_dointvec_minmax, SYSCTL_ZERO, &max_probes),
	INT_ENTRY("unres_qlen_bytes", proc_dointvec_minmax, SYSCTL_ZERO, SYSCTL_INT_MAX),
	INT_ENTRY("gc_thresh1", proc_dointvec_minmax, SYSCTL_ZERO, SYSCTL_INT_MAX),
	INT_ENTRY("gc_thresh2", proc_dointvec_minmax, SYSCTL_ZERO, SYSCTL_INT_MAX),
	INT_ENTRY("gc_thresh3", proc_dointvec_minmax, SYSCTL_ZERO, SYSCTL_INT_MAX),
	{}
};

static void neigh_point(struct net *net, struct ctl_table *table)
{
	struct teach_parms *p = &teach_link_net(net)->defaults;
	struct teach_neigh_net *nn = teach_neigh_net(net);
	int i;

	table[0].data = &p->base_reachable_time;
	table[1].data = &p->retrans_time;
	table[2].data = &p->delay_probe_time;
	table[3].data = &p->gc_staletime;
	table[4].data = &p->locktime;
	table[5].data = &p->ucast_probes;
	table[6].data = &p->mcast_probes;
	table[7].data = &p->queue_bytes;
	table[8].data = &nn->gc_thresh1;
	table[9].data = &nn->gc_thresh2;
	table[10].data = &nn->gc_thresh3;
	/* How much of the machine's memory entries take is not for a container to say. */
	if (net->user_ns != &init_user_ns) {
		for (i = 8; i <= 10; i++)
			table[i].mode = 0444;
	}
}

static int __net_init teach_sysctl_net_init(struct net *net)
{
	struct teach_sysctl_net *sn = net_generic(net, teach_sysctl_net_id);

	sn->base_table = kmemdup(base_template, sizeof(base_template), GFP_KERNEL);
	if (!sn->base_table)
		return -ENOMEM;
	sn->neigh_table = kmemdup(neigh_template, sizeof(neigh_template), GFP_KERNEL);
	if (!sn->neigh_table)
		goto err_base_table;
	base_point(net, sn->base_table);
	neigh_point(net, sn->neigh_table);

	sn->base = register_net_sysctl_sz(net, "net/teach", sn->base_table,
					  ARRAY_SIZE(base_template) - 1);
	if (!sn->base)
		goto err_neigh_table;
	sn->neigh = register_net_sysctl_sz(net, "net/teach/neigh/default",
					   sn->neigh_table,
					   ARRAY_SIZE(neigh_template) - 1);
	if (!sn->neigh)
		goto err_base;
	return 0;

err_base:
	unregister_net_sysctl_table(sn->base);
err_neigh_table:
	kfree(sn->neigh_table);
err_base_table:
	kfree(sn->base_table);
	return -ENOMEM;
}

static void __net_exit teach_sysctl_net_exit(struct net *net)
{
	struct teach_sysctl_net *sn = net_generic(net, teach_sysctl_net_id);

	unregister_net_sysctl_table(sn->neigh);
	unregister_net_sysctl_table(sn->base);
	kfree(sn->neigh_table);
	kfree(sn->base_table);
}

static struct pernet_operations teach_sysctl_net_ops = {
	.init	= teach_sysctl_net_init,
	.exit	= teach_sysctl_net_exit,
	.id	= &teach_sysctl_net_id,
	.size	= sizeof(struct teach_sysctl_net),
};

int __init teach_sysctl_init(void)
{
	return register_pernet_subsys(&teach_sysctl_net_ops);
}

void teach_sysctl_exit(void)
{
	unregister_pernet_subsys(&teach_sysctl_net_ops);
}
