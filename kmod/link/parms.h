/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_PARMS_H
#define TEACH_LINK_PARMS_H

#include <linux/teach.h>
#include <linux/types.h>

/* Values of the parameter acd_defend: RFC 5227, section 2.4 (a), (b) and (c). */
enum teach_acd_defend {
	TEACH_ACD_DEFEND_NEVER,
	TEACH_ACD_DEFEND_ONCE,
	TEACH_ACD_DEFEND_ALWAYS,
};

/**
 * struct teach_parm_info - what is to know of a parameter
 * @offset: where it is in struct teach_parms; an int
 * @time: it is a time, jiffies in memory; else a number
 * @min: smallest value, in the unit in which it is kept
 * @max: largest value
 */
struct teach_parm_info {
	unsigned int	offset;
	bool		time;
	int		min;
	int		max;
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
 * @mcast_reprobes: broadcast requests in PROBE, after the unicast ones
 * @arp_ignore: 0..8: which requests are not answered
 * @arp_announce: 0..2: which address of ours a request tells
 * @arp_accept: 0..2: who unasked makes an entry
 * @arp_notify: announce our addresses when the device comes up or an address is new
 * @drop_gratuitous_arp: believe no announcement
 * @proxy_arp: answer for who is reached by another device
 * @proxy_delay: jiffies; a proxy answers within a random time below it
 * @proxy_qlen: answers of a proxy that wait for that, at most
 * @solicits_per_sec: broadcast requests that nobody answers, a second; 0: no limit
 * @solicits_burst: of them at once
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
 * @resolver: how others are asked, enum teach_resolver_mode
 * @dad_transmits: probes for an address that is asked for in the manner of RFC 4862
 * @interval_probe_time: jiffies between two looks at managed entries; only that of a
 *	namespace's defaults is looked at, as with IPv4
 * @max_neighs: entries of the link in the cache that may be collected; 0: no limit
 * @was_set: bit TEACH_PARM_A_* of those that somebody has set: they do not follow
 *	the default any more
 * @reachable_time: jiffies that a confirmation is good for; random, see
 *	teach_parms_roll()
 * @rolled_at: jiffies at which @reachable_time was drawn
 *
 * Meanings and defaults are those of net.ipv4.neigh and net.ipv4.conf; those of acd_* are
 * RFC 5227's. Written by sysctl and netlink, read without a lock: each field stands alone.
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
	int		mcast_reprobes;
	int		arp_ignore;
	int		arp_announce;
	int		arp_accept;
	int		arp_notify;
	int		drop_gratuitous_arp;
	int		proxy_arp;
	int		proxy_delay;
	int		proxy_qlen;
	int		solicits_per_sec;
	int		solicits_burst;
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
	int		resolver;
	int		dad_transmits;
	int		interval_probe_time;
	int		max_neighs;
	DECLARE_BITMAP(was_set, TEACH_PARM_A_MAX + 1);
	unsigned long	reachable_time;
	unsigned long	rolled_at;
};

const struct teach_parm_info *teach_parm_info(unsigned int parm);
int teach_parms_get(const struct teach_parms *p, unsigned int parm);
void teach_parms_put(struct teach_parms *p, unsigned int parm, int value);
void teach_parms_set(struct teach_parms *p, unsigned int parm, int value);
void teach_parms_keep(struct teach_parms *p);

void teach_parms_set_defaults(struct teach_parms *p);
void teach_parms_roll(struct teach_parms *p, unsigned long now);
bool teach_parms_stale(const struct teach_parms *p, unsigned long now);

#endif
