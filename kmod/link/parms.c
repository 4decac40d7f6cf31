// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of address resolution: times and counts, one set per link.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <net/sock.h>
#include "link/parms.h"

/* net/ipv4/arp.c has the same values; RFC 4861, section 10 names most. */
#define BASE_REACHABLE_TIME	(30 * HZ)
#define RETRANS_TIME		(1 * HZ)
#define DELAY_PROBE_TIME	(5 * HZ)
#define GC_STALETIME		(60 * HZ)
#define LOCKTIME		(1 * HZ)
#define UCAST_PROBES		3
#define MCAST_PROBES		3

/* A new random reachable time every so often (RFC 4861, 6.3.4: "hours"; the
 * kernel's own neighbour cache takes minutes).
 */
#define ROLL_INTERVAL		(300 * HZ)

/**
 * teach_parms_set_defaults() - as a host that was never configured
 * @p: where to
 *
 * Any context.
 */
void teach_parms_set_defaults(struct teach_parms *p)
{
	*p = (struct teach_parms) {
		.base_reachable_time	= BASE_REACHABLE_TIME,
		.retrans_time		= RETRANS_TIME,
		.delay_probe_time	= DELAY_PROBE_TIME,
		.gc_staletime		= GC_STALETIME,
		.locktime		= LOCKTIME,
		.ucast_probes		= UCAST_PROBES,
		.mcast_probes		= MCAST_PROBES,
		.queue_bytes		= SK_WMEM_DEFAULT,
	};
	teach_parms_roll(p, jiffies);
}

/**
 * teach_parms_roll() - draw a new reachable time
 * @p: parameters
 * @now: jiffies
 *
 * Uniform between half and one and a half of the base, so that hosts do not
 * probe each other in step (RFC 4861, section 10). Any context.
 */
void teach_parms_roll(struct teach_parms *p, unsigned long now)
{
	unsigned int base = max(READ_ONCE(p->base_reachable_time), 2);

	WRITE_ONCE(p->reachable_time, get_random_u32_below(base) + base / 2);
	WRITE_ONCE(p->rolled_at, now);
}

/**
 * teach_parms_stale() - is it time for a new reachable time?
 * @p: parameters
 * @now: jiffies
 *
 * Any context. Return: true if so.
 */
bool teach_parms_stale(const struct teach_parms *p, unsigned long now)
{
	return time_after(now, READ_ONCE(p->rolled_at) + ROLL_INTERVAL);
}
