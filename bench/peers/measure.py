"""What every peer script of the energy loop shares: reading the problem, timing, and the JSON line that bench/run.py reads."""

import json
import statistics
import sys
import time


def read_problem():
    """Arguments: Pauli sum, parameter rows, seconds a batch, batches. The same files are read by bench_vqe_loop."""
    with open(sys.argv[1]) as file:
        terms = [(float(line.split()[0]), line.split()[1]) for line in file if line.strip() and not line.startswith("#")]
    with open(sys.argv[2]) as file:
        rows = [[float(word) for word in line.split()] for line in file if line.strip()]
    return len(terms[0][1]), terms, rows, float(sys.argv[3]), int(sys.argv[4])


def two_local(nqubits, reps=2):
    """The circuit as a list: ("ry" or "rz", qubit, parameter) and ("cx", control, target); order of Qiskit's TwoLocal."""
    gates, index = [], 0
    for layer in range(reps + 1):
        for name in ("ry", "rz"):
            for qubit in range(nqubits):
                gates.append((name, qubit, index))
                index += 1
        if layer < reps:
            gates += [("cx", a, b) for a in range(nqubits) for b in range(a + 1, nqubits)]
    return gates


def letters_of(label):
    """(letter, qubit) of a dense label, which is read from the highest qubit on the left; identities left out."""
    return [(letter, qubit) for qubit, letter in enumerate(reversed(label)) if letter != "I"]


def time_calls(call, rows, seconds, batches):
    """Median, least and largest seconds a call over batches of at least `seconds`; a first batch warms up and sets the size."""
    count, spent = 1, 0.0
    while True:
        begin = time.perf_counter()
        for k in range(count):
            call(rows[k % len(rows)])
        spent = time.perf_counter() - begin
        if spent >= seconds / 4:
            break
        count *= 2
    count = max(1, int(count * seconds / spent * 1.1))
    times, cpu, wall = [], time.process_time(), time.perf_counter()
    for _ in range(batches):
        begin = time.perf_counter()
        for k in range(count):
            call(rows[k % len(rows)])
        times.append((time.perf_counter() - begin) / count)
    cores = (time.process_time() - cpu) / (time.perf_counter() - wall)
    return {"seconds": statistics.median(times), "least": min(times), "largest": max(times), "calls": count, "batches": batches,
            "cores": cores}


def report(rows, seconds, batches, value, value_and_gradient=None):
    """Energies of all rows and the gradient of the first one, for comparison between programs, then the times."""
    result = {"energies": [float(value(row)) for row in rows]}
    if value_and_gradient is not None:
        energy, gradient = value_and_gradient(rows[0])
        result["gradient"] = [float(g) for g in gradient]
        result["gradient_energy"] = float(energy)
    result["value"] = time_calls(value, rows, seconds, batches)
    if value_and_gradient is not None:
        result["value_and_gradient"] = time_calls(value_and_gradient, rows, seconds, batches)
    print(json.dumps(result))
