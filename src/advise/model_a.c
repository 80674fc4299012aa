/* model_a.c: M. E. Beverland et al., arXiv:2211.07629, as in the Azure Quantum Resource Estimator.
 *
 * n qubits are laid out on Q = 2n + ceil(sqrt(8n)) + 1 tiles. The budget is split evenly over logical errors, magic
 * states and rotations, as far as there are any. A rotation takes tau = ceil(0.53 log2(R / eps_R) + 4.86) T gates. The
 * program runs C = m + R + t + 3 z + tau D_R logical cycles and uses M = t + 4 z + tau R magic states. The distance is
 * the least whose Q C tiles and cycles keep the logical budget; T factories are made and copied so that they keep up,
 * and where none can, the program waits for them. */
#include "advise/model.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { CYCLES_PER_TOFFOLI = 3, T_PER_TOFFOLI = 4, FRONT_STEPS = 4096 };

/* What follows from counts and budget alone. */
typedef struct program {
    double tiles, cycles, magic_states, t_per_rotation;
    double logical, magic, rotation; /* shares of the budget */
    double state_error;              /* allowed for one magic state */
    double rotation_error;           /* of all rotations together, as synthesised */
} program;

static void split_budget(const qn_logical_counts *c, double budget, program *p)
{
    const bool rotations = c->rotations > 0, magic = rotations || c->t > 0 || c->ccz + c->ccix > 0;
    const double share = rotations ? budget / 3 : magic ? budget / 2 : budget;
    p->logical = share;
    p->magic = magic ? share : 0;
    p->rotation = rotations ? share : 0;
}

static qn_status plan(const qn__job *job, program *p)
{
    const qn_logical_counts *c = job->counts;
    const double toffoli = c->ccz + c->ccix;
    split_budget(c, job->options->budget, p);
    p->tiles = 2 * c->qubits + ceil(sqrt(8 * c->qubits)) + 1;
    if (c->rotations > 0) {
        QN_CHECK(p->rotation > 0, ERR_RANGE, "failure budget %g is too small to split", job->options->budget);
        p->t_per_rotation = ceil(0.53 * (log2(c->rotations) - log2(p->rotation)) + 4.86);
        p->rotation_error = c->rotations * exp2(-(p->t_per_rotation - 4.86) / 0.53);
    }
    p->cycles =
        c->measurements + c->rotations + c->t + CYCLES_PER_TOFFOLI * toffoli + p->t_per_rotation * c->rotation_depth;
    p->magic_states = c->t + T_PER_TOFFOLI * toffoli + p->t_per_rotation * c->rotations;
    p->state_error = p->magic_states > 0 ? p->magic / p->magic_states : 0;
    return QN_OK;
}

/* The least odd distance at which every tile and cycle errs at most with logical / (tiles cycles). */
static qn_status distance_for(const qn__job *job, const program *p, double cycles, unsigned *out)
{
    const qn__patch *patch = &job->patch;
    const double required = p->logical / (p->tiles * cycles);
    const double ratio = required > 0 ? log(patch->prefactor / required)
                                      : log(patch->prefactor) - log(p->logical) + log(p->tiles) + log(cycles);
    const double distance = ceil(2 * ratio / log(patch->threshold / patch->error) - 1);
    const double odd = distance <= 1 ? 1 : distance + (fmod(distance, 2) == 0 ? 1 : 0);
    QN_CHECK(
        odd <= patch->max_distance, ERR_RANGE,
        "no code distance up to %u reaches the %.1e logical errors a tile and cycle that %.3g cycles on %.3g tiles "
        "allow (distance %.0f would)",
        patch->max_distance, required, cycles, p->tiles, odd);
    *out = (unsigned)odd;
    return QN_OK;
}

/* Whole quotients: numbers up to 2^64 exactly where long double has the bits for it. */
static double floor_quotient(double a, double b, double divisor)
{
    return (double)floorl((long double)a * (long double)b / (long double)divisor);
}

static double ceil_quotient(double a, double b, double divisor)
{
    return (double)ceill((long double)a * (long double)b / (long double)divisor);
}

/* Cycles that the logical budget allows at a distance. */
static double cycles_allowed(const qn__job *job, const program *p, unsigned distance)
{
    return floor(p->logical / (p->tiles * qn__patch_error(&job->patch, distance)));
}

/* Copies that make all states within so many cycles. */
static double copies_for(const program *p, const qn__t_factory *factory, double cycles, double cycle_ns)
{
    const double runs = floor_quotient(cycles, cycle_ns, factory->time_ns);
    return ceil(p->magic_states / (runs * factory->outputs));
}

/* Cycles until so many copies have made all states. */
static double cycles_for(const program *p, const qn__t_factory *factory, double copies, double cycle_ns)
{
    const double runs = ceil(p->magic_states / (copies * factory->outputs));
    return ceil_quotient(runs, factory->time_ns, cycle_ns);
}

static double volume(const qn__t_factory *factory)
{
    return factory->qubits * factory->time_ns / factory->outputs;
}

static void describe_factory(const qn__t_factory *factory, double copies, qn_estimate_factory *out)
{
    out->copies = copies;
    out->physical_qubits = factory->qubits;
    out->duration_ns = factory->time_ns;
    out->duration_s = factory->time_ns * 1e-9;
    out->outputs = factory->outputs;
    out->output_error = factory->error;
    out->rounds = factory->rounds;
    for (size_t r = 0; r < QN__FACTORY_ROUNDS && factory->names[r] != NULL; r++) {
        out->distances[r] = factory->distances[r];
        out->units[r] = factory->units[r];
        (void)strncpy(out->names[r], factory->names[r], sizeof out->names[r] - 1);
    }
}

/* `factory` NULL: there are no magic states. */
static void describe(const qn__job *job, const program *p, unsigned distance, double cycles,
                     const qn__t_factory *factory, double copies, qn_estimate_result *out)
{
    const double cycle_ns = qn__patch_cycle(&job->patch, distance);
    *out = (qn_estimate_result){.size = sizeof *out,
                                .model = QN_ESTIMATE_A,
                                .cycle_s = cycle_ns * 1e-9,
                                .logical_cycles = cycles,
                                .code_distance = distance,
                                .logical_qubits = p->tiles,
                                .magic_states = p->magic_states,
                                .t_per_rotation = p->t_per_rotation,
                                .budget_logical = p->logical,
                                .budget_magic = p->magic,
                                .budget_rotations = p->rotation};
    out->physical_qubits_data = p->tiles * qn__patch_qubits(&job->patch, distance);
    out->failure_probability = p->tiles * cycles * qn__patch_error(&job->patch, distance) + p->rotation_error;
    if (factory != NULL) {
        describe_factory(factory, copies, &out->factory);
        out->physical_qubits_factories = copies * factory->qubits;
        out->failure_probability += p->magic_states * factory->error;
        out->factory_bound_s = ceil(p->magic_states / (copies * factory->outputs)) * factory->time_ns * 1e-9;
    }
    out->physical_qubits = out->physical_qubits_data + out->physical_qubits_factories;
    out->runtime_ns = cycles * cycle_ns;
    out->runtime_s = out->runtime_ns * 1e-9;
    out->program_bound_s = p->cycles * cycle_ns * 1e-9;
    out->rqops = p->tiles / (cycle_ns * 1e-9);
    out->bound = cycles > p->cycles ? QN_ESTIMATE_BOUND_FACTORY : QN_ESTIMATE_BOUND_PROGRAM;
}

/* The factory of least volume that delivers within `cycles`, or within `limit` with the program waiting; NULL: none.
 * With a limit on copies, those must suffice. */
static const qn__t_factory *pick(const qn__job *job, const program *p, const qn__t_factory *all, size_t count,
                                 double cycle_ns, double limit, double *cycles)
{
    const double most = job->options->factories > 0 ? job->options->factories : (double)INFINITY;
    const qn__t_factory *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (all[i].time_ns <= *cycles * cycle_ns && copies_for(p, &all[i], *cycles, cycle_ns) <= most &&
            (best == NULL || volume(&all[i]) < volume(best))) {
            best = &all[i];
        }
    }
    if (best != NULL) {
        return best;
    }
    double best_cycles = 0;
    for (size_t i = 0; i < count; i++) {
        const double needed = isfinite(most) ? cycles_for(p, &all[i], most, cycle_ns) : ceil(all[i].time_ns / cycle_ns);
        const bool better =
            best == NULL || volume(&all[i]) < volume(best) || (volume(&all[i]) == volume(best) && needed < best_cycles);
        if (needed <= limit && better) {
            best = &all[i];
            best_cycles = needed;
        }
    }
    *cycles = best != NULL ? best_cycles : *cycles;
    return best;
}

static qn_status without_limits(const qn__job *job, const program *p, qn_estimate_result *out)
{
    double cycles = p->cycles;
    for (;;) {
        unsigned distance = 0;
        QN_TRY(distance_for(job, p, cycles, &distance));
        if (p->magic_states == 0) {
            describe(job, p, distance, cycles, NULL, 0, out);
            return QN_OK;
        }
        const double cycle_ns = qn__patch_cycle(&job->patch, distance), limit = cycles_allowed(job, p, distance);
        qn__t_factory *all = NULL;
        size_t count = 0;
        QN_TRY(qn__t_factories(&job->patch, job->units, job->nunits, p->state_error, distance, &all, &count));
        const qn__t_factory *factory = pick(job, p, all, count, cycle_ns, limit, &cycles);
        if (factory != NULL) {
            describe(job, p, distance, cycles, factory, copies_for(p, factory, cycles, cycle_ns), out);
        }
        qn__free(all);
        if (factory != NULL) {
            return QN_OK;
        }
        /* the next distance; past 2^53 one cycle more is none, and a few may not leave the distance for rounding */
        const double last = fmax(limit, cycles);
        cycles = fmax(last + 1, last * (1 + 1e-14));
    }
}

/* Called for every way to run the program at some distance with some factory. */
typedef qn_status (*visitor)(const qn__job *job, const program *p, unsigned distance, double limit,
                             const qn__t_factory *factory, void *user);

static unsigned highest_distance(const qn__t_factory *all, size_t count)
{
    unsigned highest = 0;
    for (size_t i = 0; i < count; i++) {
        const unsigned last = all[i].rounds > 0 ? all[i].rounds - 1 : 0;
        highest = all[i].distances[last] > highest ? all[i].distances[last] : highest;
    }
    return highest;
}

/* Distances from the largest down; the factories of a larger one are those of the smaller while they fit. */
static qn_status visit(const qn__job *job, const program *p, visitor call, void *user)
{
    unsigned least = 0;
    QN_TRY(distance_for(job, p, p->cycles, &least));
    qn__t_factory *all = NULL;
    size_t count = 0;
    unsigned highest = 0;
    qn_status status = QN_OK;
    unsigned distance = job->patch.max_distance - (job->patch.max_distance % 2 == 0 ? 1 : 0);
    for (bool first = true; status == QN_OK && distance >= least; distance -= 2, first = false) {
        const double limit = cycles_allowed(job, p, distance);
        if (limit < p->cycles) {
            continue;
        }
        if (first || highest > distance) {
            qn__free(all);
            all = NULL;
            count = 0;
            status = qn__t_factories(&job->patch, job->units, job->nunits, p->state_error, distance, &all, &count);
            highest = highest_distance(all, count);
        }
        for (size_t i = 0; status == QN_OK && i < count; i++) {
            status = call(job, p, distance, limit, &all[i], user);
        }
        if (distance < 3) {
            break;
        }
    }
    qn__free(all);
    return status;
}

static double most_copies(const qn__job *job)
{
    return job->options->factories > 0 ? job->options->factories : (double)INFINITY;
}

typedef struct choice {
    qn_estimate_result best;
    bool found;
} choice;

/* Within a time: the fewest qubits. */
static qn_status visit_duration(const qn__job *job, const program *p, unsigned distance, double limit,
                                const qn__t_factory *factory, void *user)
{
    choice *c = user;
    const double cycle_ns = qn__patch_cycle(&job->patch, distance);
    limit = fmin(limit, floor(job->options->max_duration_s * 1e9 / cycle_ns));
    if (limit < p->cycles || ceil(factory->time_ns / cycle_ns) > limit) {
        return QN_OK;
    }
    const double copies = copies_for(p, factory, limit, cycle_ns);
    const double cycles = fmax(cycles_for(p, factory, copies, cycle_ns), p->cycles);
    qn_estimate_result point;
    describe(job, p, distance, cycles, factory, copies, &point);
    if (copies <= most_copies(job) && (!c->found || point.physical_qubits < c->best.physical_qubits)) {
        c->best = point;
        c->found = true;
    }
    return QN_OK;
}

/* Within a number of qubits: the factory of least volume that fits, as many as fit, the shortest run. The factories of
 * one distance come one after another, so the least volume is judged over all of them when the last has come. */
typedef struct qubit_choice {
    choice c;
    unsigned distance;
    double limit;
    qn__t_factory factory;
    bool fits;
} qubit_choice;

static void close_distance(const qn__job *job, const program *p, qubit_choice *q)
{
    if (!q->fits) {
        return;
    }
    q->fits = false;
    const double cycle_ns = qn__patch_cycle(&job->patch, q->distance);
    const double room = job->options->max_physical_qubits - p->tiles * qn__patch_qubits(&job->patch, q->distance);
    const double copies = floor(room / q->factory.qubits);
    const double cycles = fmax(cycles_for(p, &q->factory, copies, cycle_ns), p->cycles);
    if (cycles > q->limit || copies > most_copies(job)) {
        return;
    }
    qn_estimate_result point;
    describe(job, p, q->distance, cycles, &q->factory, copies, &point);
    if (!q->c.found || point.runtime_ns < q->c.best.runtime_ns) {
        q->c.best = point;
        q->c.found = true;
    }
}

static qn_status visit_qubits(const qn__job *job, const program *p, unsigned distance, double limit,
                              const qn__t_factory *factory, void *user)
{
    qubit_choice *q = user;
    if (q->fits && q->distance != distance) {
        close_distance(job, p, q);
    }
    const double room = job->options->max_physical_qubits - p->tiles * qn__patch_qubits(&job->patch, distance);
    if (factory->qubits <= room && (!q->fits || volume(factory) < volume(&q->factory))) {
        q->distance = distance;
        q->limit = limit;
        q->factory = *factory;
        q->fits = true;
    }
    return QN_OK;
}

static qn_status within_duration(const qn__job *job, const program *p, qn_estimate_result *out)
{
    choice c = {.found = false};
    QN_TRY(visit(job, p, visit_duration, &c));
    QN_CHECK(c.found, ERR_RANGE, "no arrangement finishes within %g s", job->options->max_duration_s);
    *out = c.best;
    return QN_OK;
}

static qn_status within_qubits(const qn__job *job, const program *p, qn_estimate_result *out)
{
    qubit_choice q = {.fits = false};
    QN_TRY(visit(job, p, visit_qubits, &q));
    close_distance(job, p, &q);
    QN_CHECK(q.c.found, ERR_RANGE, "no arrangement fits into %.0f physical qubits", job->options->max_physical_qubits);
    *out = q.c.best;
    return QN_OK;
}

/* Limits on a program without magic states can only be kept or not. */
static qn_status check_limits(const qn__job *job, const qn_estimate_result *result)
{
    const qn_estimate_options *o = job->options;
    QN_CHECK(o->max_duration_s == 0 || result->runtime_ns <= o->max_duration_s * 1e9 * (1 + 1e-12), ERR_RANGE,
             "the run takes %g s, longer than the limit of %g s", result->runtime_s, o->max_duration_s);
    QN_CHECK(o->max_physical_qubits == 0 || result->physical_qubits <= o->max_physical_qubits, ERR_RANGE,
             "%.0f physical qubits are needed, over the limit of %.0f", result->physical_qubits,
             o->max_physical_qubits);
    return QN_OK;
}

qn_status qn__model_a(const qn__job *job, qn_estimate_result *out)
{
    program p = {0};
    qn_estimate_result result = {0};
    QN_TRY(plan(job, &p));
    const bool limited = p.magic_states > 0;
    if (limited && job->options->max_duration_s > 0) {
        QN_TRY(within_duration(job, &p, &result));
    } else if (limited && job->options->max_physical_qubits > 0) {
        QN_TRY(within_qubits(job, &p, &result));
    } else {
        QN_TRY(without_limits(job, &p, &result));
    }
    QN_TRY(check_limits(job, &result));
    *out = result;
    return QN_OK;
}

typedef struct front_user {
    qn_estimate_front *front;
    size_t capacity;
} front_user;

/* From the fewest copies that the budget allows to as many as make the factories no longer the bound. Past a few
 * thousand the number grows by steps of a thousandth. */
static qn_status visit_front(const qn__job *job, const program *p, unsigned distance, double limit,
                             const qn__t_factory *factory, void *user)
{
    front_user *f = user;
    const double cycle_ns = qn__patch_cycle(&job->patch, distance);
    if (ceil(factory->time_ns / cycle_ns) > limit) {
        return QN_OK;
    }
    double copies = copies_for(p, factory, limit, cycle_ns);
    for (;;) {
        const double for_magic = cycles_for(p, factory, copies, cycle_ns);
        qn_estimate_result point;
        describe(job, p, distance, fmax(for_magic, p->cycles), factory, copies, &point);
        QN_TRY(qn__front_add(f->front, &f->capacity, &point));
        if (for_magic <= p->cycles || copies * factory->outputs >= p->magic_states) {
            return QN_OK;
        }
        copies += copies < FRONT_STEPS ? 1 : floor(copies / 1024);
    }
}

qn_status qn__model_a_front(const qn__job *job, qn_estimate_front *out)
{
    program p = {0};
    QN_TRY(plan(job, &p));
    front_user f = {out, 0};
    if (p.magic_states == 0) {
        qn_estimate_result only;
        QN_TRY(without_limits(job, &p, &only));
        return qn__front_add(out, &f.capacity, &only);
    }
    return visit(job, &p, visit_front, &f);
}
