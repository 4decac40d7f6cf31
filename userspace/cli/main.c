// SPDX-License-Identifier: GPL-2.0-or-later
/* `teach` on the real kernel; tests have a main of their own. */
#include "cli.h"
#include "transport.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv, &libteach_kernel);
}
