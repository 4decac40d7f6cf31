/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_DIAG_H
#define TEACH_CTL_DIAG_H

#include <linux/types.h>

struct sk_buff;
struct teach_sock;
struct user_namespace;

int teach_diag_init(void);
void teach_diag_exit(void);

#if IS_ENABLED(CONFIG_KUNIT)
size_t teach_diag_size(void);
int teach_diag_fill(struct sk_buff *skb, struct teach_sock *tsk, u32 show,
		    struct user_namespace *user_ns, u32 portid, u32 seq, int flags);
#endif

#endif
