/* matmul.c: the product of two stored dense matrices. Its N^2 outputs alone take N^2 steps to read. */
#include <math.h>
#include <stdio.h>

#include "advise/workload.h"

enum { N, PRECISION, BITS, COUNT };
enum { BF16, FP32, FP64 };

static const qn__key keys[] = {
    [N] = {"N", "rows", QN__KEY_NUMBER, NULL, NULL, 1, 1e300, false, "rows of the square matrices"},
    [PRECISION] = {"prec", "", QN__KEY_CHOICE, "bf16", "bf16|fp32|fp64", 0, 0, false,
                   "precision of the classical product"},
    [BITS] = {"bits", "", QN__KEY_NUMBER, "16", NULL, 1, 1e4, false, "bits of an entry"},
};

static void price(const qn__case *c, qn__bill *bill, qn__lines *trace)
{
    const qn__count *v = c->value;
    const qn__rival *r = &c->rival;
    qn__say a, b, d;
    const qn__count rate = (int)v[PRECISION] == BF16   ? r->gemm_bf16_s
                           : (int)v[PRECISION] == FP32 ? r->gemm_f32_s
                                                       : r->gemm_f64_s;
    /* Whatever a circuit does, it reads 2 N^2 entries and hands out N^2: lower bounds, not an algorithm. */
    const qn__lookup table = qn__qroam_clean(v[N] * v[N], v[BITS], 0);
    bill->loading_bits = 2 * v[N] * v[N] * v[BITS];
    bill->loading_toffoli = 2 * table.toffoli;
    bill->data_bytes = 2 * v[N] * v[N] * v[BITS] / 8;
    bill->toffoli = bill->loading_toffoli;
    bill->depth = bill->toffoli;
    bill->qubits = table.qubits + 2 * qn__bits_of(v[N]);
    bill->queries = 2;
    bill->repetitions = v[N] * v[N];
    bill->readout_s = v[N] * v[N] * (qn__count)c->pace.reaction_s;
    bill->classical_s = 2 * v[N] * v[N] * v[N] / rate;
    bill->degree = 0;
    qn__lines_add(
        trace,
        "output: N^2 = %s numbers, at least one run each; no quantum algorithm for the explicit product beats that",
        qn__say_count(&a, v[N] * v[N]));
    qn__lines_add(trace, "checking a given product takes O(N^(5/3)) queries [arXiv:quant-ph/0409035]; a classical "
                         "check takes O(N^2) [Freivalds 1977]");
    qn__lines_add(trace,
                  "rival: 2 N^3 operations at %s/s = %s; exponents below 2.81 have constants that no machine reaches",
                  qn__say_count(&b, rate), qn__say_seconds(&d, bill->classical_s));
    if (trace != NULL) {
        (void)snprintf(bill->loading, sizeof bill->loading,
                       "%s Toffoli for one lookup of each matrix (2 x %s entries); as bits %s",
                       qn__say_count(&a, bill->loading_toffoli), qn__say_count(&b, v[N] * v[N]),
                       qn__say_count(&d, bill->loading_bits));
        (void)snprintf(bill->classical_method, sizeof bill->classical_method, "dense matrix product on %s", r->name);
    }
}

static void judge(const qn__case *c, const qn__bill *bill, qn__opinion *opinion)
{
    (void)c;
    (void)bill;
    opinion->asymptotic = "none: the output alone has N^2 numbers";
    opinion->verdict = QN_VERDICT_NO_ALGORITHM;
    qn__lines_add(opinion->reasons, "The explicit product has N^2 entries and each must be read out: no quantum "
                                    "algorithm is known that gains on it.");
}

const qn__workload qn__workload_matmul = {
    "matmul", "product of two dense matrices", NULL, keys, COUNT, SIZE_MAX, false, 0, price, judge, NULL, NULL};
