// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl: SIOC[SGD]RARP, the requests of rarp(8), with struct arpreq. What names an entry is
 * its MAC address, arp_ha, and its device, arp_dev, if that is not empty; arp_pa is the
 * address.
 */
#include <linux/capability.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/uaccess.h>
#include "ctl/ioctl_rarp.h"
#include "link/link.h"
#include "link/rarp_table.h"
#include "sock/addr.h"

/* Index of the device that is named, 0 if none is. */
static int rarp_device(struct net *net, const char *name)
{
	struct net_device *dev;

	if (!name[0])
		return 0;
	dev = __dev_get_by_name(net, name);
	if (!dev)
		return -ENODEV;
	return teach_link_get_rtnl(net, dev->ifindex) ? dev->ifindex : -EOPNOTSUPP;
}

static int rarp_do(struct net *net, unsigned int cmd, struct arpreq *req)
{
	struct sockaddr_teach *pa = (struct sockaddr_teach *)&req->arp_pa;
	const u8 *mac = (const u8 *)req->arp_ha.sa_data;
	const struct teach_rarp_entry *e;
	int ifindex = rarp_device(net, req->arp_dev), err;

	if (ifindex < 0)
		return ifindex;
	if (req->arp_ha.sa_family != ARPHRD_ETHER)
		return -EINVAL;
	switch (cmd) {
	case SIOCSRARP:
		err = teach_sockaddr_check(pa, sizeof(*pa));
		if (err)
			return err == -EAFNOSUPPORT ? -EPFNOSUPPORT : err;
		return teach_rarp_add(net, mac, ifindex, pa->teach_addr.s_addr, true, NULL);
	case SIOCDRARP:
		err = teach_rarp_del(net, mac, ifindex, NULL);
		return err == -ENOENT ? -ENXIO : err;
	}
	e = teach_rarp_find(net, mac, ifindex);
	if (!e)
		return -ENXIO;
	memset(&req->arp_pa, 0, sizeof(req->arp_pa));
	teach_sockaddr_put(pa, e->addr, 0, 0);
	req->arp_flags = ATF_COM | ATF_PERM;
	return 0;
}

/**
 * teach_ioctl_rarp() - SIOCSRARP, SIOCGRARP, SIOCDRARP
 * @net: network namespace
 * @cmd: which of them
 * @arg: struct arpreq
 *
 * As arp(8) has it, setting replaces what there is. Process context. Return: 0; -EPERM
 * without CAP_NET_ADMIN for all but SIOCGRARP; -EFAULT, -ENODEV, -EINVAL, -EPFNOSUPPORT;
 * -ENXIO without such an entry; or an errno of teach_rarp_add().
 */
int teach_ioctl_rarp(struct net *net, unsigned int cmd, void __user *arg)
{
	struct arpreq req;
	int err;

	BUILD_BUG_ON(sizeof(struct sockaddr_teach) > sizeof(req.arp_pa));
	if (cmd != SIOCGRARP && !ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	req.arp_dev[sizeof(req.arp_dev) - 1] = '\0';
	rtnl_lock();
	err = rarp_do(net, cmd, &req);
	rtnl_unlock();
	if (!err && cmd == SIOCGRARP && copy_to_user(arg, &req, sizeof(req)))
		return -EFAULT;
	return err;
}
