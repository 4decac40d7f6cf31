/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * AF_TEACH: the only header that the kernel module and programs share.
 *
 * Three groups of definitions, in this order: what a program that opens
 * sockets needs (addresses, options, control messages), what travels on the
 * wire (drawn in Documentation/protocol.md), and what management tools need
 * (generic netlink, sock_diag). Multi-byte fields are in network byte order
 * where the type says so (__be16, __be32, __sum16), in host byte order
 * otherwise.
 */
#ifndef _UAPI_LINUX_TEACH_H
#define _UAPI_LINUX_TEACH_H

#include <linux/types.h>
#include <linux/socket.h>

/*
 * sock_register() refuses numbers from AF_MAX up, so a number without code
 * behind it is reused: 22 was AF_SNA.
 */
#define AF_TEACH	22
#define PF_TEACH	AF_TEACH

/* Level of the options and control messages below. */
#define SOL_TEACH	322

/* IEEE 802 local experimental EtherType 1 (IEEE Std 802, 9.2.4). */
#define ETH_P_TEACH	0x88B5

/**
 * struct teach_addr - a TEACH address, written as a dotted quad
 * @s_addr: 32 bits; 0.0.0.0 is any, 255.255.255.255 is all on this link
 */
struct teach_addr {
	__be32 s_addr;
};

/* In host byte order, as INADDR_ANY and INADDR_BROADCAST are. */
#define TEACH_ADDR_ANY		((__u32)0x00000000)
#define TEACH_ADDR_BROADCAST	((__u32)0xffffffff)

/**
 * struct sockaddr_teach - address of a TEACH socket, laid out as sockaddr_in
 * @teach_family: AF_TEACH
 * @teach_port: port; for ping sockets the identifier of the echo
 * @teach_addr: address
 * @teach_ifindex: 0, or the index of the device that a broadcast leaves by;
 *	on receipt the device that the packet came in by
 * @teach_zero: must be zero: EINVAL otherwise
 */
struct sockaddr_teach {
	__kernel_sa_family_t	teach_family;
	__be16			teach_port;
	struct teach_addr	teach_addr;
	__u32			teach_ifindex;
	__u8			teach_zero[4];
};

/* The protocol field of a packet; third argument of socket(), where 0 is the
 * default of the socket's type.
 */
enum {
	TEACHPROTO_CONTROL	= 1,	/* echo, errors: struct teach_ctlhdr */
	TEACHPROTO_STREAM	= 6,	/* SOCK_STREAM */
	TEACHPROTO_DGRAM	= 17,	/* SOCK_DGRAM: struct teach_dgramhdr */
	TEACHPROTO_MAX		= 256,
};

/*
 * Options at SOL_TEACH. An option takes an int unless it says otherwise. "cmsg"
 * says that a control message of the same level and type exists.
 */
#define TEACH_REUSEPORT		1  /* bool: several sockets on one port, as SO_REUSEPORT */
#define TEACH_PKTINFO		2  /* bool, cmsg (both ways): struct teach_pktinfo */
#define TEACH_RECVERR		3  /* bool, cmsg: sock_extended_err + sockaddr_teach */
#define TEACH_HOPLIMIT		4  /* 1..255, -1 default; cmsg (both ways): int */
#define TEACH_RECVHOPLIMIT	5  /* bool: receive TEACH_HOPLIMIT messages */
#define TEACH_TCLASS		6  /* 0..255; cmsg (both ways): int */
#define TEACH_RECVTCLASS	7  /* bool: receive TEACH_TCLASS messages */
#define TEACH_MTU		8  /* get: largest TEACH packet to the peer, bytes; ENOTCONN */

/**
 * struct teach_pktinfo - where a packet came from, or is to leave by
 * @ifindex: device that it came in by; sending: device to leave by, or 0
 * @spec_dst: local address that it was sent to, or for a broadcast the
 *	address that an answer would come from; sending: source address, or any
 * @addr: destination address of the packet's header; ignored in sending
 */
struct teach_pktinfo {
	__u32			ifindex;
	struct teach_addr	spec_dst;
	struct teach_addr	addr;
};

/*
 * ee_origin of an error that a control message reported; ee_type and ee_code
 * are the message's own, ee_info its info field in host byte order. An error
 * that this host found itself has SO_EE_ORIGIN_LOCAL. The offender's address
 * follows the sock_extended_err.
 */
#define SO_EE_ORIGIN_TEACH	22

/* ---- The wire ---------------------------------------------------------- */

#define TEACH_VERSION		1
#define TEACH_HDR_LEN		16	/* bytes, without options */
#define TEACH_MAX_HDR_LEN	60	/* bytes: 15 words of 4 */
#define TEACH_MAX_PACKET	65535	/* bytes, header included */
#define TEACH_DEFAULT_HOPLIMIT	64	/* as RFC 1700 recommends for IP */
#define TEACH_MIN_MTU		128	/* bytes: no device with less carries TEACH */

/**
 * struct teachhdr - the header that every TEACH packet starts with
 * @ver_hlen: version in the upper four bits, header length in words of four
 *	bytes in the lower four; what is beyond 4 words is options, which a
 *	receiver skips
 * @tclass: traffic class: DSCP (RFC 2474) and ECN (RFC 3168)
 * @tot_len: bytes of the packet, header and options included
 * @protocol: TEACHPROTO_*
 * @hop_limit: decremented by each hop
 * @reserved: sent as zero, ignored on receipt
 * @saddr: source; never any or broadcast
 * @daddr: destination
 */
struct teachhdr {
	__u8	ver_hlen;
	__u8	tclass;
	__be16	tot_len;
	__u8	protocol;
	__u8	hop_limit;
	__be16	reserved;
	__be32	saddr;
	__be32	daddr;
};

/**
 * struct teach_dgramhdr - header of a datagram, the field order of RFC 768
 * @source: port of the sender
 * @dest: port of the receiver
 * @len: bytes of this header and the payload
 * @check: Internet checksum (RFC 1071) over pseudo-header, header and payload;
 *	always there: unlike UDP, no value means that it is absent
 */
struct teach_dgramhdr {
	__be16	source;
	__be16	dest;
	__be16	len;
	__sum16	check;
};

/**
 * struct teach_ctlhdr - header of a control message
 * @type: TEACH_CTL_*
 * @code: says more, by type
 * @check: Internet checksum over pseudo-header, header and body
 * @un: by type: echo's identifier and sequence number, or a number about an
 *	error, zero where the type has none
 *
 * The body of an echo is returned as it is. That of an error is the packet
 * that caused it, from its TEACH header on, cut to TEACH_CTL_QUOTE bytes.
 */
struct teach_ctlhdr {
	__u8	type;
	__u8	code;
	__sum16	check;
	union {
		struct {
			__be16	id;
			__be16	sequence;
		} echo;
		__be32	info;
	} un;
};

#define TEACH_CTL_QUOTE		128	/* bytes of the culprit in an error */

enum {
	TEACH_CTL_ECHO_REPLY	= 0,
	TEACH_CTL_UNREACH	= 3,	/* code: TEACH_UNREACH_* */
	TEACH_CTL_ECHO_REQUEST	= 8,
};

enum {
	TEACH_UNREACH_NET	= 0,
	TEACH_UNREACH_HOST	= 1,
	TEACH_UNREACH_PROTOCOL	= 2,
	TEACH_UNREACH_PORT	= 3,
};

/* ---- Generic netlink --------------------------------------------------- */
/* Described for tools by Documentation/netlink/teach.yaml. */

#define TEACH_GENL_NAME		"teach"
#define TEACH_GENL_VERSION	1
/* Multicast group of TEACH_CMD_NEIGH_EVENT. */
#define TEACH_GENL_GRP_NEIGH	"neigh"

enum teach_cmd {
	TEACH_CMD_UNSPEC,
	TEACH_CMD_LINK_GET,	/* do: TEACH_A_IFINDEX or TEACH_A_IFNAME; dump */
	TEACH_CMD_LINK_SET,	/* CAP_NET_ADMIN: IFINDEX or IFNAME, TEACH_A_PARMS */
	TEACH_CMD_RESOLVE,	/* CAP_NET_ADMIN: ADDR, [IFINDEX or IFNAME]: resolve now;
				 * answers with IFINDEX, ADDR, NUD_STATE, [LLADDR]; what
				 * comes of it is seen on RTNLGRP_NEIGH
				 */
	TEACH_CMD_STATS_GET,	/* [IFINDEX or IFNAME: of one link]: answers with
				 * TEACH_A_STATS
				 */
	TEACH_CMD_NEIGH_GET,	/* do: ADDR, IFINDEX or IFNAME; dump: [IFINDEX],
				 * [NUD_STATE], [ADDR with PREFIXLEN]: which. All that
				 * is known of entries, more than RTM_GETNEIGH tells
				 */
	TEACH_CMD_NEIGH_EVENT,	/* to group "neigh": what became of an entry, and why:
				 * IFINDEX, ADDR, OLD_NUD_STATE, [NUD_STATE: not where the
				 * entry is gone], [LLADDR], REASON, PROBES, TIME_NS
				 */
	TEACH_CMD_RARP_GET,	/* the RARP server's table. do: LLADDR, [IFINDEX or IFNAME];
				 * dump; answers with LLADDR, ADDR, [IFINDEX]
				 */
	TEACH_CMD_RARP_ADD,	/* CAP_NET_ADMIN: LLADDR, ADDR, [IFINDEX or IFNAME];
				 * REPLACE
				 */
	TEACH_CMD_RARP_DEL,	/* CAP_NET_ADMIN: LLADDR, [IFINDEX or IFNAME] */
	TEACH_CMD_RARP_RESOLVE,	/* CAP_NET_ADMIN: IFINDEX or IFNAME, [LLADDR, or the device's
				 * own]: sends a request. The answer comes to the asker alone,
				 * as a message of this command with the request's sequence
				 * number, apart from the acknowledgment: IFINDEX, LLADDR, ADDR,
				 * SERVER_LLADDR, SERVER_ADDR
				 */
	TEACH_CMD_RARP_START,	/* CAP_NET_ADMIN: IFINDEX or IFNAME, [PREFIXLEN]: get an
				 * address by RARP, and keep it
				 */
	TEACH_CMD_RARP_STOP,	/* CAP_NET_ADMIN: IFINDEX or IFNAME: do without */

	__TEACH_CMD_MAX,
	TEACH_CMD_MAX = __TEACH_CMD_MAX - 1
};

enum teach_attr {
	TEACH_A_UNSPEC,
	TEACH_A_IFINDEX,	/* u32 */
	TEACH_A_IFNAME,		/* NUL-terminated string */
	TEACH_A_MTU,		/* u32: bytes, TEACH header included */
	TEACH_A_FLAGS,		/* u32: TEACH_LINK_F_* */
	TEACH_A_N_ADDRS,	/* u32: local addresses on the link */
	TEACH_A_N_NEIGHS,	/* u32: neighbour entries on the link */
	TEACH_A_LLADDR,		/* binary: the device's or the neighbour's MAC address */
	TEACH_A_PARMS,		/* nest of TEACH_PARM_A_* */
	TEACH_A_ADDR,		/* be32 */
	TEACH_A_NUD_STATE,	/* u16: NUD_*; to dump: a set, with TEACH_NUD_NONE_BIT */
	TEACH_A_STATS,		/* nest of u64, each attribute's type an enum teach_stat */
	TEACH_A_PREFIXLEN,	/* u8: bits of ADDR that count, 0 to 32; 24 in RARP_START */
	TEACH_A_OLD_NUD_STATE,	/* u16: before the event */
	TEACH_A_REASON,		/* u8: enum teach_neigh_reason */
	TEACH_A_PROBES,		/* u32: requests since resolution or probing began */
	TEACH_A_TIME_NS,	/* u64: of the event, CLOCK_REALTIME, nanoseconds */
	TEACH_A_NTF_FLAGS,	/* u32: NTF_*, and NTF_EXT_* from bit 8 up */
	TEACH_A_REFCNT,		/* u32: holders of the entry besides the cache */
	TEACH_A_USED_MS,	/* u64: since it was used in a state other than connected */
	TEACH_A_CONFIRMED_MS,	/* u64: since it was last known to be reachable */
	TEACH_A_UPDATED_MS,	/* u64: since state or MAC address changed */
	TEACH_A_HELD_PACKETS,	/* u32: that wait for the MAC address */
	TEACH_A_HELD_BYTES,	/* u32: their memory; at most TEACH_PARM_A_QUEUE_BYTES */
	TEACH_A_PAD,
	TEACH_A_SERVER_LLADDR,	/* binary: MAC address of the RARP server that answered */
	TEACH_A_SERVER_ADDR,	/* be32: its address */
	TEACH_A_REPLACE,	/* flag: what is there is overwritten */

	__TEACH_A_MAX,
	TEACH_A_MAX = __TEACH_A_MAX - 1
};

/* In a set of states: NUD_NONE, which is 0. */
#define TEACH_NUD_NONE_BIT	0x100

/*
 * Why an entry of the neighbour cache changed. X(identifier, "name", "text"): the name
 * is for JSON, the text for people.
 */
#define TEACH_NEIGH_REASONS(X) \
	X(USED,		"used",		"a packet wants to go there") \
	X(RESOLVE,	"resolve",	"management asked to resolve it") \
	X(MANAGED,	"managed",	"it is kept resolved") \
	X(REPLY,	"reply",	"it answered our request") \
	X(UNSOLICITED,	"unsolicited",	"a reply came that was not asked for") \
	X(REQUEST,	"request",	"a request came from it") \
	X(ANNOUNCEMENT,	"announcement",	"it announced itself") \
	X(CONFIRMED,	"confirmed",	"an upper layer confirmed it") \
	X(EXPIRED,	"expired",	"the reachable time is over") \
	X(EXPIRED_USED,	"expired_used",	"the reachable time is over, and it was used lately") \
	X(DELAY_OVER,	"delay_over",	"no upper layer confirmed it in time") \
	X(PROBE_TIMEOUT, "probe_timeout", "a request timed out") \
	X(NO_PROBE_LEFT, "no_probe_left", "the last request timed out") \
	X(MAY_NOT_ASK,	"may_not_ask",	"no request is allowed on the link") \
	X(ADMIN,	"admin",	"management changed it") \
	X(DELETED,	"deleted",	"management deleted it") \
	X(COLLECTED,	"collected",	"it was collected") \
	X(LINK_DOWN,	"link_down",	"the device went down") \
	X(LINK_GONE,	"link_gone",	"the device went away") \
	X(LINK_MAC,	"link_mac",	"the device has another MAC address") \
	X(LINK_ARP,	"link_arp",	"ARP was switched on or off") \
	X(NO_CARRIER,	"no_carrier",	"the device has no carrier") \
	X(FLAPPING,	"flapping",	"its MAC address changed twice within a second") \
	X(CONTESTED,	"contested",	"another MAC address claims it: its owner is asked")

#define TEACH_NEIGH_REASON_ENUM(id, name, text) TEACH_NEIGH_REASON_##id,

enum teach_neigh_reason {
	TEACH_NEIGH_REASON_UNSPEC,
	TEACH_NEIGH_REASONS(TEACH_NEIGH_REASON_ENUM)
	__TEACH_NEIGH_REASON_MAX,
	TEACH_NEIGH_REASON_MAX = __TEACH_NEIGH_REASON_MAX - 1
};

#undef TEACH_NEIGH_REASON_ENUM

#define TEACH_LINK_F_UP		0x1	/* IFF_UP: the device is up */
#define TEACH_LINK_F_NOARP	0x2	/* IFF_NOARP: nothing is resolved on it */
#define TEACH_LINK_F_DYNAMIC	0x4	/* it has an address by RARP, or asks for one */

/**
 * enum teach_resolver_mode - how a link asks for a neighbour's MAC address
 * @TEACH_RESOLVER_ARP: by ARP: all hosts have to read the question
 * @TEACH_RESOLVER_ND: in the manner of RFC 4861: those in the group of the address
 * @TEACH_RESOLVER_ND_ARP: first in that manner, then, if nobody answers, by ARP
 *
 * Whatever it says, both kinds of question are answered.
 */
enum teach_resolver_mode {
	TEACH_RESOLVER_ARP,
	TEACH_RESOLVER_ND,
	TEACH_RESOLVER_ND_ARP,
	TEACH_RESOLVER_MAX = TEACH_RESOLVER_ND_ARP
};

/* Parameters of a link, with the meanings of net.ipv4.neigh.DEV.* and, from
 * ARP_IGNORE to PROXY_ARP, of net.ipv4.conf.DEV.*. All u32.
 */
enum teach_parm_attr {
	TEACH_PARM_A_UNSPEC,
	TEACH_PARM_A_BASE_REACHABLE_MS,	/* mean of the random reachable time */
	TEACH_PARM_A_REACHABLE_MS,	/* the one in force; cannot be set */
	TEACH_PARM_A_RETRANS_MS,	/* between two requests */
	TEACH_PARM_A_DELAY_PROBE_MS,	/* DELAY: time for an upper layer to confirm */
	TEACH_PARM_A_GC_STALE_MS,	/* unused for so long: may be collected */
	TEACH_PARM_A_LOCKTIME_MS,	/* an entry is not overwritten for so long */
	TEACH_PARM_A_UCAST_PROBES,	/* unicast requests in PROBE */
	TEACH_PARM_A_MCAST_PROBES,	/* broadcast requests in INCOMPLETE */
	TEACH_PARM_A_QUEUE_BYTES,	/* hold queue of one entry, by truesize */
	TEACH_PARM_A_MCAST_REPROBES,	/* broadcast requests in PROBE, after the unicast ones */
	TEACH_PARM_A_ARP_IGNORE,	/* 0..8: which requests are not answered */
	TEACH_PARM_A_ARP_ANNOUNCE,	/* 0..2: which address of ours a request tells */
	TEACH_PARM_A_ARP_ACCEPT,	/* 0..2: who unasked makes an entry */
	TEACH_PARM_A_ARP_NOTIFY,	/* 0, 1: announce our addresses */
	TEACH_PARM_A_DROP_GRATUITOUS_ARP, /* 0, 1: believe no announcement */
	TEACH_PARM_A_PROXY_ARP,		/* 0, 1: answer for who is reached by another device */
	TEACH_PARM_A_PROXY_DELAY_MS,	/* a proxy answers within a random time below it */
	TEACH_PARM_A_PROXY_QLEN,	/* answers of a proxy that wait for that, at most */
	TEACH_PARM_A_SOLICITS_PER_SEC,	/* broadcast requests nobody answers; 0: no limit */
	TEACH_PARM_A_SOLICITS_BURST,	/* of them at once */
	TEACH_PARM_A_ACCEPT_DAD,	/* 1: probe for an added address before it is used */
	TEACH_PARM_A_ACD_PROBE_WAIT_MS,	/* RFC 5227, 1.1: PROBE_WAIT */
	TEACH_PARM_A_ACD_PROBES,	/* PROBE_NUM */
	TEACH_PARM_A_ACD_PROBE_MIN_MS,	/* PROBE_MIN */
	TEACH_PARM_A_ACD_PROBE_MAX_MS,	/* PROBE_MAX */
	TEACH_PARM_A_ACD_ANNOUNCE_WAIT_MS, /* ANNOUNCE_WAIT */
	TEACH_PARM_A_ACD_ANNOUNCEMENTS,	/* ANNOUNCE_NUM */
	TEACH_PARM_A_ACD_ANNOUNCE_INTERVAL_MS, /* ANNOUNCE_INTERVAL */
	TEACH_PARM_A_ACD_DEFEND,	/* RFC 5227, 2.4: 0 is (a), 1 (b), 2 (c) */
	TEACH_PARM_A_ACD_DEFEND_INTERVAL_MS, /* DEFEND_INTERVAL */
	TEACH_PARM_A_RARP_RETRANS_MS,	/* before a RARP request is first repeated */
	TEACH_PARM_A_RARP_RETRANS_MAX_MS, /* what that time is doubled to at most */
	TEACH_PARM_A_RARP_LIFETIME_MS,	/* of an address learnt by RARP */
	TEACH_PARM_A_RARP_SERVE,	/* 1: answer RARP from permanent neighbours too */
	TEACH_PARM_A_RESOLVER,		/* how others are asked: enum teach_resolver_mode */
	TEACH_PARM_A_DAD_TRANSMITS,	/* RFC 4862, 5.1: with RESOLVER 1 and 2 */
	TEACH_PARM_A_INTERVAL_PROBE_MS,	/* between two looks at managed entries */
	TEACH_PARM_A_MAX_NEIGHS,	/* entries of the link that may be collected; 0: no limit */

	__TEACH_PARM_A_MAX,
	TEACH_PARM_A_MAX = __TEACH_PARM_A_MAX - 1
};

/*
 * Counters, per network namespace; those of ARP and of the neighbour cache per link
 * too. X(identifier, "Name"): the name is what
 * /proc/net/teach_stat, `teach stats` and its JSON call it. New ones are added at
 * the end only. "Drop" marks counters of packets or messages that were dropped.
 */
#define TEACH_STATS(X) \
	/* packets in, all protocols */ \
	X(IN_PACKETS,		"InPackets") \
	X(IN_OCTETS,		"InOctets") \
	X(IN_TRUNCATED,		"InTruncated") /* drop: shorter than its header says */ \
	X(IN_HDR_ERRORS,	"InHdrErrors") /* drop: impossible lengths */ \
	X(IN_BAD_VERSION,	"InBadVersion") /* drop: unknown version */ \
	X(IN_SRC_ERRORS,	"InSrcErrors") /* drop: source any, broadcast or our own */ \
	X(IN_DST_ERRORS,	"InDstErrors") /* drop: not for this host */ \
	X(IN_CAST_ERRORS,	"InCastErrors") /* drop: unicast packet in a broadcast frame */ \
	X(IN_UNKNOWN_PROTOS,	"InUnknownProtos") /* drop: nobody takes the protocol */ \
	X(IN_NO_MEMORY,		"InNoMemory") /* drop: no memory */ \
	X(IN_DELIVERS,		"InDelivers") \
	X(IN_BROADCASTS,	"InBroadcasts") \
	/* packets out, all protocols */ \
	X(OUT_PACKETS,		"OutPackets") \
	X(OUT_OCTETS,		"OutOctets") \
	X(OUT_LOCAL,		"OutLocal") /* delivered on this host, no device */ \
	X(OUT_BROADCASTS,	"OutBroadcasts") \
	X(OUT_NO_ROUTES,	"OutNoRoutes") /* refused: ENETUNREACH */ \
	X(OUT_TOO_BIG,		"OutTooBig") /* refused: EMSGSIZE */ \
	X(OUT_DISCARDS,		"OutDiscards") /* drop: no memory, or the device refused it */ \
	/* datagrams */ \
	X(DGRAM_IN,		"DgramInDatagrams") \
	X(DGRAM_OUT,		"DgramOutDatagrams") \
	X(DGRAM_NO_PORTS,	"DgramNoPorts") /* drop: no socket on the port */ \
	X(DGRAM_IN_ERRORS,	"DgramInErrors") /* drop: impossible lengths, bad buffer */ \
	X(DGRAM_CSUM_ERRORS,	"DgramInCsumErrors") /* drop: wrong checksum */ \
	X(DGRAM_RCVBUF_ERRORS,	"DgramRcvbufErrors") /* drop: receive buffer full */ \
	X(DGRAM_FILTERED,	"DgramFiltered") /* drop: a socket filter refused it */ \
	X(DGRAM_SNDBUF_ERRORS,	"DgramSndbufErrors") /* refused: send buffer full */ \
	/* control messages */ \
	X(CTL_IN,		"CtlInMsgs") \
	X(CTL_IN_ERRORS,	"CtlInErrors") /* drop: too short, unknown type, bad quote */ \
	X(CTL_IN_CSUM_ERRORS,	"CtlInCsumErrors") /* drop: wrong checksum */ \
	X(CTL_IN_ECHOS,		"CtlInEchos") \
	X(CTL_IN_ECHOS_IGNORED,	"CtlInEchosIgnored") /* drop: sent to all */ \
	X(CTL_IN_ECHO_REPS,	"CtlInEchoReps") \
	X(CTL_IN_UNREACHS,	"CtlInUnreachs") \
	X(CTL_OUT,		"CtlOutMsgs") \
	X(CTL_OUT_ECHO_REPS,	"CtlOutEchoReps") \
	X(CTL_OUT_UNREACHS,	"CtlOutUnreachs") \
	X(CTL_OUT_ERRORS,	"CtlOutErrors") /* not sent: no memory or no route */ \
	X(CTL_RATE_LIMITED,	"CtlRateLimited") /* not sent: over the rate */ \
	X(CTL_NO_SOCKET,	"CtlNoSocket") /* drop: no socket waits for it */ \
	/* ARP */ \
	X(ARP_IN_REQUESTS,	"ArpInRequests") \
	X(ARP_IN_REPLIES,	"ArpInReplies") \
	X(ARP_OUT_REQUESTS,	"ArpOutRequests") \
	X(ARP_OUT_REPLIES,	"ArpOutReplies") \
	X(ARP_OUT_ERRORS,	"ArpOutErrors") /* not sent: no memory */ \
	X(ARP_BAD_LENGTH,	"ArpBadLength") /* drop: cut, or lengths not 6 and 4 */ \
	X(ARP_BAD_OP,		"ArpBadOp") /* drop: neither request nor reply */ \
	X(ARP_BAD_MAC,		"ArpBadMac") /* drop: sender's MAC zero or multicast */ \
	X(ARP_OWN_MAC,		"ArpOwnMac") /* drop: our own frame came back */ \
	X(ARP_BAD_ADDR,		"ArpBadAddr") /* drop: address zero or broadcast */ \
	X(ARP_CONFLICT,		"ArpConflict") /* drop: another host claims our address */ \
	X(ARP_NOT_FOR_US,	"ArpNotForUs") /* request for an address not ours */ \
	X(ARP_UNSOLICITED,	"ArpUnsolicited") /* drop: reply that nobody asked for */ \
	X(ARP_LOCKED,		"ArpLocked") /* drop: MAC change within locktime, or contested */ \
	/* neighbour cache */ \
	X(NEIGH_ALLOCS,		"NeighAllocs") \
	X(NEIGH_DESTROYS,	"NeighDestroys") \
	X(NEIGH_RES_FAILED,	"NeighResFailed") /* resolutions that ended in FAILED */ \
	X(NEIGH_UNRES_DISCARDS,	"NeighUnresDiscards") /* drop: hold queue full */ \
	X(NEIGH_FAILED_DROPS,	"NeighFailedDrops") /* drop: resolution failed */ \
	X(NEIGH_DEAD_DROPS,	"NeighDeadDrops") /* drop: entry went away */ \
	X(NEIGH_TABLE_FULL,	"NeighTableFull") /* entries refused: over gc_thresh3 */ \
	X(NEIGH_NO_MEMORY,	"NeighNoMemory") /* entries refused: no memory */ \
	X(NEIGH_FORCED_GC,	"NeighForcedGcRuns") \
	X(NEIGH_PERIODIC_GC,	"NeighPeriodicGcRuns") \
	X(NEIGH_COLLECTED,	"NeighCollected") \
	X(NEIGH_EVICTED,	"NeighEvicted") /* unresolved, and another needed the room */ \
	X(NEIGH_MAC_FLAPS,	"NeighMacFlaps") /* MAC address changed twice in a second */ \
	X(NEIGH_EVENTS_LOST,	"NeighEventsLost") /* not sent: no memory, or buffers full */ \
	/* ARP, by the policy of a link */ \
	X(ARP_IN_PROBES,	"ArpInProbes") /* requests that tell no sender (RFC 5227) */ \
	X(ARP_IN_ANNOUNCEMENTS,	"ArpInAnnouncements") /* sender is target */ \
	X(ARP_OUT_ANNOUNCEMENTS, "ArpOutAnnouncements") \
	X(ARP_IGNORED,		"ArpIgnored") /* drop: request, by arp_ignore */ \
	X(ARP_GRATUITOUS,	"ArpGratuitous") /* drop: announcement, by drop_gratuitous_arp */ \
	X(ARP_PROXIED,		"ArpProxied") /* replies for somebody else */ \
	X(ARP_PROXY_DROPS,	"ArpProxyDrops") /* drop: late answer: no room, or over */ \
	X(NEIGH_RESOLUTIONS,	"NeighResolutions") /* begun */ \
	X(NEIGH_LIMITED,	"NeighLimited") /* not sent: request over solicits_per_sec */ \
	/* address conflict detection */ \
	X(ACD_PROBES,		"AcdProbes") \
	X(ACD_ANNOUNCEMENTS,	"AcdAnnouncements") \
	X(ACD_CONFLICTS,	"AcdConflicts") /* addresses that probing found taken */ \
	X(ACD_DEFENDS,		"AcdDefends") /* announcements against another claim */ \
	X(ACD_GIVEN_UP,		"AcdGivenUp") /* addresses in use given up */ \
	/* RARP */ \
	X(RARP_IN_REQUESTS,	"RarpInRequests") \
	X(RARP_IN_REPLIES,	"RarpInReplies") \
	X(RARP_OUT_REQUESTS,	"RarpOutRequests") \
	X(RARP_OUT_REPLIES,	"RarpOutReplies") \
	X(RARP_OUT_ERRORS,	"RarpOutErrors") /* not sent: no memory */ \
	X(RARP_BAD_LENGTH,	"RarpBadLength") /* drop: cut, or lengths not 6 and 4 */ \
	X(RARP_BAD_OP,		"RarpBadOp") /* drop: neither request nor reply */ \
	X(RARP_BAD_MAC,		"RarpBadMac") /* drop: a MAC address zero or multicast */ \
	X(RARP_OWN_MAC,		"RarpOwnMac") /* drop: our own frame came back */ \
	X(RARP_BAD_ADDR,	"RarpBadAddr") /* drop: reply with an impossible address */ \
	X(RARP_UNSOLICITED,	"RarpUnsolicited") /* drop: reply that nobody asked for */ \
	X(RARP_NO_ENTRY,	"RarpNoEntry") /* drop: request for a MAC address not known */ \
	X(RARP_NO_ADDRESS,	"RarpNoAddress") /* drop: no address of our own to answer from */ \
	X(RARP_BUSY,		"RarpBusy") /* drop: too many requests wait */ \
	X(RARP_LEASES,		"RarpLeases") /* addresses learnt */ \
	X(RARP_EXPIRED,		"RarpExpired") /* addresses that nobody confirmed in time */ \
	X(NEIGH_CONTESTED,	"NeighContested") /* its owner was asked */ \
	X(ND_IN_SOLICITS,	"NdInSolicits") \
	X(ND_IN_ADVERTS,	"NdInAdverts") \
	X(ND_OUT_SOLICITS,	"NdOutSolicits") \
	X(ND_OUT_ADVERTS,	"NdOutAdverts") \
	X(ND_OUT_ERRORS,	"NdOutErrors") /* not sent: no memory */ \
	X(ND_BAD_LENGTH,	"NdBadLength") /* drop: cut */ \
	X(ND_BAD_MAC,		"NdBadMac") /* drop: sender's MAC zero or multicast */ \
	X(ND_OWN_MAC,		"NdOwnMac") /* drop: our own frame came back */ \
	X(ND_BAD_ADDR,		"NdBadAddr") /* drop: address zero or broadcast, wrong group */ \
	X(ND_BAD_FLAGS,		"NdBadFlags") /* drop: solicited, and sent to all */ \
	X(ND_CONFLICT,		"NdConflict") /* drop: another host claims our address */ \
	X(ND_NOT_FOR_US,	"NdNotForUs") /* solicitation for an address not ours */ \
	X(ND_UNSOLICITED,	"NdUnsolicited") /* drop: advertisement nobody asked for */ \
	X(ND_LOCKED,		"NdLocked") /* drop: another MAC, and may not override */

#define TEACH_STAT_ENUM(id, name) TEACH_STAT_##id,

enum teach_stat {
	TEACH_STAT_UNSPEC,
	TEACH_STATS(TEACH_STAT_ENUM)
	__TEACH_STAT_MAX,
	TEACH_STAT_MAX = __TEACH_STAT_MAX - 1
};

#undef TEACH_STAT_ENUM

/* ---- sock_diag --------------------------------------------------------- */

/**
 * struct teach_diag_req - SOCK_DIAG_BY_FAMILY request
 * @sdiag_family: AF_TEACH
 * @sdiag_protocol: TEACHPROTO_*, or 0 for all
 * @pad: must be zero
 * @tdiag_states: bit mask of 1 << TCP_ESTABLISHED (connected datagram socket),
 *	1 << TCP_CLOSE (not connected); dump only
 * @tdiag_ino: inode of the one socket asked for, or 0; not in a dump
 * @tdiag_show: TDIAG_SHOW_*: which attributes to add
 * @tdiag_cookie: its cookie, or both words ~0; not in a dump
 */
struct teach_diag_req {
	__u8	sdiag_family;
	__u8	sdiag_protocol;
	__u16	pad;
	__u32	tdiag_states;
	__u32	tdiag_ino;
	__u32	tdiag_show;
	__u32	tdiag_cookie[2];
};

#define TDIAG_SHOW_MEMINFO	0x1	/* TEACH_DIAG_MEMINFO */

/**
 * struct teach_diag_msg - one socket; attributes TEACH_DIAG_* follow
 * @tdiag_family: AF_TEACH
 * @tdiag_type: SOCK_DGRAM, ...
 * @tdiag_protocol: TEACHPROTO_*
 * @tdiag_state: TCP_ESTABLISHED if connected, else TCP_CLOSE
 * @tdiag_sport: local port, 0 if not bound
 * @tdiag_dport: port of the peer, 0 if not connected
 * @tdiag_saddr: local address
 * @tdiag_daddr: address of the peer
 * @tdiag_ifindex: device that the socket is bound to, or 0
 * @tdiag_uid: owner, as the reader's user namespace sees it
 * @tdiag_ino: inode
 * @tdiag_rqueue: bytes waiting to be received
 * @tdiag_wqueue: bytes sent that have not left yet
 * @tdiag_drops: datagrams that the socket dropped
 * @tdiag_cookie: names this socket for its life
 */
struct teach_diag_msg {
	__u8	tdiag_family;
	__u8	tdiag_type;
	__u8	tdiag_protocol;
	__u8	tdiag_state;
	__be16	tdiag_sport;
	__be16	tdiag_dport;
	__be32	tdiag_saddr;
	__be32	tdiag_daddr;
	__u32	tdiag_ifindex;
	__u32	tdiag_uid;
	__u32	tdiag_ino;
	__u32	tdiag_rqueue;
	__u32	tdiag_wqueue;
	__u32	tdiag_drops;
	__u32	tdiag_cookie[2];
};

enum {
	TEACH_DIAG_NONE,
	TEACH_DIAG_MEMINFO,	/* u32[SK_MEMINFO_VARS] of linux/sock_diag.h */
	TEACH_DIAG_SHUTDOWN,	/* u8: RCV_SHUTDOWN 1, SEND_SHUTDOWN 2; if any */

	__TEACH_DIAG_MAX,
	TEACH_DIAG_MAX = __TEACH_DIAG_MAX - 1
};

#endif /* _UAPI_LINUX_TEACH_H */
