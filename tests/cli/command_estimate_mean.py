"""Checks `quern estimate-mean`: options, formulas, columns, and the samplers beside them.

Usage: command_estimate_mean.py QUERN SOURCE_FOLDER check
"""
import json
import math
import os
import struct
import sys
import xml.dom.minidom

from checks import expect, fails, main, run, untimed, write


def answer(*arguments):
    done = run("estimate-mean", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.estimate-mean/1", data)
    return data


def check_option(folder):
    # the example of arXiv:1905.02666: 8 prices within three deviations give .1623
    data = answer("--bits", "3", "--deviations", "3", "--repeat", "0")
    result, standard = data["result"], data["ledger"]["std_error"]["value"]
    expect(abs(result["exact_on_grid"] - .1623) < 1e-4, result)
    # a standard error, of which the interval of confidence 0.95 is 1.96 to each side
    expect(abs(1.959964 * standard - (result["high"] - result["low"]) / 2) < 1e-6, result, standard)

    def normal(x):
        return math.erfc(-x / math.sqrt(2)) / 2

    s, k, r, v, t = 2, 1.896, .05, .4, 40 / 365
    d1 = (math.log(s / k) + (r + v * v / 2) * t) / (v * math.sqrt(t))
    closed = s * math.exp(r * t) * normal(d1) - k * normal(d1 - v * math.sqrt(t))
    expect(abs(result["truth"] - closed) < 1e-12, result, closed)
    expect(result["tier"] == "gate" and result["low"] <= result["mean"] <= result["high"], result)


def check_methods(folder):
    for method in ("iterative", "canonical", "likelihood", "faster"):
        data = answer("--method", method, "--repeat", "200")
        result = data["result"]
        expect(result["method"] == method and result["queries"] > 0, result)
        expect(result["experiment"]["coverage"] >= .9, result)
        expect(result["monte_carlo"]["samples_for_epsilon"] > result["sobol"]["samples_for_epsilon"], result)
        expect(data["ledger"]["classical_seconds"]["source"] == "measured", data["ledger"])
    one, two = (answer("--bits", "4", "--repeat", "0", "--tier", tier)["result"] for tier in ("gate", "spectral"))
    expect(abs(one["mean"] - two["mean"]) < 1e-9 and one["queries"] == two["queries"], one, two)


def check_formula(folder):
    result = answer("--expression", "x * y", "--epsilon", "0.001", "--repeat", "0")["result"]
    expect(abs(result["truth"] - .25) < 1e-5 and abs(result["exact_on_grid"] - .25) < 1e-9, result)
    expect(result["low"] - 1e-9 <= .25 <= result["high"] + 1e-9, result)
    result = answer("--expression", "c3 + c0", "--bits", "8", "--repeat", "0")
    expect(result["input"]["dimensions"] == 4 and result["input"]["grid_bits"] == 8, result)


def check_column(folder):
    path = write(folder, "t.csv", "a,price\n" + "".join("%d,%g\n" % (k, k * k) for k in range(30)))
    result = answer(path, "--column", "price", "--repeat", "0")["result"]
    expect(abs(result["exact_on_grid"] - sum(k * k for k in range(30)) / 30) < 1e-9, result)
    same = answer(path, "--column", "1", "--repeat", "0")["result"]
    expect(untimed(same) == untimed(result), same, result)
    flat = write(folder, "flat.csv", "7\n7\n7\n")
    expect(answer(flat)["result"]["mean"] == 7, "a column of one value")


def check_picture(folder):
    plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    done = run("estimate-mean", "--repeat", "0", "--plot", plot, "--report", page)
    expect(done.code == 0 and "Verdict" in done.out, done)
    xml.dom.minidom.parse(plot)
    expect("Sobol" in open(page, encoding="utf-8").read(), page)


def write_complex(folder):
    """Three times the imaginary unit, as .npy."""
    path = os.path.join(folder, "c.npy")
    header = "{'descr': '<c16', 'fortran_order': False, 'shape': (3,), }"
    header += " " * (117 - len(header)) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<6d", 0, 1, 0, 1, 0, 1))
    return path


def check_bad_input(folder):
    path = write(folder, "t.csv", "a,b\n1,2\n3,4\n")
    fails(2, "a", "estimate-mean", path, "--column", "aa")
    fails(2, "--column is one of a table", "estimate-mean", "--column", "a")
    fails(2, "one table FILE, or --expression", "estimate-mean", path, "--expression", "x")
    fails(2, r"--expression:1:5: expected", "estimate-mean", "--expression", "x + ")
    fails(1, "not finite", "estimate-mean", "--expression", "log(x - 1)")
    fails(2, "epsilon", "estimate-mean", "--epsilon", "0.9")
    fails(2, "alpha", "estimate-mean", "--alpha", "2")
    fails(2, "2 columns of numbers; choose one with --column", "estimate-mean", path)
    fails(2, "--spot is one of a European call", "estimate-mean", "--expression", "x", "--spot", "3")
    fails(2, "--bits: the grid of a FILE", "estimate-mean", path, "--column", "a", "--bits", "4")
    fails(2, "--shots has no meaning", "estimate-mean", "--method", "canonical", "--shots", "5")
    fails(2, "--bound has no meaning", "estimate-mean", "--method", "faster", "--bound", "chernoff")
    fails(3, "c.npy: these numbers are complex", "estimate-mean", write_complex(folder))
    fails(2, "above 0", "estimate-mean", "--volatility", "0")
    fails(4, "rotations", "estimate-mean", "--bits", "14", "--tier", "gate")


def check_text_column(folder):
    path = write(folder, "t.csv", "name,price\n" + "".join("n%d,%g\n" % (k, k * k) for k in range(30)))
    for column in ([], ["--column", "price"], ["--column", "1"]):
        done = run("estimate-mean", path, *column, "--json", "--quiet", "--repeat", "0")
        expect(done.code == 0 and done.err == "quern: column c0, 'name', holds text and is left out\n", done)
        data = json.loads(done.out)
        expect(data["input"]["columns_left_out"] == [{"column": 0, "name": "name"}], data["input"])
        expect(data["input"]["rows"] == 30, data["input"])
    done = run("estimate-mean", path, "--column", "name")
    expect(done.code == 2 and "column 'name' holds text and was left out" in done.err, done)


if __name__ == "__main__":
    sys.exit(main(globals()))
