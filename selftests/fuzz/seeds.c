// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Seeds: valid programs to begin with. Each is one thing that people do with the
 * module, in as few operations as that takes; which ones in particular is left to
 * the seed's number and to chance.
 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/rtnetlink.h>
#include <linux/teach.h>

#include "mutate.h"
#include "ops.h"

#define T0_ADDR	0x0a010001	/* see lab.h */

static struct op *add(struct prng *r, struct program *p, int type)
{
	struct op *op = program_insert(p, p->n);

	op_make(r, op, type);
	return op;
}

static void add_socket(struct prng *r, struct program *p, uint32_t slot, uint32_t protocol)
{
	struct op *op = add(r, p, OP_SOCKET);

	op->args[0] = slot;
	op->args[1] = SOCK_DGRAM;
	op->args[2] = protocol;
}

/* bind or connect */
static void add_named(struct prng *r, struct program *p, int type, uint32_t slot,
		      uint32_t addr, uint16_t port)
{
	struct op *op = add(r, p, type);
	struct sockaddr_teach name = {
		.teach_family = AF_TEACH,
		.teach_port = htons(port),
		.teach_addr.s_addr = htonl(addr),
	};

	op->args[0] = slot;
	memcpy(op->bytes, &name, sizeof(name));
	op->len = sizeof(name);
}

static void add_send(struct prng *r, struct program *p, uint32_t slot)
{
	struct op *op = add(r, p, OP_SEND);

	/* To the peer: no name, no control messages. */
	op->args[0] = slot;
	op->args[1] = 0;
	op->args[2] = 0;
	op->args[3] = 0;
	op->args[4] = 0;
	memset(op->bytes, 0, 32);
	op->bytes[0] = TEACH_CTL_ECHO_REQUEST;
	op->len = 32;
}

static void add_recv(struct prng *r, struct program *p, uint32_t slot, uint32_t flags)
{
	struct op *op = add(r, p, OP_RECV);

	op->args[0] = slot;
	op->args[1] = flags;
	op->args[2] = 2048;
	op->args[3] = 256;
}

static void add_option(struct prng *r, struct program *p, uint32_t slot, uint32_t name)
{
	struct op *op = add(r, p, OP_SETSOCKOPT);

	op->args[0] = slot;
	op->args[1] = SOL_TEACH;
	op->args[2] = name;
	memcpy(op->bytes, &(int){ 1 }, 4);
	op->len = 4;
}

static void add_frame(struct prng *r, struct program *p, uint32_t dev, enum frame_kind kind)
{
	struct op *op = add(r, p, OP_FRAME);

	op->args[0] = dev;
	op->args[1] = 14;
	op->args[2] = 0;
	op->args[3] = 0;
	frame_make(r, op, kind);
}

static void add_rtnl(struct prng *r, struct program *p, int type, int dump)
{
	rtnl_make(r, add(r, p, OP_RTNL), type, dump);
}

/* A socket sends to itself, and receives with all that can be asked for. */
static void self(struct prng *r, struct program *p, uint32_t protocol)
{
	add_socket(r, p, 0, protocol);
	add_option(r, p, 0, TEACH_PKTINFO);
	add_option(r, p, 0, TEACH_RECVHOPLIMIT);
	add_option(r, p, 0, TEACH_RECVTCLASS);
	add_named(r, p, OP_BIND, 0, T0_ADDR, 7000);
	add_named(r, p, OP_CONNECT, 0, T0_ADDR, 7000);
	add_send(r, p, 0);
	add_recv(r, p, 0, MSG_PEEK);
	add_recv(r, p, 0, 0);
}

/* A frame comes in for a socket. */
static void receive(struct prng *r, struct program *p, uint32_t dev)
{
	add_socket(r, p, 0, 0);
	add_named(r, p, OP_BIND, 0, 0, 7000);
	add_frame(r, p, dev, FRAME_DGRAM);
	add_frame(r, p, dev, FRAME_DGRAM);
	add_recv(r, p, 0, 0);
}

/* A neighbour is asked for, and answers. */
static void resolve(struct prng *r, struct program *p, uint32_t dev)
{
	add_socket(r, p, 0, 0);
	add_option(r, p, 0, TEACH_RECVERR);
	add_named(r, p, OP_CONNECT, 0, T0_ADDR + 1 + (dev << 16), 7000);
	add_send(r, p, 0);
	add_frame(r, p, dev, FRAME_ARP_REPLY);
	add_frame(r, p, dev, FRAME_ARP_REQUEST);
	add_frame(r, p, dev, FRAME_ND_SOLICIT);
	add_frame(r, p, dev, FRAME_ND_ADVERT);
	add_frame(r, p, dev, FRAME_UNREACH);
	add_recv(r, p, 0, MSG_ERRQUEUE);
}

/* Nobody is on the port. */
static void refuse(struct prng *r, struct program *p)
{
	add_socket(r, p, 0, 0);
	add_option(r, p, 0, TEACH_RECVERR);
	add_named(r, p, OP_CONNECT, 0, T0_ADDR, 7002);
	add_send(r, p, 0);
	add_recv(r, p, 0, MSG_ERRQUEUE);
	add_recv(r, p, 0, 0);
}

/* Several sockets on a port. */
static void group(struct prng *r, struct program *p)
{
	uint32_t slot;

	for (slot = 0; slot < 3; slot++) {
		add_socket(r, p, slot, 0);
		add_option(r, p, slot, TEACH_REUSEPORT);
		add_named(r, p, OP_BIND, slot, 0, 7000);
	}
	add_frame(r, p, 0, FRAME_DGRAM);
	add_recv(r, p, 0, 0);
	add(r, p, OP_CLOSE)->args[0] = 1;
	add_frame(r, p, 0, FRAME_DGRAM);
}

/* One socket, and everything that can be done to it at once. */
static void race(struct prng *r, struct program *p)
{
	static const uint8_t types[] = {
		OP_BIND, OP_CONNECT, OP_SEND, OP_RECV, OP_CLOSE, OP_SETSOCKOPT,
		OP_SHUTDOWN, OP_IOCTL, OP_FRAME, OP_DIAG, OP_PROC, OP_SOCKET,
	};
	struct op *op;
	int i;

	add_socket(r, p, 0, prng_one_in(r, 3) ? TEACHPROTO_CONTROL : 0);
	if (prng_one_in(r, 2))
		add_named(r, p, OP_BIND, 0, prng_one_in(r, 2) ? 0 : T0_ADDR, 7000);
	for (i = 0; i < 14; i++) {
		op = add(r, p, PICK(r, types));
		op->thread = i % THREADS;
		if (op->type != OP_FRAME && op->type != OP_PROC && op->type != OP_DIAG)
			op->args[0] = 0;
	}
}

void seed_make(struct prng *r, struct program *p, int number)
{
	p->n = 0;
	switch (number) {
	case 0:
		self(r, p, TEACHPROTO_DGRAM);
		break;
	case 1:
		self(r, p, TEACHPROTO_CONTROL);
		break;
	case 2:
	case 3:
		receive(r, p, number - 2);
		break;
	case 4:
	case 5:
	case 6:
		resolve(r, p, number - 4);
		break;
	case 7:
		refuse(r, p);
		break;
	case 8:
		group(r, p);
		break;
	case 9:
	case 10:
	case 11:
	case 12:
		race(r, p);
		break;
	case 13:
		add_frame(r, p, 0, FRAME_ECHO);
		add_frame(r, p, 1, FRAME_ECHO);
		add_frame(r, p, 0, FRAME_ECHO_REPLY);
		add_frame(r, p, 0, FRAME_UNKNOWN);
		break;
	case 14:
		add_rtnl(r, p, RTM_NEWADDR, 0);
		add_rtnl(r, p, RTM_GETADDR, 1);
		add_rtnl(r, p, RTM_DELADDR, 0);
		break;
	case 15:
		add_rtnl(r, p, RTM_NEWNEIGH, 0);
		add_rtnl(r, p, RTM_GETNEIGH, 0);
		add_rtnl(r, p, RTM_GETNEIGH, 1);
		add_rtnl(r, p, RTM_DELNEIGH, 0);
		break;
	case 16:
	case 17:
	case 18:
	case 19:
		genl_make(r, add(r, p, OP_GENL), number - 15, 0);
		genl_make(r, add(r, p, OP_GENL), TEACH_CMD_LINK_GET, 1);
		break;
	case 20:
		/* Asked for by RARP, told, taken. */
		genl_make(r, add(r, p, OP_GENL), TEACH_CMD_RARP_START, 0);
		add_frame(r, p, 0, FRAME_RARP_REPLY);
		add_frame(r, p, 1, FRAME_RARP_REPLY);
		add(r, p, OP_WAIT);
		break;
	case 21:
		/* The server is told, and asked. */
		genl_make(r, add(r, p, OP_GENL), TEACH_CMD_RARP_ADD, 0);
		add_frame(r, p, 0, FRAME_RARP_REQUEST);
		genl_make(r, add(r, p, OP_GENL), TEACH_CMD_RARP_GET, 1);
		genl_make(r, add(r, p, OP_GENL), TEACH_CMD_RARP_DEL, 0);
		break;
	case 22:
		add_rtnl(r, p, RTM_NEWNEIGH, 0);
		genl_make(r, add(r, p, OP_GENL), TEACH_CMD_NEIGH_GET, 0);
		genl_make(r, add(r, p, OP_GENL), TEACH_CMD_NEIGH_GET, 1);
		break;
	case 23:
		add_socket(r, p, 0, 0);
		add_named(r, p, OP_BIND, 0, 0, 7000);
		add(r, p, OP_DIAG);
		add(r, p, OP_PROC)->args[0] = 3;
		break;
	case 24:
		add_socket(r, p, 0, 0);
		add(r, p, OP_IOCTL)->args[0] = 0;
		add(r, p, OP_IOCTL)->args[0] = 0;
		add(r, p, OP_IOCTL)->args[0] = 0;
		break;
	case 25:
		add(r, p, OP_SYSCTL);
		add(r, p, OP_PROC);
		break;
	default:
		resolve(r, p, 0);
		add(r, p, OP_LINK);
		add(r, p, OP_WAIT);
	}
}
