/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_PROCFS_H
#define TEACH_CTL_PROCFS_H

int teach_procfs_init(void);
void teach_procfs_exit(void);

#endif
