# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures of the neighbour cache beside IPv4's: what `bench cache` prints, its table and
what is to be said of it."""

import json
import os

TEXTS = {
    "first": "first datagram, nothing known",
    "lookup": "datagram, another neighbour each time",
    "insert": "entry made by netlink",
    "remove": "entry taken out by netlink",
    "dump": "entry of a dump",
    "memory": "bytes of an entry, all included",
    "at_once": "all resolved at once, a datagram to each",
}

# IPv4's cost over TEACH's: never less than this, which leaves room for what repeats badly, and
# clearly better in so many kinds of figures.
WORST, BETTER, KINDS_BETTER = 0.99, 1.02, 4


class Result:
    """All figures of one boot."""

    def __init__(self, unit, mitigations):
        self.unit = unit
        self.mitigations = mitigations
        self.costs = {}     # (what, count): {family: [cost, ...]}
        self.last = ""

    def title(self):
        what = "instructions" if self.unit == "instructions" else "nanoseconds"
        return f"The neighbour cache beside IPv4's, in {what}, mitigations={self.mitigations}"

    def take(self, line):
        """Whether the line was a figure, which is then kept."""
        word, *rest = line.split() or [""]
        if word != "cache":
            return False
        what, family, count, cost = rest
        self.costs.setdefault((what, int(count)), {}).setdefault(family, []).append(float(cost))
        self.last = f"{family}: {TEXTS[what]}, {int(count):,}"
        return True

    def cost(self, key, family):
        """In the least disturbed run."""
        return min(self.costs[key][family])

    def ratio(self, key):
        return self.cost(key, "udp") / self.cost(key, "teach")

    def worst(self, what):
        """The smallest ratio of a kind of figure."""
        return min(self.ratio(key) for key in self.costs if key[0] == what)

    def bars(self):
        """(what, whether it is met) for every bar."""
        for key in self.costs:
            what, count = key
            yield f"{TEXTS[what]}, {count:,}: {self.ratio(key):.3f}", self.ratio(key) >= WORST
        better = [what for what in TEXTS if self.worst(what) >= BETTER]
        yield f"better in {len(better)} kinds of figures", len(better) >= KINDS_BETTER

    def table(self):
        lines = ["", self.title(), f"  {'':50}{'TEACH':>12}{'IPv4':>12}{'IPv4/TEACH':>12}"]
        for key in sorted(self.costs, key=lambda k: (list(TEXTS).index(k[0]), k[1])):
            what, count = key
            head = TEXTS[what] + (f", {count:,}" if count > 1 else "")
            lines.append(f"  {head:<50}{self.cost(key, 'teach'):>12,.0f}"
                         f"{self.cost(key, 'udp'):>12,.0f}{self.ratio(key):>12.3f}")
        return "\n".join(lines)

    def write(self, folder, kernel):
        figures = [{"figure": what, "count": count,
                    "cost": {name: min(costs) for name, costs in families.items()},
                    "ratio": round(self.ratio((what, count)), 4)}
                   for (what, count), families in self.costs.items()]
        name = os.path.join(folder, f"neigh-{self.unit}.json")
        with open(name, "w", encoding="utf-8") as f:
            json.dump({"kernel": kernel, "unit": self.unit, "figures": figures}, f, indent=1)
            f.write("\n")
