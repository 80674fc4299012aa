/* vqls_gate.c: the costs of the variational solver by Hadamard tests.
 *
 * With N = <psi|A^H A|psi> and E(M) = <psi|A^H M A|psi>: C_G N = (N + E(1 - 2 |b><b|)) / 2 and C_L N = N / 2 - sum_j
 * E(U_b Z_j U_b^H) / 2n. Each E is a sum over pairs l <= l' of Pauli strings of A of c_l c*_l' <P_l' M P_l>, the pair
 * l, l' and its mirror together; neither the ansatz nor U_b need be controlled. */
#include <math.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/gate_parts.h"
#include "algorithm/linear/vqls.h"
#include "base/alloc.h"

enum { MIDDLE_NOTHING = -2, MIDDLE_B = -1 /* from 0 on: Z of that qubit */ };

typedef struct test {
    qn_estimator *estimator; /* of X, Y or both of the test's qubit */
    int middle;
    size_t parts;
    double weight[2]; /* of each in E */
} test;

struct qn__vqls_tests {
    uint32_t n;
    size_t count, symbols;
    double same; /* sum |c|^2: tests of a string with itself */
    test *all;
    double *scratch; /* a gradient */
    qn_circuit *largest, *prepare;
};

double qn__vqls_test_count(size_t terms, uint32_t n, bool local, bool is_complex)
{
    const double pairs = 0.5 * (double)terms * ((double)terms - 1), parts = is_complex ? 2 : 1;
    return parts * pairs + (parts * pairs + (double)terms) * (local ? n : 1);
}

/* One string, under the test's qubit. */
static qn_status append_string(qn_circuit *circuit, uint32_t n, uint64_t x, uint64_t z)
{
    for (uint32_t q = 0; q < n; q++) {
        const bool flips = (x >> q & 1) != 0, signs = (z >> q & 1) != 0;
        if (flips || signs) {
            const qn_gate gate = !flips ? QN_GATE_CZ : signs ? QN_GATE_CY : QN_GATE_CX;
            QN_TRY(qn_circuit_append(circuit, gate, (uint32_t[]){n, q}, 2, NULL, 0));
        }
    }
    return QN_OK;
}

static qn_status append_middle(qn_circuit *circuit, uint32_t n, int middle, const qn_circuit *prepare,
                               const qn_circuit *undo)
{
    if (middle == MIDDLE_NOTHING) {
        return QN_OK;
    }
    QN_TRY(qn__append_at(circuit, undo, 0));
    if (middle == MIDDLE_B) {
        QN_TRY(qn__append_zero_sign(circuit, 0, n, n));
    } else {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_CZ, (uint32_t[]){n, (uint32_t)middle}, 2, NULL, 0));
    }
    return qn__append_at(circuit, prepare, 0);
}

static qn_status make_test(const qn_circuit *ansatz, const qn_pauli_sum *a, size_t l, size_t r, int middle,
                           const qn_circuit *prepare, const qn_circuit *undo, qn_circuit **out)
{
    const uint32_t n = qn_circuit_qubits(ansatz);
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY(qn_circuit_create(n + 1, &circuit));
    for (uint32_t s = 0; s < qn_circuit_symbols(ansatz); s++) {
        uint32_t index = 0;
        QN_TRY_CLEANUP(qn_circuit_add_symbol(circuit, qn_circuit_symbol_name(ansatz, s), &index));
    }
    QN_TRY_CLEANUP(qn__append_at(circuit, ansatz, 0));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_H, n));
    QN_TRY_CLEANUP(append_string(circuit, n, *qn_pauli_sum_x(a, l), *qn_pauli_sum_z(a, l)));
    QN_TRY_CLEANUP(append_middle(circuit, n, middle, prepare, undo));
    QN_TRY_CLEANUP(append_string(circuit, n, *qn_pauli_sum_x(a, r), *qn_pauli_sum_z(a, r)));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    return status;
}

/* X and Y of the test's qubit. */
static qn_status make_observables(uint32_t n, qn_pauli_sum *out[2])
{
    const uint64_t bit = UINT64_C(1) << n, none = 0;
    qn_pauli_sum *x = NULL, *y = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_pauli_sum_create(n + 1, &x));
    QN_TRY_CLEANUP(qn_pauli_sum_create(n + 1, &y));
    QN_TRY_CLEANUP(qn_pauli_sum_add_masks(x, (qn_complex){1, 0}, &bit, &none));
    QN_TRY_CLEANUP(qn_pauli_sum_add_masks(y, (qn_complex){1, 0}, &bit, &bit));
    out[0] = x;
    out[1] = y;
    return QN_OK;
cleanup:
    qn_pauli_sum_free(x);
    qn_pauli_sum_free(y);
    return status;
}

/* What of a pair goes into E: with c = c_l c*_r, twice where the mirror is another pair, Re c X - Im c Y. In a real
 * system c is real or imaginary, and so is the mean. Fills the weights of what is not 0; the first one, 0 for X. */
static size_t weigh(const qn_pauli_sum *a, size_t l, size_t r, test *out)
{
    const qn_complex x = qn_pauli_sum_coefficient(a, l), y = qn_pauli_sum_coefficient(a, r);
    const double times = l == r ? 1 : 2, re = times * (x.re * y.re + x.im * y.im);
    const double im = l == r ? 0 : times * (x.im * y.re - x.re * y.im);
    const size_t first = fabs(re) > 0 ? 0 : 1;
    out->parts = fabs(re) > 0 && fabs(im) > 0 ? 2 : 1;
    out->weight[0] = first == 0 ? re : -im;
    out->weight[1] = -im;
    return first;
}

static qn_status fill(qn_engine *engine, const qn_circuit *ansatz, const qn_pauli_sum *a, const qn_circuit *undo,
                      qn__vqls_tests *t)
{
    const qn_estimator_options exact = QN_ESTIMATOR_OPTIONS_INIT;
    const size_t terms = qn_pauli_sum_terms(a);
    qn_pauli_sum *observables[2] = {NULL, NULL};
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(make_observables(t->n, observables));
    for (size_t l = 0; l < terms; l++) {
        for (size_t r = l; r < terms; r++) {
            for (int middle = r == l ? MIDDLE_B : MIDDLE_NOTHING; middle < (int)t->n; middle++) {
                test *const one = &t->all[t->count];
                QN_TRY_CLEANUP(make_test(ansatz, a, l, r, middle, t->prepare, undo, &circuit));
                const size_t first = weigh(a, l, r, one);
                const qn_pauli_sum *const measured[2] = {observables[first], observables[1]};
                QN_TRY_CLEANUP(qn_estimator_create(engine, circuit, measured, one->parts, &exact, &one->estimator));
                t->count++;
                one->middle = middle;
                if (t->largest == NULL || qn_circuit_operations(circuit) > qn_circuit_operations(t->largest)) {
                    qn_circuit_free(t->largest);
                    t->largest = circuit;
                    circuit = NULL;
                }
                qn_circuit_free(circuit);
                circuit = NULL;
            }
        }
    }
cleanup:
    qn_circuit_free(circuit);
    qn_pauli_sum_free(observables[0]);
    qn_pauli_sum_free(observables[1]);
    return status;
}

qn_status qn__vqls_tests_open(const qn_context *context, qn_engine *engine, const qn_linear_problem *problem,
                              const qn_circuit *ansatz, qn__vqls_tests **out)
{
    qn_complex *dense = NULL;
    qn_pauli_sum *a = NULL;
    qn_circuit *undo = NULL;
    qn_status status = QN_OK;
    qn__vqls_tests *t = qn__calloc(1, sizeof *t);
    QN_ALLOC_CHECK(t);
    t->n = qn__vqls_qubits(problem);
    t->symbols = qn_circuit_symbols(ansatz);
    QN_TRY_CLEANUP(qn__vqls_dense(context, problem, &dense));
    QN_TRY_CLEANUP(qn_pauli_sum_from_matrix(t->n, dense, 1e-14, &a));
    const size_t terms = qn_pauli_sum_terms(a);
    for (size_t l = 0; l < terms; l++) {
        const qn_complex c = qn_pauli_sum_coefficient(a, l);
        t->same += c.re * c.re + c.im * c.im;
    }
    t->all = qn__calloc(terms * (terms + 1) / 2 * (t->n + 2), sizeof *t->all);
    t->scratch = qn__alloc(t->symbols + 1, sizeof *t->scratch);
    if (t->all == NULL || t->scratch == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__linear_prepare(context, problem, 0, &t->prepare));
    QN_TRY_CLEANUP(qn_circuit_inverse(t->prepare, &undo));
    QN_TRY_CLEANUP(fill(engine, ansatz, a, undo, t));
    *out = t;
    t = NULL;
cleanup:
    qn__free(dense);
    qn_pauli_sum_free(a);
    qn_circuit_free(undo);
    qn__vqls_tests_free(t);
    return status;
}

void qn__vqls_tests_free(qn__vqls_tests *tests)
{
    if (tests != NULL) {
        for (size_t k = 0; k < tests->count; k++) {
            qn_estimator_free(tests->all[k].estimator);
        }
        qn_circuit_free(tests->largest);
        qn_circuit_free(tests->prepare);
        qn__free(tests->scratch);
        qn__free(tests->all);
        qn__free(tests);
    }
}

/* What E adds to the numerator and to N. */
static void factors(const qn__vqls_tests *t, bool local, int middle, double *numerator, double *norm)
{
    *norm = middle == MIDDLE_NOTHING ? 1 : 0;
    *numerator = middle == MIDDLE_NOTHING ? 0.5 : middle == MIDDLE_B ? (local ? 0 : 0.5) : (local ? -0.5 / t->n : 0);
}

qn_status qn__vqls_tests_cost(qn__vqls_tests *t, bool local, const double *theta, double *cost, double *grad)
{
    double sum = 0.5 * t->same, norm = t->same;
    for (size_t k = 0; k < t->count; k++) {
        const test *const one = &t->all[k];
        double values[2] = {0, 0}, numerator = 0, of_norm = 0;
        factors(t, local, one->middle, &numerator, &of_norm);
        if (fabs(numerator) > 0) {
            QN_TRY(qn_estimator_run(one->estimator, theta, 1, values, NULL));
            const double e = one->weight[0] * values[0] + (one->parts > 1 ? one->weight[1] * values[1] : 0);
            sum += numerator * e;
            norm += of_norm * e;
        }
    }
    *cost = sum / norm;
    for (size_t i = 0; grad != NULL && i < t->symbols; i++) {
        grad[i] = 0;
    }
    for (size_t k = 0; grad != NULL && k < t->count; k++) {
        const test *const one = &t->all[k];
        double numerator = 0, of_norm = 0;
        factors(t, local, one->middle, &numerator, &of_norm);
        if (fabs(numerator) > 0) {
            const double slope = (numerator - *cost * of_norm) / norm;
            const double weights[2] = {slope * one->weight[0], slope * one->weight[1]};
            QN_TRY(qn_estimator_gradient(one->estimator, theta, weights, NULL, t->scratch, NULL));
            for (size_t i = 0; i < t->symbols; i++) {
                grad[i] += t->scratch[i];
            }
        }
    }
    return QN_OK;
}

qn_status qn__vqls_tests_count(const qn__vqls_tests *tests, qn_circuit_cost *cost, qn_data_gates *loading)
{
    qn_data_gates b, sum = {0};
    QN_TRY(qn_circuit_count(tests->largest, NULL, QN__LINEAR_SYNTHESIS, cost));
    QN_TRY(qn__linear_data_gates(tests->prepare, &b));
    qn__data_gates_add(&sum, 2, b); /* there and back */
    *loading = sum;
    return QN_OK;
}
