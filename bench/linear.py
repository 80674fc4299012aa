"""Times `quern linsolve` at size and writes JSON: bench/linear.py QUERN [OUTPUT].

QSVT at operator tier and HHL and QSVT at spectral tier on a shifted 2-D Laplacian with 2^20 unknowns (condition number 1000, error 1e-6),
and the bill of the unshifted one. Standard library only; pass or fail is nobody's business here.
"""
import json
import os
import subprocess
import sys
import time

SHIFTED = "laplacian2d:1024x1024:shift=0.008"
RUNS = [
    ("QSVT, operator tier", [SHIFTED, "--tier", "operator", "--force", "--rivals", "auto"]),
    ("QSVT, spectral tier", [SHIFTED, "--tier", "spectral", "--rivals", "none"]),
    ("HHL, spectral tier", [SHIFTED, "--method", "hhl", "--rivals", "none"]),
    ("unshifted, the bill", ["laplacian2d:1024x1024", "--tier", "operator"]),
]


def main():
    quern, rows = sys.argv[1], []
    for name, arguments in RUNS:
        started = time.time()
        done = subprocess.run([quern, "linsolve", *arguments, "--json", "--quiet"], stdout=subprocess.PIPE, text=True, check=False)
        result = json.loads(done.stdout)["result"]
        rows.append({"name": name, "arguments": arguments, "exit": done.returncode, "wall_seconds": time.time() - started,
                     "load": os.getloadavg()[0], "cores": os.cpu_count(),
                     **{key: result[key] for key in ("queries", "residual", "seconds", "foreseen_seconds", "condition_number", "rivals")}})
        print(json.dumps(rows[-1]), flush=True)
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
