/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_ERRQUEUE_H
#define TEACH_SOCK_ERRQUEUE_H

#include "net/proto.h"
#include "sock/sock.h"

void teach_errqueue_report(struct teach_sock *tsk, struct sk_buff *skb, int offset,
			   __be32 daddr, __be16 dport, const struct teach_error *error);
void teach_errqueue_local(struct teach_sock *tsk, int err, __be32 daddr, __be16 dport,
			  u32 info);
int teach_errqueue_recv(struct teach_sock *tsk, struct msghdr *msg, size_t len);

#endif
