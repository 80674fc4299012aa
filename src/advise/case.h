/* case.h: reading an instance: keys and values, rows of the tables, and what of it is uncertain. */
#ifndef QN_ADVISE_CASE_H
#define QN_ADVISE_CASE_H

#include "advise/table.h"
#include "advise/workload.h"

/* Log-uniform between low and middle, and between middle and high, half of the mass on each side. */
typedef struct qn__spread {
    qn__count ln[3];
} qn__spread;

/* Uncertain inputs that every case has, as factors. */
typedef enum qn__factor {
    QN__FACTOR_ERROR,
    QN__FACTOR_CYCLE,
    QN__FACTOR_ORACLE,
    QN__FACTOR_CLASSICAL,
    QN__FACTORS
} qn__factor;

typedef struct qn__instance {
    qn__case at;       /* the central case */
    qn__preset preset; /* storage of at.preset */
    qn__spread key_spread[QN__KEYS];
    bool uncertain[QN__KEYS];
    qn__spread factor[QN__FACTORS];
    char missing[64]; /* first required key that nobody gave; "" none */
    const char *missing_help;
} qn__instance;

QN_MUST_USE qn_status qn__instance_read(const qn_advice *advice, const char *workload, const qn_advise_pair *pairs,
                                        size_t npairs, const qn_advise_options *options, qn__instance *out);

/* Keys that every workload has. */
const qn__key *qn__common_keys(size_t *count);

/* The case moved to quantiles: u[k] in [0, 1] of each uncertain key, f[k] of each factor; 0.5 is the centre. */
void qn__instance_draw(const qn__instance *instance, const double u[QN__KEYS], const double f[QN__FACTORS],
                       qn__case *out);
qn__count qn__spread_at(const qn__spread *spread, double u);

QN_MUST_USE qn_status qn__preset_read(const qn__table *table, const qn__row *row, qn__preset *out);

/* Pace and names of a hardware row. */
typedef struct qn__hardware {
    const char *id, *name, *modality, *platform; /* platform: row of data/platforms.tsv with its gate times */
    double error, cycle_s, physical_qubits;      /* physical_qubits NaN: a design point */
    bool demonstrated;
} qn__hardware;
QN_MUST_USE qn_status qn__hardware_find(const qn_advice *advice, const char *id, qn__hardware *out);

#endif
