# SPDX-License-Identifier: GPL-2.0-or-later
"""How figures are shown: progress, tables, JSON."""

import json
import os
import sys
import time

import figures


class Progress:
    """One line that changes, or on a file a line every ten seconds."""

    def __init__(self, title):
        self.title = title
        self.terminal = sys.stderr.isatty()
        self.shown = time.monotonic()
        print(f"# booting: {title}", file=sys.stderr, flush=True)

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


def verdict(met):
    return "met" if met else "MISSED"


def flow_lines(result):
    yield (f"{'':34}" + "".join(f"{name:>9}" for name in figures.FAMILIES)
           + "   UDP/TEACH (least..most)   bar")
    for flow in result.flows.values():
        costs = "".join(f"{flow.cost(name).median:9,.0f}" for name in figures.FAMILIES)
        ratio = flow.ratio()
        yield (f"{flow.name():34}{costs}   {ratio.median:.3f} ({ratio.least:.3f}.."
               f"{ratio.most:.3f})      {flow.bar():.2f} {verdict(flow.met())}")


def table(result):
    return "\n".join(["", f"{result.title}", *flow_lines(result)])


def write(folder, kernel, results):
    """Keeps everything; returns the names of the bars in instructions not met."""
    missed = []
    out = {"kernel": kernel, "boots": []}
    for result in results:
        flows = []
        for flow in result.flows.values():
            flows.append({
                "name": flow.name(), "kind": flow.kind, "bytes": flow.size,
                "mode": flow.mode,
                "cost": {name: flow.cost(name).json() for name in figures.FAMILIES},
                "ratio_to_teach": {name: flow.ratio(name).json()
                                   for name in figures.FAMILIES[1:]},
                "bar": flow.bar(), "met": flow.met(),
            })
            if result.unit == "instructions" and not flow.met():
                missed.append(f"{result.title}: {flow.name()}")
        out["boots"].append({"unit": result.unit, "mitigations": result.mitigations,
                             "flows": flows})
    with open(os.path.join(folder, "bench.json"), "w", encoding="utf-8") as f:
        json.dump(out, f, indent=1)
        f.write("\n")
    for name in missed:
        print(f"MISSED {name}")
    return missed
