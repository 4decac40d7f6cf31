#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Links through the tool: their parameters, their own counters, proxy entries.
. "$(dirname "$0")/lib.sh"
ktap_plan 16

lab_up
link_stat() # NETNS DEV COUNTER: of one device
{
	"$1" teach -j -s link show dev "$2" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["stats"].get(sys.argv[1], 0))' "$3"
}

# Counters of a device: what its own traffic made, and nothing of another's.
alice ip link add da type veth peer name db
alice ip link set db up
alice ip link set da up
alice teach addr add 10.3.0.1/24 dev da
check "bob is there" alice teach ping -c 1 10.1.0.2
is "a request left by va" 1 "$(link_stat alice va ArpOutRequests)"
is "its reply came in by va" 1 "$(link_stat alice va ArpInReplies)"
is "nothing happened on da" 0 "$(link_stat alice da ArpOutRequests)"
alice teach ping -c 1 -W 1 10.3.0.9 >/dev/null
is "a resolution began on da" 1 "$(link_stat alice da NeighResolutions)"
is "and none more on va" 1 "$(link_stat alice va NeighResolutions)"
is "the namespace has both" 2 "$(stat alice NeighResolutions)"
like "they are printed" 'ArpOutRequests 1' "$(alice teach -s link show dev va)"
check_fails "a device without TEACH has none" alice teach -s link show dev lo

# Parameters, by the tool and by sysctl.
check "set by the tool" alice teach link set dev va arp_ignore 2 proxy_delay_ms 30
is "read by sysctl" "2 3" "$(alice cat /proc/sys/net/teach/conf/va/arp_ignore \
	/proc/sys/net/teach/neigh/va/proxy_delay | xargs)"
check_fails "out of range" alice teach link set dev va arp_ignore 9

# Proxy entries, as ip neigh prints them.
alice teach neigh add proxy 10.1.0.50 dev va
alice teach neigh add proxy 10.1.0.51
is "shown" "10.1.0.50 dev va proxy
10.1.0.51 dev * proxy" "$(alice teach neigh show proxy | sort)"
is "in JSON" '[{"dst":"10.1.0.50","proxy":null}]' \
	"$(alice teach -j neigh show proxy dev va)"
alice teach link set dev va proxy_delay_ms 0
check "bob finds who is answered for" bob teach neigh add 10.1.0.50 dev vb use
wait_for 10 bob sh -c 'teach neigh show to 10.1.0.50 | grep -q 02:00:00:00:00:01'
check "not any more" alice sh -c 'teach neigh del proxy 10.1.0.50 dev va &&
	! teach neigh get proxy 10.1.0.50 dev va'
