# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures that selftests/bench prints, and what is to be said of them."""

import statistics

FAMILIES = ["teach", "udp", "packet", "unix"]

BURST = 64      # datagrams between two tokens, as in flow.c

# UDP's cost over TEACH's must be at least this: by kind and mode.
BARS = {
    ("rr", "connected"): 1.10,
    ("rr", "sendto"): 1.10,
    ("oneway", "connected"): 1.20,
    ("oneway", "sendto"): 1.40,
}

KINDS = {"rr": "request-response", "oneway": "one way"}

PLACES = {"together": "both ends on one CPU", "apart": "each end on its own CPU"}

# Sending among so many neighbours may cost at most so much of sending among few.
FEW_NEIGHBOURS, MANY_NEIGHBOURS, MOST_LOOKUP = 100, 100000, 1.2
LOOKUPS = 400 * 64      # datagrams for each of these figures, as in neighs.c

# So many sockets may take at most so long to bind, to find and to close, in all.
N_SOCKETS, MOST_SOCKETS_NS = 10000, 1e9
PHASES = ["bind", "find", "close"]

# Rounds whose ratios are further apart than this show other load, not the families.
MOST_SPREAD = 1.5


MET, MISSED, UNCLEAR = "met", "MISSED", "unclear"


def verdict(met):
    return MET if met else MISSED


class Spread:
    """A median with the least and the most of what it was taken from."""

    def __init__(self, values):
        self.median = statistics.median(values)
        self.least = min(values)
        self.most = max(values)

    def json(self):
        return {"median": round(self.median, 4), "least": round(self.least, 4),
                "most": round(self.most, 4)}


class Flow:
    """One traffic pattern over every family."""

    def __init__(self, place, kind, size, mode):
        self.place, self.kind, self.size, self.mode = place, kind, size, mode
        self.rounds = {}        # family: {round: [cost, cost]}, forwards and backwards

    def name(self):
        return f"{KINDS[self.kind]}, {self.size} B, {self.mode}"

    def add(self, family, number, cost):
        self.rounds.setdefault(family, {}).setdefault(number, []).append(cost)

    def per_round(self, family):
        """One cost for each round: the mean of both passes of ABBA."""
        return [statistics.mean(costs) for _, costs in sorted(self.rounds[family].items())]

    def cost(self, family):
        return Spread(self.per_round(family))

    def ratio(self, family="udp"):
        """Cost of a family over that of TEACH: pairwise, round by round."""
        pairs = zip(self.per_round(family), self.per_round("teach"))
        return Spread([theirs / ours for theirs, ours in pairs])

    def bar(self):
        return BARS[self.kind, self.mode]

    def verdict(self):
        ratio = self.ratio()
        if ratio.most > MOST_SPREAD * ratio.least:
            return UNCLEAR
        return MET if ratio.median >= self.bar() else MISSED


class Result:
    """All figures of one boot."""

    def __init__(self, unit, mitigations):
        self.unit = unit                # "instructions" or "ns"
        self.mitigations = mitigations  # "off" or "default"
        self.flows = {}         # (place, kind, size, mode): Flow, in the order measured
        self.sockets = {}       # family: {phase: [ns, ...]}
        self.memory = {}        # "socket" or "neighbour": {family: [bytes, ...]}
        self.slabs = {}         # "socket" or "neighbour": {family: {cache: bytes}}
        self.lookups = {}       # family: {neighbours: [cost, ...]}
        self.last = ""          # what the last line was about

    def title(self):
        what = "instructions" if self.unit == "instructions" else "nanoseconds"
        return f"In {what}, mitigations={self.mitigations}"

    def take(self, line):
        """Whether the line was a figure, which is then kept."""
        word, *rest = line.split() or [""]
        take = {"flow": self.take_flow, "sockets": self.take_sockets,
                "memory": self.take_memory, "slab": self.take_slab,
                "lookup": self.take_lookup}.get(word)
        if not take:
            return False
        take(*rest)
        return True

    def take_flow(self, place, kind, size, mode, family, number, cost):
        flow = self.flows.setdefault((place, kind, size, mode),
                                     Flow(place, kind, int(size), mode))
        flow.add(family, int(number), float(cost))
        self.last = f"round {int(number) + 1}, {PLACES[place]}: {flow.name()}, {family}"

    def take_sockets(self, family, count, phase, cost):
        self.sockets.setdefault(family, {}).setdefault(phase, []).append(float(cost))
        self.last = f"{phase} {count} {family} sockets"

    def take_memory(self, what, family, size):
        self.memory.setdefault(what, {}).setdefault(family, []).append(float(size))
        self.last = f"memory of a {family} {what}"

    def take_slab(self, what, family, cache, _, size):
        self.slabs.setdefault(what, {}).setdefault(family, {})[cache] = float(size)

    def take_lookup(self, family, count, cost):
        self.lookups.setdefault(family, {}).setdefault(int(count), []).append(float(cost))
        self.last = f"sending to {count} {family} neighbours"

    def sockets_ns(self, family):
        """Time of each phase, and of all together, in the least disturbed run of each."""
        phases = self.sockets[family]
        each = {phase: min(phases[phase]) for phase in PHASES if phase in phases}
        each["all"] = sum(each.values())
        return each

    def sockets_verdict(self):
        return verdict(self.sockets_ns("teach")["all"] <= MOST_SOCKETS_NS)

    def lookup(self, family, count):
        """In the less disturbed of two runs."""
        return min(self.lookups[family][count])

    def lookup_ratio(self, family):
        return self.lookup(family, MANY_NEIGHBOURS) / self.lookup(family, FEW_NEIGHBOURS)

    def lookup_verdict(self):
        return verdict(self.lookup_ratio("teach") <= MOST_LOOKUP)

    def memory_of(self, what, family):
        """The most of all runs: a later one finds what an earlier left in the caches."""
        return max(self.memory[what][family])

    def bars(self):
        """(what, verdict) for every bar."""
        for flow in self.flows.values():
            yield f"{PLACES[flow.place]}: {flow.name()}", flow.verdict()
        if self.sockets:
            yield f"{N_SOCKETS} sockets", self.sockets_verdict()
        if self.lookups:
            yield f"{MANY_NEIGHBOURS} neighbours", self.lookup_verdict()
