/* sampling.c: drawing from a distribution: generative models, and the random circuits of the demonstrations. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum { TASK, QUBITS, DEPTH, SHOTS, DATA, DECOMPOSED, BOND, COUNT };
enum { GENERATIVE, RANDOM_CIRCUIT, OTOC };
enum { CLASSICAL_DATA, QUANTUM_DATA };

static const qn__key keys[] = {
    [TASK] = {"task", "", QN__KEY_CHOICE, "generative", "generative|rcs|otoc", 0, 0, false,
              "a model of data; random-circuit sampling; out-of-time-order correlators"},
    [QUBITS] = {"qubits", "", QN__KEY_NUMBER, NULL, NULL, 1, 3000, false, "qubits of the circuit"},
    [DEPTH] = {"depth", "", QN__KEY_NUMBER, "20", NULL, 1, 1e12, false, "layers of two-qubit gates"},
    [SHOTS] = {"shots", "", QN__KEY_NUMBER, "1e6", NULL, 1, 1e300, false, "samples wanted"},
    [DATA] = {"data", "", QN__KEY_CHOICE, "classical", "classical|quantum", 0, 0, false, "where the data comes from"},
    [DECOMPOSED] = {"t_per_gate", "T", QN__KEY_NUMBER, "40", NULL, 0, 1e6, false, "T gates of one arbitrary rotation"},
    [BOND] = {"entanglement", "bits", QN__KEY_NUMBER, "?", NULL, 0, 3000, false,
              "log2 of the largest bond dimension a classical tensor network needs (default: min(n/2, depth))"},
};

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d;
    const qn__count n = v[QUBITS], pairs = floorl(n / 2) * v[DEPTH],
                    bond = isfinite(v[BOND]) ? v[BOND] : fminl(n / 2, v[DEPTH]);
    bill->qubits = n;
    bill->t = 2 * n * v[DEPTH] * v[DECOMPOSED];
    bill->depth = v[DEPTH] * v[DECOMPOSED];
    bill->queries = 1;
    bill->repetitions = v[SHOTS];
    qn__no_loading(bill, "the distribution is the circuit's own; parameters stand in it");
    /* Amplitudes of all states once, or a chain of matrices for every sample: whichever is less. */
    const bool fits = exp2l(n) * 16 <= c->rival.memory_bytes;
    const qn__count whole =
        fits ? exp2l(n) * 16 * 2 * fmaxl(pairs, 1) / c->rival.copy_bytes_s + v[SHOTS] * n / c->rival.int32_ops_s
             : (qn__count)INFINITY;
    const qn__count chain =
        (fmaxl(pairs, 1) * 20 * exp2l(3 * bond) + v[SHOTS] * n * 8 * exp2l(2 * bond)) / c->rival.fma_f64_s;
    bill->classical_s = fminl(whole, chain);
    bill->degree = 0;
    bill->comparable = (int)v[TASK] != GENERATIVE; /* a model of data need not be the simulation of a circuit */
    qn__lines_add(trace, "%s qubits x %s layers: %s T a sample when error-corrected, %s samples", qn__say_count(&a, n),
                  qn__say_count(&b, v[DEPTH]), qn__say_count(&d, bill->t), qn__say_count(&(qn__say){{0}}, v[SHOTS]));
    qn__lines_add(trace, "rival: the less of state vector, %s, and matrix products of bond 2^%s, %s",
                  fits ? qn__say_seconds(&a, whole) : "which its memory does not hold", qn__say_count(&b, bond),
                  qn__say_seconds(&d, chain));
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "%s on %s",
                       whole <= chain ? "simulating the state vector" : "simulating by matrix products", c->rival.name);
    }
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    opinion->asymptotic =
        "exponential for contrived distributions and for quantum data; none known for data people have";
    if ((int)c->value[TASK] != GENERATIVE && bill->classical_s < c->deadline_s) {
        /* beyond no classical reach: the times may decide against it, and nothing is proven for it */
        opinion->unproven = true;
        qn__lines_add(opinion->reasons, "A circuit of this size is simulated classically before the deadline.");
        return;
    }
    if ((int)c->value[TASK] != GENERATIVE) {
        opinion->verdict = QN_VERDICT_DEMONSTRATED;
        qn__lines_add(opinion->reasons, (int)c->value[TASK] == RANDOM_CIRCUIT
                                            ? "Random-circuit sampling was run beyond classical reach on 67 and more "
                                              "qubits (arXiv:2304.11119); nobody needs its samples."
                                            : "Correlators of 65 qubits were measured beyond classical reach (Nature "
                                              "646, 825 (2025)); it is physics, not machine learning.");
        return;
    }
    opinion->verdict = QN_VERDICT_HEURISTIC;
    qn__lines_add(opinion->reasons,
                  "Separations are proven for contrived distributions only; circuits that train are often classically "
                  "simulable, those that are not have barren plateaus (arXiv:2312.09121).");
    if ((int)c->value[DATA] == QUANTUM_DATA) {
        qn__lines_add(opinion->reasons, "With quantum data there are proven separations in the number of samples "
                                        "(arXiv:2112.00778), on tasks about that quantum system.");
    }
}

const qn__workload qn__workload_sampling = {"sampling", "sample from a circuit (generative models, random circuits)",
                                            "qubits",   keys,
                                            COUNT,      QUBITS,
                                            false,      3000,
                                            price,      judge,
                                            NULL,       NULL};
