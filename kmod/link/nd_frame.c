// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of neighbour discovery: the messages of RFC 4861, sections 4.3 and 4.4, in the form
 * of ARP's (link/arp_frame.c), with operations of their own and four bytes of flags behind.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  28 bytes as ARP has them, operation 24 or 25 ...             |
 *     +-+-+-+---------------------------------------------------------+
 *     |R|S|O|  zero                                                   |
 *     +-+-+-+---------------------------------------------------------+
 */
#include "link/link.h"
#include "link/nd_frame.h"
#include "link/stats.h"

/**
 * teach_nd_send() - send a solicitation or an advertisement
 * @link: link that it leaves by
 * @op: TEACH_ND_SOLICIT or TEACH_ND_ADVERT
 * @to: MAC address of a host or a group; NULL for all hosts
 * @target: see struct teach_nd_msg
 * @sender: likewise
 * @flags: TEACH_ND_*
 *
 * Counted, also where there is no memory. Context: as teach_arp_transmit(). Return: true if the
 * device got it.
 */
bool teach_nd_send(const struct teach_link *link, u16 op, const u8 *to, __be32 target,
		   __be32 sender, u32 flags)
{
	const __be32 wire_flags = htonl(flags);
	const struct teach_arp_frame f = {
		.protocol	= ETH_P_ARP,
		.op		= op,
		.to		= to,
		.target_mac	= op == TEACH_ND_ADVERT ? to : NULL,
		.sender		= sender,
		.target		= target,
		.flags		= &wire_flags,
	};

	if (!teach_arp_transmit(link, &f)) {
		teach_link_count(link, TEACH_STAT_ND_OUT_ERRORS);
		return false;
	}
	teach_link_count(link, op == TEACH_ND_SOLICIT ?
			TEACH_STAT_ND_OUT_SOLICITS : TEACH_STAT_ND_OUT_ADVERTS);
	return true;
}
