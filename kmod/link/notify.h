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
 */
enum teach_link_event {
	TEACH_LINK_UP,
	TEACH_LINK_DOWN,
	TEACH_ADDR_ADD,
	TEACH_ADDR_CHANGE,
	TEACH_ADDR_DEL,
};

/**
 * enum teach_neigh_event - what upper layers are told of neighbours
 * @TEACH_NEIGH_CHANGE: state or MAC address; data: struct teach_neigh
 * @TEACH_NEIGH_GONE: out of the cache; data: struct teach_neigh
 */
enum teach_neigh_event {
	TEACH_NEIGH_CHANGE,
	TEACH_NEIGH_GONE,
};

int teach_link_notifier_register(struct notifier_block *nb);
void teach_link_notifier_unregister(struct notifier_block *nb);
int teach_link_notify(enum teach_link_event event, void *data);

int teach_neigh_notifier_register(struct notifier_block *nb);
void teach_neigh_notifier_unregister(struct notifier_block *nb);
void teach_neigh_notify(enum teach_neigh_event event, void *data);

#endif
