#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing wrong here: it must pass among all that fails, and find nothing of what
# leaves-mess.sh left.
. "$TOP/selftests/lib.sh"
ktap_plan 5
check "the module is loaded" test -d /sys/module/teach
is "no namespace is left" "" "$(ip netns list)"
check_fails "no device is left" ip link show left0
check_fails "no process is left" pgrep -x sleep
skip "something else" "to be seen in the closing line"
