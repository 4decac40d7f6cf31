/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where programs run: a network namespace of its own with three Ethernet devices.
 * What leaves t0 and t1 goes nowhere; what an operation writes into them comes in.
 * On the other side of va is another namespace, whose kernel answers.
 *
 *	t0  2  10.1.0.1/24, 10.1.0.5/24  TAP; frames come in by netif_receive_skb()
 *	t1  3  10.2.0.1/24               TAP with NAPI: frames come in through GRO,
 *	                                 in fragments
 *	va  4  10.3.0.1/24               veth; vb 10.3.0.2/24 is in the other namespace
 *
 * Both TAPs handle a frame in the thread that writes it, which is what lets KCOV
 * see it: the softirq that takes frames from a veth belongs to nobody.
 */
#ifndef FUZZ_LAB_H
#define FUZZ_LAB_H

#include <stdint.h>

#define LAB_DEVS	3
#define LAB_FIRST_IFINDEX 2

extern const char *const lab_devs[LAB_DEVS];
/* 02:00:00:00:00:01 is t0, ..:02 t1, ..:03 va; ..:10 on are others' */
#define LAB_MAC(last)	{ 0x02, 0x00, 0x00, 0x00, 0x00, (last) }

/* A new lab, for the calling thread and those that lab_enter(); the old one goes. */
void lab_make(void);
/* Counts labs, from 1. */
int lab_number(void);
/* The calling thread moves into the lab. */
void lab_enter(void);
/* These, as lab_make() left them. Neighbours, counters and further addresses stay. */
#define LAB_ADDRS	0x01
#define LAB_UP		0x02	/* devices are up and resolve */
#define LAB_MTU		0x04
#define LAB_MACS	0x08
#define LAB_VETH	0x10
#define LAB_PARMS	0x20	/* of address resolution on the devices */
#define LAB_RARP	0x40	/* no device gets an address by RARP */
#define LAB_SYSCTL(n)	(0x100 << (n))
void lab_repair(int what);
#define LAB_SYSCTLS	25
/* Below /proc/sys/net/teach. */
extern const char *const lab_sysctls[LAB_SYSCTLS];
/* Opened for reading and writing, by a thread in the lab; -1 if that fails. */
int lab_sysctl_open(int which);
/* Reads and forgets the frames that the module sent to the TAPs. */
void lab_drain(void);

/* A TAP's file, or -1 for va. */
int lab_tap(int dev);
/* Type number of the generic netlink family "teach". */
int lab_genl_family(void);
void lab_delete_veth(void);
/* How many ioctls on a device went wrong is of no interest. */
void lab_set_up(int dev, int up);
void lab_set_flags(int dev, short set, short clear);
void lab_set_mtu(int dev, int mtu);
void lab_set_mac(int dev, uint8_t last);

#endif /* FUZZ_LAB_H */
