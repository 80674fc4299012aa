/* nas.h: search for architectures and hyperparameters in a table of evaluated configurations.
 *
 * A table says what every configuration scored once trained, so that methods of search can be compared fairly: each may
 * look at so many entries (one look stands for one training run), and what counts is how far the best entry seen is
 * from the best of the table, its regret. Methods that fit a model propose the entry to look at by minimising a
 * pairwise cost function, which is where a quantum solver can stand (qaoa.h); the training runs stay. */
#ifndef QUERN_NAS_H
#define QUERN_NAS_H

#include <quern/context.h>
#include <quern/instance.h>
#include <quern/ledger.h>
#include <quern/problem.h>

QN_BEGIN_DECLS

/** Entries of a table: choices among levels, and a score. All arrays are owned by it but `source`. */
typedef struct qn_nas_table {
    const qn_score_table *source; /* borrowed; names of columns and levels */
    uint32_t choices, target;     /* target: column of the source with the score */
    uint32_t *column;             /* of each choice in the source */
    uint32_t *levels;             /* of each choice */
    size_t entries;
    uint32_t *cell; /* entries x choices */
    double *cost;   /* what is minimised: the score, or minus the score */
    size_t *row;    /* of the source: the first with this configuration */
    bool maximise;
    double space;      /* product of the levels: all configurations, listed or not */
    size_t best;       /* the entry of lowest cost, the first of equals */
    size_t repeats;    /* rows that repeat a configuration; its score is their mean */
    char remark[200];  /* columns left aside, or "" */
    uint64_t *key;     /* rising configuration numbers (mixed radix), and the entries that have them */
    size_t *key_entry; /* entries */
} qn_nas_table;

typedef struct qn_nas_table_options {
    uint32_t size;
    const char *target; /* column of the score; NULL: "mean_acc" of NAS-Bench-Macro, else the last column */
    int sense;          /* +1: larger is better, -1: smaller is better, 0: larger for NAS-Bench-Macro, else smaller */
    const char *const *ignore; /* columns that are neither choices nor the score */
    size_t nignore;
} qn_nas_table_options;
#define QN_NAS_TABLE_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_nas_table_options), NULL, 0, NULL, 0                                                       \
    }

/** Read choices and scores off a table; the instance must outlive it. Columns with one level or more than 64 are no
 * choices (the remark names them). Rows of equal configuration are one entry with their mean score.
 *  Errors: QN_ERR_ARGUMENT (no table; no choices; scores that are words), QN_ERR_PARSE (a score that is no number, with
 * its place in the file), QN_ERR_NAME (column), QN_ERR_TOO_LARGE (more than 2^62 configurations), QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_nas_table_create(const qn_instance *instance, const qn_nas_table_options *options,
                                                 qn_nas_table **out);
QN_API void qn_nas_table_free(qn_nas_table *table);
/** The entry with these levels; false when the table has none. */
QN_API bool qn_nas_table_find(const qn_nas_table *table, const uint32_t *levels, size_t *entry);
/** The score of an entry in the table's own sense. */
QN_API double qn_nas_table_score(const qn_nas_table *table, size_t entry);

typedef enum qn_nas_method {
    QN_NAS_RANDOM = 0,    /* without replacement: the control */
    QN_NAS_LOCAL = 1,     /* first improvement among single changes, random restarts */
    QN_NAS_EVOLUTION = 2, /* regularised evolution (Real et al., arXiv:1802.01548) */
    QN_NAS_TPE = 3,       /* tree-structured Parzen estimator on categories (Bergstra et al., NeurIPS 2011) */
    QN_NAS_EXACT = 4,     /* pairwise model, posterior draw, every unseen entry compared */
    QN_NAS_ANNEAL = 5,    /* the same model as bits, simulated annealing */
    QN_NAS_XY = 6,        /* the same model, QAOA with ring mixers that keep one level a choice */
    QN_NAS_GROVER = 7,    /* the same model, Grover minimum finding over unseen entries by the law of its counts */
    QN_NAS_METHOD_COUNT_
} qn_nas_method;
QN_API const char *qn_nas_method_name(qn_nas_method method); /* "random", "local", …; NULL behind the last */
QN_API const char *qn_nas_method_text(qn_nas_method method); /* one line */
/** Whether it minimises the model by a (simulated) quantum computer. */
QN_API bool qn_nas_method_is_quantum(qn_nas_method method);

typedef struct qn_nas_options {
    uint32_t size;
    qn_nas_method method;
    uint32_t evaluations; /* of one run; no more than the table has entries */
    uint32_t runs;        /* independent repetitions; run k begins alike for all methods */
    uint32_t initial;     /* random entries before a model or a population; 0: twice the choices, at least 10 */
    qn_encoding encoding; /* ANNEAL: of the model in bits; XY is one-hot always */
    bool mean;            /* models: propose by the posterior mean, not by a draw from the posterior */
    uint32_t layers;      /* XY: 0: 4 */
    uint64_t shots;       /* XY: measurements a proposal; 0: 256 */
    uint64_t seed;
    const char *checkpoint; /* path; NULL: none. Every finished run is logged there; methods may share a file */
    bool resume;            /* continue from the checkpoint when it exists; without, it is never overwritten */
} qn_nas_options;
#define QN_NAS_OPTIONS_INIT                                                                                            \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_nas_options), QN_NAS_RANDOM, 150, 50, 0, QN_ENCODING_DOMAIN_WALL, false, 0, 0, 42, NULL,   \
            false                                                                                                      \
    }

typedef struct qn_nas_result {
    qn_nas_method method;
    uint32_t evaluations, runs; /* runs: those that were finished */
    uint32_t replayed;          /* runs taken from the checkpoint */
    double *regret;             /* runs x evaluations: of the best entry so far */
    double *mean, *low, *high;  /* evaluations: over the runs, with the 95 % bootstrap interval of the mean */
    size_t best;                /* the best entry that any run saw */
    uint32_t reached;           /* runs that saw the table's best */
    double to_best;             /* mean evaluations until then, of those runs; NaN: none */
    double proposals;           /* of one run: evaluations that a model proposed */
    double queries;             /* quantum: mean over runs of cost evaluations in superposition; else NaN */
    double seconds;             /* of all runs, wall clock */
    double run_seconds;         /* mean of a run: what the method itself costs without the training */
    bool interrupted;
    qn_ledger circuit; /* models: what one run of the quantum circuit of the first run's last proposal costs; of ring
                          QAOA (if the space has at most 2^16 states) where the method itself is classical */
} qn_nas_result;

/** Repeat the search `runs` times; the same seed gives the same result for any number of threads. Runs in the
 * checkpoint are not repeated; to share it among methods, which must agree in all other options, resume from the second
 * on. Errors: QN_ERR_ARGUMENT, QN_ERR_TOO_LARGE (XY: space of the choices beyond 2^26, or 62 bits), QN_ERR_MEMORY,
 *  QN_ERR_INTERRUPTED when no run was finished, QN_ERR_CHECKPOINT (a file that exists without `resume`, or of another
 *  table or other options), QN_ERR_IO. */
QN_API QN_MUST_USE qn_status qn_nas_search(qn_context *context, const qn_nas_table *table,
                                           const qn_nas_options *options, qn_nas_result **out);
QN_API void qn_nas_result_free(qn_nas_result *result);

/** Of two methods over the same runs: mean difference of the final regrets (a - b) with its 95 % bootstrap interval,
 *  and the two-sided p-value of Wilcoxon's signed-rank test, exact with ties up to 200 differences that are not 0. */
typedef struct qn_nas_comparison {
    double difference, low, high, p_value;
    uint32_t pairs, better, worse; /* runs where a's regret is lower, higher */
} qn_nas_comparison;
QN_API QN_MUST_USE qn_status qn_nas_compare(const qn_nas_result *a, const qn_nas_result *b, uint64_t seed,
                                            qn_nas_comparison *out);
/** Two-sided p-value of the signed-rank test on `count` differences (zeros are left out, ties get mean ranks). */
QN_API QN_MUST_USE qn_status qn_wilcoxon(size_t count, const double *difference, double *p_value);

/** Looking for the best entry of the whole table by Grover minimum finding: calls of an oracle that trains in
 * superposition, measured over random runs, beside the bound 22.5 sqrt(N) on the mean (Durr, Hoyer,
 * arXiv:quant-ph/9607014) and N training runs. */
typedef struct qn_nas_grover {
    double entries, mean, std_error, bound;
} qn_nas_grover;
QN_API void qn_nas_grover_law(const qn_nas_table *table, uint32_t runs, uint64_t seed, qn_nas_grover *out);

QN_END_DECLS
#endif
