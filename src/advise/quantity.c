/* quantity.c: the one reader of numbers with units; the locale does not matter. */
#include "advise/quantity.h"

#include <math.h>
#include <string.h>

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* [sign] digits [. digits] [e [sign] digits] */
static bool read_plain(const char **at, qn__count *out)
{
    const char *s = *at;
    const bool negative = *s == '-';
    s += *s == '-' || *s == '+';
    qn__count value = 0;
    int scale = 0;
    size_t digits = 0;
    for (; digit(*s); s++, digits++) {
        value = value * 10 + (qn__count)(*s - '0');
    }
    if (*s == '.') {
        for (s++; digit(*s); s++, digits++) {
            value = value * 10 + (qn__count)(*s - '0');
            scale--;
        }
    }
    if (digits == 0 || digits > 400) {
        return false;
    }
    if ((*s == 'e' || *s == 'E') && (digit(s[1]) || ((s[1] == '-' || s[1] == '+') && digit(s[2])))) {
        s++;
        const int sign = *s == '-' ? -1 : 1;
        s += *s == '-' || *s == '+';
        int exponent = 0;
        for (; digit(*s); s++) {
            exponent = exponent < 100000 ? exponent * 10 + (*s - '0') : exponent;
        }
        scale += sign * exponent;
    }
    /* One division is rounded once, so that 0.1 is the nearest number to a tenth. */
    value = scale < 0 ? value / powl(10.0L, (qn__count)-scale) : value * powl(10.0L, (qn__count)scale);
    *out = negative ? -value : value;
    *at = s;
    return true;
}

/* plain [^ plain] */
static bool read_power(const char **at, qn__count *out)
{
    if (!read_plain(at, out)) {
        return false;
    }
    if (**at == '^') {
        qn__count exponent = 0;
        (*at)++;
        if (!read_plain(at, &exponent)) {
            return false;
        }
        *out = powl(*out, exponent);
    }
    return true;
}

static bool read_unit(const char *unit, bool seconds, qn__count *factor)
{
    static const struct {
        const char *name;
        qn__count factor;
        bool seconds;
    } units[] = {
        {"", 1, false},
        {"k", 1e3L, false},
        {"K", 1e3L, false},
        {"M", 1e6L, false},
        {"G", 1e9L, false},
        {"T", 1e12L, false},
        {"P", 1e15L, false},
        {"%", 0.01L, false},
        {"", 1, true},
        {"ps", 1e-12L, true},
        {"ns", 1e-9L, true},
        {"us", 1e-6L, true},
        {"\xC2\xB5s", 1e-6L, true},
        {"ms", 1e-3L, true},
        {"s", 1, true},
        {"min", 60, true},
        {"h", 3600, true},
        {"d", 86400, true},
        {"y", 365.25L * 86400, true},
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].seconds == seconds && strcmp(unit, units[i].name) == 0) {
            *factor = units[i].factor;
            return true;
        }
    }
    return false;
}

bool qn__quantity_read(const char *text, bool seconds, qn__count *out)
{
    const char *at = text;
    qn__count value = 0, next = 0, factor = 1;
    if (!read_power(&at, &value)) {
        return false;
    }
    while (*at == '*' || *at == '/') {
        const char operation = *at++;
        if (!read_power(&at, &next)) {
            return false;
        }
        value = operation == '*' ? value * next : value / next;
    }
    if (!read_unit(at, seconds, &factor) || isnan(value)) {
        return false;
    }
    *out = value * factor;
    return true;
}
