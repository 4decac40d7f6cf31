/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_PARMS_H
#define TEACH_LINK_PARMS_H

#include <linux/types.h>

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
 * Meanings and defaults are those of net.ipv4.neigh. Written by sysctl and
 * netlink, read without a lock: each field stands alone.
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
	unsigned long	reachable_time;
	unsigned long	rolled_at;
};

void teach_parms_set_defaults(struct teach_parms *p);
void teach_parms_roll(struct teach_parms *p, unsigned long now);
bool teach_parms_stale(const struct teach_parms *p, unsigned long now);

#endif
