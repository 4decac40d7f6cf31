// SPDX-License-Identifier: LGPL-2.1-or-later
/* The handle and the conversation with the kernel: see nl.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nl.h"

static const int bus[LIBTEACH_N_SOCKS] = {
	[LIBTEACH_ROUTE]	= NETLINK_ROUTE,
	[LIBTEACH_GENERIC]	= NETLINK_GENERIC,
	[LIBTEACH_DIAG]		= NETLINK_SOCK_DIAG,
};

int libteach_nl_open(struct teach_nl **out, const struct teach_transport *ops)
{
	struct teach_nl *nl = calloc(1, sizeof(*nl));
	int err;

	if (!nl)
		return -ENOMEM;
	nl->ops = ops;
	nl->buf = malloc(LIBTEACH_RECV_SIZE);
	if (!nl->buf) {
		free(nl);
		return -ENOMEM;
	}
	/* Opened at once so that a system without netlink is noticed here. */
	err = ops->open(bus[LIBTEACH_ROUTE], &nl->sock[LIBTEACH_ROUTE]);
	if (err) {
		teach_nl_close(nl);
		return err;
	}
	*out = nl;
	return 0;
}

int teach_nl_open(struct teach_nl **nl)
{
	return libteach_nl_open(nl, &libteach_kernel);
}

void teach_nl_close(struct teach_nl *nl)
{
	int i;

	if (!nl)
		return;
	for (i = 0; i < LIBTEACH_N_SOCKS; i++)
		if (nl->sock[i])
			nl->ops->close(nl->sock[i]);
	free(nl->buf);
	free(nl);
}

const char *teach_nl_error(const struct teach_nl *nl)
{
	return nl->error;
}

static void set_error(struct teach_nl *nl, const char *text)
{
	snprintf(nl->error, sizeof(nl->error), "%s", text);
}

int libteach_malformed(struct teach_nl *nl)
{
	set_error(nl, "The kernel's answer is malformed");
	return -EPROTO;
}

int libteach_attr_u32(const struct nlattr *attr, uint32_t *v)
{
	if (mnl_attr_get_payload_len(attr) != sizeof(*v))
		return -EPROTO;
	*v = mnl_attr_get_u32(attr);
	return 0;
}

int libteach_attr_lladdr(const struct nlattr *attr, uint8_t *lladdr,
			 uint8_t *len)
{
	uint16_t n = mnl_attr_get_payload_len(attr);

	if (n != 0 && n != TEACH_LLADDRLEN)
		return -EPROTO;
	memcpy(lladdr, mnl_attr_get_payload(attr), n);
	*len = n;
	return 0;
}

void *libteach_req_init(union libteach_req *req, uint16_t type, uint16_t flags,
			size_t size)
{
	struct nlmsghdr *nlh;

	memset(req, 0, sizeof(*req));
	nlh = mnl_nlmsg_put_header(req->buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	return mnl_nlmsg_put_extra_header(nlh, size);
}

void libteach_req_genl(union libteach_req *req, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *gh = libteach_req_init(req, 0, flags, sizeof(*gh));

	gh->cmd = cmd;
	gh->version = TEACH_GENL_VERSION;
}

/* Look for the message among the @len bytes of attributes at @attr. */
static void keep_message(struct teach_nl *nl, const void *attrs, size_t len)
{
	const struct nlattr *attr;

	for (attr = attrs; mnl_attr_ok(attr, (int)len);
	     attr = mnl_attr_next(attr)) {
		size_t step = MNL_ALIGN(attr->nla_len);

		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			snprintf(nl->error, sizeof(nl->error), "%.*s",
				 (int)mnl_attr_get_payload_len(attr),
				 (const char *)mnl_attr_get_payload(attr));
			break;
		case NLMSGERR_ATTR_OFFS:
			libteach_attr_u32(attr, &nl->error_offset);
			break;
		}
		if (step >= len)
			break;
		len -= step;
	}
}

/* The end of a conversation: its errno, and the message with it. */
static int end_status(struct teach_nl *nl, const struct nlmsghdr *nlh)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh), skip;
	const char *p = mnl_nlmsg_get_payload(nlh);
	int err = 0;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *e = (const void *)p;

		if (len < sizeof(*e))
			return libteach_malformed(nl);
		err = e->error;
		skip = sizeof(*e);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
			if (e->msg.nlmsg_len < sizeof(e->msg) ||
			    e->msg.nlmsg_len - sizeof(e->msg) > len - skip)
				return libteach_malformed(nl);
			skip += MNL_ALIGN(e->msg.nlmsg_len - sizeof(e->msg));
		}
	} else {
		/* NLMSG_DONE: old kernels send no status with it. */
		if (len >= sizeof(err))
			memcpy(&err, p, sizeof(err));
		skip = MNL_ALIGN(sizeof(err));
	}
	if ((nlh->nlmsg_flags & NLM_F_ACK_TLVS) && len > skip)
		keep_message(nl, p + skip, len - skip);

	/* The kernel's errno is negative; anything else is not an errno. */
	return err > 0 || err < -4095 ? libteach_malformed(nl) : err;
}

/*
 * Read until the conversation @seq ends. After @cb ended the listing the rest is
 * still read, so that the next call does not find it.
 */
static int converse(struct teach_nl *nl, void *sock, uint32_t seq,
		    libteach_msg_cb cb, void *arg)
{
	int ret = 0, err, interrupted = 0;

	for (;;) {
		ssize_t n = nl->ops->recv(sock, nl->buf, LIBTEACH_RECV_SIZE, 1);
		const struct nlmsghdr *nlh = (const void *)nl->buf;
		int len = n;

		if (n < 0)
			return n;
		if (n == 0)
			return -ECONNRESET;
		for (; libteach_msg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			/* Left over from a call that a full buffer ended. */
			if (nlh->nlmsg_seq != seq)
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = 1;

			switch (nlh->nlmsg_type) {
			case NLMSG_NOOP:
				break;
			case NLMSG_OVERRUN:
				return -ENOBUFS;
			case NLMSG_ERROR:
			case NLMSG_DONE:
				err = end_status(nl, nlh);
				if (ret || err)
					return ret ? ret : err;
				return interrupted ? -EINTR : 0;
			default:
				if (!ret && cb)
					ret = cb(nlh, arg);
				if (ret == -EPROTO)
					return libteach_malformed(nl);
			}
		}
		if (len > 0)
			return libteach_malformed(nl);
	}
}

static int exchange(struct teach_nl *nl, int which, union libteach_req *req,
		    libteach_msg_cb cb, void *arg)
{
	int err;

	if (!nl->sock[which]) {
		err = nl->ops->open(bus[which], &nl->sock[which]);
		if (err)
			return err;
	}
	req->nlh.nlmsg_seq = ++nl->seq;
	err = nl->ops->send(nl->sock[which], req, req->nlh.nlmsg_len);
	if (!err)
		err = converse(nl, nl->sock[which], nl->seq, cb, arg);
	return err;
}

/* Each group is a nest of a name and a number. */
static int take_groups(const struct nlattr *groups, uint32_t *id)
{
	const struct nlattr *group, *attr;

	mnl_attr_for_each_nested(group, groups) {
		uint32_t number = 0;
		int ours = 0;

		mnl_attr_for_each_nested(attr, group) {
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
			    libteach_attr_u32(attr, &number))
				return -EPROTO;
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
				ours = mnl_attr_get_payload_len(attr) ==
					sizeof(TEACH_GENL_GRP_NEIGH) &&
				       !memcmp(mnl_attr_get_payload(attr),
					       TEACH_GENL_GRP_NEIGH,
					       sizeof(TEACH_GENL_GRP_NEIGH));
		}
		if (ours)
			*id = number;
	}
	return 0;
}

static int take_family(const struct nlmsghdr *nlh, void *arg)
{
	struct teach_nl *nl = arg;
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EPROTO;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS &&
		    take_groups(attr, &nl->neigh_group))
			return -EPROTO;
		if (mnl_attr_get_type(attr) != CTRL_ATTR_FAMILY_ID)
			continue;
		if (mnl_attr_get_payload_len(attr) != sizeof(uint16_t))
			return -EPROTO;
		nl->genl_id = mnl_attr_get_u16(attr);
	}
	return 0;
}

/*
 * Ask for the number of generic netlink family "teach". This is done before
 * anything else, of rtnetlink too: it loads the module if it is installed, and without
 * the module rtnetlink would answer with other families' tables, or with empty
 * ones, where the user should read what is wrong.
 */
static int find_family(struct teach_nl *nl)
{
	union libteach_req req;
	struct genlmsghdr *gh;
	int err;

	gh = libteach_req_init(&req, GENL_ID_CTRL, 0, sizeof(*gh));
	gh->cmd = CTRL_CMD_GETFAMILY;
	gh->version = 1;
	mnl_attr_put_strz(&req.nlh, CTRL_ATTR_FAMILY_NAME, TEACH_GENL_NAME);

	err = exchange(nl, LIBTEACH_GENERIC, &req, take_family, nl);
	if (err == -ENOENT || (!err && nl->genl_id < GENL_MIN_ID)) {
		nl->genl_id = 0;
		set_error(nl, "This kernel has no AF_TEACH: load it with \"modprobe teach\"");
		return -EAFNOSUPPORT;
	}
	if (err)
		nl->genl_id = 0;
	return err;
}

int libteach_neigh_group(struct teach_nl *nl, uint32_t *group)
{
	int err;

	if (nl->busy)
		return -EBUSY;
	nl->busy = 1;
	nl->error[0] = '\0';
	err = nl->genl_id ? 0 : find_family(nl);
	nl->busy = 0;
	*group = nl->neigh_group;
	return err || *group ? err : -EOPNOTSUPP;
}

int libteach_talk(struct teach_nl *nl, int which, union libteach_req *req,
		  libteach_msg_cb cb, void *arg)
{
	int err = 0;

	if (nl->busy)
		return -EBUSY;
	nl->busy = 1;
	nl->error[0] = '\0';
	nl->error_offset = 0;

	if (!nl->genl_id)
		err = find_family(nl);
	if (!err) {
		if (which == LIBTEACH_GENERIC)
			req->nlh.nlmsg_type = nl->genl_id;
		err = exchange(nl, which, req, cb, arg);
	}
	nl->busy = 0;
	return err;
}
