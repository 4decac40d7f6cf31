// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/nud.c, teach_nud_update(): each old state, each state that is asked for,
 * each thing that is said of the MAC address, each who.
 *
 * The table is __neigh_update() of net/core/neighbour.c, written down again: nothing in
 * it is computed by nud.c. Each combination is played at several times, so that the clock
 * also wraps within every interval, and what it does not change must stay as it was.
 *
 * Four things differ from neighbour.c on purpose, and are expected here: an update that
 * brings another MAC address and may not replace the known one is -EBUSY and confirms
 * nothing (there: 0, confirmed); INCOMPLETE asked for by management begins to resolve
 * (there: it waits for a packet); and leaving for a state without a MAC address counts as
 * a change (@updated); and where the network has another MAC address for an entry that is
 * REACHABLE, or whose owner is being asked, that owner is asked first and the other
 * one is not taken (there: it is).
 */
#include "test/nud_common.h"

#define NO_MAC		BIT(TEACH_MAC_NONE)
#define SAME		BIT(TEACH_MAC_SAME)
#define OTHER		BIT(TEACH_MAC_OTHER)
#define ANY_MAC		(NO_MAC | SAME | OTHER)

/* Who may be told apart by the flags, as a set too: bit n for flags == n. */
#define NOT_OVERRIDE	(BIT(0) | BIT(TEACH_UPDATE_ADMIN))
#define OVERRIDE	(BIT(TEACH_UPDATE_OVERRIDE) | \
			 BIT(TEACH_UPDATE_ADMIN | TEACH_UPDATE_OVERRIDE))
#define NETWORK		(BIT(0) | BIT(TEACH_UPDATE_OVERRIDE))
#define ADMIN		(BIT(TEACH_UPDATE_ADMIN) | \
			 BIT(TEACH_UPDATE_ADMIN | TEACH_UPDATE_OVERRIDE))
#define ANYONE		(NETWORK | ADMIN)

enum confirmed { C_KEPT, C_NOW, C_LONG_AGO };
enum expiry { E_NONE, E_SOON, E_REACH };
enum probes { P_KEPT, P_ZERO, P_UCAST };
enum entered { KEPT, CHANGED, ENTERED, CONTESTED };

/**
 * struct update_row - what an update does
 * @old: states before
 * @new: states that are asked for
 * @mac: what is said of the MAC address
 * @who: flags
 * @err: result
 * @entered: ENTERED: the new state, as of now; CHANGED: the old one, updated now;
 *	CONTESTED: PROBE, as of now
 * @actions: to be done
 * @expires: with ARM
 * @confirmed: after
 * @probes: after
 */
struct update_row {
	unsigned int	old;
	unsigned int	new;
	unsigned int	mac;
	unsigned int	who;
	int		err;
	enum entered	entered;
	unsigned int	actions;
	enum expiry	expires;
	enum confirmed	confirmed;
	enum probes	probes;
};

/* Every combination of what is asked for is in exactly one row, but for those that
 * nud_update_forbidden() has.
 */
static const struct update_row update_rows[] = {
	/* To a state without a MAC address, whatever is said of that. */
	{ INVALID, NONE, ANY_MAC, ANYONE, 0, ENTERED, DISARM },
	{ VALID, NONE, ANY_MAC, ANYONE, 0, ENTERED, DISARM | NOTIFY },
	{ INVALID, INCOMPLETE, ANY_MAC, ANYONE, 0, ENTERED, ARM, E_SOON, C_KEPT, P_UCAST },
	{ VALID, INCOMPLETE, ANY_MAC, ANYONE, 0, ENTERED, ARM | NOTIFY, E_SOON, C_KEPT,
	  P_UCAST },
	{ NONE | FAILED, FAILED, ANY_MAC, ANYONE, 0, ENTERED, DISARM },
	/* What waited is lost, and somebody is told. */
	{ INCOMPLETE | PROBE, FAILED, ANY_MAC, ANYONE, 0, ENTERED, DISARM | NOTIFY | FAIL },
	{ VALID & ~PROBE, FAILED, ANY_MAC, ANYONE, 0, ENTERED, DISARM | NOTIFY },

	/* To a state that needs a MAC address, and there is none. */
	{ INVALID, VALID, NO_MAC, ANYONE, -EINVAL },
	/* Another than the known one, which it may not replace. */
	{ VALID, VALID, OTHER, NOT_OVERRIDE, -EBUSY },

	/* The first MAC address: what waited is sent. */
	{ INVALID, REACHABLE, OTHER, ANYONE, 0, ENTERED, SET_MAC | NOTIFY | SEND | ARM,
	  E_REACH, C_NOW },
	{ INVALID, STALE, OTHER, ANYONE, 0, ENTERED, SET_MAC | NOTIFY | SEND | DISARM,
	  E_NONE, C_LONG_AGO },
	{ INVALID, DELAYED, OTHER, ANYONE, 0, ENTERED, SET_MAC | NOTIFY | SEND | ARM,
	  E_SOON, C_LONG_AGO },
	{ INVALID, PROBE, OTHER, ANYONE, 0, ENTERED, SET_MAC | NOTIFY | SEND | ARM,
	  E_SOON, C_LONG_AGO, P_ZERO },
	{ INVALID, NOARP | PERMANENT, OTHER, ANYONE, 0, ENTERED,
	  SET_MAC | NOTIFY | SEND | DISARM, E_NONE, C_NOW },

	/* The known MAC address, and the state that it is in: at most a confirmation. */
	{ REACHABLE, REACHABLE, NO_MAC | SAME, ANYONE, 0, KEPT, 0, E_NONE, C_NOW },
	{ NOARP, NOARP, NO_MAC | SAME, ANYONE, 0, KEPT, 0, E_NONE, C_NOW },
	{ PERMANENT, PERMANENT, NO_MAC | SAME, ANYONE, 0, KEPT, 0, E_NONE, C_NOW },
	{ STALE, STALE, NO_MAC | SAME, ANYONE },
	{ DELAYED, DELAYED, NO_MAC | SAME, ANYONE },
	{ PROBE, PROBE, NO_MAC | SAME, ANYONE },
	/* The known MAC address, and another state. */
	{ VALID & ~REACHABLE, REACHABLE, NO_MAC | SAME, ANYONE, 0, ENTERED, NOTIFY | ARM,
	  E_REACH, C_NOW },
	{ VALID & ~DELAYED, DELAYED, NO_MAC | SAME, ANYONE, 0, ENTERED, NOTIFY | ARM, E_SOON },
	{ VALID & ~PROBE, PROBE, NO_MAC | SAME, ANYONE, 0, ENTERED, NOTIFY | ARM, E_SOON,
	  C_KEPT, P_ZERO },
	{ VALID & ~NOARP, NOARP, NO_MAC | SAME, ANYONE, 0, ENTERED, NOTIFY | DISARM, E_NONE,
	  C_NOW },
	{ VALID & ~PERMANENT, PERMANENT, NO_MAC | SAME, ANYONE, 0, ENTERED, NOTIFY | DISARM,
	  E_NONE, C_NOW },
	/* A request of a neighbour that is known says nothing new; a person's does. */
	{ VALID & ~STALE, STALE, NO_MAC | SAME, NETWORK },
	{ VALID & ~STALE, STALE, NO_MAC | SAME, ADMIN, 0, ENTERED, NOTIFY | DISARM },

	/* Another MAC address, and the state that it is in: the timer goes on. */
	{ REACHABLE, REACHABLE, OTHER, OVERRIDE, 0, CHANGED, SET_MAC | NOTIFY, E_NONE, C_NOW },
	{ NOARP, NOARP, OTHER, OVERRIDE, 0, CHANGED, SET_MAC | NOTIFY, E_NONE, C_NOW },
	{ PERMANENT, PERMANENT, OTHER, OVERRIDE, 0, CHANGED, SET_MAC | NOTIFY, E_NONE, C_NOW },
	{ STALE, STALE, OTHER, OVERRIDE, 0, CHANGED, SET_MAC | NOTIFY, E_NONE, C_LONG_AGO },
	{ DELAYED, DELAYED, OTHER, OVERRIDE, 0, CHANGED, SET_MAC | NOTIFY, E_NONE, C_LONG_AGO },
	{ PROBE, PROBE, OTHER, OVERRIDE, 0, CHANGED, SET_MAC | NOTIFY, E_NONE, C_LONG_AGO },
	/* Another MAC address, and another state. */
	{ VALID & ~REACHABLE, REACHABLE, OTHER, OVERRIDE, 0, ENTERED, SET_MAC | NOTIFY | ARM,
	  E_REACH, C_NOW },
	{ VALID & ~STALE, STALE, OTHER, OVERRIDE, 0, ENTERED, SET_MAC | NOTIFY | DISARM,
	  E_NONE, C_LONG_AGO },
	{ VALID & ~DELAYED, DELAYED, OTHER, OVERRIDE, 0, ENTERED, SET_MAC | NOTIFY | ARM,
	  E_SOON, C_LONG_AGO },
	{ VALID & ~PROBE, PROBE, OTHER, OVERRIDE, 0, ENTERED, SET_MAC | NOTIFY | ARM,
	  E_SOON, C_LONG_AGO, P_ZERO },
	{ VALID & ~NOARP, NOARP, OTHER, OVERRIDE, 0, ENTERED, SET_MAC | NOTIFY | DISARM,
	  E_NONE, C_NOW },
	{ VALID & ~PERMANENT, PERMANENT, OTHER, OVERRIDE, 0, ENTERED,
	  SET_MAC | NOTIFY | DISARM, E_NONE, C_NOW },
};

/* Times of an entry before an update, and what was done of it. */
#define WAS_CONFIRMED	(-55L)
#define WAS_USED	(-66L)
#define WAS_UPDATED	(-77L)
#define WAS_PROBES	9

static struct teach_nud wanted(const struct update_row *row, unsigned long now, u8 old,
			       u8 new)
{
	struct teach_nud want = nud_entry(now, old, WAS_PROBES, WAS_CONFIRMED, WAS_USED,
				      WAS_UPDATED);

	if (row->entered == ENTERED)
		want.state = new;
	else if (row->entered == CONTESTED)
		want.state = NUD_PROBE;
	if (row->entered != KEPT)
		want.updated = now;
	if (row->confirmed == C_NOW)
		want.confirmed = now;
	else if (row->confirmed == C_LONG_AGO)
		want.confirmed = now - 2 * BASE;
	if (row->probes == P_ZERO)
		want.probes = 0;
	else if (row->probes == P_UCAST)
		want.probes = UCAST;
	/* Where a timer begins that looks at these, it was used when it was confirmed, or
	 * since.
	 */
	if (row->actions & ARM && row->new & VALID)
		want.used = row->confirmed == C_NOW ? now : now + WAS_CONFIRMED;
	return want;
}

static void play_update(struct kunit *test, const struct update_row *row, u8 old, u8 new,
			enum teach_nud_offer mac, unsigned int flags, unsigned long now)
{
	static const long expires[] = { [E_SOON] = SHORTEST, [E_REACH] = REACH };
	struct teach_nud nud = nud_entry(now, old, WAS_PROBES, WAS_CONFIRMED, WAS_USED,
				     WAS_UPDATED);
	const struct teach_nud want = wanted(row, now, old, new);
	struct teach_nud_todo todo;
	char what[80];
	int err;

	memset(&todo, 0xa5, sizeof(todo));
	err = teach_nud_update(&nud, &nud_parms, now, new, mac, flags, &todo);
	snprintf(what, sizeof(what), "%s to %s, MAC %d, flags %u", nud_name_of(old),
		 nud_name_of(new), mac, flags);
	KUNIT_EXPECT_EQ_MSG(test, err, row->err, "%s", what);
	nud_expect(test, what, now, &nud, &want, &todo, row->actions, expires[row->expires]);
}

/* The row for an update, or NULL; there must be one, and no second. */
static const struct update_row *find_row(struct kunit *test, u8 old, u8 new,
					 enum teach_nud_offer mac, unsigned int flags)
{
	const struct update_row *found = NULL, *row;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(update_rows); i++) {
		row = &update_rows[i];
		if (!(row->old & nud_set_of(old)) || !(row->new & nud_set_of(new)) ||
		    !(row->mac & BIT(mac)) || !(row->who & BIT(flags)))
			continue;
		if (found)
			KUNIT_FAIL(test, "two rows for %s to %s, MAC %d, flags %u",
				   nud_name_of(old), nud_name_of(new), mac, flags);
		found = row;
	}
	if (!found)
		KUNIT_FAIL(test, "no row for %s to %s, MAC %d, flags %u", nud_name_of(old),
			   nud_name_of(new), mac, flags);
	return found;
}

/* What the network says of an entry that only management may change. */
static bool forbidden(u8 old, unsigned int flags)
{
	return nud_set_of(old) & (NOARP | PERMANENT) && BIT(flags) & NETWORK;
}

/* Another host says that it has the address of one that is reachable. */
static bool contested(u8 old, u8 new, enum teach_nud_offer mac, unsigned int flags)
{
	return old == NUD_REACHABLE && nud_set_of(new) & VALID && mac == TEACH_MAC_OTHER &&
	       flags == TEACH_UPDATE_OVERRIDE;
}

static const struct update_row contested_row = {
	REACHABLE, VALID, OTHER, NETWORK, 0, CONTESTED, NOTIFY | ARM, E_SOON, C_KEPT, P_ZERO
};

/* The owner compares the MAC address only where one is known (neigh_compare()). */
static bool possible(u8 old, enum teach_nud_offer mac)
{
	return mac != TEACH_MAC_SAME || nud_set_of(old) & VALID;
}

static const struct update_row forbidden_row = {
	INVALID | VALID, INVALID | VALID, ANY_MAC, NETWORK, -EPERM
};

#define N_MACS		3
#define N_FLAGS		4

static void update_all(struct kunit *test, bool want_forbidden)
{
	unsigned int i, k, played = 0;
	const struct update_row *row;

	for (i = 0; i < N_STATES * N_STATES * N_MACS * N_FLAGS; i++) {
		unsigned int flags = i % N_FLAGS;
		enum teach_nud_offer mac = i / N_FLAGS % N_MACS;
		u8 new = nud_states[i / N_FLAGS / N_MACS % N_STATES];
		u8 old = nud_states[i / N_FLAGS / N_MACS / N_STATES];

		if (forbidden(old, flags) != want_forbidden || !possible(old, mac))
			continue;
		row = want_forbidden ? &forbidden_row :
		      contested(old, new, mac, flags) ? &contested_row :
		      find_row(test, old, new, mac, flags);
		if (!row)
			continue;
		played++;
		for (k = 0; k < N_NOWS; k++)
			play_update(test, row, old, new, mac, flags, nud_nows[k]);
	}
	/* 9 old and 9 new states, 3 MAC addresses (2 for those 3 without one), 4 flags;
	 * forbidden are those of 2 old states with 2 of the flags.
	 */
	if (want_forbidden)
		KUNIT_EXPECT_EQ(test, played, 2 * 9 * 3 * 2);
	else
		KUNIT_EXPECT_EQ(test, played, (6 * 3 + 3 * 2) * 9 * 4 - 2 * 9 * 3 * 2);
}

static void nud_update(struct kunit *test)
{
	update_all(test, false);
}

static void nud_update_forbidden(struct kunit *test)
{
	update_all(test, true);
}

/* Its owner is asked, and nobody else is believed until all are asked. */
static void nud_update_asked(struct kunit *test)
{
	const unsigned long now = nud_nows[0];
	struct teach_nud_todo todo;
	struct teach_nud nud, was;
	u8 probes, told;

	for (probes = 0; probes <= UCAST + 1; probes++) {
		for (told = NUD_REACHABLE; told <= NUD_STALE; told <<= 1) {
			nud = nud_entry(now, NUD_PROBE, probes, -55, -66, -77);
			was = nud;
			KUNIT_EXPECT_EQ(test, probes <= UCAST ? -EBUSY : 0,
					teach_nud_update(&nud, &nud_parms, now, told,
							 TEACH_MAC_OTHER,
							 TEACH_UPDATE_OVERRIDE, &todo));
			KUNIT_EXPECT_EQ(test, probes > UCAST, !!(todo.actions & SET_MAC));
			if (probes > UCAST)
				continue;
			KUNIT_EXPECT_MEMEQ(test, &nud, &was, sizeof(nud));
			KUNIT_EXPECT_EQ(test, todo.actions, 0);
			/* Its own answer is, and so is management. */
			KUNIT_EXPECT_EQ(test, 0,
					teach_nud_update(&nud, &nud_parms, now, told,
							 TEACH_MAC_OTHER,
							 TEACH_UPDATE_OVERRIDE |
							 TEACH_UPDATE_ADMIN, &todo));
			KUNIT_EXPECT_TRUE(test, todo.actions & SET_MAC);
			nud = was;
			KUNIT_EXPECT_EQ(test, 0,
					teach_nud_update(&nud, &nud_parms, now,
							 NUD_REACHABLE, TEACH_MAC_SAME, 0,
							 &todo));
			KUNIT_EXPECT_EQ(test, nud.state, NUD_REACHABLE);
		}
	}
}

/* Confirmed so long ago that it would seem to be in the future. */
static void nud_update_long_ago(struct kunit *test)
{
	static const u8 timed[] = { NUD_DELAY, NUD_PROBE };
	struct teach_nud_todo todo;
	struct teach_nud nud;
	unsigned int i, j;

	for (i = 0; i < N_NOWS * ARRAY_SIZE(timed); i++) {
		unsigned long now = nud_nows[i / ARRAY_SIZE(timed)];

		for (j = 0; j < ARRAY_SIZE(nud_long_ago); j++) {
			nud = nud_entry(now, NUD_STALE, 0, nud_long_ago[j].confirmed,
					nud_long_ago[j].used, 0);
			KUNIT_EXPECT_EQ(test, 0,
					teach_nud_update(&nud, &nud_parms, now,
							 timed[i % ARRAY_SIZE(timed)],
							 TEACH_MAC_NONE, TEACH_UPDATE_ADMIN,
							 &todo));
			KUNIT_EXPECT_EQ(test, (long)(nud.confirmed - now),
					nud_long_ago[j].to_confirmed);
			KUNIT_EXPECT_EQ(test, (long)(nud.used - now),
					nud_long_ago[j].to_used);
		}
	}
}

static struct kunit_case nud_update_cases[] = {
	KUNIT_CASE(nud_update),
	KUNIT_CASE(nud_update_forbidden),
	KUNIT_CASE(nud_update_asked),
	KUNIT_CASE(nud_update_long_ago),
	{}
};

static struct kunit_suite nud_update_suite = {
	.name		= "teach_nud_update",
	.test_cases	= nud_update_cases,
};

kunit_test_suite(nud_update_suite);
