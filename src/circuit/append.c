/* append.c: the public ways to add one operation to a circuit. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/store.h"

static const double UNITARITY = 1e-9; /* largest |U+ U - 1| of a matrix that is taken */

static qn_status check_plain(qn_gate gate)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    QN_CHECK(info != NULL, ERR_RANGE, "gate %d is outside 0..%d", (int)gate, (int)QN_GATE_COUNT_ - 1);
    QN_CHECK((info->flags & (QN_GATE_FLAG_PAULI_STRING | QN_GATE_FLAG_MATRIX)) == 0, ERR_UNSUPPORTED,
             "%s carries data of its own: use %s", info->name,
             (info->flags & QN_GATE_FLAG_MATRIX) != 0 ? "qn_circuit_append_unitary"
                                                      : "qn_circuit_append_pauli_rotation");
    return QN_OK;
}

qn_status qn_circuit_append(qn_circuit *circuit, qn_gate gate, const uint32_t *qubits, size_t nqubits,
                            const qn_param *params, size_t nparams)
{
    return qn_circuit_append_controlled(circuit, gate, NULL, 0, UINT64_MAX, qubits, nqubits, params, nparams);
}

qn_status qn_circuit_append_controlled(qn_circuit *circuit, qn_gate gate, const uint32_t *controls, size_t ncontrols,
                                       uint64_t control_state, const uint32_t *qubits, size_t nqubits,
                                       const qn_param *params, size_t nparams)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_TRY(check_plain(gate));
    const qn__entry entry = {.gate = gate,
                             .extra = controls,
                             .nextra = ncontrols,
                             .extra_state = control_state,
                             .qubits = qubits,
                             .nqubits = nqubits,
                             .params = params,
                             .nparams = nparams};
    return qn__circuit_push(circuit, &entry);
}

/* The factors that are not the identity; `kept_letters` and `kept` have room for all. */
static qn_status pack_string(const char *letters, const uint32_t *qubits, size_t count, char *kept_letters,
                             uint32_t *kept, size_t *nkept)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(letters[i] != '\0' && strchr("IXYZ", letters[i]) != NULL, ERR_ARGUMENT,
                 "letter %zu of a Pauli rotation is not one of I X Y Z", i);
        if (letters[i] != 'I') {
            kept_letters[n] = letters[i];
            kept[n++] = qubits[i];
        }
    }
    *nkept = n;
    return QN_OK;
}

/* -1/2 of an expression, as a new one. */
static qn_status halved_expression(qn_circuit *circuit, uint32_t expression, uint32_t *out)
{
    if (expression == 0) {
        return QN_OK;
    }
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(circuit, expression, &count);
    QN_CHECK(tokens != NULL, ERR_RANGE, "pauli_rotation: parameter 0 uses expression %u, the circuit has %zu of them",
             expression, qn_circuit_expressions(circuit));
    qn_token *longer = qn__alloc(count + 2, sizeof *longer);
    QN_ALLOC_CHECK(longer);
    memcpy(longer, tokens, count * sizeof *longer);
    longer[count] = (qn_token){.kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64};
    longer[count].number = -0.5;
    longer[count + 1] = (qn_token){.kind = QN_TOKEN_MULTIPLY, .type = QN_TYPE_FLOAT, .width = 64};
    const qn_status status = qn_circuit_add_expression(circuit, longer, count + 2, out);
    qn__free(longer);
    return status;
}

qn_status qn_circuit_append_pauli_rotation(qn_circuit *circuit, const char *letters, const uint32_t *qubits,
                                           size_t nqubits, qn_param angle)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(nqubits == 0 || (letters != NULL && qubits != NULL), ERR_ARGUMENT, "letters or qubits are NULL");
    QN_CHECK(nqubits <= qn_circuit_qubits(circuit), ERR_SHAPE, "Pauli rotation on %zu qubits, the circuit has %u",
             nqubits, qn_circuit_qubits(circuit));
    QN_CHECK(angle.count == 0 || angle.terms != NULL, ERR_ARGUMENT, "pauli_rotation: parameter 0 has no terms");
    for (size_t i = 0; i < nqubits; i++) { /* identities are dropped below, their qubits are checked all the same */
        QN_CHECK(qubits[i] < qn_circuit_qubits(circuit), ERR_RANGE, "pauli_rotation: qubit %u is outside 0..%u",
                 qubits[i], qn_circuit_qubits(circuit) - 1);
    }
    enum { SMALL = 64 };
    char small_letters[SMALL];
    uint32_t small[SMALL];
    char *kept_letters = small_letters;
    uint32_t *kept = small;
    qn_status status = QN_OK;
    if (nqubits > SMALL) {
        kept_letters = qn__alloc(nqubits, sizeof *kept_letters);
        kept = qn__alloc(nqubits, sizeof *kept);
        if (kept_letters == NULL || kept == NULL) {
            status = QN_ERR_MEMORY;
            goto cleanup;
        }
    }
    size_t nkept = 0;
    QN_TRY_CLEANUP(pack_string(letters, qubits, nqubits, kept_letters, kept, &nkept));
    if (nkept == 0) {
        /* exp(-i angle/2) for the identity string: a global phase of -angle/2. */
        qn_param_term *terms = qn__alloc(angle.count, sizeof *terms);
        if (terms == NULL) {
            status = QN_ERR_MEMORY;
            goto cleanup;
        }
        for (size_t k = 0; k < angle.count; k++) {
            terms[k] = (qn_param_term){angle.terms[k].symbol, -angle.terms[k].coefficient / 2};
        }
        const qn__circuit_mark mark = qn__circuit_mark_now(circuit);
        qn_param phase = {-angle.constant / 2, terms, angle.count, 0};
        status = halved_expression(circuit, angle.expression, &phase.expression);
        status = status != QN_OK ? status : qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &phase, 1);
        if (status != QN_OK) {
            qn__circuit_rollback(circuit, &mark);
        }
        qn__free(terms);
        goto cleanup;
    }
    const qn__entry entry = {.gate = QN_GATE_PAULI_ROTATION,
                             .qubits = kept,
                             .nqubits = nkept,
                             .params = &angle,
                             .nparams = 1,
                             .pauli = kept_letters};
    status = qn__circuit_push(circuit, &entry);
cleanup:
    if (nqubits > SMALL) {
        qn__free(kept_letters);
        qn__free(kept);
    }
    return status;
}

static qn_status check_unitary(const qn_complex *m, size_t size)
{
    for (size_t i = 0; i < size * size; i++) {
        QN_CHECK(isfinite(m[i].re) && isfinite(m[i].im), ERR_NAN, "entry %zu of the unitary is not a finite number", i);
    }
    for (size_t i = 0; i < size; i++) {
        for (size_t j = 0; j < size; j++) {
            double re = i == j ? -1 : 0, im = 0;
            for (size_t k = 0; k < size; k++) {
                const qn_complex a = m[k * size + i], b = m[k * size + j];
                re += a.re * b.re + a.im * b.im;
                im += a.re * b.im - a.im * b.re;
            }
            QN_CHECK(hypot(re, im) <= UNITARITY, ERR_ARGUMENT,
                     "the matrix is not unitary: entry (%zu, %zu) of U+ U - 1 is %.3g, at most %.0e is taken", i, j,
                     hypot(re, im), UNITARITY);
        }
    }
    return QN_OK;
}

qn_status qn_circuit_append_unitary(qn_circuit *circuit, const uint32_t *qubits, size_t nqubits,
                                    const qn_complex *matrix)
{
    QN_CHECK(circuit != NULL && matrix != NULL, ERR_ARGUMENT, "circuit or matrix is NULL");
    QN_CHECK(nqubits == 1 || nqubits == 2, ERR_SHAPE, "a unitary acts on 1 or 2 qubits, got %zu", nqubits);
    QN_TRY(check_unitary(matrix, (size_t)1 << nqubits));
    const qn__entry entry = {.gate = nqubits == 1 ? QN_GATE_UNITARY1 : QN_GATE_UNITARY2,
                             .qubits = qubits,
                             .nqubits = nqubits,
                             .matrix = matrix};
    return qn__circuit_push(circuit, &entry);
}

double qn_param_value(const qn_param *param, const double *theta)
{
    double value = param->constant;
    for (size_t k = 0; k < param->count; k++) {
        value += param->terms[k].coefficient * theta[param->terms[k].symbol];
    }
    return value;
}
