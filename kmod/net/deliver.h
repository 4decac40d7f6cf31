/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_DELIVER_H
#define TEACH_NET_DELIVER_H

struct net;
struct sk_buff;

/* Whoever takes this number takes all that nobody else takes. */
#define TEACHPROTO_UNKNOWN	0

void teach_deliver(struct net *net, struct sk_buff *skb);

#endif
