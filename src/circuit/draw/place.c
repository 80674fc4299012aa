/* place.c: operations into columns, as early as their rows are free; what does not fit between the first and the last
 * columns is counted, not placed. */
#include "circuit/draw/place.h"

#include <string.h>

#include "base/alloc.h"

typedef struct placement {
    size_t index;
    size_t flow; /* number of the flow, or SIZE_MAX */
    uint32_t column;
    qn__span rows;
} placement;

typedef struct placements {
    placement *list;
    size_t count, capacity;
    uint32_t columns;
    bool overflow; /* something had no column */
} placements;

/* One walk from an end of the circuit. A row is closed when something on it had no column: nothing behind may take one
 * then, so that what is placed is all that comes before (or after) what is not. */
typedef struct walk {
    const qn__survey *survey;
    uint32_t limit, open;
    uint32_t *next; /* free column of each row */
    uint32_t *jump; /* no open row before this one, from each row on; one more than there are rows */
} walk;

static uint32_t open_row(walk *w, uint32_t row)
{
    while (w->jump[row] != row) {
        w->jump[row] = w->jump[w->jump[row]];
        row = w->jump[row];
    }
    return row;
}

static void close_rows(walk *w, qn__span rows)
{
    for (uint32_t row = open_row(w, rows.top); row <= rows.bottom; row = open_row(w, row + 1)) {
        w->next[row] = w->limit;
        w->jump[row] = row + 1;
        w->open--;
    }
}

static qn_status place(walk *w, size_t index, size_t flow, qn__span rows, placements *out)
{
    if (rows.top > rows.bottom) {
        return QN_OK;
    }
    uint32_t column = w->next[rows.top] > w->next[rows.bottom] ? w->next[rows.top] : w->next[rows.bottom];
    for (uint32_t row = rows.top; row <= rows.bottom && column < w->limit; row++) {
        column = w->next[row] > column ? w->next[row] : column;
    }
    if (column >= w->limit) {
        out->overflow = true;
        close_rows(w, rows);
        return QN_OK;
    }
    for (uint32_t row = rows.top; row <= rows.bottom; row++) {
        w->next[row] = column + 1;
    }
    void *list = out->list;
    QN_TRY(qn__grow(&list, &out->capacity, out->count + 1, sizeof *out->list));
    out->list = list;
    out->list[out->count++] = (placement){index, flow, column, rows};
    out->columns = column + 1 > out->columns ? column + 1 : out->columns;
    return QN_OK;
}

static qn_status walk_start(walk *w, const qn__survey *survey, uint32_t limit)
{
    *w = (walk){survey, limit, survey->nrows, NULL, NULL};
    w->next = qn__calloc(survey->nrows, sizeof *w->next);
    w->jump = qn__calloc((size_t)survey->nrows + 1, sizeof *w->jump);
    QN_ALLOC_CHECK(w->next);
    QN_ALLOC_CHECK(w->jump);
    for (uint32_t row = 0; row <= survey->nrows; row++) {
        w->jump[row] = row;
    }
    return QN_OK;
}

static void walk_end(walk *w)
{
    qn__free(w->next);
    qn__free(w->jump);
}

/* One step of either walk; `flow` is the next flow of the survey at or behind `index`. */
static qn_status step(walk *w, size_t index, size_t flow, bool is_flow, placements *out)
{
    qn_operation op;
    qn_circuit_operation(w->survey->circuit, index, &op);
    if (is_flow) {
        return place(w, index, flow, qn__survey_flow_span(w->survey, &w->survey->flows[flow], &op), out);
    }
    if (qn__operation_is_phase(&op)) {
        return QN_OK; /* noted over the picture */
    }
    return place(w, index, SIZE_MAX, qn__survey_span(w->survey, &op), out);
}

static qn_status walk_forward(const qn__survey *survey, uint32_t limit, placements *out)
{
    const size_t count = qn_circuit_operations(survey->circuit);
    walk w;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(walk_start(&w, survey, limit));
    size_t flow = 0;
    for (size_t i = 0; i < count && w.open > 0; i++) {
        const bool is_flow = flow < survey->nflows && survey->flows[flow].index == i;
        QN_TRY_CLEANUP(step(&w, i, flow, is_flow, out));
        flow += is_flow;
    }
cleanup:
    walk_end(&w);
    return status;
}

/* From the end, without what `head` has; the result is in the order of the circuit, columns counted from the end. */
static qn_status walk_backward(const qn__survey *survey, uint32_t limit, const placements *head, placements *out)
{
    size_t flow = survey->nflows, taken = head->count;
    walk w;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(walk_start(&w, survey, limit));
    for (size_t i = qn_circuit_operations(survey->circuit); i-- > 0 && w.open > 0;) {
        const bool is_flow = flow > 0 && survey->flows[flow - 1].index == i;
        flow -= is_flow;
        if (taken > 0 && head->list[taken - 1].index == i) {
            taken--;
            continue;
        }
        QN_TRY_CLEANUP(step(&w, i, flow, is_flow, out));
    }
    for (size_t i = 0; i < out->count / 2; i++) {
        const placement other = out->list[i];
        out->list[i] = out->list[out->count - 1 - i];
        out->list[out->count - 1 - i] = other;
    }
cleanup:
    walk_end(&w);
    return status;
}

static void note_flow(qn__survey *survey, const placement *p)
{
    if (p->flow == SIZE_MAX || survey->flows[p->flow].block == QN__NOWHERE) {
        return;
    }
    qn__block *block = &survey->blocks[survey->flows[p->flow].block];
    qn_operation op;
    qn_circuit_operation(survey->circuit, p->index, &op);
    if (op.kind == QN_OP_IF || op.kind == QN_OP_WHILE) {
        block->left = p->column;
    } else if (op.kind == QN_OP_ELSE) {
        block->divider = p->column;
    } else if (op.kind == QN_OP_END) {
        block->right = p->column;
    }
}

static qn_status make_items(qn__item_maker *maker, qn__survey *survey, const placements *placed)
{
    for (size_t i = 0; i < placed->count; i++) {
        note_flow(survey, &placed->list[i]);
        const placement *p = &placed->list[i];
        const uint32_t block = p->flow == SIZE_MAX ? QN__NOWHERE : survey->flows[p->flow].block;
        QN_TRY(qn__item_add(maker, p->index, p->column, p->rows, block));
    }
    return QN_OK;
}

/* Items by column; a stable counting sort. */
static qn_status sort_items(qn__layout *layout)
{
    size_t *starts = qn__calloc((size_t)layout->ncolumns + 1, sizeof *starts);
    qn__item *sorted = qn__alloc(layout->nitems, sizeof *sorted);
    if (starts == NULL || sorted == NULL) {
        qn__free(starts);
        qn__free(sorted);
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < layout->nitems; i++) {
        starts[layout->items[i].column + 1]++;
    }
    for (uint32_t c = 0; c < layout->ncolumns; c++) {
        starts[c + 1] += starts[c];
    }
    for (size_t i = 0; i < layout->nitems; i++) {
        sorted[starts[layout->items[i].column]++] = layout->items[i];
    }
    qn__free(starts);
    qn__free(layout->items);
    layout->items = sorted;
    layout->items_capacity = layout->nitems;
    return QN_OK;
}

qn_status qn__place_all(qn__item_maker *maker, qn__survey *survey)
{
    qn__layout *layout = maker->layout;
    const uint32_t limit = layout->options.max_columns;
    placements head = {0}, tail = {0};
    qn_status status = QN_OK;
    layout->gap = QN__NOWHERE;
    QN_TRY_CLEANUP(walk_forward(survey, limit, &head));
    if (head.overflow) {
        const uint32_t first = limit - limit / 2;
        size_t kept = 0;
        for (size_t i = 0; i < head.count; i++) {
            if (head.list[i].column < first) {
                head.list[kept++] = head.list[i];
            }
        }
        head.count = kept;
        head.columns = first;
        QN_TRY_CLEANUP(walk_backward(survey, limit / 2, &head, &tail));
        layout->gap = first;
    }
    layout->ncolumns = head.columns + (head.overflow ? 1 + tail.columns : 0);
    for (size_t i = 0; i < tail.count; i++) {
        tail.list[i].column = layout->ncolumns - 1 - tail.list[i].column;
    }
    QN_TRY_CLEANUP(make_items(maker, survey, &head));
    QN_TRY_CLEANUP(make_items(maker, survey, &tail));
    QN_TRY_CLEANUP(sort_items(layout));
cleanup:
    qn__free(head.list);
    qn__free(tail.list);
    return status;
}
