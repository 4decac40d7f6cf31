/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_RARP_FRAME_H
#define TEACH_LINK_RARP_FRAME_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/types.h>

struct teach_link;

/**
 * struct teach_rarp_msg - a RARP message (RFC 903) about TEACH addresses
 * @hdr: as ARP's; the operation is ARPOP_RREQUEST or ARPOP_RREPLY
 * @sender_mac: who sent it
 * @sender: the server's address in a reply, nothing in a request
 * @target_mac: whose address is asked for; in most requests the sender's own
 * @target: that address in a reply, nothing in a request
 */
struct teach_rarp_msg {
	struct arphdr	hdr;
	u8		sender_mac[ETH_ALEN];
	__be32		sender;
	u8		target_mac[ETH_ALEN];
	__be32		target;
} __packed;

void teach_rarp_request(const struct teach_link *link, const u8 *target_mac);
void teach_rarp_reply(const struct teach_link *link, const u8 *to, __be32 sender,
		      const u8 *target_mac, __be32 target);

#endif
