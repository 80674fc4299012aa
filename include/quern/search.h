/* search.h: amplitude amplification over items that an oracle marks: Grover's algorithm and its relatives.
 *
 * Three tiers compute the same amplitudes: GATE runs the compiled circuit on a state vector, ancillas and uncomputation
 * included; OPERATOR applies the two reflections to the vector of all items; SPECTRAL turns a vector of two numbers, as
 * the whole algorithm stays in the plane of the marked and the unmarked items. Tests hold them equal to 1e-10. */
#ifndef QUERN_SEARCH_H
#define QUERN_SEARCH_H

#include <quern/array.h>
#include <quern/circuit.h>
#include <quern/cnf.h>
#include <quern/context.h>
#include <quern/formula.h>
#include <quern/ledger.h>

QN_BEGIN_DECLS

/* ---- what is searched for ---- */

/** Items 0 .. items-1 and which of them are marked. Immutable; may be shared between threads. */
typedef struct qn_oracle qn_oracle;

/** Assignments that satisfy a formula: bit v-1 of an item is variable v. Up to 30 variables all assignments are tried
 *  (64 at once); up to 62 the solutions are enumerated by qn_cnf_solve, which must be no more than 2^20.
 *  Errors: QN_ERR_TOO_LARGE (more variables, more solutions, or more branches than `budget`; 0: 10^8),
 *  QN_ERR_INTERRUPTED, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_oracle_from_cnf(const qn_context *context, const qn_cnf *cnf, uint64_t budget,
                                                qn_oracle **out);
/** Items by their truth values; 1 .. 2^34 of them. */
QN_API QN_MUST_USE qn_status qn_oracle_from_table(const qn_context *context, const bool *marked, uint64_t items,
                                                  qn_oracle **out);
/** Items whose code in a table compares with a constant: marked when codes[i] >= least and codes[i] <= most. Compiled
 *  through a table lookup (QROM) and comparators. Codes have `code_bits` bits, 1..31; `items` 1 .. 2^24. */
QN_API QN_MUST_USE qn_status qn_oracle_from_codes(const qn_context *context, const uint32_t *codes, uint64_t items,
                                                  uint32_t code_bits, uint32_t least, uint32_t most, qn_oracle **out);
/** The oracle of a threshold search: items whose code lies below `threshold`, but for those with one of the
 *  `excluded_count` codes in `excluded`. Compiled as above; every excluded code is one more pattern of the code's
 *  qubits. */
QN_API QN_MUST_USE qn_status qn_oracle_below(const qn_context *context, const uint32_t *codes, uint64_t items,
                                             uint32_t code_bits, uint32_t threshold, const uint32_t *excluded,
                                             size_t excluded_count, qn_oracle **out);
/** Rows of a table for which a predicate on its columns is true; at most 2^24 rows of real numbers.
 *
 *  When it depends on one column and the rows it marks are those of a range of values, codes are the ranks of the
 * values, which keep their order, and the circuit compares them: `compared`. Any other predicate is evaluated while the
 * lookup table is made, whose codes then are its truth values: one bit a row. */
typedef struct qn_predicate_info {
    bool compared;
    size_t column;    /* when compared */
    double low, high; /* least and largest value that is marked, when compared and any is */
    size_t distinct;  /* values, when compared */
    double seconds;   /* of evaluating the predicate once a row, measured: a classical scan with any predicate */
} qn_predicate_info;
QN_API QN_MUST_USE qn_status qn_oracle_from_predicate(const qn_context *context, const qn_array *table,
                                                      const qn_formula *predicate, qn_predicate_info *info,
                                                      qn_oracle **out);
QN_API void qn_oracle_free(qn_oracle *oracle);
QN_API uint64_t qn_oracle_items(const qn_oracle *oracle);
QN_API uint32_t qn_oracle_bits(const qn_oracle *oracle);             /* of an item: ceil(log2(items)), at least 1 */
QN_API uint64_t qn_oracle_count(const qn_oracle *oracle);            /* of marked items */
QN_API bool qn_oracle_marks(const qn_oracle *oracle, uint64_t item); /* false from `items` on */
/** The k-th marked item in rising order; k below the count. */
QN_API uint64_t qn_oracle_solution(const qn_oracle *oracle, uint64_t k);

/** How an oracle becomes a circuit.
 *  CLAUSES: an ancilla for each clause, the phase when all are met. COUNTER: violated clauses are counted in
 *  ceil(log2(m + 1)) qubits, with one more for the clause at hand: fewer qubits, more gates. MINTERMS: one
 *  multiply-controlled phase for each marked item. LOOKUP: codes loaded by unary iteration, compared, unloaded. */
typedef enum qn_oracle_layout {
    QN_ORACLE_AUTO = 0, /* the fewest Toffoli gates among what fits `most_qubits` */
    QN_ORACLE_CLAUSES = 1,
    QN_ORACLE_COUNTER = 2,
    QN_ORACLE_MINTERMS = 3,
    QN_ORACLE_LOOKUP = 4
} qn_oracle_layout;
QN_API const char *qn_oracle_layout_name(qn_oracle_layout layout);

/** Qubits and Toffoli gates of one call, by formula (tests hold them against qn_circuit_count of the circuit). */
typedef struct qn_oracle_cost {
    qn_oracle_layout layout; /* what AUTO became */
    uint32_t qubits;         /* item and ancillas, those of wide gates (AND ladders) not included */
    uint32_t ladder;         /* ancillas that the widest gate's AND ladder takes */
    double toffoli;          /* 2 k - 3 for an X under k >= 3 controls, 1 under 2 */
    double loading;          /* of them: Toffoli gates that load data */
} qn_oracle_cost;
/** QN_ERR_UNSUPPORTED when the layout is not one of this oracle's, QN_ERR_TOO_LARGE when no layout has so few qubits.
 */
QN_API QN_MUST_USE qn_status qn_oracle_price(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits,
                                             qn_oracle_cost *out);
/** The circuit of the phase oracle: items on qubits 0 .. bits-1, clean ancillas above, marked items get the phase of
 *  `phase` (a constant, or a symbol by its name; NULL: Z, a phase of pi). */
QN_API QN_MUST_USE qn_status qn_oracle_compile(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits,
                                               const char *phase_symbol, qn_circuit **out);
/** One step of the search, G = -(1 - (1 - e^{i alpha})|s><s|)(1 - (1 - e^{i beta}) M), items rounded up to 2^bits.
 *  `phased`: symbols "alpha" and "beta"; else both are pi (Grover's). */
QN_API QN_MUST_USE qn_status qn_search_compile(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits,
                                               bool phased, qn_circuit **out);
/** W, then `rounds` times -W R W^-1 R with R = 1 - 2 |0..0><0..0| on the first `ancillas` qubits: oblivious amplitude
 *  amplification. When the ancillas' amplitude of 0 is 1/2 whatever the input, one round makes it 1 (Berry, Childs,
 *  Cleve, Kothari, Somma, STOC 2014, arXiv:1312.1414). */
QN_API QN_MUST_USE qn_status qn_search_oblivious(const qn_circuit *w, uint32_t ancillas, uint32_t rounds,
                                                 qn_circuit **out);

/* ---- closed forms ---- */

/** asin(sqrt(marked / items)). */
QN_API double qn_search_angle(double items, double marked);
/** floor(pi / (4 theta)), the number of steps with the highest success; 0 when nothing is marked. */
QN_API uint64_t qn_search_steps(double items, double marked);
/** sin^2((2 steps + 1) theta). */
QN_API double qn_search_success(double items, double marked, uint64_t steps);
/** Long's exact search (arXiv:quant-ph/0106071): steps and the phase of both reflections that make success certain.
 *  `marked` must be known and positive. */
QN_API void qn_search_exact(double items, double marked, uint64_t *steps, double *phase);
/** Fixed-point search (Yoder, Low, Chuang, PRL 113, 210501, arXiv:1409.3305): (length - 1) / 2 steps with phases
 *  alpha[j], beta[j]; success at least 1 - delta^2 once length >= ln(2 / delta) / sqrt(marked / items). length odd. */
QN_API void qn_search_fixed_point(uint64_t length, double delta, double *alpha, double *beta);
/** Its success, 1 - delta^2 T_L(T_{1/L}(1 / delta) sqrt(1 - fraction))^2. */
QN_API double qn_search_fixed_point_success(uint64_t length, double delta, double fraction);
/** The least odd length that is sure to reach 1 - delta^2 for this fraction of marked items. */
QN_API uint64_t qn_search_fixed_point_length(double delta, double fraction);

/* ---- running it ---- */

typedef enum qn_search_method {
    QN_SEARCH_AUTO = 0,        /* BBHT: nobody knows the number of solutions beforehand */
    QN_SEARCH_GROVER = 1,      /* floor(pi/4 theta) steps; the number of solutions must be known */
    QN_SEARCH_BBHT = 2,        /* unknown number: Boyer, Brassard, Hoyer, Tapp, arXiv:quant-ph/9605034 */
    QN_SEARCH_EXACT = 3,       /* Long: known number, no failures */
    QN_SEARCH_FIXED_POINT = 4, /* known lower bound on the number */
    QN_SEARCH_COUNTING = 5,    /* how many are marked: Brassard, Hoyer, Tapp, arXiv:quant-ph/9805082 */
    QN_SEARCH_MINIMUM = 6,     /* qn_search_minimum */
    QN_SEARCH_PARTIAL = 7      /* only the first bits of the item: Grover, Radhakrishnan, arXiv:quant-ph/0407122 */
} qn_search_method;
typedef enum qn_search_tier {
    QN_SEARCH_TIER_AUTO = 0,
    QN_SEARCH_TIER_GATE = 1,
    QN_SEARCH_TIER_OPERATOR = 2,
    QN_SEARCH_TIER_SPECTRAL = 3
} qn_search_tier;
QN_API const char *qn_search_method_name(qn_search_method method); /* "grover", "fixed-point", ... */
QN_API const char *qn_search_tier_name(qn_search_tier tier);       /* "gate", "operator", "spectral" */

typedef struct qn_search_options {
    uint32_t size;
    qn_search_method method;
    qn_search_tier tier;
    qn_oracle_layout layout;
    uint64_t solutions;   /* how many different marked items to look for; 1 by default */
    uint64_t steps;       /* GROVER: 0 for the best number. COUNTING: calls in all, rounded up to 2^t - 1; 0:
                             16 sqrt(N), an error of at most 0.4 sqrt(t) + 0.04 items when t are marked, or 2^16 */
    double delta;         /* FIXED_POINT: failure is at most delta^2; 0: 0.1 */
    double failure;       /* probability with which a search may overlook a solution; 0: 1e-6 */
    uint32_t gate_qubits; /* most qubits of the GATE tier; 0: 24 */
    double auto_seconds;  /* AUTO takes a dearer tier when its estimated time is below; 0: 2 */
    uint64_t seed;
} qn_search_options;
#define QN_SEARCH_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_search_options), QN_SEARCH_AUTO, QN_SEARCH_TIER_AUTO, QN_ORACLE_AUTO, 1, 0, 0.0, 0.0, 0,   \
            0.0, 1                                                                                                     \
    }

enum { QN_SEARCH_NOTE = 320 }; /* characters of a remark on the tier */
/** Owned by the caller; qn_search_result_free. */
typedef struct qn_search_result {
    uint64_t *found; /* marked items in the order they were measured, each checked; up to options.solutions */
    size_t count;
    bool exhausted; /* fewer were found than asked for, and the rounds were enough to say that there are no more */
    double
        confidence; /* of "no more", at least; 1 - failure^... of the rounds that found nothing; 0 when not claimed */
    bool interrupted;
    qn_search_method method;
    qn_search_tier tier;
    char tier_note[QN_SEARCH_NOTE]; /* which tier, why, and what the next one would need */
    uint64_t space;                 /* items searched over: 2^bits at gate level, else `items` */
    uint64_t queries;               /* oracle calls of all runs, those that verify measured items included */
    uint64_t steps, runs;           /* steps of the last run; runs (measurements) in all */
    double success;                 /* of the last run, computed from its amplitudes */
    double estimate, low, high;     /* COUNTING: of the number of marked items, bounds with probability >= 8/pi^2 */
    qn_oracle_cost oracle;          /* one call */
    double seconds, bytes;
} qn_search_result;

/** Search. Errors: QN_ERR_ARGUMENT (options), QN_ERR_RANGE (GROVER, EXACT or FIXED_POINT when nothing is marked: they
 *  must know the number; use BBHT), QN_ERR_TOO_LARGE (a tier that was asked for does not fit), QN_ERR_MEMORY.
 *  Interruption is no error: what was found stays, `interrupted` is set. */
QN_API QN_MUST_USE qn_status qn_search_run(qn_context *context, const qn_oracle *oracle,
                                           const qn_search_options *options, qn_search_result **out);
QN_API void qn_search_result_free(qn_search_result *result);
/** Probability of a marked item after 0 .. points-1 steps of Grover's search, at a tier (GATE: qubits as in options).
 */
QN_API QN_MUST_USE qn_status qn_search_curve(qn_context *context, const qn_oracle *oracle,
                                             const qn_search_options *options, size_t points, double *success);
/** The state after the given steps: amplitudes[2 * i], [2 * i + 1] of items 0 .. space-1. `alpha`, `beta` NULL: all pi.
 *  `space` is 2^bits for GATE, the number of items else. For tests and pictures. */
QN_API QN_MUST_USE qn_status qn_search_state(qn_context *context, const qn_oracle *oracle,
                                             const qn_search_options *options, const double *alpha, const double *beta,
                                             uint64_t steps, double *amplitudes);

/** The k smallest of some values (their indices, rising), by Durr and Hoyer's threshold search (arXiv:quant-ph/9607014)
 *  and for k > 1 Durr, Heiligman, Hoyer, Mhalla (arXiv:quant-ph/0401091). It stops when a search below the threshold
 *  found nothing in so many rounds that it overlooked something with probability `failure` at most.
 *
 *  GATE compiles qn_oracle_below anew for every threshold, OPERATOR reflects the vector of all values, SPECTRAL needs
 *  only how many values lie below. Codes are the values' ranks, equal values by their index: a comparison reads nothing
 *  but the order, and codes of log2 N bits keep the simulated register small. */
typedef struct qn_minimum_options {
    uint32_t size;
    uint64_t k;           /* how many; 1 by default */
    double failure;       /* 0: 1e-6 */
    qn_search_tier tier;  /* AUTO: the dearest one whose estimated time is below auto_seconds */
    uint32_t gate_qubits; /* most qubits of the GATE tier; 0: 24 */
    double auto_seconds;  /* 0: 2 */
    uint64_t seed;
} qn_minimum_options;
#define QN_MINIMUM_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_minimum_options), 1, 0.0, QN_SEARCH_TIER_AUTO, 0, 0.0, 1                                   \
    }
/** Gates of all runs together, counted on the compiled circuits (GATE tier only). */
typedef struct qn_minimum_cost {
    bool counted;
    uint32_t qubits;                                        /* ancillas of wide gates included */
    double gates, cx, depth, cx_depth, toffoli, t, loading; /* loading: Toffoli gates of the lookups */
} qn_minimum_cost;
typedef struct qn_minimum_result {
    uint64_t *found; /* indices, by rising value */
    size_t count;
    uint64_t queries;         /* oracle calls until the procedure stopped */
    uint64_t queries_to_best; /* until the answer was reached for the first time (only a simulation can know) */
    uint64_t runs;            /* searches, the last one in vain */
    double confidence;        /* that these are the smallest: 1 - failure; 0 when interrupted */
    bool interrupted;         /* these are the smallest seen so far */
    qn_search_tier tier;
    char tier_note[QN_SEARCH_NOTE];
    qn_minimum_cost cost;
    double seconds;
} qn_minimum_result;
/** Errors: QN_ERR_NAN (a value that is not a number), QN_ERR_RANGE, QN_ERR_TOO_LARGE (a tier that was asked for does
 * not fit; over 2^28 values, 2^24 but for SPECTRAL), QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_search_minimum_run(qn_context *context, const double *values, uint64_t items,
                                                   const qn_minimum_options *options, qn_minimum_result **out);
/** The same at the SPECTRAL tier. */
QN_API QN_MUST_USE qn_status qn_search_minimum(const double *values, uint64_t items, uint64_t k, double failure,
                                               uint64_t seed, qn_minimum_result **out);
QN_API void qn_minimum_result_free(qn_minimum_result *result);
/** Oracle calls (steps, and one to verify each measured value) of one threshold search that ends at the smallest of
 * `items` distinct values, drawn with (seed, stream): the random experiment behind the means in docs/search.md. */
QN_API uint64_t qn_search_minimum_draw(uint64_t items, uint64_t seed, uint64_t stream);
/** Oracle calls of one BBHT search, likewise. */
QN_API uint64_t qn_search_bbht_draw(uint64_t items, uint64_t marked, uint64_t seed, uint64_t stream);

/** Partial search: which of 2^block_bits blocks holds the one marked item. Steps in all, and the success probability.
 */
QN_API void qn_search_partial(double items, double blocks, uint64_t *global_steps, uint64_t *local_steps,
                              double *success);

/* ---- counting ---- */

/** Clock qubits of counting under these options: 2^bits - 1 calls are at least `steps`, by default 16 sqrt(N): an error
 * of at most 0.4 sqrt(t) + 0.04 items when t are marked; at most 2^16. */
QN_API uint32_t qn_search_counting_bits(const qn_oracle *oracle, const qn_search_options *options);
/** Phase estimation of the search's step as one circuit: items on qubits 0 .., the oracle's ancillas, then the clock of
 *  1 to 16 qubits, least significant first; 2^bits - 1 steps of which the two phases are controlled. When the clock
 *  shows y, 2^item bits sin^2(pi y / 2^bits) items are marked, about. QN_ERR_TOO_LARGE over `most_qubits`. */
QN_API QN_MUST_USE qn_status qn_search_counting_compile(const qn_oracle *oracle, qn_oracle_layout layout,
                                                        uint32_t most_qubits, uint32_t bits, qn_circuit **out);
/** Probability of each of the 2^bits outcomes (bits 1 .. 20), at the options' tier: GATE runs that circuit (its space
 * is 2^item bits), OPERATOR takes the overlaps of the vector's powers with the start, SPECTRAL is closed form (AUTO
 * too). QN_ERR_INTERRUPTED. */
QN_API QN_MUST_USE qn_status qn_search_counting_distribution(qn_context *context, const qn_oracle *oracle,
                                                             const qn_search_options *options, uint32_t bits,
                                                             double *probability);

/* ---- rivals and the bill ---- */

/** A complete solver (DPLL with unit propagation): the classical rival for formulas. */
typedef struct qn_cnf_answer {
    bool satisfiable, complete; /* complete: false when `budget` or an interruption ended it */
    bool *values;               /* variables entries, of a solution; NULL without one */
    uint64_t branches, propagations;
    double seconds;
} qn_cnf_answer;
QN_API QN_MUST_USE qn_status qn_cnf_solve(const qn_context *context, const qn_cnf *cnf, uint64_t budget,
                                          qn_cnf_answer **out);
QN_API void qn_cnf_answer_free(qn_cnf_answer *answer);

/** Rival of table searches, measured: seconds of one scan over `values` for values[i] in [low, high], repeated until
 * the clock can tell, and of one probe of a hash table of them (built before the clock starts). */
QN_API QN_MUST_USE qn_status qn_search_scan(const double *values, uint64_t items, double low, double high,
                                            uint64_t *matches, double *scan_seconds, double *probe_seconds);

/** The k smallest by one pass with a heap of k: the rival of qn_search_minimum, measured. `found` has room for k. */
QN_API QN_MUST_USE qn_status qn_search_scan_smallest(const double *values, uint64_t items, uint64_t k, uint64_t *found,
                                                     double *seconds);

/** Fill a ledger (workload "search") from a minimum: one run of those that it took, counted on the compiled circuits
 *  when it ran at the GATE tier, else one lookup of all items and a comparison of 64 bits a call. */
QN_API QN_MUST_USE qn_status qn_minimum_ledger(uint64_t items, const qn_minimum_result *result, qn_ledger *ledger);
/** Fill a ledger (workload "search") from a run: one run of the whole search counted on the compiled step where it can
 * be built, by formula elsewhere. The caller adds the rival's time. */
QN_API QN_MUST_USE qn_status qn_search_ledger(const qn_oracle *oracle, const qn_search_result *result,
                                              qn_ledger *ledger);

QN_END_DECLS
#endif
