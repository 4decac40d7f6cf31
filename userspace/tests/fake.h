/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A transport without a kernel. What the library sends goes to a handler, which
 * answers with datagrams of its choice; they travel through a socket pair, so that
 * poll() works as on a netlink socket. One thread, one conversation at a time.
 */
#ifndef TEACH_TEST_FAKE_H
#define TEACH_TEST_FAKE_H

#include <stdbool.h>
#include "nl.h"

/**
 * struct fake_sock - a netlink socket as the library sees it
 * @bus: NETLINK_*
 * @user: the library's end
 * @kernel: the handler's end
 */
struct fake_sock {
	int bus, user, kernel;
};

/* Called with each request; answers with fake_send(). */
typedef void (*fake_handler)(struct fake_sock *s, const struct nlmsghdr *req);
extern fake_handler fake_request;
/* Called when the library subscribes to a group; may be NULL. */
extern void (*fake_join)(struct fake_sock *s, unsigned int group);
/* The latest socket that subscribed. */
extern struct fake_sock *fake_listener;
/*
 * Whether a conversation ends, as a kernel's never does, when all answers were read.
 * On by default, so that a test which waits for more fails instead of hanging.
 */
extern bool fake_ends;

void fake_send(struct fake_sock *s, const void *data, size_t len);

extern const struct teach_transport fake_transport;

/* ---- Building messages ---- */

/* Datagrams in the making. */
union fake_msg {
	struct nlmsghdr	nlh;
	char		buf[16384];
};

/* Begin a message with a zeroed header of @size bytes, answering @req if any. */
void *fake_msg_init(union fake_msg *m, const struct nlmsghdr *req, uint16_t type,
		    uint16_t flags, size_t size);
void fake_msg_send(struct fake_sock *s, const union fake_msg *m);
/* The end of a dump, and an acknowledgement: errno and what is said about it. */
void fake_done(struct fake_sock *s, const struct nlmsghdr *req);
void fake_ack(struct fake_sock *s, const struct nlmsghdr *req, int err,
	      const char *text);
/* A refusal because of one attribute of @req. */
void fake_refuse(struct fake_sock *s, const struct nlmsghdr *req, int err,
		 const char *text, const struct nlattr *culprit);
/* Answers the question for family "teach"; true if @req was that. */
bool fake_family(struct fake_sock *s, const struct nlmsghdr *req);
#define FAKE_FAMILY	0x1f
/* Its multicast group "neigh". */
#define FAKE_GROUP	0x21

/* Neighbour message, event or answer. */
void fake_neigh(union fake_msg *m, const struct nlmsghdr *req, uint16_t type,
		uint16_t flags, const struct teach_neigh *n);
/* The same over generic netlink: all that is known of it, and an event. */
void fake_info(union fake_msg *m, const struct nlmsghdr *req, uint16_t flags,
	       const struct teach_neigh_info *info);
void fake_change(union fake_msg *m, const struct teach_neigh_change *c);
void fake_addr(union fake_msg *m, const struct nlmsghdr *req, uint16_t type,
	       uint16_t flags, const struct teach_ifaddr *a);

/* ---- fake_kernel.c: a small kernel with two links ---- */

void fake_kernel_request(struct fake_sock *s, const struct nlmsghdr *req);
extern bool fake_history;
void fake_kernel_join(struct fake_sock *s, unsigned int group);

#endif
