// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The classic ioctls: addresses by struct ifreq, neighbours by struct arpreq,
 * on sockets of either family, with that family's addresses in the structs.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>

#include "common.h"

#define PORT	7000
#define PEER	7100
#define OTHER	0x0a050001u	/* 10.5.0.1 */

/* Every test has hosts of its own. */
FIXTURE(ioctl) {
	const struct family *f;
	int s;
};
FIXTURE_VARIANT(ioctl) { const struct family *f; };
FIXTURE_VARIANT_ADD(ioctl, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(ioctl, teach) { .f = &fam_teach };
FIXTURE_SETUP(ioctl)
{
	self->f = variant->f;
	lab_make();
	test_begin(variant->f);
	self->s = sk_open(self->f, ALICE);
}
FIXTURE_TEARDOWN(ioctl) {}

static struct ifreq ifreq_of(const struct family *f, const char *dev, uint32_t addr)
{
	addr_t a = addr_of(f, addr, 0);
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	memcpy(&ifr.ifr_addr, &a, sizeof(a));
	return ifr;
}

static int if_set(const struct family *f, int s, int cmd, const char *dev, uint32_t addr)
{
	struct ifreq ifr = ifreq_of(f, dev, addr);

	return ioctl(s, cmd, &ifr);
}

/* The address that a SIOCG ioctl gives; fails with an errno. */
static long if_get(const struct family *f, int s, int cmd, const char *dev)
{
	struct ifreq ifr = ifreq_of(f, dev, 0xaaaaaaaa);
	addr_t a;

	if (ioctl(s, cmd, &ifr))
		return -1;
	memcpy(&a, &ifr.ifr_addr, sizeof(a));
	must(a.teach_family == f->af, "the answer's family");
	return ntohl(a.teach_addr.s_addr);
}

TEST_F(ioctl, get_address)
{
	EXPECT_RET(ALICE1, if_get(self->f, self->s, SIOCGIFADDR, "va"));
	EXPECT_RET(ALICE2, if_get(self->f, self->s, SIOCGIFADDR, "wa"));
	EXPECT_RET(0xffffff00L, if_get(self->f, self->s, SIOCGIFNETMASK, "va"));
}

TEST_F(ioctl, get_address_none)
{
	ASSERT_EQ(0, addr_del(self->f, "va", ALICE1, 24));
	EXPECT_ERRNO(EADDRNOTAVAIL, if_get(self->f, self->s, SIOCGIFADDR, "va"));
	EXPECT_ERRNO(EADDRNOTAVAIL, if_get(self->f, self->s, SIOCGIFNETMASK, "va"));
	EXPECT_ERRNO(ENODEV, if_get(self->f, self->s, SIOCGIFADDR, "nosuchdev"));
	EXPECT_ERRNO(ENODEV, if_get(self->f, self->s, SIOCGIFNETMASK, "nosuchdev"));
}

TEST_F(ioctl, set_address)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_RET(0, if_set(self->f, self->s, SIOCSIFADDR, "va", OTHER));
	EXPECT_RET(OTHER, if_get(self->f, self->s, SIOCGIFADDR, "va"));
	/* It replaces the address that was there. */
	EXPECT_ERRNO(EADDRNOTAVAIL, bind_to(self->f, s, ALICE1, PORT));
	EXPECT_RET(0, bind_to(self->f, s, OTHER, PORT));
}

TEST_F(ioctl, set_netmask)
{
	int s = sk_open(self->f, ALICE);

	EXPECT_RET(0, if_set(self->f, self->s, SIOCSIFADDR, "va", OTHER));
	EXPECT_RET(0, if_set(self->f, self->s, SIOCSIFNETMASK, "va", 0xfffffff0));
	EXPECT_RET(0xfffffff0L, if_get(self->f, self->s, SIOCGIFNETMASK, "va"));
	EXPECT_RET(OTHER, if_get(self->f, self->s, SIOCGIFADDR, "va"));
	/* What is directly connected is what the mask says. */
	EXPECT_RET(1, send_to(self->f, s, "x", 1, OTHER + 13, PEER));
	EXPECT_ERRNO(ENETUNREACH, send_to(self->f, s, "x", 1, OTHER + 16, PEER));
	EXPECT_ERRNO(EINVAL, if_set(self->f, self->s, SIOCSIFNETMASK, "va", 0xff00ff00));
	EXPECT_RET(0xfffffff0L, if_get(self->f, self->s, SIOCGIFNETMASK, "va"));
}

/* The whole classic way: ifconfig va ADDRESS netmask MASK, at both ends. */
TEST_F(ioctl, configure)
{
	int s = sk_open(self->f, ALICE), peer = sk_bound(self->f, BOB, ANY, PEER);
	addr_t from;
	char c;

	ASSERT_EQ(0, if_set(self->f, s, SIOCSIFADDR, "va", OTHER));
	ASSERT_EQ(0, if_set(self->f, s, SIOCSIFNETMASK, "va", 0xffffff00));
	ASSERT_EQ(0, if_set(self->f, peer, SIOCSIFADDR, "vb", OTHER + 1));
	ASSERT_EQ(0, if_set(self->f, peer, SIOCSIFNETMASK, "vb", 0xffffff00));
	EXPECT_RET(1, send_to(self->f, s, "x", 1, OTHER + 1, PEER));
	EXPECT_RET(1, recv_name(peer, &c, 1, 0, &from));
	EXPECT_EQ(OTHER, ntohl(from.teach_addr.s_addr));
}

TEST_F(ioctl, set_address_any)
{
	EXPECT_RET(0, if_set(self->f, self->s, SIOCSIFADDR, "va", ANY));
	EXPECT_ERRNO(EADDRNOTAVAIL, if_get(self->f, self->s, SIOCGIFADDR, "va"));
}

TEST_F(ioctl, set_address_bad)
{
	struct ifreq ifr = ifreq_of(self->f, "va", OTHER);

	EXPECT_ERRNO(ENODEV, if_set(self->f, self->s, SIOCSIFADDR, "nosuchdev", OTHER));
	EXPECT_ERRNO(ENODEV, if_set(self->f, self->s, SIOCSIFNETMASK, "nosuchdev",
				    0xffffff00));
	ifr.ifr_addr.sa_family = AF_APPLETALK;
	EXPECT_ERRNO(EINVAL, ioctl(self->s, SIOCSIFADDR, &ifr));
	EXPECT_ERRNO(EFAULT, ioctl(self->s, SIOCSIFADDR, no_page()));
	EXPECT_ERRNO(EFAULT, ioctl(self->s, SIOCGIFADDR, no_page()));
	ASSERT_EQ(0, addr_del(self->f, "va", ALICE1, 24));
	EXPECT_ERRNO(EADDRNOTAVAIL, if_set(self->f, self->s, SIOCSIFNETMASK, "va",
					   0xffffff00));
	EXPECT_RET(ALICE2, if_get(self->f, self->s, SIOCGIFADDR, "wa"));
}

/* What is the same for every family. */
TEST_F(ioctl, device)
{
	struct ifreq ifr = ifreq_of(self->f, "va", 0);

	EXPECT_RET(0, ioctl(self->s, SIOCGIFINDEX, &ifr));
	EXPECT_EQ(if_nametoindex("va"), (unsigned int)ifr.ifr_ifindex);
	EXPECT_RET(0, ioctl(self->s, SIOCGIFFLAGS, &ifr));
	EXPECT_TRUE(ifr.ifr_flags & IFF_UP);
	EXPECT_RET(0, ioctl(self->s, SIOCGIFMTU, &ifr));
	EXPECT_EQ(1500, ifr.ifr_mtu);
}

static const uint8_t some_mac[6] = { 2, 0, 0, 0, 0, 0x42 };

static struct arpreq arpreq_of(const struct family *f, const char *dev,
			       uint32_t addr, const uint8_t *mac)
{
	addr_t a = addr_of(f, addr, 0);
	struct arpreq r = { .arp_flags = ATF_COM | ATF_PERM };

	memcpy(&r.arp_pa, &a, sizeof(a));
	r.arp_ha.sa_family = ARPHRD_ETHER;
	if (mac)
		memcpy(r.arp_ha.sa_data, mac, 6);
	if (dev)
		snprintf(r.arp_dev, sizeof(r.arp_dev), "%s", dev);
	return r;
}

static int arp(const struct family *f, int s, int cmd, const char *dev,
	       uint32_t addr, const uint8_t *mac)
{
	struct arpreq r = arpreq_of(f, dev, addr, mac);

	return ioctl(s, cmd, &r);
}

TEST_F(ioctl, arp_set_get_delete)
{
	struct arpreq r;

	EXPECT_ERRNO(ENXIO, arp(self->f, self->s, SIOCGARP, "va", UNUSED1, NULL));
	EXPECT_RET(0, arp(self->f, self->s, SIOCSARP, "va", UNUSED1, some_mac));
	r = arpreq_of(self->f, "va", UNUSED1, NULL);
	r.arp_flags = 0;
	EXPECT_RET(0, ioctl(self->s, SIOCGARP, &r));
	EXPECT_EQ(ATF_COM | ATF_PERM, r.arp_flags);
	EXPECT_EQ(ARPHRD_ETHER, r.arp_ha.sa_family);
	EXPECT_EQ(0, memcmp(r.arp_ha.sa_data, some_mac, 6));
	EXPECT_STREQ("va", r.arp_dev);
	EXPECT_RET(0, arp(self->f, self->s, SIOCDARP, "va", UNUSED1, NULL));
	EXPECT_ERRNO(ENXIO, arp(self->f, self->s, SIOCGARP, "va", UNUSED1, NULL));
	EXPECT_ERRNO(ENXIO, arp(self->f, self->s, SIOCDARP, "va", UNUSED1, NULL));
}

/* Without a device it is the one that the address is reached by. */
TEST_F(ioctl, arp_device_from_address)
{
	EXPECT_RET(0, arp(self->f, self->s, SIOCSARP, NULL, UNUSED2, some_mac));
	EXPECT_RET(0, arp(self->f, self->s, SIOCGARP, "wa", UNUSED2, NULL));
	EXPECT_ERRNO(ENXIO, arp(self->f, self->s, SIOCGARP, "va", UNUSED2, NULL));
	EXPECT_RET(0, arp(self->f, self->s, SIOCDARP, NULL, UNUSED2, NULL));
	EXPECT_ERRNO(ENXIO, arp(self->f, self->s, SIOCGARP, "wa", UNUSED2, NULL));
	EXPECT_ERRNO(ENETUNREACH, arp(self->f, self->s, SIOCSARP, NULL, NOROUTE,
				      some_mac));
	/* To read, the device is needed. */
	EXPECT_ERRNO(ENODEV, arp(self->f, self->s, SIOCGARP, NULL, UNUSED2, NULL));
}

/* What the kernel learnt itself is seen, too. */
TEST_F(ioctl, arp_learnt)
{
	int peer = sk_bound(self->f, BOB, BOB1, PEER);
	uint8_t mac[6];
	struct arpreq r;
	char c;

	lab_enter(BOB);
	ASSERT_EQ(0, link_mac("vb", mac));
	lab_enter(ALICE);
	ASSERT_EQ(1, send_to(self->f, self->s, "x", 1, BOB1, PEER));
	ASSERT_EQ(1, recv(peer, &c, 1, 0));
	r = arpreq_of(self->f, "va", BOB1, NULL);
	EXPECT_RET(0, ioctl(self->s, SIOCGARP, &r));
	EXPECT_EQ(ATF_COM, r.arp_flags);
	EXPECT_EQ(0, memcmp(r.arp_ha.sa_data, mac, 6));
}

/* A datagram goes where the entry says. */
TEST_F(ioctl, arp_used)
{
	int peer = sk_bound(self->f, BOB, ANY, PEER);
	uint8_t mac[6];
	char c;

	lab_enter(BOB);
	ASSERT_EQ(0, link_mac("vb", mac));
	lab_enter(ALICE);
	ASSERT_EQ(0, arp(self->f, self->s, SIOCSARP, "va", BOB1, some_mac));
	ASSERT_EQ(1, send_to(self->f, self->s, "1", 1, BOB1, PEER));
	ASSERT_EQ(0, arp(self->f, self->s, SIOCSARP, "va", BOB1, mac));
	ASSERT_EQ(1, send_to(self->f, self->s, "2", 1, BOB1, PEER));
	EXPECT_RET(1, recv(peer, &c, 1, 0));
	EXPECT_EQ('2', c);
}

TEST_F(ioctl, arp_bad)
{
	struct arpreq r = arpreq_of(self->f, "va", UNUSED1, some_mac);

	r.arp_pa.sa_family = AF_APPLETALK;
	EXPECT_ERRNO(EPFNOSUPPORT, ioctl(self->s, SIOCSARP, &r));
	EXPECT_ERRNO(EPFNOSUPPORT, ioctl(self->s, SIOCGARP, &r));
	EXPECT_ERRNO(EPFNOSUPPORT, ioctl(self->s, SIOCDARP, &r));
	r = arpreq_of(self->f, "va", UNUSED1, some_mac);
	r.arp_ha.sa_family = ARPHRD_PPP;
	EXPECT_ERRNO(EINVAL, ioctl(self->s, SIOCSARP, &r));
	EXPECT_ERRNO(ENODEV, arp(self->f, self->s, SIOCSARP, "nosuchdev", UNUSED1,
				 some_mac));
	EXPECT_ERRNO(ENODEV, arp(self->f, self->s, SIOCDARP, "nosuchdev", UNUSED1,
				 NULL));
	EXPECT_ERRNO(EFAULT, ioctl(self->s, SIOCSARP, no_page()));
	EXPECT_ERRNO(EFAULT, ioctl(self->s, SIOCGARP, no_page()));
	EXPECT_ERRNO(EFAULT, ioctl(self->s, SIOCDARP, no_page()));
	EXPECT_ERRNO(ENXIO, arp(self->f, self->s, SIOCGARP, "va", UNUSED1, NULL));
}

/* ---- arp(8) of net-tools ------------------------------------------------------------------ */

/*
 * What arp(8) does with a socket, as strace shows it: SIOCSARP and SIOCDARP with these
 * flags and fields; it lists by reading /proc. It leaves arp_dev empty without -i.
 */
static int arp8_set(const struct family *f, int s, uint32_t addr, const uint8_t *mac,
		    int flags, const char *dev, long mask)
{
	struct arpreq r = arpreq_of(f, dev, addr, mac);
	addr_t m = addr_of(f, mask, 0);

	r.arp_flags = flags;
	if (mask >= 0) {
		r.arp_flags |= ATF_NETMASK;
		memcpy(&r.arp_netmask, &m, sizeof(m));
	}
	return ioctl(s, SIOCSARP, &r);
}

/* arp -d ADDR [ pub | priv ] */
static int arp8_del(const struct family *f, int s, uint32_t addr, int flags,
		    const char *dev)
{
	struct arpreq r = { .arp_flags = flags };
	addr_t a = addr_of(f, addr, 0);

	memcpy(&r.arp_pa, &a, sizeof(a));
	if (dev)
		snprintf(r.arp_dev, sizeof(r.arp_dev), "%s", dev);
	return ioctl(s, SIOCDARP, &r);
}

static int flags_of(const struct family *f, int s, const char *dev, uint32_t addr)
{
	struct arpreq r = arpreq_of(f, dev, addr, NULL);

	r.arp_flags = 0;
	return ioctl(s, SIOCGARP, &r) ? -errno : r.arp_flags;
}

#define PERM	(ATF_COM | ATF_PERM)

/* arp -s ADDR MAC; with "temp"; arp -d ADDR. */
TEST_F(ioctl, arp8)
{
	EXPECT_RET(0, arp8_set(self->f, self->s, UNUSED1, some_mac, PERM, NULL, -1));
	EXPECT_EQ(PERM, flags_of(self->f, self->s, "va", UNUSED1));
	EXPECT_RET(0, arp8_set(self->f, self->s, UNUSED1, some_mac, ATF_COM, NULL, -1));
	EXPECT_EQ(ATF_COM, flags_of(self->f, self->s, "va", UNUSED1));
	EXPECT_RET(0, arp8_set(self->f, self->s, UNUSED2, some_mac, PERM, "wa", -1));
	EXPECT_RET(0, arp8_del(self->f, self->s, UNUSED1, ATF_PERM, NULL));
	EXPECT_EQ(-ENXIO, flags_of(self->f, self->s, "va", UNUSED1));
	EXPECT_ERRNO(ENXIO, arp8_del(self->f, self->s, UNUSED1, ATF_PERM, NULL));
	EXPECT_ERRNO(ENXIO, arp8_del(self->f, self->s, UNUSED2, ATF_PERM, "va"));
	EXPECT_RET(0, arp8_del(self->f, self->s, UNUSED2, ATF_PERM, "wa"));
	EXPECT_ERRNO(ENETUNREACH, arp8_set(self->f, self->s, NOROUTE, some_mac, PERM, NULL,
					   -1));
	EXPECT_ERRNO(ENETUNREACH, arp8_del(self->f, self->s, NOROUTE, ATF_PERM, NULL));
}

/* Neither complete nor permanent: only an entry that is known can be changed so. */
TEST_F(ioctl, arp8_incomplete)
{
	EXPECT_ERRNO(EINVAL, arp8_set(self->f, self->s, UNUSED1, some_mac, 0, NULL, -1));
	EXPECT_RET(0, arp8_set(self->f, self->s, UNUSED1, some_mac, ATF_PERM, NULL, -1));
	EXPECT_EQ(PERM, flags_of(self->f, self->s, "va", UNUSED1));
	EXPECT_RET(0, arp8_set(self->f, self->s, UNUSED1, some_mac, 0, NULL, -1));
	EXPECT_EQ(ATF_COM, flags_of(self->f, self->s, "va", UNUSED1));
}

/* arp -s ADDR MAC pub: a proxy entry, on the device that has this MAC address. */
TEST_F(ioctl, arp8_public)
{
	uint8_t va[6];

	ASSERT_EQ(0, link_mac("va", va));
	EXPECT_RET(0, arp8_set(self->f, self->s, BOB2, va, PERM | ATF_PUBL, NULL, -1));
	/* No entry of the cache: SIOCGARP does not see it, and arp -d finds it as "pub". */
	EXPECT_EQ(-ENXIO, flags_of(self->f, self->s, "va", BOB2));
	EXPECT_ERRNO(ENXIO, arp8_del(self->f, self->s, BOB2, ATF_PERM, "va"));
	EXPECT_ERRNO(ENOENT, arp8_del(self->f, self->s, BOB2, ATF_PERM | ATF_PUBL, "wa"));
	EXPECT_ERRNO(ENOENT, arp8_del(self->f, self->s, BOB2, ATF_PERM | ATF_PUBL, NULL));
	EXPECT_RET(0, arp8_del(self->f, self->s, BOB2, ATF_PERM | ATF_PUBL, "va"));
	EXPECT_ERRNO(ENOENT, arp8_del(self->f, self->s, BOB2, ATF_PERM | ATF_PUBL, "va"));
	/* A device is named, or has the MAC address. */
	EXPECT_ERRNO(ENODEV, arp8_set(self->f, self->s, BOB2, some_mac, PERM | ATF_PUBL,
				      NULL, -1));
	EXPECT_RET(0, arp8_set(self->f, self->s, BOB2, some_mac, PERM | ATF_PUBL, "wa", -1));
	EXPECT_RET(0, arp8_del(self->f, self->s, BOB2, ATF_PERM | ATF_PUBL, "wa"));
	/* Without ATF_COM and without a device: on all. */
	EXPECT_RET(0, arp8_set(self->f, self->s, BOB2, some_mac, ATF_PERM | ATF_PUBL, NULL,
			       -1));
	EXPECT_RET(0, arp8_del(self->f, self->s, BOB2, ATF_PERM | ATF_PUBL, NULL));
}

static int proxy_arp(const struct family *f, const char *dev)
{
	char path[96], value = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/proxy_arp",
		 f->af == AF_INET ? "ipv4" : "teach", dev);
	file = fopen(path, "re");
	must(file && fread(&value, 1, 1, file) == 1, path);
	fclose(file);
	return value - '0';
}

/* ... netmask 255.255.255.255 is the same; 0.0.0.0 is everybody: proxy_arp. */
TEST_F(ioctl, arp8_netmask)
{
	EXPECT_RET(0, arp8_set(self->f, self->s, BOB2, some_mac, PERM | ATF_PUBL, "va",
			       0xffffffff));
	EXPECT_RET(0, arp8_del(self->f, self->s, BOB2, ATF_PERM | ATF_PUBL, "va"));
	EXPECT_ERRNO(EINVAL, arp8_set(self->f, self->s, BOB2, some_mac, PERM | ATF_PUBL,
				      "va", 0xffffff00));
	EXPECT_ERRNO(EINVAL, arp8_set(self->f, self->s, UNUSED1, some_mac, PERM, "va",
				      0xffffffff));
	EXPECT_ERRNO(EINVAL, arp8_set(self->f, self->s, UNUSED1, some_mac,
				      PERM | ATF_DONTPUB, "va", -1));

	EXPECT_RET(0, arp8_set(self->f, self->s, BOB2, some_mac, PERM | ATF_PUBL, "va", 0));
	EXPECT_EQ(1, proxy_arp(self->f, "va"));
	EXPECT_EQ(0, proxy_arp(self->f, "all"));
	EXPECT_RET(0, arp8_set(self->f, self->s, BOB2, some_mac, ATF_PERM | ATF_PUBL, NULL,
			       0));
	EXPECT_EQ(1, proxy_arp(self->f, "all"));
}

/* arp -i DEV with another kind of hardware address (-H). */
TEST_F(ioctl, arp8_hardware)
{
	struct arpreq r = arpreq_of(self->f, "va", UNUSED1, some_mac);

	r.arp_ha.sa_family = ARPHRD_AX25;
	EXPECT_ERRNO(EINVAL, ioctl(self->s, SIOCSARP, &r));
	/* None is that of the device. */
	r.arp_ha.sa_family = 0;
	EXPECT_RET(0, ioctl(self->s, SIOCSARP, &r));
	EXPECT_EQ(PERM, flags_of(self->f, self->s, "va", UNUSED1));
}

LAB_MAIN
