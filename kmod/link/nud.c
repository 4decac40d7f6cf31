// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbour unreachability detection: the state machine, and nothing else.
 *
 * The functions here take a neighbour's state, its link's parameters and the
 * time, change the state and say what is to be done. They take no lock, arm
 * no timer and send nothing, so that KUnit can walk every edge with a clock
 * of its own. link/neigh.c owns the lock and does what they say.
 *
 * The edges are in link/nud_table.c, and Documentation/neighbour.md draws them. Here is
 * what they are made of: which facts are true of an entry, and what an edge does to it.
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
	if (nud->state & (NUD_DELAY | NUD_PROBE))
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
	nud->asked = 0;
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

/* True if no more than @interval passed since @then. */
static bool within(unsigned long now, unsigned long then, unsigned long interval)
{
	return time_before_eq(now, then + interval);
}

static unsigned int facts_of_timer(const struct teach_nud *nud,
				   const struct teach_parms *p, unsigned long now)
{
	unsigned long delay = READ_ONCE(p->delay_probe_time);
	unsigned int facts = 0;

	/* DELAY ends with no request sent; @probes is of times before. */
	if ((nud->state == NUD_DELAY ? 0 : nud->probes) < max_probes(nud, p))
		facts |= TEACH_NUD_PROBE_LEFT;
	if (within(now, nud->confirmed, READ_ONCE(p->reachable_time)))
		facts |= TEACH_NUD_FRESH;
	if (within(now, nud->confirmed, delay))
		facts |= TEACH_NUD_JUST_CONFIRMED;
	if (within(now, nud->used, delay))
		facts |= TEACH_NUD_JUST_USED;
	return facts;
}

static void mark(struct teach_nud *nud, const struct teach_parms *p, unsigned long now,
		 unsigned int marks)
{
	if (marks & TEACH_NUD_CONFIRM)
		WRITE_ONCE(nud->confirmed, now);
	if (marks & TEACH_NUD_BOUND)
		bound_times(nud, now);
	if (marks & TEACH_NUD_DOUBT)
		WRITE_ONCE(nud->confirmed,
			   now - 2UL * READ_ONCE(p->base_reachable_time));
	if (marks & (TEACH_NUD_ASK_ALL | TEACH_NUD_ASK_IT)) {
		nud->probes = marks & TEACH_NUD_ASK_ALL ? READ_ONCE(p->ucast_probes) : 0;
		nud->asked = 0;
	}
}

static void set_wait(struct teach_nud_todo *todo, const struct teach_nud *nud,
		     const struct teach_parms *p, unsigned long now, u8 wait)
{
	switch (wait) {
	case TEACH_NUD_STOP:
		todo->actions |= TEACH_NUD_DISARM;
		break;
	case TEACH_NUD_SOON:
		arm(todo, now, now);
		break;
	case TEACH_NUD_RETRANS:
		arm(todo, now, now + retrans_time(p));
		break;
	case TEACH_NUD_DELAY_TIME:
		arm(todo, now, now + READ_ONCE(p->delay_probe_time));
		break;
	case TEACH_NUD_REACHABLE_TIME:
		arm(todo, now, nud->confirmed + READ_ONCE(p->reachable_time));
		break;
	}
}

static void follow(struct teach_nud *nud, const struct teach_parms *p, unsigned long now,
		   const struct teach_nud_edge *edge, struct teach_nud_todo *todo)
{
	todo->actions |= edge->actions;
	if (edge->reason)
		todo->reason = edge->reason;
	mark(nud, p, now, edge->marks);
	set_wait(todo, nud, p, now, edge->wait);
	if (edge->to != TEACH_NUD_STAY)
		WRITE_ONCE(nud->state, edge->to & ~TEACH_NUD_NONE_BIT);
	if (edge->to != TEACH_NUD_STAY || edge->actions & TEACH_NUD_SET_MAC)
		nud->updated = now;
}

/**
 * teach_nud_timer() - the timer ran out
 * @nud: state
 * @p: parameters of its link
 * @now: jiffies
 *
 * Return: what to do. With %TEACH_NUD_SOLICIT the caller counts the request in
 * @nud->probes and @nud->asked once it has asked teach_nud_asks_all().
 */
struct teach_nud_todo teach_nud_timer(struct teach_nud *nud,
				      const struct teach_parms *p,
				      unsigned long now)
{
	struct teach_nud_todo todo = { .old_state = nud->state };
	const struct teach_nud_edge *edge;

	edge = teach_nud_find_edge(TEACH_NUD_TIMER, nud->state, 0,
				   facts_of_timer(nud, p, now));
	if (edge)
		follow(nud, p, now, edge, &todo);
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
	struct teach_nud_todo todo = { .old_state = nud->state };
	const struct teach_nud_edge *edge;

	if (nud->used != now)
		WRITE_ONCE(nud->used, now);
	edge = teach_nud_find_edge(TEACH_NUD_USE, nud->state, 0,
				   READ_ONCE(p->mcast_probes) ? TEACH_NUD_MAY_ASK : 0);
	if (edge)
		follow(nud, p, now, edge, &todo);
	return todo;
}

static unsigned int facts_of_update(const struct teach_nud *nud,
				    const struct teach_parms *p, u8 new_state,
				    enum teach_nud_offer mac, unsigned int flags)
{
	unsigned int facts = 0;

	if (new_state == nud->state)
		facts |= TEACH_NUD_SAME_STATE;
	if (mac == TEACH_MAC_NONE)
		facts |= TEACH_NUD_NO_MAC;
	if (!(flags & TEACH_UPDATE_ADMIN))
		facts |= TEACH_NUD_BY_NETWORK;
	if (!(flags & TEACH_UPDATE_ADMIN) && mac != TEACH_MAC_OTHER)
		facts |= TEACH_NUD_OLD_NEWS;
	if (!(flags & (TEACH_UPDATE_OVERRIDE | TEACH_UPDATE_WEAK)))
		facts |= TEACH_NUD_LOCKED;
	if (flags & TEACH_UPDATE_WEAK)
		facts |= TEACH_NUD_WEAK;
	if (!(flags & TEACH_UPDATE_ADMIN) && mac == TEACH_MAC_OTHER)
		facts |= TEACH_NUD_CLAIM;
	if (nud->state == NUD_PROBE && nud->probes <= READ_ONCE(p->ucast_probes))
		facts |= TEACH_NUD_IT_ASKED;
	return facts;
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
 * -EBUSY where another MAC address came without %TEACH_UPDATE_OVERRIDE (and not with
 * %TEACH_UPDATE_WEAK for one that is reachable), or while the
 * known one is asked.
 */
int teach_nud_update(struct teach_nud *nud, const struct teach_parms *p,
		     unsigned long now, u8 new_state, enum teach_nud_offer mac,
		     unsigned int flags, struct teach_nud_todo *todo)
{
	unsigned int facts = facts_of_update(nud, p, new_state, mac, flags);
	const struct teach_nud_edge *edge, *mac_edge = NULL;
	u16 told = teach_nud_bit(new_state);

	*todo = (struct teach_nud_todo) { .old_state = nud->state };
	edge = teach_nud_find_edge(TEACH_NUD_TOLD, nud->state, told, facts);
	if (mac == TEACH_MAC_OTHER)
		mac_edge = teach_nud_find_edge(TEACH_NUD_OTHER_MAC, nud->state, told,
					       facts);
	if (edge && edge->err)
		return edge->err;
	if (mac_edge && mac_edge->err)
		return mac_edge->err;
	if (edge)
		follow(nud, p, now, edge, todo);
	if (mac_edge)
		follow(nud, p, now, mac_edge, todo);
	return 0;
}
