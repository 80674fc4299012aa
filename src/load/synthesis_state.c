/* synthesis_state.c: a state from its Schmidt decomposition (Plesch, Brukner, arXiv:1003.5760): the Schmidt
 * coefficients are prepared on one half of the qubits, copied to the other half by CNOTs, and each half is turned into
 * its Schmidt vectors. */
#include <string.h>

#include "base/alloc.h"
#include "load/lookup.h"
#include "load/synthesis.h"
#include "math/factorize.h"

uint64_t qn__synthesis_state_cnots(uint32_t m)
{
    if (m < 2) {
        return 0;
    }
    const uint32_t high = m / 2, low = m - high;
    return qn__synthesis_state_cnots(high) + high + qn__synthesis_cnots(low, low > high) +
           qn__synthesis_cnots(high, false);
}

/* Any unitary whose first column is the state. */
static qn_status one_qubit(qn_circuit *circuit, uint32_t qubit, const qn_complex a[2])
{
    const qn_complex rows[4] = {a[0], {-a[1].re, a[1].im}, a[1], {a[0].re, -a[0].im}};
    return qn_circuit_append_unitary(circuit, &qubit, 1, rows);
}

/* `room` holds U, V^H and its transpose. */
static qn_status from_schmidt(qn_circuit *circuit, const uint32_t *qubits, uint32_t m, qn_complex *room, double *s,
                              qn_complex *amplitudes)
{
    const uint32_t high = m / 2, low = m - high;
    const size_t rows = (size_t)1 << low, columns = (size_t)1 << high;
    qn_complex *u = room, *vh = u + rows * columns, *v = vh + columns * columns;
    QN_TRY(qn__factorize_svd(rows, columns, amplitudes, u, s, vh));
    for (size_t k = 0; k < columns; k++) {
        amplitudes[k] = (qn_complex){s[k], 0};
        for (size_t i = 0; i < columns; i++) {
            v[i + columns * k] = vh[k + columns * i];
        }
    }
    QN_TRY(qn__synthesise_state(circuit, qubits + low, high, amplitudes));
    for (uint32_t q = 0; q < high; q++) {
        QN_TRY(qn__append_cx(circuit, qubits[low + q], qubits[q]));
    }
    QN_TRY(qn__synthesise(circuit, qubits, low, low > high, u));
    return qn__synthesise(circuit, qubits + low, high, false, v);
}

qn_status qn__synthesise_state(qn_circuit *circuit, const uint32_t *qubits, uint32_t m, qn_complex *amplitudes)
{
    if (m == 1) {
        return one_qubit(circuit, qubits[0], amplitudes);
    }
    const size_t rows = (size_t)1 << (m - m / 2), columns = (size_t)1 << (m / 2);
    qn_complex *room = qn__alloc(rows * columns + 2 * columns * columns, sizeof *room);
    double *s = qn__alloc(columns, sizeof *s);
    qn_status status = QN_ERR_MEMORY;
    if (room != NULL && s != NULL) {
        status = from_schmidt(circuit, qubits, m, room, s, amplitudes);
    }
    qn__free(room);
    qn__free(s);
    return status;
}
