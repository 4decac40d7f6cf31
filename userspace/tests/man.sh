#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The manual pages say what there is: each counter and option of linux/teach.h is
# in teach(7), each object and parameter of the tool in teach(8).
#
# usage: O=DIR tests/man.sh

cd "$(dirname "$0")/../.." || exit 1
count=0 failed=0

declare -A page=([teach.7]=$(<man/teach.7) [teach.8]=$(<man/teach.8))

named()	# PAGE WORD
{
	count=$((count + 1))
	if [[ ${page[$1]} =~ (^|[^A-Za-z_])$2([^A-Za-z_]|$) ]]; then
		echo "ok $count $1 has $2"
	else
		failed=$((failed + 1))
		echo "not ok $count $1 has $2"
	fi
}

header=uapi/linux/teach.h
for counter in $(sed -n 's/.*X([A-Z0-9_]*,[ \t]*"\([A-Za-z]*\)").*/\1/p' $header); do
	named teach.7 "$counter"
done
# The options are the lines between the comment that introduces them and the next.
for option in $(sed -n '/^ \* Options at SOL_TEACH/,/^\/\*\*/s/^#define \(TEACH_[A-Z]*\).*/\1/p' $header); do
	named teach.7 "$option"
done
for file in userspace/cli/*.c; do
	for object in $(sed -n 's/^int do_\([a-z]*\)(.*/\1/p' "$file"); do
		named teach.8 "$object"
	done
done
for parm in $(sed -n 's/.*\[TEACH_PARM_A_[A-Z_]*\][^"]*"\([a-z_]*\)".*/\1/p' userspace/lib/link.c); do
	named teach.8 "$parm"
done

echo "1..$count"
[ $failed -eq 0 ]
