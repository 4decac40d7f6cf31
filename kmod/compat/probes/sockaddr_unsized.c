// SPDX-License-Identifier: GPL-2.0
#include <linux/net.h>
int (*probe(const struct proto_ops *ops))(struct socket *, struct sockaddr_unsized *, int);
int (*probe(const struct proto_ops *ops))(struct socket *, struct sockaddr_unsized *, int)
{
	return ops->bind;
}
