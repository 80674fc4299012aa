/* case.c: from keys and values to an instance, with messages for every way in which they can be wrong. */
#include "advise/case.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "advise/advice.h"
#include "advise/quantity.h"
#include "base/suggest.h"

enum {
    COMMON_ERROR,
    COMMON_CYCLE,
    COMMON_FACTORIES,
    COMMON_REACTION,
    COMMON_TOFFOLI,
    COMMON_IO,
    COMMON_DEADLINE,
    COMMON_COUNT
};

static const qn__key common[] = {
    [COMMON_ERROR] = {"p", "", QN__KEY_NUMBER, "?", NULL, 0, 1, true,
                      "physical error rate (default: the hardware row's)"},
    [COMMON_CYCLE] = {"cycle", "s", QN__KEY_SECONDS, "?", NULL, 0, 1e6, true,
                      "one round of error correction, e.g. 1us (default: the hardware row's)"},
    [COMMON_FACTORIES] = {"factories", "", QN__KEY_NUMBER, "4", NULL, 1, 1e12, false, "CCZ factories side by side"},
    [COMMON_REACTION] = {"reaction", "s", QN__KEY_SECONDS, "10us", NULL, 0, 1e6, false,
                         "from a measurement to the gate that depends on it"},
    [COMMON_TOFFOLI] = {"toffoli_s", "s", QN__KEY_SECONDS, "?", NULL, 0, 1e6, true,
                        "seconds of a Toffoli, e.g. 40us (default: by factories, error rate and cycle)"},
    [COMMON_IO] = {"io_bits_s", "bit/s", QN__KEY_NUMBER, "1e9", NULL, 0, 1e30, true,
                   "classical data a second into the quantum machine: 10^4 qubits every 10 us (arXiv:2307.00523)"},
    [COMMON_DEADLINE] = {"deadline", "s", QN__KEY_SECONDS, "?", NULL, 0, 1e30, true,
                         "an answer later than that is none (default: 14d)"},
};

const qn__key *qn__common_keys(size_t *count)
{
    *count = COMMON_COUNT;
    return common;
}

typedef struct reader {
    const qn_advice *advice;
    const qn__workload *workload;
    qn__instance *out;
    qn__count common_value[COMMON_COUNT];
    bool common_given[COMMON_COUNT];
} reader;

static const char *workload_name(const void *user, size_t index)
{
    (void)user;
    return qn__workload_at(index)->name;
}

static const char *key_name(const void *user, size_t index)
{
    const qn__workload *workload = user;
    return index < workload->nkeys ? workload->keys[index].name : common[index - workload->nkeys].name;
}

static const char *preset_name(const void *user, size_t index)
{
    const qn__table *table = user;
    return qn__table_text(table, qn__table_row(table, index), "id");
}

/* "; did you mean 'x'?" in `buffer`, or "". */
static const char *hint(const char *word, size_t count, const char *(*name)(const void *, size_t), const void *user,
                        char *buffer, size_t capacity)
{
    const char *nearest = qn__suggest(word, count, name, user);
    buffer[0] = '\0';
    if (nearest != NULL) {
        (void)snprintf(buffer, capacity, "; did you mean '%s'?", nearest);
    }
    return buffer;
}

static void list_names(size_t count, const char *(*name)(const void *, size_t), const void *user, char *buffer,
                       size_t capacity)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < count && used + 2 < capacity; i++) {
        const int length = snprintf(buffer + used, capacity - used, "%s%s", i > 0 ? ", " : "", name(user, i));
        used += length > 0 ? (size_t)length : 0;
    }
}

static const qn__workload *find_workload(const char *name)
{
    if (name != NULL && strcmp(name, "chem") == 0) {
        name = "chemistry"; /* the usual abbreviation */
    }
    for (size_t i = 0; name != NULL && i < qn__workload_count(); i++) {
        if (strcmp(qn__workload_at(i)->name, name) == 0) {
            return qn__workload_at(i);
        }
    }
    return NULL;
}

static qn_status fail_workload(const char *name)
{
    char near[128], list[512];
    QN_CHECK(name != NULL, ERR_ARGUMENT, "a workload is needed");
    list_names(qn__workload_count(), workload_name, NULL, list, sizeof list);
    const char *nearest = hint(name, qn__workload_count(), workload_name, NULL, near, sizeof near);
    return QN_FAIL(ERR_NAME, "unknown workload '%.64s'%s Workloads: %s", name, nearest[0] != '\0' ? nearest : ".",
                   list);
}

/* The words of a choice as an array, for suggestions. */
enum { CHOICES = 16, CHOICE_TEXT = 64 };
typedef struct choice_words {
    char text[CHOICES][CHOICE_TEXT];
} choice_words;

static const char *choice_name(const void *user, size_t index)
{
    return ((const choice_words *)user)->text[index];
}

static qn_status read_choice(const qn__key *key, const char *text, qn__count *out)
{
    choice_words words;
    char near[128];
    for (int i = 0;; i++) {
        char *const word = words.text[i < CHOICES ? i : CHOICES - 1];
        if (qn__choice_word(key, (qn__count)i, word, CHOICE_TEXT)[0] == '\0') {
            return QN_FAIL(ERR_NAME, "%s=%.64s: unknown word%s One of: %s", key->name, text,
                           hint(text, (size_t)i, choice_name, &words, near, sizeof near)[0] != '\0' ? near : ".",
                           key->choices);
        }
        if (strcmp(word, text) == 0) {
            *out = (qn__count)i;
            return QN_OK;
        }
    }
}

static qn_status check_range(const qn__key *key, const char *text, qn__count value)
{
    qn__say least, most;
    const double rounded = (double)value; /* so that 1e300 is not above 1e300 */
    const bool low = key->above ? !(rounded > key->least) : !(rounded >= key->least);
    if (low || !(rounded <= key->most)) {
        return QN_FAIL(ERR_RANGE, "%s=%.64s is impossible: %s %s %s and at most %s (%s)", key->name, text, "it must be",
                       key->above ? "above" : "at least", qn__say_count(&least, (qn__count)key->least),
                       qn__say_count(&most, (qn__count)key->most), key->help);
    }
    return QN_OK;
}

static qn_status read_value(const qn__key *key, const char *text, qn__count *out)
{
    if (key->kind == QN__KEY_CHOICE) {
        return read_choice(key, text, out);
    }
    qn__count value = 0;
    if (!qn__quantity_read(text, key->kind == QN__KEY_SECONDS, &value)) {
        return QN_FAIL(ERR_ARGUMENT, "%s=%.64s is no %s", key->name, text,
                       key->kind == QN__KEY_SECONDS ? "time; write 10ns, 2.5us, 14d or seconds"
                                                    : "number; write 1024, 2^20, 1e6, 25k or 5%");
    }
    QN_TRY(check_range(key, text, value));
    *out = value;
    return QN_OK;
}

qn_status qn__preset_read(const qn__table *table, const qn__row *row, qn__preset *out)
{
    *out = (qn__preset){
        .id = qn__table_text(table, row, "id"),
        .name = qn__table_text(table, row, "name"),
        .classical_method = qn__table_text(table, row, "classical_method"),
        .note = qn__table_text(table, row, "note"),
        .source = qn__table_text(table, row, "source"),
        .url = qn__table_text(table, row, "url"),
        .disputed = strcmp(qn__table_text(table, row, "disputed"), "yes") == 0,
    };
    const struct {
        const char *column;
        qn__count *to;
    } numbers[] = {{"qubits", &out->qubits},
                   {"toffoli", &out->toffoli},
                   {"t", &out->t},
                   {"depth", &out->depth},
                   {"lambda", &out->lambda},
                   {"step_toffoli", &out->step_toffoli},
                   {"classical_s", &out->classical_s}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        double value = 0;
        QN_TRY(qn__table_number_or(table, row, numbers[i].column, (double)NAN, &value));
        *numbers[i].to = (qn__count)value;
    }
    if (!(out->qubits >= 1) || !(out->toffoli > 0 || out->t > 0 || out->depth > 0)) {
        return qn__row_fail(table, row, "a preset needs qubits, and toffoli, t or depth");
    }
    return QN_OK;
}

static qn_status read_preset(reader *r, const qn__key *key, const char *text, qn__count *out)
{
    char near[128];
    const qn__table *table = NULL;
    QN_TRY(qn__advice_table(r->advice, "presets", &table));
    const qn__row *row = qn__table_look(table, text);
    if (row == NULL || strcmp(qn__table_text(table, row, "workload"), r->workload->name) != 0) {
        char list[512] = "";
        size_t used = 0;
        for (size_t i = 0; i < qn__table_rows(table) && used < sizeof list - 1; i++) {
            const qn__row *each = qn__table_row(table, i);
            if (strcmp(qn__table_text(table, each, "workload"), r->workload->name) == 0) {
                const int n = snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "",
                                       qn__table_text(table, each, "id"));
                used += n > 0 ? (size_t)n : 0;
            }
        }
        return QN_FAIL(ERR_NAME, "%s=%.64s: %s has no such preset%s Presets: %s", key->name, text, r->workload->name,
                       hint(text, qn__table_rows(table), preset_name, table, near, sizeof near)[0] != '\0' ? near : ".",
                       list);
    }
    QN_TRY(qn__preset_read(table, row, &r->out->preset));
    r->out->at.preset = &r->out->preset;
    *out = 0;
    return QN_OK;
}

static qn_status read_spread(const qn_advice *advice, const char *id, qn__spread *out, qn__count *middle)
{
    const qn__table *table = NULL;
    const qn__row *row = NULL;
    static const char *const columns[] = {"lo", "mid", "hi"};
    double value[3];
    QN_TRY(qn__advice_table(advice, "algorithms", &table));
    QN_TRY(qn__table_find(table, id, "constant", &row));
    for (int i = 0; i < 3; i++) {
        QN_TRY(qn__table_number(table, row, columns[i], &value[i]));
        if (!(value[i] > 0) || (i > 0 && value[i] < value[i - 1])) {
            return qn__row_fail(table, row, "lo, mid and hi must be above zero and in this order");
        }
        out->ln[i] = logl((qn__count)value[i]);
    }
    if (middle != NULL) {
        *middle = (qn__count)value[1];
    }
    return QN_OK;
}

static qn_status read_pair(reader *r, const qn_advise_pair *pair)
{
    char near[128], list[768];
    const qn__workload *w = r->workload;
    QN_CHECK(pair->key != NULL && pair->value != NULL, ERR_ARGUMENT, "a key needs a value");
    for (size_t i = 0; i < w->nkeys + COMMON_COUNT; i++) {
        const bool own = i < w->nkeys;
        const qn__key *key = own ? &w->keys[i] : &common[i - w->nkeys];
        if (strcmp(key->name, pair->key) != 0) {
            continue;
        }
        bool *given = own ? &r->out->at.given[i] : &r->common_given[i - w->nkeys];
        qn__count *value = own ? &r->out->at.value[i] : &r->common_value[i - w->nkeys];
        QN_CHECK(!*given, ERR_ARGUMENT, "%s is given twice", key->name);
        *given = true;
        return key->kind == QN__KEY_PRESET ? read_preset(r, key, pair->value, value)
                                           : read_value(key, pair->value, value);
    }
    list_names(w->nkeys + COMMON_COUNT, key_name, w, list, sizeof list);
    return QN_FAIL(ERR_NAME, "%s has no key '%.64s'%s Keys: %s", w->name, pair->key,
                   hint(pair->key, w->nkeys + COMMON_COUNT, key_name, w, near, sizeof near)[0] != '\0' ? near : ".",
                   list);
}

static qn_status fill_default(reader *r, size_t index)
{
    const qn__key *key = &r->workload->keys[index];
    qn__instance *out = r->out;
    if (key->fallback == NULL) {
        if (out->missing[0] == '\0') {
            (void)snprintf(out->missing, sizeof out->missing, "%s", key->name);
            out->missing_help = key->help;
        }
        out->at.value[index] = (qn__count)NAN;
        return QN_OK;
    }
    if (strcmp(key->fallback, "?") == 0) {
        out->at.value[index] = (qn__count)NAN;
        return QN_OK;
    }
    if (key->fallback[0] == '@') {
        out->uncertain[index] = true;
        return read_spread(r->advice, key->fallback + 1, &out->key_spread[index], &out->at.value[index]);
    }
    return read_value(key, key->fallback, &out->at.value[index]);
}

qn_status qn__hardware_find(const qn_advice *advice, const char *id, qn__hardware *out)
{
    const qn__table *table = NULL;
    const qn__row *row = NULL;
    QN_TRY(qn__advice_table(advice, "hardware", &table));
    QN_TRY(qn__table_find(table, id, "hardware", &row));
    *out = (qn__hardware){
        .id = qn__table_text(table, row, "id"),
        .platform = qn__table_text(table, row, "platform"),
        .name = qn__table_text(table, row, "name"),
        .modality = qn__table_text(table, row, "modality"),
        .demonstrated = strcmp(qn__table_text(table, row, "demonstrated"), "yes") == 0,
    };
    QN_TRY(qn__table_number(table, row, "p", &out->error));
    QN_TRY(qn__table_number(table, row, "cycle_s", &out->cycle_s));
    QN_TRY(qn__table_number_or(table, row, "physical_qubits", (double)NAN, &out->physical_qubits));
    if (!(out->error > 0) || !(out->cycle_s > 0)) {
        return qn__row_fail(table, row, "p and cycle_s must be above zero");
    }
    return QN_OK;
}

static qn_status fill_pace(reader *r, const qn_advise_options *options)
{
    qn__hardware hardware;
    qn__case *at = &r->out->at;
    QN_TRY(qn__hardware_find(r->advice, options->hardware != NULL ? options->hardware : "superconducting", &hardware));
    for (size_t i = 0; i < COMMON_COUNT; i++) {
        if (!r->common_given[i] && strcmp(common[i].fallback, "?") != 0) {
            QN_TRY(read_value(&common[i], common[i].fallback, &r->common_value[i]));
        }
    }
    const qn__count *v = r->common_value;
    const qn__count cycle = r->common_given[COMMON_CYCLE] ? v[COMMON_CYCLE] : (qn__count)hardware.cycle_s;
    at->pace = (qn__pace){
        .error = r->common_given[COMMON_ERROR] ? (double)v[COMMON_ERROR] : hardware.error,
        .threshold = 0.01,
        .cycle_s = (double)cycle,
        .factories = (double)v[COMMON_FACTORIES],
        /* No measurement is answered before its round is over. */
        .reaction_s = fmax((double)v[COMMON_REACTION], r->common_given[COMMON_REACTION] ? 0 : (double)cycle),
        .budget = options->budget,
        .toffoli_s = r->common_given[COMMON_TOFFOLI] ? (double)v[COMMON_TOFFOLI] : 0,
    };
    at->io_bits_s = v[COMMON_IO];
    at->deadline_s = r->common_given[COMMON_DEADLINE] ? v[COMMON_DEADLINE] : (qn__count)options->deadline_s;
    at->oracle_factor = 1;
    QN_CHECK(
        at->pace.error < at->pace.threshold, ERR_RANGE,
        "a physical error rate of %g is not below the threshold of the surface code, %g: no error correction works%s%s",
        at->pace.error, at->pace.threshold, r->common_given[COMMON_ERROR] ? "" : " on hardware ",
        r->common_given[COMMON_ERROR] ? "" : hardware.id);
    return QN_OK;
}

static qn_status check_options(const qn_advise_options *options)
{
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options of another version; start them with QN_ADVISE_OPTIONS_INIT");
    QN_CHECK(options->budget > 0 && options->budget < 1, ERR_RANGE, "a failure budget of %g is not between 0 and 1",
             options->budget);
    QN_CHECK(options->deadline_s > 0, ERR_RANGE, "a deadline of %g s is not above zero", options->deadline_s);
    QN_CHECK(options->year == 0 || (options->year >= 2020 && options->year <= 2200), ERR_RANGE,
             "the year %d is not from 2020 to 2200", options->year);
    QN_CHECK(options->samples <= 1000000 && options->curve <= 1000, ERR_RANGE,
             "at most 1,000,000 samples and 1,000 points of a curve");
    return QN_OK;
}

qn_status qn__instance_read(const qn_advice *advice, const char *workload, const qn_advise_pair *pairs, size_t npairs,
                            const qn_advise_options *options, qn__instance *out)
{
    static const char *const factors[QN__FACTORS] = {"physical_error", "cycle_time", "oracle_gates", "classical_speed"};
    QN_CHECK(advice != NULL && (pairs != NULL || npairs == 0), ERR_ARGUMENT, "tables and pairs are needed");
    QN_TRY(check_options(options));
    memset(out, 0, sizeof *out);
    reader r = {.advice = advice, .out = out};
    r.workload = find_workload(workload);
    if (r.workload == NULL) {
        return fail_workload(workload);
    }
    out->at.workload = r.workload;
    out->at.advice = advice;
    for (size_t i = 0; i < npairs; i++) {
        QN_TRY(read_pair(&r, &pairs[i]));
    }
    for (size_t i = 0; i < r.workload->nkeys; i++) {
        if (!out->at.given[i]) {
            QN_TRY(fill_default(&r, i));
        }
    }
    if (r.workload->settle != NULL) {
        const qn__key *key = r.workload->settle(&out->at);
        if (key != NULL && out->missing[0] == '\0') {
            (void)snprintf(out->missing, sizeof out->missing, "%s", key->name);
            out->missing_help = key->help;
        }
    }
    if (r.workload->check != NULL) {
        QN_TRY(r.workload->check(&out->at));
    }
    for (size_t i = 0; i < QN__FACTORS; i++) {
        QN_TRY(read_spread(advice, factors[i], &out->factor[i], NULL));
    }
    QN_TRY(qn__rival_find(advice, options->baseline != NULL ? options->baseline : "cpu", options->machine,
                          &out->at.rival));
    return fill_pace(&r, options);
}

qn__count qn__spread_at(const qn__spread *spread, double u)
{
    const int half = u < 0.5 ? 0 : 1;
    const qn__count part = 2 * (qn__count)u - (qn__count)half;
    return expl(spread->ln[half] + part * (spread->ln[half + 1] - spread->ln[half]));
}

void qn__instance_draw(const qn__instance *instance, const double u[QN__KEYS], const double f[QN__FACTORS],
                       qn__case *out)
{
    *out = instance->at;
    for (size_t i = 0; i < instance->at.workload->nkeys; i++) {
        if (instance->uncertain[i]) {
            out->value[i] = qn__spread_at(&instance->key_spread[i], u[i]);
        }
    }
    const double error =
        out->pace.error * (double)qn__spread_at(&instance->factor[QN__FACTOR_ERROR], f[QN__FACTOR_ERROR]);
    /* Closer to the threshold the distances of the model leave every table; such a machine is no worse than useless. */
    out->pace.error = fmin(error, fmax(0.9 * out->pace.threshold, out->pace.error));
    const double cycle = (double)qn__spread_at(&instance->factor[QN__FACTOR_CYCLE], f[QN__FACTOR_CYCLE]);
    out->pace.cycle_s *= cycle;
    out->pace.reaction_s *= cycle;
    out->pace.toffoli_s *= cycle;
    out->oracle_factor = qn__spread_at(&instance->factor[QN__FACTOR_ORACLE], f[QN__FACTOR_ORACLE]);
    qn__rival_scale(&out->rival, qn__spread_at(&instance->factor[QN__FACTOR_CLASSICAL], f[QN__FACTOR_CLASSICAL]));
}
