// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lab: see lab.h.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/teach.h>
#include <linux/veth.h>

#include "lab.h"

#define NEIGH "neigh/default/"
#define CONF "conf/all/"

const char *const lab_devs[LAB_DEVS] = { "t0", "t1", "va" };
const char *const lab_sysctls[LAB_SYSCTLS] = {
	"default_hop_limit", "local_port_range", "control_msgs_per_sec",
	"control_msgs_burst", NEIGH "base_reachable_time_ms", NEIGH "retrans_time_ms",
	NEIGH "delay_first_probe_time", NEIGH "gc_stale_time", NEIGH "locktime",
	NEIGH "ucast_solicit", NEIGH "mcast_solicit", NEIGH "unres_qlen_bytes",
	NEIGH "gc_thresh1", NEIGH "gc_thresh2", NEIGH "gc_thresh3",
	NEIGH "proxy_delay", NEIGH "resolver", NEIGH "max_neighs", CONF "arp_ignore",
	CONF "arp_announce", CONF "arp_accept",
	CONF "arp_notify", CONF "proxy_arp", CONF "accept_dad", CONF "rarp_serve",
};

static struct {
	int	ns;			/* where programs run */
	int	peer_ns;		/* the other side of va */
	int	taps[LAB_DEVS];
	int	control;		/* a socket for ioctls on devices */
	struct mnl_socket *rtnl;
	struct mnl_socket *genl;
	int	genl_family;
	char	sysctls[LAB_SYSCTLS][32];	/* as they are in a new namespace */
	int	number;
} lab = { .ns = -1, .peer_ns = -1, .taps = { -1, -1, -1 }, .control = -1 };

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "lab: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int netns_open(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	must(fd >= 0, "network namespace");
	return fd;
}

/* ---- Netlink --------------------------------------------------------------------- */

static struct nlmsghdr *request(void *buf, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	return nlh;
}

static int talk(struct mnl_socket *nl, struct nlmsghdr *nlh, mnl_cb_t cb, void *data)
{
	char buf[8192];
	int ret;

	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	do {
		ret = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (ret >= 0)
			ret = mnl_cb_run(buf, ret, 0, 0, cb, data);
	} while (ret > MNL_CB_STOP);
	return ret < 0 ? -errno : 0;
}

static int family_attr(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*(int *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int family_cb(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), family_attr, data);
}

static void find_genl_family(void)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_GENERIC);
	char buf[256] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = request(buf, GENL_ID_CTRL, 0);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TEACH_GENL_NAME);
	must(nl && !talk(nl, nlh, family_cb, &lab.genl_family),
	     "no generic netlink family teach: is the module loaded?");
	mnl_socket_close(nl);
}

int lab_genl_family(void)
{
	return lab.genl_family;
}

/* Several requests at once. What the kernel says is of no interest: that an address
 * exists, or that a device does not.
 */
static void tell(struct mnl_socket *nl, const void *buf, size_t len)
{
	char answer[1024];

	mnl_socket_sendto(nl, buf, len);
	while (recv(mnl_socket_get_fd(nl), answer, sizeof(answer), MSG_DONTWAIT) > 0)
		;
}

/* Its length. */
static size_t put_addr_request(char *buf, int type, int flags, int ifindex, uint32_t addr)
{
	struct nlmsghdr *nlh = request(buf, type, flags);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = AF_TEACH;
	ifa->ifa_prefixlen = 24;
	ifa->ifa_index = ifindex;
	mnl_attr_put_u32(nlh, IFA_LOCAL, htonl(addr));
	return nlh->nlmsg_len;
}

static size_t put_addr(char *buf, int ifindex, uint32_t addr)
{
	return put_addr_request(buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, ifindex, addr);
}

/* One that was given up to another host is still there, but of no use. */
static size_t put_addr_anew(char *buf, int ifindex, uint32_t addr)
{
	size_t len = put_addr_request(buf, RTM_DELADDR, 0, ifindex, addr);

	return len + put_addr(buf + len, ifindex, addr);
}

/* No address by RARP any more. */
static size_t put_rarp_stop(char *buf, int ifindex)
{
	struct nlmsghdr *nlh = request(buf, lab.genl_family, 0);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = TEACH_CMD_RARP_STOP;
	genl->version = TEACH_GENL_VERSION;
	mnl_attr_put_u32(nlh, TEACH_A_IFINDEX, ifindex);
	return nlh->nlmsg_len;
}

/* Parameters of address resolution, with the values that they begin with. */
static size_t put_parms(char *buf, int ifindex)
{
	static const struct { uint16_t type; uint32_t value; } parms[] = {
		{ TEACH_PARM_A_BASE_REACHABLE_MS, 30000 }, { TEACH_PARM_A_RETRANS_MS, 1000 },
		{ TEACH_PARM_A_DELAY_PROBE_MS, 5000 }, { TEACH_PARM_A_GC_STALE_MS, 60000 },
		{ TEACH_PARM_A_LOCKTIME_MS, 1000 }, { TEACH_PARM_A_UCAST_PROBES, 3 },
		{ TEACH_PARM_A_MCAST_PROBES, 3 }, { TEACH_PARM_A_QUEUE_BYTES, 212992 },
		{ TEACH_PARM_A_MCAST_REPROBES, 0 }, { TEACH_PARM_A_ARP_IGNORE, 0 },
		{ TEACH_PARM_A_ARP_ANNOUNCE, 0 }, { TEACH_PARM_A_ARP_ACCEPT, 0 },
		{ TEACH_PARM_A_ARP_NOTIFY, 0 }, { TEACH_PARM_A_DROP_GRATUITOUS_ARP, 0 },
		{ TEACH_PARM_A_PROXY_ARP, 0 }, { TEACH_PARM_A_PROXY_DELAY_MS, 800 },
		{ TEACH_PARM_A_PROXY_QLEN, 64 }, { TEACH_PARM_A_SOLICITS_PER_SEC, 1000 },
		{ TEACH_PARM_A_SOLICITS_BURST, 1000 }, { TEACH_PARM_A_ACCEPT_DAD, 0 },
		{ TEACH_PARM_A_ACD_PROBE_WAIT_MS, 1000 }, { TEACH_PARM_A_ACD_PROBES, 3 },
		{ TEACH_PARM_A_ACD_PROBE_MIN_MS, 1000 }, { TEACH_PARM_A_ACD_PROBE_MAX_MS, 2000 },
		{ TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS, 2000 },
		{ TEACH_PARM_A_ACD_ANNOUNCEMENTS, 2 },
		{ TEACH_PARM_A_ACD_ANNOUNCE_INTERVAL_MS, 2000 },
		{ TEACH_PARM_A_ACD_DEFEND, 2 }, { TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS, 10000 },
		{ TEACH_PARM_A_RARP_RETRANS_MS, 1000 },
		{ TEACH_PARM_A_RARP_RETRANS_MAX_MS, 64000 },
		{ TEACH_PARM_A_RARP_LIFETIME_MS, 3600000 }, { TEACH_PARM_A_RARP_SERVE, 0 },
		{ TEACH_PARM_A_RESOLVER, 0 }, { TEACH_PARM_A_DAD_TRANSMITS, 1 },
		{ TEACH_PARM_A_MAX_NEIGHS, 0 }, { TEACH_PARM_A_INTERVAL_PROBE_MS, 5000 },
	};
	struct nlmsghdr *nlh = request(buf, lab.genl_family, 0);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	struct nlattr *nest;
	size_t i;

	genl->cmd = TEACH_CMD_LINK_SET;
	genl->version = TEACH_GENL_VERSION;
	mnl_attr_put_u32(nlh, TEACH_A_IFINDEX, ifindex);
	nest = mnl_attr_nest_start(nlh, TEACH_A_PARMS);
	for (i = 0; i < sizeof(parms) / sizeof(parms[0]); i++)
		mnl_attr_put_u32(nlh, parms[i].type, parms[i].value);
	mnl_attr_nest_end(nlh, nest);
	return nlh->nlmsg_len;
}

/* va here with its usual index, vb in the other namespace. */
static int veth_add(void)
{
	static const uint8_t mac[] = LAB_MAC(3);
	char buf[1024] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = request(buf, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	struct nlattr *info, *data, *peer;

	ifi->ifi_index = LAB_FIRST_IFINDEX + 2;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, "va");
	mnl_attr_put(nlh, IFLA_ADDRESS, sizeof(mac), mac);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, "vb");
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, lab.peer_ns);
	mnl_attr_nest_end(nlh, peer);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return talk(lab.rtnl, nlh, NULL, NULL);
}

void lab_delete_veth(void)
{
	char buf[256] __attribute__((aligned(4)));
	struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);
	struct nlmsghdr *nlh = request(buf, RTM_DELLINK, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));

	/* Not lab.rtnl: this is called by any thread. */
	ifi->ifi_index = LAB_FIRST_IFINDEX + 2;
	if (nl) {
		talk(nl, nlh, NULL, NULL);
		mnl_socket_close(nl);
	}
}

/* ---- Devices --------------------------------------------------------------------- */

static int tap_open(int dev, short more_flags)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | more_flags };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	strcpy(ifr.ifr_name, lab_devs[dev]);
	must(fd >= 0 && !ioctl(fd, TUNSETIFF, &ifr), "TAP device");
	must(if_nametoindex(lab_devs[dev]) == (unsigned int)(LAB_FIRST_IFINDEX + dev),
	     "the TAP's index is not as expected");
	return fd;
}

int lab_tap(int dev)
{
	return lab.taps[dev];
}

static struct ifreq named(const char *dev)
{
	struct ifreq ifr = { 0 };

	strcpy(ifr.ifr_name, dev);
	return ifr;
}

static void change_flags(int control, const char *dev, short set, short clear)
{
	struct ifreq ifr = named(dev);
	short flags;

	if (!ioctl(control, SIOCGIFFLAGS, &ifr)) {
		flags = (ifr.ifr_flags | set) & ~clear;
		if (flags == ifr.ifr_flags)
			return;
		ifr.ifr_flags = flags;
		ioctl(control, SIOCSIFFLAGS, &ifr);
	}
}

void lab_set_flags(int dev, short set, short clear)
{
	change_flags(lab.control, lab_devs[dev], set, clear);
}

void lab_set_up(int dev, int up)
{
	lab_set_flags(dev, up ? IFF_UP : 0, up ? 0 : IFF_UP);
}

void lab_set_mtu(int dev, int mtu)
{
	struct ifreq ifr = named(lab_devs[dev]);

	ifr.ifr_mtu = mtu;
	ioctl(lab.control, SIOCSIFMTU, &ifr);
}

void lab_set_mac(int dev, uint8_t last)
{
	const uint8_t mac[] = LAB_MAC(last);
	struct ifreq ifr = named(lab_devs[dev]);

	ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(ifr.ifr_hwaddr.sa_data, mac, 6);
	ioctl(lab.control, SIOCSIFHWADDR, &ifr);
}

/* ---- The lab ----------------------------------------------------------------------- */

static void close_old(void)
{
	int i;

	for (i = 0; i < LAB_DEVS; i++) {
		if (lab.taps[i] >= 0)
			close(lab.taps[i]);
		lab.taps[i] = -1;
	}
	if (lab.control >= 0)
		close(lab.control);
	if (lab.ns >= 0)
		close(lab.ns);
	if (lab.peer_ns >= 0)
		close(lab.peer_ns);
	if (lab.rtnl)
		mnl_socket_close(lab.rtnl);
	if (lab.genl)
		mnl_socket_close(lab.genl);
}

static void ipv6_off(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);

	/* Its own traffic would only make runs differ. */
	if (fd >= 0) {
		must(write(fd, "1", 1) == 1, "disable_ipv6");
		close(fd);
	}
}

static void make_peer(void)
{
	char buf[256] __attribute__((aligned(4)));
	struct mnl_socket *nl;
	int control;

	must(!setns(lab.peer_ns, CLONE_NEWNET), "setns");
	nl = mnl_socket_open(NETLINK_ROUTE);
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	must(nl && control >= 0, "sockets");
	change_flags(control, "vb", IFF_UP, 0);
	/* There may be no vb, if a program is at it. */
	tell(nl, buf, put_addr(buf, LAB_FIRST_IFINDEX, 0x0a030002));
	mnl_socket_close(nl);
	close(control);
	must(!setns(lab.ns, CLONE_NEWNET), "setns");
}

int lab_sysctl_open(int which)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/teach/%s", lab_sysctls[which]);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* The first time it is learnt what they are. */
static void repair_sysctl(int which)
{
	int fd = lab_sysctl_open(which);
	char *value = lab.sysctls[which];

	must(fd >= 0, lab_sysctls[which]);
	if (!*value)
		must(read(fd, value, sizeof(lab.sysctls[which]) - 1) > 0, "reading a sysctl");
	else
		must(write(fd, value, strlen(value)) > 0, "writing a sysctl");
	close(fd);
}

static void repair_addrs(int anew)
{
	size_t (*put)(char *, int, uint32_t) = anew ? put_addr_anew : put_addr;
	char buf[512] __attribute__((aligned(4)));
	size_t len = put(buf, LAB_FIRST_IFINDEX, 0x0a010005);
	int dev;

	for (dev = 0; dev < LAB_DEVS; dev++)
		len += put(buf + len, LAB_FIRST_IFINDEX + dev, 0x0a010001 + (dev << 16));
	tell(lab.rtnl, buf, len);
}

static void repair_rarp(void)
{
	char buf[256] __attribute__((aligned(4)));
	size_t len = 0;
	int dev;

	for (dev = 0; dev < LAB_DEVS; dev++)
		len += put_rarp_stop(buf + len, LAB_FIRST_IFINDEX + dev);
	tell(lab.genl, buf, len);
}

static void repair_parms(void)
{
	char buf[2048] __attribute__((aligned(4)));
	size_t len = 0;
	int dev;

	for (dev = 0; dev < LAB_DEVS; dev++)
		len += put_parms(buf + len, LAB_FIRST_IFINDEX + dev);
	tell(lab.genl, buf, len);
}

void lab_repair(int what)
{
	int i;

	if (!what)
		return;
	if (what & LAB_VETH && !veth_add())
		make_peer();
	for (i = 0; i < LAB_DEVS; i++) {
		if (what & LAB_MACS)
			lab_set_mac(i, i + 1);
		if (what & LAB_MTU)
			lab_set_mtu(i, 1500);
		if (what & (LAB_UP | LAB_VETH))
			lab_set_flags(i, IFF_UP, IFF_NOARP);
	}
	for (i = 0; i < LAB_SYSCTLS; i++) {
		if (what & LAB_SYSCTL(i))
			repair_sysctl(i);
	}
	/* First of all parameters: they say what becomes of an address. */
	if (what & LAB_PARMS)
		repair_parms();
	if (what & LAB_RARP)
		repair_rarp();
	/* A device that was down or had too small an MTU lost them. */
	if (what & (LAB_ADDRS | LAB_UP | LAB_MTU | LAB_VETH | LAB_PARMS))
		repair_addrs(what & LAB_PARMS);
}

void lab_make(void)
{
	int i;

	close_old();
	must(!unshare(CLONE_NEWNET), "unshare");
	ipv6_off();
	lab.peer_ns = netns_open();
	must(!unshare(CLONE_NEWNET), "unshare");
	ipv6_off();
	lab.ns = netns_open();
	lab.control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	lab.rtnl = mnl_socket_open(NETLINK_ROUTE);
	lab.genl = mnl_socket_open(NETLINK_GENERIC);
	must(lab.control >= 0 && lab.rtnl && lab.genl, "sockets");
	lab.taps[0] = tap_open(0, IFF_VNET_HDR);
	lab.taps[1] = tap_open(1, IFF_NAPI | IFF_NAPI_FRAGS);
	for (i = 0; i < LAB_SYSCTLS && !lab.sysctls[i][0]; i++)
		repair_sysctl(i);
	lab_repair(LAB_VETH | LAB_MACS | LAB_MTU);
	lab.number++;
	if (!lab.genl_family)
		find_genl_family();
}

int lab_number(void)
{
	return lab.number;
}

void lab_enter(void)
{
	must(!setns(lab.ns, CLONE_NEWNET), "setns");
}

void lab_drain(void)
{
	char buf[2048];
	int dev;

	for (dev = 0; dev < LAB_DEVS; dev++) {
		while (lab.taps[dev] >= 0 && read(lab.taps[dev], buf, sizeof(buf)) > 0)
			;
	}
}
