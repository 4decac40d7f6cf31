/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_GROUP_H
#define TEACH_LINK_GROUP_H

#include <linux/types.h>

struct teach_link;

void teach_group_mac(__be32 addr, u8 *mac);
int teach_group_join(const struct teach_link *link, __be32 addr);
void teach_group_leave(const struct teach_link *link, __be32 addr);

#endif
