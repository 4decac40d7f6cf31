// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>
kuid_t probe(const struct sock *sk);
kuid_t probe(const struct sock *sk)
{
	return sk_uid(sk);
}
