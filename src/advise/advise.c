/* advise.c: one instance from keys to verdict. */
#include <quern/advise.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "advise/price.h"
#include "advise/rules.h"
#include "base/alloc.h"

static qn_magnitude magnitude(qn__count value)
{
    if (!isfinite(value)) {
        return (qn_magnitude){(double)NAN, (double)NAN};
    }
    const double log10 = value > 0 ? (double)log10l(value) : (double)NAN;
    /* Numbers that JSON readers turn into infinity are given as logarithms alone. */
    return (qn_magnitude){fabsl(value) < 1e300L ? (double)value : (double)NAN, log10};
}

/* What is gathered on the way to a result. */
typedef struct work {
    const qn_advise_options *options;
    qn__instance instance;
    qn__lines trace, reasons;
    qn__weighed central;
    qn__range range;
    qn__eras eras;
    qn__opinion opinion;
    qn__hardware hardware;
    bool sized; /* a crossover is defined */
} work;

static void say_comparison(work *w)
{
    qn__say a, b, d, e;
    const qn__count quantum = w->central.quantum_s, classical = w->central.bill.classical_s;
    const bool wide = w->range.quantum[2] > 100 * w->range.quantum[0];
    const char *spread_low =
        wide ? qn__say_order_seconds(&a, w->range.quantum[0]) : qn__say_seconds(&a, w->range.quantum[0]);
    const char *spread_high =
        wide ? qn__say_order_seconds(&b, w->range.quantum[2]) : qn__say_seconds(&b, w->range.quantum[2]);
    qn__lines_add(&w->reasons, "Quantum%s %s (%s to %s); classical %s.", w->opinion.bound ? " at least" : "",
                  qn__say_seconds(&d, quantum), spread_low, spread_high,
                  isfinite(classical) ? qn__say_seconds(&e, classical) : "unknown");
}

static void say_crossover(work *w, qn_verdict verdict)
{
    qn__say a, b, d;
    const qn__crossing *x = &w->range.crossing[1];
    const qn__workload *of = w->instance.at.workload;
    if (x->exists && qn__case_size(&w->instance.at) < x->size * 0.999L &&
        w->central.quantum_s < w->central.bill.classical_s) {
        qn__lines_add(&w->reasons, "The times cross more than once, since small instances go by whole calls: this one "
                                   "lies before the last crossing, from which on the quantum run stays ahead.");
    }
    if (x->exists && (verdict == QN_VERDICT_NO_DEGREE || verdict == QN_VERDICT_POSSIBLE)) {
        return; /* the rule has said it */
    }
    if (!w->sized) {
        qn__lines_add(&w->reasons, "No crossover is given: %s.",
                      isfinite(w->central.bill.classical_s) && w->instance.at.preset == NULL
                          ? "no proven gain grows with the size here"
                          : "how the rival's time grows with the size is not known");
    } else if (!x->exists) {
        qn__lines_add(&w->reasons, "No crossover below %s %s.",
                      of->largest > 1e6L ? (of->largest == 0x1p80L ? "2^80" : "2^24") : qn__say_count(&a, of->largest),
                      of->size_name);
    } else {
        qn__lines_add(&w->reasons, "Crossover at %s %s, after %s.", qn__say_count(&b, x->size), of->size_name,
                      qn__say_seconds(&d, x->seconds));
    }
}

static void say_era(work *w, qn_verdict verdict)
{
    qn__say a, b;
    const qn__bill *bill = &w->central.bill;
    const int first = w->eras.first;
    if (verdict == QN_VERDICT_NO_ALGORITHM) {
        qn__lines_add(&w->reasons, "No era helps: there is no algorithm to run. The gates above are lower bounds of "
                                   "reading in and out, or of a variational circuit.");
        return;
    }
    const bool open = first >= 0 && w->opinion.bound; /* more gates may be too many for it */
    qn__lines_add(&w->reasons, "One run needs%s %s logical qubits and %s T or Toffoli gates: %s%s.",
                  w->opinion.bound ? " at least" : "", qn__say_count(&a, bill->qubits),
                  qn__say_count(&b, bill->toffoli + bill->t),
                  first < 0 ? "no listed era holds it"
                  : open    ? "the era is unknown"
                            : w->eras.fit[first].name,
                  first >= 0 && !open && w->eras.fit[first].scenario ? " (scenario)" : "");
}

static qn_verdict decide(work *w)
{
    const qn__bill *bill = &w->central.bill;
    const qn__evidence evidence = {
        .structural = w->opinion.verdict,
        .unproven = w->opinion.unproven,
        .needs = w->opinion.needs[0] != '\0' ? w->opinion.needs : NULL,
        .needs_help = w->opinion.needs_help,
        .load_s = fmaxl(w->central.load_circuit_s, w->central.load_bandwidth_s),
        .loads = bill->loading_bits > 0,
        .readout_s = bill->readout_s,
        .classical_s = bill->classical_s,
        .quantum_s = w->central.quantum_s,
        .degree = bill->degree,
        .crossing = w->range.crossing[1],
        .deadline_s = w->instance.at.deadline_s,
        .eras = &w->eras,
        .year = w->options->year,
    };
    return qn__rules_apply(&evidence, &w->reasons);
}

/* ln T against ln x by a step of a quarter down and up; NaN where x cannot move. */
static double elasticity(qn__count up, qn__count down, double step)
{
    return isfinite(up) && isfinite(down) && up > 0 && down > 0 ? (double)logl(up / down) / (2 * step) : (double)NAN;
}

static void measure(const work *w, const qn__case *up, const qn__case *down, double step, const char *name,
                    qn_advise_result *out)
{
    qn__weighed a, b;
    if (out->nsensitivities >= QN_ADVISE_SENSITIVITIES) {
        return;
    }
    qn__weigh(up, NULL, &a);
    qn__weigh(down, NULL, &b);
    qn_sensitivity s = {.crossover = (double)NAN};
    (void)snprintf(s.name, sizeof s.name, "%s", name);
    s.quantum = elasticity(a.quantum_s, b.quantum_s, step);
    if (w->sized && w->range.crossing[1].exists) {
        const qn__crossing x = qn__crossing_find(up, 40), y = qn__crossing_find(down, 40);
        if (x.exists && y.exists) {
            s.crossover = elasticity(x.seconds, y.seconds, step);
        }
    }
    if (fabs(s.quantum) > 0.005 || fabs(s.crossover) > 0.005) {
        out->sensitivities[out->nsensitivities++] = s;
    }
}

static void sensitivities(const work *w, qn_advise_result *out)
{
    const double step = 0.25;
    const qn__case *c = &w->instance.at;
    const qn__count factor = expl((qn__count)step);
    qn__case up = *c, down = *c;
    up.pace.error *= (double)factor;
    down.pace.error /= (double)factor;
    if (up.pace.error < up.pace.threshold) {
        measure(w, &up, &down, step, "p (physical error)", out);
    }
    up = down = *c;
    up.pace.cycle_s *= (double)factor;
    up.pace.reaction_s *= (double)factor;
    up.pace.toffoli_s *= (double)factor;
    down.pace.cycle_s /= (double)factor;
    down.pace.reaction_s /= (double)factor;
    down.pace.toffoli_s /= (double)factor;
    measure(w, &up, &down, step, "cycle time", out);
    up = down = *c;
    qn__rival_scale(&up.rival, factor);
    qn__rival_scale(&down.rival, 1 / factor);
    measure(w, &up, &down, step, "classical speed", out);
    for (size_t i = 0; i < c->workload->nkeys; i++) {
        const qn__key *key = &c->workload->keys[i];
        const qn__count value = c->value[i];
        if (strcmp(key->name, "degree") == 0 && !c->given[i]) {
            continue; /* proven, and not an input */
        }
        if (key->kind == QN__KEY_CHOICE || key->kind == QN__KEY_PRESET || !isfinite(value) ||
            value / factor <= (qn__count)key->least || value * factor > (qn__count)key->most) {
            continue;
        }
        up = down = *c;
        up.value[i] *= factor;
        down.value[i] /= factor;
        measure(w, &up, &down, step, key->name, out);
    }
}

/* How far a picture goes to both sides of an instance: times that grow exponentially leave every scale soon. */
static qn__count span_of(const work *w, qn__count size)
{
    qn__case far = w->instance.at;
    qn__weighed weighed;
    qn__case_resize(&far, fminl(100 * size, far.workload->largest));
    qn__weigh(&far, NULL, &weighed);
    return weighed.bill.classical_s / w->central.bill.classical_s >= 1e40L ? 3 : 100; /* an unknown rival: 100 */
}

static qn_status curves(const work *w, qn_advise_result *out)
{
    const size_t points = w->options->curve;
    const qn__count size = qn__case_size(&w->instance.at);
    if (points < 2 || !w->sized || !isfinite(size)) {
        return QN_OK;
    }
    double *all = qn__alloc(points * 5, sizeof *all);
    QN_ALLOC_CHECK(all);
    out->curve = points;
    out->curve_size = all;
    out->curve_classical = all + points;
    out->curve_quantum = all + 2 * points;
    out->curve_low = all + 3 * points;
    out->curve_high = all + 4 * points;
    const qn__workload *of = w->instance.at.workload;
    /* From below the size to where the times meet, with room on both sides. */
    const qn__count span = span_of(w, size), room = sqrtl(span);
    qn__count from = fmaxl(size / span, 2), to = fmaxl(fminl(size * span, of->largest), size);
    if (w->range.crossing[1].exists) {
        from = fminl(from, fmaxl(w->range.crossing[1].size / room, 2));
        to = fmaxl(to, fminl(w->range.crossing[1].size * room, of->largest));
    }
    const qn__count most = 1e250L; /* an axis needs room above its points */
    qn__case ends[3];
    for (int end = 0; end < 3; end++) {
        qn__instance_corner(&w->instance, end, false, &ends[end]);
    }
    for (size_t i = 0; i < points; i++) {
        const qn__count at = from * powl(to / from, (qn__count)i / (qn__count)(points - 1));
        all[i] = (double)at;
        double *const columns[3] = {out->curve_low, out->curve_quantum, out->curve_high};
        for (int end = 0; end < 3; end++) {
            qn__weighed weighed;
            qn__case_resize(&ends[end], at);
            qn__weigh(&ends[end], NULL, &weighed);
            columns[end][i] = weighed.quantum_s < most ? (double)weighed.quantum_s : (double)NAN;
            if (end == 1) {
                out->curve_classical[i] =
                    weighed.bill.classical_s < most ? (double)weighed.bill.classical_s : (double)NAN;
            }
        }
    }
    return QN_OK;
}

static void fill_bill(const work *w, qn_advise_result *out)
{
    const qn__bill *bill = &w->central.bill;
    out->logical.qubits = magnitude(bill->qubits);
    out->logical.t_count = magnitude(bill->t);
    out->logical.toffoli_count = magnitude(bill->toffoli);
    out->logical.queries = magnitude(bill->queries);
    out->logical.depth = magnitude(bill->depth);
    out->logical.repetitions = magnitude(bill->repetitions);
    out->loading_cost.toffoli = magnitude(bill->loading_toffoli);
    out->loading_cost.t_count = magnitude(bill->loading_t);
    out->loading_cost.bits = magnitude(bill->loading_bits);
    out->loading_cost.data_bytes = magnitude(bill->data_bytes);
    out->loading_cost.circuit_seconds = magnitude(w->central.load_circuit_s);
    out->loading_cost.bandwidth_seconds = magnitude(w->central.load_bandwidth_s);
    out->classical.seconds = magnitude(bill->classical_s);
    (void)snprintf(out->classical.method, sizeof out->classical.method, "%s", bill->classical_method);
    (void)snprintf(out->loading, sizeof out->loading, "%s", bill->loading);
    out->problem_size = magnitude(qn__case_size(&w->instance.at));
    (void)snprintf(out->size_name, sizeof out->size_name, "%s",
                   w->instance.at.workload->size_name != NULL ? w->instance.at.workload->size_name : "");
    static const char *const bounds[] = {"factory", "reaction", "data-block"};
    const bool slow_lines = bill->loading_bits / w->instance.at.io_bits_s > w->central.paced.seconds;
    (void)snprintf(out->bound, sizeof out->bound, "%s", slow_lines ? "bandwidth" : bounds[w->central.paced.bound]);
    out->toffoli_seconds = (double)w->central.paced.toffoli_s;
}

static void fill_ranges(const work *w, qn_advise_result *out)
{
    const qn__range *range = &w->range;
    out->quantum_seconds.central = magnitude(w->central.quantum_s);
    out->quantum_seconds.p10 = magnitude(range->quantum[0]);
    out->quantum_seconds.p50 = magnitude(range->quantum[1]);
    out->quantum_seconds.p90 = magnitude(range->quantum[2]);
    out->quantum_seconds.sampled = range->sampled;
    out->crossover.defined = w->sized;
    out->crossover.exists = w->sized && range->crossing[1].exists;
    out->crossover.largest = magnitude(w->instance.at.workload->largest);
    out->crossover.crossing_size = magnitude(range->crossing[1].size);
    out->crossover.seconds = magnitude(range->crossing[1].seconds);
    out->crossover.size_p10 = magnitude(range->crossing[0].size);
    out->crossover.size_p90 = magnitude(range->crossing[2].size);
    out->crossover.seconds_p10 = magnitude(range->crossing[0].seconds);
    out->crossover.seconds_p90 = magnitude(range->crossing[2].seconds);
    out->crossover.share = range->share;
    out->crossover.closed_size = out->crossover.closed_seconds = magnitude((qn__count)NAN);
    const qn__bill *bill = &w->central.bill;
    /* A call that loads data grows with the size, which the closed form does not know. */
    if (bill->loading_bits == 0 && bill->classical_calls > 0 && bill->degree > 1 &&
        bill->degree < QN__SUPERPOLYNOMIAL) {
        const qn__count roots = powl(bill->classical_calls, 1 / (qn__count)bill->degree);
        const qn__crossing x =
            qn__crossing_closed(w->central.quantum_s / roots, bill->classical_s / bill->classical_calls, bill->degree);
        out->crossover.closed_size = magnitude(x.size);
        out->crossover.closed_seconds = magnitude(x.seconds);
    }
}

static qn_status fill_eras(const work *w, qn_advise_result *out)
{
    out->neras = w->eras.count;
    memcpy(out->eras, w->eras.fit, sizeof out->eras);
    const int first = out->verdict == QN_VERDICT_NO_ALGORITHM ? -1 : w->eras.first;
    const bool open = first >= 0 && w->opinion.bound;
    (void)snprintf(out->era, sizeof out->era, "%s", open ? "unknown" : first >= 0 ? w->eras.fit[first].name : "none");
    out->probability_by_year = (double)NAN;
    if (w->options->year > 0 && first >= 0 && !open) {
        double slip[3];
        QN_TRY(qn__slip_read(w->instance.at.advice, slip));
        out->probability_by_year = qn__by_year(w->eras.fit[first].first_year, w->options->year, slip);
    }
    return QN_OK;
}

static void hand_over(qn__lines *lines, char ***items, size_t *count)
{
    *items = lines->items;
    *count = lines->count;
    *lines = (qn__lines){0};
}

static qn_status undecided(work *w, qn_advise_result *out)
{
    qn__lines_add(&w->reasons, "Needs %s: %s. Nothing is priced without it.", w->instance.missing,
                  w->instance.missing_help);
    out->verdict = QN_VERDICT_NEEDS_INPUT;
    (void)snprintf(out->needs, sizeof out->needs, "%s", w->instance.missing);
    (void)snprintf(out->loading, sizeof out->loading, "unknown until %s is known", w->instance.missing);
    (void)snprintf(out->era, sizeof out->era, "unknown");
    const qn_magnitude unknown = magnitude((qn__count)NAN);
    qn_magnitude *const all[] = {&out->problem_size,
                                 &out->logical.qubits,
                                 &out->logical.t_count,
                                 &out->logical.toffoli_count,
                                 &out->logical.queries,
                                 &out->logical.depth,
                                 &out->logical.repetitions,
                                 &out->loading_cost.toffoli,
                                 &out->loading_cost.t_count,
                                 &out->loading_cost.bits,
                                 &out->loading_cost.data_bytes,
                                 &out->loading_cost.circuit_seconds,
                                 &out->loading_cost.bandwidth_seconds,
                                 &out->classical.seconds,
                                 &out->quantum_seconds.central,
                                 &out->quantum_seconds.p10,
                                 &out->quantum_seconds.p50,
                                 &out->quantum_seconds.p90,
                                 &out->crossover.crossing_size,
                                 &out->crossover.seconds,
                                 &out->crossover.size_p10,
                                 &out->crossover.size_p90,
                                 &out->crossover.seconds_p10,
                                 &out->crossover.seconds_p90,
                                 &out->crossover.closed_size,
                                 &out->crossover.closed_seconds,
                                 &out->crossover.largest};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        *all[i] = unknown;
    }
    out->toffoli_seconds = out->probability_by_year = out->crossover.share = (double)NAN;
    return w->reasons.status;
}

static qn_status weigh(work *w, qn_advise_result *out)
{
    const qn_advise_options *options = w->options;
    const qn_advice *advice = w->instance.at.advice;
    qn__weigh(&w->instance.at, &w->trace, &w->central);
    QN_CHECK(qn__weighed_finite(&w->central), ERR_RANGE,
             "%s: a count passes 10^4932, the largest number there is here; choose less extreme values",
             w->instance.at.workload->name);
    const qn__bill *bill = &w->central.bill;
    w->sized = isfinite(qn__case_size(&w->instance.at)) && isfinite(bill->classical_s) &&
               w->instance.at.preset == NULL && (bill->degree > 0 || bill->comparable);
    QN_TRY(qn__range_find(&w->instance, options->samples, options->seed, w->sized, &w->range));
    QN_CHECK(isfinite(w->range.quantum[2]), ERR_RANGE,
             "%s: a count passes 10^4932 at the hard end of the uncertain inputs", w->instance.at.workload->name);
    if (!w->sized) {
        w->range.crossing[1] =
            qn__crossing_extrapolated(w->central.quantum_s, bill->classical_s, bill->degree, (qn__count)NAN);
    }
    QN_TRY(qn__eras_find(advice, bill->qubits, bill->toffoli + bill->t, &w->eras));
    w->opinion.reasons = &w->reasons;
    w->instance.at.workload->judge(&w->instance.at, bill, &w->opinion);
    out->verdict = decide(w);
    if (out->verdict == QN_VERDICT_NEEDS_INPUT) {
        (void)snprintf(out->needs, sizeof out->needs, "%s",
                       w->opinion.needs[0] != '\0' ? w->opinion.needs : "classical_s");
    }
    say_comparison(w);
    say_crossover(w, out->verdict);
    say_era(w, out->verdict);
    (void)snprintf(out->asymptotic, sizeof out->asymptotic, "%s",
                   w->opinion.asymptotic != NULL ? w->opinion.asymptotic : "");
    fill_bill(w, out);
    fill_ranges(w, out);
    QN_TRY(fill_eras(w, out));
    if (options->sensitivities) {
        sensitivities(w, out);
    }
    if (options->physical) {
        QN_TRY(
            qn__hardware_find(advice, options->hardware != NULL ? options->hardware : "superconducting", &w->hardware));
        qn__prices prices;
        QN_TRY(qn__price_run(advice, options, w->hardware.platform, &w->instance.at.pace, bill->qubits, bill->toffoli,
                             bill->t, &prices));
        out->price_a = prices.a;
        out->price_b = prices.b;
        out->nstacks = prices.nstacks;
        memcpy(out->stacks, prices.stacks, sizeof out->stacks);
    }
    QN_TRY(w->trace.status);
    QN_TRY(w->reasons.status);
    return curves(w, out);
}

qn_status qn_advise_workload(const qn_advice *advice, const char *workload, const qn_advise_pair *pairs, size_t npairs,
                             const qn_advise_options *options, qn_advise_result *out)
{
    static const qn_advise_options defaults = QN_ADVISE_OPTIONS_INIT;
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    work *w = qn__calloc(1, sizeof *w);
    QN_ALLOC_CHECK(w);
    qn_advise_result result = {.size = (uint32_t)sizeof result};
    w->options = options != NULL ? options : &defaults;
    qn_status status = qn__instance_read(advice, workload, pairs, npairs, w->options, &w->instance);
    if (status == QN_OK) {
        (void)snprintf(result.workload, sizeof result.workload, "%s", w->instance.at.workload->name);
        (void)snprintf(result.classical.baseline, sizeof result.classical.baseline, "%s", w->instance.at.rival.name);
        result.classical.measured = w->instance.at.rival.measured;
        status = w->instance.missing[0] != '\0' ? undecided(w, &result) : weigh(w, &result);
    }
    if (status == QN_OK) {
        hand_over(&w->trace, &result.trace, &result.ntrace);
        hand_over(&w->reasons, &result.reasons, &result.nreasons);
        *out = result;
    } else {
        qn_advise_result_clear(&result);
    }
    qn__lines_clear(&w->trace);
    qn__lines_clear(&w->reasons);
    qn__free(w);
    return status;
}

void qn_advise_result_clear(qn_advise_result *result)
{
    if (result == NULL) {
        return;
    }
    for (size_t i = 0; i < result->nreasons; i++) {
        qn__free(result->reasons[i]);
    }
    for (size_t i = 0; i < result->ntrace; i++) {
        qn__free(result->trace[i]);
    }
    qn__free(result->reasons);
    qn__free(result->trace);
    qn__free(result->curve_size); /* one block for all curves */
    memset(result, 0, sizeof *result);
}

const char *qn_workload_name(size_t index)
{
    const qn__workload *w = qn__workload_at(index);
    return w != NULL ? w->name : NULL;
}

const char *qn_workload_summary(size_t index)
{
    const qn__workload *w = qn__workload_at(index);
    return w != NULL ? w->summary : NULL;
}

bool qn_workload_key_at(size_t workload, size_t index, qn_workload_key *out)
{
    const qn__workload *w = qn__workload_at(workload);
    size_t ncommon = 0;
    const qn__key *common = qn__common_keys(&ncommon);
    if (w == NULL || index >= w->nkeys + ncommon) {
        return false;
    }
    const qn__key *key = index < w->nkeys ? &w->keys[index] : &common[index - w->nkeys];
    const bool unknown = key->fallback != NULL && strcmp(key->fallback, "?") == 0;
    *out = (qn_workload_key){key->name, key->unit, unknown ? "" : key->fallback, key->choices, key->help};
    return true;
}
