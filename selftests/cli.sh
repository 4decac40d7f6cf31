#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `teach` against the module: each object, what the kernel refuses and in which
# words, JSON, events, namespaces, batches; and that stock iproute2 sees TEACH too.
# The same tool's output is compared letter by letter in userspace/tests/cli.sh.
#
# time limit: 300 s
. "$(dirname "$0")/lib.sh"
ktap_plan 94

tmp=$(mktemp -d)
json() { "$@" | python3 -m json.tool >/dev/null; }

# refused WORDS COMMAND...: the kernel says no, and why (exit status 2).
# wrong WORDS COMMAND...: the command line is wrong (exit status 1).
ends_with()
{
	local status=$1 words=$2 output

	shift 2
	output=$("$@" 2>&1 >/dev/null)
	is "$*: exit status $status" $status $?
	like "$*: $words" "$words" "$output"
}
refused() { ends_with 2 "^Error: $1" "${@:2}"; }
wrong() { ends_with 1 "$@"; }

# Whether somebody in alice listens to exactly these groups of rtnetlink.
listening() { awk -v g="$1" '$2 == 0 && $4 == g { found = 1 } END { exit !found }' "/proc/$2/net/netlink"; }

lab_up || { skip_all "there is no lab"; }
t="teach -n alice"

# ---- addr and link ----
is "addr show" "    teach 10.1.0.1/24 scope global" "$($t addr show va | tail -n 1)"
is "addr show, one line" "10.1.0.1/24" "$($t -o addr show va | awk '{ print $4 }')"
is "addr show, brief" "va UP 10.1.0.1/24" "$($t -br addr show va | xargs)"
check "addr show, JSON" json $t -j addr
check "addr add" $t addr add 10.7.0.1/16 dev va
like "stock ip addr shows it" "family 22 .*/16" "$(ip -n alice addr show va)"
refused "Address is on this device already" $t addr add 10.7.0.1/16 dev va
refused "Device has no such address" $t addr del 10.7.0.1/17 dev va
check "addr del without a length" $t addr del 10.7.0.1 dev va
is "it is gone" "10.1.0.1/24" "$($t -o addr | awk '{ print $4 }')"
wrong "Cannot find device \"nope\"" $t addr add 10.7.0.1/16 dev nope
refused "Device does not carry TEACH" $t addr add 10.7.0.1/16 dev lo

check "link set" $t link set va retrans_time_ms 100 gc_stale_time_ms 7000
like "link show -d" "retrans_time_ms 100[^0-9].*gc_stale_time_ms 7000[^0-9]" "$($t -o -d link show va)"
check "link show, JSON" json $t -j -d link
refused ".*ucast_solicit" $t link set va retrans_time_ms 5 ucast_solicit 101
like "nothing of it is set" "retrans_time_ms 100[^0-9]" "$($t -o -d link show va)"

# ---- neigh ----
is "an empty cache" "" "$($t neigh)"
check "neigh add" $t neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev va
is "neigh show" "10.1.0.7 dev va lladdr 02:00:00:00:00:07 PERMANENT" "$($t neigh)"
is "neigh show, of one device" "10.1.0.7 lladdr 02:00:00:00:00:07 PERMANENT" \
	"$($t neigh show dev va)"
like "neigh show -s" "used [0-9]+/[0-9]+/[0-9]+ probes 0 reason admin PERMANENT" "$($t -s neigh)"
is "neigh get" "10.1.0.7 dev va lladdr 02:00:00:00:00:07 PERMANENT" \
	"$($t neigh get 10.1.0.7 dev va)"
check "neigh show, JSON" json $t -j -s neigh
refused "Entry exists: change or replace it" \
	$t neigh add 10.1.0.7 lladdr 02:00:00:00:00:08 dev va
check "neigh replace" $t neigh replace 10.1.0.7 lladdr 02:00:00:00:00:08 nud stale dev va
is "it is replaced" "10.1.0.7 dev va lladdr 02:00:00:00:00:08 STALE" "$($t neigh)"
refused "No such entry" $t neigh change 10.1.0.8 lladdr 02:00:00:00:00:08 dev va
refused "No such entry" $t neigh get 10.1.0.8 dev va
is "neigh show, of a state" "" "$($t neigh show nud permanent)"
check "another entry" $t neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev va
is "neigh flush leaves what is permanent" "*** Flush is complete, 1 entry deleted ***" \
	"$($t -s neigh flush dev va)"
is "what it left" "10.1.0.9 dev va lladdr 02:00:00:00:00:09 PERMANENT" "$($t neigh)"
check "neigh del" $t neigh del 10.1.0.9 dev va
refused "No such entry" $t neigh del 10.1.0.9 dev va

# ---- who may ----
nobody="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps -all"
refused "Operation not permitted" \
	alice $nobody teach neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev va
check "everybody may look" alice $nobody teach stats
refused "ping needs CAP_NET_RAW" alice $nobody teach ping -c 1 10.1.0.2

# ---- monitor ----
$t monitor all >"$tmp/events" 2>&1 &
pid=$!
# It listens when it sees something.
monitor_sees()
{
	$t neigh replace 10.1.0.77 lladdr 02:00:00:00:00:77 dev va
	$t neigh del 10.1.0.77 dev va
	grep -q 10.1.0.77 "$tmp/events"
}
wait_for 20 monitor_sees
ip -n alice monitor neigh >"$tmp/ip-events" 2>&1 &
ip_pid=$!
wait_for 20 listening 00000004 $ip_pid
$t neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev va
$t addr add 10.7.0.1/16 dev va
$t addr del 10.7.0.1/16 dev va
$t neigh del 10.1.0.7 dev va
check "monitor sees that a neighbour goes" \
	wait_for 20 grep -q '\[NEIGH\]Deleted 10.1.0.7 dev va .*PERMANENT: management deleted it$' "$tmp/events"
check "that it came" \
	grep -qx '\[20[-0-9T:.]*\] \[NEIGH\]10.1.0.7 dev va lladdr 02:00:00:00:00:07 PERMANENT from NONE: management changed it' "$tmp/events"
check "an address" grep -q '^\[ADDR\][0-9]*: va    teach 10.7.0.1/16' "$tmp/events"
check "its end" grep -q '^\[ADDR\]Deleted [0-9]*: va    teach 10.7.0.1/16' "$tmp/events"
check "stock ip monitor neigh sees the neighbour" \
	wait_for 20 grep -q 'lladdr 02:00:00:00:00:07' "$tmp/ip-events"
kill $pid $ip_pid

# ---- resolve ----
output=$($t resolve 10.1.0.2)
is "resolve: exit status" 0 $?
like "resolve: what it took" \
	"^10.1.0.2 dev va lladdr 02:00:00:00:00:02 REACHABLE: [0-9.]+ ms, 1 request, 1 reply$" "$output"
like "resolve: known already" "REACHABLE: known already, 0.000 ms, 0 requests, 0 replies" \
	"$($t resolve 10.1.0.2 dev va)"
like "neigh show -s: why" "probes 1 reason reply REACHABLE" "$($t -s neigh show 10.1.0.2)"
output=$($t resolve 10.1.0.97 2>&1)
is "resolve of nobody: exit status" 2 $?
like "resolve of nobody: after how much" \
	"^Error: 10.1.0.97 did not answer: 3 requests in [0-9.]+ ms.$" "$output"
refused "Address is in no network of this host" $t resolve 99.0.0.1
refused "Operation not permitted" alice $nobody teach resolve 10.1.0.2
check "resolve, JSON" json $t -j resolve 10.1.0.2
like "resolve of nobody, JSON" '"resolved":false.*"requests":3.*"reason":"no_probe_left"' \
	"$($t -j resolve 10.1.0.97 2>/dev/null)"
$t neigh flush dev va nud all

# ---- namespaces and batches ----
is "-n NETNS is that namespace" "10.1.0.2/24" "$(teach -n bob -o addr | awk '{ print $4 }')"
is "as is ip netns exec" "10.1.0.2/24" "$(bob teach -o addr | awk '{ print $4 }')"
wrong "Cannot open network namespace" teach -n carol addr
cat >"$tmp/batch" <<'END'
# a comment, and a line that goes on
neigh add 10.1.0.20 lladdr 02:00:00:00:00:20 \
	dev va
neigh add 10.1.0.20 lladdr 02:00:00:00:00:20 dev va
neigh add 10.1.0.21 lladdr 02:00:00:00:00:21 dev va
END
refused "Entry exists" $t -batch "$tmp/batch"
is "a batch ends at the first error" "10.1.0.20" "$($t neigh | awk '{ print $1 }')"
$t neigh flush dev va nud all
like "-force goes on, and says where it was" "Command failed .*batch:4" \
	"$($t -force -batch "$tmp/batch" 2>&1)"
is "all its lines" 2 "$($t neigh | wc -l)"
$t neigh flush dev va nud all

# ---- ping and counters ----
before=$(stat alice CtlInEchoReps)
output=$($t ping -c 3 -i 0.05 10.1.0.2)
is "ping: exit status" 0 $?
like "ping: replies" "64 bytes from 10.1.0.2: seq=3 hoplimit=64 time=[0-9.]+ ms" "$output"
like "ping: summary" "3 packets transmitted, 3 received, 0% packet loss" "$output"
is "stats: counted" $((before + 3)) \
	"$($t stats CtlInEchoReps | awk '{ print $2 }')"
check "stats, JSON" json $t -j stats all
is "neigh: bob is known now" "10.1.0.2 dev va lladdr 02:00:00:00:00:02 REACHABLE" \
	"$($t neigh show 10.1.0.2)"
check "ping, JSON" json $t -j ping -c 1 10.1.0.2
output=$($t ping -c 1 10.1.0.99)
is "ping of nobody: exit status" 1 $?
like "ping of nobody: Host Unreachable" "From 10.1.0.1 seq=1 Destination Host Unreachable" "$output"
like "ping without a route" "sendto: Network is unreachable" "$($t ping -c 1 99.0.0.1 2>&1)"
$t ping 10.1.0.2 >"$tmp/ping" &
pid=$!
wait_for 20 grep -q seq=1 "$tmp/ping"
kill -INT $pid
wait $pid
is "ping: Ctrl-C is a good end" 0 $?
like "with the summary" "rtt min/avg/max/mdev" "$(cat "$tmp/ping")"

# ---- sockets, and the examples ----
ip netns exec bob dgram_server 7000 >"$tmp/server" &
pid=$!
server_is_up() { teach -n bob socket | grep -q "0.0.0.0:7000"; }
check "socket: the server" wait_for 20 server_is_up
check "socket, JSON" json teach -n bob -j socket -e -m
is "dgram_client: the answer" HELLO "$(alice dgram_client 10.1.0.2 7000 hello)"
like "dgram_server: what it got" "^10.1.0.1:[0-9]+ says: hello" "$(cat "$tmp/server")"
kill $pid
wait $pid 2>/dev/null
like "dgram_client: no program there" "no program is on that port" \
	"$(alice dgram_client 10.1.0.2 7000 hello 2>&1)"
like "dgram_client: no host there" "nobody answers ARP" \
	"$(alice dgram_client 10.1.0.98 7000 hello 2>&1)"
like "dgram_client: no way there" "no address of this host is on that network" \
	"$(alice dgram_client 99.0.0.1 7000 hello 2>&1)"

lab_down
rm -rf "$tmp"
