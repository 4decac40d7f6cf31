/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_RTNL_NEIGH_H
#define TEACH_CTL_RTNL_NEIGH_H

int teach_rtnl_neigh_init(void);
void teach_rtnl_neigh_exit(void);

#endif
