/* sampler_exact.c: probabilities of all results, by following every branch; and results of one register. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/status.h"
#include "primitive/distribution.h"
#include "primitive/sampler.h"

enum { CHUNK_QUBITS = 14 };          /* amplitudes of a live state read at once */
static const double NOTHING = 1e-30; /* |amplitude|^2 of rounding */

typedef struct gathering {
    qn_sampler *sampler;
    qn__outcome_table table;
    double least; /* results at most this likely may be left out as they come */
    uint64_t limit;
    qn_complex *amplitudes; /* of one chunk */
    uint64_t chunk;
} gathering;

/* Whether each basis state gives a result of its own. */
static bool one_to_one(const qn__plan *plan)
{
    return plan->all_qubits || plan->nfinals == qn_circuit_qubits(plan->circuit); /* a final qubit is measured once */
}

static qn_status gather(gathering *g, const uint64_t *string, double value)
{
    QN_TRY(qn__outcome_table_add(&g->table, string, value));
    QN_CHECK(g->table.count <= g->limit, ERR_TOO_LARGE, "there are more than %llu results, the limit that was given",
             (unsigned long long)g->limit);
    return QN_OK;
}

static qn_status gather_chunk(gathering *g, const qn__path *path, uint64_t first)
{
    for (uint64_t i = 0; i < g->chunk; i++) {
        const qn_complex a = g->amplitudes[i];
        const double p = a.re * a.re + a.im * a.im;
        if (p > NOTHING && p * path->weight > g->least) {
            const uint64_t index = first + i;
            qn__sampler_result(g->sampler, path, &index, g->sampler->string);
            QN_TRY(gather(g, g->sampler->string, p * path->weight));
        }
    }
    return QN_OK;
}

static qn_status gather_leaf(void *user, qn__runner *runner, const qn__path *path)
{
    gathering *g = user;
    qn_sampler *s = g->sampler;
    if (!qn__sampler_looks(s, path)) {
        return gather(g, path->bits, path->weight);
    }
    const uint64_t size = UINT64_C(1) << qn_circuit_qubits(s->plan->circuit);
    for (uint64_t first = 0; first < size; first += g->chunk) {
        if (s->whole != NULL) {
            QN_TRY(qn_program_amplitudes(s->whole, s->plan->npieces > 0 ? runner->parameters : runner->theta, first,
                                         g->chunk, g->amplitudes));
        } else {
            QN_TRY(qn_live_amplitudes(path->live, first, g->chunk, g->amplitudes));
        }
        QN_TRY(gather_chunk(g, path, first));
    }
    return QN_OK;
}

static qn_status make_chunk(gathering *g)
{
    const qn_sampler *s = g->sampler;
    const uint32_t n = qn_circuit_qubits(s->plan->circuit);
    QN_CHECK(n < 58, ERR_TOO_LARGE, "probabilities of %u qubits", n);
    /* a program runs anew for each call, so it is asked once */
    const uint32_t qubits = s->whole != NULL || n < CHUNK_QUBITS ? n : CHUNK_QUBITS;
    g->chunk = UINT64_C(1) << qubits;
    QN_TRY(qn__context_check_bytes(qn_engine_context(s->engine), g->chunk * sizeof *g->amplitudes,
                                   "a list of all amplitudes", "sampling takes less"));
    g->amplitudes = qn__alloc((size_t)g->chunk, sizeof *g->amplitudes);
    QN_ALLOC_CHECK(g->amplitudes);
    return QN_OK;
}

qn_status qn_sampler_probabilities(qn_sampler *sampler, const double *theta, double cutoff, uint64_t limit,
                                   qn_distribution **out)
{
    QN_CHECK(sampler != NULL && out != NULL, ERR_ARGUMENT, "sampler or result pointer is NULL");
    QN_CHECK(cutoff >= 0 && cutoff < 1, ERR_RANGE, "cutoff %g is outside [0, 1)", cutoff);
    QN_TRY(qn__sampler_check(sampler, theta, 1));
    QN_CHECK(!sampler->plan->endless, ERR_UNSUPPORTED,
             "the circuit has a loop that goes on or ends by what is measured, so it need not end: sample it instead");
    gathering g = {.sampler = sampler, .limit = limit == 0 ? UINT64_C(1) << 20 : limit};
    g.least = one_to_one(sampler->plan) && !sampler->plan->random ? cutoff : 0.0;
    qn_status status = qn__outcome_table_create(qn__words(sampler->bits), &g.table);
    if (status == QN_OK) {
        status = make_chunk(&g);
    }
    if (status == QN_OK) {
        status = qn__runner_exact(sampler->runner, theta, g.limit, gather_leaf, &g);
    }
    if (status == QN_OK) {
        status = qn__outcome_table_finish(&g.table, cutoff, out);
    }
    qn__outcome_table_release(&g.table);
    qn__free(g.amplitudes);
    return status;
}

/* One register. */

qn_status qn_counts_of_register(const qn_counts *counts, const qn_circuit *circuit, size_t variable, qn_counts *out)
{
    QN_CHECK(counts != NULL && circuit != NULL && out != NULL, ERR_ARGUMENT, "counts or circuit are NULL");
    QN_CHECK(variable < qn_circuit_variables(circuit), ERR_RANGE, "variable %zu, the circuit has %zu of them", variable,
             qn_circuit_variables(circuit));
    qn_variable v;
    qn_circuit_variable(circuit, variable, &v);
    QN_CHECK(v.type == QN_TYPE_BITS, ERR_ARGUMENT, "\"%.64s\" is not a register of bits", v.name);
    QN_CHECK(qn_counts_bits(counts) == qn_circuit_bits(circuit), ERR_SHAPE,
             "counts of %u bits do not belong to a circuit with %u classical bits", qn_counts_bits(counts),
             qn_circuit_bits(circuit));
    QN_CHECK(qn_counts_bits(out) == v.width, ERR_SHAPE, "counts of %u bits given for register \"%.64s\" of %u bits",
             qn_counts_bits(out), v.name, v.width);
    const size_t words = qn__words(v.width);
    uint64_t *string = qn__alloc(words, sizeof *string);
    QN_ALLOC_CHECK(string);
    qn_counts_clear(out);
    qn_status status = QN_OK;
    for (size_t i = 0; i < qn_counts_distinct(counts) && status == QN_OK; i++) {
        const uint64_t *all = qn_counts_string(counts, i);
        memset(string, 0, words * sizeof *string);
        for (uint32_t k = 0; k < v.width; k++) {
            if (qn__bit(all, v.first + k)) {
                qn__bit_set(string, k);
            }
        }
        status = qn_counts_add(out, string, qn_counts_times(counts, i));
    }
    qn__free(string);
    return status == QN_OK ? qn_counts_sort(out) : status;
}
