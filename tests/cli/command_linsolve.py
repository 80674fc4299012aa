"""Checks `quern linsolve`: answers, tiers, methods, formats, read-outs, refusals.

Usage: command_linsolve.py QUERN SOURCE_FOLDER check; standard library only. A folder ../shared/data/matrix beside the source folder, where it
is, gives matrices of other people.
"""
import json
import math
import os
import re
import signal
import struct
import sys
import xml.dom.minidom

from checks import SOURCE, expect, fails, main, on_terminal, run, skip, untimed, write

SHARED = os.path.join(os.path.dirname(SOURCE), "shared", "data", "matrix")
HEAD = "%%MatrixMarket matrix coordinate real general\n"
SMALL = "%%MatrixMarket matrix coordinate real symmetric\n2 2 3\n1 1 1\n2 1 -0.3333333333333333\n2 2 1\n"


def solve(*arguments, **keywords):
    """The JSON of a run that must have succeeded."""
    done = run("linsolve", *arguments, "--json", "--quiet", **keywords)
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.linsolve/1", data)
    return data


def read_npy(path):
    raw = open(path, "rb").read()
    expect(raw[:6] == b"\x93NUMPY", raw[:16])
    length = struct.unpack("<H", raw[8:10])[0]
    header = eval(raw[10:10 + length].decode(), {})  # a dict literal by definition of the format
    return header["descr"], struct.unpack("<%dd" % ((len(raw) - 10 - length) // 8), raw[10 + length:])


def check_two_by_two(folder):
    """x = (1.125, 0.375): norm and state by every method and tier."""
    matrix, b = write(folder, "a.mtx", SMALL), write(folder, "b.csv", "1\n0\n")
    for arguments in (["--tier", "gate"], ["--tier", "operator"], ["--tier", "spectral"], ["--method", "hhl"]):
        out = os.path.join(folder, "x.npy")
        data = solve(matrix, b, "--output", out, *arguments)
        result = data["result"]
        expect(abs(result["solution_norm"] - 1.185854122563142) < 3e-6, arguments, result)
        expect(result["residual"] < 3e-6 and 0 < result["success_probability"] <= 1, result)
        expect(abs(result["condition_number"] - 2) < 1e-9, result)
        descr, x = read_npy(out)
        expect(descr == "<f8" and abs(x[0] - 1.125) < 3e-6 and abs(x[1] - 0.375) < 3e-6, x)
        # the bill is for the amplified circuit, where amplifying is cheaper than repeating
        amplified = result["queries"] * (2 * result["amplification_rounds"] + 1)
        expect(data["ledger"]["queries"]["value"] == amplified, data["ledger"])
        runs = data["ledger"]["shots_per_evaluation"]["value"] / data["ledger"]["success_probability"]["value"]
        expect(runs <= data["ledger"]["shots_total"]["value"] < runs + 1, data["ledger"])
        expect("nan" not in result["tier_reason"], result)
    expect(solve(matrix, b, "--tier", "gate")["result"]["gates"] > 100, "gates")


def check_degrees_on_record(folder):
    """kappa 10 and 100: degrees of arXiv:2507.15537."""
    for kappa, epsilon, degree in ((10, "1e-4", 115), (100, "1e-8", 2303)):
        matrix = write(folder, "d.mtx", HEAD + "2 2 2\n1 1 1\n2 2 %r\n" % (1 / kappa))
        data = solve(matrix, "--epsilon", epsilon, "--kappa", str(kappa))
        expect(data["result"]["degree"] == degree == data["result"]["queries"], data["result"])


def check_formats(folder):
    """Complex Hermitian matrix, triplets, complex b; a b of ones when there is none; standard input."""
    matrix = write(folder, "h.mtx", "%%MatrixMarket matrix coordinate complex hermitian\n2 2 3\n1 1 2 0\n2 1 0 1\n2 2 2 0\n")
    out = os.path.join(folder, "x.npy")
    data = solve(matrix, "--output", out)  # [[2, -i], [i, 2]] x = 1: x = ((2 + i)/3, (2 - i)/3)
    descr, x = read_npy(out)
    expect(descr == "<c16" and max(abs(u - v) for u, v in zip(x, (2 / 3, 1 / 3, 2 / 3, -1 / 3))) < 2e-6, x)
    expect(data["input"]["hermitian"] and data["input"]["complex"] and data["input"]["right_hand_side"] is None, data)
    triplets = write(folder, "t.tri", "2 2 3 -1\n1 1 4\n2 1 -1\n2 2 4\n")
    expect(abs(solve(triplets)["result"]["solution_norm"] - math.sqrt(2) / 3) < 1e-6, "triplets")
    done = run("linsolve", "-", "--json", "--quiet", stdin=SMALL)
    expect(done.code == 0 and abs(json.loads(done.out)["result"]["solution_norm"] - 1.5 * math.sqrt(2)) < 1e-5, done)
    b = write(folder, "b.mtx", "%%MatrixMarket matrix array complex general\n2 1\n1 0\n0 1\n")
    expect(solve(triplets, b)["input"]["complex"], "complex b")
    graph = write(folder, "g.mtx", "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n")
    expect(abs(solve("graph:%s:shift=0.5" % graph)["result"]["condition_number"] - 7) < 1e-9, "graph")


def check_flavours(folder):
    """x of 2 x 2 systems in the corners of both formats."""
    real = "%%MatrixMarket matrix coordinate real "
    for text, wanted in ((real + "skew-symmetric\r\n% note\r\n\r\n2 2 1\r\n2 1 2\r\n", (0.5, -0.5)),
                         ("%%MATRIXMARKET MATRIX ARRAY REAL SYMMETRIC\n2 2\n2\n1\n2", (1 / 3, 1 / 3)),
                         (real + "general\n2 2 4\n1 1 1\n1 1 1\n\n2 2 1\n% between\n2 2 3\n", (0.5, 0.25)),
                         ("%%MatrixMarket matrix coordinate integer general\n2 2 2\n1 1 2\n2 2 -4\n", (0.5, -0.25)),
                         (real + "general\n2 2 2\n1 1 2D0\n2 2 4d+0\n", (0.5, 0.25)),
                         (real + "hermitian\n2 2 3\n1 1 2\n2 1 1\n2 2 2\n", (1 / 3, 1 / 3)),
                         ("2 2 2 0\n0 0 2\n1 1 4\n", (0.5, 0.25)),
                         ("2 2 3 1\n1 1 2\n1 2 1\n2 2 2\n", (1 / 3, 1 / 3)),
                         ("2 2 3\n1 1 2\n2 1 1\n2 2 2\n", (1 / 3, 1 / 3)),  # no stype: one triangle is a symmetric matrix
                         ("2 2 4\n1 1 2\n2 1 1\n1 2 -1\n2 2 2\n", (0.6, 0.2)),
                         ("1 1 1\n1 1 1e-300\n", (1e300,))):
        out = os.path.join(folder, "x.npy")
        result = solve(write(folder, "f.mtx", text), "--output", out, "--rivals", "none")["result"]
        x = read_npy(out)[1]
        size = math.hypot(*wanted)
        expect(math.dist([v / size for v in x], [v / size for v in wanted]) < 2e-6, text, x, wanted)
        expect(abs(result["solution_norm"] / size - 1) < 2e-6 and result["residual"] < 2e-6, text, result)


def check_ends_of_doubles(folder):
    """Norms whose squares are no doubles: answered, or refused by name, with a residual that is one."""
    matrix = write(folder, "d.mtx", HEAD + "2 2 2\n1 1 1\n2 2 2\n")
    for b in ("1e308\n1e308\n", "1e-300\n1e-300\n"):
        result = solve(matrix, write(folder, "b.csv", b), "--rivals", "none")["result"]
        size = float(b.split()[0]) * math.sqrt(1.25)
        expect(abs(result["solution_norm"] / size - 1) < 2e-6 and 1e-12 < result["residual"] < 2e-6, result)
    tiny = write(folder, "t.mtx", HEAD + "1 1 1\n1 1 1e-300\n")
    fails(1, r"the solution passes the largest double", "linsolve", tiny, write(folder, "b.csv", "1e20\n"))


def check_text_and_pictures(folder):
    svg, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    done = run("linsolve", "laplacian2d:16x16:shift=0.1", "--plot", svg, "--report", page)
    expect(done.code == 0 and done.err == "", done)
    for words in ("256 unknowns, 1216 entries, real symmetric", "condition number", "|x|   ", "at operator tier: the next one up, gate:",
                  "sparse Cholesky", "MINRES", "CG ", "Verdict", "picture: "):
        expect(words in done.out, words, done)
    xml.dom.minidom.parse(svg)
    text = open(page, encoding="utf-8").read()
    expect("quern linsolve laplacian2d:16x16:shift=0.1" in text and "<svg" in text, text[:500])


def check_readouts(folder):
    data = solve("laplacian1d:8", "--readout", "top:3")
    outcomes = data["result"]["readout"]["outcomes"]
    expect(len(outcomes) == 3 and {o["index"] for o in outcomes[:2]} == {3, 4}, outcomes)  # x = i (9 - i) / 2 is largest there
    data = solve("laplacian1d:8", "--readout", "samples:100")
    expect(abs(sum(o["probability"] for o in data["result"]["readout"]["outcomes"]) - 1) < 1e-12, data)
    z = write(folder, "z.mtx", "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 1\n2 2 -1\n")
    matrix, b = write(folder, "a.mtx", SMALL), write(folder, "b.csv", "1\n0\n")
    data = solve(matrix, b, "--readout", "scalar:" + z)  # |x0|^2 : |x1|^2 = 9 : 1
    expect(abs(data["result"]["readout"]["value"] - 0.8) < 1e-5, data["result"]["readout"])
    data = solve("laplacian1d:8")
    expect(data["result"]["readout"]["runs"] == 80000, data["result"]["readout"])


def check_same_numbers(folder):
    """One thread or two, again and again."""
    first = untimed(solve("laplacian2d:70x80:shift=0.2", "--threads", "1", "--rivals", "none"))
    for _ in range(2):
        other = untimed(solve("laplacian2d:70x80:shift=0.2", "--threads", "2", "--rivals", "none"))
        for part in (first, other):
            part.pop("ledger")
        expect(first == other, first, other)
        first = untimed(solve("laplacian2d:70x80:shift=0.2", "--threads", "1", "--rivals", "none"))


def check_too_long_stops(folder):
    """The bill is shown, with the rivals' seconds, and nothing is started."""
    done = run("linsolve", "laplacian2d:100x100", "--tier", "operator", "--kappa", "2e6", "--rivals", "auto", "--json")
    data = json.loads(done.out)
    expect(done.code == 4, done)
    result = data["result"]
    expect(not result["started"] and result["solution_norm"] is None and result["foreseen_seconds"] > 120, result)
    expect(result["degree"] > 5e7 and any(r["converged"] for r in result["rivals"]), result)
    expect(data["ledger"]["classical_seconds"]["value"] > 0, data["ledger"])
    done = run("linsolve", "laplacian2d:100x100", "--tier", "operator", "--kappa", "2e6", "--rivals", "none")
    expect(done.code == 4 and "not started: " in done.out and "--force starts it" in done.out, done)


def check_refusals(folder):
    bad = write(folder, "bad.mtx", HEAD + "2 2 2\n1 1 1\n3 1 1\n")
    fails(3, r"bad\.mtx:4:1: row 3, column 1 \(from 1\) is outside of the matrix of 2 x 2", "linsolve", bad)
    singular = write(folder, "s.mtx", HEAD + "2 2 4\n1 1 1\n1 2 2\n2 1 2\n2 2 4\n")
    fails(1, r"singular to working precision", "linsolve", singular)
    hopeless = write(folder, "h.mtx", HEAD + "2 2 2\n1 1 1\n2 2 1e-12\n")
    fails(1, r"hopeless: at condition number 1e\+12 .* no answer is given", "linsolve", hopeless)
    for text, where in (("%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 1 1\n", "1:1: a banner"),
                        ("\n%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 1 1\n", "2:1: a banner"),
                        ("%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 4.5\n", "3:5: .* whole number"),
                        (HEAD + "2 2 3\n1 1 1\n2 2 1\n", "5:1: the file ends after 2 of 3"),
                        (HEAD + "2 2 1\n1 1 1\n2 2 1\n", "4:1: expected the end of the file"),
                        (HEAD + "2 2 99999999999999\n1 1 1\n", "4:1: the file ends after 1"),
                        (HEAD + "2 2 1\n1 1 inf\n", "3:5: .* infinite"),
                        (HEAD + "2 2 1\n0 1 1\n", "3:1: index 0")):
        fails(3, r"bad\.mtx:" + where, "linsolve", write(folder, "bad.mtx", text))
    fails(4, r"bad\.mtx:2:1: .* takes more than", "linsolve", write(folder, "bad.mtx", HEAD + "1000000000 1000000000 1\n1 1 1\n"))
    fails(1, r"the matrix is zero", "linsolve", write(folder, "zero.mtx", HEAD + "2 2 0\n"))
    fails(2, r"eigenvalues pass the largest double", "linsolve", "toeplitz:4:off=1e308")
    fails(2, r"--readout 'scalar:': expected", "linsolve", "laplacian1d:4", "--readout", "scalar:")
    wide = write(folder, "w.mtx", HEAD + "1 2 1\n1 1 1\n")
    fails(2, r"a matrix of 1 x 2; a system of equations needs a square one", "linsolve", wide)
    small, b = write(folder, "a.mtx", SMALL), write(folder, "b.csv", "1\n2\n3\n")
    fails(2, r"b\.csv: a right-hand side of 3 x 1; expected 2 x 1", "linsolve", small, b)
    nan = write(folder, "n.csv", "1\nnan\n")
    fails(3, r"n\.csv:2", "linsolve", small, nan)
    fails(2, r"unknown matrix 'laplacan2d'.*did you mean laplacian2d", "linsolve", "laplacan2d:4x4")
    fails(1, r"nothing\.mtx: cannot open", "linsolve", "nothing.mtx")
    fails(2, r"did you mean 'qsvt'", "linsolve", small, "--method", "qsvd")
    fails(2, r"--kappa: 'x' is neither", "linsolve", small, "--kappa", "x")
    fails(2, r"condition number 1.5 was given, but the matrix has at least", "linsolve", small, "--kappa", "1.5")
    fails(2, r"alpha 0.1 is under the norm", "linsolve", small, "--alpha", "0.1")
    fails(2, r"--readout 'all': expected vector, samples:N", "linsolve", small, "--readout", "all")
    fails(1, r"hhl has no operator tier", "linsolve", small, "--method", "hhl", "--tier", "operator")
    fails(4, r"up to 16 unknowns", "linsolve", "laplacian1d:17", "--tier", "gate")
    fails(4, r"clock qubits", "linsolve", "laplacian1d:64", "--method", "hhl", "--epsilon", "1e-11")
    fails(2, r"give a matrix", "linsolve")


def check_interrupt(folder):
    """Ctrl-C gives what the shorter polynomial gave, and says so."""
    code, shown, out = on_terminal(["linsolve", "laplacian2d:100x100", "--tier", "operator", "--force", "--rivals", "none", "--kappa", "2e5"],
                                   keys=lambda process: process.send_signal(signal.SIGINT))
    expect(code == 130, code, shown, out)
    expect("interrupted: a shorter polynomial" in out and re.search(r"\|x\| +[0-9.]+", out), out)


def check_shared(folder):
    """Other people's matrices: solved, or refused with the reason."""
    if not os.path.isdir(SHARED):
        skip("no shared data")
    result = solve(os.path.join(SHARED, "west0067.mtx"))["result"]
    expect(100 < result["condition_number"] < 200 and result["residual"] < 1e-6, result)
    result = solve(os.path.join(SHARED, "bcsstk01.tri"), "--rivals", "all")["result"]
    expect(8e5 < result["condition_number"] < 9e5 and result["tier"] == "spectral" and result["residual"] < 1e-6, result)
    expect("rounding" in result["tier_reason"], result)
    fails(1, r"no answer is given rather than a wrong one: vqls ended with a residual of 0\.", "linsolve",
          os.path.join(SHARED, "LFAT5.mtx"), "--method", "vqls", "--rivals", "none")
    fails(4, r"needs degree", "linsolve", os.path.join(SHARED, "LFAT5.mtx"), "--method", "cks")
    fails(1, r"singular", "linsolve", os.path.join(SHARED, "karate.mtx"))


if __name__ == "__main__":
    sys.exit(main(globals()))
