// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl: the requests of ifconfig(8) and arp(8), for programs that know nothing
 * newer. On a TEACH socket the addresses in them are struct sockaddr_teach.
 */
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/uaccess.h>
#include "ctl/ioctl.h"
#include "ctl/ioctl_rarp.h"
#include "link/addr.h"
#include "link/claim.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "net/routes.h"
#include "sock/addr.h"
#include "sock/family.h"

/* SIOCSIFADDR names no prefix length. IPv4 takes that of the address class; TEACH
 * has no classes, and takes the length that labs use.
 */
#define DEFAULT_PREFIX_LEN	24

static struct teach_link *link_by_name(struct net *net, const char *name)
{
	struct net_device *dev = __dev_get_by_name(net, name);
	struct teach_link *link;

	if (!dev)
		return ERR_PTR(-ENODEV);
	link = teach_link_get_rtnl(net, dev->ifindex);
	return link ?: ERR_PTR(-EOPNOTSUPP);
}

/* These requests know one address: the oldest that is in use. */
static struct teach_ifaddr *first_addr(struct teach_link *link)
{
	struct teach_ifaddr *ifa;

	list_for_each_entry(ifa, &link->addrs, list) {
		if (teach_addr_usable(ifa))
			return ifa;
	}
	return NULL;
}

/* ---- SIOC[GS]IFADDR, SIOC[GS]IFNETMASK ----------------------------------------------- */

static int ifaddr_get(struct teach_link *link, unsigned int cmd,
		      struct sockaddr_teach *addr)
{
	const struct teach_ifaddr *ifa = first_addr(link);

	if (!ifa)
		return -EADDRNOTAVAIL;
	teach_sockaddr_put(addr, cmd == SIOCGIFADDR ? ifa->local :
				 teach_prefix_mask(ifa->prefix_len), 0, 0);
	return 0;
}

static int set_addr(struct teach_link *link, __be32 local)
{
	const struct teach_ifaddr *ifa = first_addr(link);
	const struct teach_addr_config config = {
		.local		= local,
		.prefix_len	= ifa ? ifa->prefix_len : DEFAULT_PREFIX_LEN,
		.flags		= IFA_F_PERMANENT,
	};
	int err;

	/* As IPv4: this replaces the first address, and 0 only takes it away. */
	if (ifa && ifa->local == local)
		return 0;
	if (local) {
		err = teach_claim_add(link, &config, false, NULL);
		if (err)
			return err;
	}
	return ifa ? teach_addr_del(link, ifa->local, ifa->prefix_len, NULL) : 0;
}

static int set_mask(struct teach_link *link, __be32 mask)
{
	const struct teach_ifaddr *ifa = first_addr(link);
	int prefix_len = hweight32((__force u32)mask);
	__be32 local;
	u8 old_len;
	int err;

	if (!ifa)
		return -EADDRNOTAVAIL;
	if (mask != teach_prefix_mask(prefix_len))
		return -EINVAL;
	if (prefix_len == ifa->prefix_len)
		return 0;
	local = ifa->local;
	old_len = ifa->prefix_len;
	teach_addr_del(link, local, old_len, NULL);
	err = teach_addr_add(link, local, prefix_len, NULL);
	if (err)
		teach_addr_add(link, local, old_len, NULL);
	return err;
}

static int ifaddr_set(struct teach_link *link, unsigned int cmd,
		      const struct sockaddr_teach *addr)
{
	if (!ns_capable(link->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (teach_sockaddr_check(addr, sizeof(*addr)))
		return -EINVAL;
	return cmd == SIOCSIFADDR ? set_addr(link, addr->teach_addr.s_addr) :
				    set_mask(link, addr->teach_addr.s_addr);
}

static int ifaddr_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct sockaddr_teach *addr;
	struct teach_link *link;
	struct ifreq ifr;
	bool get = cmd == SIOCGIFADDR || cmd == SIOCGIFNETMASK;
	int err;

	BUILD_BUG_ON(sizeof(*addr) > sizeof(ifr.ifr_addr));
	if (get_user_ifreq(&ifr, NULL, arg))
		return -EFAULT;
	ifr.ifr_name[IFNAMSIZ - 1] = '\0';
	addr = (struct sockaddr_teach *)&ifr.ifr_addr;

	rtnl_lock();
	link = link_by_name(net, ifr.ifr_name);
	if (IS_ERR(link))
		err = PTR_ERR(link);
	else if (get)
		err = ifaddr_get(link, cmd, addr);
	else
		err = ifaddr_set(link, cmd, addr);
	rtnl_unlock();
	if (!err && get && put_user_ifreq(&ifr, arg))
		return -EFAULT;
	return err;
}

/* ---- SIOC[SGD]ARP -------------------------------------------------------------------------- */

/* The link of an entry: named, or else by the route to its address. */
static struct teach_link *arp_link(struct net *net, unsigned int cmd,
				   const struct arpreq *req, __be32 addr)
{
	const struct teach_route *route;
	struct teach_link *link = ERR_PTR(-ENETUNREACH);

	if (req->arp_dev[0])
		return link_by_name(net, req->arp_dev);
	if (cmd == SIOCGARP)
		return ERR_PTR(-ENODEV);
	rcu_read_lock();
	route = teach_route_lookup(net, addr, 0);
	if (route)
		link = route->link;
	rcu_read_unlock();
	return link;
}

static int arp_get(struct teach_neigh *n, struct arpreq *req)
{
	u8 state = READ_ONCE(n->nud.state);

	memset(&req->arp_ha, 0, sizeof(req->arp_ha));
	req->arp_ha.sa_family = ARPHRD_ETHER;
	req->arp_flags = 0;
	if (state & TEACH_NUD_VALID) {
		teach_neigh_read_mac(n, (u8 *)req->arp_ha.sa_data);
		req->arp_flags = ATF_COM;
	}
	if (state == NUD_PERMANENT)
		req->arp_flags |= ATF_PERM;
	strscpy_pad(req->arp_dev, n->key.link->dev->name, sizeof(req->arp_dev));
	return 0;
}

static int arp_set(struct teach_link *link, __be32 addr, const struct arpreq *req)
{
	u8 state = req->arp_flags & ATF_PERM ? NUD_PERMANENT : NUD_STALE;
	const u8 *mac = (const u8 *)req->arp_ha.sa_data;
	struct teach_neigh *n;

	if (req->arp_flags & ATF_PUBL)
		return -EOPNOTSUPP;
	if (req->arp_ha.sa_family != ARPHRD_ETHER || !is_valid_ether_addr(mac) ||
	    !addr || teach_addr_is_broadcast(link, addr))
		return -EINVAL;
	n = teach_neigh_find(link, addr) ?:
	    teach_neigh_create(link, addr, state == NUD_PERMANENT);
	if (IS_ERR(n))
		return PTR_ERR(n);
	return teach_neigh_admin_update(n, mac, state, TEACH_UPDATE_OVERRIDE, 0);
}

static int arp_do(struct net *net, unsigned int cmd, struct arpreq *req)
{
	const struct sockaddr_teach *pa = (const struct sockaddr_teach *)&req->arp_pa;
	__be32 addr = pa->teach_addr.s_addr;
	struct teach_link *link;
	struct teach_neigh *n;

	link = arp_link(net, cmd, req, addr);
	if (IS_ERR(link))
		return PTR_ERR(link);
	if (cmd == SIOCSARP)
		return arp_set(link, addr, req);
	n = teach_neigh_find(link, addr);
	if (!n)
		return -ENXIO;
	if (cmd == SIOCGARP)
		return arp_get(n, req);
	teach_neigh_remove(n);
	return 0;
}

static int arp_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct arpreq req;
	int err;

	if (cmd != SIOCGARP && !ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	req.arp_dev[sizeof(req.arp_dev) - 1] = '\0';
	err = teach_sockaddr_check((const struct sockaddr_teach *)&req.arp_pa,
				   sizeof(req.arp_pa));
	if (err)
		return err == -EAFNOSUPPORT ? -EPFNOSUPPORT : err;

	rtnl_lock();
	rcu_read_lock();
	err = arp_do(net, cmd, &req);
	rcu_read_unlock();
	rtnl_unlock();
	if (!err && cmd == SIOCGARP && copy_to_user(arg, &req, sizeof(req)))
		return -EFAULT;
	return err;
}

static int device_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case SIOCGIFADDR:
	case SIOCSIFADDR:
	case SIOCGIFNETMASK:
	case SIOCSIFNETMASK:
		return ifaddr_ioctl(net, cmd, arg);
	case SIOCGARP:
	case SIOCSARP:
	case SIOCDARP:
		return arp_ioctl(net, cmd, arg);
	case SIOCGRARP:
	case SIOCSRARP:
	case SIOCDRARP:
		return teach_ioctl_rarp(net, cmd, arg);
	}
	return -ENOIOCTLCMD;
}

int __init teach_ioctl_init(void)
{
	teach_sock_set_ioctl(device_ioctl);
	return 0;
}

void teach_ioctl_exit(void)
{
	teach_sock_set_ioctl(NULL);
}
