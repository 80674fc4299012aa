"""Checks `quern estimate`: published prices as typed, units, circuits, tables of the user, mistakes.

Usage: command_estimate.py QUERN SOURCE_FOLDER check; standard library only.
"""
import json
import os
import sys
import xml.dom.minidom

from checks import expect, fails, main, on_terminal, run, write

# Ising model on 10 x 10 spins; numbers of the Azure Quantum Resource Estimator's own test
ISING = "qubits=100,t=0,rotations=112110,rotation_depth=2001,ccz=0,ccix=0,toffoli=0,measurements=0"
ADDER = """OPENQASM 3;
include "stdgates.inc";
qubit[4] q; bit[4] c;
input float[64] a;
h q[0];
ccx q[0], q[1], q[2];
t q[3]; rz(0.3) q[3]; rx(a) q[3]; rz(pi/2) q[3];
c = measure q;
"""
FILES = {"QN_DATA": "", "XDG_CONFIG_HOME": "/nonexistent", "HOME": "/nonexistent"}


def json_of(*arguments, **keywords):
    result = run("estimate", *arguments, "--json", env=FILES, **keywords)
    expect(result.code == 0 and result.err == "", result)
    data = json.loads(result.out)
    expect("inf" not in result.out.lower().replace("infidelity", "") and "nan" not in result.out.lower(), result)
    return data


def check_published(folder):
    r = json_of("--counts", ISING, "--platform", "ns_e3", "--code", "surface", "--budget", "1e-3", "--model", "A")["result"]
    f = r["factory"]
    expect((r["physical_qubits"], r["runtime_ns"], r["code_distance"], r["logical_qubits"]) ==
           (7929620, 1156188000, 19, 230), r)
    expect((f["copies"], f["physical_qubits"], f["duration_ns"], f["level1_distance"], f["level2_distance"]) ==
           (233, 33320, 120000, 7, 19), r)
    expect(0 < r["failure_probability"] < 1e-3, r)
    # chemistry on Majoranas within a year: 10,050,079,976,035,200 ns, past 2^53
    chemistry = "qubits=1318,t=96,rotations=11987084,rotation_depth=11986482,ccz=67474931068,measurements=63472407520"
    common = ["--counts", chemistry, "--platform", "maj_e6", "--budget", "0.01", "--model", "A"]
    r = json_of(*common, "--max-duration", "1y")["result"]
    expect((r["physical_qubits"], r["runtime_ns"]) == (1079760, 10050079976035200), r)
    r = json_of(*common, "--max-qubits", "4923120")["result"]
    expect((r["physical_qubits"], r["runtime_ns"], r["factory"]["copies"]) == (4906960, 718666804371600, 231), r)


def check_model_b(folder):
    common = ["--counts", "qubits=100,t=1e8,toffoli=1e8", "--model", "B", "--factories", "1", "--error", "1e-3", "--cycle", "1us"]
    r = json_of(*common, "--budget", "0.01", "--distances", "15,31,0")["result"]
    expect((r["physical_qubits"], r["code_distance"]) == (400204, 29), r)
    expect(abs(r["runtime_s"] / 3600 - 7.53) < 0.01 and abs(r["failure_probability"] - 0.0084) < 1e-5, r)
    r = json_of(*common, "--budget", "0.1", "--objective", "volume")["result"]
    expect((r["factory"]["level1_distance"], r["factory"]["level2_distance"], r["code_distance"]) == (15, 23, 25), r)
    # Qualtran's grid search for the tensor hypercontraction of Lee et al.
    r = json_of("--counts", "qubits=696,toffoli=6665400000", "--model", "B", "--factories", "4", "--error", "1e-3", "--cycle",
                "1us", "--budget", "0.01", "--objective", "time")["result"]
    expect(r["physical_qubits"] == 2933032 and abs(r["runtime_s"] / 3600 - 89.1034375) < 1e-9, r)
    blocks = [json_of(*common, "--budget", "0.1", "--data-block", b)["result"] for b in ("simple", "compact", "intermediate", "fast")]
    expect([b["logical_qubits"] for b in blocks] == [150, 150, 200, 230], blocks)
    expect(blocks[1]["bound"] == "data-block" and blocks[0]["bound"] == "factory", blocks)


def check_both(folder):
    data = json_of("--counts", ISING)["result"]
    expect([m["model"] for m in data["models"]] == ["A", "B"] and data["model"] == "A", data)
    expect(data["physical_qubits"] == data["models"][0]["physical_qubits"], data)
    result = run("estimate", "--counts", ISING, env=FILES)
    for words in ("7,929,620", "230 tiles of 722", "233 of 33,320", "17 space_efficient, d=7", "The models differ by x",
                  "a decoder that is never late", "Facts of 2026-11"):
        expect(words in result.out, words, result)
    # one model may have no price: the other is given, and why
    data = json_of("--counts", ISING, "--platform", "maj_e6")["result"]
    expect("model B prices the surface code" in data["models"][1]["error"], data)
    data = json_of("--counts", "qubits=100,toffoli=1e16", "--max-qubits", "1e9", "--platform", "ns_e4")["result"]
    expect("error" in data["models"][1] or data["models"][1]["physical_qubits"] <= 1e9, data)


def check_qubits_that_are_not_written(folder):
    path = write(folder, "c4x.qasm", 'OPENQASM 3; include "stdgates.inc"; qubit[5] q; ctrl(4) @ x q[0], q[1], q[2], q[3], q[4]; ccx q[0], q[1], q[2];')
    counts = json_of(path)["input"]["counts"]
    expect(counts["qubits"] == 7 and counts["ccz"] == 6, counts)  # the AND of four controls lies on two ancillas


def check_programs_without_magic(folder):
    b = json_of("--counts", "qubits=10,measurements=5", "--model", "B")["result"]
    expect(b["logical_cycles"] == b["code_distance"] and b["bound"] == "data-block" and b["factory"]["copies"] == 0, b)


def check_third_level(folder):
    factory = json_of("--counts", "qubits=1000,toffoli=1e16", "--model", "B", "--cycle", "1us", "--error", "1e-3")["result"]["factory"]
    expect(factory["rounds"] == 3 and factory["level3_distance"] > factory["level2_distance"] > factory["level1_distance"] >= 5, factory)
    expect([u["count"] for u in factory["units"]][1:] == [6, 1] and factory["units"][0]["count"] % 6 == 0, factory)


def check_units(folder):
    cycles = [json_of("--counts", ISING, "--model", "B", "--cycle", c)["result"]["runtime_ns"]
              for c in ("1us", "1000ns", "1000 ns", "0.001ms", "1e-6", "1e-6s")]
    expect(len(set(cycles)) == 1, cycles)
    for wrong in ("1 parsec", "us", "-1us", "0", "1e400s", "nan"):
        fails(2, "expected a time", "estimate", "--counts", ISING, "--cycle", wrong)


def check_circuit(folder):
    path = write(folder, "adder.qasm", ADDER)
    counts = json_of(path)["input"]["counts"]
    expect(counts == {"qubits": 4, "t": 1, "rotations": 2, "rotation_depth": 2, "ccz": 1, "ccix": 0, "measurements": 4}, counts)
    typed = json_of("--counts", "qubits=4,t=1,rotations=2,rotation_depth=2,toffoli=1,measurements=4")
    expect(typed["result"] == json_of(path)["result"], typed)
    expect(json_of("-", stdin=ADDER)["result"] == typed["result"], typed)
    bad = run("estimate", write(folder, "bad.qasm", "OPENQASM 3; qubit q; nonsense q;"), env=FILES)
    expect(bad.code == 3 and bad.out == "" and "bad.qasm:1:22: error: gate" in bad.err, bad)


def check_picture(folder):
    plot, page = os.path.join(folder, "front.svg"), os.path.join(folder, "page.html")
    result = run("estimate", "--counts", ISING, "--plot", plot, "--report", page, env=FILES)
    expect(result.code == 0, result)
    text = open(page, encoding="utf-8").read()
    expect("model A (Beverland)</th>" in text and "model B (Gidney-Fowler)</th>" in text, "both prices stand on the page")
    text = xml.dom.minidom.parse(plot).documentElement.toxml()
    expect("physical qubits" in text and "model A" in text and "model B" in text, text[:400])
    with open(page, encoding="utf-8") as file:
        expect("<svg" in file.read())


def check_data_folder(folder):
    columns = "id\tname\tinstructions\tt_s\terror\terror_t\tcycle_s\treaction_s\tcode\tsource\turl\tdate\ttag\n"
    row = "mine\tmy machine\tgate\t1e-7\t1e-3\t1e-3\t1e-6\t1e-5\tsurface\tour lab\thttps://example.org\t2026-11\tD\n"
    write(folder, "platforms.tsv", columns + row)
    common = ["estimate", "--counts", ISING, "--platform", "mine", "--json"]
    by_option = run(*common, "--data", folder, env=FILES)
    by_environment = run(*common, env={**FILES, "QN_DATA": folder})
    os.makedirs(os.path.join(folder, "config", "quern"))
    os.symlink(folder, os.path.join(folder, "config", "quern", "data"))
    by_configuration = run(*common, env={**FILES, "XDG_CONFIG_HOME": os.path.join(folder, "config")})
    expect(by_option.code == 0 and by_option.out == by_environment.out == by_configuration.out, by_option, by_environment)
    fails(2, "unknown platform \"mine\"", *common, env=FILES)
    write(folder, "platforms.tsv", columns + row.replace("our lab", ""))
    fails(3, r"platforms.tsv:2:55: row 'mine' has no source", *common, "--data", folder, env=FILES)
    fails(1, "no such folder", *common, "--data", os.path.join(folder, "nothing"))
    listing = run("estimate", "--list", env=FILES)
    expect("ns_e3" in listing.out and "arXiv:2211.07629" in listing.out and "gross" in listing.out, listing)


def check_stacks(folder):
    # 1,280 cold, 131 hot and 7 x 18 patches of Gidney 2025 (arXiv:2505.15917)
    data = json_of("--counts", "qubits=1411,toffoli=6.5e9", "--budget", "0.3", "--platform", "gidney_fowler", "--stack", "2025")
    stack = data["result"]["stacks"][0]
    expect(stack["physical_qubits"] == 897864 and stack["basis"] == "scaled" and stack["source"] == "arXiv:2505.15917", stack)
    every = json_of("--counts", "qubits=1200,toffoli=9e7", "--budget", "0.01")["result"]
    expect([s["stack"] for s in every["stacks"]] == ["2021", "2025", "qldpc2026"], every)
    expect(every["stacks"][0]["physical_qubits"] == every["physical_qubits"], every)
    sizes = [s["physical_qubits"] for s in every["stacks"]]
    expect(sizes == sorted(sizes, reverse=True), sizes)
    expect(every["stacks"][2]["runtime_s"] is None, every) # nothing published to scale
    expect(json_of("--counts", ISING, "--stack", "none")["result"]["stacks"] == [])
    worse = json_of("--counts", "qubits=1200,toffoli=9e7", "--budget", "0.01", "--error", "2e-3")["result"]["stacks"][1]
    expect("published for physical errors up to 0.001" in worse["error"], worse)
    fails(2, "did you mean \"qldpc2026\"", "estimate", "--counts", ISING, "--stack", "qldpc2028")
    fails(2, "over the budget", "estimate", "--counts", "qubits=1411,toffoli=6.5e11", "--stack", "2025")


def check_mistakes(folder):
    estimate = ["estimate", "--counts"]
    fails(2, "give one FILE, or --counts", "estimate")
    fails(2, "give one FILE, or --counts", "estimate", "a.qasm", "--counts", ISING)
    fails(2, "unknown count 'tofoli'; did you mean 'toffoli'\\? There are qubits", *estimate, "qubits=1,tofoli=5")
    fails(2, "qubits is missing", *estimate, "t=5")
    fails(2, "expected name=number", *estimate, "qubits")
    fails(2, "whole number", *estimate, "qubits=1,t=1.5")
    fails(2, "whole number", *estimate, "qubits=1,t=-1")
    fails(2, "whole number", *estimate, "qubits=1,t=inf")
    fails(2, "t stands twice", *estimate, "qubits=1,t=1,t=2")
    fails(2, "nothing to price", *estimate, "qubits=1")
    fails(2, "did you mean \"ns_e3\"", *estimate, ISING, "--platform", "ns_e33")
    fails(2, "did you mean \"surface\"", *estimate, ISING, "--code", "surfase")
    fails(2, "price of storage", *estimate, ISING, "--code", "gross")
    fails(2, "threshold 0.01", *estimate, ISING, "--error", "0.02")
    fails(2, "outside \\(0, 1\\)", *estimate, ISING, "--error", "1.5")
    fails(2, "failure budget 2", *estimate, ISING, "--budget", "2")
    fails(2, "--budget", *estimate, ISING, "--budget", "0")
    fails(2, "expected auto or a whole number", *estimate, ISING, "--factories", "many")
    fails(2, "three odd numbers", *estimate, ISING, "--distances", "15,31")
    fails(2, "odd number", *estimate, ISING, "--distances", "14,31,0")
    fails(2, "no code distance up to 50", *estimate, "qubits=1e20,t=1e60")
    fails(2, "no code distance", *estimate, ISING, "--budget", "1e-300")
    fails(2, "finishes within", *estimate, ISING, "--max-duration", "1ms", "--model", "A")
    fails(2, "--model", *estimate, ISING, "--model", "C")


def check_quiet_and_terminal(folder):
    result = run("estimate", "--counts", ISING, "--quiet", env=FILES)
    expect(result.code == 0 and result.err == "", result)
    expect("Assumed" not in result.out and "physical qubits" in result.out and len(result.out.splitlines()) < 12, result)
    code, shown, _ = on_terminal(["estimate", "--counts", ISING], standard_output=True, env=FILES)
    expect(code == 0 and "7,929,620" in shown, shown)


if __name__ == "__main__":
    sys.exit(main(globals()))
