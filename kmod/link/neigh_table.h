/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_NEIGH_TABLE_H
#define TEACH_LINK_NEIGH_TABLE_H

#include "link/neigh.h"

struct teach_neigh *teach_neigh_find(struct teach_link *link, __be32 addr);
struct teach_neigh *teach_neigh_get(struct teach_link *link, __be32 addr);
struct teach_neigh *teach_neigh_get_heard(struct teach_link *link, __be32 addr);
struct teach_neigh *teach_neigh_get_broadcast(struct teach_link *link);
struct teach_neigh *teach_neigh_create(struct teach_link *link, __be32 addr,
				       bool permanent);
int teach_neigh_admin_update(struct teach_neigh *n, const u8 *mac, u8 new_state,
			     unsigned int flags, u16 ntf_flags);
int teach_neigh_manage(struct teach_neigh *n, u16 ntf_flags);
void teach_neigh_remove(struct teach_neigh *n, enum teach_neigh_reason reason);
void teach_neigh_flush(struct teach_link *link, bool keep_permanent,
		       enum teach_neigh_reason reason);

int teach_neigh_init(void);
void teach_neigh_exit(void);

#endif
