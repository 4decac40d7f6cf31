// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames of hosts that are not there: requests and replies of ARP from random senders,
 * which the neighbour cache learns and has to forget, TEACH packets, and both damaged.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <time.h>
#include <linux/if_packet.h>

#include "../wire.h"
#include "soak.h"

static int packet_open(int ifindex)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_ifindex = ifindex };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&ll, sizeof(ll))) {
		close(fd);
		return -1;
	}
	return fd;
}

static size_t arp_random(struct frame *fr, struct rnd *r, const uint8_t *to,
			 const uint32_t *sender, uint32_t target)
{
	struct arp_frame a;
	uint8_t mac[6];

	mac_pick(mac, r);
	arp_make(&a, rnd_once_in(r, 3) ? ARP_REPLY : ARP_REQUEST, mac, *sender, to, target);
	if (rnd_once_in(r, 16))
		a.op = rnd_next(r);
	memcpy((char *)fr + offsetof(struct frame, eth), &a, ARP_FRAME);
	return ARP_FRAME;
}

static size_t packet_random(struct frame *fr, struct rnd *r, const uint8_t *to,
			    uint32_t from, uint32_t target)
{
	static const uint8_t data[1400];
	size_t len = rnd_below(r, sizeof(data));

	if (rnd_once_in(r, 3))
		len = frame_ctl(fr, rnd_once_in(r, 2) ? TEACH_CTL_ECHO_REQUEST :
				rnd_below(r, 10), rnd_below(r, 5), rnd_next(r), data, len);
	else
		len = frame_dgram(fr, port_pick(r), port_pick(r), data, len);
	memcpy(fr->eth.h_dest, to, 6);
	mac_pick(fr->eth.h_source, r);
	fr->th.saddr = htonl(from);
	fr->th.daddr = htonl(target);
	if (fr->th.protocol == TEACHPROTO_CONTROL && fr->ctl.type == TEACH_CTL_UNREACH) {
		struct teachhdr quoted = fr->th;

		/* About a packet that the host may have sent. */
		quoted.protocol = TEACHPROTO_DGRAM;
		quoted.saddr = fr->th.daddr;
		quoted.daddr = fr->th.saddr;
		memcpy(fr->body, &quoted, sizeof(quoted));
		fr->body[16] = 7000 >> 8;
		fr->body[17] = 7000 & 0xff;
	}
	frame_checksum(fr);
	return len;
}

/* One frame to a host of this MAC address, with addresses of its Ethernet. */
static bool inject(int fd, struct rnd *r, const uint8_t *to, uint32_t from, uint32_t target)
{
	struct frame fr;
	size_t len;
	int i;

	memset(&fr, 0, sizeof(fr));
	if (rnd_once_in(r, 2))
		len = arp_random(&fr, r, to, &from, target);
	else
		len = packet_random(&fr, r, to, from, target);
	if (rnd_once_in(r, 8))
		for (i = 0; i < 3; i++)
			((uint8_t *)&fr.eth)[ETH_HLEN + rnd_below(r, len - ETH_HLEN)] =
				rnd_next(r);
	if (rnd_once_in(r, 16))
		len = ETH_HLEN + rnd_below(r, len - ETH_HLEN);
	if (send(fd, &fr.eth, len, MSG_DONTWAIT) < 0)
		return false;
	atomic_fetch_add(&shared->injected, 1);
	return true;
}

static int inject_some(struct worker *w)
{
	int lan = rnd_below(&w->rnd, N_LANS), n = 1 + rnd_below(&w->rnd, 16);
	uint8_t to[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	char dev[16], other[16];
	int fd, here, done = 0;

	/* To all, or to one that may be at the other end. */
	here = place_enter(w);
	if (here >= 0 && rnd_once_in(&w->rnd, 2) && dev_find(other, &w->rnd, true))
		link_mac(other, to);
	here = place_enter(w);
	if (here < 0)
		return here;
	if (!dev_find(dev, &w->rnd, true))
		return -ENODEV;
	fd = packet_open(if_nametoindex(dev));
	if (fd < 0)
		return -errno;
	while (n--)
		done += inject(fd, &w->rnd, to, lan_addr(lan, rnd_below(&w->rnd, 254)),
			       lan_addr(lan, rnd_below(&w->rnd, N_PLACES)));
	close(fd);
	return done ? 0 : -ENETDOWN;
}

/*
 * From bob's end of the stable pair, also while the module is unloaded and loaded. The
 * neighbours of the flow are left alone: senders are from 10.1.0.16 on.
 */
void inject_for_ever(uint64_t seed)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t alice[6] = { 0x02, 0, 0, 0, 0, 0x01 };
	struct timespec pause = { .tv_nsec = 4000000 };
	struct rnd r = { seed };
	int fd;

	stable_enter(BOB);
	fd = packet_open(if_nametoindex("vb"));
	must(fd >= 0, "packet socket on vb");
	for (;;) {
		inject(fd, &r, rnd_once_in(&r, 2) ? all : alice,
		       0x0a010010u + rnd_below(&r, 230), ALICE1);
		nanosleep(&pause, NULL);
	}
}

const struct op inject_ops[] = {
	OP("frames of others", 40, inject_some),
	{ 0 }
};
