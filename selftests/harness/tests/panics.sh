#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Takes the VM down.
. "$TOP/selftests/lib.sh"
ktap_plan 2
ok "fine"
echo c >/proc/sysrq-trigger
ok "never reached"
