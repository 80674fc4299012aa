/* rows.c: rows of parameters over threads. Below QN__SV_THREAD_QUBITS a state is too small to be shared out, but rows
 * have nothing to do with each other: every further thread works with a copy of what a row changes. */
#include "engine/statevector/rows.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"
#include "engine/statevector/adjoint.h"
#include "engine/statevector/schedule.h"
#include "engine/statevector/threads.h"

enum { ENOUGH_WORK = 100000 }; /* nanoseconds or so; a team takes a few thousand to start, more on a busy machine */

struct qn__sv_workers {
    qn__sv_program **clones; /* of the threads after the first */
    size_t count;
    bool gradient;    /* they have second states and backward programs */
    bool none, fewer; /* there was no memory for them, or for gradients of theirs: not asked for again */
    qn__sv_row_observables observables;
    qn__sv_batch **batches; /* of all threads */
    size_t nbatches;
    bool batches_none, batches_fewer, batches_gradient;
};

/* Copies. */

static void *duplicate(const void *from, size_t items, size_t size)
{
    void *to = qn__alloc(items, size);
    if (to != NULL && items > 0) {
        memcpy(to, from, items * size);
    }
    return to;
}

static size_t base_bytes(const qn__sv_program *p)
{
    const qn__sv_schedule *s = &p->schedule;
    return s->base == NULL ? 0 : 2 * p->kernels->real_size << s->stages[0].nlocal;
}

/* What a row changes of a schedule: the numbers of steps, and where they lie. */
static uint64_t schedule_bytes(const qn__sv_program *p)
{
    const qn__sv_schedule *s = &p->schedule;
    return s->nsteps * sizeof *s->steps + s->nfills * sizeof *s->fills + s->nslopes * sizeof *s->slopes +
           s->nstretches * sizeof *s->stretches + qn__sv_vectors_bytes(p) + qn__sv_table_bytes(p) + s->buffer_size +
           base_bytes(p);
}

static qn_status copy_schedule(qn__sv_program *clone, const qn__sv_program *p)
{
    const qn__sv_schedule *from = &p->schedule;
    qn__sv_schedule *to = &clone->schedule;
    to->steps = duplicate(from->steps, from->nsteps, sizeof *from->steps);
    QN_ALLOC_CHECK(to->steps);
    to->fills = duplicate(from->fills, from->nfills, sizeof *from->fills);
    QN_ALLOC_CHECK(to->fills);
    to->slopes = duplicate(from->slopes, from->nslopes, sizeof *from->slopes);
    QN_ALLOC_CHECK(to->slopes);
    to->stretches = duplicate(from->stretches, from->nstretches, sizeof *from->stretches);
    QN_ALLOC_CHECK(to->stretches);
    to->vectors = duplicate(from->vectors, qn__sv_vectors_bytes(p), 1);
    QN_ALLOC_CHECK(to->vectors);
    to->table = duplicate(from->table, qn__sv_table_bytes(p), 1);
    QN_ALLOC_CHECK(to->table);
    to->buffers = qn__alloc(from->buffer_size, 1);
    QN_ALLOC_CHECK(to->buffers);
    if (from->base != NULL) {
        to->base = qn__alloc(base_bytes(p), 1);
        QN_ALLOC_CHECK(to->base);
    }
    qn__sv_place_steps(clone);
    return QN_OK;
}

/* Everything that the copy owns, so that a half-made one can be freed. */
static void disown(qn__sv_program *clone)
{
    clone->factors = NULL;
    clone->ops = clone->starts = NULL;
    clone->columns = clone->partial = clone->draws = clone->chunks = clone->chunk = NULL;
    clone->draws_capacity = 0;
    clone->scratch = NULL;
    clone->state = clone->bra = NULL;
    clone->backward = NULL;
    clone->workers = NULL;
    clone->schedule.steps = NULL;
    clone->schedule.fills = NULL;
    clone->schedule.slopes = NULL;
    clone->schedule.stretches = NULL;
    clone->schedule.vectors = clone->schedule.table = clone->schedule.buffers = clone->schedule.base = NULL;
    clone->threads = 1;
}

static void free_clone(qn__sv_program *clone, bool backward)
{
    if (clone == NULL) {
        return;
    }
    free_clone(clone->backward, true);
    qn__sv_schedule *s = &clone->schedule;
    void *const owned[] = {clone->ops,     clone->starts, clone->columns, clone->partial, clone->draws, clone->chunks,
                           clone->scratch, clone->state,  clone->bra,     s->steps,       s->fills,     s->slopes,
                           s->stretches,   s->vectors,    s->table,       s->buffers,     s->base};
    for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) {
        qn__free(owned[k]);
    }
    if (!backward) { /* which has those of the forward program */
        qn__free(clone->factors);
    }
    qn__free(clone);
}

static qn_status fill_clone(qn__sv_program *clone, const qn__sv_program *p)
{
    clone->factors = duplicate(p->factors, p->nfactors, sizeof *p->factors);
    QN_ALLOC_CHECK(clone->factors);
    clone->ops = duplicate(p->ops, p->nops, sizeof *p->ops);
    QN_ALLOC_CHECK(clone->ops);
    clone->starts = duplicate(p->starts, p->nstarts, sizeof *p->starts);
    QN_ALLOC_CHECK(clone->starts);
    clone->columns = duplicate(p->columns, p->nqubits, 4 * sizeof *p->columns);
    QN_ALLOC_CHECK(clone->columns);
    clone->partial = qn__alloc(QN__SV_PARTS * (p->nobservables + 16), sizeof *p->partial);
    QN_ALLOC_CHECK(clone->partial);
    if (p->scratch != NULL) {
        clone->scratch = qn__alloc(p->scratch_size, 1);
        QN_ALLOC_CHECK(clone->scratch);
    }
    clone->state = qn__sv_state_create(p);
    QN_ALLOC_CHECK(clone->state);
    return copy_schedule(clone, p);
}

static qn_status create_clone(const qn__sv_program *p, qn__sv_program **out)
{
    qn__sv_program *clone = qn__alloc(1, sizeof *clone);
    QN_ALLOC_CHECK(clone);
    *clone = *p;
    disown(clone);
    const qn_status status = fill_clone(clone, p);
    if (status != QN_OK) {
        free_clone(clone, false);
        return status;
    }
    *out = clone;
    return QN_OK;
}

static qn_status fill_backward(qn__sv_program *clone, const qn__sv_program *b)
{
    clone->ops = duplicate(b->ops, b->nops, sizeof *b->ops);
    QN_ALLOC_CHECK(clone->ops);
    clone->partial = qn__alloc(QN__SV_PARTS * (b->schedule.nslopes + 1), sizeof *b->partial);
    QN_ALLOC_CHECK(clone->partial);
    return copy_schedule(clone, b);
}

/* The second state and the backward program of a copy. */
static qn_status add_gradient(qn__sv_program *clone, const qn__sv_program *p)
{
    if (clone->bra == NULL) {
        clone->bra = qn__sv_state_create(p);
        QN_ALLOC_CHECK(clone->bra);
    }
    if (clone->backward == NULL) {
        qn__sv_program *b = qn__alloc(1, sizeof *b);
        QN_ALLOC_CHECK(b);
        *b = *p->backward;
        disown(b);
        b->factors = clone->factors;
        const qn_status status = fill_backward(b, p->backward);
        if (status != QN_OK) {
            free_clone(b, true);
            return status;
        }
        clone->backward = b;
    }
    return QN_OK;
}

/* The team. */

static uint64_t state_bytes(const qn__sv_program *p)
{
    return p->blocks * p->kernels->lanes * 2 * p->kernels->real_size;
}

static qn_status create_clones(qn__sv_program *p, size_t count)
{
    struct qn__sv_workers *w = p->workers;
    const uint64_t each = state_bytes(p) + schedule_bytes(p) + p->nfactors * sizeof *p->factors +
                          (p->nops + p->nstarts) * sizeof *p->ops + p->scratch_size;
    QN_TRY(qn__context_check_bytes(p->context, count * each + state_bytes(p), "states for rows of parameters", ""));
    w->clones = qn__calloc(count, sizeof(qn__sv_program *));
    QN_ALLOC_CHECK(w->clones);
    for (; w->count < count; w->count++) {
        QN_TRY(create_clone(p, &w->clones[w->count]));
    }
    return QN_OK;
}

static qn_status add_gradients(qn__sv_program *p)
{
    struct qn__sv_workers *w = p->workers;
    const uint64_t each = 2 * state_bytes(p) + schedule_bytes(p->backward) + p->backward->nops * sizeof *p->ops;
    QN_TRY(qn__context_check_bytes(p->context, w->count * each + 2 * state_bytes(p),
                                   "states for gradients of rows of parameters", ""));
    for (size_t k = 0; w->clones != NULL && k < w->count; k++) {
        QN_TRY(add_gradient(w->clones[k], p));
    }
    w->gradient = true;
    return QN_OK;
}

static struct qn__sv_workers *workers_of(qn__sv_program *p)
{
    if (p->workers == NULL) {
        p->workers = qn__calloc(1, sizeof *p->workers);
    }
    return p->workers;
}

/* Threads that can work on rows; fewer than asked for when there is no memory for more. */
static size_t team_size(qn__sv_program *p, bool gradient)
{
    struct qn__sv_workers *w = workers_of(p);
    if (w == NULL) {
        return 1;
    }
    if (w->clones == NULL && !w->none && create_clones(p, p->row_threads - 1U) != QN_OK) {
        w->none = w->count == 0;
    }
    if (gradient && !w->gradient && w->count > 0 && !w->fewer && add_gradients(p) != QN_OK) {
        w->fewer = true;
    }
    return gradient && !w->gradient ? 1 : w->count + 1;
}

static qn_status create_batches(qn__sv_program *p, size_t count)
{
    struct qn__sv_workers *w = p->workers;
    QN_TRY(qn__context_check_bytes(
        p->context, state_bytes(p) + qn__sv_row_observables_bytes(p) + count * qn__sv_batch_bytes(p, false),
        "batches of rows of parameters", ""));
    QN_TRY(qn__sv_row_observables_create(p, &w->observables));
    w->batches = qn__calloc(count, sizeof(void *));
    QN_ALLOC_CHECK(w->batches);
    for (; w->nbatches < count; w->nbatches++) {
        QN_TRY(qn__sv_batch_create(p, &w->observables, &w->batches[w->nbatches]));
    }
    return QN_OK;
}

static qn_status add_batch_gradients(qn__sv_program *p)
{
    struct qn__sv_workers *w = p->workers;
    QN_TRY(qn__context_check_bytes(
        p->context, 2 * state_bytes(p) + qn__sv_row_observables_bytes(p) + w->nbatches * qn__sv_batch_bytes(p, true),
        "batches of gradients of rows of parameters", ""));
    for (size_t k = 0; w->batches != NULL && k < w->nbatches; k++) {
        QN_TRY(qn__sv_batch_add_gradient(w->batches[k]));
    }
    w->batches_gradient = true;
    return QN_OK;
}

/* Threads that can work on batches; 0 when there is no memory, or the circuit has none. */
static size_t batch_team(qn__sv_program *p, bool gradient)
{
    struct qn__sv_workers *w = workers_of(p);
    if (w == NULL) {
        return 0;
    }
    if (w->batches == NULL && !w->batches_none && create_batches(p, p->row_threads) != QN_OK) {
        w->batches_none = w->nbatches == 0;
        if (w->batches_none) {
            qn__sv_row_observables_free(&w->observables);
        }
    }
    if (gradient && !w->batches_gradient && w->nbatches > 0 && !w->batches_fewer && add_batch_gradients(p) != QN_OK) {
        w->batches_fewer = true;
    }
    return gradient && !w->batches_gradient ? 0 : w->nbatches;
}

void qn__sv_workers_free(qn__sv_program *p)
{
    struct qn__sv_workers *w = p->workers;
    if (w != NULL) {
        for (size_t k = 0; k < w->count; k++) {
            free_clone(w->clones[k], false);
        }
        for (size_t k = 0; k < w->nbatches; k++) {
            qn__sv_batch_free(w->batches[k]);
        }
        qn__sv_row_observables_free(&w->observables);
        qn__free(w->clones);
        qn__free(w->batches);
        qn__free(w);
    }
}

/* Running. */

static uint64_t work(const qn__sv_program *p, size_t rows)
{
    return rows * (p->nops + p->ngroups + 4) * (32 + p->blocks);
}

/* The failure of the lowest row so far, in words: messages are each thread's own. */
typedef struct failure {
    int any; /* looked at without the lock */
    size_t row;
    qn_status status;
    char message[512];
} failure;

static void record(failure *f, size_t row, qn_status status)
{
#pragma omp critical(qn_sv_rows)
    {
        if (f->status == QN_OK || row < f->row) {
            f->row = row;
            f->status = status;
            (void)snprintf(f->message, sizeof f->message, "%s", qn_last_error()->message);
        }
    }
#pragma omp atomic write
    f->any = 1;
}

static bool stopped(failure *f)
{
    int any;
#pragma omp atomic read
    any = f->any;
    return any != 0;
}

static qn_status one_row(qn__sv_program *p, size_t rows, size_t row, qn__sv_row_function function, void *job)
{
    QN_CHECK(!qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted at row %zu of %zu", row, rows);
    return function(p, row, job);
}

qn_status qn__sv_each_row(qn__sv_program *p, size_t first, size_t rows, bool gradient, qn__sv_row_function function,
                          void *job)
{
    const bool shared = rows - first > 1 && p->row_threads > 1 && work(p, rows - first) >= ENOUGH_WORK;
    size_t team = shared ? team_size(p, gradient) : 1;
    team = team < rows - first ? team : rows - first;
    if (team <= 1) {
        for (size_t r = first; r < rows; r++) {
            QN_TRY(one_row(p, rows, r, function, job));
        }
        return QN_OK;
    }
    failure f = {.status = QN_OK};
#pragma omp parallel for schedule(static) num_threads((int)team)
    for (size_t r = first; r < rows; r++) {
        const size_t member = qn__team_member();
        const qn_status status =
            stopped(&f) ? QN_OK : one_row(member == 0 ? p : p->workers->clones[member - 1], rows, r, function, job);
        if (status != QN_OK) {
            record(&f, r, status);
        }
    }
    return f.status == QN_OK ? QN_OK : qn__fail(f.status, __FILE__, __LINE__, "%s", f.message);
}

qn_status qn__sv_each_batch(qn__sv_program *p, size_t rows, bool gradient, qn__sv_batch_function function, void *job,
                            size_t *done)
{
    *done = 0;
    if (rows < 2 || !qn__sv_rows_fit(p)) {
        return QN_OK;
    }
    /* the last batch may have idle lanes, as long as half of them work */
    const size_t lanes = p->kernels->rows->lanes, rest = rows % lanes;
    const size_t batches = rows / lanes + (rest >= lanes / 2 && rest > 1 ? 1U : 0U);
    size_t team = batches == 0 ? 0 : batch_team(p, gradient);
    if (team == 0) {
        return QN_OK;
    }
    team = work(p, rows) / lanes < ENOUGH_WORK ? 1 : team < batches ? team : batches;
    int interrupted = 0;
#pragma omp parallel for schedule(static) num_threads((int)team) if (team > 1)
    for (size_t k = 0; k < batches; k++) {
        int stop;
#pragma omp atomic read
        stop = interrupted;
        if (stop != 0) {
            continue;
        }
        if (qn_context_interrupted(p->context)) {
#pragma omp atomic write
            interrupted = 1;
            continue;
        }
        const size_t first = k * lanes, count = rows - first < lanes ? rows - first : lanes;
        function(p->workers->batches[qn__team_member()], first, count, job);
    }
    QN_CHECK(interrupted == 0, ERR_INTERRUPTED, "interrupted among %zu rows", rows);
    *done = batches * lanes < rows ? batches * lanes : rows;
    return QN_OK;
}
