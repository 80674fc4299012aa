/* vqe_problem.h: the article's problem, and comparing two results to the byte. */
#ifndef VQE_PROBLEM_H
#define VQE_PROBLEM_H

#include <qn_test.h>

#include <quern/quern.h>

#define ARTICLE_ENERGY (-1.0 - sqrt(1.04))

typedef struct problem {
    qn_pauli_sum *hamiltonian;
    qn_circuit *ansatz;
} problem;

static inline problem problem_make(void)
{
    static const char text[] = "-1.0 ZZ; 0.5 ZI; 0.5 IZ; 0.2 XX";
    static const qn_gate rotations[] = {QN_GATE_RY, QN_GATE_RZ}, entangler[] = {QN_GATE_CX};
    qn_n_local_options options = QN_N_LOCAL_OPTIONS_INIT;
    options.nqubits = 2;
    options.rotations = rotations;
    options.nrotations = 2;
    options.entanglers = entangler;
    options.nentanglers = 1;
    options.reps = 2;
    problem p = {NULL, NULL};
    assert_ok(qn_read_hamiltonian(text, sizeof text - 1, "article", &p.hamiltonian));
    assert_ok(qn_ansatz_n_local(&options, &p.ansatz));
    return p;
}

static inline void problem_free(problem *p)
{
    qn_pauli_sum_free(p->hamiltonian);
    qn_circuit_free(p->ansatz);
}

/* A fresh context with so many threads; runs; frees the context. */
static inline qn_status problem_run(const problem *p, uint32_t threads, const qn_vqe_options *options,
                                    qn_vqe_result **out)
{
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = threads;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&chosen, &context));
    const qn_status status = qn_vqe_run(context, p->ansatz, p->hamiltonian, options, out);
    qn_context_free(context);
    return status;
}

/* Everything but times and what came from a checkpoint. */
static inline void assert_same_result(const qn_vqe_result *a, const qn_vqe_result *b)
{
    assert_memory_equal(&a->energy, &b->energy, sizeof a->energy);
    assert_memory_equal(&a->std_error, &b->std_error, sizeof a->std_error);
    assert_int_equal(a->nparameters, b->nparameters);
    assert_memory_equal(a->parameters, b->parameters, a->nparameters * sizeof(double));
    assert_int_equal(a->best_start, b->best_start);
    assert_int_equal(a->starts_done, b->starts_done);
    assert_int_equal(a->evaluations, b->evaluations);
    assert_int_equal(a->gradients, b->gradients);
    assert_int_equal(a->circuits, b->circuits);
    assert_int_equal(a->shots, b->shots);
    assert_int_equal(a->reason, b->reason);
    assert_int_equal(a->nsteps, b->nsteps);
    for (size_t i = 0; i < a->nsteps; i++) {
        assert_int_equal(a->steps[i].evaluations, b->steps[i].evaluations);
        assert_memory_equal(&a->steps[i].energy, &b->steps[i].energy, sizeof(double));
    }
}

#endif
