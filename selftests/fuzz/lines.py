#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How much of the module the fuzzer reached.

usage: lines.py TEACH_KO PLACES [--by-file] [--missed]

TEACH_KO has debug info. Its places are where the compiler put a call of KCOV, one for
each basic block; PLACES has those that were reached, a line "SECTION OFFSET" each. A
line of the source is counted if a place is on it, and as reached if any of them was:
of the lines of one basic block that is one, mostly the first. What runs when the
module is loaded or unloaded is not counted.
"""

import argparse
import re
import subprocess
import sys

SECTIONS = [".text", ".text.unlikely"]
CALL = re.compile(r"^\s*([0-9a-f]+): R_X86_64_PLT32\s+__sanitizer_cov_trace_pc-0x4$")


def places_of(module):
    """Return addresses of all calls of KCOV, as (section, offset)."""
    found = set()
    for section in SECTIONS:
        text = subprocess.run(["objdump", "-dr", "-j", section, module], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True).stdout
        for line in text.splitlines():
            match = CALL.match(line)
            if match:
                found.add((section, int(match[1], 16) + 4))
    return found


def lines_of(module, places):
    """{place: "file:line"}, for places in files of the module."""
    lines = {}
    for section in SECTIONS:
        here = sorted(offset for name, offset in places if name == section)
        if not here:
            continue
        # The call itself, not where it returns to.
        text = subprocess.run(["addr2line", "-i", "-a", "-e", module, "-j", section],
                              input="".join(f"0x{o - 1:x}\n" for o in here), check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        place = None
        for line in text.splitlines():
            if line.startswith("0x"):
                place = (section, int(line, 16) + 1)
                continue
            # The innermost function that is the module's own.
            match = re.search(r"/kmod/(?:\./)*(\S+\.[ch]:\d+)", line)
            if match and place not in lines:
                lines[place] = match[1]
    return lines


def main():
    parser = argparse.ArgumentParser(description="how much of the module was reached")
    parser.add_argument("module")
    parser.add_argument("places")
    parser.add_argument("--by-file", action="store_true")
    parser.add_argument("--missed", action="store_true", help="list the lines not reached")
    options = parser.parse_args()

    places = places_of(options.module)
    with open(options.places, encoding="ascii") as f:
        words = [line.split() for line in f]
    reached = {(section, int(offset, 16)) for section, offset in words}
    if reached - places:
        sys.exit(f"{options.places} is not of {options.module}")
    lines = lines_of(options.module, places)
    every = set(lines.values())
    hit = {lines[place] for place in reached if place in lines}
    print(f"lines {len(hit)} of {len(every)} ({100 * len(hit) / len(every):.1f} %), "
          f"basic blocks {len(reached)} of {len(places)} "
          f"({100 * len(reached) / len(places):.1f} %)")
    if options.by_file:
        for name in sorted({line.split(":")[0] for line in every}):
            total = [line for line in every if line.startswith(name + ":")]
            done = [line for line in total if line in hit]
            print(f"  {name:24} {len(done):4} of {len(total):4}"
                  f" {100 * len(done) / len(total):5.1f} %")
    if options.missed:
        for line in sorted(every - hit, key=lambda x: (x.split(":")[0], int(x.split(":")[1]))):
            print(line)


if __name__ == "__main__":
    main()
