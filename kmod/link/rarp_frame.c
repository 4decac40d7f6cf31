// SPDX-License-Identifier: GPL-2.0
/*
 * RARP frames for TEACH addresses (RFC 903): ARP's fields under an EtherType of their
 * own, 0x8035, with operations 3 and 4. Drawn in link/arp_frame.c.
 */
#include "link/arp_frame.h"
#include "link/link.h"
#include "link/rarp_frame.h"
#include "link/stats.h"

/* @to is NULL in a broadcast. Context: rcu_read_lock() or RTNL, link alive. */
static void rarp_send(const struct teach_link *link, u16 op, const u8 *to,
		      __be32 sender, const u8 *target_mac, __be32 target)
{
	const struct teach_arp_frame f = {
		.protocol	= ETH_P_RARP,
		.op		= op,
		.to		= to,
		.target_mac	= target_mac,
		.sender		= sender,
		.target		= target,
	};

	if (!teach_arp_transmit(link, &f))
		teach_link_count(link, TEACH_STAT_RARP_OUT_ERRORS);
	else if (op == ARPOP_RREQUEST)
		teach_link_count(link, TEACH_STAT_RARP_OUT_REQUESTS);
	else
		teach_link_count(link, TEACH_STAT_RARP_OUT_REPLIES);
}

/**
 * teach_rarp_request() - ask all which address belongs to a MAC address
 * @link: where to ask
 * @target_mac: MAC address, the link's own or another host's
 *
 * Context: rcu_read_lock() or RTNL, link alive.
 */
void teach_rarp_request(const struct teach_link *link, const u8 *target_mac)
{
	rarp_send(link, ARPOP_RREQUEST, NULL, 0, target_mac, 0);
}

/**
 * teach_rarp_reply() - tell which address belongs to a MAC address
 * @link: where
 * @to: MAC address of the host that asked
 * @sender: our address
 * @target_mac: MAC address that was asked about
 * @target: the address that belongs to it
 *
 * Context: rcu_read_lock() or RTNL, link alive.
 */
void teach_rarp_reply(const struct teach_link *link, const u8 *to, __be32 sender,
		      const u8 *target_mac, __be32 target)
{
	rarp_send(link, ARPOP_RREPLY, to, sender, target_mac, target);
}
