// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of address resolution: times, counts and switches, one set per link.
 *
 * Management knows a parameter by its number in generic netlink; the table below says
 * where it is kept and what it may be. A new one has a line here, one in
 * ctl/sysctl_parms.c, and its range in ctl/genl.c.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/teach.h>
#include <net/sock.h>
#include "link/parms.h"

/* net/ipv4/arp.c has the same values; RFC 4861, section 10 names most. */
#define BASE_REACHABLE_TIME	(30 * HZ)
#define RETRANS_TIME		(1 * HZ)
#define DELAY_PROBE_TIME	(5 * HZ)
#define INTERVAL_PROBE_TIME	(5 * HZ)
#define GC_STALETIME		(60 * HZ)
#define LOCKTIME		(1 * HZ)
#define PROXY_DELAY		(8 * HZ / 10)
#define PROXY_QLEN		64
/* Frames of 64 bytes: half a per mille of a gigabit Ethernet. */
#define SOLICITS_PER_SEC	1000
#define SOLICITS_BURST		1000
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

/* RFC 4862, section 5.1. */
#define DAD_TRANSMITS		1

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

/* More than a day is a mistake. */
#define LONGEST_TIME		(86400 * HZ)

#define TIME_FROM(_min, _field)	{ offsetof(struct teach_parms, _field), true, _min, LONGEST_TIME }
#define TIME(_field)		TIME_FROM(0, _field)
#define NUMBER(_field, _max)	{ offsetof(struct teach_parms, _field), false, 0, _max }

static const struct teach_parm_info infos[TEACH_PARM_A_MAX + 1] = {
	[TEACH_PARM_A_BASE_REACHABLE_MS]	= TIME(base_reachable_time),
	[TEACH_PARM_A_RETRANS_MS]		= TIME(retrans_time),
	[TEACH_PARM_A_DELAY_PROBE_MS]		= TIME(delay_probe_time),
	[TEACH_PARM_A_GC_STALE_MS]		= TIME(gc_staletime),
	[TEACH_PARM_A_LOCKTIME_MS]		= TIME(locktime),
	[TEACH_PARM_A_UCAST_PROBES]		= NUMBER(ucast_probes, 100),
	[TEACH_PARM_A_MCAST_PROBES]		= NUMBER(mcast_probes, 100),
	[TEACH_PARM_A_QUEUE_BYTES]		= NUMBER(queue_bytes, INT_MAX),
	[TEACH_PARM_A_MCAST_REPROBES]		= NUMBER(mcast_reprobes, 100),
	[TEACH_PARM_A_ARP_IGNORE]		= NUMBER(arp_ignore, 8),
	[TEACH_PARM_A_ARP_ANNOUNCE]		= NUMBER(arp_announce, 2),
	[TEACH_PARM_A_ARP_ACCEPT]		= NUMBER(arp_accept, 2),
	[TEACH_PARM_A_ARP_NOTIFY]		= NUMBER(arp_notify, 1),
	[TEACH_PARM_A_DROP_GRATUITOUS_ARP]	= NUMBER(drop_gratuitous_arp, 1),
	[TEACH_PARM_A_PROXY_ARP]		= NUMBER(proxy_arp, 1),
	[TEACH_PARM_A_PROXY_DELAY_MS]		= TIME(proxy_delay),
	[TEACH_PARM_A_PROXY_QLEN]		= NUMBER(proxy_qlen, 32767),
	[TEACH_PARM_A_SOLICITS_PER_SEC]		= NUMBER(solicits_per_sec, 1000000),
	[TEACH_PARM_A_SOLICITS_BURST]		= NUMBER(solicits_burst, 1000000),
	[TEACH_PARM_A_ACCEPT_DAD]		= NUMBER(accept_dad, 1),
	[TEACH_PARM_A_ACD_PROBE_WAIT_MS]	= TIME(acd_probe_wait),
	[TEACH_PARM_A_ACD_PROBES]		= NUMBER(acd_probes, 100),
	[TEACH_PARM_A_ACD_PROBE_MIN_MS]		= TIME(acd_probe_min),
	[TEACH_PARM_A_ACD_PROBE_MAX_MS]		= TIME(acd_probe_max),
	[TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS]	= TIME(acd_announce_wait),
	[TEACH_PARM_A_ACD_ANNOUNCEMENTS]	= NUMBER(acd_announcements, 100),
	[TEACH_PARM_A_ACD_ANNOUNCE_INTERVAL_MS]	= TIME(acd_announce_interval),
	[TEACH_PARM_A_ACD_DEFEND]		= NUMBER(acd_defend, TEACH_ACD_DEFEND_ALWAYS),
	[TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS]	= TIME_FROM(1, acd_defend_interval),
	[TEACH_PARM_A_RARP_RETRANS_MS]		= TIME_FROM(1, rarp_retrans),
	[TEACH_PARM_A_RARP_RETRANS_MAX_MS]	= TIME_FROM(1, rarp_retrans_max),
	[TEACH_PARM_A_RARP_LIFETIME_MS]		= TIME_FROM(1, rarp_lifetime),
	[TEACH_PARM_A_RARP_SERVE]		= NUMBER(rarp_serve, 1),
	[TEACH_PARM_A_RESOLVER]			= NUMBER(resolver, TEACH_RESOLVER_MAX),
	[TEACH_PARM_A_DAD_TRANSMITS]		= NUMBER(dad_transmits, 100),
	[TEACH_PARM_A_INTERVAL_PROBE_MS]	= TIME_FROM(1, interval_probe_time),
	[TEACH_PARM_A_MAX_NEIGHS]		= NUMBER(max_neighs, INT_MAX),
};

static int *parm_at(const struct teach_parms *p, unsigned int parm)
{
	return (int *)((char *)p + infos[parm].offset);
}

/**
 * teach_parm_info() - what is to know of a parameter
 * @parm: TEACH_PARM_A_*
 *
 * Any context. Return: that, or NULL for one that cannot be set or does not exist.
 */
const struct teach_parm_info *teach_parm_info(unsigned int parm)
{
	return parm <= TEACH_PARM_A_MAX && infos[parm].max ? &infos[parm] : NULL;
}

/**
 * teach_parms_get() - value of a parameter
 * @p: parameters
 * @parm: TEACH_PARM_A_*, one that can be set
 *
 * Any context. Return: the value, a time in jiffies.
 */
int teach_parms_get(const struct teach_parms *p, unsigned int parm)
{
	return READ_ONCE(*parm_at(p, parm));
}

/**
 * teach_parms_put() - change a parameter that follows the default
 * @p: parameters
 * @parm: TEACH_PARM_A_*, one that can be set
 * @value: value, a time in jiffies; within its bounds
 *
 * Any context.
 */
void teach_parms_put(struct teach_parms *p, unsigned int parm, int value)
{
	WRITE_ONCE(*parm_at(p, parm), value);
	if (parm == TEACH_PARM_A_BASE_REACHABLE_MS)
		teach_parms_roll(p, jiffies);
}

/**
 * teach_parms_set() - change a parameter as somebody asks
 * @p: parameters
 * @parm: TEACH_PARM_A_*, one that can be set
 * @value: value, a time in jiffies; within its bounds
 *
 * It does not follow the default from now on. Any context.
 */
void teach_parms_set(struct teach_parms *p, unsigned int parm, int value)
{
	set_bit(parm, p->was_set);
	teach_parms_put(p, parm, value);
}

/**
 * teach_parms_keep() - follow the default no more
 * @p: parameters, as if somebody had set each to what it is
 *
 * Any context.
 */
void teach_parms_keep(struct teach_parms *p)
{
	unsigned int parm;

	for (parm = 0; parm <= TEACH_PARM_A_MAX; parm++)
		set_bit(parm, p->was_set);
}

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
		.proxy_delay		= PROXY_DELAY,
		.proxy_qlen		= PROXY_QLEN,
		.solicits_per_sec	= SOLICITS_PER_SEC,
		.solicits_burst		= SOLICITS_BURST,
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
		.dad_transmits		= DAD_TRANSMITS,
		.interval_probe_time	= INTERVAL_PROBE_TIME,
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
