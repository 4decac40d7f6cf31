# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What every shell test uses. A test is a bash script selftests/NAME.sh that
# starts with
#
#	#!/bin/bash
#	. "$(dirname "$0")/lib.sh"
#	ktap_plan 3
#
# and runs as root inside the VM, in a fresh state: teach.ko loaded, no other
# namespaces, nothing of an earlier test. selftests/run gives it 120 seconds; one
# that needs more has a comment "time limit: N s" among its first 30 lines. The debug
# kernel, which is slow, has three times as long.
#
# Results (KTAP, Documentation/dev-tools/ktap.rst of the kernel). One call is
# one case; running fewer or more cases than planned is a failure, as is a
# script that ends early.
#
#	ktap_plan N               first of all: how many cases follow
#	check DESCRIPTION CMD...  passes if CMD succeeds; its output is shown if not
#	check_fails DESCRIPTION CMD...	passes if CMD fails with an exit status < 126
#	is DESCRIPTION EXPECTED ACTUAL	passes if the texts are equal
#	like DESCRIPTION REGEX ACTUAL	passes if the text matches (extended regex)
#	ok DESCRIPTION, fail DESCRIPTION [WHY], skip DESCRIPTION WHY
#	skip_all WHY              the rest of the plan is skipped; ends the script
#	note TEXT...              a diagnostic line
#
# Waiting. Never sleep and hope: wait for what must happen.
#
#	wait_for SECONDS CMD...   polls CMD until it succeeds; fails after SECONDS
#
# The lab: namespaces alice and bob, joined by a veth pair:
#
#	alice  va  02:00:00:00:00:01  10.1.0.1/24
#	bob    vb  02:00:00:00:00:02  10.1.0.2/24
#
#	lab_up, lab_down          lab_up starts from nothing each time; no IPv6 there
#	alice CMD..., bob CMD...  run a command in the namespace
#	stat NETNS NAME           value of a counter of /proc/net/teach_stat
#	grew NETNS NAME BEFORE    whether a counter is above BEFORE
#
# Two VMs (selftests/pair/*.sh): the same script runs in both, with PAIR_ROLE a
# or b, joined by eth0.
#
#	pair_sync NAME            returns once both sides have reached NAME
#	pair_put NAME TEXT, pair_get NAME	hand a text to the other side, wait for it
#
# Variables: TOP (the source tree), BUILD (what was built), TEACH_KO (the module).

TOP=${TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
BUILD=${BUILD:-$TOP/build}
TEACH_KO=${TEACH_KO:-$BUILD/$(uname -r)/kmod/teach.ko}
PATH=$BUILD/userspace:$BUILD/userspace/examples:$BUILD/selftests:$PATH
LD_LIBRARY_PATH=$BUILD/userspace${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export TOP BUILD TEACH_KO PATH LD_LIBRARY_PATH

# ---- results ----

ktap_planned=
ktap_count=0
ktap_failed=0

ktap_plan()
{
	ktap_planned=$1
	echo "KTAP version 1"
	echo "1..$1"
	trap ktap_end EXIT
}

# Runs at exit, however the script ends.
ktap_end()
{
	local status=$?

	trap - EXIT
	# A shell that died of set -e or exit N has its own status.
	if [ "$ktap_count" != "$ktap_planned" ]; then
		note "ended after $ktap_count of $ktap_planned cases"
		exit 1
	fi
	[ "$ktap_failed" -gt 0 ] && exit 1
	exit $status
}

note()
{
	local line

	while IFS= read -r line; do
		echo "# $line"
	done <<<"$*"
}

ok()
{
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $1"
}

fail()
{
	ktap_count=$((ktap_count + 1))
	ktap_failed=$((ktap_failed + 1))
	[ -n "${2:-}" ] && note "$2"
	echo "not ok $ktap_count $1"
}

skip()
{
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $1 # SKIP $2"
}

skip_all()
{
	while [ "$ktap_count" -lt "$ktap_planned" ]; do
		skip "not run" "$1"
	done
	exit 0
}

check()
{
	local description=$1 output status

	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status -eq 0 ]; then
		ok "$description"
	else
		fail "$description" "$* : exit status $status
$output"
	fi
}

check_fails()
{
	local description=$1 output status

	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status -ne 0 ] && [ $status -lt 126 ]; then
		ok "$description"
	else
		fail "$description" "$* : exit status $status, a refusal was expected
$output"
	fi
}

is()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		fail "$1" "expected: $2
found:    $3"
	fi
}

like()
{
	if [[ $3 =~ $2 ]]; then
		ok "$1"
	else
		fail "$1" "expected to match: $2
found: $3"
	fi
}

# ---- waiting ----

wait_for()
{
	local end=$((SECONDS + $1 + 1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

# ---- the lab ----

alice() { ip netns exec alice "$@"; }
bob() { ip netns exec bob "$@"; }

lab_down()
{
	local ns

	for ns in alice bob; do
		[ -e "/run/netns/$ns" ] && ip netns del "$ns"
	done
	# A veth dies with its namespace, but not at once.
	wait_for 10 lab_is_down
}

lab_is_down()
{
	! ip -o link show 2>/dev/null | grep -qE ' (va|vb)[@:]'
}

lab_up()
{
	lab_down || return
	ip netns add alice &&
	ip netns add bob &&
	ip -n alice link set lo up &&
	ip -n bob link set lo up &&
	lab_quiet alice &&
	lab_quiet bob &&
	ip -n alice link add va address 02:00:00:00:00:01 type veth \
		peer name vb address 02:00:00:00:00:02 netns bob &&
	ip -n alice link set va up &&
	ip -n bob link set vb up &&
	wait_for 10 lab_has_carrier &&
	teach -n alice addr add 10.1.0.1/24 dev va &&
	teach -n bob addr add 10.1.0.2/24 dev vb
}

# Without IPv6 nothing is on the wire that a test has not put there.
lab_quiet()
{
	ip netns exec "$1" sh -c '
		[ ! -e /proc/sys/net/ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 &&
		[ ! -e /proc/sys/net/ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
}

lab_has_carrier()
{
	ip -n alice link show va | grep -q LOWER_UP &&
	ip -n bob link show vb | grep -q LOWER_UP
}

stat()
{
	ip netns exec "$1" awk -v name="$2" '
		$1 == name { print $2; found = 1 }
		END { exit !found }' /proc/net/teach_stat
}

grew()
{
	local now

	now=$(stat "$1" "$2") && [ "$now" -gt "$3" ]
}

# ---- two VMs ----
# The sides meet through files in PAIR_DIR, a folder that both VMs write.

pair_other()
{
	case $PAIR_ROLE in
	a) echo b ;;
	b) echo a ;;
	esac
}

pair_sync()
{
	: >"$PAIR_DIR/$PAIR_ROLE.at.$1" &&
	wait_for "${2:-60}" test -e "$PAIR_DIR/$(pair_other).at.$1"
}

pair_put()
{
	printf '%s\n' "$2" >"$PAIR_DIR/$PAIR_ROLE.$1.new" &&
	mv "$PAIR_DIR/$PAIR_ROLE.$1.new" "$PAIR_DIR/$PAIR_ROLE.put.$1"
}

pair_get()
{
	wait_for "${2:-60}" test -e "$PAIR_DIR/$(pair_other).put.$1" &&
	cat "$PAIR_DIR/$(pair_other).put.$1"
}
