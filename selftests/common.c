// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the socket tests share: see common.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "common.h"

const struct family fam_inet = {
	.name		= "AF_INET",
	.af		= AF_INET,
	.overhead	= 28,
	.level		= SOL_IP,
	.reuseport_level = SOL_SOCKET,
	.reuseport	= SO_REUSEPORT,
	.pktinfo	= IP_PKTINFO,
	.recverr	= IP_RECVERR,
	.hoplimit	= IP_TTL,
	.recvhoplimit	= IP_RECVTTL,
	.tclass		= IP_TOS,
	.recvtclass	= IP_RECVTOS,
	.mtu		= IP_MTU,
	.ee_origin	= SO_EE_ORIGIN_ICMP,
};

const struct family fam_teach = {
	.name		= "AF_TEACH",
	.af		= AF_TEACH,
	.overhead	= sizeof(struct teachhdr) + sizeof(struct teach_dgramhdr),
	.level		= SOL_TEACH,
	.reuseport_level = SOL_TEACH,
	.reuseport	= TEACH_REUSEPORT,
	.pktinfo	= TEACH_PKTINFO,
	.recverr	= TEACH_RECVERR,
	.hoplimit	= TEACH_HOPLIMIT,
	.recvhoplimit	= TEACH_RECVHOPLIMIT,
	.tclass		= TEACH_TCLASS,
	.recvtclass	= TEACH_RECVTCLASS,
	.mtu		= TEACH_MTU,
	.ee_origin	= SO_EE_ORIGIN_TEACH,
};

void die(const char *what)
{
	fprintf(stderr, "# %s: %s\n", what, strerror(errno));
	fflush(NULL);
	_exit(1);
}

void must(bool ok, const char *what)
{
	if (!ok)
		die(what);
}

/* What every test of a family starts with. */
void test_begin(const struct family *f)
{
	pin_cpu();
	if (f->af != AF_TEACH)
		return;
	errno = lab_teach_error();
	must(!errno, "adding TEACH addresses (is teach.ko loaded?)");
}

addr_t addr_of(const struct family *f, uint32_t addr, uint16_t port)
{
	addr_t a = {
		.teach_family = f->af,
		.teach_port = htons(port),
		.teach_addr.s_addr = htonl(addr),
	};

	return a;
}

addr_t name_of(int fd)
{
	socklen_t len = sizeof(addr_t);
	addr_t a;

	memset(&a, 0xff, sizeof(a));
	must(!getsockname(fd, (struct sockaddr *)&a, &len), "getsockname");
	must(len == sizeof(a), "getsockname: length is not 16");
	return a;
}

uint16_t port_of(int fd)
{
	return ntohs(name_of(fd).teach_port);
}

/*
 * A datagram socket at a host. It fails rather than fragments, which TEACH
 * never does, and no receive call waits for ever.
 */
int sk_open(const struct family *f, enum host at)
{
	struct timeval limit = { .tv_sec = LIMIT_MS / 1000 };
	int fd;

	if (at != ALICE)
		lab_enter(at);
	fd = socket(f->af, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	must(fd >= 0, f->af == AF_TEACH ? "socket(AF_TEACH, SOCK_DGRAM, 0)" :
	     "socket(AF_INET, SOCK_DGRAM, 0)");
	if (at != ALICE)
		lab_enter(ALICE);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (f->af == AF_INET)
		must(!set_int(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO),
		     "IP_MTU_DISCOVER");
	return fd;
}

int sk_bound(const struct family *f, enum host at, uint32_t addr, uint16_t port)
{
	int fd = sk_open(f, at);

	must(!bind_to(f, fd, addr, port), "bind");
	return fd;
}

int sk_conn(const struct family *f, enum host at, uint32_t addr, uint16_t port)
{
	int fd = sk_open(f, at);

	must(!conn_to(f, fd, addr, port), "connect");
	return fd;
}

int bind_to(const struct family *f, int fd, uint32_t addr, uint16_t port)
{
	addr_t a = addr_of(f, addr, port);

	return bind(fd, (struct sockaddr *)&a, sizeof(a));
}

int conn_to(const struct family *f, int fd, uint32_t addr, uint16_t port)
{
	addr_t a = addr_of(f, addr, port);

	return connect(fd, (struct sockaddr *)&a, sizeof(a));
}

int disconnect(int fd)
{
	struct sockaddr a = { .sa_family = AF_UNSPEC };

	return connect(fd, &a, sizeof(a));
}

int set_int(int fd, int level, int opt, int val)
{
	return setsockopt(fd, level, opt, &val, sizeof(val));
}

/* The option's value, or -1 with errno; no option read so has a value of -1. */
int get_int(int fd, int level, int opt)
{
	socklen_t len = sizeof(int);
	int val = -1;

	if (getsockopt(fd, level, opt, &val, &len))
		return -1;
	must(len == sizeof(val), "getsockopt: length is not that of an int");
	return val;
}

ssize_t send_to(const struct family *f, int fd, const void *buf, size_t len,
		uint32_t addr, uint16_t port)
{
	addr_t a = addr_of(f, addr, port);

	return sendto(fd, buf, len, 0, (struct sockaddr *)&a, sizeof(a));
}

/* recvfrom() that checks the length of the name, if one is wanted. */
ssize_t recv_name(int fd, void *buf, size_t len, int flags, addr_t *from)
{
	socklen_t from_len = sizeof(*from);
	ssize_t n;

	if (!from)
		return recv(fd, buf, len, flags);
	memset(from, 0xff, sizeof(*from));
	n = recvfrom(fd, buf, len, flags, (struct sockaddr *)from, &from_len);
	if (n >= 0)
		must(from_len == sizeof(*from), "recvfrom: length of the name is not 16");
	return n;
}

ssize_t recv_msg(int fd, struct received *r, int flags)
{
	memset(r, 0, sizeof(*r));
	r->iov.iov_base = r->data;
	r->iov.iov_len = sizeof(r->data);
	r->msg.msg_name = &r->name;
	r->msg.msg_namelen = sizeof(r->name);
	r->msg.msg_iov = &r->iov;
	r->msg.msg_iovlen = 1;
	r->msg.msg_control = r->control;
	r->msg.msg_controllen = sizeof(r->control);
	r->len = recvmsg(fd, &r->msg, flags);
	return r->len;
}

/* Copies a control message's value; its length, or -1 if there is none. */
int cmsg_get(struct received *r, int level, int type, void *val, size_t len)
{
	struct cmsghdr *c;
	size_t n;

	for (c = CMSG_FIRSTHDR(&r->msg); c; c = CMSG_NXTHDR(&r->msg, c)) {
		if (c->cmsg_level != level || c->cmsg_type != type)
			continue;
		n = c->cmsg_len - CMSG_LEN(0);
		memcpy(val, CMSG_DATA(c), n < len ? n : len);
		return n;
	}
	return -1;
}

int cmsg_count(struct received *r)
{
	struct cmsghdr *c;
	int n = 0;

	for (c = CMSG_FIRSTHDR(&r->msg); c; c = CMSG_NXTHDR(&r->msg, c))
		n++;
	return n;
}

/*
 * Waits for an error on the error queue, takes it and reads its control
 * message. False, with a word why, if that is not what is there.
 */
bool errqueue_get(const struct family *f, int fd, struct received *r,
		  struct sock_extended_err *ee, addr_t *offender)
{
	struct {
		struct sock_extended_err ee;
		addr_t offender;
	} err;
	int len;

	if (!(wait_for(fd, 0) & POLLERR)) {
		fprintf(stderr, "# no error on the socket\n");
		return false;
	}
	if (recv_msg(fd, r, MSG_ERRQUEUE) < 0) {
		fprintf(stderr, "# error queue: %s\n", strerror(errno));
		return false;
	}
	memset(&err, 0, sizeof(err));
	len = cmsg_get(r, f->level, f->recverr, &err, sizeof(err));
	if (len != sizeof(err)) {
		fprintf(stderr, "# extended error of %d bytes, expected %zu\n",
			len, sizeof(err));
		return false;
	}
	*ee = err.ee;
	if (offender)
		*offender = err.offender;
	return true;
}

/*
 * sendmsg() of a string with up to one control message; port 0 is without an
 * address.
 */
ssize_t send_msg(const struct family *f, int fd, const char *data,
		 uint32_t addr, uint16_t port, const struct control *c)
{
	char buf[256] __attribute__((aligned(8))) = { 0 };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = strlen(data) };
	addr_t to = addr_of(f, addr, port);
	struct msghdr msg = {
		.msg_name = port ? &to : NULL,
		.msg_namelen = port ? sizeof(to) : 0,
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	struct cmsghdr *cmsg = (struct cmsghdr *)buf;

	if (c) {
		cmsg->cmsg_level = c->level;
		cmsg->cmsg_type = c->type;
		cmsg->cmsg_len = CMSG_LEN(c->len);
		memcpy(CMSG_DATA(cmsg), c->val, c->len);
		msg.msg_control = buf;
		msg.msg_controllen = CMSG_SPACE(c->len);
	}
	return sendmsg(fd, &msg, 0);
}

/* Waits for one of these events, or an error; what there is then, 0 if nothing. */
short wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	must(poll(&p, 1, LIMIT_MS) >= 0, "poll");
	return p.revents;
}

short events_now(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	must(poll(&p, 1, 0) >= 0, "poll");
	return p.revents;
}

/* Waits until a process or thread sleeps in a certain system call. */
void sleeping(pid_t pid, long syscall_nr)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	char path[64], text[256];
	int i, fd, n;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	for (i = 0; i < LIMIT_MS; i++) {
		fd = open(path, O_RDONLY);
		must(fd >= 0, path);
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[n > 0 ? n : 0] = 0;
		if (text[0] != 'r' && n > 0 && atol(text) == syscall_nr)
			return;
		nanosleep(&pause, NULL);
	}
	errno = ETIMEDOUT;
	die("waiting for a process to sleep in a system call");
}

long elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000 +
	       (now.tv_nsec - since->tv_nsec) / 1000000;
}

/* An address that cannot be read or written; the page below it can. */
void *no_page(void)
{
	long size = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(p != MAP_FAILED && !mprotect(p + size, size, PROT_NONE), "mmap");
	return p + size;
}

/* Datagrams of one CPU arrive in the order in which they were sent. */
void pin_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

/* For tests in which several threads should really run at once. */
void unpin_cpu(void)
{
	cpu_set_t set;

	memset(&set, 0xff, sizeof(set));
	must(!sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

/* Gives up every privilege, for good. */
void become_nobody(void)
{
	must(!setgroups(0, NULL) && !setresgid(NOBODY_UID, NOBODY_UID, NOBODY_UID) &&
	     !setresuid(NOBODY_UID, NOBODY_UID, NOBODY_UID), "becoming nobody");
}

/* fork(); the child does not outlive the test. */
pid_t child(void)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid)
		must(!prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
	return pid;
}

/* What the child gave _exit(), or -1 if it ended otherwise. */
int child_status(pid_t pid)
{
	int status;

	must(waitpid(pid, &status, 0) == pid, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* 0 or -errno */
int sysctl_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}
