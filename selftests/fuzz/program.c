// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs in memory and as text: see program.h.
 */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops.h"
#include "program.h"

static void op_copy(struct op *to, const struct op *from)
{
	memcpy(to, from, offsetof(struct op, bytes) + from->len);
}

void program_copy(struct program *to, const struct program *from)
{
	unsigned int i;

	to->n = from->n;
	for (i = 0; i < from->n; i++)
		op_copy(&to->ops[i], &from->ops[i]);
}

struct op *program_insert(struct program *p, unsigned int at)
{
	unsigned int i;

	if (p->n == PROGRAM_OPS)
		return NULL;
	for (i = p->n++; i > at; i--)
		op_copy(&p->ops[i], &p->ops[i - 1]);
	memset(&p->ops[at], 0, sizeof(p->ops[at]));
	return &p->ops[at];
}

void program_remove(struct program *p, unsigned int at)
{
	p->n--;
	for (; at < p->n; at++)
		op_copy(&p->ops[at], &p->ops[at + 1]);
}

int program_is_parallel(const struct program *p)
{
	unsigned int i;

	for (i = 0; i < p->n; i++) {
		if (p->ops[i].thread)
			return 1;
	}
	return 0;
}

/* ---- Text --------------------------------------------------------------------- */

static void op_write(FILE *f, const struct op *op)
{
	static const char digits[] = "0123456789abcdef";
	const struct op_type *type = &op_types[op->type];
	char text[2 * OP_BYTES + OP_BYTES / 4 + 1], *t = text;
	int i;

	fprintf(f, "%u %s", op->thread, type->name);
	for (i = 0; i < type->n_args; i++)
		fprintf(f, op->args[i] < 4096 ? " %u" : " 0x%x", op->args[i]);
	for (i = 0; i < op->len; i++) {
		if (i && !(i % 4))
			*t++ = '_';
		*t++ = digits[op->bytes[i] >> 4];
		*t++ = digits[op->bytes[i] & 15];
	}
	*t = '\0';
	fprintf(f, "%s%s\n", op->len ? " " : "", text);
}

void program_write(FILE *f, const struct program *p)
{
	unsigned int i;

	for (i = 0; i < p->n; i++)
		op_write(f, &p->ops[i]);
	fputs("--\n", f);
}

static int hex_digit(int c)
{
	return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

static int bytes_read(struct op *op, const char *text)
{
	int high = -1;

	for (; *text; text++) {
		if (*text == '_')
			continue;
		if (!isxdigit((unsigned char)*text) || op->len == OP_BYTES)
			return -1;
		if (high < 0) {
			high = hex_digit(*text);
		} else {
			op->bytes[op->len++] = high << 4 | hex_digit(*text);
			high = -1;
		}
	}
	return high < 0 ? 0 : -1;
}

static int op_read(struct op *op, char *line)
{
	char *word = strtok(line, " \t"), *end;
	unsigned long number;
	int i, type;

	memset(op, 0, offsetof(struct op, bytes));
	number = strtoul(word, &end, 10);
	if (*end || number >= THREADS)
		return -1;
	op->thread = number;
	word = strtok(NULL, " \t");
	type = word ? op_find(word) : -1;
	if (type < 0)
		return -1;
	op->type = type;
	for (i = 0; i < op_types[type].n_args; i++) {
		word = strtok(NULL, " \t");
		if (!word)
			return -1;
		op->args[i] = strtoul(word, &end, 0);
		if (*end)
			return -1;
	}
	word = strtok(NULL, " \t");
	if (word && (!op_types[type].format || bytes_read(op, word)))
		return -1;
	return strtok(NULL, " \t") ? -1 : 0;
}

int program_read(FILE *f, struct program *p)
{
	char *line = NULL, *start;
	size_t size = 0;
	int ret = 0;

	p->n = 0;
	while (getline(&line, &size, f) > 0) {
		line[strcspn(line, "#\n")] = '\0';
		start = line + strspn(line, " \t");
		if (!*start)
			continue;
		ret = 1;
		if (!strncmp(start, "--", 2))
			break;
		if (p->n == PROGRAM_OPS || op_read(&p->ops[p->n], start)) {
			fprintf(stderr, "operation %u cannot be understood\n", p->n + 1);
			ret = -1;
			break;
		}
		p->n++;
	}
	free(line);
	return ret;
}

int programs_read(const char *file, struct programs *ps)
{
	FILE *f = fopen(file, "r");
	int ret = f ? 1 : -1;

	*ps = (struct programs){};
	while (ret > 0) {
		ps->all = realloc(ps->all, (ps->n + 1) * sizeof(*ps->all));
		if (!ps->all)
			abort();
		ret = program_read(f, &ps->all[ps->n]);
		if (ret > 0)
			ps->n++;
	}
	if (ret < 0)
		fprintf(stderr, "%s: %s\n", file, f ? "no list of programs" : strerror(errno));
	if (f)
		fclose(f);
	return ret;
}

/* The file is there as a whole or not at all, since the kernel that runs this may die
 * next.
 */
int programs_write(const char *file, const struct programs *ps, const char *comment)
{
	char part[4096];
	unsigned int i;
	FILE *f;
	int err;

	snprintf(part, sizeof(part), "%s.part", file);
	f = fopen(part, "w");
	if (!f)
		return -1;
	if (comment)
		fprintf(f, "# %s\n", comment);
	for (i = 0; i < ps->n; i++)
		program_write(f, &ps->all[i]);
	err = ferror(f) | fclose(f);
	return err ? -1 : rename(part, file);
}
