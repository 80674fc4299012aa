/* t_factory.h: T factories of model A: rounds of distillation units, searched for the best trades of qubits and time.
 *
 * M. E. Beverland et al., arXiv:2211.07629, appendix C, as the Azure Quantum Resource Estimator builds them. */
#ifndef QN_ADVISE_T_FACTORY_H
#define QN_ADVISE_T_FACTORY_H

#include "advise/patch.h"

enum { QN__FACTORY_ROUNDS = 4, QN__FACTORY_UNITS = 8 };

/* A distillation unit: a row of data/factories.tsv of kind "unit". With input error z and Clifford error c it fails
 * with fail_z z + fail_c c and gives out_z3 z^3 + out_c c. */
typedef struct qn__unit {
    const char *name;
    double inputs, outputs;
    double logical_qubits, logical_cycles;
    double physical_qubits, physical_cycles; /* as first round on physical qubits; cycles are T gates */
    double fail_z, fail_c, out_z3, out_c;
} qn__unit;

/* The units whose column `set` contains the word. */
QN_MUST_USE qn_status qn__units_read(const qn_advice *advice, const char *set, qn__unit *units, size_t *count);

typedef struct qn__t_factory {
    unsigned rounds; /* 0: T gates of the platform are good enough; one tile holds one for a cycle */
    double qubits, time_ns, outputs, error;
    unsigned distances[QN__FACTORY_ROUNDS]; /* 1 in the first round: physical qubits */
    double units[QN__FACTORY_ROUNDS];
    const char *names[QN__FACTORY_ROUNDS];
} qn__t_factory;

/* All factories whose output is at most `target` with distances up to `max_distance`, none worse than another in both
 * qubits per output and time; fastest first. Up to three rounds, four when three give none. `out` is to be freed;
 * *count 0: there is none. */
QN_MUST_USE qn_status qn__t_factories(const qn__patch *patch, const qn__unit *units, size_t nunits, double target,
                                      unsigned max_distance, qn__t_factory **out, size_t *count);

#endif
