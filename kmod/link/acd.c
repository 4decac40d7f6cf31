// SPDX-License-Identifier: GPL-2.0
/*
 * Address conflict detection (RFC 5227): the state machine, without locks, timers and
 * frames. link/claim.c has those.
 *
 *     STOPPED --- link is there ---> PROBE --- nobody objected ---> ANNOUNCE
 *        ^                          |     |                         |      |
 *        +------ link is gone ------+     | conflict       conflict |      | all sent
 *                                         v                         v      v
 *                                       FAILED <--- given up --- in use: BOUND
 *
 * PROBE sends its first probe after a random time up to PROBE_WAIT, further ones
 * PROBE_MIN to PROBE_MAX apart, and waits for ANNOUNCE_WAIT after the last (2.1.1).
 * ANNOUNCE sends announcements ANNOUNCE_INTERVAL apart (2.3). While the address is in
 * use, acd_defend says what a conflict leads to (2.4).
 *
 * Duplicate address detection of RFC 4862, section 5.4, is the same with other numbers: see
 * probes_of(). What that RFC leaves to administrators is done as RFC 5227 says.
 *
 * The caller has a lock, knows the time (jiffies) and draws the random numbers.
 */
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/teach.h>
#include "link/acd.h"
#include "link/parms.h"

/* Uniform in low to high, both included, for a uniform 32-bit number. */
static unsigned long between(int low, int high, u32 rnd)
{
	u64 choices = high > low ? (u64)high - low + 1 : 1;

	return low + (unsigned long)(choices * rnd >> 32);
}

/**
 * teach_acd_start() - begin to find out whether an address is free
 * @acd: its conflict detection, in whatever state
 * @rate: of the link
 * @p: parameters of the link
 * @now: jiffies
 * @rnd: uniform 32-bit random number
 *
 * After many conflicts one attempt a minute is made (RFC 5227, 2.1.1).
 */
void teach_acd_start(struct teach_acd *acd, struct teach_acd_rate *rate,
		     const struct teach_parms *p, unsigned long now, u32 rnd)
{
	unsigned long at = now + between(0, READ_ONCE(p->acd_probe_wait), rnd);
	unsigned long earliest = rate->attempt + TEACH_ACD_RATE_LIMIT_INTERVAL;

	if (rate->conflicts >= TEACH_ACD_MAX_CONFLICTS && time_before(at, earliest))
		at = earliest;
	rate->attempt = at;
	acd->state = TEACH_ACD_PROBE;
	acd->sent = 0;
	acd->defended = false;
	acd->expires = at;
}

/* With addresses asked for in the manner of RFC 4862 its numbers count (section 5.1), else
 * those of RFC 5227.
 */
static bool by_nd(const struct teach_parms *p)
{
	return READ_ONCE(p->resolver) != TEACH_RESOLVER_ARP;
}

static int probes_of(const struct teach_parms *p)
{
	return by_nd(p) ? READ_ONCE(p->dad_transmits) : READ_ONCE(p->acd_probes);
}

/* Jiffies to the next probe, or after the last until nobody objected. */
static unsigned long probe_wait(const struct teach_parms *p, bool last, u32 rnd)
{
	if (by_nd(p))
		return READ_ONCE(p->retrans_time);
	return last ? READ_ONCE(p->acd_announce_wait) :
		      between(READ_ONCE(p->acd_probe_min), READ_ONCE(p->acd_probe_max), rnd);
}

/**
 * teach_acd_probing_time() - how long does a host take that probes as we do?
 * @p: parameters of the link
 *
 * Return: jiffies after which it has either taken the address or not, at the latest.
 */
unsigned long teach_acd_probing_time(const struct teach_parms *p)
{
	if (by_nd(p))
		return (unsigned long)READ_ONCE(p->retrans_time) * READ_ONCE(p->dad_transmits);
	return (unsigned long)READ_ONCE(p->acd_probe_max) * READ_ONCE(p->acd_probes) +
	       READ_ONCE(p->acd_announce_wait);
}

static enum teach_acd_action probe_timer(struct teach_acd *acd, struct teach_acd_rate *rate,
					 const struct teach_parms *p, unsigned long now,
					 u32 rnd)
{
	int probes = probes_of(p);

	if (acd->sent < probes) {
		acd->sent++;
		acd->expires = now + probe_wait(p, acd->sent >= probes, rnd);
		return TEACH_ACD_SEND_PROBE;
	}
	/* Nobody objected. */
	rate->conflicts = 0;
	acd->state = TEACH_ACD_ANNOUNCE;
	acd->sent = 0;
	return TEACH_ACD_NOTHING;
}

/**
 * teach_acd_timer() - what is due?
 * @acd: conflict detection of an address
 * @rate: of the link
 * @p: parameters of the link
 * @now: jiffies
 * @rnd: uniform 32-bit random number
 *
 * May be called at any time. Where it returns an announcement for the first time, the
 * address is in use from now on: see teach_acd_tentative().
 *
 * Return: what to send, if anything.
 */
enum teach_acd_action teach_acd_timer(struct teach_acd *acd, struct teach_acd_rate *rate,
				      const struct teach_parms *p, unsigned long now,
				      u32 rnd)
{
	int announcements = READ_ONCE(p->acd_announcements);
	enum teach_acd_action action;

	if (!teach_acd_timed(acd) || time_before(now, acd->expires))
		return TEACH_ACD_NOTHING;
	if (acd->state == TEACH_ACD_PROBE) {
		action = probe_timer(acd, rate, p, now, rnd);
		if (action != TEACH_ACD_NOTHING)
			return action;
	}
	action = TEACH_ACD_NOTHING;
	if (acd->sent < announcements) {
		acd->sent++;
		acd->expires = now + READ_ONCE(p->acd_announce_interval);
		action = TEACH_ACD_SEND_ANNOUNCEMENT;
	}
	if (acd->sent >= announcements)
		acd->state = TEACH_ACD_BOUND;
	return action;
}

static enum teach_acd_action give_up(struct teach_acd *acd)
{
	acd->state = TEACH_ACD_FAILED;
	return TEACH_ACD_GIVE_UP;
}

/* RFC 5227, section 2.4. */
static enum teach_acd_action in_use_conflict(struct teach_acd *acd, int defend,
					     unsigned long interval, unsigned long now)
{
	bool lately = acd->defended && time_before(now, acd->conflict_at + interval);

	if (defend == TEACH_ACD_DEFEND_NEVER)
		return give_up(acd);
	if (lately)
		return defend == TEACH_ACD_DEFEND_ONCE ? give_up(acd) : TEACH_ACD_NOTHING;
	acd->defended = true;
	acd->conflict_at = now;
	return TEACH_ACD_SEND_ANNOUNCEMENT;
}

/**
 * teach_acd_conflict() - another host says that it has the address, or wants it
 * @acd: conflict detection of the address
 * @rate: of the link
 * @p: parameters of the link
 * @now: jiffies
 * @mac: MAC address of the other host
 * @probe: it only asks whether somebody has it (sender's address zero)
 *
 * Of two hosts that probe for an address at once neither takes it (2.1.1). A probe for
 * an address in use is no conflict: an ordinary answer tells the other host.
 *
 * Return: TEACH_ACD_GIVE_UP, TEACH_ACD_SEND_ANNOUNCEMENT to defend it, or
 * TEACH_ACD_NOTHING.
 */
enum teach_acd_action teach_acd_conflict(struct teach_acd *acd, struct teach_acd_rate *rate,
					 const struct teach_parms *p, unsigned long now,
					 const u8 *mac, bool probe)
{
	enum teach_acd_action action = TEACH_ACD_NOTHING;

	switch (acd->state) {
	case TEACH_ACD_PROBE:
		rate->conflicts++;
		action = give_up(acd);
		break;
	case TEACH_ACD_ANNOUNCE:
	case TEACH_ACD_BOUND:
		if (!probe)
			action = in_use_conflict(acd, READ_ONCE(p->acd_defend),
						 READ_ONCE(p->acd_defend_interval), now);
		break;
	case TEACH_ACD_STOPPED:
	case TEACH_ACD_FAILED:
		break;
	}
	if (action != TEACH_ACD_NOTHING)
		ether_addr_copy(acd->holder, mac);
	return action;
}
