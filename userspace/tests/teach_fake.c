// SPDX-License-Identifier: GPL-2.0-or-later
/* `teach` on the fake kernel: what tests/cli.sh runs. */
#include <string.h>
#include "cli.h"
#include "fake.h"

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		fake_history |= !strcmp(argv[i], "monitor");
	fake_request = fake_kernel_request;
	fake_join = fake_kernel_join;
	return cli_main(argc, argv, &fake_transport);
}
