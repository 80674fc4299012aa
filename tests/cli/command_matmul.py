"""Checks `quern matmul`: products read out by every method, the rival and its check, files that do not fit.

Usage: command_matmul.py QUERN SOURCE_FOLDER check
"""
import json
import os
import sys
import xml.dom.minidom

from checks import expect, fails, main, run, untimed, write


def matrices(folder):
    a = [[(3 * i + 5 * j) % 7 - 3 for j in range(6)] for i in range(4)]
    b = [[(2 * i + 3 * j) % 5 - 1.5 for j in range(5)] for i in range(6)]
    paths = [write(folder, name, "".join(",".join(map(str, row)) + "\n" for row in m)) for name, m in (("a.csv", a), ("b.csv", b))]
    return paths, [[sum(x * b[k][j] for k, x in enumerate(row)) for j in range(5)] for row in a]


def answer(*arguments):
    done = run("matmul", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.matmul/1", data)
    return data


def check_methods(folder):
    paths, exact = matrices(folder)
    flat = [c for row in exact for c in row]
    norm = sum(c * c for c in flat) ** .5
    for method in ("product", "swap", "hadamard", "estimate"):
        data = answer(*paths, "--method", method, "--epsilon", "0.02")
        result = data["result"]
        expect(abs(result["norm"] - norm) < 1e-9, result)
        expect(result["signs"] == (method != "swap"), result)
        off = sum((q - (c if result["signs"] else abs(c))) ** 2 for q, c in zip(result["matrix"], flat)) ** .5 / norm
        expect(abs(off - result["error"]) < 1e-12, off, result)
        expect(off < (.02 if method == "product" else .2), off, result)
        expect(result["freivalds"]["residual_gemm"] < 1e-14 < result["freivalds"]["residual_quantum"], result)
        expect(result["gemm_advantage"] > 1e6, result)
        expect(data["ledger"]["classical_seconds"]["source"] == "measured", data["ledger"])
        same = answer(*paths, "--method", method, "--epsilon", "0.02")["result"]
        same["gemm_advantage"] = result["gemm_advantage"]
        expect(untimed(same) == untimed(result) or same["matrix"] == result["matrix"], same, result)
    gate = answer(*paths, "--method", "hadamard", "--tier", "gate", "--epsilon", "0.02")["result"]
    law = answer(*paths, "--method", "hadamard", "--epsilon", "0.02")["result"]
    expect(max(abs(x - y) for x, y in zip(gate["matrix"], law["matrix"])) < 1e-9, gate, law)


def check_files(folder):
    paths, _ = matrices(folder)
    plot, page, out = (os.path.join(folder, name) for name in ("p.svg", "p.html", "c.npy"))
    done = run("matmul", *paths, "--plot", plot, "--report", page, "--output", out)
    expect(done.code == 0 and "Freivalds" in done.out and "dgemm is ahead" in done.out, done)
    xml.dom.minidom.parse(plot)
    expect("dgemm" in open(page, encoding="utf-8").read(), page)
    expect(open(out, "rb").read(6) == b"\x93NUMPY", out)


def check_bad_input(folder):
    paths, _ = matrices(folder)
    fails(2, "two matrices", "matmul", paths[0])
    fails(2, "has 6 columns and .*a.csv has 4 rows", "matmul", paths[0], paths[0])
    fails(2, "give --method swap", "matmul", *paths, "--tier", "gate")
    fails(2, "epsilon", "matmul", *paths, "--epsilon", "2")
    fails(2, "hadamard", "matmul", *paths, "--method", "hadamar")
    fails(3, r"bad.csv:2:3", "matmul", write(folder, "bad.csv", "1,2\n3,x\n"), paths[1])
    fails(2, "largest entry of B is 1e.200 in size; expected 1e-60 to 1e.60", "matmul", write(folder, "o.csv", "1,2\n3,4\n"),
          write(folder, "h.csv", "1e200,0\n0,1\n"))
    fails(2, "largest entry of A is 2e-200", "matmul", write(folder, "t.csv", "2e-200,0\n0,0\n"), write(folder, "o.csv", "1,2\n3,4\n"))
    fails(2, "product is zero", "matmul", write(folder, "z.csv", "0,0\n0,0\n"), write(folder, "o.csv", "1,2\n3,4\n"))


if __name__ == "__main__":
    sys.exit(main(globals()))
