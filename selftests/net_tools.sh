#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# arp(8) of net-tools, given the family (arp_family.c): an old program that knows nothing of
# TEACH shows, makes and removes entries of the neighbour cache by its ioctls.
. "$(dirname "$0")/lib.sh"

lab_up || { skip_all "there is no lab"; }
ktap_plan 16
t="teach -n alice"
a="ip netns exec alice env LD_PRELOAD=$BUILD/selftests/arp_family.so /usr/sbin/arp"

entry() { $t -o neigh show to "$1/32" | tr -s ' '; }

check "arp -s" $a -i va -s 10.1.0.50 02:00:00:00:00:50
like "the entry is permanent" "^10.1.0.50 dev va lladdr 02:00:00:00:00:50 PERMANENT" \
	"$(entry 10.1.0.50)"
like "arp -n shows it" "^10.1.0.50 +ether +02:00:00:00:00:50 +CM +va" \
	"$($a -n 10.1.0.50 | tail -n 1)"
like "arp -an does too" "\(10.1.0.50\) at 02:00:00:00:00:50 \[ether\] PERM on va" "$($a -an)"
check "arp -s without a device: that of the network" $a -s 10.1.0.51 02:00:00:00:00:51
like "it is there" "^10.1.0.51 dev va lladdr 02:00:00:00:00:51 PERMANENT" "$(entry 10.1.0.51)"
check "arp -s temp" $a -i va -s 10.1.0.52 02:00:00:00:00:52 temp
like "it is not permanent" "^10.1.0.52 dev va lladdr 02:00:00:00:00:52 (STALE|REACHABLE)" \
	"$(entry 10.1.0.52)"
check "arp -d" $a -d 10.1.0.50
is "it is gone" "" "$(entry 10.1.0.50)"
output=$($a -d 10.1.0.50 2>&1)
like "arp -d of nobody" "[Nn]o ARP entry for 10.1.0.50" "$output"
output=$($a -i va -s 10.9.0.1 02:00:00:00:00:50 2>&1; $a -s 10.9.0.2 02:00:00:00:00:50 2>&1)
like "arp -s of an address in no network" "unreachable" "$output"
check "arp -s pub" $a -i va -Ds 10.1.0.60 va pub
like "it is a proxy entry" "10.1.0.60 dev va +proxy" "$($t neigh show proxy)"
check "arp -d pub" $a -i va -d 10.1.0.60 pub
is "it is gone, too" "" "$($t neigh show proxy)"
