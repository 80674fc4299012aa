"""Checks `quern rl`: decision processes and tables of action values.

Usage: command_rl.py QUERN SOURCE_FOLDER check
"""
import json
import os
import struct
import sys
import xml.dom.minidom

from checks import expect, fails, main, run, untimed, write


def answer(*arguments):
    done = run("rl", *arguments, "--json", "--quiet")
    expect(done.code == 0 and done.err == "", arguments, done)
    data = json.loads(done.out)
    expect(data["schema"] == "quern.rl/1", data)
    return data


def check_lake(folder):
    out = os.path.join(folder, "policy.npy")
    data = answer("frozenlake", "--size", "4", "--discount", "0.9", "--epsilon", "0.05", "--output", out)
    result = data["result"]
    expect(abs(result["optimal_values"][0] - 0.0688909) < 1e-6, result)
    expect(result["error"] <= .05 and len(result["policy"]) == 16, result)
    expect(result["queries"] == min(result["queries_every_action"], result["queries_threshold_search"]), result)
    expect(result["classical"]["seconds"] > 0 and result["samples"] > 0, result)
    raw = open(out, "rb").read()
    start = 10 + struct.unpack("<H", raw[8:10])[0]
    expect(list(struct.unpack("<16d", raw[start:])) == result["policy"], raw)
    ledger = data["ledger"]
    expect(ledger["classical_seconds"]["source"] == "measured", ledger)
    off = abs(ledger["answer"]["value"] - ledger["classical_value"]["value"])
    expect(abs(ledger["answer_error"]["value"] - off) < 1e-12 and off <= result["error"] + 1e-9, ledger)


def check_worlds(folder):
    for arguments in (["garnet", "--states", "10", "--actions", "3", "--branches", "2", "--discount", "0.8"],
                      ["gridworld", "--width", "4", "--height", "3", "--discount", "0.8"]):
        result = answer(*arguments, "--epsilon", "0.2")["result"]
        expect(result["error"] <= .2 and result["regret"] < .2, result)
        again = answer(*arguments, "--epsilon", "0.2", "--threads", "1")["result"]
        expect(untimed(again) == untimed(result), "threads change the run")


def check_variance_reduction(folder):
    data = answer("frozenlake", "--size", "4", "--discount", "0.9", "--epsilon", "0.01", "--schedule", "both")
    result, reduced = data["result"], data["result"]["variance_reduced"]
    expect(reduced["error"] <= .01 and reduced["regret"] <= .01 and reduced["queries"] < result["queries"], reduced)
    parts = reduced["queries_variances"] + reduced["queries_reference_means"] + reduced["queries_differences"]
    expect(parts == reduced["queries"] and reduced["epochs"] == 7, reduced)
    expect("variance_reduced" not in answer("frozenlake", "--size", "4", "--discount", "0.5")["result"], "only when asked for")


def check_table(folder):
    path = write(folder, "q.csv", "1,5,2,0\n9,3,4,4\n0,0,0,1\n")
    result = answer("table", path)["result"]
    expect(result["policy"] == [1, 0, 3] and result["wrong"] == 0, result)
    expect(result["lookup_toffoli"] == 8, result)


def check_pictures(folder):
    plot, page = os.path.join(folder, "p.svg"), os.path.join(folder, "p.html")
    path = write(folder, "q.csv", "1,5,2,0\n9,3,4,4\n")
    for world in (["frozenlake", "--size", "4", "--discount", "0.8"], ["table", path]):
        done = run("rl", *world, "--plot", plot, "--report", page)
        expect(done.code == 0 and "Verdict" in done.out, done)
        xml.dom.minidom.parse(plot)


def check_bad_input(folder):
    fails(2, "which world", "rl")
    fails(2, "unknown world 'frozenlak'; did you mean 'frozenlake'", "rl", "frozenlak")
    fails(2, "takes no FILE", "rl", "garnet", "x.csv")
    fails(2, "one FILE", "rl", "table")
    fails(2, "5 x 5", "rl", "frozenlake", "--size", "5")
    fails(2, "discount 1", "rl", "frozenlake", "--discount", "1")
    fails(2, "--epsilon has no meaning for a table", "rl", "table", "x.csv", "--epsilon", "1")
    fails(4, "at most 1e.09 estimations", "rl", "garnet", "--discount", "0.9999999")
    fails(2, "above 0", "rl", "frozenlake", "--epsilon", "0")
    fails(2, "9 branches", "rl", "garnet", "--states", "3", "--branches", "9")
    fails(2, "--size is an option of 'frozenlake'; 'gridworld' has none such", "rl", "gridworld", "--size", "4")
    fails(3, "q.csv:2", "rl", "table", write(folder, "q.csv", "1,2\n3\n"))


def check_text_column(folder):
    path = write(folder, "q.csv", "state,left,right\nstart,1,5\nend,9,3\n")
    done = run("rl", "table", path, "--json", "--quiet")
    expect(done.code == 0 and done.err == "quern: column c0, 'state', holds text and is left out\n", done)
    given = json.loads(done.out)["input"]
    expect(given["columns_left_out"] == [{"column": 0, "name": "state"}] and given["actions"] == 2, given)


if __name__ == "__main__":
    sys.exit(main(globals()))
