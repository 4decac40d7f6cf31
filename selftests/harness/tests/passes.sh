#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing wrong here: it must pass among all that fails.
. "$TOP/selftests/lib.sh"
ktap_plan 2
check "the module is loaded" test -d /sys/module/teach
skip "something else" "to be seen in the closing line"
