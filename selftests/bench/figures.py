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

    def __init__(self, kind, size, mode):
        self.kind, self.size, self.mode = kind, size, mode
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

    def met(self):
        return self.ratio().median >= self.bar()


class Result:
    """All figures of one boot."""

    def __init__(self, title, unit, mitigations):
        self.title, self.unit, self.mitigations = title, unit, mitigations
        self.flows = {}         # (kind, size, mode): Flow, in the order measured
        self.last = ""          # what the last line was about

    def take(self, line):
        """Whether the line was a figure, which is then kept."""
        words = line.split()
        if len(words) == 7 and words[0] == "flow":
            kind, size, mode, family, number, cost = words[1:]
            flow = self.flows.setdefault((kind, size, mode), Flow(kind, int(size), mode))
            flow.add(family, int(number), float(cost))
            self.last = f"round {int(number) + 1}: {flow.name()}, {family}"
            return True
        return False
