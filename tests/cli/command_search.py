"""Checks `quern search`: formulas, tables, smallest values.

Usage: command_search.py QUERN SOURCE_FOLDER check
"""
import itertools
import json
import os
import re
import struct
import sys
import xml.dom.minidom

from checks import expect, fails, main, run, untimed, write

SATISFIABLE = "c three clauses\np cnf 5 4\n1 -2 0\n2 3 0\n-3 4 5 0\n-1 -4 0\n"
UNSATISFIABLE = "p cnf 2 4\n1 2 0 1 -2 0 -1 2 0 -1 -2 0\n"
TABLE = "id,score,kind\n" + "".join("%d,%s,%d\n" % (i, s, k) for i, (s, k) in enumerate(
    [(.1, 0), (.95, 1), (.3, 2), (.91, 0), (.5, 1), (.2, 2), (.99, 2), (.4, 0)]))


def answer(*arguments):
    done = run("search", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.search/1", data)
    return data


def solutions(text):
    """By trying all assignments."""
    numbers = [int(w) for line in text.splitlines() if line[:1] not in ("c", "p") for w in line.split()]
    clauses, clause = [], []
    for n in numbers:
        if n == 0:
            clauses.append(clause)
            clause = []
        else:
            clause.append(n)
    variables = int(re.search(r"p cnf (\d+)", text).group(1))
    return {sum(b << v for v, b in enumerate(bits)) for bits in itertools.product((0, 1), repeat=variables)
            if all(any(bits[abs(x) - 1] == (x > 0) for x in c) for c in clauses)}


def check_formula(folder):
    path = write(folder, "f.cnf", SATISFIABLE)
    right = solutions(SATISFIABLE)
    for tier in ("auto", "gate", "operator", "spectral"):
        data = answer(path, "--tier", tier, "--k", "32")
        result = data["result"]
        expect(set(result["found"]) == right, result, right)
        expect(result["marked"] == len(right) and result["exhausted"] and result["confidence"] > .999998, result)
        expect(result["queries"] >= result["runs"] and result["classical"]["satisfiable"], result)
        expect(tier in ("auto", result["tier"]) and result["tier"] in result["tier_reason"], result)
        for item, literals in zip(result["found"], result["assignments"]):
            expect(item == sum(1 << (x - 1) for x in literals if x > 0), item, literals)
    expect(data["ledger"]["workload"] == "search" or "verdict" in data["ledger"], data["ledger"])


def check_no_solution(folder):
    path = write(folder, "f.cnf", UNSATISFIABLE)
    result = answer(path)["result"]
    expect(result["found"] == [] and result["satisfiable"] is False and result["exhausted"], result)
    expect(.999999 <= result["confidence"] < 1, result)
    expect(result["classical"]["complete"] and not result["classical"]["satisfiable"], result)
    done = run("search", path)
    expect(done.code == 0 and "unsatisfiable, with confidence 0.99999" in done.out and "solver proves it" in done.out, done)
    # a method that must know the number says so
    fails(2, "a formula without variables", "search", write(folder, "none.cnf", "p cnf 0 0\n"))
    fails(2, "nothing is marked.*bbht", "search", path, "--method", "grover")


def check_methods(folder):
    path = write(folder, "f.cnf", SATISFIABLE)
    right = solutions(SATISFIABLE)
    for method in ("grover", "bbht", "exact", "fixed-point"):
        result = answer(path, "--method", method)["result"]
        expect(result["method"] == method and len(result["found"]) == 1 and result["found"][0] in right, result)
        if method == "exact":
            expect(abs(result["success_probability"] - 1) < 1e-12 and result["runs"] == 1, result)
    result = answer(path, "--method", "counting")["result"]
    expect(result["low"] <= len(right) <= result["high"] and abs(result["estimate"] - len(right)) < 1, result)


def check_table(folder):
    path = write(folder, "t.csv", TABLE)
    for tier in ("gate", "operator", "spectral"):
        result = answer(path, "--predicate", "score > 0.9", "--k", "9", "--tier", tier)["result"]
        expect(sorted(result["found"]) == [1, 3, 6], result)
        expect(result["oracle"]["layout"] == "lookup" and result["oracle"]["loading_toffoli"] > 0, result)
    result = answer(path, "--predicate", "score > 0.9 && kind != 2", "--k", "9")["result"]
    expect(sorted(result["found"]) == [1, 3], result)
    result = answer(path, "--predicate", "c1 >= 0.3 && c1 <= 0.5", "--k", "9")["result"]
    expect(sorted(result["found"]) == [2, 4, 7], result)
    expect(answer(path, "--predicate", "score > 2")["result"]["found"] == [], "an empty result")


def check_minimum(folder):
    path = write(folder, "t.csv", TABLE)
    out = os.path.join(folder, "found.npy")
    result = answer(path, "--minimum", "score", "--k", "3", "--output", out)["result"]
    expect(result["found"] == [0, 5, 2] and result["values"] == [.1, .2, .3], result)
    expect(result["classical"]["matches"] == 3 and result["queries_to_best"] <= result["queries"], result)
    raw = open(out, "rb").read()
    start = 10 + struct.unpack("<H", raw[8:10])[0]
    expect(struct.unpack("<3d", raw[start:]) == (0, 5, 2), raw)
    expect(answer(path, "--minimum", "1")["result"]["found"] == [0], "a column by number")


def check_repeats(folder):
    path = write(folder, "f.cnf", SATISFIABLE)
    one = untimed(answer(path, "--seed", "7", "--threads", "1"))
    two = untimed(answer(path, "--seed", "7", "--threads", "2"))
    for data in (one, two):
        data["ledger"].pop("reasons", None)
    expect(one["result"] == two["result"], one, two)


def check_pictures(folder):
    path = write(folder, "t.csv", TABLE)
    for arguments in (["--predicate", "score > 0.9"], ["--minimum", "score"], ["--predicate", "score > 5"]):
        plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
        done = run("search", path, *arguments, "--plot", plot, "--report", page)
        expect(done.code == 0, done)
        xml.dom.minidom.parse(plot)
        expect("<svg" in open(page, encoding="utf-8").read(), page)


def check_circuits(folder):
    """Counting and the minimum as circuits: the tier that was asked for, counted gates."""
    cnf, table = write(folder, "f.cnf", SATISFIABLE), write(folder, "m.csv", "a\n5\n2\n7\n2\n9\n")
    for tier in ("gate", "operator", "spectral"):
        data = answer(cnf, "--method", "counting", "--steps", "31", "--tier", tier)
        expect(data["result"]["tier"] == tier and data["result"]["queries"] == 31, data["result"])
        expect(data["result"]["low"] <= data["result"]["estimate"] <= data["result"]["high"], data["result"])
        for field in ("toffoli_count", "t_count", "depth", "two_qubit_depth"):
            expect(data["ledger"][field]["source"] == "counted" and data["ledger"][field]["value"] > 0, field, data["ledger"])
        data = answer(table, "--minimum", "a", "--k", "2", "--tier", tier)
        expect(data["result"]["tier"] == tier and data["result"]["found"] == [1, 3], data["result"])
        source = data["ledger"]["toffoli_count"]["source"]
        expect(source == ("counted" if tier == "gate" else "modelled"), tier, source)


def check_bad_input(folder):
    table, cnf = write(folder, "t.csv", TABLE), write(folder, "f.cnf", "p cnf 2 1\n1 3 0\n")
    fails(3, r"f.cnf:2:3: variable 3 is above the 2", "search", cnf)
    fails(2, r"--predicate:1:1: no column is called 'scor'; did you mean 'score'\?", "search", table, "--predicate",
          "scor > 1")
    fails(2, r"--predicate:1:8:", "search", table, "--predicate", "score >")
    fails(2, "did you mean 'score'|score", "search", table, "--minimum", "scre")
    fails(2, "no column '9': there are", "search", table, "--minimum", "9")
    twice = write(folder, "twice.csv", "a,a,b\n1,2,3\n3,4,5\n")
    fails(2, r"--predicate:1:1: several columns are called 'a'; write c0 or c1", "search", twice, "--predicate", "a > 2")
    fails(2, "several columns are called 'a'", "search", twice, "--minimum", "a")
    for option, rest in (("steps", []), ("delta", ["--method", "grover"]), ("k", ["--method", "counting"]),
                         ("failure", ["--method", "counting"]), ("gate-qubits", ["--tier", "operator"])):
        value = "0.5" if option in ("delta", "failure") else "3"
        fails(2, "--%s" % option, "search", cnf, "--" + option, value, *rest)
    fails(2, "--predicate such as", "search", table)
    fails(2, "not both", "search", table, "--predicate", "score > 1", "--minimum", "score")
    fails(2, "go together", "search", table, "--predicate", "score > 1", "--method", "minimum")
    fails(2, "unknown|--method", "search", table, "--method", "grovr")
    fails(2, "between 0 and 1", "search", cnf, "--failure", "2")
    fails(2, "give one FILE", "search")
    fails(1, "nothere", "search", os.path.join(folder, "nothere.cnf"))
    big = write(folder, "big.cnf", "p cnf 80 1\n1 0\n")
    fails(4, "80 variables", "search", big)
    fails(4, "qubits", "search", write(folder, "g.cnf", SATISFIABLE), "--tier", "gate", "--gate-qubits", "3")


def check_text_column(folder):
    path = write(folder, "t.csv", "name,score,kind\nann,0.5,1\nbob,0.95,2\ncid,0.1,1\n")
    for arguments in (["--predicate", "score > 0.9"], ["--predicate", "c2 == 2"], ["--predicate", "c1 > 0.9"]):
        done = run("search", path, *arguments, "--json", "--quiet")
        expect(done.code == 0 and done.err == "quern: column c0, 'name', holds text and is left out\n", done)
        data = json.loads(done.out)
        expect(data["input"]["columns_left_out"] == [{"column": 0, "name": "name"}], data["input"])
        expect(data["input"]["columns"] == 2 and data["result"]["found"] == [1], data)
    done = run("search", path, "--minimum", "1", "--json", "--quiet")
    expect(json.loads(done.out)["result"]["found"] == [2], "the number is that of the file", done)
    for arguments in (["--predicate", "name > 1"], ["--minimum", "name"], ["--minimum", "0"], ["--predicate", "c0 > 1"]):
        done = run("search", path, *arguments)
        expect(done.code == 2 and re.search("column '(name|c?0)' holds text and was left out", done.err), done)
    bare = write(folder, "bare.csv", "0.5,ann\n0.95,bob\n0.1,cid\n")
    done = run("search", bare, "--predicate", "c0 > 0.9", "--json", "--quiet")
    expect(done.err == "quern: column c1 holds text and is left out; no header line was found\n", done)
    data = json.loads(done.out)
    expect(data["input"]["rows"] == 3 and data["input"]["columns_left_out"] == [{"column": 1, "name": None}], data)
    expect(data["result"]["found"] == [1], data)
    wide = write(folder, "wide.csv", ",".join("t%d" % k for k in range(12)) + ",x\n" + "a," * 12 + "1\n" + "a," * 12 + "2\n")
    done = run("search", wide, "--minimum", "x", "--quiet")
    expect(done.err.count("\n") == 8 and "5 more columns hold text" in done.err, done)
    expect(answer(write(folder, "n.csv", TABLE), "--minimum", "score")["input"]["columns_left_out"] == [], "none")


if __name__ == "__main__":
    sys.exit(main(globals()))
