"""Checks `quern linsolve --method hhl --cutoff`: singular and hopeless systems, solved on their well-conditioned part.

Usage: command_linsolve_filter.py QUERN SOURCE_FOLDER check; standard library only. A folder ../shared/data/matrix beside the source folder,
where it is, gives a singular matrix of other people.
"""
import json
import math
import os
import struct
import sys

from checks import SOURCE, expect, fails, main, run, skip, write

SHARED = os.path.join(os.path.dirname(SOURCE), "shared", "data", "matrix")
HEAD = "%%MatrixMarket matrix coordinate real general\n"
SINGULAR = HEAD + "2 2 4\n1 1 1\n1 2 2\n2 1 2\n2 2 4\n"  # 5 and 0, along (1, 2) and (2, -1)


def solve(*arguments):
    """The JSON of a run that must have succeeded."""
    done = run("linsolve", *arguments, "--method", "hhl", "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    return json.loads(done.out)


def check_singular(folder):
    """b = (1, 1) = 3/5 (1, 2) + 1/5 (2, -1): x = 3/25 (1, 2), 9/10 of |b|^2; the flag in closed form, at both tiers."""
    matrix, b = write(folder, "s.mtx", SINGULAR), write(folder, "b.csv", "1\n1\n")
    out = os.path.join(folder, "x.npy")
    for tier in ("gate", "spectral"):
        data = solve(matrix, b, "--cutoff", "4", "--tier", tier, "--clock", "10", "--output", out)
        result, flag = data["result"], data["result"]["filter"]
        expect(flag["cutoff"] == 4 and abs(flag["b_well"] - 0.9) < 1e-6, flag)
        expect(abs(flag["well"] - 0.9 / 64) < 1e-6 and abs(flag["ill"] - 0.025) < 1e-6, flag)
        expect(abs(flag["well"] + flag["ill"] + flag["nothing"] - 1) < 1e-10, flag)
        expect(abs(result["solution_norm"] - 0.12 * math.sqrt(5)) < 1e-6, result)
        expect(abs(result["residual"] - math.sqrt(0.1)) < 1e-6 and result["condition_number"] is None, result)
        raw = open(out, "rb").read()
        expect(all(abs(x - y) < 1e-6 for x, y in zip(struct.unpack("<2d", raw[-16:]), (0.12, 0.24))), raw[-16:])
        expect([r["method"] for r in result["rivals"]] == ["eigenvectors, filtered"], result["rivals"])
        expect(data["ledger"]["answer_name"] == "norm of the solution on the well-conditioned part", data["ledger"])


def check_hopeless(folder):
    """Condition number 1e12: refused whole, answered on the part that can be known."""
    matrix = write(folder, "h.mtx", HEAD + "2 2 2\n1 1 1\n2 2 1e-12\n")
    fails(1, r"hopeless", "linsolve", matrix)
    result = solve(matrix, "--cutoff", "8")["result"]
    expect(abs(result["filter"]["b_well"] - 0.5) < 1e-6 and abs(result["solution_norm"] - 1) < 1e-5, result)
    expect("filter" not in solve("laplacian1d:4")["result"], "no filter unless asked for")


def check_text(folder):
    matrix, b = write(folder, "s.mtx", SINGULAR), write(folder, "b.csv", "1\n1\n")
    svg = os.path.join(folder, "p.svg")
    done = run("linsolve", matrix, b, "--method", "hhl", "--cutoff", "4", "--clock", "10", "--plot", svg)
    expect(done.code == 0 and done.err == "" and os.path.getsize(svg) > 500, done)
    expect("Filter functions" in open(svg, encoding="utf-8").read(), svg)
    for words in ("well-conditioned     0.9 of |b|^2, on eigenvalues of at least 1/4 of the norm; 0.1 is left out",
                  "flag                 well 0.01406, ill 0.025, nothing 0.9609 a run", "eigenvectors, filtered"):
        expect(words in done.out, words, done)
    kernel = write(folder, "k.csv", "2\n-1\n")
    done = run("linsolve", matrix, kernel, "--method", "hhl", "--cutoff", "4", "--clock", "8", "--window", "uniform")
    expect(done.code == 0 and "of which b has nothing: x = 0" in done.out and "nan" not in done.out, done)
    expect("no run succeeds" in done.out, done)
    done = run("linsolve", matrix, kernel, "--method", "hhl", "--cutoff", "4")
    expect(done.code == 0 and "most of it is tails of the clock" in done.out, done)


def check_refusals(folder):
    matrix = write(folder, "s.mtx", SINGULAR)
    fails(1, r"singular to working precision.*--method hhl --cutoff K", "linsolve", matrix)
    fails(2, r"--cutoff has no meaning for --method qsvt", "linsolve", matrix, "--cutoff", "3")
    fails(2, r"--cutoff has no meaning for --method all", "linsolve", matrix, "--cutoff", "3", "--method", "all")
    fails(2, r"give --kappa or --cutoff, not both", "linsolve", matrix, "--cutoff", "3", "--method", "hhl", "--kappa", "3")
    fails(2, r"--cutoff: 0.5; expected a number of at least 1", "linsolve", matrix, "--cutoff", "0.5", "--method", "hhl")
    fails(4, r"a smaller cut-off", "linsolve", matrix, "--cutoff", "1e6", "--method", "hhl")


def check_shared(folder):
    """Zachary's karate club as it is, singular."""
    if not os.path.isdir(SHARED):
        skip("no shared data")
    result = solve(os.path.join(SHARED, "karate.mtx"), "--cutoff", "10")["result"]
    expect(0.95 < result["filter"]["b_well"] < 0.97 and result["state_error"] < 1e-6, result)
    expect(abs(result["residual"] - result["rivals"][0]["residual"]) < 1e-6, result)


if __name__ == "__main__":
    sys.exit(main(globals()))
