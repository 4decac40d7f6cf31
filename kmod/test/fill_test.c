// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of the messages of ctl/: what is put into one never exceeds the size that was
 * computed for it, and a message that does not fit leaves nothing behind. The largest
 * message of each kind is made, since memory is given in larger pieces than asked for, so
 * that one too large is not noticed every time.
 */
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include "ctl/diag.h"
#include "ctl/genl.h"
#include "ctl/genl_neigh.h"
#include "ctl/genl_rarp.h"
#include "ctl/rtnl_addr.h"
#include "ctl/rtnl_neigh.h"
#include "ctl/rtnl_proxy.h"
#include "link/addr.h"
#include "link/link.h"
#include "link/neigh_table.h"
#include "link/proxy.h"
#include "link/rarp_table.h"
#include "sock/sock.h"
#include "test/device.h"

/**
 * struct message - a kind of message
 * @fill: puts it into a buffer
 * @what: of this
 * @attrs: bytes between the header of netlink and the first attribute
 */
struct message {
	int (*fill)(struct sk_buff *skb, void *what);
	void *what;
	unsigned int attrs;
};

/* A buffer with room for so many bytes and not one more. */
static struct sk_buff *room(struct kunit *test, unsigned int bytes)
{
	struct sk_buff *skb = alloc_skb(bytes, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, skb_tailroom(skb) - bytes);
	return skb;
}

/* With room for the size and netlink's header it fits, and needs all of it; with less it
 * does not, and nothing is left.
 */
static struct sk_buff *fill_exactly(struct kunit *test, const struct message *m, size_t size)
{
	unsigned int bytes = NLMSG_HDRLEN + size, less;
	struct sk_buff *skb;

	for (less = 0; less < bytes; less++) {
		skb = room(test, less);
		KUNIT_EXPECT_EQ_MSG(test, m->fill(skb, m->what), -EMSGSIZE, "%u of %u bytes", less,
				    bytes);
		KUNIT_EXPECT_EQ(test, skb->len, 0);
		kfree_skb(skb);
	}
	skb = room(test, bytes);
	KUNIT_EXPECT_EQ(test, m->fill(skb, m->what), 0);
	KUNIT_EXPECT_EQ(test, skb->len, bytes);
	if (skb->len) {
		KUNIT_EXPECT_EQ(test, nlmsg_hdr(skb)->nlmsg_len, skb->len);
	} else {
		kfree_skb(skb);
		skb = NULL;
	}
	KUNIT_ASSERT_NOT_NULL(test, skb);
	return skb;
}

/* The value of an attribute, checked to have this length. */
static const void *attr(struct kunit *test, struct sk_buff *skb, const struct message *m,
			int type, int len)
{
	const struct nlattr *nla = nlmsg_find_attr(nlmsg_hdr(skb), m->attrs, type);

	KUNIT_ASSERT_NOT_NULL_MSG(test, nla, "attribute %d", type);
	KUNIT_ASSERT_EQ_MSG(test, nla_len(nla), len, "attribute %d", type);
	return nla_data(nla);
}

/* ---- rtnetlink ------------------------------------------------------------------------------ */

static int fill_addr(struct sk_buff *skb, void *ifa)
{
	return teach_rtnl_addr_fill(skb, ifa, RTM_NEWADDR, 0, 0, 0);
}

static void fill_rtnl_addr(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	const struct ifaddrmsg *ifm;
	struct message m = { .fill = fill_addr, .attrs = sizeof(*ifm) };
	struct sk_buff *skb;

	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 24);
	rtnl_lock();
	m.what = (void *)teach_addr_find(link->net, ADDR(10, 1, 0, 1), link);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, m.what);

	skb = fill_exactly(test, &m, teach_rtnl_addr_size());
	ifm = nlmsg_data(nlmsg_hdr(skb));
	KUNIT_EXPECT_EQ(test, ifm->ifa_family, AF_TEACH);
	KUNIT_EXPECT_EQ(test, ifm->ifa_prefixlen, 24);
	KUNIT_EXPECT_EQ(test, ifm->ifa_index, link->ifindex);
	KUNIT_EXPECT_EQ(test, *(__be32 *)attr(test, skb, &m, IFA_LOCAL, 4), ADDR(10, 1, 0, 1));
	KUNIT_EXPECT_EQ(test, *(u32 *)attr(test, skb, &m, IFA_FLAGS, 4), IFA_F_PERMANENT);
	attr(test, skb, &m, IFA_CACHEINFO, sizeof(struct ifa_cacheinfo));
	kfree_skb(skb);
}

static struct teach_neigh *a_neigh(struct kunit *test, struct teach_link *link)
{
	struct teach_neigh *n;

	rcu_read_lock();
	n = teach_neigh_get(link, ADDR(10, 1, 0, 2));
	rcu_read_unlock();
	KUNIT_ASSERT_FALSE(test, IS_ERR(n));
	return n;
}

static int fill_neigh(struct sk_buff *skb, void *n)
{
	return teach_rtnl_neigh_fill(skb, n, RTM_NEWNEIGH, 0, 0, 0);
}

/* With a MAC address in valid states, without one in the others, which are smaller. */
static void fill_rtnl_neigh(struct kunit *test)
{
	static const u8 states[] = {
		NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PROBE, NUD_NOARP, NUD_PERMANENT,
		NUD_NONE, NUD_INCOMPLETE, NUD_FAILED,
	};
	struct teach_link *link = teach_test_link(test);
	const struct ndmsg *ndm;
	struct message m = { .fill = fill_neigh, .attrs = sizeof(*ndm) };
	unsigned int i, mac, ext;
	struct teach_neigh *n;
	struct sk_buff *skb;

	n = a_neigh(test, link);
	m.what = n;
	KUNIT_ASSERT_EQ(test, teach_neigh_update(n, teach_test_mac, NUD_STALE, 0), 0);
	for (i = 0; i < 2 * ARRAY_SIZE(states); i++) {
		u8 state = states[i / 2];

		/* Without the timer, which would go on from there. */
		n->nud.state = state;
		n->flags = i & 1 ? NTF_ROUTER : NTF_ROUTER | NTF_MANAGED;
		mac = state & TEACH_NUD_VALID ? 0 : nla_total_size(ETH_ALEN);
		ext = i & 1 ? nla_total_size(sizeof(u32)) : 0;
		skb = fill_exactly(test, &m, teach_rtnl_neigh_size() - mac - ext);
		ndm = nlmsg_data(nlmsg_hdr(skb));
		KUNIT_EXPECT_EQ(test, ndm->ndm_family, AF_TEACH);
		KUNIT_EXPECT_EQ(test, ndm->ndm_state, state);
		KUNIT_EXPECT_EQ(test, ndm->ndm_flags, NTF_ROUTER);
		KUNIT_EXPECT_EQ(test, ndm->ndm_ifindex, link->ifindex);
		KUNIT_EXPECT_EQ(test, *(__be32 *)attr(test, skb, &m, NDA_DST, 4),
				ADDR(10, 1, 0, 2));
		if (!mac)
			KUNIT_EXPECT_MEMEQ(test, attr(test, skb, &m, NDA_LLADDR, ETH_ALEN),
					   teach_test_mac, ETH_ALEN);
		if (!ext)
			KUNIT_EXPECT_EQ(test, *(u32 *)attr(test, skb, &m, NDA_FLAGS_EXT, 4),
					NTF_EXT_MANAGED);
		attr(test, skb, &m, NDA_CACHEINFO, sizeof(struct nda_cacheinfo));
		attr(test, skb, &m, NDA_PROBES, 4);
		kfree_skb(skb);
	}
	n->flags = 0;
}

static int fill_proxy(struct sk_buff *skb, void *proxy)
{
	return teach_rtnl_proxy_fill(skb, proxy, 0, 0, 0);
}

/* Who made it is there only where it was told; so is the device. */
static void fill_rtnl_proxy(struct kunit *test)
{
	struct teach_proxy proxy = {
		.link = teach_test_link(test), .addr = ADDR(10, 1, 0, 9),
		.flags = NTF_ROUTER, .protocol = RTPROT_STATIC,
	};
	const struct ndmsg *ndm;
	const struct message m = { .fill = fill_proxy, .what = &proxy, .attrs = sizeof(*ndm) };
	struct sk_buff *skb;

	skb = fill_exactly(test, &m, teach_rtnl_proxy_size());
	ndm = nlmsg_data(nlmsg_hdr(skb));
	KUNIT_EXPECT_EQ(test, ndm->ndm_family, AF_TEACH);
	KUNIT_EXPECT_EQ(test, ndm->ndm_ifindex, proxy.link->ifindex);
	KUNIT_EXPECT_EQ(test, ndm->ndm_flags, NTF_ROUTER | NTF_PROXY);
	KUNIT_EXPECT_EQ(test, *(__be32 *)attr(test, skb, &m, NDA_DST, 4), ADDR(10, 1, 0, 9));
	KUNIT_EXPECT_EQ(test, *(u8 *)attr(test, skb, &m, NDA_PROTOCOL, 1), RTPROT_STATIC);
	kfree_skb(skb);

	proxy.link = NULL;
	proxy.protocol = RTPROT_UNSPEC;
	skb = fill_exactly(test, &m, teach_rtnl_proxy_size() - nla_total_size(sizeof(u8)));
	ndm = nlmsg_data(nlmsg_hdr(skb));
	KUNIT_EXPECT_EQ(test, ndm->ndm_ifindex, 0);
	kfree_skb(skb);
}

static int fill_info(struct sk_buff *skb, void *n)
{
	return teach_genl_neigh_fill(skb, n, 0, 0, 0);
}

static int fill_event(struct sk_buff *skb, void *change)
{
	return teach_genl_event_fill(skb, change, false);
}

static void fill_genl_neigh(struct kunit *test)
{
	struct message m = { .fill = fill_info, .attrs = GENL_HDRLEN };
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh_change change = {
		.old_state = NUD_INCOMPLETE, .state = NUD_STALE, .has_mac = true,
		.reason = TEACH_NEIGH_REASON_REQUEST, .asked = 2, .time_ns = 1,
	};
	struct teach_neigh *n;
	struct sk_buff *skb;

	n = a_neigh(test, link);
	KUNIT_ASSERT_EQ(test, 0,
			teach_neigh_update(n, teach_test_mac, NUD_STALE,
					   TEACH_UPDATE_WHY(TEACH_NEIGH_REASON_REQUEST)));
	m.what = n;
	skb = fill_exactly(test, &m, teach_genl_neigh_size());
	KUNIT_EXPECT_EQ(test, *(u16 *)attr(test, skb, &m, TEACH_A_NUD_STATE, 2), NUD_STALE);
	KUNIT_EXPECT_EQ(test, *(u8 *)attr(test, skb, &m, TEACH_A_REASON, 1),
			TEACH_NEIGH_REASON_REQUEST);
	KUNIT_EXPECT_MEMEQ(test, attr(test, skb, &m, TEACH_A_LLADDR, ETH_ALEN),
			   teach_test_mac, ETH_ALEN);
	kfree_skb(skb);

	change.n = n;
	m.fill = fill_event;
	m.what = &change;
	skb = fill_exactly(test, &m, teach_genl_event_size());
	KUNIT_EXPECT_EQ(test, *(u16 *)attr(test, skb, &m, TEACH_A_OLD_NUD_STATE, 2),
			NUD_INCOMPLETE);
	KUNIT_EXPECT_EQ(test, *(u32 *)attr(test, skb, &m, TEACH_A_PROBES, 4), 2U);
	KUNIT_EXPECT_EQ(test, *(u64 *)attr(test, skb, &m, TEACH_A_TIME_NS, 8), 1ULL);
	kfree_skb(skb);
}

/* ---- sock_diag ---------------------------------------------------------------------------- */

static int fill_sock(struct sk_buff *skb, void *tsk)
{
	return teach_diag_fill(skb, tsk, TDIAG_SHOW_MEMINFO, &init_user_ns, 0, 0, 0);
}

static void close_socket(void *sock)
{
	sock_release(sock);
}

static void fill_diag(struct kunit *test)
{
	struct message m = { .fill = fill_sock, .attrs = sizeof(struct teach_diag_msg) };
	const struct teach_diag_msg *msg;
	struct socket *sock;
	struct sk_buff *skb;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_TEACH, SOCK_DGRAM, 0, &sock), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_socket, sock), 0);
	m.what = teach_sk(sock->sk);

	/* What is there only of a socket that was shut down. */
	skb = fill_exactly(test, &m, teach_diag_size() - nla_total_size(sizeof(u8)));
	kfree_skb(skb);
	sock->sk->sk_shutdown = SHUTDOWN_MASK;
	skb = fill_exactly(test, &m, teach_diag_size());
	msg = nlmsg_data(nlmsg_hdr(skb));
	KUNIT_EXPECT_EQ(test, msg->tdiag_family, AF_TEACH);
	KUNIT_EXPECT_EQ(test, msg->tdiag_protocol, TEACHPROTO_DGRAM);
	attr(test, skb, &m, TEACH_DIAG_MEMINFO, sizeof(u32) * SK_MEMINFO_VARS);
	KUNIT_EXPECT_EQ(test, *(u8 *)attr(test, skb, &m, TEACH_DIAG_SHUTDOWN, 1), SHUTDOWN_MASK);
	kfree_skb(skb);
}

/* ---- Generic netlink: no size is computed, the default must do ------------------------- */

#define ROOM	(GENL_HDRLEN + GENLMSG_DEFAULT_SIZE)

static int fill_link(struct sk_buff *skb, void *link)
{
	return teach_genl_link_fill(skb, link, 0, 0, 0);
}

static void fill_genl_link(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	const struct message m = { .fill = fill_link, .what = link, .attrs = GENL_HDRLEN };
	const unsigned int parms = TEACH_PARM_A_MAX * nla_total_size(sizeof(u32));
	unsigned int size;
	struct sk_buff *skb;

	/* The longest name that there can be. */
	rtnl_lock();
	strscpy(link->dev->name, "fifteen_letters", IFNAMSIZ);
	rtnl_unlock();
	size = GENL_HDRLEN + 5 * nla_total_size(sizeof(u32)) + nla_total_size(IFNAMSIZ) +
	       nla_total_size(ETH_ALEN) + nla_total_size(parms);
	KUNIT_EXPECT_LE(test, size, ROOM);
	skb = fill_exactly(test, &m, size);
	KUNIT_EXPECT_STREQ(test, attr(test, skb, &m, TEACH_A_IFNAME, IFNAMSIZ),
			   "fifteen_letters");
	attr(test, skb, &m, TEACH_A_PARMS, parms);
	kfree_skb(skb);
}

static int fill_resolve(struct sk_buff *skb, void *n)
{
	return teach_genl_resolve_fill(skb, n, 0, 0);
}

/* What was known when the question was sent: with a MAC address, or without. */
static void fill_genl_resolve(struct kunit *test)
{
	const unsigned int size = GENL_HDRLEN + 2 * nla_total_size(sizeof(u32)) +
				  nla_total_size(sizeof(u16));
	struct message m = { .fill = fill_resolve, .attrs = GENL_HDRLEN };
	struct teach_link *link = teach_test_link(test);
	struct teach_neigh *n;
	struct sk_buff *skb;

	n = a_neigh(test, link);
	m.what = n;
	skb = fill_exactly(test, &m, size);
	KUNIT_EXPECT_EQ(test, *(u16 *)attr(test, skb, &m, TEACH_A_NUD_STATE, 2), NUD_NONE);
	kfree_skb(skb);

	KUNIT_ASSERT_EQ(test, teach_neigh_update(n, teach_test_mac, NUD_STALE, 0), 0);
	KUNIT_EXPECT_LE(test, size + nla_total_size(ETH_ALEN), ROOM);
	skb = fill_exactly(test, &m, size + nla_total_size(ETH_ALEN));
	KUNIT_EXPECT_EQ(test, *(u32 *)attr(test, skb, &m, TEACH_A_IFINDEX, 4),
			(u32)link->ifindex);
	KUNIT_EXPECT_EQ(test, *(__be32 *)attr(test, skb, &m, TEACH_A_ADDR, 4),
			ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_EQ(test, *(u16 *)attr(test, skb, &m, TEACH_A_NUD_STATE, 2), NUD_STALE);
	KUNIT_EXPECT_MEMEQ(test, attr(test, skb, &m, TEACH_A_LLADDR, ETH_ALEN),
			   teach_test_mac, ETH_ALEN);
	kfree_skb(skb);
}

static int fill_rarp(struct sk_buff *skb, void *e)
{
	return teach_genl_rarp_fill(skb, e, 0, 0, 0);
}

/* An entry of the RARP server, for one device or for all. */
static void fill_genl_rarp(struct kunit *test)
{
	const unsigned int size = GENL_HDRLEN + nla_total_size(ETH_ALEN) +
				  nla_total_size(sizeof(__be32));
	struct teach_rarp_entry e = { .addr = ADDR(10, 1, 0, 7) };
	const struct message m = { .fill = fill_rarp, .what = &e, .attrs = GENL_HDRLEN };
	struct sk_buff *skb;

	ether_addr_copy(e.mac, teach_test_mac);
	kfree_skb(fill_exactly(test, &m, size));
	e.ifindex = 3;
	KUNIT_EXPECT_LE(test, size + nla_total_size(sizeof(u32)), ROOM);
	skb = fill_exactly(test, &m, size + nla_total_size(sizeof(u32)));
	KUNIT_EXPECT_EQ(test, *(u32 *)attr(test, skb, &m, TEACH_A_IFINDEX, 4), 3U);
	KUNIT_EXPECT_EQ(test, *(__be32 *)attr(test, skb, &m, TEACH_A_ADDR, 4),
			ADDR(10, 1, 0, 7));
	KUNIT_EXPECT_MEMEQ(test, attr(test, skb, &m, TEACH_A_LLADDR, ETH_ALEN),
			   teach_test_mac, ETH_ALEN);
	kfree_skb(skb);
}

static void fill_genl_stats(struct kunit *test)
{
	struct sk_buff *skb = room(test, NLMSG_HDRLEN + ROOM);
	const struct message m = { .attrs = GENL_HDRLEN };
	unsigned int stats = 0;
	const struct nlattr *nest, *nla;
	int rem;

	KUNIT_ASSERT_EQ(test, teach_genl_stats_fill(skb, &init_net, NULL, 0, 0), 0);
	nest = nlmsg_find_attr(nlmsg_hdr(skb), m.attrs, TEACH_A_STATS);
	KUNIT_ASSERT_NOT_NULL(test, nest);
	nla_for_each_nested(nla, nest, rem) {
		if (nla_type(nla) == TEACH_STAT_UNSPEC)
			continue;	/* padding */
		KUNIT_EXPECT_EQ(test, nla_type(nla), ++stats);
		KUNIT_EXPECT_EQ(test, nla_len(nla), sizeof(u64));
	}
	KUNIT_EXPECT_EQ(test, stats, TEACH_STAT_MAX);
	kfree_skb(skb);
}

static struct kunit_case fill_cases[] = {
	KUNIT_CASE(fill_rtnl_addr),
	KUNIT_CASE(fill_rtnl_neigh),
	KUNIT_CASE(fill_rtnl_proxy),
	KUNIT_CASE(fill_genl_neigh),
	KUNIT_CASE(fill_diag),
	KUNIT_CASE(fill_genl_link),
	KUNIT_CASE(fill_genl_resolve),
	KUNIT_CASE(fill_genl_rarp),
	KUNIT_CASE(fill_genl_stats),
	{}
};

static struct kunit_suite fill_suite = {
	.name		= "teach_fill",
	.test_cases	= fill_cases,
};

kunit_test_suite(fill_suite);
