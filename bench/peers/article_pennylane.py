"""VQE of examples/article.pauli with PennyLane: lightning.qubit, adjoint gradient, SciPy's SLSQP, random start. Prints the energy."""

import sys

import numpy
import pennylane as qml
from measure import letters_of, two_local
from pennylane import numpy as differentiable
from scipy.optimize import minimize

terms = [line.split() for line in open(sys.argv[1]) if line.strip() and not line.startswith("#")]
nqubits = len(terms[0][1])
paulis = {"X": qml.PauliX, "Y": qml.PauliY, "Z": qml.PauliZ}
words = [[paulis[letter](qubit) for letter, qubit in letters_of(label)] for _, label in terms]
hamiltonian = qml.Hamiltonian([float(c) for c, _ in terms], [qml.prod(*word) if len(word) > 1 else word[0] for word in words])
gates = two_local(nqubits)


@qml.qnode(qml.device("lightning.qubit", wires=nqubits), diff_method="adjoint")
def energy_of(theta):
    for name, a, b in gates:
        if name == "cx":
            qml.CNOT(wires=[a, b])
        else:
            (qml.RY if name == "ry" else qml.RZ)(theta[b], wires=a)
    return qml.expval(hamiltonian)


derivative = qml.grad(energy_of)


def value_and_gradient(theta):
    gradient = derivative(differentiable.array(theta, requires_grad=True))
    return float(derivative.forward), numpy.asarray(gradient)


start = numpy.random.default_rng().uniform(-numpy.pi, numpy.pi, 2 * nqubits * 3)
result = minimize(value_and_gradient, start, jac=True, method="SLSQP", options={"maxiter": 300, "ftol": 1e-12})
print(f"{result.fun:.12f}")
