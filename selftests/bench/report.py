# SPDX-License-Identifier: GPL-2.0-or-later
"""How figures are shown while measuring and at the end: progress, tables, JSON."""

import json
import os
import sys
import time

import figures


class Progress:
    """One line that changes, or on a file a line every ten seconds."""

    def __init__(self, title):
        self.terminal = sys.stderr.isatty()
        self.shown = time.monotonic()
        print(f"# booting a VM: {title}", file=sys.stderr, flush=True)

    def step(self, text):
        if self.terminal:
            print(f"\r\x1b[K# {text}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self.shown >= 10:
            self.shown = time.monotonic()
            print(f"# {text}", file=sys.stderr, flush=True)

    def other(self, text):
        self.end()
        print(text, file=sys.stderr, flush=True)

    def end(self):
        if self.terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def flow_lines(result, place):
    heads = "".join(f"{name:>11}" for name in figures.FAMILIES)
    yield f"{'  ' + figures.PLACES[place]:38}{heads}  UDP/TEACH (least..most)   bar"
    for flow in result.flows.values():
        if flow.place != place:
            continue
        costs = "".join(f"{flow.cost(name).median:11,.0f}" for name in figures.FAMILIES)
        ratio = flow.ratio()
        yield (f"  {flow.name():36}{costs}  {ratio.median:9.3f} ({ratio.least:.3f}.."
               f"{ratio.most:.3f})  >={flow.bar():.2f} {flow.verdict()}")


def row(head, values, end=""):
    """A line of numbers below the families' names; None where there is none."""
    cells = "".join(f"{'-':>11}" if v is None else f"{v:>11}" for v in values)
    return f"  {head:36}{cells}  {end}".rstrip()


def each(families, function):
    """One value for each family, of those that were measured."""
    return [function(name) if name in families else None for name in figures.FAMILIES]


def socket_lines(result):
    yield f"  {figures.N_SOCKETS:,} sockets, seconds of guest time"
    for phase in figures.PHASES + ["all"]:
        values = each(result.sockets, lambda name, phase=phase:
                      f"{result.sockets_ns(name)[phase] / 1e9:.3f}"
                      if phase in result.sockets_ns(name) else None)
        end = ""
        if phase == "all":
            end = f"<= {figures.MOST_SOCKETS_NS / 1e9:.0f} s {result.sockets_verdict()}"
        yield row(f"  {phase}", values, end)


def lookup_lines(result):
    yield "  sendto, another neighbour each time"
    for count in [1, figures.FEW_NEIGHBOURS, figures.MANY_NEIGHBOURS]:
        yield row(f"  among {count:,}", each(result.lookups, lambda name, count=count:
                                             f"{result.lookup(name, count):,.0f}"))
    yield row(f"  {figures.MANY_NEIGHBOURS:,} / {figures.FEW_NEIGHBOURS}",
              each(result.lookups, lambda name: f"{result.lookup_ratio(name):.3f}"),
              f"<= {figures.MOST_LOOKUP} {result.lookup_verdict()}")


def table(result):
    lines = ["", result.title()]
    for place in figures.PLACES:
        if any(flow.place == place for flow in result.flows.values()):
            lines += flow_lines(result, place)
    if result.lookups:
        lines += lookup_lines(result)
    if result.sockets:
        lines += socket_lines(result)
    for what, families in result.memory.items():
        lines.append(row(f"bytes for a {what}", each(families, lambda name, what=what:
                                                     f"{result.memory_of(what, name):,.0f}")))
    return "\n".join(lines)


def flow_json(flow):
    return {
        "place": flow.place, "kind": flow.kind, "bytes": flow.size, "mode": flow.mode,
        "cost": {name: flow.cost(name).json() for name in figures.FAMILIES},
        "ratio_to_teach": {name: flow.ratio(name).json() for name in figures.FAMILIES[1:]},
        "bar": flow.bar(), "verdict": flow.verdict(),
    }


def result_json(result):
    out = {"unit": result.unit, "mitigations": result.mitigations,
           "flows": [flow_json(flow) for flow in result.flows.values()]}
    if result.sockets:
        out["sockets_ns"] = {
            "count": figures.N_SOCKETS,
            "families": {name: result.sockets_ns(name) for name in result.sockets},
            "bar": figures.MOST_SOCKETS_NS, "verdict": result.sockets_verdict()}
    if result.lookups:
        out["neighbours"] = {
            "families": {name: {
                "cost": {str(count): result.lookup(name, count) for count in counts},
                "ratio": round(result.lookup_ratio(name), 4)}
                         for name, counts in result.lookups.items()},
            "bar": figures.MOST_LOOKUP, "verdict": result.lookup_verdict()}
    if result.memory:
        out["bytes"] = {what: {name: {"all": result.memory_of(what, name),
                                      "caches": result.slabs.get(what, {}).get(name, {})}
                               for name in families}
                        for what, families in result.memory.items()}
    return out


def write_json(folder, kernel, results):
    with open(os.path.join(folder, "bench.json"), "w", encoding="utf-8") as f:
        json.dump({"kernel": kernel, "boots": [result_json(r) for r in results]}, f, indent=1)
        f.write("\n")


def verdicts(results):
    """What is to be said of the bars that were not met, or not clearly."""
    return [(result, f"{verdict}: {result.title()}, {what}") for result in results
            for what, verdict in result.bars() if verdict != figures.MET]
