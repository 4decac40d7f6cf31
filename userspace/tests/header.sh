#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# teach.h and the shared library: the header compiles alone as C and as C++, and
# each function that it declares is exported, versioned, described and in a manual
# page.
#
# usage: O=DIR tests/header.sh

cd "$(dirname "$0")/.." || exit 1
count=0 failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

check()	# DESCRIPTION COMMAND...
{
	local description=$1 output

	shift
	count=$((count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $count $description"
	else
		failed=$((failed + 1))
		echo "not ok $count $description"
		[ -n "$output" ] && sed 's/^/# /' <<<"$output"
	fi
}

functions=$(sed -n 's/^[a-z].*[ *]\(teach_[a-z_]*\)(.*/\1/p' lib/teach.h | sort -u)
{
	echo '#include <teach.h>'
	echo 'int main(void) {'
	for f in $functions; do
		echo "if ((void (*)(void))$f == (void (*)(void))0) return 1;"
	done
	echo 'struct sockaddr_teach sa; return teach_sockaddr_parse("10.1.0.2:7", &sa); }'
} >"$tmp/use.c"
cp "$tmp/use.c" "$tmp/use.cc"

flags=(-Wall -Wextra -Werror -Wno-address -Wno-cast-function-type -Ilib -I../uapi)
link=(-L"$O" -lteach "-Wl,-rpath,$O")
# A library that was built with the sanitizers needs them in the program too.
nm -D "$O/libteach.so" | grep -q __asan && link+=("-fsanitize=address,undefined")
for std in c99 gnu17; do
	check "compiles and links as $std" "${CC:-cc}" -std=$std "${flags[@]}" \
		-o "$tmp/use-$std" "$tmp/use.c" "${link[@]}"
	check "and runs with the shared library" "$tmp/use-$std"
done
check "compiles and links as C++11" "${CXX:-c++}" -std=c++11 "${flags[@]}" \
	-o "$tmp/use-c++" "$tmp/use.cc" "${link[@]}"
check "and runs with the shared library" "$tmp/use-c++"

# The example of libteach(3), as a reader would type it.
awk '/^#include <stdio/ { on = 1 } on && /^\.EE/ { exit } on' ../man/libteach.3 |
	sed 's/\\e/\\/g; s/\\-/-/g' >"$tmp/example.c"
check "the example of libteach(3) compiles" "${CC:-cc}" -std=c11 "${flags[@]}" \
	-o "$tmp/example" "$tmp/example.c" "${link[@]}"

nm -D --defined-only "$O/libteach.so" | sed -n 's/.* T //p' | sort >"$tmp/exported"
sed 's/$/@@LIBTEACH_1.0/' <<<"$functions" | sort >"$tmp/declared"
check "the functions of teach.h are exported, versioned, and no others" \
	diff "$tmp/declared" "$tmp/exported"
text=$(<lib/teach.h)
page=$(<../man/libteach.3)
undescribed() { for f in $functions; do [[ $text == *$'\n'" * $f() - "* ]] || echo "$f"; done; }
unmentioned() { for f in $functions; do [[ $page == *"$f("* ]] || echo "$f"; done; }
check "each is described in teach.h" diff /dev/null <(undescribed)
check "each is in libteach(3)" diff /dev/null <(unmentioned)

echo "1..$count"
[ $failed -eq 0 ]
