/* vtaa.c: HHL's inversion with variable-time amplitude amplification (A. Ambainis, arXiv:1010.4458; A. Childs, R.
 * Kothari, R. Somma, arXiv:1511.02306, section 5) as a model of cost on the exact spectrum. Stage k of ceil(log2 kappa)
 * finds out whether |lambda| is over 2^-k and stops there with the inverse polynomial for kappa = 2^k; so most runs are
 * short, and the bill is the longest run plus the root of the mean square of all over the square root of success. */
#include <math.h>

#include "algorithm/linear/linear.h"
#include "algorithm/qsp.h"
#include "base/alloc.h"

/* Queries up to the end of stage k: those that tell the band, ln(1/epsilon) 2^k each, and the inverse at the last. */
static double stage_queries(unsigned stage, double epsilon)
{
    double sum = 0;
    for (unsigned k = 1; k <= stage; k++) {
        sum += ceil(exp2(k) * log(2 / epsilon));
    }
    return sum + qn_qsp_inverse_degree(fmax(2, exp2(stage)), epsilon);
}

static unsigned stages(double kappa)
{
    return (unsigned)fmax(1, ceil(log2(kappa)));
}

qn_status qn__linear_plan_vtaa(const qn_context *context, const qn_linear_problem *problem,
                               const qn_linear_options *options, qn_linear_plan *plan)
{
    (void)context;
    QN_TRY(qn__linear_spectrum_check(problem));
    const double n = (double)problem->dimension;
    plan->queries = stage_queries(stages(problem->kappa), options->epsilon);
    plan->bytes = qn__linear_spectrum_bytes(problem);
    plan->seconds = problem->gridded ? 4e-6 * n : 2e-9 * n * n * n;
    return QN_OK;
}

qn_status qn__linear_run_vtaa(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_linear_result *result)
{
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    qn_status status = QN_OK;
    double *beta = qn__alloc(s.width, sizeof *beta);
    if (beta == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, beta));
    const size_t parts = s.width / s.size;
    const unsigned last = stages(problem->kappa);
    double success = 0, square = 0, kept = 0;
    for (size_t j = 0; j < s.size; j++) {
        const double size = fabs(s.lambda[j]);
        const unsigned stage = (unsigned)fmin(last, fmax(1, ceil(-log2(size))));
        const double queries = stage_queries(stage, options->epsilon);
        const double degree = qn_qsp_inverse_degree(problem->kappa, options->epsilon);
        const double factor = qn_qsp_inverse_value(problem->kappa, degree, s.lambda[j]);
        for (size_t part = 0; part < parts; part++) {
            double *const b = &beta[j * parts + part];
            square += *b * *b * queries * queries;
            *b *= factor;
            kept += *b * *b;
        }
    }
    success = kept / (problem->kappa * problem->kappa);
    QN_TRY_CLEANUP(qn__linear_spectrum_to_x(&s, beta, problem->b_norm / problem->alpha, result->x));
    result->queries = stage_queries(last, options->epsilon) + sqrt(square) / sqrt(success);
    result->success_probability = 0.5; /* what the amplified algorithm ends with, a constant */
    result->solution_norm = sqrt(kept) * (problem->b_norm / problem->alpha);
    result->error_bound = options->epsilon;
    result->qubits = ceil(log2((double)s.size)) + 4 + 2 * last;
cleanup:
    qn__free(beta);
    qn__linear_spectrum_close(&s);
    return status;
}
