// SPDX-License-Identifier: LGPL-2.1-or-later
/* Addresses, ports, MAC addresses and neighbour states as text, and back. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <linux/neighbour.h>
#include "teach.h"

/* Copy @text with its NUL; all of it or nothing. */
static int put(char *buf, size_t size, const char *text)
{
	size_t len = strlen(text) + 1;

	if (len > size)
		return -ENOSPC;
	memcpy(buf, text, len);
	return 0;
}

/*
 * Digits only, no more than needed: "7" but neither "07", "+7" nor " 7". strtoul()
 * would take all of them.
 */
static int parse_number(const char *text, unsigned long max, unsigned long *out)
{
	unsigned long v = 0;
	const char *p;

	for (p = text; *p; p++) {
		if (*p < '0' || *p > '9')
			return -EINVAL;
		v = v * 10 + (*p - '0');
		if (v > max)
			return -EINVAL;
	}
	if (p == text || (*text == '0' && text[1]))
		return -EINVAL;
	*out = v;
	return 0;
}

int teach_pton(const char *text, struct teach_addr *addr)
{
	struct in_addr in;

	/* The text form is that of IPv4, and so strict is inet_pton(). */
	if (inet_pton(AF_INET, text, &in) != 1)
		return -EINVAL;
	addr->s_addr = in.s_addr;
	return 0;
}

int teach_ntop(const struct teach_addr *addr, char *buf, size_t size)
{
	struct in_addr in = { .s_addr = addr->s_addr };
	char text[TEACH_ADDRSTRLEN];

	inet_ntop(AF_INET, &in, text, sizeof(text));
	return put(buf, size, text);
}

int teach_prefix_parse(const char *text, struct teach_addr *addr,
		       uint8_t *prefixlen)
{
	const char *slash = strchr(text, '/');
	char quad[TEACH_ADDRSTRLEN];
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long bits = 32;

	if (len >= sizeof(quad))
		return -EINVAL;
	memcpy(quad, text, len);
	quad[len] = '\0';
	if (slash && parse_number(slash + 1, 32, &bits))
		return -EINVAL;
	if (teach_pton(quad, addr))
		return -EINVAL;
	*prefixlen = bits;
	return 0;
}

int teach_prefix_match(const struct teach_addr *addr,
		       const struct teach_addr *prefix, uint8_t prefixlen)
{
	uint32_t mask = ~(uint32_t)0;

	if (prefixlen == 0)
		return 1;	/* shifting by 32 is not defined */
	if (prefixlen < 32)
		mask <<= 32 - prefixlen;
	return !((addr->s_addr ^ prefix->s_addr) & htonl(mask));
}

int teach_sockaddr_parse(const char *text, struct sockaddr_teach *sa)
{
	const char *colon = strrchr(text, ':');
	char host[TEACH_ADDRSTRLEN + IF_NAMESIZE], *dev;
	struct sockaddr_teach tmp = { .teach_family = AF_TEACH };
	unsigned long port, ifindex;

	if (!colon || (size_t)(colon - text) >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, colon - text);
	host[colon - text] = '\0';
	dev = strchr(host, '%');
	if (dev)
		*dev++ = '\0';

	if (parse_number(colon + 1, 65535, &port) ||
	    teach_pton(host, &tmp.teach_addr))
		return -EINVAL;
	tmp.teach_port = htons(port);
	if (dev) {
		tmp.teach_ifindex = if_nametoindex(dev);
		if (!tmp.teach_ifindex) {
			if (parse_number(dev, 0x7fffffff, &ifindex) || !ifindex)
				return -ENODEV;
			tmp.teach_ifindex = ifindex;
		}
	}
	*sa = tmp;
	return 0;
}

int teach_sockaddr_format(const struct sockaddr_teach *sa, char *buf,
			  size_t size)
{
	char text[TEACH_SOCKADDRSTRLEN], addr[TEACH_ADDRSTRLEN];
	char dev[1 + IF_NAMESIZE] = "";

	if (sa->teach_family != AF_TEACH)
		return -EAFNOSUPPORT;
	teach_ntop(&sa->teach_addr, addr, sizeof(addr));
	if (sa->teach_ifindex) {
		dev[0] = '%';
		if (!if_indextoname(sa->teach_ifindex, dev + 1))
			snprintf(dev + 1, sizeof(dev) - 1, "%u",
				 (unsigned int)sa->teach_ifindex);
	}
	snprintf(text, sizeof(text), "%s%s:%u", addr, dev,
		 ntohs(sa->teach_port));
	return put(buf, size, text);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int teach_lladdr_parse(const char *text, uint8_t *lladdr)
{
	uint8_t tmp[TEACH_LLADDRLEN];
	int i, digit;

	for (i = 0; i < TEACH_LLADDRLEN; i++) {
		digit = hex_digit(*text);
		if (digit < 0)
			return -EINVAL;
		tmp[i] = digit;
		digit = hex_digit(*++text);
		if (digit >= 0) {
			tmp[i] = tmp[i] << 4 | digit;
			text++;
		}
		if (*text != (i < TEACH_LLADDRLEN - 1 ? ':' : '\0'))
			return -EINVAL;
		text++;
	}
	memcpy(lladdr, tmp, sizeof(tmp));
	return 0;
}

int teach_lladdr_format(const uint8_t *lladdr, char *buf, size_t size)
{
	char text[TEACH_LLADDRSTRLEN];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x",
		 lladdr[0], lladdr[1], lladdr[2], lladdr[3], lladdr[4],
		 lladdr[5]);
	return put(buf, size, text);
}

static const struct {
	uint16_t state;
	const char *name;
} nud_names[] = {
	{ NUD_NONE, "NONE" },
	{ NUD_INCOMPLETE, "INCOMPLETE" },
	{ NUD_REACHABLE, "REACHABLE" },
	{ NUD_STALE, "STALE" },
	{ NUD_DELAY, "DELAY" },
	{ NUD_PROBE, "PROBE" },
	{ NUD_FAILED, "FAILED" },
	{ NUD_NOARP, "NOARP" },
	{ NUD_PERMANENT, "PERMANENT" },
};

#define N_NUD_NAMES (sizeof(nud_names) / sizeof(nud_names[0]))

const char *teach_nud_name(uint16_t state)
{
	size_t i;

	for (i = 0; i < N_NUD_NAMES; i++)
		if (nud_names[i].state == state)
			return nud_names[i].name;
	return NULL;
}

int teach_nud_parse(const char *text, uint16_t *state)
{
	size_t i;

	for (i = 0; i < N_NUD_NAMES; i++) {
		if (!strcasecmp(nud_names[i].name, text)) {
			*state = nud_names[i].state;
			return 0;
		}
	}
	return -EINVAL;
}
