// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What socket calls take: addresses, messages with control messages, options, the
 * structures of ioctls. And the values that all formats choose from.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/sockios.h>
#include <linux/teach.h>

#include "lab.h"
#include "ops.h"

/* ---- Values ---------------------------------------------------------------------- */

uint32_t format_addr(struct prng *r)
{
	static const uint32_t addrs[] = {
		0x0a010001, 0x0a010005, 0x0a010002, 0x0a010003, 0x0a0100ff, 0x0a010000,
		0x0a020001, 0x0a020002, 0x0a030001, 0x0a030002, 0x0a030063, 0xffffffff,
		0x00000000, 0xc0000201, 0x7f000001,
	};

	if (prng_one_in(r, 16))
		return prng_next(r);
	return htonl(PICK(r, addrs));
}

uint16_t format_port(struct prng *r)
{
	static const uint16_t ports[] = { 7000, 7000, 7000, 7001, 7001, 7002, 0, 80, 65535 };

	return htons(PICK(r, ports));
}

uint32_t format_ifindex(struct prng *r)
{
	static const uint32_t others[] = { 0, 1, 99, 0x7fffffff, 0x80000000, 0xffffffff };

	if (prng_one_in(r, 8))
		return PICK(r, others);
	return LAB_FIRST_IFINDEX + prng_below(r, LAB_DEVS);
}

void format_mac(struct prng *r, uint8_t mac[6])
{
	static const uint8_t lasts[] = { 0x01, 0x02, 0x03, 0x10, 0x11, 0x12 };
	uint8_t plain[6] = LAB_MAC(PICK(r, lasts));

	memcpy(mac, plain, 6);
	if (prng_one_in(r, 8))
		memset(mac, 0, 6);
	if (prng_one_in(r, 8))
		mac[0] |= 1;
	if (prng_one_in(r, 16))
		memset(mac, 0xff, 6);
}

uint32_t format_number(struct prng *r)
{
	static const uint32_t numbers[] = {
		0, 1, 2, 3, 4, 6, 7, 8, 15, 16, 17, 32, 63, 64, 100, 127, 128, 255, 256,
		1023, 1024, 1499, 1500, 4096, 32767, 32768, 65535, 65536, 0x7fffffff,
		0x80000000, 0xfffffffe, 0xffffffff,
	};

	return prng_one_in(r, 8) ? prng_next(r) : PICK(r, numbers);
}

/* ---- Addresses ------------------------------------------------------------------- */

static void put_sockaddr(struct prng *r, uint8_t *at)
{
	struct sockaddr_teach name = {
		.teach_family = AF_TEACH,
		.teach_port = format_port(r),
		.teach_addr.s_addr = format_addr(r),
		.teach_ifindex = prng_one_in(r, 4) ? format_ifindex(r) : 0,
	};

	if (prng_one_in(r, 32))
		name.teach_family = AF_UNSPEC;
	memcpy(at, &name, sizeof(name));
}

static void sockaddr_make(struct prng *r, struct op *op)
{
	op->len = sizeof(struct sockaddr_teach);
	put_sockaddr(r, op->bytes);
}

const struct format format_sockaddr = { sockaddr_make, sockaddr_make, NULL };

/* ---- Messages: name, control messages, payload ----------------------------------- */

#define NAMELEN		2	/* arguments of "send" */
#define CONTROLLEN	3

static size_t put_cmsg(struct op *op, size_t at, int level, int type, const void *data,
		       size_t len)
{
	struct cmsghdr cmsg = {
		.cmsg_len = CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type,
	};

	memset(op->bytes + at, 0, CMSG_SPACE(len));
	memcpy(op->bytes + at, &cmsg, sizeof(cmsg));
	memcpy(op->bytes + at + CMSG_LEN(0), data, len);
	return at + CMSG_SPACE(len);
}

static size_t put_any_cmsg(struct prng *r, struct op *op, size_t at)
{
	struct teach_pktinfo info = {
		.ifindex = prng_one_in(r, 2) ? format_ifindex(r) : 0,
		.spec_dst.s_addr = prng_one_in(r, 2) ? format_addr(r) : 0,
	};
	uint32_t number = format_number(r);

	switch (prng_below(r, 6)) {
	case 0:
		return put_cmsg(op, at, SOL_TEACH, TEACH_PKTINFO, &info, sizeof(info));
	case 1:
		return put_cmsg(op, at, SOL_TEACH, TEACH_HOPLIMIT, &number, 4);
	case 2:
		return put_cmsg(op, at, SOL_TEACH, TEACH_TCLASS, &number, 4);
	case 3:
		return put_cmsg(op, at, SOL_SOCKET, SO_TIMESTAMPING, &number, 4);
	case 4:
		return put_cmsg(op, at, SOL_SOCKET, SO_MARK, &number, 4);
	}
	return put_cmsg(op, at, SOL_TEACH, prng_below(r, 16), &number, 4);
}

static void message_make(struct prng *r, struct op *op)
{
	static const uint16_t lens[] = { 0, 1, 8, 8, 32, 100 };
	size_t at = 0, len = PICK(r, lens);
	uint8_t echo[8] = { TEACH_CTL_ECHO_REQUEST };
	int n;

	op->args[NAMELEN] = 0;
	if (!prng_one_in(r, 4)) {
		put_sockaddr(r, op->bytes);
		at = sizeof(struct sockaddr_teach);
		op->args[NAMELEN] = at;
	}
	for (n = prng_one_in(r, 4) ? 1 + prng_below(r, 3) : 0; n; n--)
		at = put_any_cmsg(r, op, at);
	op->args[CONTROLLEN] = at - op->args[NAMELEN];
	memset(op->bytes + at, 'a', len);
	/* What a ping socket takes is a fine datagram, too. */
	memcpy(op->bytes + at, echo, len < sizeof(echo) ? len : sizeof(echo));
	op->len = at + len;
}

static void message_mutate(struct prng *r, struct op *op)
{
	if (op->args[NAMELEN] == sizeof(struct sockaddr_teach) &&
	    op->len >= sizeof(struct sockaddr_teach) && prng_one_in(r, 2))
		put_sockaddr(r, op->bytes);
	else
		message_make(r, op);
}

const struct format format_message = { message_make, message_mutate, NULL };

/* ---- Options --------------------------------------------------------------------- */

static void option_make(struct prng *r, struct op *op)
{
	uint32_t number = prng_one_in(r, 2) ? prng_below(r, 2) : format_number(r);

	memcpy(op->bytes, &number, 4);
	op->len = 4;
	if (op->args[1] == SOL_SOCKET && op->args[2] == SO_BINDTODEVICE)
		op->len = sprintf((char *)op->bytes, "%s", lab_devs[prng_below(r, LAB_DEVS)]);
	else if (op->args[1] == SOL_SOCKET && op->args[2] == SO_BINDTOIFINDEX)
		memcpy(op->bytes, &(uint32_t){ format_ifindex(r) }, 4);
}

const struct format format_option = { option_make, option_make, NULL };

/* ---- ioctl ------------------------------------------------------------------------- */

static void arpreq_make(struct prng *r, struct op *op)
{
	struct arpreq req = { .arp_ha.sa_family = ARPHRD_ETHER };
	struct sockaddr_teach mask = { .teach_family = AF_TEACH };

	put_sockaddr(r, (uint8_t *)&req.arp_pa);
	if (!prng_one_in(r, 8)) {
		((struct sockaddr_teach *)&req.arp_pa)->teach_port = 0;
		((struct sockaddr_teach *)&req.arp_pa)->teach_ifindex = 0;
	}
	format_mac(r, (uint8_t *)req.arp_ha.sa_data);
	req.arp_flags = prng_one_in(r, 2) ? ATF_COM : 1 << prng_below(r, 7);
	/* A proxy entry, or proxy_arp. */
	if (prng_one_in(r, 4)) {
		req.arp_flags |= ATF_PUBL | ATF_NETMASK;
		mask.teach_addr.s_addr = prng_one_in(r, 2) ? 0 : ~0u;
		memcpy(&req.arp_netmask, &mask, sizeof(mask));
	}
	if (!prng_one_in(r, 4))
		strcpy(req.arp_dev, lab_devs[prng_below(r, LAB_DEVS)]);
	memcpy(op->bytes, &req, sizeof(req));
	op->len = sizeof(req);
}

static void ioctl_make(struct prng *r, struct op *op)
{
	static const uint32_t masks[] = { 0xffffff00, 0xffff0000, 0xffffffff, 0xff00ff00, 0 };
	struct ifreq ifr = { 0 };
	struct sockaddr_teach *name = (struct sockaddr_teach *)&ifr.ifr_addr;

	switch (op->args[1]) {
	case SIOCGARP:
	case SIOCSARP:
	case SIOCDARP:
	case SIOCGRARP:
	case SIOCSRARP:
	case SIOCDRARP:
		arpreq_make(r, op);
		return;
	}
	strcpy(ifr.ifr_name, lab_devs[prng_below(r, LAB_DEVS)]);
	name->teach_family = AF_TEACH;
	name->teach_addr.s_addr = op->args[1] == SIOCSIFNETMASK ? htonl(PICK(r, masks)) :
								  format_addr(r);
	memcpy(op->bytes, &ifr, sizeof(ifr));
	op->len = sizeof(ifr);
}

const struct format format_ioctl = { ioctl_make, ioctl_make, NULL };

/* ---- sysctl ------------------------------------------------------------------------ */

static void sysctl_make(struct prng *r, struct op *op)
{
	int n = sprintf((char *)op->bytes, "%d", (int)format_number(r));

	if (prng_one_in(r, 4))
		n += sprintf((char *)op->bytes + n, " %d", (int)format_number(r));
	op->len = n;
}

const struct format format_sysctl = { sysctl_make, sysctl_make, NULL };
