/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_GENL_H
#define TEACH_CTL_GENL_H

int teach_genl_init(void);
void teach_genl_exit(void);

#endif
