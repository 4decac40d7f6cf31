// SPDX-License-Identifier: GPL-2.0
#include <linux/sysctl.h>
int probe(const struct ctl_table *t, int write, void *b, size_t *l, loff_t *p);
int probe(const struct ctl_table *t, int write, void *b, size_t *l, loff_t *p)
{
	return proc_dointvec(t, write, b, l, p);
}
