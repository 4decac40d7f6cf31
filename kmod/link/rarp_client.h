/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_RARP_CLIENT_H
#define TEACH_LINK_RARP_CLIENT_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct net;
struct netlink_ext_ack;
struct teach_link;
struct teach_rarp_msg;

/* Prefix length of an address learnt by RARP, which tells none, unless said otherwise. */
#define TEACH_RARP_PREFIX_LEN	24

/**
 * struct teach_rarp_answer - an answer that a program waits for
 * @net: network namespace
 * @portid: netlink socket of the program
 * @seq: sequence number of its request
 * @ifindex: device that the answer came in by
 * @msg: the answer
 */
struct teach_rarp_answer {
	struct net			*net;
	u32				portid;
	u32				seq;
	int				ifindex;
	const struct teach_rarp_msg	*msg;
};

int teach_rarp_client_start(struct teach_link *link, u8 prefix_len,
			    struct netlink_ext_ack *extack);
int teach_rarp_client_stop(struct teach_link *link, struct netlink_ext_ack *extack);
int teach_rarp_client_query(struct teach_link *link, const u8 *mac, u32 portid, u32 seq,
			    struct netlink_ext_ack *extack);
bool teach_rarp_client_rcv(struct teach_link *link, const struct teach_rarp_msg *msg);
void teach_rarp_client_update(struct teach_link *link);
void teach_rarp_client_renumber(struct teach_link *link);
void teach_rarp_client_attach(struct teach_link *link);
void teach_rarp_client_detach(struct teach_link *link);
void teach_rarp_client_set_answer(void (*fn)(const struct teach_rarp_answer *answer));

int teach_rarp_client_init(void);
void teach_rarp_client_exit(void);

#endif
