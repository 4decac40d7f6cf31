/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the measuring programs share. They run in the VM, in the lab of lib.sh
 * (namespaces alice and bob, joined by va and vb), and print one figure a line;
 * scripts/bench compares them.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* The hosts' addresses, the same in TEACH and in IPv4, in host byte order. */
#define ALICE_ADDR	0x0a010001u
#define BOB_ADDR	0x0a010002u
#define ALICE_DEV	"va"
#define BOB_DEV		"vb"

/* Where something listens, for each pair of sockets another number. */
enum { PORT_CONNECTED = 5000, PORT_UNCONNECTED = 5002, PORT_MANY = 10000 };

/**
 * struct address - a socket address of any family
 * @len: bytes used, 0 if there is none
 * @any: for the system calls
 * @room: bytes for all families
 */
struct address {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_storage room;
	};
};

/**
 * struct ends - two sockets, one at each host
 * @alice: descriptor of alice's
 * @bob: descriptor of bob's
 * @to_bob: where alice's socket sends to, length 0 if it is connected
 * @to_alice: likewise for bob
 */
struct ends {
	int alice;
	int bob;
	struct address to_bob;
	struct address to_alice;
};

/**
 * struct family - one way to send datagrams
 * @name: as scripts/bench knows it
 * @domain: AF_*
 * @protocol: third argument of socket(), for packet sockets
 * @can_connect: false if every datagram needs its address
 */
struct family {
	const char *name;
	int domain;
	int protocol;
	bool can_connect;
};

extern const struct family families[];
extern const size_t n_families;

#define MAX_SLAB_CACHES 512

/**
 * struct slab - memory that the kernel had given out at some moment
 * @total: bytes
 * @n: caches
 * @cache: each with its name, the size of its objects and the bytes it takes
 */
struct slab {
	long long total;
	size_t n;
	struct slab_cache {
		char name[64];
		int object;
		long long bytes;
	} cache[MAX_SLAB_CACHES];
};

const struct family *family_find(const char *name);
void family_address(const struct family *f, const char *host, int port, struct address *a);
void family_own_address(const struct family *f, const char *host, struct address *a);
int family_socket(const struct family *f);
void family_open(const struct family *f, bool connected, struct ends *ends);

void slab_read(struct slab *s);
void slab_print(const char *what, const char *family, const struct slab *before,
		const struct slab *after, int count);

/* Ends the program with a message if a call failed. */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);
long must(long result, const char *what);

/* A device of alice's that throws away what is sent, in 172.16.0.1/12. */
#define SINK_DEV	"sink"

void neighbours_change(const struct family *f, bool add, int first, int last);
double neighbours_send(const struct family *f, int fd, int count);

void enter(const char *netns);
uint64_t now_ns(void);
uint64_t clock_cost_ns(void);
uint64_t median(uint64_t *values, size_t n);

/* Marks for the profiler. */
void mark_begin(void);
void mark_end(void);

/* What the program can be asked for: each returns after printing its figures. */
void bench_flows(bool two_cpus, int rounds, int rr_count, int bursts, char **names);
void bench_one(const char *kind, int size, const char *mode, const char *name, int count);
void bench_sockets(const char *name, int count);
void bench_neighbours(const char *name, int few, int many);
void bench_cache(const char *name, int many, int at_once);

#endif /* BENCH_BENCH_H */
