/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_LINK_RESOLVER_H
#define TEACH_LINK_RESOLVER_H

#include "link/link.h"

enum teach_manner teach_resolver_choose(const struct teach_link *link, unsigned int asked);
__be32 teach_resolver_source(const struct teach_link *link, __be32 target, __be32 from);
bool teach_resolver_claim(const struct teach_link *link, __be32 target, __be32 sender);

#endif
