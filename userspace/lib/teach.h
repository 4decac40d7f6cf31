/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libteach: what programs need besides the sockets themselves. The text form of
 * AF_TEACH addresses, and the management of addresses, neighbours, links,
 * counters and sockets over netlink.
 *
 * Conventions
 * - Every call that can fail returns 0 or a negative errno. What the kernel
 *   said about a failure is kept in the handle: teach_nl_error().
 * - There is no global state. A handle may be used by one thread at a time;
 *   different handles by different threads at once.
 * - A callback gets a pointer that is valid until it returns. Returning non-zero
 *   ends the listing, and the listing returns that value. A callback must not use
 *   the handle that it was called from: such calls return -EBUSY.
 * - Structures that the caller fills are to be zeroed first (= { 0 }).
 * - Addresses and ports are in network byte order, all else in host byte order.
 */
#ifndef LIBTEACH_H
#define LIBTEACH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <net/if.h>
#include <linux/teach.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Text form of addresses -------------------------------------------- */

/* Room for "255.255.255.255" and its NUL. */
#define TEACH_ADDRSTRLEN	16
/* Room for "255.255.255.255%DEVICE:65535" and its NUL. */
#define TEACH_SOCKADDRSTRLEN	(TEACH_ADDRSTRLEN + 1 + IF_NAMESIZE + 6)
/* Bytes of a MAC address, and room for "02:00:00:00:00:02" and its NUL. */
#define TEACH_LLADDRLEN		6
#define TEACH_LLADDRSTRLEN	18

/**
 * teach_pton() - read an address
 * @text: a dotted quad: four decimal numbers of 0 to 255 without leading zeros or
 *	blanks, as inet_pton() wants it
 * @addr: where the address is stored
 *
 * Return: 0, or -EINVAL, and then @addr is as it was.
 */
int teach_pton(const char *text, struct teach_addr *addr);

/**
 * teach_ntop() - write an address
 * @addr: the address
 * @buf: where the text goes
 * @size: bytes in @buf; TEACH_ADDRSTRLEN is always enough
 *
 * Return: 0, or -ENOSPC, and then @buf is as it was.
 */
int teach_ntop(const struct teach_addr *addr, char *buf, size_t size);

/**
 * teach_prefix_parse() - read "10.1.0.0/24", or an address alone
 * @text: address, optionally followed by a slash and the prefix length, 0 to 32
 * @addr: where the address is stored, with the bits beyond the prefix as they are
 * @prefixlen: where the prefix length is stored; 32 if @text has none
 *
 * Return: 0, or -EINVAL, and then nothing is stored.
 */
int teach_prefix_parse(const char *text, struct teach_addr *addr,
		       uint8_t *prefixlen);

/**
 * teach_prefix_match() - is an address within a prefix?
 * @addr: the address
 * @prefix: address whose first @prefixlen bits are the prefix
 * @prefixlen: 0 to 32; what is above counts as 32
 *
 * Return: 1 if it is, else 0.
 */
int teach_prefix_match(const struct teach_addr *addr,
		       const struct teach_addr *prefix, uint8_t prefixlen);

/**
 * teach_sockaddr_parse() - read "10.1.0.2:7000"
 * @text: ADDRESS[%DEVICE]:PORT, the port a decimal number of 0 to 65535, the
 *	device a name or an index
 * @sa: filled completely: the family and zeros too
 *
 * Return: 0, -EINVAL, or -ENODEV if there is no such device.
 */
int teach_sockaddr_parse(const char *text, struct sockaddr_teach *sa);

/**
 * teach_sockaddr_format() - write "10.1.0.2:7000"
 * @sa: the address of a socket; a teach_ifindex that is not zero is written as
 *	"%DEVICE", by name, or as a number if the device is gone
 * @buf: where the text goes
 * @size: bytes in @buf; TEACH_SOCKADDRSTRLEN is always enough
 *
 * Return: 0, -ENOSPC, or -EAFNOSUPPORT if @sa is of another family.
 */
int teach_sockaddr_format(const struct sockaddr_teach *sa, char *buf,
			  size_t size);

/**
 * teach_lladdr_parse() - read a MAC address
 * @text: six hexadecimal numbers of one or two digits, separated by colons
 * @lladdr: where TEACH_LLADDRLEN bytes are stored
 *
 * Return: 0, or -EINVAL, and then nothing is stored.
 */
int teach_lladdr_parse(const char *text, uint8_t *lladdr);

/**
 * teach_lladdr_format() - write a MAC address
 * @lladdr: TEACH_LLADDRLEN bytes
 * @buf: where the text goes
 * @size: bytes in @buf; TEACH_LLADDRSTRLEN is always enough
 *
 * Return: 0, or -ENOSPC.
 */
int teach_lladdr_format(const uint8_t *lladdr, char *buf, size_t size);

/* ---- The handle -------------------------------------------------------- */

/* Holds netlink sockets and the last message of the kernel. */
struct teach_nl;

/**
 * teach_nl_open() - get a handle
 * @nl: where the handle is stored; the caller closes it with teach_nl_close()
 *
 * The handle speaks to the network namespace in which its first call is made
 * with each kind of netlink; do not change namespaces while one is open.
 *
 * Return: 0, -ENOMEM, or what opening a netlink socket failed with.
 */
int teach_nl_open(struct teach_nl **nl);

/**
 * teach_nl_close() - give a handle back
 * @nl: the handle, or NULL
 */
void teach_nl_close(struct teach_nl *nl);

/**
 * teach_nl_error() - what was said about the last call
 * @nl: the handle
 *
 * Return: the kernel's explanation of the last call's failure, the library's own
 * where the kernel was not reached, or "" if there is none. After a success it is a
 * warning. Never NULL; valid until the next call with @nl.
 */
const char *teach_nl_error(const struct teach_nl *nl);

/* ---- Local addresses --------------------------------------------------- */

/**
 * struct teach_ifaddr - an address of this host
 * @ifindex: device that it is on
 * @addr: the address
 * @prefixlen: 0 to 32: the network that is directly connected
 * @scope: RT_SCOPE_* of linux/rtnetlink.h, not used in adding
 * @flags: IFA_F_* of linux/if_addr.h: IFA_F_TENTATIVE while it is not in use, with
 *	IFA_F_DADFAILED if another host has it; in adding only IFA_F_NODAD counts: use it
 *	without asking other hosts
 * @valid: seconds until it goes, UINT32_MAX for never, not used in adding
 * @preferred: seconds for which it is used for new connections, likewise
 */
struct teach_ifaddr {
	uint32_t		ifindex;
	struct teach_addr	addr;
	uint8_t			prefixlen;
	uint8_t			scope;
	uint32_t		flags;
	uint32_t		valid;
	uint32_t		preferred;
};

typedef int (*teach_addr_cb)(const struct teach_ifaddr *addr, void *arg);

/**
 * teach_addr_add() - give a device an address
 * @nl: the handle
 * @addr: device, address, prefix length
 *
 * Where the device has accept_dad set, the address is tentative on return: other hosts
 * are asked whether they have it (RFC 5227).
 *
 * Return: 0, -EPERM without CAP_NET_ADMIN, -EEXIST, -EADDRINUSE if another host is known to
 * have it, -ENODEV, or what else the kernel said.
 */
int teach_addr_add(struct teach_nl *nl, const struct teach_ifaddr *addr);

/**
 * teach_addr_add_wait() - give a device an address, and wait until it can be used
 * @nl: the handle
 * @addr: device, address, prefix length, flags
 * @timeout_ms: how long to wait, milliseconds; negative: as long as it takes
 *
 * Return: 0 once the address is in use; -EADDRINUSE if another host has it, whose MAC
 * address teach_nl_error() tells, and the address is left on the device, unused;
 * -ETIMEDOUT, and it may be used later; -ECANCELED if somebody took it away meanwhile; or
 * as teach_addr_add().
 */
int teach_addr_add_wait(struct teach_nl *nl, const struct teach_ifaddr *addr,
			int timeout_ms);

/**
 * teach_addr_del() - take an address away
 * @nl: the handle
 * @addr: device, address, prefix length
 *
 * Return: 0, -EPERM, -EADDRNOTAVAIL if there is no such address, -ENODEV, or what
 * else the kernel said.
 */
int teach_addr_del(struct teach_nl *nl, const struct teach_ifaddr *addr);

/**
 * teach_addr_list() - visit the addresses of this host
 * @nl: the handle
 * @ifindex: of one device, or 0 for all
 * @cb: called for each
 * @arg: passed to @cb
 *
 * Return: 0, what @cb returned, or a negative errno. -EINTR: addresses changed
 * meanwhile and the list may be incomplete.
 */
int teach_addr_list(struct teach_nl *nl, uint32_t ifindex, teach_addr_cb cb,
		    void *arg);

/* ---- Neighbours -------------------------------------------------------- */

/**
 * struct teach_neigh - an entry of the neighbour cache
 * @ifindex: device that the neighbour is behind
 * @addr: its address
 * @state: NUD_* of linux/neighbour.h
 * @flags: NTF_*
 * @ext_flags: NTF_EXT_*
 * @lladdr: its MAC address
 * @lladdr_len: bytes in @lladdr: TEACH_LLADDRLEN, or 0 if it is not known
 * @refcnt: users of the entry besides the table, not used in changing
 * @probes: requests sent since the last answer, not used in changing
 * @used_ms: since it was last used, milliseconds, not used in changing
 * @confirmed_ms: since it was last known to be right, likewise
 * @updated_ms: since it last changed, likewise
 */
struct teach_neigh {
	uint32_t		ifindex;
	struct teach_addr	addr;
	uint16_t		state;
	uint8_t			flags;
	uint8_t			lladdr_len;
	uint8_t			lladdr[8];
	uint32_t		ext_flags;
	uint32_t		refcnt;
	uint32_t		probes;
	uint64_t		used_ms;
	uint64_t		confirmed_ms;
	uint64_t		updated_ms;
};

/**
 * struct teach_neigh_filter - which neighbours; zero matches all
 * @ifindex: only those behind this device, if not 0
 * @states: only those in one of these states, a mask of NUD_* and
 *	TEACH_NUD_NONE_BIT, if not 0
 * @prefix: only those with this prefix
 * @prefixlen: bits of @prefix that count, 0 to 32
 */
struct teach_neigh_filter {
	uint32_t		ifindex;
	uint32_t		states;
	struct teach_addr	prefix;
	uint8_t			prefixlen;
};

typedef int (*teach_neigh_cb)(const struct teach_neigh *neigh, void *arg);

/**
 * teach_neigh_add() - add an entry that is not there yet
 * @nl: the handle
 * @neigh: device, address, state, flags, and the MAC address where the state
 *	needs one
 *
 * Return: 0, -EPERM without CAP_NET_ADMIN, -EEXIST, -ENODEV, -EINVAL, or what else
 * the kernel said.
 */
int teach_neigh_add(struct teach_nl *nl, const struct teach_neigh *neigh);

/**
 * teach_neigh_replace() - add an entry, or change it if it is there
 * @nl: the handle
 * @neigh: as for teach_neigh_add()
 *
 * Return: as teach_neigh_add(), but never -EEXIST.
 */
int teach_neigh_replace(struct teach_nl *nl, const struct teach_neigh *neigh);

/**
 * teach_neigh_change() - change an entry that is there
 * @nl: the handle
 * @neigh: as for teach_neigh_add()
 *
 * Return: as teach_neigh_add(), but -ENOENT for -EEXIST.
 */
int teach_neigh_change(struct teach_nl *nl, const struct teach_neigh *neigh);

/**
 * teach_neigh_del() - remove an entry
 * @nl: the handle
 * @ifindex: device
 * @addr: address
 *
 * Return: 0, -EPERM, -ENOENT, -ENODEV, or what else the kernel said.
 */
int teach_neigh_del(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr);

/**
 * teach_neigh_get() - look an entry up
 * @nl: the handle
 * @ifindex: device
 * @addr: address
 * @neigh: where the entry is stored
 *
 * Return: 0, -ENOENT, -ENODEV, or what else the kernel said.
 */
int teach_neigh_get(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr, struct teach_neigh *neigh);

/**
 * teach_neigh_list() - visit the neighbours
 * @nl: the handle
 * @filter: which, or NULL for all
 * @cb: called for each
 * @arg: passed to @cb
 *
 * Return: 0, what @cb returned, or a negative errno. -EINTR: the table changed
 * meanwhile and the list may be incomplete.
 */
int teach_neigh_list(struct teach_nl *nl,
		     const struct teach_neigh_filter *filter,
		     teach_neigh_cb cb, void *arg);

/**
 * teach_neigh_flush() - remove all entries that match
 * @nl: the handle
 * @filter: which, or NULL for all, permanent ones included
 * @count: where the number of removed entries is stored, or NULL; stored on
 *	failure too
 *
 * Return: 0, -EPERM, -ENOMEM, or what else the kernel said about an entry; the
 * remaining ones are left then.
 */
int teach_neigh_flush(struct teach_nl *nl,
		      const struct teach_neigh_filter *filter,
		      unsigned int *count);

/*
 * Proxy entries: addresses that this host answers for, though they are not its own.
 * They are added as neighbours are, with NTF_PROXY in struct teach_neigh.flags, state
 * NUD_NONE and no MAC address; a device of 0 is all of them.
 */

/**
 * teach_proxy_del() - answer for an address no more
 * @nl: the handle
 * @ifindex: device of the entry, or 0
 * @addr: address
 *
 * Return: 0, -EPERM, -ENOENT, -ENODEV, or what else the kernel said.
 */
int teach_proxy_del(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr);

/**
 * teach_proxy_get() - look a proxy entry up
 * @nl: the handle
 * @ifindex: device of the entry, or 0
 * @addr: address
 * @neigh: where the entry is stored
 *
 * Return: 0, -ENOENT, -ENODEV, or what else the kernel said.
 */
int teach_proxy_get(struct teach_nl *nl, uint32_t ifindex,
		    const struct teach_addr *addr, struct teach_neigh *neigh);

/**
 * teach_proxy_list() - visit the proxy entries
 * @nl: the handle
 * @filter: which, by device and prefix, or NULL for all
 * @cb: called for each
 * @arg: passed to @cb
 *
 * Return: 0, what @cb returned, or a negative errno.
 */
int teach_proxy_list(struct teach_nl *nl, const struct teach_neigh_filter *filter,
		     teach_neigh_cb cb, void *arg);

/**
 * struct teach_neigh_info - all that the kernel knows of an entry
 * @neigh: the entry; its probes are the requests since resolution or probing began
 * @reason: of its last change: TEACH_NEIGH_REASON_*
 * @held_packets: that wait for the MAC address
 * @held_bytes: memory that they take
 */
struct teach_neigh_info {
	struct teach_neigh	neigh;
	uint32_t		reason;
	uint32_t		held_packets;
	uint32_t		held_bytes;
};

typedef int (*teach_neigh_info_cb)(const struct teach_neigh_info *info, void *arg);

/**
 * teach_neigh_info_get() - look an entry up, with all that is known of it
 * @nl: the handle
 * @ifindex: device
 * @addr: address
 * @info: where it is stored
 *
 * Return: as teach_neigh_get().
 */
int teach_neigh_info_get(struct teach_nl *nl, uint32_t ifindex,
			 const struct teach_addr *addr, struct teach_neigh_info *info);

/**
 * teach_neigh_info_list() - visit the neighbours, with all that is known of them
 * @nl: the handle
 * @filter: which, or NULL for all; the kernel does the filtering
 * @cb: called for each
 * @arg: passed to @cb
 *
 * Return: as teach_neigh_list().
 */
int teach_neigh_info_list(struct teach_nl *nl,
			  const struct teach_neigh_filter *filter,
			  teach_neigh_info_cb cb, void *arg);

/**
 * teach_reason_name() - name of the reason of a neighbour's change
 * @reason: TEACH_NEIGH_REASON_*
 *
 * Return: a word for programs, "probe_timeout"; NULL for an unknown one. A constant.
 */
const char *teach_reason_name(uint32_t reason);

/**
 * teach_reason_text() - the reason of a neighbour's change, for people
 * @reason: TEACH_NEIGH_REASON_*
 *
 * Return: "a request timed out"; NULL for an unknown one. A constant.
 */
const char *teach_reason_text(uint32_t reason);

/**
 * teach_nud_name() - name of a neighbour state
 * @state: one of NUD_*
 *
 * Return: as iproute2 prints it, "REACHABLE"; NULL for what is not exactly one
 * state. A constant.
 */
const char *teach_nud_name(uint16_t state);

/**
 * teach_nud_parse() - read the name of a neighbour state
 * @text: name, in any case: "reachable"
 * @state: where NUD_* is stored
 *
 * Return: 0, or -EINVAL.
 */
int teach_nud_parse(const char *text, uint16_t *state);

/**
 * teach_resolve() - find out the MAC address of a neighbour now
 * @nl: the handle
 * @ifindex: device to ask on, or 0 to take the one that leads to @addr
 * @addr: address of the neighbour
 * @timeout_ms: how long to wait, milliseconds; negative: as long as it takes
 * @neigh: where the entry is stored on success; or NULL
 *
 * Return: 0 once the neighbour's MAC address is known, -EHOSTUNREACH if nobody
 * answered, -ETIMEDOUT, -EPERM without CAP_NET_ADMIN, -ENETUNREACH if @addr is on
 * no connected network, or what else the kernel said.
 */
int teach_resolve(struct teach_nl *nl, uint32_t ifindex,
		  const struct teach_addr *addr, int timeout_ms,
		  struct teach_neigh *neigh);

/**
 * struct teach_resolution - what a resolution took
 * @neigh: the entry at its end
 * @reason: of its last change: TEACH_NEIGH_REASON_*; 0 where it did not change
 * @requests: sent since resolution or probing began
 * @replies: that were received and taken
 * @elapsed_ns: from the first change of the entry to the last, nanoseconds
 *
 * All are 0 for a neighbour that was known already.
 */
struct teach_resolution {
	struct teach_neigh	neigh;
	uint32_t		reason;
	uint32_t		requests;
	uint32_t		replies;
	uint64_t		elapsed_ns;
};

/**
 * teach_resolve_report() - teach_resolve(), and what it took
 * @nl: the handle
 * @ifindex: as for teach_resolve()
 * @addr: as for teach_resolve()
 * @timeout_ms: as for teach_resolve()
 * @report: what it took; stored on failure too, as far as it came
 *
 * Return: as teach_resolve().
 */
int teach_resolve_report(struct teach_nl *nl, uint32_t ifindex,
			 const struct teach_addr *addr, int timeout_ms,
			 struct teach_resolution *report);
/* ---- RARP -------------------------------------------------------------- */

/**
 * struct teach_rarp - an entry of the RARP server's table
 * @ifindex: device through which the host asks, or 0 for any
 * @addr: address that it is given
 * @lladdr: its MAC address, TEACH_LLADDRLEN bytes
 */
struct teach_rarp {
	uint32_t		ifindex;
	struct teach_addr	addr;
	uint8_t			lladdr[8];
};

typedef int (*teach_rarp_cb)(const struct teach_rarp *entry, void *arg);

/**
 * teach_rarp_add() - tell the RARP server of a host
 * @nl: the handle
 * @entry: MAC address, address, device
 *
 * Return: 0, -EPERM without CAP_NET_ADMIN, -EEXIST, -ENOSPC, -ENODEV, -EINVAL, or what else
 * the kernel said.
 */
int teach_rarp_add(struct teach_nl *nl, const struct teach_rarp *entry);

/**
 * teach_rarp_replace() - the same, in the place of an entry that is there
 * @nl: the handle
 * @entry: as for teach_rarp_add()
 *
 * Return: as teach_rarp_add(), but never -EEXIST.
 */
int teach_rarp_replace(struct teach_nl *nl, const struct teach_rarp *entry);

/**
 * teach_rarp_del() - let the RARP server forget a host
 * @nl: the handle
 * @entry: MAC address and device
 *
 * Return: 0, -EPERM, -ENOENT, -ENODEV, or what else the kernel said.
 */
int teach_rarp_del(struct teach_nl *nl, const struct teach_rarp *entry);

/**
 * teach_rarp_list() - visit the RARP server's table
 * @nl: the handle
 * @cb: called for each entry
 * @arg: passed to @cb
 *
 * Return: 0, what @cb returned, or a negative errno.
 */
int teach_rarp_list(struct teach_nl *nl, teach_rarp_cb cb, void *arg);

/**
 * struct teach_rarp_answer - what a RARP server said
 * @ifindex: device that the answer came in by
 * @addr: the address
 * @server: address of the server
 * @lladdr: the MAC address that was asked about, TEACH_LLADDRLEN bytes
 * @server_lladdr: MAC address of the server, likewise
 * @requests: how often it was asked
 */
struct teach_rarp_answer {
	uint32_t		ifindex;
	struct teach_addr	addr;
	struct teach_addr	server;
	uint8_t			lladdr[8];
	uint8_t			server_lladdr[8];
	uint32_t		requests;
};

/**
 * teach_rarp_resolve() - ask now which address belongs to a MAC address
 * @nl: the handle
 * @ifindex: device to ask on
 * @lladdr: TEACH_LLADDRLEN bytes; NULL for the device's own
 * @timeout_ms: how long to ask, once a second, milliseconds; negative: until answered
 * @answer: where the first answer is stored
 *
 * Return: 0, -ETIMEDOUT, -EPERM without CAP_NET_ADMIN, -ENODEV, -ENETDOWN, -EBUSY, or what
 * else the kernel said.
 */
int teach_rarp_resolve(struct teach_nl *nl, uint32_t ifindex, const uint8_t *lladdr,
		       int timeout_ms, struct teach_rarp_answer *answer);

/**
 * teach_rarp_start() - get an address for a device by RARP, and keep it
 * @nl: the handle
 * @ifindex: device
 * @prefixlen: prefix length that it is given, 0 to 32: RARP tells none
 *
 * It is asked for from now on; that it came is an event of addresses.
 *
 * Return: 0, -EPERM without CAP_NET_ADMIN, -EEXIST, -ENODEV, -EOPNOTSUPP on a device without
 * ARP, or what else the kernel said.
 */
int teach_rarp_start(struct teach_nl *nl, uint32_t ifindex, uint8_t prefixlen);

/**
 * teach_rarp_stop() - do without an address by RARP; one that came goes
 * @nl: the handle
 * @ifindex: device
 *
 * Return: 0, -EPERM, -ENOENT if none was asked for, -ENODEV, or what else the kernel said.
 */
int teach_rarp_stop(struct teach_nl *nl, uint32_t ifindex);

/* ---- Links ------------------------------------------------------------- */

/* Room in struct teach_parms: more than there are parameters today. */
#define TEACH_PARMS_ROOM	64

/**
 * struct teach_parms - parameters of a link
 * @present: bit 1 << TEACH_PARM_A_* is set if that one has a value here
 * @value: by TEACH_PARM_A_*: milliseconds, numbers or bytes, as its name says
 */
struct teach_parms {
	uint64_t	present;
	uint32_t	value[TEACH_PARMS_ROOM];
};

/**
 * struct teach_link - a device as TEACH sees it
 * @ifindex: its index
 * @name: its name
 * @mtu: largest TEACH packet, bytes, header included
 * @flags: TEACH_LINK_F_*
 * @n_addrs: local addresses on it
 * @n_neighs: neighbour entries on it
 * @lladdr: its MAC address
 * @lladdr_len: bytes in @lladdr: TEACH_LLADDRLEN, or 0 if it has none
 * @parms: its parameters
 */
struct teach_link {
	uint32_t		ifindex;
	char			name[IF_NAMESIZE];
	uint32_t		mtu;
	uint32_t		flags;
	uint32_t		n_addrs;
	uint32_t		n_neighs;
	uint8_t			lladdr[8];
	uint8_t			lladdr_len;
	struct teach_parms	parms;
};

typedef int (*teach_link_cb)(const struct teach_link *link, void *arg);

/**
 * teach_link_index() - index of a device
 * @nl: the handle
 * @name: its name
 * @ifindex: where the index is stored
 *
 * Return: 0, or -ENODEV.
 */
int teach_link_index(struct teach_nl *nl, const char *name, uint32_t *ifindex);

/**
 * teach_link_name() - name of a device
 * @nl: the handle
 * @ifindex: its index
 * @name: where the name is stored
 *
 * Return: 0, or -ENODEV, and then @name is "if" and the number, as iproute2
 * writes it.
 */
int teach_link_name(struct teach_nl *nl, uint32_t ifindex,
		    char name[IF_NAMESIZE]);

/**
 * teach_link_get() - look a device up
 * @nl: the handle
 * @ifindex: its index
 * @link: where it is stored
 *
 * Return: 0, -ENODEV, or what else the kernel said.
 */
int teach_link_get(struct teach_nl *nl, uint32_t ifindex,
		   struct teach_link *link);

/**
 * teach_link_list() - visit the devices that TEACH uses
 * @nl: the handle
 * @cb: called for each
 * @arg: passed to @cb
 *
 * Return: 0, what @cb returned, or a negative errno.
 */
int teach_link_list(struct teach_nl *nl, teach_link_cb cb, void *arg);

/**
 * teach_link_set() - set parameters of a device
 * @nl: the handle
 * @ifindex: its index
 * @parms: those that are present are set, all or none
 *
 * Return: 0, -EPERM without CAP_NET_ADMIN, -ENODEV, -EINVAL or -ERANGE for a value
 * that cannot be, or what else the kernel said.
 */
int teach_link_set(struct teach_nl *nl, uint32_t ifindex,
		   const struct teach_parms *parms);

/**
 * teach_parm_name() - name of a link parameter
 * @parm: TEACH_PARM_A_*
 *
 * Return: as net.ipv4.neigh or net.ipv4.conf calls it, with the unit "_ms" where it is a time:
 * "retrans_time_ms"; NULL for an unknown one. A constant.
 */
const char *teach_parm_name(unsigned int parm);

/**
 * teach_parm_parse() - read the name of a link parameter
 * @text: its name
 * @parm: where TEACH_PARM_A_* is stored
 *
 * Return: 0, or -EINVAL.
 */
int teach_parm_parse(const char *text, unsigned int *parm);

/* ---- Counters ---------------------------------------------------------- */

/**
 * teach_stats_get() - read the counters of the network namespace
 * @nl: the handle
 * @value: filled by TEACH_STAT_*; those that the kernel does not have are 0
 * @n: elements in @value; TEACH_STAT_MAX + 1 for all
 *
 * Return: 0, or a negative errno.
 */
int teach_stats_get(struct teach_nl *nl, uint64_t *value, size_t n);

/**
 * teach_link_stats_get() - read the counters of a device
 * @nl: the handle
 * @ifindex: its index
 * @value: filled by TEACH_STAT_*; those that are not counted for each device are 0
 * @n: elements in @value; TEACH_STAT_MAX + 1 for all
 *
 * Return: 0, -ENODEV, -EINVAL for an @ifindex of 0, or what else the kernel said.
 */
int teach_link_stats_get(struct teach_nl *nl, uint32_t ifindex, uint64_t *value,
			 size_t n);

/**
 * teach_stat_name() - name of a counter
 * @stat: TEACH_STAT_*
 *
 * Return: the name, as /proc/net/teach_stat has it, or NULL. A constant.
 */
const char *teach_stat_name(unsigned int stat);

/**
 * teach_stat_parse() - read the name of a counter
 * @text: its name
 * @stat: where TEACH_STAT_* is stored
 *
 * Return: 0, or -EINVAL.
 */
int teach_stat_parse(const char *text, unsigned int *stat);

/* ---- Sockets ----------------------------------------------------------- */

/* Words in teach_socket.meminfo: SK_MEMINFO_* of linux/sock_diag.h. */
#define TEACH_MEMINFO_ROOM	16

/**
 * struct teach_socket - an open socket
 * @type: SOCK_DGRAM, ...
 * @protocol: TEACHPROTO_*
 * @state: 1 (TCP_ESTABLISHED) if connected, else 7 (TCP_CLOSE)
 * @shutdown: 1 receiving and 2 sending was shut down
 * @local: its address; port 0 if not bound
 * @peer: the peer's; port 0 if not connected
 * @ifindex: device that it is bound to, or 0
 * @uid: its owner
 * @ino: its inode
 * @rqueue: bytes waiting to be received
 * @wqueue: bytes sent that have not left yet
 * @drops: datagrams that it dropped
 * @cookie: names it for its life
 * @n_meminfo: words in @meminfo; 0 if not asked for
 * @meminfo: by SK_MEMINFO_*
 */
struct teach_socket {
	uint8_t			type;
	uint8_t			protocol;
	uint8_t			state;
	uint8_t			shutdown;
	struct sockaddr_teach	local;
	struct sockaddr_teach	peer;
	uint32_t		ifindex;
	uint32_t		uid;
	uint32_t		ino;
	uint32_t		rqueue;
	uint32_t		wqueue;
	uint32_t		drops;
	uint64_t		cookie;
	uint32_t		n_meminfo;
	uint32_t		meminfo[TEACH_MEMINFO_ROOM];
};

/**
 * struct teach_socket_filter - which sockets; zero matches all
 * @protocol: only those of this TEACHPROTO_*, if not 0
 * @states: only those in one of these states, a mask of 1 << state, if not 0
 * @show: TDIAG_SHOW_*: what to add
 */
struct teach_socket_filter {
	uint8_t		protocol;
	uint32_t	states;
	uint32_t	show;
};

typedef int (*teach_socket_cb)(const struct teach_socket *sock, void *arg);

/**
 * teach_socket_list() - visit the open sockets
 * @nl: the handle
 * @filter: which, or NULL for all
 * @cb: called for each
 * @arg: passed to @cb
 *
 * Return: 0, what @cb returned, or a negative errno.
 */
int teach_socket_list(struct teach_nl *nl,
		      const struct teach_socket_filter *filter,
		      teach_socket_cb cb, void *arg);

/* ---- Events ------------------------------------------------------------ */

/* Which events: a mask for teach_monitor_open(). */
#define TEACH_MONITOR_NEIGH	0x1
#define TEACH_MONITOR_ADDR	0x2
#define TEACH_MONITOR_CHANGE	0x4	/* each step of a neighbour, and why */

enum teach_event_type {
	TEACH_EVENT_NEIGH_NEW	= 1,	/* appeared or changed */
	TEACH_EVENT_NEIGH_DEL	= 2,
	TEACH_EVENT_ADDR_NEW	= 3,
	TEACH_EVENT_ADDR_DEL	= 4,
	TEACH_EVENT_NEIGH_CHANGE = 5,
};

/**
 * struct teach_neigh_change - what became of a neighbour, and why
 * @ifindex: device that the neighbour is behind
 * @addr: its address
 * @old_state: NUD_* before
 * @state: NUD_* after
 * @gone: 1 if the entry is gone, and then @state is NUD_NONE
 * @lladdr_len: bytes in @lladdr: TEACH_LLADDRLEN, or 0 if it is not known
 * @lladdr: its MAC address
 * @reason: TEACH_NEIGH_REASON_*
 * @probes: requests sent since resolution or probing began
 * @time_ns: when, in nanoseconds of CLOCK_REALTIME
 */
struct teach_neigh_change {
	uint32_t		ifindex;
	struct teach_addr	addr;
	uint16_t		old_state;
	uint16_t		state;
	uint8_t			gone;
	uint8_t			lladdr_len;
	uint8_t			lladdr[8];
	uint32_t		reason;
	uint32_t		probes;
	uint64_t		time_ns;
};

/**
 * struct teach_event - something changed
 * @type: what; it says which member of @u is valid
 * @u: the entry or address as it is now, or was
 */
struct teach_event {
	enum teach_event_type type;
	union {
		struct teach_neigh	neigh;
		struct teach_ifaddr	addr;
		struct teach_neigh_change change;
	} u;
};

/* Receives events; independent of struct teach_nl. */
struct teach_monitor;

typedef int (*teach_event_cb)(const struct teach_event *event, void *arg);

/**
 * teach_monitor_open() - begin to receive events
 * @mon: where the monitor is stored; the caller closes it with
 *	teach_monitor_close()
 * @events: TEACH_MONITOR_*
 *
 * Every event from now on is received, until the socket's buffer is full.
 *
 * Return: 0, -ENOMEM, -EINVAL, or what opening a netlink socket failed with.
 */
int teach_monitor_open(struct teach_monitor **mon, unsigned int events);

/**
 * teach_monitor_fd() - descriptor to wait on
 * @mon: the monitor
 *
 * Return: a descriptor that poll() reports as readable when there are events.
 * It stays the monitor's.
 */
int teach_monitor_fd(const struct teach_monitor *mon);

/**
 * teach_monitor_dispatch() - hand over the events that are waiting
 * @mon: the monitor
 * @cb: called for each event of AF_TEACH
 * @arg: passed to @cb
 *
 * Does not wait. Reads what one receive gives, so poll again after it.
 *
 * Return: 0; what @cb returned, if not zero; -EAGAIN if nothing was waiting;
 * -ENOBUFS if events were lost because they were not read fast enough: read the
 * state again, then go on.
 */
int teach_monitor_dispatch(struct teach_monitor *mon, teach_event_cb cb,
			   void *arg);

/**
 * teach_monitor_close() - end it
 * @mon: the monitor, or NULL
 */
void teach_monitor_close(struct teach_monitor *mon);

#ifdef __cplusplus
}
#endif

#endif /* LIBTEACH_H */
