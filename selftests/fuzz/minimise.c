// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Minimising: see minimise.h. Large pieces go first: a try may cost a boot.
 */
#include <stdlib.h>
#include <string.h>

#include "minimise.h"
#include "ops.h"

static struct programs copy_but(const struct programs *ps, unsigned int from, unsigned int n)
{
	struct programs new = { ps->n - n, malloc(ps->n * sizeof(*ps->all)) };
	unsigned int i, at = 0;

	if (!new.all)
		abort();
	for (i = 0; i < ps->n; i++) {
		if (i < from || i >= from + n)
			program_copy(&new.all[at++], &ps->all[i]);
	}
	return new;
}

static int try(struct programs *ps, struct programs *new, minimise_test test)
{
	int ret = test(new);

	if (ret == 1) {
		free(ps->all);
		*ps = *new;
	} else {
		free(new->all);
	}
	return ret;
}

/* All but the last few; then halves, quarters and so on. */
static int drop_programs(struct programs *ps, minimise_test test)
{
	static const unsigned int lasts[] = { 1, 2, 4, 16 };
	unsigned int i, n, at;
	struct programs new;
	int ret;

	for (i = 0; i < sizeof(lasts) / sizeof(lasts[0]) && lasts[i] < ps->n; i++) {
		new = copy_but(ps, 0, ps->n - lasts[i]);
		ret = try(ps, &new, test);
		if (ret == 1)
			break;
		if (ret)
			return ret;
	}
	for (n = ps->n / 2; n; n /= 2) {
		for (at = 0; at < ps->n && ps->n > n;) {
			new = copy_but(ps, at, n < ps->n - at ? n : ps->n - at);
			ret = try(ps, &new, test);
			if (ret < 0 || ret > 1)
				return ret;
			at += ret ? 0 : n;
		}
	}
	return 0;
}

static int drop_ops(struct programs *ps, unsigned int which, minimise_test test)
{
	unsigned int n, at, i;
	struct programs new;
	int ret;

	for (n = ps->all[which].n / 2; n; n /= 2) {
		for (at = 0; at < ps->all[which].n && ps->all[which].n > n;) {
			new = copy_but(ps, 0, 0);
			for (i = 0; i < n && at < new.all[which].n; i++)
				program_remove(&new.all[which], at);
			ret = try(ps, &new, test);
			if (ret < 0 || ret > 1)
				return ret;
			at += ret ? 0 : n;
		}
	}
	return 0;
}

/* All on one thread. */
static int drop_threads(struct programs *ps, unsigned int which, minimise_test test)
{
	struct programs new = copy_but(ps, 0, 0);
	unsigned int i;
	int ret;

	if (!program_is_parallel(&ps->all[which])) {
		free(new.all);
		return 0;
	}
	for (i = 0; i < new.all[which].n; i++)
		new.all[which].ops[i].thread = 0;
	ret = try(ps, &new, test);
	return ret == 1 ? 0 : ret;
}

/* Bytes at the end, then numbers that may as well be 0. */
static int shrink_op(struct programs *ps, unsigned int which, unsigned int at,
		     minimise_test test)
{
	struct programs new;
	int i, n, ret;

	for (n = ps->all[which].ops[at].len / 2; n; n /= 2) {
		new = copy_but(ps, 0, 0);
		new.all[which].ops[at].len -= n;
		ret = try(ps, &new, test);
		if (ret < 0 || ret > 1)
			return ret;
		if (n > ps->all[which].ops[at].len)
			n = ps->all[which].ops[at].len;
	}
	for (i = 0; i < op_types[ps->all[which].ops[at].type].n_args; i++) {
		if (!ps->all[which].ops[at].args[i])
			continue;
		new = copy_but(ps, 0, 0);
		new.all[which].ops[at].args[i] = 0;
		ret = try(ps, &new, test);
		if (ret < 0 || ret > 1)
			return ret;
	}
	return 0;
}

int minimise(struct programs *ps, minimise_test test)
{
	unsigned int which, at;
	int ret = drop_programs(ps, test);

	for (which = 0; !ret && which < ps->n; which++) {
		ret = drop_ops(ps, which, test);
		if (!ret)
			ret = drop_threads(ps, which, test);
		for (at = 0; !ret && at < ps->all[which].n; at++)
			ret = shrink_op(ps, which, at, test);
	}
	return ret;
}

void minimise_ops(struct program *p, int (*test)(const struct program *p))
{
	unsigned int n, at, i, end = p->n / 4;
	struct program new;

	for (n = p->n / 2; n && n >= end; n /= 2) {
		for (at = p->n; at > 0 && p->n > n;) {
			at = at > n ? at - n : 0;
			program_copy(&new, p);
			for (i = 0; i < n && at < new.n; i++)
				program_remove(&new, at);
			if (new.n && test(&new))
				program_copy(p, &new);
		}
	}
}
