// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: the link that a request is about.
 */
#include <linux/teach.h>
#include <net/genetlink.h>
#include "ctl/genl_link.h"
#include "link/link.h"

/**
 * teach_genl_named_link() - the link that a request names, by index or by name
 * @info: request with TEACH_A_IFINDEX, TEACH_A_IFNAME, or neither
 *
 * Process context under RTNL. Return: the link, valid as long as RTNL is held; NULL if none
 * is named; or an ERR_PTR, and the extended acknowledgment says why.
 */
struct teach_link *teach_genl_named_link(struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct net_device *dev;
	struct teach_link *link;
	char name[IFNAMSIZ];

	if (info->attrs[TEACH_A_IFINDEX]) {
		dev = __dev_get_by_index(net, nla_get_u32(info->attrs[TEACH_A_IFINDEX]));
	} else if (info->attrs[TEACH_A_IFNAME]) {
		nla_strscpy(name, info->attrs[TEACH_A_IFNAME], sizeof(name));
		dev = __dev_get_by_name(net, name);
	} else {
		return NULL;
	}
	if (!dev) {
		GENL_SET_ERR_MSG(info, "Device not found");
		return ERR_PTR(-ENODEV);
	}
	link = teach_link_get_rtnl(net, dev->ifindex);
	if (!link) {
		GENL_SET_ERR_MSG(info, "Device does not carry TEACH: it is not Ethernet");
		return ERR_PTR(-EOPNOTSUPP);
	}
	return link;
}

/**
 * teach_genl_required_link() - the link that a request must name
 * @info: request
 *
 * Process context under RTNL. Return: as teach_genl_named_link(), but ERR_PTR(-EINVAL) for
 * NULL.
 */
struct teach_link *teach_genl_required_link(struct genl_info *info)
{
	struct teach_link *link = teach_genl_named_link(info);

	if (link)
		return link;
	GENL_SET_ERR_MSG(info, "Device is missing: give its index or name");
	return ERR_PTR(-EINVAL);
}
