/* json_read_operations.c: the operations of a circuit in JSON. */
#include "format/circuit_out/json_read.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "format/circuit_out/json_words.h"

/* One object being read. */
typedef struct op_reader {
    const qn__json_place *at;
    const json_t *object;
    qn__json_scratch *scratch;
    qn_circuit *circuit;
} op_reader;

static bool has(const op_reader *r, const char *key)
{
    return json_object_get(r->object, key) != NULL;
}

/* Appends the list of qubits under `key` to the scratch at `offset`. */
static qn_status take_qubits(const op_reader *r, const char *key, size_t offset, size_t *count)
{
    const json_t *list = NULL;
    QN_TRY(qn__json_take_list(r->at, r->object, key, &list));
    const qn__json_place at = qn__json_member(r->at, key);
    *count = json_array_size(list);
    void *qubits = r->scratch->qubits;
    const qn_status grown =
        qn__grow(&qubits, &r->scratch->qubits_capacity, offset + *count + 1, sizeof *r->scratch->qubits);
    r->scratch->qubits = qubits;
    QN_TRY(grown);
    for (size_t i = 0; i < *count; i++) {
        const qn__json_place there = qn__json_element(&at, i);
        uint64_t qubit = 0;
        QN_TRY(qn__json_unsigned(&there, json_array_get(list, i), QN__JSON_QUBITS, &qubit));
        r->scratch->qubits[offset + i] = (uint32_t)qubit;
    }
    return QN_OK;
}

/* The expression under `key`, as 1 + its index. */
static qn_status take_expression(const qn__json_place *at, const json_t *object, const qn_circuit *circuit,
                                 uint32_t *out)
{
    uint64_t index = 0;
    QN_TRY(qn__json_take_unsigned(at, object, "expression", UINT32_MAX - 1, &index));
    if (index >= qn_circuit_expressions(circuit)) {
        const qn__json_place there = qn__json_member(at, "expression");
        return QN_JSON_FAIL(&there, "expression %" PRIu64 " is not there; the file has %zu of them", index,
                            qn_circuit_expressions(circuit));
    }
    *out = (uint32_t)index + 1;
    return QN_OK;
}

/* {"constant": 0.5, "terms": [[0, 2.0]], "expression": 3}; terms go behind the first *nterms of the scratch. */
static qn_status read_affine(const op_reader *r, const qn__json_place *at, const json_t *object, size_t *nterms,
                             qn_param *param)
{
    static const char *const keys[] = {"constant", "terms", "expression", NULL};
    QN_TRY(qn__json_check_keys(at, object, keys));
    const qn__json_place constant_at = qn__json_member(at, "constant"), terms_at = qn__json_member(at, "terms");
    if (json_object_get(object, "constant") == NULL) {
        return QN_JSON_FAIL(at, "\"constant\" is missing");
    }
    QN_TRY(qn__json_real(&constant_at, json_object_get(object, "constant"), &param->constant));
    const json_t *list = NULL;
    QN_TRY(qn__json_take_list(at, object, "terms", &list));
    param->count = json_array_size(list);
    void *terms = r->scratch->terms;
    const qn_status grown =
        qn__grow(&terms, &r->scratch->terms_capacity, *nterms + param->count + 1, sizeof *r->scratch->terms);
    r->scratch->terms = terms;
    QN_TRY(grown);
    for (size_t k = 0; k < param->count; k++) {
        const qn__json_place there = qn__json_element(&terms_at, k), symbol_at = qn__json_element(&there, 0),
                             coefficient_at = qn__json_element(&there, 1);
        const json_t *const term = json_array_get(list, k);
        if (!json_is_array(term) || json_array_size(term) != 2) {
            return QN_JSON_FAIL(&there, "expected [symbol, coefficient], such as [0, 2.0]");
        }
        uint64_t symbol = 0;
        qn_param_term *const out = &r->scratch->terms[(*nterms)++];
        QN_TRY(qn__json_unsigned(&symbol_at, json_array_get(term, 0), UINT32_MAX, &symbol));
        QN_TRY(qn__json_real(&coefficient_at, json_array_get(term, 1), &out->coefficient));
        out->symbol = (uint32_t)symbol;
    }
    return json_object_get(object, "expression") != NULL ? take_expression(at, object, r->circuit, &param->expression)
                                                         : QN_OK;
}

enum { PARAMS = 8 }; /* more than any gate has */

static qn_status take_params(const op_reader *r, qn_param params[PARAMS], size_t *count)
{
    *count = 0;
    if (!has(r, "params")) {
        return QN_OK;
    }
    const json_t *list = NULL;
    QN_TRY(qn__json_take_list(r->at, r->object, "params", &list));
    const qn__json_place at = qn__json_member(r->at, "params");
    if (json_array_size(list) > PARAMS) {
        return QN_JSON_FAIL(&at, "%zu parameters; no gate has that many", json_array_size(list));
    }
    *count = json_array_size(list);
    size_t nterms = 0;
    for (size_t i = 0; i < *count; i++) {
        const qn__json_place there = qn__json_element(&at, i);
        const json_t *const value = json_array_get(list, i);
        params[i] = QN_PARAM(0);
        if (json_is_object(value)) {
            QN_TRY(read_affine(r, &there, value, &nterms, &params[i]));
        } else {
            QN_TRY(qn__json_real(&there, value, &params[i].constant));
        }
    }
    size_t used = 0; /* the terms do not move any more */
    for (size_t i = 0; i < *count; i++) {
        params[i].terms = params[i].count > 0 ? r->scratch->terms + used : NULL;
        used += params[i].count;
    }
    return QN_OK;
}

static qn_status take_fires(const op_reader *r, size_t ncontrols, uint64_t *state)
{
    *state = UINT64_MAX;
    if (!has(r, "fires_on")) {
        return QN_OK;
    }
    const json_t *list = NULL;
    QN_TRY(qn__json_take_list(r->at, r->object, "fires_on", &list));
    const qn__json_place at = qn__json_member(r->at, "fires_on");
    if (json_array_size(list) != ncontrols || ncontrols > 64) {
        return QN_JSON_FAIL(&at, "%zu values for %zu controls; expected one each, and at most 64",
                            json_array_size(list), ncontrols);
    }
    for (size_t i = 0; i < ncontrols; i++) {
        const qn__json_place there = qn__json_element(&at, i);
        uint64_t bit = 0;
        QN_TRY(qn__json_unsigned(&there, json_array_get(list, i), 1, &bit));
        *state &= ~((uint64_t)!bit << i);
    }
    return QN_OK;
}

static qn_status read_pauli(const op_reader *r, size_t nqubits, const qn_param *params, size_t nparams)
{
    const char *letters = NULL;
    QN_TRY(qn__json_take_string(r->at, r->object, "pauli", &letters));
    const qn__json_place at = qn__json_member(r->at, "pauli");
    if (strlen(letters) != nqubits || strspn(letters, "XYZ") != nqubits || nqubits == 0) {
        return QN_JSON_FAIL(&at, "\"%.40s\": expected one letter X, Y or Z for each of the %zu qubits", letters,
                            nqubits);
    }
    if (nparams != 1) {
        return QN_JSON_FAIL(r->at, "pauli_rotation takes 1 parameter, got %zu", nparams);
    }
    return qn__json_forward(
        r->at, qn_circuit_append_pauli_rotation(r->circuit, letters, r->scratch->qubits, nqubits, params[0]));
}

static qn_status read_unitary(const op_reader *r, uint32_t expected, size_t nqubits)
{
    const json_t *list = NULL;
    QN_TRY(qn__json_take_list(r->at, r->object, "matrix", &list));
    const qn__json_place at = qn__json_member(r->at, "matrix");
    const size_t entries = (size_t)1 << 2 * expected;
    if (nqubits != expected || json_array_size(list) != entries) {
        return QN_JSON_FAIL(&at, "%zu entries on %zu qubits; expected %zu on %" PRIu32, json_array_size(list), nqubits,
                            entries, expected);
    }
    qn_complex matrix[16];
    for (size_t i = 0; i < entries; i++) {
        const qn__json_place there = qn__json_element(&at, i), re_at = qn__json_element(&there, 0),
                             im_at = qn__json_element(&there, 1);
        const json_t *const pair = json_array_get(list, i);
        if (!json_is_array(pair) || json_array_size(pair) != 2) {
            return QN_JSON_FAIL(&there, "expected [real, imaginary]");
        }
        QN_TRY(qn__json_real(&re_at, json_array_get(pair, 0), &matrix[i].re));
        QN_TRY(qn__json_real(&im_at, json_array_get(pair, 1), &matrix[i].im));
    }
    return qn__json_forward(r->at, qn_circuit_append_unitary(r->circuit, r->scratch->qubits, nqubits, matrix));
}

static qn_status read_gate(const op_reader *r)
{
    static const char *const plain[] = {"gate", "qubits", "params", "controls", "fires_on", "line", NULL};
    static const char *const pauli[] = {"gate", "qubits", "params", "pauli", "line", NULL};
    static const char *const unitary[] = {"gate", "qubits", "matrix", "line", NULL};
    const char *name = NULL;
    qn_gate gate = QN_GATE_ID;
    QN_TRY(qn__json_take_string(r->at, r->object, "gate", &name));
    const qn__json_place gate_at = qn__json_member(r->at, "gate");
    QN_TRY(qn__json_forward(&gate_at, qn_gate_from_name(name, &gate)));
    const qn_gate_info *info = qn_gate_describe(gate);
    const bool string = (info->flags & QN_GATE_FLAG_PAULI_STRING) != 0;
    const bool matrix = (info->flags & QN_GATE_FLAG_MATRIX) != 0;
    QN_TRY(qn__json_check_keys(r->at, r->object, string ? pauli : matrix ? unitary : plain));
    size_t ncontrols = 0, nqubits = 0, nparams = 0;
    uint64_t fires = UINT64_MAX;
    qn_param params[PARAMS];
    if (has(r, "controls")) {
        QN_TRY(take_qubits(r, "controls", 0, &ncontrols));
    }
    QN_TRY(take_qubits(r, "qubits", ncontrols, &nqubits));
    QN_TRY(take_fires(r, ncontrols, &fires));
    QN_TRY(take_params(r, params, &nparams));
    if (string) {
        return read_pauli(r, nqubits, params, nparams);
    }
    if (matrix) {
        return read_unitary(r, info->qubits, nqubits);
    }
    const uint32_t *const qubits = r->scratch->qubits;
    return qn__json_forward(r->at, qn_circuit_append_controlled(r->circuit, gate, qubits, ncontrols, fires,
                                                                qubits + ncontrols, nqubits, params, nparams));
}

static qn_status take_qubit(const op_reader *r, uint32_t *qubit)
{
    uint64_t value = 0;
    QN_TRY(qn__json_take_unsigned(r->at, r->object, "qubit", QN__JSON_QUBITS, &value));
    *qubit = (uint32_t)value;
    return QN_OK;
}

static qn_status take_bit(const op_reader *r, uint32_t *bit)
{
    uint64_t value = 0;
    QN_TRY(qn__json_take_unsigned(r->at, r->object, "bit", QN_NO_BIT - 1, &value));
    *bit = (uint32_t)value;
    return QN_OK;
}

static qn_status read_measure(const op_reader *r)
{
    static const char *const keys[] = {"op", "qubit", "bit", "line", NULL};
    uint32_t qubit = 0, bit = QN_NO_BIT;
    QN_TRY(qn__json_check_keys(r->at, r->object, keys));
    QN_TRY(take_qubit(r, &qubit));
    QN_TRY(has(r, "bit") ? take_bit(r, &bit) : QN_OK);
    return qn__json_forward(r->at, qn_circuit_append_measure(r->circuit, qubit, bit));
}

static qn_status read_reset(const op_reader *r)
{
    static const char *const keys[] = {"op", "qubit", "line", NULL};
    uint32_t qubit = 0;
    QN_TRY(qn__json_check_keys(r->at, r->object, keys));
    QN_TRY(take_qubit(r, &qubit));
    return qn__json_forward(r->at, qn_circuit_append_reset(r->circuit, qubit));
}

static qn_status read_barrier(const op_reader *r)
{
    static const char *const keys[] = {"op", "qubits", "line", NULL};
    size_t count = 0;
    QN_TRY(qn__json_check_keys(r->at, r->object, keys));
    QN_TRY(take_qubits(r, "qubits", 0, &count));
    return qn__json_forward(r->at, qn_circuit_append_barrier(r->circuit, r->scratch->qubits, count));
}

static qn_status read_delay(const op_reader *r)
{
    static const char *const keys[] = {"op", "duration", "qubits", "line", NULL};
    double duration = 0;
    size_t count = 0;
    QN_TRY(qn__json_check_keys(r->at, r->object, keys));
    const qn__json_place duration_at = qn__json_member(r->at, "duration");
    if (!has(r, "duration")) {
        return QN_JSON_FAIL(r->at, "\"duration\" is missing");
    }
    QN_TRY(qn__json_real(&duration_at, json_object_get(r->object, "duration"), &duration));
    QN_TRY(take_qubits(r, "qubits", 0, &count));
    return qn__json_forward(r->at, qn_circuit_append_delay(r->circuit, duration, r->scratch->qubits, count));
}

static qn_status read_assign(const op_reader *r)
{
    static const char *const keys[] = {"op", "variable", "bit", "expression", "line", NULL};
    uint32_t expression = 0, bit = 0;
    uint64_t variable = 0;
    QN_TRY(qn__json_check_keys(r->at, r->object, keys));
    if (has(r, "bit") == has(r, "variable")) {
        return QN_JSON_FAIL(r->at, "an assignment to %s; expected \"bit\" or \"variable\"",
                            has(r, "bit") ? "two things" : "nothing");
    }
    QN_TRY(take_expression(r->at, r->object, r->circuit, &expression));
    if (has(r, "bit")) {
        QN_TRY(take_bit(r, &bit));
        return qn__json_forward(r->at, qn_circuit_append_assign_bit(r->circuit, bit, expression));
    }
    QN_TRY(qn__json_take_unsigned(r->at, r->object, "variable", UINT32_MAX, &variable));
    return qn__json_forward(r->at, qn_circuit_append_assign(r->circuit, (uint32_t)variable, expression));
}

static qn_status read_flow(const op_reader *r, qn_op_kind kind)
{
    static const char *const plain[] = {"op", "line", NULL};
    static const char *const conditional[] = {"op", "expression", "line", NULL};
    const bool condition = kind == QN_OP_IF || kind == QN_OP_WHILE;
    uint32_t expression = 0;
    QN_TRY(qn__json_check_keys(r->at, r->object, condition ? conditional : plain));
    if (condition) {
        QN_TRY(take_expression(r->at, r->object, r->circuit, &expression));
    }
    return qn__json_forward(r->at, qn_circuit_append_flow(r->circuit, kind, expression));
}

static const char *kind_at(const void *user, size_t index)
{
    (void)user;
    return qn__json_kinds[index + 1]; /* without "gate" */
}

static qn_status read_other(const op_reader *r)
{
    const char *name = NULL;
    QN_TRY(qn__json_take_string(r->at, r->object, "op", &name));
    unsigned kind = 1;
    while (kind < QN__JSON_KINDS && strcmp(qn__json_kinds[kind], name) != 0) {
        kind++;
    }
    switch (kind) {
    case QN_OP_MEASURE:
        return read_measure(r);
    case QN_OP_RESET:
        return read_reset(r);
    case QN_OP_BARRIER:
        return read_barrier(r);
    case QN_OP_DELAY:
        return read_delay(r);
    case QN_OP_ASSIGN:
        return read_assign(r);
    case QN__JSON_KINDS: {
        const qn__json_place at = qn__json_member(r->at, "op");
        const char *const near = qn__suggest(name, QN__JSON_KINDS - 1, kind_at, NULL);
        return QN_JSON_FAIL(&at, "\"%.40s\" is no operation%s%s%s", name, near != NULL ? "; did you mean \"" : "",
                            near != NULL ? near : "", near != NULL ? "\"?" : "");
    }
    default:
        return read_flow(r, (qn_op_kind)kind);
    }
}

static qn_status read_operation(const op_reader *r)
{
    if (!json_is_object(r->object) || has(r, "gate") == has(r, "op")) {
        return QN_JSON_FAIL(r->at, "this is %s; expected an object with \"gate\" or \"op\"",
                            !json_is_object(r->object) ? qn__json_kind_name(r->object)
                            : has(r, "gate")           ? "one with both"
                                                       : "one with neither");
    }
    uint64_t line = 0;
    if (has(r, "line")) {
        QN_TRY(qn__json_take_unsigned(r->at, r->object, "line", UINT32_MAX, &line));
    }
    qn_circuit_set_line(r->circuit, (uint32_t)line);
    return has(r, "gate") ? read_gate(r) : read_other(r);
}

qn_status qn__json_read_operations(const qn__json_place *at, const json_t *list, qn__json_scratch *scratch,
                                   qn_circuit *circuit)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const qn__json_place there = qn__json_element(at, i);
        const op_reader r = {&there, json_array_get(list, i), scratch, circuit};
        QN_TRY(read_operation(&r));
    }
    qn_circuit_set_line(circuit, 0);
    return QN_OK;
}
