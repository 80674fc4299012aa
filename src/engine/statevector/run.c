/* run.c: from bound matrices to a state. */
#include <string.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "base/alloc.h"
#include "engine/statevector/program.h"
#include "engine/statevector/run.h"

static size_t state_bytes(const qn__sv_program *p)
{
    return (size_t)p->blocks * p->kernels->lanes * 2 * p->kernels->real_size;
}

/* Pages of 2 MiB save up to a third of a pass over a large state; where the system gives none, nothing is lost. */
void *qn__sv_state_create(const qn__sv_program *p)
{
    void *state = qn__alloc(state_bytes(p), 1);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const uintptr_t huge = (uintptr_t)1 << 21;
    if (state != NULL && state_bytes(p) >= 2 * huge) {
        const uintptr_t begin = ((uintptr_t)state + huge - 1) & ~(huge - 1);
        const uintptr_t end = ((uintptr_t)state + state_bytes(p)) & ~(huge - 1);
        (void)madvise((unsigned char *)state + (begin - (uintptr_t)state), end - begin, MADV_HUGEPAGE);
    }
#endif
    return state;
}

/* The product state of the starts. A large one is a first tile, copied under the amplitude of the remaining qubits. */
static void start_small(qn__sv_program *p)
{
    p->kernels->product(p->state, p->nqubits, p->columns);
}

static void copy_tile(const qn__sv_program *p, uint64_t tile)
{
    double re = 1.0, im = 0.0;
    for (uint32_t q = QN__SV_TILE_QUBITS; q < p->nqubits; q++) {
        const double *c = p->columns + 4 * (size_t)q + 2 * (tile >> (q - QN__SV_TILE_QUBITS) & 1);
        const double r = re * c[0] - im * c[1];
        im = re * c[1] + im * c[0];
        re = r;
    }
    const uint64_t blocks = (UINT64_C(1) << QN__SV_TILE_QUBITS) / p->kernels->lanes;
    unsigned char *out = (unsigned char *)p->state + tile * blocks * p->kernels->lanes * 2 * p->kernels->real_size;
    if (re == 0.0 && im == 0.0) {
        p->kernels->clear(out, blocks);
    } else {
        p->kernels->scaled_copy(out, p->state, blocks, re, im);
    }
}

static void start_tiles(qn__sv_program *p, uint64_t member, uint64_t team)
{
    const uint64_t tiles = UINT64_C(1) << (p->nqubits - QN__SV_TILE_QUBITS);
    for (uint64_t tile = 1 + (tiles - 1) * member / team; tile < 1 + (tiles - 1) * (member + 1) / team; tile++) {
        copy_tile(p, tile);
    }
}

static void forward_part(qn__sv_program *p, uint64_t member, uint64_t team)
{
    if (p->nqubits > QN__SV_TILE_QUBITS) {
        start_tiles(p, member, team);
#pragma omp barrier
        if (member == 0) {
            copy_tile(p, 0);
        }
#pragma omp barrier
    }
    for (size_t k = 0; k < p->nops; k++) {
        qn__sv_apply(p, p->state, &p->ops[k], &p->ops[k].gate, false, member, team);
#pragma omp barrier
    }
}

void qn__sv_forward(qn__sv_program *p)
{
    if (p->nqubits <= QN__SV_TILE_QUBITS) {
        start_small(p);
        for (size_t k = 0; k < p->nops; k++) {
            qn__sv_apply(p, p->state, &p->ops[k], &p->ops[k].gate, false, 0, 1);
        }
        return;
    }
    p->kernels->product(p->state, QN__SV_TILE_QUBITS, p->columns);
#pragma omp parallel num_threads((int)p->threads) if (p->threads > 1)
    forward_part(p, qn__team_member(), qn__team_size());
}

double qn__sv_inner(qn__sv_program *p, const void *a, const void *b)
{
    const uint64_t parts = qn__sv_parts(p);
    double *partial = p->partial;
#pragma omp parallel for schedule(static) num_threads((int)p->threads) if (p->threads > 1)
    for (uint64_t part = 0; part < parts; part++) {
        partial[part] = p->kernels->inner(a, b, p->blocks / parts * part, p->blocks / parts);
    }
    double sum = 0.0;
    for (uint64_t part = 0; part < parts; part++) {
        sum += partial[part];
    }
    return sum;
}
