#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Leaves a process that holds the output, a namespace and a device behind, for
# mess-2-finds-none.sh to look for.
. "$TOP/selftests/lib.sh"
ktap_plan 1
ip netns add left-behind
ip link add left0 type dummy
setsid sleep 1000 &
ok "fine"
