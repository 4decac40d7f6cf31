/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module itself: loading, unloading, what the kernel says of it.
 */
#ifndef SELFTESTS_MODULE_H
#define SELFTESTS_MODULE_H

#include <stdbool.h>

void module_read(const char *path);
int module_try_load(void);
int module_try_unload(void);
void module_load(void);
void module_unload(void);
bool module_is_loaded(void);
long module_references(void);
bool module_unused(long references);
void module_text(unsigned long *start, unsigned long *end);

#endif /* SELFTESTS_MODULE_H */
