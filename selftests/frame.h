/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TEACH frames made and read by hand, from bob's end of the first Ethernet.
 *
 * A frame is built whole and correct; a test then spoils what it is about.
 */
#ifndef SELFTESTS_FRAME_H
#define SELFTESTS_FRAME_H

#include <stddef.h>
#include <linux/if_ether.h>

#include "common.h"

struct frame {
	uint16_t align;		/* not sent: aligns what follows the MAC header */
	struct ethhdr eth;
	struct teachhdr th;
	union {
		struct {
			struct teach_dgramhdr dgram;
			uint8_t data[1476];
		};
		struct {
			struct teach_ctlhdr ctl;
			uint8_t body[1476];
		};
		uint8_t rest[1484];
	};
	uint8_t room[64];	/* for a test that makes the header longer */
};

_Static_assert(offsetof(struct frame, th) == offsetof(struct frame, eth) + ETH_HLEN &&
	       offsetof(struct frame, data) == offsetof(struct frame, th) + 24,
	       "struct frame has no holes");

/* Bytes in front of what a frame carries. */
#define FRAME_DGRAM	(ETH_HLEN + sizeof(struct teachhdr) + \
			 sizeof(struct teach_dgramhdr))

int wire_open(void);
size_t frame_dgram(struct frame *fr, uint16_t source, uint16_t dest,
		   const void *data, size_t len);
size_t frame_ctl(struct frame *fr, uint8_t type, uint8_t code, uint32_t un,
		 const void *body, size_t len);
uint16_t frame_sum(const struct frame *fr, const void *transport, size_t len);
void frame_checksum(struct frame *fr);
void frame_send(int wire, const struct frame *fr, size_t len);
size_t frame_receive(int wire, struct frame *fr);

/* Frames of one sender come in in the order in which they were sent: once this datagram from
 * bob is the next thing that alice's socket receives, what was sent before it has been dealt
 * with.
 */
#define SETTLE(_wire, _s, _from, _to) do { \
	struct frame _fr; \
	char _c = 0; \
	frame_send(_wire, &_fr, frame_dgram(&_fr, _from, _to, "s", 1)); \
	EXPECT_RET(1, recv(_s, &_c, 1, 0)); \
	EXPECT_EQ('s', _c); \
} while (0)

#endif /* SELFTESTS_FRAME_H */
