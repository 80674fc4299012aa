/* exact_matvec.c: y = H x in three ways. Rows of a sector are short and irregular: a compressed sparse matrix, made
 * once, serves them best when memory allows; else its entries are made anew in every product. */
#include "algorithm/exact_matvec.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

enum { FEWEST_PARALLEL = 1024 };
#define MOST_SPARSE_BYTES (UINT64_C(256) << 20)
#define MOST_COUNTED (UINT64_C(1) << 33) /* row-group pairs that may be looked at to size a sparse matrix */

static size_t parts(const qn__exact_terms *terms)
{
    return terms->is_real ? 1 : 2;
}

/* Bytes of one entry of the sparse matrix. */
static uint64_t entry_bytes(const qn__exact_terms *terms)
{
    return parts(terms) * sizeof(double) + sizeof(uint32_t);
}

static bool by_blocks(const qn__exact_sector *sector)
{
    return sector->whole && sector->nqubits >= QN__BLOCK_BITS;
}

uint64_t qn__exact_matvec_bytes(const qn__exact_terms *terms, const qn__exact_sector *sector)
{
    return by_blocks(sector) ? qn__exact_blocks_bytes(terms) : 0;
}

uint64_t qn__exact_matvec_sparse_bytes(const qn__exact_terms *terms, const qn__exact_sector *sector)
{
    uint64_t pairs = 0;
    if (sector->whole || qn__mul_overflows(sector->dimension, terms->groups, &pairs) || pairs > MOST_COUNTED) {
        return 0;
    }
    const uint64_t rows = (sector->dimension + 1) * sizeof(uint64_t), all = rows + pairs * entry_bytes(terms);
    if (rows >= MOST_SPARSE_BYTES || sector->dimension > UINT32_MAX) {
        return 0;
    }
    return all < MOST_SPARSE_BYTES ? all : MOST_SPARSE_BYTES;
}

static void apply_rows(const qn__exact_matvec *m, const double *x, double *y)
{
    const qn__exact_terms *t = m->terms;
    const uint64_t rows = m->sector->dimension;
#pragma omp parallel for schedule(static) num_threads((int)m->threads) if (rows >= FEWEST_PARALLEL / 4)
    for (uint64_t r = 0; r < rows; r++) {
        const uint64_t state = qn__exact_sector_state(m->sector, r);
        double re = 0, im = 0;
        for (size_t g = 0; g < t->groups; g++) {
            const uint64_t column = qn__exact_sector_rank(m->sector, state ^ t->x[g]);
            if (column == UINT64_MAX) {
                continue;
            }
            const qn_complex h = qn__exact_terms_entry(t, g, state);
            if (t->is_real) {
                re += h.re * x[column];
            } else {
                re += h.re * x[2 * column] - h.im * x[2 * column + 1];
                im += h.re * x[2 * column + 1] + h.im * x[2 * column];
            }
        }
        if (t->is_real) {
            y[r] = re;
        } else {
            y[2 * r] = re;
            y[2 * r + 1] = im;
        }
    }
}

static void apply_sparse(const qn__exact_matvec *m, const double *x, double *y)
{
    const uint64_t rows = m->sector->dimension;
    const bool is_real = m->terms->is_real;
#pragma omp parallel for schedule(static) num_threads((int)m->threads) if (rows >= FEWEST_PARALLEL / 4)
    for (uint64_t r = 0; r < rows; r++) {
        double re = 0, im = 0;
        for (uint64_t e = m->row_first[r]; e < m->row_first[r + 1]; e++) {
            const size_t column = m->columns[e];
            if (is_real) {
                re += m->values[e] * x[column];
            } else {
                re += m->values[2 * e] * x[2 * column] - m->values[2 * e + 1] * x[2 * column + 1];
                im += m->values[2 * e] * x[2 * column + 1] + m->values[2 * e + 1] * x[2 * column];
            }
        }
        if (is_real) {
            y[r] = re;
        } else {
            y[2 * r] = re;
            y[2 * r + 1] = im;
        }
    }
}

void qn__exact_matvec_apply(const qn__exact_matvec *m, const double *x, double *y)
{
    switch (m->kind) {
    case QN__MATVEC_BLOCKS:
        qn__exact_blocks_apply(&m->blocks, x, y);
        break;
    case QN__MATVEC_ROWS:
        apply_rows(m, x, y);
        break;
    case QN__MATVEC_SPARSE:
        apply_sparse(m, x, y);
        break;
    }
}

/* How many groups lead from each row back into the sector. */
static uint64_t count_entries(const qn__exact_matvec *m)
{
    const uint64_t rows = m->sector->dimension;
    uint64_t entries = 0;
#pragma omp parallel for schedule(static) num_threads((int)m->threads) reduction(+ : entries) \
    if (rows >= FEWEST_PARALLEL / 4)
    for (uint64_t r = 0; r < rows; r++) {
        for (size_t g = 0; g < m->terms->groups; g++) {
            entries += qn__exact_sector_rank(m->sector, m->sector->states[r] ^ m->terms->x[g]) != UINT64_MAX;
        }
    }
    return entries;
}

static qn_status build_sparse(qn__exact_matvec *m)
{
    const qn__exact_terms *t = m->terms;
    const uint64_t rows = m->sector->dimension;
    m->row_first = qn__alloc(rows + 1, sizeof *m->row_first);
    QN_ALLOC_CHECK(m->row_first);
    m->columns = qn__alloc(m->entries, sizeof *m->columns);
    QN_ALLOC_CHECK(m->columns);
    m->values = qn__alloc(m->entries * parts(t), sizeof *m->values);
    QN_ALLOC_CHECK(m->values);
    uint64_t e = 0;
    for (uint64_t r = 0; r < rows; r++) {
        m->row_first[r] = e;
        for (size_t g = 0; g < t->groups; g++) {
            const uint64_t column = qn__exact_sector_rank(m->sector, m->sector->states[r] ^ t->x[g]);
            if (column != UINT64_MAX) {
                m->columns[e++] = (uint32_t)column;
            }
        }
    }
    m->row_first[rows] = e;
#pragma omp parallel for schedule(static) num_threads((int)m->threads) if (rows >= FEWEST_PARALLEL / 4)
    for (uint64_t r = 0; r < rows; r++) {
        const uint64_t state = m->sector->states[r];
        uint64_t next = m->row_first[r];
        for (size_t g = 0; g < t->groups; g++) {
            if (qn__exact_sector_rank(m->sector, state ^ t->x[g]) == UINT64_MAX) {
                continue;
            }
            const qn_complex h = qn__exact_terms_entry(t, g, state);
            if (t->is_real) {
                m->values[next++] = h.re;
            } else {
                m->values[2 * next] = h.re;
                m->values[2 * next++ + 1] = h.im;
            }
        }
    }
    return QN_OK;
}

qn_status qn__exact_matvec_build(qn__exact_matvec *m, const qn__exact_terms *terms, const qn__exact_sector *sector,
                                 uint64_t sparse_bytes, const qn_context *context, uint64_t *bytes)
{
    *m = (qn__exact_matvec){.terms = terms, .sector = sector, .threads = qn_context_threads(context)};
    *bytes = qn__exact_matvec_bytes(terms, sector);
    if (by_blocks(sector)) {
        m->kind = QN__MATVEC_BLOCKS;
        return qn__exact_blocks_build(&m->blocks, terms, qn__context_arch(context), m->threads);
    }
    m->kind = QN__MATVEC_ROWS;
    if (sector->whole || sparse_bytes == 0) {
        return QN_OK;
    }
    m->entries = count_entries(m);
    const uint64_t needed = (sector->dimension + 1) * sizeof *m->row_first + m->entries * entry_bytes(terms);
    if (needed > sparse_bytes) {
        return QN_OK;
    }
    m->kind = QN__MATVEC_SPARSE;
    *bytes += needed;
    return build_sparse(m);
}

void qn__exact_matvec_release(qn__exact_matvec *m)
{
    qn__exact_blocks_release(&m->blocks);
    qn__free(m->row_first);
    qn__free(m->columns);
    qn__free(m->values);
    memset(m, 0, sizeof *m);
}
