// SPDX-License-Identifier: GPL-2.0
/*
 * In which manner a link asks: by ARP (link/arp.c), which all hosts have to read, or by
 * neighbour discovery (link/nd.c), which is for the group of an address. The parameter
 * `resolver` says which; both kinds of question are answered whatever it says, so hosts of
 * both kinds can share a link.
 */
#include <linux/teach.h>
#include "link/addr.h"
#include "link/link.h"
#include "link/resolver.h"

/**
 * teach_resolver_choose() - how is a neighbour asked?
 * @link: its link
 * @asked: requests since resolution or probing began
 *
 * Any context. Return: the manner. Who may speak only ARP is asked in the other one first, and
 * if that brought nothing by ARP.
 */
enum teach_manner teach_resolver_choose(const struct teach_link *link, unsigned int asked)
{
	switch (READ_ONCE(link->parms.resolver)) {
	case TEACH_RESOLVER_ND:
		return TEACH_BY_ND;
	case TEACH_RESOLVER_ND_ARP:
		return asked ? TEACH_BY_ARP : TEACH_BY_ND;
	}
	return TEACH_BY_ARP;
}

/**
 * teach_resolver_source() - the address of ours that a request tells
 * @link: link that it leaves by
 * @target: who is asked for
 * @from: source of the packet that waits, or 0
 *
 * As arp_announce says. Context: rcu_read_lock(). Return: the address, or any (0) where the link
 * has none: then nobody could answer.
 */
__be32 teach_resolver_source(const struct teach_link *link, __be32 target, __be32 from)
{
	switch (teach_link_policy(link, TEACH_PARM_A_ARP_ANNOUNCE)) {
	case 0:
		if (from && teach_addr_is_local(link->net, from))
			return from;
		break;
	case 1:
		if (from && teach_addr_is_local(link->net, from) &&
		    teach_addr_on_link(link, target, from))
			return from;
		break;
	}
	return teach_addr_select(link, target);
}

/**
 * teach_resolver_claim() - ask for an address that we want, or say that we have it
 * @link: link, alive
 * @target: the address
 * @sender: any (0) in a probe, @target in an announcement
 *
 * In each manner in which others may be asked. Context: rcu_read_lock() or RTNL. Return: true
 * if the device got a frame.
 */
bool teach_resolver_claim(const struct teach_link *link, __be32 target, __be32 sender)
{
	int mode = READ_ONCE(link->parms.resolver);
	bool sent = false;

	if (mode != TEACH_RESOLVER_ND)
		sent |= link->resolvers[TEACH_BY_ARP]->claim(link, target, sender);
	if (mode != TEACH_RESOLVER_ARP)
		sent |= link->resolvers[TEACH_BY_ND]->claim(link, target, sender);
	return sent;
}
