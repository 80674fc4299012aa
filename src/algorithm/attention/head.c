/* head.c: an attention head at operator tier: alpha, the softmax polynomial, success, shots. */
#include "algorithm/attention/head.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"

enum { MOST_SIDE = 8192, SEARCH_DEGREE = 2000, LEAST_REPEATS = 3, MOST_REPEATS = 1000 };
static const double spread_limit = 1000, least_spread = 1e-3, enough_seconds = 0.02, amplification_error = 1e-3;
static const double deviations = 1.6448536269514722; /* of 95 percent, one-sided */

typedef struct job {
    const qn_context *context;
    const qn_attention_input *in;
    qn_attention_options options;
    qn_attention *out;
    qn__head_work work;
    double *coefficients, *row, *shift; /* SEARCH_DEGREE + 1; tokens; tokens */
} job;

void qn_attention_free(qn_attention *a)
{
    if (a != NULL) {
        qn__free(a->exact_weights);
        qn__free(a->weights);
        qn__free(a->exact_output);
        qn__free(a->output);
        qn__free(a->success);
        qn__free(a->argmax_shots);
        qn__free(a->argmax_agrees);
        qn__free(a);
    }
}

static qn_status all_finite(const double *values, size_t count, const char *what)
{
    for (size_t k = 0; k < count; k++) {
        QN_CHECK(isfinite(values[k]), ERR_NAN, "entry %zu of %s is %g", k, what, values[k]);
    }
    return QN_OK;
}

static qn_status check(const qn_attention_input *in, const qn_attention_options *o)
{
    QN_CHECK(in->x != NULL && in->query != NULL && in->key != NULL && in->value != NULL, ERR_ARGUMENT,
             "x and the weights of query, key and value are needed");
    QN_CHECK(in->tokens >= 1 && in->width >= 1 && in->head >= 1, ERR_SHAPE, "%zu tokens of width %zu, head %zu",
             in->tokens, in->width, in->head);
    QN_CHECK(in->tokens <= MOST_SIDE && in->width <= MOST_SIDE && in->head <= MOST_SIDE, ERR_TOO_LARGE,
             "%zu tokens of width %zu, head %zu; at most %d each", in->tokens, in->width, in->head, (int)MOST_SIDE);
    QN_CHECK(o->epsilon > 0 && o->epsilon < 2, ERR_RANGE, "epsilon is %g; above 0 and below 2", o->epsilon);
    QN_CHECK(o->readout > 0 && o->readout < 1, ERR_RANGE, "the read-out's error is %g; above 0 and below 1",
             o->readout);
    QN_CHECK(o->margin > 0 && o->margin <= 0.5, ERR_RANGE, "the margin is %g; above 0 and up to 0.5", o->margin);
    QN_CHECK(o->degree <= SEARCH_DEGREE, ERR_RANGE, "degree %u; at most %d", o->degree, (int)SEARCH_DEGREE);
    QN_TRY(all_finite(in->x, in->tokens * in->width, "x"));
    QN_TRY(all_finite(in->query, in->width * in->head, "the query weights"));
    QN_TRY(all_finite(in->key, in->width * in->head, "the key weights"));
    return all_finite(in->value, in->width * in->head, "the value weights");
}

static qn_status allocate(const qn_attention_input *in, qn_attention *a)
{
    const size_t n = in->tokens, square = n * n, flat = n * in->head;
    a->exact_weights = qn__calloc(square, sizeof(double));
    a->weights = qn__calloc(square, sizeof(double));
    a->exact_output = qn__calloc(flat, sizeof(double));
    a->output = qn__calloc(flat, sizeof(double));
    a->success = qn__calloc(n, sizeof(double));
    a->argmax_shots = qn__calloc(n, sizeof(double));
    a->argmax_agrees = qn__calloc(n, sizeof(bool));
    return a->exact_weights != NULL && a->weights != NULL && a->exact_output != NULL && a->output != NULL &&
                   a->success != NULL && a->argmax_shots != NULL && a->argmax_agrees != NULL
               ? QN_OK
               : QN_ERR_MEMORY;
}

static double norm_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        sum += values[k] * values[k];
    }
    return sqrt(sum);
}

static qn_status classical(job *j)
{
    double best = HUGE_VAL, spent = 0;
    for (unsigned k = 0; k < MOST_REPEATS && (k < LEAST_REPEATS || spent < enough_seconds); k++) {
        const double start = qn__clock();
        QN_TRY(qn__head_exact(j->in, &j->work, j->out->exact_weights, j->out->exact_output));
        const double seconds = qn__clock() - start;
        best = fmin(best, seconds);
        spent += seconds;
    }
    j->out->classical_seconds = fmax(best, 1e-9);
    return QN_OK;
}

/* Rows moved so that each one's largest score is half the widest spread: as softmax may, and as it must, since a row of
 * low scores would be left with amplitudes of e^-(its distance from the highest). */
static void shift_rows(job *j)
{
    qn_attention *const a = j->out;
    const size_t n = a->tokens;
    a->score_spread = least_spread;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            const double *const row = j->work.scores + i * n;
            double high = row[0], low = row[0];
            for (size_t k = 1; k < qn__head_seen(j->in, i); k++) {
                high = fmax(high, row[k]);
                low = fmin(low, row[k]);
            }
            a->score_spread = fmax(a->score_spread, high - low);
            j->shift[i] = high - a->score_spread / 2;
            a->shift_most = pass == 0 ? 0 : fmax(a->shift_most, fabs(j->shift[i]));
        }
    }
}

static qn_status sizes(job *j)
{
    const qn_attention_input *const in = j->in;
    qn_attention *const a = j->out;
    const size_t weights = in->width * in->head;
    a->alpha_x = norm_of(in->x, in->tokens * in->width);
    a->alpha_query = norm_of(in->query, weights);
    a->alpha_key = norm_of(in->key, weights);
    a->alpha_value = norm_of(in->value, weights);
    a->alpha_scores = a->alpha_x * a->alpha_x * a->alpha_query * a->alpha_key / sqrt((double)in->head);
    for (size_t k = 0; k < in->tokens * in->tokens; k++) {
        a->score_most = fmax(a->score_most, fabs(j->work.scores[k]));
    }
    QN_CHECK(a->score_most > 0, ERR_ARGUMENT, "all scores are 0: nothing is attended to");
    QN_CHECK(a->alpha_value > 0, ERR_ARGUMENT, "the value weights are 0: the head gives nothing");
    shift_rows(j);
    QN_CHECK(a->score_spread <= spread_limit, ERR_RANGE,
             "scores of a row spread over %g; polynomials are made up to %g", a->score_spread, spread_limit);
    a->beta = a->score_spread / 2 / (1 - j->options.margin);
    a->amplification = (a->alpha_scores + a->shift_most) / a->beta;
    a->powers_log10 = a->alpha_scores / log(10);
    return QN_OK;
}

/* Largest sum over a row of |w' - w| at a degree, and its bound 2 n eta / (Z - n eta). */
static double error_at(const job *j, uint32_t degree, double eta, double *bound)
{
    const qn_attention *const a = j->out;
    const size_t n = a->tokens;
    double worst = 0;
    *bound = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t seen = qn__head_seen(j->in, i);
        double sum = 0, off = 0, z = 0;
        qn__softmax_row(j->coefficients, degree, 1 / a->beta, j->shift[i], j->work.scores + i * n, seen, j->row);
        for (size_t k = 0; k < seen; k++) {
            sum += j->row[k];
            z += exp(j->work.scores[i * n + k] - j->shift[i] - a->beta);
        }
        for (size_t k = 0; k < seen; k++) {
            off += fabs(j->row[k] / sum - a->exact_weights[i * n + k]);
        }
        worst = !(off <= worst) ? off : worst;
        const double lost = (double)seen * eta;
        *bound = fmax(*bound, z > lost ? 2 * lost / (z - lost) : HUGE_VAL);
    }
    return worst;
}

/* Sum of the coefficients behind a degree, from those up to SEARCH_DEGREE; `left` of the rest. */
static double tail(const job *j, uint32_t degree, double left)
{
    double sum = left;
    for (uint32_t k = SEARCH_DEGREE; k > degree; k--) {
        sum += j->coefficients[k];
    }
    return sum;
}

static qn_status choose_degree(job *j)
{
    qn_attention *const a = j->out;
    double left = 0, bound = 0;
    QN_TRY(qn_softmax_polynomial(a->beta, SEARCH_DEGREE, j->coefficients, &left));
    uint32_t degree = j->options.degree;
    for (uint32_t d = 1; degree == 0; d++) {
        QN_CHECK(d <= SEARCH_DEGREE, ERR_RANGE, "no degree up to %d reaches epsilon %g", (int)SEARCH_DEGREE,
                 j->options.epsilon);
        QN_CHECK(!qn_context_interrupted(j->context), ERR_INTERRUPTED, "interrupted while the degree was looked for");
        degree = error_at(j, d, tail(j, d, left), &bound) <= j->options.epsilon ? d : 0;
    }
    a->degree = degree;
    a->polynomial_error = tail(j, degree, left);
    a->softmax_error = error_at(j, degree, a->polynomial_error, &a->softmax_bound);
    const uint32_t step = 1 + 3 * degree / 2 / QN_ATTENTION_CURVE;
    for (uint32_t d = 1; a->curve_count < QN_ATTENTION_CURVE && d <= SEARCH_DEGREE; d += step) {
        const size_t k = a->curve_count++;
        a->curve_degree[k] = d;
        a->curve_error[k] = error_at(j, d, tail(j, d, left), &a->curve_bound[k]);
    }
    return QN_OK;
}

static size_t largest_of(const double *values, size_t count)
{
    size_t best = 0;
    for (size_t k = 1; k < count; k++) {
        best = values[k] > values[best] ? k : best;
    }
    return best;
}

/* Runs until the count of the most likely outcome leads the second's by 1.64 deviations; outcomes come as squares. */
static double lead_shots(const double *amplitudes, size_t seen, double success)
{
    double sum = 0, first = 0, second = 0;
    for (size_t k = 0; k < seen; k++) {
        const double p = amplitudes[k] * amplitudes[k];
        sum += p;
        second = p > first ? first : fmax(second, p);
        first = fmax(first, p);
    }
    if (seen == 1) {
        return 1 / success;
    }
    const double gap = (first - second) / sum;
    return gap > 0 ? fmax(1, deviations * deviations * ((first + second) / sum - gap * gap) / (gap * gap)) / success
                   : HUGE_VAL;
}

/* P(t) / sum c on a uniform superposition of what is seen, then x V. */
static void run_row(job *j, size_t i)
{
    qn_attention *const a = j->out;
    const size_t n = a->tokens, d = a->head, seen = qn__head_seen(j->in, i);
    const double whole = 1 - a->polynomial_error; /* sum of the coefficients kept: the polynomials' alpha */
    double sum = 0, kept = 0, length = 0;
    qn__softmax_row(j->coefficients, a->degree, 1 / a->beta, j->shift[i], j->work.scores + i * n, seen, j->row);
    for (size_t k = 0; k < seen; k++) {
        sum += j->row[k];
        kept += j->row[k] * j->row[k];
    }
    const double first = kept / (whole * whole * (double)seen);
    for (size_t c = 0; c < d; c++) {
        double o = 0;
        for (size_t k = 0; k < seen; k++) {
            o += j->row[k] * j->work.value[k * d + c];
        }
        length += o * o;
        a->output[i * d + c] = o / sum;
    }
    for (size_t k = 0; k < seen; k++) {
        a->weights[i * n + k] = j->row[k] / sum;
    }
    const double alpha = whole * a->alpha_x * a->alpha_value;
    a->success[i] = length / ((double)seen * alpha * alpha);
    a->argmax_shots[i] = lead_shots(j->row, seen, first);
    a->argmax_agrees[i] = largest_of(j->row, seen) == largest_of(a->exact_weights + i * n, seen);
    a->agreeing += a->argmax_agrees[i] ? 1 : 0;
}

static int by_size(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void sum_up(job *j)
{
    qn_attention *const a = j->out;
    const size_t n = a->tokens;
    double off = 0, all = 0;
    for (size_t k = 0; k < n * a->head; k++) {
        off += (a->output[k] - a->exact_output[k]) * (a->output[k] - a->exact_output[k]);
        all += a->exact_output[k] * a->exact_output[k];
    }
    a->output_error = sqrt(off / all);
    a->readout = j->options.readout;
    a->shots_per_row = ceil((double)a->head / (a->readout * a->readout));
    a->success_least = 1;
    for (size_t i = 0; i < n; i++) {
        a->success_mean += a->success[i] / (double)n;
        a->success_least = fmin(a->success_least, a->success[i]);
        a->shots_total += a->shots_per_row / a->success[i];
    }
    const size_t from = n > 1 && j->in->causal ? 1 : 0;
    memcpy(j->row, a->argmax_shots + from, (n - from) * sizeof(double));
    qsort(j->row, n - from, sizeof(double), by_size);
    a->argmax_shots_median = j->row[(n - from) / 2];
    a->argmax_shots_most = j->row[n - from - 1];
    a->score_calls = 2.0 * a->degree * a->amplification_degree;
    a->loads = 4 * a->score_calls + 2;
}

/* Largest sum over a row of |w'' - w|, w'' from scores that the amplification's polynomial gave. */
static double amplified_error(const job *j, const qn_amplification *p)
{
    static const double most_steps = 1e9; /* of one coefficient each */
    const qn_attention *const a = j->out;
    const size_t n = a->tokens;
    const double alpha = a->alpha_scores + a->shift_most;
    double worst = 0, steps = 0;
    for (size_t i = 0; i < n; i++) {
        steps += (double)qn__head_seen(j->in, i) * p->degree;
    }
    for (size_t i = 0; i < n && steps <= most_steps; i++) {
        const size_t seen = qn__head_seen(j->in, i);
        double sum = 0, off = 0;
        for (size_t k = 0; k < seen; k++) {
            const double t = qn_amplification_value(p, (j->work.scores[i * n + k] - j->shift[i]) / alpha);
            j->row[k] = qn__softmax_value(j->coefficients, a->degree, fmax(-1, fmin(1, t)));
            sum += j->row[k];
        }
        for (size_t k = 0; k < seen; k++) {
            off += fabs(j->row[k] / sum - a->exact_weights[i * n + k]);
        }
        worst = !(off <= worst) ? off : worst;
    }
    return steps <= most_steps ? worst : (double)NAN;
}

/* Degrees grow in proportion to gamma: beyond the largest that is made, they are taken from that one. */
static qn_status amplify(job *j)
{
    qn_attention *const a = j->out;
    const double most = qn_amplification_largest_gamma(j->options.margin);
    qn_amplification *p = NULL;
    a->amplification_made = a->amplification <= most;
    QN_TRY(qn_amplification_create(fmin(a->amplification, most), j->options.margin, amplification_error, &p));
    a->amplification_degree = ceil(p->degree * fmax(1, a->amplification / most));
    a->amplification_error = p->error;
    a->amplified_error = a->amplification_made ? amplified_error(j, p) : (double)NAN;
    qn_amplification_free(p);
    return QN_OK;
}

static qn_status carry_out(job *j)
{
    const size_t n = j->in->tokens;
    QN_TRY(allocate(j->in, j->out));
    QN_TRY(qn__head_work_create(j->in, &j->work));
    j->coefficients = qn__alloc(SEARCH_DEGREE + 1, sizeof(double));
    QN_ALLOC_CHECK(j->coefficients);
    j->row = qn__alloc(n, sizeof(double));
    QN_ALLOC_CHECK(j->row);
    j->shift = qn__alloc(n, sizeof(double));
    QN_ALLOC_CHECK(j->shift);
    QN_TRY(classical(j));
    QN_TRY(sizes(j));
    const double start = qn__clock();
    QN_TRY(choose_degree(j));
    for (size_t i = 0; i < n; i++) {
        run_row(j, i);
    }
    QN_TRY(amplify(j));
    j->out->simulator_seconds = qn__clock() - start;
    sum_up(j);
    return QN_OK;
}

qn_status qn_attention_run(const qn_context *context, const qn_attention_input *input,
                           const qn_attention_options *options, qn_attention **out)
{
    QN_CHECK(context != NULL && input != NULL && out != NULL, ERR_ARGUMENT,
             "a context, an input and a place for the result");
    const qn_attention_options plain = QN_ATTENTION_OPTIONS_INIT;
    job j = {.context = context, .in = input, .options = options != NULL ? *options : plain};
    j.options.epsilon = j.options.epsilon == 0 ? 0.01 : j.options.epsilon;
    j.options.readout = j.options.readout == 0 ? 0.1 : j.options.readout;
    j.options.margin = j.options.margin == 0 ? 0.1 : j.options.margin;
    QN_TRY(check(input, &j.options));
    const uint64_t numbers = 3 * (uint64_t)input->tokens * input->tokens + 5 * (uint64_t)input->tokens * input->head;
    QN_TRY(qn__context_check_bytes(context, numbers * sizeof(double), "an attention head", ""));
    j.out = qn__calloc(1, sizeof *j.out);
    QN_ALLOC_CHECK(j.out);
    j.out->tokens = input->tokens;
    j.out->head = input->head;
    const qn_status status = carry_out(&j);
    qn__free(j.work.block);
    qn__free(j.coefficients);
    qn__free(j.row);
    qn__free(j.shift);
    if (status == QN_OK) {
        *out = j.out;
    } else {
        qn_attention_free(j.out);
    }
    return status;
}
