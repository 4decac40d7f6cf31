#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `teach addr` and `teach rarp` against the module: an address that another host has is
# refused by name, one that is free is waited for; bob's kernel gives alice an address.
#
# time limit: 300 s
. "$(dirname "$0")/lib.sh"
ktap_plan 24

lab_up || { skip_all "there is no lab"; }
t="teach -n alice"
b="teach -n bob"
mac_a=$($t -j link show va | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["address"])')
mac_b=$($b -j link show vb | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["address"])')

# ---- conflict detection ----
$t link set va accept_dad 1 acd_probe_wait_ms 0 acd_probe_min_ms 10 acd_probe_max_ms 20 \
	acd_announce_wait_ms 200 acd_announce_interval_ms 20 rarp_retrans_ms 50
check "addr add of a free address" $t addr add 10.1.0.5/24 dev va
is "it is in use when the command ends" "    teach 10.1.0.5/24 scope global" \
	"$($t addr show to 10.1.0.5/32 | tail -n 1)"
output=$($t addr add 10.1.0.2/24 dev va 2>&1)
is "addr add of bob's address: exit status" 2 $?
like "the holder is named" "^Error: Address is held by $mac_b" "$output"
is "addr show tells so" "    teach 10.1.0.2/24 scope global tentative dadfailed" \
	"$($t addr show to 10.1.0.2/32 | tail -n 1)"
like "addr show, JSON" '"tentative": ?true, ?"dadfailed": ?true' "$($t -j addr show to 10.1.0.2/32)"
output=$($t addr add 10.1.0.2/24 dev va nodad 2>&1)
like "nor by force" "^Error: Address is held by $mac_b" "$output"
check "addr del" $t addr del 10.1.0.2/24 dev va
check "addr add, without waiting" $t addr add 10.1.0.6/24 dev va nowait
like "it is being probed for, or in use" "scope global( tentative)?$" \
	"$($t addr show to 10.1.0.6/32 | tail -n 1)"
check "addr add, without asking" $t addr add 10.1.0.7/24 dev va nodad
like "addr show tells so" "scope global nodad$" "$($t addr show to 10.1.0.7/32 | tail -n 1)"

# ---- RARP ----
is "an empty table" "" "$($b rarp)"
check "rarp add" $b rarp add "$mac_a" 10.1.0.9
is "rarp show" "$mac_a 10.1.0.9" "$($b rarp show)"
is "rarp show, JSON" "[{\"lladdr\":\"$mac_a\",\"dst\":\"10.1.0.9\"}]" "$($b -j rarp)"
check_fails "rarp add, once more" $b rarp add "$mac_a" 10.1.0.10
check "rarp replace" $b rarp replace "$mac_a" 10.1.0.10
like "rarp resolve" "^$mac_a is 10.1.0.10 dev va says 10.1.0.2 lladdr $mac_b: [0-9.]* ms, 1 request$" \
	"$($t rarp resolve dev va)"
check "addr add dynamic" $t addr add dev va dynamic/20
in_use() { $t addr show to 10.1.0.10/32 | grep -q 'scope global dynamic$'; }
wait_for 10 in_use
like "addr show: the address and how long it is good for" \
	"10.1.0.10/20 scope global dynamic.*valid_lft [0-9]+sec preferred_lft [0-9]+sec" \
	"$($t -o addr show to 10.1.0.10/32)"
check "addr del dynamic" $t addr del dev va dynamic
is "it is gone" "" "$($t addr show to 10.1.0.10/32)"
check "rarp del" $b rarp del "$mac_a"
