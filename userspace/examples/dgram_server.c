// SPDX-License-Identifier: GPL-2.0-or-later
/* dgram_server [ADDR] PORT: prints each datagram and sends it back in capitals. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/teach.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	struct sockaddr_teach me = { .teach_family = AF_TEACH }, peer;
	char buf[65536], from[INET_ADDRSTRLEN];
	socklen_t len;
	ssize_t n, i;
	int fd, port = argc > 1 ? atoi(argv[argc - 1]) : 0;

	if (argc > 3 || port < 1 || port > 65535) {
		fprintf(stderr, "usage: %s [ADDR] PORT\n", argv[0]);
		return 2;
	}
	/* Without ADDR it stays 0.0.0.0: all addresses of this host. The text form
	 * is IPv4's, so inet_pton() reads it.
	 */
	if (argc == 3 && inet_pton(AF_INET, argv[1], &me.teach_addr) != 1) {
		fprintf(stderr, "%s is not an address like 10.1.0.1\n", argv[1]);
		return 2;
	}
	me.teach_port = htons(port);

	fd = socket(AF_TEACH, SOCK_DGRAM, 0);
	if (fd < 0)
		die("socket");	/* EAFNOSUPPORT: modprobe teach */
	if (bind(fd, (struct sockaddr *)&me, sizeof(me)))
		die("bind");

	for (;;) {
		len = sizeof(peer);
		n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&peer, &len);
		if (n < 0)
			die("recvfrom");
		inet_ntop(AF_INET, &peer.teach_addr, from, sizeof(from));
		printf("%s:%d says: %.*s\n", from, ntohs(peer.teach_port), (int)n, buf);
		fflush(stdout);
		for (i = 0; i < n; i++)
			buf[i] = toupper((unsigned char)buf[i]);
		if (sendto(fd, buf, n, 0, (struct sockaddr *)&peer, len) < 0)
			perror("sendto");	/* one lost client is no reason to end */
	}
}
