#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The part of scripts/fuzz that runs inside the VM: loads the module, runs the fuzzer
# with the arguments given, and looks for what it left in memory.
#
# usage: selftests/fuzz/guest.sh FOLDER ARGUMENT...
#   FOLDER  has teach.ko and the program fuzz
#
# Exit status: that of the fuzzer; 1 also for leaked memory, or a module that cannot
# be unloaded: DIR/report of --out says so.

dir=$1
shift
top=$(cd "$(dirname "$0")/../.." && pwd)
debug=/sys/kernel/debug
out=
for ((i = 1; i < $#; i++)); do
	[ "${!i}" = --out ] && next=$((i + 1)) && out=${!next}
done

# "fail" refuses memory on purpose, see scripts/klog-check.
export KLOG_REFUSED=y
# The serial console is slow: only what may be a report.
dmesg -n 5
insmod "$dir/teach.ko" || exit 2
: >"$out/started"
# "fail" is about allocations that may wait, too, is no news, and is for what the module
# asks for: all between its first function and its last.
text=$(awk '$4 == "[teach]" && tolower($2) == "t" { print $1 }' /proc/kallsyms | sort)
for fault in failslab fail_page_alloc fail_usercopy; do
	[ -d $debug/$fault ] || continue
	[ -e $debug/$fault/ignore-gfp-wait ] && echo N >$debug/$fault/ignore-gfp-wait
	echo 0 >$debug/$fault/verbose
	[ -e $debug/$fault/require-start ] || continue
	echo 32 >$debug/$fault/stacktrace-depth
	echo "0x$(echo "$text" | head -n 1)" >$debug/$fault/require-start
	echo "0x$(echo "$text" | tail -n 1)" >$debug/$fault/require-end
done
# Waiting for RCU is most of what taking a device down takes.
[ -e /sys/kernel/rcu_expedited ] && echo 1 >/sys/kernel/rcu_expedited
# Without kmemleak=off on the command line.
leaks=
if [ -e $debug/kmemleak ] && echo scan=off 2>/dev/null >$debug/kmemleak; then
	leaks=y
	echo clear >$debug/kmemleak
fi

"$dir/fuzz" "$@" --klog-check "$top/scripts/klog-check"
status=$?
[ $status -eq 0 ] && [ "$1" != minimise ] || exit $status

# The lab is gone when its last namespace is.
for ((i = 0; i < 100; i++)); do
	rmmod teach 2>/dev/null && break
	sleep 0.2
done
[ ! -d /sys/module/teach ] || {
	echo "the module cannot be unloaded any more" >"$out/report"
	exit 1
}
if [ -n "$leaks" ]; then
	echo scan >$debug/kmemleak
	sleep 6		# younger objects are not looked at
	echo scan >$debug/kmemleak
	if grep -q '\[teach\]' $debug/kmemleak; then
		{ echo "kmemleak:"; cat $debug/kmemleak; } >"$out/report"
		exit 1
	fi
fi
dmesg | "$top/scripts/klog-check" >"$out/report" || exit 1
rm -f "$out/report"
