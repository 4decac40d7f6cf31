// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A tap device: see tap.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <linux/if_tun.h>

#include "tap.h"
#include "wire.h"

/* Makes the device, which is down, in the caller's namespace. */
int tap_open(void)
{
	struct ifreq ifr = {
		.ifr_name = TAP,
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_NAPI | IFF_NAPI_FRAGS,
	};
	int tap;

	/* The node appears with the module, where it is one. */
	if (access("/dev/net/tun", F_OK))
		must(!system("modprobe tun"), "modprobe tun");
	tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	must(tap >= 0 && !ioctl(tap, TUNSETIFF, &ifr), "tap device");
	return tap;
}

/* Sets it up; its MAC address is now this. */
void tap_up(uint8_t mac[6])
{
	must(!link_up(TAP, 1) && !link_mac(TAP, mac) &&
	     !addr_add(&fam_teach, TAP, ALICE9, 24) &&
	     !neigh_add(&fam_teach, TAP, CAROL9, (uint8_t *)CAROL_MAC, NUD_PERMANENT),
	     "setting " TAP " up");
}

/* A frame made by frame_dgram() or frame_ctl() is carol's, to alice. */
void tap_from_carol(struct frame *fr, const uint8_t *mac)
{
	memcpy(fr->eth.h_dest, mac, 6);
	memcpy(fr->eth.h_source, CAROL_MAC, 6);
	fr->th.saddr = htonl(CAROL9);
	fr->th.daddr = htonl(ALICE9);
	frame_checksum(fr);
}

/* A frame whose MAC header is followed by two parts that meet at a byte. */
ssize_t tap_write(int tap, const void *frame, size_t len, size_t at)
{
	uint8_t *p = (uint8_t *)frame;
	struct iovec iov[] = {
		{ p, ETH_HLEN }, { p + ETH_HLEN, at },
		{ p + ETH_HLEN + at, len - ETH_HLEN - at },
	};

	errno = EINVAL;
	must(at > 0 && at < len - ETH_HLEN, "a frame in parts");
	return writev(tap, iov, 3);
}

/* The next frame of that protocol that alice has sent already: its length, or 0. */
ssize_t tap_read(int tap, void *frame, size_t size, uint16_t protocol)
{
	struct pollfd p = { .fd = tap, .events = POLLIN };
	struct ethhdr *eth = frame;
	ssize_t len;

	while (poll(&p, 1, 0) > 0) {
		len = read(tap, frame, size);
		must(len >= ETH_HLEN, "reading a frame");
		if (eth->h_proto == htons(protocol))
			return len;
	}
	return 0;
}
