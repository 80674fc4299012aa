"""Checks the other methods and the block-encodings of `quern linsolve`.

Usage: command_linsolve_methods.py QUERN SOURCE_FOLDER check; standard library only.
"""
import json
import sys

from checks import expect, main, run

LINE = "laplacian1d:4:shift=1"


def solve(*arguments):
    """The JSON of a run that must have succeeded."""
    done = run("linsolve", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    return json.loads(done.out)


def check_methods_agree(folder):
    """The norm of x by every method, to the error that was asked for."""
    norm = solve(LINE, "--epsilon", "1e-9")["result"]["solution_norm"]
    for method in ("shortcut", "adiabatic", "cks", "fourier", "vtaa", "vqls"):
        result = solve(LINE, "--method", method, "--epsilon", "1e-5")["result"]
        expect(abs(result["solution_norm"] / norm - 1) < 3e-5, method, result)
        expect(result["queries"] > 0 and 0 < result["success_probability"] <= 1, method, result)


def check_contest(folder):
    """`--method all` has a row for each method and names those that refuse."""
    data = solve("laplacian1d:8:shift=1", "--method", "all", "--encoding", "auto", "--epsilon", "1e-4")
    rows = {row["method"]: row for row in data["result"]["methods"]}
    expect(set(rows) >= {"qsvt", "hhl", "shortcut", "adiabatic", "cks", "fourier", "vtaa", "vqls"}, sorted(rows))
    for name, row in rows.items():
        expect(row["refusal"] is None and row["error"] < 1e-3, name, row)
    expect(rows["shortcut"]["queries_amplified"] < rows["adiabatic"]["queries_amplified"], rows)
    expect(rows["adiabatic"]["queries_amplified"] < rows["qsvt"]["queries_amplified"], rows)
    expect(data["result"]["method"] == "qsvt", data["result"])
    text = run("linsolve", "laplacian2d:40x40:shift=1", "--method", "all", "--quiet", "--rivals", "none")
    expect(text.code == 0 and "vqls       1600 unknowns" in text.out, text)


def check_encodings(folder):
    """Each encoding at gate tier gives the answer of its own operator tier; its alpha is paid in queries."""
    queries = {}
    for kind in ("pauli", "sparse", "structured", "fable", "rows", "dilation"):
        gate = solve(LINE, "--encoding", kind, "--tier", "gate", "--epsilon", "1e-2")["result"]
        operator = solve(LINE, "--encoding", kind, "--tier", "operator", "--epsilon", "1e-2")["result"]
        expect(abs(gate["solution_norm"] - operator["solution_norm"]) < 1e-9, kind, gate, operator)
        expect(gate["encoding"]["kind"] == kind and gate["alpha"] == gate["encoding"]["alpha"], gate)
        queries[kind] = gate["queries"]
    expect(queries["dilation"] <= queries["structured"] <= queries["sparse"] <= queries["fable"], queries)
    data = solve("laplacian2d:64x64:shift=1", "--encoding", "auto")
    price = data["result"]["encoding"]
    expect(price["kind"] == "structured" and price["counted"], price)
    expect(data["ledger"]["toffoli_count"]["value"] == data["result"]["queries"] * price["toffoli"], data["ledger"])


def check_product_formulas(folder):
    """HHL's circuit with product formulas: the error shows, and falls with the steps."""
    exact = solve(LINE, "--method", "hhl", "--tier", "gate", "--clock", "6", "--epsilon", "0.1")["result"]["solution_norm"]
    errors = []
    for steps in ("1", "4"):
        result = solve(LINE, "--method", "hhl", "--tier", "gate", "--clock", "6", "--epsilon", "0.1", "--evolution", "trotter2",
                       "--steps", steps)["result"]
        errors.append(abs(result["solution_norm"] - exact))
    expect(errors[1] < errors[0] / 8 and errors[1] > 0, errors)


def check_refusals(folder):
    """Words that are unknown, options that contradict, encodings that do not suit."""
    done = run("linsolve", LINE, "--encoding", "fabel")
    expect(done.code == 2 and "fable" in done.err, done)
    done = run("linsolve", LINE, "--encoding", "rows", "--alpha", "9")
    expect(done.code == 2 and "not both" in done.err, done)
    done = run("linsolve", "laplacian1d:6", "--encoding", "structured")
    expect(done.code != 0 and "power of two" in done.err, done)
    done = run("linsolve", LINE, "--method", "shortcat")
    expect(done.code == 2 and "shortcut" in done.err, done)


if __name__ == "__main__":
    sys.exit(main(globals()))
