// SPDX-License-Identifier: GPL-2.0
/*
 * Groups of addresses: who has to read a question about an address.
 *
 * Each address has a group, to which questions about it can be sent (link/nd.c). Its MAC
 * address is 03:54:45 and the low 24 bits of the address, as RFC 2464, section 7, and
 * RFC 4291, section 2.7.1, have it for IPv6's solicited-node groups. A host joins the groups
 * of its addresses: its card lets these frames pass, and leaves those of other groups
 * out, which hardly ever are the same.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include "link/group.h"
#include "link/link.h"

/**
 * teach_group_mac() - MAC address of the group of an address
 * @addr: address
 * @mac: where to, %ETH_ALEN bytes
 *
 * Any context.
 */
void teach_group_mac(__be32 addr, u8 *mac)
{
	u32 low = ntohl(addr);

	mac[0] = 0x03;
	mac[1] = 'T';
	mac[2] = 'E';
	mac[3] = low >> 16;
	mac[4] = low >> 8;
	mac[5] = low;
}

/**
 * teach_group_join() - let questions about an address pass
 * @link: link that has the address
 * @addr: address
 *
 * Process context under RTNL. Return: 0 or -ENOMEM.
 */
int teach_group_join(const struct teach_link *link, __be32 addr)
{
	u8 mac[ETH_ALEN];

	teach_group_mac(addr, mac);
	return dev_mc_add(link->dev, mac);
}

/**
 * teach_group_leave() - let them pass no more
 * @link: link that has the address no more
 * @addr: address
 *
 * Once for each teach_group_join(). Process context under RTNL.
 */
void teach_group_leave(const struct teach_link *link, __be32 addr)
{
	u8 mac[ETH_ALEN];

	teach_group_mac(addr, mac);
	dev_mc_del(link->dev, mac);
}
