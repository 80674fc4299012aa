"""Qulacs for bench/engine.py. Arguments: threads, precision (f64 alone). Its rotations have the other sign."""

import cmath
import sys

import numpy
import qulacs
from qulacs import gate as make
from turn import Unsupported, amplitudes, serve

PAULI = {"X": 1, "Y": 2, "Z": 3}


def gate_of(g):
    q, angle = g.qubits, g.values[0] if g.values else 0.0
    simple = {"h": make.H, "x": make.X, "cx": make.CNOT, "cz": make.CZ, "swap": make.SWAP}
    if g.name in simple:
        return simple[g.name](*q)
    rotation = {"rx": make.RX, "ry": make.RY, "rz": make.RZ}
    if g.name in rotation:
        return rotation[g.name](q[0], -angle)
    if g.name == "cp":
        return make.DiagonalMatrix(q, [1, 1, 1, cmath.exp(1j * angle)])
    if g.name == "rzz":
        return make.PauliRotation(q, [3, 3], -angle)
    if g.name == "pauli_rotation":
        return make.PauliRotation(q, [PAULI[letter] for letter in g.pauli], -angle)
    if g.matrix is not None:
        return make.DenseMatrix(q, numpy.array(g.matrix))
    raise Unsupported(f"gate {g.name}")


def circuit_of(nqubits, gates):
    circuit = qulacs.QuantumCircuit(nqubits)
    for g in gates:
        circuit.add_gate(gate_of(g))
    return circuit


def parametric_circuit(job):
    """The circuit, and which gate each of its parameters belongs to."""
    circuit, places = qulacs.ParametricQuantumCircuit(job.qubits), []
    for index, g in enumerate(job.gates):
        if not g.terms or not g.terms[0]:
            circuit.add_gate(gate_of(g))
            continue
        places.append(index)
        if g.name in ("rx", "ry", "rz"):
            add = {"rx": circuit.add_parametric_RX_gate, "ry": circuit.add_parametric_RY_gate, "rz": circuit.add_parametric_RZ_gate}
            add[g.name](g.qubits[0], 0.0)
        else:
            letters = g.pauli or "ZZ"
            circuit.add_parametric_multi_Pauli_rotation_gate(g.qubits, [PAULI[letter] for letter in letters], 0.0)
    return circuit, places


class Runner:
    def __init__(self, job):
        self.job, self.options = job, ["-"]
        self.state = qulacs.QuantumState(job.qubits)
        self.observable = None
        if job.terms:
            self.observable = qulacs.Observable(job.qubits)
            for c, letters, qubits in job.terms:
                self.observable.add_operator(c, " ".join(f"{letter} {q}" for letter, q in zip(letters, qubits)))
        if job.kind == "gate":
            circuit_of(job.qubits, job.prepare).update_quantum_state(self.state)
            self.single = gate_of(job.gates[0])
            self.call = lambda: self.single.update_quantum_state(self.state)
        elif job.kind == "state":
            self.options = ["none", "light", "block2"]
            self.choose("none")
            self.call = self.call_state
        elif job.kind == "expect":
            circuit_of(job.qubits, job.gates).update_quantum_state(self.state)
            self.call = lambda: self.observable.get_expectation_value(self.state)
        else:
            self.circuit, self.places = parametric_circuit(job)
            self.call = self.call_energy if job.kind == "energy" else self.call_gradient

    def choose(self, option):
        if self.job.kind != "state":
            return
        self.circuit = circuit_of(self.job.qubits, self.job.gates)
        optimizer = qulacs.circuit.QuantumCircuitOptimizer()
        if option == "light":
            optimizer.optimize_light(self.circuit)
        elif option == "block2":
            optimizer.optimize(self.circuit, 2)

    def call_state(self):
        self.state.set_zero_state()
        self.circuit.update_quantum_state(self.state)

    def set_parameters(self):
        for k, index in enumerate(self.places):
            self.circuit.set_parameter(k, -self.job.gates[index].angle(self.job.theta))

    def call_energy(self):
        self.set_parameters()
        self.call_state()
        return self.observable.get_expectation_value(self.state)

    def call_gradient(self):
        value = self.call_energy()
        return value, self.circuit.backprop(self.observable)

    def answer(self):
        job = self.job
        if job.kind in ("gate", "state"):
            state = qulacs.QuantumState(job.qubits)
            circuit_of(job.qubits, job.prepare).update_quantum_state(state)
            if job.kind == "gate":
                self.single.update_quantum_state(state)
            else:
                self.circuit.update_quantum_state(state)
            return amplitudes(state.get_amplitude(index) for index in job.checked)
        if job.kind in ("expect", "energy"):
            return {"value": float(self.call().real)}
        value, gradient = self.call()
        return {"value": float(value.real), "gradient": job.derivatives({i: -g for i, g in zip(self.places, gradient)})}


if sys.argv[2] != "f64":
    sys.exit("qulacs: double precision only")
serve(Runner, {"version": qulacs.__version__})
