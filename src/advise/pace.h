/* pace.h: how fast an error-corrected machine goes through a program: model B in closed form.
 *
 * Used where thousands of prices are needed (crossovers, samples); qn_estimate_run prices the one run that is shown.
 * The closed form takes the smallest code distances that keep the budget, where qn_estimate_run searches a grid. */
#ifndef QN_ADVISE_PACE_H
#define QN_ADVISE_PACE_H

#include "advise/loading.h"

typedef struct qn__pace {
    double error;      /* physical error rate, below the threshold */
    double threshold;  /* 0.01: surface code */
    double cycle_s;    /* one round of error correction */
    double factories;  /* CCZ factories side by side */
    double reaction_s; /* measurement to dependent gate */
    double budget;     /* failure probability of one run */
    double toffoli_s;  /* 0: by the factories; else seconds of a Toffoli, as papers quote it */
} qn__pace;

typedef enum qn__pace_bound { QN__PACE_FACTORY, QN__PACE_REACTION, QN__PACE_DATA } qn__pace_bound;

typedef struct qn__paced {
    qn__count seconds;
    qn__count toffoli_s;             /* seconds of a Toffoli when all factories work */
    double level1, level2, distance; /* of the T states that CCZ states are made of, of these, of the data */
    unsigned levels;                 /* of distillation, the CCZ factory included; at least 2 */
    qn__count physical_qubits;
    qn__pace_bound bound;
} qn__paced;

/* T gates count half a CCZ state. `depth`: Toffolis or T gates that wait for each other. */
qn__paced qn__pace_run(const qn__pace *pace, qn__count qubits, qn__count toffoli, qn__count t, qn__count depth);

#endif
