#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A case that fails.
. "$TOP/selftests/lib.sh"
ktap_plan 2
ok "fine"
is "one and one" 2 3
