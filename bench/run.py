#!/usr/bin/env python3
"""Measures Quern and its peers in one run, prints one table and writes out/bench.json.

    python3 bench/run.py --build build [--out out/bench.json] [--peers python] [--quick]

Needs the standard library alone; the peers need bench/requirements.txt. A peer that is not installed leaves a dash, and nothing here
passes or fails a test. What each row means: docs/performance.md.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

import hamiltonians
import report

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / "peers"
EXACT = -1.0 - math.sqrt(1.04)  # lowest eigenvalue of examples/article.pauli
AGREE = 1e-10  # largest difference between programs in an energy or a gradient component, before anything is timed

# column: script of bench/peers and its further arguments
LOOP_PEERS = {
    "qulacs": ["loop_qulacs.py"],
    "lightning tape": ["loop_pennylane.py", "lightning.qubit", "tape"],
    "lightning": ["loop_pennylane.py", "lightning.qubit"],
    "default.qubit": ["loop_pennylane.py", "default.qubit"],
    "qiskit": ["loop_qiskit.py"],
    "aer": ["loop_aer.py"],
}
PROCESS_PEERS = {"qulacs": "article_qulacs.py", "lightning": "article_pennylane.py", "qiskit": "article_qiskit.py"}


def environment(threads):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return {**os.environ, **dict.fromkeys(names, str(threads)), "OMP_WAIT_POLICY": "passive", "PYTHONDONTWRITEBYTECODE": "1"}


def run(command, threads=1, timeout=1200):
    """(seconds, standard output, why it failed or None)"""
    begin = time.perf_counter()
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=timeout,
                              env=environment(threads), cwd=ROOT)
    except (OSError, subprocess.TimeoutExpired) as error:
        return math.nan, "", str(error)
    seconds = time.perf_counter() - begin
    if done.returncode == 0:
        return seconds, done.stdout, None
    lines = done.stderr.strip().split("\n")
    missing = re.search(r"ModuleNotFoundError: No module named '(\w+)'", lines[-1])
    return seconds, done.stdout, f"{missing[1]} is not installed" if missing else lines[-1]


def spread(times):
    return {"seconds": statistics.median(times), "least": min(times), "largest": max(times), "batches": len(times)}


def time_process(command, runs, threads=1, energy=None):
    """Median wall time of whole processes after one that does not count; `energy` reads the answer from the output."""
    times, answers = [], []
    for _ in range(runs + 1):
        seconds, output, failed = run(command, threads)
        if failed:
            return {"failed": failed}
        try:
            answers.append(energy(output))
        except (ValueError, KeyError, IndexError) as error:
            return {"failed": f"an answer that cannot be read ({type(error).__name__}: {error})"}
        times.append(seconds)
    return {**spread(times[1:]), "energy": answers[-1], "worst_energy": max(answers)}


def worst_difference(a, b):
    return max((abs(x - y) for x, y in zip(a, b, strict=True)), default=math.inf)


def measure_loop(problem, options, build, python):
    """Rows "energy" and "energy and gradient" of one Hamiltonian: every program on the same files, compared, then shown."""
    title, nqubits, nterms, pauli, theta = problem
    arguments = [pauli, theta, options["seconds"], options["batches"]]
    commands = {"quern": [build / "bench" / "bench_vqe_loop", "loop", *arguments]}
    for name, script in LOOP_PEERS.items():
        commands[name] = [python, PEERS / script[0], *arguments, *script[1:]]
    results = {}
    for name, command in commands.items():
        print(f"  {title}: {name}", file=sys.stderr)
        _, output, failed = run(command)
        results[name] = {"failed": failed} if failed else json.loads(output)
    ours = results["quern"]
    rows = []
    for key, what in (("value", "energy"), ("value_and_gradient", "energy and gradient")):
        row = {"what": f"{title}, {nqubits} qubits, {nterms} terms: {what}", "kind": "loop", "cells": {}, "agreement": 0.0}
        for name, result in results.items():
            if "failed" in result:
                row["cells"][name] = {"failed": result["failed"]}
            elif key in result:
                off = 0.0
                if name != "quern" and "energies" in ours:
                    off = worst_difference(result["energies"], ours["energies"])
                    if key == "value_and_gradient":
                        off = max(off, worst_difference(result["gradient"], ours["gradient"]))
                if off <= AGREE:
                    row["agreement"] = max(row["agreement"], off)
                row["cells"][name] = result[key] if off <= AGREE else {"failed": f"differs from ours by {off:.1e}"}
        rows.append(row)
    return rows, ours.get("arch")


def first_number(output):
    return float(output.split()[0])


def quern_answer(output):
    return json.loads(output)["result"]["energy"]


def measure_process(options, quern, python):
    article = ROOT / "examples" / "article.pauli"
    row = {"what": "2-qubit energy model, one VQE as a whole process", "kind": "process", "cells": {}}
    row["cells"]["quern"] = time_process([quern, "vqe", article, "--threads", "1", "--json"], options["runs"], energy=quern_answer)
    for name, script in PROCESS_PEERS.items():
        print(f"  whole process: {name}", file=sys.stderr)
        row["cells"][name] = time_process([python, PEERS / script, article], options["peer_runs"], energy=first_number)
    for cell in row["cells"].values():
        if "worst_energy" in cell:
            cell["off"] = cell["worst_energy"] - EXACT
    _, output, failed = run([python, PEERS / "article_v1.py", article])
    row["first_generation_estimator"] = failed or f"runs, energy {output.strip()}"
    return row


def measure_starts(options, quern, python, starts=1000):
    article = ROOT / "examples" / "article.pauli"
    row = {"what": f"2-qubit energy model, {starts} random starts as a whole process", "kind": "process", "cells": {}}
    reached = {}

    def ours(output):
        answer = json.loads(output)["result"]
        reached["quern"] = sum(start["energy"] < EXACT + 1e-6 for start in answer["starts"])
        return answer["energy"]

    def peer(output):
        reached["qulacs"] = int(output.split()[1])
        return first_number(output)

    row["cells"]["quern"] = time_process([quern, "vqe", article, "--threads", "1", "--starts", starts, "--json"],
                                         options["peer_runs"], energy=ours)
    print("  random starts: qulacs", file=sys.stderr)
    row["cells"]["qulacs"] = time_process([python, PEERS / "article_qulacs.py", article, starts], options["long_runs"], energy=peer)
    for name, count in reached.items():
        row["cells"][name]["reached"] = count
    return row


def measure_uccsd(options, quern, python, folder):
    table = hamiltonians.read_energies(ROOT)
    exact = float(table["lih.fcidump"]["fci_hartree"])
    rows = []
    counts = {}

    def ours(output):
        answer = json.loads(output)["result"]
        counts["quern"] = (answer["evaluations"], answer["gradients"], len(answer["parameters"]))
        return answer["energy"]

    def peer(output):
        counts["lightning"] = tuple(int(word) for word in output.split()[1:2] * 2 + output.split()[2:3])
        return first_number(output)

    molecule = ROOT / "data" / "molecules" / "lih.fcidump"
    for words, arguments, with_peer in (("UCCSD, 1 repetition, 12 qubits", ["--reps", "1"], True),
                                        ("UCCSD, the default (2 repetitions, 12 qubits)", [], False),
                                        ("UCCSD, 2 repetitions, tapered to 8 qubits", ["--taper"], False)):
        print(f"  LiH {words}", file=sys.stderr)
        row = {"what": f"LiH {words}, 2 threads, as a whole process", "kind": "process", "cells": {}}
        row["cells"]["quern"] = time_process([quern, "vqe", molecule, *arguments, "--threads", "2", "--json"], options["peer_runs"],
                                             threads=2, energy=ours)
        if with_peer:
            pauli = hamiltonians.write_alternating(ROOT, folder, "lih")
            row["cells"]["lightning"] = time_process([python, PEERS / "uccsd_pennylane.py", pauli, 4], options["long_runs"], threads=2,
                                                     energy=peer)
        for name, cell in row["cells"].items():
            if "energy" in cell:
                cell["above_exact"] = cell["energy"] - exact
                cell["evaluations"], cell["gradients"], cell["parameters"] = counts[name]
        rows.append(row)
    return rows


def measure_memory(build, nqubits=22):
    row = {"what": f"{nqubits} qubits: memory at the peak", "kind": "memory", "cells": {}}
    _, output, failed = run([build / "bench" / "bench_vqe_loop", "memory", nqubits])
    row["cells"]["quern"] = {"failed": failed} if failed else json.loads(output)
    return row


def first_line(command):
    _, output, failed = run(command)
    return "" if failed else output.strip().split("\n")[0]


def peer_versions(python):
    """{package of requirements.txt: version installed}"""
    names = [line.split("==")[0] for line in (ROOT / "bench" / "requirements.txt").read_text().split("\n") if "==" in line]
    program = ("import importlib.metadata, json\nfound = {}\nfor name in %r:\n    try: found[name] = importlib.metadata.version(name)\n"
               "    except importlib.metadata.PackageNotFoundError: pass\nprint(json.dumps(found))" % names)
    _, output, failed = run([python, "-c", program])
    return {} if failed else json.loads(output)


def describe_machine(build, quern, python):
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    cache = dict(line.strip().split("=", 1) for line in open(build / "CMakeCache.txt") if re.match(r"[A-Z_]+:\w+=", line))
    found = {key.split(":")[0]: value for key, value in cache.items()}
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "system": f'{platform.system()} {platform.machine()}, {" ".join(platform.libc_ver())}',
        "compiler": first_line([found.get("CMAKE_C_COMPILER", "cc"), "--version"]),
        "build_type": found.get("CMAKE_BUILD_TYPE", ""),
        "quern": first_line([quern, "version"]),
        "python": first_line([python, "--version"]),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder with quern and bench_vqe_loop")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out" / "bench.json")
    parser.add_argument("--peers", default=sys.executable, help="Python that has the peers (default: this one)")
    parser.add_argument("--quick", action="store_true", help="short batches, few runs: to see that it works, not to quote")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    quern = next((path for path in (build / "cli" / "quern", build / "bin" / "quern", build / "quern") if path.is_file()), None)
    if quern is None or not (build / "bench" / "bench_vqe_loop").is_file():
        sys.exit(f"{build}: no quern or no bench/bench_vqe_loop there; build both first (cmake --build {build} --target bench_vqe_loop)")
    options = {"seconds": 0.4, "batches": 7, "runs": 41, "peer_runs": 9, "long_runs": 3}
    if arguments.quick:
        options = {"seconds": 0.05, "batches": 3, "runs": 5, "peer_runs": 2, "long_runs": 1}
    result = {"machine": describe_machine(build, quern, arguments.peers), "options": options, "quick": arguments.quick,
              "versions": peer_versions(arguments.peers), "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        for problem in hamiltonians.write_problems(ROOT, folder):
            rows, arch = measure_loop(problem, options, build, arguments.peers)
            result["rows"] += rows
            result["machine"]["kernels"] = arch
        result["rows"].append(measure_process(options, quern, arguments.peers))
        result["rows"].append(measure_starts(options, quern, arguments.peers))
        result["rows"] += measure_uccsd(options, quern, arguments.peers, folder)
        result["rows"].append(measure_memory(build))
    result["machine"]["load_after"] = os.getloadavg()[0]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    print(report.table(result))
    print(f"\nwritten: {arguments.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
