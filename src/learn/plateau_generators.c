/* plateau_generators.c: models as Lie algebras see them: generators, input, observable; on any number of qubits. */
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "learn/plateau_model.h"

enum { MOST_QUBITS = 4096 };

void qn__plateau_input_text(const qn_plateau_options *options, uint32_t qubits, char *text)
{
    /* the hardware-efficient model has its law in closed form, whatever its input */
    const qn__plateau_input input = qn__plateau_model_of(options->ansatz)->input;
    for (uint32_t q = 0; q < qubits; q++) {
        text[q] = input == QN__PLATEAU_PLUS ? '+' : input == QN__PLATEAU_NEEL && q % 2 == 0 ? '1' : '0';
    }
    text[qubits] = '\0';
}

static qn_status fill_bare(const qn_plateau_options *o, uint32_t n, qn_pauli_sum *sum)
{
    for (uint32_t q = 0; o->observable == QN_PLATEAU_LOCAL && q < n; q++) {
        QN_TRY(qn_pauli_sum_add_sparse(sum, (qn_complex){0.5 / n, 0.0}, "Z", &q, 1));
    }
    for (size_t t = 0; o->observable == QN_PLATEAU_SUM && t < qn_pauli_sum_terms(o->sum); t++) {
        char letters[64];
        uint32_t qubits[64];
        size_t count = 0;
        for (uint32_t q = 0; q < 64; q++) {
            const bool x = (qn_pauli_sum_x(o->sum, t)[0] >> q & 1) != 0,
                       z = (qn_pauli_sum_z(o->sum, t)[0] >> q & 1) != 0;
            if (x || z) {
                letters[count] = x && z ? 'Y' : x ? 'X' : 'Z';
                qubits[count++] = q;
            }
        }
        QN_TRY(qn_pauli_sum_add_sparse(sum, qn_pauli_sum_coefficient(o->sum, t), letters, qubits, count));
    }
    return QN_OK;
}

qn_status qn__plateau_observe_bare(const qn_plateau_options *options, uint32_t qubits, qn_pauli_sum **out)
{
    QN_CHECK(options->observable != QN_PLATEAU_GLOBAL, ERR_UNSUPPORTED, "the projector has 2^n strings");
    QN_CHECK(options->observable != QN_PLATEAU_SUM || qn_pauli_sum_qubits(options->sum) <= 64, ERR_UNSUPPORTED,
             "observables act on the lowest 64 qubits");
    qn_pauli_sum *sum = NULL;
    QN_TRY(qn_pauli_sum_create(qubits, &sum));
    const qn_status status = fill_bare(options, qubits, sum);
    if (status != QN_OK) {
        qn_pauli_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

/* Generators of one kind: a sum, or one string each. */
static qn_status add_kind(const char *letters, bool together, uint32_t n, qn_pauli_sum **generators, size_t *count)
{
    const uint32_t span = (uint32_t)strlen(letters);
    for (uint32_t q = 0; q + span <= n; q++) {
        const uint32_t qubits[2] = {q, q + 1};
        if (q == 0 || !together) {
            QN_TRY(qn_pauli_sum_create(n, &generators[*count]));
            (*count)++;
        }
        QN_TRY(qn_pauli_sum_add_sparse(generators[*count - 1], (qn_complex){1.0, 0.0}, letters, qubits, span));
    }
    return QN_OK;
}

qn_status qn_plateau_generators(const qn_plateau_options *options, uint32_t qubits, bool split, qn_pauli_sum ***out,
                                size_t *count)
{
    QN_CHECK(options != NULL && (size_t)options->ansatz < QN_PLATEAU_ANSATZ_COUNT_, ERR_ARGUMENT, "no such model");
    QN_CHECK(qubits >= 2 && qubits <= MOST_QUBITS, ERR_RANGE, "%u qubits: between 2 and %d", qubits, MOST_QUBITS);
    const qn__plateau_model *model = qn__plateau_model_of(options->ansatz);
    qn_pauli_sum **generators = qn__calloc((QN__PLATEAU_DRIVES + 1) * (size_t)qubits, sizeof(qn_pauli_sum *));
    QN_ALLOC_CHECK(generators);
    size_t made = 0;
    qn_status status = QN_OK;
    for (size_t d = 0; d < QN__PLATEAU_DRIVES && model->drives[d].letters != NULL && status == QN_OK; d++) {
        const bool shared = model->drives[d].shared || options->start == QN_PLATEAU_CORRELATED;
        status = add_kind(model->drives[d].letters, shared && !split, qubits, generators, &made);
    }
    if (status == QN_OK && model->entangle) {
        status = add_kind("ZZ", false, qubits, generators, &made);
    }
    if (status != QN_OK) {
        qn_plateau_generators_free(generators, made);
        return status;
    }
    *out = generators;
    *count = made;
    return QN_OK;
}

void qn_plateau_generators_free(qn_pauli_sum **generators, size_t count)
{
    for (size_t g = 0; generators != NULL && g < count; g++) {
        qn_pauli_sum_free(generators[g]);
    }
    qn__free(generators);
}
