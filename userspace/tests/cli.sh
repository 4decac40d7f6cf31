#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The CLI on the fake kernel (fake_kernel.c), against golden/*.golden: transcripts
# of command lines after "$ ", what they print on stdout and stderr, and the exit
# status in brackets where it is not 0. Each command starts with a fresh kernel.
#
# usage: O=DIR tests/cli.sh [--update]	TAP, or writes the transcripts anew

cd "$(dirname "$0")" || exit 1
export NO_COLOR='' TZ=UTC LC_ALL=C
count=0 failed=0

teach()
{
	"$O/tests/teach-fake" "$@"
}

# What a command line prints, and its status.
transcript()
{
	local status

	echo "\$ $1"
	eval "$1" 2>&1
	status=$?
	[ $status -eq 0 ] || echo "[$status]"
}

check()	# COMMAND WANTED
{
	local got

	got=$(transcript "$1")
	count=$((count + 1))
	if [ "$got" = "$2" ]; then
		echo "ok $count $1"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $count $1"
	diff <(echo "$2") <(echo "$got") | sed 's/^/# /'
}

for file in golden/*.golden; do
	if [ "$1" = --update ]; then
		commands=$(grep '^\$ ' "$file")
		while IFS= read -r line; do
			transcript "${line#\$ }"
		done <<<"$commands" >"$file"
		continue
	fi
	command='' wanted=''
	while IFS= read -r line || [ -n "$line" ]; do
		if [[ $line == '$ '* ]]; then
			[ -n "$command" ] && check "$command" "$wanted"
			command=${line#\$ } wanted=$line
		else
			wanted+=$'\n'$line
		fi
	done <"$file"
	check "$command" "$wanted"
done
[ "$1" = --update ] && exit 0

# Every JSON output is JSON, whatever the transcripts say.
for command in link addr neigh 'neigh get 10.1.0.2 dev va' stats socket 'socket -e -m' 'stats all' \
	'neigh show 99.0.0.0/8'; do
	for options in '-j' '-j -p' '-j -s -d'; do
		count=$((count + 1))
		if teach $options $command | python3 -m json.tool >/dev/null 2>&1; then
			echo "ok $count teach $options $command is JSON"
		else
			failed=$((failed + 1))
			echo "not ok $count teach $options $command is JSON"
		fi
	done
done

# A disk that is full does not look like success.
count=$((count + 1))
if teach neigh >/dev/full 2>/dev/null; then
	failed=$((failed + 1))
	echo "not ok $count output that cannot be written is an error"
else
	echo "ok $count output that cannot be written is an error"
fi

echo "1..$count"
[ $failed -eq 0 ]
