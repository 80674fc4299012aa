/* model_b.c: C. Gidney and A. Fowler, arXiv:1812.01238, with data blocks of D. Litinski, arXiv:1808.02892, as in
 * Qualtran.
 *
 * A tile of distance d errs with P(d) = 0.1 (p / 0.01)^((d+1)/2) a round (not a logical cycle: no mixing with model A).
 * A factory of distances (l1, l2) turns eight T states of six level-1 factories into one CCZ, which is one Toffoli or,
 * by catalysis, two T gates; it takes 5.5 steps a CCZ and one more a pair of T. Everything is tried on a grid of
 * distances and numbers of factories, and the best by the caller's objective is kept.
 *
 * Two levels end where 35 p^3, squared, is not good enough. A third one is our continuation of the same counts,
 * nobody's published design: each of the six 15-to-1 factories of distance l1 gets its fifteen states from 15-to-1
 * factories of a distance l0. Six make eight states in 5.5 steps of 2 l1 + 1 rounds, one of them a state in 4.125 such
 * steps, so that it keeps ceil(15 (2 l0 + 1) / (2 l1 + 1)) feeders busy. */
#include "advise/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    L1_FIRST = 5,
    L1_LAST = 23,
    L2_LAST = 39,
    D_FIRST = 7,
    D_LAST = 33, /* Qualtran's grid */
    L1_WIDE = 49,
    L2_WIDE = 99,
    D_WIDE = 99,     /* where that has nothing */
    ONE_BY_ONE = 64, /* factories; more grow by an eighth */
    T_FACTORIES = 6, /* of level 1 beside one CCZ factory */
    T_INPUTS = 15
};

static const double STEPS_PER_CCZ = 5.5;
static const double MOST_FACTORIES = 1e6;

typedef struct block {
    double per_qubit, root, constant; /* tiles = ceil(per_qubit n + root sqrt(n) + constant) */
    double steps;                     /* to consume a magic state, of d rounds; 0: as fast as they come */
} block;

/* As Qualtran counts them. Litinski's figures 9 and 13 have 3 tiles more for the compact and 4 for the intermediate
 * block. */
static const block blocks[] = {[QN_DATA_BLOCK_SIMPLE] = {1.5, 0, 0, 0},
                               [QN_DATA_BLOCK_COMPACT] = {1.5, 0, 0, 9},
                               [QN_DATA_BLOCK_INTERMEDIATE] = {2, 0, 0, 5},
                               [QN_DATA_BLOCK_FAST] = {2, 2.8284271247461903, 1, 1}};

typedef struct plan {
    const qn__patch *patch;
    const qn_estimate_options *options;
    double tiles, steps;
    double ccz, t, toffoli; /* CCZ states made, T gates among what they are for, Toffolis */
    double t_per_rotation, rotation_error, budget;
    double reaction_rounds; /* of one gate behind the other */
} plan;

static qn_status make_plan(const qn__job *job, plan *p)
{
    const qn_logical_counts *c = job->counts;
    const qn_estimate_options *o = job->options;
    QN_CHECK((size_t)o->data_block < sizeof blocks / sizeof blocks[0], ERR_RANGE, "data block %d is none of the four",
             (int)o->data_block);
    QN_CHECK((unsigned)o->objective <= QN_ESTIMATE_LEAST_TIME, ERR_RANGE, "objective %d is none of the three",
             (int)o->objective);
    const block *b = &blocks[o->data_block];
    *p = (plan){.patch = &job->patch, .options = o, .steps = b->steps, .budget = o->budget};
    p->tiles = ceil(b->per_qubit * c->qubits + b->root * sqrt(c->qubits) + b->constant);
    p->t = c->t;
    if (c->rotations > 0) {
        const double share = o->budget / 3;
        p->t_per_rotation = ceil(0.53 * (log2(c->rotations) - log2(share)) + 5.3); /* Beverland et al., equation C12 */
        p->rotation_error = c->rotations * exp2(-(p->t_per_rotation - 5.3) / 0.53);
        p->budget -= share;
        p->t += p->t_per_rotation * c->rotations;
    }
    p->toffoli = c->ccz + c->ccix;
    p->ccz = p->toffoli + ceil(p->t / 2);
    const double reaction_ns = o->reaction_s > 0 ? o->reaction_s * 1e9 : job->patch.reaction_ns;
    /* rotations of one layer wait together */
    const double serial = p->toffoli + c->t + p->t_per_rotation * c->rotation_depth;
    p->reaction_rounds = ceil(serial * reaction_ns / job->patch.round_ns);
    return QN_OK;
}

/* Error of a T state behind 15-to-1 distillation at a distance. */
static double distilled(const qn__patch *patch, unsigned distance, double input)
{
    return 1100 * qn__patch_error(patch, distance) + 35 * input * input * input;
}

/* Error of a CCZ, Gidney and Fowler, section 5; injected states live at half the distance of their level. l0 = 0: two
 * levels. */
static double ccz_error(const qn__patch *patch, unsigned l0, unsigned l1, unsigned l2)
{
    const unsigned lowest = l0 > 0 ? l0 : l1;
    const double injected = patch->error + 100 * qn__patch_error(patch, lowest / 2);
    const double level1 = distilled(patch, l1, l0 > 0 ? distilled(patch, l0, injected) : injected);
    return 1000 * qn__patch_error(patch, l2) + 28 * level1 * level1;
}

/* 15-to-1 factories of the lowest of three levels. */
static double feeders(unsigned l0, unsigned l1)
{
    return l0 > 0 ? T_FACTORIES * ceil(T_INPUTS * (2.0 * l0 + 1) / (2.0 * l1 + 1)) : 0;
}

static double factory_qubits(unsigned l0, unsigned l1, unsigned l2)
{
    return 64.0 * (feeders(l0, l1) * l0 * l0 + (double)T_FACTORIES * l1 * l1 + (double)l2 * l2);
}

typedef struct candidate {
    unsigned l0, l1, l2, d; /* l0 = 0: two levels */
    double factories, qubits, rounds, failure, factory_rounds, block_rounds, ccz_error;
} candidate;

/* Rounds, qubits and failure of one choice. */
static void evaluate(const plan *p, candidate *c)
{
    const unsigned step = 2 * c->l1 + 1 > c->l2 ? 2 * c->l1 + 1 : c->l2;
    const double alone = ceil((p->ccz * STEPS_PER_CCZ + ceil(p->t / 2)) * step);
    c->factory_rounds = ceil(alone / c->factories);
    c->block_rounds = (p->toffoli + p->t) * p->steps * c->d;
    c->rounds = fmax(c->factory_rounds, c->block_rounds);
    c->rounds = p->options->serial ? fmax(c->rounds, p->reaction_rounds) : c->rounds;
    if (p->ccz == 0) {
        c->block_rounds = c->d; /* Cliffords are free here, but a patch is made and read in d rounds */
    }
    c->rounds = fmax(c->rounds, c->block_rounds);
    const double d = c->d, factory = p->ccz > 0 ? factory_qubits(c->l0, c->l1, c->l2) : 0;
    c->qubits = c->factories * factory + p->tiles * 2 * d * d;
    c->failure = p->tiles * c->rounds * qn__patch_error(p->patch, c->d) + p->ccz * c->ccz_error;
}

static double cost(const plan *p, const candidate *c)
{
    switch (p->options->objective) {
    case QN_ESTIMATE_LEAST_QUBITS:
        return c->qubits;
    case QN_ESTIMATE_LEAST_TIME:
        return c->rounds;
    default:
        return c->qubits * c->rounds;
    }
}

static bool within_limits(const plan *p, const candidate *c)
{
    const qn_estimate_options *o = p->options;
    return (o->max_duration_s == 0 || c->rounds * p->patch->round_ns <= o->max_duration_s * 1e9) &&
           (o->max_physical_qubits == 0 || c->qubits <= o->max_physical_qubits);
}

typedef struct grid {
    candidate best;
    bool found, kept_budget; /* the second without regard to the caller's limits */
    qn_estimate_front *front;
    size_t capacity;
} grid;

static void describe(const plan *p, const candidate *c, qn_estimate_result *out);

/* The smallest distance of the data that keeps the budget: in all objectives a larger one is worse. */
static qn_status try_data(const plan *p, candidate c, unsigned d_last, grid *g)
{
    const unsigned fixed = p->options->distances[2];
    for (unsigned d = fixed > 0 ? fixed : D_FIRST; d <= (fixed > 0 ? fixed : d_last); d += 2) {
        c.d = d;
        evaluate(p, &c);
        if (c.failure > p->budget) {
            continue;
        }
        g->kept_budget = true;
        if (within_limits(p, &c)) {
            if (g->front != NULL) {
                qn_estimate_result point;
                describe(p, &c, &point);
                QN_TRY(qn__front_add(g->front, &g->capacity, &point));
            }
            if (!g->found || cost(p, &c) < cost(p, &g->best)) {
                g->best = c;
                g->found = true;
            }
        }
        return QN_OK;
    }
    return QN_OK;
}

/* More factories until they are not what the run waits for. */
static qn_status try_factories(const plan *p, candidate c, unsigned d_last, grid *g)
{
    c.d = D_FIRST;
    c.ccz_error = ccz_error(p->patch, c.l0, c.l1, c.l2);
    if (p->ccz * c.ccz_error > p->budget) {
        return QN_OK;
    }
    if (p->options->factories > 0 || p->ccz == 0) {
        c.factories = p->ccz == 0 ? 1 : p->options->factories; /* one of no qubits where there is nothing to make */
        return try_data(p, c, d_last, g);
    }
    for (c.factories = 1; c.factories <= fmin(p->ccz, MOST_FACTORIES);
         c.factories += c.factories < ONE_BY_ONE ? 1 : floor(c.factories / 8)) {
        evaluate(p, &c);
        if (c.factories > 1 && c.factory_rounds < fmax(c.block_rounds, p->reaction_rounds)) {
            return QN_OK;
        }
        QN_TRY(try_data(p, c, d_last, g));
    }
    return QN_OK;
}

static qn_status search(const plan *p, unsigned l1_last, unsigned l2_last, unsigned d_last, grid *g)
{
    const unsigned *fixed = p->options->distances;
    for (unsigned l1 = fixed[0] > 0 ? fixed[0] : L1_FIRST; l1 <= (fixed[0] > 0 ? fixed[0] : l1_last); l1 += 2) {
        for (unsigned l2 = fixed[1] > 0 ? fixed[1] : l1 + 2; l2 <= (fixed[1] > 0 ? fixed[1] : l2_last); l2 += 2) {
            QN_TRY(try_factories(p, (candidate){.l1 = l1, .l2 = l2}, d_last, g));
        }
    }
    return QN_OK;
}

/* A larger l0 takes as long on more qubits: the first two that keep the budget, since the second leaves the data more
 * of it. */
static qn_status try_feeders(const plan *p, unsigned l1, unsigned l2, grid *g)
{
    unsigned tried = 0;
    for (unsigned l0 = L1_FIRST; l0 < l1 && tried < 2; l0 += 2) {
        if (p->ccz * ccz_error(p->patch, l0, l1, l2) <= p->budget) {
            QN_TRY(try_factories(p, (candidate){.l0 = l0, .l1 = l1, .l2 = l2}, D_WIDE, g));
            tried++;
        }
    }
    return QN_OK;
}

static qn_status search_three_levels(const plan *p, grid *g)
{
    for (unsigned l1 = L1_FIRST + 2; l1 <= L1_WIDE; l1 += 2) {
        for (unsigned l2 = l1 + 2; l2 <= L2_WIDE; l2 += 2) {
            QN_TRY(try_feeders(p, l1, l2, g));
        }
    }
    return QN_OK;
}

static qn_status search_all(const plan *p, grid *g)
{
    QN_TRY(search(p, L1_LAST, L2_LAST, D_LAST, g));
    if (!g->kept_budget) {
        QN_TRY(search(p, L1_WIDE, L2_WIDE, D_WIDE, g));
    }
    /* distances that the caller chose are those of two levels */
    const bool chosen = p->options->distances[0] > 0 || p->options->distances[1] > 0;
    if (!g->kept_budget && !chosen) {
        QN_TRY(search_three_levels(p, g));
    }
    QN_CHECK(g->kept_budget, ERR_RANGE,
             "no code distance up to %d keeps a failure budget of %.1e over %.3g magic states on %.3g tiles; the best "
             "states of a factory of %s levels err with %.1e",
             D_WIDE, p->budget, p->ccz, p->tiles, chosen ? "two" : "three",
             chosen ? ccz_error(p->patch, 0, L1_WIDE, L2_WIDE) : ccz_error(p->patch, L1_WIDE - 2, L1_WIDE, L2_WIDE));
    QN_CHECK(g->found, ERR_RANGE, "no arrangement keeps the limits of %g s and %.0f physical qubits (0: none)",
             p->options->max_duration_s, p->options->max_physical_qubits);
    return QN_OK;
}

static void describe_factory(const plan *p, const candidate *c, qn_estimate_result *out)
{
    const unsigned distances[] = {c->l0, c->l1, c->l2};
    const double units[] = {feeders(c->l0, c->l1), T_FACTORIES, 1};
    static const char *const names[] = {"15-to-1 T", "15-to-1 T", "8T-to-CCZ"};
    const unsigned from = c->l0 > 0 ? 0 : 1;
    qn_estimate_factory *f = &out->factory;
    f->copies = c->factories;
    f->physical_qubits = factory_qubits(c->l0, c->l1, c->l2);
    f->duration_ns = STEPS_PER_CCZ * fmax(2.0 * c->l1 + 1, c->l2) * p->patch->round_ns;
    f->duration_s = f->duration_ns * 1e-9;
    f->outputs = 1;
    f->output_error = c->ccz_error;
    for (unsigned level = from; level < sizeof distances / sizeof distances[0]; level++) {
        f->distances[f->rounds] = distances[level];
        f->units[f->rounds] = units[level];
        (void)snprintf(f->names[f->rounds], sizeof f->names[0], "%s", names[level]);
        f->rounds++;
    }
    out->physical_qubits_factories = c->factories * f->physical_qubits;
}

static void describe(const plan *p, const candidate *c, qn_estimate_result *out)
{
    const double round_ns = p->patch->round_ns, d = c->d;
    *out = (qn_estimate_result){.size = sizeof *out,
                                .model = QN_ESTIMATE_B,
                                .physical_qubits = c->qubits,
                                .runtime_ns = c->rounds * round_ns,
                                .cycle_s = round_ns * 1e-9,
                                .logical_cycles = c->rounds,
                                .code_distance = c->d,
                                .logical_qubits = p->tiles,
                                .magic_states = p->ccz,
                                .t_per_rotation = p->t_per_rotation,
                                .failure_probability = c->failure + p->rotation_error,
                                .budget_logical = p->budget,
                                .budget_rotations = p->options->budget - p->budget,
                                .bound = QN_ESTIMATE_BOUND_FACTORY};
    out->physical_qubits_data = p->tiles * 2 * d * d;
    out->runtime_s = out->runtime_ns * 1e-9;
    out->rqops = p->tiles / (round_ns * d * 1e-9);
    out->factory_bound_s = c->factory_rounds * round_ns * 1e-9;
    out->reaction_bound_s = p->reaction_rounds * round_ns * 1e-9;
    out->program_bound_s = c->block_rounds * round_ns * 1e-9;
    if (p->options->serial && p->reaction_rounds >= c->rounds) {
        out->bound = QN_ESTIMATE_BOUND_REACTION;
    } else if (c->block_rounds > c->factory_rounds) {
        out->bound = QN_ESTIMATE_BOUND_DATA_BLOCK;
    }
    if (p->ccz > 0) {
        describe_factory(p, c, out);
    }
}

qn_status qn__model_b(const qn__job *job, qn_estimate_result *out)
{
    plan p = {.patch = &job->patch, .options = job->options};
    grid g = {.found = false};
    QN_TRY(make_plan(job, &p));
    QN_TRY(search_all(&p, &g));
    describe(&p, &g.best, out);
    return QN_OK;
}

qn_status qn__model_b_front(const qn__job *job, qn_estimate_front *out)
{
    plan p = {.patch = &job->patch, .options = job->options};
    grid g = {.front = out};
    QN_TRY(make_plan(job, &p));
    return search_all(&p, &g);
}
