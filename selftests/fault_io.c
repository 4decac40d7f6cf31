// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sending and receiving when memory is short, each call with each of its faults, as
 * in fault.c. What was sent arrives, or is counted as lost; what was refused is
 * not sent.
 *
 * time limit: 240 s
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <time.h>

#include "inject.h"
#include "wire.h"

#define PORT	7000
#define PEER	7100
#define CLOSED	7200	/* nobody has it */
#define NEVER	600000
#define LARGE	60000

static int s = -1;		/* the socket that is called */
static uint32_t seq;

FAULT_OPS(io);

static const char *after_any(long ret)
{
	(void)ret;
	close(s);
	return NULL;
}

/* ---- sending ------------------------------------------------------------------------ */

static struct counters alice_before, bob_before;
static int receivers[3], n_receivers;
static char large[LARGE];

static void receivers_add(enum host at, uint32_t addr)
{
	int fd = sk_open(&fam_teach, at);

	must(!set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
	     !set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, 1 << 20) &&
	     !bind_to(&fam_teach, fd, addr, PEER), "receiver");
	receivers[n_receivers++] = fd;
}

static void counters_all(struct counters *alice, struct counters *bob)
{
	counters_read(alice);
	lab_enter(BOB);
	counters_read(bob);
	lab_enter(ALICE);
}

static uint64_t lost(void)
{
	struct counters alice, bob;

	counters_all(&alice, &bob);
	return counters_dropped(&alice_before, &alice) +
	       counters_dropped(&bob_before, &bob);
}

enum { TO_NEIGHBOUR, TO_SELF, TO_ALL, CONNECTED, FIRST, LARGE_TO_SELF, CONTROL, SENDS };

static void before_send(void)
{
	if (fault_way == FIRST)
		s = sk_open(&fam_teach, ALICE);	/* without a port: it binds itself */
	else
		s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	must(!set_int(s, SOL_SOCKET, SO_BROADCAST, 1) &&
	     !set_int(s, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 20), "sender");
	if (fault_way == CONNECTED)
		must(!conn_to(&fam_teach, s, BOB1, PEER), "connect");
	if (fault_way == TO_SELF || fault_way == LARGE_TO_SELF) {
		receivers_add(ALICE, ALICE1);
	} else if (fault_way == TO_ALL) {
		receivers_add(ALICE, ANY);
		receivers_add(ALICE, BCAST1);
		receivers_add(BOB, ANY);
	} else {
		receivers_add(BOB, BOB1);
	}
	counters_all(&alice_before, &bob_before);
	seq++;
}

/* All control messages that one can send with. */
static size_t all_controls(char *buf, size_t size)
{
	const struct teach_pktinfo info = { .spec_dst.s_addr = htonl(ALICE1) };
	const int hops = 7, tclass = 4, mark = 3;
	const uint32_t stamp = SOF_TIMESTAMPING_TX_SOFTWARE;
	const struct control all[] = {
		{ SOL_TEACH, TEACH_PKTINFO, &info, sizeof(info) },
		{ SOL_TEACH, TEACH_HOPLIMIT, &hops, sizeof(hops) },
		{ SOL_TEACH, TEACH_TCLASS, &tclass, sizeof(tclass) },
		{ SOL_SOCKET, SO_MARK, &mark, sizeof(mark) },
		{ SOL_SOCKET, SO_TIMESTAMPING, &stamp, sizeof(stamp) },
	};
	struct cmsghdr *c = (struct cmsghdr *)buf;
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		must(used + CMSG_SPACE(all[i].len) <= size, "control messages");
		c = (struct cmsghdr *)(buf + used);
		c->cmsg_level = all[i].level;
		c->cmsg_type = all[i].type;
		c->cmsg_len = CMSG_LEN(all[i].len);
		memcpy(CMSG_DATA(c), all[i].val, all[i].len);
		used += CMSG_SPACE(all[i].len);
	}
	return used;
}

static long call_send(void)
{
	char control[256] __attribute__((aligned(8))) = { 0 };
	addr_t to = addr_of(&fam_teach, BOB1, PEER);
	struct iovec iov = { .iov_base = large, .iov_len = sizeof(seq) };
	struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to),
		.msg_iov = &iov, .msg_iovlen = 1,
	};

	memcpy(large, &seq, sizeof(seq));
	switch (fault_way) {
	case CONNECTED:
		msg.msg_name = NULL;
		msg.msg_namelen = 0;
		break;
	case LARGE_TO_SELF:
		iov.iov_len = LARGE;
		/* fall through */
	case TO_SELF:
		to.teach_addr.s_addr = htonl(ALICE1);
		break;
	case TO_ALL:
		to.teach_addr.s_addr = htonl(BCAST1);
		break;
	case CONTROL:
		msg.msg_control = control;
		msg.msg_controllen = all_controls(control, sizeof(control));
		break;
	}
	return sendmsg(s, &msg, MSG_CONFIRM);
}

/*
 * What was sent has come, or the loss was counted; what was refused never comes. Of a
 * broadcast several may be lost at once, which is counted as one packet.
 */
static const char *after_send(long ret)
{
	static char details[128];
	struct timespec start;
	const char *wrong = NULL;
	int i, came = 0, gone = 0;
	uint32_t got;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		for (i = 0; i < n_receivers; i++) {
			if (recv(receivers[i], &got, sizeof(got), MSG_DONTWAIT) < 0)
				continue;
			came++;
			if (got != seq)
				wrong = "what was refused before has come";
		}
		gone = lost();
		if (ret < 0 || came == n_receivers || elapsed_ms(&start) > LIMIT_MS ||
		    came + gone >= n_receivers || (gone && fault_way == TO_ALL))
			break;
	}
	if (ret < 0 && came)
		wrong = "refused, and yet sent";
	if (!fault_made && gone)
		wrong = "lost without a fault";
	if (ret >= 0 && !wrong && (came < n_receivers) != (gone > 0)) {
		snprintf(details, sizeof(details), "%d of %d came, %d counted as lost",
			 came, n_receivers, gone);
		wrong = details;
	}
	while (n_receivers)
		close(receivers[--n_receivers]);
	close(s);
	return wrong;
}

FAULT_OP(io, send, .before = before_send, .call = call_send,
	 .after = after_send, .count = SENDS, .survives = "lost and counted",
	 .errs = { ENOMEM, ENOBUFS, EFAULT });

/* The neighbour is not known: the packet waits for an answer that never comes. */
static void before_hold(void)
{
	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	counters_read(&alice_before);
}

static long call_hold(void)
{
	return send_to(&fam_teach, s, "x", 1, CAROL, PEER);
}

static const char *after_hold(long ret)
{
	struct neigh_event e;
	struct counters now;
	const char *wrong = NULL;
	bool known = neigh_find(CAROL, &e);
	int waits = -1;

	must(!ioctl(s, SIOCOUTQ, &waits), "SIOCOUTQ");
	counters_read(&now);
	if (ret >= 0 && (!known || e.state != NUD_INCOMPLETE || !waits))
		wrong = "does not wait";
	if (ret >= 0 && now.value[TEACH_STAT_ARP_OUT_REQUESTS] +
	    now.value[TEACH_STAT_ARP_OUT_ERRORS] ==
	    alice_before.value[TEACH_STAT_ARP_OUT_REQUESTS] +
	    alice_before.value[TEACH_STAT_ARP_OUT_ERRORS])
		wrong = "neither asked nor counted that it could not";
	if (ret < 0 && waits)
		wrong = "refused, and yet it waits";
	neigh_forget("va", CAROL);
	must(!ioctl(s, SIOCOUTQ, &waits), "SIOCOUTQ");
	if (waits)
		wrong = "still charged for what is gone";
	close(s);
	return wrong;
}

FAULT_OP(io, send_to_unknown, .before = before_hold, .call = call_hold,
	 .after = after_hold, .survives = "the timer asks again",
	 .errs = { ENOMEM, ENOBUFS, EFAULT });

/* Too large, and nobody there: errors about what was sent. */
static void before_refused(void)
{
	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	must(!set_int(s, SOL_TEACH, TEACH_RECVERR, 1), "TEACH_RECVERR");
}

static long call_refused(void)
{
	long ret;

	if (fault_way)
		return send_to(&fam_teach, s, "x", 1, ALICE1, CLOSED);
	ret = send_to(&fam_teach, s, large, LARGE, BOB1, PEER);
	return ret < 0 && errno == EMSGSIZE ? 0 : ret;
}

FAULT_OP(io, send_in_vain, .before = before_refused, .call = call_refused,
	 .after = after_any, .count = 2, .survives = "nobody is told",
	 .errs = { ENOMEM, ENOBUFS, EFAULT });

/* ---- receiving -------------------------------------------------------------------- */

#define CONTROLS	5	/* control messages that are asked for */

static void before_recv(void)
{
	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	must(!set_int(s, SOL_TEACH, TEACH_PKTINFO, 1) &&
	     !set_int(s, SOL_TEACH, TEACH_RECVHOPLIMIT, 1) &&
	     !set_int(s, SOL_TEACH, TEACH_RECVTCLASS, 1) &&
	     !set_int(s, SOL_SOCKET, SO_TIMESTAMP, 1) &&
	     !set_int(s, SOL_SOCKET, SO_RXQ_OVFL, 1), "options");
	must(send_to(&fam_teach, s, "first", 5, ALICE1, PORT) == 5 &&
	     send_to(&fam_teach, s, "next", 4, ALICE1, PORT) == 4, "send");
	counters_read(&alice_before);
}

static struct received got;

static long call_recv(void)
{
	return recv_msg(s, &got, fault_way ? MSG_PEEK : 0);
}

static const char *after_recv(long ret)
{
	struct counters now;
	const char *wrong = NULL;
	char buf[8];

	if (ret >= 0 && (ret != 5 || memcmp(got.data, "first", 5) ||
			 cmsg_count(&got) < CONTROLS - 1))
		wrong = "not what was sent";
	counters_read(&now);
	/* As with UDP, one that cannot be copied is gone, unless it was only
	 * looked at; and as with all sockets, one whose name cannot be. The next
	 * is there in any case.
	 */
	if (ret < 0 && now.value[TEACH_STAT_DGRAM_IN_ERRORS] >
		       alice_before.value[TEACH_STAT_DGRAM_IN_ERRORS] && fault_way)
		wrong = "looked at, and yet dropped";
	ret = recv(s, buf, sizeof(buf), MSG_DONTWAIT);
	if (ret == 5)
		ret = recv(s, buf, sizeof(buf), MSG_DONTWAIT);
	if (ret != 4 || memcmp(buf, "next", 4))
		wrong = "the next one is missing";
	close(s);
	return wrong;
}

FAULT_OP(io, recv, .before = before_recv, .call = call_recv,
	 .after = after_recv, .count = 2, .errs = { ENOMEM, EFAULT });

static void before_errqueue(void)
{
	struct pollfd p;

	s = sk_bound(&fam_teach, ALICE, ANY, PORT);
	must(!set_int(s, SOL_TEACH, TEACH_RECVERR, 1) &&
	     !set_int(s, SOL_SOCKET, SO_TIMESTAMP, 1) &&
	     send_to(&fam_teach, s, "x", 1, ALICE1, CLOSED) == 1, "send to nobody");
	p = (struct pollfd) { .fd = s };
	must(poll(&p, 1, 0) == 1 && p.revents & POLLERR, "an error that is queued");
}

static long call_errqueue(void)
{
	return recv_msg(s, &got, MSG_ERRQUEUE);
}

static const char *after_errqueue(long ret)
{
	const char *wrong = NULL;

	if (ret >= 0 && (got.msg.msg_flags & MSG_ERRQUEUE) == 0)
		wrong = "not an error";
	/* Refused before it was looked for, it is still there. */
	if (ret < 0)
		recv_msg(s, &got, MSG_ERRQUEUE);
	if (recv_msg(s, &got, MSG_ERRQUEUE) >= 0)
		wrong = "comes twice";
	close(s);
	return wrong;
}

FAULT_OP(io, errqueue, .before = before_errqueue, .call = call_errqueue,
	 .after = after_errqueue, .errs = { ENOMEM, EFAULT });

/* ---- ping sockets ---------------------------------------------------------------------- */

static const struct teach_ctlhdr echo = { .type = TEACH_CTL_ECHO_REQUEST };

static void before_ping(void)
{
	s = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, TEACHPROTO_CONTROL);
	must(s >= 0 && !bind_to(&fam_teach, s, ANY, PORT), "ping socket");
	counters_all(&alice_before, &bob_before);
}

static long call_ping(void)
{
	return send_to(&fam_teach, s, &echo, sizeof(echo), fault_way ? ALICE1 : BOB1, 0);
}

/* The answer comes, or the counters tell why not. */
static const char *after_ping(long ret)
{
	struct timespec start;
	const char *wrong = NULL;
	struct teach_ctlhdr reply;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (ret >= 0 && !wrong &&
	       recv(s, &reply, sizeof(reply), MSG_DONTWAIT) < 0 && !lost()) {
		if (elapsed_ms(&start) > LIMIT_MS)
			wrong = "lost without being counted";
	}
	if (!fault_made && lost())
		wrong = "lost without a fault";
	close(s);
	return wrong;
}

FAULT_OP(io, ping, .before = before_ping, .call = call_ping,
	 .after = after_ping, .count = 2, .survives = "lost and counted",
	 .errs = { ENOMEM, ENOBUFS, EFAULT });

static void before_pong(void)
{
	before_ping();
	must(send_to(&fam_teach, s, &echo, sizeof(echo), ALICE1, 0) > 0, "ping");
}

static long call_pong(void)
{
	return recv_msg(s, &got, 0);
}

FAULT_OP(io, ping_recv, .before = before_pong, .call = call_pong,
	 .after = after_any, .errs = { ENOMEM, EFAULT });

int main(int argc, char **argv)
{
	uint8_t mac[6];

	lab_make();
	inject_prepare();
	if (!lab_teach_error()) {
		lab_ready();
		/* Bob is known for good, and nobody else ever answers. */
		link_parm("va", TEACH_PARM_A_RETRANS_MS, NEVER);
		must(!neigh_add(&fam_teach, "va", BOB1, mac_of(BOB, "vb", mac),
				NUD_PERMANENT), "RTM_NEWNEIGH");
	}
	return test_harness_run(argc, argv);
}
