// SPDX-License-Identifier: LGPL-2.1-or-later
/* RARP: the server's table, asking now, an address for a device. Generic netlink. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include "nl.h"

/* Between two requests for the same, milliseconds. */
#define ASK_AGAIN	1000

/* ---- The table ---- */

static void put_entry(union libteach_req *req, uint8_t cmd, const struct teach_rarp *entry)
{
	libteach_req_genl(req, cmd, 0);
	mnl_attr_put(&req->nlh, TEACH_A_LLADDR, TEACH_LLADDRLEN, entry->lladdr);
	if (entry->ifindex)
		mnl_attr_put_u32(&req->nlh, TEACH_A_IFINDEX, entry->ifindex);
}

static int add(struct teach_nl *nl, const struct teach_rarp *entry, int replace)
{
	union libteach_req req;

	put_entry(&req, TEACH_CMD_RARP_ADD, entry);
	mnl_attr_put_u32(&req.nlh, TEACH_A_ADDR, entry->addr.s_addr);
	if (replace)
		mnl_attr_put(&req.nlh, TEACH_A_REPLACE, 0, NULL);
	return libteach_talk(nl, LIBTEACH_GENERIC, &req, NULL, NULL);
}

int teach_rarp_add(struct teach_nl *nl, const struct teach_rarp *entry)
{
	return add(nl, entry, 0);
}

int teach_rarp_replace(struct teach_nl *nl, const struct teach_rarp *entry)
{
	return add(nl, entry, 1);
}

int teach_rarp_del(struct teach_nl *nl, const struct teach_rarp *entry)
{
	union libteach_req req;

	put_entry(&req, TEACH_CMD_RARP_DEL, entry);
	return libteach_talk(nl, LIBTEACH_GENERIC, &req, NULL, NULL);
}

struct list {
	teach_rarp_cb	cb;
	void		*arg;
};

static int visit(const struct nlmsghdr *nlh, void *arg)
{
	struct teach_rarp entry = { 0 };
	struct list *list = arg;
	const struct nlattr *attr;
	uint8_t len = 0;
	int err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EPROTO;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TEACH_A_IFINDEX:
			err = libteach_attr_u32(attr, &entry.ifindex);
			break;
		case TEACH_A_ADDR:
			err = libteach_attr_u32(attr, &entry.addr.s_addr);
			break;
		case TEACH_A_LLADDR:
			err = libteach_attr_lladdr(attr, entry.lladdr, &len);
			break;
		}
		if (err)
			return err;
	}
	return len ? list->cb(&entry, list->arg) : -EPROTO;
}

int teach_rarp_list(struct teach_nl *nl, teach_rarp_cb cb, void *arg)
{
	struct list list = { .cb = cb, .arg = arg };
	union libteach_req req;

	libteach_req_genl(&req, TEACH_CMD_RARP_GET, NLM_F_DUMP);
	return libteach_talk(nl, LIBTEACH_GENERIC, &req, visit, &list);
}

/* ---- Asking ---- */

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The answer comes before or after the acknowledgement. */
static int take_answer(const struct nlmsghdr *nlh, void *arg)
{
	const struct genlmsghdr *gh = mnl_nlmsg_get_payload(nlh);
	struct teach_rarp_answer *a = arg;
	const struct nlattr *attr;
	uint8_t len;
	int err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*gh))
		return -EPROTO;
	if (gh->cmd != TEACH_CMD_RARP_RESOLVE)
		return 0;
	mnl_attr_for_each(attr, nlh, sizeof(*gh)) {
		switch (mnl_attr_get_type(attr)) {
		case TEACH_A_IFINDEX:
			err = libteach_attr_u32(attr, &a->ifindex);
			break;
		case TEACH_A_ADDR:
			err = libteach_attr_u32(attr, &a->addr.s_addr);
			break;
		case TEACH_A_SERVER_ADDR:
			err = libteach_attr_u32(attr, &a->server.s_addr);
			break;
		case TEACH_A_LLADDR:
			err = libteach_attr_lladdr(attr, a->lladdr, &len);
			break;
		case TEACH_A_SERVER_LLADDR:
			err = libteach_attr_lladdr(attr, a->server_lladdr, &len);
			break;
		}
		if (err)
			return err;
	}
	return a->addr.s_addr ? 0 : -EPROTO;
}

/* What is there by now; what belongs to other requests is passed over. */
static int read_answer(struct teach_nl *nl, struct teach_rarp_answer *answer)
{
	ssize_t n = nl->ops->recv(nl->sock[LIBTEACH_GENERIC], nl->buf, LIBTEACH_RECV_SIZE, 0);
	const struct nlmsghdr *nlh = (const void *)nl->buf;
	int len = n, err;

	if (n < 0)
		return n == -EAGAIN ? 0 : n;
	for (; libteach_msg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq != nl->seq || nlh->nlmsg_type != nl->genl_id)
			continue;
		err = take_answer(nlh, answer);
		if (err)
			return libteach_malformed(nl);
	}
	return 0;
}

static int wait_answer(struct teach_nl *nl, struct teach_rarp_answer *answer, int64_t until)
{
	struct pollfd pfd = {
		.fd = nl->ops->fd(nl->sock[LIBTEACH_GENERIC]), .events = POLLIN,
	};
	int64_t left;
	int err = 0;

	while (!err && !answer->addr.s_addr) {
		left = until - now_ms();
		if (left <= 0)
			return 0;
		if (poll(&pfd, 1, left) < 0 && errno != EINTR)
			return -errno;
		err = read_answer(nl, answer);
	}
	return err;
}

int teach_rarp_resolve(struct teach_nl *nl, uint32_t ifindex, const uint8_t *lladdr,
		       int timeout_ms, struct teach_rarp_answer *answer)
{
	int64_t end = now_ms() + timeout_ms, until;
	union libteach_req req;
	int err;

	memset(answer, 0, sizeof(*answer));
	for (;;) {
		libteach_req_genl(&req, TEACH_CMD_RARP_RESOLVE, 0);
		mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
		if (lladdr)
			mnl_attr_put(&req.nlh, TEACH_A_LLADDR, TEACH_LLADDRLEN, lladdr);
		err = libteach_talk(nl, LIBTEACH_GENERIC, &req, take_answer, answer);
		if (err)
			return err;
		answer->requests++;
		until = now_ms() + ASK_AGAIN;
		if (timeout_ms >= 0 && until > end)
			until = end;
		err = wait_answer(nl, answer, until);
		if (err || answer->addr.s_addr)
			return err;
		if (timeout_ms >= 0 && now_ms() >= end)
			return -ETIMEDOUT;
	}
}

/* ---- An address for a device ---- */

int teach_rarp_start(struct teach_nl *nl, uint32_t ifindex, uint8_t prefixlen)
{
	union libteach_req req;

	libteach_req_genl(&req, TEACH_CMD_RARP_START, 0);
	mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
	mnl_attr_put_u8(&req.nlh, TEACH_A_PREFIXLEN, prefixlen);
	return libteach_talk(nl, LIBTEACH_GENERIC, &req, NULL, NULL);
}

int teach_rarp_stop(struct teach_nl *nl, uint32_t ifindex)
{
	union libteach_req req;

	libteach_req_genl(&req, TEACH_CMD_RARP_STOP, 0);
	mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
	return libteach_talk(nl, LIBTEACH_GENERIC, &req, NULL, NULL);
}
