// SPDX-License-Identifier: GPL-2.0
/*
 * See nud_common.h.
 */
#include "test/nud_common.h"

const struct teach_parms nud_parms = {
	.base_reachable_time	= BASE,
	.reachable_time		= REACH,
	.delay_probe_time	= DELAY,
	.retrans_time		= RETRANS,
	.ucast_probes		= UCAST,
	.mcast_probes		= MCAST,
};

/* So that "now + interval" and "now - interval" wrap, for each interval and both signs
 * of a long.
 */
const unsigned long nud_nows[N_NOWS] = {
	0, 1, 50000, LONG_MAX, LONG_MIN, LONG_MAX - DELAY / 2, LONG_MAX - REACH / 2,
	-1UL, -SHORTEST, -RETRANS / 2, -DELAY / 2, -REACH / 2, REACH / 2, DELAY / 2,
	RETRANS / 2, INITIAL_JIFFIES,
};

const u8 nud_states[N_STATES] = {
	NUD_NONE, NUD_INCOMPLETE, NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PROBE,
	NUD_FAILED, NUD_NOARP, NUD_PERMANENT,
};

const struct nud_times nud_long_ago[6] = {
	{ -OLDEST + 1, -7, -OLDEST + 1, -7 },
	{ -OLDEST, -7, -OLDEST, -7 },
	{ -OLDEST - 1, -7, -OLDEST, -7 },
	/* Half the range of jiffies and more: the sign has changed. */
	{ LONG_MIN, -7, -OLDEST, -7 },
	{ LONG_MAX - DELAY, -7, -OLDEST, -7 },
	{ LONG_MIN, -OLDEST - 1, -OLDEST, -OLDEST },
};

unsigned int nud_set_of(u8 state)
{
	return state ? state : NONE;
}

const char *nud_name_of(u8 state)
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

/* An entry, with times as they are seen from @now. */
struct teach_nud nud_entry(unsigned long now, u8 state, u8 probes, long confirmed,
			   long used, long updated)
{
	return (struct teach_nud) {
		.state		= state,
		.probes		= probes,
		.confirmed	= now + confirmed,
		.used		= now + used,
		.updated	= now + updated,
	};
}

/* All of an entry and of what is to be done. */
void nud_expect(struct kunit *test, const char *what, unsigned long now,
		const struct teach_nud *is, const struct teach_nud *want,
		const struct teach_nud_todo *todo, unsigned int actions, long expires)
{
	KUNIT_EXPECT_STREQ_MSG(test, nud_name_of(is->state), nud_name_of(want->state),
			       "%s, now %ld", what, now);
	KUNIT_EXPECT_EQ_MSG(test, is->probes, want->probes, "%s, now %ld", what, now);
	KUNIT_EXPECT_EQ_MSG(test, (long)(is->confirmed - now),
			    (long)(want->confirmed - now), "%s, now %ld", what, now);
	KUNIT_EXPECT_EQ_MSG(test, (long)(is->used - now), (long)(want->used - now),
			    "%s, now %ld", what, now);
	KUNIT_EXPECT_EQ_MSG(test, (long)(is->updated - now), (long)(want->updated - now),
			    "%s, now %ld", what, now);
	KUNIT_EXPECT_EQ_MSG(test, todo->actions, actions, "%s, now %ld", what, now);
	if (actions & ARM)
		KUNIT_EXPECT_EQ_MSG(test, (long)(todo->expires - now), expires,
				    "%s, now %ld", what, now);
}
