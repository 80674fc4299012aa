/* dynamic_plan.h: a circuit with measurements, resets and control flow as a flat list of steps for the sampler.
 *
 * Runs of gates become pieces, compiled once; control flow becomes jumps. A measurement is final when it stands outside
 * of all blocks, nothing later touches its qubit, and nothing later reads or writes its bit: all final measurements of
 * a shot are sampled together from the state at its end. A reset of a qubit that nothing has touched, and one of a
 * qubit that nothing touches any more (when results are classical bits), is left out. */
#ifndef QN_PRIMITIVE_DYNAMIC_PLAN_H
#define QN_PRIMITIVE_DYNAMIC_PLAN_H

#include <quern/classical.h>
#include <quern/engine.h>

typedef enum qn__step_kind {
    QN__STEP_PIECE,
    QN__STEP_MEASURE,
    QN__STEP_FINAL, /* a final measurement goes by */
    QN__STEP_RESET,
    QN__STEP_ASSIGN,
    QN__STEP_ENTER, /* a loop begins: its iterations count from 0 */
    QN__STEP_TEST,  /* to `target` unless the expression is true */
    QN__STEP_JUMP,
    QN__STEP_STOP
} qn__step_kind;

#define QN__NO_LOOP UINT32_MAX

typedef struct qn__step {
    qn__step_kind kind;
    uint32_t qubit, bit, variable, expression, line;
    uint32_t loop; /* ENTER, and TEST of a loop; QN__NO_LOOP otherwise */
    size_t target; /* TEST, JUMP */
    size_t piece;  /* PIECE */
} qn__step;

/* Gates; parameters that are computed at run time are symbols after the circuit's own. */
typedef struct qn__piece {
    qn_circuit *circuit;
    qn_program *program;
    uint32_t *expressions, *lines; /* of the further symbols */
    size_t nexpressions;
} qn__piece;

typedef struct qn__plan {
    qn_circuit *circuit; /* a copy, for its declarations and expressions */
    size_t symbols;
    qn__step *steps;
    size_t nsteps, steps_capacity;
    qn__piece *pieces;
    size_t npieces, pieces_capacity;
    uint32_t loops;
    bool all_qubits;                     /* there are no classical bits: the result is every qubit */
    bool random;                         /* some measurement or reset is not final */
    bool single;                         /* at most one piece, run once whatever happens: no live state is needed */
    bool endless;                        /* a loop may go on or end by what was measured */
    size_t splits;                       /* random steps a shot passes at most; SIZE_MAX with a loop around one */
    uint32_t *final_qubits, *final_bits; /* in the order in which shots pass them */
    size_t nfinals;
    size_t most_parameters; /* of a piece */
} qn__plan;

/* The pieces are not yet compiled. */
QN_MUST_USE qn_status qn__plan_create(const qn_circuit *circuit, qn__plan **out);
void qn__plan_free(qn__plan *plan);

/* dynamic_loops.c: whether some loop may go on or end by what was measured: its condition reads something that a
 * measurement decides, or it is never false and the loop measures. final[i]: operation i is a final measurement. */
QN_MUST_USE qn_status qn__loops_may_not_end(const qn_circuit *circuit, const uint8_t *final, bool *out);

#endif
