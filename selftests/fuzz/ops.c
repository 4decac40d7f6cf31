// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What each operation does: see ops.h.
 *
 * Sockets are in slots, which all threads share; an operation on an empty slot is
 * one on a bad descriptor. Nothing waits for longer than WAIT_MS, or the watchdog of
 * exec.c sends a signal.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/teach.h>
#include <linux/virtio_net.h>

#include "lab.h"
#include "ops.h"

#define MSG_PROBE	0x10	/* of the kernel's, not in the C library */
#define SLOTS		6
#define WAIT_MS		8
#define LARGEST		70000	/* bytes of a message or frame */

static atomic_int slots[SLOTS] = { -1, -1, -1, -1, -1, -1 };
static _Thread_local struct {
	int		fail_nth;	/* this thread's /proc/self/task/TID/fail-nth */
	int		failing;
	int		lab;		/* that these are of: */
	int		netlink[4];	/* 0: none; rtnetlink has one with strict checks */
	unsigned char	buf[LARGEST];
} self;

static atomic_int *slot(const struct op *op)
{
	return &slots[op->args[0] % SLOTS];
}

static int sock(const struct op *op)
{
	return atomic_load(slot(op));
}

static uint32_t below(uint32_t value, uint32_t end)
{
	return value < end ? value : value % end;
}

/* ---- Socket calls ----------------------------------------------------------------- */

static void run_socket(const struct op *op)
{
	const struct timeval limit = { .tv_usec = WAIT_MS / 2 * 1000 };
	int fd = socket(AF_TEACH, (op->args[1] & 15) | SOCK_CLOEXEC, op->args[2]);

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	fd = atomic_exchange(slot(op), fd);
	if (fd >= 0)
		close(fd);
}

static void run_close(const struct op *op)
{
	int fd = atomic_exchange(slot(op), -1);

	if (fd >= 0)
		close(fd);
}

static void run_bind(const struct op *op)
{
	bind(sock(op), (const struct sockaddr *)op->bytes, op->len);
}

static void run_connect(const struct op *op)
{
	connect(sock(op), (const struct sockaddr *)op->bytes, op->len);
}

/* slot, flags, bytes of the name, bytes of control messages, bytes in all: the
 * payload is continued with what is in memory.
 */
static void run_send(const struct op *op)
{
	size_t name = below(op->args[2], op->len + 1);
	size_t control = below(op->args[3], op->len - name + 1);
	size_t payload = op->len - name - control;
	struct iovec iov[2] = {
		{ self.buf, payload / 2 }, { self.buf + payload / 2, payload - payload / 2 },
	};
	const struct msghdr msg = {
		.msg_name = (void *)op->bytes, .msg_namelen = name,
		.msg_control = (void *)(op->bytes + name), .msg_controllen = control,
		.msg_iov = iov, .msg_iovlen = 2,
	};

	memcpy(self.buf, op->bytes + name + control, payload);
	if (op->args[4] > payload)
		iov[1].iov_len = below(op->args[4], LARGEST) - iov[0].iov_len;
	sendmsg(sock(op), &msg, op->args[1] | MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Waits only with MSG_WAITALL. */
static void run_recv(const struct op *op)
{
	struct sockaddr_teach name;
	char control[512];
	struct iovec iov = { self.buf, below(op->args[2], LARGEST) };
	struct msghdr msg = {
		.msg_name = &name, .msg_namelen = sizeof(name),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = below(op->args[3], sizeof(control)),
	};

	recvmsg(sock(op), &msg, op->args[1] & MSG_WAITALL ? op->args[1] :
							    op->args[1] | MSG_DONTWAIT);
}

static void run_setsockopt(const struct op *op)
{
	setsockopt(sock(op), op->args[1], op->args[2], op->bytes, op->len);
}

static void run_getsockopt(const struct op *op)
{
	socklen_t len = below(op->args[3], 4096);

	getsockopt(sock(op), op->args[1], op->args[2], self.buf, &len);
}

static void run_filter(const struct op *op)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, op->args[1]);
	const struct sock_fprog prog = { 1, &code };

	setsockopt(sock(op), SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

static const uint32_t ioctls[] = {
	SIOCGIFADDR, SIOCSIFADDR, SIOCGIFNETMASK, SIOCSIFNETMASK, SIOCGARP, SIOCSARP,
	SIOCDARP, SIOCGRARP, SIOCSRARP, SIOCDRARP, SIOCINQ, SIOCOUTQ, SIOCGSTAMP_OLD,
	SIOCADDRT, SIOCGIFBRDADDR,
};

/* Others would change devices under the lab. */
static uint32_t ioctl_of(const struct op *op)
{
	size_t i, n = sizeof(ioctls) / sizeof(ioctls[0]);

	for (i = 0; i < n; i++) {
		if (ioctls[i] == op->args[1])
			return ioctls[i];
	}
	return ioctls[op->args[1] % n];
}

static void run_ioctl(const struct op *op)
{
	memset(self.buf, 0, 256);
	memcpy(self.buf, op->bytes, op->len < 256 ? op->len : 256);
	ioctl(sock(op), ioctl_of(op), self.buf);
}

static int ioctl_dirties(const struct op *op)
{
	uint32_t cmd = ioctl_of(op);

	return cmd == SIOCSIFADDR || cmd == SIOCSIFNETMASK ? LAB_ADDRS : 0;
}

static void run_shutdown(const struct op *op)
{
	shutdown(sock(op), op->args[1]);
}

static void run_name(const struct op *op)
{
	struct sockaddr_teach name;
	socklen_t len = sizeof(name);

	if (op->args[1] & 1)
		getpeername(sock(op), (struct sockaddr *)&name, &len);
	else
		getsockname(sock(op), (struct sockaddr *)&name, &len);
}

static void run_poll(const struct op *op)
{
	struct pollfd p = { sock(op), POLLIN | POLLOUT | POLLPRI, 0 };

	poll(&p, 1, op->args[1] & 1 ? WAIT_MS / 2 : 0);
}

/* ---- Frames ------------------------------------------------------------------------- */

/* The checksum is said to be verified, or left for the device to finish. */
static void vnet_header(struct virtio_net_hdr *vnet, const struct op *op)
{
	const unsigned char *p = op->bytes + ETH_HLEN;

	memset(vnet, 0, sizeof(*vnet));
	if (op->args[2] & 1)
		vnet->flags |= VIRTIO_NET_HDR_F_DATA_VALID;
	if (op->args[2] & 2 && op->len > ETH_HLEN + TEACH_HDR_LEN) {
		vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		vnet->csum_start = ETH_HLEN + (p[0] & 15) * 4;
		vnet->csum_offset = p[4] == TEACHPROTO_DGRAM ? 6 : 2;
	}
}

/* device, bytes in the linear part (t1), checksum (t0), bytes in all */
static void run_frame(const struct op *op)
{
	int tap = lab_tap(op->args[0] % LAB_DEVS);
	size_t len = op->len;
	struct virtio_net_hdr vnet;
	struct iovec iov[2];

	/* Into t0 instead of va, whose frames come from its other side. */
	if (tap < 0)
		tap = lab_tap(0);
	memcpy(self.buf, op->bytes, op->len);
	if (op->args[3] > len) {
		len = below(op->args[3], 66000);
		if (len < op->len)
			len = op->len;
	}
	if (tap == lab_tap(0)) {
		vnet_header(&vnet, op);
		iov[0] = (struct iovec){ &vnet, sizeof(vnet) };
		iov[1] = (struct iovec){ self.buf, len };
	} else {
		size_t linear = below(op->args[1], len + 1);

		if (linear < ETH_HLEN)
			linear = len < ETH_HLEN ? len : ETH_HLEN;
		iov[0] = (struct iovec){ self.buf, linear };
		iov[1] = (struct iovec){ self.buf + linear, len - linear };
	}
	if (writev(tap, iov, iov[1].iov_len ? 2 : 1) < 0)
		return;
}

/* ---- Netlink ------------------------------------------------------------------------ */

extern const uint16_t rtnl_types[];
extern const int n_rtnl_types;

/* Each thread has one socket for each protocol and lab. Those of rtnetlink listen to
 * what changes.
 */
static int netlink_socket(int protocol, int strict)
{
	struct sockaddr_nl name = {
		.nl_family = AF_NETLINK,
		.nl_groups = protocol == NETLINK_ROUTE ? RTMGRP_NEIGH | RTMGRP_IPV4_IFADDR : 0,
	};
	int *fd = &self.netlink[protocol == NETLINK_ROUTE ? strict :
				protocol == NETLINK_GENERIC ? 2 : 3];
	int i;

	if (self.lab != lab_number()) {
		for (i = 0; i < 4; i++) {
			if (self.netlink[i])
				close(self.netlink[i]);
			self.netlink[i] = 0;
		}
		self.lab = lab_number();
	}
	if (*fd)
		return *fd;
	*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (*fd < 0) {
		*fd = 0;
		return -1;
	}
	bind(*fd, (struct sockaddr *)&name, sizeof(name));
	if (strict)
		setsockopt(*fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &strict, sizeof(strict));
	return *fd;
}

/* A @type of 0 stays what it is. */
static void netlink_talk(int protocol, const struct op *op, int strict, int type)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nlmsghdr *nlh = (struct nlmsghdr *)self.buf;
	int fd;

	if (op->len < sizeof(*nlh))
		return;
	memcpy(self.buf, op->bytes, op->len);
	nlh->nlmsg_len = op->len;
	nlh->nlmsg_flags |= NLM_F_REQUEST;
	if (type)
		nlh->nlmsg_type = type;
	fd = netlink_socket(protocol, strict);
	sendto(fd, self.buf, op->len, MSG_DONTWAIT, (const struct sockaddr *)&kernel,
	       sizeof(kernel));
	/* A dump goes on as it is read. ENOBUFS: news were lost. */
	while (recv(fd, self.buf, 8192, MSG_DONTWAIT) > 0 || errno == ENOBUFS)
		errno = 0;
}

static int rtnl_type(const struct op *op)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)op->bytes;
	int i;

	for (i = 0; i < n_rtnl_types; i++) {
		if (rtnl_types[i] == nlh->nlmsg_type)
			return rtnl_types[i];
	}
	return rtnl_types[nlh->nlmsg_type % n_rtnl_types];
}

static void run_rtnl(const struct op *op)
{
	netlink_talk(NETLINK_ROUTE, op, op->args[0] & 1, rtnl_type(op));
}

static int rtnl_dirties(const struct op *op)
{
	int type = rtnl_type(op);

	return type == RTM_NEWADDR || type == RTM_DELADDR ? LAB_ADDRS : 0;
}

static void run_genl(const struct op *op)
{
	netlink_talk(NETLINK_GENERIC, op, 0, lab_genl_family());
}

static int genl_dirties(const struct op *op)
{
	const struct genlmsghdr *genl = (const void *)(op->bytes + NLMSG_HDRLEN);

	return genl->cmd == TEACH_CMD_LINK_SET ? LAB_PARMS :
	       genl->cmd == TEACH_CMD_RARP_START ? LAB_RARP : 0;
}

static void run_diag(const struct op *op)
{
	netlink_talk(NETLINK_SOCK_DIAG, op, 0, 0);
}

/* ---- What surrounds the module ------------------------------------------------------- */

enum { LINK_UP, LINK_DOWN, LINK_MTU, LINK_NOARP, LINK_MAC, LINK_DELETE, LINK_WHATS };

static void run_link(const struct op *op)
{
	int dev = op->args[0] % LAB_DEVS;

	switch (op->args[1] % LINK_WHATS) {
	case LINK_UP:
		lab_set_up(dev, 1);
		break;
	case LINK_DOWN:
		lab_set_up(dev, 0);
		break;
	case LINK_MTU:
		lab_set_mtu(dev, op->args[2]);
		break;
	case LINK_NOARP:
		lab_set_flags(dev, IFF_NOARP, 0);
		break;
	case LINK_MAC:
		lab_set_mac(dev, op->args[2]);
		break;
	case LINK_DELETE:
		lab_delete_veth();
		break;
	}
}

static int link_dirties(const struct op *op)
{
	static const int what[LINK_WHATS] = {
		[LINK_DOWN] = LAB_UP, [LINK_MTU] = LAB_MTU, [LINK_NOARP] = LAB_UP,
		[LINK_MAC] = LAB_MACS, [LINK_DELETE] = LAB_VETH,
	};

	return what[op->args[1] % LINK_WHATS];
}

static void run_sysctl(const struct op *op)
{
	int fd = lab_sysctl_open(op->args[0] % LAB_SYSCTLS);

	if (fd < 0)
		return;
	if (!op->len || pwrite(fd, op->bytes, op->len, 0) < 0)
		(void)!pread(fd, self.buf, 128, 0);
	close(fd);
}

static int sysctl_dirties(const struct op *op)
{
	return LAB_SYSCTL(op->args[0] % LAB_SYSCTLS);
}

static void run_proc(const struct op *op)
{
	static const char *const names[] = {
		"teach_stat", "teach_addr", "teach_neigh", "teach_dgram",
	};
	size_t size = op->args[1] ? below(op->args[1], 8192) : 4096;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", names[op->args[0] % 4]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while (size && read(fd, self.buf, size) > 0)
		size = size > 64 ? size : 4096;
	close(fd);
}

/* Until it is over no signal comes: the kernel writes to the stack for that, and kills
 * the process if that is what fails.
 */
static void block_signal(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(how, &set, NULL);
}

static void run_fail(const struct op *op)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", 1 + op->args[0] % 16);

	if (self.fail_nth <= 0)
		return;
	block_signal(SIG_BLOCK);
	self.failing = 1;
	if (pwrite(self.fail_nth, text, n, 0) <= 0)
		ops_disarm();
}

static void run_wait(const struct op *op)
{
	usleep(op->args[0] % (2 * WAIT_MS) * 1000);
}

/* ---- The table ------------------------------------------------------------------------ */

#define KIND(name, mask, ...)							\
static const uint32_t name##_values[] = { __VA_ARGS__ };			\
static const struct arg_kind name = {						\
	name##_values, sizeof(name##_values) / sizeof(uint32_t), mask		\
}

KIND(a_slot, 0, 0, 0, 0, 1, 1, 1, 2, 3);
KIND(a_type, 0, SOCK_DGRAM, SOCK_DGRAM, SOCK_DGRAM, SOCK_DGRAM, SOCK_STREAM, SOCK_RAW);
KIND(a_protocol, 0, 0, 0, TEACHPROTO_DGRAM, TEACHPROTO_CONTROL, TEACHPROTO_CONTROL,
     TEACHPROTO_STREAM, 255, 256, ~0u);
KIND(a_flags, 1, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_ERRQUEUE, MSG_ERRQUEUE, MSG_WAITALL,
     MSG_CONFIRM, MSG_MORE, MSG_PROBE, MSG_OOB, MSG_ZEROCOPY, MSG_CMSG_CLOEXEC);
KIND(a_len, 0, 0, 0, 0, 0, 0, 0, 1, 16, 100, 1476, 1477, 1485, 4000, 65511, 65520, 69999);
KIND(a_room, 0, 2048, 2048, 2048, 0, 1, 16, 64, 128, 65535);
KIND(a_level, 0, SOL_TEACH, SOL_TEACH, SOL_SOCKET, SOL_SOCKET, 0, 41);
KIND(a_option, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, SO_BROADCAST, SO_REUSEADDR, SO_RCVBUF, SO_SNDBUF,
     SO_BINDTODEVICE, SO_BINDTOIFINDEX, SO_TIMESTAMPING, SO_TIMESTAMP, SO_PEEK_OFF,
     SO_REUSEPORT, SO_PRIORITY, SO_RCVLOWAT, SO_MARK, SO_TXTIME, SO_ERROR, SO_DETACH_FILTER,
     SO_ZEROCOPY, SO_RXQ_OVFL, SO_MEMINFO, SO_COOKIE, SO_INCOMING_CPU, SO_SELECT_ERR_QUEUE,
     SO_LOCK_FILTER, SO_NO_CHECK, SO_KEEPALIVE);
KIND(a_ioctl, 0, SIOCGIFADDR, SIOCSIFADDR, SIOCGIFNETMASK, SIOCSIFNETMASK, SIOCGARP, SIOCSARP,
     SIOCDARP, SIOCGRARP, SIOCSRARP, SIOCDRARP, SIOCINQ, SIOCOUTQ, SIOCGSTAMP_OLD, SIOCADDRT,
     SIOCGIFBRDADDR);
KIND(a_how, 0, 0, 1, 2, 3);
KIND(a_bool, 0, 0, 1);
KIND(a_dev, 0, 0, 0, 1, 1, 2);
KIND(a_linear, 0, 14, 14, 15, 22, 30, 34, 42, 58, 1000);
KIND(a_csum, 0, 0, 0, 0, 1, 2, 3);
KIND(a_frame_len, 0, 0, 0, 0, 60, 1514, 4200, 65535);
KIND(a_what, 0, LINK_UP, LINK_DOWN, LINK_MTU, LINK_NOARP, LINK_MAC, LINK_DELETE);
KIND(a_mtu, 0, 68, 127, 128, 200, 1500, 9000, 65535, 0x10);
KIND(a_sysctl, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
KIND(a_number, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 60, 0xffff, ~0u);
KIND(a_ms, 0, 1, 4, 8);

#define ARGS(n, ...)	.n_args = n, .args = { __VA_ARGS__ }

const struct op_type op_types[OP_KINDS] = {
	[OP_SOCKET] = { "socket", ARGS(3, &a_slot, &a_type, &a_protocol), NULL, 10, run_socket, NULL },
	[OP_CLOSE] = { "close", ARGS(1, &a_slot), NULL, 5, run_close, NULL },
	[OP_BIND] = { "bind", ARGS(1, &a_slot), &format_sockaddr, 8, run_bind, NULL },
	[OP_CONNECT] = { "connect", ARGS(1, &a_slot), &format_sockaddr, 8, run_connect, NULL },
	[OP_SEND] = { "send", ARGS(5, &a_slot, &a_flags, &a_number, &a_number, &a_len),
		      &format_message, 15, run_send, NULL },
	[OP_RECV] = { "recv", ARGS(4, &a_slot, &a_flags, &a_room, &a_room), NULL, 10, run_recv, NULL },
	[OP_SETSOCKOPT] = { "setsockopt", ARGS(3, &a_slot, &a_level, &a_option), &format_option,
			    8, run_setsockopt, NULL },
	[OP_GETSOCKOPT] = { "getsockopt", ARGS(4, &a_slot, &a_level, &a_option, &a_number), NULL,
			    4, run_getsockopt, NULL },
	[OP_FILTER] = { "filter", ARGS(2, &a_slot, &a_number), NULL, 2, run_filter, NULL },
	[OP_IOCTL] = { "ioctl", ARGS(2, &a_slot, &a_ioctl), &format_ioctl, 6, run_ioctl, ioctl_dirties },
	[OP_SHUTDOWN] = { "shutdown", ARGS(2, &a_slot, &a_how), NULL, 3, run_shutdown, NULL },
	[OP_NAME] = { "name", ARGS(2, &a_slot, &a_bool), NULL, 2, run_name, NULL },
	[OP_POLL] = { "poll", ARGS(2, &a_slot, &a_bool), NULL, 2, run_poll, NULL },
	[OP_FRAME] = { "frame", ARGS(4, &a_dev, &a_linear, &a_csum, &a_frame_len), &format_frame,
		       25, run_frame, NULL },
	[OP_RTNL] = { "rtnl", ARGS(1, &a_bool), &format_rtnl, 15, run_rtnl, rtnl_dirties },
	[OP_GENL] = { "genl", ARGS(0, NULL), &format_genl, 8, run_genl, genl_dirties },
	[OP_DIAG] = { "diag", ARGS(0, NULL), &format_diag, 2, run_diag, NULL },
	[OP_LINK] = { "link", ARGS(3, &a_dev, &a_what, &a_mtu), NULL, 1, run_link, link_dirties },
	[OP_SYSCTL] = { "sysctl", ARGS(1, &a_sysctl), &format_sysctl, 2, run_sysctl, sysctl_dirties },
	[OP_PROC] = { "proc", ARGS(2, &a_number, &a_number), NULL, 1, run_proc, NULL },
	[OP_FAIL] = { "fail", ARGS(1, &a_number), NULL, 3, run_fail, NULL },
	[OP_WAIT] = { "wait", ARGS(1, &a_ms), NULL, 1, run_wait, NULL },
};

int op_find(const char *name)
{
	int i;

	for (i = 0; i < OP_KINDS; i++) {
		if (!strcmp(op_types[i].name, name))
			return i;
	}
	return -1;
}

/* ---- For exec.c ------------------------------------------------------------------------ */

void ops_thread_start(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/fail-nth", gettid());
	self.fail_nth = open(path, O_RDWR | O_CLOEXEC);
}

void ops_disarm(void)
{
	if (!self.failing)
		return;
	/* The first try may be what fails. */
	while (pwrite(self.fail_nth, "0", 1, 0) != 1)
		;
	self.failing = 0;
	block_signal(SIG_UNBLOCK);
}

void ops_run(const struct op *op)
{
	op_types[op->type].run(op);
	/* "fail" is for the next operation of the thread only. */
	if (op->type != OP_FAIL)
		ops_disarm();
}

void ops_reset(void)
{
	int i, fd;

	for (i = 0; i < SLOTS; i++) {
		fd = atomic_exchange(&slots[i], -1);
		if (fd >= 0)
			close(fd);
	}
}
