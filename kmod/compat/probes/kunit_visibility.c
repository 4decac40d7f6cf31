// SPDX-License-Identifier: GPL-2.0
#include <kunit/visibility.h>
VISIBLE_IF_KUNIT int probe(void);
VISIBLE_IF_KUNIT int probe(void)
{
	return 0;
}

extern int (*used)(void);
int (*used)(void) = probe;
