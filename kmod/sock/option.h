/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_OPTION_H
#define TEACH_SOCK_OPTION_H

#include <linux/sockptr.h>

struct sock;

int teach_setsockopt(struct sock *sk, int level, int name, sockptr_t optval,
		     unsigned int optlen);
int teach_getsockopt(struct sock *sk, int level, int name, char __user *optval,
		     int __user *optlen);

#endif
