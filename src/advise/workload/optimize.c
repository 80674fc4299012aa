/* optimize.c: combinatorial optimisation: amplitude amplification over all assignments, or QAOA, against annealing. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum {
    N,
    TERMS,
    METHOD,
    OBJECTIVE,
    OBJECTIVE_FLOP,
    BITS,
    ORACLE,
    CLASSICAL,
    CLASSICAL_EXPONENT,
    QUANTUM_EXPONENT,
    LAYERS,
    SHOTS,
    ITERATIONS,
    SYNTHESIS,
    TOFFOLI_FLOP,
    COUNT
};
enum { GROVER, QAOA };
enum { TERMS_SUM, TRAINING };

static const qn__key keys[] = {
    [N] = {"n", "variables", QN__KEY_NUMBER, NULL, NULL, 2, 3000, false, "binary variables"},
    [TERMS] = {"terms", "", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false, "terms of the objective (default: n(n-1)/2)"},
    [METHOD] = {"method", "", QN__KEY_CHOICE, "grover", "grover|qaoa", 0, 0, false,
                "amplitude amplification (proven) or QAOA (heuristic)"},
    [OBJECTIVE] = {"objective", "", QN__KEY_CHOICE, "terms", "terms|training", 0, 0, false,
                   "a sum of terms, or a training run as in hyperparameter and architecture search"},
    [OBJECTIVE_FLOP] = {"objective_flop", "flop", QN__KEY_NUMBER, "1e15", NULL, 1, 1e300, false,
                        "objective=training: operations of one evaluation"},
    [BITS] = {"bits", "", QN__KEY_NUMBER, "16", NULL, 1, 1e4, false, "bits of the objective's value"},
    [ORACLE] = {"oracle_tof", "Toffoli", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false,
                "Toffolis of one evaluation (default: terms x bits, or 200 a flop)"},
    [CLASSICAL] = {"classical_s", "s", QN__KEY_SECONDS, "?", NULL, 0, 1e300, true,
                   "time of one classical evaluation or update, e.g. 7ns (default: terms/n additions)"},
    [CLASSICAL_EXPONENT] = {"classical_exponent", "", QN__KEY_NUMBER, "1", NULL, 0, 1, true,
                            "the rival takes 2^(x n) evaluations; 1: tries everything. Fit it to your solver"},
    [QUANTUM_EXPONENT] = {"quantum_exponent", "", QN__KEY_NUMBER, "?", NULL, 0, 1, false,
                          "qaoa: 2^(x n) runs until success, fitted by you; nothing is proven"},
    [LAYERS] = {"layers", "", QN__KEY_NUMBER, "10", NULL, 1, 1e9, false, "qaoa: layers"},
    [SHOTS] = {"shots", "", QN__KEY_NUMBER, "1e4", NULL, 1, 1e300, false, "qaoa: shots for one value of the objective"},
    [ITERATIONS] = {"iterations", "", QN__KEY_NUMBER, "100", NULL, 1, 1e300, false,
                    "qaoa: values the optimiser asks for"},
    [SYNTHESIS] = {"synthesis_eps", "", QN__KEY_NUMBER, "1e-10", NULL, 0, 0.999, true, "qaoa: error of a rotation"},
    [TOFFOLI_FLOP] = {"toffoli_per_flop", "Toffoli", QN__KEY_NUMBER, "200", NULL, 1, 1e300, false,
                      "of a 16-bit multiplication, 2 x 10^2 (arXiv:2307.00523)"},
};

static qn__count terms_of(const qn__case *c)
{
    const qn__count n = c->value[N];
    return isfinite(c->value[TERMS]) ? c->value[TERMS] : fmaxl(n * (n - 1) / 2, 1);
}

static qn__count evaluation_s(const qn__case *c)
{
    const qn__count *v = c->value;
    if (isfinite(v[CLASSICAL])) {
        return v[CLASSICAL];
    }
    if ((int)v[OBJECTIVE] == TRAINING) {
        return v[OBJECTIVE_FLOP] / c->rival.gemm_bf16_s;
    }
    return fmaxl(terms_of(c) / v[N], 1) / c->rival.int32_ops_s;
}

static void price_grover(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d, e;
    const qn__count estimate = isfinite(v[ORACLE])             ? v[ORACLE]
                               : (int)v[OBJECTIVE] == TRAINING ? v[OBJECTIVE_FLOP] * v[TOFFOLI_FLOP]
                                                               : terms_of(c) * v[BITS];
    const qn__count oracle = 2 * qn__estimated(c, estimate);
    const qn__count calls = fmaxl(floorl(acosl(-1.0L) / 4 * exp2l(v[N] * v[CLASSICAL_EXPONENT] / 2)), 1);
    bill->queries = calls;
    bill->toffoli = calls * (oracle + 2 * fmaxl(v[N] - 2, 0));
    bill->depth = bill->toffoli;
    bill->qubits = (int)v[OBJECTIVE] == TRAINING ? v[N] + estimate : v[N] + 2 * v[BITS] + 1;
    bill->repetitions = 1;
    bill->degree = 2;
    qn__lines_add(trace,
                  "calls = pi/4 sqrt(2^(x n)) = %s, x = %s [arXiv:quant-ph/9605034; amplification of a classical "
                  "heuristic, arXiv:2007.07391]",
                  qn__say_count(&a, calls), qn__say_count(&b, v[CLASSICAL_EXPONENT]));
    qn__lines_add(trace, "one call = 2 x %s + 2(n-2) Toffoli%s; total %s Toffoli", qn__say_count(&a, oracle / 2),
                  (int)v[OBJECTIVE] == TRAINING ? ", a whole training run made reversible, its memory included"
                                                : ", objective summed term by term",
                  qn__say_count(&e, bill->toffoli));
    (void)d;
}

static void price_qaoa(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d;
    const qn__count rotations = v[LAYERS] * (terms_of(c) + v[N]);
    const qn__count each = ceill(0.53L * log2l(1 / v[SYNTHESIS]) + 4.86L);
    const qn__count exponent = isfinite(v[QUANTUM_EXPONENT]) ? v[QUANTUM_EXPONENT] : 0;
    bill->t = rotations * each;
    bill->depth = v[LAYERS] * (ceill(terms_of(c) / fmaxl(floorl(v[N] / 2), 1)) + 1) * each;
    bill->qubits = v[N];
    bill->queries = v[LAYERS];
    bill->repetitions = v[SHOTS] * v[ITERATIONS] * exp2l(v[N] * exponent);
    bill->degree = 0;
    bill->comparable = isfinite(v[QUANTUM_EXPONENT]);
    qn__lines_add(trace, "%s rotations x (0.53 lg(1/eps) + 4.86) = %s T [arXiv:1411.4028, 2211.07629]",
                  qn__say_count(&a, rotations), qn__say_count(&b, bill->t));
    qn__lines_add(trace, "runs = shots x iterations x 2^(x n) = %s%s", qn__say_count(&d, bill->repetitions),
                  isfinite(v[QUANTUM_EXPONENT]) ? ", x from you"
                                                : "; x unknown and taken as 0, which favours the quantum side");
}

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d;
    if ((int)v[METHOD] == QAOA) {
        price_qaoa(c, bill, trace);
    } else {
        price_grover(c, bill, trace);
    }
    qn__no_loading(bill, "the objective is a formula whose coefficients stand in the circuit");
    const qn__count tries = exp2l(v[N] * v[CLASSICAL_EXPONENT]);
    bill->classical_calls = tries;
    bill->classical_s = tries * evaluation_s(c);
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "%s on %s",
                       v[CLASSICAL_EXPONENT] < 1 ? "the classical heuristic of your exponent"
                                                 : "trying everything (annealing is better)",
                       c->rival.name);
    }
    qn__lines_add(trace, "rival: 2^(x n) = %s evaluations x %s = %s", qn__say_count(&a, tries),
                  qn__say_seconds(&b, evaluation_s(c)), qn__say_seconds(&d, bill->classical_s));
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)bill;
    opinion->asymptotic = "quadratic over the same classical search (amplitude amplification); none proven for QAOA";
    if ((int)c->value[METHOD] == QAOA) {
        opinion->verdict = QN_VERDICT_HEURISTIC;
        qn__lines_add(opinion->reasons, "QAOA has no proven speed-up on any optimisation problem; annealing and branch "
                                        "and bound are the ones to beat (arXiv:1411.4028, 2007.07391).");
    }
    if ((int)c->value[OBJECTIVE] == TRAINING) {
        qn__lines_add(opinion->reasons, "The objective is a training run: as a reversible circuit it has hundreds of "
                                        "Toffolis for every flop, and that circuit is called at every step.");
    }
}

const qn__workload qn__workload_optimize = {"optimize",  "minimise over n bits (amplitude amplification, QAOA)",
                                            "variables", keys,
                                            COUNT,       N,
                                            false,       3000,
                                            price,       judge,
                                            NULL,        NULL};
