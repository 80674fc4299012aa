"""VQE of examples/article.pauli with qiskit-algorithms: V2 estimator, SLSQP by finite differences, random start. Prints the energy."""

import sys

from qiskit.circuit import library
from qiskit.primitives import StatevectorEstimator
from qiskit.quantum_info import SparsePauliOp
from qiskit_algorithms import VQE
from qiskit_algorithms.optimizers import SLSQP

terms = [line.split() for line in open(sys.argv[1]) if line.strip() and not line.startswith("#")]
hamiltonian = SparsePauliOp.from_list([(label, float(c)) for c, label in terms])
ansatz = library.n_local(hamiltonian.num_qubits, ["ry", "rz"], "cx", "full", reps=2)
result = VQE(StatevectorEstimator(), ansatz, SLSQP(maxiter=300)).compute_minimum_eigenvalue(hamiltonian)
print(f"{result.eigenvalue.real:.12f}")
