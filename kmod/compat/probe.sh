#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# probe.sh OUTPUT "COMPILER FLAGS" PROBE.c ...
#
# Compiles each probe and writes OUTPUT, with #define TEACH_HAVE_<NAME> for those
# that compile. What a kernel offers is found out, not derived from its version:
# distributions bring newer interfaces to older kernels.
output=$1
compile=$2
shift 2

{
	echo "/* Made by compat/probe.sh from what this kernel's headers offer. */"
	for probe; do
		name=$(basename "$probe" .c | tr 'a-z' 'A-Z')
		if $compile -Werror -c -o /dev/null "$probe" 2>/dev/null; then
			echo "#define TEACH_HAVE_$name 1"
		else
			echo "/* no TEACH_HAVE_$name */"
		fi
	done
} > "$output.new" && mv "$output.new" "$output"

# A compiler that compiles nothing would make every probe say no.
echo 'int teach_probe_works;' > "$output.c"
if ! $compile -c -o /dev/null "$output.c"; then
	echo "compat/probe.sh: cannot compile for this kernel" >&2
	rm -f "$output" "$output.c"
	exit 1
fi
rm -f "$output.c"
