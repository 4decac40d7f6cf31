/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The soak test: everything that the module has to do with is made, changed and
 * taken away by several threads on all CPUs, at random, while packets flow.
 *
 *	main.c		the rounds: load, churn, stop, unload, what is left; the figures
 *	worker.c	the threads, and how each operation ends
 *	place.c		where things happen: the stable pair of namespaces, those that change
 *	device.c	operations: namespaces and devices
 *	manage.c	operations: addresses, neighbours, parameters
 *	dump.c		operations: reading all of it meanwhile
 *	sock.c		operations: sockets, shared by all threads
 *	inject.c	operations: frames of hosts that are not there
 *	flow.c		datagrams between the stable pair, which must keep flowing
 *	remains.c	what is left afterwards: references, memory, words in the log
 *	request.c	netlink requests
 *
 * A round is one process of many threads. Numbers of descriptors are fixed: what a
 * thread closes another may be using, and finds either nothing or another one of
 * the same kind, never something else.
 *
 * Random choices come from one seed. Each operation has a generator of its own,
 * seeded by its thread's: what it meets with does not change what comes after it.
 */
#ifndef SELFTESTS_SOAK_H
#define SELFTESTS_SOAK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <libmnl/libmnl.h>

#include "../common.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* ---- random numbers -------------------------------------------------------------- */

struct rnd {
	uint64_t state;
};

/* splitmix64: any state is a good one. */
static inline uint64_t rnd_next(struct rnd *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static inline uint32_t rnd_below(struct rnd *r, uint32_t n)
{
	return (rnd_next(r) >> 32) % n;
}

static inline bool rnd_once_in(struct rnd *r, uint32_t n)
{
	return !rnd_below(r, n);
}

/* ---- operations and who runs them --------------------------------------------------- */

#define MAX_OPS		96
#define MAX_WORKERS	32

struct worker {
	int index;
	struct rnd rnd;		/* of the operation that runs */
};

struct op {
	const char *name;
	int weight;		/* how often, relative to others */
	int (*run)(struct worker *w);	/* 0 or more: done; or -errno */
	bool optional;		/* not every kernel has it */
};

#define OP(_name, _weight, _run) \
	{ .name = (_name), .weight = (_weight), .run = (_run) }
#define OPTIONAL(_name, _weight, _run) \
	{ .name = (_name), .weight = (_weight), .run = (_run), .optional = true }

/* What the round's process and the main one share. */
struct shared {
	atomic_bool stop;
	struct {
		atomic_ulong done;
		atomic_ulong refused;
		atomic_int why;		/* errno of the last refusal */
		atomic_long ms;		/* all of them together */
	} ops[MAX_OPS];
	struct {
		atomic_int tid;
		atomic_int op;		/* -1: between two */
		atomic_long since_ms;
	} workers[MAX_WORKERS];
	struct {
		atomic_ulong packets;	/* that arrived as they were sent */
		atomic_ulong lost;
		atomic_ulong errors;
		atomic_ulong corrupt;
		atomic_long last_ms;	/* when the last one arrived */
	} flow;
	atomic_ulong received;	/* by sockets that come and go */
	atomic_ulong injected;
	atomic_bool unloaded;		/* rmmod succeeded while sockets were open */
};

extern struct shared *shared;

const struct op *op_get(int i);
int op_count(void);
int workers_run(uint64_t seed, int round, int count);
long now_ms(void);

extern const struct op device_ops[], manage_ops[], dump_ops[], sock_ops[], inject_ops[];

/* ---- places --------------------------------------------------------------------------- */

#define N_PLACES	4	/* namespaces that come and go */
#define N_DEVS		6	/* names of devices in each: d0 ... */
#define N_LANS		2	/* Ethernets' prefixes: 10.9.0.0/24 ... */
#define N_HOSTS		6	/* on each, of which N_PLACES may be there */
#define N_SOCKS		16

#define PLACE_FD(i)	(300 + (i))	/* a namespace */
#define SOCK_FD(i)	(400 + (i))	/* a socket */

void stable_make(void);
void stable_addresses(void);
void stable_enter(enum host at);
void places_make(struct rnd *r);
int place_new(int i, struct rnd *r);
int place_enter(struct worker *w);
int place_enter_any(struct worker *w);
int place_pick(struct rnd *r);
void dev_name(char name[16], struct rnd *r);
bool dev_find(char name[16], struct rnd *r, bool there);
uint32_t lan_addr(int lan, int host);
uint32_t addr_pick(struct rnd *r);
uint16_t port_pick(struct rnd *r);
void mac_pick(uint8_t mac[6], struct rnd *r);

/* ---- netlink ------------------------------------------------------------------------------ */

struct request {
	char buf[1024] __attribute__((aligned(8)));
	struct nlmsghdr *hdr;
};

void req_begin(struct request *req, uint16_t type, uint16_t flags, const void *header,
	       size_t len);
int req_ask(struct request *req, int protocol);
int req_read(struct request *req, int protocol, mnl_cb_t cb, void *data);
int req_abandon(struct request *req, int protocol);

extern int genl_family;		/* the number of "teach", looked up in each round */
int genl_family_get(void);

int veth_add(const char *dev, const char *peer, int peer_fd);

/* ---- the flow, injected frames -------------------------------------------------------------- */

void flow_start(void);
void flow_join(void);
void inject_for_ever(uint64_t seed) __attribute__((noreturn));

/* ---- what is left ----------------------------------------------------------------------------- */

struct remains {
	long namespaces;
	long devices;		/* -1: this kernel does not tell */
	bool exact;
};

void remains_get(struct remains *r);
bool remains_more(const struct remains *before, const struct remains *now);
void remains_show(FILE *to);
bool kmemleak_begin(void);
long kmemleak_bytes(void);
void log_begin(void);
void log_read(void);
int log_reports(const char *checker);

#endif /* SELFTESTS_SOAK_H */
