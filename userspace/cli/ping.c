// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * teach ping: echo requests and replies over a ping socket, printed as iputils
 * does. The kernel fills the identifier and the checksum, and hands over only the
 * replies to this socket's requests. Needs CAP_NET_RAW.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/errqueue.h>
#include "ping.h"

static const char help[] =
"Usage: teach ping [ -c COUNT ] [ -i SECONDS ] [ -s SIZE ] [ -W SECONDS ]\n"
"                  [ -I SOURCE | -I DEV ] [ -t HOPS ] [ -b ] [ -q ] ADDR\n"
"-c  stop after so many requests        -s  bytes of payload (56)\n"
"-i  seconds between requests (1)       -W  seconds to wait for the last reply (10)\n"
"-I  send from an address or a device   -t  hop limit\n"
"-b  ADDR is a broadcast address        -q  only the summary\n"
"Ctrl-C ends it with the summary. Exit status: 0 if a reply came, 1 if none, 2 for\n"
"other errors.\n";

#define MAX_PAYLOAD	(TEACH_MAX_PACKET - TEACH_HDR_LEN - \
			 (int)sizeof(struct teach_ctlhdr))
#define N_SEQ		65536		/* sequence numbers have 16 bits */
#define MAX_SECONDS	86400

enum answer { NOTHING, WAITING, ANSWERED };

struct ping {
	struct cli		*cli;
	struct sockaddr_teach	dst, src;
	char			dest[TEACH_ADDRSTRLEN];
	const char		*dev;
	uint32_t		count;		/* 0: until Ctrl-C */
	uint32_t		size;
	int			hops;		/* 0: default */
	double			interval, wait;	/* milliseconds; wait -1: default */
	bool			broadcast, quiet, printed_error;

	int			fd;
	struct ping_figures	figures;
	unsigned long		settled;	/* requests answered or refused */
	char			*packet, *reply;
	struct {
		struct timespec	sent;
		enum answer	answer;
	} *seq;
};

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static double elapsed_ms(const struct timespec *from, const struct timespec *to)
{
	double ms = (to->tv_sec - from->tv_sec) * 1e3 +
		    (to->tv_nsec - from->tv_nsec) / 1e6;

	return ms < 0 ? 0 : ms;	/* somebody set the clock back */
}

static int seconds(const char *text, double min, double *ms)
{
	char *end;
	double s;

	if (*text != '.' && (*text < '0' || *text > '9'))
		return -EINVAL;
	s = strtod(text, &end);
	if (*end || !(s >= min && s <= MAX_SECONDS))
		return -EINVAL;
	*ms = s * 1000;
	return 0;
}

/* One option and its value. */
static int take_option(struct ping *p, const char *opt, struct args *args)
{
	const char *v;
	uint32_t n;

	if (!strcmp(opt, "-q")) {
		p->quiet = true;
		return CLI_OK;
	}
	if (!strcmp(opt, "-b")) {
		p->broadcast = true;
		return CLI_OK;
	}
	if (!word_is(opt, "-c|-i|-s|-W|-I|-t"))
		return unknown_arg(opt, "ping");
	v = args_value(args, opt);
	if (!v)
		return CLI_USAGE;

	switch (opt[1]) {
	case 'c':
		if (parse_u32(v, &p->count) || !p->count)
			return bad_arg(v, "a count is a number from 1 up");
		break;
	case 'i':
		if (seconds(v, 0.001, &p->interval))
			return bad_arg(v, "an interval is 0.001 to 86400 seconds");
		break;
	case 's':
		if (parse_u32(v, &p->size) || p->size > MAX_PAYLOAD)
			return bad_arg(v, "a size is 0 to 65511 bytes");
		break;
	case 'W':
		if (seconds(v, 0, &p->wait))
			return bad_arg(v, "a time is 0 to 86400 seconds");
		break;
	case 't':
		if (parse_u32(v, &n) || n < 1 || n > 255)
			return bad_arg(v, "a hop limit is 1 to 255");
		p->hops = n;
		break;
	case 'I':
		if (!teach_pton(v, &p->src.teach_addr))
			p->src.teach_family = AF_TEACH;
		else if (strlen(v) < IF_NAMESIZE)
			p->dev = v;
		else
			return bad_arg(v, "this is neither an address nor a device");
		break;
	}
	return CLI_OK;
}

static int parse(struct ping *p, struct args *args)
{
	bool have_dst = false;
	const char *arg;
	int status;

	while ((arg = args_next(args))) {
		if (arg[0] == '-' && arg[1]) {
			status = take_option(p, arg, args);
			if (status)
				return status;
			continue;
		}
		if (have_dst)
			return unknown_arg(arg, "ping");
		if (teach_pton(arg, &p->dst.teach_addr))
			return bad_arg(arg, "an address is four numbers of 0 to 255 and dots");
		p->dst.teach_family = AF_TEACH;
		snprintf(p->dest, sizeof(p->dest), "%s", arg);
		have_dst = true;
	}
	if (!have_dst)
		return usage_error("Error: whom? Try \"teach ping help\".");
	return CLI_OK;
}

static int failed(const char *what, int err)
{
	fprintf(stderr, "teach ping: %s: %s\n", what, strerror(err));
	return CLI_REFUSED;
}

static int set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

static int open_socket(struct ping *p)
{
	p->fd = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, TEACHPROTO_CONTROL);
	if (p->fd < 0 && errno == EAFNOSUPPORT) {
		fputs("Error: This kernel has no AF_TEACH: load it with \"modprobe teach\".\n",
		      stderr);
		return CLI_REFUSED;
	}
	if (p->fd < 0 && errno == EACCES) {
		fputs("Error: ping needs CAP_NET_RAW: try as root.\n", stderr);
		return CLI_REFUSED;
	}
	if (p->fd < 0)
		return failed("socket", errno);
	if (p->dev && setsockopt(p->fd, SOL_SOCKET, SO_BINDTODEVICE, p->dev,
				 strlen(p->dev) + 1))
		return failed(p->dev, errno);
	if (p->src.teach_family &&
	    bind(p->fd, (struct sockaddr *)&p->src, sizeof(p->src)))
		return failed("bind", errno);
	if (set_option(p->fd, SOL_SOCKET, SO_TIMESTAMPNS, 1) ||
	    set_option(p->fd, SOL_TEACH, TEACH_RECVERR, 1) ||
	    set_option(p->fd, SOL_TEACH, TEACH_RECVHOPLIMIT, 1) ||
	    (p->broadcast && set_option(p->fd, SOL_SOCKET, SO_BROADCAST, 1)) ||
	    (p->hops && set_option(p->fd, SOL_TEACH, TEACH_HOPLIMIT, p->hops)))
		return failed("setsockopt", errno);
	return CLI_OK;
}

/* What became of the request with this sequence number, unless it is known. */
static void settle(struct ping *p, uint16_t seq)
{
	if (p->seq[seq].answer != WAITING)
		return;
	p->seq[seq].answer = ANSWERED;
	p->settled++;
}

static const char *error_text(const struct sock_extended_err *ee)
{
	if (ee->ee_origin == SO_EE_ORIGIN_TEACH &&
	    ee->ee_type == TEACH_CTL_UNREACH) {
		switch (ee->ee_code) {
		case TEACH_UNREACH_NET:
			return "Destination Net Unreachable";
		case TEACH_UNREACH_HOST:
			return "Destination Host Unreachable";
		case TEACH_UNREACH_PROTOCOL:
			return "Destination Protocol Unreachable";
		case TEACH_UNREACH_PORT:
			return "Destination Port Unreachable";
		}
	}
	if (ee->ee_errno == EHOSTUNREACH)
		return "Destination Host Unreachable";
	return strerror(ee->ee_errno);
}

/* One entry of the error queue. False if there is none. */
static bool take_error(struct ping *p)
{
	struct sock_extended_err *ee = NULL;
	struct sockaddr_teach offender = { 0 };
	char control[512], from[TEACH_ADDRSTRLEN] = "local";
	struct teach_ctlhdr ctl;
	struct iovec iov = { .iov_base = &ctl, .iov_len = sizeof(ctl) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t n = recvmsg(p->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);

	if (n < 0)
		return false;
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level != SOL_TEACH || c->cmsg_type != TEACH_RECVERR ||
		    c->cmsg_len < CMSG_LEN(sizeof(*ee)))
			continue;
		ee = (struct sock_extended_err *)CMSG_DATA(c);
		if (c->cmsg_len >= CMSG_LEN(sizeof(*ee) + sizeof(offender)))
			memcpy(&offender, ee + 1, sizeof(offender));
	}
	if (!ee)
		return true;

	p->figures.errors++;
	if (offender.teach_family == AF_TEACH)
		teach_ntop(&offender.teach_addr, from, sizeof(from));
	if (n < (ssize_t)sizeof(ctl) || ctl.type != TEACH_CTL_ECHO_REQUEST) {
		/* It never became a packet: sendto() tells what is wrong. */
		if (!p->quiet && !p->cli->json && ee->ee_errno == EMSGSIZE)
			printf("local error: message too long, mtu=%u\n",
			       ee->ee_info);
		p->printed_error = true;
		return true;
	}
	settle(p, ntohs(ctl.un.echo.sequence));
	if (!p->quiet && !p->cli->json)
		printf("From %s seq=%u %s\n", from,
		       ntohs(ctl.un.echo.sequence), error_text(ee));
	fflush(stdout);
	return true;
}

static bool take_errors(struct ping *p)
{
	bool any = false;

	while (take_error(p))
		any = true;
	return any;
}

static void send_request(struct ping *p)
{
	uint16_t seq = p->figures.transmitted + 1;
	struct teach_ctlhdr *ctl = (struct teach_ctlhdr *)p->packet;
	size_t len = sizeof(*ctl) + p->size;
	int tries, err = 0;

	*ctl = (struct teach_ctlhdr){ .type = TEACH_CTL_ECHO_REQUEST };
	ctl->un.echo.sequence = htons(seq);
	p->figures.transmitted++;
	p->seq[seq].answer = WAITING;

	/* The first try may report what became of an earlier request. */
	for (tries = 0; tries < 2; tries++) {
		clock_gettime(CLOCK_REALTIME, &p->seq[seq].sent);
		if (sendto(p->fd, p->packet, len, 0,
			   (struct sockaddr *)&p->dst, sizeof(p->dst)) >= 0)
			return;
		err = errno;
		p->printed_error = false;
		if (err == EINTR || !take_errors(p) || p->printed_error)
			break;
	}
	settle(p, seq);
	if (p->printed_error)
		return;
	p->figures.errors++;
	failed("sendto", err);
}

static void print_reply(struct ping *p, const struct sockaddr_teach *from,
			size_t len, uint16_t seq, int hops, double ms, bool dup)
{
	char text[TEACH_ADDRSTRLEN];

	if (p->quiet || p->cli->json)
		return;
	teach_ntop(&from->teach_addr, text, sizeof(text));
	printf("%zu bytes from %s: seq=%u", len, text, seq);
	if (hops >= 0)
		printf(" hoplimit=%d", hops);
	/* Three digits, as iputils. */
	printf(" time=%.*f ms%s\n", ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : 3,
	       ms, dup ? " (DUP!)" : "");
	fflush(stdout);
}

/* One reply. False if there is none. */
static bool take_reply(struct ping *p)
{
	struct teach_ctlhdr *ctl = (struct teach_ctlhdr *)p->reply;
	struct sockaddr_teach from;
	struct timespec at;
	char control[512];
	struct iovec iov = {
		.iov_base = p->reply, .iov_len = TEACH_MAX_PACKET,
	};
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t n = recvmsg(p->fd, &msg, MSG_DONTWAIT);
	int hops = -1;
	uint16_t seq;
	double ms;
	bool dup;

	/* What is not EAGAIN is an error of which the queue knows more. */
	if (n < 0)
		return errno != EAGAIN && errno != EINTR && take_errors(p);

	clock_gettime(CLOCK_REALTIME, &at);
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(&at, CMSG_DATA(c), sizeof(at));
		if (c->cmsg_level == SOL_TEACH && c->cmsg_type == TEACH_HOPLIMIT)
			memcpy(&hops, CMSG_DATA(c), sizeof(hops));
	}
	if (n < (ssize_t)sizeof(*ctl) || ctl->type != TEACH_CTL_ECHO_REPLY)
		return true;
	seq = ntohs(ctl->un.echo.sequence);
	if (p->seq[seq].answer == NOTHING)
		return true;	/* of a request that was never sent */

	dup = p->seq[seq].answer == ANSWERED;
	ms = elapsed_ms(&p->seq[seq].sent, &at);
	settle(p, seq);
	if (dup)
		p->figures.duplicates++;
	else
		ping_count(&p->figures, ms);
	print_reply(p, &from, n, seq, hops, ms, dup);
	if (n != (ssize_t)(sizeof(*ctl) + p->size) ||
	    memcmp(ctl + 1, p->packet + sizeof(*ctl), p->size))
		fprintf(stderr, "teach ping: the reply to %u is not what was sent\n",
			seq);
	return true;
}

/* Send and receive until all is settled, time is up, or somebody stops it. */
static void run(struct ping *p, const sigset_t *unblocked)
{
	double next = now_ms(), deadline = -1, now, until, wait;
	struct pollfd pfd = { .fd = p->fd, .events = POLLIN };
	struct timespec ts;

	while (!stopped) {
		now = now_ms();
		if (deadline < 0 && now >= next) {
			send_request(p);
			/* Requests that were missed are not made up for. */
			next = next + p->interval > now ? next + p->interval :
							  now + p->interval;
			if (p->count && p->figures.transmitted == p->count) {
				/* As iputils: two of the longest so far. */
				wait = p->wait >= 0 ? p->wait :
				       p->figures.received ?
				       2 * p->figures.max + p->interval : 10000;
				deadline = now + wait;
			}
		}
		if (deadline >= 0 && (now >= deadline ||
		    (!p->broadcast && p->settled >= p->figures.transmitted)))
			break;

		until = (deadline >= 0 ? deadline : next) - now;
		if (until < 0)
			until = 0;
		ts.tv_sec = until / 1000;
		ts.tv_nsec = (until - ts.tv_sec * 1000.0) * 1e6;
		if (ppoll(&pfd, 1, &ts, unblocked) <= 0)
			continue;
		if (pfd.revents & POLLERR)
			take_errors(p);
		while (take_reply(p))
			;
	}
}

static int ping(struct ping *p)
{
	struct sigaction sa = { .sa_handler = stop }, old_int, old_term;
	sigset_t block, old;
	double start;
	size_t i;
	int status = open_socket(p);

	if (status)
		return status;
	for (i = 0; i < p->size; i++)
		p->packet[sizeof(struct teach_ctlhdr) + i] = i;
	if (!p->cli->json) {
		printf("PING %s (%s) %u(%zu) bytes of data.\n", p->dest, p->dest,
		       p->size, p->size + sizeof(struct teach_ctlhdr) +
		       TEACH_HDR_LEN);
		fflush(stdout);
	}

	/* Ctrl-C is heard only while nothing else is going on. */
	stopped = 0;
	sigaction(SIGINT, &sa, &old_int);
	sigaction(SIGTERM, &sa, &old_term);
	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigprocmask(SIG_BLOCK, &block, &old);
	start = now_ms();
	run(p, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	/* In a batch the next command is to be ended by Ctrl-C again. */
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);

	ping_summary(p->cli, &p->figures, p->dest, p->size,
		     now_ms() - start);
	return p->figures.received ? CLI_OK : CLI_USAGE;
}

int do_ping(struct cli *cli, struct args *args)
{
	struct ping p = {
		.cli = cli, .fd = -1, .size = 56, .interval = 1000, .wait = -1,
	};
	int status;

	if (args_take(args, "help|-h|--help")) {
		fputs(help, stdout);
		return CLI_OK;
	}
	status = parse(&p, args);
	if (status)
		return status;
	p.packet = calloc(1, sizeof(struct teach_ctlhdr) + p.size);
	p.reply = malloc(TEACH_MAX_PACKET);
	p.seq = calloc(N_SEQ, sizeof(*p.seq));
	if (p.packet && p.reply && p.seq)
		status = ping(&p);
	else
		status = failed("memory", ENOMEM);
	if (p.fd >= 0)
		close(p.fd);
	free(p.packet);
	free(p.reply);
	free(p.seq);
	return status;
}
