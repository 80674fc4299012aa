/* picture.c: the shared parts of pictures. Colours are those of M. Okabe and K. Ito, which colour-blind readers can
 * tell apart; light and dark follow the reader's setting. */
#include "report/picture.h"

#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/text.h"

enum { LEAST = 200, MOST = 8000, TITLE_SIZE = 17, MARGIN = 20 };

static const char style_sheet[] =
    ".qn-plot text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu "
    "Sans',sans-serif;font-size:12px;fill:#444}\n"
    ".qn-plot .title{font-size:17px;font-weight:600;fill:#111}.qn-plot .bg{fill:#fff}.qn-plot .soft{fill:#666}\n"
    ".qn-plot .grid{stroke:#e6e6e6;stroke-width:1}.qn-plot .axis{stroke:#999;stroke-width:1;fill:none}\n"
    ".qn-plot .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.qn-plot .ref{stroke-width:1.5;"
    "stroke-dasharray:6 4;fill:none}\n"
    ".qn-plot .area{fill-opacity:.16;stroke:none}.qn-plot .hit{fill-opacity:0;stroke:none}.qn-plot "
    ".hit:hover{fill-opacity:1}\n"
    ".qn-plot .bar{fill-opacity:.85}.qn-plot .slip{stroke-width:5;stroke-opacity:.35;stroke-linecap:round}\n"
    ".qn-plot .whisker{stroke:#333;stroke-width:1.3;fill:none}.qn-plot .leader{stroke:#999;stroke-width:.8}\n"
    ".qn-plot .note{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}\n"
    ".qn-plot .era0{fill:#eef1f5}.qn-plot .era1{fill:#e1e7ee}\n"
    ".qn-plot .s0{stroke:#0072b2}.qn-plot .f0{fill:#0072b2}.qn-plot .s1{stroke:#d55e00}.qn-plot .f1{fill:#d55e00}\n"
    ".qn-plot .s2{stroke:#009e73}.qn-plot .f2{fill:#009e73}.qn-plot .s3{stroke:#b3589a}.qn-plot .f3{fill:#b3589a}\n"
    ".qn-plot .s4{stroke:#b58900}.qn-plot .f4{fill:#b58900}.qn-plot .s5{stroke:#3f9fd0}.qn-plot .f5{fill:#3f9fd0}\n"
    ".qn-plot .rs0{stroke:#b3261e}.qn-plot .rf0{fill:#b3261e}.qn-plot .rs1{stroke:#707070}.qn-plot .rf1{fill:#707070}\n"
    ".qn-plot .rs2{stroke:#6a4fb3}.qn-plot .rf2{fill:#6a4fb3}\n"
    "@media (prefers-color-scheme:dark){.qn-plot text{fill:#c8c8c8}.qn-plot .title{fill:#f2f2f2}.qn-plot "
    ".bg{fill:#16181d}\n"
    ".qn-plot .soft{fill:#9a9a9a}.qn-plot .grid{stroke:#2c3038}.qn-plot .axis{stroke:#6b7280}\n"
    ".qn-plot .whisker{stroke:#e6e6e6}.qn-plot .leader{stroke:#6b7280}.qn-plot .note{stroke:#16181d}\n"
    ".qn-plot .era0{fill:#1e2229}.qn-plot .era1{fill:#282e38}\n"
    ".qn-plot .s0{stroke:#56b4e9}.qn-plot .f0{fill:#56b4e9}.qn-plot .s1{stroke:#e69f00}.qn-plot .f1{fill:#e69f00}\n"
    ".qn-plot .s2{stroke:#2ec99a}.qn-plot .f2{fill:#2ec99a}.qn-plot .s3{stroke:#e39bd0}.qn-plot .f3{fill:#e39bd0}\n"
    ".qn-plot .s4{stroke:#f0e442}.qn-plot .f4{fill:#f0e442}.qn-plot .rs0{stroke:#ff8a80}.qn-plot .rf0{fill:#ff8a80}\n"
    ".qn-plot .rs1{stroke:#a8a8a8}.qn-plot .rf1{fill:#a8a8a8}.qn-plot .rs2{stroke:#b7a3f0}.qn-plot "
    ".rf2{fill:#b7a3f0}}\n";

double qn__picture_size(uint32_t wanted, double fallback)
{
    return fmin(fmax(wanted != 0 ? wanted : fallback, LEAST), MOST);
}

void qn__picture_begin(qn_text *text, double width, double height, const char *title, bool standalone)
{
    if (standalone) {
        qn__text_puts(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    qn_text_printf(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qn-plot\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" "
        "height=\"%.0f\" role=\"img\">\n",
        width, height, width, height);
    if (title != NULL) {
        qn__picture_title(text, title);
        qn__text_puts(text, "\n");
    }
    qn_text_printf(text, "<style>\n%s</style>\n<rect class=\"bg\" width=\"100%%\" height=\"100%%\"/>\n", style_sheet);
}

void qn__picture_end(qn_text *text)
{
    qn__text_puts(text, "</svg>\n");
}

void qn__picture_put(qn_text *text, double value)
{
    char number[QN__NUMBER_SIZE];
    value = fmin(fmax(value, -99999.0), 99999.0);
    qn__number_format(number, sizeof number, value, 2, 'f');
    qn__text_puts(text, number);
}

void qn__picture_attribute(qn_text *text, const char *name, double value)
{
    qn_text_printf(text, " %s=\"", name);
    qn__picture_put(text, value);
    qn__text_puts(text, "\"");
}

void qn__picture_text(qn_text *text, double x, double y, const char *anchor, const char *class_name, const char *words)
{
    qn__text_puts(text, "<text");
    qn__picture_attribute(text, "x", x);
    qn__picture_attribute(text, "y", y);
    qn_text_printf(text, " text-anchor=\"%s\"%s%s%s>", anchor, class_name[0] != '\0' ? " class=\"" : "", class_name,
                   class_name[0] != '\0' ? "\"" : "");
    qn__text_xml(text, words);
    qn__text_puts(text, "</text>\n");
}

void qn__picture_line(qn_text *text, const char *class_name, double x1, double y1, double x2, double y2)
{
    qn_text_printf(text, "<line class=\"%s\"", class_name);
    qn__picture_attribute(text, "x1", x1);
    qn__picture_attribute(text, "y1", y1);
    qn__picture_attribute(text, "x2", x2);
    qn__picture_attribute(text, "y2", y2);
    qn__text_puts(text, "/>\n");
}

void qn__picture_rect(qn_text *text, const char *class_name, double x, double y, double width, double height)
{
    qn_text_printf(text, "<rect class=\"%s\"", class_name);
    qn__picture_attribute(text, "x", x);
    qn__picture_attribute(text, "y", y);
    qn__picture_attribute(text, "width", fmax(width, 0.0));
    qn__picture_attribute(text, "height", fmax(height, 0.0));
}

void qn__picture_title(qn_text *text, const char *words)
{
    qn__text_puts(text, "<title>");
    qn__text_xml(text, words);
    qn__text_puts(text, "</title>");
}

/* Of the character at `at`, in units of the size, as in a wide sans serif. */
static double character_width(const char *at)
{
    const unsigned char c = (unsigned char)*at;
    if (c >= 0xE3) { /* most scripts up there are as wide as high */
        return 1.05;
    }
    return strchr(" ijlft.,:;'|!()[]-", *at) != NULL ? 0.38 : strchr("mwMW@%", *at) != NULL ? 0.95 : 0.64;
}

double qn__picture_text_width(const char *words, double size)
{
    double width = 0.0;
    for (; *words != '\0'; words++) {
        if (((unsigned char)*words & 0xC0) != 0x80) {
            width += character_width(words);
        }
    }
    return width * size;
}

/* Bytes of the longest start that fits the width and the buffer: at a blank when `whole`, if there is one. */
static size_t start_that_fits(const char *words, double size, double width, bool whole)
{
    double used = 0.0;
    size_t blank = 0, at = 0;
    while (words[at] != '\0') {
        const size_t length = qn__utf8_length(words + at), step = length > 0 ? length : 1;
        used += size * character_width(words + at);
        if (used > width || at + step + 4 > QN__PICTURE_LINE) {
            /* a blank that does not fit any more ends the line as well as one before */
            return whole && words[at] != ' ' && blank > 0 ? blank : at;
        }
        if (words[at] == ' ') {
            blank = at;
        }
        at += step;
    }
    return at;
}

size_t qn__picture_wrap(const char *words, double size, double width, size_t most, char lines[][QN__PICTURE_LINE])
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t count = 0;
    while (words != NULL && *words != '\0' && count < most) {
        size_t length = start_that_fits(words, size, width, true);
        const bool cut = count + 1 == most && words[length] != '\0';
        if (cut) {
            length = start_that_fits(words, size, width - size, false);
        }
        if (length == 0) { /* not even one character: rather that than no progress */
            length = qn__utf8_length(words) > 0 ? qn__utf8_length(words) : 1;
        }
        memcpy(lines[count], words, length);
        (void)memcpy(lines[count] + length, cut ? ellipsis : "", cut ? sizeof ellipsis : 1);
        count++;
        words += length;
        while (*words == ' ') {
            words++;
        }
    }
    return count;
}

const char *qn__picture_fit(char line[QN__PICTURE_LINE], const char *words, double size, double width)
{
    char lines[1][QN__PICTURE_LINE];
    line[0] = '\0';
    if (qn__picture_wrap(words, size, width, 1, lines) > 0) {
        memcpy(line, lines[0], sizeof lines[0]);
    }
    return line;
}

double qn__picture_heading(qn_text *text, double width, const char *title, const char *subtitle)
{
    char lines[QN__PICTURE_LINES][QN__PICTURE_LINE];
    double y = 14.0;
    size_t count = qn__picture_wrap(title, TITLE_SIZE, width - 2.0 * MARGIN, QN__PICTURE_LINES, lines);
    for (size_t i = 0; i < count; i++) {
        y += i == 0 ? 16.0 : 21.0;
        if (text != NULL) {
            qn__picture_text(text, MARGIN, y, "start", "title", lines[i]);
        }
    }
    y += count > 0 ? 4.0 : 0.0;
    count = qn__picture_wrap(subtitle, QN__PICTURE_TEXT_SIZE, width - 2.0 * MARGIN, QN__PICTURE_LINES, lines);
    for (size_t i = 0; i < count; i++) {
        y += i == 0 ? 15.0 : 16.0;
        if (text != NULL) {
            qn__picture_text(text, MARGIN, y, "start", "soft", lines[i]);
        }
    }
    return y + (count > 0 ? 3.0 : 0.0);
}
