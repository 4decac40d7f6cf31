// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations of the soak test: namespaces and devices come, change and go.
 *
 * A bridge has one port only: with two, a loop of places would be a storm.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/syscall.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "soak.h"

/* Joins two places. Both ends are set up, with addresses of one Ethernet: soon there is
 * traffic.
 */
static int veth_between(struct worker *w, int from, int to)
{
	int lan = rnd_below(&w->rnd, N_LANS), ret;
	char dev[16], peer[16];

	if (setns(PLACE_FD(to), CLONE_NEWNET))
		return -errno;
	dev_find(peer, &w->rnd, false);
	if (setns(PLACE_FD(from), CLONE_NEWNET))
		return -errno;
	dev_find(dev, &w->rnd, false);
	ret = veth_add(dev, peer, PLACE_FD(to));
	if (ret)
		return ret;
	link_up(dev, 1);
	addr_add(&fam_teach, dev, lan_addr(lan, from), 24);
	if (setns(PLACE_FD(to), CLONE_NEWNET))
		return 0;
	link_up(peer, 1);
	addr_add(&fam_teach, peer, lan_addr(lan, to), 24);
	return 0;
}

/* ---- namespaces ---------------------------------------------------------------------- */

/* Its devices go with it, their other ends too, in the middle of what they carry. */
static int ns_new(struct worker *w)
{
	int i = place_pick(&w->rnd), s, ret;

	/* Some sockets go first, or the old one might never be over. */
	for (s = 0; s < N_SOCKS; s++)
		if (rnd_once_in(&w->rnd, 3))
			close(SOCK_FD(s));
	ret = place_new(i, &w->rnd);
	if (!ret)
		veth_between(w, i, place_pick(&w->rnd));
	return ret;
}

/* ---- devices that are made -------------------------------------------------------------- */

static int link_new(struct worker *w, const char *kind, int lower, const char *name)
{
	struct ifinfomsg ifi = { 0 };
	struct nlattr *info, *data;
	struct request req;

	req_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, sizeof(ifi));
	mnl_attr_put_strz(req.hdr, IFLA_IFNAME, name);
	if (lower)
		mnl_attr_put_u32(req.hdr, IFLA_LINK, lower);
	info = mnl_attr_nest_start(req.hdr, IFLA_LINKINFO);
	mnl_attr_put_strz(req.hdr, IFLA_INFO_KIND, kind);
	if (lower) {
		data = mnl_attr_nest_start(req.hdr, IFLA_INFO_DATA);
		if (!strcmp(kind, "vlan"))
			mnl_attr_put_u16(req.hdr, IFLA_VLAN_ID, 1 + rnd_below(&w->rnd, 4));
		else
			mnl_attr_put_u32(req.hdr, IFLA_MACVLAN_MODE,
					 MACVLAN_MODE_BRIDGE);
		mnl_attr_nest_end(req.hdr, data);
	}
	mnl_attr_nest_end(req.hdr, info);
	return req_ask(&req, NETLINK_ROUTE);
}

static int veth_new(struct worker *w)
{
	int from = place_pick(&w->rnd);

	return veth_between(w, from, place_pick(&w->rnd));
}

static int dummy_new(struct worker *w)
{
	int lan = rnd_below(&w->rnd, N_LANS), here, ret;
	char dev[16];

	here = place_enter(w);
	if (here < 0)
		return here;
	dev_find(dev, &w->rnd, false);
	ret = link_new(w, "dummy", 0, dev);
	if (ret)
		return ret;
	link_up(dev, 1);
	addr_add(&fam_teach, dev, lan_addr(lan, here), 24);
	return 0;
}

/* A device on top of another. */
static int upper_new(struct worker *w, const char *kind)
{
	int lan = rnd_below(&w->rnd, N_LANS), here, ret, lower;
	char dev[16], below[16];

	here = place_enter(w);
	if (here < 0)
		return here;
	dev_find(dev, &w->rnd, false);
	dev_find(below, &w->rnd, true);
	lower = if_nametoindex(below);
	if (!lower)
		return -ENODEV;
	ret = link_new(w, kind, lower, dev);
	if (ret)
		return ret;
	link_up(dev, 1);
	addr_add(&fam_teach, dev, lan_addr(lan, here), 24);
	return 0;
}

static int vlan_new(struct worker *w)
{
	return upper_new(w, "vlan");
}

static int macvlan_new(struct worker *w)
{
	return upper_new(w, "macvlan");
}

static int set_u32(const char *dev, uint16_t type, uint32_t value)
{
	const struct ifinfomsg ifi = { .ifi_index = if_nametoindex(dev) };
	struct request req;

	if (!ifi.ifi_index)
		return -ENODEV;
	req_begin(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	mnl_attr_put_u32(req.hdr, type, value);
	return req_ask(&req, NETLINK_ROUTE);
}

static int bridge_new(struct worker *w)
{
	int lan = rnd_below(&w->rnd, N_LANS), here, ret;
	char dev[16], port[16];

	here = place_enter(w);
	if (here < 0)
		return here;
	dev_find(port, &w->rnd, true);
	dev_find(dev, &w->rnd, false);
	ret = link_new(w, "bridge", 0, dev);
	if (ret)
		return ret;
	set_u32(port, IFLA_MASTER, if_nametoindex(dev));
	link_up(dev, 1);
	addr_add(&fam_teach, dev, lan_addr(lan, here), 24);
	return 0;
}

/* ---- devices that are changed --------------------------------------------------------------- */

/* Enters a place and names a device of it that is there now; 0 or -errno. */
static int dev_pick(struct worker *w, char name[16])
{
	int here = place_enter(w);

	if (here < 0)
		return here;
	return dev_find(name, &w->rnd, true) ? 0 : -ENODEV;
}

static int dev_del(struct worker *w)
{
	char dev[16];
	int ret = dev_pick(w, dev);

	return ret ? ret : link_del(dev);
}

static int dev_move(struct worker *w)
{
	struct ifinfomsg ifi = { 0 };
	int to = place_pick(&w->rnd), ret;
	char dev[16], name[16];
	struct request req;

	if (setns(PLACE_FD(to), CLONE_NEWNET))
		return -errno;
	dev_find(name, &w->rnd, false);
	ret = dev_pick(w, dev);
	if (ret)
		return ret;
	ifi.ifi_index = if_nametoindex(dev);
	req_begin(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	mnl_attr_put_u32(req.hdr, IFLA_NET_NS_FD, PLACE_FD(to));
	mnl_attr_put_strz(req.hdr, IFLA_IFNAME, name);
	ret = req_ask(&req, NETLINK_ROUTE);
	if (!ret && !setns(PLACE_FD(to), CLONE_NEWNET)) {
		link_up(name, 1);
		addr_add(&fam_teach, name, lan_addr(rnd_below(&w->rnd, N_LANS), to), 24);
	}
	return ret;
}

static int dev_up(struct worker *w)
{
	char dev[16];
	int ret = dev_pick(w, dev);

	return ret ? ret : link_up(dev, 1);
}

static int dev_down(struct worker *w)
{
	char dev[16];
	int ret = dev_pick(w, dev);

	if (ret)
		return ret;
	ret = link_up(dev, 0);
	/* Mostly not for long: without devices that are up little happens. */
	if (!rnd_once_in(&w->rnd, 4))
		link_up(dev, 1);
	return ret;
}

static int dev_mac(struct worker *w)
{
	uint8_t mac[6];
	char dev[16];
	int ret;

	mac_pick(mac, &w->rnd);
	ret = dev_pick(w, dev);
	return ret ? ret : link_set_mac(dev, mac);
}

/* Also less than TEACH needs: the device carries none of it then. */
static int dev_mtu(struct worker *w)
{
	static const int mtus[] = { 68, 100, 128, 200, 576, 1500, 1500, 1500, 9000 };
	int mtu = mtus[rnd_below(&w->rnd, ARRAY_SIZE(mtus))];
	char dev[16];
	int ret = dev_pick(w, dev);

	return ret ? ret : link_mtu(dev, mtu);
}

static int dev_rename(struct worker *w)
{
	struct ifinfomsg ifi = { 0 };
	char dev[16], name[16];
	struct request req;
	int ret;

	ret = dev_pick(w, dev);
	if (ret)
		return ret;
	dev_find(name, &w->rnd, false);
	ifi.ifi_index = if_nametoindex(dev);
	/* Kernels before 6.2 rename only what is down. */
	if (rnd_once_in(&w->rnd, 2))
		link_up(dev, 0);
	req_begin(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	mnl_attr_put_strz(req.hdr, IFLA_IFNAME, name);
	ret = req_ask(&req, NETLINK_ROUTE);
	link_up(ret ? dev : name, 1);
	return ret;
}

static int dev_arp(struct worker *w)
{
	struct ifinfomsg ifi = {
		.ifi_flags = rnd_once_in(&w->rnd, 3) ? IFF_NOARP : 0,
		.ifi_change = IFF_NOARP,
	};
	struct request req;
	char dev[16];
	int ret = dev_pick(w, dev);

	if (ret)
		return ret;
	ifi.ifi_index = if_nametoindex(dev);
	req_begin(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	return req_ask(&req, NETLINK_ROUTE);
}

/* Only dummy devices have a carrier that can be switched. */
static int dev_carrier(struct worker *w)
{
	bool on = !rnd_once_in(&w->rnd, 3);
	struct ifinfomsg ifi = { 0 };
	int ret = place_enter(w), i;
	struct request req;
	char dev[16];

	for (i = 0; ret >= 0 && i < N_DEVS; i++) {
		snprintf(dev, sizeof(dev), "d%d", i);
		ifi.ifi_index = if_nametoindex(dev);
		if (!ifi.ifi_index)
			continue;
		req_begin(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
		mnl_attr_put_u8(req.hdr, IFLA_CARRIER, on);
		if (!req_ask(&req, NETLINK_ROUTE))
			return 0;
	}
	return ret < 0 ? ret : -EOPNOTSUPP;
}

/* ---- the module ---------------------------------------------------------------------------------- */

/* It is in use: this must be refused, and do no harm. */
static int rmmod_busy(struct worker *w)
{
	(void)w;
	if (!syscall(SYS_delete_module, "teach", O_NONBLOCK)) {
		shared->unloaded = true;
		return -ENOTRECOVERABLE;
	}
	return errno == EAGAIN || errno == EBUSY ? 0 : -errno;
}

const struct op device_ops[] = {
	OP("namespace: new for old", 4, ns_new),
	OP("device: veth pair", 10, veth_new),
	OP("device: dummy", 4, dummy_new),
	OPTIONAL("device: vlan", 4, vlan_new),
	OPTIONAL("device: macvlan", 4, macvlan_new),
	OPTIONAL("device: bridge", 3, bridge_new),
	OP("device: delete", 5, dev_del),
	OP("device: move", 4, dev_move),
	OP("device: up", 6, dev_up),
	OP("device: down", 6, dev_down),
	OP("device: MAC", 5, dev_mac),
	OP("device: MTU", 5, dev_mtu),
	OP("device: rename", 5, dev_rename),
	OP("device: ARP on or off", 5, dev_arp),
	OP("device: carrier", 5, dev_carrier),
	OP("module: unload in use", 4, rmmod_busy),
	{ 0 }
};
