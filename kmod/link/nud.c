// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbour unreachability detection: the state machine, and nothing else.
 *
 * The functions here take a neighbour's state, its link's parameters and the
 * time, change the state and say what is to be done. They take no lock, arm
 * no timer and send nothing, so that KUnit can walk every edge with a clock
 * of its own. link/neigh.c owns the lock and does what they say.
 *
 * The states and edges are those of net/core/neighbour.c, which are RFC 4861,
 * section 7.3.2, and for ARP's sake FAILED, NOARP and PERMANENT:
 *
 *      NONE, FAILED --use--> INCOMPLETE --reply--> REACHABLE
 *                              |  ^ timer: ask again, until all probes are out
 *                              +--timer, no probe left--> FAILED
 *
 *      REACHABLE --timer, not used lately--> STALE --use--> DELAY
 *      REACHABLE --timer, used lately------> DELAY
 *      DELAY --timer, confirmed--> REACHABLE
 *      DELAY --timer-------------> PROBE --reply--> REACHABLE
 *                                    |  ^ timer: ask again
 *                                    +--timer, no probe left--> FAILED
 *
 *      any --request from the neighbour with a new MAC address--> STALE
 *      any --management--> any; only management leaves NOARP and PERMANENT
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include "link/nud.h"

/* No timer sooner than that: what a faulty parameter may cost is bounded. */
#define SHORTEST_WAIT	max_t(unsigned long, HZ / 100, 1)

static unsigned long retrans_time(const struct teach_parms *p)
{
	return max_t(unsigned long, max(READ_ONCE(p->retrans_time), 0),
		     SHORTEST_WAIT);
}

static void arm(struct teach_nud_todo *todo, unsigned long now,
		unsigned long expires)
{
	todo->actions |= TEACH_NUD_ARM;
	todo->actions &= ~TEACH_NUD_DISARM;
	todo->expires = time_before(expires, now + SHORTEST_WAIT) ?
			now + SHORTEST_WAIT : expires;
}

static void enter(struct teach_nud *nud, u8 state, unsigned long now)
{
	WRITE_ONCE(nud->state, state);
	nud->updated = now;
}

/* Before the timer begins to run in a state in which it looks at these times. What was
 * LONG_MAX jiffies ago, which are 25 days with 32 bits, would seem to be in the future: a
 * neighbour confirmed then would be taken for reachable. A day is left for the timer to
 * run. As neigh_add_timer() of net/core/neighbour.c has it.
 */
static void bound_times(struct teach_nud *nud, unsigned long now)
{
	unsigned long oldest = now - (LONG_MAX - 86400UL * HZ);

	if (!time_in_range(nud->confirmed, oldest, now))
		WRITE_ONCE(nud->confirmed, oldest);
	if (time_before(nud->used, nud->confirmed))
		WRITE_ONCE(nud->used, nud->confirmed);
}

static unsigned int max_probes(const struct teach_nud *nud,
			       const struct teach_parms *p)
{
	/* Resolution begins with @probes at ucast_probes, since there is no
	 * MAC address to ask yet: see teach_nud_use(). Probing ends before
	 * anyone else is asked, unless mcast_reprobes says otherwise.
	 */
	if (nud->state == NUD_PROBE)
		return READ_ONCE(p->ucast_probes) + READ_ONCE(p->mcast_reprobes);
	return READ_ONCE(p->ucast_probes) + READ_ONCE(p->mcast_probes);
}

/**
 * teach_nud_init() - a new neighbour
 * @nud: to be set
 * @state: NUD_NONE or NUD_NOARP
 * @p: parameters of its link
 * @now: jiffies
 */
void teach_nud_init(struct teach_nud *nud, u8 state, const struct teach_parms *p,
		    unsigned long now)
{
	nud->state = state;
	nud->probes = 0;
	nud->updated = now;
	nud->used = now;
	/* Long ago: nobody has confirmed it. */
	nud->confirmed = now - 2UL * READ_ONCE(p->base_reachable_time);
}

/**
 * teach_nud_asks_all() - is the next request a broadcast?
 * @nud: in INCOMPLETE or PROBE
 * @p: parameters of its link
 *
 * Return: true if so, false if it goes to the MAC address that is known.
 */
bool teach_nud_asks_all(const struct teach_nud *nud, const struct teach_parms *p)
{
	return nud->state != NUD_PROBE || nud->probes >= READ_ONCE(p->ucast_probes);
}

static void reachable_timer(struct teach_nud *nud, const struct teach_parms *p,
			    unsigned long now, struct teach_nud_todo *todo)
{
	unsigned long reachable = READ_ONCE(p->reachable_time);
	unsigned long delay = READ_ONCE(p->delay_probe_time);

	if (time_before_eq(now, nud->confirmed + reachable)) {
		arm(todo, now, nud->confirmed + reachable);
	} else if (time_before_eq(now, nud->used + delay)) {
		enter(nud, NUD_DELAY, now);
		arm(todo, now, now + delay);
	} else {
		enter(nud, NUD_STALE, now);
		todo->actions |= TEACH_NUD_NOTIFY;
	}
}

static void delay_timer(struct teach_nud *nud, const struct teach_parms *p,
			unsigned long now, struct teach_nud_todo *todo)
{
	todo->actions |= TEACH_NUD_NOTIFY;
	if (time_before_eq(now, nud->confirmed + READ_ONCE(p->delay_probe_time))) {
		enter(nud, NUD_REACHABLE, now);
		arm(todo, now, nud->confirmed + READ_ONCE(p->reachable_time));
	} else {
		enter(nud, NUD_PROBE, now);
		nud->probes = 0;
		arm(todo, now, now + retrans_time(p));
	}
}

/**
 * teach_nud_timer() - the timer ran out
 * @nud: state
 * @p: parameters of its link
 * @now: jiffies
 *
 * Return: what to do. With %TEACH_NUD_SOLICIT the caller counts the request in
 * @nud->probes once it has asked teach_nud_asks_all().
 */
struct teach_nud_todo teach_nud_timer(struct teach_nud *nud,
				      const struct teach_parms *p,
				      unsigned long now)
{
	struct teach_nud_todo todo = {};

	switch (nud->state) {
	case NUD_REACHABLE:
		reachable_timer(nud, p, now, &todo);
		break;
	case NUD_DELAY:
		delay_timer(nud, p, now, &todo);
		break;
	case NUD_INCOMPLETE:
	case NUD_PROBE:
		arm(&todo, now, now + retrans_time(p));
		break;
	default:
		return todo;
	}

	if (!(nud->state & (NUD_INCOMPLETE | NUD_PROBE)))
		return todo;
	if (nud->probes < max_probes(nud, p)) {
		todo.actions |= TEACH_NUD_SOLICIT;
	} else {
		enter(nud, NUD_FAILED, now);
		todo.actions = TEACH_NUD_FAIL_HELD | TEACH_NUD_NOTIFY;
	}
	return todo;
}

/**
 * teach_nud_use() - a packet wants to go there
 * @nud: state
 * @p: parameters of its link
 * @now: jiffies
 *
 * In INCOMPLETE, also where this call led there, the packet is to be held; in a
 * valid state it may be sent. Otherwise, FAILED, it is lost. Return: what to do.
 */
struct teach_nud_todo teach_nud_use(struct teach_nud *nud,
				    const struct teach_parms *p,
				    unsigned long now)
{
	struct teach_nud_todo todo = {};

	if (nud->used != now)
		WRITE_ONCE(nud->used, now);

	switch (nud->state) {
	case NUD_NONE:
	case NUD_FAILED:
		if (!READ_ONCE(p->mcast_probes)) {
			enter(nud, NUD_FAILED, now);
			return todo;
		}
		enter(nud, NUD_INCOMPLETE, now);
		bound_times(nud, now);
		nud->probes = READ_ONCE(p->ucast_probes);
		todo.actions = TEACH_NUD_SOLICIT;
		arm(&todo, now, now + retrans_time(p));
		break;
	case NUD_STALE:
		enter(nud, NUD_DELAY, now);
		bound_times(nud, now);
		arm(&todo, now, now + READ_ONCE(p->delay_probe_time));
		break;
	}
	return todo;
}

static void update_invalid(struct teach_nud *nud, const struct teach_parms *p,
			   unsigned long now, u8 new_state,
			   struct teach_nud_todo *todo)
{
	u8 old = nud->state;

	todo->actions = TEACH_NUD_DISARM;
	if (old & TEACH_NUD_VALID)
		todo->actions |= TEACH_NUD_NOTIFY;
	if ((old & (NUD_INCOMPLETE | NUD_PROBE)) && new_state == NUD_FAILED)
		todo->actions |= TEACH_NUD_FAIL_HELD | TEACH_NUD_NOTIFY;
	enter(nud, new_state, now);
	/* Management asks for a resolution. */
	if (new_state == NUD_INCOMPLETE) {
		nud->probes = READ_ONCE(p->ucast_probes);
		arm(todo, now, now);
	}
}

/**
 * teach_nud_update() - somebody says something of the neighbour
 * @nud: state
 * @p: parameters of its link
 * @now: jiffies
 * @new_state: the state that follows from it
 * @mac: the MAC address that came with it, compared to the one known
 * @flags: TEACH_UPDATE_*
 * @todo: what to do
 *
 * Return: 0, also where there is nothing to do; -EPERM where only management
 * may change the entry; -EINVAL where a MAC address is needed and none is known;
 * -EBUSY where another MAC address came without %TEACH_UPDATE_OVERRIDE.
 */
int teach_nud_update(struct teach_nud *nud, const struct teach_parms *p,
		     unsigned long now, u8 new_state, enum teach_nud_offer mac,
		     unsigned int flags, struct teach_nud_todo *todo)
{
	bool admin = flags & TEACH_UPDATE_ADMIN;
	u8 old = nud->state;

	*todo = (struct teach_nud_todo) {};
	if (!admin && (old & (NUD_NOARP | NUD_PERMANENT)))
		return -EPERM;

	if (!(new_state & TEACH_NUD_VALID)) {
		update_invalid(nud, p, now, new_state, todo);
		return 0;
	}

	if (mac == TEACH_MAC_NONE && !(old & TEACH_NUD_VALID))
		return -EINVAL;

	if (old & TEACH_NUD_VALID && mac == TEACH_MAC_OTHER &&
	    !(flags & TEACH_UPDATE_OVERRIDE))
		return -EBUSY;

	/* It answered us, so it is confirmed, even if nothing else changes. */
	if (new_state & TEACH_NUD_CONNECTED)
		WRITE_ONCE(nud->confirmed, now);
	/* A request from a neighbour that is known says nothing new. */
	if (old & TEACH_NUD_VALID && mac != TEACH_MAC_OTHER &&
	    new_state == NUD_STALE && !admin)
		new_state = old;
	if (new_state != old && new_state & TEACH_NUD_TIMED)
		bound_times(nud, now);

	if (mac == TEACH_MAC_OTHER) {
		todo->actions |= TEACH_NUD_SET_MAC | TEACH_NUD_NOTIFY;
		nud->updated = now;
		if (!(new_state & TEACH_NUD_CONNECTED))
			WRITE_ONCE(nud->confirmed,
				   now - 2UL * READ_ONCE(p->base_reachable_time));
	}
	if (new_state == old)
		return 0;

	todo->actions |= TEACH_NUD_NOTIFY | TEACH_NUD_DISARM;
	if (new_state == NUD_PROBE)
		nud->probes = 0;
	if (new_state & TEACH_NUD_TIMED)
		arm(todo, now, new_state == NUD_REACHABLE ?
		    now + READ_ONCE(p->reachable_time) : now);
	if (!(old & TEACH_NUD_VALID))
		todo->actions |= TEACH_NUD_SEND_HELD;
	enter(nud, new_state, now);
	return 0;
}
