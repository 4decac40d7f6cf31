// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>
void probe(struct sk_buff *skb, const struct sockcm_cookie *cookie);
void probe(struct sk_buff *skb, const struct sockcm_cookie *cookie)
{
	skb_setup_tx_timestamp(skb, cookie);
}
