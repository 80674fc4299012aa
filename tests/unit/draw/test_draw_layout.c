/* test_draw_layout.c: what goes where: nothing overlaps, nothing is out of order, what is hidden lies between. */
#include "draw_fixture.h"

#include "base/clock.h"
#include "circuit/draw/layout.h"

static bool overlap(const qn__item *a, const qn__item *b)
{
    return a->top <= b->bottom && b->top <= a->bottom;
}

static void check_layout(const qn__layout *layout, const qn__layout *whole)
{
    for (size_t i = 0; i < layout->nitems; i++) {
        const qn__item *a = &layout->items[i];
        assert_true(a->column < layout->ncolumns && a->column != layout->gap);
        assert_true(a->top <= a->bottom && a->bottom < layout->nrows);
        for (size_t k = a->first; k < a->first + a->count; k++) {
            assert_true(layout->cells[k].row >= a->top && layout->cells[k].row <= a->bottom);
            assert_true(k == a->first || layout->cells[k].row > layout->cells[k - 1].row);
        }
        for (size_t j = 0; j < i; j++) {
            const qn__item *b = &layout->items[j];
            assert_true(a->index != b->index);
            if (overlap(a, b)) {
                assert_true(a->column != b->column);
                assert_true((a->index < b->index) == (a->column < b->column));
            }
        }
    }
    /* What is hidden comes behind all of the head and before all of the tail that it shares rows with. */
    for (size_t i = 0; i < whole->nitems; i++) {
        const qn__item *hidden = &whole->items[i];
        bool shown = false;
        for (size_t j = 0; j < layout->nitems; j++) {
            shown |= layout->items[j].index == hidden->index;
        }
        for (size_t j = 0; j < layout->nitems && !shown; j++) {
            if (overlap(hidden, &layout->items[j])) {
                assert_true((hidden->index > layout->items[j].index) == (layout->items[j].column < layout->gap));
            }
        }
    }
}

/* The END of the block that operation `begin` opens. */
static size_t end_of(const qn_circuit *c, size_t begin)
{
    size_t depth = 0, i = begin;
    for (;; i++) {
        qn_operation op;
        qn_circuit_operation(c, i, &op);
        depth += op.kind == QN_OP_IF || op.kind == QN_OP_WHILE;
        depth -= op.kind == QN_OP_END;
        if (depth == 0) {
            return i;
        }
    }
}

/* What is in a block is in its frame, and nothing else is. */
static void check_frames(const qn__layout *whole)
{
    for (size_t f = 0; f < whole->nframes; f++) {
        const qn__frame *frame = &whole->frames[f];
        const size_t end = end_of(whole->circuit, frame->index);
        assert_false(frame->open_left || frame->open_right);
        for (size_t i = 0; i < whole->nitems; i++) {
            const qn__item *item = &whole->items[i];
            if (item->index > frame->index && item->index < end) {
                assert_true(item->top >= frame->top && item->bottom <= frame->bottom);
                assert_true(item->column > frame->left && item->column < frame->right);
            } else if (item->index != frame->index && item->top <= frame->bottom && item->bottom >= frame->top) {
                assert_true(item->column < frame->left || item->column > frame->right);
            }
        }
        for (size_t g = f + 1; g < whole->nframes; g++) {
            const qn__frame *inner = &whole->frames[g];
            if (inner->index < end) {
                assert_true(inner->top >= frame->top && inner->bottom <= frame->bottom);
                assert_true(inner->left > frame->left && inner->right < frame->right);
                assert_true(inner->top > frame->top || inner->over < frame->over);
                assert_true(inner->bottom < frame->bottom || inner->under < frame->under);
            }
        }
    }
}

static void test_random(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    size_t elided = 0, frames = 0;
    for (uint64_t round = 0; round < 40 * qn_test_scale(); round++) {
        qn_circuit *c = random_circuit(seed + round, 2 + (uint32_t)(round % 6), 10 + round * 2);
        qn_draw_options options = QN_DRAW_OPTIONS_INIT;
        qn_draw_options filled;
        qn__layout *whole = NULL, *layout = NULL;
        options.max_columns = UINT32_MAX;
        options.reverse = round % 2 == 1;
        assert_ok(qn__draw_options(&options, &filled));
        assert_ok(qn__layout_create(c, &filled, false, 20, &whole));
        assert_int_equal(whole->gap, QN__NOWHERE);
        check_layout(whole, whole);
        check_frames(whole);
        frames += whole->nframes;
        filled.max_columns = 6 + (uint32_t)(round % 10);
        assert_ok(qn__layout_create(c, &filled, false, 20, &layout));
        check_layout(layout, whole);
        assert_true(layout->ncolumns <= filled.max_columns + 1);
        if (layout->gap != QN__NOWHERE) {
            char expected[64];
            (void)snprintf(expected, sizeof expected, "%zu operation", whole->nitems - layout->nitems);
            assert_memory_equal(layout->gap_text, expected, strlen(expected));
            elided++;
        } else {
            assert_int_equal(layout->nitems, whole->nitems);
        }
        qn__layout_free(whole);
        qn__layout_free(layout);
        qn_circuit_free(c);
    }
    assert_true(elided > 10 && frames > 100);
}

/* Each operation stands as early as it can: its column is one behind the latest one in its way. */
static void test_tight(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    qn_circuit *c = random_circuit(seed, 5, 200);
    qn_draw_options filled;
    qn__layout *layout = NULL;
    assert_ok(qn__draw_options(NULL, &filled));
    filled.max_columns = UINT32_MAX;
    assert_ok(qn__layout_create(c, &filled, false, 20, &layout));
    assert_true(layout->ncolumns > 20);
    for (size_t i = 0; i < layout->nitems; i++) {
        const qn__item *a = &layout->items[i];
        bool held = a->column == 0;
        for (size_t j = 0; j < layout->nitems; j++) {
            held |= overlap(a, &layout->items[j]) && layout->items[j].column + 1 == a->column;
        }
        for (size_t f = 0; f < layout->nframes; f++) { /* an END has no item of its own */
            const qn__frame *frame = &layout->frames[f];
            held |= frame->right + 1 == a->column && frame->top <= a->bottom && a->top <= frame->bottom;
        }
        assert_true(held);
    }
    qn__layout_free(layout);
    qn_circuit_free(c);
}

/* Frames lie one in the other, with the numbers of sides that share a row. */
static void test_frames(void **state)
{
    (void)state;
    qn_circuit *c = dynamic_circuit();
    qn_draw_options filled;
    qn__layout *layout = NULL;
    assert_ok(qn__draw_options(NULL, &filled));
    assert_ok(qn__layout_create(c, &filled, false, 20, &layout));
    assert_int_equal(layout->nframes, 3);
    const qn__frame *choice = &layout->frames[0], *loop = &layout->frames[1], *inner = &layout->frames[2];
    check_text(choice->label, "if c == 3");
    check_text(loop->label, "while flag");
    assert_true(loop->loop && !choice->loop);
    assert_true(choice->divider > choice->left && choice->divider < choice->right);
    assert_int_equal(choice->top, 2);
    assert_int_equal(choice->bottom, 3);
    assert_int_equal(loop->top, 1);
    assert_int_equal(loop->bottom, 6);
    assert_int_equal(loop->over, 2);
    assert_int_equal(loop->under, 1);
    assert_true(inner->left > loop->left && inner->right < loop->right);
    assert_int_equal(layout->rows[1].above, 2);
    qn__layout_free(layout);
    qn_circuit_free(c);
}

/* Hidden registers and numbers share one row, which is there only when something touches it. */
static void test_rows(void **state)
{
    (void)state;
    qn_circuit *c = new_circuit(1);
    uint32_t v = 0;
    assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, 1, 0, 0, &v));
    assert_ok(qn_circuit_add_variable(c, "t", QN_TYPE_BITS, 1, 0, QN_VARIABLE_HIDDEN, &v));
    assert_ok(qn_circuit_append_measure(c, 0, 0));
    qn_draw_options filled;
    qn__layout *layout = NULL;
    assert_ok(qn__draw_options(NULL, &filled));
    assert_ok(qn__layout_create(c, &filled, false, 20, &layout));
    assert_int_equal(layout->nrows, 2);
    qn__layout_free(layout);
    assert_ok(qn_circuit_append_measure(c, 0, 1));
    assert_ok(qn__layout_create(c, &filled, false, 20, &layout));
    assert_int_equal(layout->nrows, 3);
    check_text(layout->rows[2].name, "variables");
    check_text(layout->cells[layout->ncells - 1].text, "t");
    qn__layout_free(layout);
    qn_circuit_free(c);
}

/* A million gates: three walks over the circuit, memory for what is shown. */
static void test_large(void **state)
{
    (void)state;
    qn_circuit *c = long_circuit(300, 1000000);
    char *text = NULL;
    size_t length = 0;
    const double from = qn__clock();
    assert_ok(qn_draw_text(c, NULL, &text, &length));
    print_message("1,000,000 gates: %.3f s, %zu bytes\n", qn__clock() - from, length);
    assert_true(length < 2000000);
    assert_non_null(strstr(text, "gates hidden"));
    qn__free(text);
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random), cmocka_unit_test(test_tight), cmocka_unit_test(test_frames),
        cmocka_unit_test(test_rows),   cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
