# SPDX-License-Identifier: GPL-2.0-or-later
"""An SVG chart of all figures: what the other families cost over TEACH."""

from xml.sax.saxutils import escape

import figures

WIDTH = 980
LEFT, RIGHT = 270, 800      # the plots' edges; labels are left of it, numbers right
ROW, HEAD, GAP = 22, 62, 26
COLOURS = {"teach": "#222222", "udp": "#1f6fb4", "packet": "#d9822b", "unix": "#3a9a4d"}
VERDICT_COLOURS = {figures.MET: "#1b7a35", figures.MISSED: "#c0202a",
                   figures.UNCLEAR: "#999999"}
NAMES = {"teach": "TEACH", "udp": "UDP", "packet": "AF_PACKET", "unix": "UNIX"}
LOW, HIGH, STEP = 0.6, 2.0, 0.2


class Drawing:
    """SVG elements below each other."""

    def __init__(self):
        self.parts = []
        self.y = 30

    def text(self, x, text, size=12, anchor="start", weight="normal", colour="#222222"):
        self.parts.append(f'<text x="{x:.1f}" y="{self.y + 4:.1f}" font-size="{size}" '
                          f'text-anchor="{anchor}" font-weight="{weight}" fill="{colour}">'
                          f'{escape(text)}</text>')

    def line(self, x1, x2, y1, y2, colour, width=1.0):
        self.parts.append(f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" '
                          f'stroke="{colour}" stroke-width="{width}"/>')

    def dot(self, x, colour):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{self.y:.1f}" r="4.5" fill="{colour}"/>')

    def box(self, x, width, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{self.y - 7:.1f}" width="{width:.1f}" '
                          f'height="14" fill="{colour}"/>')

    def svg(self):
        height = self.y + 20
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
                f'viewBox="0 0 {WIDTH} {height:.0f}" '
                'font-family="DejaVu Sans, Helvetica, Arial, sans-serif">\n'
                f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>\n'
                + "\n".join(self.parts) + "\n</svg>\n")


def ratio_x(ratio):
    """Where a ratio is drawn; what is outside sticks to the edge."""
    share = (min(max(ratio, LOW), HIGH) - LOW) / (HIGH - LOW)
    return LEFT + share * (RIGHT - LEFT)


def axis(d, rows):
    top, bottom = d.y - ROW / 2, d.y + rows * ROW - ROW / 2
    ratio = LOW
    while ratio < HIGH + STEP / 2:
        x = ratio_x(ratio)
        one = abs(ratio - 1) < STEP / 2
        d.line(x, x, top, bottom, "#222222" if one else "#dddddd", 1.5 if one else 1)
        y, d.y = d.y, top - 9
        d.text(x, f"{ratio:.1f}", 10, "middle", colour="#666666")
        d.y = y
        ratio += STEP


def flow_row(d, flow, unit):
    d.text(LEFT - 12, flow.name(), anchor="end")
    for name in reversed(figures.FAMILIES[1:]):
        ratio = flow.ratio(name)
        d.line(ratio_x(ratio.least), ratio_x(ratio.most), d.y, d.y, COLOURS[name], 2)
        d.dot(ratio_x(ratio.median), COLOURS[name])
    bar = ratio_x(flow.bar())
    d.line(bar, bar, d.y - 9, d.y + 9, "#c0202a", 2)
    cost = flow.cost("teach").median
    each = "datagram" if flow.kind == "oneway" else "exchange"
    short = "instr." if unit == "instructions" else "ns"
    d.text(RIGHT + 12, f"{flow.ratio().median:.2f}", weight="bold",
           colour=VERDICT_COLOURS[flow.verdict()])
    d.text(RIGHT + 52, f"{cost:,.0f} {short}/{each}", 10, colour="#444444")
    d.y += ROW


def flow_panel(d, result, place):
    flows = [flow for flow in result.flows.values() if flow.place == place]
    if not flows:
        return
    d.text(20, f"{result.title()}, {figures.PLACES[place]}", 14, weight="bold")
    d.text(RIGHT + 12, "UDP/TEACH, TEACH's cost", 10, colour="#666666")
    d.y += HEAD - ROW
    axis(d, len(flows))
    for flow in flows:
        flow_row(d, flow, result.unit)
    d.y += GAP


def bar_panel(d, title, rows):
    """rows: (label, family, value, text)."""
    d.text(20, title, 14, weight="bold")
    d.y += ROW + 4
    most = max(value for _, _, value, _ in rows)
    for label, family, value, text in rows:
        d.text(LEFT - 12, label, anchor="end")
        width = (RIGHT - LEFT) * value / most
        d.box(LEFT, width, COLOURS[family])
        d.text(LEFT + width + 8, text, 11)
        d.y += ROW
    d.y += GAP


def scale_panels(d, result):
    unit = "instructions" if result.unit == "instructions" else "ns"
    if result.lookups:
        rows = [(f"{NAMES[name]}, {count:,} neighbours", name, cost, f"{cost:,.0f} {unit}")
                for name, counts in result.lookups.items()
                for count in sorted(counts)
                for cost in [result.lookup(name, count)] if count > 1]
        bar_panel(d, f"{result.title()}: sending to another neighbour each time", rows)
    if result.sockets:
        rows = [(NAMES[name], name, times["all"], f"{times['all'] / 1e9:.2f} s")
                for name in figures.FAMILIES if name in result.sockets and name != "packet"
                for times in [result.sockets_ns(name)]]
        bar_panel(d, f"{result.title()}: {figures.N_SOCKETS:,} sockets bound, found and closed, "
                     "guest time", rows)


def legend(d):
    x = 20
    d.text(x, "Cost over TEACH's (right of 1.0: dearer than TEACH):", 12)
    x += 360
    for name in figures.FAMILIES[1:]:
        d.dot(x, COLOURS[name])
        d.text(x + 9, NAMES[name], 12)
        x += 105
    d.line(x, x, d.y - 9, d.y + 9, "#c0202a", 2)
    d.text(x + 8, "least that UDP's is to be", 12)
    d.y += ROW
    d.text(20, "Dots are medians of all rounds, lines reach from the least to the most. What is "
               f"beyond {LOW} or {HIGH} is drawn at the edge. Numbers: green met, red missed, "
               "grey unclear.", 11, colour="#666666")
    d.y += ROW + GAP / 2


def write(path, kernel, results):
    d = Drawing()
    d.text(20, f"AF_TEACH beside UDP, AF_PACKET and UNIX datagrams, Linux {kernel}", 17,
           weight="bold")
    d.y += ROW + 6
    legend(d)
    for result in results:
        for place in figures.PLACES:
            flow_panel(d, result, place)
    for result in results:
        scale_panels(d, result)
    for what in ["socket", "neighbour"]:
        for result in results[:1]:
            if what in result.memory:
                rows = [(NAMES[name] if what == "socket" or name == "teach" else "IPv4",
                         name, size, f"{size:,.0f} bytes")
                        for name in figures.FAMILIES if name in result.memory[what]
                        for size in [result.memory_of(what, name)]]
                thing = "bound socket" if what == "socket" else "neighbour entry"
                bar_panel(d, f"Kernel memory of a {thing}", rows)
    with open(path, "w", encoding="utf-8") as f:
        f.write(d.svg())
