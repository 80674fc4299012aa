"""Qiskit Aer for bench/qaoa.py: the state-vector method on the QAOA circuit, with its gate fusion. Arguments: qubits, layers, threads, repeats,
f64 or f32. Prints one line of JSON. Times are those that Aer reports for the experiment, its expectation value included.
"""

import json
import sys
import time

from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp
from qiskit_aer import AerSimulator

qubits, layers, threads, repeats = (int(word) for word in sys.argv[1:5])
precision = {"f64": "double", "f32": "single"}[sys.argv[5]]
edges = [(i, (i + 1) % qubits) for i in range(qubits)] + [(i, i + qubits // 2) for i in range(qubits // 2)]
circuit = QuantumCircuit(qubits)
circuit.h(range(qubits))
for layer in range(layers):
    for a, b in edges:
        circuit.rzz(2 * 0.5 * (0.3 + 0.1 * layer), a, b)
    circuit.rx(2 * (-0.6 + 0.1 * layer), range(qubits))
circuit.save_expectation_value(SparsePauliOp.from_sparse_list([("ZZ", edge, 0.5) for edge in edges], qubits), range(qubits), label="value")
simulator = AerSimulator(method="statevector", precision=precision, max_parallel_threads=threads)
times, used = [], []
for _ in range(repeats):
    spent = time.process_time()
    result = simulator.run(circuit, shots=1).result()
    if not result.success:
        raise SystemExit(result.status)
    times.append(result.results[0].time_taken)
    used.append(time.process_time() - spent)
times.sort()
print(json.dumps({"seconds": times[repeats // 2], "least": times[0], "cpu": min(used), "value": float(result.data()["value"].real)}))
