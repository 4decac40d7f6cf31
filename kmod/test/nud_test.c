// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/nud.c: the timer and packets in every state, and stories of many events;
 * updates are in nud_update_test.c. The clock is the test's own.
 *
 * The tables are the edges of net/core/neighbour.c (neigh_timer_handler(),
 * __neigh_event_send()), written down again: nothing in them is computed by nud.c. Each
 * row is played at several times, so that the clock also wraps within every interval. What
 * an event does not change must stay as it was.
 */
#include "test/nud_common.h"

/* ---- A new entry ---------------------------------------------------------------------- */

static void nud_init(struct kunit *test)
{
	static const u8 first[] = { NUD_NONE, NUD_NOARP };
	struct teach_nud nud, want;
	unsigned int i, j;

	for (i = 0; i < N_NOWS; i++) {
		for (j = 0; j < ARRAY_SIZE(first); j++) {
			const struct teach_nud_todo nothing = {};

			memset(&nud, 0xa5, sizeof(nud));
			teach_nud_init(&nud, first[j], &nud_parms, nud_nows[i]);
			want = nud_entry(nud_nows[i], first[j], 0, -2 * BASE, 0, 0);
			nud_expect(test, "new", nud_nows[i], &nud, &want, &nothing, 0, 0);
		}
	}
}

/* ---- The timer ---------------------------------------------------------------------------- */

/**
 * struct timer_row - what the timer does in a state
 * @state: before
 * @probes: sent by then
 * @confirmed: when, seen from now: negative is ago
 * @used: when
 * @to: after
 * @to_probes: after
 * @actions: to be done
 * @expires: seen from now, with ARM
 *
 * @updated becomes now where the state changes.
 */
struct timer_row {
	u8		state;
	u8		probes;
	long		confirmed;
	long		used;
	u8		to;
	u8		to_probes;
	unsigned int	actions;
	long		expires;
};

static const struct timer_row timer_rows[] = {
	/* Confirmed lately: until that is no longer so. */
	{ NUD_REACHABLE, 3, 0, 0, NUD_REACHABLE, 3, ARM, REACH },
	{ NUD_REACHABLE, 0, 0, -LONG_AGO, NUD_REACHABLE, 0, ARM, REACH },
	{ NUD_REACHABLE, 0, 5, 0, NUD_REACHABLE, 0, ARM, REACH + 5 },
	{ NUD_REACHABLE, 0, -DELAY - 1, 0, NUD_REACHABLE, 0, ARM, REACH - DELAY - 1 },
	{ NUD_REACHABLE, 0, -(REACH - SHORTEST - 1), 0, NUD_REACHABLE, 0, ARM, SHORTEST + 1 },
	{ NUD_REACHABLE, 0, -(REACH - SHORTEST), 0, NUD_REACHABLE, 0, ARM, SHORTEST },
	{ NUD_REACHABLE, 0, -(REACH - 1), 0, NUD_REACHABLE, 0, ARM, SHORTEST },
	{ NUD_REACHABLE, 0, -REACH, 0, NUD_REACHABLE, 0, ARM, SHORTEST },
	/* Not confirmed, but used lately: its upper layers have a chance. */
	{ NUD_REACHABLE, 3, -REACH - 1, 0, NUD_DELAY, 3, ARM, DELAY },
	{ NUD_REACHABLE, 0, -REACH - 1, 2, NUD_DELAY, 0, ARM, DELAY },
	{ NUD_REACHABLE, 0, -REACH - 1, -DELAY + 1, NUD_DELAY, 0, ARM, DELAY },
	{ NUD_REACHABLE, 0, -REACH - 1, -DELAY, NUD_DELAY, 0, ARM, DELAY },
	{ NUD_REACHABLE, 0, -LONG_AGO, -DELAY, NUD_DELAY, 0, ARM, DELAY },
	/* Neither. */
	{ NUD_REACHABLE, 3, -REACH - 1, -DELAY - 1, NUD_STALE, 3, NOTIFY, 0 },
	{ NUD_REACHABLE, 0, -LONG_AGO, -LONG_AGO, NUD_STALE, 0, NOTIFY, 0 },

	/* Confirmed meanwhile. */
	{ NUD_DELAY, 3, 0, 0, NUD_REACHABLE, 3, ARM | NOTIFY, REACH },
	{ NUD_DELAY, 0, 5, -LONG_AGO, NUD_REACHABLE, 0, ARM | NOTIFY, REACH + 5 },
	{ NUD_DELAY, 0, -DELAY + 1, 0, NUD_REACHABLE, 0, ARM | NOTIFY, REACH - DELAY + 1 },
	{ NUD_DELAY, 0, -DELAY, 0, NUD_REACHABLE, 0, ARM | NOTIFY, REACH - DELAY },
	/* Not confirmed: it is asked, whether it was used or not. */
	{ NUD_DELAY, 9, -DELAY - 1, 0, NUD_PROBE, 0, ARM | NOTIFY | SOLICIT, RETRANS },
	{ NUD_DELAY, 0, -LONG_AGO, -LONG_AGO, NUD_PROBE, 0, ARM | NOTIFY | SOLICIT, RETRANS },

	/* The first UCAST probes are not for INCOMPLETE: it starts with those spent. */
	{ NUD_INCOMPLETE, UCAST, -LONG_AGO, 0, NUD_INCOMPLETE, UCAST, ARM | SOLICIT, RETRANS },
	{ NUD_INCOMPLETE, UCAST + 1, 0, 0, NUD_INCOMPLETE, UCAST + 1, ARM | SOLICIT, RETRANS },
	{ NUD_INCOMPLETE, UCAST + MCAST - 1, 0, -LONG_AGO,
	  NUD_INCOMPLETE, UCAST + MCAST - 1, ARM | SOLICIT, RETRANS },
	{ NUD_INCOMPLETE, UCAST + MCAST, 0, 0,
	  NUD_FAILED, UCAST + MCAST, FAIL | NOTIFY, 0 },
	{ NUD_INCOMPLETE, U8_MAX, -LONG_AGO, -LONG_AGO,
	  NUD_FAILED, U8_MAX, FAIL | NOTIFY, 0 },

	/* No broadcast follows on the unicast probes. */
	{ NUD_PROBE, 0, -LONG_AGO, 0, NUD_PROBE, 0, ARM | SOLICIT, RETRANS },
	{ NUD_PROBE, UCAST - 1, 0, -LONG_AGO, NUD_PROBE, UCAST - 1, ARM | SOLICIT, RETRANS },
	{ NUD_PROBE, UCAST, 0, 0, NUD_FAILED, UCAST, FAIL | NOTIFY, 0 },
	{ NUD_PROBE, UCAST + 1, -LONG_AGO, -LONG_AGO,
	  NUD_FAILED, UCAST + 1, FAIL | NOTIFY, 0 },

	/* Those have no timer: one that was late finds nothing to do. */
	{ NUD_NONE, 3, 0, 0, NUD_NONE, 3, 0, 0 },
	{ NUD_NONE, 9, -LONG_AGO, -LONG_AGO, NUD_NONE, 9, 0, 0 },
	{ NUD_STALE, 3, 0, 0, NUD_STALE, 3, 0, 0 },
	{ NUD_STALE, 9, -LONG_AGO, -LONG_AGO, NUD_STALE, 9, 0, 0 },
	{ NUD_FAILED, 3, 0, 0, NUD_FAILED, 3, 0, 0 },
	{ NUD_FAILED, 9, -LONG_AGO, -LONG_AGO, NUD_FAILED, 9, 0, 0 },
	{ NUD_NOARP, 3, 0, 0, NUD_NOARP, 3, 0, 0 },
	{ NUD_NOARP, 9, -LONG_AGO, -LONG_AGO, NUD_NOARP, 9, 0, 0 },
	{ NUD_PERMANENT, 3, 0, 0, NUD_PERMANENT, 3, 0, 0 },
	{ NUD_PERMANENT, 9, -LONG_AGO, -LONG_AGO, NUD_PERMANENT, 9, 0, 0 },
};

static void play_timer(struct kunit *test, const struct teach_parms *p,
		       const struct timer_row *row, unsigned long now, const char *what)
{
	struct teach_nud nud = nud_entry(now, row->state, row->probes, row->confirmed,
				     row->used, -77);
	struct teach_nud want = nud;
	struct teach_nud_todo todo;

	want.state = row->to;
	want.probes = row->to_probes;
	if (row->to != row->state)
		want.updated = now;
	todo = teach_nud_timer(&nud, p, now);
	nud_expect(test, what, now, &nud, &want, &todo, row->actions, row->expires);
}

static void nud_timer(struct kunit *test)
{
	unsigned int i, j, seen = 0;
	char what[80];

	for (i = 0; i < ARRAY_SIZE(timer_rows); i++) {
		seen |= nud_set_of(timer_rows[i].state);
		snprintf(what, sizeof(what), "row %u, timer in %s", i,
			 nud_name_of(timer_rows[i].state));
		for (j = 0; j < N_NOWS; j++)
			play_timer(test, &nud_parms, &timer_rows[i], nud_nows[j], what);
	}
	KUNIT_EXPECT_EQ(test, seen, INVALID | VALID);
}

/* Without probes of a kind nobody is asked: the state fails at once. */
static void nud_timer_no_probes(struct kunit *test)
{
	static const struct timer_row rows[] = {
		{ NUD_DELAY, 9, -DELAY - 1, 0, NUD_FAILED, 0, FAIL | NOTIFY, 0 },
		{ NUD_PROBE, 0, 0, 0, NUD_FAILED, 0, FAIL | NOTIFY, 0 },
		{ NUD_INCOMPLETE, 0, 0, 0, NUD_FAILED, 0, FAIL | NOTIFY, 0 },
	};
	struct teach_parms p = nud_parms;
	unsigned int i;

	p.ucast_probes = 0;
	p.mcast_probes = 0;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		play_timer(test, &p, &rows[i], 50000, nud_name_of(rows[i].state));
}

/* Whatever the parameters say, the timer does not spin. */
static void nud_shortest_wait(struct kunit *test)
{
	static const int times[] = { INT_MIN, -1, 0, 1 };
	struct teach_parms p = nud_parms;
	struct teach_nud_todo todo;
	struct teach_nud nud;
	unsigned int i;

	p.reachable_time = 0;
	for (i = 0; i < ARRAY_SIZE(times); i++) {
		const struct timer_row rows[] = {
			{ NUD_PROBE, 0, 0, 0, NUD_PROBE, 0, ARM | SOLICIT, SHORTEST },
			{ NUD_INCOMPLETE, 2, 0, 0, NUD_INCOMPLETE, 2, ARM | SOLICIT, SHORTEST },
			{ NUD_DELAY, 2, -LONG_AGO, 0,
			  NUD_PROBE, 0, ARM | NOTIFY | SOLICIT, SHORTEST },
		};
		unsigned int j;

		p.retrans_time = times[i];
		for (j = 0; j < ARRAY_SIZE(rows); j++)
			play_timer(test, &p, &rows[j], -1UL, nud_name_of(rows[j].state));
		nud = nud_entry(0, NUD_NONE, 0, 0, 0, 0);
		todo = teach_nud_use(&nud, &p, 0);
		KUNIT_EXPECT_EQ(test, todo.expires, (unsigned long)SHORTEST);
	}
	p.retrans_time = SHORTEST + 1;
	nud = nud_entry(0, NUD_PROBE, 0, 0, 0, 0);
	todo = teach_nud_timer(&nud, &p, 0);
	KUNIT_EXPECT_EQ(test, todo.expires, (unsigned long)SHORTEST + 1);

	p.delay_probe_time = 0;
	nud = nud_entry(0, NUD_STALE, 0, 0, 0, 0);
	todo = teach_nud_use(&nud, &p, 0);
	KUNIT_EXPECT_EQ(test, todo.expires, (unsigned long)SHORTEST);
	nud = nud_entry(0, NUD_DELAY, 0, 0, 0, 0);
	todo = teach_nud_timer(&nud, &p, 0);
	KUNIT_EXPECT_EQ(test, todo.expires, (unsigned long)SHORTEST);
}

/* ---- A packet ------------------------------------------------------------------------------ */

/**
 * struct use_row - what a packet does in a state
 * @from: states before
 * @no_mcast: where broadcasts are not allowed
 * @to: state after, or 0xff for the one before
 * @to_probes: after, or -1 for those before
 * @actions: to be done
 * @expires: seen from now, with ARM
 *
 * @used becomes now in each, @updated where the state is entered anew.
 */
struct use_row {
	unsigned int	from;
	bool		no_mcast;
	u8		to;
	int		to_probes;
	unsigned int	actions;
	long		expires;
};

static const struct use_row use_rows[] = {
	{ NONE | FAILED, false, NUD_INCOMPLETE, UCAST, ARM | SOLICIT, RETRANS },
	{ NONE | FAILED, true, NUD_FAILED, -1, 0, 0 },
	{ STALE, false, NUD_DELAY, -1, ARM, DELAY },
	{ STALE, true, NUD_DELAY, -1, ARM, DELAY },
	{ INCOMPLETE | REACHABLE | DELAYED | PROBE | NOARP | PERMANENT, false, 0xff, -1, 0, 0 },
	{ INCOMPLETE | REACHABLE | DELAYED | PROBE | NOARP | PERMANENT, true, 0xff, -1, 0, 0 },
};

static void play_use(struct kunit *test, const struct use_row *row, u8 state,
		     unsigned long now)
{
	struct teach_nud nud = nud_entry(now, state, 9, -LONG_AGO, -88, -77);
	struct teach_parms p = nud_parms;
	struct teach_nud want = nud;
	struct teach_nud_todo todo;
	char what[80];

	if (row->no_mcast)
		p.mcast_probes = 0;
	want.used = now;
	if (row->to != 0xff) {
		want.state = row->to;
		want.updated = now;
	}
	if (row->to_probes >= 0)
		want.probes = row->to_probes;
	snprintf(what, sizeof(what), "a packet in %s%s", nud_name_of(state),
		 row->no_mcast ? " without broadcasts" : "");
	todo = teach_nud_use(&nud, &p, now);
	nud_expect(test, what, now, &nud, &want, &todo, row->actions, row->expires);
}

static void nud_use(struct kunit *test)
{
	unsigned int i, j, k, played = 0;

	for (i = 0; i < ARRAY_SIZE(use_rows); i++) {
		for (j = 0; j < N_STATES; j++) {
			if (!(use_rows[i].from & nud_set_of(nud_states[j])))
				continue;
			played++;
			for (k = 0; k < N_NOWS; k++)
				play_use(test, &use_rows[i], nud_states[j], nud_nows[k]);
		}
	}
	KUNIT_EXPECT_EQ(test, played, 2 * N_STATES);
}

/* Confirmed so long ago that it would seem to be in the future. */
static void nud_use_long_ago(struct kunit *test)
{
	static const u8 from[] = { NUD_NONE, NUD_FAILED, NUD_STALE };
	struct teach_nud nud;
	unsigned int i, j;

	for (i = 0; i < N_NOWS * ARRAY_SIZE(from); i++) {
		unsigned long now = nud_nows[i / ARRAY_SIZE(from)];

		for (j = 0; j < ARRAY_SIZE(nud_long_ago); j++) {
			nud = nud_entry(now, from[i % ARRAY_SIZE(from)], 0,
					nud_long_ago[j].confirmed, nud_long_ago[j].used, 0);
			teach_nud_use(&nud, &nud_parms, now);
			KUNIT_EXPECT_EQ(test, (long)(nud.confirmed - now),
					nud_long_ago[j].to_confirmed);
			KUNIT_EXPECT_EQ(test, (long)(nud.used - now), 0);
		}
	}
}

/* Whom the next request asks. */
static void nud_asks_all(struct kunit *test)
{
	unsigned int i, probes;

	for (i = 0; i < N_STATES; i++) {
		for (probes = 0; probes <= UCAST + MCAST; probes++) {
			const struct teach_nud nud = nud_entry(0, nud_states[i], probes, 0, 0, 0);
			bool known = nud_states[i] == NUD_PROBE && probes < UCAST;

			KUNIT_EXPECT_EQ_MSG(test, teach_nud_asks_all(&nud, &nud_parms), !known,
					    "%s, %u sent", nud_name_of(nud_states[i]), probes);
		}
	}
}

/* ---- Stories: as many events as one entry sees, with the timer kept here ------------ */

/**
 * struct story - an entry with the clock and the timer of its owner
 * @test: test
 * @nud: the entry
 * @now: the clock
 * @timer: when it runs out, if @armed
 * @armed: the timer runs
 * @actions: what the last event wanted
 * @asked_all: requests to all so far
 * @asked_one: requests to the known MAC address so far
 */
struct story {
	struct kunit		*test;
	struct teach_nud	nud;
	unsigned long		now;
	unsigned long		timer;
	bool			armed;
	unsigned int		actions;
	unsigned int		asked_all;
	unsigned int		asked_one;
};

/* As neigh_plan() of link/neigh.c does it. */
static void story_do(struct story *s, const struct teach_nud_todo *todo)
{
	s->actions = todo->actions;
	if (todo->actions & ARM) {
		s->armed = true;
		s->timer = todo->expires;
	} else if (todo->actions & DISARM) {
		s->armed = false;
	}
	if (todo->actions & SOLICIT) {
		if (teach_nud_asks_all(&s->nud, &nud_parms))
			s->asked_all++;
		else
			s->asked_one++;
		s->nud.probes++;
	}
}

static void story_begin(struct story *s, struct kunit *test, unsigned long now)
{
	*s = (struct story) { .test = test, .now = now };
	teach_nud_init(&s->nud, NUD_NONE, &nud_parms, now);
}

static void story_use(struct story *s)
{
	struct teach_nud_todo todo = teach_nud_use(&s->nud, &nud_parms, s->now);

	story_do(s, &todo);
}

static void story_update(struct story *s, u8 state, enum teach_nud_offer mac)
{
	struct teach_nud_todo todo;

	KUNIT_ASSERT_EQ(s->test, 0, teach_nud_update(&s->nud, &nud_parms, s->now, state, mac,
						     TEACH_UPDATE_OVERRIDE, &todo));
	story_do(s, &todo);
}

/* The clock goes on to where the timer must run out, and it does. */
static void story_timer(struct story *s, long after, u8 state, unsigned int actions)
{
	struct teach_nud_todo todo;

	KUNIT_ASSERT_TRUE(s->test, s->armed);
	KUNIT_ASSERT_EQ(s->test, (long)(s->timer - s->now), after);
	s->now = s->timer;
	s->armed = false;
	todo = teach_nud_timer(&s->nud, &nud_parms, s->now);
	story_do(s, &todo);
	KUNIT_ASSERT_STREQ(s->test, nud_name_of(s->nud.state), nud_name_of(state));
	KUNIT_ASSERT_EQ(s->test, s->actions, actions);
}

static void story_resolve(struct story *s)
{
	story_use(s);
	s->now += 3;
	story_update(s, NUD_REACHABLE, TEACH_MAC_OTHER);
	KUNIT_ASSERT_TRUE(s->test, s->actions & SEND);
}

/* Nobody answers: MCAST requests to all, one each RETRANS, and one RETRANS more. */
static void nud_story_unanswered(struct kunit *test)
{
	unsigned int i, sent, again;
	struct story s;

	for (i = 0; i < N_NOWS; i++) {
		story_begin(&s, test, nud_nows[i]);
		/* And the same again, when a packet asks for it. */
		for (again = 1; again <= 2; again++) {
			story_use(&s);
			KUNIT_ASSERT_EQ(test, s.actions, SOLICIT | ARM);
			for (sent = 1; sent < MCAST; sent++) {
				story_use(&s);
				story_timer(&s, RETRANS, NUD_INCOMPLETE, SOLICIT | ARM);
			}
			story_timer(&s, RETRANS, NUD_FAILED, FAIL | NOTIFY);
			KUNIT_EXPECT_FALSE(test, s.armed);
			KUNIT_EXPECT_EQ(test, s.asked_all, again * MCAST);
			KUNIT_EXPECT_EQ(test, s.asked_one, 0);
		}
	}
}

/* Answered, unused, used again, not confirmed, asked and answered. */
static void nud_story_stale(struct kunit *test)
{
	struct story s;
	unsigned int i;

	for (i = 0; i < N_NOWS; i++) {
		story_begin(&s, test, nud_nows[i]);
		story_resolve(&s);
		story_timer(&s, REACH, NUD_REACHABLE, ARM);
		story_timer(&s, SHORTEST, NUD_STALE, NOTIFY);
		KUNIT_ASSERT_FALSE(test, s.armed);

		s.now += LONG_AGO;
		story_use(&s);
		story_timer(&s, DELAY, NUD_PROBE, NOTIFY | SOLICIT | ARM);
		story_update(&s, NUD_REACHABLE, TEACH_MAC_SAME);
		KUNIT_EXPECT_EQ(test, s.actions, NOTIFY | ARM);
		KUNIT_EXPECT_EQ(test, (long)(s.timer - s.now), REACH);
		KUNIT_EXPECT_EQ(test, s.asked_all, 1);
		KUNIT_EXPECT_EQ(test, s.asked_one, 1);
	}
}

/* Unused for more than half the range of jiffies, which 32 bits have in a month: that it
 * was confirmed before is not mistaken for a confirmation to come.
 */
static void nud_story_long_unused(struct kunit *test)
{
	struct story s;
	unsigned int i;

	for (i = 0; i < N_NOWS; i++) {
		story_begin(&s, test, nud_nows[i]);
		story_resolve(&s);
		story_timer(&s, REACH, NUD_REACHABLE, ARM);
		story_timer(&s, SHORTEST, NUD_STALE, NOTIFY);
		s.now += LONG_MAX;
		story_use(&s);
		story_timer(&s, DELAY, NUD_PROBE, NOTIFY | SOLICIT | ARM);
	}
}

/* It went away: UCAST requests to it, nobody else is asked. */
static void nud_story_gone(struct kunit *test)
{
	struct story s;
	unsigned int i, sent;

	for (i = 0; i < N_NOWS; i++) {
		story_begin(&s, test, nud_nows[i]);
		story_resolve(&s);
		story_timer(&s, REACH, NUD_REACHABLE, ARM);
		/* Used just before it is looked at. */
		story_use(&s);
		story_timer(&s, SHORTEST, NUD_DELAY, ARM);
		story_timer(&s, DELAY, NUD_PROBE, NOTIFY | SOLICIT | ARM);
		for (sent = 1; sent < UCAST; sent++)
			story_timer(&s, RETRANS, NUD_PROBE, SOLICIT | ARM);
		story_timer(&s, RETRANS, NUD_FAILED, FAIL | NOTIFY);
		KUNIT_EXPECT_EQ(test, s.asked_all, 1);
		KUNIT_EXPECT_EQ(test, s.asked_one, UCAST);
	}
}

/* An upper layer that confirms keeps it reachable, and nobody is asked. */
static void nud_story_confirmed(struct kunit *test)
{
	unsigned int i, round;
	struct story s;

	for (i = 0; i < N_NOWS; i++) {
		story_begin(&s, test, nud_nows[i]);
		story_resolve(&s);
		for (round = 0; round < 20; round++) {
			s.nud.confirmed = s.timer - 1000;
			story_timer(&s, round ? REACH - 1000 : REACH, NUD_REACHABLE, ARM);
		}
		story_timer(&s, REACH - 1000, NUD_REACHABLE, ARM);
		story_use(&s);
		story_timer(&s, SHORTEST, NUD_DELAY, ARM);
		s.nud.confirmed = s.now + 1;
		story_timer(&s, DELAY, NUD_REACHABLE, ARM | NOTIFY);
		KUNIT_EXPECT_EQ(test, (long)(s.timer - s.now), REACH - DELAY + 1);
		KUNIT_EXPECT_EQ(test, s.asked_all, 1);
		KUNIT_EXPECT_EQ(test, s.asked_one, 0);
	}
}

static struct kunit_case nud_cases[] = {
	KUNIT_CASE(nud_init),
	KUNIT_CASE(nud_timer),
	KUNIT_CASE(nud_timer_no_probes),
	KUNIT_CASE(nud_shortest_wait),
	KUNIT_CASE(nud_use),
	KUNIT_CASE(nud_use_long_ago),
	KUNIT_CASE(nud_asks_all),
	KUNIT_CASE(nud_story_unanswered),
	KUNIT_CASE(nud_story_stale),
	KUNIT_CASE(nud_story_long_unused),
	KUNIT_CASE(nud_story_gone),
	KUNIT_CASE(nud_story_confirmed),
	{}
};

static struct kunit_suite nud_suite = {
	.name		= "teach_nud",
	.test_cases	= nud_cases,
};

kunit_test_suite(nud_suite);
