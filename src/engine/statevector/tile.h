/* tile.h: tiles of a state: moved out and back, and one stretch of a stage run on them. */
#ifndef QN_STATEVECTOR_TILE_H
#define QN_STATEVECTOR_TILE_H

#include "engine/statevector/schedule.h"

/* Local qubits from 0 up to the first that is not local are runs of neighbours. */
typedef struct qn__sv_mover {
    unsigned char *state;
    size_t run;     /* bytes of neighbours */
    uint64_t runs;  /* in a tile */
    uint64_t above; /* the other local qubits */
    uint64_t tile;  /* index of the tile's first amplitude */
    size_t amplitude;
} qn__sv_mover;

static inline size_t qn__sv_amplitude_bytes(const qn__sv_program *p)
{
    return 2 * p->kernels->real_size;
}

static inline uint64_t qn__sv_all_qubits(const qn__sv_program *p)
{
    return (UINT64_C(2) << (p->nqubits - 1)) - 1;
}

qn__sv_mover qn__sv_mover_make(const qn__sv_program *p, const qn__sv_stage *stage, void *state, uint64_t tile);
void qn__sv_gather(const qn__sv_mover *m, unsigned char *tile);
void qn__sv_scatter(const qn__sv_mover *m, const unsigned char *tile);

/* The kernel gate of a flat stretch on this tile, with the operation's matrix; false when a control outside of the tile
 * keeps it from acting. `odd`: the sign of the qubits outside is negative (it is in the matrix already). */
bool qn__sv_flat_gate(const qn__sv_program *p, const qn__sv_stretch *stretch, uint32_t nlocal, uint64_t high,
                      qn__kernel_gate *gate, bool *odd);

/* One stretch on a tile (or range `part` of `parts` of it); `high`: the compact index of the tile's first amplitude. */
void qn__sv_run_stretch(const qn__sv_program *p, const qn__sv_stretch *stretch, void *tile, uint32_t nlocal,
                        uint64_t high, void *locals, uint64_t part, uint64_t parts);

#endif
