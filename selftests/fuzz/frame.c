// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ethernet frames: ARP and RARP about TEACH addresses, and TEACH packets with a datagram, a
 * control message or something unknown in them. See Documentation/protocol.md.
 */
#include <arpa/inet.h>
#include <string.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/teach.h>

#include "lab.h"
#include "ops.h"

#define ETH		ETH_HLEN
#define TEACH_AT	ETH
#define SUM_START	8	/* of the TEACH header: source and destination */


static void *put(struct op *op, const void *data, size_t len)
{
	uint8_t *at = op->bytes + op->len;

	if (op->len + len > OP_BYTES)
		len = OP_BYTES - op->len;
	if (data)
		memcpy(at, data, len);
	else
		memset(at, 0, len);
	op->len += len;
	return at;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

/* Neighbour discovery: operations of ARP, with four bytes of flags behind. */
#define ND_SOLICIT	24
#define ND_ADVERT	25

/* ---- Making --------------------------------------------------------------------- */

/* The lab's address on the device of the frame, and that of a host on its other side. */
static uint32_t local_addr(const struct op *op)
{
	return htonl(0x0a010001 + (op->args[0] % LAB_DEVS << 16));
}

static uint32_t peer_addr(struct prng *r, const struct op *op)
{
	if (prng_one_in(r, 8))
		return format_addr(r);
	return htonl(0x0a010002 + (op->args[0] % LAB_DEVS << 16) + prng_below(r, 3));
}

static uint32_t to_addr(struct prng *r, const struct op *op)
{
	if (prng_one_in(r, 8))
		return format_addr(r);
	if (prng_one_in(r, 8))
		return htonl(0x0a0100ff + (op->args[0] % LAB_DEVS << 16));
	return local_addr(op);
}

static void put_ethernet(struct prng *r, struct op *op, uint16_t type, int broadcast)
{
	static const uint8_t all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	uint8_t to[ETH_ALEN] = LAB_MAC(1 + op->args[0] % LAB_DEVS);
	uint8_t from[ETH_ALEN] = LAB_MAC(0x10 + prng_below(r, 3));

	op->len = 0;
	if (prng_one_in(r, 16))
		format_mac(r, from);
	put(op, broadcast ? all : to, ETH_ALEN);
	put(op, from, ETH_ALEN);
	put16(put(op, NULL, 2), type);
}

static void put_arp(struct prng *r, struct op *op, uint16_t operation)
{
	const uint8_t start[] = { 0, ARPHRD_ETHER, ETH_P_TEACH >> 8, ETH_P_TEACH & 0xff,
				  ETH_ALEN, 4, 0, operation };
	uint32_t sender = peer_addr(r, op), target = to_addr(r, op);
	int reverse = operation == ARPOP_RREQUEST || operation == ARPOP_RREPLY;
	uint8_t mac[ETH_ALEN];

	put(op, start, sizeof(start));
	/* Mostly the frame's own sender. */
	memcpy(mac, op->bytes + ETH_ALEN, ETH_ALEN);
	if (prng_one_in(r, 8))
		format_mac(r, mac);
	put(op, mac, ETH_ALEN);
	/* Probes, announcements, conflicts. */
	if (prng_one_in(r, 8))
		sender = prng_one_in(r, 2) ? target : 0;
	if (operation == ARPOP_RREQUEST)
		sender = target = 0;
	put(op, &sender, 4);
	if (operation != ARPOP_RREQUEST)
		memcpy(mac, op->bytes, ETH_ALEN);
	put(op, operation == ARPOP_REQUEST ? NULL : mac, ETH_ALEN);
	if (reverse && prng_one_in(r, 4))
		target = format_addr(r);
	put(op, &target, 4);
}

static void put_header(struct op *op, uint8_t protocol, uint32_t from, uint32_t to,
		       uint8_t option_words)
{
	struct teachhdr hdr = {
		.ver_hlen = TEACH_VERSION << 4 | (TEACH_HDR_LEN / 4 + option_words),
		.protocol = protocol,
		.hop_limit = TEACH_DEFAULT_HOPLIMIT,
		.saddr = from,
		.daddr = to,
	};

	put(op, &hdr, sizeof(hdr));
	put(op, NULL, option_words * 4);
}

static void put_body(struct prng *r, struct op *op)
{
	static const uint16_t lens[] = { 0, 1, 4, 18, 64, 100, 128, 300 };
	uint32_t n = PICK(r, lens);

	while (n--)
		*(uint8_t *)put(op, NULL, 1) = n;
}

static void put_ports(struct prng *r, struct op *op, int swap)
{
	struct teach_dgramhdr hdr = {
		.source = format_port(r), .dest = format_port(r),
	};
	uint16_t source = hdr.source;

	if (swap) {
		hdr.source = hdr.dest;
		hdr.dest = source;
	}
	put(op, &hdr, sizeof(hdr));
}

/* The packet that an error is about: one that this host can have sent. */
static void put_quote(struct prng *r, struct op *op, uint32_t to)
{
	struct teach_ctlhdr echo = {
		.type = TEACH_CTL_ECHO_REQUEST, .un.echo.id = format_port(r),
	};
	uint8_t words = prng_one_in(r, 8) ? prng_below(r, 12) : 0;

	if (prng_one_in(r, 3)) {
		put_header(op, TEACHPROTO_CONTROL, local_addr(op), to, words);
		put(op, &echo, sizeof(echo));
	} else {
		put_header(op, TEACHPROTO_DGRAM, local_addr(op), to, words);
		put_ports(r, op, 0);
	}
	put_body(r, op);
}

static void put_control(struct prng *r, struct op *op, enum frame_kind kind, uint32_t from)
{
	struct teach_ctlhdr ctl = {
		.type = kind == FRAME_ECHO ? TEACH_CTL_ECHO_REQUEST :
			kind == FRAME_UNREACH ? TEACH_CTL_UNREACH : TEACH_CTL_ECHO_REPLY,
	};

	if (kind == FRAME_UNREACH)
		ctl.code = prng_below(r, 5);
	else
		ctl.un.echo.id = format_port(r);
	put(op, &ctl, sizeof(ctl));
	if (kind == FRAME_UNREACH)
		put_quote(r, op, from);
	else
		put_body(r, op);
}

/* The end of a message, and the group that a question goes to. */
static void put_nd(struct prng *r, struct op *op, int solicit)
{
	const uint8_t *target = op->bytes + ETH + 24;
	uint8_t *flags;

	if (solicit && !prng_one_in(r, 8)) {
		const uint8_t group[] = { 3, 'T', 'E', target[1], target[2], target[3] };

		memcpy(op->bytes, group, ETH_ALEN);
	}
	if (prng_one_in(r, 16))
		return;
	flags = put(op, NULL, 4);
	flags[0] = prng_below(r, 8) << 5;
}

static void repair(struct op *op);

void frame_make(struct prng *r, struct op *op, enum frame_kind kind)
{
	uint8_t words = prng_one_in(r, 16) ? prng_below(r, 12) : 0;
	uint32_t from = peer_addr(r, op), to = to_addr(r, op);
	int broadcast = prng_one_in(r, 8);

	if (kind == FRAME_ARP_REQUEST || kind == FRAME_ARP_REPLY) {
		put_ethernet(r, op, ETH_P_ARP, kind == FRAME_ARP_REQUEST || broadcast);
		put_arp(r, op, kind == FRAME_ARP_REQUEST ? ARPOP_REQUEST : ARPOP_REPLY);
		return;
	}
	if (kind == FRAME_ND_SOLICIT || kind == FRAME_ND_ADVERT) {
		put_ethernet(r, op, ETH_P_ARP, kind == FRAME_ND_ADVERT && broadcast);
		put_arp(r, op, kind == FRAME_ND_SOLICIT ? ND_SOLICIT : ND_ADVERT);
		put_nd(r, op, kind == FRAME_ND_SOLICIT);
		return;
	}
	if (kind == FRAME_RARP_REQUEST || kind == FRAME_RARP_REPLY) {
		put_ethernet(r, op, ETH_P_RARP, kind == FRAME_RARP_REQUEST || broadcast);
		put_arp(r, op, kind == FRAME_RARP_REQUEST ? ARPOP_RREQUEST : ARPOP_RREPLY);
		return;
	}
	put_ethernet(r, op, ETH_P_TEACH, broadcast);
	switch (kind) {
	case FRAME_DGRAM:
		put_header(op, TEACHPROTO_DGRAM, from, to, words);
		put_ports(r, op, 0);
		put_body(r, op);
		break;
	case FRAME_ECHO:
	case FRAME_ECHO_REPLY:
	case FRAME_UNREACH:
		put_header(op, TEACHPROTO_CONTROL, from, to, words);
		put_control(r, op, kind, from);
		break;
	default:
		put_header(op, prng_next(r), from, to, words);
		put_body(r, op);
	}
	repair(op);
}

static void make(struct prng *r, struct op *op)
{
	frame_make(r, op, prng_below(r, FRAME_KINDS));
}

/* ---- Repairing ------------------------------------------------------------------- */

static uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	return sum;
}

/* Lengths and checksum of the packet at @p, of which @len bytes are here. */
static void repair_packet(uint8_t *p, size_t len)
{
	size_t hlen = (p[0] & 15) * 4, at, rest;
	uint32_t sum;

	if (len < TEACH_HDR_LEN || hlen < TEACH_HDR_LEN || len < hlen + 8)
		return;
	p[0] = (p[0] & 15) | TEACH_VERSION << 4;
	rest = len - hlen;
	put16(p + 2, len);
	if (p[4] == TEACHPROTO_DGRAM) {
		put16(p + hlen + 4, rest);
		at = hlen + 6;
	} else if (p[4] == TEACHPROTO_CONTROL) {
		at = hlen + 2;
	} else {
		return;
	}
	put16(p + at, 0);
	sum = sum_add(p[4] + rest, p + SUM_START, 8);
	sum = sum_add(sum, p + hlen, rest);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(p + at, ~sum);
}

static void repair(struct op *op)
{
	size_t at = ETH;

	/* One or two VLAN tags. */
	while (op->len > at + 4 && get16(op->bytes + at - 2) == ETH_P_8021Q)
		at += 4;
	if (op->len > at && get16(op->bytes + at - 2) == ETH_P_TEACH)
		repair_packet(op->bytes + at, op->len - at);
}

/* ---- Mutating -------------------------------------------------------------------- */

static void mutate_arp(struct prng *r, uint8_t *p, size_t len)
{
	uint32_t addr = format_addr(r);

	if (len < 28)
		return;
	switch (prng_below(r, 5)) {
	case 0:
		p[7] = prng_one_in(r, 2) ? ND_SOLICIT + prng_below(r, 2) : prng_below(r, 6);
		break;
	case 1:
		format_mac(r, p + 8);
		break;
	case 2:
		memcpy(p + 14, &addr, 4);
		break;
	case 3:
		memcpy(p + 24, &addr, 4);
		break;
	case 4:
		p[prng_below(r, 8)] = format_number(r);
		break;
	}
}

static void mutate_packet(struct prng *r, uint8_t *p, size_t len)
{
	static const uint8_t protocols[] = { 0, 1, 6, 17, 255 };
	size_t hlen = (p[0] & 15) * 4;
	uint32_t addr = format_addr(r);
	uint16_t port = format_port(r);

	if (len < TEACH_HDR_LEN || len < hlen + 8)
		return;
	switch (prng_below(r, 8)) {
	case 0:
		p[0] = prng_next(r);
		break;
	case 1:
		put16(p + 2, len - 4 + prng_below(r, 8));
		break;
	case 2:
		p[4] = PICK(r, protocols);
		break;
	case 3:
		memcpy(p + 8 + 4 * prng_below(r, 2), &addr, 4);
		break;
	case 4:
		memcpy(p + hlen + 2 * prng_below(r, 4), &port, 2);
		break;
	case 5:
		put16(p + hlen + 4, len - hlen - 4 + prng_below(r, 8));
		break;
	case 6:
		p[hlen] = prng_below(r, 10);
		break;
	case 7:
		p[hlen + 1] = prng_below(r, 6);
		break;
	}
}

static void mutate(struct prng *r, struct op *op)
{
	uint16_t type = op->len >= ETH ? get16(op->bytes + ETH - 2) : 0;

	if ((type == ETH_P_ARP || type == ETH_P_RARP) && !prng_one_in(r, 8))
		mutate_arp(r, op->bytes + ETH, op->len - ETH);
	else if (type == ETH_P_TEACH && !prng_one_in(r, 8))
		mutate_packet(r, op->bytes + ETH, op->len - ETH);
	else
		make(r, op);
}

const struct format format_frame = { make, mutate, repair };
