/* mottonen.c: states by uniformly controlled rotations (Mottonen, Vartiainen, Bergholm, Salomaa, quant-ph/0407010),
 * from the highest qubit down. Level k turns qubit n - 1 - k by angles that the k qubits above it choose: 2 acos of the
 * weight of the left half; the z rotation behind it sets the phase between the halves. One angle for each real number
 * of a normalised state; 2^n - 2 CNOTs for real amplitudes, 2^(n + 1) - 2 n - 2 for complex ones, because the z ladder
 * is the mirror image of the y ladder and their meeting CNOTs cancel. */
#include <math.h>

#include "base/alloc.h"
#include "load/multiplexed.h"
#include "load/prepare.h"

/* The binary tree over the amplitudes: node j of level k covers those whose top k bits read j. */
typedef struct level {
    double *size;  /* signed where the state is real: the sign is in the last angle, no phase is needed */
    double *phase; /* mean of those of both halves */
} level;

static bool is_real(uint64_t count, const qn_complex *amplitudes)
{
    for (uint64_t i = 0; i < count; i++) {
        if (amplitudes[i].im != 0) {
            return false;
        }
    }
    return true;
}

/* Turns 2 `nodes` values into the angles that split `nodes` values; the values of this level come back in front. */
static void merge(level *v, uint64_t nodes, bool real, double *y, double *z)
{
    for (uint64_t j = 0; j < nodes; j++) {
        const double left = v->size[2 * j], right = v->size[2 * j + 1];
        const double left_phase = v->phase[2 * j], right_phase = v->phase[2 * j + 1];
        y[j] = left == 0 && right == 0 ? 0.0 : 2 * atan2(right, left);
        v->size[j] = hypot(left, right);
        if (!real) {
            z[j] = right_phase - left_phase;
            v->phase[j] = (left_phase + right_phase) / 2;
        }
    }
}

/* An empty half has any phase: that of its neighbour, so that no rotation is needed. */
static void set_leaves(level *v, uint64_t count, const qn_complex *amplitudes, bool real)
{
    for (uint64_t i = 0; i < count; i++) {
        v->size[i] = real ? amplitudes[i].re : hypot(amplitudes[i].re, amplitudes[i].im);
        v->phase[i] = real ? 0.0 : atan2(amplitudes[i].im, amplitudes[i].re);
    }
    for (uint64_t i = 0; i < count && !real; i++) {
        if (v->size[i] == 0) {
            v->phase[i] = v->phase[i ^ 1];
        }
    }
}

/* angles[nodes + j]: those of node j of the level with `nodes` nodes. */
static qn_status append_levels(qn_circuit *circuit, uint32_t n, bool real, double *y, double *z)
{
    uint32_t controls[64];
    for (uint32_t k = 0; k < n; k++) {
        const uint64_t nodes = UINT64_C(1) << k;
        for (uint32_t c = 0; c < k; c++) {
            controls[c] = n - k + c; /* the least significant bit of the node is the qubit just above */
        }
        uint64_t pending = 0;
        const qn__multiplexed turn_y = {QN_GATE_RY, QN_GATE_CX, n - 1 - k, controls, k, false, 0};
        const qn__multiplexed turn_z = {QN_GATE_RZ, QN_GATE_CX, n - 1 - k, controls, k, true, 0};
        QN_TRY(qn__multiplexed_append(circuit, &turn_y, y + nodes, &pending));
        if (!real) {
            QN_TRY(qn__multiplexed_append(circuit, &turn_z, z + nodes, &pending));
        }
        QN_TRY(qn__multiplexed_flush(circuit, &turn_y, &pending));
    }
    return QN_OK;
}

qn_status qn__prepare_mottonen(qn_circuit *circuit, uint32_t n, const qn_complex *amplitudes)
{
    const uint64_t count = UINT64_C(1) << n;
    const bool real = is_real(count, amplitudes);
    double *room = qn__alloc((size_t)count, 4 * sizeof *room);
    QN_ALLOC_CHECK(room);
    level v = {room, room + count};
    double *y = room + 2 * count, *z = room + 3 * count;
    set_leaves(&v, count, amplitudes, real);
    for (uint64_t nodes = count / 2; nodes > 0; nodes /= 2) {
        merge(&v, nodes, real, y + nodes, z + nodes);
    }
    qn_status status = append_levels(circuit, n, real, y, z);
    if (status == QN_OK && !real) {
        const qn_param phase = QN_PARAM(v.phase[0]);
        status = qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &phase, 1);
    }
    qn__free(room);
    return status;
}
