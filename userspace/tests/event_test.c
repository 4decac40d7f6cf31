// SPDX-License-Identifier: GPL-2.0-or-later
/* Monitors and resolution: events that come, come late, are lost, are nonsense. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include "fake.h"
#include "tap.h"

static const struct teach_neigh sample = {
	.ifindex = 2, .addr.s_addr = 0x0200010a, .state = NUD_REACHABLE,
	.lladdr_len = 6, .lladdr = { 2, 0, 0, 0, 0, 2 },
};

static struct teach_event last;
static int seen, answer;

static int take(const struct teach_event *ev, void *arg)
{
	(void)arg;
	last = *ev;
	seen++;
	return answer;
}

static unsigned int groups[4];
static int n_groups;

static void note_group(struct fake_sock *s, unsigned int group)
{
	(void)s;
	groups[n_groups++ & 3] = group;
}

static void monitors(void)
{
	struct teach_ifaddr a = { .ifindex = 2, .prefixlen = 24,
				  .addr.s_addr = 0x0100010a,
				  .valid = UINT32_MAX, .preferred = UINT32_MAX };
	struct teach_monitor *mon;
	struct nlmsghdr *nlh;
	union fake_msg m;
	size_t len, wrong = 0;
	int err;

	fake_join = note_group;
	fake_ends = false;
	tap_is(libteach_monitor_open(&mon, 0, &fake_transport), -EINVAL,
	       "a monitor of nothing");
	tap_is(libteach_monitor_open(&mon, 0x80, &fake_transport), -EINVAL,
	       "a monitor of something unknown");
	tap_is(n_groups, 0, "they subscribe to nothing");
	tap_is(libteach_monitor_open(&mon, TEACH_MONITOR_NEIGH |
				     TEACH_MONITOR_ADDR, &fake_transport), 0,
	       "a monitor of both");
	tap_ok(n_groups == 2 && groups[0] == RTNLGRP_NEIGH &&
	       groups[1] == RTNLGRP_IPV4_IFADDR, "it subscribes to both groups");

	tap_is(teach_monitor_dispatch(mon, take, NULL), -EAGAIN,
	       "nothing happened yet");
	fake_neigh(&m, NULL, RTM_NEWNEIGH, 0, &sample);
	fake_msg_send(fake_listener, &m);
	tap_is(poll(&(struct pollfd){ .fd = teach_monitor_fd(mon),
				      .events = POLLIN }, 1, 0), 1,
	       "its descriptor is readable when something did");
	tap_is(teach_monitor_dispatch(mon, take, NULL), 0, "a neighbour");
	tap_ok(seen == 1 && last.type == TEACH_EVENT_NEIGH_NEW &&
	       !memcmp(&last.u.neigh, &sample, sizeof(sample)), "as it is");
	fake_neigh(&m, NULL, RTM_DELNEIGH, 0, &sample);
	fake_msg_send(fake_listener, &m);
	answer = 5;
	tap_is(teach_monitor_dispatch(mon, take, NULL), 5,
	       "the callback's answer is returned");
	answer = 0;
	tap_is(last.type, TEACH_EVENT_NEIGH_DEL, "a neighbour that is gone");
	fake_addr(&m, NULL, RTM_NEWADDR, 0, &a);
	fake_msg_send(fake_listener, &m);
	tap_is(teach_monitor_dispatch(mon, take, NULL), 0, "an address");
	tap_ok(last.type == TEACH_EVENT_ADDR_NEW &&
	       !memcmp(&last.u.addr, &a, sizeof(a)), "as it is");

	seen = 0;
	fake_addr(&m, NULL, RTM_DELADDR, 0, &a);
	nlh = &m.nlh;
	((char *)mnl_nlmsg_get_payload(nlh))[0] = AF_INET;
	fake_msg_send(fake_listener, &m);
	fake_msg_init(&m, NULL, RTM_NEWLINK, 0, 32);
	fake_msg_send(fake_listener, &m);
	tap_ok(!teach_monitor_dispatch(mon, take, NULL) &&
	       !teach_monitor_dispatch(mon, take, NULL) && !seen,
	       "what is not TEACH's is left out");

	fake_neigh(&m, NULL, RTM_NEWNEIGH, 0, &sample);
	for (len = 1; len < m.nlh.nlmsg_len; len++) {
		fake_send(fake_listener, &m, len);
		err = teach_monitor_dispatch(mon, take, NULL);
		if (err != -EPROTO)
			wrong++;
	}
	tap_ok(!wrong && !seen, "an event cut at each of %u bytes is refused",
	       m.nlh.nlmsg_len);
	for (len = 0; len < m.nlh.nlmsg_len; len++) {
		fake_neigh(&m, NULL, RTM_NEWNEIGH, 0, &sample);
		m.buf[len] = 0xff;
		fake_send(fake_listener, &m, sizeof(m.nlh) + 100);
		err = teach_monitor_dispatch(mon, take, NULL);
		if (err > 0)
			wrong++;
	}
	tap_ok(!wrong, "an event with each byte changed does no harm");
	teach_monitor_close(mon);
	teach_monitor_close(NULL);
}

/* ---- Each step of a neighbour, and why ---- */

static struct teach_neigh_change change_of(uint16_t old_state, uint16_t state,
					   uint32_t reason, uint32_t probes,
					   uint64_t time_ns)
{
	struct teach_neigh_change c = {
		.ifindex = 2, .addr = sample.addr, .old_state = old_state,
		.state = state, .gone = !state, .reason = reason, .probes = probes,
		.time_ns = time_ns,
	};

	if (state & NUD_REACHABLE) {
		c.lladdr_len = 6;
		memcpy(c.lladdr, sample.lladdr, 6);
	}
	return c;
}

static void changes(void)
{
	struct teach_neigh_change c = change_of(NUD_INCOMPLETE, NUD_REACHABLE,
						TEACH_NEIGH_REASON_REPLY, 2,
						0x123456789abcdefull);
	struct teach_monitor *mon;
	int err, wrong = 0;
	union fake_msg m;
	unsigned int len;

	n_groups = 0;
	fake_join = note_group;
	fake_request = NULL;
	fake_ends = true;
	tap_ok(libteach_monitor_open(&mon, TEACH_MONITOR_CHANGE, &fake_transport) < 0,
	       "a monitor of changes without the module");
	fake_request = fake_kernel_request;
	fake_ends = false;
	tap_is(libteach_monitor_open(&mon, TEACH_MONITOR_CHANGE, &fake_transport), 0,
	       "a monitor of changes");
	tap_ok(n_groups == 1 && groups[0] == FAKE_GROUP, "joins their group, by its name");
	seen = 0;
	fake_change(&m, &c);
	fake_msg_send(fake_listener, &m);
	tap_is(poll(&(struct pollfd){ .fd = teach_monitor_fd(mon),
				      .events = POLLIN }, 1, 0), 1, "is readable");
	tap_is(teach_monitor_dispatch(mon, take, NULL), 0, "a change");
	tap_ok(seen == 1 && last.type == TEACH_EVENT_NEIGH_CHANGE &&
	       !memcmp(&last.u.change, &c, sizeof(c)), "as it is");
	c = change_of(NUD_FAILED, NUD_NONE, TEACH_NEIGH_REASON_COLLECTED, 3, 7);
	fake_change(&m, &c);
	fake_msg_send(fake_listener, &m);
	tap_is(teach_monitor_dispatch(mon, take, NULL), 0, "an entry that is gone");
	tap_ok(last.u.change.gone && last.u.change.state == NUD_NONE &&
	       last.u.change.old_state == NUD_FAILED, "is gone");

	seen = 0;
	for (len = 1; len < m.nlh.nlmsg_len; len++) {
		fake_send(fake_listener, &m, len);
		err = teach_monitor_dispatch(mon, take, NULL);
		if (err != -EPROTO)
			wrong++;
	}
	tap_ok(!wrong && !seen, "a change cut at each of %u bytes is refused",
	       m.nlh.nlmsg_len);
	for (len = 0; len < m.nlh.nlmsg_len; len++) {
		fake_change(&m, &c);
		m.buf[len] = 0xff;
		fake_send(fake_listener, &m, sizeof(m.nlh) + 100);
		if (teach_monitor_dispatch(mon, take, NULL) > 0)
			wrong++;
	}
	tap_ok(!wrong, "a change with each byte changed does no harm");
	teach_monitor_close(mon);

	/* Both kinds: one descriptor for two sockets. */
	n_groups = 0;
	seen = 0;
	tap_is(libteach_monitor_open(&mon, TEACH_MONITOR_CHANGE | TEACH_MONITOR_NEIGH,
				     &fake_transport), 0, "a monitor of both kinds");
	tap_is(n_groups, 2, "joins two groups");
	tap_is(teach_monitor_dispatch(mon, take, NULL), -EAGAIN, "nothing happened yet");
	fake_change(&m, &c);
	fake_msg_send(fake_listener, &m);
	tap_is(poll(&(struct pollfd){ .fd = teach_monitor_fd(mon),
				      .events = POLLIN }, 1, 0), 1, "is readable");
	tap_ok(!teach_monitor_dispatch(mon, take, NULL) && seen == 1 &&
	       last.type == TEACH_EVENT_NEIGH_CHANGE, "by the second of them");
	teach_monitor_close(mon);
	fake_join = NULL;
}

/* ---- Resolution: what the kernel does when it is asked ---- */

static uint16_t state_now;		/* in its answer */
static const struct teach_neigh *events;	/* afterwards, to the listener */
static int n_events;
static uint16_t event_type = RTM_NEWNEIGH;

static void resolver(struct fake_sock *s, const struct nlmsghdr *req)
{
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(req);
	union fake_msg m;
	int i;

	if (fake_family(s, req))
		return;
	if (s->bus != NETLINK_GENERIC || gh->cmd != TEACH_CMD_RESOLVE) {
		fake_ack(s, req, -EOPNOTSUPP, NULL);
		return;
	}
	if (!state_now) {
		fake_ack(s, req, -ENETUNREACH, "No link leads to that address");
		return;
	}
	/* Already subscribed: what happens within the call is not missed. */
	for (i = 0; i < n_events; i++) {
		fake_neigh(&m, NULL, event_type, 0, &events[i]);
		fake_msg_send(fake_listener, &m);
	}
	fake_msg_init(&m, req, FAKE_FAMILY, 0, sizeof(*gh));
	mnl_attr_put_u32(&m.nlh, TEACH_A_IFINDEX, 2);
	mnl_attr_put_u32(&m.nlh, TEACH_A_ADDR, sample.addr.s_addr);
	mnl_attr_put_u16(&m.nlh, TEACH_A_NUD_STATE, state_now);
	if (state_now == NUD_STALE)
		mnl_attr_put(&m.nlh, TEACH_A_LLADDR, 6, sample.lladdr);
	fake_msg_send(s, &m);
	fake_ack(s, req, 0, NULL);
}

static void resolutions(void)
{
	struct teach_neigh ev[3], out = { 0 };
	struct teach_nl *nl;

	fake_join = NULL;
	fake_request = resolver;
	if (libteach_nl_open(&nl, &fake_transport))
		abort();

	tap_is(teach_resolve(nl, 0, &sample.addr, 1000, &out), -ENETUNREACH,
	       "no link leads there");
	tap_text(teach_nl_error(nl), "No link leads to that address", "it says so");

	state_now = NUD_STALE;
	tap_is(teach_resolve(nl, 0, &sample.addr, 1000, &out), 0,
	       "an address that is known already");
	tap_ok(out.ifindex == 2 && out.state == NUD_STALE &&
	       out.lladdr_len == 6 && !memcmp(out.lladdr, sample.lladdr, 6) &&
	       out.addr.s_addr == sample.addr.s_addr, "comes from the answer");

	/* Another neighbour, another device, then ours. */
	state_now = NUD_INCOMPLETE;
	ev[0] = ev[1] = ev[2] = sample;
	ev[0].addr.s_addr = 0x0300010a;
	ev[1].ifindex = 3;
	ev[2].state = NUD_REACHABLE;
	events = ev;
	n_events = 3;
	memset(&out, 0, sizeof(out));
	tap_is(teach_resolve(nl, 2, &sample.addr, -1, &out), 0,
	       "an address that somebody answers for");
	tap_ok(out.ifindex == 2 && out.state == NUD_REACHABLE &&
	       out.lladdr[5] == 2, "comes from the event");
	tap_is(teach_resolve(nl, 2, &sample.addr, -1, NULL), 0,
	       "one need not want it");

	n_events = 2;
	tap_is(teach_resolve(nl, 2, &sample.addr, 30, &out), -ETIMEDOUT,
	       "others' events are not ours");
	n_events = 3;
	ev[2].state = NUD_INCOMPLETE;
	tap_is(teach_resolve(nl, 2, &sample.addr, 30, &out), -ETIMEDOUT,
	       "nor is an event that decides nothing");
	ev[2].state = NUD_FAILED;
	ev[2].lladdr_len = 0;
	tap_is(teach_resolve(nl, 2, &sample.addr, -1, &out), -EHOSTUNREACH,
	       "nobody answers");
	ev[2].state = NUD_INCOMPLETE;
	event_type = RTM_DELNEIGH;
	tap_is(teach_resolve(nl, 2, &sample.addr, -1, &out), -EHOSTUNREACH,
	       "the entry is removed while we wait");
	teach_nl_close(nl);
}

/* ---- Events that come faster than they are read ---- */

static int losses;	/* so many receives still report a loss */

static ssize_t lossy_recv(void *sock, void *buf, size_t size, int wait)
{
	if (!wait && losses) {
		losses--;
		return -ENOBUFS;
	}
	return fake_transport.recv(sock, buf, size, wait);
}

static struct teach_neigh now;	/* what a look-up finds; nothing in state 0 */

static void looker(struct fake_sock *s, const struct nlmsghdr *req)
{
	union fake_msg m;

	if (s->bus == NETLINK_GENERIC) {
		resolver(s, req);
	} else if (now.state) {
		fake_neigh(&m, req, RTM_NEWNEIGH, 0, &now);
		fake_msg_send(s, &m);
		fake_ack(s, req, 0, NULL);
	} else {
		fake_ack(s, req, -ENOENT, "No such entry");
	}
}

static void lost(void)
{
	struct teach_transport lossy = fake_transport;
	struct teach_monitor *mon;
	struct teach_neigh out;
	struct teach_nl *nl;
	/* An event that says nothing, so that there is something to receive. */
	struct teach_neigh idle = sample;

	lossy.recv = lossy_recv;
	fake_request = looker;
	if (libteach_nl_open(&nl, &lossy) ||
	    libteach_monitor_open(&mon, TEACH_MONITOR_NEIGH, &lossy))
		abort();
	losses = 1;
	tap_is(teach_monitor_dispatch(mon, take, NULL), -ENOBUFS,
	       "a loss is reported");
	tap_is(teach_monitor_dispatch(mon, take, NULL), -EAGAIN,
	       "and the monitor goes on");
	teach_monitor_close(mon);

	state_now = idle.state = NUD_INCOMPLETE;
	events = &idle;
	n_events = 1;
	event_type = RTM_NEWNEIGH;
	losses = 1;
	now = sample;
	tap_is(teach_resolve(nl, 2, &sample.addr, -1, &out), 0,
	       "resolution looks the entry up when events were lost");
	tap_ok(out.state == NUD_REACHABLE && out.lladdr[5] == 2, "and finds it");
	losses = 1;
	now.state = NUD_FAILED;
	tap_is(teach_resolve(nl, 2, &sample.addr, -1, &out), -EHOSTUNREACH,
	       "or that it failed");
	losses = 1;
	now.state = 0;
	tap_is(teach_resolve(nl, 2, &sample.addr, -1, &out), -EHOSTUNREACH,
	       "or that it is gone");
	teach_nl_close(nl);
}

int main(void)
{
	monitors();
	changes();
	resolutions();
	lost();
	return tap_done();
}
