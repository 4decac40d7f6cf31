/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NUD_TABLE_H
#define TEACH_LINK_NUD_TABLE_H

#include <linux/bits.h>
#include <linux/neighbour.h>
#include <linux/teach.h>
#include <linux/types.h>

/* Groups of the states NUD_* of linux/neighbour.h. */
#define TEACH_NUD_CONNECTED	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE)
#define TEACH_NUD_VALID		(TEACH_NUD_CONNECTED | NUD_PROBE | NUD_STALE | \
				 NUD_DELAY)
#define TEACH_NUD_TIMED		(NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | \
				 NUD_PROBE)

/**
 * enum teach_nud_event - what happens to a neighbour
 * @TEACH_NUD_USE: a packet wants to go there, or management asks who is there
 * @TEACH_NUD_TIMER: the timer ran out
 * @TEACH_NUD_TOLD: somebody says which state follows from what he knows: the network
 *	REACHABLE or STALE, management any
 * @TEACH_NUD_OTHER_MAC: with that came a MAC address other than the known one; besides
 *	the edge of %TEACH_NUD_TOLD
 */
enum teach_nud_event {
	TEACH_NUD_USE,
	TEACH_NUD_TIMER,
	TEACH_NUD_TOLD,
	TEACH_NUD_OTHER_MAC,
	TEACH_NUD_N_EVENTS
};

/**
 * enum teach_nud_fact - what is true of an entry when an event happens
 * @TEACH_NUD_MAY_ASK: broadcast requests are allowed on its link
 * @TEACH_NUD_PROBE_LEFT: fewer requests were sent than may be
 * @TEACH_NUD_FRESH: confirmed within the reachable time
 * @TEACH_NUD_JUST_CONFIRMED: confirmed within the delay time
 * @TEACH_NUD_JUST_USED: used within the delay time
 * @TEACH_NUD_SAME_STATE: it is told the state that it is in
 * @TEACH_NUD_NO_MAC: what it is told comes without a MAC address
 * @TEACH_NUD_OLD_NEWS: the network speaks, and of the known MAC address
 * @TEACH_NUD_BY_NETWORK: it is not management that speaks
 * @TEACH_NUD_LOCKED: who speaks may not replace a MAC address
 * @TEACH_NUD_CLAIM: the network speaks, and of another MAC address
 * @TEACH_NUD_WEAK: who speaks may cast doubt on a MAC address, not replace it
 * @TEACH_NUD_IT_ASKED: in PROBE, and all requests went to the known MAC address
 */
enum teach_nud_fact {
	TEACH_NUD_MAY_ASK		= BIT(0),
	TEACH_NUD_PROBE_LEFT		= BIT(1),
	TEACH_NUD_FRESH			= BIT(2),
	TEACH_NUD_JUST_CONFIRMED	= BIT(3),
	TEACH_NUD_JUST_USED		= BIT(4),
	TEACH_NUD_SAME_STATE		= BIT(5),
	TEACH_NUD_NO_MAC		= BIT(6),
	TEACH_NUD_OLD_NEWS		= BIT(7),
	TEACH_NUD_BY_NETWORK		= BIT(8),
	TEACH_NUD_LOCKED		= BIT(9),
	TEACH_NUD_CLAIM			= BIT(10),
	TEACH_NUD_IT_ASKED		= BIT(11),
	TEACH_NUD_WEAK			= BIT(12),
};

/**
 * enum teach_nud_action - what the owner of a struct teach_nud is to do
 * @TEACH_NUD_ARM: set the timer to the given time
 * @TEACH_NUD_DISARM: stop the timer
 * @TEACH_NUD_SOLICIT: send a request
 * @TEACH_NUD_SEND_HELD: send what is in the hold queue
 * @TEACH_NUD_FAIL_HELD: report what is in the hold queue as unreachable
 * @TEACH_NUD_SET_MAC: take the MAC address that was offered
 * @TEACH_NUD_NOTIFY: tell listeners
 */
enum teach_nud_action {
	TEACH_NUD_ARM		= BIT(0),
	TEACH_NUD_DISARM	= BIT(1),
	TEACH_NUD_SOLICIT	= BIT(2),
	TEACH_NUD_SEND_HELD	= BIT(3),
	TEACH_NUD_FAIL_HELD	= BIT(4),
	TEACH_NUD_SET_MAC	= BIT(5),
	TEACH_NUD_NOTIFY	= BIT(6),
};

/**
 * enum teach_nud_wait - when the timer runs next
 * @TEACH_NUD_LEAVE: it is left as it is: it goes on, or has just run out
 * @TEACH_NUD_STOP: it is stopped
 * @TEACH_NUD_SOON: at once
 * @TEACH_NUD_RETRANS: after retrans_time
 * @TEACH_NUD_DELAY_TIME: after delay_probe_time
 * @TEACH_NUD_REACHABLE_TIME: reachable_time after the last confirmation
 */
enum teach_nud_wait {
	TEACH_NUD_LEAVE,
	TEACH_NUD_STOP,
	TEACH_NUD_SOON,
	TEACH_NUD_RETRANS,
	TEACH_NUD_DELAY_TIME,
	TEACH_NUD_REACHABLE_TIME,
};

/**
 * enum teach_nud_mark - what an edge writes down in the entry
 * @TEACH_NUD_CONFIRM: it is known to be reachable, as of now
 * @TEACH_NUD_DOUBT: nobody has confirmed it
 * @TEACH_NUD_BOUND: times of very long ago are brought near
 * @TEACH_NUD_ASK_ALL: requests are broadcasts: those to itself count as sent
 * @TEACH_NUD_ASK_IT: requests begin, and go to the known MAC address
 */
enum teach_nud_mark {
	TEACH_NUD_CONFIRM		= BIT(0),
	TEACH_NUD_DOUBT			= BIT(1),
	TEACH_NUD_BOUND			= BIT(2),
	TEACH_NUD_ASK_ALL		= BIT(3),
	TEACH_NUD_ASK_IT		= BIT(4),
};

/* Where an edge leads if not to a state: back to the one that it comes from. */
#define TEACH_NUD_STAY		0xffff

/**
 * struct teach_nud_edge - an edge of the state machine
 * @event: enum teach_nud_event
 * @from: set of states that it comes from; NUD_NONE is %TEACH_NUD_NONE_BIT
 * @told: with %TEACH_NUD_TOLD and %TEACH_NUD_OTHER_MAC: set of states that are told
 * @guard: set of enum teach_nud_fact: all must be true
 * @to: state that it leads to, as a set of one, or %TEACH_NUD_STAY
 * @wait: enum teach_nud_wait
 * @actions: set of enum teach_nud_action, but for the timer's
 * @marks: set of enum teach_nud_mark
 * @err: 0, or a negative errno: the event is refused
 * @reason: enum teach_neigh_reason; %TEACH_NEIGH_REASON_UNSPEC: the one of who speaks
 */
struct teach_nud_edge {
	u8	event;
	u8	wait;
	u8	marks;
	u8	reason;
	u16	from;
	u16	told;
	u16	guard;
	u16	to;
	u16	actions;
	s16	err;
};

extern const struct teach_nud_edge teach_nud_edges[];
extern const unsigned int teach_nud_n_edges;

/**
 * teach_nud_bit() - a state as a member of a set
 * @state: one of NUD_*
 *
 * Return: its bit.
 */
static inline u16 teach_nud_bit(u8 state)
{
	return state ?: TEACH_NUD_NONE_BIT;
}

void teach_nud_table_init(void);
const struct teach_nud_edge *teach_nud_find_edge(enum teach_nud_event event, u8 state,
						 u16 told, unsigned int facts);

#endif
