// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>
int (*probe(const struct proto *p))(struct sock *, int, int *);
int (*probe(const struct proto *p))(struct sock *, int, int *)
{
	return p->ioctl;
}
