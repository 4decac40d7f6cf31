#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A reference to a device is kept: who deletes the device waits, and says so after 10 s.
. "$(dirname "$0")/plant.inc"

# With the bug this never comes back, so it must not hold the test's output.
gone()
{
	ip link del plant0 >/dev/null 2>&1 </dev/null &
	[ ! -e "$BUILD/planted-bugs" ] || sleep 15
	wait_for 5 not_there
}

not_there()
{
	! ip link show plant0
}

check "the module works" use
check "the device is deleted" eval 'plant ref && gone'
