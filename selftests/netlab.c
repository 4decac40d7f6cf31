// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The two hosts of the socket tests, made by raw rtnetlink: see netlab.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <time.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>

#include "common.h"

static struct {
	int ns[2];
	int teach_error;	/* why the TEACH addresses are missing, or 0 */
} lab;

static uint32_t nl_seq;

/*
 * Sends one request to protocol and waits for the answers that belong to it,
 * which cb gets. 0, or the kernel's -errno.
 */
static int nl_talk(int protocol, struct nlmsghdr *nlh, mnl_cb_t cb, void *data)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct mnl_socket *nl;
	unsigned int portid;
	int ret;

	nl = mnl_socket_open(protocol);
	must(nl && !mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID), "netlink socket");
	portid = mnl_socket_get_portid(nl);
	nlh->nlmsg_seq = ++nl_seq;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		die("netlink send");
	do {
		ret = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (ret < 0)
			die("netlink receive");
		ret = mnl_cb_run(buf, ret, nlh->nlmsg_seq, portid, cb, data);
	} while (ret > MNL_CB_STOP);
	ret = ret < 0 ? -errno : 0;
	mnl_socket_close(nl);
	return ret;
}

static struct nlmsghdr *nl_request(void *buf, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	return nlh;
}

static int addr_change(const struct family *f, uint16_t type, const char *dev,
		       uint32_t addr, int plen)
{
	char buf[512] __attribute__((aligned(4)));
	uint16_t flags = type == RTM_NEWADDR ? NLM_F_CREATE | NLM_F_EXCL : 0;
	struct nlmsghdr *nlh = nl_request(buf, type, flags);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = f->af;
	ifa->ifa_prefixlen = plen;
	ifa->ifa_index = if_nametoindex(dev);
	mnl_attr_put_u32(nlh, IFA_LOCAL, htonl(addr));
	/* TEACH always takes the prefix's last address, IPv4 wants it said. */
	if (f->af == AF_INET && plen < 31)
		mnl_attr_put_u32(nlh, IFA_BROADCAST,
				 htonl(addr | (0xffffffffu >> plen)));
	return nl_talk(NETLINK_ROUTE, nlh, NULL, NULL);
}

int addr_add(const struct family *f, const char *dev, uint32_t addr, int plen)
{
	return addr_change(f, RTM_NEWADDR, dev, addr, plen);
}

int addr_del(const struct family *f, const char *dev, uint32_t addr, int plen)
{
	return addr_change(f, RTM_DELADDR, dev, addr, plen);
}

int neigh_add(const struct family *f, const char *dev, uint32_t addr,
	      const uint8_t mac[6], uint16_t state)
{
	char buf[512] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = nl_request(buf, RTM_NEWNEIGH,
					  NLM_F_CREATE | NLM_F_REPLACE);
	struct ndmsg *ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));

	ndm->ndm_family = f->af;
	ndm->ndm_ifindex = if_nametoindex(dev);
	ndm->ndm_state = state;
	mnl_attr_put_u32(nlh, NDA_DST, htonl(addr));
	mnl_attr_put(nlh, NDA_LLADDR, 6, mac);
	return nl_talk(NETLINK_ROUTE, nlh, NULL, NULL);
}

static int neigh_state_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);

	*(int *)data = ndm->ndm_state;
	return MNL_CB_OK;
}

/* The NUD_* state of an entry, or -errno. */
int neigh_state(const struct family *f, const char *dev, uint32_t addr)
{
	char buf[512] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = nl_request(buf, RTM_GETNEIGH, 0);
	struct ndmsg *ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	int state = -ENOENT, ret;

	ndm->ndm_family = f->af;
	ndm->ndm_ifindex = if_nametoindex(dev);
	mnl_attr_put_u32(nlh, NDA_DST, htonl(addr));
	ret = nl_talk(NETLINK_ROUTE, nlh, neigh_state_cb, &state);
	return ret ? ret : state;
}

static struct nlmsghdr *link_request(void *buf, uint16_t type, const char *dev)
{
	struct nlmsghdr *nlh = nl_request(buf, type, 0);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));

	ifi->ifi_family = AF_UNSPEC;
	ifi->ifi_index = if_nametoindex(dev);
	return nlh;
}

int link_up(const char *dev, int up)
{
	char buf[512] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = link_request(buf, RTM_NEWLINK, dev);
	struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	ifi->ifi_flags = up ? IFF_UP : 0;
	ifi->ifi_change = IFF_UP;
	return nl_talk(NETLINK_ROUTE, nlh, NULL, NULL);
}

int link_mtu(const char *dev, uint32_t mtu)
{
	char buf[512] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = link_request(buf, RTM_NEWLINK, dev);

	mnl_attr_put_u32(nlh, IFLA_MTU, mtu);
	return nl_talk(NETLINK_ROUTE, nlh, NULL, NULL);
}

int link_set_mac(const char *dev, const uint8_t mac[6])
{
	char buf[512] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = link_request(buf, RTM_NEWLINK, dev);

	mnl_attr_put(nlh, IFLA_ADDRESS, 6, mac);
	return nl_talk(NETLINK_ROUTE, nlh, NULL, NULL);
}

int link_del(const char *dev)
{
	char buf[512] __attribute__((aligned(4)));

	return nl_talk(NETLINK_ROUTE, link_request(buf, RTM_DELLINK, dev),
		       NULL, NULL);
}

int link_mac(const char *dev, uint8_t mac[6])
{
	struct ifreq ifr = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), ret;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	ret = ioctl(fd, SIOCGIFHWADDR, &ifr) ? -errno : 0;
	close(fd);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	return ret;
}

/* Whether the device completes checksums of what it sends (`ethtool -K tx`). */
int link_checksum(const char *dev, int on)
{
	struct ethtool_value val = { .cmd = ETHTOOL_STXCSUM, .data = on };
	struct ifreq ifr = { .ifr_data = (char *)&val };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), ret;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	ret = ioctl(fd, SIOCETHTOOL, &ifr) ? -errno : 0;
	close(fd);
	return ret;
}

/* A pair of virtual Ethernet devices, one here and its peer in another namespace. */
static void veth_make(const char *dev, const char *peer, int peer_ns)
{
	char buf[1024] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = nl_request(buf, RTM_NEWLINK,
					  NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *info, *data, *inner;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	inner = mnl_attr_nest_start(nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, peer);
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, peer_ns);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	errno = -nl_talk(NETLINK_ROUTE, nlh, NULL, NULL);
	must(!errno, "making a veth pair");
}

static int genl_id_cb(const struct nlmsghdr *nlh, void *data)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			*(int *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int genl_id(const char *name)
{
	char buf[512] __attribute__((aligned(4)));
	struct nlmsghdr *nlh = nl_request(buf, GENL_ID_CTRL, 0);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	int id = -ENOENT, ret;

	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	ret = nl_talk(NETLINK_GENERIC, nlh, genl_id_cb, &id);
	return ret ? ret : id;
}

struct stat_wanted {
	int id;
	bool found;
	uint64_t value;
};

static int teach_stat_cb(const struct nlmsghdr *nlh, void *data)
{
	struct stat_wanted *wanted = data;
	struct nlattr *attr, *stat;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != TEACH_A_STATS)
			continue;
		mnl_attr_for_each_nested(stat, attr) {
			if (mnl_attr_get_type(stat) == wanted->id) {
				wanted->found = true;
				wanted->value = mnl_attr_get_u64(stat);
			}
		}
	}
	return MNL_CB_OK;
}

/* A counter, TEACH_STAT_*, of the namespace of the caller. */
uint64_t teach_stat(int id)
{
	char buf[512] __attribute__((aligned(4)));
	struct stat_wanted wanted = { .id = id };
	int family = genl_id(TEACH_GENL_NAME);
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	errno = family < 0 ? -family : 0;
	must(!errno, "generic netlink family teach");
	nlh = nl_request(buf, family, 0);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = TEACH_CMD_STATS_GET;
	genl->version = TEACH_GENL_VERSION;
	errno = -nl_talk(NETLINK_GENERIC, nlh, teach_stat_cb, &wanted);
	must(!errno, "TEACH_CMD_STATS_GET");
	must(wanted.found, "a counter is missing from the answer");
	return wanted.value;
}

static int teach_timing(const char *dev, uint32_t retrans_ms, uint32_t probes,
			uint32_t delay_ms)
{
	char buf[512] __attribute__((aligned(4)));
	int id = genl_id(TEACH_GENL_NAME);
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;
	struct nlattr *parms;

	if (id < 0)
		return id;
	nlh = nl_request(buf, id, 0);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = TEACH_CMD_LINK_SET;
	genl->version = TEACH_GENL_VERSION;
	mnl_attr_put_strz(nlh, TEACH_A_IFNAME, dev);
	parms = mnl_attr_nest_start(nlh, TEACH_A_PARMS);
	mnl_attr_put_u32(nlh, TEACH_PARM_A_RETRANS_MS, retrans_ms);
	mnl_attr_put_u32(nlh, TEACH_PARM_A_MCAST_PROBES, probes);
	mnl_attr_put_u32(nlh, TEACH_PARM_A_DELAY_PROBE_MS, delay_ms);
	mnl_attr_nest_end(nlh, parms);
	return nl_talk(NETLINK_GENERIC, nlh, NULL, NULL);
}

/*
 * How long a device looks for a neighbour: probes requests, one each retrans_ms
 * milliseconds; delay_ms is the time in DELAY, in whole seconds for IPv4.
 */
int neigh_timing(const struct family *f, const char *dev, uint32_t retrans_ms,
		 uint32_t probes, uint32_t delay_ms)
{
	static const char *const names[] = {
		"retrans_time_ms", "mcast_solicit", "delay_first_probe_time"
	};
	uint32_t values[] = { retrans_ms, probes, (delay_ms + 999) / 1000 };
	char path[128], value[16];
	int i, ret;

	if (f->af != AF_INET)
		return teach_timing(dev, retrans_ms, probes, delay_ms);
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/sys/net/ipv4/neigh/%s/%s",
			 dev, names[i]);
		snprintf(value, sizeof(value), "%u", values[i]);
		ret = sysctl_write(path, value);
		if (ret)
			return ret;
	}
	return 0;
}

/* The calling thread, and sockets that it opens from now on, are at this host. */
void lab_enter(enum host at)
{
	must(!setns(lab.ns[at], CLONE_NEWNET), "entering a network namespace");
}

/* 0, or why the lab has no TEACH addresses: the errno of adding the first. */
int lab_teach_error(void)
{
	return lab.teach_error;
}

static void host_addresses(const char *dev1, uint32_t addr1,
			   const char *dev2, uint32_t addr2)
{
	must(!link_up("lo", 1) && !link_up(dev1, 1) && !link_up(dev2, 1),
	     "setting devices up");
	must(!addr_add(&fam_inet, dev1, addr1, 24) &&
	     !addr_add(&fam_inet, dev2, addr2, 24), "adding IPv4 addresses");
	if (!lab.teach_error)
		lab.teach_error = -addr_add(&fam_teach, dev1, addr1, 24);
	if (!lab.teach_error)
		lab.teach_error = -addr_add(&fam_teach, dev2, addr2, 24);
}

static int host_make(void)
{
	int fd;

	must(!unshare(CLONE_NEWNET), "making a network namespace (are you root?)");
	fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	must(fd >= 0, "opening the network namespace");

	/* Whatever the machine has set up must not change what the tests see. */
	sysctl_write("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
	sysctl_write("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
	sysctl_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	sysctl_write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "1024");
	/* No error is held back: none of ICMP's types is limited, TEACH's not soon. */
	must(!sysctl_write("/proc/sys/net/ipv4/icmp_ratemask", "0"),
	     "switching off the rate limit of ICMP errors");
	sysctl_write("/proc/sys/net/teach/control_msgs_per_sec", "1000000");
	sysctl_write("/proc/sys/net/teach/control_msgs_burst", "1000000");
	return fd;
}

static int operstate_cb(const struct nlmsghdr *nlh, void *data)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg))
		if (mnl_attr_get_type(attr) == IFLA_OPERSTATE)
			*(int *)data = mnl_attr_get_u8(attr);
	return MNL_CB_OK;
}

/*
 * Waits until the kernel has taken notice of a device's carrier: until then it
 * has no queue, and what it should send is lost.
 */
static void link_wait(const char *dev)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	char buf[512] __attribute__((aligned(4)));
	int i, state = 0;

	for (i = 0; i < LIMIT_MS; i++) {
		must(!nl_talk(NETLINK_ROUTE, link_request(buf, RTM_GETLINK, dev),
			      operstate_cb, &state), "RTM_GETLINK");
		if (state == IF_OPER_UP)
			return;
		nanosleep(&pause, NULL);
	}
	errno = ETIMEDOUT;
	die("waiting for a device to be operational");
}

/*
 * Waits until bob's devices can send. They were set up before alice's and had no
 * carrier then, so that theirs is noticed later; alice's had it at once.
 */
void lab_wait(void)
{
	lab_enter(BOB);
	link_wait("vb");
	link_wait("wb");
	lab_enter(ALICE);
}

/*
 * Makes new hosts. Those of before, if any, go away with the sockets and
 * processes that are in them. The caller is at alice afterwards.
 */
void lab_make(void)
{
	int i, fd;

	/* Loads the module, if that is possible, before addresses need it. */
	fd = socket(AF_TEACH, SOCK_DGRAM, 0);
	if (fd >= 0)
		close(fd);

	lab.teach_error = 0;
	for (i = BOB; i >= ALICE; i--) {
		if (lab.ns[i] > 0)
			close(lab.ns[i]);
		lab.ns[i] = host_make();
	}
	veth_make("va", "vb", lab.ns[BOB]);
	veth_make("wa", "wb", lab.ns[BOB]);
	lab_enter(BOB);
	host_addresses("vb", BOB1, "wb", BOB2);
	lab_enter(ALICE);
	host_addresses("va", ALICE1, "wa", ALICE2);
	lab_wait();
}

/* All three thresholds of the neighbour cache. */
void cache_size(const char *entries)
{
	must(!sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh3", entries) &&
	     !sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh2", entries) &&
	     !sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh1", entries),
	     "room in the cache");
}

/* A datagram to each of n absent hosts; how many were taken. They wait for an answer,
 * each at the entry of its host: the socket may have as many on their way.
 */
int flood_absent(const struct family *f, int s, uint32_t first, int n, uint16_t port)
{
	int i, taken = 0;

	must(!set_int(s, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 29), "room to send");
	for (i = 0; i < n; i++)
		taken += send_to(f, s, "x", 1, first + i, port) == 1;
	return taken;
}
