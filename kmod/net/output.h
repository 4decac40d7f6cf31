/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_OUTPUT_H
#define TEACH_NET_OUTPUT_H

#include <linux/netdevice.h>
#include <linux/teach.h>
#include "net/path.h"

/**
 * teach_output_reserve() - room to leave before a transport's header
 * @path: path, in the rcu_read_lock() section in which it was found
 *
 * Return: bytes, for TEACH's and the device's headers.
 */
static inline unsigned int teach_output_reserve(const struct teach_path *path)
{
	const struct net_device *dev = teach_path_dev(path);

	return TEACH_HDR_LEN + (dev ? LL_RESERVED_SPACE(dev) : HH_DATA_MOD);
}

int teach_output(struct net *net, struct sk_buff *skb, const struct teach_path *path);

#endif
