/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NUD_H
#define TEACH_LINK_NUD_H

#include <linux/neighbour.h>
#include <linux/types.h>
#include "link/parms.h"

/* Groups of the states NUD_* of linux/neighbour.h. */
#define TEACH_NUD_CONNECTED	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE)
#define TEACH_NUD_VALID		(TEACH_NUD_CONNECTED | NUD_PROBE | NUD_STALE | \
				 NUD_DELAY)
#define TEACH_NUD_TIMED		(NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | \
				 NUD_PROBE)

/**
 * struct teach_nud - what unreachability detection knows of a neighbour
 * @state: one of NUD_*
 * @probes: requests sent since resolution or probing began
 * @confirmed: jiffies when it was last known to be reachable
 * @updated: jiffies when state or MAC address last changed
 * @used: jiffies when it was last asked for in a state other than connected; not before
 *	@confirmed once a timer began
 */
struct teach_nud {
	u8		state;
	u8		probes;
	unsigned long	confirmed;
	unsigned long	updated;
	unsigned long	used;
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
 * struct teach_nud_todo - the outcome of an event
 * @actions: set of enum teach_nud_action
 * @expires: jiffies, with %TEACH_NUD_ARM
 */
struct teach_nud_todo {
	unsigned int	actions;
	unsigned long	expires;
};

/**
 * enum teach_nud_offer - what an update says of the MAC address
 * @TEACH_MAC_NONE: nothing
 * @TEACH_MAC_SAME: the one that is known
 * @TEACH_MAC_OTHER: another, or none was known
 */
enum teach_nud_offer {
	TEACH_MAC_NONE,
	TEACH_MAC_SAME,
	TEACH_MAC_OTHER,
};

/* Who asks for an update, and how strongly. */
#define TEACH_UPDATE_OVERRIDE	BIT(0)	/* another MAC address replaces the known one */
#define TEACH_UPDATE_ADMIN	BIT(1)	/* a person asks: anything may be changed */

void teach_nud_init(struct teach_nud *nud, u8 state, const struct teach_parms *p,
		    unsigned long now);
struct teach_nud_todo teach_nud_timer(struct teach_nud *nud,
				      const struct teach_parms *p,
				      unsigned long now);
struct teach_nud_todo teach_nud_use(struct teach_nud *nud,
				    const struct teach_parms *p,
				    unsigned long now);
int teach_nud_update(struct teach_nud *nud, const struct teach_parms *p,
		     unsigned long now, u8 new_state, enum teach_nud_offer mac,
		     unsigned int flags, struct teach_nud_todo *todo);
bool teach_nud_asks_all(const struct teach_nud *nud, const struct teach_parms *p);

#endif
