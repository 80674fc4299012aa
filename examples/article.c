/* article.c: the program of "How Quantum Computing Will Supercharge AI Models", through the C API.
 *
 * H = -ZZ + 0.5 ZI + 0.5 IZ + 0.2 XX, TwoLocal(ry, rz, cx, reps=2), SLSQP with at most 300 iterations; and the exact
 * answer that the article imports and never prints. Build: cc article.c $(pkg-config --cflags --libs quern) -lm */
#include <stdio.h>

#include <quern/quern.h>

int main(void)
{
    qn_context *context = NULL;
    qn_pauli_sum *hamiltonian = NULL;
    qn_circuit *ansatz = NULL;
    qn_vqe_result *vqe = NULL;
    qn_exact_result *exact = NULL;
    static const char text[] = "-1.0 ZZ; 0.5 ZI; 0.5 IZ; 0.2 XX";
    static const qn_gate rotations[] = {QN_GATE_RY, QN_GATE_RZ}, entangler[] = {QN_GATE_CX};
    qn_n_local_options two_local = QN_N_LOCAL_OPTIONS_INIT;
    two_local.nqubits = 2;
    two_local.rotations = rotations;
    two_local.nrotations = 2;
    two_local.entanglers = entangler;
    two_local.nentanglers = 1;
    two_local.reps = 2;
    qn_vqe_options options = QN_VQE_OPTIONS_INIT;
    options.optimizer.method = "slsqp";
    options.optimizer.max_iterations = 300;
    options.seed = 42;

    const bool done = qn_context_create(NULL, &context) == QN_OK &&
                      qn_read_hamiltonian(text, sizeof text - 1, "article", &hamiltonian) == QN_OK &&
                      qn_ansatz_n_local(&two_local, &ansatz) == QN_OK &&
                      qn_vqe_run(context, ansatz, hamiltonian, &options, &vqe) == QN_OK &&
                      qn_exact_solve(context, hamiltonian, NULL, &exact) == QN_OK;
    if (done) {
        printf("Ground state energy: %.6f\n", vqe->energy);
        printf("Exact:               %.16f +- %.1e\n", exact->energies[0], exact->residual_bounds[0]);
    } else {
        fprintf(stderr, "article: %s\n", qn_last_error()->message);
    }
    qn_exact_result_free(exact);
    qn_vqe_result_free(vqe);
    qn_circuit_free(ansatz);
    qn_pauli_sum_free(hamiltonian);
    qn_context_free(context);
    return done ? 0 : 1;
}
