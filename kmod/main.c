// SPDX-License-Identifier: GPL-2.0
/*
 * teach.ko: the order in which everything is registered, from the wire up, and
 * unwound, from programs down. Nothing else is here.
 *
 * Devices come last: only when everything that a frame or an address may lead to is
 * there do links begin to receive. The family comes after that, so that no socket
 * exists while anything is missing. On the way out the family goes first: a
 * socket holds the module, so there is none by then. What is left are packets,
 * timers and RCU callbacks, which end with the devices and rcu_barrier().
 */
#include <linux/init.h>
#include <linux/module.h>
#include "ctl/diag.h"
#include "ctl/genl.h"
#include "ctl/ioctl.h"
#include "ctl/procfs.h"
#include "ctl/rtnl_addr.h"
#include "ctl/rtnl_neigh.h"
#include "ctl/sysctl.h"
#include "ctl/sysctl_parms.h"
#include "link/addr.h"
#include "link/announce.h"
#include "link/claim.h"
#include "link/device.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "link/proxy.h"
#include "link/rarp_client.h"
#include "link/rarp_server.h"
#include "link/rarp_table.h"
#include "link/stats.h"
#include "net/control.h"
#include "net/input.h"
#include "net/routes.h"
#include "sock/dgram.h"
#include "sock/family.h"
#include "sock/netns.h"
#include "sock/ping.h"
#include "sock/port.h"

static const struct teach_link_upper link_upper = {
	.rcv		= teach_input,
	.route_ifindex	= teach_route_ifindex,
	.no_next_hop	= teach_control_unreachable,
};

static int __init link_init(void)
{
	return teach_link_init(&link_upper);
}

/* In this order; unwound in the reverse. */
static const struct {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ "counters",		teach_stats_init,	teach_stats_exit },
	{ "links",		link_init,		teach_link_exit },
	{ "addresses",		teach_addr_init,	teach_addr_exit },
	{ "announcements",	teach_announce_init,	teach_announce_exit },
	{ "proxies",		teach_proxy_init,	teach_proxy_exit },
	{ "address claims",	teach_claim_init,	teach_claim_exit },
	{ "neighbours",		teach_neigh_init,	teach_neigh_exit },
	{ "RARP table",		teach_rarp_table_init,	teach_rarp_table_exit },
	{ "RARP server",	teach_rarp_server_init,	teach_rarp_server_exit },
	{ "RARP client",	teach_rarp_client_init,	teach_rarp_client_exit },
	{ "routes",		teach_route_init,	teach_route_exit },
	{ "control messages",	teach_control_init,	teach_control_exit },
	{ "socket defaults",	teach_sock_net_init,	teach_sock_net_exit },
	{ "ports",		teach_port_init,	teach_port_exit },
	{ "datagrams",		teach_dgram_init,	teach_dgram_exit },
	{ "ping sockets",	teach_ping_init,	teach_ping_exit },
	{ "sysctl",		teach_sysctl_init,	teach_sysctl_exit },
	{ "link parameters",	teach_sysctl_parms_init, teach_sysctl_parms_exit },
	{ "procfs",		teach_procfs_init,	teach_procfs_exit },
	{ "ioctl",		teach_ioctl_init,	teach_ioctl_exit },
	{ "sock_diag",		teach_diag_init,	teach_diag_exit },
	{ "generic netlink",	teach_genl_init,	teach_genl_exit },
	{ "rtnetlink addr",	teach_rtnl_addr_init,	teach_rtnl_addr_exit },
	{ "rtnetlink neigh",	teach_rtnl_neigh_init,	teach_rtnl_neigh_exit },
	{ "devices",		teach_device_init,	teach_device_exit },
	{ "family",		teach_family_init,	teach_family_exit },
};

static void unwind(size_t n)
{
	while (n--)
		parts[n].exit();
	/* Callbacks of ours that are still on their way. */
	rcu_barrier();
}

static int __init teach_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init();
		if (err) {
			pr_err("teach: cannot set up %s: error %d\n", parts[i].name,
			       err);
			unwind(i);
			return err;
		}
	}
	pr_info("teach: address family %d (AF_TEACH) is ready\n", AF_TEACH);
	return 0;
}

static void __exit teach_exit(void)
{
	unwind(ARRAY_SIZE(parts));
}

module_init(teach_init);
module_exit(teach_exit);

MODULE_DESCRIPTION("AF_TEACH: an address family to learn from");
MODULE_LICENSE("GPL");
MODULE_ALIAS_NETPROTO(PF_TEACH);
