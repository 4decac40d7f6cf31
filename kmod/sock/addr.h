/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_ADDR_H
#define TEACH_SOCK_ADDR_H

#include <linux/teach.h>

int teach_sockaddr_check(const struct sockaddr_teach *addr, int len);
int teach_sockaddr_put(struct sockaddr_teach *addr, __be32 host, __be16 port,
		       int ifindex);

#endif
