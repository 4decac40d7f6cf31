#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The unit tests of userspace/, which need no kernel (make -C userspace check): here
# too, so that `make test` runs every test there is. Their cases become this
# test's.
#
# time limit: 600 s
. "$(dirname "$0")/lib.sh"

output=$(cd "$TOP/userspace" && O=$BUILD/userspace tests/run "$BUILD"/userspace/tests/*_test 2>&1)
status=$?

ktap_plan $(($(grep -cE '^(not )?ok ' <<<"$output") + 1))
while IFS= read -r line; do
	case $line in
	'ok '*) ok "${line#ok * }" ;;
	'not ok '*) fail "${line#not ok * }" ;;
	'# '*) echo "$line" ;;
	esac
done <<<"$output"
like "they ended by themselves" "[1-9][0-9]* passed, [0-9]+ failed, status [01]$" \
	"$(tail -n 1 <<<"$output"), status $status"
