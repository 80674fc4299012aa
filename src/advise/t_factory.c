/* t_factory.c: the search over rounds, units and distances.
 *
 * Every combination is looked at, in the order of growing distances. Most are dropped before the number of units is
 * computed: their output is not good enough, or with the fewest units they could have they are already worse than one
 * that is known. */
#include "advise/t_factory.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "math/binomial_tail.h"

enum { ROUNDS_AT_FIRST = 3 };

static const double MAY_FAIL = 0.01;    /* probability that a factory gives too few states, shared by the rounds */
static const double MOST_UNITS = 1e9;   /* nobody builds that; the search moves on */
static const double CLEANER_THAN = 0.1; /* Clifford errors of a unit against those of the platform's T gates */

static bool has_word(const char *list, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

static qn_status read_unit(const qn__table *table, const qn__row *row, qn__unit *unit)
{
    unit->name = qn__table_text(table, row, "id");
    QN_TRY(qn__table_number(table, row, "inputs", &unit->inputs));
    QN_TRY(qn__table_number(table, row, "outputs", &unit->outputs));
    QN_TRY(qn__table_number(table, row, "logical_qubits", &unit->logical_qubits));
    QN_TRY(qn__table_number(table, row, "logical_cycles", &unit->logical_cycles));
    QN_TRY(qn__table_number(table, row, "physical_qubits", &unit->physical_qubits));
    QN_TRY(qn__table_number(table, row, "physical_cycles", &unit->physical_cycles));
    QN_TRY(qn__table_number(table, row, "fail_z", &unit->fail_z));
    QN_TRY(qn__table_number(table, row, "fail_c", &unit->fail_c));
    QN_TRY(qn__table_number(table, row, "out_z3", &unit->out_z3));
    return qn__table_number(table, row, "out_c", &unit->out_c);
}

qn_status qn__units_read(const qn_advice *advice, const char *set, qn__unit *units, size_t *count)
{
    const qn__table *table = NULL;
    QN_TRY(qn__advice_table(advice, "factories", &table));
    size_t found = 0;
    for (size_t i = 0; i < qn__table_rows(table); i++) {
        const qn__row *row = qn__table_row(table, i);
        if (strcmp(qn__table_text(table, row, "kind"), "unit") == 0 &&
            has_word(qn__table_text(table, row, "set"), set)) {
            QN_CHECK(found < QN__FACTORY_UNITS, ERR_RANGE, "more than %d distillation units in set \"%s\"",
                     QN__FACTORY_UNITS, set);
            QN_TRY(read_unit(table, row, &units[found++]));
        }
    }
    QN_CHECK(found > 0, ERR_NAME, "data/factories.tsv has no distillation units of set \"%s\"", set);
    *count = found;
    return QN_OK;
}

typedef struct search {
    const qn__patch *patch;
    const qn__unit *units;
    size_t nunits;
    double target;
    unsigned ndistances;                    /* 1, 3, 5, … */
    const double *errors, *qubits, *cycles; /* of tiles of these distances */
    qn__t_factory *front;
    size_t count, capacity;
    /* the combination at hand */
    unsigned rounds, unit[QN__FACTORY_ROUNDS], distance[QN__FACTORY_ROUNDS];
    double input[QN__FACTORY_ROUNDS + 1]; /* error before each round, and of the output */
    double failure[QN__FACTORY_ROUNDS];
} search;

static bool on_physical_qubits(const search *s, unsigned round)
{
    return round == 0 && s->distance[0] == 0;
}

static double unit_qubits(const search *s, unsigned round)
{
    const qn__unit *unit = &s->units[s->unit[round]];
    return on_physical_qubits(s, round) ? unit->physical_qubits : unit->logical_qubits * s->qubits[s->distance[round]];
}

static double unit_time(const search *s, unsigned round)
{
    const qn__unit *unit = &s->units[s->unit[round]];
    return on_physical_qubits(s, round) ? unit->physical_cycles * s->patch->t_ns
                                        : unit->logical_cycles * s->cycles[s->distance[round]];
}

/* Error behind a round, infinite when the round makes it worse or fails always. */
static double after_round(search *s, unsigned round)
{
    const qn__unit *unit = &s->units[s->unit[round]];
    const double z = s->input[round];
    const double c = on_physical_qubits(s, round) ? s->patch->error : s->errors[s->distance[round]];
    const double out = unit->out_z3 * (z * z * z) + unit->out_c * c, failure = unit->fail_z * z + unit->fail_c * c;
    s->failure[round] = failure;
    const bool useful = c <= CLEANER_THAN * s->patch->error_t && out <= z && failure > 0 && failure < 1;
    return useful ? out : (double)INFINITY;
}

static bool dominated(const search *s, double qubits, double time)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->front[i].qubits / s->front[i].outputs <= qubits && s->front[i].time_ns <= time) {
            return true;
        }
    }
    return false;
}

static qn_status keep(search *s, const qn__t_factory *factory)
{
    const double qubits = factory->qubits / factory->outputs;
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        const bool worse =
            qubits <= s->front[i].qubits / s->front[i].outputs && factory->time_ns <= s->front[i].time_ns;
        if (!worse) {
            s->front[kept++] = s->front[i];
        }
    }
    s->count = kept;
    void *front = s->front;
    QN_TRY(qn__grow(&front, &s->capacity, s->count + 1, sizeof *s->front));
    s->front = front;
    size_t at = s->count++;
    for (; at > 0 && s->front[at - 1].time_ns > factory->time_ns; at--) {
        s->front[at] = s->front[at - 1];
    }
    s->front[at] = *factory;
    return QN_OK;
}

/* The combination at hand gives good enough states: what it costs. */
static qn_status judge(search *s)
{
    double time = 0, least = 0, needed = 1;
    const unsigned last = s->rounds - 1;
    const double outputs = s->units[s->unit[last]].outputs;
    for (unsigned r = s->rounds; r-- > 0;) {
        time += unit_time(s, r);
        least = fmax(least, needed * unit_qubits(s, r));
        needed *= s->units[s->unit[r]].inputs;
    }
    if (dominated(s, least / outputs, time)) {
        return QN_OK;
    }
    qn__t_factory factory = {.rounds = s->rounds, .time_ns = time, .error = s->input[s->rounds]};
    needed = outputs;
    for (unsigned r = s->rounds; r-- > 0;) {
        const qn__unit *unit = &s->units[s->unit[r]];
        const double units =
            qn__binomial_trials(ceil(needed / unit->outputs), 1 - s->failure[r], MAY_FAIL / s->rounds, MOST_UNITS);
        if (!isfinite(units)) {
            return QN_OK;
        }
        factory.units[r] = units;
        factory.distances[r] = on_physical_qubits(s, r) ? 1 : 2 * s->distance[r] + 1;
        factory.names[r] = unit->name;
        factory.qubits = fmax(factory.qubits, units * unit_qubits(s, r));
        needed = units * unit->inputs;
    }
    factory.outputs = qn__binomial_quantile(factory.units[last], 1 - s->failure[last], MAY_FAIL / s->rounds) * outputs;
    return dominated(s, factory.qubits / factory.outputs, time) ? QN_OK : keep(s, &factory);
}

static qn_status try_distances(search *s, unsigned round, unsigned from)
{
    if (round >= s->rounds || round >= QN__FACTORY_ROUNDS) {
        return s->input[round] <= s->target ? judge(s) : QN_OK;
    }
    for (unsigned d = from; d < s->ndistances; d++) {
        s->distance[round] = d;
        s->input[round + 1] = after_round(s, round);
        if (isfinite(s->input[round + 1])) {
            QN_TRY(try_distances(s, round + 1, d));
        }
    }
    return QN_OK;
}

static qn_status try_units(search *s, unsigned round)
{
    if (round >= s->rounds || round >= QN__FACTORY_ROUNDS) {
        return try_distances(s, 0, 0);
    }
    for (unsigned u = 0; u < s->nunits; u++) {
        s->unit[round] = u;
        QN_TRY(try_units(s, round + 1));
    }
    return QN_OK;
}

/* T gates that need no distillation: a tile of the largest distance holds one for a cycle. */
static qn_status trivial(search *s, unsigned max_distance)
{
    const qn__t_factory factory = {.qubits = qn__patch_qubits(s->patch, max_distance),
                                   .time_ns = qn__patch_cycle(s->patch, max_distance),
                                   .outputs = 1,
                                   .error = s->patch->error_t,
                                   .distances = {max_distance},
                                   .units = {1},
                                   .names = {"none"}};
    return keep(s, &factory);
}

static qn_status run(search *s, unsigned max_distance)
{
    if (s->target > s->patch->error_t) {
        return trivial(s, max_distance);
    }
    for (s->rounds = 1; s->rounds <= QN__FACTORY_ROUNDS; s->rounds++) {
        if (s->rounds > ROUNDS_AT_FIRST && s->count > 0) {
            break;
        }
        s->input[0] = s->patch->error_t;
        QN_TRY(try_units(s, 0));
    }
    return QN_OK;
}

qn_status qn__t_factories(const qn__patch *patch, const qn__unit *units, size_t nunits, double target,
                          unsigned max_distance, qn__t_factory **out, size_t *count)
{
    const unsigned ndistances = (max_distance + 1) / 2;
    double *tiles = qn__alloc((size_t)3 * ndistances + 1, sizeof *tiles);
    QN_ALLOC_CHECK(tiles);
    for (unsigned i = 0; i < ndistances; i++) {
        tiles[i] = qn__patch_error(patch, 2 * i + 1);
        tiles[ndistances + i] = qn__patch_qubits(patch, 2 * i + 1);
        tiles[2 * ndistances + i] = qn__patch_cycle(patch, 2 * i + 1);
    }
    search s = {.patch = patch,
                .units = units,
                .nunits = nunits,
                .target = target,
                .ndistances = ndistances,
                .errors = tiles,
                .qubits = tiles + ndistances,
                .cycles = tiles + (size_t)2 * ndistances};
    const qn_status status = run(&s, max_distance);
    qn__free(tiles);
    if (status != QN_OK) {
        qn__free(s.front);
        return status;
    }
    *out = s.front;
    *count = s.count;
    return QN_OK;
}
