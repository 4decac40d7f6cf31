/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_INPUT_H
#define TEACH_NET_INPUT_H

struct net_device;
struct packet_type;
struct sk_buff;

int teach_input(struct sk_buff *skb, struct net_device *dev,
		struct packet_type *pt, struct net_device *orig_dev);

#endif
