/* schedule.h: the order in which a program's operations meet the state.
 *
 *   operations (plan.c) -> items (items.c): what must stay in order, and what commutes
 *   items -> stages (stages.c): trips of the whole state through the cache, a tile of "local" qubits at a time
 *   a stage's items -> passes (passes.c): trips of the tile through the registers, a cube of "axes" at a time
 *   a pass's items -> steps (steps.c), whose numbers fill.c writes for each row of parameters
 *
 * Inside a stage bits have a compact order: the local qubits in rising order first, then the others. */
#ifndef QN_STATEVECTOR_SCHEDULE_H
#define QN_STATEVECTOR_SCHEDULE_H

#include "engine/statevector/program.h"

/* What stages.c works with: the compact order of the stage being built. */
typedef struct qn__sv_frame {
    uint64_t local;
    uint32_t nlocal, nqubits, log_lanes;
    uint8_t compact[64]; /* qubit -> compact bit */
} qn__sv_frame;

static inline uint64_t qn__sv_compact(const qn__sv_frame *frame, uint64_t qubits)
{
    uint64_t out = 0;
    for (; qubits != 0; qubits &= qubits - 1) {
        out |= UINT64_C(1) << frame->compact[__builtin_ctzll(qubits)];
    }
    return out;
}

/* Qubits that skipped items act on, by kind: what may not be overtaken. */
typedef struct qn__sv_blocked {
    uint64_t z, x, y, other;
} qn__sv_blocked;

static inline bool qn__sv_conflicts(const qn__sv_blocked *b, const qn__sv_item *i)
{
    return ((i->other & (b->z | b->x | b->y | b->other)) | (i->z & (b->x | b->y | b->other)) |
            (i->x & (b->z | b->y | b->other)) | (i->y & (b->z | b->x | b->other))) != 0;
}

static inline void qn__sv_block(qn__sv_blocked *b, const qn__sv_item *i)
{
    b->z |= i->z;
    b->x |= i->x;
    b->y |= i->y;
    b->other |= i->other;
}

/* Qubits that nothing can act on any more: blocked in two ways. Without it long circuits of rotations and phases would
 * be looked through to their end for every stage. */
static inline uint64_t qn__sv_closed(const qn__sv_blocked *b)
{
    return b->other | (b->z & (b->x | b->y)) | (b->x & b->y);
}

/* plan.c: what kind of kernel call an operation is, by its factors. */
void qn__sv_classify(const qn__sv_program *program, qn__sv_op *op, bool start);

/* items.c */
qn_status qn__sv_make_items(qn__sv_program *program);
/* Value of a unit with the present matrices: re, im. */
void qn__sv_unit_value(const qn__sv_program *program, const qn__sv_unit *unit, double *out);
/* Product over a chain. */
void qn__sv_units_value(const qn__sv_program *program, uint32_t units, double *out);
bool qn__sv_units_variable(const qn__sv_program *program, uint32_t units);

/* Is the 2x2 matrix a I + b X, for every parameter? */
bool qn__sv_is_x_like(const qn__sv_program *program, const qn__sv_op *op);

/* stages.c */
qn_status qn__sv_make_stages(qn__sv_program *program);
/* Weight of the items in order[0..count) that a stage of these local qubits runs; marks them in `taken` unless NULL,
 * and says how far it had to look. */
float qn__sv_stage_take(const qn__sv_program *program, const uint32_t *order, size_t count, uint64_t local,
                        unsigned char *taken, size_t *seen);

/* A stage before it is made: which of the next items, by marks among the first `seen`. */
typedef struct qn__sv_plan_stage {
    uint64_t local;
    unsigned char *taken;
    size_t seen, ntests; /* tests: the schedule's last ones */
} qn__sv_plan_stage;

/* reflections.c: a stage around a phase under many controls that leaves most tiles idle, when the next items allow it;
 * ntests is 0 otherwise. `taken` is all 0 before. */
qn_status qn__sv_find_reflection(qn__sv_program *program, const uint32_t *order, size_t count, uint32_t tile,
                                 uint64_t chunk, qn__sv_plan_stage *stage);
/* Takes from a stage what such a stage right after it would do. */
qn_status qn__sv_put_off_reflection(qn__sv_program *program, const uint32_t *order, size_t count, uint32_t tile,
                                    uint64_t chunk, qn__sv_plan_stage *stage);
/* Most bytes of a tile of such a stage. */
uint64_t qn__sv_reflection_bytes(const qn__kernels *kernels, uint32_t nqubits);

/* passes.c: `order` are the indices of a stage's items. */
qn_status qn__sv_make_passes(qn__sv_program *program, const qn__sv_frame *frame, qn__sv_stage *stage, uint32_t *order,
                             size_t count);
/* Can this item be in a pass with these axes (qubits)? */
bool qn__sv_fits(const qn__sv_item *item, uint64_t axes, uint64_t lanes, uint64_t local);
/* One operation by its own kernel. */
qn_status qn__sv_add_flat(qn__sv_program *program, const qn__sv_frame *frame, uint32_t k);

/* layers.c: a stretch of H on many qubits, or of diagonal operations that stand before one: `done` items, moved to the
 * front of `order`; 0: there is none. `taken` is all 0, before and after; `buffer` has room for `count`. */
qn_status qn__sv_make_layer(qn__sv_program *program, const qn__sv_frame *frame, uint32_t *order, size_t count,
                            unsigned char *taken, uint32_t *buffer, size_t *done);
/* Moves the taken ones of `count` items to the front, both kinds in order, and clears `taken`; how many they were. */
size_t qn__sv_move_taken(uint32_t *order, size_t count, unsigned char *taken, uint32_t *buffer);

/* idle.c: when the items `taken` for a stage leave most tiles as they are, or would without some of them, those are
 * given back and the tests of the stage added to the schedule. */
qn_status qn__sv_find_idle(qn__sv_program *program, uint64_t local, const uint32_t *order, size_t count,
                           unsigned char *taken, size_t *ntests);
/* Does the stage leave this tile, the bits of its outer qubits, as it is? */
bool qn__sv_is_idle(const qn__sv_program *program, const qn__sv_stage *stage, uint64_t tile);

/* steps.c: append the steps of these items, in this order, to the program. */
qn_status qn__sv_make_steps(qn__sv_program *program, const qn__sv_frame *frame, qn__sv_stage *stage, uint64_t axes,
                            const uint32_t *order, size_t count);

/* fill.c */
qn_status qn__sv_make_arenas(qn__sv_program *program);
size_t qn__sv_vectors_bytes(const qn__sv_program *program);
size_t qn__sv_table_bytes(const qn__sv_program *program);
/* Tells passes where their steps lie, and steps where their numbers do. */
void qn__sv_place_steps(qn__sv_program *program);
void qn__sv_fill_steps(qn__sv_program *program, bool variable_only);
/* The tile's own lane vectors of a stage. */
void qn__sv_fill_locals(const qn__sv_program *program, const qn__sv_stage *stage, uint64_t high, void *out);

/* All of it, once the operations are known. */
qn_status qn__sv_schedule_make(qn__sv_program *program);
/* About what one gate of a circuit takes in a program, and what all threads and the start state take for tiles; of a
 * circuit that `reflects` if it has gates under many controls. */
uint64_t qn__sv_schedule_bytes(const qn__kernels *kernels);
uint64_t qn__sv_tile_bytes(const qn__kernels *kernels, uint32_t asked, uint32_t nqubits, uint32_t threads,
                           bool reflects);
void qn__sv_schedule_free(qn__sv_schedule *schedule);

#endif
