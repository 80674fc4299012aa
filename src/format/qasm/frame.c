/* frame.c: loops of the circuit, and leaving them. A WHILE that runs once is what a run-time break out of an unrolled
 * loop, or a run-time return, jumps out of. Leaving several at once goes by a flag: each one on the way looks at it. */
#include "format/qasm/reader.h"

qn_status qn__qasm_always(qn__qasm_reader *r, uint32_t *expression)
{
    qn_token token = {.kind = QN_TOKEN_BOOL, .type = QN_TYPE_BOOL, .width = 1};
    token.integer = 1;
    return qn_circuit_add_expression(r->circuit, &token, 1, expression);
}

qn_status qn__qasm_frame_open(qn__qasm_reader *r, const qn__qasm_token *token, bool loop, uint32_t expression,
                              uint32_t *out)
{
    if (r->nframes == QN__QASM_FRAMES) {
        return QN_QASM_LARGE(r, token, "more than %d nested loops that depend on measurements", QN__QASM_FRAMES);
    }
    if (!loop) {
        QN_TRY(qn__qasm_always(r, &expression));
    }
    QN_TRY(qn__qasm_emit_flow(r, QN_OP_WHILE, expression));
    r->frames[r->nframes] = (qn__qasm_frame){.loop = loop, .flag = QN__NONE};
    *out = r->nframes++;
    return QN_OK;
}

static qn_status set_flag(qn__qasm_reader *r, uint32_t flag, int64_t value)
{
    qn_token token = {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 2};
    token.integer = value;
    uint32_t expression = 0;
    QN_TRY(qn_circuit_add_expression(r->circuit, &token, 1, &expression));
    return qn__qasm_emit_assign(r, flag, expression);
}

/* if (flag == value) { [flag = 0;] kind } */
static qn_status leave_when(qn__qasm_reader *r, uint32_t flag, int64_t value, bool arrived, qn_op_kind kind)
{
    qn_token number = {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 2};
    number.integer = value;
    const qn_token tokens[] = {{.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_UINT, .width = 2, .index = flag},
                               number,
                               {.kind = QN_TOKEN_EQUAL, .type = QN_TYPE_UINT, .width = 2}};
    uint32_t expression = 0;
    QN_TRY(qn_circuit_add_expression(r->circuit, tokens, 3, &expression));
    QN_TRY(qn__qasm_emit_flow(r, QN_OP_IF, expression));
    if (arrived) {
        QN_TRY(set_flag(r, flag, 0));
    }
    QN_TRY(qn__qasm_emit_flow(r, kind, 0));
    return qn__qasm_emit_flow(r, QN_OP_END, 0);
}

qn_status qn__qasm_frame_close(qn__qasm_reader *r)
{
    const qn__qasm_frame frame = r->frames[--r->nframes];
    if (r->dry > 0) {
        return QN_OK;
    }
    if (!frame.loop) {
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_BREAK, 0));
    }
    QN_TRY(qn__qasm_emit_flow(r, QN_OP_END, 0));
    for (uint32_t k = r->nframes; k-- > 0;) {
        if ((frame.crossing >> k & 1) == 0) {
            continue;
        }
        const bool arrived = k + 1 == r->nframes;
        QN_TRY(leave_when(r, r->frames[k].flag, 1, arrived, QN_OP_BREAK));
        QN_TRY(leave_when(r, r->frames[k].flag, 2, arrived, arrived ? QN_OP_CONTINUE : QN_OP_BREAK));
    }
    return QN_OK;
}

qn_status qn__qasm_frame_exit(qn__qasm_reader *r, uint32_t frame, bool next)
{
    if (r->dry > 0) {
        return QN_OK;
    }
    if (frame + 1 == r->nframes) {
        return qn__qasm_emit_flow(r, next ? QN_OP_CONTINUE : QN_OP_BREAK, 0);
    }
    if (r->frames[frame].flag == QN__NONE) {
        uint32_t first = 0;
        const qn__qasm_place place = {frame, UINT32_MAX, 0}; /* no place of a text: one flag for each depth */
        QN_TRY(qn__qasm_hidden(r, place, 0, QN_TYPE_UINT, 2, &r->frames[frame].flag, &first));
    }
    for (uint32_t k = frame + 1; k < r->nframes; k++) {
        r->frames[k].crossing |= UINT64_C(1) << frame;
    }
    QN_TRY(set_flag(r, r->frames[frame].flag, next ? 2 : 1));
    return qn__qasm_emit_flow(r, QN_OP_BREAK, 0);
}
