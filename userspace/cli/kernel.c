// SPDX-License-Identifier: GPL-2.0-or-later
/* Talking to the kernel: the handle, what it refused, network namespaces. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "transport.h"

struct teach_nl *kernel(struct cli *cli)
{
	int err;

	if (cli->handle)
		return cli->handle;
	err = libteach_nl_open(&cli->handle, cli->ops);
	if (err) {
		fprintf(stderr, "Cannot open a netlink socket: %s\n",
			strerror(-err));
		return NULL;
	}
	return cli->handle;
}

/* As iproute2 prints extended acknowledgements: with a full stop at the end. */
static void put_message(const char *kind, const char *text)
{
	size_t len = strlen(text);

	fprintf(stderr, "%s: %s%s\n", kind, text,
		len && text[len - 1] == '.' ? "" : ".");
}

int kernel_status(struct cli *cli, int err)
{
	const char *text = teach_nl_error(cli->handle);

	if (err >= 0) {
		if (*text)
			put_message("Warning", text);
		return CLI_OK;
	}
	put_message("Error", *text ? text : strerror(-err));
	return CLI_REFUSED;
}

int list_status(struct cli *cli, int err)
{
	if (err != -EINTR)
		return kernel_status(cli, err);
	fputs("Dump was interrupted and may be inconsistent.\n", stderr);
	return CLI_OK;
}

const char *dev_name(struct cli *cli, uint32_t ifindex)
{
	/* A listing names the same device many times over. */
	if (cli->ifindex != ifindex || !cli->ifname[0]) {
		teach_link_name(cli->handle, ifindex, cli->ifname);
		cli->ifindex = ifindex;
	}
	return cli->ifname;
}

int netns_switch(const char *name)
{
	char path[256];
	int fd, n;

	n = snprintf(path, sizeof(path), "%s%s",
		     strchr(name, '/') ? "" : "/run/netns/", name);
	if (n >= (int)sizeof(path))
		return usage_error("The name of network namespace \"%s\" is too long",
				   name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return usage_error("Cannot open network namespace \"%s\": %s",
				   name, strerror(errno));
	if (setns(fd, CLONE_NEWNET)) {
		n = errno;
		close(fd);
		fprintf(stderr, "Cannot enter network namespace \"%s\": %s\n",
			name, strerror(n));
		return CLI_REFUSED;
	}
	close(fd);
	return CLI_OK;
}
