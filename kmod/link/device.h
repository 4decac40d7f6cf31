/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_DEVICE_H
#define TEACH_LINK_DEVICE_H

int teach_device_init(void);
void teach_device_exit(void);

#endif
