/* plot_scale.c: the choice of ticks, linear and logarithmic. */
#include "report/plot_scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/number.h"

/* The step of 1, 2 or 5 times a power of ten that gives at most `wanted` intervals. */
static double nice_step(double span, unsigned wanted)
{
    const double raw = span / (double)(wanted == 0 ? 1 : wanted);
    const double power = pow(10.0, floor(log10(raw)));
    const double mantissa = raw / power;
    return power * (mantissa <= 1.0 + 1e-9 ? 1.0 : mantissa <= 2.0 + 1e-9 ? 2.0 : mantissa <= 5.0 + 1e-9 ? 5.0 : 10.0);
}

static void add(qn__scale *scale, double value, bool minor, const char *text)
{
    if (scale->count < QN__TICKS) {
        qn__tick *tick = &scale->ticks[scale->count++];
        tick->value = value;
        tick->minor = minor;
        (void)snprintf(tick->text, sizeof tick->text, "%.23s", text);
    }
}

/* Decimals that tell neighbouring ticks apart. */
static int decimals_of(double step)
{
    const int decimals = (int)-floor(log10(step) + 1e-9);
    return decimals < 0 ? 0 : decimals;
}

static void linear_ticks(qn__scale *scale, unsigned wanted, bool whole)
{
    double step = nice_step(scale->high - scale->low, wanted);
    if (whole && step < 1.0) {
        step = 1.0;
    }
    const double largest = fmax(fabs(scale->low), fabs(scale->high));
    const int decimals = decimals_of(step);
    char number[QN__NUMBER_SIZE];
    double unit = 1.0;
    if (decimals > 6 && largest / step > 1e5) {
        /* Labels like -2.0198041237 would all look alike: show the last digits and say what was taken off. */
        scale->offset = round(scale->low / (step * 100.0)) * step * 100.0;
        unit = pow(10.0, floor(log10(step) + 1e-9));
        char base[QN__NUMBER_SIZE], size[QN__NUMBER_SIZE];
        qn__number_format(base, sizeof base, scale->offset, decimals > 2 ? decimals - 2 : 0, 'f');
        qn__number_format(size, sizeof size, unit, 0, 'e');
        (void)snprintf(scale->note, sizeof scale->note, "%.30s + label \xC3\x97 %.12s", base, size);
    }
    const double first = ceil(scale->low / step - 1e-9), last = floor(scale->high / step + 1e-9);
    for (double k = first; k <= last && scale->count < QN__TICKS; k += 1.0) {
        const double value = k * step;
        if (scale->note[0] != '\0') {
            qn__number_format(number, sizeof number, round((value - scale->offset) / unit), 0, 'f');
        } else if (largest >= 1e7 || (decimals > 6 && largest < 1e-3)) {
            const int digits = (int)(floor(log10(largest)) - floor(log10(step) + 1e-9));
            qn__number_format(number, sizeof number, value, digits < 0 ? 0 : digits > 6 ? 6 : digits, 'e');
            if (value == 0.0) {
                (void)strcpy(number, "0");
            }
        } else {
            qn__number_format(number, sizeof number, value, decimals, 'f');
        }
        if (number[0] == '-' && strspn(number, "-0.") == strlen(number)) {
            memmove(number, number + 1, strlen(number)); /* no minus in front of nothing */
        }
        add(scale, value, false, number);
    }
}

static void log_ticks(qn__scale *scale, unsigned wanted)
{
    const double low = log10(scale->low), high = log10(scale->high);
    const double decades = high - low;
    char number[QN__NUMBER_SIZE];
    if (decades < 1.0) { /* no two powers of ten in sight: linear marks on the logarithmic axis */
        linear_ticks(scale, wanted, false);
        return;
    }
    const double stride = fmax(1.0, ceil(decades / (double)(wanted == 0 ? 1 : wanted)));
    const bool minor = decades <= 2.5;
    for (int exponent = (int)floor(low); exponent <= (int)ceil(high); exponent++) {
        const double power = exponent, value = pow(10.0, power);
        if (power >= low - 1e-9 && power <= high + 1e-9 && fmod(fabs(power), stride) == 0.0) {
            if (power >= -2.0 && power <= 4.0) {
                qn__number_format(number, sizeof number, value, power < 0 ? -exponent : 0, 'f');
            } else {
                (void)snprintf(number, sizeof number, "1e%d", exponent);
            }
            add(scale, value, false, number);
        }
        for (int k = 2; minor && k < 10; k++) {
            if (value * k >= scale->low && value * k <= scale->high) {
                add(scale, value * k, true, "");
            }
        }
    }
}

void qn__scale_make(qn__scale *scale, double low, double high, bool log, unsigned wanted, double margin, bool whole)
{
    memset(scale, 0, sizeof *scale);
    scale->log = log;
    if (log) {
        double a = log10(low), b = log10(high);
        if (b - a < 1e-3) {
            a -= 0.5;
            b += 0.5;
        }
        const double out = (b - a) * margin;
        scale->low = pow(10.0, a - out);
        scale->high = pow(10.0, b + out);
        log_ticks(scale, wanted);
        return;
    }
    const double largest = fmax(fabs(low), fabs(high));
    if (high - low <= largest * 1e-13) { /* one value, or rounding only: give it room */
        const double room = largest > 0.0 ? largest * 1e-2 : 1.0;
        low -= room;
        high += room;
    }
    const double out = (high - low) * margin;
    scale->low = low - out;
    scale->high = high + out;
    linear_ticks(scale, wanted, whole);
}

double qn__scale_place(const qn__scale *scale, double value)
{
    if (scale->log) {
        return (log10(value) - log10(scale->low)) / (log10(scale->high) - log10(scale->low));
    }
    return (value - scale->low) / (scale->high - scale->low);
}
