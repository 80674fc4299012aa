"""The same run with Aer's first-generation Estimator, as older programs write it. Prints the energy, or the reason it does not run."""

import sys
import warnings

warnings.simplefilter("ignore")
try:
    from qiskit.circuit import library
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_aer.primitives import Estimator
    from qiskit_algorithms import VQE
    from qiskit_algorithms.optimizers import SLSQP

    terms = [line.split() for line in open(sys.argv[1]) if line.strip() and not line.startswith("#")]
    hamiltonian = SparsePauliOp.from_list([(label, float(c)) for c, label in terms])
    ansatz = library.n_local(hamiltonian.num_qubits, ["ry", "rz"], "cx", "full", reps=2)
    result = VQE(Estimator(), ansatz, SLSQP(maxiter=300)).compute_minimum_eigenvalue(hamiltonian)
    print(f"{result.eigenvalue.real:.12f}")
except Exception as error:
    reasons = []
    while error is not None:
        reasons.append(f"{type(error).__name__}: {error}")
        error = error.__cause__
    sys.exit(" <- ".join(reasons))
