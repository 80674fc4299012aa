/* number.c: shortest round-trip doubles, and numbers for people. */
#include "report/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quern/report.h>

/* A host program may have set a locale with a decimal comma (or a longer mark): whatever stands there becomes a point.
 */
static void force_point(char *text)
{
    char *from = text, *to = text;
    while (*from != '\0') {
        if (strchr("0123456789+-einfa", *from) != NULL) {
            *to++ = *from++;
        } else {
            *to++ = '.';
            do {
                from++;
            } while (*from != '\0' && strchr("0123456789+-e", *from) == NULL);
        }
    }
    *to = '\0';
}

const char *qn__number_format(char *buffer, size_t capacity, double value, int digits, char kind)
{
    switch (kind) {
    case 'f':
        (void)snprintf(buffer, capacity, "%.*f", digits, value);
        break;
    case 'e':
        (void)snprintf(buffer, capacity, "%.*e", digits, value);
        break;
    default:
        (void)snprintf(buffer, capacity, "%.*g", digits, value);
        break;
    }
    force_point(buffer);
    return buffer;
}

const char *qn__number_shortest(char *buffer, double value)
{
    if (isnan(value)) {
        return memcpy(buffer, "nan", sizeof "nan");
    }
    if (isinf(value)) {
        return value < 0 ? memcpy(buffer, "-inf", sizeof "-inf") : memcpy(buffer, "inf", sizeof "inf");
    }
    /* Any decimal of up to 15 digits survives the way to a normal double and back, so %.15g, which drops closing zeros,
     * already is the shortest wherever 15 digits suffice. Subnormal numbers carry fewer digits and are tried from 1. */
    int digits = value != 0.0 && fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    for (; digits < 17; digits++) {
        (void)snprintf(buffer, QN__NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) { /* before the point is forced: both use the locale's mark */
            force_point(buffer);
            return buffer;
        }
    }
    (void)snprintf(buffer, QN__NUMBER_SIZE, "%.17g", value);
    force_point(buffer);
    return buffer;
}

typedef struct scale {
    double factor; /* one of these in the base unit */
    const char *name;
} scale;

static const scale seconds[] = {{1e-9, "ns"},  {1e-6, "us"},  {1e-3, "ms"},      {1.0, "s"},
                                {60.0, "min"}, {3600.0, "h"}, {86400.0, "days"}, {31557600.0, "years"}};
static const scale rates[] = {{1.0, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}, {1e12, "T"}, {1e15, "P"}, {1e18, "E"}};
static const scale bytes[] = {{1.0, "B"},
                              {1024.0, "KiB"},
                              {1048576.0, "MiB"},
                              {1073741824.0, "GiB"},
                              {1099511627776.0, "TiB"},
                              {1125899906842624.0, "PiB"},
                              {1152921504606846976.0, "EiB"}};

/* A minute is shown as 60 s and an hour as 60 min: the larger unit begins at twice its size. */
static const scale *pick(const scale *table, size_t count, double magnitude, double from)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        if (magnitude >= table[i].factor * (table[i].factor >= from ? 2.0 : 1.0)) {
            best = i;
        }
    }
    return &table[best];
}

const char *qn_human(char *buffer, size_t capacity, double value, const char *unit)
{
    char number[QN__NUMBER_SIZE];
    const char *name = unit != NULL ? unit : "";
    if (!isfinite(value)) {
        (void)snprintf(buffer, capacity, "%s", isnan(value) ? "unknown" : value < 0 ? "-infinite" : "infinite");
        return buffer;
    }
    const double magnitude = fabs(value);
    if (strcmp(name, "s") == 0) {
        const scale *s = pick(seconds, sizeof seconds / sizeof seconds[0], magnitude, 60.0);
        value = magnitude == 0.0 ? 0.0 : value / s->factor;
        name = magnitude == 0.0 ? "s" : s->name;
        /* a clock is not good to four digits */
        qn__number_format(number, sizeof number, value, fabs(value) >= 100.0 && fabs(value) < 1e6 ? 0 : 3,
                          fabs(value) >= 100.0 && fabs(value) < 1e6 ? 'f' : 'g');
    } else if (strcmp(name, "B") == 0) {
        const scale *s = pick(bytes, sizeof bytes / sizeof bytes[0], magnitude, (double)INFINITY);
        value /= s->factor;
        name = s->name;
        qn__number_format(number, sizeof number, value, s->factor == 1.0 ? 0 : 1, 'f');
    } else if (strlen(name) > 2 && strcmp(name + strlen(name) - 2, "/s") == 0 && magnitude >= 1.0) {
        const scale *s = pick(rates, sizeof rates / sizeof rates[0], magnitude, (double)INFINITY);
        qn__number_format(number, sizeof number, value / s->factor, magnitude / s->factor < 99.95 ? 3 : 4, 'g');
        (void)snprintf(buffer, capacity, "%s %s%s", number, s->name, name);
        return buffer;
    } else if (magnitude < 1e6 && floor(value) == value) {
        qn__number_format(number, sizeof number, value, 0, 'f');
    } else {
        qn__number_format(number, sizeof number, value, 4, 'g');
    }
    (void)snprintf(buffer, capacity, "%s%s%s", number, name[0] != '\0' ? " " : "", name);
    return buffer;
}
