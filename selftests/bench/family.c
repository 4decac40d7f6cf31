// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The four kinds of datagram sockets that are compared, made so that the same
 * system calls work on each: alice's socket in namespace alice, bob's in bob.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/teach.h>
#include "bench.h"

/* IEEE 802 local experimental EtherType 2; TEACH has the first. */
#define ETH_P_BENCH 0x88B6

const struct family families[] = {
	{ "teach", AF_TEACH, 0, true },
	{ "udp", AF_INET, 0, true },
	{ "packet", AF_PACKET, ETH_P_BENCH, false },
	{ "unix", AF_UNIX, 0, true },
};

const size_t n_families = sizeof(families) / sizeof(families[0]);

const struct family *family_find(const char *name)
{
	for (size_t i = 0; i < n_families; i++)
		if (!strcmp(families[i].name, name))
			return &families[i];
	die("there is no family \"%s\"", name);
}

/* The MAC addresses that lib.sh gives to va and vb. */
static void packet_address(bool alice, bool own, struct sockaddr_ll *ll)
{
	unsigned char mac[ETH_ALEN] = { 2, 0, 0, 0, 0, alice ? 1 : 2 };
	/* The index of the own device, for sending too. */
	const char *dev = alice == own ? ALICE_DEV : BOB_DEV;

	ll->sll_family = AF_PACKET;
	ll->sll_protocol = htons(ETH_P_BENCH);
	ll->sll_ifindex = (int)if_nametoindex(dev);
	if (!ll->sll_ifindex)
		die("there is no device %s", dev);
	ll->sll_halen = ETH_ALEN;
	memcpy(ll->sll_addr, mac, sizeof(mac));
}

/*
 * The address of a host; for packet sockets as seen by the other host, whose
 * namespace the caller must be in.
 */
void family_address(const struct family *f, const char *host, int port, struct address *a)
{
	bool alice = !strcmp(host, "alice");
	in_addr_t addr = htonl(alice ? ALICE_ADDR : BOB_ADDR);

	memset(a, 0, sizeof(*a));
	switch (f->domain) {
	case AF_TEACH: {
		struct sockaddr_teach *st = (void *)&a->room;

		st->teach_family = AF_TEACH;
		st->teach_port = htons((uint16_t)port);
		st->teach_addr.s_addr = addr;
		a->len = sizeof(*st);
		break;
	}
	case AF_INET: {
		struct sockaddr_in *sin = (void *)&a->room;

		sin->sin_family = AF_INET;
		sin->sin_port = htons((uint16_t)port);
		sin->sin_addr.s_addr = addr;
		a->len = sizeof(*sin);
		break;
	}
	case AF_PACKET:
		packet_address(alice, false, (void *)&a->room);
		a->len = sizeof(struct sockaddr_ll);
		break;
	case AF_UNIX: {
		struct sockaddr_un *sun = (void *)&a->room;

		sun->sun_family = AF_UNIX;
		snprintf(sun->sun_path, sizeof(sun->sun_path), "/tmp/bench.%s.%d", host, port);
		a->len = sizeof(*sun);
		break;
	}
	}
}

/* The address that a packet socket of a host is bound to; the caller is there. */
void family_own_address(const struct family *f, const char *host, struct address *a)
{
	if (f->domain != AF_PACKET)
		die("only packet sockets are bound to a device");
	memset(a, 0, sizeof(*a));
	packet_address(!strcmp(host, "alice"), true, (void *)&a->room);
	a->len = sizeof(struct sockaddr_ll);
}

/* A descriptor, or -1 and errno; in the caller's namespace. */
int family_socket(const struct family *f)
{
	return socket(f->domain, SOCK_DGRAM, htons((uint16_t)f->protocol));
}

/* A socket at a host, bound to its address; leaves the caller in its namespace. */
static int open_bound(const struct family *f, const char *host, int port)
{
	struct address own;
	int fd;

	enter(host);
	fd = (int)must(family_socket(f), f->name);
	if (f->domain == AF_PACKET)
		family_own_address(f, host, &own);
	else
		family_address(f, host, port, &own);
	if (f->domain == AF_UNIX)
		unlink(((struct sockaddr_un *)&own.room)->sun_path);
	must(bind(fd, &own.any, own.len), "bind");
	return fd;
}

/*
 * One socket at each host, connected to each other or not. Packet sockets cannot
 * be connected: they always carry the address.
 */
void family_open(const struct family *f, bool connected, struct ends *ends)
{
	int port = connected ? PORT_CONNECTED : PORT_UNCONNECTED;

	ends->alice = open_bound(f, "alice", port);
	family_address(f, "bob", port, &ends->to_bob);
	ends->bob = open_bound(f, "bob", port);
	family_address(f, "alice", port, &ends->to_alice);
	if (!connected || !f->can_connect)
		return;
	must(connect(ends->alice, &ends->to_bob.any, ends->to_bob.len), "connect");
	must(connect(ends->bob, &ends->to_alice.any, ends->to_alice.len), "connect");
	ends->to_bob.len = 0;
	ends->to_alice.len = 0;
}
