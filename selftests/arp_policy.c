// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ARP's policy per link, by the kernel's names: each test runs over IPv4 and over
 * TEACH with the same frames and the same sysctls, and expects the same of both.
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <linux/rtnetlink.h>

#include "wire.h"

#define PORT	7000
#define PEER	7100
#define FOREIGN	0x0a090001u	/* 10.9.0.1: in no network of alice's */
#define ALICE3	0x0a01004du	/* 10.1.0.77: a second address on the first Ethernet */

FIXTURE(policy) {
	const struct family *f;
	int s;
	struct exchange x;
	uint8_t va[6];
	struct arp_frame a, in;
};
FIXTURE_VARIANT(policy) { const struct family *f; };
FIXTURE_VARIANT_ADD(policy, inet) { .f = &fam_inet };
FIXTURE_VARIANT_ADD(policy, teach) { .f = &fam_teach };
FIXTURE_SETUP(policy)
{
	self->f = variant->f;
	lab_make();
	test_begin(self->f);
	lab_ready();
	/* One CPU: what is sent first arrives first. */
	pin_cpu();
	mac_of(ALICE, "va", self->va);
	self->s = sk_open(self->f, ALICE);
	exchange_open(&self->x, self->f);
}
FIXTURE_TEARDOWN(policy) {}

/* ---- sysctls of either family ---- */

static const char *path_of(const struct family *f, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/%s/%s",
		 f->af == AF_INET ? "ipv4" : "teach", name);
	return path;
}

static void set(const struct family *f, const char *name, const char *value)
{
	must(!sysctl_write(path_of(f, name), value), name);
}

/* The value, or -1 if there is no such sysctl. */
static long get(const struct family *f, const char *name)
{
	FILE *file = fopen(path_of(f, name), "re");
	long value = -1;

	if (!file)
		return -1;
	must(fscanf(file, "%ld", &value) == 1, name);
	fclose(file);
	return value;
}

/* ---- frames ---- */

#define NEXT_ARP(_self) exchange_next(&(_self)->x, &(_self)->in)

/* Sends self->a as this family's; says whether it was answered. */
#define ANSWERED(_self) ({ \
	(_self)->a.pro = (_self)->x.pro; \
	arp_put((_self)->x.at_bob, &(_self)->a, ARP_FRAME); \
	NEXT_ARP(_self) && (_self)->in.op == htons(ARP_REPLY); \
})

static int known(const struct family *f, int s, uint32_t addr, uint8_t mac[6])
{
	addr_t a = addr_of(f, addr, 0);
	struct arpreq r = { 0 };

	memcpy(&r.arp_pa, &a, sizeof(a));
	snprintf(r.arp_dev, sizeof(r.arp_dev), "va");
	if (ioctl(s, SIOCGARP, &r) || !(r.arp_flags & ATF_COM))
		return 0;
	memcpy(mac, r.arp_ha.sa_data, 6);
	return 1;
}

#define EXPECT_MAC(_mac, _addr) do { \
	uint8_t _seen[6] = { 0 }; \
	EXPECT_TRUE(known(self->f, self->s, _addr, _seen)); \
	EXPECT_EQ(0, memcmp(_mac, _seen, 6)); \
} while (0)

#define EXPECT_UNKNOWN(_addr) do { \
	uint8_t _seen[6]; \
	EXPECT_FALSE(known(self->f, self->s, _addr, _seen)); \
} while (0)

/* ---- arp_ignore ---- */

TEST_F(policy, arp_ignore)
{
	/* Answered: our address on that device; on another; asked by a stranger. */
	static const struct {
		const char *value;
		bool own, other, stranger;
	} rows[] = {
		{ "0", true, true, true },
		{ "1", true, false, true },
		{ "2", true, false, false },
		{ "3", true, true, true },
		{ "4", true, true, true },
		{ "8", false, false, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set(self->f, "conf/va/arp_ignore", rows[i].value);
		arp_make(&self->a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, ALICE1);
		EXPECT_EQ(rows[i].own, ANSWERED(self)) TH_LOG("%s, own", rows[i].value);
		arp_make(&self->a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, ALICE2);
		EXPECT_EQ(rows[i].other, ANSWERED(self)) TH_LOG("%s, other", rows[i].value);
		arp_make(&self->a, ARP_REQUEST, DAVE_MAC, FOREIGN, NO_MAC, ALICE1);
		EXPECT_EQ(rows[i].stranger, ANSWERED(self))
			TH_LOG("%s, stranger", rows[i].value);
		/* A probe has no network: it is as if the asker were in ours. */
		arp_make(&self->a, ARP_REQUEST, CAROL_MAC, ANY, NO_MAC, ALICE1);
		EXPECT_EQ(rows[i].own, ANSWERED(self)) TH_LOG("%s, probe", rows[i].value);
	}
}

/* Of what is set for all devices and for this one the larger is in force. */
TEST_F(policy, all_devices)
{
	arp_make(&self->a, ARP_REQUEST, CAROL_MAC, CAROL, NO_MAC, ALICE2);
	set(self->f, "conf/all/arp_ignore", "1");
	EXPECT_EQ(0, get(self->f, "conf/va/arp_ignore"));
	EXPECT_FALSE(ANSWERED(self));
	set(self->f, "conf/va/arp_ignore", "3");
	EXPECT_TRUE(ANSWERED(self));
	set(self->f, "conf/all/arp_ignore", "8");
	EXPECT_FALSE(ANSWERED(self));
}

/* ---- arp_announce ---- */

/* Which address of hers alice tells as she looks for somebody. */
static uint32_t told(struct __test_metadata *_metadata, struct exchange *x,
		     const struct family *f, uint32_t from, uint32_t to)
{
	int s = sk_bound(f, ALICE, from, 0);
	struct arp_frame in = { 0 };

	EXPECT_EQ(1, send_to(f, s, "x", 1, to, PEER));
	EXPECT_TRUE(exchange_next(x, &in));
	EXPECT_EQ(htons(ARP_REQUEST), in.op);
	EXPECT_EQ(to, ntohl(in.target));
	close(s);
	return ntohl(in.sender);
}

#define TOLD(_from, _to) told(_metadata, &self->x, self->f, _from, _to)

TEST_F(policy, arp_announce)
{
	ASSERT_EQ(0, addr_add(self->f, "va", ALICE3, 24));
	NEXT_ARP(self);
	set(self->f, "conf/va/arp_announce", "0");
	EXPECT_EQ(ALICE2, TOLD(ALICE2, UNUSED1));
	EXPECT_EQ(ALICE3, TOLD(ALICE3, UNUSED1 + 1));
	EXPECT_EQ(ALICE1, TOLD(ANY, UNUSED1 + 2));
	set(self->f, "conf/va/arp_announce", "1");
	EXPECT_EQ(ALICE1, TOLD(ALICE2, UNUSED1 + 3));
	EXPECT_EQ(ALICE3, TOLD(ALICE3, UNUSED1 + 4));
	set(self->f, "conf/va/arp_announce", "2");
	EXPECT_EQ(ALICE1, TOLD(ALICE2, UNUSED1 + 5));
	EXPECT_EQ(ALICE1, TOLD(ALICE3, UNUSED1 + 6));
}

/* ---- arp_accept, drop_gratuitous_arp ---- */

TEST_F(policy, arp_accept)
{
	static const struct {
		const char *value;
		bool inside, outside;
	} rows[] = { { "0", false, false }, { "1", true, true }, { "2", true, false } };
	/* Each frame comes from an address of its own: an entry stays. */
	uint32_t in = CAROL, out = FOREIGN, sender;
	unsigned int i, j, op;
	uint8_t mac[6];
	bool accept;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set(self->f, "conf/va/arp_accept", rows[i].value);
		for (j = 0; j < 2; j++) {
			accept = j ? rows[i].outside : rows[i].inside;
			for (op = ARP_REQUEST; op <= ARP_REPLY; op++) {
				/* An announcement, in both forms. */
				sender = j ? ++out : ++in;
				arp_make(&self->a, op, CAROL_MAC, sender,
					 op == ARP_REQUEST ? NO_MAC : CAROL_MAC, sender);
				memset(self->a.eth.h_dest, 0xff, 6);
				EXPECT_FALSE(ANSWERED(self));
				EXPECT_EQ(accept, known(self->f, self->s, sender, mac))
					TH_LOG("%s, announced by %u", rows[i].value, op);
			}
			/* A reply that nobody asked for. */
			sender = j ? ++out : ++in;
			arp_make(&self->a, ARP_REPLY, CAROL_MAC, sender, self->va, ALICE1);
			EXPECT_FALSE(ANSWERED(self));
			EXPECT_EQ(accept, known(self->f, self->s, sender, mac))
				TH_LOG("%s, reply", rows[i].value);
			/* What somebody asks somebody else never makes an entry. */
			sender = j ? ++out : ++in;
			arp_make(&self->a, ARP_REQUEST, CAROL_MAC, sender, NO_MAC, UNUSED1);
			EXPECT_FALSE(ANSWERED(self));
			EXPECT_FALSE(known(self->f, self->s, sender, mac));
		}
	}
}

TEST_F(policy, drop_gratuitous_arp)
{
	set(self->f, "neigh/va/locktime", "60000");
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_STALE));
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, CAROL);
	set(self->f, "conf/va/drop_gratuitous_arp", "1");
	EXPECT_FALSE(ANSWERED(self));
	EXPECT_MAC(CAROL_MAC, CAROL);
	/* Otherwise it is believed at once, also within the locktime. */
	set(self->f, "conf/va/drop_gratuitous_arp", "0");
	EXPECT_FALSE(ANSWERED(self));
	EXPECT_MAC(DAVE_MAC, CAROL);
	/* A reply is an announcement only if it says the MAC address twice. */
	arp_make(&self->a, ARP_REPLY, CAROL_MAC, CAROL, ALL_MAC, CAROL);
	EXPECT_FALSE(ANSWERED(self));
	EXPECT_MAC(DAVE_MAC, CAROL);
	memcpy(self->a.target_mac, CAROL_MAC, 6);
	EXPECT_FALSE(ANSWERED(self));
	EXPECT_MAC(CAROL_MAC, CAROL);
}

/* What is not asked or answered in time: overheard only after the locktime. */
TEST_F(policy, locktime)
{
	set(self->f, "neigh/va/locktime", "60000");
	ASSERT_EQ(0, neigh_add(self->f, "va", CAROL, (const uint8_t *)CAROL_MAC, NUD_STALE));
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, UNUSED1);
	EXPECT_FALSE(ANSWERED(self));
	EXPECT_MAC(CAROL_MAC, CAROL);
	arp_make(&self->a, ARP_REPLY, DAVE_MAC, CAROL, self->va, ALICE1);
	EXPECT_FALSE(ANSWERED(self));
	EXPECT_MAC(CAROL_MAC, CAROL);
	/* A question for us is answered to where it came from, at once. */
	arp_make(&self->a, ARP_REQUEST, DAVE_MAC, CAROL, NO_MAC, ALICE1);
	EXPECT_TRUE(ANSWERED(self));
	EXPECT_EQ(0, memcmp(self->in.eth.h_dest, DAVE_MAC, 6));
	EXPECT_MAC(DAVE_MAC, CAROL);
}

/* RFC 5227, 2.1.1: a broadcast or a unicast probe is answered, and nothing learnt. */
TEST_F(policy, probes)
{
	static const uint8_t ours[2][6] = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		arp_make(&self->a, ARP_REQUEST, CAROL_MAC, ANY, NO_MAC, ALICE1);
		memcpy(self->a.eth.h_dest, i ? self->va : ours[0], 6);
		ASSERT_TRUE(ANSWERED(self));
		EXPECT_EQ(0, memcmp(self->in.eth.h_dest, CAROL_MAC, 6));
		EXPECT_EQ(0, memcmp(self->in.target_mac, CAROL_MAC, 6));
		EXPECT_EQ(0, self->in.target);
		EXPECT_EQ(ALICE1, ntohl(self->in.sender));
		/* A unicast request from a known sender is what PROBE sends. */
		arp_make(&self->a, ARP_REQUEST, CAROL_MAC, CAROL + i, NO_MAC, ALICE1);
		memcpy(self->a.eth.h_dest, i ? self->va : ours[0], 6);
		ASSERT_TRUE(ANSWERED(self));
		EXPECT_EQ(CAROL + i, ntohl(self->in.target));
		EXPECT_MAC(CAROL_MAC, CAROL + i);
	}
}

/* ---- arp_notify ---- */

/* The next announcement of this family that is already on its way. */
static uint32_t announced(struct exchange *x, const uint8_t *mac)
{
	struct arp_frame in;

	if (!exchange_next(x, &in))
		return 0;
	errno = EPROTO;
	must(in.op == htons(ARP_REQUEST) && in.sender == in.target &&
	     !memcmp(in.eth.h_dest, ALL_MAC, 6) && !memcmp(in.sender_mac, mac, 6) &&
	     !memcmp(in.target_mac, NO_MAC, 6), "an announcement as RFC 5227 has it");
	return ntohl(in.sender);
}

#define ANNOUNCED(_mac) announced(&self->x, _mac)

TEST_F(policy, arp_notify)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x61 };

	EXPECT_EQ(0, get(self->f, "conf/va/arp_notify"));
	ASSERT_EQ(0, link_set_mac("va", mac));
	EXPECT_EQ(0, ANNOUNCED(mac));
	set(self->f, "conf/va/arp_notify", "1");
	ASSERT_EQ(0, link_set_mac("va", self->va));
	EXPECT_EQ(ALICE1, ANNOUNCED(self->va));
	ASSERT_EQ(0, link_up("va", 0));
	ASSERT_EQ(0, link_up("va", 1));
	lab_ready();
	exchange_again(&self->x);
	EXPECT_EQ(ALICE1, ANNOUNCED(self->va));
	/* A new address: TEACH says so, IPv4 waits for somebody to ask. */
	ASSERT_EQ(0, addr_add(self->f, "va", ALICE3, 24));
	EXPECT_EQ(self->f->af == AF_INET ? 0 : ALICE3, ANNOUNCED(self->va));
}

/* ---- sysctls ---- */

static const char *const neigh_names[] = {
	"base_reachable_time", "base_reachable_time_ms", "retrans_time",
	"retrans_time_ms", "delay_first_probe_time", "gc_stale_time", "locktime",
	"ucast_solicit", "mcast_solicit", "mcast_resolicit", "unres_qlen",
	"unres_qlen_bytes", "proxy_delay", "proxy_qlen",
};
static const char *const conf_names[] = {
	"arp_ignore", "arp_announce", "arp_accept", "arp_notify", "drop_gratuitous_arp",
	"proxy_arp",
};

static const char *sysctl_of(const char *kind, const char *dev, const char *name)
{
	static char buf[96];

	snprintf(buf, sizeof(buf), "%s/%s/%s", kind, dev, name);
	return buf;
}

/* The kernel's names, and the same number in each. IPv4 has neigh/default in the first
 * namespace only.
 */
TEST_F(policy, sysctl_defaults)
{
	static const char *const devs[] = { "va", "default", "all" };
	unsigned int i, j;
	const char *name;

	for (i = 0; i < ARRAY_SIZE(neigh_names); i++) {
		name = sysctl_of("neigh", "va", neigh_names[i]);
		EXPECT_LE(0, get(self->f, name)) TH_LOG("%s", name);
		EXPECT_EQ(get(&fam_inet, name), get(self->f, name)) TH_LOG("%s", name);
		if (self->f->af == AF_INET)
			continue;
		name = sysctl_of("neigh", "default", neigh_names[i]);
		EXPECT_LE(0, get(self->f, name)) TH_LOG("%s", name);
	}
	for (j = 0; j < ARRAY_SIZE(devs); j++) {
		for (i = 0; i < ARRAY_SIZE(conf_names); i++) {
			name = sysctl_of("conf", devs[j], conf_names[i]);
			EXPECT_LE(0, get(self->f, name)) TH_LOG("%s", name);
			EXPECT_EQ(get(&fam_inet, name), get(self->f, name)) TH_LOG("%s", name);
		}
	}
	EXPECT_EQ(-1, get(self->f, "neigh/all/locktime"));
	EXPECT_EQ(-1, get(self->f, "neigh/va/gc_thresh1"));
}

/* A device follows the default until it has an address, or somebody sets its own value. */
TEST_F(policy, sysctl_default_follows)
{
	must(!system("ip link add xa type veth peer name xb"), "a new device");
	set(self->f, "conf/default/arp_ignore", "1");
	EXPECT_EQ(0, get(self->f, "conf/va/arp_ignore"));
	EXPECT_EQ(1, get(self->f, "conf/xa/arp_ignore"));
	set(self->f, "conf/default/arp_ignore", "2");
	EXPECT_EQ(2, get(self->f, "conf/xa/arp_ignore"));
	set(self->f, "conf/xa/arp_ignore", "3");
	set(self->f, "conf/default/arp_ignore", "8");
	EXPECT_EQ(3, get(self->f, "conf/xa/arp_ignore"));
	EXPECT_EQ(8, get(self->f, "conf/xb/arp_ignore"));
	ASSERT_EQ(0, addr_add(self->f, "xb", FOREIGN, 24));
	set(self->f, "conf/default/arp_ignore", "0");
	EXPECT_EQ(8, get(self->f, "conf/xb/arp_ignore"));
	if (self->f->af == AF_TEACH) {
		set(self->f, "neigh/default/retrans_time_ms", "500");
		EXPECT_EQ(500, get(self->f, "neigh/xa/retrans_time_ms"));
		EXPECT_EQ(1000, get(self->f, "neigh/xb/retrans_time_ms"));
	}
	/* Another namespace is another world. */
	lab_enter(BOB);
	must(!system("ip link add xa type veth peer name xb"), "a new device");
	EXPECT_EQ(0, get(self->f, "conf/xa/arp_ignore"));
	EXPECT_EQ(1000, get(self->f, "neigh/xa/retrans_time_ms"));
	lab_enter(ALICE);
}

/* The units: hundredths, seconds, milliseconds, packets of 1514 bytes and their memory. */
TEST_F(policy, sysctl_units)
{
	set(self->f, "neigh/va/base_reachable_time", "7");
	EXPECT_EQ(7000, get(self->f, "neigh/va/base_reachable_time_ms"));
	set(self->f, "neigh/va/base_reachable_time_ms", "12000");
	EXPECT_EQ(12, get(self->f, "neigh/va/base_reachable_time"));
	set(self->f, "neigh/va/retrans_time", "20");
	EXPECT_EQ(200, get(self->f, "neigh/va/retrans_time_ms"));
	set(self->f, "neigh/va/unres_qlen", "3");
	EXPECT_EQ(3, get(self->f, "neigh/va/unres_qlen"));
	/* As much memory in both. */
	set(&fam_inet, "neigh/va/unres_qlen", "3");
	EXPECT_EQ(get(&fam_inet, "neigh/va/unres_qlen_bytes"),
		  get(self->f, "neigh/va/unres_qlen_bytes"));
	EXPECT_GT(0, sysctl_write(path_of(self->f, "neigh/va/mcast_solicit"), "-1"));
	EXPECT_GT(0, sysctl_write(path_of(self->f, "neigh/va/mcast_solicit"), "x"));
	EXPECT_EQ(3, get(self->f, "neigh/va/mcast_solicit"));
}

static int rename_link(const char *from, const char *to)
{
	const struct ifinfomsg ifi = { .ifi_index = if_nametoindex(from) };
	struct nl nl = { .fd = nl_open(NETLINK_ROUTE) };
	int ret;

	nl_begin(&nl, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	nl_attr(&nl, IFLA_IFNAME, to, strlen(to) + 1);
	ret = nl_ask(&nl);
	close(nl.fd);
	return ret;
}

/* The folders have the device's name, whatever that is, and end with it. */
TEST_F(policy, sysctl_rename)
{
	set(self->f, "conf/wa/arp_ignore", "2");
	ASSERT_EQ(0, link_up("wa", 0));
	ASSERT_EQ(0, rename_link("wa", "lan.1"));
	EXPECT_EQ(-1, get(self->f, "conf/wa/arp_ignore"));
	EXPECT_EQ(-1, get(self->f, "neigh/wa/locktime"));
	EXPECT_EQ(2, get(self->f, "conf/lan.1/arp_ignore"));
	EXPECT_EQ(100, get(self->f, "neigh/lan.1/locktime"));
	set(self->f, "conf/lan.1/arp_ignore", "1");
	ASSERT_EQ(0, rename_link("lan.1", "wa"));
	EXPECT_EQ(1, get(self->f, "conf/wa/arp_ignore"));
	EXPECT_EQ(-1, get(self->f, "conf/lan.1/arp_ignore"));
	ASSERT_EQ(0, link_del("wa"));
	EXPECT_EQ(-1, get(self->f, "conf/wa/arp_ignore"));
	EXPECT_EQ(-1, get(self->f, "neigh/wa/locktime"));
}

/* To read is everybody's, to write an administrator's. */
TEST_F(policy, sysctl_permission)
{
	become_nobody();
	EXPECT_EQ(0, get(self->f, "conf/va/arp_ignore"));
	EXPECT_GT(0, sysctl_write(path_of(self->f, "conf/va/arp_ignore"), "1"));
	EXPECT_GT(0, sysctl_write(path_of(self->f, "conf/default/arp_ignore"), "1"));
	EXPECT_EQ(0, get(self->f, "conf/va/arp_ignore"));
}

LAB_MAIN
