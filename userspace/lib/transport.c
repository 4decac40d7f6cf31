// SPDX-License-Identifier: LGPL-2.1-or-later
/* The real transport: netlink sockets by libmnl. */
#include <errno.h>
#include <net/if.h>
#include <libmnl/libmnl.h>
#include "transport.h"

static void kernel_close(void *sock)
{
	mnl_socket_close(sock);
}

static int kernel_open(int bus, void **sock)
{
	struct mnl_socket *nl = mnl_socket_open2(bus, SOCK_CLOEXEC);
	int one = 1, err;

	if (!nl)
		return -errno;

	/*
	 * Explanations with errors, not the whole request back, and refusal
	 * of filters that are not understood. Kernels since 4.20 have all three.
	 */
	if (mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &one, sizeof(one)) ||
	    mnl_socket_setsockopt(nl, NETLINK_GET_STRICT_CHK, &one,
				  sizeof(one)) ||
	    mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID)) {
		err = -errno;
		kernel_close(nl);
		return err;
	}
	*sock = nl;
	return 0;
}

static int kernel_join(void *sock, unsigned int group)
{
	int g = group;

	if (mnl_socket_setsockopt(sock, NETLINK_ADD_MEMBERSHIP, &g, sizeof(g)))
		return -errno;
	return 0;
}

static int kernel_send(void *sock, const void *msg, size_t len)
{
	return mnl_socket_sendto(sock, msg, len) < 0 ? -errno : 0;
}

static ssize_t kernel_recv(void *sock, void *buf, size_t size, int wait)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
	};
	ssize_t n;

	/*
	 * Not mnl_socket_recvfrom(): it has neither MSG_DONTWAIT nor a look
	 * at the sender, and only the kernel's word counts.
	 */
	do {
		n = recvmsg(mnl_socket_get_fd(sock), &msg,
			    wait ? 0 : MSG_DONTWAIT);
		if (n < 0 && errno != EINTR)
			return -errno;
	} while (n < 0 || from.nl_pid != 0);

	return msg.msg_flags & MSG_TRUNC ? -EMSGSIZE : n;
}

static int kernel_fd(void *sock)
{
	return mnl_socket_get_fd(sock);
}

const struct teach_transport libteach_kernel = {
	.open	= kernel_open,
	.join	= kernel_join,
	.send	= kernel_send,
	.recv	= kernel_recv,
	.fd	= kernel_fd,
	.close	= kernel_close,
	.index	= if_nametoindex,
	.name	= if_indextoname,
};
