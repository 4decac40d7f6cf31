// SPDX-License-Identifier: GPL-2.0-or-later
/* dgram_client ADDR PORT MESSAGE: sends it, waits for the answer, prints it. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <linux/teach.h>

static void die(const char *what)
{
	const char *why = "";

	if (errno == EAFNOSUPPORT)
		why = " (the module is not loaded: modprobe teach)";
	if (errno == ENETUNREACH)
		why = " (no address of this host is on that network)";
	if (errno == EHOSTUNREACH)
		why = " (nobody answers ARP for that address)";
	if (errno == ECONNREFUSED)
		why = " (the host is there, but no program is on that port)";
	if (errno == EAGAIN)
		why = " (no answer within 5 seconds)";
	fprintf(stderr, "%s: %s%s\n", what, strerror(errno), why);
	exit(1);
}

int main(int argc, char **argv)
{
	struct sockaddr_teach to = { .teach_family = AF_TEACH };
	struct timeval limit = { .tv_sec = 5 };
	char buf[65536];
	ssize_t n;
	int fd, port = argc == 4 ? atoi(argv[2]) : 0;

	if (port < 1 || port > 65535 || inet_pton(AF_INET, argv[1], &to.teach_addr) != 1) {
		fprintf(stderr, "usage: %s ADDR PORT MESSAGE, as in 10.1.0.2 7000 hello\n", argv[0]);
		return 2;
	}
	to.teach_port = htons(port);

	fd = socket(AF_TEACH, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		die("socket");
	/* Connected, so that errors about our datagram are reported to us. */
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	if (send(fd, argv[3], strlen(argv[3]), 0) < 0)
		die("send");
	n = recv(fd, buf, sizeof(buf), 0);
	if (n < 0)
		die("recv");
	printf("%.*s\n", (int)n, buf);
	return 0;
}
