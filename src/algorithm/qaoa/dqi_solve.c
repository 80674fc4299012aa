/* dqi_solve.c: decoded quantum interferometry on a cost function: the code's distance, the law of the measurements, and
 * the circuit up to the decoder (Jordan et al., Nature 646 (2025), arXiv:2408.08292, sections 4 and 5). */
#include "algorithm/qaoa/dqi.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "algorithm/qaoa/solve.h"
#include "algorithm/qaoa/subspace.h"
#include "base/alloc.h"
#include "base/status.h"

/* ---- the distance ---- */

static uint32_t rank_of(const qn__spin_terms *terms)
{
    uint64_t pivot[64] = {0};
    uint32_t rank = 0;
    for (size_t t = 0; t < terms->count; t++) {
        uint64_t row = terms->z[t];
        for (int bit = 63; bit >= 0 && row != 0; bit--) {
            if ((row >> bit & 1) != 0 && pivot[bit] == 0) {
                pivot[bit] = row;
                row = 0;
                rank++;
            } else if ((row >> bit & 1) != 0) {
                row ^= pivot[bit];
            }
        }
    }
    return rank;
}

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Sums of all sets of `width` constraints, sorted; lexicographic odometer over their numbers. */
static void list_sums(const qn__spin_terms *terms, uint32_t width, uint64_t count, uint64_t *sums)
{
    uint32_t at[32];
    const uint32_t m = (uint32_t)terms->count;
    for (uint32_t k = 0; k < width; k++) {
        at[k] = k;
    }
    for (uint64_t made = 0; made < count; made++) {
        sums[made] = 0;
        for (uint32_t k = 0; k < width; k++) {
            sums[made] ^= terms->z[at[k]];
        }
        uint32_t k = width;
        while (k > 0 && at[k - 1] == m - width + k - 1) {
            k--;
        }
        if (k > 0) {
            at[k - 1]++;
            for (; k < width; k++) {
                at[k] = at[k - 1] + 1;
            }
        }
    }
    qsort(sums, count, sizeof *sums, compare);
}

static bool meet(const uint64_t *a, uint64_t na, const uint64_t *b, uint64_t nb)
{
    for (uint64_t i = 0, j = 0; i < na && j < nb;) {
        if (a[i] == b[j]) {
            return true;
        }
        a[i] < b[j] ? i++ : j++;
    }
    return false;
}

static bool repeats(const uint64_t *a, uint64_t count)
{
    for (uint64_t k = 1; k < count; k++) {
        if (a[k] == a[k - 1]) {
            return true;
        }
    }
    return false;
}

/* Sets of t and of t - 1 (or t) constraints with one sum: together 2 t - 1 (or 2 t) that cancel, none shared while
 * fewer do not. */
qn_status qn__dqi_distance(const qn__spin_terms *terms, qn__distance *out)
{
    enum { MOST_SUMS = 1 << 22, MOST_WIDTH = 16 };
    const uint64_t m = terms->count;
    qn__distance found = {UINT32_MAX, rank_of(terms), true};
    uint64_t *below = qn__calloc(1, sizeof *below), *sums = NULL; /* of no constraint: 0 */
    QN_ALLOC_CHECK(below);
    uint64_t count = 1, count_below = 1;
    bool known = found.rank == m;
    for (uint32_t t = 1; !known; t++) {
        count = count * (m - t + 1) / t;
        if (count > MOST_SUMS || t > MOST_WIDTH) { /* nothing up to 2 t - 2 cancels */
            found = (qn__distance){2 * t - 1, found.rank, false};
            break;
        }
        sums = qn__alloc(count, sizeof *sums);
        if (sums == NULL) {
            qn__free(below);
            return QN_ERR_MEMORY;
        }
        list_sums(terms, t, count, sums);
        const bool odd = meet(sums, count, below, count_below);
        known = odd || repeats(sums, count);
        found.distance = known ? 2 * t - odd : found.distance;
        qn__free(below);
        below = sums;
        count_below = count;
    }
    qn__free(below);
    *out = found;
    return QN_OK;
}

uint32_t qn__dqi_errors(const qn__distance *distance, uint32_t constraints)
{
    return distance->distance == UINT32_MAX ? constraints : distance->distance >= 2 ? (distance->distance - 2) / 2 : 0;
}

/* ---- the law ---- */

static double off_diagonal(uint32_t m, uint32_t k)
{
    return sqrt((double)k * (double)(m - k + 1));
}

/* The eigenvector of the largest eigenvalue by its recurrence; all of it is positive (Perron and Frobenius). */
qn_status qn__dqi_weights(uint32_t m, uint32_t l, double *weights)
{
    double fraction = 0.5, squares = 1.0;
    QN_TRY(qn_dqi_fraction(m, l, 2, 1, &fraction));
    const double eigenvalue = (2.0 * fraction - 1.0) * (double)m;
    weights[0] = 1.0;
    for (uint32_t k = 0; k < l; k++) {
        const double before = k > 0 ? off_diagonal(m, k) * weights[k - 1] : 0.0;
        weights[k + 1] = (eigenvalue * weights[k] - before) / off_diagonal(m, k + 1);
        squares += weights[k + 1] * weights[k + 1];
    }
    for (uint32_t k = 0; k <= l; k++) {
        weights[k] /= sqrt(squares);
    }
    return QN_OK;
}

/* e_k / sqrt(C(m, k)) by the recurrence (k + 1) e_{k+1} = (2 s - m) e_k - (m - k + 1) e_{k-1}. */
double qn__dqi_amplitude(uint32_t m, uint32_t l, const double *weights, uint32_t s)
{
    double before = 0.0, now = 1.0, sum = weights[0];
    for (uint32_t k = 0; k < l; k++) {
        const double next = ((2.0 * (double)s - (double)m) * now - (k > 0 ? off_diagonal(m, k) : 0.0) * before) /
                            off_diagonal(m, k + 1);
        before = now;
        now = next;
        sum += weights[k + 1] * now;
    }
    return sum;
}

/* ---- the circuit ---- */

/* |0...0> to sum_k w_k |1^k at the end of the errors>: one turn after the other, each where the one before it turned.
 */
static qn_status append_numbers(qn_circuit *circuit, const uint32_t *errors, uint32_t m, uint32_t l,
                                const double *weights)
{
    double rest = 1.0;
    for (uint32_t k = 0; k < l; k++) {
        const double stay = fmin(1.0, fabs(weights[k]) / sqrt(rest));
        const qn_param angle = QN_PARAM(2.0 * acos(stay));
        QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_RY, k > 0 ? &errors[m - k] : NULL, k > 0 ? 1 : 0,
                                            UINT64_MAX, &errors[m - 1 - k], 1, &angle, 1));
        rest = fmax(rest - weights[k] * weights[k], 1e-300);
    }
    return QN_OK;
}

qn_status qn__dqi_circuit(const qn__spin_terms *terms, uint32_t l, const double *weights, qn_circuit **out)
{
    const uint32_t n = terms->nqubits, m = (uint32_t)terms->count;
    qn_circuit *circuit = NULL;
    uint32_t *errors = qn__alloc(m, sizeof *errors);
    QN_ALLOC_CHECK(errors);
    qn_status status = QN_OK;
    for (uint32_t t = 0; t < m; t++) {
        errors[t] = n + t;
    }
    QN_TRY_CLEANUP(qn_circuit_create(n + m, &circuit));
    QN_TRY_CLEANUP(append_numbers(circuit, errors, m, l, weights));
    QN_TRY_CLEANUP(qn__append_dicke_steps(circuit, errors, m, l));
    for (uint32_t t = 0; t < m; t++) {
        if (terms->c[t] > 0) { /* a product that should be -1 */
            QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_Z, &errors[t], 1, NULL, 0));
        }
        for (uint32_t q = 0; q < n; q++) {
            if ((terms->z[t] >> q & 1) != 0) {
                const uint32_t pair[2] = {errors[t], q};
                QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_CX, pair, 2, NULL, 0));
            }
        }
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn__free(errors);
    qn_circuit_free(circuit);
    return status;
}

/* ---- the method ---- */

qn_status qn__dqi_check(const qn__spin_terms *terms)
{
    QN_CHECK(terms->count > 0, ERR_UNSUPPORTED, "a constant cost has no constraints");
    for (size_t t = 1; t < terms->count; t++) {
        const double first = fabs(terms->c[0]), other = fabs(terms->c[t]);
        QN_CHECK(fabs(other - first) <= 1e-9 * first, ERR_UNSUPPORTED,
                 "decoded interferometry takes parities of one weight (unweighted cuts, xor files); here products of "
                 "spins weigh %g and %g",
                 first, other);
    }
    return QN_OK;
}

static uint32_t satisfied(const qn__spin_terms *terms, double cost)
{
    const double unsatisfied = ((cost - terms->offset) / fabs(terms->c[0]) + (double)terms->count) / 2.0;
    return (uint32_t)(terms->count - (size_t)(unsatisfied + 0.5));
}

static qn_status measure(qn__solve *s, const qn__spin_terms *terms, uint32_t l)
{
    const uint32_t m = (uint32_t)terms->count;
    qn_spectrum *spectrum = NULL;
    double *probability = NULL, *weights = NULL, sum = 0.0;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__solve_spectrum(s, &spectrum));
    probability = qn__alloc(spectrum->count, sizeof *probability);
    weights = qn__alloc((size_t)l + 1, sizeof *weights);
    if (probability == NULL || weights == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__dqi_weights(m, l, weights));
    for (size_t k = 0; k < spectrum->count; k++) {
        const double amplitude = qn__dqi_amplitude(m, l, weights, satisfied(terms, spectrum->cost[k]));
        probability[k] = spectrum->states[k] / exp2((double)terms->nqubits) * amplitude * amplitude;
        sum += probability[k] * spectrum->cost[k];
    }
    QN_TRY_CLEANUP(qn__spectrum_measure(s, spectrum, probability));
    s->solution->expected = sum;
cleanup:
    qn_spectrum_free(spectrum);
    qn__free(probability);
    qn__free(weights);
    return status;
}

qn_status qn__solve_dqi(qn__solve *s)
{
    qn__spin_terms terms = {0};
    qn__distance code = {0};
    qn_status status = QN_OK;
    QN_TRY(qn__spin_terms_create(s->cost, &terms));
    QN_TRY_CLEANUP(qn__dqi_check(&terms));
    QN_TRY_CLEANUP(qn__dqi_distance(&terms, &code));
    const uint32_t m = (uint32_t)terms.count, l = qn__dqi_errors(&code, m);
    double fraction = 0.5;
    QN_TRY_CLEANUP(qn_dqi_fraction(m, l, 2, 1, &fraction));
    QN_TRY_CLEANUP(measure(s, &terms, l));
    s->solution->layers = l;
    s->solution->queries = (double)s->solution->shots;
    char distance[32] = "without limit";
    if (code.distance != UINT32_MAX) {
        (void)snprintf(distance, sizeof distance, "%s%u", code.exact ? "" : "at least ", code.distance);
    }
    qn__solve_note(s->solution,
                   "%u parities, distance %s, %u decoded: %.6g hold on average; of a guess %.6g, with "
                   "%u solved for (Prange) %.6g",
                   m, distance, l, fraction * (double)m, (double)m / 2.0, code.rank, ((double)m + code.rank) / 2.0);
cleanup:
    qn__spin_terms_release(&terms);
    return status;
}
