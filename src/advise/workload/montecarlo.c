/* montecarlo.c: the mean of a random quantity: amplitude estimation against sampling, plain and quasi-random. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum { EPS, SIGMA, PATH, T_DEPTH, PATH_QUBITS, STEPS, PATHS_S, QMC, CONFIDENCE, PRESET, CONSTANT, COUNT };

static const qn__key keys[] = {
    [EPS] = {"eps", "", QN__KEY_NUMBER, "1e-3", NULL, 0, 1e300, true,
             "standard error of the mean, in units of the quantity"},
    [SIGMA] = {"sigma", "", QN__KEY_NUMBER, "1", NULL, 0, 1e300, true, "standard deviation of one sample"},
    [PATH] = {"path_tof", "Toffoli", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false,
              "Toffolis of one step of one path as a reversible circuit"},
    [T_DEPTH] = {"T_depth", "T", QN__KEY_NUMBER, "?", NULL, 0, 1e300, false,
                 "T gates one after the other in one whole path, instead of path_tof or beside it"},
    [PATH_QUBITS] = {"qubits", "", QN__KEY_NUMBER, "1000", NULL, 1, 1e300, false, "qubits of that circuit"},
    [STEPS] = {"steps", "", QN__KEY_NUMBER, "1", NULL, 1, 1e300, false, "time steps of a path"},
    [PATHS_S] = {"paths_per_s", "1/s", QN__KEY_NUMBER, "?", NULL, 0, 1e300, true,
                 "classical one-step paths a second (default: the baseline's)"},
    [QMC] = {"qmc", "", QN__KEY_CHOICE, "0", "0|1", 0, 0, false,
             "1: quasi-Monte Carlo works on this integrand and is the rival"},
    [CONFIDENCE] = {"z", "", QN__KEY_NUMBER, "1", NULL, 0, 100, true, "standard errors in the error asked for"},
    [PRESET] = {"preset", "", QN__KEY_PRESET, "?", NULL, 0, 0, false, "a published instance"},
    [CONSTANT] = {"c_ae", "", QN__KEY_NUMBER, "@amplitude_estimation", NULL, 0, 1e300, true,
                  "applications of the iterate per 1/eps"},
};

static void price_preset(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__preset *p = c->preset;
    qn__say a, b, d;
    bill->qubits = p->qubits;
    bill->queries = 1;
    qn__preset_gates(c, 1, bill);
    bill->classical_s = p->classical_s;
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "%s (time of the paper)",
                       p->classical_method);
    }
    qn__lines_add(trace, "%s: %s qubits, %s T, T depth %s [%s]", p->name, qn__say_count(&a, bill->qubits),
                  qn__say_count(&b, bill->t), qn__say_count(&d, bill->depth), p->url);
}

static void price_rival(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d, e;
    const qn__count paths_s = (isfinite(v[PATHS_S]) ? v[PATHS_S] : c->rival.monte_carlo_paths_s) / v[STEPS];
    const qn__count relative = v[EPS] / (v[SIGMA] * v[CONFIDENCE]);
    const qn__count plain = fmaxl(ceill(1 / (relative * relative)), 1);
    const qn__count quasi = fmaxl(ceill(fmaxl(logl(1 / relative), 1) / relative), 1);
    const bool quasi_random = (int)v[QMC] == 1 && quasi < plain;
    bill->classical_calls = quasi_random ? quasi : plain;
    bill->classical_s = bill->classical_calls / paths_s;
    qn__lines_add(trace, "rivals: (z sigma/eps)^2 = %s paths, %s; quasi-Monte Carlo about ln(1/e)/e = %s points, %s",
                  qn__say_count(&a, plain), qn__say_seconds(&b, plain / paths_s), qn__say_count(&d, quasi),
                  qn__say_seconds(&e, quasi / paths_s));
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "%s on %s",
                       quasi_random ? "quasi-Monte Carlo" : "Monte Carlo", c->rival.name);
    }
}

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d;
    bill->repetitions = 1;
    qn__no_loading(bill, "the distribution is a formula; data for its calibration is not counted");
    bill->degree = (int)v[QMC] == 1 ? 1 : 2;
    if (c->preset != NULL) {
        price_preset(c, bill, trace);
        return;
    }
    const qn__count relative = fminl(v[EPS] / (v[SIGMA] * v[CONFIDENCE]), 1);
    const qn__count rounds = fmaxl(ceill(v[CONSTANT] / relative), 1);
    const bool layers = isfinite(v[T_DEPTH]);
    const qn__count step = qn__estimated(c, isfinite(v[PATH]) ? v[PATH] : layers ? 0 : 1);
    bill->queries = 2 * rounds + 1;
    bill->toffoli = bill->queries * step * v[STEPS] + rounds * 2 * v[PATH_QUBITS];
    bill->t = layers ? bill->queries * qn__estimated(c, v[T_DEPTH]) : 0;
    bill->depth = bill->toffoli + bill->t;
    bill->qubits = v[PATH_QUBITS] + 1;
    qn__lines_add(trace,
                  "rounds = c / (eps/(z sigma)) = %s x 1/%s = %s; 2 path circuits a round [arXiv:quant-ph/0005055]",
                  qn__say_count(&a, v[CONSTANT]), qn__say_count(&b, relative), qn__say_count(&d, rounds));
    qn__lines_add(trace, "total = (2 rounds + 1) x steps x %s + reflections = %s Toffoli, %s T%s",
                  qn__say_count(&a, step), qn__say_count(&b, bill->toffoli), qn__say_count(&d, bill->t),
                  isfinite(v[PATH]) || layers ? "" : " (path_tof unknown: 1 taken, the least there is)");
    price_rival(c, bill, trace);
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)bill;
    opinion->asymptotic =
        "quadratic in 1/eps over plain Monte Carlo; nearly none over quasi-Monte Carlo where that works";
    if (c->preset != NULL) {
        if (c->preset->note[0] != '\0') {
            qn__lines_add(opinion->reasons, "Published: %s (%s).", c->preset->note, c->preset->url);
        }
        return;
    }
    if (!isfinite(c->value[PATH]) && !isfinite(c->value[T_DEPTH])) {
        (void)snprintf(opinion->needs, sizeof opinion->needs, "path_tof");
        opinion->bound = true;
        opinion->needs_help = keys[PATH].help;
    }
    if ((int)c->value[QMC] == 1) {
        qn__lines_add(opinion->reasons, "Quasi-Monte Carlo already has an error near 1/points, so amplitude estimation "
                                        "gains next to nothing in degree.");
    }
}

const qn__workload qn__workload_montecarlo = {"montecarlo",
                                              "mean of a random quantity (amplitude estimation)",
                                              "units of 1/eps",
                                              keys,
                                              COUNT,
                                              EPS,
                                              true,
                                              0x1p80L,
                                              price,
                                              judge,
                                              NULL,
                                              NULL};
