/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in the kernel, made on purpose: see Documentation/fault-injection of the
 * kernel's source. It needs a kernel that has them (CONFIG_FAULT_INJECTION,
 * FAILSLAB, FAIL_PAGE_ALLOC, FAULT_INJECTION_USERCOPY,
 * FAULT_INJECTION_STACKTRACE_FILTER), which those of distributions are not.
 *
 * The n-th of what can fail (memory from slabs or pages, copying from or to the
 * program) fails in the calling thread, /proc/thread-self/fail-nth. It is made 1, 2,
 * ... until the call has fewer of them: then each has failed once. Softirqs and
 * timers have no such number: there each n-th fails of what the module asks for.
 *
 * With INJECT_VERBOSE=1 in its environment a test leaves in the kernel's log where
 * each fault was, and what came of it; stacks in there fail the test, of course.
 */
#ifndef SELFTESTS_INJECT_H
#define SELFTESTS_INJECT_H

#include <stdbool.h>

/*
 * struct fault_op - a call that is to survive each fault
 * @once: done before all; or NULL
 * @before: makes what the call needs; or NULL
 * @call: the call: >= 0, or -1 with errno
 * @after: looks whether all is as it should be after a call that returned this,
 *	fault_error being its errno or 0, and takes back what it did. NULL if good, or
 *	what is wrong; or there is nothing to see
 * @survives: why the call may succeed although something failed in it; NULL: it
 *	may not
 * @errs: errno that a fault may lead to
 * @count: the call is tried in so many ways: fault_way is 0 to count - 1; 0 is 1
 * @within: a function of the kernel: only what it calls fails; or "teach", for
 *	what the module calls; NULL: all of the call
 * @rarely: a call that takes long is tried without a fault only after each so many
 *	faults; 0 is 1
 * @may_have_none: nothing in it can fail
 */
struct fault_op {
	void (*once)(void);
	void (*before)(void);
	long (*call)(void);
	const char *(*after)(long ret);
	const char *survives;
	int errs[8];
	int count;
	const char *within;
	int rarely;
	bool may_have_none;
};

extern int fault_way;
extern int fault_error;
extern bool fault_made;		/* something failed in the call */

void inject_prepare(void);
const char *inject_missing(void);
bool inject_each(const struct fault_op *op);

/* By hand: all over the machine. */
void inject_every(unsigned long interval);
void inject_stop(void);

/* A fixture whose variants are calls, and one such call. */
#define FAULT_OPS(_fixture) \
	FIXTURE(_fixture) { int unused; }; \
	FIXTURE_VARIANT(_fixture) { struct fault_op op; }; \
	FIXTURE_SETUP(_fixture) \
	{ \
		const char *_why = inject_missing(); \
		\
		if (_why) \
			SKIP(return, "%s", _why); \
	} \
	FIXTURE_TEARDOWN(_fixture) {} \
	TEST_F_TIMEOUT(_fixture, fails, 200) \
	{ \
		EXPECT_TRUE(inject_each(&variant->op)); \
	}

#define FAULT_OP(_fixture, _name, ...) \
	FIXTURE_VARIANT_ADD(_fixture, _name) { .op = { __VA_ARGS__ } }

#endif /* SELFTESTS_INJECT_H */
