/* search.c: the search as a whole: which tier, how many steps, measuring, verifying, and when to say that there is
 * nothing more. */
#include <quern/search.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/search/counting.h"
#include "algorithm/search/machine.h"
#include "algorithm/search/oracle.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"

enum { MOST_FOUND = 1 << 20 };

static const double PI = 3.14159265358979323846;
/* Growth of BBHT's range of steps; any value between 1 and 4/3 is proven to do. */
static const double GROWTH = 6.0 / 5.0;

/* One search under way. */
typedef struct run {
    qn_context *context;
    const qn_oracle *oracle;
    qn_search_options options;
    qn__machine machine;
    qn_search_result *result;
    double *alpha, *beta; /* phases of a schedule, or NULL */
    uint64_t schedule;    /* its length */
    uint64_t draws;       /* random numbers taken so far */
    double began, reported;
} run;

const char *qn_search_method_name(qn_search_method method)
{
    static const char *const names[] = {"auto",        "grover",   "bbht",    "exact",
                                        "fixed-point", "counting", "minimum", "partial"};
    return (unsigned)method < sizeof names / sizeof *names ? names[method] : "unknown";
}

const char *qn_search_tier_name(qn_search_tier tier)
{
    static const char *const names[] = {"auto", "gate", "operator", "spectral"};
    return (unsigned)tier < sizeof names / sizeof *names ? names[tier] : "unknown";
}

static qn_status check_options(const qn_search_options *options, const qn_oracle *oracle, qn_search_options *out)
{
    const qn_search_options plain = QN_SEARCH_OPTIONS_INIT;
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof *out, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_SEARCH_OPTIONS_INIT",
             out->size, sizeof *out);
    QN_CHECK(out->delta >= 0 && out->delta < 1 && out->failure >= 0 && out->failure < 1, ERR_RANGE,
             "delta %g and failure %g; expected probabilities below 1", out->delta, out->failure);
    QN_CHECK(out->method <= QN_SEARCH_COUNTING, ERR_ARGUMENT, "method \"%s\" has a function of its own",
             qn_search_method_name(out->method));
    QN_CHECK(out->solutions <= MOST_FOUND, ERR_RANGE, "%" PRIu64 " solutions asked for; at most %d", out->solutions,
             (int)MOST_FOUND);
    out->method = out->method == QN_SEARCH_AUTO ? QN_SEARCH_BBHT : out->method;
    out->delta = out->delta > 0 ? out->delta : 0.1;
    out->failure = out->failure > 0 ? out->failure : 1e-6;
    out->gate_qubits = out->gate_qubits > 0 ? out->gate_qubits : QN__SEARCH_GATE_QUBITS;
    out->auto_seconds = out->auto_seconds > 0 ? out->auto_seconds : 2;
    out->solutions = out->solutions > 0 ? out->solutions : 1;
    const bool knows =
        out->method == QN_SEARCH_GROVER || out->method == QN_SEARCH_EXACT || out->method == QN_SEARCH_FIXED_POINT;
    QN_CHECK(!knows || qn_oracle_count(oracle) > 0, ERR_RANGE,
             "nothing is marked, and method \"%s\" must know how many items are; \"bbht\" need not",
             qn_search_method_name(out->method));
    return QN_OK;
}

/* ---- which tier ---- */

/* Steps that one run takes, roughly; of all runs of a search for nothing. */
static double expected_steps(const qn_search_options *options, const qn_oracle *oracle)
{
    const double items = (double)qn_oracle_items(oracle), marked = (double)qn_oracle_count(oracle);
    if (options->method == QN_SEARCH_GROVER && options->steps > 0) {
        return (double)options->steps * (double)options->solutions;
    }
    if (options->method == QN_SEARCH_FIXED_POINT) {
        return log(2 / options->delta) / sqrt(marked / items) / 2 * (double)options->solutions;
    }
    const double one = sqrt(items / fmax(1, marked));
    const double rounds = marked > 0 ? (double)options->solutions * 1.6 : 0.5 * log(options->failure) / log(0.75);
    return one * rounds;
}

/* Seconds and qubits of the gate tier; infinite when it cannot be. Only a lack of memory is a failure. */
static qn_status gate_seconds(const qn_oracle *oracle, const qn_search_options *options, double steps, uint32_t *qubits,
                              double *seconds)
{
    qn_circuit *step = NULL;
    qn_oracle_cost cost;
    *qubits = 0;
    *seconds = HUGE_VAL;
    if (qn_oracle_price(oracle, options->layout, UINT32_MAX, &cost) == QN_OK) {
        *qubits = cost.qubits;
    }
    if (qn_oracle_price(oracle, options->layout, options->gate_qubits, &cost) != QN_OK) {
        return QN_OK;
    }
    *qubits = cost.qubits;
    const double gates = cost.layout == QN_ORACLE_MINTERMS ? (double)qn_oracle_count(oracle) : cost.toffoli;
    if (gates > QN__SEARCH_MOST_GUESSED) {
        return QN_OK;
    }
    const qn_status status = qn_search_compile(oracle, options->layout, options->gate_qubits, false, &step);
    if (status == QN_OK) {
        *seconds = (double)qn_circuit_operations(step) * ldexp(QN__SEARCH_GATE_SECONDS, (int)cost.qubits) * steps;
    }
    qn_circuit_free(step);
    return status == QN_ERR_MEMORY ? status : QN_OK;
}

static qn_status choose_tier(run *r)
{
    const qn_search_options *const options = &r->options;
    const double steps = expected_steps(options, r->oracle), items = (double)qn_oracle_items(r->oracle);
    const double limit = options->auto_seconds, memory = (double)qn_context_memory_limit(r->context);
    uint32_t qubits = 0;
    double gate = HUGE_VAL;
    QN_TRY(gate_seconds(r->oracle, options, steps, &qubits, &gate));
    const double stream =
        items * 8 <= memory && r->oracle->marked != NULL ? items * QN__SEARCH_STREAM_SECONDS * steps : HUGE_VAL;
    const qn_search_tier asked = options->tier;
    const qn_search_tier tier = asked != QN_SEARCH_TIER_AUTO ? asked
                                : gate <= limit              ? QN_SEARCH_TIER_GATE
                                : stream <= limit            ? QN_SEARCH_TIER_OPERATOR
                                                             : QN_SEARCH_TIER_SPECTRAL;
    r->result->tier = tier;
    char here[96], next[128] = "";
    if (tier == QN_SEARCH_TIER_GATE) {
        (void)snprintf(here, sizeof here, "gate: the compiled circuit on %" PRIu32 " qubits", qubits);
    } else if (tier == QN_SEARCH_TIER_OPERATOR) {
        (void)snprintf(here, sizeof here, "operator: reflections of a vector of %.0f items", items);
    } else {
        (void)snprintf(here, sizeof here, "spectral: the exact rotation of two amplitudes");
    }
    if (tier == QN_SEARCH_TIER_SPECTRAL && isfinite(stream)) {
        (void)snprintf(next, sizeof next, "; the operator tier would take %.2g MB and about %.2g s", items * 8e-6,
                       stream);
    } else if (tier == QN_SEARCH_TIER_SPECTRAL) {
        (void)snprintf(next, sizeof next, "; the operator tier would need %.2g GB", items * 8e-9);
    } else if (tier == QN_SEARCH_TIER_OPERATOR && isfinite(gate)) {
        (void)snprintf(next, sizeof next, "; the gate tier would take %" PRIu32 " qubits and about %.2g s", qubits,
                       gate);
    } else if (tier == QN_SEARCH_TIER_OPERATOR && qubits <= options->gate_qubits) {
        (void)snprintf(next, sizeof next, "; the gate tier's circuit has too many gates to be foreseen");
    } else if (tier == QN_SEARCH_TIER_OPERATOR) {
        (void)snprintf(next, sizeof next, "; the gate tier would need %" PRIu32 " qubits, over the %" PRIu32 " allowed",
                       qubits, options->gate_qubits);
    }
    (void)snprintf(r->result->tier_note, sizeof r->result->tier_note, "%s%s%s", here,
                   asked == QN_SEARCH_TIER_AUTO ? "" : " (as asked)", next);
    return QN_OK;
}

/* ---- runs ---- */

static double next_uniform(run *r)
{
    return qn__random_uniform(r->options.seed, 1, r->draws++);
}

static void tell(run *r, uint64_t done, uint64_t total)
{

    const qn_progress progress = {"search", done, total, r->result->queries, (double)NAN, qn__clock() - r->began};
    qn__context_progress(r->context, &progress, &r->reported, false);
}

/* Start, `steps` steps, measure, verify. *hit tells whether the item is marked. */
static qn_status run_once(run *r, uint64_t steps, bool *hit, uint64_t *item)
{
    const bool scheduled = r->alpha != NULL, jumps = r->machine.tier == QN_SEARCH_TIER_SPECTRAL && !scheduled;
    QN_TRY(qn__machine_start(&r->machine));
    if (jumps) {
        qn__machine_jump(&r->machine, steps);
    }
    for (uint64_t k = 0; k < steps && !jumps; k++) {
        QN_TRY(qn__machine_step(&r->machine, scheduled ? r->alpha[k] : PI, scheduled ? r->beta[k] : PI));
        if (r->machine.tier != QN_SEARCH_TIER_SPECTRAL || k % 4096 == 0) {
            if (qn_context_interrupted(r->context)) {
                r->result->interrupted = true;
                return QN_OK;
            }
            tell(r, k, steps);
        }
    }
    QN_TRY(qn__machine_success(&r->machine, &r->result->success));
    QN_TRY(qn__machine_measure(&r->machine, r->options.seed, 2 + r->result->runs, item));
    *hit = qn_oracle_marks(r->oracle, *item);
    r->result->runs++;
    r->result->steps = steps;
    r->result->queries += steps + 1;
    return QN_OK;
}

/* Boyer, Brassard, Hoyer, Tapp: steps drawn below m, m growing by 6/5 up to sqrt(N). Once m is there each round
 * succeeds with probability 1/4 at least, if anything is marked, so `rounds` of them that fail overlook it with
 * probability (3/4)^rounds at most. */
static qn_status run_unknown(run *r, bool *hit, uint64_t *item)
{
    const double most = sqrt((double)r->machine.space);
    const uint64_t rounds = (uint64_t)ceil(log(r->options.failure) / log(0.75));
    double m = 1;
    *hit = false;
    for (uint64_t full = 0; full < rounds && !*hit && !r->result->interrupted;) {
        full += m >= most;
        const uint64_t steps = (uint64_t)(next_uniform(r) * ceil(m));
        QN_TRY(run_once(r, steps, hit, item));
        m = fmin(GROWTH * m, most);
    }
    r->result->confidence = *hit || r->result->interrupted ? 0 : 1 - pow(0.75, (double)rounds);
    return QN_OK;
}

static bool is_new(const qn_search_result *result, uint64_t item)
{
    for (size_t k = 0; k < result->count; k++) {
        if (result->found[k] == item) {
            return false;
        }
    }
    return true;
}

/* Until as many different solutions as wanted are there. When f are known and one more exists, a marked item is new
 * with probability 1/(f + 1) at least: `stale` ones that are not leave a doubt of (f/(f + 1))^stale. */
static qn_status run_all(run *r)
{
    qn_search_result *const result = r->result;
    const bool unknown = r->options.method == QN_SEARCH_BBHT;
    const uint64_t known = unknown ? UINT64_MAX : qn_oracle_count(r->oracle);
    /* A run of a known number succeeds at least every other time, unless the caller chose its steps badly. */
    const uint64_t most_misses = (uint64_t)ceil(log2(1 / r->options.failure)) + 1;
    uint64_t stale = 0, misses = 0;
    while (result->count < r->options.solutions && result->count < known && !result->interrupted) {
        bool hit = false;
        uint64_t item = 0;
        if (unknown) {
            QN_TRY(run_unknown(r, &hit, &item));
            if (!hit && !result->interrupted) {
                result->exhausted = true;
                break;
            }
        } else {
            QN_TRY(run_once(r, r->schedule, &hit, &item));
        }
        if (!hit && ++misses >= most_misses) {
            break;
        }
        if (!hit) {
            continue;
        }
        misses = 0;
        if (is_new(result, item)) {
            result->found[result->count++] = item;
            stale = 0;
            continue;
        }
        const double f = (double)result->count, doubt = pow(f / (f + 1), (double)++stale);
        if (doubt <= r->options.failure) {
            result->exhausted = true;
            result->confidence = 1 - doubt;
            break;
        }
    }
    if (!unknown && result->count == known && result->count < r->options.solutions) {
        result->exhausted = true;
        result->confidence = 1;
    }
    return QN_OK;
}

/* ---- schedules ---- */

static qn_status make_schedule(run *r)
{
    const double items = (double)r->machine.space, marked = (double)qn_oracle_count(r->oracle);
    uint64_t steps = r->options.steps > 0 ? r->options.steps : qn_search_steps(items, marked);
    double phase = PI;
    if (r->options.method == QN_SEARCH_EXACT) {
        qn_search_exact(items, marked, &steps, &phase);
    } else if (r->options.method == QN_SEARCH_FIXED_POINT) {
        steps = (qn_search_fixed_point_length(r->options.delta, marked / items) - 1) / 2;
    }
    r->schedule = steps;
    if (!r->machine.phased) {
        return QN_OK;
    }
    r->alpha = qn__alloc(steps + 1, sizeof *r->alpha);
    r->beta = qn__alloc(steps + 1, sizeof *r->beta);
    if (r->alpha == NULL || r->beta == NULL) {
        return QN_ERR_MEMORY;
    }
    if (r->options.method == QN_SEARCH_EXACT) {
        for (uint64_t k = 0; k < steps; k++) {
            r->alpha[k] = r->beta[k] = phase;
        }
        return QN_OK;
    }
    qn_search_fixed_point(2 * steps + 1, r->options.delta, r->alpha, r->beta);
    for (uint64_t k = 0; k < steps; k++) {
        r->alpha[k] = -r->alpha[k]; /* their S_s(alpha) turns by e^{-i alpha} */
    }
    return QN_OK;
}

/* ---- all together ---- */

static qn_status execute(run *r)
{
    qn_search_result *const result = r->result;
    result->method = r->options.method;
    if (r->options.method == QN_SEARCH_COUNTING) {
        return qn__count_marked(r->context, r->oracle, &r->options, result);
    }
    QN_TRY(choose_tier(r));
    const bool phased = r->options.method == QN_SEARCH_EXACT || r->options.method == QN_SEARCH_FIXED_POINT;
    QN_TRY(qn__machine_open(r->context, r->oracle, result->tier, r->options.layout, r->options.gate_qubits, phased,
                            &r->machine));
    result->space = r->machine.space;
    result->bytes = qn__machine_bytes(r->oracle, result->tier, phased, r->machine.qubits);
    QN_TRY(make_schedule(r));
    return run_all(r);
}

qn_status qn_search_run(qn_context *context, const qn_oracle *oracle, const qn_search_options *options,
                        qn_search_result **out)
{
    QN_CHECK(context != NULL && oracle != NULL && out != NULL, ERR_ARGUMENT, "a context, an oracle and a place");
    run r = {.context = context, .oracle = oracle, .began = qn__clock()};
    QN_TRY(check_options(options, oracle, &r.options));
    r.result = qn__calloc(1, sizeof *r.result);
    QN_ALLOC_CHECK(r.result);
    qn_status status = QN_OK;
    r.result->found = qn__alloc(r.options.solutions, sizeof *r.result->found);
    if (r.result->found == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(execute(&r));
    /* The bill is for the layout that ran, or for the cheapest circuit when none did. */
    const uint32_t clock = r.options.method == QN_SEARCH_COUNTING ? qn_search_counting_bits(oracle, &r.options) : 0;
    QN_TRY_CLEANUP(qn_oracle_price(oracle, r.options.layout,
                                   r.result->tier == QN_SEARCH_TIER_GATE ? r.options.gate_qubits - clock : UINT32_MAX,
                                   &r.result->oracle));
    r.result->seconds = qn__clock() - r.began;
    *out = r.result;
    r.result = NULL;
cleanup:
    qn__machine_close(&r.machine);
    qn__free(r.alpha);
    qn__free(r.beta);
    qn_search_result_free(r.result);
    return status;
}

void qn_search_result_free(qn_search_result *result)
{
    if (result != NULL) {
        qn__free(result->found);
        qn__free(result);
    }
}

/* ---- curves and states ---- */

static qn_status open_at(qn_context *context, const qn_oracle *oracle, const qn_search_options *options, bool phased,
                         qn__machine *machine)
{
    qn_search_options checked;
    qn_search_options plain = QN_SEARCH_OPTIONS_INIT;
    plain = options != NULL ? *options : plain;
    plain.method = QN_SEARCH_BBHT; /* asks nothing of the oracle */
    QN_TRY(check_options(&plain, oracle, &checked));
    const qn_search_tier tier = checked.tier == QN_SEARCH_TIER_AUTO ? QN_SEARCH_TIER_SPECTRAL : checked.tier;
    return qn__machine_open(context, oracle, tier, checked.layout, checked.gate_qubits, phased, machine);
}

qn_status qn_search_curve(qn_context *context, const qn_oracle *oracle, const qn_search_options *options, size_t points,
                          double *success)
{
    QN_CHECK(context != NULL && oracle != NULL && success != NULL, ERR_ARGUMENT, "a context, an oracle and a place");
    qn__machine machine = {0};
    qn_status status = open_at(context, oracle, options, false, &machine);
    for (size_t k = 0; k < points && status == QN_OK; k++) {
        status = k > 0 ? qn__machine_step(&machine, PI, PI) : QN_OK;
        status = status == QN_OK ? qn__machine_success(&machine, &success[k]) : status;
    }
    qn__machine_close(&machine);
    return status;
}

qn_status qn_search_state(qn_context *context, const qn_oracle *oracle, const qn_search_options *options,
                          const double *alpha, const double *beta, uint64_t steps, double *amplitudes)
{
    QN_CHECK(context != NULL && oracle != NULL && amplitudes != NULL, ERR_ARGUMENT, "a context, an oracle and a place");
    QN_CHECK((alpha == NULL) == (beta == NULL), ERR_ARGUMENT, "phases of both reflections, or of none");
    qn__machine machine = {0};
    qn_status status = open_at(context, oracle, options, alpha != NULL, &machine);
    for (uint64_t k = 0; k < steps && status == QN_OK; k++) {
        status = qn__machine_step(&machine, alpha != NULL ? alpha[k] : PI, beta != NULL ? beta[k] : PI);
    }
    status = status == QN_OK ? qn__machine_amplitudes(&machine, amplitudes) : status;
    qn__machine_close(&machine);
    return status;
}
