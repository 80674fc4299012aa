"""Qiskit Aer for bench/engine.py: the state-vector method of AerSimulator with its own gate fusion. Arguments: threads, precision.

Times are those that Aer itself reports for the experiment (time_taken), so that assembling the circuit in Python is not counted.
"""

import sys

import qiskit_aer
from qiskit import QuantumCircuit
from qiskit.circuit import library
from qiskit.quantum_info import SparsePauliOp
from qiskit_aer import AerSimulator
from turn import Unsupported, amplitudes, ladder, serve

PRECISION = {"f64": "double", "f32": "single"}[sys.argv[2]]


def circuit_of(nqubits, gates):
    circuit = QuantumCircuit(nqubits)
    for whole in gates:
        for g in ladder(whole):
            if g.matrix is not None:
                circuit.append(library.UnitaryGate(g.matrix), g.qubits)
            elif g.name in ("h", "x", "cx", "cz", "swap", "rx", "ry", "rz", "cp", "rzz"):
                getattr(circuit, g.name)(*g.values, *g.qubits)
            else:
                raise Unsupported(f"gate {g.name}")
    return circuit


class Runner:
    options = ["fusion", "none"]

    def __init__(self, job):
        if job.kind in ("gate", "gradient"):
            raise Unsupported("single gates" if job.kind == "gate" else "gradients")
        self.job = job
        self.choose("fusion")
        self.circuit = self.saving(circuit_of(job.qubits, job.gates), [0])
        self.call = lambda: self.simulator.run(self.circuit, shots=1).result()

    def saving(self, circuit, indices):
        if self.job.kind == "state":
            circuit.save_amplitudes(indices, label="answer")
        else:
            terms = [(letters, qubits, c) for c, letters, qubits in self.job.terms]
            circuit.save_expectation_value(SparsePauliOp.from_sparse_list(terms, self.job.qubits), range(self.job.qubits), label="answer")
        return circuit

    def choose(self, option):
        self.simulator = AerSimulator(method="statevector", precision=PRECISION, max_parallel_threads=int(sys.argv[1]),
                                      fusion_enable=option == "fusion")

    @staticmethod
    def succeeded(result):
        if not result.success:
            raise RuntimeError(result.status)
        return result

    def timed(self, calls):
        return sum(self.succeeded(self.call()).results[0].time_taken for _ in range(calls))

    def answer(self):
        if self.job.kind != "state":
            return {"value": float(self.succeeded(self.call()).data()["answer"].real)}
        whole = self.saving(circuit_of(self.job.qubits, self.job.prepare + self.job.gates), self.job.checked)
        return amplitudes(self.succeeded(self.simulator.run(whole, shots=1).result()).data()["answer"])


serve(Runner, {"version": qiskit_aer.__version__})
