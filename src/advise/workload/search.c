/* search.c: finding a marked item among N: Grover against looking at every one. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum {
    N,
    LOG2N,
    M,
    ACCESS,
    BITS,
    ORACLE,
    ORACLE_T,
    ORACLE_QUBITS,
    CLASSICAL,
    CLASSICAL_NS,
    DEGREE,
    OPERATION,
    STRUCTURE,
    EXPONENT,
    KNOWN,
    MACHINES,
    COUNT
};
enum { FORMULA, DATA };
enum { BINARY, INT32, FP16 };
enum { NONE, ANNEALING, BRANCH_AND_BOUND };

static const qn__key keys[] = {
    [N] = {"N", "items", QN__KEY_NUMBER, "?", NULL, 2, 1e300, false, "number of items (or give log2N)"},
    [LOG2N] = {"log2N", "bits", QN__KEY_NUMBER, "?", NULL, 1, 990, false, "log2 of the number of items"},
    [M] = {"M", "items", QN__KEY_NUMBER, "1", NULL, 1, 1e300, false, "how many of them are marked"},
    [ACCESS] = {"access", "", QN__KEY_CHOICE, "data", "formula|data", 0, 0, false,
                "the predicate is a formula (taken where its cost is given), or looks into a stored database"},
    [BITS] = {"bits", "", QN__KEY_NUMBER, "64", NULL, 1, 1e6, false, "access=data: bits of a record's key"},
    [ORACLE] = {"oracle_tof", "Toffoli", QN__KEY_NUMBER, "?", NULL, 0, 1e300, false,
                "Toffolis to evaluate the predicate once; undoing it doubles them"},
    [ORACLE_T] = {"oracle_t", "T", QN__KEY_NUMBER, "0", NULL, 0, 1e300, false,
                  "T gates of one whole oracle call, undoing included"},
    [ORACLE_QUBITS] = {"oracle_qubits", "", QN__KEY_NUMBER, "100", NULL, 0, 1e300, false,
                       "qubits of the oracle, the index included"},
    [CLASSICAL] =
        {"classical_s", "s", QN__KEY_SECONDS, "?", NULL, 0, 1e300, true,
         "classical time of one evaluation on the whole baseline, e.g. 3ns (default: operations over its rate)"},
    [CLASSICAL_NS] = {"classical_ns", "ns", QN__KEY_NUMBER, "?", NULL, 0, 1e300, true, "the same in nanoseconds"},
    [DEGREE] = {"degree", "", QN__KEY_NUMBER, "2", NULL, 1, 100, true,
                "degree of the speed-up; Grover proves 2, more is your assumption"},
    [OPERATION] =
        {"op", "", QN__KEY_CHOICE, "binary", "binary|int32|fp16", 0, 0, false,
         "what a classical evaluation is made of: one for each Toffoli, each 1,000 or each 200 (arXiv:2307.00523)"},
    [STRUCTURE] = {"structure", "", QN__KEY_CHOICE, "none", "none|sa|bnb", 0, 0, false,
                   "what a classical solver can exploit: nothing, annealing, branch and bound"},
    [EXPONENT] = {"classical_exponent", "", QN__KEY_NUMBER, "1", NULL, 0, 1, true, "the rival tries (N/M)^x items"},
    [KNOWN] = {"unknown_factor", "", QN__KEY_NUMBER, "@grover_unknown", NULL, 0, 100, true, "cost of not knowing M"},
    [MACHINES] = {"machines", "", QN__KEY_NUMBER, "1", NULL, 1, 1e9, false,
                  "quantum computers side by side; time falls by the square root"},
};

static const qn__key *settle(qn__case *c)
{
    if (!isfinite(c->value[N]) && isfinite(c->value[LOG2N])) {
        c->value[N] = exp2l(c->value[LOG2N]);
    }
    if (!isfinite(c->value[CLASSICAL]) && isfinite(c->value[CLASSICAL_NS])) {
        c->value[CLASSICAL] = c->value[CLASSICAL_NS] * 1e-9L;
    }
    /* who tells what the predicate costs computes it */
    if (!c->given[ACCESS] && (c->given[ORACLE] || c->given[ORACLE_T] || c->given[OPERATION] || c->given[STRUCTURE] ||
                              isfinite(c->value[CLASSICAL]))) {
        c->value[ACCESS] = FORMULA;
    }
    return isfinite(c->value[N]) ? NULL : &keys[N];
}

static qn_status check(const qn__case *c)
{
    qn__say a, b;
    QN_CHECK(!c->given[N] || !c->given[LOG2N], ERR_ARGUMENT, "N and log2N both say how many items there are; give one");
    QN_CHECK(!(c->value[M] > c->value[N]), ERR_RANGE, "M=%s is impossible: there are %s items",
             qn__say_count(&a, c->value[M]), qn__say_count(&b, c->value[N]));
    return QN_OK;
}

static qn__count items(const qn__case *c)
{
    return c->value[N];
}

/* Toffolis of an N-bit multiplication, which is what one operation of this kind costs on the quantum side. */
static qn__count toffolis_of_operation(const qn__case *c)
{
    const int op = (int)c->value[OPERATION];
    return op == FP16 ? 200 : op == INT32 ? 2048 : 1;
}

static qn__count operations_s(const qn__case *c)
{
    const int op = (int)c->value[OPERATION];
    return op == FP16 ? c->rival.gemm_bf16_s : op == INT32 ? c->rival.int32_ops_s : c->rival.binary_ops_s;
}

static qn__count evaluation_s(const qn__case *c)
{
    const qn__count *v = c->value;
    if (isfinite(v[CLASSICAL])) {
        return v[CLASSICAL];
    }
    const qn__count toffoli = isfinite(v[ORACLE]) ? v[ORACLE] : v[ORACLE_T] / 8;
    return fmaxl(toffoli / toffolis_of_operation(c), 1) / operations_s(c);
}

static void price_rival(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    const qn__count tries = powl(items(c) / fminl(v[M], items(c)), v[EXPONENT]);
    qn__say a, b, d;
    bill->classical_calls = tries;
    if ((int)v[ACCESS] == DATA && !isfinite(v[CLASSICAL])) {
        const qn__count bytes = tries * v[BITS] / 8;
        bill->classical_s = bytes / c->rival.scan_bytes_s;
        if (trace != NULL) {
            (void)snprintf(bill->classical_method, sizeof bill->classical_method, "scan of the unsorted table on %s",
                           c->rival.name);
        }
        qn__lines_add(trace, "rival: scan of %s bytes = %s; with an index built once a lookup is one hash probe, %s",
                      qn__say_count(&a, bytes), qn__say_seconds(&b, bill->classical_s),
                      qn__say_seconds(&d, c->rival.hash_probe_s));
        return;
    }
    bill->classical_s = tries * evaluation_s(c);
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "trying every item on %s", c->rival.name);
    }
    qn__lines_add(trace, "rival: (N/M)^x = %s evaluations x %s = %s", qn__say_count(&a, tries),
                  qn__say_seconds(&b, evaluation_s(c)), qn__say_seconds(&d, bill->classical_s));
}

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    const qn__count n = items(c), m = fminl(v[M], n), index = qn__bits_of(n);
    qn__say a, b, d, e, f;
    const qn__count rounds = fmaxl(floorl(acosl(-1.0L) / 4 * powl(n / m, 1 / v[DEGREE])), 1);
    const qn__count calls = fmaxl(ceill(rounds * v[KNOWN] / sqrtl(v[MACHINES])), 1);
    const qn__count diffusion = 2 * fmaxl(index - 2, 0);
    qn__lines_add(trace, "k = floor(pi/4 sqrt(N/M)) = %s rounds (lg = %.2f) [arXiv:quant-ph/9605034]",
                  qn__say_count(&a, rounds), (double)log2l(rounds));
    qn__count oracle = 2 * qn__estimated(c, isfinite(v[ORACLE])                         ? v[ORACLE]
                                            : isfinite(v[CLASSICAL]) || v[ORACLE_T] > 0 ? 0
                                                                                        : 1);
    bill->qubits = v[ORACLE_QUBITS] < index ? v[ORACLE_QUBITS] + index : v[ORACLE_QUBITS];
    if ((int)v[ACCESS] == DATA) {
        const qn__lookup table = qn__qroam_clean(n, v[BITS], 0), undo = qn__qroam_unload(n, 0);
        const qn__count lookup = table.toffoli + undo.toffoli;
        bill->loading_toffoli = calls * lookup;
        bill->loading_bits = calls * n * v[BITS];
        bill->data_bytes = n * v[BITS] / 8;
        bill->qubits += table.qubits;
        oracle = lookup + 2 * v[BITS];
        qn__lines_add(
            trace,
            "a lookup among %s rows x %s bits = %s Toffoli with its undoing, %s qubits [arXiv:1812.00954, 1902.02134]",
            qn__say_count(&a, n), qn__say_count(&b, v[BITS]), qn__say_count(&d, lookup),
            qn__say_count(&e, table.qubits));
        if (trace != NULL) {
            (void)snprintf(bill->loading, sizeof bill->loading,
                           "%s Toffoli a lookup at each of %s rounds; as bits over the control lines %s bits, against "
                           "%s bits read once by a scan",
                           qn__say_count(&a, lookup), qn__say_count(&b, calls), qn__say_count(&d, bill->loading_bits),
                           qn__say_count(&e, n * v[BITS]));
        }
    } else {
        qn__no_loading(bill, "the predicate is a formula");
    }
    bill->queries = calls;
    bill->toffoli = calls * (oracle + diffusion);
    bill->t = calls * v[ORACLE_T];
    bill->depth = bill->toffoli + bill->t;
    bill->repetitions = 1;
    bill->degree = (double)v[DEGREE];
    qn__lines_add(trace, "total = rounds x (oracle %s + diffusion 2(n-2) = %s Toffoli, %s T) = %s Toffoli, %s T",
                  qn__say_count(&a, oracle), qn__say_count(&b, diffusion), qn__say_count(&d, v[ORACLE_T]),
                  qn__say_count(&e, bill->toffoli), qn__say_count(&f, bill->t));
    price_rival(c, bill, trace);
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)bill;
    opinion->asymptotic =
        "quadratic in calls of the predicate, proven and optimal; linear work per call when it reads stored data";
    if ((int)c->value[ACCESS] == FORMULA && !isfinite(c->value[ORACLE]) && !(c->value[ORACLE_T] > 0)) {
        (void)snprintf(opinion->needs, sizeof opinion->needs, "oracle_tof");
        opinion->bound = true;
        opinion->needs_help = keys[ORACLE].help;
    }
    if (c->value[DEGREE] > 2) {
        opinion->verdict = QN_VERDICT_HEURISTIC;
        qn__lines_add(opinion->reasons,
                      "Grover's quadratic speed-up is optimal for plain search; a higher degree is your "
                      "assumption (arXiv:quant-ph/9701001).");
    }
    if ((int)c->value[STRUCTURE] != NONE) {
        qn__lines_add(
            opinion->reasons,
            "Annealing and branch and bound exploit structure: the rival of plain search is slower than the real one.");
    }
}

const qn__workload qn__workload_search = {
    "search", "find a marked item (Grover)", "items", keys, COUNT, N, false, 0x1p80L, price, judge, settle, check};
