/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of address conflict detection and RARP share: what becomes of this
 * host's addresses, as RTNLGRP_IPV4_IFADDR tells it, and times short enough to wait for.
 */
#ifndef SELFTESTS_CLAIM_H
#define SELFTESTS_CLAIM_H

#include <linux/if_addr.h>

#include "wire.h"

#define NEW1	0x0a010005u	/* 10.1.0.5: on the first Ethernet, nobody has it */

/* Flags of an address that another host has. */
#define HELD	(IFA_F_TENTATIVE | IFA_F_DADFAILED)

struct addr_event {
	int type;		/* RTM_NEWADDR, RTM_DELADDR */
	int ifindex;
	uint32_t addr;		/* in host byte order */
	uint32_t flags;		/* IFA_F_* */
	int plen;
	uint32_t valid;		/* seconds */
	uint32_t preferred;
};

int addr_watch(void);
bool addr_next(int fd, struct addr_event *e, int limit_ms);
bool addr_find(uint32_t addr, struct addr_event *e);
int addr_request(struct nl *nl, int type, const char *dev, uint32_t addr, int plen,
		 uint32_t flags);
void quick_probes(const char *dev);

#endif /* SELFTESTS_CLAIM_H */
