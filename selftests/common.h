/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the socket tests share: the two families side by side, sockets and
 * datagrams in one line each, and checks of errno.
 *
 * A test body is written once and runs over UDP (AF_INET) and over AF_TEACH:
 * whatever it expects is what UDP does, and AF_TEACH has to do the same.
 * struct sockaddr_teach has the layout of struct sockaddr_in and struct
 * teach_pktinfo that of struct in_pktinfo, so both families use TEACH's types.
 *
 * Functions that prepare something a test needs do not return on failure:
 * they say what failed and end the test, which the harness counts as failed.
 */
#ifndef SELFTESTS_COMMON_H
#define SELFTESTS_COMMON_H

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#include <linux/errqueue.h>
#include <linux/teach.h>

#include "netlab.h"

/* Seconds for one case of a test: the harness's 30 are few on a busy machine. */
#ifdef TEST_TIMEOUT_DEFAULT
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 120
#endif

/* Milliseconds within which whatever is going to happen has happened. */
#define LIMIT_MS	10000

/* The numbers by which the families differ. */
struct family {
	const char *name;
	int af;
	int overhead;		/* bytes of packet and datagram header */
	int level;
	int reuseport_level;
	int reuseport;
	int pktinfo;
	int recverr;
	int hoplimit;
	int recvhoplimit;
	int tclass;
	int recvtclass;
	int mtu;
	int ee_origin;		/* of an error that a control message reported */
};

extern const struct family fam_inet, fam_teach;

typedef struct sockaddr_teach addr_t;

void die(const char *what) __attribute__((noreturn));
void must(bool ok, const char *what);

addr_t addr_of(const struct family *f, uint32_t addr, uint16_t port);
addr_t name_of(int fd);
uint16_t port_of(int fd);

int sk_open(const struct family *f, enum host at);
int sk_bound(const struct family *f, enum host at, uint32_t addr, uint16_t port);
int sk_conn(const struct family *f, enum host at, uint32_t addr, uint16_t port);
int bind_to(const struct family *f, int fd, uint32_t addr, uint16_t port);
int conn_to(const struct family *f, int fd, uint32_t addr, uint16_t port);
int disconnect(int fd);

int set_int(int fd, int level, int opt, int val);
int get_int(int fd, int level, int opt);

ssize_t send_to(const struct family *f, int fd, const void *buf, size_t len,
		uint32_t addr, uint16_t port);
ssize_t recv_name(int fd, void *buf, size_t len, int flags, addr_t *from);

/* What recvmsg() gave. */
struct received {
	struct msghdr msg;
	struct iovec iov;
	ssize_t len;		/* returned by recvmsg() */
	addr_t name;
	char data[2048];
	char control[1024] __attribute__((aligned(8)));
};

ssize_t recv_msg(int fd, struct received *r, int flags);
int cmsg_get(struct received *r, int level, int type, void *val, size_t len);
int cmsg_count(struct received *r);
bool errqueue_get(const struct family *f, int fd, struct received *r,
		  struct sock_extended_err *ee, addr_t *offender);

/* One control message to send with. */
struct control {
	int level;
	int type;
	const void *val;
	size_t len;
};

ssize_t send_msg(const struct family *f, int fd, const char *data,
		 uint32_t addr, uint16_t port, const struct control *c);

short wait_for(int fd, short events);
short events_now(int fd, short events);
void sleeping(pid_t pid, long syscall_nr);
long elapsed_ms(const struct timespec *since);
void *no_page(void);
void pin_cpu(void);
void unpin_cpu(void);
void become_nobody(void);
pid_t child(void);
int child_status(pid_t pid);
int sysctl_write(const char *path, const char *value);

#define NOBODY_UID	65534

/* Expects a call to fail with exactly this errno. */
#define EXPECT_ERRNO(_errno, _call) do { \
	long _ret; \
	int _err; \
	errno = 0; \
	_ret = (long)(_call); \
	_err = errno; \
	EXPECT_EQ(-1L, _ret) \
		TH_LOG("%s returned %ld", #_call, _ret); \
	if (_ret == -1) \
		EXPECT_EQ(_errno, _err) \
			TH_LOG("%s: %s, expected %s", #_call, \
			       strerror(_err), strerror(_errno)); \
} while (0)

/* Expects a call to return this, and says errno if it failed. */
#define EXPECT_RET(_val, _call) do { \
	long _ret = (long)(_call); \
	int _err = errno; \
	EXPECT_EQ((long)(_val), _ret) \
		TH_LOG("%s returned %ld%s%s", #_call, _ret, \
		       _ret < 0 ? ": " : "", _ret < 0 ? strerror(_err) : ""); \
} while (0)

/* A fixture that runs every test over both families, in the lab's alice. */
#define FAMILIES(_fixture, _setup) \
	FIXTURE(_fixture) { const struct family *f; }; \
	FIXTURE_VARIANT(_fixture) { const struct family *f; }; \
	FIXTURE_VARIANT_ADD(_fixture, inet) { .f = &fam_inet }; \
	FIXTURE_VARIANT_ADD(_fixture, teach) { .f = &fam_teach }; \
	FIXTURE_SETUP(_fixture) \
	{ \
		self->f = variant->f; \
		test_begin(variant->f); \
		_setup; \
	} \
	FIXTURE_TEARDOWN(_fixture) {}

/* A fixture for what only AF_TEACH has. */
#define TEACH_ONLY(_fixture, _setup) \
	FIXTURE(_fixture) { const struct family *f; }; \
	FIXTURE_SETUP(_fixture) \
	{ \
		self->f = &fam_teach; \
		test_begin(&fam_teach); \
		_setup; \
	} \
	FIXTURE_TEARDOWN(_fixture) {}

void test_begin(const struct family *f);

/* The lab is made once, before the tests, which run as children of main(). */
#define LAB_MAIN \
	int main(int argc, char **argv) \
	{ \
		lab_make(); \
		return test_harness_run(argc, argv); \
	}

#endif /* SELFTESTS_COMMON_H */
