/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program: one test case, a sequence of operations on the module.
 *
 * As text it has a line for each operation:
 *
 *	THREAD NAME ARG... [BYTES]
 *
 * with the numbers in decimal or as 0x.., and the bytes in hexadecimal, in which
 * "_" may stand anywhere. "#" starts a comment. A line "--" ends a program: a file
 * may have several, which are run one after the other.
 *
 * Threads: the operations of each are run in their order. Up to the first one that
 * is not thread 0's, thread 0 is alone; from there on all run at once.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdint.h>
#include <stdio.h>

#define OP_ARGS		5
#define OP_BYTES	768	/* more are added by a length among the arguments */
#define PROGRAM_OPS	24
#define THREADS		4

struct op {
	uint8_t		type;		/* of enum op_kind, see ops.h */
	uint8_t		thread;		/* 0 to THREADS - 1 */
	uint16_t	len;		/* of bytes */
	uint32_t	args[OP_ARGS];
	uint8_t		bytes[OP_BYTES];
};

struct program {
	unsigned int	n;
	struct op	ops[PROGRAM_OPS];
};

/* Only the operations in use are copied. */
void program_copy(struct program *to, const struct program *from);
/* Makes room for an operation before the one at "at"; NULL if there is none. */
struct op *program_insert(struct program *p, unsigned int at);
void program_remove(struct program *p, unsigned int at);
/* Is there more than one thread? */
int program_is_parallel(const struct program *p);

void program_write(FILE *f, const struct program *p);
/* 1 if one was read, 0 at the end of the file, -1 on nonsense (said on stderr). */
int program_read(FILE *f, struct program *p);

/* Several, as in a file. */
struct programs {
	unsigned int	n;
	struct program	*all;
};

int programs_read(const char *file, struct programs *ps);
int programs_write(const char *file, const struct programs *ps, const char *comment);

#endif /* FUZZ_PROGRAM_H */
