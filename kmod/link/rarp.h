/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_RARP_H
#define TEACH_LINK_RARP_H

struct teach_link;

void teach_rarp_attach(struct teach_link *link);
void teach_rarp_detach(struct teach_link *link);

#endif
