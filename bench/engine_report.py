#!/usr/bin/env python3
"""The tables of bench/engine.py in Markdown.

    python3 bench/engine_report.py [out/bench-engine.json]
"""

import json
import pathlib
import sys

from report import human, ratio

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS = {"quern f64": "Quern f64", "quern f32": "Quern f32", "qsim f32": "qsim f32", "qulacs f64": "Qulacs f64",
           "lightning f64": "Lightning f64", "lightning f32": "Lightning f32", "aer f64": "Aer f64", "aer f32": "Aer f32",
           "qiskit f64": "Qiskit f64"}
# as one table each: heading, workloads
TABLES = (("Circuits, from |0...0> to the state", ("rqc", "qft", "twolocal", "qaoa")),
          ("Expectation values and adjoint gradients", ("pauli", "gradient", "uccsd")),
          ("One gate on a state in memory", ("gate",)),
          ("Steps of a variational loop: TwoLocal with 3 repetitions, Ising chain", ("loop",)))


def cell_text(row, key):
    cell = row["cells"].get(key)
    if cell is None:
        return "-"
    if "failed" in cell:
        return "failed" if not cell["failed"].startswith("differs") else "differs"
    if "seconds" not in cell:
        return "-"
    text = human(cell["seconds"])
    if cell["option"] not in ("-", None):
        text += f" {cell['option']}"
    name, precision = key.split()
    if name == "quern":
        return text + f" [{cell['seconds'] / row['pass_seconds']:.3g}p]"
    ours = row["cells"].get(f"quern {precision}", {}).get("seconds")
    return text + (f" ({ratio(cell['seconds'] / ours)})" if ours else "")


def floor_text(row):
    parts = []
    for precision in ("f64", "f32"):
        seconds, floor = row["cells"].get(f"quern {precision}", {}).get("seconds"), row.get(f"floor_seconds_{precision}")
        if seconds and floor:
            parts.append(f"{seconds / floor:.2f}")
    return " / ".join(parts) or "-"


def size_text(row):
    parts = [f"{row['qubits']}"]
    if row["kind"] != "expect" and row["kind"] != "gate":
        parts.append(f"{row['gates']} gates")
    if row["terms"]:
        parts.append(f"{row['terms']} terms")
    if row["kind"] == "gradient":
        parts.append(f"{row['parameters']} parameters")
    return ", ".join(parts)


def table(rows):
    keys = [key for key in COLUMNS if any("seconds" in row["cells"].get(key, {}) or "failed" in row["cells"].get(key, {}) for row in rows)]
    floors = any(floor_text(row) != "-" for row in rows)
    heads = ["workload", "qubits", "threads", "pass"] + [COLUMNS[key] for key in keys] + (["x floor"] if floors else [])
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for row in rows:
        cells = [row["workload"], size_text(row), str(row["threads"]), human(row["pass_seconds"])]
        cells += [cell_text(row, key) for key in keys] + ([floor_text(row)] if floors else [])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def notes(result):
    machine = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    arch = next((about["arch"] for key, about in result["programs"].items() if key.startswith("quern")), "?")
    qsim = next((about.get("arch") for key, about in result["programs"].items() if key.startswith("qsim")), None)
    lines = [f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}; {machine['compiler']}, {machine['build_type']}; "
             f"{machine['quern']} with its {arch} kernels; {machine['python']}; load {machine['load']:.1f} before, "
             f"{machine['load_after']:.1f} after; {machine['date']} to {machine['finished']}.",
             f"Peers: {versions}, as their packages on PyPI are built (Qulacs' documentation says that a build on the machine itself is "
             f"faster).{f' qsim runs {qsim}.' if qsim else ''}" if versions else "Peers: none installed.",
             "Times are medians of turns taken by all programs one after another in the same run; in round brackets, how many times longer "
             "than Quern in the same precision; in square brackets, multiples of p, the in-place pass over 16 bytes an amplitude measured "
             "beside each row. \"x floor\": Quern f64 / f32 over the arithmetic of the gates as written at the processor's measured peak.",
             f"After a time stands the peer's best option: qsim's largest fused gate (f2 to f4), Qulacs' optimizer (none, light, block of 2), "
             f"Aer's fusion (its default) or none. A program that takes over {result['options']['slow']:g} s a call has one call.",
             f"Programs are {'bound to' if result['options']['pinned'] else 'not bound to'} the same cores; circuits are built, optimised and "
             "translated beforehand, so that a call is simulation alone; Aer's times are those of its own clock."]
    worst = {}
    for row in result["rows"]:
        for key, cell in row["cells"].items():
            if "failed" not in cell:
                precision = key.split()[1]
                worst[precision] = max(worst.get(precision, 0.0), cell["difference"])
    if worst:
        lines.append("Largest difference between programs in 64 amplitudes (relative to the largest) or in values and derivatives (relative "
                     "to the sum of the coefficients): " + ", ".join(f"{value:.0e} in {key}" for key, value in worst.items()) + ".")
    lines += [f"{key} did not run: {why}." for key, why in result["missing"].items()]
    lines += [f"Left out: {what}." for what in result["left_out"]]
    for row in result["rows"]:
        for key, cell in row["cells"].items():
            if "failed" in cell:
                lines.append(f"{COLUMNS[key]}, {row['workload']}, {row['qubits']} qubits: {cell['failed']}.")
    if result["stopped"]:
        lines.insert(0, f"**Not all of it: {result['stopped']}.**")
    return "\n".join(f"* {line}" for line in lines)


def page(result):
    parts = []
    for heading, groups in TABLES:
        rows = [row for row in result["rows"] if row["workload"].split("-")[0] in groups]
        if rows:
            parts.append(f"### {heading}\n\n{table(rows)}")
    return "\n\n".join(parts + [notes(result)]) + "\n"


def main():
    source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "bench-engine.json"
    print(page(json.loads(source.read_text())), end="")


if __name__ == "__main__":
    main()
