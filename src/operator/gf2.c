/* gf2.c: reduced row echelon form over GF(2), grown row by row, and kernels. */
#include "operator/gf2.h"

#include <string.h>

#include "base/alloc.h"
#include "operator/pauli_sum.h"

void qn__gf2_clear(qn__gf2 *space)
{
    qn__free(space->rows);
    qn__free(space->pivots);
    *space = (qn__gf2){.words = space->words};
}

qn_status qn__gf2_insert(qn__gf2 *space, uint64_t *row, bool *grown)
{
    const size_t words = space->words;
    for (size_t r = 0; r < space->count; r++) {
        if (qn__bit(row, space->pivots[r])) {
            qn__mask_xor(row, space->rows + r * words, words);
        }
    }
    size_t w = 0;
    while (w < words && row[w] == 0) {
        w++;
    }
    *grown = w < words;
    if (w == words) {
        return QN_OK;
    }
    QN_TRY(qn__grow((void **)&space->rows, &space->rows_capacity, (space->count + 1) * words, sizeof *space->rows));
    QN_TRY(qn__grow((void **)&space->pivots, &space->pivots_capacity, space->count + 1, sizeof *space->pivots));
    const uint32_t pivot = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(row[w]);
    for (size_t r = 0; r < space->count; r++) {
        if (qn__bit(space->rows + r * words, pivot)) {
            qn__mask_xor(space->rows + r * words, row, words);
        }
    }
    memcpy(space->rows + space->count * words, row, words * sizeof *row);
    space->pivots[space->count++] = pivot;
    return QN_OK;
}

qn_status qn__gf2_kernel(const qn__gf2 *space, const uint64_t *columns, uint64_t *row, qn__gf2 *kernel)
{
    const size_t words = space->words;
    /* Each free column gives one vector: itself, and the pivots of the rows that contain it. */
    for (uint32_t column = 0; column < words * 64; column++) {
        bool in_use = qn__bit(columns, column);
        for (size_t r = 0; in_use && r < space->count; r++) {
            in_use = space->pivots[r] != column;
        }
        if (!in_use) {
            continue;
        }
        memset(row, 0, words * sizeof *row);
        qn__bit_set(row, column);
        for (size_t r = 0; r < space->count; r++) {
            if (qn__bit(space->rows + r * words, column)) {
                qn__bit_set(row, space->pivots[r]);
            }
        }
        bool grown = false;
        QN_TRY(qn__gf2_insert(kernel, row, &grown));
    }
    return QN_OK;
}
