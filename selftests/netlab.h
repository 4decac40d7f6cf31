/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two hosts, alice and bob: network namespaces joined by two Ethernets, with
 * the same addresses in IPv4 and in TEACH:
 *
 *	alice  va 10.1.0.1/24 ---- vb 10.1.0.2/24  bob
 *	       wa 10.2.0.1/24 ---- wb 10.2.0.2/24
 *
 * There is no default route. Everything is set up by raw rtnetlink.
 */
#ifndef SELFTESTS_NETLAB_H
#define SELFTESTS_NETLAB_H

#include <stdint.h>

struct family;

enum host { ALICE, BOB };

/* In host byte order. */
#define ANY		0x00000000u
#define ALICE1		0x0a010001u
#define BOB1		0x0a010002u
#define UNUSED1		0x0a010063u	/* on the first Ethernet, nobody has it */
#define BCAST1		0x0a0100ffu
#define ALICE2		0x0a020001u
#define BOB2		0x0a020002u
#define UNUSED2		0x0a020063u
#define BCAST2		0x0a0200ffu
#define NOROUTE		0xc0000201u	/* 192.0.2.1 */
#define BCAST_ALL	0xffffffffu
#define LO_IFINDEX	1

void lab_make(void);
void lab_wait(void);
int lab_teach_error(void);
void lab_enter(enum host at);

/* These act in the namespace of the caller and return 0 or -errno. */
int addr_add(const struct family *f, const char *dev, uint32_t addr, int plen);
int addr_del(const struct family *f, const char *dev, uint32_t addr, int plen);
int neigh_add(const struct family *f, const char *dev, uint32_t addr,
	      const uint8_t mac[6], uint16_t state);
int neigh_state(const struct family *f, const char *dev, uint32_t addr);
int link_up(const char *dev, int up);
int link_mtu(const char *dev, uint32_t mtu);
int link_del(const char *dev);
int link_checksum(const char *dev, int on);
int link_set_mac(const char *dev, const uint8_t mac[6]);
int link_mac(const char *dev, uint8_t mac[6]);
int neigh_timing(const struct family *f, const char *dev, uint32_t retrans_ms,
		 uint32_t probes, uint32_t delay_ms);
uint64_t teach_stat(int id);
void cache_size(const char *entries);
int flood_absent(const struct family *f, int s, uint32_t first, int n, uint16_t port);

#endif /* SELFTESTS_NETLAB_H */
