/* layout.c: the layout of a picture put together: options, strings, frames, names and notes. */
#include "circuit/draw/layout.h"

#include <string.h>

#include "base/alloc.h"
#include "circuit/draw/place.h"
#include "report/text.h"

enum {
    DEFAULT_WIDTH = 100,
    DEFAULT_COLUMNS = 200,
    DEFAULT_QUBITS = 100,
    DEFAULT_DECIMALS = 3,
    NAME_COLUMNS = 24, /* longest name of a wire */
    STRING_BLOCK = 4096
};

qn_status qn__draw_options(const qn_draw_options *options, qn_draw_options *out)
{
    qn_draw_options o = QN_DRAW_OPTIONS_INIT;
    if (options != NULL) {
        QN_CHECK(options->size >= sizeof options->size, ERR_ARGUMENT,
                 "drawing options have size %u; use QN_DRAW_OPTIONS_INIT", options->size);
        memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    }
    o.size = (uint32_t)sizeof o;
    o.width = o.width == 0 ? DEFAULT_WIDTH : o.width;
    o.max_columns = o.max_columns == 0 ? DEFAULT_COLUMNS : o.max_columns < 2 ? 2 : o.max_columns;
    o.max_qubits = o.max_qubits == 0 ? DEFAULT_QUBITS : o.max_qubits < 2 ? 2 : o.max_qubits;
    o.decimals = o.decimals == 0 ? DEFAULT_DECIMALS : o.decimals;
    *out = o;
    return QN_OK;
}

/* Strings. */

struct qn__string_block {
    struct qn__string_block *next;
    size_t used, capacity;
    char bytes[];
};

const char *qn__layout_keep(qn__layout *layout, const char *text)
{
    const size_t size = strlen(text) + 1;
    struct qn__string_block *block = layout->strings;
    if (block == NULL || block->capacity - block->used < size) {
        const size_t capacity = size < STRING_BLOCK ? STRING_BLOCK : size;
        block = qn__alloc(1, sizeof *block + capacity);
        if (block == NULL) {
            return NULL;
        }
        *block = (struct qn__string_block){layout->strings, 0, capacity};
        layout->strings = block;
    }
    char *kept = block->bytes + block->used;
    memcpy(kept, text, size);
    block->used += size;
    return kept;
}

void qn__layout_free(qn__layout *layout)
{
    if (layout == NULL) {
        return;
    }
    while (layout->strings != NULL) {
        struct qn__string_block *next = layout->strings->next;
        qn__free(layout->strings);
        layout->strings = next;
    }
    qn__free(layout->rows);
    qn__free(layout->items);
    qn__free(layout->cells);
    qn__free(layout->frames);
    qn__free(layout->frame_order);
    qn__free(layout);
}

/* Frames. */

static qn_status keep_words(qn__layout *layout, const qn__words *words, const char **out)
{
    const char *kept = qn__layout_keep(layout, words->bytes);
    QN_ALLOC_CHECK(kept);
    *out = kept;
    return QN_OK;
}

static qn_status make_frame(qn__item_maker *maker, const qn__block *block, qn__frame *frame)
{
    qn__layout *layout = maker->layout;
    qn_operation op;
    qn_circuit_operation(layout->circuit, block->begin, &op);
    *frame = (qn__frame){.left = block->left != QN__NOWHERE ? block->left : layout->gap,
                         .right = block->right,
                         .open_left = block->left == QN__NOWHERE,
                         .open_right = block->right == QN__NOWHERE,
                         .divider = block->divider,
                         .top = block->rows.top,
                         .bottom = block->rows.bottom,
                         .over = 1,
                         .under = 1,
                         .loop = op.kind == QN_OP_WHILE,
                         .index = block->begin};
    if (frame->open_right) {
        frame->right = block->closed && layout->gap != QN__NOWHERE ? layout->gap : layout->ncolumns;
    }
    qn__words_start(&maker->words, maker->ascii, layout->options.decimals);
    qn__words_format(&maker->words, frame->loop ? "while " : "if ");
    qn__words_expression(&maker->words, layout->circuit, op.expression);
    qn__words_fit(&maker->words, 2 * maker->label_columns);
    return keep_words(layout, &maker->words, &frame->label);
}

/* Inner frames come behind outer ones, so that a walk from the end knows all that is inside. */
static void nest_frames(qn__layout *layout, const qn__survey *survey, const uint32_t *frame_of, const size_t *block_of)
{
    for (size_t i = layout->nframes; i-- > 0;) {
        const qn__frame *frame = &layout->frames[i];
        qn__row *top = &layout->rows[frame->top], *bottom = &layout->rows[frame->bottom];
        top->above = frame->over > top->above ? frame->over : top->above;
        bottom->below = frame->under > bottom->below ? frame->under : bottom->below;
        const uint32_t parent = survey->blocks[block_of[i]].parent;
        if (parent == QN__NOWHERE || frame_of[parent] == QN__NOWHERE) {
            continue;
        }
        qn__frame *outer = &layout->frames[frame_of[parent]];
        if (outer->top == frame->top && outer->over <= frame->over) {
            outer->over = frame->over + 1;
        }
        if (outer->bottom == frame->bottom && outer->under <= frame->under) {
            outer->under = frame->under + 1;
        }
    }
}

/* Frames by their left column, outer ones first. */
static qn_status order_frames(qn__layout *layout)
{
    size_t *starts = qn__calloc((size_t)layout->ncolumns + 2, sizeof *starts);
    layout->frame_order = qn__alloc(layout->nframes, sizeof *layout->frame_order);
    if (starts == NULL || layout->frame_order == NULL) {
        qn__free(starts);
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < layout->nframes; i++) {
        starts[layout->frames[i].left + 1]++;
    }
    for (uint32_t c = 0; c <= layout->ncolumns; c++) {
        starts[c + 1] += starts[c];
    }
    for (size_t i = 0; i < layout->nframes; i++) {
        layout->frame_order[starts[layout->frames[i].left]++] = i;
    }
    qn__free(starts);
    return QN_OK;
}

static bool frame_shown(const qn__layout *layout, const qn__block *block)
{
    const bool end = block->right != QN__NOWHERE || (!block->closed && layout->gap != QN__NOWHERE);
    return block->left != QN__NOWHERE || block->divider != QN__NOWHERE || end;
}

static qn_status make_frames(qn__item_maker *maker, const qn__survey *survey)
{
    qn__layout *layout = maker->layout;
    size_t shown = 0;
    for (size_t i = 0; i < survey->nblocks; i++) {
        shown += frame_shown(layout, &survey->blocks[i]);
    }
    layout->frames = qn__calloc(shown, sizeof *layout->frames);
    uint32_t *frame_of = qn__alloc(survey->nblocks, sizeof *frame_of);
    size_t *block_of = qn__alloc(shown, sizeof *block_of);
    qn_status status = layout->frames == NULL || frame_of == NULL || block_of == NULL ? QN_ERR_MEMORY : QN_OK;
    for (size_t i = 0; i < survey->nblocks && status == QN_OK; i++) {
        frame_of[i] = QN__NOWHERE;
        if (frame_shown(layout, &survey->blocks[i])) {
            frame_of[i] = (uint32_t)layout->nframes;
            block_of[layout->nframes] = i;
            status = make_frame(maker, &survey->blocks[i], &layout->frames[layout->nframes]);
            layout->nframes++;
        }
    }
    if (status == QN_OK) {
        nest_frames(layout, survey, frame_of, block_of);
        for (size_t i = 0; i < layout->nitems; i++) {
            qn__item *item = &layout->items[i];
            item->frame = item->frame == QN__NOWHERE ? QN__NOWHERE : frame_of[item->frame];
        }
        status = order_frames(layout);
    }
    qn__free(frame_of);
    qn__free(block_of);
    return status;
}

qn_status qn__draw_finish(const qn_text *text, char **out, size_t *length)
{
    const char *bytes = NULL;
    size_t count = 0;
    QN_TRY(qn_text_finish(text, &bytes, &count));
    char *copy = qn__alloc(count + 1, 1);
    QN_ALLOC_CHECK(copy);
    memcpy(copy, bytes, count + 1);
    *out = copy;
    if (length != NULL) {
        *length = count;
    }
    return QN_OK;
}

/* Words around the picture. */

static qn_status name_rows(qn__item_maker *m, const qn__survey *survey)
{
    qn__layout *layout = m->layout;
    const size_t count = qn_circuit_variables(layout->circuit);
    for (uint32_t r = 0; r < layout->nrows; r++) {
        layout->rows[r].name = "";
    }
    for (size_t i = 0; i < count; i++) {
        qn_variable v;
        qn_circuit_variable(layout->circuit, i, &v);
        if (v.type == QN_TYPE_BITS) {
            const uint32_t row = qn__survey_bit_row(survey, v.first);
            if (row != QN__NOWHERE && layout->rows[row].kind == QN__ROW_BITS) {
                qn__words_start(&m->words, m->ascii, 0);
                qn__words_put(&m->words, v.name);
                qn__words_fit(&m->words, NAME_COLUMNS);
                QN_TRY(keep_words(layout, &m->words, &layout->rows[row].name));
            }
        }
        for (uint32_t k = 0; v.type == QN_TYPE_QUBITS && k < v.width; k++) {
            const uint32_t row = qn__survey_qubit_row(survey, v.first + k);
            if (layout->rows[row].kind == QN__ROW_HIDDEN) {
                continue;
            }
            char number[16] = "";
            qn__words_start(&m->words, m->ascii, 0);
            if (v.width > 1) {
                qn__words_format(&m->words, "[%u]", k);
            }
            memcpy(number, m->words.bytes, m->words.length + 1);
            qn__words_start(&m->words, m->ascii, 0);
            qn__words_put(&m->words, v.name);
            qn__words_fit(&m->words, NAME_COLUMNS);
            qn__words_format(&m->words, "%s", number);
            QN_TRY(keep_words(layout, &m->words, &layout->rows[row].name));
        }
    }
    for (uint32_t r = 0; r < layout->nrows; r++) {
        qn__row *row = &layout->rows[r];
        qn__words_start(&m->words, m->ascii, 0);
        if (row->kind == QN__ROW_HIDDEN) {
            qn__words_format(&m->words, m->ascii ? "... " : "⋮ ");
            qn__words_count(&m->words, row->count);
            qn__words_format(&m->words, row->count == 1 ? " qubit" : " qubits");
        } else if (row->kind == QN__ROW_VARIABLES) {
            qn__words_format(&m->words, "variables");
        } else if (row->kind == QN__ROW_QUBIT && row->name[0] == '\0') {
            qn__words_format(&m->words, "q%u", row->first);
        } else {
            continue;
        }
        QN_TRY(keep_words(layout, &m->words, &row->name));
    }
    return QN_OK;
}

static void put_hidden(qn__words *words, const qn__survey *survey, uint64_t count)
{
    qn__words_count(words, count);
    qn__words_format(words, survey->dynamic ? " operation%s" : " gate%s", count == 1 ? "" : "s");
}

static qn_status note_phase(qn__item_maker *m, const qn__survey *survey)
{
    const size_t nsymbols = survey->phase_terms == NULL ? 0 : qn_circuit_symbols(m->layout->circuit);
    size_t count = 0;
    for (size_t i = 0; i < nsymbols; i++) {
        count += survey->phase_terms[i] != 0;
    }
    if (count == 0 && survey->phase == 0 && !survey->phase_expression) {
        return QN_OK;
    }
    qn_param_term *terms = qn__alloc(count, sizeof *terms);
    QN_ALLOC_CHECK(terms);
    count = 0;
    for (size_t i = 0; i < nsymbols; i++) {
        if (survey->phase_terms[i] != 0) {
            terms[count++] = (qn_param_term){(uint32_t)i, survey->phase_terms[i]};
        }
    }
    const qn_param phase = {survey->phase, terms, count, 0};
    qn__words_start(&m->words, m->ascii, m->layout->options.decimals);
    qn__words_format(&m->words, "global phase: ");
    qn__words_param(&m->words, m->layout->circuit, &phase);
    if (survey->phase_expression) {
        qn__words_format(&m->words, ", and phases known at run time only");
    }
    qn__words_fit(&m->words, 3 * m->label_columns);
    qn__free(terms);
    return keep_words(m->layout, &m->words, &m->layout->notes[0]);
}

static qn_status write_notes(qn__item_maker *m, const qn__survey *survey)
{
    qn__layout *layout = m->layout;
    layout->notes[0] = layout->notes[1] = layout->notes[2] = "";
    layout->gap_text = "";
    QN_TRY(note_phase(m, survey));
    if (survey->hidden_row != QN__NOWHERE) {
        const qn__row *row = &layout->rows[survey->hidden_row];
        qn__words_start(&m->words, m->ascii, 0);
        qn__words_qubit(&m->words, layout->circuit, row->first);
        qn__words_format(&m->words, m->ascii ? " to " : " … ");
        qn__words_qubit(&m->words, layout->circuit, row->first + row->count - 1);
        qn__words_format(&m->words, " hidden: ");
        qn__words_count(&m->words, row->count);
        qn__words_format(&m->words, " qubits, ");
        put_hidden(&m->words, survey, survey->alone);
        qn__words_format(&m->words, " on them alone");
        QN_TRY(keep_words(layout, &m->words, &layout->notes[1]));
    }
    if (layout->gap != QN__NOWHERE) {
        qn__words_start(&m->words, m->ascii, 0);
        put_hidden(&m->words, survey, survey->operations - survey->alone - layout->nitems);
        qn__words_format(&m->words, " hidden");
        QN_TRY(keep_words(layout, &m->words, &layout->gap_text));
    }
    return QN_OK;
}

/* The row of variables goes when nothing that is shown touches it; it is the last one. */
static void drop_unused_row(qn__layout *layout)
{
    if (layout->rows[layout->nrows - 1].kind != QN__ROW_VARIABLES) {
        return;
    }
    for (size_t i = 0; i < layout->ncells; i++) {
        if (layout->cells[i].row == layout->nrows - 1) {
            return;
        }
    }
    layout->nrows--;
    qn__row *last = &layout->rows[layout->nrows - 1];
    last->below = layout->rows[layout->nrows].below > last->below ? layout->rows[layout->nrows].below : last->below;
    for (size_t i = 0; i < layout->nitems; i++) {
        qn__item *item = &layout->items[i];
        item->bottom = item->bottom == layout->nrows ? layout->nrows - 1 : item->bottom;
    }
    for (size_t i = 0; i < layout->nframes; i++) {
        qn__frame *frame = &layout->frames[i];
        frame->bottom = frame->bottom == layout->nrows ? layout->nrows - 1 : frame->bottom;
    }
}

qn_status qn__layout_create(const qn_circuit *circuit, const qn_draw_options *options, bool ascii,
                            uint32_t label_columns, qn__layout **out)
{
    qn__layout *layout = qn__calloc(1, sizeof *layout);
    QN_ALLOC_CHECK(layout);
    layout->circuit = circuit;
    layout->options = *options;
    layout->nqubits = qn_circuit_qubits(circuit);
    qn_status status = QN_OK;
    qn__survey survey;
    qn__item_maker *maker = NULL;
    memset(&survey, 0, sizeof survey);
    QN_TRY_CLEANUP(qn__survey_create(circuit, options, &layout->rows, &survey));
    layout->nrows = survey.nrows;
    layout->nquantum = survey.nquantum;
    maker = qn__calloc(1, sizeof *maker);
    status = maker == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    maker->layout = layout;
    maker->survey = &survey;
    maker->ascii = ascii;
    maker->label_columns = label_columns;
    maker->scratch = qn__calloc(layout->nrows, sizeof *maker->scratch);
    maker->used = qn__calloc(layout->nrows, sizeof *maker->used);
    status = maker->scratch == NULL || maker->used == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    QN_TRY_CLEANUP(qn__place_all(maker, &survey));
    QN_TRY_CLEANUP(make_frames(maker, &survey));
    QN_TRY_CLEANUP(name_rows(maker, &survey));
    QN_TRY_CLEANUP(write_notes(maker, &survey));
    drop_unused_row(layout);
    *out = layout;
cleanup:
    if (maker != NULL) {
        qn__free(maker->scratch);
        qn__free(maker->used);
        qn__free(maker);
    }
    qn__survey_clear(&survey);
    if (status != QN_OK) {
        qn__layout_free(layout);
    }
    return status;
}
