/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NUD_H
#define TEACH_LINK_NUD_H

#include <linux/types.h>
#include "link/nud_table.h"
#include "link/parms.h"

/**
 * struct teach_nud - what unreachability detection knows of a neighbour
 * @state: one of NUD_*
 * @probes: what is compared with the number of requests allowed: in INCOMPLETE those
 *	to the neighbour itself count as sent
 * @asked: requests since resolution or probing began
 * @confirmed: jiffies when it was last known to be reachable
 * @updated: jiffies when state or MAC address last changed
 * @used: jiffies when it was last asked for in a state other than connected; not before
 *	@confirmed once a timer began
 */
struct teach_nud {
	u8		state;
	u8		probes;
	u8		asked;
	unsigned long	confirmed;
	unsigned long	updated;
	unsigned long	used;
};

/**
 * struct teach_nud_todo - the outcome of an event
 * @actions: set of enum teach_nud_action
 * @expires: jiffies, with %TEACH_NUD_ARM
 * @old_state: state before
 * @reason: enum teach_neigh_reason, as the table says; %TEACH_NEIGH_REASON_UNSPEC: the one
 *	of who speaks
 */
struct teach_nud_todo {
	unsigned int	actions;
	unsigned long	expires;
	u8		old_state;
	u8		reason;
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
#define TEACH_UPDATE_WEAK	BIT(2)	/* ... only casts doubt on one that is reachable */
#define TEACH_UPDATE_ROUTER	BIT(3)	/* it says that it is a router */
#define TEACH_UPDATE_NO_ROUTER	BIT(4)	/* it says that it is none */
/* And why: enum teach_neigh_reason, which the state machine does not look at. */
#define TEACH_UPDATE_WHY(reason)	((unsigned int)(reason) << 8)

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
