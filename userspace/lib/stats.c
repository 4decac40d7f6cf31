// SPDX-License-Identifier: LGPL-2.1-or-later
/* Counters: generic netlink. Their names come from the kernel's own header. */
#include <errno.h>
#include <string.h>
#include "nl.h"

#define STAT_NAME(id, name) [TEACH_STAT_##id] = name,
static const char *const stat_names[TEACH_STAT_MAX + 1] = {
	TEACH_STATS(STAT_NAME)
};

const char *teach_stat_name(unsigned int stat)
{
	return stat <= TEACH_STAT_MAX ? stat_names[stat] : NULL;
}

int teach_stat_parse(const char *text, unsigned int *stat)
{
	unsigned int i;

	for (i = 1; i <= TEACH_STAT_MAX; i++) {
		if (!strcmp(stat_names[i], text)) {
			*stat = i;
			return 0;
		}
	}
	return -EINVAL;
}

struct get {
	uint64_t	*value;
	size_t		n;
	int		found;
};

static int take(const struct nlmsghdr *nlh, void *arg)
{
	struct get *get = arg;
	const struct nlattr *nest, *attr;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EPROTO;
	mnl_attr_for_each(nest, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(nest) != TEACH_A_STATS)
			continue;
		get->found = 1;
		mnl_attr_for_each_nested(attr, nest) {
			uint16_t type = mnl_attr_get_type(attr);

			/* A newer kernel may count more; 0 is padding. */
			if (type == 0 || type >= get->n)
				continue;
			if (mnl_attr_get_payload_len(attr) != sizeof(uint64_t))
				return -EPROTO;
			get->value[type] = mnl_attr_get_u64(attr);
		}
	}
	return 0;
}

static int stats_get(struct teach_nl *nl, uint32_t ifindex, uint64_t *value, size_t n)
{
	struct get get = { .value = value, .n = n };
	union libteach_req req;
	int err;

	memset(value, 0, n * sizeof(*value));
	libteach_req_genl(&req, TEACH_CMD_STATS_GET, 0);
	if (ifindex)
		mnl_attr_put_u32(&req.nlh, TEACH_A_IFINDEX, ifindex);
	err = libteach_talk(nl, LIBTEACH_GENERIC, &req, take, &get);
	return err || get.found ? err : libteach_malformed(nl);
}

int teach_stats_get(struct teach_nl *nl, uint64_t *value, size_t n)
{
	return stats_get(nl, 0, value, n);
}

int teach_link_stats_get(struct teach_nl *nl, uint32_t ifindex, uint64_t *value, size_t n)
{
	return ifindex ? stats_get(nl, ifindex, value, n) : -EINVAL;
}
