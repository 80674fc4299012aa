/* wires.c: the qubits and classical bits that a text names: registers, indices, ranges, sets, physical qubits. */
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

qn_status qn__qasm_wires_push(qn__qasm_reader *r, const qn__qasm_wires *wires)
{
    void *stack = r->wires;
    QN_TRY(qn__grow(&stack, &r->wires_capacity, r->nwires + 1, sizeof *r->wires));
    r->wires = stack;
    r->wires[r->nwires++] = *wires;
    return QN_OK;
}

static qn_status outside(qn__qasm_reader *r, const qn__qasm_token *at, const qn__qasm_token *name, int64_t index,
                         uint32_t count)
{
    return QN_QASM_FAIL(r, at, "index %lld is outside of '%.*s'; expected 0 to %u", (long long)index, QN_TEXT(r, name),
                        count - 1);
}

/* Counted from the end when negative, as OpenQASM 3 has it. */
static qn_status resolve(qn__qasm_reader *r, const qn__qasm_token *at, const qn__qasm_token *name, int64_t index,
                         uint32_t count, uint32_t *out)
{
    const int64_t k = index < 0 && !r->version2 ? index + (int64_t)count : index;
    if (k < 0 || k >= (int64_t)count) {
        return outside(r, at, name, index, count);
    }
    *out = (uint32_t)k;
    return QN_OK;
}

static qn_status read_index(qn__qasm_reader *r, int64_t *out, bool *known)
{
    const qn__qasm_token at = r->token;
    qn__qasm_operand operand;
    QN_TRY(qn__qasm_read_expression(r, &operand));
    return qn__qasm_operand_index(r, &operand, &at, "an index", out, known);
}

/* {a, b, c}: the current token is '{'. */
static qn_status index_set(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_wires *wires)
{
    const qn__qasm_wires from = *wires;
    size_t count = 0, capacity = 8;
    uint32_t *list = qn__qasm_arena(r, capacity * sizeof *list);
    QN_ALLOC_CHECK(list);
    qn__qasm_advance(r);
    while (!qn__qasm_at(r, QN__QT_RIGHT_CURLY)) {
        const qn__qasm_token at = r->token;
        int64_t index = 0;
        bool known = false;
        QN_TRY(read_index(r, &index, &known));
        wires->unknown = wires->unknown || !known;
        uint32_t k = 0;
        if (known && !from.unknown) {
            QN_TRY(resolve(r, &at, name, index, from.count, &k));
            k = qn__qasm_wire(&from, k);
        }
        if (count == capacity) {
            uint32_t *more = qn__qasm_arena(r, 2 * capacity * sizeof *list);
            QN_ALLOC_CHECK(more);
            memcpy(more, list, count * sizeof *list);
            list = more;
            capacity *= 2;
        }
        list[count++] = k;
        if (!qn__qasm_accept(r, QN__QT_COMMA)) {
            break;
        }
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_CURLY, "after the indices"));
    if (count == 0) {
        return QN_QASM_FAIL(r, name, "an empty set of indices; expected at least one");
    }
    *wires = (qn__qasm_wires){.count = (uint32_t)count, .list = list, .unknown = wires->unknown};
    return QN_OK;
}

/* [a:b] and [a:step:b], ends included; `first` was read already when there is one. */
static qn_status index_range(qn__qasm_reader *r, const qn__qasm_token *name, const qn__qasm_token *at, bool has_first,
                             int64_t first, bool known, qn__qasm_wires *wires)
{
    int64_t second = 0, third = 0, step = 1;
    bool has_second = false, has_third = false, more = true;
    qn__qasm_advance(r);
    if (!qn__qasm_at(r, QN__QT_RIGHT_SQUARE) && !qn__qasm_at(r, QN__QT_COLON)) {
        has_second = true;
        QN_TRY(read_index(r, &second, &more));
        known = known && more;
    }
    const bool stepped = qn__qasm_accept(r, QN__QT_COLON);
    if (stepped && !qn__qasm_at(r, QN__QT_RIGHT_SQUARE)) {
        has_third = true;
        QN_TRY(read_index(r, &third, &more));
        known = known && more;
    }
    if (wires->unknown || !known) {
        wires->unknown = true;
        wires->scalar = false;
        wires->whole = 0;
        return QN_OK;
    }
    const uint32_t count = wires->count;
    if (stepped) {
        step = has_second ? second : 1;
        second = third;
        has_second = has_third;
    }
    if (step == 0) {
        return QN_QASM_FAIL(r, at, "a range with step 0; expected any other");
    }
    uint32_t begin = step > 0 ? 0 : count - 1, end = step > 0 ? count - 1 : 0;
    if (has_first) {
        QN_TRY(resolve(r, at, name, first, count, &begin));
    }
    if (has_second) {
        QN_TRY(resolve(r, at, name, second, count, &end));
    }
    if (step > 0 ? begin > end : begin < end) {
        return QN_QASM_FAIL(r, at, "the range %u:%lld:%u is empty; expected at least one index", begin, (long long)step,
                            end);
    }
    const uint64_t distance = step > 0 ? end - begin : begin - end;
    const uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    const uint32_t n = (uint32_t)(distance / stride) + 1;
    const qn__qasm_wires from = *wires;
    if (step == 1 && from.list == NULL) {
        *wires = (qn__qasm_wires){.first = from.first + begin, .count = n, .whole = n == from.count ? from.whole : 0};
        return QN_OK;
    }
    uint32_t *list = qn__qasm_arena(r, n * sizeof *list);
    QN_ALLOC_CHECK(list);
    int64_t k = begin;
    for (uint32_t i = 0; i < n; i++) {
        list[i] = qn__qasm_wire(&from, (uint32_t)k);
        k += i + 1 < n ? step : 0;
    }
    *wires = (qn__qasm_wires){.count = n, .list = list};
    return QN_OK;
}

qn_status qn__qasm_index(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_wires *wires)
{
    qn__qasm_advance(r);
    if (wires->scalar) {
        return QN_QASM_FAIL(r, name, "'%.*s' is one %s, which has no index", QN_TEXT(r, name),
                            r->in_gate ? "qubit of the gate" : "wire, not a register,");
    }
    const qn__qasm_token at = r->token;
    if (at.kind == QN__QT_INTEGER && r->lexer.at < r->lexer.length && r->lexer.text[r->lexer.at] == ']') {
        /* A plain number, as nearly always. */
        qn__qasm_advance(r);
        qn__qasm_advance(r);
        if (at.integer >= wires->count && !wires->unknown) {
            return outside(r, &at, name, at.integer > INT64_MAX ? INT64_MAX : (int64_t)at.integer, wires->count);
        }
        *wires = (qn__qasm_wires){.first = wires->unknown ? 0 : qn__qasm_wire(wires, (uint32_t)at.integer),
                                  .count = 1,
                                  .scalar = true,
                                  .unknown = wires->unknown};
        return QN_OK;
    }
    if (!r->version2 && qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
        QN_TRY(index_set(r, name, wires));
        return qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the indices");
    }
    if (!r->version2 && qn__qasm_at(r, QN__QT_COLON)) {
        QN_TRY(index_range(r, name, &at, false, 0, true, wires));
        return qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the range");
    }
    int64_t index = 0;
    bool known = false;
    QN_TRY(read_index(r, &index, &known));
    if (!r->version2 && qn__qasm_at(r, QN__QT_COLON)) {
        QN_TRY(index_range(r, name, &at, true, index, known, wires));
        return qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the range");
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the index"));
    uint32_t k = 0;
    if (known && !wires->unknown) {
        QN_TRY(resolve(r, &at, name, index, wires->count, &k));
        k = qn__qasm_wire(wires, k);
    }
    *wires = (qn__qasm_wires){.first = k, .count = 1, .scalar = true, .unknown = !known || wires->unknown};
    return QN_OK;
}

static qn_status physical(qn__qasm_reader *r, qn__qasm_wires *out)
{
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    if (r->in_gate) {
        return QN_QASM_FAIL(r, &token, "a physical qubit in the body of a gate; expected one of its qubits");
    }
    if (r->nqubits > r->nphysical) {
        return QN_QASM_UNSUPPORTED(r, &token, "physical qubits beside declared qubits are not supported");
    }
    if (token.integer >= r->options.max_qubits) {
        return QN_QASM_LARGE(r, &token, "physical qubit %llu; expected at most $%u", (unsigned long long)token.integer,
                             r->options.max_qubits - 1);
    }
    if (token.integer >= r->nphysical) {
        uint32_t first = 0;
        QN_TRY(qn__qasm_add_qubits(r, &token, token.integer + 1 - r->nphysical, &first));
        r->nphysical = (uint32_t)token.integer + 1;
    }
    *out = (qn__qasm_wires){.first = (uint32_t)token.integer, .count = 1, .scalar = true};
    return QN_OK;
}

static qn_status wires(qn__qasm_reader *r, qn__qasm_symbol_kind kind, const char *what, qn__qasm_wires *out)
{
    const qn__qasm_token name = r->token;
    if (name.kind == QN__QT_PHYSICAL && kind == QN__SYMBOL_QUBITS) {
        return physical(r, out);
    }
    if (name.kind != QN__QT_NAME) {
        return qn__qasm_expected(r, what);
    }
    qn__qasm_advance(r);
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_find(r, &name, kind == QN__SYMBOL_QUBITS ? "qubit" : "bit", &symbol));
    if (symbol->kind != kind) {
        return QN_QASM_FAIL(r, &name, "'%.*s' is %s; expected %s", QN_TEXT(r, &name), qn__qasm_symbol_noun(symbol),
                            what);
    }
    if (symbol->level == 0 && (r->in_gate || r->in_subroutine)) {
        return QN_QASM_FAIL(r, &name, "'%.*s' is %s of the program; expected a parameter in the body of %s",
                            QN_TEXT(r, &name), qn__qasm_symbol_noun(symbol), r->in_gate ? "a gate" : "a subroutine");
    }
    *out = symbol->wires;
    while (qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        QN_TRY(qn__qasm_index(r, &name, out));
    }
    return QN_OK;
}

qn_status qn__qasm_qubits(qn__qasm_reader *r, qn__qasm_wires *out)
{
    return wires(r, QN__SYMBOL_QUBITS, "a qubit or a quantum register", out);
}

qn_status qn__qasm_bits(qn__qasm_reader *r, qn__qasm_wires *out)
{
    return wires(r, QN__SYMBOL_BITS, "a bit or a bit register", out);
}

qn_status qn__qasm_wires_join(qn__qasm_reader *r, qn__qasm_wires *left, const qn__qasm_wires *right)
{
    const uint64_t count = (uint64_t)left->count + right->count;
    if (left->unknown || right->unknown || count > UINT32_MAX) {
        *left = (qn__qasm_wires){.count = 1, .unknown = true};
        return QN_OK;
    }
    if (left->list == NULL && right->list == NULL && left->first + left->count == right->first) {
        *left = (qn__qasm_wires){.first = left->first, .count = (uint32_t)count};
        return QN_OK;
    }
    uint32_t *list = qn__qasm_arena(r, (size_t)count * sizeof *list);
    QN_ALLOC_CHECK(list);
    for (uint32_t i = 0; i < left->count; i++) {
        list[i] = qn__qasm_wire(left, i);
    }
    for (uint32_t i = 0; i < right->count; i++) {
        list[left->count + i] = qn__qasm_wire(right, i);
    }
    *left = (qn__qasm_wires){.count = (uint32_t)count, .list = list};
    return QN_OK;
}

qn_status qn__qasm_qubits_joined(qn__qasm_reader *r, qn__qasm_wires *out)
{
    QN_TRY(qn__qasm_qubits(r, out));
    while (qn__qasm_accept(r, QN__QT_CONCATENATE)) {
        qn__qasm_wires more = {0};
        QN_TRY(qn__qasm_qubits(r, &more));
        QN_TRY(qn__qasm_wires_join(r, out, &more));
    }
    return QN_OK;
}
