"""Checks the commands that work on circuits: run, check, convert, count, equal, draw.

Usage: check_circuits.py QUERN SOURCE_FOLDER GROUP [GROUP ...]
Each group is the functions named GROUP_...; standard library only. A folder ../shared/data/qasm beside the source folder, where it is, gives
circuits of other people; without it those checks are skipped.
"""
import csv
import glob
import io
import json
import math
import os
import random
import re
import struct
import subprocess
import sys
import time
import xml.dom.minidom

from checks import PATIENCE, QUERN, SOURCE, expect, fails, interrupt, main, on_terminal, run, skip, untimed, write

CIRCUITS = os.path.join(SOURCE, "examples", "circuits")
SHARED = os.path.join(os.path.dirname(SOURCE), "shared", "data", "qasm")
BELL = os.path.join(CIRCUITS, "bell.qasm")
COMMANDS = ("run", "check", "convert", "count", "equal", "draw")
HEAD2 = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
HEAD3 = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def example(name):
    return os.path.join(CIRCUITS, name)


def result(*arguments, **keywords):
    """The whole JSON object of `quern run`, which must have succeeded."""
    done = run("run", *arguments, "--json", "--quiet", **keywords)
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.run/1", data)
    return data


def read_npy(path):
    """Shape and numbers of a complex128 array, read by the rules of numpy.lib.format alone."""
    raw = open(path, "rb").read()
    expect(raw[:8] == b"\x93NUMPY\x01\x00", raw[:16])
    length = struct.unpack("<H", raw[8:10])[0]
    expect((10 + length) % 64 == 0 and raw[10 + length - 1:10 + length] == b"\n", length)
    header = eval(raw[10:10 + length].decode(), {})  # a dict literal by definition of the format
    expect(header["descr"] == "<c16" and header["fortran_order"] is False, header)
    numbers = struct.unpack("<%dd" % ((len(raw) - 10 - length) // 8), raw[10 + length:])
    values = [complex(*numbers[k:k + 2]) for k in range(0, len(numbers), 2)]
    expect(header["shape"] == (len(values),), header)
    return values


def rejects(pattern, *arguments, code=3, **keywords):
    """A file that is not right: findings and a summary on standard error, nothing on standard output."""
    done = run(*arguments, **keywords)
    expect(done.code == code, "exit code", arguments, done)
    expect(done.out == "", "standard output is not empty", arguments, done)
    expect(re.search(pattern, done.err), pattern, arguments, done)
    expect("quern: error: " in done.err, arguments, done)
    return done


def shared(*parts):
    if not os.path.isdir(SHARED):
        skip("no shared data")
    return sorted(glob.glob(os.path.join(SHARED, *parts)))


# ---- run

def run_bell(folder):
    done = run("run", BELL)
    expect(done.code == 0, done)
    expect(re.fullmatch(r"quern: engine statevector: 2 qubits in float64 take .*\n", done.err), done)
    rows = [line.split() for line in done.out.splitlines() if re.match(r"[01]+ ", line)]
    expect(sorted(r[0] for r in rows) == ["00", "11"] and sum(int(r[1]) for r in rows) == 1024, done)
    expect("bell.qasm: 2 qubits, 2 bits" in done.out and "1024 shots, seed 42" in done.out, done)
    quiet = run("run", BELL, "--quiet")
    expect(quiet.err == "" and all(re.match(r"(00|11) ", line) for line in quiet.out.splitlines()), quiet)


def run_json(folder):
    done = run("run", BELL, "--json", "--shots", "2000", "--seed", "7")
    parsed = subprocess.run([sys.executable, "-m", "json.tool"], input=done.out, stdout=subprocess.PIPE, text=True)
    expect(parsed.returncode == 0, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.run/1" and data["seed"] == 7 and re.match(r"\d+\.\d+", data["version"]), data)
    expect(data["input"]["qubits"] == 2 and data["input"]["bits"] == 2 and data["input"]["name"] == BELL, data)
    expect(data["method"]["engine"] == "statevector" and data["method"]["sampling"] == "final", data)
    r = data["result"]
    expect(set(r["counts"]) == {"00", "11"} and sum(r["counts"].values()) == r["shots"] == 2000, r)
    expect(abs(r["counts"]["00"] - 1000) < 6 * math.sqrt(500), r)
    expect(r["probabilities"]["00"] == r["counts"]["00"] / 2000 and r["source"] == "sampled", r)
    expect(abs(r["std_errors"]["00"] - math.sqrt(0.25 / 2000)) < 1e-4, r)
    expect(r["registers"] == [{"name": "c", "width": 2}] and r["seconds"] > 0, r)


def run_exact(folder):
    r = result(BELL, "--exact")["result"]
    expect(r["source"] == "exact" and "counts" not in r and set(r["probabilities"]) == {"00", "11"}, r)
    expect(all(abs(p - 0.5) < 1e-12 for p in r["probabilities"].values()), r)
    text = run("run", BELL, "--exact").out
    expect(re.search(r"^00  0\.50000000", text, re.M) and "Exact probabilities" in text, text)
    # The outcomes of a circuit that measures on its way are followed one by one.
    p = result(example("teleport.qasm"), "--exact")["result"]["probabilities"]
    expect(len(p) == 4 and all(key.startswith("0 ") and abs(v - 0.25) < 1e-12 for key, v in p.items()), p)
    fails(2, r"--exact and --shots exclude", "run", BELL, "--exact", "--shots", "5")
    fails(2, r"--exact and --memory exclude", "run", BELL, "--exact", "--memory")


def run_examples(folder):
    """The comment at the head of each example says what comes out."""
    expect(set(result(example("qft4.qasm"))["result"]["counts"]) == {"0101"})
    expect(set(result(example("ipe.qasm"))["result"]["counts"]) == {"1011"})
    expect(set(result(example("adder.qasm"))["result"]["counts"]) == {"1 0000"})
    counts = result(example("teleport.qasm"))["result"]["counts"]
    expect(all(key[0] == "0" for key in counts) and len(counts) == 4, counts)
    value = result(example("ansatz.qasm"), "--param", "theta=pi/3", "--expect", "Z0")["result"]["expectation"][0]
    expect(abs(value["value"] - 0.5) < 1e-12 and value["source"] == "exact", value)


def run_bit_order(folder):
    path = write(folder, "o.qasm", HEAD3 + "qubit[3] q;\nbit[2] a;\nbit b;\nx q[0];\na[0] = measure q[0];\na[1] = measure q[1];\n"
                                           "b = measure q[2];\n")
    expect(result(path)["result"]["counts"] == {"0 01": 1024})
    expect(result(path, "--bit-order", "low")["result"]["counts"] == {"10 0": 1024})
    qubits = write(folder, "q.qasm", HEAD3 + "qubit[3] q;\nx q[0];\n")
    expect(result(qubits)["result"]["counts"] == {"001": 1024})
    expect(result(qubits, "--bit-order", "low")["result"]["counts"] == {"100": 1024})


def run_hidden_registers(folder):
    """Results that differ in a hidden register only are one result."""
    circuit = {"schema": "quern.circuit/1", "qubits": 2, "symbols": [], "expressions": [],
               "variables": [{"name": "a", "type": "bits", "width": 1}, {"name": "b", "type": "bits", "width": 1, "hidden": True},
                             {"name": "c", "type": "bits", "width": 1}],
               "operations": [{"gate": "h", "qubits": [0]}, {"gate": "x", "qubits": [1]}, {"op": "measure", "qubit": 1, "bit": 2},
                              {"op": "measure", "qubit": 0, "bit": 1}]}
    path = write(folder, "h.json", json.dumps(circuit))
    expect(result(path)["result"]["counts"] == {"1 0": 1024}, result(path))
    expect(result(path, "--exact")["result"]["probabilities"].keys() == {"1 0"})
    expect([r["name"] for r in result(path)["result"]["registers"]] == ["a", "c"])


def run_standard_input(folder):
    source = open(BELL, encoding="utf-8").read()
    data = result("-", stdin=source)
    expect(data["input"]["name"] == "<stdin>" and data["result"]["counts"] == result(BELL)["result"]["counts"], data)
    rejects(r"<stdin>:1:\d+: error: ", "run", "-", stdin="qubit[2 q;\n")


def run_parameters(folder):
    ansatz = example("ansatz.qasm")
    for text, value in (("0.25", 0.25), ("pi", math.pi), ("-pi/2", -math.pi / 2), ("3*pi/4", 0.75 * math.pi), ("1e-3", 1e-3),
                        ("tau/8", math.pi / 4)):
        z = result(ansatz, "--param", "theta=" + text, "--expect", "Z0")["result"]["expectation"][0]["value"]
        expect(abs(z - math.cos(value)) < 1e-12, text, z)
    fails(2, r"1 free parameter without a value: --param theta=", "run", ansatz)
    fails(2, r"not NAME=VALUE", "run", ansatz, "--param", "theta")
    fails(2, r"not a number", "run", ansatz, "--param", "theta=nan")
    fails(2, r"not a number", "run", ansatz, "--param", "theta=pi+1")
    fails(2, r"'tehta' is no input or free parameter of", "run", ansatz, "--param", "tehta=1", "--param", "theta=1")
    fails(2, r"'n' is no input", "run", BELL, "--param", "n=1")
    fails(2, r"given twice", "run", ansatz, "--param", "theta=1", "--param", "theta=2")
    path = write(folder, "n.qasm", HEAD3 + "input int n;\nqubit[4] q;\nfor int i in [0:n - 1] { x q[i]; }\n")
    expect(result(path, "--param", "n=3")["result"]["counts"] == {"0111": 1024})
    rejects(r"n\.qasm:\d+:\d+: error: .*\bn\b", "run", path)
    # The same through JSON, where the symbol stays in the circuit.
    js = os.path.join(folder, "a.json")
    expect(run("convert", ansatz, js).code == 0)
    z = result(js, "--param", "theta=0.5", "--expect", "Z0")["result"]["expectation"][0]["value"]
    expect(abs(z - math.cos(0.5)) < 1e-12, z)
    fails(2, r"free parameter", "run", js)


def run_expectations(folder):
    r = result(BELL, "--expect", "1.0 ZZ", "--expect", "XX", "--expect", "-1.0 YY; 0.5 Z0", "--expect", "Z0")["result"]
    values = [(e["observable"], round(e["value"], 12), e["std_error"]) for e in r["expectation"]]
    # <YY> = -1 on a Bell pair; the final measurements are left out, so that <XX> = 1.
    expect(values == [("1.0 ZZ", 1, 0), ("XX", 1, 0), ("-1.0 YY; 0.5 Z0", 1, 0), ("Z0", 0, 0)], values)
    sampled = result(BELL, "--expect", "Z0", "--expect", "ZZ", "--shots", "4000")["result"]
    z, zz = sampled["expectation"]
    expect(z["source"] == "sampled" and abs(z["value"]) < 6 * z["std_error"] and 0.01 < z["std_error"] < 0.03, z)
    expect(zz["value"] == 1, zz)
    file = write(folder, "h.txt", "0.5 ZZ\n0.25 XX\n")
    expect(abs(result(BELL, "--expect", "@" + file)["result"]["expectation"][0]["value"] - 0.75) < 1e-12)
    text = run("run", BELL, "--expect", "ZZ", "--quiet").out
    expect("<ZZ> 1.0000000000\n" in text, text)
    rejects(r"--expect:1:\d+: ", "run", BELL, "--expect", "1.0 ZQ")
    rejects(r"--expect:1:\d+: ", "run", BELL, "--expect", "ZZZ")
    rejects(r"not Hermitian", "run", BELL, "--expect", "1j ZZ")
    rejects(r"cannot open", "run", BELL, "--expect", "@" + os.path.join(folder, "missing"), code=1)


def run_expectations_of_dynamic_circuits(folder):
    """The state that was teleported: ry(0.7), rz(1.3) on |0>, before it is measured at the end."""
    source = open(example("teleport.qasm"), encoding="utf-8").read()
    path = write(folder, "t.qasm", source[:source.index("rz(-1.3)")] + "out = measure q[2];\n")
    want = {"X2": math.sin(0.7) * math.cos(1.3), "Y2": math.sin(0.7) * math.sin(1.3), "Z2": math.cos(0.7)}
    arguments = [word for name in want for word in ("--expect", name)] + ["--expect", "X2; 0.5 Z2; 2 Z2 Z0; 0.25 IIX"]
    for entry in result(path, *arguments)["result"]["expectation"][:3]:
        expect(abs(entry["value"] - want[entry["observable"]]) < 1e-9, entry, want)
    mixed = result(path, *arguments)["result"]["expectation"][3]["value"]
    expect(abs(mixed - (want["X2"] + 0.5 * want["Z2"])) < 1e-9, mixed)  # what Alice measured is random
    for entry in result(path, *arguments, "--shots", "3000")["result"]["expectation"][:3]:
        expect(entry["std_error"] > 0 and abs(entry["value"] - want[entry["observable"]]) < 6 * entry["std_error"], entry, want)
    rejects(r"may end early", "run", write(folder, "end.qasm", HEAD3 + "qubit q;\nbit c;\nh q;\nc = measure q;\nif (c) { end; }\nx q;\n"),
            "--expect", "Z0", code=1)


def run_statevector(folder):
    path = os.path.join(folder, "psi.npy")
    done = run("run", BELL, "--statevector", path)
    expect(done.code == 0 and "state vector: " + path in done.out, done)
    values = read_npy(path)
    expect(all(abs(v - w) < 1e-12 for v, w in zip(values, [math.sqrt(0.5), 0, 0, math.sqrt(0.5)])), values)
    try:
        import numpy
        expect(numpy.load(path).shape == (4,) and numpy.load(path).dtype == numpy.complex128)
    except ImportError:
        pass
    # More amplitudes than one piece, against the product of one-qubit states; qubit 0 is the lowest bit of the index.
    angles = [0.1 + 0.17 * q for q in range(18)]
    source = HEAD3 + "qubit[18] q;\n" + "".join("ry(%r) q[%d];\n" % (a, q) for q, a in enumerate(angles))
    big = write(folder, "big.qasm", source)
    expect(run("run", big, "--statevector", path).code == 0)
    values = read_npy(path)
    expect(len(values) == 1 << 18, len(values))
    for index in [0, 1, 2, 65535, 65536, 65537, 131072, (1 << 18) - 1] + random.Random(1).sample(range(1 << 18), 50):
        want = math.prod(math.sin(a / 2) if index >> q & 1 else math.cos(a / 2) for q, a in enumerate(angles))
        expect(abs(values[index] - want) < 1e-12, index, values[index], want)
    rejects(r"no single state: the circuit .* \(line \d+\)", "run", example("teleport.qasm"), "--statevector", path, code=1)
    rejects(r"cannot create a temporary file", "run", BELL, "--statevector", os.path.join(folder, "no", "psi.npy"), code=1)
    if os.path.exists("/dev/full"):
        rejects(r"cannot write", "run", BELL, "--statevector", "/dev/full", code=1)
    left = [name for name in os.listdir(folder) if name.endswith(".tmp")]
    expect(left == [], left)
    with open(os.path.join(folder, "out.npy"), "wb") as file:
        done = subprocess.run([QUERN, "run", BELL, "--statevector", "-", "--output", os.path.join(folder, "text"), "--quiet"], stdout=file)
    expect(done.returncode == 0 and len(read_npy(os.path.join(folder, "out.npy"))) == 4)
    fails(2, r"cannot share", "run", BELL, "--statevector", "-")


def run_memory(folder):
    r = result(BELL, "--memory", "--shots", "50")["result"]
    expect(len(r["memory"]) == 50 and {"00", "11"} == set(r["memory"]), r)
    expect({key: r["memory"].count(key) for key in set(r["memory"])} == r["counts"], r)
    text = run("run", BELL, "--memory", "--shots", "50", "--quiet").out
    expect(text.splitlines() == r["memory"], text)
    rows = list(csv.reader(io.StringIO(run("run", BELL, "--memory", "--shots", "3", "--format", "csv").out)))
    expect(rows[0] == ["shot", "bits"] and [row[0] for row in rows[1:]] == ["0", "1", "2"], rows)


def run_csv(folder):
    r = result(BELL)["result"]
    rows = list(csv.DictReader(io.StringIO(run("run", BELL, "--format", "csv").out)))
    expect({row["bits"]: int(row["count"]) for row in rows} == r["counts"], rows)
    expect(all(float(row["probability"]) == int(row["count"]) / 1024 for row in rows), rows)
    rows = list(csv.DictReader(io.StringIO(run("run", BELL, "--format", "csv", "--expect", "0.5 ZZ; 1 XX").out)))
    expect(rows == [{"observable": "0.5 ZZ; 1 XX", "value": rows[0]["value"], "std_error": "0"}], rows)
    expect(abs(float(rows[0]["value"]) - 1.5) < 1e-12, rows)


def run_plot(folder):
    svg = os.path.join(folder, "counts.svg")
    done = run("run", BELL, "--plot", svg)
    expect(done.code == 0, done)
    document = xml.dom.minidom.parse(svg)
    bars = [r for r in document.getElementsByTagName("rect") if r.getAttribute("class") == "bar"]
    expect(len(bars) == 2 and len(document.getElementsByTagName("path")) == 2, len(bars))
    expect("prefers-color-scheme" in open(svg).read())
    wide = write(folder, "<&>.qasm", HEAD3 + "qubit[9] q;\nh q;\n")
    expect(run("run", wide, "--plot", svg, "--shots", "20000").code == 0)
    document = xml.dom.minidom.parse(svg)
    expect(len([r for r in document.getElementsByTagName("rect") if r.getAttribute("class") == "bar"]) == 48)
    expect("48 largest of 512" in open(svg).read())
    picture = run("run", BELL, "--plot", "-", "--output", os.path.join(folder, "text")).out
    xml.dom.minidom.parseString(picture)


def run_output(folder):
    path = os.path.join(folder, "result.json")
    done = run("run", BELL, "--json", "--output", path)
    expect(done.code == 0 and done.out == "", done)
    expect(untimed(json.load(open(path))) == untimed(json.loads(run("run", BELL, "--json").out)))
    rejects(r"quern: error: .*folder", "run", BELL, "--output", os.path.join(folder, "no", "folder"), code=1)


def run_table(folder):
    path = write(folder, "h.qasm", HEAD3 + "qubit[8] q;\nh q;\n")
    done = run("run", path, "--shots", "5000", env={"LC_ALL": "C.UTF-8"})
    rows = [line for line in done.out.splitlines() if re.match(r"[01]{8} ", line)]
    expect(len(rows) == 20 and re.search(r"^and 2\d\d more, together 0\.\d+$", done.out, re.M), done)
    counts = [int(row.split()[1]) for row in rows]
    expect(counts == sorted(counts, reverse=True), counts)
    expect("\u00b1" in done.out and "\u2588" in done.out, done)
    plain = run("run", path, env={"LC_ALL": "C"}).out
    expect(plain.isascii() and "+-" in plain and "##" in plain, plain)
    narrow = run("run", path, env={"LC_ALL": "C", "COLUMNS": "60"}).out
    expect(all(len(line) <= 60 for line in narrow.splitlines() if re.match(r"[01]{8} ", line)), narrow)
    # All shots alike are no proof of certainty: the error is not zero.
    sure = result(write(folder, "x.qasm", HEAD3 + "qubit q;\nx q;\n"), "--shots", "10")["result"]["std_errors"]
    expect(abs(sure["1"] - math.sqrt(11 / 12 * 1 / 12 / 10)) < 1e-12, sure)


def run_engines(folder):
    base = result(example("teleport.qasm"), "--exact")["result"]["probabilities"]
    for engine in ("reference", "statevector", "statevector:f32"):
        data = result(example("teleport.qasm"), "--exact", "--engine", engine)
        expect(data["method"]["engine"] == engine and data["method"]["engine_reason"] is None, data)
        p = data["result"]["probabilities"]
        expect(set(p) == set(base) and all(abs(p[k] - base[k]) < 1e-5 for k in p), engine, p)
    fails(2, r"engine", "run", BELL, "--engine", "statevectr")
    expect(run("run", BELL, "--engine", "reference").err == "")


def run_idle_qubits(folder):
    """Qubits that nothing touches take no memory."""
    path = write(folder, "idle.qasm", HEAD3 + "qubit[60] q;\nbit[2] c;\nh q[3];\ncx q[3], q[50];\nc[0] = measure q[3];\nc[1] = measure q[50];\n")
    done = run("run", path, "--shots", "100")
    expect(done.code == 0 and "58 idle qubits left out" in done.err, done)
    expect(set(result(path)["result"]["counts"]) == {"00", "11"})


def run_too_large(folder):
    started = time.time()
    for qubits in (50, 62, 63, 200, 5000):
        path = write(folder, "n%d.qasm" % qubits, HEAD3 + "qubit[%d] q;\nh q;\n" % qubits)
        rejects(r"%d qubits.*(iB|amplitudes)" % qubits, "run", path, code=4)
        rejects(r"%d qubits" % qubits, "run", path, "--statevector", os.path.join(folder, "x.npy"), code=4)
    rejects(r"", "run", path, "--engine", "statevector", code=4)
    expect(not os.path.exists(os.path.join(folder, "x.npy")))
    rejects(r"shots of 2 bits need .*iB, more than the limit of .*iB", "run", BELL, "--memory", "--shots", "9000000000000000", code=4)
    expect(time.time() - started < 60, "a refusal must come before the work")


def run_seeds_and_threads(folder):
    files = [BELL, example("teleport.qasm"), example("ipe.qasm"), write(folder, "h.qasm", HEAD3 + "qubit[12] q;\nh q;\n")]
    for path in files:
        for extra in ([], ["--memory", "--shots", "200"], ["--shots", "3000", "--expect", "Z0; 0.5 X1"], ["--exact"]):
            texts = {json.dumps(untimed(result(path, *extra, "--threads", threads))) for threads in ("1", "2", "3", "1")}
            expect(len(texts) == 1, path, extra, *texts)
    first, other = result(files[1], "--seed", "1")["result"], result(files[1], "--seed", "2")["result"]
    expect(first["counts"] != other["counts"])
    expect(first["counts"] == result(files[1], "--seed", "1")["result"]["counts"])


def run_interrupted(folder):
    body = "".join("for int i in [0:400] { ry(0.1) q[%d]; cx q[%d], q[%d]; }\n" % (q, q, q + 1) for q in range(22))
    path = write(folder, "long.qasm", HEAD3 + "qubit[23] q;\nbit c;\n" + body + "c = measure q[0];\nif (c) { x q[1]; }\n" + body)
    process = subprocess.Popen([QUERN, "run", path, "--shots", "100000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    interrupt(process, 1.0)
    out, err = process.communicate(timeout=240 * PATIENCE)
    expect(process.returncode == 130 and out == "", process.returncode, out, err)


def run_closed_pipe(folder):
    path = write(folder, "h.qasm", HEAD3 + "qubit[14] q;\nh q;\n")
    for command in ("run %s --quiet --format csv --shots 100000" % path, "draw %s" % path, "check %s" % path, "convert %s --to qasm3" % path):
        done = subprocess.run("%s %s | head -1" % (QUERN, command), shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        expect(done.stderr == "" and done.stdout.count("\n") <= 1, command, done)


# ---- findings

BAD = HEAD3 + "qubit[2] q;\nhh q[0];\ncx q[0], q[2];\nbit[2] c\nc = measure q;\nrx(1, 2) q[0];\n"


def findings_everywhere(folder):
    """Every command prints all findings of a bad file with line and caret, and gives 3."""
    path = write(folder, "bad.qasm", BAD)
    for arguments in (["run", path], ["convert", path, "--to", "qasm3"], ["count", path], ["draw", path], ["equal", path, BELL],
                      ["equal", BELL, path]):
        done = rejects(r"bad\.qasm:4:1: error: .*hh", *arguments)
        places = re.findall(r"bad\.qasm:(\d+):(\d+): error: ", done.err)
        expect(len(places) >= 3 and ("4", "1") in places, done)
        expect("\nhh q[0];\n" in done.err.replace("    4 | ", "").replace("4 | ", "") or "hh q[0];" in done.err, done)
        expect("^" in done.err and re.search(r"quern: error: .*bad\.qasm: \d+ errors\n$", done.err), done)
        expect("\033" not in done.err, done)
    colored = run("run", path, env={"CLICOLOR_FORCE": "1"})
    expect("\033" in colored.err, colored)


def findings_check(folder):
    good, bad = BELL, write(folder, "bad.qasm", BAD)
    expect(run("check", good).__dict__ == {"code": 0, "out": "", "err": ""}, run("check", good))
    done = run("check", good, bad, example("ipe.qasm"))
    expect(done.code == 3 and done.err == "" and "bad.qasm:4:1: error: " in done.out and "^" in done.out, done)
    js = run("check", good, bad, "--diagnostics", "json")
    data = json.loads(js.out)
    expect(js.code == 3 and js.err == "" and data["schema"] == "quern.diagnostics/1", js)
    first = data["diagnostics"][0]
    expect(first["file"] == bad and first["line"] == 4 and first["column"] == 1 and first["severity"] == "error", first)
    expect(first["source"] == "hh q[0];" and first["length"] == 2 and first["message"], first)
    clean = run("check", good, "--diagnostics", "json")
    expect(clean.code == 0 and json.loads(clean.out)["diagnostics"] == [], clean)
    missing = run("check", good, os.path.join(folder, "missing.qasm"))
    expect(missing.code == 1 and "cannot open" in missing.err and missing.out == "", missing)
    expect(run("check", os.path.join(folder, "missing.qasm"), bad).code == 3)
    broken = write(folder, "b.json", '{"schema": "quern.circuit/1", "qubits": 2, "operations": [{"gate": "hh", "qubits": [0]}]}')
    data = json.loads(run("check", broken, "--diagnostics", "json").out)["diagnostics"]
    expect(len(data) == 1 and data[0]["line"] >= 1 and "hh" in data[0]["message"], data)
    expect(run("check", "-", stdin=BAD).out.startswith("<stdin>:4:1: error: "))
    unsupported = write(folder, "u.qasm", HEAD3 + 'defcalgrammar "openpulse";\nqubit q;\n')
    done = run("check", unsupported)
    expect(done.code == 3 and "u.qasm:3:1: error: " in done.out, done)


def findings_files(folder):
    for command in COMMANDS:
        second = [BELL] if command == "equal" else ["--to", "qasm3"] if command == "convert" else []
        missing = run(command, os.path.join(folder, "missing.qasm"), *second)
        expect(missing.code == (2 if command == "equal" else 1) and "cannot open: No such file" in missing.err, missing)
        directory = run(command, folder, *second)
        expect(directory.code == (2 if command == "equal" else 1) and "is a directory" in directory.err, directory)
        expect(missing.out == "" and directory.out == "", command)
        none = fails(2, r"give (one|two|IN)", command)
        expect("Try 'quern help %s'" % command in none.err, none)
    fails(2, r"give one FILE", "run", BELL, BELL)
    for name, text in (("empty.qasm", ""), ("zero.qasm", "\0\0\0"), ("binary.qasm", "\x7fELF\x01\x02" * 50),
                       ("half.qasm", open(BELL).read()[:-20]), ("deep.qasm", HEAD3 + "qubit q;\nrx(" + "(" * 20000 + "1" + ")" * 20000 + ") q;\n"),
                       ("endless.qasm", HEAD3 + "qubit q;\nint i = 0;\nwhile (true) { i = i + 1; }\n"),
                       ("self.qasm", 'OPENQASM 3.0;\ninclude "self.qasm";\n'), ("many.qasm", HEAD3 + "qubit[1000000000] q;\n"),
                       ("loop.qasm", HEAD3 + "qubit q;\nfor int i in [0:4000000000] { x q; }\n")):
        path = write(folder, name, text)
        started = time.time()
        done = run("check", path, timeout=120)
        expect(done.code in (0, 3, 4) and time.time() - started < 90, name, done)
        if name != "endless.qasm":
            expect(done.code != 0, name, done)


def findings_interrupted(folder):
    """Ctrl-C while a command waits for its input."""
    for command in (["run", "-"], ["check", "-"], ["convert", "-", "--to", "qasm3"], ["count", "-"], ["draw", "-"], ["equal", "-", BELL]):
        process = subprocess.Popen([QUERN, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        interrupt(process)
        out, _ = process.communicate(timeout=120 * PATIENCE)
        expect(process.returncode == 130 and out == "", command, process.returncode, out)


def findings_malformed_files(folder):
    for path in shared("malformed", "*.qasm"):
        done = run("check", path)
        expect(done.code == 3 and re.search(r":\d+:\d+: error: ", done.out), path, done)
        rejects(r":\d+:\d+: error: ", "run", path)


def findings_fuzzed(folder):
    """Cut, doubled and flipped pieces of good files never crash, hang or print half a result."""
    rng = random.Random(20)
    sources = [open(path, encoding="utf-8").read() for path in sorted(glob.glob(example("*.qasm")))]
    for case in range(60):
        text = rng.choice(sources)
        for _ in range(rng.randrange(1, 4)):
            a = rng.randrange(len(text))
            b = min(len(text), a + rng.randrange(1, 12))
            text = rng.choice([text[:a] + text[b:], text[:b] + text[a:], text[:a] + rng.choice("(){}[];,@0q\"/") + text[b:], text[:b]])
            text = text or " "
        done = run("run", "-", "--json", "--shots", "10", "--param", "theta=1", stdin=text, timeout=120)
        expect(done.code in (0, 1, 2, 3, 4), "seed 20, case %d" % case, text, done)
        if done.code == 0:
            json.loads(done.out)
        else:
            expect(done.out == "" and "error: " in done.err, "seed 20, case %d" % case, text, done)


# ---- convert

def convert_round_trips(folder):
    """What comes out reads back as the same circuit."""
    for name in ("bell", "qft4", "adder"):
        source = example(name + ".qasm")
        for ending, extra in ((".qasm", []), (".json", []), (".qasm", ["--to", "qasm2"])):
            out = os.path.join(folder, name + ending)
            done = run("convert", source, out, *extra)
            expect(done.code == 0 and done.out == "" and done.err == "", name, done)
            expect(run("equal", source, out, "--global-phase").code == 0, name, ending, run("equal", source, out))
            expect(result(out)["result"]["counts"] == result(source)["result"]["counts"], name, ending)
    for name in ("teleport", "ipe"):
        for ending in (".qasm", ".json"):
            out = os.path.join(folder, name + ending)
            expect(run("convert", example(name + ".qasm"), out).code == 0)
            a, b = result(out, "--exact")["result"]["probabilities"], result(example(name + ".qasm"), "--exact")["result"]["probabilities"]
            expect(set(a) == set(b) and all(abs(a[k] - b[k]) < 1e-12 for k in a), name, a, b)
    ansatz = run("convert", example("ansatz.qasm"), "--to", "qasm3").out
    expect("input float theta" in ansatz or "input float[64] theta" in ansatz, ansatz)
    expect(run("convert", "-", "-", "--to", "qasm3", stdin=ansatz).out == ansatz)


def convert_formats(folder):
    expect(run("convert", BELL, "--to", "qasm2").out.startswith("OPENQASM 2.0;"))
    expect(run("convert", BELL, "--to", "qasm3").out.startswith("OPENQASM 3"))
    expect(json.loads(run("convert", BELL, "--to", "json").out)["schema"] == "quern.circuit/1")
    url = run("convert", BELL, "--to", "quirk-url").out
    expect(url.startswith("https://algassert.com/quirk#circuit=") and url.endswith("\n") and url.count("\n") == 1, url)
    expect("quantikz" in run("convert", BELL, "--to", "tikz").out)
    qir = os.path.join(folder, "bell.ll")
    expect(run("convert", BELL, qir).code == 0 and "__quantum__qis__h__body" in open(qir).read())
    expect(run("convert", BELL, os.path.join(folder, "bell.tex")).code == 0)
    rejects(r"quern: error: ", "convert", example("teleport.qasm"), "--to", "qir", code=1)
    rejects(r"quern: error: ", "convert", example("ansatz.qasm"), "--to", "qasm2", code=1)
    fails(2, r"give --to FORMAT", "convert", BELL, os.path.join(folder, "x.txt"))
    fails(2, r"give --to FORMAT", "convert", BELL)
    fails(2, r"give --to FORMAT", "convert", BELL, "-")
    fails(2, r"cannot share", "convert", BELL, "--to", "qasm3", "--json")
    fails(2, r"--seed needs --coupling", "convert", BELL, "--to", "qasm3", "--seed", "3")
    fails(2, r"--to: unknown value 'qasm4'", "convert", BELL, "--to", "qasm4")
    fails(2, r"--simplify: unknown value '3'", "convert", BELL, "--to", "qasm3", "--simplify", "3")
    rejects(r"quern: error: ", "convert", BELL, os.path.join(folder, "no", "x.qasm"), code=1)


def convert_passes(folder):
    source, out = example("qft4.qasm"), os.path.join(folder, "out.qasm")
    done = run("convert", source, out, "--basis", "rz,sx,cx", "--coupling", "line:4", "--simplify", "2")
    expect(done.code == 0 and done.out == "", done)
    expect(re.search(r"^ +before +after$", done.err, re.M) and re.search(r"^gates +\d+ +\d+$", done.err, re.M), done)
    expect("swaps inserted" in done.err and "layout at the end" in done.err, done)
    text = open(out).read()
    names = set(re.findall(r"^(\w+)(?:\([^;]*\))? q", text, re.M)) - {"barrier"}
    expect(names <= {"rz", "sx", "x", "cx", "gphase"}, names)
    for a, b in re.findall(r"^cx \w+\[(\d+)\], ?\w+\[(\d+)\]", text, re.M):
        expect(abs(int(a) - int(b)) == 1, "cx between %s and %s on a line" % (a, b))
    expect(set(result(out)["result"]["counts"]) == {"0101"}, out)
    js = json.loads(run("convert", source, out, "--json", "--coupling", "ring:5", "--seed", "3", "--trials", "4").out)
    r = js["result"]
    expect(js["schema"] == "quern.convert/1" and r["after"]["qubits"] == 5 and len(r["initial_layout"]) >= 4, js)
    expect(r["before"]["gates"] == r["before"]["one_qubit"] + r["before"]["two_qubit"] + r["before"]["multi_qubit"], r)
    expect(set(result(out)["result"]["counts"]) == {"0101"}, out)
    quiet = run("convert", source, out, "--simplify", "1", "--quiet")
    expect(quiet.err == "" and quiet.out == "", quiet)
    rejects(r"quern: error: ", "convert", source, out, "--coupling", "line:3", code=2)
    rejects(r"quern: error: ", "convert", source, out, "--coupling", "lime:4", code=2)


def convert_clifford_t(folder):
    out = os.path.join(folder, "out.qasm")
    done = run("convert", example("qft4.qasm"), out, "--basis", "clifford+t", "--error", "1e-4", "--json")
    expect(done.code == 0, done)
    after = json.loads(done.out)["result"]["after"]
    allowed = {"h", "s", "sdg", "x", "y", "z", "cx", "t", "tdg", "gphase", "id"}
    expect(set(after["by_gate"]) <= allowed and after["rotations"] == 0 and after["t_count"] > 0, after)
    equal = json.loads(run("equal", example("qft4.qasm"), out, "--json", "--tolerance", "1e-3").out)["result"]
    expect(equal["equal"] is True, equal)
    expect(run("equal", example("qft4.qasm"), out, "--tolerance", "1e-14").code == 1, "an approximation is not the same")
    fails(2, r"--basis: unknown value", "convert", BELL, out, "--basis", "clifford")
    rejects(r"quern: error: ", "convert", example("ansatz.qasm"), out, "--basis", "clifford+t", code=1)


def convert_compact(folder):
    path = write(folder, "idle.qasm", HEAD3 + "qubit[6] q;\nbit[2] c;\nh q[1];\ncx q[1], q[4];\nc[0] = measure q[1];\nc[1] = measure q[4];\n")
    out = os.path.join(folder, "out.qasm")
    data = json.loads(run("convert", path, out, "--compact", "--json").out)["result"]
    expect(data["kept_qubits"] == [1, 4] and data["after"]["qubits"] == 2, data)
    expect(set(result(out)["result"]["counts"]) == {"00", "11"})


def convert_random(folder):
    """Passes keep what random circuits do."""
    rng = random.Random(5)
    out = os.path.join(folder, "out.qasm")
    for case in range(6):
        lines = [HEAD3, "qubit[4] q;\n"]
        for _ in range(30):
            a, b, c = rng.sample(range(4), 3)
            lines.append(rng.choice(["h q[%d];\n" % a, "t q[%d];\n" % a, "cx q[%d], q[%d];\n" % (a, b), "rz(%r) q[%d];\n" % (rng.random(), a),
                                     "ccx q[%d], q[%d], q[%d];\n" % (a, b, c), "cp(%r) q[%d], q[%d];\n" % (rng.random(), a, b)]))
        path = write(folder, "r.qasm", "".join(lines))
        for extra in (["--simplify", "2"], ["--basis", "u,cx"], ["--basis", "rz,sx,cx", "--simplify", "1"], ["--basis", "cz,prx"]):
            expect(run("convert", path, out, *extra).code == 0, extra)
            same = run("equal", path, out, "--global-phase")
            expect(same.code == 0, "seed 5, case %d" % case, extra, same, open(path).read())


# ---- count

def count_table(folder):
    done = run("count", example("adder.qasm"))
    expect(done.code == 0 and done.err == "" and re.search(r"^gates +\d+$", done.out, re.M), done)
    data = json.loads(run("count", example("adder.qasm"), "--json").out)
    r = data["result"]
    # 5 preparations; 8 blocks of 2 cx and 1 ccx; 1 cx between.
    expect(data["schema"] == "quern.count/1" and r["by_gate"] == {"x": 5, "cx": 17, "ccx": 8}, r)
    expect(r["gates"] == 30 and r["toffoli"] == 8 and r["t_count"] == 56 and r["measurements"] == 5, r)
    text = run("count", example("adder.qasm"), "--basis", "u,cx").out
    expect(re.search(r"^ +before +after$", text, re.M), text)
    both = json.loads(run("count", example("adder.qasm"), "--basis", "u,cx", "--json").out)
    expect(both["as_written"]["gates"] == 30 and set(both["result"]["by_gate"]) <= {"u", "cx", "gphase"}, both)
    fails(2, r"--error", "count", BELL, "--error", "0")


# ---- equal

def equal_verdicts(folder):
    swap = write(folder, "swap.qasm", HEAD3 + "qubit[2] q;\nswap q[0], q[1];\n")
    three = write(folder, "three.qasm", HEAD3 + "qubit[2] q;\ncx q[0], q[1];\ncx q[1], q[0];\ncx q[0], q[1];\n")
    done = run("equal", swap, three)
    expect(done.code == 0 and done.out.startswith("equal\nmethod: exact\n") and done.err == "", done)
    other = run("equal", swap, BELL)
    expect(other.code in (1, 2), other)
    two = write(folder, "two.qasm", HEAD3 + "qubit[2] q;\ncx q[0], q[1];\ncx q[1], q[0];\n")
    done = run("equal", swap, two)
    expect(done.code == 1 and done.out.startswith("different\n") and done.err == "", done)
    data = json.loads(run("equal", swap, two, "--json").out)
    expect(data["schema"] == "quern.equal/1" and data["result"]["equal"] is False and data["result"]["phase"] is None, data)
    expect(run("equal", swap, two, "--method", "stimuli").code == 1)
    stimuli = run("equal", swap, three, "--method", "stimuli", "--stimuli", "5")
    expect(stimuli.code == 0 and "stimuli, 5 random states" in stimuli.out, stimuli)
    quiet = run("equal", swap, three, "--quiet")
    expect(quiet.out == "equal\n", quiet)


def equal_phase(folder):
    rz = write(folder, "rz.qasm", HEAD3 + "qubit q;\nrz(0.4) q;\n")
    p = write(folder, "p.qasm", HEAD3 + "qubit q;\np(0.4) q;\n")
    data = json.loads(run("equal", rz, p, "--json").out)["result"]
    expect(data["equal"] is True and abs(data["phase"] - 0.2) < 1e-9, data)
    expect(run("equal", rz, p, "--global-phase").code == 1)


def equal_trouble(folder):
    fails(2, r"give two files", "equal", BELL)
    fails(2, r"only one of A and B", "equal", "-", "-")
    done = run("equal", BELL, example("teleport.qasm"))
    expect(done.code in (1, 2) and "Traceback" not in done.err, done)
    a = write(folder, "a.qasm", HEAD3 + "qubit q;\nbit c;\nh q;\nc = measure q;\nif (c) { x q; }\n")
    done = run("equal", a, a)
    expect(done.code == 2 and "quern: error: " in done.err and done.out == "", done)


# ---- draw

def draw_text(folder):
    text = run("draw", BELL, env={"LC_ALL": "C.UTF-8"})
    expect(text.code == 0 and text.err == "" and not text.out.isascii() and "H" in text.out, text)
    expect("\033" not in text.out, text)
    for extra, env in ((["--ascii"], {"LC_ALL": "C.UTF-8"}), ([], {"LC_ALL": "C"})):
        ascii_text = run("draw", BELL, *extra, env=env).out
        expect(ascii_text.isascii() and "H" in ascii_text, ascii_text)
    expect("\033" in run("draw", BELL, env={"CLICOLOR_FORCE": "1"}).out)
    expect("\033" not in run("draw", BELL, env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}).out)
    dense = run("draw", BELL, "--dense").out
    expect(len(dense.splitlines()) < len(text.out.splitlines()), dense)
    long = write(folder, "long.qasm", HEAD3 + "qubit[2] q;\n" + "h q[0];\ncx q[0], q[1];\n" * 60)
    for width in (60, 100):
        drawn = run("draw", long, "--width", str(width), "--ascii").out
        expect(all(len(line) <= width for line in drawn.splitlines()) and len(drawn.splitlines()) > 10, width, drawn)
    expect(run("draw", long, "--ascii", env={"COLUMNS": "60"}).out == run("draw", long, "--ascii", "--width", "60").out)
    never = run("draw", long, "--ascii", "--width", "0").out
    expect(max(len(line) for line in never.splitlines()) > 300, never)
    short = run("draw", long, "--ascii", "--width", "0", "--max-columns", "10").out
    expect(max(len(line) for line in short.splitlines()) < 200, short)


def draw_terminal(folder):
    code, shown, out = on_terminal(["draw", BELL], standard_output=True)
    expect(code == 0 and "\033[" in shown, shown)


def draw_files(folder):
    svg, tex = os.path.join(folder, "b.svg"), os.path.join(folder, "b.tex")
    done = run("draw", BELL, "--svg", svg, "--tikz", tex)
    expect(done.code == 0 and done.out == "", done)
    document = xml.dom.minidom.parse(svg)
    titles = [t.firstChild.data for t in document.getElementsByTagName("title") if t.firstChild]
    expect(any("cx" in t.lower() or "x" in t for t in titles), titles)
    text = open(tex).read()
    expect("\\documentclass" in text and "quantikz" in text, text)
    xml.dom.minidom.parseString(run("draw", BELL, "--svg", "-").out)
    fails(2, r"cannot share", "draw", BELL, "--svg", svg, "--tikz", svg)
    rejects(r"quern: error: ", "draw", BELL, "--svg", os.path.join(folder, "no", "b.svg"), code=1)
    for path in sorted(glob.glob(example("*.qasm"))):
        expect(run("draw", path).code == 0, path)
        xml.dom.minidom.parseString(run("draw", path, "--svg", "-").out)


# ---- shared: circuits of other people

def shared_random(folder):
    """15,000 random gates against the probabilities that their authors computed, exactly and by sampling."""
    paths = shared("random", "*.qasm")
    for path in paths:
        want = dict(line.split() for line in open(path.replace(".qasm", "_result.txt")) if line.strip())
        want = {key: float(value) for key, value in want.items()}
        exact = result(path, "--exact")["result"]["probabilities"]
        for key, value in want.items():
            expect(abs(exact.get(key, 0.0) - value) < 2e-3, path, want, exact)
        sampled = result(path, "--shots", "20000")["result"]["probabilities"]
        for key, value in want.items():
            expect(abs(sampled.get(key, 0.0) - value) < 2e-3 + 5.5 * math.sqrt(value * (1 - value) / 20000), path, want, sampled)


def shared_every_file_runs(folder):
    paths = shared("qasmbench", "*.qasm") + shared("openqasm3", "*.qasm")
    for path in paths:
        if os.path.basename(path) == "vqe_uccsd_n8.qasm":  # as published it measures a register that it never declares
            rejects(r"10813:9: error: .*'q'", "run", path)
            continue
        data = result(path, "--shots", "200")
        expect(sum(data["result"]["counts"].values()) == 200, path, data)
        expect(run("count", path).code == 0 and run("draw", path).code == 0 and run("check", path).out == "", path)
        out = os.path.join(folder, "out.qasm")
        expect(run("convert", path, out).code == 0, path)
        expect(result(out, "--shots", "200")["result"]["counts"] == data["result"]["counts"], path)


def shared_known_answers(folder):
    adder = shared("openqasm3", "adder.qasm")
    expect(set(result(adder[0])["result"]["counts"]) == {"10000"}, "1 + 15")
    cat = result(os.path.join(SHARED, "qasmbench", "cat_state_n4.qasm"))["result"]["counts"]
    expect(set(cat) == {"0000", "1111"}, cat)


# ---- generated

def generated_for_all(folder):
    for command in COMMANDS:
        page = run("man", command)
        expect(page.code == 0 and ".SH EXIT STATUS" in page.out, page)
        text = run("help", command).out
        expect(text.startswith("Example:\n  quern " + command) and text == run(command, "--help").out, text)
        for option in re.findall(r"^  --([\w-]+)", text, re.M):
            expect("\\-\\-" + option.replace("-", "\\-") in page.out, command, option)
            for shell in ("bash", "zsh", "fish"):
                expect(option in run("completions", shell).out, shell, option)
    everything = run("help").out
    expect(all(re.search(r"^  %s " % command, everything, re.M) for command in COMMANDS), everything)
    expect("(may be repeated)" in run("help", "run").out)


if __name__ == "__main__":
    sys.exit(main(globals()))
