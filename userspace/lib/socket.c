// SPDX-License-Identifier: LGPL-2.1-or-later
/* Open sockets: sock_diag of family AF_TEACH. */
#include <errno.h>
#include <string.h>
#include <linux/sock_diag.h>
#include "nl.h"

struct list {
	const struct teach_socket_filter *filter;
	teach_socket_cb	cb;
	void		*arg;
};

static int parse(const struct nlmsghdr *nlh, struct teach_socket *sk)
{
	const struct teach_diag_msg *msg = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	uint16_t len;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*msg))
		return -EPROTO;
	*sk = (struct teach_socket) {
		.type		= msg->tdiag_type,
		.protocol	= msg->tdiag_protocol,
		.state		= msg->tdiag_state,
		.local = {
			.teach_family	= AF_TEACH,
			.teach_port	= msg->tdiag_sport,
			.teach_addr	= { .s_addr = msg->tdiag_saddr },
		},
		.peer = {
			.teach_family	= AF_TEACH,
			.teach_port	= msg->tdiag_dport,
			.teach_addr	= { .s_addr = msg->tdiag_daddr },
		},
		.ifindex	= msg->tdiag_ifindex,
		.uid		= msg->tdiag_uid,
		.ino		= msg->tdiag_ino,
		.rqueue		= msg->tdiag_rqueue,
		.wqueue		= msg->tdiag_wqueue,
		.drops		= msg->tdiag_drops,
		.cookie		= (uint64_t)msg->tdiag_cookie[1] << 32 |
				  msg->tdiag_cookie[0],
	};
	mnl_attr_for_each(attr, nlh, sizeof(*msg)) {
		len = mnl_attr_get_payload_len(attr);
		switch (mnl_attr_get_type(attr)) {
		case TEACH_DIAG_MEMINFO:
			if (len % sizeof(uint32_t))
				return -EPROTO;
			/* A newer kernel may have more words. */
			if (len > sizeof(sk->meminfo))
				len = sizeof(sk->meminfo);
			memcpy(sk->meminfo, mnl_attr_get_payload(attr), len);
			sk->n_meminfo = len / sizeof(uint32_t);
			break;
		case TEACH_DIAG_SHUTDOWN:
			if (len != sizeof(uint8_t))
				return -EPROTO;
			sk->shutdown = mnl_attr_get_u8(attr);
			break;
		}
	}
	return 0;
}

static int visit(const struct nlmsghdr *nlh, void *arg)
{
	struct list *list = arg;
	const struct teach_socket_filter *f = list->filter;
	struct teach_socket sk;
	int err;

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return 0;
	err = parse(nlh, &sk);
	if (err)
		return err;
	if (f && f->protocol && f->protocol != sk.protocol)
		return 0;
	if (f && f->states && !(sk.state < 32 && f->states & 1u << sk.state))
		return 0;
	return list->cb(&sk, list->arg);
}

int teach_socket_list(struct teach_nl *nl,
		      const struct teach_socket_filter *filter,
		      teach_socket_cb cb, void *arg)
{
	struct list list = { .filter = filter, .cb = cb, .arg = arg };
	struct teach_diag_req *r;
	union libteach_req req;

	r = libteach_req_init(&req, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP,
			      sizeof(*r));
	r->sdiag_family = AF_TEACH;
	r->tdiag_states = ~0u;
	if (filter) {
		r->sdiag_protocol = filter->protocol;
		r->tdiag_show = filter->show;
		if (filter->states)
			r->tdiag_states = filter->states;
	}
	return libteach_talk(nl, LIBTEACH_DIAG, &req, visit, &list);
}
