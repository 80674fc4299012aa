"""LiH with PennyLane's UCCSD template on lightning.qubit, adjoint gradient, SciPy's SLSQP from the Hartree-Fock state.

Arguments: Pauli sum (Jordan-Wigner, spins alternating as PennyLane wants them), electrons. Prints the energy, the number of
value-and-gradient calls and the number of parameters.
"""

import sys

import numpy
import pennylane as qml
from measure import letters_of
from pennylane import numpy as differentiable
from scipy.optimize import minimize

terms = [line.split() for line in open(sys.argv[1]) if line.strip()]
nqubits, nelec = len(terms[0][1]), int(sys.argv[2])
paulis = {"X": qml.PauliX, "Y": qml.PauliY, "Z": qml.PauliZ}


def word(label):
    factors = [paulis[letter](qubit) for letter, qubit in letters_of(label)]
    return qml.prod(*factors) if len(factors) > 1 else factors[0] if factors else qml.Identity(0)


hamiltonian = qml.Hamiltonian([float(c) for c, _ in terms], [word(label) for _, label in terms])
reference = qml.qchem.hf_state(nelec, nqubits)
singles, doubles = qml.qchem.excitations(nelec, nqubits)
singles_wires, doubles_wires = qml.qchem.excitations_to_wires(singles, doubles)


@qml.qnode(qml.device("lightning.qubit", wires=nqubits), diff_method="adjoint")
def energy_of(theta):
    qml.UCCSD(theta, range(nqubits), singles_wires, doubles_wires, reference)
    return qml.expval(hamiltonian)


derivative = qml.grad(energy_of)


def value_and_gradient(theta):
    gradient = derivative(differentiable.array(theta, requires_grad=True))
    return float(derivative.forward), numpy.asarray(gradient)


result = minimize(value_and_gradient, numpy.zeros(len(singles) + len(doubles)), jac=True, method="SLSQP",
                  options={"maxiter": 300, "ftol": 1e-10})
print(f"{result.fun:.12f} {result.nfev} {len(result.x)}")
