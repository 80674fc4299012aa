/* instance.c: the table of problem formats: names, detection, reading, describing. */
#include <quern/instance.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "format/instance/scan.h"

enum { FORMATS = QN_INSTANCE_XOR };

static const struct {
    const char *name;
    qn_status (*read)(const qn__source *source, qn_instance *out);
} formats[FORMATS + 1] = {
    [QN_INSTANCE_RUDY] = {"rudy", qn__read_rudy},       [QN_INSTANCE_BQ] = {"bq", qn__read_bq},
    [QN_INSTANCE_QUBO] = {"qubo", qn__read_qubo},       [QN_INSTANCE_LP] = {"lp", qn__read_lp},
    [QN_INSTANCE_TSPLIB] = {"tsplib", qn__read_tsplib}, [QN_INSTANCE_DIMACS] = {"dimacs", qn__read_dimacs},
    [QN_INSTANCE_CSV] = {"csv", qn__read_table},        [QN_INSTANCE_NAS] = {"nas-json", qn__read_nas},
    [QN_INSTANCE_XOR] = {"xor", qn__read_parities},
};

const char *qn_instance_format_name(qn_instance_format format)
{
    return (unsigned)format >= 1 && (unsigned)format <= FORMATS ? formats[format].name : NULL;
}

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return formats[index + 1].name;
}

qn_status qn_instance_format_find(const char *name, qn_instance_format *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "a name and a place for the format are needed");
    for (int k = 1; k <= FORMATS; k++) {
        if (strcmp(name, formats[k].name) == 0) {
            *out = (qn_instance_format)k;
            return QN_OK;
        }
    }
    const char *const near = qn__suggest(name, FORMATS, name_at, NULL);
    return QN_FAIL(ERR_NAME, "unknown format '%.40s'%s%s%s", name, near != NULL ? ", did you mean '" : "",
                   near != NULL ? near : "", near != NULL ? "'?" : "");
}

static bool has_ending(const char *name, const char *ending)
{
    const size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

/* "whole whole" alone on the first line, and three numbers on the second. A diagonal entry is no edge of a graph. */
static qn_instance_format detect_pairs(qn__cursor cursor, const char *name)
{
    uint64_t a = 0, b = 0, i = 0, j = 0;
    if (qn__scan_whole(&cursor, "", 0, UINT64_MAX, &a) != QN_OK ||
        qn__scan_whole(&cursor, "", 0, UINT64_MAX, &b) != QN_OK || !qn__scan_line_ends(&cursor)) {
        return QN_INSTANCE_DETECT;
    }
    if (name != NULL && (has_ending(name, ".bq") || has_ending(name, ".sparse"))) {
        return QN_INSTANCE_BQ;
    }
    if (name != NULL && has_ending(name, ".mc")) { /* where a diagonal entry is a mistake */
        return QN_INSTANCE_RUDY;
    }
    while (qn__scan_line(&cursor, "#")) {
        if (qn__scan_whole(&cursor, "", 0, UINT64_MAX, &i) != QN_OK ||
            qn__scan_whole(&cursor, "", 0, UINT64_MAX, &j) != QN_OK) {
            break;
        }
        if (i == j) {
            return QN_INSTANCE_BQ;
        }
        qn__cursor_skip_line(&cursor);
    }
    return QN_INSTANCE_RUDY;
}

static bool is_lp(qn__cursor cursor)
{
    static const char *const words[] = {"MINIMIZE", "MINIMISE", "MINIMUM", "MIN",
                                        "MAXIMIZE", "MAXIMISE", "MAXIMUM", "MAX"};
    (void)qn__scan_line(&cursor, "\\");
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        qn__cursor probe = cursor;
        if (qn__scan_keyword(&probe, words[k])) {
            return qn__scan_line_ends(&probe) || strchr(",;", qn__cursor_peek(&probe)) == NULL;
        }
    }
    return false;
}

/* A letter c, p or e alone, then: c anything, p qubo, p cnf or p edge. */
static qn_instance_format detect_dimacs(qn__cursor cursor)
{
    while (qn__scan_line(&cursor, "")) {
        qn__cursor probe = cursor;
        const bool comment = qn__scan_keyword(&probe, "C") && (qn__scan_line_ends(&probe) || probe.at > cursor.at + 1);
        if (!comment) {
            break;
        }
        qn__cursor_skip_line(&cursor);
    }
    if (!qn__scan_keyword(&cursor, "P") || !qn__is_blank(qn__cursor_peek(&cursor))) {
        return QN_INSTANCE_DETECT;
    }
    qn__cursor_skip_blanks(&cursor);
    return qn__scan_keyword(&cursor, "QUBO")                                      ? QN_INSTANCE_QUBO
           : qn__scan_keyword(&cursor, "CNF") || qn__scan_keyword(&cursor, "XNF") ? QN_INSTANCE_XOR
                                                                                  : QN_INSTANCE_DIMACS;
}

/* Text that looks like nothing else is a table, unless its name promises more: then that reader says what is wrong. */
static qn_instance_format by_ending(const char *name)
{
    static const struct {
        const char *ending;
        qn_instance_format format;
    } endings[] = {{".mc", QN_INSTANCE_RUDY},    {".bq", QN_INSTANCE_BQ},      {".sparse", QN_INSTANCE_BQ},
                   {".qubo", QN_INSTANCE_QUBO},  {".lp", QN_INSTANCE_LP},      {".tsp", QN_INSTANCE_TSPLIB},
                   {".vrp", QN_INSTANCE_TSPLIB}, {".col", QN_INSTANCE_DIMACS}, {".clq", QN_INSTANCE_DIMACS},
                   {".xnf", QN_INSTANCE_XOR}};
    for (size_t k = 0; name != NULL && k < sizeof endings / sizeof *endings; k++) {
        if (has_ending(name, endings[k].ending)) {
            return endings[k].format;
        }
    }
    return QN_INSTANCE_CSV;
}

static bool is_tsplib(qn__cursor cursor)
{
    static const char *const keys[] = {"NAME", "TYPE", "COMMENT", "DIMENSION", "EDGE_WEIGHT_TYPE", "CAPACITY"};
    (void)qn__scan_word(&cursor);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        qn__cursor probe = cursor;
        if (qn__scan_keyword(&probe, keys[k])) {
            qn__cursor_skip_blanks(&probe);
            return qn__cursor_peek(&probe) == ':';
        }
    }
    return false;
}

qn_instance_format qn_instance_detect(const char *text, size_t length, const char *name)
{
    qn__source source;
    if (qn__source_open(&source, text, length, NULL) != QN_OK) {
        return QN_INSTANCE_DETECT;
    }
    qn__cursor cursor = {&source, source.start, source.length};
    if (!qn__scan_word(&cursor)) {
        return QN_INSTANCE_DETECT;
    }
    if (qn__cursor_peek(&cursor) == '{') {
        return QN_INSTANCE_NAS;
    }
    if (is_tsplib(cursor)) {
        return QN_INSTANCE_TSPLIB;
    }
    const qn_instance_format dimacs = detect_dimacs(cursor);
    if (dimacs != QN_INSTANCE_DETECT) {
        return dimacs;
    }
    if (is_lp(cursor)) {
        return QN_INSTANCE_LP;
    }
    (void)qn__scan_line(&cursor, "#");
    const qn_instance_format pairs = detect_pairs(cursor, name);
    return pairs != QN_INSTANCE_DETECT ? pairs : by_ending(name);
}

qn_status qn_instance_parse(const char *text, size_t length, const char *name, qn_instance_format format,
                            qn_instance **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the instance is needed");
    QN_CHECK((unsigned)format <= FORMATS, ERR_ARGUMENT, "format %d is none of qn_instance_format", (int)format);
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    if (format == QN_INSTANCE_DETECT) {
        format = qn_instance_detect(text, length, name);
    }
    if (format == QN_INSTANCE_DETECT) {
        return QN_PARSE_FAIL(
            &source, source.start,
            "nothing in this file; expected a graph, a quadratic form, parities, an LP, a TSPLIB problem or a "
            "table");
    }
    qn_instance *instance = qn__calloc(1, sizeof *instance);
    QN_ALLOC_CHECK(instance);
    instance->format = format;
    qn_status status = formats[format].read(&source, instance);
    if (status == QN_OK && instance->name == NULL) {
        instance->name = qn__strdup(source.name);
        status = instance->name != NULL ? QN_OK : QN_ERR_MEMORY;
    }
    if (status != QN_OK) {
        qn_instance_free(instance);
        return status;
    }
    *out = instance;
    return QN_OK;
}

void qn_instance_free(qn_instance *instance)
{
    if (instance == NULL) {
        return;
    }
    if (instance->graph != NULL) {
        qn__free(instance->graph->from);
        qn__free(instance->graph->weight);
        qn__free(instance->graph->node_weight);
        qn__free(instance->graph);
    }
    if (instance->quadratic != NULL) {
        qn__free(instance->quadratic->i);
        qn__free(instance->quadratic->value);
        qn__free(instance->quadratic);
    }
    qn__parities_free(instance->parities);
    qn__program_free(instance->program);
    qn__places_free(instance->places);
    qn__score_table_free(instance->table);
    qn__free(instance->name);
    qn__free(instance);
}

qn_status qn_instance_numbers(const qn_instance *instance, uint32_t column)
{
    QN_CHECK(instance != NULL && instance->table != NULL && column < instance->table->columns, ERR_ARGUMENT,
             "there is no such column");
    const qn_column *const c = &instance->table->column[column];
    uint32_t word = c->levels, numbers = 0;
    for (uint32_t l = c->levels; l-- > 0;) { /* levels are in order of appearance */
        word = isfinite(c->values[l]) ? word : l;
        numbers += isfinite(c->values[l]) ? 1 : 0;
    }
    if (word == c->levels) {
        return QN_OK;
    }
    const char *const name = instance->name != NULL ? instance->name : "table";
    return numbers > 0 ? QN_FAIL(ERR_PARSE, "%s:%zu:%zu: error: '%.40s' in column '%.40s'; expected a number", name,
                                 c->word_line, c->word_column, c->texts[word], c->name)
                       : QN_FAIL(ERR_ARGUMENT,
                                 "%s:%zu:%zu: error: column '%.40s' holds words such as '%.40s'; expected numbers",
                                 name, c->word_line, c->word_column, c->name, c->texts[word]);
}

void qn_instance_describe(const qn_instance *instance, char *buffer, size_t capacity)
{
    if (instance->graph != NULL) {
        const qn_graph *const g = instance->graph;
        (void)snprintf(buffer, capacity, "graph, %u nodes, %zu edges%s%s", g->nodes, g->edges,
                       g->weighted ? ", weighted" : "", g->node_weight != NULL ? ", weighted nodes" : "");
    } else if (instance->quadratic != NULL) {
        (void)snprintf(buffer, capacity, "quadratic form, %u variables, %zu entries", instance->quadratic->variables,
                       instance->quadratic->terms);
    } else if (instance->parities != NULL) {
        (void)snprintf(buffer, capacity, "parities, %u variables, %zu constraints", instance->parities->variables,
                       instance->parities->constraints);
    } else if (instance->program != NULL) {
        (void)snprintf(buffer, capacity, "program, %u variables, %zu constraints", instance->program->variables,
                       instance->program->constraints);
    } else if (instance->places != NULL) {
        (void)snprintf(buffer, capacity, "%u places%s", instance->places->nodes,
                       instance->places->demand != NULL ? " with demands" : "");
    } else if (instance->table != NULL) {
        (void)snprintf(buffer, capacity, "table, %zu rows, %u columns", instance->table->rows,
                       instance->table->columns);
    } else if (capacity > 0) {
        buffer[0] = '\0';
    }
}
