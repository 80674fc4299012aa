/* chemistry.c: a ground-state energy by phase estimation of a qubitised walk. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum { PRESET, LAMBDA, STEP, QUBITS, ENERGY_ERROR, OVERLAP, CLASSICAL, METHOD, COEFFICIENTS, COUNT };
enum { PHASE_ESTIMATION, VQE };

static const qn__key keys[] = {
    [PRESET] = {"preset", "", QN__KEY_PRESET, "?", NULL, 0, 0, false, "a published instance: femoco, femoco_2025, ..."},
    [LAMBDA] = {"lambda", "Hartree", QN__KEY_NUMBER, "?", NULL, 0, 1e300, true,
                "one-norm of the Hamiltonian as block-encoded"},
    [STEP] = {"W", "Toffoli", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false, "Toffolis of one step of the walk"},
    [QUBITS] = {"qubits", "", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false, "logical qubits"},
    [ENERGY_ERROR] = {"eps", "Hartree", QN__KEY_NUMBER, "1.6e-3", NULL, 0, 1e3, true, "error of the energy"},
    [OVERLAP] = {"overlap", "", QN__KEY_NUMBER, "?", NULL, 0, 1, true,
                 "overlap |<start|ground>| of the state prepared; runs grow by 1/overlap^2"},
    [CLASSICAL] = {"classical_s", "s", QN__KEY_SECONDS, "?", NULL, 0, 1e300, true,
                   "time of the best classical method at this accuracy on this molecule"},
    [METHOD] = {"method", "", QN__KEY_CHOICE, "qpe", "qpe|vqe", 0, 0, false,
                "phase estimation, or a variational circuit measured by shots"},
    [COEFFICIENTS] = {"one_norm", "Hartree", QN__KEY_NUMBER, "?", NULL, 0, 1e300, true,
                      "vqe: sum of |coefficients| of the Pauli sum (default: lambda)"},
};

static void price_vqe(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b;
    const qn__count norm = isfinite(v[COEFFICIENTS])                          ? v[COEFFICIENTS]
                           : isfinite(v[LAMBDA])                              ? v[LAMBDA]
                           : c->preset != NULL && isfinite(c->preset->lambda) ? c->preset->lambda
                                                                              : 1;
    bill->qubits = isfinite(v[QUBITS]) ? v[QUBITS] : c->preset != NULL ? c->preset->qubits : 1;
    bill->repetitions = fmaxl(ceill(norm * norm / (v[ENERGY_ERROR] * v[ENERGY_ERROR])), 1);
    bill->depth = bill->qubits; /* one layer of every pair, at the least */
    bill->t = 0;
    bill->queries = 1;
    qn__lines_add(trace, "shots of one energy = (sum |h| / eps)^2 = %s [arXiv:2012.04001]",
                  qn__say_count(&a, bill->repetitions));
    qn__lines_add(trace,
                  "a shot takes at least one layer of pairs, %s deep; an optimiser asks for hundreds of energies",
                  qn__say_count(&b, bill->depth));
}

static void price_phase_estimation(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    const qn__preset *p = c->preset;
    qn__say a, b, d, e;
    const qn__count lambda = isfinite(v[LAMBDA]) ? v[LAMBDA] : p != NULL ? p->lambda : 1;
    const bool whole =
        p != NULL && isfinite(p->toffoli) && !c->given[LAMBDA] && !c->given[STEP] && !c->given[ENERGY_ERROR];
    bill->qubits = isfinite(v[QUBITS]) ? v[QUBITS] : p != NULL ? p->qubits : 1;
    if (whole) {
        bill->toffoli = qn__estimated(c, p->toffoli);
        bill->queries = isfinite(p->lambda) ? ceill(acosl(-1.0L) * p->lambda / (2 * 1e-3L)) : 0;
        qn__lines_add(trace, "%s: %s logical qubits, %s Toffoli [%s]", p->name, qn__say_count(&a, bill->qubits),
                      qn__say_count(&b, p->toffoli), p->url);
        if (bill->queries > 0) {
            qn__lines_add(trace,
                          "check: pi lambda/(2 dE) = %s steps at 1 mHa, lambda = %s Ha, so about %s Toffoli a step "
                          "[arXiv:2011.03494]",
                          qn__say_count(&a, bill->queries), qn__say_count(&b, p->lambda),
                          qn__say_count(&d, p->toffoli / bill->queries));
        } else {
            bill->queries = 1;
        }
    } else {
        /* A preset without its own step: its whole count over its steps at 1 mHa. */
        qn__count step = v[STEP];
        if (!isfinite(step) && p != NULL && isfinite(p->toffoli) && isfinite(p->lambda)) {
            step = p->toffoli / ceill(acosl(-1.0L) * p->lambda / (2 * 1e-3L));
        }
        step = isfinite(step) ? step : 1;
        bill->queries = fmaxl(ceill(acosl(-1.0L) * (isfinite(lambda) ? lambda : 1) / (2 * v[ENERGY_ERROR])), 1);
        bill->toffoli = bill->queries * qn__estimated(c, step);
        qn__lines_add(trace, "steps = ceil(pi lambda/(2 dE)) = %s, W = %s Toffoli a step: %s [arXiv:2011.03494]",
                      qn__say_count(&a, bill->queries), qn__say_count(&b, step), qn__say_count(&e, bill->toffoli));
    }
    bill->depth = bill->toffoli;
    bill->repetitions = isfinite(v[OVERLAP]) ? ceill(1 / (v[OVERLAP] * v[OVERLAP])) : 1;
    qn__lines_add(trace, "runs = 1/overlap^2 = %s%s", qn__say_count(&d, bill->repetitions),
                  isfinite(v[OVERLAP]) ? "" : " (overlap unknown: 1 taken, the best there is)");
}

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__preset *p = c->preset;
    qn__no_loading(bill, "the integrals stand in the walk's circuit; its lookups are counted in W");
    if ((int)c->value[METHOD] == VQE) {
        price_vqe(c, bill, trace);
    } else {
        price_phase_estimation(c, bill, trace);
    }
    bill->degree = (int)c->value[METHOD] == VQE ? 0 : QN__SUPERPOLYNOMIAL;
    bill->classical_s = c->value[CLASSICAL];
    if (trace != NULL) {
        (void)snprintf(
            bill->classical_method, sizeof bill->classical_method, "%s",
            isfinite(bill->classical_s) ? "the best classical method, time from you"
            : p != NULL && p->disputed
                ? "coupled cluster and DMRG extrapolation (arXiv:2601.04621); no time on one machine is published"
                : "unknown");
        qn__lines_add(trace, "rival: %s", bill->classical_method);
    }
}

static void needs(qn__opinion *opinion, int key)
{
    (void)snprintf(opinion->needs, sizeof opinion->needs, "%s", keys[key].name);
    opinion->needs_help = keys[key].help;
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)bill;
    const qn__count *v = c->value;
    opinion->asymptotic = "exponential only if a good starting state is cheap to prepare; no evidence that this holds "
                          "generically (arXiv:2208.02199)";
    if ((int)v[METHOD] == VQE) {
        opinion->unproven = true;
        qn__lines_add(opinion->reasons, "Variational energies need (norm/eps)^2 shots each; at chemical accuracy that "
                                        "is too many for molecules that are hard classically (arXiv:2012.04001).");
    } else if (c->preset != NULL && c->preset->disputed) {
        opinion->verdict = QN_VERDICT_DISPUTED;
        qn__lines_add(opinion->reasons,
                      "Classical calculations claim chemical accuracy on this molecule (arXiv:2601.04621); no generic "
                      "exponential advantage is seen (arXiv:2208.02199).");
    } else if (c->preset == NULL && !isfinite(v[LAMBDA])) {
        needs(opinion, LAMBDA);
    } else if (c->preset == NULL && !isfinite(v[STEP])) {
        needs(opinion, STEP);
    } else if (c->preset == NULL && !isfinite(v[QUBITS])) {
        needs(opinion, QUBITS);
    } else if (!isfinite(v[OVERLAP])) {
        needs(opinion, OVERLAP);
    } else if (!isfinite(v[CLASSICAL])) {
        needs(opinion, CLASSICAL);
    }
}

const qn__workload qn__workload_chemistry = {"chemistry", "ground-state energy of a molecule (phase estimation)",
                                             NULL,        keys,
                                             COUNT,       SIZE_MAX,
                                             false,       0,
                                             price,       judge,
                                             NULL,        NULL};
