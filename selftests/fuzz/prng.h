/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random numbers that a seed determines: the same seed, the same numbers.
 */
#ifndef FUZZ_PRNG_H
#define FUZZ_PRNG_H

#include <stdint.h>

struct prng {
	uint64_t state;
};

/* splitmix64: every state is a good one, so any seed is. */
static inline uint64_t prng_next(struct prng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* 0 to n - 1; 0 for n = 0. */
static inline uint32_t prng_below(struct prng *r, uint32_t n)
{
	return n ? (uint64_t)(uint32_t)prng_next(r) * n >> 32 : 0;
}

/* True once in n. */
static inline int prng_one_in(struct prng *r, uint32_t n)
{
	return !prng_below(r, n);
}

#define PICK(r, array)	((array)[prng_below(r, sizeof(array) / sizeof((array)[0]))])

#endif /* FUZZ_PRNG_H */
