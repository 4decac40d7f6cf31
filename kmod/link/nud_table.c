// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine of neighbour unreachability detection, as a table.
 *
 * The states and edges are those of net/core/neighbour.c, which are RFC 4861, section
 * 7.3.2 and appendix C, and for ARP's sake FAILED, NOARP and PERMANENT; but that another
 * host says where a neighbour is that is known to be reachable, is a reason to ask that
 * neighbour and not to believe the other one. link/nud.c
 * runs from this table, Documentation/neighbour.md draws it (scripts/nud-diagram), and
 * KUnit walks it edge by edge (test/nud_table_test.c).
 *
 * An event follows the first edge that fits: its event, the state that the entry is in, the
 * state that it is told, and all facts of its guard. So of two edges with the same
 * beginning the second is the "otherwise" of the first. Where no edge fits nothing happens.
 *
 * One edge a line, its parts in the order of the macros; 0 is nothing. Edges are in the order
 * of their events.
 */
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include "link/nud_table.h"

#define NONE		TEACH_NUD_NONE_BIT
#define INCOMPLETE	NUD_INCOMPLETE
#define REACHABLE	NUD_REACHABLE
#define STALE		NUD_STALE
#define DELAY		NUD_DELAY
#define PROBE		NUD_PROBE
#define FAILED		NUD_FAILED
#define NOARP		NUD_NOARP
#define PERMANENT	NUD_PERMANENT

/* Sets of states: with a MAC address or not; known to be reachable. */
#define CONNECTED	TEACH_NUD_CONNECTED
#define VALID		TEACH_NUD_VALID
#define INVALID		(NONE | INCOMPLETE | FAILED)
#define ANY		(VALID | INVALID)

#define STAY		TEACH_NUD_STAY

/* Guards. */
#define MAY_ASK		TEACH_NUD_MAY_ASK
#define PROBE_LEFT	TEACH_NUD_PROBE_LEFT
#define FRESH		TEACH_NUD_FRESH
#define JUST_CONFIRMED	TEACH_NUD_JUST_CONFIRMED
#define JUST_USED	TEACH_NUD_JUST_USED
#define SAME_STATE	TEACH_NUD_SAME_STATE
#define NO_MAC		TEACH_NUD_NO_MAC
#define OLD_NEWS	TEACH_NUD_OLD_NEWS
#define BY_NETWORK	TEACH_NUD_BY_NETWORK
#define LOCKED		TEACH_NUD_LOCKED
#define CLAIM		TEACH_NUD_CLAIM
#define IT_ASKED	TEACH_NUD_IT_ASKED
#define WEAK		TEACH_NUD_WEAK

/* The timer. */
#define LEAVE		TEACH_NUD_LEAVE
#define STOP		TEACH_NUD_STOP
#define SOON		TEACH_NUD_SOON
#define RETRANS		TEACH_NUD_RETRANS
#define DELAY_TIME	TEACH_NUD_DELAY_TIME
#define REACHABLE_TIME	TEACH_NUD_REACHABLE_TIME

/* Actions. */
#define SOLICIT		TEACH_NUD_SOLICIT
#define SEND		TEACH_NUD_SEND_HELD
#define FAIL		TEACH_NUD_FAIL_HELD
#define SET_MAC		TEACH_NUD_SET_MAC
#define NOTIFY		TEACH_NUD_NOTIFY

/* Marks. */
#define CONFIRM		TEACH_NUD_CONFIRM
#define DOUBT		TEACH_NUD_DOUBT
#define BOUND		TEACH_NUD_BOUND
#define ASK_ALL		TEACH_NUD_ASK_ALL
#define ASK_IT		TEACH_NUD_ASK_IT

#define WHY(reason)	TEACH_NEIGH_REASON_##reason
/* The reason is that of who speaks. */
#define GIVEN		WHY(UNSPEC)

#define USE(from_, guard_, to_, wait_, actions_, marks_, reason_) { \
	.event = TEACH_NUD_USE, .from = (from_), .guard = (guard_), .to = (to_), \
	.wait = (wait_), .actions = (actions_), .marks = (marks_), .reason = reason_ }

#define TIMER(from_, guard_, to_, wait_, actions_, marks_, reason_) { \
	.event = TEACH_NUD_TIMER, .from = (from_), .guard = (guard_), .to = (to_), \
	.wait = (wait_), .actions = (actions_), .marks = (marks_), .reason = reason_ }

#define TOLD(from_, told_, guard_, to_, wait_, actions_, marks_, reason_) { \
	.event = TEACH_NUD_TOLD, .from = (from_), .told = (told_), .guard = (guard_), \
	.to = (to_), .wait = (wait_), .actions = (actions_), .marks = (marks_), \
	.reason = reason_ }

#define OTHER_MAC(from_, told_, guard_, actions_, marks_) { \
	.event = TEACH_NUD_OTHER_MAC, .from = (from_), .told = (told_), .guard = (guard_), \
	.to = STAY, .actions = (actions_), .marks = (marks_) }

#define REFUSE(event_, from_, told_, guard_, err_) { \
	.event = TEACH_NUD_##event_, .from = (from_), .told = (told_), \
	.guard = (guard_), .to = STAY, .err = -(err_) }

const struct teach_nud_edge teach_nud_edges[] = {
	/* A packet for a neighbour that nothing is known of: all are asked. */
	USE(NONE | FAILED, MAY_ASK, INCOMPLETE, RETRANS, SOLICIT, ASK_ALL | BOUND, GIVEN),
	/* Nobody may be asked. */
	USE(NONE | FAILED, 0, FAILED, LEAVE, 0, 0, WHY(MAY_NOT_ASK)),
	/* A packet is sent on trust, while upper layers get time to confirm. */
	USE(STALE, 0, DELAY, DELAY_TIME, 0, BOUND, GIVEN),

	/* Confirmed lately, by a reply or an upper layer: for so long it is reachable. */
	TIMER(REACHABLE, FRESH, STAY, REACHABLE_TIME, 0, 0, WHY(CONFIRMED)),
	/* Not confirmed, but in use: its upper layers get time. */
	TIMER(REACHABLE, JUST_USED, DELAY, DELAY_TIME, 0, 0, WHY(EXPIRED_USED)),
	/* Not confirmed, not in use: nobody wants to know. */
	TIMER(REACHABLE, 0, STALE, LEAVE, NOTIFY, 0, WHY(EXPIRED)),

	/* An upper layer got an answer. */
	TIMER(DELAY, JUST_CONFIRMED, REACHABLE, REACHABLE_TIME, NOTIFY, 0, WHY(CONFIRMED)),
	/* No upper layer did: it is asked itself. */
	TIMER(DELAY, PROBE_LEFT, PROBE, RETRANS, SOLICIT | NOTIFY, ASK_IT, WHY(DELAY_OVER)),
	/* It may not be asked. */
	TIMER(DELAY, 0, FAILED, LEAVE, FAIL | NOTIFY, ASK_IT, WHY(NO_PROBE_LEFT)),

	/* No answer yet: once more. */
	TIMER(INCOMPLETE | PROBE, PROBE_LEFT, STAY, RETRANS, SOLICIT, 0, WHY(PROBE_TIMEOUT)),
	/* No answer: what waited is lost. */
	TIMER(INCOMPLETE | PROBE, 0, FAILED, LEAVE, FAIL | NOTIFY, 0, WHY(NO_PROBE_LEFT)),

	/* What management made for good only management changes. */
	REFUSE(TOLD, NOARP | PERMANENT, ANY, BY_NETWORK, EPERM),
	/* A state that needs a MAC address, and there is none. */
	REFUSE(TOLD, INVALID, VALID, NO_MAC, EINVAL),

	/* Another host claims the address of one that is reachable: its owner is asked. */
	TOLD(REACHABLE, VALID, CLAIM, PROBE, SOON, NOTIFY, ASK_IT | BOUND, WHY(CONTESTED)),

	/* Told to forget, or that it is not there. */
	TOLD(INVALID, NONE, 0, NONE, STOP, 0, 0, GIVEN),
	TOLD(VALID, NONE, 0, NONE, STOP, NOTIFY, 0, GIVEN),
	TOLD(INCOMPLETE | PROBE, FAILED, 0, FAILED, STOP, FAIL | NOTIFY, 0, GIVEN),
	TOLD(INVALID, FAILED, 0, FAILED, STOP, 0, 0, GIVEN),
	TOLD(VALID, FAILED, 0, FAILED, STOP, NOTIFY, 0, GIVEN),
	/* Told to resolve. */
	TOLD(INVALID, INCOMPLETE, 0, INCOMPLETE, SOON, 0, ASK_ALL, GIVEN),
	TOLD(VALID, INCOMPLETE, 0, INCOMPLETE, SOON, NOTIFY, ASK_ALL, GIVEN),

	/* The first MAC address: what waited is sent. */
	TOLD(INVALID, REACHABLE, 0, REACHABLE, REACHABLE_TIME, SEND | NOTIFY, CONFIRM | BOUND,
	     GIVEN),
	TOLD(INVALID, STALE, 0, STALE, STOP, SEND | NOTIFY, 0, GIVEN),
	TOLD(INVALID, DELAY, 0, DELAY, SOON, SEND | NOTIFY, BOUND, GIVEN),
	TOLD(INVALID, PROBE, 0, PROBE, SOON, SEND | NOTIFY, ASK_IT | BOUND, GIVEN),
	TOLD(INVALID, NOARP, 0, NOARP, STOP, SEND | NOTIFY, CONFIRM, GIVEN),
	TOLD(INVALID, PERMANENT, 0, PERMANENT, STOP, SEND | NOTIFY, CONFIRM, GIVEN),

	/* The state that it is in: at most a confirmation. The timer goes on. */
	TOLD(CONNECTED, CONNECTED, SAME_STATE, STAY, LEAVE, 0, CONFIRM, GIVEN),
	TOLD(VALID, VALID, SAME_STATE, STAY, LEAVE, 0, 0, GIVEN),
	/* A request from a neighbour that is known says nothing new. */
	TOLD(VALID, STALE, OLD_NEWS, STAY, LEAVE, 0, 0, GIVEN),

	/* It answered, or is said to be there. */
	TOLD(VALID, REACHABLE, 0, REACHABLE, REACHABLE_TIME, NOTIFY, CONFIRM | BOUND, GIVEN),
	/* It may have moved: it is used, and looked for when it is. */
	TOLD(VALID, STALE, 0, STALE, STOP, NOTIFY, 0, GIVEN),
	TOLD(VALID, DELAY, 0, DELAY, SOON, NOTIFY, BOUND, GIVEN),
	TOLD(VALID, PROBE, 0, PROBE, SOON, NOTIFY, ASK_IT | BOUND, GIVEN),
	TOLD(VALID, NOARP, 0, NOARP, STOP, NOTIFY, CONFIRM, GIVEN),
	TOLD(VALID, PERMANENT, 0, PERMANENT, STOP, NOTIFY, CONFIRM, GIVEN),

	/* Another MAC address, besides: within locktime the first one stays. */
	REFUSE(OTHER_MAC, VALID, VALID, LOCKED, EBUSY),
	/* While the owner is asked who else claims the address is not believed. */
	REFUSE(OTHER_MAC, PROBE, VALID, CLAIM | IT_ASKED, EBUSY),
	/* Nor before: so nobody can put himself in the place of one that is there. */
	OTHER_MAC(REACHABLE, VALID, CLAIM, 0, 0),
	/* An advertisement without "override": RFC 4861, section 7.2.5. */
	REFUSE(OTHER_MAC, VALID, VALID, WEAK, EBUSY),
	/* Management says so, or the old one was in doubt. */
	OTHER_MAC(ANY, CONNECTED, 0, SET_MAC | NOTIFY, 0),
	/* That it is at this MAC address nobody has confirmed. */
	OTHER_MAC(ANY, VALID, 0, SET_MAC | NOTIFY, DOUBT),
};

const unsigned int teach_nud_n_edges = ARRAY_SIZE(teach_nud_edges);

/* Where the edges of an event begin: those of one event are together. */
static u8 first_edge[TEACH_NUD_N_EVENTS] __ro_after_init;

/**
 * teach_nud_table_init() - before the first look into the table
 */
void __init teach_nud_table_init(void)
{
	unsigned int i;

	for (i = ARRAY_SIZE(teach_nud_edges); i-- > 0; )
		first_edge[teach_nud_edges[i].event] = i;
}

/**
 * teach_nud_find_edge() - the edge that an event follows
 * @event: what happens
 * @state: that the entry is in, one of NUD_*
 * @told: with %TEACH_NUD_TOLD and %TEACH_NUD_OTHER_MAC the state that it is told, as a set
 * @facts: set of enum teach_nud_fact that are true
 *
 * Any context. Return: the first that fits, or NULL: nothing happens.
 */
const struct teach_nud_edge *teach_nud_find_edge(enum teach_nud_event event, u8 state,
						 u16 told, unsigned int facts)
{
	const struct teach_nud_edge *edge = teach_nud_edges + first_edge[event];
	const struct teach_nud_edge *end = teach_nud_edges + ARRAY_SIZE(teach_nud_edges);
	u16 from = teach_nud_bit(state);

	for (; edge < end && edge->event == event; edge++) {
		if (edge->from & from && (edge->guard & facts) == edge->guard &&
		    (event < TEACH_NUD_TOLD || edge->told & told))
			return edge;
	}
	return NULL;
}
