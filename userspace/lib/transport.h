/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seam between libteach and the kernel: everything that the library asks the
 * system for goes through this table, so that tests can put their own kernel in
 * its place. Not installed.
 */
#ifndef LIBTEACH_TRANSPORT_H
#define LIBTEACH_TRANSPORT_H

#include <sys/types.h>
#include "teach.h"

/**
 * struct teach_transport - netlink sockets and device names
 * @open: open a socket of kind @bus (NETLINK_*), stored in @sock
 * @join: receive the multicast group @group too
 * @send: send one datagram; 0 or a negative errno
 * @recv: receive one datagram, without waiting if @wait is 0; its length, 0 at
 *	the end of the conversation (which a kernel never says), or a negative
 *	errno
 * @fd: descriptor to poll
 * @close: close it
 * @index: index of a device, 0 if there is none
 * @name: name of a device, NULL if there is none
 */
struct teach_transport {
	int (*open)(int bus, void **sock);
	int (*join)(void *sock, unsigned int group);
	int (*send)(void *sock, const void *msg, size_t len);
	ssize_t (*recv)(void *sock, void *buf, size_t size, int wait);
	int (*fd)(void *sock);
	void (*close)(void *sock);
	unsigned int (*index)(const char *name);
	char *(*name)(unsigned int index, char *name);
};

/* The real one. */
extern const struct teach_transport libteach_kernel;

/* As their namesakes in teach.h, with a transport of the caller's choice. */
int libteach_nl_open(struct teach_nl **nl, const struct teach_transport *ops);
int libteach_monitor_open(struct teach_monitor **mon, unsigned int events,
			  const struct teach_transport *ops);

#endif
