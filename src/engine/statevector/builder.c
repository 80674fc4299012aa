/* builder.c: appending steps, and qubits as a pass sees them. */
#include "engine/statevector/builder.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/lower.h"

uint8_t qn__sv_registers(const qn__sv_builder *b, uint64_t qubits)
{
    uint8_t out = 0;
    for (uint64_t left = qubits & b->axes; left != 0; left &= left - 1) {
        out = (uint8_t)(out | 1U << b->axis_of[__builtin_ctzll(left)]);
    }
    return out;
}

uint64_t qn__sv_outer_blocks(const qn__sv_builder *b, uint64_t qubits)
{
    return qn__sv_compact(b->frame, qubits & ~(b->axes | b->lanes)) >> b->frame->log_lanes;
}

uint32_t qn__sv_cube_axes(const qn__sv_builder *b)
{
    return b->naxes + (b->program->dual ? 1U : 0U);
}

uint8_t qn__sv_matching(const qn__sv_builder *b, uint64_t fixed, uint64_t value)
{
    const unsigned f = qn__sv_registers(b, fixed), v = qn__sv_registers(b, value);
    unsigned out = 0;
    for (unsigned r = 0; r < 1U << qn__sv_cube_axes(b); r++) {
        out |= (r & f) == v ? 1U << r : 0U;
    }
    return (uint8_t)out;
}

qn_status qn__sv_add_step(qn__sv_builder *b, qn__step step)
{
    qn__sv_schedule *s = &b->program->schedule;
    QN_TRY(qn__grow((void **)&s->steps, &s->steps_capacity, s->nsteps + 1, sizeof *s->steps));
    s->steps[s->nsteps++] = step;
    return QN_OK;
}

qn_status qn__sv_add_filled(qn__sv_builder *b, qn__step step, qn__sv_fill fill, size_t vectors)
{
    qn__sv_schedule *s = &b->program->schedule;
    fill.sometimes = s->nsteps > b->first_step && s->steps[s->nsteps - 1].kind == QN__STEP_KIND(QN__STEP_SKIP, 0);
    QN_TRY(qn__grow((void **)&s->fills, &s->fills_capacity, s->nfills + 1, sizeof *s->fills));
    QN_TRY(qn__sv_add_step(b, step));
    fill.step = (uint32_t)s->nsteps - 1;
    fill.vectors = s->nvectors;
    s->nvectors += vectors;
    s->fills[s->nfills++] = fill;
    return QN_OK;
}

qn_status qn__sv_add_skip(qn__sv_builder *b, uint64_t fixed, uint64_t value)
{
    const uint64_t outer = qn__sv_outer_blocks(b, fixed);
    if (outer == 0) {
        return QN_OK;
    }
    return qn__sv_add_step(
        b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_SKIP, 0), .fixed = outer, .value = qn__sv_outer_blocks(b, value)});
}

qn_status qn__sv_add_slope(qn__sv_builder *b, qn__step step, qn__sv_slope slope)
{
    qn__sv_schedule *s = &b->program->schedule;
    QN_TRY(qn__grow((void **)&s->slopes, &s->slopes_capacity, s->nslopes + 1, sizeof *s->slopes));
    step.value = s->nslopes - b->stage->first_slope; /* which vector, after those of LINEAR steps: slopes.c */
    QN_TRY(qn__sv_add_step(b, step));
    slope.step = (uint32_t)s->nsteps - 1;
    slope.stretch = s->nstretches;
    slope.scale = 1.0;
    s->slopes[s->nslopes++] = slope;
    return QN_OK;
}
