/* generate_picture.c: losses against steps, and the commonest strings with their probabilities. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate_view.h"

enum { MOST_BITS = 20 };

static qn_status loss_plot(generate_view *view)
{
    const qn_plot empty = QN_PLOT_INIT;
    view->plot = empty;
    for (size_t k = 0; k < view->nentries; k++) {
        generate_entry *const entry = &view->entries[k];
        const qn_generative_training *const t = entry->training;
        entry->x = malloc(((size_t)t->steps + 1) * sizeof *entry->x);
        if (entry->x == NULL) {
            return QN_ERR_MEMORY;
        }
        for (uint64_t s = 0; s < t->steps; s++) {
            entry->x[s] = (double)s + 1;
        }
        view->series[k] = (qn_series){entry->label, entry->x, t->loss, (size_t)t->steps, NULL, NULL, false};
    }
    view->plot.series = view->series;
    view->plot.nseries = view->nentries;
    view->plot.log_y = true;
    view->plot.x_label = "step";
    view->plot.y_label = "loss (MMD\u00b2)";
    view->plot.title = view->title;
    view->plot.subtitle = view->subtitle;
    return QN_OK;
}

typedef struct ranked {
    double weight;
    uint64_t string;
} ranked;

static int heavier(const void *a, const void *b)
{
    const ranked *const x = a, *const y = b;
    return x->weight != y->weight ? (x->weight < y->weight) - (x->weight > y->weight)
                                  : (x->string > y->string) - (x->string < y->string);
}

static void name_string(char *out, uint64_t string, uint32_t bits)
{
    for (uint32_t q = 0; q < bits; q++) {
        out[q] = string >> q & 1 ? '1' : '0';
    }
    out[bits] = '\0';
}

/* Strings that the data, or else the samples, has most of. */
static qn_status common_strings(generate_view *view, const qn_context *context)
{
    const qn_bit_table *const seen = view->data != NULL ? view->data : view->samples;
    const qn_columns empty = QN_COLUMNS_INIT;
    view->columns = empty;
    if (seen == NULL || seen->bits > MOST_BITS) {
        return QN_OK;
    }
    const size_t size = (size_t)1 << seen->bits, shown = size < GENERATE_LISTED ? size : GENERATE_LISTED;
    ranked *const order = calloc(size, sizeof *order);
    double *const p = malloc(size * sizeof *p);
    qn_status status = order == NULL || p == NULL ? QN_ERR_MEMORY : QN_OK;
    for (size_t x = 0; status == QN_OK && x < size; x++) {
        order[x].string = x;
    }
    for (size_t r = 0; status == QN_OK && r < seen->rows; r++) {
        order[seen->data[r]].weight += 1.0 / (double)seen->rows;
    }
    if (status == QN_OK) {
        qsort(order, size, sizeof *order, heavier);
    }
    for (size_t g = 0; status == QN_OK && g <= view->nentries; g++) {
        if (g > 0) {
            status = qn_generative_probabilities(context, view->entries[g - 1].model, p);
        }
        for (size_t k = 0; status == QN_OK && k < shown; k++) {
            view->shown[g][k] = g == 0 ? order[k].weight : p[order[k].string];
            name_string(view->names[k], order[k].string, seen->bits);
            view->name_list[k] = view->names[k];
        }
        view->groups[g] =
            (qn_column_group){g == 0 ? (view->data != NULL ? "data" : "samples") : view->entries[g - 1].label,
                              view->shown[g], NULL, NULL};
    }
    free(order);
    free(p);
    view->columns.title = "The commonest strings";
    view->columns.x_label = "string";
    view->columns.y_label = "probability";
    view->columns.names = view->name_list;
    view->columns.ncategories = shown;
    view->columns.groups = view->groups;
    view->columns.ngroups = status == QN_OK ? view->nentries + 1 : 0;
    view->figure = (qn_figure){QN_FIGURE_COLUMNS, &view->columns};
    view->section = (qn_report_section){.title = "Distribution", .figures = &view->figure, .nfigures = 1};
    return status;
}

qn_status generate_pictures(generate_view *view, const qn_context *context)
{
    const generate_entry *const entry = &view->entries[0];
    if (view->ngaps > 0) {
        generate_gaps_picture(view);
        return QN_OK;
    }
    const char *const slash = strrchr(view->name, '/');
    (void)snprintf(view->title, sizeof view->title, "%s: %.100s", entry->label, slash != NULL ? slash + 1 : view->name);
    (void)snprintf(view->subtitle, sizeof view->subtitle, "%u bits, %zu parameters", entry->model->bits,
                   entry->model->nparameters);
    const qn_status status = entry->training != NULL ? loss_plot(view) : QN_OK;
    return status == QN_OK ? common_strings(view, context) : status;
}
