/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A third Ethernet of alice's, tap9, whose wire is a file: each frame that is written
 * to it is received within write(), by the thread that writes, scattered over
 * pages. Carol is on it, and known.
 */
#ifndef SELFTESTS_TAP_H
#define SELFTESTS_TAP_H

#include "frame.h"

#define TAP		"tap9"
#define ALICE9		0x0a090001u	/* 10.9.0.1 */
#define CAROL9		0x0a090032u

int tap_open(void);
void tap_up(uint8_t mac[6]);
void tap_from_carol(struct frame *fr, const uint8_t *mac);
ssize_t tap_write(int tap, const void *frame, size_t len, size_t at);
ssize_t tap_read(int tap, void *frame, size_t size, uint16_t protocol);

#endif /* SELFTESTS_TAP_H */
