// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events: rtnetlink's multicast groups of neighbours and addresses, and generic netlink's of
 * each step of a neighbour.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/epoll.h>
#include <linux/rtnetlink.h>
#include "monitor.h"
#include "nl.h"

/* A socket that is in the group "neigh", whose number has to be asked for. */
static int open_genl(struct teach_monitor *mon)
{
	struct teach_nl *nl;
	uint32_t group;
	int err;

	err = libteach_nl_open(&nl, mon->ops);
	if (err)
		return err;
	err = libteach_neigh_group(nl, &group);
	teach_nl_close(nl);
	if (!err)
		err = mon->ops->open(NETLINK_GENERIC, &mon->genl);
	return err ? err : mon->ops->join(mon->genl, group);
}

static int open_route(struct teach_monitor *mon, unsigned int events)
{
	int err = mon->ops->open(NETLINK_ROUTE, &mon->sock);

	if (!err && (events & TEACH_MONITOR_NEIGH))
		err = mon->ops->join(mon->sock, RTNLGRP_NEIGH);
	/* TEACH's addresses are announced where iproute2 listens for IPv4's. */
	if (!err && (events & TEACH_MONITOR_ADDR))
		err = mon->ops->join(mon->sock, RTNLGRP_IPV4_IFADDR);
	return err;
}

/* One descriptor to wait on for both sockets. */
static int open_epoll(struct teach_monitor *mon)
{
	struct epoll_event ev = { .events = EPOLLIN };

	mon->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (mon->epoll < 0 ||
	    epoll_ctl(mon->epoll, EPOLL_CTL_ADD, mon->ops->fd(mon->sock), &ev) ||
	    epoll_ctl(mon->epoll, EPOLL_CTL_ADD, mon->ops->fd(mon->genl), &ev))
		return -errno;
	return 0;
}

int libteach_monitor_open(struct teach_monitor **out, unsigned int events,
			  const struct teach_transport *ops)
{
	const unsigned int route = TEACH_MONITOR_NEIGH | TEACH_MONITOR_ADDR;
	struct teach_monitor *mon;
	int err;

	if (!events || (events & ~(route | TEACH_MONITOR_CHANGE)))
		return -EINVAL;
	mon = calloc(1, sizeof(*mon));
	if (!mon)
		return -ENOMEM;
	mon->ops = ops;
	mon->epoll = -1;
	mon->buf = malloc(LIBTEACH_RECV_SIZE);
	err = mon->buf ? 0 : -ENOMEM;
	if (!err && (events & route))
		err = open_route(mon, events);
	if (!err && (events & TEACH_MONITOR_CHANGE))
		err = open_genl(mon);
	if (!err && mon->sock && mon->genl)
		err = open_epoll(mon);
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
	if (mon->epoll >= 0)
		return mon->epoll;
	return mon->ops->fd(mon->sock ? mon->sock : mon->genl);
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

static int deliver_change(const struct nlmsghdr *nlh, teach_event_cb cb, void *arg)
{
	struct teach_event event = { .type = TEACH_EVENT_NEIGH_CHANGE };
	int ret = libteach_parse_change(nlh, &event.u.change);

	return ret > 0 ? cb(&event, arg) : ret;
}

static int dispatch(struct teach_monitor *mon, void *sock, teach_event_cb cb, void *arg)
{
	ssize_t n = mon->ops->recv(sock, mon->buf, LIBTEACH_RECV_SIZE, 0);
	const struct nlmsghdr *nlh = (const void *)mon->buf;
	int len = n, ret;

	if (n < 0)
		return n;
	if (n == 0)
		return -ECONNRESET;
	for (; libteach_msg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		ret = sock == mon->genl ? deliver_change(nlh, cb, arg) :
			deliver(nlh, cb, arg);
		if (ret)
			return ret;
	}
	return len > 0 ? -EPROTO : 0;
}

int teach_monitor_dispatch(struct teach_monitor *mon, teach_event_cb cb,
			   void *arg)
{
	int ret = -EAGAIN;

	/* Of one that has nothing the other is asked. */
	if (mon->genl)
		ret = dispatch(mon, mon->genl, cb, arg);
	if (mon->sock && (ret == -EAGAIN || ret == -ECONNRESET))
		ret = dispatch(mon, mon->sock, cb, arg);
	return ret;
}

void teach_monitor_close(struct teach_monitor *mon)
{
	if (!mon)
		return;
	if (mon->sock)
		mon->ops->close(mon->sock);
	if (mon->genl)
		mon->ops->close(mon->genl);
	if (mon->epoll >= 0)
		close(mon->epoll);
	free(mon->buf);
	free(mon);
}
