/* lines.c: sentences, and numbers of any size in them. */
#include "advise/lines.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include <quern/report.h>

#include "base/alloc.h"
#include "report/number.h"

static const qn__count seconds_per_year = 365.25L * 86400;

void qn__lines_add(qn__lines *lines, const char *format, ...)
{
    if (lines == NULL || lines->status != QN_OK) {
        return;
    }
    char text[QN__LINE_TEXT];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    lines->status = qn__grow((void **)&lines->items, &lines->capacity, lines->count + 1, sizeof(char *));
    if (lines->status != QN_OK) {
        return;
    }
    char *copy = qn__strdup(text);
    if (copy == NULL) {
        lines->status = QN_ERR_MEMORY;
        return;
    }
    lines->items[lines->count++] = copy;
}

void qn__lines_clear(qn__lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        qn__free(lines->items[i]);
    }
    qn__free(lines->items);
    *lines = (qn__lines){0};
}

/* Three digits and a power of ten, also where no double reaches. */
static void powers(char *out, size_t capacity, qn__count value)
{
    qn__count exponent = floorl(log10l(fabsl(value)));
    double mantissa = (double)(value / powl(10.0L, exponent));
    if (fabs(mantissa) >= 9.995) {
        mantissa /= 10;
        exponent += 1;
    }
    char digits[QN__NUMBER_SIZE];
    (void)snprintf(out, capacity, "%se%+03d", qn__number_format(digits, sizeof digits, mantissa, 3, 'g'),
                   (int)exponent);
}

const char *qn__say_count(qn__say *say, qn__count value)
{
    char digits[QN__NUMBER_SIZE];
    if (!isfinite(value)) {
        (void)snprintf(say->text, sizeof say->text, "%s", "unknown");
    } else if (fabsl(value) >= 1e6L) {
        powers(say->text, sizeof say->text, value);
    } else if (floorl(value) == value) {
        (void)snprintf(say->text, sizeof say->text, "%s",
                       qn__number_format(digits, sizeof digits, (double)value, 0, 'f'));
    } else {
        (void)snprintf(say->text, sizeof say->text, "%s",
                       qn__number_format(digits, sizeof digits, (double)value, 4, 'g'));
    }
    return say->text;
}

const char *qn__say_seconds(qn__say *say, qn__count seconds)
{
    if (!isfinite(seconds)) {
        (void)snprintf(say->text, sizeof say->text, "%s", "unknown");
    } else if (seconds < 1e4L * seconds_per_year) {
        (void)qn_human(say->text, sizeof say->text, (double)seconds, "s");
    } else {
        char number[QN__SAY - 8];
        powers(number, sizeof number, seconds / seconds_per_year);
        (void)snprintf(say->text, sizeof say->text, "%s years", number);
    }
    return say->text;
}

const char *qn__say_order(qn__say *say, qn__count value)
{
    if (!isfinite(value) || value <= 0) {
        return qn__say_count(say, value);
    }
    (void)snprintf(say->text, sizeof say->text, "about 10^%d", (int)roundl(log10l(value)));
    return say->text;
}

const char *qn__say_order_seconds(qn__say *say, qn__count seconds)
{
    if (!isfinite(seconds) || seconds <= 0) {
        return qn__say_seconds(say, seconds);
    }
    const bool years = seconds > 10 * seconds_per_year;
    const qn__count value = years ? seconds / seconds_per_year : seconds;
    (void)snprintf(say->text, sizeof say->text, "about 10^%d %s", (int)roundl(log10l(value)), years ? "years" : "s");
    return say->text;
}
