#!/usr/bin/env python3
"""make_gates_doc.py: makes docs/gates.md from include/quern/gates.def.

    tools/make_gates_doc.py [FILE]    write the page to FILE (docs/gates.md), or to standard output
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "include" / "quern" / "gates.def"
COLUMNS = ("id name aliases qasm2 qasm3 qubits controls params flags base matrix inverse generator shift "
           "decomposition t rotations help").split()

HEAD = """# Gates

Written by `tools/make_gates_doc.py` from `include/quern/gates.def`; edit that table, not this page.

Qubit 0 is the least significant bit; a gate's controls come first, then its targets, and target 0 is the least
significant bit of its matrix. Rotations are exp(-i p0 P / 2). `p0, p1, ...` are a gate's parameters. Decompositions and
inverses are exact, global phase included. T and rotations are the Clifford+T cost at arbitrary parameters, every
rotation to be synthesised; with more than two controls the AND of the controls is taken on clean ancillas, and a
Toffoli counts 7 T.

| Gate | Also | OpenQASM 2 | OpenQASM 3 | Qubits | Parameters | T | Rotations | What it is |
|---|---|---|---|---|---|---|---|---|
"""


def fields(text):
    """Arguments of one row: string literals joined, everything else trimmed."""
    out, current, literal = [], "", None
    for token in re.findall(r'"(?:[^"\\]|\\.)*"|,|[^",]+', text):
        if token == ",":
            out.append(literal if literal is not None else current.strip())
            current, literal = "", None
        elif token.startswith('"'):
            literal = (literal or "") + token[1:-1]
        else:
            current += token
    out.append(literal if literal is not None else current.strip())
    return out


def rows():
    text = re.sub(r"/\*.*?\*/", "", TABLE.read_text(encoding="utf-8"), flags=re.S)
    for chunk in text.split("QN_GATE(")[1:]:
        values = fields(chunk.strip()[:-1])
        if len(values) != len(COLUMNS):
            sys.exit(f"{TABLE}: row {values[0]} has {len(values)} columns, expected {len(COLUMNS)}")
        yield dict(zip(COLUMNS, values))


def code(value):
    return f"`{value}`" if value not in ("", "NULL") else ""


def page():
    table = list(rows())
    out = HEAD
    for row in table:
        qubits = "any" if "PAULI_STRING" in row["flags"] else row["qubits"]
        if row["controls"] != "0":
            qubits += f" ({row['controls']} control{'s' if row['controls'] != '1' else ''})"
        also = " ".join(code(alias) for alias in row["aliases"].split())
        out += (f"| `{row['name']}` | {also} | {code(row['qasm2'])} | {code(row['qasm3'])} | {qubits} "
                f"| {row['params']} | {row['t']} | {row['rotations']} | {row['help'].replace('|', chr(92) + '|')} |\n")
    out += ("\n## Decompositions, inverses, properties\n\n"
            "An empty inverse: the base's inverse under the same controls, or the decomposition backwards.\n\n")
    out += "| Gate | Properties | Decomposition | Inverse | Shift frequencies |\n|---|---|---|---|---|\n"
    for row in table:
        flags = ", ".join(flag.strip().lower().replace("_", "-") for flag in row["flags"].split("|")[1:])
        generator = f"; generator {row['generator']}" if row["generator"] != "NULL" else ""
        out += (f"| `{row['name']}` | {flags}{generator} | {code(row['decomposition'])} | {code(row['inverse'])} "
                f"| {row['shift'].replace(';', '; ')} |\n")
    return out


def main():
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    if len(sys.argv) == 2:
        pathlib.Path(sys.argv[1]).write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main()
