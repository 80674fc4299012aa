"""Energy loop with a PennyLane QNode; adjoint gradients where the device is lightning.qubit, none for default.qubit (backpropagation
takes seconds a call there at 12 qubits).

The fifth argument names the device; "tape" after it goes past the QNode: the circuit is recorded once and its parameters are replaced,
which is the fastest public way in found.
"""

import sys

import numpy
import pennylane as qml
from measure import letters_of, read_problem, report, two_local
from pennylane import numpy as differentiable

nqubits, terms, rows, seconds, batches = read_problem()
device = qml.device(sys.argv[5], wires=nqubits)
gates = two_local(nqubits)
paulis = {"X": qml.PauliX, "Y": qml.PauliY, "Z": qml.PauliZ}


def word(label):
    factors = [paulis[letter](qubit) for letter, qubit in letters_of(label)]
    return qml.prod(*factors) if len(factors) > 1 else factors[0] if factors else qml.Identity(0)


hamiltonian = qml.Hamiltonian([c for c, _ in terms], [word(label) for _, label in terms])


def queue(theta):
    for name, a, b in gates:
        if name == "cx":
            qml.CNOT(wires=[a, b])
        else:
            (qml.RY if name == "ry" else qml.RZ)(theta[b], wires=a)


if sys.argv[6:] == ["tape"]:
    with qml.queuing.AnnotatedQueue() as recorded:
        queue(rows[0])
        qml.expval(hamiltonian)
    tape = qml.tape.QuantumScript.from_queue(recorded)
    program, config = device.preprocess(qml.devices.ExecutionConfig(gradient_method="adjoint", use_device_gradient=True))
    (tape,), _ = program([tape])
    places = list(range(len(rows[0])))

    def value(theta):
        return device.execute([tape.bind_new_parameters(theta, places)], config)[0]

    def value_and_gradient(theta):
        bound = tape.bind_new_parameters(theta, places)
        bound.trainable_params = places
        (energy,), (gradient,) = device.execute_and_compute_derivatives([bound], config)
        return energy, numpy.stack(gradient)
else:

    has_adjoint = sys.argv[5].startswith("lightning")

    @qml.qnode(device, diff_method="adjoint" if has_adjoint else None)
    def energy_of(theta):
        queue(theta)
        return qml.expval(hamiltonian)

    derivative = qml.grad(energy_of)
    plain = {id(row): numpy.array(row) for row in rows}
    trainable = {id(row): differentiable.array(row, requires_grad=True) for row in rows}

    def value(theta):
        return energy_of(plain[id(theta)])

    def value_and_gradient(theta):
        gradient = derivative(trainable[id(theta)])
        return derivative.forward, gradient

    if not has_adjoint:
        value_and_gradient = None


report(rows, seconds, batches, value, value_and_gradient)
