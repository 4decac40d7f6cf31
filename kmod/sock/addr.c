// SPDX-License-Identifier: GPL-2.0
/*
 * struct sockaddr_teach, in and out.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include "sock/addr.h"

/**
 * teach_sockaddr_check() - is this an address?
 * @addr: what a program gave, in kernel memory
 * @len: how many bytes of it there are
 *
 * Return: 0; -EINVAL if it is short or its padding is not zero; -EAFNOSUPPORT for
 * another family; -ENODEV for an index that no device can have.
 */
int teach_sockaddr_check(const struct sockaddr_teach *addr, int len)
{
	if (len < (int)sizeof(*addr))
		return -EINVAL;
	if (addr->teach_family != AF_TEACH)
		return -EAFNOSUPPORT;
	if (memchr_inv(addr->teach_zero, 0, sizeof(addr->teach_zero)))
		return -EINVAL;
	if (addr->teach_ifindex > INT_MAX)
		return -ENODEV;
	return 0;
}

/**
 * teach_sockaddr_put() - write an address for a program
 * @addr: where to, room for all of it; every byte is set
 * @host: address
 * @port: port
 * @ifindex: device, or 0
 *
 * Return: its length.
 */
int teach_sockaddr_put(struct sockaddr_teach *addr, __be32 host, __be16 port,
		       int ifindex)
{
	*addr = (struct sockaddr_teach) {
		.teach_family	= AF_TEACH,
		.teach_port	= port,
		.teach_addr	= { host },
		.teach_ifindex	= ifindex,
	};
	return sizeof(*addr);
}
