/* html.c: one self-contained page: summary, plots, ledger, the command that made it. No network, no scripts. */
#include <string.h>

#include "report/ledger_view.h"
#include "report/text.h"

static const char style_sheet[] =
    ":root{color-scheme:light "
    "dark;--bg:#fff;--fg:#1c1e21;--soft:#5f6670;--rule:#e3e5e8;--card:#f6f7f9;--accent:#0060a0}\n"
    "@media (prefers-color-scheme:dark){:root{--bg:#16181d;--fg:#e6e6e6;--soft:#a0a6b0;--rule:#2c3038;--card:#1e2128;"
    "--accent:#7cc4f5}}\n"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"
    "'Segoe UI',Roboto,'DejaVu Sans',sans-serif}\n"
    "main{max-width:820px;margin:0 auto;padding:28px 20px 48px}h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4em}\n"
    "h2{font-size:1.15rem;margin:2em 0 .5em}h3{font-size:.95rem;margin:1.3em 0 .3em;color:var(--soft)}\n"
    ".lead{font-size:1.1rem;color:var(--soft);margin:0 0 1.2em}\n"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;font-weight:400;padding:.3em .8em .3em 0;"
    "border-bottom:1px solid var(--rule);vertical-align:top}\n"
    "th{color:var(--soft);width:42%}td{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}"
    "td.source{color:var(--soft);font-size:.85em;width:6.5em;padding-right:0}\n"
    "table.grid{width:auto;min-width:60%;margin:1em 0}table.grid th{width:auto;font-weight:600;color:var(--fg);"
    "border-bottom:2px solid var(--rule)}table.grid .right{text-align:right}table.grid "
    "td{overflow-wrap:break-word}.scroll{overflow-x:auto}"
    ".small{color:var(--soft);font-size:.88rem}\n"
    "figure{margin:1.5em 0;overflow-x:auto}figure svg{display:block;width:100%;min-width:540px;height:auto}\n"
    ".verdict{border-left:4px solid var(--accent);background:var(--card);padding:.8em 1.1em;margin:1em 0}"
    ".verdict p{margin:0;font-weight:600}.verdict ul{margin:.5em 0 0;padding-left:1.2em}\n"
    "pre{background:var(--card);padding:.8em "
    "1em;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.9rem}\n"
    "@media(max-width:480px){table.pairs tr{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);"
    "border-bottom:1px solid var(--rule)}table.pairs th,table.pairs td,table.pairs td.source{width:auto;border:0}"
    "table.pairs th{grid-row:span 2}table.pairs td.source{grid-column:2;padding-top:0}"
    "table.grid th,table.grid td{padding-right:.9em;font-size:.92rem}}\n"
    "@media print{main{max-width:none;padding:0}figure,table,.verdict{break-inside:avoid}h2{break-after:avoid}figure "
    "svg{min-width:0}}\n";

static void element(qn_text *text, const char *name, const char *words)
{
    qn_text_printf(text, "<%s>", name);
    qn__text_xml(text, words);
    qn_text_printf(text, "</%s>", name);
}

static void row(qn_text *text, const char *label, const char *value, const char *source)
{
    qn__text_puts(text, "<tr><th scope=\"row\">");
    qn__text_xml(text, label);
    qn__text_puts(text, "</th>");
    element(text, "td", value);
    if (source != NULL) {
        qn__text_puts(text, "<td class=\"source\">");
        qn__text_xml(text, source);
        qn__text_puts(text, "</td>");
    }
    qn__text_puts(text, "</tr>\n");
}

static void verdict(qn_text *text, const qn_ledger *ledger)
{
    qn__text_puts(text, "<div class=\"verdict\">");
    element(text, "p", qn_verdict_text(ledger->verdict));
    if (ledger->reason_count > 0) {
        qn__text_puts(text, "<ul>\n");
        for (uint32_t i = 0; i < ledger->reason_count && i < QN_LEDGER_REASONS; i++) {
            element(text, "li", ledger->reasons[i]);
            qn__text_puts(text, "\n");
        }
        qn__text_puts(text, "</ul>");
    }
    qn__text_puts(text, "</div>\n");
}

static void ledger_tables(qn_text *text, const qn_ledger *ledger)
{
    const char *section = NULL;
    for (size_t i = 0; i < qn_ledger_field_count(); i++) {
        const qn_ledger_field *field = qn_ledger_field_at(i);
        const qn_quantity quantity = qn_ledger_get(ledger, field);
        const bool method = strcmp(field->key, "classical_value") == 0 && ledger->classical_method[0] != '\0';
        if (quantity.source == QN_SOURCE_UNKNOWN && !method) {
            continue;
        }
        if (section == NULL || strcmp(section, field->section) != 0) {
            qn__text_puts(text, section != NULL ? "</table>\n" : "");
            section = field->section;
            element(text, "h3", qn__ledger_section_title(section));
            qn__text_puts(text, "\n<table class=\"pairs\">\n");
        }
        if (method) {
            row(text, "method", ledger->classical_method, "");
        }
        if (quantity.source != QN_SOURCE_UNKNOWN) {
            char value[160];
            row(text, qn__ledger_label(ledger, field), qn__ledger_value(value, sizeof value, ledger, field),
                qn_source_name(quantity.source));
        }
    }
    if (ledger->era[0] != '\0') {
        qn__text_puts(text, section != NULL ? "" : "<table class=\"pairs\">\n");
        section = "price";
        row(text, "era", ledger->era, "");
    }
    qn__text_puts(text, section != NULL ? "</table>\n" : "");
}

static void pair_table(qn_text *text, const qn_report_pair *pairs, size_t count)
{
    if (count > 0) {
        qn__text_puts(text, "<table class=\"pairs\">\n");
        for (size_t i = 0; i < count; i++) {
            row(text, pairs[i].key, pairs[i].value, NULL);
        }
        qn__text_puts(text, "</table>\n");
    }
}

static void grid_cell(qn_text *text, const char *name, const qn_table_column *column, const char *words)
{
    qn_text_printf(text, "<%s%s>", name, column->right ? " class=\"right\"" : "");
    qn__text_xml(text, words != NULL ? words : "");
    qn_text_printf(text, "</%s>", name);
}

static void grid_table(qn_text *text, const qn_table *table)
{
    qn__text_puts(text, "<div class=\"scroll\"><table class=\"grid\">\n<thead><tr>");
    for (size_t c = 0; c < table->ncolumns; c++) {
        grid_cell(text, "th", &table->columns[c], table->columns[c].name);
    }
    qn__text_puts(text, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < table->nrows; r++) {
        qn__text_puts(text, "<tr>");
        for (size_t c = 0; c < table->ncolumns; c++) {
            grid_cell(text, "td", &table->columns[c], table->cells[r * table->ncolumns + c]);
        }
        qn__text_puts(text, "</tr>\n");
    }
    qn__text_puts(text, "</tbody></table></div>\n");
}

/* Blank lines separate paragraphs. */
static void paragraphs(qn_text *text, const char *words)
{
    while (*words != '\0') {
        const char *const end = strstr(words, "\n\n");
        const size_t length = end != NULL ? (size_t)(end - words) : strlen(words);
        if (length > 0) {
            qn__text_puts(text, "<p>");
            qn__text_xml_part(text, words, length);
            qn__text_puts(text, "</p>\n");
        }
        words += length + strspn(words + length, "\n");
    }
}

static void write_figure(qn_text *text, const qn_figure *figure)
{
    qn__text_puts(text, "<figure>\n");
    qn_text_figure(text, figure, false);
    qn__text_puts(text, "</figure>\n");
}

static void write_section(qn_text *text, const qn_report_section *section)
{
    if (section->title != NULL && section->title[0] != '\0') {
        element(text, "h2", section->title);
        qn__text_puts(text, "\n");
    }
    if (section->text != NULL) {
        paragraphs(text, section->text);
    }
    pair_table(text, section->pairs, section->npairs);
    if (section->table != NULL && section->table->ncolumns > 0) {
        grid_table(text, section->table);
    }
    for (size_t i = 0; i < section->nfigures; i++) {
        write_figure(text, &section->figures[i]);
    }
    if (section->note != NULL && section->note[0] != '\0') {
        qn__text_puts(text, "<p class=\"small\">");
        qn__text_xml(text, section->note);
        qn__text_puts(text, "</p>\n");
    }
}

void qn_text_html(qn_text *text, const qn_report_page *page)
{
    if (page->size != sizeof *page) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    const char *title = page->title != NULL ? page->title : "Report";
    qn__text_puts(text, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    element(text, "title", title);
    qn_text_printf(text, "\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", style_sheet);
    element(text, "h1", title);
    qn__text_puts(text, "\n");
    if (page->lead != NULL) {
        qn__text_puts(text, "<p class=\"lead\">");
        qn__text_xml(text, page->lead);
        qn__text_puts(text, "</p>\n");
    }
    if (page->ledger != NULL && page->ledger->verdict != QN_VERDICT_UNKNOWN) {
        verdict(text, page->ledger);
    }
    pair_table(text, page->pairs, page->npairs);
    for (size_t i = 0; i < page->nplots; i++) {
        const qn_figure figure = {QN_FIGURE_PLOT, &page->plots[i]};
        write_figure(text, &figure);
    }
    for (size_t i = 0; i < page->nsections; i++) {
        write_section(text, &page->sections[i]);
    }
    if (page->ledger != NULL) {
        qn__text_puts(text, "<h2>Ledger</h2>\n");
        ledger_tables(text, page->ledger);
    }
    if (page->command != NULL) {
        qn__text_puts(text, "<h2>Made by</h2>\n");
        element(text, "pre", page->command);
        qn__text_puts(text, "\n");
    }
    qn__text_puts(text, "</main>\n</body>\n</html>\n");
}
