/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ARP_FRAME_H
#define TEACH_LINK_ARP_FRAME_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/types.h>

struct teach_link;

/**
 * struct teach_arp_body - what follows struct arphdr, for the lengths 6 and 4
 * @sender_mac: ar$sha
 * @sender: ar$spa
 * @target_mac: ar$tha; in a request it says nothing
 * @target: ar$tpa
 */
struct teach_arp_body {
	u8	sender_mac[ETH_ALEN];
	__be32	sender;
	u8	target_mac[ETH_ALEN];
	__be32	target;
} __packed;

/* Bytes of a frame behind its Ethernet header. */
#define TEACH_ARP_LEN	(sizeof(struct arphdr) + sizeof(struct teach_arp_body))

bool teach_arp_send(const struct teach_link *link, u16 op, const u8 *mac,
		    __be32 target, __be32 sender);

#endif
