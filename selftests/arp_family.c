// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gives arp(8) of net-tools the address family that it has no word for: preloaded, its sockets
 * are AF_TEACH's, the addresses in its requests too, and the table that it reads is made of
 * /proc/net/teach_neigh. All else, and what it prints, is its own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <net/if_arp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/teach.h>

int socket(int domain, int type, int protocol)
{
	int (*next)(int, int, int) = dlsym(RTLD_NEXT, "socket");

	return next(domain == AF_INET ? AF_TEACH : domain, type, protocol);
}

/* Both families have port and address at the same place. */
static void give(struct sockaddr *sa, int from, int to)
{
	if (sa->sa_family == from)
		sa->sa_family = to;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	struct arpreq *req;
	va_list args;
	int ret;

	va_start(args, request);
	req = va_arg(args, void *);
	va_end(args);
	if (request != SIOCSARP && request != SIOCGARP && request != SIOCDARP)
		return next(fd, request, req);
	give(&req->arp_pa, AF_INET, AF_TEACH);
	give(&req->arp_netmask, AF_INET, AF_TEACH);
	ret = next(fd, request, req);
	give(&req->arp_pa, AF_TEACH, AF_INET);
	give(&req->arp_netmask, AF_TEACH, AF_INET);
	return ret;
}

/* The columns of /proc/net/arp. */
static void convert(FILE *from, FILE *to)
{
	char line[256], addr[64], dev[32], state[32], mac[32];

	fputs("IP address       HW type     Flags       HW address            Mask     Device\n", to);
	while (fgets(line, sizeof(line), from)) {
		if (sscanf(line, "%63s %31s %31s %31s", addr, mac, state, dev) != 4 ||
		    !strchr(addr, '.'))
			continue;
		fprintf(to, "%-16s 0x1         0x%d         %s     *        %s\n", addr,
			!strcmp(state, "PERMANENT") ? 6 : strcmp(mac, "00:00:00:00:00:00") ? 2 : 0,
			mac, dev);
	}
	rewind(to);
}

static FILE *open_table(const char *name, const char *path, const char *mode)
{
	FILE *(*next)(const char *, const char *) = dlsym(RTLD_NEXT, name);
	FILE *from, *to;

	if (strcmp(path, "/proc/net/arp"))
		return next(path, mode);
	from = next("/proc/net/teach_neigh", "r");
	to = tmpfile();
	if (from && to)
		convert(from, to);
	if (from)
		fclose(from);
	return to;
}

FILE *fopen(const char *path, const char *mode)
{
	return open_table("fopen", path, mode);
}

/* The name that it has where files may be large. */
FILE *fopen64(const char *path, const char *mode)
{
	return open_table("fopen64", path, mode);
}
