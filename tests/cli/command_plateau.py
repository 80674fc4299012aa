"""Checks `quern plateau`: variances, fits, laws, algebras, remedies.

Usage: command_plateau.py QUERN SOURCE_FOLDER check
"""
import json
import os
import re
import subprocess
import sys
import xml.dom.minidom

from checks import PATIENCE, QUERN, expect, fails, interrupt, main, run, untimed, write


def answer(*arguments):
    done = run("plateau", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.plateau/1", data)
    return data


def check_product_law(folder):
    result = answer("--ansatz", "product", "--observable", "global", "--qubits", "2..8:2", "--samples", "4000")["result"]
    for row in result["variances"]:
        law = .375 ** (row["qubits"] - 1) / 8
        expect(abs(row["mean"]["law"] / law - 1) < 1e-12, row)
        expect(row["mean"]["low"] < law * 1.05 and row["mean"]["high"] > law * .95, row)
        expect(row["parameters"] == row["qubits"] and row["layers"] == 1, row)
    decay = result["decay"]
    expect(decay["low"] <= decay["slope"] <= decay["high"] and abs(decay["slope"] + 1.415) < .1, decay)


def check_plateau(folder):
    data = answer("--qubits", "2..6", "--observable", "Z0", "--samples", "200")
    result = data["result"]
    expect(-1.1 < result["decay"]["slope"] < -.9, result["decay"])
    expect([r["qubits"] for r in result["variances"]] == [2, 3, 4, 5, 6], result)
    last = result["variances"][-1]
    expect(abs(last["loss"]["law"] - 1 / 65) < 1e-15 and last["shots_per_sign"] > 400, last)
    expect(data["ledger"]["qubits"]["value"] == 6 and data["ledger"]["classical_seconds"]["value"] > 0, data["ledger"])
    done = run("plateau", "--qubits", "2..4", "--samples", "50")
    expect("falls like 2^(" in done.out and "Verdict" in done.out and "seed 42" in done.out, done)


def check_observables(folder):
    path = write(folder, "h.txt", "0.5 ZZ\n-0.25 XI\n")
    result = answer("--qubits", "2..3", "--observable", "@" + path, "--samples", "20")["result"]
    weight = .5 ** 2 + .25 ** 2
    expect(abs(result["variances"][0]["loss"]["law"] - weight / 5) < 1e-15, result)


def check_layerwise(folder):
    words = ("--mitigation", "layerwise", "--qubits", "3..4", "--samples", "8", "--layers", "6", "--observable", "local")
    result = answer(*words, "--steps", "2", "--runs", "4")["result"]
    expect([s["qubits"] for s in result["layerwise"]] == [3, 4], result["layerwise"])
    for size in result["layerwise"]:
        stages = size["stages"]
        expect([(s["layers"], s["first_layer"], s["last_layer"]) for s in stages] ==
               [(2, 0, 1), (4, 2, 3), (6, 4, 5), (6, 0, 2), (6, 3, 5)], stages)
        expect(size["runs"] == 4 and size["steps"] == 2 and size["rises"] and size["gradients"] == 4 * 3 * 5, size)
        expect(stages[-1]["loss_after"] > stages[0]["loss_before"] and size["plain"]["variance"] > 0, size)
    picture, page = os.path.join(folder, "l.svg"), os.path.join(folder, "l.html")
    done = run("plateau", *words, "--steps", "2", "--plot", picture, "--report", page)
    expect("1-2 of 2" in done.out and "4-6 of 6" in done.out and "all, uniform start" in done.out, done)
    expect("whole circuit, uniform start" in open(page).read(), page)
    expect("layerwise" not in answer(*words, "--steps", "0")["result"], words)
    fails(2, "--layers 1000001: at most 1000000", "plateau", "--layers", "1000001")
    fails(2, "--steps has no meaning for --mitigation none", "plateau", "--steps", "3")
    fails(2, "trained on states", "plateau", "--ansatz", "matchgate", "--method", "twin", "--mitigation", "layerwise")


def check_sums(folder):
    result = answer("--ansatz", "ising", "--observable", "X0 + X1 + X2", "--qubits", "3..4", "--samples", "8", "--dla")["result"]
    sizes = result["dla"]["sizes"]
    expect([(s["dimension"], s["centre"], s["ideals"]) for s in sizes] ==
           [(n * n, 1, [{"dimension": n * n - 1, "copies": 1}]) for n in (3, 4)], sizes)
    first, second = result["variances"]
    expect(abs(first["loss"]["law"] - 8 / 9) < 1e-9 and second["loss"]["law"] is None, result["variances"])
    expect("Lie algebra" in result["law"], result["law"])


def check_algebra(folder):
    result = answer("--ansatz", "matchgate", "--qubits", "3..6", "--samples", "8", "--dla")["result"]
    expect([s["dimension"] for s in result["dla"]["sizes"]] == [n * (2 * n - 1) for n in (3, 4, 5, 6)], result["dla"])
    expect(result["dla"]["dimension"] == 66 and result["dla"]["centre"] == 0 and result["dla"]["complete"], result["dla"])
    for row in result["variances"]:
        expect(abs(row["loss"]["law"] - 1 / (2 * row["qubits"] - 1)) < 1e-12, row)
    result = answer("--ansatz", "heisenberg", "--qubits", "4", "--observable", "Z0 Z1", "--samples", "8", "--dla")["result"]
    expect(result["dla"]["ideals"] == [{"dimension": 15, "copies": 4}], result["dla"])
    result = answer("--ansatz", "ising", "--qubits", "5", "--samples", "8", "--dla")["result"]
    expect(result["dla"]["dimension"] == 25, result["dla"])


def check_twin(folder):
    common = ("--ansatz", "matchgate", "--qubits", "4..6:2", "--samples", "20", "--layers", "5")
    states, twin = (answer(*common, "--method", m)["result"] for m in ("states", "twin"))
    for a, b in zip(states["variances"], twin["variances"]):
        expect(abs(a["mean"]["variance"] / b["mean"]["variance"] - 1) < 1e-10, a, b)
    data = answer("--ansatz", "matchgate", "--qubits", "200", "--layers", "2", "--samples", "8")
    expect(data["input"]["method"] == "twin" and data["result"]["variances"][0]["parameters"] == 798, data)
    expect(abs(data["result"]["variances"][0]["loss"]["law"] - 1 / 399) < 1e-12, data)


def check_mitigations(folder):
    result = answer("--qubits", "4..8:2", "--observable", "global", "--samples", "60", "--mitigation", "all")["result"]
    names = [m["name"] for m in result["mitigations"]]
    expect(names[:4] == ["identity", "small-angles", "layerwise", "correlated"] and len(names) == 7, names)
    plain = result["variances"][-1]["mean"]["variance"]
    for name in ("identity", "small-angles"):
        entry = result["mitigations"][names.index(name)]
        expect(entry["variances"][-1]["mean"]["variance"] > 10 * plain, entry)
        expect(entry["decay"]["slope"] > result["decay"]["slope"] + .5, entry["decay"])
    alone = answer("--qubits", "4..8:2", "--observable", "global", "--samples", "60", "--mitigation", "identity")["result"]
    expect(alone["variances"][-1]["mean"] == result["mitigations"][0]["variances"][-1]["mean"], alone)


def check_repeats(folder):
    one, two = (untimed(answer("--qubits", "3..5", "--samples", "40", "--threads", t)) for t in ("1", "2"))
    expect(one["result"] == two["result"], one, two)
    other = untimed(answer("--qubits", "3..5", "--samples", "40", "--seed", "7"))
    expect(one["result"] != other["result"], "another seed, the same numbers")


def check_pictures(folder):
    for arguments in ((), ("--mitigation", "all"), ("--observable", "X0", "--ansatz", "product", "--mitigation", "identity")):
        plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
        done = run("plateau", "--qubits", "2..4", "--samples", "20", *arguments, "--plot", plot, "--report", page)
        expect(done.code == 0, done)
        xml.dom.minidom.parse(plot)
        expect("<svg" in open(page, encoding="utf-8").read(), page)


def check_interrupt(folder):
    process = subprocess.Popen([QUERN, "plateau", "--qubits", "2..16:7", "--samples", "20000", "--layers", "8", "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    interrupt(process, 3)  # the first size is done in less, all of them are not
    out, _ = process.communicate(timeout=240 * PATIENCE)
    expect(process.returncode == 130, process.returncode)
    if out == "":  # a machine so slow that not even the first size was done
        return
    result = json.loads(out)["result"]
    expect(result["interrupted"] and 1 <= len(result["variances"]) < 3, result)


def check_bad_input(folder):
    fails(2, "expected 6, 4..12", "plateau", "--qubits", "4..")
    fails(2, "rising", "plateau", "--qubits", "6..4")
    fails(2, "step above 0", "plateau", "--qubits", "4..6:0")
    fails(2, "larger step", "plateau", "--qubits", "4..400", "--ansatz", "matchgate")
    fails(2, "unknown", "plateau", "--ansatz", "hardwar")
    fails(2, "unknown", "plateau", "--mitigation", "smal")
    fails(2, "--samples", "plateau", "--samples", "3")
    fails(3, r"--observable:1:\d+:", "plateau", "--observable", "Z0 Q1")
    fails(3, "not Hermitian", "plateau", "--observable", "1j Z0", "--qubits", "4")
    fails(2, "5 qubits, the circuit has 4", "plateau", "--observable", "ZZZZZ", "--qubits", "4")
    fails(4, "needs .*iB", "plateau", "--qubits", "50")
    fails(2, "unexpected argument", "plateau", "h.txt")
    fails(1, "nothere", "plateau", "--observable", "@" + os.path.join(folder, "nothere"))
    done = run("plateau", "--ansatz", "hardware-efficient", "--method", "twin", "--qubits", "4")
    expect(done.code != 0 and re.search("no classical twin", done.err), done)


if __name__ == "__main__":
    sys.exit(main(globals()))
