// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sockets when memory is short: each call of a program fails in each of the places
 * where it can, by fail-nth. It returns an errno that one expects, or succeeds
 * where what failed can be done without; the same call works afterwards; and
 * nothing is left half done. What a call leaks is found by kmemleak at the end
 * of the run (selftests/run), and by the module's references.
 *
 * time limit: 240 s
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <sys/epoll.h>

#include "inject.h"
#include "wire.h"

#define PORT	7000
#define PEER	7100
#define CLOSED	7200	/* nobody has it */
#define NEVER	600000

static int s = -1, t = -1;	/* s is the one that is called */
static int va;			/* index of the device */

static void open_s(void)
{
	s = sk_open(&fam_teach, ALICE);
}

static void close_all(void)
{
	if (s >= 0)
		close(s);
	if (t >= 0)
		close(t);
	s = t = -1;
}

FAULT_OPS(sockets);

/* ---- life ------------------------------------------------------------------------ */

static long call_socket(void)
{
	return s = socket(AF_TEACH, SOCK_DGRAM, fault_way ? TEACHPROTO_CONTROL : 0);
}

static const char *after_socket(long ret)
{
	(void)ret;
	close_all();
	return NULL;
}

/* Without an inode the core says ENFILE, without a larger table of files EMFILE. */
FAULT_OP(sockets, socket, .call = call_socket, .after = after_socket, .count = 2,
	 .errs = { ENOMEM, ENOBUFS, ENFILE, EMFILE });

static void before_close(void)
{
	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	/* Something is queued, and a path is kept. */
	must(send_to(&fam_teach, s, "x", 1, ALICE1, PORT) == 1 &&
	     send_to(&fam_teach, s, "x", 1, BOB1, CLOSED) == 1, "send");
}

static long call_close(void)
{
	int fd = s;

	s = -1;
	return close(fd);
}

FAULT_OP(sockets, close, .before = before_close, .call = call_close,
	 .survives = "close() never fails", .may_have_none = true);

static void before_shutdown(void)
{
	s = sk_conn(&fam_teach, ALICE, BOB1, PEER);
}

static long call_shutdown(void)
{
	return shutdown(s, SHUT_RDWR);
}

static const char *after_any(long ret)
{
	(void)ret;
	close_all();
	return NULL;
}

FAULT_OP(sockets, shutdown, .before = before_shutdown, .call = call_shutdown,
	 .after = after_any, .may_have_none = true);

/* ---- names ------------------------------------------------------------------------ */

enum { BIND_PORT, BIND_ANY_PORT, BIND_DEVICE, BIND_GROUP, BIND_SECOND, BIND_PING,
       BINDS };

static void before_bind(void)
{
	if (fault_way == BIND_PING) {
		s = socket(AF_TEACH, SOCK_DGRAM, TEACHPROTO_CONTROL);
		must(s >= 0, "ping socket");
	} else {
		open_s();
	}
	if (fault_way == BIND_GROUP || fault_way == BIND_SECOND)
		must(!set_int(s, SOL_TEACH, TEACH_REUSEPORT, 1), "TEACH_REUSEPORT");
	if (fault_way == BIND_SECOND) {
		t = sk_open(&fam_teach, ALICE);
		must(!set_int(t, SOL_TEACH, TEACH_REUSEPORT, 1) &&
		     !bind_to(&fam_teach, t, ALICE1, PORT), "first of a group");
	}
}

static long call_bind(void)
{
	addr_t a = addr_of(&fam_teach, ALICE1, fault_way == BIND_ANY_PORT ? 0 : PORT);

	if (fault_way == BIND_DEVICE)
		a.teach_ifindex = va;
	return bind(s, (struct sockaddr *)&a, sizeof(a));
}

static const char *after_bind(long ret)
{
	addr_t a = name_of(s);
	int dev = get_int(s, SOL_SOCKET, SO_BINDTOIFINDEX);

	close_all();
	if (ret < 0 && (a.teach_port || a.teach_addr.s_addr || dev))
		return "half bound";
	return ret >= 0 && !a.teach_port ? "not bound" : NULL;
}

FAULT_OP(sockets, bind, .before = before_bind, .call = call_bind,
	 .after = after_bind, .count = BINDS, .errs = { ENOMEM, EFAULT });

static const uint32_t peers[] = { BOB1, ALICE1, CAROL, BCAST1 };

static void before_connect(void)
{
	open_s();
	must(!set_int(s, SOL_SOCKET, SO_BROADCAST, 1), "SO_BROADCAST");
}

static long call_connect(void)
{
	return conn_to(&fam_teach, s, peers[fault_way], PEER);
}

static const char *after_connect(long ret)
{
	socklen_t len = sizeof(addr_t);
	addr_t a;
	bool connected = !getpeername(s, (struct sockaddr *)&a, &len);
	addr_t local = name_of(s);

	close_all();
	neigh_forget("va", CAROL);
	if (ret < 0 && (connected || local.teach_addr.s_addr))
		return "half connected";
	return ret >= 0 && !connected ? "not connected" : NULL;
}

FAULT_OP(sockets, connect, .before = before_connect, .call = call_connect,
	 .after = after_connect, .count = 4, .errs = { ENOMEM, ENOBUFS, EFAULT });

/* A member of a group that is connected no more joins it again, if there is memory. */
static void before_disconnect(void)
{
	open_s();
	must(!set_int(s, SOL_TEACH, TEACH_REUSEPORT, 1) &&
	     !bind_to(&fam_teach, s, ALICE1, PORT) &&
	     !conn_to(&fam_teach, s, BOB1, PEER), "connected socket of a group");
}

static long call_disconnect(void)
{
	return disconnect(s);
}

static const char *after_disconnect(long ret)
{
	socklen_t len = sizeof(addr_t);
	addr_t a;
	bool connected = !getpeername(s, (struct sockaddr *)&a, &len);
	const char *wrong = NULL;
	char c;

	if (ret >= 0 && connected)
		wrong = "still connected";
	/* In the group or not, it gets what is sent to it. */
	if (ret >= 0 && (send_to(&fam_teach, s, "x", 1, ALICE1, PORT) != 1 ||
			 recv(s, &c, 1, MSG_DONTWAIT) != 1))
		wrong = "receives nothing any more";
	close_all();
	return wrong;
}

FAULT_OP(sockets, disconnect, .before = before_disconnect, .call = call_disconnect,
	 .after = after_disconnect, .survives = "without its group it works too",
	 .errs = { EFAULT });

static void before_names(void)
{
	s = sk_conn(&fam_teach, ALICE, BOB1, PEER);
}

static long call_names(void)
{
	socklen_t len = sizeof(addr_t);
	addr_t a;

	return fault_way ? getpeername(s, (struct sockaddr *)&a, &len) :
			   getsockname(s, (struct sockaddr *)&a, &len);
}

FAULT_OP(sockets, names, .before = before_names, .call = call_names,
	 .after = after_any, .count = 2, .errs = { EFAULT });

/* ---- waiting ------------------------------------------------------------------------ */

static void before_poll(void)
{
	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	must(send_to(&fam_teach, s, "x", 1, ALICE1, PORT) == 1, "send");
}

static long call_poll(void)
{
	struct pollfd p = { .fd = s, .events = POLLIN };

	return poll(&p, 1, 0);
}

FAULT_OP(sockets, poll, .before = before_poll, .call = call_poll,
	 .after = after_any, .errs = { ENOMEM, EFAULT });

static void before_epoll(void)
{
	before_poll();
	t = epoll_create1(EPOLL_CLOEXEC);
	must(t >= 0, "epoll_create1");
}

static long call_epoll(void)
{
	struct epoll_event e = { .events = EPOLLIN };

	return epoll_ctl(t, EPOLL_CTL_ADD, s, &e);
}

static const char *after_epoll(long ret)
{
	struct epoll_event e = { 0 };
	const char *wrong = NULL;

	if (ret < 0 && !epoll_ctl(t, EPOLL_CTL_DEL, s, &e))
		wrong = "half added";
	if (ret >= 0 && epoll_wait(t, &e, 1, 0) != 1)
		wrong = "tells nothing";
	close_all();
	return wrong;
}

FAULT_OP(sockets, epoll, .before = before_epoll, .call = call_epoll,
	 .after = after_epoll, .errs = { ENOMEM, EFAULT, ENOSPC });

/* ---- options -------------------------------------------------------------------------- */

static const struct option {
	int level;
	int name;
	int value;
} options[] = {
	{ SOL_TEACH, TEACH_REUSEPORT, 1 },
	{ SOL_TEACH, TEACH_PKTINFO, 1 },
	{ SOL_TEACH, TEACH_RECVERR, 1 },
	{ SOL_TEACH, TEACH_HOPLIMIT, 7 },
	{ SOL_TEACH, TEACH_RECVHOPLIMIT, 1 },
	{ SOL_TEACH, TEACH_TCLASS, 4 },
	{ SOL_TEACH, TEACH_RECVTCLASS, 1 },
	{ SOL_SOCKET, SO_RCVBUF, 4096 },
	{ SOL_SOCKET, SO_SNDBUF, 8192 },
	{ SOL_SOCKET, SO_BROADCAST, 1 },
	{ SOL_SOCKET, SO_REUSEADDR, 1 },
	{ SOL_SOCKET, SO_PRIORITY, 3 },
	{ SOL_SOCKET, SO_MARK, 3 },
	{ SOL_SOCKET, SO_TIMESTAMP, 1 },
	{ SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE },
	{ SOL_SOCKET, SO_RXQ_OVFL, 1 },
	{ SOL_SOCKET, SO_PEEK_OFF, 0 },
	{ SOL_SOCKET, SO_INCOMING_CPU, 0 },
	{ SOL_SOCKET, SO_BINDTOIFINDEX, 1 },
};

#define OPTIONS	((int)(sizeof(options) / sizeof(options[0])))

static int value_before;

static void before_option(void)
{
	const struct option *o = &options[fault_way];

	open_s();
	value_before = get_int(s, o->level, o->name);
}

static long call_setsockopt(void)
{
	const struct option *o = &options[fault_way];

	return setsockopt(s, o->level, o->name, &o->value, sizeof(o->value));
}

static const char *after_setsockopt(long ret)
{
	const struct option *o = &options[fault_way];
	int value = get_int(s, o->level, o->name);

	close_all();
	if (ret < 0 && value != value_before)
		return "refused, and yet set";
	return ret >= 0 && value == value_before ? "not set" : NULL;
}

FAULT_OP(sockets, setsockopt, .before = before_option, .call = call_setsockopt,
	 .after = after_setsockopt, .count = OPTIONS, .errs = { EFAULT, ENOMEM });

static long call_getsockopt(void)
{
	const struct option *o = &options[fault_way];
	socklen_t len = sizeof(int);
	int value;

	return getsockopt(s, o->level, o->name, &value, &len);
}

FAULT_OP(sockets, getsockopt, .before = before_option, .call = call_getsockopt,
	 .after = after_any, .count = OPTIONS, .errs = { EFAULT, ENOMEM },
	 .survives = "the core reads the length once more, for programs of cgroups");

static void before_mtu(void)
{
	s = sk_conn(&fam_teach, ALICE, BOB1, PEER);
	/* The path that it keeps is not right any more. */
	must(!addr_add(&fam_teach, "va", CAROL, 32) &&
	     !addr_del(&fam_teach, "va", CAROL, 32), "a change");
}

static long call_mtu(void)
{
	socklen_t len = sizeof(int);
	int value;

	return getsockopt(s, SOL_TEACH, TEACH_MTU, &value, &len);
}

FAULT_OP(sockets, getsockopt_mtu, .before = before_mtu, .call = call_mtu,
	 .after = after_any, .errs = { EFAULT, ENOMEM, ENOBUFS },
	 .survives = "the core reads the length once more, for programs of cgroups");

enum { ATTACH, ATTACH_AGAIN, DETACH, ATTACH_GROUP, DETACH_GROUP, ATTACHES };

static long attach(int fd, int name)
{
	struct sock_filter all[] = { { BPF_RET | BPF_K, 0, 0, 0xffff } };
	struct sock_fprog prog = { .len = 1, .filter = all };

	return setsockopt(fd, SOL_SOCKET, name, &prog, sizeof(prog));
}

static void before_attach(void)
{
	open_s();
	must(!set_int(s, SOL_TEACH, TEACH_REUSEPORT, 1) &&
	     !bind_to(&fam_teach, s, ANY, PORT), "bind");
	if (fault_way == ATTACH_AGAIN || fault_way == DETACH)
		must(!attach(s, SO_ATTACH_FILTER), "SO_ATTACH_FILTER");
	if (fault_way == DETACH_GROUP)
		must(!attach(s, SO_ATTACH_REUSEPORT_CBPF), "SO_ATTACH_REUSEPORT_CBPF");
}

static long call_attach(void)
{
	int none = 0;

	switch (fault_way) {
	case DETACH:
		return setsockopt(s, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none));
	case DETACH_GROUP:
		return setsockopt(s, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, &none,
				  sizeof(none));
	case ATTACH_GROUP:
		return attach(s, SO_ATTACH_REUSEPORT_CBPF);
	}
	return attach(s, SO_ATTACH_FILTER);
}

/* With a filter or without, what is sent arrives. */
static const char *after_attach(long ret)
{
	const char *wrong = NULL;
	char c;

	(void)ret;
	if (send_to(&fam_teach, s, "x", 1, ALICE1, PORT) != 1 ||
	    recv(s, &c, 1, MSG_DONTWAIT) != 1)
		wrong = "receives nothing any more";
	close_all();
	return wrong;
}

/* Without memory for machine code the kernel interprets the program. */
FAULT_OP(sockets, filter, .before = before_attach, .call = call_attach,
	 .after = after_attach, .count = ATTACHES, .survives = "the filter is interpreted",
	 .errs = { EFAULT, ENOMEM });

int main(int argc, char **argv)
{
	uint8_t mac[6];

	lab_make();
	inject_prepare();
	if (!lab_teach_error()) {
		lab_ready();
		va = if_nametoindex("va");
		/* Bob is known for good, and nobody else ever answers. */
		link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
		must(!neigh_add(&fam_teach, "va", BOB1, mac_of(BOB, "vb", mac),
				NUD_PERMANENT), "RTM_NEWNEIGH");
	}
	return test_harness_run(argc, argv);
}
