/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_NET_HEADER_H
#define TEACH_NET_HEADER_H

#include <linux/skbuff.h>
#include <linux/teach.h>
#include <net/checksum.h>

/**
 * struct teach_skb_cb - what net/ says of a packet that it hands up
 * @ifindex: device that it came in by
 * @broadcast: its destination is a broadcast address
 *
 * In skb->cb, whose end belongs to the sockets (struct sock_skb_cb).
 */
struct teach_skb_cb {
	int	ifindex;
	bool	broadcast;
};

static inline struct teach_skb_cb *teach_skb_cb(struct sk_buff *skb)
{
	return (struct teach_skb_cb *)skb->cb;
}

static inline struct teachhdr *teach_hdr(const struct sk_buff *skb)
{
	return (struct teachhdr *)skb_network_header(skb);
}

static inline u8 teach_hdr_version(const struct teachhdr *hdr)
{
	return hdr->ver_hlen >> 4;
}

/* Bytes, options included. */
static inline unsigned int teach_hdr_len(const struct teachhdr *hdr)
{
	return (hdr->ver_hlen & 0xf) * 4;
}

/**
 * teach_hdr_push() - put the TEACH header before a transport's
 * @skb: packet from its transport header on, with room before it
 * @saddr: source
 * @daddr: destination
 * @protocol: TEACHPROTO_*
 * @hop_limit: hop limit
 * @tclass: traffic class
 */
static inline void teach_hdr_push(struct sk_buff *skb, __be32 saddr, __be32 daddr,
				  u8 protocol, u8 hop_limit, u8 tclass)
{
	struct teachhdr *hdr = __skb_push(skb, sizeof(*hdr));

	skb_reset_network_header(skb);
	hdr->ver_hlen = TEACH_VERSION << 4 | TEACH_HDR_LEN / 4;
	hdr->tclass = tclass;
	hdr->tot_len = htons(skb->len);
	hdr->protocol = protocol;
	hdr->hop_limit = hop_limit;
	hdr->reserved = 0;
	hdr->saddr = saddr;
	hdr->daddr = daddr;
}

/**
 * teach_csum_request() - have the checksum of a packet filled in
 * @skb: packet from its transport header on, which is set and complete but for
 *	the checksum
 * @offset: of the checksum within the transport header
 * @saddr: source
 * @daddr: destination
 * @protocol: TEACHPROTO_*
 *
 * By the device if it can, by the core before that if not, by nobody if the
 * packet stays on this machine. The pseudo-header is that of RFC 768.
 */
static inline void teach_csum_request(struct sk_buff *skb, unsigned int offset,
				      __be32 saddr, __be32 daddr, u8 protocol)
{
	__sum16 *check = (__sum16 *)(skb_transport_header(skb) + offset);

	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offset;
	*check = ~csum_tcpudp_magic(saddr, daddr, skb->len, protocol, 0);
}

static inline __wsum teach_csum_pseudo(struct sk_buff *skb, int protocol)
{
	const struct teachhdr *hdr = teach_hdr(skb);

	return csum_tcpudp_nofold(hdr->saddr, hdr->daddr, skb->len, protocol, 0);
}

/**
 * teach_csum_ok() - is a received packet as it was sent?
 * @skb: packet from its transport header on
 * @protocol: TEACHPROTO_*
 *
 * Return: true if so, also where the device has found that out.
 */
static inline bool teach_csum_ok(struct sk_buff *skb, u8 protocol)
{
	return !skb_checksum_validate(skb, protocol, teach_csum_pseudo);
}

#endif
