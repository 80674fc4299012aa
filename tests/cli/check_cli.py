"""Checks the quern command: standard output, standard error and exit code for good and bad input.

Usage: check_cli.py QUERN SOURCE_FOLDER GROUP [GROUP ...]
Each group is the functions named GROUP_...; standard library only.
"""
import itertools
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
import xml.dom.minidom
from html.parser import HTMLParser

from checks import PATIENCE, QUERN, SOURCE, expect, fails, interrupt, main, on_terminal, run, untimed, write

MOLECULES = os.path.join(SOURCE, "data", "molecules")
ARTICLE = "-1.0 ZZ\n0.5 ZI\n0.5 IZ\n0.2 XX\n"
# Lowest eigenvalue of the 2 x 2 block on |00>, |11> is -1 -+ sqrt(1 + 0.04); on |01>, |10> 1 +- 0.2.
EXPECTED = sorted([-1 - math.sqrt(1 + 0.04), -1 + math.sqrt(1 + 0.04), 0.8, 1.2])


# ---- usage

def usage_help_starts_with_an_example(folder):
    for arguments in (["help"], [], ["--help"], ["-h"]):
        result = run(*arguments)
        expect(result.code == 0 and result.out.startswith("Example:\n  quern "), result)
    commands = re.findall(r"^  (\w+) ", run("help").out.split("Commands:\n")[1], re.M)
    expect({"vqe", "exact", "info", "list", "help", "man", "completions", "version"} <= set(commands), commands)
    for command in commands:
        result = run("help", command)
        expect(result.code == 0 and result.out.startswith("Example:\n  quern " + command), result)
        expect("Usage: quern " + command in result.out, result)
        expect(result.out == run(command, "--help").out, command)
        # Words are neither glued nor followed by blanks.
        expect(not re.search(r"[ \t]\n", result.out), "blank at the end of a line", result)
        expect(all(len(line) <= 80 for line in result.out.splitlines() if "quern vqe --hamiltonian" not in line), result)


def usage_every_option_is_in_the_help(folder):
    text = run("help", "vqe").out
    for name in ("ansatz rotations entangler entanglement reps optimizer maxiter gradient shots precision starts mapping taper seed "
                 "threads coupling initial-bits engine fd-step initial checkpoint resume json plot report quiet hamiltonian").split():
        expect(re.search(r"^  --%s( |$)" % name, text, re.M), name, text)


def usage_version(folder):
    result = run("--version")
    expect(result.code == 0 and re.match(r"quern \d+\.\d+\.\d+\n", result.out), result)
    expect(run("version").out == result.out)


def usage_mistakes(folder):
    path = write(folder, "h.txt", ARTICLE)
    fails(2, r"unknown option '--anstaz'; did you mean '--ansatz'\?", "vqe", path, "--anstaz", "two-local")
    fails(2, r"unknown command 'vqq'; did you mean 'vqe'\?", "vqq")
    fails(2, r"did you mean 'two-local'\?", "vqe", path, "--ansatz", "twolocal")
    fails(2, r"did you mean 'slsqp'\?", "vqe", path, "--optimizer=slsqq")
    fails(2, r"unknown option '--zzzzzzzzzz'\n", "vqe", path, "--zzzzzzzzzz")
    fails(2, r"--shots needs a value", "vqe", path, "--shots")
    fails(2, r"--shots: '0' is not a whole number from 1 up", "vqe", path, "--shots", "0")
    fails(2, r"--shots: '-5'", "vqe", path, "--shots=-5")
    fails(2, r"--shots: '1e3'", "vqe", path, "--shots=1e3")
    fails(2, r"--seed: '99999999999999999999'", "vqe", path, "--seed", "99999999999999999999")
    fails(2, r"--precision: 'nan'", "vqe", path, "--precision", "nan")
    fails(2, r"--json takes no value", "vqe", path, "--json=yes")
    fails(2, r"--shots and --precision exclude", "vqe", path, "--shots", "10", "--precision", "0.1")
    fails(2, r"--resume needs --checkpoint", "vqe", path, "--resume")
    fails(2, r"give one FILE, or --hamiltonian", "vqe")
    fails(2, r"give one FILE, or --hamiltonian", "exact", path, "--hamiltonian", "1 Z")
    fails(2, r"give one FILE", "info", path, path)
    fails(2, r"uccsd needs a molecule", "vqe", path, "--ansatz", "uccsd")
    fails(2, r"unknown option '-x'", "vqe", path, "-x")
    fails(2, r"unexpected argument", "version", "now")
    fails(2, r"which shell", "completions")
    fails(2, r"unknown shell 'tcsh'", "completions", "tcsh")
    fails(2, r"did you mean 'engines'", "list", "engine")
    fails(2, r"could be more than one", "vqe", path, "--entangle", "cx")
    fails(2, r"\"rq\"; did you mean", "vqe", path, "--rotations", "rq")
    fails(2, r"engine", "vqe", path, "--engine", "statevectr")


def usage_contradictions(folder):
    path, molecule = write(folder, "h.txt", ARTICLE), os.path.join(MOLECULES, "h2.fcidump")
    fails(2, r"--coupling and --entanglement exclude", "vqe", path, "--coupling", "0-1", "--entanglement", "full")
    fails(2, r"--coupling has no meaning for the ansatz uccsd", "vqe", molecule, "--coupling", "0-1")
    fails(2, r"--initial-bits has no meaning for the ansatz uccsd", "vqe", molecule, "--initial-bits", "0011")
    fails(2, r"--taper needs a molecule", "vqe", path, "--taper")
    fails(2, r"--mapping needs a molecule", "vqe", path, "--mapping", "bk")
    fails(2, r"efficient-su2 has its own gates", "vqe", path, "--ansatz", "efficient-su2", "--rotations", "ry")
    fails(2, r"hardware-efficient entangles along --coupling", "vqe", path, "--ansatz", "hardware-efficient", "--entanglement", "full")
    fails(2, r"cannot share", "vqe", path, "--plot", "-", "--report", "-")


def usage_forms_of_options(folder):
    path = write(folder, "h.txt", ARTICLE)
    base = run("vqe", path, "--reps", "1", "--quiet")
    expect(base.code == 0, base)
    for arguments in (["--reps=1", "--quiet", path], ["--quiet", "--reps", "1", "--", path], ["--quie", "--reps=1", path]):
        expect(run("vqe", *arguments).out == base.out, arguments)
    expect(run("vqe", "--reps=1", "--quiet", "-", stdin=ARTICLE).out == base.out)
    expect(run("vqe", "--reps=1", "--quiet", "--hamiltonian", "-1.0 ZZ; 0.5 ZI; 0.5 IZ; 0.2 XX").out == base.out)
    odd = write(folder, "--json", ARTICLE)
    expect(run("vqe", "--reps=1", "--quiet", "--", os.path.basename(odd), cwd=folder).out == base.out)


# ---- errors

def errors_files(folder):
    fails(1, r"cannot open: No such file", "vqe", os.path.join(folder, "missing.txt"))
    fails(1, r"is a directory", "exact", folder)
    bad = write(folder, "bad.txt", "1.0 ZZ\n0.5 ZQ\n")
    for command in ("vqe", "exact", "info"):
        fails(3, r"bad\.txt:2:\d+: .*'Q'", command, bad)
    fails(3, r"nan\.txt:1:\d+: .*(NaN|finite)", "vqe", write(folder, "nan.txt", "nan ZZ\n"))
    fails(3, r"empty\.txt:1:1: ", "vqe", write(folder, "empty.txt", ""))
    fails(3, r"Hermitian", "vqe", write(folder, "complex.txt", "1j ZZ\n1 XX\n"))
    fails(3, r"bad\.json:\d+:\d+: ", "vqe", write(folder, "bad.json", '{"terms": [{"pauli": "ZZ", "coefficient": }]}'))
    fails(3, r"length\.txt:2:\d+: ", "exact", write(folder, "length.txt", "1 ZZ\n1 ZZZ\n"))
    fails(3, r"<stdin>:1:\d+: ", "vqe", "-", stdin="1.0 ZQ\n")
    fails(3, r"--hamiltonian:1:\d+: ", "vqe", "--hamiltonian", "1.0 ZQ")
    fails(3, r"m\.fcidump:\d+:\d+: ", "vqe", write(folder, "m.fcidump", "&FCI NORB=2,NELEC=2,MS2=0,\n&END\n1.0 9 9 1 1\n"))
    fails(3, r"init\.txt:1:\d+: ", "vqe", "--hamiltonian", "1 Z", "--initial", write(folder, "init.txt", "0.1 x"))
    fails(3, r"only 1 numbers; this ansatz has", "vqe", "--hamiltonian", "1 Z", "--initial", write(folder, "few.txt", "0.1"))


def errors_once(folder):
    """One "error:" a message, whatever the reader called it."""
    result = fails(3, "", "vqe", write(folder, "bad.txt", "1.0 ZQ\n"))
    expect(result.err.count("error:") == 1 and result.err.count("\n") == 1, result)


def errors_too_large(folder):
    path = write(folder, "big.txt", "1.0 %s\n0.5 %s\n" % ("Z" * 60, "X" * 60))
    started = time.time()
    fails(4, r"60 qubits.*(EiB|GiB)", "vqe", path)
    fails(4, r"60", "exact", path)
    expect(time.time() - started < 60, "a refusal must come before the work")
    result = run("info", path)
    expect(result.code == 0 and "too many qubits to simulate" in result.out and "years" not in result.out, result)
    lines = "".join("1.0 Z%d Z%d\n" % (q, q + 1) for q in range(2000))
    chain = write(folder, "chain.txt", lines)
    started = time.time()
    fails(4, r"2001 qubits", "vqe", chain)
    data = json.loads(run("info", chain, "--json").out)["result"]
    expect(data["vqe_bytes"] is None and data["vqe_seconds_per_gradient"] is None and data["ansatz"] is None, data)
    expect(time.time() - started < 60, "no circuit of so many qubits should be built")


def errors_noise(folder):
    path = write(folder, "h.txt", ARTICLE)
    fails(2, r"noise", "vqe", path, "--shots", "1000", "--gradient", "fd", "--fd-step", "1e-6")


def errors_output_files(folder):
    path = write(folder, "h.txt", ARTICLE)
    result = run("vqe", path, "--plot", os.path.join(folder, "no", "such", "folder.svg"))
    expect(result.code == 1 and "quern: error:" in result.err, result)
    expect(result.out.startswith("Ground state energy: -2.019804"), "the answer was lost with the picture", result)
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            done = subprocess.run([QUERN, "exact", path], stdout=full, stderr=subprocess.PIPE, text=True)
        expect(done.returncode == 1 and "cannot write" in done.stderr, done)


# ---- vqe

def vqe_article(folder):
    path = write(folder, "h.txt", ARTICLE)
    result = run("vqe", path)
    expect(result.code == 0 and result.err == "", result)
    expect(result.out.splitlines()[0] == "Ground state energy: -2.019804", result)
    expect(re.search(r"^Exact value: +-2\.019804", result.out, re.M), result)
    expect("Converged" in result.out and "seed 42" in result.out and "Verdict" in result.out, result)
    expect("possible" not in result.out.lower() and "speed-up" not in result.out.lower(), result)
    quiet = run("vqe", path, "--quiet")
    expect(quiet.out.splitlines() == result.out.splitlines()[:2], quiet, result)


def vqe_json(folder):
    path = write(folder, "h.txt", ARTICLE)
    result = run("vqe", path, "--json")
    expect(result.code == 0 and result.err == "", result)
    data = json.loads(result.out)
    expect(data["schema"] == "quern.vqe/1" and data["seed"] == 42 and re.match(r"\d+\.\d+", data["version"]), data)
    expect(data["input"]["qubits"] == 2 and data["input"]["terms"] == 4, data["input"])
    expect(abs(data["input"]["one_norm"] - 2.2) < 1e-12, data["input"])
    r = data["result"]
    expect(abs(r["energy"] - EXPECTED[0]) < 1e-8 and abs(r["exact_energy"] - EXPECTED[0]) < 1e-12, r)
    expect(r["error"] == r["energy"] - r["exact_energy"] and r["error"] > -1e-12, r)
    expect(r["std_error"] == 0 and r["converged"] is True and r["interrupted"] is False, r)
    expect(len(r["parameters"]) == 12 and r["evaluations"] >= 5 and r["seconds"] > 0, r)
    ledger = data["ledger"]
    expect(ledger["answer"] == {"value": r["energy"], "source": "exact"}, ledger)
    expect(ledger["qubits"]["value"] == 2 and ledger["classical_seconds"]["source"] == "measured", ledger)
    expect(ledger["verdict"] == "no-advantage-classical" and len(ledger["reasons"]) >= 1, ledger)
    expect(ledger["queries"] == {"value": None, "source": "unknown"}, ledger)


def vqe_ansatze_reach_the_minimum(folder):
    path = write(folder, "h.txt", ARTICLE)
    for ansatz in ("two-local", "efficient-su2", "real-amplitudes", "hardware-efficient"):
        data = json.loads(run("vqe", path, "--json", "--ansatz", ansatz, "--starts", "4").out)
        expect(abs(data["result"]["energy"] - EXPECTED[0]) < 1e-6, ansatz, data["result"])
    # One excitation on two qubits: the lowest energy within the space of |01> and |10> is 0.8.
    data = json.loads(run("vqe", path, "--json", "--ansatz", "excitation-preserving", "--starts", "4").out)
    expect(abs(data["result"]["energy"] - 0.8) < 1e-6, data["result"])


def vqe_coupling(folder):
    chain = write(folder, "h3.txt", "1 ZZI\n1 IZZ\n0.5 XII\n0.5 IXI\n0.5 IIX\n")
    exact = json.loads(run("exact", chain, "--json").out)["result"]["energies"][0]
    forms = ["0-1,1-2", "[[0, 1], [1, 2]]", write(folder, "map.txt", "# a line\n0 1\n1 2\n"),
             write(folder, "map.json", "[[0, 1], [1, 0], [1, 2], [2, 1]]\n")]
    results = []
    for form in forms:
        data = json.loads(run("vqe", chain, "--json", "--ansatz", "hardware-efficient", "--coupling", form).out)
        expect(data["method"]["coupling"] == [[0, 1], [1, 2]], form, data["method"])
        results.append(data["result"]["energy"])
    line = json.loads(run("vqe", chain, "--json", "--ansatz", "hardware-efficient").out)["result"]["energy"]
    expect(all(r == line for r in results), results, line)
    expect(abs(line - exact) < 1e-6, line, exact)
    linear = json.loads(run("vqe", chain, "--json", "--entanglement", "linear").out)["result"]["energy"]
    pairs = json.loads(run("vqe", chain, "--json", "--coupling", "0-1,1-2").out)["result"]["energy"]
    expect(linear == pairs, linear, pairs)
    one = json.loads(run("vqe", chain, "--json", "--coupling", "0-1", "--starts", "4").out)["result"]["energy"]
    expect(one > exact + 1e-3, "a qubit left alone cannot be entangled", one)
    for text, column, what in (("0-1,1-3", 7, "qubit 3 is outside 0..2"), ("0-0", 1, "itself"), ("0-1-2-0", 4, "comma"),
                               ("0-1,2", 6, "the end"), ("", 1, "no pairs")):
        fails(3, r"--coupling:1:%d: .*%s" % (column, what), "vqe", chain, "--coupling", text)
    fails(3, r"bad\.txt:2:3: .*'x'", "vqe", chain, "--coupling", write(folder, "bad.txt", "0 1\n1 x\n"))
    fails(1, r"cannot open", "vqe", chain, "--coupling", "missing.txt")


def vqe_initial_bits(folder):
    chain = write(folder, "h3.txt", "1 ZZI\n1 IZZ\n0.1 ZII\n")
    # No layer, nothing turned: the energy of |bits> itself, which tells one order of the bits from the other.
    for bits, energy in (("011", -1 + 1 + 0.1), ("110", 1 - 1 - 0.1), ("100", -1 + 1 - 0.1)):
        result = json.loads(run("vqe", chain, "--json", "--initial-bits", bits, "--ansatz", "excitation-preserving", "--reps", "0",
                                "--initial", "zeros").out)
        expect(abs(result["result"]["energy"] - energy) < 1e-12, bits, result["result"]["energy"])
        expect(result["method"]["initial_bits"] == bits, result["method"])
    fails(3, r"--initial-bits:1:1: 2 bits", "vqe", chain, "--initial-bits", "01")
    fails(3, r"--initial-bits:1:3: ", "vqe", chain, "--initial-bits", "01a")


def vqe_words_fit_the_outcome(folder):
    path = write(folder, "h.txt", ARTICLE)
    stuck = run("vqe", path, "--reps", "0")
    expect("This lies above the exact value" in stuck.out, stuck)
    expect("This lies above" not in run("vqe", path).out)
    sampled = run("vqe", path, "--shots", "1024", "--optimizer", "rotosolve", env={"LC_ALL": "C"}).out
    value, error = re.match(r"Ground state energy: (-?\d\.\d+) \+- (\d\.\d+)  \(standard error\)\n", sampled).groups()
    expect(len(value.split(".")[1]) == len(error.split(".")[1]), sampled)
    expect("\nConverged: " not in sampled, sampled)
    tiny = run("vqe", "--hamiltonian", "1e-300 ZZ", "--quiet").out
    expect("-0.0" not in tiny, tiny)
    expect("\nConverged: 1 evaluation, " in run("vqe", "--hamiltonian", "1 II").out)
    expect("There are only 4 states" in run("exact", path, "--states", "9").out)


def vqe_optimizers_run(folder):
    path = write(folder, "h.txt", ARTICLE)
    names = [line.split()[0] for line in run("list", "optimizers").out.splitlines()]
    expect("slsqp" in names and "spsa" in names and len(names) > 10, names)
    for name in names:
        result = run("vqe", path, "--json", "--optimizer", name, "--maxiter", "60")
        expect(result.code == 0, name, result)
        energy = json.loads(result.out)["result"]["energy"]
        expect(EXPECTED[0] - 1e-9 <= energy <= 1.2, name, energy)


def vqe_sampled(folder):
    path = write(folder, "h.txt", ARTICLE)
    data = json.loads(run("vqe", path, "--json", "--shots", "2000", "--optimizer", "spsa", "--maxiter", "100").out)
    r = data["result"]
    expect(0 < r["std_error"] < 0.2 and r["shots"] >= 2000 * 100, r)
    expect(abs(r["energy"] - r["energy_without_noise"]) < 6 * r["std_error"], r)
    expect(r["energy_without_noise"] >= EXPECTED[0] - 1e-9, r)
    expect(data["ledger"]["answer"]["source"] == "sampled", data["ledger"]["answer"])
    text = run("vqe", path, "--shots", "2000", "--optimizer", "spsa", "--maxiter", "100").out
    expect("standard error" in text and "Without noise:" in text, text)


def vqe_starts(folder):
    path = write(folder, "h.txt", ARTICLE)
    r = json.loads(run("vqe", path, "--json", "--starts", "6").out)["result"]
    expect(len(r["starts"]) == 6, r)
    lowest = min(s["energy"] for s in r["starts"])
    expect(r["energy"] == lowest and r["starts"][r["best_start"]]["energy"] == lowest, r)
    expect(r["starts_at_minimum"] == sum(s["energy"] <= lowest + 1e-6 for s in r["starts"]), r)
    expect(re.search(r"\d of 6 starts reached", run("vqe", path, "--starts", "6").out))


def vqe_not_converged_is_said(folder):
    path = write(folder, "h.txt", ARTICLE)
    result = run("vqe", path, "--maxiter", "2")
    expect(result.code == 0 and "NOT converged" in result.out, result)
    r = json.loads(run("vqe", path, "--maxiter", "2", "--json").out)["result"]
    expect(r["converged"] is False, r)


def vqe_initial(folder):
    path = write(folder, "h.txt", ARTICLE)
    first = json.loads(run("vqe", path, "--json").out)["result"]
    for text in (json.dumps(first["parameters"]), "# found before\n" + "\n".join(repr(p) for p in first["parameters"])):
        again = json.loads(run("vqe", path, "--json", "--initial", write(folder, "p.txt", text)).out)["result"]
        expect(abs(again["energy"] - first["energy"]) < 1e-9 and again["evaluations"] <= first["evaluations"], again)
    zeros = run("vqe", path, "--json", "--initial", "zeros", "--maxiter", "1")
    expect(zeros.code == 0, zeros)


def vqe_gradients_agree(folder):
    path = write(folder, "h.txt", ARTICLE)
    energies = [json.loads(run("vqe", path, "--json", "--gradient", g).out)["result"]["energy"] for g in ("adjoint", "shift", "fd")]
    expect(max(energies) - min(energies) < 1e-6, energies)


# ---- molecule

def molecule_hydrogen(folder):
    path = os.path.join(MOLECULES, "h2.fcidump")
    data = json.loads(run("vqe", path, "--json").out)
    r, m = data["result"], data["input"]["molecule"]
    expect(m["orbitals"] == 2 and m["alpha_electrons"] == 1 and data["input"]["qubits"] == 4, m)
    expect(data["method"]["ansatz"] == "uccsd" and abs(r["error"]) < 1e-8, r)
    expect(r["reference_energy"] > r["energy"] and r["unit"] == "Hartree", r)
    expect(abs(r["correlation_energy"] - (r["energy"] - r["reference_energy"])) < 1e-12, r)
    text = run("vqe", path).out
    expect("Hartree-Fock:" in text and "Correlation energy:" in text and "% of the exact one" in text, text)
    for mapping, taper in itertools.product(("jw", "parity", "bk"), (False, True)):
        arguments = ["--mapping", mapping] + (["--taper"] if taper else [])
        other = json.loads(run("vqe", path, "--json", *arguments).out)
        expect(abs(other["result"]["energy"] - r["energy"]) < 1e-7, arguments, other["result"])
        expect((other["input"]["qubits"] < 4) == taper, other["input"])
        exact = json.loads(run("exact", path, "--json", *arguments).out)["result"]
        expect(abs(exact["energies"][0] - r["exact_energy"]) < 1e-9, exact)


def molecule_published_energies(folder):
    """Energies of data/molecules/energies.tsv, where the file is there: its own columns say what they are."""
    table = os.path.join(MOLECULES, "energies.tsv")
    if not os.path.exists(table):
        sys.exit(77)
    rows = [line.rstrip("\n").split("\t") for line in open(table, encoding="utf-8") if not line.startswith("#")]
    header, rows = rows[0], rows[1:]
    name = header.index(next(h for h in header if h in ("molecule", "name", "file")))
    fci = next(i for i, h in enumerate(header) if "fci" in h.lower())
    checked = 0
    for row in rows:
        stem = row[name].replace(".fcidump", "")
        if stem in ("h2", "heh_plus", "h4_chain", "lih"):
            got = json.loads(run("exact", os.path.join(MOLECULES, stem + ".fcidump"), "--json").out)["result"]
            expect(abs(got["energies"][0] - float(row[fci])) < 1e-6, row, got)
            checked += 1
    expect(checked >= 2, header, rows)


# ---- exact

def exact_spectrum(folder):
    path = write(folder, "h.txt", ARTICLE)
    for method in ("auto", "dense", "lanczos"):
        data = json.loads(run("exact", path, "--states", "4", "--json", "--method", method).out)
        r = data["result"]
        expect(data["schema"] == "quern.exact/1" and r["converged"], data)
        expect(len(r["energies"]) == len(r["residual_bounds"]) == 4, r)
        expect(all(abs(a - b) < 1e-9 for a, b in zip(r["energies"], EXPECTED)), method, r)
        expect(all(0 <= b < 1e-8 for b in r["residual_bounds"]), r)
    text = run("exact", path).out
    expect(text.startswith("Ground state energy: -2.0198039027"), text)


def exact_sector(folder):
    path = os.path.join(MOLECULES, "h2.fcidump")
    inside = json.loads(run("exact", path, "--states", "16", "--json").out)["result"]
    outside = json.loads(run("exact", path, "--states", "16", "--json", "--sector", "off").out)["result"]
    expect(inside["dimension"] == 4 and outside["dimension"] == 16, inside, outside)
    for energy in inside["energies"]:
        expect(min(abs(energy - other) for other in outside["energies"]) < 1e-8, energy, outside)


# ---- info

def info_pauli(folder):
    path = write(folder, "h.txt", ARTICLE)
    text = run("info", path).out
    expect("Pauli sum" in text and "one-norm" in text and "2.2" in text and "fits" in text, text)
    data = json.loads(run("info", path, "--json").out)
    expect(data["schema"] == "quern.info/1" and data["result"]["groups_commuting"] == 2, data)
    expect(data["result"]["parameters"] == 12 and data["result"]["exact_dimension"] == 4, data)


def info_molecule(folder):
    text = run("info", os.path.join(MOLECULES, "lih.fcidump"), "--taper").out
    expect("FCIDUMP" in text and "(of 12)" in text and "uccsd" in text, text)


# ---- files

class Balanced(HTMLParser):
    VOID = {"meta", "link", "br", "img", "hr", "rect", "line", "path", "circle"}

    def __init__(self):
        super().__init__()
        self.stack, self.attributes = [], []

    def handle_starttag(self, tag, attributes):
        self.attributes += [(tag, k, v) for k, v in attributes]
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.attributes += [(tag, k, v) for k, v in attributes]

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            expect(self.stack and self.stack[-1] == tag, tag, self.stack)
            self.stack.pop()


def files_plot_and_report(folder):
    for name, arguments in (("plain", ["--hamiltonian", "-1.0 ZZ; 0.5 ZI; 0.5 IZ; 0.2 XX"]),
                            ("sampled", ["--hamiltonian", "1 Z; 0.5 X", "--shots", "100", "--optimizer", "spsa", "--maxiter", "30"]),
                            ("molecule", [os.path.join(MOLECULES, "h2.fcidump")])):
        svg, page = os.path.join(folder, name + ".svg"), os.path.join(folder, name + ".html")
        result = run("vqe", *arguments, "--plot", svg, "--report", page)
        expect(result.code == 0 and "picture: " + svg in result.out and "report:  " + page in result.out, result)
        root = xml.dom.minidom.parse(svg).documentElement
        expect(root.tagName == "svg" and root.getElementsByTagName("path"), svg)
        content = open(svg, encoding="utf-8").read()
        expect("prefers-color-scheme" in content and "exact" in content, svg)
        expect(("chemical accuracy" in content) == (name == "molecule"), svg)
        html = open(page, encoding="utf-8").read()
        reader = Balanced()
        reader.feed(html)
        expect(not reader.stack, reader.stack)
        fetched = [a for a in reader.attributes if a[1] in ("src", "href")]
        expect(not fetched and "<script" not in html, fetched)
        expect("quern vqe" in html and "Ledger" in html and html.count("<svg xmlns") == 2, page)
    expect(not [f for f in os.listdir(folder) if f.endswith(".tmp")], os.listdir(folder))


def files_to_standard_output(folder):
    result = run("vqe", "--hamiltonian", "1 Z; 0.5 X", "--plot", "-")
    expect(result.code == 0 and result.out.startswith("<?xml"), result)
    xml.dom.minidom.parseString(result.out)


def files_hostile_names(folder):
    path = write(folder, "a<b>&\"c'.txt", ARTICLE)
    svg, page = os.path.join(folder, "h.svg"), os.path.join(folder, "h.html")
    result = run("vqe", path, "--plot", svg, "--report", page, "--json")
    expect(result.code == 0 and json.loads(result.out)["input"]["name"] == path, result)
    xml.dom.minidom.parse(svg)
    reader = Balanced()
    reader.feed(open(page, encoding="utf-8").read())
    expect(not reader.stack, reader.stack)


def files_checkpoint(folder):
    path, log = write(folder, "h.txt", ARTICLE), os.path.join(folder, "log")
    first = json.loads(run("vqe", path, "--json").out)
    kept = json.loads(run("vqe", path, "--json", "--checkpoint", log).out)
    expect(os.path.getsize(log) > 0 and untimed(kept) == untimed(first))
    resumed = json.loads(run("vqe", path, "--json", "--checkpoint", log, "--resume").out)
    expect(untimed(resumed) == untimed(first), resumed, first)
    other = run("vqe", path, "--json", "--checkpoint", log, "--resume", "--seed", "7")
    expect(other.code == 1 and "another run" in other.err, other)


# ---- terminal

def slow_arguments():
    """A run that lasts long enough to be watched and stopped: ten qubits, deep, small steps."""
    terms = ["-1.0 Z%d Z%d" % (q, q + 1) for q in range(11)] + ["-0.7 X%d" % q for q in range(12)]
    return ["vqe", "--hamiltonian", "; ".join(terms), "--reps", "12", "--optimizer", "gradient-descent", "--maxiter", "1000000"]


def terminal_narrow_ledger(folder):
    path = write(folder, "h.txt", ARTICLE)
    for columns in (56, 60, 80):
        ledger = run("vqe", path, env={"COLUMNS": str(columns)}).out.split("\n\n", 1)[1]
        wide = [line for line in ledger.splitlines() if len(line) > columns]
        expect(not wide, columns, wide)
        expect("modelled" in ledger and "measured" in ledger, ledger)


def terminal_colors(folder):
    path = write(folder, "h.txt", ARTICLE)
    expect("\033" not in run("vqe", path).out, "no colour into a pipe")
    expect("\033[1m" in run("vqe", path, env={"CLICOLOR_FORCE": "1"}).out)
    expect("\033" not in run("vqe", path, env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}).out)
    expect("\033" not in run("vqe", path, "--json", env={"CLICOLOR_FORCE": "1"}).out)
    expect("\033[1m" in on_terminal(["vqe", path], standard_output=True)[1])
    expect("\033" not in on_terminal(["vqe", path], env={"TERM": "dumb"}, standard_output=True)[1])
    expect("\033[1m" not in on_terminal(["vqe", path], env={"NO_COLOR": "1"}, standard_output=True)[1])


def terminal_width_and_charset(folder):
    path = write(folder, "h.txt", ARTICLE)
    narrow = run("vqe", path, env={"COLUMNS": "60", "LC_ALL": "C"}).out
    verdict = narrow[narrow.index("Verdict"):]
    expect(all(len(line) <= 60 for line in verdict.splitlines()), verdict)
    expect(narrow.isascii(), narrow)
    expect("\u2022" in run("vqe", path, env={"LC_ALL": "C.UTF-8"}).out)


def terminal_progress(folder):
    code, shown, out = on_terminal(slow_arguments(), keys=lambda p: p.send_signal(signal.SIGINT))
    expect(code == 130, code, shown, out)
    expect("energy" in shown and "evaluations/s" in shown, shown)
    expect(shown.rstrip("\n").endswith("\r\033[K"), "the line is wiped at the end", repr(shown[-200:]))
    expect(out.startswith("Ground state energy: "), out)
    code, shown, out = on_terminal([*slow_arguments()[:-1], "3"], env={"TERM": "dumb"})
    expect(code == 0 and shown == "", shown)
    code, shown, out = on_terminal([*slow_arguments()[:-1], "3", "--quiet"])
    expect(code == 0 and "energy" not in shown, shown)


def terminal_closed_pipe(folder):
    path = write(folder, "h.txt", ARTICLE)
    done = subprocess.run("%s vqe %s | head -1" % (QUERN, path), shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    expect(done.stdout == "Ground state energy: -2.019804\n" and done.stderr == "", done)


# ---- determinism

def determinism_threads(folder):
    """Byte for byte, apart from clocks, whatever the number of threads."""
    path = write(folder, "h.txt", ARTICLE)
    cases = (["vqe", path, "--starts", "5"],
             ["vqe", path, "--starts", "3", "--shots", "300", "--optimizer", "spsa", "--maxiter", "40"],
             ["vqe", os.path.join(MOLECULES, "h4_chain.fcidump"), "--maxiter", "5"],
             ["exact", os.path.join(MOLECULES, "lih.fcidump"), "--states", "3", "--taper"])
    for arguments in cases:
        texts = []
        for threads in ("1", "2", "3", "1"):
            result = run(*arguments, "--json", "--threads", threads)
            expect(result.code == 0, arguments, result)
            texts.append(json.dumps(untimed(json.loads(result.out))))
            expect(json.loads(result.out)["version"], "not empty")
        expect(len(set(texts)) == 1, arguments, *texts)


def determinism_seeds(folder):
    path = write(folder, "h.txt", ARTICLE)
    base = ["vqe", path, "--json", "--shots", "300", "--optimizer", "spsa", "--maxiter", "20"]
    first, same, other = (json.loads(run(*base, *extra).out)["result"]["energy"]
                          for extra in ([], ["--seed", "42"], ["--seed", "43"]))
    expect(first == same and first != other, first, same, other)


def determinism_pictures(folder):
    path = write(folder, "h.txt", ARTICLE)
    pictures = [run("vqe", path, "--plot", "-", "--threads", threads).out for threads in ("1", "2")]
    expect(pictures[0] == pictures[1])


# ---- interrupt

def interrupt_once(folder):
    svg = os.path.join(folder, "x.svg")
    process = subprocess.Popen([QUERN, *slow_arguments(), "--json", "--plot", svg], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    interrupt(process, 1.0)
    out, err = process.communicate(timeout=120 * PATIENCE)
    expect(process.returncode == 130, process.returncode, out, err)
    result = json.loads(out)["result"]
    expect(result["interrupted"] is True and result["energy"] < 0 and result["evaluations"] > 0, result)
    xml.dom.minidom.parse(svg)


def interrupt_twice(folder):
    """The second Ctrl-C ends the process at once, even where the first one is waiting to be heard."""
    process = subprocess.Popen([QUERN, *slow_arguments()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    interrupt(process, 0.5)
    for _ in range(50):
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGINT)
        time.sleep(0.001)
    process.communicate(timeout=120 * PATIENCE)
    expect(process.returncode == 130, process.returncode)


def interrupt_and_resume(folder):
    """A run that was stopped and resumed ends as if it had never been stopped."""
    arguments = [a for a in slow_arguments()]
    arguments[-1] = "40"
    arguments[arguments.index("--reps") + 1] = "4"
    whole = json.loads(run(*arguments, "--json").out)
    log = os.path.join(folder, "log")
    process = subprocess.Popen([QUERN, *arguments, "--json", "--checkpoint", log], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.time() + 120
    while time.time() < deadline and process.poll() is None and not (os.path.exists(log) and os.path.getsize(log) > 200):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    resumed = json.loads(run(*arguments, "--json", "--checkpoint", log, "--resume").out)
    expect(untimed(resumed) == untimed(whole), untimed(resumed), untimed(whole))


# ---- generated

def generated_man(folder):
    for arguments in (["man"], ["man", "vqe"], ["man", "exact"]):
        result = run(*arguments)
        expect(result.code == 0 and result.out.startswith(".TH QUERN"), result)
        expect(".SH NAME" in result.out and ".SH EXIT STATUS" in result.out, result)
    expect("\\-\\-ansatz" in run("man", "vqe").out)
    try:
        checked = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=run("man", "vqe").out, stderr=subprocess.PIPE, text=True)
        expect(checked.stderr == "", checked.stderr)
    except FileNotFoundError:
        print("groff is not installed: roff not checked")


def generated_completions(folder):
    for shell in ("bash", "zsh", "fish"):
        result = run("completions", shell)
        expect(result.code == 0 and "--ansatz" in result.out.replace("-l ansatz", "--ansatz"), result)
        expect("two-local" in result.out and "slsqp" in result.out, result)
        script = write(folder, "completions." + shell, result.out)
        try:
            checked = subprocess.run([shell, "-n", script], stderr=subprocess.PIPE, text=True)
            expect(checked.returncode == 0 and checked.stderr == "", shell, checked.stderr)
        except FileNotFoundError:
            print(shell + " is not installed: its script not checked")


def generated_bash_completes(folder):
    script = write(folder, "c.bash", run("completions", "bash").out)

    def complete(*words):
        program = "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _quern; echo \"${COMPREPLY[*]}\"" % (
            script, " ".join("'%s'" % w for w in words), len(words) - 1)
        return subprocess.run(["bash", "-c", program], stdout=subprocess.PIPE, text=True).stdout.split()

    expect(complete("quern", "v") == ["vqe", "version"], complete("quern", "v"))
    expect(complete("quern", "vqe", "--ent") == ["--entangler", "--entanglement"], complete("quern", "vqe", "--ent"))
    expect(complete("quern", "vqe", "--gradient", "a") == ["auto", "adjoint"])
    expect(complete("quern", "list", "e") == ["engines"])


if __name__ == "__main__":
    sys.exit(main(globals()))
