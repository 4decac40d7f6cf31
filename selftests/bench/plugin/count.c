// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin for QEMU's emulator: counts the instructions that the guest executes,
 * by the address of the basic block, between two marks in a program.
 *
 *	-plugin file=count.so,begin=ADDRESS,end=ADDRESS,out=PREFIX
 *
 * The marks are addresses of functions of the guest's program. Each time that the
 * end is reached PREFIX.N is written, N counting from 0, with a line "ADDRESS
 * INSTRUCTIONS" for each block, and counting starts anew. For one CPU.
 *
 * QEMU's plugin interface (docs/devel/tcg-plugins.rst, version 1) is declared
 * here because distributions do not package its header.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum { CB_NO_REGS };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
		void (*cb)(plugin_id id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
		void (*cb)(unsigned int cpu, void *arg), int flags, void *arg);

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = 1;

/**
 * struct block - a basic block of the guest, by where it starts
 * @next: in the same bucket
 * @address: virtual address
 * @n_insns: instructions of the block as last translated
 * @count: instructions executed since the begin mark
 */
struct block {
	struct block *next;
	uint64_t address;
	uint64_t n_insns;
	uint64_t count;
};

#define N_BUCKETS 65536

static struct block *buckets[N_BUCKETS];
static uint64_t mark_begin, mark_end;
static const char *prefix;
static bool counting;
static int n_written;

static struct block *block_of(uint64_t address, uint64_t n_insns)
{
	struct block **bucket = &buckets[(address ^ address >> 16) % N_BUCKETS];
	struct block *b;

	/* A block of another length at the same address is another block. */
	for (b = *bucket; b; b = b->next)
		if (b->address == address && b->n_insns == n_insns)
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->address = address;
	b->n_insns = n_insns;
	b->next = *bucket;
	*bucket = b;
	return b;
}

static void write_counts(void)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s.%d", prefix, n_written++);
	f = fopen(path, "w");
	if (!f) {
		perror(path);
		exit(1);
	}
	for (size_t i = 0; i < N_BUCKETS; i++)
		for (struct block *b = buckets[i]; b; b = b->next) {
			if (b->count)
				fprintf(f, "%" PRIx64 " %" PRIu64 "\n", b->address, b->count);
			b->count = 0;
		}
	fclose(f);
}

static void on_exec(unsigned int cpu, void *arg)
{
	struct block *b = arg;

	(void)cpu;
	if (counting)
		b->count += b->n_insns;
	if (b->address == mark_begin) {
		counting = true;
	} else if (b->address == mark_end && counting) {
		counting = false;
		write_counts();
	}
}

static void on_translate(plugin_id id, struct qemu_plugin_tb *tb)
{
	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_exec, CB_NO_REGS,
		block_of(qemu_plugin_tb_vaddr(tb), qemu_plugin_tb_n_insns(tb)));
}

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "begin=", 6))
			mark_begin = strtoull(argv[i] + 6, NULL, 0);
		else if (!strncmp(argv[i], "end=", 4))
			mark_end = strtoull(argv[i] + 4, NULL, 0);
		else if (!strncmp(argv[i], "out=", 4))
			prefix = strdup(argv[i] + 4);
		else
			return -1;
	}
	if (!mark_begin || !mark_end || !prefix)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
