// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl: the parameters of links.
 *
 *	net.teach.neigh.DEV.*, net.teach.conf.DEV.*		of one link
 *	net.teach.neigh.default.*, net.teach.conf.default.*	what links start with
 *	net.teach.conf.all.*					for all links at once
 *
 * Names and units are those of net.ipv4.neigh and net.ipv4.conf, and so is who may
 * write: CAP_NET_ADMIN in the user namespace of the network namespace, which the
 * kernel's net sysctls check by themselves.
 *
 * The tables of a link come and go with it, and are made anew when its device gets
 * another name. Unregistering waits for readers and writers, so that these may use
 * what their table points to.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "ctl/sysctl_parms.h"
#include "link/addr.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "link/notify.h"

/**
 * struct parm_folder - one registered folder
 * @header: what the kernel knows it by
 * @table: its entries
 */
struct parm_folder {
	struct ctl_table_header	*header;
	struct ctl_table	table[];
};

/**
 * struct teach_sysctl_link - the folders of one link
 * @neigh: net.teach.neigh.DEV
 * @conf: net.teach.conf.DEV
 */
struct teach_sysctl_link {
	struct parm_folder	*neigh;
	struct parm_folder	*conf;
};

/**
 * struct teach_sysctl_parms_net - folders of one network namespace
 * @neigh_default: net.teach.neigh.default
 * @conf_default: net.teach.conf.default
 * @conf_all: net.teach.conf.all
 */
struct teach_sysctl_parms_net {
	struct parm_folder	*neigh_default;
	struct parm_folder	*conf_default;
	struct parm_folder	*conf_all;
};

static unsigned int teach_sysctl_parms_net_id __read_mostly;

/* ---- Reading and writing ---------------------------------------------------------------- */

/* In an entry, data is a struct teach_parms, extra1 the parameter's number, and extra2
 * the network namespace whose default it is, if it is one.
 */
static int parm_entry(teach_ctl_table *entry, int write, void *buffer, size_t *len,
		      loff_t *pos, proc_handler *convert, int scale)
{
	unsigned int parm = (unsigned long)entry->extra1;
	struct net *default_of = entry->extra2;
	int val = teach_parms_get(entry->data, parm) / scale;
	struct ctl_table copy = {
		.data		= &val,
		.maxlen		= sizeof(val),
		.mode		= entry->mode,
	};
	int err = convert(&copy, write, buffer, len, pos);

	if (err || !write)
		return err;
	if (val < teach_parm_info(parm)->min || val > teach_parm_info(parm)->max / scale)
		return -EINVAL;
	val *= scale;
	if (default_of)
		teach_link_set_default(default_of, parm, val);
	else
		teach_parms_set(entry->data, parm, val);
	return 0;
}

static int parm_number(teach_ctl_table *entry, int write, void *buffer, size_t *len,
		       loff_t *pos)
{
	return parm_entry(entry, write, buffer, len, pos, proc_dointvec, 1);
}

static int parm_ms(teach_ctl_table *entry, int write, void *buffer, size_t *len,
		   loff_t *pos)
{
	return parm_entry(entry, write, buffer, len, pos, proc_dointvec_ms_jiffies, 1);
}

static int parm_seconds(teach_ctl_table *entry, int write, void *buffer, size_t *len,
			loff_t *pos)
{
	return parm_entry(entry, write, buffer, len, pos, proc_dointvec_jiffies, 1);
}

static int parm_ticks(teach_ctl_table *entry, int write, void *buffer, size_t *len,
		      loff_t *pos)
{
	return parm_entry(entry, write, buffer, len, pos, proc_dointvec_userhz_jiffies, 1);
}

static int parm_packets(teach_ctl_table *entry, int write, void *buffer, size_t *len,
			loff_t *pos)
{
	return parm_entry(entry, write, buffer, len, pos, proc_dointvec,
			  SKB_TRUESIZE(ETH_FRAME_LEN));
}

/* ---- What is in a folder ---------------------------------------------------------------- */

/**
 * struct parm_file - a file of a folder
 * @name: its name
 * @parm: TEACH_PARM_A_*
 * @handler: reads and writes it, in its unit
 */
struct parm_file {
	const char	*name;
	unsigned int	parm;
	proc_handler	*handler;
};

static const struct parm_file neigh_files[] = {
	{ "base_reachable_time", TEACH_PARM_A_BASE_REACHABLE_MS, parm_seconds },
	{ "base_reachable_time_ms", TEACH_PARM_A_BASE_REACHABLE_MS, parm_ms },
	{ "retrans_time", TEACH_PARM_A_RETRANS_MS, parm_ticks },
	{ "retrans_time_ms", TEACH_PARM_A_RETRANS_MS, parm_ms },
	{ "delay_first_probe_time", TEACH_PARM_A_DELAY_PROBE_MS, parm_seconds },
	{ "interval_probe_time_ms", TEACH_PARM_A_INTERVAL_PROBE_MS, parm_ms },
	{ "gc_stale_time", TEACH_PARM_A_GC_STALE_MS, parm_seconds },
	{ "locktime", TEACH_PARM_A_LOCKTIME_MS, parm_ticks },
	{ "ucast_solicit", TEACH_PARM_A_UCAST_PROBES, parm_number },
	{ "mcast_solicit", TEACH_PARM_A_MCAST_PROBES, parm_number },
	{ "mcast_resolicit", TEACH_PARM_A_MCAST_REPROBES, parm_number },
	{ "proxy_delay", TEACH_PARM_A_PROXY_DELAY_MS, parm_ticks },
	{ "proxy_qlen", TEACH_PARM_A_PROXY_QLEN, parm_number },
	{ "solicits_per_sec", TEACH_PARM_A_SOLICITS_PER_SEC, parm_number },
	{ "solicits_burst", TEACH_PARM_A_SOLICITS_BURST, parm_number },
	{ "unres_qlen", TEACH_PARM_A_QUEUE_BYTES, parm_packets },
	{ "unres_qlen_bytes", TEACH_PARM_A_QUEUE_BYTES, parm_number },
	{ "acd_probe_wait_ms", TEACH_PARM_A_ACD_PROBE_WAIT_MS, parm_ms },
	{ "acd_probes", TEACH_PARM_A_ACD_PROBES, parm_number },
	{ "acd_probe_min_ms", TEACH_PARM_A_ACD_PROBE_MIN_MS, parm_ms },
	{ "acd_probe_max_ms", TEACH_PARM_A_ACD_PROBE_MAX_MS, parm_ms },
	{ "acd_announce_wait_ms", TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS, parm_ms },
	{ "acd_announcements", TEACH_PARM_A_ACD_ANNOUNCEMENTS, parm_number },
	{ "acd_announce_interval_ms", TEACH_PARM_A_ACD_ANNOUNCE_INTERVAL_MS, parm_ms },
	{ "acd_defend", TEACH_PARM_A_ACD_DEFEND, parm_number },
	{ "acd_defend_interval_ms", TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS, parm_ms },
	{ "rarp_retrans_ms", TEACH_PARM_A_RARP_RETRANS_MS, parm_ms },
	{ "rarp_retrans_max_ms", TEACH_PARM_A_RARP_RETRANS_MAX_MS, parm_ms },
	{ "rarp_lifetime_ms", TEACH_PARM_A_RARP_LIFETIME_MS, parm_ms },
	{ "resolver", TEACH_PARM_A_RESOLVER, parm_number },
	{ "dad_transmits", TEACH_PARM_A_DAD_TRANSMITS, parm_number },
	{ "max_neighs", TEACH_PARM_A_MAX_NEIGHS, parm_number },
};

static const struct parm_file conf_files[] = {
	{ "arp_ignore", TEACH_PARM_A_ARP_IGNORE, parm_number },
	{ "arp_announce", TEACH_PARM_A_ARP_ANNOUNCE, parm_number },
	{ "arp_accept", TEACH_PARM_A_ARP_ACCEPT, parm_number },
	{ "arp_notify", TEACH_PARM_A_ARP_NOTIFY, parm_number },
	{ "drop_gratuitous_arp", TEACH_PARM_A_DROP_GRATUITOUS_ARP, parm_number },
	{ "proxy_arp", TEACH_PARM_A_PROXY_ARP, parm_number },
	{ "accept_dad", TEACH_PARM_A_ACCEPT_DAD, parm_number },
	{ "rarp_serve", TEACH_PARM_A_RARP_SERVE, parm_number },
};

/* Of a namespace, not of a link, but in neigh.default as IPv4 has them. */
static const char *const gc_files[] = { "gc_thresh1", "gc_thresh2", "gc_thresh3" };

/* How much of the machine's memory entries take is not for a container to say. */
static void gc_fill(struct net *net, struct ctl_table *entry)
{
	struct teach_neigh_net *nn = teach_neigh_net(net);
	int *const values[] = { &nn->gc_thresh1, &nn->gc_thresh2, &nn->gc_thresh3 };
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(values) != ARRAY_SIZE(gc_files));
	for (i = 0; i < ARRAY_SIZE(gc_files); i++) {
		entry[i] = (struct ctl_table) {
			.procname	= gc_files[i],
			.data		= values[i],
			.maxlen		= sizeof(int),
			.mode		= net->user_ns == &init_user_ns ? 0644 : 0444,
			.proc_handler	= proc_dointvec_minmax,
			.extra1		= SYSCTL_ZERO,
			.extra2		= SYSCTL_INT_MAX,
		};
	}
}

/* One more entry than is used: before 6.6 an empty one ended a table. */
static struct parm_folder *folder_alloc(const struct parm_file *files, unsigned int n,
					unsigned int more, struct teach_parms *p,
					struct net *default_of)
{
	struct parm_folder *folder;
	unsigned int i;

	folder = kzalloc(struct_size(folder, table, n + more + 1), GFP_KERNEL_ACCOUNT);
	if (!folder)
		return NULL;
	for (i = 0; i < n; i++) {
		folder->table[i] = (struct ctl_table) {
			.procname	= files[i].name,
			.data		= p,
			.maxlen		= sizeof(int),
			.mode		= 0644,
			.proc_handler	= files[i].handler,
			.extra1		= (void *)(unsigned long)files[i].parm,
			.extra2		= default_of,
		};
	}
	return folder;
}

/* Return: the folder, or NULL, also where @folder is that. */
static struct parm_folder *folder_add(struct net *net, struct parm_folder *folder,
				      unsigned int n, const char *kind, const char *name)
{
	char path[sizeof("net/teach/neigh/") + IFNAMSIZ];

	if (!folder)
		return NULL;
	snprintf(path, sizeof(path), "net/teach/%s/%s", kind, name);
	folder->header = register_net_sysctl_sz(net, path, folder->table, n);
	if (!folder->header) {
		kfree(folder);
		return NULL;
	}
	return folder;
}

static void folder_del(struct parm_folder *folder)
{
	if (!folder)
		return;
	unregister_net_sysctl_table(folder->header);
	kfree(folder);
}

static struct parm_folder *neigh_add(struct net *net, const char *name,
				     struct teach_parms *p)
{
	const unsigned int n = ARRAY_SIZE(neigh_files);

	return folder_add(net, folder_alloc(neigh_files, n, 0, p, NULL), n, "neigh", name);
}

static struct parm_folder *neigh_add_default(struct net *net)
{
	const unsigned int n = ARRAY_SIZE(neigh_files), more = ARRAY_SIZE(gc_files);
	struct parm_folder *folder;

	folder = folder_alloc(neigh_files, n, more, &teach_link_net(net)->defaults, net);
	if (folder)
		gc_fill(net, folder->table + n);
	return folder_add(net, folder, n + more, "neigh", "default");
}

static struct parm_folder *conf_add(struct net *net, const char *name,
				    struct teach_parms *p, struct net *default_of)
{
	const unsigned int n = ARRAY_SIZE(conf_files);

	return folder_add(net, folder_alloc(conf_files, n, 0, p, default_of), n, "conf",
			  name);
}

/* ---- Links come, are renamed and go ------------------------------------------------------- */

static void link_del(struct teach_link *link)
{
	struct teach_sysctl_link *sl = link->sysctl;

	if (!sl)
		return;
	link->sysctl = NULL;
	folder_del(sl->conf);
	folder_del(sl->neigh);
	kfree(sl);
}

/* As with IPv4 there is no link without them. Return: 0 or a negative errno. */
static int link_add(struct teach_link *link)
{
	const char *name = link->dev->name;
	struct teach_sysctl_link *sl;

	/* "all" and "default" are taken. */
	if (!sysctl_dev_name_is_allowed(name))
		return -EINVAL;
	sl = kzalloc(sizeof(*sl), GFP_KERNEL_ACCOUNT);
	if (!sl)
		return -ENOMEM;
	link->sysctl = sl;
	sl->neigh = neigh_add(link->net, name, &link->parms);
	sl->conf = conf_add(link->net, name, &link->parms, NULL);
	if (sl->neigh && sl->conf)
		return 0;
	link_del(link);
	return -ENOMEM;
}

/* The device has its new name in any case. */
static void link_rename(struct teach_link *link)
{
	link_del(link);
	if (link_add(link))
		netdev_warn(link->dev, "teach: no sysctls for this device: set its parameters by teach link\n");
}

static int link_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct teach_ifaddr *ifa = data;

	switch (event) {
	case TEACH_ADDR_ADD:
		/* As IPv4: what is in use is not changed by a new default. */
		teach_parms_keep(&ifa->link->parms);
		break;
	case TEACH_LINK_NEW:
		return notifier_from_errno(link_add(data));
	case TEACH_LINK_RENAMED:
		link_rename(data);
		break;
	case TEACH_LINK_GONE:
		link_del(data);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block link_notifier = {
	.notifier_call = link_event,
};

/* ---- Namespaces ---------------------------------------------------------------------------- */

static void __net_exit teach_sysctl_parms_net_exit(struct net *net)
{
	struct teach_sysctl_parms_net *sn = net_generic(net, teach_sysctl_parms_net_id);

	folder_del(sn->conf_all);
	folder_del(sn->conf_default);
	folder_del(sn->neigh_default);
}

static int __net_init teach_sysctl_parms_net_init(struct net *net)
{
	struct teach_sysctl_parms_net *sn = net_generic(net, teach_sysctl_parms_net_id);
	struct teach_link_net *ln = teach_link_net(net);

	sn->neigh_default = neigh_add_default(net);
	sn->conf_default = conf_add(net, "default", &ln->defaults, net);
	sn->conf_all = conf_add(net, "all", &ln->all, NULL);
	if (sn->neigh_default && sn->conf_default && sn->conf_all)
		return 0;
	teach_sysctl_parms_net_exit(net);
	return -ENOMEM;
}

static struct pernet_operations teach_sysctl_parms_net_ops = {
	.init	= teach_sysctl_parms_net_init,
	.exit	= teach_sysctl_parms_net_exit,
	.id	= &teach_sysctl_parms_net_id,
	.size	= sizeof(struct teach_sysctl_parms_net),
};

int __init teach_sysctl_parms_init(void)
{
	int err = register_pernet_subsys(&teach_sysctl_parms_net_ops);

	if (err)
		return err;
	err = teach_link_notifier_register(&link_notifier);
	if (err)
		unregister_pernet_subsys(&teach_sysctl_parms_net_ops);
	return err;
}

void teach_sysctl_parms_exit(void)
{
	teach_link_notifier_unregister(&link_notifier);
	unregister_pernet_subsys(&teach_sysctl_parms_net_ops);
}
