"""Energy loop with Qiskit Aer's EstimatorV2 at precision 0 (exact), one PUB a call. It has no gradient of its own."""

from measure import read_problem, report
from qiskit.circuit import library
from qiskit.quantum_info import SparsePauliOp
from qiskit_aer.primitives import EstimatorV2

nqubits, terms, rows, seconds, batches = read_problem()
circuit = library.n_local(nqubits, ["ry", "rz"], "cx", "full", reps=2)
observable = SparsePauliOp.from_list([(label, c) for c, label in terms])
estimator = EstimatorV2(options={"default_precision": 0.0,
                                 "backend_options": {"method": "statevector", "max_parallel_threads": 1}})


def value(theta):
    return estimator.run([(circuit, observable, theta)]).result()[0].data.evs


report(rows, seconds, batches, value)
