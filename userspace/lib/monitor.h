/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a monitor is made of; teach_resolve() looks inside. Not installed. */
#ifndef LIBTEACH_MONITOR_H
#define LIBTEACH_MONITOR_H

#include "transport.h"

struct teach_monitor {
	const struct teach_transport *ops;
	void	*sock;		/* rtnetlink, or NULL */
	void	*genl;		/* generic netlink, or NULL */
	int	epoll;		/* both of them, or -1 */
	char	*buf;		/* LIBTEACH_RECV_SIZE bytes */
};

#endif
