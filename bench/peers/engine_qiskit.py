"""Qiskit's primitives for the loops of bench/engine.py: StatevectorEstimator, and qiskit-algorithms' ReverseEstimatorGradient. Arguments:
threads, precision (f64 alone)."""

import sys

import qiskit
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.primitives import StatevectorEstimator
from qiskit.quantum_info import SparsePauliOp
from qiskit_algorithms.gradients import ReverseEstimatorGradient
from turn import Unsupported, serve


class Runner:
    options = ["-"]

    def __init__(self, job):
        if job.kind not in ("energy", "gradient"):
            raise Unsupported("an estimator has no states")
        self.job, self.symbols = job, ParameterVector("t", len(job.theta))
        self.circuit = QuantumCircuit(job.qubits)
        for g in job.gates:
            if g.name not in ("h", "x", "cx", "cz", "rx", "ry", "rz", "rzz"):
                raise Unsupported(f"gate {g.name}")
            angles = [constant + sum(c * self.symbols[s] for s, c in terms) for constant, terms in zip(g.constants or [], g.terms)]
            getattr(self.circuit, g.name)(*angles, *g.qubits)
        terms = [(letters, qubits, c) for c, letters, qubits in job.terms]
        self.observable = SparsePauliOp.from_sparse_list(terms, job.qubits)
        self.estimator, self.reverse = StatevectorEstimator(), ReverseEstimatorGradient()
        self.call = self.energy if job.kind == "energy" else self.gradient

    def choose(self, option):
        pass

    def energy(self):
        return float(self.estimator.run([(self.circuit, self.observable, self.job.theta)]).result()[0].data.evs)

    def gradient(self):
        gradient = self.reverse.run([self.circuit], [self.observable], [self.job.theta]).result().gradients[0]
        return self.energy(), [float(g) for g in gradient]

    def answer(self):
        if self.job.kind == "energy":
            return {"value": self.energy()}
        value, gradient = self.gradient()
        return {"value": value, "gradient": gradient}


if sys.argv[2] != "f64":
    sys.exit("qiskit: double precision only")
serve(Runner, {"version": qiskit.__version__})
