#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in the VM: makes the lab, then runs `bench` with each of the commands given,
# which are separated by "--".
#
# usage: guest.sh BENCH COMMAND... [-- COMMAND...]...
#
# TEACH_KO says which module to load (see lib.sh).

# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/../lib.sh"

bench=$1
shift

# A device that is up loses what it sends until it has got its queue, a moment later.
have_queues()
{
	! { ip -n alice link show && ip -n bob link show; } | grep -q 'UP.* qdisc noop '
}

# A neighbour that stays REACHABLE, and no datagram queue of UNIX sockets that is
# shorter than a burst.
prepare()
{
	local host dev

	insmod "$TEACH_KO" &&
	lab_up &&
	ip -n alice addr add 10.1.0.1/24 dev va &&
	ip -n bob addr add 10.1.0.2/24 dev vb || return
	# What is sent here is thrown away: see neighs.c.
	ip -n alice link add sink type dummy &&
	ip -n alice link set sink arp on up &&
	ip -n alice addr add 172.16.0.1/12 dev sink &&
	teach -n alice addr add 172.16.0.1/12 dev sink || return
	for host in alice bob; do
		dev=v${host:0:1}
		ip netns exec $host sysctl -qw net.unix.max_dgram_qlen=1000 \
			net.ipv4.neigh."$dev".base_reachable_time_ms=3600000 &&
		teach -n $host link set "$dev" base_reachable_time_ms 3600000 || return
	done
	# Room for a million neighbours, in both caches: IPv4's limits are the machine's.
	for dev in 1 2 3; do
		sysctl -qw net.ipv4.neigh.default.gc_thresh$dev=4000000 &&
		ip netns exec alice sysctl -qw net.teach.neigh.default.gc_thresh$dev=4000000 &&
		ip netns exec bob sysctl -qw net.teach.neigh.default.gc_thresh$dev=4000000 || return
	done
	wait_for 10 have_queues
}

if ! prepare; then
	echo "bench: the lab could not be made" >&2
	exit 1
fi
while [ $# -gt 0 ]; do
	command=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	shift
	"$bench" "${command[@]}" || exit
done
