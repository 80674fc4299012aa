/* primitive_fixture.h: an engine and small problems, shared by the tests of this folder. */
#ifndef QN_PRIMITIVE_FIXTURE_H
#define QN_PRIMITIVE_FIXTURE_H

#include <qn_random.h>

#include <quern/primitive.h>

typedef struct fixture {
    qn_context *context;
    qn_engine *engine;
} fixture;

static inline fixture fixture_open(const char *spec, uint32_t threads)
{
    fixture f = {NULL, NULL};
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = threads;
    assert_ok(qn_context_create(&options, &f.context));
    assert_ok(qn_engine_open(f.context, spec, &f.engine));
    return f;
}

static inline void fixture_close(fixture f)
{
    qn_engine_close(f.engine);
    qn_context_free(f.context);
}

/* The observables as the library takes them. */
static inline const qn_pauli_sum *const *sums_of(qn_pauli_sum *const *sums)
{
    return (const qn_pauli_sum *const *)sums;
}

static inline qn_pauli_sum *sum_of(uint32_t n, size_t count, const double *coefficients, const char *const *labels)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(n, &sum));
    for (size_t i = 0; i < count; i++) {
        assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){coefficients[i], 0}, labels[i]));
    }
    return sum;
}

/* Two qubits, four terms in two commuting groups ({ZI, IZ, ZZ} and {XX}), an identity. */
static inline qn_pauli_sum *small_sum(void)
{
    return sum_of(2, 5, (const double[]){-1.05, 0.4, -0.4, -0.01, 0.18},
                  (const char *const[]){"II", "IZ", "ZI", "ZZ", "XX"});
}

/* RY(t0) on 0, CX, RZ(2 t0 - t1 + 0.1) on 1, RXX(t1). */
static inline qn_circuit *small_circuit(void)
{
    qn_circuit *circuit = NULL;
    uint32_t t[2];
    const uint32_t q[] = {0, 1};
    assert_ok(qn_circuit_create(2, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "t0", &t[0]));
    assert_ok(qn_circuit_add_symbol(circuit, "t1", &t[1]));
    const qn_param_term first = {0, 1.0}, second = {1, 1.0}, both[] = {{0, 2.0}, {1, -1.0}};
    assert_ok(qn_circuit_append(circuit, QN_GATE_RY, q, 1, &(qn_param){0, &first, 1, 0}, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_CX, q, 2, NULL, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, q + 1, 1, &(qn_param){0.1, both, 2, 0}, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RXX, q, 2, &(qn_param){0, &second, 1, 0}, 1));
    return circuit;
}

#endif
