// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl: net.teach.* of each network namespace, but for what is in the folders neigh
 * and conf, which ctl/sysctl_parms.c has. Names, units and ranges are those of net.ipv4
 * where that has the like.
 */
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "ctl/sysctl.h"
#include "net/control.h"
#include "sock/netns.h"
#include "sock/port.h"

/**
 * struct teach_sysctl_net - tables of one network namespace
 * @base: net.teach
 * @base_table: copy that points into this namespace
 */
struct teach_sysctl_net {
	struct ctl_table_header	*base;
	struct ctl_table	*base_table;
};

static unsigned int teach_sysctl_net_id __read_mostly;

static int max_hop_limit = 255;
static int max_port = U16_MAX;
static int max_rate = 1000000;

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

static int __net_init teach_sysctl_net_init(struct net *net)
{
	struct teach_sysctl_net *sn = net_generic(net, teach_sysctl_net_id);

	sn->base_table = kmemdup(base_template, sizeof(base_template), GFP_KERNEL);
	if (!sn->base_table)
		return -ENOMEM;
	base_point(net, sn->base_table);

	sn->base = register_net_sysctl_sz(net, "net/teach", sn->base_table,
					  ARRAY_SIZE(base_template) - 1);
	if (!sn->base) {
		kfree(sn->base_table);
		return -ENOMEM;
	}
	return 0;
}

static void __net_exit teach_sysctl_net_exit(struct net *net)
{
	struct teach_sysctl_net *sn = net_generic(net, teach_sysctl_net_id);

	unregister_net_sysctl_table(sn->base);
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
