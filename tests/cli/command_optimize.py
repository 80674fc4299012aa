"""Checks `quern optimize` on its files, problems, methods, outputs and mistakes.

Usage: command_optimize.py QUERN SOURCE_FOLDER check; standard library only. Files of ../shared/data are used where they are.
"""
import json
import os
import re
import subprocess
import sys
import xml.dom.minidom

from checks import PATIENCE, QUERN, SOURCE, expect, fails, interrupt, main, run, skip, untimed, write

SHARED = os.path.join(os.path.dirname(SOURCE), "shared", "data")
GRAPH = "5 6\n1 2 1\n1 3 1\n2 4 1\n3 4 1\n4 5 1\n3 5 2\n"
PETERSEN = [(i, (i + 1) % 5) for i in range(5)] + [(i, i + 5) for i in range(5)] + [(5 + i, 5 + (i + 2) % 5) for i in range(5)]


def optimize(*arguments):
    done = run("optimize", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    return json.loads(done.out)


def petersen(folder, dimacs=False):
    lines = ["%s%d %d" % ("e " if dimacs else "", a + 1, b + 1) for a, b in PETERSEN]
    return write(folder, "petersen", ("p edge 10 15\n" if dimacs else "10 15\n") + "\n".join(lines) + "\n")


def check_cut(folder):
    data = optimize(write(folder, "g.mc", GRAPH))
    result = data["result"]
    expect(data["schema"] == "quern.optimize/1" and data["input"]["problem"] == "maxcut", data)
    expect(result["objective"] == 6 and result["sense"] == "maximise" and result["approximation_ratio"] == 1, result)
    expect(result["optimal"] is True and result["reference_source"] == "optimum", result)
    side = result["solution"]
    cut = sum(float(w) for a, b, w in (line.split() for line in GRAPH.split("\n")[1:-1]) if side[int(a) - 1] != side[int(b) - 1])
    expect(cut == 6, side)
    names = [b["method"] for b in result["baselines"]]
    expect(names == ["tabu", "tempering", "gw", "greedy", "exact", "held-karp", "branch", "two-opt", "random"], names)
    expect(data["result"]["baselines"][5]["skipped"] == "is for tours", result)
    expect(data["ledger"]["classical_value"]["value"] == 6, data["ledger"])


def check_published_sets(folder):
    # the Petersen graph: cut 12, independent set 4, cover 6, clique 2, chromatic number 3
    for problem, objective in (("maxcut", 12), ("independent-set", 4), ("vertex-cover", 6), ("clique", 2), ("colouring", 0)):
        extra = ["--colours", "3"] if problem == "colouring" else []
        for method in ("anneal", "tabu"):
            data = optimize(petersen(folder, problem != "maxcut"), "--problem", problem, "--method", method, "--seconds", "0.15", *extra)
            expect(data["result"]["objective"] == objective and data["result"]["feasible"], problem, method, data)
    two = optimize(petersen(folder, True), "--problem", "colouring", "--colours", "2", "--method", "tabu", "--seconds", "0.15")
    expect(two["result"]["objective"] == 3, two)  # 15 edges, a cut of 12


def check_labs(folder):
    for method in ("exact", "tabu"):
        data = optimize("--problem", "labs", "--size", "13", "--method", method)
        expect(data["result"]["objective"] == 6 and data["input"]["degree"] == 4, data)  # Barker: merit 14.08
        s = data["result"]["solution"]
        expect(sum(sum(s[i] * s[i + k] for i in range(13 - k)) ** 2 for k in range(1, 13)) == 6, s)
    fails(2, "--problem labs needs --size N and no file", "optimize", "--problem", "labs")


def check_tsplib(folder):
    for name, optimum in (("burma14", 3323), ("gr17", 2085)):
        path = os.path.join(SHARED, "tsplib", name + ".tsp")
        if not os.path.exists(path):
            skip("no " + path)
        data = optimize(path, "--method", "two-opt", "--seconds", "0.1")
        expect(data["result"]["objective"] == optimum and data["result"]["optimal"], data["result"])
        expect(sorted(data["result"]["solution"]) == list(range(1, int(name[-2:]) + 1)), data["result"])
        proven = {b["method"] for b in data["result"]["baselines"] if b.get("optimal")}
        expect({"held-karp", "branch"} <= proven, proven)


def check_tours_get_a_tour_solver(folder):
    square = write(folder, "square.tsp", "NAME: square\nTYPE: TSP\nDIMENSION: 4\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n"
                   "1 0 0\n2 10 10\n3 10 0\n4 0 10\nEOF\n")
    data = optimize(square, "--seconds", "0.1")
    expect(data["result"]["method"] == "held-karp" and data["result"]["objective"] == 40, data["result"])
    expect(optimize(square, "--method", "anneal", "--seconds", "0.1")["result"]["method"] == "anneal")


def check_other_files(folder):
    lp = write(folder, "p.lp", "Maximize\n obj: 3 x + 4 y + 2 z\nSubject To\n c1: 2 x + 3 y + z <= 4\nBinary\n x y z\nEnd\n")
    data = optimize(lp)
    expect(data["result"]["objective"] == 6 and data["result"]["solution"] == {"x": 0, "y": 1, "z": 1}, data)
    expect(data["input"]["slack_variables"] == 3 and data["input"]["penalty"] > data["input"]["penalty_bound"], data)
    bq = write(folder, "a.bq", "3 3\n1 1 -2\n2 3 4\n1 2 -1.5\n")
    expect(optimize(bq)["result"]["objective"] == -5, "x'Qx of a symmetric matrix")
    sack = write(folder, "k.csv", "value,weight\n10,5\n4,3\n7,4\n6,2\n")
    expect(optimize(sack, "--problem", "knapsack", "--capacity", "7")["result"]["solution"] == [1, 4], "knapsack")
    grid = write(folder, "t.csv", "lr,opt,loss\n0.1,adam,0.5\n0.1,sgd,0.7\n0.01,adam,0.3\n0.01,sgd,0.6\n")
    for encoding in ("one-hot", "domain-wall", "binary"):
        data = optimize(grid, "--target", "loss", "--encoding", encoding)
        expect(data["result"]["solution"] == {"lr": 0.01, "opt": "adam", "loss": 0.3}, data)


def check_repeats(folder):
    arguments = ("optimize", petersen(folder), "--starts", "4", "--sweeps", "20", "--json", "--quiet", "--seed", "7")
    one = json.loads(run(*arguments, "--threads", "1").out)
    three = json.loads(run(*arguments, "--threads", "3").out)
    for data in (one, three):  # the rival is the fastest of equals
        del data["ledger"]
    expect(untimed(one) == untimed(three), one, three)


def check_pictures(folder):
    plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    done = run("optimize", petersen(folder), "--plot", plot, "--report", page, "--seconds", "0.1")
    expect(done.code == 0 and "cut weight: 12  (optimal, proven)" in done.out, done)
    expect("anneal *" in done.out and "Verdict" in done.out, done)
    xml.dom.minidom.parse(plot)
    expect("cut weight" in open(page, encoding="utf-8").read(), "page")
    expect(run("optimize", petersen(folder), "--quiet").out.split("\n")[0] == "cut weight: 12  (optimal, proven)", "quiet")


def check_mistakes(folder):
    graph = write(folder, "g.mc", GRAPH)
    fails(3, r"bad\.mc:2:5: the weight is not a number", "optimize", write(folder, "bad.mc", "2 1\n1 2 nan\n"))
    fails(3, r"a\.bq:3:1: the matrix is not symmetric", "optimize", write(folder, "a.bq", "2 2\n1 2 3\n2 1 4\n"))
    fails(3, "asymmetric problems", "optimize", write(folder, "x.atsp", "TYPE: ATSP\n"))
    fails(2, "did you mean 'colouring'", "optimize", graph, "--problem", "colourin")
    fails(2, "did you mean 'anneal'", "optimize", graph, "--method", "annael")
    fails(2, "--capacity has no meaning for the problem 'maxcut'", "optimize", graph, "--capacity", "3")
    fails(2, "--method held-karp is for tours", "optimize", graph, "--method", "held-karp")
    fails(2, "'tsp' needs places, but .* holds a graph", "optimize", graph, "--problem", "tsp")
    fails(2, "give one FILE", "optimize")
    fails(1, "cannot open", "optimize", os.path.join(folder, "absent"))
    utf16 = os.path.join(folder, "u.mc")
    with open(utf16, "wb") as file:
        file.write(GRAPH.encode("utf-16"))
    fails(3, "UTF-16", "optimize", utf16)
    never = write(folder, "n.lp", "Min\n x\nSubject To\n c: x >= 2\nBinary\n x\nEnd\n")
    fails(2, "no values of the variables satisfy constraint c", "optimize", never)
    hidden = write(folder, "h.lp", "Min\n x\nSubject To\n a: x + y = 1\n b: x - y = 0\nBinary\n x y\nEnd\n")
    done = run("optimize", hidden, "--quiet", "--seconds", "0.1")
    expect(done.code == 1 and "not feasible: constraint" in done.out, done)


def check_interrupt(folder):
    process = subprocess.Popen([QUERN, "optimize", "--problem", "labs", "--size", "60", "--seconds", "30", "--json", "--quiet"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    interrupt(process, 0.7)
    out, err = process.communicate(timeout=120 * PATIENCE)
    expect(process.returncode == 130, process.returncode, err)
    result = json.loads(out)["result"]
    s = result["solution"]
    expect(result["interrupted"] is True and len(s) == 60, result)
    energy = sum(sum(s[i] * s[i + k] for i in range(60 - k)) ** 2 for k in range(1, 60))
    expect(energy == result["objective"] and energy < 1770, energy)  # a random sequence has 59 * 60 / 2


if __name__ == "__main__":
    sys.exit(main(globals()))
