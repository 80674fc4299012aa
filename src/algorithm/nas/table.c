/* table.c: a table of words and numbers read as configurations with a score. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm/nas/search.h"
#include "base/alloc.h"
#include "base/suggest.h"

enum { MOST_LEVELS = 64 };

static bool ignored(const qn_nas_table_options *options, const char *name)
{
    for (size_t k = 0; k < options->nignore; k++) {
        if (strcmp(options->ignore[k], name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *column_name(const void *user, size_t index)
{
    const qn_score_table *const source = user;
    return source->column[index].name;
}

static qn_status find_column(const qn_score_table *source, const char *name, uint32_t *out)
{
    for (uint32_t c = 0; c < source->columns; c++) {
        if (strcmp(source->column[c].name, name) == 0) {
            *out = c;
            return QN_OK;
        }
    }
    const char *const nearest = qn__suggest(name, source->columns, column_name, source);
    return nearest != NULL ? QN_FAIL(ERR_NAME, "there is no column '%s'; did you mean '%s'?", name, nearest)
                           : QN_FAIL(ERR_NAME, "there is no column '%s'", name);
}

static void remark(qn_nas_table *table, const char *name)
{
    const size_t used = strlen(table->remark);
    if (used + 48 < sizeof table->remark) {
        (void)snprintf(table->remark + used, sizeof table->remark - used, "%s%.40s",
                       used == 0 ? "columns that are not choices: " : ", ", name);
    } else if (used + 8 < sizeof table->remark && table->remark[used - 1] != '.') {
        (void)snprintf(table->remark + used, sizeof table->remark - used, ", ...");
    }
}

/* Choices are the columns of 2 to 64 levels; in NAS files those of the key, as the others are results. */
static qn_status take_columns(qn_nas_table *table, const qn_instance *instance, const qn_nas_table_options *options)
{
    const qn_score_table *const t = table->source;
    const bool nas = instance->format == QN_INSTANCE_NAS;
    table->space = 1;
    for (uint32_t c = 0; c < t->columns; c++) {
        if (c == table->target) {
            continue;
        }
        const bool place = !nas || strncmp(t->column[c].name, "op", 2) == 0;
        if (place && !ignored(options, t->column[c].name) && t->column[c].levels >= 2 &&
            t->column[c].levels <= MOST_LEVELS) {
            table->column[table->choices] = c;
            table->levels[table->choices++] = t->column[c].levels;
            table->space *= t->column[c].levels;
        } else {
            remark(table, t->column[c].name);
        }
    }
    QN_CHECK(table->choices >= 1, ERR_ARGUMENT,
             "no column is a choice: choices have 2 to %d levels, and '%s' is the score", MOST_LEVELS,
             t->column[table->target].name);
    QN_CHECK(table->space <= 0x1p62, ERR_TOO_LARGE, "%g configurations; at most 2^62", table->space);
    return QN_OK;
}

static uint64_t number_of(const qn_nas_table *table, const uint32_t *levels)
{
    uint64_t number = 0;
    for (uint32_t a = 0; a < table->choices; a++) {
        number = number * table->levels[a] + levels[a];
    }
    return number;
}

typedef struct keyed {
    uint64_t key;
    size_t row;
} keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *const x = a, *const y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

static int by_row(const void *a, const void *b)
{
    const keyed *const x = a, *const y = b;
    return (x->row > y->row) - (x->row < y->row);
}

/* Rows become entries in their order; equal ones are merged. */
static qn_status take_rows(qn_nas_table *table)
{
    const qn_score_table *const t = table->source;
    const qn_column *const target = &t->column[table->target];
    keyed *keys = qn__alloc(t->rows, sizeof *keys);
    uint32_t levels[4096];
    QN_ALLOC_CHECK(keys);
    for (size_t r = 0; r < t->rows; r++) {
        for (uint32_t a = 0; a < table->choices; a++) {
            levels[a] = t->cell[r * t->columns + table->column[a]];
        }
        keys[r] = (keyed){number_of(table, levels), r};
    }
    qsort(keys, t->rows, sizeof *keys, by_key);
    for (size_t k = 0; k < t->rows;) { /* sums of equal keys go to their first row */
        const keyed first = keys[k];
        double sum = 0;
        size_t same = 0;
        for (; k < t->rows && keys[k].key == first.key; k++, same++) {
            sum += target->values[t->cell[keys[k].row * t->columns + table->target]];
        }
        table->repeats += same - 1;
        table->cost[table->entries] = (table->maximise ? -sum : sum) / (double)same;
        keys[table->entries] = first;
        table->entries++;
    }
    /* entries in the order of the file: row[] rising, costs with them */
    keyed *ordered = qn__alloc(table->entries, sizeof *ordered);
    double *cost = qn__alloc(table->entries, sizeof *cost);
    if (ordered == NULL || cost == NULL) {
        qn__free(keys);
        qn__free(ordered);
        qn__free(cost);
        return QN_ERR_MEMORY;
    }
    for (size_t k = 0; k < table->entries; k++) {
        ordered[k] = (keyed){k, keys[k].row};
        cost[k] = table->cost[k];
    }
    qsort(ordered, table->entries, sizeof *ordered, by_row);
    for (size_t e = 0; e < table->entries; e++) {
        const size_t place = (size_t)ordered[e].key;
        table->row[e] = ordered[e].row;
        table->cost[e] = cost[place];
        table->key[place] = keys[place].key;
        table->key_entry[place] = e;
        for (uint32_t a = 0; a < table->choices; a++) {
            table->cell[e * table->choices + a] = t->cell[ordered[e].row * t->columns + table->column[a]];
        }
        table->best = table->cost[e] < table->cost[table->best] ? e : table->best;
    }
    qn__free(keys);
    qn__free(ordered);
    qn__free(cost);
    return QN_OK;
}

static qn_status fill(qn_nas_table *table, const qn_instance *instance, const qn_nas_table_options *options)
{
    const qn_score_table *const t = table->source;
    const bool nas = instance->format == QN_INSTANCE_NAS;
    const char *const target = options->target != NULL ? options->target : nas ? "mean_acc" : NULL;
    table->target = t->columns - 1;
    if (target != NULL) {
        QN_TRY(find_column(t, target, &table->target));
    }
    for (size_t k = 0; k < options->nignore; k++) {
        uint32_t unused = 0;
        QN_TRY(find_column(t, options->ignore[k], &unused));
    }
    QN_TRY(qn_instance_numbers(instance, table->target));
    table->maximise = options->sense != 0 ? options->sense > 0 : nas;
    table->column = qn__alloc(t->columns, sizeof *table->column);
    table->levels = qn__alloc(t->columns, sizeof *table->levels);
    table->cost = qn__alloc(t->rows, sizeof *table->cost);
    table->row = qn__alloc(t->rows, sizeof *table->row);
    table->key = qn__alloc(t->rows, sizeof *table->key);
    table->key_entry = qn__alloc(t->rows, sizeof *table->key_entry);
    if (table->column == NULL || table->levels == NULL || table->cost == NULL || table->row == NULL ||
        table->key == NULL || table->key_entry == NULL) {
        return QN_ERR_MEMORY;
    }
    QN_TRY(take_columns(table, instance, options));
    table->cell = qn__alloc(t->rows * table->choices, sizeof *table->cell);
    QN_ALLOC_CHECK(table->cell);
    return take_rows(table);
}

qn_status qn_nas_table_create(const qn_instance *instance, const qn_nas_table_options *options, qn_nas_table **out)
{
    const qn_nas_table_options usual = QN_NAS_TABLE_OPTIONS_INIT;
    QN_CHECK(instance != NULL && out != NULL, ERR_ARGUMENT, "an instance and a place for the table are needed");
    QN_CHECK(instance->table != NULL, ERR_ARGUMENT, "this file holds no table of configurations but %s",
             qn_instance_format_name(instance->format));
    QN_CHECK(instance->table->rows >= 2 && instance->table->columns >= 2 && instance->table->columns <= 4096,
             ERR_ARGUMENT,
             "a table of %zu rows and %u columns; at least 2 of each, and at most 4096 columns, are "
             "needed",
             instance->table->rows, instance->table->columns);
    qn_nas_table *table = qn__calloc(1, sizeof *table);
    QN_ALLOC_CHECK(table);
    table->source = instance->table;
    const qn_status status = fill(table, instance, options != NULL ? options : &usual);
    if (status != QN_OK) {
        qn_nas_table_free(table);
        return status;
    }
    *out = table;
    return QN_OK;
}

void qn_nas_table_free(qn_nas_table *table)
{
    if (table != NULL) {
        qn__free(table->column);
        qn__free(table->levels);
        qn__free(table->cell);
        qn__free(table->cost);
        qn__free(table->row);
        qn__free(table->key);
        qn__free(table->key_entry);
        qn__free(table);
    }
}

bool qn_nas_table_find(const qn_nas_table *table, const uint32_t *levels, size_t *entry)
{
    const uint64_t wanted = number_of(table, levels);
    size_t low = 0, high = table->entries;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (table->key[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == table->entries || table->key[low] != wanted) {
        return false;
    }
    *entry = table->key_entry[low];
    return true;
}

double qn_nas_table_score(const qn_nas_table *table, size_t entry)
{
    return table->maximise ? -table->cost[entry] : table->cost[entry];
}

const uint32_t *qn__nas_levels(const qn_nas_table *table, size_t entry)
{
    return table->cell + entry * table->choices;
}
