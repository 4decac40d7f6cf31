// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of net/routes.c: the longest prefix wins, of equal ones the oldest, and routes
 * come and go with addresses and links.
 */
#include <linux/rtnetlink.h>
#include "link/addr.h"
#include "link/link.h"
#include "net/routes.h"
#include "test/device.h"

/**
 * struct found - a route as a look-up found it
 * @prefix_len: or -1 if there is none
 * @source: its source address
 * @ifindex: of its link
 */
struct found {
	int	prefix_len;
	__be32	source;
	int	ifindex;
};

static struct found look_up(struct teach_link *link, __be32 daddr, int oif)
{
	const struct teach_route *route;
	struct found f = { .prefix_len = -1 };

	rcu_read_lock();
	route = teach_route_lookup(link->net, daddr, oif);
	if (route)
		f = (struct found) {
			.prefix_len	= route->key.prefix_len,
			.source		= route->source,
			.ifindex	= route->link->ifindex,
		};
	rcu_read_unlock();
	return f;
}

static void expect_route(struct kunit *test, struct teach_link *link, __be32 daddr,
			 int prefix_len, __be32 source)
{
	struct found f = look_up(link, daddr, 0);

	KUNIT_EXPECT_EQ_MSG(test, f.prefix_len, prefix_len, "to %pI4", &daddr);
	KUNIT_EXPECT_EQ_MSG(test, f.source, source, "to %pI4", &daddr);
}

static void del_addr(struct kunit *test, struct teach_link *link, __be32 addr)
{
	int err;

	rtnl_lock();
	err = teach_addr_del(link, addr, -1, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void routes_none(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);

	expect_route(test, link, ADDR(10, 1, 0, 1), -1, 0);
	expect_route(test, link, ADDR(0, 0, 0, 0), -1, 0);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 24);
	expect_route(test, link, ADDR(10, 1, 0, 255), 24, ADDR(10, 1, 0, 1));
	expect_route(test, link, ADDR(10, 1, 0, 0), 24, ADDR(10, 1, 0, 1));
	expect_route(test, link, ADDR(10, 1, 1, 0), -1, 0);
	expect_route(test, link, ADDR(10, 0, 255, 255), -1, 0);
}

/* An address of each length, around one destination. As one looks further away from it
 * bit by bit, the route gets shorter by a bit.
 */
static void routes_every_length(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	const u32 centre = 0x0a55aa50;
	unsigned int len;

	/* Not in the order of their lengths; each but /32 differs in its last bit. */
	for (len = 0; len <= 32; len++) {
		unsigned int l = len * 7 % 33;

		/* In the network of length l, the bits behind it different. */
		teach_test_add_addr(test, link,
				    htonl(l < 32 ? centre ^ 1U << (31 - l) : centre), l);
	}
	expect_route(test, link, htonl(centre), 32, htonl(centre));
	for (len = 0; len < 32; len++)
		expect_route(test, link, htonl(centre ^ 1U << (31 - len)), len,
			     htonl(centre ^ 1U << (31 - len)));

	/* Without the longest, the next. */
	for (len = 32; len > 0; len--) {
		del_addr(test, link, htonl(len < 32 ? centre ^ 1U << (31 - len) : centre));
		expect_route(test, link, htonl(centre), len - 1,
			     htonl(centre ^ 1U << (32 - len)));
	}
	del_addr(test, link, htonl(centre ^ 1U << 31));
	expect_route(test, link, htonl(centre), -1, 0);
}

/* Against a search that looks at all addresses. */
static void routes_like_linear(struct kunit *test)
{
	static const struct {
		__be32	addr;
		u8	len;
	} nets[] = {
		{ ADDR(10, 0, 0, 1), 8 }, { ADDR(10, 1, 0, 1), 16 },
		{ ADDR(10, 1, 128, 1), 17 }, { ADDR(10, 1, 2, 1), 24 },
		{ ADDR(10, 1, 2, 129), 25 }, { ADDR(10, 1, 2, 193), 26 },
		{ ADDR(10, 1, 2, 5), 32 }, { ADDR(10, 1, 2, 6), 31 },
		{ ADDR(11, 0, 0, 1), 8 }, { ADDR(192, 168, 0, 1), 24 },
		{ ADDR(192, 168, 1, 1), 24 }, { ADDR(192, 168, 3, 1), 22 },
	};
	struct teach_link *link = teach_test_link(test);
	unsigned int i, j;
	u32 x = 1;

	for (i = 0; i < ARRAY_SIZE(nets); i++)
		teach_test_add_addr(test, link, nets[i].addr, nets[i].len);
	for (i = 0; i < 20000; i++) {
		__be32 daddr;
		int best = -1;

		/* Half of the numbers near one of the networks, half anywhere. */
		x = x * 1664525 + 1013904223;
		daddr = htonl(x);
		if (i & 1)
			daddr = nets[i / 2 % ARRAY_SIZE(nets)].addr ^ htonl(x >> (x & 31));
		for (j = 0; j < ARRAY_SIZE(nets); j++) {
			if (!((daddr ^ nets[j].addr) & teach_prefix_mask(nets[j].len)))
				best = max(best, (int)nets[j].len);
		}
		KUNIT_ASSERT_EQ_MSG(test, look_up(link, daddr, 0).prefix_len, best, "to %pI4",
				    &daddr);
	}
}

/* Two links with the same network: the older, unless the other is asked for. */
static void routes_two_links(struct kunit *test)
{
	struct teach_link *one = teach_test_link(test), *two = teach_test_link(test);
	const __be32 to = ADDR(10, 1, 0, 9);

	teach_test_add_addr(test, one, ADDR(10, 1, 0, 1), 24);
	teach_test_add_addr(test, two, ADDR(10, 1, 0, 2), 24);
	teach_test_add_addr(test, two, ADDR(10, 0, 0, 2), 8);
	KUNIT_EXPECT_EQ(test, look_up(one, to, 0).ifindex, one->ifindex);
	KUNIT_EXPECT_EQ(test, look_up(one, to, one->ifindex).ifindex, one->ifindex);
	KUNIT_EXPECT_EQ(test, look_up(one, to, two->ifindex).ifindex, two->ifindex);
	KUNIT_EXPECT_EQ(test, look_up(one, to, two->ifindex).source, ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_EQ(test, look_up(one, to, 99999).prefix_len, -1);
	/* A shorter one by the right device is better than a longer by another. */
	KUNIT_EXPECT_EQ(test, look_up(one, ADDR(10, 2, 0, 1), one->ifindex).prefix_len, -1);
	KUNIT_EXPECT_EQ(test, look_up(one, ADDR(10, 2, 0, 1), two->ifindex).prefix_len, 8);

	del_addr(test, one, ADDR(10, 1, 0, 1));
	KUNIT_EXPECT_EQ(test, look_up(one, to, 0).ifindex, two->ifindex);
	/* Once it comes back it is the younger. */
	teach_test_add_addr(test, one, ADDR(10, 1, 0, 1), 24);
	KUNIT_EXPECT_EQ(test, look_up(one, to, 0).ifindex, two->ifindex);
	del_addr(test, two, ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_EQ(test, look_up(one, to, 0).ifindex, one->ifindex);
	KUNIT_EXPECT_EQ(test, look_up(one, to, two->ifindex).prefix_len, 8);
}

/* Several addresses of a network share its route; the oldest that is left is its source. */
static void routes_shared(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	const __be32 to = ADDR(10, 1, 0, 9);

	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 24);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 2), 24);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 3), 24);
	expect_route(test, link, to, 24, ADDR(10, 1, 0, 1));
	del_addr(test, link, ADDR(10, 1, 0, 2));
	expect_route(test, link, to, 24, ADDR(10, 1, 0, 1));
	del_addr(test, link, ADDR(10, 1, 0, 1));
	expect_route(test, link, to, 24, ADDR(10, 1, 0, 3));
	del_addr(test, link, ADDR(10, 1, 0, 3));
	expect_route(test, link, to, -1, 0);
}

static void routes_link_down(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);

	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 24);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 2), 24);
	rtnl_lock();
	dev_close(link->dev);
	rtnl_unlock();
	expect_route(test, link, ADDR(10, 1, 0, 9), -1, 0);
	/* An address that is given meanwhile has its route later. */
	teach_test_add_addr(test, link, ADDR(10, 2, 0, 1), 24);
	expect_route(test, link, ADDR(10, 2, 0, 9), -1, 0);
	del_addr(test, link, ADDR(10, 1, 0, 1));
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_open(link->dev, NULL), 0);
	rtnl_unlock();
	expect_route(test, link, ADDR(10, 1, 0, 9), 24, ADDR(10, 1, 0, 2));
	expect_route(test, link, ADDR(10, 2, 0, 9), 24, ADDR(10, 2, 0, 1));
}

static struct kunit_case routes_cases[] = {
	KUNIT_CASE(routes_none),
	KUNIT_CASE(routes_every_length),
	KUNIT_CASE(routes_like_linear),
	KUNIT_CASE(routes_two_links),
	KUNIT_CASE(routes_shared),
	KUNIT_CASE(routes_link_down),
	{}
};

static struct kunit_suite routes_suite = {
	.name		= "teach_routes",
	.test_cases	= routes_cases,
};

kunit_test_suite(routes_suite);
