#!/usr/bin/env python3
"""Checks of `quern nas` and `quern tune`. Called with QUERN SOURCE_FOLDER GROUP."""
import csv
import json
import os
import subprocess
import sys
import time
import xml.dom.minidom

from checks import PATIENCE, QUERN, SOURCE, expect, fails, interrupt, main, run, skip, untimed, write

MICRO = os.path.join(SOURCE, "data", "nas", "micro.csv")
MACRO = os.path.join(os.path.dirname(SOURCE), "shared", "data", "nas", "nas-bench-macro_cifar10.json")
GRID = "lr,opt,loss\n" + "".join("%g,%s,%g\n" % (r, o, abs(i - 2) + (o == "sgd") * 0.5)
                                for i, r in enumerate((1, 0.3, 0.1, 0.03, 0.01)) for o in ("adam", "sgd"))


def search(command, *arguments):
    done = run(command, *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    return json.loads(done.out)


def check_micro(folder):
    with open(MICRO, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    best = max(float(row["accuracy"]) for row in rows)
    data = search("nas", MICRO, "--evaluations", "60", "--runs", "8")
    result = data["result"]
    expect(data["schema"] == "quern.nas/1" and data["input"]["entries"] == 3125 == len(rows), data["input"])
    expect(data["input"]["sense"] == "maximise" and data["input"]["remark"].endswith("loss"), data["input"])
    expect(result["table_best"]["score"] == best, result["table_best"])
    row = rows[result["best"]["row"] - 1]
    chosen = result["best"]["configuration"]
    expect(all(row[k] == str(chosen[k]) for k in ("input", "op1", "op2", "op3", "width")), row, chosen)
    expect(float(row["accuracy"]) == result["best"]["score"], row)
    expect([point["evaluations"] for point in result["regret"]] == list(range(1, 61)), result["regret"])
    expect(all(p["low"] <= p["mean"] <= p["high"] for p in result["regret"]), result["regret"])
    expect(abs(best - result["mean_score"] - result["final_regret"]) < 1e-12, result)
    expect([b["method"] for b in result["baselines"]] == ["random", "local", "evolution", "tpe"], result)
    rival = result["baselines"][0]
    expect(rival["final_regret"] > result["final_regret"] and rival["p_value"] < 0.05 and rival["difference_high"] < 0, rival)
    expect(abs(result["final_regret"] - rival["final_regret"] - rival["difference"]) < 1e-12, rival)
    law = result["grover_on_the_table"]
    expect(55 < law["mean_queries"] < law["bound"] == 22.5 * 3125 ** 0.5, law)
    ledger = data["ledger"]
    expect(ledger["evaluations"]["value"] == 60 and ledger["problem_size"]["value"] == 3125, ledger)
    expect(ledger["verdict"] == "no-advantage-classical", ledger["verdict"])
    expect(any("training run" in reason for reason in ledger["reasons_quoting_seconds"]), ledger["reasons_quoting_seconds"])


def check_quantum_methods(folder):
    for method in ("xy", "grover", "anneal"):
        data = search("nas", MICRO, "--method", method, "--evaluations", "30", "--runs", "3", "--baselines", "none")
        expect(data["result"]["method"] == method and data["result"]["baselines"] == [], data["result"])
        expect((data["result"]["quantum_queries"] is None) == (method == "anneal"), data["result"])
        expect(data["ledger"]["qubits"]["value"] >= 12 and data["ledger"]["shots_total"]["value"] >= 20, data["ledger"])


def check_macro(folder):
    if not os.path.exists(MACRO):
        skip("no " + MACRO)
    data = search("nas", MACRO, "--evaluations", "100", "--runs", "4", "--baselines", "none")
    expect(data["input"]["format"] == "nas-json" and data["input"]["configurations"] == 6561, data["input"])
    expect(abs(data["result"]["table_best"]["score"] - 93.13) < 0.005, data["result"]["table_best"])
    expect(data["result"]["final_regret"] < 0.02, data["result"]["final_regret"])


def check_tune(folder):
    grid = write(folder, "t.csv", GRID)
    data = search("tune", grid, "--evaluations", "9", "--runs", "4", "--initial", "3")
    expect(data["schema"] == "quern.tune/1" and data["input"]["sense"] == "minimise", data)
    expect(data["result"]["best"] == {"score": 0, "row": 5, "configuration": {"lr": 0.1, "opt": "adam"}}, data["result"]["best"])
    other = search("tune", grid, "--objective-column", "lr", "--maximise", "--ignore", "opt", "--runs", "2")
    expect(other["result"]["best"]["configuration"] == {"loss": 2} and other["result"]["evaluations"] == 6, other["result"])


def check_repeats(folder):
    arguments = ("nas", MICRO, "--evaluations", "25", "--runs", "4", "--json", "--quiet", "--seed", "7")
    one = json.loads(run(*arguments, "--threads", "1").out)["result"]
    three = json.loads(run(*arguments, "--threads", "3").out)["result"]
    for result in (one, three):
        for part in [result] + result["baselines"]:
            del part["seconds_per_run"]
    expect(untimed(one) == untimed(three), one, three)


def finished(text):
    """Of `quern nas --json`: what does not depend on clocks."""
    return {k: v for k, v in untimed(json.loads(text)).items() if k != "ledger"}


def check_resume(folder):
    """A search cut at any byte of its checkpoint ends as the uninterrupted one; finished runs are not repeated."""
    log = os.path.join(folder, "log")
    for words in (("--evaluations", "25", "--runs", "4"), ("--method", "grover", "--evaluations", "20", "--runs", "3"),
                  ("--method", "xy", "--evaluations", "18", "--runs", "2", "--baselines", "none")):
        arguments = ("nas", MICRO, *words, "--json", "--quiet")
        plain, kept = run(*arguments), run(*arguments, "--checkpoint", log)
        expect(plain.code == kept.code == 0 and finished(kept.out) == finished(plain.out), words, kept)
        size = os.path.getsize(log)
        for length in (size, size - 3, size * 2 // 3, size // 4, 16, 5):
            os.truncate(log, length)
            resumed = run(*arguments, "--checkpoint", log, "--resume", "--threads", "1" if length % 2 else "2")
            expect(resumed.code == 0 and finished(resumed.out) == finished(plain.out), words, length, resumed)
            quantum = [{k: json.loads(r.out)["ledger"][k] for k in ("qubits", "gates", "depth", "queries")} for r in (plain, resumed)]
            expect(quantum[0] == quantum[1], quantum)
            expect(os.path.getsize(log) == size, words, length, os.path.getsize(log))
        if words[0] != "--method":  # another method goes on from the baselines that are there
            other = run("nas", MICRO, *words, "--method", "local", "--checkpoint", log, "--resume")
            expect("20 runs were taken from the checkpoint" in other.out and os.path.getsize(log) == size, other)
        os.remove(log)


def check_foreign_checkpoints(folder):
    grid, log = write(folder, "t.csv", GRID), os.path.join(folder, "log")
    words = ("tune", grid, "--evaluations", "6", "--runs", "3", "--checkpoint", log)
    expect(run(*words).code == 0, words)
    fails(1, "this checkpoint exists", *words)
    for other in (("--seed", "7"), ("--maximise",), ("--initial", "3"), ("--mean",)):
        fails(1, "belongs to another run", *words, "--resume", *other)
    fails(1, "belongs to another run", "tune", write(folder, "u.csv", GRID.replace("0.5", "0.25")), *words[2:], "--resume")
    fails(1, "no checkpoint of quern", *words[:-1], grid, "--resume")
    fails(2, "--resume needs --checkpoint", "tune", grid, "--resume")


def check_kill_and_resume(folder):
    log = os.path.join(folder, "log")
    arguments = ["nas", MICRO, "--runs", "300", "--evaluations", "40", "--json", "--quiet", "--baselines", "none"]
    whole = run(*arguments)
    process = subprocess.Popen([QUERN, *arguments, "--checkpoint", log], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.time() + 120
    while time.time() < deadline and process.poll() is None and not (os.path.exists(log) and os.path.getsize(log) > 20000):
        time.sleep(0.001)
    process.kill()
    process.communicate()
    resumed = run(*arguments, "--checkpoint", log, "--resume")
    expect(resumed.code == 0 and finished(resumed.out) == finished(whole.out), "resumed", resumed.err)


def check_pictures(folder):
    plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    done = run("nas", MICRO, "--plot", plot, "--report", page, "--evaluations", "20", "--runs", "3")
    expect(done.code == 0 and done.out.startswith("best accuracy found: 0."), done)
    expect("exact *" in done.out and "Verdict" in done.out and "columns that are not choices: loss" in done.out, done)
    xml.dom.minidom.parse(plot)
    expect("Regret against evaluations" in open(page, encoding="utf-8").read(), "page")


def check_mistakes(folder):
    grid = write(folder, "t.csv", GRID)
    fails(2, "give one TABLE", "nas")
    fails(2, "did you mean 'evolution'", "nas", grid, "--method", "evolutoin")
    fails(2, "--layers has no meaning for --method exact", "nas", grid, "--layers", "3")
    fails(2, "--maximise or --minimise, not both", "tune", grid, "--maximise", "--minimise")
    fails(2, "did you mean 'loss'", "tune", grid, "--objective-column", "los")
    fails(2, "no column 'batch'", "tune", grid, "--ignore", "batch")
    fails(3, r"o\.csv:3:3: 'oom' in column 'loss'; expected a number", "tune", write(folder, "o.csv", "lr,loss\n1,0.5\n2,oom\n"))
    fails(3, r"r\.csv:3:", "tune", write(folder, "r.csv", "lr,loss\n1,0.5\n2\n"))
    fails(2, "holds no table", "nas", write(folder, "g.mc", "2 1\n1 2 1\n"))
    fails(1, "cannot open", "nas", os.path.join(folder, "absent"))


def check_interrupt(folder):
    process = subprocess.Popen([QUERN, "nas", MICRO, "--runs", "20000", "--evaluations", "40", "--json", "--quiet", "--baselines", "none"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    interrupt(process, 1.5)
    out, err = process.communicate(timeout=120 * PATIENCE)
    expect(process.returncode == 130, process.returncode, err)
    result = json.loads(out)["result"]
    expect(result["interrupted"] is True and 1 <= result["runs"] < 20000, result)


if __name__ == "__main__":
    sys.exit(main(globals()))
