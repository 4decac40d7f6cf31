/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NOTIFY_H
#define TEACH_LINK_NOTIFY_H

#include <linux/notifier.h>

/**
 * enum teach_link_event - what others are told of links
 * @TEACH_LINK_UP: packets can leave by this link; data: struct teach_link
 * @TEACH_LINK_DOWN: they cannot any more; data: struct teach_link
 * @TEACH_ADDR_ADD: a local address is new; data: struct teach_ifaddr. May be
 *	refused by notifier_from_errno(); those called before are not told
 * @TEACH_ADDR_CHANGE: its flags or lifetime changed, or another host claimed it; data:
 *	struct teach_ifaddr
 * @TEACH_ADDR_DEL: it is gone from all tables; data: struct teach_ifaddr
 * @TEACH_LINK_NEW: a device has a link from now on, unless an error is returned; data:
 *	struct teach_link
 * @TEACH_LINK_RENAMED: its device has another name; data: struct teach_link
 * @TEACH_LINK_GONE: it has none any more; data: struct teach_link
 */
enum teach_link_event {
	TEACH_LINK_UP,
	TEACH_LINK_DOWN,
	TEACH_ADDR_ADD,
	TEACH_ADDR_CHANGE,
	TEACH_ADDR_DEL,
	TEACH_LINK_NEW,
	TEACH_LINK_RENAMED,
	TEACH_LINK_GONE,
};

/**
 * enum teach_neigh_event - what upper layers are told of neighbours
 * @TEACH_NEIGH_CHANGE: state or MAC address
 * @TEACH_NEIGH_STEP: what RTNLGRP_NEIGH does not tell, as with IPv4: resolution or DELAY
 *	began, another request was sent
 * @TEACH_NEIGH_FLAP: the MAC address changed twice within a second; once a second for an entry
 * @TEACH_NEIGH_GONE: out of the cache
 *
 * Data is a struct teach_neigh_change in all.
 */
enum teach_neigh_event {
	TEACH_NEIGH_CHANGE,
	TEACH_NEIGH_STEP,
	TEACH_NEIGH_FLAP,
	TEACH_NEIGH_GONE,
};

int teach_link_notifier_register(struct notifier_block *nb);
void teach_link_notifier_unregister(struct notifier_block *nb);
int teach_link_notify(enum teach_link_event event, void *data);

int teach_neigh_notifier_register(struct notifier_block *nb);
void teach_neigh_notifier_unregister(struct notifier_block *nb);
void teach_neigh_notify(enum teach_neigh_event event, void *data);

#endif
