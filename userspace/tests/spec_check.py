#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare Documentation/netlink/teach.yaml with uapi/linux/teach.h.

Each command, attribute and counter must have the same name and value in both. The
values of the header are computed from what the preprocessor makes of its enums.
TAP on stdout; usage: spec_check.py [SPEC [HEADER]]
"""
import os
import re
import subprocess
import sys

try:
    import yaml
except ImportError:
    print("1..0 # SKIP python3-yaml is not installed")
    sys.exit(0)

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
count = failed = 0


def check(description, problems):
    """One case, which passes if there are no problems."""
    global count, failed
    count += 1
    print(f"{'not ok' if problems else 'ok'} {count} {description}")
    for problem in problems:
        print(f"# {problem}")
    failed += bool(problems)


def enums(header):
    """{enum name: {constant: value}} of the header."""
    include = os.path.join(os.path.dirname(header), "..")
    text = subprocess.run(
        [os.environ.get("CC") or "cc", "-E", "-P", "-I", include, header],
        check=True, capture_output=True, text=True).stdout
    found = {}
    for name, body in re.findall(r"enum\s+(\w+)\s*{([^}]*)}", text):
        value, values = -1, {}
        for entry in body.split(","):
            if not entry.strip():
                continue
            constant, _, expression = (p.strip() for p in entry.partition("="))
            # Values are plain numbers, or refer to constants before them.
            value = eval(expression, {}, values) if expression else value + 1
            values[constant] = value
        found[name] = values
    return found


def wanted(values):
    """Without the constants that only mark the ends."""
    return {c: v for c, v in values.items()
            if not c.startswith("__") and not c.endswith(("_UNSPEC", "_MAX"))}


def numbered(entries, prefix):
    """{C name: value} of a list in the spec, which counts from 1."""
    value, values = 0, {}
    for entry in entries:
        value = entry.get("value", value + 1)
        name = (prefix + entry["name"]).upper().replace("-", "_")
        values[name] = value
    return values


def compare(spec, header):
    """What differs, in words."""
    problems = []
    for name in sorted(spec.keys() | header.keys(),
                       key=lambda n: header.get(n, spec.get(n))):
        if name not in spec:
            problems.append(f"{name} is {header[name]} in the header, and not in the spec")
        elif name not in header:
            problems.append(f"{name} is {spec[name]} in the spec, and not in the header")
        elif spec[name] != header[name]:
            problems.append(f"{name} is {spec[name]} in the spec, {header[name]} in the header")
    return problems


def main():
    spec_file = sys.argv[1] if len(sys.argv) > 1 else \
        os.path.join(TOP, "Documentation/netlink/teach.yaml")
    header_file = sys.argv[2] if len(sys.argv) > 2 else \
        os.path.join(TOP, "uapi/linux/teach.h")
    with open(spec_file, encoding="utf-8") as f:
        spec = yaml.safe_load(f)
    with open(header_file, encoding="utf-8") as f:
        source = f.read()
    header = enums(header_file)

    family = re.search(r'TEACH_GENL_NAME\s+"(.*)"', source).group(1)
    check("the family's name", [] if spec["name"] == family else
          [f"{spec['name']} in the spec, {family} in the header"])

    ops = spec["operations"]
    check("the commands", compare(numbered(ops["list"], ops["name-prefix"]),
                                  wanted(header["teach_cmd"])))

    sets = {s["name"]: s for s in spec["attribute-sets"]}
    for name, attributes in sets.items():
        enum = attributes["enum-name"].replace("-", "_")
        check(f"the attributes of set {name}, {enum}", compare(
            numbered(attributes["attributes"], attributes["name-prefix"]),
            wanted(header.get(enum, {}))))

    printed = dict(re.findall(r'X\(([A-Z0-9_]+),\s*"(\w+)"\)', source))
    documented = {a["name"].upper().replace("-", "_"): a["doc"]
                  for a in sets["stat"]["attributes"]}
    check("the counters' printed names", [
        f"{c}: {documented.get(c)} in the spec, {printed.get(c)} in the header"
        for c in sorted(printed.keys() | documented.keys())
        if printed.get(c) != documented.get(c)])

    definitions = {d["name"]: d for d in spec["definitions"]}
    reasons = re.findall(r'X\(([A-Z0-9_]+),\s*"(\w+)",\s*"([^"]+)"\)', source)
    described = [(e["name"].upper().replace("-", "_"), e["doc"]) for e in
                 definitions["neigh-reason"]["entries"][1:]]
    check("the reasons, in their order", [] if reasons and described ==
          [(i, t[0].upper() + t[1:] + ".") for i, _, t in reasons] else
          [f"{described} in the spec"])
    groups = [g["name"] for g in spec["mcast-groups"]["list"]]
    check("the multicast groups", [] if groups ==
          re.findall(r'TEACH_GENL_GRP_\w+\s+"(.*)"', source) else [str(groups)])

    flags = dict(re.findall(r"#define (TEACH_LINK_F_\w+)\s+(0x\w+)", source))
    names = [e["name"] for e in definitions["link-flags"]["entries"]]
    check("the link flags", compare(
        {f"TEACH_LINK_F_{n.upper()}": 1 << i for i, n in enumerate(names)},
        {n: int(v, 16) for n, v in flags.items()}))

    unknown = []
    for op in ops["list"]:
        known = {a["name"] for a in sets[op["attribute-set"]]["attributes"]}
        for part in ("do", "dump"):
            for side in op.get(part, {}).values():
                unknown += [f"{op['name']}: {a}" for a in side["attributes"]
                            if a not in known]
        unknown += [f"{op['name']}: {a}" for a in op.get("event", {}).get("attributes", [])
                    if a not in known]
        if "mcgrp" in op and op["mcgrp"] not in groups:
            unknown.append(f"{op['name']}: group {op['mcgrp']}")
    for attributes in sets.values():
        unknown += [f"{a['name']}: set {a['nested-attributes']}"
                    for a in attributes["attributes"]
                    if a.get("nested-attributes", "main") not in sets]
    check("attributes and sets that are named exist", unknown)

    print(f"1..{count}")
    return failed > 0


sys.exit(main())
