/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The handle, and the one conversation that all calls have with the kernel: a
 * request, any number of answers, an acknowledgement. Not installed.
 */
#ifndef LIBTEACH_NL_H
#define LIBTEACH_NL_H

#include <linux/netlink.h>
#include <linux/genetlink.h>
#include <libmnl/libmnl.h>
#include "transport.h"

/* What a kernel fills at most in one receive of a dump. */
#define LIBTEACH_RECV_SIZE	32768
/* Larger than any request of this library. */
#define LIBTEACH_REQ_SIZE	512

enum { LIBTEACH_ROUTE, LIBTEACH_GENERIC, LIBTEACH_DIAG, LIBTEACH_N_SOCKS };

struct teach_nl {
	const struct teach_transport *ops;
	void		*sock[LIBTEACH_N_SOCKS]; /* opened when first needed */
	uint32_t	seq;
	uint16_t	genl_id;	/* of family "teach"; 0: not asked yet */
	uint32_t	neigh_group;	/* its multicast group "neigh"; 0: it has none */
	int		busy;		/* inside a call */
	char		error[256];
	uint32_t	error_offset;	/* of the attribute it is about, or 0 */
	char		*buf;		/* LIBTEACH_RECV_SIZE bytes */
};

/* One answer: 0 to go on, positive or negative to end with that value. */
typedef int (*libteach_msg_cb)(const struct nlmsghdr *nlh, void *arg);

/* A request in the making, aligned as netlink wants it. */
union libteach_req {
	struct nlmsghdr	nlh;
	char		buf[LIBTEACH_REQ_SIZE];
};

/* Header of a request and a zeroed family header of @size bytes behind it. */
void *libteach_req_init(union libteach_req *req, uint16_t type, uint16_t flags,
			size_t size);

/* Generic netlink: as above; the message type is filled in when sent. */
void libteach_req_genl(union libteach_req *req, uint8_t cmd, uint16_t flags);

/*
 * Send @req, hand each answer to @cb, wait for the end. Return: 0, the first
 * non-zero that @cb returned, or the kernel's errno, negative. The
 * kernel's message is in nl->error.
 */
int libteach_talk(struct teach_nl *nl, int which, union libteach_req *req,
		  libteach_msg_cb cb, void *arg);

/* Number of the multicast group "neigh" of family "teach": 0, or a negative errno. */
int libteach_neigh_group(struct teach_nl *nl, uint32_t *group);

/*
 * Is there a whole message in the next @len bytes? mnl_nlmsg_ok() compares lengths
 * as signed numbers, and believes one of 2 GB and more.
 */
static inline int libteach_msg_ok(const struct nlmsghdr *nlh, int len)
{
	return len >= (int)sizeof(*nlh) && nlh->nlmsg_len >= sizeof(*nlh) &&
	       nlh->nlmsg_len <= (uint32_t)len;
}

/* For answers that cannot be right: -EPROTO. */
int libteach_malformed(struct teach_nl *nl);

/* Unsigned value of an attribute of exactly that size; 0, or -EPROTO. */
int libteach_attr_u32(const struct nlattr *attr, uint32_t *v);

/* A MAC address of 0 or 6 bytes; 0, or -EPROTO. */
int libteach_attr_lladdr(const struct nlattr *attr, uint8_t *lladdr,
			 uint8_t *len);

/*
 * Parsers, for lists and events alike. Return 1 if the message is AF_TEACH's
 * and understood, 0 if it is another family's, -EPROTO.
 */
int libteach_parse_addr(const struct nlmsghdr *nlh, struct teach_ifaddr *addr);
int libteach_parse_neigh(const struct nlmsghdr *nlh, struct teach_neigh *neigh);
/* Of generic netlink; @info or @change is filled. 0 for another command's message. */
int libteach_parse_info(const struct nlmsghdr *nlh, struct teach_neigh_info *info);
int libteach_parse_change(const struct nlmsghdr *nlh,
			  struct teach_neigh_change *change);

#endif
