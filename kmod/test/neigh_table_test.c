// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/neigh_table.c: finding, adding, removing, and who is collected when.
 */
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include "link/neigh_table.h"
#include "test/device.h"

/* Thresholds of the cache for the time of a case. */
struct thresholds {
	struct teach_neigh_net	*nn;
	int			was[3];
};

static void restore_thresholds(void *data)
{
	struct thresholds *t = data;

	t->nn->gc_thresh1 = t->was[0];
	t->nn->gc_thresh2 = t->was[1];
	t->nn->gc_thresh3 = t->was[2];
}

static struct teach_neigh_net *set_thresholds(struct kunit *test, struct teach_link *link,
					      int t1, int t2, int t3)
{
	struct teach_neigh_net *nn = teach_neigh_net(link->net);
	struct thresholds *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	*t = (struct thresholds) {
		.nn	= nn,
		.was	= { nn->gc_thresh1, nn->gc_thresh2, nn->gc_thresh3 },
	};
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, restore_thresholds, t), 0);
	nn->gc_thresh1 = t1;
	nn->gc_thresh2 = t2;
	nn->gc_thresh3 = t3;
	/* As if a collection had been forced just now. */
	nn->last_forced = jiffies;
	return nn;
}

/* The entry of 10.1.x.y, made; an ERR_PTR where it is refused. */
static struct teach_neigh *get(struct teach_link *link, u16 host)
{
	struct teach_neigh *n;

	rcu_read_lock();
	n = teach_neigh_get(link, ADDR(10, 1, host >> 8, host & 0xff));
	rcu_read_unlock();
	return n;
}

static bool exists(struct teach_link *link, u16 host)
{
	bool found;

	rcu_read_lock();
	found = teach_neigh_find(link, ADDR(10, 1, host >> 8, host & 0xff));
	rcu_read_unlock();
	return found;
}

static unsigned int count(struct teach_link *link, u16 hosts)
{
	unsigned int found = 0;
	u16 i;

	for (i = 0; i < hosts; i++)
		found += exists(link, i);
	return found;
}

static void set_state(struct teach_neigh *n, u8 state, long age)
{
	spin_lock_bh(&n->lock);
	n->nud.state = state;
	n->nud.used = jiffies - age;
	n->nud.confirmed = jiffies - age;
	n->nud.updated = jiffies - age;
	spin_unlock_bh(&n->lock);
}

static void neigh_table_find(struct kunit *test)
{
	struct teach_link *one = teach_test_link(test), *two = teach_test_link(test);
	struct teach_neigh *a, *b;

	rcu_read_lock();
	KUNIT_EXPECT_NULL(test, teach_neigh_find(one, ADDR(10, 1, 0, 2)));
	a = teach_neigh_get(one, ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_FALSE(test, IS_ERR(a));
	KUNIT_EXPECT_PTR_EQ(test, teach_neigh_find(one, ADDR(10, 1, 0, 2)), a);
	KUNIT_EXPECT_PTR_EQ(test, teach_neigh_get(one, ADDR(10, 1, 0, 2)), a);
	KUNIT_EXPECT_EQ(test, a->nud.state, NUD_NONE);
	/* Another link, another neighbour. */
	KUNIT_EXPECT_NULL(test, teach_neigh_find(two, ADDR(10, 1, 0, 2)));
	b = teach_neigh_get(two, ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_PTR_EQ(test, teach_neigh_find(one, ADDR(10, 1, 0, 2)), a);
	KUNIT_EXPECT_NULL(test, teach_neigh_find(one, ADDR(10, 1, 0, 3)));
	KUNIT_EXPECT_NULL(test, teach_neigh_find(one, ADDR(2, 0, 1, 10)));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, atomic_read(&one->n_neighs), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&two->n_neighs), 1);
}

/* More than the table has at first, so that it grows, and then shrinks. */
static void neigh_table_many(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh_net *nn;
	struct teach_neigh *n;
	unsigned int i;

	nn = set_thresholds(test, link, 10000, 10000, 10000);
	for (i = 0; i < 3000; i++)
		KUNIT_ASSERT_FALSE(test, IS_ERR(get(link, i)));
	KUNIT_EXPECT_EQ(test, count(link, 3001), 3000);
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 3000);
	for (i = 0; i < 3000; i += 2) {
		rcu_read_lock();
		n = teach_neigh_find(link, ADDR(10, 1, i >> 8, i & 0xff));
		if (n)
			teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
		rcu_read_unlock();
	}
	for (i = 0; i < 3000; i++)
		KUNIT_ASSERT_EQ(test, exists(link, i), i % 2);
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 1500);
	/* Those that are gone are freed, not only out of the table. */
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, atomic_read(&link->n_neighs), 1500);
}

static void neigh_table_remove(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	u64 destroyed = teach_stats_read(link->net, TEACH_STAT_NEIGH_DESTROYS);
	struct teach_neigh *n, *again;
	u32 generation;

	rcu_read_lock();
	n = teach_neigh_get(link, ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_TRUE(test, teach_neigh_hold(n));
	generation = teach_test_generation(link);
	teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
	KUNIT_EXPECT_NE(test, teach_test_generation(link), generation);
	KUNIT_EXPECT_TRUE(test, n->dead);
	KUNIT_EXPECT_NULL(test, teach_neigh_find(link, ADDR(10, 1, 0, 2)));
	/* It takes nothing any more, and another has its place. */
	KUNIT_EXPECT_EQ(test, teach_neigh_update(n, teach_test_mac, NUD_REACHABLE, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, teach_neigh_probe(n, TEACH_NEIGH_REASON_RESOLVE), -ENOENT);
	again = teach_neigh_get(link, ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_PTR_NE(test, again, n);
	/* Twice is as good as once. */
	generation = teach_test_generation(link);
	teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
	KUNIT_EXPECT_EQ(test, teach_test_generation(link), generation);
	KUNIT_EXPECT_PTR_EQ(test, teach_neigh_find(link, ADDR(10, 1, 0, 2)), again);
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_NEIGH_DESTROYS), destroyed);
	KUNIT_EXPECT_EQ(test, refcount_read(&n->ref), 1);
	teach_neigh_put(n);
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_NEIGH_DESTROYS),
			destroyed + 1);
	rcu_read_unlock();
}

/* Without ARP all neighbours have the device's own MAC address. */
static void neigh_table_noarp(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh *n;
	u8 mac[ETH_ALEN];

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_change_flags(link->dev, link->dev->flags | IFF_NOARP, NULL), 0);
	rtnl_unlock();
	rcu_read_lock();
	n = teach_neigh_get(link, ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_NOARP);
	teach_neigh_read_mac(n, mac);
	KUNIT_EXPECT_MEMEQ(test, mac, teach_test_own_mac, ETH_ALEN);
	rcu_read_unlock();
}

static void neigh_table_broadcast(struct kunit *test)
{
	static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh *n;
	u8 mac[ETH_ALEN];

	rcu_read_lock();
	n = teach_neigh_get_broadcast(link);
	KUNIT_EXPECT_EQ(test, n->nud.state, NUD_NOARP);
	KUNIT_EXPECT_PTR_EQ(test, teach_neigh_get_broadcast(link), n);
	teach_neigh_read_mac(n, mac);
	KUNIT_EXPECT_MEMEQ(test, mac, all, ETH_ALEN);
	rcu_read_unlock();
}

static void neigh_table_flush(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test), *other = teach_test_link(test);
	struct teach_neigh *n;
	unsigned int i;

	for (i = 0; i < 50; i++) {
		get(link, i);
		get(other, i);
	}
	rcu_read_lock();
	n = teach_neigh_find(link, ADDR(10, 1, 0, 7));
	KUNIT_EXPECT_EQ(test, teach_neigh_admin_update(n, teach_test_mac, NUD_PERMANENT,
						       TEACH_UPDATE_OVERRIDE, 0), 0);
	rcu_read_unlock();

	rtnl_lock();
	teach_neigh_flush(link, true, TEACH_NEIGH_REASON_NO_CARRIER);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, count(link, 50), 1);
	KUNIT_EXPECT_TRUE(test, exists(link, 7));
	KUNIT_EXPECT_EQ(test, count(other, 50), 50);
	rtnl_lock();
	teach_neigh_flush(link, false, TEACH_NEIGH_REASON_LINK_DOWN);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, count(link, 50), 0);
	KUNIT_EXPECT_EQ(test, count(other, 50), 50);
}

/* What the device does, and how many of an ordinary and a permanent entry stay. */
static void neigh_table_device_events(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh *n;
	unsigned int i, stay;

	for (i = 0; i < 4; i++) {
		get(link, 1);
		n = get(link, 2);
		rcu_read_lock();
		teach_neigh_admin_update(n, teach_test_mac, NUD_PERMANENT,
					 TEACH_UPDATE_OVERRIDE, 0);
		rcu_read_unlock();
		KUNIT_ASSERT_EQ(test, count(link, 3), 2);
		stay = 0;
		rtnl_lock();
		switch (i) {
		case 0:
			dev_close(link->dev);
			KUNIT_EXPECT_EQ(test, dev_open(link->dev, NULL), 0);
			break;
		case 1:
			eth_hw_addr_set(link->dev, teach_test_mac);
			call_netdevice_notifiers(NETDEV_CHANGEADDR, link->dev);
			break;
		case 2:
			dev_change_flags(link->dev, link->dev->flags | IFF_NOARP, NULL);
			break;
		case 3:
			netif_carrier_off(link->dev);
			netdev_state_change(link->dev);
			stay = 1;
			break;
		}
		rtnl_unlock();
		KUNIT_EXPECT_EQ_MSG(test, count(link, 3), stay, "event %u", i);
		KUNIT_EXPECT_EQ_MSG(test, exists(link, 2), !!stay, "event %u", i);
	}
}

/* ---- Collecting -------------------------------------------------------------------------- */

/* With gc_thresh3 entries, none of which may go, no other is made, but by management. */
static void neigh_table_full(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh_net *nn = set_thresholds(test, link, 4, 8, 16);
	u64 full = teach_stats_read(link->net, TEACH_STAT_NEIGH_TABLE_FULL);
	struct teach_neigh *n;
	unsigned int i;

	for (i = 0; i < 16; i++)
		KUNIT_ASSERT_FALSE(test, IS_ERR(get(link, i)));
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 16);
	KUNIT_EXPECT_EQ(test, PTR_ERR(get(link, 16)), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_NEIGH_TABLE_FULL), full + 1);
	KUNIT_EXPECT_EQ(test, count(link, 20), 16);

	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, PTR_ERR(teach_neigh_create(link, ADDR(10, 1, 0, 17), false)),
			-ENOBUFS);
	n = teach_neigh_create(link, ADDR(10, 1, 0, 17), true);
	KUNIT_EXPECT_FALSE(test, IS_ERR(n));
	KUNIT_EXPECT_EQ(test, teach_neigh_admin_update(n, teach_test_mac, NUD_PERMANENT,
						       TEACH_UPDATE_OVERRIDE, 0), 0);
	/* It does not count, until it is permanent no more. */
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 16);
	KUNIT_EXPECT_EQ(test, teach_neigh_admin_update(n, NULL, NUD_STALE, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 17);
	KUNIT_EXPECT_EQ(test, teach_neigh_admin_update(n, NULL, NUD_STALE, 0, NTF_EXT_LEARNED), 0);
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 16);
	rcu_read_unlock();
}

/**
 * struct gc_row - an entry, and whether it is collected
 * @state: state
 * @age: seconds ago that it was used, confirmed and updated
 * @forced: it goes where room must be made
 * @periodic: it goes when it is time, gc_staletime being 60 s
 */
struct gc_row {
	u8	state;
	int	age;
	bool	forced;
	bool	periodic;
};

static const struct gc_row gc_rows[] = {
	{ NUD_NONE, 0, false, false },
	{ NUD_NONE, 4, false, false },
	{ NUD_NONE, 6, true, false },
	{ NUD_NONE, 61, true, true },
	{ NUD_STALE, 4, false, false },
	{ NUD_STALE, 6, true, false },
	{ NUD_STALE, 59, true, false },
	{ NUD_STALE, 61, true, true },
	{ NUD_FAILED, 0, true, true },
	{ NUD_NOARP, 0, true, false },
	{ NUD_NOARP, 61, true, true },
	/* Their timer is armed. */
	{ NUD_INCOMPLETE, 61, false, false },
	{ NUD_REACHABLE, 61, false, false },
	{ NUD_DELAY, 61, false, false },
	{ NUD_PROBE, 61, false, false },
	{ NUD_PERMANENT, 61, false, false },
};

#define N_GC_ROWS ARRAY_SIZE(gc_rows)

static void make_gc_rows(struct kunit *test, struct teach_link *link)
{
	struct teach_neigh *n;
	unsigned int i;

	for (i = 0; i < N_GC_ROWS; i++) {
		n = get(link, i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(n));
		set_state(n, gc_rows[i].state, gc_rows[i].age * HZ);
	}
}

static void neigh_table_gc_forced(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	unsigned int i, want = 0;
	u64 runs, collected;

	set_thresholds(test, link, 1, 100, 100);
	make_gc_rows(test, link);
	for (i = 0; i < N_GC_ROWS; i++)
		want += gc_rows[i].forced;
	runs = teach_stats_read(link->net, TEACH_STAT_NEIGH_FORCED_GC);
	collected = teach_stats_read(link->net, TEACH_STAT_NEIGH_COLLECTED);

	/* All that may go must go to come below. */
	set_thresholds(test, link, 1, 0, N_GC_ROWS);
	KUNIT_EXPECT_FALSE(test, IS_ERR(get(link, 1000)));
	for (i = 0; i < N_GC_ROWS; i++)
		KUNIT_EXPECT_EQ_MSG(test, exists(link, i), !gc_rows[i].forced, "row %u", i);
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_NEIGH_FORCED_GC), runs + 1);
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_NEIGH_COLLECTED),
			collected + want);
}

/* Between gc_thresh2 and gc_thresh3 once in 5 seconds, and down to gc_thresh2 only. */
static void neigh_table_gc_forced_pace(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh_net *nn = set_thresholds(test, link, 1, 100, 200);
	unsigned int i;

	for (i = 0; i < 40; i++)
		set_state(get(link, i), NUD_STALE, 30 * HZ);
	/* Below it there is no need, however long ago the last was. */
	nn->last_forced = jiffies - 6 * HZ;
	nn->gc_thresh2 = 41;
	get(link, 40);
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 41);
	/* Above it, not so soon. */
	nn->gc_thresh2 = 30;
	nn->last_forced = jiffies;
	get(link, 41);
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, 42);
	nn->last_forced = jiffies - 6 * HZ;
	get(link, 42);
	/* In batches of 16, so it may be a few more than needed. */
	KUNIT_EXPECT_GT(test, nn->n_gc_entries, 14);
	KUNIT_EXPECT_LE(test, nn->n_gc_entries, 31);
	i = nn->n_gc_entries;
	get(link, 43);
	KUNIT_EXPECT_EQ(test, nn->n_gc_entries, i + 1);
}

static void run_periodic(struct teach_neigh_net *nn)
{
	mod_delayed_work(system_power_efficient_wq, &nn->gc_work, 0);
	flush_delayed_work(&nn->gc_work);
}

static void neigh_table_gc_periodic(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh_net *nn = set_thresholds(test, link, 100, 200, 300);
	unsigned int i;

	make_gc_rows(test, link);
	/* Not with so few. */
	run_periodic(nn);
	KUNIT_EXPECT_EQ(test, count(link, N_GC_ROWS), N_GC_ROWS);
	nn->gc_thresh1 = nn->n_gc_entries;
	run_periodic(nn);
	for (i = 0; i < N_GC_ROWS; i++)
		KUNIT_EXPECT_EQ_MSG(test, exists(link, i), !gc_rows[i].periodic, "row %u", i);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&nn->gc_work));
}

/* What was confirmed lately is in use, even if it was not used in a slow state. */
static void neigh_table_gc_confirmed(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh_net *nn = set_thresholds(test, link, 1, 200, 300);

	set_state(get(link, 0), NUD_STALE, 61 * HZ);
	set_state(get(link, 1), NUD_STALE, 61 * HZ);
	get(link, 0)->nud.confirmed = jiffies;
	run_periodic(nn);
	KUNIT_EXPECT_TRUE(test, exists(link, 0));
	KUNIT_EXPECT_FALSE(test, exists(link, 1));
}

/* The reachable time is drawn anew. */
static void neigh_table_gc_rolls(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	unsigned long before;

	before = jiffies - 299 * HZ;
	link->parms.rolled_at = before;
	run_periodic(teach_neigh_net(link->net));
	KUNIT_EXPECT_EQ(test, link->parms.rolled_at, before);
	link->parms.rolled_at = jiffies - 301 * HZ;
	before = jiffies;
	run_periodic(teach_neigh_net(link->net));
	KUNIT_EXPECT_TRUE(test, time_in_range(link->parms.rolled_at, before, jiffies));
}

static struct kunit_case neigh_table_cases[] = {
	KUNIT_CASE(neigh_table_find),
	KUNIT_CASE(neigh_table_many),
	KUNIT_CASE(neigh_table_remove),
	KUNIT_CASE(neigh_table_noarp),
	KUNIT_CASE(neigh_table_broadcast),
	KUNIT_CASE(neigh_table_flush),
	KUNIT_CASE(neigh_table_device_events),
	KUNIT_CASE(neigh_table_full),
	KUNIT_CASE(neigh_table_gc_forced),
	KUNIT_CASE(neigh_table_gc_forced_pace),
	KUNIT_CASE(neigh_table_gc_periodic),
	KUNIT_CASE(neigh_table_gc_confirmed),
	KUNIT_CASE(neigh_table_gc_rolls),
	{}
};

static struct kunit_suite neigh_table_suite = {
	.name		= "teach_neigh_table",
	.test_cases	= neigh_table_cases,
};

kunit_test_suite(neigh_table_suite);
