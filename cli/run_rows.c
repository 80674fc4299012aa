/* run_rows.c: counts and probabilities become rows with printed bit strings. */
#include "run_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void cli_run_key(const qn_circuit *circuit, const uint64_t *words, bool low_first, char *key)
{
    qn_circuit_key(circuit, words, key);
    const size_t length = strlen(key);
    for (size_t i = 0; low_first && i < length / 2; i++) {
        const char left = key[i];
        key[i] = key[length - 1 - i];
        key[length - 1 - i] = left;
    }
}

static int compare(const void *a, const void *b)
{
    const cli_run_row *left = a, *right = b;
    return strcmp(left->key, right->key);
}

static qn_status start(const qn_circuit *circuit, size_t count, cli_run_rows *out)
{
    const size_t room = qn_circuit_key_size(circuit);
    *out = (cli_run_rows){.width = room - 1};
    if (count > SIZE_MAX / (room + sizeof(cli_run_row)) - 1) {
        return QN_ERR_MEMORY;
    }
    out->rows = calloc(count + 1, sizeof *out->rows);
    out->keys = malloc((count + 1) * room);
    if (out->rows == NULL || out->keys == NULL) {
        cli_run_rows_free(out);
        return QN_ERR_MEMORY;
    }
    return QN_OK;
}

/* Sorts, and adds up what has the same key. */
static void finish(cli_run_rows *rows)
{
    bool sorted = true;
    for (size_t i = 1; i < rows->count; i++) {
        sorted = sorted && strcmp(rows->rows[i - 1].key, rows->rows[i].key) < 0;
    }
    if (!sorted) {
        qsort(rows->rows, rows->count, sizeof *rows->rows, compare);
    }
    size_t kept = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (kept > 0 && strcmp(rows->rows[kept - 1].key, rows->rows[i].key) == 0) {
            rows->rows[kept - 1].times += rows->rows[i].times;
            rows->rows[kept - 1].share += rows->rows[i].share;
        } else {
            rows->rows[kept++] = rows->rows[i];
        }
    }
    rows->count = kept;
    for (size_t i = 0; rows->shots > 0 && i < kept; i++) {
        cli_run_row *row = &rows->rows[i];
        const double shots = (double)rows->shots;
        row->share = (double)row->times / shots;
        /* The binomial error at Laplace's estimate (k + 1) / (n + 2): all shots alike are no proof of certainty. */
        const double p = ((double)row->times + 1.0) / (shots + 2.0);
        row->std_error = sqrt(p * (1.0 - p) / shots);
    }
}

qn_status cli_run_rows_from_counts(const qn_circuit *circuit, const qn_counts *counts, bool low_first,
                                   cli_run_rows *out)
{
    const size_t count = qn_counts_distinct(counts);
    const qn_status status = start(circuit, count, out);
    if (status != QN_OK) {
        return status;
    }
    out->count = count;
    out->shots = qn_counts_total(counts);
    for (size_t i = 0; i < count; i++) {
        char *key = out->keys + i * (out->width + 1);
        cli_run_key(circuit, qn_counts_string(counts, i), low_first, key);
        out->rows[i] = (cli_run_row){.key = key, .times = qn_counts_times(counts, i)};
    }
    finish(out);
    return QN_OK;
}

qn_status cli_run_rows_from_distribution(const qn_circuit *circuit, const qn_distribution *distribution, bool low_first,
                                         cli_run_rows *out)
{
    const size_t count = qn_distribution_size(distribution);
    const qn_status status = start(circuit, count, out);
    if (status != QN_OK) {
        return status;
    }
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        char *key = out->keys + i * (out->width + 1);
        cli_run_key(circuit, qn_distribution_string(distribution, i), low_first, key);
        out->rows[i] = (cli_run_row){.key = key, .share = qn_distribution_value(distribution, i)};
    }
    finish(out);
    return QN_OK;
}

void cli_run_rows_free(cli_run_rows *rows)
{
    free(rows->rows);
    free(rows->keys);
    *rows = (cli_run_rows){0};
}

/* Insertion into a short list: `most` is small. */
size_t cli_run_rows_largest(const cli_run_rows *rows, size_t most, size_t *indices)
{
    size_t held = 0;
    for (size_t i = 0; i < rows->count; i++) {
        size_t place = held;
        while (place > 0 && rows->rows[indices[place - 1]].share < rows->rows[i].share) {
            place--;
        }
        if (place == most) {
            continue;
        }
        held += held < most;
        memmove(indices + place + 1, indices + place, (held - 1 - place) * sizeof *indices);
        indices[place] = i;
    }
    return held;
}
