/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ACD_H
#define TEACH_LINK_ACD_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct teach_parms;

/* RFC 5227, section 1.1: so many conflicts, and addresses are tried only so often. */
#define TEACH_ACD_MAX_CONFLICTS		10
#define TEACH_ACD_RATE_LIMIT_INTERVAL	(60 * HZ)

/**
 * enum teach_acd_state - how far an address is on its way into use
 * @TEACH_ACD_STOPPED: not in use: it is probed for when the link is there
 * @TEACH_ACD_PROBE: not in use: others are asked whether they have it
 * @TEACH_ACD_ANNOUNCE: in use, and still being announced
 * @TEACH_ACD_BOUND: in use
 * @TEACH_ACD_FAILED: not in use: another host has it
 */
enum teach_acd_state {
	TEACH_ACD_STOPPED,
	TEACH_ACD_PROBE,
	TEACH_ACD_ANNOUNCE,
	TEACH_ACD_BOUND,
	TEACH_ACD_FAILED,
};

/**
 * enum teach_acd_action - what is to be done
 * @TEACH_ACD_NOTHING: nothing
 * @TEACH_ACD_SEND_PROBE: ask all whether they have the address
 * @TEACH_ACD_SEND_ANNOUNCEMENT: tell all that it is ours
 * @TEACH_ACD_GIVE_UP: stop using the address
 */
enum teach_acd_action {
	TEACH_ACD_NOTHING,
	TEACH_ACD_SEND_PROBE,
	TEACH_ACD_SEND_ANNOUNCEMENT,
	TEACH_ACD_GIVE_UP,
};

/**
 * struct teach_acd - conflict detection for one address
 * @state: where it is
 * @sent: probes sent in PROBE, announcements in ANNOUNCE
 * @defended: @conflict_at is valid
 * @holder: MAC address of the host that was last in conflict
 * @expires: jiffies at which teach_acd_timer() is due, in PROBE and ANNOUNCE
 * @conflict_at: jiffies of the last conflict while in use
 */
struct teach_acd {
	enum teach_acd_state	state;
	u8			sent;
	bool			defended;
	u8			holder[ETH_ALEN];
	unsigned long		expires;
	unsigned long		conflict_at;
};

/**
 * struct teach_acd_rate - how often a link may try another address
 * @conflicts: conflicts found by probing since an address was last taken
 * @attempt: jiffies at which probing last began
 */
struct teach_acd_rate {
	unsigned int	conflicts;
	unsigned long	attempt;
};

/**
 * teach_acd_tentative() - is the address not in use?
 * @acd: its conflict detection
 *
 * Return: true before it was found to be free and after it was given up.
 */
static inline bool teach_acd_tentative(const struct teach_acd *acd)
{
	return acd->state != TEACH_ACD_ANNOUNCE && acd->state != TEACH_ACD_BOUND;
}

/**
 * teach_acd_timed() - is there something to be done later?
 * @acd: conflict detection of an address
 *
 * Return: true if teach_acd_timer() is due at acd->expires.
 */
static inline bool teach_acd_timed(const struct teach_acd *acd)
{
	return acd->state == TEACH_ACD_PROBE || acd->state == TEACH_ACD_ANNOUNCE;
}

void teach_acd_start(struct teach_acd *acd, struct teach_acd_rate *rate,
		     const struct teach_parms *p, unsigned long now, u32 rnd);
enum teach_acd_action teach_acd_timer(struct teach_acd *acd, struct teach_acd_rate *rate,
				      const struct teach_parms *p, unsigned long now,
				      u32 rnd);
unsigned long teach_acd_probing_time(const struct teach_parms *p);
enum teach_acd_action teach_acd_conflict(struct teach_acd *acd, struct teach_acd_rate *rate,
					 const struct teach_parms *p, unsigned long now,
					 const u8 *mac, bool probe);

#endif
