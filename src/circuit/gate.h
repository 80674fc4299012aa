/* gate.h: the whole row of the gate table, and the small language of its texts. */
#ifndef QN_CIRCUIT_GATE_H
#define QN_CIRCUIT_GATE_H

#include <quern/circuit.h>

enum {
    QN__GATE_PARAMS = 4, /* most parameters of a row */
    QN__GATE_QUBITS = 5  /* most qubits of a row with a fixed number */
};

typedef void (*qn__gate_matrix_function)(const double *params, qn_complex *out);

typedef struct qn__gate_row {
    qn_gate_info info;
    const char *aliases; /* blank between */
    qn__gate_matrix_function matrix;
    const char *inverse;       /* text, or NULL */
    const char *generator;     /* letters, target 0 first, or NULL */
    const char *shift;         /* frequencies of each parameter, ';' between parameters, ',' between frequencies */
    const char *decomposition; /* text, or NULL */
    uint32_t t, rotations;     /* Clifford+T cost at arbitrary parameters */
} qn__gate_row;

/* The row of a gate; NULL when out of range. */
const qn__gate_row *qn__gate_row_of(qn_gate gate);
/* The row whose base is `base` under `controls` controls; false when the table has none. */
bool qn__gate_find_controlled(qn_gate base, uint32_t controls, qn_gate *out);
/* A gate by name or alias of `length` letters; false when there is none. Sets no message. */
bool qn__gate_lookup(const char *name, size_t length, qn_gate *out);
/* Frequencies of an expectation value in a parameter of the gate; returns how many were written. */
size_t qn__gate_shift(qn_gate gate, uint32_t param, double *out, size_t capacity);

/* constant + sum_k slope[k] * p_k. */
typedef struct qn__affine {
    double constant, slope[QN__GATE_PARAMS];
} qn__affine;

/* One step of a text. */
typedef struct qn__gate_step {
    qn_gate gate;
    uint32_t nqubits, nparams;
    uint32_t qubits[QN__GATE_QUBITS];
    qn__affine params[QN__GATE_PARAMS];
} qn__gate_step;

/* Read the step at *cursor and move past it. *found is false at the end of the text. QN_ERR_INTERNAL: the text is
 * malformed. */
QN_MUST_USE qn_status qn__gate_text_next(const char **cursor, qn__gate_step *step, bool *found);

/* A whole text; NULL has no steps. The steps are the caller's, to be released with qn__free. */
typedef struct qn__gate_steps {
    qn__gate_step *steps;
    size_t count;
    bool done; /* for callers that keep tables of them: parsed already */
} qn__gate_steps;
QN_MUST_USE qn_status qn__gate_text_parse(const char *text, qn__gate_steps *out);
/* The same over steps: value of an affine expression in `nparams` numbers. */
double qn__affine_value(const qn__affine *expression, const double *params, uint32_t nparams);

/* Matrix functions of the table, in gate_matrix.c. */
#define QN__GATE_MATRIX(name) void qn__matrix_##name(const double *params, qn_complex *out)
QN__GATE_MATRIX(gphase);
QN__GATE_MATRIX(id);
QN__GATE_MATRIX(x);
QN__GATE_MATRIX(y);
QN__GATE_MATRIX(z);
QN__GATE_MATRIX(h);
QN__GATE_MATRIX(s);
QN__GATE_MATRIX(sdg);
QN__GATE_MATRIX(t);
QN__GATE_MATRIX(tdg);
QN__GATE_MATRIX(sx);
QN__GATE_MATRIX(sxdg);
QN__GATE_MATRIX(rx);
QN__GATE_MATRIX(ry);
QN__GATE_MATRIX(rz);
QN__GATE_MATRIX(p);
QN__GATE_MATRIX(u2);
QN__GATE_MATRIX(u);
QN__GATE_MATRIX(uphase);
QN__GATE_MATRIX(prx);
QN__GATE_MATRIX(swap);
QN__GATE_MATRIX(iswap);
QN__GATE_MATRIX(iswap_dg);
QN__GATE_MATRIX(ecr);
QN__GATE_MATRIX(dcx);
QN__GATE_MATRIX(rxx);
QN__GATE_MATRIX(ryy);
QN__GATE_MATRIX(rzz);
QN__GATE_MATRIX(rzx);
QN__GATE_MATRIX(xx_plus_yy);
QN__GATE_MATRIX(xx_minus_yy);
QN__GATE_MATRIX(givens);
QN__GATE_MATRIX(rccx);
QN__GATE_MATRIX(rc3x);
#undef QN__GATE_MATRIX
#define qn__matrix_none ((qn__gate_matrix_function)0)

#endif
