/* estimation_ledger.c: the bill of an estimated mean. */
#include <math.h>
#include <stdio.h>

#include <quern/amplitude_estimation.h>

#include "base/status.h"
#include "math/special.h"

enum { COUNTED_BITS = 10 };

static const double BITS_OF_T = 3; /* T gates of a rotation to error e: 3 log2(1/e), Ross and Selinger */

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

/* Every rotation may be off by `error`; with R of them in the deepest circuit its probability is off by 2 R error. */
static double synthesis_error(double rotations, double epsilon)
{
    return fmin(1e-3, epsilon / (2 * fmax(1, rotations)));
}

/* The mean circuit of one shot, from A and one step counted gate by gate. */
static qn_status count(const qn_mean *mean, double steps, double epsilon, qn_ledger *ledger)
{
    qn_circuit *a = NULL, *step = NULL;
    uint32_t good = 0;
    qn_circuit_cost one, more;
    qn_status status = qn_mean_circuit(mean, &good, &a);
    status = status == QN_OK ? qn_amplitude_step(a, good, &step) : status;
    status = status == QN_OK ? qn_circuit_count(a, NULL, 1e-3, &one) : status;
    status = status == QN_OK ? qn_circuit_count(step, NULL, 1e-3, &more) : status;
    const double error =
        status == QN_OK ? synthesis_error((double)one.rotations + steps * (double)more.rotations, epsilon) : 1;
    status = status == QN_OK ? qn_circuit_count(a, NULL, error, &one) : status;
    status = status == QN_OK ? qn_circuit_count(step, NULL, error, &more) : status;
    qn_circuit_free(a);
    qn_circuit_free(step);
    QN_TRY(status);
    set(&ledger->gates, (double)one.gates + steps * (double)more.gates, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, (double)one.cx + steps * (double)more.cx, QN_SOURCE_COUNTED);
    set(&ledger->depth, (double)one.depth + steps * (double)more.depth, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_depth, (double)one.cx_depth + steps * (double)more.cx_depth, QN_SOURCE_COUNTED);
    set(&ledger->rotations, (double)one.rotations + steps * (double)more.rotations, QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, (double)one.toffoli + steps * (double)more.toffoli, QN_SOURCE_COUNTED);
    set(&ledger->t_count, (double)one.t_count + steps * (double)more.t_count, QN_SOURCE_MODELLED);
    set(&ledger->synthesis_error, error, QN_SOURCE_MODELLED);
    return QN_OK;
}

/* Uniformly controlled rotations by Gray code (Mottonen et al., arXiv:quant-ph/0404089): a CX a rotation. */
static void by_formula(const qn_mean *mean, double steps, double epsilon, qn_ledger *ledger)
{
    const double rotations = (ldexp(1, (int)mean->bits + 1) - 1) * (1 + 2 * steps);
    const double toffoli = steps * fmax(0, 2.0 * mean->bits - 3);
    const double error = synthesis_error(rotations, epsilon);
    set(&ledger->rotations, rotations, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_gates, rotations + 6 * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_depth, rotations + 6 * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->toffoli_count, toffoli, QN_SOURCE_MODELLED);
    set(&ledger->t_count, 7 * toffoli + rotations * BITS_OF_T * log2(1 / error), QN_SOURCE_MODELLED);
    set(&ledger->synthesis_error, error, QN_SOURCE_MODELLED);
}

qn_status qn_estimation_ledger(const qn_mean *mean, const qn_estimation *estimation,
                               const qn_estimation_options *options, qn_ledger *ledger)
{
    QN_CHECK(mean != NULL && estimation != NULL && options != NULL && ledger != NULL, ERR_ARGUMENT,
             "a mean, its estimation, its options and a ledger");
    const double range = mean->high - mean->low, epsilon = options->epsilon > 0 ? options->epsilon : 0.01;
    const double shots = fmax(1, (double)estimation->shots), steps = (double)estimation->steps / shots;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "montecarlo");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "mean");
    set(&ledger->answer, mean->low + range * estimation->estimate, QN_SOURCE_SAMPLED);
    set(&ledger->answer_error, fabs(mean->low + range * estimation->estimate - mean->exact), QN_SOURCE_EXACT);
    const double alpha = options->alpha > 0 ? options->alpha : 0.05;
    set(&ledger->std_error, range * (estimation->high - estimation->low) / (2 * qn__normal_quantile(1 - alpha / 2)),
        QN_SOURCE_SAMPLED); /* of a normal distribution with the same interval */
    set(&ledger->target_precision, range * epsilon, QN_SOURCE_EXACT);
    set(&ledger->problem_size, (double)mean->count, QN_SOURCE_EXACT);
    set(&ledger->qubits, mean->bits + 1.0 + fmax(0, mean->bits - 1.0), QN_SOURCE_COUNTED);
    set(&ledger->queries, 2 * steps + 1, QN_SOURCE_COUNTED);
    set(&ledger->evaluations, (double)estimation->calls, QN_SOURCE_COUNTED);
    set(&ledger->success_probability, 1 - alpha, QN_SOURCE_EXACT);
    set(&ledger->speedup_degree, 2, QN_SOURCE_EXACT);
    set(&ledger->shots_total, shots, QN_SOURCE_COUNTED);
    if (mean->bits <= COUNTED_BITS) {
        return count(mean, steps, epsilon, ledger);
    }
    by_formula(mean, steps, epsilon, ledger);
    return QN_OK;
}
