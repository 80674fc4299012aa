/* estimate.h: the price of logical gates on error-corrected hardware, by two independent models.
 *
 * Model A: M. E. Beverland et al., arXiv:2211.07629 (Azure Quantum Resource Estimator). Model B: C. Gidney and A.
 * Fowler, arXiv:1812.01238, with data blocks and 15-to-1 factories of D. Litinski, arXiv:1808.02892 and 1905.06903
 * (Qualtran). Platforms, codes and factories are rows of data/platforms.tsv, data/qec.tsv and data/factories.tsv. */
#ifndef QUERN_ESTIMATE_H
#define QUERN_ESTIMATE_H

#include <quern/advise.h>
#include <quern/circuit.h>
#include <quern/status.h>

QN_BEGIN_DECLS

/** What one run of a program needs of a logical machine. Doubles, since counts pass 2^64. */
typedef struct qn_logical_counts {
    uint32_t size;
    double qubits;         /* algorithmic qubits, before layout */
    double t;              /* T gates written as such */
    double rotations;      /* of arbitrary angle */
    double rotation_depth; /* layers that hold at least one rotation */
    double ccz, ccix;      /* of one kind and the other; Toffolis count as ccz */
    double measurements;
} qn_logical_counts;
#define QN_LOGICAL_COUNTS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_logical_counts), 0, 0, 0, 0, 0, 0, 0                                                       \
    }

/** Counts of a circuit with all its gates decomposed (qn_circuit_count), ancillas included: Toffolis stay whole and are
 * priced as ccz, everything else is T gates and rotations. `theta` NULL: every symbolic angle is arbitrary. */
QN_API QN_MUST_USE qn_status qn_logical_counts_of(const qn_circuit *circuit, const double *theta,
                                                  qn_logical_counts *out);

typedef enum qn_estimate_model { QN_ESTIMATE_A = 0, QN_ESTIMATE_B = 1 } qn_estimate_model;

/** How logical qubits lie on the plane (D. Litinski, arXiv:1808.02892); model B. */
typedef enum qn_data_block {
    QN_DATA_BLOCK_SIMPLE = 0, /* n qubits and a share of routing space; magic states are used at once */
    QN_DATA_BLOCK_COMPACT = 1,
    QN_DATA_BLOCK_INTERMEDIATE = 2,
    QN_DATA_BLOCK_FAST = 3
} qn_data_block;

/** What a search makes small; model B. */
typedef enum qn_estimate_objective {
    QN_ESTIMATE_LEAST_VOLUME = 0, /* qubits times time */
    QN_ESTIMATE_LEAST_QUBITS = 1,
    QN_ESTIMATE_LEAST_TIME = 2
} qn_estimate_objective;

typedef struct qn_estimate_options {
    uint32_t size;
    qn_estimate_model model;
    const char *platform;            /* id in data/platforms.tsv; NULL: "ns_e3" */
    const char *code;                /* id or family in data/qec.tsv; NULL: the platform's own */
    double budget;                   /* probability that the run fails, in (0, 1) */
    double error;                    /* physical error rate of Clifford operations; 0: the platform's */
    double cycle_s;                  /* one round of error correction; 0: from the platform and the code */
    double max_duration_s;           /* 0: no limit; model A then searches for the fewest qubits */
    double max_physical_qubits;      /* 0: no limit; then for the shortest run. Not both at once in model A */
    uint32_t factories;              /* magic-state factories side by side; 0: model A as many as keep up, B as the
                                      * objective likes best */
    qn_data_block data_block;        /* model B */
    qn_estimate_objective objective; /* model B */
    uint32_t distances[3];           /* model B: l1, l2 of the factory and d of the data; 0: searched for */
    double reaction_s;               /* model B: from a measurement to the gate that depends on it; 0: the platform's */
    bool serial;                     /* model B: Toffolis depend on each other, so that each waits for a reaction */
} qn_estimate_options;
#define QN_ESTIMATE_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_estimate_options), QN_ESTIMATE_A, NULL, NULL, 1e-3, 0, 0, 0, 0, 0, QN_DATA_BLOCK_SIMPLE,   \
            QN_ESTIMATE_LEAST_VOLUME, {0, 0, 0}, 0, false                                                              \
    }

enum { QN_FACTORY_ROUNDS = 4 };

/** Which of its needs sets the time of a run. */
typedef enum qn_estimate_bound {
    QN_ESTIMATE_BOUND_PROGRAM = 0, /* A: the logical cycles of the program itself */
    QN_ESTIMATE_BOUND_FACTORY = 1, /* the rate of magic states */
    QN_ESTIMATE_BOUND_REACTION = 2,
    QN_ESTIMATE_BOUND_DATA_BLOCK = 3 /* consuming a magic state takes longer than making it */
} qn_estimate_bound;
QN_API const char *qn_estimate_bound_name(qn_estimate_bound bound); /* "program", "factory", "reaction", "data-block" */

typedef struct qn_estimate_factory {
    double copies;
    double physical_qubits;                /* of one copy */
    double duration_s;                     /* of one run of one copy */
    double duration_ns;                    /* the same, whole where the platform's times are */
    double outputs;                        /* magic states of one run */
    double output_error;                   /* of one magic state */
    uint32_t rounds;                       /* 0: no factory is needed */
    uint32_t distances[QN_FACTORY_ROUNDS]; /* code distance of each round; 1: on physical qubits */
    double units[QN_FACTORY_ROUNDS];       /* copies of the unit side by side in each round */
    char names[QN_FACTORY_ROUNDS][32];     /* of the units: rows of data/factories.tsv */
} qn_estimate_factory;

typedef struct qn_estimate_result {
    uint32_t size;
    qn_estimate_model model;
    double physical_qubits, physical_qubits_data, physical_qubits_factories;
    double runtime_s;
    double runtime_ns;     /* the same, whole where the platform's times are */
    double cycle_s;        /* A: one logical cycle (d rounds); B: one round */
    double logical_cycles; /* A: of the program, lengthened when the factories need it; B: rounds of the run */
    uint32_t code_distance;
    double logical_qubits; /* tiles of the layout */
    double magic_states;   /* A: T states; B: CCZ states */
    double t_per_rotation;
    double failure_probability; /* of the run, by the model; at most the budget */
    double budget_logical, budget_magic, budget_rotations;
    double rqops; /* reliable logical operations a second: tiles / logical cycle time */
    qn_estimate_bound bound;
    double factory_bound_s, reaction_bound_s, program_bound_s; /* what the run would take by each alone */
    qn_estimate_factory factory;
} qn_estimate_result;

/** Price counts. QN_ERR_NAME: unknown row, with the nearest one. QN_ERR_RANGE: an impossible option, an error rate at
 * or above the code's threshold, counts that no code distance of the model reaches, limits that cannot be kept; the
 * message says which. `out` needs no initial value. */
QN_API QN_MUST_USE qn_status qn_estimate_run(const qn_advice *advice, const qn_logical_counts *counts,
                                             const qn_estimate_options *options, qn_estimate_result *out);

/** The trade of qubits against time, from one factory to as many as help; points in the order of growing qubits, none
 * worse in both. */
typedef struct qn_estimate_front {
    size_t count;
    qn_estimate_result *points;
} qn_estimate_front;
QN_API QN_MUST_USE qn_status qn_estimate_front_run(const qn_advice *advice, const qn_logical_counts *counts,
                                                   const qn_estimate_options *options, qn_estimate_front *out);
QN_API void qn_estimate_front_clear(qn_estimate_front *front);

/** The price by a stack: a row of data/stacks.tsv. Which stack is chosen moves physical qubits by one to two and a half
 * decades, so a price should be quoted with all of them. */
typedef struct qn_estimate_stack {
    double physical_qubits;
    double runtime_s;                            /* 0: nothing published to scale */
    double failure_probability;                  /* 0: likewise */
    const char *id, *name, *note, *source, *url; /* of the row; borrowed from the handle */
    bool modelled; /* by options->model; else a published design scaled by logical qubits, good to a factor of three */
} qn_estimate_stack;
/** QN_ERR_NAME: no such stack. QN_ERR_RANGE: as qn_estimate_run; for a scaled design also a platform with more errors
 * than it was published for, or a run longer than its storage lasts. */
QN_API QN_MUST_USE qn_status qn_estimate_stack_run(const qn_advice *advice, const char *stack,
                                                   const qn_logical_counts *counts, const qn_estimate_options *options,
                                                   qn_estimate_stack *out);

/** Litinski's (15-to-1) factory of code distances (dX, dZ, dm), by a density-matrix run of five qubits
 * (arXiv:1905.06903, section 3). The output error is good to about 1e-15. */
typedef struct qn_litinski {
    double output_error, failure_probability;
    double physical_qubits, cycles; /* cycles a T state, failures included */
} qn_litinski;
QN_API QN_MUST_USE qn_status qn_litinski_run(uint32_t dx, uint32_t dz, uint32_t dm, double physical_error,
                                             qn_litinski *out);

QN_END_DECLS
#endif
