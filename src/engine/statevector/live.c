/* live.c: live states of the state-vector engine: pieces of a circuit act on a state that is kept, and qubits of it are
 * measured and projected. Loops over the layout of kernel.h, for any instruction set. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "engine/statevector/program.h"
#include "engine/statevector/run.h"
#include "engine/statevector/schedule.h"

enum { MOST_LANES = 16 };

typedef struct live {
    qn__sv_program *p; /* without operations; its state is the one that lives */
    double phase;      /* global, of all gates so far */
    double partial[QN__SV_PARTS][2];
} live;

qn_status qn__sv_compile_live(void *self, const qn_circuit *circuit, void **program)
{
    qn__sv_program *p = NULL;
    QN_TRY(qn__sv_program_create(self, qn_circuit_qubits(circuit), &p));
    p->nsymbols = qn_circuit_symbols(circuit);
    p->live = true;
    qn_status status = qn__sv_lower(p, circuit);
    if (status == QN_OK) {
        status = qn__sv_schedule_make(p);
    }
    if (status != QN_OK) {
        qn__sv_program_release(p);
        return status;
    }
    *program = p;
    return QN_OK;
}

qn_status qn__sv_live_create(void *self, uint32_t nqubits, void **out)
{
    qn_status status = QN_OK;
    live *l = qn__calloc(1, sizeof *l);
    QN_ALLOC_CHECK(l);
    QN_TRY_CLEANUP(qn__sv_program_create(self, nqubits, &l->p));
    QN_ASSERT(l->p->kernels->lanes <= MOST_LANES);
    l->p->state = qn__sv_state_create(l->p);
    status = l->p->state == NULL ? QN_ERR_MEMORY : QN_OK;
cleanup:
    if (status != QN_OK) {
        qn__sv_live_free(l);
        return status;
    }
    qn__sv_live_start(l);
    *out = l;
    return QN_OK;
}

void qn__sv_live_free(void *opaque)
{
    live *l = opaque;
    if (l != NULL) {
        qn__sv_program_release(l->p);
        qn__free(l);
    }
}

static size_t block_bytes(const qn__sv_program *p)
{
    return (size_t)p->kernels->lanes * 2 * p->kernels->real_size;
}

static void start_part(const qn__sv_program *p, uint64_t part, uint64_t parts)
{
    const uint64_t first = p->blocks * part / parts, last = p->blocks * (part + 1) / parts;
    p->kernels->clear((unsigned char *)p->state + first * block_bytes(p), last - first);
}

void qn__sv_live_start(void *opaque)
{
    live *l = opaque;
    const qn__sv_program *p = l->p;
#pragma omp parallel num_threads((int)p->threads) if (p->threads > 1)
    start_part(p, qn__team_member(), qn__team_size());
    if (p->kernels->real_size == sizeof(double)) {
        *(double *)p->state = 1.0;
    } else {
        *(float *)p->state = 1.0f;
    }
    l->phase = 0.0;
}

static void copy_part(void *to, const void *from, size_t bytes, uint64_t part, uint64_t parts)
{
    const size_t first = (size_t)(bytes / parts * part),
                 last = part + 1 == parts ? bytes : (size_t)(bytes / parts * (part + 1));
    memcpy((unsigned char *)to + first, (const unsigned char *)from + first, last - first);
}

void qn__sv_live_copy(void *to, const void *from)
{
    live *a = to;
    const live *b = from;
    const size_t bytes = (size_t)b->p->blocks * block_bytes(b->p);
#pragma omp parallel num_threads((int)b->p->threads) if (b->p->threads > 1)
    copy_part(a->p->state, b->p->state, bytes, qn__team_member(), qn__team_size());
    a->phase = b->phase;
}

qn_status qn__sv_live_advance(void *program, const double *theta, void *opaque)
{
    qn__sv_program *p = program;
    live *l = opaque;
    QN_CHECK(!qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted between two pieces of a circuit");
    qn__sv_bind(p, theta);
    qn__sv_evolve(p, l->p->state);
    l->phase += qn__sv_global_phase(p, theta);
    return QN_OK;
}

/* One qubit in the layout: bit `lane_bit` of the lane, or, when that is 0, bit `block_bit` of the block. */
typedef struct place {
    uint64_t lane_bit, block_bit;
} place;

static place place_of(const qn__sv_program *p, uint32_t qubit)
{
    const uint64_t bit = UINT64_C(1) << qubit;
    return bit < p->kernels->lanes ? (place){bit, 0} : (place){0, bit / p->kernels->lanes};
}

/* Both precisions. Sums of |amplitude|^2 over blocks first .. last - 1 where the qubit is 0 and where it is 1. */
#define LOOPS(real, suffix)                                                                                            \
    static void weigh_##suffix(const real *state, uint64_t first, uint64_t last, uint64_t lanes, place at,             \
                               double *out)                                                                            \
    {                                                                                                                  \
        double sums[2][MOST_LANES] = {{0}, {0}};                                                                       \
        for (uint64_t b = first; b < last; b++) {                                                                      \
            const real *re = state + b * 2 * lanes, *im = re + lanes;                                                  \
            double *into = sums[(b & at.block_bit) != 0];                                                              \
            for (uint64_t l = 0; l < lanes; l++) {                                                                     \
                into[l] += (double)re[l] * (double)re[l] + (double)im[l] * (double)im[l];                              \
            }                                                                                                          \
        }                                                                                                              \
        out[0] = out[1] = 0.0;                                                                                         \
        for (uint64_t l = 0; l < lanes; l++) {                                                                         \
            out[(l & at.lane_bit) != 0] += sums[0][l];                                                                 \
            out[1] += sums[1][l];                                                                                      \
        }                                                                                                              \
    }                                                                                                                  \
    /* Pair k of the blocks (or, for a bit of the lane, block k): the half of `outcome` goes to the half `to`. */      \
    static void project_##suffix(real *state, uint64_t first, uint64_t last, uint64_t lanes, place at, bool outcome,   \
                                 bool to, double scale)                                                                \
    {                                                                                                                  \
        const real s = (real)scale;                                                                                    \
        for (uint64_t k = first; k < last && at.block_bit != 0; k++) {                                                 \
            const uint64_t low = k & (at.block_bit - 1), b = (k - low) << 1 | low;                                     \
            const real *from = state + (outcome ? b | at.block_bit : b) * 2 * lanes;                                   \
            real *kept = state + (to ? b | at.block_bit : b) * 2 * lanes;                                              \
            real *gone = state + (to ? b : b | at.block_bit) * 2 * lanes;                                              \
            for (uint64_t l = 0; l < 2 * lanes; l++) {                                                                 \
                kept[l] = s * from[l];                                                                                 \
                gone[l] = 0;                                                                                           \
            }                                                                                                          \
        }                                                                                                              \
        for (uint64_t k = first; k < last && at.block_bit == 0; k++) {                                                 \
            real *block = state + k * 2 * lanes;                                                                       \
            for (uint64_t l = 0; l < 2 * lanes; l++) {                                                                 \
                if ((l & at.lane_bit) == 0) { /* lanes is a power of two above lane_bit: re and im alike */            \
                    const real value = s * block[outcome ? l | at.lane_bit : l];                                       \
                    block[to ? l | at.lane_bit : l] = value;                                                           \
                    block[to ? l : l | at.lane_bit] = 0;                                                               \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }
LOOPS(double, f64)
LOOPS(float, f32)
#undef LOOPS

double qn__sv_live_probability(void *opaque, uint32_t qubit)
{
    live *l = opaque;
    const qn__sv_program *p = l->p;
    const uint64_t parts = qn__sv_parts(p), each = p->blocks / parts, lanes = p->kernels->lanes;
    const place at = place_of(p, qubit);
    const bool wide = p->kernels->real_size == sizeof(double);
#pragma omp parallel for schedule(static) num_threads((int)p->threads) if (p->threads > 1)
    for (uint64_t part = 0; part < parts; part++) {
        if (wide) {
            weigh_f64(p->state, part * each, (part + 1) * each, lanes, at, l->partial[part]);
        } else {
            weigh_f32(p->state, part * each, (part + 1) * each, lanes, at, l->partial[part]);
        }
    }
    double zero = 0.0, one = 0.0;
    for (uint64_t part = 0; part < parts; part++) {
        zero += l->partial[part][0];
        one += l->partial[part][1];
    }
    return one / (zero + one); /* so that rounding of the norm makes no certain outcome uncertain */
}

static void project_part(const qn__sv_program *p, place at, bool outcome, bool to, double scale, uint64_t part,
                         uint64_t parts)
{
    const uint64_t units = at.block_bit != 0 ? p->blocks / 2 : p->blocks, lanes = p->kernels->lanes;
    const uint64_t first = units * part / parts, last = units * (part + 1) / parts;
    if (p->kernels->real_size == sizeof(double)) {
        project_f64(p->state, first, last, lanes, at, outcome, to, scale);
    } else {
        project_f32(p->state, first, last, lanes, at, outcome, to, scale);
    }
}

void qn__sv_live_collapse(void *opaque, uint32_t qubit, bool outcome, double probability, bool flip)
{
    const qn__sv_program *p = ((live *)opaque)->p;
    const double scale = 1 / sqrt(probability);
    const place at = place_of(p, qubit);
#pragma omp parallel num_threads((int)p->threads) if (p->threads > 1)
    project_part(p, at, outcome, outcome != flip, scale, qn__team_member(), qn__team_size());
}

qn_status qn__sv_live_sample(void *opaque, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out)
{
    return qn__sv_sample_state(((live *)opaque)->p, shots, seed, stream, out);
}

qn_status qn__sv_live_amplitudes(void *opaque, uint64_t first, size_t count, qn_complex *out)
{
    const live *l = opaque;
    l->p->kernels->read(l->p->state, first, count, &out->re);
    const double c = cos(l->phase), s = sin(l->phase);
    for (size_t k = 0; k < count && l->phase != 0.0; k++) {
        out[k] = (qn_complex){out[k].re * c - out[k].im * s, out[k].re * s + out[k].im * c};
    }
    return QN_OK;
}
