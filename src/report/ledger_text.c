/* ledger_text.c: a ledger as a table for the terminal, section by section, verdict last. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/ledger_view.h"
#include "report/number.h"
#include "report/table.h"
#include "report/text.h"

static const struct {
    const char *section, *title;
} titles[] = {
    {"answer", "Answer"},
    {"classical", "Classical rival on this machine"},
    {"simulator", "This run, simulated"},
    {"circuit", "Quantum circuit"},
    {"data", "Data in and out, on noiseless hardware"},
    {"price", "Price on hardware"},
};

const char *qn__ledger_section_title(const char *section)
{
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (strcmp(titles[i].section, section) == 0) {
            return titles[i].title;
        }
    }
    return section;
}

const char *qn__ledger_label(const qn_ledger *ledger, const qn_ledger_field *field)
{
    return strcmp(field->key, "answer") == 0 && ledger->answer_name[0] != '\0' ? ledger->answer_name : field->label;
}

const char *qn__ledger_value(char *buffer, size_t capacity, const qn_ledger *ledger, const qn_ledger_field *field)
{
    const qn_quantity quantity = qn_ledger_get(ledger, field);
    const bool own_unit = strcmp(field->unit, "answer") == 0;
    const bool is_value = strcmp(field->key, "answer") == 0 || strcmp(field->key, "classical_value") == 0;
    if (!is_value || !isfinite(quantity.value)) {
        if (!own_unit) {
            return qn_human(buffer, capacity, quantity.value, field->unit);
        }
        char number[QN__NUMBER_SIZE];
        qn__number_format(number, sizeof number, quantity.value, 2, 'g'); /* of an error, two digits are plenty */
        (void)snprintf(buffer, capacity, "%s%s%s", number, ledger->answer_unit[0] != '\0' ? " " : "",
                       ledger->answer_unit);
        return buffer;
    }
    /* As many decimals as the statistical error leaves, at most nine. */
    int decimals = 9;
    if (ledger->std_error.source != QN_SOURCE_UNKNOWN && ledger->std_error.value > 0 &&
        strcmp(field->key, "answer") == 0) {
        decimals = 1 - (int)floor(log10(ledger->std_error.value));
        decimals = decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
    }
    char number[QN__NUMBER_SIZE];
    const bool plain = fabs(quantity.value) < 1e7 && (quantity.value == 0 || fabs(quantity.value) >= 1e-4);
    qn__number_format(number, sizeof number, quantity.value, decimals, plain ? 'f' : 'e');
    (void)snprintf(buffer, capacity, "%s%s%s", number, ledger->answer_unit[0] != '\0' ? " " : "", ledger->answer_unit);
    return buffer;
}

static void add_text(qn__table_row *rows, size_t *count, const char *label, const char *value)
{
    if (value[0] != '\0') {
        qn__table_row *row = &rows[(*count)++];
        row->heading = NULL;
        (void)snprintf(row->label, sizeof row->label, "%s", label);
        (void)snprintf(row->value, sizeof row->value, "%s", value);
        row->note[0] = '\0';
    }
}

void qn_text_ledger(qn_text *text, const qn_ledger *ledger, const qn_style *style)
{
    enum { ROWS = 80 }; /* 40 fields, 6 headings, 5 texts, some room */
    qn__table_row rows[ROWS];
    size_t count = 0;
    const char *section = "";
    for (size_t i = 0; i < qn_ledger_field_count() && count + 4 < ROWS; i++) {
        const qn_ledger_field *field = qn_ledger_field_at(i);
        const bool classical_text = strcmp(field->key, "classical_value") == 0 && ledger->classical_method[0] != '\0';
        const qn_quantity quantity = qn_ledger_get(ledger, field);
        if (quantity.source == QN_SOURCE_UNKNOWN && !classical_text) {
            continue;
        }
        if (strcmp(section, field->section) != 0) {
            section = field->section;
            rows[count++].heading = qn__ledger_section_title(section);
        }
        if (classical_text) {
            add_text(rows, &count, "method", ledger->classical_method);
        }
        if (quantity.source == QN_SOURCE_UNKNOWN) {
            continue;
        }
        qn__table_row *row = &rows[count++];
        row->heading = NULL;
        (void)snprintf(row->label, sizeof row->label, "%.90s", qn__ledger_label(ledger, field));
        qn__ledger_value(row->value, sizeof row->value, ledger, field);
        (void)snprintf(row->note, sizeof row->note, "%s", qn_source_name(quantity.source));
    }
    add_text(rows, &count, "era", ledger->era);
    qn__table_print(text, rows, count, style);
    if (ledger->verdict == QN_VERDICT_UNKNOWN) {
        return;
    }
    qn_text_printf(text, "%sVerdict%s\n", qn__style_bold(style), qn__style_off(style));
    qn__text_puts(text, qn__style_accent(style));
    qn__text_wrap(text, qn_verdict_text(ledger->verdict), 2, "", style);
    qn__text_puts(text, qn__style_off(style));
    for (uint32_t i = 0; i < ledger->reason_count && i < QN_LEDGER_REASONS; i++) {
        qn__text_wrap(text, ledger->reasons[i], 4, style->unicode ? "  \xE2\x80\xA2" : "  -", style);
    }
}
