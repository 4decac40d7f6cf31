/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites of link/nud.c share: names short enough for tables, parameters, a
 * clock, and the comparison of all that an event may change.
 */
#ifndef TEACH_TEST_NUD_COMMON_H
#define TEACH_TEST_NUD_COMMON_H

#include <kunit/test.h>
#include <linux/jiffies.h>
#include "link/nud.h"

/* No two are equal, nor is a sum of two another one, in jiffies of any HZ. */
#define REACH		22003L
#define BASE		31001L
#define DELAY		5003L
#define RETRANS		1009L
#define UCAST		2
#define MCAST		4
#define SHORTEST	(HZ / 100 > 1 ? HZ / 100 : 1L)

/* As far as the past goes while a timer runs: the day is for that. */
#define OLDEST		(LONG_MAX - 86400L * HZ)

/* More than any interval above, less than half of what jiffies can hold. */
#define LONG_AGO	1000003L

/* ---- Sets of states: NUD_NONE, which is 0, gets a bit of its own ---------------- */

#define NONE		0x100
#define INCOMPLETE	NUD_INCOMPLETE
#define REACHABLE	NUD_REACHABLE
#define STALE		NUD_STALE
#define DELAYED		NUD_DELAY
#define PROBE		NUD_PROBE
#define FAILED		NUD_FAILED
#define NOARP		NUD_NOARP
#define PERMANENT	NUD_PERMANENT

#define INVALID		(NONE | INCOMPLETE | FAILED)
#define CONNECTED	(REACHABLE | NOARP | PERMANENT)
#define VALID		(CONNECTED | STALE | DELAYED | PROBE)

/* What is to be done. */
#define ARM		TEACH_NUD_ARM
#define DISARM		TEACH_NUD_DISARM
#define SOLICIT		TEACH_NUD_SOLICIT
#define SEND		TEACH_NUD_SEND_HELD
#define FAIL		TEACH_NUD_FAIL_HELD
#define SET_MAC		TEACH_NUD_SET_MAC
#define NOTIFY		TEACH_NUD_NOTIFY

#define N_STATES	9
#define N_NOWS		16

extern const struct teach_parms nud_parms;
extern const unsigned long nud_nows[N_NOWS];
extern const u8 nud_states[N_STATES];

/**
 * struct nud_times - times of long ago, when the timer begins to run
 * @confirmed: before, seen from now
 * @used: before
 * @to_confirmed: after
 * @to_used: after
 */
struct nud_times {
	long	confirmed;
	long	used;
	long	to_confirmed;
	long	to_used;
};

extern const struct nud_times nud_long_ago[6];

unsigned int nud_set_of(u8 state);
const char *nud_name_of(u8 state);
struct teach_nud nud_entry(unsigned long now, u8 state, u8 probes, long confirmed,
			   long used, long updated);
void nud_expect(struct kunit *test, const char *what, unsigned long now,
		const struct teach_nud *is, const struct teach_nud *want,
		const struct teach_nud_todo *todo, unsigned int actions, long expires);

#endif
