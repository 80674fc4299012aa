#!/usr/bin/env python3
"""Measures Quern's state vector beside its peers, in turns, in one run; prints the tables and writes out/bench-engine.json and .md.

    python3 bench/engine.py --build build/release [--peers out/venv/bin/python] [--only rqc,qft] [--threads 1,2] [--budget 600]

Every program runs the same workloads: our builder (cli/bench_circuits.c) writes each as a job file, the programs of bench/peers/ read it.
Before anything is timed, 64 amplitudes, or the value and its derivatives, are compared with ours. Then the programs take turns, a few calls
each, round after round, so that what else the machine does hits all alike; the medians are shown. Needs the standard library alone; the
peers need bench/requirements.txt. A peer that is not installed leaves a dash, and nothing here passes or fails a test. Ctrl-C writes what
was measured so far. What the rows mean: docs/performance.md.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import engine_report
import run
from engine_report import COLUMNS

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / "peers"
MOLECULES = ROOT / "data" / "molecules"
# our own, then script and precisions of the peers
PROGRAMS = {"quern": (None, ("f64", "f32")), "qsim": ("engine_qsim.py", ("f32",)), "qulacs": ("engine_qulacs.py", ("f64",)),
            "lightning": ("engine_lightning.py", ("f64", "f32")), "aer": ("engine_aer.py", ("f64", "f32")),
            "qiskit": ("engine_qiskit.py", ("f64",))}
# workload: sizes when --qubits does not say; None: the molecule's own
SIZES = {"gate": [16, 20, 24], "rqc": [16, 20, 24], "qft": [16, 20, 24], "twolocal": [16, 20, 24], "qaoa": [16, 20], "pauli": [16, 20],
         "gradient": [16, 20], "uccsd": None, "loop": [4, 6, 8, 10, 12]}
FEW = ("loop", "uccsd")  # small: qiskit's primitives take part
TURN = 0.02  # seconds of calls in one turn, at least one call
# Largest difference from ours that is rounding: relative to the largest amplitude, or to the sum of the observable's coefficients.
AGREE = {"f64": 1e-10, "f32": 1e-4}


class Ended(Exception):
    """A program that no longer answers."""


class Program:
    """One process that answers lines with lines of JSON, waiting for its turn."""

    def __init__(self, name, precision, command, threads, cores):
        environment = {k: v for k, v in run.environment(threads).items() if k != "OMP_WAIT_POLICY"}  # each waits as it does by default
        environment["QULACS_NUM_THREADS"] = str(threads)
        self.name, self.precision, self.errors = name, precision, tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                        text=True, env=environment, cwd=ROOT, start_new_session=True,
                                        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None)
        self.about = self.read()

    def read(self):
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        self.process.wait()
        self.errors.seek(0)
        said = self.errors.read().strip().split("\n")[-1]
        raise Ended(said or f"ended with code {self.process.returncode}")

    def ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # what it said is read below
        return self.read()

    def seconds(self, calls):
        answer = self.ask(f"time {calls}")
        if "failed" in answer:
            raise Ended(answer["failed"])
        return answer["seconds"] / calls

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def start(name, precision, options, threads, cores):
    script, _ = PROGRAMS[name]
    if script is None:
        command = [options.worker, "serve", threads, precision]
    else:
        command = [options.peers, PEERS / script, threads, precision]
    return Program(name, precision, command, threads, cores)


def key_of(program):
    return f"{program.name} {program.precision}"


def difference(ours, theirs, scale):
    worst = 0.0
    for key in ("amplitudes", "value", "gradient"):
        if key in ours:
            a, b = (x if isinstance(x, list) else [x] for x in (ours[key], theirs[key]))
            worst = max(worst, max((abs(x - y) for x, y in zip(a, b, strict=True)), default=0.0) / scale)
    return worst if math.isfinite(worst) else math.inf


class Stop(Exception):
    """The time budget is spent."""


class Session:
    """All programs for one number of threads."""

    def __init__(self, options, threads):
        self.options, self.threads, self.programs, self.missing = options, threads, {}, {}
        available = sorted(os.sched_getaffinity(0))
        # the last cores: the first one is the busiest with everything else
        cores = set(available[-threads:]) if options.pin and threads < len(available) else None
        for name, (_, precisions) in PROGRAMS.items():
            for precision in precisions:
                if name in options.programs and (precision in options.precisions or (name, precision) == ("quern", "f64")):
                    try:
                        program = start(name, precision, options, threads, cores)
                        self.programs[key_of(program)] = program
                    except (Ended, OSError) as error:
                        self.missing[f"{name} {precision}"] = str(error)

    def end(self):
        for program in self.programs.values():
            program.end()

    def measure(self, workload, nqubits, folder):
        """One row. Programs that fail or differ get no time."""
        job = pathlib.Path(folder) / "job.json"
        with open(job, "w") as file:
            subprocess.run([self.options.worker, "job", workload, str(nqubits), MOLECULES], stdout=file, check=True)
        with open(job) as file:
            data = json.load(file)
        few = workload.split("-")[0] in FEW
        row = {"workload": workload, "qubits": data["qubits"], "threads": self.threads, "kind": data["kind"], "gates": len(data["gates"]),
               "terms": len(data["terms"]), "parameters": len(data["theta"]), "cells": {}}
        pass_before = self.programs["quern f64"].ask(f"pass {data['qubits']}")
        answers = {}
        for key, program in list(self.programs.items()):
            if program.name == "qiskit" and not few:
                continue
            try:
                answers[key] = self.prepare(program, workload, data, job)
                row["multiply_adds"] = row.get("multiply_adds") or answers[key].get("multiply_adds")
            except Ended as error:
                row["cells"][key] = {"failed": str(error)}
                self.drop_when_dead(key)
        ready = self.compare(row, data, answers)
        self.take_turns(row, ready)
        for program in self.programs.values():
            program.ask("unload")
        after = self.programs["quern f64"].ask(f"pass {data['qubits']}")
        row["pass_seconds"] = min(pass_before["seconds"], after["seconds"])
        for precision in ("f64", "f32"):
            rate = max(pass_before[f"{precision}_per_second"], after[f"{precision}_per_second"])
            if row.get("multiply_adds"):
                row[f"floor_seconds_{precision}"] = row["multiply_adds"] * 2.0 ** row["qubits"] / rate
        row["cells"] = {key: cell for key, cell in row["cells"].items() if cell.get("failed") != "unsupported"}
        return row

    def compare(self, row, data, answers):
        """The answer that most programs give, ours when in doubt, is right; the programs that give it are returned."""
        def scale(check):
            numbers = check.get("amplitudes")
            return max(map(abs, numbers)) or 1.0 if numbers else 1.0 + sum(abs(c) for c, _, _ in data["terms"])

        def off(right, key):
            return difference(answers[right]["check"], answers[key]["check"], scale(answers[right]["check"]))

        def agreeing(right):
            return sum(off(right, key) <= AGREE[self.programs[key].precision] for key in answers)

        exact = [key for key in answers if self.programs[key].precision == "f64"]
        right = max(exact, key=agreeing, default=None)  # ours comes first, and max takes the first of equals
        ready = {}
        for key, answer in answers.items():
            cell = row["cells"][key] = {"option": answer["option"], "calibration": answer["seconds"], "difference": off(right, key)}
            if cell["difference"] > AGREE[self.programs[key].precision]:
                cell["failed"] = f"differs from {COLUMNS[right]} by {cell['difference']:.1e}"
            elif self.programs[key].precision in self.options.precisions:
                ready[key] = self.programs[key]
        return ready

    def drop_when_dead(self, key):
        program = self.programs[key]
        if program.process.poll() is not None:
            if key == "quern f64":
                raise SystemExit(f"our own worker ended: {program.process.returncode}")
            self.missing[key] = "ended on the way"
            program.end()
            del self.programs[key]

    def prepare(self, program, workload, data, job):
        """Load, compare, and find the best of the program's own options by one call each after one that does not count."""
        if program.name == "quern":
            loaded = program.ask(f"load {workload} {data['qubits']} {MOLECULES}")
            loaded["options"] = ["-"]
        else:
            loaded = program.ask(f"load {job}")
        if "unsupported" in loaded:
            raise Ended("unsupported")
        if "failed" in loaded:
            raise Ended(loaded["failed"])
        best = None
        for option in loaded["options"]:
            if len(loaded["options"]) > 1:
                program.ask(f"option {option}")
            first = program.seconds(1)
            seconds = first if first > 1.0 else min(first, program.seconds(1))
            if best is None or seconds < best[0]:
                best = (seconds, option)
            if seconds > self.options.slow:
                break  # the others are not waited for
        if len(loaded["options"]) > 1:
            program.ask(f"option {best[1]}")
        checked = program.ask("check")
        if "failed" in checked:
            raise Ended(checked["failed"])
        return {"option": best[1], "seconds": best[0], "check": checked, "multiply_adds": loaded.get("multiply_adds")}

    def take_turns(self, row, ready):
        """Rounds in which each program runs a few calls; slow ones have had their one call."""
        cells = row["cells"]
        calls, samples = {}, {key: [] for key in ready}
        for key, program in ready.items():
            if cells[key]["calibration"] > self.options.slow:
                samples[key] = [cells[key]["calibration"]]
            else:  # a second look: the first calls of a tiny workload are slow
                once = max(cells[key]["calibration"], 1e-8)
                rough = max(1, min(1000, int(0.2 * TURN / once)))
                calls[key] = max(1, round(TURN / max(program.seconds(rough), 1e-8)))
        spent, rounds = 0.0, 0
        while calls and rounds < 51 and (rounds < self.options.rounds or spent < self.options.seconds):
            begin = time.perf_counter()
            for key in list(calls):
                if self.threads > 1:
                    time.sleep(0.005)  # the threads of the one before may still be waiting at full speed for more work
                try:
                    samples[key].append(ready[key].seconds(calls[key]))
                except Ended as error:
                    cells[key]["failed"] = str(error)
                    del calls[key], samples[key]
                    self.drop_when_dead(key)
            spent += time.perf_counter() - begin
            rounds += 1
        for key, times in samples.items():
            cells[key].update(seconds=statistics.median(times), least=min(times), largest=max(times), rounds=len(times),
                              calls=calls.get(key, 1))


def selected(options):
    """(workload, sizes) in the order of our list."""
    listing = subprocess.run([options.worker, "list"], capture_output=True, text=True, check=True).stdout.split("\n")
    rows = []
    for line in filter(None, listing):
        name, _, size = line.split()
        words = options.only or [name]
        if not any(name == word or name.startswith(word + "-") for word in words):
            continue
        sizes = SIZES[name.split("-")[0]]
        rows.append((name, [0] if size == "molecule" else options.qubits or sizes))
    return rows


def numbers(text):
    found = []
    for word in text.split(","):
        low, _, high = word.partition("-")
        found += range(int(low), int(high or low) + 1)
    return found


def memory_available():
    with open("/proc/meminfo") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith("MemAvailable"))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder with cli/quern and bench/bench_engine_worker")
    parser.add_argument("--worker", type=pathlib.Path, help="bench_engine_worker (default: in the build folder)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out" / "bench-engine.json", help="the table goes beside it as .md")
    parser.add_argument("--peers", default=sys.executable, help="Python that has the peers (default: this one)")
    parser.add_argument("--only", type=lambda text: text.split(","), help="workloads or groups: rqc,qft,gate,gate-h,loop ... (default: all)")
    parser.add_argument("--programs", type=lambda text: text.split(","), default=list(PROGRAMS), help=f"of {','.join(PROGRAMS)}")
    parser.add_argument("--qubits", type=numbers, help="sizes for all: 16,20 or 8-12 (default: those of each workload)")
    parser.add_argument("--threads", type=numbers, default=[1, 2], help="each measured (default: 1,2)")
    parser.add_argument("--precisions", type=lambda text: text.split(","), default=["f64", "f32"])
    parser.add_argument("--seconds", type=float, default=4.0, help="about how long the programs take turns on one row")
    parser.add_argument("--rounds", type=int, default=5, help="at least so many turns each")
    parser.add_argument("--slow", type=float, default=10.0, help="a program that takes longer than this for one call has one or two only")
    parser.add_argument("--budget", type=float, default=math.inf, help="begin no row after so many seconds")
    parser.add_argument("--no-pin", dest="pin", action="store_false", help="leave it to the system on which cores the programs run")
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.worker = (options.worker or options.build / "bench" / "bench_engine_worker").resolve()
    if not options.worker.is_file():
        sys.exit(f"{options.worker}: not there; build it first (cmake --build {options.build} --target bench_engine_worker)")
    for name in options.programs:
        if name not in PROGRAMS:
            sys.exit(f"--programs: unknown {name}; known: {', '.join(PROGRAMS)}")
    if "quern" not in options.programs:
        options.programs.append("quern")
    options.threads = [t for t in options.threads if t <= len(os.sched_getaffinity(0))] or [1]
    return options


def measure_all(options, result):
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for threads in options.threads:
            session = Session(options, threads)
            result["programs"].update({key: program.about for key, program in session.programs.items()})
            try:
                for workload, sizes in selected(options):
                    for nqubits in sizes:
                        what = f"{workload}, {nqubits or 'own'} qubits, {threads} thread{'s' if threads > 1 else ''}"
                        if time.perf_counter() - begin > options.budget:
                            raise Stop(what)
                        if 16 * 2**nqubits * 8 > memory_available():  # every program holds a state, some of them two
                            result["left_out"].append(f"{what}: eight states need {16 * 2**nqubits * 8 / 2**30:.0f} GiB")
                            continue
                        print(f"  {time.perf_counter() - begin:6.0f} s  {what}", file=sys.stderr)
                        result["rows"].append(session.measure(workload, nqubits, folder))
            finally:
                session.end()
                result["missing"].update(session.missing)


def main():
    options = parse()
    machine = run.describe_machine(options.build, options.build / "cli" / "quern", options.peers)
    result = {"schema": "quern.bench.peers/1", "machine": machine, "versions": run.peer_versions(options.peers), "programs": {},
              "options": {"seconds": options.seconds, "rounds": options.rounds, "slow": options.slow, "pinned": options.pin},
              "rows": [], "missing": {}, "left_out": [], "stopped": None}
    try:
        measure_all(options, result)
    except Stop as stop:
        result["stopped"] = f"the time budget was spent before {stop}"
    except KeyboardInterrupt:
        result["stopped"] = "interrupted"
    machine["load_after"] = os.getloadavg()[0]
    machine["finished"] = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    page = engine_report.page(result)
    options.out.with_suffix(".md").write_text(page)
    print(page)
    print(f"written: {options.out} and {options.out.with_suffix('.md').name}", file=sys.stderr)
    sys.exit(130 if result["stopped"] == "interrupted" else 0)


if __name__ == "__main__":
    main()
