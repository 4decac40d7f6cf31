// SPDX-License-Identifier: GPL-2.0
/*
 * Suite of net/header.h, as far as it is about checksums: known sums, whoever computes
 * them, and that no changed byte passes.
 *
 * The known sums were worked out from RFC 1071 and section 5 of
 * Documentation/protocol.md, not by the kernel.
 */
#include <linux/random.h>
#include "net/header.h"
#include "test/device.h"

#define CHECK_AT	offsetof(struct teach_dgramhdr, check)

/**
 * struct csum_row - a transport from 10.1.0.1 to 10.1.0.2
 * @protocol: its protocol
 * @len: its bytes
 * @at: where its checksum is
 * @bytes: header, checksum included, and payload
 * @pseudo: sum of the pseudo-header, not inverted: what stands in for the checksum
 *	until it is computed
 */
struct csum_row {
	u8	protocol;
	u8	len;
	u8	at;
	u8	bytes[24];
	u16	pseudo;
};

static const struct csum_row csum_rows[] = {
	{ TEACHPROTO_DGRAM, 8, 6, { 0xb2, 0x21, 0x00, 0x07, 0x00, 0x08, 0x39, 0xb1 }, 0x141e },
	{ TEACHPROTO_DGRAM, 9, 6, { 0xb2, 0x21, 0x00, 0x07, 0x00, 0x09, 0xd1, 0xae, 'h' },
	  0x141f },
	{ TEACHPROTO_DGRAM, 17, 6, { 0xb2, 0x21, 0x00, 0x07, 0x00, 0x11, 0x31, 0x3d,
	  'h', 'e', 'l', 'l', 'o', ' ', 'b', 'o', 'b' }, 0x1427 },
	{ TEACHPROTO_DGRAM, 18, 6, { 0xb2, 0x21, 0x00, 0x07, 0x00, 0x12, 0x31, 0x1a,
	  'h', 'e', 'l', 'l', 'o', ' ', 'b', 'o', 'b', '!' }, 0x1428 },
	{ TEACHPROTO_CONTROL, 12, 2, { 0x08, 0x00, 0xf2, 0xe7, 0x12, 0x34, 0x00, 0x01,
	  'p', 'i', 'n', 'g' }, 0x1412 },
};

/* A packet with the TEACH header in front of skb->data, as those have that came in. */
static struct sk_buff *received(struct kunit *test, const u8 *transport, unsigned int len,
				u8 protocol)
{
	struct sk_buff *skb = teach_test_skb(test, transport, len);

	teach_hdr_push(skb, ADDR(10, 1, 0, 1), ADDR(10, 1, 0, 2), protocol, 64, 0);
	__skb_pull(skb, TEACH_HDR_LEN);
	skb_reset_transport_header(skb);
	return skb;
}

static void csum_request(struct kunit *test)
{
	const struct csum_row *row;
	struct sk_buff *skb;
	unsigned int i;
	u8 bytes[24];

	for (i = 0; i < ARRAY_SIZE(csum_rows); i++) {
		row = &csum_rows[i];
		memcpy(bytes, row->bytes, row->len);
		bytes[row->at] = 0xde;
		bytes[row->at + 1] = 0xad;
		skb = teach_test_skb(test, bytes, row->len);
		teach_csum_request(skb, row->at, ADDR(10, 1, 0, 1), ADDR(10, 1, 0, 2),
				   row->protocol);
		KUNIT_EXPECT_EQ(test, (int)skb->ip_summed, CHECKSUM_PARTIAL);
		KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb), 0);
		KUNIT_EXPECT_EQ(test, skb->csum_offset, row->at);
		KUNIT_EXPECT_EQ_MSG(test, skb->data[row->at] << 8 | skb->data[row->at + 1],
				    row->pseudo, "row %u", i);

		/* Who cannot leave it to the device has the core do it, header pushed. */
		teach_hdr_push(skb, ADDR(10, 1, 0, 1), ADDR(10, 1, 0, 2), row->protocol, 64, 0);
		KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
		KUNIT_EXPECT_EQ(test, (int)skb->ip_summed, CHECKSUM_NONE);
		KUNIT_EXPECT_MEMEQ(test, skb->data + TEACH_HDR_LEN, row->bytes, row->len);
		kfree_skb(skb);
	}
}

static void csum_known(struct kunit *test)
{
	const struct csum_row *row;
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(csum_rows); i++) {
		row = &csum_rows[i];
		skb = received(test, row->bytes, row->len, row->protocol);
		KUNIT_EXPECT_TRUE_MSG(test, teach_csum_ok(skb, row->protocol), "row %u", i);
		kfree_skb(skb);
		/* Of another protocol it is another sum. */
		skb = received(test, row->bytes, row->len, row->protocol);
		KUNIT_EXPECT_FALSE(test, teach_csum_ok(skb, row->protocol + 1));
		kfree_skb(skb);
	}
}

/* Any one bit that changes, in the transport or in the addresses, is seen. */
static void csum_corrupted(struct kunit *test)
{
	const struct csum_row *row;
	struct sk_buff *skb;
	unsigned int i, bit;
	u8 *byte;

	for (i = 0; i < ARRAY_SIZE(csum_rows); i++) {
		row = &csum_rows[i];
		for (bit = 0; bit < row->len * 8 + 64; bit++) {
			skb = received(test, row->bytes, row->len, row->protocol);
			byte = skb->data + bit / 8;
			if (bit >= row->len * 8)
				byte = (u8 *)&teach_hdr(skb)->saddr + bit / 8 - row->len;
			*byte ^= 1 << bit % 8;
			KUNIT_EXPECT_FALSE_MSG(test, teach_csum_ok(skb, row->protocol),
					       "row %u, bit %u", i, bit);
			kfree_skb(skb);
		}
		/* Cut: its length is in the pseudo-header. */
		skb = received(test, row->bytes, row->len, row->protocol);
		skb_trim(skb, row->len - 1);
		KUNIT_EXPECT_FALSE_MSG(test, teach_csum_ok(skb, row->protocol), "row %u", i);
		kfree_skb(skb);
	}
}

/* No value says that there is no checksum, and zero is sent as either of its two forms. */
static void csum_zero(struct kunit *test)
{
	/* The payload makes the sum 0xffff, the checksum zero. */
	static const u8 zero[] = { 0xb2, 0x21, 0x00, 0x07, 0x00, 0x0a, 0x00, 0x00, 0x39, 0xad };
	static const u8 ones[] = { 0xb2, 0x21, 0x00, 0x07, 0x00, 0x0a, 0xff, 0xff, 0x39, 0xad };
	static const u8 none[] = { 0xb2, 0x21, 0x00, 0x07, 0x00, 0x0a, 0x00, 0x00, 0x39, 0xae };
	struct sk_buff *skb;

	skb = received(test, zero, sizeof(zero), TEACHPROTO_DGRAM);
	KUNIT_EXPECT_TRUE(test, teach_csum_ok(skb, TEACHPROTO_DGRAM));
	kfree_skb(skb);
	skb = received(test, ones, sizeof(ones), TEACHPROTO_DGRAM);
	KUNIT_EXPECT_TRUE(test, teach_csum_ok(skb, TEACHPROTO_DGRAM));
	kfree_skb(skb);
	skb = received(test, none, sizeof(none), TEACHPROTO_DGRAM);
	KUNIT_EXPECT_FALSE(test, teach_csum_ok(skb, TEACHPROTO_DGRAM));
	kfree_skb(skb);
}

/* What a device says of the sum, and what becomes of a packet with a byte changed. */
static void csum_by_device(struct kunit *test)
{
	const struct csum_row *row = &csum_rows[2];
	unsigned int bad;
	struct sk_buff *skb;
	u8 bytes[24];

	for (bad = 0; bad < 2; bad++) {
		memcpy(bytes, row->bytes, row->len);
		bytes[row->len - 1] ^= bad;

		/* It added up all bytes: the sum decides. (That a wrong sum of a right
		 * packet does not is the core's affair, which then blames the device.)
		 */
		skb = received(test, bytes, row->len, row->protocol);
		skb->ip_summed = CHECKSUM_COMPLETE;
		skb->csum = csum_partial(skb->data, skb->len, 0);
		KUNIT_EXPECT_EQ(test, teach_csum_ok(skb, row->protocol), !bad);
		kfree_skb(skb);
		/* It found it right, or it was never on a wire: believed. */
		skb = received(test, bytes, row->len, row->protocol);
		skb->ip_summed = CHECKSUM_UNNECESSARY;
		KUNIT_EXPECT_TRUE(test, teach_csum_ok(skb, row->protocol));
		kfree_skb(skb);
		skb = received(test, bytes, row->len, row->protocol);
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_transport_header(skb) - skb->head;
		KUNIT_EXPECT_TRUE(test, teach_csum_ok(skb, row->protocol));
		kfree_skb(skb);
	}
}

/* The sum of RFC 1071 as the RFC has it, byte for byte. */
static u16 slow_sum(const u8 *bytes, unsigned int len, u16 start)
{
	u32 sum = start;
	unsigned int i;

	for (i = 0; i < len; i++) {
		sum += i & 1 ? bytes[i] : bytes[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

/**
 * cut_up() - a packet in several parts
 * @test: test
 * @bytes: its transport
 * @len: how many
 * @cuts: where the second and the third part begin
 * @list: the third part is another packet in the first's list, not a page of it
 *
 * Return: the packet, the first part in its linear area.
 */
static struct sk_buff *cut_up(struct kunit *test, const u8 *bytes, unsigned int len,
			      const unsigned int cuts[2], bool list)
{
	struct sk_buff *skb = received(test, bytes, cuts[0], TEACHPROTO_DGRAM);
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int n = cuts[1] - cuts[0], rest = len - cuts[1];

	KUNIT_ASSERT_NOT_NULL(test, page);
	memcpy(page_address(page) + 3, bytes + cuts[0], n);
	skb_add_rx_frag(skb, 0, page, 3, n, PAGE_SIZE);
	if (list) {
		skb_shinfo(skb)->frag_list = teach_test_skb(test, bytes + cuts[1], rest);
		skb->len += rest;
		skb->data_len += rest;
		skb->truesize += skb_shinfo(skb)->frag_list->truesize;
	} else {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), bytes + cuts[1], rest);
		skb_add_rx_frag(skb, 1, page, 0, rest, PAGE_SIZE);
	}
	return skb;
}

/* In parts of odd and even lengths: built, and checked. */
static void csum_fragments(struct kunit *test)
{
	static const unsigned int lens[] = { 1400, 1401, 999, 64 };
	static const unsigned int cuts[][2] = {
		{ 8, 9 }, { 9, 10 }, { 8, 11 }, { 9, 50 }, { 50, 63 }, { 33, 34 },
	};
	u8 *bytes = kunit_kzalloc(test, 1500, GFP_KERNEL);
	unsigned int i, j, list;
	struct sk_buff *skb;
	u16 sum;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	for (i = 0; i < ARRAY_SIZE(lens) * ARRAY_SIZE(cuts); i++) {
		const unsigned int *cut = cuts[i % ARRAY_SIZE(cuts)];
		unsigned int len = lens[i / ARRAY_SIZE(cuts)];

		for (list = 0; list < 2; list++) {
			get_random_bytes(bytes, len);
			skb = cut_up(test, bytes, len, cut, list);
			teach_csum_request(skb, CHECK_AT, ADDR(10, 1, 0, 1),
					   ADDR(10, 1, 0, 2), TEACHPROTO_DGRAM);
			KUNIT_ASSERT_EQ(test, skb_checksum_help(skb), 0);
			KUNIT_EXPECT_TRUE(test, teach_csum_ok(skb, TEACHPROTO_DGRAM));

			/* All of it with the pseudo-header adds up to -0. */
			KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, bytes, len), 0);
			sum = 0x0a01 + 0x0001 + 0x0a01 + 0x0002 + TEACHPROTO_DGRAM + len;
			KUNIT_EXPECT_EQ(test, slow_sum(bytes, len, sum), 0xffff);
			kfree_skb(skb);

			/* Each part matters. */
			for (j = 0; j < 3; j++) {
				unsigned int at = j ? cut[j - 1] : 0;

				bytes[at] ^= 0x40;
				skb = cut_up(test, bytes, len, cut, list);
				KUNIT_EXPECT_FALSE(test, teach_csum_ok(skb, TEACHPROTO_DGRAM));
				kfree_skb(skb);
				bytes[at] ^= 0x40;
			}
		}
	}
}

static struct kunit_case csum_cases[] = {
	KUNIT_CASE(csum_request),
	KUNIT_CASE(csum_known),
	KUNIT_CASE(csum_corrupted),
	KUNIT_CASE(csum_zero),
	KUNIT_CASE(csum_by_device),
	KUNIT_CASE(csum_fragments),
	{}
};

static struct kunit_suite csum_suite = {
	.name		= "teach_csum",
	.test_cases	= csum_cases,
};

kunit_test_suite(csum_suite);
