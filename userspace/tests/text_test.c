// SPDX-License-Identifier: GPL-2.0-or-later
/* The text forms: what is taken, what is refused, what is written. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <linux/neighbour.h>
#include "tap.h"
#include "teach.h"

static void addresses(void)
{
	static const char *const bad[] = {
		"", "10", "10.1", "10.1.0", "10.1.0.", "10.1.0.256", "10.1.0.01",
		"010.1.0.1", "10.1.0.1.2", "10..0.1", " 10.1.0.1", "10.1.0.1 ",
		"-1.1.0.1", "+1.1.0.1", "0x0a.1.0.1", "10.1.0.1/24", "a.b.c.d",
		"::1", "1000.1.0.1", "255.255.255.255255",
	};
	static const struct { const char *text; uint32_t addr; } good[] = {
		{ "0.0.0.0", 0 }, { "10.1.0.2", 0x0a010002 },
		{ "255.255.255.255", 0xffffffff }, { "1.20.255.0", 0x0114ff00 },
	};
	char buf[TEACH_ADDRSTRLEN];
	struct teach_addr a;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		a.s_addr = 0x12345678;
		tap_ok(teach_pton(bad[i], &a) == -EINVAL &&
		       a.s_addr == 0x12345678, "pton refuses \"%s\"", bad[i]);
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		tap_ok(teach_pton(good[i].text, &a) == 0 &&
		       a.s_addr == htonl(good[i].addr), "pton reads %s",
		       good[i].text);
		tap_is(teach_ntop(&a, buf, sizeof(buf)), 0, "ntop");
		tap_text(buf, good[i].text, "ntop writes it back");
	}
	strcpy(buf, "kept");
	tap_is(teach_ntop(&a, buf, 10), -ENOSPC, "ntop wants room for 1.20.255.0");
	tap_text(buf, "kept", "ntop without room writes nothing");
	tap_is(teach_ntop(&a, buf, 11), 0, "ntop is content with exactly enough");
	tap_is(teach_ntop(&a, NULL, 0), -ENOSPC, "ntop without a buffer");
}

static void prefixes(void)
{
	static const char *const bad[] = {
		"10.1.0.0/33", "10.1.0.0/", "10.1.0.0/-1", "10.1.0.0/024",
		"10.1.0.0/24/8", "10.1.0.0/ 8", "10.1/8", "/8", "10.1.0.0/8x",
		"10.1.0.0/4294967304", "100.100.100.1000/8",
	};
	struct teach_addr a, p;
	uint8_t len = 99;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(teach_prefix_parse(bad[i], &a, &len) == -EINVAL &&
		       len == 99, "prefix refuses \"%s\"", bad[i]);
	tap_ok(!teach_prefix_parse("10.1.0.7/24", &p, &len) && len == 24 &&
	       p.s_addr == htonl(0x0a010007), "prefix keeps the host's bits");
	tap_ok(!teach_prefix_parse("10.1.0.7", &a, &len) && len == 32,
	       "prefix of an address alone is 32 bits");
	tap_ok(!teach_prefix_parse("0.0.0.0/0", &a, &len) && len == 0,
	       "prefix 0.0.0.0/0");

	teach_pton("10.1.0.255", &a);
	tap_is(teach_prefix_match(&a, &p, 24), 1, "10.1.0.255 is in 10.1.0.7/24");
	tap_is(teach_prefix_match(&a, &p, 25), 0, "and not in /25");
	tap_is(teach_prefix_match(&a, &p, 32), 0, "and not in /32");
	tap_is(teach_prefix_match(&a, &p, 0), 1, "everything is in /0");
	tap_is(teach_prefix_match(&p, &p, 32), 1, "an address is in its own /32");
	tap_is(teach_prefix_match(&p, &p, 200), 1, "more than 32 counts as 32");
	teach_pton("11.1.0.7", &a);
	tap_is(teach_prefix_match(&a, &p, 8), 0, "11.1.0.7 is not in 10.1.0.7/8");
	tap_is(teach_prefix_match(&a, &p, 7), 1, "but in 10.1.0.7/7");
}

static void sockaddrs(void)
{
	static const char *const bad[] = {
		"", ":", "10.1.0.2", "10.1.0.2:", "10.1.0.2:65536", "10.1.0.2:-1",
		"10.1.0.2:07", "10.1.0:7", ":7000", "10.1.0.2:7000:1",
		"10.1.0.2: 7", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:7",
	};
	struct sockaddr_teach sa, before;
	char buf[TEACH_SOCKADDRSTRLEN];
	size_t i;

	memset(&sa, 0x5a, sizeof(sa));
	before = sa;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(teach_sockaddr_parse(bad[i], &sa) == -EINVAL &&
		       !memcmp(&sa, &before, sizeof(sa)),
		       "sockaddr refuses \"%s\"", bad[i]);
	tap_ok(!teach_sockaddr_parse("10.1.0.2:7000", &sa) &&
	       sa.teach_family == AF_TEACH && sa.teach_port == htons(7000) &&
	       sa.teach_addr.s_addr == htonl(0x0a010002) && !sa.teach_ifindex &&
	       !memcmp(sa.teach_zero, "\0\0\0\0", 4),
	       "sockaddr fills everything");
	tap_is(teach_sockaddr_format(&sa, buf, sizeof(buf)), 0, "format");
	tap_text(buf, "10.1.0.2:7000", "sockaddr as text");
	tap_is(teach_sockaddr_format(&sa, buf, 13), -ENOSPC, "one byte too few");
	tap_is(teach_sockaddr_format(&sa, buf, 14), 0, "exactly enough");

	tap_is(teach_sockaddr_parse("10.1.0.2%lo:0", &sa), 0, "device by name");
	tap_is(sa.teach_ifindex, if_nametoindex("lo"), "its index");
	tap_is(teach_sockaddr_format(&sa, buf, sizeof(buf)), 0, "format");
	tap_text(buf, "10.1.0.2%lo:0", "device by name, as text");
	tap_is(teach_sockaddr_parse("10.1.0.2%nosuchdevice0:9", &sa), -ENODEV,
	       "no such device");
	tap_is(teach_sockaddr_parse("10.1.0.2%0:9", &sa), -ENODEV, "device 0");
	tap_is(teach_sockaddr_parse("255.255.255.255%2000000000:65535", &sa), 0,
	       "device by index");
	tap_is(teach_sockaddr_format(&sa, buf, sizeof(buf)), 0, "format");
	tap_text(buf, "255.255.255.255%2000000000:65535",
		 "a device that is gone, as text");
	sa.teach_family = AF_INET;
	tap_is(teach_sockaddr_format(&sa, buf, sizeof(buf)), -EAFNOSUPPORT,
	       "of another family");
}

static void lladdrs(void)
{
	static const char *const bad[] = {
		"", "02:00:00:00:00", "02:00:00:00:00:", "02:00:00:00:00:02:",
		"02:00:00:00:00:02:03", "002:0:0:0:0:2", "02-00-00-00-00-02",
		"02:00:00:00:00:0g", ":::::", "020000000002", " 2:0:0:0:0:2",
		"2:0:0:0:0:2 ",
	};
	uint8_t mac[6] = { 9, 9, 9, 9, 9, 9 };
	char buf[TEACH_LLADDRSTRLEN];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(teach_lladdr_parse(bad[i], mac) == -EINVAL &&
		       mac[0] == 9 && mac[5] == 9, "lladdr refuses \"%s\"",
		       bad[i]);
	tap_is(teach_lladdr_parse("2:0:aB:Cd:f:ff", mac), 0, "lladdr is read");
	tap_is(teach_lladdr_format(mac, buf, sizeof(buf)), 0, "and written");
	tap_text(buf, "02:00:ab:cd:0f:ff", "in two lower case digits each");
	tap_is(teach_lladdr_format(mac, buf, 17), -ENOSPC, "17 bytes do not do");
}

static void names(void)
{
	unsigned int i, n;
	uint16_t state = 7;

	tap_text(teach_nud_name(NUD_REACHABLE), "REACHABLE", "state's name");
	tap_text(teach_nud_name(NUD_NONE), "NONE", "state 0's name");
	tap_ok(!teach_nud_name(NUD_STALE | NUD_DELAY), "two states have no name");
	tap_ok(!teach_nud_parse("Permanent", &state) && state == NUD_PERMANENT,
	       "state in any case");
	tap_ok(teach_nud_parse("perm", &state) == -EINVAL &&
	       state == NUD_PERMANENT, "no abbreviation of a state");

	for (i = 1; i <= TEACH_STAT_MAX; i++)
		if (!teach_stat_name(i) ||
		    teach_stat_parse(teach_stat_name(i), &n) || n != i)
			break;
	tap_is(i, TEACH_STAT_MAX + 1, "every counter has a name of its own");
	tap_text(teach_stat_name(TEACH_STAT_IN_PACKETS), "InPackets", "the first");
	tap_ok(!teach_stat_name(0) && !teach_stat_name(TEACH_STAT_MAX + 1),
	       "no counter before the first, none after the last");
	tap_is(teach_stat_parse("inpackets", &n), -EINVAL, "exact names only");

	for (i = 1; i <= TEACH_PARM_A_MAX; i++)
		if (!teach_parm_name(i) ||
		    teach_parm_parse(teach_parm_name(i), &n) || n != i)
			break;
	tap_is(i, TEACH_PARM_A_MAX + 1, "every parameter has a name of its own");
	tap_ok(!teach_parm_name(0) && !teach_parm_name(TEACH_PARM_A_MAX + 1),
	       "no parameter before the first, none after the last");
	tap_is(teach_parm_parse("", &n), -EINVAL, "no parameter without a name");
}

int main(void)
{
	addresses();
	prefixes();
	sockaddrs();
	lladdrs();
	names();
	return tap_done();
}
