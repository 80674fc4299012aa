/* train.c: training: a classical network of a given cost, and what a variational circuit's gradients would take. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum {
    PARAMS,
    FLOPS,
    STEPS,
    TOKENS,
    UTILISATION,
    QUBITS,
    SHOTS,
    EPS,
    TRAINABLE,
    SPARSE,
    DISSIPATIVE,
    TOFFOLI_FLOP,
    COUNT
};

static const qn__key keys[] = {
    [PARAMS] = {"params", "", QN__KEY_NUMBER, NULL, NULL, 1, 1e300, false, "trained parameters"},
    [FLOPS] = {"flops", "flop", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false,
               "operations of the whole training (default: 6 x params x tokens)"},
    [STEPS] = {"steps", "", QN__KEY_NUMBER, "1e5", NULL, 1, 1e300, false, "optimiser steps"},
    [TOKENS] = {"tokens", "", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false, "training samples (default: 20 x params)"},
    [UTILISATION] = {"mfu", "", QN__KEY_NUMBER, "0.34", NULL, 0, 1, true,
                     "share of the baseline's peak that training reaches"},
    [QUBITS] = {"qubits", "", QN__KEY_NUMBER, "?", NULL, 1, 1e4, false,
                "qubits of the variational circuit (default: log2 of params)"},
    [SHOTS] = {"shots", "", QN__KEY_NUMBER, "?", NULL, 1, 1e300, false,
               "shots of one circuit (default: 1/eps^2, times 2^qubits on a plateau)"},
    [EPS] = {"eps", "", QN__KEY_NUMBER, "0.1", NULL, 0, 0.999, true, "relative error of a gradient's component"},
    [TRAINABLE] = {"trainable", "", QN__KEY_CHOICE, "0", "0|1", 0, 0, false,
                   "1: the circuit is known to have no barren plateau"},
    [SPARSE] = {"sparse", "", QN__KEY_CHOICE, "0", "0|1", 0, 0, false,
                "the network is sparse (a condition of arXiv:2303.03428)"},
    [DISSIPATIVE] = {"dissipative", "", QN__KEY_CHOICE, "0", "0|1", 0, 0, false,
                     "training is dissipative with small steps (another one)"},
    [TOFFOLI_FLOP] = {"toffoli_per_flop", "Toffoli", QN__KEY_NUMBER, "200", NULL, 1, 1e300, false,
                      "of a 16-bit multiplication (arXiv:2307.00523)"},
};

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    qn__say a, b, d, e;
    const qn__count tokens = isfinite(v[TOKENS]) ? v[TOKENS] : 20 * v[PARAMS];
    const qn__count flops = isfinite(v[FLOPS]) ? v[FLOPS] : 6 * v[PARAMS] * tokens;
    const qn__count qubits = isfinite(v[QUBITS]) ? v[QUBITS] : fmaxl(qn__bits_of(v[PARAMS]), 1);
    const bool plateau = (int)v[TRAINABLE] == 0;
    const qn__count shots =
        isfinite(v[SHOTS]) ? v[SHOTS] : ceill(1 / (v[EPS] * v[EPS])) * (plateau ? exp2l(qubits) : 1);
    bill->qubits = qubits;
    /* Each of the P parameters needs at least one rotation of a circuit: 40 T at 1e-10. */
    bill->t = v[PARAMS] * 40;
    bill->depth = ceill(bill->t / qubits);
    bill->queries = 1;
    bill->repetitions = v[STEPS] * 2 * v[PARAMS] * shots;
    bill->data_bytes = tokens * 2;
    bill->loading_bits =
        fmaxl(tokens * 16 / bill->repetitions, 1); /* each sample enters a circuit once, at the least */
    bill->classical_s = flops / (v[UTILISATION] * c->rival.gemm_bf16_s);
    bill->degree = 0;
    qn__lines_add(trace,
                  "gradient by parameter shift: 2 P = %s circuits x %s shots (1/eps^2%s) x %s steps = %s runs "
                  "[arXiv:1803.00745, 1803.11173]",
                  qn__say_count(&a, 2 * v[PARAMS]), qn__say_count(&b, shots),
                  plateau ? " x 2^qubits on a barren plateau" : "", qn__say_count(&d, v[STEPS]),
                  qn__say_count(&e, bill->repetitions));
    qn__lines_add(trace, "a classical gradient costs a small multiple of one forward pass; no such rule holds for "
                         "quantum circuits [arXiv:2305.13362]");
    qn__lines_add(trace, "rival: %s flop at %s of the peak of %s = %s", qn__say_count(&a, flops),
                  qn__say_count(&b, v[UTILISATION]), c->rival.name, qn__say_seconds(&d, bill->classical_s));
    const qn__count ceiling = 3.15576e16L;
    qn__lines_add(trace,
                  "ceiling: 1e4 logical qubits x 1e5 cycles/s x 1 year = %s operations, %s times short of the flops, "
                  "%s times counting %s Toffoli each",
                  qn__say_count(&a, ceiling), qn__say_count(&b, flops / ceiling),
                  qn__say_count(&d, flops / ceiling * v[TOFFOLI_FLOP]), qn__say_count(&e, v[TOFFOLI_FLOP]));
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "backpropagation on %s", c->rival.name);
        (void)snprintf(bill->loading, sizeof bill->loading,
                       "every sample enters a circuit at least once: %s samples x 16 bits = %s bits",
                       qn__say_count(&a, tokens), qn__say_count(&b, tokens * 16));
    }
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)bill;
    opinion->asymptotic = "none proven for training on classical data; O(T polylog n) only for sparse, dissipative "
                          "training with small steps (arXiv:2303.03428)";
    opinion->verdict = QN_VERDICT_NO_ALGORITHM;
    qn__lines_add(opinion->reasons,
                  "No quantum algorithm is known that trains a given classical network faster, its data included.");
    if ((int)c->value[SPARSE] == 1 && (int)c->value[DISSIPATIVE] == 1) {
        qn__lines_add(opinion->reasons, "Sparse dissipative training has an algorithm (arXiv:2303.03428), but no gate "
                                        "count is published and it needs qRAM: nothing to price.");
    }
}

const qn__workload qn__workload_train = {"train", "train a model", NULL,  keys, COUNT, SIZE_MAX, false,
                                         0,       price,           judge, NULL, NULL};
