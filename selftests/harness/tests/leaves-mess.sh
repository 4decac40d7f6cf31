#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Leaves a process that holds the output, a namespace and a device behind: the
# runner must clear them away, or passes.sh, which is next, could not pass.
. "$TOP/selftests/lib.sh"
ktap_plan 1
ip netns add left-behind
ip link add left0 type dummy
setsid sleep 1000 &
ok "fine"
