#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All is well, were it not for what the kernel's log says.
. "$TOP/selftests/lib.sh"
ktap_plan 1
echo "WARNING: CPU: 0 PID: 1 at kmod/nowhere.c:1 teach_nothing+0x1/0x2 [teach]" >/dev/kmsg
ok "fine"
