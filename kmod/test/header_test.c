// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of net/header.h, as far as it is about the header, and of what net/input.c
 * refuses. The bytes are those that Documentation/protocol.md draws.
 */
#include <linux/rtnetlink.h>
#include "link/addr.h"
#include "link/link.h"
#include "link/stats.h"
#include "net/header.h"
#include "net/input.h"
#include "test/device.h"

/* Section 4: version 1, 16 bytes of header, traffic class 0xb8, 33 bytes in all, a
 * datagram, 64 hops, from 10.1.0.1 to 10.1.0.2.
 */
static const u8 golden[TEACH_HDR_LEN] = {
	0x14, 0xb8, 0x00, 0x21,
	0x11, 0x40, 0x00, 0x00,
	0x0a, 0x01, 0x00, 0x01,
	0x0a, 0x01, 0x00, 0x02,
};

static void header_build(struct kunit *test)
{
	static const u8 payload[17] = "seventeen bytes.";
	struct sk_buff *skb = teach_test_skb(test, payload, sizeof(payload));

	/* Whatever was there before. */
	memset(skb->head, 0xa5, skb_headroom(skb));
	teach_hdr_push(skb, ADDR(10, 1, 0, 1), ADDR(10, 1, 0, 2), TEACHPROTO_DGRAM, 64, 0xb8);
	KUNIT_EXPECT_EQ(test, skb->len, sizeof(golden) + sizeof(payload));
	KUNIT_EXPECT_MEMEQ(test, skb->data, golden, sizeof(golden));
	KUNIT_EXPECT_MEMEQ(test, skb->data + sizeof(golden), payload, sizeof(payload));
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)teach_hdr(skb), skb->data);
	kfree_skb(skb);
}

/* The largest packet that there can be, and the one without a payload. */
static void header_build_lengths(struct kunit *test)
{
	static const unsigned int lens[] = { 0, 1, TEACH_MAX_PACKET - TEACH_HDR_LEN };
	struct sk_buff *skb;
	unsigned int i;
	u8 *payload;

	payload = kunit_kzalloc(test, TEACH_MAX_PACKET, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, payload);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		skb = teach_test_skb(test, payload, lens[i]);
		teach_hdr_push(skb, ADDR(1, 2, 3, 4), ADDR(5, 6, 7, 8), 255, 255, 255);
		KUNIT_EXPECT_EQ(test, skb->data[0], 0x14);
		KUNIT_EXPECT_EQ(test, skb->data[1], 255);
		KUNIT_EXPECT_EQ(test, skb->data[2] << 8 | skb->data[3], TEACH_HDR_LEN + lens[i]);
		KUNIT_EXPECT_EQ(test, skb->data[4], 255);
		KUNIT_EXPECT_EQ(test, skb->data[5], 255);
		kfree_skb(skb);
	}
}

static void header_parse(struct kunit *test)
{
	const struct teachhdr *hdr = (const struct teachhdr *)golden;
	struct teachhdr other = {};
	unsigned int version, words;

	KUNIT_EXPECT_EQ(test, sizeof(*hdr), TEACH_HDR_LEN);
	KUNIT_EXPECT_EQ(test, teach_hdr_version(hdr), 1);
	KUNIT_EXPECT_EQ(test, teach_hdr_len(hdr), 16);
	KUNIT_EXPECT_EQ(test, hdr->tclass, 0xb8);
	KUNIT_EXPECT_EQ(test, ntohs(hdr->tot_len), 33);
	KUNIT_EXPECT_EQ(test, hdr->protocol, 17);
	KUNIT_EXPECT_EQ(test, hdr->hop_limit, 64);
	KUNIT_EXPECT_EQ(test, hdr->saddr, ADDR(10, 1, 0, 1));
	KUNIT_EXPECT_EQ(test, hdr->daddr, ADDR(10, 1, 0, 2));
	for (version = 0; version < 16; version++) {
		for (words = 0; words < 16; words++) {
			other.ver_hlen = version << 4 | words;
			KUNIT_EXPECT_EQ(test, teach_hdr_version(&other), version);
			KUNIT_EXPECT_EQ(test, teach_hdr_len(&other), 4 * words);
		}
	}
}

/* ---- What comes in by a device ------------------------------------------------------------ */

/* The same header the other way: to this host, which is 10.1.0.1/24; the transport is
 * one that nobody takes.
 */
static const u8 arriving[] = {
	0x14, 0x00, 0x00, 0x18, 0xfe, 0x40, 0x00, 0x00,
	0x0a, 0x01, 0x00, 0x02, 0x0a, 0x01, 0x00, 0x01,
	1, 2, 3, 4, 5, 6, 7, 8,
};

/**
 * struct input_row - a packet, and by which rule it ends
 * @what: what is wrong with it
 * @offset: of the bytes that differ from @arriving
 * @with: those
 * @n: how many; none differs if 0
 * @len: bytes of the frame
 * @pkt_type: to whom the frame was
 * @counter: what counts it; 0 for one that is ignored
 */
struct input_row {
	const char	*what;
	u8		offset;
	u8		with[4];
	u8		n;
	u8		len;
	u8		pkt_type;
	enum teach_stat	counter;
};

#define GOOD	TEACH_STAT_IN_UNKNOWN_PROTOS

/* By the table of section 9, in its order. */
static const struct input_row input_rows[] = {
	{ "sound", 0, {}, 0, 24, PACKET_HOST, GOOD },
	{ "padded as Ethernet does", 0, {}, 0, 46, PACKET_HOST, GOOD },
	{ "empty", 0, {}, 0, 0, PACKET_HOST, TEACH_STAT_IN_TRUNCATED },
	{ "one byte", 0, {}, 0, 1, PACKET_HOST, TEACH_STAT_IN_TRUNCATED },
	{ "15 bytes", 0, {}, 0, 15, PACKET_HOST, TEACH_STAT_IN_TRUNCATED },
	{ "15 bytes of version 2", 0, { 0x24 }, 1, 15, PACKET_HOST, TEACH_STAT_IN_TRUNCATED },
	{ "version 0", 0, { 0x04 }, 1, 24, PACKET_HOST, TEACH_STAT_IN_BAD_VERSION },
	{ "version 2", 0, { 0x24 }, 1, 24, PACKET_HOST, TEACH_STAT_IN_BAD_VERSION },
	{ "version 15, header of 0", 0, { 0xf0 }, 1, 24, PACKET_HOST,
	  TEACH_STAT_IN_BAD_VERSION },
	{ "header of 0 words", 0, { 0x10 }, 1, 24, PACKET_HOST, TEACH_STAT_IN_HDR_ERRORS },
	{ "header of 3 words", 0, { 0x13 }, 1, 24, PACKET_HOST, TEACH_STAT_IN_HDR_ERRORS },
	{ "total length 0", 2, { 0, 0 }, 2, 24, PACKET_HOST, TEACH_STAT_IN_HDR_ERRORS },
	{ "total length 15", 2, { 0, 15 }, 2, 24, PACKET_HOST, TEACH_STAT_IN_HDR_ERRORS },
	{ "total length below the header's", 0, { 0x17, 0, 0, 24 }, 4, 46, PACKET_HOST,
	  TEACH_STAT_IN_HDR_ERRORS },
	{ "no payload", 2, { 0, 16 }, 2, 16, PACKET_HOST, GOOD },
	{ "nothing but options", 0, { 0x16 }, 1, 24, PACKET_HOST, GOOD },
	{ "cut by a byte", 0, {}, 0, 23, PACKET_HOST, TEACH_STAT_IN_TRUNCATED },
	{ "total length one too much", 2, { 0, 25 }, 2, 24, PACKET_HOST,
	  TEACH_STAT_IN_TRUNCATED },
	{ "total length 65535", 2, { 0xff, 0xff }, 2, 46, PACKET_HOST,
	  TEACH_STAT_IN_TRUNCATED },
	{ "longest header, cut", 0, { 0x1f, 0, 0, 60 }, 4, 46, PACKET_HOST,
	  TEACH_STAT_IN_TRUNCATED },
	{ "longest header", 0, { 0x1f, 0, 0, 60 }, 4, 60, PACKET_HOST, GOOD },
	{ "reserved bits", 6, { 0xff, 0xff }, 2, 24, PACKET_HOST, GOOD },
	{ "hop limit 0", 5, { 0 }, 1, 24, PACKET_HOST, GOOD },
	{ "from any", 8, { 0, 0, 0, 0 }, 4, 24, PACKET_HOST, TEACH_STAT_IN_SRC_ERRORS },
	{ "from 255.255.255.255", 8, { 255, 255, 255, 255 }, 4, 24, PACKET_HOST,
	  TEACH_STAT_IN_SRC_ERRORS },
	{ "from the network's broadcast", 8, { 10, 1, 0, 255 }, 4, 24, PACKET_HOST,
	  TEACH_STAT_IN_SRC_ERRORS },
	{ "from this host", 8, { 10, 1, 0, 1 }, 4, 24, PACKET_HOST, TEACH_STAT_IN_SRC_ERRORS },
	{ "from this host's other address", 8, { 10, 2, 0, 1 }, 4, 24, PACKET_HOST,
	  TEACH_STAT_IN_SRC_ERRORS },
	{ "to the other address", 12, { 10, 2, 0, 1 }, 4, 24, PACKET_HOST, GOOD },
	{ "to another host", 12, { 10, 1, 0, 9 }, 4, 24, PACKET_HOST, TEACH_STAT_IN_DST_ERRORS },
	{ "to any", 12, { 0, 0, 0, 0 }, 4, 24, PACKET_HOST, TEACH_STAT_IN_DST_ERRORS },
	{ "to another link's broadcast", 12, { 10, 2, 0, 255 }, 4, 24, PACKET_BROADCAST,
	  TEACH_STAT_IN_DST_ERRORS },
	{ "to the network's broadcast", 12, { 10, 1, 0, 255 }, 4, 24, PACKET_BROADCAST, GOOD },
	{ "to 255.255.255.255", 12, { 255, 255, 255, 255 }, 4, 24, PACKET_BROADCAST, GOOD },
	{ "to this host, in a broadcast frame", 0, {}, 0, 24, PACKET_BROADCAST,
	  TEACH_STAT_IN_CAST_ERRORS },
	{ "to this host, in a multicast frame", 0, {}, 0, 24, PACKET_MULTICAST,
	  TEACH_STAT_IN_CAST_ERRORS },
	{ "another host's frame", 0, {}, 0, 24, PACKET_OTHERHOST, 0 },
	{ "this host's own frame", 0, {}, 0, 24, PACKET_LOOPBACK, 0 },
};

static const enum teach_stat input_counters[] = {
	TEACH_STAT_IN_TRUNCATED, TEACH_STAT_IN_HDR_ERRORS, TEACH_STAT_IN_BAD_VERSION,
	TEACH_STAT_IN_SRC_ERRORS, TEACH_STAT_IN_DST_ERRORS, TEACH_STAT_IN_CAST_ERRORS,
	TEACH_STAT_IN_UNKNOWN_PROTOS, TEACH_STAT_IN_NO_MEMORY, TEACH_STAT_IN_DELIVERS,
};

/* The frame of a row; @paged: all of it in a page, as some drivers hand it up. */
static struct sk_buff *input_skb(struct kunit *test, const struct input_row *row, bool paged)
{
	struct sk_buff *skb;
	u8 bytes[64] = {};

	memcpy(bytes, arriving, sizeof(arriving));
	memcpy(bytes + row->offset, row->with, row->n);
	if (paged) {
		struct page *page = alloc_page(GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), bytes, sizeof(bytes));
		skb = teach_test_skb(test, NULL, 0);
		skb_add_rx_frag(skb, 0, page, 0, row->len, PAGE_SIZE);
	} else {
		skb = teach_test_skb(test, bytes, row->len);
	}
	skb->pkt_type = row->pkt_type;
	return skb;
}

static void play_input(struct kunit *test, struct teach_link *link,
		       const struct input_row *row, bool paged)
{
	u64 packets = teach_stats_read(link->net, TEACH_STAT_IN_PACKETS);
	u64 octets = teach_stats_read(link->net, TEACH_STAT_IN_OCTETS);
	u64 before[ARRAY_SIZE(input_counters)];
	struct sk_buff *skb = input_skb(test, row, paged);
	unsigned int i;
	int result;

	for (i = 0; i < ARRAY_SIZE(input_counters); i++)
		before[i] = teach_stats_read(link->net, input_counters[i]);
	skb->dev = link->dev;
	local_bh_disable();
	rcu_read_lock();
	result = teach_input(skb, link->dev, &link->rx_teach, link->dev);
	rcu_read_unlock();
	local_bh_enable();

	for (i = 0; i < ARRAY_SIZE(input_counters); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    teach_stats_read(link->net, input_counters[i]) - before[i],
				    input_counters[i] == row->counter,
				    "%s%s, counter %u", row->what, paged ? ", paged" : "",
				    input_counters[i]);
	KUNIT_EXPECT_EQ_MSG(test, result,
			    row->counter && row->counter != GOOD ? NET_RX_DROP : NET_RX_SUCCESS,
			    "%s", row->what);
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_IN_PACKETS) - packets,
			!!row->counter);
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_IN_OCTETS) - octets,
			row->counter ? row->len : 0);
}

static void header_input(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test), *other = teach_test_link(test);
	unsigned int i;

	teach_test_add_addr(test, link, ADDR(10, 1, 0, 1), 24);
	teach_test_add_addr(test, other, ADDR(10, 2, 0, 1), 24);
	for (i = 0; i < ARRAY_SIZE(input_rows); i++) {
		play_input(test, link, &input_rows[i], false);
		play_input(test, link, &input_rows[i], true);
	}
}

/* A handler hears of frames of devices above and below its own. */
static void header_input_other_device(struct kunit *test)
{
	struct teach_link *link = teach_test_link(test), *other = teach_test_link(test);
	u64 packets = teach_stats_read(link->net, TEACH_STAT_IN_PACKETS);
	struct sk_buff *skb = input_skb(test, &input_rows[0], false);

	skb->dev = other->dev;
	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, teach_input(skb, other->dev, &link->rx_teach, link->dev),
			NET_RX_SUCCESS);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, teach_stats_read(link->net, TEACH_STAT_IN_PACKETS), packets);
}

static struct kunit_case header_cases[] = {
	KUNIT_CASE(header_build),
	KUNIT_CASE(header_build_lengths),
	KUNIT_CASE(header_parse),
	KUNIT_CASE(header_input),
	KUNIT_CASE(header_input_other_device),
	{}
};

static struct kunit_suite header_suite = {
	.name		= "teach_header",
	.test_cases	= header_cases,
};

kunit_test_suite(header_suite);
