/* estimate_output.c: prices side by side. */
#include "estimate_output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 96, NUMBER = 32, LABEL = 22, COLUMN = 30 };

static const char *const model_names[] = {"A: Beverland, Azure", "B: Gidney-Fowler, Qualtran"};

/* Whole numbers with their thousands apart; large ones as powers. */
static const char *whole(char buffer[NUMBER], double value)
{
    if (!(fabs(value) < 1e15)) {
        (void)snprintf(buffer, NUMBER, "%.3e", value);
        return buffer;
    }
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%.0f", value);
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            buffer[at++] = ',';
        }
        buffer[at++] = digits[i];
    }
    buffer[at] = '\0';
    return buffer;
}

static void say_qubits(char *out, const qn_estimate_result *r)
{
    (void)whole(out, r->physical_qubits);
}

static void say_data(char *out, const qn_estimate_result *r)
{
    char tiles[NUMBER], size[NUMBER];
    (void)snprintf(out, CELL, "%s tiles of %s", whole(tiles, r->logical_qubits),
                   whole(size, r->physical_qubits_data / r->logical_qubits));
}

static void say_factories(char *out, const qn_estimate_result *r)
{
    char copies[NUMBER], size[NUMBER];
    (void)snprintf(out, CELL, "%s of %s", whole(copies, r->factory.copies), whole(size, r->factory.physical_qubits));
}

static void say_time(char *out, const qn_estimate_result *r)
{
    (void)qn_human(out, CELL, r->runtime_s, "s");
}

static void say_bound(char *out, const qn_estimate_result *r)
{
    static const char *const texts[] = {"its own depth", "magic states", "reaction time", "the data block"};
    (void)snprintf(out, CELL, "%s", texts[r->bound]);
}

static void say_distance(char *out, const qn_estimate_result *r)
{
    (void)snprintf(out, CELL, "%u", r->code_distance);
}

static void say_cycle(char *out, const qn_estimate_result *r)
{
    char number[NUMBER];
    (void)snprintf(out, CELL, "%s a %s", qn_human(number, sizeof number, r->cycle_s, "s"),
                   r->model == QN_ESTIMATE_A ? "logical cycle" : "round");
}

static void say_cycles(char *out, const qn_estimate_result *r)
{
    (void)whole(out, r->logical_cycles);
}

static void say_states(char *out, const qn_estimate_result *r)
{
    char number[NUMBER];
    (void)snprintf(out, CELL, "%s %s", whole(number, r->magic_states), r->model == QN_ESTIMATE_A ? "T" : "CCZ");
}

static void say_rotation(char *out, const qn_estimate_result *r)
{
    (void)snprintf(out, CELL, "%.0f", r->t_per_rotation);
}

static void say_units(char *out, const qn_estimate_result *r, size_t level)
{
    const qn_estimate_factory *f = &r->factory;
    char number[NUMBER];
    if (level >= f->rounds) {
        (void)snprintf(out, CELL, "-");
    } else if (f->distances[level] == 1) {
        (void)snprintf(out, CELL, "%s %s, physical", whole(number, f->units[level]), f->names[level]);
    } else {
        (void)snprintf(out, CELL, "%s %s, d=%u", whole(number, f->units[level]), f->names[level], f->distances[level]);
    }
}

static void say_level1(char *out, const qn_estimate_result *r)
{
    if (r->factory.copies > 0 && r->factory.rounds == 0) {
        (void)snprintf(out, CELL, "none needed");
        return;
    }
    say_units(out, r, 0);
}

static void say_level2(char *out, const qn_estimate_result *r)
{
    say_units(out, r, 1);
}

static void say_level3(char *out, const qn_estimate_result *r)
{
    say_units(out, r, 2);
}

static void say_run(char *out, const qn_estimate_result *r)
{
    char number[NUMBER];
    (void)snprintf(out, CELL, "%s, error %.1e", qn_human(number, sizeof number, r->factory.duration_s, "s"),
                   r->factory.output_error);
}

static void say_failure(char *out, const qn_estimate_result *r)
{
    (void)snprintf(out, CELL, "%.2g", r->failure_probability);
}

static bool has_factory(const qn_estimate_result *r)
{
    return r->factory.copies > 0;
}

static bool has_rotations(const qn_estimate_result *r)
{
    return r->t_per_rotation > 0;
}

static bool has_level2(const qn_estimate_result *r)
{
    return r->factory.rounds > 1;
}

static bool has_level3(const qn_estimate_result *r)
{
    return r->factory.rounds > 2;
}

/* The table's lines; `shown` NULL: always. */
static const struct {
    const char *label;
    void (*say)(char *out, const qn_estimate_result *r);
    bool (*shown)(const qn_estimate_result *r);
    bool brief; /* also when quiet */
} lines[] = {{"physical qubits", say_qubits, NULL, true},
             {"  data", say_data, NULL, false},
             {"  factories", say_factories, has_factory, false},
             {"time", say_time, NULL, true},
             {"  set by", say_bound, NULL, false},
             {"code distance", say_distance, NULL, true},
             {"clock", say_cycle, NULL, false},
             {"  cycles", say_cycles, NULL, false},
             {"magic states", say_states, has_factory, false},
             {"  T per rotation", say_rotation, has_rotations, false},
             {"factory, level 1", say_level1, has_factory, false},
             {"         level 2", say_level2, has_level2, false},
             {"         level 3", say_level3, has_level3, false},
             {"  one run", say_run, has_factory, false},
             {"it fails with", say_failure, NULL, true}};

static bool wanted(const cli_estimate *e, size_t line)
{
    if (e->quiet && !lines[line].brief) {
        return false;
    }
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        if (e->models[m].done && (lines[line].shown == NULL || lines[line].shown(&e->models[m].result))) {
            return true;
        }
    }
    return false;
}

static void write_table(qn_text *text, const cli_estimate *e)
{
    qn_text_printf(text, "%-*s", LABEL, "");
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        if (e->models[m].done) {
            qn_text_printf(text, "%*s", COLUMN, model_names[m]);
        }
    }
    qn_text_printf(text, "\n");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!wanted(e, i)) {
            continue;
        }
        qn_text_printf(text, "%-*s", LABEL, lines[i].label);
        for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
            char cell[CELL] = "-";
            const qn_estimate_result *r = &e->models[m].result;
            if (e->models[m].done && (lines[i].shown == NULL || lines[i].shown(r))) {
                lines[i].say(cell, r);
            }
            if (e->models[m].done) {
                qn_text_printf(text, "%*s", COLUMN, cell);
            }
        }
        qn_text_printf(text, "\n");
    }
}

static void write_stacks(qn_text *text, const cli_estimate *e)
{
    char qubits[NUMBER], time[NUMBER];
    if (e->nstacks > 0) {
        qn_text_printf(text, "\nBy stack                   qubits           time\n");
    }
    for (size_t i = 0; i < e->nstacks; i++) {
        const cli_stack *s = &e->stacks[i];
        if (!s->done) {
            qn_text_printf(text, "  %-12s %18s %14s  %s\n", s->id, "-", "-", s->why);
            continue;
        }
        qn_text_printf(text, "  %-12s %18s %14s  %s (%s)\n", s->id, whole(qubits, s->price.physical_qubits),
                       s->price.runtime_s > 0 ? qn_human(time, sizeof time, s->price.runtime_s, "s") : "-",
                       s->price.name, s->price.modelled ? "modelled" : "scaled, good to x3");
    }
}

static double factor(double a, double b)
{
    return a > b ? a / b : b / a;
}

static void write_remarks(qn_text *text, const cli_estimate *e)
{
    const cli_priced *a = &e->models[0], *b = &e->models[1];
    char number[NUMBER];
    if (a->done && b->done) {
        qn_text_printf(
            text,
            "\nThe models differ by x%.1f in qubits and x%.1f in time: that is the least of the error bar. The stack\n"
            "moves qubits by ten to a hundred times more (docs/estimate.md).\n",
            factor(a->result.physical_qubits, b->result.physical_qubits),
            factor(a->result.runtime_s, b->result.runtime_s));
    }
    if (b->done && !e->options.serial && b->result.reaction_bound_s > b->result.runtime_s) {
        qn_text_printf(text,
                       "If every gate waits for the one before it, model B's run takes %s, by its reaction time.\n",
                       qn_human(number, sizeof number, b->result.reaction_bound_s, "s"));
    }
    qn_text_printf(
        text,
        "Assumed: uniform independent noise, a decoder that is never late, magic states used as smoothly as they\n"
        "are made. Facts of %s.\n",
        e->edition);
}

void cli_estimate_program(char *buffer, size_t capacity, const cli_estimate *e)
{
    const qn_logical_counts *c = &e->counts;
    char n[6][NUMBER];
    (void)snprintf(buffer, capacity, "%s qubits, %s T, %s Toffoli, %s rotations in %s layers, %s measurements",
                   whole(n[0], c->qubits), whole(n[1], c->t), whole(n[2], c->ccz + c->ccix), whole(n[3], c->rotations),
                   whole(n[4], c->rotation_depth), whole(n[5], c->measurements));
}

void cli_estimate_text(qn_text *text, const qn_style *style, const void *user)
{
    (void)style;
    const cli_estimate *e = user;
    char program[256];
    if (!e->quiet) {
        cli_estimate_program(program, sizeof program, e);
        qn_text_printf(text, "%s: %s\n", e->input, program);
        qn_text_printf(text, "platform %s, failure budget %g\n\n", e->options.platform, e->options.budget);
    }
    write_table(text, e);
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        if (e->models[m].asked && !e->models[m].done) {
            qn_text_printf(text, "\nNo price by model %s: %s.\n", model_names[m], e->models[m].why);
        }
    }
    if (!e->quiet) {
        write_stacks(text, e);
        write_remarks(text, e);
    }
}

/* JSON. */

void cli_estimate_input_json(qn_json *json, const void *user)
{
    const cli_estimate *e = user;
    const qn_logical_counts *c = &e->counts;
    qn_json_string(json, "file", e->input);
    qn_json_begin_object(json, "counts");
    qn_json_number(json, "qubits", c->qubits);
    qn_json_number(json, "t", c->t);
    qn_json_number(json, "rotations", c->rotations);
    qn_json_number(json, "rotation_depth", c->rotation_depth);
    qn_json_number(json, "ccz", c->ccz);
    qn_json_number(json, "ccix", c->ccix);
    qn_json_number(json, "measurements", c->measurements);
    qn_json_end_object(json);
    qn_json_string(json, "platform", e->options.platform);
    qn_json_string(json, "code", e->options.code);
    qn_json_number(json, "budget", e->options.budget);
    qn_json_string(json, "edition", e->edition);
}

static void factory_json(qn_json *json, const qn_estimate_factory *f)
{
    static const char *const distances[] = {"level1_distance", "level2_distance", "level3_distance", "level4_distance"};
    qn_json_begin_object(json, "factory");
    qn_json_number(json, "copies", f->copies);
    qn_json_number(json, "physical_qubits", f->physical_qubits);
    qn_json_number(json, "duration_ns", f->duration_ns);
    for (size_t i = 0; i < QN_FACTORY_ROUNDS; i++) {
        if (i < f->rounds || i < 2) {
            qn_json_unsigned(json, distances[i], f->distances[i]);
        }
    }
    qn_json_unsigned(json, "rounds", f->rounds);
    qn_json_number(json, "outputs", f->outputs);
    qn_json_number(json, "output_error", f->output_error);
    qn_json_begin_array(json, "units");
    for (size_t i = 0; i < f->rounds; i++) {
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "name", f->names[i]);
        qn_json_number(json, "count", f->units[i]);
        qn_json_unsigned(json, "distance", f->distances[i]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
}

static void members(qn_json *json, const qn_estimate_result *r)
{
    qn_json_number(json, "physical_qubits", r->physical_qubits);
    qn_json_number(json, "runtime_ns", r->runtime_ns);
    qn_json_number(json, "runtime_s", r->runtime_s);
    qn_json_unsigned(json, "code_distance", r->code_distance);
    qn_json_number(json, "logical_qubits", r->logical_qubits);
    qn_json_number(json, "logical_cycles", r->logical_cycles);
    qn_json_number(json, "cycle_ns", nearbyint(r->cycle_s * 1e15) / 1e6);
    qn_json_number(json, "magic_states", r->magic_states);
    qn_json_number(json, "t_per_rotation", r->t_per_rotation);
    qn_json_number(json, "physical_qubits_data", r->physical_qubits_data);
    qn_json_number(json, "physical_qubits_factories", r->physical_qubits_factories);
    factory_json(json, &r->factory);
    qn_json_number(json, "failure_probability", r->failure_probability);
    qn_json_number(json, "rqops", r->rqops);
    qn_json_string(json, "bound", qn_estimate_bound_name(r->bound));
    qn_json_begin_object(json, "bound_seconds");
    qn_json_number(json, "program", r->program_bound_s);
    qn_json_number(json, "factory", r->factory_bound_s);
    qn_json_number(json, "reaction", r->reaction_bound_s);
    qn_json_end_object(json);
}

static void stacks_json(qn_json *json, const cli_estimate *e)
{
    qn_json_begin_array(json, "stacks");
    for (size_t i = 0; i < e->nstacks; i++) {
        const cli_stack *s = &e->stacks[i];
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "stack", s->id);
        if (s->done) {
            const qn_estimate_stack *p = &s->price;
            qn_json_number(json, "physical_qubits", p->physical_qubits);
            qn_json_number(json, "runtime_s", p->runtime_s > 0 ? p->runtime_s : (double)NAN);
            qn_json_number(json, "failure_probability",
                           p->failure_probability > 0 ? p->failure_probability : (double)NAN);
            qn_json_string(json, "source", p->url);
            qn_json_string(json, "basis", p->modelled ? "modelled" : "scaled");
        } else {
            qn_json_string(json, "error", s->why);
        }
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

static const char letters[][2] = {"A", "B"};

/* The first model's price in the result itself, and all of them under "models". */
void cli_estimate_result_json(qn_json *json, const void *user)
{
    const cli_estimate *e = user;
    const size_t first = e->models[0].done ? 0 : 1;
    qn_json_string(json, "model", letters[first]);
    members(json, &e->models[first].result);
    qn_json_begin_array(json, "models");
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        if (!e->models[m].asked) {
            continue;
        }
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "model", letters[m]);
        if (e->models[m].done) {
            members(json, &e->models[m].result);
        } else {
            qn_json_string(json, "error", e->models[m].why);
        }
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    stacks_json(json, e);
}

/* Picture. */

qn_status cli_estimate_plot(const cli_estimate *e, cli_estimate_picture *out)
{
    static const char *const fronts[] = {"model A", "model B"}, *const points[] = {"A, this price", "B, this price"};
    *out = (cli_estimate_picture){.plot = QN_PLOT_INIT};
    size_t total = 0, at = 0;
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        total += e->models[m].done ? e->models[m].front.count + 1 : 0;
    }
    out->values = calloc(2 * total + 1, sizeof *out->values);
    if (out->values == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        const cli_priced *p = &e->models[m];
        if (!p->done) {
            continue;
        }
        double *const x = out->values + at, *const y = x + p->front.count + 1;
        for (size_t i = 0; i <= p->front.count; i++) {
            const qn_estimate_result *r = i < p->front.count ? &p->front.points[i] : &p->result;
            x[i] = r->physical_qubits;
            y[i] = r->runtime_s;
        }
        at += 2 * (p->front.count + 1);
        if (p->front.count > 0) {
            out->series[out->plot.nseries++] =
                (qn_series){.name = fronts[m], .x = x, .y = y, .count = p->front.count, .points = p->front.count == 1};
        }
        out->series[out->plot.nseries++] = (qn_series){
            .name = points[m], .x = x + p->front.count, .y = y + p->front.count, .count = 1, .points = true};
    }
    out->plot.title = "Physical qubits against time";
    (void)snprintf(out->subtitle, sizeof out->subtitle, "%.60s on %.40s, failure budget %g", e->input,
                   e->options.platform, e->options.budget);
    out->plot.x_label = "physical qubits";
    out->plot.y_label = "time, seconds";
    out->plot.log_x = out->plot.log_y = true;
    out->plot.series = out->series;
    return QN_OK;
}

void cli_estimate_plot_free(cli_estimate_picture *picture)
{
    free(picture->values);
    picture->values = NULL;
}
