"""Checks `quern bench machine` and the file that it stores: tiny times, so that it is the command that is tested and not the machine.

Usage: command_bench_machine.py QUERN SOURCE_FOLDER check; standard library only.
"""
import json
import os
import re
import signal
import subprocess
import sys
import time

from checks import QUERN, SOURCE, expect, fails, main, on_terminal, run

QUICK = ["--seconds", "0.01", "--threads", "1"]
RATES = {}
with open(os.path.join(SOURCE, "include", "quern", "machine.def"), encoding="utf-8") as table:
    for row in re.finditer(r'^MACHINE_RATE\((\w+), "([^"]+)", "([^"]+)", (\S+), (\S+)\)', table.read(), re.MULTILINE):
        RATES[row[1]] = (row[2], float(row[4]), float(row[5]))


def check_measures_and_stores(folder):
    cache = os.path.join(folder, "cache", "deep")
    result = run("bench", "machine", *QUICK, env={"XDG_CACHE_HOME": cache, "HOME": folder})
    path = os.path.join(cache, "quern", "machine.json")
    expect(result.code == 0 and "stored: " + path in result.out, result)
    with open(path, encoding="utf-8") as file:
        stored = json.load(file)
    expect(stored["schema"] == "quern.machine/1" and stored["threads"] == 1 and stored["blas_threads"] == 1, stored)
    expect(len(RATES) == 9, RATES)
    for name, (label, least, most) in RATES.items():
        expect(least <= stored[name] <= most, name, stored)
        expect(label in result.out, label, result)
    # a machine cannot multiply matrices faster than it multiplies and adds (with room for clocks that change), nor anything slower in
    # single precision by much
    expect(stored["gemm_f64_s"] < 3 * stored["fma_f64_s"], stored)
    expect(abs(time.time() - time.mktime(time.strptime(stored["date"], "%Y-%m-%dT%H:%M:%SZ")) + time.timezone) < 300, stored["date"])
    expect(sorted(os.listdir(os.path.dirname(path))) == ["machine.json"], "something is left beside the file")


def check_json_and_file(folder):
    """What --json prints is what is stored; a file that was asked for instead of the cache; the file stays what it was when it is a link."""
    path, target = os.path.join(folder, "m.json"), os.path.join(folder, "target.json")
    os.symlink(target, path)
    open(target, "w", encoding="utf-8").close()
    result = run("bench", "machine", *QUICK, "--machine", path, "--json", env={"XDG_CACHE_HOME": folder, "HOME": folder})
    expect(result.code == 0, result)
    expect(os.path.islink(path), "the link was replaced")
    with open(target, encoding="utf-8") as file:
        expect(file.read() == result.out, result)
    expect(sorted(os.listdir(folder)) == ["m.json", "target.json"], os.listdir(folder))


def check_nowhere_to_store(folder):
    """The measurement is shown all the same."""
    result = run("bench", "machine", *QUICK, env={"XDG_CACHE_HOME": "", "HOME": ""})
    expect(result.code == 0 and "not stored: neither XDG_CACHE_HOME nor HOME" in result.err and "copy in memory" in result.out, result)
    missing = os.path.join(folder, "no", "such", "m.json")
    result = run("bench", "machine", *QUICK, "--machine", missing)
    expect(result.code == 1 and missing in result.err and "copy in memory" in result.out and "stored" not in result.out, result)


def check_progress_and_interrupt(folder):
    env = {"XDG_CACHE_HOME": folder}
    code, shown, out = on_terminal(["bench", "machine", *QUICK], env=env)
    expect(code == 0 and "1/9  copy in memory" in shown and "9/9  probe of a hash table" in shown and shown.endswith("\r\033[K"),
           repr(shown))
    expect("\033" not in out, out)
    os.remove(os.path.join(folder, "quern", "machine.json"))
    process = subprocess.Popen([QUERN, "bench", "machine", "--seconds", "600", "--threads", "1"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env={**os.environ, **env})
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    expect(process.returncode == 130 and out == "" and "interrupted" in err, process.returncode, out, err)
    expect(os.listdir(os.path.join(folder, "quern")) == [], "half a measurement was stored")


def check_mistakes(folder):
    fails(2, r"say what is to be measured: quern bench engine or quern bench machine", "bench")
    fails(2, r"--qubits belongs to quern bench engine", "bench", "machine", "--qubits", "4")
    fails(2, r"--plot belongs to quern bench engine", "bench", "machine", "--plot", "x.svg")
    fails(2, r"--machine belongs to quern bench machine", "bench", "engine", "--machine", "x")
    fails(2, r"--threads: '1,2' is not one number", "bench", "machine", "--threads", "1,2")
    for seconds in ("0", "4000", "-1"):
        fails(2, r"--seconds", "bench", "machine", "--seconds=" + seconds)


if __name__ == "__main__":
    sys.exit(main(globals()))
