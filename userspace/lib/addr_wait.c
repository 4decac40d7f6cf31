// SPDX-License-Identifier: LGPL-2.1-or-later
/* teach_addr_add_wait(): an address that is probed for is watched until that ends. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <linux/if_addr.h>
#include "nl.h"

/* The address that is waited for, as far as it is known. */
struct wait {
	const struct teach_ifaddr	*wanted;
	uint32_t			flags;
	int				there;
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int take_addr(const struct teach_ifaddr *addr, void *arg)
{
	struct wait *w = arg;

	if (addr->ifindex != w->wanted->ifindex ||
	    addr->addr.s_addr != w->wanted->addr.s_addr)
		return 0;
	w->flags = addr->flags;
	w->there = 1;
	return 0;
}

static int take_event(const struct teach_event *event, void *arg)
{
	struct wait *w = arg;

	if (event->type != TEACH_EVENT_ADDR_NEW && event->type != TEACH_EVENT_ADDR_DEL)
		return 0;
	take_addr(&event->u.addr, w);
	if (event->type == TEACH_EVENT_ADDR_DEL &&
	    event->u.addr.ifindex == w->wanted->ifindex &&
	    event->u.addr.addr.s_addr == w->wanted->addr.s_addr)
		w->there = 0;
	return 0;
}

/* As it is now. */
static int look(struct teach_nl *nl, struct wait *w)
{
	int err;

	w->there = 0;
	err = teach_addr_list(nl, w->wanted->ifindex, take_addr, w);
	return err == -EINTR ? 0 : err;
}

static int wait_for_event(struct teach_nl *nl, struct teach_monitor *mon, struct wait *w,
			  int64_t end)
{
	struct pollfd pfd = { .fd = teach_monitor_fd(mon), .events = POLLIN };
	int64_t left = end < 0 ? -1 : end - now_ms();
	int err;

	if (end >= 0 && left <= 0) {
		snprintf(nl->error, sizeof(nl->error),
			 "Other hosts are still being asked for the address, or the device is down: it is used once nobody objects");
		return -ETIMEDOUT;
	}
	if (poll(&pfd, 1, left) < 0 && errno != EINTR)
		return -errno;
	err = teach_monitor_dispatch(mon, take_event, w);
	/* Events were lost, perhaps the one that counts. */
	if (err == -ENOBUFS)
		return look(nl, w);
	return err == -EAGAIN ? 0 : err;
}

static int wait_end(struct teach_nl *nl, struct teach_monitor *mon, struct wait *w,
		    int timeout_ms)
{
	int64_t end = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
	int err = look(nl, w);

	while (!err) {
		if (!w->there) {
			snprintf(nl->error, sizeof(nl->error),
				 "Address was taken away while other hosts were asked for it");
			return -ECANCELED;
		}
		if (!(w->flags & IFA_F_TENTATIVE))
			return 0;
		if (w->flags & IFA_F_DADFAILED) {
			/* The kernel has the words for it: which host holds the address. */
			err = teach_addr_add(nl, w->wanted);
			if (err)
				return err == -EEXIST ? -EADDRINUSE : err;
			/* Somebody took it away, so it was added anew. */
			err = look(nl, w);
			continue;
		}
		err = wait_for_event(nl, mon, w, end);
	}
	return err;
}

int teach_addr_add_wait(struct teach_nl *nl, const struct teach_ifaddr *addr,
			int timeout_ms)
{
	struct wait w = { .wanted = addr };
	struct teach_monitor *mon;
	int err;

	err = teach_addr_add(nl, addr);
	if (!err)
		err = look(nl, &w);
	if (err || (w.there && !(w.flags & IFA_F_TENTATIVE)))
		return err;
	err = libteach_monitor_open(&mon, TEACH_MONITOR_ADDR, nl->ops);
	if (err)
		return err;
	err = wait_end(nl, mon, &w, timeout_ms);
	teach_monitor_close(mon);
	return err;
}
