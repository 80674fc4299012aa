/* vqls.c: the variational quantum linear solver: C. Bravo-Prieto, R. LaRose, M. Cerezo, Y. Subasi, L. Cincio, P. Coles,
 * arXiv:1909.05820. An ansatz V(theta) is trained until A V|0> points along b:
 *     C_G = 1 - |<b|A psi>|^2 / <A psi|A psi>,
 *     C_L = 1/2 - 1/(2n) sum_j <A psi|U_b Z_j U_b^H|A psi> / <A psi|A psi>, |b> = U_b|0>.
 * On hardware each is a sum over pairs of Pauli strings of A, by Hadamard tests: L^2 (n + 1) of them an evaluation.
 * The gate tier runs them (vqls_gate.c); the operator tier has the same numbers as expectation values of A^H (...) A.
 * Gradients are exact in both. */
#include "algorithm/linear/vqls.h"

#include <math.h>
#include <string.h>

#include <quern/ansatz.h>
#include <quern/block_encoding.h>
#include <quern/load.h>
#include <quern/optimizer.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "base/rng.h"

enum { MOST_QUBITS = 6, STARTS = 6 };

static qn_complex times(qn_complex x, qn_complex y)
{
    return (qn_complex){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

static qn_complex conjugate(qn_complex x)
{
    return (qn_complex){x.re, -x.im};
}

uint32_t qn__vqls_qubits(const qn_linear_problem *problem)
{
    const uint32_t bits = qn_load_address_bits(problem->dimension);
    return bits > 0 ? bits : 1;
}

/* out = A^H M A for a Hermitian M (NULL: the identity); scratch: one more square. */
static void sandwich(size_t size, const qn_complex *a, const qn_complex *m, qn_complex *scratch, qn_complex *out)
{
    memset(scratch, 0, size * size * sizeof *scratch);
    memset(out, 0, size * size * sizeof *out);
    for (size_t i = 0; i < size; i++) {
        for (size_t k = 0; k < size; k++) {
            for (size_t j = 0; m != NULL && j < size; j++) {
                const qn_complex p = times(m[i * size + k], a[k * size + j]);
                scratch[i * size + j].re += p.re;
                scratch[i * size + j].im += p.im;
            }
        }
    }
    const qn_complex *const right = m != NULL ? scratch : a;
    for (size_t k = 0; k < size; k++) {
        for (size_t i = 0; i < size; i++) {
            const qn_complex left = conjugate(a[k * size + i]);
            for (size_t j = 0; j < size; j++) {
                const qn_complex p = times(left, right[k * size + j]);
                out[i * size + j].re += p.re;
                out[i * size + j].im += p.im;
            }
        }
    }
}

/* Rounding of Hermitian observables is no imaginary part. */
static qn_status to_sum(uint32_t n, const qn_complex *m, qn_pauli_sum **out)
{
    qn_pauli_sum *raw = NULL, *sum = NULL;
    QN_TRY(qn_pauli_sum_from_matrix(n, m, 1e-15, &raw));
    qn_status status = qn_pauli_sum_create(n, &sum);
    for (size_t t = 0; status == QN_OK && t < qn_pauli_sum_terms(raw); t++) {
        const qn_complex c = {qn_pauli_sum_coefficient(raw, t).re, 0};
        status = qn_pauli_sum_add_masks(sum, c, qn_pauli_sum_x(raw, t), qn_pauli_sum_z(raw, t));
    }
    qn_pauli_sum_free(raw);
    if (status != QN_OK) {
        qn_pauli_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

static void fill_b(const qn_linear_problem *problem, size_t size, qn_complex *b)
{
    memset(b, 0, size * sizeof *b);
    for (size_t i = 0; i < problem->dimension; i++) {
        b[i] = problem->matrix->is_complex
                   ? (qn_complex){problem->b[2 * i] / problem->b_norm, problem->b[2 * i + 1] / problem->b_norm}
                   : (qn_complex){problem->b[i] / problem->b_norm, 0};
    }
}

/* m = 1/2 - 1/(2n) sum_j U_b Z_j U_b^H = sum over basis states s of (ones in s) / n times |U_b s><U_b s|. */
static qn_status local_projector(const qn_context *context, uint32_t n, const qn_complex *b, qn_complex *column,
                                 qn_complex *m)
{
    const size_t size = (size_t)1 << n;
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    qn_circuit *prepare = NULL;
    QN_TRY(qn_load_prepare(context, b, size, &options, &prepare, NULL));
    qn_status status = QN_OK;
    memset(m, 0, size * size * sizeof *m);
    for (size_t s = 1; status == QN_OK && s < size; s++) {
        status = qn__circuit_amplitudes(context, prepare, s, size, column);
        const double weight = (double)__builtin_popcountll(s) / n;
        for (size_t i = 0; i < size; i++) {
            for (size_t j = 0; j < size; j++) {
                const qn_complex p = times(column[i], conjugate(column[j]));
                m[i * size + j].re += weight * p.re;
                m[i * size + j].im += weight * p.im;
            }
        }
    }
    qn_circuit_free(prepare);
    return status;
}

/* A / alpha, with ones behind its end, where b has nothing. */
qn_status qn__vqls_dense(const qn_context *context, const qn_linear_problem *problem, qn_complex **out)
{
    QN_TRY(qn__encoding_dense(context, problem->matrix, out));
    const size_t size = (size_t)1 << qn__vqls_qubits(problem);
    for (size_t k = 0; k < size * size; k++) {
        (*out)[k].re /= problem->alpha;
        (*out)[k].im /= problem->alpha;
    }
    for (size_t r = problem->dimension; r < size; r++) {
        (*out)[r * size + r].re = 1;
    }
    return QN_OK;
}

qn_status qn__vqls_open(const qn_context *context, const qn_linear_problem *problem, qn__vqls *out)
{
    const uint32_t n = qn__vqls_qubits(problem);
    const size_t size = (size_t)1 << n, square = size * size;
    qn__vqls v = {.n = n};
    qn_complex *a = NULL;
    qn_pauli_sum *sum = NULL;
    qn_status status = QN_OK;
    qn_complex *memory = qn__alloc(3 * square + 2 * size, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    qn_complex *const m = memory, *const scratch = m + square, *const whole = scratch + square;
    qn_complex *const b = whole + square, *const column = b + size;
    QN_TRY_CLEANUP(qn__vqls_dense(context, problem, &a));
    QN_TRY_CLEANUP(qn_pauli_sum_from_matrix(n, a, 1e-14, &sum));
    v.terms = qn_pauli_sum_terms(sum);
    fill_b(problem, size, b);
    sandwich(size, a, NULL, scratch, whole);
    QN_TRY_CLEANUP(to_sum(n, whole, &v.norm));
    for (size_t k = 0; k < square; k++) {
        const qn_complex p = times(b[k / size], conjugate(b[k % size]));
        m[k] = (qn_complex){(k / size == k % size ? 1 : 0) - p.re, -p.im};
    }
    sandwich(size, a, m, scratch, whole);
    QN_TRY_CLEANUP(to_sum(n, whole, &v.global));
    QN_TRY_CLEANUP(local_projector(context, n, b, column, m));
    sandwich(size, a, m, scratch, whole);
    QN_TRY_CLEANUP(to_sum(n, whole, &v.local));
    *out = v;
    v = (qn__vqls){0};
cleanup:
    qn__free(memory);
    qn__free(a);
    qn_pauli_sum_free(sum);
    qn__vqls_close(&v);
    return status;
}

void qn__vqls_close(qn__vqls *vqls)
{
    qn_pauli_sum_free(vqls->norm);
    qn_pauli_sum_free(vqls->global);
    qn_pauli_sum_free(vqls->local);
    *vqls = (qn__vqls){0};
}

/* C = <numerator> / <norm>, from observables or from Hadamard tests. */
typedef struct training {
    qn_estimator *estimator; /* of both observables */
    qn__vqls_tests *tests;   /* NULL: by the estimator */
    bool local;
    size_t symbols;
    uint64_t evaluations;
} training;

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    training *const t = user;
    t->evaluations += grad != NULL ? 1 + 2 * t->symbols : 1; /* by the shift rule */
    if (t->tests != NULL) {
        return qn__vqls_tests_cost(t->tests, t->local, x, value, grad);
    }
    double values[2];
    QN_TRY(qn_estimator_run(t->estimator, x, 1, values, NULL));
    *value = values[0] / values[1];
    if (grad != NULL) {
        const double weights[2] = {1 / values[1], -*value / values[1]};
        QN_TRY(qn_estimator_gradient(t->estimator, x, weights, NULL, grad, NULL));
    }
    return QN_OK;
}

static qn_status make_ansatz(const qn_linear_problem *problem, const qn_linear_options *options, uint32_t n,
                             qn_circuit **out)
{
    qn_n_local_options ansatz = QN_N_LOCAL_OPTIONS_INIT;
    ansatz.nqubits = n;
    /* one layer of angles a real number of the answer, and some more */
    ansatz.reps = options->layers > 0 ? options->layers : (uint32_t)ceil(1.5 * exp2(n) / n) + 1;
    ansatz.entanglement = QN_ENTANGLEMENT_LINEAR;
    return problem->matrix->is_complex ? qn_ansatz_efficient_su2(&ansatz, out)
                                       : qn_ansatz_real_amplitudes(&ansatz, out);
}

/* The better of some random starts; stops at the first that is good enough. */
static qn_status train(const qn_context *context, const qn_linear_options *options, training *t, double goal,
                       double *theta, double *best, double *scratch)
{
    const size_t count = t->symbols;
    qn_objective objective = QN_OBJECTIVE_INIT;
    objective.dimension = count;
    objective.user = t;
    objective.evaluate = evaluate;
    objective.has_gradient = true;
    qn_optimizer_options how = QN_OPTIMIZER_OPTIONS_INIT;
    how.method = "l-bfgs";
    how.max_evaluations = 2000;
    how.ftol = 1e-15;
    *best = (double)INFINITY;
    for (uint64_t start = 0; start<STARTS && * best> goal; start++) {
        qn_optimizer_result result;
        for (size_t i = 0; i < count; i++) {
            scratch[i] = 6.28318530717958648 * (qn__random_uniform(options->seed, start, i) - 0.5);
        }
        QN_CHECK(!qn_context_interrupted(context), ERR_INTERRUPTED, "interrupted before the answer was good enough");
        QN_TRY(qn_minimize(&objective, &how, scratch, &result));
        if (result.value < *best) {
            *best = result.value;
            memcpy(theta, scratch, count * sizeof *theta);
        }
    }
    return QN_OK;
}

qn_status qn__linear_plan_vqls(const qn_context *context, const qn_linear_problem *problem,
                               const qn_linear_options *options, qn_linear_plan *plan)
{
    const uint32_t n = qn__vqls_qubits(problem);
    QN_CHECK(options->encoding == NULL, ERR_UNSUPPORTED,
             "vqls measures the Pauli strings of the matrix; a block-encoding was given");
    QN_CHECK(n <= MOST_QUBITS, ERR_TOO_LARGE, "%zu unknowns; the variational solver is trained for up to %d",
             problem->dimension, 1 << MOST_QUBITS);
    qn_complex *a = NULL;
    qn_pauli_sum *sum = NULL;
    qn_circuit *ansatz = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__vqls_dense(context, problem, &a));
    QN_TRY_CLEANUP(qn_pauli_sum_from_matrix(n, a, 1e-14, &sum));
    QN_TRY_CLEANUP(make_ansatz(problem, options, n, &ansatz));
    const size_t strings = qn_pauli_sum_terms(sum);
    const double terms = (double)strings, symbols = (double)qn_circuit_symbols(ansatz);
    const bool gate = plan->tier == QN_LINEAR_GATE;
    const double tests = qn__vqls_test_count(strings, n, options->local_cost, problem->matrix->is_complex);
    const double all = tests + qn__vqls_test_count(strings, n, !options->local_cost, problem->matrix->is_complex);
    if (gate && all > QN__VQLS_TESTS) {
        status = QN_FAIL(ERR_TOO_LARGE, "%zu Pauli strings take %.0f Hadamard tests; at most %d are compiled", strings,
                         all, (int)QN__VQLS_TESTS);
        goto cleanup;
    }
    const double evaluations = (2 * symbols + 1) * 100; /* some 100 gradients */
    plan->queries = evaluations * (gate ? tests : terms * terms * (n + 1));
    plan->seconds = 100 * (1e-5 + 3e-8 * symbols * exp2(2 * n)) + (gate ? 100 * tests * (3e-5 + 1e-6 * symbols) : 0);
    plan->bytes = exp2(2 * n) * 400 + (gate ? all * 2e4 : 0);
cleanup:
    qn__free(a);
    qn_pauli_sum_free(sum);
    qn_circuit_free(ansatz);
    return status;
}

/* x = c psi with the c that makes |b - A x| least. */
static void finish(const qn_linear_problem *problem, const qn_complex *psi, qn_linear_result *result)
{
    const qn_sparse *const m = problem->matrix;
    double re = 0, im = 0, norm = 0;
    for (size_t r = 0; r < m->rows; r++) {
        qn_complex sum = {0, 0};
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            const qn_complex v =
                m->is_complex ? (qn_complex){m->value[2 * e], m->value[2 * e + 1]} : (qn_complex){m->value[e], 0};
            const qn_complex p = times(v, psi[m->column[e]]);
            sum.re += p.re;
            sum.im += p.im;
        }
        const qn_complex b =
            m->is_complex ? (qn_complex){problem->b[2 * r], problem->b[2 * r + 1]} : (qn_complex){problem->b[r], 0};
        const qn_complex overlap = times(conjugate(sum), b);
        re += overlap.re;
        im += overlap.im;
        norm += sum.re * sum.re + sum.im * sum.im;
    }
    const qn_complex c = {re / norm, im / norm};
    for (size_t i = 0; i < problem->dimension; i++) {
        const qn_complex x = times(c, psi[i]);
        result->x[m->is_complex ? 2 * i : i] = x.re;
        if (m->is_complex) {
            result->x[2 * i + 1] = x.im;
        }
    }
    result->solution_norm = problem->b_norm / sqrt(norm); /* what |A psi| tells */
}

qn_status qn__linear_run_vqls(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_linear_result *result)
{
    qn__vqls v = {0};
    qn_circuit *ansatz = NULL, *bound = NULL;
    qn_context *own = NULL;
    qn_engine *engine = NULL;
    qn_estimator *all = NULL;
    training t = {0};
    qn_status status = QN_OK;
    double *theta = NULL, values[3];
    qn_complex *psi = NULL;
    QN_TRY_CLEANUP(qn__vqls_open(context, problem, &v));
    QN_TRY_CLEANUP(make_ansatz(problem, options, v.n, &ansatz));
    const size_t count = qn_circuit_symbols(ansatz), size = (size_t)1 << v.n;
    qn_context_options plain = QN_CONTEXT_OPTIONS_INIT;
    plain.threads = 1; /* states of a few qubits */
    QN_TRY_CLEANUP(qn_context_create(&plain, &own));
    QN_TRY_CLEANUP(qn_engine_open(own, "statevector", &engine));
    const qn_pauli_sum *const pair[2] = {options->local_cost ? v.local : v.global, v.norm};
    const qn_pauli_sum *const three[3] = {v.global, v.local, v.norm};
    const qn_estimator_options exact = QN_ESTIMATOR_OPTIONS_INIT;
    const bool gate = result->plan.tier == QN_LINEAR_GATE;
    t.local = options->local_cost;
    t.symbols = count;
    if (gate) {
        QN_TRY_CLEANUP(qn__vqls_tests_open(context, engine, problem, ansatz, &t.tests));
    }
    QN_TRY_CLEANUP(qn_estimator_create(engine, ansatz, pair, 2, &exact, &t.estimator));
    QN_TRY_CLEANUP(qn_estimator_create(engine, ansatz, three, 3, &exact, &all));
    theta = qn__alloc(2 * count, sizeof *theta);
    psi = qn__alloc(size, sizeof *psi);
    if (theta == NULL || psi == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    /* C_G >= (error / kappa)^2, C_L >= C_G / n: there the error is under epsilon */
    const double goal = pow(options->epsilon / problem->kappa, 2) / (options->local_cost ? v.n : 1);
    double best = 0;
    QN_TRY_CLEANUP(train(context, options, &t, goal, theta, &best, theta + count));
    QN_TRY_CLEANUP(qn_estimator_run(all, theta, 1, values, NULL));
    QN_TRY_CLEANUP(qn_circuit_bind(ansatz, theta, count, &bound));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, bound, 0, size, psi));
    finish(problem, psi, result);
    result->cost_global = values[0] / values[2];
    result->cost_local = values[1] / values[2];
    if (gate) {
        QN_TRY_CLEANUP(qn__vqls_tests_cost(t.tests, false, theta, &result->cost_global, NULL));
        QN_TRY_CLEANUP(qn__vqls_tests_cost(t.tests, true, theta, &result->cost_local, NULL));
        QN_TRY_CLEANUP(qn__vqls_tests_count(t.tests, &result->cost, &result->loading));
    }
    /* sums of many strings are right to some rounding for each */
    const double rounding = 2.3e-16 * (double)(qn_pauli_sum_terms(v.global) + qn_pauli_sum_terms(v.norm));
    result->error_bound = problem->kappa * sqrt(fmax(0, result->cost_global) + rounding);
    result->residual_bound = sqrt(fmax(0, result->cost_global) + rounding);
    result->success_probability = 1;
    result->queries =
        (double)t.evaluations * (gate ? qn__vqls_test_count(v.terms, v.n, t.local, problem->matrix->is_complex)
                                      : (double)v.terms * (double)v.terms * (v.n + 1));
    result->qubits = v.n + 1;
cleanup:
    qn__vqls_close(&v);
    qn_circuit_free(ansatz);
    qn_circuit_free(bound);
    qn__vqls_tests_free(t.tests);
    qn_estimator_free(t.estimator);
    qn_estimator_free(all);
    qn_engine_close(engine);
    qn_context_free(own);
    qn__free(theta);
    qn__free(psi);
    return status;
}
