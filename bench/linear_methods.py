"""Every linear solver on the same systems, as JSON: bench/linear_methods.py QUERN [OUTPUT].

`quern linsolve --method all --encoding auto` at error 1e-4: queries, success, Toffoli gates and seconds of each method, the classical solvers
beside them. Standard library only; pass or fail is nobody's business here.
"""
import json
import os
import subprocess
import sys

SYSTEMS = ["laplacian1d:16:shift=1", "laplacian2d:8x8:shift=0.3", "laplacian2d:16x16:shift=0.3", "laplacian2d:32x32:shift=0.03",
           "toeplitz:64:diagonal=1:off=-0.333"]


def main():
    quern, rows = sys.argv[1], []
    for system in SYSTEMS:
        done = subprocess.run([quern, "linsolve", system, "--method", "all", "--encoding", "auto", "--epsilon", "1e-4", "--rivals", "all",
                               "--json", "--quiet"], stdout=subprocess.PIPE, text=True, check=True)
        result = json.loads(done.stdout)["result"]
        rows.append({"system": system, "load": os.getloadavg()[0], "cores": os.cpu_count(),
                     **{key: result[key] for key in ("condition_number", "encoding", "methods", "rivals")}})
        print(json.dumps(rows[-1]), flush=True)
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
