/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_SYSCTL_H
#define TEACH_CTL_SYSCTL_H

int teach_sysctl_init(void);
void teach_sysctl_exit(void);

#endif
