# SPDX-License-Identifier: GPL-2.0-or-later
"""Instructions by kernel function, from what plugin/count.c wrote."""

import bisect


class Symbols:
    """The guest's /proc/kallsyms."""

    def __init__(self, path):
        found = {}
        with open(path, encoding="ascii") as f:
            for line in f:
                address, kind, name = line.split()[:3]
                if kind in "tTwW":
                    found.setdefault(int(address, 16), name)
        self.addresses = sorted(found)
        self.names = [found[a] for a in self.addresses]

    def of(self, address):
        if address < 1 << 63:
            return "(user space)"
        i = bisect.bisect_right(self.addresses, address) - 1
        # GCC's parts of functions belong to the function.
        return self.names[i].split(".")[0] if i >= 0 else "(unknown)"


def count(path, symbols, number):
    """{function: instructions for one of number}."""
    total = {}
    with open(path, encoding="ascii") as f:
        for line in f:
            address, count = line.split()
            name = symbols.of(int(address, 16))
            total[name] = total.get(name, 0) + int(count) / number
    return total


def table(title, ours, theirs, names, least=10):
    """Two profiles beside each other, the most expensive functions first."""
    lines = [title, f"{names[0]:>9}{names[1]:>9}  function"]
    functions = sorted(set(ours) | set(theirs),
                       key=lambda f: -max(ours.get(f, 0), theirs.get(f, 0)))
    for name in functions:
        if max(ours.get(name, 0), theirs.get(name, 0)) >= least:
            lines.append(f"{ours.get(name, 0):9.1f}{theirs.get(name, 0):9.1f}  {name}")
    lines.append(f"{sum(ours.values()):9.1f}{sum(theirs.values()):9.1f}  in all")
    return "\n".join(lines)
