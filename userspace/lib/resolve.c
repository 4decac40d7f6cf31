// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Resolve an address now, and wait for the outcome. The events are subscribed to
 * before the kernel is asked, so that an answer which comes at once is not missed.
 */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <linux/neighbour.h>
#include "monitor.h"
#include "nl.h"

/* The states in which the MAC address is known: linux's NUD_VALID. */
#define VALID	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | \
		 NUD_STALE | NUD_DELAY)

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int take_answer(const struct nlmsghdr *nlh, void *arg)
{
	struct teach_neigh *neigh = arg;
	const struct nlattr *attr;
	int err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EPROTO;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TEACH_A_IFINDEX:
			err = libteach_attr_u32(attr, &neigh->ifindex);
			break;
		case TEACH_A_NUD_STATE:
			if (mnl_attr_get_payload_len(attr) != sizeof(uint16_t))
				return -EPROTO;
			neigh->state = mnl_attr_get_u16(attr);
			break;
		case TEACH_A_LLADDR:
			err = libteach_attr_lladdr(attr, neigh->lladdr,
						   &neigh->lladdr_len);
			break;
		}
		if (err)
			return err;
	}
	return 0;
}

/* An event about the entry that is waited for is copied over it. */
static int take_event(const struct teach_event *event, void *arg)
{
	struct teach_neigh *neigh = arg;

	if (event->u.neigh.ifindex != neigh->ifindex ||
	    event->u.neigh.addr.s_addr != neigh->addr.s_addr)
		return 0;
	*neigh = event->u.neigh;
	if (event->type == TEACH_EVENT_NEIGH_DEL)
		neigh->state = NUD_FAILED;
	return 0;
}

static int ended(const struct teach_neigh *neigh)
{
	return neigh->state & (VALID | NUD_FAILED);
}

static int wait_end(struct teach_nl *nl, struct teach_monitor *mon,
		    struct teach_neigh *neigh, int timeout_ms)
{
	int64_t end = now_ms() + timeout_ms, left = -1;
	struct pollfd pfd = { .fd = teach_monitor_fd(mon), .events = POLLIN };
	int err;

	while (!ended(neigh)) {
		if (timeout_ms >= 0) {
			left = end - now_ms();
			if (left <= 0)
				return -ETIMEDOUT;
		}
		if (poll(&pfd, 1, left) < 0 && errno != EINTR)
			return -errno;
		err = teach_monitor_dispatch(mon, take_event, neigh);
		/* Events were lost, perhaps this one: look the entry up. */
		if (err == -ENOBUFS)
			err = teach_neigh_get(nl, neigh->ifindex, &neigh->addr,
					      neigh);
		if (err == -ENOENT)
			return -EHOSTUNREACH;
		if (err && err != -EAGAIN)
			return err;
	}
	return neigh->state & VALID ? 0 : -EHOSTUNREACH;
}

int teach_resolve(struct teach_nl *nl, uint32_t ifindex,
		  const struct teach_addr *addr, int timeout_ms,
		  struct teach_neigh *out)
{
	struct teach_neigh neigh = { .ifindex = ifindex, .addr = *addr };
	struct teach_monitor *mon;
	union libteach_req req;
	int err;

	if (nl->busy)
		return -EBUSY;
	err = libteach_monitor_open(&mon, TEACH_MONITOR_NEIGH, nl->ops);
	if (err)
		return err;

	libteach_req_genl(&req, TEACH_CMD_RESOLVE, 0);
	mnl_attr_put_u32(&req.nlh, TEACH_A_ADDR, addr->s_addr);
	if (ifindex)
		mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
	err = libteach_talk(nl, LIBTEACH_GENERIC, &req, take_answer, &neigh);
	if (!err)
		err = wait_end(nl, mon, &neigh, timeout_ms);
	if (!err && out)
		*out = neigh;
	teach_monitor_close(mon);
	return err;
}

/* Adds to the report what an event about its entry says. The kernel has times for events
 * because their order says little: one that another CPU tells may overtake the one before.
 */
struct tally {
	struct teach_resolution	*report;
	uint64_t		first;
	uint64_t		last;
};

static int count(const struct teach_event *event, void *arg)
{
	const struct teach_neigh_change *c = &event->u.change;
	struct tally *t = arg;
	struct teach_resolution *r = t->report;

	if (c->addr.s_addr != r->neigh.addr.s_addr ||
	    (r->neigh.ifindex && c->ifindex != r->neigh.ifindex))
		return 0;
	if (!t->first || c->time_ns < t->first)
		t->first = c->time_ns;
	if (c->time_ns >= t->last) {
		t->last = c->time_ns;
		r->reason = c->reason;
		r->neigh.ifindex = c->ifindex;
		r->neigh.state = c->state;
		if (!c->gone)
			r->requests = c->probes;
	}
	r->elapsed_ns = t->last - t->first;
	if (c->reason == TEACH_NEIGH_REASON_REPLY)
		r->replies++;
	return 0;
}

int teach_resolve_report(struct teach_nl *nl, uint32_t ifindex,
			 const struct teach_addr *addr, int timeout_ms,
			 struct teach_resolution *report)
{
	struct tally tally = { .report = report };
	struct teach_monitor *mon;
	struct teach_neigh neigh;
	uint32_t group;
	int err, seen;

	if (nl->busy)
		return -EBUSY;
	*report = (struct teach_resolution){
		.neigh = { .ifindex = ifindex, .addr = *addr },
	};
	/* Asked for here too, so that the handle has the words if there is no module. */
	err = libteach_neigh_group(nl, &group);
	if (!err)
		err = libteach_monitor_open(&mon, TEACH_MONITOR_CHANGE, nl->ops);
	if (err)
		return err;
	err = teach_resolve(nl, ifindex, addr, timeout_ms, &neigh);
	/* The kernel tells why before it tells what: all that counts is here by now. */
	do {
		seen = teach_monitor_dispatch(mon, count, &tally);
	} while (!seen || seen == -ENOBUFS);
	teach_monitor_close(mon);
	if (!err)
		report->neigh = neigh;
	return err;
}
