#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Comes after mess-1-leaves.sh: all that it left must be gone.
. "$TOP/selftests/lib.sh"
ktap_plan 3
is "no namespace is left" "" "$(ip netns list)"
check_fails "no device is left" ip link show left0
check_fails "no process is left" pgrep -x sleep
