/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_PING_H
#define TEACH_SOCK_PING_H

int teach_ping_init(void);
void teach_ping_exit(void);

#endif
