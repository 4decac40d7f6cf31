// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc, sysctl and ioctl when memory is short: each file and each request fails in
 * each of the places where it can, as in fault.c. What is read is complete or an
 * error; what could not be written has not changed.
 *
 * time limit: 240 s
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>

#include "inject.h"
#include "wire.h"

#define PORT	7000
#define OTHER	0x0a070001u	/* 10.7.0.1 */

FAULT_OPS(files);

/* ---- files ----------------------------------------------------------------------------------- */

static const char *const files[] = { "teach_stat", "teach_addr", "teach_neigh",
				     "teach_dgram" };

/* All of a file: how many bytes it has. */
static long read_all(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	long len = 0, n = -1;

	if (fd < 0)
		return -1;
	while (len < (long)size && (n = read(fd, buf + len, size - len)) > 0)
		len += n;
	err = errno;
	close(fd);
	errno = err;
	return n < 0 ? -1 : len;
}

static char text[65536];

static long call_read(void)
{
	static char path[128];

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", files[fault_way]);
	return read_all(path, text, sizeof(text) - 1);
}

static const char *after_read(long ret)
{
	static int lines[4];
	int count = 0;
	long i;

	for (i = 0; i < ret; i++)
		count += text[i] == '\n';
	if (ret >= 0 && !lines[fault_way])
		lines[fault_way] = count;
	return ret >= 0 && count != lines[fault_way] ? "not all of it" : NULL;
}

/* What the core cannot look up in /proc it says is not there. */
FAULT_OP(files, proc, .call = call_read, .after = after_read, .count = 4,
	 .survives = "read again in smaller parts",
	 .errs = { ENOMEM, EFAULT, ENFILE, EMFILE, ENOENT });

static const struct { const char *name, *usual, *other; } sysctls[] = {
	{ "default_hop_limit", "64", "65" },
	{ "local_port_range", "32768\t60999", "40000\t50000" },
	{ "control_msgs_per_sec", "1000000", "1000" },
	{ "control_msgs_burst", "1000000", "50" },
	{ "neigh/default/base_reachable_time_ms", "30000", "20000" },
	{ "neigh/default/retrans_time_ms", "1000", "2000" },
	{ "neigh/default/delay_first_probe_time", "5", "6" },
	{ "neigh/default/gc_stale_time", "60", "70" },
	{ "neigh/default/locktime", "100", "200" },
	{ "conf/default/arp_ignore", "0", "1" },
	{ "conf/all/accept_dad", "0", "1" },
	{ "neigh/default/ucast_solicit", "3", "4" },
	{ "neigh/default/mcast_solicit", "3", "4" },
	{ "neigh/default/unres_qlen_bytes", "212992", "200000" },
	{ "neigh/default/gc_thresh1", "128", "129" },
	{ "neigh/default/gc_thresh2", "512", "513" },
	{ "neigh/default/gc_thresh3", "1024", "1025" },
};

#define SYSCTLS	((int)(sizeof(sysctls) / sizeof(sysctls[0])))

static const char *sysctl_path(int i)
{
	static char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/teach/%s", sysctls[i].name);
	return path;
}

static long call_sysctl_read(void)
{
	return read_all(sysctl_path(fault_way), text, sizeof(text) - 1);
}

static bool text_is(const char *value)
{
	return !strncmp(text, value, strlen(value)) && text[strlen(value)] == '\n';
}

static const char *after_sysctl_read(long ret)
{
	return ret >= 0 && !text_is(sysctls[fault_way].usual) ? "another value" : NULL;
}

FAULT_OP(files, sysctl_read, .call = call_sysctl_read, .after = after_sysctl_read,
	 .count = SYSCTLS, .survives = "its directory need not be kept",
	 .errs = { ENOMEM, EFAULT, ENFILE, EMFILE, ENOENT });

static long call_sysctl_write(void)
{
	int ret = sysctl_write(sysctl_path(fault_way), sysctls[fault_way].other);

	errno = -ret;
	return ret ? -1 : 0;
}

static const char *after_sysctl_write(long ret)
{
	const char *wrong = NULL;

	must(read_all(sysctl_path(fault_way), text, sizeof(text) - 1) > 0, "sysctl");
	if (!text_is(ret < 0 ? sysctls[fault_way].usual : sysctls[fault_way].other))
		wrong = ret < 0 ? "refused, and yet written" : "not written";
	must(!sysctl_write(sysctl_path(fault_way), sysctls[fault_way].usual), "sysctl");
	return wrong;
}

FAULT_OP(files, sysctl_write, .call = call_sysctl_write, .after = after_sysctl_write,
	 .count = SYSCTLS, .survives = "its directory need not be kept",
	 .errs = { ENOMEM, EFAULT, ENFILE, EMFILE, ENOENT });

static bool reachable(uint32_t addr)
{
	int fd = sk_open(&fam_teach, ALICE);
	bool there = !conn_to(&fam_teach, fd, addr, PORT);

	close(fd);
	return there;
}

/* ---- ioctl ------------------------------------------------------------------------------------ */

static int s = -1;

static void before_queue(void)
{
	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	must(send_to(&fam_teach, s, "xyz", 3, ALICE1, PORT) == 3, "send");
}

static long call_queue(void)
{
	int n = -1;
	long ret = ioctl(s, fault_way ? SIOCOUTQ : SIOCINQ, &n);

	return ret < 0 ? ret : n;
}

static const char *after_queue(long ret)
{
	close(s);
	return ret >= 0 && ret != (fault_way ? 0 : 3) ? "a wrong number" : NULL;
}

FAULT_OP(files, ioctl_queue, .before = before_queue, .call = call_queue,
	 .after = after_queue, .count = 2, .errs = { EFAULT }, .may_have_none = true);

static uint32_t ifreq_do(int cmd, uint32_t addr, long *ret)
{
	struct ifreq ifr = { .ifr_name = "va" };
	addr_t a = addr_of(&fam_teach, addr, 0);

	memcpy(&ifr.ifr_addr, &a, sizeof(a));
	*ret = ioctl(s, cmd, &ifr);
	memcpy(&a, &ifr.ifr_addr, sizeof(a));
	return ntohl(a.teach_addr.s_addr);
}

static void before_ifreq(void)
{
	s = sk_open(&fam_teach, ALICE);
}

#define MASK24	0xffffff00u
#define MASK25	0xffffff80u

enum { GET_ADDR, GET_MASK, SET_ADDR, SET_MASK, IFREQS };

static long call_ifreq(void)
{
	static const int cmds[] = { SIOCGIFADDR, SIOCGIFNETMASK, SIOCSIFADDR,
				    SIOCSIFNETMASK };
	long ret;

	ifreq_do(cmds[fault_way], fault_way == SET_ADDR ? OTHER : MASK25, &ret);
	return ret;
}

static const char *after_ifreq(long ret)
{
	bool set = ret >= 0 && fault_way >= SET_ADDR;
	const char *wrong = NULL;
	uint32_t addr, mask;
	long got;

	addr = ifreq_do(SIOCGIFADDR, 0, &got);
	mask = ifreq_do(SIOCGIFNETMASK, 0, &got);
	if (got || addr != (set && fault_way == SET_ADDR ? OTHER : ALICE1) ||
	    mask != (set && fault_way == SET_MASK ? MASK25 : MASK24))
		wrong = "another address or mask";
	/* What the mask says is reachable, and nothing else. */
	if (!reachable(addr + 1) || reachable(addr + 127) == (mask == MASK25))
		wrong = "other routes than its mask says";
	ifreq_do(SIOCSIFADDR, ALICE1, &got);
	must(!got, "SIOCSIFADDR");
	ifreq_do(SIOCSIFNETMASK, MASK24, &got);
	must(!got, "SIOCSIFNETMASK");
	close(s);
	return wrong;
}

FAULT_OP(files, ioctl_addr, .before = before_ifreq, .call = call_ifreq,
	 .after = after_ifreq, .count = IFREQS, .errs = { EFAULT, ENOMEM },
	 .survives = "who listens is told that he missed it; the old mask comes back");

enum { GET_ARP, SET_ARP, DEL_ARP, ARPREQS };

static void carol_add(void)
{
	must(!neigh_add(&fam_teach, "va", CAROL, (uint8_t *)CAROL_MAC, NUD_PERMANENT),
	     "RTM_NEWNEIGH");
}

static void before_arpreq(void)
{
	s = sk_open(&fam_teach, ALICE);
	if (fault_way != SET_ARP)
		carol_add();
}

static long call_arpreq(void)
{
	static const int cmds[] = { SIOCGARP, SIOCSARP, SIOCDARP };
	struct arpreq req = { .arp_dev = "va", .arp_flags = ATF_PERM };
	addr_t a = addr_of(&fam_teach, CAROL, 0);

	memcpy(&req.arp_pa, &a, sizeof(a));
	req.arp_ha.sa_family = ARPHRD_ETHER;
	memcpy(req.arp_ha.sa_data, DAVE_MAC, 6);
	return ioctl(s, cmds[fault_way], &req);
}

static const char *after_arpreq(long ret)
{
	struct neigh_event e;
	bool there = neigh_find(CAROL, &e);
	bool expected = fault_way == GET_ARP || (fault_way == SET_ARP) == (ret >= 0);

	close(s);
	neigh_forget("va", CAROL);
	if (there != expected)
		return there ? "an entry is there" : "no entry is there";
	return NULL;
}

FAULT_OP(files, ioctl_arp, .before = before_arpreq, .call = call_arpreq,
	 .after = after_arpreq, .count = ARPREQS, .errs = { EFAULT, ENOMEM, ENOBUFS },
	 .survives = "who listens is told that he missed it");

int main(int argc, char **argv)
{
	lab_make();
	inject_prepare();
	if (!lab_teach_error())
		lab_ready();
	return test_harness_run(argc, argv);
}
