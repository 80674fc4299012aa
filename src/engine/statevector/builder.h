/* builder.h: one pass while its steps are made. */
#ifndef QN_STATEVECTOR_BUILDER_H
#define QN_STATEVECTOR_BUILDER_H

#include "engine/statevector/schedule.h"

typedef struct qn__sv_builder {
    qn__sv_program *program;
    const qn__sv_frame *frame;
    qn__sv_stage *stage;
    uint64_t axes, lanes; /* qubits; lanes are the lowest, so that they are their own compact bits */
    uint32_t naxes;
    uint8_t axis_of[64];
    uint32_t *waiting; /* phases, as items */
    size_t nwaiting;
    size_t first_local, first_step;
} qn__sv_builder;

/* builder.c. Axis mask of qubits that are axes; */
uint8_t qn__sv_registers(const qn__sv_builder *b, uint64_t qubits);
/* bits of the block index of qubits that are neither axes nor lanes; */
uint64_t qn__sv_outer_blocks(const qn__sv_builder *b, uint64_t qubits);
/* axes of the cube, the one of the states included; */
uint32_t qn__sv_cube_axes(const qn__sv_builder *b);
/* registers with (r & fixed) == value, as a mask. */
uint8_t qn__sv_matching(const qn__sv_builder *b, uint64_t fixed, uint64_t value);

qn_status qn__sv_add_step(qn__sv_builder *b, qn__step step);
/* The step and where its numbers come from; `vectors` of them are lane vectors. */
qn_status qn__sv_add_filled(qn__sv_builder *b, qn__step step, qn__sv_fill fill, size_t vectors);
/* The next step acts only where these outer qubits have these values; nothing when none of them is outer. */
qn_status qn__sv_add_skip(qn__sv_builder *b, uint64_t fixed, uint64_t value);
qn_status qn__sv_add_slope(qn__sv_builder *b, qn__step step, qn__sv_slope slope);

/* phases.c: steps for everything that waits on these qubits. */
qn_status qn__sv_flush(qn__sv_builder *b, uint64_t qubits);

#endif
