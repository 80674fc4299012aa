/* amplitude.c: an amplitude by its number or by its circuit, and the circuits that amplify and estimate it. */
#include "algorithm/estimation/amplitude.h"

#include <math.h>

#include "algorithm/estimation/canonical.h"
#include "algorithm/search/oracle.h"
#include "base/alloc.h"
#include "base/status.h"

enum { MOST_POWER = 1 << 20 };

static const double PI = 3.14159265358979323846;

qn_status qn_amplitude_of_number(double a, qn_amplitude **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the amplitude");
    QN_CHECK(a >= 0 && a <= 1, ERR_RANGE, "amplitude %g; expected 0 to 1", a);
    qn_amplitude *amplitude = qn__calloc(1, sizeof *amplitude);
    QN_ALLOC_CHECK(amplitude);
    amplitude->theta = asin(sqrt(a));
    *out = amplitude;
    return QN_OK;
}

qn_status qn_amplitude_of_circuit(qn_context *context, const qn_circuit *a, uint32_t good, qn_amplitude **out)
{
    QN_CHECK(context != NULL && a != NULL && out != NULL, ERR_ARGUMENT, "a context, a circuit and a place");
    QN_CHECK(good < qn_circuit_qubits(a), ERR_RANGE, "good qubit %u of %u", good, qn_circuit_qubits(a));
    qn_circuit *step = NULL;
    qn_amplitude *amplitude = qn__calloc(1, sizeof *amplitude);
    qn_status status = amplitude == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    amplitude->good = good;
    QN_TRY_CLEANUP(qn_amplitude_step(a, good, &step));
    QN_TRY_CLEANUP(qn_engine_open(context, "statevector", &amplitude->engine));
    QN_TRY_CLEANUP(qn_live_create(amplitude->engine, qn_circuit_qubits(a), &amplitude->live));
    QN_TRY_CLEANUP(qn_engine_compile_live(amplitude->engine, a, &amplitude->start));
    QN_TRY_CLEANUP(qn_engine_compile_live(amplitude->engine, step, &amplitude->step));
    *out = amplitude;
    amplitude = NULL;
cleanup:
    qn_circuit_free(step);
    qn_amplitude_free(amplitude);
    return status;
}

void qn_amplitude_free(qn_amplitude *amplitude)
{
    if (amplitude != NULL) {
        qn_live_free(amplitude->live);
        qn_program_free(amplitude->start);
        qn_program_free(amplitude->step);
        qn_engine_close(amplitude->engine);
        qn__free(amplitude->known);
        qn__free(amplitude);
    }
}

/* The next power on the state vector. */
static qn_status advance(qn_amplitude *amplitude)
{
    void *known = amplitude->known;
    QN_TRY(qn__grow(&known, &amplitude->capacity, amplitude->reached + 1, sizeof *amplitude->known));
    amplitude->known = known;
    if (amplitude->reached == 0) {
        qn_live_start(amplitude->live);
    }
    QN_TRY(qn_live_advance(amplitude->live, amplitude->reached == 0 ? amplitude->start : amplitude->step, NULL));
    amplitude->known[amplitude->reached++] = qn_live_probability(amplitude->live, amplitude->good);
    return QN_OK;
}

qn_status qn_amplitude_probability(qn_amplitude *amplitude, uint64_t power, double *out)
{
    if (amplitude->engine == NULL) {
        const double s = sin((2 * (double)power + 1) * amplitude->theta);
        *out = s * s;
        return QN_OK;
    }
    QN_CHECK(power <= MOST_POWER, ERR_TOO_LARGE, "%llu steps on a state vector; at most 2^20",
             (unsigned long long)power);
    while (amplitude->reached <= power) {
        QN_TRY(advance(amplitude));
    }
    *out = amplitude->known[power];
    return QN_OK;
}

/* ---- circuits ---- */

/* Q = -A S_0 A^-1 S_good on the first `count` qubits; under a control only the two reflections and the sign need it. */
static qn_status emit_step(qn_circuit *circuit, const qn_circuit *a, const qn_circuit *back, uint32_t count,
                           uint32_t good, uint32_t control)
{
    uint32_t qubits[QN__ORACLE_CONTROLS];
    const qn_param sign = QN_PARAM(PI);
    QN_CHECK(count < QN__ORACLE_CONTROLS, ERR_TOO_LARGE, "%u qubits are reflected at once; at most 63", count);
    for (uint32_t q = 0; q < count; q++) {
        qubits[q] = q;
    }
    QN_TRY(qn__oracle_pattern(circuit, &good, 1, 1, NULL, control));
    QN_TRY(qn_circuit_append_circuit(circuit, back));
    QN_TRY(qn__oracle_pattern(circuit, qubits, count, 0, NULL, control));
    QN_TRY(qn_circuit_append_circuit(circuit, a));
    return control == QN__NO_CONTROL ? qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &sign, 1)
                                     : qn_circuit_append(circuit, QN_GATE_Z, &control, 1, NULL, 0);
}

qn_status qn_amplitude_step(const qn_circuit *a, uint32_t good, qn_circuit **out)
{
    QN_CHECK(a != NULL && out != NULL && good < qn_circuit_qubits(a), ERR_ARGUMENT,
             "a circuit, its good qubit, a place");
    qn_circuit *circuit = NULL, *back = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(qn_circuit_qubits(a), &circuit));
    QN_TRY_CLEANUP(qn_circuit_inverse(a, &back));
    QN_TRY_CLEANUP(emit_step(circuit, a, back, qn_circuit_qubits(a), good, QN__NO_CONTROL));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    qn_circuit_free(back);
    return status;
}

/* A copy of `from` on a larger number of qubits. */
static qn_status widen(const qn_circuit *from, uint32_t nqubits, qn_circuit **out)
{
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(nqubits, &circuit));
    qn_status status = QN_OK;
    for (size_t k = 0; k < qn_circuit_operations(from) && status == QN_OK; k++) {
        qn_operation o;
        qn_circuit_operation(from, k, &o);
        if (o.kind != QN_OP_GATE || o.pauli != NULL || o.matrix != NULL) {
            status = QN_FAIL(ERR_UNSUPPORTED, "operation %zu of the circuit cannot be put under phase estimation", k);
            break;
        }
        status = qn_circuit_append_controlled(circuit, o.base, o.controls, o.ncontrols, o.control_state, o.targets,
                                              o.ntargets, o.params, o.nparams);
    }
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    return QN_OK;
}

/* The inverse Fourier transform of the clock, least significant bit on the first qubit. */
qn_status qn__clock_read(qn_circuit *circuit, uint32_t first, uint32_t bits)
{
    for (uint32_t k = 0; k < bits / 2; k++) {
        const uint32_t pair[2] = {first + k, first + bits - 1 - k};
        QN_TRY(qn_circuit_append(circuit, QN_GATE_SWAP, pair, 2, NULL, 0));
    }
    for (uint32_t k = 0; k < bits; k++) {
        const uint32_t qubit = first + k;
        for (uint32_t j = 0; j < k; j++) {
            const uint32_t pair[2] = {first + j, qubit};
            const qn_param angle = QN_PARAM(-ldexp(PI, -(int)(k - j)));
            QN_TRY(qn_circuit_append(circuit, QN_GATE_CP, pair, 2, &angle, 1));
        }
        QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &qubit, 1, NULL, 0));
    }
    return QN_OK;
}

qn_status qn_amplitude_canonical_circuit(const qn_circuit *a, uint32_t good, uint32_t bits, qn_circuit **out)
{
    QN_CHECK(a != NULL && out != NULL && good < qn_circuit_qubits(a), ERR_ARGUMENT,
             "a circuit, its good qubit, a place");
    QN_CHECK(bits >= 1 && bits <= 16, ERR_RANGE, "%u clock qubits; from 1 to 16 are written out", bits);
    const uint32_t work = qn_circuit_qubits(a), total = work + bits;
    qn_circuit *circuit = NULL, *wide = NULL, *back = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(total, &circuit));
    QN_TRY_CLEANUP(widen(a, total, &wide));
    QN_TRY_CLEANUP(qn_circuit_inverse(wide, &back));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, wide));
    for (uint32_t k = 0; k < bits; k++) {
        const uint32_t clock = work + k;
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_H, &clock, 1, NULL, 0));
    }
    for (uint32_t k = 0; k < bits; k++) {
        for (uint64_t r = 0; r < UINT64_C(1) << k; r++) {
            QN_TRY_CLEANUP(emit_step(circuit, wide, back, work, good, work + k));
        }
    }
    QN_TRY_CLEANUP(qn__clock_read(circuit, work, bits));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    qn_circuit_free(wide);
    qn_circuit_free(back);
    return status;
}

double qn_amplitude_canonical_probability(double a, uint32_t bits, uint64_t y)
{
    return qn__canonical_probability(a, bits, y);
}
