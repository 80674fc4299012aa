/* params.c: affine arithmetic on gate parameters, for inverses, powers and the phases of OpenQASM 3's gates. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

/* expression * factor, or a + b of two of them, as a new expression of the circuit. */
static qn_status combine(qn__qasm_reader *r, uint32_t a, double factor, uint32_t b, uint32_t *out)
{
    const size_t start = r->ntokens;
    for (int i = 0; i < 2; i++) {
        const uint32_t from = i == 0 ? b : a;
        size_t count = 0;
        const qn_token *tokens = from == 0 ? NULL : qn_circuit_expression(r->circuit, from, &count);
        for (size_t k = 0; k < count; k++) {
            QN_TRY(qn__qasm_token_push(r, &tokens[k]));
        }
    }
    const qn_token number = {.kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64, .number = factor};
    const qn_token times = {.kind = QN_TOKEN_MULTIPLY, .type = QN_TYPE_FLOAT, .width = 64};
    const qn_token add = {.kind = QN_TOKEN_ADD, .type = QN_TYPE_FLOAT, .width = 64};
    QN_TRY(qn__qasm_token_push(r, &number));
    QN_TRY(qn__qasm_token_push(r, &times));
    if (b != 0) {
        QN_TRY(qn__qasm_token_push(r, &add));
    }
    const qn_status status = qn_circuit_add_expression(r->circuit, r->tokens + start, r->ntokens - start, out);
    r->ntokens = start;
    return status;
}

qn_status qn__qasm_param_affine(qn__qasm_reader *r, double constant, const double *slopes, const qn_param *params,
                                uint32_t count, qn_param *out)
{
    size_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += slopes[i] != 0 ? params[i].count : 0;
    }
    qn_param_term *terms = NULL;
    if (total > 0) {
        terms = qn__qasm_arena(r, total * sizeof *terms);
        QN_ALLOC_CHECK(terms);
    }
    *out = (qn_param){constant, terms, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        if (slopes[i] == 0) {
            continue;
        }
        out->constant += slopes[i] * params[i].constant;
        for (size_t k = 0; terms != NULL && k < params[i].count; k++) {
            const qn_param_term term = {params[i].terms[k].symbol, slopes[i] * params[i].terms[k].coefficient};
            size_t j = 0;
            while (j < out->count && terms[j].symbol != term.symbol) {
                j++;
            }
            if (j < out->count) {
                terms[j].coefficient += term.coefficient;
            } else {
                terms[out->count++] = term;
            }
        }
        if (params[i].expression != 0) {
            if (slopes[i] == 1 && out->expression == 0) {
                out->expression = params[i].expression;
            } else {
                QN_TRY(combine(r, params[i].expression, slopes[i], out->expression, &out->expression));
            }
        }
    }
    return QN_OK;
}

qn_status qn__qasm_phase_params(qn__qasm_reader *r, qn__qasm_gate_phase phase, const qn_param *params, qn_param out[4])
{
    static const double half_pi = 1.57079632679489661923;
    if (phase == QN__PHASE_U2) {
        const double slopes[2] = {-0.5, -0.5};
        out[0] = QN_PARAM(half_pi);
        out[1] = params[0];
        out[2] = params[1];
        return qn__qasm_param_affine(r, 0, slopes, params, 2, &out[3]);
    }
    const double slopes[3] = {phase == QN__PHASE_U ? 0.5 : 0, phase == QN__PHASE_U ? 0 : -0.5,
                              phase == QN__PHASE_U ? 0 : -0.5};
    memcpy(out, params, 3 * sizeof *out);
    return qn__qasm_param_affine(r, 0, slopes, params, 3, &out[3]);
}
