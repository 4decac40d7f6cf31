// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl: the requests of ifconfig(8) and arp(8), for programs that know nothing
 * newer. On a TEACH socket the addresses in them are struct sockaddr_teach.
 */
#include <linux/etherdevice.h>
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
#include "link/proxy.h"
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

static struct teach_link *link_by_mac(struct net *net, const u8 *mac)
{
	struct teach_link *link;
	unsigned long index;

	xa_for_each(&teach_link_net(net)->links, index, link) {
		if (ether_addr_equal(link->dev->dev_addr, mac))
			return link;
	}
	return ERR_PTR(-ENODEV);
}

static struct teach_link *link_by_route(struct net *net, __be32 addr)
{
	struct teach_link *link = ERR_PTR(-ENETUNREACH);
	const struct teach_route *route;

	rcu_read_lock();
	route = teach_route_lookup(net, addr, 0);
	if (route)
		link = route->link;
	rcu_read_unlock();
	return link;
}

/* The link of an entry: named, or else by the route to its address. What is public may
 * be so on all links: NULL; arp(8) then names its device by the MAC address.
 */
static struct teach_link *arp_link(struct net *net, unsigned int cmd,
				   struct arpreq *req, __be32 addr)
{
	const u8 *mac = (const u8 *)req->arp_ha.sa_data;
	struct teach_link *link;

	if (!req->arp_dev[0] && cmd == SIOCGARP)
		return ERR_PTR(-ENODEV);
	if (req->arp_dev[0]) {
		link = link_by_name(net, req->arp_dev);
		if (IS_ERR(link))
			return link;
		/* As IPv4: 0 is whatever the device is. */
		if (!req->arp_ha.sa_family)
			req->arp_ha.sa_family = ARPHRD_ETHER;
		if (req->arp_flags & ATF_COM && req->arp_ha.sa_family != ARPHRD_ETHER)
			return ERR_PTR(-EINVAL);
		return link;
	}
	if (!(req->arp_flags & ATF_PUBL))
		return link_by_route(net, addr);
	if (cmd == SIOCSARP && req->arp_flags & ATF_COM)
		return link_by_mac(net, mac);
	return NULL;
}

/* ATF_PUBL: a proxy entry; with the netmask 0 proxy_arp, of a link or of all. */
static int arp_public(struct net *net, unsigned int cmd, __be32 mask,
		      struct teach_link *link, __be32 addr)
{
	bool on = cmd == SIOCSARP;

	if (!mask) {
		teach_parms_set(link ? &link->parms : &teach_link_net(net)->all,
				TEACH_PARM_A_PROXY_ARP, on);
		return 0;
	}
	if (!on)
		return teach_proxy_del(net, addr, link);
	if (!addr || addr == htonl(TEACH_ADDR_BROADCAST) ||
	    (link && teach_addr_is_broadcast(link, addr)))
		return -EINVAL;
	return teach_proxy_add(net, addr, link, 0, 0);
}

static int arp_get(struct teach_neigh *n, struct arpreq *req)
{
	u8 state = READ_ONCE(n->nud.state);

	/* Not resolved by ARP: as IPv4, as if it were not there. */
	if (state == NUD_NOARP)
		return -ENXIO;
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
	const u8 *mac = NULL;
	struct teach_neigh *n;
	bool created;
	int err;

	/* Without both it is about an entry whose MAC address is known. */
	if (req->arp_flags & (ATF_COM | ATF_PERM))
		mac = (const u8 *)req->arp_ha.sa_data;
	if (req->arp_ha.sa_family != ARPHRD_ETHER || (mac && !is_valid_ether_addr(mac)) ||
	    !addr || teach_addr_is_broadcast(link, addr))
		return -EINVAL;
	n = teach_neigh_find(link, addr);
	created = !n;
	if (created)
		n = teach_neigh_create(link, addr, state == NUD_PERMANENT);
	if (IS_ERR(n))
		return PTR_ERR(n);
	err = teach_neigh_admin_update(n, mac, state, TEACH_UPDATE_OVERRIDE, 0);
	if (err && created)
		teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
	return err;
}

static int arp_entry(struct teach_link *link, unsigned int cmd, __be32 addr,
		     struct arpreq *req)
{
	struct teach_neigh *n;

	if (cmd == SIOCSARP)
		return arp_set(link, addr, req);
	n = teach_neigh_find(link, addr);
	if (!n)
		return -ENXIO;
	if (cmd == SIOCGARP)
		return arp_get(n, req);
	teach_neigh_remove(n, TEACH_NEIGH_REASON_DELETED);
	return 0;
}

static int arp_do(struct net *net, unsigned int cmd, struct arpreq *req, __be32 mask)
{
	const struct sockaddr_teach *pa = (const struct sockaddr_teach *)&req->arp_pa;
	__be32 addr = pa->teach_addr.s_addr;
	struct teach_link *link;
	int err;

	link = arp_link(net, cmd, req, addr);
	if (IS_ERR(link))
		return PTR_ERR(link);
	if (req->arp_flags & ATF_PUBL && cmd != SIOCGARP)
		return arp_public(net, cmd, mask, link, addr);
	rcu_read_lock();
	err = arp_entry(link, cmd, addr, req);
	rcu_read_unlock();
	return err;
}

/* The netmask is all ones or, of what is public, none. */
static int arp_mask(const struct arpreq *req, __be32 *mask)
{
	if (!(req->arp_flags & ATF_PUBL) && req->arp_flags & (ATF_NETMASK | ATF_DONTPUB))
		return -EINVAL;
	*mask = teach_prefix_mask(32);
	if (req->arp_flags & ATF_NETMASK)
		*mask = ((const struct sockaddr_teach *)&req->arp_netmask)->teach_addr.s_addr;
	return *mask && *mask != teach_prefix_mask(32) ? -EINVAL : 0;
}

static int arp_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct arpreq req;
	__be32 mask;
	int err;

	if (cmd != SIOCGARP && !ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	req.arp_dev[sizeof(req.arp_dev) - 1] = '\0';
	/* As IPv4: what is behind the address nobody looks at, and arp(8) leaves it as it was. */
	if (req.arp_pa.sa_family != AF_TEACH)
		return -EPFNOSUPPORT;
	err = arp_mask(&req, &mask);
	if (err)
		return err;

	rtnl_lock();
	err = arp_do(net, cmd, &req, mask);
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
