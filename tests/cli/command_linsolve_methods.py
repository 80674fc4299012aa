"""Checks the other methods and the block-encodings of `quern linsolve`.

Usage: command_linsolve_methods.py QUERN SOURCE_FOLDER check; standard library only.
"""
import json
import math
import sys

from checks import expect, fails, main, run, write

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
    expect(data["ledger"]["toffoli_count"]["value"] == data["result"]["queries_amplified"] * price["toffoli"], data["ledger"])


def check_bills(folder):
    """Gates of one circuit: depth is no more than the gates, and a walk turns a weight at each step."""
    ledger = solve("laplacian1d:8:shift=1", "--method", "vqls")["ledger"]
    expect(ledger["two_qubit_depth"]["value"] <= ledger["two_qubit_gates"]["value"], ledger)
    data = solve("laplacian1d:8:shift=1", "--method", "adiabatic")
    expect(data["ledger"]["rotations"]["value"] == data["result"]["queries"], data["ledger"])


def check_gate_ledgers(folder):
    """At gate tier the gates that load the matrix are counted, and the circuits give what the cheapest tier gives."""
    for method in ("qsvt", "hhl", "shortcut", "cks", "fourier", "adiabatic"):
        gate = solve(LINE, "--method", method, "--tier", "gate", "--epsilon", "1e-2", "--rivals", "none")
        auto = solve(LINE, "--method", method, "--epsilon", "1e-2", "--rivals", "none")
        expect(abs(gate["result"]["solution_norm"] / auto["result"]["solution_norm"] - 1) < 1e-9, method, gate, auto)
        expect(abs(gate["result"]["success_probability"] - auto["result"]["success_probability"]) < 1e-9, method, gate, auto)
        ledger = gate["ledger"]
        expect(0 < ledger["loading_t_count"]["value"] < ledger["t_count"]["value"], method, ledger)
        expect(ledger["depth"]["value"] > 0 and ledger["data_bytes"]["value"] > 0, method, ledger)
    ledger = solve(LINE, "--method", "vqls", "--tier", "gate", "--epsilon", "1e-2", "--rivals", "none")["ledger"]
    expect(ledger["qubits"]["value"] == 3 and ledger["t_count"]["source"] == "counted", ledger)
    for kind, loaded in (("structured", False), ("fable", True)):
        ledger = solve(LINE, "--tier", "gate", "--encoding", kind, "--epsilon", "1e-1", "--rivals", "none")["ledger"]
        expect((ledger["loading_t_count"]["value"] > 0) == loaded, kind, ledger)


def check_calls_before(folder):
    """The ledger's queries hold the search for the norm, shared by the runs: all of it when there is one run."""
    for shots in (1, 50):
        data = solve(LINE, "--method", "shortcut", "--readout", "samples:%d" % shots, "--rivals", "none")
        result, ledger = data["result"], data["ledger"]
        expect(result["queries_before"] > 1000 and result["success_probability"] > 0.999999, result)
        total = ledger["queries"]["value"] * ledger["shots_total"]["value"]
        expect(ledger["shots_total"]["value"] == shots, ledger)
        expect(abs(total / (result["queries"] * shots + result["queries_before"]) - 1) < 1e-9, result, ledger)
        expect(any("find the norm of x" in reason for reason in ledger["reasons"]), ledger["reasons"])


def check_options_of_others(folder):
    """An option that the method does not read is refused, not passed over."""
    for arguments, words in ((["--clock", "5"], "--clock has no meaning for --method qsvt"),
                             (["--method", "cks", "--window", "sine"], "--window has no meaning for --method cks"),
                             (["--method", "vqls", "--alpha", "9"], "--alpha has no meaning for --method vqls"),
                             (["--method", "vqls", "--encoding", "fable"], "--encoding has no meaning for --method vqls"),
                             (["--layers", "3"], "--layers has no meaning for --method qsvt"),
                             (["--method", "hhl", "--local-cost"], "--local-cost has no meaning for --method hhl"),
                             (["--method", "hhl", "--evolution", "trotter2"], "--evolution has no meaning for --tier auto"),
                             (["--method", "hhl", "--tier", "gate", "--steps", "2"], "--steps has no meaning for --evolution exact"),
                             (["--method", "hhl", "--tier", "gate", "--encoding", "fable"],
                              "--encoding has no meaning for --method hhl --tier gate"),
                             (["--readout", "top:3", "--readout-epsilon", "1e-3"], "--readout-epsilon has no meaning for --readout top:3"),
                             (["--method", "vqls", "--layers", "1001"], "--layers: 1001; at most 1000")):
        fails(2, words, "linsolve", LINE, *arguments)
    rows = {row["method"]: row for row in solve(LINE, "--method", "all", "--clock", "9", "--layers", "4", "--epsilon", "1e-2",
                                                "--rivals", "none")["result"]["methods"]}
    expect(rows["hhl"]["queries"] == 1024, rows["hhl"])


def check_shortcut_keeps_its_error(folder):
    """Norms between two powers of two, where a success probability near 1 tells little of them."""
    for kappa, second in ((8, 2.0), (4, 2.0), (8, 1.2), (4, 1.2)):
        matrix = write(folder, "d.mtx", "%%%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n2 2 %r\n" % (1 / kappa))
        b = write(folder, "b.csv", "1\n%r\n" % second)
        for epsilon in (0.05, 0.01):
            result = solve(matrix, b, "--method", "shortcut", "--epsilon", str(epsilon), "--rivals", "none")["result"]
            expect(abs(result["solution_norm"] / math.hypot(1, kappa * second) - 1) < epsilon, kappa, second, epsilon, result)


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
