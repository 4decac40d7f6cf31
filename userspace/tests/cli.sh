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

# Command lines on stdin, and what they print, with their status.
transcripts()
{
	local line status

	while IFS= read -r line; do
		[[ $line == '$ '* ]] || continue
		echo "$line"
		eval "${line#\$ }" </dev/null 2>&1
		status=$?
		[ $status -eq 0 ] || echo "[$status]"
	done
}

# Reads a transcript into commands[] and, at the same index, outputs[].
parse()
{
	local line n=0

	commands=() outputs=()
	while IFS= read -r line; do
		if [[ $line == '$ '* ]]; then
			n=$((n + 1))
			commands[n]=${line#\$ } outputs[n]=''
		else
			outputs[n]+=$line$'\n'
		fi
	done
}

for file in golden/*.golden; do
	found=$(transcripts <"$file")
	if [ "$1" = --update ]; then
		echo "$found" >"$file"
		continue
	fi
	parse <"$file"
	wanted=("${outputs[@]}")
	parse <<<"$found"
	# Both begin with index 1, and quoting the array makes that 0.
	for i in "${!wanted[@]}"; do
		count=$((count + 1))
		if [ "${outputs[i + 1]}" = "${wanted[i]}" ]; then
			echo "ok $count ${commands[i + 1]}"
			continue
		fi
		failed=$((failed + 1))
		echo "not ok $count ${commands[i + 1]}"
		diff <(echo -n "${wanted[i]}") <(echo -n "${outputs[i + 1]}") | sed 's/^/# /'
	done
done
[ "$1" = --update ] && exit 0

# Every JSON output is JSON, whatever the transcripts say. All are read by one
# Python, whose start takes longer than everything else here.
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
for command in link addr neigh rarp 'neigh get 10.1.0.2 dev va' stats socket 'socket -e -m' 'stats all' \
	'neigh show 99.0.0.0/8'; do
	for options in '-j' '-j -p' '-j -s -d'; do
		teach $options $command >"$tmp/teach $options ${command//\//_}"
	done
done
while read -r verdict command; do
	count=$((count + 1))
	[ "$verdict" = ok ] || failed=$((failed + 1))
	echo "${verdict/not-ok/not ok} $count $command is JSON"
done < <(python3 -c '
import json, os, sys
for name in sorted(os.listdir(sys.argv[1])):
    try:
        good = isinstance(json.load(open(os.path.join(sys.argv[1], name))), list)
    except ValueError:
        good = False
    print("ok" if good else "not-ok", name)
' "$tmp")

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
