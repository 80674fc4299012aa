"""Checks `quern bench`: tiny sizes, so that it is the command that is tested and not the machine.

Usage: check_bench.py QUERN SOURCE_FOLDER GROUP; standard library only.
"""
import csv
import io
import json
import os
import subprocess
import sys
import time
import xml.dom.minidom

from checks import PATIENCE, QUERN, SOURCE, expect, fails, interrupt, main, on_terminal, run

QUICK = ["--seconds", "0.001", "--repetitions", "1", "--threads", "1"]
MOLECULES = os.path.join(SOURCE, "data", "molecules")
# gates of the circuits at 20 and 24 qubits, as the literature counts them: 20 layers of rotations and alternating pairs; n (n + 1) / 2
# gates and n / 2 swaps; 11 layers of two rotations and 10 of n - 1 cx
GATES = {("rqc", 20): 590, ("rqc", 24): 710, ("qft", 20): 220, ("qft", 24): 312, ("twolocal", 16): 502, ("twolocal", 20): 630}


def measured(*arguments, **keywords):
    return run("bench", "engine", *arguments, *QUICK, **keywords)


def json_of(*arguments):
    result = measured(*arguments, "--json")
    expect(result.code == 0, result)
    return json.loads(result.out)


def bench_table(folder):
    result = measured("--only", "rqc,pauli", "--qubits", "4,6")
    expect(result.code == 0 and result.err == "", result)
    lines = result.out.splitlines()
    expect(lines[0].split()[:4] == ["workload", "qubits", "precision", "threads"], lines[0])
    rows = [line.split()[:4] for line in lines[1:lines.index("")]]
    expect(rows == [[w, n, p, "1"] for n in ("4", "6") for w in ("rqc", "pauli") for p in ("f64", "f32")], rows)
    expect("a pass takes" in result.out and "Engine statevector" in result.out, result)
    quiet = measured("--only", "rqc", "--qubits", "4", "--quiet")
    expect(len(quiet.out.splitlines()) == 3, quiet)


def bench_json(folder):
    data = json_of("--only", "rqc,qft,twolocal,pauli,gradient,loop", "--qubits", "5-6", "--precision", "f64")
    expect(data["schema"] == "quern.bench.engine/1" and data["engine"] == "statevector" and not data["interrupted"], data)
    expect([row["qubits"] for row in data["rows"]] == [5] * 7 + [6] * 7, data["rows"])
    for row in data["rows"]:
        expect(0 < row["least"] <= row["quartile_low"] <= row["seconds"] <= row["quartile_high"], row)
        expect(row["precision"] == "f64" and row["threads"] == 1 and row["batches"] >= 1 and row["calls"] >= 1, row)
        expect(abs(row["passes"] * row["pass_seconds"] / row["seconds"] - 1) < 1e-9, row)
        circuit = row["workload"] in ("rqc", "qft", "twolocal")
        expect((row["floors"] is not None) == circuit, row)
        if row["gates"] > 0:
            expect(abs(row["seconds_per_amplitude_gate"] * row["gates"] * 2 ** row["qubits"] / row["seconds"] - 1) < 1e-9, row)
    expect(data["largest_step"]["qubits"] == 6 and data["largest_step"]["ratio"] > 0, data["largest_step"])
    machine = data["machine"]
    expect(machine["multiply_adds"][0]["f64_per_second"] > 1e8 and machine["multiply_adds"][0]["threads"] == 1, machine)
    expect([p["qubits"] for p in machine["passes"]] == [5, 6] and all(p["seconds"] > 0 for p in machine["passes"]), machine)
    # the arithmetic of the 4 multiply-adds that each of 20 x 5 rotations takes, at the measured peak
    rqc = data["rows"][0]
    expect(abs(rqc["floor_seconds"] / (4 * 100 * 2**5 / machine["multiply_adds"][0]["f64_per_second"]) - 1) < 1e-9, rqc)


def bench_csv(folder):
    result = measured("--only", "qaoa,pauli", "--qubits", "4-5", "--csv")
    expect(result.code == 0, result)
    rows = list(csv.DictReader(io.StringIO(result.out)))
    expect([(r["workload"], r["qubits"], r["precision"]) for r in rows] ==
           [(w, n, p) for n in "45" for w in ("qaoa", "pauli") for p in ("f64", "f32")], rows)
    expect(all(float(r["seconds"]) > 0 for r in rows) and rows[2]["seconds_per_amplitude_gate"] == "", rows)


def bench_gate_counts(folder):
    data = json_of("--only", "rqc,qft,twolocal", "--qubits", "16,20", "--precision", "f32", "--budget", "20")
    seen = {(row["workload"], row["qubits"]): row["gates"] for row in data["rows"]}
    for key, gates in seen.items():
        expect(GATES.get(key, gates) == gates, key, gates)
    expect(("rqc", 20) in seen and ("qft", 20) in seen and ("twolocal", 20) in seen, seen)


def bench_terms(folder):
    """500 different strings; two qubits have 15 of them."""
    rows = json_of("--only", "pauli,gradient", "--qubits", "2,8", "--precision", "f32")["rows"]
    expect([row["terms"] for row in rows] == [15, 15, 500, 500], rows)


def bench_molecules(folder):
    data = json_of("--only", "uccsd-lih", "--molecules", MOLECULES, "--qubits", "4", "--precision", "f64")
    expect([(r["workload"], r["qubits"], r["parameters"]) for r in data["rows"]] ==
           [("uccsd-lih", 12, 34), ("uccsd-lih-gradient", 12, 34)], data["rows"])
    result = measured("--only", "uccsd", "--molecules", folder)
    expect(result.code == 1 and "lih.fcidump" in result.err and result.out == "", result)
    # not asked for by name: left out, and said
    result = run("bench", "engine", "--qubits", "2", *QUICK, cwd=folder)
    expect(result.code == 0 and "uccsd-lih is left out: no molecule in data/molecules" in result.err, result)


def bench_every_workload_runs(folder):
    for size in ("2", "3", "7"):
        result = run("bench", "engine", "--qubits", size, "--molecules", MOLECULES, "--json", *QUICK)
        expect(result.code == 0, result)
        names = {row["workload"] for row in json.loads(result.out)["rows"]}
        for name in ("rqc", "qft", "twolocal", "qaoa", "pauli", "gradient", "uccsd-lih", "uccsd-h2o", "loop-energy", "loop-gradient"):
            expect(name in names, size, name, names)
        left_out = json.loads(result.out)["left_out"]
        expect(left_out > 0 or {"gate-h-lo", "gate-rx-mid", "gate-cx-hi", "gate-cz-lo", "gate-u4-hi"} <= names, names)


def bench_plot(folder):
    path = os.path.join(folder, "p.svg")
    result = measured("--qubits", "3-6", "--plot", path)
    expect(result.code == 0 and "rqc" in result.out, result)
    expect("qft" not in result.out, "a picture is of rqc unless --only says otherwise", result)
    with open(path, encoding="utf-8") as file:
        picture = file.read()
    xml.dom.minidom.parseString(picture)
    expect("Time per amplitude and gate" in picture and "rqc f64, 1 thread" in picture, picture[:500])
    alone = measured("--qubits", "3-4", "--plot", "-")
    expect(alone.code == 0 and alone.out.startswith("<?xml"), alone)
    xml.dom.minidom.parseString(alone.out)
    nothing = measured("--qubits", "3", "--only", "pauli", "--plot", path)
    expect(nothing.code == 0 and "no picture" in nothing.err, nothing)


def bench_threads(folder):
    result = run("bench", "engine", "--only", "rqc", "--qubits", "4", "--threads", "1,2", "--seconds", "0.001", "--json")
    data = json.loads(result.out)
    expect([row["threads"] for row in data["rows"]] == [1, 1, 2, 2], data["rows"])
    expect([c["threads"] for c in data["machine"]["multiply_adds"]] == [1, 2], data["machine"])


def bench_mistakes(folder):
    fails(2, r"say what is to be measured: quern bench engine", "bench")
    fails(2, r"say what is to be measured", "bench", "motor")
    fails(2, r"say what is to be measured", "bench", "engine", "engine")
    fails(2, r"--qubits: '1' is not a list such as 16,20 or 8-28 of numbers from 2 to 58", "bench", "engine", "--qubits", "1")
    for text in ("", "a", "4,", "6-4", "4-", "-4", "4.5", "59", "4 5", "99999999999999999999"):
        fails(2, r"--qubits: '%s' is not" % text.replace(".", r"\."), "bench", "engine", "--qubits=" + text)
    fails(2, r"--threads: '5000'", "bench", "engine", "--threads", "5000")
    fails(2, r"--only: unknown workload 'qftt'; did you mean 'qft'\?", "bench", "engine", "--only", "rqc,qftt")
    fails(2, r"--only: unknown workload ''", "bench", "engine", "--only", "rqc,")
    fails(2, r"--only: unknown workload 'gat'", "bench", "engine", "--only", "gat")
    fails(2, r"--precision: unknown value 'f16'", "bench", "engine", "--precision", "f16")
    fails(2, r"--csv and --json exclude", "bench", "engine", "--csv", "--json")
    fails(2, r"cannot share standard output", "bench", "engine", "--plot", "-", "--json")
    fails(2, r"--repetitions: '0'", "bench", "engine", "--repetitions", "0")
    fails(2, r"engine", "bench", "engine", "--engine", "statevectr", "--qubits", "4", "--only", "rqc")


def bench_too_large(folder):
    started = time.time()
    fails(4, r"40 qubits need 32\.0 TiB for gradient, and there are .*: at most \d+ qubits fit", "bench", "engine", "--qubits", "4,40")
    fails(4, r"58 qubits need", "bench", "engine", "--qubits", "58", "--only", "gate-h", "--precision", "f32")
    expect(time.time() - started < 60, "a refusal must come before the work")


def bench_budget(folder):
    data = json_of("--only", "rqc", "--qubits", "4-12", "--budget", "0.000001")
    expect(data["out_of_time"] and data["rows"] == [], data)


def bench_progress(folder):
    """A line on the terminal that is wiped at the end; none with --quiet."""
    arguments = ["bench", "engine", "--only", "rqc", "--qubits", "4-5", "--precision", "f64", *QUICK]
    code, shown, out = on_terminal(arguments)
    expect(code == 0 and "\r\033[K2/2  rqc, 5 qubits, 1 thread" in shown and shown.endswith("\r\033[K"), repr(shown))
    expect("\033" not in out and out.startswith("workload"), out)
    code, shown, out = on_terminal([*arguments, "--quiet"])
    expect(code == 0 and "rqc" not in shown, repr(shown))


def bench_interrupt(folder):
    """What was measured is shown; the exit code says that it is not all."""
    process = subprocess.Popen([QUERN, "bench", "engine", "--only", "rqc,loop", "--qubits", "2-12", "--seconds", "0.4", "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    interrupt(process, 2.5)
    out, err = process.communicate(timeout=120 * PATIENCE)
    expect(process.returncode == 130, process.returncode, out, err)
    data = json.loads(out)
    expect(data["interrupted"] and 0 < len(data["rows"]) < 66, data)


if __name__ == "__main__":
    sys.exit(main(globals()))
