/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_CLAIM_H
#define TEACH_LINK_CLAIM_H

#include <linux/types.h>

struct netlink_ext_ack;
struct teach_addr_config;
struct teach_link;

int teach_claim_add(struct teach_link *link, const struct teach_addr_config *config,
		    bool always, struct netlink_ext_ack *extack);
bool teach_claim_heard(struct teach_link *link, __be32 sender, const u8 *mac,
		       __be32 target);
void teach_claim_attach(struct teach_link *link);
bool teach_claim_update(struct teach_link *link);
void teach_claim_restart(struct teach_link *link);
void teach_claim_detach(struct teach_link *link);

int teach_claim_init(void);
void teach_claim_exit(void);

#endif
