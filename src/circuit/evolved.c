/* evolved.c: products of evolutions exp(-i theta O) as Pauli rotations, and QAOA, which is two of them in turn. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <quern/ansatz.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "circuit/ansatz.h"

static const double REAL_ENOUGH = 1e-10; /* largest |Im c| over the largest |c| of a Hermitian operator */

qn_status qn__ansatz_symbol(qn_circuit *circuit, const char *prefix, uint64_t index, uint32_t *out)
{
    char name[128];
    const int length = snprintf(name, sizeof name, "%s[%llu]", prefix, (unsigned long long)index);
    QN_CHECK(length > 0 && (size_t)length < sizeof name, ERR_ARGUMENT,
             "prefix of the symbols is longer than %zu letters", sizeof name - 24);
    return qn_circuit_add_symbol(circuit, name, out);
}

qn_status qn__ansatz_flip(qn_circuit *circuit, const uint64_t *bits)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    QN_CHECK(n % 64 == 0 || bits[n / 64] >> n % 64 == 0, ERR_RANGE, "the initial state has a bit past qubit %u", n - 1);
    for (uint32_t q = 0; q < n; q++) {
        if (qn__bit(bits, q)) {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_X, &q, 1, NULL, 0));
        }
    }
    return QN_OK;
}

/* The plain gate for a string of one or two equal letters, so that exported circuits read well. */
static bool plain_gate(const char *letters, size_t count, qn_gate *out)
{
    if (count == 1) {
        *out = letters[0] == 'X' ? QN_GATE_RX : letters[0] == 'Y' ? QN_GATE_RY : QN_GATE_RZ;
        return true;
    }
    if (count == 2 && letters[0] == letters[1]) {
        *out = letters[0] == 'X' ? QN_GATE_RXX : letters[0] == 'Y' ? QN_GATE_RYY : QN_GATE_RZZ;
        return true;
    }
    return false;
}

static qn_status append_term(qn_circuit *circuit, const uint64_t *x, const uint64_t *z, qn_param angle, char *letters,
                             uint32_t *qubits)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    size_t count = 0;
    for (size_t w = 0; w < qn__words(n); w++) {
        for (uint64_t rest = x[w] | z[w]; rest != 0; rest &= rest - 1) {
            const uint32_t q = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(rest);
            letters[count] = !qn__bit(x, q) ? 'Z' : qn__bit(z, q) ? 'Y' : 'X';
            qubits[count++] = q;
        }
    }
    qn_gate gate = QN_GATE_RZ;
    if (plain_gate(letters, count, &gate)) {
        return qn_circuit_append(circuit, gate, qubits, count, &angle, 1);
    }
    return qn_circuit_append_pauli_rotation(circuit, letters, qubits, count, angle);
}

static double largest_coefficient(const qn_pauli_sum *sum)
{
    double largest = 0;
    for (size_t i = 0; i < qn_pauli_sum_terms(sum); i++) {
        const qn_complex c = qn_pauli_sum_coefficient(sum, i);
        largest = fmax(largest, hypot(c.re, c.im));
    }
    return largest;
}

qn_status qn__ansatz_evolve(qn_circuit *circuit, const qn_pauli_sum *sum, uint32_t symbol, const char *what)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    QN_CHECK(qn_pauli_sum_qubits(sum) == n, ERR_SHAPE, "%s acts on %u qubits, the circuit has %u", what,
             qn_pauli_sum_qubits(sum), n);
    size_t worst = 0;
    QN_CHECK(qn_pauli_sum_is_hermitian(sum, REAL_ENOUGH * largest_coefficient(sum), &worst), ERR_NOT_HERMITIAN,
             "%s is not Hermitian: the coefficient of term %zu has imaginary part %.3g", what, worst,
             qn_pauli_sum_coefficient(sum, worst).im);
    qn_status status = QN_OK;
    char *letters = qn__alloc(n, sizeof *letters);
    uint32_t *qubits = qn__alloc(n, sizeof *qubits);
    if (letters == NULL || qubits == NULL) {
        status = QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < qn_pauli_sum_terms(sum) && status == QN_OK; i++) {
        /* exp(-i theta c P) rotates by 2 c theta. */
        const qn_param_term term = {symbol, 2 * qn_pauli_sum_coefficient(sum, i).re};
        status = append_term(circuit, qn_pauli_sum_x(sum, i), qn_pauli_sum_z(sum, i), (qn_param){0, &term, 1, 0},
                             letters, qubits);
    }
    qn__free(letters);
    qn__free(qubits);
    return status;
}

/* `names`: one prefix an operator, numbered by layer; NULL: the prefix of the options, numbered throughout. */
static qn_status build(const qn_evolved_options *o, const char *const *names, qn_circuit *circuit)
{
    if (o->plus) {
        for (uint32_t q = 0; q < qn_circuit_qubits(circuit); q++) {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
        }
    } else if (o->initial != NULL) {
        QN_TRY(qn__ansatz_flip(circuit, o->initial));
    }
    for (uint32_t layer = 0; layer < o->reps; layer++) {
        for (size_t k = 0; k < o->noperators; k++) {
            uint32_t symbol = 0;
            /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): start() filled the options */
            QN_TRY(qn__ansatz_symbol(circuit, names == NULL ? o->prefix : names[k],
                                     names == NULL ? (uint64_t)layer * o->noperators + k : layer, &symbol));
            char what[32];
            snprintf(what, sizeof what, "operator %zu", k);
            QN_TRY(qn__ansatz_evolve(circuit, o->operators[k], symbol, what));
        }
    }
    return QN_OK;
}

static qn_status create(const qn_evolved_options *options, const char *const *names, qn_circuit **out)
{
    const qn_evolved_options defaults = QN_EVOLVED_OPTIONS_INIT;
    qn_evolved_options o = defaults;
    memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    QN_CHECK(o.noperators > 0 && o.operators != NULL, ERR_ARGUMENT, "an evolved ansatz needs at least 1 operator");
    for (size_t k = 0; k < o.noperators; k++) {
        QN_CHECK(o.operators[k] != NULL, ERR_ARGUMENT, "operator %zu is NULL", k);
    }
    if (o.prefix == NULL) {
        o.prefix = "theta";
    }
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(qn_pauli_sum_qubits(o.operators[0]), &circuit));
    const qn_status status = build(&o, names, circuit);
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    return QN_OK;
}

qn_status qn_ansatz_evolved(const qn_evolved_options *options, qn_circuit **out)
{
    QN_CHECK(options != NULL && out != NULL, ERR_ARGUMENT, "options or result pointer is NULL");
    return create(options, NULL, out);
}

static qn_status sum_x(uint32_t n, qn_pauli_sum **out)
{
    qn_pauli_sum *sum = NULL;
    QN_TRY(qn_pauli_sum_create(n, &sum));
    for (uint32_t q = 0; q < n; q++) {
        const qn_status status = qn_pauli_sum_add_sparse(sum, (qn_complex){1, 0}, "X", &q, 1);
        if (status != QN_OK) {
            qn_pauli_sum_free(sum);
            return status;
        }
    }
    *out = sum;
    return QN_OK;
}

qn_status qn_ansatz_qaoa(const qn_pauli_sum *cost, uint32_t layers, qn_circuit **out)
{
    static const char *const names[] = {"gamma", "beta"};
    QN_CHECK(cost != NULL && out != NULL, ERR_ARGUMENT, "cost or result pointer is NULL");
    for (size_t i = 0; i < qn_pauli_sum_terms(cost); i++) {
        for (size_t w = 0; w < qn_pauli_sum_words(cost); w++) {
            QN_CHECK(qn_pauli_sum_x(cost, i)[w] == 0, ERR_ARGUMENT,
                     "term %zu of the cost has an X or Y: QAOA takes a cost of I and Z only", i);
        }
    }
    qn_pauli_sum *mixer = NULL;
    QN_TRY(sum_x(qn_pauli_sum_qubits(cost), &mixer));
    const qn_pauli_sum *const operators[] = {cost, mixer};
    qn_evolved_options options = QN_EVOLVED_OPTIONS_INIT;
    options.operators = operators;
    options.noperators = 2;
    options.reps = layers;
    options.plus = true;
    const qn_status status = create(&options, names, out);
    qn_pauli_sum_free(mixer);
    return status;
}
