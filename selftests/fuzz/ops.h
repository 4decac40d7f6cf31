/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operations there are: one row each in the table of ops.c. What takes
 * arguments or bytes says of which kind they are, so that generating, mutating,
 * minimising and the text form know every operation without being told.
 */
#ifndef FUZZ_OPS_H
#define FUZZ_OPS_H

#include "format.h"
#include "program.h"

enum op_kind {
	OP_SOCKET, OP_CLOSE, OP_BIND, OP_CONNECT, OP_SEND, OP_RECV, OP_SETSOCKOPT,
	OP_GETSOCKOPT, OP_FILTER, OP_IOCTL, OP_SHUTDOWN, OP_NAME, OP_POLL,
	OP_FRAME, OP_RTNL, OP_GENL, OP_DIAG, OP_LINK, OP_SYSCTL, OP_PROC,
	OP_FAIL, OP_WAIT,
	OP_KINDS
};

/* Values that an argument is likely to have. */
struct arg_kind {
	const uint32_t	*values;
	int		n;
	int		is_mask;	/* of several values at once */
};

/**
 * struct op_type - a kind of operation
 * @name: in the text form
 * @n_args: how many of op.args it has
 * @args: their kinds
 * @format: of its bytes; NULL if it has none
 * @weight: how often it is generated, relative to the others
 * @run: does it, on the calling thread. What the kernel answers is not looked at
 * @dirties: LAB_*: what comes after would not find as it was; or NULL
 */
struct op_type {
	const char		*name;
	int			n_args;
	const struct arg_kind	*args[OP_ARGS];
	const struct format	*format;
	unsigned int		weight;
	void			(*run)(const struct op *op);
	int			(*dirties)(const struct op *op);
};

extern const struct op_type op_types[OP_KINDS];

/* The kind with a name, or -1. */
int op_find(const char *name);

/* Once on each thread that runs operations. */
void ops_thread_start(void);
/* Does one. */
void ops_run(const struct op *op);
/* At the end of a program: the thread's next allocation does not fail. */
void ops_disarm(void);
/* Closes what a program left open. */
void ops_reset(void);

#endif /* FUZZ_OPS_H */
