#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two machines, two virtio network cards, one cable: resolution, echo and
# datagrams both ways through a real driver's interrupts, queues and padding,
# which veth has none of. Runs in both VMs at once (PAIR_ROLE a and b).
# time limit: 180 s

. "$(dirname "$0")/../lib.sh"
ktap_plan 15

case $PAIR_ROLE in
a) me=10.1.0.1 other=10.1.0.2 ;;
b) me=10.1.0.2 other=10.1.0.1 ;;
esac

# This host's counters, not those of a namespace.
count()
{
	awk -v name="$1" '$1 == name { print $2 }' /proc/net/teach_stat
}

reachable()
{
	teach neigh show | grep -q "^$other dev eth0 lladdr $other_mac .*REACHABLE"
}

bound()	# PORT
{
	teach socket show | grep -q ":$1 "
}

check "eth0 comes up" ip link set eth0 up
check "the address is accepted" teach addr add "$me/24" dev eth0
pair_put mac "$(cat /sys/class/net/eth0/address)"
other_mac=$(pair_get mac)
like "the other side is there" '^52:54:00:00:00:0[ab]$' "$other_mac"
is "it has another MAC address" "" "$([ "$other_mac" != "$(cat /sys/class/net/eth0/address)" ] ||
	echo "both have $other_mac")"

# One side asks first, so that one resolves by asking and the other answers;
# then the other way round.
if [ "$PAIR_ROLE" = a ]; then
	check "ping, which resolves" teach ping -c 3 "$other"
	pair_sync pinged-by-a
	check "the other side pings" pair_sync pinged-by-b
else
	check "the other side pings" pair_sync pinged-by-a
	check "ping back" teach ping -c 3 "$other"
	pair_sync pinged-by-b
fi
check "the neighbour is REACHABLE with the MAC address of its card" wait_for 30 reachable

dgram_server 7 >/tmp/server 2>&1 &
check "a server on port 7" wait_for 20 bound 7
pair_sync servers

# From the smallest frame, which the card pads, to a full one: header 16, ports
# and checksum 8, so that 1476 bytes of text fill an MTU of 1500. The server
# answers in capitals.
for size in 1 18 256 1476; do
	text=$(head -c "$size" /dev/zero | tr '\0' "$PAIR_ROLE")
	output=$(dgram_client "$other" 7 "$text" 2>&1)
	is "$size bytes come back" "$(md5sum <<<"${text^^}")" "$(md5sum <<<"$output")"
done
check_fails "one byte more than the MTU is refused" dgram_client "$other" 7 "${text}x"

pair_sync exchanged
errors=
for name in InTruncated InHdrErrors InBadVersion InSrcErrors InDstErrors InCastErrors \
	InUnknownProtos OutDiscards DgramInErrors DgramInCsumErrors DgramRcvbufErrors \
	CtlInErrors CtlInCsumErrors ArpBadLength ArpBadMac ArpOwnMac ArpConflict; do
	[ "$(count $name)" = 0 ] || errors="$errors $name=$(count $name)"
done
is "no counter of errors has moved" "" "$errors"
is "every datagram of both sides arrived" 8 "$(count DgramInDatagrams)"
pair_sync counted
