/* advise.h: who wins, and when. Takes a ledger that an algorithm filled. */
#ifndef QUERN_ADVISE_H
#define QUERN_ADVISE_H

#include <quern/ledger.h>
#include <quern/machine.h>

QN_BEGIN_DECLS

/** The facts advice rests on: the tables of data/ as they came with the library, with a user's rows over them. Every
 * row names source, address, date and confidence. Read-only after opening, so threads may share it. */
typedef struct qn_advice qn_advice;
typedef struct qn_advice_options {
    uint32_t size;
    const char *folder; /* of NAME.tsv files whose rows replace those of the same id and add others; NULL: none */
} qn_advice_options;
#define QN_ADVICE_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_advice_options), NULL                                                                      \
    }
/** `options` NULL: only what came with the library. QN_ERR_PARSE names file, line and column of a row without source,
 * url, date or tag; QN_ERR_IO when the folder is none. */
QN_API QN_MUST_USE qn_status qn_advice_open(const qn_advice_options *options, qn_advice **out);
QN_API void qn_advice_free(qn_advice *advice);
/** What of the folder was ignored: columns and files that no table knows. NULL behind the last remark; borrowed. */
QN_API const char *qn_advice_remark(const qn_advice *advice, size_t index);
/** Month of the newest built-in row, "YYYY-MM"; borrowed. */
QN_API const char *qn_advice_edition(const qn_advice *advice);
/** How many months that is before the given month; numbers over 12 deserve a warning. */
QN_API int qn_advice_age_months(const qn_advice *advice, int year, int month);
/** Cell of row `index` of data/TABLE.tsv: NULL behind the last row, "" where nothing stands; borrowed. */
QN_API QN_MUST_USE qn_status qn_advice_cell(const qn_advice *advice, const char *table, size_t index,
                                            const char *column, const char **text);

/** What an instance is weighed on. */
typedef struct qn_advise_options {
    uint32_t size;
    const char *hardware;      /* row of data/hardware.tsv: error rate and cycle; NULL: "superconducting" */
    const char *baseline;      /* "cpu", another row of data/classical.tsv, or "cluster:K" (K H200); NULL: "cpu" */
    const qn_machine *machine; /* measured rates of "cpu"; NULL: its row. Borrowed */
    const char *platform;      /* row of data/platforms.tsv for the physical price; NULL: nearest to the hardware row */
    const char *code;          /* row of data/qec.tsv; NULL: the platform's */
    double budget;             /* failure probability of a run, in (0, 1) */
    double deadline_s;         /* an answer later than that is none */
    int year;                  /* a machine must be there by then; 0: any listed era */
    uint32_t samples;          /* of the uncertain inputs; 0: only the two extreme corners */
    uint64_t seed;
    uint32_t curve;     /* points of the curves against size; 0: none. At most 1,000 */
    bool physical;      /* also price by qn_estimate_run, models A and B */
    bool sensitivities; /* also say what each input does to time and crossover */
} qn_advise_options;
#define QN_ADVISE_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_advise_options), NULL, NULL, NULL, NULL, NULL, 0.01, 14 * 86400.0, 0, 0, 42, 0, true, true \
    }

/** A number that may be larger than any double: `value` is NaN then, and where it is unknown; `log10` is NaN for 0 and
 * for unknown. */
typedef struct qn_magnitude {
    double value, log10;
} qn_magnitude;

typedef struct qn_advise_pair {
    const char *key, *value; /* "N", "2^20" */
} qn_advise_pair;

/** By how many percent a time grows when an input grows by one percent. */
typedef struct qn_sensitivity {
    char name[32];
    double quantum, crossover; /* NaN: no crossover */
} qn_sensitivity;

/** An era against the need. */
typedef struct qn_era_fit {
    char name[32];
    double first_year, last_year;
    double qubits[3], operations[3]; /* capacity: pessimistic, central, optimistic */
    bool fits[3];
    bool scenario; /* nobody's announcement reaches this far */
} qn_era_fit;

/** One model's price of one run. */
typedef struct qn_advise_price {
    bool known;
    double physical_qubits, runtime_s;
    uint32_t code_distance;
    char note[256]; /* why there is none; else the model's conditions */
} qn_advise_price;

/** Physical qubits by one fault-tolerance stack (estimate.h): the choice moves them by one to two and a half decades.
 */
typedef struct qn_stack_price {
    char id[32];
    double physical_qubits; /* NaN: this stack has no price for the run */
} qn_stack_price;

enum { QN_ADVISE_SENSITIVITIES = 12, QN_ADVISE_ERAS = 8, QN_ADVISE_STACKS = 6 };

typedef struct qn_advise_result {
    uint32_t size;
    char workload[32];
    qn_verdict verdict;
    char needs[64]; /* with QN_VERDICT_NEEDS_INPUT: the key */
    char **reasons;
    size_t nreasons;
    char **trace; /* formulas with their sources */
    size_t ntrace;
    char loading[320];    /* the line item of data loading; never empty */
    char asymptotic[192]; /* the textbook speed-up: not a forecast */
    char size_name[32];   /* what `problem_size` and the crossover count; "" none */
    qn_magnitude problem_size;

    struct {
        qn_magnitude qubits, t_count, toffoli_count, queries, depth; /* of one run */
        qn_magnitude repetitions;                                    /* runs for the answer */
    } logical;
    struct {
        qn_magnitude toffoli, t_count, bits, data_bytes; /* T gates beside those of the Toffolis */
        qn_magnitude circuit_seconds, bandwidth_seconds; /* of the whole answer */
    } loading_cost;
    struct {
        char method[256];
        char baseline[128];
        bool measured; /* rates measured on this machine */
        qn_magnitude seconds;
    } classical;
    struct {
        qn_magnitude central;       /* every input at its middle: what the verdict rests on */
        qn_magnitude p10, p50, p90; /* of the samples; else the two corners and the centre */
        bool sampled;
    } quantum_seconds;
    struct {
        bool defined; /* the workload has a size to cross over in */
        bool exists;  /* below the largest size looked at */
        qn_magnitude largest;
        qn_magnitude crossing_size, seconds; /* central */
        qn_magnitude size_p10, size_p90, seconds_p10, seconds_p90;
        double share;                             /* of samples that cross at all; NaN: not sampled */
        qn_magnitude closed_size, closed_seconds; /* (tQ/tC)^(1/(d-1)) quantum calls, arXiv:2011.04149 */
    } crossover;
    char
        era[64]; /* the first whose central capacity holds one run; "none"; "unknown" while the gates are but a bound */
    uint32_t neras;
    qn_era_fit eras[QN_ADVISE_ERAS];
    double probability_by_year; /* that a machine of the era is there by options.year; NaN: no year or no era */
    double toffoli_seconds;     /* central */
    char bound[16];             /* what sets the time: "factory", "reaction", "data-block" */
    qn_advise_price price_a, price_b;
    uint32_t nstacks;
    qn_stack_price stacks[QN_ADVISE_STACKS];
    uint32_t nsensitivities;
    qn_sensitivity sensitivities[QN_ADVISE_SENSITIVITIES];
    size_t curve; /* points; the arrays are log-spaced in size, NaN where a double does not reach */
    double *curve_size, *curve_classical, *curve_quantum, *curve_low, *curve_high;
} qn_advise_result;

/** Weigh one workload. `pairs` sets its keys, the others have defaults. A required key that is missing gives the
 * verdict needs-input, not an error. QN_ERR_NAME: unknown workload, key, word or row, with the nearest and the valid
 * ones; QN_ERR_RANGE: an impossible value; QN_ERR_ARGUMENT: no number, or a key twice. Clear the result. */
QN_API QN_MUST_USE qn_status qn_advise_workload(const qn_advice *advice, const char *workload,
                                                const qn_advise_pair *pairs, size_t npairs,
                                                const qn_advise_options *options, qn_advise_result *out);
QN_API void qn_advise_result_clear(qn_advise_result *result);

/** The workloads and their keys, for help and completion. NULL behind the last. */
typedef struct qn_workload_key {
    const char *name, *unit, *fallback, *choices, *help; /* fallback NULL: required; "": unknown */
} qn_workload_key;
QN_API const char *qn_workload_name(size_t index);
QN_API const char *qn_workload_summary(size_t index);
/** Keys of the workload, then those common to all. False behind the last. `fallback` may be a row of
 * data/algorithms.tsv, written "@id". */
QN_API bool qn_workload_key_at(size_t workload, size_t index, qn_workload_key *out);

/** A dated promise of a maker, with the slip of its record. */
typedef struct qn_milestone {
    const char *vendor, *name, *note;     /* "IBM", "Starling", what became of it; borrowed */
    double promised;                      /* year */
    double slip[3];                       /* years late: least, central, most */
    double logical, operations, physical; /* NaN: not said */
} qn_milestone;
/** Row `index` of data/roadmap.tsv; *there is false behind the last. */
QN_API QN_MUST_USE qn_status qn_milestone_at(const qn_advice *advice, size_t index, qn_milestone *out, bool *there);

/** A row of the article's table or timeline, judged: data/verdicts.tsv names the claim and the instance, the verdict
 * and the numbers are computed. */
typedef struct qn_article_row {
    const char *id, *kind; /* kind: "table", "timeline" (both are weighed), "claim" (a number is computed) */
    const char *claim, *workload, *arguments, *formula, *expected, *comment, *source, *url;
    double claimed_from, claimed_to; /* years; NaN: none */
    double claimed;                  /* number of a claim; NaN: none */
} qn_article_row;
QN_API size_t qn_article_count(const qn_advice *advice);
QN_API QN_MUST_USE qn_status qn_article_at(const qn_advice *advice, size_t index, qn_article_row *out);
/** Weigh the row's instance; rows without a workload have none (QN_ERR_ARGUMENT). */
QN_API QN_MUST_USE qn_status qn_article_weigh(const qn_advice *advice, const qn_article_row *row,
                                              const qn_advise_options *options, qn_advise_result *out);

/** Compute the number of a row of kind "claim", with a sentence on how. */
QN_API QN_MUST_USE qn_status qn_article_compute(const qn_advice *advice, const qn_article_row *row, char *finding,
                                                size_t capacity, double *value);

/** One published number beside ours. Texts are borrowed from the handle. */
typedef enum qn_selftest_state {
    QN_SELFTEST_PASS = 0, /* within the row's tolerance */
    QN_SELFTEST_FAIL = 1,
    QN_SELFTEST_FACT = 2, /* cited, with nothing to compute */
    QN_SELFTEST_OPEN = 3  /* nothing here computes this kind of row */
} qn_selftest_state;
enum { QN_SELFTEST_TEXT = 160 };
typedef struct qn_selftest_row {
    const char *id, *kind, *tolerance, *source, *url, *note;
    char tag;                      /* confidence of the row's source */
    char quantity[32];             /* which of the row's numbers */
    double ours, published, ratio; /* NaN where there is none */
    qn_selftest_state state;
    char message[QN_SELFTEST_TEXT]; /* why nothing was computed, or "" */
} qn_selftest_row;
/** Compute every row of data/reference.tsv. A row that does not agree is a result, not an error. Free with
 * qn_selftest_free, before the handle. */
QN_API QN_MUST_USE qn_status qn_advise_selftest(const qn_advice *advice, qn_selftest_row **rows, size_t *count);
QN_API void qn_selftest_free(qn_selftest_row *rows);

/** Judge a filled ledger with the built-in tables and a lower bound on everything that is unknown: adds price, era,
 * crossover, verdict and reasons. Never improves on what is unknown: missing inputs give "needs-input" and say which.
 */
QN_API void qn_advise(qn_ledger *ledger);
/** The same with a user's tables and options (baseline and machine do not matter: the ledger holds the rival's time).
 */
QN_API QN_MUST_USE qn_status qn_advise_with(const qn_advice *advice, const qn_advise_options *options,
                                            qn_ledger *ledger);

QN_END_DECLS
#endif
