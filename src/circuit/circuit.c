/* circuit.c: the store of a circuit: symbols, records, pools, and how operations get in and out. */
#include "circuit/store.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "circuit/gate.h"

enum {
    PAIRWISE_LIMIT = 16, /* up to so many qubits repeats are looked for pair by pair */
    FIRST_BLOCK = 64
};

qn_status qn_circuit_create(uint32_t nqubits, qn_circuit **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    QN_CHECK(nqubits > 0, ERR_RANGE, "a circuit needs at least 1 qubit");
    qn_circuit *circuit = qn__calloc(1, sizeof *circuit);
    QN_ALLOC_CHECK(circuit);
    circuit->nqubits = nqubits;
    *out = circuit;
    return QN_OK;
}

void qn_circuit_free(qn_circuit *circuit)
{
    if (circuit == NULL) {
        return;
    }
    while (circuit->terms != NULL) {
        qn__term_block *next = circuit->terms->next;
        qn__free(circuit->terms);
        circuit->terms = next;
    }
    qn__free(circuit->records);
    qn__free(circuit->qubits);
    qn__free(circuit->params);
    qn__free(circuit->pauli);
    qn__free(circuit->matrices);
    qn__free(circuit->seen);
    qn__free(circuit->variables);
    qn__free(circuit->tokens);
    qn__free(circuit->expressions);
    qn__free(circuit->blocks);
    qn__names_release(&circuit->symbols);
    qn__names_release(&circuit->variable_names);
    qn__free(circuit);
}

uint32_t qn_circuit_qubits(const qn_circuit *circuit)
{
    return circuit->nqubits;
}

size_t qn_circuit_symbols(const qn_circuit *circuit)
{
    return circuit->symbols.count;
}

const char *qn_circuit_symbol_name(const qn_circuit *circuit, uint32_t symbol)
{
    return symbol < circuit->symbols.count ? circuit->symbols.names[symbol] : NULL;
}

size_t qn_circuit_operations(const qn_circuit *circuit)
{
    return circuit->nrecords;
}

/* Symbols. */

bool qn__circuit_find_symbol(const qn_circuit *circuit, const char *name, uint32_t *out)
{
    return qn__names_find(&circuit->symbols, name, out);
}

qn_status qn_circuit_add_symbol(qn_circuit *circuit, const char *name, uint32_t *out)
{
    QN_CHECK(circuit != NULL && name != NULL, ERR_ARGUMENT, "circuit or symbol name is NULL");
    QN_CHECK(name[0] != '\0', ERR_ARGUMENT, "a symbol needs a name");
    uint32_t there = 0;
    QN_CHECK(!qn__names_find(&circuit->symbols, name, &there), ERR_ARGUMENT,
             "symbol \"%.64s\" is there already (number %u)", name, there);
    QN_CHECK(!qn__names_find(&circuit->variable_names, name, &there), ERR_ARGUMENT,
             "\"%.64s\" cannot be a symbol, it is a variable already", name);
    QN_TRY(qn__names_add(&circuit->symbols, name));
    if (out != NULL) {
        *out = (uint32_t)(circuit->symbols.count - 1);
    }
    return QN_OK;
}

/* Marks. */

qn__circuit_mark qn__circuit_mark_now(const qn_circuit *circuit)
{
    return (qn__circuit_mark){.records = circuit->nrecords,
                              .qubits = circuit->qubits_used,
                              .params = circuit->params_used,
                              .pauli = circuit->pauli_used,
                              .matrices = circuit->matrices_used,
                              .symbols = circuit->symbols.count,
                              .variables = circuit->nvariables,
                              .tokens = circuit->tokens_used,
                              .expressions = circuit->nexpressions,
                              .blocks = circuit->nblocks,
                              .nbits = circuit->nbits};
}

void qn__circuit_rollback(qn_circuit *circuit, const qn__circuit_mark *mark)
{
    /* Terms stay in their blocks: nothing points at them, and they go with the circuit. */
    circuit->nrecords = mark->records;
    circuit->qubits_used = mark->qubits;
    circuit->params_used = mark->params;
    circuit->pauli_used = mark->pauli;
    circuit->matrices_used = mark->matrices;
    circuit->nvariables = mark->variables;
    circuit->tokens_used = mark->tokens;
    circuit->nexpressions = mark->expressions;
    circuit->nblocks = mark->blocks;
    circuit->nbits = mark->nbits;
    qn__names_truncate(&circuit->symbols, mark->symbols);
    qn__names_truncate(&circuit->variable_names, mark->variables);
}

/* Checks. */

static qn_status check_range(const qn_circuit *circuit, const char *name, const uint32_t *qubits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(qubits[i] < circuit->nqubits, ERR_RANGE, "%s: qubit %u is outside 0..%u", name, qubits[i],
                 circuit->nqubits - 1);
    }
    return QN_OK;
}

/* The i-th of an entry's qubits, extra controls first. */
static uint32_t qubit_of(const qn__entry *entry, size_t i)
{
    return i < entry->nextra ? entry->extra[i] : entry->qubits[i - entry->nextra];
}

static qn_status check_distinct(qn_circuit *circuit, const char *name, const qn__entry *entry)
{
    const size_t count = entry->nextra + entry->nqubits;
    size_t repeated = SIZE_MAX;
    if (count <= PAIRWISE_LIMIT) {
        for (size_t i = 1; i < count; i++) {
            for (size_t j = 0; j < i; j++) {
                repeated = qubit_of(entry, i) == qubit_of(entry, j) ? i : repeated;
            }
        }
    } else {
        if (circuit->seen == NULL) {
            circuit->seen = qn__calloc(qn__words(circuit->nqubits), sizeof *circuit->seen);
            QN_ALLOC_CHECK(circuit->seen);
        }
        size_t i = 0;
        for (; i < count && repeated == SIZE_MAX; i++) {
            repeated = qn__bit(circuit->seen, qubit_of(entry, i)) ? i : SIZE_MAX;
            qn__bit_set(circuit->seen, qubit_of(entry, i));
        }
        while (i-- > 0) {
            circuit->seen[qubit_of(entry, i) / 64] = 0;
        }
    }
    QN_CHECK(repeated == SIZE_MAX, ERR_ARGUMENT, "%s: qubit %u is given twice", name, qubit_of(entry, repeated));
    return QN_OK;
}

static uint32_t mapped_symbol(const qn__entry *entry, uint32_t symbol)
{
    return entry->map == NULL || entry->map->symbols == NULL ? symbol : entry->map->symbols[symbol];
}

static uint32_t mapped_expression(const qn__entry *entry, uint32_t expression)
{
    return entry->map == NULL || entry->map->expressions == NULL || expression == 0
               ? expression
               : entry->map->expressions[expression - 1] + 1;
}

static qn_status check_params(const qn_circuit *circuit, const char *name, const qn__entry *entry, size_t *nterms)
{
    *nterms = 0;
    for (size_t i = 0; i < entry->nparams; i++) {
        const qn_param *param = &entry->params[i];
        QN_CHECK(isfinite(param->constant), ERR_NAN, "%s: parameter %zu is not a finite number", name, i);
        QN_CHECK(param->count == 0 || param->terms != NULL, ERR_ARGUMENT, "%s: parameter %zu has no terms", name, i);
        for (size_t k = 0; k < param->count; k++) {
            const uint32_t symbol = mapped_symbol(entry, param->terms[k].symbol);
            QN_CHECK(isfinite(param->terms[k].coefficient), ERR_NAN,
                     "%s: a coefficient of parameter %zu is not a finite number", name, i);
            QN_CHECK(symbol < circuit->symbols.count, ERR_RANGE,
                     "%s: parameter %zu uses symbol %u, the circuit has %zu of them", name, i, symbol,
                     circuit->symbols.count);
        }
        const uint32_t expression = mapped_expression(entry, param->expression);
        QN_CHECK(expression <= circuit->nexpressions, ERR_RANGE,
                 "%s: parameter %zu uses expression %u, the circuit has %zu of them", name, i, expression,
                 circuit->nexpressions);
        QN_CHECK(!__builtin_add_overflow(*nterms, param->count, nterms), ERR_TOO_LARGE, "%s: too many terms", name);
    }
    return QN_OK;
}

static qn_status check_entry(qn_circuit *circuit, const qn__gate_row *row, const qn__entry *entry, size_t *nterms)
{
    const qn_gate_info *info = &row->info;
    const bool string = (info->flags & QN_GATE_FLAG_PAULI_STRING) != 0;
    QN_CHECK(string || entry->nqubits == info->qubits, ERR_SHAPE, "%s acts on %u qubits, got %zu", info->name,
             info->qubits, entry->nqubits);
    QN_CHECK(entry->nparams == info->params, ERR_SHAPE, "%s takes %u parameters, got %zu", info->name, info->params,
             entry->nparams);
    QN_CHECK((entry->qubits != NULL || entry->nqubits == 0) && (entry->extra != NULL || entry->nextra == 0) &&
                 (entry->params != NULL || entry->nparams == 0),
             ERR_ARGUMENT, "%s: qubits, controls or parameters are NULL", info->name);
    QN_CHECK(entry->nextra <= QN__CONTROLS_MAX - info->controls, ERR_TOO_LARGE,
             "%s under %zu more controls: an operation has at most %d", info->name, entry->nextra, QN__CONTROLS_MAX);
    QN_TRY(check_range(circuit, info->name, entry->extra, entry->nextra));
    QN_TRY(check_range(circuit, info->name, entry->qubits, entry->nqubits));
    QN_TRY(check_distinct(circuit, info->name, entry));
    return check_params(circuit, info->name, entry, nterms);
}

/* Room. */

static qn_status reserve(void **array, size_t *capacity, size_t used, size_t more, size_t item)
{
    size_t needed = 0;
    QN_CHECK(!__builtin_add_overflow(used, more, &needed), ERR_TOO_LARGE, "circuit is too large");
    return needed <= *capacity ? QN_OK : qn__grow(array, capacity, needed, item);
}

#define RESERVE(circuit, array, used, capacity, more)                                                                  \
    do {                                                                                                               \
        void *pool = (circuit)->array;                                                                                 \
        const qn_status grown =                                                                                        \
            reserve(&pool, &(circuit)->capacity, (circuit)->used, (more), sizeof *(circuit)->array);                   \
        (circuit)->array = pool;                                                                                       \
        QN_TRY(grown);                                                                                                 \
    } while (0)

static qn_status reserve_terms(qn_circuit *circuit, size_t more)
{
    const qn__term_block *newest = circuit->terms;
    if (more == 0 || (newest != NULL && newest->capacity - newest->used >= more)) {
        return QN_OK;
    }
    size_t capacity = newest == NULL ? FIRST_BLOCK : 2 * newest->capacity;
    capacity = capacity < more ? more : capacity;
    size_t bytes = 0;
    QN_CHECK(!__builtin_mul_overflow(capacity, sizeof(qn_param_term), &bytes) &&
                 !__builtin_add_overflow(bytes, sizeof *newest, &bytes),
             ERR_TOO_LARGE, "circuit is too large");
    qn__term_block *block = qn__alloc(1, bytes);
    QN_ALLOC_CHECK(block);
    *block = (qn__term_block){circuit->terms, 0, capacity};
    circuit->terms = block;
    return QN_OK;
}

static void copy_params(qn_circuit *circuit, const qn__entry *entry)
{
    for (size_t i = 0; i < entry->nparams; i++) {
        const qn_param *from = &entry->params[i];
        qn_param *to = &circuit->params[circuit->params_used++];
        *to = (qn_param){from->constant, NULL, from->count, mapped_expression(entry, from->expression)};
        if (from->count == 0) {
            continue;
        }
        qn_param_term *terms = &circuit->terms->terms[circuit->terms->used];
        circuit->terms->used += from->count;
        for (size_t k = 0; k < from->count; k++) {
            terms[k] = from->terms[k];
            terms[k].symbol = mapped_symbol(entry, terms[k].symbol);
        }
        to->terms = terms;
    }
}

/* What is not a gate. */
static qn_status check_other(qn_circuit *circuit, const qn__entry *entry)
{
    const char *name = qn__op_kind_name(entry->kind);
    QN_CHECK(entry->qubits != NULL || entry->nqubits == 0, ERR_ARGUMENT, "%s: qubits are NULL", name);
    QN_TRY(check_range(circuit, name, entry->qubits, entry->nqubits));
    QN_TRY(check_distinct(circuit, name, entry));
    size_t nterms = 0;
    QN_TRY(check_params(circuit, name, entry, &nterms));
    QN_CHECK(nterms == 0, ERR_UNSUPPORTED, "%s: its duration must be a number", name);
    return qn__flow_check(circuit, entry->kind);
}

static qn_status push_other(qn_circuit *circuit, const qn__entry *entry)
{
    QN_TRY(check_other(circuit, entry));
    RESERVE(circuit, records, nrecords, records_capacity, 1);
    RESERVE(circuit, qubits, qubits_used, qubits_capacity, entry->nqubits);
    RESERVE(circuit, params, params_used, params_capacity, entry->nparams);
    QN_TRY(qn__flow_reserve(circuit, entry->kind));
    /* From here on nothing fails. */
    const qn__map none = {0}, *map = entry->map == NULL ? &none : entry->map;
    qn__record *record = &circuit->records[circuit->nrecords++];
    *record = (qn__record){.kind = (uint8_t)entry->kind,
                           .gate = QN_GATE_ID,
                           .ntargets = (uint32_t)entry->nqubits,
                           .nparams = (uint8_t)entry->nparams,
                           .line = entry->line != 0 ? entry->line : circuit->line,
                           .qubits = circuit->qubits_used,
                           .params = circuit->params_used,
                           .bit = entry->bit,
                           .variable = entry->variable};
    record->expression = mapped_expression(entry, entry->expression);
    if (entry->bit != QN_NO_BIT && map->bits != NULL) {
        record->bit = map->bits[entry->bit];
    }
    if (entry->variable != QN_NO_BIT && map->variables != NULL) {
        record->variable = map->variables[entry->variable];
    }
    for (size_t i = 0; i < entry->nqubits; i++) {
        circuit->qubits[circuit->qubits_used++] = entry->qubits[i];
    }
    copy_params(circuit, entry);
    qn__flow_enter(circuit, entry->kind);
    return QN_OK;
}

qn_status qn__circuit_push(qn_circuit *circuit, const qn__entry *entry)
{
    if (entry->kind != QN_OP_GATE) {
        return push_other(circuit, entry);
    }
    const qn__gate_row *row = qn__gate_row_of(entry->gate);
    QN_CHECK(row != NULL, ERR_RANGE, "gate %d is outside 0..%d", (int)entry->gate, (int)QN_GATE_COUNT_ - 1);
    size_t nterms = 0;
    QN_TRY(check_entry(circuit, row, entry, &nterms));
    const size_t nentries = entry->matrix == NULL ? 0 : (size_t)1 << 2 * entry->nqubits;
    RESERVE(circuit, records, nrecords, records_capacity, 1);
    RESERVE(circuit, qubits, qubits_used, qubits_capacity, entry->nextra + entry->nqubits);
    RESERVE(circuit, params, params_used, params_capacity, entry->nparams);
    RESERVE(circuit, pauli, pauli_used, pauli_capacity, entry->pauli == NULL ? 0 : entry->nqubits);
    RESERVE(circuit, matrices, matrices_used, matrices_capacity, nentries);
    QN_TRY(reserve_terms(circuit, nterms));
    /* From here on nothing fails. */
    const uint32_t controls = row->info.controls + (uint32_t)entry->nextra;
    const uint64_t extra_mask = entry->nextra >= 64 ? UINT64_MAX : (UINT64_C(1) << entry->nextra) - 1;
    const uint64_t mask = controls >= 64 ? UINT64_MAX : (UINT64_C(1) << controls) - 1;
    qn__record *record = &circuit->records[circuit->nrecords++];
    *record = (qn__record){.ntargets = (uint32_t)entry->nqubits - row->info.controls,
                           .line = entry->line != 0 ? entry->line : circuit->line,
                           .gate = (uint16_t)entry->gate,
                           .ncontrols = (uint8_t)controls,
                           .nparams = (uint8_t)entry->nparams,
                           .qubits = circuit->qubits_used,
                           .params = circuit->params_used,
                           .payload = entry->pauli != NULL ? circuit->pauli_used : circuit->matrices_used,
                           .control_state = (entry->extra_state & extra_mask) | (mask & ~extra_mask)};
    for (size_t i = 0; i < entry->nextra + entry->nqubits; i++) {
        circuit->qubits[circuit->qubits_used++] = qubit_of(entry, i);
    }
    copy_params(circuit, entry);
    if (entry->pauli != NULL) {
        memcpy(circuit->pauli + circuit->pauli_used, entry->pauli, entry->nqubits);
        circuit->pauli_used += entry->nqubits;
    }
    if (entry->matrix != NULL) {
        memcpy(circuit->matrices + circuit->matrices_used, entry->matrix, nentries * sizeof *entry->matrix);
        circuit->matrices_used += nentries;
    }
    return QN_OK;
}

/* Operations out. */

void qn_circuit_operation(const qn_circuit *circuit, size_t index, qn_operation *out)
{
    QN_ASSERT(index < circuit->nrecords);
    const qn__record *record = &circuit->records[index];
    const qn_gate_info *info = qn_gate_describe((qn_gate)record->gate);
    const uint32_t *qubits = record->ncontrols + record->ntargets == 0 ? NULL : circuit->qubits + record->qubits;
    *out = (qn_operation){
        .kind = (qn_op_kind)record->kind,
        .bit = QN_NO_BIT,
        .variable = QN_NO_BIT,
        .line = record->line,
        .gate = info->gate,
        .base = info->base,
        .ncontrols = record->ncontrols,
        .controls = record->ncontrols == 0 ? NULL : qubits,
        .ntargets = record->ntargets,
        .targets = record->ntargets == 0 ? NULL : qubits + record->ncontrols,
        .nparams = record->nparams,
        .params = record->nparams == 0 ? NULL : circuit->params + record->params,
    };
    if (record->kind != QN_OP_GATE) {
        out->bit = record->bit;
        out->variable = record->variable;
        out->expression = record->expression;
        return;
    }
    out->control_state = record->control_state;
    if ((info->flags & QN_GATE_FLAG_PAULI_STRING) != 0) {
        out->pauli = circuit->pauli + record->payload;
    } else if ((info->flags & QN_GATE_FLAG_MATRIX) != 0) {
        out->matrix = circuit->matrices + record->payload;
    }
}

qn__entry qn__circuit_entry(const qn_circuit *circuit, size_t index)
{
    qn_operation op;
    qn_circuit_operation(circuit, index, &op);
    const uint32_t own = qn_gate_describe(op.gate)->controls, extra = op.ncontrols - own;
    const uint32_t *first = op.ncontrols == 0 ? op.targets : op.controls;
    return (qn__entry){.kind = op.kind,
                       .bit = op.bit,
                       .variable = op.variable,
                       .expression = op.expression,
                       .line = op.line,
                       .gate = op.gate,
                       .extra = extra == 0 ? NULL : first,
                       .nextra = extra,
                       .extra_state = op.control_state,
                       .qubits = first == NULL ? NULL : first + extra,
                       .nqubits = own + op.ntargets,
                       .params = op.params,
                       .nparams = op.nparams,
                       .pauli = op.pauli,
                       .matrix = op.matrix};
}
