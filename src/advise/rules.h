/* rules.h: the verdict: the first rule that applies, with the sentence that says why. */
#ifndef QN_ADVISE_RULES_H
#define QN_ADVISE_RULES_H

#include "advise/era.h"
#include "advise/sample.h"

/* What the rules look at. Seconds may be NaN: unknown. */
typedef struct qn__evidence {
    qn_verdict structural;          /* what is known of the workload whatever its numbers; UNKNOWN: nothing */
    bool unproven;                  /* no gain is proven: "heuristic" is the best there is to say */
    const char *needs, *needs_help; /* precondition nobody stated; NULL: none */
    qn__count load_s;               /* of the answer, by the circuit or the control lines, whichever is more */
    bool loads;                     /* data is loaded at all */
    qn__count readout_s;
    qn__count classical_s, quantum_s;
    double degree;         /* 0: none proven */
    qn__crossing crossing; /* of the proven degree */
    qn__count deadline_s;
    const qn__eras *eras;
    int year; /* 0: any */
} qn__evidence;

/* Rules in order: structure, loading and reading, degree, this size, machines, proof, unknown preconditions, possible.
 * No rule lets slower quantum hardware, more data or a faster rival improve a verdict. */
qn_verdict qn__rules_apply(const qn__evidence *evidence, qn__lines *reasons);

#endif
