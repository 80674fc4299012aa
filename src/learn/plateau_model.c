/* plateau_model.c: the circuits, observables and random starts of barren-plateau experiments. */
#include "learn/plateau_model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/rng.h"
#include "base/status.h"

static const double pi = 3.14159265358979323846;

enum { LEAST_QUBITS = 2, MOST_QUBITS = 62, MOST_TWIN_QUBITS = 4096, BLOCK = 2, FIRST_STAGE = 2 };

static const qn__plateau_model models[QN_PLATEAU_ANSATZ_COUNT_] = {
    {"hardware-efficient",
     "RX and RY on every qubit, CZ between neighbours, from RY(pi/4)",
     {{"X", false}, {"Y", false}, {NULL, false}},
     true,
     QN__PLATEAU_TILTED,
     4},
    {"product",
     "one RY on every qubit, no entanglement",
     {{"Y", false}, {NULL, false}, {NULL, false}},
     false,
     QN__PLATEAU_ZEROS,
     0},
    {"matchgate",
     "RZ on every qubit, RXX between neighbours: free fermions",
     {{"Z", false}, {"XX", false}, {NULL, false}},
     false,
     QN__PLATEAU_ZEROS,
     4},
    {"ising",
     "Hamiltonian-variational: sum of ZZ, then sum of X, from |+...+>",
     {{"ZZ", true}, {"X", true}, {NULL, false}},
     false,
     QN__PLATEAU_PLUS,
     2},
    {"heisenberg",
     "RXX, RYY and RZZ between neighbours, from |...0101>",
     {{"XX", false}, {"YY", false}, {"ZZ", false}},
     false,
     QN__PLATEAU_NEEL,
     4},
};

static const struct start {
    const char *name, *text;
} starts[QN_PLATEAU_START_COUNT_] = {
    {"none", "all angles uniform"},
    {"identity", "blocks of two layers and their inverse"},
    {"small-angles", "normal angles of variance 1/(4S(L+2))"},
    {"layerwise", "the first two layers alone"},
    {"correlated", "one angle for all qubits of a layer"},
};

static const char *const parts[QN_PLATEAU_PART_COUNT_] = {"first", "middle", "last", "mean", "loss"};

const char *qn_plateau_ansatz_name(size_t ansatz)
{
    return ansatz < QN_PLATEAU_ANSATZ_COUNT_ ? models[ansatz].name : NULL;
}

const char *qn_plateau_ansatz_text(size_t ansatz)
{
    return ansatz < QN_PLATEAU_ANSATZ_COUNT_ ? models[ansatz].text : NULL;
}

const char *qn_plateau_start_name(size_t start)
{
    return start < QN_PLATEAU_START_COUNT_ ? starts[start].name : NULL;
}

const char *qn_plateau_start_text(size_t start)
{
    return start < QN_PLATEAU_START_COUNT_ ? starts[start].text : NULL;
}

const char *qn_plateau_part_name(size_t part)
{
    return part < QN_PLATEAU_PART_COUNT_ ? parts[part] : NULL;
}

const qn__plateau_model *qn__plateau_model_of(qn_plateau_ansatz ansatz)
{
    return &models[ansatz];
}

uint32_t qn_plateau_layers(const qn_plateau_options *options, uint32_t qubits)
{
    const uint32_t factor = models[options->ansatz].layers_per_qubit;
    const uint32_t layers = options->layers != 0 ? options->layers : factor == 0 ? 1 : factor * qubits;
    if (options->start == QN_PLATEAU_LAYERWISE) {
        return layers < FIRST_STAGE ? layers : FIRST_STAGE;
    }
    if (options->start == QN_PLATEAU_IDENTITY) {
        const uint32_t blocks = layers / (2 * BLOCK);
        return 2 * BLOCK * (blocks == 0 ? 1 : blocks);
    }
    return layers;
}

qn_status qn__plateau_check(const qn_plateau_options *o, uint32_t qubits)
{
    QN_CHECK(o != NULL && o->size == sizeof *o, ERR_ARGUMENT, "options of another version");
    QN_CHECK((size_t)o->ansatz < QN_PLATEAU_ANSATZ_COUNT_ && (size_t)o->start < QN_PLATEAU_START_COUNT_ &&
                 (size_t)o->observable <= QN_PLATEAU_SUM,
             ERR_ARGUMENT, "no such model, start or observable");
    const uint32_t most = o->twin ? MOST_TWIN_QUBITS : MOST_QUBITS;
    QN_CHECK(qubits >= LEAST_QUBITS && qubits <= most, ERR_RANGE, "%u qubits: between %d and %u", qubits, LEAST_QUBITS,
             most);
    if (o->observable == QN_PLATEAU_SUM) {
        QN_CHECK(o->sum != NULL, ERR_ARGUMENT, "no observable");
        QN_CHECK(qn_pauli_sum_qubits(o->sum) <= qubits, ERR_SHAPE,
                 "the observable acts on %u qubits, the circuit has %u", qn_pauli_sum_qubits(o->sum), qubits);
    }
    return QN_OK;
}

/* --- circuits --- */

static qn_status prepare(qn_circuit *circuit, qn__plateau_input input, uint32_t n)
{
    const qn_param tilt = QN_PARAM(pi / 4.0);
    for (uint32_t q = 0; q < n; q++) {
        if (input == QN__PLATEAU_TILTED) {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &tilt, 1));
        }
        if (input == QN__PLATEAU_PLUS || (input == QN__PLATEAU_NEEL && q % 2 == 0)) {
            const qn_gate gate = input == QN__PLATEAU_PLUS ? QN_GATE_H : QN_GATE_X;
            QN_TRY(qn_circuit_append(circuit, gate, &q, 1, NULL, 0));
        }
    }
    return QN_OK;
}

static qn_status new_symbol(qn_circuit *circuit, const char *prefix, uint32_t *symbol)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s[%zu]", prefix, qn_circuit_symbols(circuit));
    return qn_circuit_add_symbol(circuit, name, symbol);
}

static qn_status append_drive(qn_circuit *circuit, const qn__plateau_drive *drive, bool shared, uint32_t n,
                              const char *prefix)
{
    const uint32_t span = (uint32_t)strlen(drive->letters);
    uint32_t symbol = 0;
    for (uint32_t q = 0; q + span <= n; q++) {
        if (q == 0 || !shared) {
            QN_TRY(new_symbol(circuit, prefix, &symbol));
        }
        const qn_param_term term = {symbol, shared ? 2.0 : 1.0};
        const uint32_t qubits[2] = {q, q + 1};
        QN_TRY(qn_circuit_append_pauli_rotation(circuit, drive->letters, qubits, span, (qn_param){0.0, &term, 1, 0}));
    }
    return QN_OK;
}

static qn_status append_layers(qn_circuit *circuit, const qn_plateau_options *o, uint32_t n, uint32_t layers,
                               const char *prefix)
{
    const qn__plateau_model *model = &models[o->ansatz];
    for (uint32_t layer = 0; layer < layers; layer++) {
        for (size_t d = 0; d < QN__PLATEAU_DRIVES && model->drives[d].letters != NULL; d++) {
            const bool shared = model->drives[d].shared || o->start == QN_PLATEAU_CORRELATED;
            QN_TRY(append_drive(circuit, &model->drives[d], shared, n, prefix));
        }
        for (uint32_t q = 0; model->entangle && q + 1 < n; q++) {
            const uint32_t pair[2] = {q, q + 1};
            QN_TRY(qn_circuit_append(circuit, QN_GATE_CZ, pair, 2, NULL, 0));
        }
    }
    return QN_OK;
}

/* Layers, then the inverse of layers with angles of their own. */
static qn_status append_block(qn_circuit *circuit, const qn_plateau_options *o, uint32_t n, uint32_t width,
                              uint32_t block)
{
    qn_circuit *piece[2] = {NULL, NULL}, *inverse = NULL;
    qn_status status = QN_OK;
    for (int side = 0; side < 2; side++) {
        char prefix[32];
        (void)snprintf(prefix, sizeof prefix, "%s%u", side == 0 ? "forth" : "back", block);
        QN_TRY_CLEANUP(qn_circuit_create(width, &piece[side]));
        QN_TRY_CLEANUP(append_layers(piece[side], o, n, BLOCK, prefix));
    }
    QN_TRY_CLEANUP(qn_circuit_inverse(piece[1], &inverse));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, piece[0]));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, inverse));
cleanup:
    qn_circuit_free(piece[0]);
    qn_circuit_free(piece[1]);
    qn_circuit_free(inverse);
    return status;
}

static qn_status fill_circuit(qn_circuit *circuit, const qn_plateau_options *o, uint32_t n)
{
    const uint32_t layers = qn_plateau_layers(o, n);
    QN_TRY(prepare(circuit, models[o->ansatz].input, n));
    if (o->start == QN_PLATEAU_IDENTITY) {
        for (uint32_t block = 0; block < layers / (2 * BLOCK); block++) {
            QN_TRY(append_block(circuit, o, n, qn_circuit_qubits(circuit), block));
        }
    } else {
        QN_TRY(append_layers(circuit, o, n, layers, "theta"));
    }
    if (o->observable == QN_PLATEAU_GLOBAL) {
        uint32_t controls[MOST_QUBITS];
        for (uint32_t q = 0; q < n; q++) {
            controls[q] = q;
        }
        QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_X, controls, n, 0, &n, 1, NULL, 0));
    }
    return QN_OK;
}

qn_status qn_plateau_circuit(const qn_plateau_options *options, uint32_t qubits, qn_circuit **out)
{
    QN_TRY(qn__plateau_check(options, qubits));
    QN_CHECK(qubits <= MOST_QUBITS || options->observable != QN_PLATEAU_GLOBAL, ERR_RANGE,
             "the projector is read on at most %d qubits", MOST_QUBITS);
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(qubits + (options->observable == QN_PLATEAU_GLOBAL ? 1 : 0), &circuit));
    const qn_status status = fill_circuit(circuit, options, qubits);
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    return QN_OK;
}

/* --- observables --- */

static qn_status fill_observable(qn_pauli_sum *sum, const qn_plateau_options *o, uint32_t n)
{
    if (o->observable == QN_PLATEAU_GLOBAL) {
        QN_TRY(qn_pauli_sum_add_sparse(sum, (qn_complex){0.5, 0.0}, "", NULL, 0));
        return qn_pauli_sum_add_sparse(sum, (qn_complex){-0.5, 0.0}, "Z", &n, 1);
    }
    if (o->observable == QN_PLATEAU_LOCAL) {
        QN_TRY(qn_pauli_sum_add_sparse(sum, (qn_complex){0.5, 0.0}, "", NULL, 0));
        for (uint32_t q = 0; q < n; q++) {
            QN_TRY(qn_pauli_sum_add_sparse(sum, (qn_complex){0.5 / n, 0.0}, "Z", &q, 1));
        }
        return QN_OK;
    }
    for (size_t t = 0; t < qn_pauli_sum_terms(o->sum); t++) { /* at most 62 qubits: one word */
        QN_TRY(qn_pauli_sum_add_masks(sum, qn_pauli_sum_coefficient(o->sum, t), qn_pauli_sum_x(o->sum, t),
                                      qn_pauli_sum_z(o->sum, t)));
    }
    return qn_pauli_sum_simplify(sum, 0.0);
}

qn_status qn_plateau_observe(const qn_plateau_options *options, uint32_t qubits, qn_pauli_sum **out)
{
    QN_TRY(qn__plateau_check(options, qubits));
    QN_CHECK(qubits <= MOST_QUBITS, ERR_RANGE, "such sums are made for at most %d qubits", MOST_QUBITS);
    qn_pauli_sum *sum = NULL;
    QN_TRY(qn_pauli_sum_create(qubits + (options->observable == QN_PLATEAU_GLOBAL ? 1 : 0), &sum));
    const qn_status status = fill_observable(sum, options, qubits);
    if (status != QN_OK) {
        qn_pauli_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

uint32_t qn__plateau_locality(const qn_plateau_options *o, uint32_t qubits)
{
    if (o->observable != QN_PLATEAU_SUM) {
        return o->observable == QN_PLATEAU_GLOBAL ? qubits : 1;
    }
    uint32_t most = 1;
    for (size_t t = 0; t < qn_pauli_sum_terms(o->sum); t++) {
        const uint32_t letters = qn__popcount(qn_pauli_sum_x(o->sum, t)[0] | qn_pauli_sum_z(o->sum, t)[0]);
        most = letters > most ? letters : most;
    }
    return most;
}

/* --- random starts --- */

void qn_plateau_angles(const qn_plateau_options *o, uint32_t qubits, size_t symbols, uint64_t row, double *theta)
{
    const uint64_t seed = qn__random_derive(o->seed, qubits);
    if (o->start == QN_PLATEAU_SMALL) {
        const double locality = qn__plateau_locality(o, qubits), layers = qn_plateau_layers(o, qubits);
        const double sigma = sqrt(1.0 / (4.0 * locality * (layers + 2.0)));
        for (size_t k = 0; k < symbols; k++) {
            theta[k] = sigma * qn__random_normal(seed, row, k);
        }
        return;
    }
    for (size_t k = 0; k < symbols; k++) {
        theta[k] = pi * (2.0 * qn__random_uniform(seed, row, k) - 1.0);
    }
    if (o->start == QN_PLATEAU_IDENTITY) {
        const size_t block = symbols / (qn_plateau_layers(o, qubits) / (2 * BLOCK)), half = block / 2;
        for (size_t first = 0; half > 0 && first < symbols; first += block) {
            memcpy(theta + first + half, theta + first, half * sizeof *theta);
        }
    }
}
