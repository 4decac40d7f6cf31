/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_SOCK_DGRAM_H
#define TEACH_SOCK_DGRAM_H

int teach_dgram_init(void);
void teach_dgram_exit(void);

#endif
