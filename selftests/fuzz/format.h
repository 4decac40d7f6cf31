/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats: what the bytes of an operation mean. A format makes valid bytes; changes
 * them as only one who knows them can; and repairs what depends on the rest
 * (lengths, checksums), so that a change reaches the code behind those checks.
 */
#ifndef FUZZ_FORMAT_H
#define FUZZ_FORMAT_H

#include <stddef.h>
#include "prng.h"

struct op;

/**
 * struct format - of the bytes of an operation
 * @make: fills op->bytes and op->len with something valid; op->args are set
 * @mutate: changes something, keeping the structure; or NULL
 * @repair: makes lengths and checksums right; or NULL
 */
struct format {
	void (*make)(struct prng *r, struct op *op);
	void (*mutate)(struct prng *r, struct op *op);
	void (*repair)(struct op *op);
};

extern const struct format format_sockaddr;	/* sockets.c */
extern const struct format format_message;
extern const struct format format_option;
extern const struct format format_ioctl;
extern const struct format format_sysctl;
extern const struct format format_frame;	/* frame.c */
extern const struct format format_rtnl;		/* netlink.c */
extern const struct format format_genl;
extern const struct format format_diag;

/* Any address, likely one of the lab's; in network byte order. */
uint32_t format_addr(struct prng *r);
/* A port, of a handful; in network byte order. */
uint16_t format_port(struct prng *r);
/* An index of a device of the lab, at times 0 or one that does not exist. */
uint32_t format_ifindex(struct prng *r);
/* A MAC address of the lab or a bad one. */
void format_mac(struct prng *r, uint8_t mac[6]);
/* A number at an edge. */
uint32_t format_number(struct prng *r);

/* A frame of a known kind, for seeds.c. */
enum frame_kind {
	FRAME_ARP_REQUEST, FRAME_ARP_REPLY, FRAME_RARP_REQUEST, FRAME_RARP_REPLY,
	FRAME_ND_SOLICIT, FRAME_ND_ADVERT, FRAME_DGRAM,
	FRAME_ECHO, FRAME_ECHO_REPLY, FRAME_UNREACH, FRAME_UNKNOWN,
	FRAME_KINDS
};

void frame_make(struct prng *r, struct op *op, enum frame_kind kind);

/* A request of a type, for seeds.c. */
void rtnl_make(struct prng *r, struct op *op, int type, int dump);
void genl_make(struct prng *r, struct op *op, int cmd, int dump);

#endif /* FUZZ_FORMAT_H */
