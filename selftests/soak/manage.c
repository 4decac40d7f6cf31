// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations of the soak test: addresses, neighbours and parameters, by netlink, ioctl
 * and sysctl.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <linux/genetlink.h>
#include <linux/if_arp.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#include "soak.h"

/* Enters a place and names a device of it; the place's number, or -errno. */
static int pick(struct worker *w, char dev[16])
{
	int here = place_enter(w);

	if (here >= 0 && !dev_find(dev, &w->rnd, true))
		return -ENODEV;
	return here;
}

/* ---- addresses ------------------------------------------------------------------------ */

static int do_addr_add(struct worker *w)
{
	int lan = rnd_below(&w->rnd, N_LANS);
	bool many = rnd_once_in(&w->rnd, 2);
	int plen = rnd_once_in(&w->rnd, 4) ? 16 + rnd_below(&w->rnd, 17) : 24;
	char dev[16];
	int here = pick(w, dev);

	if (here < 0)
		return here;
	return addr_add(&fam_teach, dev,
			lan_addr(lan, many ? (int)rnd_below(&w->rnd, N_HOSTS) : here), plen);
}

static int do_addr_del(struct worker *w)
{
	int lan = rnd_below(&w->rnd, N_LANS), host = rnd_below(&w->rnd, N_HOSTS);
	bool back = !rnd_once_in(&w->rnd, 4);
	char dev[16];
	int here = pick(w, dev), ret;

	if (here < 0)
		return here;
	if (rnd_once_in(&w->rnd, 2))
		host = here;
	ret = addr_del(&fam_teach, dev, lan_addr(lan, host), 24);
	if (!ret && back)
		addr_add(&fam_teach, dev, lan_addr(lan, host), 24);
	return ret;
}

/* ifconfig(8)'s way, through any socket of the family. */
static int addr_ioctl(struct worker *w)
{
	static const unsigned int cmds[] = {
		SIOCSIFADDR, SIOCSIFADDR, SIOCGIFADDR, SIOCSIFNETMASK, SIOCGIFNETMASK
	};
	unsigned int cmd = cmds[rnd_below(&w->rnd, ARRAY_SIZE(cmds))];
	int lan = rnd_below(&w->rnd, N_LANS), here, ret, fd;
	struct ifreq ifr = { 0 };
	addr_t a;

	here = pick(w, ifr.ifr_name);
	if (here < 0)
		return here;
	fd = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	a = addr_of(&fam_teach, cmd == SIOCSIFNETMASK ? 0xffffff00 : lan_addr(lan, here), 0);
	memcpy(&ifr.ifr_addr, &a, sizeof(a));
	ret = ioctl(fd, cmd, &ifr) ? -errno : 0;
	close(fd);
	return ret;
}

/* ---- neighbours --------------------------------------------------------------------------- */

struct found {
	int n;
	struct {
		int ifindex;
		uint32_t addr;
	} entries[64];
};

static int found_cb(const struct nlmsghdr *h, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(h);
	struct found *f = data;
	struct nlattr *attr;

	mnl_attr_for_each(attr, h, sizeof(*ndm)) {
		if (mnl_attr_get_type(attr) == NDA_DST && f->n < 64) {
			f->entries[f->n].ifindex = ndm->ndm_ifindex;
			f->entries[f->n++].addr = mnl_attr_get_u32(attr);
		}
	}
	return MNL_CB_OK;
}

/* The entries of the thread's place, or the first of them. */
static int find_all(struct found *found)
{
	const struct ndmsg ndm = { .ndm_family = AF_TEACH };
	struct request req;

	req_begin(&req, RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm));
	return req_read(&req, NETLINK_ROUTE, found_cb, found);
}

static int neigh_request(struct worker *w, uint16_t type, uint16_t flags, int state,
			 int ntf, bool mac)
{
	struct ndmsg ndm = { .ndm_family = AF_TEACH, .ndm_state = state, .ndm_flags = ntf };
	uint32_t addr = htonl(rnd_once_in(&w->rnd, 4) ? addr_pick(&w->rnd) :
			      lan_addr(rnd_below(&w->rnd, N_LANS),
				       rnd_below(&w->rnd, N_HOSTS)));
	struct found found = { 0 };
	struct request req;
	uint8_t lladdr[6];
	char dev[16];
	int here, i;

	mac_pick(lladdr, &w->rnd);
	here = pick(w, dev);
	if (here < 0)
		return here;
	ndm.ndm_ifindex = if_nametoindex(dev);
	/* Mostly about one that is there, if no new one is made. */
	if (!mac && type != RTM_NEWNEIGH && !rnd_once_in(&w->rnd, 4) &&
	    !find_all(&found) && found.n) {
		i = rnd_below(&w->rnd, found.n);
		ndm.ndm_ifindex = found.entries[i].ifindex;
		addr = found.entries[i].addr;
	}
	req_begin(&req, type, flags, &ndm, sizeof(ndm));
	mnl_attr_put_u32(req.hdr, NDA_DST, addr);
	if (mac)
		mnl_attr_put(req.hdr, NDA_LLADDR, 6, lladdr);
	return req_ask(&req, NETLINK_ROUTE);
}

static const uint16_t states[] = {
	NUD_PERMANENT, NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PROBE, NUD_NOARP
};

static int do_neigh_add(struct worker *w)
{
	return neigh_request(w, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL,
			     states[rnd_below(&w->rnd, ARRAY_SIZE(states))], 0, true);
}

static int neigh_replace(struct worker *w)
{
	return neigh_request(w, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE,
			     states[rnd_below(&w->rnd, ARRAY_SIZE(states))], 0, true);
}

static int neigh_use(struct worker *w)
{
	return neigh_request(w, RTM_NEWNEIGH, NLM_F_CREATE, 0, NTF_USE, false);
}

static int neigh_del(struct worker *w)
{
	return neigh_request(w, RTM_DELNEIGH, 0, 0, 0, false);
}

static int neigh_get(struct worker *w)
{
	return neigh_request(w, RTM_GETNEIGH, 0, 0, 0, false);
}

/* All that there are, as `teach neigh flush` does; others may be faster. */
static int neigh_flush(struct worker *w)
{
	struct ndmsg ndm = { .ndm_family = AF_TEACH };
	struct found found = { 0 };
	struct request req;
	int ret = place_enter(w), i;

	if (ret < 0)
		return ret;
	ret = find_all(&found);
	for (i = 0; !ret && i < found.n; i++) {
		ndm.ndm_ifindex = found.entries[i].ifindex;
		req_begin(&req, RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
		mnl_attr_put_u32(req.hdr, NDA_DST, found.entries[i].addr);
		req_ask(&req, NETLINK_ROUTE);
	}
	return ret;
}

/* arp(8)'s way. */
static int neigh_ioctl(struct worker *w)
{
	static const unsigned int cmds[] = { SIOCSARP, SIOCGARP, SIOCDARP };
	unsigned int cmd = cmds[rnd_below(&w->rnd, 3)];
	addr_t a = addr_of(&fam_teach, addr_pick(&w->rnd), 0);
	struct arpreq r = { .arp_flags = ATF_COM };
	int here, ret, fd;

	if (rnd_once_in(&w->rnd, 2))
		r.arp_flags |= ATF_PERM;
	memcpy(&r.arp_pa, &a, sizeof(a));
	r.arp_ha.sa_family = ARPHRD_ETHER;
	mac_pick((uint8_t *)r.arp_ha.sa_data, &w->rnd);
	here = pick(w, r.arp_dev);
	if (here < 0)
		return here;
	fd = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	ret = ioctl(fd, cmd, &r) ? -errno : 0;
	close(fd);
	return ret;
}

/* ---- generic netlink, sysctl ------------------------------------------------------------------- */

static void genl_begin(struct request *req, int cmd, uint16_t flags)
{
	const struct genlmsghdr genl = { .cmd = cmd, .version = TEACH_GENL_VERSION };

	req_begin(req, genl_family, flags, &genl, sizeof(genl));
}

static int genl_resolve(struct worker *w)
{
	uint32_t addr = addr_pick(&w->rnd);
	struct request req;
	char dev[16];
	int here = pick(w, dev);

	if (here < 0)
		return here;
	genl_begin(&req, TEACH_CMD_RESOLVE, 0);
	mnl_attr_put_u32(req.hdr, TEACH_A_ADDR, htonl(addr));
	if (rnd_once_in(&w->rnd, 2))
		mnl_attr_put_strz(req.hdr, TEACH_A_IFNAME, dev);
	return req_ask(&req, NETLINK_GENERIC);
}

static int genl_link_set(struct worker *w)
{
	static const struct {
		int parm, max;
	} parms[] = {
		{ TEACH_PARM_A_BASE_REACHABLE_MS, 3000 },
		{ TEACH_PARM_A_RETRANS_MS, 300 },
		{ TEACH_PARM_A_DELAY_PROBE_MS, 1000 },
		{ TEACH_PARM_A_GC_STALE_MS, 2000 },
		{ TEACH_PARM_A_LOCKTIME_MS, 1000 },
		{ TEACH_PARM_A_UCAST_PROBES, 4 },
		{ TEACH_PARM_A_MCAST_PROBES, 4 },
		{ TEACH_PARM_A_QUEUE_BYTES, 20000 },
	};
	int i = rnd_below(&w->rnd, ARRAY_SIZE(parms));
	struct request req;
	struct nlattr *nest;
	char dev[16];
	int here = pick(w, dev);

	if (here < 0)
		return here;
	genl_begin(&req, TEACH_CMD_LINK_SET, 0);
	mnl_attr_put_strz(req.hdr, TEACH_A_IFNAME, dev);
	nest = mnl_attr_nest_start(req.hdr, TEACH_A_PARMS);
	mnl_attr_put_u32(req.hdr, parms[i].parm, 1 + rnd_below(&w->rnd, parms[i].max));
	mnl_attr_nest_end(req.hdr, nest);
	return req_ask(&req, NETLINK_GENERIC);
}

static int genl_link_get(struct worker *w)
{
	struct request req;
	char dev[16];
	int here = pick(w, dev);

	if (here < 0)
		return here;
	genl_begin(&req, TEACH_CMD_LINK_GET, 0);
	mnl_attr_put_strz(req.hdr, TEACH_A_IFNAME, dev);
	return req_ask(&req, NETLINK_GENERIC);
}

static int genl_stats(struct worker *w)
{
	struct request req;
	int here = place_enter_any(w);

	if (here < 0)
		return here;
	genl_begin(&req, TEACH_CMD_STATS_GET, 0);
	return req_ask(&req, NETLINK_GENERIC);
}

static int sysctl_set(struct worker *w)
{
	static const struct {
		const char *name, *value[3];
	} entries[] = {
		{ "neigh/default/gc_thresh1", { "2", "4", "32" } },
		{ "neigh/default/gc_thresh2", { "4", "16", "64" } },
		{ "neigh/default/gc_thresh3", { "6", "32", "128" } },
		{ "neigh/default/unres_qlen_bytes", { "0", "3000", "50000" } },
		{ "neigh/default/gc_stale_time", { "0", "1", "60" } },
		{ "neigh/default/base_reachable_time_ms", { "100", "1000", "30000" } },
		{ "neigh/default/mcast_solicit", { "0", "1", "3" } },
		{ "local_port_range", { "7000 7008", "7000 7100", "32768 60999" } },
		{ "default_hop_limit", { "1", "64", "255" } },
		{ "control_msgs_per_sec", { "0", "10", "100000" } },
	};
	int i = rnd_below(&w->rnd, ARRAY_SIZE(entries)), value = rnd_below(&w->rnd, 3);
	char path[128];
	int here = place_enter(w);

	if (here < 0)
		return here;
	snprintf(path, sizeof(path), "/proc/sys/net/teach/%s", entries[i].name);
	return sysctl_write(path, entries[i].value[value]);
}

const struct op manage_ops[] = {
	OP("address: add", 16, do_addr_add),
	OP("address: delete", 10, do_addr_del),
	OP("address: ioctl", 6, addr_ioctl),
	OP("neighbour: add", 10, do_neigh_add),
	OP("neighbour: replace", 10, neigh_replace),
	OP("neighbour: use", 10, neigh_use),
	OP("neighbour: delete", 16, neigh_del),
	OP("neighbour: get", 10, neigh_get),
	OP("neighbour: flush", 4, neigh_flush),
	OP("neighbour: ioctl", 8, neigh_ioctl),
	OP("genl: resolve", 8, genl_resolve),
	OP("genl: set link", 8, genl_link_set),
	OP("genl: get link", 4, genl_link_get),
	OP("genl: counters", 4, genl_stats),
	OP("sysctl: set", 6, sysctl_set),
	{ 0 }
};
