// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module's beginning when memory is short: loading it, a new network namespace, a
 * new device, a device that changes, each with each of its faults. What failed
 * leaves nothing behind, and can be done again.
 *
 * time limit: 400 s
 */
#define _GNU_SOURCE
#include <kselftest_harness.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>

#include "inject.h"
#include "module.h"
#include "tap.h"
#include "wire.h"

#define PORT	7000
#define OTHER	0x0a070001u	/* 10.7.0.1 */

/* ---- namespaces -------------------------------------------------------------------- */

FAULT_OPS(load);

static int home = -1;		/* the namespace that this began in */

static bool teach_works(void)
{
	int fd = socket(AF_TEACH, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool works = fd >= 0 && !bind_to(&fam_teach, fd, ANY, PORT) &&
		     !access("/proc/thread-self/net/teach_neigh", R_OK) &&
		     !access("/proc/sys/net/teach/neigh/default/gc_thresh1", R_OK);

	if (fd >= 0)
		close(fd);
	return works;
}

static ino_t namespace(void)
{
	struct stat st;

	must(!stat("/proc/thread-self/ns/net", &st), "/proc/thread-self/ns/net");
	return st.st_ino;
}

static ino_t ns_before;

static void before_unshare(void)
{
	if (home < 0)
		home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	must(home >= 0, "/proc/thread-self/ns/net");
	ns_before = namespace();
}

static long call_unshare(void)
{
	return unshare(CLONE_NEWNET);
}

static const char *after_unshare(long ret)
{
	const char *wrong = NULL;

	if ((ret >= 0) == (namespace() == ns_before))
		wrong = ret < 0 ? "another namespace" : "no new namespace";
	if (!teach_works())
		wrong = "no sockets, or files are missing";
	must(!setns(home, CLONE_NEWNET), "back home");
	return wrong;
}

/* A large table that cannot be had in one piece is taken page by page. */
FAULT_OP(load, netns, .before = before_unshare, .call = call_unshare,
	 .after = after_unshare, .errs = { ENOMEM }, .within = "teach",
	 .survives = "kvmalloc() has a second way");

/* ---- devices ------------------------------------------------------------------------- */

static struct nl nl;

static long call_nl(void)
{
	return nl_try(&nl);
}

static void link_request(uint16_t type, uint16_t flags, const char *dev,
			 unsigned int ifi_flags, unsigned int change)
{
	const struct ifinfomsg ifi = {
		.ifi_index = dev ? if_nametoindex(dev) : 0,
		.ifi_flags = ifi_flags, .ifi_change = change,
	};

	if (nl.fd > 0)
		close(nl.fd);
	nl.fd = nl_open(NETLINK_ROUTE);
	nl_begin(&nl, type, flags, &ifi, sizeof(ifi));
}

#define NL_ERRS	{ ENOMEM, ENOBUFS, EFAULT, ENFILE }

static const char *const kinds[] = { "dummy", "veth" };

static void newlink_request(const char *kind)
{
	struct {
		struct nlattr attr;
		char kind[8];
	} info = { { .nla_len = NLA_HDRLEN + strlen(kind) + 1,
		     .nla_type = IFLA_INFO_KIND }, "" };

	memcpy(info.kind, kind, strlen(kind));
	link_request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, NULL, 0, 0);
	nl_attr(&nl, IFLA_IFNAME, "new0", 5);
	nl_attr(&nl, IFLA_LINKINFO | NLA_F_NESTED, &info,
		NLA_ALIGN(info.attr.nla_len));
}

static void before_newlink(void)
{
	newlink_request(kinds[fault_way]);
}

/* A device that is there carries TEACH. */
static const char *after_newlink(long ret)
{
	bool there = if_nametoindex("new0");
	const char *wrong = NULL;

	if (!nl.unsure && there != (ret >= 0))
		wrong = there ? "refused, and yet there" : "not there";
	if (there && addr_add(&fam_teach, "new0", OTHER, 24))
		wrong = "takes no address";
	if (there)
		must(!link_del("new0"), "RTM_DELLINK");
	return wrong;
}

/*
 * All that happens because of the module, which is told last: what fails before never
 * reaches it, and nothing after it takes a device back. But the first of two veths
 * goes again, with its link, when the second is refused.
 */
FAULT_OP(load, newlink, .before = before_newlink, .call = call_nl,
	 .after = after_newlink, .count = 2, .errs = NL_ERRS, .within = "teach");

static void dummy_make(void)
{
	newlink_request("dummy");
	must(nl_ask(&nl) == 0, "making a dummy device");
}

static unsigned int flags_of(const char *dev)
{
	struct ifinfomsg ifi;

	link_request(RTM_GETLINK, 0, dev, 0, 0);
	must(!nl_ask(&nl), "RTM_GETLINK");
	memcpy(&ifi, nl.answer, sizeof(ifi));
	return ifi.ifi_flags;
}

static bool reachable(uint32_t addr)
{
	int fd = sk_open(&fam_teach, ALICE);
	bool there = !conn_to(&fam_teach, fd, addr, PORT);

	close(fd);
	return there;
}

/* An address is reachable by its network if the device is up, else not. */
static const char *routes_check(void)
{
	bool up = flags_of("new0") & IFF_UP;

	if (reachable(OTHER + 1) != up)
		return up ? "up, without a route" : "down, with a route";
	return NULL;
}

enum { UP, DOWN, NOARP, RENAME, MAC, MTU, CHANGES };

static void before_change(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0x77, 0x77 };

	must(!link_up("new0", fault_way != UP), "up or down");
	must(!addr_add(&fam_teach, "new0", OTHER, 24), "RTM_NEWADDR");
	switch (fault_way) {
	case UP:
		link_request(RTM_NEWLINK, 0, "new0", IFF_UP, IFF_UP);
		break;
	case DOWN:
		link_request(RTM_NEWLINK, 0, "new0", 0, IFF_UP);
		break;
	case NOARP:		/* now on, now off: a dummy begins without */
		link_request(RTM_NEWLINK, 0, "new0", ~flags_of("new0"), IFF_NOARP);
		break;
	case RENAME:
		link_request(RTM_NEWLINK, 0, "new0", 0, 0);
		nl_attr(&nl, IFLA_IFNAME, "new1", 5);
		break;
	case MAC:
		link_request(RTM_NEWLINK, 0, "new0", 0, 0);
		nl_attr(&nl, IFLA_ADDRESS, mac, sizeof(mac));
		break;
	case MTU:
		link_request(RTM_NEWLINK, 0, "new0", 0, 0);
		nl_attr_u32(&nl, IFLA_MTU, 1400);
		break;
	}
}

/* Done or not, the address is reachable as it should be. */
static const char *after_change(long ret)
{
	const char *wrong;

	(void)ret;
	if (if_nametoindex("new1")) {
		link_request(RTM_NEWLINK, 0, "new1", 0, 0);
		nl_attr(&nl, IFLA_IFNAME, "new0", 5);
		must(!nl_ask(&nl), "renaming");
	}
	wrong = routes_check();
	/* Without memory for the route the kernel's log says what to do. */
	if (wrong && fault_made && fault_way == UP) {
		must(!addr_del(&fam_teach, "new0", OTHER, 24) &&
		     !addr_add(&fam_teach, "new0", OTHER, 24), "the address once more");
		wrong = routes_check();
	}
	must(!addr_del(&fam_teach, "new0", OTHER, 24), "RTM_DELADDR");
	return wrong;
}

/* A device's change is not taken back because of the module. */
FAULT_OP(load, change, .once = dummy_make, .before = before_change, .call = call_nl,
	 .after = after_change, .count = CHANGES, .within = "teach",
	 .survives = "a route or a message is missing", .may_have_none = true);

static void before_dellink(void)
{
	dummy_make();
	must(!addr_add(&fam_teach, "new0", OTHER, 24) && !link_up("new0", 1) &&
	     !neigh_add(&fam_teach, "new0", OTHER + 1, (uint8_t *)CAROL_MAC,
			NUD_PERMANENT), "a device with an address and a neighbour");
	link_request(RTM_DELLINK, 0, "new0", 0, 0);
}

static const char *after_dellink(long ret)
{
	bool there = if_nametoindex("new0");
	const char *wrong = NULL;

	if (!nl.unsure && there != (ret < 0))
		wrong = there ? "still there" : "refused, and yet gone";
	if (reachable(OTHER + 1) != there)
		wrong = there ? "the route is gone" : "the route is still there";
	if (there)
		must(!link_del("new0"), "RTM_DELLINK");
	return wrong;
}

FAULT_OP(load, dellink, .before = before_dellink, .call = call_nl,
	 .after = after_dellink, .within = "teach", .survives = "who listens misses it");

/* ---- a device that becomes Ethernet, and one that is none any more ------------------ */

static int tap;

static void tap_once(void)
{
	tap = tap_open();
}

static void before_retype(void)
{
	must(!ioctl(tap, TUNSETLINK, fault_way ? ARPHRD_ETHER : ARPHRD_NONE), "TUNSETLINK");
}

static long call_retype(void)
{
	return ioctl(tap, TUNSETLINK, fault_way ? ARPHRD_NONE : ARPHRD_ETHER);
}

/* The device's type has changed in any case; if there was no memory, without a link. */
static const char *after_retype(long ret)
{
	bool carries = !addr_add(&fam_teach, TAP, OTHER, 24);

	if (carries)
		must(!addr_del(&fam_teach, TAP, OTHER, 24), "RTM_DELADDR");
	if (ret >= 0 && !fault_made && carries != !fault_way)
		return carries ? "still takes addresses" : "takes no address";
	return NULL;
}

FAULT_OP(load, retype, .once = tap_once, .before = before_retype, .call = call_retype,
	 .after = after_retype, .count = 2, .errs = { ENOMEM }, .within = "teach",
	 .survives = "the device goes without TEACH", .may_have_none = true);

/* ---- insmod ---------------------------------------------------------------------------- */

/* As if it had never been tried, or all there. */
static const char *after_insmod(long ret)
{
	const char *wrong = NULL;

	if (ret < 0 && (module_is_loaded() || socket(AF_TEACH, SOCK_DGRAM, 0) >= 0 ||
			!access("/proc/thread-self/net/teach_stat", F_OK) ||
			!access("/proc/sys/net/teach", F_OK)))
		wrong = "half loaded";
	if (ret >= 0) {
		if (!teach_works() || addr_add(&fam_teach, "va", ALICE1, 24))
			wrong = "loaded, and does not work";
		module_unload();
	}
	return wrong;
}

static long call_insmod(void)
{
	return module_try_load();
}

static void before_rmmod(void)
{
	module_load();
}

static long call_rmmod(void)
{
	return module_try_unload();
}

static const char *after_rmmod(long ret)
{
	const char *wrong = NULL;

	if ((ret < 0) != module_is_loaded())
		wrong = ret < 0 ? "refused, and yet gone" : "still there";
	if (ret < 0 && !teach_works())
		wrong = "refused, and does not work any more";
	if (module_is_loaded())
		module_unload();
	return wrong;
}

FIXTURE(insmod) { int unused; };
FIXTURE_SETUP(insmod)
{
	const char *why = inject_missing();

	if (why)
		SKIP(return, "%s", why);
	if (!getenv("TEACH_KO"))
		SKIP(return, "TEACH_KO does not say where the module is");
	module_read(getenv("TEACH_KO"));
	module_unload();
}
FIXTURE_TEARDOWN(insmod)
{
	if (!module_is_loaded()) {
		module_load();
		EXPECT_TRUE(teach_works());
	}
}

/*
 * All that the module's own beginning asks for, in each of the namespaces and for
 * each of the devices that are there.
 */
TEST_F_TIMEOUT(insmod, fails, 300)
{
	const struct fault_op op = {
		.call = call_insmod, .after = after_insmod,
		.errs = { ENOMEM, ENOBUFS }, .within = "do_init_module", .rarely = 16,
		.survives = "some memory can be done without",
	};

	EXPECT_TRUE(inject_each(&op));
}

/* On its way out it asks for little: to tell who listens. */
TEST_F_TIMEOUT(insmod, rmmod_fails, 100)
{
	const struct fault_op op = {
		.before = before_rmmod, .call = call_rmmod, .after = after_rmmod,
		.errs = { ENOMEM, EFAULT }, .survives = "who listens misses it",
		.rarely = 16,
	};

	EXPECT_TRUE(inject_each(&op));
}

int main(int argc, char **argv)
{
	/* Devices and the module wait for grace periods: not for long ones. */
	must(!sysctl_write("/sys/kernel/rcu_expedited", "1"), "rcu_expedited");
	lab_make();
	inject_prepare();
	return test_harness_run(argc, argv);
}
