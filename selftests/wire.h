/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of frames, ARP, neighbours and management share: ARP frames
 * made by hand, counters compared as a whole, what the neighbour cache tells,
 * and netlink requests byte by byte with the kernel's own words about them.
 *
 * Carol is a third host on the first Ethernet, played by the test from bob's end of
 * it: nobody answers for her unless the test does.
 *
 * Functions that prepare something do not return on failure, as in common.h.
 */
#ifndef SELFTESTS_WIRE_H
#define SELFTESTS_WIRE_H

#include <linux/if_ether.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>

#include "frame.h"

#define CAROL		0x0a010032u	/* 10.1.0.50 */
#define CAROL_MAC	"\x02\x00\x00\x00\x00\x50"
#define DAVE_MAC	"\x02\x00\x00\x00\x00\x51"
#define ALL_MAC		"\xff\xff\xff\xff\xff\xff"
#define NO_MAC		"\x00\x00\x00\x00\x00\x00"

/* ---- ARP (RFC 826) ---- */

struct arp_frame {
	struct ethhdr eth;
	uint16_t hrd;
	uint16_t pro;
	uint8_t hln;
	uint8_t pln;
	uint16_t op;
	uint8_t sender_mac[6];
	uint32_t sender;
	uint8_t target_mac[6];
	uint32_t target;
	uint8_t room[64];	/* behind the message: padding */
} __attribute__((packed));

#define ARP_FRAME	42	/* bytes, without padding */
#define ARP_REQUEST	1
#define ARP_REPLY	2

int frame_socket(enum host at, const char *dev, uint16_t protocol);
int arp_open(const char *dev);
int rarp_open(const char *dev);
void arp_make(struct arp_frame *a, int op, const void *sender_mac, uint32_t sender,
	      const void *target_mac, uint32_t target);
void arp_put(int wire, const struct arp_frame *a, size_t len);
size_t arp_get(int wire, struct arp_frame *a, int limit_ms);
void carol_answers(int arp);

/* ---- what alice answers ---- */

/* Frames at both ends of the first Ethernet, for tests over both families. */
struct exchange {
	int at_bob;
	int at_alice;
	uint16_t pro;		/* ARP's protocol type, in network byte order */
};

void exchange_open(struct exchange *x, const struct family *f);
void exchange_again(struct exchange *x);
bool exchange_next(struct exchange *x, struct arp_frame *in);
bool exchange_wait(struct exchange *x, struct arp_frame *in, int limit_ms);

/* ---- counters ---- */

struct counters {
	uint64_t value[TEACH_STAT_MAX + 1];
};

void counters_read(struct counters *c);
uint64_t counter(int id);
bool only_dropped(const struct counters *before, int id, uint64_t n);
uint64_t counters_dropped(const struct counters *before, const struct counters *now);

/* ---- the lab ---- */

void lab_ready(void);
void link_parm(const char *dev, int parm, uint32_t value);
int link_arp(const char *dev, int on);
uint8_t *mac_of(enum host at, const char *dev, uint8_t mac[6]);

/* ---- what the neighbour cache tells on RTNLGRP_NEIGH ---- */

struct neigh_event {
	int type;		/* RTM_NEWNEIGH, RTM_DELNEIGH */
	int ifindex;
	int state;
	uint32_t addr;		/* in host byte order */
	bool has_mac;
	uint8_t mac[6];
	uint32_t confirmed;	/* hundredths of a second ago */
	uint32_t used;
	uint32_t probes;
};

int neigh_watch(void);
bool neigh_next(int fd, struct neigh_event *e, int limit_ms);
int neigh_dump(struct neigh_event *list, int size);
bool neigh_find(uint32_t addr, struct neigh_event *e);
void lab_only_bob(void);
void neigh_forget(const char *dev, uint32_t addr);

/* ---- netlink ---- */

#define NL_ROOM	2048

/* A request as it is built; what the kernel said about it. */
struct nl {
	int fd;
	uint32_t seq;
	union {
		struct nlmsghdr hdr;
		uint8_t bytes[NL_ROOM];
	};
	char said[256];		/* extended acknowledgement, or "" */
	int answers;		/* messages that came before the acknowledgement */
	uint16_t answer_type;	/* the last of them */
	uint8_t answer[4096];	/* its payload */
	size_t answer_len;
	bool unsure;		/* by nl_try(): the acknowledgement was lost */
};

int nl_open(int protocol);
void nl_begin(struct nl *nl, uint16_t type, uint16_t flags, const void *header,
	      size_t len);
void nl_attr(struct nl *nl, uint16_t type, const void *value, size_t len);
void nl_attr_u32(struct nl *nl, uint16_t type, uint32_t value);
int nl_ask(struct nl *nl);
long nl_try(struct nl *nl);
const void *nl_answer_attr(const struct nl *nl, size_t header, uint16_t type,
			   size_t *len);
int teach_genl_id(void);

/* Expects a netlink request to be refused so, in words where there are any. */
#define EXPECT_REFUSED(_errno, _nl) do { \
	struct nl *_n = (_nl); \
	int _ret = nl_ask(_n); \
	EXPECT_EQ(-(_errno), _ret) TH_LOG("said: '%s'", _n->said); \
	if ((_errno) != EPERM) \
		EXPECT_NE(0, _n->said[0]) TH_LOG("refused without a word"); \
} while (0)

#define EXPECT_ACCEPTED(_nl) do { \
	struct nl *_n = (_nl); \
	int _ret = nl_ask(_n); \
	EXPECT_EQ(0, _ret) TH_LOG("said: '%s'", _n->said); \
} while (0)

#endif /* SELFTESTS_WIRE_H */
