/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_SOLICIT_H
#define TEACH_LINK_SOLICIT_H

#include <linux/types.h>

struct sock;
struct teach_link;

void teach_solicit_init(struct teach_link *link, unsigned long now);
u16 teach_solicit_sender(const struct sock *sk);
bool teach_solicit_allow(struct teach_link *link, u16 sender, bool again,
			 unsigned long now);
void teach_solicit_answered(struct teach_link *link);

#endif
