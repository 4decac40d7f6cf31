// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations of the soak test: sockets. All threads use the same ones, so that every call
 * races with every other, with close() above all.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <fcntl.h>

#include "soak.h"

#define BLOCK_MS	30	/* how long a call may block */

/* One that is open now, if there is one. */
static int fd_pick(struct worker *w)
{
	int first = rnd_below(&w->rnd, N_SOCKS), i;

	for (i = 0; i < N_SOCKS; i++)
		if (fcntl(SOCK_FD((first + i) % N_SOCKS), F_GETFD) >= 0)
			return SOCK_FD((first + i) % N_SOCKS);
	return SOCK_FD(first);
}

/* What a call returned: 0 or more is done. */
static int said(long ret)
{
	return ret < 0 ? -errno : 0;
}

static addr_t name_pick(struct worker *w)
{
	addr_t a = addr_of(&fam_teach, addr_pick(&w->rnd), port_pick(&w->rnd));

	if (rnd_once_in(&w->rnd, 16))
		a.teach_ifindex = 1 + rnd_below(&w->rnd, 20);
	return a;
}

/* ---- they come and go ------------------------------------------------------------------- */

static int open_as(struct worker *w, int protocol)
{
	struct timeval limit = { .tv_usec = BLOCK_MS * 1000 };
	int to = SOCK_FD(rnd_below(&w->rnd, N_SOCKS)), fd, one = 1, ret, here = place_enter_any(w);

	if (here < 0)
		return here;
	fd = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one));
	if (rnd_once_in(&w->rnd, 2))
		setsockopt(fd, SOL_TEACH, TEACH_RECVERR, &one, sizeof(one));
	if (rnd_once_in(&w->rnd, 2))
		setsockopt(fd, SOL_TEACH, TEACH_REUSEPORT, &one, sizeof(one));
	/* Most get at once what they need to hear of others. */
	if (!rnd_once_in(&w->rnd, 3))
		bind_to(&fam_teach, fd, ANY, port_pick(&w->rnd));
	/* This closes the one of before, if there is one. */
	ret = said(dup3(fd, to, O_CLOEXEC));
	close(fd);
	return ret;
}

static int sock_open(struct worker *w)
{
	return open_as(w, 0);
}

static int sock_open_ping(struct worker *w)
{
	return open_as(w, TEACHPROTO_CONTROL);
}

static int sock_close(struct worker *w)
{
	return said(close(fd_pick(w)));
}

/* Its last reference is in a message that nobody reads. */
static int sock_pass(struct worker *w)
{
	char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = { 0 };
	struct iovec iov = { .iov_base = "x", .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int fd = fd_pick(w), pair[2], ret;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	ret = said(sendmsg(pair[0], &msg, 0));
	if (!ret)
		close(fd);
	close(pair[0]);
	close(pair[1]);
	return ret;
}

/* ---- names --------------------------------------------------------------------------------- */

static int sock_bind(struct worker *w)
{
	addr_t a = addr_of(&fam_teach, rnd_once_in(&w->rnd, 2) ? ANY : addr_pick(&w->rnd),
			   rnd_once_in(&w->rnd, 4) ? 0 : port_pick(&w->rnd));

	return said(bind(fd_pick(w), (struct sockaddr *)&a, sizeof(a)));
}

static int sock_connect(struct worker *w)
{
	addr_t a = name_pick(w);

	return said(connect(fd_pick(w), (struct sockaddr *)&a, sizeof(a)));
}

static int sock_disconnect(struct worker *w)
{
	return said(disconnect(fd_pick(w)));
}

static int sock_names(struct worker *w)
{
	socklen_t len = sizeof(addr_t);
	int fd = fd_pick(w);
	addr_t a;

	getpeername(fd, (struct sockaddr *)&a, &len);
	len = sizeof(a);
	return said(getsockname(fd, (struct sockaddr *)&a, &len));
}

/* ---- sending -------------------------------------------------------------------------------- */

static char payload[65536];

static size_t length_pick(struct worker *w)
{
	switch (rnd_below(&w->rnd, 16)) {
	case 0:
		return 0;
	case 1:
		return rnd_below(&w->rnd, sizeof(payload));
	default:
		return rnd_below(&w->rnd, 1472);
	}
}

static int flags_pick(struct worker *w)
{
	static const int flags[] = {
		0, 0, 0, 0, 0, MSG_DONTWAIT, MSG_DONTWAIT, MSG_DONTWAIT, MSG_DONTWAIT,
		MSG_CONFIRM, MSG_CONFIRM, MSG_MORE, MSG_DONTROUTE,
	};

	return flags[rnd_below(&w->rnd, ARRAY_SIZE(flags))] | MSG_NOSIGNAL;
}

/* Several, for a hold queue holds only so much. */
static int sock_send(struct worker *w)
{
	int fd = fd_pick(w), n = 1 + rnd_below(&w->rnd, 8), done = -EAGAIN;
	bool connected = rnd_once_in(&w->rnd, 3);
	addr_t a = name_pick(w);

	while (n--) {
		int ret = said(sendto(fd, payload, length_pick(w), flags_pick(w),
				      connected ? NULL : (struct sockaddr *)&a,
				      connected ? 0 : sizeof(a)));

		if (ret >= 0 || done < 0)
			done = ret;
	}
	return done;
}

static void control_put(struct msghdr *msg, struct cmsghdr **at, int type, const void *val,
			size_t len)
{
	struct cmsghdr *c = *at;

	c->cmsg_level = SOL_TEACH;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), val, len);
	msg->msg_controllen += CMSG_SPACE(len);
	*at = (struct cmsghdr *)((char *)c + CMSG_SPACE(len));
}

static int sock_sendmsg(struct worker *w)
{
	char control[256] __attribute__((aligned(8))) = { 0 };
	struct iovec iov[2] = {
		{ .iov_base = payload, .iov_len = rnd_below(&w->rnd, 700) },
		{ .iov_base = payload, .iov_len = rnd_below(&w->rnd, 700) },
	};
	struct teach_pktinfo info = {
		.ifindex = rnd_below(&w->rnd, 6),
		.spec_dst.s_addr = rnd_once_in(&w->rnd, 2) ? 0 : htonl(addr_pick(&w->rnd)),
	};
	int hops = 1 + rnd_below(&w->rnd, 255), class = rnd_below(&w->rnd, 256);
	addr_t a = name_pick(w);
	struct msghdr msg = {
		.msg_name = &a, .msg_namelen = sizeof(a),
		.msg_iov = iov, .msg_iovlen = 1 + rnd_below(&w->rnd, 2),
		.msg_control = control,
	};
	struct cmsghdr *at = (struct cmsghdr *)control;

	if (rnd_once_in(&w->rnd, 2))
		control_put(&msg, &at, TEACH_PKTINFO, &info, sizeof(info));
	if (rnd_once_in(&w->rnd, 2))
		control_put(&msg, &at, TEACH_HOPLIMIT, &hops, sizeof(hops));
	if (rnd_once_in(&w->rnd, 2))
		control_put(&msg, &at, TEACH_TCLASS, &class, sizeof(class));
	return said(sendmsg(fd_pick(w), &msg, flags_pick(w)));
}

static int sock_sendmmsg(struct worker *w)
{
	struct iovec iov[8];
	struct mmsghdr msgs[8];
	addr_t a[8];
	int i;

	memset(msgs, 0, sizeof(msgs));
	for (i = 0; i < 8; i++) {
		a[i] = name_pick(w);
		iov[i] = (struct iovec){ payload, length_pick(w) };
		msgs[i].msg_hdr.msg_name = &a[i];
		msgs[i].msg_hdr.msg_namelen = sizeof(a[i]);
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	return said(sendmmsg(fd_pick(w), msgs, 8, flags_pick(w)));
}

/* To itself, by way of no device. */
static int sock_echo(struct worker *w)
{
	struct {
		struct teach_ctlhdr ctl;
		char body[200];
	} echo = { .ctl.type = TEACH_CTL_ECHO_REQUEST };
	addr_t a = name_pick(w);

	return said(sendto(fd_pick(w), &echo, sizeof(echo.ctl) + rnd_below(&w->rnd, 200),
			   flags_pick(w), (struct sockaddr *)&a, sizeof(a)));
}

/* ---- receiving --------------------------------------------------------------------------------- */

static int sock_recv(struct worker *w)
{
	static const int flags[] = { 0, 0, MSG_DONTWAIT, MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC };
	int fd = fd_pick(w), n = 1 + rnd_below(&w->rnd, 16), done = -EAGAIN;
	char buf[2048];

	/* What came at once is taken at once, or sockets would soon be full. */
	while (n--) {
		int ret = said(recv(fd, buf, rnd_below(&w->rnd, sizeof(buf)),
				    flags[rnd_below(&w->rnd, ARRAY_SIZE(flags))]));

		if (ret >= 0) {
			atomic_fetch_add(&shared->received, 1);
			done = ret;
		} else {
			return done ? ret : 0;
		}
	}
	return done;
}

static int sock_recvmsg(struct worker *w)
{
	struct received r;
	int ret = said(recv_msg(fd_pick(w), &r, rnd_once_in(&w->rnd, 4) ? MSG_PEEK : 0));

	if (ret >= 0)
		atomic_fetch_add(&shared->received, 1);
	return ret;
}

static int sock_errqueue(struct worker *w)
{
	int fd = fd_pick(w), n, done = -EAGAIN;
	struct received r;

	for (n = 0; n < 8; n++) {
		int ret = said(recv_msg(fd, &r, MSG_ERRQUEUE | MSG_DONTWAIT));

		if (ret < 0)
			return done ? ret : 0;
		done = 0;
	}
	return done;
}

static int sock_poll(struct worker *w)
{
	struct pollfd p[3];
	int i, n;

	for (i = 0; i < 3; i++)
		p[i] = (struct pollfd){ .fd = fd_pick(w), .events = POLLIN | POLLOUT };
	n = poll(p, 3, rnd_below(&w->rnd, BLOCK_MS));
	if (n < 0)
		return -errno;
	for (i = 0; i < 3; i++)
		if (p[i].revents && !(p[i].revents & POLLNVAL))
			return 0;
	return -EAGAIN;
}

/* ---- options, ioctl, shutdown ---------------------------------------------------------------------- */

static const struct {
	int level, opt, max;
} options[] = {
	{ SOL_TEACH, TEACH_REUSEPORT, 2 }, { SOL_TEACH, TEACH_PKTINFO, 2 },
	{ SOL_TEACH, TEACH_RECVERR, 2 }, { SOL_TEACH, TEACH_HOPLIMIT, 257 },
	{ SOL_TEACH, TEACH_RECVHOPLIMIT, 2 }, { SOL_TEACH, TEACH_TCLASS, 257 },
	{ SOL_TEACH, TEACH_RECVTCLASS, 2 }, { SOL_TEACH, TEACH_MTU, 2 },
	{ SOL_SOCKET, SO_RCVBUF, 300000 }, { SOL_SOCKET, SO_SNDBUF, 300000 },
	{ SOL_SOCKET, SO_RCVBUF, 4000 }, { SOL_SOCKET, SO_SNDBUF, 4000 },
	{ SOL_SOCKET, SO_BROADCAST, 2 }, { SOL_SOCKET, SO_REUSEADDR, 2 },
	{ SOL_SOCKET, SO_TIMESTAMP, 2 }, { SOL_SOCKET, SO_RXQ_OVFL, 2 },
	{ SOL_SOCKET, SO_PRIORITY, 7 }, { SOL_SOCKET, SO_DONTROUTE, 2 },
	{ SOL_SOCKET, SO_KEEPALIVE, 2 },
};

static int sock_setopt(struct worker *w)
{
	int i = rnd_below(&w->rnd, ARRAY_SIZE(options));

	return said(set_int(fd_pick(w), options[i].level, options[i].opt,
			    rnd_below(&w->rnd, options[i].max)));
}

static int sock_getopt(struct worker *w)
{
	int i = rnd_below(&w->rnd, ARRAY_SIZE(options)), val;
	socklen_t len = sizeof(val);

	return said(getsockopt(fd_pick(w), options[i].level, options[i].opt, &val, &len));
}

static int sock_device(struct worker *w)
{
	char dev[16];

	dev_name(dev, &w->rnd);
	return said(setsockopt(fd_pick(w), SOL_SOCKET, SO_BINDTODEVICE, dev,
			       rnd_once_in(&w->rnd, 2) ? 0 : strlen(dev)));
}

/* A filter that cuts, refuses or passes all. */
static int sock_filter(struct worker *w)
{
	static const unsigned int takes[] = { 0, 20, 0xffffffff };
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, takes[rnd_below(&w->rnd, 3)]);
	struct sock_fprog prog = { .len = 1, .filter = &code };

	if (rnd_once_in(&w->rnd, 2))
		return said(set_int(fd_pick(w), SOL_SOCKET, SO_DETACH_FILTER, 0));
	return said(setsockopt(fd_pick(w), SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)));
}

static int sock_ioctl(struct worker *w)
{
	int val = 0;

	return said(ioctl(fd_pick(w), rnd_once_in(&w->rnd, 2) ? SIOCINQ : SIOCOUTQ, &val));
}

static int sock_shutdown(struct worker *w)
{
	int fd = fd_pick(w);

	/* Only what is connected can be shut down. */
	if (rnd_once_in(&w->rnd, 2))
		conn_to(&fam_teach, fd, rnd_once_in(&w->rnd, 2) ? ALICE1 : lan_addr(0, 1),
			port_pick(&w->rnd));
	return said(shutdown(fd, rnd_below(&w->rnd, 3)));
}

const struct op sock_ops[] = {
	OP("socket: open", 150, sock_open),
	OP("socket: open for ping", 36, sock_open_ping),
	OP("socket: close", 16, sock_close),
	OP("socket: pass on, close", 4, sock_pass),
	OP("socket: bind", 60, sock_bind),
	OP("socket: connect", 72, sock_connect),
	OP("socket: disconnect", 30, sock_disconnect),
	OP("socket: names", 12, sock_names),
	OP("socket: send", 210, sock_send),
	OP("socket: sendmsg", 60, sock_sendmsg),
	OP("socket: sendmmsg", 30, sock_sendmmsg),
	OP("socket: echo request", 60, sock_echo),
	OP("socket: recv", 120, sock_recv),
	OP("socket: recvmsg", 60, sock_recvmsg),
	OP("socket: error queue", 48, sock_errqueue),
	OP("socket: poll", 36, sock_poll),
	OP("socket: set option", 48, sock_setopt),
	OP("socket: get option", 24, sock_getopt),
	OP("socket: bind to device", 12, sock_device),
	OP("socket: filter", 12, sock_filter),
	OP("socket: ioctl", 24, sock_ioctl),
	OP("socket: shutdown", 12, sock_shutdown),
	{ 0 }
};
