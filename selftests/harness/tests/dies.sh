#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Dies of a signal after its last case.
. "$TOP/selftests/lib.sh"
ktap_plan 1
ok "fine"
kill -SEGV $$
