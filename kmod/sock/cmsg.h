/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_CMSG_H
#define TEACH_SOCK_CMSG_H

#include <net/sock.h>
#include "sock/sock.h"

/**
 * struct teach_tx - all that sendmsg() was asked besides the payload
 * @flow: addresses and device
 * @dport: destination port
 * @hop_limit: hop limit, or 0 for the namespace's default
 * @tclass: traffic class
 * @cookie: what SOL_SOCKET's control messages set
 */
struct teach_tx {
	struct teach_flow	flow;
	__be16			dport;
	u8			hop_limit;
	u8			tclass;
	struct sockcm_cookie	cookie;
};

int teach_tx_prepare(struct teach_sock *tsk, struct msghdr *msg, struct teach_tx *tx);
void teach_cmsg_put(struct teach_sock *tsk, struct msghdr *msg, struct sk_buff *skb);

#endif
