/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ARP_H
#define TEACH_LINK_ARP_H

struct teach_link;

void teach_arp_attach(struct teach_link *link);

#endif
