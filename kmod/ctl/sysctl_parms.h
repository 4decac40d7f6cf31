/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_SYSCTL_PARMS_H
#define TEACH_CTL_SYSCTL_PARMS_H

int teach_sysctl_parms_init(void);
void teach_sysctl_parms_exit(void);

#endif
