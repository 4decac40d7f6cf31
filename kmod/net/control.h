/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_CONTROL_H
#define TEACH_NET_CONTROL_H

#include <linux/types.h>

struct net;
struct sk_buff;
struct teach_protocol;

/**
 * struct teach_control_net - control messages of one network namespace
 * @rate: most errors that are sent in a second
 * @burst: most that are sent at once
 * @lock: protects what follows
 * @tokens: errors that may be sent now
 * @refilled: jiffies
 */
struct teach_control_net {
	int		rate;
	int		burst;
	spinlock_t	lock;		/* see above */
	int		tokens;
	unsigned long	refilled;
};

struct teach_control_net *teach_control_net(const struct net *net);
void teach_control_send_error(struct net *net, struct sk_buff *skb, u8 type, u8 code,
			      u32 info);
void teach_control_unreachable(struct net *net, struct sk_buff *skb);
void teach_control_set_echo_user(const struct teach_protocol *user);

int teach_control_init(void);
void teach_control_exit(void);

#endif
