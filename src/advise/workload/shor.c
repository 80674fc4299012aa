/* shor.c: factoring, for calibration: the one large gain that nobody disputes, and no AI workload. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum { BITS, PRESET, CLASSICAL, COUNT };

static const qn__key keys[] = {
    [BITS] = {"bits", "", QN__KEY_NUMBER, "2048", NULL, 16, 1e8, false, "bits of the number"},
    [PRESET] = {"preset", "", QN__KEY_PRESET, "?", NULL, 0, 0, false, "a published instance"},
    [CLASSICAL] = {"core_years_829", "years", QN__KEY_NUMBER, "2700", NULL, 0, 1e300, true,
                   "core-years of the largest number factored, 829 bits (RSA-250, 2020)"},
};

/* ln of the number field sieve's cost, L[1/3, (64/9)^(1/3)]. */
static qn__count sieve(qn__count bits)
{
    const qn__count ln_n = bits * logl(2.0L);
    return cbrtl(64.0L / 9) * cbrtl(ln_n) * powl(logl(ln_n), 2.0L / 3);
}

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    const qn__preset *p = c->preset;
    qn__say a, b, d, e;
    const qn__count n = v[BITS], lg = log2l(n);
    qn__no_loading(bill, "the number stands in the circuit");
    bill->repetitions = 1;
    bill->degree = QN__SUPERPOLYNOMIAL;
    if (p != NULL && !c->given[BITS]) {
        bill->qubits = p->qubits;
        bill->queries = 1;
        qn__preset_gates(c, 1, bill);
        qn__lines_add(trace, "%s: %s qubits, %s Toffoli, %s T [%s]", p->name, qn__say_count(&a, p->qubits),
                      qn__say_count(&b, bill->toffoli), qn__say_count(&d, bill->t), p->url);
    } else {
        bill->qubits = roundl(3 * n + 0.002L * n * lg);
        bill->toffoli = 0.3L * n * n * n + 0.0005L * n * n * n * lg;
        bill->depth = 500 * n * n + n * n * lg;
        bill->queries = 1;
        qn__lines_add(trace,
                      "qubits 3n + 0.002 n lg n = %s; Toffoli 0.3 n^3 + 0.0005 n^3 lg n = %s; depth 500 n^2 + n^2 lg n "
                      "= %s [arXiv:1905.09749]",
                      qn__say_count(&a, bill->qubits), qn__say_count(&b, bill->toffoli),
                      qn__say_count(&d, bill->depth));
    }
    if (p != NULL && !c->given[BITS] && isfinite(p->classical_s)) {
        bill->classical_s = p->classical_s;
        if (trace != NULL) {
            (void)snprintf(bill->classical_method, sizeof bill->classical_method, "%s", p->classical_method);
        }
        return;
    }
    /* Core-years measured at 829 bits, scaled by the sieve's cost; a core is a tenth of a teraflop. */
    const qn__count core_seconds = v[CLASSICAL] * 365.25L * 86400 * expl(sieve(n) - sieve(829));
    bill->classical_s = core_seconds * 5e10L / c->rival.fma_f64_s;
    qn__lines_add(trace,
                  "rival: number field sieve, %s core-years at 829 bits x exp(sieve(n) - sieve(829)) = %s here "
                  "[arXiv:2006.06197]",
                  qn__say_count(&d, v[CLASSICAL]), qn__say_seconds(&e, bill->classical_s));
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "number field sieve on %s",
                       c->rival.name);
    }
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)c;
    (void)bill;
    opinion->asymptotic = "superpolynomial over the best classical algorithm known; no lower bound is proven";
    qn__lines_add(
        opinion->reasons,
        "Calibration row: factoring is no AI workload; it shows what a gain looks like when nothing has to be loaded.");
}

const qn__workload qn__workload_shor = {
    "shor", "factor a number (calibration)", "bits", keys, COUNT, BITS, false, 0x1p24L, price, judge, NULL, NULL};
