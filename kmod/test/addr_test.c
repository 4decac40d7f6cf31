// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of link/addr.c: which addresses a host may have, which it has, and which it takes
 * as source.
 */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include "link/addr.h"
#include "link/link.h"
#include "link/notify.h"
#include "test/device.h"

static void addr_prefix_mask(struct kunit *test)
{
	unsigned int len, bit;

	for (len = 0; len <= 32; len++) {
		u32 mask = ntohl(teach_prefix_mask(len));

		for (bit = 0; bit < 32; bit++)
			KUNIT_EXPECT_EQ_MSG(test, mask >> (31 - bit) & 1, bit < len,
					    "bit %u of /%u", bit, len);
	}
}

/**
 * struct addr_row - an address that is given to a link
 * @addr: address
 * @prefix_len: of its network
 * @err: whether that is refused
 */
struct addr_row {
	__be32	addr;
	u8	prefix_len;
	int	err;
};

/* In this order, to one link. */
static const struct addr_row addr_rows[] = {
	{ ADDR(0, 0, 0, 0), 24, -EINVAL },
	{ ADDR(0, 0, 0, 0), 0, -EINVAL },
	{ ADDR(255, 255, 255, 255), 24, -EINVAL },
	{ ADDR(255, 255, 255, 255), 32, -EINVAL },
	{ ADDR(10, 1, 0, 1), 33, -EINVAL },
	{ ADDR(10, 1, 0, 1), 255, -EINVAL },
	/* All ones in the host part, where there is one (RFC 3021). */
	{ ADDR(10, 1, 0, 255), 24, -EINVAL },
	{ ADDR(10, 1, 0, 3), 30, -EINVAL },
	{ ADDR(10, 255, 255, 255), 8, -EINVAL },
	{ ADDR(10, 1, 0, 3), 31, 0 },
	{ ADDR(10, 1, 0, 7), 32, 0 },
	/* A network's own address is as good as any. */
	{ ADDR(10, 2, 0, 0), 24, 0 },
	{ ADDR(10, 1, 0, 1), 24, 0 },
	{ ADDR(10, 1, 0, 1), 24, -EEXIST },
	{ ADDR(10, 1, 0, 1), 16, -EEXIST },
	{ ADDR(192, 0, 2, 1), 0, 0 },
};

static void addr_add(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);
	struct netlink_ext_ack extack;
	unsigned int i, generation, good = 0;
	int err;

	for (i = 0; i < ARRAY_SIZE(addr_rows); i++) {
		const struct addr_row *row = &addr_rows[i];

		extack = (struct netlink_ext_ack) {};
		generation = teach_test_generation(link);
		rtnl_lock();
		err = teach_addr_add(link, row->addr, row->prefix_len, &extack);
		rtnl_unlock();
		KUNIT_EXPECT_EQ_MSG(test, err, row->err, "%pI4/%u", &row->addr,
				    row->prefix_len);
		/* Who is refused is told why. */
		KUNIT_EXPECT_EQ_MSG(test, !!extack._msg, !!row->err, "%pI4/%u", &row->addr,
				    row->prefix_len);
		KUNIT_EXPECT_EQ(test, teach_test_generation(link) != generation, !row->err);
		good += !row->err;
		KUNIT_EXPECT_EQ(test, link->n_addrs, good);
	}
}

static void addr_add_small_mtu(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(link->dev, TEACH_MIN_MTU - 1), 0);
	KUNIT_EXPECT_EQ(test, teach_addr_add(link, ADDR(10, 1, 0, 1), 24, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, dev_set_mtu(link->dev, TEACH_MIN_MTU), 0);
	KUNIT_EXPECT_EQ(test, teach_addr_add(link, ADDR(10, 1, 0, 1), 24, NULL), 0);
	rtnl_unlock();
}

static int refuse(struct notifier_block *nb, unsigned long event, void *data)
{
	return event == TEACH_ADDR_ADD ? notifier_from_errno(-ENOMEM) : NOTIFY_DONE;
}

/* Somebody who is told of the address cannot take it: nothing of it stays. */
static void addr_add_refused_above(struct kunit *test)
{
	struct notifier_block nb = { .notifier_call = refuse, .priority = 100 };
	struct teach_link *link = teach_test_link(test);
	int err;

	KUNIT_ASSERT_EQ(test, teach_link_notifier_register(&nb), 0);
	rtnl_lock();
	err = teach_addr_add(link, ADDR(10, 1, 0, 1), 24, NULL);
	rtnl_unlock();
	teach_link_notifier_unregister(&nb);

	KUNIT_EXPECT_EQ(test, err, -ENOMEM);
	KUNIT_EXPECT_EQ(test, link->n_addrs, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&link->addrs));
	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test, teach_addr_is_local(link->net, ADDR(10, 1, 0, 1)));
	rcu_read_unlock();
}

static void addr_find(struct kunit *test)
{
	struct teach_link *one = teach_test_link(test), *two = teach_test_link(test);
	const struct teach_ifaddr *ifa;
	struct net *net = one->net;

	/* The same address may be on both. */
	teach_test_add_addr(test, one, ADDR(10, 1, 0, 1), 24);
	teach_test_add_addr(test, two, ADDR(10, 1, 0, 1), 16);
	teach_test_add_addr(test, two, ADDR(10, 2, 0, 1), 16);

	rcu_read_lock();
	ifa = teach_addr_find(net, ADDR(10, 1, 0, 1), one);
	KUNIT_EXPECT_TRUE(test, ifa && ifa->link == one && ifa->prefix_len == 24);
	ifa = teach_addr_find(net, ADDR(10, 1, 0, 1), two);
	KUNIT_EXPECT_TRUE(test, ifa && ifa->link == two && ifa->prefix_len == 16);
	KUNIT_EXPECT_NULL(test, teach_addr_find(net, ADDR(10, 2, 0, 1), one));
	KUNIT_EXPECT_TRUE(test, teach_addr_is_local(net, ADDR(10, 1, 0, 1)));
	KUNIT_EXPECT_TRUE(test, teach_addr_is_local(net, ADDR(10, 2, 0, 1)));
	KUNIT_EXPECT_FALSE(test, teach_addr_is_local(net, ADDR(10, 1, 0, 2)));
	KUNIT_EXPECT_FALSE(test, teach_addr_is_local(net, ADDR(10, 1, 0, 0)));
	KUNIT_EXPECT_FALSE(test, teach_addr_is_local(net, ADDR(10, 1, 0, 255)));
	KUNIT_EXPECT_FALSE(test, teach_addr_is_local(net, 0));
	rcu_read_unlock();

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, teach_addr_del(one, ADDR(10, 1, 0, 1), 24, NULL), 0);
	rtnl_unlock();
	rcu_read_lock();
	KUNIT_EXPECT_NULL(test, teach_addr_find(net, ADDR(10, 1, 0, 1), one));
	KUNIT_EXPECT_TRUE(test, teach_addr_is_local(net, ADDR(10, 1, 0, 1)));
	rcu_read_unlock();
}

static void addr_broadcast(struct kunit *test)
{
	static const __be32 broadcasts[] = {
		ADDR(255, 255, 255, 255), ADDR(10, 1, 0, 255), ADDR(10, 2, 0, 3),
		ADDR(10, 3, 255, 255),
	};
	static const __be32 others[] = {
		ADDR(10, 1, 0, 0), ADDR(10, 1, 0, 1), ADDR(10, 1, 1, 255), ADDR(10, 2, 0, 255),
		ADDR(10, 2, 0, 2), ADDR(10, 4, 0, 1), ADDR(10, 4, 0, 0), ADDR(10, 5, 0, 1),
		ADDR(0, 0, 0, 0), ADDR(255, 255, 255, 254),
	};
	struct teach_link *link = teach_test_link(test), *bare = teach_test_link(test);
	unsigned int i;

	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 24);
	teach_test_add_addr(test, link, ADDR(10, 2, 0, 1), 30);
	teach_test_add_addr(test, link, ADDR(10, 3, 1, 1), 16);
	teach_test_add_addr(test, link, ADDR(10, 4, 0, 0), 31);
	teach_test_add_addr(test, link, ADDR(10, 5, 0, 1), 32);
	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(broadcasts); i++) {
		KUNIT_EXPECT_TRUE_MSG(test, teach_addr_is_broadcast(link, broadcasts[i]),
				      "%pI4", &broadcasts[i]);
		/* Only the first is so where there is no such network. */
		KUNIT_EXPECT_EQ_MSG(test, teach_addr_is_broadcast(bare, broadcasts[i]), !i,
				    "%pI4", &broadcasts[i]);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		KUNIT_EXPECT_FALSE_MSG(test, teach_addr_is_broadcast(link, others[i]), "%pI4",
				       &others[i]);
	rcu_read_unlock();
}

static __be32 selected(struct teach_link *link, __be32 dst)
{
	__be32 addr;

	rcu_read_lock();
	addr = teach_addr_select(link, dst);
	rcu_read_unlock();
	return addr;
}

/* The oldest in the destination's network, whatever the length, else the oldest. */
static void addr_select(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test);

	KUNIT_EXPECT_EQ(test, selected(link, ADDR(10, 1, 0, 9)), ADDR(0, 0, 0, 0));
	teach_test_add_addr(test, link, ADDR(10, 9, 0, 1), 24);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 16);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 2), 24);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 3), 24);
	KUNIT_EXPECT_EQ(test, selected(link, ADDR(10, 1, 0, 9)), ADDR(10, 1, 0, 1));
	KUNIT_EXPECT_EQ(test, selected(link, ADDR(10, 1, 9, 9)), ADDR(10, 1, 0, 1));
	KUNIT_EXPECT_EQ(test, selected(link, ADDR(10, 9, 0, 2)), ADDR(10, 9, 0, 1));
	KUNIT_EXPECT_EQ(test, selected(link, ADDR(10, 9, 1, 2)), ADDR(10, 9, 0, 1));
	KUNIT_EXPECT_EQ(test, selected(link, ADDR(192, 0, 2, 1)), ADDR(10, 9, 0, 1));

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, teach_addr_del(link, ADDR(10, 1, 0, 1), -1, NULL), 0);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, selected(link, ADDR(10, 1, 0, 9)), ADDR(10, 1, 0, 2));
	KUNIT_EXPECT_EQ(test, selected(link, ADDR(10, 1, 9, 9)), ADDR(10, 9, 0, 1));
}

static void addr_del(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test), *other = teach_test_link(test);
	struct netlink_ext_ack extack = {};
	unsigned int generation;

	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 24);
	teach_test_add_addr(test, link, ADDR(10, 1, 0, 2), 24);
	rtnl_lock();
	generation = teach_test_generation(link);
	KUNIT_EXPECT_EQ(test, teach_addr_del(link, ADDR(10, 1, 0, 1), 16, &extack),
			-EADDRNOTAVAIL);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_EQ(test, teach_addr_del(link, ADDR(10, 1, 0, 3), -1, NULL),
			-EADDRNOTAVAIL);
	KUNIT_EXPECT_EQ(test, teach_addr_del(other, ADDR(10, 1, 0, 1), 24, NULL),
			-EADDRNOTAVAIL);
	KUNIT_EXPECT_EQ(test, teach_test_generation(link), generation);

	KUNIT_EXPECT_EQ(test, teach_addr_del(link, ADDR(10, 1, 0, 1), 24, NULL), 0);
	KUNIT_EXPECT_NE(test, teach_test_generation(link), generation);
	KUNIT_EXPECT_EQ(test, link->n_addrs, 1);
	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test, teach_addr_is_local(link->net, ADDR(10, 1, 0, 1)));
	KUNIT_EXPECT_TRUE(test, teach_addr_is_local(link->net, ADDR(10, 1, 0, 2)));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, teach_addr_del(link, ADDR(10, 1, 0, 2), -1, NULL), 0);
	KUNIT_EXPECT_EQ(test, link->n_addrs, 0);
	rtnl_unlock();
}

static void addr_flush(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test), *other = teach_test_link(test);
	unsigned int i;

	for (i = 1; i <= 100; i++)
		teach_test_add_addr(test, link, ADDR(10, 1, 0, i), 24);
	teach_test_add_addr(test, other, ADDR(10, 1, 0, 101), 24);
	rtnl_lock();
	teach_addr_flush(link);
	KUNIT_EXPECT_EQ(test, link->n_addrs, 0);
	rtnl_unlock();
	rcu_read_lock();
	for (i = 1; i <= 100; i++)
		KUNIT_EXPECT_FALSE(test, teach_addr_is_local(link->net, ADDR(10, 1, 0, i)));
	KUNIT_EXPECT_TRUE(test, teach_addr_is_local(link->net, ADDR(10, 1, 0, 101)));
	rcu_read_unlock();
}

static struct kunit_case addr_cases[] = {
	KUNIT_CASE(addr_prefix_mask),
	KUNIT_CASE(addr_add),
	KUNIT_CASE(addr_add_small_mtu),
	KUNIT_CASE(addr_add_refused_above),
	KUNIT_CASE(addr_find),
	KUNIT_CASE(addr_broadcast),
	KUNIT_CASE(addr_select),
	KUNIT_CASE(addr_del),
	KUNIT_CASE(addr_flush),
	{}
};

static struct kunit_suite addr_suite = {
	.name		= "teach_addr",
	.test_cases	= addr_cases,
};

kunit_test_suite(addr_suite);
