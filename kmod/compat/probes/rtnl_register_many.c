// SPDX-License-Identifier: GPL-2.0
#include <net/rtnetlink.h>
int probe(const struct rtnl_msg_handler *h);
int probe(const struct rtnl_msg_handler *h)
{
	return __rtnl_register_many(h, 1);
}
