/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Neighbour discovery on the wire, for the tests of it: solicitations and advertisements have
 * the form of ARP's messages, and four bytes of flags behind.
 */
#ifndef SELFTESTS_ND_H
#define SELFTESTS_ND_H

#include "wire.h"

#define ND_FRAME	46	/* bytes, without padding */
#define ND_SOLICIT	24
#define ND_ADVERT	25

#define ND_R		0x80000000u
#define ND_S		0x40000000u
#define ND_O		0x20000000u

const uint8_t *nd_group(uint32_t addr, uint8_t mac[6]);
void nd_solicit(struct arp_frame *a, const void *sender_mac, uint32_t sender, uint32_t target);
void nd_advert(struct arp_frame *a, const void *to, const void *sender_mac, uint32_t sender,
	       uint32_t target, uint32_t flags);
bool nd_in_group(const char *dev, uint32_t addr);

#endif /* SELFTESTS_ND_H */
