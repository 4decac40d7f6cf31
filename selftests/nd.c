// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of neighbour discovery, written down from Documentation/protocol.md: see nd.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "nd.h"

/* MAC address of the group of an address. */
const uint8_t *nd_group(uint32_t addr, uint8_t mac[6])
{
	const uint8_t group[6] = { 3, 0x54, 0x45, addr >> 16, addr >> 8, addr };

	return memcpy(mac, group, 6);
}

/* From who asks, or from nobody (0), to the group of the address asked for. */
void nd_solicit(struct arp_frame *a, const void *sender_mac, uint32_t sender, uint32_t target)
{
	arp_make(a, ND_SOLICIT, sender_mac, sender, NO_MAC, target);
	nd_group(target, a->eth.h_dest);
}

/* From who has the address @sender to the MAC address @to; @target is who is answered. */
void nd_advert(struct arp_frame *a, const void *to, const void *sender_mac, uint32_t sender,
	       uint32_t target, uint32_t flags)
{
	bool all = !memcmp(to, ALL_MAC, 6);

	arp_make(a, ND_ADVERT, sender_mac, sender, all ? NO_MAC : to, target);
	memcpy(a->eth.h_dest, to, 6);
	flags = htonl(flags);
	memcpy(a->room, &flags, 4);
}

/* Does the device let frames to the group of an address pass? */
bool nd_in_group(const char *dev, uint32_t addr)
{
	char name[32], mac[32], line[256], wanted[16];
	FILE *f = fopen("/proc/net/dev_mcast", "r");
	bool found = false;
	uint8_t g[6];

	must(f, "/proc/net/dev_mcast");
	nd_group(addr, g);
	snprintf(wanted, sizeof(wanted), "%02x%02x%02x%02x%02x%02x", g[0], g[1], g[2], g[3],
		 g[4], g[5]);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*d %31s %*d %*d %31s", name, mac) == 2 &&
		    !strcmp(name, dev) && !strcmp(mac, wanted))
			found = true;
	}
	fclose(f);
	return found;
}
