#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the documents against the sources, and print KTAP.

usage: selftests/documents.py [TOP]

  protocol.md      each drawing and its table against the structures of
                   uapi/linux/teach.h, as the C compiler lays them out; the values of
                   constants; the table of counters against TEACH_STATS
  architecture.md  every function, structure and file that it names exists in kmod/, and
                   no file of kmod/ is missing
  README.md        its programs are those of userspace/examples; the demonstration that it
                   shows is that of scripts/guest/story; make knows its goals
  teach.7          it has every option, counter, sysctl and /proc file; where the module is
                   loaded, the sysctls' defaults are the kernel's
  all              links between documents lead somewhere

The last cases change a copy of the documents and expect the checks to see it.
"""

import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else
                      os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
DOCUMENTS = ["README.md", "Documentation/protocol.md", "Documentation/architecture.md",
             "man/teach.7"]
# Files that architecture.md names and that are not in kmod/.
OTHER_FILES = {"net/core/neighbour", "uapi/linux/teach"}
SYSCTL_DIR = "/proc/sys/net/teach"


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def kmod_files():
    """Paths below kmod/ of its sources."""
    found = []
    top = os.path.join(TOP, "kmod")
    for folder, subfolders, names in os.walk(top):
        subfolders[:] = [s for s in subfolders if s != "probes"]
        found += [os.path.relpath(os.path.join(folder, n), top) for n in names
                  if re.search(r"\.[ch]$", n) and not n.endswith(".mod.c")]
    return sorted(found)


# ---- the parts of a document ------------------------------------------------


def tables(text):
    """Each table of a document: its column names, its rows as lists of cells."""
    found = []
    for match in re.finditer(r"^\|.*\n\|[-|]+\n(?:\|.*\n)+", text, re.M):
        lines = match.group().splitlines()
        cells = [[c.strip() for c in line.strip().strip("|").split("|")]
                 for line in lines]
        found.append((cells[0], cells[2:], match.start()))
    return found


def plain(cell):
    return cell.strip("`")


def drawings(text):
    """Each drawing: position, [(label, first bit, bits)] in the order drawn."""
    found = []
    for match in re.finditer(r"^    \+(?:-\+){32}\n(?:    [|+].*\n)+", text, re.M):
        cells, row = [], 0
        for line in match.group().splitlines():
            line = line.strip()
            if line.startswith("+"):
                continue
            # A bit takes two columns, a frame of one character being shared.
            at = 0
            for label in line.strip("|").split("|"):
                bits = (len(label) + 1) // 2
                cells.append((label.replace("...", "").strip(), row * 32 + at, bits))
                at += bits
            if at != 32:
                raise ValueError(f"a row of {at} bits: {line}")
            row += 1
        found.append((match.start(), cells))
    return found


# ---- what the compiler says -------------------------------------------------


def header_structs(uapi):
    """Structure name -> names of its fields, in order; unions as one field."""
    found = {}
    uapi = re.sub(r"/\*.*?\*/", "", uapi, flags=re.S)
    for match in re.finditer(r"^struct (\w+) \{\n(.*?)^\};", uapi, re.M | re.S):
        body = re.sub(r"(?:union|struct) \{.*\n\t\}", "nested", match.group(2), flags=re.S)
        found[match.group(1)] = re.findall(r"(\w+)(?:\[\w+\])?;", body)
    return found


def compile_and_run(expressions):
    """Values of C expressions about uapi/linux/teach.h."""
    lines = "\n".join(f'\tprintf("%llu\\n", (unsigned long long)({e}));'
                      for e in expressions)
    program = ("#include <stddef.h>\n#include <stdio.h>\n#include <linux/teach.h>\n"
               f"int main(void)\n{{\n{lines}\n\treturn 0;\n}}\n")
    with tempfile.TemporaryDirectory() as folder:
        source, binary = os.path.join(folder, "a.c"), os.path.join(folder, "a")
        with open(source, "w", encoding="utf-8") as f:
            f.write(program)
        subprocess.run([os.environ.get("CC", "cc"), "-I", os.path.join(TOP, "uapi"),
                        "-o", binary, source], check=True)
        out = subprocess.run([binary], check=True, stdout=subprocess.PIPE, text=True)
    return [int(x) for x in out.stdout.split()]


class Layout:
    """Structures and constants of the header, compiled once."""

    def __init__(self):
        uapi = read("uapi/linux/teach.h")
        self.structs = header_structs(uapi)
        wire = uapi[uapi.index("---- The wire"):uapi.index("---- Generic netlink")]
        self.constants = ["ETH_P_TEACH", "TEACH_ADDR_ANY", "TEACH_ADDR_BROADCAST"]
        self.constants += re.findall(r"^#define (TEACH_\w+)", wire, re.M)
        self.constants += [n for n in re.findall(r"^\t(TEACH\w+)\s*=", uapi, re.M)
                           if re.match(r"TEACHPROTO_|TEACH_CTL_|TEACH_UNREACH_", n)
                           and n != "TEACHPROTO_MAX"]
        fields = [(s, f) for s in self.structs for f in self.structs[s]]
        values = compile_and_run(
            self.constants + [f"sizeof(struct {s})" for s in self.structs] +
            [e for s, f in fields
             for e in (f"offsetof(struct {s}, {f})", f"sizeof(((struct {s} *)0)->{f})")])
        self.value = dict(zip(self.constants, values))
        values = values[len(self.constants):]
        self.size = dict(zip(self.structs, values))
        values = values[len(self.structs):]
        self.place = {f: (values[2 * i], values[2 * i + 1]) for i, f in enumerate(fields)}


# ---- the checks: each returns what is wrong ---------------------------------


def check_drawings(docs, layout):
    text = docs["Documentation/protocol.md"]
    wrong, drawn = [], set()
    field_tables = [t for t in tables(text) if t[0][:2] == ["Field", "Drawn as"]]
    for (at, cells), (_, rows, table_at) in zip(drawings(text), field_tables):
        if table_at < at:
            return ["a drawing is not followed by its table"]
        named = re.search(r"`struct (\w+)`[^\n]*\n\s*$", text[:text.rindex("     0  ", 0, at)])
        struct = named.group(1) if named else None
        where = f"struct {struct}" if struct else "table at " + rows[0][0]
        bits = {}
        for label, first, count in cells:
            begin, end = bits.get(label, (first, first))
            if first != end:
                wrong.append(f"{where}: {label} is drawn in two places")
            bits[label] = (begin, first + count)
        table_bits, fields = 0, []
        for field, labels, byte, size, _ in rows:
            field = plain(field)
            fields.append(field)
            byte, size = int(byte), int(size)
            # A label may have a comma in it; then it is the whole cell.
            parts = [labels] if labels in bits else [x.strip() for x in labels.split(",")]
            if any(p not in bits for p in parts):
                wrong.append(f"{where}: {field} is not drawn as {labels}")
                continue
            begin = min(bits[p][0] for p in parts)
            end = max(bits[p][1] for p in parts)
            if (begin, end) != (byte * 8, (byte + size) * 8):
                wrong.append(f"{where}: {field} is drawn at bits {begin} to {end}")
            table_bits += size * 8
            if struct and layout.place.get((struct, field)) != (byte, size):
                wrong.append(f"{where}: {field} has offset and size "
                             f"{layout.place.get((struct, field))} in the header")
        if table_bits != max(end for _, end in bits.values()):
            wrong.append(f"{where}: the drawing has more than the table")
        if struct:
            drawn.add(struct)
            if fields != layout.structs.get(struct) or table_bits != layout.size[struct] * 8:
                wrong.append(f"{where}: the header has {layout.structs.get(struct)}")
    for struct in ("teachhdr", "teach_dgramhdr", "teach_ctlhdr"):
        if struct not in drawn:
            wrong.append(f"struct {struct} is not drawn")
    return wrong


def check_constants(docs, layout):
    wrong, seen = [], set()
    for head, rows, _ in tables(docs["Documentation/protocol.md"]):
        if head[:2] != ["Name", "Value"]:
            continue
        for name, value, _ in rows:
            seen.add(plain(name))
            if layout.value.get(plain(name)) != int(value, 0):
                wrong.append(f"{name} is {layout.value.get(plain(name))}, not {value}")
    return wrong + [f"{n} is missing" for n in layout.constants if n not in seen]


def uapi_counters():
    found = []
    for name, comment in re.findall(r'X\([A-Z0-9_]+,\s*"(\w+)"\)\s*(?:/\* (.*?) \*/)?',
                                    read("uapi/linux/teach.h")):
        kind = re.match(r"(?:\w+ )?(drop|refused|not sent):", comment)
        found.append((name, kind.group(1) if kind else ""))
    return found


def check_counters(docs, _):
    rows = []
    for head, body, _ in tables(docs["Documentation/protocol.md"]):
        if head[:2] == ["Counter", "Kind"]:
            rows += [(plain(r[0]), r[1]) for r in body]
    expected = uapi_counters()
    if len(expected) < 10:
        return ["TEACH_STATS cannot be read"]
    wrong = [f"{name} ({kind or 'event'}) is missing or of another kind"
             for name, kind in expected if (name, kind) not in rows]
    wrong += [f"{name} ({kind or 'event'}) is not in TEACH_STATS"
              for name, kind in rows if (name, kind) not in expected]
    if not wrong and rows != expected:
        wrong.append("the order is not that of TEACH_STATS")
    names = {name for name, _ in expected}
    for head, body, _ in tables(docs["Documentation/protocol.md"]):
        if head[-1] == "Counter if not":
            wrong += [f"{r[-1]} is no counter" for r in body if plain(r[-1]) not in names]
    return wrong


def check_architecture(docs, _):
    text = docs["Documentation/architecture.md"]
    files = kmod_files()
    source = "\n".join(read(f"kmod/{f}") for f in files) + read("uapi/linux/teach.h")
    words = set(re.findall(r"\w+", source))
    wrong = []
    # A definition begins a line, or is a macro, or stands in an init table.
    defined = set(re.findall(r"^[a-z][\w *]*?\b(\w+)\([^;{]*\)\s*(?:__\w+\([^)]*\)\s*)*\n?\{",
                             source, re.M))
    for name in sorted(set(re.findall(r"\b(\w+)\(\)", text))):
        if name not in (defined if name.startswith("teach_") else words):
            wrong.append(f"{name}() is not in kmod/")
    for name in sorted(set(re.findall(r"\bstruct (\w+)", text))):
        if not re.search(rf"\bstruct {name}\b", source):
            wrong.append(f"struct {name} is not in kmod/")
    for name in sorted(set(re.findall(r"`([a-z_]+)\.([a-z_]+)`", text))):
        if name[1] not in ("c", "h") and not (name[0] in words and name[1] in words):
            wrong.append(f"{name[0]}.{name[1]} is not in kmod/")
    named = set(re.findall(r"(?<![\w/])((?:[a-z]+/)*[a-z_]+)\.[ch]\b", text))
    units = {os.path.splitext(f)[0] for f in files}
    known = units | {os.path.basename(u) for u in units} | OTHER_FILES
    wrong += [f"{n} is no file of kmod/" for n in sorted(named - known)]
    return wrong + [f"{u} is missing" for u in sorted(units - named)]


def check_readme(docs, _):
    text = docs["README.md"]
    wrong = []
    programs = re.findall(r"`(userspace/examples/\w+\.c)`[^\n]*\n+```c\n(.*?)^```\n", text,
                          re.M | re.S)
    wrong += [f"{path} is not as in the README"
              for path, body in programs if body != read(path)]
    if len(programs) != 2:
        wrong.append("it shows not two programs")
    steps = re.findall(r"^\d+\. (.*)$", "\n".join(re.findall(r"```text\n(.*?)^```", text,
                                                          re.M | re.S)), re.M)
    told = re.findall(r'^tell "(.*)"$', read("scripts/guest/story"), re.M)
    if steps != told:
        wrong.append("the demonstration's steps are not those of scripts/guest/story: "
                     f"{sorted(set(steps) ^ set(told))}")
    goals = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.M)) | {"all"}
    for line in re.findall(r"^    (?:sudo )?make\b(.*?)(?:#.*|&&.*)?$", text, re.M) + \
            re.findall(r"`make ([^`]*)`", text):
        wrong += [f"make has no goal {word}" for word in line.split()
                  if "=" not in word and word not in goals]
    sysctls = {name.replace("/", ".default."): default for name, default in
               re.findall(r"^\| `((?:neigh|conf)/\w+)` \| (\d+) \|", text, re.M)}
    known = {name: default for name, default in man_sysctls(docs["man/teach.7"]).items()
             if ".default." in name}
    wrong += [f"sysctl {name} is not as in teach.7" for name in
              sorted(name for name in sysctls.keys() | known.keys()
                     if sysctls.get(name) != known.get(name))]
    return wrong


def man_items(page, macro):
    return re.findall(rf"^\.It {macro} (\S+)(?: Ns)?(.*)$", page, re.M)


def man_sysctls(page):
    """Name below net.teach. -> default, as teach.7 says it."""
    return {name: " ".join(default.split()).replace('"', "") for name, default in
            re.findall(r'^\.It Va (\S+) Pq default: (.*)$', page, re.M)}


def source_sysctls():
    base, parms = read("kmod/ctl/sysctl.c"), read("kmod/ctl/sysctl_parms.c")
    neigh, conf, limits = re.findall(r"\b(?:neigh|conf|gc)_files\[\] = \{(.*?)\};", parms, re.S)
    name = r'"(\w+)"'
    return set(re.findall(r'^\s+INT_ENTRY\("(\w+)",', base, re.M)) | \
        {f"neigh/default/{n}" for n in re.findall(name, neigh + limits)} | \
        {f"conf/{dev}/{n}" for n in re.findall(name, conf) for dev in ("all", "default")}


def check_man(docs, _):
    page = docs["man/teach.7"]
    wrong = []
    uapi = read("uapi/linux/teach.h")
    options = uapi[uapi.index("Options at SOL_TEACH"):uapi.index("struct teach_pktinfo -")]
    items = {name for name, _ in man_items(page, "Dv")}
    expected = re.findall(r"^#define (TEACH_\w+)", options, re.M)
    wrong += [f"option {n} is missing" for n in expected if n not in items]
    wrong += [f"option {n} is unknown" for n in items if n.startswith("TEACH_")
              and n not in expected]
    wrong += [f"{n} is not handled" for n in items if n.startswith("SIOC") and
              n not in read("kmod/ctl/ioctl.c") + read("kmod/sock/common.c")]
    wrong += [f"ioctl {n} is missing" for n in
              set(re.findall(r"case (SIOC\w+):", read("kmod/ctl/ioctl.c") +
                             read("kmod/sock/common.c"))) - items]
    sysctls = {n.replace(".", "/") for n in man_sysctls(page)}
    wrong += [f"sysctl {n} is in only one of teach.7 and kmod/"
              for n in sorted(sysctls ^ source_sysctls())]
    counters = [n for n, _ in man_items(page, "Va") if n[0].isupper()]
    if counters != [n for n, _ in uapi_counters()]:
        wrong.append("the counters are not those of TEACH_STATS, in that order")
    files = {n for n, _ in man_items(page, "Pa")}
    expected = {f"/proc/net/{n}" for n in
                re.findall(r'proc_create\w*\("(\w+)"', read("kmod/ctl/procfs.c"))}
    wrong += [f"{n} is in only one of teach.7 and kmod/"
              for n in sorted({f for f in files if f.startswith("/proc/net/")} ^ expected)]
    return wrong


def check_defaults(docs, _):
    wrong = []
    for name, default in man_sysctls(docs["man/teach.7"]).items():
        path = os.path.join(SYSCTL_DIR, name.replace(".", "/"))
        if not os.path.exists(path):
            wrong.append(f"{path} does not exist")
            continue
        with open(path, encoding="ascii") as f:
            value = " ".join(f.read().split())
        if value != default.split(" ", 1)[0] and value != default:
            wrong.append(f"{name} is {value} in a new namespace, not {default}")
    return wrong


def check_links(docs, _):
    wrong = []
    for path, text in docs.items():
        for link in re.findall(r"\]\(([^)#:\s]+)[^):\s]*\)", text):
            target = os.path.join(TOP, os.path.dirname(path), link)
            if not os.path.exists(target):
                wrong.append(f"{path}: {link} leads nowhere")
    return wrong


# ---- KTAP -------------------------------------------------------------------

CHECKS = [
    ("protocol.md: drawings and fields are those of the header", check_drawings),
    ("protocol.md: constants have the header's values", check_constants),
    ("protocol.md: counters are those of TEACH_STATS", check_counters),
    ("architecture.md: what it names is in kmod/", check_architecture),
    ("README.md: programs, demonstration and goals are those of the tree", check_readme),
    ("teach.7: options, ioctls, sysctls, files and counters are the module's", check_man),
    ("teach.7: defaults are the kernel's", check_defaults),
    ("links between documents lead somewhere", check_links),
]

# What a check must see: check, document, text there, what it is changed to.
MUTATIONS = [
    (check_drawings, "Documentation/protocol.md", "|Version| HLen  | Traffic Class |",
     "|Version| HLen    |Traffic Class|"),
    (check_drawings, "Documentation/protocol.md", "| `tclass` | Traffic Class | 1 | 1 |",
     "| `class` | Traffic Class | 1 | 1 |"),
    (check_drawings, "Documentation/protocol.md", "| `hop_limit` | Hop Limit | 5 | 1 |",
     "| `hop_limit` | Hop Limit | 6 | 1 |"),
    (check_constants, "Documentation/protocol.md", "| `TEACH_CTL_UNREACH` | 3 |",
     "| `TEACH_CTL_UNREACH` | 4 |"),
    (check_counters, "Documentation/protocol.md", "| `ArpLocked` | drop |",
     "| `ArpLocked` | |"),
    (check_counters, "Documentation/protocol.md", "| `InBroadcasts` | |",
     "| `InBroadcast` | |"),
    (check_architecture, "Documentation/architecture.md", "teach_input()", "teach_inputs()"),
    (check_architecture, "Documentation/architecture.md", "link/nud.c", "link/state.c"),
    (check_readme, "README.md", "fd = socket(AF_TEACH", "fd = socket(AF_INET"),
    (check_readme, "README.md", "| `neigh/locktime` | 100 |", "| `neigh/locktime` | 1000 |"),
    (check_man, "man/teach.7", ".It Dv TEACH_MTU", ".It Dv TEACH_PMTU"),
    (check_man, "man/teach.7", ".It Va default_hop_limit ", ".It Va hop_limit "),
    (check_man, "man/teach.7", ".It Va DgramFiltered", ".It Va DgramFilter"),
    (check_defaults, "man/teach.7", "Pq default: 64", "Pq default: 65"),
    (check_links, "README.md", "](Documentation/protocol.md", "](Documentation/wire.md"),
]


def mutation_seen(docs, layout, check, path, old, new):
    if old not in docs[path]:
        return [f"{path} has no {old}"]
    changed = dict(docs)
    changed[path] = docs[path].replace(old, new)
    return [] if check(changed, layout) else [f"nothing was said about {new}"]


def main():
    docs = {path: read(path) for path in DOCUMENTS}
    layout = Layout()
    cases = [(name, check, lambda c=check: c(docs, layout)) for name, check in CHECKS]
    for mutation in MUTATIONS:
        check, path, _, new = mutation
        cases.append((f"{check.__name__} sees {new.strip('| ')} in {os.path.basename(path)}",
                      check, lambda m=mutation: mutation_seen(docs, layout, *m)))
    print(f"KTAP version 1\n1..{len(cases)}", flush=True)
    failed = 0
    for number, (name, check, run) in enumerate(cases, 1):
        if check is check_defaults and not os.path.isdir(SYSCTL_DIR):
            print(f"ok {number} {name} # SKIP the module is not loaded")
            continue
        wrong = run()
        failed += bool(wrong)
        for line in wrong:
            print(f"# {line}")
        print(f"{'not ok' if wrong else 'ok'} {number} {name}", flush=True)
    return 1 if failed else 0


sys.exit(main())
