/* rows_fill.c: the numbers of many rows of parameters at once: angles, matrices and the lane vectors of steps. What
 * bind.c and fill.c do for one row, with a lane a row. */
#include <string.h>

#include "engine/statevector/lower.h"
#include "engine/statevector/rows_simd.h"

enum { L = QN__SV_ROW_LANES };

static size_t vector_bytes(const qn__sv_batch *b)
{
    return b->lanes * b->narrow.real_size;
}

/* A lane vector in the states' precision. */
static void put(const qn__sv_batch *b, unsigned char *to, const double *from)
{
    if (b->narrow.real_size == sizeof(double)) {
        memcpy(to, from, b->lanes * sizeof *from);
        return;
    }
    float *f = (float *)(void *)to;
    for (size_t l = 0; l < b->lanes; l++) {
        f[l] = (float)from[l];
    }
}

static void splat(double *to, size_t lanes, double value)
{
    for (size_t l = 0; l < lanes; l++) {
        to[l] = value;
    }
}

/* Complex lane vectors: real parts, then imaginary parts. */

static void set_one(double *z, size_t lanes)
{
    splat(z, lanes, 1.0);
    splat(z + lanes, lanes, 0.0);
}

static void times(double *restrict z, const double *restrict w, size_t lanes, bool conjugate)
{
    const double sign = conjugate ? -1.0 : 1.0;
    for (size_t l = 0; l < lanes; l++) {
        const double wi = sign * w[lanes + l], re = z[l] * w[l] - z[lanes + l] * wi;
        z[lanes + l] = z[l] * wi + z[lanes + l] * w[l];
        z[l] = re;
    }
}

/* Matrices. */

static double *matrix_of(const qn__sv_batch *b, const qn__sv_row_plan *plan, uint32_t op)
{
    return plan->matrices + (size_t)op * 8 * b->lanes;
}

static void negate(double *restrict to, const double *restrict from, size_t lanes)
{
    for (size_t l = 0; l < lanes; l++) {
        to[l] = -from[l];
    }
}

/* The matrix of one factor, or its inverse. */
static void factor_matrix(const qn__sv_batch *b, uint32_t index, bool inverse, double *m)
{
    const qn__sv_factor *factor = &b->program->factors[index];
    const size_t n = b->lanes, bytes = n * sizeof *m;
    if (factor->kind == QN__SV_FIXED || !factor->variable) {
        double one[8] = {1, 0, 0, 0, 0, 0, 1, 0};
        qn__sv_factor_multiply(factor, one);
        for (size_t k = 0; k < 8; k++) {
            const size_t from = !inverse ? k : k / 2 == 1 ? k + 2 : k / 2 == 2 ? k - 2 : k;
            splat(m + k * n, n, inverse && k % 2 == 1 ? -one[from] : one[from]);
        }
        return;
    }
    const double *c = b->cosine + b->place[index] * n, *sine = b->sine + b->place[index] * n;
    double minus[L], plus[L];
    if (inverse) {
        negate(plus, sine, n);
        memcpy(minus, sine, bytes);
    } else {
        memcpy(plus, sine, bytes);
        negate(minus, sine, n);
    }
    memset(m, 0, 8 * bytes);
    memcpy(m, c, bytes);
    memcpy(m + 6 * n, c, bytes);
    switch (factor->kind) {
    case QN__SV_RX:
        memcpy(m + 3 * n, minus, bytes);
        memcpy(m + 5 * n, minus, bytes);
        return;
    case QN__SV_RY:
        memcpy(m + 2 * n, minus, bytes);
        memcpy(m + 4 * n, plus, bytes);
        return;
    case QN__SV_RZ:
        memcpy(m + n, minus, bytes);
        memcpy(m + 7 * n, plus, bytes);
        return;
    case QN__SV_PHASE:
        splat(m, n, 1.0);
        memcpy(m + 7 * n, plus, bytes);
        return;
    case QN__SV_FIXED:
        return;
    }
}

/* m <- f m */
static void multiply(double *restrict m, const double *restrict f, size_t n)
{
    double out[8 * L];
    for (size_t r = 0; r < 2; r++) {
        for (size_t c = 0; c < 2; c++) {
            const double *a = f + 4 * r * n, *u = m + 2 * c * n, *v = m + (4 + 2 * c) * n;
            double *to = out + (4 * r + 2 * c) * n;
            for (size_t l = 0; l < n; l++) {
                to[l] = a[l] * u[l] - a[n + l] * u[n + l] + a[2 * n + l] * v[l] - a[3 * n + l] * v[n + l];
                to[n + l] = a[l] * u[n + l] + a[n + l] * u[l] + a[2 * n + l] * v[n + l] + a[3 * n + l] * v[l];
            }
        }
    }
    memcpy(m, out, 8 * n * sizeof *m);
}

static void bind_op(const qn__sv_batch *b, const qn__sv_op *op, bool inverse, double *m)
{
    factor_matrix(b, op->first, inverse, m);
    for (uint32_t k = 1; k < op->count; k++) { /* operations of the way back have one factor */
        double f[8 * L];
        factor_matrix(b, op->first + k, false, f);
        multiply(m, f, b->lanes);
    }
}

static void bind_angles(qn__sv_batch *b, const double *theta, size_t count)
{
    const qn__sv_program *p = b->program;
    const size_t n = b->lanes;
    for (size_t s = 0; s < p->nsymbols; s++) {
        for (size_t l = 0; l < n; l++) { /* lanes without a row repeat the last one */
            b->theta[s * n + l] = theta[(l < count ? l : count - 1) * p->nsymbols + s];
        }
    }
    for (size_t v = 0; v < b->nvariables; v++) {
        const qn__sv_factor *factor = &p->factors[b->variables[v]];
        const double half = factor->kind == QN__SV_PHASE ? 1.0 : 0.5;
        const qn_param_term *terms = p->terms + factor->angle.first;
        double angle[L];
        splat(angle, n, factor->angle.constant);
        for (uint32_t k = 0; k < factor->angle.count; k++) {
            const double *value = b->theta + terms[k].symbol * n;
            for (size_t l = 0; l < n; l++) {
                angle[l] += terms[k].coefficient * value[l];
            }
        }
        for (size_t l = 0; l < n; l++) {
            b->angles[v * n + l] = half * angle[l];
        }
    }
    b->kernels->sincos(b->nvariables * n, b->angles, b->sine, b->cosine);
}

static void bind_start(const qn__sv_batch *b, const qn__sv_op *op)
{
    double m[8 * L];
    const size_t n = b->lanes;
    double *column = b->columns + (size_t)__builtin_ctzll(op->gate.x) * 4 * n;
    bind_op(b, op, false, m);
    memcpy(column, m, 2 * n * sizeof *m);
    memcpy(column + 2 * n, m + 4 * n, 2 * n * sizeof *m);
}

static void bind_plan(const qn__sv_batch *b, qn__sv_row_plan *plan, bool inverse)
{
    for (uint32_t k = 0; k < plan->view.nops; k++) {
        if (plan->view.ops[k].variable) {
            bind_op(b, &plan->view.ops[k], inverse, matrix_of(b, plan, k));
        }
    }
}

void qn__sv_row_bind(qn__sv_batch *b, const double *theta, size_t count, bool gradient)
{
    const qn__sv_program *p = b->program;
    bind_angles(b, theta, count);
    for (size_t k = 0; k < p->nstarts; k++) {
        if (p->starts[k].variable) {
            bind_start(b, &p->starts[k]);
        }
    }
    bind_plan(b, &b->forward, false);
    if (gradient) {
        bind_plan(b, &b->backward, true);
    }
}

/* Units: products of an operation's two entries and their inverses, which are conjugates. */

static void find_powers(const qn__sv_program *p, const qn__sv_unit *unit, signed char *powers)
{
    const qn__kernel_gate *g = &p->ops[unit->op].gate;
    const uint64_t bits = g->z | g->fixed, first = bits & (0 - bits), second = bits & ~first;
    int entry[4][2];
    for (int k = 0; k < 4; k++) {
        const uint64_t at = ((k & 1) != 0 ? first : 0) | ((k & 2) != 0 ? second : 0);
        const bool acts = (at & g->fixed) == g->value, odd = __builtin_parityll(at & g->z) != 0;
        entry[k][0] = acts && !odd ? 1 : 0;
        entry[k][1] = acts && odd ? 1 : 0;
    }
    for (int k = 0; k < 2; k++) {
        const int power = unit->which == QN__SV_GLOBAL   ? entry[0][k]
                          : unit->which == QN__SV_FIRST  ? entry[1][k] - entry[0][k]
                          : unit->which == QN__SV_SECOND ? entry[2][k] - entry[0][k]
                                                         : entry[3][k] - entry[2][k] - entry[1][k] + entry[0][k];
        powers[k] = (signed char)power;
    }
}

/* z *= the product of a chain of units */
static void times_units(const qn__sv_batch *b, const qn__sv_row_plan *plan, uint32_t units, double *z)
{
    for (uint32_t u = units; u != QN__SV_NONE; u = plan->view.schedule.units[u].next) {
        const double *m = matrix_of(b, plan, plan->view.schedule.units[u].op);
        for (size_t k = 0; k < 2; k++) {
            const int power = (int)plan->powers[2 * (size_t)u + k];
            for (int i = 0; i < (power < 0 ? -power : power); i++) {
                times(z, m + 6 * k * b->lanes, b->lanes, power < 0);
            }
        }
    }
}

/* Steps. */

static unsigned form_of(const qn__sv_row_plan *plan, const qn__sv_fill *f)
{
    return plan->view.schedule.steps[f->step].kind / 16U;
}

bool qn__sv_row_place(const qn__sv_batch *b, qn__sv_row_plan *plan, size_t *vectors, size_t *table)
{
    qn__sv_schedule *s = &plan->view.schedule;
    size_t total = 0, most = 0;
    for (size_t i = 0; i < s->nstretches; i++) {
        size_t here = 0;
        for (size_t k = s->stretches[i].first_fill; k < s->stretches[i].first_fill + s->stretches[i].nfills; k++) {
            qn__sv_fill *f = &s->fills[k];
            f->vectors = total;
            switch (f->kind) {
            case QN__SV_FILL_MATRIX:
            case QN__SV_FILL_VECTORS:
                total += 8;
                break;
            case QN__SV_FILL_PAULI:
            case QN__SV_FILL_PHASE:
                total += 2;
                break;
            case QN__SV_FILL_DIAGONAL:
                total += 4;
                break;
            case QN__SV_FILL_SIGNS:
                total += 1;
                break;
            case QN__SV_FILL_DENSE:
                total += (32 + b->lanes - 1) / b->lanes;
                break;
            case QN__SV_FILL_CUBE:
                total += (size_t)2 << f->nouter;
                s->steps[f->step].kind = QN__STEP_KIND(QN__STEP_CUBE_LANES, 0);
                break;
            case QN__SV_FILL_LINEAR:
                f->table = here;
                here += (size_t)2 << f->nouter;
                break;
            default:
                return false;
            }
        }
        most = here > most ? here : most;
    }
    *vectors = total;
    *table = most;
    return true;
}

/* Steps point to where their numbers are. */
static void place_steps(const qn__sv_batch *b, qn__sv_row_plan *plan)
{
    static const qn__step none = {0}; /* where there are no steps at all */
    qn__sv_schedule *s = &plan->view.schedule;
    for (size_t k = 0; k < s->nfills; k++) {
        const qn__sv_fill *f = &s->fills[k];
        qn__step *step = &s->steps[f->step];
        const unsigned char *at = plan->vectors + f->vectors * vector_bytes(b);
        step->vectors = at;
        step->table = f->kind == QN__SV_FILL_LINEAR  ? plan->tables + f->table * vector_bytes(b)
                      : f->kind == QN__SV_FILL_PAULI ? at + vector_bytes(b)
                                                     : at;
    }
    for (size_t k = 0; k < s->nstretches; k++) {
        s->stretches[k].pass.steps = s->steps == NULL ? &none : s->steps + s->stretches[k].first_step;
    }
}

static void fill_matrix(const qn__sv_batch *b, unsigned form, const double *m, unsigned char *to)
{
    static const unsigned char real[4] = {0, 2, 4, 6}, imaginary[4] = {0, 3, 5, 6};
    const bool general = form != QN__STEP_REAL && form != QN__STEP_IMAGINARY;
    for (size_t k = 0; k < (general ? 8U : 4U); k++) {
        put(b, to + k * vector_bytes(b), m + (general ? k : form == QN__STEP_REAL ? real[k] : imaginary[k]) * b->lanes);
    }
}

static void fill_dense(const qn__sv_batch *b, const qn__sv_row_plan *plan, const qn__sv_fill *f, unsigned char *to)
{
    static const unsigned char straight[4] = {0, 1, 2, 3}, turned[4] = {0, 2, 1, 3};
    const qn__sv_program *p = &plan->view;
    const double *m = p->dense[p->ops[f->op].first].forward.matrix;
    const unsigned char *order = f->z != 0 ? turned : straight;
    for (size_t k = 0; k < 32; k++) {
        const size_t row = order[k / 8], column = order[k / 2 % 4];
        const double value = m[2 * (4 * row + column) + k % 2];
        if (b->narrow.real_size == sizeof(double)) {
            ((double *)(void *)to)[k] = value;
        } else {
            ((float *)(void *)to)[k] = (float)value;
        }
    }
}

static void put_complex(const qn__sv_batch *b, unsigned char *to, const double *z)
{
    put(b, to, z);
    put(b, to + vector_bytes(b), z + b->lanes);
}

static void fill_phase(const qn__sv_batch *b, const qn__sv_row_plan *plan, const qn__sv_fill *f, unsigned char *to)
{
    double z[2 * L];
    set_one(z, b->lanes);
    for (uint32_t k = 0; k < f->nparts; k++) {
        times_units(b, plan, plan->view.schedule.parts[f->parts + k].units, z);
    }
    put_complex(b, to, z);
}

/* Register r: the product of the parts whose bits are all set there. */
static void fill_cube(const qn__sv_batch *b, const qn__sv_row_plan *plan, const qn__sv_fill *f, unsigned char *to)
{
    const qn__sv_schedule *s = &plan->view.schedule;
    double z[QN__CUBE][2 * L];
    for (uint32_t r = 0; r < 1U << f->nouter; r++) {
        set_one(z[r], b->lanes);
    }
    for (uint32_t k = 0; k < f->nparts; k++) {
        const qn__sv_part *part = &s->parts[f->parts + k];
        uint32_t mask = 0;
        double value[2 * L];
        set_one(value, b->lanes);
        times_units(b, plan, part->units, value);
        for (uint32_t a = 0; a < f->nouter; a++) {
            mask |= (uint32_t)(part->bits >> s->outer[f->first_outer + a] & 1) << a;
        }
        for (uint32_t r = mask; r < 1U << f->nouter; r = (r + 1) | mask) {
            times(z[r], value, b->lanes, false);
        }
    }
    for (uint32_t r = 0; r < 1U << f->nouter; r++) {
        put_complex(b, to + (size_t)r * 2 * vector_bytes(b), z[r]);
    }
}

/* table[trip] = product of the parts whose outer qubit is set in it; that of no qubit comes everywhere. */
static void fill_linear(const qn__sv_batch *b, const qn__sv_row_plan *plan, const qn__sv_fill *f)
{
    const qn__sv_schedule *s = &plan->view.schedule;
    unsigned char *const table = plan->tables + f->table * vector_bytes(b);
    for (uint32_t j = 0; j <= f->nouter; j++) {
        const uint64_t bit = j == 0 ? 0 : UINT64_C(1) << s->outer[f->first_outer + j - 1];
        double z[2 * L];
        set_one(z, b->lanes);
        for (uint32_t k = 0; k < f->nparts; k++) {
            if (s->parts[f->parts + k].bits == bit) {
                times_units(b, plan, s->parts[f->parts + k].units, z);
            }
        }
        if (j == 0) {
            put_complex(b, table, z);
        } else {
            b->kernels->double_table(table, UINT64_C(1) << (j - 1), z);
        }
    }
}

static void fill_diagonal(const qn__sv_batch *b, const double *m, unsigned char *to)
{
    put_complex(b, to, m);
    put_complex(b, to + 2 * vector_bytes(b), m + 6 * b->lanes);
}

static void fill_step(const qn__sv_batch *b, const qn__sv_row_plan *plan, const qn__sv_fill *f)
{
    unsigned char *const to = plan->vectors + f->vectors * vector_bytes(b);
    const double *m = matrix_of(b, plan, f->op);
    switch (f->kind) {
    case QN__SV_FILL_MATRIX:
    case QN__SV_FILL_VECTORS:
        fill_matrix(b, form_of(plan, f), m, to);
        return;
    case QN__SV_FILL_PAULI:
        put(b, to, m + (form_of(plan, f) == QN__STEP_PAULI_REAL ? 2U : 3U) * b->lanes);
        put(b, to + vector_bytes(b), m);
        return;
    case QN__SV_FILL_DENSE:
        fill_dense(b, plan, f, to);
        return;
    case QN__SV_FILL_PHASE:
        fill_phase(b, plan, f, to);
        return;
    case QN__SV_FILL_LINEAR:
        fill_linear(b, plan, f);
        return;
    case QN__SV_FILL_CUBE:
        fill_cube(b, plan, f, to);
        return;
    case QN__SV_FILL_DIAGONAL:
        fill_diagonal(b, m, to);
        return;
    case QN__SV_FILL_SIGNS: {
        double sign[L];
        splat(sign, b->lanes, f->value != 0 ? -0.0 : 0.0); /* the sign bit alone */
        put(b, to, sign);
        return;
    }
    default:
        return;
    }
}

void qn__sv_row_fill(const qn__sv_batch *b, qn__sv_row_plan *plan, const qn__sv_stretch *stretch, bool variable_only)
{
    const qn__sv_schedule *s = &plan->view.schedule;
    for (size_t k = stretch->first_fill; k < stretch->first_fill + stretch->nfills; k++) {
        const qn__sv_fill *f = &s->fills[k];
        /* tables of one stretch lie where those of another were */
        if (f->variable || !variable_only || f->kind == QN__SV_FILL_LINEAR) {
            fill_step(b, plan, f);
        }
    }
}

void qn__sv_row_constants(const qn__sv_batch *b, qn__sv_row_plan *plan)
{
    const qn__sv_program *p = &plan->view;
    for (uint32_t k = 0; k < p->nops; k++) {
        double *m = matrix_of(b, plan, k);
        for (size_t i = 0; i < 8; i++) {
            splat(m + i * b->lanes, b->lanes, p->ops[k].gate.m[i]);
        }
    }
    for (size_t u = 0; u < p->schedule.nunits; u++) {
        find_powers(p, &p->schedule.units[u], plan->powers + 2 * u);
    }
    for (size_t k = 0; !p->dual && k < p->nstarts; k++) {
        if (!p->starts[k].variable) {
            bind_start(b, &p->starts[k]);
        }
    }
    place_steps(b, plan);
    for (size_t k = 0; k < p->schedule.nstretches; k++) {
        if (!p->schedule.stretches[k].flat) {
            qn__sv_row_fill(b, plan, &p->schedule.stretches[k], false);
        }
    }
}
