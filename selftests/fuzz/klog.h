/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says meanwhile. Which messages are reports against it is known to
 * scripts/klog-check alone.
 */
#ifndef FUZZ_KLOG_H
#define FUZZ_KLOG_H

/* From now on; @check is the path of scripts/klog-check. */
void klog_init(const char *check);
/* 1 if the kernel reported something since the last call; then the whole of it is in
 * klog_text().
 */
int klog_check(void);
const char *klog_text(void);
/* Can this kernel report the same once more, and be believed? */
int klog_may_go_on(void);
/* What is reported once only is reported anew. */
void klog_rearm(void);

#endif /* FUZZ_KLOG_H */
