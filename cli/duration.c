/* duration.c: times with units. */
#include "duration.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *unit;
    double numerator, denominator; /* a quotient, so that 100 ns are 1e-7 s to the last bit */
} units[] = {{"", 1, 1},      {"ns", 1, 1e9},        {"us", 1, 1e6},         {"\xc2\xb5s", 1, 1e6},
             {"ms", 1, 1e3},  {"s", 1, 1},           {"min", 60, 1},         {"h", 3600, 1},
             {"d", 86400, 1}, {"w", 7.0 * 86400, 1}, {"y", 365.0 * 86400, 1}};

bool cli_duration_read(const char *text, double *seconds)
{
    char *end = NULL;
    const double value = strtod(text, &end); /* the command never sets a locale */
    if (end == text || !isfinite(value) || value <= 0) {
        return false;
    }
    while (*end == ' ') {
        end++;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            *seconds = value * units[i].numerator / units[i].denominator;
            return isfinite(*seconds) && *seconds > 0;
        }
    }
    return false;
}
