// SPDX-License-Identifier: GPL-2.0
/*
 * The table of protocols: how net/ hands packets up without knowing to whom.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include "net/proto.h"

static const struct teach_protocol __rcu *protocols[TEACHPROTO_MAX] __read_mostly;

/**
 * teach_protocol_add() - take packets of a protocol number from now on
 * @number: TEACHPROTO_*
 * @protocol: who takes them; valid until teach_protocol_del() returns
 *
 * Any context. Return: 0, or -EEXIST where somebody takes them.
 */
int teach_protocol_add(u8 number, const struct teach_protocol *protocol)
{
	const struct teach_protocol __rcu *new = RCU_INITIALIZER(protocol);

	return cmpxchg(&protocols[number], NULL, new) ? -EEXIST : 0;
}

/**
 * teach_protocol_del() - take them no more
 * @number: TEACHPROTO_*
 *
 * Process context; waits until nobody is in the protocol's functions.
 */
void teach_protocol_del(u8 number)
{
	RCU_INIT_POINTER(protocols[number], NULL);
	synchronize_net();
}

/**
 * teach_protocol_get_rcu() - who takes a protocol number
 * @number: the protocol field of a packet
 *
 * Context: rcu_read_lock(). Return: valid until that ends, or NULL.
 */
const struct teach_protocol *teach_protocol_get_rcu(u8 number)
{
	return rcu_dereference(protocols[number]);
}
