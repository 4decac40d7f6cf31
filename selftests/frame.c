// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * TEACH frames made and read by hand: see frame.h.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <linux/if_packet.h>

#include "frame.h"

static uint8_t alice_mac[6], bob_mac[6];

/* A packet socket on bob's vb, which sees and sends TEACH frames. */
int wire_open(void)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_TEACH),
	};
	int fd;

	must(!link_mac("va", alice_mac), "va's MAC address");
	lab_enter(BOB);
	must(!link_mac("vb", bob_mac), "vb's MAC address");
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	ll.sll_ifindex = if_nametoindex("vb");
	must(fd >= 0 && !bind(fd, (struct sockaddr *)&ll, sizeof(ll)),
	     "packet socket");
	lab_enter(ALICE);
	return fd;
}

static uint32_t sum_add(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	return sum;
}

/*
 * The Internet checksum (RFC 1071), in host byte order, of a pseudo-header
 * (source, destination, zero, protocol, length: that of RFC 768) and the
 * transport header with what follows. 0 if the checksum in there is right.
 */
uint16_t frame_sum(const struct frame *fr, const void *transport, size_t len)
{
	uint32_t sum = fr->th.protocol + len;

	sum = sum_add(sum, &fr->th.saddr, 4);
	sum = sum_add(sum, &fr->th.daddr, 4);
	sum = sum_add(sum, transport, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Puts the right checksum in, after a change. */
void frame_checksum(struct frame *fr)
{
	size_t len = ntohs(fr->th.tot_len) - sizeof(fr->th);

	if (fr->th.protocol == TEACHPROTO_DGRAM) {
		fr->dgram.check = 0;
		fr->dgram.check = htons(frame_sum(fr, fr->rest, len));
	} else {
		fr->ctl.check = 0;
		fr->ctl.check = htons(frame_sum(fr, fr->rest, len));
	}
}

static void frame_header(struct frame *fr, uint8_t protocol, size_t len)
{
	memcpy(fr->eth.h_dest, alice_mac, 6);
	memcpy(fr->eth.h_source, bob_mac, 6);
	fr->eth.h_proto = htons(ETH_P_TEACH);
	fr->th = (struct teachhdr){
		.ver_hlen = TEACH_VERSION << 4 | sizeof(struct teachhdr) / 4,
		.tot_len = htons(sizeof(struct teachhdr) + len),
		.protocol = protocol,
		.hop_limit = TEACH_DEFAULT_HOPLIMIT,
		.saddr = htonl(BOB1),
		.daddr = htonl(ALICE1),
	};
}

/* A datagram from bob to alice; how long the frame is. */
size_t frame_dgram(struct frame *fr, uint16_t source, uint16_t dest,
		   const void *data, size_t len)
{
	memset(fr, 0, sizeof(*fr));
	frame_header(fr, TEACHPROTO_DGRAM, sizeof(fr->dgram) + len);
	fr->dgram.source = htons(source);
	fr->dgram.dest = htons(dest);
	fr->dgram.len = htons(sizeof(fr->dgram) + len);
	memcpy(fr->data, data, len);
	frame_checksum(fr);
	return ETH_HLEN + ntohs(fr->th.tot_len);
}

/* A control message from bob to alice; how long the frame is. */
size_t frame_ctl(struct frame *fr, uint8_t type, uint8_t code, uint32_t un,
		 const void *body, size_t len)
{
	memset(fr, 0, sizeof(*fr));
	frame_header(fr, TEACHPROTO_CONTROL, sizeof(fr->ctl) + len);
	fr->ctl.type = type;
	fr->ctl.code = code;
	fr->ctl.un.info = htonl(un);
	memcpy(fr->body, body, len);
	frame_checksum(fr);
	return ETH_HLEN + ntohs(fr->th.tot_len);
}

void frame_send(int wire, const struct frame *fr, size_t len)
{
	must(send(wire, &fr->eth, len, 0) == (ssize_t)len, "sending a frame");
}

/* Waits for a frame and returns its length. */
size_t frame_receive(int wire, struct frame *fr)
{
	ssize_t len;

	memset(fr, 0, sizeof(*fr));
	errno = ETIMEDOUT;
	must(wait_for(wire, POLLIN) & POLLIN, "waiting for a frame");
	len = recv(wire, &fr->eth, sizeof(*fr) - offsetof(struct frame, eth), 0);
	must(len >= 0, "receiving a frame");
	return len;
}
