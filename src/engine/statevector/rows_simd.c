/* rows_simd.c: batches of parameter rows, a lane a row: making what one thread needs, and running it. The steps of a
 * stretch are filled right before it runs, so that tables of phases are met in the cache. */
#include "engine/statevector/rows_simd.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "engine/statevector/lower.h"
#include "engine/statevector/schedule.h"

bool qn__sv_rows_fit(const qn__sv_program *p)
{
    return p->nqubits >= QN__SV_ROW_LEAST && p->nqubits <= QN__SV_ROW_QUBITS &&
           (p->tables != NULL || p->ngroups == 0) && p->kernels->rows != NULL;
}

static size_t vector_bytes(const qn__sv_batch *b)
{
    return b->lanes * b->narrow.real_size;
}

static size_t state_bytes(const qn__sv_batch *b)
{
    return 2 * vector_bytes(b) << b->program->nqubits;
}

/* Observables. */

static size_t column_count(const qn__sv_program *p)
{
    size_t columns = 0;
    for (size_t k = 0; k < p->ngroups; k++) {
        columns += (p->groups[k].nreal > 0 ? 1U : 0U) + (p->groups[k].nimaginary > 0 ? 1U : 0U);
    }
    return columns;
}

uint64_t qn__sv_row_observables_bytes(const qn__sv_program *p)
{
    return (uint64_t)column_count(p) * ((p->kernels->real_size << p->nqubits) + sizeof(uint64_t)) +
           p->nobservables * sizeof(qn__row_observable);
}

static unsigned class_of(uint64_t x)
{
    return x < QN__ROW_TILE ? 0 : (unsigned)(62 - __builtin_clzll(x));
}

/* One part of a group's function into its column, whose rows are tiles. */
static void write_column(const qn__sv_program *p, const qn__row_observable *o, size_t column, size_t table,
                         unsigned char *to)
{
    const size_t cell = QN__ROW_TILE * p->kernels->real_size,
                 tiles = (size_t)(UINT64_C(1) << p->nqubits) / QN__ROW_TILE;
    for (size_t t = 0; t < tiles; t++) {
        memcpy(to + (t * o->columns + column) * cell, p->tables + table + t * cell, cell);
    }
}

/* The columns of groups first .. last - 1: by class, real ones first. */
static void write_columns(const qn__sv_program *p, size_t first, size_t last, qn__row_observable *o, uint64_t *x,
                          unsigned char *to)
{
    size_t at[QN__ROW_CLASSES][2];
    for (size_t k = first; k < last; k++) {
        const unsigned c = class_of(p->groups[k].x);
        o->count[c][0] += p->groups[k].nreal > 0 ? 1U : 0U;
        o->count[c][1] += p->groups[k].nimaginary > 0 ? 1U : 0U;
    }
    for (unsigned c = 0; c < QN__ROW_CLASSES; c++) {
        for (unsigned part = 0; part < 2; part++) {
            at[c][part] = o->columns;
            o->columns += o->count[c][part];
        }
    }
    o->x = x;
    o->table = to;
    for (size_t k = first; k < last; k++) {
        const qn__sv_group *g = &p->groups[k];
        size_t *next = at[class_of(g->x)];
        if (g->nreal > 0) {
            x[next[0]] = g->x;
            write_column(p, o, next[0]++, g->real_table, to);
        }
        if (g->nimaginary > 0) {
            x[next[1]] = g->x;
            write_column(p, o, next[1]++, g->imaginary_table, to);
        }
    }
}

qn_status qn__sv_row_observables_create(const qn__sv_program *p, qn__sv_row_observables *out)
{
    const size_t columns = column_count(p);
    qn__sv_row_observables o = {0};
    o.each = qn__calloc(p->nobservables, sizeof *o.each);
    o.x = qn__alloc(columns, sizeof *o.x);
    o.table = qn__alloc(columns, p->kernels->real_size << p->nqubits);
    if (o.each == NULL || o.x == NULL || o.table == NULL) {
        qn__sv_row_observables_free(&o);
        return QN_ERR_MEMORY;
    }
    size_t k = 0, at = 0;
    for (size_t i = 0; i < p->nobservables; i++) { /* groups come in the order of their observables */
        const size_t first = k;
        while (k < p->ngroups && p->groups[k].observable == i) {
            k++;
        }
        write_columns(p, first, k, &o.each[i], o.x + at, o.table + at * (p->kernels->real_size << p->nqubits));
        at += o.each[i].columns;
    }
    *out = o;
    return QN_OK;
}

void qn__sv_row_observables_free(qn__sv_row_observables *o)
{
    qn__free(o->each);
    qn__free(o->x);
    qn__free(o->table);
    *o = (qn__sv_row_observables){0};
}

/* Batches. */

uint64_t qn__sv_batch_bytes(const qn__sv_program *p, bool gradient)
{
    const uint64_t vector = (uint64_t)p->kernels->rows->lanes * p->kernels->real_size;
    const uint64_t states = (gradient ? 4 : 2) * vector << p->nqubits;
    const uint64_t ops = p->nops + (gradient && p->backward != NULL ? p->backward->nops : 0);
    return states + ops * (sizeof(qn__step) + sizeof(qn__sv_fill) + sizeof(qn__sv_item) + 32 * vector) +
           (p->nsymbols + 3 * p->nfactors) * p->kernels->rows->lanes * sizeof(double) + (vector << p->nqubits);
}

static qn_status make_plan(qn__sv_batch *b, const qn__sv_program *p, qn__sv_row_plan *plan)
{
    plan->view = *p;
    plan->view.schedule = (qn__sv_schedule){0};
    plan->view.kernels = &b->narrow;
    plan->view.tile_qubits = 0;
    plan->view.threads = 1;
    qn__sv_schedule *s = &plan->view.schedule;
    QN_TRY(qn__sv_make_items(&plan->view));
    QN_TRY(qn__sv_make_stages(&plan->view));
    size_t vectors = 0, table = 0;
    bool fits = s->nstages <= 1 && s->nlocals == 0 && qn__sv_row_place(b, plan, &vectors, &table);
    fits = fits && (s->nstages == 0 || s->stages[0].kind == QN__SV_STAGE_PLAIN);
    QN_CHECK(fits, ERR_UNSUPPORTED, "no batches of rows for this circuit");
    plan->matrices = qn__alloc(p->nops, 8 * b->lanes * sizeof *plan->matrices);
    QN_ALLOC_CHECK(plan->matrices);
    plan->powers = qn__alloc(s->nunits, 2);
    QN_ALLOC_CHECK(plan->powers);
    plan->vectors = qn__calloc(vectors + 1, vector_bytes(b));
    QN_ALLOC_CHECK(plan->vectors);
    plan->tables = qn__alloc(table, vector_bytes(b));
    QN_ALLOC_CHECK(plan->tables);
    qn__sv_row_constants(b, plan);
    return QN_OK;
}

static void free_plan(qn__sv_row_plan *plan)
{
    qn__sv_schedule_free(&plan->view.schedule);
    qn__free(plan->matrices);
    qn__free(plan->powers);
    qn__free(plan->vectors);
    qn__free(plan->tables);
    *plan = (qn__sv_row_plan){0};
}

static qn_status list_variables(qn__sv_batch *b)
{
    const qn__sv_program *p = b->program;
    b->variables = qn__alloc(p->nfactors, sizeof *b->variables);
    QN_ALLOC_CHECK(b->variables);
    b->place = qn__alloc(p->nfactors, sizeof *b->place);
    QN_ALLOC_CHECK(b->place);
    for (uint32_t k = 0; k < p->nfactors; k++) {
        b->place[k] = (uint32_t)b->nvariables;
        if (p->factors[k].variable && p->factors[k].kind != QN__SV_FIXED) {
            b->variables[b->nvariables++] = k;
        }
    }
    return QN_OK;
}

static qn_status make_room(qn__sv_batch *b)
{
    const qn__sv_program *p = b->program;
    QN_TRY(list_variables(b));
    b->theta = qn__alloc(p->nsymbols, b->lanes * sizeof *b->theta);
    QN_ALLOC_CHECK(b->theta);
    b->angles = qn__alloc(b->nvariables, 3 * b->lanes * sizeof *b->angles);
    QN_ALLOC_CHECK(b->angles);
    b->sine = b->angles + b->nvariables * b->lanes;
    b->cosine = b->sine + b->nvariables * b->lanes;
    b->columns = qn__calloc(p->nqubits, 4 * b->lanes * sizeof *b->columns);
    QN_ALLOC_CHECK(b->columns);
    for (size_t q = 0; q < p->nqubits; q++) {
        for (size_t l = 0; l < b->lanes; l++) {
            b->columns[q * 4 * b->lanes + l] = 1.0;
        }
    }
    b->states = qn__alloc(state_bytes(b), 1);
    QN_ALLOC_CHECK(b->states);
    return make_plan(b, p, &b->forward);
}

qn_status qn__sv_batch_create(const qn__sv_program *p, const qn__sv_row_observables *observables, qn__sv_batch **out)
{
    qn__sv_batch *b = qn__calloc(1, sizeof *b);
    QN_ALLOC_CHECK(b);
    b->program = p;
    b->observables = observables;
    b->kernels = p->kernels->rows;
    b->lanes = b->kernels->lanes;
    b->narrow = *p->kernels;
    b->narrow.lanes = 1;
    const qn_status status = make_room(b);
    if (status != QN_OK) {
        qn__sv_batch_free(b);
        return status;
    }
    *out = b;
    return QN_OK;
}

/* d phase / d angle of a unit: its operation's factor turns even entries by `even`, odd ones by `odd` a unit angle. */
static double unit_derivative(const qn__sv_row_plan *plan, uint32_t unit)
{
    const qn__sv_op *op = &plan->view.ops[plan->view.schedule.units[unit].op];
    const bool rotation = plan->view.factors[op->first].kind == QN__SV_RZ;
    const double even = rotation ? -0.5 : 0.0, odd = rotation ? 0.5 : 1.0;
    return even * plan->powers[2 * (size_t)unit] + odd * plan->powers[2 * (size_t)unit + 1];
}

static qn_status add_shares(qn__sv_batch *b, size_t slope, uint32_t factor, double coefficient)
{
    const qn__sv_factor *f = &b->program->factors[factor];
    const qn_param_term *terms = b->program->terms + f->angle.first;
    for (uint32_t k = 0; f->variable && k < f->angle.count; k++) {
        QN_TRY(qn__grow((void **)&b->shares, &b->shares_capacity, b->nshares + 1, sizeof *b->shares));
        b->shares[b->nshares++] = (qn__sv_row_share){slope, terms[k].symbol, coefficient * terms[k].coefficient};
    }
    return QN_OK;
}

static qn_status make_shares(qn__sv_batch *b)
{
    const qn__sv_row_plan *plan = &b->backward;
    const qn__sv_schedule *s = &plan->view.schedule;
    b->nshares = 0;
    for (size_t k = 0; k < s->nslopes; k++) {
        const qn__sv_slope *slope = &s->slopes[k];
        if (!slope->phase) {
            QN_TRY(add_shares(b, k, slope->factor, slope->sign));
            continue;
        }
        for (uint32_t u = slope->units; u != QN__SV_NONE; u = s->units[u].next) {
            QN_TRY(add_shares(b, k, plan->view.ops[s->units[u].op].first, slope->sign * unit_derivative(plan, u)));
        }
    }
    return QN_OK;
}

qn_status qn__sv_batch_add_gradient(qn__sv_batch *b)
{
    if (b->gradient) {
        return QN_OK;
    }
    free_plan(&b->backward);
    QN_TRY(make_plan(b, b->program->backward, &b->backward));
    const size_t slopes = b->backward.view.schedule.nslopes;
    QN_TRY(make_shares(b));
    qn__free(b->slopes);
    b->slopes = qn__alloc(slopes, vector_bytes(b));
    QN_ALLOC_CHECK(b->slopes);
    qn__free(b->sums);
    b->sums = qn__alloc(slopes, b->lanes * sizeof *b->sums);
    QN_ALLOC_CHECK(b->sums);
    unsigned char *states = qn__alloc(2, state_bytes(b));
    QN_ALLOC_CHECK(states);
    qn__free(b->states);
    b->states = states;
    b->gradient = true;
    return QN_OK;
}

void qn__sv_batch_free(qn__sv_batch *b)
{
    if (b == NULL) {
        return;
    }
    free_plan(&b->forward);
    free_plan(&b->backward);
    void *const owned[] = {b->variables, b->place,  b->theta, b->angles, b->columns,
                           b->states,    b->slopes, b->sums,  b->shares};
    for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) {
        qn__free(owned[k]);
    }
    qn__free(b);
}

/* Running. */

static const double *matrix_of(const qn__sv_batch *b, const qn__sv_row_plan *plan, uint32_t op)
{
    return plan->matrices + (size_t)op * 8 * b->lanes;
}

/* An operation that no pass can do, on the states that begin at `states`. */
static void run_flat(const qn__sv_batch *b, const qn__sv_row_plan *plan, const qn__sv_stretch *stretch, void *states)
{
    const qn__sv_op *op = &plan->view.ops[stretch->op];
    const uint64_t blocks = UINT64_C(1) << b->program->nqubits;
    if (op->kind == QN__SV_OP_DENSE) {
        b->kernels->dense(states, blocks, &plan->view.dense[op->first].forward);
    } else {
        b->kernels->pair(states, blocks, &op->gate, matrix_of(b, plan, stretch->op));
    }
}

/* The same on ket and bra; a derivative of it goes into `sums`. */
static void undo_flat(const qn__sv_batch *b, const qn__sv_stretch *stretch)
{
    const qn__sv_row_plan *plan = &b->backward;
    const qn__sv_op *op = &plan->view.ops[stretch->op];
    unsigned char *const bra = b->states + state_bytes(b);
    if (!op->variable) {
        run_flat(b, plan, stretch, b->states);
        run_flat(b, plan, stretch, bra);
        return;
    }
    const qn__sv_factor_kind kind = plan->view.factors[op->first].kind;
    const qn__row_slope slope = kind == QN__SV_RX   ? QN__ROW_SLOPE_X
                                : kind == QN__SV_RY ? QN__ROW_SLOPE_Y
                                : kind == QN__SV_RZ ? QN__ROW_SLOPE_Z
                                                    : QN__ROW_SLOPE_PHASE;
    b->kernels->undo(bra, b->states, UINT64_C(1) << b->program->nqubits, &op->gate, matrix_of(b, plan, stretch->op),
                     slope, b->sums + stretch->first_slope * b->lanes);
}

static void run_plan(const qn__sv_batch *b, qn__sv_row_plan *plan, bool backward)
{
    const qn__sv_schedule *s = &plan->view.schedule;
    const uint64_t blocks = UINT64_C(1) << (b->program->nqubits + (backward ? 1U : 0U));
    for (size_t k = 0; k < s->nstretches; k++) {
        const qn__sv_stretch *stretch = &s->stretches[k];
        if (!stretch->flat) {
            qn__sv_row_fill(b, plan, stretch, true);
            b->kernels->pass(b->states, blocks, &stretch->pass, 0, b->slopes, 0, 1);
        } else if (backward) {
            undo_flat(b, stretch);
        } else {
            run_flat(b, plan, stretch, b->states);
        }
    }
}

static void forward(qn__sv_batch *b, const double *theta, size_t count, bool gradient)
{
    qn__sv_row_bind(b, theta, count, gradient);
    b->kernels->product(b->states, b->program->nqubits, b->columns);
    run_plan(b, &b->forward, false);
}

static void write_values(const qn__sv_batch *b, size_t observable, const double *sums, size_t count, double *values)
{
    const qn__sv_program *p = b->program;
    for (size_t l = 0; values != NULL && l < count; l++) {
        values[l * p->nobservables + observable] = p->identity[observable] + sums[l];
    }
}

void qn__sv_batch_expect(qn__sv_batch *b, const double *theta, size_t count, double *values)
{
    forward(b, theta, count, false);
    for (size_t o = 0; o < b->program->nobservables; o++) {
        double sums[QN__SV_ROW_LANES];
        b->kernels->expect(b->states, UINT64_C(1) << b->program->nqubits, &b->observables->each[o], sums);
        write_values(b, o, sums, count, values);
    }
}

/* bra = sum_o weights[o] H_o |ket>, and the values on the way. */
static void apply_observables(qn__sv_batch *b, size_t count, const double *weights, double *values)
{
    const qn__sv_program *p = b->program;
    unsigned char *const bra = b->states + state_bytes(b);
    for (size_t o = 0; o < p->nobservables; o++) {
        double sums[QN__SV_ROW_LANES], lanes[QN__SV_ROW_LANES];
        for (size_t l = 0; l < b->lanes; l++) {
            lanes[l] = p->nobservables == 1 ? 1.0 : l < count ? weights[l * p->nobservables + o] : 0.0;
        }
        b->kernels->apply(b->states, UINT64_C(1) << p->nqubits, &b->observables->each[o], lanes, o > 0, bra, sums);
        write_values(b, o, sums, count, values);
    }
    if (p->nobservables == 0) {
        memset(bra, 0, state_bytes(b));
    }
}

/* Slopes of the passes join those of the flat operations. */
static void add_slopes(const qn__sv_batch *b)
{
    const size_t count = b->backward.view.schedule.nslopes * b->lanes;
    for (size_t k = 0; k < count; k++) {
        b->sums[k] += b->narrow.real_size == sizeof(double) ? ((const double *)(const void *)b->slopes)[k]
                                                            : (double)((const float *)(const void *)b->slopes)[k];
    }
}

void qn__sv_batch_gradient(qn__sv_batch *b, const double *theta, size_t count, const double *weights, double *values,
                           double *grad)
{
    const qn__sv_program *p = b->program;
    const size_t slopes = b->backward.view.schedule.nslopes;
    forward(b, theta, count, true);
    apply_observables(b, count, weights, values);
    memset(b->slopes, 0, slopes * vector_bytes(b));
    memset(b->sums, 0, slopes * b->lanes * sizeof *b->sums);
    run_plan(b, &b->backward, true);
    add_slopes(b);
    memset(grad, 0, count * p->nsymbols * sizeof *grad);
    for (size_t k = 0; k < b->nshares; k++) {
        const qn__sv_row_share *share = &b->shares[k];
        for (size_t l = 0; l < count; l++) {
            const double weight = p->nobservables == 1 ? weights[l] : 1.0;
            grad[l * p->nsymbols + share->symbol] += weight * share->coefficient * b->sums[share->slope * b->lanes + l];
        }
    }
}
