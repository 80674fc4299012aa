/* oracle_circuit.c: oracles and search steps as circuits of gates, with every ancilla given back clean, and their price
 * by formula.
 *
 * Price: X under k >= 3 controls takes 2 k - 3 Toffoli gates on k - 2 ancillas, under 2 it is one (Nielsen, Chuang,
 * figure 4.10); a phase of pi on w qubits is an X under w - 1 between two H. */
#include <math.h>

#include <quern/load.h>

#include "algorithm/search/oracle.h"
#include "base/alloc.h"
#include "base/status.h"

static const double PI = 3.14159265358979323846;

double qn__oracle_toffoli(uint32_t controls)
{
    return controls < 2 ? 0 : controls == 2 ? 1 : 2.0 * controls - 3;
}

const char *qn_oracle_layout_name(qn_oracle_layout layout)
{
    static const char *const names[] = {"auto", "clauses", "counter", "minterms", "lookup"};
    return (unsigned)layout < sizeof names / sizeof *names ? names[layout] : "unknown";
}

static bool is_set(uint64_t bits, uint32_t at)
{
    return (bits >> at & 1) != 0;
}

static qn_status flip(qn_circuit *circuit, uint32_t qubit)
{
    return qn_circuit_append(circuit, QN_GATE_X, &qubit, 1, NULL, 0);
}

/* X on `target` when each of the qubits is its bit of `state`. */
static qn_status flip_on(qn_circuit *circuit, const uint32_t *qubits, uint32_t count, uint64_t state, uint32_t target)
{
    return qn_circuit_append_controlled(circuit, QN_GATE_X, qubits, count, state, &target, 1, NULL, 0);
}

/* The target is a qubit that the pattern has at 1; where it has none, X makes one. */
qn_status qn__oracle_pattern(qn_circuit *circuit, const uint32_t *qubits, uint32_t count, uint64_t state,
                             const qn_param *phase, uint32_t control)
{
    uint32_t all[QN__ORACLE_CONTROLS];
    uint64_t values = 0;
    uint32_t width = 0, target = 0;
    QN_CHECK(count + (control != QN__NO_CONTROL) <= QN__ORACLE_CONTROLS, ERR_TOO_LARGE,
             "a phase on %u qubits; at most %d", count, (int)QN__ORACLE_CONTROLS);
    for (uint32_t k = 0; k < count; k++) {
        values |= (uint64_t)is_set(state, k) << width;
        all[width++] = qubits[k];
    }
    if (control != QN__NO_CONTROL) {
        values |= UINT64_C(1) << width;
        all[width++] = control;
    }
    if (width == 0) {
        const qn_param whole = phase != NULL ? *phase : QN_PARAM(PI);
        return qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &whole, 1);
    }
    const bool none = values == 0;
    target = none ? width - 1 : (uint32_t)__builtin_ctzll(values);
    const uint32_t qubit = all[target];
    all[target] = all[width - 1];
    const uint64_t moved =
        is_set(values, width - 1) ? values | UINT64_C(1) << target : values & ~(UINT64_C(1) << target);
    if (none) {
        QN_TRY(flip(circuit, qubit));
    }
    QN_TRY(qn_circuit_append_controlled(circuit, phase != NULL ? QN_GATE_P : QN_GATE_Z, all, width - 1, moved, &qubit,
                                        1, phase, phase != NULL));
    return none ? flip(circuit, qubit) : QN_OK;
}

/* ---- formulas ---- */

/* Flips `target` when clause c is violated: when every literal fails. */
static qn_status flip_if_violated(qn_circuit *circuit, const qn_cnf *cnf, size_t c, uint32_t target)
{
    uint32_t qubits[QN__ORACLE_CONTROLS];
    uint64_t state = 0;
    uint32_t count = 0;
    for (size_t k = cnf->start[c]; k < cnf->start[c + 1]; k++) {
        const int32_t literal = cnf->literals[k];
        state |= (uint64_t)(literal < 0) << count;
        qubits[count++] = (uint32_t)(literal < 0 ? -literal : literal) - 1;
    }
    return flip_on(circuit, qubits, count, state, target);
}

static uint32_t clause_width(const qn_cnf *cnf, size_t c)
{
    return (uint32_t)(cnf->start[c + 1] - cnf->start[c]);
}

static void consecutive(uint32_t first, uint32_t count, uint32_t *out)
{
    for (uint32_t k = 0; k < count; k++) {
        out[k] = first + k;
    }
}

static qn_status emit_clauses(const qn_oracle *oracle, uint32_t ancilla, const qn_param *phase, uint32_t control,
                              qn_circuit *circuit)
{
    const qn_cnf *const cnf = &oracle->formula;
    uint32_t flags[QN__ORACLE_CONTROLS];
    QN_CHECK(cnf->clauses < QN__ORACLE_CONTROLS, ERR_TOO_LARGE, "%zu clauses; the layout \"clauses\" takes at most %d",
             cnf->clauses, (int)QN__ORACLE_CONTROLS - 1);
    consecutive(ancilla, (uint32_t)cnf->clauses, flags);
    for (size_t c = 0; c < cnf->clauses; c++) {
        QN_TRY(flip_if_violated(circuit, cnf, c, flags[c]));
    }
    QN_TRY(qn__oracle_pattern(circuit, flags, (uint32_t)cnf->clauses, 0, phase, control));
    for (size_t c = cnf->clauses; c-- > 0;) {
        QN_TRY(flip_if_violated(circuit, cnf, c, flags[c]));
    }
    return QN_OK;
}

/* Bits that hold 0 .. count. */
static uint32_t counter_bits(size_t count)
{
    uint32_t bits = 0;
    while (count >> bits != 0) {
        bits++;
    }
    return bits;
}

/* Adds the flag to the first `bits` counter qubits (or takes it away): carries reach bit k when all below are 1. */
static qn_status add_flag(qn_circuit *circuit, uint32_t flag, uint32_t counter, uint32_t bits, bool away)
{
    uint32_t controls[QN__ORACLE_CONTROLS] = {flag};
    consecutive(counter, bits, controls + 1);
    for (uint32_t step = 0; step < bits; step++) {
        const uint32_t bit = away ? step : bits - 1 - step;
        QN_TRY(flip_on(circuit, controls, bit + 1, UINT64_MAX, counter + bit));
    }
    return QN_OK;
}

static qn_status emit_counter(const qn_oracle *oracle, uint32_t ancilla, const qn_param *phase, uint32_t control,
                              qn_circuit *circuit)
{
    const qn_cnf *const cnf = &oracle->formula;
    const uint32_t flag = ancilla, counter = ancilla + 1, bits = counter_bits(cnf->clauses);
    uint32_t qubits[QN__ORACLE_CONTROLS];
    for (size_t c = 0; c < cnf->clauses; c++) {
        QN_TRY(flip_if_violated(circuit, cnf, c, flag));
        QN_TRY(add_flag(circuit, flag, counter, counter_bits(c + 1), false));
        QN_TRY(flip_if_violated(circuit, cnf, c, flag));
    }
    consecutive(counter, bits, qubits);
    QN_TRY(qn__oracle_pattern(circuit, qubits, bits, 0, phase, control));
    for (size_t c = cnf->clauses; c-- > 0;) {
        QN_TRY(flip_if_violated(circuit, cnf, c, flag));
        QN_TRY(add_flag(circuit, flag, counter, counter_bits(c + 1), true));
        QN_TRY(flip_if_violated(circuit, cnf, c, flag));
    }
    return QN_OK;
}

/* ---- marked items one by one ---- */

static qn_status emit_minterms(const qn_oracle *oracle, const qn_param *phase, uint32_t control, qn_circuit *circuit)
{
    uint32_t qubits[QN__ORACLE_CONTROLS];
    consecutive(0, oracle->bits, qubits);
    for (uint64_t k = 0; k < oracle->count; k++) {
        QN_TRY(qn__oracle_pattern(circuit, qubits, oracle->bits, qn_oracle_solution(oracle, k), phase, control));
    }
    return QN_OK;
}

/* ---- codes: lookup by unary iteration, a comparison, and the lookup undone ---- */

/* Items and addresses behind them, which load 0. The search runs over all of them. */
static uint64_t addresses(const qn_oracle *oracle)
{
    return UINT64_C(1) << oracle->bits;
}

/* The lookup of all codes: item qubits, the tree's ancillas, then the code. */
static qn_status load(const qn_oracle *oracle, const uint64_t *table, uint32_t ancilla, uint32_t data,
                      qn_circuit *circuit)
{
    uint32_t address[QN__ORACLE_CONTROLS], tree[QN__ORACLE_CONTROLS], target[QN__ORACLE_CONTROLS];
    qn_lookup lookup = QN_LOOKUP_INIT;
    lookup.table = table;
    lookup.length = addresses(oracle);
    lookup.data_bits = lookup.ntargets = oracle->code_bits;
    lookup.naddress = oracle->bits;
    lookup.nancillas = qn_load_qrom_ancillas(lookup.length, false);
    consecutive(0, lookup.naddress, address);
    consecutive(ancilla, lookup.nancillas, tree);
    consecutive(data, lookup.data_bits, target);
    lookup.address = address;
    lookup.ancilla = tree;
    lookup.target = target;
    return qn_load_qrom(circuit, &lookup);
}

/* Calls with every pattern (high bits of the code) that together are all codes of at least `least`; a pattern's bits
 * are counted from the top. */
static qn_status codes_from(const qn_oracle *oracle, uint64_t least, uint32_t data, const qn_param *phase,
                            uint32_t control, qn_circuit *circuit, double *toffoli)
{
    const uint32_t width = oracle->code_bits;
    if (least >= UINT64_C(1) << width) {
        return QN_OK;
    }
    for (uint32_t position = 0; position <= width; position++) {
        /* bits above `position` as in `least`, this one 1 where least has 0; position = width: least itself */
        const bool own = position == width;
        if (!own && is_set(least, position)) {
            continue;
        }
        const uint32_t lowest = own ? 0 : position, count = width - lowest;
        uint32_t qubits[32];
        consecutive(data + lowest, count, qubits);
        const uint64_t state = own ? least : (least >> lowest) | 1;
        *toffoli += qn__oracle_toffoli(count - 1 + (control != QN__NO_CONTROL));
        if (circuit != NULL) {
            QN_TRY(qn__oracle_pattern(circuit, qubits, count, state, phase, control));
        }
    }
    return QN_OK;
}

/* A phase on codes in [least, most] that are not excluded: all from `least`, and the inverse on all above `most` and on
 * each excluded one. */
static qn_status compare_codes(const qn_oracle *oracle, uint32_t data, const qn_param *phase, uint32_t control,
                               qn_circuit *circuit, double *toffoli)
{
    if (oracle->least > oracle->most) {
        return QN_OK;
    }
    QN_TRY(codes_from(oracle, oracle->least, data, phase, control, circuit, toffoli));
    qn_param_term terms[4];
    qn_param back = {0, terms, 0, 0};
    if (phase != NULL) {
        QN_CHECK(phase->count <= 4 && phase->expression == 0, ERR_UNSUPPORTED, "a phase of many symbols");
        back.constant = -phase->constant;
        for (size_t k = 0; k < phase->count; k++) {
            terms[back.count++] = (qn_param_term){phase->terms[k].symbol, -phase->terms[k].coefficient};
        }
    }
    const qn_param *const inverse = phase != NULL ? &back : NULL;
    QN_TRY(codes_from(oracle, (uint64_t)oracle->most + 1, data, inverse, control, circuit, toffoli));
    uint32_t qubits[32];
    consecutive(data, oracle->code_bits, qubits);
    for (size_t k = 0; k < oracle->excluded_count; k++) {
        *toffoli += qn__oracle_toffoli(oracle->code_bits - 1 + (control != QN__NO_CONTROL));
        if (circuit != NULL) {
            QN_TRY(qn__oracle_pattern(circuit, qubits, oracle->code_bits, oracle->excluded[k], inverse, control));
        }
    }
    return QN_OK;
}

static qn_status emit_lookup(const qn_oracle *oracle, uint32_t ancilla, const qn_param *phase, uint32_t control,
                             qn_circuit *circuit)
{
    const uint32_t data = ancilla + qn_load_qrom_ancillas(addresses(oracle), false);
    uint64_t *table = qn__calloc(addresses(oracle), sizeof *table);
    double toffoli = 0;
    QN_ALLOC_CHECK(table);
    for (uint64_t i = 0; i < oracle->items; i++) {
        table[i] = oracle->codes[i];
    }
    qn_status status = load(oracle, table, ancilla, data, circuit);
    status = status == QN_OK ? compare_codes(oracle, data, phase, control, circuit, &toffoli) : status;
    status = status == QN_OK ? load(oracle, table, ancilla, data, circuit) : status; /* its own inverse */
    qn__free(table);
    return status;
}

/* ---- prices ---- */

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static void price_formula(const qn_oracle *oracle, bool counter, qn_oracle_cost *out)
{
    const qn_cnf *const cnf = &oracle->formula;
    const uint32_t last = counter ? counter_bits(cnf->clauses) : (uint32_t)cnf->clauses;
    double widest = last > 0 ? last - 1.0 : 0;
    out->toffoli = last > 0 ? qn__oracle_toffoli(last - 1) : 0;
    for (size_t c = 0; c < cnf->clauses; c++) {
        const uint32_t width = clause_width(cnf, c);
        out->toffoli += (counter ? 4 : 2) * qn__oracle_toffoli(width);
        widest = larger(widest, width);
        for (uint32_t bit = 0; counter && bit < counter_bits(c + 1); bit++) {
            out->toffoli += 2 * qn__oracle_toffoli(bit + 1);
        }
    }
    if (counter) {
        widest = larger(widest, last);
    }
    const double qubits = oracle->bits + (counter ? last + 1.0 : (double)cnf->clauses);
    out->qubits = qubits < UINT32_MAX ? (uint32_t)qubits : UINT32_MAX;
    out->ladder = widest > 2 ? (uint32_t)widest - 2 : 0;
}

static qn_status price_layout(const qn_oracle *oracle, qn_oracle_layout layout, qn_oracle_cost *out)
{
    *out = (qn_oracle_cost){.layout = layout};
    if (layout == QN_ORACLE_MINTERMS) {
        out->qubits = oracle->bits;
        out->toffoli = (double)oracle->count * qn__oracle_toffoli(oracle->bits - 1);
        out->ladder = oracle->bits > 3 ? oracle->bits - 3 : 0;
    } else if (layout == QN_ORACLE_LOOKUP) {
        const uint64_t length = addresses(oracle);
        double compared = 0;
        QN_TRY(compare_codes(oracle, 0, NULL, QN__NO_CONTROL, NULL, &compared));
        out->qubits = oracle->bits + qn_load_qrom_ancillas(length, false) + oracle->code_bits;
        out->loading = 2 * (double)qn_load_qrom_toffoli(length, false, false);
        out->toffoli = out->loading + compared;
        out->ladder = oracle->code_bits > 3 ? oracle->code_bits - 3 : 0;
    } else {
        price_formula(oracle, layout == QN_ORACLE_COUNTER, out);
    }
    return QN_OK;
}

static bool has_layout(const qn_oracle *oracle, qn_oracle_layout layout)
{
    switch (layout) {
    case QN_ORACLE_CLAUSES:
        return oracle->is_formula && oracle->formula.clauses < QN__ORACLE_CONTROLS;
    case QN_ORACLE_COUNTER:
        return oracle->is_formula;
    case QN_ORACLE_LOOKUP:
        return oracle->codes != NULL;
    case QN_ORACLE_MINTERMS:
        return !oracle->is_formula && oracle->codes == NULL; /* else the circuit would presuppose the answer */
    default:
        return false;
    }
}

qn_status qn_oracle_price(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits, qn_oracle_cost *out)
{
    QN_CHECK(oracle != NULL && out != NULL, ERR_ARGUMENT, "an oracle and a place for its price");
    bool found = false;
    uint32_t fewest = UINT32_MAX;
    qn_oracle_cost best = {0};
    for (qn_oracle_layout k = QN_ORACLE_CLAUSES; k <= QN_ORACLE_LOOKUP; k++) {
        if (!has_layout(oracle, k) || (layout != QN_ORACLE_AUTO && layout != k)) {
            continue;
        }
        qn_oracle_cost cost;
        QN_TRY(price_layout(oracle, k, &cost));
        fewest = cost.qubits < fewest ? cost.qubits : fewest;
        if (cost.qubits <= most_qubits && (!found || cost.toffoli < best.toffoli)) {
            best = cost;
            found = true;
        }
    }
    QN_CHECK(fewest < UINT32_MAX, ERR_UNSUPPORTED, "layout \"%s\" does not fit this kind of oracle",
             qn_oracle_layout_name(layout));
    QN_CHECK(found, ERR_TOO_LARGE, "the oracle's circuit needs %u qubits (a state of %.3g GB); allowed are %u", fewest,
             1e-9 * ldexp(16, (int)fewest), most_qubits);
    *out = best;
    return QN_OK;
}

qn_status qn__oracle_emit(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t ancilla, const qn_param *phase,
                          uint32_t control, qn_circuit *circuit)
{
    switch (layout) {
    case QN_ORACLE_CLAUSES:
        return emit_clauses(oracle, ancilla, phase, control, circuit);
    case QN_ORACLE_COUNTER:
        return emit_counter(oracle, ancilla, phase, control, circuit);
    case QN_ORACLE_LOOKUP:
        return emit_lookup(oracle, ancilla, phase, control, circuit);
    default:
        return emit_minterms(oracle, phase, control, circuit);
    }
}

/* ---- whole circuits ---- */

static qn_status symbol(qn_circuit *circuit, const char *name, qn_param_term *term, qn_param *out)
{
    *term = (qn_param_term){0, 1.0};
    QN_TRY(qn_circuit_add_symbol(circuit, name, &term->symbol));
    *out = (qn_param){0.0, term, 1, 0};
    return QN_OK;
}

qn_status qn_oracle_compile(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits,
                            const char *phase_symbol, qn_circuit **out)
{
    QN_CHECK(oracle != NULL && out != NULL, ERR_ARGUMENT, "an oracle and a place for its circuit");
    qn_oracle_cost cost;
    QN_TRY(qn_oracle_price(oracle, layout, most_qubits, &cost));
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(cost.qubits, &circuit));
    qn_param_term term;
    qn_param phase;
    qn_status status = phase_symbol != NULL ? symbol(circuit, phase_symbol, &term, &phase) : QN_OK;
    if (status == QN_OK) {
        status = qn__oracle_emit(oracle, cost.layout, oracle->bits, phase_symbol != NULL ? &phase : NULL,
                                 QN__NO_CONTROL, circuit);
    }
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    return QN_OK;
}

static qn_status hadamards(qn_circuit *circuit, uint32_t count)
{
    for (uint32_t q = 0; q < count; q++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    return QN_OK;
}

/* H, the phase on item 0, H, and the sign in front. */
static qn_status emit_step(const qn_oracle *oracle, qn_oracle_layout layout, bool phased, qn_circuit *circuit)
{
    qn_param_term terms[2];
    qn_param alpha, beta;
    uint32_t qubits[QN__ORACLE_CONTROLS];
    const qn_param sign = QN_PARAM(PI);
    if (phased) {
        QN_TRY(symbol(circuit, "alpha", &terms[0], &alpha));
        QN_TRY(symbol(circuit, "beta", &terms[1], &beta));
    }
    QN_TRY(qn__oracle_emit(oracle, layout, oracle->bits, phased ? &beta : NULL, QN__NO_CONTROL, circuit));
    QN_TRY(hadamards(circuit, oracle->bits));
    consecutive(0, oracle->bits, qubits);
    QN_TRY(qn__oracle_pattern(circuit, qubits, oracle->bits, 0, phased ? &alpha : NULL, QN__NO_CONTROL));
    QN_TRY(hadamards(circuit, oracle->bits));
    return qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &sign, 1);
}

qn_status qn_search_compile(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits, bool phased,
                            qn_circuit **out)
{
    QN_CHECK(oracle != NULL && out != NULL, ERR_ARGUMENT, "an oracle and a place for the circuit");
    qn_oracle_cost cost;
    QN_TRY(qn_oracle_price(oracle, layout, most_qubits, &cost));
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(cost.qubits, &circuit));
    const qn_status status = emit_step(oracle, cost.layout, phased, circuit);
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    return QN_OK;
}

qn_status qn_search_oblivious(const qn_circuit *w, uint32_t ancillas, uint32_t rounds, qn_circuit **out)
{
    QN_CHECK(w != NULL && out != NULL, ERR_ARGUMENT, "a circuit and a place for the amplified one");
    QN_CHECK(ancillas >= 1 && ancillas <= qn_circuit_qubits(w) && ancillas <= QN__ORACLE_CONTROLS, ERR_RANGE,
             "%u ancillas of %u qubits", ancillas, qn_circuit_qubits(w));
    qn_circuit *circuit = NULL, *back = NULL;
    qn_status status = QN_OK;
    uint32_t qubits[QN__ORACLE_CONTROLS];
    const qn_param sign = QN_PARAM(PI);
    consecutive(0, ancillas, qubits);
    QN_TRY_CLEANUP(qn_circuit_clone(w, &circuit));
    QN_TRY_CLEANUP(qn_circuit_inverse(w, &back));
    for (uint32_t k = 0; k < rounds; k++) {
        QN_TRY_CLEANUP(qn__oracle_pattern(circuit, qubits, ancillas, 0, NULL, QN__NO_CONTROL));
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, back));
        QN_TRY_CLEANUP(qn__oracle_pattern(circuit, qubits, ancillas, 0, NULL, QN__NO_CONTROL));
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, w));
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &sign, 1));
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    qn_circuit_free(back);
    return status;
}
