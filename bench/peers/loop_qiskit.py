"""Energy loop with Qiskit's StatevectorEstimator: one PUB a call, as an optimiser makes it. It has no gradient of its own."""

from measure import read_problem, report
from qiskit.circuit import library
from qiskit.primitives import StatevectorEstimator
from qiskit.quantum_info import SparsePauliOp

nqubits, terms, rows, seconds, batches = read_problem()
circuit = library.n_local(nqubits, ["ry", "rz"], "cx", "full", reps=2)
observable = SparsePauliOp.from_list([(label, c) for c, label in terms])
estimator = StatevectorEstimator()


def value(theta):
    return estimator.run([(circuit, observable, theta)]).result()[0].data.evs


report(rows, seconds, batches, value)
