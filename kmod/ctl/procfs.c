// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/teach_*: what there is, to be read without any tool.
 *
 *   teach_addr    local addresses
 *   teach_neigh   the neighbour cache
 *   teach_dgram   bound datagram sockets, in the columns of /proc/net/udp
 *   teach_stat    counters, a name and a value a line
 */
#include <linux/proc_fs.h>
#include <linux/rhashtable.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/net_namespace.h>
#include "ctl/procfs.h"
#include "link/addr.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "link/stats.h"
#include "sock/port.h"
#include "sock/sock.h"

/* ---- teach_stat ------------------------------------------------------------------------ */

#define STAT_NAME(id, name) name,
/* From the first counter on. */
static const char * const stat_names[] = { TEACH_STATS(STAT_NAME) };

static int stat_show(struct seq_file *m, void *v)
{
	struct net *net = seq_file_single_net(m);
	int i;

	for (i = TEACH_STAT_UNSPEC + 1; i <= TEACH_STAT_MAX; i++)
		seq_printf(m, "%s %llu\n", stat_names[i - 1],
			   teach_stats_read(net, i));
	return 0;
}

/* ---- teach_addr ------------------------------------------------------------------------ */

static int addr_show(struct seq_file *m, void *v)
{
	struct net *net = seq_file_single_net(m);
	const struct teach_ifaddr *ifa;
	struct teach_link *link;
	unsigned long index;

	seq_puts(m, "Address            Device\n");
	rcu_read_lock();
	xa_for_each(&teach_link_net(net)->links, index, link) {
		list_for_each_entry_rcu(ifa, &link->addrs, list) {
			seq_setwidth(m, 18);
			seq_printf(m, "%pI4/%u", &ifa->local, ifa->prefix_len);
			seq_pad(m, ' ');
			seq_printf(m, " %s\n", link->dev->name);
		}
	}
	rcu_read_unlock();
	return 0;
}

/* ---- teach_neigh ----------------------------------------------------------------------- */

static const char *state_name(u8 state)
{
	switch (state) {
	case NUD_NONE:
		return "NONE";
	case NUD_INCOMPLETE:
		return "INCOMPLETE";
	case NUD_REACHABLE:
		return "REACHABLE";
	case NUD_STALE:
		return "STALE";
	case NUD_DELAY:
		return "DELAY";
	case NUD_PROBE:
		return "PROBE";
	case NUD_FAILED:
		return "FAILED";
	case NUD_NOARP:
		return "NOARP";
	case NUD_PERMANENT:
		return "PERMANENT";
	}
	return "?";
}

struct neigh_walk {
	struct seq_net_private	p;
	struct rhashtable_iter	iter;
};

/* The next entry of this walk; one that comes after a resize is as good. */
static void *neigh_skip_resize(struct neigh_walk *walk, void *n)
{
	while (IS_ERR(n))
		n = rhashtable_walk_next(&walk->iter);
	return n;
}

/* As /proc/net/arp, each part of a read begins anew and skips what was shown. */
static void *neigh_start(struct seq_file *m, loff_t *pos)
	__acquires(RCU)
{
	struct neigh_walk *walk = m->private;
	void *n = SEQ_START_TOKEN;
	loff_t i;

	rhashtable_walk_enter(&teach_neigh_net(seq_file_net(m))->table, &walk->iter);
	rhashtable_walk_start(&walk->iter);
	for (i = 0; n && i < *pos; i++)
		n = neigh_skip_resize(walk, rhashtable_walk_next(&walk->iter));
	return n;
}

static void *neigh_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct neigh_walk *walk = m->private;

	++*pos;
	return neigh_skip_resize(walk, rhashtable_walk_next(&walk->iter));
}

static void neigh_stop(struct seq_file *m, void *v)
	__releases(RCU)
{
	struct neigh_walk *walk = m->private;

	rhashtable_walk_stop(&walk->iter);
	rhashtable_walk_exit(&walk->iter);
}

static int neigh_show(struct seq_file *m, void *v)
{
	struct teach_neigh *n = v;
	u8 mac[ETH_ALEN];
	u8 state;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "Address          MAC address        State       Device\n");
		return 0;
	}
	state = READ_ONCE(n->nud.state);
	teach_neigh_read_mac(n, mac);
	if (!(state & TEACH_NUD_VALID))
		eth_zero_addr(mac);
	seq_setwidth(m, 16);
	seq_printf(m, "%pI4", &n->key.addr);
	seq_pad(m, ' ');
	seq_printf(m, "%pM  %-11s %s\n", mac, state_name(state),
		   teach_link_alive(n->key.link) ? n->key.link->dev->name : "-");
	return 0;
}

static const struct seq_operations neigh_seq_ops = {
	.start	= neigh_start,
	.next	= neigh_next,
	.stop	= neigh_stop,
	.show	= neigh_show,
};

/* ---- teach_dgram ----------------------------------------------------------------------- */

static struct teach_port_bucket *dgram_bucket(struct seq_file *m, loff_t pos)
{
	struct teach_port_table *table = &teach_port_net(seq_file_net(m))->dgram;

	/* Position 0 is the headline. */
	return pos >= 1 && pos - 1 <= table->mask ? &table->by_port[pos - 1] : NULL;
}

static void *dgram_start(struct seq_file *m, loff_t *pos)
	__acquires(RCU)
{
	rcu_read_lock();
	return *pos ? dgram_bucket(m, *pos) : SEQ_START_TOKEN;
}

static void *dgram_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return dgram_bucket(m, *pos);
}

static void dgram_stop(struct seq_file *m, void *v)
	__releases(RCU)
{
	rcu_read_unlock();
}

static int dgram_show(struct seq_file *m, void *v)
{
	struct teach_port_bucket *bucket = v;
	struct teach_sock *tsk;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "Local                  Peer                   St rx_queue tx_queue   uid inode drops\n");
		return 0;
	}
	hlist_for_each_entry_rcu(tsk, &bucket->chain, port_node) {
		struct sock *sk = &tsk->sk;

		seq_setwidth(m, 22);
		seq_printf(m, "%pI4:%u", &tsk->rcv_saddr, ntohs(tsk->sport));
		seq_pad(m, ' ');
		seq_setwidth(m, 22);
		seq_printf(m, "%pI4:%u", &tsk->daddr, ntohs(tsk->dport));
		seq_pad(m, ' ');
		seq_printf(m, "%02X %8d %8d %5u %llu %d\n", READ_ONCE(sk->sk_state),
			   sk_rmem_alloc_get(sk), sk_wmem_alloc_get(sk),
			   from_kuid_munged(seq_user_ns(m), sk_uid(sk)),
			   (u64)sock_i_ino(sk), sk_drops_read(sk));
	}
	return 0;
}

static const struct seq_operations dgram_seq_ops = {
	.start	= dgram_start,
	.next	= dgram_next,
	.stop	= dgram_stop,
	.show	= dgram_show,
};

/* ---- Registration -------------------------------------------------------------------------- */

static int __net_init teach_procfs_net_init(struct net *net)
{
	struct proc_dir_entry *dir = net->proc_net;

	if (!proc_create_net_single("teach_stat", 0444, dir, stat_show, NULL))
		return -ENOMEM;
	if (!proc_create_net_single("teach_addr", 0444, dir, addr_show, NULL))
		goto err_stat;
	if (!proc_create_net("teach_neigh", 0444, dir, &neigh_seq_ops,
			     sizeof(struct neigh_walk)))
		goto err_addr;
	if (!proc_create_net("teach_dgram", 0444, dir, &dgram_seq_ops,
			     sizeof(struct seq_net_private)))
		goto err_neigh;
	return 0;

err_neigh:
	remove_proc_entry("teach_neigh", dir);
err_addr:
	remove_proc_entry("teach_addr", dir);
err_stat:
	remove_proc_entry("teach_stat", dir);
	return -ENOMEM;
}

static void __net_exit teach_procfs_net_exit(struct net *net)
{
	remove_proc_entry("teach_dgram", net->proc_net);
	remove_proc_entry("teach_neigh", net->proc_net);
	remove_proc_entry("teach_addr", net->proc_net);
	remove_proc_entry("teach_stat", net->proc_net);
}

static struct pernet_operations teach_procfs_net_ops = {
	.init	= teach_procfs_net_init,
	.exit	= teach_procfs_net_exit,
};

int __init teach_procfs_init(void)
{
	return register_pernet_subsys(&teach_procfs_net_ops);
}

void teach_procfs_exit(void)
{
	unregister_pernet_subsys(&teach_procfs_net_ops);
}
