/* measured.c: estimates an observable from shots over groups of commuting terms.
 *
 * One shot of group g gives the number V_g = sum_t c_t (-1)^(parity of the bits that t reads), so covariances within a
 * group are in the spread of V_g by themselves. The estimate is the identity's coefficient plus the sum of the group
 * means, its variance the sum of s_g^2 / n_g with s_g^2 the unbiased sample variance.
 *
 * Fixed shots N: n_g in proportion to the one-norm l_g of the group. As |V_g| <= l_g, the standard error is at most
 * sqrt(sum_g l_g^2 / n_g) = (sum_g l_g) / sqrt(N), the one-norm over the root of the shots, whatever the state.
 *
 * To a precision: a pilot run gives sigma_g, then n_g in proportion to sigma_g, which for a given total is the best
 * split (sum_g sigma_g)^2 / precision^2 (see Crawford et al., Quantum 5, 385 (2021)), in rounds until the standard
 * error is reached, none of which takes a group to more than eight times its shots on the word of a small sample. So
 * that a group that showed no spread in the pilot is not taken for certain, sigma_g counts one more shot that is off by
 * l_g. */
#include "primitive/measured.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "primitive/measurement_basis.h"

enum { PILOT_LEAST = 16, PILOT_MOST = 256, GROWTH = 8, ROUNDS = 64 };

/* More than this many shots in one estimate is a mistake: it would take days. */
static const double MOST_SHOTS = 1e13;

static void add_sightings(qn__moments *m, double value, uint64_t times)
{
    m->count += times;
    const double delta = value - m->mean;
    m->mean += delta * (double)times / (double)m->count;
    m->squares += (double)times * delta * (value - m->mean);
}

static qn_status fill_group(qn__measured *m, qn__measured_group *group, const qn_circuit *circuit,
                            const qn_pauli_sum *sum, const size_t *terms, size_t nterms, bool qubit_wise)
{
    qn__basis *basis = NULL;
    QN_TRY(qn__basis_create(sum, terms, nterms, qubit_wise, &basis));
    qn_status status = QN_OK;
    group->nterms = nterms;
    group->z = basis->z; /* taken over */
    basis->z = NULL;
    group->coefficients = qn__alloc(nterms, sizeof(double));
    if (group->coefficients == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t t = 0; t < nterms; t++) {
        const double c = qn_pauli_sum_coefficient(sum, terms[t]).re;
        group->coefficients[t] = basis->negative[t] ? -c : c;
        group->one_norm += fabs(c);
    }
    m->one_norm += group->one_norm;
    QN_TRY_CLEANUP(qn_circuit_clone(circuit, &group->circuit));
    QN_TRY_CLEANUP(qn__basis_append(basis, group->circuit));
cleanup:
    qn__basis_free(basis);
    return status;
}

/* n_g in proportion to the one-norms, at least two each, adding up to `shots`. */
static void split_shots(qn__measured *m, uint64_t shots)
{
    uint64_t left = shots - 2 * m->ngroups; /* two are given to each first */
    double weight = m->one_norm;
    for (size_t g = 0; g < m->ngroups; g++) {
        qn__measured_group *group = &m->groups[g];
        /* What the group should have of what is not yet given; cumulative rounding makes the sum come out. */
        const double share = weight > 0 ? (double)left * (group->one_norm / weight) : 0.0;
        uint64_t given = g + 1 == m->ngroups ? left : (uint64_t)(share + 0.5);
        given = given > left ? left : given;
        group->shots = 2 + given;
        left -= given;
        weight -= group->one_norm;
    }
}

static qn_status fill(qn__measured *m, const qn_circuit *circuit, const qn_pauli_sum *sum, qn_grouping grouping,
                      uint32_t *group_of_term, size_t *members)
{
    const size_t nterms = qn_pauli_sum_terms(sum);
    uint32_t ngroups = 0;
    QN_TRY(qn_pauli_sum_group(sum, grouping, group_of_term, &ngroups));
    m->groups = qn__calloc(ngroups, sizeof *m->groups);
    QN_ALLOC_CHECK(m->groups);
    m->ngroups = ngroups;
    for (uint32_t g = 0; g < ngroups; g++) {
        size_t count = 0;
        for (size_t t = 0; t < nterms; t++) {
            if (group_of_term[t] == g) {
                members[count++] = t;
            }
        }
        QN_TRY(fill_group(m, &m->groups[g], circuit, sum, members, count, grouping != QN_GROUPING_COMMUTING));
    }
    return QN_OK;
}

qn_status qn__measured_create(qn_engine *engine, const qn_circuit *circuit, const qn_pauli_sum *sum,
                              qn_grouping grouping, uint64_t shots, qn__measured **out)
{
    qn_status status = QN_OK;
    const size_t nterms = qn_pauli_sum_terms(sum);
    size_t *members = NULL;
    uint32_t *group_of_term = NULL;
    qn__measured *m = qn__calloc(1, sizeof *m);
    QN_ALLOC_CHECK(m);
    m->engine = engine;
    m->words = qn_pauli_sum_words(sum);
    m->constant = qn_pauli_sum_identity(sum).re;
    members = qn__alloc(nterms, sizeof *members);
    group_of_term = qn__alloc(nterms, sizeof *group_of_term);
    if (members == NULL || group_of_term == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn_counts_create(qn_pauli_sum_qubits(sum), &m->counts));
    QN_TRY_CLEANUP(fill(m, circuit, sum, grouping, group_of_term, members));
    if (shots > 0) {
        if (shots < 2 * (uint64_t)m->ngroups) {
            status = QN_FAIL(ERR_ARGUMENT,
                             "%llu shots cannot cover %zu measured groups; at least %zu are needed, two a group",
                             (unsigned long long)shots, m->ngroups, 2 * m->ngroups);
            goto cleanup;
        }
        if (m->ngroups > 0) {
            split_shots(m, shots);
        }
    }
cleanup:
    qn__free(members);
    qn__free(group_of_term);
    if (status != QN_OK) {
        qn__measured_free(m);
        return status;
    }
    *out = m;
    return QN_OK;
}

void qn__measured_free(qn__measured *m)
{
    if (m == NULL) {
        return;
    }
    for (size_t g = 0; g < m->ngroups; g++) {
        qn__measured_group *group = &m->groups[g];
        qn_program_free(group->program);
        qn_circuit_free(group->circuit);
        qn__free(group->coefficients);
        qn__free(group->z);
    }
    qn__free(m->groups);
    qn_counts_free(m->counts);
    qn__free(m);
}

qn_status qn__measured_compile(qn__measured *m)
{
    for (size_t g = 0; g < m->ngroups; g++) {
        if (m->groups[g].program == NULL) {
            QN_TRY(qn_engine_compile(m->engine, m->groups[g].circuit, NULL, 0, &m->groups[g].program));
        }
        qn_circuit_free(m->groups[g].circuit);
        m->groups[g].circuit = NULL;
    }
    return QN_OK;
}

double qn__measured_noise(const qn__measured *m)
{
    double variance = 0.0;
    for (size_t g = 0; g < m->ngroups; g++) {
        const double l = m->groups[g].one_norm;
        variance += l * l / (double)m->groups[g].shots;
    }
    return sqrt(variance);
}

/* Value of the group's terms on one bit string. */
static double shot_value(const qn__measured_group *group, size_t words, const uint64_t *bits)
{
    double value = 0.0;
    for (size_t t = 0; t < group->nterms; t++) {
        uint64_t odd = 0;
        for (size_t w = 0; w < words; w++) {
            odd ^= group->z[t * words + w] & bits[w];
        }
        value += qn__parity(odd) ? -group->coefficients[t] : group->coefficients[t];
    }
    return value;
}

/* More shots of one group into its moments. */
static qn_status sample_group(qn__measured *m, qn__measured_group *group, const double *angles, uint64_t shots,
                              qn__measured_run *run)
{
    qn_program *program = group->program;
    if (program == NULL) { /* no room to keep one for each group */
        QN_TRY(qn_engine_compile(m->engine, group->circuit, NULL, 0, &program));
    }
    qn_counts *const out[1] = {m->counts};
    const qn_status status = qn_program_sample(program, angles, 1, shots, run->seed, run->stream, out);
    if (group->program == NULL) {
        qn_program_free(program);
    }
    QN_TRY(status);
    for (size_t i = 0; i < qn_counts_distinct(m->counts); i++) {
        add_sightings(&group->moments, shot_value(group, m->words, qn_counts_string(m->counts, i)),
                      qn_counts_times(m->counts, i));
    }
    run->stream++;
    run->circuits++;
    run->shots += shots;
    return QN_OK;
}

/* Shots that the pilot gives a group. */
static uint64_t pilot_shots(const qn__measured *m, const qn__measured_group *group, double precision)
{
    const double tenth = 0.1 * m->one_norm * group->one_norm / (precision * precision);
    return tenth < PILOT_LEAST ? PILOT_LEAST : tenth > PILOT_MOST ? PILOT_MOST : (uint64_t)tenth;
}

static qn_status estimate_to_precision(qn__measured *m, const double *angles, double precision, qn__measured_run *run)
{
    for (size_t g = 0; g < m->ngroups; g++) {
        QN_TRY(sample_group(m, &m->groups[g], angles, pilot_shots(m, &m->groups[g], precision), run));
    }
    for (int round = 0; round < ROUNDS; round++) {
        double variance = 0.0, spreads = 0.0;
        for (size_t g = 0; g < m->ngroups; g++) {
            qn__measured_group *group = &m->groups[g];
            const double n = (double)group->moments.count;
            group->spread = sqrt((group->moments.squares + group->one_norm * group->one_norm) / (n - 1));
            variance += group->spread * group->spread / n;
            spreads += group->spread;
        }
        if (variance <= precision * precision) {
            return QN_OK;
        }
        const double total = spreads * spreads / (precision * precision);
        QN_CHECK(total <= MOST_SHOTS, ERR_RANGE,
                 "a standard error of %g needs about %.1e shots; at most %.0e are taken", precision, total, MOST_SHOTS);
        for (size_t g = 0; g < m->ngroups; g++) {
            qn__measured_group *group = &m->groups[g];
            const double n = (double)group->moments.count;
            const double target = fmin(ceil(total * group->spread / spreads), GROWTH * n);
            if (target > n) {
                QN_TRY(sample_group(m, group, angles, (uint64_t)target - group->moments.count, run));
            }
        }
    }
    return QN_FAIL(ERR_NUMERIC, "the standard error did not come down to %g in %d rounds", precision, ROUNDS);
}

qn_status qn__measured_estimate(qn__measured *m, const double *angles, double precision, qn__measured_run *run,
                                double *value, double *variance)
{
    for (size_t g = 0; g < m->ngroups; g++) {
        m->groups[g].moments = (qn__moments){0, 0.0, 0.0};
    }
    if (precision > 0) {
        QN_TRY(estimate_to_precision(m, angles, precision, run));
    } else {
        for (size_t g = 0; g < m->ngroups; g++) {
            QN_TRY(sample_group(m, &m->groups[g], angles, m->groups[g].shots, run));
        }
    }
    double sum = m->constant, spread = 0.0;
    for (size_t g = 0; g < m->ngroups; g++) {
        const qn__moments *moments = &m->groups[g].moments;
        sum += moments->mean;
        spread += moments->squares / ((double)(moments->count - 1) * (double)moments->count);
    }
    *value = sum;
    *variance = spread;
    return QN_OK;
}
