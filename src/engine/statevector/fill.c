/* fill.c: the numbers of the steps, for one row of parameters: matrices in the state's precision, lane vectors under
 * lane controls, tables of phases. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/lower.h"
#include "engine/statevector/schedule.h"

static const size_t ALIGNMENT = 64;

static void put(const qn__sv_program *p, void *array, size_t index, double value)
{
    if (p->kernels->real_size == sizeof(double)) {
        ((double *)array)[index] = value;
    } else {
        ((float *)array)[index] = (float)value;
    }
}

static void *vector_at(const qn__sv_program *p, size_t index)
{
    return p->schedule.vectors + index * p->kernels->lanes * p->kernels->real_size;
}

/* All bits, or the sign bit alone, of a lane. */
static void put_bits(const qn__sv_program *p, void *array, size_t index, uint64_t bits)
{
    if (p->kernels->real_size == sizeof(double)) {
        ((uint64_t *)array)[index] = bits;
    } else {
        ((uint32_t *)array)[index] = (uint32_t)(bits >> 32 | bits);
    }
}

static void times(double *z, const double *w)
{
    const double re = z[0] * w[0] - z[1] * w[1];
    z[1] = z[0] * w[1] + z[1] * w[0];
    z[0] = re;
}

static void fill_matrix(const qn__sv_program *p, qn__step *step, const double *m)
{
    static const unsigned char real[4] = {0, 2, 4, 6}, imaginary[4] = {0, 3, 5, 6};
    const unsigned form = step->kind / 16U;
    const bool general = form == QN__STEP_GENERAL || form == QN__STEP_EXCHANGE;
    for (unsigned k = 0; k < (general ? 8U : 4U); k++) {
        put(p, &step->m, k, m[general ? k : form == QN__STEP_REAL ? real[k] : imaginary[k]]);
    }
}

/* A rotation without its scale, which is returned. The larger of cosine and sine is divided out, so that t <= 1. */
static double fill_turn(const qn__sv_program *p, qn__step *step, const double *m)
{
    const unsigned index = step->kind % 16U;
    const bool real = m[3] == 0.0 && m[5] == 0.0;
    const double a = m[0], b = real ? m[2] : m[3];
    const bool near = a * a >= b * b, turns = near ? a * m[6] > 0.0 : m[2] * m[4] < 0.0;
    unsigned form = near ? QN__STEP_TURN_X : QN__STEP_TURN_X_FAR;
    double scale = near ? a : b, t = near ? b / a : a / b;
    if (real && turns) { /* [a b; -b a] */
        form = near ? QN__STEP_TURN : QN__STEP_TURN_FAR;
        scale = near ? a : -b;
        t = near ? -b / a : -a / b;
    } else if (real) {
        form = near ? QN__STEP_MIRROR : QN__STEP_MIRROR_FAR;
    }
    step->kind = QN__STEP_KIND(form, index);
    put(p, &step->m, 0, t);
    return scale;
}

/* The same on a lane; when the sine is the larger one the full form costs no more. */
static double fill_lane_turn(const qn__sv_program *p, const qn__sv_fill *f, qn__step *step, const double *m)
{
    const bool real = m[3] == 0.0 && m[5] == 0.0;
    if (m[0] * m[0] < 0.5 || m[0] * m[6] < 0.0) {
        step->kind = QN__STEP_KIND(real ? QN__STEP_LANE_REAL : QN__STEP_LANE_IMAGINARY, 0);
        return 0.0;
    }
    step->kind = QN__STEP_KIND(real ? QN__STEP_LANE_TURN : QN__STEP_LANE_TURN_X, 0);
    for (uint32_t l = 0; l < p->kernels->lanes; l++) {
        const double *b = (l & f->z) == 0 ? m + 2 : m + 4;
        put(p, vector_at(p, f->vectors), l, (real ? b[0] : b[1]) / m[0]);
    }
    return m[0];
}

static void fill_vectors(const qn__sv_program *p, const qn__sv_fill *f, const double *m)
{
    static const double identity[8] = {1, 0, 0, 0, 0, 0, 1, 0};
    const uint32_t lanes = p->kernels->lanes;
    for (uint32_t k = 0; k < 8; k++) {
        void *v = vector_at(p, f->vectors + k);
        for (uint32_t l = 0; l < lanes; l++) {
            put(p, v, l, (l & f->fixed) == f->value ? m[k] : identity[k]);
        }
    }
}

/* A lane's new value is A a[lane] + B a[lane ^ z]: row 0 of the matrix where the lane's bit is clear, row 1 where set.
 */
static void fill_lane(const qn__sv_program *p, const qn__sv_fill *f, unsigned form, const double *m)
{
    const uint32_t lanes = p->kernels->lanes;
    for (uint32_t l = 0; l < lanes; l++) {
        const bool acts = (l & f->fixed) == f->value, upper = (l & f->z) == 0;
        const double *a = upper ? m : m + 6, *b = upper ? m + 2 : m + 4;
        const double ar = acts ? a[0] : 1.0, ai = acts ? a[1] : 0.0, br = acts ? b[0] : 0.0, bi = acts ? b[1] : 0.0;
        if (form == QN__STEP_LANE_GENERAL) {
            put(p, vector_at(p, f->vectors), l, ar);
            put(p, vector_at(p, f->vectors + 1), l, ai);
            put(p, vector_at(p, f->vectors + 2), l, br);
            put(p, vector_at(p, f->vectors + 3), l, bi);
        } else {
            put(p, vector_at(p, f->vectors), l, ar);
            put(p, vector_at(p, f->vectors + 1), l, form == QN__STEP_LANE_REAL ? br : bi);
        }
    }
}

static void fill_pauli(const qn__sv_program *p, const qn__sv_fill *f, qn__step *step, const double *m)
{
    const double off = step->kind / 16U == QN__STEP_PAULI_REAL ? m[2] : m[3];
    put(p, &step->m, 0, m[0]);
    for (uint32_t l = 0; l < p->kernels->lanes; l++) {
        put(p, vector_at(p, f->vectors), l, qn__popcount(l & f->fixed) % 2 == 0 ? off : -off);
    }
}

static void fill_dense(const qn__sv_program *p, const qn__sv_fill *f)
{
    static const unsigned char straight[4] = {0, 1, 2, 3}, turned[4] = {0, 2, 1, 3};
    const double *m = p->matrices + p->dense[p->ops[f->op].first].first;
    const unsigned char *order = f->z != 0 ? turned : straight;
    for (size_t r = 0; r < 4; r++) {
        for (size_t c = 0; c < 4; c++) {
            const size_t from = 2 * (4 * (size_t)order[r] + order[c]);
            put(p, vector_at(p, f->vectors), 8 * r + 2 * c, m[from]);
            put(p, vector_at(p, f->vectors), 8 * r + 2 * c + 1, m[from + 1]);
        }
    }
}

/* z: the lane is the second target. Vector 8 s + 2 k: where the axis is s, the factor of input k (bit 0: lane flipped,
 * bit 1: axis flipped). */
static void fill_dense_lane(const qn__sv_program *p, const qn__sv_fill *f, uint64_t lane)
{
    const double *m = p->matrices + p->dense[p->ops[f->op].first].first;
    const unsigned lane_bit = f->z != 0 ? 2 : 1, axis_bit = 3 - lane_bit;
    for (unsigned s = 0; s < 2; s++) {
        for (unsigned k = 0; k < 4; k++) {
            for (uint32_t l = 0; l < p->kernels->lanes; l++) {
                const unsigned row = ((l & lane) != 0 ? lane_bit : 0) | (s != 0 ? axis_bit : 0);
                const unsigned column = row ^ ((k & 1) != 0 ? lane_bit : 0) ^ ((k & 2) != 0 ? axis_bit : 0);
                put(p, vector_at(p, f->vectors + 8 * s + 2 * k), l, m[2 * (4 * row + column)]);
                put(p, vector_at(p, f->vectors + 8 * s + 2 * k + 1), l, m[2 * (4 * row + column) + 1]);
            }
        }
    }
}

static void fill_dense_lanes(const qn__sv_program *p, const qn__sv_fill *f, uint64_t first, uint64_t second)
{
    const double *m = p->matrices + p->dense[p->ops[f->op].first].first;
    for (unsigned k = 0; k < 4; k++) {
        for (uint32_t l = 0; l < p->kernels->lanes; l++) {
            const unsigned row = ((l & first) != 0 ? 1U : 0U) | ((l & second) != 0 ? 2U : 0U), column = row ^ k;
            put(p, vector_at(p, f->vectors + 2 * k), l, m[2 * (4 * row + column)]);
            put(p, vector_at(p, f->vectors + 2 * k + 1), l, m[2 * (4 * row + column) + 1]);
        }
    }
}

static void fill_phase(const qn__sv_program *p, const qn__sv_fill *f, qn__step *step)
{
    double z[2] = {1.0, 0.0}, value[2];
    for (uint32_t k = 0; k < f->nparts; k++) {
        qn__sv_units_value(p, p->schedule.parts[f->parts + k].units, value);
        times(z, value);
    }
    put(p, &step->m, 0, z[0]);
    put(p, &step->m, 1, z[1]);
}

/* Lane vectors of the parts on lanes alone; with `wanted` bits all set. */
static void fill_lane_phases(const qn__sv_program *p, const qn__sv_fill *f)
{
    const uint32_t lanes = p->kernels->lanes;
    double z[16][2];
    for (uint32_t l = 0; l < lanes; l++) {
        z[l][0] = 1.0;
        z[l][1] = 0.0;
    }
    for (uint32_t k = 0; k < f->nparts; k++) {
        const qn__sv_part *part = &p->schedule.parts[f->parts + k];
        if ((part->bits & ~(uint64_t)(lanes - 1)) != 0) {
            continue;
        }
        double value[2];
        qn__sv_units_value(p, part->units, value);
        for (uint32_t l = 0; l < lanes; l++) {
            if ((l & part->bits) == part->bits) {
                times(z[l], value);
            }
        }
    }
    for (uint32_t l = 0; l < lanes; l++) {
        put(p, vector_at(p, f->vectors), l, z[l][0]);
        put(p, vector_at(p, f->vectors + 1), l, z[l][1]);
    }
}

/* table[trip] = product of the parts whose outer qubit is set in it, by doubling. */
static void fill_table(const qn__sv_program *p, const qn__sv_fill *f)
{
    const qn__sv_schedule *s = &p->schedule;
    unsigned char *const table = s->table + f->table * p->kernels->real_size;
    put(p, table, 0, 1.0);
    put(p, table, 1, 0.0);
    for (uint32_t j = 0; j < f->nouter; j++) {
        const uint64_t bit = UINT64_C(1) << s->outer[f->first_outer + j];
        double z[2] = {1.0, 0.0}, value[2];
        for (uint32_t k = 0; k < f->nparts; k++) {
            if (s->parts[f->parts + k].bits == bit) {
                qn__sv_units_value(p, s->parts[f->parts + k].units, value);
                times(z, value);
            }
        }
        const size_t size = (size_t)1 << j;
        if (p->kernels->real_size == sizeof(double)) {
            double *t = (double *)(void *)table;
            for (size_t k = 0; k < size; k++) {
                t[2 * (size + k)] = t[2 * k] * z[0] - t[2 * k + 1] * z[1];
                t[2 * (size + k) + 1] = t[2 * k] * z[1] + t[2 * k + 1] * z[0];
            }
        } else {
            float *t = (float *)(void *)table;
            for (size_t k = 0; k < size; k++) {
                t[2 * (size + k)] = (float)((double)t[2 * k] * z[0] - (double)t[2 * k + 1] * z[1]);
                t[2 * (size + k) + 1] = (float)((double)t[2 * k] * z[1] + (double)t[2 * k + 1] * z[0]);
            }
        }
    }
}

/* Register r, lane l: the product of the parts whose bits are all set there. */
static void fill_cube(const qn__sv_program *p, const qn__sv_fill *f, bool with_lanes)
{
    const qn__sv_schedule *s = &p->schedule;
    const uint32_t lanes = with_lanes ? p->kernels->lanes : 1;
    double z[QN__CUBE * 16][2];
    for (uint32_t k = 0; k < lanes << f->nouter; k++) {
        z[k][0] = 1.0;
        z[k][1] = 0.0;
    }
    for (uint32_t i = 0; i < f->nparts; i++) {
        const qn__sv_part *part = &s->parts[f->parts + i];
        uint32_t mask = 0; /* over register and lane bits: r * lanes + l */
        double value[2];
        qn__sv_units_value(p, part->units, value);
        for (uint32_t a = 0; a < f->nouter; a++) {
            mask |= (part->bits >> s->outer[f->first_outer + a] & 1) != 0 ? lanes << a : 0;
        }
        mask |= (uint32_t)part->bits & (lanes - 1);
        for (uint32_t k = mask; k < lanes << f->nouter; k = (k + 1) | mask) {
            times(z[k], value);
        }
    }
    void *const v = vector_at(p, f->vectors);
    for (uint32_t k = 0; k < lanes << f->nouter; k++) {
        const size_t at = (size_t)(k / lanes) * 2 * lanes + k % lanes;
        put(p, v, at, z[k][0]);
        put(p, v, at + lanes, z[k][1]);
    }
}

static void fill_diagonal(const qn__sv_program *p, const qn__sv_fill *f, const double *m)
{
    for (uint32_t l = 0; l < p->kernels->lanes; l++) {
        const bool acts = (l & f->fixed) == f->value, odd = qn__popcount(l & f->z) % 2 == 1;
        for (unsigned parity = 0; parity < 2; parity++) {
            const double *value = odd != (parity == 1) ? m + 6 : m;
            put(p, vector_at(p, f->vectors + 2 * parity), l, acts ? value[0] : 1.0);
            put(p, vector_at(p, f->vectors + 2 * parity + 1), l, acts ? value[1] : 0.0);
        }
    }
}

static void fill_bits(const qn__sv_program *p, const qn__sv_fill *f)
{
    for (uint32_t l = 0; l < p->kernels->lanes; l++) {
        const bool match = (l & f->fixed) == f->value;
        if (f->kind == QN__SV_FILL_SIGNS) {
            const bool odd = qn__popcount(l & f->fixed) % 2 == 1;
            put_bits(p, vector_at(p, f->vectors), l, odd != (f->value != 0) ? UINT64_C(1) << 63 : 0);
        } else if (f->kind == QN__SV_FILL_MASK) {
            put_bits(p, vector_at(p, f->vectors), l, match ? UINT64_MAX : 0);
        } else {
            put_bits(p, vector_at(p, f->vectors), l, f->lanes[l]);
        }
    }
}

static void fill_plain(qn__sv_program *p, const qn__sv_fill *f, const double *m)
{
    qn__step *step = &p->schedule.steps[f->step];
    switch (f->kind) {
    case QN__SV_FILL_MATRIX:
        fill_matrix(p, step, m);
        return;
    case QN__SV_FILL_VECTORS:
        fill_vectors(p, f, m);
        return;
    case QN__SV_FILL_LANE:
        fill_lane(p, f, step->kind / 16U, m);
        return;
    case QN__SV_FILL_PAULI:
        fill_pauli(p, f, step, m);
        return;
    case QN__SV_FILL_DENSE:
        if (step->kind == QN__STEP_KIND(QN__STEP_DENSE_LANES, 0)) {
            fill_dense_lanes(p, f, step->lanes, step->axis);
        } else if (step->kind / 16U == QN__STEP_DENSE_LANE) {
            fill_dense_lane(p, f, step->lanes);
        } else {
            fill_dense(p, f);
        }
        return;
    case QN__SV_FILL_PHASE:
        fill_phase(p, f, step);
        return;
    case QN__SV_FILL_LINEAR:
        fill_lane_phases(p, f);
        fill_table(p, f);
        return;
    case QN__SV_FILL_LANE_PHASES:
        fill_lane_phases(p, f);
        return;
    case QN__SV_FILL_CUBE:
        fill_cube(p, f, step->kind == QN__STEP_KIND(QN__STEP_CUBE_LANES, 0));
        return;
    case QN__SV_FILL_DIAGONAL:
        fill_diagonal(p, f, m);
        return;
    case QN__SV_FILL_SIGNS:
    case QN__SV_FILL_MASK:
    case QN__SV_FILL_PERMUTE:
        fill_bits(p, f);
        return;
    }
}

static void fill_scaled(qn__sv_program *p, qn__sv_fill *f)
{
    qn__step *step = &p->schedule.steps[f->step];
    const double *m = p->ops[f->op].gate.m;
    f->scale = f->kind == QN__SV_FILL_LANE ? fill_lane_turn(p, f, step, m) : fill_turn(p, step, m);
    if (f->scale == 0.0) {
        fill_plain(p, f, m);
        f->scale = 1.0;
    }
}

/* Between the steps of a pass both states are off by the scales that rotations so far left out and the carrier, when it
 * came, put in: what a slope sums there is off by the square. */
static void correct_slopes(qn__sv_program *p, const qn__sv_stretch *stretch, double carried)
{
    qn__sv_schedule *s = &p->schedule;
    size_t k = stretch->first_fill;
    double off = 1.0;
    for (size_t i = stretch->first_slope; i < stretch->first_slope + stretch->nslopes; i++) {
        for (; k < stretch->first_fill + stretch->nfills && s->fills[k].step < s->slopes[i].step; k++) {
            off /= s->fills[k].role == QN__SV_ROLE_SCALED ? s->fills[k].scale : 1.0;
            off *= k == stretch->carrier ? carried : 1.0;
        }
        s->slopes[i].scale = 1.0 / (off * off);
    }
}

static void fill_stretch(qn__sv_program *p, const qn__sv_stretch *stretch, bool variable_only)
{
    double scale = 1.0;
    for (size_t k = stretch->first_fill; k < stretch->first_fill + stretch->nfills; k++) {
        qn__sv_fill *f = &p->schedule.fills[k];
        if (f->role == QN__SV_ROLE_CARRIER) {
            continue;
        }
        if (f->variable || !variable_only) {
            if (f->role == QN__SV_ROLE_SCALED) {
                fill_scaled(p, f);
            } else {
                fill_plain(p, f, p->ops[f->op].gate.m);
            }
        }
        scale *= f->role == QN__SV_ROLE_SCALED ? f->scale : 1.0;
    }
    if (stretch->carrier != SIZE_MAX) {
        const qn__sv_fill *f = &p->schedule.fills[stretch->carrier];
        double m[8];
        for (int k = 0; k < 8; k++) {
            m[k] = scale * p->ops[f->op].gate.m[k];
        }
        fill_plain(p, f, m);
    }
    correct_slopes(p, stretch, scale);
}

void qn__sv_fill_steps(qn__sv_program *p, bool variable_only)
{
    for (size_t k = 0; k < p->schedule.nstretches; k++) {
        const qn__sv_stretch *stretch = &p->schedule.stretches[k];
        if (!stretch->flat && (stretch->variable || !variable_only)) {
            fill_stretch(p, stretch, variable_only);
        }
    }
}

void qn__sv_fill_locals(const qn__sv_program *p, const qn__sv_stage *stage, uint64_t high, void *out)
{
    const qn__sv_schedule *s = &p->schedule;
    const uint32_t lanes = p->kernels->lanes;
    const size_t bytes = 2 * (size_t)lanes * p->kernels->real_size;
    for (size_t k = 0; k < stage->nlocals; k++) {
        const qn__sv_local *local = &s->locals[stage->first_local + k];
        const qn__sv_fill *f = &s->fills[local->fill];
        double z[2] = {1.0, 0.0}, value[2];
        for (uint32_t i = 0; i < f->nparts; i++) {
            const qn__sv_part *part = &s->parts[f->parts + i];
            if (part->bits >> stage->nlocal != 0 && (part->bits & ~high) == 0) {
                qn__sv_units_value(p, part->units, value);
                times(z, value);
            }
        }
        unsigned char *to = (unsigned char *)out + (size_t)(local->slot - 1) * bytes;
        p->kernels->scaled_copy(to, vector_at(p, f->vectors), 1, z[0], z[1]);
    }
}

size_t qn__sv_vectors_bytes(const qn__sv_program *p)
{
    return (p->schedule.nvectors + 1) * p->kernels->lanes * p->kernels->real_size;
}

size_t qn__sv_table_bytes(const qn__sv_program *p)
{
    return (p->schedule.ntable + ALIGNMENT) * p->kernels->real_size;
}

void qn__sv_place_steps(qn__sv_program *p)
{
    static const qn__step none = {0}; /* where there are no steps at all */
    qn__sv_schedule *s = &p->schedule;
    for (size_t k = 0; k < s->nfills; k++) {
        qn__step *step = &s->steps[s->fills[k].step];
        step->vectors = vector_at(p, s->fills[k].vectors);
        step->table = s->table + s->fills[k].table * p->kernels->real_size;
    }
    for (size_t k = 0; k < s->nstretches; k++) {
        s->stretches[k].pass.steps = s->steps == NULL ? &none : s->steps + s->stretches[k].first_step;
    }
}

qn_status qn__sv_make_arenas(qn__sv_program *p)
{
    qn__sv_schedule *s = &p->schedule;
    const size_t real = p->kernels->real_size, vector = p->kernels->lanes * real;
    s->vectors = qn__calloc(qn__sv_vectors_bytes(p), 1);
    s->table = qn__calloc(qn__sv_table_bytes(p), 1);
    QN_ALLOC_CHECK(s->vectors);
    QN_ALLOC_CHECK(s->table);
    size_t tile = 0;
    for (size_t k = 0; k < s->nslopes; k++) {
        if (!s->stretches[s->slopes[k].stretch].flat) {
            s->steps[s->slopes[k].step].value += 2 * s->most_locals;
        }
    }
    for (size_t k = 0; k < s->nstages && p->dual; k++) {
        const size_t amplitudes = (size_t)1 << s->stages[k].nlocal, lanes = p->kernels->lanes;
        if (s->stages[k].kind != QN__SV_STAGE_FLAT) {
            tile = 4 * real * (amplitudes > lanes ? amplitudes : lanes);
        }
    }
    for (size_t k = 0; k < s->nstages && !p->dual; k++) {
        if (s->stages[k].kind == QN__SV_STAGE_TILES || s->stages[k].kind == QN__SV_STAGE_GATHER) {
            const size_t size = 2 * real << s->stages[k].nlocal;
            tile = size > tile ? size : tile;
        }
    }
    qn__sv_place_steps(p);
    if (!p->dual && s->nstages > 0 && s->stages[0].kind != QN__SV_STAGE_PLAIN &&
        s->stages[0].kind != QN__SV_STAGE_FLAT) {
        s->skips_start = true;
        s->base = qn__alloc(2 * real << s->stages[0].nlocal, 1);
        QN_ALLOC_CHECK(s->base);
    }
    s->buffer_size = tile + ((s->most_locals + 1) * 2 + s->most_slopes) * vector;
    s->buffers = qn__alloc(s->buffer_size, p->threads);
    QN_ALLOC_CHECK(s->buffers);
    qn__sv_fill_steps(p, false);
    return QN_OK;
}
