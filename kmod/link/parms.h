/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_PARMS_H
#define TEACH_LINK_PARMS_H

#include <linux/types.h>

/* Values of the parameter acd_defend: RFC 5227, section 2.4 (a), (b) and (c). */
enum teach_acd_defend {
	TEACH_ACD_DEFEND_NEVER,
	TEACH_ACD_DEFEND_ONCE,
	TEACH_ACD_DEFEND_ALWAYS,
};

/**
 * struct teach_parms - how neighbours of a link are resolved
 * @base_reachable_time: jiffies; mean of @reachable_time
 * @retrans_time: jiffies between two requests
 * @delay_probe_time: jiffies that DELAY waits for an upper layer to confirm
 * @gc_staletime: jiffies after which an unused entry may be collected
 * @locktime: jiffies during which a MAC address is not overwritten
 * @ucast_probes: unicast requests in PROBE
 * @mcast_probes: broadcast requests in INCOMPLETE
 * @queue_bytes: most that an entry's hold queue takes, by truesize
 * @reachable_time: jiffies that a confirmation is good for; random, see
 *	teach_parms_roll()
 * @rolled_at: jiffies at which @reachable_time was drawn
 *
 * @accept_dad: added addresses are probed for before they are used; bool
 * @acd_probe_wait: jiffies that the first probe is delayed by at most
 * @acd_probes: probes
 * @acd_probe_min: least jiffies between two probes
 * @acd_probe_max: most jiffies between two probes
 * @acd_announce_wait: jiffies after the last probe in which others may object
 * @acd_announcements: announcements
 * @acd_announce_interval: jiffies between two announcements
 * @acd_defend: what a conflict in use leads to, enum teach_acd_defend
 * @acd_defend_interval: jiffies in which a second conflict makes a difference
 * @rarp_retrans: jiffies before a RARP request is repeated the first time
 * @rarp_retrans_max: most jiffies that this time is doubled to
 * @rarp_lifetime: jiffies that an address learnt by RARP is good for
 * @rarp_serve: RARP requests are answered from permanent neighbours too; bool
 *
 * Meanings and defaults are those of net.ipv4.neigh; those of acd_* are RFC 5227's.
 * Written by sysctl and netlink, read without a lock: each field stands alone.
 */
struct teach_parms {
	int		base_reachable_time;
	int		retrans_time;
	int		delay_probe_time;
	int		gc_staletime;
	int		locktime;
	int		ucast_probes;
	int		mcast_probes;
	int		queue_bytes;
	int		accept_dad;
	int		acd_probe_wait;
	int		acd_probes;
	int		acd_probe_min;
	int		acd_probe_max;
	int		acd_announce_wait;
	int		acd_announcements;
	int		acd_announce_interval;
	int		acd_defend;
	int		acd_defend_interval;
	int		rarp_retrans;
	int		rarp_retrans_max;
	int		rarp_lifetime;
	int		rarp_serve;
	unsigned long	reachable_time;
	unsigned long	rolled_at;
};

void teach_parms_set_defaults(struct teach_parms *p);
void teach_parms_roll(struct teach_parms *p, unsigned long now);
bool teach_parms_stale(const struct teach_parms *p, unsigned long now);

#endif
