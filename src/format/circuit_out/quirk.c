/* quirk.c: a circuit as a link to Quirk, the simulator in a web page (https://github.com/Strilanc/Quirk): columns of
 * cells, wire 0 on top, gates without a name there by their matrix. Controls of a column hold for all of it. */
#include <quern/qasm.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/gate.h"
#include "format/buffer.h"
#include "format/circuit_out/break_down.h"
#include "format/circuit_out/final_measure.h"
#include "format/cursor.h"

static const double PI = 3.14159265358979323846;

enum { WIRES = 16 };

/* Cells of the column that is being filled: JSON texts in the pool, 0 for none. */
typedef struct writer {
    const qn_circuit *circuit;
    qn__buffer out, gates, pool;
    size_t cells[WIRES]; /* 1 + offset of the text */
    bool closed;         /* the column has controls */
    bool any;            /* columns written */
    unsigned ngates;
} writer;

static qn_status put(qn__buffer *out, const char *text)
{
    return qn__buffer_add(out, text, strlen(text));
}

static qn_status end_column(writer *w)
{
    unsigned last = 0;
    for (unsigned q = 0; q < WIRES; q++) {
        last = w->cells[q] != 0 ? q + 1 : last;
    }
    if (last > 0) {
        QN_TRY(put(&w->out, w->any ? ",[" : "["));
        for (unsigned q = 0; q < last; q++) {
            QN_TRY(q > 0 ? put(&w->out, ",") : QN_OK);
            QN_TRY(put(&w->out, w->cells[q] != 0 ? w->pool.data + w->cells[q] - 1 : "1"));
        }
        QN_TRY(put(&w->out, "]"));
        w->any = true;
    }
    memset(w->cells, 0, sizeof w->cells);
    w->pool.length = 0;
    w->closed = false;
    return QN_OK;
}

/* A text of the pool; where the cells it goes to are known is the caller's. */
static qn_status keep(writer *w, const char *text, size_t length, size_t *cell)
{
    *cell = w->pool.length + 1;
    QN_TRY(qn__buffer_add(&w->pool, text, length));
    return qn__buffer_add(&w->pool, "", 1);
}

/* Quirk's formulas know no exponents: 17 digits behind the point, without zeros at the end. */
static qn_status put_decimal(qn__buffer *out, double value)
{
    char digits[64];
    (void)snprintf(digits, sizeof digits, "%.17f", fabs(value));
    size_t length = 0, end = 0;
    bool pointed = false;
    for (size_t i = 0; digits[i] != '\0'; i++) {
        if (qn__is_digit(digits[i])) {
            digits[length++] = digits[i];
            end = !pointed || digits[i] != '0' ? length : end;
        } else if (!pointed) { /* the point of the process's locale, of one or more bytes */
            digits[length++] = '.';
            pointed = true;
        }
    }
    QN_TRY(value < 0 && !(end == 1 && digits[0] == '0') ? put(out, "-") : QN_OK);
    return qn__buffer_add(out, digits, end);
}

static qn_status put_complex(qn__buffer *out, qn_complex z)
{
    QN_TRY(put_decimal(out, z.re));
    if (fabs(z.im) < 5e-18) {
        return QN_OK;
    }
    QN_TRY(z.im > 0 ? put(out, "+") : QN_OK);
    QN_TRY(put_decimal(out, z.im));
    return put(out, "i");
}

/* Defines a gate by its matrix and names it as a cell. */
static qn_status custom_cell(writer *w, const char *name, const qn_complex m[4], qn__buffer *cell)
{
    QN_TRY(qn__buffer_print(&w->gates, "%s{\"id\":\"~q%u\",\"name\":\"%s\",\"matrix\":\"{{", w->ngates > 0 ? "," : "",
                            w->ngates, name));
    for (size_t i = 0; i < 4; i++) {
        QN_TRY(i > 0 ? put(&w->gates, i == 2 ? "},{" : ",") : QN_OK);
        QN_TRY(put_complex(&w->gates, m[i]));
    }
    QN_TRY(put(&w->gates, "}}\"}"));
    return qn__buffer_print(cell, "\"~q%u\"", w->ngates++);
}

static qn_status put_cell(writer *w, qn_gate base, const double *params, qn__buffer *cell)
{
    switch (base) {
    case QN_GATE_X:
        return put(cell, "\"X\"");
    case QN_GATE_Y:
        return put(cell, "\"Y\"");
    case QN_GATE_Z:
        return put(cell, "\"Z\"");
    case QN_GATE_H:
        return put(cell, "\"H\"");
    case QN_GATE_S:
        return put(cell, "\"Z^½\"");
    case QN_GATE_SDG:
        return put(cell, "\"Z^-½\"");
    case QN_GATE_T:
        return put(cell, "\"Z^¼\"");
    case QN_GATE_TDG:
        return put(cell, "\"Z^-¼\"");
    case QN_GATE_SX:
        return put(cell, "\"X^½\"");
    case QN_GATE_SXDG:
        return put(cell, "\"X^-½\"");
    case QN_GATE_RX:
    case QN_GATE_RY:
    case QN_GATE_RZ:
        QN_TRY(qn__buffer_print(cell, "{\"id\":\"R%cft\",\"arg\":\"",
                                base == QN_GATE_RX   ? 'x'
                                : base == QN_GATE_RY ? 'y'
                                                     : 'z'));
        QN_TRY(put_decimal(cell, remainder(params[0], 4 * PI)));
        return put(cell, "\"}");
    default: {
        qn_complex matrix[4];
        QN_TRY(qn_gate_matrix(base, params, matrix));
        return custom_cell(w, qn_gate_describe(base)->name, matrix, cell);
    }
    }
}

/* Puts cells into the column; a new one where they do not fit, or where there are controls. */
static qn_status place(writer *w, const char *text, size_t length, const uint32_t *targets, uint32_t ntargets,
                       const uint32_t *controls, uint64_t state, uint32_t ncontrols)
{
    bool fits = !w->closed;
    for (uint32_t i = 0; i < ntargets; i++) {
        fits = fits && w->cells[targets[i]] == 0;
    }
    const bool alone = ncontrols > 0 || ntargets > 1; /* of two swaps in a column none would know its partner */
    if (!fits || alone) {
        QN_TRY(end_column(w));
    }
    size_t cell = 0;
    QN_TRY(keep(w, text, length, &cell));
    for (uint32_t i = 0; i < ntargets; i++) {
        w->cells[targets[i]] = cell;
    }
    for (uint32_t k = 0; k < ncontrols; k++) {
        const char *const dot = (state >> k & 1) != 0 ? "\"•\"" : "\"◦\"";
        QN_TRY(keep(w, dot, strlen(dot), &cell));
        w->cells[controls[k]] = cell;
    }
    w->closed = alone;
    return QN_OK;
}

static qn_status put_gate(writer *w, qn_gate base, const double *params, const uint32_t *controls, uint64_t state,
                          uint32_t ncontrols, const uint32_t *targets)
{
    qn__buffer cell = {0};
    const bool swap = base == QN_GATE_SWAP;
    qn_status status = swap ? put(&cell, "\"Swap\"") : put_cell(w, base, params, &cell);
    if (status == QN_OK) {
        status = place(w, cell.data, cell.length, targets, swap ? 2 : 1, controls, state, ncontrols);
    }
    qn__free(cell.data);
    return status;
}

static qn_status emit_controlled(void *user, qn_gate base, const uint32_t *controls, uint32_t ncontrols,
                                 const uint32_t *targets, const double *params)
{
    return put_gate(user, base, params, controls, UINT64_MAX, ncontrols, targets);
}

static qn_status emit(void *user, qn_gate gate, const uint32_t *qubits, const double *params)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    return put_gate(user, info->base, params, qubits, UINT64_MAX, info->controls, qubits + info->controls);
}

static bool native(qn_gate gate)
{
    (void)gate; /* everything comes as a base under controls */
    return false;
}

static qn_status put_operation(writer *w, const qn_operation *op)
{
    if (op->kind == QN_OP_BARRIER) {
        return end_column(w);
    }
    if (op->kind == QN_OP_MEASURE) {
        return place(w, "\"Measure\"", 9, op->targets, 1, NULL, 0, 0);
    }
    if (op->kind != QN_OP_GATE || op->base == QN_GATE_ID || op->base == QN_GATE_U0) {
        return QN_OK;
    }
    const bool direct = op->pauli == NULL && op->matrix == NULL && (op->ntargets == 1 || op->base == QN_GATE_SWAP) &&
                        op->base != QN_GATE_GPHASE;
    if (direct) {
        double params[QN__GATE_PARAMS] = {0};
        for (uint32_t i = 0; i < op->nparams; i++) {
            params[i] = op->params[i].constant;
        }
        return put_gate(w, op->base, params, op->controls, op->control_state, op->ncontrols, op->targets);
    }
    const qn__break_down_target target = {qn_circuit_qubits(w->circuit), native, emit, emit_controlled, w};
    return qn__break_down(&target, op);
}

static qn_status put_circuit(writer *w)
{
    QN_TRY(put(&w->out, "https://algassert.com/quirk#circuit={\"cols\":["));
    for (size_t i = 0; i < qn_circuit_operations(w->circuit); i++) {
        qn_operation op;
        qn_circuit_operation(w->circuit, i, &op);
        QN_TRY(put_operation(w, &op));
    }
    QN_TRY(end_column(w));
    /* The page shows as many wires as the columns name: an empty column of the right height sets it. */
    const uint32_t wires = qn_circuit_qubits(w->circuit);
    QN_TRY(put(&w->out, w->any ? ",[" : "["));
    for (uint32_t q = 0; q < wires; q++) {
        QN_TRY(put(&w->out, q + 1 < wires ? "1," : "\"…\""));
    }
    QN_TRY(put(&w->out, "]]"));
    if (w->ngates > 0) {
        QN_TRY(put(&w->out, ",\"gates\":["));
        QN_TRY(qn__buffer_add(&w->out, w->gates.data, w->gates.length));
        QN_TRY(put(&w->out, "]"));
    }
    return put(&w->out, "}");
}

qn_status qn_write_quirk(const qn_circuit *circuit, char **text, size_t *length)
{
    QN_CHECK(circuit != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    QN_CHECK(qn_circuit_qubits(circuit) <= WIRES, ERR_UNSUPPORTED, "Quirk has %d wires, the circuit needs %u", WIRES,
             qn_circuit_qubits(circuit));
    QN_TRY(qn__final_measure_check(circuit, "a Quirk link"));
    writer w = {.circuit = circuit};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(put_circuit(&w));
    QN_TRY_CLEANUP(qn__buffer_take(&w.out, text, length));
cleanup:
    qn__free(w.out.data);
    qn__free(w.gates.data);
    qn__free(w.pool.data);
    return status;
}
