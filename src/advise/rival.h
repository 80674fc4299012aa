/* rival.h: the classical machine of a comparison, as rates. */
#ifndef QN_ADVISE_RIVAL_H
#define QN_ADVISE_RIVAL_H

#include <quern/advise.h>
#include <quern/machine.h>

#include "advise/loading.h"

typedef struct qn__rival {
    char name[QN_LEDGER_TEXT];
    bool measured;   /* on this machine, not a row of data/classical.tsv */
    double machines; /* of a cluster; the rates below hold for all of them together */
    qn__count copy_bytes_s, fma_f64_s, fma_f32_s, gemm_f64_s, gemm_f32_s, gemm_bf16_s, int32_ops_s, binary_ops_s,
        monte_carlo_paths_s, scan_bytes_s, cg_nonzeros_s; /* 0: by bytes */
    qn__count memory_bytes;
    qn__count hash_probe_s;
} qn__rival;

/* "cpu" (the measured machine, or its row where there is no measurement), another row of data/classical.tsv, or
 * "cluster:K": K H200 that lose nothing by working together, which favours the rival. */
QN_MUST_USE qn_status qn__rival_find(const qn_advice *advice, const char *baseline, const qn_machine *machine,
                                     qn__rival *out);
/* The same machine so many times as fast in everything. */
void qn__rival_scale(qn__rival *rival, qn__count factor);

#endif
