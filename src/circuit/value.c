/* value.c: values of classical types and the conversions between them, by "Casting specifics" of OpenQASM 3.1.
 *
 * Where the language leaves a choice: integers wrap to the width of their type; floats beyond 64 bits do not convert;
 * narrowing an angle rounds to nearest, ties to even; float[32] rounds to nearest. Bits are held as unsigned numbers,
 * so angle <-> uint of one width is the copy of bits that the language allows between angle and bit. An angle converts
 * to a float in radians, in [0, 2 pi). */
#include <math.h>

#include "circuit/store.h"

static const double TURN = 6.283185307179586476925;

static uint64_t mask_of(uint32_t width)
{
    return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

/* The bit pattern of a value that is not a float, in its width. */
static uint64_t raw(const qn_value *value)
{
    return (uint64_t)value->integer & mask_of(value->type == QN_TYPE_BOOL ? 1 : value->width);
}

/* Bits of a type: INT is kept sign-extended, all others with zeros above. */
static qn_value from_raw(uint64_t bits, qn_type type, uint32_t width)
{
    bits &= mask_of(width);
    if (type == QN_TYPE_INT && width < 64 && (bits >> (width - 1) & 1) != 0) {
        bits |= ~mask_of(width);
    }
    qn_value out = {.type = type, .width = width};
    out.integer = (int64_t)bits;
    return out;
}

double qn_value_number(const qn_value *value)
{
    switch (value->type) {
    case QN_TYPE_FLOAT:
        return value->number;
    case QN_TYPE_INT:
        return (double)value->integer;
    case QN_TYPE_ANGLE:
        return ldexp((double)raw(value), -(int)value->width) * TURN;
    default:
        return (double)raw(value);
    }
}

bool qn__cast_allowed(qn_type from, uint32_t from_width, qn_type to, uint32_t to_width)
{
    if (from == QN_TYPE_QUBITS || to == QN_TYPE_QUBITS) {
        return false;
    }
    if (from == to) {
        return from != QN_TYPE_BITS || from_width == to_width;
    }
    switch (to) {
    case QN_TYPE_BOOL:
        return true;
    case QN_TYPE_INT:
        return from != QN_TYPE_ANGLE && (from != QN_TYPE_BITS || from_width == to_width);
    case QN_TYPE_UINT:
        return (from != QN_TYPE_ANGLE && from != QN_TYPE_BITS) || from_width == to_width;
    case QN_TYPE_FLOAT:
        return from != QN_TYPE_BITS;
    case QN_TYPE_ANGLE:
        return from == QN_TYPE_FLOAT || ((from == QN_TYPE_UINT || from == QN_TYPE_BITS) && from_width == to_width) ||
               (from == QN_TYPE_BOOL && to_width == 1);
    case QN_TYPE_BITS:
        return from == QN_TYPE_BOOL ? to_width == 1 : from != QN_TYPE_FLOAT && from_width == to_width;
    default:
        return false;
    }
}

/* x modulo 2 pi to the nearest multiple of 2 pi / 2^width, ties to even. */
static uint64_t angle_bits(double x, uint32_t width)
{
    double turns = fmod(x, TURN) / TURN;
    turns = turns < 0 ? turns + 1 : turns;
    const double steps = nearbyint(ldexp(turns, (int)width));
    return steps >= ldexp(1.0, (int)width) ? 0 : (uint64_t)steps;
}

static uint64_t angle_resize(uint64_t bits, uint32_t from, uint32_t to)
{
    if (to >= from) {
        return bits << (to - from);
    }
    const uint32_t drop = from - to;
    const uint64_t kept = bits >> drop, rest = bits & mask_of(drop), half = UINT64_C(1) << (drop - 1);
    return rest > half || (rest == half && (kept & 1) != 0) ? kept + 1 : kept;
}

static bool from_float(double x, qn_type type, uint32_t width, qn_value *out)
{
    switch (type) {
    case QN_TYPE_BOOL:
        *out = from_raw(x != 0.0, type, 1);
        return true;
    case QN_TYPE_FLOAT:
        *out = (qn_value){.type = type, .width = width};
        out->number = width == 32 ? (double)(float)x : x;
        return true;
    case QN_TYPE_ANGLE:
        if (!isfinite(x)) {
            return false;
        }
        *out = from_raw(angle_bits(x, width), type, width);
        return true;
    default:
        x = trunc(x);
        if (!(x >= -0x1p63 && x < (type == QN_TYPE_UINT ? 0x1p64 : 0x1p63))) { /* NaN fails too */
            return false;
        }
        *out = from_raw(x < 0 ? (uint64_t)(int64_t)x : (uint64_t)x, type, width);
        return true;
    }
}

bool qn_value_cast(const qn_value *value, qn_type type, uint32_t width, qn_value *out)
{
    width = type == QN_TYPE_BOOL ? 1 : type == QN_TYPE_FLOAT && width != 32 ? 64 : width;
    if (width < 1 || width > 64 || !qn__cast_allowed(value->type, value->width, type, width)) {
        return false;
    }
    if (value->type == QN_TYPE_FLOAT) {
        return from_float(value->number, type, width, out);
    }
    if (type == QN_TYPE_FLOAT) {
        return from_float(qn_value_number(value), type, width, out);
    }
    if (type == QN_TYPE_BOOL) {
        *out = from_raw(raw(value) != 0, type, 1);
        return true;
    }
    if (type == QN_TYPE_ANGLE && value->type == QN_TYPE_ANGLE) {
        *out = from_raw(angle_resize(raw(value), value->width, width), type, width);
        return true;
    }
    /* Between integers the sign is carried upwards, as in C. */
    *out = from_raw(value->type == QN_TYPE_INT ? (uint64_t)value->integer : raw(value), type, width);
    return true;
}
