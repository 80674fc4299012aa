"""Checks quern advise: verdicts as text and JSON, wrong input, the article's table, the self-test, pages.

Usage: command_advise.py QUERN SOURCE_FOLDER check
"""
import json
import math
import os
import re
import sys
import time
import xml.dom.minidom

from checks import SOURCE, expect, fails, main, run, write

VERDICTS = set(re.findall(r'QN_VERDICT\(\w+, "([^"]+)"', open(os.path.join(SOURCE, "include/quern/verdicts.def"), encoding="utf-8").read()))


def advise(*words, folder, **keywords):
    """The JSON of a weighing; no machine is measured and no user's facts interfere."""
    env = {"XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder, **keywords}
    result = run("advise", *words, "--json", env=env)
    expect(result.code == 0, result)
    value = json.loads(result.out, parse_constant=lambda word: expect(False, word + " in JSON", result))
    return value["result"] if "result" in value else value


def check_dense_system(folder):
    r = advise("linear", "N=1024", "kappa=100", "eps=0.01", "delta=0.01", "access=dense", "C=2000", folder=folder)
    expect(r["verdict"] == "no-advantage-io", r)
    expect(abs(r["logical"]["t_count"] / 8.67e16 - 1) < 0.005, r["logical"])
    expect(r["logical"]["qubits"] == 4 * 1024**2 - 2 * 1024 + 24, r["logical"])
    expect("T gates load the matrix" in r["loading"], r["loading"])
    expect(r["classical"]["method"].startswith("dense LU") and r["classical"]["seconds"] < 1, r["classical"])
    q = r["quantum_seconds"]
    expect(q["p10"] < q["p50"] < q["p90"] and q["sampled"], q)
    expect(r["crossover"]["size"] is None and r["crossover"]["exists"] is False and r["era"] == "none", r)
    expect(any("2211.12489" in line for line in r["trace"]), r["trace"])


def check_fields_of_every_workload(folder):
    lines = {"linear": ["N=2^20", "kappa=100"], "search": ["N=2^30"], "optimize": ["n=40"], "montecarlo": ["path_tof=1e4"], "chemistry": ["preset=femoco"],
             "matmul": ["N=4096"], "attention": ["seq=1e5"], "train": ["params=1e9"], "sampling": ["qubits=40"], "shor": []}
    listed = advise("list", folder=folder)["workloads"]
    expect({w["name"] for w in listed} == set(lines), listed)
    for workload, words in lines.items():
        started = time.time()
        r = advise(workload, *words, folder=folder)
        expect(r["verdict"] in VERDICTS and r["reasons"] and r["loading"] and r["era"], r)
        for key in ("qubits", "t_count", "toffoli_count", "queries", "depth"):
            expect(isinstance(r["logical"][key], (int, float)), key, r["logical"])
        expect(set(r["classical"]) >= {"method", "seconds"} and set(r["crossover"]) >= {"size", "seconds"}, r)
        expect(set(r["quantum_seconds"]) >= {"p10", "p50", "p90"}, r)
        expect(time.time() - started < 120, "hangs")


def check_text_says_verdict_loading_and_crossover(folder):
    env = {"XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder}
    result = run("advise", "search", "N=2^40", "access=formula", "oracle_tof=1e4", env=env)
    expect(result.code == 0 and result.out.startswith("search: no-advantage-degree\n"), result)
    for word in ("data loading", "crossover", "closed form", "logical qubits", "era", "quant-ph/9605034", "seed 42", "not a forecast"):
        expect(word in result.out, word, result)
    expect("never measured" in result.err and result.err.count("\n") == 1, result.err)
    expect("never measured" not in run("advise", "search", "N=4", "--baseline", "h200", env=env).err)
    expect(all(len(line) <= 80 for line in result.out.splitlines()), result.out)
    expect(not re.search(r"[ \t]\n", result.out), "blank at the end of a line", result.out)


def check_mistakes(folder):
    fails(2, r"unknown workload 'linaer'; did you mean 'linear'\? Workloads: linear, search", "advise", "linaer", "N=4")
    fails(2, r"linear has no key 'kapa'; did you mean 'kappa'\? Keys: N, kappa", "advise", "linear", "N=4", "kapa=3")
    fails(2, r"kappa=0.5 is impossible: it must be at least 1", "advise", "linear", "N=4", "kappa=0.5")
    fails(2, r"eps=0 is impossible: it must be above 0", "advise", "linear", "N=4", "kappa=2", "eps=0")
    fails(2, r"eps=-1 is impossible", "advise", "linear", "N=4", "kappa=2", "eps=-1")
    fails(2, r"0.02 is not below the threshold", "advise", "linear", "N=4", "kappa=2", "p=0.02")
    fails(2, r"N=1e400 is impossible|N=1e400 is no number", "advise", "linear", "N=1e400", "kappa=2")
    fails(2, r"did you mean .?willow", "advise", "linear", "N=4", "kappa=2", "--hardware", "willo")
    fails(2, r"did you mean .?h200", "advise", "linear", "N=4", "kappa=2", "--baseline", "h201")
    fails(2, r"the year 1990", "advise", "linear", "N=4", "kappa=2", "--year", "1990")
    fails(2, r"budget of 2", "advise", "linear", "N=4", "kappa=2", "--budget", "2")
    fails(2, r"KEY=VALUE", "advise", "linear", "N")
    fails(2, r"s=16 is impossible: a row of 8 unknowns", "advise", "linear", "N=8", "kappa=2", "s=16")
    fails(2, r"M=8 is impossible: there are 4 items", "advise", "search", "N=4", "M=8", "oracle_tof=3")
    fails(2, r"M=8 is impossible", "advise", "search", "log2N=2", "M=8", "oracle_tof=3")
    fails(2, r"N and log2N both", "advise", "search", "N=4", "log2N=3", "oracle_tof=3")
    fails(2, r"'table' takes no keys; 'N=4'", "advise", "table", "N=4")
    fails(2, r"'list' takes no keys; 'linear'", "advise", "list", "linear")
    fails(2, r"name a workload", "advise")
    fails(2, r"name a workload", "advise", "linear", "--selftest")
    fails(1, r"no such folder", "advise", "linear", "N=4", "kappa=2", "--data", os.path.join(folder, "none"))


def check_abbreviation(folder):
    words = ["preset=femoco", "overlap=1"]
    expect(advise("chem", *words, folder=folder)["reasons"] == advise("chemistry", *words, folder=folder)["reasons"], "chem is chemistry")


def check_variational_chemistry(folder):
    """Shots decide against it; nothing may be claimed of a rival whose time is unknown."""
    long = advise("chem", "preset=femoco", "method=vqe", folder=folder)
    expect(long["verdict"] == "no-advantage-era" and long["classical"]["seconds"] is None, long)
    short = advise("chem", "lambda=30", "qubits=12", "method=vqe", folder=folder)
    expect(short["verdict"] == "heuristic" and any("shots" in line for line in short["reasons"]), short)
    beaten = advise("chem", "lambda=30", "qubits=12", "method=vqe", "classical_s=1ms", folder=folder)
    expect(beaten["verdict"] == "no-advantage-classical", beaten)


def check_free_calls_take_time(folder):
    """Calls follow one another even where a call is said to need no gate."""
    r = advise("linear", "N=2", "kappa=1", "s=1", "access=formula", "oracle_tof=0", "readout=sample", "structure=general", folder=folder)
    expect(r["verdict"] == "no-advantage-classical" and r["quantum_seconds"]["central"] >= 10e-6 * r["logical"]["queries"], r)
    expect(advise("search", "N=2", "oracle_tof=0", folder=folder)["quantum_seconds"]["central"] > 0, "no time")


def check_given_times_are_not_rates(folder):
    env = {"XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder}
    given = run("advise", "chem", "lambda=10", "W=100", "qubits=50", "overlap=1", "classical_s=1h", env=env)
    expect(given.code == 0 and "time from you" in given.out and "typical rates" not in given.out, given)
    rated = run("advise", "linear", "N=2^20", "kappa=100", env=env)
    expect("(typical rates, not measured)" in " ".join(rated.out.split()), rated)


def check_nothing_is_priced_with_an_invented_input(folder):
    for words, key in ((["lambda=100"], "W"), (["lambda=100", "W=10"], "qubits"), (["method=vqe"], "lambda"), (["method=vqe", "one_norm=3"], "qubits"),
                       (["preset=femoco_2025", "method=vqe"], "lambda"), (["preset=femoco_2025", "lambda=100"], "W")):
        r = advise("chemistry", *words, folder=folder)
        expect(r["verdict"] == "needs-input" and r["needs"] == key and r["verdict_code"] == f"NEEDS({key})", words, r)
        expect(r["logical"]["qubits"] is None and r["quantum_seconds"]["central"] is None and r["era"] == "unknown", words, r)
    for words in (["search", "N=2^20", "access=formula"], ["montecarlo", "eps=1e-5"], ["linear", "N=2^20", "kappa=10", "access=formula"]):
        r = advise(*words, folder=folder)
        expect(r["era"] == "unknown" and any("at least" in line and "the era is unknown" in line for line in r["reasons"]), words, r)


def check_published_counts_scale_with_the_error(folder):
    counts = [advise("chemistry", "preset=" + preset, *words, folder=folder)["logical"]["toffoli_count"] for preset in ("femoco", "femoco_2025")
              for words in ([], ["eps=1.6e-3"], ["eps=1.6e-4"])]
    expect(counts == [5.3e9, 5.3e9, 5.3e10, 3.41e8, 3.41e8, 3.41e9], counts)
    own = advise("chemistry", "preset=femoco", "lambda=306.3", folder=folder)["logical"]["toffoli_count"]  # the preset's own
    expect(abs(own / 5.3e9 - 1) < 1e-4, own)


def check_small_circuits_are_no_demonstration(folder):
    slow = advise("sampling", "task=rcs", "qubits=28", folder=folder)
    expect(slow["verdict"] == "no-advantage-classical" and slow["quantum_seconds"]["central"] >= slow["classical"]["seconds"], slow)
    fast = advise("sampling", "task=rcs", "qubits=28", "shots=1", folder=folder)
    expect(fast["quantum_seconds"]["central"] < fast["classical"]["seconds"] and fast["verdict_code"] == "HEURISTIC_UNPROVEN", fast)
    expect(advise("sampling", "task=rcs", "qubits=67", "depth=32", folder=folder)["verdict_code"] == "DEMONSTRATED_NARROW")


def check_codes_of_verdicts(folder):
    possible = advise("linear", "N=2^60", "s=4", "kappa=100", "access=formula", "oracle_tof=1000", "readout=scalar", "structure=general", folder=folder)
    expect(possible["verdict_code"] == "POSSIBLE(2032-40)" and possible["crossover"]["defined"] is True, possible)
    expect(advise("linear", "N=2^20", "kappa=100", folder=folder)["verdict_code"] == "NO_ADVANTAGE_IO")
    expect(advise("matmul", "N=100", folder=folder)["verdict_code"] == "NO_KNOWN_ALGORITHM")
    expect(advise("shor", "preset=rsa2048_2025", folder=folder)["crossover"]["defined"] is False)


def check_two_crossings_are_told(folder):
    # two variables: one whole call of nine seconds' worth against four classical ones; at three variables it is slower again
    r = advise("optimize", "n=2", "bits=14", "classical_s=9", "--hardware", "quera", folder=folder)
    expect(r["quantum_seconds"]["central"] < r["classical"]["seconds"] and r["crossover"]["size"] > 2, r)
    expect(any("cross more than once" in line for line in r["reasons"]), r["reasons"])


def check_fast_cycles_end(folder):
    for cycle in ("1e-20s", "1e-300s"):
        r = advise("linear", "N=2^20", "kappa=100", "cycle=" + cycle, folder=folder)
        expect(r["verdict"] == "no-advantage-io", r)


def check_extremes_are_finite(folder):
    for words in (["linear", "N=2^200", "kappa=100", "eps=1e-300"], ["linear", "N=2^200", "kappa=1e300", "eps=1e-300", "access=dense"],
                  ["search", "log2N=990", "access=formula", "oracle_tof=1e300"], ["optimize", "n=3000"], ["train", "params=1e300"], ["montecarlo", "eps=1e-300", "path_tof=10"]):
        r = advise(*words, folder=folder)
        text = json.dumps(r).lower()
        expect(not re.search(r"\b(nan|inf|infinity)\b", text), words)
        expect(math.isfinite(r["quantum_seconds"]["log10_p50"]), words, r["quantum_seconds"])


def check_missing_input_is_a_verdict(folder):
    r = advise("linear", "N=1024", folder=folder)
    expect(r["verdict"] == "needs-input" and r["needs"] == "kappa" and "kappa" in r["loading"], r)
    expect(r["logical"]["qubits"] is None and r["quantum_seconds"]["p50"] is None, r)


def check_same_seed_same_answer(folder):
    words = ("advise", "montecarlo", "path_tof=1e4", "--json", "--samples", "300")
    env = {"XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder}
    expect(run(*words, env=env).out == run(*words, env=env).out)
    expect(run(*words, env=env).out != run(*words, "--seed", "43", env=env).out)


def check_worse_hardware_is_slower(folder):
    words = ("search", "N=2^30", "access=formula", "oracle_tof=1e3")
    fast = advise(*words, folder=folder)["quantum_seconds"]["central"]
    slow = advise(*words, "--hardware", "ions", folder=folder)["quantum_seconds"]["central"]
    expect(slow > 100 * fast, fast, slow)
    one, eight = (advise(*words, "--baseline", b, folder=folder)["classical"]["seconds"] for b in ("h200", "cluster:8"))
    expect(abs(one / eight - 8) < 1e-9, one, eight)


def check_measured_machine_is_used(folder):
    """Rates in the geometric middle of what machine.def allows."""
    machine = {"schema": "quern.machine/1", "version": "0.1.0", "date": "2026-11-30T12:00:00Z", "cpu": "a test's", "threads": 1, "blas_threads": 1}
    with open(os.path.join(SOURCE, "include", "quern", "machine.def"), encoding="utf-8") as table:
        for name, least, most in re.findall(r'^MACHINE_RATE\((\w+), "[^"]+", "[^"]+", (\S+), (\S+)\)', table.read(), re.M):
            machine[name] = math.sqrt(float(least) * float(most))
    path = write(folder, "m.json", json.dumps(machine))
    r = advise("matmul", "N=1000", "prec=fp64", "--machine", path, folder=folder)
    expect(r["classical"]["measured"] is True and "a test's" in r["classical"]["baseline"], r["classical"])
    expect(abs(r["classical"]["seconds"] * machine["gemm_f64_s"] / 2e9 - 1) < 1e-9, r["classical"])
    os.makedirs(os.path.join(folder, "quern"))
    os.rename(path, os.path.join(folder, "quern", "machine.json"))
    result = run("advise", "matmul", "N=1000", env={"XDG_CACHE_HOME": folder})
    expect(result.code == 0 and result.err == "" and "a test's" in result.out, result)


def check_users_facts_override(folder):
    head = open(os.path.join(SOURCE, "data/eras.tsv"), encoding="utf-8").readline()
    row = dict.fromkeys(head.rstrip("\n").split("\t"), "")
    row.update(id="e2026", name="2026-28", first_year="2026", last_year="2028", qubits_lo="1e6", qubits_mid="1e6", qubits_hi="1e6", ops_lo="1e20", ops_mid="1e20", ops_hi="1e20",
               scenario="no", source="a dream", url="https://example.org", date="2026-11", tag="E")
    write(folder, "eras.tsv", head + "\t".join(row.values()) + "\n")
    expect(advise("chemistry", "preset=femoco", "--data", folder, folder=folder)["era"] == "2026-28")
    expect(advise("chemistry", "preset=femoco", folder=folder, QN_DATA=folder)["era"] == "2026-28")
    write(folder, "ears.tsv", "")
    noted = run("advise", "chemistry", "preset=femoco", "--data", folder, "--baseline", "h200", env={"XDG_CACHE_HOME": folder})
    expect(noted.code == 0 and re.search(r"ears\.tsv: no table has this name, the file is ignored; did you mean eras\.tsv\?\n$", noted.err), noted)
    os.remove(os.path.join(folder, "ears.tsv"))
    verdicts = open(os.path.join(SOURCE, "data/verdicts.tsv"), encoding="utf-8").readline()
    write(folder, "verdicts.tsv", verdicts + "mine\ttable\tx\tsearch\tN=4 wrong\t\t\t\t\t\t\tme\thttps://example.org\t2026-11\tE\n")
    fails(3, r"row 'mine': argument 'wrong' is no KEY=VALUE", "advise", "table", "--data", folder)
    write(folder, "verdicts.tsv", verdicts + "mine\ttabel\tx\tsearch\tN=4\t\t\t\t\t\t\tme\thttps://example.org\t2026-11\tE\n")
    fails(3, r"verdicts\.tsv:2: .*kind 'tabel' is none of table, timeline and claim", "advise", "table", "--data", folder)
    os.remove(os.path.join(folder, "verdicts.tsv"))
    row["source"] = ""
    write(folder, "eras.tsv", head + "\t".join(row.values()) + "\n")
    fails(3, r"eras\.tsv:2:\d+: .*source", "advise", "chemistry", "preset=femoco", "--data", folder)


def check_the_article(folder):
    rows = advise("table", folder=folder)["rows"]
    expected = {}
    lines = [line.rstrip("\n").split("\t") for line in open(os.path.join(SOURCE, "data/verdicts.tsv"), encoding="utf-8") if line[0] != "#"]
    for cells in lines[1:]:
        expected[cells[0]] = cells[lines[0].index("expected")]
    expect({r["id"] for r in rows} == set(expected), rows)
    for r in rows:
        said = r["verdict"] if r["verdict"] else r["judgement"]
        expect(said == expected[r["id"]], r, expected[r["id"]])
        if r["kind"] == "timeline":
            expect(r["judgement"].startswith("not supported"), r)
        expect(r["numbers"] and r["source"], r)
    text = run("advise", "table", "--quiet", env={"COLUMNS": "100", "XDG_CACHE_HOME": folder}).out
    expect(all(len(line) <= 100 for line in text.splitlines()) and "The timeline" in text, text)


def check_selftest(folder):
    result = run("advise", "--selftest", "--json")
    expect(result.code == 0, result)
    value = json.loads(result.out)["result"]
    expect(value["failed"] == 0 and value["not_computed"] == 0 and value["passed"] > 100, value)
    rows = {(r["id"], r["quantity"]): r for r in value["rows"]}
    expect(abs(rows["R29", "t"]["ours"] / 8.67e16 - 1) < 0.01, rows["R29", "t"])
    text = run("advise", "--selftest").out
    expect(re.search(r"R36 +toffoli +12254 +12254 +1\.0000 +ok", text), text)


def check_page_and_picture(folder):
    page, picture = os.path.join(folder, "r.html"), os.path.join(folder, "r.svg")
    result = run("advise", "search", "N=2^40", "access=formula", "oracle_tof=1e4", "--report", page, "--plot", picture, "--quiet", env={"XDG_CACHE_HOME": folder})
    expect(result.code == 0, result)
    text = open(page, encoding="utf-8").read()
    for word in ("At which size", "On which hardware", "When", "What it depends on", "data loading", "crossover", "quern advise search", "not a forecast"):
        expect(word in text, word)
    expect(text.count("<svg") >= 4 and "<script" not in text and not re.search(r'(src|href)="http', text), "pictures inline, nothing from outside")
    xml.dom.minidom.parse(picture)
    table = os.path.join(folder, "t.html")
    expect(run("advise", "table", "--report", table, "--quiet").code == 0)
    expect("The timeline" in open(table, encoding="utf-8").read())


if __name__ == "__main__":
    sys.exit(main(globals()))
