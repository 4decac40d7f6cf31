// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who may do what: an ordinary user, and one who is root in a user namespace
 * that does not own the network.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <linux/neighbour.h>

#include "common.h"

#define PORT	7000
#define PEER	7100

enum who { NOBODY, USER_NAMESPACE };

FIXTURE(perm) { const struct family *f; };
FIXTURE_VARIANT(perm) {
	const struct family *f;
	enum who who;
};
FIXTURE_VARIANT_ADD(perm, inet_nobody) { .f = &fam_inet, .who = NOBODY };
FIXTURE_VARIANT_ADD(perm, inet_userns) { .f = &fam_inet, .who = USER_NAMESPACE };
FIXTURE_VARIANT_ADD(perm, teach_nobody) { .f = &fam_teach, .who = NOBODY };
FIXTURE_VARIANT_ADD(perm, teach_userns) { .f = &fam_teach, .who = USER_NAMESPACE };
FIXTURE_SETUP(perm)
{
	self->f = variant->f;
	test_begin(variant->f);
	if (variant->who == NOBODY) {
		become_nobody();
		return;
	}
	/* Every capability, but over nothing that is outside. */
	must(!unshare(CLONE_NEWUSER), "making a user namespace");
}
FIXTURE_TEARDOWN(perm) {}

TEST_F(perm, datagrams)
{
	int s = sk_bound(self->f, ALICE, ALICE1, PORT);
	char c;

	EXPECT_RET(1, send_to(self->f, s, "x", 1, ALICE1, PORT));
	EXPECT_RET(1, recv(s, &c, 1, 0));
	EXPECT_RET(1, send_to(self->f, s, "x", 1, BOB1, PEER));
}

TEST_F(perm, privileged_port)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EACCES, bind_to(self->f, s, ALICE1, 1023));
	EXPECT_RET(0, bind_to(self->f, s, ALICE1, 1024));
}

TEST_F(perm, options)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_ERRNO(EPERM, set_int(s, SOL_SOCKET, SO_MARK, 1));
	EXPECT_ERRNO(EPERM, set_int(s, SOL_SOCKET, SO_PRIORITY, 7));
	EXPECT_ERRNO(EPERM, set_int(s, SOL_SOCKET, SO_RCVBUFFORCE, 10000));
	EXPECT_RET(0, set_int(s, SOL_SOCKET, SO_PRIORITY, 6));
	EXPECT_EQ(0, get_int(s, SOL_SOCKET, SO_MARK));
}

/* A mark in a control message needs the right, too. */
TEST_F(perm, mark_message)
{
	int mark = 1, s = sk_open(self->f, ALICE);
	struct control c = { SOL_SOCKET, SO_MARK, &mark, sizeof(mark) };

	EXPECT_ERRNO(EPERM, send_msg(self->f, s, "x", BOB1, PEER, &c));
}

/* One may bind to a device, once. */
TEST_F(perm, device)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_RET(0, setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "va", 2));
	EXPECT_ERRNO(EPERM, setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "wa", 2));
}

TEST_F(perm, netlink)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x42 };

	EXPECT_EQ(-EPERM, addr_add(self->f, "va", ALICE1 + 7, 24));
	EXPECT_EQ(-EPERM, addr_del(self->f, "va", ALICE1, 24));
	EXPECT_EQ(-EPERM, neigh_add(self->f, "va", UNUSED1, mac, NUD_PERMANENT));
	EXPECT_RET(0, bind_to(self->f, sk_open(self->f, ALICE), ALICE1, PORT));
}

TEST_F(perm, ioctl)
{
	addr_t a = addr_of(self->f, UNUSED1, 0);
	int s = sk_open(self->f, ALICE);
	struct ifreq ifr = { .ifr_name = "va" };
	struct arpreq arp = {
		.arp_flags = ATF_COM | ATF_PERM, .arp_dev = "va",
		.arp_ha.sa_family = ARPHRD_ETHER,
	};

	memcpy(&ifr.ifr_addr, &a, sizeof(a));
	memcpy(&arp.arp_pa, &a, sizeof(a));
	EXPECT_ERRNO(EPERM, ioctl(s, SIOCSIFADDR, &ifr));
	EXPECT_ERRNO(EPERM, ioctl(s, SIOCSIFNETMASK, &ifr));
	EXPECT_ERRNO(EPERM, ioctl(s, SIOCSARP, &arp));
	EXPECT_ERRNO(EPERM, ioctl(s, SIOCDARP, &arp));
	/* To look is allowed. */
	EXPECT_RET(0, ioctl(s, SIOCGIFADDR, &ifr));
	EXPECT_RET(0, ioctl(s, SIOCGIFNETMASK, &ifr));
	EXPECT_ERRNO(ENXIO, ioctl(s, SIOCGARP, &arp));
}

/*
 * The other way round: who is root in a user namespace has every right over a
 * network namespace that it made.
 */
FIXTURE(owner) { const struct family *f; };
FIXTURE_VARIANT(owner) { const struct family *f; };
FIXTURE_VARIANT_ADD(owner, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(owner, teach) { .f = &fam_teach };
FIXTURE_SETUP(owner)
{
	self->f = variant->f;
	test_begin(variant->f);
	must(!unshare(CLONE_NEWUSER), "making a user namespace");
	lab_make();
	test_begin(variant->f);
}
FIXTURE_TEARDOWN(owner) {}

TEST_F(owner, may_configure)
{
	int peer = sk_bound(self->f, BOB, BOB1, 1);
	int s = sk_bound(self->f, ALICE, ALICE1, 2);
	char c;

	EXPECT_RET(1, send_to(self->f, s, "x", 1, BOB1, 1));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_RET(0, set_int(s, SOL_SOCKET, SO_MARK, 1));
	EXPECT_EQ(0, addr_add(self->f, "va", ALICE1 + 7, 24));
}

TEACH_ONLY(perm_teach,)

/* The parameters of a link are changed over generic netlink. */
TEST_F(perm_teach, link_parameters)
{
	pid_t pid = child();
	int status;

	if (!pid) {
		become_nobody();
		_exit(-neigh_timing(self->f, "va", 1000, 3, 5000));
	}
	status = child_status(pid);
	EXPECT_EQ(EPERM, status);
	EXPECT_EQ(0, neigh_timing(self->f, "va", 1000, 3, 5000));
}

LAB_MAIN
