/* grid.c: the grid problem by lattice reduction.
 *
 * U -> (U conj z, U bullet) makes Z[omega] a lattice of rank 4. Ross and Selinger (arXiv:1403.2975, sections 5 and 6)
 * make the region upright by grid operators, once for all k, and then scan it; a grid operator is a change of basis of
 * that lattice, and here LLL (Lenstra, Lenstra, Lovasz 1982) finds one: the reduced basis of the lattice, weighted by
 * the half-axes of the ellipse around the region, does not depend on k either, since another k only scales it. The
 * points are then enumerated after Fincke and Pohst (Math. Comp. 44, 1985) around the centre.
 *
 * Coordinates are kept in fixed point, exact for our purpose; only quotients are rounded to long double, and every
 * rounded step is repeated until it changes nothing (Nguyen and Stehle, EUROCRYPT 2005: in rank 4 a few bits do). */
#include "circuit/passes/grid.h"

#include <stdlib.h>
#include <string.h>

enum { RANK = 4 };

/* Gram-Schmidt coefficients of the first `count` vectors. */
typedef struct frame {
    long double mu[RANK + 1][RANK], star[RANK + 1][RANK], length[RANK + 1];
} frame;

static void weigh(const qn__grid *grid, qn__grid_vector *v)
{
    for (int i = 0; i < RANK; i++) {
        v->f[i] = qn__fixed_value(v->x[i]) * grid->weights[i];
    }
}

/* v += factor w */
static void add_multiple(qn__grid_vector *v, const qn__grid_vector *w, int64_t factor)
{
    for (int i = 0; i < RANK; i++) {
        v->c[i] = (int64_t)((uint64_t)v->c[i] + (uint64_t)w->c[i] * (uint64_t)factor);
        v->x[i] = qn__fixed_add(v->x[i], qn__fixed_times(w->x[i], factor));
    }
}

/* The same for a whole number that may have up to 120 bits, the lower ones 0. What overflows on the way wraps, and is
 * right again once all multiples of a round are in. */
static void add_large_multiple(qn__grid_vector *v, const qn__grid_vector *w, long double factor)
{
    int64_t power = 1;
    while (fabsl(factor) >= 0x1p62L) {
        factor = rintl(factor / 2);
        power *= 2;
    }
    qn__grid_vector scaled = *w;
    for (int i = 0; power > 1 && i < RANK; i++) {
        scaled.c[i] = (int64_t)((uint64_t)w->c[i] * (uint64_t)power);
        scaled.x[i] = qn__fixed_times(w->x[i], power);
    }
    add_multiple(v, &scaled, (int64_t)factor);
}

static long double dot(const long double *a, const long double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

/* Row `row` of the frame for a vector with coordinates f. */
static void orthogonalise(frame *t, const long double *f, int row)
{
    memcpy(t->star[row], f, sizeof t->star[row]);
    for (int j = 0; j < row; j++) {
        const long double mu = dot(f, t->star[j]) / t->length[j];
        t->mu[row][j] = mu;
        for (int i = 0; i < RANK; i++) {
            t->star[row][i] -= mu * t->star[j][i];
        }
    }
    t->length[row] = dot(t->star[row], t->star[row]);
}

/* Take multiples of vectors 0 .. row - 1 out of v until it is short; t->...[row] is v's. */
static void reduce(const qn__grid *grid, const qn__grid_vector *basis, int row, qn__grid_vector *v, frame *t)
{
    for (int round = 0; round < 64; round++) {
        weigh(grid, v);
        orthogonalise(t, v->f, row);
        bool changed = false;
        long double *mu = t->mu[row];
        for (int j = row - 1; j >= 0; j--) {
            if (fabsl(mu[j]) <= 0.51L) { /* more than a half, so that rounding cannot make it go on for ever */
                continue;
            }
            const long double whole = rintl(mu[j]);
            add_large_multiple(v, &basis[j], -whole);
            for (int i = 0; i < j; i++) {
                mu[i] -= whole * t->mu[j][i];
            }
            changed = true;
        }
        if (!changed) {
            return;
        }
    }
}

static void reduce_basis(qn__grid *grid)
{
    frame t;
    memset(&t, 0, sizeof t);
    weigh(grid, &grid->basis[0]);
    orthogonalise(&t, grid->basis[0].f, 0);
    int k = 1;
    for (int steps = 0; k < RANK && steps < 10000; steps++) {
        reduce(grid, grid->basis, k, &grid->basis[k], &t);
        if (t.length[k] >= (0.99L - t.mu[k][k - 1] * t.mu[k][k - 1]) * t.length[k - 1]) {
            k++;
            continue;
        }
        const qn__grid_vector swap = grid->basis[k];
        grid->basis[k] = grid->basis[k - 1];
        grid->basis[k - 1] = swap;
        k = k > 1 ? k - 1 : 1;
        orthogonalise(&t, grid->basis[k - 1].f, k - 1);
    }
}

void qn__grid_begin(qn__grid *grid, qn__fixed angle, long double error)
{
    /* In units of eps^2/2 and eps the region lies in { Y^2 <= X <= 1 }; the smallest ellipse around that has centre
     * X = 2/3 and half-axes 2/3 and 2/sqrt 3. */
    grid->error = error;
    grid->weights[0] = 3 / (error * error);
    grid->weights[1] = sqrtl(3) / (2 * error);
    grid->weights[2] = grid->weights[3] = 1;
    const qn__fixed quarter = qn__fixed_over(qn__fixed_pi(), 4);
    for (int j = 0; j < RANK; j++) {
        qn__grid_vector *v = &grid->basis[j];
        memset(v, 0, sizeof *v);
        v->c[j] = 1;
        qn__fixed_cos_sin(qn__fixed_sub(qn__fixed_times(quarter, j), angle), &v->x[0], &v->x[1]);
        qn__fixed_cos_sin(qn__fixed_times(quarter, 5 * j), &v->x[2], &v->x[3]);
        weigh(grid, v);
    }
    reduce_basis(grid);
}

/* Enumeration of start + sum n_i basis_i within a ball. */
typedef struct scan {
    const qn__grid *grid;
    const qn__grid_vector *start;
    frame t;
    long double radius; /* squared */
    uint32_t k;
    int64_t n[RANK];
    qn__grid_point *out;
    size_t count;
} scan;

static void take_point(scan *s)
{
    qn__grid_vector v = *s->start;
    for (int i = 0; i < RANK; i++) {
        add_multiple(&v, &s->grid->basis[i], s->n[i]);
    }
    qn__grid_point point;
    for (int i = 0; i < RANK; i++) {
        point.u.c[i] = v.c[i];
    }
    const qn__root2 square = qn__omega_square(point.u);
    point.rest = (qn__root2){((qn__int128)1 << s->k) - square.a, -square.b};
    /* Both embeddings of the rest are >= 0 when its norm and its trace are. */
    if (qn__root2_norm(point.rest) < 0 || point.rest.a < 0) {
        return;
    }
    /* With x + i y = u conj z and s = 1 - |u|^2: error^2 = 2 - 2 x = 2 (s + y^2) / (1 + x), free of cancellation. */
    const long double scale = exp2l(-(long double)s->k / 2);
    const long double y = qn__fixed_value(v.x[1]) * scale, rest = qn__root2_value(point.rest) * scale * scale;
    const long double inside = rest + y * y;
    if (inside >= 1) {
        return;
    }
    point.error = sqrtl(2 * inside / (1 + sqrtl(1 - inside)));
    if (point.error <= s->grid->error && s->count < QN__GRID_POINTS) {
        s->out[s->count++] = point;
    }
}

/* All n with |start + sum n_i basis_i| within the radius; coordinate `level` next, outer ones are set. */
static void enumerate(scan *s, int level, long double used)
{
    if (s->count == QN__GRID_POINTS) {
        return;
    }
    if (level < 0) {
        take_point(s);
        return;
    }
    long double centre = -s->t.mu[RANK][level];
    for (int i = level + 1; i < RANK; i++) {
        centre -= (long double)s->n[i] * s->t.mu[i][level];
    }
    const long double room = sqrtl(fmaxl(s->radius - used, 0) / s->t.length[level]);
    const long double first = ceill(centre - room);
    for (int64_t i = 0; first + (long double)i <= centre + room; i++) {
        const long double n = first + (long double)i;
        s->n[level] = (int64_t)n;
        enumerate(s, level - 1, used + (n - centre) * (n - centre) * s->t.length[level]);
    }
}

static int by_error(const void *a, const void *b)
{
    const qn__grid_point *x = a, *y = b;
    return (x->error > y->error) - (x->error < y->error);
}

size_t qn__grid_solve(const qn__grid *grid, uint32_t k, qn__grid_point *out)
{
    /* start = -(centre of the ellipse, 0), then as short as the lattice makes it. */
    qn__grid_vector start;
    memset(&start, 0, sizeof start);
    const qn__fixed one = {{0, 0, 0, 1, 0}};
    const qn__fixed centre = qn__fixed_sub(one, qn__fixed_from(grid->error * grid->error / 3));
    qn__fixed scaled = qn__fixed_times(centre, (int64_t)1 << (k + 1) / 2);
    if (k % 2 != 0) {
        scaled = qn__fixed_mul(scaled, qn__fixed_half_root());
    }
    start.x[0] = qn__fixed_negate(scaled);
    scan s = {.grid = grid, .start = &start, .k = k, .out = out};
    for (int i = 0; i < RANK; i++) {
        orthogonalise(&s.t, grid->basis[i].f, i);
    }
    reduce(grid, grid->basis, RANK, &start, &s.t);
    /* Ellipse of squared radius 1 times disc of squared radius 1, scaled by sqrt 2^k: within a ball of 2. */
    s.radius = 2.0001L * exp2l((long double)k);
    enumerate(&s, RANK - 1, 0);
    qsort(out, s.count, sizeof *out, by_error);
    return s.count;
}
