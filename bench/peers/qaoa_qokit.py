"""QOKit's C simulator for bench/qaoa.py. Arguments: qubits, layers, threads, repeats. Prints one line of JSON.

The package ships the simulator's C sources without their headers and asks the user to compile them; its own makefile does so without
optimization. Here they are compiled once with -O3 -march=native -ffast-math -fopenmp, which is faster. Costs are computed before the clock
starts; a run is simulate_qaoa and get_expectation.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

qubits, layers, threads, repeats = (int(word) for word in sys.argv[1:5])
os.environ["OMP_NUM_THREADS"] = str(threads)


def compile_simulator():
    import importlib.util
    place = pathlib.Path(importlib.util.find_spec("qokit").submodule_search_locations[0]) / "fur" / "c" / "csim"
    library = place / "libcsim.so"
    if library.is_file():
        return
    sources = sorted((place / "src").glob("*.c"))
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            heads = re.findall(r"^void [^{;]*\)", source.read_text(), re.MULTILINE)
            text = "#pragma once\n#include <stddef.h>\n" + "".join(head + ";\n" for head in heads)
            (pathlib.Path(folder) / f"{source.stem}.h").write_text(text)
        subprocess.run(["gcc", "-O3", "-march=native", "-ffast-math", "-fopenmp", "-fPIC", "-shared", "-w", "-I", folder,
                        *map(str, sources), "-o", str(library), "-lm"], check=True)


compile_simulator()
import numpy as np  # noqa: E402
from qokit.fur import choose_simulator  # noqa: E402

edges = [(i, (i + 1) % qubits) for i in range(qubits)] + [(i, i + qubits // 2) for i in range(qubits // 2)]
# its phase is exp(-i gamma C / 2)
simulator = choose_simulator(name="c")(qubits, terms=[(0.5, edge) for edge in edges])
gammas = [2 * (0.3 + 0.1 * layer) for layer in range(layers)]
betas = [-0.6 + 0.1 * layer for layer in range(layers)]
times, used = [], []
for _ in range(repeats):
    begin, spent = time.perf_counter(), time.process_time()
    state = simulator.simulate_qaoa(gammas, betas)
    value = simulator.get_expectation(state)
    times.append(time.perf_counter() - begin)
    used.append(time.process_time() - spent)
times.sort()
print(json.dumps({"seconds": times[repeats // 2], "least": times[0], "cpu": min(used), "value": float(np.real(value))}))
