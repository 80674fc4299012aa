/* number.c: decimal numbers to and from text without the locale's decimal point. */
#include "format/number.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/cursor.h"

/* True when `text` starts with the word, whatever its case; j may follow, as in Python's (1+infj). */
static bool starts_with_word(const char *text, size_t length, const char *word)
{
    const size_t size = strlen(word);
    if (length < size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (qn__upper(text[i]) != word[i]) {
            return false;
        }
    }
    return length == size || !qn__is_letter(text[size]) || qn__upper(text[size]) == 'J';
}

/* The parts of a number as found in the text. */
typedef struct parts {
    uint64_t digits; /* the first 19 significant ones */
    long scale;      /* value = digits * 10^scale, when exact */
    size_t kept;     /* significant digits in `digits` */
    bool exact;      /* no digit was left out */
    long exponent;   /* as written, clamped */
    size_t mantissa; /* bytes of sign, digits and point */
    size_t length;   /* bytes of all */
} parts;

static bool digit_run(const char *text, size_t length, size_t *at, parts *found, bool fraction)
{
    const size_t first = *at;
    for (; *at < length && qn__is_digit(text[*at]); ++*at) {
        const unsigned digit = (unsigned)(text[*at] - '0');
        if (found->kept >= 19) {
            found->exact = found->exact && digit == 0;
            found->scale += !fraction;
            continue;
        }
        found->digits = found->digits * 10 + digit;
        found->kept += found->digits != 0;
        found->scale -= fraction;
    }
    return *at > first;
}

static void read_exponent(const char *text, size_t length, bool fortran, parts *found)
{
    size_t at = found->mantissa;
    const char letter = at < length ? qn__upper(text[at]) : '\0';
    const bool lettered = letter == 'E' || (fortran && (letter == 'D' || letter == 'Q'));
    const bool bare = fortran && (letter == '+' || letter == '-');
    if (!lettered && !bare) {
        return;
    }
    at += lettered;
    const bool negative = at < length && text[at] == '-';
    at += at < length && (text[at] == '-' || text[at] == '+');
    if (at >= length || !qn__is_digit(text[at])) {
        return; /* the letter is not part of the number; the caller sees it next */
    }
    long exponent = 0;
    for (; at < length && qn__is_digit(text[at]); at++) {
        exponent = exponent < 100000 ? exponent * 10 + (text[at] - '0') : exponent;
    }
    found->exponent = negative ? -exponent : exponent;
    found->length = at;
}

static bool find_parts(const char *text, size_t length, bool fortran, parts *found)
{
    *found = (parts){.exact = true};
    size_t at = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    const bool whole = digit_run(text, length, &at, found, false);
    bool fraction = false;
    if (at < length && text[at] == '.') {
        at++;
        fraction = digit_run(text, length, &at, found, true);
    }
    if (!whole && !fraction) {
        return false;
    }
    found->mantissa = at;
    found->length = at;
    read_exponent(text, length, fortran, found);
    return true;
}

/* strtod on a copy whose point and exponent are what the process's locale and C want. */
static double convert_slowly(const char *text, const parts *found)
{
    char copy[QN__NUMBER_LONGEST + 64];
    const char *const point = localeconv()->decimal_point;
    const size_t point_length = strlen(point) < 16 ? strlen(point) : 16;
    size_t length = 0;
    for (size_t i = 0; i < found->mantissa; i++) {
        if (text[i] == '.') {
            /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): the end is written below */
            memcpy(copy + length, point, point_length);
            length += point_length;
        } else {
            copy[length++] = text[i];
        }
    }
    (void)snprintf(copy + length, sizeof copy - length, "e%ld", found->exponent);
    return strtod(copy, NULL);
}

qn__number_result qn__number_scan(const char *text, size_t length, bool fortran, double *value, size_t *used)
{
    parts found;
    if (!find_parts(text, length, fortran, &found)) {
        const size_t sign = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
        if (starts_with_word(text + sign, length - sign, "NAN")) {
            return QN__NUMBER_NAN;
        }
        if (starts_with_word(text + sign, length - sign, "INF") ||
            starts_with_word(text + sign, length - sign, "INFINITY")) {
            return QN__NUMBER_INFINITE;
        }
        return QN__NUMBER_NONE;
    }
    if (found.length > QN__NUMBER_LONGEST) {
        return QN__NUMBER_LONG;
    }
    double result;
    const long scale = found.exponent + found.scale;
    /* Digits below 2^53 and a power of ten up to 10^22 are both exact doubles, so that one operation rounds once
     * (Clinger, PLDI 1990). */
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (found.exact && found.digits <= (UINT64_C(1) << 53) && scale >= -22 && scale <= 22) {
        const double digits = (double)found.digits;
        result = scale < 0 ? digits / powers[-scale] : digits * powers[scale];
        result = text[0] == '-' ? -result : result;
    } else {
        result = convert_slowly(text, &found);
    }
    if (!isfinite(result)) {
        return QN__NUMBER_OVERFLOW;
    }
    *value = result;
    *used = found.length;
    return QN__NUMBER_OK;
}

size_t qn__number_print(char buffer[QN__NUMBER_ROOM], double value, bool exponent)
{
    const int written = snprintf(buffer, QN__NUMBER_ROOM, exponent ? "%.16E" : "%.17g", value);
    size_t length = written < 0 ? 0 : (size_t)written;
    /* What is neither digit, sign nor letter is the locale's decimal point, of one or more bytes. */
    size_t out = 0;
    bool pointed = false;
    for (size_t i = 0; i < length; i++) {
        const char byte = buffer[i];
        if (qn__is_digit(byte) || byte == '-' || byte == '+' || qn__is_letter(byte)) {
            buffer[out++] = byte;
        } else if (!pointed) {
            pointed = true;
            buffer[out++] = '.';
        }
    }
    buffer[out] = '\0';
    return out;
}
