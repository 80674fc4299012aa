/* ledger.h: the bill that comes with every answer.
 *
 * Plain data. An algorithm fills what it measured or counted; advise.h adds price, crossover, era and verdict. A field
 * nobody filled is unknown (QN_SOURCE_UNKNOWN), never zero. */
#ifndef QUERN_LEDGER_H
#define QUERN_LEDGER_H

#include <quern/status.h>

QN_BEGIN_DECLS

/** Where a number comes from. */
typedef enum qn_source {
    QN_SOURCE_UNKNOWN = 0,
    QN_SOURCE_EXACT = 1,    /* computed to rounding */
    QN_SOURCE_COUNTED = 2,  /* counted on the object itself: gates, terms, calls */
    QN_SOURCE_MEASURED = 3, /* a clock or a meter on this machine */
    QN_SOURCE_SAMPLED = 4,  /* a statistical estimate */
    QN_SOURCE_MODELLED = 5  /* from a cost model and its constants */
} qn_source;
QN_API const char *qn_source_name(qn_source source); /* "unknown", "exact", … */

typedef struct qn_quantity {
    double value;
    qn_source source;
} qn_quantity;

typedef enum qn_verdict {
    QN_VERDICT_UNKNOWN = 0,
#define QN_VERDICT(name, key, text) QN_VERDICT_##name,
#include <quern/verdicts.def>
#undef QN_VERDICT
    QN_VERDICT_COUNT_
} qn_verdict;
QN_API const char *qn_verdict_key(qn_verdict verdict);  /* "no-advantage-classical", … */
QN_API const char *qn_verdict_text(qn_verdict verdict); /* one sentence */

enum { QN_LEDGER_TEXT = 128, QN_LEDGER_REASONS = 8, QN_LEDGER_REASON_TEXT = 320 };

typedef struct qn_ledger {
    uint32_t size;
    char workload[QN_LEDGER_TEXT]; /* "vqe", … */
    char input[QN_LEDGER_TEXT];    /* what it ran on, for a reader */

    /* the answer */
    char answer_name[QN_LEDGER_TEXT]; /* "ground-state energy" */
    char answer_unit[32];             /* "Hartree", "" */
    qn_quantity answer, answer_error; /* error against the reference below, or the standard error when there is none */
    qn_quantity std_error;            /* statistical part */

    /* the honest classical rival on the same input, on this machine */
    char classical_method[QN_LEDGER_TEXT];
    qn_quantity classical_value, classical_error, classical_seconds;

    /* the size of the input: unknowns, table rows, spins, samples …; what crossover_size counts */
    qn_quantity problem_size;

    /* this run, on the simulator */
    qn_quantity simulator_seconds, evaluations, state_bytes;

    /* the quantum side, of one run of the whole circuit (all its queries included), counted on the circuit, or from
     * formulas that tests hold against counted circuits */
    qn_quantity qubits, gates, two_qubit_gates, depth, two_qubit_depth;
    qn_quantity rotations, t_count, toffoli_count; /* t_count: all T gates, those of the Toffolis and of synthesised
                                                    * rotations included */
    qn_quantity synthesis_error;                   /* per rotation, for t_count */
    qn_quantity queries;                           /* oracle or block-encoding calls */
    qn_quantity success_probability;
    qn_quantity speedup_degree; /* proven: classical calls ~ queries^degree; 2 for Grover. Unknown: none is proven */

    /* data in, data out */
    qn_quantity data_bytes;      /* of classical data that the circuit must read, once; 0: the gates hold it */
    qn_quantity loading_gates;   /* Toffoli gates of all data loading in one run; part of toffoli_count */
    qn_quantity loading_t_count; /* T gates of it, those of these Toffolis and of synthesised rotations included; part
                                  * of t_count. Unknown: no more than the Toffolis have */
    qn_quantity loading_seconds; /* measured: copying the same data in this machine's memory once */
    qn_quantity terms, measured_circuits;          /* observables and groups per evaluation */
    qn_quantity target_precision;                  /* what the next line is for */
    qn_quantity shots_per_evaluation, shots_total; /* on noiseless hardware at that precision; repetitions of the
                                                    * circuit counted above, failures (success_probability) included */

    /* filled by advise */
    qn_quantity quantum_seconds_p10, quantum_seconds_p50, quantum_seconds_p90;
    qn_quantity crossover_size, crossover_seconds;
    qn_quantity logical_qubits, physical_qubits, code_distance;
    char era[QN_LEDGER_TEXT];
    qn_verdict verdict;
    uint32_t reason_count;
    char reasons[QN_LEDGER_REASONS][QN_LEDGER_REASON_TEXT];
    bool reason_timed[QN_LEDGER_REASONS]; /* it quotes what a clock said, and differs from run to run */
} qn_ledger;

/** Everything unknown, texts empty. */
QN_API void qn_ledger_init(qn_ledger *ledger);
/** Append a reason; silently dropped when all slots are full. */
QN_API void qn_ledger_add_reason(qn_ledger *ledger, const char *format, ...) QN_PRINTF(2, 3);
/** The same for a sentence that quotes a measured time: two runs of the same work differ in such sentences, so JSON
 * writes them under `reasons_quoting_seconds`, apart from the others. */
QN_API void qn_ledger_add_timed_reason(qn_ledger *ledger, const char *format, ...) QN_PRINTF(2, 3);

/** The fields of a ledger in order, for printers: name as in JSON, label and unit for people. */
typedef struct qn_ledger_field {
    const char *key, *label, *unit, *section;
    size_t offset; /* of the qn_quantity */
} qn_ledger_field;
QN_API size_t qn_ledger_field_count(void);
QN_API const qn_ledger_field *qn_ledger_field_at(size_t index);
QN_API qn_quantity qn_ledger_get(const qn_ledger *ledger, const qn_ledger_field *field);

QN_END_DECLS
#endif
