/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_IOCTL_H
#define TEACH_CTL_IOCTL_H

int teach_ioctl_init(void);
void teach_ioctl_exit(void);

#endif
