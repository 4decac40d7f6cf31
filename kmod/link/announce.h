/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_ANNOUNCE_H
#define TEACH_LINK_ANNOUNCE_H

struct teach_link;

void teach_announce(const struct teach_link *link);

int teach_announce_init(void);
void teach_announce_exit(void);

#endif
