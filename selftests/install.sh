#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# "make install && modprobe teach" is all on a lab VM: socket(AF_TEACH) then loads
# the module by itself, programs compile against what was installed, and "make
# uninstall" leaves nothing. The VM's root is a throw-away, so all is installed
# where it would be.
#
# time limit: 300 s

. "$(dirname "$0")/lib.sh"
ktap_plan 12

kver=$(uname -r)
work=$(mktemp -d)

# What was built is taken as it is: -o keeps make from building in the VM.
do_make()
{
	make -C "$TOP" -o all -o modules -o userspace KVER="$kver" "$@"
}

loaded()
{
	[ -d /sys/module/teach ]
}

installed_files()
{
	find "/lib/modules/$kver" /usr/local/ ! -name 'modules.*' \( -type f -o -type l \) | sort
}

# Opens a socket and says how that ended, with no help from a tool of ours.
open_socket()
{
	python3 -c 'import socket; socket.socket(22, socket.SOCK_DGRAM, 0).close()'
}

# Only our module, so that depmod need not read all of the distribution's.
mkdir "$work/modules"
cp "/lib/modules/$kver"/modules.{builtin,builtin.modinfo,order} "$work/modules"
mount --bind "$work/modules" "/lib/modules/$kver"

rmmod teach
check_fails "without the module there is no such family" open_socket

installed_files >"$work/before"
check "make install" do_make install
check "the module is found by its name" modprobe teach
check "and goes" modprobe -r teach
check "socket(AF_TEACH) loads it" open_socket
check "the module is there" loaded

# Without LD_LIBRARY_PATH and PATH to the build folder, as a user has it.
unset LD_LIBRARY_PATH
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
check "the installed teach runs" teach link show

cat >"$work/first.c" <<'END'
#include <stdio.h>
#include <sys/socket.h>
#include <linux/teach.h>
#include <teach.h>

int main(void)
{
	return socket(AF_TEACH, SOCK_DGRAM, 0) < 0;
}
END
# shellcheck disable=SC2046 # several words are meant
check "a program compiles and links against what is installed" \
	gcc -Wall -Werror -o "$work/first" "$work/first.c" \
	$(pkg-config --cflags --libs libteach)
check "and runs" "$work/first"
check "the manual is installed" test -s /usr/local/share/man/man8/teach.8

check "make uninstall" do_make uninstall
installed_files >"$work/after"
is "nothing is left" "" "$(comm -13 "$work/before" "$work/after")"
