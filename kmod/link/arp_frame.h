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

/**
 * struct teach_arp_frame - what a frame is to say
 * @protocol: %ETH_P_ARP or %ETH_P_RARP
 * @op: operation
 * @to: MAC address that it goes to; NULL for all hosts
 * @target_mac: ar$tha; NULL for zero
 * @sender: ar$spa
 * @target: ar$tpa
 * @flags: four bytes that follow in a message of link/nd.c, or NULL
 *
 * ar$sha is the device's.
 */
struct teach_arp_frame {
	u16		protocol;
	u16		op;
	const u8	*to;
	const u8	*target_mac;
	__be32		sender;
	__be32		target;
	const __be32	*flags;
};

bool teach_arp_transmit(const struct teach_link *link, const struct teach_arp_frame *f);
bool teach_arp_send(const struct teach_link *link, u16 op, const u8 *mac,
		    __be32 target, __be32 sender);

#endif
