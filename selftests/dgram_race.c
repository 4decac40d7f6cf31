// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several threads at once, on one port or on one socket.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <limits.h>
#include <linux/filter.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "common.h"

#define PORT	7000
#define PEER	7100
#define THREADS	6

FAMILIES(race, unpin_cpu())

/* What the threads of a test work with. */
struct job {
	const struct family *f;
	pthread_barrier_t *start;
	int id;
	int fd;
	int stop;
	int result;		/* 0, or the first errno */
	int n;
	uint16_t ports[200];
};

static void begin(const struct family *f, struct job *jobs, int n, int fd,
		  void *(*work)(void *), pthread_t *threads)
{
	static pthread_barrier_t start;
	int i;

	pthread_barrier_init(&start, NULL, n);
	for (i = 0; i < n; i++) {
		jobs[i] = (struct job){ .f = f, .start = &start, .id = i, .fd = fd };
		errno = pthread_create(&threads[i], NULL, work, &jobs[i]);
		must(!errno, "pthread_create");
	}
}

static void end(pthread_t *threads, int n)
{
	int i;

	for (i = 0; i < n; i++)
		must(!pthread_join(threads[i], NULL), "pthread_join");
}

static bool stopped(struct job *j)
{
	return __atomic_load_n(&j->stop, __ATOMIC_RELAXED);
}

/* How far a thread has come; as far as can be if it gave up. */
static int progress(struct job *j)
{
	if (__atomic_load_n(&j->result, __ATOMIC_RELAXED))
		return INT_MAX;
	return __atomic_load_n(&j->n, __ATOMIC_RELAXED);
}

static void progressed(struct job *j)
{
	__atomic_add_fetch(&j->n, 1, __ATOMIC_RELAXED);
}

static void stop(struct job *j)
{
	__atomic_store_n(&j->stop, 1, __ATOMIC_RELAXED);
}

static void *bind_same(void *arg)
{
	struct job *j = arg;

	j->fd = sk_open(j->f, ALICE);
	pthread_barrier_wait(j->start);
	if (bind_to(j->f, j->fd, j->id & 1 ? ANY : ALICE1, PORT))
		j->result = errno;
	return NULL;
}

TEST_F(race, bind_has_one_winner)
{
	pthread_t threads[THREADS];
	struct job jobs[THREADS];
	int i, round, winners;

	for (round = 0; round < 40; round++) {
		begin(self->f, jobs, THREADS, -1, bind_same, threads);
		end(threads, THREADS);
		winners = 0;
		for (i = 0; i < THREADS; i++) {
			winners += jobs[i].result == 0;
			if (jobs[i].result) {
				ASSERT_EQ(EADDRINUSE, jobs[i].result);
			}
			close(jobs[i].fd);
		}
		ASSERT_EQ(1, winners);
	}
}

static void *bind_one_socket(void *arg)
{
	struct job *j = arg;

	pthread_barrier_wait(j->start);
	if (bind_to(j->f, j->fd, ANY, PORT + j->id))
		j->result = errno;
	return NULL;
}

/* A socket is bound once, however many try. */
TEST_F(race, bind_one_socket)
{
	pthread_t threads[THREADS];
	struct job jobs[THREADS];
	int i, round, winner;

	for (round = 0; round < 40; round++) {
		int fd = sk_open(self->f, ALICE), other;

		begin(self->f, jobs, THREADS, fd, bind_one_socket, threads);
		end(threads, THREADS);
		winner = port_of(fd) - PORT;
		for (i = 0; i < THREADS; i++) {
			ASSERT_EQ(i == winner ? 0 : EINVAL, jobs[i].result);
		}
		/* The losers' ports are free. */
		for (i = 0; i < THREADS; i++) {
			other = sk_open(self->f, ALICE);
			ASSERT_EQ(i == winner ? -1 : 0,
				  bind_to(self->f, other, ANY, PORT + i));
			close(other);
		}
		close(fd);
	}
}

static void *autobind_many(void *arg)
{
	struct job *j = arg;
	int i, fd;

	pthread_barrier_wait(j->start);
	for (i = 0; i < 200; i++) {
		fd = sk_open(j->f, ALICE);
		if (bind_to(j->f, fd, ANY, 0))
			j->result = errno;
		j->ports[i] = port_of(fd);
	}
	return NULL;
}

TEST_F(race, autobind_all_different)
{
	static unsigned char used[65536];
	struct rlimit limit = { 4096, 4096 };
	pthread_t threads[THREADS];
	struct job jobs[THREADS];
	int i, k, twice = 0;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	begin(self->f, jobs, THREADS, -1, autobind_many, threads);
	end(threads, THREADS);
	for (i = 0; i < THREADS; i++) {
		EXPECT_EQ(0, jobs[i].result);
		for (k = 0; k < 200; k++)
			twice += used[jobs[i].ports[k]]++;
	}
	EXPECT_EQ(0, twice);
}

static void *send_first(void *arg)
{
	struct job *j = arg;

	pthread_barrier_wait(j->start);
	if (send_to(j->f, j->fd, "x", 1, BOB1, PEER) != 1)
		j->result = errno;
	return NULL;
}

/* The first datagrams of a socket, sent at once, come from one port. With IPv4 one of them
 * may tell none: there a socket is seen to have a port before datagrams are given it.
 */
TEST_F(race, autobind_one_socket)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER), round, i;
	pthread_t threads[THREADS];
	struct job jobs[THREADS];
	addr_t from;
	char c;

	for (round = 0; round < 30; round++) {
		int fd = sk_open(self->f, ALICE);

		begin(self->f, jobs, THREADS, fd, send_first, threads);
		end(threads, THREADS);
		for (i = 0; i < THREADS; i++) {
			ASSERT_EQ(0, jobs[i].result);
			ASSERT_EQ(1, recv_name(peer, &c, 1, 0, &from));
			if (self->f->af == AF_TEACH || from.teach_port)
				ASSERT_EQ(port_of(fd), ntohs(from.teach_port));
		}
		close(fd);
	}
}

static void *flood(void *arg)
{
	struct job *j = arg;
	int fd = sk_open(j->f, ALICE);

	pthread_barrier_wait(j->start);
	while (!stopped(j) && !j->result) {
		if (send_to(j->f, fd, "flood", 5, ALICE1, PORT) != 5)
			j->result = errno;
		else
			progressed(j);
	}
	close(fd);
	return NULL;
}

/* Sockets come and go on a port that somebody sends to all the time. */
TEST_F(race, close_under_traffic)
{
	pthread_t thread;
	struct job job;
	int i, fd, got = 0;
	char buf[8];

	begin(self->f, &job, 1, -1, flood, &thread);
	for (i = 0; i < 200; i++) {
		fd = sk_bound(self->f, ALICE, i & 1 ? ANY : ALICE1, PORT);
		if (i % 4 == 0)
			got += recv(fd, buf, sizeof(buf), 0) == 5;
		close(fd);
	}
	stop(&job);
	end(&thread, 1);
	EXPECT_EQ(0, job.result);
	EXPECT_EQ(50, got);
}

static void *connect_again(void *arg)
{
	struct job *j = arg;

	pthread_barrier_wait(j->start);
	while (!stopped(j) && !j->result) {
		if (conn_to(j->f, j->fd, BOB1, PEER) ||
		    conn_to(j->f, j->fd, BOB2, PEER) || disconnect(j->fd))
			j->result = errno;
		progressed(j);
	}
	return NULL;
}

/*
 * One thread connects a socket again and again while another uses it. A
 * datagram that is sent in between may go to either peer or get lost, and get
 * an error for that; the socket must be none the worse.
 */
TEST_F(race, connect_while_sending)
{
	int peer = sk_bound(self->f, BOB, ANY, PEER), i, bad = 0;
	int fd = sk_bound(self->f, ALICE, ANY, PORT);
	pthread_t thread;
	struct job job;
	char c;

	begin(self->f, &job, 1, fd, connect_again, &thread);
	for (i = 0; i < 500 || progress(&job) < 100; i++) {
		if (send(fd, "c", 1, 0) != 1)
			bad += errno != EDESTADDRREQ && errno != ECONNREFUSED;
		if (send_to(self->f, fd, "s", 1, BOB1, PEER) != 1)
			bad += errno != ECONNREFUSED;
		while (recv(peer, &c, 1, MSG_DONTWAIT) == 1)
			;
	}
	stop(&job);
	end(&thread, 1);
	EXPECT_EQ(0, job.result);
	EXPECT_EQ(0, bad);
	EXPECT_EQ(PORT, port_of(fd));
	ASSERT_EQ(0, conn_to(self->f, fd, BOB1, PEER));
	while (send(fd, "!", 1, 0) != 1) {
		ASSERT_EQ(ECONNREFUSED, errno);
	}
	do {
		ASSERT_EQ(1, recv(peer, &c, 1, 0));
	} while (c != '!');
}

static int group_join(const struct family *f)
{
	int fd = sk_open(f, ALICE);

	must(!set_int(fd, f->reuseport_level, f->reuseport, 1), "reuseport");
	return fd;
}

static void *group_churn(void *arg)
{
	struct job *j = arg;
	int fd;

	pthread_barrier_wait(j->start);
	while (!stopped(j) && !j->result) {
		fd = group_join(j->f);
		if (bind_to(j->f, fd, ANY, PORT))
			j->result = errno;
		close(fd);
		progressed(j);
	}
	return NULL;
}

/* While one member stays, no datagram finds nobody. */
TEST_F(race, group_changes)
{
	int stays = group_join(self->f), peer, i, refused = 0;
	pthread_t thread;
	struct job job;

	ASSERT_EQ(0, bind_to(self->f, stays, ANY, PORT));
	begin(self->f, &job, 1, -1, group_churn, &thread);
	for (i = 0; i < 1000 || progress(&job) < 100; i++) {
		peer = sk_conn(self->f, BOB, ALICE1, PORT);
		refused += send(peer, "x", 1, 0) != 1;
		refused += (events_now(peer, 0) & POLLERR) != 0;
		close(peer);
	}
	stop(&job);
	end(&thread, 1);
	EXPECT_EQ(0, job.result);
	EXPECT_EQ(0, refused);
}

#define NUMBERS	1000

static unsigned char seen[NUMBERS];

static void *receive(void *arg)
{
	struct job *j = arg;
	uint32_t number;

	pthread_barrier_wait(j->start);
	for (;;) {
		if (recv(j->fd, &number, sizeof(number), 0) != sizeof(number)) {
			j->result = errno;
			break;
		}
		if (number >= NUMBERS)
			break;
		__atomic_add_fetch(&seen[number], 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Many receivers of one socket: each datagram once. */
TEST_F(race, receive_once)
{
	int fd = sk_bound(self->f, ALICE, ALICE1, PORT), i, bad = 0;
	int s = sk_conn(self->f, BOB, ALICE1, PORT);
	pthread_t threads[THREADS];
	struct job jobs[THREADS];
	uint32_t number;

	ASSERT_EQ(0, set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20));
	begin(self->f, jobs, THREADS, fd, receive, threads);
	for (number = 0; number < NUMBERS; number++) {
		ASSERT_EQ(4, send(s, &number, 4, 0));
	}
	for (i = 0; i < THREADS; i++) {
		ASSERT_EQ(4, send(s, &(uint32_t){ NUMBERS }, 4, 0));
	}
	end(threads, THREADS);
	for (i = 0; i < THREADS; i++) {
		EXPECT_EQ(0, jobs[i].result);
	}
	for (i = 0; i < NUMBERS; i++)
		bad += seen[i] != 1;
	EXPECT_EQ(0, bad);
}

static void *change_options(void *arg)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, -1) };
	struct sock_fprog prog = { .len = 1, .filter = code };
	struct job *j = arg;
	int level = j->f->level;

	pthread_barrier_wait(j->start);
	while (!stopped(j) && !j->result) {
		int n = progress(j), on = n & 1;

		progressed(j);
		if (set_int(j->fd, level, j->f->hoplimit, 1 + n % 255) ||
		    set_int(j->fd, level, j->f->tclass, n % 256 & ~3) ||
		    set_int(j->fd, level, j->f->pktinfo, on) ||
		    set_int(j->fd, level, j->f->recverr, on) ||
		    set_int(j->fd, SOL_SOCKET, SO_TIMESTAMPNS, on) ||
		    set_int(j->fd, SOL_SOCKET, SO_RXQ_OVFL, on) ||
		    set_int(j->fd, SOL_SOCKET, SO_RCVBUF, 100000 + on) ||
		    setsockopt(j->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
			       sizeof(prog)) ||
		    set_int(j->fd, SOL_SOCKET, SO_DETACH_FILTER, 0))
			j->result = errno;
	}
	return NULL;
}

/* Options change under a socket that sends to itself. */
TEST_F(race, options_under_traffic)
{
	int fd = sk_bound(self->f, ALICE, ALICE1, PORT), i, bad = 0;
	struct received r;
	pthread_t thread;
	struct job job;

	ASSERT_EQ(0, conn_to(self->f, fd, ALICE1, PORT));
	begin(self->f, &job, 1, fd, change_options, &thread);
	for (i = 0; i < 500 || progress(&job) < 100; i++) {
		bad += send(fd, "self", 4, 0) != 4;
		bad += recv_msg(fd, &r, 0) != 4;
	}
	stop(&job);
	end(&thread, 1);
	EXPECT_EQ(0, job.result);
	EXPECT_EQ(0, bad);
}

static void *flap(void *arg)
{
	struct job *j = arg;

	pthread_barrier_wait(j->start);
	while (!stopped(j) && !j->result) {
		j->result = -link_up("va", 0);
		if (!j->result)
			j->result = -link_up("va", 1);
		progressed(j);
	}
	return NULL;
}

/* The device goes down and up under a connected and an unconnected sender. */
TEST_F(race, device_flaps)
{
	int conn, any, peer, i, bad = 0, sent = 0;
	pthread_t thread;
	struct job job;
	char c;

	lab_make();
	peer = sk_bound(self->f, BOB, ANY, PEER);
	conn = sk_conn(self->f, ALICE, BOB1, PEER);
	any = sk_open(self->f, ALICE);
	begin(self->f, &job, 1, -1, flap, &thread);
	for (i = 0; i < 2000 || progress(&job) < 10; i++) {
		int n = i & 1 ? send(conn, "c", 1, 0) :
			send_to(self->f, any, "s", 1, BOB1, PEER);

		/*
		 * ENETDOWN: it went down after the route was found.
		 * EHOSTUNREACH: an earlier one waited for the MAC address.
		 */
		if (n == 1)
			sent++;
		else if (errno != ENETUNREACH && errno != ENETDOWN &&
			 errno != EHOSTUNREACH)
			bad = errno;
	}
	stop(&job);
	end(&thread, 1);
	EXPECT_EQ(0, job.result);
	EXPECT_EQ(0, bad);
	EXPECT_LT(0, sent);
	lab_wait();
	while (recv(peer, &c, 1, MSG_DONTWAIT) >= 0)
		;
	get_int(conn, SOL_SOCKET, SO_ERROR);
	EXPECT_RET(1, send(conn, "!", 1, 0));
	do {
		if (recv(peer, &c, 1, 0) != 1)
			break;
	} while (c != '!');
	EXPECT_EQ('!', c);
}

/* Every one of very many sockets has its port, and gives it back. */
TEST_F(race, ten_thousand_sockets)
{
	struct rlimit limit = { 11000, 11000 };
	int first = 10000, n = 10000, i, *fd = calloc(n, sizeof(int)), bad = 0;
	int s = sk_open(self->f, ALICE);
	char c;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	for (i = 0; i < n; i++)
		fd[i] = sk_bound(self->f, ALICE, ANY, first + i);
	for (i = 0; i < n; i += 7) {
		bad += send_to(self->f, s, "x", 1, ALICE1, first + i) != 1;
		bad += recv(fd[i], &c, 1, 0) != 1;
	}
	EXPECT_EQ(0, bad);
	for (i = 0; i < n; i++)
		close(fd[i]);
	for (i = 0; i < n; i += 97)
		close(sk_bound(self->f, ALICE, ANY, first + i));
}

LAB_MAIN
