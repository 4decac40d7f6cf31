/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_GENL_LINK_H
#define TEACH_CTL_GENL_LINK_H

struct genl_info;
struct teach_link;

struct teach_link *teach_genl_named_link(struct genl_info *info);
struct teach_link *teach_genl_required_link(struct genl_info *info);

#endif
