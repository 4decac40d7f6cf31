// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams from alice to bob and back, numbered, their contents made from the number.
 * Nothing touches what they need: they must keep flowing, whatever else goes on.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/time.h>

#include "soak.h"

#define FLOW_PORT	5000
#define WAIT_MS		300	/* then it is lost, and the next is sent */
#define FLOW_MAX	1400
#define WINDOW		4

static pthread_t client, server;

static size_t content(char *buf, uint32_t number)
{
	struct rnd r = { number };
	size_t len = 8 + rnd_below(&r, FLOW_MAX - 8), i;

	memcpy(buf, &number, sizeof(number));
	for (i = sizeof(number); i < len; i++)
		buf[i] = number * 31 + i * 7;
	return len;
}

static int flow_socket(enum host at)
{
	struct timeval limit = { .tv_usec = WAIT_MS * 1000 };
	int fd;

	stable_enter(at);
	fd = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	must(fd >= 0 && !bind_to(&fam_teach, fd, at == ALICE ? ALICE1 : BOB1, FLOW_PORT),
	     "the flow's sockets");
	must(!setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)), "SO_RCVTIMEO");
	return fd;
}

static void *serve(void *arg)
{
	int fd = flow_socket(BOB);
	char buf[FLOW_MAX + 1];
	addr_t from;
	ssize_t n;

	while (!shared->stop) {
		n = recv_name(fd, buf, sizeof(buf), 0, &from);
		if (n >= 0 && sendto(fd, buf, n, 0, (struct sockaddr *)&from,
				     sizeof(from)) < 0)
			atomic_fetch_add(&shared->flow.errors, 1);
	}
	close(fd);
	return arg;
}

/* True if the one of this number came back, or a later one. */
static bool take(int fd, uint32_t first, uint32_t *number)
{
	char buf[FLOW_MAX + 1], expected[FLOW_MAX + 1];
	ssize_t n = recv(fd, buf, sizeof(buf), 0);

	if (n < 0) {
		/* What is refused while the other end is not there yet is no error. */
		if (errno != EAGAIN && errno != ECONNREFUSED && errno != EINTR)
			atomic_fetch_add(&shared->flow.errors, 1);
		return false;
	}
	if (n >= (ssize_t)sizeof(*number))
		memcpy(number, buf, sizeof(*number));
	if (n < (ssize_t)sizeof(*number) || *number > first + WINDOW ||
	    (size_t)n != content(expected, *number) || memcmp(buf, expected, n)) {
		atomic_fetch_add(&shared->flow.corrupt, 1);
		return false;
	}
	/* There and back. */
	atomic_fetch_add(&shared->flow.packets, 2);
	shared->flow.last_ms = now_ms();
	return true;
}

static void *ask(void *arg)
{
	uint32_t next = 0, got;
	int fd = flow_socket(ALICE), i, n;
	char buf[FLOW_MAX + 1];

	must(!conn_to(&fam_teach, fd, BOB1, FLOW_PORT), "the flow's connect()");
	while (!shared->stop) {
		for (i = 0; i < WINDOW; i++)
			if (send(fd, buf, content(buf, next + i), 0) < 0 &&
			    errno != ECONNREFUSED)
				atomic_fetch_add(&shared->flow.errors, 1);
		for (n = 0; n < WINDOW && !shared->stop; ) {
			if (!take(fd, next, &got)) {
				atomic_fetch_add(&shared->flow.lost, WINDOW - n);
				break;
			}
			n += got >= next;
		}
		next += WINDOW;
	}
	close(fd);
	return arg;
}

void flow_start(void)
{
	shared->flow.last_ms = now_ms();
	must(!pthread_create(&server, NULL, serve, NULL) &&
	     !pthread_create(&client, NULL, ask, NULL), "threads of the flow");
}

void flow_join(void)
{
	pthread_join(client, NULL);
	pthread_join(server, NULL);
}
