// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>
int probe(const struct sock *sk);
int probe(const struct sock *sk)
{
	return sk_drops_read(sk);
}
