/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_COMMON_H
#define TEACH_SOCK_COMMON_H

#include <linux/net.h>

struct poll_table_struct;
struct sock;
struct teach_sock;

int teach_sock_release(struct socket *sock);
int teach_sock_bind(struct socket *sock, struct sockaddr_unsized *addr, int len);
int teach_sock_autobind(struct teach_sock *tsk);
int teach_sock_connect(struct socket *sock, struct sockaddr_unsized *addr, int len,
		       int flags);
int teach_sock_getname(struct socket *sock, struct sockaddr *addr, int peer);
__poll_t teach_sock_poll(struct file *file, struct socket *sock,
			 struct poll_table_struct *wait);
int teach_sock_shutdown(struct socket *sock, int how);
int teach_sock_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);

/* For struct proto. */
int teach_sock_queue_ioctl(struct sock *sk, int cmd, int *arg);
void teach_sock_close(struct sock *sk, long timeout);
void teach_sock_unhash(struct sock *sk);
int teach_sock_disconnect(struct sock *sk, int flags);

#endif
