#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Never ends by itself. time limit: 3 s
. "$TOP/selftests/lib.sh"
ktap_plan 2
ok "fine"
sleep 1000
ok "never reached"
