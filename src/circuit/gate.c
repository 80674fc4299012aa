/* gate.c: the gate table as C data, and look-ups in it. */
#include "circuit/gate.h"

#include <string.h>

#include "base/status.h"
#include "base/suggest.h"

/* The flags as gates.def spells them. */
enum {
    UNITARY = QN_GATE_FLAG_UNITARY,
    CLIFFORD = QN_GATE_FLAG_CLIFFORD,
    DIAGONAL = QN_GATE_FLAG_DIAGONAL,
    SELF_INVERSE = QN_GATE_FLAG_SELF_INVERSE,
    SYMMETRIC = QN_GATE_FLAG_SYMMETRIC,
    ROTATION = QN_GATE_FLAG_ROTATION,
    PAULI_STRING = QN_GATE_FLAG_PAULI_STRING,
    MATRIX = QN_GATE_FLAG_MATRIX,
    REAL = QN_GATE_FLAG_REAL
};

static const qn__gate_row rows[QN_GATE_COUNT_] = {
#define QN_GATE(ID, name, aliases, qasm2, qasm3, qubits, controls, params, flags, BASE, matrix, inverse, generator,    \
                shift, decomposition, t, rotations, help)                                                              \
    [QN_GATE_##ID] = {{QN_GATE_##ID, name, qasm2, qasm3, qubits, controls, params, flags, QN_GATE_##BASE, help},       \
                      aliases,                                                                                         \
                      qn__matrix_##matrix,                                                                             \
                      inverse,                                                                                         \
                      generator,                                                                                       \
                      shift,                                                                                           \
                      decomposition,                                                                                   \
                      t,                                                                                               \
                      rotations},
#include <quern/gates.def>
#undef QN_GATE
};

const qn__gate_row *qn__gate_row_of(qn_gate gate)
{
    return (unsigned)gate < (unsigned)QN_GATE_COUNT_ ? &rows[gate] : NULL;
}

const qn_gate_info *qn_gate_describe(qn_gate gate)
{
    const qn__gate_row *row = qn__gate_row_of(gate);
    return row == NULL ? NULL : &row->info;
}

bool qn__gate_find_controlled(qn_gate base, uint32_t controls, qn_gate *out)
{
    for (size_t i = 0; i < QN_GATE_COUNT_; i++) {
        if (rows[i].info.base == base && rows[i].info.controls == controls) {
            *out = (qn_gate)i;
            return true;
        }
    }
    return false;
}

static bool same(const char *candidate, const char *name, size_t length)
{
    return candidate != NULL && strncmp(candidate, name, length) == 0 && candidate[length] == '\0';
}

static bool listed(const char *list, const char *name, size_t length)
{
    while (*list != '\0') {
        const size_t word = strcspn(list, " ");
        if (word == length && memcmp(list, name, length) == 0) {
            return true;
        }
        list += word;
        list += strspn(list, " ");
    }
    return false;
}

bool qn__gate_lookup(const char *name, size_t length, qn_gate *out)
{
    for (size_t i = 0; i < QN_GATE_COUNT_; i++) {
        const qn_gate_info *info = &rows[i].info;
        if (same(info->name, name, length) || same(info->qasm2, name, length) || same(info->qasm3, name, length) ||
            listed(rows[i].aliases, name, length)) {
            *out = (qn_gate)i;
            return true;
        }
    }
    return false;
}

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return rows[index].info.name;
}

qn_status qn_gate_from_name(const char *name, qn_gate *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "gate name or result pointer is NULL");
    if (qn__gate_lookup(name, strlen(name), out)) {
        return QN_OK;
    }
    const char *nearest = qn__suggest(name, QN_GATE_COUNT_, name_at, NULL);
    if (nearest != NULL) {
        return QN_FAIL(ERR_NAME, "no gate is called \"%.64s\"; did you mean \"%s\"?", name, nearest);
    }
    return QN_FAIL(ERR_NAME, "no gate is called \"%.64s\"; docs/gates.md lists them", name);
}

qn_status qn_gate_matrix(qn_gate gate, const double *params, qn_complex *out)
{
    const qn__gate_row *row = qn__gate_row_of(gate);
    QN_CHECK(row != NULL, ERR_RANGE, "gate %d is outside 0..%d", (int)gate, (int)QN_GATE_COUNT_ - 1);
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    QN_CHECK(params != NULL || row->info.params == 0, ERR_ARGUMENT, "gate %s needs %u parameters, got NULL",
             row->info.name, row->info.params);
    const qn__gate_row *base = &rows[row->info.base];
    QN_CHECK(base->matrix != NULL, ERR_UNSUPPORTED, "gate %s has no matrix of its own: its operations carry it",
             row->info.name);
    base->matrix(params, out);
    return QN_OK;
}

size_t qn__gate_shift(qn_gate gate, uint32_t param, double *out, size_t capacity)
{
    const qn__gate_row *row = qn__gate_row_of(gate);
    if (row == NULL || param >= row->info.params) {
        return 0;
    }
    const char *text = row->shift;
    for (uint32_t i = 0; i < param; i++) {
        text += strcspn(text, ";");
        text += *text == ';';
    }
    size_t count = 0;
    while (*text != '\0' && *text != ';' && count < capacity) {
        /* Digits and one point only, read by hand: strtod follows the program's locale. */
        double value = 0, scale = 0;
        for (; *text != '\0' && *text != ',' && *text != ';'; text++) {
            if (*text == '.') {
                scale = 1;
            } else {
                value = value * 10 + (*text - '0');
                scale *= 10;
            }
        }
        out[count++] = scale > 0 ? value / scale : value;
        text += *text == ',';
    }
    return count;
}
