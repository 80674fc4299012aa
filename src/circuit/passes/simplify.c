/* simplify.c: qn_pass_simplify: rounds of folding and cancelling to a fixed point, then what measurement and reset make
 * needless. */
#include <string.h>

#include <quern/pass.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/simplify.h"
#include "circuit/store.h"

enum { MOST_ROUNDS = 20 };

/* What comes next on a qubit, seen from behind. */
typedef enum next {
    NEXT_ANYTHING,
    NEXT_MEASURE, /* through diagonal gates */
    NEXT_RESET
} next;

static bool all_diagonal(const qn__simplify *s, const qn__element *e)
{
    bool diagonal = e->kind == QN__ELEMENT_ROTATION || e->kind == QN__ELEMENT_GATE;
    for (uint32_t i = 0; i < e->nroles; i++) {
        const char letter = s->roles[e->roles + i].letter;
        diagonal = diagonal && (letter == 'Z' || letter == '0' || letter == '1');
    }
    return diagonal;
}

static bool all_are(const qn__simplify *s, const qn__element *e, const uint8_t *ahead, next wanted)
{
    bool all = e->nroles > 0;
    for (uint32_t i = 0; i < e->nroles; i++) {
        all = all && ahead[s->roles[e->roles + i].qubit] == wanted;
    }
    return all;
}

static void set_all(const qn__simplify *s, const qn__element *e, uint8_t *ahead, next value)
{
    for (uint32_t i = 0; i < e->nroles; i++) {
        ahead[s->roles[e->roles + i].qubit] = (uint8_t)value;
    }
}

/* A diagonal gate whose qubits are all measured next changes a phase of the outcome only; a gate on a qubit that is
 * reset next, nothing. */
static void drop_before_measurement(qn__simplify *s, uint8_t *ahead)
{
    memset(ahead, NEXT_ANYTHING, s->nqubits);
    for (size_t i = s->count; i-- > 0;) {
        qn__element *e = &s->elements[i];
        if (e->kind == QN__ELEMENT_DEAD) {
            continue;
        }
        if (e->kind == QN__ELEMENT_OTHER) {
            qn_operation op;
            qn_circuit_operation(s->from, e->source, &op);
            if (op.kind >= QN_OP_IF) {
                memset(ahead, NEXT_ANYTHING, s->nqubits);
            } else if (op.kind != QN_OP_ASSIGN) {
                if (op.ntargets == 0) {
                    memset(ahead, NEXT_ANYTHING, s->nqubits);
                }
                set_all(s, e, ahead,
                        op.kind == QN_OP_MEASURE ? NEXT_MEASURE
                        : op.kind == QN_OP_RESET ? NEXT_RESET
                                                 : NEXT_ANYTHING);
            }
            continue;
        }
        const bool diagonal = all_diagonal(s, e);
        if ((diagonal && all_are(s, e, ahead, NEXT_MEASURE)) || (e->nroles == 1 && all_are(s, e, ahead, NEXT_RESET))) {
            e->kind = QN__ELEMENT_DEAD;
            s->merges++;
        } else if (!diagonal) {
            set_all(s, e, ahead, NEXT_ANYTHING);
        } else {
            for (uint32_t k = 0; k < e->nroles; k++) { /* a reset does not see through it */
                uint8_t *at = &ahead[s->roles[e->roles + k].qubit];
                *at = *at == NEXT_RESET ? NEXT_ANYTHING : *at;
            }
        }
    }
}

/* Resets of qubits that are |0> for sure: at the start of a circuit, or just reset. */
static void drop_resets(qn__simplify *s, uint8_t *zero)
{
    memset(zero, 1, s->nqubits);
    for (size_t i = 0; i < s->count; i++) {
        qn__element *e = &s->elements[i];
        if (e->kind == QN__ELEMENT_DEAD) {
            continue;
        }
        qn_operation op;
        qn_circuit_operation(s->from, e->source, &op);
        if (e->kind == QN__ELEMENT_OTHER && op.kind >= QN_OP_IF) {
            memset(zero, 0, s->nqubits);
        } else if (e->kind == QN__ELEMENT_OTHER && op.kind == QN_OP_RESET) {
            if (zero[op.targets[0]] != 0) {
                e->kind = QN__ELEMENT_DEAD;
                s->merges++;
            }
            zero[op.targets[0]] = 1;
        } else if (e->kind != QN__ELEMENT_OTHER) {
            set_all(s, e, zero, 0);
        }
    }
}

static qn_status run(qn__simplify *s)
{
    QN_TRY(qn__simplify_read(s));
    uint8_t *scratch = qn__alloc(s->nqubits, 1);
    QN_ALLOC_CHECK(scratch);
    qn_status status = QN_OK;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        s->merges = 0;
        if (s->level > 1) {
            QN_TRY_CLEANUP(qn__simplify_fold(s));
        }
        QN_TRY_CLEANUP(qn__simplify_cancel(s));
        drop_resets(s, scratch);
        drop_before_measurement(s, scratch);
        if (s->merges == 0) {
            break;
        }
    }
    status = qn__simplify_write(s);
cleanup:
    qn__free(scratch);
    return status;
}

qn_status qn_pass_simplify(const qn_circuit *circuit, uint32_t level, qn_circuit **out)
{
    QN_CHECK(circuit != NULL && out != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    QN_CHECK(level == 1 || level == 2, ERR_RANGE, "level %u is not 1 or 2", level);
    qn__simplify s = {.from = circuit, .nqubits = qn_circuit_qubits(circuit), .level = level};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(s.nqubits, &s.to));
    s.pool.circuit = s.to;
    QN_TRY_CLEANUP(qn__circuit_copy_declarations(circuit, s.to));
    QN_TRY_CLEANUP(run(&s));
    *out = s.to;
    s.to = NULL;
cleanup:
    qn_circuit_free(s.to);
    qn__free(s.elements);
    qn__free(s.roles);
    qn__affine_pool_release(&s.pool);
    return status;
}
