/* dynamic_run.c: the interpreter of a plan: classical memory, splitting of paths, and the order in which they are
 * followed. Serial over paths, so that draws and sums do not depend on threads; engines use threads within a state. */
#include "primitive/dynamic_run.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/status.h"
#include "math/binomial.h"

static const double NEVER = 1e-14;        /* outcomes less likely are rounding, and do not happen in exact runs */
static const double LEAST_WEIGHT = 1e-16; /* of a path in an exact run */

/* Paths. */

static void release_path(qn__path *path)
{
    qn__free(path->bits);
    qn__free(path->variables);
    qn__free(path->iterations);
    qn_live_free(path->live);
}

static qn_status make_path(qn__runner *r)
{
    const qn__plan *plan = r->plan;
    qn__path path = {.bits = qn__calloc(r->words, sizeof *path.bits),
                     .variables = qn__calloc(qn_circuit_variables(plan->circuit), sizeof *path.variables),
                     .iterations = qn__calloc(plan->loops, sizeof *path.iterations)};
    qn_status status = path.bits == NULL || path.variables == NULL || path.iterations == NULL ? QN_ERR_MEMORY : QN_OK;
    if (status == QN_OK && !plan->single) {
        status = qn_live_create(r->engine, qn_circuit_qubits(plan->circuit), &path.live);
    }
    if (status != QN_OK) {
        release_path(&path);
        return status;
    }
    r->paths[r->nmade++] = path;
    return QN_OK;
}

/* How many states the memory limit allows. */
static qn_status count_states(qn__runner *r)
{
    qn_circuit *empty = NULL;
    uint64_t bytes = 0;
    QN_TRY(qn_circuit_create(qn_circuit_qubits(r->plan->circuit), &empty));
    const qn_status status = qn_engine_bytes_needed(r->engine, empty, NULL, 0, &bytes);
    qn_circuit_free(empty);
    QN_TRY(status);
    const uint64_t fit = bytes == 0 ? QN__LIVE_MAX : qn_context_memory_limit(qn_engine_context(r->engine)) / bytes;
    r->most = fit < 1 ? 1 : fit > QN__LIVE_MAX ? QN__LIVE_MAX : (size_t)fit;
    return QN_OK;
}

qn_status qn__runner_create(const qn__plan *plan, qn_engine *engine, qn__runner **out)
{
    qn__runner *r = qn__calloc(1, sizeof *r);
    QN_ALLOC_CHECK(r);
    r->plan = plan;
    r->engine = engine;
    r->words = qn__words(qn_circuit_bits(plan->circuit));
    qn_status status = QN_OK;
    r->parameters = qn__calloc(plan->most_parameters, sizeof *r->parameters);
    status = r->parameters == NULL ? QN_ERR_MEMORY : count_states(r);
    if (status == QN_OK) {
        status = make_path(r);
    }
    if (status != QN_OK) {
        qn__runner_free(r);
        return status;
    }
    *out = r;
    return QN_OK;
}

void qn__runner_free(qn__runner *runner)
{
    if (runner != NULL) {
        for (size_t i = 0; i < runner->nmade; i++) {
            release_path(&runner->paths[i]);
        }
        qn__free(runner->parameters);
        qn__free(runner);
    }
}

static void start_path(const qn__runner *r, qn__path *path)
{
    path->step = 0;
    path->finals = 0;
    memset(path->bits, 0, r->words * sizeof *path->bits);
    memset(path->iterations, 0, r->plan->loops * sizeof *path->iterations);
    for (size_t i = 0; i < qn_circuit_variables(r->plan->circuit); i++) {
        qn_variable v;
        qn_circuit_variable(r->plan->circuit, i, &v);
        path->variables[i] = (qn_value){.type = v.type, .width = v.width};
        if (v.type == QN_TYPE_FLOAT) {
            path->variables[i].number = 0.0;
        }
    }
    if (path->live != NULL) {
        qn_live_start(path->live);
    }
}

static void copy_path(const qn__runner *r, qn__path *to, const qn__path *from)
{
    memcpy(to->bits, from->bits, r->words * sizeof *to->bits);
    memcpy(to->iterations, from->iterations, r->plan->loops * sizeof *to->iterations);
    memcpy(to->variables, from->variables, qn_circuit_variables(r->plan->circuit) * sizeof *to->variables);
    to->step = from->step;
    to->finals = from->finals;
    to->weight = from->weight;
    qn_live_copy(to->live, from->live);
}

/* Classical steps. */

/* The last failure again, with the line of the file in front. */
static qn_status at_line(qn_status status, uint32_t line)
{
    if (status == QN_OK || line == 0) {
        return status;
    }
    char text[400];
    const char *message = qn_last_error()->message;
    const size_t length = strlen(message) < sizeof text - 1 ? strlen(message) : sizeof text - 1;
    memcpy(text, message, length);
    text[length] = '\0';
    return qn__fail(status, __FILE__, __LINE__, "line %u: %s", line, text);
}

static qn_status evaluate(const qn__runner *r, const qn__path *path, uint32_t expression, uint32_t line, qn_value *out)
{
    const qn_classical_state state = {path->bits, path->variables, r->theta};
    return at_line(qn_expression_evaluate(r->plan->circuit, expression, &state, out), line);
}

static void write_bit(qn__path *path, uint32_t bit, bool value)
{
    if (bit != QN_NO_BIT && qn__bit(path->bits, bit) != value) {
        qn__bit_flip(path->bits, bit);
    }
}

static qn_status assign(const qn__runner *r, qn__path *path, const qn__step *step)
{
    qn_value value, cast;
    QN_TRY(evaluate(r, path, step->expression, step->line, &value));
    if (step->bit != QN_NO_BIT) {
        QN_CHECK(qn_value_cast(&value, QN_TYPE_BOOL, 1, &cast), ERR_NUMERIC, "line %u: no truth value for a bit",
                 step->line);
        write_bit(path, step->bit, cast.integer != 0);
        return QN_OK;
    }
    qn_variable v;
    qn_circuit_variable(r->plan->circuit, step->variable, &v);
    QN_CHECK(qn_value_cast(&value, v.type, v.width, &cast), ERR_NUMERIC,
             "line %u: the value %g does not fit variable \"%.64s\"", step->line, qn_value_number(&value), v.name);
    if (v.type != QN_TYPE_BITS) {
        path->variables[step->variable] = cast;
        return QN_OK;
    }
    for (uint32_t k = 0; k < v.width; k++) {
        write_bit(path, v.first + k, ((uint64_t)cast.integer >> k & 1) != 0);
    }
    return QN_OK;
}

static qn_status test(qn__runner *r, qn__path *path, const qn__step *step)
{
    qn_value value, yes;
    if (step->loop != QN__NO_LOOP) {
        QN_CHECK(path->iterations[step->loop]++ < QN__ITERATIONS_MAX, ERR_NUMERIC,
                 "line %u: a loop did not end within %d iterations", step->line, QN__ITERATIONS_MAX);
        QN_CHECK(!qn_context_interrupted(qn_engine_context(r->engine)), ERR_INTERRUPTED,
                 "interrupted in the loop of line %u", step->line);
    }
    QN_TRY(evaluate(r, path, step->expression, step->line, &value));
    QN_CHECK(qn_value_cast(&value, QN_TYPE_BOOL, 1, &yes), ERR_NUMERIC, "line %u: a condition without a truth value",
             step->line);
    path->step = yes.integer != 0 ? path->step + 1 : step->target;
    return QN_OK;
}

/* r->parameters = the circuit's parameters and what is computed now. */
static qn_status set_parameters(qn__runner *r, const qn__path *path, const qn__piece *piece)
{
    if (r->plan->symbols > 0) {
        memcpy(r->parameters, r->theta, r->plan->symbols * sizeof *r->parameters);
    }
    for (size_t k = 0; k < piece->nexpressions; k++) {
        qn_value value;
        QN_TRY(evaluate(r, path, piece->expressions[k], piece->lines[k], &value));
        const double number = qn_value_number(&value);
        QN_CHECK(isfinite(number), ERR_NUMERIC, "line %u: a parameter of a gate came out as %g", piece->lines[k],
                 number);
        r->parameters[r->plan->symbols + k] = number;
    }
    return QN_OK;
}

/* Splitting. */

static void take_outcome(const qn__runner *r, qn__path *path, const qn__step *step, bool outcome, double p1)
{
    const bool flip = step->kind == QN__STEP_RESET && outcome;
    qn_live_collapse(path->live, step->qubit, outcome, outcome ? p1 : 1.0 - p1, flip);
    if (step->kind == QN__STEP_MEASURE) {
        write_bit(path, step->bit, outcome);
    }
    if (r->exact) { /* shots carry the weight otherwise, and a long loop would make this 0 */
        path->weight *= outcome ? p1 : 1.0 - p1;
    }
    path->step++;
}

/* How a random step treats a path: one outcome, or both. */
typedef struct deal {
    bool outcome[2];
    uint64_t shots[2];
} deal;

static deal deal_shots(qn__runner *r, const qn__path *path, double p1)
{
    const uint64_t ones = qn__random_binomial(path->shots, p1, r->seed, r->events++);
    return (deal){{ones<path->shots, ones> 0}, {path->shots - ones, ones}};
}

static deal deal_weight(const qn__path *path, double p1)
{
    deal out = {{1.0 - p1 > NEVER, p1 > NEVER}, {1, 1}};
    if (out.outcome[0] && out.outcome[1]) {
        out.outcome[0] = path->weight * (1.0 - p1) > LEAST_WEIGHT;
        out.outcome[1] = path->weight * p1 > LEAST_WEIGHT;
    }
    return out;
}

/* The path in slot *top comes to a random step. The more frequent outcome is left in slot *top to wait, and the other
 * goes on in the next slot, which becomes *top. */
static qn_status split(qn__runner *r, size_t *top, const qn__step *step)
{
    qn__path *path = &r->paths[*top];
    const double p1 = qn_live_probability(path->live, step->qubit);
    const deal d = r->exact ? deal_weight(path, p1) : deal_shots(r, path, p1);
    if (d.outcome[0] != d.outcome[1]) {
        const bool outcome = d.outcome[1];
        /* rounding may leave nothing of the outcome that was drawn; a probability it cannot have is then made least */
        const double p = outcome ? fmax(p1, 1e-300) : fmin(p1, 1.0 - 1e-16);
        take_outcome(r, path, step, outcome, p);
        return QN_OK;
    }
    if (!d.outcome[0]) { /* exact: both under the least weight that counts */
        path->weight = 0.0;
        return QN_OK;
    }
    QN_CHECK(*top + 1 < r->most, ERR_TOO_LARGE,
             "following both outcomes of the %s of line %u takes more than %zu states at once, which is what %s",
             step->kind == QN__STEP_RESET ? "reset" : "measurement", step->line, r->most,
             r->most == QN__LIVE_MAX ? "is followed at most" : "memory holds");
    if (*top + 1 == r->nmade) {
        QN_TRY(make_path(r));
    }
    qn__path *next = &r->paths[*top + 1];
    copy_path(r, next, path);
    const bool waits = r->exact ? p1 > 0.5 : d.shots[1] > d.shots[0];
    next->shots = d.shots[!waits];
    path->shots = d.shots[waits];
    take_outcome(r, path, step, waits, p1);
    take_outcome(r, next, step, !waits, p1);
    ++*top;
    return QN_OK;
}

/* The path on top up to its end; splits leave others below it. */
static qn_status follow(qn__runner *r, size_t *top)
{
    const qn__plan *plan = r->plan;
    for (qn__path *path = &r->paths[*top]; path->step < plan->nsteps && path->weight > 0; path = &r->paths[*top]) {
        const qn__step *step = &plan->steps[path->step];
        switch (step->kind) {
        case QN__STEP_PIECE: {
            const qn__piece *piece = &plan->pieces[step->piece];
            QN_TRY(set_parameters(r, path, piece));
            if (path->live != NULL) {
                QN_TRY(qn_live_advance(path->live, piece->program, r->parameters));
            }
            path->step++;
            break;
        }
        case QN__STEP_MEASURE:
        case QN__STEP_RESET:
            QN_TRY(split(r, top, step));
            break;
        case QN__STEP_FINAL:
            path->finals++;
            path->step++;
            break;
        case QN__STEP_ASSIGN:
            QN_TRY(assign(r, path, step));
            path->step++;
            break;
        case QN__STEP_ENTER:
            path->iterations[step->loop] = 0;
            path->step++;
            break;
        case QN__STEP_TEST:
            QN_TRY(test(r, path, step));
            break;
        case QN__STEP_JUMP:
            path->step = step->target;
            break;
        case QN__STEP_STOP:
            path->step = plan->nsteps;
            break;
        }
    }
    return QN_OK;
}

/* All paths from the start on. Slots are a stack: what waits lies below what is followed. */
static qn_status follow_all(qn__runner *r, uint64_t shots, qn__leaf_fn leaf, void *user)
{
    size_t top = 0;
    start_path(r, &r->paths[0]);
    r->paths[0].shots = shots;
    r->paths[0].weight = 1.0;
    for (;;) {
        QN_CHECK(!qn_context_interrupted(qn_engine_context(r->engine)), ERR_INTERRUPTED,
                 "interrupted after %llu branches", (unsigned long long)r->leaves);
        QN_TRY(follow(r, &top));
        if (r->paths[top].weight > 0) {
            r->leaves++;
            QN_CHECK(!r->exact || r->leaves <= r->leaf_limit, ERR_TOO_LARGE,
                     "the circuit has more than %llu branches, the limit that was given",
                     (unsigned long long)r->leaf_limit);
            QN_TRY(leaf(user, r, &r->paths[top]));
        }
        if (top == 0) {
            return QN_OK;
        }
        top--;
    }
}

/* Streams of the events come after 2^62, so that engines may draw from 0 on under the same seed. */
static const uint64_t EVENTS = UINT64_C(1) << 62;

qn_status qn__runner_shots(qn__runner *runner, const double *theta, uint64_t shots, uint64_t seed, qn__leaf_fn leaf,
                           void *user)
{
    runner->theta = theta;
    runner->exact = false;
    runner->seed = seed;
    runner->events = EVENTS;
    runner->leaves = 0;
    return follow_all(runner, shots, leaf, user);
}

qn_status qn__runner_exact(qn__runner *runner, const double *theta, uint64_t limit, qn__leaf_fn leaf, void *user)
{
    runner->theta = theta;
    runner->exact = true;
    runner->leaves = 0;
    runner->leaf_limit = limit;
    return follow_all(runner, 1, leaf, user);
}
