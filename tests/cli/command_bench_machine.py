"""Checks `quern bench machine` and the file that it stores: tiny times, so that it is the command that is tested and not the machine.

Usage: command_bench_machine.py QUERN SOURCE_FOLDER check; standard library only.
"""
import calendar
import json
import os
import re
import subprocess
import sys
import time

from checks import PATIENCE, QUERN, SOURCE, expect, fails, interrupt, main, on_terminal, run, write

QUICK = ["--seconds", "0.01", "--threads", "1"]
RATES = {}
with open(os.path.join(SOURCE, "include", "quern", "machine.def"), encoding="utf-8") as table:
    for row in re.finditer(r'^MACHINE_RATE\((\w+), "([^"]+)", "([^"]+)", (\S+), (\S+)\)', table.read(), re.MULTILINE):
        RATES[row[1]] = (row[2], float(row[4]), float(row[5]))


def check_measures_and_stores(folder):
    """On a terminal, with a bar that is wiped; into the cache folder, which is made."""
    cache = os.path.join(folder, "cache", "deep")
    code, shown, out = on_terminal(["bench", "machine", *QUICK], env={"XDG_CACHE_HOME": cache, "HOME": folder})
    path = os.path.join(cache, "quern", "machine.json")
    expect(code == 0 and "stored: " + path in out and "\033" not in out, code, shown, out)
    expect("1/9  copy in memory" in shown and "9/9  probe of a hash table" in shown and shown.endswith("\r\033[K"), repr(shown))
    with open(path, encoding="utf-8") as file:
        stored = json.load(file)
    expect(stored["schema"] == "quern.machine/1" and stored["threads"] == 1 and stored["blas_threads"] == 1, stored)
    expect(len(RATES) == 9, RATES)
    for name, (label, least, most) in RATES.items():
        expect(least <= stored[name] <= most, name, stored)
        expect(label in out, label, out)
    measured = calendar.timegm(time.strptime(stored["date"], "%Y-%m-%dT%H:%M:%SZ"))
    expect(abs(time.time() - measured) < 300, stored["date"])
    expect(os.listdir(os.path.dirname(path)) == ["machine.json"], "something is left beside the file")


def check_json_and_file(folder):
    """What --json prints is what is stored in the file that was asked for; the cache is left alone."""
    path = os.path.join(folder, "m.json")
    result = run("bench", "machine", *QUICK, "--machine", path, "--json", env={"XDG_CACHE_HOME": folder, "HOME": folder})
    expect(result.code == 0, result)
    with open(path, encoding="utf-8") as file:
        expect(file.read() == result.out, result)
    expect(os.listdir(folder) == ["m.json"], os.listdir(folder))


def check_nowhere_to_store(folder):
    """The measurement is shown all the same."""
    result = run("bench", "machine", *QUICK, env={"XDG_CACHE_HOME": os.path.join(write(folder, "file", ""), "x")})
    expect(result.code == 1 and "machine.json: cannot" in result.err, result)
    expect("copy in memory" in result.out and "stored" not in result.out, result)


def check_interrupt(folder):
    """Half a measurement is not stored."""
    process = subprocess.Popen([QUERN, "bench", "machine", "--seconds", "600", "--threads", "1"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env={**os.environ, "XDG_CACHE_HOME": folder})
    interrupt(process, 0.5)
    out, err = process.communicate(timeout=240 * PATIENCE)
    expect(process.returncode == 130 and out == "" and "interrupted" in err, process.returncode, out, err)
    expect(not os.path.exists(os.path.join(folder, "quern", "machine.json")))


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
