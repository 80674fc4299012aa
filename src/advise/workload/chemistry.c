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

/* Published counts are of a whole energy to 1.6 mHa, of which the phase estimation has 1 mHa (Lee et al. 2021). */
static const qn__count PRESET_ENERGY_ERROR = 1.6e-3L;
static const qn__count PRESET_PHASE_ERROR = 1e-3L;

/* pi lambda / (2 dE): J. Lee et al., arXiv:2011.03494. NaN of an unknown lambda. */
static qn__count steps_of(qn__count lambda, qn__count energy_error)
{
    const qn__count steps = ceill(acosl(-1.0L) * lambda / (2 * energy_error));
    return steps < 1 ? 1 : steps;
}

static qn__count qubits_of(const qn__case *c)
{
    return isfinite(c->value[QUBITS]) ? c->value[QUBITS] : c->preset != NULL ? c->preset->qubits : (qn__count)NAN;
}

static qn__count lambda_of(const qn__case *c)
{
    return isfinite(c->value[LAMBDA]) ? c->value[LAMBDA] : c->preset != NULL ? c->preset->lambda : (qn__count)NAN;
}

/* Of a preset without its own step: its whole count over its steps. */
static qn__count step_of(const qn__case *c)
{
    const qn__preset *p = c->preset;
    if (isfinite(c->value[STEP]) || p == NULL) {
        return c->value[STEP];
    }
    return isfinite(p->step_toffoli) ? p->step_toffoli : p->toffoli / steps_of(p->lambda, PRESET_PHASE_ERROR);
}

static qn__count norm_of(const qn__case *c)
{
    return isfinite(c->value[COEFFICIENTS]) ? c->value[COEFFICIENTS] : lambda_of(c);
}

/* A published count stands as a whole unless what it is made of is replaced. */
static bool is_whole(const qn__case *c)
{
    return c->preset != NULL && !c->given[LAMBDA] && !c->given[STEP];
}

/* What nothing can be priced without. */
static const qn__key *settle(qn__case *c)
{
    if ((int)c->value[METHOD] == VQE) {
        return !isfinite(norm_of(c)) ? &keys[LAMBDA] : !isfinite(qubits_of(c)) ? &keys[QUBITS] : NULL;
    }
    if (is_whole(c)) {
        return NULL;
    }
    return !isfinite(lambda_of(c))   ? &keys[LAMBDA]
           : !isfinite(step_of(c))   ? &keys[STEP]
           : !isfinite(qubits_of(c)) ? &keys[QUBITS]
                                     : NULL;
}

static void price_vqe(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value, norm = norm_of(c);
    qn__say a, b;
    bill->qubits = qubits_of(c);
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

static void price_preset(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__preset *p = c->preset;
    qn__say a, b, d;
    const qn__count scale = PRESET_ENERGY_ERROR / c->value[ENERGY_ERROR];
    bill->qubits = qubits_of(c);
    bill->queries = isfinite(p->lambda) ? steps_of(p->lambda, PRESET_PHASE_ERROR / scale) : 1;
    qn__preset_gates(c, scale, bill);
    qn__lines_add(trace, "%s: %s logical qubits, %s Toffoli, %s T [%s]", p->name, qn__say_count(&a, bill->qubits),
                  qn__say_count(&b, bill->toffoli), qn__say_count(&d, bill->t), p->url);
    if (scale != 1) {
        qn__lines_add(trace, "published for 1.6 mHa: times 1.6e-3/eps = %s", qn__say_count(&a, scale));
    }
    if (isfinite(p->lambda)) {
        qn__lines_add(trace,
                      "check: pi lambda/(2 dE) = %s steps, lambda = %s Ha and dE = eps/1.6, so about %s Toffoli a step "
                      "[arXiv:2011.03494]",
                      qn__say_count(&a, bill->queries), qn__say_count(&b, p->lambda),
                      qn__say_count(&d, bill->toffoli / bill->queries));
    }
}

static void price_phase_estimation(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say b, d, e;
    if (is_whole(c)) {
        price_preset(c, bill, trace);
    } else {
        const qn__count step = step_of(c);
        bill->qubits = qubits_of(c);
        /* of a preset the share that its published count has; else all of the error */
        const qn__count share = c->preset != NULL ? PRESET_PHASE_ERROR / PRESET_ENERGY_ERROR : 1;
        bill->queries = steps_of(lambda_of(c), share * v[ENERGY_ERROR]);
        bill->toffoli = bill->queries * qn__estimated(c, step);
        bill->depth = bill->toffoli;
        qn__lines_add(trace, "steps = ceil(pi lambda/(2 dE)) = %s%s, W = %s Toffoli a step: %s [arXiv:2011.03494]",
                      qn__say_count(&d, bill->queries), c->preset != NULL ? " (dE = eps/1.6)" : "",
                      qn__say_count(&b, step), qn__say_count(&e, bill->toffoli));
    }
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
                                             settle,      NULL};
