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

/* RFC 5227, section 1.1. */
#define ACD_PROBE_WAIT		(1 * HZ)
#define ACD_PROBES		3
#define ACD_PROBE_MIN		(1 * HZ)
#define ACD_PROBE_MAX		(2 * HZ)
#define ACD_ANNOUNCE_WAIT	(2 * HZ)
#define ACD_ANNOUNCEMENTS	2
#define ACD_ANNOUNCE_INTERVAL	(2 * HZ)
#define ACD_DEFEND_INTERVAL	(10 * HZ)

/* RFC 903 names none. DHCP asks again after 4 to 64 seconds (RFC 2131, 4.1), but a
 * RARP server has nothing to look up on other hosts.
 */
#define RARP_RETRANS		(1 * HZ)
#define RARP_RETRANS_MAX	(64 * HZ)
#define RARP_LIFETIME		(3600 * HZ)

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
		.acd_probe_wait		= ACD_PROBE_WAIT,
		.acd_probes		= ACD_PROBES,
		.acd_probe_min		= ACD_PROBE_MIN,
		.acd_probe_max		= ACD_PROBE_MAX,
		.acd_announce_wait	= ACD_ANNOUNCE_WAIT,
		.acd_announcements	= ACD_ANNOUNCEMENTS,
		.acd_announce_interval	= ACD_ANNOUNCE_INTERVAL,
		.acd_defend		= TEACH_ACD_DEFEND_ALWAYS,
		.acd_defend_interval	= ACD_DEFEND_INTERVAL,
		.rarp_retrans		= RARP_RETRANS,
		.rarp_retrans_max	= RARP_RETRANS_MAX,
		.rarp_lifetime		= RARP_LIFETIME,
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
