#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# libteach on the module: userspace/tests/live.c, as alice, with the shared
# library. Its cases become this test's.
#
# time limit: 300 s
. "$(dirname "$0")/lib.sh"

lab_up
output=$(alice "$BUILD/userspace/tests/live" 2>&1)
status=$?
lab_down

ktap_plan $(($(grep -cE '^(not )?ok ' <<<"$output") + 1))
while IFS= read -r line; do
	case $line in
	'ok '*) ok "${line#ok * }" ;;
	'not ok '*) fail "${line#not ok * }" ;;
	'#'*) echo "$line" ;;
	esac
done <<<"$output"
like "all cases were run, and it ended by itself" "^1\.\.[1-9][0-9]*, status [01]$" \
	"$(tail -n 1 <<<"$output"), status $status"
