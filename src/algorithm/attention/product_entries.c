/* product_entries.c: one inner product an entry, by a test repeated or by amplitude estimation.
 *
 * Each measured overlap o_ij is that of normalised rows and columns, so the entry's error is |a_i| |b_j| times its. */
#include <math.h>

#include <quern/amplitude_estimation.h>

#include "algorithm/attention/product.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/binomial.h"

/* Shots whose standard error of the overlap is epsilon at most (at overlap 0; SWAP: of its square). */
static uint64_t shots_of(double epsilon)
{
    return (uint64_t)fmin(ceil(1 / (epsilon * epsilon)), 1e15);
}

/* The amplitude that the last qubit of the test shows 1: from the circuit, or from the law. */
static qn_status open_amplitude(const qn__product_job *job, qn_overlap_test test, size_t i, size_t j, double overlap,
                                qn_amplitude **out)
{
    if (!job->options->gate) {
        return qn_amplitude_of_number(fmin(1, fmax(0, 1 - qn_overlap_probability(test, overlap))), out);
    }
    const size_t inner = job->out->inner;
    qn_circuit *circuit = NULL;
    QN_TRY(qn_overlap_circuit(job->context, test, job->a + i * inner, job->b_columns + j * inner, inner, &circuit));
    const qn_status status = qn_amplitude_of_circuit(job->context, circuit, qn_circuit_qubits(circuit) - 1, out);
    qn_circuit_free(circuit);
    return status;
}

static qn_status by_shots(qn__product_job *job, qn_overlap_test test, qn_amplitude *amplitude, uint64_t entry,
                          double *overlap)
{
    qn_product *const p = job->out;
    const uint64_t shots = shots_of(p->epsilon);
    double one = 0;
    QN_TRY(qn_amplitude_probability(amplitude, 0, &one));
    const uint64_t ones =
        qn__random_binomial(shots, one, qn__random_derive(job->options->seed, (uint64_t)p->method), entry);
    const double zero = 1 - (double)ones / (double)shots;
    *overlap = test == QN_OVERLAP_SWAP ? sqrt(fmax(0, 2 * zero - 1)) : 2 * zero - 1;
    p->shots_total += (double)shots;
    p->queries_total += 2 * (double)shots; /* a row and a column */
    return QN_OK;
}

/* The amplitude is (1 - o) / 2, so half of epsilon is asked for. */
static qn_status by_estimation(qn__product_job *job, qn_amplitude *amplitude, uint64_t entry, double *overlap)
{
    qn_product *const p = job->out;
    qn_estimation_options wanted = QN_ESTIMATION_OPTIONS_INIT;
    wanted.epsilon = p->epsilon / 2;
    wanted.seed = qn__random_derive(job->options->seed, (uint64_t)p->method);
    wanted.stream = entry;
    qn_estimation got;
    QN_TRY(qn_amplitude_estimate(amplitude, &wanted, &got));
    *overlap = 1 - 2 * got.estimate;
    p->shots_total += (double)got.shots;
    p->steps_mean += (double)got.steps; /* a sum until the end */
    p->queries_total += 2 * (double)got.calls;
    return QN_OK;
}

static qn_status one_entry(qn__product_job *job, size_t i, size_t j)
{
    qn_product *const p = job->out;
    const double scale = job->row_norms[i] * job->column_norms[j];
    const size_t entry = i * p->columns + j;
    const qn_overlap_test test = p->method == QN_PRODUCT_SWAP ? QN_OVERLAP_SWAP : QN_OVERLAP_HADAMARD;
    double overlap = 0;
    if (!(scale > 0)) {
        return QN_OK; /* a row or a column of zeros, known from its norm */
    }
    qn_amplitude *amplitude = NULL;
    QN_TRY(open_amplitude(job, test, i, j, p->exact[entry] / scale, &amplitude));
    const qn_status status = p->method == QN_PRODUCT_ESTIMATE ? by_estimation(job, amplitude, entry, &overlap)
                                                              : by_shots(job, test, amplitude, entry, &overlap);
    qn_amplitude_free(amplitude);
    p->quantum[entry] = scale * overlap;
    return status;
}

qn_status qn__product_entries(qn__product_job *job)
{
    qn_product *const p = job->out;
    double last = 0;
    for (size_t i = 0; i < p->rows && !p->interrupted; i++) {
        for (size_t j = 0; j < p->columns; j++) {
            QN_TRY(one_entry(job, i, j));
        }
        const qn_progress progress = {.stage = "entries", .done = i + 1, .total = p->rows};
        qn__context_progress(job->context, &progress, &last, false);
        p->interrupted = qn_context_interrupted(job->context);
    }
    p->success_probability = 1;
    p->steps_mean = p->shots_total > 0 ? p->steps_mean / p->shots_total : 0;
    p->shots_per_entry = p->shots_total / ((double)p->rows * (double)p->columns);
    return QN_OK;
}
