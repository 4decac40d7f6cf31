// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/nud_table.c: link/nud.c walks every edge of the table, in each state that it
 * comes from, and does what the edge says and nothing else.
 *
 * That the edges are the right ones is not for this suite to say: nud_test.c and
 * nud_update_test.c have them written down a second time, and nud_kernel_test.c has the
 * kernel's own state machine beside ours. Here it is that no edge is dead, none is
 * missing, and that what the document draws is what runs.
 */
#include "test/nud_common.h"

/* Worlds: what an event may find, and which facts that makes true. They are written
 * down, not computed: `facts` is what nud.c must find out by itself.
 */

/**
 * struct use_world - a packet comes
 * @mcast: broadcasts allowed
 * @facts: set of enum teach_nud_fact
 */
static const struct use_world {
	int		mcast;
	unsigned int	facts;
} use_worlds[] = {
	{ 0, 0 },
	{ MCAST, TEACH_NUD_MAY_ASK },
};

/**
 * struct timer_world - the timer runs out
 * @confirmed: when, seen from now
 * @used: when
 * @probes: sent by then
 * @ucast: requests to itself that are allowed
 * @facts: true in REACHABLE, DELAY, INCOMPLETE and PROBE
 * @left: set of states in which a request is left
 */
static const struct timer_world {
	long		confirmed;
	long		used;
	u8		probes;
	int		ucast;
	unsigned int	facts;
	unsigned int	left;
} timer_worlds[] = {
	{ 0, 0, 0, UCAST, TEACH_NUD_FRESH | TEACH_NUD_JUST_CONFIRMED | TEACH_NUD_JUST_USED,
	  DELAYED | INCOMPLETE | PROBE },
	{ -DELAY - 1, 0, UCAST, UCAST, TEACH_NUD_FRESH | TEACH_NUD_JUST_USED,
	  DELAYED | INCOMPLETE },
	{ -REACH - 1, -DELAY, UCAST + MCAST, UCAST, TEACH_NUD_JUST_USED, DELAYED },
	{ -REACH - 1, -DELAY - 1, UCAST - 1, UCAST, 0, DELAYED | INCOMPLETE | PROBE },
	{ -REACH - 1, -DELAY - 1, MCAST, 0, 0, 0 },
};

/* Which edges were walked, in which states and, where told, to which. */
struct walked {
	unsigned int	from[64];
	unsigned int	told[64];
};

/* The first edge that fits, found in the plainest way. */
static int fitting(unsigned int event, u8 state, u8 told, unsigned int facts)
{
	unsigned int i;

	for (i = 0; i < teach_nud_n_edges; i++) {
		const struct teach_nud_edge *e = &teach_nud_edges[i];

		if (e->event != event || !(e->from & nud_set_of(state)))
			continue;
		if (event >= TEACH_NUD_TOLD && !(e->told & nud_set_of(told)))
			continue;
		if (!(e->guard & ~facts))
			return i;
	}
	return -1;
}

static long wait_of(const struct teach_nud_edge *e, const struct teach_nud *nud,
		    unsigned long now)
{
	long wait = 0;

	switch (e->wait) {
	case TEACH_NUD_RETRANS:
		wait = RETRANS;
		break;
	case TEACH_NUD_DELAY_TIME:
		wait = DELAY;
		break;
	case TEACH_NUD_REACHABLE_TIME:
		wait = (e->marks & TEACH_NUD_CONFIRM ? 0 : (long)(nud->confirmed - now)) +
		       REACH;
		break;
	}
	return max(wait, SHORTEST);
}

/* What an entry is to be after an edge, told by the edge alone. */
static void apply(struct teach_nud *nud, const struct teach_nud_edge *e, int ucast,
		  unsigned long now)
{
	if (e->marks & TEACH_NUD_CONFIRM)
		nud->confirmed = now;
	/* No time in these worlds is of long ago: used since it was confirmed is left. */
	if (e->marks & TEACH_NUD_BOUND && time_before(nud->used, nud->confirmed))
		nud->used = nud->confirmed;
	if (e->marks & TEACH_NUD_DOUBT)
		nud->confirmed = now - 2 * BASE;
	if (e->marks & TEACH_NUD_ASK_ALL)
		nud->probes = ucast;
	if (e->marks & TEACH_NUD_ASK_IT)
		nud->probes = 0;
	if (e->marks & (TEACH_NUD_ASK_ALL | TEACH_NUD_ASK_IT))
		nud->asked = 0;
	if (e->to != TEACH_NUD_STAY)
		nud->state = e->to == NONE ? NUD_NONE : e->to;
	if (e->to != TEACH_NUD_STAY || e->actions & SET_MAC)
		nud->updated = now;
}

static unsigned int actions_of(const struct teach_nud_edge *e)
{
	if (e->wait == TEACH_NUD_LEAVE)
		return e->actions;
	return e->actions | (e->wait == TEACH_NUD_STOP ? DISARM : ARM);
}

static void expect_edge(struct kunit *test, const char *what, unsigned long now,
			const struct teach_nud *is, const struct teach_nud *want,
			const struct teach_nud_todo *todo, u8 old_state,
			const struct teach_nud_edge *e, const struct teach_nud_edge *mac,
			long expires)
{
	unsigned int actions = (e ? actions_of(e) : 0) | (mac ? mac->actions : 0);

	nud_expect(test, what, now, is, want, todo, actions, expires);
	KUNIT_EXPECT_EQ_MSG(test, is->asked, want->asked, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, todo->old_state, old_state, "%s", what);
	KUNIT_EXPECT_EQ_MSG(test, todo->reason, e ? e->reason : 0, "%s", what);
}

static struct teach_nud begin(unsigned long now, u8 state, u8 probes, long confirmed,
			      long used)
{
	struct teach_nud nud = nud_entry(now, state, probes, confirmed, used, -77);

	nud.asked = 5;
	return nud;
}

static void walk_use(struct kunit *test, struct walked *w, const struct use_world *world,
		     u8 state, unsigned long now)
{
	struct teach_nud nud = begin(now, state, 9, -LONG_AGO, -88), want = nud;
	int i = fitting(TEACH_NUD_USE, state, 0, world->facts);
	const struct teach_nud_edge *e = i < 0 ? NULL : &teach_nud_edges[i];
	struct teach_parms p = nud_parms;
	struct teach_nud_todo todo;
	char what[80];

	snprintf(what, sizeof(what), "edge %d: a packet in %s", i, nud_name_of(state));
	want.used = now;
	p.mcast_probes = world->mcast;
	if (e) {
		w->from[i] |= nud_set_of(state);
		apply(&want, e, UCAST, now);
	}
	todo = teach_nud_use(&nud, &p, now);
	expect_edge(test, what, now, &nud, &want, &todo, state, e, NULL,
		    e ? wait_of(e, &want, now) : 0);
}

static void walk_timer(struct kunit *test, struct walked *w,
		       const struct timer_world *world, u8 state, unsigned long now)
{
	struct teach_nud nud = begin(now, state, world->probes, world->confirmed,
				     world->used), want = nud;
	bool left = world->left & nud_set_of(state);
	int i = fitting(TEACH_NUD_TIMER, state, 0,
			world->facts | (left ? TEACH_NUD_PROBE_LEFT : 0));
	const struct teach_nud_edge *e = i < 0 ? NULL : &teach_nud_edges[i];
	struct teach_parms p = nud_parms;
	struct teach_nud_todo todo;
	char what[80];

	snprintf(what, sizeof(what), "edge %d: timer in %s", i, nud_name_of(state));
	p.ucast_probes = world->ucast;
	if (e) {
		w->from[i] |= nud_set_of(state);
		apply(&want, e, p.ucast_probes, now);
	}
	todo = teach_nud_timer(&nud, &p, now);
	expect_edge(test, what, now, &nud, &want, &todo, state, e, NULL,
		    e ? wait_of(e, &want, now) : 0);
}

static unsigned int told_facts(u8 state, u8 probes, u8 told, enum teach_nud_offer mac,
			       unsigned int flags)
{
	static const unsigned int of_flags[] = {
		[0] = TEACH_NUD_BY_NETWORK | TEACH_NUD_LOCKED,
		[TEACH_UPDATE_OVERRIDE] = TEACH_NUD_BY_NETWORK,
		[TEACH_UPDATE_ADMIN] = TEACH_NUD_LOCKED,
		[TEACH_UPDATE_OVERRIDE | TEACH_UPDATE_ADMIN] = 0,
		[TEACH_UPDATE_WEAK] = TEACH_NUD_BY_NETWORK | TEACH_NUD_WEAK,
	};
	unsigned int facts = of_flags[flags];

	if (state == told)
		facts |= TEACH_NUD_SAME_STATE;
	if (mac == TEACH_MAC_NONE)
		facts |= TEACH_NUD_NO_MAC;
	if (mac != TEACH_MAC_OTHER && facts & TEACH_NUD_BY_NETWORK)
		facts |= TEACH_NUD_OLD_NEWS;
	if (mac == TEACH_MAC_OTHER && facts & TEACH_NUD_BY_NETWORK)
		facts |= TEACH_NUD_CLAIM;
	if (state == NUD_PROBE && probes == UCAST)
		facts |= TEACH_NUD_IT_ASKED;
	return facts;
}

/* @probes is UCAST, or more. */
static void walk_told(struct kunit *test, struct walked *w, u8 state, u8 probes, u8 told,
		      enum teach_nud_offer mac, unsigned int flags, unsigned long now)
{
	struct teach_nud nud = begin(now, state, probes, -55, -66), want = nud;
	const struct teach_nud_edge *e, *m = NULL;
	unsigned int facts = told_facts(state, probes, told, mac, flags);
	struct teach_nud_todo todo;
	int i, j = -1, err = 0;
	long expires;
	char what[80];

	i = fitting(TEACH_NUD_TOLD, state, told, facts);
	snprintf(what, sizeof(what), "edge %d: %s told %s, MAC %d, flags %u", i,
		 nud_name_of(state), nud_name_of(told), mac, flags);
	/* Whatever is told leads somewhere, be it back. */
	KUNIT_ASSERT_GE_MSG(test, i, 0, "%s", what);
	e = &teach_nud_edges[i];
	if (mac == TEACH_MAC_OTHER)
		j = fitting(TEACH_NUD_OTHER_MAC, state, told, facts);
	/* A refusal is walked where it is the one that refuses. */
	w->from[i] |= nud_set_of(state);
	w->told[i] |= nud_set_of(told);
	err = e->err;
	if (!err && j >= 0) {
		m = &teach_nud_edges[j];
		w->from[j] |= nud_set_of(state);
		w->told[j] |= nud_set_of(told);
		err = m->err;
	}
	if (err) {
		e = NULL;
		m = NULL;
	}
	expires = e ? wait_of(e, &want, now) : 0;
	if (e)
		apply(&want, e, UCAST, now);
	if (m)
		apply(&want, m, UCAST, now);
	KUNIT_EXPECT_EQ_MSG(test, err,
			    teach_nud_update(&nud, &nud_parms, now, told, mac, flags, &todo),
			    "%s", what);
	expect_edge(test, what, now, &nud, &want, &todo, state, e, m, expires);
}

/* Each edge in each state that it names: none is dead, in none of its states. */
static void all_walked(struct kunit *test, const struct walked *w)
{
	unsigned int i;

	for (i = 0; i < teach_nud_n_edges; i++) {
		const struct teach_nud_edge *e = &teach_nud_edges[i];

		KUNIT_EXPECT_NE_MSG(test, w->from[i], 0, "edge %u is dead", i);
		/* Refusals and rests come after others that took some of their states. */
		if (!e->err && e->event != TEACH_NUD_TOLD && e->event != TEACH_NUD_OTHER_MAC)
			KUNIT_EXPECT_EQ_MSG(test, w->from[i], e->from,
					    "edge %u is dead in a state", i);
		if (e->event >= TEACH_NUD_TOLD)
			KUNIT_EXPECT_NE_MSG(test, w->told[i], 0, "edge %u is dead", i);
	}
}

static void nud_table_walk(struct kunit *test)
{
	struct walked *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	unsigned int i, j, k, now;

	KUNIT_ASSERT_NOT_NULL(test, w);
	KUNIT_ASSERT_LE(test, teach_nud_n_edges, (unsigned int)ARRAY_SIZE(w->from));
	for (now = 0; now < N_NOWS; now++) {
		for (i = 0; i < N_STATES; i++) {
			for (j = 0; j < ARRAY_SIZE(use_worlds); j++)
				walk_use(test, w, &use_worlds[j], nud_states[i],
					 nud_nows[now]);
			for (j = 0; j < ARRAY_SIZE(timer_worlds); j++)
				walk_timer(test, w, &timer_worlds[j], nud_states[i],
					   nud_nows[now]);
			for (j = 0; j < N_STATES; j++) {
				for (k = 0; k < 2 * 3 * 5; k++) {
					/* Compared only where a MAC address is known. */
					if (k / 5 % 3 == TEACH_MAC_SAME &&
					    nud_set_of(nud_states[i]) & INVALID)
						continue;
					walk_told(test, w, nud_states[i],
						  UCAST + k / 15, nud_states[j],
						  k / 5 % 3, k % 5, nud_nows[now]);
				}
			}
		}
	}
	all_walked(test, w);
}

/* What holds of the table as a whole. */
static void nud_table_shape(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < teach_nud_n_edges; i++) {
		const struct teach_nud_edge *e = &teach_nud_edges[i];
		bool armed = e->wait > TEACH_NUD_STOP;

		if (i)
			KUNIT_EXPECT_GE_MSG(test, e->event, e[-1].event, "edge %u", i);
		KUNIT_EXPECT_NE_MSG(test, e->from, 0, "edge %u", i);
		KUNIT_EXPECT_EQ_MSG(test, !!e->told, e->event >= TEACH_NUD_TOLD, "edge %u", i);
		/* The timer runs in those states that end by it, and in no other. */
		if (e->to != TEACH_NUD_STAY) {
			KUNIT_EXPECT_TRUE_MSG(test, is_power_of_2(e->to), "edge %u", i);
			KUNIT_EXPECT_EQ_MSG(test, armed, !!(e->to & TEACH_NUD_TIMED),
					    "edge %u", i);
		} else {
			KUNIT_EXPECT_TRUE_MSG(test, !armed || e->event == TEACH_NUD_TIMER,
					      "edge %u", i);
		}
		/* A MAC address is lost by an edge only where listeners are told. */
		if (e->to & INVALID && e->to != TEACH_NUD_STAY && e->from & VALID)
			KUNIT_EXPECT_TRUE_MSG(test, e->actions & NOTIFY, "edge %u", i);
		/* What happens by itself has a reason of its own. */
		if (e->event == TEACH_NUD_TIMER)
			KUNIT_EXPECT_NE_MSG(test, e->reason, TEACH_NEIGH_REASON_UNSPEC,
					    "edge %u", i);
		/* Of what is told, only what is not believed has one. */
		if (e->event >= TEACH_NUD_TOLD && e->reason)
			KUNIT_EXPECT_TRUE_MSG(test, e->guard & TEACH_NUD_CLAIM, "edge %u", i);
	}
}

static struct kunit_case nud_table_cases[] = {
	KUNIT_CASE(nud_table_walk),
	KUNIT_CASE(nud_table_shape),
	{}
};

static struct kunit_suite nud_table_suite = {
	.name		= "teach_nud_table",
	.test_cases	= nud_table_cases,
};

kunit_test_suite(nud_table_suite);
