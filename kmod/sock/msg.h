/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_MSG_H
#define TEACH_SOCK_MSG_H

#include "sock/cmsg.h"
#include "sock/sock.h"

struct sk_buff *teach_msg_build(struct teach_sock *tsk, struct msghdr *msg, size_t len,
				const struct teach_tx *tx, unsigned int hlen);
int teach_msg_send(struct teach_sock *tsk, struct sk_buff *skb,
		   const struct teach_tx *tx, const struct teach_path *path);
int teach_msg_recv(struct socket *sock, struct msghdr *msg, size_t len, int flags);

#endif
