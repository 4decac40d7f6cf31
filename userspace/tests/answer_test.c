// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers: what the library makes of good ones, and that bad ones (cut anywhere, any
 * byte changed) neither crash it nor are taken for good. Meant for ASan and UBSan.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include "fake.h"
#include "tap.h"

static struct teach_nl *nl;

/* The datagram that answers the next request; its sequence number is filled in. */
static struct {
	char	data[8192];
	size_t	len;
} answer;

static void give_answer(struct fake_sock *s, const struct nlmsghdr *req)
{
	size_t at = 0, len;
	struct nlmsghdr *nlh;

	if (fake_family(s, req))
		return;
	/* Only where a header still is: a cut answer has less. */
	while (answer.len - at >= sizeof(*nlh)) {
		nlh = (struct nlmsghdr *)(answer.data + at);
		nlh->nlmsg_seq = req->nlmsg_seq;
		len = NLMSG_ALIGN(nlh->nlmsg_len);
		if (len < sizeof(*nlh) || len > answer.len - at)
			break;
		at += len;
	}
	fake_send(s, answer.data, answer.len);
}

static void reopen(void)
{
	teach_nl_close(nl);
	if (libteach_nl_open(&nl, &fake_transport))
		abort();
}

static void clear(void)
{
	memset(&answer, 0, sizeof(answer));
}

static void append(const union fake_msg *m)
{
	memcpy(answer.data + answer.len, m, m->nlh.nlmsg_len);
	answer.len += NLMSG_ALIGN(m->nlh.nlmsg_len);
}

static void append_done(void)
{
	union fake_msg m;

	fake_msg_init(&m, NULL, NLMSG_DONE, NLM_F_MULTI, sizeof(int));
	append(&m);
}

/* ---- Answers of each kind, and the calls that read them ---- */

static int seen, end_at;

static int count_neigh(const struct teach_neigh *n, void *arg)
{
	struct teach_neigh *copy = arg;

	*copy = *n;
	return ++seen == end_at ? 77 : 0;
}

static int count_addr(const struct teach_ifaddr *a, void *arg)
{
	struct teach_ifaddr *copy = arg;

	*copy = *a;
	return ++seen == end_at ? 77 : 0;
}

static int count_link(const struct teach_link *l, void *arg)
{
	struct teach_link *copy = arg;

	*copy = *l;
	return ++seen == end_at ? 77 : 0;
}

static int count_socket(const struct teach_socket *s, void *arg)
{
	struct teach_socket *copy = arg;

	*copy = *s;
	return ++seen == end_at ? 77 : 0;
}

static const struct teach_neigh sample = {
	.ifindex = 2, .addr.s_addr = 0x0200010a, .state = NUD_REACHABLE,
	.flags = NTF_ROUTER, .lladdr_len = 6, .lladdr = { 2, 0, 0, 0, 0, 2 },
	.refcnt = 3, .probes = 1, .used_ms = 1230, .confirmed_ms = 4560,
	.updated_ms = 7890,
};

static void make_neighs(void)
{
	union fake_msg m;
	int i;

	clear();
	for (i = 0; i < 3; i++) {
		fake_neigh(&m, NULL, RTM_NEWNEIGH, NLM_F_MULTI, &sample);
		append(&m);
	}
	append_done();
}

static int list_neighs(void)
{
	static struct teach_neigh n;

	return teach_neigh_list(nl, NULL, count_neigh, &n);
}

static void make_addrs(void)
{
	struct teach_ifaddr a = { .ifindex = 2, .prefixlen = 24,
				  .addr.s_addr = 0x0100010a };
	union fake_msg m;
	int i;

	clear();
	for (i = 0; i < 3; i++) {
		fake_addr(&m, NULL, RTM_NEWADDR, NLM_F_MULTI, &a);
		mnl_attr_put_u32(&m.nlh, IFA_FLAGS, 0x80);
		append(&m);
	}
	append_done();
}

static int list_addrs(void)
{
	static struct teach_ifaddr a;

	return teach_addr_list(nl, 0, count_addr, &a);
}

static void make_links(void)
{
	struct nlattr *nest;
	union fake_msg m;
	int i;

	clear();
	for (i = 0; i < 2; i++) {
		fake_msg_init(&m, NULL, FAKE_FAMILY, NLM_F_MULTI,
			      sizeof(struct genlmsghdr));
		mnl_attr_put_u32(&m.nlh, TEACH_A_IFINDEX, 2);
		mnl_attr_put_strz(&m.nlh, TEACH_A_IFNAME, "abcdefghijklmno");
		mnl_attr_put_u32(&m.nlh, TEACH_A_MTU, 1500);
		mnl_attr_put(&m.nlh, TEACH_A_LLADDR, 6, "\2\0\0\0\0\1");
		nest = mnl_attr_nest_start(&m.nlh, TEACH_A_PARMS);
		mnl_attr_put_u32(&m.nlh, TEACH_PARM_A_RETRANS_MS, 1000);
		mnl_attr_nest_end(&m.nlh, nest);
		append(&m);
	}
	append_done();
}

static int list_links(void)
{
	static struct teach_link l;

	return teach_link_list(nl, count_link, &l);
}

static void make_sockets(void)
{
	uint32_t mem[SK_MEMINFO_VARS] = { 1, 2, 3 };
	struct teach_diag_msg *d;
	union fake_msg m;
	int i;

	clear();
	for (i = 0; i < 2; i++) {
		d = fake_msg_init(&m, NULL, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI,
				  sizeof(*d));
		d->tdiag_family = AF_TEACH;
		mnl_attr_put(&m.nlh, TEACH_DIAG_MEMINFO, sizeof(mem), mem);
		mnl_attr_put_u8(&m.nlh, TEACH_DIAG_SHUTDOWN, 1);
		append(&m);
	}
	append_done();
}

static int list_sockets(void)
{
	static struct teach_socket s;

	return teach_socket_list(nl, NULL, count_socket, &s);
}

static void make_stats(void)
{
	struct nlattr *nest;
	union fake_msg m;
	int i;

	clear();
	fake_msg_init(&m, NULL, FAKE_FAMILY, 0, sizeof(struct genlmsghdr));
	nest = mnl_attr_nest_start(&m.nlh, TEACH_A_STATS);
	for (i = 1; i <= TEACH_STAT_MAX; i++)
		mnl_attr_put_u64(&m.nlh, i, i * 1000000000000ull);
	mnl_attr_nest_end(&m.nlh, nest);
	append(&m);
	fake_msg_init(&m, NULL, NLMSG_ERROR, NLM_F_CAPPED,
		      sizeof(struct nlmsgerr));
	append(&m);
}

static int get_stats(void)
{
	uint64_t value[TEACH_STAT_MAX + 1];

	return teach_stats_get(nl, value, TEACH_STAT_MAX + 1);
}

static void make_refusal(void)
{
	struct nlmsgerr *e;
	union fake_msg m;

	clear();
	e = fake_msg_init(&m, NULL, NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS,
			  sizeof(*e));
	e->error = -EEXIST;
	mnl_attr_put_strz(&m.nlh, NLMSGERR_ATTR_MSG, "It is there already");
	mnl_attr_put_u32(&m.nlh, NLMSGERR_ATTR_OFFS, 16);
	append(&m);
}

static int add_neigh(void)
{
	return teach_neigh_add(nl, &sample);
}

static const struct kind {
	const char	*name;
	void		(*make)(void);
	int		(*call)(void);
	int		result, n;
} kinds[] = {
	{ "neighbours", make_neighs, list_neighs, 0, 3 },
	{ "addresses", make_addrs, list_addrs, 0, 3 },
	{ "links", make_links, list_links, 0, 2 },
	{ "sockets", make_sockets, list_sockets, 0, 2 },
	{ "counters", make_stats, get_stats, 0, 0 },
	{ "a refusal", make_refusal, add_neigh, -EEXIST, 0 },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int call(const struct kind *k)
{
	reopen();
	seen = 0;
	return k->call();
}

/* An answer that was cut never passes for the whole. */
static void truncations(const struct kind *k)
{
	size_t whole, len, wrong = 0;
	int ret;

	k->make();
	whole = answer.len;
	for (len = 0; len < whole; len++) {
		k->make();
		answer.len = len;
		ret = call(k);
		if (ret >= 0 || seen > k->n)
			wrong++;
		/* A cut at the end of a message: the rest never came. */
		if (ret != -ECONNRESET && ret != -EPROTO && ret != k->result)
			wrong++;
	}
	tap_ok(!wrong, "%s cut at each of %zu bytes", k->name, whole);
}

/* Any answer at all leads to an end, and to an errno if it is negative. */
static void changes(const struct kind *k)
{
	static const unsigned char to[] = { 0x00, 0x04, 0x7f, 0xff };
	size_t i, j, wrong = 0;
	int ret;

	k->make();
	for (i = 0; i < answer.len; i++) {
		for (j = 0; j < sizeof(to); j++) {
			k->make();
			answer.data[i] = to[j];
			ret = call(k);
			if (ret > 0 || ret < -4095)
				wrong++;
		}
	}
	tap_ok(!wrong, "%s with each of %zu bytes changed", k->name, answer.len);
}

static void good(void)
{
	struct teach_neigh n, f_only;
	struct teach_neigh_filter f = { 0 };
	uint64_t value[TEACH_STAT_MAX + 1];
	size_t i;

	for (i = 0; i < N_KINDS; i++) {
		kinds[i].make();
		tap_is(call(&kinds[i]), kinds[i].result, kinds[i].name);
		tap_is(seen, kinds[i].n, "all of them");
	}
	tap_text(teach_nl_error(nl), "It is there already",
		 "the kernel's message is kept");

	make_neighs();
	reopen();
	end_at = 2;
	seen = 0;
	tap_is(teach_neigh_list(nl, NULL, count_neigh, &n), 77,
	       "a callback ends the listing");
	tap_is(seen, 2, "and is not called again");
	end_at = 0;
	tap_ok(!memcmp(&n, &sample, sizeof(n)), "every field arrives");
	tap_is(teach_neigh_list(nl, NULL, count_neigh, &n), 0,
	       "the next call does not see the rest");
	tap_text(teach_nl_error(nl), "", "the message is forgotten");

	seen = 0;
	f.states = NUD_STALE;
	tap_is(teach_neigh_list(nl, &f, count_neigh, &f_only), 0, "filter");
	tap_is(seen, 0, "what an old kernel did not filter is filtered here");
	f = (struct teach_neigh_filter){ .prefix.s_addr = htonl(0x0a010000),
					 .prefixlen = 24 };
	tap_is(teach_neigh_list(nl, &f, count_neigh, &f_only), 0, "prefix");
	tap_is(seen, 3, "those within the prefix");

	make_stats();
	reopen();
	memset(value, 0xff, sizeof(value));
	tap_is(teach_stats_get(nl, value, 3), 0, "fewer counters than there are");
	tap_ok(value[0] == 0 && value[1] == 1000000000000ull &&
	       value[2] == 2000000000000ull && value[3] == ~0ull,
	       "are filled, and no more");
}

/* ---- Errors and ends of other kinds ---- */

static int reenter(const struct teach_neigh *n, void *arg)
{
	*(int *)arg = teach_neigh_del(nl, n->ifindex, &n->addr);
	return 0;
}

static int resolve_within(const struct teach_neigh *n, void *arg)
{
	*(int *)arg = teach_resolve(nl, 0, &n->addr, 0, NULL);
	return 0;
}

static void ends(void)
{
	struct nlmsgerr *e;
	union fake_msg m;
	int ret = 0;

	make_neighs();
	((struct nlmsghdr *)answer.data)->nlmsg_flags |= NLM_F_DUMP_INTR;
	tap_is(call(&kinds[0]), -EINTR, "an interrupted dump is reported");
	tap_is(seen, 3, "but what there is is handed over");

	make_neighs();
	reopen();
	tap_is(teach_neigh_list(nl, NULL, reenter, &ret), 0, "a callback");
	tap_is(ret, -EBUSY, "cannot use the handle that it was called from");
	tap_is(teach_neigh_list(nl, NULL, resolve_within, &ret), 0, "a callback");
	tap_is(ret, -EBUSY, "cannot resolve with it either");

	/* The whole request comes back, as from a kernel without CAP_ACK. */
	clear();
	e = fake_msg_init(&m, NULL, NLMSG_ERROR, NLM_F_ACK_TLVS, sizeof(*e));
	e->error = -ENODEV;
	e->msg.nlmsg_len = sizeof(struct nlmsghdr) + 12;
	mnl_nlmsg_put_extra_header(&m.nlh, 12);
	mnl_attr_put_strz(&m.nlh, NLMSGERR_ATTR_MSG, "Device not found");
	append(&m);
	tap_is(call(&kinds[5]), -ENODEV, "an error with the request in it");
	tap_text(teach_nl_error(nl), "Device not found", "its message");
	((struct nlmsgerr *)(answer.data + sizeof(struct nlmsghdr)))
		->msg.nlmsg_len = 0xfffffff0;
	tap_is(call(&kinds[5]), -EPROTO, "a request of impossible length in it");
	((struct nlmsgerr *)(answer.data + sizeof(struct nlmsghdr)))
		->msg.nlmsg_len = 3;
	tap_is(call(&kinds[5]), -EPROTO, "a request shorter than its header");

	make_refusal();
	((struct nlmsgerr *)(answer.data + sizeof(struct nlmsghdr)))->error = 5;
	tap_is(call(&kinds[5]), -EPROTO, "an errno that is positive");
	((struct nlmsgerr *)(answer.data + sizeof(struct nlmsghdr)))->error = 0;
	tap_is(call(&kinds[5]), 0, "success");
	tap_text(teach_nl_error(nl), "It is there already",
		 "whose message is a warning");

	/* A message that has no NUL, longer than there is room for. */
	clear();
	e = fake_msg_init(&m, NULL, NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS,
			  sizeof(*e));
	e->error = -EINVAL;
	memset(m.buf + 8000, 'x', 1000);
	mnl_attr_put(&m.nlh, NLMSGERR_ATTR_MSG, 1000, m.buf + 8000);
	append(&m);
	tap_is(call(&kinds[5]), -EINVAL, "a message of 1000 bytes without NUL");
	tap_is(strlen(teach_nl_error(nl)), 255, "is cut");

	/* The status of a dump travels with its end. */
	clear();
	*(int *)fake_msg_init(&m, NULL, NLMSG_DONE,
			      NLM_F_MULTI | NLM_F_ACK_TLVS, sizeof(int)) =
		-EINVAL;
	mnl_attr_put_strz(&m.nlh, NLMSGERR_ATTR_MSG, "Cannot filter by that");
	append(&m);
	tap_is(call(&kinds[0]), -EINVAL, "a dump that fails");
	tap_text(teach_nl_error(nl), "Cannot filter by that", "says why");

	/* Another conversation's answers, and another family's entries. */
	make_neighs();
	((struct ndmsg *)(answer.data + sizeof(struct nlmsghdr)))->ndm_family =
		AF_INET;
	tap_is(call(&kinds[0]), 0, "a dump with an entry of IPv4");
	tap_is(seen, 2, "it is left out");
	tap_text(teach_nl_error(nl), "", "without a complaint");

	clear();
	fake_msg_init(&m, NULL, NLMSG_OVERRUN, 0, 0);
	append(&m);
	tap_is(call(&kinds[0]), -ENOBUFS, "overrun");
	tap_is(call(&kinds[4]), -ENOBUFS, "overrun, of generic netlink");
}

/* ---- No module ---- */

static void no_module(struct fake_sock *s, const struct nlmsghdr *req)
{
	fake_ack(s, req, -ENOENT, NULL);
}

static void silent_family(struct fake_sock *s, const struct nlmsghdr *req)
{
	fake_ack(s, req, 0, NULL);
}

int main(void)
{
	size_t i;

	fake_request = give_answer;
	good();
	ends();
	for (i = 0; i < N_KINDS; i++) {
		truncations(&kinds[i]);
		changes(&kinds[i]);
	}

	fake_request = no_module;
	tap_is(call(&kinds[0]), -EAFNOSUPPORT, "without the module");
	tap_ok(strstr(teach_nl_error(nl), "modprobe teach") != NULL,
	       "one is told what to do");
	fake_request = silent_family;
	tap_is(call(&kinds[0]), -EAFNOSUPPORT, "a family without a number");

	teach_nl_close(nl);
	teach_nl_close(NULL);
	return tap_done();
}
