#!/usr/bin/env python3
"""The table of a measurement, in Markdown: bench/run.py prints it; as a program it puts it into docs/performance.md.

    python3 bench/report.py [out/bench.json] [docs/performance.md]
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
COLUMNS = {"quern": "Quern", "qulacs": "Qulacs", "lightning tape": "Lightning, recorded tape", "lightning": "Lightning, QNode",
           "default.qubit": "PennyLane default.qubit", "qiskit": "Qiskit", "aer": "Aer"}


def human(seconds):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)):
        if seconds >= size or unit == "ns":
            return f"{seconds / size:.3g} {unit}" if seconds / size < 999.5 else f"{seconds / size:.0f} {unit}"


def ratio(value):
    return f"x{value:.2g}" if value < 10 else f"x{value:.0f}"


def cell_text(row, name):
    cell = row["cells"].get(name)
    if cell is None:
        return "-"
    if "failed" in cell:
        return "not installed" if cell["failed"].endswith("is not installed") else "failed"
    if row["kind"] == "memory":
        return (f"energy {cell['value_bytes'] / 2**20:.1f} MiB = {cell['value_states']:.2f} states, "
                f"with gradient {cell['gradient_bytes'] / 2**20:.1f} MiB = {cell['gradient_states']:.2f} states")
    text = human(cell["seconds"])
    ours = row["cells"].get("quern", {}).get("seconds")
    if name != "quern" and ours:
        text += f" ({ratio(cell['seconds'] / ours)})"
    if cell.get("off", 0.0) > 1e-6:
        text += f"; up to {cell['off']:.1e} above the minimum"
    if "reached" in cell:
        text += f"; {cell['reached']} reached the minimum"
    if "above_exact" in cell:
        text += f"; {cell['above_exact']:.1e} Ha above FCI, {cell['evaluations']} evaluations, {cell['parameters']} parameters"
    return text


def notes(result):
    machine, rows = result["machine"], result["rows"]
    lines = [f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}; {machine['compiler']}, {machine['build_type']}; "
             f"{machine['quern']} with its {machine.get('kernels')} kernels; {machine['python']}; load {machine['load']:.1f} before, "
             f"{machine['load_after']:.1f} after; {machine['date']}."]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    lines.append(f"Peers: {versions or 'none installed'}.")
    lines.append("Times are medians; in brackets, how many times longer than Quern in the same run. "
                 f"Loop rows: {result['options']['batches']} batches of at least {result['options']['seconds']} s, 1 thread, double "
                 "precision.")
    loops = [row for row in rows if row["kind"] == "loop"]
    if any("seconds" in cell for row in loops for name, cell in row["cells"].items() if name != "quern"):
        lines.append("The energies of 8 parameter rows and the gradient at the first agree between all programs shown, to "
                     f"{max(row['agreement'] for row in loops):.0e}.")
    busiest = max((cell.get("cores", 0.0) for row in loops for cell in row["cells"].values()), default=0.0)
    lines.append(f"Most cores that any loop kept busy: {busiest:.2f}.")
    for row in rows:
        if "first_generation_estimator" in row:
            lines.append(f"The same program with Aer's first-generation Estimator: `{row['first_generation_estimator']}`.")
        for name, cell in row["cells"].items():
            if "failed" in cell and not cell["failed"].endswith("is not installed"):
                lines.append(f"{COLUMNS[name]}, {row['what']}: {cell['failed']}.")
    if result["quick"]:
        lines.insert(0, "**A quick run: not to be quoted.**")
    return "\n".join(f"* {line}" for line in lines)


def table(result):
    names = [name for name in COLUMNS if any(name in row["cells"] for row in result["rows"])]
    lines = ["| | " + " | ".join(COLUMNS[name] for name in names) + " |", "|---" * (len(names) + 1) + "|"]
    for row in result["rows"]:
        lines.append(f"| {row['what']} | " + " | ".join(cell_text(row, name) for name in names) + " |")
    return "\n".join(lines) + "\n\n" + notes(result)


def main():
    source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "bench.json"
    page = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs" / "performance.md"
    result = json.loads(source.read_text())
    text = page.read_text()
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    page.write_text(f"{head}{BEGIN}\n{table(result)}\n{END}{tail}")


if __name__ == "__main__":
    main()
