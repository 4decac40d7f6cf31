// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>
int probe(struct sock *sk, struct msghdr *msg, struct cmsghdr *cmsg, struct sockcm_cookie *c);
int probe(struct sock *sk, struct msghdr *msg, struct cmsghdr *cmsg, struct sockcm_cookie *c)
{
	return __sock_cmsg_send(sk, msg, cmsg, c);
}
