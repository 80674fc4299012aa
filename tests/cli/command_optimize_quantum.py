#!/usr/bin/env python3
"""Checks of the quantum methods of `quern optimize`: QUERN SOURCE_FOLDER GROUP …"""
import json
import os
import sys
import tempfile
import xml.etree.ElementTree

from checks import expect, fails, main, run, untimed, write

# the prism on 6 nodes: 3-regular, largest cut 7
PRISM = "6 9\n1 2 1\n2 3 1\n1 3 1\n4 5 1\n5 6 1\n4 6 1\n1 4 1\n2 5 1\n3 6 1\n"


PARITIES = "p cnf 6 8\nx1 2 -3 0\nx 4 5 0\nx -1 6 0\nx 2 3 4 0\nx1 -5 6 0\nx 3 -6 0\nx 2 5 0\nx -4 1 2 0\n"


def optimize(text, *arguments, name="g.mc"):
    with tempfile.TemporaryDirectory() as place:
        result = run("optimize", write(place, name, text), "--starts", "2", "--json", *arguments)
    expect(result.code == 0, arguments, result)
    return json.loads(result.out)


def check_methods(folder):
    for method in ("qaoa", "rqaoa", "ma-qaoa", "warm", "falqon", "gas"):
        answer = optimize(PRISM, "--method", method)
        result = answer["result"]
        expect(result["objective"] == 7 and result["method"] == method, result)
        quantum = result["quantum"]
        expect(quantum["method"] == method, quantum)
        baselines = {row["method"] for row in result["baselines"]}
        expect({"anneal", "tabu", "exact", "random"} <= baselines, baselines)
        ledger = answer["ledger"]
        expect(ledger["workload"] == "optimize", ledger)
        proven = ledger["speedup_degree"] if "speedup_degree" in ledger else None
        expect((method == "gas") == (json.dumps(proven) != "null" and proven is not None and "2" in json.dumps(proven)), method, proven)


def check_layers_and_schedules(folder):
    previous = 0.0
    for layers in ("1", "2", "4"):
        quantum = optimize(PRISM, "--method", "qaoa", "--layers", layers)["result"]["quantum"]
        expect(quantum["layers"] == int(layers) and len(quantum["angles"]) == 2 * int(layers), quantum)
        expect(quantum["expected_objective"] > previous, quantum)
        expect(quantum["expected_cost"] < quantum["random_control"]["mean_cost"], quantum)
        expect(abs(quantum["random_control"]["mean_cost"] + 4.5) < 1e-12, quantum)
        previous = quantum["expected_objective"]
    for schedule in ("fixed", "ramp", "interp", "fourier"):
        quantum = optimize(PRISM, "--method", "qaoa", "--layers", "3", "--schedule", schedule)["result"]["quantum"]
        expect(quantum["schedule"] == schedule and quantum["expected_objective"] > 5, quantum)
        expect(len(quantum["history_expected"]) == (3 if schedule == "interp" else 0), quantum)


def check_repeats_and_threads(folder):
    words = ("--method", "qaoa", "--layers", "3", "--seed", "7", "--baselines", "none")
    one = untimed(optimize(PRISM, *words, "--threads", "1")["result"])
    two = untimed(optimize(PRISM, *words, "--threads", "2")["result"])
    expect(one == two, one, two)


def check_pictures(folder):
    file, picture, page = write(folder, "g.mc", PRISM), os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    result = run("optimize", file, "--starts", "2", "--method", "qaoa", "--schedule", "interp", "--layers", "3", "--plot", picture,
                 "--report", page)
    expect(result.code == 0 and "a measurement is optimal with probability" in result.out, result)
    root = xml.etree.ElementTree.parse(picture).getroot()
    expect(root.tag.endswith("svg"), root.tag)
    with open(page, encoding="utf-8") as text:
        expect(text.read().count("<svg") >= 3, "three pictures")


def check_ring_mixer(folder):
    answer = optimize("p edge 4 4\ne 1 2\ne 2 3\ne 3 4\ne 1 4\n", "--problem", "colouring", "--colours", "3", "--method", "xy", name="g.col")
    expect(answer["result"]["feasible"], answer["result"])
    expect("81 feasible states" in answer["result"]["quantum"]["note"], answer["result"]["quantum"])


RETURNS = "a,b,c,d,e,f\n" + "".join(
    ",".join(str((row * row * (k + 3) + row * (2 * k + 1) ** 2) % (5 + k) - 2) for k in range(6)) + "\n" for row in range(1, 13))


def check_exactly_k(folder):
    """Portfolios and features stay among the choices of k; all-pairs mixers are offered beside rings."""
    for words in (("--problem", "portfolio"), ("--problem", "features", "--target", "f")):
        n, k = (6, 3) if words[1] == "portfolio" else (5, 2)
        for mixer in ("ring", "complete"):
            answer = optimize(RETURNS, *words, "--choose", str(k), "--method", "xy", "--mixer", mixer, name="r.csv")
            result = answer["result"]
            expect(result["feasible"] and result["optimal"] and len(result["solution"]) == k, words, mixer, result)
            states = n * (n - 1) * (n - 2) // 6 if k == 3 else n * (n - 1) // 2
            expect(f"inside {states} feasible states of 2^{n}" in result["quantum"]["note"], result["quantum"])
            expect(result["quantum"]["mixer"] == mixer and result["quantum"]["expected_cost"] < result["quantum"]["random_control"]["mean_cost"],
                   result["quantum"])
            expect(answer["ledger"]["two_qubit_gates"]["value"] > 0, answer["ledger"])
    file = write(folder, "g.mc", PRISM)
    fails(2, "--mixer has no meaning for --method qaoa", "optimize", file, "--method", "qaoa", "--mixer", "ring")


def check_parities(folder):
    """The best of 64 assignments holds 7 of 8; one error is decoded, and the law says 4 + sqrt(2)."""
    answer = optimize(PARITIES, "--method", "dqi", name="p.xnf")
    result, quantum = answer["result"], answer["result"]["quantum"]
    bits = result["solution"]
    held = sum(sum(bits[abs(v) - 1] ^ (v < 0) for v in map(int, line[1:].split()[:-1])) % 2 for line in PARITIES.splitlines()[1:])
    expect(answer["input"]["problem"] == "xorsat" and result["objective"] == held == 7 and result["optimal"], answer)
    expect(quantum["errors_decoded"] == 1 and abs(quantum["expected_objective"] - 4 - 2 ** 0.5) < 1e-9, quantum)
    expect(answer["ledger"]["qubits"]["value"] == 14, answer["ledger"])
    expect(any("decoder" in reason for reason in answer["ledger"]["reasons"]), answer["ledger"])
    for method in ("exact", "tabu", "anneal", "qaoa"):
        expect(optimize(PARITIES, "--method", method, name="p.xnf")["result"]["objective"] == 7, method)
    expect(optimize(PRISM, "--method", "dqi")["result"]["quantum"]["errors_decoded"] == 0, "a triangle leaves nothing to decode")
    fails(1, "parities of one weight", "optimize", write(folder, "w.mc", PRISM.replace("1 2 1", "1 2 2")), "--method", "dqi")
    fails(3, r"p.xnf:2:1: a clause", "optimize", write(folder, "p.xnf", "p cnf 2 1\n1 2 0\n"))


def check_autocorrelation(folder):
    result = run("optimize", "--problem", "labs", "--size", "8", "--method", "qaoa", "--layers", "4", "--starts", "1", "--json")
    expect(result.code == 0, result)
    expect(json.loads(result.out)["result"]["objective"] == 8, result)


def check_resume(folder):
    """A run cut at any byte of its checkpoint ends as the uninterrupted one, and the log is whole again."""
    ring = "30 30\n" + "".join(f"{k + 1} {(k + 1) % 30 + 1} {k % 3 + 1}\n" for k in range(30))
    file, large, log = write(folder, "g.mc", PRISM), write(folder, "r.mc", ring), os.path.join(folder, "log")
    grid = write(folder, "g.col", "p edge 4 4\ne 1 2\ne 2 3\ne 3 4\ne 1 4\n")
    for words in ((file, "--method", "qaoa", "--starts", "3"), (file, "--method", "qaoa", "--schedule", "interp", "--layers", "3"),
                  (file, "--method", "qaoa", "--cvar", "0.3", "--optimizer", "cobyla"), (large, "--method", "rqaoa"),
                  (file, "--method", "ma-qaoa"), (file, "--method", "warm"), (file, "--method", "falqon"), (file, "--method", "gas"),
                  (write(folder, "p.xnf", PARITIES), "--method", "dqi"),
                  (file, "--method", "grover-mixer", "--layers", "2"), (grid, "--problem", "colouring", "--colours", "3", "--method", "xy")):
        arguments = ("optimize", *words, "--baselines", "none", "--json")
        plain, kept = run(*arguments), run(*arguments, "--checkpoint", log)
        expect(plain.code == kept.code == 0 and untimed(json.loads(kept.out)) == untimed(json.loads(plain.out)), words, kept)
        with open(log, "rb") as whole:
            size = len(whole.read())
        expect(size > 100, words, size)
        for length in (size, size - 3, size // 2, size // 7, 16, 5):
            os.truncate(log, length)
            resumed = run(*arguments, "--checkpoint", log, "--resume", "--threads", "1" if length % 2 else "2")
            expect(resumed.code == 0 and untimed(json.loads(resumed.out)) == untimed(json.loads(plain.out)), words, length, resumed)
            expect(os.path.getsize(log) == size, words, length, os.path.getsize(log))
        os.remove(log)


def check_foreign_checkpoints(folder):
    file, log = write(folder, "g.mc", PRISM), os.path.join(folder, "log")
    words = ("optimize", file, "--method", "qaoa", "--baselines", "none", "--checkpoint", log)
    expect(run(*words).code == 0, words)
    size = os.path.getsize(log)
    fails(1, "this checkpoint exists", *words)
    for other in (("--seed", "7"), ("--layers", "2"), ("--cvar", "0.5"), ("--schedule", "interp")):
        fails(1, "belongs to another run", *words, "--resume", *other)
    fails(1, "belongs to another run", "optimize", write(folder, "h.mc", PRISM.replace("1 2 1", "1 2 2")), *words[2:], "--resume")
    expect("answers were taken from the checkpoint" in run(*words, "--resume").out, "text")
    expect(os.path.getsize(log) == size, "left as it was")
    fails(1, "no checkpoint of quern", *words[:-1], file, "--resume")
    fails(2, "--resume needs --checkpoint", "optimize", file, "--method", "qaoa", "--resume")
    fails(2, "--checkpoint has no meaning", "optimize", file, "--method", "anneal", "--checkpoint", log)


def check_wrong_use(folder):
    file = write(folder, "g.mc", PRISM)
    fails(2, "number of ones of groups", "optimize", file, "--method", "xy")
    fails(2, r"--layers has no meaning for --method tabu", "optimize", file, "--method", "tabu", "--layers", "2")
    fails(2, "ramp", "optimize", file, "--method", "qaoa", "--schedule", "rump")
    fails(2, "did you mean", "optimize", file, "--method", "qaoaa")
    fails(2, "fraction", "optimize", file, "--method", "qaoa", "--cvar", "1.5")
    large = write(folder, "l.mc", "60 60\n" + "".join(f"{k + 1} {(k + 1) % 60 + 1} 1\n" for k in range(60)))
    fails(2, "at most 34 variables; there are 60", "optimize", large, "--method", "qaoa")
    fails(1, "no fixed angles", "optimize", file, "--method", "qaoa", "--schedule", "fixed", "--layers", "9")


if __name__ == "__main__":
    sys.exit(main(globals()))
