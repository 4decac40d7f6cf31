// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where things happen. The stable pair, alice and bob, is made once and stays for all
 * rounds, devices included, so that the module comes and goes while they are there:
 *
 *	alice  va 10.1.0.1/24 ---- vb 10.1.0.2/24  bob
 *
 * The other places are namespaces that are replaced at any time, joined by whatever
 * device.c makes. Each is a host of its own number on the Ethernets 10.9.LAN.0/24.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/syscall.h>

#include "soak.h"

#define STABLE_MAC_A	((const uint8_t *)"\x02\x00\x00\x00\x00\x01")
#define STABLE_MAC_B	((const uint8_t *)"\x02\x00\x00\x00\x00\x02")

static int stable[2];

static int own_namespace(void)
{
	return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

void stable_enter(enum host at)
{
	must(!setns(stable[at], CLONE_NEWNET), "entering a stable namespace");
}

static void no_ipv6(void)
{
	sysctl_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
}

void stable_make(void)
{
	int i;

	for (i = ALICE; i <= BOB; i++) {
		must(!unshare(CLONE_NEWNET), "making a network namespace (are you root?)");
		no_ipv6();
		stable[i] = own_namespace();
		must(stable[i] >= 0, "opening a network namespace");
		must(!link_up("lo", 1), "setting lo up");
	}
	errno = -veth_add("vb", "va", stable[ALICE]);
	must(!errno, "making the stable pair of devices");
	must(!link_set_mac("vb", STABLE_MAC_B) && !link_up("vb", 1), "setting vb up");
	stable_enter(ALICE);
	must(!link_set_mac("va", STABLE_MAC_A) && !link_up("va", 1), "setting va up");
}

/* After each loading of the module. Short times, so that entries age in a round. */
void stable_addresses(void)
{
	int i;

	for (i = ALICE; i <= BOB; i++) {
		stable_enter(i);
		must(!sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh1", "16") &&
		     !sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh2", "64") &&
		     !sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh3", "200") &&
		     !sysctl_write("/proc/sys/net/teach/neigh/default/gc_stale_time", "2"),
		     "setting net.teach of the stable pair");
		must(!addr_add(&fam_teach, i == ALICE ? "va" : "vb",
			       i == ALICE ? ALICE1 : BOB1, 24),
		     "adding addresses to the stable pair");
	}
}

/* ---- what is picked at random --------------------------------------------------------- */

int place_pick(struct rnd *r)
{
	return rnd_below(r, N_PLACES);
}

void dev_name(char name[16], struct rnd *r)
{
	snprintf(name, 16, "d%u", rnd_below(r, N_DEVS));
}

/* One that is there, or one that is not, if the thread's place has such. */
bool dev_find(char name[16], struct rnd *r, bool there)
{
	int first = rnd_below(r, N_DEVS), i;

	for (i = 0; i < N_DEVS; i++) {
		snprintf(name, 16, "d%u", (first + i) % N_DEVS);
		if (!!if_nametoindex(name) == there)
			return true;
	}
	return false;
}

uint32_t lan_addr(int lan, int host)
{
	return 0x0a090001u + (lan << 8) + host;
}

/* Mostly one that somebody may have. */
uint32_t addr_pick(struct rnd *r)
{
	uint32_t lan = rnd_below(r, N_LANS), host = rnd_below(r, N_HOSTS);

	switch (rnd_below(r, 16)) {
	case 0:
	case 8:
	case 9:
		return lan_addr(lan, 254);		/* all hosts there */
	case 1:
		return BCAST_ALL;
	case 2:
		return lan_addr(lan, rnd_below(r, 254));
	case 3:
		return rnd_next(r);
	case 4:
		return ANY;
	case 5:
		return 0x0a010000u + rnd_below(r, 255);	/* the stable pair's */
	case 6:
	case 7:
		return rnd_once_in(r, 2) ? ALICE1 : BOB1;
	default:
		return lan_addr(lan, host);
	}
}

/* From 7000 on, where sockets are bound; never one of the flow's. */
uint16_t port_pick(struct rnd *r)
{
	return rnd_once_in(r, 32) ? 10000 + rnd_below(r, 50000) : 7000 + rnd_below(r, 4);
}

void mac_pick(uint8_t mac[6], struct rnd *r)
{
	uint64_t bits = rnd_next(r);

	memcpy(mac, &bits, 6);
	mac[0] = 0x02;
	/* Few, so that they are met again. */
	mac[1] = mac[2] = mac[3] = 0;
	mac[4] = 0x77;
	mac[5] &= 0x0f;
}

/* ---- places ------------------------------------------------------------------------------ */

/*
 * A new namespace in the place of the one of that number, which is over when the last
 * thread has left it and its sockets are closed. The thread is in the new one afterwards.
 */
int place_new(int i, struct rnd *r)
{
	static const char *const thresholds[] = { "4", "8", "16", "32" };
	int fd, low = rnd_below(r, 2);
	bool ipv6 = rnd_once_in(r, 8);

	if (unshare(CLONE_NEWNET))
		return -errno;
	fd = own_namespace();
	if (fd < 0)
		return -errno;
	if (!ipv6)
		no_ipv6();
	/* A cache that is soon full, and a hold queue for a packet or two. */
	sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh1", thresholds[low]);
	sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh2", thresholds[low + 1]);
	sysctl_write("/proc/sys/net/teach/neigh/default/gc_thresh3", thresholds[low + 2]);
	sysctl_write("/proc/sys/net/teach/neigh/default/unres_qlen_bytes",
		     low ? "2000" : "20000");
	sysctl_write("/proc/sys/net/teach/neigh/default/retrans_time_ms", low ? "20" : "300");
	sysctl_write("/proc/sys/net/teach/neigh/default/gc_stale_time", "1");
	link_up("lo", 1);
	if (dup3(fd, PLACE_FD(i), O_CLOEXEC) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	close(fd);
	return 0;
}

/* All of them, in a ring: d0 of each is joined to d1 of the next. */
void places_make(struct rnd *r)
{
	int i, next;

	for (i = 0; i < N_PLACES; i++) {
		errno = -place_new(i, r);
		must(!errno, "making a namespace");
	}
	for (i = 0; i < N_PLACES; i++) {
		next = (i + 1) % N_PLACES;
		must(!setns(PLACE_FD(i), CLONE_NEWNET), "entering a place");
		must(!veth_add("d0", "d1", PLACE_FD(next)), "joining two places");
		must(!link_up("d0", 1) &&
		     !addr_add(&fam_teach, "d0", lan_addr(i % N_LANS, i), 24) &&
		     !setns(PLACE_FD(next), CLONE_NEWNET) && !link_up("d1", 1) &&
		     !addr_add(&fam_teach, "d1", lan_addr(i % N_LANS, next), 24),
		     "setting up a place");
	}
}

/* The thread goes to one of the places; its number, or -errno. */
int place_enter(struct worker *w)
{
	int i = place_pick(&w->rnd);

	return setns(PLACE_FD(i), CLONE_NEWNET) ? -errno : i;
}

/* As that, or to one of the stable pair, whose devices must be left alone. */
int place_enter_any(struct worker *w)
{
	int at = rnd_below(&w->rnd, 2);

	if (!rnd_once_in(&w->rnd, 4))
		return place_enter(w);
	stable_enter(at);
	return N_PLACES + at;
}
