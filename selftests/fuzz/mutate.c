// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mutation: see mutate.h. Nothing here knows an operation: what they take is said by
 * the table in ops.c and the formats.
 */
#include <string.h>

#include "mutate.h"
#include "ops.h"

static uint32_t any_arg(struct prng *r, const struct arg_kind *kind)
{
	uint32_t value = kind->values[prng_below(r, kind->n)];

	if (prng_one_in(r, 32))
		return format_number(r);
	while (kind->is_mask && prng_one_in(r, 4))
		value |= kind->values[prng_below(r, kind->n)];
	return value;
}

void op_make(struct prng *r, struct op *op, int type)
{
	const struct op_type *t = &op_types[type];
	int i;

	op->type = type;
	op->thread = 0;
	op->len = 0;
	for (i = 0; i < t->n_args; i++)
		op->args[i] = any_arg(r, t->args[i]);
	if (t->format)
		t->format->make(r, op);
}

static int any_type(struct prng *r)
{
	unsigned int sum = 0, at;
	int type;

	for (type = 0; type < OP_KINDS; type++)
		sum += op_types[type].weight;
	at = prng_below(r, sum);
	for (type = 0; at >= op_types[type].weight; type++)
		at -= op_types[type].weight;
	return type;
}

/* ---- Bytes ------------------------------------------------------------------------ */

static void mutate_raw(struct prng *r, struct op *op)
{
	uint32_t at = prng_below(r, op->len), n, number = format_number(r);

	switch (prng_below(r, 6)) {
	case 0:
		op->bytes[at] ^= 1 << prng_below(r, 8);
		break;
	case 1:
		op->bytes[at] = number;
		break;
	case 2:		/* a number in either byte order */
		if (prng_one_in(r, 2))
			number = __builtin_bswap32(number);
		n = 2 << prng_below(r, 2);
		if (at + n <= op->len)
			memcpy(op->bytes + at, &number, n);
		break;
	case 3:		/* shorter */
		op->len -= 1 + prng_below(r, op->len - at);
		break;
	case 4:		/* longer */
		n = 1 + prng_below(r, 40);
		if (op->len + n <= OP_BYTES) {
			memset(op->bytes + op->len, prng_next(r), n);
			op->len += n;
		}
		break;
	case 5:		/* a gap */
		n = 4 * (1 + prng_below(r, 4));
		if (op->len + n <= OP_BYTES) {
			memmove(op->bytes + at + n, op->bytes + at, op->len - at);
			op->len += n;
		}
		break;
	}
}

static void mutate_bytes(struct prng *r, struct op *op)
{
	const struct format *format = op_types[op->type].format;
	uint32_t n = 1 + prng_below(r, 3);

	while (n--) {
		if (!op->len)
			format->make(r, op);
		else if (format->mutate && !prng_one_in(r, 3))
			format->mutate(r, op);
		else
			mutate_raw(r, op);
	}
	/* Mostly, or nothing would get past the checksum. */
	if (format->repair && !prng_one_in(r, 4))
		format->repair(op);
}

/* Of any kind, most of them valid. */
static void op_any(struct prng *r, struct op *op)
{
	op_make(r, op, any_type(r));
	if (op_types[op->type].format && prng_one_in(r, 4))
		mutate_bytes(r, op);
}

/* ---- Programs --------------------------------------------------------------------- */

static void mutate_op(struct prng *r, struct op *op)
{
	const struct op_type *t = &op_types[op->type];
	uint32_t i;

	if (t->format && (!t->n_args || !prng_one_in(r, 3))) {
		mutate_bytes(r, op);
	} else if (t->n_args) {
		i = prng_below(r, t->n_args);
		op->args[i] = any_arg(r, t->args[i]);
	}
}

/* A part of another program, at some place. */
static void splice(struct prng *r, struct program *p, const struct program *other)
{
	uint32_t from = prng_below(r, other->n), at = prng_below(r, p->n + 1), n;
	struct op *op;

	for (n = 1 + prng_below(r, 5); n && from < other->n; n--, from++, at++) {
		op = program_insert(p, at);
		if (op)
			memcpy(op, &other->ops[from], sizeof(*op));
	}
}

/* The end of a program, or all but its start, on several threads. */
static void parallelise(struct prng *r, struct program *p)
{
	uint32_t i, from = prng_below(r, p->n), threads = 2 + prng_below(r, THREADS - 1);

	for (i = 0; i < p->n; i++)
		p->ops[i].thread = i < from ? 0 : prng_below(r, threads);
}

/* What one thread does, others do too. */
static void echo(struct prng *r, struct program *p)
{
	uint32_t from = prng_below(r, p->n);
	struct op *op = program_insert(p, p->n);

	if (!op)
		return;
	memcpy(op, &p->ops[from], sizeof(*op));
	op->thread = prng_below(r, THREADS);
}

static void mutate_once(struct prng *r, struct program *p, const struct program *other)
{
	struct op *op, copy;
	uint32_t at;

	switch (prng_below(r, 16)) {
	case 0:
	case 1:
	case 2:
		op = program_insert(p, prng_below(r, p->n + 1));
		if (op)
			op_any(r, op);
		break;
	case 3:
		if (p->n > 1)
			program_remove(p, prng_below(r, p->n));
		break;
	case 4:
		memcpy(&copy, &p->ops[prng_below(r, p->n)], sizeof(copy));
		op = program_insert(p, prng_below(r, p->n + 1));
		if (op)
			memcpy(op, &copy, sizeof(copy));
		break;
	case 5:
		if (other && other->n)
			splice(r, p, other);
		break;
	case 6:
		if (prng_one_in(r, 2))
			parallelise(r, p);
		else
			echo(r, p);
		break;
	case 7:		/* what fails for want of memory */
		at = prng_below(r, p->n);
		op = program_insert(p, at);
		if (op) {
			op_make(r, op, OP_FAIL);
			op->thread = p->ops[at + 1].thread;
		}
		break;
	default:
		mutate_op(r, &p->ops[prng_below(r, p->n)]);
	}
}

void program_mutate(struct prng *r, struct program *p, const struct program *other)
{
	uint32_t n;

	/* Operations are quick compared with what surrounds a program. */
	for (n = 1 + prng_below(r, 8); n; n--)
		mutate_once(r, p, other);
}

void program_generate(struct prng *r, struct program *p)
{
	uint32_t n = 2 + prng_below(r, 10), i;

	/* Half of the time something sensible comes first. */
	p->n = 0;
	if (prng_one_in(r, 2))
		seed_make(r, p, prng_below(r, SEEDS));
	for (i = 0; i < n && p->n < PROGRAM_OPS; i++)
		op_any(r, program_insert(p, p->n));
	if (prng_one_in(r, 4))
		parallelise(r, p);
}
