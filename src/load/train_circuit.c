/* train_circuit.c: the staircase. Step k makes site k from its bond: an isometry on the site's qubit and the r qubits
 * below, which carry the bond to the next site. Before it the bond from the site above is on the upper r of these r + 1
 * qubits, and the lowest one is fresh. The last r + 1 sites are one step. */
#include <string.h>

#include "base/alloc.h"
#include "load/lookup.h"
#include "load/synthesis.h"
#include "load/train.h"
#include "math/factorize.h"

static uint32_t bits_of(size_t bond)
{
    return qn_load_address_bits(bond);
}

/* Sites k .. n - 1 in one matrix: rows 2^(n - k), columns the bond to the left. */
static qn_status merge_last(const qn__train *train, uint32_t k, qn_complex **out)
{
    const uint32_t last = train->n - 1;
    qn_complex *block = qn__alloc(2 * train->bond[last], sizeof *block);
    QN_ALLOC_CHECK(block);
    memcpy(block, train->site[last], 2 * train->bond[last] * sizeof *block);
    for (uint32_t j = last; j-- > k;) {
        const size_t rows = (size_t)1 << (last - j), bond = train->bond[j + 1], columns = train->bond[j];
        qn_complex *wider = qn__alloc(2 * rows * columns, sizeof *wider);
        if (wider == NULL) {
            qn__free(block);
            return QN_ERR_MEMORY;
        }
        /* A column of site j is two columns of length `bond`, bit 0 first: so are those of the product. */
        qn__multiply(rows, bond, 2 * columns, block, train->site[j], wider);
        qn__free(block);
        block = wider;
    }
    *out = block;
    return QN_OK;
}

/* The same index with the lowest of r + 1 bits on top. */
static size_t turned(size_t index, uint32_t r)
{
    return index >> 1 | (index & 1) << r;
}

/* Isometry `m` (rows x columns) on qubits lowest .. lowest + r: row bits as they are, the column on all but the lowest.
 * `inner`: rows are (bit, bond) with bonds of that length; 0: they are the qubits' own. */
static qn_status step(qn_circuit *circuit, uint32_t lowest, uint32_t r, const qn_complex *m, size_t rows,
                      size_t columns, size_t inner)
{
    const size_t half = (size_t)1 << r;
    uint32_t qubits[64];
    qn_complex *matrix = qn__calloc(4 * half * half, sizeof *matrix);
    QN_ALLOC_CHECK(matrix);
    for (uint32_t j = 0; j <= r; j++) {
        qubits[j] = j < r ? lowest + 1 + j : lowest;
    }
    for (size_t column = 0; column < columns; column++) {
        for (size_t row = 0; row < rows; row++) {
            const size_t place = inner == 0 ? row : row / inner * half + row % inner;
            matrix[turned(place, r) + 2 * half * column] = m[row + rows * column];
        }
    }
    qn_status status = QN_OK;
    if (columns == 1) { /* nothing above: all qubits are fresh */
        status = qn__synthesise_state(circuit, qubits, r + 1, matrix);
    } else {
        status = qn__complete_unitary(2 * half, columns, matrix);
        status = status == QN_OK ? qn__synthesise(circuit, qubits, r + 1, true, matrix) : status;
    }
    qn__free(matrix);
    return status;
}

/* Bond dimension 1: each qubit by itself. */
static qn_status product(qn_circuit *circuit, const qn__train *train)
{
    for (uint32_t k = 0; k < train->n; k++) {
        qn_complex amplitudes[2] = {train->site[k][0], train->site[k][1]};
        const uint32_t qubit = train->n - 1 - k;
        QN_TRY(qn__synthesise_state(circuit, &qubit, 1, amplitudes));
    }
    return QN_OK;
}

static qn_status phase_of(qn_circuit *circuit, qn_complex scale)
{
    const qn_param phase = QN_PARAM(qn__angle_of(scale));
    return qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &phase, 1);
}

qn_status qn__train_append(qn_circuit *circuit, const qn__train *train)
{
    const uint32_t r = bits_of(qn__train_largest_bond(train)), n = train->n;
    QN_CHECK(r <= 12, ERR_TOO_LARGE, "a bond of %zu; circuits are made up to 4096", qn__train_largest_bond(train));
    QN_TRY(phase_of(circuit, train->scale));
    if (r == 0) {
        return product(circuit, train);
    }
    for (uint32_t k = 0; k + r + 1 < n; k++) {
        QN_TRY(step(circuit, n - 1 - k - r, r, train->site[k], 2 * train->bond[k + 1], train->bond[k],
                    train->bond[k + 1]));
    }
    qn_complex *last = NULL;
    QN_TRY(merge_last(train, n - 1 - r, &last));
    const qn_status status = step(circuit, 0, r, last, (size_t)2 << r, train->bond[n - 1 - r], 0);
    qn__free(last);
    return status;
}
