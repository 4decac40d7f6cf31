/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TEACH_CTL_IOCTL_RARP_H
#define TEACH_CTL_IOCTL_RARP_H

struct net;

int teach_ioctl_rarp(struct net *net, unsigned int cmd, void __user *arg);

#endif
