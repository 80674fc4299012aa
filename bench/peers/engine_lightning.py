"""PennyLane Lightning for bench/engine.py, through the bindings of its C++ state vector: no tape, no QNode. Arguments: threads, precision.
Its wire 0 is the most significant one."""

import importlib.metadata
import math
import sys

import numpy
from pennylane_lightning import lightning_qubit_ops as lightning
from turn import Unsupported, amplitudes, serve

BITS = {"f64": "C128", "f32": "C64"}[sys.argv[2]]
TYPE = {"f64": numpy.complex128, "f32": numpy.complex64}[sys.argv[2]]
StateVector, Measurements = getattr(lightning, "StateVector" + BITS), getattr(lightning, "Measurements" + BITS)
Named, Product, Hamiltonian = (getattr(lightning.observables, name + BITS) for name in ("NamedObs", "TensorProdObs", "Hamiltonian"))
NAMES = {"h": "Hadamard", "x": "PauliX", "rx": "RX", "ry": "RY", "rz": "RZ", "cx": "CNOT", "cz": "CZ", "swap": "SWAP",
         "cp": "ControlledPhaseShift", "rzz": "IsingZZ"}
PAULI = {"X": "PauliX", "Y": "PauliY", "Z": "PauliZ"}


def wires(nqubits, qubits):
    return [nqubits - 1 - q for q in qubits]


def step_of(nqubits, g, state):
    """(method, arguments) that applies the gate."""
    if g.name in NAMES:
        return getattr(state, NAMES[g.name]), (wires(nqubits, g.qubits), False, g.values)
    if g.name == "pauli_rotation":
        return state.applyPauliRot, (wires(nqubits, g.qubits), False, g.values, g.pauli)
    if g.matrix is not None:  # the first wire is the most significant there
        return state.applyMatrix, (numpy.array(g.matrix, dtype=TYPE), wires(nqubits, g.qubits[::-1]), False)
    raise Unsupported(f"gate {g.name}")


def observable_of(job):
    words = []
    for _, letters, qubits in job.terms:
        factors = [Named(PAULI[letter], [wire]) for letter, wire in zip(letters, wires(job.qubits, qubits))]
        words.append(Product(factors) if len(factors) > 1 else factors[0] if factors else Named("Identity", [0]))
    return Hamiltonian(numpy.array([c for c, _, _ in job.terms], dtype=numpy.zeros(1, TYPE).real.dtype), words)


class Runner:
    options = ["-"]

    def __init__(self, job):
        self.job = job
        self.state = StateVector(job.qubits)
        self.steps = [step_of(job.qubits, g, self.state) for g in job.gates]
        self.before = [step_of(job.qubits, g, self.state) for g in job.prepare]
        self.observable = observable_of(job) if job.terms else None
        self.measure = Measurements(self.state)
        if job.kind == "gate":
            self.run(self.before)
            method, arguments = self.steps[0]
            self.call = lambda: method(*arguments)
        elif job.kind == "state":
            self.call = self.call_state
        elif job.kind == "expect":
            self.run(self.steps)
            self.call = lambda: self.measure.expval(self.observable)
        elif job.kind == "energy":
            self.call = self.call_energy
        else:
            self.jacobian = getattr(lightning.algorithms, "AdjointJacobian" + BITS)()
            self.list_ops = getattr(lightning.algorithms, "create_ops_list" + BITS)
            self.make_lists()
            self.call = self.call_gradient

    def choose(self, option):
        pass

    @staticmethod
    def run(steps):
        for method, arguments in steps:
            method(*arguments)

    def call_state(self):
        self.state.resetStateVector()
        self.run(self.steps)

    def set_parameters(self):
        for g, (_, arguments) in zip(self.job.gates, self.steps):
            if g.terms and g.terms[0]:
                arguments[2][0] = g.angle(self.job.theta)

    def call_energy(self):
        self.set_parameters()
        self.call_state()
        return self.measure.expval(self.observable)

    def make_lists(self):
        """The circuit for the adjoint method, in which rotations about strings are MultiRZ between changes of basis."""
        self.names, self.angles, self.wires, self.sources = [], [], [], []  # sources: the gate of each trainable operation, in order
        self.trainable = []
        parameters = 0

        def add(name, qubits, values, source=None):
            nonlocal parameters
            if source is not None:
                self.trainable.append(parameters)
                self.sources.append((source, len(self.names)))
            parameters += len(values)
            self.names.append(name)
            self.angles.append(list(values))
            self.wires.append(wires(self.job.qubits, qubits))

        for index, g in enumerate(self.job.gates):
            source = index if g.terms and g.terms[0] else None
            if g.name in NAMES:
                add(NAMES[g.name], g.qubits, g.values, source)
                continue
            if g.name != "pauli_rotation":
                raise Unsupported(f"gate {g.name}")
            for letter, q in zip(g.pauli, g.qubits):
                if letter != "Z":
                    add(*("Hadamard", [q], []) if letter == "X" else ("RX", [q], [math.pi / 2]))
            add("MultiRZ", g.qubits, g.values, source)
            for letter, q in zip(g.pauli, g.qubits):
                if letter != "Z":
                    add(*("Hadamard", [q], []) if letter == "X" else ("RX", [q], [-math.pi / 2]))
        count = len(self.names)
        self.rest = ([False] * count, [numpy.zeros(0, dtype=TYPE)] * count, [[]] * count, [[]] * count)

    def call_gradient(self):
        value = self.call_energy()
        for source, place in self.sources:
            self.angles[place][0] = self.job.gates[source].angle(self.job.theta)
        inverses, matrices, controls, states = self.rest
        ops = self.list_ops(self.names, self.angles, self.wires, inverses, matrices, controls, states)
        return value, self.jacobian(self.state, [self.observable], ops, self.trainable)

    def answer(self):
        job = self.job
        if job.kind in ("gate", "state"):
            self.state.resetStateVector()
            self.run(self.before)
            self.run(self.steps)
            whole = numpy.zeros(1 << job.qubits, dtype=TYPE)
            self.state.getState(whole)
            return amplitudes(whole[job.checked])
        if job.kind in ("expect", "energy"):
            return {"value": float(self.call())}
        value, gradient = self.call()
        by_gate = {source: float(g) for (source, _), g in zip(self.sources, numpy.ravel(gradient))}
        return {"value": float(value), "gradient": job.derivatives(by_gate)}


serve(Runner, {"version": importlib.metadata.version("pennylane-lightning")})
