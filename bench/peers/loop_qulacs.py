"""Energy loop with Qulacs: a parametric circuit, an observable, and backprop for the gradient (its rotations have the other sign)."""

import qulacs
from measure import letters_of, read_problem, report, two_local

nqubits, terms, rows, seconds, batches = read_problem()
circuit = qulacs.ParametricQuantumCircuit(nqubits)
for name, a, b in two_local(nqubits):
    if name == "cx":
        circuit.add_CNOT_gate(a, b)
    elif name == "ry":
        circuit.add_parametric_RY_gate(a, 0.0)
    else:
        circuit.add_parametric_RZ_gate(a, 0.0)
observable = qulacs.Observable(nqubits)
for c, label in terms:
    observable.add_operator(c, " ".join(f"{letter} {qubit}" for letter, qubit in letters_of(label)))
state = qulacs.QuantumState(nqubits)


def value(theta):
    for k, angle in enumerate(theta):
        circuit.set_parameter(k, -angle)
    state.set_zero_state()
    circuit.update_quantum_state(state)
    return observable.get_expectation_value(state)


def value_and_gradient(theta):
    energy = value(theta)
    return energy, [-g for g in circuit.backprop(observable)]


report(rows, seconds, batches, value, value_and_gradient)
