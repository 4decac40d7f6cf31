// SPDX-License-Identifier: LGPL-2.1-or-later
/* Events: rtnetlink's multicast groups of neighbours and addresses. */
#include <errno.h>
#include <stdlib.h>
#include <linux/rtnetlink.h>
#include "monitor.h"
#include "nl.h"

int libteach_monitor_open(struct teach_monitor **out, unsigned int events,
			  const struct teach_transport *ops)
{
	struct teach_monitor *mon;
	int err;

	if (!events || (events & ~(TEACH_MONITOR_NEIGH | TEACH_MONITOR_ADDR)))
		return -EINVAL;
	mon = calloc(1, sizeof(*mon));
	if (!mon)
		return -ENOMEM;
	mon->ops = ops;
	mon->buf = malloc(LIBTEACH_RECV_SIZE);
	err = mon->buf ? ops->open(NETLINK_ROUTE, &mon->sock) : -ENOMEM;
	if (!err && (events & TEACH_MONITOR_NEIGH))
		err = ops->join(mon->sock, RTNLGRP_NEIGH);
	/* TEACH's addresses are announced where iproute2 listens for IPv4's. */
	if (!err && (events & TEACH_MONITOR_ADDR))
		err = ops->join(mon->sock, RTNLGRP_IPV4_IFADDR);
	if (err) {
		teach_monitor_close(mon);
		return err;
	}
	*out = mon;
	return 0;
}

int teach_monitor_open(struct teach_monitor **mon, unsigned int events)
{
	return libteach_monitor_open(mon, events, &libteach_kernel);
}

int teach_monitor_fd(const struct teach_monitor *mon)
{
	return mon->ops->fd(mon->sock);
}

static int deliver(const struct nlmsghdr *nlh, teach_event_cb cb, void *arg)
{
	struct teach_event event;
	int ret;

	switch (nlh->nlmsg_type) {
	case RTM_NEWNEIGH:
	case RTM_DELNEIGH:
		event.type = nlh->nlmsg_type == RTM_NEWNEIGH ?
			TEACH_EVENT_NEIGH_NEW : TEACH_EVENT_NEIGH_DEL;
		ret = libteach_parse_neigh(nlh, &event.u.neigh);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		event.type = nlh->nlmsg_type == RTM_NEWADDR ?
			TEACH_EVENT_ADDR_NEW : TEACH_EVENT_ADDR_DEL;
		ret = libteach_parse_addr(nlh, &event.u.addr);
		break;
	default:
		return 0;
	}
	return ret > 0 ? cb(&event, arg) : ret;
}

int teach_monitor_dispatch(struct teach_monitor *mon, teach_event_cb cb,
			   void *arg)
{
	ssize_t n = mon->ops->recv(mon->sock, mon->buf, LIBTEACH_RECV_SIZE, 0);
	const struct nlmsghdr *nlh = (const void *)mon->buf;
	int len = n, ret;

	if (n < 0)
		return n;
	if (n == 0)
		return -ECONNRESET;
	for (; libteach_msg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		ret = deliver(nlh, cb, arg);
		if (ret)
			return ret;
	}
	return len > 0 ? -EPROTO : 0;
}

void teach_monitor_close(struct teach_monitor *mon)
{
	if (!mon)
		return;
	if (mon->sock)
		mon->ops->close(mon->sock);
	free(mon->buf);
	free(mon);
}
