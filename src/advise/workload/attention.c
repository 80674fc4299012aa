/* attention.c: one token's attention over a sequence: block-encodings of keys and values against a cache in memory. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum { SEQUENCE, DIMENSION, LAYERS, HEADS, BITS, KV_CACHE, READOUT_EPS, CONSTANT, COUNT };

static const qn__key keys[] = {
    [SEQUENCE] = {"seq", "tokens", QN__KEY_NUMBER, NULL, NULL, 2, 1e300, false, "length of the sequence"},
    [DIMENSION] = {"d", "", QN__KEY_NUMBER, "128", NULL, 1, 1e12, false, "dimension of a head"},
    [LAYERS] = {"layers", "", QN__KEY_NUMBER, "1", NULL, 1, 1e9, false, "layers"},
    [HEADS] = {"heads", "", QN__KEY_NUMBER, "1", NULL, 1, 1e9, false, "heads of a layer"},
    [BITS] = {"bits", "", QN__KEY_NUMBER, "16", NULL, 1, 1e4, false, "bits of a number"},
    [KV_CACHE] = {"kv_cache", "", QN__KEY_CHOICE, "1", "0|1", 0, 0, false,
                  "1: the rival keeps keys and values, as every server does"},
    [READOUT_EPS] = {"readout_eps", "", QN__KEY_NUMBER, "0.01", NULL, 0, 0.999, true,
                     "precision of the d numbers read out"},
    [CONSTANT] = {"c_attention", "", QN__KEY_NUMBER, "@attention_queries", NULL, 0, 1e300, true,
                  "block-encoding calls per sqrt(seq)"},
};

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    const qn__rival *r = &c->rival;
    qn__say a, b, d, e;
    const qn__count entries = v[SEQUENCE] * v[DIMENSION];
    const qn__lookup table = qn__qroam_clean(entries, v[BITS], 0);
    /* One layer sqrt(N), k layers k N^1.5 d: Guo et al.; heads one after the other. */
    const qn__count depth = v[LAYERS] > 1 ? v[LAYERS] * powl(v[SEQUENCE], 1.5L) : sqrtl(v[SEQUENCE]);
    bill->queries = fmaxl(ceill(v[CONSTANT] * depth * v[HEADS]), 1);
    bill->loading_toffoli = bill->queries * table.toffoli;
    bill->loading_bits = bill->queries * entries * v[BITS];
    bill->data_bytes = 2 * entries * v[BITS] / 8 * v[HEADS] * v[LAYERS];
    bill->toffoli = bill->loading_toffoli;
    bill->depth = bill->toffoli;
    bill->qubits = table.qubits + qn__bits_of(entries);
    /* The token's state has d components; as numbers they take d/eps runs. */
    bill->repetitions = 1;
    bill->degree = 2;
    bill->readout_s = v[DIMENSION] / v[READOUT_EPS] * (qn__count)c->pace.reaction_s;
    qn__lines_add(trace, "one lookup of N d = %s entries x %s bits: %s Toffoli, %s clean qubits [arXiv:1812.00954]",
                  qn__say_count(&a, entries), qn__say_count(&b, v[BITS]), qn__say_count(&d, table.toffoli),
                  qn__say_count(&e, table.qubits));
    qn__lines_add(trace, "calls = c %s = %s a token, if the norms of the block-encodings stay small [arXiv:2402.16714]",
                  v[LAYERS] > 1 ? "k N^1.5 heads" : "sqrt(N) heads", qn__say_count(&a, bill->queries));
    qn__lines_add(trace,
                  "reading the token's d numbers: another factor d/eps = %s, left out, which favours the quantum side",
                  qn__say_count(&a, v[DIMENSION] / v[READOUT_EPS]));
    const qn__count caches = v[LAYERS] * v[HEADS], bytes = 2 * entries * v[BITS] / 8 * caches;
    qn__count flop = 4 * entries * caches;
    if ((int)v[KV_CACHE] == 0) {
        flop += 4 * entries * v[DIMENSION] * caches; /* keys and values made again from the tokens */
    }
    bill->classical_s = fmaxl(bytes / r->copy_bytes_s, flop / r->gemm_bf16_s);
    bill->classical_calls = v[SEQUENCE];
    qn__lines_add(trace, "rival: 2 N d numbers read = %s bytes, %s", qn__say_count(&a, bytes),
                  qn__say_seconds(&b, bill->classical_s));
    if (trace != NULL) {
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "attention %s on %s",
                       (int)v[KV_CACHE] == 1 ? "over a key-value cache" : "without a cache", r->name);
        (void)snprintf(bill->loading, sizeof bill->loading,
                       "%s Toffoli a lookup at each of %s calls; as bits over the control lines %s bits",
                       qn__say_count(&a, table.toffoli), qn__say_count(&b, bill->queries),
                       qn__say_count(&d, bill->loading_bits));
    }
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)c;
    (void)bill;
    opinion->asymptotic =
        "square root of the sequence for one token, given qRAM and bounded norms; a classical token costs N d";
    qn__lines_add(opinion->reasons, "The square root counts calls of a block-encoding; every call loads keys and "
                                    "values again (arXiv:2402.16714 assumes qRAM).");
}

const qn__workload qn__workload_attention = {"attention", "one token's attention over a sequence",
                                             "tokens",    keys,
                                             COUNT,       SEQUENCE,
                                             false,       0x1p80L,
                                             price,       judge,
                                             NULL,        NULL};
