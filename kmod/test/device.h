/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_TEST_DEVICE_H
#define TEACH_TEST_DEVICE_H

#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/skbuff.h>

struct teach_link;

/* A TEACH address, in network byte order. */
#define ADDR(a, b, c, d) \
	htonl((u32)(a) << 24 | (u32)(b) << 16 | (u32)(c) << 8 | (u32)(d))

/* MAC address of the first device, and of a neighbour. */
extern const u8 teach_test_own_mac[ETH_ALEN];
extern const u8 teach_test_mac[ETH_ALEN];

struct teach_link *teach_test_link(struct kunit *test);
void teach_test_add_addr(struct kunit *test, struct teach_link *link, __be32 addr,
			 u8 prefix_len);
u32 teach_test_generation(const struct teach_link *link);
struct sk_buff *teach_test_sent(struct teach_link *link);
struct sk_buff *teach_test_skb(struct kunit *test, const void *data, unsigned int len);

#endif
