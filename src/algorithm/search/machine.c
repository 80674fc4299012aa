/* machine.c: the three tiers of a search behind one face. */
#include "algorithm/search/machine.h"

#include <math.h>
#include <string.h>

#include "algorithm/search/oracle.h"
#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/reflect.h"

static uint64_t space_of(const qn_oracle *oracle, qn_search_tier tier)
{
    return tier == QN_SEARCH_TIER_GATE ? UINT64_C(1) << qn_oracle_bits(oracle) : qn_oracle_items(oracle);
}

double qn__machine_bytes(const qn_oracle *oracle, qn_search_tier tier, bool phased, uint32_t qubits)
{
    const double items = (double)qn_oracle_items(oracle);
    return tier == QN_SEARCH_TIER_GATE       ? ldexp(16.0, (int)qubits)
           : tier == QN_SEARCH_TIER_OPERATOR ? items * (phased ? 16.0 : 8.0)
                                             : sizeof(qn__machine);
}

static qn_status open_vector(qn__machine *m)
{
    const double bytes = qn__machine_bytes(m->oracle, m->tier, m->phased, 0);
    QN_CHECK(m->oracle->marked != NULL, ERR_TOO_LARGE, "%u bits are too many for a vector of all items",
             m->oracle->bits);
    QN_TRY(qn__context_check_bytes(m->context, (uint64_t)bytes, "the vector of all items",
                                   "the spectral tier needs none"));
    m->vector = qn__alloc(m->space, m->phased ? 2 * sizeof *m->vector : sizeof *m->vector);
    m->scratch = qn__alloc(qn__reflect_scratch(m->space), sizeof *m->scratch);
    return m->vector == NULL || m->scratch == NULL ? QN_ERR_MEMORY : QN_OK;
}

static qn_status open_circuit(qn__machine *m, qn_oracle_layout layout, uint32_t gate_qubits)
{
    qn_circuit *step = NULL, *spread = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_search_compile(m->oracle, layout, gate_qubits, m->phased, &step));
    m->qubits = qn_circuit_qubits(step);
    QN_TRY_CLEANUP(qn_circuit_create(m->qubits, &spread));
    for (uint32_t q = 0; q < m->oracle->bits; q++) {
        QN_TRY_CLEANUP(qn_circuit_append(spread, QN_GATE_H, &q, 1, NULL, 0));
    }
    QN_TRY_CLEANUP(qn_engine_open(m->context, "statevector", &m->engine));
    QN_TRY_CLEANUP(qn_live_create(m->engine, m->qubits, &m->live));
    QN_TRY_CLEANUP(qn_engine_compile_live(m->engine, spread, &m->spread));
    QN_TRY_CLEANUP(qn_engine_compile_live(m->engine, step, &m->step));
cleanup:
    qn_circuit_free(step);
    qn_circuit_free(spread);
    return status;
}

qn_status qn__machine_open(qn_context *context, const qn_oracle *oracle, qn_search_tier tier, qn_oracle_layout layout,
                           uint32_t gate_qubits, bool phased, qn__machine *out)
{
    *out = (qn__machine){.context = context, .oracle = oracle, .tier = tier, .phased = phased};
    out->space = space_of(oracle, tier);
    const double theta = qn_search_angle((double)out->space, (double)oracle->count);
    out->sine = sin(theta);
    out->cosine = oracle->count == out->space ? 0 : cos(theta);
    if (tier == QN_SEARCH_TIER_OPERATOR) {
        QN_TRY(open_vector(out));
    } else if (tier == QN_SEARCH_TIER_GATE) {
        QN_TRY(open_circuit(out, layout, gate_qubits));
    }
    return qn__machine_start(out);
}

void qn__machine_close(qn__machine *m)
{
    qn__free(m->vector);
    qn__free(m->scratch);
    qn_live_free(m->live);
    qn_program_free(m->step);
    qn_program_free(m->spread);
    qn_engine_close(m->engine);
    *m = (qn__machine){0};
}

qn_status qn__machine_start(qn__machine *m)
{
    const uint32_t threads = qn_context_threads(m->context);
    m->plane[0] = m->sine;
    m->plane[2] = m->cosine;
    m->plane[1] = m->plane[3] = 0;
    if (m->tier == QN_SEARCH_TIER_OPERATOR && !m->started) {
        const uint64_t width = m->phased ? 2 : 1;
        const double each = 1 / sqrt((double)m->space);
        for (uint64_t i = 0; i < width * m->space; i++) {
            m->vector[i] = i % width == 0 ? each : 0;
        }
        m->mean = m->phased ? 0 : qn__reflect_real_mean(m->vector, m->space, m->oracle->marked, m->scratch, threads);
    } else if (m->tier == QN_SEARCH_TIER_GATE && !m->started) {
        qn_live_start(m->live);
        QN_TRY(qn_live_advance(m->live, m->spread, NULL));
    }
    m->started = true;
    return QN_OK;
}

/* The step in the plane of (marked, unmarked), where the uniform vector is (sine, cosine). */
static void step_plane(qn__machine *m, const double turn[2], const double along[2])
{
    double *const a = m->plane;
    const double re = turn[0] * a[0] - turn[1] * a[1], im = turn[0] * a[1] + turn[1] * a[0];
    const double overlap[2] = {m->sine * re + m->cosine * a[2], m->sine * im + m->cosine * a[3]};
    const double shift[2] = {along[0] * overlap[0] - along[1] * overlap[1],
                             along[0] * overlap[1] + along[1] * overlap[0]};
    a[0] = m->sine * shift[0] - re;
    a[1] = m->sine * shift[1] - im;
    a[2] = m->cosine * shift[0] - a[2];
    a[3] = m->cosine * shift[1] - a[3];
}

qn_status qn__machine_step(qn__machine *m, double alpha, double beta)
{
    const uint32_t threads = qn_context_threads(m->context);
    const double turn[2] = {m->phased ? cos(beta) : -1, m->phased ? sin(beta) : 0};
    const double along[2] = {m->phased ? 1 - cos(alpha) : 2, m->phased ? -sin(alpha) : 0};
    m->started = false;
    if (m->tier == QN_SEARCH_TIER_GATE) {
        const double angles[2] = {alpha, beta};
        return qn_live_advance(m->live, m->step, m->phased ? angles : NULL);
    }
    if (m->tier == QN_SEARCH_TIER_SPECTRAL) {
        step_plane(m, turn, along);
    } else if (m->phased) {
        qn__reflect_complex(m->vector, m->space, m->oracle->marked, turn, along, m->scratch, threads);
    } else {
        m->mean = qn__reflect_real(m->vector, m->space, m->oracle->marked, m->mean, m->scratch, threads);
    }
    return QN_OK;
}

void qn__machine_jump(qn__machine *m, uint64_t steps)
{
    const double turned = (2 * (double)steps + 1) * qn_search_angle((double)m->space, (double)m->oracle->count);
    m->plane[0] = sin(turned);
    m->plane[2] = m->cosine > 0 ? cos(turned) : 0;
    m->plane[1] = m->plane[3] = 0;
    m->started = false;
}

enum { BLOCK = 4096 }; /* amplitudes read at a time */

/* Is any of these items marked? `next` of the list is the first one that is not below `first`. */
static bool any_marked(const qn_oracle *oracle, uint64_t first, uint64_t count, uint64_t *next)
{
    if (oracle->list != NULL) {
        while (*next < oracle->count && oracle->list[*next] < first) {
            ++*next;
        }
        return *next < oracle->count && oracle->list[*next] < first + count;
    }
    const uint64_t end = first + count < oracle->items ? first + count : oracle->items;
    uint64_t any = 0;
    for (uint64_t word = first / 64; word * 64 < end; word++) {
        any |= oracle->marked[word];
    }
    return any != 0;
}

/* Over the items' amplitudes, those with clean ancillas; only stretches with a marked item are read. */
static qn_status gate_success(qn__machine *m, double *out)
{
    qn_complex block[BLOCK];
    double sum = 0;
    uint64_t next = 0;
    for (uint64_t first = 0; first < m->space; first += BLOCK) {
        const uint64_t count = m->space - first < BLOCK ? m->space - first : BLOCK;
        if (!any_marked(m->oracle, first, count, &next)) {
            continue;
        }
        QN_TRY(qn_live_amplitudes(m->live, first, count, block));
        for (uint64_t i = 0; i < count; i++) {
            if (qn_oracle_marks(m->oracle, first + i)) {
                sum += block[i].re * block[i].re + block[i].im * block[i].im;
            }
        }
    }
    *out = sum;
    return QN_OK;
}

qn_status qn__machine_success(qn__machine *m, double *out)
{
    if (m->tier == QN_SEARCH_TIER_GATE) {
        return gate_success(m, out);
    }
    *out = m->tier == QN_SEARCH_TIER_SPECTRAL
               ? m->plane[0] * m->plane[0] + m->plane[1] * m->plane[1]
               : qn__reflect_marked(m->vector, m->space, m->phased ? 2 : 1, m->oracle->marked, m->scratch,
                                    qn_context_threads(m->context));
    return QN_OK;
}

double qn__machine_overlap(const qn__machine *m)
{
    if (m->tier == QN_SEARCH_TIER_SPECTRAL) {
        return m->sine * m->plane[0] + m->cosine * m->plane[2];
    }
    double sum = 0;
    for (uint64_t i = 0; i < m->space; i++) {
        sum += m->vector[i];
    }
    return sum / sqrt((double)m->space);
}

qn_status qn__machine_amplitudes(qn__machine *m, double *out)
{
    if (m->tier == QN_SEARCH_TIER_GATE) {
        return qn_live_amplitudes(m->live, 0, m->space, (qn_complex *)(void *)out);
    }
    if (m->tier == QN_SEARCH_TIER_OPERATOR) {
        for (uint64_t i = 0; i < m->space; i++) {
            out[2 * i] = m->vector[m->phased ? 2 * i : i];
            out[2 * i + 1] = m->phased ? m->vector[2 * i + 1] : 0;
        }
        return QN_OK;
    }
    const double marked = (double)m->oracle->count, others = (double)m->space - marked;
    const double shares[2] = {marked > 0 ? 1 / sqrt(marked) : 0, others > 0 ? 1 / sqrt(others) : 0};
    for (uint64_t i = 0; i < m->space; i++) {
        const bool is_marked = qn_oracle_marks(m->oracle, i);
        const double share = shares[is_marked ? 0 : 1];
        out[2 * i] = share * m->plane[is_marked ? 0 : 2];
        out[2 * i + 1] = share * m->plane[is_marked ? 1 : 3];
    }
    return QN_OK;
}

/* The k-th unmarked item. */
static uint64_t unmarked(const qn_oracle *oracle, uint64_t space, uint64_t k)
{
    if (oracle->list == NULL) {
        uint64_t word = 0;
        for (;; word++) {
            const uint64_t here = 64 - (uint64_t)__builtin_popcountll(oracle->marked[word]);
            if (k < here) {
                break;
            }
            k -= here;
        }
        uint64_t bits = ~oracle->marked[word];
        for (; k > 0; k--) {
            bits &= bits - 1;
        }
        const uint64_t item = word * 64 + (uint64_t)__builtin_ctzll(bits);
        return item < space ? item : space - 1;
    }
    for (uint64_t below = 0; below < oracle->count && oracle->list[below] <= k; below++) {
        k++;
    }
    return k;
}

static uint64_t below(uint64_t bound, double u)
{
    const uint64_t k = (uint64_t)(u * (double)bound);
    return k < bound ? k : bound - 1;
}

static uint64_t measure_vector(const qn__machine *m, double u)
{
    const uint64_t width = m->phased ? 2 : 1;
    double sum = 0;
    for (uint64_t i = 0; i < m->space; i++) {
        const double re = m->vector[width * i], im = m->phased ? m->vector[2 * i + 1] : 0;
        sum += re * re + im * im;
        if (u < sum) {
            return i;
        }
    }
    return m->space - 1;
}

static qn_status measure_circuit(qn__machine *m, uint64_t seed, uint64_t stream, uint64_t *item)
{
    qn_counts *counts = NULL;
    QN_TRY(qn_counts_create(m->qubits, &counts));
    const qn_status status = qn_live_sample(m->live, 1, seed, stream, counts);
    if (status == QN_OK) {
        *item = qn_counts_string(counts, 0)[0] & (m->space - 1);
    }
    qn_counts_free(counts);
    return status;
}

qn_status qn__machine_measure(qn__machine *m, uint64_t seed, uint64_t stream, uint64_t *item)
{
    if (m->tier == QN_SEARCH_TIER_GATE) {
        return measure_circuit(m, seed, stream, item);
    }
    const double u = qn__random_uniform(seed, stream, 0), v = qn__random_uniform(seed, stream, 1);
    if (m->tier == QN_SEARCH_TIER_OPERATOR) {
        *item = measure_vector(m, u);
        return QN_OK;
    }
    const double hit = m->plane[0] * m->plane[0] + m->plane[1] * m->plane[1];
    const uint64_t others = m->space - m->oracle->count;
    *item = m->oracle->count > 0 && (u < hit || others == 0) ? qn_oracle_solution(m->oracle, below(m->oracle->count, v))
                                                             : unmarked(m->oracle, m->space, below(others, v));
    return QN_OK;
}
