// SPDX-License-Identifier: GPL-2.0
/*
 * Defaults of sockets, per network namespace.
 */
#include <linux/teach.h>
#include "sock/netns.h"

unsigned int teach_sock_net_id __read_mostly;

static int __net_init sock_net_init(struct net *net)
{
	teach_sock_net(net)->hop_limit = TEACH_DEFAULT_HOPLIMIT;
	return 0;
}

static struct pernet_operations sock_net_ops = {
	.init	= sock_net_init,
	.id	= &teach_sock_net_id,
	.size	= sizeof(struct teach_sock_net),
};

int __init teach_sock_net_init(void)
{
	return register_pernet_subsys(&sock_net_ops);
}

void teach_sock_net_exit(void)
{
	unregister_pernet_subsys(&sock_net_ops);
}
