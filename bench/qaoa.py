#!/usr/bin/env python3
"""Measures QAOA layers beside QOKit's C simulator and Qiskit Aer, in turns; prints a table and writes out/bench-qaoa.json.

    python3 bench/qaoa.py --build build/release [--peers out/venv-qaoa/bin/python] [--qubits 20,22,24,26] [--threads 1,2] [--layers 4]

All run the same cut problem and angles and must agree on the average cost. A cell is the median of a run of LAYERS layers, start and expectation
included, divided by LAYERS; in brackets the multiple of one pass: an in-place read and write of a double-precision state by the same
threads. Ratios of processor time hold on a busy machine, too. "half" uses the symmetry of cuts. Ratios are peer / ours at the same precision, whole space. The last lines are whole optimizations.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys

import run

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / "peers"


def ask(command, threads):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT,
                          env={k: v for k, v in run.environment(threads).items() if k != "OMP_WAIT_POLICY"})
    if done.returncode != 0:
        return {"failed": (done.stderr.strip().split("\n") or ["?"])[-1]}
    return json.loads(done.stdout.strip().split("\n")[-1])


def commands(options, qubits, threads):
    repeats = max(3, min(15, 2 ** max(0, 24 - qubits)))
    layers = options.layers

    def ours(precision, space):
        return [options.worker, "layer", qubits, layers, threads, precision, space, repeats]
    peer_repeats = 3 if qubits < 24 else 1
    rows = {"f64": ours("f64", "whole"), "f64 half": ours("f64", "half"), "f32": ours("f32", "whole"), "f32 half": ours("f32", "half"),
            "qokit f64": [options.peers, PEERS / "qaoa_qokit.py", qubits, layers, threads, peer_repeats],
            "aer f64": [options.peers, PEERS / "qaoa_aer.py", qubits, layers, threads, peer_repeats, "f64"],
            "aer f32": [options.peers, PEERS / "qaoa_aer.py", qubits, layers, threads, peer_repeats, "f32"]}
    return {key: command for key, command in rows.items() if options.only is None or key in options.only or key == "f64"}


def measure(options, qubits, threads):
    cells = {}
    for _ in range(options.rounds):
        for key, command in commands(options, qubits, threads).items():
            cells.setdefault(key, []).append(ask(command, threads))
    row = {"qubits": qubits, "threads": threads, "layers": options.layers, "cells": {}}
    right = cells["f64"][0].get("value")
    for key, answers in cells.items():
        failed = [answer["failed"] for answer in answers if "failed" in answer]
        if failed:
            row["cells"][key] = {"failed": failed[0]}
            continue
        off = abs(answers[0]["value"] - right) / abs(right)
        cell = {"seconds": statistics.median(answer["seconds"] for answer in answers) / options.layers, "difference": off}
        for name in ("pass", "gradient_least", "gradient_cpu", "least", "cpu", "prepare"):
            if name in answers[0]:
                cell[name] = min(answer[name] for answer in answers)
        if off > (1e-9 if "f64" in key else 1e-3):
            cell = {"failed": f"differs by {off:.1e}"}
        row["cells"][key] = cell
    row["pass"] = min(cell["pass"] for cell in row["cells"].values() if "pass" in cell)
    return row


def show(row):
    parts = [f"{row['qubits']}", f"{row['threads']}"]
    for key in ("f64", "f64 half", "f32", "f32 half", "qokit f64", "aer f64", "aer f32"):
        cell = row["cells"].get(key, {"failed": "-"})
        if "failed" in cell:
            parts.append("-" if cell["failed"] == "-" else "failed")
            continue
        text = f"{cell['seconds'] * 1e3:.3g} ms"
        if key.startswith(("qokit", "aer")):
            ours = row["cells"].get(key.split()[1], {}).get("seconds", math.nan)
            spent = cell["cpu"] / row["cells"].get(key.split()[1], {}).get("cpu", math.nan)
            text += f" ({cell['seconds'] / ours:.1f}x, cpu {spent:.1f}x)"
        else:
            text += f" [{cell['seconds'] / row['pass']:.2f}p]"
        parts.append(text)
    whole = row["cells"]["f64"]
    gradient = whole.get("gradient_cpu") or math.nan
    parts.append(f"{gradient / whole['cpu']:.1f}x" if gradient > 0 else "-")
    print("| " + " | ".join(parts) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--worker", type=pathlib.Path, default=None, help="our worker (default: bench/bench_qaoa_worker in the build folder)")
    parser.add_argument("--peers", default=sys.executable, help="Python that has the peers (default: this one)")
    parser.add_argument("--qubits", default="20,22,24,26")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=lambda text: text.split(","), help="columns, for example 'f64 half,qokit f64' (default: all)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out" / "bench-qaoa.json")
    options = parser.parse_args()
    options.worker = (options.worker or options.build.resolve() / "bench" / "bench_qaoa_worker").resolve()
    if not options.worker.is_file():
        sys.exit(f"{options.worker} is not there; build it first (cmake --build {options.build} --target bench_qaoa_worker)")
    print("| qubits | threads | ours f64 | f64 half | f32 | f32 half | QOKit C f64 | Aer f64 | Aer f32 | gradient / value |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    rows, solves = [], []
    for threads in map(int, options.threads.split(",")):
        for qubits in map(int, options.qubits.split(",")):
            rows.append(measure(options, qubits, threads))
            show(rows[-1])
    for qubits, layers in ((16, 10), (20, 10)):
        answer = ask([options.worker, "solve", qubits, layers, max(map(int, options.threads.split(",")))], 2)
        solves.append({"qubits": qubits, "layers": layers, **answer})
        print(f"optimization, {qubits} qubits, {layers} layers: {answer.get('seconds', math.nan):.3g} s, {answer.get('evaluations')} evaluations, "
              f"average {answer.get('expected')}, lowest {answer.get('lowest')}, success {answer.get('success')}", flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    result = {"rows": rows, "solves": solves, "load": os.getloadavg()[0]}
    options.out.write_text(json.dumps(result, indent=2) + "\n")
    print(f"\nwritten: {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
