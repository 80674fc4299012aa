/* workload.h: a kind of work as data: its keys, what it costs on either side, and what is known against it. */
#ifndef QN_ADVISE_WORKLOAD_H
#define QN_ADVISE_WORKLOAD_H

#include <quern/ledger.h>

#include "advise/lines.h"
#include "advise/pace.h"
#include "advise/rival.h"

/* How a key's text is read. */
typedef enum qn__key_kind {
    QN__KEY_NUMBER,  /* 2^20, 1e6, 25k, 5% */
    QN__KEY_SECONDS, /* 10ns, 14d; a bare number is seconds */
    QN__KEY_CHOICE,  /* one word of `choices`; its value is the word's place */
    QN__KEY_PRESET   /* id of a row of data/presets.tsv of this workload; its value is the row's place */
} qn__key_kind;

typedef struct qn__key {
    const char *name, *unit;
    qn__key_kind kind;
    const char *fallback; /* NULL: required; "?": unknown, which the workload deals with; "@ID": row of
                           * data/algorithms.tsv, whose low and high value span the uncertainty */
    const char *choices;  /* "a|b|c" */
    double least, most;   /* NUMBER and SECONDS; `least` itself is not allowed when `above` */
    bool above;
    const char *help;
} qn__key;

enum { QN__KEYS = 32, QN__METHOD_TEXT = 256, QN__LOADING_TEXT = 320 };

/* Degree of a speed-up that grows faster than any power. */
#define QN__SUPERPOLYNOMIAL 1000.0

typedef struct qn__workload qn__workload;

/* One instance: values of the keys, unknown ones NaN, and what everything runs on. */
typedef struct qn__case {
    const qn__workload *workload;
    const qn_advice *advice;
    qn__count value[QN__KEYS];
    bool given[QN__KEYS];
    const struct qn__preset *preset; /* NULL: none */
    qn__rival rival;
    qn__pace pace;
    qn__count oracle_factor; /* sampled: gates of an unwritten circuit against the estimate */
    qn__count io_bits_s;     /* classical control data a second into the quantum machine */
    qn__count deadline_s;
} qn__case;

/* The bill of one case. A run is one execution of the whole circuit. */
typedef struct qn__bill {
    qn__count qubits, toffoli, t, depth, queries; /* of one run */
    qn__count repetitions;                        /* runs for the answer asked for */
    qn__count loading_toffoli, loading_t;         /* the part of them that loads data */
    qn__count loading_bits;                       /* classical data streamed in a run, every use counted */
    qn__count readout_s;                          /* reading the answer out, where that is an item of its own */
    qn__count data_bytes;
    qn__count classical_s; /* NaN: unknown */
    char classical_method[QN__METHOD_TEXT];
    double degree;   /* proven: 2 quadratic, QN__SUPERPOLYNOMIAL, 0 none */
    bool comparable; /* nothing is proven, yet both times are of the same task, so that a crossover means something */
    qn__count classical_calls;      /* for the closed form of the crossover; 0: none */
    char loading[QN__LOADING_TEXT]; /* the line item; written when the trace is */
} qn__bill;

/* What is known about a case beside its numbers. */
typedef struct qn__opinion {
    qn_verdict verdict; /* UNKNOWN: the numbers decide */
    bool unproven;      /* whatever the numbers say, nothing is proven: they can decide against it only */
    char needs[64];     /* key of a precondition that nobody stated; "" none */
    const char *needs_help;
    bool bound; /* the gates are bounds from below until `needs` is known */
    qn__lines *reasons;
    const char *asymptotic; /* the textbook claim, for the field that is no forecast */
} qn__opinion;

struct qn__workload {
    const char *name, *summary, *size_name; /* size_name NULL: no size to cross over in */
    const qn__key *keys;
    size_t nkeys;
    size_t size_key;
    bool size_inverse; /* size = 1 / value */
    qn__count largest; /* of the size, for the search of a crossover */
    /* The bill at the case's values; formulas with their sources go to `trace` when it is not NULL. */
    void (*price)(const qn__case *, qn__bill *, qn__lines *trace);
    void (*judge)(const qn__case *, const qn__bill *, qn__opinion *);
    /* After reading: keys that stand for each other. The key that is missing, or NULL. May be NULL itself. */
    const qn__key *(*settle)(qn__case *);
    /* After that: values that are possible each, yet not together. May be NULL itself. */
    qn_status (*check)(const qn__case *);
};

typedef struct qn__preset {
    const char *id, *name, *classical_method, *note, *source, *url;
    qn__count qubits, toffoli, t, depth, lambda, step_toffoli, classical_s; /* NaN: not published */
    bool disputed;
} qn__preset;

#define QN_WORKLOAD(name) extern const qn__workload qn__workload_##name;
#include "advise/workloads.def"
#undef QN_WORKLOAD

size_t qn__workload_count(void);
const qn__workload *qn__workload_at(size_t index);

/* Of a key's words by its value; "" when unknown. */
const char *qn__choice_word(const qn__key *key, qn__count value, char *buffer, size_t capacity);

/* What every price writes when there is nothing to load. */
void qn__no_loading(qn__bill *bill, const char *why);
/* A preset's gates as published: Toffolis and T gates; where neither is known what its depth says at the least; with
 * the case's factor, times `scale`. */
void qn__preset_gates(const qn__case *c, qn__count scale, qn__bill *bill);
/* Gates of one kind from a circuit that is not written yet, with the case's factor. */
qn__count qn__estimated(const qn__case *c, qn__count gates);

#endif
