#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel waits for a reference on a device that nobody gives back.
. "$TOP/selftests/lib.sh"
ktap_plan 1
echo "unregister_netdevice: waiting for va to become free. Usage count = 2" >/dev/kmsg
ok "fine"
