/* rules.c: the table of rules. */
#include "advise/rules.h"

#include <math.h>

typedef struct rule {
    qn_verdict verdict;
    bool (*applies)(const qn__evidence *);
    void (*say)(const qn__evidence *, qn__lines *);
    bool compares; /* what it says quotes the rival's time, or what follows from it */
} rule;

static bool is_io(const qn__evidence *e)
{
    return isfinite(e->classical_s) && (e->loads || e->readout_s > 0) &&
           (e->loads ? e->load_s : 0) + e->readout_s >= e->classical_s;
}

static void say_io(const qn__evidence *e, qn__lines *reasons)
{
    qn__say a, b;
    if (e->loads) {
        qn__lines_add(reasons,
                      "Loading the data takes the quantum run %s alone; the rival is done with everything after %s.",
                      qn__say_seconds(&a, e->load_s), qn__say_seconds(&b, e->classical_s));
    } else {
        qn__lines_add(reasons,
                      "Reading the answer out takes %s at the least; the rival is done with everything after %s.",
                      qn__say_seconds(&a, e->readout_s), qn__say_seconds(&b, e->classical_s));
    }
}

static bool polynomial(const qn__evidence *e)
{
    return e->degree > 0 && e->degree < QN__SUPERPOLYNOMIAL;
}

static bool is_degree(const qn__evidence *e)
{
    return polynomial(e) && isfinite(e->classical_s) && (!e->crossing.exists || e->crossing.seconds > e->deadline_s);
}

static void say_degree(const qn__evidence *e, qn__lines *reasons)
{
    qn__say a, b, d;
    if (e->crossing.exists && !isfinite(e->crossing.size)) {
        qn__lines_add(reasons,
                      "The proven speed-up is of degree %s: on larger instances both sides take equally long after %s; "
                      "the deadline is %s.",
                      qn__say_count(&(qn__say){{0}}, (qn__count)e->degree), qn__say_seconds(&b, e->crossing.seconds),
                      qn__say_seconds(&d, e->deadline_s));
    } else if (e->crossing.exists) {
        qn__lines_add(reasons,
                      "The proven speed-up is of degree %s: both sides take equally long at size %s, after %s; the "
                      "deadline is %s.",
                      qn__say_count(&(qn__say){{0}}, (qn__count)e->degree), qn__say_count(&a, e->crossing.size),
                      qn__say_seconds(&b, e->crossing.seconds), qn__say_seconds(&d, e->deadline_s));
    } else {
        qn__lines_add(
            reasons,
            "The proven speed-up is of degree %s, and the times do not cross below the largest size looked at.",
            qn__say_count(&(qn__say){{0}}, (qn__count)e->degree));
    }
}

static bool is_slower(const qn__evidence *e)
{
    return isfinite(e->classical_s) && e->quantum_s >= e->classical_s;
}

static void say_slower(const qn__evidence *e, qn__lines *reasons)
{
    qn__say a, b;
    qn__lines_add(reasons, "At this size the rival takes %s and the quantum run %s.",
                  qn__say_seconds(&a, e->classical_s), qn__say_seconds(&b, e->quantum_s));
}

static bool out_of_reach(const qn__evidence *e)
{
    return e->eras->first < 0 || e->quantum_s > e->deadline_s ||
           (e->year > 0 && e->eras->fit[e->eras->first].first_year > (double)e->year);
}

static void say_out_of_reach(const qn__evidence *e, qn__lines *reasons)
{
    qn__say a, b;
    if (e->eras->first < 0) {
        qn__lines_add(reasons, "No listed era holds the run, 2040+ included (its central capacity is a scenario).");
    } else if (e->quantum_s > e->deadline_s) {
        qn__lines_add(reasons, "The run takes %s; the deadline is %s.", qn__say_seconds(&a, e->quantum_s),
                      qn__say_seconds(&b, e->deadline_s));
    } else {
        qn__lines_add(reasons, "The first era that holds the run is %s, after %d.", e->eras->fit[e->eras->first].name,
                      e->year);
    }
}

static bool is_unproven(const qn__evidence *e)
{
    return e->unproven;
}

static void say_unproven(const qn__evidence *e, qn__lines *reasons)
{
    (void)e;
    qn__lines_add(reasons, "Nothing is proven of its gain: a measurement against the best classical method decides.");
}

static bool is_open(const qn__evidence *e)
{
    return e->needs != NULL || !isfinite(e->classical_s) || !(e->degree > 0);
}

static void say_open(const qn__evidence *e, qn__lines *reasons)
{
    if (e->needs != NULL) {
        qn__lines_add(reasons, "Undecided until %s is known: %s.", e->needs, e->needs_help);
    } else if (!isfinite(e->classical_s)) {
        qn__lines_add(reasons, "Undecided until the time of the best classical method on this input is known.");
    } else {
        qn__lines_add(reasons, "Undecided: no degree of a speed-up is proven.");
    }
}

static bool always(const qn__evidence *e)
{
    (void)e;
    return true;
}

static void say_possible(const qn__evidence *e, qn__lines *reasons)
{
    qn__say a, b, d;
    qn__lines_add(reasons, "The run takes %s against %s, and %s holds it by logical counts.",
                  qn__say_seconds(&a, e->quantum_s), qn__say_seconds(&b, e->classical_s),
                  e->eras->fit[e->eras->first].name);
    if (e->crossing.exists) {
        qn__lines_add(reasons, "Both sides take equally long at size %s, after %s.",
                      qn__say_count(&a, e->crossing.size), qn__say_seconds(&d, e->crossing.seconds));
    }
}

static const rule rules[] = {
    {QN_VERDICT_NO_IO, is_io, say_io, true},
    {QN_VERDICT_NO_DEGREE, is_degree, say_degree, true},
    {QN_VERDICT_NO_CLASSICAL, is_slower, say_slower, true},
    {QN_VERDICT_NO_ERA, out_of_reach, say_out_of_reach, false},
    {QN_VERDICT_HEURISTIC, is_unproven, say_unproven, false},
    {QN_VERDICT_NEEDS_INPUT, is_open, say_open, false},
    {QN_VERDICT_POSSIBLE, always, say_possible, true},
};

qn_verdict qn__rules_apply(const qn__evidence *evidence, qn__lines *reasons)
{
    if (evidence->structural != QN_VERDICT_UNKNOWN) {
        return evidence->structural;
    }
    size_t i = 0;
    while (!rules[i].applies(evidence)) {
        i++;
    }
    rules[i].say(evidence, reasons);
    reasons->compares = rules[i].compares;
    return rules[i].verdict;
}
