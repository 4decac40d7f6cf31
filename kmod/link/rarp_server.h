/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_RARP_SERVER_H
#define TEACH_LINK_RARP_SERVER_H

#include <linux/teach.h>

struct teach_link;
struct teach_rarp_msg;

enum teach_stat teach_rarp_server_rcv(struct teach_link *link,
				      const struct teach_rarp_msg *msg);
void teach_rarp_server_attach(struct teach_link *link);
void teach_rarp_server_detach(struct teach_link *link);

int teach_rarp_server_init(void);
void teach_rarp_server_exit(void);

#endif
