/* subspace_circuit.c: layers inside the listed states as a circuit on all variables: start, phases, mixers. */
#include <math.h>

#include "algorithm/qaoa/subspace.h"
#include "base/alloc.h"
#include "base/status.h"

/* W state: the 1 moves on with the right amplitude (Cruz et al., arXiv:1807.05572). */
static qn_status append_single(qn_circuit *circuit, const uint32_t *members, uint32_t count)
{
    QN_TRY(qn_circuit_append(circuit, QN_GATE_X, members, 1, NULL, 0));
    for (uint32_t k = 0; k + 1 < count; k++) {
        const qn_param angle = QN_PARAM(2.0 * acos(sqrt(1.0 / (double)(count - k))));
        QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_RY, members + k, 1, UINT64_MAX, members + k + 1, 1, &angle,
                                            1));
        const uint32_t pair[2] = {members[k + 1], members[k]};
        QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, pair, 2, NULL, 0));
    }
    return QN_OK;
}

/* One step of Bärtschi and Eidenbenz (arXiv:1904.07358, section 2): the last of m qubits is settled. On words 0...01..1
 * with l <= most ones, 1^l 0 gets the amplitude sqrt((m - l) / m) beside sqrt(l / m) of 0 1^l: for each l a turn of the
 * qubit l places before the last, where the one behind it is 1 (l > 1), conjugated by a CX onto the last. */
static qn_status split_and_shift(qn_circuit *circuit, const uint32_t *qubits, uint32_t m, uint32_t most)
{
    const uint32_t last = qubits[m - 1];
    for (uint32_t l = 1; l <= most; l++) {
        const uint32_t target = qubits[m - 1 - l], pair[2] = {target, last};
        const uint32_t controls[2] = {last, qubits[m - l]};
        const qn_param angle = QN_PARAM(2.0 * acos(sqrt((double)l / (double)m)));
        QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, pair, 2, NULL, 0));
        QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_RY, controls, l == 1 ? 1 : 2, UINT64_MAX, &target, 1,
                                            &angle, 1));
        QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, pair, 2, NULL, 0));
    }
    return QN_OK;
}

qn_status qn__append_dicke_steps(qn_circuit *circuit, const uint32_t *qubits, uint32_t count, uint32_t most)
{
    for (uint32_t m = count; most > 0 && m > 1; m--) {
        QN_TRY(split_and_shift(circuit, qubits, m, most < m - 1 ? most : m - 1));
    }
    return QN_OK;
}

qn_status qn__append_dicke(qn_circuit *circuit, const uint32_t *qubits, uint32_t count, uint32_t ones)
{
    QN_CHECK(ones <= count, ERR_RANGE, "%u ones of %u qubits", ones, count);
    if (ones == 1) {
        return append_single(circuit, qubits, count);
    }
    const uint32_t few = ones <= count / 2 ? ones : count - ones; /* the rarer letter costs fewer steps */
    for (uint32_t k = count - few; k < count; k++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_X, qubits + k, 1, NULL, 0));
    }
    QN_TRY(qn__append_dicke_steps(circuit, qubits, count, few));
    for (uint32_t k = 0; k < count && few != ones; k++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_X, qubits + k, 1, NULL, 0));
    }
    return QN_OK;
}

static qn_status append_start(const qn__subspace *s, uint32_t g, qn_circuit *circuit)
{
    const uint32_t *const members = s->members + s->group[g].first;
    return s->group[g].ones == 0 ? qn_circuit_append(circuit, QN_GATE_H, members, 1, NULL, 0)
                                 : qn__append_dicke(circuit, members, s->group[g].count, s->group[g].ones);
}

static qn_status append_mixer(const qn__subspace *s, uint32_t g, double beta, qn_circuit *circuit)
{
    const uint32_t *const members = s->members + s->group[g].first;
    if (s->group[g].ones == 0) {
        const qn_param angle = QN_PARAM(2.0 * beta);
        return qn_circuit_append(circuit, QN_GATE_RX, members, 1, &angle, 1);
    }
    for (uint32_t k = 0; k < qn__subspace_turns(s, g); k++) {
        uint32_t a = 0, b = 0;
        qn__subspace_pair(s, g, k, &a, &b);
        const uint32_t pair[2] = {members[a], members[b]};
        QN_TRY(qn_circuit_append_pauli_rotation(circuit, "XX", pair, 2, QN_PARAM(beta)));
        QN_TRY(qn_circuit_append_pauli_rotation(circuit, "YY", pair, 2, QN_PARAM(beta)));
    }
    return QN_OK;
}

static qn_status append_phase(const qn_qubo *qubo, double gamma, qn_circuit *circuit)
{
    const uint32_t n = qn_qubo_variables(qubo);
    double *h = qn__alloc(n, sizeof *h);
    QN_ALLOC_CHECK(h);
    (void)qn_qubo_to_ising(qubo, h);
    qn_status status = QN_OK;
    for (uint32_t i = 0; i < n && status == QN_OK; i++) {
        if (h[i] != 0.0) {
            status = qn_circuit_append_pauli_rotation(circuit, "Z", &i, 1, QN_PARAM(2.0 * gamma * h[i]));
        }
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
        for (size_t k = 0; k < degree && status == QN_OK; k++) {
            if (neighbours[k] > i) {
                const uint32_t pair[2] = {i, neighbours[k]};
                status = qn_circuit_append_pauli_rotation(circuit, "ZZ", pair, 2, QN_PARAM(0.5 * gamma * weights[k]));
            }
        }
    }
    qn__free(h);
    return status;
}

qn_status qn__subspace_circuit(const qn__subspace *s, qn_cost cost, uint32_t layers, const double *angles,
                               qn_circuit **out)
{
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(s->variables, &circuit));
    qn_status status = QN_OK;
    for (uint32_t g = 0; g < s->groups; g++) {
        QN_TRY_CLEANUP(append_start(s, g, circuit));
    }
    for (uint32_t l = 0; l < layers; l++) {
        QN_TRY_CLEANUP(append_phase(cost.qubo, angles[l], circuit));
        for (uint32_t g = 0; g < s->groups; g++) {
            QN_TRY_CLEANUP(append_mixer(s, g, angles[layers + l], circuit));
        }
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    return status;
}
