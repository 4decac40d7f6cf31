/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ND_FRAME_H
#define TEACH_LINK_ND_FRAME_H

#include "link/arp_frame.h"

/* Operations of ARP that RFC 5494, section 3, leaves to experiments. */
#define TEACH_ND_SOLICIT	24
#define TEACH_ND_ADVERT		25

/* Flags of an advertisement, where RFC 4861, section 4.4, has them. */
#define TEACH_ND_ROUTER		0x80000000u	/* the sender is a router */
#define TEACH_ND_SOLICITED	0x40000000u	/* it answers a solicitation */
#define TEACH_ND_OVERRIDE	0x20000000u	/* it is to replace a known MAC address */

/**
 * struct teach_nd_msg - a neighbour solicitation or advertisement
 * @hdr: ARP's, the operation is TEACH_ND_SOLICIT or TEACH_ND_ADVERT
 * @body: in a solicitation the sender is who asks, or any (0) in a probe, the target
 *	the address asked for. In an advertisement the sender is who has the address, the
 *	target who is answered, or any to all
 * @flags: of an advertisement; zero, and not looked at, in a solicitation
 */
struct teach_nd_msg {
	struct arphdr		hdr;
	struct teach_arp_body	body;
	__be32			flags;
} __packed;

bool teach_nd_send(const struct teach_link *link, u16 op, const u8 *to, __be32 target,
		   __be32 sender, u32 flags);

#endif
