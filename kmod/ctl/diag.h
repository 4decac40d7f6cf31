/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_DIAG_H
#define TEACH_CTL_DIAG_H

int teach_diag_init(void);
void teach_diag_exit(void);

#endif
