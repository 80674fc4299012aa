"""Checks `quern load`: what it reads, what it counts, what it refuses.

Usage: command_load.py QUERN SOURCE_FOLDER check
"""
import json
import math
import os
import re
import struct
import sys
import xml.dom.minidom

from checks import expect, fails, main, on_terminal, run, untimed, write


def write_npy(folder, name, numbers, kind="<f8", shape=None):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (kind, shape or "(%d,)" % len(numbers))
    header = header.ljust(117) + "\n"
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for number in numbers:
            file.write(struct.pack("<d", number) if kind == "<f8" else struct.pack("<2d", number.real, number.imag))
    return path


def load(*arguments):
    done = run("load", *arguments, "--json")
    expect(done.code == 0 and done.err == "", done)
    return json.loads(done.out)


def rows(answer):
    return {row["method"]: row for row in answer["result"]["methods"]}


def bumps(count):
    return [math.exp(-((i / count - 0.4) / 0.1) ** 2) + 0.2 * math.sin(9 * i / count) for i in range(count)]


def check_all_methods(folder):
    path = write(folder, "data.csv", "id,score\n" + "".join("%d,%.17g\n" % (i, x) for i, x in enumerate(bumps(64))))
    answer = load(path, "--column", "score", "--fidelity", "0.999")
    expect(answer["schema"] == "quern.load/1" and answer["input"]["numbers"] == 64 and answer["input"]["bytes"] == 512, answer)
    row = rows(answer)
    expect(set(row) == {"mottonen", "isometry", "sparse", "mps", "qrom", "select-swap", "bucket-brigade", "fanout",
                        "phase-lookup", "alias"}, row)
    for name in ("mottonen", "isometry", "sparse"):
        expect(row[name]["verified"] and abs(row[name]["fidelity"] - 1) < 1e-12, row[name])
    expect(row["mps"]["verified"] and 0.999 <= row["mps"]["fidelity"] < 1, row["mps"])
    expect(row["mottonen"]["cnot"] == 62 and row["mottonen"]["rotations"] == 63, row["mottonen"])
    expect(row["qrom"]["toffoli"] == 62 and row["qrom"]["t_count"] == 4 * 64 - 8 and row["qrom"]["ancillas"] == 5, row["qrom"])
    expect(row["select-swap"]["toffoli"] < 62, row["select-swap"])
    expect(row["bucket-brigade"]["toffoli"] == 8 * (64 - 6 - 1) + 4 * 8 * 63, row["bucket-brigade"])
    back, alias = row["phase-lookup"], row["alias"]
    expect(back["toffoli"] == 8 - 2 + 8 - 2 and back["t_count"] == 4 * 12 and back["lambda"] == 8, back)
    expect(back["purpose"] == "uncomputation" and alias["purpose"] == "amplitudes beside garbage", back, alias)
    expect(alias["toffoli"] == 62 + alias["precision"] + 6 and alias["rotations"] == 0, alias)
    expect(0.999 <= alias["fidelity"] < 1 and not alias["verified"], alias)
    chosen = row[answer["result"]["method"]]
    makers = [r for r in row.values() if r["purpose"] == "amplitudes" and r["fidelity"] >= 0.999]
    expect(chosen["t_count"] == min(r["t_count"] for r in makers), chosen)
    ledger = answer["ledger"]
    expect(ledger["verdict"] == "no-advantage-io", ledger["verdict"])
    expect(ledger["loading_seconds"]["source"] == "measured" and 0 < ledger["loading_seconds"]["value"] < 1e-3, ledger)
    expect(ledger["data_bytes"]["value"] == 512, ledger)
    expect(ledger["loading_gates"]["value"] == ledger["toffoli_count"]["value"] == chosen["toffoli"], "Toffoli as counted", ledger)
    expect(ledger["loading_t_count"]["value"] == ledger["t_count"]["value"] == chosen["t_count"] > 0, "T as T", ledger)
    text = run("load", path, "--column", "1", "--quiet")
    expect(text.code == 2 and "no column '1'" in text.err, text)
    text = run("load", path, "--column", "score")
    expect(text.code == 0 and "copying them here takes" in text.out and re.search(r"^\* \w+", text.out, re.M), text)
    expect(not re.search(r"[ \t]\n", text.out), "blank at the end of a line", text)


def check_circuit_comes_back(folder):
    """The written circuit, run by the other command, makes the numbers."""
    numbers = [complex(math.cos(i), math.sin(i * i)) for i in range(13)]
    path, out = write_npy(folder, "c.npy", numbers, "<c16"), os.path.join(folder, "c.qasm")
    norm = math.sqrt(sum(abs(x) ** 2 for x in numbers))
    for method in ("mottonen", "isometry", "sparse", "mps"):
        answer = load(path, "--method", method, "--output", out, "--fidelity", "1")
        expect(abs(rows(answer)[method]["fidelity"] - 1) < 1e-10, answer)
        state = os.path.join(folder, "state.npy")
        done = run("run", out, "--statevector", state)
        expect(done.code == 0, method, done)
        with open(state, "rb") as file:
            made = struct.unpack("<32d", file.read()[-32 * 8:])
        # OpenQASM keeps the global phase too.
        for i in range(16):
            want = numbers[i] / norm if i < 13 else 0
            expect(abs(complex(made[2 * i], made[2 * i + 1]) - want) < 1e-9, method, i)
    expect("left_out" in rows(load(path))["qrom"])


def check_functions(folder):
    out = os.path.join(folder, "g.qasm")
    answer = load("--function", "gaussian:0.5,0.1", "--qubits", "40", "--fidelity", "0.9999", "--output", out)
    row = rows(answer)["function"]
    expect(row["fidelity"] >= 0.9999 and row["bond"] <= 5 and row["cnot"] < 1500, row)
    expect(answer["ledger"]["data_bytes"]["value"] == 0, answer["ledger"]["data_bytes"])
    expect(os.path.getsize(out) > 1000)
    small = rows(load("--function", "linear", "--qubits", "6"))["function"]
    expect(small["verified"] and small["fidelity"] > 1 - 1e-9 and small["bond"] == 2, small)


def check_noise(folder):
    plot = os.path.join(folder, "noise.svg")
    answer = load("--leaves", "2^8", "--noise", "1e-5", "--shots", "50", "--plot", plot)
    result = answer["result"]
    expect([p["leaves"] for p in result["bucket_brigade"]] == [2 ** k for k in range(3, 9)], result)
    first, last = result["bucket_brigade"][0], result["bucket_brigade"][-1]
    expect(3 < last["infidelity"] / first["infidelity"] < 25, result["bucket_brigade"])
    expect(result["fanout"][-1]["infidelity"] > 3 * last["infidelity"], result)
    for point in result["bucket_brigade"]:
        expect(point["infidelity"] <= point["bound"] + 3 * point["std_error"], point)
    with open(plot, encoding="utf-8") as file:
        xml.dom.minidom.parseString(file.read())
    again = load("--leaves", "256", "--noise", "1e-5", "--shots", "50", "--threads", "1")
    expect(untimed(again["result"]) == untimed(result))
    text = run("load", "--leaves", "16")
    expect(text.code == 0 and "seed 42" in text.out and not re.search(r"[ \t]\n", text.out), text)


def check_pictures(folder):
    path = write_npy(folder, "m.npy", bumps(64), shape="(8, 8)")
    plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    done = run("load", path, "--plot", plot, "--report", page)
    expect(done.code == 0, done)
    with open(plot, encoding="utf-8") as file:
        expect("matrix product state" in file.read())
    with open(page, encoding="utf-8") as file:
        expect("Loading data" in file.read())


def check_words(folder):
    """One run is said in the singular; both models of the price are named."""
    done = run("load", write(folder, "x.csv", "1\n2\n3\n4\n"))
    said = " ".join(done.out.split())
    for words in ("1 shot of this circuit takes at least", "Error-corrected, 1 run of 0 Toffoli", "T gates takes about", "by Beverland's model; ",
                  "by Gidney and Fowler's."):
        expect(words in said, words, done)


def check_mistakes(folder):
    path = write(folder, "x.csv", "a,b\n1,2\n")
    fails(2, r"give one FILE, or --function, or --leaves", "load")
    fails(2, r"give one FILE", "load", path, "--leaves", "8")
    fails(2, r"did you mean '?qrom", "load", path, "--method", "qrum")
    fails(2, r"needs --function", "load", path, "--method", "function")
    fails(2, r"did you mean 'gaussian'", "load", "--function", "gausian:1,2")
    fails(2, r"expected gaussian:mean,sigma", "load", "--function", "gaussian:1")
    fails(2, r"power of two", "load", "--leaves", "1000")
    fails(2, r"power of two", "load", "--leaves", "2^23")
    fails(2, r"--fidelity", "load", path, "--fidelity", "1.5")
    fails(2, r"probability", "load", "--leaves", "8", "--noise", "2")
    fails(2, r"not a number above 0", "load", "--leaves", "8", "--noise", "0")
    fails(2, r"no column 'c'", "load", path, "--column", "c")
    fails(2, r"power of two", "load", path, "--method", "select-swap", "--lambda", "3")
    fails(1, r"no such file|No such file", "load", os.path.join(folder, "none.npy"))
    fails(3, r"bad\.csv:2:3: ", "load", write(folder, "bad.csv", "1,2\n3,x\n"))
    fails(3, r"nan\.csv:2:1: not a number", "load", write(folder, "nan.csv", "a\nnan\n"))
    zero = write(folder, "zero.csv", "0\n0\n")
    for method in ("auto", "mottonen", "alias"):
        fails(3, r"zero\.csv: all numbers are 0", "load", zero, "--method", method)
    expect(run("load", zero, "--method", "qrom", "--quiet").code == 0, "a table of zeros is a table")
    fails(2, r"1 leaf", "load", write(folder, "one.csv", "1\n"), "--method", "fanout")
    fails(2, r"no column '7': there are 2", "load", write(folder, "bare.csv", "1,2\n3,4\n"), "--column", "7")
    fails(2, r"--lambda has no meaning for --method mottonen", "load", path, "--method", "mottonen", "--lambda", "4")
    fails(2, r"--bond has no meaning for --method qrom", "load", path, "--method", "qrom", "--bond", "4")
    fails(2, r"--noise has no meaning with a FILE", "load", path, "--noise", "0.1")
    fails(2, r"--qubits has no meaning with a FILE", "load", path, "--qubits", "4")
    fails(2, r"--column has no meaning with --function", "load", "--function", "linear", "--column", "a")
    fails(2, r"--bits has no meaning with --leaves", "load", "--leaves", "8", "--bits", "3")
    fails(2, r"for real numbers; these are complex", "load", write_npy(folder, "c.npy", [1j, 2], "<c16"), "--method", "alias")
    fails(2, r"for real numbers; these are complex", "load", write_npy(folder, "c.npy", [1j, 2], "<c16"), "--method", "qrom")
    fails(1, r"not smooth enough", "load", "--function", "lorentzian:0.5,0.0000001", "--qubits", "30")


def check_interrupt(folder):
    def stop(process):
        process.send_signal(2)
    code, shown, out = on_terminal(["load", "--leaves", "2^20", "--shots", "1000"], keys=stop)
    expect(code == 130, code, shown, out)
    expect("Interrupted" in out, out)


def check_text_column(folder):
    path = write(folder, "t.csv", "name,a,b\nx,1,5\ny,2,6\n")
    done = run("load", path, "--column", "b", "--json")
    expect(done.code == 0 and "column c0, 'name', holds text and is left out" in done.err, done)
    data = json.loads(done.out)
    expect(data["input"]["columns_left_out"] == [{"column": 0, "name": "name"}] and data["input"]["numbers"] == 2, data)
    expect(json.loads(run("load", path, "--json").out)["input"]["numbers"] == 4, "all numbers")
    refused = run("load", path, "--column", "name")
    expect(refused.code == 2 and "column 'name' holds text and was left out" in refused.err, refused)
    fails(3, r"t\.csv:3:3: .*expected a number, got 'two'", "load", write(folder, "t.csv", "id,a\nx,1\ny,two\n"))


if __name__ == "__main__":
    sys.exit(main(globals()))
