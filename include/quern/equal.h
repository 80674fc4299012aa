/* equal.h: do two circuits do the same? */
#ifndef QUERN_EQUAL_H
#define QUERN_EQUAL_H

#include <quern/classical.h>
#include <quern/engine.h>

QN_BEGIN_DECLS

typedef enum qn_equal_method {
    QN_EQUAL_AUTO = 0,   /* exact up to 14 qubits (and 2^40 updates of amplitudes), else stimuli */
    QN_EQUAL_EXACT = 1,  /* all columns of both unitaries at once, on a doubled register: |<U|V>| / 2^n = 1 */
    QN_EQUAL_STIMULI = 2 /* random product states and, for what they miss, random Clifford-made states through U and
                            then V inverse (Burgholzer, Kueng, Wille, arXiv:2011.07288) */
} qn_equal_method;

typedef struct qn_equal_options {
    uint32_t size;
    qn_equal_method method;
    double tolerance; /* of 1 - fidelity; 0: 1e-10, or 1e-5 on an engine in single precision */
    uint32_t stimuli; /* 0: 16 */
    uint64_t seed;
    bool global_phase; /* must agree too */
    uint32_t points;   /* random parameter values when there are symbols; 0: 3 */
} qn_equal_options;
#define QN_EQUAL_OPTIONS_INIT                                                                                          \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_equal_options), QN_EQUAL_AUTO, 0.0, 0, 0, false, 0                                         \
    }

typedef struct qn_equal_result {
    bool equal;
    qn_equal_method method; /* that decided */
    double fidelity;        /* exact: |tr(U+ V)| / 2^n; stimuli: the smallest seen */
    double phase;           /* V = exp(i phase) U, where equal */
    uint32_t stimuli;       /* run */
    const char *why;        /* static text: what differed, or what the verdict rests on */
} qn_equal_result;

/** Unitary circuits of the same number of qubits and the same symbols; final measurements are compared by their bits
 *  and left out. A circuit of dynamic operations: QN_ERR_UNSUPPORTED. */
QN_API QN_MUST_USE qn_status qn_circuit_equal(qn_engine *engine, const qn_circuit *a, const qn_circuit *b,
                                              const qn_equal_options *options, qn_equal_result *out);

QN_END_DECLS
#endif
