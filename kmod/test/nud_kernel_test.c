// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/nud.c: beside the kernel's. Each event is given to an entry of the kernel's own
 * neighbour cache (net/core/neighbour.c) and to nud.c, both in the same state, and what
 * becomes of the two is compared. Where they differ on purpose is said here, and nowhere
 * else may they.
 *
 * The kernel's entry lives in jiffies, and its timer runs: an event during which jiffies
 * went on is played again.
 */
#include <linux/etherdevice.h>
#include <linux/timer.h>
#include <net/arp.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include "link/link.h"
#include "test/device.h"
#include "test/nud_common.h"

static const u8 other_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x77 };

/**
 * struct pair - the two entries
 * @n: the kernel's
 * @nud: ours
 * @parms: ours, with the kernel's values
 * @now: jiffies of the event
 * @told: notifications of the kernel
 * @nb: counts them
 */
struct pair {
	struct neighbour	*n;
	struct teach_nud	nud;
	struct teach_parms	parms;
	unsigned long		now;
	unsigned int		told;
	struct notifier_block	nb;
};

/* What is compared of an entry; times as seen from now. */
struct outcome {
	u8	state;
	int	probes;
	long	confirmed;
	long	used;
	long	updated;
	bool	armed;
	long	expires;
	bool	told;
};

static int count_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct pair *p = container_of(nb, struct pair, nb);

	p->told += event == NETEVENT_NEIGH_UPDATE && data == p->n;
	return NOTIFY_DONE;
}

static void stop_timer(struct neighbour *n)
{
	if (timer_delete(&n->timer))
		neigh_release(n);
}

/* Both in the same state, without a timer. */
static void set_both(struct pair *p, u8 state, u8 probes, long confirmed, long used,
		     long updated)
{
	struct neighbour *n = p->n;

	stop_timer(n);
	p->now = jiffies;
	p->nud = nud_entry(p->now, state, probes, confirmed, used, updated);
	write_lock_bh(&n->lock);
	n->nud_state = state;
	atomic_set(&n->probes, probes);
	n->confirmed = p->nud.confirmed;
	n->used = p->nud.used;
	n->updated = p->nud.updated;
	memcpy(n->ha, teach_test_mac, ETH_ALEN);
	write_unlock_bh(&n->lock);
	p->told = 0;
}

static struct outcome kernels(const struct pair *p)
{
	const struct neighbour *n = p->n;
	bool armed = timer_pending(&n->timer);

	return (struct outcome) {
		.state		= n->nud_state,
		.probes		= atomic_read(&n->probes),
		.confirmed	= n->confirmed - p->now,
		.used		= n->used - p->now,
		.updated	= n->updated - p->now,
		.armed		= armed,
		/* The kernel has this bound in its timer only. */
		.expires	= armed ? max((long)(n->timer.expires - p->now), SHORTEST) : 0,
		.told		= p->told,
	};
}

static struct outcome ours(const struct pair *p, const struct teach_nud_todo *todo)
{
	bool armed = todo->actions & ARM;

	return (struct outcome) {
		.state		= p->nud.state,
		/* A request that the kernel sends at once is counted at once. */
		.probes		= p->nud.probes + !!(todo->actions & SOLICIT),
		.confirmed	= p->nud.confirmed - p->now,
		.used		= p->nud.used - p->now,
		.updated	= p->nud.updated - p->now,
		.armed		= armed,
		.expires	= armed ? (long)(todo->expires - p->now) : 0,
		.told		= todo->actions & NOTIFY,
	};
}

static void compare(struct kunit *test, const char *what, const struct outcome *our,
		    const struct outcome *kernel)
{
	KUNIT_EXPECT_STREQ_MSG(test, nud_name_of(our->state), nud_name_of(kernel->state), "%s",
			       what);
	KUNIT_EXPECT_EQ_MSG(test, our->probes, kernel->probes, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, our->confirmed, kernel->confirmed, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, our->used, kernel->used, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, our->updated, kernel->updated, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, our->armed, kernel->armed, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, our->expires, kernel->expires, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, our->told, kernel->told, "%s", what);
}

static void end_pair(void *data)
{
	struct pair *p = data;

	unregister_netevent_notifier(&p->nb);
	set_both(p, NUD_NONE, 0, 0, 0, 0);
	neigh_release(p->n);
}

static struct pair *begin_pair(struct kunit *test)
{
	struct pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	struct teach_link *link = teach_test_link(test);
	const __be32 addr = ADDR(10, 1, 0, 2);

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->n = __neigh_create(&arp_tbl, &addr, link->dev, true);
	KUNIT_ASSERT_FALSE(test, IS_ERR(p->n));
	p->nb.notifier_call = count_event;
	register_netevent_notifier(&p->nb);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, end_pair, p), 0);
	p->parms = (struct teach_parms) {
		.base_reachable_time	= NEIGH_VAR(p->n->parms, BASE_REACHABLE_TIME),
		.retrans_time		= NEIGH_VAR(p->n->parms, RETRANS_TIME),
		.delay_probe_time	= NEIGH_VAR(p->n->parms, DELAY_PROBE_TIME),
		.ucast_probes		= NEIGH_VAR(p->n->parms, UCAST_PROBES),
		.mcast_probes		= NEIGH_VAR(p->n->parms, MCAST_PROBES),
		.reachable_time		= p->n->parms->reachable_time,
	};
	return p;
}

/* ---- The timer --------------------------------------------------------------------------- */

static void play_timer(struct kunit *test, struct pair *p, u8 state, u8 probes, long confirmed,
		       long used)
{
	struct outcome our, kernel;
	struct teach_nud_todo todo;
	char what[80];

	snprintf(what, sizeof(what), "%s, %u probes, confirmed %ld, used %ld",
		 nud_name_of(state), probes, confirmed, used);
	do {
		set_both(p, state, probes, confirmed, used, -77);
		/* Its own reference, as the armed timer has one. */
		neigh_hold(p->n);
		local_bh_disable();
		p->n->timer.function(&p->n->timer);
		local_bh_enable();
		kernel = kernels(p);
	} while (time_after(jiffies, p->now));
	todo = teach_nud_timer(&p->nud, &p->parms, p->now);
	our = ours(p, &todo);
	compare(test, what, &our, &kernel);
}

static void nud_kernel_timer(struct kunit *test)
{
	struct pair *p = begin_pair(test);
	const long reach = p->parms.reachable_time, delay = p->parms.delay_probe_time;
	const long confirmed[] = {
		0, -delay + 1, -delay, -delay - 1, -reach + 1, -reach, -reach - 1, -LONG_AGO
	};
	const long used[] = { 0, -delay + 1, -delay, -delay - 1, -LONG_AGO };
	unsigned int i, j, k, probes;

	for (i = 0; i < N_STATES; i++) {
		for (probes = 0; probes <= 7; probes++) {
			for (j = 0; j < ARRAY_SIZE(confirmed); j++) {
				for (k = 0; k < ARRAY_SIZE(used); k++)
					play_timer(test, p, nud_states[i], probes, confirmed[j],
						   used[k]);
			}
		}
	}
}

/* ---- A packet ----------------------------------------------------------------------------- */

static void nud_kernel_use(struct kunit *test)
{
	static const long confirmed[] = { -55, -OLDEST, -OLDEST - 1, LONG_MIN, LONG_MAX - 9 };
	struct pair *p = begin_pair(test);
	struct outcome our, kernel;
	struct teach_nud_todo todo;
	unsigned int i;

	for (i = 0; i < 2 * N_STATES * ARRAY_SIZE(confirmed); i++) {
		/* The second time where nobody may be asked. */
		p->parms.mcast_probes = i & 1 ? 0 : 3;
		NEIGH_VAR_SET(p->n->parms, MCAST_PROBES, p->parms.mcast_probes);
		do {
			set_both(p, nud_states[i / 2 % N_STATES], 9,
				 confirmed[i / 2 / N_STATES], -66, -77);
			neigh_event_send(p->n, NULL);
			kernel = kernels(p);
		} while (time_after(jiffies, p->now));
		todo = teach_nud_use(&p->nud, &p->parms, p->now);
		our = ours(p, &todo);
		compare(test, nud_name_of(nud_states[i / 2 % N_STATES]), &our, &kernel);
	}
}

/* ---- Updates -------------------------------------------------------------------------------- */

static void play_update(struct kunit *test, struct pair *p, u8 old, u8 new,
			enum teach_nud_offer mac, unsigned int flags)
{
	const u8 *lladdr = mac == TEACH_MAC_NONE ? NULL :
			   mac == TEACH_MAC_SAME ? teach_test_mac : other_mac;
	struct outcome our, kernel;
	struct teach_nud_todo todo;
	int err, kernel_err;
	u32 kernel_flags = 0;
	char what[80];

	if (flags & TEACH_UPDATE_OVERRIDE)
		kernel_flags |= NEIGH_UPDATE_F_OVERRIDE;
	if (flags & TEACH_UPDATE_ADMIN)
		kernel_flags |= NEIGH_UPDATE_F_ADMIN;
	snprintf(what, sizeof(what), "%s to %s, MAC %d, flags %u", nud_name_of(old),
		 nud_name_of(new), mac, flags);
	do {
		set_both(p, old, 9, -55, -66, -77);
		kernel_err = neigh_update(p->n, lladdr, new, kernel_flags, 0);
		kernel = kernels(p);
	} while (time_after(jiffies, p->now));
	err = teach_nud_update(&p->nud, &p->parms, p->now, new, mac, flags, &todo);
	our = ours(p, &todo);

	/* Who is reachable is asked before another is believed. */
	if (old == NUD_REACHABLE && nud_set_of(new) & VALID && mac == TEACH_MAC_OTHER &&
	    flags == TEACH_UPDATE_OVERRIDE) {
		KUNIT_EXPECT_EQ_MSG(test, err, 0, "%s", what);
		KUNIT_EXPECT_EQ_MSG(test, our.state, NUD_PROBE, "%s", what);
		KUNIT_EXPECT_FALSE_MSG(test, todo.actions & SET_MAC, "%s", what);
		KUNIT_EXPECT_TRUE_MSG(test, ether_addr_equal(p->n->ha, other_mac), "%s", what);
		return;
	}
	/* Who is refused is told so, and confirms nothing. */
	if (err == -EBUSY) {
		KUNIT_EXPECT_EQ_MSG(test, kernel_err, 0, "%s", what);
		kernel_err = -EBUSY;
		kernel.confirmed = our.confirmed;
	}
	if (!err && nud_set_of(new) & INVALID) {
		/* To lose the MAC address is a change. */
		kernel.updated = our.updated;
		/* Asked for by management, it begins. */
		if (new == NUD_INCOMPLETE) {
			KUNIT_EXPECT_TRUE_MSG(test, our.armed, "%s", what);
			kernel.armed = true;
			kernel.expires = SHORTEST;
			kernel.probes = p->parms.ucast_probes;
		}
	}
	KUNIT_EXPECT_EQ_MSG(test, err, kernel_err, "%s", what);
	compare(test, what, &our, &kernel);
	/* Which MAC address it has. */
	KUNIT_EXPECT_EQ_MSG(test, !!(todo.actions & SET_MAC),
			    ether_addr_equal(p->n->ha, other_mac), "%s", what);
}

static void nud_kernel_update(struct kunit *test)
{
	struct pair *p = begin_pair(test);
	unsigned int i, j, mac, flags;

	for (i = 0; i < N_STATES * N_STATES; i++) {
		for (j = 0; j < 3 * 4; j++) {
			u8 old = nud_states[i / N_STATES];

			mac = j / 4;
			flags = j % 4;
			if (mac == TEACH_MAC_SAME && nud_set_of(old) & INVALID)
				continue;
			play_update(test, p, old, nud_states[i % N_STATES], mac, flags);
		}
	}
}

static struct kunit_case nud_kernel_cases[] = {
	KUNIT_CASE(nud_kernel_timer),
	KUNIT_CASE(nud_kernel_use),
	KUNIT_CASE(nud_kernel_update),
	{}
};

static struct kunit_suite nud_kernel_suite = {
	.name		= "teach_nud_kernel",
	.test_cases	= nud_kernel_cases,
};

kunit_test_suite(nud_kernel_suite);
