/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_RTNL_ADDR_H
#define TEACH_CTL_RTNL_ADDR_H

int teach_rtnl_addr_init(void);
void teach_rtnl_addr_exit(void);

#endif
