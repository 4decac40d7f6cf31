/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ND_H
#define TEACH_LINK_ND_H

#include "link/stats.h"

struct sk_buff;
struct teach_link;

enum teach_stat teach_nd_rcv(struct teach_link *link, struct sk_buff *skb);
void teach_nd_attach(struct teach_link *link);

#endif
