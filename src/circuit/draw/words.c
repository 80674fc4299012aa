/* words.c: bounded texts: numbers, angles, parameters, counts, names of bits and qubits, columns of a terminal. */
#include "circuit/draw/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/number.h"
#include "report/text.h"

static const double PI = 3.14159265358979323846;

/* Characters of a terminal. */

uint32_t qn__utf8_decode(const char *text, size_t *length)
{
    const unsigned char *s = (const unsigned char *)text;
    *length = qn__utf8_length(text);
    switch (*length) {
    case 2:
        return (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
    case 3:
        return (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    case 4:
        return (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
    default:
        *length = 1;
        return s[0];
    }
}

typedef struct range {
    uint32_t first, last;
} range;

static bool in_ranges(const range *ranges, size_t count, uint32_t character)
{
    for (size_t i = 0; i < count; i++) {
        if (character >= ranges[i].first && character <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

uint32_t qn__character_columns(uint32_t character)
{
    static const range combining[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},  {0x064B, 0x065F},
                                      {0x200B, 0x200F}, {0x20D0, 0x20F0}, {0x3099, 0x309A},  {0xFE00, 0xFE0F},
                                      {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}};
    static const range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
                                 {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},
                                 {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
                                 {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (character < 0x300) {
        return 1;
    }
    if (in_ranges(combining, sizeof combining / sizeof combining[0], character)) {
        return 0;
    }
    return in_ranges(wide, sizeof wide / sizeof wide[0], character) ? 2 : 1;
}

uint32_t qn__text_columns(const char *text)
{
    uint32_t columns = 0;
    while (*text != '\0') {
        size_t length = 0;
        columns += qn__character_columns(qn__utf8_decode(text, &length));
        text += length;
    }
    return columns;
}

/* Building. */

void qn__words_start(qn__words *words, bool ascii, uint32_t decimals)
{
    words->ascii = ascii;
    words->cut = false;
    words->decimals = decimals > 17 ? 17 : decimals;
    words->length = 0;
    words->bytes[0] = '\0';
}

static void put_bytes(qn__words *words, const char *bytes, size_t length)
{
    if (words->cut || length >= QN__WORDS_SIZE - words->length) {
        words->cut = true;
        return;
    }
    memcpy(words->bytes + words->length, bytes, length);
    words->length += length;
    words->bytes[words->length] = '\0';
}

void qn__words_put(qn__words *words, const char *text)
{
    while (*text != '\0') {
        const size_t length = qn__utf8_length(text);
        const unsigned char c = (unsigned char)*text;
        const bool control = c < 0x20 || c == 0x7F || (c == 0xC2 && (unsigned char)text[1] < 0xA0);
        if (length == 0 || control || (words->ascii && length > 1)) {
            put_bytes(words, "?", 1);
        } else {
            put_bytes(words, text, length);
        }
        text += length == 0 ? 1 : length;
    }
}

void qn__words_format(qn__words *words, const char *format, ...)
{
    char buffer[128];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    put_bytes(words, buffer, strlen(buffer));
}

void qn__words_count(qn__words *words, uint64_t count)
{
    char digits[24], grouped[32];
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            grouped[used++] = ',';
        }
        grouped[used++] = digits[i];
    }
    put_bytes(words, grouped, used);
}

void qn__words_fit(qn__words *words, uint32_t columns)
{
    if (!words->cut && qn__text_columns(words->bytes) <= columns) {
        return;
    }
    const uint32_t mark = words->ascii ? 3 : 1;
    const uint32_t room = columns > mark ? columns - mark : 0;
    uint32_t used = 0;
    size_t at = 0;
    while (words->bytes[at] != '\0') {
        size_t length = 0;
        const uint32_t more = qn__character_columns(qn__utf8_decode(words->bytes + at, &length));
        if (used + more > room || at + length + 4 > QN__WORDS_SIZE) {
            break;
        }
        used += more;
        at += length;
    }
    words->length = at;
    words->bytes[at] = '\0';
    words->cut = false;
    qn__words_format(words, "%s", words->ascii ? "..." : "…");
}

/* Numbers. */

/* "1e-07" is shown as "1e-7". */
static void put_exponent_form(qn__words *words, const char *number)
{
    const char *e = strchr(number, 'e');
    if (e == NULL) {
        put_bytes(words, number, strlen(number));
        return;
    }
    put_bytes(words, number, (size_t)(e - number) + 1);
    e++;
    if (*e == '-') {
        put_bytes(words, "-", 1);
    }
    e += *e == '-' || *e == '+';
    while (e[0] == '0' && e[1] != '\0') {
        e++;
    }
    put_bytes(words, e, strlen(e));
}

void qn__words_number(qn__words *words, double value)
{
    char buffer[400];
    const double magnitude = fabs(value);
    if (!isfinite(value)) {
        put_bytes(words, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf", value < 0 ? 4 : 3);
        return;
    }
    const int decimals = (int)words->decimals;
    if (magnitude != 0 && (magnitude < 0.5 * pow(10.0, -decimals) || magnitude >= 1e7)) {
        qn__number_format(buffer, sizeof buffer, value, decimals < 1 ? 1 : decimals, 'g');
        put_exponent_form(words, buffer);
        return;
    }
    qn__number_format(buffer, sizeof buffer, value, decimals, 'f');
    size_t length = strlen(buffer);
    if (strchr(buffer, '.') != NULL) {
        while (buffer[length - 1] == '0') {
            length--;
        }
        length -= buffer[length - 1] == '.';
    }
    buffer[length] = '\0';
    put_bytes(words, strcmp(buffer, "-0") == 0 ? "0" : buffer, strcmp(buffer, "-0") == 0 ? 1 : length);
}

/* |value| = numerator * pi / denominator with small ones: all denominators up to 16, then the powers of two of Fourier
 * transforms. Angles of files carry ten digits and more, hence 1e-9. */
static bool fraction_of_pi(double value, uint32_t *numerator, uint32_t *denominator)
{
    const double magnitude = fabs(value);
    for (uint32_t d = 1; d <= UINT32_C(1) << 30; d = d < 16 ? d + 1 : 2 * d) {
        const double scaled = magnitude * d / PI, whole = nearbyint(scaled);
        if (whole >= 1 && whole <= (d <= 16 ? 128 : 31) && fabs(scaled - whole) <= 1e-9 * whole) {
            *numerator = (uint32_t)whole;
            *denominator = d;
            return true;
        }
    }
    return false;
}

void qn__words_angle(qn__words *words, double value)
{
    uint32_t numerator = 0, denominator = 0;
    if (!isfinite(value) || value == 0 || !fraction_of_pi(value, &numerator, &denominator)) {
        qn__words_number(words, value);
        return;
    }
    if (value < 0) {
        put_bytes(words, "-", 1);
    }
    if (numerator != 1) {
        qn__words_format(words, "%u", numerator);
    }
    if (numerator != 1 && words->ascii) {
        put_bytes(words, "*", 1);
    }
    qn__words_format(words, "%s", words->ascii ? "pi" : "π");
    if (denominator != 1) {
        qn__words_format(words, "/%u", denominator);
    }
}

void qn__words_param(qn__words *words, const qn_circuit *circuit, const qn_param *param)
{
    bool any = false;
    for (size_t k = 0; k < param->count && !words->cut; k++) {
        const double coefficient = param->terms[k].coefficient;
        if (coefficient == 0) {
            continue;
        }
        if (any && coefficient > 0) {
            put_bytes(words, "+", 1);
        }
        if (coefficient == -1) {
            put_bytes(words, "-", 1);
        } else if (coefficient != 1) {
            qn__words_angle(words, coefficient);
            put_bytes(words, "*", 1);
        }
        const char *name = qn_circuit_symbol_name(circuit, param->terms[k].symbol);
        qn__words_put(words, name != NULL ? name : "?");
        any = true;
    }
    if (param->expression != 0) {
        if (any) {
            put_bytes(words, "+", 1);
        }
        qn__words_expression(words, circuit, param->expression);
        any = true;
    }
    if (!any || param->constant != 0) {
        if (any && param->constant > 0) {
            put_bytes(words, "+", 1);
        }
        qn__words_angle(words, param->constant);
    }
}

void qn__words_duration(qn__words *words, double duration)
{
    if (duration < 0) {
        qn__words_number(words, -duration);
        put_bytes(words, " dt", 3);
        return;
    }
    const double steps[] = {1e-9, 1e-6, 1e-3, 1};
    const char *const names[] = {"ns", words->ascii ? "us" : "µs", "ms", "s"};
    size_t unit = 0;
    while (unit < 3 && duration >= steps[unit + 1] * (1 - 1e-12)) {
        unit++;
    }
    qn__words_number(words, duration / steps[unit]);
    qn__words_format(words, " %s", duration == 0 ? "s" : names[unit]);
}

/* Names. */

static void put_member(qn__words *words, const qn_circuit *circuit, qn_type type, uint32_t index, const char *plain)
{
    const size_t count = qn_circuit_variables(circuit);
    for (size_t i = 0; i < count; i++) {
        qn_variable variable;
        qn_circuit_variable(circuit, i, &variable);
        if (variable.type == type && index >= variable.first && index - variable.first < variable.width) {
            qn__words_put(words, variable.name);
            if (variable.width > 1) {
                qn__words_format(words, "[%u]", index - variable.first);
            }
            return;
        }
    }
    qn__words_format(words, "%s%u", plain, index);
}

void qn__words_bit(qn__words *words, const qn_circuit *circuit, uint32_t bit)
{
    put_member(words, circuit, QN_TYPE_BITS, bit, "c");
}

void qn__words_qubit(qn__words *words, const qn_circuit *circuit, uint32_t qubit)
{
    put_member(words, circuit, QN_TYPE_QUBITS, qubit, "q");
}

const char *qn__gate_caption(qn_gate base, bool ascii, char buffer[32])
{
    switch (base) {
    case QN_GATE_SX:
        return ascii ? "SX" : "√X";
    case QN_GATE_SXDG:
        return ascii ? "SXdg" : "√X†";
    case QN_GATE_SDG:
        return ascii ? "Sdg" : "S†";
    case QN_GATE_TDG:
        return ascii ? "Tdg" : "T†";
    case QN_GATE_ID:
        return "I";
    case QN_GATE_GPHASE:
        return "phase";
    case QN_GATE_PRX:
        return "R";
    case QN_GATE_UPHASE:
        return "U";
    case QN_GATE_ISWAP:
        return "iSWAP";
    case QN_GATE_ISWAP_DG:
        return ascii ? "iSWAPdg" : "iSWAP†";
    case QN_GATE_XX_PLUS_YY:
        return "XX+YY";
    case QN_GATE_XX_MINUS_YY:
        return "XX-YY";
    case QN_GATE_GIVENS:
        return "Givens";
    case QN_GATE_PAULI_ROTATION:
        return "R";
    case QN_GATE_UNITARY1:
    case QN_GATE_UNITARY2:
        return "Unitary";
    default:
        break;
    }
    const char *name = qn_gate_describe(base)->name;
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < 32; i++) {
        buffer[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
    }
    buffer[i] = '\0';
    return buffer;
}
