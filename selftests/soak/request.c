// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Netlink requests of the soak test. Unlike those of the other tests they may fail, by
 * any error, and may be used by several threads.
 */
#define _GNU_SOURCE
#include <sys/time.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "soak.h"

#define ANSWER_S	60	/* rtnl may be busy for long, with all that goes on */

int genl_family;

void req_begin(struct request *req, uint16_t type, uint16_t flags, const void *header,
	       size_t len)
{
	req->hdr = mnl_nlmsg_put_header(req->buf);
	req->hdr->nlmsg_type = type;
	req->hdr->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	memcpy(mnl_nlmsg_put_extra_header(req->hdr, len), header, len);
}

/* Sends it from the thread's namespace; the socket, or -errno. */
static int req_send(struct request *req, int protocol)
{
	struct timeval limit = { .tv_sec = ANSWER_S };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (send(fd, req->hdr, req->hdr->nlmsg_len, 0) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static int keep_on(const struct nlmsghdr *h, void *data)
{
	(void)h;
	(void)data;
	return MNL_CB_OK;
}

/* Asks and gives cb all answers. 0, or -errno. */
int req_read(struct request *req, int protocol, mnl_cb_t cb, void *data)
{
	char buf[16384];
	int fd = req_send(req, protocol), ret;
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0) {
			ret = -errno;
			break;
		}
		/* One socket a request: whatever comes is the answer. */
		ret = mnl_cb_run(buf, n, 0, 0, cb ? cb : keep_on, data);
		if (ret < 0)
			ret = -errno;
	} while (ret > MNL_CB_STOP);
	close(fd);
	return ret;
}

int req_ask(struct request *req, int protocol)
{
	return req_read(req, protocol, NULL, NULL);
}

/* Starts a dump and goes away after the first part of the answer, or before. */
int req_abandon(struct request *req, int protocol)
{
	char buf[512];
	int fd = req_send(req, protocol);

	if (fd < 0)
		return fd;
	if (req->hdr->nlmsg_seq & 1)
		recv(fd, buf, sizeof(buf), 0);
	close(fd);
	return 0;
}

static int family_cb(const struct nlmsghdr *h, void *data)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, h, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			*(int *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

/* The number of the generic netlink family, which each loading changes. */
int genl_family_get(void)
{
	const struct genlmsghdr genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	struct request req;
	int id = -ENOENT, ret;

	req_begin(&req, GENL_ID_CTRL, 0, &genl, sizeof(genl));
	mnl_attr_put_strz(req.hdr, CTRL_ATTR_FAMILY_NAME, TEACH_GENL_NAME);
	ret = req_read(&req, NETLINK_GENERIC, family_cb, &id);
	return ret ? ret : id;
}

/* A pair of devices, the second one in the namespace peer_fd. */
int veth_add(const char *dev, const char *peer, int peer_fd)
{
	const struct ifinfomsg ifi = { 0 };
	struct nlattr *info, *data, *inner;
	struct request req;

	req_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, sizeof(ifi));
	mnl_attr_put_strz(req.hdr, IFLA_IFNAME, dev);
	info = mnl_attr_nest_start(req.hdr, IFLA_LINKINFO);
	mnl_attr_put_strz(req.hdr, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(req.hdr, IFLA_INFO_DATA);
	inner = mnl_attr_nest_start(req.hdr, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(req.hdr, sizeof(ifi));
	mnl_attr_put_strz(req.hdr, IFLA_IFNAME, peer);
	mnl_attr_put_u32(req.hdr, IFLA_NET_NS_FD, peer_fd);
	mnl_attr_nest_end(req.hdr, inner);
	mnl_attr_nest_end(req.hdr, data);
	mnl_attr_nest_end(req.hdr, info);
	return req_ask(&req, NETLINK_ROUTE);
}
