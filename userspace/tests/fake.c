// SPDX-License-Identifier: GPL-2.0-or-later
/* The transport without a kernel, and the messages that answer: see fake.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include "fake.h"

fake_handler fake_request;
void (*fake_join)(struct fake_sock *s, unsigned int group);
struct fake_sock *fake_listener;
bool fake_ends = true;

static int open_sock(int bus, void **sock)
{
	struct fake_sock *s = malloc(sizeof(*s));
	int fd[2], size = 4 << 20;

	if (!s)
		abort();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd))
		abort();
	setsockopt(fd[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	*s = (struct fake_sock){ .bus = bus, .user = fd[0], .kernel = fd[1] };
	*sock = s;
	return 0;
}

static void close_sock(void *sock)
{
	struct fake_sock *s = sock;

	if (fake_listener == s)
		fake_listener = NULL;
	close(s->user);
	close(s->kernel);
	free(s);
}

static int join(void *sock, unsigned int group)
{
	fake_listener = sock;
	if (fake_join)
		fake_join(sock, group);
	return 0;
}

static int send_request(void *sock, const void *msg, size_t len)
{
	const struct nlmsghdr *req = msg;

	if (len < sizeof(*req) || req->nlmsg_len != len)
		abort();	/* a netlink socket would not answer at all */
	if (fake_request)
		fake_request(sock, req);
	return 0;
}

static ssize_t receive(void *sock, void *buf, size_t size, int wait)
{
	struct fake_sock *s = sock;
	int flags = wait && !fake_ends ? 0 : MSG_DONTWAIT;
	ssize_t n = recv(s->user, buf, size, flags | MSG_TRUNC);

	if (n < 0 && errno == EAGAIN && fake_ends)
		return 0;
	if (n < 0)
		return -errno;
	return (size_t)n > size ? -EMSGSIZE : n;
}

static int sock_fd(void *sock)
{
	struct fake_sock *s = sock;

	/* poll() returns at once at the end of what there is. */
	if (fake_ends)
		shutdown(s->kernel, SHUT_WR);
	return s->user;
}

static unsigned int dev_index(const char *name)
{
	if (!strcmp(name, "lo"))
		return 1;
	if (!strcmp(name, "va"))
		return 2;
	return !strcmp(name, "vb") ? 3 : 0;
}

static char *dev_name(unsigned int index, char *name)
{
	static const char *const names[] = { "lo", "va", "vb" };

	if (index < 1 || index > 3)
		return NULL;
	return strcpy(name, names[index - 1]);
}

const struct teach_transport fake_transport = {
	.open	= open_sock,
	.join	= join,
	.send	= send_request,
	.recv	= receive,
	.fd	= sock_fd,
	.close	= close_sock,
	.index	= dev_index,
	.name	= dev_name,
};

void fake_send(struct fake_sock *s, const void *data, size_t len)
{
	/* An empty datagram would be the end. */
	if (len && send(s->kernel, data, len, MSG_DONTWAIT) != (ssize_t)len) {
		perror("fake_send");
		abort();
	}
}

void *fake_msg_init(union fake_msg *m, const struct nlmsghdr *req, uint16_t type,
		    uint16_t flags, size_t size)
{
	struct nlmsghdr *nlh;

	memset(m, 0, sizeof(*m));
	nlh = mnl_nlmsg_put_header(m->buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = req ? req->nlmsg_seq : 0;
	return mnl_nlmsg_put_extra_header(nlh, size);
}

void fake_msg_send(struct fake_sock *s, const union fake_msg *m)
{
	fake_send(s, m, m->nlh.nlmsg_len);
}

void fake_done(struct fake_sock *s, const struct nlmsghdr *req)
{
	union fake_msg m;

	fake_msg_init(&m, req, NLMSG_DONE, NLM_F_MULTI, sizeof(int));
	fake_msg_send(s, &m);
}

void fake_ack(struct fake_sock *s, const struct nlmsghdr *req, int err,
	      const char *text)
{
	union fake_msg m;
	struct nlmsgerr *e;

	e = fake_msg_init(&m, req, NLMSG_ERROR, NLM_F_CAPPED, sizeof(*e));
	e->error = err;
	e->msg = *req;
	if (text) {
		m.nlh.nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(&m.nlh, NLMSGERR_ATTR_MSG, text);
	}
	fake_msg_send(s, &m);
}

void fake_refuse(struct fake_sock *s, const struct nlmsghdr *req, int err,
		 const char *text, const struct nlattr *culprit)
{
	union fake_msg m;
	struct nlmsgerr *e;

	e = fake_msg_init(&m, req, NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS,
			  sizeof(*e));
	e->error = err;
	e->msg = *req;
	mnl_attr_put_strz(&m.nlh, NLMSGERR_ATTR_MSG, text);
	mnl_attr_put_u32(&m.nlh, NLMSGERR_ATTR_OFFS,
			 (const char *)culprit - (const char *)req);
	fake_msg_send(s, &m);
}

bool fake_family(struct fake_sock *s, const struct nlmsghdr *req)
{
	struct nlattr *groups, *group;
	union fake_msg m;

	if (s->bus != NETLINK_GENERIC || req->nlmsg_type != GENL_ID_CTRL)
		return false;
	fake_msg_init(&m, req, GENL_ID_CTRL, 0, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(&m.nlh, CTRL_ATTR_FAMILY_NAME, TEACH_GENL_NAME);
	mnl_attr_put_u16(&m.nlh, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	groups = mnl_attr_nest_start(&m.nlh, CTRL_ATTR_MCAST_GROUPS);
	/* Another one first: it is found by its name. */
	group = mnl_attr_nest_start(&m.nlh, 1);
	mnl_attr_put_u32(&m.nlh, CTRL_ATTR_MCAST_GRP_ID, FAKE_GROUP - 1);
	mnl_attr_put_strz(&m.nlh, CTRL_ATTR_MCAST_GRP_NAME, "neighbours");
	mnl_attr_nest_end(&m.nlh, group);
	group = mnl_attr_nest_start(&m.nlh, 2);
	mnl_attr_put_u32(&m.nlh, CTRL_ATTR_MCAST_GRP_ID, FAKE_GROUP);
	mnl_attr_put_strz(&m.nlh, CTRL_ATTR_MCAST_GRP_NAME, TEACH_GENL_GRP_NEIGH);
	mnl_attr_nest_end(&m.nlh, group);
	mnl_attr_nest_end(&m.nlh, groups);
	fake_msg_send(s, &m);
	fake_ack(s, req, 0, NULL);
	return true;
}

void fake_neigh(union fake_msg *m, const struct nlmsghdr *req, uint16_t type,
		uint16_t flags, const struct teach_neigh *n)
{
	/* Ages travel in ticks, 100 a second on every Linux. */
	struct nda_cacheinfo ci = {
		.ndm_used	= n->used_ms / 10,
		.ndm_confirmed	= n->confirmed_ms / 10,
		.ndm_updated	= n->updated_ms / 10,
		.ndm_refcnt	= n->refcnt,
	};
	struct ndmsg *ndm = fake_msg_init(m, req, type, flags, sizeof(*ndm));

	ndm->ndm_family = AF_TEACH;
	ndm->ndm_ifindex = n->ifindex;
	ndm->ndm_state = n->state;
	ndm->ndm_flags = n->flags;
	mnl_attr_put_u32(&m->nlh, NDA_DST, n->addr.s_addr);
	if (n->lladdr_len)
		mnl_attr_put(&m->nlh, NDA_LLADDR, n->lladdr_len, n->lladdr);
	mnl_attr_put(&m->nlh, NDA_CACHEINFO, sizeof(ci), &ci);
	mnl_attr_put_u32(&m->nlh, NDA_PROBES, n->probes);
	/* Of a later kernel: to be ignored. */
	mnl_attr_put_u32(&m->nlh, 300, 0xffffffff);
}

void fake_info(union fake_msg *m, const struct nlmsghdr *req, uint16_t flags,
	       const struct teach_neigh_info *info)
{
	const struct teach_neigh *n = &info->neigh;
	struct genlmsghdr *gh = fake_msg_init(m, req, FAKE_FAMILY, flags, sizeof(*gh));

	gh->cmd = TEACH_CMD_NEIGH_GET;
	mnl_attr_put_u32(&m->nlh, TEACH_A_IFINDEX, n->ifindex);
	mnl_attr_put_u32(&m->nlh, TEACH_A_ADDR, n->addr.s_addr);
	mnl_attr_put_u16(&m->nlh, TEACH_A_NUD_STATE, n->state);
	if (n->lladdr_len)
		mnl_attr_put(&m->nlh, TEACH_A_LLADDR, n->lladdr_len, n->lladdr);
	mnl_attr_put_u8(&m->nlh, TEACH_A_REASON, info->reason);
	mnl_attr_put_u32(&m->nlh, TEACH_A_PROBES, n->probes);
	mnl_attr_put_u32(&m->nlh, TEACH_A_NTF_FLAGS, n->flags | n->ext_flags << 8);
	mnl_attr_put_u32(&m->nlh, TEACH_A_REFCNT, n->refcnt);
	mnl_attr_put_u64(&m->nlh, TEACH_A_USED_MS, n->used_ms);
	mnl_attr_put_u64(&m->nlh, TEACH_A_CONFIRMED_MS, n->confirmed_ms);
	mnl_attr_put_u64(&m->nlh, TEACH_A_UPDATED_MS, n->updated_ms);
	mnl_attr_put_u32(&m->nlh, TEACH_A_HELD_PACKETS, info->held_packets);
	mnl_attr_put_u32(&m->nlh, TEACH_A_HELD_BYTES, info->held_bytes);
	/* Of a later kernel: to be ignored. */
	mnl_attr_put_u32(&m->nlh, 300, 0xffffffff);
}

void fake_change(union fake_msg *m, const struct teach_neigh_change *c)
{
	struct genlmsghdr *gh = fake_msg_init(m, NULL, FAKE_FAMILY, 0, sizeof(*gh));

	gh->cmd = TEACH_CMD_NEIGH_EVENT;
	mnl_attr_put_u32(&m->nlh, TEACH_A_IFINDEX, c->ifindex);
	mnl_attr_put_u32(&m->nlh, TEACH_A_ADDR, c->addr.s_addr);
	mnl_attr_put_u16(&m->nlh, TEACH_A_OLD_NUD_STATE, c->old_state);
	if (!c->gone)
		mnl_attr_put_u16(&m->nlh, TEACH_A_NUD_STATE, c->state);
	if (c->lladdr_len)
		mnl_attr_put(&m->nlh, TEACH_A_LLADDR, c->lladdr_len, c->lladdr);
	mnl_attr_put_u8(&m->nlh, TEACH_A_REASON, c->reason);
	mnl_attr_put_u32(&m->nlh, TEACH_A_PROBES, c->probes);
	mnl_attr_put_u64(&m->nlh, TEACH_A_TIME_NS, c->time_ns);
	mnl_attr_put_u32(&m->nlh, 300, 0xffffffff);
}

void fake_addr(union fake_msg *m, const struct nlmsghdr *req, uint16_t type,
	       uint16_t flags, const struct teach_ifaddr *a)
{
	struct ifaddrmsg *ifa = fake_msg_init(m, req, type, flags, sizeof(*ifa));

	ifa->ifa_family = AF_TEACH;
	ifa->ifa_prefixlen = a->prefixlen;
	ifa->ifa_scope = a->scope;
	ifa->ifa_index = a->ifindex;
	mnl_attr_put_u32(&m->nlh, IFA_LOCAL, a->addr.s_addr);
}
