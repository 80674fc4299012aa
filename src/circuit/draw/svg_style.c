/* svg_style.c: the style sheet of circuits. Colours after Okabe and Ito, "Color Universal Design" (2008), lightened
 * for the inside of boxes; every family is told apart by its text too. Each value stands twice, plain and as a custom
 * property, so that viewers without custom properties show the light colours and pages can set their own. */
#include "circuit/draw/svg_view.h"
#include "report/text.h"

typedef struct paint {
    const char *fill, *stroke;
} paint;

static const paint light[QN__FAMILY_COUNT] = {
    {"#d7e8f4", "#0072b2"}, {"#d5efe6", "#00855f"}, {"#f6e3ee", "#a8497f"}, {"#fcecc9", "#a36c00"},
    {"#fadfcc", "#c25400"}, {"#e5e7eb", "#374151"}, {"#f3f4f6", "#6b7280"}, {"#f9fafb", "#6b7280"},
};
static const paint dark[QN__FAMILY_COUNT] = {
    {"#12384f", "#56b4e9"}, {"#0d3d31", "#2ec99a"}, {"#47283c", "#e39bd0"}, {"#463509", "#f0b429"},
    {"#4d2710", "#ff9a5c"}, {"#2b313a", "#c3cad4"}, {"#20242b", "#a8b0bb"}, {"#1b1f25", "#a8b0bb"},
};

typedef struct variable {
    const char *name, *light, *dark;
} variable;

static const variable plain[] = {{"bg", "#ffffff", "#14171c"},
                                 {"ink", "#16191d", "#eef0f3"},
                                 {"soft", "#5b6470", "#a8b0bb"},
                                 {"wire", "#6b7280", "#868f9b"},
                                 {"frame", "#7a3e9d", "#c79be0"}};
enum { PLAIN = sizeof plain / sizeof plain[0] };

static void put_variables(qn_text *text, bool is_dark)
{
    qn__text_puts(text, ".qn-circuit{");
    for (size_t i = 0; i < PLAIN; i++) {
        qn_text_printf(text, "--qn-%s:%s;", plain[i].name, is_dark ? plain[i].dark : plain[i].light);
    }
    for (unsigned f = 0; f < QN__FAMILY_COUNT; f++) {
        const paint *p = is_dark ? &dark[f] : &light[f];
        qn_text_printf(text, "--qn-fill%u:%s;--qn-line%u:%s;", f, p->fill, f, p->stroke);
    }
    qn__text_puts(text, "}");
}

/* property:plain;property:var(--qn-name) */
static void put_plain(qn_text *text, const char *selector, const char *property, size_t which, const char *rest)
{
    qn_text_printf(text, ".qn-circuit %s{%s:%s;%s:var(--qn-%s);%s}\n", selector, property, plain[which].light, property,
                   plain[which].name, rest);
}

void qn__svg_style(qn_text *text)
{
    qn__text_puts(text, "<style>\n");
    put_variables(text, false);
    qn__text_puts(text, "\n@media (prefers-color-scheme:dark){");
    put_variables(text, true);
    qn__text_puts(text, "}\n");
    put_plain(text, ".bg", "fill", 0, "");
    put_plain(text, "text", "fill", 1,
              "font:14px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;"
              "dominant-baseline:auto");
    put_plain(text, ".h", "fill", 1, "font-size:17px;font-weight:600");
    qn__text_puts(text, ".qn-circuit .p{font-size:11px}\n");
    put_plain(text, ".s", "fill", 2, "font-size:12px");
    put_plain(text, ".w", "stroke", 3, "stroke-width:1.2;fill:none");
    put_plain(text, ".z", "stroke", 3, "stroke-width:1.2;fill:none;stroke-dasharray:2 4");
    put_plain(text, ".br", "stroke", 2, "stroke-width:3;fill:none;stroke-dasharray:4 3");
    put_plain(text, ".k", "stroke", 4, "stroke-width:1.4;fill:none;stroke-dasharray:6 3");
    put_plain(text, ".kt", "fill", 4, "font-size:12px;font-weight:600");
    put_plain(text, ".kd", "fill", 4, "");
    put_plain(text, ".kl", "stroke", 4, "stroke-width:1.2;fill:none");
    for (unsigned f = 0; f < QN__FAMILY_COUNT; f++) {
        const paint *p = &light[f];
        qn_text_printf(text,
                       ".qn-circuit .f%u .b{fill:%s;fill:var(--qn-fill%u);stroke:%s;stroke:var(--qn-line%u);"
                       "stroke-width:1.3}",
                       f, p->fill, f, p->stroke, f);
        qn_text_printf(text,
                       ".qn-circuit .f%u .l{fill:none;stroke:%s;stroke:var(--qn-line%u);stroke-width:1.6}"
                       ".qn-circuit .f%u .d{fill:%s;fill:var(--qn-line%u);stroke:none}\n",
                       f, p->stroke, f, f, p->stroke, f);
        qn_text_printf(text,
                       ".qn-circuit .f%u .o{fill:%s;fill:var(--qn-bg);stroke:%s;stroke:var(--qn-line%u);"
                       "stroke-width:1.8}\n",
                       f, plain[0].light, p->stroke, f);
    }
    put_plain(text, ".x", "stroke", 0, "stroke-width:1.8;fill:none");
    qn__text_puts(text, ".qn-circuit g:hover>.b{stroke-width:2.6}\n</style>\n");
}
