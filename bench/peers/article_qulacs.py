"""VQE of examples/article.pauli with Qulacs: backprop gradient, SciPy's SLSQP, random starts (second argument, else 1).

Prints the energy; with more than one start also how many came within 1e-6 of the lowest eigenvalue.
"""

import math
import sys

import numpy
import qulacs
from measure import letters_of, two_local
from scipy.optimize import minimize

terms = [line.split() for line in open(sys.argv[1]) if line.strip() and not line.startswith("#")]
nqubits = len(terms[0][1])
observable = qulacs.Observable(nqubits)
for c, label in terms:
    observable.add_operator(float(c), " ".join(f"{letter} {qubit}" for letter, qubit in letters_of(label)))
circuit = qulacs.ParametricQuantumCircuit(nqubits)
for name, a, b in two_local(nqubits):
    if name == "cx":
        circuit.add_CNOT_gate(a, b)
    else:
        (circuit.add_parametric_RY_gate if name == "ry" else circuit.add_parametric_RZ_gate)(a, 0.0)
state = qulacs.QuantumState(nqubits)


def value_and_gradient(theta):
    for k, angle in enumerate(theta):
        circuit.set_parameter(k, -angle)
    state.set_zero_state()
    circuit.update_quantum_state(state)
    return observable.get_expectation_value(state), -numpy.array(circuit.backprop(observable))


starts = int(sys.argv[2]) if len(sys.argv) > 2 else 1
random = numpy.random.default_rng(1 if starts > 1 else None)
energies = [minimize(value_and_gradient, random.uniform(-numpy.pi, numpy.pi, 2 * nqubits * 3), jac=True, method="SLSQP",
                     options={"maxiter": 300, "ftol": 1e-12}).fun for _ in range(starts)]
print(f"{min(energies):.12f}")
if starts > 1:
    print(sum(energy < -1 - math.sqrt(1.04) + 1e-6 for energy in energies))
